//! Who is at something that one does at a time.

use std::sync::atomic::{AtomicBool, Ordering};

/// Somebody is at it; however that ends, an abort included, the next one may.
pub(super) struct Busy<'a>(&'a AtomicBool);

impl<'a> Busy<'a> {
    pub(super) fn take(flag: &'a AtomicBool) -> Option<Self> {
        // Made only where it is taken: one that is dropped gives the flag back.
        (!flag.swap(true, Ordering::SeqCst)).then(|| Self(flag))
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_while_somebody_is_at_it_does_not_let_the_next_one_in() {
        let flag = AtomicBool::new(false);
        let at_it = Busy::take(&flag);
        assert!(at_it.is_some());
        assert!(Busy::take(&flag).is_none());
        assert!(Busy::take(&flag).is_none(), "still one");
        drop(at_it);
        assert!(Busy::take(&flag).is_some());
    }
}
