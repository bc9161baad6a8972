//! The reckoning: what the seller's phone believes, against the provider's own records.
//!
//! - a link: an order whose session is at the provider;
//! - paid: a payment at the provider that the phone shows as paid, with the same amount;
//! - lost, doubled: as every proof counts them (`paylink_sandbox::books`); lost is also an order that was saved and is
//!   gone, and a payment that the phone does not show. Every session that can be paid counts as an address given away.

use crate::output::Failure;
use paylink_core::link::{LinkStatus, PaymentLink};
use paylink_core::{LinkFilter, OrderId, Page, Paylink};
use paylink_sandbox::Provider;
use paylink_sandbox::books::{Books, End, Record, Sale};
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

/// Compares the two.
///
/// # Errors
/// Storage errors.
pub fn count(core: &Paylink, provider: &Provider, saved: &[OrderId]) -> Result<Count, Failure> {
    let links = core.links(LinkFilter::default(), Page { offset: 0, limit: 1_000 })?;
    Ok(compare(saved, &links.iter().map(known).collect::<Vec<_>>(), &Books::of(provider)))
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

fn compare(saved: &[OrderId], orders: &[Known], books: &Books) -> Count {
    let mut count = Count::default();
    count.lost += saved.iter().filter(|id| !orders.iter().any(|order| order.id == **id)).count();
    for order in orders {
        let addresses = books.of_sale(&order.reference).filter(|one| one.is_payable()).count();
        let end = match &order.session {
            Some(session) => End::Link(session),
            None if order.cancelled => End::GivenUp,
            None => End::Nothing,
        };
        let sale = Sale { reference: &order.reference, end, addresses, chosen: 0 };
        count.lost += usize::from(books.lost(&sale).is_some());
        count.doubled += usize::from(books.doubled(&sale).is_some());
        if let Some(record) = books.of_sale(&order.reference).find(|one| Some(&one.id) == order.session.as_ref()) {
            count.links += 1;
            count.paid += usize::from(order.paid && record.paid == Some(order.amount));
        }
    }
    // A payment that nobody sees, whatever order it is of.
    let seen = |record: &Record| {
        orders
            .iter()
            .any(|order| order.paid && order.session.as_ref() == Some(&record.id) && record.paid == Some(order.amount))
    };
    count.lost += books.records().iter().filter(|record| record.paid.is_some() && !seen(record)).count();
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

    fn record(id: &str, reference: &str, paid: Option<i64>) -> Record {
        Record { id: id.into(), reference: reference.into(), cancelled: false, paid, messages: 1 }
    }

    fn counted(orders: &[Known], records: &[Record]) -> (usize, usize, usize, usize) {
        let count = compare(&[], orders, &Books::new(records.to_vec()));
        (count.links, count.paid, count.lost, count.doubled)
    }

    #[test]
    fn what_agrees_is_neither_lost_nor_doubled() {
        let orders = [order("A", Some("1"), true), order("B", Some("2"), false)];
        assert_eq!(counted(&orders, &[record("1", "A", Some(100)), record("2", "B", None)]), (2, 1, 0, 0));
    }

    #[test]
    fn an_order_without_a_session_is_lost_and_a_cancelled_one_is_not() {
        assert_eq!(counted(&[order("A", None, false)], &[]), (0, 0, 1, 0));
        assert_eq!(counted(&[Known { cancelled: true, ..order("A", None, false) }], &[]), (0, 0, 0, 0));
    }

    #[test]
    fn a_saved_order_that_is_gone_is_lost() {
        assert_eq!(compare(&[id()], &[], &Books::default()).lost, 1);
    }

    #[test]
    fn a_payment_that_is_not_seen_or_is_another_amount_is_lost() {
        assert_eq!(counted(&[order("A", Some("1"), false)], &[record("1", "A", Some(100))]).2, 1);
        assert_eq!(counted(&[order("A", Some("1"), true)], &[record("1", "A", Some(99))]).2, 1);
        assert_eq!(counted(&[], &[record("1", "A", Some(100))]).2, 1);
    }

    #[test]
    fn two_sessions_or_two_messages_are_doubled() {
        let orders = [order("A", Some("1"), false)];
        assert_eq!(counted(&orders, &[record("1", "A", None), record("2", "A", None)]).3, 1);
        let told_twice = Record { messages: 2, ..record("1", "A", None) };
        assert_eq!(counted(&orders, &[told_twice]).3, 1);
        let stray = Record { cancelled: true, messages: 0, ..record("2", "A", None) };
        assert_eq!(counted(&orders, &[record("1", "A", None), stray]).3, 0);
    }
}
