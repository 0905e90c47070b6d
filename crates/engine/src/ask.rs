//! From a question's text to what it is about: who asks, which rule decides, and which resource is meant.

use lanyard_model::catalogue::{BuiltinTool, ResourceType, builtin_tool};
use lanyard_model::{IdRef, Kind};
use serde::{Deserialize, Serialize};

use crate::compiled::{Ambiguous, Compiled, Group, Item};
use crate::permission_index::{Permission, Rule};
use crate::question::{Malformed, Principal, Question, Resource};
use crate::tasks::{self, Task};
use crate::types::Type;
use crate::unknown_parts::MAYBE;

/// The reason why a well-formed question is denied before any profile is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Denial {
    /// There is no such user or AI agent.
    PrincipalUnknown,
    /// There is no such user as the one that the AI agent serves by the question.
    PersonUnknown,
    /// The action is no permission, tool or task that Lanyard knows. It is not granted, and whether the service grants it
    /// is undetermined.
    UnknownAction,
    /// There is no such type of resource.
    ResourceTypeUnknown,
    /// The action does not act on resources of the type.
    ActionDoesNotApply,
    /// The instance stores resources of the type, and not this one.
    ResourceUnknown,
}

/// Why there is nothing to decide.
#[derive(Clone, Copy, Debug)]
pub(crate) enum EarlyExit {
    Malformed(Malformed),
    Denied(Denial),
    /// The principal is unknown, and may exist.
    PrincipalUnknown,
}

/// A principal that exists.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asker {
    pub(crate) at: u32,
    pub(crate) class: u32,
    pub(crate) group: Group,
    pub(crate) is_agent: bool,
}

impl Asker {
    /// The user or AI agent that an item is, which has this number.
    #[inline]
    fn of(item: &Item, at: u32) -> Option<Self> {
        item.class().map(|class| Self { at, class, group: item.group, is_agent: !item.is_user() })
    }
}

/// The person whom an AI agent serves.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Serving {
    /// The principal acts for itself: a user, or an agent in self-service.
    Itself,
    /// This user.
    Person(Asker),
    /// The question does not name it.
    Unsaid,
    /// A person who is unknown, and may exist.
    Unknown,
}

/// How much of a type a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    One,
    Some,
    Every,
}

/// The subject of a question.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) it: Type,
    pub(crate) extent: Extent,
    /// The stored resource; `None` where attributes come from the question.
    pub(crate) item: Option<u32>,
    pub(crate) resource: &'a Resource<'a>,
    /// The user who is the contact's agent.
    pub(crate) agent: Option<u32>,
    /// The user whose resource it is.
    pub(crate) owner: Option<u32>,
}

impl Target<'_> {
    /// Whether it is, or may be, a resource that does not exist yet.
    pub(crate) fn is_new(&self) -> bool {
        self.extent != Extent::One || self.resource.hypothetical || self.it == Type::Of(ResourceType::Instance)
    }

    /// The stored resource that it is, or that has its identifier.
    pub(crate) fn user(&self, compiled: &Compiled) -> Option<u32> {
        self.item.or_else(|| compiled.find(self.it, IdRef::new(self.resource.id)))
    }
}

/// The permission or task that is wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted<'a> {
    Permission(Permission<'a>, Rule),
    Task(&'static Task),
    /// A tool that AI agents come with.
    BuiltinTool(&'static BuiltinTool),
    /// An action that is not known.
    Unknown,
}

/// The part of a question that does not depend on the principal, with its names looked up. The question has the
/// details.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ResolvedQuery<'a> {
    pub(crate) wanted: Wanted<'a>,
    pub(crate) it: Type,
    pub(crate) extent: Extent,
    pub(crate) item: Option<u32>,
    pub(crate) agent: Option<u32>,
    pub(crate) owner: Option<u32>,
}

impl ResolvedQuery<'_> {
    #[inline]
    pub(crate) fn target<'a>(&self, resource: &'a Resource<'a>) -> Target<'a> {
        let Self { it, extent, item, agent, owner, .. } = *self;
        Target { it, extent, item, resource, agent, owner }
    }
}

