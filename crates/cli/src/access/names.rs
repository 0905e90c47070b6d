//! The identifiers of the names that people use, and suggestions for names that do not exist.
//!
//! A name that no resource has is left as it is. The answer then says that there is no such resource, and [`Names::hint`]
//! suggests others.

use lanyard_engine::Denial;
use lanyard_engine::tasks::{self, TASKS, Task};
use lanyard_model::catalogue::{Catalogue, ResourceType, acts_on, builtin_tool};
use lanyard_model::resources::{DataTableRecord, HierarchyGroup};
use lanyard_model::{Directory, Id, Kind, Scope, shown};

use super::question::OwnedQuestion;
use crate::failure::Failure;
use crate::suggestions::{did_you_mean, near};

/// The types of tools, which no permission acts on.
const TOOLS: [&str; 3] = ["ThirdPartyApplication", "McpServer", "AIAgent"];

/// The most permissions that are suggested.
const SUGGESTIONS: usize = 3;

/// The beginning of the list of types.
const TYPES_ARE: &str = "the types are";

/// The principal of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A user, by identifier, ARN or name.
    User(String),
    /// An AI agent, by its ARN.
    AiAgent(String),
}

impl Default for Subject {
    /// A placeholder for searches, which have no principal.
    fn default() -> Self {
        Self::User("*".to_owned())
    }
}

impl Subject {
    /// An ARN of another service than Amazon Connect, or text after `ai-agent:`, names an AI agent; other text names a
    /// user.
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

    /// The subject type in AuthZEN.
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

/// The names of the catalogue and, where its state is loaded, of an instance.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) catalogue: &'a Catalogue,
    /// The tasks of a file.
    pub(crate) further_tasks: &'a [&'static Task],
    pub(crate) stored: Option<StoredNames<'a>>,
}

/// An instance's names.
#[derive(Clone, Copy)]
pub(crate) struct StoredNames<'a> {
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

/// The kind under which an instance stores resources of a type.
pub(crate) fn kind_of(resource_type: &str) -> Option<Kind> {
    match resource_type {
        "AIAgent" => Some(Kind::AiAgent),
        _ => ResourceType::from_name(resource_type)?.kind(),
    }
}

/// Every type of resource that a question can be about.
pub(crate) fn types() -> impl Iterator<Item = &'static str> {
    ResourceType::ALL.iter().map(|it| it.as_str()).chain(TOOLS)
}

