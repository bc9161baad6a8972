//! `paylink demo`: a day at the stall in ten seconds. Three sales are typed where there is no network, survive a
//! restart, become links when the network is back, and are paid.
//!
//! Everything runs in this process: the stand-in for the provider on a loopback port, the seller's core on a database
//! in a temporary folder, the customer over HTTP on the payment page. Every figure is read back from the core or
//! from the stand-in's records; [`records`] counts at the end what was lost or doubled.

mod customer;
mod html;
mod network;
mod records;
mod sales;
mod scenes;
mod seller;

use crate::output::{Exit, Failure, Outcome};
use crate::screen::Screen;
use crate::secret::Credentials;
use network::Network;
use paylink_core::account::Config;
use paylink_core::link::LinkStatus;
use paylink_sandbox::{Options, Profile, Sandbox};
use scenes::Scenes;
use seller::Seller;

const SELLER: &str = "Skogens Honning";

/// Plays the demo.
///
/// # Errors
/// When the machine has no port or no folder left, or the core or the payment page does not do its part.
pub async fn run(screen: Screen) -> Outcome {
    let failed = |error: std::io::Error| Failure::Terminal(error.to_string());
    let folder = tempfile::tempdir().map_err(failed)?;
    let profile = Profile { merchant_name: SELLER.to_owned(), ..Profile::default() };
    let options = Options { profiles: vec![profile], ..Options::default() };
    let credentials = Credentials { id: options.client_id.clone(), secret: options.client_secret.clone() };
    let account = options.account.clone();
    let sandbox = Sandbox::start(options).await.map_err(failed)?;
    let mut network = Network::to(sandbox.port()).await.map_err(failed)?;
    sandbox.configure(|options| options.origin = network.origin());
    let mut seller = Seller::new(Config {
        data_dir: folder.path().to_owned(),
        account,
        origin: network.origin(),
        return_url: format!("{}/sandbox", network.origin()),
        seller_name: SELLER.to_owned(),
        reference_prefix: "HON".to_owned(),
        ..Config::default()
    })?;

    let scenes = Scenes { screen, sandbox: &sandbox };
    scenes.opening(&network.origin(), folder.path());
    seller.sign_in(&credentials).await?;
    scenes.signed_in(&seller)?;

    seller.core.network_changed(false)?;
    network.off().await;
    let sales = sales::all();
    let orders = scenes.three_sales(&seller, &sales)?;

    seller.restart()?;
    scenes.still_there(&seller, &orders)?;

    network.on().await.map_err(failed)?;
    seller.core.network_changed(true)?;
    seller.until(&orders, None, |link| link.url.is_some()).await?;
    scenes.links(&seller, &sales, &orders)?;

    scenes.customers(&mut seller, &sales, &orders).await?;
    seller.until(&orders, Some(screen), |link| link.status == LinkStatus::Captured).await?;
    scenes.told(&seller, &orders)?;
    scenes.day(&seller)?;

    let count = records::count(&seller.core, &sandbox, &orders)?;
    seller.core.close();
    screen.object(&count);
    let fair = count.lost == 0 && count.doubled == 0 && count.links == orders.len() && count.paid == orders.len();
    let last = format!("links {}, paid {}, lost {}, doubled {}", count.links, count.paid, count.lost, count.doubled);
    screen.say(if fair { screen.good(&last) } else { screen.bad(&last) });
    Ok(if fair { Exit::Done } else { Exit::Refused })
}
