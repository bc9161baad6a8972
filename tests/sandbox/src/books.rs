//! What "lost" and "doubled" mean, for every proof: a sale as the phone shows it, against the provider's own books.

use crate::{Provider, Status, Transaction};

/// A session in the provider's books.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its id.
    pub id: String,
    /// The merchant reference.
    pub reference: String,
    /// Whether it was cancelled.
    pub cancelled: bool,
    /// What is reserved or taken, minor units; `None` where nobody has paid.
    pub paid: Option<i64>,
    /// Messages about it that the customer got.
    pub messages: usize,
}

impl Record {
    /// Whether a customer who has its address could pay, or has paid.
    #[must_use]
    pub fn is_payable(&self) -> bool {
        !self.cancelled || self.paid.is_some()
    }
}

/// What a sale that was called saved has come to, by the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End<'a> {
    /// A link, of this session.
    Link(&'a str),
    /// The seller has given it up, or replaced it.
    GivenUp,
    /// A question to the seller, or a refusal, with its reason.
    Asked,
    /// None of these.
    Nothing,
}

/// A sale that was called saved.
#[derive(Clone, Copy, Debug)]
pub struct Sale<'a> {
    /// Its merchant reference.
    pub reference: &'a str,
    /// What has become of it.
    pub end: End<'a>,
    /// Sessions whose address a customer can have had, as far as is known.
    pub addresses: usize,
    /// How often the seller knowingly sent it again.
    pub chosen: usize,
}

/// The provider's books.
#[derive(Clone, Debug, Default)]
pub struct Books(Vec<Record>);

impl Books {
    /// Books with these sessions.
    #[must_use]
    pub fn new(records: Vec<Record>) -> Self {
        Self(records)
    }

    /// What the provider has.
    #[must_use]
    pub fn of(provider: &Provider) -> Self {
        let (transactions, inbox) = (provider.transactions(), provider.inbox());
        let record = |session: crate::Session| Record {
            paid: transactions.iter().find(|one| one.session_id == session.id && is_payment(one)).map(|one| one.amount),
            messages: inbox.iter().filter(|message| message.session_id == session.id).count(),
            cancelled: session.cancelled_at_ms.is_some(),
            reference: session.merchant_reference,
            id: session.id,
        };
        Self(provider.sessions().into_iter().map(record).collect())
    }

    /// All of them.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.0
    }

    /// Those of a sale.
    pub fn of_sale<'a>(&'a self, reference: &'a str) -> impl Iterator<Item = &'a Record> {
        self.0.iter().filter(move |one| one.reference == reference)
    }

    /// Lost: a sale that ended as none of a link which the provider has, given up by the seller, a question to the
    /// seller. Says why.
    #[must_use]
    pub fn lost(&self, sale: &Sale<'_>) -> Option<&'static str> {
        match sale.end {
            End::GivenUp | End::Asked => None,
            End::Link(session) if self.of_sale(sale.reference).any(|one| one.id == session) => None,
            End::Link(_) => Some("its session is not the provider's"),
            End::Nothing => Some("it is no link, was not given up, and nobody is asked"),
        }
    }

    /// Doubled: a second address, message or payment that the seller did not choose. Says which.
    #[must_use]
    pub fn doubled(&self, sale: &Sale<'_>) -> Option<String> {
        let messages: usize = self.of_sale(sale.reference).map(|one| one.messages).sum();
        let payments = self.of_sale(sale.reference).filter(|one| one.paid.is_some()).count();
        let counts = [("addresses", sale.addresses), ("messages", messages), ("payments", payments)];
        let (what, count) = counts.into_iter().find(|(_, count)| *count > 1 + sale.chosen)?;
        Some(format!("{count} {what}, chosen by the seller {}", sale.chosen))
    }
}

/// Whether somebody has paid by it: money is reserved, taken or being looked into, or was given back after it was taken.
#[must_use]
pub fn is_payment(transaction: &Transaction) -> bool {
    !matches!(transaction.status, Status::Initiated | Status::Declined | Status::Failed | Status::AuthorizationVoided)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(id: &str, cancelled: bool, paid: Option<i64>, messages: usize) -> Record {
        Record { id: id.into(), reference: "A".into(), cancelled, paid, messages }
    }

    fn sale(end: End<'_>, addresses: usize, chosen: usize) -> Sale<'_> {
        Sale { reference: "A", end, addresses, chosen }
    }

    #[test]
    fn a_sale_that_is_nothing_is_lost() {
        let books = Books::new(vec![record("1", false, None, 0)]);
        for (end, lost) in [
            (End::Link("1"), false),
            (End::GivenUp, false),
            (End::Asked, false),
            (End::Link("2"), true),
            (End::Nothing, true),
        ] {
            assert_eq!(books.lost(&sale(end, 1, 0)).is_some(), lost, "{end:?}");
        }
    }

    #[test]
    fn a_second_address_message_or_payment_is_doubled_unless_chosen() {
        let one = Books::new(vec![record("1", false, Some(100), 1), record("2", true, None, 0)]);
        assert_eq!(one.doubled(&sale(End::Link("1"), 1, 0)), None);
        assert!(one.doubled(&sale(End::Link("1"), 2, 0)).is_some());
        let told = Books::new(vec![record("1", false, None, 2)]);
        let paid = Books::new(vec![record("1", false, Some(100), 0), record("2", false, Some(100), 0)]);
        for books in [told, paid] {
            assert!(books.doubled(&sale(End::Link("1"), 1, 0)).is_some());
            assert_eq!(books.doubled(&sale(End::Link("1"), 1, 1)), None);
        }
    }
}
