//! The command line by process: where the binary is, a seller with a data folder, and what a command gave.
#![allow(dead_code)] // not every test needs all of it

use paylink_sandbox::{Options, Sandbox};
use serde_json::Value;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::Duration;
use tempfile::TempDir;

/// The binary, built once by the cargo that runs the tests: it belongs to another crate, and `cargo test` alone does
/// not always build it.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<Option<PathBuf>> = OnceLock::new();
    let built = BINARY.get_or_init(|| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut build = Command::new(cargo);
        build.current_dir(root).args(["build", "--quiet", "-p", "paylink-cli", "--message-format", "json"]);
        // What cargo tells a test of its own package would make build scripts run again, and once more after us.
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|own| name.starts_with(own)) {
                build.env_remove(name);
            }
        }
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        let built = build.stderr(Stdio::inherit()).output().expect("cargo runs");
        if !built.status.success() {
            return None;
        }
        let text = String::from_utf8_lossy(&built.stdout).into_owned();
        let artifacts = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let executables = artifacts.filter(|artifact| artifact["target"]["name"] == "paylink");
        executables.filter_map(|artifact| artifact["executable"].as_str().map(PathBuf::from)).next_back()
    });
    built.as_deref().expect("the binary builds, and cargo says where it is")
}

/// What a command gave.
#[derive(Debug)]
pub struct Gave {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Gave {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// The one JSON object on standard output.
    pub fn object(&self) -> Value {
        assert_eq!(self.out.lines().count(), 1, "one object and nothing else: {self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// `paylink` in a clean environment.
pub fn paylink(arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PAYLINK_") {
            command.env_remove(name);
        }
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Gave {
    Gave::of(&command.output().expect("the binary runs"))
}

/// Somebody who sells: a data folder, and where the provider is.
pub struct Seller {
    /// The data folder; made by the first sale.
    pub folder: TempDir,
    /// The provider.
    pub origin: String,
}

impl Seller {
    /// A seller at a provider.
    pub fn at(origin: &str) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), origin: origin.to_owned() }
    }

    /// A seller and a sandbox.
    pub async fn with_sandbox() -> (Self, Sandbox) {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        (Self::at(&sandbox.origin()), sandbox)
    }

    /// A seller without a network, and the port at which a sandbox can be started later.
    pub fn without_network() -> (Self, u16) {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        (Self::at(&format!("http://127.0.0.1:{port}")), port)
    }

    /// Where the database is.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A command of this seller.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = paylink(arguments);
        command.arg("--data").arg(self.data()).args(["--url", &self.origin]);
        command
    }

    /// A command on a real account: nothing is assumed.
    pub fn on_account(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command.args(["--account", "P12345678", "--seller", "Skogens Honning"]);
        command.args(["--return-url", "https://example.com/thanks"]);
        command
    }

    /// Runs a command of this seller.
    pub fn run(&self, arguments: &[&str]) -> Gave {
        run(&mut self.command(arguments))
    }

    /// The links as `list --json` has them, newest first.
    pub fn links(&self) -> Vec<Value> {
        let listed = self.run(&["list", "--json"]);
        assert_eq!(listed.code, 0, "{listed:?}");
        listed.object()["links"].as_array().unwrap().clone()
    }

    /// Starts a command and returns its standard output line by line.
    pub fn start(&self, arguments: &[&str]) -> Running {
        let mut child = self.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Running { child, lines }
    }
}

/// A command at work; killed when dropped.
pub struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    /// The next JSON object that it prints.
    pub fn object(&mut self) -> Value {
        let line = self.lines.next().expect("one more object").unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    /// Objects up to the first with this status.
    pub fn until(&mut self, status: &str) -> Value {
        loop {
            let object = self.object();
            if object["status"] == status {
                return object;
            }
        }
    }

    /// Presses Ctrl-C.
    pub fn interrupt(&self) {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Kills it as a crash would.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end.
    pub fn end(mut self) -> Gave {
        let mut out = String::new();
        for line in self.lines.by_ref() {
            out.push_str(&line.unwrap());
            out.push('\n');
        }
        let err = std::io::read_to_string(self.child.stderr.take().unwrap()).unwrap();
        Gave { code: self.child.wait().unwrap().code().unwrap_or(-1), out, err }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _over = self.child.kill();
        let _over = self.child.wait();
    }
}

/// Runs a command with text on its standard input.
pub fn fed(command: &mut Command, text: &str) -> Gave {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    Gave::of(&child.wait_with_output().unwrap())
}

/// How long a test waits for what must happen.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until something is true.
pub fn until(what: &str, mut is: impl FnMut() -> bool) {
    let deadline = std::time::Instant::now() + PATIENCE;
    while !is() {
        assert!(std::time::Instant::now() < deadline, "waited for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
