//! What a sandbox can be told: the account, its profiles, its rights, and every behaviour of the
//! provider that nobody publishes and that a test therefore wants to see both ways.

use serde::{Deserialize, Serialize};

use crate::clock::Clock;

/// How the sandbox behaves. Change it while it runs with [`crate::Provider::configure`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// `P` or `T` and eight digits. On a `T` account no SMS is sent.
    pub account: String,
    /// The client that may sign in.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// How long a token lives, in seconds: 14 400, as the real provider answers.
    pub token_life_s: i64,
    /// The payment profiles; the first is the one that `default` names.
    pub profiles: Vec<Profile>,
    /// What the signed-in client may do.
    pub rights: Rights,
    /// Whether `GET sessions` answers.
    pub listing: Listing,
    /// How much later than created a session shows in lists, in milliseconds.
    pub list_lag_ms: i64,
    /// How much later than created a session is found by `search`, in milliseconds.
    pub search_lag_ms: i64,
    /// A list returns at most so many, whatever `limit` says (assumption: nobody promises that `limit` is kept).
    pub page_cap: Option<usize>,
    /// `limit` is ignored: each page has ten, as without it (assumption).
    pub limit_ignored: bool,
    /// In which order sessions and transactions are listed.
    pub list_order: ListOrder,
    /// What `search` does to `GET sessions`.
    pub search: Search,
    /// `id` is ignored by `GET sessions` (assumption): the list is everybody's.
    pub id_ignored: bool,
    /// Leaves `events` out of listed sessions (assumption).
    pub list_without_events: bool,
    /// Leaves `metadata` out of listed sessions.
    pub list_without_metadata: bool,
    /// Leaves `metadata` out of sessions that are read one by one.
    pub read_without_metadata: bool,
    /// Leaves `configuration.publish` out of every read session (assumption: nothing says that it is echoed).
    pub read_without_publish: bool,
    /// How much later than it happened anything shows in reads and lists: events, transactions, voids, cancels, and
    /// the session itself, which is 404 until then; in milliseconds (assumption).
    pub read_lag_ms: i64,
    /// Sessions and transactions have events whose names nobody knows: the list grows from year to year (facts 3).
    pub odd_events: bool,
    /// A transaction that is under way has a status that nobody knows.
    pub odd_status: bool,
    /// What a second session with the same `merchant_reference` gets.
    pub duplicates: Duplicates,
    /// The longest description of an item that is taken, in characters: no limit is published.
    pub max_description: Option<usize>,
    /// How long a session lives when the request names no `expires_at`, in milliseconds.
    pub default_life_ms: i64,
    /// `Some(delay)`: capture, refund and void answer 202 and happen `delay` milliseconds later.
    pub later_ms: Option<i64>,
    /// How long after the authorisation `auto_capture` captures, in milliseconds.
    pub auto_capture_after_ms: i64,
    /// Whether replies carry a `Date` header.
    pub date_header: bool,
    /// How far the `Date` header is from the sandbox's clock, in milliseconds.
    pub date_skew_ms: i64,
    /// How far `created_at` of sessions and transactions is from the sandbox's clock, in milliseconds; filters by it
    /// mean the same time (assumption: two machines of the provider need not agree).
    pub created_skew_ms: i64,
    /// The clock that all times come from.
    #[serde(skip)]
    pub clock: Clock,
    /// Makes ids repeat from run to run; without it they differ.
    pub seed: Option<u64>,
    /// Where the links point, `http://127.0.0.1:PORT`; set by the server when it starts.
    #[serde(skip)]
    pub origin: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            account: String::from("P12345678"),
            client_id: String::from("sandbox-client"),
            client_secret: String::from("sandbox-secret"),
            token_life_s: 14_400,
            profiles: vec![Profile::default()],
            rights: Rights::default(),
            listing: Listing::On,
            list_lag_ms: 0,
            search_lag_ms: 0,
            page_cap: None,
            limit_ignored: false,
            list_order: ListOrder::NewestFirst,
            search: Search::On,
            id_ignored: false,
            list_without_events: false,
            list_without_metadata: false,
            read_without_metadata: false,
            read_without_publish: false,
            read_lag_ms: 0,
            odd_events: false,
            odd_status: false,
            duplicates: Duplicates::Accepted,
            max_description: None,
            // assumption: the default life of a session is not published; a day is what shops use.
            default_life_ms: 24 * 60 * 60 * 1000,
            later_ms: None,
            auto_capture_after_ms: 0,
            date_header: true,
            date_skew_ms: 0,
            created_skew_ms: 0,
            clock: Clock::system(),
            seed: None,
            origin: String::from("http://checkout.sandbox.test"),
        }
    }
}

