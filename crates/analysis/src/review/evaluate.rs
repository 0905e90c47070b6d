//! The engine's answers for one principal on one type: the outcome, and how many resources are in reach.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lanyard_engine::{
    Action, Compiled, Handle, OpenPoint, Outcome, Question, Reading, Resource, VIEW_OWN_METRICS, points_that_matter,
};
use lanyard_model::catalogue::ResourceType;
use lanyard_model::{Directory, Id};

use super::classes::{Basis, principal};
use super::item::Item;
use super::resources::Resources;
use super::{Access, Reach};

/// An item asked on one type.
#[derive(Clone, Copy)]
pub(super) struct Inquiry<'a> {
    pub(super) item: &'a Item,
    pub(super) it: ResourceType,
    /// The instance's identifier; `*` where it is unknown.
    pub(super) instance: &'a str,
}

impl<'a> Inquiry<'a> {
    /// The question about the whole type, or about one resource of it.
    pub(super) fn question(&self, is_agent: bool, name: &'a str, id: &'a str, match_some: bool) -> Question<'a> {
        let question = Question::new(principal(is_agent, name), &self.item.action, self.it.as_str(), id);
        Question { self_service: is_agent, resource: Resource { match_some, ..question.resource }, ..question }
    }

    /// The question that decides whether a principal is listed.
    pub(super) fn main(&self, is_agent: bool, name: &'a str) -> Question<'a> {
        let id = if self.it == ResourceType::Instance { self.instance } else { "*" };
        self.question(is_agent, name, id, !self.item.every && id == "*")
    }

    /// Whether the answer differs for what is the principal itself.
    pub(super) fn is_about_oneself(&self) -> bool {
        let mut is = self.item.action == VIEW_OWN_METRICS;
        if let Some(task) = self.item.task {
            task.formula.permissions(&mut |name| is |= name == VIEW_OWN_METRICS);
        }
        is && self.it == ResourceType::User
    }
}

/// Whether a question is allowed in a reading.
fn allows(compiled: &Compiled, question: &Question<'_>, reading: Reading) -> bool {
    compiled.decide(question, reading).is_ok_and(|it| it.is_allowed())
}

/// The outcome of both readings.
fn outcome(allows: &dyn Fn(Reading) -> bool) -> Outcome {
    match (allows(Reading::STRICT), || allows(Reading::LENIENT)) {
        (true, _) => Outcome::Allowed,
        (false, lenient) if lenient() => Outcome::Undetermined,
        _ => Outcome::Denied,
    }
}

/// A principal by the name that questions have.
#[derive(Clone, Copy)]
struct Asker<'a> {
    is_agent: bool,
    name: &'a str,
}

/// A user as a principal and as a resource.
pub(super) struct Oneself {
    pub(super) id: String,
    /// The name that questions have.
    pub(super) name: String,
}

