//! A seller's phone, reduced to its core, in the hands of a test that kills it.
//!
//! `phone FOLDER ORIGIN NOW SEED` does what the lines of its input say, one after the other, and answers each in one
//! line of JSON, as soon as the call has returned: `{"links": […]}` with what the seller sees then, or `{"error": …}`.
//! Its clock shows NOW (UTC ms) and moves when it is told to. Nothing happens by itself.
//!
//! | line | |
//! |---|---|
//! | `open`, `open_offline`, `suspend`, `resume`, `close` | the core's life |
//! | `sign_in`, `sign_out` | with the sandbox's own credentials |
//! | `create copy`, `create phone`, `create sms`, `create reserve` | saves a sale; `reserve` is to be captured later |
//! | `cancel`, `retry`, `discard`, `share`, `refresh`, `answer wait`, `answer send_again` … | of the newest sale |
//! | `work`, `sync`, `front`, `online`, `acknowledge`, `recovered` | `recovered`: the seller has seen what was recovered |
//! | `pass MS` | time goes by |
//! | `die_at N` | it is killed at the N-th boundary of its disk from here; 0 only counts |
//! | `boundaries` | answers `{"boundaries": N}` |
#![allow(clippy::unwrap_used, clippy::expect_used)] // a phone that cannot do its work dies, and its test with it

use paylink_core::account::{Config, Ports};
use paylink_core::clock::Clock;
use paylink_core::link::{ShareChannel, ShareOutcome};
use paylink_core::order::Draft;
use paylink_core::{LinkFilter, OrderId, Page, Paylink, PaylinkError, UnknownAnswer};
use paylink_e2e::clock::PhoneClock;
use paylink_e2e::disk::Disk;
use paylink_e2e::keys::KeyFolder;
use paylink_e2e::{config, honey, honey_by_sms, say};
use paylink_sandbox::Options;
use serde_json::{Value, json};
use std::future::Future;
use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Longer than a sync takes that has nothing to wait for.
const BUDGET: Duration = Duration::from_secs(20);

struct Phone {
    config: Config,
    clock: Arc<PhoneClock>,
    disk: Arc<Disk>,
    keys: Arc<KeyFolder>,
    core: Option<Paylink>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, origin, now, seed] = arguments.as_slice() else { panic!("phone FOLDER ORIGIN NOW SEED") };
    let folder = Path::new(folder);
    let data = folder.join("data");
    std::fs::create_dir_all(&data).unwrap();
    let disk = Disk::under(&data);
    let mut phone = Phone {
        config: config(&data, origin),
        clock: Arc::new(PhoneClock::seeded(now.parse().unwrap(), seed.parse().unwrap())),
        keys: Arc::new(KeyFolder::open(&folder.join("keys"), Some(Arc::clone(&disk)))),
        disk,
        core: None,
    };
    for line in std::io::stdin().lock().lines() {
        let answer = match phone.obey(&line.unwrap()) {
            Ok(answer) => answer,
            Err(error) => json!({ "error": error }),
        };
        say(&answer.to_string());
    }
}

impl Phone {
    fn obey(&mut self, line: &str) -> Result<Value, PaylinkError> {
        match line.split(' ').collect::<Vec<_>>().as_slice() {
            ["open"] => self.open(false)?,
            ["open_offline"] => self.open(true)?,
            ["pass", ms] => self.clock.pass(ms.parse().unwrap()),
            ["die_at", at] => self.disk.die_at(at.parse().unwrap()),
            ["boundaries"] => return Ok(json!({ "boundaries": self.disk.boundaries() })),
            ["suspend"] => self.core().suspend(),
            ["resume"] => self.core().resume()?,
            ["close"] => {
                self.core().close();
                self.core = None;
            }
            words => self.call(words)?,
        }
        self.seen()
    }

    fn open(&mut self, offline: bool) -> Result<(), PaylinkError> {
        let ports = Ports { secure_store: self.keys.clone(), token_source: None };
        let clock: Arc<dyn Clock> = self.clock.clone();
        let config = Config { offline, ..self.config.clone() };
        self.core = Some(Paylink::open_unscheduled(&config, ports, clock)?);
        Ok(())
    }

    fn core(&self) -> &Paylink {
        self.core.as_ref().expect("the core is open")
    }

    fn newest(&self) -> OrderId {
        let one = Page { offset: 0, limit: 1 };
        self.core().links(LinkFilter::default(), one).unwrap().first().expect("there is a sale").id
    }

    fn call(&self, words: &[&str]) -> Result<(), PaylinkError> {
        let core = self.core();
        match words {
            ["create", how] => core.create(&draft(how)).map(drop),
            ["cancel"] => core.cancel(self.newest()).map(drop),
            ["retry"] => core.retry(self.newest()).map(drop),
            ["discard"] => core.discard(self.newest()).map(drop),
            ["share"] => core.mark_shared(self.newest(), ShareChannel::Sms, ShareOutcome::HandedOver).map(drop),
            ["refresh"] => core.refresh(self.newest()),
            ["answer", "wait"] => core.resolve_unknown(self.newest(), UnknownAnswer::Wait).map(drop),
            ["answer", "send_again"] => core.resolve_unknown(self.newest(), UnknownAnswer::SendAgain).map(drop),
            ["answer", "send_from_phone"] => {
                core.resolve_unknown(self.newest(), UnknownAnswer::SendFromPhone).map(drop)
            }
            ["work"] => core.work_due().map(drop),
            ["sync"] => wait(core.sync(BUDGET)).map(drop),
            ["sign_in"] => {
                let options = Options::default();
                wait(core.sign_in(&options.client_id, &options.client_secret)).map(drop)
            }
            ["sign_out"] => core.sign_out(),
            ["recovered"] => core.acknowledge_recovered(),
            ["front"] => core.set_foreground(true),
            ["online"] => core.network_changed(true),
            ["acknowledge"] => core.acknowledge(core.events_since(None)?.last().map_or(0, |event| event.cursor)),
            other => panic!("what is {other:?}?"),
        }
    }

    /// What the seller sees.
    fn seen(&self) -> Result<Value, PaylinkError> {
        let Some(core) = &self.core else { return Ok(json!({ "links": [] })) };
        let links = match core.links(LinkFilter::default(), Page::default()) {
            Err(PaylinkError::Suspended) => return Ok(json!({ "links": [] })),
            links => links?,
        };
        let shown = links.into_iter().map(|link| {
            let timeline = core.timeline(link.id)?;
            let seen = json!({
                "id": link.id,
                "reference": link.reference,
                "status": link.status,
                "session": link.session_id,
                "cursor": timeline.last().map_or(0, |event| event.cursor),
                "story": timeline.iter().map(|event| &event.kind).collect::<Vec<_>>(),
            });
            Ok(seen)
        });
        Ok(json!({ "links": shown.collect::<Result<Vec<_>, PaylinkError>>()? }))
    }
}

fn draft(how: &str) -> Draft {
    match how {
        "copy" => honey(),
        "phone" => Draft { phone: "474 65 724".to_owned(), delivery: "phone".to_owned(), ..honey() },
        "sms" => honey_by_sms(),
        "reserve" => Draft { capture: "manual".to_owned(), ..honey() },
        other => panic!("what is {other}?"),
    }
}

fn wait<T>(call: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(call)
}
