//! Flags of what is about setting up.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Setup {
    /// The link as it was pasted or scanned, in single quotes; an invitation's code is asked for, or
    /// PAYLINK_INVITATION_CODE
    #[arg(value_name = "TEXT")]
    pub text: String,
    /// Write what it sets, credentials too, into a new file that only you can read
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// Do not ask: you have read what it sets
    #[arg(long)]
    pub yes: bool,
}

/// What a set-up says beside the account flags.
#[derive(Debug, Args)]
pub struct MakeSetup {
    /// Make an https link to this page, for where no other can be tapped; its server does not see what is in it
    #[arg(long, value_name = "URL")]
    pub page: Option<String>,
    /// Default language of the customer's text: nb, nn, en, sv or da
    #[arg(long)]
    pub language: Option<String>,
    /// Default currency
    #[arg(long)]
    pub currency: Option<String>,
    /// Default VAT in percent
    #[arg(long, value_name = "PERCENT")]
    pub vat: Option<String>,
    /// Default time to pay: 1d, 1w or 1m
    #[arg(long, value_name = "TIME")]
    pub expires: Option<String>,
    /// Default capture: auto or manual
    #[arg(long)]
    pub capture: Option<String>,
    /// Default of who gives the customer's address: known or express
    #[arg(long)]
    pub address: Option<String>,
    /// Default way to the customer: sms, phone, mail, share, copy or qr
    #[arg(long, value_name = "HOW")]
    pub deliver: Option<String>,
}

#[derive(Debug, Args)]
pub struct SetupLink {
    #[command(flatten)]
    pub setup: MakeSetup,
}

#[derive(Debug, Args)]
pub struct Invite {
    #[command(flatten)]
    pub setup: MakeSetup,
    /// For how many days it is good, at most 31
    #[arg(long, default_value_t = 7, value_name = "N")]
    pub days: u32,
}
