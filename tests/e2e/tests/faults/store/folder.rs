//! The data directory: taken literally, owned once, and closed to everybody else.

use paylink_core::{LinkFilter, Page, Paylink, PaylinkError};
use paylink_e2e::{MemoryStore, config, honey, open};
use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

const TILL: &str = env!("CARGO_BIN_EXE_till");
/// Somebody without rights on this machine.
const NOBODY: u32 = 65_534;

fn core(folder: &Path) -> Result<Paylink, PaylinkError> {
    let config = paylink_core::account::Config { offline: true, ..config(folder, "http://127.0.0.1:9") };
    open(&config, &Arc::new(MemoryStore::default()))
}

fn sales(core: &Paylink) -> usize {
    core.links(LinkFilter::default(), Page::default()).unwrap().len()
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn modes(folder: &Path) -> BTreeMap<String, u32> {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap());
    files.map(|file| (file.file_name().into_string().unwrap(), mode(&file.path()))).collect()
}

#[track_caller]
fn private(folder: &Path) -> Vec<String> {
    let modes = modes(folder);
    assert_eq!(mode(folder), 0o700);
    assert!(modes.values().all(|mode| *mode == 0o600), "{modes:?}");
    modes.into_keys().collect()
}

/// A till on a folder, in a process of its own that masks nothing unless it is told to, after so many sales.
fn till(before: &str, work_in: &Path, folder: &str, count: usize) -> Child {
    let script = format!("umask 000; {before} exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &script, TILL, folder]).current_dir(work_in);
    let mut till = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(till.stdout.as_mut().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "ready");
    for _ in 0..count {
        till.stdin.as_mut().unwrap().write_all(b"sell\n").unwrap();
        assert!(lines.next().is_some());
    }
    till
}

fn killed(mut till: Child) {
    till.kill().unwrap();
    till.wait().unwrap();
}

#[test]
fn nothing_is_open_to_others_whatever_the_process_masks() {
    for mask in ["", "umask 022;", "umask 777;"] {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("missing/data");
        let at_work = till(mask, home.path(), folder.to_str().unwrap(), 2);
        let files = private(&folder);
        assert!(files.contains(&"paylink.db-wal".to_owned()) && files.contains(&"paylink.db-shm".to_owned()));
        assert_eq!(mode(&home.path().join("missing")), 0o700);
        killed(at_work);
        // What is damaged is set aside, and carried over by way of copies.
        let mut bytes = fs::read(folder.join("paylink.db")).unwrap();
        bytes[..16].fill(0);
        fs::write(folder.join("paylink.db"), bytes).unwrap();
        let at_work = till(mask, home.path(), folder.to_str().unwrap(), 1);
        let files = private(&folder);
        assert!(files.iter().any(|file| file.contains(".corrupt-")), "{files:?}");
        killed(at_work);
        assert_eq!(sales(&core(&folder).unwrap()), 3);
    }
}

#[test]
fn every_file_is_private_from_the_call_that_makes_it() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("data");
    let record = home.path().join("strace");
    let watch =
        format!("set -- \"$0\" \"$@\"; set -- -f -e trace=file -o {} \"$@\"; set -- strace \"$@\"; ", record.display());
    let script = format!("umask 000; {watch} exec \"$@\"");
    let run = || {
        let mut command = Command::new("sh");
        command.args(["-c", &script, TILL]).arg(&folder).stdin(Stdio::piped()).stdout(Stdio::null());
        let mut till = command.spawn().unwrap();
        till.stdin.take().unwrap().write_all(b"sell\n").unwrap();
        assert!(till.wait().unwrap().success());
        fs::read_to_string(&record).unwrap()
    };
    let mut calls = run();
    let mut bytes = fs::read(folder.join("paylink.db")).unwrap();
    bytes[..16].fill(0);
    fs::write(folder.join("paylink.db"), bytes).unwrap();
    calls += &run();
    let in_folder = |call: &&str| call.contains(&format!("{}/", folder.display()));
    let made: Vec<&str> = calls.lines().filter(|call| call.contains("O_CREAT")).filter(in_folder).collect();
    assert!(made.iter().all(|call| call.contains(", 0600)")), "{made:#?}");
    for file in ["lock", "db\"", "db-wal", "db-shm", "recovering.new", "salvage\"", "fresh\"", "fresh-wal"] {
        assert!(made.iter().any(|call| call.contains(&format!("paylink.{file}"))), "{file}: {made:#?}");
    }
    assert!(calls.lines().any(|call| call.contains("mkdir") && call.contains(", 0700)")), "{calls}");
}

