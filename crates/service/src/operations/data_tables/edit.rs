//! A change of several values of one table: collected, then stored together, so that each resource is written once.
//!
//! Every item of a batch is held against the state before the batch, so that several may be based on the same lock version.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lanyard_model::resources::{
    DataTable, DataTableAttribute, DataTableRecord, DataTableValue, LockLevel, LockVersion,
};
use lanyard_model::{Id, Kind};

use super::checks;
use super::grid::Grid;
use super::view::Locked;
use crate::context::Write;
use crate::error::Result;

/// Where a value is: in the record of these primary values, for this attribute.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Cell {
    /// The key that identifies the record ([`Grid::key`]).
    pub(super) row: Vec<String>,
    pub(super) attribute: Id,
}

/// A change that is being collected.
pub(super) struct Edit<'g> {
    grid: &'g Grid,
    version: LockVersion,
    rows: HashMap<Vec<String>, DataTableRecord>,
    attributes: BTreeSet<Id>,
}

impl<'g> Edit<'g> {
    pub(super) fn new(cx: &Write<'_>, grid: &'g Grid) -> Self {
        Self { grid, version: checks::next_version(cx), rows: HashMap::new(), attributes: BTreeSet::new() }
    }

    /// The record to change, made where there is none; a record of no primary values is the default record.
    fn row(&mut self, cx: &Write<'_>, row: &[String], primary_values: &BTreeMap<Id, String>) -> &mut DataTableRecord {
        let (grid, version) = (self.grid, self.version);
        self.rows.entry(row.to_vec()).or_insert_with(|| match grid.record(primary_values) {
            Some(record) => DataTableRecord::clone(record),
            None => DataTableRecord {
                id: if primary_values.is_empty() { grid.table.default_record_id.clone() } else { cx.new_id() },
                data_table_id: grid.table.id.clone(),
                primary_values: primary_values.clone(),
                values: BTreeMap::new(),
                lock_version: version,
                last_modified_time: cx.now,
                last_modified_region: cx.call.scope.region.clone(),
            },
        })
    }

    /// Writes a value; the record's identifier.
    pub(super) fn set(
        &mut self,
        cx: &Write<'_>,
        cell: &Cell,
        primary_values: &BTreeMap<Id, String>,
        value: &str,
    ) -> Id {
        let version = self.version;
        self.attributes.insert(cell.attribute.clone());
        let record = self.row(cx, &cell.row, primary_values);
        record.values.insert(
            cell.attribute.clone(),
            DataTableValue {
                value: value.to_owned(),
                lock_version: version,
                last_modified_time: cx.now,
                last_modified_region: cx.call.scope.region.clone(),
            },
        );
        record.id.clone()
    }

    /// Deletes a value.
    pub(super) fn remove(&mut self, cx: &Write<'_>, cell: &Cell, primary_values: &BTreeMap<Id, String>) {
        self.attributes.insert(cell.attribute.clone());
        self.row(cx, &cell.row, primary_values).values.remove(&cell.attribute);
    }

    /// Stores what was collected. A record without values goes.
    pub(super) fn store(mut self, cx: &mut Write<'_>) -> Result<Done> {
        for record in self.rows.values_mut() {
            record.lock_version = self.version;
            if record.values.is_empty() {
                cx.delete(Kind::DataTableRecord, &record.id)?;
            } else {
                cx.put(record.clone())?;
            }
        }
        let mut locks = Locked { table: Some(self.grid.table.lock_version), ..Locked::default() };
        if !self.rows.is_empty() {
            if moves_table(cx, &self.grid.table)? {
                locks.table = Some(self.version);
            }
            move_attributes(cx, self.grid, &self.attributes)?;
        }
        Ok(Done { locks, version: self.version, level: self.grid.table.value_lock_level, rows: self.rows })
    }
}

/// Moves the table's lock version where it locks as a whole; whether it did.
pub(super) fn moves_table(cx: &mut Write<'_>, table: &DataTable) -> Result<bool> {
    let moves = table.value_lock_level == LockLevel::DataTable;
    if moves {
        let lock_version = checks::next_version(cx);
        cx.put(DataTable { lock_version, ..table.clone() })?;
    }
    Ok(moves)
}

/// Moves the lock versions of attributes, where the table locks attribute by attribute.
pub(super) fn move_attributes(cx: &mut Write<'_>, grid: &Grid, attributes: &BTreeSet<Id>) -> Result<()> {
    if grid.table.value_lock_level != LockLevel::Attribute {
        return Ok(());
    }
    for attribute in attributes.iter().filter_map(|id| grid.attribute(id)) {
        let lock_version = checks::next_version(cx);
        cx.put(DataTableAttribute { lock_version, ..DataTableAttribute::clone(attribute) })?;
    }
    Ok(())
}

/// A change that was stored.
pub(super) struct Done {
    locks: Locked,
    version: LockVersion,
    level: LockLevel,
    rows: HashMap<Vec<String>, DataTableRecord>,
}

impl Done {
    /// The lock versions after the change; of a record or value that is gone, none.
    pub(super) fn locked(&self, grid: &Grid, cell: &Cell) -> Locked {
        let record = self.rows.get(&cell.row).filter(|record| !record.values.is_empty());
        let attribute = match self.level {
            LockLevel::Attribute => Some(self.version),
            _ => grid.attribute(&cell.attribute).map(|attribute| attribute.lock_version),
        };
        Locked {
            attribute,
            record: record.map(|record| record.lock_version),
            value: record.and_then(|record| record.values.get(&cell.attribute)).map(|value| value.lock_version),
            ..self.locks
        }
    }
}
