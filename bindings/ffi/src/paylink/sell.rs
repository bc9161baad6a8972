//! What a seller does. Each call is at most one durable transaction; the outbox sends later.

use super::Paylink;
use crate::error::{PaylinkError, contained};
use crate::record::{Draft, DraftCheck, OrderId, PaymentLink, ShareChannel, ShareOutcome, UnknownAnswer, known};

#[uniffi::export]
impl Paylink {
    /// Every problem of a draft, and its sums. Saves nothing and waits for nothing.
    ///
    /// # Errors
    /// `suspended`, `closed`.
    pub fn check(&self, draft: Draft) -> Result<DraftCheck, PaylinkError> {
        contained(|| self.core.check(&draft.into())).map(Into::into)
    }

    /// Saves a sale. When it returns, the sale is on the disk: say "saved". The link comes by itself, now or when the
    /// network is back, and never twice.
    ///
    /// # Errors
    /// `refused` with every problem, `storage`: nothing was saved then.
    pub fn create(&self, draft: Draft) -> Result<PaymentLink, PaylinkError> {
        contained(|| self.core.create(&draft.into())).map(Into::into)
    }

    /// Cancels: at once what was never sent, else at the provider, where a payment that came first wins.
    ///
    /// # Errors
    /// `not_allowed`, `not_found`, `storage`.
    pub fn cancel(&self, id: OrderId) -> Result<PaymentLink, PaylinkError> {
        let id = id.read()?;
        contained(|| self.core.cancel(id)).map(Into::into)
    }

    /// Tries again now what waits or was refused.
    ///
    /// # Errors
    /// `not_allowed`, `not_found`, `storage`.
    pub fn retry(&self, id: OrderId) -> Result<PaymentLink, PaylinkError> {
        let id = id.read()?;
        contained(|| self.core.retry(id)).map(Into::into)
    }

    /// Gives up a sale that has no link; a payment that comes all the same is still seen.
    ///
    /// # Errors
    /// `not_allowed`, `not_found`, `storage`.
    pub fn discard(&self, id: OrderId) -> Result<PaymentLink, PaylinkError> {
        let id = id.read()?;
        contained(|| self.core.discard(id)).map(Into::into)
    }

    /// The seller's answer about a message that may have been sent. `SendAgain` and `SendFromPhone` are the seller's
    /// declared risk, the customer may get two messages: ask with a warning.
    ///
    /// # Errors
    /// `not_allowed` when nothing is held, `not_found`, `storage`.
    pub fn resolve_unknown(&self, id: OrderId, answer: UnknownAnswer) -> Result<PaymentLink, PaylinkError> {
        let (id, answer) = (id.read()?, known("answer", &answer)?);
        contained(|| self.core.resolve_unknown(id, answer)).map(Into::into)
    }

    /// Makes a new order of the same sale in place of one that the provider refused as a duplicate; returns the new one. The
    /// old one names it in `superseded_by` and is still watched under its own reference.
    ///
    /// # Errors
    /// `not_allowed` unless it was refused as a duplicate, `not_found`, `storage`.
    pub fn replace(&self, id: OrderId) -> Result<PaymentLink, PaylinkError> {
        let id = id.read()?;
        contained(|| self.core.replace(id)).map(Into::into)
    }

    /// Records that the link was handed to an app of the phone, and what the phone said. `cancelled` and `failed` do not
    /// count as shared.
    ///
    /// # Errors
    /// `not_found`, `storage`.
    pub fn mark_shared(
        &self,
        id: OrderId,
        channel: ShareChannel,
        outcome: ShareOutcome,
    ) -> Result<PaymentLink, PaylinkError> {
        let id = id.read()?;
        let (channel, outcome) = (known("channel", &channel)?, known("outcome", &outcome)?);
        contained(|| self.core.mark_shared(id, channel, outcome)).map(Into::into)
    }

    /// Records that a reminder was handed to an app of the phone, and what the phone said. `cancelled` and `failed` do not
    /// count.
    ///
    /// # Errors
    /// `not_allowed` before a first message has gone out; `not_found`, `storage`.
    pub fn mark_reminded(
        &self,
        id: OrderId,
        channel: ShareChannel,
        outcome: ShareOutcome,
    ) -> Result<PaymentLink, PaylinkError> {
        let id = id.read()?;
        let (channel, outcome) = (known("channel", &channel)?, known("outcome", &outcome)?);
        contained(|| self.core.mark_reminded(id, channel, outcome)).map(Into::into)
    }
}
