//! The phone's network in the demo: a port in front of the provider that can be closed. Closed, a connection is
//! refused and every open one is cut, as in a dead spot.

use std::net::SocketAddr;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// The way from the phone to the provider.
pub struct Network {
    here: SocketAddr,
    provider: SocketAddr,
    open: Option<JoinHandle<()>>,
}

impl Network {
    /// A way to a port of this machine, open, on a free port.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn to(provider_port: u16) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let here = listener.local_addr()?;
        let provider = SocketAddr::from(([127, 0, 0, 1], provider_port));
        Ok(Self { here, provider, open: Some(tokio::spawn(forward(listener, provider))) })
    }

    /// Where the phone finds the provider.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.here)
    }

    /// Closes it, and waits until it is closed.
    pub async fn off(&mut self) {
        if let Some(task) = self.open.take() {
            task.abort();
            // Aborted on purpose: how it ended says nothing.
            let _aborted = task.await;
        }
    }

    /// Opens it again, on the same port.
    ///
    /// # Errors
    /// When the port was taken meanwhile.
    pub async fn on(&mut self) -> std::io::Result<()> {
        if self.open.is_none() {
            let listener = TcpListener::bind(self.here).await?;
            self.open = Some(tokio::spawn(forward(listener, self.provider)));
        }
        Ok(())
    }
}

async fn forward(listener: TcpListener, provider: SocketAddr) {
    // Dropped with this task, and with it every connection.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((mut phone, _)) = accepted {
                    connections.spawn(async move {
                        if let Ok(mut provider) = TcpStream::connect(provider).await {
                            // A side that goes away ends it; the other side sees that.
                            let _ended = copy_bidirectional(&mut phone, &mut provider).await;
                        }
                    });
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn a_closed_network_refuses_and_cuts_and_opens_on_the_same_port() {
        let provider = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut network = Network::to(provider.local_addr().unwrap().port()).await.unwrap();
        let mut phone = TcpStream::connect(network.here).await.unwrap();
        let (mut server, _) = provider.accept().await.unwrap();
        server.write_all(b"hello").await.unwrap();
        let mut heard = [0; 5];
        phone.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"hello");

        network.off().await;
        assert!(TcpStream::connect(network.here).await.is_err());
        assert!(matches!(phone.read(&mut heard).await, Ok(0) | Err(_)), "the open connection is cut");

        network.on().await.unwrap();
        assert!(TcpStream::connect(network.here).await.is_ok());
    }
}
