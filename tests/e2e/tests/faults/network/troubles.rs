//! Every trouble, and what the core makes of it: the table that the suites go through.

use paylink_sandbox::proxy::Trouble;
use std::time::Duration;

/// A trouble of one request.
#[derive(Clone, Debug)]
pub struct Case {
    pub trouble: Trouble,
    /// The reason that the seller can read; `None`: nothing goes wrong.
    pub reason: Option<&'static str>,
}

impl Case {
    const fn new(trouble: Trouble, reason: Option<&'static str>) -> Self {
        Self { trouble, reason }
    }
}

/// 100 MB.
const HUGE: u64 = 100_000_000;

/// The request never reaches the provider, and the core cannot know that.
pub fn undelivered() -> Vec<Case> {
    vec![
        Case::new(Trouble::BlackHole, Some("timeout")),
        Case::new(Trouble::CutRequest { after: 0 }, Some("cut")),
        Case::new(Trouble::CutRequest { after: 300 }, Some("cut")),
        Case::new(Trouble::CutRequest { after: usize::MAX }, Some("cut")),
        Case::new(Trouble::PortalRedirect, Some("not_json")),
        Case::new(Trouble::PortalPage, Some("not_json")),
    ]
}

/// The provider has acted, and its answer is lost.
pub fn answer_lost() -> Vec<Case> {
    let ages = Duration::from_secs(30);
    vec![
        Case::new(Trouble::DropReply, Some("cut")),
        Case::new(Trouble::CutReply, Some("cut")),
        Case::new(Trouble::ChunkedNonsense, Some("cut")),
        Case::new(Trouble::Trickle { bytes: 1, every: Duration::from_millis(100) }, Some("timeout")),
        Case::new(Trouble::Slow { by: ages }, Some("timeout")),
        Case::new(Trouble::Huge { bytes: HUGE, declared: true }, Some("too_large")),
        Case::new(Trouble::Huge { bytes: HUGE, declared: false }, Some("too_large")),
    ]
}

/// Odd, but the answer comes through.
pub fn harmless() -> Vec<Case> {
    vec![
        Case::new(Trouble::Http10, None),
        Case::new(Trouble::Slow { by: Duration::from_millis(400) }, None),
        Case::new(Trouble::Trickle { bytes: 16, every: Duration::from_millis(1) }, None),
    ]
}

/// All of them.
pub fn all() -> Vec<Case> {
    [undelivered(), answer_lost(), harmless()].concat()
}
