//! The files that a recovery set aside: what they are called, and when they go.

use super::paths;
use crate::store::StoreResult;
use std::io::ErrorKind;
use std::path::Path;

/// Between the name of a file and the time at which it was set aside.
pub(super) const ASIDE: &str = ".corrupt-";

/// Names of those that there are, with the time of each, UTC ms.
pub fn set_aside(folder: &Path) -> StoreResult<Vec<(String, i64)>> {
    let mut found = Vec::new();
    for file in folder.read_dir()? {
        let name = file?.file_name();
        let Some(name) = name.to_str().filter(|name| name.starts_with(paths::FILE)) else { continue };
        if let Some(at) = name.rsplit_once(ASIDE).and_then(|(_, at)| at.parse().ok()) {
            found.push((name.to_owned(), at));
        }
    }
    found.sort();
    Ok(found)
}

/// Deletes those that were set aside before a moment. Gives the names of those that went.
pub fn delete_set_aside(folder: &Path, before: i64) -> StoreResult<Vec<String>> {
    let mut gone = Vec::new();
    for (name, _) in set_aside(folder)?.into_iter().filter(|(_, at)| *at < before) {
        match std::fs::remove_file(folder.join(&name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => gone.push(name),
        }
    }
    if !gone.is_empty() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(gone)
}
