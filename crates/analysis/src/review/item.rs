//! The tasks and permissions under review.

use lanyard_engine::tasks::{Formula, PREFIX, Task};
use lanyard_model::catalogue::{Catalogue, ResourceType, builtin_tool};

use crate::sensitive::SensitiveAction;

/// A task or a permission under review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The permission, or the task with its prefix.
    pub action: String,
    /// The action in words, as a verb phrase; `None` for a permission, which has its name.
    pub title: Option<String>,
    /// The task.
    pub task: Option<&'static Task>,
    /// The types of resource that it is asked on.
    pub resource_types: Vec<ResourceType>,
    /// Whether access counts only where it reaches every resource of the type.
    pub every: bool,
}

impl Item {
    /// A task, on the types that it is usually asked about; on the instance only where there is no other type.
    #[must_use]
    pub fn task(task: &'static Task) -> Self {
        let all = task.resource_types.iter().filter_map(|name| ResourceType::from_name(name));
        let mut resource_types: Vec<_> = all.filter(|it| *it != ResourceType::Instance).collect();
        if resource_types.is_empty() {
            resource_types.push(ResourceType::Instance);
        }
        Self {
            action: format!("{PREFIX}{}", task.name),
            title: Some(task.title.to_owned()),
            task: Some(task),
            resource_types,
            every: false,
        }
    }

    /// A permission, or a tool of AI agents, on the type that it is first of all about.
    #[must_use]
    pub fn permission(name: &str, catalogue: &Catalogue) -> Self {
        let known = catalogue.get(name).and_then(|permission| permission.resource_types().first().copied());
        let resource_type = known.unwrap_or(ResourceType::Instance);
        Self { action: name.to_owned(), title: None, task: None, resource_types: vec![resource_type], every: false }
    }

    /// A sensitive action.
    #[must_use]
    pub fn sensitive(action: &SensitiveAction) -> Self {
        let task = action.action.strip_prefix(PREFIX).and_then(lanyard_engine::tasks::find);
        Self {
            action: action.action.to_owned(),
            title: Some(action.what.to_owned()),
            task,
            resource_types: ResourceType::from_name(action.resource_type).into_iter().collect(),
            every: action.every,
        }
    }

    /// Whether both ask the same, by whatever title.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let of = |item: &Self| (item.action.clone(), item.resource_types.clone(), item.every);
        of(self) == of(other)
    }

    /// Whether it is a task of a file.
    pub(crate) fn is_of_file(&self) -> bool {
        self.task.is_some_and(|task| lanyard_engine::tasks::find(task.name).is_none())
    }

    /// The permission that the action takes: its own name, or that of a tool of AI agents.
    pub(crate) fn single(&self) -> Option<&str> {
        match builtin_tool(&self.action) {
            Some(tool) => tool.permission,
            None => Some(&self.action),
        }
    }
}

/// A formula in words, such as "`A` and (`B` or `C`)". `name` writes a permission.
#[must_use]
pub fn formula_in_words(formula: &Formula, name: &dyn Fn(&str) -> String) -> String {
    words(formula, name, true)
}

/// A part of a formula, in parentheses where it is a part of a longer sentence.
fn words(formula: &Formula, name: &dyn Fn(&str) -> String, is_whole: bool) -> String {
    let joined = |parts: &[Formula], word: &str| {
        parts.iter().map(|part| words(part, name, parts.len() == 1)).collect::<Vec<_>>().join(word)
    };
    let (text, is_short) = match formula {
        Formula::Permission(permission) => (name(permission), true),
        Formula::New(permission) => (format!("{} for a new resource", name(permission)), true),
        Formula::AnyOf(parts) => (joined(parts, " or "), parts.len() == 1),
        Formula::AllOf(parts) => (joined(parts, " and "), parts.len() == 1),
        Formula::Disputed(point, parts) => {
            (format!("{}, of which one may be enough by {}", joined(parts, " and "), point.name()), false)
        }
    };
    if is_whole || is_short { text } else { format!("({text})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_have_parentheses() {
        let of = |name| {
            let task = lanyard_engine::tasks::find(name).unwrap();
            formula_in_words(&task.formula, &|name| format!("`{name}`"))
        };
        assert_eq!(
            of("watch-screen-recordings"),
            "(`ScreenRecording.Access` or `ScreenRecording.Redacted.Access`) and (`ContactSearch.View` or \
             `MyContacts.View`)"
        );
        assert_eq!(
            of("assign-security-profile"),
            "(`Users.EditPermission` and `Users.Edit`, of which one may be enough by G2) or `Users.Create` for a new resource"
        );
    }
}
