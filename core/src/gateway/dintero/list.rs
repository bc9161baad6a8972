//! Lists, page by page (facts 3, 5 and 7.4): `limit=100`, `starting_after` the last id, until an empty page. A short page
//! ends nothing, because a provider may cap its pages as it likes. A page that fails is the outcome of the whole list:
//! half a list proves nothing.

use super::call::{Call, Caller};
use super::policy;
use crate::gateway::{Answer, Fault, Listed, SessionQuery, TransactionQuery};
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

/// The first page of a list, and how many things it can have.
pub(super) struct Portion {
    url: Url,
    /// As many as were asked for by their ids: once they are all there, nothing more is to come.
    wanted: Option<usize>,
}

/// Reads one list after the other, and takes them for one. `max_pages` is for each; 0 leaves it to us.
pub(super) async fn portions<T>(
    caller: &Caller,
    portions: Vec<Portion>,
    reader: Reader<T>,
    after: Option<&str>,
    max_pages: usize,
) -> Answer<Listed<T>> {
    let mut all = Listed { items: Vec::new(), complete: true };
    for portion in portions {
        let usual = if portion.wanted.is_some() { policy::MAX_PAGES_OF_WANTED } else { policy::MAX_PAGES };
        let most = if max_pages == 0 { usual } else { max_pages.min(usual) };
        let read = pages(caller, &portion, reader, after, most).await?;
        all.items.extend(read.items);
        all.complete &= read.complete;
    }
    Ok(all)
}

/// Reads a list from its first page on, or from behind the element `after`. It is complete when an empty page ended it,
/// or when all is there that was asked for; a provider that sends the same page again ends it as well, and then it is not.
async fn pages<T>(
    caller: &Caller,
    from: &Portion,
    reader: Reader<T>,
    after: Option<&str>,
    max_pages: usize,
) -> Answer<Listed<T>> {
    let mut items: Vec<T> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    for _ in 0..max_pages {
        let mut url = from.url.clone();
        url.query_pairs_mut().append_pair("limit", &policy::PAGE.to_string());
        if let Some(last) = items.last().map(reader.id).or(after) {
            url.query_pairs_mut().append_pair("starting_after", last);
        }
        let call = Call::list(reader.name, url);
        let page = caller.call(&call, |value| read_page(value, reader.read)).await?;
        let (is_empty, before) = (page.is_empty(), items.len());
        items.extend(page.into_iter().filter(|one| seen.insert((reader.id)(one).to_owned())));
        if is_empty || from.wanted.is_some_and(|wanted| items.len() >= wanted) {
            return Ok(Listed { items, complete: true });
        }
        if items.len() == before {
            break;
        }
    }
    Ok(Listed { items, complete: false })
}

/// An element that cannot be read makes the page unreadable: leaving it out would make it look absent.
fn read_page<T>(value: Value, read: fn(Value) -> Option<T>) -> Result<Vec<T>, Fault> {
    match value {
        Value::Array(all) => all.into_iter().map(|one| read(one).ok_or(Fault::NotJson)).collect(),
        _ => Err(Fault::NotJson),
    }
}

/// The first pages of sessions: one, or one per portion of ids. `None` for a time that cannot be written.
pub(super) fn sessions(from: &Url, query: &SessionQuery) -> Option<Vec<Portion>> {
    let mut url = from.clone();
    {
        let mut pairs = url.query_pairs_mut();
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
    Some(if query.ids.is_empty() { vec![Portion { url, wanted: None }] } else { by_ids(&url, "id", &query.ids) })
}

/// The first pages of transactions: one per portion of ids, none for no ids, because a list without a filter is
/// everybody's.
pub(super) fn transactions(from: &Url, query: &TransactionQuery) -> Vec<Portion> {
    match query {
        TransactionQuery::Sessions(ids) => by_ids(from, "session_id", ids),
        TransactionQuery::Reference(reference) if reference.is_empty() => Vec::new(),
        TransactionQuery::Reference(reference) => {
            vec![Portion { url: with(from, "merchant_reference", std::slice::from_ref(reference)), wanted: None }]
        }
    }
}

fn by_ids(from: &Url, name: &str, ids: &[String]) -> Vec<Portion> {
    let portion = |some: &[String]| Portion { url: with(from, name, some), wanted: Some(some.len()) };
    ids.chunks(policy::MAX_IDS).map(portion).collect()
}

fn with(from: &Url, name: &str, values: &[String]) -> Url {
    let mut url = from.clone();
    url.query_pairs_mut().extend_pairs(values.iter().map(|value| (name, value)));
    url
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

    fn queries(portions: &[Portion]) -> Vec<&str> {
        portions.iter().map(|portion| portion.url.query().unwrap_or_default()).collect()
    }

    #[test]
    fn sessions_are_asked_for_by_time_text_and_id() {
        let query = SessionQuery {
            created_from: Some(1_557_393_220_306),
            created_to: Some(1_557_393_221_000),
            search: Some("HON 7K3M&12".to_owned()),
            ..SessionQuery::default()
        };
        assert_eq!(
            queries(&sessions(&url(), &query).unwrap()),
            ["created_at.gte=2019-05-09T09%3A13%3A40.306Z&created_at.lte=2019-05-09T09%3A13%3A41Z\
              &search=HON+7K3M%2612"]
        );
        assert_eq!(queries(&sessions(&url(), &SessionQuery::default()).unwrap()), [""]);
        let ids = SessionQuery { ids: vec!["a".to_owned(), "b".to_owned()], ..SessionQuery::default() };
        assert_eq!(queries(&sessions(&url(), &ids).unwrap()), ["id=a&id=b"]);
    }

    #[test]
    fn transactions_are_asked_for_by_repeated_key_never_without_filter() {
        let ids = |n: usize| TransactionQuery::Sessions((0..n).map(|i| format!("T1.{i}")).collect());
        assert_eq!(queries(&transactions(&url(), &ids(2))), ["session_id=T1.0&session_id=T1.1"]);
        assert!(transactions(&url(), &ids(0)).is_empty());
        assert_eq!(transactions(&url(), &ids(201)).len(), 3);
        assert!(transactions(&url(), &TransactionQuery::Reference(String::new())).is_empty());
        let one = transactions(&url(), &TransactionQuery::Reference("A-1".to_owned()));
        assert_eq!(queries(&one), ["merchant_reference=A-1"]);
    }

    #[test]
    fn an_element_without_an_id_makes_the_page_unreadable() {
        let read = |value: Value| value.get("id").and_then(Value::as_str).map(str::to_owned);
        assert_eq!(read_page(serde_json::json!([{"id": "a"}, {}]), read), Err(Fault::NotJson));
        assert_eq!(read_page(serde_json::json!({"id": "a"}), read), Err(Fault::NotJson));
        assert_eq!(read_page(serde_json::json!([{"id": "a"}]), read), Ok(vec!["a".to_owned()]));
    }
}
