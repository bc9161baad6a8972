use super::*;
use crate::clock::{Clock, PhoneTime, ProviderTime};
use crate::gateway::Account;
use crate::id::{EntryId, OrderId};
use crate::link::{SessionEventName, TransactionEventKind, TransactionStatus};
use crate::order::{self, Draft, Order};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

const NOON: i64 = 1_779_622_620_000;

/// The phone's clock, and how far somebody has set it.
struct Hand(AtomicI64, AtomicI64);

impl Clock for Hand {
    fn wall_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst) + self.1.load(Ordering::SeqCst)
    }
    fn monotonic_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Pages that survive their provider, on a disk that can fail.
#[derive(Default)]
struct Shelf {
    pages: Mutex<BTreeMap<String, String>>,
    broken: AtomicBool,
}

impl Shelf {
    fn sound(&self) -> Result<std::sync::MutexGuard<'_, BTreeMap<String, String>>, BookError> {
        if self.broken.load(Ordering::SeqCst) { Err(BookError) } else { Ok(self.pages.lock().unwrap()) }
    }
}

impl Book for Shelf {
    fn page(&self, name: &str) -> Result<Option<String>, BookError> {
        Ok(self.sound()?.get(name).cloned())
    }
    fn sessions(&self) -> Result<Vec<String>, BookError> {
        Ok(self.sound()?.iter().filter(|(name, _)| name.starts_with(SESSIONS)).map(|(_, page)| page.clone()).collect())
    }
    fn write(&self, name: &str, text: &str) -> Result<(), BookError> {
        self.sound()?.insert(name.to_owned(), text.to_owned());
        Ok(())
    }
}

struct Desk {
    hand: Arc<Hand>,
    shelf: Arc<Shelf>,
    provider: Practice,
}

impl Desk {
    fn new() -> Self {
        Self::with(Arc::new(Hand(AtomicI64::new(NOON), AtomicI64::new(0))), Arc::default())
    }

    fn with(hand: Arc<Hand>, shelf: Arc<Shelf>) -> Self {
        let Ok(Account::Practice(account)) = Account::read("practice") else { panic!("it is no account") };
        let clock = Arc::new(ServerClock::new(Arc::clone(&hand) as Arc<dyn Clock>));
        let provider = Practice::new(&account, Arc::clone(&shelf) as Arc<dyn Book>, clock);
        Self { hand, shelf, provider }
    }

    /// Another process on the same pages.
    fn again(&self) -> Self {
        Self::with(Arc::clone(&self.hand), Arc::clone(&self.shelf))
    }

    fn pass(&self, seconds: i64) {
        self.hand.0.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }

    async fn sell(&self, request: &CreateSession) -> String {
        self.provider.create(request).await.unwrap().id
    }

    async fn events(&self, id: &str) -> Vec<SessionEventName> {
        self.provider.session(id).await.unwrap().events.into_iter().map(|event| event.name).skip(1).collect()
    }

    async fn payment(&self, id: &str) -> Option<TransactionFacts> {
        let id = self.provider.session(id).await.unwrap().transaction_id?;
        Some(self.provider.transaction(&id).await.unwrap())
    }
}

fn request(reference: &str, edit: impl FnOnce(&mut Draft)) -> CreateSession {
    // Entries sort by the millisecond in which they were made.
    static MADE: AtomicI64 = AtomicI64::new(NOON);
    let clock = Hand(AtomicI64::new(MADE.fetch_add(1, Ordering::SeqCst)), AtomicI64::new(0));
    let mut draft = Draft { amount: "298".to_owned(), reference: reference.to_owned(), ..Draft::default() };
    edit(&mut draft);
    let rules = crate::order::Rules {
        region: crate::money::Region::Norway,
        today: jiff::civil::date(2026, 5, 24),
        currency: crate::money::Region::Norway.currency(),
        vat: crate::money::default_vat(crate::money::Region::Norway),
        expiry: crate::order::Expiry::Week,
        capture: Capture::Auto,
        address: crate::order::AddressMode::Known,
        delivery: crate::order::Delivery::Copy,
        language: crate::message::Language::Nb,
        offered: Some(policy::METHODS.map(PaymentMethod::new).to_vec()),
    };
    let sale = order::parse(&draft, &rules).unwrap();
    CreateSession {
        provider_sends: draft.delivery == "sms",
        order: Order {
            id: OrderId::generate(&clock),
            reference: reference.to_owned(),
            created_at: PhoneTime::from_ms(NOON),
            sale,
        },
        entry: EntryId::generate(&clock),
        expires_at: ProviderTime::from_ms(NOON + 7 * 86_400_000),
        profile: None,
    }
}

