//! A provider inside the core, for the practice account: no network, no account, no money. What a seller does goes the
//! same way as a real sale; only who answers is another.
//!
//! - Nothing of it can be reached without a [`PracticeAccount`], which no account of the provider ever gives.
//! - What it was asked for, and what it tells, it keeps in a [`Book`] before it answers, one page a session: a process that
//!   dies loses nothing. What became of a session is worked out from its page and the time (`course`).
//! - A session is named after the entry that made it: the same entry asked for again is the same session.
//! - Its addresses lead nowhere: `.invalid` is no name on the net and never will be (RFC 2606). It learns nobody's name,
//!   number or address, and sends nothing.
//! - Its time is the phone's, and what was skipped of it ([`Practice::skip`]); it never goes back, whoever sets the phone's
//!   clock: what has happened to a session has happened.

mod course;
mod policy;
#[cfg(test)]
mod tests;

use super::{
    Answer, CreateSession, CreatedSession, Fault, Gateway, LinkUrl, Listed, NotDone, OnItsWay, PracticeAccount,
    Profile, Rejection, SessionQuery, TransactionQuery,
};
use crate::clock::ServerClock;
use crate::link::{PublishStatus, Published, SessionFacts, TransactionFacts};
use crate::order::{Capture, Methods, PaymentMethod};
use course::{Over, Session, entry_of_payment, entry_of_session};
use std::sync::{Arc, Mutex, PoisonError};

/// The pages could not be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the practice account's pages could not be used")]
pub struct BookError;

/// Where the practice provider keeps its pages, durably.
pub trait Book: Send + Sync + 'static {
    /// A page.
    ///
    /// # Errors
    /// When it cannot be read.
    fn page(&self, name: &str) -> Result<Option<String>, BookError>;
    /// All pages of sessions, in the order of their names.
    ///
    /// # Errors
    /// When they cannot be read.
    fn sessions(&self) -> Result<Vec<String>, BookError>;
    /// Writes a page; on the disk when it returns.
    ///
    /// # Errors
    /// When that is not certain.
    fn write(&self, name: &str, text: &str) -> Result<(), BookError>;
}

/// Every page of a session has this before the entry that made it.
pub const SESSIONS: &str = "session/";
/// The page that says how much time was skipped, ms.
const SKIPPED: &str = "skipped";

/// Where links lead: nowhere.
const ADDRESS: &str = "https://practice.invalid/";
/// The one profile.
const PROFILE: &str = "practice";

/// The provider of the practice account.
pub struct Practice {
    book: Arc<dyn Book>,
    clock: Arc<ServerClock>,
    /// One reads, decides and writes at a time: a session is cancelled or paid, never both.
    turn: Mutex<()>,
}

/// Whether a link is one of a practice session.
#[must_use]
pub(super) fn knows(link: &str) -> bool {
    link.starts_with(ADDRESS)
}

impl Practice {
    /// A provider that has its pages in `book`; `clock` learns the time from it.
    #[must_use]
    pub fn new(_only_for: &PracticeAccount, book: Arc<dyn Book>, clock: Arc<ServerClock>) -> Self {
        Self { book, clock, turn: Mutex::new(()) }
    }

