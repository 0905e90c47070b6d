//! One call of a user who signed in: whether it may be, before and while it runs.

use std::fmt::Write as _;
use std::sync::OnceLock;

use lanyard_engine::tasks::{self, PREFIX};
use lanyard_engine::{Compiled, Explanation, Finding, Principal, Question, Reading, Resource, wording};
use lanyard_model::catalogue::ResourceType;
use lanyard_model::{Id, Key, Kind, Scope};
use lanyard_wire::{Input, UriParams};

use crate::members::Members;
use crate::operation_policy::{Requirement, Target, Type, type_of, types};
use crate::refusal::{Refusal, Result};

/// A user's call of an operation that can be called with a session.
#[derive(Debug)]
pub struct UserRequest {
    /// The only instance there is for the user.
    pub instance: Id,
    pub(crate) scope: Scope,
    /// The user's ARN, which no name can be mistaken for.
    pub(crate) user: String,
    pub(crate) operation: &'static str,
    pub(crate) requirement: &'static Requirement,
    members: OnceLock<Members>,
}

impl UserRequest {
    /// A call of an operation that `requirement` governs, by a user of an instance.
    #[must_use]
    pub fn new(
        instance: Id,
        scope: Scope,
        user: &Id,
        operation: &'static str,
        requirement: &'static Requirement,
    ) -> Self {
        let user = scope.arn(&instance, Kind::User, user).unwrap_or_default();
        Self { instance, scope, user, operation, requirement, members: OnceLock::new() }
    }

    /// The user's ARN, which the log names as the actor.
    #[must_use]
    pub fn actor(&self) -> &str {
        &self.user
    }

    /// Notes what the request names.
    pub fn note(&self, params: &UriParams<'_>, input: &impl Input) {
        self.members.get_or_init(|| Members::of(params, input));
    }

    /// Refuses a user who may do it on no resource at all, before any other check.
    ///
    /// # Errors
    /// Denied, with the permission that it takes.
    pub fn require_somewhere(&self, compiled: &Compiled) -> Result<()> {
        let permission = self.requirement.permission;
        let of = |kind| type_of(kind).map_or("", |it| it.name);
        match self.requirement.on {
            Target::One(kind, _) | Target::New(kind) | Target::Shown(kind) => {
                let question = Question { resource: any(of(kind)), ..self.question(permission, of(kind), "*") };
                self.require(compiled, &question, &format!("on a {}", kind.noun()))
            }
            Target::Listed(kind) => self.require_cover(compiled, kind, &format!("to list a {}", kind.noun())),
            Target::Records(_) => {
                let question =
                    Question { resource: any("DataTableRecord"), ..self.question(permission, "DataTableRecord", "*") };
                self.require(compiled, &question, "on a record of a data table")
            }
            Target::Every(kind) => {
                let question = self.question(permission, of(kind), "*");
                self.require(compiled, &question, &format!("on every {}", kind.noun()))
            }
            Target::Instance => {
                let id = self.instance.to_string();
                self.require(compiled, &self.question(permission, "Instance", &id), "")
            }
            Target::TagsShown(_) | Target::AnyShown => self.require_any_type(compiled, "View", |it| it.view),
            Target::TagsChanged(_) => self.require_any_type(compiled, "Edit", |it| it.edit),
        }
    }

    /// Refuses a user whom no permission lets name any resource of the kind: neither that to view it nor one that covers
    /// it (rule 15 of `docs/semantics.md`).
    pub(crate) fn require_cover(&self, compiled: &Compiled, kind: Kind, why: &str) -> Result<()> {
        let Some(it) = ResourceType::of_kind(kind) else { return Ok(()) };
        let user = compiled.principal_handle(Principal::User(&self.user));
        if user.is_some_and(|user| compiled.may_list_some(user, it)) {
            return Ok(());
        }
        let names: Vec<_> =
            it.view_permission().iter().chain(it.covered_by()).map(|name| format!("`{name}`")).collect();
        Err(self.denied(&format!("takes one of {} {why}; no security profile of the user holds any", names.join(", "))))
    }

    fn require_any_type(&self, compiled: &Compiled, name: &str, of: fn(&Type) -> &'static str) -> Result<()> {
        let mut types = types().iter();
        if types.any(|it| allows(compiled, &Question { resource: any(it.name), ..self.question(of(it), it.name, "*") }))
        {
            return Ok(());
        }
        Err(self.denied(&format!("takes the {name} permission of the resource's type, and the user holds none")))
    }

