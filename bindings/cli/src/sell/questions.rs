//! A sale asked for at the terminal: lines that can be added and removed with the sums after each, then how the link
//! reaches the customer, then a summary to say yes to. Each answer is checked by the core at once; nothing is saved
//! here.

use super::summary;
use crate::output::Failure;
use crate::printable::seen;
use crate::screen::Screen;
use crate::words;
use inquire::validator::Validation;
use inquire::{Confirm, CustomUserError, MultiSelect, Select, Text};
use paylink_core::message::Language;
use paylink_core::order::{AddressMode, Capture, Delivery, Draft, DraftItem, Expiry};
use paylink_core::{Code, Paylink};
use std::fmt;
use std::sync::Arc;

/// Asks for what the flags left open.
///
/// # Errors
/// [`Failure::Stopped`] when the person breaks off or says no.
pub fn ask(core: &Arc<Paylink>, draft: Draft, screen: Screen) -> Result<Draft, Failure> {
    let mut asking = Asking { core: Arc::clone(core), draft, screen };
    asking.lines()?;
    asking.delivery()?;
    if asking.yes("Other choices: ways to pay, time to pay, address, reference?", false)? {
        asking.choices()?;
    }
    screen.say(summary::of(&core.check(&asking.draft)?, &asking.draft, screen));
    if asking.yes("Save and send?", true)? { Ok(asking.draft) } else { Err(Failure::Stopped) }
}

struct Asking {
    core: Arc<Paylink>,
    draft: Draft,
    screen: Screen,
}

/// Something to choose: what the core calls it, and what a person does.
#[derive(Clone, Copy)]
struct Choice(&'static str, &'static str);

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.1)
    }
}

const NEXT: [Choice; 3] = [Choice("on", "Go on"), Choice("add", "Add a line"), Choice("remove", "Remove a line")];

/// What a person calls each of a list, in the list's order.
fn choices<C: Code, const N: usize>(all: [C; N], name: fn(C) -> &'static str) -> [Choice; N] {
    all.map(|one| Choice(one.code(), name(one)))
}

const fn delivery(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Sms => "SMS, sent by the payment provider",
        Delivery::Phone => "SMS, sent from my own phone",
        Delivery::Mail => "E-mail",
        Delivery::Share => "A text to share",
        Delivery::Copy => "Just the link",
        Delivery::Qr => "QR code",
    }
}

const fn expiry(expiry: Expiry) -> &'static str {
    match expiry {
        Expiry::Day => "One day",
        Expiry::Week => "One week",
        Expiry::Month => "One month",
    }
}

const fn capture(capture: Capture) -> &'static str {
    match capture {
        Capture::Auto => "Take the money at once",
        Capture::Manual => "Reserve it only",
    }
}

const fn address(address: AddressMode) -> &'static str {
    match address {
        AddressMode::Known => "No address needed",
        AddressMode::Express => "The customer fills in an address",
    }
}

impl Asking {
    fn lines(&mut self) -> Result<(), Failure> {
        self.line()?;
        while self.draft.amount.is_empty() {
            let sums = summary::lines(&self.core.check(&self.draft)?, &self.draft, self.screen);
            self.screen.say(sums);
            match (self.draft.items.is_empty(), self.pick("Lines:", &NEXT)?) {
                (_, "remove") => self.remove()?,
                (_, "add") | (true, _) => self.line()?,
                _ => break,
            }
        }
        Ok(())
    }

    /// One line, field by field; the first one may be just an amount.
    fn line(&mut self) -> Result<(), Failure> {
        let at = self.draft.items.len();
        let what = Text::new("What was sold?");
        let what = if at == 0 { what.with_help_message("empty: just an amount") } else { what };
        let description = what.prompt()?;
        if at == 0 && description.trim().is_empty() {
            self.draft.amount = self.field("Amount:", "", "amount", None, |draft, text| draft.amount = text)?;
            return Ok(());
        }
        self.draft.items.push(DraftItem { description, ..DraftItem::default() });
        let line = u32::try_from(at + 1).ok();
        let mut set = |question, default, name, set: fn(&mut DraftItem, String)| {
            let put = move |draft: &mut Draft, text| {
                if let Some(item) = draft.items.get_mut(at) {
                    set(item, text);
                }
            };
            let text = self.field(question, default, name, line, put)?;
            put(&mut self.draft, text);
            Ok::<(), Failure>(())
        };
        set("How many?", "1", "quantity", |item, text| item.quantity = text)?;
        set("Price of one, VAT included:", "", "unit_price", |item, text| item.unit_price = text)?;
        set("VAT in percent (empty: the usual one):", "", "vat", |item, text| item.vat = text)?;
        set("Discount (empty: none; 50 or 10 %):", "", "discount", |item, text| item.discount = text)
    }

