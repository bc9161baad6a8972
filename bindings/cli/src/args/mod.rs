//! The command line: commands, flags, and the help that explains them. Values that belong to a sale are taken as
//! text, just as typed; the core says what is wrong with them.

mod catalogue;
mod setup;

pub use catalogue::{Customers, Forget, Item, ItemAdd, Items};
pub use setup::{Invite, MakeSetup, Setup, SetupLink};

use crate::act::Answer;
use crate::printable::seen;
use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Where `paylink sandbox` listens when nothing else is said, and where the other commands look for it.
pub const SANDBOX_PORT: u16 = 8799;

/// Offline-first payment links for sellers.
#[derive(Debug, Parser)]
#[command(name = "paylink", version, propagate_version = true, after_help = AFTER_HELP)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Option<Command>,
}

const AFTER_HELP: &str = "\
Without a command the demo runs. It needs nothing and leaves nothing behind.

Sell yourself, on this machine alone: a customer inside the program opens the link and pays. The demo plays sales by
itself against a stand-in for the provider; here you sell, without one:
  paylink sell --practice --item \"Honning 500 g;2;149,00;15\"

Be the customer as well, in two terminals:
  paylink sandbox
  paylink sell --item \"Honning 500 g;2;149,00;15\" --phone \"400 00 000\" --deliver sms

With a real account: --account P12345678 --url https://checkout.dintero.com --seller NAME --return-url URL, and
PAYLINK_CLIENT_ID and PAYLINK_CLIENT_SECRET in the environment.

Exit codes: 0 done, 1 refused input, 2 saved but waiting, 3 sign-in needed, 4 data folder in use, 5 storage,
6 not found, 7 configuration, 8 you must act (retry, discard, replace, resolve), 9 network or provider, 10 internal.";

/// What all commands understand.
#[derive(Clone, Debug, Default, Args)]
pub struct Global {
    /// Folder for the database [default: one per account, where the system keeps such data]
    #[arg(long, global = true, value_name = "DIR", env = "PAYLINK_DATA", value_parser = folder(), help_heading = "Everywhere")]
    pub data: Option<PathBuf>,
    /// Print JSON for scripts: one object on standard output
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub json: bool,
    /// The practice account, whatever else is said of an account: nothing leaves this machine, and nothing is money
    #[arg(long, global = true, help_heading = "Account")]
    pub practice: bool,
    /// Account at the provider, T… (test) or P… (production) and 8 digits [default: the sandbox's]
    #[arg(long, global = true, env = "PAYLINK_ACCOUNT", help_heading = "Account")]
    pub account: Option<String>,
    /// The provider's address [default: the sandbox on this machine]
    #[arg(long, global = true, value_name = "ORIGIN", env = "PAYLINK_URL", help_heading = "Account")]
    pub url: Option<String>,
    /// Where the provider's API starts: /v1, or /v1/accounts/{account}/payments [default: /v1]
    #[arg(long, global = true, value_name = "PATH", env = "PAYLINK_API_PREFIX", help_heading = "Account")]
    pub api_prefix: Option<String>,
    /// Payment profile [default: default]
    #[arg(long, global = true, value_name = "ID", env = "PAYLINK_PROFILE", help_heading = "Account")]
    pub profile: Option<String>,
    /// Who sells, as the customer reads it
    #[arg(long, global = true, value_name = "NAME", env = "PAYLINK_SELLER", help_heading = "Account")]
    pub seller: Option<String>,
    /// The page that the customer comes to after paying
    #[arg(long, global = true, value_name = "URL", env = "PAYLINK_RETURN_URL", help_heading = "Account")]
    pub return_url: Option<String>,
    /// Link to your terms, added to the customer's text
    #[arg(long, global = true, value_name = "URL", env = "PAYLINK_TERMS_URL", help_heading = "Account")]
    pub terms_url: Option<String>,
    /// Starts every reference that is made for you
    #[arg(long, global = true, value_name = "TEXT", env = "PAYLINK_PREFIX", help_heading = "Account")]
    pub prefix: Option<String>,
    /// NO, SE, DK or FI: VAT, currency, phone numbers [default: NO]
    #[arg(long, global = true, env = "PAYLINK_REGION", help_heading = "Account")]
    pub region: Option<String>,
}