impl Options {
    /// A test account (`T…`): nothing is sent to customers.
    #[must_use]
    pub fn test_account() -> Self {
        Self { account: String::from("T12345678"), ..Self::default() }
    }

    /// A frozen clock at `now_ms` and ids from `seed`: the same requests give the same replies.
    #[must_use]
    pub fn deterministic(now_ms: i64, seed: u64) -> Self {
        Self { clock: Clock::fixed(now_ms), seed: Some(seed), ..Self::default() }
    }

    /// Whether this is a test account.
    #[must_use]
    pub fn is_test_account(&self) -> bool {
        self.account.starts_with('T')
    }
}

/// A payment profile: which methods the merchant offers and how.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Profile {
    /// The id that `profile_id` names.
    pub id: String,
    /// What the merchant calls it.
    pub description: String,
    /// The name that customers see.
    pub merchant_name: String,
    /// ISO 3166 country of the merchant.
    pub country: String,
    /// `url.merchant_terms_url`.
    pub terms_url: Option<String>,
    /// Payment product types, `dintero_psp.vipps` and such.
    pub methods: Vec<String>,
    /// "Send payment link via SMS to customers": sessions of this profile publish by themselves.
    pub publishes: bool,
    /// Captures as soon as the payment is authorised.
    pub auto_capture: bool,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            id: String::from("default"),
            description: String::from("Payment links"),
            merchant_name: String::from("Fjordgata Frukt og Grønt"),
            country: String::from("NO"),
            terms_url: Some(String::from("https://example.com/terms.html")),
            methods: [
                "dintero_psp.vipps",
                "dintero_psp.creditcard",
                "bambora.mobilepay",
                "swish.swish",
                "klarna.klarna",
            ]
            .map(String::from)
            .to_vec(),
            publishes: false,
            auto_capture: false,
        }
    }
}

/// What the signed-in client may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rights {
    /// `read:checkout`: sessions and transactions may be read.
    pub read: bool,
    /// `write:checkout`: sessions and operations may be made.
    pub write: bool,
    /// The details of a profile may be read.
    pub profile: bool,
    /// The list of profiles may be read.
    pub profile_list: bool,
}

impl Default for Rights {
    fn default() -> Self {
        Self { read: true, write: true, profile: true, profile_list: true }
    }
}

/// Whether `GET sessions` answers: nobody promises it today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Listing {
    /// It answers.
    On,
    /// It answers 403.
    Forbidden,
    /// It answers 404.
    NotFound,
}

/// In which order a list is: nobody publishes it (facts 7.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListOrder {
    /// assumption: as most interfaces do.
    NewestFirst,
    /// The other way round: what is new comes on the last page.
    OldestFirst,
    /// In an order that means nothing, the same for each page.
    Shuffled,
}

/// What `search` does to `GET sessions`, which may answer without it: it is the older specification's (facts 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Search {
    /// It finds.
    On,
    /// It is ignored: the list is everybody's.
    Ignored,
    /// It alone answers 403.
    Forbidden,
    /// It alone answers 404.
    NotFound,
    /// It alone answers 500.
    Failing,
}

/// What a second session with the same `merchant_reference` gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duplicates {
    /// assumption: a session of its own, the behaviour that leaves the client alone with its task.
    Accepted,
    /// A refusal with this status, 400 or 409.
    Refused(u16),
}
