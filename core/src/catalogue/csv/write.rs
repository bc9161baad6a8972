//! The goods as a file that a spreadsheet of the Nordic countries opens right by a double click.

use super::headings::written;
use super::{Column, defused};
use crate::catalogue::CatalogueItem;
use crate::message::Language;
use csv::{QuoteStyle, Terminator, WriterBuilder};

/// Without it spreadsheets read UTF-8 as Windows-1252.
const MARK: char = '\u{FEFF}';
/// What stands for "yes", in any language.
const YES: &str = "x";

/// All of it as text: UTF-8 with its mark, semicolons, decimal commas.
pub(crate) fn write(items: &[CatalogueItem], language: Language) -> String {
    let mut table = WriterBuilder::new()
        .delimiter(b';')
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Necessary)
        .from_writer(Vec::new());
    // Nothing fails that is written to memory.
    let _ = table.write_record(written(language));
    for item in items {
        let _ = table.write_record(Column::ALL.map(|column| cell(item, column)));
    }
    let bytes = table.into_inner().unwrap_or_default();
    format!("{MARK}{}", String::from_utf8_lossy(&bytes))
}

fn cell(item: &CatalogueItem, column: Column) -> String {
    match column {
        Column::Description => defused(&item.description),
        Column::UnitPrice => item.unit_price.plain_text().replace('.', ","),
        Column::Vat => item.vat.plain_text().replace('.', ","),
        Column::Number => defused(&item.number),
        Column::Favourite => if item.favourite { YES } else { "" }.to_owned(),
    }
}
