//! The decision: a question's answer in one reading. Nothing here allocates.

use lanyard_model::Kind;
use lanyard_model::catalogue::ResourceType;

use crate::ask::{Ask, Asker, EarlyExit, Extent, ResolvedQuery, Serving, Target, Wanted};
use crate::compiled::Compiled;
use crate::permission_index::{Permission, Rule};
use crate::question::{Malformed, Question, Resource};
use crate::reading::{OpenPoint, Reading, Verdict};
use crate::scope::Case;
use crate::types::Type;

/// A principal, or a resource that the instance stores, looked up. It is valid for the [`Compiled`] that returned it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Handle(pub(crate) u32);

/// A permission, looked up. It is valid for every [`Compiled`] with the same permission index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Action(u16);

/// The details of a question that has none.
pub(crate) static NO_DETAILS: Resource<'static> = Resource {
    resource_type: "",
    id: "",
    match_some: false,
    hypothetical: false,
    tags: &[],
    hierarchy_group_id: None,
    primary_values: &[],
    table_id: None,
    agent_id: None,
    owner_id: None,
};

impl Compiled {
    /// Answers a question in one reading.
    ///
    /// # Errors
    /// When the question contradicts itself or is incomplete.
    pub fn decide(&self, question: &Question<'_>, reading: Reading) -> Result<Verdict, Malformed> {
        match self.ask(question) {
            Ok(ask) => Ok(ask.verdict(reading)),
            Err(EarlyExit::Denied(_)) => Ok(Verdict::Refused),
            Err(EarlyExit::PrincipalUnknown) => Ok(reading.grants(OpenPoint::Unseen).into()),
            Err(EarlyExit::Malformed(malformed)) => Err(malformed),
        }
    }

    /// Answers whether a principal may do an action on a stored resource, all three looked up before. An AI agent then
    /// serves no named person.
    #[must_use]
    pub fn decide_ids(&self, principal: Handle, action: Action, resource: Handle, reading: Reading) -> Verdict {
        let permission = Permission::At(action.0);
        let look_up = || {
            let asker = self.asker(principal.0)?;
            let it = self.type_of(resource.0)?;
            Some((asker, it, self.permission_index().rule(permission, it)?))
        };
        let Some((asker, it, rule)) = look_up() else { return Verdict::Refused };
        if asker.is_agent && !reading.grants(OpenPoint::Q11) {
            return Verdict::Refused;
        }
        let target = stored(it, resource.0);
        let case = Case { compiled: self, asker, permission, target: &target, reading };
        case.granted(rule, false).into()
    }

    /// A principal by the name that questions use; `None` for one that does not exist or is ambiguous.
    #[must_use]
    pub fn principal_handle(&self, principal: crate::Principal<'_>) -> Option<Handle> {
        match principal {
            crate::Principal::User(name) => self.user(name).ok().flatten(),
            crate::Principal::AiAgent(arn) => self.find_named(Type::AiAgent, arn),
        }
        .map(Handle)
    }

    /// A stored resource by type and identifier.
    #[must_use]
    pub fn resource_handle(&self, resource_type: &str, id: &str) -> Option<Handle> {
        Type::from_name(resource_type).and_then(|it| self.find_named(it, id)).map(Handle)
    }

    /// A stored resource by kind and identifier; `None` for a kind that no permission acts on.
    #[must_use]
    pub fn stored_handle(&self, kind: Kind, id: &lanyard_model::Id) -> Option<Handle> {
        Type::of_kind(kind).and_then(|it| self.find(it, id.as_ref())).map(Handle)
    }

    /// A permission by name; `None` outside the catalogue.
    #[must_use]
    pub fn action(&self, name: &str) -> Option<Action> {
        self.permission_index().place(name).map(Action)
    }
}

