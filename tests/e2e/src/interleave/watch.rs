//! What is watched all along: that no request goes out which a saved cancel forbids, that nothing which the seller has
//! seen is taken back, that nobody is told of what is not there.

use super::point::Ask;
use super::world::World;
use crate::model::Told;
use paylink_core::account::{LinkListener, Subscription};
use paylink_core::link::{EventKind, LinkStatus, PaymentLink};
use paylink_core::{LinkFilter, OrderId, Page, Paylink};
use paylink_sandbox::{Engine, Request};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

/// How long the last announcements may take.
const HEARD_WITHIN: Duration = Duration::from_secs(5);
/// The `Date` header has whole seconds, and a request takes its time.
const CLOCKS_APART_MS: i64 = 60_000;

/// What the proof knows of one order.
#[derive(Debug, Default)]
pub(super) struct Case {
    pub(super) told: Told,
    /// The seller has cancelled it or given it up, and knows that this is saved.
    pub(super) stopped: Option<Stopped>,
    /// Creates that were begun.
    pub(super) posts: u32,
    /// Requests about it alone.
    pub(super) requests: u64,
    /// How often it came back to the seller after it was given up.
    returned: u32,
    /// As the seller saw it last.
    shown: Option<PaymentLink>,
}

/// The moment in which a cancel was known to be saved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopped {
    /// Attempts that the timeline told of, where one of them was being made.
    in_progress: Option<usize>,
}

/// What listeners were told, by the life of the core that told it.
#[derive(Default)]
pub(super) struct Heard {
    all: Arc<Mutex<Vec<(usize, OrderId, i64)>>>,
    listening: Mutex<Vec<Weak<Ear>>>,
    /// Of cores that are gone or going: they hear to the end.
    ending: Mutex<Vec<Subscription>>,
}

struct Ear {
    life: usize,
    all: Arc<Mutex<Vec<(usize, OrderId, i64)>>>,
}

impl LinkListener for Ear {
    fn on_change(&self, link: OrderId, cursor: i64) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).push((self.life, link, cursor));
    }
}

impl Heard {
    /// A listener for a new core.
    pub(super) fn listener(&self) -> Arc<dyn LinkListener> {
        let mut listening = self.listening.lock().unwrap_or_else(PoisonError::into_inner);
        let ear = Arc::new(Ear { life: listening.len(), all: Arc::clone(&self.all) });
        listening.push(Arc::downgrade(&ear));
        ear
    }

    /// The core of this subscription goes; what it has said is still heard.
    pub(super) fn end(&self, listening: Subscription) {
        self.ending.lock().unwrap_or_else(PoisonError::into_inner).push(listening);
    }

    /// What was wrong with what was announced, once every core is gone. `events` are those that there are.
    pub(super) fn wrong(&self, events: &BTreeMap<i64, OrderId>) -> Option<String> {
        let begun = Instant::now();
        let is_over =
            || self.listening.lock().unwrap_or_else(PoisonError::into_inner).iter().all(|ear| ear.strong_count() == 0);
        while !is_over() {
            if begun.elapsed() > HEARD_WITHIN {
                return Some("a listener never heard the end".to_owned());
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, cursor)) = all.iter().find(|(_, _, cursor)| !events.contains_key(cursor)) {
            return Some(format!("announced {cursor}, which is not there"));
        }
        let mut last: BTreeMap<usize, i64> = BTreeMap::new();
        for (life, _, cursor) in all.iter() {
            let before = last.insert(*life, *cursor).unwrap_or(0);
            // A change without an event comes with the newest cursor of all.
            if before > *cursor {
                return Some(format!("announced {cursor} after {before}"));
            }
        }
        None
    }
}

/// The reference that a request is about, where it is about one.
fn reference(engine: &Engine, ask: Ask, request: &Request) -> Option<String> {
    let session = |id: &str| engine.session(id).map(|session| session.merchant_reference.clone());
    let last = |skip: usize| request.path.split('/').filter(|part| !part.is_empty()).nth(skip);
    match ask {
        Ask::Token | Ask::Profile => None,
        Ask::Create => {
            let body: serde_json::Value = serde_json::from_slice(&request.body).ok()?;
            Some(body["order"]["merchant_reference"].as_str()?.to_owned())
        }
        Ask::Cancel | Ask::Session => session(last(2)?),
        Ask::Transaction => session(&engine.transaction(last(2)?)?.session_id),
        Ask::Sessions => request.param("search").map(str::to_owned),
        Ask::Transactions => request.param("merchant_reference").map(str::to_owned),
    }
}

