//! The engine's answers for one principal on one type: the outcome, and how many resources are in reach.
//!
//! Resources with the same relevant tags and the same group share an answer, so that one of them is decided for all.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lanyard_engine::{
    Action, Compiled, Handle, OpenPoint, Outcome, Question, Reading, Resource, UnknownParts, VIEW_OWN_METRICS,
    points_that_matter,
};
use lanyard_model::catalogue::ResourceType;
use lanyard_model::{Directory, Id, Key, Kind, Resource as Stored};

use super::classes::principal;
use super::item::Item;
use super::{Access, Reach};

/// Resources that share their answers.
#[derive(Debug)]
struct Alike {
    /// The identifier of one of them.
    id: String,
    handle: Option<Handle>,
    count: u32,
}

/// The resources of the stored types, by what decides access to them.
pub(super) struct Resources<'a> {
    directory: &'a Directory,
    unknown_parts: &'a UnknownParts,
    /// The pairs of key and value that a profile asks for.
    relevant: BTreeSet<(&'a str, &'a str)>,
    of_type: HashMap<ResourceType, Vec<Alike>>,
}

/// The properties of a resource that decide access to it.
#[derive(PartialEq, Eq, Hash)]
enum Signature {
    Like(Vec<(String, String)>, Option<Id>),
    /// Nothing else is like it.
    Itself(Id),
}

impl<'a> Resources<'a> {
    pub(super) fn new(directory: &'a Directory, unknown_parts: &'a UnknownParts) -> Self {
        let profiles = directory.security_profiles.values();
        let pairs = profiles.flat_map(|profile| &profile.allowed_access_control_tags);
        let relevant = pairs.map(|(key, value)| (key.as_str(), value.as_str())).collect();
        Self { directory, unknown_parts, relevant, of_type: HashMap::new() }
    }

    fn signature(&self, resource: &Stored) -> Signature {
        let id = resource.id();
        let has_unknown_tags = || self.unknown_parts.tags.contains(&Key { kind: resource.kind(), id: id.clone() });
        match resource {
            // Their attributes and values decide too.
            Stored::DataTable(_) | Stored::DataTableRecord(_) => Signature::Itself(id),
            _ if has_unknown_tags() => Signature::Itself(id),
            _ => {
                let tags = resource.tags().into_iter().flatten();
                let is_relevant = |(key, value): &(&String, &String)| self.relevant.contains(&(key.as_str(), value));
                let tags = tags.filter(is_relevant).map(|(key, value)| (key.clone(), value.clone())).collect();
                let group = match resource {
                    Stored::User(user) => user.hierarchy_group_id.clone(),
                    _ => None,
                };
                Signature::Like(tags, group)
            }
        }
    }

    fn gather(&self, kind: Kind) -> Vec<Alike> {
        let mut alike: HashMap<Signature, Alike> = HashMap::new();
        for resource in self.directory.iter().filter(|resource| resource.kind() == kind) {
            let entry = alike.entry(self.signature(&resource));
            entry.or_insert_with(|| Alike { id: resource.id().to_string(), handle: None, count: 0 }).count += 1;
        }
        let mut all: Vec<_> = alike.into_values().collect();
        all.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        all
    }

    /// Prepares the resources of a type, looked up in a state that is decided by.
    pub(super) fn prepare(&mut self, it: ResourceType, compiled: &Compiled) {
        if let Some(kind) = it.kind().filter(|_| it != ResourceType::Instance && !self.of_type.contains_key(&it)) {
            let mut alike = self.gather(kind);
            for one in &mut alike {
                one.handle = compiled.resource_handle(it.as_str(), &one.id);
            }
            self.of_type.insert(it, alike);
        }
    }

    fn of(&self, it: ResourceType) -> Option<&[Alike]> {
        self.of_type.get(&it).map(Vec::as_slice)
    }
}

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
pub(super) struct Asker<'a> {
    pub(super) is_agent: bool,
    pub(super) name: &'a str,
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
    resources: &Resources<'_>,
    inquiry: Inquiry<'_>,
    asker: Asker<'_>,
    oneself: Option<&Oneself>,
) -> Access {
    let Asker { is_agent, name } = asker;
    let answer = compiled.outcome(&inquiry.main(is_agent, name)).ok();
    let total = answer.as_ref().map_or(Outcome::Denied, |answer| answer.outcome);
    let mut open_points: BTreeSet<OpenPoint> = answer.into_iter().flat_map(|answer| answer.open_points).collect();
    let every_question = inquiry.question(is_agent, name, "*", false);
    let every = || outcome(&|reading| allows(compiled, &every_question, reading));
    let reach = match (inquiry.it, resources.of(inquiry.it)) {
        (ResourceType::Instance, _) => Reach::Whole,
        (_, None) => Reach::Every(every()),
        (_, Some(alike)) => {
            let of: u32 = alike.iter().map(|it| it.count).sum();
            let reaches_all = inquiry.item.task.is_none() && oneself.is_none() && every() == Outcome::Allowed;
            let mut tally = Tally { certain: if reaches_all { of } else { 0 }, undetermined: 0 };
            // An action that is denied on every resource may be allowed on some.
            let is_empty = reaches_all || (total == Outcome::Denied && !inquiry.item.every);
            let looked_up = LookedUp::new(compiled, inquiry.item, asker);
            for it in alike.iter().filter(|_| !is_empty) {
                let count = i64::from(it.count);
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