/// A question whose names are looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) compiled: &'a Compiled,
    pub(crate) asker: Asker,
    pub(crate) serving: Serving,
    pub(crate) query: ResolvedQuery<'a>,
    pub(crate) question: &'a Question<'a>,
}

impl Compiled {
    /// Looks up the names of a question. A malformed question is malformed for every principal, and regardless of
    /// unknown parts.
    #[inline(always)]
    pub(crate) fn ask<'a>(&'a self, question: &'a Question<'a>) -> Result<Ask<'a>, EarlyExit> {
        let (asker, serving, query) = self.look_up(question)?;
        Ok(Ask { compiled: self, asker, serving, query, question })
    }

    /// The principal, the person whom it serves, and the query.
    #[inline(always)]
    pub(crate) fn look_up<'a>(
        &self,
        question: &Question<'a>,
    ) -> Result<(Asker, Serving, ResolvedQuery<'a>), EarlyExit> {
        check(question)?;
        let asker = self.principal(question.principal)?;
        let is_agent = matches!(question.principal, Principal::AiAgent(_));
        let serving = self.serving(is_agent, question);
        let query = self.query(question);
        if let Err(EarlyExit::Malformed(malformed)) = serving {
            return Err(EarlyExit::Malformed(malformed));
        }
        if let Err(EarlyExit::Malformed(malformed)) = query {
            return Err(EarlyExit::Malformed(malformed));
        }
        let Some(asker) = asker else {
            let it = if is_agent { Type::AiAgent } else { Type::Of(ResourceType::User) };
            if self.lacks_any(it) {
                // A question that is denied for every principal is denied.
                serving?;
                query?;
                return Err(EarlyExit::PrincipalUnknown);
            }
            return Err(EarlyExit::Denied(Denial::PrincipalUnknown));
        };
        Ok((asker, serving?, query?))
    }

    /// The person whom the principal serves.
    #[inline]
    pub(crate) fn serving(&self, is_agent: bool, question: &Question<'_>) -> Result<Serving, EarlyExit> {
        match question.on_behalf_of {
            Some(name) => {
                let person = self.named(name, "on_behalf_of")?;
                match person {
                    Some(person) => Ok(Serving::Person(person)),
                    None if self.lacks(Kind::User) => Ok(Serving::Unknown),
                    None => Err(EarlyExit::Denied(Denial::PersonUnknown)),
                }
            }
            None if is_agent && !question.self_service => Ok(Serving::Unsaid),
            None => Ok(Serving::Itself),
        }
    }

    #[inline]
    fn principal(&self, principal: Principal<'_>) -> Result<Option<Asker>, EarlyExit> {
        match principal {
            Principal::User(name) => self.named(name, "principal"),
            Principal::AiAgent(arn) => Ok(self.find_named(Type::AiAgent, arn).and_then(|at| self.asker(at))),
        }
    }

    #[inline(always)]
    fn named(&self, name: &str, member: &'static str) -> Result<Option<Asker>, EarlyExit> {
        let user = self.user(name).map_err(|Ambiguous| EarlyExit::Malformed(Malformed::AmbiguousUser { member }))?;
        Ok(user.and_then(|at| self.asker(at)))
    }

    /// The user or AI agent with this number.
    #[inline]
    pub(crate) fn asker(&self, at: u32) -> Option<Asker> {
        Asker::of(self.item(at)?, at)
    }

    /// Looks up what a question is about.
    #[inline(always)]
    pub(crate) fn query<'a>(&self, question: &Question<'a>) -> Result<ResolvedQuery<'a>, EarlyExit> {
        let resource = &question.resource;
        let user = |name: Option<&str>, member| match name {
            None | Some("") => Ok(None),
            Some(name) => self.named(name, member).map(|user| user.map(|user| user.at)),
        };
        let agent = user(resource.agent_id, "agent_id")?;
        let owner = user(resource.owner_id, "owner_id")?;
        let Some(it) = Type::from_name(resource.resource_type) else {
            let action = question.action;
            let is_known = match action.strip_prefix(tasks::PREFIX) {
                Some(name) => self.permission_index().task(name).is_some(),
                None => self.permission_index().permission(action).is_some() || builtin_tool(action).is_some(),
            };
            if is_known {
                return Err(EarlyExit::Denied(Denial::ResourceTypeUnknown));
            }
            // Neither the action nor the type is known. The target counts for nothing.
            let (wanted, it) = (Wanted::Unknown, Type::Of(ResourceType::Instance));
            return Ok(ResolvedQuery { wanted, it, extent: Extent::One, item: None, agent, owner });
        };
        let wanted = self.wanted(question.action, it).map_err(EarlyExit::Denied)?;
        if matches!((wanted, question.principal), (Wanted::BuiltinTool(_), Principal::User(_))) {
            // Users do not call the tools of AI agents.
            return Err(EarlyExit::Denied(Denial::ActionDoesNotApply));
        }
        let extent = match (resource.id, resource.match_some) {
            ("*", true) => Extent::Some,
            ("*", false) => Extent::Every,
            _ => Extent::One,
        };
        // There is no other instance than the one that is asked.
        let is_looked_up = !resource.hypothetical || it == Type::Of(ResourceType::Instance);
        let item = if extent == Extent::One && is_looked_up {
            self.stored(it, resource.id, wanted).map_err(EarlyExit::Denied)?
        } else {
            self.table_of_new(it, extent, resource).map_err(EarlyExit::Denied)?
        };
        Ok(ResolvedQuery { wanted, it, extent, item, agent, owner })
    }

    #[inline(always)]
    fn wanted<'a>(&self, action: &'a str, it: Type) -> Result<Wanted<'a>, Denial> {
        let tool = match it {
            _ if action.starts_with(tasks::PREFIX) => None,
            Type::Application if action == "ACCESS" => Some(Rule::Access),
            Type::McpServer => Some(Rule::Tool),
            Type::Of(ResourceType::ContactFlowModule) if action == "Invoke" => Some(Rule::Invoke),
            Type::AiAgent if action == "Collaborate" => Some(Rule::Collaborate),
            _ => None,
        };
        if let Some(rule) = tool {
            return Ok(Wanted::Permission(Permission::Named(action), rule));
        }
        let permission = match self.permission_index().place(action) {
            Some(place) => Permission::At(place),
            None => match action.strip_prefix(tasks::PREFIX) {
                Some(name) => {
                    return match (self.permission_index().task(name), it) {
                        (None, _) => Ok(Wanted::Unknown),
                        (Some(task), Type::Of(_)) => Ok(Wanted::Task(task)),
                        // Its permissions act on no tool.
                        (Some(_), _) => Err(Denial::ActionDoesNotApply),
                    };
                }
                None if matches!(action, "ACCESS" | "Invoke" | "Collaborate") => {
                    return Err(Denial::ActionDoesNotApply);
                }
                None => {
                    if let Some(tool) = builtin_tool(action) {
                        let is_instance = it == Type::Of(ResourceType::Instance);
                        return is_instance.then_some(Wanted::BuiltinTool(tool)).ok_or(Denial::ActionDoesNotApply);
                    }
                    match self.permission_index().permission(action) {
                        Some(permission) => permission,
                        None => return Ok(Wanted::Unknown),
                    }
                }
            },
        };
        let rule = self.permission_index().rule(permission, it).ok_or(Denial::ActionDoesNotApply)?;
        Ok(Wanted::Permission(permission, rule))
    }

    /// Refuses a new record whose table does not exist. Returns whether the table is unknown, and may exist.
    fn table_of_new(&self, it: Type, extent: Extent, resource: &Resource<'_>) -> Result<Option<u32>, Denial> {
        match resource.named_table() {
            Some(id) if it == Type::RECORD && extent == Extent::One && self.tags_of_table(id).is_none() => {
                self.lacks(Kind::DataTable).then_some(Some(MAYBE)).ok_or(Denial::ResourceUnknown)
            }
            _ => Ok(None),
        }
    }

    /// The stored resource that is meant; `None` for a type that is not stored.
    #[inline(always)]
    fn stored(&self, it: Type, id: &str, wanted: Wanted<'_>) -> Result<Option<u32>, Denial> {
        let item = if it == Type::Of(ResourceType::Instance) {
            return if self.is_instance(id) { Ok(None) } else { Err(Denial::ResourceUnknown) };
        } else if !it.is_stored() {
            return Ok(None);
        } else if matches!(wanted, Wanted::Permission(_, Rule::Invoke)) {
            let module = self.module_id(id).map(without_qualifier);
            module.and_then(|id| self.find_named(it, id))
        } else if it == Type::Of(ResourceType::User) {
            self.find_named(it, self.local_id(id, "/agent/").unwrap_or(id))
        } else {
            self.find_named(it, id).or_else(|| self.user_by_arn(it, id))
        };
        let item = item.or_else(|| self.lacks_any(it).then_some(MAYBE));
        item.map(Some).ok_or(Denial::ResourceUnknown)
    }

    /// The user whose ARN in this instance the text is.
    #[cold]
    fn user_by_arn(&self, it: Type, text: &str) -> Option<u32> {
        let user = Type::Of(ResourceType::User);
        (it == user).then(|| self.local_id(text, "/agent/")).flatten().and_then(|id| self.find_named(user, id))
    }

    /// The bare identifier of a flow module, from an identifier or ARN; `None` for an ARN of another instance.
    pub(crate) fn module_id<'a>(&self, text: &'a str) -> Option<&'a str> {
        if text.starts_with("arn:") { self.local_id(text, "/flow-module/") } else { Some(text) }
    }
}

