//! From text to a sale. One pass finds every problem; the same pass returns the sale, so that what `check` shows
//! and what `create` takes can never differ. Cheap enough for each keystroke.

use super::item::LineError;
use super::policy::{MAX_DESCRIPTION, MAX_ITEMS, MAX_REFERENCE, MAX_TOTAL_MINOR};
use super::problem::{At, Problems, at};
use super::{
    AddressMode, Capture, Delivery, Draft, DraftItem, Expiry, Item, Methods, PaymentMethod, Problem, Sale, Totals,
};
use crate::code::Code;
use crate::id::{ItemId, OrderId};
use crate::message::Language;
use crate::money::{self, Amount, Currency, NumberProblem, Quantity, Region, VatRate};
use crate::problem::ProblemCode;
use crate::text::{self, is_filled};
use jiff::civil::Date;
use serde::Serialize;

/// What a draft is checked against: the configuration's defaults, the day, and what the account offers.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Whose VAT table, phone numbers and postal codes apply.
    pub region: Region,
    /// The seller's day, for the dated VAT table.
    pub today: Date,
    /// When a draft names none.
    pub currency: Currency,
    /// When a line names none.
    pub vat: VatRate,
    /// When a draft names none.
    pub expiry: Expiry,
    /// When a draft names none.
    pub capture: Capture,
    /// When a draft names none.
    pub address: AddressMode,
    /// When a draft names none.
    pub delivery: Delivery,
    /// When a draft names none.
    pub language: Language,
    /// The profile's methods; `None` before it was ever read, and then only "all methods" is offered.
    pub offered: Option<Vec<PaymentMethod>>,
}

/// What [`check`] found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DraftCheck {
    /// Every problem, errors and warnings, in the order of the draft.
    pub problems: Vec<Problem>,
    /// The sums, when every line can be computed.
    pub totals: Option<Totals>,
}

/// Every problem of a draft, and its sums.
#[must_use]
pub fn check(draft: &Draft, rules: &Rules) -> DraftCheck {
    let mut pass = Pass::new(rules);
    let (_, totals) = pass.sale(draft);
    DraftCheck { problems: pass.into_problems(), totals }
}

/// The sale that a draft describes.
///
/// # Errors
/// Every problem of the draft, warnings among them, when at least one is an error.
pub fn parse(draft: &Draft, rules: &Rules) -> Result<Sale, Vec<Problem>> {
    let mut pass = Pass::new(rules);
    let (sale, _) = pass.sale(draft);
    let problems = pass.into_problems();
    match sale {
        Some(sale) if !problems.iter().any(Problem::is_error) => Ok(sale),
        _ => Err(problems),
    }
}

/// Where lines came from. What names no item says nothing: the line is what is sold, and it says all by itself.
fn goods_of(draft: &Draft) -> Vec<(u32, ItemId)> {
    (1..).zip(&draft.items).filter_map(|(line, item)| Some((line, item.item.parse().ok()?))).collect()
}

/// One look at what was typed: the same checks for a draft and for the catalogue.
pub(crate) struct Pass<'a> {
    pub(super) rules: &'a Rules,
    pub(super) problems: Problems,
}

impl<'a> Pass<'a> {
    /// A look with nothing found yet.
    pub(crate) fn new(rules: &'a Rules) -> Self {
        Self { rules, problems: Problems::default() }
    }

    /// What was found.
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_vec()
    }
}

