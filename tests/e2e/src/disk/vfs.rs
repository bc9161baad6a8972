//! The wrapper around SQLite's default VFS. The only `unsafe` of the workspace, in a crate that is never shipped.
//!
//! A file of ours is [`Wrapped`] followed by the file of the default VFS in the same allocation, which SQLite makes
//! `szOsFile` bytes large. Every method hands on to the file behind it; writes, truncations, syncs and deletions are
//! first put to the [`Disk`] of their folder.
#![allow(unsafe_code)]

use super::{Disk, Kind, Op};
use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs};
use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::mem::size_of;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Once};

/// The system copies a write page by page, and a process that is killed may leave it between two of them.
const PAGE: c_int = 4096;

static REAL: AtomicPtr<sqlite3_vfs> = AtomicPtr::new(ptr::null_mut());
static REGISTERED: Once = Once::new();

/// What stands behind a file.
struct Watched {
    disk: Arc<Disk>,
    name: String,
}

#[repr(C)]
struct Wrapped {
    base: sqlite3_file,
    watched: *mut Watched,
}

/// Makes the wrapper the default of this process, once.
pub(super) fn register() {
    // SAFETY: the default VFS lives as long as the process, and so does the copy of it that is leaked here. The fields
    // of the copy that are not replaced take any VFS pointer, since those of the unix VFS use `pAppData` at most.
    REGISTERED.call_once(|| unsafe {
        let real = ffi::sqlite3_vfs_find(ptr::null());
        assert!(!real.is_null(), "SQLite has a VFS");
        REAL.store(real, Ordering::SeqCst);
        let mut ours = *real;
        ours.zName = c"paylink-disk".as_ptr();
        ours.szOsFile += c_int::try_from(size_of::<Wrapped>()).unwrap();
        ours.pNext = ptr::null_mut();
        ours.xOpen = Some(open);
        ours.xDelete = Some(delete);
        assert_eq!(ffi::sqlite3_vfs_register(Box::leak(Box::new(ours)), 1), ffi::SQLITE_OK);
    });
}

fn real() -> *mut sqlite3_vfs {
    REAL.load(Ordering::SeqCst)
}

/// The disk and the name of a path.
///
/// # Safety
/// `path` is null or a C string.
unsafe fn watched(path: *const c_char) -> Option<Watched> {
    if path.is_null() {
        return None;
    }
    // SAFETY: by contract.
    let path = Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(path) }.to_bytes()));
    Some(Watched { disk: Disk::of(path)?, name: path.file_name()?.to_str()?.to_owned() })
}

/// The file behind ours.
///
/// # Safety
/// `file` was opened by [`open`].
unsafe fn behind(file: *mut sqlite3_file) -> *mut sqlite3_file {
    // SAFETY: the allocation goes on behind `Wrapped` for the file of the default VFS.
    unsafe { file.cast::<u8>().add(size_of::<Wrapped>()).cast() }
}

/// # Safety
/// As [`behind`]; the reference ends before the file is closed.
unsafe fn seen<'a>(file: *mut sqlite3_file) -> Option<&'a Watched> {
    // SAFETY: `watched` is null or a leaked box that only `close` takes back.
    unsafe { (*file.cast::<Wrapped>()).watched.as_ref() }
}

/// Does an operation between two boundaries.
fn between<T>(watched: Option<&Watched>, work: impl FnOnce() -> T) -> T {
    watched.iter().for_each(|watched| watched.disk.boundary());
    let done = work();
    watched.iter().for_each(|watched| watched.disk.boundary());
    done
}

/// Calls a method of the file behind.
macro_rules! hand_on {
    ($file:ident . $method:ident ( $($argument:expr),* )) => {{
        // SAFETY: SQLite calls this on a file that `open` has opened, and the default VFS has every method of version 2.
        unsafe {
            let behind = behind($file);
            match (*(*behind).pMethods).$method {
                Some(method) => method(behind $(, $argument)*),
                None => ffi::SQLITE_IOERR,
            }
        }
    }};
}

unsafe extern "C" fn open(
    _vfs: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite passes an allocation of `szOsFile` bytes and a name that is null or a C string.
    unsafe {
        let ours = file.cast::<Wrapped>();
        (*ours).base.pMethods = ptr::null();
        (*ours).watched = ptr::null_mut();
        let Some(real_open) = (*real()).xOpen else { return ffi::SQLITE_CANTOPEN };
        let found = watched(name);
        let opened = between(found.as_ref(), || real_open(real(), name, behind(file), flags, out));
        if !(*behind(file)).pMethods.is_null() {
            (*ours).base.pMethods = &raw const METHODS;
            if let Some(watched) = found {
                if flags & (ffi::SQLITE_OPEN_MAIN_JOURNAL | ffi::SQLITE_OPEN_WAL) != 0 {
                    watched.disk.happened(|| Op::Open(watched.name.clone()));
                }
                (*ours).watched = Box::into_raw(Box::new(watched));
            }
        }
        opened
    }
}

