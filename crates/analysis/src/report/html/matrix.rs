//! The matrix of people and actions on the page.

use std::collections::BTreeSet;
use std::sync::Arc;

use lanyard_engine::implied;
use lanyard_engine::tasks::{self, PREFIX};
use lanyard_model::shown;

use super::super::Report;
use super::{Group, sign_of};
use crate::access_impact::{Cell, Count, Level, OfType, Row};
use crate::narrative::{Narrative, counted, noun, plural};
use crate::sensitive::Risk;

pub(super) struct MatrixView {
    pub(super) columns: Vec<ColumnView>,
    pub(super) rows: Vec<RowView>,
    pub(super) more: Option<String>,
}

pub(super) struct ColumnView {
    pub(super) class: &'static str,
    pub(super) name: String,
}

/// People with the same cells.
pub(super) struct RowView {
    pub(super) people: Group,
    /// The class, the sign and the name of each profile that some of them get or lose.
    pub(super) changed: Vec<(&'static str, &'static str, String)>,
    /// The profiles that stay, of each group of people.
    pub(super) kept: Vec<String>,
    pub(super) cells: Vec<CellView>,
}

pub(super) struct CellView {
    /// The risk of the change; `same` where nothing changes, and `nothing` where there is nothing before and after.
    pub(super) class: &'static str,
    pub(super) name: String,
    /// The sign of the direction; empty where nothing changes.
    pub(super) sign: &'static str,
    /// The marks of the levels before and after; one where nothing changes.
    pub(super) marks: Vec<&'static str>,
    /// The number of resources after, where there is one type.
    pub(super) number: String,
    /// The cell in words.
    pub(super) text: String,
}

impl Report<'_> {
    pub(super) fn matrix_view(&self, narrative: &Narrative<'_>) -> Option<MatrixView> {
        let matrix = &self.access_impact.matrix;
        if matrix.rows.is_empty() || matrix.columns.is_empty() {
            return None;
        }
        let mut groups: Vec<(&[Cell], Vec<&Row>)> = Vec::new();
        for row in &matrix.rows {
            match groups.iter_mut().find(|(cells, _)| **cells == row.cells) {
                Some((_, rows)) => rows.push(row),
                None => groups.push((&row.cells, vec![row])),
            }
        }
        let hidden = self.included();
        let left_out = Some(matrix.left_out).filter(|left_out| *left_out > 0);
        let column = |name: &Arc<str>| {
            let class = if Risk::of(name) == Risk::Ordinary { "ordinary" } else { "sensitive" };
            ColumnView { class, name: self.column(name) }
        };
        Some(MatrixView {
            columns: matrix.columns.iter().filter(|name| !hidden.contains(*name)).map(column).collect(),
            rows: groups.iter().map(|(cells, rows)| self.row_view(narrative, (cells, &hidden), rows)).collect(),
            more: left_out.map(|it| counted(it, "smaller group", "smaller groups")),
        })
    }

    /// The columns of permissions that another column includes, at the same levels for everybody.
    fn included(&self) -> BTreeSet<Arc<str>> {
        let matrix = &self.access_impact.matrix;
        let is_same = |one: usize, other: usize| {
            let levels = |row: &Row, at: usize| row.cells.get(at).map(|cell| cell.levels);
            matrix.rows.iter().all(|row| levels(row, one) == levels(row, other))
        };
        let is_included = |(at, name): &(usize, &Arc<str>)| {
            let others = matrix.columns.iter().enumerate();
            others.filter(|(_, other)| implied(other).contains(&&***name)).any(|(other, _)| is_same(*at, other))
        };
        matrix.columns.iter().enumerate().filter(is_included).map(|(_, name)| Arc::clone(name)).collect()
    }

    /// The name of a column: a task's title, or a permission and the number of those that it includes.
    fn column(&self, name: &str) -> String {
        if let Some(task) = name.strip_prefix(PREFIX).and_then(tasks::find) {
            return task.title.to_owned();
        }
        let own = shown(&self.naming.names.name(self.naming.catalogue, name)).to_string();
        match implied(name).len() {
            0 => own,
            count => format!("{own} (which includes {})", counted(count, "permission", "permissions")),
        }
    }

    fn row_view(
        &self,
        narrative: &Narrative<'_>,
        (cells, hidden): (&[Cell], &BTreeSet<Arc<str>>),
        rows: &[&Row],
    ) -> RowView {
        let mut who: Vec<u32> = rows.iter().flat_map(|row| row.who.iter().copied()).collect();
        who.sort_unstable();
        let name = |profile: &u32| {
            let named = self.access_impact.profiles.get(*profile as usize);
            named.map(|it| shown(&it.name).to_string()).unwrap_or_default()
        };
        let mut changed = BTreeSet::new();
        let mut kept = BTreeSet::new();
        for row in rows {
            let [before, after] = &row.profiles;
            let added = after.iter().filter(|it| !before.contains(it));
            changed.extend(added.map(|it| ("added", "+", name(it))));
            let removed = before.iter().filter(|it| !after.contains(it));
            changed.extend(removed.map(|it| ("removed", sign_of("-"), name(it))));
            let mut both: Vec<String> = after.iter().filter(|it| before.contains(it)).map(name).collect();
            both.sort_unstable();
            kept.insert(both.join(", "));
        }
        kept.remove("");
        let columns = &self.access_impact.matrix.columns;
        let cells = cells.iter().zip(columns).filter(|(_, column)| !hidden.contains(*column));
        let cells = cells.map(|(cell, column)| self.cell_view(cell, column));
        RowView {
            people: self.group(narrative, &who),
            changed: changed.into_iter().collect(),
            kept: kept.into_iter().collect(),
            cells: cells.collect(),
        }
    }

    fn cell_view(&self, cell: &Cell, column: &str) -> CellView {
        let [before, after] = cell.levels;
        let is_sensitive = risk(cell, column) != Risk::Ordinary;
        let (class, sign) = match direction(cell) {
            None if cell.changes() => ("open", "~"),
            None if cell.levels == [Level::None; 2] => ("nothing", ""),
            None => ("same", ""),
            Some(true) if after == Level::Perhaps => (if is_sensitive { "high" } else { "open" }, "?"),
            Some(true) => (if is_sensitive { "high" } else { "more" }, "+"),
            Some(false) => ("less", sign_of("-")),
        };
        let name = self.column(column);
        let text = if cell.changes() {
            format!("{} before, {} after", in_words(cell, 0), in_words(cell, 1))
        } else {
            format!("{}, unchanged", in_words(cell, 1))
        };
        let marks = if sign.is_empty() { vec![mark(after)] } else { vec![mark(before), mark(after)] };
        CellView { class, name, sign, marks, number: number(cell), text }
    }
}