    fn remove(&mut self) -> Result<(), Failure> {
        let names: Vec<String> = self.draft.items.iter().map(|item| seen(&item.description)).collect();
        if !names.is_empty() {
            let chosen = Select::new("Remove which?", names).raw_prompt()?;
            self.draft.items.remove(chosen.index);
        }
        Ok(())
    }

    fn delivery(&mut self) -> Result<(), Failure> {
        if self.draft.delivery.is_empty() {
            self.draft.delivery =
                self.pick("How does the link reach the customer?", &choices(Delivery::ALL, delivery))?.to_owned();
        }
        if matches!(&*self.draft.delivery, "sms" | "phone") && self.draft.phone.is_empty() {
            self.draft.phone = self.field("Phone number:", "", "phone", None, |draft, text| draft.phone = text)?;
        }
        if self.draft.delivery == "mail" && self.draft.email.is_empty() {
            self.draft.email = self.field("E-mail address:", "", "email", None, |draft, text| draft.email = text)?;
        }
        if self.draft.name.is_empty() {
            self.draft.name =
                self.field("Customer's name (may be empty):", "", "name", None, |draft, text| draft.name = text)?;
        }
        Ok(())
    }

    fn choices(&mut self) -> Result<(), Failure> {
        let offered = self.core.account()?.methods;
        if offered.is_empty() {
            self.screen.say("  Ways to pay: all. They can be chosen once the account was reached.");
        } else {
            let names: Vec<String> = offered.iter().map(|method| seen(words::method(method.code()))).collect();
            let chosen = MultiSelect::new("Ways to pay (none chosen: all):", names).raw_prompt()?;
            let codes = chosen.iter().filter_map(|one| offered.get(one.index));
            self.draft.methods = codes.map(|method| method.code().to_owned()).collect();
        }
        self.draft.expiry = self.pick_from("Time to pay:", &choices(Expiry::ALL, expiry), 1)?.to_owned();
        self.draft.capture = self.pick("When it is paid:", &choices(Capture::ALL, capture))?.to_owned();
        self.draft.address = self.pick("Address:", &choices(AddressMode::ALL, address))?.to_owned();
        self.draft.language = self.pick("Language of the text:", &choices(Language::ALL, Language::name))?.to_owned();
        self.draft.reference =
            self.field("Reference (empty: made for you):", "", "reference", None, |draft, text| {
                draft.reference = text
            })?;
        Ok(())
    }

    /// A field that the core checks before it is taken; a warning is said and does not hold up.
    fn field(
        &self,
        question: &str,
        default: &str,
        name: &'static str,
        line: Option<u32>,
        put: impl Fn(&mut Draft, String) + Clone + 'static,
    ) -> Result<String, Failure> {
        let (core, draft) = (Arc::clone(&self.core), self.draft.clone());
        let check = move |text: &str| -> Result<Vec<paylink_core::order::Problem>, CustomUserError> {
            let mut draft = draft.clone();
            put(&mut draft, text.to_owned());
            let mut problems = core.check(&draft)?.problems;
            problems.retain(|problem| problem.field == name && problem.line == line);
            Ok(problems)
        };
        let validate = {
            let check = check.clone();
            move |text: &str| {
                let wrong = check(text)?.into_iter().find(|problem| problem.is_error());
                Ok(wrong.map_or(Validation::Valid, |problem| Validation::Invalid(words::explain(&problem).into())))
            }
        };
        let asked = Text::new(question).with_validator(validate);
        let text = if default.is_empty() { asked.prompt()? } else { asked.with_default(default).prompt()? };
        for warning in check(&text).unwrap_or_default() {
            self.screen.say(format_args!("  {}", words::problem(&warning)));
        }
        Ok(text)
    }

    fn pick(&self, question: &str, choices: &[Choice]) -> Result<&'static str, Failure> {
        self.pick_from(question, choices, 0)
    }

    fn pick_from(&self, question: &str, choices: &[Choice], start: usize) -> Result<&'static str, Failure> {
        Ok(Select::new(question, choices.to_vec()).with_starting_cursor(start).prompt()?.0)
    }

    fn yes(&self, question: &str, default: bool) -> Result<bool, Failure> {
        Ok(Confirm::new(question).with_default(default).prompt()?)
    }
}
