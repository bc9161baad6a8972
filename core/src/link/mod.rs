//! What became of a sale.

mod facts;

pub use facts::{SessionEvent, SessionEventName, SessionFacts, TransactionEvent, TransactionFacts, TransactionStatus};
