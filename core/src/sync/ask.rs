//! One pass of questions.

use super::keep::{Missed, Told};
use super::{policy, write};
use crate::account::{Context, ReadKind};
use crate::clock::PhoneTime;
use crate::gateway::{Answer, NotDone, SessionQuery, TransactionQuery};
use crate::link::{SessionFacts, TransactionFacts};
use crate::store::StoreResult;
use crate::store::rows::meta;
use crate::store::rows::sessions::{self, SessionRow};
use futures_util::stream::{self, StreamExt};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

/// Until when nothing is read.
const REST: &str = "reads_rest";

/// A rest from reading, kept for the next process as well.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Rest {
    until: PhoneTime,
    /// How long it was when it began: an end further away means that the clock was set back.
    wait_ms: i64,
    /// The provider asked for it; nobody but time ends it then.
    asked_for: bool,
}

/// So many questions in a row without an answer end a pass: it is not what was asked about.
const MAX_FAILED: u32 = 3;
/// How long a list of sessions that was refused, or told nothing, is not asked for again.
const LISTS_REFUSED_MS: i64 = policy::DAY_MS;

/// Asks, and remembers what cannot be asked.
#[derive(Default)]
pub struct Asker {
    /// Passes in a row that broke off.
    broke_off: AtomicU32,
    /// Until when sessions are not asked for in lists, by the monotonic clock.
    no_lists_until: AtomicI64,
}

/// What the reads of a pass met.
#[derive(Default)]
struct Met {
    sessions: Rights,
    transactions: Rights,
    failed_in_a_row: u32,
    /// Why the pass broke off: nobody answers, or asks to wait.
    broke_off: Option<NotDone>,
}

#[derive(Default)]
struct Rights {
    granted: bool,
    forbidden: bool,
}

impl Met {
    /// Takes in an answer about one thing: what it is, or why this one gave nothing; `None` as the why: the pass is over.
    fn take<T>(&mut self, kind: ReadKind, answer: Answer<T>) -> Result<T, Option<Missed>> {
        let rights = match kind {
            ReadKind::Sessions => &mut self.sessions,
            ReadKind::Transactions => &mut self.transactions,
        };
        match answer {
            Ok(found) => {
                rights.granted = true;
                self.failed_in_a_row = 0;
                Ok(found)
            }
            Err(NotDone::Forbidden(rejection)) => {
                rights.forbidden = true;
                self.failed(NotDone::Forbidden(rejection));
                Err(Some(Missed::Refused))
            }
            Err(NotDone::Rejected(_) | NotDone::Pending { .. }) => Err(Some(Missed::Refused)),
            // Whether it is what was asked about or the network, the next questions show.
            Err(NotDone::Unclear(fault)) => {
                self.failed(NotDone::Unclear(fault));
                Err(Some(Missed::Failed))
            }
            Err(why) => {
                self.broke_off.get_or_insert(why);
                Err(None)
            }
        }
    }

    fn failed(&mut self, why: NotDone) {
        self.failed_in_a_row += 1;
        if self.failed_in_a_row >= MAX_FAILED {
            self.broke_off.get_or_insert(why);
        }
    }
}

impl Asker {
    /// Asks about these links, once. Gives how many were asked about.
    ///
    /// # Errors
    /// Storage errors.
    pub async fn ask(&self, ctx: &Context, ids: &[String]) -> StoreResult<usize> {
        if ids.is_empty() || !ctx.may_read() || self.rests(ctx)?.is_some() {
            return Ok(0);
        }
        let wanted = ids.to_vec();
        let rows = ctx.store.read(move |db| {
            wanted.iter().filter_map(|id| sessions::get(db, id).transpose()).collect::<StoreResult<Vec<SessionRow>>>()
        })?;
        let mut met = Met::default();
        let mut told = if rows.len() <= policy::ONE_BY_ONE {
            self.one_by_one(ctx, rows, &mut met).await
        } else {
            self.in_lists(ctx, rows, &mut met).await
        };
        if met.broke_off.is_some() && !met.sessions.granted && !met.transactions.granted {
            told.clear(); // nobody answered: that says nothing of a link
        }
        let asked = told.len();
        write(ctx, told)?;
        self.account(ctx, met)?;
        Ok(asked)
    }

