//! Troubles by chance: how many of a hundred requests meet one, and how often which. The draws are seeded.

use super::rule::Trouble;

/// The chances of a bad network.
#[derive(Clone, Debug)]
pub struct Odds {
    percent: u32,
    troubles: Vec<(u32, Trouble)>,
    state: u64,
}

impl Odds {
    /// `percent` of the requests meet one of these, each as often as its weight says.
    #[must_use]
    pub fn new(seed: u64, percent: u32, troubles: Vec<(u32, Trouble)>) -> Self {
        Self { percent, troubles, state: seed }
    }

    /// splitmix64
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// What the next request meets.
    pub(super) fn draw(&mut self) -> Option<Trouble> {
        if self.next() % 100 >= u64::from(self.percent) {
            return None;
        }
        let sum: u64 = self.troubles.iter().map(|(weight, _)| u64::from(*weight)).sum();
        let mut left = self.next() % sum.max(1);
        for (weight, trouble) in &self.troubles {
            match left.checked_sub(u64::from(*weight)) {
                Some(rest) => left = rest,
                None => return Some(trouble.clone()),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn the_same_seed_draws_the_same_and_the_weights_are_kept() {
        let troubles = || vec![(3, Trouble::DropReply), (1, Trouble::PortalPage), (0, Trouble::BlackHole)];
        let draw = |seed| {
            let mut odds = Odds::new(seed, 30, troubles());
            (0..10_000).map(|_| odds.draw().map(|trouble| trouble.name())).collect::<Vec<_>>()
        };
        let drawn = draw(7);
        assert_eq!(drawn, draw(7));
        assert_ne!(drawn, draw(8));
        let mut counts: BTreeMap<_, u32> = BTreeMap::new();
        drawn.into_iter().flatten().for_each(|name| *counts.entry(name).or_default() += 1);
        assert_eq!(counts.keys().copied().collect::<Vec<_>>(), ["drop_reply", "portal_page"]);
        assert!((2_000..2_500).contains(&counts["drop_reply"]) && (650..850).contains(&counts["portal_page"]));
    }
}
