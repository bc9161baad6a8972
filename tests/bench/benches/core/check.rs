//! `check` on 50 lines, beside reading and multiplying the same numbers with rust_decimal and nothing else.

use criterion::Criterion;
use paylink_core::order::{Draft, DraftItem};
use paylink_e2e::{MemoryStore, config, open};
use rust_decimal::{Decimal, RoundingStrategy};
use std::hint::black_box;
use std::sync::Arc;

const LINES: usize = 50;

/// As many lines as a seller can be expected to type, each with everything that a line can have.
fn draft() -> Draft {
    let items = (1..=LINES).map(|line| DraftItem {
        description: format!("Vare nummer {line} fra gården"),
        quantity: format!("{line}.25"),
        unit_price: format!("{line}49.90"),
        vat: ["25", "15", "12", "0"][line % 4].to_owned(),
        discount: if line % 3 == 0 { "10 %".to_owned() } else { String::new() },
        ..DraftItem::default()
    });
    Draft {
        items: items.collect(),
        name: "Kari Nordmann".to_owned(),
        phone: "474 65 724".to_owned(),
        email: "kari@example.com".to_owned(),
        delivery: "sms".to_owned(),
        ..Draft::default()
    }
}

pub fn bench(criterion: &mut Criterion) {
    let folder = crate::folder();
    let core = open(&config(folder.path(), "http://127.0.0.1:9"), &Arc::new(MemoryStore::default())).unwrap();
    core.network_changed(false).unwrap();
    let draft = draft();
    let checked = core.check(&draft).unwrap();
    assert!(checked.problems.is_empty(), "{:?}", checked.problems);
    let total = checked.totals.expect("every line can be computed").total.minor();
    assert_eq!(multiplied(&draft), total, "both sides do the same work");

    let mut group = criterion.benchmark_group("check");
    group.bench_function("paylink", |bench| bench.iter(|| core.check(black_box(&draft)).unwrap()));
    group.bench_function("decimal", |bench| bench.iter(|| multiplied(black_box(&draft))));
    group.finish();
}

/// The total in minor units.
fn multiplied(draft: &Draft) -> i64 {
    let number = |text: &str| text.trim_end_matches(" %").parse::<Decimal>().unwrap_or_default();
    let whole = |sum: Decimal| {
        let rounded = sum.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        i64::try_from(rounded.mantissa()).unwrap()
    };
    let hundred = Decimal::ONE_HUNDRED;
    let line = |item: &DraftItem| {
        let gross = whole(number(&item.quantity) * number(&item.unit_price) * hundred);
        let total = gross - whole(Decimal::from(gross) * number(&item.discount) / hundred);
        let rate = number(&item.vat);
        black_box(whole(Decimal::from(total) * rate / (hundred + rate)));
        total
    };
    draft.items.iter().map(line).sum()
}
