//! The words of sentences: nouns of types, lists, names of permissions.

use std::sync::Arc;

use lanyard_engine::implied;
use lanyard_engine::tasks::{self, PREFIX};
use lanyard_model::catalogue::{Catalogue, PermissionNames};
use lanyard_model::shown;

/// The maximum number of actions in a list; a longer list is replaced by its length.
const ACTIONS: usize = 6;

/// Whose names of permissions sentences have.
#[derive(Clone, Copy, Debug)]
pub struct Naming<'a> {
    /// The catalogue with the names and areas.
    pub catalogue: &'a Catalogue,
    /// The names in use.
    pub names: PermissionNames,
}

impl Naming<'_> {
    /// The names of the API, as data has them.
    #[must_use]
    pub fn api() -> Self {
        Self { catalogue: Catalogue::builtin(), names: PermissionNames::Api }
    }

    /// A permission or an action on tools, between backticks.
    #[must_use]
    pub fn action(&self, name: &str) -> String {
        format!("`{}`", shown(&self.names.name(self.catalogue, name)))
    }

    /// A stored value of the member `Permissions` with the name of the console behind it, where names of the console are
    /// in use and one is known.
    #[must_use]
    pub fn value(&self, path: &str, value: String) -> String {
        let is_permission = path == "Permissions" && self.names == PermissionNames::Console;
        match self.catalogue.get(&value).and_then(|it| it.console_name()).filter(|_| is_permission) {
            Some(name) => format!("{value} ({name})"),
            None => value,
        }
    }

    /// Actions in words: tasks by title, permissions by name, a stored permission in place of those that it includes; a long
    /// list by its length.
    #[must_use]
    pub fn actions(&self, names: &[Arc<str>]) -> String {
        let phrases: Vec<String> = folded(names).into_iter().map(|name| self.phrase(name)).collect();
        match phrases.get(..ACTIONS) {
            Some(first) if phrases.len() > ACTIONS + 1 => {
                format!("{} and {} more", first.join(", "), phrases.len() - ACTIONS)
            }
            _ => listed(&phrases, "and"),
        }
    }

    fn phrase(&self, name: &str) -> String {
        if let Some(task) = name.strip_prefix(PREFIX).and_then(tasks::find) {
            return format!("the right to {}", task.title);
        }
        let own = self.action(name);
        match implied(name).len() {
            0 => own,
            1 => format!("{own} (which includes 1 permission)"),
            count => format!("{own} (which includes {count} permissions)"),
        }
    }

    /// The part of the console's page that an action is in.
    pub(super) fn area(&self, name: &str) -> &str {
        self.catalogue.get(name).map_or("tools and others", |it| it.group())
    }
}

/// Actions without those that another of them includes.
pub(super) fn folded(names: &[Arc<str>]) -> Vec<&str> {
    let is_included = |name: &str| names.iter().any(|other| implied(other).contains(&name));
    names.iter().map(|name| &**name).filter(|name| !is_included(name)).collect()
}

pub(super) fn like(tags: &[(String, String)], values: &[(String, String)]) -> String {
    let pairs = |pairs: &[(String, String)]| {
        let conditions: Vec<_> =
            pairs.iter().map(|(key, value)| format!("`{}`=`{}`", shown(key), shown(value))).collect();
        conditions.join(" and ")
    };
    match (tags, values) {
        ([], []) => "without tags".to_owned(),
        (tags, []) => format!("tagged {}", pairs(tags)),
        ([], values) => format!("with {}", pairs(values)),
        (tags, values) => format!("tagged {} with {}", pairs(tags), pairs(values)),
    }
}

/// A list in words; the last name after `word`.
pub(super) fn listed(names: &[String], word: &str) -> String {
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} {word} {last}", others.join(", ")),
        None => "nobody".to_owned(),
    }
}

/// A number and what is counted.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// The noun for a resource of a type.
#[must_use]
pub fn noun(resource_type: &str) -> &'static str {
    nouns(resource_type).0
}

/// The plural noun for resources of a type.
#[must_use]
pub fn plural(resource_type: &str) -> &'static str {
    nouns(resource_type).1
}

fn nouns(resource_type: &str) -> (&'static str, &'static str) {
    match resource_type {
        "AIAgent" => ("AI agent", "AI agents"),
        "AgentStatus" => ("agent status", "agent statuses"),
        "Bot" => ("bot", "bots"),
        "Campaign" => ("campaign", "campaigns"),
        "Case" => ("case", "cases"),
        "Contact" => ("contact", "contacts"),
        "ContactEvaluation" => ("evaluation", "evaluations"),
        "ContactFlow" => ("flow", "flows"),
        "ContactFlowModule" => ("flow module", "flow modules"),
        "CustomMetric" => ("custom metric", "custom metrics"),
        "DataTable" => ("data table", "data tables"),
        "DataTableRecord" => ("record", "records"),
        "EmailAddress" => ("email address", "email addresses"),
        "EvaluationForm" => ("evaluation form", "evaluation forms"),
        "HierarchyGroup" => ("hierarchy group", "hierarchy groups"),
        "HoursOfOperation" => ("hours of operation", "hours of operation"),
        "McpServer" => ("MCP server", "MCP servers"),
        "PhoneNumber" => ("phone number", "phone numbers"),
        "Prompt" => ("prompt", "prompts"),
        "Queue" => ("queue", "queues"),
        "QuickConnect" => ("quick connect", "quick connects"),
        "RoutingProfile" => ("routing profile", "routing profiles"),
        "Rule" => ("rule", "rules"),
        "SecurityProfile" => ("security profile", "security profiles"),
        "TaskTemplate" => ("task template", "task templates"),
        "TestCase" => ("test case", "test cases"),
        "ThirdPartyApplication" => ("application", "applications"),
        "User" => ("user", "users"),
        "View" => ("view", "views"),
        "Workspace" => ("workspace", "workspaces"),
        _ => ("resource", "resources"),
    }
}
