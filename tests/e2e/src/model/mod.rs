//! The proof by histories: the real outbox, store, gateway and recovery against the sandbox's engine, in virtual time,
//! with every fault by chance. A history is its seed; the same seed makes the same history.

mod invariants;
mod net;
mod world;

pub use invariants::{Summary, once_in_a_family, order, sale};
pub use net::{Died, Fault, on_the_wire, perform};
use std::collections::BTreeMap;
pub use world::{Told, World};

/// Steps of one history.
const STEPS: usize = 40;

/// Runs one history: what it did, and the faults that it met.
///
/// # Errors
/// What was wrong at its end, with its log.
pub fn run(seed: u64) -> Result<(Summary, BTreeMap<Fault, u64>), String> {
    let mut world = World::new(seed);
    for _ in 0..STEPS {
        world.step();
    }
    world.heal();
    let checked = invariants::check(&world);
    let mood = world.net.mood();
    checked
        .map(|summary| (summary, mood.met.clone()))
        .map_err(|wrong| format!("seed {seed}: {wrong}\n  {}", mood.log.join("\n  ")))
}
