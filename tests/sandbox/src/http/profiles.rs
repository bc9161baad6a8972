//! `GET admin/session/profiles` and `/{profile_id}`.

use super::sessions::ok;
use super::{Reply, Request};
use crate::engine::{ApiError, Engine};

/// The page size when none is asked for (assumption: as for sessions).
const DEFAULT_LIMIT: usize = 10;

pub(super) fn read(engine: &Engine, id: &str) -> Result<Reply, ApiError> {
    engine.read_profile(id).map(ok)
}

pub(super) fn list(engine: &Engine, request: &Request) -> Result<Reply, ApiError> {
    let limit = request.param("limit").and_then(|limit| limit.parse().ok()).unwrap_or(DEFAULT_LIMIT);
    engine.list_profiles(limit, request.param("starting_after")).map(ok)
}
