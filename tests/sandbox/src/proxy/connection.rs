//! One client's connection, request after request.

use super::head::{self, END_OF_HEAD, Reply, RequestHead};
use super::rule::Trouble;
use super::stream::Stream;
use super::{Death, Moment, Shared};
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PORTAL_PAGE: &str = "<!doctype html><title>Welcome aboard</title><p>Accept the terms to use this network.</p>";
/// Nobody of ours; the name can never be registered (RFC 2606).
const PORTAL_ADDRESS: &str = "http://portal.invalid/login";
/// Written at once of a body that nobody wants to have in memory.
const PIECE: usize = 64 * 1024;

/// Whether the connection goes on.
type Next = io::Result<bool>;

pub(super) struct Connection {
    shared: Arc<Shared>,
    stream: Box<dyn Stream>,
    number: u64,
    /// Bytes that have come and were not used.
    bytes: Vec<u8>,
}

impl Connection {
    pub(super) fn new(shared: Arc<Shared>, stream: Box<dyn Stream>, number: u64) -> Self {
        Self { shared, stream, number, bytes: Vec::new() }
    }

    /// Serves until either side ends it.
    pub(super) async fn serve(mut self) -> io::Result<()> {
        while let Some(head) = self.next_head().await? {
            self.shared.requests.fetch_add(1, Ordering::SeqCst);
            if !self.answer(head).await? {
                break;
            }
        }
        Ok(())
    }

    async fn next_head(&mut self) -> io::Result<Option<RequestHead>> {
        loop {
            if let Some(head) = head::request(&self.bytes)? {
                return Ok(Some(head));
            }
            if !self.read_more().await? {
                return Ok(None);
            }
        }
    }

    async fn read_more(&mut self) -> io::Result<bool> {
        Ok(self.stream.read_buf(&mut self.bytes).await? > 0)
    }

    async fn read_until(&mut self, length: usize) -> io::Result<()> {
        while self.bytes.len() < length {
            if !self.read_more().await? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(())
    }

    async fn answer(&mut self, head: RequestHead) -> Next {
        match self.shared.death_of(self.number) {
            Some(Death::Silent) => {
                self.shared.count("dead_silent");
                return self.never_answer().await;
            }
            Some(Death::Reset | Death::Closed) => {
                self.shared.count("dead_reset");
                return self.reset();
            }
            None => {}
        }
        if self.shared.ends_at(Moment::Begun) {
            return Ok(false);
        }
        let trouble = self.shared.trouble_of(&head.method, &head.path);
        if let Some(trouble) = &trouble {
            self.shared.count(trouble.name());
        }
        let whole = head.length + head.body;
        if let Some(Trouble::CutRequest { after }) = trouble {
            return self.cut_request(after.min(whole.saturating_sub(1))).await;
        }
        if self.shared.ends_at(Moment::HalfSent) {
            return self.cut_request(whole / 2).await;
        }
        self.read_until(whole).await?;
        if self.shared.ends_at(Moment::Sent) {
            return Ok(false);
        }
        let rest = self.bytes.split_off(whole);
        let request = std::mem::replace(&mut self.bytes, rest);
        match trouble {
            Some(Trouble::BlackHole) => self.never_answer().await,
            Some(Trouble::PortalRedirect) => self.portal("302 Found", &format!("location: {PORTAL_ADDRESS}\r\n")).await,
            Some(Trouble::PortalPage) => self.portal("200 OK", "").await,
            trouble => {
                let reply = deliver(&self.shared, &request, head.length).await?;
                if self.shared.ends_at(Moment::Done) {
                    return Ok(false);
                }
                self.reply(trouble, reply).await
            }
        }
    }

    fn reset(&self) -> Next {
        self.stream.reset_on_drop();
        Ok(false)
    }

    /// Swallows what comes until the client gives up.
    async fn never_answer(&mut self) -> Next {
        loop {
            self.bytes.clear();
            if !self.read_more().await? {
                return Ok(false);
            }
        }
    }

    /// The provider gets the first bytes, and then the connection is gone on both sides.
    async fn cut_request(&mut self, after: usize) -> Next {
        self.read_until(after).await?;
        let mut upstream = TcpStream::connect(self.shared.upstream).await?;
        upstream.write_all(self.bytes.get(..after).unwrap_or_default()).await?;
        drop(upstream);
        self.reset()
    }

    async fn portal(&mut self, status: &str, more: &str) -> Next {
        let head = format!("HTTP/1.1 {status}\r\n{more}content-type: text/html\r\ncache-control: no-store\r\n");
        let length = format!("content-length: {}\r\n\r\n", PORTAL_PAGE.len());
        self.write(&[head.as_bytes(), length.as_bytes(), PORTAL_PAGE.as_bytes()].concat()).await?;
        Ok(true)
    }

    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await?;
        self.stream.flush().await
    }

