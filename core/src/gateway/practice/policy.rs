//! How long a practice customer takes. A seller who tries it looks at the screen meanwhile: long enough to see each step,
//! to show the link and to cancel it, short enough that nobody thinks it hangs.

use super::course::Steps;

/// Most of them.
pub(super) const QUICK: Steps = Steps { opens_ms: 4_000, begins_ms: 7_000, ends_ms: 10_000 };

/// One who has to be waited for: there is time to cancel, and to see what an open link looks like.
pub(super) const SLOW: Steps = Steps { opens_ms: 30_000, begins_ms: 50_000, ends_ms: 60_000 };

/// Decimals by which a reference ends and whose customer declines: every fifth of those that are counted up.
pub(super) const DECLINES: [char; 2] = ['0', '5'];
/// And those whose customer takes time.
pub(super) const TAKES_TIME: [char; 2] = ['4', '9'];

/// What the account offers, as the provider names it. The first one is paid with where the seller leaves the choice.
pub(super) const METHODS: [&str; 5] =
    ["dintero_psp.vipps", "dintero_psp.creditcard", "bambora.mobilepay", "swish.swish", "klarna.klarna"];