impl Pass<'_> {
    fn sale(&mut self, draft: &Draft) -> (Option<Sale>, Option<Totals>) {
        let currency = self.currency(&draft.currency);
        let language = self.choice("language", &draft.language, self.rules.language, Language::from_locale);
        let items = self.items(draft, currency, language);
        let totals = items.as_ref().and_then(|items| self.totals(items, currency));
        let reference = self.reference(&draft.reference);
        let methods = self.methods(&draft.methods);
        let expiry = self.choice("expiry", &draft.expiry, self.rules.expiry, Expiry::from_code);
        let address = self.choice("address", &draft.address, self.rules.address, AddressMode::from_code);
        let capture = self.choice("capture", &draft.capture, self.rules.capture, Capture::from_code);
        let delivery = self.choice("delivery", &draft.delivery, self.rules.delivery, Delivery::from_code);
        let customer = self.customer(draft, delivery, address);
        let again_of = self.again_of(&draft.again_of);
        let sale = items.zip(totals.as_ref()).map(|(items, totals)| Sale {
            items,
            currency,
            total: totals.total,
            vat: totals.vat,
            reference,
            methods,
            expiry,
            address,
            capture,
            delivery,
            language,
            customer,
            again_of,
            goods: goods_of(draft),
        });
        (sale, totals)
    }

    fn currency(&mut self, text: &str) -> Currency {
        let text = text::plain(text);
        if text.is_empty() {
            return self.rules.currency;
        }
        Currency::from_code(&text).unwrap_or_else(|| {
            self.problems.error_with(at("currency"), ProblemCode::NotSupported, "allowed", self.rules.currency.code());
            self.rules.currency
        })
    }

    fn choice<T: Code>(&mut self, field: &str, text: &str, default: T, from_code: fn(&str) -> Option<T>) -> T {
        let text = text::plain(text);
        if text.is_empty() {
            return default;
        }
        from_code(&text).unwrap_or_else(|| {
            self.problems.error_with(at(field), ProblemCode::NotSupported, "allowed", &T::CODES.join(", "));
            default
        })
    }

    fn items(&mut self, draft: &Draft, currency: Currency, language: Language) -> Option<Vec<Item>> {
        let quick = is_filled(&draft.amount);
        if quick && !draft.items.is_empty() {
            self.problems.error_with(at("amount"), ProblemCode::Excludes, "with", "items");
        }
        if draft.items.len() > MAX_ITEMS {
            self.problems.error_with(at("items"), ProblemCode::TooMany, "max", &MAX_ITEMS.to_string());
        }
        if draft.items.is_empty() {
            if !quick {
                self.problems.error(at("items"), ProblemCode::Required);
                return None;
            }
            return self.quick(&draft.amount, currency, language).map(|item| vec![item]);
        }
        let items: Vec<Option<Item>> =
            (1..).zip(&draft.items).map(|(line, item)| self.line(line, item, currency)).collect();
        items.into_iter().collect()
    }

    fn quick(&mut self, amount: &str, currency: Currency, language: Language) -> Option<Item> {
        let price = self.number(at("amount"), money::parse_price(amount, currency))?;
        let item = Item::new(language.quick_item().to_owned(), Quantity::ONE, price, self.rules.vat, None);
        item.map_err(|_| self.too_large(at("amount"))).ok()
    }

    fn line(&mut self, line: u32, item: &DraftItem, currency: Currency) -> Option<Item> {
        let here = |field| At { field, line: Some(line) };
        let description = self.description(here("description"), &item.description);
        let quantity = if is_filled(&item.quantity) {
            self.number(here("quantity"), money::parse_quantity(&item.quantity))
        } else {
            Some(Quantity::ONE)
        };
        let unit_price = self.number(here("unit_price"), money::parse_price(&item.unit_price, currency));
        let vat = self.vat(here("vat"), &item.vat);
        let discount = if is_filled(&item.discount) {
            self.number(here("discount"), money::parse_discount(&item.discount, currency)).map(Some)
        } else {
            Some(None)
        };
        let made = Item::new(description, quantity?, unit_price?, vat?, discount?);
        made.map_err(|error| match error {
            LineError::TooLarge => self.too_large(here("unit_price")),
            LineError::DiscountAboveLine(gross) => {
                self.problems.error_with(here("discount"), ProblemCode::AboveLine, "max", &gross.plain_text());
            }
        })
        .ok()
    }

    /// What is sold.
    pub(crate) fn description(&mut self, here: At<'_>, text: &str) -> String {
        let description = self.text(here, text, MAX_DESCRIPTION);
        if description.is_empty() {
            self.problems.error(here, ProblemCode::Required);
        }
        description
    }

    /// The price of one, VAT included, that a sale can be made of.
    pub(crate) fn price(&mut self, here: At<'_>, text: &str) -> Option<Amount> {
        let price = self.number(here, money::parse_price(text, self.rules.currency))?;
        if price.minor() > MAX_TOTAL_MINOR {
            self.too_large(here);
            return None;
        }
        Some(price)
    }

    /// A VAT rate, the configuration's where none is given.
    pub(crate) fn vat(&mut self, here: At<'_>, text: &str) -> Option<VatRate> {
        let vat = if is_filled(text) { self.number(here, money::parse_vat_rate(text)) } else { Some(self.rules.vat) };
        if let Some(rate) = vat {
            self.usual_rate(here, rate);
        }
        vat
    }

    /// A rate that the region does not have on that day is most often a slip, yet not for us to forbid.
    fn usual_rate(&mut self, here: At<'_>, rate: VatRate) {
        let table = money::vat_rates(self.rules.region, self.rules.today);
        if !table.contains(&rate) {
            let allowed: Vec<String> = table.iter().map(|one| one.plain_text()).collect();
            self.problems.warn_with(here, ProblemCode::Unusual, &[("allowed", &allowed.join(", "))]);
        }
    }

    fn totals(&mut self, items: &[Item], currency: Currency) -> Option<Totals> {
        let Some(totals) = Totals::of(items, currency) else {
            self.too_large(at("total"));
            return None;
        };
        if totals.total.minor() > MAX_TOTAL_MINOR {
            self.too_large(at("total"));
        } else if totals.total.is_zero() {
            self.problems.error(at("total"), ProblemCode::NothingToPay);
        }
        Some(totals)
    }

    fn too_large(&mut self, here: At<'_>) {
        let max = Amount::new(MAX_TOTAL_MINOR, self.rules.currency).plain_text();
        self.problems.error_with(here, ProblemCode::TooLarge, "max", &max);
    }

    fn number<T>(&mut self, here: At<'_>, parsed: Result<T, NumberProblem>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(problem) => {
                match problem.parameter() {
                    Some((name, value)) => self.problems.error_with(here, problem.code(), name, &value),
                    None => self.problems.error(here, problem.code()),
                }
                None
            }
        }
    }

    /// A text that people read.
    pub(super) fn text(&mut self, here: At<'_>, text: &str, max: usize) -> String {
        self.one_line(here, text::prose(text), max)
    }

    fn one_line(&mut self, here: At<'_>, text: String, max: usize) -> String {
        if text::has_control(&text) {
            self.problems.error(here, ProblemCode::ControlCharacter);
        } else if text.chars().count() > max {
            self.problems.error_with(here, ProblemCode::TooLong, "max", &max.to_string());
        }
        text
    }

    /// Two references that look alike are one.
    fn reference(&mut self, text: &str) -> Option<String> {
        self.name_of(at("reference"), text, MAX_REFERENCE)
    }

    /// A text that names something: two that look alike are one.
    pub(crate) fn name_of(&mut self, here: At<'_>, text: &str, max: usize) -> Option<String> {
        let text = self.one_line(here, text::plain(text), max);
        (!text.is_empty()).then_some(text)
    }

    fn again_of(&mut self, text: &str) -> Option<OrderId> {
        let text = text::plain(text);
        if text.is_empty() {
            return None;
        }
        let id = text.parse().ok();
        if id.is_none() {
            self.problems.error(at("again_of"), ProblemCode::Invalid);
        }
        id
    }

    fn methods(&mut self, wanted: &[String]) -> Methods {
        let wanted: Vec<String> = wanted.iter().map(|text| text::plain(text)).filter(|text| !text.is_empty()).collect();
        if wanted.is_empty() {
            return Methods::All;
        }
        let Some(offered) = &self.rules.offered else {
            self.problems.error(at("methods"), ProblemCode::NoProfileYet);
            return Methods::All;
        };
        let mut only: Vec<PaymentMethod> = Vec::new();
        for text in wanted {
            match super::find_method(&text, offered) {
                Some(one) if only.contains(one) => {}
                Some(one) => only.push(one.clone()),
                None => {
                    let codes: Vec<&str> = offered.iter().map(PaymentMethod::code).collect();
                    self.problems.error_with(at("methods"), ProblemCode::NotOffered, "offered", &codes.join(", "));
                }
            }
        }
        if only.len() == offered.len() { Methods::All } else { Methods::Only(only) }
    }
}
