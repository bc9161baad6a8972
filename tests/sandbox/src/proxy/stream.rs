//! A client's connection, plain or over TLS.

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::io;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A certificate with its key.
#[derive(Clone)]
pub struct Certificate {
    /// The server's certificate first, then those that signed it, each as DER.
    pub chain: Vec<Vec<u8>>,
    /// The key, PKCS 8 as DER.
    pub key: Vec<u8>,
}

/// What the server's side of TLS needs.
pub(super) type Tls = Arc<rustls::ServerConfig>;

impl Certificate {
    pub(super) fn server(&self) -> io::Result<Tls> {
        let chain = self.chain.iter().cloned().map(CertificateDer::from).collect();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.clone()));
        let server = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(io::Error::other)?;
        Ok(Arc::new(server))
    }
}

/// Bytes in and out, and a way to end badly.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {
    /// From now on, dropping it resets the connection instead of closing it in good order.
    fn reset_on_drop(&self);
}

impl Stream for TcpStream {
    fn reset_on_drop(&self) {
        // If that fails it is closed in good order, which is nearly as bad for the client.
        let _set = self.set_zero_linger();
    }
}

impl Stream for TlsStream<TcpStream> {
    fn reset_on_drop(&self) {
        self.get_ref().0.reset_on_drop();
    }
}

/// The connection as the server's side reads it, after the handshake if there is one.
pub(super) async fn accept(stream: TcpStream, tls: Option<Tls>) -> io::Result<Box<dyn Stream>> {
    // Bytes must leave one by one when they are to trickle.
    stream.set_nodelay(true)?;
    match tls {
        None => Ok(Box::new(stream)),
        Some(tls) => Ok(Box::new(TlsAcceptor::from(tls).accept(stream).await?)),
    }
}
