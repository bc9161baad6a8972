//! The reckoning: what the seller's phone believes, against the provider's own records.
//!
//! - a link: an order whose session is at the provider;
//! - paid: a payment at the provider that the phone shows as paid, with the same amount;
//! - lost: an order that was saved and is gone, or has no session; a payment that the phone does not show;
//! - doubled: an order with more than one session that can or could be paid, or with more than one message.

use crate::output::Failure;
use paylink_core::link::{LinkStatus, PaymentLink};
use paylink_core::{LinkFilter, OrderId, Page, Paylink};
use paylink_sandbox::{Provider, Status};
use serde::Serialize;

/// What really happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Links made.
    pub links: usize,
    /// Links paid.
    pub paid: usize,
    /// Orders or payments lost.
    pub lost: usize,
    /// Orders that could be paid twice, or were told twice.
    pub doubled: usize,
}

/// What the phone knows of an order.
#[derive(Clone, Debug)]
struct Known {
    id: OrderId,
    reference: String,
    session: Option<String>,
    amount: i64,
    paid: bool,
    cancelled: bool,
}

/// A session at the provider.
#[derive(Clone, Debug)]
struct Session {
    id: String,
    reference: String,
    cancelled: bool,
    /// What was paid, minor units.
    paid: Option<i64>,
    messages: usize,
}

/// Compares the two.
///
/// # Errors
/// Storage errors.
pub fn count(core: &Paylink, provider: &Provider, saved: &[OrderId]) -> Result<Count, Failure> {
    let links = core.links(LinkFilter::default(), Page { offset: 0, limit: 1_000 })?;
    Ok(compare(saved, &links.iter().map(known).collect::<Vec<_>>(), &sessions(provider)))
}

fn known(link: &PaymentLink) -> Known {
    Known {
        id: link.id,
        reference: link.reference.clone(),
        session: link.session_id.clone(),
        amount: link.amount.minor(),
        paid: link.status.is_paid(),
        cancelled: link.status == LinkStatus::Cancelled,
    }
}

fn sessions(provider: &Provider) -> Vec<Session> {
    let (transactions, inbox) = (provider.transactions(), provider.inbox());
    let paid = |id: &str| {
        let of_session = transactions.iter().find(|one| one.session_id == id);
        let paid = of_session
            .filter(|one| matches!(one.status, Status::Authorized | Status::Captured | Status::PartiallyCaptured));
        paid.map(|one| one.amount)
    };
    let session = |session: paylink_sandbox::Session| Session {
        paid: paid(&session.id),
        messages: inbox.iter().filter(|message| message.session_id == session.id).count(),
        cancelled: session.cancelled_at_ms.is_some(),
        reference: session.merchant_reference,
        id: session.id,
    };
    provider.sessions().into_iter().map(session).collect()
}

fn compare(saved: &[OrderId], orders: &[Known], sessions: &[Session]) -> Count {
    let mut count = Count::default();
    count.lost += saved.iter().filter(|id| !orders.iter().any(|order| order.id == **id)).count();
    for order in orders {
        let of_order: Vec<&Session> = sessions.iter().filter(|one| one.reference == order.reference).collect();
        let ours = of_order.iter().find(|one| Some(&one.id) == order.session.as_ref());
        match ours {
            Some(session) => {
                count.links += 1;
                count.paid += usize::from(order.paid && session.paid == Some(order.amount));
            }
            None if order.cancelled => {}
            None => count.lost += 1,
        }
        let payable = of_order.iter().filter(|one| !one.cancelled || one.paid.is_some()).count();
        let messages: usize = of_order.iter().map(|one| one.messages).sum();
        count.doubled += usize::from(payable > 1 || messages > 1);
    }
    // A payment that nobody sees, whatever order it is of.
    let seen = |session: &Session| {
        orders.iter().any(|order| {
            order.paid && order.session.as_ref() == Some(&session.id) && session.paid == Some(order.amount)
        })
    };
    count.lost += sessions.iter().filter(|session| session.paid.is_some() && !seen(session)).count();
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> OrderId {
        "01a20f11-7eda-7136-8fb0-0f8b1235ee87".parse().unwrap()
    }

    fn order(reference: &str, session: Option<&str>, paid: bool) -> Known {
        Known {
            id: id(),
            reference: reference.into(),
            session: session.map(str::to_owned),
            amount: 100,
            paid,
            cancelled: false,
        }
    }

    fn session(id: &str, reference: &str, paid: Option<i64>) -> Session {
        Session { id: id.into(), reference: reference.into(), cancelled: false, paid, messages: 1 }
    }

    fn counted(orders: &[Known], sessions: &[Session]) -> (usize, usize, usize, usize) {
        let count = compare(&[], orders, sessions);
        (count.links, count.paid, count.lost, count.doubled)
    }

    #[test]
    fn what_agrees_is_neither_lost_nor_doubled() {
        let orders = [order("A", Some("1"), true), order("B", Some("2"), false)];
        assert_eq!(counted(&orders, &[session("1", "A", Some(100)), session("2", "B", None)]), (2, 1, 0, 0));
    }

    #[test]
    fn an_order_without_a_session_is_lost_and_a_cancelled_one_is_not() {
        assert_eq!(counted(&[order("A", None, false)], &[]), (0, 0, 1, 0));
        assert_eq!(counted(&[Known { cancelled: true, ..order("A", None, false) }], &[]), (0, 0, 0, 0));
    }

    #[test]
    fn a_saved_order_that_is_gone_is_lost() {
        assert_eq!(compare(&[id()], &[], &[]).lost, 1);
    }

    #[test]
    fn a_payment_that_is_not_seen_or_is_another_amount_is_lost() {
        assert_eq!(counted(&[order("A", Some("1"), false)], &[session("1", "A", Some(100))]).2, 1);
        assert_eq!(counted(&[order("A", Some("1"), true)], &[session("1", "A", Some(99))]).2, 1);
        assert_eq!(counted(&[], &[session("1", "A", Some(100))]).2, 1);
    }

    #[test]
    fn two_sessions_or_two_messages_are_doubled() {
        let orders = [order("A", Some("1"), false)];
        assert_eq!(counted(&orders, &[session("1", "A", None), session("2", "A", None)]).3, 1);
        let told_twice = Session { messages: 2, ..session("1", "A", None) };
        assert_eq!(counted(&orders, &[told_twice]).3, 1);
        let stray = Session { cancelled: true, messages: 0, ..session("2", "A", None) };
        assert_eq!(counted(&orders, &[session("1", "A", None), stray]).3, 0);
    }
}
