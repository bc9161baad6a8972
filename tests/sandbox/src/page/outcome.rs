//! What a customer sees when there is nothing left to pay: the receipt, or why the link is closed.

use maud::{Markup, html};

use super::{Language, layout, merchant_head};
use crate::engine::{ApiError, Session, Status, Transaction};

/// The result of a payment, with the way back to the merchant.
pub(crate) fn receipt(session: &Session, transaction: &Transaction, language: Language) -> Markup {
    let (mark, class, title, error) = match transaction.status {
        Status::Declined => {
            ("✕", "bad", language.say("Betalingen ble avvist", "The payment was declined"), Some("authorization"))
        }
        Status::Failed => ("✕", "bad", language.say("Betalingen mislyktes", "The payment failed"), Some("failed")),
        Status::AuthorizationVoided => {
            ("–", "off", language.say("Betalingen er annullert", "The payment was released"), Some("cancelled"))
        }
        Status::Initiated | Status::OnHold => {
            ("…", "off", language.say("Betalingen behandles", "The payment is being processed"), None)
        }
        Status::Refunded | Status::PartiallyRefunded | Status::PartiallyCapturedRefunded => {
            ("↩", "off", language.say("Betalingen er refundert", "The payment was refunded"), None)
        }
        Status::Authorized | Status::Captured | Status::PartiallyCaptured => {
            ("✓", "good", language.say("Takk, betalingen er mottatt", "Thank you, the payment was received"), None)
        }
    };
    let body = html! {
        (merchant_head(session.merchant_name()))
        section.card.centre #receipt data-status=(transaction.status.as_str()) {
            div class=(format!("mark {class}")) aria-hidden="true" { (mark) }
            h1 { (title) }
            p.sum #total { (language.amount(transaction.amount, &transaction.currency)) }
            p.soft { (language.method(&transaction.method)) " · " span #reference { (transaction.merchant_reference) } }
            p.soft { code #transaction { (transaction.id) } }
        }
        a.button.primary #return href=(session.return_url(error)) { (language.say("Tilbake til ", "Back to ")) (session.merchant_name()) }
    };
    layout(title, language, body)
}

/// Why a link cannot be paid; also for links that never were.
pub(crate) fn closed(session: Option<&Session>, error: &ApiError, language: Language) -> Markup {
    let cause = error.extra.get("cause").and_then(serde_json::Value::as_str).unwrap_or("NOT_FOUND");
    let (title, text) = match cause {
        "AUTHORIZED" => (
            language.say("Denne er betalt", "This has been paid"),
            language.say("Du trenger ikke gjøre noe mer.", "There is nothing more to do."),
        ),
        "PAYMENT_INITIATED" | "ON_HOLD" => (
            language.say("Betalingen behandles", "The payment is being processed"),
            language.say("Vent litt før du prøver igjen.", "Wait a little before you try again."),
        ),
        "EXPIRED" => (
            language.say("Lenken er utløpt", "The link has expired"),
            language.say("Be selgeren om en ny lenke.", "Ask the seller for a new link."),
        ),
        "CANCELLED" => (
            language.say("Lenken er trukket tilbake", "The link was withdrawn"),
            language.say("Selgeren har trukket den tilbake.", "The seller has withdrawn it."),
        ),
        "DECLINED" | "FAILED" => (
            language.say("Betalingen ble ikke gjennomført", "The payment was not completed"),
            language.say("Be selgeren om en ny lenke.", "Ask the seller for a new link."),
        ),
        _ => (
            language.say("Fant ikke lenken", "Link not found"),
            language.say("Sjekk at hele lenken er med.", "Check that the whole link is there."),
        ),
    };
    let body = html! {
        @if let Some(session) = session { (merchant_head(session.merchant_name())) }
        section.card.centre #closed data-cause=(cause) {
            div class="mark off" aria-hidden="true" { "–" }
            h1 { (title) }
            p.soft { (text) }
            @if let Some(session) = session {
                p.soft { (session.merchant_reference) " · " (language.amount(session.amount, &session.currency)) }
            }
        }
    };
    layout(title, language, body)
}
