//! A provider of a few lines over real loopback TCP, one thread per connection. What it says is up to each test,
//! byte by byte, so that it can say what no well-behaved server would.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A request as it came.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) target: String,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Asked {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn is_token(&self) -> bool {
        self.target.ends_with("/auth/token")
    }

    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// What the server does.
pub(super) enum Act {
    /// Writes this and waits for the next request.
    Say(String),
    /// Writes this and closes.
    SayAndClose(String),
    /// Waits, then does the other.
    After(Duration, Box<Act>),
    /// Never answers.
    Hang,
}

/// An answer with JSON.
pub(super) fn json(status: u16, body: &str) -> Act {
    Act::Say(text(status, &[("Content-Type", "application/json")], body))
}

/// An answer of any kind.
pub(super) fn text(status: u16, headers: &[(&str, &str)], body: &str) -> String {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

/// The answer to the n-th token request, counted from 1.
pub(super) fn token(n: usize) -> Act {
    json(200, &format!(r#"{{"access_token":"token-{n}","token_type":"Bearer","expires_in":14400}}"#))
}

type Handler = dyn Fn(&Asked, usize) -> Act + Send + Sync;

/// The server; its threads end with the process.
pub(super) struct Server {
    pub(super) origin: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// `handler` gets each request and how many like it (token or not) came so far, this one included.
    pub(super) fn start(handler: impl Fn(&Asked, usize) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (handler, log): (Arc<Handler>, _) = (Arc::new(handler), asked.clone());
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (handler, log) = (handler.clone(), log.clone());
                thread::spawn(move || serve(stream, &*handler, &log));
            }
        });
        Self { origin, asked }
    }

    /// Gives a token to whoever asks; everything else is up to `handler`.
    pub(super) fn with_tokens(handler: impl Fn(&Asked, usize) -> Act + Send + Sync + 'static) -> Self {
        Self::start(move |asked, n| if asked.is_token() { token(n) } else { handler(asked, n) })
    }

    /// Requests for tokens so far.
    pub(super) fn tokens(&self) -> Vec<Asked> {
        self.all().into_iter().filter(Asked::is_token).collect()
    }

    /// Other requests so far.
    pub(super) fn calls(&self) -> Vec<Asked> {
        self.all().into_iter().filter(|asked| !asked.is_token()).collect()
    }

    fn all(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(stream: TcpStream, handler: &Handler, log: &Mutex<Vec<Asked>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    while let Some(asked) = read(&mut reader) {
        let n = {
            let mut log = log.lock().unwrap();
            log.push(asked.clone());
            log.iter().filter(|one| one.is_token() == asked.is_token()).count()
        };
        let mut act = handler(&asked, n);
        loop {
            match act {
                Act::Say(text) => {
                    if writer.write_all(text.as_bytes()).is_err() {
                        return;
                    }
                    break;
                }
                Act::SayAndClose(text) => {
                    let _ = writer.write_all(text.as_bytes());
                    return;
                }
                Act::After(wait, next) => {
                    thread::sleep(wait);
                    act = *next;
                }
                Act::Hang => loop {
                    thread::park();
                },
            }
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut parts = line.split_whitespace();
    let (method, target) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").map_or("0", |(_, value)| value);
    let mut body = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { method, target, headers, body })
}
