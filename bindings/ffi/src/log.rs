//! The log: what the core says of itself, handed to the app.
//!
//! The core writes with `tracing` and knows no receiver. The receiver is here and not in the core because `tracing`
//! has one a process, which only the shell that owns the process may set: the terminal has none, tests bring their
//! own, and on a phone it is the app.
//!
//! A record is put into a queue and given to the app on a thread of its own: records are made under locks and in the
//! middle of transactions, where foreign code must not run. When the app is slower than the log, records are left out
//! and counted. Only records of Paylink's own crates pass: they hold codes, ids and times, never a person (rule
//! 8); what libraries write may quote addresses.

use crate::error::{PaylinkError, contained};
use crate::ports::ListenerError;
use std::fmt::{self, Write};
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};
use tracing::field::{Field, Visit};
use tracing::span;
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata};

/// Records that wait for the app: some seconds of a busy core, a few hundred kB.
const QUEUE: usize = 1024;
/// How targets of our own crates begin.
const OURS: &str = "paylink";

/// How much a record matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, uniffi::Enum)]
pub enum LogLevel {
    /// A defect, or a disk that fails.
    Error,
    /// Worth a look.
    Warn,
    /// What happened.
    Info,
    /// Each request to the provider.
    Debug,
    /// Everything.
    Trace,
}

/// A line of the log. It holds no personal data.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct LogRecord {
    /// When, UTC ms by the phone.
    pub at: i64,
    /// How much it matters.
    pub level: LogLevel,
    /// The part of the core that speaks.
    pub target: String,
    /// What it says.
    pub text: String,
}

/// Takes the log. Called on one thread of the core's own, one record after the other.
#[uniffi::export(foreign)]
pub trait LogSink: Send + Sync {
    /// One record.
    ///
    /// # Errors
    /// Anything; the record is lost, the next one comes.
    fn log(&self, record: LogRecord) -> Result<(), ListenerError>;
}

/// Sets who takes the log of this process, from `level` up; null: nobody. It holds for every core of the process, and
/// a later call replaces the receiver. Set it before `open`, so that the opening is in it.
///
/// # Errors
/// `internal` when the process has another receiver of the Rust side's log.
#[uniffi::export]
pub fn set_log_sink(sink: Option<Arc<dyn LogSink>>, level: LogLevel) -> Result<(), PaylinkError> {
    contained(|| {
        START.get_or_init(start).clone()?;
        LEVEL.store(level as u8, Ordering::SeqCst);
        *RECEIVER.lock().unwrap_or_else(PoisonError::into_inner) = sink;
        Ok::<_, PaylinkError>(())
    })
}

static START: OnceLock<Result<(), PaylinkError>> = OnceLock::new();
static LEVEL: AtomicU8 = AtomicU8::new(LogLevel::Info as u8);
static RECEIVER: Mutex<Option<Arc<dyn LogSink>>> = Mutex::new(None);

fn start() -> Result<(), PaylinkError> {
    let failed = |error: &dyn fmt::Display| PaylinkError::Internal { reason: format!("no log: {error}") };
    let (queue, records) = sync_channel(QUEUE);
    let lost = Arc::new(AtomicU32::new(0));
    let hand_over = HandOver { records, lost: Arc::clone(&lost) };
    std::thread::Builder::new()
        .name("paylink-log".to_owned())
        .spawn(move || hand_over.run())
        .map_err(|error| failed(&error))?;
    tracing::subscriber::set_global_default(Collector { queue, lost }).map_err(|error| failed(&error))?;
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // Where, and not what: a panic's words may quote what a person typed.
        if let Some(place) = panic.location() {
            tracing::error!(file = place.file(), line = place.line(), "panicked");
        }
        before(panic);
    }));
    Ok(())
}

/// The thread's end of the queue.
struct HandOver {
    records: Receiver<LogRecord>,
    lost: Arc<AtomicU32>,
}

impl HandOver {
    fn run(self) {
        for record in self.records {
            let receiver = RECEIVER.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let Some(receiver) = receiver else { continue };
            let lost = self.lost.swap(0, Ordering::SeqCst);
            if lost > 0 {
                let text = format!("{lost} record(s) are left out: the log was read too slowly");
                let _thrown = receiver.log(LogRecord {
                    level: LogLevel::Warn,
                    target: "paylink_ffi::log".to_owned(),
                    text,
                    ..record
                });
            }
            let _thrown = receiver.log(record);
        }
    }
}

/// The end of the queue that the core writes to.
struct Collector {
    queue: SyncSender<LogRecord>,
    lost: Arc<AtomicU32>,
}

impl tracing::Subscriber for Collector {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        // Not remembered for ours: the level may change.
        if is_ours(metadata) { Interest::sometimes() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        is_ours(metadata) && level(*metadata.level()) as u8 <= LEVEL.load(Ordering::SeqCst)
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::default();
        event.record(&mut line);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let record = LogRecord {
            at: i64::try_from(now.as_millis()).unwrap_or(i64::MAX),
            level: level(*event.metadata().level()),
            target: event.metadata().target().to_owned(),
            text: format!("{}{}", line.said, line.details),
        };
        if self.queue.try_send(record).is_err() {
            self.lost.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

fn is_ours(metadata: &Metadata<'_>) -> bool {
    metadata.is_event() && metadata.target().starts_with(OURS)
}

const fn level(level: Level) -> LogLevel {
    match level {
        Level::ERROR => LogLevel::Error,
        Level::WARN => LogLevel::Warn,
        Level::INFO => LogLevel::Info,
        Level::DEBUG => LogLevel::Debug,
        Level::TRACE => LogLevel::Trace,
    }
}

/// What was said, then the details as ` name=value`.
#[derive(Default)]
struct Line {
    said: String,
    details: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing into a String does not fail.
        let _ = match field.name() {
            "message" => write!(self.said, "{value:?}"),
            name => write!(self.details, " {name}={value:?}"),
        };
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }
}

#[cfg(test)]
mod tests;
