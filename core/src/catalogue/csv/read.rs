//! A file of goods, looked at: what can be taken, and what is wrong with the rest.

use super::{Column, encoding, headings, restored};
use crate::catalogue::item::{ItemDraft, check};
use crate::catalogue::policy::{MAX_FILE, MAX_GOODS};
use crate::money;
use crate::order::{Problem, Rules, Severity};
use crate::problem::ProblemCode;
use crate::text::{is_filled, search_key};
use csv::{ReaderBuilder, StringRecord};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

/// What a file of goods holds. Nothing of it is taken yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GoodsRead {
    /// The rows without an error, in their order.
    pub items: Vec<ItemDraft>,
    /// What is wrong, in the order of the file.
    pub problems: Vec<RowProblem>,
}

/// One problem of one cell, of a whole row, or of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowProblem {
    /// The line of the file, counted from 1, on which the row begins; null for the file as a whole.
    pub line: Option<u32>,
    /// The column, counted from 1; null where the file has none for this field, or for a whole row.
    pub column: Option<u32>,
    /// The item's field; `items` for the file as a whole.
    pub field: String,
    /// What is wrong.
    pub code: ProblemCode,
    /// Whether the row is left out.
    pub severity: Severity,
    /// What the words need.
    pub parameters: BTreeMap<String, String>,
}

impl RowProblem {
    fn of(problem: Problem, line: Option<u32>, column: Option<u32>) -> Self {
        let Problem { field, code, severity, parameters, .. } = problem;
        Self { line, column, field, code, severity, parameters }
    }
}

/// Which cell is what.
struct Layout(Vec<(Column, usize)>);

impl Layout {
    /// As the first line names them; `None` where it names none, or has a price: then it is an item.
    fn named(first: &StringRecord, rules: &Rules) -> Option<Self> {
        if first.iter().any(|cell| money::parse_price(cell, rules.currency).is_ok()) {
            return None;
        }
        let mut found: Vec<(Column, usize)> = Vec::new();
        for (at, name) in first.iter().enumerate() {
            if let Some(column) = headings::column(name)
                && !found.iter().any(|(known, _)| *known == column)
            {
                found.push((column, at));
            }
        }
        (!found.is_empty()).then_some(Self(found))
    }

    fn by_place() -> Self {
        Self(Column::ALL.into_iter().zip(0..).collect())
    }

    fn place(&self, column: Column) -> Option<usize> {
        self.0.iter().find(|(one, _)| *one == column).map(|(_, at)| *at)
    }

    /// As a person counts it, of the column that has this field.
    fn column(&self, field: &str) -> Option<u32> {
        let at = Column::ALL.into_iter().find(|column| column.field() == field).and_then(|column| self.place(column));
        at.and_then(|at| u32::try_from(at + 1).ok())
    }

    fn item(&self, row: &StringRecord) -> ItemDraft {
        let cell = |column| self.place(column).and_then(|at| row.get(at)).map(restored).unwrap_or_default().to_owned();
        ItemDraft {
            id: String::new(),
            description: cell(Column::Description),
            number: cell(Column::Number),
            unit_price: cell(Column::UnitPrice),
            // A sign that a rate does not need.
            vat: cell(Column::Vat).trim_end_matches(['%', ' ']).to_owned(),
            favourite: is_yes(&cell(Column::Favourite)),
        }
    }
}

