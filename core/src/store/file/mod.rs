//! The file: where it is and who owns it (`paths`, `private`, `lock`, `mark`), whether it can be trusted (`log`, `check`), what is in
//! it (`schema`), the one way to it (`open`), and what becomes of a damaged one (`plan`, `quarantine`, `aside`), or of
//! what was erased (`erase`).

mod abort;
mod aside;
mod check;
mod erase;
mod lock;
mod log;
mod mark;
mod open;
pub mod paths;
mod plan;
pub(super) mod private;
mod quarantine;
pub mod schema;

pub use abort::Abort;
pub use aside::{delete_set_aside, set_aside};
#[cfg(test)]
pub use check::{full as check_full, pages as check_pages};
pub use erase::{is_marked, mark_erased, settle};
pub use lock::DirectoryLock;
#[cfg(test)]
pub use mark::mark;
pub use mark::{Mark, remember};
pub use open::{IN_USE, close, read_only, read_write};
pub use plan::Plan;
