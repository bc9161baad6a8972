//! What the demo shows, scene by scene.

use super::customer::{Customer, Paid};
use super::sales::{Sale, put_right};
use super::seller::Seller;
use crate::output::Failure;
use crate::screen::Screen;
use crate::{message, qr, show, table, words};
use paylink_core::link::PaymentLink;
use paylink_core::message::Channel;
use paylink_core::money::Region;
use paylink_core::order::{Delivery, DraftItem};
use paylink_core::{OrderId, PaylinkError};
use paylink_sandbox::Sandbox;
use std::path::Path;

/// Where it is shown, and whose records are read.
pub struct Scenes<'a> {
    pub screen: Screen,
    pub sandbox: &'a Sandbox,
}

impl Scenes<'_> {
    fn say(&self, text: impl std::fmt::Display) {
        self.screen.say(text);
    }

    fn heading(&self, text: &str) {
        self.say(format_args!("\n{}\n", self.screen.bold(text)));
    }

    pub fn opening(&self, provider: &str, folder: &Path) {
        self.say(self.screen.bold("Paylink: payment links that survive a dead spot"));
        self.say("");
        self.say("A seller at a market stall types what was sold; the customer gets a link and pays on a web page.");
        self.say("All of it happens on this computer, and no money moves:");
        self.say("");
        self.say(format_args!("  payment provider   a stand-in at {provider}"));
        self.say(format_args!("  seller's phone     its database in {}", folder.display()));
    }

    /// What the phone learnt while it had a network.
    pub fn signed_in(&self, seller: &Seller) -> Result<(), Failure> {
        let account = seller.core.account()?;
        let ways: Vec<&str> = account.methods.iter().map(|method| words::method(method.code())).collect();
        self.say(format_args!("  ways to pay        {}", ways.join(", ")));
        Ok(())
    }

    /// Three sales without a network. Gives the orders that were saved.
    pub fn three_sales(&self, seller: &Seller, sales: &[Sale]) -> Result<Vec<OrderId>, Failure> {
        self.heading("1  The network is gone. Three sales are typed all the same");
        let mut orders = Vec::new();
        for sale in sales {
            self.say(format_args!("  {} {}", self.screen.bold(sale.who), sale.how));
            self.say(typed(&sale.draft.items));
            let link = match seller.core.create(&sale.draft) {
                Ok(link) => link,
                Err(PaylinkError::Refused { problems }) => {
                    for problem in &problems {
                        self.say(format_args!(
                            "    {}",
                            self.screen.bad(&format!("refused: {}", words::problem(problem)))
                        ));
                    }
                    let line = problems.iter().find_map(|problem| problem.line).unwrap_or_default();
                    let draft = put_right(sale.draft.clone(), line);
                    self.say(format_args!("    put right, line {line}:"));
                    self.say(typed(draft.items.get(usize::try_from(line).unwrap_or(1) - 1..).unwrap_or_default()));
                    seller.core.create(&draft)?
                }
                Err(error) => return Err(error.into()),
            };
            self.say(format_args!(
                "    {}: {}, {}\n",
                self.screen.good("saved"),
                link.reference,
                self.screen.bold(&words::money(link.amount))
            ));
            orders.push(link.id);
        }
        self.waiting(seller)?;
        Ok(orders)
    }

    fn waiting(&self, seller: &Seller) -> Result<(), Failure> {
        let pending = seller.core.pending()?;
        let waiting = pending.queued + pending.waiting + pending.sending;
        let links = self.sandbox.sessions().len();
        self.say(format_args!("  waiting on the phone: {waiting}   links at the provider: {links}"));
        Ok(())
    }

    /// After the restart.
    pub fn still_there(&self, seller: &Seller, orders: &[OrderId]) -> Result<(), Failure> {
        self.heading("2  The phone is switched off and on again. Nothing is forgotten");
        let mut rows = table::new(&["Saved", "Reference", "Amount", "Customer", "Status"]);
        for link in seller.links(orders)? {
            let customer = link.customer.name.clone().unwrap_or_default();
            rows.add_row([
                words::time(link.created_at),
                link.reference.clone(),
                words::money(link.amount),
                customer,
                words::status_of(&link),
            ]);
        }
        self.say(table::text(rows, &[2]));
        self.say("");
        self.waiting(seller)
    }

    /// The network is back: links, texts, a QR code.
    pub fn links(&self, seller: &Seller, sales: &[Sale], orders: &[OrderId]) -> Result<(), Failure> {
        self.heading("3  The network is back. The links come by themselves");
        let links = seller.links(orders)?;
        let mut rows = table::new(&["Made", "Reference", "Reached the customer", "Link"]);
        for link in &links {
            let made = link.sent_at.map(words::time).unwrap_or_default();
            let state = words::delivered(link.delivery.state).to_owned();
            rows.add_row([made, link.reference.clone(), state, link.url.clone().unwrap_or_default()]);
        }
        self.say(table::text(rows, &[]));
        for message in self.sandbox.inbox() {
            self.say(format_args!("\n  On the phone {}, {} from {}:", message.to, kind(message.channel), message.from));
            self.say(format_args!("    {} {}", self.screen.dim("│"), message.text));
        }
        for (sale, link) in sales.iter().zip(&links).filter(|(_, link)| link.delivery.channel == Delivery::Mail) {
            let mail = seller.core.message(link.id, Channel::Mail, None)?;
            self.say(format_args!("\n  For {}, in the mail app:", sale.who));
            self.say(indented(&message::text(&mail, Channel::Mail, self.screen)));
        }
        if let Some(link) = links.first() {
            let sms = seller.core.message(link.id, Channel::Sms, None)?;
            self.say("\n  The same link from the seller's own phone would be:");
            self.say(indented(&message::text(&sms, Channel::Sms, self.screen)));
            self.say(format_args!("\n  And for somebody who stands at the stall, {} as a QR code:\n", link.reference));
            self.say(qr::draw(&seller.core.qr(link.id)?, self.screen));
        }
        Ok(())
    }

    /// The customers open what they got, and pay.
    pub async fn customers(&self, seller: &mut Seller, sales: &[Sale], orders: &[OrderId]) -> Result<(), Failure> {
        self.heading("4  The customers open their links and pay. The seller's phone asks every few seconds");
        let customer = Customer::new()?;
        let mut pages = Vec::new();
        for (sale, link) in sales.iter().zip(seller.links(orders)?) {
            let page = customer.open(&self.received(seller, &link)?).await?;
            self.say(format_args!("  {:<6}opens the link: {} to pay", sale.who, page.total()));
            pages.push(page);
        }
        seller.until(orders, Some(self.screen), |link| link.opened_at.is_some()).await?;
        for (sale, mut page) in sales.iter().zip(pages) {
            for (number, method) in (1..).zip(sale.tries) {
                let fails = number < sale.tries.len();
                let by = words::method(method);
                match customer.pay(&mut page, method, fails).await? {
                    Paid::Receipt(total) => self.say(format_args!("  {:<6}pays {total} with {by}", sale.who)),
                    Paid::Notice(notice) => self.say(format_args!("  {:<6}tries {by}: \"{notice}\"", sale.who)),
                }
            }
        }
        Ok(())
    }

    /// The link as the customer has it: from the inbox, or from the mail.
    fn received(&self, seller: &Seller, link: &PaymentLink) -> Result<String, Failure> {
        let inbox = self.sandbox.inbox();
        let message = inbox.into_iter().find(|message| Some(&message.session_id) == link.session_id.as_ref());
        if let Some(message) = message {
            return Ok(message.link);
        }
        let mail = seller.core.message(link.id, Channel::Mail, None)?;
        let found = mail.body.split_whitespace().find(|word| word.starts_with("http"));
        found.map(str::to_owned).ok_or_else(|| Failure::Terminal("the mail has no link".to_owned()))
    }

    /// The whole story of each sale, with its times.
    pub fn told(&self, seller: &Seller, orders: &[OrderId]) -> Result<(), Failure> {
        self.heading("5  What the seller can read afterwards");
        for link in seller.links(orders)? {
            let amount = words::money(link.amount);
            let status = self.screen.good(words::status(link.status));
            self.say(format_args!("  {}  {amount}  {status}", self.screen.bold(&link.reference)));
            self.say(indented(&show::timeline(&seller.core.timeline(link.id)?)));
            self.say("");
        }
        Ok(())
    }

    /// The day's totals.
    pub fn day(&self, seller: &Seller) -> Result<(), Failure> {
        let day = seller.core.day(paylink_core::today(Region::Norway))?;
        self.say(self.screen.bold(&format!("6  Paid on {}, by VAT rate", day.date)));
        for paid in &day.paid {
            self.say(format_args!("\n{}\n", show::totals(&paid.totals)));
        }
        Ok(())
    }
}

/// Lines just as they were typed.
fn typed(items: &[DraftItem]) -> String {
    let mut rows = table::new(&[]);
    for item in items {
        let number = if item.quantity.is_empty() { "1" } else { &item.quantity };
        let price = format!("{number} × {}", item.unit_price);
        let vat = if item.vat.is_empty() { "usual VAT".to_owned() } else { format!("{} % VAT", item.vat) };
        let off = if item.discount.is_empty() { String::new() } else { format!("less {}", item.discount) };
        rows.add_row([item.description.clone(), price, vat, off]);
    }
    indented(&table::text(rows, &[]))
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

fn kind(channel: paylink_sandbox::Channel) -> &'static str {
    match channel {
        paylink_sandbox::Channel::Sms => "an SMS",
        paylink_sandbox::Channel::Push => "a request",
    }
}