/// The access of a principal that is no resource of the state. `oneself` is the user that the principal represents, where
/// the answer for that user differs.
pub(super) fn access(
    compiled: &Compiled,
    resources: &mut Resources<'_>,
    inquiry: Inquiry<'_>,
    basis: &Basis,
    name: &str,
    oneself: Option<&Oneself>,
) -> Access {
    let is_agent = basis.is_agent;
    let asker = Asker { is_agent, name };
    let answer = compiled.outcome(&inquiry.main(is_agent, name)).ok();
    let total = answer.as_ref().map_or(Outcome::Denied, |answer| answer.outcome);
    let mut open_points: BTreeSet<OpenPoint> = answer.into_iter().flat_map(|answer| answer.open_points).collect();
    let every_question = inquiry.question(is_agent, name, "*", false);
    let every = || outcome(&|reading| allows(compiled, &every_question, reading));
    let reach = match (inquiry.it, resources.sets(inquiry.it, basis)) {
        (ResourceType::Instance, _) => Reach::Whole,
        (_, None) => Reach::Every(every()),
        (_, Some(sets)) => {
            let of: u32 = sets.iter().map(|(_, count)| count).sum();
            let reaches_all = inquiry.item.task.is_none() && oneself.is_none() && every() == Outcome::Allowed;
            let mut tally = Tally { certain: if reaches_all { of } else { 0 }, undetermined: 0 };
            // An action that is denied on every resource may be allowed on some.
            let is_empty = reaches_all || (total == Outcome::Denied && !inquiry.item.every);
            let looked_up = LookedUp::new(compiled, inquiry.item, asker);
            for (it, count) in sets.into_iter().filter(|_| !is_empty) {
                let count = i64::from(count);
                match looked_up.as_ref().zip(it.handle) {
                    Some((looked_up, resource)) => {
                        tally.add(&|reading| looked_up.allows(resource, reading), count, &mut open_points);
                    }
                    None => {
                        let question = inquiry.question(is_agent, name, &it.id, false);
                        tally.add(&|reading| allows(compiled, &question, reading), count, &mut open_points);
                    }
                }
            }
            if let Some(Oneself { id, name: own }) = oneself.filter(|_| total != Outcome::Denied || inquiry.item.every)
            {
                // As anybody's data, and as the principal's own.
                let mut none = BTreeSet::new();
                let as_anybody = inquiry.question(is_agent, name, id, false);
                tally.add(&|reading| allows(compiled, &as_anybody, reading), -1, &mut none);
                let as_own = inquiry.question(is_agent, own, id, false);
                tally.add(&|reading| allows(compiled, &as_own, reading), 1, &mut open_points);
            }
            Reach::Counted { certain: tally.certain, undetermined: tally.undetermined, of }
        }
    };
    Access { outcome: total, open_points: open_points.into_iter().collect(), reach: Some(reach) }
}

/// A principal and an item, looked up, so that a decision about a stored resource costs little.
struct LookedUp<'a> {
    compiled: &'a Compiled,
    principal: Handle,
    item: &'a Item,
    actions: HashMap<&'a str, Action>,
}

impl<'a> LookedUp<'a> {
    /// `None` for an AI agent, and for a permission that is not in the catalogue.
    fn new(compiled: &'a Compiled, item: &'a Item, asker: Asker<'_>) -> Option<Self> {
        let principal = compiled.principal_handle(principal(asker.is_agent, asker.name)).filter(|_| !asker.is_agent)?;
        let mut names = Vec::new();
        match item.task {
            Some(task) => task.formula.permissions(&mut |name| names.push(name)),
            None => names.push(&item.action),
        }
        let actions = names.into_iter().map(|name| Some((name, compiled.action(name)?))).collect::<Option<_>>()?;
        Some(Self { compiled, principal, item, actions })
    }

    /// Whether the principal may, in a reading, on a stored resource.
    fn allows(&self, resource: Handle, reading: Reading) -> bool {
        let one = |name: &str| {
            let action = self.actions.get(name);
            action.is_some_and(|it| self.compiled.decide_ids(self.principal, *it, resource, reading).is_allowed())
        };
        match self.item.task {
            Some(task) => task.formula.holds(reading, false, &|name| one(name)),
            None => one(&self.item.action),
        }
    }
}

/// The resources in reach so far.
struct Tally {
    certain: u32,
    undetermined: u32,
}

impl Tally {
    /// Counts resources with one answer; a negative number takes them away.
    fn add(&mut self, allows: &dyn Fn(Reading) -> bool, count: i64, points: &mut BTreeSet<OpenPoint>) {
        let place = match outcome(allows) {
            Outcome::Allowed => &mut self.certain,
            Outcome::Undetermined => {
                points.extend(points_that_matter(allows));
                &mut self.undetermined
            }
            Outcome::Denied => return,
        };
        *place = place.saturating_add_signed(i32::try_from(count).unwrap_or(i32::MAX));
    }
}

/// The names of the groups, as paths.
pub(super) fn paths(directory: &Directory) -> BTreeMap<&Id, String> {
    let groups = directory.hierarchy_groups.iter();
    groups.map(|(id, group)| (id, crate::names::group_path(directory, group))).collect()
}
