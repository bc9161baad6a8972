//! A long day without a network: thousands of sales wait, some of which the provider will refuse for ever, and go out
//! over a network in which three of ten requests fail. `PAYLINK_SOAK` says how many sales.

use paylink_core::link::{LinkStatus, PaymentLink};
use paylink_core::{LinkFilter, Page, Paylink};
use paylink_e2e::{config, memory_folder};
use paylink_sandbox::books::{Books, End, Sale};
use paylink_sandbox::proxy::{FaultProxy, Odds, Trouble};
use paylink_sandbox::{Options, Sandbox, Session};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// Of a hundred requests so many meet trouble.
const FAULTS_PERCENT: u32 = 30;
/// One sale of so many is refused by the provider for ever.
const REFUSED_EVERY: u32 = 500;
/// One sale of so many goes out by the provider's SMS.
const SMS_EVERY: u32 = 5;
/// Characters that this provider takes in a description: more than most sales have, fewer than the core lets through.
const MAX_DESCRIPTION: usize = 100;
/// Requests per sale until it is delivered, those that met trouble included: creates and their repetitions, and what is
/// asked about them when they or their answers are lost.
const REQUESTS_PER_ORDER: u64 = 5;
/// Of a thousand sales so many may end as a question to the seller: a message of which nobody could prove in time whether
/// it was sent.
const ASKED_PER_THOUSAND: usize = 20;
/// Requests per sale when the phone is looked at, once nothing waits: one question about each link, and one or two more
/// about those that were made again and may have a stray.
const QUESTIONS_PER_ORDER: u64 = 2;
/// What the core's memory may grow by from a tenth of the queue to all of it, KiB.
const MEMORY_GROWS_BY: u64 = 8 * 1024;
const SEED: u64 = 20_261_124;

fn troubles() -> Vec<(u32, Trouble)> {
    vec![
        (16, Trouble::CutRequest { after: 0 }),
        (14, Trouble::CutRequest { after: 300 }),
        (10, Trouble::CutRequest { after: usize::MAX }),
        (20, Trouble::DropReply),
        (14, Trouble::CutReply),
        (8, Trouble::ChunkedNonsense),
        (6, Trouble::PortalPage),
        (6, Trouble::PortalRedirect),
        (2, Trouble::Huge { bytes: 10_000_000, declared: true }),
        (1, Trouble::Huge { bytes: 10_000_000, declared: false }),
        (1, Trouble::BlackHole),
        (1, Trouble::Slow { by: Duration::from_secs(5) }),
    ]
}

/// The phone: a process of its own.
struct Phone {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// What it said last.
#[derive(Clone, Copy, Default)]
struct Said {
    ms: u64,
    memory: u64,
}

impl Phone {
    fn start(folder: &Path, origin: &str, orders: u32) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_pocket"))
            .arg(folder)
            .arg(origin)
            .args([orders, SMS_EVERY, REFUSED_EVERY].map(|number| number.to_string()))
            // What was freed counts as freed: glibc gives large pieces back at once, and keeps few small ones.
            .envs([
                ("MALLOC_MMAP_THRESHOLD_", "65536"),
                ("MALLOC_TRIM_THRESHOLD_", "131072"),
                ("MALLOC_ARENA_MAX", "2"),
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, input, output }
    }

    fn go_on(&mut self) {
        writeln!(self.input).unwrap();
    }

    /// Listens until it says this; what it said of each tenth on the way. Time goes by when it asks for that.
    fn until(&mut self, what: &str, sandbox: &Sandbox) -> (Said, Vec<Said>) {
        let mut tenths = Vec::new();
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the phone died");
            let words: Vec<&str> = line.split_whitespace().collect();
            let number = |place: usize| words[place].parse().unwrap();
            match words[0] {
                "pass" => {
                    sandbox.advance(words[1].parse().unwrap());
                    self.go_on();
                }
                "sent" => tenths.push(Said { ms: number(2), memory: number(3) }),
                said => {
                    assert_eq!(said, what);
                    return (Said { ms: number(1), memory: number(2) }, tenths);
                }
            }
        }
    }

    fn end(mut self) {
        drop(self.input);
        assert!(self.child.wait().unwrap().success());
    }
}

/// Every link, in pages.
fn all(core: &Paylink) -> Vec<PaymentLink> {
    let mut links: Vec<PaymentLink> = Vec::new();
    loop {
        let page = Page { offset: u32::try_from(links.len()).unwrap(), limit: 1_000 };
        let more = core.links(LinkFilter::default(), page).unwrap();
        if more.is_empty() {
            return links;
        }
        links.extend(more);
    }
}

#[derive(Default, Debug)]
struct Count {
    delivered: usize,
    refused: usize,
    asked: usize,
    strays: usize,
    lost: Vec<String>,
    doubled: Vec<String>,
}

