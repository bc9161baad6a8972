//! Where the core can be held up, and what can happen there.
//!
//! A [`Point`] is a moment of a request or of a commit. A [`Call`] is anything that the seller, the phone, the customer,
//! the merchant or the provider may do meanwhile. [`possible`] says which of them can happen where, and why not.

use std::fmt;

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ask {
    /// A token.
    Token,
    /// The payment profile.
    Profile,
    /// A new session.
    Create,
    /// The end of a session.
    Cancel,
    /// A list of sessions, or a search in it.
    Sessions,
    /// One session.
    Session,
    /// A list of transactions.
    Transactions,
    /// One transaction.
    Transaction,
}

/// Who wants a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// The core opens its database.
    Opening,
    /// The profile was read and is being kept.
    Profile,
    /// The outbox or the questions about links.
    Work,
    /// A sale is being saved.
    Sale,
    /// The seller acts on a link.
    Seller,
    /// The phone reports its network or its screen.
    Phone,
    /// Somebody signs in.
    Account,
    /// The core goes to sleep.
    Sleep,
}

/// A moment in which something else can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    /// The request is about to leave.
    Before(Ask),
    /// The provider has acted, and its answer is about to be handled.
    After(Ask),
    /// A commit is about to be handed in.
    BeforeCommit(Who),
    /// The commit is on the disk, and whoever asked for it has not gone on.
    AfterCommit(Who),
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // each is said below, in `perform`
pub enum Call {
    Sell,
    Cancel,
    Discard,
    Retry,
    Wait,
    FromPhone,
    Again,
    Share,
    Remind,
    RequestAgain,
    Refresh,
    Read,
    Work,
    Sync,
    Online,
    Offline,
    Front,
    Back,
    Sleep,
    Reopen,
    SignIn,
    SignOut,
    Lock,
    Unlock,
    Void,
    Capture,
    Refund,
    Withdraw,
    Visit,
    Pay,
    Decline,
    Jump,
    Time,
    Provider,
    DiskFull,
    Die,
}

impl Ask {
    const ALL: [Self; 8] = [
        Self::Token,
        Self::Profile,
        Self::Create,
        Self::Cancel,
        Self::Sessions,
        Self::Session,
        Self::Transactions,
        Self::Transaction,
    ];

    /// What a request to this path of the provider asks for.
    #[must_use]
    pub fn of(method: &str, path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).skip(1).collect();
        match (method, parts.as_slice()) {
            (_, [.., "auth", "token"]) => Self::Token,
            (_, ["admin", ..]) => Self::Profile,
            ("POST", ["sessions", _, "cancel"]) => Self::Cancel,
            ("POST", _) => Self::Create,
            (_, ["sessions"]) => Self::Sessions,
            (_, ["transactions"]) => Self::Transactions,
            (_, ["transactions", ..]) => Self::Transaction,
            _ => Self::Session,
        }
    }
}

impl Who {
    const ALL: [Self; 8] =
        [Self::Opening, Self::Profile, Self::Work, Self::Sale, Self::Seller, Self::Phone, Self::Account, Self::Sleep];

    /// Who commits while this call is the innermost one; nobody's call is an opening.
    #[must_use]
    pub fn of(call: Option<Call>) -> Self {
        match call {
            Some(Call::Sell) => Self::Sale,
            Some(Call::Work | Call::Sync) => Self::Work,
            Some(Call::Online | Call::Offline | Call::Front | Call::Back) => Self::Phone,
            Some(Call::SignIn | Call::SignOut) => Self::Account,
            Some(Call::Sleep | Call::Reopen) => Self::Sleep,
            Some(_) => Self::Seller,
            None => Self::Opening,
        }
    }
}

impl Point {
    /// Every point.
    pub fn all() -> impl Iterator<Item = Self> {
        let asks = Ask::ALL.into_iter().flat_map(|ask| [Self::Before(ask), Self::After(ask)]);
        asks.chain(Who::ALL.into_iter().flat_map(|who| [Self::BeforeCommit(who), Self::AfterCommit(who)]))
    }

    /// How much more often something happens here than elsewhere, because the core comes here seldom.
    #[must_use]
    pub const fn seldom(self) -> usize {
        match self.part() {
            (Some(Ask::Transaction), _) => 12,
            (Some(Ask::Cancel), _) => 8,
            (Some(Ask::Sessions), _) | (_, Some(Who::Account)) => 4,
            (Some(Ask::Transactions), _) | (_, Some(Who::Sleep | Who::Seller | Who::Phone)) => 2,
            _ => 1,
        }
    }

