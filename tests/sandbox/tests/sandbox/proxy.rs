//! The bad network itself: what a plain client sees of each trouble, and whether the provider got the request.

use paylink_sandbox::proxy::{Death, FaultProxy, Line, Moment, Rule, Trouble};
use paylink_sandbox::{Options, Sandbox};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const BODY: &str = r#"{"order":{"amount":1000}}"#;

async fn start() -> (Sandbox, FaultProxy) {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let proxy = FaultProxy::start(([127, 0, 0, 1], sandbox.port()).into()).unwrap();
    (sandbox, proxy)
}

/// A client's connection.
struct Client(TcpStream);

impl Client {
    fn connect(proxy: &FaultProxy) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", proxy.port())).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
        Self(stream)
    }

    fn send(&mut self) {
        let head =
            format!("POST /v1/sessions-profile?a=b HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", BODY.len());
        self.0.write_all(format!("{head}{BODY}").as_bytes()).unwrap();
    }

    /// Everything until the end, and how it ended.
    fn read(&mut self) -> (String, Option<ErrorKind>) {
        let mut bytes = Vec::new();
        let end = self.0.read_to_end(&mut bytes).err().map(|error| error.kind());
        (String::from_utf8_lossy(&bytes).into_owned(), end)
    }

    /// One whole reply of a connection that stays open.
    fn read_one(&mut self) -> String {
        let mut bytes = Vec::new();
        let mut byte = [0];
        while !bytes.ends_with(b"}}") && self.0.read(&mut byte).unwrap() > 0 {
            bytes.push(byte[0]);
        }
        String::from_utf8(bytes).unwrap()
    }
}

/// One request that meets a trouble: what came back, how it ended, and how many requests the provider got.
async fn meet(trouble: Trouble) -> (String, Option<ErrorKind>, usize) {
    let (sandbox, proxy) = start().await;
    let name = trouble.name();
    proxy.inject(Rule::on("POST", "/v1/sessions", trouble));
    let mut client = Client::connect(&proxy);
    client.send();
    let (text, end) = client.read();
    assert_eq!(proxy.counts(), [(name, 1)].into());
    (text, end, performed(&sandbox))
}

