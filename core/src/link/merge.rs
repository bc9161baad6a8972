//! What is known of a session and of a payment only grows. Answers can cross on the way, and lists lag: one that was
//! given earlier than the last takes nothing back, whatever it leaves out.

use super::facts::{
    PublishStatus, Published, SessionEvent, SessionFacts, TransactionEvent, TransactionFacts, TransactionStatus,
};

/// What is known of a session after one more answer.
#[must_use]
pub fn session(known: &SessionFacts, told: SessionFacts) -> SessionFacts {
    SessionFacts {
        id: told.id,
        reference: told.reference.or_else(|| known.reference.clone()),
        amount: told.amount.or(known.amount),
        currency: told.currency.or_else(|| known.currency.clone()),
        created_at: told.created_at.or(known.created_at),
        expires_at: told.expires_at.or(known.expires_at),
        cancelled_at: known.cancelled_at.or(told.cancelled_at),
        transaction_id: told.transaction_id.or_else(|| known.transaction_id.clone()),
        order_id: told.order_id.or_else(|| known.order_id.clone()),
        entry_id: told.entry_id.or_else(|| known.entry_id.clone()),
        published: published(&known.published, told.published),
        events: union(&known.events, told.events, is_same_step, |_, told| told),
    }
}

/// What is known of a transaction after one more answer.
#[must_use]
pub fn transaction(known: Option<&TransactionFacts>, told: TransactionFacts) -> TransactionFacts {
    let Some(known) = known.filter(|known| known.id == told.id) else { return told };
    TransactionFacts {
        id: told.id,
        session_id: told.session_id.or_else(|| known.session_id.clone()),
        reference: told.reference.or_else(|| known.reference.clone()),
        status: if is_newer(known, &told.status, told.updated_at) { told.status } else { known.status.clone() },
        amount: told.amount,
        currency: told.currency,
        method: told.method.or_else(|| known.method.clone()),
        created_at: told.created_at.or(known.created_at),
        updated_at: told.updated_at.max(known.updated_at),
        events: union(&known.events, told.events, is_same_event, keep_success),
    }
}

/// Whether a status was given later than the one that is known: by the provider's time where it tells, else by the way
/// that a payment goes. One that says nothing is never news.
fn is_newer(known: &TransactionFacts, told: &TransactionStatus, at: Option<i64>) -> bool {
    match (known.updated_at.zip(at), rank(told)) {
        (_, 0) => rank(&known.status) == 0,
        (Some((before, now)), _) if before != now => now > before,
        (_, rank_told) => rank_told >= rank(&known.status),
    }
}

/// How far a payment has come: no arrow of facts 9 leads to a lower one.
const fn rank(status: &TransactionStatus) -> u8 {
    match status {
        TransactionStatus::Unknown | TransactionStatus::Other(_) => 0,
        TransactionStatus::Initiated => 1,
        TransactionStatus::OnHold => 2,
        TransactionStatus::Declined | TransactionStatus::Failed => 3,
        TransactionStatus::Authorized => 4,
        TransactionStatus::AuthorizationVoided | TransactionStatus::PartiallyCaptured => 5,
        TransactionStatus::PartiallyCapturedRefunded => 6,
        TransactionStatus::Captured => 7,
        TransactionStatus::PartiallyRefunded => 8,
        TransactionStatus::Refunded => 9,
    }
}

/// A message that was sent stays sent.
fn published(known: &[Published], told: Vec<Published>) -> Vec<Published> {
    let sent = |all: &[Published]| all.iter().any(|one| one.status == Some(PublishStatus::Sent));
    let silent = told.iter().all(|one| one.status.is_none());
    if silent && !known.is_empty() || sent(known) && !sent(&told) { known.to_vec() } else { told }
}

fn is_same_step(known: &SessionEvent, told: &SessionEvent) -> bool {
    match (&known.id, &told.id) {
        (Some(known), Some(told)) => known == told,
        _ => known.name == told.name && known.at == told.at,
    }
}

fn is_same_event(known: &TransactionEvent, told: &TransactionEvent) -> bool {
    match (&known.id, &told.id) {
        (Some(known), Some(told)) => known == told,
        _ => known.kind == told.kind && known.at == told.at && known.amount == told.amount,
    }
}

