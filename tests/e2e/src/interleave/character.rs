//! A provider drawn by chance: everything that nobody publishes, and how it changes in the middle of a history.

use super::world::World;
use crate::chance::Chance;
use crate::clock::START_MS;
use paylink_sandbox::{Duplicates, Fault, ListOrder, Listing, Options, Profile, Provider, Rights, Search};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;

/// The longest that a list or a search lags.
pub(super) const MAX_LAG_MS: i64 = 60 * MINUTE;

/// The provider of a history. Half of them are as tame as today's documentation hopes, so that the ordinary ways are
/// walked as well.
pub(super) fn draw(chance: &mut Chance) -> Options {
    let mut options = Options {
        profiles: vec![Profile { publishes: chance.percent(10), ..Profile::default() }],
        origin: "http://127.0.0.1:1".to_owned(),
        ..Options::deterministic(START_MS, chance.number())
    };
    if chance.percent(30) {
        return options;
    }
    options.listing = pick(chance, &[Listing::On, Listing::On, Listing::Forbidden, Listing::NotFound]);
    options.list_lag_ms = pick(chance, &[0, 0, 0, SECOND, 3 * MINUTE, MAX_LAG_MS]);
    options.search_lag_ms = pick(chance, &[0, 0, SECOND, 3 * MINUTE, MAX_LAG_MS]);
    options.search =
        pick(chance, &[Search::On, Search::On, Search::Ignored, Search::Forbidden, Search::NotFound, Search::Failing]);
    options.page_cap = pick(chance, &[None, None, Some(1), Some(3), Some(10)]);
    options.limit_ignored = chance.percent(10);
    options.list_order =
        pick(chance, &[ListOrder::NewestFirst, ListOrder::NewestFirst, ListOrder::OldestFirst, ListOrder::Shuffled]);
    options.list_without_metadata = chance.percent(20);
    options.read_without_metadata = chance.percent(10);
    options.read_without_publish = chance.percent(50);
    options.list_without_events = chance.percent(30);
    options.id_ignored = chance.percent(20);
    options.read_lag_ms = pick(chance, &[0, 0, 0, SECOND, 20 * SECOND]);
    options.duplicates =
        pick(chance, &[Duplicates::Accepted, Duplicates::Accepted, Duplicates::Refused(400), Duplicates::Refused(409)]);
    options.odd_events = chance.percent(20);
    options.odd_status = chance.percent(20);
    options.date_skew_ms = pick(chance, &[0, 0, -20 * SECOND, 20 * SECOND]);
    options.created_skew_ms = pick(chance, &[0, 0, -5 * MINUTE, 5 * MINUTE]);
    options.later_ms = pick(chance, &[None, None, Some(30 * SECOND)]);
    options.auto_capture_after_ms = pick(chance, &[0, 0, 10 * SECOND]);
    options
}

/// What is odd about a provider, for a history that failed.
pub(super) fn told(provider: &Provider) -> String {
    let shown = |options: &Options| serde_json::to_value(options).unwrap_or_default();
    let (tame, drawn) = (shown(&Options::default()), provider.engine(|engine| shown(engine.options())));
    let odd = drawn
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, value)| !matches!(name.as_str(), "profiles" | "seed") && tame.get(*name) != Some(*value));
    let odd: Vec<String> = odd.map(|(name, value)| format!("{name} {value}")).collect();
    format!("the provider: {}", if odd.is_empty() { "tame".to_owned() } else { odd.join(", ") })
}

fn pick<T: Clone>(chance: &mut Chance, of: &[T]) -> T {
    of[chance.below(of.len())].clone()
}

/// Paths that can be refused alone.
const PATHS: [(&str, &str); 8] = [
    ("*", "/v1/sessions"),
    ("POST", "/v1/sessions-profile"),
    ("GET", "/v1/sessions"),
    ("GET", "/v1/sessions/"),
    ("GET", "/v1/transactions"),
    ("GET", "/v1/admin"),
    ("POST", "/v1/accounts"),
    ("POST", "/v1/sessions/"),
];

impl World {
    /// The provider changes its mind about something.
    pub(super) fn provider_changes(&self) {
        let mut state = self.state();
        let references: Vec<String> = state.cases.values().map(|case| case.told.reference.clone()).collect();
        let chance = &mut state.chance;
        let what = match chance.below(12) {
            0 => {
                let listing = pick(chance, &[Listing::On, Listing::Forbidden, Listing::NotFound]);
                self.provider.configure(|options| options.listing = listing);
                format!("listing {listing:?}")
            }
            1 => {
                let lag = pick(chance, &[0, SECOND, 3 * MINUTE, MAX_LAG_MS]);
                self.provider.configure(|options| options.list_lag_ms = lag);
                format!("lists lag by {lag} ms")
            }
            2 => {
                let (lag, search) = (
                    pick(chance, &[0, 3 * MINUTE]),
                    pick(chance, &[Search::On, Search::Ignored, Search::Forbidden, Search::Failing]),
                );
                self.provider.configure(|options| (options.search_lag_ms, options.search) = (lag, search));
                format!("search {search:?}, lags by {lag} ms")
            }
            3 => {
                let cap = pick(chance, &[None, Some(1), Some(5)]);
                self.provider.configure(|options| options.page_cap = cap);
                format!("pages of {cap:?}")
            }
            4 => {
                let lag = pick(chance, &[0, SECOND, 20 * SECOND, 10 * MINUTE]);
                self.provider.configure(|options| options.read_lag_ms = lag);
                format!("reads lag by {lag} ms")
            }
            5 => {
                let (read, write) = (chance.percent(70), chance.percent(70));
                self.provider.configure(|options| (options.rights.read, options.rights.write) = (read, write));
                format!("may read {read}, may write {write}")
            }
            6 => {
                self.provider.revoke_tokens();
                "revokes the tokens".to_owned()
            }
            7 => {
                self.provider.clear_faults();
                self.provider.configure(|options| options.rights = Rights::default());
                "is well again".to_owned()
            }
            _ => refuse(chance, &references, &self.provider),
        };
        drop(state);
        self.note(format!("the provider: {what}"));
    }
}

/// One path is refused, for all or for one sale, a few times or until it is taken back.
fn refuse(chance: &mut Chance, references: &[String], provider: &Provider) -> String {
    let (method, path) = pick(chance, &PATHS);
    let status = pick(chance, &[403, 404, 409, 429, 429, 500, 503, 503]);
    let mut fault = Fault::on(method, path).answer(status);
    let mut what = format!("answers {method} {path} with {status}");
    if matches!(status, 429 | 503) {
        match chance.below(3) {
            0 => fault = fault.header("retry-after", "17"),
            1 => fault = fault.retry_at(90 * SECOND),
            _ => {}
        }
    }
    let reference = references.get(chance.below(references.len()));
    if let Some(reference) = reference.filter(|_| chance.percent(40)) {
        fault = fault.about(reference);
        what = format!("{what} about {reference}");
    }
    if chance.percent(40) {
        fault = fault.always();
        what = format!("{what} always");
    } else {
        fault = fault.times(1 + u32::try_from(chance.below(3)).unwrap_or(0));
    }
    provider.inject(fault);
    what
}