#[test]
fn a_looser_folder_of_an_earlier_version_is_tightened() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("data");
    for by_its_owner in [true, false] {
        killed(till("", home.path(), folder.to_str().unwrap(), 1));
        fs::write(folder.join("paylink.db.corrupt-1"), "set aside").unwrap();
        set_mode(&folder, 0o755);
        modes(&folder).keys().for_each(|file| set_mode(&folder.join(file), 0o644));
        fs::write(folder.join("notes.txt"), "the seller's own").unwrap();
        let core =
            if by_its_owner { core(&folder) } else { Paylink::open_read_only(&config(&folder, "http://127.0.0.1:9")) };
        assert!(sales(&core.unwrap()) >= 1);
        let mut modes = modes(&folder);
        assert!(modes.remove("notes.txt").is_some());
        assert!(mode(&folder) == 0o700 && modes.values().all(|mode| *mode == 0o600), "{modes:?}");
    }
}

#[test]
fn an_empty_folder_is_tightened_and_one_with_other_things_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("data");
    fs::create_dir(&folder).unwrap();
    set_mode(&folder, 0o777);
    drop(core(&folder).unwrap());
    private(&folder);

    let other = home.path().join("everybody's");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("letter.txt"), "").unwrap();
    set_mode(&other, 0o777);
    let refused = core(&other).err();
    assert!(matches!(&refused, Some(PaylinkError::Config { field, .. }) if field == "data_dir"), "{refused:?}");
    assert_eq!((mode(&other), modes(&other).len()), (0o777, 1), "untouched");
}

#[test]
fn a_folder_that_cannot_be_kept_from_others_is_refused_untouched() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("data");
    core(&folder).unwrap().create(&honey()).unwrap();
    // The till of somebody else, who may do everything with the folder but take it for himself.
    let program = home.path().join("till");
    fs::copy(TILL, &program).unwrap();
    set_mode(home.path(), 0o755);
    set_mode(&folder, 0o777);
    modes(&folder).keys().for_each(|file| set_mode(&folder.join(file), 0o666));
    let before = fs::read(folder.join("paylink.db")).unwrap();
    let tried = Command::new(&program).arg(&folder).uid(NOBODY).gid(NOBODY).output();
    let Ok(tried) = tried else { return println!("only root can become somebody else: not shown here") };
    let said = String::from_utf8(tried.stderr).unwrap();
    assert!(!tried.status.success() && said.contains("Config") && said.contains("data_dir"), "{said}");
    assert_eq!(fs::read(folder.join("paylink.db")).unwrap(), before);
    assert_eq!(sales(&core(&folder).unwrap()), 1);
}

#[test]
fn a_name_is_taken_literally_whatever_it_holds() {
    let home = tempfile::tempdir().unwrap();
    for name in ["file:x?mode=memory", "a%20b", "100%", "C:", ":memory:", "wine & \"honey\" #1", "~", "ø\u{a0}å"] {
        killed(till("", home.path(), name, 1));
        let folder = home.path().join(name);
        assert!(private(&folder).contains(&"paylink.db".to_owned()), "{name}");
        assert_eq!(sales(&core(&folder).unwrap()), 1, "{name}");
    }
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 8);
}