impl World {
    /// A request is about to leave.
    pub(super) fn asked(&self, ask: Ask, request: &Request) {
        let about = self.provider.engine(|engine| reference(engine, ask, request));
        let mut state = self.state();
        state.figures.requests += 1;
        let before = state.last.replace(ask);
        if ask == Ask::Token && matches!(before, Some(Ask::Session | Ask::Transaction | Ask::Transactions)) {
            let depth = state.under_way.len();
            state.token_in_hand.get_or_insert(depth);
        }
        state.about.clone_from(&about);
        let Some(about) = about else { return };
        let Some((id, case)) = state.cases.iter_mut().find(|(_, case)| case.told.reference == about) else { return };
        case.requests += 1;
        if ask != Ask::Create {
            return;
        }
        case.posts += 1;
        let (id, stopped) = (*id, case.stopped);
        drop(state);
        let Some(stopped) = stopped else { return };
        // The attempt that was being made when the cancel was saved may still leave.
        let attempts = self.core().and_then(|core| attempts(&core, id));
        if stopped.in_progress.is_none() || attempts.is_some_and(|now| Some(now) != stopped.in_progress) {
            self.wrong(format!("{about}: sent after it was cancelled, and that was saved"));
        }
    }

    /// The seller was told that a cancel, or giving up, is saved.
    pub(super) fn stopped(&self, link: &PaymentLink) {
        let in_progress = (link.status == LinkStatus::Creating)
            .then(|| self.core().and_then(|core| attempts(&core, link.id)).unwrap_or(0));
        self.case(link, |case| {
            case.stopped.get_or_insert(Stopped { in_progress });
        });
    }

    /// What is known of an order; it may be one whose saving has not been reported yet.
    pub(super) fn case(&self, link: &PaymentLink, edit: impl FnOnce(&mut Case)) {
        let mut state = self.state();
        let case = state.cases.entry(link.id).or_default();
        case.told.reference.clone_from(&link.reference);
        edit(case);
    }

    /// The seller looks at the list; and whose address a customer could have by now is noted.
    pub(super) fn look(&self) {
        let Some(core) = self.core() else { return };
        {
            // Where nothing was written there is nothing new.
            let mut state = self.state();
            let commits = state.figures.commits;
            if std::mem::replace(&mut state.looked_at, commits) == commits {
                return;
            }
        }
        let all = Page { offset: 0, limit: 1_000 };
        let Ok(links) = core.links(LinkFilter::default(), all) else { return };
        for link in links {
            let mut state = self.state();
            let Some(case) = state.cases.get_mut(&link.id) else { continue };
            case.told.handed_out.extend(link.session_id.clone());
            let before = case.shown.replace(link.clone());
            let Some(before) = before else { continue };
            if before.status == LinkStatus::Cancelled && link.status == LinkStatus::NeedsAttention {
                case.returned += 1;
            }
            let wrong = taken_back(&before, &link)
                .or_else(|| (case.returned > 1).then(|| "given up, and comes back again and again".to_owned()));
            drop(state);
            if let Some(wrong) = wrong {
                self.wrong(format!("{}: {wrong}", link.reference));
            }
        }
        self.news(&core);
        for message in self.provider.inbox() {
            let Some(session) = self.provider.session(&message.session_id) else { continue };
            let mut state = self.state();
            let owner = state.cases.values_mut().find(|case| case.told.reference == session.merchant_reference);
            if let Some(case) = owner {
                case.told.handed_out.insert(message.session_id);
            }
        }
    }

    /// What is new on the timelines.
    fn news(&self, core: &Paylink) {
        let seen = self.state().seen;
        let Ok(news) = core.events_since(Some(seen)) else { return };
        for event in news {
            self.state().seen = event.cursor;
            if event.kind != EventKind::Expired {
                continue;
            }
            let link = core.link(event.link).ok();
            let session = link.and_then(|link| self.provider.session(&link.session_id?));
            let Some(session) = session else { continue };
            if self.provider.now_ms() + CLOCKS_APART_MS < session.expires_at_ms {
                self.wrong(format!("{}: said to be expired before its time", session.merchant_reference));
            }
        }
    }
}

fn attempts(core: &Paylink, id: OrderId) -> Option<usize> {
    let timeline = core.timeline(id).ok()?;
    Some(timeline.iter().filter(|event| event.kind == EventKind::Sending).count())
}

/// What the seller saw before and does not see any more.
fn taken_back(before: &PaymentLink, now: &PaymentLink) -> Option<String> {
    let gone = |what: &str| Some(format!("{what} taken back: {:?}, now {:?}", before.status, now.status));
    let over = [LinkStatus::Cancelled, LinkStatus::Declined, LinkStatus::Failed];
    if before.opened_at.is_some() && now.opened_at.is_none() {
        return gone("that it was opened is");
    }
    if before.paid_at.is_some() && now.paid_at.is_none() {
        return gone("that it was paid is");
    }
    if now.captured.minor() < before.captured.minor() || now.refunded.minor() < before.refunded.minor() {
        return gone("money is");
    }
    if before.session_id.is_some() && now.session_id.is_none() {
        return gone("the link is");
    }
    let same = before.session_id == now.session_id;
    let payable = now.status.is_payable();
    if same && payable && (before.status.has_money() || (over.contains(&before.status) && before.session_id.is_some()))
    {
        return gone("its end is");
    }
    if same && before.status == LinkStatus::Opened && now.status == LinkStatus::Open {
        return gone("that it was opened is");
    }
    None
}