fn keep_success(known: &TransactionEvent, told: TransactionEvent) -> TransactionEvent {
    TransactionEvent { success: told.success.or(known.success), ..told }
}

/// Everything that was ever told, each once: what is known keeps its place, what is new comes behind it.
fn union<T: Clone>(known: &[T], told: Vec<T>, same: fn(&T, &T) -> bool, both: fn(&T, T) -> T) -> Vec<T> {
    let mut all: Vec<T> = known.to_vec();
    let mut met = vec![false; known.len()];
    for one in told {
        // Each is met once: two that look alike (no id, one moment) are two.
        match (0..met.len()).find(|n| !met[*n] && same(&all[*n], &one)) {
            Some(n) => {
                met[n] = true;
                all[n] = both(&known[n], one);
            }
            None => all.push(one),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::{SessionEventName, TransactionEventKind};

    fn step(id: Option<&str>, name: SessionEventName, at: i64) -> SessionEvent {
        SessionEvent { id: id.map(str::to_owned), name, at: Some(at), detail: None }
    }

    fn paid(status: TransactionStatus, updated_at: Option<i64>) -> TransactionFacts {
        TransactionFacts {
            id: "t".to_owned(),
            session_id: None,
            reference: None,
            status,
            amount: 100,
            currency: "NOK".to_owned(),
            method: None,
            created_at: None,
            updated_at,
            events: Vec::new(),
        }
    }

    #[test]
    fn a_late_answer_takes_nothing_back() {
        let known = SessionFacts {
            id: "s".to_owned(),
            cancelled_at: Some(9),
            transaction_id: Some("t".to_owned()),
            events: vec![step(Some("1"), SessionEventName::Visited, 5)],
            ..SessionFacts::default()
        };
        let late = SessionFacts { id: "s".to_owned(), ..SessionFacts::default() };
        assert_eq!(session(&known, late), known);
        let captured = paid(TransactionStatus::Captured, Some(20));
        assert_eq!(transaction(Some(&captured), paid(TransactionStatus::Authorized, Some(10))), captured);
        let untimed = paid(TransactionStatus::Captured, None);
        assert_eq!(transaction(Some(&untimed), paid(TransactionStatus::Authorized, None)), untimed);
        let odd = TransactionStatus::Other("NEW".to_owned());
        assert_eq!(transaction(Some(&captured), paid(odd, Some(30))).status, TransactionStatus::Captured);
    }

    #[test]
    fn what_is_new_is_taken_and_what_is_known_counts_once() {
        let known = SessionFacts {
            events: vec![step(None, SessionEventName::Visited, 5), step(None, SessionEventName::PayFailed, 6)],
            ..SessionFacts::default()
        };
        let told = SessionFacts {
            events: vec![step(Some("1"), SessionEventName::Visited, 5), step(Some("2"), SessionEventName::Visited, 8)],
            ..SessionFacts::default()
        };
        let names: Vec<_> = session(&known, told).events.into_iter().map(|one| (one.name, one.at)).collect();
        assert_eq!(
            names,
            [
                (SessionEventName::Visited, Some(5)),
                (SessionEventName::PayFailed, Some(6)),
                (SessionEventName::Visited, Some(8))
            ]
        );
        let refunded = transaction(
            Some(&paid(TransactionStatus::Captured, Some(1))),
            paid(TransactionStatus::PartiallyRefunded, Some(2)),
        );
        assert_eq!(refunded.status, TransactionStatus::PartiallyRefunded);
    }

    #[test]
    fn two_captures_of_one_moment_are_two() {
        let capture = TransactionEvent {
            id: None,
            kind: TransactionEventKind::Capture,
            success: Some(true),
            amount: Some(40),
            at: Some(1),
            reference: None,
            entry_id: None,
            error: None,
        };
        let mut first = paid(TransactionStatus::PartiallyCaptured, Some(1));
        first.events = vec![capture.clone(), capture];
        let again = transaction(Some(&first), first.clone());
        assert_eq!(again.sum(&TransactionEventKind::Capture), 80);
    }
}
