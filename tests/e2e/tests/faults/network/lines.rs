//! A network that is away as a whole: refused, reset, silent. What is typed meanwhile is saved, and goes out after.

use super::proof::Proof;
use super::world::{World, aside};
use paylink_core::UnknownAnswer;
use paylink_core::link::{EventKind, LinkStatus};
use paylink_e2e::{honey, honey_by_sms};
use paylink_sandbox::proxy::Line;
use paylink_sandbox::{Listing, Options};
use std::time::Duration;

/// Three sales in a network like this, and what is reported of it.
fn typed_in(world: &World, line: Line, reasons: &[&str], listing: Listing) {
    world.proxy.set_line(line);
    // The client's pool sees that its connections were closed.
    std::thread::sleep(Duration::from_millis(100));
    let sales = [honey_by_sms(), honey(), honey()];
    let ids = sales.map(|draft| world.core.create(&draft).unwrap().id);
    // One tries; while nobody knows what becomes of it the others wait, or try one after the other.
    world.trouble(ids[0]);
    for id in ids {
        let Some(reason) = world.reason_told(id) else {
            assert_ne!(world.core.link(id).unwrap().status, LinkStatus::NeedsAttention, "{line:?}");
            continue;
        };
        assert!(reasons.contains(&reason.as_str()), "{line:?}: {reason}");
        let link = world.until_link(id, "its rest", |link| link.status != LinkStatus::Creating);
        let may_have_left = world.kinds(id).contains(&EventKind::SendUnclear);
        let expected = if may_have_left { LinkStatus::Unknown } else { LinkStatus::Queued };
        // Resets are over at once, so the next attempt may have ended otherwise meanwhile.
        let rests = matches!(link.status, LinkStatus::Queued | LinkStatus::Unknown);
        assert!(link.status == expected || (rests && line == Line::Resets), "{line:?}: {link:?}");
    }
    assert!(world.sandbox.sessions().is_empty());
    assert_eq!(world.core.account().unwrap().paused, None);
    world.proxy.heal();
    for (id, sms) in ids.into_iter().zip([1, 0, 0]) {
        let link = world.settled(id);
        let may_have_left = world.kinds(id).contains(&EventKind::SendUnclear);
        if sms == 1 && may_have_left && listing == Listing::Forbidden {
            assert_eq!(link.reason.as_ref().unwrap().code.code(), "may_have_been_sent");
            assert_eq!(world.at_the_provider(&link), (0, 0));
            world.core.resolve_unknown(id, UnknownAnswer::SendAgain).unwrap();
            world.until(id, LinkStatus::Open);
        }
        assert_eq!(world.at_the_provider(&link), (1, sms), "{line:?} {listing:?}");
        world.assert_whole(id);
        assert!(!(may_have_left && line == Line::Refuses), "nothing can have left");
    }
    world.assert_nothing_waits();
}

async fn both(line: Line, reasons: &'static [&'static str]) {
    for listing in [Listing::On, Listing::Forbidden] {
        let world = World::start(Options { listing, ..Options::default() }).await;
        aside(move || typed_in(&world, line, reasons, listing)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_connections_mean_that_nothing_left_and_no_seller_is_asked() {
    let _proof = Proof::begin();
    both(Line::Refuses, &["no_network"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_reset_may_have_carried_the_request() {
    let _proof = Proof::begin();
    // A reset that is quicker than the handshake is seen for what it is.
    both(Line::Resets, &["cut", "no_network"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_network_may_have_carried_the_request() {
    let _proof = Proof::begin();
    both(Line::Silent, &["timeout"]).await;
}
