//! Rust's side: each measurement on the core itself. Kotlin's is `Boundary.kt`, Swift's the program in `bindings/swift/Tests/Boundary`; they do the same.

use paylink_core::account::{Config, LinkListener};
use paylink_core::money::Currency;
use paylink_core::order::{Draft, DraftItem};
use paylink_core::{LinkFilter, OrderId, Page, Paylink};
use paylink_e2e::{MemoryStore, config};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Instant;

/// What came of it.
pub struct Measured {
    pub nanoseconds: f64,
    /// What the last call answered, as a number; of events, how many came in order.
    pub answer: i64,
}

/// A core on the sales that were made.
pub struct Calls {
    folder: PathBuf,
    core: Paylink,
    newest: OrderId,
    draft: Draft,
}

impl Calls {
    pub fn open(folder: &Path) -> Self {
        let core = open(&folder.join("books"));
        let newest = core.links(LinkFilter::default(), Page::default()).unwrap()[0].id;
        Self { folder: folder.to_owned(), core, newest, draft: draft() }
    }

    pub fn measure(&self, name: &str, times: u32) -> Measured {
        let all = Page { offset: 0, limit: 1_000 };
        let count = |length: usize| i64::try_from(length).unwrap();
        match name {
            "decimals" => repeated(times, || Currency::from_code(black_box("NOK")).unwrap().exponent().into()),
            "check" => {
                repeated(times, || self.core.check(black_box(&self.draft)).unwrap().totals.unwrap().total.minor())
            }
            "link" => repeated(times, || self.core.link(black_box(self.newest)).unwrap().amount.minor()),
            "links" => repeated(times, || count(self.core.links(LinkFilter::default(), all).unwrap().len())),
            "events" => {
                let begun = Instant::now();
                let cursors = self.events(times);
                measured(begun, &cursors)
            }
            "heard" => self.listening(times, true),
            "changes" => self.listening(times, false),
            other => panic!("there is no measurement {other}"),
        }
    }

    /// The cursors of so many events, page by page.
    fn events(&self, times: u32) -> Vec<i64> {
        let mut cursors = Vec::new();
        while cursors.len() < times as usize {
            let page = self.core.events_since(Some(cursors.last().copied().unwrap_or(0))).unwrap();
            assert!(!page.is_empty(), "there are only {} events", cursors.len());
            cursors.extend(page.iter().map(|event| event.cursor));
        }
        cursors.truncate(times as usize);
        cursors
    }

    /// A sale and its changes, so many in all, told to a listener: from the first call on or, when they are held, from
    /// the moment on when all of them wait for it.
    fn listening(&self, times: u32, held: bool) -> Measured {
        let folder = tempfile::tempdir_in(&self.folder).unwrap();
        let core = open(folder.path());
        let (open_gate, gate) = mpsc::channel();
        let (tell, told) = mpsc::channel();
        let (gate, cursors) = (Mutex::new(Some(gate)), Mutex::default());
        let ear = Arc::new(Ear { gate, cursors, times: times as usize, tell });
        let subscription = core.subscribe(Arc::clone(&ear) as Arc<dyn LinkListener>);
        if !held {
            open_gate.send(()).unwrap();
        }
        let mut begun = Instant::now();
        let id = core.create(&self.draft).unwrap().id;
        for number in 1..times {
            let (channel, outcome) = crate::books::shared(number as usize);
            core.mark_shared(id, channel, outcome).unwrap();
        }
        if held {
            begun = Instant::now();
            open_gate.send(()).unwrap();
        }
        told.recv().unwrap();
        let measured = measured(begun, &ear.cursors.lock().unwrap());
        drop(subscription);
        core.close();
        measured
    }
}

/// Waits at a gate once, remembers what it hears, and says when that was all.
struct Ear {
    gate: Mutex<Option<mpsc::Receiver<()>>>,
    cursors: Mutex<Vec<i64>>,
    times: usize,
    tell: mpsc::Sender<()>,
}

impl LinkListener for Ear {
    fn on_change(&self, _: OrderId, cursor: i64) {
        if let Some(gate) = self.gate.lock().unwrap().take() {
            gate.recv().unwrap();
        }
        let mut cursors = self.cursors.lock().unwrap();
        cursors.push(cursor);
        if cursors.len() == self.times {
            self.tell.send(()).unwrap();
        }
    }
}

fn repeated(times: u32, mut call: impl FnMut() -> i64) -> Measured {
    let begun = Instant::now();
    let mut answer = 0;
    for _ in 0..times {
        answer = black_box(call());
    }
    Measured { nanoseconds: begun.elapsed().as_secs_f64() * 1e9, answer }
}

fn measured(begun: Instant, cursors: &[i64]) -> Measured {
    let nanoseconds = begun.elapsed().as_secs_f64() * 1e9;
    let in_order = usize::from(!cursors.is_empty()) + cursors.windows(2).filter(|two| two[0] < two[1]).count();
    Measured { nanoseconds, answer: i64::try_from(in_order).unwrap() }
}

/// A core that thinks that there is no network.
pub fn open(folder: &Path) -> Paylink {
    let config = Config { offline: true, ..config(folder, "http://127.0.0.1:9") };
    paylink_e2e::open(&config, &Arc::new(MemoryStore::default())).unwrap()
}

/// Three lines and a customer, 563 kroner.
pub fn draft() -> Draft {
    let item = |description: &str, quantity: &str, price: &str, vat: &str, discount: &str| DraftItem {
        description: description.to_owned(),
        quantity: quantity.to_owned(),
        unit_price: price.to_owned(),
        vat: vat.to_owned(),
        discount: discount.to_owned(),
        ..DraftItem::default()
    };
    Draft {
        items: vec![
            item("Honning 500 g", "2", "149,00", "15", ""),
            item("Bivokslys", "1", "89,50", "25", ""),
            item("Tyttebærsyltetøy", "3", "65,00", "15", "10 %"),
        ],
        name: "Kari Nordmann".to_owned(),
        phone: "474 65 724".to_owned(),
        email: "kari@example.com".to_owned(),
        delivery: "copy".to_owned(),
        ..Draft::default()
    }
}
