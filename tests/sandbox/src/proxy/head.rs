//! Heads of requests and replies: just enough to know where they end, and what they ask for.

use std::io;

/// More headers than any client of ours sends.
const MAX_HEADERS: usize = 64;

fn broken<E: std::error::Error + Send + Sync + 'static>(error: E) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// The head of a request.
pub(super) struct RequestHead {
    pub(super) method: String,
    /// Without the query.
    pub(super) path: String,
    /// Bytes of the head.
    pub(super) length: usize,
    /// Bytes of the body.
    pub(super) body: usize,
}

/// Reads a request's head; `None` while it is not all there.
pub(super) fn request(bytes: &[u8]) -> io::Result<Option<RequestHead>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(length) = head.parse(bytes).map_err(broken)? else { return Ok(None) };
    let body = head.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let body = body.and_then(|header| std::str::from_utf8(header.value).ok()?.trim().parse().ok()).unwrap_or(0);
    let path = head.path.unwrap_or("/").split('?').next().unwrap_or("/").to_owned();
    Ok(Some(RequestHead { method: head.method.unwrap_or("").to_owned(), path, length, body }))
}

/// A whole reply.
pub(super) struct Reply {
    /// Status line and headers, without those about the connection and without the empty line.
    pub(super) head: Vec<u8>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// Of a connection that was read to its end.
    pub(super) fn read(bytes: &[u8]) -> io::Result<Self> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut reply = httparse::Response::new(&mut headers);
        match reply.parse(bytes).map_err(broken)? {
            httparse::Status::Complete(length) => {
                let (head, body) = bytes.split_at(length);
                Ok(Self { head: without(head, &["connection"]), body: body.to_vec() })
            }
            httparse::Status::Partial => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// The head without its length, for bodies that are delimited some other way.
    pub(super) fn head_without_length(&self) -> Vec<u8> {
        without(&self.head, &["content-length", "transfer-encoding"])
    }

    /// As it came.
    pub(super) fn bytes(&self) -> Vec<u8> {
        [&self.head, END_OF_HEAD, &self.body].concat()
    }
}

/// Ends a head whose last line has its own end.
pub(super) const END_OF_HEAD: &[u8] = b"\r\n";

/// A head without these headers and without its empty line.
pub(super) fn without(head: &[u8], names: &[&str]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(head.len());
    for line in head.split_inclusive(|byte| *byte == b'\n') {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        let drop = line.trim_ascii().is_empty() || names.iter().any(|gone| name.eq_ignore_ascii_case(gone.as_bytes()));
        if !drop {
            kept.extend_from_slice(line);
        }
    }
    kept
}
