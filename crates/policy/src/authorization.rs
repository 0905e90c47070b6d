//! The authorization of one user's call: the resources that it may view and change in one state, and the check of its
//! changes.

use lanyard_engine::{Compiled, Handle, Principal, Question, Resource};
use lanyard_model::{Change, Directory, Id, Key, Kind, Resource as Stored};

use crate::operation_policy::{TABLE_ID, Target, VIEW_TABLES, type_of};
use crate::refusal::{Refusal, Result};
use crate::user_request::{UserRequest, allows, any};
use crate::visibility::VisibilityFilter;

/// The resource that the request names, where the operation is about one.
#[derive(Debug)]
pub(crate) enum Subject {
    /// The operation is not about one.
    None,
    /// It, and the permission that was granted on it.
    Granted(Key, &'static str),
    /// It is not there for the user.
    Hidden,
}

/// The proof that an operation is authorised on one state.
pub struct Authorization<'a> {
    pub(crate) user_request: &'a UserRequest,
    pub(crate) compiled: &'a Compiled,
    pub(crate) user: Option<Handle>,
    pub(crate) subject: Subject,
}

impl UserRequest {
    /// Whether the operation may be done, by the state it is to run on.
    ///
    /// # Errors
    /// Denied, where the user may know that the named resource exists. Where they may not, the authorization hides it
    /// from the operation.
    pub fn authorize<'a>(&'a self, directory: &Directory, compiled: &'a Compiled) -> Result<Authorization<'a>> {
        self.require_somewhere(compiled)?;
        let principal = compiled.principal_handle(Principal::User(&self.user));
        let authorization = |subject| Authorization { user_request: self, compiled, user: principal, subject };
        for named in self.requirement.names {
            if !self.texts(named.member).is_empty() {
                let on = format!("to name a {} in `{}`", named.kind.noun(), named.member);
                self.require_cover(compiled, named.kind, &on)?;
            }
        }
        let (permission, member) = match self.requirement.on {
            Target::One(_, member) => (self.requirement.permission, member),
            Target::Records(_) => (VIEW_TABLES, TABLE_ID),
            Target::TagsShown(member) | Target::TagsChanged(member) => ("", member),
            Target::New(_)
            | Target::Shown(_)
            | Target::Listed(_)
            | Target::Every(_)
            | Target::Instance
            | Target::AnyShown => {
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
            return Err(Refusal::Denied(message));
        };
        let permission = match self.requirement.on {
            Target::TagsShown(_) => it.view,
            Target::TagsChanged(_) => it.edit,
            _ => permission,
        };
        if !matches!(self.requirement.on, Target::One(..) | Target::Records(_)) {
            let question = Question { resource: any(it.name), ..self.question(permission, it.name, "*") };
            self.require(compiled, &question, &format!("on a {}", key.kind.noun()))?;
        }
        if directory.get(key.kind, &key.id).is_none() {
            return Ok(authorization(Subject::Hidden));
        }
        let id = key.id.to_string();
        let question = self.question(permission, it.name, &id);
        if allows(compiled, &question) {
            if let Target::Records(write) = self.requirement.on {
                self.require_records(directory, compiled, &key.id, write)?;
            }
            return Ok(authorization(Subject::Granted(key, permission)));
        }
        if authorization(Subject::None).visibility().can_view(key.kind, &key.id) {
            self.require(compiled, &question, &format!("on the {} `{id}`", key.kind.noun()))?;
        }
        Ok(authorization(Subject::Hidden))
    }
}

impl<'a> Authorization<'a> {
    /// The filter through which the operation views the state.
    pub fn visibility(&self) -> VisibilityFilter<'_> {
        let subject = match &self.subject {
            Subject::Granted(key, _) => Some(key),
            Subject::None | Subject::Hidden => None,
        };
        let listed = match self.user_request.requirement.on {
            Target::Listed(kind) => Some(kind),
            _ => None,
        };
        VisibilityFilter::new(self.compiled, self.user, subject, listed)
    }

    /// Refuses the answer of an operation that found what is not there for the user.
    ///
    /// # Errors
    /// Not found.
    pub fn check(&self) -> Result<()> {
        match (&self.subject, self.user_request.requirement.on) {
            (Subject::Hidden, Target::One(kind, member)) => {
                Err(not_found(kind.noun(), self.user_request.texts(member).first().unwrap_or(&"")))
            }
            (Subject::Hidden, Target::Records(_)) => {
                let named = self.user_request.texts(TABLE_ID);
                Err(not_found(Kind::DataTable.noun(), named.first().unwrap_or(&"")))
            }
            (Subject::Hidden, Target::TagsShown(member) | Target::TagsChanged(member)) => {
                Err(not_found("resource", self.user_request.texts(member).first().unwrap_or(&"")))
            }
            _ => Ok(()),
        }
    }

    /// Refuses changes that go beyond what was granted: to other resources than the one named, to what the user could not
    /// do it on any more, or to what they could not make.
    ///
    /// # Errors
    /// Access denied. The message names the permission or restriction.
    pub fn check_changes(&self, changes: &[Change]) -> Result<()> {
        let requirement = self.user_request.requirement;
        for change in changes {
            let key = change.key();
            let own = match (&self.subject, requirement.on) {
                (Subject::Granted(subject, _), _) => *subject == key,
                (_, Target::New(kind)) => kind == key.kind && matches!(change, Change::Create(_)),
                _ => false,
            };
            if own {
                self.check_change(&key, change)?;
            } else if !requirement.effects.contains(&key.kind) {
                return Err(self.user_request.denied(&format!("is not to change a {}", key.kind.noun())));
            }
            self.user_request.require_attribute(self.compiled, change, changes)?;
        }
        Ok(())
    }

    /// A resource must be in scope as it will be, not only as it was: with its new tags, in its new group.
    fn check_change(&self, key: &Key, change: &Change) -> Result<()> {
        let (Some(after), Some(it)) = (change.after(), type_of(key.kind)) else { return Ok(()) };
        let moves = change.before().is_none_or(|before| before.tags() != after.tags() || group(before) != group(after));
        if !moves {
            return Ok(());
        }
        let permission = match &self.subject {
            Subject::Granted(_, permission) => permission,
            Subject::None | Subject::Hidden => self.user_request.requirement.permission,
        };
        let tags: Vec<(&str, &str)> =
            after.tags().into_iter().flatten().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let group = group(after).map(ToString::to_string);
        let id = key.id.to_string();
        let resource = Resource {
            resource_type: it.name,
            id: &id,
            hypothetical: true,
            tags: &tags,
            hierarchy_group_id: group.as_deref(),
            ..Resource::default()
        };
        let question = Question { resource, ..self.user_request.question(permission, it.name, &id) };
        let on = match change {
            Change::Create(_) => format!("on the {} with the tags and group that it is to have", key.kind.noun()),
            _ => format!("on the {} `{id}` with the tags and group that it would have then", key.kind.noun()),
        };
        self.user_request.require(self.compiled, &question, &on)
    }
}

fn group(resource: &Stored) -> Option<&Id> {
    match resource {
        Stored::User(user) => user.hierarchy_group_id.as_ref(),
        _ => None,
    }
}

fn not_found(noun: &'static str, named: &str) -> Refusal {
    Refusal::NotFound { noun, named: named.to_owned() }
}
