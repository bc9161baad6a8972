//! The customer in the demo: a browser without scripts. Opens the link that came, follows where it leads, and sends
//! the forms of the page just as they were rendered.

use super::html;
use crate::output::Failure;
use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE};
use reqwest::{Client, Response};
use std::sync::Arc;

/// A browser.
pub struct Customer {
    browser: Client,
}

/// A page that is open in it.
pub struct Page {
    address: reqwest::Url,
    html: String,
}

/// What a try to pay came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paid {
    /// The receipt, with what was paid.
    Receipt(String),
    /// The page is still there, and says this.
    Notice(String),
}

impl Customer {
    /// A browser that has visited nothing.
    ///
    /// # Errors
    /// When the system cannot give it what it needs.
    pub fn new() -> Result<Self, Failure> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        // The demo's pages are on this machine and in the clear: no certificate is ever trusted.
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Failure::Terminal(error.to_string()))?
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        let browser = Client::builder().tls_backend_preconfigured(tls).no_proxy().build().map_err(failed)?;
        Ok(Self { browser })
    }

    /// Opens a link.
    ///
    /// # Errors
    /// When the page does not come.
    pub async fn open(&self, link: &str) -> Result<Page, Failure> {
        let request = self.browser.get(link).header(ACCEPT, "text/html").header(ACCEPT_LANGUAGE, "en");
        Self::page(request.send().await.map_err(failed)?).await
    }

    /// Chooses a way to pay, and presses the button; with `failing` the page's box for a failed try is ticked.
    ///
    /// # Errors
    /// When the page does not offer that.
    pub async fn pay(&self, page: &mut Page, method: &str, failing: bool) -> Result<Paid, Failure> {
        let form = html::form(&page.html, "payment").ok_or_else(|| missing("form to pay with"))?;
        let mut fields = form.fields.clone();
        let mut choose = |name: &str, is: &dyn Fn(&str) -> bool| {
            let choice = form.choices.iter().find(|(known, value)| known == name && is(value));
            choice.map(|choice| fields.push(choice.clone())).ok_or_else(|| missing(name))
        };
        choose("method", &|value| value.rsplit('.').next() == Some(method))?;
        choose("action", &|value| value == "pay")?;
        if failing {
            choose("fail", &|_| true)?;
        }
        let address = page.address.join(&form.action).map_err(|error| Failure::Terminal(error.to_string()))?;
        let body = fields_encoded(&fields);
        let request = self.browser.post(address).header(ACCEPT, "text/html");
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        *page = Self::page(request.send().await.map_err(failed)?).await?;
        let status = html::attribute(&page.html, "receipt", "data-status");
        match (status.as_deref(), html::text(&page.html, "notice")) {
            (Some("CAPTURED" | "AUTHORIZED"), _) => Ok(Paid::Receipt(page.total())),
            (Some(other), _) => Ok(Paid::Notice(other.to_owned())),
            (None, Some(notice)) => Ok(Paid::Notice(notice)),
            (None, None) => Err(missing("receipt")),
        }
    }

    async fn page(response: Response) -> Result<Page, Failure> {
        let address = response.url().clone();
        Ok(Page { address, html: response.text().await.map_err(failed)? })
    }
}

impl Page {
    /// What is to be paid, or was.
    #[must_use]
    pub fn total(&self) -> String {
        html::text(&self.html, "total").unwrap_or_default()
    }
}

fn fields_encoded(fields: &[(String, String)]) -> String {
    let mut address = reqwest::Url::parse("http://form/").ok();
    if let Some(address) = &mut address {
        address.query_pairs_mut().extend_pairs(fields);
    }
    address.and_then(|address| address.query().map(str::to_owned)).unwrap_or_default()
}

fn failed(error: reqwest::Error) -> Failure {
    Failure::Terminal(format!("the customer's browser: {error}"))
}

fn missing(what: &str) -> Failure {
    Failure::Terminal(format!("the payment page has no {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_sent_as_browsers_do() {
        let fields = [("a", "1 2"), ("b", "æ&=")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(fields_encoded(&fields), "a=1+2&b=%C3%A6%26%3D");
    }
}
