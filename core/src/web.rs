//! Addresses of the web: read once, checked, and used in their normalised form from then on.
//!
//! Whatever a seller configures or the provider returns ends in front of a customer, so only an address that a browser opens
//! as it reads is taken: https, or the loopback where a sandbox is, nobody's name in it, and no character that cannot be
//! seen. Blanks and invisible characters around it are a clipboard's, and dropped.

use crate::text::is_invisible;
use url::{Host, Url};

/// Reads an address. `plain` says whether one in the clear may lead to this machine.
///
/// # Errors
/// Why it cannot be used, as a lowercase fragment.
pub fn address(text: &str, plain: bool) -> Result<Url, &'static str> {
    let odd = |c: char| c.is_whitespace() || c.is_control() || is_invisible(c);
    let text = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    if text.is_empty() {
        return Err("required");
    }
    if text.chars().any(odd) {
        return Err("holds a space or a character that cannot be seen");
    }
    let url = Url::parse(text).map_err(|_| "is not a web address")?;
    let encrypted = match url.scheme() {
        "https" => url.has_host(),
        "http" => plain && is_this_machine(&url),
        _ => false,
    };
    if !encrypted {
        return Err("is not https, and not this machine");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user name or a password");
    }
    Ok(url)
}

/// Whether an address leads to this machine.
#[must_use]
pub fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_used_in_its_normalised_form() {
        for (typed, used) in [
            ("https://example.com", "https://example.com/"),
            (" \u{feff}HTTPS://Example.COM:443/vilkår\u{200b}\n", "https://example.com/vilk%C3%A5r"),
            ("https://bjørn.no/a/../b", "https://xn--bjrn-hra.no/b"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
            ("https:\\\\example.com\\a", "https://example.com/a"),
        ] {
            assert_eq!(address(typed, true).map(String::from), Ok(used.to_owned()), "{typed}");
        }
    }

    #[test]
    fn an_address_that_hides_something_is_refused() {
        for typed in [
            "https://exa\u{200b}mple.com",
            "https://example.com/a b",
            "https://example.com/\u{202e}a",
            "https://exam\u{ad}ple.com",
            "https://example.com/a\nb",
            "https://example.com/\u{7}",
            "https://me@example.com",
            "https://:secret@example.com",
            "http://example.com",
            "http://localhost.example.com",
            "ftp://example.com",
            "javascript:alert(1)",
            "https://",
            "nonsense",
            "",
        ] {
            assert!(address(typed, true).is_err(), "{typed:?}");
        }
        assert!(address("http://127.0.0.1", false).is_err(), "in the clear only where a sandbox is");
    }
}
