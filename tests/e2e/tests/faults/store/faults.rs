//! A disk that is full, failing or read-only at any write: a clear error or a later success, what was saved stays, no
//! order is half saved, and the queue goes on once the disk has healed.

use paylink_core::account::Ports;
use paylink_core::clock::SystemClock;
use paylink_core::link::{LinkStatus, PaymentLink};
use paylink_core::{LinkFilter, Page, Paylink, PaylinkError, StorageKind};
use paylink_e2e::disk::{Disk, Failure};
use paylink_e2e::{Rig, honey};
use paylink_sandbox::Fault;
use std::sync::Arc;
use std::time::{Duration, Instant};

const EVERYTHING: Page = Page { offset: 0, limit: 10_000 };

async fn rig() -> (Rig, Arc<Disk>) {
    let rig = Rig::start().await;
    let disk = Disk::under(rig.folder.path());
    (rig.reopened(), disk)
}

fn expected(failure: Failure) -> StorageKind {
    match failure {
        Failure::Full => StorageKind::Full,
        Failure::Io | Failure::Gone => StorageKind::Io,
        Failure::ReadOnly => StorageKind::ReadOnly,
    }
}

#[track_caller]
fn clear(error: &PaylinkError, failure: Failure) {
    assert!(
        matches!(error, PaylinkError::Storage { kind, .. } if *kind == expected(failure)),
        "{failure:?}: {error:?}"
    );
}

fn all(core: &Paylink) -> Vec<PaymentLink> {
    core.links(LinkFilter::default(), EVERYTHING).unwrap()
}