impl Names<'_> {
    /// Every task.
    pub(crate) fn tasks(&self) -> impl Iterator<Item = &'static Task> {
        TASKS.iter().chain(self.further_tasks.iter().copied())
    }

    /// The task that an action names with its prefix.
    pub(crate) fn task(&self, action: &str) -> Option<&'static Task> {
        let name = action.strip_prefix(tasks::PREFIX)?;
        self.tasks().find(|task| task.name == name)
    }

    /// The API name of an action. A task can be written without `task:` or by its title, a permission by its console name.
    pub(crate) fn action(&self, text: &str) -> String {
        let words = text.strip_prefix(tasks::PREFIX).unwrap_or(text).trim().to_lowercase().replace([' ', '_'], "-");
        let task = self.tasks().find(|task| task.name == words || task.title.to_lowercase().replace(' ', "-") == words);
        if let Some(task) = task {
            return format!("{}{}", tasks::PREFIX, task.name);
        }
        let is_called = |name: Option<&str>| name.is_some_and(|name| name.eq_ignore_ascii_case(text));
        let in_console = self.catalogue.iter().find(|permission| is_called(permission.console_name()));
        in_console.map_or(text, |permission| permission.api_name()).to_owned()
    }

    /// Whether an action is known: a permission of the catalogue or of a profile, a tool or a task.
    pub(crate) fn has_action(&self, action: &str) -> bool {
        let is_held = || {
            let profiles = self.stored.into_iter().flat_map(|stored| stored.directory.security_profiles.values());
            profiles.into_iter().any(|profile| profile.permissions.iter().any(|name| name == action))
        };
        matches!(action, "ACCESS" | "Invoke" | "Collaborate")
            || action.starts_with(tasks::PREFIX)
            || self.catalogue.get(action).is_some()
            || builtin_tool(action).is_some()
            || is_held()
    }

    /// The first type that an action applies to.
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

    /// The type and identifier of a resource written as `Type:ID`, `Type:NAME`, `Type:ARN`, `Instance`, or only its ARN.
    pub(crate) fn resource(&self, text: &str) -> Result<(String, String), Failure> {
        if text.starts_with("arn:") {
            let scope = self.stored.and_then(|stored| stored.scope);
            let named = scope.and_then(|scope| scope.parse_arn(text)).and_then(|(_, kind, id)| {
                let it = types().find(|it| kind_of(it) == Some(kind) || (is_instance(it) && kind == Kind::Instance))?;
                Some((it.to_owned(), id.to_string()))
            });
            return named.ok_or_else(|| {
                Failure::Message(format!(
                    "`{0}` is not the ARN of a resource of this instance; write Type:{0}",
                    shown(text)
                ))
            });
        }
        let (written, id) = split_type(text);
        let known = types().find(|it| it.eq_ignore_ascii_case(written)).unwrap_or(written);
        let id = match id {
            None | Some("") if is_instance(known) => {
                let stored = self.stored.map(|stored| stored.instance.to_string()).filter(|id| !id.is_empty());
                stored.unwrap_or_else(|| "*".to_owned())
            }
            Some(id) if !id.is_empty() => self.identifier(known, id)?,
            None if self.hint_type(known).is_some_and(|hint| hint.starts_with(TYPES_ARE)) => {
                return Err(Failure::Message(format!(
                    "of what type is `{0}`? write Type:{0}, such as User:{0} ({TYPES_ARE} {1})",
                    shown(text),
                    types().collect::<Vec<_>>().join(", ")
                )));
            }
            _ => {
                return Err(Failure::Message(format!(
                    "which {0}? write {0}:NAME, or {0}:* for all of them{1}",
                    shown(known),
                    self.hint_type(known).map(|hint| format!(" ({hint})")).unwrap_or_default()
                )));
            }
        };
        Ok((known.to_owned(), id))
    }

    /// The identifier of the resource with this identifier, ARN or name.
    fn identifier(&self, resource_type: &str, text: &str) -> Result<String, Failure> {
        let (Some(stored), Some(kind)) = (self.stored, kind_of(resource_type)) else { return Ok(text.to_owned()) };
        if text == "*" || stored.directory.get(kind, &Id::new(text)).is_some() {
            return Ok(text.to_owned());
        }
        if text.starts_with("arn:") {
            let parsed = stored.scope.and_then(|scope| scope.parse_arn(text));
            let own = parsed.filter(|(instance, of, _)| instance == stored.instance && *of == kind);
            return Ok(own.map_or_else(|| text.to_owned(), |(_, _, id)| id.to_string()));
        }
        if kind == Kind::HierarchyGroup {
            return self.group(text);
        }
        if kind == Kind::DataTableRecord {
            let called = stored.directory.data_table_records.values().find(|record| stored.record(record) == text);
            return Ok(called.map_or_else(|| text.to_owned(), |record| record.id.to_string()));
        }
        Ok(stored.directory.find_name(kind, text).map_or_else(|| text.to_owned(), Id::to_string))
    }

    /// The identifier of a data table, by identifier, ARN or name.
    pub(crate) fn table(&self, text: &str) -> Result<String, Failure> {
        self.identifier(ResourceType::DataTable.as_str(), text)
    }

    /// The identifier of a hierarchy group, by identifier, name or path.
    pub(crate) fn group(&self, text: &str) -> Result<String, Failure> {
        let Some(stored) = self.stored else { return Ok(text.to_owned()) };
        if stored.directory.hierarchy_groups.contains_key(&Id::new(text)) {
            return Ok(text.to_owned());
        }
        let groups = stored.directory.hierarchy_groups.values();
        let called: Vec<_> = groups.filter(|group| group.name == text || stored.path(group) == text).collect();
        match called.as_slice() {
            [] => Ok(text.to_owned()),
            [only] => Ok(only.id.to_string()),
            several => {
                let paths: Vec<_> = several.iter().map(|group| format!("`{}`", shown(&stored.path(group)))).collect();
                Err(Failure::Message(format!("`{}` is the name of several groups: {}", shown(text), paths.join(", "))))
            }
        }
    }

    /// A suggestion for a question that was denied before any profile was evaluated.
    pub(crate) fn hint(&self, denial: Denial, question: &OwnedQuestion) -> Option<String> {
        match denial {
            Denial::PrincipalUnknown => self.near_subject(&question.subject),
            Denial::PersonUnknown => question.with(|borrowed| self.near_user(borrowed.on_behalf_of?)),
            Denial::UnknownAction => self.hint_action(&question.action),
            Denial::ResourceTypeUnknown => self.hint_type(&question.resource_type),
            Denial::ActionDoesNotApply => {
                let Some(permission) = self.catalogue.get(&question.action) else {
                    return self.hint_action(&question.action);
                };
                let types = permission.resource_types();
                let types: Vec<_> = types.iter().map(|it| it.as_str()).collect();
                Some(format!("`{}` acts on {}", shown(&question.action), types.join(", ")))
            }
            Denial::ResourceUnknown => self.near_resource(&question.resource_type, &question.id),
        }
    }

    /// Suggestions for an action that does not exist.
    pub(crate) fn hint_action(&self, action: &str) -> Option<String> {
        if let Some(name) = action.strip_prefix(tasks::PREFIX) {
            let names: Vec<_> = self.tasks().map(|task| task.name).collect();
            let all = || format!("the tasks are {}", names.join(", "));
            return did_you_mean(&near(name, names.iter().copied())).or_else(|| Some(all()));
        }
        let words = action.to_lowercase().replace([' ', '_'], "-");
        let tasks = near(&words, self.tasks().map(|task| task.name));
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
                let stored = self.stored?;
                did_you_mean(&near(arn, stored.directory.ai_agents.values().map(|agent| agent.arn.as_str())))
            }
        }
    }

    fn near_user(&self, name: &str) -> Option<String> {
        did_you_mean(&near(name, self.stored?.directory.users.values().map(|user| user.username.as_str())))
    }

    /// A note that the instance has no such user; `None` where it has, or where its users are not known here.
    pub(crate) fn no_such_user(&self, name: &str) -> Option<String> {
        let directory = self.stored?.directory;
        let is_known = directory.find_name(Kind::User, name).is_some()
            || directory.users.contains_key(&Id::new(name))
            || name.starts_with("arn:");
        (!is_known).then(|| match self.near_user(name) {
            Some(hint) => format!("there is no user `{}`; {hint}", shown(name)),
            None => format!("there is no user `{}`", shown(name)),
        })
    }

    fn near_resource(&self, resource_type: &str, text: &str) -> Option<String> {
        let (stored, kind) = (self.stored?, kind_of(resource_type)?);
        let names: Vec<_> = stored.directory.iter().filter(|it| it.kind() == kind).map(|it| stored.name(&it)).collect();
        did_you_mean(&near(text, names.iter().map(String::as_str)))
    }
}

