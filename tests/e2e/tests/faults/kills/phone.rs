//! The process that is killed: started, spoken to, and found dead.

use serde_json::Value;
use std::io::{BufRead, BufReader, Lines, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

const SIGKILL: i32 = 9;

/// What can kill it from any thread.
#[derive(Clone)]
pub struct Killer(Arc<Mutex<Child>>);

impl Killer {
    /// Kills it with SIGKILL and waits until it is gone.
    pub fn kill(&self) {
        let mut process = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        process.kill().unwrap();
        process.wait().unwrap();
    }
}

/// A running phone. Dropping it kills it.
pub struct Phone {
    process: Killer,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Phone {
    /// On this folder, at this provider; its clock shows `now_ms`.
    pub fn start(folder: &Path, origin: &str, now_ms: i64, seed: u64) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_phone"))
            .args([folder.as_os_str(), origin.as_ref()])
            .args([now_ms.to_string(), seed.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let input = process.stdin.take().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process: Killer(Arc::new(Mutex::new(process))), input, output }
    }

    /// Asks it to do something; `None` when it died instead of answering.
    pub fn ask(&mut self, line: &str) -> Option<Value> {
        // It may be dead already: then there is no answer either.
        let _dead = self.input.write_all(format!("{line}\n").as_bytes());
        let answer = self.output.next()?.ok()?;
        // A line that the kill cut off is no answer.
        serde_json::from_str(&answer).ok()
    }

    /// What kills it.
    pub fn killer(&self) -> Killer {
        self.process.clone()
    }

    /// Waits for its end. Gives whether that was SIGKILL.
    pub fn was_killed(self) -> bool {
        let ended = self.process.0.lock().unwrap_or_else(PoisonError::into_inner).wait().unwrap();
        ended.signal() == Some(SIGKILL)
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        let mut process = self.process.0.lock().unwrap_or_else(PoisonError::into_inner);
        // It may have ended already.
        let _ = process.kill();
        let _ = process.wait();
    }
}
