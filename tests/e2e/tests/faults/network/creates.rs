//! A sale whose request, or whose answer, is lost.
//!
//! | | listing allowed | listing refused |
//! |---|---|---|
//! | no SMS, request lost | made again: one session | made again: one session |
//! | no SMS, answer lost | found again: one session | made again: two, and nobody has the first one's address |
//! | SMS, request lost | proven absent, made again: one SMS | held; the seller decides |
//! | SMS, answer lost | found again: one SMS | held; the customer has one SMS |

use super::proof::Proof;
use super::troubles::{Case, all, answer_lost, harmless, undelivered};
use super::world::{World, aside};
use paylink_core::UnknownAnswer;
use paylink_core::link::{EventKind, LinkStatus, PaymentLink};
use paylink_e2e::{honey, honey_by_sms};
use paylink_sandbox::proxy::{Rule, Trouble};
use paylink_sandbox::{Listing, Options};

/// A kind of sale on a kind of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sale {
    sms: bool,
    listing: Listing,
}

const SALES: [Sale; 4] = [
    Sale { sms: false, listing: Listing::On },
    Sale { sms: false, listing: Listing::Forbidden },
    Sale { sms: true, listing: Listing::On },
    Sale { sms: true, listing: Listing::Forbidden },
];

/// Every kind of sale meets every one of these troubles, each in a world of its own, some side by side.
async fn each(cases: Vec<Case>, check: fn(&World, Sale, &Case, &PaymentLink)) {
    for case in cases {
        let mut running = Vec::new();
        for sale in SALES {
            let world = World::start(Options { listing: sale.listing, ..Options::default() }).await;
            let case = case.clone();
            running.push(tokio::spawn(aside(move || meet(&world, sale, &case, check))));
        }
        for one in running {
            one.await.unwrap();
        }
    }
}

/// The trouble, and another sale that goes through meanwhile.
fn meet(world: &World, sale: Sale, case: &Case, check: fn(&World, Sale, &Case, &PaymentLink)) {
    world.proxy.inject(Rule::on("POST", "/v1/sessions", case.trouble.clone()));
    let id = world.core.create(&if sale.sms { honey_by_sms() } else { honey() }).unwrap().id;
    world.until_link(id, "its turn", |_| world.proxy.count(case.trouble.name()) == 1);
    let other = world.sell(&honey());
    if let Some(reason) = case.reason {
        assert_eq!(world.trouble(id), reason, "{sale:?} {case:?}");
    }
    let link = world.settled(id);
    check(world, sale, case, &link);
    world.assert_whole(id);
    world.assert_whole(other.id);
    assert_eq!(world.at_the_provider(&other), (1, 0));
    world.assert_nothing_waits();
}

