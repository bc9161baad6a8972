//! The provider as a pure state machine: no HTTP, no runtime, no disk.
//!
//! Time comes from the clock in the options, ids from its seed, so the same calls at the same times
//! give the same replies. Everything that happens by itself later (an operation answered with 202,
//! an automatic capture) is due at a time of that clock and is done by [`Engine::tick`], which every
//! operation runs first. A session expires by the clock alone, without an event.
//!
//! | module | what it knows |
//! |---|---|
//! | `access` | tokens |
//! | `check` | which requests are refused |
//! | `profile`, `method` | configurations and payment methods |
//! | `create`, `session`, `lifecycle`, `express` | sessions and their events |
//! | `publish` | the customer's phone |
//! | `pay` | what a customer does on the page |
//! | `transaction`, `ledger` | payments and their events |
//! | `operation`, `rules` | capture, refund, void |
//! | `list` | looking for sessions and transactions |
//! | `view` | what a read shows, and when |

mod access;
mod check;
mod create;
mod error;
mod express;
mod ids;
mod ledger;
mod lifecycle;
mod list;
mod method;
mod operation;
mod pay;
mod profile;
mod publish;
mod rules;
mod session;
mod table;
mod transaction;
mod view;

pub use create::{CreateForm, Created};
pub use error::ApiError;
pub use list::{SessionQuery, TransactionQuery};
pub use method::{Method, enabled_methods};
pub use operation::{Done, Operation, OperationRequest};
pub use pay::PayOutcome;
pub use publish::{Channel, Message, Published};
pub use session::{Session, SessionEvent};
pub use transaction::{Status, Transaction, TransactionEvent};

use std::collections::HashMap;

use crate::options::Options;
use ids::Ids;
use operation::Pending;
use table::Table;

/// The provider's whole memory and what it does with it.
#[derive(Clone, Debug)]
pub struct Engine {
    options: Options,
    ids: Ids,
    sessions: Table<Session>,
    transactions: Table<Transaction>,
    inbox: Vec<Message>,
    /// Token → when it ends.
    tokens: HashMap<String, i64>,
    pending: Vec<Pending>,
    /// Operations that will fail, once each, with this message.
    failures: Vec<(Operation, String)>,
}

impl Engine {
    /// An empty account.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            ids: Ids::new(options.seed),
            options,
            sessions: Table::new(),
            transactions: Table::new(),
            inbox: Vec::new(),
            tokens: HashMap::new(),
            pending: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// How it behaves.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Changes how it behaves from now on.
    pub fn options_mut(&mut self) -> &mut Options {
        &mut self.options
    }

    /// Now by the sandbox's clock, UTC milliseconds.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.options.clock.now_ms()
    }

    /// All sessions, oldest first.
    #[must_use]
    pub fn sessions(&self) -> &[Session] {
        self.sessions.rows()
    }

    /// The session with this id.
    #[must_use]
    pub fn session(&self, id: &str) -> Option<&Session> {
        self.sessions.get(id)
    }

    /// All transactions, oldest first.
    #[must_use]
    pub fn transactions(&self) -> &[Transaction] {
        self.transactions.rows()
    }

    /// The transaction with this id.
    #[must_use]
    pub fn transaction(&self, id: &str) -> Option<&Transaction> {
        self.transactions.get(id)
    }

    /// What the customers' phones received, oldest first.
    #[must_use]
    pub fn inbox(&self) -> &[Message] {
        &self.inbox
    }

    /// The link of a session, as a create answers it.
    #[must_use]
    pub fn link(&self, session_id: &str) -> String {
        format!("{}/v1/view/{session_id}", self.options.origin)
    }
}
