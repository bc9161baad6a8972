//! The provider on a loopback port.
//!
//! The connections are served one by one instead of by axum's own loop, because only so can a reply
//! go out without a `Date` header. Stopping, or dropping the handle, closes the port and cuts every
//! connection.

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;

use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use crate::http::Provider;
use crate::options::Options;
use crate::router::{Peer, router};

/// A running sandbox; everything of [`Provider`] can be asked of it.
#[derive(Debug)]
pub struct Sandbox {
    provider: Provider,
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Sandbox {
    /// Starts on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(options: Options) -> std::io::Result<Self> {
        Self::start_on(options, 0).await
    }

    /// Starts on this port of 127.0.0.1; 0 is any free one.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn start_on(mut options: Options, port: u16) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        options.origin = format!("http://{address}");
        let provider = Provider::new(options);
        let task = tokio::spawn(accept(listener, provider.clone()));
        Ok(Self { provider, address, task })
    }

    /// `http://127.0.0.1:PORT`
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The provider, to keep beyond the server's life.
    #[must_use]
    pub fn provider(&self) -> Provider {
        self.provider.clone()
    }

    /// Closes the port and cuts the connections.
    pub async fn stop(mut self) {
        self.task.abort();
        // The task was aborted on purpose: how it ended says nothing.
        let _aborted = (&mut self.task).await;
    }
}

impl Deref for Sandbox {
    type Target = Provider;

    fn deref(&self) -> &Provider {
        &self.provider
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Runs a sandbox on `port` until `shutdown` is ready. `ready` gets the sandbox once it listens.
///
/// # Errors
/// When the port is taken.
pub async fn serve(
    options: Options,
    port: u16,
    ready: impl FnOnce(&Sandbox),
    shutdown: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let sandbox = Sandbox::start_on(options, port).await?;
    ready(&sandbox);
    shutdown.await;
    sandbox.stop().await;
    Ok(())
}

async fn accept(listener: TcpListener, provider: Provider) {
    // Dropped with this task, and with it every connection.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, from)) = accepted {
                    let app = router(provider.clone()).layer(axum::Extension(Peer(from.ip())));
                    connections.spawn(async move {
                        let connection = hyper::server::conn::http1::Builder::new()
                            .timer(TokioTimer::new())
                            .auto_date_header(false)
                            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
                        // A client that goes away is not the sandbox's business.
                        let _gone = connection.await;
                    });
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}
