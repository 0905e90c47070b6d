//! A change of several values of one table: collected, then stored together, so that each resource is written once.
//!
//! Every item of a batch is held against the state before the batch, so that several may be based on the same lock version.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lanyard_model::resources::{
    DataTable, DataTableAttribute, DataTableRecord, DataTableValue, LockLevel, LockVersion,
};
use lanyard_model::{Id, Kind};

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
    rows: HashMap<Vec<String>, DataTableRecord>,
    attributes: BTreeSet<Id>,
    /// The highest lock version of what is deleted.
    retired: LockVersion,
}

impl<'g> Edit<'g> {
    pub(super) fn new(grid: &'g Grid) -> Self {
        Self { grid, retired: LockVersion::default(), rows: HashMap::new(), attributes: BTreeSet::new() }
    }

    /// The record to change, made where there is none; a record of no primary values is the default record.
    fn row(&mut self, cx: &Write<'_>, row: &[String], primary_values: &BTreeMap<Id, String>) -> &mut DataTableRecord {
        let grid = self.grid;
        self.rows.entry(row.to_vec()).or_insert_with(|| match grid.record(primary_values) {
            Some(record) => {
                DataTableRecord { lock_version: record.lock_version.next(), ..DataTableRecord::clone(record) }
            }
            None => DataTableRecord {
                id: if primary_values.is_empty() { grid.table.default_record_id.clone() } else { cx.new_id() },
                data_table_id: grid.table.id.clone(),
                primary_values: primary_values.clone(),
                values: BTreeMap::new(),
                lock_version: grid.table.first_version(),
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
        let first = self.grid.table.first_version();
        self.attributes.insert(cell.attribute.clone());
        let record = self.row(cx, &cell.row, primary_values);
        let lock_version = record.values.get(&cell.attribute).map_or(first, |value| value.lock_version.next());
        record.values.insert(
            cell.attribute.clone(),
            DataTableValue {
                value: value.to_owned(),
                lock_version,
                last_modified_time: cx.now,
                last_modified_region: cx.call.scope.region.clone(),
            },
        );
        record.id.clone()
    }

    /// Deletes a value.
    pub(super) fn remove(&mut self, cx: &Write<'_>, cell: &Cell, primary_values: &BTreeMap<Id, String>) {
        self.attributes.insert(cell.attribute.clone());
        let removed = self.row(cx, &cell.row, primary_values).values.remove(&cell.attribute);
        self.retired = self.retired.max(removed.map(|value| value.lock_version).unwrap_or_default());
    }

    /// Stores what was collected. A record without values goes.
    pub(super) fn store(mut self, cx: &mut Write<'_>) -> Result<Done> {
        for record in self.rows.values() {
            if record.values.is_empty() {
                self.retired = self.retired.max(record.lock_version);
                cx.delete(Kind::DataTableRecord, &record.id)?;
            } else {
                cx.put(record.clone())?;
            }
        }
        let mut locks = Locked { table: Some(self.grid.table.lock_version), ..Locked::default() };
        if !self.rows.is_empty() {
            locks.table = Some(move_table(cx, &self.grid.table, self.retired)?);
            move_attributes(cx, self.grid, &self.attributes)?;
        }
        Ok(Done { locks, level: self.grid.table.value_lock_level, rows: self.rows })
    }
}

/// Moves the table's lock version where it locks as a whole, and keeps the highest version of what was deleted; the table's
/// version.
pub(super) fn move_table(cx: &mut Write<'_>, table: &DataTable, retired: LockVersion) -> Result<LockVersion> {
    let mut moved = table.clone();
    moved.retire(retired);
    if table.value_lock_level == LockLevel::DataTable {
        moved.lock_version = moved.lock_version.next();
    }
    let version = moved.lock_version;
    if moved != *table {
        cx.put(moved)?;
    }
    Ok(version)
}

/// Moves the lock versions of attributes, where the table locks attribute by attribute.
pub(super) fn move_attributes(cx: &mut Write<'_>, grid: &Grid, attributes: &BTreeSet<Id>) -> Result<()> {
    if grid.table.value_lock_level != LockLevel::Attribute {
        return Ok(());
    }
    for attribute in attributes.iter().filter_map(|id| grid.attribute(id)) {
        let lock_version = attribute.lock_version.next();
        cx.put(DataTableAttribute { lock_version, ..DataTableAttribute::clone(attribute) })?;
    }
    Ok(())
}

/// A change that was stored.
pub(super) struct Done {
    locks: Locked,
    level: LockLevel,
    rows: HashMap<Vec<String>, DataTableRecord>,
}

impl Done {
    /// The lock versions after the change; of a record or value that is gone, none.
    pub(super) fn locked(&self, grid: &Grid, cell: &Cell) -> Locked {
        let record = self.rows.get(&cell.row).filter(|record| !record.values.is_empty());
        let attribute = grid.attribute(&cell.attribute).map(|attribute| match self.level {
            LockLevel::Attribute => attribute.lock_version.next(),
            _ => attribute.lock_version,
        });
        Locked {
            attribute,
            record: record.map(|record| record.lock_version),
            value: record.and_then(|record| record.values.get(&cell.attribute)).map(|value| value.lock_version),
            ..self.locks
        }
    }
}