    /// While this request is under way, or this commit: what is it part of?
    const fn part(self) -> (Option<Ask>, Option<Who>) {
        match self {
            Self::Before(ask) | Self::After(ask) => (Some(ask), None),
            Self::BeforeCommit(who) | Self::AfterCommit(who) => (None, Some(who)),
        }
    }
}

impl Call {
    /// Every call.
    pub const ALL: [Self; 36] = [
        Self::Sell,
        Self::Cancel,
        Self::Discard,
        Self::Retry,
        Self::Wait,
        Self::FromPhone,
        Self::Again,
        Self::Share,
        Self::Remind,
        Self::RequestAgain,
        Self::Refresh,
        Self::Read,
        Self::Work,
        Self::Sync,
        Self::Online,
        Self::Offline,
        Self::Front,
        Self::Back,
        Self::Sleep,
        Self::Reopen,
        Self::SignIn,
        Self::SignOut,
        Self::Lock,
        Self::Unlock,
        Self::Void,
        Self::Capture,
        Self::Refund,
        Self::Withdraw,
        Self::Visit,
        Self::Pay,
        Self::Decline,
        Self::Jump,
        Self::Time,
        Self::Provider,
        Self::DiskFull,
        Self::Die,
    ];

    /// How often it is chosen beside the others: what a seller does in the middle of something, most.
    #[must_use]
    pub const fn weight(self) -> usize {
        match self {
            Self::Cancel | Self::Discard | Self::Work | Self::Sell => 5,
            Self::Retry | Self::FromPhone | Self::Again | Self::Time | Self::Pay | Self::Visit => 4,
            Self::Die => 1,
            _ => 2,
        }
    }

    /// It asks the provider, and comes back only when that is done.
    pub(super) const fn waits_for_the_network(self) -> bool {
        matches!(self, Self::Work | Self::Sync | Self::SignIn)
    }

    /// It happens outside the core.
    const fn is_outside(self) -> bool {
        matches!(
            self,
            Self::Void
                | Self::Capture
                | Self::Refund
                | Self::Withdraw
                | Self::Visit
                | Self::Pay
                | Self::Decline
                | Self::Jump
                | Self::Time
                | Self::Provider
        )
    }
}

/// Whether a call can happen at a point. What cannot:
///
/// | point | call | why |
/// |---|---|---|
/// | opening | anything but the outside world and death | the façade has nothing open yet |
/// | token, profile, and the commit of the profile | work, sync, sign-in | they need what is being fetched: all wait for the one who fetches it, who is held up here |
/// | any request, and commits of the outbox and of signing in | sync | it waits, in the machine's time, for what is under way; all that it does before that is what `set_foreground` and a second `work_due` do |
/// | commits of signing in | sign-in | the core's runtime has two threads; one that is held up there keeps the other from going on |
/// | the commits of going to sleep | going to sleep, reopening, sync, sign-in, death | the one that is under way holds the folder |
/// | after a commit, at a request | a full disk | it is full for one commit, the next |
#[must_use]
pub fn possible(point: Point, call: Call) -> bool {
    possible_within(point, call) && (call != Call::DiskFull || matches!(point, Point::BeforeCommit(_)))
}

/// Whether a call can happen while another is held up at this point, further out: as [`possible`], but for what has to
/// do with that point alone.
#[must_use]
pub fn possible_within(point: Point, call: Call) -> bool {
    let (ask, who) = point.part();
    let fetching = matches!(ask, Some(Ask::Token | Ask::Profile)) || who == Some(Who::Profile);
    if fetching && call.waits_for_the_network() {
        return false;
    }
    match who {
        Some(Who::Opening) => call.is_outside() || call == Call::Die,
        Some(Who::Sleep) => !matches!(call, Call::Sleep | Call::Reopen | Call::Sync | Call::SignIn | Call::Die),
        Some(Who::Account) => !matches!(call, Call::Sync | Call::SignIn),
        Some(Who::Sale | Who::Seller | Who::Phone) => true,
        _ => call != Call::Sync,
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Before(ask) => write!(f, "before {ask:?}"),
            Self::After(ask) => write!(f, "after {ask:?}"),
            Self::BeforeCommit(who) => write!(f, "before commit ({who:?})"),
            Self::AfterCommit(who) => write!(f, "after commit ({who:?})"),
        }
    }
}
