//! What questions about data tables and their records have to say, since decisions do not keep these themselves: the
//! table's tags and the record's primary values.

use std::collections::BTreeMap;

use lanyard_engine::{Question, Resource};
use lanyard_model::resources::DataTableAttribute;
use lanyard_model::{Directory, Id, Kind};

/// What is said of a resource.
#[derive(Default)]
pub(super) struct Facts<'d> {
    /// What questions call it.
    pub(super) name: &'static str,
    tags: Vec<(&'d str, &'d str)>,
    primary_values: Vec<(&'d str, &'d str)>,
}

impl<'d> Facts<'d> {
    /// Of a stored resource; nothing for kinds that decisions keep. `None` where there is none.
    pub(super) fn of(directory: &'d Directory, kind: Kind, id: &Id) -> Option<Self> {
        match kind {
            Kind::DataTable => {
                directory.data_tables.get(id).map(|it| Self { name: "DataTable", ..Self::tagged(&it.tags) })
            }
            Kind::DataTableRecord => {
                let record = directory.data_table_records.get(id)?;
                let table = directory.data_tables.get(&record.data_table_id)?;
                Some(Self::record(directory, &table.tags, &record.primary_values))
            }
            _ => directory.get(kind, id).map(|_| Self::default()),
        }
    }

    /// Of a record of a table with these tags, by the identifiers of attributes.
    pub(super) fn record(
        directory: &'d Directory,
        tags: &'d lanyard_model::Tags,
        primary_values: &'d BTreeMap<Id, String>,
    ) -> Self {
        let named = |(id, value): (&'d Id, &'d String)| {
            let attribute: &DataTableAttribute = directory.data_table_attributes.get(id)?;
            Some((attribute.name.as_str(), value.as_str()))
        };
        Self { primary_values: primary_values.iter().filter_map(named).collect(), ..Self::item(tags, Vec::new()) }
    }

    /// Of a record of a table with these tags, by the names of attributes.
    pub(super) fn item(tags: &'d lanyard_model::Tags, primary_values: Vec<(&'d str, &'d str)>) -> Self {
        Self { name: "DataTableRecord", primary_values, ..Self::tagged(tags) }
    }

    fn tagged(tags: &'d lanyard_model::Tags) -> Self {
        Self { tags: tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect(), ..Self::default() }
    }

    /// The question with what is said.
    pub(super) fn question<'q>(&'q self, question: Question<'q>) -> Question<'q> {
        let resource = Resource { tags: &self.tags, primary_values: &self.primary_values, ..question.resource };
        Question { resource, ..question }
    }
}
