//! The sandbox's pages, drawn on the server: the checkout, its receipt, and pages for people who
//! look into the sandbox. No script, no outside resource, one style for phones.

mod checkout;
mod index;
mod outcome;
mod text;

pub(crate) use checkout::{Notice, checkout};
pub(crate) use index::{inbox, index};
pub(crate) use outcome::{closed, receipt};
pub(crate) use text::Language;

use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The whole style. Colours are of the sandbox's own, so that nobody takes it for the real page.
const STYLE: &str = include_str!("style.css");

fn layout(title: &str, language: Language, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                link rel="icon" href="data:,";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                p.ribbon { (language.say("Sandkasse – ingen penger flyttes", "Sandbox – no money moves")) }
                main { (body) }
            }
        }
    }
}

/// The merchant's name with its first letter in a circle.
fn merchant_head(name: &str) -> Markup {
    let first = name.chars().next().unwrap_or('•').to_uppercase().to_string();
    html! {
        header.merchant {
            span.logo aria-hidden="true" { (first) }
            span #merchant { (name) }
        }
    }
}
