//! The same sale requested again: never two links at once for what is owed once.

use paylink_core::link::{Action, LinkStatus};
use paylink_core::order::Draft;
use paylink_core::{PaylinkError, ProblemCode};
use paylink_e2e::{Rig, honey};
use std::sync::{Arc, Barrier};

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_request_a_sale_again_at_once_one_is_saved() {
    let rig = Arc::new(Rig::start().await);
    rig.core.network_changed(false).unwrap();
    let old = rig.core.create(&honey()).unwrap();
    let old = rig.core.cancel(old.id).unwrap();
    assert_eq!((old.status, &old.actions[..]), (LinkStatus::Cancelled, &[Action::RequestAgain][..]));
    // Each has read that it is allowed before any has saved.
    let ready = Arc::new(Barrier::new(8));
    let callers: Vec<_> = (0..8)
        .map(|_| {
            let (rig, ready, id) = (Arc::clone(&rig), Arc::clone(&ready), old.id);
            std::thread::spawn(move || {
                let draft: Draft = rig.core.request_again(id).unwrap();
                ready.wait();
                rig.core.create(&draft)
            })
        })
        .collect();
    let done: Vec<_> = callers.into_iter().map(|caller| caller.join().unwrap()).collect();
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1, "{done:?}");
    for refused in done.into_iter().filter_map(Result::err) {
        let PaylinkError::Refused { problems } = refused else { panic!("{refused:?}") };
        assert_eq!((problems[0].field.as_str(), problems[0].code), ("again_of", ProblemCode::NotOver));
    }
    assert_eq!(rig.core.pending().unwrap().queued, 1);
    assert!(rig.core.link(old.id).unwrap().actions.is_empty());
}