/// The start of the identifiers of resources that files describe and that do not exist yet, which have colons.
const PROVISIONAL: &str = "new:";

/// A flow module's identifier without version or alias.
pub(crate) fn without_qualifier(id: &str) -> &str {
    if id.starts_with(PROVISIONAL) {
        return id;
    }
    id.split_once(':').map_or(id, |(id, _)| id)
}

/// Refuses a question that contradicts itself or is incomplete.
#[inline]
pub(crate) fn check(question: &Question<'_>) -> Result<(), EarlyExit> {
    let Question { principal, on_behalf_of, self_service, action, ref resource, assigns, .. } = *question;
    let is_plain = matches!(principal, Principal::User(name) if !name.is_empty())
        && !action.is_empty()
        && !resource.resource_type.is_empty()
        && (resource.hypothetical || !resource.id.is_empty())
        && on_behalf_of.is_none()
        && !self_service
        && assigns.is_empty();
    if is_plain { Ok(()) } else { check_in_full(question) }
}

fn check_in_full(question: &Question<'_>) -> Result<(), EarlyExit> {
    let (name, is_user) = match question.principal {
        Principal::User(name) => (name, true),
        Principal::AiAgent(arn) => (arn, false),
    };
    let resource = &question.resource;
    let members = [
        ("principal", name),
        ("action", question.action),
        ("resource.type", resource.resource_type),
        ("resource.id", if resource.hypothetical { "-" } else { resource.id }),
        ("on_behalf_of", question.on_behalf_of.unwrap_or("-")),
    ];
    if let Some((member, _)) = members.into_iter().find(|(_, text)| text.is_empty()) {
        return Err(EarlyExit::Malformed(Malformed::Empty { member }));
    }
    let malformed = match (question.on_behalf_of.is_some(), question.self_service) {
        (true, true) => Some(Malformed::ServesBoth),
        (true, false) if is_user => Some(Malformed::UserServes { member: "on_behalf_of" }),
        (false, true) if is_user => Some(Malformed::UserServes { member: "self_service" }),
        _ => None,
    };
    let assigns_other = || question.assigns.iter().any(|(it, _)| assignable(it).is_none());
    let malformed = malformed.or_else(|| assigns_other().then_some(Malformed::AssignsOther));
    malformed.map_or(Ok(()), |malformed| Err(EarlyExit::Malformed(malformed)))
}

/// The type that an action may assign; `None` for one whose resources nothing is tied to.
pub(crate) fn assignable(name: &str) -> Option<ResourceType> {
    ResourceType::from_name(name).filter(|it| it.view_permission().is_some())
}
