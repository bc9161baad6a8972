//! Every call of the façade by its name, its arguments and its result as JSON: the one table of this runner.

use paylink_core::catalogue::ItemDraft;
use paylink_core::link::LinkStatus;
use paylink_core::message::{Channel, Language};
use paylink_core::order::Draft;
use paylink_core::{LinkFilter, OrderId, Page, Paylink, PaylinkError, UnknownAnswer};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::time::Duration;
use tokio::runtime::Handle;

/// The arguments of a call, each taken once.
struct Arguments<'a> {
    call: &'a str,
    given: Map<String, Value>,
}

impl Arguments<'_> {
    fn take<T: DeserializeOwned>(&mut self, name: &str) -> T {
        let value = self.given.remove(name).unwrap_or(Value::Null);
        serde_json::from_value(value).unwrap_or_else(|error| panic!("{}, {name}: {error}", self.call))
    }

    fn id(&mut self) -> OrderId {
        self.take("id")
    }

    fn language(&mut self) -> Option<Language> {
        self.take::<Option<String>>("language").map(|code| Language::from_code(&code).expect("a language"))
    }

    fn text(&mut self, name: &str) -> String {
        self.take(name)
    }
}

/// `filter` and `page` of `links`; what is left out is as the core has it.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Listed {
    status: Option<String>,
    offset: Option<u32>,
    limit: Option<u32>,
}

impl Listed {
    fn filter(&self) -> LinkFilter {
        LinkFilter { status: self.status.as_ref().map(|code| LinkStatus::from_code(code).expect("a status")) }
    }

    fn page(&self) -> Page {
        let all = Page::default();
        Page { offset: self.offset.unwrap_or(all.offset), limit: self.limit.unwrap_or(all.limit) }
    }
}

/// Calls the core.
pub fn call(core: &Paylink, runtime: &Handle, name: &str, given: Map<String, Value>) -> Result<Value, PaylinkError> {
    let mut with = Arguments { call: name, given };
    let a = &mut with;
    let came = match name {
        "check" => json(core.check(&a.take::<Draft>("draft"))),
        "create" => json(core.create(&a.take::<Draft>("draft"))),
        "retry" => json(core.retry(a.id())),
        "discard" => json(core.discard(a.id())),
        "cancel" => json(core.cancel(a.id())),
        "replace" => json(core.replace(a.id())),
        "resolve_unknown" => json(core.resolve_unknown(a.id(), a.take::<UnknownAnswer>("answer"))),
        "mark_shared" => json(core.mark_shared(a.id(), a.take("channel"), a.take("outcome"))),
        "mark_reminded" => json(core.mark_reminded(a.id(), a.take("channel"), a.take("outcome"))),
        "link" => json(core.link(a.id())),
        "link_by_reference" => json(core.link_by_reference(&a.text("reference"))),
        "detail" => json(core.detail(a.id())),
        "draft_of" => json(core.draft_of(a.id())),
        "request_again" => json(core.request_again(a.id())),
        "last_sale" => json(core.last_sale()),
        "links" => json(core.links(a.take::<Option<Listed>>("filter").unwrap_or_default().filter(), page(a))),
        "search" => json(core.search(&a.text("text"))),
        "pending" => json(core.pending()),
        "day" => json(core.day(a.text("date").parse().expect("a day"))),
        "timeline" => json(core.timeline(a.id())),
        "message" => json(core.message(a.id(), a.take::<Channel>("channel"), a.language())),
        "remind" => json(core.remind(a.id(), a.take::<Channel>("channel"), a.language())),
        "qr" => json(core.qr(a.id())),
        "items" => json(core.items()),
        "recent_customers" => json(core.recent_customers(a.take("limit"))),
        "search_customers" => json(core.search_customers(&a.text("text"))),
        "forget_customer" => json(core.forget_customer(&a.text("id"))),
        "delete_set_aside" => json(core.delete_set_aside()),
        "check_item" => json(core.check_item(&a.take::<ItemDraft>("item"))),
        "save_item" => json(core.save_item(&a.take::<ItemDraft>("item"))),
        "remove_item" => json(core.remove_item(&a.text("id"))),
        "read_items" => {
            let bytes: Value = a.take("bytes");
            json(core.read_items(&match bytes.as_str() {
                Some(text) => text.as_bytes().to_vec(),
                None => serde_json::from_value(bytes).expect("a text or bytes"),
            }))
        }
        "import_items" => json(core.import_items(&a.take::<Vec<ItemDraft>>("items"))),
        "export_items" => json(core.export_items()),
        "move_item" => json(core.move_item(&a.text("id"), a.take::<Option<String>>("before").as_deref())),
        "events_since" => json(core.events_since(a.take("cursor"))),
        "acknowledge" => json(core.acknowledge(a.take("cursor"))),
        "recovered" => json(core.recovered()),
        "acknowledge_recovered" => json(core.acknowledge_recovered()),
        "account" => json(core.account()),
        "sign_in" => json(runtime.block_on(core.sign_in(&a.text("client_id"), &a.text("client_secret")))),
        "sign_out" => json(core.sign_out()),
        "sync" => json(runtime.block_on(core.sync(Duration::from_millis(a.take("budget_ms"))))),
        "work_due" => json(core.work_due()),
        "refresh" => json(core.refresh(a.id())),
        "network_changed" => json(core.network_changed(a.take("online"))),
        "set_foreground" => json(core.set_foreground(a.take("foreground"))),
        "practice_skip" => json(core.practice_skip(Duration::from_millis(a.take("ms")))),
        "suspend" => {
            core.suspend();
            Ok(Value::Null)
        }
        "resume" => json(core.resume()),
        "close" => {
            core.close();
            Ok(Value::Null)
        }
        other => panic!("the façade has no call {other}"),
    };
    assert!(with.given.is_empty(), "{name} takes no {:?}", with.given.keys().collect::<Vec<_>>());
    came
}

fn page(arguments: &mut Arguments<'_>) -> Page {
    arguments.take::<Option<Listed>>("page").unwrap_or_default().page()
}

fn json<T: Serialize>(result: Result<T, PaylinkError>) -> Result<Value, PaylinkError> {
    result.map(|value| serde_json::to_value(value).expect("results are JSON"))
}