    /// The provider has acted and answered; this is what the client gets of it.
    async fn reply(&mut self, trouble: Option<Trouble>, reply: Reply) -> Next {
        match trouble {
            Some(Trouble::DropReply) => self.reset(),
            Some(Trouble::CutReply) => {
                let half = reply.body.get(..reply.body.len() / 2).unwrap_or_default();
                self.write(&[&reply.head, END_OF_HEAD, half].concat()).await?;
                Ok(false)
            }
            Some(Trouble::Trickle { bytes, every }) => self.trickle(&reply.bytes(), bytes, every).await,
            Some(Trouble::Slow { by }) => {
                tokio::time::sleep(by).await;
                self.write(&reply.bytes()).await?;
                Ok(true)
            }
            Some(Trouble::Http10) => {
                let head = reply.head_without_length();
                let old = [b"HTTP/1.0", head.get(b"HTTP/1.0".len()..).unwrap_or_default()].concat();
                self.write(&[&old, END_OF_HEAD, &reply.body].concat()).await?;
                self.stream.shutdown().await?;
                Ok(false)
            }
            Some(Trouble::ChunkedNonsense) => {
                let head = reply.head_without_length();
                self.write(&[&head, b"transfer-encoding: chunked\r\n\r\nzz\r\n".as_slice(), &reply.body].concat())
                    .await?;
                Ok(false)
            }
            Some(Trouble::Huge { bytes, declared }) => self.huge(&reply, bytes, declared).await,
            _ => self.whole(&reply).await,
        }
    }

    /// In two halves, since something may happen between them.
    async fn whole(&mut self, reply: &Reply) -> Next {
        let (half, rest) = reply.body.split_at(reply.body.len() / 2);
        self.write(&[&reply.head, END_OF_HEAD, half].concat()).await?;
        if self.shared.ends_at(Moment::HalfAnswered) {
            return Ok(false);
        }
        self.write(rest).await?;
        Ok(!self.shared.ends_at(Moment::Answered))
    }

    async fn trickle(&mut self, bytes: &[u8], at_once: usize, every: Duration) -> Next {
        for drop in bytes.chunks(at_once.max(1)) {
            self.write(drop).await?;
            tokio::time::sleep(every).await;
        }
        Ok(true)
    }

    /// Ends early when the client has had enough.
    async fn huge(&mut self, reply: &Reply, bytes: u64, declared: bool) -> Next {
        let told = if declared { format!("content-length: {bytes}") } else { "transfer-encoding: chunked".to_owned() };
        self.write(&[&reply.head_without_length(), told.as_bytes(), b"\r\n\r\n"].concat()).await?;
        let piece = vec![b' '; PIECE];
        let mut left = bytes;
        while left > 0 {
            let now = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
            if !declared {
                self.write(format!("{now:x}\r\n").as_bytes()).await?;
            }
            self.write(piece.get(..now).unwrap_or_default()).await?;
            if !declared {
                self.write(b"\r\n").await?;
            }
            left -= now as u64;
        }
        if !declared {
            self.write(b"0\r\n\r\n").await?;
        }
        Ok(true)
    }
}

/// Passes a whole request on, and reads the whole reply.
async fn deliver(shared: &Shared, request: &[u8], head: usize) -> io::Result<Reply> {
    let (head, body) = request.split_at(head);
    let mut upstream = TcpStream::connect(shared.upstream).await?;
    let close = b"connection: close\r\n\r\n".as_slice();
    upstream.write_all(&[&head::without(head, &["connection"]), close, body].concat()).await?;
    let mut reply = Vec::new();
    upstream.read_to_end(&mut reply).await?;
    Reply::read(&reply)
}