/// Whether there is more access after; `None` where there is as much, or more of one and less of another.
fn direction(cell: &Cell) -> Option<bool> {
    let [before, after] = cell.levels;
    let of_type = |it: &OfType| {
        let [old, new] = it.levels;
        let numbers =
            it.counts.map(|counts| counts.map(|range| range.map(|count| (count.allowed, count.undetermined))));
        let order = old.cmp(&new);
        order.then(numbers.map_or(std::cmp::Ordering::Equal, |[old, new]| old.cmp(&new)))
    };
    let orders: Vec<_> = cell.types.iter().map(of_type).filter(|it| it.is_ne()).collect();
    match (before.cmp(&after), orders.as_slice()) {
        (std::cmp::Ordering::Less, _) => Some(true),
        (std::cmp::Ordering::Greater, _) => Some(false),
        (_, [first, rest @ ..]) if rest.iter().all(|it| it == first) => Some(first.is_lt()),
        _ => None,
    }
}

/// The risk of the access that a cell has after.
fn risk(cell: &Cell, column: &str) -> Risk {
    let risk = Risk::of(column);
    let is_part = |it: &OfType| risk.is_of_every(it.resource_type) && it.levels[1] != Level::All;
    if cell.types.iter().any(is_part) { Risk::Ordinary } else { risk }
}

fn mark(level: Level) -> &'static str {
    match level {
        Level::None => "\u{b7}",
        Level::Perhaps => "?",
        Level::Some => "\u{25d0}",
        Level::All => "\u{25cf}",
    }
}

/// The access of a cell in one state, in words.
fn in_words(cell: &Cell, state: usize) -> String {
    let level = cell.levels.get(state).copied().unwrap_or(Level::None);
    let types: Vec<&OfType> = cell.types.iter().filter(|it| it.resource_type != "Instance").collect();
    let is_stated = matches!(level, Level::Some | Level::Perhaps);
    let parts: Vec<String> = types.iter().filter(|_| is_stated).map(|it| of_type(it, state)).collect();
    if parts.is_empty() { amount(level).to_owned() } else { format!("{}: {}", amount(level), parts.join(", ")) }
}

/// The access to a type in one state, in words.
fn of_type(it: &OfType, state: usize) -> String {
    let names = plural(it.resource_type);
    let level = it.levels.get(state).copied().unwrap_or(Level::None);
    let counts = it.counts.and_then(|counts| counts.get(state).copied());
    match (level, counts) {
        (Level::All, _) => format!("every {}", noun(it.resource_type)),
        (Level::None, _) => format!("no {}", noun(it.resource_type)),
        (_, Some(range)) => {
            let names = if it.resource_type == "Contact" { "users' contacts" } else { names };
            let [allowed, open] = [range.map(|count| count.allowed), range.map(|count| count.undetermined)];
            let count = match (allowed, open) {
                (allowed, [0, 0]) => between(allowed),
                ([0, 0], open) => format!("perhaps {}", between(open)),
                (allowed, open) => format!("{} and perhaps {}", between(allowed), between(open)),
            };
            format!("{count} of {} {names}", range.map(|count| count.of)[0])
        }
        (Level::Some, None) => format!("some {names}"),
        (Level::Perhaps, None) => format!("perhaps some {names}"),
    }
}

/// The number of resources after, where the cell has one type with a number.
fn number(cell: &Cell) -> String {
    match cell.types.as_slice() {
        [OfType { levels: [_, Level::Some | Level::Perhaps], counts: Some([_, range]), .. }] => {
            let [fewest, most]: [Count; 2] = *range;
            match [fewest.allowed, most.allowed] {
                [0, 0] if most.undetermined > 0 => format!("?/{}", fewest.of),
                allowed => format!("{}/{}", between(allowed), fewest.of),
            }
        }
        _ => String::new(),
    }
}

fn between([fewest, most]: [u32; 2]) -> String {
    if fewest == most { fewest.to_string() } else { format!("{fewest} to {most}") }
}

fn amount(level: Level) -> &'static str {
    match level {
        Level::None => "not at all",
        Level::Perhaps => "undetermined",
        Level::Some => "on some",
        Level::All => "on everything",
    }
}
