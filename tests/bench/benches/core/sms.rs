//! The text of an SMS: written, repaired, shortened and counted. Nothing raw does that, so nothing stands beside it but
//! a text that needs all of it.

use criterion::Criterion;
use paylink_core::message::{Channel, Language, MessageInput, MessageItem, Recipient, render};
use std::hint::black_box;

const LINK: &str = "https://checkout.dintero.com/v1/view/P12345678.4ZqkWJzXw6uwUSVXkGPxbz";

fn input(seller: &str) -> MessageInput {
    MessageInput {
        language: Language::Nb,
        seller: seller.to_owned(),
        amount_minor: 38_750,
        items: vec![MessageItem {
            quantity_text: "2".to_owned(),
            description: "Honning 500 g".to_owned(),
            total_minor: Some(29_800),
        }],
        reference: "HON-7K3M-12".to_owned(),
        url: LINK.to_owned(),
        expires_at_ms: Some(1_795_000_000_000),
        ..MessageInput::default()
    }
}

pub fn bench(criterion: &mut Criterion) {
    let plain = input("Skogens Honning AS");
    // Characters that an SMS has to spell another way, and too much to say for one part.
    let hard = input("Skogens “Honning” – Bær & Sånt på Øvre Årdal Gård AS 🍯");
    let recipient = Recipient::default();
    for input in [&plain, &hard] {
        assert!(render(Channel::Sms, input, &recipient).body.ends_with(LINK));
    }

    let mut group = criterion.benchmark_group("sms");
    group.bench_function("paylink", |bench| bench.iter(|| render(Channel::Sms, black_box(&plain), &recipient)));
    group.bench_function("repaired", |bench| bench.iter(|| render(Channel::Sms, black_box(&hard), &recipient)));
    group.finish();
}
