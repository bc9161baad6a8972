//! The payment provider behind one trait. Everything that an answer can mean is an [`Answer`]; one function per
//! provider decides it. `dintero/` is the only provider so far, and nobody outside this room names it: [`open`] returns
//! the trait. `practice/` stands in for one where somebody only tries it.

mod account;
mod answer;
pub mod dintero;
mod practice;
mod provider;
mod transport;

pub use account::{Account, AccountId, PracticeAccount};
pub use answer::{Answer, Fault, NotDone, Rejection, SignInReason};
pub use practice::{Book, BookError, Practice, SESSIONS};
pub use provider::{Place, Provider, ProviderSettings, SettingsError, Timeouts, Trust, open, origins, problems};
pub use transport::{Authorization, Carried, CarriedReply, Transport};

use crate::clock::ProviderTime;
use crate::id::EntryId;
use crate::link::{Published, SessionFacts, TransactionFacts};
use crate::order::{Order, PaymentMethod};
use serde::{Deserialize, Serialize};
use std::pin::Pin;

/// A session to create.
#[derive(Clone, Debug)]
pub struct CreateSession {
    /// What was sold.
    pub order: Order,
    /// The entry that creates it: travels in `metadata.ext_paylink_entry`.
    pub entry: EntryId,
    /// The end of the time to pay.
    pub expires_at: ProviderTime,
    /// Whether the provider shall send the SMS or push; only then the phone number goes along (rule 12).
    pub provider_sends: bool,
    /// The profile as last read; needed for a choice of methods.
    pub profile: Option<Profile>,
}

/// What the provider made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedSession {
    /// The provider's id.
    pub id: String,
    /// The payment link, in its normal form.
    pub url: LinkUrl,
    /// What it says of the message to the customer.
    pub published: Vec<Published>,
}

/// What the provider gave for a link. It is input: only an address that a customer can be sent to is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkUrl {
    /// An address, in its normal form.
    Given(String),
    /// None: it is built from the session's id.
    Missing,
    /// Something that is not to be sent to anybody: the address is built from the session's id, and marked.
    Unusable,
}

/// Which sessions to list (facts 3; may be refused by the provider).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionQuery {
    /// Created at or after, UTC ms.
    pub created_from: Option<i64>,
    /// Created at or before, UTC ms.
    pub created_to: Option<i64>,
    /// Reference or customer's name; may lag, so it proves no absence.
    pub search: Option<String>,
    /// Just these, by the provider's id; the gateway asks in portions of at most 100.
    pub ids: Vec<String>,
    /// Behind this session in the provider's order: where a listing goes on that broke off.
    pub after: Option<String>,
    /// At most this many pages of 100; 0 leaves it to the gateway.
    pub max_pages: usize,
}

/// A page-wise list, and whether its end was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// In the provider's order.
    pub items: Vec<T>,
    /// Whether an empty page ended it: a short one proves nothing, since a provider may cap its pages as it likes.
    pub complete: bool,
}

/// Which transactions to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransactionQuery {
    /// Those of these sessions; the gateway asks in portions of at most 100.
    Sessions(Vec<String>),
    /// Those with this merchant reference.
    Reference(String),
}

/// A payment profile: what the account offers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The provider's profile id.
    pub id: String,
    /// The enabled methods.
    pub methods: Vec<PaymentMethod>,
    /// Whether the profile sends the link by itself.
    pub publishes: bool,
    /// Link to the merchant's terms.
    pub terms_url: Option<String>,
    /// Colours of the payment page; copied into sessions that name their methods.
    pub theme: Option<serde_json::Value>,
}

/// An answer on its way.
pub type OnItsWay<'a, T> = Pin<Box<dyn Future<Output = Answer<T>> + Send + 'a>>;

/// The payment provider.
///
/// Every call does at most one operation at the provider; nothing is retried in it but a request that a fresh token
/// makes valid (401).
pub trait Gateway: Send + Sync + 'static {
    /// Creates a session. Not idempotent at the provider (facts 7.2).
    fn create<'a>(&'a self, request: &'a CreateSession) -> OnItsWay<'a, CreatedSession>;
    /// Reads a session with its events.
    fn session<'a>(&'a self, id: &'a str) -> OnItsWay<'a, SessionFacts>;
    /// Lists sessions; 403 and 404 say that listing is not available, and prove nothing.
    fn sessions<'a>(&'a self, query: &'a SessionQuery) -> OnItsWay<'a, Listed<SessionFacts>>;
    /// Cancels a session; voids a reservation that the customer made.
    fn cancel<'a>(&'a self, id: &'a str) -> OnItsWay<'a, SessionFacts>;
    /// Reads a transaction with its events.
    fn transaction<'a>(&'a self, id: &'a str) -> OnItsWay<'a, TransactionFacts>;
    /// Lists transactions.
    fn transactions<'a>(&'a self, query: &'a TransactionQuery) -> OnItsWay<'a, Listed<TransactionFacts>>;
    /// Reads the configured profile.
    fn profile(&self) -> OnItsWay<'_, Profile>;
    /// Gets a token, to check credentials; `force` drops the one at hand first.
    fn sign_in(&self, force: bool) -> OnItsWay<'_, ()>;
    /// The account tries again: what the provider refused a moment ago is asked for again.
    fn try_again(&self);
    /// Drops pooled connections, dead after a change of network, and tries again as after [`Gateway::try_again`].
    fn network_changed(&self);
    /// The core ends: what is on its way may come to its end, but it is not sent again with a fresh token. By then another
    /// process can have the order, and the seller can have given it up.
    fn stop(&self);
    /// How many requests of one task it is worth having under way at once.
    fn side_by_side(&self) -> usize;
    /// The address of the payment page of a session whose creation's answer was lost. An assumption (facts 2.4, 3.1).
    fn view_url(&self, session_id: &str) -> String;
}

/// What signs requests.
pub enum Credentials {
    /// A client of the merchant's account, exchanged for a token.
    Client {
        /// The client id.
        id: String,
        /// The client secret.
        secret: secrecy::SecretString,
    },
    /// A bearer token that somebody else obtained.
    Token(secrecy::SecretString),
}

/// Where the gateway gets its credentials; asked on a thread that may block.
pub trait CredentialSource: Send + Sync + 'static {
    /// The credentials now. `refused` is true after the provider refused the last ones: a token source must then
    /// bring a fresh token.
    ///
    /// # Errors
    /// Why there are none.
    fn credentials(&self, refused: bool) -> Result<Credentials, SignInReason>;
}