impl StoredNames<'_> {
    /// The path of a group: the names from the top level to the group, joined by slashes.
    pub(crate) fn path(&self, group: &HierarchyGroup) -> String {
        let above = group.ancestors.iter().filter_map(|id| self.directory.hierarchy_groups.get(id));
        let names: Vec<_> = above.map(|group| group.name.as_str()).chain([group.name.as_str()]).collect();
        names.join("/")
    }

    /// The table's name and the record's primary values in the order of their attributes' names, joined by slashes. The
    /// default record has `(default)` in place of the values.
    fn record(&self, record: &DataTableRecord) -> String {
        let table = self.directory.data_tables.get(&record.data_table_id).map_or("", |table| table.name.as_str());
        let name = |id: &Id| self.directory.data_table_attributes.get(id).map(|attribute| attribute.name.as_str());
        let mut values: Vec<_> = record.primary_values.iter().map(|(id, value)| (name(id), value.as_str())).collect();
        values.sort_unstable();
        let values = values.into_iter().map(|(_, value)| value);
        let parts: Vec<_> = [table].into_iter().chain(values).collect();
        if parts.len() == 1 { format!("{table}/(default)") } else { parts.join("/") }
    }

    /// The display name of a resource; its identifier where it has no name.
    pub(crate) fn name(&self, resource: &lanyard_model::Resource) -> String {
        match resource {
            lanyard_model::Resource::HierarchyGroup(group) => self.path(group),
            lanyard_model::Resource::DataTableRecord(record) => self.record(record),
            other => other.name().map_or_else(|| other.id().to_string(), str::to_owned),
        }
    }

    /// The display name of the resource with this type and identifier; the identifier where there is none.
    pub(crate) fn name_of(&self, resource_type: &str, id: &str) -> String {
        let resource = kind_of(resource_type).and_then(|kind| self.directory.get(kind, &Id::new(id)));
        resource.map_or_else(|| id.to_owned(), |resource| self.name(&resource))
    }
}
