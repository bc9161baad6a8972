//! What most tests begin with: a configuration, a folder, a sale.

use paylink_core::account::Config;
use paylink_core::gateway::dintero::Timeouts;
use paylink_core::order::{Draft, DraftItem};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// A configuration against a sandbox, with time-outs that suit a test.
pub fn config(folder: &Path, origin: &str) -> Config {
    Config {
        data_dir: folder.to_owned(),
        account: "P12345678".to_owned(),
        origin: origin.to_owned(),
        return_url: "https://example.com/thanks".to_owned(),
        seller_name: "Skogens Honning AS".to_owned(),
        reference_prefix: "HON".to_owned(),
        timeouts: Timeouts {
            connect: Duration::from_secs(2),
            write: Duration::from_secs(3),
            read: Duration::from_secs(3),
        },
        ..Config::default()
    }
}

/// A folder, memory-backed where the system has that: for proofs that write much and are not about the disk.
#[must_use]
pub fn memory_folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a folder can be made")
}

/// Two jars of honey and a candle: two VAT rates, 298,00 + 89,50.
pub fn honey() -> Draft {
    let item = |description: &str, quantity: &str, price: &str, vat: &str| DraftItem {
        description: description.to_owned(),
        quantity: quantity.to_owned(),
        unit_price: price.to_owned(),
        vat: vat.to_owned(),
        ..DraftItem::default()
    };
    Draft {
        items: vec![item("Honning 500 g", "2", "149,00", "15"), item("Bivokslys", "", "89,50", "")],
        ..Draft::default()
    }
}

/// The same, by the provider's SMS.
pub fn honey_by_sms() -> Draft {
    Draft { phone: "474 65 724".to_owned(), delivery: "sms".to_owned(), ..honey() }
}
