//! Rule 10 of the page: records of data tables.

use lanyard_engine::OpenPoint::{self, Q7};
use lanyard_model::Kind;
use lanyard_model::resources::SecurityProfile;

use super::Eval;

impl Eval<'_> {
    pub(super) fn record(&self, profile: &SecurityProfile) -> bool {
        if self.every() || self.some() {
            return self.some();
        }
        if self.maybe() && self.kind() == Some(Kind::DataTableRecord) && !self.q.resource.hypothetical {
            return true;
        }
        let values = self.primary_values();
        let unnamed = self.stored_record().is_some_and(|record| record.primary_values.len() > values.len());
        profile.primary_attribute_values.iter().all(|entry| {
            let name = entry.attribute_name.as_deref();
            match values.iter().find(|(attribute, _)| Some(attribute.as_str()) == name) {
                None if unnamed => self.lenient(OpenPoint::Unseen),
                None => self.lenient(Q7),
                Some((_, value)) => entry.values.iter().any(|allowed| allowed == value),
            }
        })
    }

    fn primary_values(&self) -> Vec<(String, String)> {
        if let Some(record) = self.stored_record() {
            let named = |(id, value): (&lanyard_model::Id, &String)| {
                Some((self.d.data_table_attributes.get(id)?.name.clone(), value.clone()))
            };
            return record.primary_values.iter().filter_map(named).collect();
        }
        match self.q.resource.resource_type {
            "DataTableRecord" => {
                let values = self.q.resource.primary_values.iter();
                values.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
            }
            _ => vec![],
        }
    }
}
