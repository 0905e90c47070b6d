//! The identifiers of the names that people use, and suggestions for names that do not exist.
//!
//! A name that no resource has is left as it is. The answer then says that there is no such resource, and [`Names::hint`]
//! suggests others.

use lanyard_engine::tasks::{self, Task};
use lanyard_engine::{Denial, PermissionIndex};
use lanyard_model::catalogue::{Catalogue, ResourceType, acts_on, builtin_tool};
use lanyard_model::resources::{DataTableRecord, HierarchyGroup};
use lanyard_model::{Directory, Id, Kind, Scope, StreamId, shown};

use crate::holder::holder_of;
use crate::not_understood::NotUnderstood;
use crate::question::OwnedQuestion;
use crate::subject::Subject;
use crate::suggestions::{did_you_mean, near};

/// The prefix of an action that is a tool, and whose names are meant as they are.
pub(crate) const EXACT: &str = "tool:";

/// The types of tools, which no permission acts on.
const TOOLS: [&str; 3] = ["ThirdPartyApplication", "McpServer", "AIAgent"];

/// The most permissions that are suggested.
const SUGGESTIONS: usize = 3;

/// The beginning of the list of types.
const TYPES_ARE: &str = "the types are";

/// The names of the catalogue and of an instance.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// The permissions that are known.
    pub catalogue: &'a Catalogue,
    /// The resources of the instance.
    pub directory: &'a Directory,
    /// The tasks that are known.
    pub permission_index: &'a PermissionIndex,
}

/// The account and region of the instance of a directory, which its ARNs name.
fn scope_of(directory: &Directory) -> Option<Scope> {
    directory.instances.values().next().map(|instance| instance.scope())
}

/// Whether a type is that of the instance itself.
#[must_use]
pub fn is_instance(resource_type: &str) -> bool {
    resource_type == ResourceType::Instance.as_str()
}

/// The type and what follows the first colon.
#[must_use]
pub fn split_type(text: &str) -> (&str, Option<&str>) {
    text.split_once(':').map_or((text, None), |(it, id)| (it, Some(id)))
}

/// The kind under which an instance stores resources of a type.
#[must_use]
pub fn kind_of(resource_type: &str) -> Option<Kind> {
    match resource_type {
        "AIAgent" => Some(Kind::AiAgent),
        _ => ResourceType::from_name(resource_type)?.kind(),
    }
}

/// Whether text has the form of the identifiers of Amazon Connect, such as `461f9bf7-e8b5-4208-a6e5-83a901517b7e`.
fn is_uuid(text: &str) -> bool {
    let mut lengths = text.split('-').map(str::len);
    text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
        && [8, 4, 4, 4, 12].into_iter().eq(lengths.by_ref())
}

/// Every type of resource that a question can be about.
pub fn types() -> impl Iterator<Item = &'static str> {
    ResourceType::ALL.iter().map(|it| it.as_str()).chain(TOOLS)
}

