//! The shared listing: where hundreds of sales went out at once, a message whose answer was lost is proven never to
//! have been sent by two listings of many pages, each read once however often it breaks off.

use paylink_core::OrderId;
use paylink_core::link::LinkStatus;
use paylink_e2e::desk::Desk;
use paylink_e2e::{honey, honey_by_sms};
use paylink_sandbox::Fault;
use std::ops::Deref;

/// Three pages of a list.
const SALES: usize = 250;

struct Shop(Desk);

impl Deref for Shop {
    type Target = Desk;

    fn deref(&self) -> &Desk {
        &self.0
    }
}

impl Shop {
    /// A phone whose many sales have just gone out.
    async fn open() -> Self {
        let shop = Self(Desk::open(|_| {}).await);
        // In the background only what is to be sent makes requests.
        shop.core.set_foreground(false).unwrap();
        (0..SALES).for_each(|_| drop(shop.core.create(&honey()).unwrap()));
        shop.work();
        shop
    }

    /// Sells by SMS; the request never arrives, and nobody knows. The network is another one each time, or the next would
    /// wait for a while.
    fn sell_unclear(&self) -> OrderId {
        self.core.network_changed(true).unwrap();
        self.sandbox.inject(Fault::on("POST", "/v1/sessions").answer(502));
        self.sell(&honey_by_sms())
    }

    /// One more sale, made when no other can still be on its way: where a listing shows it, its silence about others counts.
    fn sell_witness(&self) {
        self.pass(60_500);
        let id = self.sell(&honey());
        assert_eq!(self.status(id), LinkStatus::Open);
    }

    /// The pages of listings that were asked for so far: how many were first pages, and how many were others.
    fn pages(&self) -> (usize, usize) {
        let of =
            |request: &paylink_sandbox::RequestRecord, name: &str| request.query.iter().any(|(key, _)| key == name);
        let asked = self.sandbox.requests();
        let listings = asked.iter().filter(|one| one.method == "GET" && one.path.ends_with("/sessions"));
        let pages: Vec<_> = listings.filter(|one| !of(one, "search")).collect();
        let others = pages.iter().filter(|one| of(one, "starting_after")).count();
        (pages.len() - others, others)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_goes_on_where_it_broke_off_and_two_prove_absence() {
    let shop = Shop::open().await;
    let id = shop.sell_unclear();
    assert_eq!(shop.status(id), LinkStatus::Unknown);
    assert_eq!(shop.pages(), (0, 0), "nothing can be proven yet");

    // The second page, after a search and a first page, is lost; a sale wakes what waits.
    shop.sandbox.inject(Fault::on("GET", "/v1/sessions").skip(2).answer(502));
    shop.sell_witness();
    assert_eq!((shop.pages(), shop.status(id)), ((1, 4), LinkStatus::Unknown), "the first page is not read again");

    // That listing was begun before there was a witness: its silence proves nothing.
    shop.pass(61_000);
    assert_eq!((shop.pages(), shop.status(id)), ((2, 7), LinkStatus::Unknown));
    shop.pass(4 * 60_000);
    assert_eq!((shop.pages(), shop.status(id)), ((2, 7), LinkStatus::Unknown), "too early for the second listing");
    shop.pass(70_000);
    shop.pass(10_000);
    assert_eq!((shop.pages(), shop.status(id)), ((3, 10), LinkStatus::Open), "made again");
    assert_eq!((shop.sandbox.inbox().len(), shop.sandbox.sessions().len()), (1, SALES + 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_are_looked_up_at_once_share_the_listing() {
    let shop = Shop::open().await;
    let ids: Vec<OrderId> = (0..20).map(|_| shop.sell_unclear()).collect();
    shop.sell_witness();
    for _ in 0..60 {
        shop.pass(15_000);
    }
    assert!(ids.iter().all(|id| shop.status(*id) == LinkStatus::Open), "{:?}", shop.core.pending().unwrap());
    assert_eq!(shop.sandbox.inbox().len(), 20);
    let (first, others) = shop.pages();
    assert!((2..=4).contains(&first) && others <= 12, "{first} listings, {others} further pages for 20 messages");
}
