//! The data directory is its owner's alone: 0700, and every file of ours in it 0600, from before the first byte is
//! written and whatever the process masks. SQLite makes what stands beside a database with the database's own mode, so
//! a database is made here, empty, before SQLite sees it.
//!
//! | found | then |
//! |---|---|
//! | no folder | made, with those above it that are missing |
//! | a folder, or files of ours, that others may open: an earlier version's | tightened |
//! | the same, and the system does not let us | the error `config` of `data_dir`, everything untouched |
//! | a folder that others may open, with files in it and none of them ours | the same: it was made for something else |
//! | a file of ours that is a link to another place | the same: that place may have another owner |

use super::paths::{self, is_ours};
use crate::error::PaylinkError;
use crate::store::{StoreError, StoreResult};
use std::ffi::OsStr;
use std::fs::{DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

const FOLDER: u32 = 0o700;
const FILE: u32 = 0o600;
/// The rights of everybody but the owner.
const OTHERS: u32 = 0o077;
/// What a mode has besides its type.
const MODE: u32 = 0o7777;

/// The folder behind a path, made when it is missing and tightened when it is open to others. What comes back leads
/// through no link and stays the same wherever the process goes: lock and database are both looked for in it.
///
/// # Errors
/// [`PaylinkError::Config`] for a folder that cannot be made ours alone; storage errors.
pub(super) fn make(folder: &Path) -> StoreResult<PathBuf> {
    build(folder)?;
    resolve(folder)
}

/// As [`make`], of a folder that must be there.
///
/// # Errors
/// As there.
pub(super) fn resolve(folder: &Path) -> StoreResult<PathBuf> {
    let folder = folder.canonicalize()?;
    let found = folder.metadata()?;
    if rights(&found) & OTHERS != 0 {
        if !is_empty_or_ours(&folder)? {
            return Err(refused("is open to others and holds other things: name a folder of its own"));
        }
        tighten(&folder, &found)?;
    }
    Ok(folder)
}

/// Tightens every file of ours in the folder.
///
/// # Errors
/// As [`make`].
pub(super) fn tighten_files(folder: &Path) -> StoreResult<()> {
    for file in folder.read_dir()? {
        let file = file?;
        if !is_ours(&file.file_name()) {
            continue;
        }
        let found = match file.path().symlink_metadata() {
            // A log or an index whose last user has just closed it.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            found => found?,
        };
        if found.is_symlink() {
            return Err(refused(format!("{} in it is a link to another place", file.file_name().display())));
        }
        if found.is_file() {
            match tighten(&file.path(), &found) {
                Err(StoreError::Io(error)) if error.kind() == ErrorKind::NotFound => {}
                done => done?,
            }
        }
    }
    Ok(())
}

/// A file for writing, made when it is missing, otherwise as it is.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let made = OpenOptions::new().write(true).create_new(true).mode(FILE).open(path);
    match made {
        // A mask may have taken the owner's own rights.
        Ok(file) => file.set_permissions(Permissions::from_mode(FILE)).map(|()| file),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => OpenOptions::new().write(true).open(path),
        Err(error) => Err(error),
    }
}

/// An empty file for writing, in place of one that was there.
pub(in crate::store) fn create(path: &Path) -> io::Result<File> {
    let file = open(path)?;
    file.set_len(0)?;
    Ok(file)
}

/// Makes an empty file where there is none, as the database that SQLite finds.
pub(super) fn lay(path: &Path) -> io::Result<()> {
    match path.symlink_metadata() {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => open(path).map(drop),
        Err(error) => Err(error),
    }
}

fn build(folder: &Path) -> io::Result<()> {
    let made = DirBuilder::new().mode(FOLDER).create(folder);
    match (made, folder.parent()) {
        (Ok(()), _) => std::fs::set_permissions(folder, Permissions::from_mode(FOLDER)),
        (Err(error), Some(parent)) if error.kind() == ErrorKind::NotFound && !parent.as_os_str().is_empty() => {
            build(parent)?;
            build(folder)
        }
        (Err(_), _) if folder.is_dir() => Ok(()),
        (Err(error), _) => Err(error),
    }
}

fn is_empty_or_ours(folder: &Path) -> io::Result<bool> {
    let mut empty = true;
    for file in folder.read_dir()? {
        let name = file?.file_name();
        if is_ours(&name) {
            return Ok(true);
        }
        empty &= is_the_systems(&name);
    }
    Ok(empty)
}

/// What a system puts into a folder by itself.
fn is_the_systems(name: &OsStr) -> bool {
    name == ".DS_Store" || name == "lost+found"
}

fn rights(found: &Metadata) -> u32 {
    found.permissions().mode() & MODE
}

fn tighten(path: &Path, found: &Metadata) -> StoreResult<()> {
    if rights(found) & OTHERS == 0 {
        return Ok(());
    }
    match std::fs::set_permissions(path, Permissions::from_mode(rights(found) & !OTHERS)) {
        // Nothing is written there either.
        Err(error) if error.kind() == ErrorKind::ReadOnlyFilesystem => return Ok(()),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            return Err(refused("is open to others and belongs to somebody else: name a folder of your own"));
        }
        done => done?,
    }
    // Some file systems have no rights and say yes to everything.
    if rights(&path.symlink_metadata()?) & OTHERS != 0 {
        return Err(refused("is on a disk that cannot keep it from others: name a folder on another one"));
    }
    Ok(())
}

fn refused(reason: impl Into<String>) -> StoreError {
    PaylinkError::config(paths::FIELD, reason).into()
}