fn sale(reference: &str) -> CreateSession {
    request(reference, |_| {})
}

#[tokio::test]
async fn a_customer_opens_the_link_then_pays() {
    let desk = Desk::new();
    let id = desk.sell(&sale("D-1")).await;
    assert_eq!(desk.events(&id).await, []);
    desk.pass(5);
    assert_eq!(desk.events(&id).await, [SessionEventName::Visited]);
    assert_eq!(desk.payment(&id).await, None);
    desk.pass(3);
    assert_eq!(desk.payment(&id).await.unwrap().status, TransactionStatus::Initiated);
    desk.pass(3);
    let paid = desk.payment(&id).await.unwrap();
    assert_eq!(
        (paid.status.clone(), paid.amount, paid.currency.as_str()),
        (TransactionStatus::Captured, 29_800, "NOK")
    );
    assert_eq!(paid.sum(&TransactionEventKind::Capture), 29_800);
    assert_eq!((paid.method.as_deref(), paid.session_id.as_deref()), (Some("dintero_psp.vipps"), Some(id.as_str())));
    desk.pass(86_400);
    assert_eq!(desk.payment(&id).await.unwrap(), paid, "what happened stays as it was");
}

#[tokio::test]
async fn every_fifth_customer_declines_and_some_take_a_minute() {
    let desk = Desk::new();
    let mut ids = Vec::new();
    for reference in ["D-1", "D-2", "D-3", "D-4", "D-5", "D-10", "my own"] {
        ids.push(desk.sell(&sale(reference)).await);
    }
    desk.pass(11);
    let mut soon = Vec::new();
    for id in &ids {
        soon.push(desk.payment(id).await.map(|paid| paid.status));
    }
    let (paid, no) = (Some(TransactionStatus::Captured), Some(TransactionStatus::Declined));
    assert_eq!(soon, [paid.clone(), paid.clone(), paid.clone(), None, no.clone(), no, paid.clone()]);
    desk.pass(50);
    assert_eq!(desk.payment(&ids[3]).await.map(|paid| paid.status), paid);
    assert!(desk.events(&ids[4]).await.contains(&SessionEventName::Declined));
}

#[tokio::test]
async fn what_is_only_reserved_stays_so_and_a_cancel_releases_it() {
    let desk = Desk::new();
    let id = desk.sell(&request("D-1", |draft| draft.capture = "manual".to_owned())).await;
    desk.pass(3_600);
    let reserved = desk.payment(&id).await.unwrap();
    assert_eq!((reserved.status.clone(), reserved.events.len()), (TransactionStatus::Authorized, 1));
    let cancelled = desk.provider.cancel(&id).await.unwrap();
    assert_eq!(cancelled.cancelled_at, Some(NOON + 3_600_000));
    let released = desk.payment(&id).await.unwrap();
    assert_eq!(released.status, TransactionStatus::AuthorizationVoided);
    assert_eq!(released.events[1].kind, TransactionEventKind::Void);
    assert!(released.updated_at > reserved.updated_at, "the later word counts");
}

