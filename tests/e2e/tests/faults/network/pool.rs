//! Connections that the client has kept, dead after a change of network.

use super::proof::Proof;
use super::world::{World, aside};
use paylink_core::link::EventKind;
use paylink_e2e::{honey, honey_by_sms};
use paylink_sandbox::Options;
use paylink_sandbox::proxy::Death;
use std::time::Duration;

/// An SMS sale over what is left of the connections; what its timeline says of trouble.
async fn sell_after(death: Death, said: bool) -> Option<String> {
    let world = World::start(Options::default()).await;
    aside(move || {
        // Two at once, so that more than one connection is kept.
        let first = [honey(), honey()].map(|draft| world.core.create(&draft).unwrap().id);
        for id in first {
            world.settled(id);
        }
        world.proxy.kill_connections(death);
        if death == Death::Closed {
            std::thread::sleep(Duration::from_millis(100));
        }
        if said {
            world.core.network_changed(true).unwrap();
        }
        let link = world.settled(world.core.create(&honey_by_sms()).unwrap().id);
        assert_eq!(world.at_the_provider(&link), (1, 1));
        world.assert_whole(link.id);
        world.assert_nothing_waits();
        let adopted = world.kinds(link.id).contains(&EventKind::LinkAdopted);
        assert!(!adopted, "nothing had arrived");
        world.reason_told(link.id)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_were_closed_are_not_used() {
    let _proof = Proof::begin();
    assert_eq!(sell_after(Death::Closed, false).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_connection_costs_time_and_never_a_second_sms() {
    let _proof = Proof::begin();
    assert_eq!(sell_after(Death::Reset, false).await.as_deref(), Some("cut"));
    assert_eq!(sell_after(Death::Silent, false).await.as_deref(), Some("timeout"));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_network_change_the_next_sale_goes_out_at_once() {
    let _proof = Proof::begin();
    assert_eq!(sell_after(Death::Reset, true).await, None);
    assert_eq!(sell_after(Death::Silent, true).await, None);
}
