//! The commands of goods and customers.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What is done with all goods.
#[derive(Debug, Subcommand)]
pub enum Items {
    /// Look through a table (CSV) of goods; with --yes the good rows are taken
    Import {
        /// The file; - for standard input
        file: PathBuf,
        /// Take what can be taken
        #[arg(long)]
        yes: bool,
    },
    /// Write the goods as a table (CSV) for spreadsheets
    Export {
        /// The file [default: standard output]
        file: Option<PathBuf>,
    },
}

/// What is done with one of the goods.
#[derive(Debug, Subcommand)]
pub enum Item {
    /// Add one
    Add(ItemAdd),
    /// Remove one; sales that were made of it stay as they are
    Remove {
        /// Its number, id or description
        item: String,
    },
    /// Put one before another, or behind all
    Move {
        /// Its number, id or description
        item: String,
        /// Before which
        #[arg(long, value_name = "ITEM")]
        before: Option<String>,
    },
}

#[derive(Debug, Args)]
pub struct ItemAdd {
    /// What it is
    pub description: String,
    /// Price of one, VAT included
    #[arg(long, allow_hyphen_values = true)]
    pub price: Option<String>,
    /// VAT in percent [default: the region's]
    #[arg(long)]
    pub vat: Option<String>,
    /// Your own number
    #[arg(long)]
    pub number: Option<String>,
    /// Among your favourites
    #[arg(long)]
    pub favourite: bool,
}

#[derive(Debug, Args)]
pub struct Customers {
    /// The beginning of a name, a number or an e-mail address [default: the latest]
    pub search: Vec<String>,
    /// At most so many of the latest
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub limit: u32,
}

#[derive(Debug, Args)]
pub struct Forget {
    /// The customer's id, or what finds just that one
    #[arg(required = true)]
    pub customer: Vec<String>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Delete the files of a damaged database as well: they may still name the customer
    #[arg(long)]
    pub set_aside: bool,
}
