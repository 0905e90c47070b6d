//! One call of a user who signed in: whether it may be, before and while it runs.

use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use lanyard_engine::{Compiled, Explanation, Finding, Principal, Question, Reading, Resource, wording};
use lanyard_model::{Directory, Id, Key, Kind, Scope};
use lanyard_wire::{ErrorKind, Input, Operation, UriParams};

use super::authorization::{Authorization, Subject};
use super::members::Members;
use super::sessions::Found;
use super::table::{self, Door, On, Rule, TYPES, type_of};
use crate::context::Caller;
use crate::error::{Error, Result};
use crate::node::Instance;

/// A user who came in.
pub(crate) struct UserSession {
    pub(super) session: Found,
    pub(super) instance: Instance,
}

/// A user's call of an operation that the table opens.
#[derive(Debug)]
pub(crate) struct UserRequest {
    /// The only instance there is for the user.
    pub(crate) instance: Id,
    pub(super) scope: Scope,
    /// The user's ARN, which no name can be mistaken for.
    pub(super) user: String,
    pub(super) operation: &'static str,
    pub(super) rule: &'static Rule,
    members: OnceLock<Members>,
}

impl UserSession {
    /// The user's call of an operation, if they may call it on anything at all: nothing else has been looked at yet.
    ///
    /// # Errors
    /// Access denied, saying which permission it takes.
    pub(crate) fn user_request(self, operation: Operation) -> Result<(Caller, Scope)> {
        let closed = |why: &str| {
            let message = format!("{} cannot be called with a session: {why}", operation.name());
            Error::new(ErrorKind::AccessDeniedException, message)
        };
        let rule = match table::entry(operation) {
            Some(Door::Open(rule)) => rule,
            Some(Door::Closed(why)) => return Err(closed(why)),
            None => return Err(closed("nothing says which permission governs it")),
        };
        let scope = Scope::clone(&self.instance.scope);
        let Found { instance, user, .. } = self.session;
        let user_request = UserRequest {
            user: scope.arn(&instance, Kind::User, &user).unwrap_or_default(),
            instance,
            scope: scope.clone(),
            operation: operation.name(),
            rule,
            members: OnceLock::new(),
        };
        user_request.sign_in_limiter(self.instance.writer.read().compiled())?;
        Ok((Caller::User(Arc::new(user_request)), scope))
    }
}

impl UserRequest {
    /// Whom the log names.
    pub(crate) fn actor(&self) -> &str {
        &self.user
    }

    /// Notes what the request names.
    pub(crate) fn note(&self, params: &UriParams<'_>, input: &impl Input) {
        self.members.get_or_init(|| Members::of(params, input));
    }

    /// Whether the operation may be done, by the state it is to run on.
    ///
    /// # Errors
    /// Access denied, where the user may know that what the request names exists. Where they may not, the pass sees to
    /// it that the operation does not find it.
    pub(crate) fn before<'a>(&'a self, directory: &Directory, compiled: &'a Compiled) -> Result<Authorization<'a>> {
        self.sign_in_limiter(compiled)?;
        let principal = compiled.principal_handle(Principal::User(&self.user));
        let authorization = |subject| Authorization { user_request: self, compiled, user: principal, subject };
        for named in self.rule.names {
            if !self.texts(named.member).is_empty() {
                let Some(it) = type_of(named.kind) else { continue };
                let question = Question { resource: any(it.name), ..self.question(it.view, it.name, "*") };
                self.require(compiled, &question, &format!("to name a {} in `{}`", named.kind.noun(), named.member))?;
            }
        }
        let (permission, member) = match self.rule.on {
            On::One(_, member) => (self.rule.permission, member),
            On::Records(_) => (table::VIEW_TABLES, table::TABLE_ID),
            On::TagsShown(member) | On::TagsChanged(member) => ("", member),
            On::New(_) | On::Shown(_) | On::Every(_) | On::Instance | On::AnyShown => {
                return Ok(authorization(Subject::None));
            }
        };
        let texts = self.texts(member);
        let Some(key) = texts.first().and_then(|text| self.key(text)) else {
            return Ok(authorization(Subject::Hidden));
        };
        let Some(it) = type_of(key.kind) else {
            let message =
                format!("no permission of security profiles governs the tags of {} resources", key.kind.noun());
            return Err(Error::new(ErrorKind::AccessDeniedException, message));
        };
        let permission = match self.rule.on {
            On::TagsShown(_) => it.view,
            On::TagsChanged(_) => it.edit,
            _ => permission,
        };
        if !matches!(self.rule.on, On::One(..) | On::Records(_)) {
            let question = Question { resource: any(it.name), ..self.question(permission, it.name, "*") };
            self.require(compiled, &question, &format!("on a {}", key.kind.noun()))?;
        }
        if directory.get(key.kind, &key.id).is_none() {
            return Ok(authorization(Subject::Hidden));
        }
        let id = key.id.to_string();
        let question = self.question(permission, it.name, &id);
        if allows(compiled, &question) {
            if let On::Records(write) = self.rule.on {
                self.require_records(directory, compiled, &key.id, write)?;
            }
            return Ok(authorization(Subject::Granted(key, permission)));
        }
        if authorization(Subject::None).visibility().can_view(key.kind, &key.id) {
            self.require(compiled, &question, &format!("on the {} `{id}`", key.kind.noun()))?;
        }
        Ok(authorization(Subject::Hidden))
    }

