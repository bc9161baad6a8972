//! The sandbox's own time: UTC milliseconds that only a test, or the machine's clock, can move.
//!
//! A clock is shared by its clones. It never goes backwards by itself; [`Clock::advance`] with a
//! negative number is how a test sets it back.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Where the sandbox reads the time.
#[derive(Clone, Debug)]
pub struct Clock {
    /// `true`: the machine's clock plus the offset; `false`: the offset alone.
    runs: bool,
    offset_ms: Arc<AtomicI64>,
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl Clock {
    /// The machine's clock, which can still be moved with [`Clock::advance`].
    #[must_use]
    pub fn system() -> Self {
        Self { runs: true, offset_ms: Arc::new(AtomicI64::new(0)) }
    }

    /// A clock that stands still at `now_ms` (UTC milliseconds) until it is moved.
    #[must_use]
    pub fn fixed(now_ms: i64) -> Self {
        Self { runs: false, offset_ms: Arc::new(AtomicI64::new(now_ms)) }
    }

    /// A clock that goes on from `now_ms` (UTC milliseconds).
    #[must_use]
    pub fn starting_at(now_ms: i64) -> Self {
        let clock = Self::system();
        clock.advance(now_ms.saturating_sub(machine_ms()));
        clock
    }

    /// Now, in UTC milliseconds.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        let offset = self.offset_ms.load(Ordering::SeqCst);
        if self.runs { machine_ms().saturating_add(offset) } else { offset }
    }

    /// Moves the clock by `ms`, back when negative.
    pub fn advance(&self, ms: i64) {
        self.offset_ms.fetch_add(ms, Ordering::SeqCst);
    }
}

fn machine_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or_default()
}

/// `ms` as the provider writes times: `2019-05-09T09:13:40.306Z`.
#[must_use]
pub fn rfc3339(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms)
        .map(|time| format!("{time:.3}"))
        .unwrap_or_else(|_| String::from("1970-01-01T00:00:00.000Z"))
}

/// Reads an RFC 3339 time with an offset; `None` when it is none.
#[must_use]
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>().ok().map(|time| time.as_millisecond())
}

/// `ms` as an HTTP `Date`.
#[must_use]
pub fn http_date(ms: i64) -> String {
    let since = std::time::Duration::from_millis(u64::try_from(ms).unwrap_or_default());
    httpdate::fmt_http_date(UNIX_EPOCH + since)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_told() {
        let clock = Clock::fixed(1_557_393_220_306);
        assert_eq!(rfc3339(clock.now_ms()), "2019-05-09T09:13:40.306Z");
        clock.clone().advance(694);
        assert_eq!(rfc3339(clock.now_ms()), "2019-05-09T09:13:41.000Z");
        assert_eq!(http_date(clock.now_ms()), "Thu, 09 May 2019 09:13:41 GMT");
    }

    #[test]
    fn a_time_is_read_with_fraction_and_offset() {
        assert_eq!(parse_rfc3339("2019-05-09T11:13:40.306+02:00"), Some(1_557_393_220_306));
        assert_eq!(parse_rfc3339("2019-05-09T09:13:40.306Z"), Some(1_557_393_220_306));
        assert_eq!(parse_rfc3339("tomorrow"), None);
    }
}
