//! The payment link as the provider sends it: input like any other. It is sent to customers, so it is parsed once, and
//! only an address that a browser opens as it reads is taken (`web`).

use crate::gateway::LinkUrl;
use crate::web;

/// Bytes of a link: the limit of the densest QR code that every camera reads, and far more than any link has.
const MAX_CHARS: usize = 1_000;

/// `plain` says whether a link in the clear may lead to this machine: a sandbox's does.
pub(in crate::gateway::dintero) fn read_link(text: Option<&str>, plain: bool) -> LinkUrl {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return LinkUrl::Missing };
    match web::address(text, plain) {
        Ok(url) if url.as_str().len() <= MAX_CHARS => LinkUrl::Given(url.into()),
        _ => LinkUrl::Unusable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_that_can_be_sent_to_a_customer_is_taken() {
        let given = |text: &str| LinkUrl::Given(text.to_owned());
        for (text, plain, expected) in [
            ("https://checkout.dintero.com/v1/view/P1.a", false, given("https://checkout.dintero.com/v1/view/P1.a")),
            (
                " HTTPS://Checkout.Dintero.com/v1/view/P1.a/ ",
                false,
                given("https://checkout.dintero.com/v1/view/P1.a/"),
            ),
            ("http://127.0.0.1:8080/v1/view/1", true, given("http://127.0.0.1:8080/v1/view/1")),
            ("http://127.0.0.1:8080/v1/view/1", false, LinkUrl::Unusable),
            ("http://example.com/", true, LinkUrl::Unusable),
            ("javascript:alert(1)", true, LinkUrl::Unusable),
            ("https://me:secret@checkout.dintero.com/x", false, LinkUrl::Unusable),
            ("https://checkout.dintero.com/\u{202e}x", false, LinkUrl::Unusable),
            ("https://checkout.dintero.com/a\nb", false, LinkUrl::Unusable),
            ("https://checkout.dintero.com/a b", false, LinkUrl::Unusable),
            ("vipps://?token=x", false, LinkUrl::Unusable),
            ("not an address", false, LinkUrl::Unusable),
            ("", false, LinkUrl::Missing),
        ] {
            assert_eq!(read_link(Some(text), plain), expected, "{text:?}");
        }
        assert_eq!(read_link(None, true), LinkUrl::Missing);
        assert_eq!(read_link(Some(&format!("https://x.no/{}", "a".repeat(MAX_CHARS))), true), LinkUrl::Unusable);
    }
}
