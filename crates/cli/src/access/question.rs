//! A question as written on the command line, and its forms for the engine and for a server.

use lanyard_engine::{Principal, PrincipalKind, Question, Resource};
use serde_json::{Map, Value, json};

use super::names::{Names, Subject, is_instance, split_type};
use crate::failure::Failure;

/// The details of a question: everything but principal, action and resource.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Details of the question")]
pub(crate) struct Details {
    /// A tag of a resource that the instance does not store. Can be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    tag: Vec<(String, String)>,

    /// The hierarchy group that a hypothetical user is in, by identifier, name or path (Europe/Berlin)
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,

    /// A primary attribute of the record and its value. Can be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    primary: Vec<(String, String)>,

    /// The data table of a hypothetical record. The table's tags apply
    #[arg(long, value_name = "NAME")]
    table: Option<String>,

    /// The user who handles the contact
    #[arg(long, value_name = "USER")]
    agent: Option<String>,

    /// The user who owns the resource
    #[arg(long, value_name = "USER")]
    owner: Option<String>,

    /// The resource does not exist yet: it has only the tags and the group given here
    #[arg(long)]
    hypothetical: bool,

    /// The user whom the AI agent serves
    #[arg(long, value_name = "USER", conflicts_with = "self_service")]
    on_behalf_of: Option<String>,

    /// The AI agent serves a customer directly
    #[arg(long)]
    self_service: bool,

    /// A SecurityProfile, RoutingProfile or HierarchyGroup that the action assigns to a user. Can be repeated
    #[arg(long, value_name = "TYPE:NAME")]
    assigns: Vec<String>,

    /// The action changes primary values of the record
    #[arg(long)]
    changes_primary_values: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(format!("`{text}` is not of the form NAME=VALUE")),
    }
}

/// A question that owns its text. Names are replaced by identifiers where a resource has the name.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnedQuestion {
    pub(crate) subject: Subject,
    pub(crate) action: String,
    pub(crate) resource_type: String,
    pub(crate) id: String,
    pub(crate) match_some: bool,
    pub(crate) hypothetical: bool,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) group: Option<String>,
    pub(crate) primary: Vec<(String, String)>,
    pub(crate) table: Option<String>,
    pub(crate) agent: Option<String>,
    pub(crate) owner: Option<String>,
    pub(crate) on_behalf_of: Option<String>,
    pub(crate) self_service: bool,
    pub(crate) assigns: Vec<(String, String)>,
    pub(crate) changes_primary_values: bool,
}

impl Details {
    /// The question about a resource, written `Type:ID`, `Type:*` or `Instance`.
    pub(crate) fn ask(
        &self,
        names: &Names<'_>,
        subject: Subject,
        action: &str,
        resource: &str,
    ) -> Result<OwnedQuestion, Failure> {
        let (resource_type, id) = names.resource(resource)?;
        let assigns = self.assigns.iter().map(|text| names.resource(text)).collect::<Result<_, _>>()?;
        Ok(OwnedQuestion {
            subject,
            action: action.to_owned(),
            resource_type,
            id,
            match_some: false,
            hypothetical: self.hypothetical,
            tags: self.tag.clone(),
            group: self.group.as_deref().map(|text| names.group(text)).transpose()?,
            primary: self.primary.clone(),
            table: self.table.as_deref().map(|text| names.table(text)).transpose()?,
            agent: self.agent.clone(),
            owner: self.owner.clone(),
            on_behalf_of: self.on_behalf_of.clone(),
            self_service: self.self_service,
            assigns,
            changes_primary_values: self.changes_primary_values,
        })
    }

    /// Notes on details that have no effect and on users that do not exist.
    pub(crate) fn notes(&self, names: &Names<'_>, question: &OwnedQuestion) -> Vec<String> {
        let mut notes = Vec::new();
        let it = &question.resource_type;
        let details = !self.tag.is_empty() || self.group.is_some() || !self.primary.is_empty() || self.table.is_some();
        if names.stores(it) && !self.hypothetical && question.id != "*" && details {
            notes.push(format!(
                "the instance stores every {it}, so that all of its details are its own; --hypothetical asks about another"
            ));
        }
        for name in [&self.agent, &self.owner].into_iter().flatten() {
            notes.extend(names.no_such_user(name));
        }
        notes
    }
}

impl OwnedQuestion {
    /// Calls `put` with the question in the engine's form.
    pub(crate) fn with<R>(&self, put: impl FnOnce(&Question<'_>) -> R) -> R {
        let (tags, primary_values, assigns) = (pairs(&self.tags), pairs(&self.primary), pairs(&self.assigns));
        put(&Question {
            principal: match &self.subject {
                Subject::User(name) => Principal::User(name),
                Subject::AiAgent(arn) => Principal::AiAgent(arn),
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
    pub(crate) fn for_kind(&self, kind: PrincipalKind) -> Self {
        match kind {
            PrincipalKind::User => Self { on_behalf_of: None, self_service: false, ..self.clone() },
            PrincipalKind::AiAgent => self.clone(),
        }
    }

    /// The question as an AuthZEN request. `explain` requests a full explanation.
    pub(crate) fn to_json(&self, reading: &str, explain: bool) -> Value {
        let mut properties = Map::new();
        let text = |value: &Option<String>| value.clone().map(Value::String);
        let object = |pairs: &[(String, String)]| {
            (!pairs.is_empty()).then(|| pairs.iter().map(|(name, value)| (name.clone(), json!(value))).collect())
        };
        let members = [
            ("match", self.match_some.then(|| json!("some"))),
            ("hypothetical", self.hypothetical.then_some(json!(true))),
            ("tags", object(&self.tags)),
            ("hierarchy_group_id", text(&self.group)),
            ("primary_values", object(&self.primary)),
            ("table_id", text(&self.table)),
            ("agent_id", text(&self.agent)),
            ("owner_id", text(&self.owner)),
        ];
        properties.extend(given(members));
        let mut details = Map::new();
        let assigned = |(it, id): &(String, String)| json!({ "type": it, "id": id });
        details.extend(given([
            ("assigns", (!self.assigns.is_empty()).then(|| self.assigns.iter().map(assigned).collect())),
            ("changes_primary_values", self.changes_primary_values.then_some(json!(true))),
        ]));
        let mut context = Map::new();
        context.extend(given([
            ("reading", Some(json!(reading))),
            ("explain", explain.then_some(json!(true))),
            ("on_behalf_of", text(&self.on_behalf_of)),
            ("self_service", self.self_service.then_some(json!(true))),
        ]));
        json!({
            "subject": { "type": self.subject.kind(), "id": self.subject.id() },
            "action": { "name": self.action, "properties": details },
            "resource": { "type": self.resource_type, "id": self.id, "properties": properties },
            "context": context,
        })
    }
}

fn given<const N: usize>(members: [(&str, Option<Value>); N]) -> impl Iterator<Item = (String, Value)> {
    members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)))
}

fn pairs(owned: &[(String, String)]) -> Vec<(&str, &str)> {
    owned.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
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
