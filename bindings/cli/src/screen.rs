//! Where a command writes. With `--json` standard output holds nothing but JSON; everything for people then goes to
//! standard error. What is written for people or scripts is `printable`; that it could not be written is remembered, so
//! that a command ends with it.

use crate::output::{Exit, Failure, refused};
use crate::printable;
use paylink_core::PaylinkError;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::OnceLock;

/// Where a command writes.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    json: bool,
    colours: bool,
    state: &'static State,
}

/// What all copies of a screen know.
#[derive(Debug, Default)]
struct State {
    /// Why standard output takes nothing more.
    broken: OnceLock<io::Error>,
    /// A recovery that nobody has acknowledged: part of each object.
    recovered: OnceLock<Value>,
    /// The practice account: part of each object.
    practice: OnceLock<()>,
}

impl Screen {
    /// A screen that writes JSON, or text for people with colours where they are wanted.
    #[must_use]
    pub fn new(json: bool) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        let terminal = if json { io::stderr().is_terminal() } else { io::stdout().is_terminal() };
        // One for the life of the process, so that a screen can be handed around like a number.
        Self { json, colours: wanted && terminal, state: Box::leak(Box::default()) }
    }

    /// Whether scripts are spoken to.
    #[must_use]
    pub fn json(&self) -> bool {
        self.json
    }

    /// Whether colours may be used.
    #[must_use]
    pub fn colours(&self) -> bool {
        self.colours
    }

    /// A line for people.
    pub fn say(&self, text: impl Display) {
        if self.json { self.note(text) } else { self.put(&printable::fit(&text.to_string())) }
    }

    /// A line beside the result.
    pub fn note(&self, text: impl Display) {
        let _gone = writeln!(io::stderr(), "{}", printable::fit(&text.to_string()));
    }

    /// A JSON object, on a line of its own; nothing without `--json`.
    pub fn object(&self, object: &impl Serialize) {
        if self.json {
            let value = serde_json::to_value(object).map(|mut value| {
                if let Some(object) = value.as_object_mut() {
                    if let Some(recovered) = self.state.recovered.get() {
                        object.entry("recovered").or_insert_with(|| recovered.clone());
                    }
                    if self.state.practice.get().is_some() {
                        object.insert("practice".to_owned(), Value::Bool(true));
                    }
                }
                value
            });
            let value =
                value.unwrap_or_else(|error| json!({ "error": { "code": "internal", "reason": error.to_string() } }));
            self.put(&printable::fit_json(&value.to_string()));
        }
    }

    /// From now on every object tells of a recovery. Gives whether that is news.
    pub fn tell_recovered(&self, report: Value) -> bool {
        self.state.recovered.set(report).is_ok()
    }

    /// From now on every object says that it is of the practice account. Gives whether that is news.
    pub fn tell_practice(&self) -> bool {
        self.state.practice.set(()).is_ok()
    }

    /// A file, as it is.
    pub fn raw(&self, file: &str) {
        let mut out = io::stdout().lock();
        if let Err(error) = out.write_all(file.as_bytes()).and_then(|()| out.flush()) {
            let _first = self.state.broken.set(error);
        }
    }

    fn put(&self, line: &str) {
        if self.state.broken.get().is_none() {
            let mut out = io::stdout().lock();
            if let Err(error) = writeln!(out, "{line}").and_then(|()| out.flush()) {
                let _first = self.state.broken.set(error);
            }
        }
    }

    /// Whether somebody still takes what is written: a pipe whose reader went away is found out without a word.
    #[must_use]
    pub fn is_heard(&self) -> bool {
        let out = io::stdout();
        let mut fds = [PollFd::new(&out, PollFlags::empty())];
        let polled = poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: 0 }));
        let gone = polled.is_ok() && fds[0].revents().intersects(PollFlags::ERR | PollFlags::HUP);
        !gone && self.state.broken.get().is_none()
    }

    /// The exit of a command whose words did not all get out. A reader who had enough is no error.
    #[must_use]
    pub fn end(&self, exit: Exit) -> Exit {
        match self.state.broken.get() {
            Some(error) if error.kind() != ErrorKind::BrokenPipe => unwritten(error),
            _ => exit,
        }
    }

    /// Says why a command failed, and returns its exit code.
    pub fn fail(&self, failure: &Failure) -> Exit {
        match failure {
            Failure::Core(PaylinkError::Refused { problems }) if self.json => self.object(&refused(problems)),
            _ => self.object(&failure.object()),
        }
        self.note(format_args!("paylink: {}", failure.sentence()));
        failure.exit()
    }

    /// Strong.
    #[must_use]
    pub fn bold(&self, text: &str) -> String {
        self.styled("1", text)
    }

    /// Beside the point.
    #[must_use]
    pub fn dim(&self, text: &str) -> String {
        self.styled("2", text)
    }

    /// As it should be.
    #[must_use]
    pub fn good(&self, text: &str) -> String {
        self.styled("32", text)
    }

    /// Not as it should be.
    #[must_use]
    pub fn bad(&self, text: &str) -> String {
        self.styled("31", text)
    }

    /// Black on white, whatever the terminal's ground is.
    #[must_use]
    pub fn on_white(&self, text: &str) -> String {
        self.styled("30;107", text)
    }

    fn styled(&self, style: &str, text: &str) -> String {
        if self.colours && !text.is_empty() { printable::styled(style, text) } else { text.to_owned() }
    }
}

/// Standard output took no more.
pub fn unwritten(error: &io::Error) -> Exit {
    let _gone = writeln!(io::stderr(), "paylink: standard output: {error}; what was saved before is saved");
    Exit::Storage
}
