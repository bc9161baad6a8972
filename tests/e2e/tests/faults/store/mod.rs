//! The data directory: a disk that fails, power that goes, a damaged file, many hands.

mod faults;
mod folder;
mod power_cut;
mod recovery;
mod shared;
