//! Records of data tables, by the primary values that identify them.

use std::sync::Arc;

use lanyard_model::resources::{DataTableAttribute, DataTableRecord};
use lanyard_model::{Id, Key, Kind};

/// The records that an instance stores, by number, and the attributes that their primary values are of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Records {
    records: imbl::HashMap<u32, Arc<DataTableRecord>>,
    attributes: imbl::HashMap<Id, Arc<DataTableAttribute>>,
    /// The attributes of each table, at most a hundred.
    of_tables: imbl::HashMap<Id, Vec<Arc<DataTableAttribute>>>,
}

impl Records {
    pub(crate) fn put(&mut self, at: u32, record: &Arc<DataTableRecord>) {
        self.records.insert(at, Arc::clone(record));
    }

    pub(crate) fn remove(&mut self, at: u32) {
        self.records.remove(&at);
    }

    pub(crate) fn put_attribute(&mut self, attribute: &Arc<DataTableAttribute>) {
        if let Some(before) = self.attributes.insert(attribute.id.clone(), Arc::clone(attribute)) {
            self.take_from_table(&before);
        }
        self.of_tables.entry(attribute.data_table_id.clone()).or_default().push(Arc::clone(attribute));
    }

    /// Removes what has the key, if it is an attribute.
    pub(crate) fn remove_attribute(&mut self, key: &Key) {
        if key.kind == Kind::DataTableAttribute
            && let Some(before) = self.attributes.remove(&key.id)
        {
            self.take_from_table(&before);
        }
    }

    fn take_from_table(&mut self, attribute: &DataTableAttribute) {
        let Some(attributes) = self.of_tables.get_mut(&attribute.data_table_id) else { return };
        attributes.retain(|it| it.id != attribute.id);
        if attributes.is_empty() {
            self.of_tables.remove(&attribute.data_table_id);
        }
    }

    /// Whether the table's attribute of this name is primary; `None` where it has none of this name.
    pub(crate) fn is_primary(&self, table: &Id, name: &str) -> Option<bool> {
        let attributes = self.of_tables.get(table)?;
        attributes.iter().filter(|it| it.name == name).map(|it| it.primary).max()
    }

    /// The table of the record with this number.
    pub(crate) fn table_of(&self, at: u32) -> Option<&Id> {
        self.records.get(&at).map(|record| &record.data_table_id)
    }

    /// The primary values of the record with this number, by the names that the attributes have now.
    pub(crate) fn primary_values(&self, at: u32) -> impl Iterator<Item = (&str, &str)> + Clone {
        let values = self.records.get(&at).into_iter().flat_map(|record| &record.primary_values);
        values.filter_map(|(id, value)| Some((self.attributes.get(id)?.name.as_str(), value.as_str())))
    }

    /// Whether the record with this number has primary values of unknown attributes.
    pub(crate) fn has_unnamed_values(&self, at: u32) -> bool {
        let mut ids = self.records.get(&at).into_iter().flat_map(|record| record.primary_values.keys());
        ids.any(|id| !self.attributes.contains_key(id))
    }
}
