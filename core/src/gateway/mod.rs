//! The payment provider behind one trait. Everything that an answer can mean is an [`Outcome`]; one function per
//! provider decides it. `dintero/` is the only provider so far.

pub mod dintero;

use crate::id::EntryId;
use crate::link::{SessionFacts, TransactionFacts};
use crate::order::{Order, PaymentMethod};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::pin::Pin;

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<T> {
    /// Done, and this is the answer.
    Accepted(T),
    /// Nothing left the phone: name look-up, connection or TLS failed, or no token could be had. Safe to send again.
    NotSent(Fault),
    /// The provider did nothing and asks to wait (408, 425, 429; 503 only for reads and the token).
    Busy {
        /// The wait that it asks for, milliseconds.
        retry_after_ms: Option<i64>,
    },
    /// A matter of the account (design rule 4): no entry loses an attempt.
    SignInNeeded(SignInReason),
    /// The provider refused: 400, 403 (of reads), 404, 409, 422 with its own error body.
    Rejected(Rejection),
    /// The request may have arrived, and may have been done.
    Unclear(Fault),
}

impl<T> Outcome<T> {
    /// The answer, or what else became of the request.
    ///
    /// # Errors
    /// Every outcome but `Accepted`, as it is.
    pub fn accepted<U>(self) -> Result<T, Outcome<U>> {
        Err(match self {
            Self::Accepted(answer) => return Ok(answer),
            Self::NotSent(fault) => Outcome::NotSent(fault),
            Self::Busy { retry_after_ms } => Outcome::Busy { retry_after_ms },
            Self::SignInNeeded(reason) => Outcome::SignInNeeded(reason),
            Self::Rejected(rejection) => Outcome::Rejected(rejection),
            Self::Unclear(fault) => Outcome::Unclear(fault),
        })
    }

    /// Its name, for logs and tests.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Accepted(_) => "accepted",
            Self::NotSent(_) => "not_sent",
            Self::Busy { .. } => "busy",
            Self::SignInNeeded(_) => "sign_in_needed",
            Self::Rejected(_) => "rejected",
            Self::Unclear(_) => "unclear",
        }
    }
}

/// Why no usable answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Name look-up, connection or TLS failed.
    NoNetwork,
    /// No full answer in time.
    Timeout,
    /// The connection ended before a full answer.
    Cut,
    /// 5xx.
    ServerError,
    /// Not the provider's JSON: a captive portal or a proxy page.
    NotJson,
    /// Larger than any answer that the provider sends.
    TooLarge,
    /// 2xx without a session id.
    NoId,
}

impl Fault {
    /// The reason code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoNetwork => "no_network",
            Self::Timeout => "timeout",
            Self::Cut => "cut",
            Self::ServerError => "server_error",
            Self::NotJson => "not_json",
            Self::TooLarge => "too_large",
            Self::NoId => "no_id",
        }
    }
}

/// Why the account cannot send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInReason {
    /// The provider refuses the client id and secret, or the token twice in a row.
    WrongCredentials,
    /// Signed in, but a right is missing (403 on the token or on an operation).
    RightMissing,
    /// Nobody has signed in.
    SignedOut,
    /// The phone's secure store cannot be read now.
    SecureStoreLocked,
}

impl SignInReason {
    /// The reason code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::WrongCredentials => "wrong_credentials",
            Self::RightMissing => "right_missing",
            Self::SignedOut => "signed_out",
            Self::SecureStoreLocked => "secure_store_locked",
        }
    }
}

/// The provider's refusal. `Debug` leaves out the message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// HTTP status.
    pub status: u16,
    /// `error.code`, where there is one; no list of codes is published.
    pub code: Option<String>,
    /// `error.message`, cut to a sane length; may quote what was sent, so it goes to the seller and never to a log.
    pub message: String,
}

impl fmt::Debug for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejection").field("status", &self.status).field("code", &self.code).finish_non_exhaustive()
    }
}

/// A session to create.
#[derive(Clone, Debug)]
pub struct CreateSession {
    /// What was sold.
    pub order: Order,
    /// The entry that creates it: travels in `metadata.ext_paylink_entry`.
    pub entry: EntryId,
    /// The end of the time to pay, UTC ms of the provider's clock.
    pub expires_at: i64,
    /// Whether the provider shall send the SMS or push; only then the phone number goes along (design rule 12).
    pub provider_sends: bool,
    /// The profile as last read; needed for a choice of methods.
    pub profile: Option<Profile>,
}

/// What the provider made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedSession {
    /// The provider's id.
    pub id: String,
    /// The payment link; opaque.
    pub url: Option<String>,
    /// What it says of the message to the customer.
    pub published: Vec<Published>,
}

/// What the provider says of one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// `sms` or `push`.
    pub channel: String,
    /// `sent`, `skipped` or `failed`.
    pub status: Option<String>,
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
    /// False when the limit of pages cut it short.
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
    /// The merchant as the customer sees it; copied into sessions that name their methods.
    pub merchant: Option<serde_json::Value>,
    /// Colours of the payment page; copied likewise.
    pub theme: Option<serde_json::Value>,
}

/// An answer on its way.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Outcome<T>> + Send + 'a>>;

/// The payment provider.
///
/// Every call does at most one operation at the provider; nothing is retried in it but a request that a fresh token
/// makes valid (401).
pub trait Gateway: Send + Sync + 'static {
    /// Creates a session. Not idempotent at the provider (facts 7.2).
    fn create<'a>(&'a self, request: &'a CreateSession) -> Answer<'a, CreatedSession>;
    /// Reads a session with its events.
    fn session<'a>(&'a self, id: &'a str) -> Answer<'a, SessionFacts>;
    /// Lists sessions; 403 and 404 say that listing is not available, and prove nothing.
    fn sessions<'a>(&'a self, query: &'a SessionQuery) -> Answer<'a, Listed<SessionFacts>>;
    /// Cancels a session; voids a reservation that the customer made.
    fn cancel<'a>(&'a self, id: &'a str) -> Answer<'a, SessionFacts>;
    /// Reads a transaction with its events.
    fn transaction<'a>(&'a self, id: &'a str) -> Answer<'a, TransactionFacts>;
    /// Lists transactions.
    fn transactions<'a>(&'a self, query: &'a TransactionQuery) -> Answer<'a, Listed<TransactionFacts>>;
    /// Reads the configured profile.
    fn profile(&self) -> Answer<'_, Profile>;
    /// Gets a token, to check credentials; `force` drops the one at hand first.
    fn sign_in(&self, force: bool) -> Answer<'_, ()>;
    /// The account tries again: what the provider refused a moment ago is asked for anew.
    fn try_again(&self);
    /// Drops pooled connections, dead after a change of network, and tries again as after [`Gateway::try_again`].
    fn network_changed(&self);
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