/// An empty folder is as good as none, which the usual reader of paths refuses.
fn folder() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}

impl Global {
    /// What was given: a flag, or a variable of the environment, that is empty is as if it were not there.
    #[must_use]
    pub fn given(self) -> Self {
        let text = |flag: Option<String>| flag.filter(|text| !seen(text).is_empty());
        Self {
            data: self.data.filter(|folder| !folder.as_os_str().is_empty()),
            json: self.json,
            practice: self.practice,
            account: text(self.account),
            url: text(self.url),
            api_prefix: text(self.api_prefix),
            profile: text(self.profile),
            seller: text(self.seller),
            return_url: text(self.return_url),
            terms_url: text(self.terms_url),
            prefix: text(self.prefix),
            region: text(self.region),
        }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Three sales without coverage become links and are paid, on this machine alone
    Demo,
    /// Make a payment link and follow it until it is paid; asks when no sale is given
    Sell(Sell),
    /// List the links, newest first
    List(List),
    /// Show one link: lines, sums, and what happened when
    Show(Show),
    /// Print the text for the customer
    Message(Message),
    /// Print a polite reminder for a customer who has the link and has not paid
    Remind(Remind),
    /// Request the same sale again, as a new order, when it was cancelled or refunded by mistake or has expired
    Again(Reference),
    /// Send what waits, and ask about what is open
    #[command(visible_alias = "resume")]
    Sync(Sync),
    /// Cancel a link, or a sale that waits: nobody can pay any more
    Cancel(Reference),
    /// Try again now what waits or was refused
    Retry(Reference),
    /// Give up a sale that has no link
    Discard(Reference),
    /// Make a new order of a sale whose reference the provider has taken
    Replace(Reference),
    /// Say what becomes of a message that may have been sent
    Resolve(Resolve),
    /// Show what became of a damaged database
    Recovered(Recovered),
    /// List the goods, in your order; import or export them
    Items {
        #[command(subcommand)]
        command: Option<Items>,
    },
    /// Add, remove or move one of the goods
    Item {
        #[command(subcommand)]
        command: Item,
    },
    /// List customers, the latest first, or those that a name, number or e-mail finds
    Customers(Customers),
    /// Forget a customer: who it was is erased, what was sold stays
    Forget(Forget),
    /// Say what is wrong with a sale and what it sums up to; nothing is saved
    Check(Check),
    /// Read a set-up link or an invitation, and say what it sets
    Setup(Setup),
    /// Make a set-up link of the account flags: it carries no credentials
    SetupLink(SetupLink),
    /// Make an invitation: the set-up with client id and secret, sealed by a code that you pass on another way
    Invite(Invite),
    /// Run a stand-in for the payment provider on this machine
    Sandbox(Sandbox),
}

/// A sale, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Sale {
    /// A line: "description;quantity;unit price;VAT;discount", trailing parts optional; repeat for more lines
    #[arg(long = "item", value_name = "LINE", allow_hyphen_values = true)]
    pub items: Vec<String>,
    /// Just an amount, instead of lines
    #[arg(long, allow_hyphen_values = true)]
    pub amount: Option<String>,
    /// How the link reaches the customer: sms (sent by the provider), phone, mail, share, copy or qr
    #[arg(long, value_name = "HOW")]
    pub deliver: Option<String>,
    /// The customer's phone number
    #[arg(long, allow_hyphen_values = true)]
    pub phone: Option<String>,
    /// The customer's e-mail address
    #[arg(long)]
    pub email: Option<String>,
    /// The customer's name
    #[arg(long)]
    pub name: Option<String>,
    /// Ways to pay, such as vipps,card [default: all]
    #[arg(long, value_delimiter = ',')]
    pub methods: Vec<String>,
    /// Time to pay: 1d, 1w or 1m [default: 1w]
    #[arg(long, value_name = "TIME")]
    pub expires: Option<String>,
    /// Your own reference [default: made for you]
    #[arg(long, value_name = "TEXT")]
    pub reference: Option<String>,
    /// auto takes the money at once, manual only reserves it [default: auto]
    #[arg(long)]
    pub capture: Option<String>,
    /// known (as given here, or none) or express (the customer fills it in) [default: known]
    #[arg(long)]
    pub address: Option<String>,
    /// The customer's address
    #[arg(long, value_name = "TEXT")]
    pub address_line: Option<String>,
    /// Its second line
    #[arg(long, value_name = "TEXT")]
    pub address_line_2: Option<String>,
    /// Its postal code
    #[arg(long, value_name = "CODE", allow_hyphen_values = true)]
    pub postal_code: Option<String>,
    /// Its city
    #[arg(long)]
    pub city: Option<String>,
    /// Its country, such as NO
    #[arg(long)]
    pub country: Option<String>,
    /// Language of the customer's text: nb, nn, en, sv or da [default: nb]
    #[arg(long)]
    pub language: Option<String>,
    /// Currency, such as NOK [default: the region's]
    #[arg(long)]
    pub currency: Option<String>,
}

