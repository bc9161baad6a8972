//! Looking for sessions and transactions.
//!
//! Plain arrays, newest first (assumption), `starting_after` the last id seen, the end is a short
//! page. A session shows up only after the options' lags.

use serde_json::{Value, json};

use super::profile::forbidden;
use super::{ApiError, Engine, Session, Transaction};
use crate::clock::parse_rfc3339;
use crate::options::Listing;

/// The page size when none is asked for.
const DEFAULT_LIMIT: usize = 10;
const MAX_LIMIT: usize = 100;

/// Which sessions are asked for.
#[derive(Clone, Debug)]
pub struct SessionQuery(Query);

/// Which transactions are asked for.
#[derive(Clone, Debug)]
pub struct TransactionQuery(Query);

/// A query string, read once.
#[derive(Clone, Debug)]
struct Query {
    pairs: Vec<(String, String)>,
    limit: usize,
    starting_after: Option<String>,
    from_ms: i64,
    to_ms: i64,
}

impl Query {
    fn parse(pairs: &[(String, String)]) -> Result<Self, ApiError> {
        let one = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let wrong = |field: &str| {
            ApiError::invalid(vec![json!({ "field": field, "message": format!("{field} is not valid") })])
        };
        let limit = match one("limit").map(str::parse) {
            None => DEFAULT_LIMIT,
            Some(Ok(limit)) if (1..=MAX_LIMIT).contains(&limit) => limit,
            Some(_) => return Err(wrong("limit")),
        };
        let time = |field: &str, otherwise: i64| match one(field) {
            None => Ok(otherwise),
            Some(text) => parse_rfc3339(text).ok_or_else(|| wrong(field)),
        };
        Ok(Self {
            limit,
            starting_after: one("starting_after").map(str::to_owned),
            from_ms: time("created_at.gte", i64::MIN)?,
            to_ms: time("created_at.lte", i64::MAX)?,
            pairs: pairs.to_vec(),
        })
    }

    /// Whether `value` is among those asked for by `name`; true when none are.
    fn allows(&self, name: &str, value: Option<&str>) -> bool {
        let mut asked = self.pairs.iter().filter(|(key, _)| key == name).peekable();
        asked.peek().is_none() || asked.any(|(_, wish)| Some(wish.as_str()) == value)
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.pairs.iter().find(|(key, _)| key == name).and_then(|(_, value)| value.parse().ok())
    }

    fn search(&self) -> Option<String> {
        self.pairs.iter().find(|(key, _)| key == "search").map(|(_, value)| value.to_lowercase())
    }

    /// Newest first, from behind `starting_after`, filtered, cut to the page.
    fn page<'a, T>(
        &self,
        rows: &'a [T],
        id: impl Fn(&T) -> &str,
        keep: impl Fn(&T) -> bool,
    ) -> Result<Vec<&'a T>, ApiError> {
        let end = match &self.starting_after {
            None => rows.len(),
            // assumption: a cursor that does not exist is refused.
            Some(cursor) => rows
                .iter()
                .position(|row| id(row) == cursor)
                .ok_or_else(|| ApiError::new(400, "BAD_REQUEST", "starting_after does not exist"))?,
        };
        Ok(rows.iter().take(end).rev().filter(|row| keep(row)).take(self.limit).collect())
    }
}

impl SessionQuery {
    /// Reads a query string: `limit`, `starting_after`, `id`, `search`, `created_at.gte`,
    /// `created_at.lte`, `transaction_id`.
    ///
    /// # Errors
    /// 400 for a limit outside 1..100 or a time that is none.
    pub fn parse(pairs: &[(String, String)]) -> Result<Self, ApiError> {
        Query::parse(pairs).map(Self)
    }

    fn fits(&self, session: &Session) -> bool {
        let query = &self.0;
        (query.from_ms..=query.to_ms).contains(&session.created_at_ms)
            && query.allows("id", Some(&session.id))
            && query.allows("transaction_id", session.transaction_id.as_deref())
            && query.search().is_none_or(|text| found(session, &text))
    }
}