#[tokio::test]
async fn a_cancelled_link_is_never_opened_and_a_paid_one_never_cancelled() {
    let desk = Desk::new();
    let (cancelled, paid) = (desk.sell(&sale("D-1")).await, desk.sell(&sale("D-2")).await);
    desk.pass(2);
    desk.provider.cancel(&cancelled).await.unwrap();
    desk.pass(60);
    assert_eq!(desk.events(&cancelled).await, [SessionEventName::Cancelled]);
    assert_eq!(desk.payment(&cancelled).await, None);
    assert_eq!(desk.provider.cancel(&cancelled).await.unwrap().cancelled_at, Some(NOON + 2_000), "again: nothing");
    assert!(matches!(desk.provider.cancel(&paid).await, Err(NotDone::Rejected(_))));
    assert_eq!(desk.payment(&paid).await.unwrap().status, TransactionStatus::Captured);
}

#[tokio::test]
async fn another_process_finds_every_session_as_it_would_have_been() {
    let desk = Desk::new();
    let (first, second) = (sale("D-1"), sale("D-2"));
    let (one, two) = (desk.sell(&first).await, desk.sell(&second).await);
    desk.provider.cancel(&two).await.unwrap();
    desk.pass(5);
    let later = desk.again();
    assert_eq!(later.events(&one).await, [SessionEventName::Visited]);
    later.pass(60);
    assert_eq!(later.payment(&one).await.unwrap().status, TransactionStatus::Captured);
    assert_eq!(later.payment(&two).await, None);
    assert_eq!(later.sell(&first).await, one, "the same entry is the same session");
    let all = later.provider.sessions(&SessionQuery::default()).await.unwrap();
    assert_eq!((all.items.len(), all.complete), (2, true));
}

#[tokio::test]
async fn it_is_asked_for_lists_as_the_core_asks() {
    let desk = Desk::new();
    let mut made = Vec::new();
    for n in 1..=3 {
        let request = sale(&format!("D-{n}"));
        made.push((desk.sell(&request).await, request));
        desk.pass(1);
    }
    let ids = |listed: Listed<SessionFacts>| listed.items.into_iter().map(|one| one.id).collect::<Vec<_>>();
    let provider = &desk.provider;
    let ask = |query: SessionQuery| async move { ids(provider.sessions(&query).await.unwrap()) };
    let (one, two, three) = (made[0].0.clone(), made[1].0.clone(), made[2].0.clone());
    let all = SessionQuery::default;
    assert_eq!(ask(all()).await, [three.clone(), two.clone(), one.clone()]);
    assert_eq!(ask(SessionQuery { search: Some("D-2".to_owned()), ..all() }).await, vec![two.clone()]);
    assert_eq!(ask(SessionQuery { created_from: Some(NOON + 1_000), ..all() }).await, [three.clone(), two.clone()]);
    assert_eq!(ask(SessionQuery { created_to: Some(NOON), ..all() }).await, vec![one.clone()]);
    assert_eq!(ask(SessionQuery { ids: vec![one.clone()], ..all() }).await, vec![one.clone()]);
    assert_eq!(ask(SessionQuery { after: Some(three.clone()), ..all() }).await, [two.clone(), one.clone()]);
    let found = desk.provider.session(&one).await.unwrap();
    assert_eq!(found.entry_id, Some(made[0].1.entry.to_string()));
    assert_eq!(found.order_id, Some(made[0].1.order.id.to_string()));
    desk.pass(60);
    let paid = desk.provider.transactions(&TransactionQuery::Sessions(vec![one.clone(), two])).await.unwrap();
    assert_eq!(paid.items.len(), 2);
    let paid = desk.provider.transactions(&TransactionQuery::Reference("D-1".to_owned())).await.unwrap();
    assert_eq!(paid.items[0].session_id.as_deref(), Some(one.as_str()));
    for stranger in ["", "practice-", "practice-nobody", "P12345678.x"] {
        assert!(matches!(desk.provider.session(stranger).await, Err(NotDone::Rejected(_))), "{stranger:?}");
        assert!(matches!(desk.provider.cancel(stranger).await, Err(NotDone::Rejected(_))), "{stranger:?}");
        assert!(matches!(desk.provider.transaction(stranger).await, Err(NotDone::Rejected(_))), "{stranger:?}");
    }
}

