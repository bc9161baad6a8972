//! Reads what `strace --follow-forks --decode-fds=path` wrote: one line per call, in the order in which they happened.
//!
//! `7 pwrite64(9</tmp/x/paylink.db-wal>, "…", 24, 0) = 24`; a call during which another thread's call was seen is cut
//! in two, `7 fdatasync(9</tmp/x/paylink.db-wal> <unfinished ...>` and `7 <... fdatasync resumed>) = 0`. A call counts
//! when it has returned, but a write to the log when it begins, and an answer too: the strictest reading.

use std::collections::HashMap;
use std::path::Path;

/// What matters of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// It has read a line of its input.
    Request,
    /// It begins to write to the database's log.
    LogWritten,
    /// The log is on the disk.
    LogSynced,
    /// It begins to answer a sale.
    Answer,
}

/// The calls of a recorded process.
pub fn read(record: &Path) -> Vec<Call> {
    let text = std::fs::read_to_string(record).unwrap();
    let mut unfinished: HashMap<&str, &str> = HashMap::new();
    let mut calls = Vec::new();
    for line in text.lines() {
        let Some((thread, call)) = line.split_once(' ') else { continue };
        let call = call.trim_start();
        if call.starts_with("<...") {
            let Some(begun) = unfinished.remove(thread) else { continue };
            calls.extend(returned(begun, call));
            continue;
        }
        calls.extend(begun(call));
        if call.ends_with("<unfinished ...>") {
            unfinished.insert(thread, call);
        } else {
            calls.extend(returned(call, call));
        }
    }
    calls
}

fn is_log(call: &str) -> bool {
    call.contains("/paylink.db-wal>")
}

fn begun(call: &str) -> Option<Call> {
    match call.split_once('(')? {
        ("write" | "pwrite64", _) if is_log(call) => Some(Call::LogWritten),
        ("write", rest) if rest.starts_with("1<") && !rest.contains("\"ready\\n\"") => Some(Call::Answer),
        _ => None,
    }
}

/// `begun` has the arguments, `end` the result.
fn returned(begun: &str, end: &str) -> Option<Call> {
    let result = end.rsplit_once(" = ")?.1;
    match begun.split_once('(')?.0 {
        "fsync" | "fdatasync" if is_log(begun) && result == "0" => Some(Call::LogSynced),
        "read" if begun.contains("(0<") && result != "0" => Some(Call::Request),
        _ => None,
    }
}
