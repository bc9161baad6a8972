//! Numbers of the client, each with its reason.

use std::time::Duration;

/// Idle connections are dropped after this: phones sleep, and the NAT of a cell forgets a quiet connection after
/// about half a minute (phone facts 4).
pub(super) const POOL_IDLE: Duration = Duration::from_secs(25);
/// Idle connections kept: one for each request that can be under way at once, or the next ones begin with a handshake.
pub(super) const POOL_SIZE: usize = 8;

/// Reads of one task under way at once: enough to hide a slow answer, few enough for a weak connection.
pub(super) const SIDE_BY_SIDE: usize = 4;

/// Bytes of an answer about one thing. A session with 100 items and all its events stays far below 1 MiB.
pub(super) const MAX_BODY: usize = 2 * 1024 * 1024;
/// Bytes of a page of 100: a session of the documentation has about 10 kB, some have several times that.
pub(super) const MAX_LIST_BODY: usize = 8 * 1024 * 1024;

/// Elements of a page: the most that the provider allows (facts 3 and 5).
pub(super) const PAGE: usize = 100;
/// Pages of one listing: 2 000 sessions are more than a seller makes in the time that a look-up spans. Whoever
/// reaches it learns that the list is not complete.
pub(super) const MAX_PAGES: usize = 20;
/// Pages of a list of just the things that were asked for, when a provider caps its pages at ten.
pub(super) const MAX_PAGES_OF_WANTED: usize = 12;
/// Session ids in one request: 100 keep the address below 5 kB, well under the 8 kB that servers accept.
pub(super) const MAX_IDS: usize = 100;

/// Characters of a provider's message that are kept: two lines on a phone.
pub(super) const MAX_MESSAGE: usize = 300;
/// Characters of a provider's code that are kept.
pub(super) const MAX_CODE: usize = 64;

/// A token is renewed at half its life or this long before its end, whichever is later (facts 1.2: the two official
/// SDKs do one each). Its life is read, never assumed.
pub(super) const TOKEN_MARGIN: Duration = Duration::from_secs(600);
/// A token's life is not believed beyond this: a longer one is a mistake, and a 401 renews it anyway.
pub(super) const MAX_TOKEN_LIFE: Duration = Duration::from_secs(7 * 24 * 3600);

/// A token endpoint that is busy and does not say for how long is left alone for this long: the shortest wait of the
/// outbox, so that its own waits decide.
pub(super) const TOKEN_BUSY_MS: i64 = 2_000;
/// After the token endpoint failed nobody asks again for this long: longer than it takes for those who wait behind each
/// other to be told, shorter than the shortest wait of the outbox.
pub(super) const TOKEN_FAILED_MS: i64 = 1_000;
/// After the credentials were refused nobody asks again for this long: longer than it takes for the pause of the
/// account to reach the few requests that were already on their way, shorter than anybody needs to sign in.
pub(super) const TOKEN_REFUSED_MS: i64 = 1_000;

/// A token source, or a secure store, that hung is left alone for this long: each question to it holds a thread.
pub(super) const TOKEN_HANGS_MS: i64 = 30_000;

/// `Retry-After` is not believed beyond this: a queue must not stand still for days because of one odd header.
pub(super) const MAX_RETRY_AFTER_MS: i64 = 24 * 3600 * 1000;
