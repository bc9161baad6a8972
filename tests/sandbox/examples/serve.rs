//! `cargo run -p paylink-sandbox --example serve -- 4010 [T12345678]`: a sandbox to look at.

use paylink_sandbox::{Options, serve};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(4010);
    let mut options = Options::default();
    if let Some(account) = arguments.next() {
        options.account = account;
    }
    serve(options, port, |sandbox| println!("{}/sandbox", sandbox.origin()), std::future::pending()).await
}
