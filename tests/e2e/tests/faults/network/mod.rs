//! The real core over a bad network: every way in which a request or its answer can be lost, for sales with and
//! without the provider's SMS, with listing allowed and refused. What the seller sees is asked of the core; whether
//! anything was lost or doubled is asked of the provider's own records, after the network has healed.

mod cancels;
mod creates;
mod lines;
mod pool;
mod proof;
mod reads;
mod sign_in;
mod time;
mod troubles;
mod world;