    /// Refuses a user who may do it on nothing at all.
    fn sign_in_limiter(&self, compiled: &Compiled) -> Result<()> {
        let permission = self.rule.permission;
        let of = |kind| type_of(kind).map_or("", |it| it.name);
        match self.rule.on {
            On::One(kind, _) | On::New(kind) | On::Shown(kind) => {
                let question = Question { resource: any(of(kind)), ..self.question(permission, of(kind), "*") };
                self.require(compiled, &question, &format!("on a {}", kind.noun()))
            }
            On::Records(_) => {
                let question =
                    Question { resource: any("DataTableRecord"), ..self.question(permission, "DataTableRecord", "*") };
                self.require(compiled, &question, "on a record of a data table")
            }
            On::Every(kind) => {
                let question = self.question(permission, of(kind), "*");
                self.require(compiled, &question, &format!("on every {}", kind.noun()))
            }
            On::Instance => {
                let id = self.instance.to_string();
                self.require(compiled, &self.question(permission, "Instance", &id), "")
            }
            On::TagsShown(_) | On::AnyShown => self.gate_any(compiled, "View", |it| it.view),
            On::TagsChanged(_) => self.gate_any(compiled, "Edit", |it| it.edit),
        }
    }

    fn gate_any(&self, compiled: &Compiled, name: &str, of: fn(&table::Type) -> &'static str) -> Result<()> {
        let mut types = TYPES.iter();
        if types.any(|it| allows(compiled, &Question { resource: any(it.name), ..self.question(of(it), it.name, "*") }))
        {
            return Ok(());
        }
        Err(self.denied(&format!("takes the {name} permission of the resource's type, and the user holds none")))
    }

    /// Refuses what is not allowed, and says why.
    pub(super) fn require(&self, compiled: &Compiled, question: &Question<'_>, on: &str) -> Result<()> {
        if allows(compiled, question) {
            return Ok(());
        }
        let mut text = format!("takes `{}`", question.action);
        if !on.is_empty() {
            let _ = write!(text, " {on}");
        }
        if let Ok(explanation) = compiled.explain(question) {
            let _ = write!(text, "; {}", why(&explanation));
        }
        Err(self.denied(&text))
    }

    pub(super) fn denied(&self, what: &str) -> Error {
        Error::new(ErrorKind::AccessDeniedException, format!("{} {what}", self.operation))
    }

    /// The question whether the user may.
    pub(super) fn question<'q>(&'q self, permission: &'q str, type_name: &'q str, id: &'q str) -> Question<'q> {
        Question::new(Principal::User(&self.user), permission, type_name, id)
    }

    /// The body of the request.
    pub(super) fn body(&self) -> &serde_json::Value {
        self.members.get().map_or(&serde_json::Value::Null, Members::body)
    }

    pub(super) fn texts(&self, member: &str) -> Vec<&str> {
        self.members.get().map(|members| members.texts(member)).unwrap_or_default()
    }

    /// The resource that the operation's member names: by identifier, or by ARN in this instance; a flow module or data
    /// table perhaps with a qualifier. What an operation takes for no name at all, it does not find, and neither matters here.
    fn key(&self, text: &str) -> Option<Key> {
        let parsed = text.starts_with("arn:").then(|| self.scope.parse_arn(text)).flatten();
        let here = parsed.filter(|(instance, ..)| *instance == self.instance).map(|(_, kind, id)| Key { kind, id });
        let qualified = |kind: Kind| {
            let id = here.clone().filter(|key| key.kind == kind).map(|key| key.id.to_string());
            let text = id.as_deref().unwrap_or(text);
            let bare = text.split_once(':').map_or(text, |(id, _)| id);
            Some(Key { kind, id: Id::new(bare) })
        };
        match self.rule.on {
            On::One(kind @ (Kind::FlowModule | Kind::DataTable), _) => qualified(kind),
            On::Records(_) => qualified(Kind::DataTable),
            On::One(kind, _) => Some(here.filter(|key| key.kind == kind).unwrap_or(Key { kind, id: Id::new(text) })),
            _ => here,
        }
    }
}

/// At least one of a type.
fn any(type_name: &str) -> Resource<'_> {
    Resource { resource_type: type_name, id: "*", match_some: true, ..Resource::default() }
}

/// Whether it is allowed, strictly read. What cannot be decided is not.
pub(super) fn allows(compiled: &Compiled, question: &Question<'_>) -> bool {
    compiled.decide(question, Reading::STRICT).is_ok_and(lanyard_engine::Verdict::is_allowed)
}

/// Why not, in a clause: what stood in the way whatever the profiles, or what the profile that came closest lacks.
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
