//! From the names that people use to identifiers, and from what nobody is called to what may have been meant.
//!
//! A name that nothing has stays as it is: the question is put all the same, and its answer says that there is no such
//! thing. [`Names::hint`] then says what there is instead.

use lanyard_engine::Denial;
use lanyard_engine::tasks::{self, TASKS};
use lanyard_model::catalogue::{Catalogue, ResourceType, acts_on};
use lanyard_model::resources::{DataTableRecord, HierarchyGroup};
use lanyard_model::{Directory, Id, Kind, Scope};

use super::near::{did_you_mean, near};
use super::question::Asked;
use crate::failure::Failure;

/// Types of resource that no permission acts on.
const TOOLS: [&str; 3] = ["ThirdPartyApplication", "McpServer", "AIAgent"];

/// How many permissions are suggested.
const SUGGESTIONS: usize = 3;

/// What the list of types begins with.
const TYPES_ARE: &str = "the types are";

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A user, by identifier, ARN or name.
    User(String),
    /// An AI agent, by its ARN.
    AiAgent(String),
}

impl Default for Subject {
    /// Stands for nobody in particular.
    fn default() -> Self {
        Self::User("*".to_owned())
    }
}

impl Subject {
    /// An ARN of another service is an AI agent's, and so is what follows `ai-agent:`; anything else is a user.
    pub(crate) fn parse(text: &str) -> Self {
        if let Some(arn) = text.strip_prefix("ai-agent:") {
            return Self::AiAgent(arn.to_owned());
        }
        let service = text.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(1));
        match service {
            Some(service) if service != "connect" => Self::AiAgent(text.to_owned()),
            _ => Self::User(text.strip_prefix("user:").unwrap_or(text).to_owned()),
        }
    }

    /// The type that AuthZEN has for it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::AiAgent(_) => "ai_agent",
        }
    }

    pub(crate) fn id(&self) -> &str {
        match self {
            Self::User(id) | Self::AiAgent(id) => id,
        }
    }
}

/// The names there are: those of the catalogue, and of an instance where its state is at hand.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) here: Option<Here<'a>>,
}

/// An instance's names.
#[derive(Clone, Copy)]
pub(crate) struct Here<'a> {
    pub(crate) directory: &'a Directory,
    pub(crate) instance: &'a Id,
    pub(crate) scope: Option<&'a Scope>,
}

/// Whether a type is that of the instance itself.
pub(crate) fn is_instance(resource_type: &str) -> bool {
    resource_type == ResourceType::Instance.as_str()
}

/// The type and what follows the first colon.
pub(crate) fn split_type(text: &str) -> (&str, Option<&str>) {
    text.split_once(':').map_or((text, None), |(it, id)| (it, Some(id)))
}

/// The kind of resource that an instance stores of a type.
pub(crate) fn kind_of(resource_type: &str) -> Option<Kind> {
    match resource_type {
        "ContactFlowModule" => Some(Kind::FlowModule),
        "AIAgent" => Some(Kind::AiAgent),
        "User" | "SecurityProfile" | "Queue" | "RoutingProfile" | "QuickConnect" | "HoursOfOperation"
        | "HierarchyGroup" | "DataTable" | "DataTableRecord" => Kind::from_name(resource_type),
        _ => None,
    }
}

/// Every type of resource that a question can be about.
pub(crate) fn types() -> impl Iterator<Item = &'static str> {
    ResourceType::ALL.iter().map(|it| it.as_str()).chain(TOOLS)
}