unsafe extern "C" fn delete(_vfs: *mut sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: SQLite passes a C string.
    unsafe {
        let Some(real_delete) = (*real()).xDelete else { return ffi::SQLITE_IOERR };
        let found = watched(name);
        if let Some(code) = found.as_ref().and_then(|watched| watched.disk.verdict(Kind::Delete)) {
            return code;
        }
        let deleted = between(found.as_ref(), || real_delete(real(), name, sync));
        if deleted == ffi::SQLITE_OK
            && let Some(watched) = found
        {
            watched.disk.happened(|| Op::Delete(watched.name.clone()));
        }
        deleted
    }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let closed = hand_on!(file.xClose());
    // SAFETY: the box was leaked by `open`, and SQLite closes a file once.
    unsafe {
        let watched = (*file.cast::<Wrapped>()).watched;
        if !watched.is_null() {
            drop(Box::from_raw(watched));
        }
    }
    closed
}

/// Puts an operation to the disk, does it, and has it remembered.
///
/// # Safety
/// As [`behind`].
unsafe fn put(
    file: *mut sqlite3_file,
    kind: Kind,
    work: impl FnOnce() -> c_int,
    op: impl FnOnce(String) -> Op,
) -> c_int {
    // SAFETY: by contract.
    let Some(watched) = (unsafe { seen(file) }) else { return work() };
    if let Some(code) = watched.disk.verdict(kind) {
        return code;
    }
    let done = if kind == Kind::Write {
        // Behind a write comes another operation before anything else does: that one's boundary is its end.
        watched.disk.boundary();
        work()
    } else {
        between(Some(watched), work)
    };
    if done == ffi::SQLITE_OK {
        watched.disk.happened(|| op(watched.name.clone()));
    }
    done
}

unsafe extern "C" fn write(file: *mut sqlite3_file, from: *const c_void, length: c_int, at: sqlite3_int64) -> c_int {
    // SAFETY: SQLite passes `length` bytes.
    let bytes = || unsafe { std::slice::from_raw_parts(from.cast::<u8>(), usize::try_from(length).unwrap()) }.to_vec();
    let op = |name| Op::Write(name, u64::try_from(at).unwrap(), bytes());
    let work = || {
        let whole = PAGE - c_int::try_from(at % sqlite3_int64::from(PAGE)).unwrap();
        // SAFETY: SQLite calls this on an open file.
        if let Some(watched) = unsafe { seen(file) }
            && whole < length
            && watched.disk.is_boundary()
        {
            let _torn = hand_on!(file.xWrite(from, whole, at));
            super::die();
        }
        hand_on!(file.xWrite(from, length, at))
    };
    // SAFETY: SQLite calls this on an open file.
    unsafe { put(file, Kind::Write, work, op) }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: sqlite3_int64) -> c_int {
    let op = |name| Op::Truncate(name, u64::try_from(size).unwrap());
    let work = || hand_on!(file.xTruncate(size));
    // SAFETY: SQLite calls this on an open file.
    unsafe { put(file, Kind::Truncate, work, op) }
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    let work = || hand_on!(file.xSync(flags));
    // SAFETY: SQLite calls this on an open file.
    unsafe { put(file, Kind::Sync, work, Op::Sync) }
}

unsafe extern "C" fn read(file: *mut sqlite3_file, to: *mut c_void, length: c_int, at: sqlite3_int64) -> c_int {
    hand_on!(file.xRead(to, length, at))
}

unsafe extern "C" fn size(file: *mut sqlite3_file, to: *mut sqlite3_int64) -> c_int {
    hand_on!(file.xFileSize(to))
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    hand_on!(file.xLock(level))
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    hand_on!(file.xUnlock(level))
}

unsafe extern "C" fn check_reserved(file: *mut sqlite3_file, to: *mut c_int) -> c_int {
    hand_on!(file.xCheckReservedLock(to))
}

unsafe extern "C" fn control(file: *mut sqlite3_file, op: c_int, argument: *mut c_void) -> c_int {
    hand_on!(file.xFileControl(op, argument))
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    hand_on!(file.xSectorSize())
}

unsafe extern "C" fn characteristics(file: *mut sqlite3_file) -> c_int {
    let promised = hand_on!(file.xDeviceCharacteristics());
    // SAFETY: SQLite calls this on an open file.
    match unsafe { seen(file) } {
        Some(watched) if watched.disk.promises_nothing() => 0,
        _ => promised,
    }
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    n: c_int,
    size: c_int,
    more: c_int,
    to: *mut *mut c_void,
) -> c_int {
    // SAFETY: SQLite calls this on an open file.
    let grows = unsafe { seen(file) }.filter(|_| more != 0);
    between(grows, || hand_on!(file.xShmMap(n, size, more, to)))
}

unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, from: c_int, n: c_int, flags: c_int) -> c_int {
    hand_on!(file.xShmLock(from, n, flags))
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    // SAFETY: as in `hand_on`.
    unsafe {
        let behind = behind(file);
        if let Some(method) = (*(*behind).pMethods).xShmBarrier {
            method(behind);
        }
    }
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, remove: c_int) -> c_int {
    hand_on!(file.xShmUnmap(remove))
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};
