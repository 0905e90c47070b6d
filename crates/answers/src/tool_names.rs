//! Tools, namespaces and AI agents that nothing in a state names, and tasks on types that they are not about.
//!
//! No list says which tools exist: only security profiles name them. A name that is almost one of those is taken for a
//! misspelt one. `tool:` before the action says that the names are meant as they are.

use std::collections::BTreeSet;

use lanyard_model::{Kind, shown};

use crate::names::EXACT;
use crate::not_understood::NotUnderstood;
use crate::question::OwnedQuestion;
use crate::state_view::StateView;
use crate::written::WrittenQuestion;

/// The most single changes of characters between a misspelt name and the one that is meant; in a short name only one.
const CHANGES: usize = 2;
const SHORT: usize = 6;

/// The most known names that are listed where none is near.
const LISTED: usize = 5;

/// The action on an application, which is no tool of it.
const ACCESS: &str = "ACCESS";

/// Refuses a question about a tool, a namespace or an AI agent that nothing names and that is almost one that something
/// names, and a task on a type that it is not about. `is_exact` is whether the names are meant as they are.
///
/// # Errors
/// The question names something that is not known.
pub(crate) fn check_names(view: &StateView<'_>, question: &OwnedQuestion, is_exact: bool) -> Result<(), NotUnderstood> {
    let OwnedQuestion { action, resource_type, .. } = question;
    if let Some(task) = view.names().task(action)
        && !task.resource_types.contains(&resource_type.as_str())
    {
        return Err(NotUnderstood::new(format!(
            "the task `{}` is not about the type {}; it is asked on {}",
            shown(task.name),
            shown(resource_type),
            task.resource_types.join(", ")
        )));
    }
    if is_exact { Ok(()) } else { each_name(view, question, misspelt) }
}

/// Refuses a question about a tool, a namespace or an AI agent that nothing names, whether or not it is almost one that
/// something names: for checks that pass where nobody has access, so that no other name passes in place of the one that is
/// meant.
///
/// # Errors
/// The question names something that nothing in the state names, and all that may name it was seen.
pub fn require_names(
    view: &StateView<'_>,
    written: &WrittenQuestion,
    question: &OwnedQuestion,
) -> Result<(), NotUnderstood> {
    let is_exact = written.action.as_ref().is_some_and(|action| action.starts_with(EXACT));
    if is_exact { Ok(()) } else { each_name(view, question, unnamed) }
}

/// Applies a check to the names of the question that only security profiles have: each with what profiles do with such
/// names, and the names that are known.
fn each_name(
    view: &StateView<'_>,
    question: &OwnedQuestion,
    check: impl Fn(&str, &str, &[&str]) -> Result<(), NotUnderstood>,
) -> Result<(), NotUnderstood> {
    let OwnedQuestion { action, resource_type, id, .. } = question;
    if view.lacks_tools() {
        return Ok(());
    }
    match resource_type.as_str() {
        "McpServer" if id == "*" => {
            let all = view.namespaces().into_iter().flat_map(|namespace| view.tools_of(namespace));
            check("lists the tool", action, &all.collect::<Vec<_>>())
        }
        _ if id == "*" => Ok(()),
        "McpServer" | "ThirdPartyApplication" => {
            let namespaces = view.namespaces();
            check(&format!("names the {resource_type}"), id, &namespaces.iter().copied().collect::<Vec<_>>())?;
            if action == ACCESS || !namespaces.contains(id.as_str()) {
                return Ok(());
            }
            check(&format!("lists for `{}` the tool", shown(id)), action, &view.tools_of(id).collect::<Vec<_>>())
        }
        "AIAgent" => check("names the AI agent", id, &view.agents().collect::<Vec<_>>()),
        _ => Ok(()),
    }
}

/// Refuses a name that is not among the known ones.
fn unnamed(does: &str, name: &str, known: &[&str]) -> Result<(), NotUnderstood> {
    misspelt(does, name, known)?;
    if known.contains(&name) {
        return Ok(());
    }
    let sentence = format!(
        "no security profile {does} `{}`; `{EXACT}` before the action asks about exactly these names",
        shown(name)
    );
    let known = known.iter().collect::<BTreeSet<_>>();
    let some: Vec<String> = known.iter().take(LISTED).map(|it| format!("`{}`", shown(it))).collect();
    if some.is_empty() {
        return Err(NotUnderstood::new(sentence));
    }
    let more = known.len().saturating_sub(some.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Err(NotUnderstood::with_names(sentence, format!("there is {}{more}", some.join(", "))))
}

/// Refuses a name that is not among the known ones and almost one of them.
fn misspelt(does: &str, name: &str, known: &[&str]) -> Result<(), NotUnderstood> {
    let mut near: Vec<(usize, &str)> = Vec::new();
    let most = if name.chars().count() < SHORT { 1 } else { CHANGES };
    for it in known.iter().copied() {
        match strsim::damerau_levenshtein(&it.to_lowercase(), &name.to_lowercase()) {
            _ if it == name => return Ok(()),
            changes if changes <= most => near.push((changes, it)),
            _ => {}
        }
    }
    near.sort_unstable();
    near.dedup();
    let Some((_, nearest)) = near.first() else { return Ok(()) };
    let sentence = format!("no security profile {does} `{}`", shown(name));
    let hint = format!("did you mean `{}`? `{EXACT}` before the action asks about exactly these names", shown(nearest));
    Err(NotUnderstood::with_names(sentence, hint))
}

impl<'a> StateView<'a> {
    /// Whether a tool that is not seen may be named.
    fn lacks_tools(&self) -> bool {
        !self.unknown_parts.tools.is_empty() || self.unknown_parts.kinds.contains(&Kind::SecurityProfile)
    }

    /// The namespaces that security profiles name.
    fn namespaces(&self) -> BTreeSet<&'a str> {
        let profiles = self.directory.security_profiles.values();
        profiles.flat_map(|profile| &profile.applications).filter_map(|it| it.namespace.as_deref()).collect()
    }

    /// The tools that security profiles list for a namespace.
    fn tools_of(&self, namespace: &str) -> impl Iterator<Item = &'a str> {
        let profiles = self.directory.security_profiles.values();
        let applications = profiles.flat_map(|profile| &profile.applications);
        let of_namespace = applications.filter(move |it| it.namespace.as_deref() == Some(namespace));
        of_namespace.flat_map(|it| &it.permissions).map(String::as_str)
    }

    /// The AI agents that there are, and those that security profiles name.
    fn agents(&self) -> impl Iterator<Item = &'a str> {
        let there = self.directory.ai_agents.values().map(|agent| agent.arn.as_str());
        let profiles = self.directory.security_profiles.values();
        let named = profiles.flat_map(|profile| &profile.allowed_ai_agents).filter_map(|it| it.arn.as_deref());
        there.chain(named)
    }

    /// The namespaces for which security profiles list a tool.
    pub(crate) fn namespaces_with(&self, tool: &str) -> Vec<&'a str> {
        let has = |namespace: &&str| self.tools_of(namespace).any(|it| it == tool);
        self.namespaces().into_iter().filter(has).collect()
    }
}
