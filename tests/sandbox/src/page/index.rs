//! Pages for people who look into the sandbox: what there is, and the customers' phones.

use maud::{Markup, html};

use super::{Language, layout};
use crate::clock::rfc3339;
use crate::engine::{Engine, Session};

/// `/sandbox`: how to sign in, every session with its state, and where to go on.
pub(crate) fn index(engine: &Engine) -> Markup {
    let options = engine.options();
    let profiles: Vec<&str> = options.profiles.iter().map(|profile| profile.id.as_str()).collect();
    let rows = [
        ("Account", options.account.as_str()),
        ("Client id", &options.client_id),
        ("Client secret", &options.client_secret),
        ("Provider origin", &options.origin),
    ];
    let body = html! {
        h1 { "Paylink sandbox" }
        section.card {
            h2 { "Sign in with" }
            table.grid #credentials {
                @for (name, value) in rows { tr { th scope="row" { (name) } td { code { (value) } } } }
                tr { th scope="row" { "Profiles" } td { code { (profiles.join(", ")) } } }
                tr { th scope="row" { "Clock" } td { code { (moment(engine.now_ms())) } } }
            }
        }
        section.card {
            h2 { "Sessions" }
            @if engine.sessions().is_empty() { p.soft { "None yet: create a payment link." } }
            @else {
                div.scroll {
                    table.grid #sessions {
                        tr { th { "Reference" } th { "Amount" } th { "State" } }
                        @for session in engine.sessions().iter().rev() {
                            tr {
                                td { a href=(engine.link(&session.id)) { (session.merchant_reference) } }
                                td.num { (Language::En.amount(session.amount, &session.currency)) }
                                td { span.tag { (state(engine, session)) } }
                            }
                        }
                    }
                }
            }
        }
        p { a href="/sandbox/inbox" { "The customers' phones (" (engine.inbox().len()) ")" } " · " a href="/sandbox/records" { "Records as JSON" } }
    };
    layout("Paylink sandbox", Language::En, body)
}

/// `2026-11-24 19:07:02 UTC`
fn moment(ms: i64) -> String {
    let text = rfc3339(ms);
    let (date, time) = text.split_once('T').unwrap_or((&text, ""));
    format!("{date} {} UTC", time.split('.').next().unwrap_or_default())
}

/// One word for where a session stands, for people only: the wire has none.
fn state(engine: &Engine, session: &Session) -> &'static str {
    let transaction = session.transaction_id.as_ref().and_then(|id| engine.transaction(id));
    match (transaction, engine.closed(session)) {
        (Some(transaction), _) => transaction.status.as_str(),
        (None, Some(cause)) => cause,
        (None, None) if session.visited() => "OPENED",
        (None, None) => "OPEN",
    }
}

/// `/sandbox/inbox` for people.
pub(crate) fn inbox(engine: &Engine) -> Markup {
    let body = html! {
        h1 { "The customers' phones" }
        @if engine.inbox().is_empty() {
            section.card { p.soft { "Nothing has arrived. On a T account nothing ever does." } }
        }
        @for message in engine.inbox().iter().rev() {
            section.card.message {
                p.soft { (message.from) " → " (message.to) " · " span.tag { (message.channel.as_str()) } " · " (moment(message.at_ms)) }
                div.bubble {
                    (message.text.trim_end_matches(message.link.as_str()))
                    a.pay-link href=(message.link) { (message.link) }
                }
            }
        }
        p { a href="/sandbox" { "Back to the sandbox" } }
    };
    layout("Inbox", Language::En, body)
}
