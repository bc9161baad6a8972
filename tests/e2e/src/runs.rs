//! What the runners of random histories share.

use crate::model::Died;

/// A number from the environment, or the default.
#[must_use]
pub fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// A process that dies on purpose is no news.
pub fn hush_deaths() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !panic.payload().is::<Died>() {
            usual(panic);
        }
    }));
}