    /// Refuses a call that is not allowed, with the reason.
    pub(crate) fn require(&self, compiled: &Compiled, question: &Question<'_>, on: &str) -> Result<()> {
        if allows(compiled, question) {
            return Ok(());
        }
        let mut text = format!("takes {}", taken(question.action));
        if !on.is_empty() {
            let _ = write!(text, " {on}");
        }
        if let Ok(explanation) = compiled.explain(question) {
            let _ = write!(text, "; {}", why(&explanation));
        }
        Err(self.denied(&text))
    }

    pub(crate) fn denied(&self, what: &str) -> Refusal {
        Refusal::Denied(format!("{} {what}", self.operation))
    }

    /// The question whether the user may.
    pub(crate) fn question<'q>(&'q self, permission: &'q str, type_name: &'q str, id: &'q str) -> Question<'q> {
        Question::new(Principal::User(&self.user), permission, type_name, id)
    }

    /// The body of the request.
    pub(crate) fn body(&self) -> &serde_json::Value {
        self.members.get().map_or(&serde_json::Value::Null, Members::body)
    }

    pub(crate) fn texts(&self, member: &str) -> Vec<&str> {
        self.members.get().map(|members| members.texts(member)).unwrap_or_default()
    }

    /// The resource that the operation's member names: by identifier, or by ARN in this instance; a flow module or data
    /// table perhaps with a qualifier. A text that is no name names no resource; the operation does not find it either.
    pub(crate) fn key(&self, text: &str) -> Option<Key> {
        let parsed = text.starts_with("arn:").then(|| self.scope.parse_arn(text)).flatten();
        let here = parsed.filter(|(instance, ..)| *instance == self.instance).map(|(_, kind, id)| Key { kind, id });
        let qualified = |kind: Kind| {
            let id = here.clone().filter(|key| key.kind == kind).map(|key| key.id.to_string());
            let text = id.as_deref().unwrap_or(text);
            let bare = text.split_once(':').map_or(text, |(id, _)| id);
            Some(Key { kind, id: Id::new(bare) })
        };
        match self.requirement.on {
            Target::One(kind @ (Kind::FlowModule | Kind::DataTable), _) => qualified(kind),
            Target::Records(_) => qualified(Kind::DataTable),
            Target::One(kind, _) => {
                Some(here.filter(|key| key.kind == kind).unwrap_or(Key { kind, id: Id::new(text) }))
            }
            _ => here,
        }
    }
}

/// The permission in words; of a task, all that the strict reading asks for.
fn taken(action: &str) -> String {
    let Some(task) = action.strip_prefix(PREFIX).and_then(tasks::find) else { return format!("`{action}`") };
    task.formula.in_words(Reading::STRICT, false)
}

/// At least one of a type.
pub(crate) fn any(type_name: &str) -> Resource<'_> {
    Resource { resource_type: type_name, id: "*", match_some: true, ..Resource::default() }
}

/// Whether it is allowed, strictly read. An undetermined answer counts as denied.
pub fn allows(compiled: &Compiled, question: &Question<'_>) -> bool {
    compiled.decide(question, Reading::STRICT).is_ok_and(lanyard_engine::Verdict::is_allowed)
}

/// The reason for a refusal, in a clause: an obstacle that no profile removes, or what the closest profile lacks.
fn why(explanation: &Explanation) -> String {
    if let Some(denial) = explanation.answer.denial {
        return wording::denial(denial).to_owned();
    }
    let reports = &explanation.reports;
    let reasons: Vec<&Finding> =
        explanation.reasons.iter().chain(reports.iter().flat_map(|report| &report.reasons)).collect();
    if !reasons.is_empty() {
        return reasons.into_iter().map(wording::finding).collect::<Vec<_>>().join("; ");
    }
    let closest = reports.iter().find_map(|report| report.profiles.get(report.closest?));
    match closest {
        Some(profile) if !profile.findings.iter().any(|it| matches!(it, Finding::PermissionMissing { .. })) => {
            let findings: Vec<_> = profile.findings.iter().map(wording::finding).collect();
            format!("the user's security profile `{}` {}", profile.name, findings.join("; "))
        }
        _ => "no security profile of the user holds it".to_owned(),
    }
}
