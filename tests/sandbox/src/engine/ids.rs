//! Identifiers in the provider's shapes, repeatable when a seed is given.
//!
//! `P12345678.<22 base58 characters>` for sessions and transactions, UUIDs for events and requests.

use uuid::{Builder, Uuid};

const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// Characters after the dot, as in every published sample.
const SHORT_LENGTH: usize = 22;

/// A source of identifiers.
#[derive(Clone, Debug)]
pub struct Ids {
    state: u64,
}

impl Ids {
    /// Repeatable with a seed, different each time without one.
    #[must_use]
    pub fn new(seed: Option<u64>) -> Self {
        Self { state: seed.unwrap_or_else(|| Uuid::new_v4().as_u64_pair().0) }
    }

    /// An id of the account's own: sessions, transactions.
    pub fn object(&mut self, account: &str) -> String {
        format!("{account}.{}", self.base58(SHORT_LENGTH))
    }

    /// A UUID.
    pub fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        let bytes = (u128::from(high) << 64 | u128::from(low)).to_be_bytes();
        Builder::from_random_bytes(bytes).into_uuid().to_string()
    }

    /// An opaque token that is as long as a real one.
    pub fn token(&mut self) -> String {
        format!("sandbox.{}", self.base58(160))
    }

    fn base58(&mut self, length: usize) -> String {
        (0..length)
            .filter_map(|_| {
                let index = usize::try_from(self.next() % 58).ok()?;
                BASE58.get(index).copied().map(char::from)
            })
            .collect()
    }

    /// SplitMix64: small, seedable, and good enough for names.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        let (mut one, mut two) = (Ids::new(Some(7)), Ids::new(Some(7)));
        let id = one.object("T12345678");
        assert_eq!(id, two.object("T12345678"));
        assert_eq!(id.len(), "T12345678.".len() + SHORT_LENGTH);
        assert_ne!(id, one.object("T12345678"));
        assert_eq!(Uuid::parse_str(&one.uuid()).unwrap().get_version_num(), 4);
    }
}