/// Requests that the provider read to their end; half a one is logged as refused with 400.
fn performed(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|request| request.status == 401).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_rule_names_passes_unharmed_and_the_connection_is_kept() {
    let (sandbox, proxy) = start().await;
    let mut client = Client::connect(&proxy);
    for _ in 0..3 {
        client.send();
        let reply = client.read_one();
        assert!(reply.starts_with("HTTP/1.1 401") && reply.contains("\"error\""), "{reply}");
    }
    assert_eq!((proxy.connections(), proxy.requests(), sandbox.requests().len()), (1, 3, 3));
    assert_eq!(sandbox.requests()[0].query, [("a".to_owned(), "b".to_owned())]);
    assert!(proxy.counts().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_delivered_never_reaches_the_provider() {
    let (text, end, delivered) = meet(Trouble::BlackHole).await;
    assert_eq!((text.as_str(), end, delivered), ("", Some(ErrorKind::WouldBlock), 0));
    for after in [0, 20, 90, usize::MAX] {
        let (text, end, delivered) = meet(Trouble::CutRequest { after }).await;
        assert_eq!((text.as_str(), end, delivered), ("", Some(ErrorKind::ConnectionReset), 0), "{after}");
    }
    let (text, _, delivered) = meet(Trouble::PortalPage).await;
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && text.contains("<!doctype html>"), "{text}");
    assert_eq!(delivered, 0);
    let (text, _, delivered) = meet(Trouble::PortalRedirect).await;
    assert!(text.starts_with("HTTP/1.1 302") && text.contains("location: http://portal.invalid/"), "{text}");
    assert_eq!(delivered, 0);
}

/// One request whose client is ended at a moment: the moments that were seen, what came back, and how many requests the
/// provider got.
async fn end_at(end: Option<Moment>) -> (Vec<Moment>, String, usize) {
    let (sandbox, proxy) = start().await;
    let moments = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&moments);
    proxy.watch(Box::new(move |moment| {
        seen.lock().unwrap().push(moment);
        Some(moment) == end
    }));
    let mut client = Client::connect(&proxy);
    client.send();
    let text = if end.is_none() { client.read_one() } else { client.read().0 };
    // Nothing comes any more; but the last moment is behind the last byte.
    std::thread::sleep(Duration::from_millis(50));
    let moments = moments.lock().unwrap().clone();
    (moments, text, sandbox.count("POST", "/v1/sessions-profile"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_can_end_the_client_at_every_moment_of_a_request() {
    use Moment::{Answered, Begun, Done, HalfAnswered, HalfSent, Sent};
    let all = [Begun, HalfSent, Sent, Done, HalfAnswered, Answered];
    let (seen, whole, delivered) = end_at(None).await;
    assert_eq!((seen.as_slice(), delivered), (all.as_slice(), 1));
    for (at, end) in all.into_iter().enumerate() {
        let (seen, text, delivered) = end_at(Some(end)).await;
        assert_eq!(seen, all[..=at]);
        assert_eq!(delivered, usize::from(end >= Done), "{end:?}");
        match end {
            HalfAnswered => assert!(!text.is_empty() && text.len() < whole.len(), "{text}"),
            Answered => assert!(text.ends_with("}}"), "{text}"),
            _ => assert_eq!(text, ""),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_delivered_has_happened_whatever_becomes_of_the_reply() {
    let (text, end, delivered) = meet(Trouble::DropReply).await;
    assert_eq!((text.as_str(), end, delivered), ("", Some(ErrorKind::ConnectionReset), 1));

    let (text, end, delivered) = meet(Trouble::CutReply).await;
    assert!(text.contains("content-length") && text.contains("{\"error\"") && !text.ends_with("}}"), "{text}");
    assert_eq!((end, delivered), (None, 1));

    let (text, end, delivered) = meet(Trouble::Http10).await;
    assert!(text.starts_with("HTTP/1.0 401") && text.ends_with("}}") && !text.contains("content-length"), "{text}");
    assert_eq!((end, delivered), (None, 1));

    let (text, end, delivered) = meet(Trouble::ChunkedNonsense).await;
    assert!(text.contains("transfer-encoding: chunked\r\n\r\nzz\r\n{"), "{text}");
    assert_eq!((end, delivered), (None, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_huge_body_is_as_long_as_it_says_or_chunked() {
    let (text, _, delivered) = meet(Trouble::Huge { bytes: 300_000, declared: true }).await;
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("content-length: 300000"), "{head}");
    assert_eq!((body.len(), delivered), (300_000, 1));
    let (text, ..) = meet(Trouble::Huge { bytes: 100_000, declared: false }).await;
    assert!(text.contains("chunked\r\n\r\n10000\r\n ") && text.ends_with("\r\n0\r\n\r\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_replies_are_whole_in_the_end() {
    let begun = Instant::now();
    let (text, ..) = meet(Trouble::Slow { by: Duration::from_millis(300) }).await;
    assert!(text.ends_with("}}") && begun.elapsed() >= Duration::from_millis(300));
    let (text, ..) = meet(Trouble::Trickle { bytes: 1, every: Duration::from_millis(1) }).await;
    assert!(text.ends_with("}}"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_meets_the_requests_that_it_names_and_no_more() {
    let (sandbox, proxy) = start().await;
    proxy.inject(Rule::on("GET", "/v1/sessions", Trouble::DropReply));
    proxy.inject(Rule::on("*", "/v1/sessions-", Trouble::PortalPage).skip(1).times(2));
    let mut client = Client::connect(&proxy);
    for portal in [false, true, true, false] {
        client.send();
        let mut start = [0; 12];
        client.0.read_exact(&mut start).unwrap();
        assert_eq!(start == *b"HTTP/1.1 200", portal);
        client = Client::connect(&proxy);
    }
    assert_eq!(sandbox.requests().len(), 2);
    proxy.heal();
    assert_eq!(proxy.counts(), [("portal_page", 2)].into());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_refuses_resets_or_is_silent_serves_again_on_the_same_port() {
    let (sandbox, proxy) = start().await;
    let mut open = Client::connect(&proxy);
    open.send();
    open.read_one();
    proxy.set_line(Line::Refuses);
    assert_eq!(open.read().0, "", "closed with the line");
    let refused = TcpStream::connect(("127.0.0.1", proxy.port())).err().map(|error| error.kind());
    assert_eq!(refused, Some(ErrorKind::ConnectionRefused));
    proxy.set_line(Line::Resets);
    let mut reset = Client::connect(&proxy);
    // The reset may come before or after the request is written.
    let _written = reset.0.write_all(b"GET / HTTP/1.1\r\n\r\n");
    assert!(matches!(reset.read(), (text, _) if text.is_empty()));
    proxy.set_line(Line::Silent);
    let mut silent = Client::connect(&proxy);
    silent.send();
    assert_eq!(silent.read(), (String::new(), Some(ErrorKind::WouldBlock)));
    proxy.heal();
    let mut client = Client::connect(&proxy);
    client.send();
    assert!(client.read_one().ends_with("}}"));
    assert_eq!(sandbox.requests().len(), 2);
    assert_eq!(proxy.counts(), [("refused", 1), ("reset_at_connect", 1), ("silent", 1)].into());
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_connections_stay_dead_and_new_ones_work() {
    let (sandbox, proxy) = start().await;
    for (death, end) in [
        (Death::Closed, None),
        (Death::Reset, Some(ErrorKind::ConnectionReset)),
        (Death::Silent, Some(ErrorKind::WouldBlock)),
    ] {
        let mut client = Client::connect(&proxy);
        client.send();
        client.read_one();
        proxy.kill_connections(death);
        if death != Death::Closed {
            client.send();
        }
        assert_eq!(client.read(), (String::new(), end), "{death:?}");
    }
    assert_eq!(sandbox.requests().len(), 3);
    let mut client = Client::connect(&proxy);
    client.send();
    assert!(client.read_one().ends_with("}}"));
}