fn number(link: &PaymentLink) -> u64 {
    link.reference.rsplit_once('-').unwrap().1.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn saving_fails_clearly_at_any_write_and_saves_all_or_nothing() {
    let (mut rig, disk) = rig().await;
    rig.core.network_changed(false).unwrap();
    let mut saved = vec![rig.core.create(&honey()).unwrap()];
    let (mut refused, mut came_through) = (0, 0);
    for failure in Failure::ALL {
        for at in 1.. {
            disk.fail(failure, at, true);
            let created = rig.core.create(&honey());
            let reached = disk.has_failed();
            disk.heal();
            match created {
                Ok(link) => {
                    came_through += u32::from(reached);
                    saved.push(link);
                }
                Err(error) => {
                    clear(&error, failure);
                    refused += 1;
                }
            }
            assert_eq!(all(&rig.core).len(), saved.len(), "{failure:?} at {at}: an error means that nothing was saved");
            if !reached {
                break;
            }
            if at % 5 == 0 {
                rig = rig.reopened();
                rig.core.network_changed(false).unwrap();
                assert_eq!(rig.core.recovered().unwrap(), None, "a failing disk is no damage");
                assert_eq!(all(&rig.core).len(), saved.len(), "{failure:?} at {at}, opened again");
            }
        }
    }
    let mut numbers: Vec<u64> = all(&rig.core).iter().map(number).collect();
    numbers.sort_unstable();
    assert!(numbers.iter().zip(1..).all(|(number, wanted)| *number == wanted), "references without holes: {numbers:?}");
    let injected = disk.injected();
    println!(
        "store: faults while saving: injected {injected}, refused {refused}, saved all the same {came_through}, lost 0, half saved 0"
    );
    assert!(refused >= 3 && injected > 20);
    rig.core.network_changed(true).unwrap();
    for link in &saved {
        rig.until(link.id, LinkStatus::Open);
        assert_eq!(rig.sessions_of(link), 1, "doubled");
    }
}

/// Waits until the failure has come, and lets it last a little; or until the work is over without it. Gives whether it
/// has come.
fn struck(rig: &Rig, disk: &Disk, link: &PaymentLink, over: LinkStatus) -> bool {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !disk.has_failed() && rig.core.link(link.id).unwrap().status != over {
        assert!(Instant::now() < deadline, "neither failed nor {over:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
    let reached = disk.has_failed();
    if reached {
        std::thread::sleep(Duration::from_millis(40));
    }
    reached
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_goes_on_when_the_disk_has_healed_whatever_write_failed() {
    let (rig, disk) = rig().await;
    let (mut sold, mut furthest): (Vec<PaymentLink>, _) = (Vec::new(), 0);
    for failure in Failure::ALL {
        for at in 1.. {
            disk.fail(failure, at, at % 2 == 0);
            let reached = match rig.core.create(&honey()) {
                Ok(link) => {
                    let reached = struck(&rig, &disk, &link, LinkStatus::Open);
                    sold.push(link);
                    reached
                }
                Err(error) => {
                    clear(&error, failure);
                    true
                }
            };
            disk.heal();
            rig.core.network_changed(true).unwrap();
            furthest = furthest.max(at);
            if let Some(link) = sold.last() {
                rig.until(link.id, LinkStatus::Open);
            }
            if !reached {
                break;
            }
        }
    }
    assert_eq!(all(&rig.core).len(), sold.len(), "lost, or saved in spite of an error");
    let mut doubled = 0;
    for link in &sold {
        rig.until(link.id, LinkStatus::Open);
        doubled += usize::from(rig.sessions_of(link) != 1);
    }
    println!(
        "store: faults during a sale: writes {furthest}, injected {}, sales {}, lost 0, doubled {doubled}",
        disk.injected(),
        sold.len()
    );
    assert_eq!(doubled, 0);
    assert!(furthest > 50, "create alone is half of that");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_failed_as_an_answer_came_is_tried_again_soon() {
    let (rig, disk) = rig().await;
    rig.sandbox.inject(Fault::on("POST", "/v1/sessions").delay_after(Duration::from_millis(300)));
    let link = rig.core.create(&honey()).unwrap();
    rig.until(link.id, LinkStatus::Creating);
    disk.fail(Failure::Full, 1, true);
    struck(&rig, &disk, &link, LinkStatus::Open);
    // Neither the answer nor its loss can be written; the scheduler finds that too.
    std::thread::sleep(Duration::from_millis(500));
    let injected = disk.injected();
    disk.heal();
    // Nobody says anything to the core.
    rig.until(link.id, LinkStatus::Open);
    let doubled = rig.sessions_of(&link) - 1;
    println!("store: a disk that heals by itself: injected {injected}, sales 1, lost 0, doubled {doubled}");
    assert_eq!(doubled, 0);
    assert!(injected < 100, "a sick disk is not stormed: {injected}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_not_stormed_by_a_sale_that_waits() {
    let (rig, disk) = rig().await;
    rig.core.network_changed(false).unwrap();
    let link = rig.core.create(&honey()).unwrap();
    disk.fail(Failure::Full, 1, true);
    let _full = rig.core.network_changed(true);
    struck(&rig, &disk, &link, LinkStatus::Open);
    std::thread::sleep(Duration::from_millis(500));
    let injected = disk.injected();
    disk.heal();
    rig.until(link.id, LinkStatus::Open);
    println!(
        "store: a full disk that a sale waits for: injected {injected}, sales 1, lost 0, doubled {}",
        rig.sessions_of(&link) - 1
    );
    assert_eq!(rig.sessions_of(&link), 1);
    assert!(injected < 100, "stormed: {injected}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_goes_on_when_the_disk_has_healed_whatever_write_failed() {
    let (rig, disk) = rig().await;
    let (mut cancelled, mut furthest) = (0, 0);
    for failure in Failure::ALL {
        for at in 1.. {
            let link = rig.sell(&honey());
            disk.fail(failure, at, at % 2 == 0);
            let asked = rig.core.cancel(link.id);
            let reached = asked.is_err() || struck(&rig, &disk, &link, LinkStatus::Cancelled);
            disk.heal();
            if let Err(error) = asked {
                clear(&error, failure);
                rig.core.cancel(link.id).unwrap();
            }
            rig.core.network_changed(true).unwrap();
            rig.until(link.id, LinkStatus::Cancelled);
            (cancelled, furthest) = (cancelled + 1, furthest.max(at));
            if !reached {
                break;
            }
        }
    }
    println!(
        "store: faults during a cancel: writes {furthest}, injected {}, cancelled {cancelled}, lost 0",
        disk.injected()
    );
    assert!(furthest > 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_lets_a_seller_open_and_read() {
    let (rig, disk) = rig().await;
    let link = rig.sell(&honey());
    rig.core.close();
    disk.fail(Failure::Full, 1, true);
    let core = paylink_e2e::open(&rig.config, &rig.secure).unwrap();
    assert_eq!(core.link(link.id).unwrap().status, LinkStatus::Open);
    clear(&core.create(&honey()).unwrap_err(), Failure::Full);
    core.close();
    disk.heal();
    let core = paylink_e2e::open(&rig.config, &rig.secure).unwrap();
    assert_eq!((core.recovered().unwrap(), core.link(link.id).unwrap().status), (None, LinkStatus::Open));
    println!("store: a full disk at opening: openings 2, orders 1, lost 0");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_of_create_means_that_nothing_was_saved_also_while_others_wait() {
    let rig = Rig::start().await;
    let mut config = rig.config.clone();
    config.data_dir = rig.folder.path().join("unreachable");
    config.origin = "http://127.0.0.1:9".to_owned();
    std::fs::create_dir(&config.data_dir).unwrap();
    let disk = Disk::under(&config.data_dir);
    let core = paylink_e2e::open(&config, &rig.secure).unwrap();
    let mut saved = 1;
    let first = core.create(&honey()).unwrap();
    for at in 1..=200 {
        // The first order waits for the network, so that saving another one wakes it: a second transaction.
        core.sync(Duration::from_secs(5)).await.unwrap();
        assert!(core.link(first.id).unwrap().reason.is_some());
        core.network_changed(false).unwrap();
        disk.fail(Failure::Full, at, true);
        let created = core.create(&honey());
        let reached = disk.has_failed();
        disk.heal();
        core.network_changed(true).unwrap();
        saved += usize::from(created.is_ok());
        assert_eq!(all(&core).len(), saved, "write {at}: {created:?}");
        if !reached {
            println!("store: faults while others wait: writes {at}, orders {saved}, lost 0, half saved 0");
            return;
        }
    }
    panic!("never without a failure");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_on_a_failing_disk_goes_on_once_it_has_healed() {
    let rig = Rig::start().await;
    rig.core.network_changed(false).unwrap();
    (0..4).for_each(|_| drop(rig.core.create(&honey()).unwrap()));
    rig.core.close();
    let sound = std::fs::read(rig.folder.path().join("paylink.db")).unwrap();
    let mut damaged = sound.clone();
    damaged[..16].fill(0);
    let (mut injected, mut openings) = (0, 0);
    for failure in Failure::ALL {
        for at in (1..).step_by(3) {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("paylink.db"), &damaged).unwrap();
            let disk = Disk::under(folder.path());
            let mut config = rig.config.clone();
            config.data_dir = folder.path().to_owned();
            config.origin = "http://127.0.0.1:9".to_owned();
            disk.fail(failure, at, true);
            let opened = paylink_e2e::open(&config, &rig.secure);
            let reached = disk.has_failed();
            openings += 1;
            if let Err(error) = &opened {
                let said = matches!(error, PaylinkError::Storage { kind, .. } if *kind == expected(failure) || *kind == StorageKind::Io);
                assert!(said, "{failure:?} at {at}: {error:?}");
            }
            drop(opened);
            disk.heal();
            injected += disk.injected();
            let core = paylink_e2e::open(&config, &rig.secure).unwrap();
            core.network_changed(false).unwrap();
            let report = core.recovered().unwrap().expect("the report waits");
            assert_eq!((report.orders_salvaged, report.lost, all(&core).len()), (4, Some(0), 4), "{failure:?} at {at}");
            assert_eq!(report.quarantined_files.len(), 1, "moved aside once");
            let aside = folder.path().join(&report.quarantined_files[0]);
            assert_eq!(std::fs::read(aside).unwrap(), damaged, "as it was found");
            if !reached {
                break;
            }
        }
    }
    println!("store: faults during a recovery: injected {injected}, openings {openings}, lost 0");
    assert!(injected > 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_that_steps_is_told_of_a_full_disk_at_once_and_nothing_leaves() {
    let (rig, disk) = rig().await;
    rig.core.network_changed(false).unwrap();
    let id = rig.core.create(&honey()).unwrap().id;
    rig.core.close();
    let ports = Ports { secure_store: rig.secure.clone(), token_source: None };
    let core = Paylink::open_unscheduled(&rig.config, ports, Arc::new(SystemClock::default())).unwrap();
    let requests = rig.sandbox.count("POST", "/v1/sessions-profile");
    let core = tokio::task::spawn_blocking(move || {
        disk.fail(Failure::Full, 1, true);
        clear(&core.work_due().unwrap_err(), Failure::Full);
        assert_eq!(disk.heal(), 1, "it does not try for ever");
        assert_eq!(rig.sandbox.count("POST", "/v1/sessions-profile"), requests, "sent without being saved as sent");
        core.work_due().unwrap();
        assert_eq!(core.link(id).unwrap().status, LinkStatus::Open);
        core
    });
    core.await.unwrap().close();
}
