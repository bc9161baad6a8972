//! A headless Chromium of the size of a phone, driven by ChromeDriver.

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// How long a page may take; generous, since the machines are shared.
const PATIENCE: Duration = Duration::from_secs(20);

/// The first four let it run as root and without a screen; the others keep it from asking servers of its maker.
const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// A ChromeDriver on a port of its own. Dropping it ends it.
struct Driver {
    process: Child,
    origin: String,
}

impl Driver {
    fn start() -> Self {
        let mut process = Command::new("chromedriver")
            .args(["--port=0", "--allowed-ips=127.0.0.1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("chromedriver (Debian: chromium-driver): {error}"));
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let port: u16 = lines
            .find_map(|line| line.strip_suffix('.')?.rsplit_once("started successfully on port ")?.1.parse().ok())
            .expect("chromedriver says on which port it listens");
        // Whatever else it has to say must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, origin: format!("http://127.0.0.1:{port}") }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The customer's phone.
#[derive(Clone)]
pub struct Phone(Client);

impl Phone {
    /// Runs a visit with a new browser that prefers `language`; however it ends, the browser is closed.
    pub async fn with<V: Future<Output = ()> + Send + 'static>(language: &str, visit: impl FnOnce(Self) -> V) {
        let driver = Driver::start();
        let profile = tempfile::tempdir().unwrap();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(language, &profile))
            .connect(&driver.origin)
            .await
            .expect("Chromium starts");
        let ended = tokio::spawn(visit(Self(client.clone()))).await;
        let closed = client.close().await;
        drop(driver);
        if let Err(error) = ended {
            std::panic::resume_unwind(error.into_panic());
        }
        closed.unwrap();
    }

    /// Opens a link.
    pub async fn open(&self, link: &str) {
        self.0.goto(link).await.unwrap();
    }

    /// The page's title.
    pub async fn title(&self) -> String {
        read_aloud(&self.0.title().await.unwrap())
    }

    /// Waits for an element.
    pub async fn see(&self, css: &str) -> Element {
        let found = self.0.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        found.unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    /// The text of an element as it is drawn.
    pub async fn read(&self, css: &str) -> String {
        drawn(&self.see(css).await).await
    }

    /// The texts of all elements as they are drawn, in order.
    pub async fn read_all(&self, css: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.0.find_all(Locator::Css(css)).await.unwrap() {
            texts.push(drawn(&element).await);
        }
        texts
    }

    /// Taps what has this text, as a finger does: it must be in sight and not covered.
    pub async fn tap(&self, css: &str, text: &str) {
        for element in self.0.find_all(Locator::Css(css)).await.unwrap() {
            if drawn(&element).await == text {
                return element.click().await.unwrap();
            }
        }
        panic!("no {css} says {text:?}: {:?}", self.read_all(css).await);
    }

    /// An attribute of an element.
    pub async fn attribute(&self, css: &str, name: &str) -> String {
        self.see(css).await.attr(name).await.unwrap().unwrap_or_else(|| panic!("{css} has no {name}"))
    }

    /// Whether everything fits the width of the screen.
    pub async fn fits(&self) -> bool {
        let script = "return document.documentElement.scrollWidth <= window.innerWidth && window.innerWidth < 500";
        self.0.execute(script, Vec::new()).await.unwrap() == Value::Bool(true)
    }

    /// Leaves a picture for people.
    pub async fn picture(&self, name: &str) {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"));
        std::fs::write(file, self.0.screenshot().await.unwrap()).unwrap();
    }
}

/// The text of an element as it is drawn.
async fn drawn(element: &Element) -> String {
    read_aloud(&element.text().await.unwrap())
}

/// Line breaks and spaces that do not break read as spaces.
fn read_aloud(text: &str) -> String {
    text.replace('\u{a0}', " ").lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

fn capabilities(language: &str, profile: &TempDir) -> serde_json::Map<String, Value> {
    let mut flags: Vec<String> = FLAGS.map(str::to_owned).to_vec();
    flags.push(format!("--user-data-dir={}", profile.path().display()));
    let options = json!({
        "args": flags,
        "prefs": { "intl.accept_languages": language },
        "mobileEmulation": { "deviceMetrics": { "width": 390, "height": 844, "pixelRatio": 2.0, "touch": true } },
    });
    json!({ "browserName": "chrome", "goog:chromeOptions": options }).as_object().cloned().unwrap_or_default()
}