impl Names<'_> {
    /// The identifier of the instance; empty where it is not known.
    #[must_use]
    pub fn instance(&self) -> Id {
        match self.directory.stream() {
            StreamId::Instance(id) => id.clone(),
            StreamId::Registry { .. } => Id::new(""),
        }
    }

    /// The task that an action names with its prefix.
    #[must_use]
    pub fn task(&self, action: &str) -> Option<&'static Task> {
        self.permission_index.task(action.strip_prefix(tasks::PREFIX)?)
    }

    /// The title of the task that an action names with its prefix.
    pub(crate) fn title(&self, action: &str) -> Option<String> {
        self.task(action).map(|task| task.title.to_owned())
    }

    /// The permissions of an action: those of a task's formula, or the permission itself.
    pub(crate) fn permissions_of<'b>(&self, action: &'b str) -> Vec<&'b str> {
        let Some(task) = self.task(action) else { return vec![action] };
        let mut all = Vec::new();
        task.formula.permissions(&mut |name| all.push(name));
        all
    }

    /// The API name of an action. `tool:` says that it is a tool. A task can be written without `task:` or by its title, a
    /// permission by its console name.
    #[must_use]
    pub fn action(&self, text: &str) -> String {
        if let Some(tool) = text.strip_prefix(EXACT) {
            return tool.to_owned();
        }
        let words = text.strip_prefix(tasks::PREFIX).unwrap_or(text).trim().to_lowercase().replace([' ', '_'], "-");
        let is_meant = |task: &&Task| task.name == words || task.title.to_lowercase().replace(' ', "-") == words;
        let task = self.permission_index.tasks().find(is_meant);
        if let Some(task) = task {
            return format!("{}{}", tasks::PREFIX, task.name);
        }
        let is_called = |name: Option<&str>| name.is_some_and(|name| name.eq_ignore_ascii_case(text));
        let in_console = self.catalogue.iter().find(|permission| is_called(permission.console_name()));
        in_console.map_or(text, |permission| permission.api_name()).to_owned()
    }

    /// Whether an action is known: a permission of the catalogue or of a profile, a tool or a task.
    #[must_use]
    pub fn has_action(&self, action: &str) -> bool {
        let is_held = || {
            self.directory
                .security_profiles
                .values()
                .any(|profile| profile.permissions.iter().any(|name| name == action))
        };
        matches!(action, "ACCESS" | "Invoke" | "Collaborate")
            || action.starts_with(tasks::PREFIX)
            || self.catalogue.get(action).is_some()
            || builtin_tool(action).is_some()
            || is_held()
    }

    /// The first type that an action applies to.
    #[must_use]
    pub fn main_type(&self, action: &str) -> Option<&'static str> {
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
    #[must_use]
    pub fn stores(&self, resource_type: &str) -> bool {
        kind_of(resource_type).is_some_and(|kind| kind != Kind::AiAgent)
    }

    /// The type and identifier of a resource written as `Type:ID`, `Type:NAME`, `Type:ARN`, `Instance`, or only its ARN.
    pub fn resource(&self, text: &str) -> Result<(String, String), NotUnderstood> {
        if text.starts_with("arn:") {
            let named = scope_of(self.directory).and_then(|scope| scope.parse_arn(text)).and_then(|(_, kind, id)| {
                let it = types().find(|it| kind_of(it) == Some(kind) || (is_instance(it) && kind == Kind::Instance))?;
                Some((it.to_owned(), id.to_string()))
            });
            return named.ok_or_else(|| {
                NotUnderstood::new(format!(
                    "`{0}` is not the ARN of a resource of this instance; write Type:{0}",
                    shown(text)
                ))
            });
        }
        let (written, id) = split_type(text);
        let known = types().find(|it| it.eq_ignore_ascii_case(written)).unwrap_or(written);
        let id = match id {
            None | Some("") if is_instance(known) => {
                let stored = Some(self.instance().to_string()).filter(|id| !id.is_empty());
                stored.unwrap_or_else(|| "*".to_owned())
            }
            Some(id) if !id.is_empty() => self.identifier(known, id)?,
            None if self.hint_type(known).is_some_and(|hint| hint.starts_with(TYPES_ARE)) => {
                return Err(NotUnderstood::new(format!(
                    "of what type is `{0}`? write Type:{0}, such as User:{0} ({TYPES_ARE} {1})",
                    shown(text),
                    types().collect::<Vec<_>>().join(", ")
                )));
            }
            _ => {
                return Err(NotUnderstood::new(format!(
                    "which {0}? write {0}:NAME, or {0}:* for all of them{1}",
                    shown(known),
                    self.hint_type(known).map(|hint| format!(" ({hint})")).unwrap_or_default()
                )));
            }
        };
        Ok((known.to_owned(), id))
    }

    /// The identifier of the resource that a program names: `None` for an identifier, and where no resource has the name. Text
    /// in the form of an identifier that no resource has is never a name, so that nobody can take the place of a resource
    /// that is gone.
    ///
    /// # Errors
    /// Several hierarchy groups have the name.
    pub fn id_of_named(&self, resource_type: &str, text: &str) -> Result<Option<String>, NotUnderstood> {
        if is_uuid(text) {
            return Ok(None);
        }
        Ok(Some(self.identifier(resource_type, text)?).filter(|id| id != text))
    }

    /// The identifier of the resource with this identifier, ARN or name.
    fn identifier(&self, resource_type: &str, text: &str) -> Result<String, NotUnderstood> {
        let Some(kind) = kind_of(resource_type) else { return Ok(text.to_owned()) };
        if text == "*" || self.directory.get(kind, &Id::new(text)).is_some() {
            return Ok(text.to_owned());
        }
        if text.starts_with("arn:") {
            let parsed = scope_of(self.directory).and_then(|scope| scope.parse_arn(text));
            let own = parsed.filter(|(instance, of, _)| *instance == self.instance() && *of == kind);
            return Ok(own.map_or_else(|| text.to_owned(), |(_, _, id)| id.to_string()));
        }
        if kind == Kind::HierarchyGroup {
            return self.group(text);
        }
        if kind == Kind::DataTableRecord {
            let called = self.directory.data_table_records.values().find(|record| self.record(record) == text);
            return Ok(called.map_or_else(|| text.to_owned(), |record| record.id.to_string()));
        }
        Ok(self.directory.find_name(kind, text).map_or_else(|| text.to_owned(), Id::to_string))
    }

    /// The identifier of a data table, by identifier, ARN or name.
    pub fn table(&self, text: &str) -> Result<String, NotUnderstood> {
        self.identifier(ResourceType::DataTable.as_str(), text)
    }

    /// The identifier of a hierarchy group, by identifier, name or path.
    pub fn group(&self, text: &str) -> Result<String, NotUnderstood> {
        if self.directory.hierarchy_groups.contains_key(&Id::new(text)) {
            return Ok(text.to_owned());
        }
        let groups = self.directory.hierarchy_groups.values();
        let called: Vec<_> = groups.filter(|group| group.name == text || self.path(group) == text).collect();
        match called.as_slice() {
            [] => Ok(text.to_owned()),
            [only] => Ok(only.id.to_string()),
            several => {
                let paths: Vec<_> = several.iter().map(|group| format!("`{}`", shown(&self.path(group)))).collect();
                let sentence = format!("`{}` is the name of several groups", shown(text));
                Err(NotUnderstood::with_names(sentence, format!("write one of the paths {}", paths.join(", "))))
            }
        }
    }

    /// A suggestion for a question that was denied before any profile was evaluated.
    #[must_use]
    pub fn hint(&self, denial: Denial, question: &OwnedQuestion) -> Option<String> {
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
    #[must_use]
    pub fn hint_action(&self, action: &str) -> Option<String> {
        if let Some(name) = action.strip_prefix(tasks::PREFIX) {
            let names: Vec<_> = self.permission_index.tasks().map(|task| task.name).collect();
            let all = || format!("the tasks are {}", names.join(", "));
            return did_you_mean(&near(name, names.iter().copied())).or_else(|| Some(all()));
        }
        let words = action.to_lowercase().replace([' ', '_'], "-");
        let tasks = near(&words, self.permission_index.tasks().map(|task| task.name));
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
                did_you_mean(&near(arn, self.directory.ai_agents.values().map(|agent| agent.arn.as_str())))
            }
            Subject::SecurityProfile(name) => self.near_resource(ResourceType::SecurityProfile.as_str(), name),
        }
    }

    fn near_user(&self, name: &str) -> Option<String> {
        did_you_mean(&near(name, self.directory.users.values().map(|user| user.username.as_str())))
    }

    /// The reason why a question about this user cannot be answered; `None` where the instance has the user.
    #[must_use]
    pub fn no_such_user(&self, name: &str) -> Option<NotUnderstood> {
        let is_known = self.directory.find_name(Kind::User, name).is_some()
            || self.directory.users.contains_key(&Id::new(name))
            || name.starts_with("arn:");
        let sentence = || format!("there is no user `{}`", shown(name));
        (!is_known).then(|| match self.near_user(name) {
            Some(hint) => NotUnderstood::with_names(sentence(), hint),
            None => NotUnderstood::new(sentence()),
        })
    }

    fn near_resource(&self, resource_type: &str, text: &str) -> Option<String> {
        let kind = kind_of(resource_type)?;
        let names: Vec<_> = self.directory.iter().filter(|it| it.kind() == kind).map(|it| self.name(&it)).collect();
        did_you_mean(&near(text, names.iter().map(String::as_str)))
    }

    /// The path of a group: the names from the top level to the group, joined by slashes.
    #[must_use]
    pub fn path(&self, group: &HierarchyGroup) -> String {
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
    #[must_use]
    pub fn name(&self, resource: &lanyard_model::Resource) -> String {
        match resource {
            lanyard_model::Resource::HierarchyGroup(group) => self.path(group),
            lanyard_model::Resource::DataTableRecord(record) => self.record(record),
            other => other.name().map_or_else(|| other.id().to_string(), str::to_owned),
        }
    }

    /// The display name of the resource with this type and identifier; the identifier where there is none.
    #[must_use]
    pub fn name_of(&self, resource_type: &str, id: &str) -> String {
        if let Some(profile) = holder_of(id) {
            return format!("a holder of {}", self.name_of(ResourceType::SecurityProfile.as_str(), profile));
        }
        let resource = kind_of(resource_type).and_then(|kind| self.directory.get(kind, &Id::new(id)));
        resource.map_or_else(|| id.to_owned(), |resource| self.name(&resource))
    }
}