impl Ask<'_> {
    /// The answer in one reading (rule 14).
    #[inline]
    pub(crate) fn verdict(&self, reading: Reading) -> Verdict {
        let allowed = match self.serving {
            Serving::Itself => self.permits(self.asker, reading),
            Serving::Unsaid => reading.grants(OpenPoint::Q11) && self.permits(self.asker, reading),
            Serving::Person(person) => self.permits(self.asker, reading) && self.permits(person, reading),
            Serving::Unknown => reading.grants(OpenPoint::Unseen) && self.permits(self.asker, reading),
        };
        allowed.into()
    }

    /// The target of the question.
    #[inline]
    pub(crate) fn target(&self) -> Target<'_> {
        self.query.target(&self.question.resource)
    }

    /// Whether this principal may, without the person whom it serves.
    #[inline]
    pub(crate) fn permits(&self, asker: Asker, reading: Reading) -> bool {
        let compiled = self.compiled;
        let granted = |permission: Permission<'_>, rule, target: &Target<'_>| {
            Case { compiled, asker, permission, target, reading }.granted(rule, self.question.changes_primary_values)
        };
        let allowed = match self.query.wanted {
            Wanted::Permission(permission, rule) => {
                granted(permission, rule, &self.target())
                    || (self.may_be_tool(permission) && self.unknown(asker, reading))
            }
            Wanted::Task(task) => {
                let target = self.target();
                task.formula.holds(reading, target.is_new(), &|name| {
                    let step = self.step(name);
                    step.is_some_and(|(permission, rule, target)| granted(permission, rule, &target))
                })
            }
            Wanted::BuiltinTool(tool) => {
                match tool.permission.and_then(|name| compiled.permission_index().permission(name)) {
                    Some(permission) => granted(permission, Rule::Capability, &self.target()),
                    None => reading.grants(OpenPoint::A24) && has_profile(compiled, asker),
                }
            }
            Wanted::Unknown => self.unknown(asker, reading),
        };
        allowed && self.may_assign(asker, reading)
    }

    /// Whether an action that is not known is granted: only where that is read so, and only to who has a profile (rule
    /// 1).
    fn unknown(&self, asker: Asker, reading: Reading) -> bool {
        reading.grants(OpenPoint::UnknownAction) && has_profile(self.compiled, asker)
    }

    /// Whether an AI agent's action may be a tool that is not known: a single word that no list of permissions and no
    /// profile has.
    pub(crate) fn may_be_tool(&self, permission: Permission<'_>) -> bool {
        self.asker.is_agent
            && self.query.it == Type::Of(ResourceType::Instance)
            && matches!(permission, Permission::Named(name) if !name.contains('.'))
            && !self.compiled.permission_index().is_known(permission)
            && !self.compiled.is_held_anywhere(permission)
    }

    /// On what a permission of a task is asked.
    pub(crate) fn step(&self, name: &'static str) -> Option<(Permission<'static>, Rule, Target<'_>)> {
        self.query.step(self.compiled, &self.question.resource, name)
    }
}

/// Whether the principal has any profile.
pub(crate) fn has_profile(compiled: &Compiled, asker: Asker) -> bool {
    !compiled.profile_numbers(asker.class).is_empty()
}

/// A stored resource as what a question is about.
fn stored(it: Type, item: u32) -> Target<'static> {
    Target { it, extent: Extent::One, item: Some(item), resource: &NO_DETAILS, agent: None, owner: None }
}

impl ResolvedQuery<'_> {
    /// The target of a permission of a task: on the target; where the target is the instance and the permission acts on
    /// a type, on whether there may be any of that type.
    pub(crate) fn step<'a>(
        &self,
        compiled: &Compiled,
        resource: &'a Resource<'a>,
        name: &'static str,
    ) -> Option<(Permission<'static>, Rule, Target<'a>)> {
        let permission_index = compiled.permission_index();
        let permission = permission_index.permission(name)?;
        if let Some(rule) = permission_index.rule(permission, self.it) {
            return Some((permission, rule, self.target(resource)));
        }
        if self.it != Type::Of(ResourceType::Instance) {
            return None;
        }
        let it = Type::Of(permission_index.main_type(permission));
        let rule = permission_index.rule(permission, it)?;
        Some((permission, rule, Target { it, extent: Extent::Some, item: None, ..self.target(resource) }))
    }
}