impl Names<'_> {
    /// The action that is meant: a task may stand without `task:` and in words, a permission by its console name.
    pub(crate) fn action(&self, text: &str) -> String {
        let words = text.strip_prefix(tasks::PREFIX).unwrap_or(text).trim().to_lowercase().replace([' ', '_'], "-");
        let task = TASKS.iter().find(|task| task.name == words || task.title.replace(' ', "-") == words);
        if let Some(task) = task {
            return format!("{}{}", tasks::PREFIX, task.name);
        }
        let is_called = |name: Option<&str>| name.is_some_and(|name| name.eq_ignore_ascii_case(text));
        let in_console = self.catalogue.iter().find(|permission| is_called(permission.console_name()));
        in_console.map_or(text, |permission| permission.api_name()).to_owned()
    }

    /// The type that an action is usually asked about.
    pub(crate) fn main_type(&self, action: &str) -> Option<&'static str> {
        match action {
            "ACCESS" => return Some("ThirdPartyApplication"),
            "Invoke" => return Some("ContactFlowModule"),
            "Collaborate" => return Some("AIAgent"),
            _ => {}
        }
        let types = self.catalogue.get(action).map(|permission| permission.resource_types());
        types.or_else(|| acts_on(action).map(|(types, _)| types))?.first().map(|it| it.as_str())
    }

    /// Whether an instance stores resources of the type, so that they are looked up.
    pub(crate) fn stores(&self, resource_type: &str) -> bool {
        kind_of(resource_type).is_some_and(|kind| kind != Kind::AiAgent)
    }

    /// The type and identifier of a resource written `Type:ID`, `Type:NAME`, `Type:ARN`, `Instance`, or as the ARN alone.
    pub(crate) fn resource(&self, text: &str) -> Result<(String, String), Failure> {
        if text.starts_with("arn:") {
            let scope = self.here.and_then(|here| here.scope);
            let named = scope.and_then(|scope| scope.parse_arn(text)).and_then(|(_, kind, id)| {
                let it = types().find(|it| kind_of(it) == Some(kind) || (is_instance(it) && kind == Kind::Instance))?;
                Some((it.to_owned(), id.to_string()))
            });
            return named.ok_or_else(|| {
                Failure::Message(format!("`{text}` is not the ARN of a resource of this instance; write Type:{text}"))
            });
        }
        let (written, id) = split_type(text);
        let known = types().find(|it| it.eq_ignore_ascii_case(written)).unwrap_or(written);
        let id = match id {
            None | Some("") if is_instance(known) => {
                let here = self.here.map(|here| here.instance.to_string()).filter(|id| !id.is_empty());
                here.unwrap_or_else(|| "*".to_owned())
            }
            Some(id) if !id.is_empty() => self.identifier(known, id)?,
            None if self.hint_type(known).is_some_and(|hint| hint.starts_with(TYPES_ARE)) => {
                return Err(Failure::Message(format!(
                    "of what type is `{text}`? write Type:{text}, such as User:{text} ({TYPES_ARE} {})",
                    types().collect::<Vec<_>>().join(", ")
                )));
            }
            _ => {
                return Err(Failure::Message(format!(
                    "which {known}? write {known}:NAME, or {known}:* for all of them{}",
                    self.hint_type(known).map(|hint| format!(" ({hint})")).unwrap_or_default()
                )));
            }
        };
        Ok((known.to_owned(), id))
    }

    /// The identifier of what has this identifier, ARN or name.
    fn identifier(&self, resource_type: &str, text: &str) -> Result<String, Failure> {
        let (Some(here), Some(kind)) = (self.here, kind_of(resource_type)) else { return Ok(text.to_owned()) };
        if text == "*" || here.directory.get(kind, &Id::new(text)).is_some() {
            return Ok(text.to_owned());
        }
        if text.starts_with("arn:") {
            let parsed = here.scope.and_then(|scope| scope.parse_arn(text));
            let own = parsed.filter(|(instance, of, _)| instance == here.instance && *of == kind);
            return Ok(own.map_or_else(|| text.to_owned(), |(_, _, id)| id.to_string()));
        }
        if kind == Kind::HierarchyGroup {
            return self.group(text);
        }
        if kind == Kind::DataTableRecord {
            let called = here.directory.data_table_records.values().find(|record| here.record(record) == text);
            return Ok(called.map_or_else(|| text.to_owned(), |record| record.id.to_string()));
        }
        Ok(here.directory.find_name(kind, text).map_or_else(|| text.to_owned(), Id::to_string))
    }

    /// The identifier of a data table, by identifier, ARN or name.
    pub(crate) fn table(&self, text: &str) -> Result<String, Failure> {
        self.identifier(ResourceType::DataTable.as_str(), text)
    }

    /// The identifier of a hierarchy group, by identifier, name or path.
    pub(crate) fn group(&self, text: &str) -> Result<String, Failure> {
        let Some(here) = self.here else { return Ok(text.to_owned()) };
        if here.directory.hierarchy_groups.contains_key(&Id::new(text)) {
            return Ok(text.to_owned());
        }
        let groups = here.directory.hierarchy_groups.values();
        let called: Vec<_> = groups.filter(|group| group.name == text || here.path(group) == text).collect();
        match called.as_slice() {
            [] => Ok(text.to_owned()),
            [only] => Ok(only.id.to_string()),
            several => {
                let paths: Vec<_> = several.iter().map(|group| format!("`{}`", here.path(group))).collect();
                Err(Failure::Message(format!("`{text}` is the name of several groups: {}", paths.join(", "))))
            }
        }
    }

    /// What may have been meant where a question was denied before any profile was looked at.
    pub(crate) fn hint(&self, denial: Denial, asked: &Asked) -> Option<String> {
        match denial {
            Denial::PrincipalUnknown => self.near_subject(&asked.subject),
            Denial::PersonUnknown => asked.with(|question| self.near_user(question.on_behalf_of?)),
            Denial::UnknownAction => self.hint_action(&asked.action),
            Denial::ResourceTypeUnknown => self.hint_type(&asked.resource_type),
            Denial::ActionDoesNotApply => {
                let Some(permission) = self.catalogue.get(&asked.action) else {
                    return self.hint_action(&asked.action);
                };
                let types = permission.resource_types();
                let types: Vec<_> = types.iter().map(|it| it.as_str()).collect();
                Some(format!("`{}` acts on {}", asked.action, types.join(", ")))
            }
            Denial::ResourceUnknown => self.near_resource(&asked.resource_type, &asked.id),
        }
    }

    /// Actions near one that there is not.
    pub(crate) fn hint_action(&self, action: &str) -> Option<String> {
        if let Some(name) = action.strip_prefix(tasks::PREFIX) {
            let names: Vec<_> = TASKS.iter().map(|task| task.name).collect();
            let all = || format!("the tasks are {}", names.join(", "));
            return did_you_mean(&near(name, names.iter().copied())).or_else(|| Some(all()));
        }
        let tasks = near(action, TASKS.iter().map(|task| task.name));
        let permissions = self.catalogue.nearest(action, SUGGESTIONS);
        did_you_mean(&[tasks, permissions].concat())
    }

    fn hint_type(&self, resource_type: &str) -> Option<String> {
        if types().any(|it| it == resource_type) {
            return None;
        }
        let all = || format!("{TYPES_ARE} {}", types().collect::<Vec<_>>().join(", "));
        did_you_mean(&near(resource_type, types())).or_else(|| Some(all()))
    }

    fn near_subject(&self, subject: &Subject) -> Option<String> {
        match subject {
            Subject::User(name) => self.near_user(name),
            Subject::AiAgent(arn) => {
                let here = self.here?;
                did_you_mean(&near(arn, here.directory.ai_agents.values().map(|agent| agent.arn.as_str())))
            }
        }
    }

    fn near_user(&self, name: &str) -> Option<String> {
        did_you_mean(&near(name, self.here?.directory.users.values().map(|user| user.username.as_str())))
    }

    /// That nobody is called so, for a user of the instance at hand.
    pub(crate) fn no_such_user(&self, name: &str) -> Option<String> {
        let directory = self.here?.directory;
        let is_known = directory.find_name(Kind::User, name).is_some()
            || directory.users.contains_key(&Id::new(name))
            || name.starts_with("arn:");
        (!is_known).then(|| match self.near_user(name) {
            Some(hint) => format!("there is no user `{name}`; {hint}"),
            None => format!("there is no user `{name}`"),
        })
    }

    fn near_resource(&self, resource_type: &str, text: &str) -> Option<String> {
        let (here, kind) = (self.here?, kind_of(resource_type)?);
        let names: Vec<_> = here.directory.iter().filter(|it| it.kind() == kind).map(|it| here.name(&it)).collect();
        did_you_mean(&near(text, names.iter().map(String::as_str)))
    }
}

