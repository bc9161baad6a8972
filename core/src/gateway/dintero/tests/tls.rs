//! TLS with a certificate of our own (`core/tests/data/tls`, for 127.0.0.1, good for a hundred years): what is
//! trusted is sent to, nothing else is.

use super::*;
use crate::gateway::{Fault, Gateway, NotDone};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

const CA: &[u8] = include_bytes!("../../../../tests/data/tls/ca.der");
const LEAF: &[u8] = include_bytes!("../../../../tests/data/tls/leaf.der");
const KEY: &[u8] = include_bytes!("../../../../tests/data/tls/leaf.key.der");

/// Answers one request per connection with a session; returns its port.
fn start() -> u16 {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
    let tls = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(LEAF)], key)
        .unwrap();
    let tls = Arc::new(tls);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let connection = rustls::ServerConnection::new(tls.clone()).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream);
            let mut request = [0; 4096];
            if stream.read(&mut request).is_ok() {
                let answer = super::server::text(200, &[("Connection", "close")], r#"{"id":"T12345678.a"}"#);
                let _ = stream.write_all(answer.as_bytes());
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    port
}

async fn ask(host: &str, trust: Trust) -> Answer<crate::link::SessionFacts> {
    let settings = ProviderSettings { trust, ..settings(&format!("https://{host}:{}", start())) };
    let source = Arc::new(Ready { tokens: Mutex::new(vec!["t"]) });
    client_with(settings, source, clock()).cancel("T12345678.a").await
}

#[tokio::test]
async fn the_trusted_server_is_sent_to() {
    assert_eq!(ask("127.0.0.1", Trust::Certificates(vec![CA.to_vec()])).await.map(|_| ()), Ok(()));
}

#[tokio::test]
async fn nobody_else_is_sent_to() {
    let not_sent = NotDone::NotSent(Fault::NoNetwork);
    assert_eq!(ask("127.0.0.1", Trust::WebPki).await, Err(not_sent.clone()), "signed by nobody that is known");
    assert_eq!(ask("127.0.0.1", Trust::Certificates(Vec::new())).await, Err(not_sent.clone()), "nobody is trusted");
    assert_eq!(ask("localhost", Trust::Certificates(vec![CA.to_vec()])).await, Err(not_sent.clone()), "another name");
}