/// Searched are the two references and the customer's name.
fn found(session: &Session, text: &str) -> bool {
    let order = session.order();
    let address = &order["shipping_address"];
    let fields =
        [&order["merchant_reference"], &order["merchant_reference_2"], &address["first_name"], &address["last_name"]];
    let long_enough = |field: &&str| field.len() >= text.len();
    fields
        .iter()
        .filter_map(|field| field.as_str())
        .filter(long_enough)
        .any(|field| field.to_lowercase().contains(text))
}

impl TransactionQuery {
    /// Reads a query string: the filters of `GET transactions` that have to do with links.
    ///
    /// # Errors
    /// 400 for a limit outside 1..100 or a time that is none.
    pub fn parse(pairs: &[(String, String)]) -> Result<Self, ApiError> {
        Query::parse(pairs).map(Self)
    }

    fn fits(&self, transaction: &Transaction) -> bool {
        let query = &self.0;
        let second = transaction.merchant_reference_2.as_deref();
        let texts = [
            ("id", Some(transaction.id.as_str())),
            ("session_id", Some(transaction.session_id.as_str())),
            ("merchant_reference", Some(transaction.merchant_reference.as_str())),
            ("merchant_reference_2", second),
            ("status", Some(transaction.status.as_str())),
            ("currency", Some(transaction.currency.as_str())),
            ("payment_product", Some(transaction.method.product())),
            ("payment_product_type", Some(transaction.method.product_type())),
        ];
        (query.from_ms..=query.to_ms).contains(&transaction.created_at_ms)
            && texts.iter().all(|(name, value)| query.allows(name, *value))
            && query.number("amount").is_none_or(|amount| transaction.amount == amount)
            && query.number("amount.gte").is_none_or(|amount| transaction.amount >= amount)
            && query.number("amount.lte").is_none_or(|amount| transaction.amount <= amount)
            && query.search().is_none_or(|text| {
                transaction.merchant_reference.to_lowercase().contains(&text)
                    || second.is_some_and(|second| second.to_lowercase().contains(&text))
            })
    }
}

impl Engine {
    /// `GET sessions`.
    ///
    /// # Errors
    /// 403 or 404 when the options say so, 400 for an unknown cursor.
    pub fn list_sessions(&mut self, query: &SessionQuery) -> Result<Value, ApiError> {
        self.tick();
        match self.options.listing {
            Listing::On => {}
            Listing::Forbidden => return Err(forbidden()),
            Listing::NotFound => return Err(ApiError::new(404, "NOT_FOUND", "Not found")),
        }
        let search_lag = query.0.search().map_or(0, |_| self.options.search_lag_ms);
        let lag = search_lag.max(self.options.list_lag_ms);
        let shown_until = self.now_ms().saturating_sub(lag);
        let keep = |session: &Session| session.created_at_ms <= shown_until && query.fits(session);
        let page = query.0.page(self.sessions(), |session| &session.id, keep)?;
        let echo = !self.options.list_without_metadata;
        Ok(page.into_iter().map(|session| session.read_with(echo)).collect())
    }

    /// `GET transactions`.
    ///
    /// # Errors
    /// 400 for an unknown cursor.
    pub fn list_transactions(&mut self, query: &TransactionQuery) -> Result<Value, ApiError> {
        self.tick();
        let page = query.0.page(self.transactions(), |transaction| &transaction.id, |row| query.fits(row))?;
        Ok(page.into_iter().map(Transaction::read).collect())
    }

    /// `GET transactions/{id}`.
    ///
    /// # Errors
    /// 404.
    pub fn read_transaction(&mut self, id: &str) -> Result<Value, ApiError> {
        self.tick();
        self.find_transaction(id).map(Transaction::read)
    }
}
