//! What a seller does: check, save, try again, give up, cancel, answer, share. Each call is at most one durable
//! transaction; the outbox sends later.

use super::Paylink;
use crate::account::Context;
use crate::error::PaylinkError;
use crate::id::OrderId;
use crate::link::{PaymentLink, ShareChannel, ShareOutcome};
use crate::order::{Draft, DraftCheck, check};
use crate::outbox::{SellerAct, UnknownAnswer, seller};
use crate::store::rows::links::Record;

impl Paylink {
    /// Every problem of a draft and its sums. Pure, and cheap enough for each keystroke.
    ///
    /// # Errors
    /// [`PaylinkError::Suspended`], [`PaylinkError::Closed`].
    pub fn check(&self, draft: &Draft) -> Result<DraftCheck, PaylinkError> {
        Ok(check(draft, &self.rules()?))
    }

    /// Saves a sale. It returns once order and outbox entry are on the disk; the link comes by itself.
    ///
    /// # Errors
    /// [`PaylinkError::Refused`] with every problem, storage errors: nothing was saved then.
    pub fn create(&self, draft: &Draft) -> Result<PaymentLink, PaylinkError> {
        let live = self.live()?;
        let record = seller::create(&live.ctx, draft)?;
        // It is saved. A disk that fails from here on, or a `suspend` that comes between, must not make a seller type
        // it again; the queue looks again by itself.
        if let Err(error) = live.wake() {
            tracing::warn!(%error, "what waits could not be woken");
            live.nudge();
        }
        Ok(self.shown(&live.ctx, &record))
    }

    /// Tries again now what waits or was refused.
    ///
    /// # Errors
    /// [`PaylinkError::NotAllowed`], [`PaylinkError::NotFound`].
    pub fn retry(&self, id: OrderId) -> Result<PaymentLink, PaylinkError> {
        self.act(|ctx| seller::act(ctx, id, SellerAct::Retry))
    }

    /// Gives up a sale that has no link; a payment that comes all the same is still seen.
    ///
    /// # Errors
    /// [`PaylinkError::NotAllowed`], [`PaylinkError::NotFound`].
    pub fn discard(&self, id: OrderId) -> Result<PaymentLink, PaylinkError> {
        self.act(|ctx| seller::act(ctx, id, SellerAct::Discard))
    }

    /// Cancels: at once what was never sent, else at the provider, where a payment that came first wins.
    ///
    /// # Errors
    /// [`PaylinkError::NotAllowed`], [`PaylinkError::NotFound`].
    pub fn cancel(&self, id: OrderId) -> Result<PaymentLink, PaylinkError> {
        self.act(|ctx| seller::act(ctx, id, SellerAct::Cancel))
    }

    /// The seller's answer about a message that may have been sent. `SendAgain` and `SendFromPhone` are the
    /// seller's declared risk: the customer may get two messages.
    ///
    /// # Errors
    /// [`PaylinkError::NotAllowed`] when nothing is held.
    pub fn resolve_unknown(&self, id: OrderId, answer: UnknownAnswer) -> Result<PaymentLink, PaylinkError> {
        self.act(|ctx| seller::act(ctx, id, SellerAct::Resolve(answer)))
    }

    /// Makes a new order of the same sale in place of one that the provider refused as a duplicate. The old one is closed,
    /// names the new one in `superseded_by`, and is still watched under its own reference. Gives the new one.
    ///
    /// # Errors
    /// [`PaylinkError::NotAllowed`] unless it was refused as a duplicate, [`PaylinkError::NotFound`].
    pub fn replace(&self, id: OrderId) -> Result<PaymentLink, PaylinkError> {
        self.act(|ctx| seller::replace(ctx, id))
    }

    /// Records that the link was handed to an app of the phone, and what the phone said.
    ///
    /// # Errors
    /// [`PaylinkError::NotFound`].
    pub fn mark_shared(
        &self,
        id: OrderId,
        channel: ShareChannel,
        outcome: ShareOutcome,
    ) -> Result<PaymentLink, PaylinkError> {
        self.act(|ctx| seller::mark_shared(ctx, id, channel, outcome))
    }

    /// Records that a reminder was handed to an app of the phone, and what the phone said.
    ///
    /// # Errors
    /// [`PaylinkError::NotAllowed`] before a first message has gone out; [`PaylinkError::NotFound`].
    pub fn mark_reminded(
        &self,
        id: OrderId,
        channel: ShareChannel,
        outcome: ShareOutcome,
    ) -> Result<PaymentLink, PaylinkError> {
        self.act(|ctx| seller::mark_reminded(ctx, id, channel, outcome))
    }

    fn act(&self, action: impl FnOnce(&Context) -> Result<Record, PaylinkError>) -> Result<PaymentLink, PaylinkError> {
        let live = self.live()?;
        let record = action(&live.ctx)?;
        live.wanted();
        Ok(self.shown(&live.ctx, &record))
    }

    /// What was read in the transaction that saved it.
    fn shown(&self, ctx: &Context, record: &Record) -> PaymentLink {
        record.shown(ctx.server.best(), |url| self.settings.provider.knows(url))
    }
}
