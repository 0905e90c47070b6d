//! Section 2: the resource of a question, and what is known of it.

use std::collections::BTreeMap;

use lanyard_model::catalogue::ResourceType;
use lanyard_model::{Id, Kind, Resource};

use super::records::Row;
use super::{Eval, Malformed};

/// A part of a resource, which may be unknown.
pub(super) enum Part<T> {
    Known(T),
    Unknown,
}

/// A resource.
pub(super) struct Facts {
    /// The identifier by which a stored resource is stored, otherwise the question's.
    pub(super) id: String,
    pub(super) tags: Part<BTreeMap<String, String>>,
    pub(super) group: Part<Option<String>>,
    /// For tables and records.
    pub(super) row: Option<Row>,
    /// It, or the table that it would be in, is not in the state and may exist.
    pub(super) may_not_exist: bool,
}

/// The resources that a question is about.
pub(super) enum About {
    One(Facts),
    /// Every resource of the type.
    Every,
    /// At least one.
    Some,
    /// A resource that does not exist.
    Nothing,
}

/// The kind as which the instance stores a type.
pub(super) fn kind_of(resource_type: &str) -> Option<Kind> {
    match resource_type {
        "Instance" => None,
        name => ResourceType::from_name(name)?.kind(),
    }
}

impl Eval<'_> {
    pub(super) fn about(&self) -> Result<About, Malformed> {
        let it = &self.q.resource;
        // The people that the question names are checked whether or not a rule asks for them.
        for name in [it.agent_id, it.owner_id].into_iter().flatten() {
            self.find_user(name)?;
        }
        if it.id == "*" {
            return Ok(if it.match_some { About::Some } else { About::Every });
        }
        if it.resource_type == "Instance" {
            let is_this = it.id == self.instance_id() || Some(it.id) == self.arn("", "").as_deref();
            return Ok(if is_this { About::One(self.facts_of_question()) } else { About::Nothing });
        }
        if it.hypothetical {
            return Ok(self.hypothetical());
        }
        let Some(kind) = kind_of(it.resource_type) else { return Ok(About::One(self.facts_of_question())) };
        let id = self.stored_id(kind)?;
        Ok(match self.stored(kind, &id) {
            Some(resource) => About::One(self.facts_of_stored(&resource)),
            None if self.may_have_unknown(kind) => About::One(self.unknown_resource(&id)),
            None => About::Nothing,
        })
    }

    fn instance_id(&self) -> String {
        match self.d.stream() {
            lanyard_model::StreamId::Instance(id) => id.to_string(),
            _ => String::new(),
        }
    }

    /// "Attributes in the question count for kinds that are not stored, and for everything when the resource is marked
    /// `hypothetical`."
    fn facts_of_question(&self) -> Facts {
        let it = &self.q.resource;
        Facts {
            id: it.id.to_owned(),
            tags: Part::Known(it.tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()),
            group: Part::Known(it.hierarchy_group_id.filter(|id| !id.is_empty()).map(str::to_owned)),
            row: None,
            may_not_exist: false,
        }
    }

    fn hypothetical(&self) -> About {
        let it = &self.q.resource;
        let mut facts = self.facts_of_question();
        match it.resource_type {
            "DataTable" => facts.row = Some(Row::of_no_table(None)),
            "DataTableRecord" => {
                let values: BTreeMap<String, String> =
                    it.primary_values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
                match it.table_id.filter(|id| !id.is_empty()) {
                    None => facts.row = Some(Row::of_no_table(Some(values))),
                    Some(table) => match self.stored(Kind::DataTable, table) {
                        Some(stored) => {
                            facts.tags = Part::Known(stored.tags().cloned().unwrap_or_default());
                            facts.row = Some(Row::of_table(table, values));
                        }
                        None if self.may_have_unknown(Kind::DataTable) => {
                            facts.tags = Part::Unknown;
                            facts.may_not_exist = true;
                            facts.row = Some(Row::of_unknown_table(values));
                        }
                        None => return About::Nothing,
                    },
                }
            }
            _ => {}
        }
        About::One(facts)
    }

    /// The identifier that the question gives: users and, for `Invoke`, flow modules also by ARN.
    fn stored_id(&self, kind: Kind) -> Result<String, Malformed> {
        let given = self.q.resource.id;
        let segment = match kind {
            Kind::User => "agent",
            Kind::FlowModule if self.q.action == "Invoke" => return Ok(self.module_of(given)),
            _ => return Ok(given.to_owned()),
        };
        let prefix = self.arn(segment, "");
        Ok(prefix.and_then(|prefix| given.strip_prefix(&prefix)).unwrap_or(given).to_owned())
    }

    pub(super) fn stored(&self, kind: Kind, id: &str) -> Option<Resource> {
        self.d.iter().find(|it| it.kind() == kind && it.id().to_string() == id)
    }

    /// "For a kind that the instance stores, tags and hierarchy group come only from the stored resource, absence
    /// included."
    pub(super) fn facts_of_stored(&self, resource: &Resource) -> Facts {
        let mut facts = Facts {
            id: resource.id().to_string(),
            tags: Part::Known(resource.tags().cloned().unwrap_or_default()),
            group: Part::Known(None),
            row: None,
            may_not_exist: false,
        };
        match resource {
            Resource::User(user) => facts.group = Part::Known(user.hierarchy_group_id.as_ref().map(Id::to_string)),
            Resource::DataTable(table) => facts.row = Some(Row::of_table(&table.id.to_string(), BTreeMap::new())),
            Resource::DataTableRecord(record) => {
                // Rule 10: "with the tags of its table".
                let table = record.data_table_id.to_string();
                facts.tags = match self.stored(Kind::DataTable, &table) {
                    Some(table) => Part::Known(table.tags().cloned().unwrap_or_default()),
                    None if self.may_have_unknown(Kind::DataTable) => Part::Unknown,
                    None => Part::Known(BTreeMap::new()),
                };
                let values = record.primary_values.iter();
                facts.row = Some(Row::of_record(&table, values.map(|(id, value)| (id.to_string(), value.clone()))));
            }
            _ => {}
        }
        facts
    }

    /// "A resource that is missing in the state may exist, with any tags and in any group", and any primary values.
    pub(super) fn unknown_resource(&self, id: &str) -> Facts {
        Facts {
            id: id.to_owned(),
            tags: Part::Unknown,
            group: Part::Unknown,
            row: Some(Row::unknown()),
            may_not_exist: true,
        }
    }
}