impl Here<'_> {
    /// The names of a group and of those above it, from the top, joined by strokes.
    pub(crate) fn path(&self, group: &HierarchyGroup) -> String {
        let above = group.ancestors.iter().filter_map(|id| self.directory.hierarchy_groups.get(id));
        let names: Vec<_> = above.map(|group| group.name.as_str()).chain([group.name.as_str()]).collect();
        names.join("/")
    }

    /// The name of a record's table and its primary values in the order of their attributes' names, joined by strokes; of
    /// the default record, the word `default` in brackets.
    fn record(&self, record: &DataTableRecord) -> String {
        let table = self.directory.data_tables.get(&record.data_table_id).map_or("", |table| table.name.as_str());
        let name = |id: &Id| self.directory.data_table_attributes.get(id).map(|attribute| attribute.name.as_str());
        let mut values: Vec<_> = record.primary_values.iter().map(|(id, value)| (name(id), value.as_str())).collect();
        values.sort_unstable();
        let values = values.into_iter().map(|(_, value)| value);
        let parts: Vec<_> = [table].into_iter().chain(values).collect();
        if parts.len() == 1 { format!("{table}/(default)") } else { parts.join("/") }
    }

    /// What people call a resource; its identifier where it has no name.
    pub(crate) fn name(&self, resource: &lanyard_model::Resource) -> String {
        match resource {
            lanyard_model::Resource::HierarchyGroup(group) => self.path(group),
            lanyard_model::Resource::DataTableRecord(record) => self.record(record),
            other => other.name().map_or_else(|| other.id().to_string(), str::to_owned),
        }
    }

    /// What people call the resource of a type and identifier; the identifier where nothing has it.
    pub(crate) fn name_of(&self, resource_type: &str, id: &str) -> String {
        let found = kind_of(resource_type).and_then(|kind| self.directory.get(kind, &Id::new(id)));
        found.map_or_else(|| id.to_owned(), |resource| self.name(&resource))
    }
}
