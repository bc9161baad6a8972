//! A line that has been checked, and the sums over lines. Rule 7 is applied here and nowhere else:
//! each line is rounded once, and order totals are sums of lines.

use crate::money::{self, Amount, Currency, Discount, Quantity, VatRate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One line of an order. Amounts are computed when the line is made and stored with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What it is.
    pub description: String,
    /// How many.
    pub quantity: Quantity,
    /// Price of one, VAT included.
    pub unit_price: Amount,
    /// The VAT rate.
    pub vat: VatRate,
    /// What was taken off the line, as typed.
    pub discount: Option<Discount>,
    /// Quantity times unit price.
    pub gross: Amount,
    /// What the discount takes off, never more than `gross`.
    pub discount_amount: Amount,
    /// What the customer pays for the line, VAT included.
    pub total: Amount,
    /// The VAT within `total`.
    pub vat_amount: Amount,
}

/// Why a line cannot be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineError {
    /// The line is larger than the arithmetic holds.
    TooLarge,
    /// The discount is more than the line.
    DiscountAboveLine(Amount),
}

impl Item {
    pub(super) fn new(
        description: String,
        quantity: Quantity,
        unit_price: Amount,
        vat: VatRate,
        discount: Option<Discount>,
    ) -> Result<Self, LineError> {
        let gross = money::line_gross(quantity, unit_price).ok_or(LineError::TooLarge)?;
        let discount_amount = match &discount {
            None => Amount::zero(gross.currency()),
            Some(discount) => money::discount_of(gross, discount).ok_or(LineError::TooLarge)?,
        };
        let total = gross.checked_sub(discount_amount).ok_or(LineError::TooLarge)?;
        if total.is_negative() {
            return Err(LineError::DiscountAboveLine(gross));
        }
        let vat_amount = money::included_vat(total, vat);
        Ok(Self { description, quantity, unit_price, vat, discount, gross, discount_amount, total, vat_amount })
    }
}

/// One line's sums, for a screen that shows them while the seller types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineTotals {
    /// Counted from 1.
    pub line: u32,
    /// Quantity times unit price.
    pub gross: Amount,
    /// What the discount takes off.
    pub discount: Amount,
    /// What the customer pays for the line.
    pub total: Amount,
    /// The rate.
    pub vat_rate: VatRate,
    /// The VAT within `total`.
    pub vat: Amount,
}

/// The sums of one VAT rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VatTotals {
    /// The rate.
    pub rate: VatRate,
    /// VAT included.
    pub total: Amount,
    /// The VAT within `total`.
    pub vat: Amount,
    /// `total` less `vat`.
    pub net: Amount,
}

/// The sums of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Per line, in order.
    pub lines: Vec<LineTotals>,
    /// Per VAT rate, highest first.
    pub by_vat: Vec<VatTotals>,
    /// What the customer pays.
    pub total: Amount,
    /// The VAT within `total`.
    pub vat: Amount,
    /// `total` less `vat`.
    pub net: Amount,
}

impl Totals {
    /// The sums of these lines, or `None` when they are larger than the arithmetic holds.
    #[must_use]
    pub fn of(items: &[Item], currency: Currency) -> Option<Self> {
        let mut lines = Vec::with_capacity(items.len());
        let mut rates: BTreeMap<VatRate, Sums> = BTreeMap::new();
        let mut all = Sums::zero(currency);
        for (line, item) in (1..).zip(items) {
            all = all.plus(item)?;
            let of_rate = rates.entry(item.vat).or_insert_with(|| Sums::zero(currency));
            *of_rate = of_rate.plus(item)?;
            lines.push(LineTotals {
                line,
                gross: item.gross,
                discount: item.discount_amount,
                total: item.total,
                vat_rate: item.vat,
                vat: item.vat_amount,
            });
        }
        let by_vat = rates
            .into_iter()
            .rev()
            .map(|(rate, sums)| Some(VatTotals { rate, total: sums.total, vat: sums.vat, net: sums.net()? }))
            .collect::<Option<Vec<_>>>()?;
        Some(Self { lines, by_vat, total: all.total, vat: all.vat, net: all.net()? })
    }
}

#[derive(Clone, Copy)]
struct Sums {
    total: Amount,
    vat: Amount,
}

impl Sums {
    fn zero(currency: Currency) -> Self {
        Self { total: Amount::zero(currency), vat: Amount::zero(currency) }
    }

    fn plus(self, item: &Item) -> Option<Self> {
        Some(Self { total: self.total.checked_add(item.total)?, vat: self.vat.checked_add(item.vat_amount)? })
    }

    fn net(self) -> Option<Amount> {
        self.total.checked_sub(self.vat)
    }
}
