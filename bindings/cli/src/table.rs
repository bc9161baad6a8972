//! Tables: aligned columns without lines, wrapped to the terminal, plain where there is none.

use crate::printable;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

/// A table with these headings; none for a table without.
#[must_use]
pub fn new(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if !headings.is_empty() {
        table.set_header(headings);
    }
    table
}

/// The table as text, set in by two characters and without trailing spaces. `right` are the numbers of the columns
/// that hold numbers.
#[must_use]
pub fn text(mut table: Table, right: &[usize]) -> String {
    for row in table.row_iter_mut() {
        *row = row.cell_iter().map(|cell| printable::seen(&cell.content())).collect::<Vec<_>>().into();
    }
    // A terminal of no width is one that does not know its width.
    if table.width() == Some(0) {
        table.set_content_arrangement(ContentArrangement::Disabled);
    }
    table.discover_columns();
    let last = table.column_count().saturating_sub(1);
    for (number, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if number == last { 0 } else { 2 }));
        if right.contains(&number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.lines().map(|line| format!("  {}", line.trim_end())).collect::<Vec<_>>().join("\n")
}
