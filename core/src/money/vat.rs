//! VAT rates: a percentage with two decimals (raw fish in Norway is 11.11 %), the rates a region
//! has on a given day, and the one offered first. A rate that is not in the table can still be
//! typed; the table is what the seller is offered, not what is allowed.

use crate::calendar::Zone;
use crate::code::codes;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::Currency;
use super::wire::{hundredths_from_text, hundredths_text, serde_as_text};

/// A VAT percentage from 0 to 100, kept in hundredths of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VatRate(u32);

impl VatRate {
    /// 100 %, in hundredths of a percent.
    pub(super) const MAX_HUNDREDTHS: u32 = 10_000;

    /// A rate from hundredths of a percent (1111 is 11.11 %); `None` above 100 %.
    #[must_use]
    pub const fn from_hundredths(hundredths: u32) -> Option<Self> {
        if hundredths <= Self::MAX_HUNDREDTHS { Some(Self(hundredths)) } else { None }
    }

    /// The rate in hundredths of a percent.
    #[must_use]
    pub const fn hundredths(self) -> u32 {
        self.0
    }

    /// The rate in percent: 25 for 25 %, as the provider writes it.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(i64::from(self.0), 2).normalize()
    }

    /// The rate in percent without a sign and without useless zeros: "25", "11.11".
    #[must_use]
    pub fn plain_text(self) -> String {
        hundredths_text(self.0)
    }
}

serde_as_text!(
    VatRate,
    write: |rate: &VatRate| rate.plain_text(),
    read: |text| hundredths_from_text(text).and_then(VatRate::from_hundredths),
    expected: "a VAT percentage from 0 to 100 with at most two decimals"
);

codes! {
    /// A country whose VAT rates are known.
    pub enum Region {
        /// Norway.
        Norway = "NO",
        /// Sweden.
        Sweden = "SE",
        /// Denmark.
        Denmark = "DK",
        /// Finland.
        Finland = "FI",
    }
}

impl Region {
    /// The currency of the region.
    #[must_use]
    pub const fn currency(self) -> Currency {
        match self {
            Self::Norway => Currency::NOK,
            Self::Sweden => Currency::SEK,
            Self::Denmark => Currency::DKK,
            Self::Finland => Currency::EUR,
        }
    }

    /// Where its clocks are.
    #[must_use]
    pub const fn zone(self) -> Zone {
        match self {
            Self::Norway | Self::Sweden | Self::Denmark => Zone::CentralEurope,
            Self::Finland => Zone::EasternEurope,
        }
    }
}

/// One row of the table: these rates hold in this region from this day until the next row of it.
struct Period {
    region: Region,
    from: Date,
    rates: &'static [VatRate],
}

/// The rows of a region stand together, oldest first. A new law is one more row.
static PERIODS: [Period; 6] = [
    // 25, food 15, transport and culture 12, raw fish 11.11; 2026 brought the same set again.
    Period {
        region: Region::Norway,
        from: date(2021, 10, 1),
        rates: &[VatRate(2500), VatRate(1500), VatRate(1200), VatRate(1111), VatRate(0)],
    },
    // Food is taxed at 6 from 2026-04-01 to 2027-12-31: another rate for food, the same set.
    Period {
        region: Region::Sweden,
        from: date(1996, 1, 1),
        rates: &[VatRate(2500), VatRate(1200), VatRate(600), VatRate(0)],
    },
    Period { region: Region::Denmark, from: date(1992, 1, 1), rates: &[VatRate(2500), VatRate(0)] },
    Period {
        region: Region::Finland,
        from: date(2013, 1, 1),
        rates: &[VatRate(2400), VatRate(1400), VatRate(1000), VatRate(0)],
    },
    Period {
        region: Region::Finland,
        from: date(2024, 9, 1),
        rates: &[VatRate(2550), VatRate(1400), VatRate(1000), VatRate(0)],
    },
    // The reduced rate fell from 14 to 13.5.
    Period {
        region: Region::Finland,
        from: date(2026, 1, 1),
        rates: &[VatRate(2550), VatRate(1350), VatRate(1000), VatRate(0)],
    },
];

