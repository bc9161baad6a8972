//! Which requests meet which trouble.

use std::time::Duration;

/// What goes wrong with a request. *Delivered* means that the provider got all of it and has acted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Read, not delivered, never answered.
    BlackHole,
    /// Cut when this many bytes of it have come; the provider gets no more than that, so not all of it.
    CutRequest {
        /// Bytes, head included.
        after: usize,
    },
    /// Delivered; the connection is reset in place of the reply.
    DropReply,
    /// Delivered; the reply ends in the middle of its body.
    CutReply,
    /// Delivered; the reply comes in drops.
    Trickle {
        /// Bytes of a drop.
        bytes: usize,
        /// The pause after each.
        every: Duration,
    },
    /// Delivered; nothing comes for a while, then the whole reply.
    Slow {
        /// How long.
        by: Duration,
    },
    /// Not delivered: a captive portal sends the client elsewhere, 302.
    PortalRedirect,
    /// Not delivered: a captive portal's page, 200.
    PortalPage,
    /// Delivered; the reply is of HTTP/1.0, without a length, and ends with the connection.
    Http10,
    /// Delivered; the reply says that it is chunked, and is not.
    ChunkedNonsense,
    /// Delivered; a body of this many bytes comes in place of the reply's.
    Huge {
        /// Bytes.
        bytes: u64,
        /// Whether `Content-Length` says so beforehand; if not it is chunked.
        declared: bool,
    },
}

impl Trouble {
    /// The name under which it is counted.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::BlackHole => "black_hole",
            Self::CutRequest { .. } => "cut_request",
            Self::DropReply => "drop_reply",
            Self::CutReply => "cut_reply",
            Self::Trickle { .. } => "trickle",
            Self::Slow { .. } => "slow",
            Self::PortalRedirect => "portal_redirect",
            Self::PortalPage => "portal_page",
            Self::Http10 => "http_1_0",
            Self::ChunkedNonsense => "chunked_nonsense",
            Self::Huge { .. } => "huge",
        }
    }

    /// Whether the provider gets the request.
    #[must_use]
    pub const fn delivers(&self) -> bool {
        !matches!(self, Self::BlackHole | Self::CutRequest { .. } | Self::PortalRedirect | Self::PortalPage)
    }
}

/// One scripted trouble.
#[derive(Clone, Debug)]
pub struct Rule {
    method: Option<String>,
    path: String,
    exact: bool,
    skip: u32,
    times: Option<u32>,
    trouble: Trouble,
}

impl Rule {
    /// For the next request with this method (`*` for any) whose path begins with `path`.
    #[must_use]
    pub fn on(method: &str, path: &str, trouble: Trouble) -> Self {
        let method = (method != "*").then(|| method.to_owned());
        Self { method, path: path.to_owned(), exact: false, skip: 0, times: Some(1), trouble }
    }

    /// Only for this very path.
    #[must_use]
    pub fn exact(mut self) -> Self {
        self.exact = true;
        self
    }

    /// For this many requests instead of one.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Until [`super::FaultProxy::heal`].
    #[must_use]
    pub fn for_ever(mut self) -> Self {
        self.times = None;
        self
    }

    /// Lets this many matching requests through first.
    #[must_use]
    pub fn skip(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.method.as_ref().is_none_or(|wanted| wanted == method)
            && if self.exact { path == self.path } else { path.starts_with(&self.path) }
    }

    /// What this request meets by a rule, which is used up; `None` when no rule names it.
    pub(super) fn take(rules: &mut Vec<Self>, method: &str, path: &str) -> Option<Option<Trouble>> {
        let place = rules.iter().position(|rule| rule.matches(method, path))?;
        let rule = rules.get_mut(place)?;
        if rule.skip > 0 {
            rule.skip -= 1;
            return Some(None);
        }
        let trouble = rule.trouble.clone();
        if let Some(times) = &mut rule.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                rules.remove(place);
            }
        }
        Some(Some(trouble))
    }
}
