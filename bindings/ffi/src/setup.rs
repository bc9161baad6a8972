//! Set-up links and invitations: functions, since there is no core to ask before there is an account.

use crate::error::{PaylinkError, contained};
use crate::record::{Config, OpenedInvitation, Setup, SetupCheck};
use paylink_core::account;
use paylink_core::clock::{Clock, PhoneTime, SystemClock};
use paylink_core::setup;

/// Reads what was pasted or scanned: a set-up link, or an invitation, which `open_invitation` opens. Stores nothing and
/// waits for nothing; cheap enough for each keystroke.
///
/// `current` is the configuration of the account that the text names, if the phone has that account already: then the
/// summary says what would change, and neither account nor origin can. Ask without it first, to learn the account.
///
/// # Errors
/// `internal`. What is wrong with the text is a problem, not an error.
#[uniffi::export(default(current = None))]
pub fn check_setup(text: &str, current: Option<Config>) -> Result<SetupCheck, PaylinkError> {
    let current = current.map(account::Config::from);
    contained(|| Ok::<_, PaylinkError>(setup::check(text, current.as_ref(), now()).into()))
}

/// Opens an invitation with its code, however that is typed. Stores nothing. It takes up to a second of work on a slow
/// phone, so not on the main thread. The invitation's end is judged by the phone's clock.
///
/// # Errors
/// `internal`. A wrong code, and all else that is wrong, is a problem, not an error.
#[uniffi::export(default(current = None))]
pub fn open_invitation(text: &str, code: &str, current: Option<Config>) -> Result<OpenedInvitation, PaylinkError> {
    let current = current.map(account::Config::from);
    contained(|| Ok::<_, PaylinkError>(setup::open(text, code, current.as_ref(), now()).into()))
}

/// The configuration that a set-up makes, once a person has agreed to it. What no set-up says, such as how long a sale may
/// wait unasked, is as in `current`.
#[uniffi::export(default(current = None))]
#[must_use]
pub fn configured(setup: Setup, data_dir: String, current: Option<Config>) -> Config {
    setup.config(data_dir, current.as_ref())
}

fn now() -> PhoneTime {
    PhoneTime::from_ms(SystemClock::default().wall_ms())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str =
        "paylink://setup?account=T12345678&seller_name=Torget&return_url=https%3A%2F%2Fexample.com&vat=15&expiry=1m";

    #[test]
    fn a_set_up_becomes_the_configuration_that_it_says() {
        let setup = check_setup(LINK, None).unwrap().setup.unwrap();
        let current = Config { ask_again_after_hours: Some(3), ..configured(setup.clone(), "data".to_owned(), None) };
        assert_eq!(current.ask_again_after_hours, Some(3));
        let made = configured(setup, "data".to_owned(), Some(current.clone()));
        let settings = account::Config::from(made).check().unwrap();
        assert_eq!((settings.seller_name.as_str(), settings.vat.plain_text().as_str()), ("Torget", "15"));
        assert_eq!((settings.expiry.code(), settings.ask_again_after_ms), ("1m", 3 * 3_600_000));
        let other = check_setup(&LINK.replace("Torget", "Bua"), Some(current)).unwrap();
        let changes = other.summary.unwrap().changes;
        assert_eq!((changes.len(), changes[0].from.as_str(), changes[0].to.as_str()), (1, "Torget", "Bua"));
    }

    #[test]
    fn every_field_of_a_set_up_crosses() {
        use paylink_core::setup::SetupField;
        let value = |field: SetupField| match field {
            SetupField::Account => "P00000001",
            SetupField::Origin => "https://api.dintero.com/",
            SetupField::ApiPrefix => "/v1/accounts/{account}/payments",
            SetupField::ProfileId => "profile",
            SetupField::ReturnUrl => "https://example.com/a",
            SetupField::SellerName => "Torget",
            SetupField::ReferencePrefix => "TOR",
            SetupField::Language => "nn",
            SetupField::Region => "SE",
            SetupField::Currency => "EUR",
            SetupField::Vat => "6",
            SetupField::Expiry => "1d",
            SetupField::Capture => "manual",
            SetupField::Address => "express",
            SetupField::Delivery => "qr",
            SetupField::TermsUrl => "https://example.com/b",
        };
        let mut config =
            account::Config::from(configured(check_setup(LINK, None).unwrap().setup.unwrap(), "data".to_owned(), None));
        let fields = SetupField::ALL.map(|field| format!("{}={}", field.code(), value(field).replace('&', "%26")));
        let setup = check_setup(&format!("paylink://setup?{}", fields.join("&")), None).unwrap().setup.unwrap();
        let crossed = account::Config::from(configured(setup, "data".to_owned(), None));
        config = paylink_core::setup::Setup::of(&crossed).unwrap().config(config);
        let back = paylink_core::setup::Setup::of(&config).unwrap();
        for field in SetupField::ALL {
            assert_eq!(back.get(field), value(field), "{}", field.code());
        }
    }

    #[test]
    fn credentials_are_printed_by_nobody() {
        let credentials =
            crate::record::Credentials { client_id: "the-client".to_owned(), client_secret: "hunter2".to_owned() };
        assert_eq!(format!("{credentials:?}"), "Credentials(…)");
    }
}
