//! The shelf: what there is, in the order made by hand. Each change is one durable transaction.

use super::item::{CatalogueItem, ItemDraft, check};
use super::policy::MAX_GOODS;
use crate::clock::Clock;
use crate::error::PaylinkError;
use crate::id::ItemId;
use crate::order::{Problem, Rules};
use crate::problem::ProblemCode;
use crate::store::rows::items::{self, ItemRow};
use crate::store::{Store, StoreResult};
use crate::text::is_filled;
use rusqlite::Transaction;
use serde::Serialize;

/// All items, in their order.
///
/// # Errors
/// Storage errors.
pub(crate) fn all(store: &Store) -> Result<Vec<CatalogueItem>, PaylinkError> {
    Ok(store.read(items::all)?.into_iter().map(Into::into).collect())
}

/// Saves an item, a new one behind all others.
///
/// # Errors
/// [`PaylinkError::Refused`] with every problem, [`PaylinkError::NotFound`] for an item that is not there.
pub(crate) fn save(
    store: &Store,
    clock: &dyn Clock,
    draft: &ItemDraft,
    rules: &Rules,
) -> Result<CatalogueItem, PaylinkError> {
    let (Some(checked), _) = check(draft, rules, None) else {
        return Err(PaylinkError::Refused { problems: check(draft, rules, None).1 });
    };
    let known = if is_filled(&draft.id) { Some(id_of(&draft.id)?) } else { None };
    let row = checked.row(known.unwrap_or_else(|| ItemId::generate(clock)));
    let saved = store.write(move |db| {
        match known {
            Some(id) => found(items::get(db, id)?.is_some())?,
            None => room_for(db, 1)?,
        }
        if items::by_number(db, &row.number)?.is_some_and(|other| other.id != row.id) {
            let problems = vec![Problem::on("number", ProblemCode::AlreadyUsed)];
            return Err(PaylinkError::Refused { problems }.into());
        }
        items::save(db, &row)?;
        items::get(db, row.id)?.ok_or_else(|| missing().into())
    })?;
    Ok(saved.into())
}

/// Removes an item. Sales that were made of it keep their lines.
///
/// # Errors
/// [`PaylinkError::NotFound`].
pub(crate) fn remove(store: &Store, id: &str) -> Result<(), PaylinkError> {
    let id = id_of(id)?;
    Ok(store.write(move |db| found(items::remove(db, id)?))?)
}

/// Puts an item before another, or behind all.
///
/// # Errors
/// [`PaylinkError::NotFound`] when one of them is not there.
pub(crate) fn move_to(store: &Store, id: &str, before: Option<&str>) -> Result<(), PaylinkError> {
    let (id, before) = (id_of(id)?, before.map(id_of).transpose()?);
    Ok(store.write(move |db| {
        found(items::get(db, id)?.is_some())?;
        match before {
            Some(before) if before == id => Ok(()),
            Some(before) => {
                found(items::get(db, before)?.is_some())?;
                items::put(db, id, Some(before))
            }
            None => items::put(db, id, None),
        }
    })?)
}

/// Saves many items at once, in one transaction: those of a file that the seller has looked at.
///
/// An item that names none by its id is the one with its number or, without a number, the one of its description that
/// has none, either. What is there already keeps its rate where none is given, and stays a favourite.
///
/// # Errors
/// [`PaylinkError::Refused`] with every problem, `line` the place in the list; nothing was saved then.
pub(crate) fn import(
    store: &Store,
    clock: &dyn Clock,
    drafts: &[ItemDraft],
    rules: &Rules,
) -> Result<GoodsImported, PaylinkError> {
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    for (line, draft) in (1..).zip(drafts) {
        let (checked, found) = check(draft, rules, Some(line));
        problems.extend(found);
        if let Some(checked) = checked {
            let named = if is_filled(&draft.id) { Some(id_of(&draft.id)?) } else { None };
            rows.push((named, checked.row(named.unwrap_or_else(|| ItemId::generate(clock))), is_filled(&draft.vat)));
        }
    }
    if problems.iter().any(Problem::is_error) {
        return Err(PaylinkError::Refused { problems });
    }
    Ok(store.write(move |db| {
        let mut there = items::all(db)?;
        let mut done = GoodsImported::default();
        for (line, (named, mut row, has_rate)) in (1..).zip(rows) {
            let same = |one: &ItemRow| match named {
                Some(id) => one.id == id,
                None if row.number.is_empty() => one.number.is_empty() && one.description == row.description,
                None => one.number == row.number,
            };
            let known = there.iter().position(same);
            found(named.is_none() || known.is_some())?;
            if there
                .iter()
                .enumerate()
                .any(|(at, one)| Some(at) != known && !row.number.is_empty() && one.number == row.number)
            {
                let problem = Problem { line: Some(line), ..Problem::on("number", ProblemCode::AlreadyUsed) };
                return Err(PaylinkError::Refused { problems: vec![problem] }.into());
            }
            match known.and_then(|at| there.get_mut(at)) {
                Some(old) => {
                    row.vat = if has_rate { row.vat } else { old.vat };
                    row = ItemRow {
                        id: old.id,
                        favourite: row.favourite || old.favourite,
                        sold: old.sold,
                        last_sold_at: old.last_sold_at,
                        ..row
                    };
                    if *old == row {
                        done.unchanged += 1;
                        continue;
                    }
                    done.changed += 1;
                    *old = row.clone();
                }
                None => {
                    room_for(db, 1)?;
                    done.added += 1;
                    there.push(row.clone());
                }
            }
            items::save(db, &row)?;
        }
        Ok(done)
    })?)
}

/// What became of many items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GoodsImported {
    /// New ones.
    pub added: u32,
    /// Such that were there, and say something else now.
    pub changed: u32,
    /// Such that were there as they are.
    pub unchanged: u32,
}

/// Whether so many more have room.
fn room_for(db: &Transaction<'_>, more: usize) -> StoreResult<()> {
    if items::count(db)? + more <= MAX_GOODS {
        return Ok(());
    }
    let problems = vec![Problem::on("items", ProblemCode::TooMany).with("max", &MAX_GOODS.to_string())];
    Err(PaylinkError::Refused { problems }.into())
}

fn found(found: bool) -> StoreResult<()> {
    if found { Ok(()) } else { Err(missing().into()) }
}

fn id_of(text: &str) -> Result<ItemId, PaylinkError> {
    text.parse().map_err(|_| missing())
}

fn missing() -> PaylinkError {
    PaylinkError::NotFound { what: "item".to_owned() }
}
