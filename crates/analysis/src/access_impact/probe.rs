//! The questions of a rule domain: their resources, and how each is asked.

use std::rc::Rc;

use lanyard_engine::{Explanation, Principal, Question};

use super::bits::Bits;
use super::rule_domain::{Rule, RuleDomain};
use super::universe::Universe;
use crate::Judged;

/// The resource of a question, by number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Probe {
    /// Every resource of the type.
    Every,
    /// At least one resource of the type; the instance.
    Some,
    /// The stored resource with this number; of contacts: those whose agent is the user with this number.
    One(u32),
    /// The resources that the principal owns, or contacts whose agent it is.
    Own,
    /// The tool, flow module or AI agent of this name.
    Named(String),
    /// A resource that is not stored, with these tags and primary values.
    Like {
        /// Tags, of the table for a record.
        tags: Vec<(String, String)>,
        /// Primary attributes and their values.
        values: Vec<(String, String)>,
    },
}

/// The questions of one principal in one state.
pub(crate) struct Asking<'a> {
    pub(crate) universe: &'a Universe<'a>,
    pub(crate) rule_domain: &'a RuleDomain,
    pub(crate) state: usize,
    pub(crate) person: u32,
}

impl Asking<'_> {
    /// The decision of an action; denied where the principal does not exist.
    pub(crate) fn judge(&self, action: &str, probe: &Probe) -> Judged {
        let Some(compiled) = self.universe.compiled.get(self.state) else { return Judged::DENIED };
        let answer = self.with(action, probe, |question| compiled.outcome(question).ok()).flatten();
        answer.as_ref().map_or(Judged::DENIED, Judged::of)
    }

    /// The answer with reasons; `None` where the principal does not exist.
    pub(crate) fn explain(&self, action: &str, probe: &Probe) -> Option<Explanation> {
        let compiled = self.universe.compiled.get(self.state)?;
        self.with(action, probe, |question| compiled.explain(question).ok()).flatten()
    }

    /// Whether the principal is an AI agent.
    pub(crate) fn is_agent(&self) -> bool {
        self.universe.people.get(self.person as usize).is_some_and(|it| it.is_agent)
    }

    /// The principal's profiles that hold a permission.
    pub(crate) fn holding(&self, permission: &str) -> Vec<u32> {
        let person = self.universe.people.get(self.person as usize);
        let profiles = person.and_then(|it| it.profiles.get(self.state)).into_iter().flatten().copied();
        let number = self.universe.action(permission);
        let holds = |profile: &u32| {
            let side = self.universe.side(*profile, self.state);
            side.zip(number).is_some_and(|(side, number)| side.held.has(number))
        };
        profiles.filter(holds).collect()
    }

    fn with<T>(&self, action: &str, probe: &Probe, ask: impl FnOnce(&Question<'_>) -> T) -> Option<T> {
        let person = self.universe.people.get(self.person as usize)?;
        if !person.exists.get(self.state).copied().unwrap_or(false) {
            return None;
        }
        let own = &**person.text.get(self.state)?;
        let principal = if person.is_agent { Principal::AiAgent(own) } else { Principal::User(own) };
        let mut question = Question::new(principal, action, self.rule_domain.type_name, "*");
        question.self_service = person.is_agent;
        let (tags, values) = match probe {
            Probe::Like { tags, values } => (borrowed(tags), borrowed(values)),
            _ => (Vec::new(), Vec::new()),
        };
        let resource = &mut question.resource;
        match probe {
            Probe::Every => {}
            Probe::Some => resource.match_some = true,
            Probe::One(number) if self.rule_domain.rule == Rule::Visible => {
                resource.id = CONTACT;
                resource.agent_id = self.universe.people.get(*number as usize)?.text.get(self.state).map(|it| &**it);
            }
            Probe::One(number) => {
                resource.id = self.universe.tables.get(&self.rule_domain.it)?.texts.get(*number as usize)?;
            }
            Probe::Own if self.rule_domain.rule == Rule::Visible => {
                (resource.id, resource.agent_id) = (CONTACT, Some(own));
            }
            Probe::Own => (resource.id, resource.owner_id) = ("-", Some(own)),
            Probe::Named(name) => resource.id = name,
            Probe::Like { .. } => (resource.id, resource.tags, resource.primary_values) = ("-", &tags, &values),
        }
        Some(ask(&question))
    }
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(one, other)| (one.as_str(), other.as_str())).collect()
}

/// The placeholder identifier of a contact: contacts are not stored, and their identifiers have no effect.
const CONTACT: &str = "-";

/// Splits a set into parts whose members agree on each of the distinctions.
pub(crate) fn split<'a>(all: Bits, distinctions: impl Iterator<Item = &'a Rc<Bits>>) -> Vec<Bits> {
    if all.is_empty() {
        return Vec::new();
    }
    let mut cells = vec![all];
    for distinction in distinctions {
        let mut next = Vec::with_capacity(cells.len());
        for cell in cells {
            let (inside, outside) = (cell.and(distinction), cell.and_not(distinction));
            next.extend([inside, outside].into_iter().filter(|cell| !cell.is_empty()));
        }
        cells = next;
    }
    cells
}

/// The identifier or ARN of a flow module, without version or alias.
pub(crate) fn without_version(name: &str) -> &str {
    let id = name.rsplit('/').next().unwrap_or(name);
    id.split(':').next().unwrap_or(id)
}
