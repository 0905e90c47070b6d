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
use crate::unknown_parts::MAYBE;

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
    fn permits(&self, asker: Asker, reading: Reading) -> bool {
        let compiled = self.compiled;
        let granted = |permission: Permission<'_>, rule, target: &Target<'_>| {
            Case { compiled, asker, permission, target, reading }.granted(rule, self.question.changes_primary_values)
        };
        let allowed = match self.query.wanted {
            Wanted::Permission(permission, rule) => granted(permission, rule, &self.target()),
            Wanted::Task(task) => task.formula.holds(&|name| {
                let step = self.step(name);
                step.is_some_and(|(permission, rule, target)| granted(permission, rule, &target))
            }),
        };
        allowed && self.may_assign(asker, reading)
    }

    /// On what a permission of a task is asked.
    pub(crate) fn step(&self, name: &'static str) -> Option<(Permission<'static>, Rule, Target<'_>)> {
        self.query.step(self.compiled, &self.question.resource, name)
    }

    /// Rule 15: whether the principal may view what the action assigns.
    #[inline]
    pub(crate) fn may_assign(&self, asker: Asker, reading: Reading) -> bool {
        let assigns = self.question.assigns;
        assigns.is_empty()
            || reading.grants(OpenPoint::Q12)
            || assigns.iter().all(|(name, id)| self.may_view_assigned(asker, name, id, reading))
    }

    pub(crate) fn may_view_assigned(&self, asker: Asker, name: &str, id: &str, reading: Reading) -> bool {
        let compiled = self.compiled;
        compiled.view_of_assigned(name, id).is_some_and(|(query, permission, rule)| {
            Case { compiled, asker, permission, target: &query.target(&NO_DETAILS), reading }.granted(rule, false)
        })
    }
}

impl Compiled {
    /// The number of something that is assigned; `None` for what does not exist.
    fn find_or_maybe(&self, it: Type, id: &str) -> Option<u32> {
        self.find_named(it, id).or_else(|| self.lacks_any(it).then_some(MAYBE))
    }

    /// The query of rule 15 for an assigned resource: the View permission on it. `None` for one that does not exist.
    pub(crate) fn view_of_assigned(
        &self,
        name: &str,
        id: &str,
    ) -> Option<(ResolvedQuery<'static>, Permission<'static>, Rule)> {
        let it = Kind::from_name(name).and_then(Type::of_kind)?;
        let Type::Of(resource_type) = it else { return None };
        let permission = self.permission_index().view(resource_type).map(Permission::At)?;
        let rule = Rule::Typed(resource_type);
        let Target { extent, item, agent, owner, .. } = stored(it, self.find_or_maybe(it, id)?);
        let query = ResolvedQuery { wanted: Wanted::Permission(permission, rule), it, extent, item, agent, owner };
        Some((query, permission, rule))
    }
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
