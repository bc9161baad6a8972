//! Set-up links and invitations: functions, since there is no core to ask before there is an account.

use crate::error::{PaylinkError, contained};
use crate::record::{Config, SetupCheck};
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
pub fn open_invitation(text: &str, code: &str, current: Option<Config>) -> Result<SetupCheck, PaylinkError> {
    let current = current.map(account::Config::from);
    contained(|| Ok::<_, PaylinkError>(setup::open(text, code, current.as_ref(), now()).into()))
}

fn now() -> PhoneTime {
    PhoneTime::from_ms(SystemClock::default().wall_ms())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Credentials, Setup};
    use paylink_core::setup::{Setup as CoreSetup, SetupField};

    /// A text for each field that is not its default.
    const TEXTS: [(SetupField, &str); SetupField::ALL.len()] = [
        (SetupField::Account, "P00000001"),
        (SetupField::Origin, "https://api.dintero.com/"),
        (SetupField::ApiPrefix, "/v1/accounts/{account}/payments"),
        (SetupField::ProfileId, "profile"),
        (SetupField::ReturnUrl, "https://example.com/a"),
        (SetupField::SellerName, "Torget"),
        (SetupField::ReferencePrefix, "TOR"),
        (SetupField::Language, "nn"),
        (SetupField::Region, "SE"),
        (SetupField::Currency, "EUR"),
        (SetupField::Vat, "6"),
        (SetupField::Expiry, "1d"),
        (SetupField::Capture, "manual"),
        (SetupField::Address, "express"),
        (SetupField::Delivery, "qr"),
        (SetupField::TermsUrl, "https://example.com/b"),
    ];

    #[test]
    fn every_field_of_a_set_up_crosses_in_its_place() {
        let fields: Vec<_> = TEXTS.iter().map(|(field, text)| format!("{}={text}", field.code())).collect();
        let text = format!("paylink://setup?{}", fields.join("&"));
        let setup = check_setup(&text, None).unwrap().setup.unwrap();
        let Setup {
            account,
            origin,
            api_prefix,
            profile_id,
            return_url,
            seller_name,
            reference_prefix,
            language,
            region,
            currency,
            vat,
            expiry,
            capture,
            address,
            delivery,
            terms_url,
        } = setup;
        let made = account::Config {
            account,
            origin,
            api_prefix,
            profile_id,
            return_url,
            seller_name,
            reference_prefix,
            language,
            region,
            currency,
            vat,
            expiry,
            capture,
            address,
            delivery,
            terms_url,
            ..account::Config::default()
        };
        let back = CoreSetup::of(&made).unwrap();
        for (field, text) in TEXTS {
            assert_eq!(back.get(field), text, "{}", field.code());
        }
    }

    #[test]
    fn credentials_are_printed_by_nobody() {
        let credentials = Credentials { client_id: "the-client".to_owned(), client_secret: "hunter2".to_owned() };
        assert_eq!(format!("{credentials:?}"), "Credentials(…)");
    }
}