#[test]
fn a_folder_has_one_owner_however_its_path_is_spelt() {
    let home = tempfile::tempdir().unwrap();
    let real = home.path().join("shop: 100%20");
    fs::create_dir(&real).unwrap();
    symlink(&real, home.path().join("link")).unwrap();
    symlink("link", home.path().join("link to a link")).unwrap();
    fs::create_dir(home.path().join("beside")).unwrap();
    let spelt =
        ["shop: 100%20", "./shop: 100%20/", "beside/../shop: 100%20//.", "link", "link to a link/", "link/../link"];
    for (count, first) in (1..).zip(spelt) {
        let owner = till("", home.path(), first, 1);
        for second in spelt {
            let refused = core(&home.path().join(second)).err();
            assert_eq!(refused, Some(PaylinkError::InUse), "{first}, then {second}");
        }
        killed(owner);
        assert_eq!(sales(&core(&real).unwrap()), count);
    }
    let files = private(&real);
    assert!(files.iter().all(|file| file.starts_with("paylink.")), "{files:?}");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 4, "nothing was made elsewhere");
}

#[test]
fn a_process_that_goes_elsewhere_still_means_the_same_folder() {
    let home = tempfile::tempdir().unwrap();
    let before = std::env::current_dir().unwrap();
    std::env::set_current_dir(home.path()).unwrap();
    let core = core(Path::new("data")).unwrap();
    std::env::set_current_dir(before).unwrap();
    core.create(&honey()).unwrap();
    core.suspend();
    core.resume().unwrap();
    core.create(&honey()).unwrap();
    assert_eq!(sales(&core), 2);
    assert_eq!(fs::read_dir(home.path().join("data")).unwrap().count(), 4, "database, log, index and lock");
}

#[test]
fn a_link_that_is_repointed_takes_lock_and_database_with_it() {
    let home = tempfile::tempdir().unwrap();
    let (one, two, link) = (home.path().join("one"), home.path().join("two"), home.path().join("link"));
    [&one, &two].into_iter().for_each(|folder| fs::create_dir(folder).unwrap());
    let repoint = |to: &Path| {
        let _none_yet = fs::remove_file(&link);
        symlink(to, &link).unwrap();
    };
    repoint(&one);
    let core_of_link = core(&link).unwrap();
    core_of_link.create(&honey()).unwrap();
    repoint(&two);
    // While it is open it goes on where it is, and owns that.
    core_of_link.create(&honey()).unwrap();
    assert_eq!(core(&one).err(), Some(PaylinkError::InUse));
    assert!(core(&two).is_ok());
    core_of_link.suspend();
    assert_eq!(sales(&core(&one).unwrap()), 2);
    core_of_link.resume().unwrap();
    core_of_link.create(&honey()).unwrap();
    assert_eq!(core(&two).err(), Some(PaylinkError::InUse));
    assert_eq!((sales(&core(&one).unwrap()), sales(&core_of_link)), (2, 1));
}

#[test]
fn a_database_that_is_a_link_to_another_folders_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let (one, two) = (home.path().join("one"), home.path().join("two"));
    let owner = core(&one).unwrap();
    owner.create(&honey()).unwrap();
    for file in ["paylink.db", "paylink.lock"] {
        fs::create_dir_all(&two).unwrap();
        symlink(one.join(file), two.join(file)).unwrap();
        let refused = core(&two).err();
        assert!(matches!(refused, Some(PaylinkError::Config { .. } | PaylinkError::InUse)), "{file}: {refused:?}");
        let reader = Paylink::open_read_only(&config(&two, "http://127.0.0.1:9")).err();
        assert!(matches!(reader, Some(PaylinkError::Config { .. })), "{file}: {reader:?}");
        fs::remove_dir_all(&two).unwrap();
    }
    owner.create(&honey()).unwrap();
    assert_eq!(sales(&owner), 2);
}
