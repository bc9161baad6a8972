//! A seller's phone in the pocket, reduced to its core: it saves many sales without a network, and sends them once
//! there is one. A process of its own, so that its memory is its own.
//!
//! `pocket FOLDER ORIGIN ORDERS SMS_EVERY REFUSED_EVERY` answers with lines, times in milliseconds and memory in KiB:
//!
//! | line | means | goes on at |
//! |---|---|---|
//! | `queued TIME MEMORY` | every sale is saved | the next line of its input: there is a network |
//! | `sent TENTHS TIME MEMORY` | so many tenths of the queue were sent or refused | |
//! | `pass MS` | nothing is due: time may go by | the next line: it has, for the provider |
//! | `done TIME MEMORY` | nothing waits any more | the next line: the phone is looked at |
//! | `seen TIME MEMORY` | every link was asked about, and strays were looked for | the end of its input |
#![allow(clippy::unwrap_used, clippy::expect_used)] // a phone that cannot do its work dies, and its test with it

use paylink_core::account::{Config, Ports};
use paylink_core::clock::{Clock, SystemClock};
use paylink_core::gateway::dintero::Timeouts;
use paylink_core::order::{Draft, DraftItem};
use paylink_core::{OrderId, Paylink};
use paylink_e2e::{MemoryStore, config, say};
use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

/// The longest that a request takes here; what is slower is slower by far.
const TIMEOUT: Duration = Duration::from_millis(500);
/// How often the phone is looked at.
const TICK: Duration = Duration::from_millis(10);
/// The least that goes by at once while everything waits, so that what is due soon after is due together.
const MIN_STEP_MS: i64 = 3_000;
/// Strays are looked for every quarter of an hour.
const STRAYS_TURN_UP_MS: i64 = 16 * 60_000;

/// The machine's clock, moved on while everything waits.
#[derive(Default)]
struct PocketClock {
    machine: SystemClock,
    ahead: AtomicI64,
}

impl Clock for PocketClock {
    fn wall_ms(&self) -> i64 {
        self.machine.wall_ms() + self.ahead.load(Ordering::SeqCst)
    }

    fn monotonic_ms(&self) -> i64 {
        self.machine.monotonic_ms() + self.ahead.load(Ordering::SeqCst)
    }
}

struct Pocket {
    core: Paylink,
    clock: Arc<PocketClock>,
    begun: Instant,
    orders: u32,
}

/// The sale number `n`; each has another sum.
fn sale(n: u32, sms_every: u32, refused_every: u32) -> Draft {
    let is = |every: u32| every > 0 && n % every == every / 2;
    let unit_price = format!("{}.{:02}", 50 + n / 100, n % 100);
    let description = if is(refused_every) { "Honning ".repeat(20) } else { "Honning 500 g".to_owned() };
    let item = DraftItem { description, unit_price, vat: "15".to_owned(), ..DraftItem::default() };
    let sale = Draft { items: vec![item], ..Draft::default() };
    if is(sms_every) { Draft { phone: "474 65 724".to_owned(), delivery: "sms".to_owned(), ..sale } } else { sale }
}

/// Memory in use, KiB; 0 where the system does not tell.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Whether the test goes on.
fn told() -> bool {
    std::io::stdin().lock().read_line(&mut String::new()).unwrap() > 0
}

impl Pocket {
    fn say(&self, what: &str) {
        say(&format!("{what} {} {}", self.begun.elapsed().as_millis(), memory()));
    }

    /// Time goes by, for everybody; the core looks at its clock.
    fn pass(&self, ms: i64, nudged: OrderId) {
        say(&format!("pass {ms}"));
        assert!(told());
        self.clock.ahead.fetch_add(ms, Ordering::SeqCst);
        self.core.refresh(nudged).unwrap();
    }

    /// Until nothing waits.
    fn drain(&self, nudged: OrderId) {
        let mut tenths = 0;
        loop {
            let pending = self.core.pending().unwrap();
            let left = pending.queued + pending.sending + pending.waiting + pending.unknown;
            while tenths < (self.orders - left) * 10 / self.orders {
                tenths += 1;
                self.say(&format!("sent {tenths}"));
            }
            if left == 0 {
                return;
            }
            let due = self.core.next_due().unwrap().map_or(0, |due| due - self.clock.wall_ms());
            if pending.sending == 0 && due > 0 {
                self.pass(due.max(MIN_STEP_MS), nudged);
            }
            std::thread::sleep(TICK);
        }
    }

    /// The phone is looked at, a quarter of an hour later, until nothing is due.
    fn look(&self, nudged: OrderId) {
        self.pass(STRAYS_TURN_UP_MS, nudged);
        self.core.set_foreground(true).unwrap();
        let until = self.clock.wall_ms();
        while self.core.next_due().unwrap().is_some_and(|due| due <= until) {
            std::thread::sleep(TICK);
        }
        self.core.set_foreground(false).unwrap();
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, origin, numbers @ ..] = arguments.as_slice() else { panic!("FOLDER ORIGIN …") };
    let numbers: Vec<u32> = numbers.iter().map(|text| text.parse().unwrap()).collect();
    let [orders, sms_every, refused_every] = numbers[..] else { panic!("… ORDERS SMS_EVERY REFUSED_EVERY") };
    let config = Config {
        offline: true,
        timeouts: Timeouts { connect: TIMEOUT, write: TIMEOUT, read: TIMEOUT },
        ..config(Path::new(folder), origin)
    };
    let clock = Arc::new(PocketClock::default());
    let ports = Ports { secure_store: Arc::new(MemoryStore::signed_in(&config.account)), token_source: None };
    let core = Paylink::open_with_clock(&config, ports, Arc::clone(&clock) as Arc<dyn Clock>).unwrap();
    core.set_foreground(false).unwrap();
    let mut pocket = Pocket { core, clock, begun: Instant::now(), orders };
    let sales = (0..orders).map(|n| pocket.core.create(&sale(n, sms_every, refused_every)).unwrap().id);
    let nudged = sales.last().unwrap();
    pocket.say("queued");
    if told() {
        pocket.begun = Instant::now();
        pocket.core.network_changed(true).unwrap();
        pocket.drain(nudged);
        pocket.say("done");
    }
    if told() {
        pocket.look(nudged);
        pocket.say("seen");
    }
    while told() {}
    pocket.core.close();
}