/// Each sale against the provider's records.
fn count(links: &[PaymentLink], sandbox: &Sandbox) -> Count {
    let mut by_reference: HashMap<String, Vec<Session>> = HashMap::new();
    for session in sandbox.sessions() {
        by_reference.entry(session.merchant_reference.clone()).or_default().push(session);
    }
    let books = Books::of(sandbox);
    let mut count = Count::default();
    for link in links {
        let sessions = by_reference.remove(&link.reference).unwrap_or_default();
        let is_link = |session: &&Session| Some(&session.id) == link.session_id.as_ref();
        let live = sessions.iter().filter(|session| session.cancelled_at_ms.is_none()).count();
        let right = sessions.iter().find(is_link).is_some_and(|session| {
            session.amount == link.amount.minor() && session.metadata["ext_paylink_order"] == link.id.to_string()
        });
        count.strays += sessions.len().saturating_sub(1);
        let end = link.session_id.as_deref().map_or(End::Asked, End::Link);
        // Everything has settled: what can still be paid counts as an address in somebody's hands.
        if let Some(what) = books.doubled(&Sale { reference: &link.reference, end, addresses: live, chosen: 0 }) {
            count.doubled.push(format!("{what}: {link:?}"));
        }
        let code = link.reason.as_ref().map(|reason| reason.code.code());
        let reason = link.reason.as_ref().and_then(|reason| reason.detail.as_deref()).unwrap_or_default();
        match link.status {
            LinkStatus::Open if right && live == 1 => count.delivered += 1,
            LinkStatus::NeedsAttention if sessions.is_empty() && reason.contains("must be at most 100 characters") => {
                count.refused += 1;
            }
            LinkStatus::NeedsAttention if code == Some("may_have_been_sent") => count.asked += 1,
            _ => count.lost.push(format!("{link:?} {right} {live}")),
        }
    }
    assert!(by_reference.is_empty(), "sessions that nobody sold");
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_sales_over_a_bad_network_are_all_delivered() {
    let orders = std::env::var("PAYLINK_SOAK").ok().and_then(|text| text.parse().ok()).unwrap_or(3_000);
    let options = Options { max_description: Some(MAX_DESCRIPTION), ..Options::default() };
    let sandbox = Sandbox::start(options).await.unwrap();
    let proxy = FaultProxy::start(([127, 0, 0, 1], sandbox.port()).into()).unwrap();
    sandbox.configure(|options| options.origin = proxy.origin());
    let folder = memory_folder();
    let mut phone = Phone::start(folder.path(), &proxy.origin(), orders);
    let (queued, _) = phone.until("queued", &sandbox);
    proxy.set_odds(Odds::new(SEED, FAULTS_PERCENT, troubles()));
    phone.go_on();
    let (done, tenths) = phone.until("done", &sandbox);
    let sent = proxy.requests();
    proxy.heal();
    phone.go_on();
    phone.until("seen", &sandbox);
    phone.end();
    let asked = proxy.requests() - sent;

    let core = Paylink::open_read_only(&config(folder.path(), &proxy.origin())).unwrap();
    let links = all(&core);
    let count = count(&links, &sandbox);
    let faults: u32 = proxy.counts().values().sum();
    let by_kind: Vec<String> = proxy.counts().iter().map(|(kind, times)| format!("{kind} {times}")).collect();
    let memory = [tenths[0].memory, tenths[4].memory, done.memory];
    let [at_tenth, at_half, at_end] = memory.map(|kib| kib as f64 / 1024.0);
    let seconds = |ms: u64| ms as f64 / 1000.0;
    println!(
        "soak: orders {orders}, poisoned {}, delivered {}, asked {}, requests {sent} (faults {faults}: {}) and {asked} questions, \
         saved in {:.1} s, half sent after {:.1} s, all after {:.1} s, memory {at_tenth:.1} -> {at_half:.1} -> {at_end:.1} MiB, \
         strays {}, lost {}, doubled {}",
        count.refused,
        count.delivered,
        count.asked,
        by_kind.join(", "),
        seconds(queued.ms),
        seconds(tenths[4].ms),
        seconds(done.ms),
        count.strays,
        count.lost.len(),
        count.doubled.len()
    );
    let show = |of: &[String]| of.iter().take(3).cloned().collect::<Vec<_>>().join("\n");
    assert_eq!(links.len(), orders as usize, "lost");
    assert!(count.lost.is_empty(), "lost: {}", show(&count.lost));
    assert!(count.doubled.is_empty(), "doubled: {}", show(&count.doubled));
    assert_eq!(count.refused as u32, orders / REFUSED_EVERY);
    assert!(count.asked * 1_000 <= ASKED_PER_THOUSAND * orders as usize, "{} questions to the seller", count.asked);
    assert!(sent <= REQUESTS_PER_ORDER * u64::from(orders), "{sent} requests");
    assert!(asked <= QUESTIONS_PER_ORDER * u64::from(orders), "{asked} questions");
    assert!(memory[2] <= memory[0] + MEMORY_GROWS_BY, "memory grew: {memory:?} KiB");
}
