use super::*;
use std::time::{Duration, Instant};

/// The app's log. Slow on demand, and it fails after it has taken a record.
#[derive(Default)]
struct Notes {
    taken: Mutex<Vec<LogRecord>>,
    slow: Mutex<()>,
}

impl LogSink for Notes {
    fn log(&self, record: LogRecord) -> Result<(), ListenerError> {
        let _waited = self.slow.lock().unwrap();
        self.taken.lock().unwrap().push(record);
        Err(ListenerError::Failed { reason: "thrown".to_owned() })
    }
}

impl Notes {
    fn wait_for(&self, text: &str) -> LogRecord {
        let begun = Instant::now();
        loop {
            if let Some(record) = self.taken.lock().unwrap().iter().find(|record| record.text.contains(text)) {
                return record.clone();
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "no record with {text}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// One test, because a process has one log.
#[test]
fn the_app_gets_the_log_of_our_crates_and_only_of_them() {
    let notes = Arc::new(Notes::default());
    set_log_sink(Some(Arc::<Notes>::clone(&notes)), LogLevel::Info).unwrap();
    tracing::warn!(target: "paylink_core::outbox", attempt = 3, code = "timeout", "not sent");
    let record = notes.wait_for("not sent");
    assert_eq!(record.text, r#"not sent attempt=3 code=timeout"#);
    assert_eq!((record.level, record.target.as_str()), (LogLevel::Warn, "paylink_core::outbox"));
    assert!(record.at > 1_700_000_000_000);

    // A library, and a level below the one asked for.
    tracing::error!(target: "hyper::client", "GET https://example.com/?phone=47465724");
    tracing::debug!(target: "paylink_core::gateway", "too low");
    // A panic is reported by its place; its words may quote a person.
    let _panicked = contained::<(), PaylinkError>(|| panic!("Kari Nordmann"));
    assert!(notes.wait_for("panicked").text.contains("tests.rs"));
    assert!(!notes.taken.lock().unwrap().iter().any(|record| {
        record.text.contains("example.com") || record.text.contains("too low") || record.text.contains("Kari")
    }));

    // A slow app never holds up the core: what does not fit is counted.
    let slow = notes.slow.lock().unwrap();
    let begun = Instant::now();
    for n in 0..2 * QUEUE {
        tracing::info!(target: "paylink_core::sync", n, "many");
    }
    assert!(begun.elapsed() < Duration::from_secs(10));
    drop(slow);
    assert!(notes.wait_for("left out").level == LogLevel::Warn);

    // Another receiver takes over; then nobody.
    let next = Arc::new(Notes::default());
    set_log_sink(Some(Arc::<Notes>::clone(&next)), LogLevel::Debug).unwrap();
    tracing::debug!(target: "paylink_core::gateway", "low enough");
    next.wait_for("low enough");
    set_log_sink(None, LogLevel::Error).unwrap();
    tracing::error!(target: "paylink_core::gateway", "unheard");
    std::thread::sleep(Duration::from_millis(50));
    assert!(!next.taken.lock().unwrap().iter().any(|record| record.text == "unheard"));
}
