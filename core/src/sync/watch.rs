//! Sessions that may exist unseen, or that are not the link and still can be paid: their order is looked at by reference
//! until four days after the latest moment at which one of them can be paid (rule 14).

use super::policy;
use crate::store::LinkChange;

/// This order is watched from now on. The phone's clock may be behind; attempts were made in the provider's time.
pub fn watch(change: &mut LinkChange<'_>) {
    let at = change.at();
    let sent = change.record().last_sent_at().map_or(at.provider, |sent| sent.max(at.provider));
    let until = change.record().order.sale.expiry.ends_by(sent).plus(policy::WATCH_AFTER_END_MS);
    let first = at.phone.plus(policy::WATCH_FIRST_MS);
    let state = change.state();
    state.watch_until = state.watch_until.max(Some(until));
    state.watch_at = Some(state.watch_at.map_or(first, |planned| planned.min(first)));
}

/// As [`watch`], but it is looked at now.
pub fn watch_now(change: &mut LinkChange<'_>) {
    watch(change);
    change.state().watch_at = Some(change.at().phone);
}
