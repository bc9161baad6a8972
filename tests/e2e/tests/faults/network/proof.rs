//! What a test has proven, counted: each prints one line of it, which shows when the suite `faults` runs.

use super::world::World;
use paylink_core::link::{EventKind, LinkStatus, PaymentLink};
use paylink_core::{LinkFilter, Page};
use paylink_sandbox::books::{Books, End, Sale};
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

/// Counts of one test.
#[derive(Default)]
struct Tally {
    phones: usize,
    sales: usize,
    cancelled: usize,
    resent_by_seller: usize,
    faults: BTreeMap<&'static str, u32>,
    lost: Vec<String>,
    doubled: Vec<String>,
}

/// By the name of the test.
static TALLIES: LazyLock<Mutex<BTreeMap<String, Tally>>> = LazyLock::new(Mutex::default);

/// The test that runs on this thread.
pub fn name() -> String {
    std::thread::current().name().unwrap_or("?").to_owned()
}

/// Adds up a world that ends.
pub fn add(test: &str, world: &World) {
    let all = Page { offset: 0, limit: 10_000 };
    let Ok(links) = world.core.links(LinkFilter::default(), all) else { return };
    let mut tallies = TALLIES.lock().unwrap();
    let tally = tallies.entry(test.to_owned()).or_default();
    tally.phones += 1;
    tally.sales += links.len();
    for (fault, times) in world.proxy.counts() {
        *tally.faults.entry(fault).or_default() += times;
    }
    let books = Books::of(&world.sandbox);
    for link in links {
        let kinds = world.kinds(link.id);
        let resent = kinds.iter().filter(|kind| **kind == EventKind::ResentBySeller).count();
        tally.resent_by_seller += resent;
        tally.cancelled += usize::from(link.status == LinkStatus::Cancelled);
        let sale = Sale { reference: &link.reference, end: end(&link), addresses: 1, chosen: resent };
        if let Some(why) = books.lost(&sale) {
            tally.lost.push(format!("{why}: {link:?} {kinds:?}"));
        }
        if let Some(what) = books.doubled(&sale) {
            tally.doubled.push(format!("{what}: {link:?} {kinds:?}"));
        }
    }
}

/// What has become of it; no sale of these tests is given up before it has a link.
fn end(link: &PaymentLink) -> End<'_> {
    match &link.session_id {
        Some(session) => End::Link(session),
        None if link.status == LinkStatus::NeedsAttention => End::Asked,
        None => End::Nothing,
    }
}

/// Kept by a test for as long as it runs; prints its line, and fails it when anything was lost or doubled.
pub struct Proof(String);

impl Proof {
    pub fn begin() -> Self {
        Self(name())
    }
}

impl Drop for Proof {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let tally = TALLIES.lock().unwrap().remove(&self.0).unwrap_or_default();
        let faults: Vec<String> = tally.faults.iter().map(|(fault, times)| format!("{fault} {times}")).collect();
        println!(
            "network: {}: phones {}, sales {}, cancelled {}, resent by seller {}, faults {{{}}}, lost {}, doubled {}",
            self.0.trim_start_matches("network::").replace('_', " "),
            tally.phones,
            tally.sales,
            tally.cancelled,
            tally.resent_by_seller,
            faults.join(", "),
            tally.lost.len(),
            tally.doubled.len()
        );
        assert!(tally.lost.is_empty(), "lost: {:#?}", tally.lost);
        assert!(tally.doubled.is_empty(), "doubled: {:#?}", tally.doubled);
    }
}