    /// Until when nothing is read because the provider asked for it.
    ///
    /// # Errors
    /// Storage errors.
    pub fn rests(&self, ctx: &Context) -> StoreResult<Option<PhoneTime>> {
        let now = ctx.now();
        let rest = ctx.store.read(|db| meta::get_json::<Rest>(db, REST))?;
        let holds = |rest: &Rest| (1..=rest.wait_ms).contains(&rest.until.since(now));
        Ok(rest.filter(holds).map(|rest| rest.until))
    }

    /// Another network, or somebody looks: what broke off may be tried. A rest that the provider asked for is kept.
    ///
    /// # Errors
    /// Storage errors.
    pub fn try_again(&self, ctx: &Context) -> StoreResult<()> {
        self.broke_off.store(0, Ordering::SeqCst);
        let rests = ctx.store.read(|db| meta::get_json::<Rest>(db, REST))?;
        if rests.is_some_and(|rest| !rest.asked_for) {
            ctx.store.write(|db| meta::remove(db, REST))?;
        }
        Ok(())
    }

    /// What a pass says of the account.
    fn account(&self, ctx: &Context, met: Met) -> StoreResult<()> {
        for (kind, rights) in [(ReadKind::Sessions, met.sessions), (ReadKind::Transactions, met.transactions)] {
            if rights.granted || rights.forbidden {
                let could_not = ctx.reading().is_some();
                ctx.readable(kind, rights.granted);
                if could_not && ctx.reading().is_none() {
                    // What could not be seen meanwhile is to be seen now.
                    let now = ctx.now();
                    ctx.store.write(move |db| sessions::poll_missed(db, now))?;
                }
            }
        }
        ctx.keep_time();
        let Some(why) = met.broke_off else {
            self.broke_off.store(0, Ordering::SeqCst);
            return Ok(());
        };
        if let NotDone::SignInNeeded(reason) = why {
            ctx.pause(reason);
            return Ok(());
        }
        let in_a_row = self.broke_off.fetch_add(1, Ordering::SeqCst) + 1;
        let asked = why.retry_after_ms();
        let wait = asked.unwrap_or_else(|| policy::after_misses(in_a_row, false));
        let wait_ms = wait.min(policy::DAY_MS);
        let rest = Rest { until: ctx.now().plus(wait_ms), wait_ms, asked_for: asked.is_some() };
        ctx.store.write(move |db| meta::put_json(db, REST, &rest))
    }

    async fn one_by_one(&self, ctx: &Context, rows: Vec<SessionRow>, met: &mut Met) -> Vec<Told> {
        let answers = stream::iter(rows)
            .map(|row| async move {
                let answer = of_one(ctx, &row).await;
                (row.id, answer)
            })
            // In one task: one after the other where the transport blocks, and a panic is not swallowed.
            .buffer_unordered(ctx.gateway.side_by_side());
        let mut answers = std::pin::pin!(answers);
        let mut told = Vec::new();
        while let Some((id, answer)) = answers.next().await {
            let (session, transaction) = answer;
            let session = session.map(|answer| met.take(ReadKind::Sessions, answer));
            let transaction = transaction.map(|answer| met.take(ReadKind::Transactions, answer));
            told.extend(one(id, session, transaction));
            if met.broke_off.is_some() {
                break;
            }
        }
        told
    }

