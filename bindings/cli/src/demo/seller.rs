//! The seller's phone in the demo: a core on its own database, which can be switched off and on again.

use crate::follow::News;
use crate::output::Failure;
use crate::screen::Screen;
use crate::secret::{Credentials, Memory};
use crate::words;
use paylink_core::account::{Config, Ports};
use paylink_core::link::{EventKind, PaymentLink};
use paylink_core::{OrderId, Paylink};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long to wait at most for one thing to happen; what has not happened then is counted as it is.
const PATIENCE: Duration = Duration::from_secs(6);
/// How often to look when nothing is heard.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// A phone.
pub struct Seller {
    config: Config,
    secure_store: Arc<Memory>,
    /// The core, while the phone is on.
    pub core: Paylink,
    news: News,
}

impl Seller {
    /// Switches a phone on for the first time.
    ///
    /// # Errors
    /// As [`Paylink::open`].
    pub fn new(config: Config) -> Result<Self, Failure> {
        let secure_store = Arc::new(Memory::new(None));
        let core = Self::open(&config, &secure_store)?;
        let news = News::of(&core);
        Ok(Self { config, secure_store, core, news })
    }

    fn open(config: &Config, secure_store: &Arc<Memory>) -> Result<Paylink, Failure> {
        let ports = Ports { secure_store: Arc::clone(secure_store) as Arc<_>, token_source: None };
        Ok(Paylink::open(config, ports)?)
    }

    /// Signs in, once.
    ///
    /// # Errors
    /// As [`Paylink::sign_in`].
    pub async fn sign_in(&self, credentials: &Credentials) -> Result<(), Failure> {
        self.core.sign_in(&credentials.id, &credentials.secret).await?;
        Ok(())
    }

    /// Switches the phone off, and on again without a network.
    ///
    /// # Errors
    /// As [`Paylink::open`].
    pub fn restart(&mut self) -> Result<(), Failure> {
        self.core.close();
        self.core = Self::open(&self.config, &self.secure_store)?;
        self.core.network_changed(false)?;
        self.news = News::of(&self.core);
        Ok(())
    }

    /// The links of these orders, in order.
    ///
    /// # Errors
    /// When one is gone.
    pub fn links(&self, orders: &[OrderId]) -> Result<Vec<PaymentLink>, Failure> {
        Ok(orders.iter().map(|id| self.core.link(*id)).collect::<Result<_, _>>()?)
    }

    /// Waits until all of these are as wished, and says meanwhile what the phone hears.
    ///
    /// # Errors
    /// Storage errors.
    pub async fn until(
        &mut self,
        orders: &[OrderId],
        screen: Option<Screen>,
        is: impl Fn(&PaymentLink) -> bool,
    ) -> Result<(), Failure> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let done = self.links(orders)?.iter().all(&is);
            if let Some(screen) = screen {
                for (link, event) in self.news.events(&self.core).await? {
                    if event.kind.known().is_some_and(is_news) {
                        let (time, text) = (words::time(event.at), words::event(&event));
                        screen.say(format_args!("  phone  {}  {}  {text}", screen.dim(&time), link.reference));
                    }
                }
            }
            if done || Instant::now() > deadline {
                return Ok(());
            }
            self.news.wait(LOOK_EVERY).await;
        }
    }
}

/// What a seller wants to hear at once.
fn is_news(kind: EventKind) -> bool {
    matches!(kind, EventKind::Opened | EventKind::PaymentFailed) || kind.is_payment() && kind != EventKind::Authorized
}
