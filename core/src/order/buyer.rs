//! Who buys, from text: phone, e-mail, address, and which of them the way of delivery needs.

use super::check::Pass;
use super::policy::MAX_NAME;
use super::problem::at;
use super::{AddressMode, Delivery, Draft};
use crate::contact::{
    Address, AddressProblem, AddressText, Customer, EmailAddress, EmailProblem, MAX_ADDRESS_LINE, MAX_EMAIL,
    PhoneNumber, PhoneWarning,
};
use crate::problem::ProblemCode;
use crate::text::is_filled;

impl Pass<'_> {
    pub(super) fn customer(&mut self, draft: &Draft, delivery: Delivery, mode: AddressMode) -> Customer {
        let name = self.text(at("name"), &draft.name, MAX_NAME);
        Customer {
            phone: self.phone(&draft.phone, matches!(delivery, Delivery::Sms | Delivery::Phone)),
            email: self.email(&draft.email, delivery == Delivery::Mail),
            address: self.address(draft, &name, mode),
            name: (!name.is_empty()).then_some(name),
        }
    }

    fn phone(&mut self, text: &str, needed: bool) -> Option<PhoneNumber> {
        if !is_filled(text) {
            if needed {
                self.problems.error(at("phone"), ProblemCode::Required);
            }
            return None;
        }
        match PhoneNumber::parse(text, self.rules.region.code()) {
            Ok(parsed) => {
                match parsed.warning {
                    Some(PhoneWarning::Landline) => self.problems.warn_with(at("phone"), ProblemCode::Landline, &[]),
                    Some(PhoneWarning::UnknownRange) => {
                        self.problems.warn_with(at("phone"), ProblemCode::UnknownRange, &[])
                    }
                    None => {}
                }
                Some(parsed.number)
            }
            Err(problem) => {
                self.problems.error(at("phone"), problem.code());
                None
            }
        }
    }

    fn email(&mut self, text: &str, needed: bool) -> Option<EmailAddress> {
        if !is_filled(text) {
            if needed {
                self.problems.error(at("email"), ProblemCode::Required);
            }
            return None;
        }
        match EmailAddress::parse(text) {
            Ok(address) => return Some(address),
            Err(EmailProblem::TooLong) => {
                self.problems.error_with(at("email"), ProblemCode::TooLong, "max", &MAX_EMAIL.to_string());
            }
            Err(problem) => self.problems.error(at("email"), problem.code()),
        }
        None
    }

    fn address(&mut self, draft: &Draft, name: &str, mode: AddressMode) -> Option<Address> {
        let mut typed = AddressText {
            line: draft.address_line.clone(),
            line2: draft.address_line_2.clone(),
            postal_code: draft.postal_code.clone(),
            city: draft.city.clone(),
            country: draft.country.clone(),
            ..AddressText::default()
        };
        if typed.is_empty() {
            return None;
        }
        if mode == AddressMode::Express {
            self.problems.error_with(at("address"), ProblemCode::CannotCombine, "with", "address_line");
            return None;
        }
        let (first_name, last_name) = name.rsplit_once(' ').unwrap_or((name, ""));
        typed.first_name = first_name.to_owned();
        typed.last_name = last_name.to_owned();
        match Address::check(&typed, self.rules.region.code()) {
            Ok(address) => address,
            Err(problems) => {
                for AddressProblem { field, code } in problems {
                    let field = at(address_field(field));
                    match code {
                        ProblemCode::TooLong => {
                            self.problems.error_with(field, code, "max", &MAX_ADDRESS_LINE.to_string())
                        }
                        _ => self.problems.error(field, code),
                    }
                }
                None
            }
        }
    }
}

/// The draft's name of an address field.
fn address_field(field: &'static str) -> &'static str {
    match field {
        "line" => "address_line",
        "line2" => "address_line_2",
        "first_name" | "last_name" | "business_name" => "name",
        other => other,
    }
}
