//! The principals that may do something.

use lanyard_engine::{Denial, Malformed, OpenPoint, PrincipalKind, Reading, implied, wording};
use lanyard_model::catalogue::{ResourceType, builtin_tool};
use lanyard_model::{Id, Kind, shown};
use serde::{Deserialize, Serialize};

use crate::holder::holder_of;
use crate::names::{EXACT, Names};
use crate::not_understood::NotUnderstood;
use crate::question::OwnedQuestion;
use crate::refusal::refuse;
use crate::resolve::{any_of_type, usual_resource};
use crate::state_view::{Basis, StateView};
use crate::subject::Subject;
use crate::text::{self, QuestionNames};
use crate::tool_names::check_names;
use crate::written::WrittenQuestion;

/// A principal in the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedPrincipal {
    /// The principal, by identifier.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// The open points that leave the answer undetermined; none where it is certain.
    pub open_points: Vec<OpenPoint>,
}

/// The principals that may do something, and those for whom it is undetermined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhoCan {
    /// The question, with identifiers; its principal is a placeholder.
    pub question: OwnedQuestion,
    /// The names of the action and the resource.
    pub known_as: QuestionNames,
    /// Those that may.
    pub allowed: Vec<ListedPrincipal>,
    /// Those for whom it is undetermined.
    pub undetermined: Vec<ListedPrincipal>,
    /// Whether a principal that could not be read may be allowed.
    pub may_be_more: bool,
    /// Notes on the answer.
    pub notes: Vec<String>,
    /// The state that it rests on.
    pub basis: Basis,
}

/// Finds the principals.
///
/// # Errors
/// The question names something that does not exist, or contradicts itself.
pub fn who_can(view: &StateView<'_>, written: &WrittenQuestion) -> Result<WhoCan, NotUnderstood> {
    let names = view.names();
    let (question, denial) = question_for_all(view, written)?;
    let mut notes = written.notes(&names, &question);
    if let Some(denial) = denial {
        notes.push(wording::denial(denial).to_owned());
        notes.extend(names.hint(denial, &question));
    }
    let (has_users, has_profiles) = (!view.directory.users.is_empty(), !view.directory.security_profiles.is_empty());
    let profiles = written.profiles || (!has_users && has_profiles && view.directory.ai_agents.is_empty());
    let mut answer = WhoCan {
        known_as: QuestionNames::of(&names, &question),
        question,
        allowed: Vec::new(),
        undetermined: Vec::new(),
        may_be_more: view.lacks_principals() && denial.is_none(),
        notes,
        basis: view.basis(),
    };
    if profiles {
        answer.profiles(view)?;
    } else {
        answer.principals(view)?;
    }
    let is_restricting = names.catalogue.get(&answer.question.action).is_some_and(|it| it.flags().restricting);
    if !answer.allowed.is_empty() && is_restricting {
        answer.notes.push("this permission takes something away: those listed are restricted by it".to_owned());
    }
    if answer.allowed.is_empty() && answer.undetermined.is_empty() && denial.is_none() {
        answer.notes.extend(why_nobody(view, &answer.question));
    }
    if profiles {
        let note = "security profiles are listed: a person who holds only that one, without hierarchy group and tags, may do it";
        answer.notes.push(note.to_owned());
    }
    answer.notes.extend(view.not_seen());
    answer.allowed.sort_by_cached_key(order);
    answer.undetermined.sort_by_cached_key(order);
    Ok(answer)
}

/// The question about every principal, with identifiers in place of names; and the reason why it is denied for all of them
/// alike, such as an action that does not act on the type.
///
/// # Errors
/// The question names something that does not exist, or contradicts itself.
pub fn question_for_all(
    view: &StateView<'_>,
    written: &WrittenQuestion,
) -> Result<(OwnedQuestion, Option<Denial>), NotUnderstood> {
    let question = question(view, written)?;
    let denial = denial_for_all(view, &question)?;
    denial.map_or(Ok(()), |denial| refuse(&view.names(), &question, denial))?;
    Ok((question, denial))
}

fn question(view: &StateView<'_>, written: &WrittenQuestion) -> Result<OwnedQuestion, NotUnderstood> {
    let names = view.names();
    let Some(action) = &written.action else { return Err(NotUnderstood::new("the question needs an action")) };
    let (is_exact, action) = (action.starts_with(EXACT), names.action(action));
    let (resource, some) = match &written.resource {
        Some(resource) => any_of_type(resource),
        None => (usual_resource(&names, &action), true),
    };
    let mut question = written.resolve(view, Subject::default(), &action, &resource)?;
    question.match_some = some && question.id == "*";
    check_names(view, &question, is_exact)?;
    Ok(question)
}

/// The reason why the question is denied for users and for AI agents alike. Some actions are only for AI agents.
fn denial_for_all(view: &StateView<'_>, question: &OwnedQuestion) -> Result<Option<Denial>, Malformed> {
    let of_kind = |kind, subject| {
        let question = OwnedQuestion { subject, ..question.for_kind(kind) };
        question.with(|borrowed| view.compiled.denial_for_all(borrowed))
    };
    let of_users = of_kind(PrincipalKind::User, Subject::default())?;
    let of_agents = of_kind(PrincipalKind::AiAgent, Subject::AiAgent("*".to_owned()))?;
    Ok(of_users.and(of_agents))
}

/// Users come first, by name.
fn order(principal: &ListedPrincipal) -> (bool, String) {
    (matches!(principal.subject, Subject::AiAgent(_)), principal.name.to_lowercase())
}

