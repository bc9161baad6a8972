//! Whose turn it is: a call is made, the core comes to a point in the middle of it, and chance chooses what happens there.

use super::point::{Ask, Call, Point, Who, possible, possible_within};
use super::world::{Answer, State, World};
use crate::model::Died;
use paylink_core::{Paylink, PaylinkError};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// Calls that are under way at once: one, one in the middle of it, and one in the middle of that.
const MAX_AT_ONCE: usize = 3;
/// Calls that may be held up on the core's runtime at once: it has two threads, and a sync needs both by itself.
const WORKERS: usize = 1;
/// Of 100 visits of a point, at how many something happens at the most: a call that is held up goes on in the end.
const MAX_PERCENT: usize = 50;
/// Of 100 questions about one session, how many are part of such a story.
const STORIES_PERCENT: usize = 6;
/// A call that has not come back after so long of the machine's time waits for somebody who waits for it.
pub(super) const STUCK: Duration = Duration::from_secs(20);
/// Requests and commits of one call of the shell, with all that happens in the middle of it. A queue that comes to rest
/// stays far below it.
const MAX_MOMENTS: u64 = 4_000;

impl State {
    fn lets_something_happen(&self) -> bool {
        !self.quiet && self.under_way.len() < MAX_AT_ONCE
    }

    /// Whether a call can happen at this point, and within those further out. Beside what `possible` says, it must find
    /// what it needs: the token's lock, and one of the two threads of the core's runtime, on which it would be held up.
    fn allows(&self, point: Point, call: Call) -> bool {
        let on_the_runtime = |call: &Call| matches!(call, Call::Sync | Call::SignIn);
        let busy = self.under_way.iter().filter(|call| on_the_runtime(call)).count();
        possible(point, call)
            && self.points.iter().all(|outer| possible_within(*outer, call))
            && !(call.waits_for_the_network() && self.token_in_hand.is_some())
            && !(on_the_runtime(&call) && busy >= WORKERS)
    }
}

impl World {
    /// Makes one call of the shell, or lets the world do something, with all that happens in the middle of it. The
    /// process may die of it; then it is started again.
    pub(super) fn step(self: &Arc<Self>, call: Call) {
        self.state().moments = 0;
        let done = catch_unwind(AssertUnwindSafe(|| self.call(call, None)));
        if let Err(defect) = done
            && !defect.is::<Died>()
        {
            resume_unwind(defect);
        }
        if self.state().dead {
            self.bury();
        }
        self.look();
    }

    fn call(self: &Arc<Self>, call: Call, at: Option<Point>) {
        match at {
            Some(point) => self.note(format!("{point}: {call:?}")),
            None => self.note(format!("{call:?}")),
        }
        let mut state = self.state();
        state.under_way.push(call);
        if let Some(point) = at {
            state.table.hit(point, call);
        }
        drop(state);
        let took = self.perform(call);
        let mut state = self.state();
        let depth = state.under_way.len();
        state.token_in_hand = state.token_in_hand.filter(|at| *at < depth);
        state.under_way.pop();
        if took {
            state.table.took(call);
        }
    }

    /// The core has come to a point: chance decides what happens there.
    pub(super) fn at(self: &Arc<Self>, point: Point) {
        self.alive();
        self.story(point);
        while let Some(call) = self.choose(point) {
            self.meanwhile(point, call);
        }
    }

    /// An answer is in hand that says something new, and is old before it is handled: chance alone lets two read the
    /// same session too seldom.
    fn story(self: &Arc<Self>, point: Point) {
        let calls: &[Call] = match point {
            Point::Before(Ask::Session) => &[Call::Visit],
            Point::After(Ask::Session) => &[Call::Pay, Call::Cancel, Call::Work],
            _ => return,
        };
        if !calls.iter().all(|call| self.may(*call, point)) || !self.percent(STORIES_PERCENT) {
            return;
        }
        self.state().insists = true;
        calls.iter().for_each(|call| self.meanwhile(point, *call));
        self.state().insists = false;
        self.look();
    }

    fn meanwhile(self: &Arc<Self>, point: Point, call: Call) {
        self.state().points.push(point);
        self.call(call, Some(point));
        self.state().points.pop();
        self.alive();
    }

    /// Whether something may happen at this point by chance, and this call may.
    fn may(&self, call: Call, point: Point) -> bool {
        let state = self.state();
        state.lets_something_happen() && state.allows(point, call)
    }

    fn choose(&self, point: Point) -> Option<Call> {
        let mut state = self.state();
        if !state.lets_something_happen() {
            return None;
        }
        let percent = if state.under_way.len() > 1 { state.nested_percent / 2 } else { state.nested_percent };
        if !state.chance.percent((percent * point.seldom()).min(MAX_PERCENT)) {
            return None;
        }
        let choice: Vec<Call> = Call::ALL.into_iter().filter(|call| state.allows(point, *call)).collect();
        let mut left = state.chance.below(choice.iter().map(|call| call.weight()).sum());
        choice.into_iter().find(|call| {
            let here = left < call.weight();
            left = left.saturating_sub(call.weight());
            here
        })
    }

    /// Counts a moment of the core. One call that has too many of them never comes to rest.
    pub(super) fn moment(&self) {
        let mut state = self.state();
        state.moments += 1;
        let endless = state.moments == MAX_MOMENTS;
        drop(state);
        if endless {
            self.wrong(format!("no rest: {MAX_MOMENTS} requests and commits in one call"));
            if let Some(core) = self.core() {
                // Nothing is sent offline, so it ends.
                let _ = core.network_changed(false);
            }
        }
    }

    /// Who commits now.
    pub(super) fn who(&self) -> Who {
        let mut state = self.state();
        let who = Who::of(state.under_way.last().copied());
        let keeps_profile = std::mem::replace(&mut state.profile_read, false);
        // The profile is kept by whoever has just read it, before it lets go of what the others wait for.
        if who == Who::Work && keeps_profile { Who::Profile } else { who }
    }

    /// Asks the core on a thread of its own, where it may wait for its runtime.
    pub(super) fn begin<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Paylink) -> Result<T, PaylinkError> + Send + 'static,
    ) -> Option<mpsc::Receiver<Answer<T>>> {
        let core = self.core()?;
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            let done = catch_unwind(AssertUnwindSafe(|| work(&core)));
            drop(core);
            let _ = tell.send(done);
        });
        Some(told)
    }

    /// Asks the core so, and waits for the answer.
    pub(super) fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Paylink) -> Result<T, PaylinkError> + Send + 'static,
    ) -> Option<Result<T, PaylinkError>> {
        match self.begin(work)?.recv_timeout(STUCK) {
            Ok(Ok(done)) => Some(done),
            Ok(Err(defect)) => resume_unwind(defect),
            Err(_) => {
                let under_way = self.state().under_way.clone();
                self.wrong(format!("stuck: {under_way:?} wait for each other"));
                None
            }
        }
    }

    /// Calls under way, and moments since the outermost began.
    pub(super) fn progress(&self) -> (usize, u64) {
        let state = self.state();
        (state.under_way.len(), state.moments)
    }

    /// Asks the core on this thread.
    pub(super) fn ask<T>(&self, work: impl FnOnce(&Paylink) -> Result<T, PaylinkError>) -> Option<T> {
        let core = self.core()?;
        let done = work(&core);
        drop(core);
        self.alive();
        match done {
            Ok(done) => Some(done),
            Err(PaylinkError::Internal { .. }) => {
                self.wrong("a defect of the core: an internal error");
                None
            }
            Err(_) => None,
        }
    }
}
