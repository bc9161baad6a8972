//! Lists, page by page (facts 3, 5 and 7.4): `limit=100`, `starting_after` the last id, until a short page. A page
//! that fails is the outcome of the whole list: half a list proves nothing.

use super::call::{Call, Caller};
use super::policy;
use crate::gateway::{Fault, Listed, Outcome, SessionQuery, TransactionQuery};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::HashSet;
use url::Url;

/// How elements of a list are read.
pub(super) struct Reader<T> {
    pub(super) name: &'static str,
    pub(super) read: fn(Value) -> Option<T>,
    pub(super) id: fn(&T) -> &str,
}

impl<T> Clone for Reader<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Reader<T> {}

/// Reads a list from its first page on, or from behind the element `after`. It is complete when a short page ended it; a provider that gives the same
/// page again ends it as well, and then it is not.
pub(super) async fn pages<T>(
    caller: &Caller,
    from: &Url,
    reader: Reader<T>,
    after: Option<&str>,
    max_pages: usize,
) -> Outcome<Listed<T>> {
    let mut items: Vec<T> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    for _ in 0..max_pages {
        let mut url = from.clone();
        url.query_pairs_mut().append_pair("limit", &policy::PAGE.to_string());
        if let Some(last) = items.last().map(reader.id).or(after) {
            url.query_pairs_mut().append_pair("starting_after", last);
        }
        let call = Call::list(reader.name, url);
        let page = match caller.call(&call, |value| read_page(value, reader.read)).await.accepted() {
            Ok(page) => page,
            Err(other) => return other,
        };
        let (length, before) = (page.len(), items.len());
        items.extend(page.into_iter().filter(|one| seen.insert((reader.id)(one).to_owned())));
        if length < policy::PAGE {
            return Outcome::Accepted(Listed { items, complete: true });
        }
        if items.len() == before {
            break;
        }
    }
    Outcome::Accepted(Listed { items, complete: false })
}

/// An element that cannot be read makes the page unreadable: leaving it out would make it look absent.
fn read_page<T>(value: Value, read: fn(Value) -> Option<T>) -> Result<Vec<T>, Fault> {
    match value {
        Value::Array(all) => all.into_iter().map(|one| read(one).ok_or(Fault::NotJson)).collect(),
        _ => Err(Fault::NotJson),
    }
}

/// The address of the first page of sessions. `None` for a time that cannot be written.
pub(super) fn sessions(mut from: Url, query: &SessionQuery) -> Option<Url> {
    {
        let mut pairs = from.query_pairs_mut();
        if let Some(ms) = query.created_from {
            pairs.append_pair("created_at.gte", &moment(ms)?);
        }
        if let Some(ms) = query.created_to {
            pairs.append_pair("created_at.lte", &moment(ms)?);
        }
        if let Some(search) = query.search.as_deref().filter(|search| !search.is_empty()) {
            pairs.append_pair("search", search);
        }
    }
    Some(from)
}

/// Pages that a query may take.
pub(super) fn page_limit(query: &SessionQuery) -> usize {
    if query.max_pages == 0 { policy::MAX_PAGES } else { query.max_pages.min(policy::MAX_PAGES) }
}

/// The addresses of the first pages of transactions: one per portion of ids, none for no ids, because a list without
/// a filter is everybody's.
pub(super) fn transactions(from: &Url, query: &TransactionQuery) -> Vec<Url> {
    let with = |name: &str, values: &[String]| {
        let mut url = from.clone();
        url.query_pairs_mut().extend_pairs(values.iter().map(|value| (name, value)));
        url
    };
    match query {
        TransactionQuery::Sessions(ids) => ids.chunks(policy::MAX_IDS).map(|some| with("session_id", some)).collect(),
        TransactionQuery::Reference(reference) if reference.is_empty() => Vec::new(),
        TransactionQuery::Reference(reference) => {
            vec![with("merchant_reference", std::slice::from_ref(reference))]
        }
    }
}

/// A moment as the provider writes it: RFC 3339 in UTC.
pub(super) fn moment(ms: i64) -> Option<String> {
    Timestamp::from_millisecond(ms).ok().map(|at| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url() -> Url {
        Url::parse("https://example.com/v1/x").unwrap()
    }

    #[test]
    fn sessions_are_asked_for_by_time_and_text() {
        let query = SessionQuery {
            created_from: Some(1_557_393_220_306),
            created_to: Some(1_557_393_221_000),
            search: Some("HON 7K3M&12".to_owned()),
            after: None,
            max_pages: 3,
        };
        assert_eq!(
            sessions(url(), &query).unwrap().query(),
            Some(
                "created_at.gte=2019-05-09T09%3A13%3A40.306Z&created_at.lte=2019-05-09T09%3A13%3A41Z\
                 &search=HON+7K3M%2612"
            )
        );
        assert_eq!(sessions(url(), &SessionQuery::default()).unwrap().query().unwrap_or_default(), "");
        assert_eq!((page_limit(&query), page_limit(&SessionQuery::default())), (3, policy::MAX_PAGES));
    }

    #[test]
    fn transactions_are_asked_for_with_a_repeated_key_and_never_without_a_filter() {
        let ids = |n: usize| TransactionQuery::Sessions((0..n).map(|i| format!("T1.{i}")).collect());
        assert_eq!(transactions(&url(), &ids(2))[0].query(), Some("session_id=T1.0&session_id=T1.1"));
        assert_eq!(transactions(&url(), &ids(0)), []);
        assert_eq!(transactions(&url(), &ids(201)).len(), 3);
        assert_eq!(transactions(&url(), &TransactionQuery::Reference(String::new())), []);
        let one = transactions(&url(), &TransactionQuery::Reference("A-1".to_owned()));
        assert_eq!(one[0].query(), Some("merchant_reference=A-1"));
    }

    #[test]
    fn an_element_without_an_id_makes_the_page_unreadable() {
        let read = |value: Value| value.get("id").and_then(Value::as_str).map(str::to_owned);
        assert_eq!(read_page(serde_json::json!([{"id": "a"}, {}]), read), Err(Fault::NotJson));
        assert_eq!(read_page(serde_json::json!({"id": "a"}), read), Err(Fault::NotJson));
        assert_eq!(read_page(serde_json::json!([{"id": "a"}]), read), Ok(vec!["a".to_owned()]));
    }
}
