//! Identities. Made once, with the phone alone, and never re-made (rule 2).

use crate::clock::Clock;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::{Builder, Uuid};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new UUIDv7.
            #[must_use]
            pub fn generate(clock: &dyn Clock) -> Self {
                Self(uuid(clock))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text.trim()).map(Self)
            }
        }
    };
}

/// Sorts by the time at which it was made, on this phone.
fn uuid(clock: &dyn Clock) -> Uuid {
    let mut chance = [0; 10];
    chance[..8].copy_from_slice(&clock.random().to_be_bytes());
    chance[8..].copy_from_slice(&clock.random().to_be_bytes()[..2]);
    Builder::from_unix_timestamp_millis(u64::try_from(clock.wall_ms()).unwrap_or(0), &chance).into_uuid()
}

id! {
    /// An order, and the link that it becomes.
    OrderId
}
id! {
    /// An entry of the outbox: one operation at the provider.
    EntryId
}
id! {
    /// An item of the catalogue: what is sold again and again.
    ItemId
}
id! {
    /// A customer, apart from the orders.
    CustomerId
}

/// Crockford's base 32: digits and letters without I, L, O, U, so that a reference can be read aloud.
pub(crate) const CROCKFORD: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M', 'N', 'P',
    'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// Characters of a tag: a merchant with a thousand phones has one chance in two thousand that two of them share one.
/// Databases of version 1 have four, and keep them.
const TAG: usize = 6;

/// The random characters that tell one database's references from another's.
#[must_use]
pub fn new_tag(clock: &dyn Clock) -> String {
    let chance = clock.random();
    (0..TAG).map(|n| CROCKFORD[usize::from((chance >> (5 * n)) as u8 & 31)]).collect()
}

/// A reference made by the core: `PREFIX-TAG-N`, or `TAG-N` without a prefix.
#[must_use]
pub fn reference(prefix: &str, tag: &str, n: i64) -> String {
    if prefix.is_empty() { format!("{tag}-{n}") } else { format!("{prefix}-{tag}-{n}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn identities_are_uuids_of_version_7_and_differ() {
        let clock = SystemClock::default();
        let ids: std::collections::HashSet<OrderId> = (0..1_000).map(|_| OrderId::generate(&clock)).collect();
        assert_eq!(ids.len(), 1_000);
        assert!(ids.iter().all(|id| id.0.get_version_num() == 7));
    }

    #[test]
    fn a_reference_has_prefix_tag_and_number() {
        assert_eq!(reference("HON", "7K3M9X", 12), "HON-7K3M9X-12");
        assert_eq!(reference("", "7K3M", 1), "7K3M-1");
    }

    #[test]
    fn tags_differ_and_can_be_read_aloud() {
        let tags: std::collections::HashSet<String> = (0..200).map(|_| new_tag(&SystemClock::default())).collect();
        assert!(tags.len() > 190, "{} of 200 differ", tags.len());
        assert!(tags.iter().all(|tag| tag.len() == TAG && tag.chars().all(|c| CROCKFORD.contains(&c))));
    }
}