/// The seller is asked, and sends from the phone.
fn held(world: &World, link: &PaymentLink) {
    let reason = link.reason.as_ref().map(|reason| reason.code.code());
    assert_eq!((link.status, reason), (LinkStatus::NeedsAttention, Some("may_have_been_sent")));
    let before = world.at_the_provider(link);
    world.core.resolve_unknown(link.id, UnknownAnswer::SendFromPhone).unwrap();
    world.until(link.id, LinkStatus::Open);
    assert_eq!(world.at_the_provider(link), (before.0 + 1, before.1), "no second message");
    assert!(world.kinds(link.id).contains(&EventKind::ResentBySeller));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_never_arrived_becomes_one_link_and_at_most_one_sms() {
    let _proof = Proof::begin();
    each(undelivered(), |world, sale, case, link| {
        assert!(!case.trouble.delivers());
        if sale.sms && sale.listing == Listing::Forbidden {
            assert_eq!(world.at_the_provider(link), (0, 0), "not sent again by itself");
            return held(world, link);
        }
        assert_eq!(world.at_the_provider(link), (1, usize::from(sale.sms)), "{sale:?} {case:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_becomes_one_link_and_no_second_sms() {
    let _proof = Proof::begin();
    each(answer_lost(), |world, sale, case, link| {
        assert!(case.trouble.delivers());
        match (sale.sms, sale.listing) {
            (true, Listing::Forbidden) => {
                assert_eq!(world.at_the_provider(link), (1, 1), "not sent again by itself");
                held(world, link);
            }
            (false, Listing::Forbidden) => {
                // Nobody has the address of the first one.
                assert_eq!(world.at_the_provider(link), (2, 0), "{case:?}");
            }
            (sms, _) => {
                assert_eq!(world.at_the_provider(link), (1, usize::from(sms)), "{case:?}");
                assert!(world.kinds(link.id).contains(&EventKind::LinkAdopted), "found again, not made again");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_odd_answer_that_comes_through_is_an_answer() {
    let _proof = Proof::begin();
    each(harmless(), |world, sale, case, link| {
        assert_eq!(world.at_the_provider(link), (1, usize::from(sale.sms)), "{sale:?} {case:?}");
        assert_eq!(world.reason_told(link.id), None, "nothing went wrong: {case:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_the_seller_sends_again_is_sent_once_more() {
    let _proof = Proof::begin();
    let world = World::start(Options { listing: Listing::Forbidden, ..Options::default() }).await;
    aside(move || {
        world.proxy.inject(Rule::on("POST", "/v1/sessions", Trouble::DropReply));
        let id = world.core.create(&honey_by_sms()).unwrap().id;
        let link = world.settled(id);
        assert_eq!(link.reason.as_ref().unwrap().code.code(), "may_have_been_sent");
        world.core.resolve_unknown(id, UnknownAnswer::SendAgain).unwrap();
        world.until(id, LinkStatus::Open);
        assert_eq!(world.at_the_provider(&link), (2, 2), "one of them at the seller's word");
        let resent = world.kinds(id).iter().filter(|kind| **kind == EventKind::ResentBySeller).count();
        assert_eq!(resent, 1, "and it is recorded");
        world.assert_whole(id);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_that_answers_everything_holds_the_queue_up_and_loses_nothing() {
    let _proof = Proof::begin();
    for listing in [Listing::On, Listing::Forbidden] {
        for portal in [Trouble::PortalPage, Trouble::PortalRedirect] {
            let world = World::start(Options { listing, ..Options::default() }).await;
            aside(move || {
                world.proxy.inject(Rule::on("*", "/", portal).for_ever());
                let sales = [honey_by_sms(), honey(), honey()];
                let ids = sales.map(|draft| world.core.create(&draft).unwrap().id);
                assert_eq!(world.trouble(ids[0]), "not_json", "one tries, the others wait to see what becomes of it");
                assert_eq!(world.core.account().unwrap().paused, None, "a portal does not sign out");
                assert!(world.sandbox.sessions().is_empty());
                // The look-ups meet the portal too, and decide nothing.
                world.pass(10_000, ids[0]);
                world.until_link(ids[0], "a look-up", |link| link.attempts > 1);
                assert_eq!(world.core.link(ids[0]).unwrap().status, LinkStatus::Unknown);
                world.proxy.heal();
                for (id, sms) in ids.into_iter().zip([1, 0, 0]) {
                    let link = world.settled(id);
                    if sms == 1 && listing == Listing::Forbidden {
                        held(&world, &link);
                        assert_eq!(world.at_the_provider(&link), (1, 0));
                    } else {
                        assert_eq!(world.at_the_provider(&link), (1, sms));
                    }
                    world.assert_whole(id);
                }
                world.assert_nothing_waits();
            })
            .await;
        }
    }
}

#[test]
fn the_table_has_every_trouble() {
    let mut names: Vec<&str> = all().iter().map(|case| case.trouble.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(
        names,
        [
            "black_hole",
            "chunked_nonsense",
            "cut_reply",
            "cut_request",
            "drop_reply",
            "http_1_0",
            "huge",
            "portal_page",
            "portal_redirect",
            "slow",
            "trickle"
        ]
    );
}