impl WhoCan {
    /// Adds the users and AI agents.
    fn principals(&mut self, view: &StateView<'_>) -> Result<(), Malformed> {
        for kind in [PrincipalKind::User, PrincipalKind::AiAgent] {
            self.of_kind(view, view.compiled, kind, |id| {
                Some(match kind {
                    PrincipalKind::User => Subject::User(id.to_owned()),
                    PrincipalKind::AiAgent => Subject::AiAgent(id.to_owned()),
                })
            })?;
        }
        Ok(())
    }

    /// Adds the security profiles.
    fn profiles(&mut self, view: &StateView<'_>) -> Result<(), Malformed> {
        let compiled = view.with_holders(view.directory.security_profiles.keys());
        self.of_kind(view, &compiled, PrincipalKind::User, |id| {
            holder_of(id).map(|profile| Subject::SecurityProfile(profile.to_owned()))
        })
    }

    /// Adds those principals of a kind that are listed.
    fn of_kind(
        &mut self,
        view: &StateView<'_>,
        compiled: &lanyard_engine::Compiled,
        kind: PrincipalKind,
        subject: impl Fn(&str) -> Option<Subject>,
    ) -> Result<(), Malformed> {
        let names = view.names();
        // Only AI agents act for somebody else.
        let question = self.question.for_kind(kind);
        let of_reading = |reading| {
            question.with(|borrowed| {
                compiled.who(kind, borrowed, reading, None).map(|ids| ids.cloned().collect::<Vec<_>>())
            })
        };
        let certain = of_reading(Reading::STRICT)?;
        let mut certain = certain.iter().peekable();
        for id in of_reading(Reading::LENIENT)? {
            let is_certain = certain.next_if(|it| **it == id).is_some();
            let Some(subject) = subject(&id.to_string()) else { continue };
            let name = text::subject(&names, &subject);
            if is_certain {
                self.allowed.push(ListedPrincipal { subject, name, open_points: Vec::new() });
                continue;
            }
            let one = OwnedQuestion { subject: subject.clone(), ..question.clone() };
            let answer = one.with(|borrowed| compiled.outcome(borrowed))?;
            self.undetermined.push(ListedPrincipal { subject, name, open_points: answer.open_points });
        }
        Ok(())
    }
}

/// The reason why a search for principals is empty.
fn why_nobody(view: &StateView<'_>, question: &OwnedQuestion) -> Vec<String> {
    let Names { catalogue, directory, .. } = view.names();
    if directory.users.is_empty() && directory.ai_agents.is_empty() && !view.lacks_principals() {
        return vec!["the instance has no user and no AI agent".to_owned()];
    }
    let it = ResourceType::from_name(&question.resource_type);
    if question.match_some
        && question.id == "*"
        && let Some(kind) = it.and_then(ResourceType::kind)
        && directory.count(kind) == 0
        && !view.unknown_parts.kinds.contains(&kind)
        && kind != Kind::Instance
    {
        return vec![format!("the instance has no {}", kind.noun())];
    }
    if view.unknown_parts.tools.is_empty()
        && let Some(reason) = why_no_tool(view, question)
    {
        return vec![reason];
    }
    if let Some(permission) = builtin_tool(&question.action).and_then(|tool| tool.permission) {
        return vec![format!("the tool is for AI agents, and takes `{permission}`")];
    }
    let permissions = view.names().permissions_of(&question.action);
    if permissions.is_empty() || permissions.iter().any(|it| catalogue.get(it).is_none()) {
        return Vec::new();
    }
    let gives = |has: &str| permissions.iter().any(|it| has == *it || implied(has).contains(it));
    let profiles = directory.security_profiles.values();
    let granting: Vec<_> = profiles.filter(|it| it.permissions.iter().any(|has| gives(has))).collect();
    let is_held = |ids: &[Id]| granting.iter().any(|profile| ids.contains(&profile.id));
    let it = if permissions.len() == 1 { "the permission" } else { "a permission that the task takes" };
    let lacks_permissions = !view.unknown_parts.permissions.is_empty();
    if view.unknown_parts.kinds.contains(&Kind::SecurityProfile) || lacks_permissions {
        let none = || format!("no security profile that was seen has {it}");
        return granting.is_empty().then(none).into_iter().collect();
    }
    let has_holder = directory.users.values().any(|it| is_held(&it.security_profile_ids))
        || directory.ai_agents.values().any(|it| is_held(&it.security_profile_ids));
    vec![match granting.as_slice() {
        [] => format!("no security profile has {it}"),
        [only] if !has_holder => format!("only `{}` has {it}, and nobody holds that", shown(&only.name)),
        several if !has_holder => format!("{} security profiles have {it}, and nobody holds one", several.len()),
        _ => format!("some people hold {it}, but not for this resource, or not all that it takes"),
    }]
}

/// The reason why nobody may use a tool, an application or an AI agent; `None` for other resources.
fn why_no_tool(view: &StateView<'_>, question: &OwnedQuestion) -> Option<String> {
    let OwnedQuestion { action, resource_type, id, .. } = question;
    let profiles = view.directory.security_profiles.values();
    let is_named = match resource_type.as_str() {
        "McpServer" | "ThirdPartyApplication" => {
            profiles.flat_map(|profile| &profile.applications).any(|application| {
                application.namespace.as_deref() == Some(id) && application.permissions.iter().any(|it| it == action)
            })
        }
        "AIAgent" => profiles.flat_map(|profile| &profile.allowed_ai_agents).any(|it| it.arn.as_deref() == Some(id)),
        _ => return None,
    };
    if id == "*" {
        return None;
    }
    let of_tool = || format!("no security profile lists `{}` for the {resource_type} `{}`", shown(action), shown(id));
    Some(match is_named {
        false => of_tool(),
        true => "a security profile lists it, and nobody who holds it may use it".to_owned(),
    })
}
