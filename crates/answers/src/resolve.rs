//! From a question with names to one with identifiers.

use std::sync::Arc;

use lanyard_engine::Denial;
use lanyard_model::catalogue::ResourceType;
use lanyard_model::resources::DataTableAttribute;
use lanyard_model::{Id, Kind, shown};

use crate::names::{Names, is_instance, kind_of, split_type, types};
use crate::not_understood::NotUnderstood;
use crate::question::OwnedQuestion;
use crate::refusal::refuse;
use crate::state_view::StateView;
use crate::subject::Subject;
use crate::suggestions::{did_you_mean, near};
use crate::written::WrittenQuestion;

impl WrittenQuestion {
    /// The principal, with the identifier of a security profile in place of its name.
    ///
    /// # Errors
    /// There is no such security profile.
    pub fn subject(&self, names: &Names<'_>) -> Result<Subject, NotUnderstood> {
        let subject = Subject::parse(self.principal.as_deref().unwrap_or("*"));
        let Subject::SecurityProfile(text) = &subject else { return Ok(subject) };
        let (_, id) = names.resource(&format!("{}:{text}", ResourceType::SecurityProfile.as_str()))?;
        if !names.directory.security_profiles.contains_key(&Id::new(&id)) {
            return refuse(names, &OwnedQuestion { subject, ..OwnedQuestion::default() }, Denial::PrincipalUnknown)
                .map(|()| Subject::SecurityProfile(id));
        }
        Ok(Subject::SecurityProfile(id))
    }

    /// The question with this principal, action and resource, and the details of this one.
    ///
    /// # Errors
    /// It names something that does not exist.
    pub fn resolve(
        &self,
        view: &StateView<'_>,
        subject: Subject,
        action: &str,
        resource: &str,
    ) -> Result<OwnedQuestion, NotUnderstood> {
        let names = view.names();
        let (resource_type, id) = names.resource(resource)?;
        let stored = |it: ResourceType, id: String| view.require(it.as_str(), id);
        if !self.hypothetical && resource_type == ResourceType::DataTableRecord.as_str() {
            view.require_table_of(&id)?;
        }
        let assigns = self.assigns.iter().map(|text| {
            let (it, id) = names.resource(text)?;
            if !types().any(|known| known == it) {
                let question = OwnedQuestion { resource_type: it, ..OwnedQuestion::default() };
                return refuse(&names, &question, Denial::ResourceTypeUnknown).map(|()| (question.resource_type, id));
            }
            Ok((it.clone(), view.require(&it, id)?))
        });
        let group = self.group.as_deref().map(|text| stored(ResourceType::HierarchyGroup, names.group(text)?));
        let table = self.table.as_deref().map(|text| stored(ResourceType::DataTable, names.table(text)?));
        for name in [&self.agent, &self.owner].into_iter().flatten() {
            if !view.unknown_parts.kinds.contains(&Kind::User)
                && let Some(sentence) = names.no_such_user(name)
            {
                return Err(sentence);
            }
        }
        let table = table.transpose()?;
        for (attribute, _) in &self.primary_values {
            table.iter().try_for_each(|table| view.require_attribute(table, attribute))?;
        }
        Ok(OwnedQuestion {
            subject,
            action: action.to_owned(),
            resource_type,
            id,
            match_some: false,
            hypothetical: self.hypothetical,
            tags: self.tags.clone(),
            group: group.transpose()?,
            primary_values: self.primary_values.clone(),
            table,
            agent: self.agent.clone(),
            owner: self.owner.clone(),
            on_behalf_of: self.on_behalf_of.clone(),
            self_service: self.self_service,
            assigns: assigns.collect::<Result<_, NotUnderstood>>()?,
            changes_primary_values: self.changes_primary_values,
        })
    }

    /// Notes on details that have no effect.
    #[must_use]
    pub fn notes(&self, names: &Names<'_>, question: &OwnedQuestion) -> Vec<String> {
        let it = &question.resource_type;
        let details =
            !self.tags.is_empty() || self.group.is_some() || !self.primary_values.is_empty() || self.table.is_some();
        let has_no_effect = names.stores(it) && !self.hypothetical && question.id != "*" && details;
        let note = || {
            format!(
                "the instance stores every {it}, so that all of its details are its own; --hypothetical asks about another"
            )
        };
        has_no_effect.then(note).into_iter().collect()
    }
}

impl StateView<'_> {
    /// Refuses a primary attribute that the stored table of the question does not have, where all attributes are known. A
    /// record of no stored table has the attributes that the question gives (`decision-semantics`, rule 10).
    fn require_attribute(&self, table: &str, name: &str) -> Result<(), NotUnderstood> {
        let of_table = |attribute: &&Arc<DataTableAttribute>| attribute.data_table_id.to_string() == table;
        let primary = || self.directory.data_table_attributes.values().filter(of_table).filter(|it| it.primary);
        let is_unknown = self.unknown_parts.kinds.contains(&Kind::DataTableAttribute);
        if is_unknown || primary().any(|attribute| attribute.name == name) {
            return Ok(());
        }
        let table = self.names().name_of(ResourceType::DataTable.as_str(), table);
        let sentence = format!("the data table `{}` has no primary attribute `{}`", shown(&table), shown(name));
        Err(match did_you_mean(&near(name, primary().map(|attribute| attribute.name.as_str()))) {
            Some(hint) => NotUnderstood::with_names(sentence, hint),
            None => NotUnderstood::new(sentence),
        })
    }

    /// Refuses the name of a record, `TABLE/VALUES`, of which no data table has the beginning, where all tables are known.
    fn require_table_of(&self, record: &str) -> Result<(), NotUnderstood> {
        let tables = || self.directory.data_tables.values().map(|table| table.name.as_str());
        let is_of = |table: &str| record.strip_prefix(table).is_some_and(|rest| rest.starts_with('/'));
        let Some((written, _)) = record.split_once('/').filter(|_| !record.starts_with("arn:")) else { return Ok(()) };
        if self.unknown_parts.kinds.contains(&Kind::DataTable) || tables().any(is_of) {
            return Ok(());
        }
        let sentence = format!("there is no data table `{}`", shown(written));
        Err(match did_you_mean(&near(written, tables())) {
            Some(hint) => NotUnderstood::with_names(sentence, hint),
            None => NotUnderstood::new(sentence),
        })
    }

    /// The identifier, where a resource has it or an unknown one may.
    fn require(&self, resource_type: &str, id: String) -> Result<String, NotUnderstood> {
        let Some(kind) = kind_of(resource_type) else { return Ok(id) };
        if self.directory.get(kind, &Id::new(&id)).is_some() || self.unknown_parts.kinds.contains(&kind) {
            return Ok(id);
        }
        let question = OwnedQuestion { resource_type: resource_type.to_owned(), id, ..OwnedQuestion::default() };
        refuse(&self.names(), &question, Denial::ResourceUnknown).map(|()| question.id)
    }
}

/// The resource of a question that names none: the instance for a task or a capability, any resource of the type for
/// another permission.
pub(crate) fn usual_resource(names: &Names<'_>, action: &str) -> String {
    match names.main_type(action) {
        Some(it) if !is_instance(it) => format!("{it}:*"),
        _ => "Instance".to_owned(),
    }
}

/// The resource of a search: a type without a name means any resource of the type.
pub(crate) fn any_of_type(text: &str) -> (String, bool) {
    match split_type(text) {
        (it, None) if !is_instance(it) => (format!("{it}:*"), true),
        _ => (text.to_owned(), false),
    }
}
