//! The checkout page: what is bought, how to pay, and for Express sessions first to whom it goes.

use maud::{Markup, html};
use serde_json::Value;

use super::{Language, layout, merchant_head};
use crate::engine::{Method, Session};

/// What the page says about the last try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// The payment did not go through.
    Failed,
    /// The form asked for something that is not on offer.
    Refused,
    /// The address lacks something.
    Incomplete,
}

pub(crate) fn checkout(session: &Session, methods: &[Method], notice: Option<Notice>, language: Language) -> Markup {
    let total = language.amount(session.amount, &session.currency);
    let wants_address = session.is_express() && (!session.has_address() || session.lacks_shipping_option());
    let body = html! {
        (merchant_head(session.merchant_name()))
        @if let Some(notice) = notice {
            p.notice #notice role="alert" { (notice_text(notice, language)) }
        }
        (order_card(session, language))
        @if wants_address {
            (address_form(session, language))
        } @else {
            @if session.is_express() { (address_card(session, language)) }
            (pay_form(session, methods, &total, language))
        }
        form #abandon action=(format!("/v1/view/{}/session/abandon", session.id)) method="post" {
            // Beside "Decline" the button stands in the other form.
            @if wants_address || methods.is_empty() { (cancel_button(language)) }
        }
        @if let Some(terms) = session.terms_url() {
            p.terms { a #terms href=(terms) rel="noopener" { (language.say("Salgsvilkår", "Terms of sale")) } }
        }
    };
    layout(&format!("{} – {total}", session.merchant_name()), language, body)
}

fn notice_text(notice: Notice, language: Language) -> &'static str {
    match notice {
        Notice::Failed => language.say(
            "Betalingen gikk ikke gjennom. Prøv igjen, eller velg en annen måte.",
            "The payment did not go through. Try again, or choose another way.",
        ),
        Notice::Refused => language.say("Velg en betalingsmåte fra listen.", "Choose a way to pay from the list."),
        Notice::Incomplete => language.say("Fyll ut alle feltene.", "Fill in every field."),
    }
}

fn order_card(session: &Session, language: Language) -> Markup {
    let order = session.order();
    let items = order["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let shipping = order.get("shipping_option");
    let amount = |value: &Value| language.amount(value.as_i64().unwrap_or_default(), &session.currency);
    html! {
        section.card aria-label=(language.say("Bestilling", "Order")) {
            h2 { (language.say("Bestilling", "Order")) " " span #reference { (session.merchant_reference) } }
            table.items #items {
                @for item in items {
                    tr.item {
                        td {
                            (item["description"].as_str().or_else(|| item["id"].as_str()).unwrap_or("–"))
                            @if item["quantity"].is_number() {
                                br; span.qty { (language.number(&item["quantity"])) " " (language.say("stk.", "pcs")) }
                            }
                        }
                        td.num { (amount(&item["amount"])) }
                    }
                }
                @if let Some(shipping) = shipping {
                    tr.shipping {
                        td { (shipping["title"].as_str().unwrap_or_default()) }
                        td.num { (amount(&shipping["amount"])) }
                    }
                }
            }
            table.vat #vat {
                @for (rate, vat) in vat_by_rate(items) {
                    tr {
                        td { (language.say("Herav mva.", "VAT included,")) " " (language.number(&rate)) " %" }
                        td.num { (language.amount(vat, &session.currency)) }
                    }
                }
            }
            table.total {
                tr {
                    th scope="row" { (language.say("Å betale", "To pay")) }
                    th.num #total { (language.amount(session.amount, &session.currency)) }
                }
            }
        }
    }
}

/// The VAT of all items with the same rate, highest rate first.
fn vat_by_rate(items: &[Value]) -> Vec<(Value, i64)> {
    let mut rates: Vec<(Value, i64)> = Vec::new();
    for item in items.iter().filter(|item| item["vat"].is_number()) {
        let vat = item["vat_amount"].as_i64().unwrap_or_default();
        match rates.iter_mut().find(|(rate, _)| rate.as_f64() == item["vat"].as_f64()) {
            Some((_, sum)) => *sum += vat,
            None => rates.push((item["vat"].clone(), vat)),
        }
    }
    rates
        .sort_by(|(one, _), (other, _)| other.as_f64().partial_cmp(&one.as_f64()).unwrap_or(std::cmp::Ordering::Equal));
    rates
}

