//! The proof by interleavings: while the core is in the middle of a request or of a commit, something else happens.
//!
//! The real core, store and client against the sandbox's engine, in virtual time, as in `model`; but here a history is
//! not one thing after the other. At each point (before a request leaves, after the provider has acted, before and after
//! each commit) chance may make any call of the façade, change the network, send the core to sleep, let another worker
//! work, let the customer pay, the merchant act in Backoffice, the provider change its mind, the clock jump, the disk be
//! full, or the process die; and in the middle of that, again. The provider is not tame: requests arrive late, lists lag
//! by up to an hour, pages are short, a search fails alone, reads show the past.
//!
//! A history is its seed: exactly one thread goes on at a time (`world`), and the same seed makes the same history.
//!
//! | module | what it knows |
//! |---|---|
//! | `point` | the points, the calls, and which can happen where |
//! | `table` | how often each did |
//! | `world`, `turn`, `line` | the state; who may go on; the core's requests and commits |
//! | `calls`, `seller`, `outside`, `life` | the calls |
//! | `character` | the provider |
//! | `watch` | what must hold all along |
//! | `end`, `claims` | how a history ends, and what must hold then |

mod calls;
mod character;
mod claims;
mod end;
mod life;
mod line;
mod outside;
mod point;
mod seller;
mod table;
mod turn;
mod watch;
mod world;

pub use line::MAX_LATE_MS;
pub use table::Table;

use crate::chance::Chance;
use crate::model::Fault;
use point::Call;
use std::collections::BTreeMap;
use world::World;

/// Steps of one history.
const STEPS: usize = 24;
/// Of 100 histories, how many have a bad minute; and how many a sale that a firewall dislikes.
const BAD_MINUTES_PERCENT: usize = 4;
const DISLIKED_PERCENT: usize = 3;
/// Sales that a minute in which no create has a clear answer may make unclear: those in flight, and one more for each
/// time that the waits let somebody try.
pub const QUESTIONS_OF_A_BAD_MINUTE: usize = 5;

/// What histories did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Sales that were saved.
    pub orders: u64,
    /// Sales that became a link.
    pub links: u64,
    /// Payments that were seen.
    pub paid: u64,
    /// Held for the seller, or refused with a reason.
    pub held: u64,
    /// What the seller knowingly sent again.
    pub resent: u64,
    /// Deaths of the process.
    pub deaths: u64,
    /// Requests.
    pub requests: u64,
    /// The most that were about one order.
    pub most_requests: u64,
    /// Commits.
    pub commits: u64,
    /// The most that one history had, for each of its orders.
    pub most_commits: u64,
    /// Times that the core wanted to be woken, of histories that were followed to the second.
    pub wakes: u64,
    /// Orders of those histories.
    pub followed_orders: u64,
    /// Minutes in which no create had a clear answer.
    pub bad_minutes: u64,
    /// Sales that they made unclear.
    pub asked_in_bad_minutes: u64,
    /// Answers of the seller that were tried.
    pub answers: u64,
    /// Faults met, by kind.
    pub faults: BTreeMap<Fault, u64>,
}

impl Figures {
    /// Adds another history's.
    pub fn add(&mut self, other: &Self) {
        let sums = [
            (&mut self.orders, other.orders),
            (&mut self.links, other.links),
            (&mut self.paid, other.paid),
            (&mut self.held, other.held),
            (&mut self.resent, other.resent),
            (&mut self.deaths, other.deaths),
            (&mut self.requests, other.requests),
            (&mut self.commits, other.commits),
            (&mut self.wakes, other.wakes),
            (&mut self.followed_orders, other.followed_orders),
            (&mut self.bad_minutes, other.bad_minutes),
            (&mut self.asked_in_bad_minutes, other.asked_in_bad_minutes),
            (&mut self.answers, other.answers),
        ];
        sums.into_iter().for_each(|(sum, more)| *sum += more);
        self.most_commits = self.most_commits.max(other.most_commits);
        self.most_requests = self.most_requests.max(other.most_requests);
        for (fault, times) in &other.faults {
            *self.faults.entry(*fault).or_default() += times;
        }
    }
}

/// Runs one history: what it did, and what happened where.
///
/// # Errors
/// What was wrong, with its log.
pub fn run(seed: u64) -> Result<(Figures, Table), String> {
    let world = World::new(seed);
    let bad_minute = world.percent(BAD_MINUTES_PERCENT).then(|| world.state().chance.below(STEPS));
    let disliked = world.percent(DISLIKED_PERCENT).then(|| world.state().chance.below(STEPS));
    for step in 0..STEPS {
        if bad_minute == Some(step) {
            world.bad_minute();
        }
        if disliked == Some(step) {
            world.disliked_sale();
        }
        let call = next(&mut world.state().chance);
        world.step(call);
        if world.state().wrong.is_some() {
            break;
        }
    }
    let ended = world.end();
    let state = world.state();
    match ended {
        Ok(()) => Ok((state.figures.clone(), state.table.clone())),
        Err(wrong) => Err(format!("seed {seed}: {wrong}\n  {}", state.log.join("\n  "))),
    }
}

/// What the shell or the world does next.
fn next(chance: &mut Chance) -> Call {
    let seller = [
        Call::Cancel,
        Call::Discard,
        Call::Retry,
        Call::Wait,
        Call::FromPhone,
        Call::Again,
        Call::Share,
        Call::Remind,
        Call::RequestAgain,
    ];
    let customer = [Call::Visit, Call::Pay, Call::Pay, Call::Pay, Call::Decline];
    let of: &[Call] = match chance.below(100) {
        0..16 => &[Call::Sell],
        16..42 => &[Call::Work],
        42..46 => &[Call::Sync],
        46..58 => &[Call::Time],
        58..68 => &seller,
        68..78 => &customer,
        78..82 => &[Call::Online, Call::Online, Call::Online, Call::Offline],
        82..85 => &[Call::Provider],
        _ => &Call::ALL,
    };
    match chance.one(of).copied().unwrap_or(Call::Work) {
        // Full for one commit: in the middle of something.
        Call::DiskFull => Call::Work,
        call => call,
    }
}
