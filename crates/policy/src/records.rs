//! Records of data tables: a request that writes to several is done whole or not at all, and each has to be granted.
//!
//! The question is about the record as the request describes it, whether or not it exists, so that a refusal discloses
//! only the user's own restriction. A second question is about the stored record, which may be spelled otherwise.

use std::collections::BTreeMap;

use lanyard_engine::{Compiled, Question, Resource};
use lanyard_model::resources::{DataTable, DataTableAttribute, DataTableRecord};
use lanyard_model::{Change, Directory, Id, Key, Kind, Resource as Stored};
use serde_json::Value;

use crate::operation_policy::RecordWrite;
use crate::refusal::Result;
use crate::user_request::UserRequest;

/// The permissions that writing a value takes, and the further ones that writing an expression takes.
const WRITE: &str = "DataTables.ManageValues";
const EXPRESSION: &str = "DataTables.EditExpressionValues";

/// The type of a record in questions, and the identifier of one that may not exist.
const RECORD: &str = "DataTableRecord";
const NEW: &str = "new";

impl UserRequest {
    /// Refuses a request that writes to a record on which the user may not.
    pub(crate) fn require_records(
        &self,
        directory: &Directory,
        compiled: &Compiled,
        table: &Id,
        write: RecordWrite,
    ) -> Result<()> {
        let Some(table) = directory.data_tables.get(table) else { return Ok(()) };
        let asking = Asking { user_request: self, directory, compiled, table };
        let body = self.body();
        match write {
            RecordWrite::Values => {
                for item in body.get("Values").and_then(Value::as_array).into_iter().flatten() {
                    let named = primary_values(item.get("PrimaryValues"));
                    asking.require(WRITE, &named, false)?;
                    if asking.is_expression(item) {
                        asking.require(EXPRESSION, &named, false)?;
                    }
                }
                Ok(())
            }
            RecordWrite::PrimaryValues => {
                asking.require(WRITE, &primary_values(body.get("PrimaryValues")), true)?;
                asking.require(WRITE, &primary_values(body.get("NewPrimaryValues")), true)
            }
        }
    }
}

impl UserRequest {
    /// Refuses a change after which a table no longer has a primary attribute of the name that it had, where the user has a
    /// rule on records that concerns it: the rule goes by names, so that other records would be in scope. A table that
    /// is deleted with its attributes has no records either.
    pub(crate) fn require_attribute(&self, compiled: &Compiled, change: &Change, changes: &[Change]) -> Result<()> {
        let Some(Stored::DataTableAttribute(before)) = change.before() else { return Ok(()) };
        let is_kept = match change.after() {
            Some(Stored::DataTableAttribute(after)) => after.primary && after.name == before.name,
            _ => false,
        };
        let is_of_table = |key: Key| key.kind == Kind::DataTable && key.id == before.data_table_id;
        let is_deleted = changes.iter().any(|change| change.after().is_none() && is_of_table(change.key()));
        if !before.primary || is_kept || is_deleted {
            return Ok(());
        }
        let table = before.data_table_id.to_string();
        let resource = Resource {
            resource_type: RECORD,
            id: NEW,
            hypothetical: true,
            table_id: Some(&table),
            ..Resource::default()
        };
        let question = self.question(self.requirement.permission, RECORD, NEW);
        let question = Question { resource, changes_primary_values: true, ..question };
        self.require(
            compiled,
            &question,
            &format!("on every record of the data table `{table}`, to rename or delete a primary attribute"),
        )
    }
}

/// The names of primary attributes and their values.
fn primary_values(list: Option<&Value>) -> Vec<(&str, &str)> {
    let mut pairs = Vec::new();
    for it in list.and_then(Value::as_array).into_iter().flatten() {
        if let (Some(name), Some(value)) =
            (it.get("AttributeName").and_then(Value::as_str), it.get("Value").and_then(Value::as_str))
        {
            pairs.push((name, value));
        }
    }
    pairs
}

struct Asking<'a> {
    user_request: &'a UserRequest,
    directory: &'a Directory,
    compiled: &'a Compiled,
    table: &'a DataTable,
}

impl Asking<'_> {
    fn require(&self, permission: &str, named: &[(&str, &str)], changes_primary_values: bool) -> Result<()> {
        let id = self.table.id.to_string();
        let on = format!("on each record of the data table `{id}` that it names");
        let ask = |resource| {
            let question = self.user_request.question(permission, RECORD, NEW);
            self.user_request.require(self.compiled, &Question { resource, changes_primary_values, ..question }, &on)
        };
        ask(Resource {
            resource_type: RECORD,
            id: NEW,
            hypothetical: true,
            primary_values: named,
            table_id: Some(&id),
            ..Resource::default()
        })?;
        match self.record_of(named).map(|record| record.id.to_string()) {
            Some(id) => ask(Resource { resource_type: RECORD, id: &id, ..Resource::default() }),
            None => Ok(()),
        }
    }

    /// The record that the operation finds by these names.
    fn record_of(&self, named: &[(&str, &str)]) -> Option<&DataTableRecord> {
        let mut folded = BTreeMap::new();
        for (name, value) in named {
            let attribute = self.attribute(name)?;
            folded.insert(&attribute.id, attribute.fold(value));
        }
        let fold = |(id, value): (&Id, &String)| {
            self.directory.data_table_attributes.get(id).map_or_else(|| value.clone(), |it| it.fold(value))
        };
        let is_it = |record: &&DataTableRecord| {
            record.primary_values.len() == folded.len()
                && record.primary_values.iter().all(|(id, value)| folded.get(id) == Some(&fold((id, value))))
        };
        let ids = self.directory.referrers_of_kind(Kind::DataTable, &self.table.id, Kind::DataTableRecord);
        ids.filter_map(|id| self.directory.data_table_records.get(id)).map(AsRef::as_ref).find(is_it)
    }

    fn attribute(&self, name: &str) -> Option<&DataTableAttribute> {
        let ids = self.directory.referrers_of_kind(Kind::DataTable, &self.table.id, Kind::DataTableAttribute);
        let mut attributes = ids.filter_map(|id| self.directory.data_table_attributes.get(id)).map(AsRef::as_ref);
        attributes.find(|it| it.name == name)
    }

    /// Whether an item writes an expression, as its attribute's type has them.
    fn is_expression(&self, item: &Value) -> bool {
        let text = |member| item.get(member).and_then(Value::as_str);
        let attribute = text("AttributeName").and_then(|name| self.attribute(name));
        attribute.zip(text("Value")).is_some_and(|(it, value)| !it.primary && it.value_type.is_expression(value))
    }
}
