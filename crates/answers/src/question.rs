//! A question with identifiers in place of names, and its form for the engine.

use lanyard_engine::{Principal, PrincipalKind, Question, Resource};
use serde::{Deserialize, Serialize};

use crate::holder;
use crate::subject::Subject;

/// A question that owns its text. Names are replaced by identifiers where a resource has the name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnedQuestion {
    /// The principal.
    pub subject: Subject,
    /// The API name of a permission, a tool, or a task after `task:`.
    pub action: String,
    /// The type of the resource.
    pub resource_type: String,
    /// The resource's identifier; `*` for the type.
    pub id: String,
    /// With `*`: at least one resource is meant, and not every one.
    pub match_some: bool,
    /// The resource does not exist yet.
    pub hypothetical: bool,
    /// The tags of a resource that the instance does not store.
    pub tags: Vec<(String, String)>,
    /// The hierarchy group of a hypothetical user.
    pub group: Option<String>,
    /// The primary attributes of a record and their values.
    pub primary_values: Vec<(String, String)>,
    /// The data table of a hypothetical record.
    pub table: Option<String>,
    /// The user who handles the contact, by identifier, ARN or name.
    pub agent: Option<String>,
    /// The user who owns the resource, by identifier, ARN or name.
    pub owner: Option<String>,
    /// The user whom the AI agent serves, by identifier, ARN or name.
    pub on_behalf_of: Option<String>,
    /// The AI agent serves a customer directly.
    pub self_service: bool,
    /// The types and identifiers of the resources that the action assigns.
    pub assigns: Vec<(String, String)>,
    /// The action changes primary values of the record.
    pub changes_primary_values: bool,
}

impl OwnedQuestion {
    /// Calls `put` with the question in the engine's form.
    pub fn with<R>(&self, put: impl FnOnce(&Question<'_>) -> R) -> R {
        let (tags, primary_values, assigns) = (pairs(&self.tags), pairs(&self.primary_values), pairs(&self.assigns));
        let holder;
        put(&Question {
            principal: match &self.subject {
                Subject::User(name) => Principal::User(name),
                Subject::AiAgent(arn) => Principal::AiAgent(arn),
                Subject::SecurityProfile(profile) => {
                    holder = holder::id_of(profile);
                    Principal::User(&holder)
                }
            },
            on_behalf_of: self.on_behalf_of.as_deref(),
            self_service: self.self_service,
            action: &self.action,
            resource: Resource {
                resource_type: &self.resource_type,
                id: &self.id,
                match_some: self.match_some,
                hypothetical: self.hypothetical,
                tags: &tags,
                hierarchy_group_id: self.group.as_deref(),
                primary_values: &primary_values,
                table_id: self.table.as_deref(),
                agent_id: self.agent.as_deref(),
                owner_id: self.owner.as_deref(),
            },
            changes_primary_values: self.changes_primary_values,
            assigns: &assigns,
        })
    }

    /// The question about principals of one kind. Only AI agents act for somebody else.
    #[must_use]
    pub fn for_kind(&self, kind: PrincipalKind) -> Self {
        match kind {
            PrincipalKind::User => Self { on_behalf_of: None, self_service: false, ..self.clone() },
            PrincipalKind::AiAgent => self.clone(),
        }
    }
}

fn pairs(owned: &[(String, String)]) -> Vec<(&str, &str)> {
    owned.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