/// The rates a seller in `region` is offered on that day, highest first. A day before the table
/// begins gets the oldest known rates.
#[must_use]
pub fn vat_rates(region: Region, on: Date) -> &'static [VatRate] {
    let of_region = || PERIODS.iter().filter(move |period| period.region == region);
    of_region().rfind(|period| period.from <= on).or_else(|| of_region().next()).map_or(&[], |period| period.rates)
}

/// The rate a new item starts with: 25 %, and 25.5 % in Finland.
#[must_use]
pub const fn default_vat(region: Region) -> VatRate {
    match region {
        Region::Norway | Region::Sweden | Region::Denmark => VatRate(2500),
        Region::Finland => VatRate(2550),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(region: Region, on: Date) -> Vec<String> {
        vat_rates(region, on).iter().map(|rate| rate.plain_text()).collect()
    }

    #[test]
    fn each_region_offers_the_rates_of_the_fact_sheet() {
        let day = date(2026, 1, 1);
        assert_eq!(offered(Region::Norway, day), ["25", "15", "12", "11.11", "0"]);
        assert_eq!(offered(Region::Sweden, day), ["25", "12", "6", "0"]);
        assert_eq!(offered(Region::Denmark, day), ["25", "0"]);
        assert_eq!(offered(Region::Finland, day), ["25.5", "13.5", "10", "0"]);
    }

    #[test]
    fn the_rates_change_on_the_day_of_the_law() {
        assert_eq!(offered(Region::Finland, date(2024, 8, 31))[0], "24");
        assert_eq!(offered(Region::Finland, date(2024, 9, 1))[0], "25.5");
        assert_eq!(offered(Region::Finland, date(2025, 12, 31))[1], "14");
    }

    #[test]
    fn a_day_before_the_table_gets_the_oldest_rates() {
        assert_eq!(offered(Region::Finland, date(1980, 1, 1))[0], "24");
        assert_eq!(offered(Region::Norway, Date::MIN).len(), 5);
    }

    #[test]
    fn the_table_is_in_order_and_every_period_is_usable() {
        for pair in PERIODS.windows(2) {
            assert!(pair[0].region != pair[1].region || pair[0].from < pair[1].from);
        }
        for period in &PERIODS {
            assert!(period.rates.is_sorted_by(|higher, lower| higher > lower));
            assert!(period.rates.iter().all(|rate| VatRate::from_hundredths(rate.0).is_some()));
            assert_eq!(period.rates.last(), Some(&VatRate(0)));
        }
        for region in Region::ALL {
            let rows = PERIODS.iter().filter(|period| period.region == region).count();
            let changes = PERIODS.windows(2).filter(|pair| pair[0].region != pair[1].region).count();
            assert!(rows >= 1 && changes == Region::ALL.len() - 1);
        }
    }

    #[test]
    fn the_default_rate_is_offered_today() {
        for region in Region::ALL {
            assert_eq!(vat_rates(region, date(2026, 6, 1))[0], default_vat(region));
        }
    }

    #[test]
    fn a_rate_ends_at_a_hundred_percent() {
        assert_eq!(VatRate::from_hundredths(10_000).map(VatRate::plain_text).as_deref(), Some("100"));
        assert_eq!(VatRate::from_hundredths(10_001), None);
        assert_eq!(VatRate(1111).to_decimal().to_string(), "11.11");
        assert_eq!(VatRate(2500).to_decimal().to_string(), "25");
    }

    #[test]
    fn rates_and_regions_are_stored_as_text() {
        assert_eq!(serde_json::to_string(&VatRate(1111)).unwrap(), r#""11.11""#);
        assert_eq!(serde_json::from_str::<VatRate>(r#""25.5""#).unwrap(), VatRate(2550));
        for wrong in [r#""100.01""#, r#""11.111""#, r#""-1""#, "25", r#""""#] {
            assert!(serde_json::from_str::<VatRate>(wrong).is_err(), "{wrong}");
        }
        for region in Region::ALL {
            let json = serde_json::to_string(&region).unwrap();
            assert_eq!(json, format!("\"{}\"", region.code()));
            assert_eq!(serde_json::from_str::<Region>(&json).unwrap(), region);
            assert_eq!(Region::from_code(&format!(" {} ", region.code().to_lowercase())), Some(region));
        }
        assert_eq!(Region::from_code("UK"), None);
        assert_eq!(Region::Finland.currency(), Currency::EUR);
        assert_eq!(Region::Denmark.currency(), Currency::DKK);
    }
}
