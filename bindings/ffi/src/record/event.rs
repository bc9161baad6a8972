//! What happened to a link.

use super::{Details, EventKind, OrderId};
use paylink_core::link::TimelineEvent as CoreEvent;

given! {
    /// Something that happened to a link.
    #[derive(Debug)]
    #[uniffi::export(Debug)]
    TimelineEvent from CoreEvent {
        /// Grows without end over all links.
        cursor: i64,
        /// Whose.
        link: OrderId,
        /// UTC ms: the provider's time where it gave one, else the phone's.
        at: i64,
        /// What happened.
        kind: EventKind,
        /// What the words need; never personal data.
        data: Details,
    }
}
