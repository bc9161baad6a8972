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
                other => panic!("PAYLINK_SABOTAGE={other}: there is no such sabotage"),
            })
        }) == Some(self)
    }
}
