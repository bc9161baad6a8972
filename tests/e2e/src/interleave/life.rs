//! The life of the core in a history: opened, closed, killed.

use super::turn::STUCK;
use super::world::World;
use crate::model::Died;
use paylink_core::account::Ports;
use paylink_core::clock::Clock;
use paylink_core::{LinkFilter, Page, Paylink, PaylinkError};
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

impl World {
    /// Opens the core; where it dies of that, again.
    pub(super) fn open(&self) {
        loop {
            match catch_unwind(AssertUnwindSafe(|| self.try_open())) {
                Ok(Ok(core)) => {
                    let heard = self.heard.listener();
                    let listening = core.subscribe(heard);
                    *self.slot() = Some((Arc::new(core), listening));
                    return self.learn_of_orders();
                }
                Ok(Err(error)) if !self.disk.is_gone() => {
                    return self.wrong(format!("the core does not open: {error}"));
                }
                Ok(Err(_)) => {}
                Err(defect) if !defect.is::<Died>() => resume_unwind(defect),
                Err(_) => {}
            }
            self.state().dead = false;
            self.disk.heal();
        }
    }

    fn try_open(&self) -> Result<Paylink, PaylinkError> {
        let clock: Arc<dyn Clock> = self.clock.clone();
        let ports = Ports { secure_store: self.secure.clone(), token_source: None };
        let core = Paylink::open_unscheduled(&self.config, ports, clock)?;
        let online = self.state().online;
        core.network_changed(online)?;
        Ok(core)
    }

    /// What was saved in the moment in which the process died was never said to be.
    fn learn_of_orders(&self) {
        let all = Page { offset: 0, limit: 1_000 };
        let links = self.core().and_then(|core| core.links(LinkFilter::default(), all).ok());
        let mut state = self.state();
        for link in links.into_iter().flatten() {
            state.cases.entry(link.id).or_default().told.reference = link.reference;
        }
    }

    /// Takes the core away: closes it, and opens another.
    pub(super) fn reopen(&self) {
        let Some((core, listening)) = self.slot().take() else { return };
        core.close();
        drop(core);
        self.heard.end(listening);
        // Whose commit is it? Nobody's call: an opening.
        let outer = std::mem::take(&mut self.state().under_way);
        self.open();
        self.state().under_way = outer;
    }

    /// The core goes for good.
    pub(super) fn close(&self) {
        if let Some((core, listening)) = self.slot().take() {
            core.close();
            drop(core);
            self.heard.end(listening);
        }
    }

    /// The process is dead: nothing more of it reaches the disk. Another is started.
    pub(super) fn bury(&self) {
        {
            let mut state = self.state();
            state.under_way.clear();
            state.points.clear();
            state.committing.clear();
            state.insists = false;
            (state.profile_read, state.disk_full, state.token_in_hand) = (false, false, None);
        }
        if let Some((core, listening)) = self.slot().take() {
            self.heard.end(listening);
            // A sync that waits for what nobody does any more comes back when it is offline.
            let _ = core.network_changed(false);
            let begun = Instant::now();
            while Arc::strong_count(&core) > 1 && begun.elapsed() < STUCK {
                std::thread::sleep(Duration::from_millis(1));
            }
            match Arc::try_unwrap(core) {
                Ok(core) => core.abandon(),
                Err(_) => return self.wrong("somebody still works with a core that is dead"),
            }
        }
        self.disk.heal();
        let mut state = self.state();
        (state.dead, state.figures.deaths) = (false, state.figures.deaths + 1);
        drop(state);
        self.open();
    }

    /// Whoever still runs ends here, when the process is dead.
    pub(super) fn alive(&self) {
        if self.state().dead {
            panic_any(Died);
        }
    }

    /// The process dies now.
    pub(super) fn die(&self) {
        self.state().dead = true;
        self.disk.kill_at(0);
        panic_any(Died);
    }
}
