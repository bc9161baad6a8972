//! The line between the core and the rest of the world: its requests and its commits, each with the two points at which
//! something else can happen.

use super::point::{Ask, Point};
use super::world::{Late, World};
use crate::model::{Fault, on_the_wire, perform};
use paylink_core::Moments;
use paylink_core::clock::Clock;
use paylink_core::gateway::dintero::{Carried, CarriedReply, Transport};
use paylink_sandbox::Request;
use std::sync::{Arc, Weak};

/// After so long the core's own client gives a request up: a write, and a read.
const GIVEN_UP_MS: (i64, i64) = (30_000, 15_000);
/// A request arrives at most so long after it was given up: what a network holds back for longer, it has lost.
pub const MAX_LATE_MS: usize = 50_000;

/// Faults that a line can have; death has its own place.
const FAULTS: usize = Fault::ALL.len() - 2;

/// The line of one world.
pub(super) struct Line(pub(super) Weak<World>);

impl Transport for Line {
    fn send(&self, request: Carried) -> CarriedReply {
        let Some(world) = self.0.upgrade() else { return CarriedReply::NotConnected };
        let request = on_the_wire(&request);
        let ask = Ask::of(&request.method, &request.path);
        world.moment();
        world.asked(ask, &request);
        let begun = world.clock.monotonic_ms();
        world.at(Point::Before(ask));
        if world.clock.monotonic_ms() - begun > MAX_LATE_MS as i64 {
            world.note("held up for too long, and lost");
            return CarriedReply::TimedOut;
        }
        let reply = world.carry(ask, &request);
        world.at(Point::After(ask));
        world.state().profile_read = ask == Ask::Profile;
        let given_up = if request.method == "POST" { GIVEN_UP_MS.0 } else { GIVEN_UP_MS.1 };
        if world.clock.monotonic_ms() - begun > given_up {
            world.note("it took too long");
            return CarriedReply::TimedOut;
        }
        reply
    }
}

impl Moments for Line {
    fn before_commit(&self) {
        let Some(world) = self.0.upgrade() else { return };
        world.moment();
        let who = world.who();
        world.state().committing.push(who);
        world.at(Point::BeforeCommit(who));
    }

    fn after_commit(&self) {
        let Some(world) = self.0.upgrade() else { return };
        let mut state = world.state();
        state.figures.commits += 1;
        let who = state.committing.pop();
        drop(state);
        if world.end_of_full_disk() {
            world.note("the disk has room again");
        }
        if let Some(who) = who {
            world.at(Point::AfterCommit(who));
        }
    }
}

impl World {
    /// Carries a request to the provider, or fails it.
    fn carry(self: &Arc<Self>, ask: Ask, request: &Request) -> CarriedReply {
        let about = self.state().about.clone().unwrap_or_default();
        let what = format!("{} {} {about}", request.method, request.path);
        let is_write = matches!(ask, Ask::Create | Ask::Cancel);
        let mut state = self.state();
        let (faults, late, bad) = (state.faults_percent, state.late_percent, state.bad_minute);
        let fault = if bad && ask == Ask::Create {
            state.chance.one(&[Fault::CutBefore, Fault::ReplyLost, Fault::BadGateway]).copied()
        } else if state.chance.percent(faults) {
            state.chance.one(&Fault::ALL[..FAULTS]).copied()
        } else {
            None
        };
        if fault.is_none() && is_write && !state.quiet && state.chance.percent(late) {
            let after = 500 + state.chance.below(MAX_LATE_MS);
            let due_ms = self.provider.now_ms() + i64::try_from(after).unwrap_or(0);
            state.late.push(Late { due_ms, request: request.clone() });
            drop(state);
            self.note(format!("{what}: is on its way for {after} ms, and its sender gives it up"));
            return if self.percent(50) { CarriedReply::Cut } else { CarriedReply::TimedOut };
        }
        drop(state);
        let Some(fault) = fault else {
            let reply = perform(&self.provider, request);
            if let CarriedReply::Full { status, .. } = &reply
                && (is_write || *status >= 400 || std::env::var_os("PAYLINK_READS").is_some())
            {
                self.note(format!("{what}: {status}"));
            }
            return reply;
        };
        self.note(format!("{what}: {fault:?}"));
        *self.state().figures.faults.entry(fault).or_default() += 1;
        fault.befall(&self.provider, request)
    }
}