#[derive(Debug, Args)]
pub struct Sell {
    #[command(flatten)]
    pub sale: Sale,
    /// The same sale again, the newest one or that of a reference; other flags change it
    #[arg(long, value_name = "REF", num_args = 0..=1, default_missing_value = "")]
    pub again: Option<String>,
    /// Return as soon as the sale is saved and one attempt was made
    #[arg(long)]
    pub no_follow: bool,
}

#[derive(Debug, Args)]
pub struct List {
    /// Only links of this status, such as queued, open or captured
    #[arg(long)]
    pub status: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub limit: u32,
}

#[derive(Debug, Args)]
pub struct Reference {
    /// The link's reference or id
    #[arg(value_name = "REF")]
    pub reference: String,
}

#[derive(Debug, Args)]
pub struct Show {
    /// The link's reference or id
    #[arg(value_name = "REF")]
    pub reference: String,
    /// Draw the link as a QR code as well
    #[arg(long)]
    pub qr: bool,
}

#[derive(Debug, Args)]
pub struct Remind {
    #[command(flatten)]
    pub text: Message,
    /// Say that you have sent it: it is counted and dated
    #[arg(long)]
    pub sent: bool,
}

#[derive(Debug, Args)]
pub struct Message {
    /// The link's reference or id
    #[arg(value_name = "REF")]
    pub reference: String,
    /// sms, mail or share [default: as the sale was to be delivered]
    #[arg(long)]
    pub channel: Option<String>,
    /// nb, nn, en, sv or da [default: the sale's]
    #[arg(long)]
    pub language: Option<String>,
}

#[derive(Debug, Args)]
pub struct Resolve {
    /// The link's reference or id
    #[arg(value_name = "REF")]
    pub reference: String,
    /// Your answer
    #[arg(value_enum, ignore_case = true)]
    pub answer: Answer,
}

#[derive(Debug, Args)]
pub struct Recovered {
    /// Say that you have read it: it is not told again
    #[arg(long)]
    pub acknowledge: bool,
}

#[derive(Debug, Args)]
pub struct Sync {
    /// Seconds that it may take
    #[arg(long, default_value_t = 30, value_name = "SECONDS")]
    pub budget: u64,
}

#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub sale: Sale,
}

#[derive(Debug, Args)]
pub struct Sandbox {
    /// Port on this machine; 0 takes a free one
    #[arg(long, default_value_t = SANDBOX_PORT)]
    pub port: u16,
    /// Do not answer lists of sessions, as the real provider may not
    #[arg(long)]
    pub refuse_listing: bool,
    /// Refuse a reference that was used before
    #[arg(long)]
    pub refuse_duplicates: bool,
}