    /// So much time passes for it and its customers at once.
    ///
    /// # Errors
    /// When that cannot be written.
    pub fn skip(&self, ms: i64) -> Result<(), BookError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let skipped = self.skipped()?.saturating_add(ms.max(0));
        self.book.write(SKIPPED, &skipped.to_string())?;
        self.now().map(drop)
    }

    fn skipped(&self) -> Result<i64, BookError> {
        Ok(self.book.page(SKIPPED)?.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// Its time, told with each answer.
    fn now(&self) -> Result<i64, BookError> {
        let by_the_phone = self.clock.wall_ms().saturating_add(self.skipped()?);
        let before = match self.clock.known() {
            Some(at) => at.ms(),
            // A new process, or the phone's clock was set: time goes on from what was told last.
            None => self.told_last()?.max(self.clock.best().ms()),
        };
        let now = by_the_phone.max(before);
        self.clock.learn(Some(now));
        Ok(now)
    }

    fn told_last(&self) -> Result<i64, BookError> {
        let told = self.book.sessions()?.iter().filter_map(|page| Session::read(page)).map(|one| one.told_at).max();
        Ok(told.unwrap_or(i64::MIN))
    }

    fn kept(&self, entry: Option<&str>) -> Answer<Session> {
        let page = match entry {
            Some(entry) => self.book.page(&format!("{SESSIONS}{entry}")).map_err(unread)?,
            None => None,
        };
        page.as_deref().and_then(Session::read).ok_or_else(|| refused(404, "there is no such session"))
    }

    fn keep(&self, entry: &str, session: &Session) -> Answer<()> {
        let unclear = NotDone::Unclear(Fault::ServerError);
        let Some(page) = session.page() else { return Err(unclear) };
        self.book.write(&format!("{SESSIONS}{entry}"), &page).map_err(|_| unclear)
    }

    /// All sessions, the newest first: entries sort by the time at which they were made.
    fn all(&self) -> Answer<Vec<Session>> {
        let pages = self.book.sessions().map_err(unread)?;
        Ok(pages.iter().rev().filter_map(|page| Session::read(page)).collect())
    }

    /// The time at which a session is told of. News is kept first: no clock takes it back.
    fn told(&self, session: &mut Session, now: i64) -> Answer<i64> {
        let now = now.max(session.told_at);
        if session.has_news(now) {
            self.keep(entry_of_session(&session.made.id).unwrap_or_default(), session)?;
        }
        Ok(now)
    }

    fn facts(&self, session: &mut Session, now: i64) -> Answer<SessionFacts> {
        let now = self.told(session, now)?;
        Ok(session.facts(now))
    }

    fn make(&self, request: &CreateSession) -> Answer<CreatedSession> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.now().map_err(unread)?;
        let entry = request.entry.to_string();
        let made = match self.kept(Some(&entry)) {
            Ok(session) => session.made,
            Err(NotDone::Rejected(_)) => {
                let session = of_request(request, &entry, now);
                self.keep(&entry, &session)?;
                session.made
            }
            Err(why) => return Err(why),
        };
        Ok(CreatedSession { url: LinkUrl::Given(self.view_url(&made.id)), published: made.published, id: made.id })
    }

    fn read_session(&self, id: &str) -> Answer<SessionFacts> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.now().map_err(unread)?;
        self.facts(&mut self.kept(entry_of_session(id))?, now)
    }

    fn list_sessions(&self, query: &SessionQuery) -> Answer<Listed<SessionFacts>> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.now().map_err(unread)?;
        let mut all = self.all()?;
        let behind = query.after.as_ref().and_then(|after| all.iter().position(|one| one.made.id == *after));
        let wanted = |one: &&mut Session| {
            query.created_from.is_none_or(|from| one.created_at() >= from)
                && query.created_to.is_none_or(|to| one.created_at() <= to)
                && query.search.as_ref().is_none_or(|text| one.reference().contains(text.as_str()))
                && (query.ids.is_empty() || query.ids.contains(&one.made.id))
        };
        let rest = all.iter_mut().skip(behind.map_or(0, |at| at + 1)).filter(wanted);
        let items = rest.map(|one| self.facts(one, now)).collect::<Answer<_>>()?;
        Ok(Listed { items, complete: true })
    }

    /// Paid wins; what is reserved is released.
    fn cancel_session(&self, id: &str) -> Answer<SessionFacts> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.now().map_err(unread)?;
        let entry = entry_of_session(id);
        let mut session = self.kept(entry)?;
        let now = self.told(&mut session, now)?;
        match session.over(now) {
            Some(Over::Paid) => return Err(refused(400, "it is paid")),
            Some(Over::Declined) => return Err(refused(400, "the customer has declined")),
            None if session.made.cancelled_at.is_some() => {}
            None => {
                session.made.cancelled_at = Some(now);
                self.keep(entry.unwrap_or_default(), &session)?;
            }
        }
        Ok(session.facts(now))
    }

    fn read_transaction(&self, id: &str) -> Answer<TransactionFacts> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.now().map_err(unread)?;
        let mut session = self.kept(entry_of_payment(id))?;
        let now = self.told(&mut session, now)?;
        session.transaction(now).ok_or_else(|| refused(404, "there is no such payment"))
    }

    fn list_transactions(&self, query: &TransactionQuery) -> Answer<Listed<TransactionFacts>> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.now().map_err(unread)?;
        let mut all = self.all()?;
        let wanted = |one: &&mut Session| match query {
            TransactionQuery::Sessions(ids) => ids.contains(&one.made.id),
            TransactionQuery::Reference(reference) => one.reference() == reference,
        };
        let mut items = Vec::new();
        for one in all.iter_mut().filter(wanted) {
            let now = self.told(one, now)?;
            items.extend(one.transaction(now));
        }
        Ok(Listed { items, complete: true })
    }

    fn read_profile(&self) -> Answer<Profile> {
        self.now().map_err(unread)?;
        Ok(Profile {
            id: PROFILE.to_owned(),
            methods: policy::METHODS.map(PaymentMethod::new).to_vec(),
            publishes: false,
            terms_url: None,
            theme: None,
        })
    }
}

