//! Backward questions: who may, on which resources, and which actions.
//!
//! Invariants: every result is allowed as a forward question, and everything allowed is among the results. Results come
//! in the order of their identifiers or names, so that a page can begin after the last one of the page before.

use std::collections::BTreeSet;

use lanyard_model::Id;
use lanyard_model::catalogue::{BUILTIN_TOOLS, ResourceType, is_well_formed};
use lanyard_model::resources::SecurityProfile;

use crate::ask::{Ask, Asker, Denial, EarlyExit, Extent, ResolvedQuery, Wanted, check};
use crate::batch_evaluator::Plan;
use crate::compiled::Compiled;
use crate::order::Row;
use crate::permission_index::Rule;
use crate::question::{Malformed, Principal, Question, Resource};
use crate::reading::{OpenPoint, Reading};
use crate::types::Type;

/// Which principals are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrincipalKind {
    /// Users.
    User,
    /// AI agents.
    AiAgent,
}

/// A type whose resources an instance does not list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unlisted;

impl std::fmt::Display for Unlisted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the instance does not keep resources of this type, so that they cannot be listed")
    }
}

impl std::error::Error for Unlisted {}

impl Compiled {
    /// The principals of a kind that may do what the question asks, after an identifier. The question's own principal
    /// is a template and is not looked up; AI agents serve the person of the question.
    ///
    /// # Errors
    /// When the question contradicts itself or is incomplete.
    pub fn who<'a>(
        &'a self,
        kind: PrincipalKind,
        question: &Question<'a>,
        reading: Reading,
        after: Option<&Id>,
    ) -> Result<impl Iterator<Item = &'a Id> + use<'a>, Malformed> {
        let (it, principal) = match kind {
            PrincipalKind::User => (Type::Of(ResourceType::User), Principal::User("*")),
            PrincipalKind::AiAgent => (Type::AiAgent, Principal::AiAgent("*")),
        };
        let question = Question { principal, ..*question };
        check(&question).or_else(unless_malformed)?;
        let serving = self.serving(kind == PrincipalKind::AiAgent, &question).map(Some).or_else(unless_malformed)?;
        let query = self.query(&question).map(Some).or_else(unless_malformed)?;
        let template = query.zip(serving);
        // Users act for themselves, and there are many of them.
        let users = |(query, _): &_| Plan::new(self, query, &question, reading);
        let mut plan = template.as_ref().filter(|_| kind == PrincipalKind::User).map(users);
        let mut runs = template.map(|_| self.items_of(it, after)).into_iter().flatten();
        let mut run = [].iter();
        let is_agent = kind == PrincipalKind::AiAgent;
        Ok(std::iter::from_fn(move || {
            loop {
                for Row { at, class, group } in run.by_ref().copied() {
                    let asker = Asker { at, class, group, is_agent };
                    let allowed = match &mut plan {
                        Some(plan) => plan.allows(asker),
                        None => {
                            let (query, serving) = template?;
                            let ask = Ask { compiled: self, asker, serving, query, question: &question };
                            ask.verdict(reading).is_allowed()
                        }
                    };
                    if allowed {
                        return self.id_of(at);
                    }
                }
                run = runs.next()?.iter();
            }
        }))
    }

    /// The reason why a question has the same answer for every principal, since it names something that does not exist or
    /// is not known: an action, a type, a resource, or the person whom an AI agent serves. A permission that neither the
    /// catalogue nor a profile has counts as an unknown action: a person who asks has misspelt it. The question's own
    /// principal is not looked up.
    ///
    /// # Errors
    /// When the question contradicts itself or is incomplete.
    pub fn denial_for_all(&self, question: &Question<'_>) -> Result<Option<Denial>, Malformed> {
        let is_agent = matches!(question.principal, Principal::AiAgent(_));
        let of = |stop| match stop {
            EarlyExit::Malformed(malformed) => Err(malformed),
            EarlyExit::Denied(denial) => Ok(Some(denial)),
            EarlyExit::PrincipalUnknown => Ok(None),
        };
        if let Err(stop) = check(question) {
            return of(stop);
        }
        match (self.serving(is_agent, question), self.query(question)) {
            (Err(stop), _) | (_, Err(stop)) => of(stop),
            (Ok(_), Ok(query)) => Ok(match query.wanted {
                Wanted::Unknown => Some(Denial::UnknownAction),
                Wanted::Permission(permission, Rule::Capability) if self.is_unknown(permission) => {
                    Some(Denial::UnknownAction)
                }
                _ => None,
            }),
        }
    }

    /// The stored resources of a type on which the question's principal may do what it asks, after an identifier. The
    /// question's own resource gives the details, and its identifier is not looked up.
    ///
    /// # Errors
    /// When the question contradicts itself or is incomplete.
    pub fn which_resources<'a>(
        &'a self,
        question: &Question<'a>,
        reading: Reading,
        after: Option<&Id>,
    ) -> Result<Result<impl Iterator<Item = &'a Id> + use<'a>, Unlisted>, Malformed> {
        let it = Type::from_name(question.resource.resource_type);
        let is_instance = it == Some(Type::Of(ResourceType::Instance));
        if it.is_some_and(|it| !it.is_stored() && !is_instance) {
            return Ok(Err(Unlisted));
        }
        // Looked up once for the whole type; each resource then takes its place.
        let resource = Resource { id: "*", match_some: true, hypothetical: false, ..question.resource };
        let question = Question { resource, ..*question };
        let resolved = self.look_up(&question);
        // An unknown principal may do all of it.
        let may_all = matches!(resolved, Err(EarlyExit::PrincipalUnknown)) && reading.grants(OpenPoint::Unseen);
        let resolved = resolved.map(Some).or_else(unless_malformed)?;
        let instance = is_instance.then(|| self.instance()).filter(|id| after.is_none_or(|after| *id > after));
        let stored = it.filter(|_| !is_instance).map(|it| self.items_of(it, after)).into_iter().flatten().flatten();
        let stored = stored.filter_map(|row| Some((self.id_of(row.at)?, Some(row.at))));
        let all = instance.map(|id| (id, None)).into_iter().chain(stored);
        Ok(Ok(all.filter_map(move |(id, item)| {
            if may_all {
                return Some(id);
            }
            let (asker, serving, query) = resolved?;
            let text = id.to_string();
            let question = Question { resource: Resource { id: &text, ..question.resource }, ..question };
            let query = ResolvedQuery { extent: Extent::One, item, ..query };
            let ask = Ask { compiled: self, asker, serving, query, question: &question };
            ask.verdict(reading).is_allowed().then_some(id)
        })))
    }

    /// The actions that the question's principal may do on the question's resource, after a name: permissions, and
    /// actions on tools. The question's own action is not looked up.
    ///
    /// # Errors
    /// When the question contradicts itself or is incomplete.
    pub fn which_actions<'a>(
        &'a self,
        question: &Question<'a>,
        reading: Reading,
        after: Option<&str>,
    ) -> Result<Vec<&'a str>, Malformed> {
        let mut allowed = Vec::new();
        for action in self.actions(question) {
            if after.is_some_and(|after| action <= after) {
                continue;
            }
            if self.decide(&Question { action, ..*question }, reading)?.is_allowed() {
                allowed.push(action);
            }
        }
        Ok(allowed)
    }

    /// Every action that could be allowed on the question's resource.
    fn actions<'a>(&'a self, question: &Question<'_>) -> BTreeSet<&'a str> {
        let asker = match question.principal {
            Principal::User(name) => self.user(name).ok().flatten(),
            Principal::AiAgent(arn) => self.find(Type::AiAgent, lanyard_model::IdRef::new(arn)),
        };
        let class = asker.and_then(|at| self.asker(at)).map(|asker| asker.class);
        let profiles = || class.into_iter().flat_map(|class| self.profiles(class));
        let sources = || profiles().filter_map(|profile| profile.source.as_deref());
        match Type::from_name(question.resource.resource_type) {
            Some(Type::Application) => BTreeSet::from(["ACCESS"]),
            Some(Type::AiAgent) => BTreeSet::from(["Collaborate"]),
            Some(Type::McpServer) => sources().flat_map(tools).collect(),
            Some(Type::Of(ResourceType::ContactFlowModule)) => {
                self.permission_index().names().chain(["Invoke"]).collect()
            }
            Some(Type::Of(it)) => {
                let is_agent = matches!(question.principal, Principal::AiAgent(_));
                let tools = BUILTIN_TOOLS.iter().filter(|_| is_agent && it == ResourceType::Instance);
                // An unknown profile of the principal may hold what others hold.
                let all = (0..self.profile_count()).filter_map(|number| self.profile(number));
                let others = all.flat_map(|profile| profile.others()).filter(|name| is_well_formed(name));
                self.permission_index().names().chain(others).chain(tools.map(|tool| tool.name)).collect()
            }
            None => BTreeSet::new(),
        }
    }
}

fn tools(profile: &SecurityProfile) -> impl Iterator<Item = &str> {
    profile.applications.iter().flat_map(|entry| &entry.permissions).map(String::as_str)
}

/// Turns an early denial into no results; a malformed question stays an error.
fn unless_malformed<T: Default>(stop: EarlyExit) -> Result<T, Malformed> {
    match stop {
        EarlyExit::Malformed(malformed) => Err(malformed),
        EarlyExit::Denied(_) | EarlyExit::PrincipalUnknown => Ok(T::default()),
    }
}
