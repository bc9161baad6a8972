//! Goods as a table: what a spreadsheet or another till wrote, and what one can read.
//!
//! Guarantees: reading is pure and says all that is wrong, by line and column of the file; nothing is taken before the
//! caller has seen that and says so. What is written is read again as it was, and no cell of it is a formula to the
//! spreadsheet that opens it.
//!
//! | recognised | how |
//! |---|---|
//! | the encoding | its byte-order mark: UTF-8, UTF-16; else UTF-8 where it is that, else Windows-1252 |
//! | the separator | semicolon, comma or tab: what the first line has most of outside quotes; or as `sep=;` above it says |
//! | the columns | their names in the first line, in any of the five languages; else their places |
//! | numbers | as a person types them: decimal comma or point |

mod encoding;
mod headings;
mod read;
mod write;

pub(crate) use read::read;
pub use read::{GoodsRead, RowProblem};
pub(crate) use write::write;

/// The columns, in the order in which they are written, and read where the first line names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Description,
    UnitPrice,
    Vat,
    Number,
    Favourite,
}

impl Column {
    const ALL: [Self; 5] = [Self::Description, Self::UnitPrice, Self::Vat, Self::Number, Self::Favourite];

    /// The field of an item.
    const fn field(self) -> &'static str {
        match self {
            Self::Description => "description",
            Self::UnitPrice => "unit_price",
            Self::Vat => "vat",
            Self::Number => "number",
            Self::Favourite => "favourite",
        }
    }
}

/// What a spreadsheet takes a cell that begins with it for a formula; the wide forms where it is set to East Asia.
pub(super) const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
/// What spreadsheets read as "this is text". Written in front of what begins a formula, however many stand there already.
const TEXT_MARK: char = '\'';

fn begins_a_formula(text: &str) -> bool {
    text.trim_start_matches(TEXT_MARK).starts_with(FORMULA)
}

/// A cell that no spreadsheet computes.
fn defused(text: &str) -> String {
    if begins_a_formula(text) { format!("{TEXT_MARK}{text}") } else { text.to_owned() }
}

/// What a cell said before it was [`defused`].
fn restored(cell: &str) -> &str {
    cell.strip_prefix(TEXT_MARK).filter(|text| begins_a_formula(text)).unwrap_or(cell)
}
