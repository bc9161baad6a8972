//! The process that saves sales: started, spoken to, killed.

use paylink_core::OrderId;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A sale that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sold {
    pub id: OrderId,
    pub reference: String,
}

/// A running till. Dropping it kills it.
pub struct Till {
    process: Child,
    input: Option<ChildStdin>,
    output: Lines<BufReader<ChildStdout>>,
}

impl Till {
    /// On this data directory, ready to sell.
    pub fn start(folder: &Path) -> Self {
        Self::run(Command::new(env!("CARGO_BIN_EXE_till")).arg(folder))
    }

    /// The same, with what it reads, writes and syncs recorded in a file.
    pub fn traced(folder: &Path, record: &Path) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        let calls = "--trace=read,write,pwrite64,fsync,fdatasync,sync_file_range";
        let options = ["--follow-forks", "--decode-fds=path", calls, "-o"].map(OsStr::new);
        Self::run(
            Command::new("strace")
                .args(options)
                .args([record.as_os_str(), OsStr::new("--")])
                .args([OsStr::new(env!("CARGO_BIN_EXE_till")), folder.as_os_str()]),
        )
    }

    fn run(command: &mut Command) -> Self {
        let program = command.get_program().to_owned();
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let input = process.stdin.take();
        let output = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut till = Self { process, input, output };
        assert_eq!(till.line().as_deref(), Some("ready"));
        till
    }

    /// Hands in sales without waiting for the answers.
    pub fn offer(&mut self, sales: usize) {
        self.input.as_mut().unwrap().write_all("sale\n".repeat(sales).as_bytes()).unwrap();
    }

    /// Waits for the next answer.
    pub fn answer(&mut self) -> Sold {
        let line = self.line().expect("the till answers every sale");
        sold(&line).unwrap_or_else(|| panic!("not an answer: {line:?}"))
    }

    /// Saves one sale.
    pub fn sell(&mut self) -> Sold {
        self.offer(1);
        self.answer()
    }

    /// Kills it with SIGKILL, and returns what it had still answered.
    pub fn kill(mut self) -> Vec<Sold> {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        // A line that the kill cut off is no answer.
        std::iter::from_fn(|| self.line()).filter_map(|line| sold(&line)).collect()
    }

    /// Lets it end by itself.
    pub fn close(mut self) {
        drop(self.input.take());
        assert!(self.process.wait().unwrap().success());
    }

    fn line(&mut self) -> Option<String> {
        self.output.next().map(Result::unwrap)
    }
}

impl Drop for Till {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn sold(line: &str) -> Option<Sold> {
    let (id, reference) = line.split_once(' ')?;
    Some(Sold { id: id.parse().ok()?, reference: reference.to_owned() })
}