#[tokio::test]
async fn a_message_counts_as_sent_and_nobody_is_written_down() {
    let desk = Desk::new();
    let to_kari = |draft: &mut Draft| {
        draft.name = "Kari Nordmann".to_owned();
        draft.phone = "474 65 724".to_owned();
        draft.email = "kari@example.no".to_owned();
        draft.delivery = "sms".to_owned();
    };
    let by_sms = desk.provider.create(&request("D-1", to_kari)).await.unwrap();
    assert_eq!(by_sms.published, [Published { push: false, status: Some(PublishStatus::Sent) }]);
    let push = request("D-2", |draft| {
        to_kari(draft);
        draft.methods = vec!["vipps".to_owned()];
    });
    assert!(desk.provider.create(&push).await.unwrap().published[0].push);
    assert_eq!(desk.provider.create(&sale("D-3")).await.unwrap().published, []);
    let pages = desk.shelf.pages.lock().unwrap().values().cloned().collect::<String>().to_lowercase();
    assert!(pages.contains("d-1") && !["kari", "47465724"].iter().any(|person| pages.contains(person)), "{pages}");
}

#[tokio::test]
async fn its_addresses_are_none_on_the_net() {
    let desk = Desk::new();
    let made = desk.provider.create(&sale("D-1")).await.unwrap();
    let LinkUrl::Given(url) = made.url else { panic!("{:?}", made.url) };
    let parsed = url::Url::parse(&url).unwrap();
    assert_eq!((parsed.scheme(), parsed.host_str()), ("https", Some("practice.invalid")));
    assert_eq!(desk.provider.view_url(&made.id), url);
    assert!(knows(&url) && !knows("https://checkout.dintero.com/v1/view/1"));
}

#[tokio::test]
async fn a_disk_that_fails_makes_no_session_twice() {
    let desk = Desk::new();
    let request = sale("D-1");
    desk.shelf.broken.store(true, Ordering::SeqCst);
    assert!(matches!(desk.provider.create(&request).await, Err(NotDone::NotSent(_))));
    desk.shelf.broken.store(false, Ordering::SeqCst);
    let id = desk.sell(&request).await;
    desk.shelf.broken.store(true, Ordering::SeqCst);
    assert!(desk.provider.cancel(&id).await.is_err());
    desk.shelf.broken.store(false, Ordering::SeqCst);
    desk.pass(60);
    assert_eq!(desk.payment(&id).await.unwrap().status, TransactionStatus::Captured, "it was not cancelled");
}

#[tokio::test]
async fn time_that_is_skipped_has_passed_for_the_next_process_too() {
    let desk = Desk::new();
    let id = desk.sell(&sale("D-1")).await;
    desk.provider.skip(11_000).unwrap();
    assert_eq!(desk.again().payment(&id).await.unwrap().status, TransactionStatus::Captured);
    desk.provider.skip(-11_000).unwrap();
    assert_eq!(desk.payment(&id).await.unwrap().status, TransactionStatus::Captured, "time only goes on");
    assert_eq!(desk.provider.clock.known(), Some(ProviderTime::from_ms(NOON + 11_000)));
}

#[tokio::test]
async fn a_clock_that_is_set_back_takes_nothing_back() {
    let desk = Desk::new();
    let id = desk.sell(&sale("D-1")).await;
    desk.pass(11);
    let paid = desk.payment(&id).await;
    desk.hand.1.store(-3_600_000, Ordering::SeqCst);
    assert_eq!(desk.payment(&id).await, paid);
    assert_eq!(desk.again().payment(&id).await, paid, "nor in a process that knows nothing of the time before");
    let next = desk.sell(&sale("D-2")).await;
    desk.pass(11);
    assert_eq!(desk.payment(&next).await.unwrap().created_at, Some(NOON + 11_000 + 7_000), "and time goes on");
}