fn pay_form(session: &Session, methods: &[Method], total: &str, language: Language) -> Markup {
    html! {
        form #payment action=(format!("/sandbox/checkout/{}/pay", session.id)) method="post" {
            input type="hidden" name="language" value=(language.code());
            section.card {
                fieldset.methods {
                    legend { (language.say("Hvordan vil du betale?", "How do you want to pay?")) }
                    @for (place, method) in methods.iter().enumerate() {
                        label.method {
                            input type="radio" name="method" value=(method.product_type())
                                id=(format!("method-{}", method.kind())) checked[place == 0] required;
                            span { (language.method(method)) }
                        }
                    }
                    @if methods.is_empty() {
                        p #no-methods { (language.say("Ingen betalingsmåter for denne valutaen.", "No way to pay in this currency.")) }
                    }
                }
            }
            div.test {
                label for="fail" {
                    input #fail type="checkbox" name="fail" value="1";
                    (language.say("Test: la denne betalingen mislykkes", "Test: let this payment fail"))
                }
            }
            @if !methods.is_empty() {
                button.primary #pay type="submit" name="action" value="pay" { (language.say("Betal", "Pay")) " " (total) }
                div.row {
                    button.plain #decline type="submit" name="action" value="decline" { (language.say("Avvis", "Decline")) }
                    (cancel_button(language))
                }
            }
        }
    }
}

fn cancel_button(language: Language) -> Markup {
    html! {
        button.plain #cancel type="submit" form="abandon" formnovalidate { (language.say("Avbryt", "Cancel")) }
    }
}

fn address_card(session: &Session, language: Language) -> Markup {
    let address = &session.order()["shipping_address"];
    let text = |name: &str| address[name].as_str().unwrap_or_default().to_owned();
    html! {
        section.card #delivery {
            h2 { (language.say("Leveres til", "Deliver to")) }
            (text("first_name")) " " (text("last_name")) br;
            (text("address_line")) br;
            (text("postal_code")) " " (text("postal_place"))
        }
    }
}

fn address_form(session: &Session, language: Language) -> Markup {
    let customer = session.field("customer");
    let known = session.order().get("shipping_address").unwrap_or(&Value::Null);
    let from = |name: &str| known[name].as_str().or_else(|| customer[name].as_str()).unwrap_or_default().to_owned();
    let field = |name: &str, nb: &'static str, en: &'static str, auto: &str, required: bool, value: String| {
        html! {
            label.field for=(name) {
                (language.say(nb, en))
                input id=(name) name=(name) autocomplete=(auto) required[required] value=(value);
            }
        }
    };
    html! {
        form #address action=(format!("/sandbox/checkout/{}/address", session.id)) method="post" {
            input type="hidden" name="language" value=(language.code());
            section.card {
                h2 { (language.say("Navn og adresse", "Name and address")) }
                div.two {
                    (field("first_name", "Fornavn", "First name", "given-name", true, from("first_name")))
                    (field("last_name", "Etternavn", "Last name", "family-name", true, from("last_name")))
                }
                (field("address_line", "Adresse", "Address", "address-line1", true, from("address_line")))
                div.two.short {
                    (field("postal_code", "Postnummer", "Postal code", "postal-code", true, from("postal_code")))
                    (field("postal_place", "Sted", "City", "address-level2", true, from("postal_place")))
                }
                input type="hidden" name="country" value="NO";
                (field("email", "E-post (valgfritt)", "E-mail (optional)", "email", false, from("email")))
                (field("phone_number", "Telefon (valgfritt)", "Phone (optional)", "tel", false, from("phone_number")))
            }
            @if !session.shipping_options().is_empty() {
                section.card {
                    fieldset.methods {
                        legend { (language.say("Levering", "Delivery")) }
                        @for (place, option) in session.shipping_options().iter().enumerate() {
                            label.method {
                                input type="radio" name="shipping_option" value=(option["id"].as_str().unwrap_or_default()) checked[place == 0] required;
                                span { (option["title"].as_str().unwrap_or_default()) }
                                span.num { (language.amount(option["amount"].as_i64().unwrap_or_default(), &session.currency)) }
                            }
                        }
                    }
                }
            }
            button.primary #continue type="submit" style="margin-bottom:10px" { (language.say("Fortsett", "Continue")) }
        }
    }
}
