//! Ctrl-C, heard from the moment it is listened for: a key pressed just after "Saved" must not be missed.

use crate::output::Failure;

#[cfg(unix)]
type Signal = tokio::signal::unix::Signal;
#[cfg(windows)]
type Signal = tokio::signal::windows::CtrlC;

/// Listens for Ctrl-C; the process is not ended by it any more.
pub struct Interrupt(Signal);

impl Interrupt {
    /// Listens from now on.
    ///
    /// # Errors
    /// When the system lets nobody listen.
    pub fn listen() -> Result<Self, Failure> {
        #[cfg(unix)]
        let signal = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt());
        #[cfg(windows)]
        let signal = tokio::signal::windows::ctrl_c();
        signal.map(Self).map_err(|error| Failure::Terminal(error.to_string()))
    }

    /// Waits for it.
    pub async fn heard(&mut self) {
        self.0.recv().await;
    }
}
