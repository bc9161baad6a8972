//! Looking for sessions and transactions.
//!
//! Plain arrays, newest first (assumption), `starting_after` the last id seen, the end is a short
//! page. A session shows up only after the options' lags, and the options can take away all else that
//! a client might rely on: the order, the size of a page, `search`, `id`.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Value, json};

use super::profile::forbidden;
use super::view::Sight;
use super::{ApiError, Engine, Session, Transaction};
use crate::clock::parse_rfc3339;
use crate::options::{ListOrder, Listing, Options, Search};

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

    /// In the options' order, from behind `starting_after`, filtered, cut to the page.
    fn page<'a, T>(
        &self,
        options: &Options,
        rows: &'a [T],
        id: impl Fn(&T) -> &str,
        keep: impl Fn(&T) -> bool,
    ) -> Result<Vec<&'a T>, ApiError> {
        let mut rows: Vec<&T> = rows.iter().collect();
        match options.list_order {
            ListOrder::NewestFirst => rows.reverse(),
            ListOrder::OldestFirst => {}
            ListOrder::Shuffled => rows.sort_by_cached_key(|row| shuffled(id(row))),
        }
        let begin = match &self.starting_after {
            None => 0,
            // assumption: a cursor that does not exist is refused.
            Some(cursor) => rows
                .iter()
                .position(|row| id(row) == cursor)
                .map(|place| place + 1)
                .ok_or_else(|| ApiError::new(400, "BAD_REQUEST", "starting_after does not exist"))?,
        };
        let asked = if options.limit_ignored { DEFAULT_LIMIT } else { self.limit };
        let limit = options.page_cap.map_or(asked, |cap| asked.min(cap));
        Ok(rows.into_iter().skip(begin).filter(|row| keep(row)).take(limit).collect())
    }

    /// Whether the time filters let through what was made then, by the clock that writes `created_at`.
    fn covers(&self, options: &Options, created_at_ms: i64) -> bool {
        (self.from_ms..=self.to_ms).contains(&created_at_ms.saturating_add(options.created_skew_ms))
    }
}

/// A place among others that has nothing to do with its time.
fn shuffled(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
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

    fn fits(&self, options: &Options, session: &Session) -> bool {
        let query = &self.0;
        query.covers(options, session.created_at_ms)
            && (options.id_ignored || query.allows("id", Some(&session.id)))
            && query.allows("transaction_id", session.transaction_id.as_deref())
            && (options.search == Search::Ignored || query.search().is_none_or(|text| found(session, &text)))
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

    fn fits(&self, options: &Options, transaction: &Transaction) -> bool {
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
        query.covers(options, transaction.created_at_ms)
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
        let searching = query.0.search().is_some();
        match self.options.search {
            Search::Forbidden if searching => return Err(forbidden()),
            Search::NotFound if searching => return Err(ApiError::new(404, "NOT_FOUND", "Not found")),
            Search::Failing if searching => return Err(ApiError::new(500, "INTERNAL", "the search is down")),
            _ => {}
        }
        let options = &self.options;
        let search_lag = if searching { options.search_lag_ms } else { 0 };
        let lag = search_lag.max(options.list_lag_ms);
        let shown_until = self.now_ms().saturating_sub(lag);
        let sight = Sight::listed(options, self.now_ms());
        let keep = |session: &Session| session.created_at_ms <= shown_until && query.fits(options, session);
        let page = query.0.page(options, self.sessions(), |session| &session.id, keep)?;
        Ok(page.into_iter().filter_map(|session| self.seen_session(session, &sight)).collect())
    }

    /// `GET transactions`.
    ///
    /// # Errors
    /// 400 for an unknown cursor.
    pub fn list_transactions(&mut self, query: &TransactionQuery) -> Result<Value, ApiError> {
        self.tick();
        let options = &self.options;
        let sight = Sight::listed(options, self.now_ms());
        let keep = |row: &Transaction| sight.begins(row.created_at_ms) && query.fits(options, row);
        let page = query.0.page(options, self.transactions(), |transaction| &transaction.id, keep)?;
        Ok(page.into_iter().filter_map(|row| self.seen_transaction(row, &sight)).collect())
    }

    /// `GET transactions/{id}`.
    ///
    /// # Errors
    /// 404.
    pub fn read_transaction(&mut self, id: &str) -> Result<Value, ApiError> {
        self.tick();
        let sight = Sight::read(&self.options, self.now_ms());
        let seen = self.seen_transaction(self.find_transaction(id)?, &sight);
        seen.ok_or_else(|| ApiError::not_found("transaction"))
    }
}
