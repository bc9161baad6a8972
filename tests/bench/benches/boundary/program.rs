//! A program in another language that measures when it is told to.

use crate::calls::Measured;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// It runs.
pub struct Program {
    name: &'static str,
    child: Child,
    tell: ChildStdin,
    told: BufReader<ChildStdout>,
}

impl Program {
    /// Whether there are some: `tests/bench/boundary` says where.
    pub fn are_built() -> bool {
        ["PAYLINK_NATIVE", "PAYLINK_KOTLIN", "PAYLINK_SWIFT"].iter().all(|name| std::env::var_os(name).is_some())
    }

    /// Kotlin's, on a folder of its own.
    pub fn kotlin(folder: &Path) -> Self {
        let mut java = Command::new("java");
        // So much that collecting stays in the background, and no more: the machine is shared.
        java.arg("-Xmx1g").arg("-cp").arg(variable("PAYLINK_KOTLIN"));
        java.arg(format!("-Djna.library.path={}", variable("PAYLINK_NATIVE"))).arg("com.paylink.BoundaryKt");
        Self::start("kotlin", java, folder)
    }

    /// Swift's, on a folder of its own.
    pub fn swift(folder: &Path) -> Self {
        Self::start("swift", Command::new(variable("PAYLINK_SWIFT")), folder)
    }

    fn start(name: &'static str, mut command: Command, folder: &Path) -> Self {
        let mut child = command.arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (tell, told) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { name, child, tell, told }
    }

    pub fn measure(&mut self, measurement: &str, times: u32) -> Measured {
        writeln!(self.tell, "{measurement} {times}").unwrap();
        let mut line = String::new();
        self.told.read_line(&mut line).unwrap();
        let said = line.split_once(' ').and_then(|(nanoseconds, answer)| {
            Some(Measured { nanoseconds: nanoseconds.parse().ok()?, answer: answer.trim().parse().ok()? })
        });
        said.unwrap_or_else(|| panic!("{} said to {measurement}: {line:?}", self.name))
    }

    /// It ends when nobody can tell it anything any more.
    pub fn end(self) {
        let Self { name, mut child, tell, .. } = self;
        drop(tell);
        assert!(child.wait().unwrap().success(), "{name} did not end well");
    }
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap()
}