/// Looks at a file. Pure: what is there already is asked when it is taken.
pub(crate) fn read(bytes: &[u8], rules: &Rules) -> GoodsRead {
    let mut found = GoodsRead::default();
    if bytes.len() > MAX_FILE {
        return found.refused(ProblemCode::TooLarge, MAX_FILE);
    }
    let text = encoding::text(bytes).replace("\r\n", "\n").replace('\r', "\n");
    let (text, separator, above) = separator(&text);
    let mut table =
        ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let (mut layout, mut numbers) = (None, HashSet::new());
    let mut lines = Lines { rest: text.as_bytes(), before: 0, line: 1 };
    let mut row = StringRecord::new();
    while table.read_record(&mut row).unwrap_or(false) {
        if !row.iter().any(is_filled) {
            continue;
        }
        let line = row.position().map(|at| above + lines.of(at.byte()));
        let layout = match &layout {
            Some(layout) => layout,
            None => match Layout::named(&row, rules) {
                Some(named) => {
                    for needed in [Column::Description, Column::UnitPrice] {
                        if named.place(needed).is_none() {
                            let problem = Problem::on(needed.field(), ProblemCode::Required);
                            found.problems.push(RowProblem::of(problem, line, None));
                        }
                    }
                    if !found.problems.is_empty() {
                        return found;
                    }
                    layout = Some(named);
                    continue;
                }
                None => layout.insert(Layout::by_place()),
            },
        };
        if found.items.len() >= MAX_GOODS {
            return found.refused(ProblemCode::TooMany, MAX_GOODS);
        }
        found.take(layout.item(&row), line, layout, &mut numbers, rules);
    }
    found
}

impl GoodsRead {
    fn take(
        &mut self,
        item: ItemDraft,
        line: Option<u32>,
        layout: &Layout,
        numbers: &mut HashSet<String>,
        rules: &Rules,
    ) {
        let (checked, mut problems) = check(&item, rules, None);
        let number = crate::text::plain(&item.number);
        if !number.is_empty() && !numbers.insert(number) {
            problems.push(Problem::on("number", ProblemCode::AlreadyUsed));
        }
        let taken = checked.is_some() && !problems.iter().any(Problem::is_error);
        self.problems.extend(problems.into_iter().map(|problem| {
            let column = layout.column(&problem.field);
            RowProblem::of(problem, line, column)
        }));
        if taken {
            self.items.push(item);
        }
    }

    /// The whole file is too much: nothing of it is offered.
    fn refused(mut self, code: ProblemCode, max: usize) -> Self {
        self.items.clear();
        self.problems = vec![RowProblem::of(Problem::on("items", code).with("max", &max.to_string()), None, None)];
        self
    }
}

/// Counts lines as an editor does; rows are asked for in their order.
struct Lines<'a> {
    rest: &'a [u8],
    before: u64,
    line: u32,
}

impl Lines<'_> {
    /// The line on which the row begins that follows this place: empty lines between rows belong to none.
    fn of(&mut self, place: u64) -> u32 {
        while let [first, rest @ ..] = self.rest
            && (self.before < place || *first == b'\n')
        {
            self.line += u32::from(*first == b'\n');
            (self.rest, self.before) = (rest, self.before + 1);
        }
        self.line
    }
}

/// The rest of the text, what separates its cells, and how many lines stood above. A spreadsheet says it in a line of
/// its own; else it is what the first line has most of, outside quotes.
fn separator(text: &str) -> (&str, u8, u32) {
    let first = text.lines().next().unwrap_or_default();
    if let Some(said) = first.strip_prefix("sep=").map(str::as_bytes)
        && let [separator @ (b';' | b',' | b'\t')] = said
    {
        return (text.split_once('\n').map_or("", |(_, rest)| rest), *separator, 1);
    }
    let count = |separator: char| {
        let mut quoted = false;
        let outside = |c: &char| {
            quoted ^= *c == '"';
            !quoted && *c == separator
        };
        first.chars().filter(outside).count()
    };
    // Where none is more, the one of the Nordic countries, whose commas are in numbers.
    let most = [(',', b','), ('\t', b'\t'), (';', b';')].into_iter().max_by_key(|(c, _)| count(*c));
    (text, most.map_or(b';', |(_, byte)| byte), 0)
}

/// Whether a cell of favourites says so.
fn is_yes(cell: &str) -> bool {
    !matches!(search_key(cell).as_str(), "" | "0" | "no" | "nei" | "nej" | "false" | "usann" | "falsk" | "falskt" | "-")
}