fn of_request(request: &CreateSession, entry: &str, now: i64) -> Session {
    let order = &request.order;
    let sale = &order.sale;
    let method = match &sale.methods {
        Methods::Only(only) => only.first().map(PaymentMethod::code),
        Methods::All => None,
    };
    let sent = Published { push: sale.methods.is_push(), status: Some(PublishStatus::Sent) };
    Session {
        captures: sale.capture == Capture::Auto,
        method: method.unwrap_or(policy::METHODS[0]).to_owned(),
        told_at: now,
        made: SessionFacts {
            id: Session::id_of(entry),
            reference: Some(order.reference.clone()),
            amount: Some(sale.total.minor()),
            currency: Some(sale.currency.code().to_owned()),
            created_at: Some(now),
            expires_at: Some(request.expires_at.ms()),
            order_id: Some(order.id.to_string()),
            entry_id: Some(entry.to_owned()),
            // As if it had been.
            published: if request.provider_sends { vec![sent] } else { Vec::new() },
            ..SessionFacts::default()
        },
    }
}

/// The phone's own disk failed: nothing was asked for.
fn unread(_: BookError) -> NotDone {
    NotDone::NotSent(Fault::ServerError)
}

fn refused(status: u16, message: &str) -> NotDone {
    NotDone::Rejected(Rejection { status, code: None, message: message.to_owned() })
}

/// It answers at once: what is asked for is done when it is asked, and nobody waits.
fn at_once<'a, T: Send + 'a>(answer: Answer<T>) -> OnItsWay<'a, T> {
    Box::pin(std::future::ready(answer))
}

impl Gateway for Practice {
    fn create<'a>(&'a self, request: &'a CreateSession) -> OnItsWay<'a, CreatedSession> {
        at_once(self.make(request))
    }

    fn session<'a>(&'a self, id: &'a str) -> OnItsWay<'a, SessionFacts> {
        at_once(self.read_session(id))
    }

    fn sessions<'a>(&'a self, query: &'a SessionQuery) -> OnItsWay<'a, Listed<SessionFacts>> {
        at_once(self.list_sessions(query))
    }

    fn cancel<'a>(&'a self, id: &'a str) -> OnItsWay<'a, SessionFacts> {
        at_once(self.cancel_session(id))
    }

    fn transaction<'a>(&'a self, id: &'a str) -> OnItsWay<'a, TransactionFacts> {
        at_once(self.read_transaction(id))
    }

    fn transactions<'a>(&'a self, query: &'a TransactionQuery) -> OnItsWay<'a, Listed<TransactionFacts>> {
        at_once(self.list_transactions(query))
    }

    fn profile(&self) -> OnItsWay<'_, Profile> {
        at_once(self.read_profile())
    }

    /// Nobody is to be asked who one is.
    fn sign_in(&self, _force: bool) -> OnItsWay<'_, ()> {
        at_once(Ok(()))
    }

    fn try_again(&self) {}

    fn network_changed(&self) {}

    fn stop(&self) {}

    fn side_by_side(&self) -> usize {
        1
    }

    fn view_url(&self, session_id: &str) -> String {
        format!("{ADDRESS}{session_id}")
    }
}
