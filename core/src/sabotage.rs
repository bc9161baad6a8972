//! Takes one guarantee away, so that the proofs can be seen to notice (`tests/run sabotage`).
//!
//! Only a build with `--cfg paylink_sabotage` can do it, and only the one that `PAYLINK_SABOTAGE` names. In every other
//! build the answer is `false` when it is compiled, and nothing of this is left.

/// A guarantee that can be taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sabotage {
    /// After a lost answer the link is created again without a look.
    NoLookUp,
    /// `sending` is not on the disk before the first byte leaves.
    SendingNotSaved,
    /// Each further attempt has a reference of its own.
    ReferenceRemade,
    /// A commit does not wait for the disk.
    NotSynced,
    /// An answer is written over whatever the entry has become meanwhile.
    RevisionUnchecked,
    /// A cancel that was saved does not stop an attempt.
    CancelNotAsked,
    /// A late answer takes back what an earlier one said.
    FactsTakenBack,
    /// Changes are announced before they are on the disk.
    AnnouncedBeforeCommit,
    /// Unclear creates do not slow down those that follow.
    BreakerLeftOut,
}

impl Sabotage {
    /// Whether this one was asked for.
    #[cfg(not(paylink_sabotage))]
    pub(crate) const fn is_on(self) -> bool {
        let _ = self;
        false
    }

    /// Whether this one was asked for.
    #[cfg(paylink_sabotage)]
    pub(crate) fn is_on(self) -> bool {
        static ASKED: std::sync::OnceLock<Option<Sabotage>> = std::sync::OnceLock::new();
        *ASKED.get_or_init(|| {
            Some(match std::env::var("PAYLINK_SABOTAGE").ok()?.as_str() {
                "no-look-up" => Self::NoLookUp,
                "sending-not-saved" => Self::SendingNotSaved,
                "reference-remade" => Self::ReferenceRemade,
                "not-synced" => Self::NotSynced,
                "revision-unchecked" => Self::RevisionUnchecked,
                "cancel-not-asked" => Self::CancelNotAsked,
                "facts-taken-back" => Self::FactsTakenBack,
                "announced-before-commit" => Self::AnnouncedBeforeCommit,
                "breaker-left-out" => Self::BreakerLeftOut,
                other => panic!("PAYLINK_SABOTAGE={other}: there is no such sabotage"),
            })
        }) == Some(self)
    }
}