    async fn in_lists(&self, ctx: &Context, rows: Vec<SessionRow>, met: &mut Met) -> Vec<Told> {
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let mut paid: HashMap<String, TransactionFacts> = HashMap::new();
        let answer = ctx.gateway.transactions(&TransactionQuery::Sessions(ids.clone())).await;
        let has_payments = match met.take(ReadKind::Transactions, answer) {
            Ok(listed) => {
                paid.extend(listed.items.into_iter().filter_map(|one| Some((one.session_id.clone()?, one))));
                true
            }
            Err(None) => return Vec::new(),
            Err(Some(_)) => false,
        };
        let mut listed = self.list(ctx, ids, met).await;
        if met.broke_off.is_some() {
            return Vec::new();
        }
        let mut told = Vec::new();
        let mut unread = Vec::new();
        for row in rows {
            let transaction = paid.remove(&row.id);
            // A list may leave out what is to be known; a session that is being paid is not opened any more.
            match listed.remove(&row.id) {
                Some(session) if has_payments || session.transaction_id.is_none() => {
                    told.push(Told { id: row.id, session: Some(session), transaction, missed: None });
                }
                None if transaction.is_some()
                    && transaction.as_ref().map(|one| &one.status)
                        == row.transaction.as_ref().map(|one| &one.status) =>
                {
                    told.push(Told { id: row.id, session: None, transaction, missed: None });
                }
                _ => unread.push(row),
            }
        }
        told.extend(self.one_by_one(ctx, unread, met).await);
        told
    }

    /// Sessions by their ids, where the provider lists them and a list says what a session does.
    async fn list(&self, ctx: &Context, ids: Vec<String>, met: &mut Met) -> HashMap<String, SessionFacts> {
        let now = ctx.clock.monotonic_ms();
        if now < self.no_lists_until.load(Ordering::SeqCst) {
            return HashMap::new();
        }
        let query = SessionQuery { ids: ids.clone(), ..SessionQuery::default() };
        let listed = match ctx.gateway.sessions(&query).await {
            // Only that lists are not given: sessions may be read all the same.
            Err(NotDone::Forbidden(_) | NotDone::Rejected(_)) => Vec::new(),
            answer => match met.take(ReadKind::Sessions, answer) {
                Ok(listed) => listed.items,
                Err(_) => return HashMap::new(),
            },
        };
        // Every session has an event from its creation on: one without leaves them out.
        let tells = |session: &SessionFacts| !session.events.is_empty() && ids.contains(&session.id);
        let listed: HashMap<String, SessionFacts> =
            listed.into_iter().filter(tells).map(|session| (session.id.clone(), session)).collect();
        if listed.is_empty() {
            self.no_lists_until.store(now.saturating_add(LISTS_REFUSED_MS), Ordering::SeqCst);
        }
        listed
    }
}

/// The session, and its transaction; each only where it can have changed.
type OfOne = (Option<Answer<SessionFacts>>, Option<Answer<TransactionFacts>>);

/// Of a payment under way the transaction tells; the session is read again when that has changed.
async fn of_one(ctx: &Context, row: &SessionRow) -> OfOne {
    if let Some(known) = &row.transaction {
        match ctx.gateway.transaction(&known.id).await {
            Ok(transaction) if transaction.status == known.status && transaction.events.len() <= known.events.len() => {
                return (None, Some(Ok(transaction)));
            }
            Ok(transaction) => return (Some(ctx.gateway.session(&row.id).await), Some(Ok(transaction))),
            Err(why) => return (None, Some(Err(why))),
        }
    }
    let session = ctx.gateway.session(&row.id).await;
    let id = session.as_ref().ok().and_then(|session| session.transaction_id.clone());
    match id.or_else(|| row.facts.transaction_id.clone()) {
        Some(id) => (Some(session), Some(ctx.gateway.transaction(&id).await)),
        None => (Some(session), None),
    }
}

/// What two answers tell together; nothing when the pass broke off before.
fn one(
    id: String,
    session: Option<Result<SessionFacts, Option<Missed>>>,
    transaction: Option<Result<TransactionFacts, Option<Missed>>>,
) -> Option<Told> {
    let mut missed = None;
    let mut of = |miss: Option<Missed>| missed = missed.or(miss);
    let session = session.and_then(|session| session.map_err(&mut of).ok());
    let transaction = transaction.and_then(|transaction| transaction.map_err(&mut of).ok());
    let is_told = session.is_some() || transaction.is_some();
    (is_told || missed.is_some()).then_some(Told { id, session, transaction, missed })
}
