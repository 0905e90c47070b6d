//! The engine's answers for one principal on one type: the outcome, and how many resources are in reach.
//!
//! Resources with the same relevant tags and the same group share an answer, so that one of them is decided for all.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lanyard_engine::{Compiled, OpenPoint, Outcome, Question, Reading, Resource, UnknownParts, VIEW_OWN_METRICS};
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
            entry.or_insert_with(|| Alike { id: resource.id().to_string(), count: 0 }).count += 1;
        }
        let mut all: Vec<_> = alike.into_values().collect();
        all.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        all
    }

    /// Prepares the resources of a type.
    pub(super) fn prepare(&mut self, it: ResourceType) {
        if let Some(kind) = it.kind().filter(|_| it != ResourceType::Instance && !self.of_type.contains_key(&it)) {
            let alike = self.gather(kind);
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

/// The outcome of one question.
fn outcome(compiled: &Compiled, question: &Question<'_>) -> Outcome {
    let allows = |reading| compiled.decide(question, reading).is_ok_and(|it| it.is_allowed());
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

/// The access of a principal that is no resource of the state. `oneself` is the user that the principal represents, where
/// the answer for that user differs.
pub(super) fn access(
    compiled: &Compiled,
    resources: &Resources<'_>,
    inquiry: Inquiry<'_>,
    asker: Asker<'_>,
    oneself: Option<&str>,
) -> Access {
    let Asker { is_agent, name } = asker;
    let answer = compiled.outcome(&inquiry.main(is_agent, name)).ok();
    let total = answer.as_ref().map_or(Outcome::Denied, |answer| answer.outcome);
    let mut open_points: BTreeSet<OpenPoint> = answer.into_iter().flat_map(|answer| answer.open_points).collect();
    let every = || outcome(compiled, &inquiry.question(is_agent, name, "*", false));
    let reach = match (inquiry.it, resources.of(inquiry.it)) {
        (ResourceType::Instance, _) => Reach::Whole,
        (_, None) => Reach::Every(every()),
        (_, Some(alike)) => {
            let of: u32 = alike.iter().map(|it| it.count).sum();
            let reaches_all = inquiry.item.task.is_none() && oneself.is_none() && every() == Outcome::Allowed;
            let mut tally = Tally { certain: if reaches_all { of } else { 0 }, undetermined: 0 };
            // An action that is denied on every resource may be allowed on some.
            let is_empty = reaches_all || (total == Outcome::Denied && !inquiry.item.every);
            for it in alike.iter().filter(|_| !is_empty) {
                let question = inquiry.question(is_agent, name, &it.id, false);
                tally.add(compiled, &question, i64::from(it.count), &mut open_points);
            }
            if let Some(oneself) = oneself.filter(|_| total != Outcome::Denied || inquiry.item.every) {
                // As anybody's data, and as the principal's own.
                let mut none = BTreeSet::new();
                tally.add(compiled, &inquiry.question(is_agent, name, oneself, false), -1, &mut none);
                tally.add(compiled, &inquiry.question(is_agent, oneself, oneself, false), 1, &mut open_points);
            }
            Reach::Counted { certain: tally.certain, undetermined: tally.undetermined, of }
        }
    };
    Access { outcome: total, open_points: open_points.into_iter().collect(), reach: Some(reach) }
}

/// The resources in reach so far.
struct Tally {
    certain: u32,
    undetermined: u32,
}

impl Tally {
    /// Counts resources with the answer to one question; a negative number takes them away.
    fn add(&mut self, compiled: &Compiled, question: &Question<'_>, count: i64, points: &mut BTreeSet<OpenPoint>) {
        let place = match outcome(compiled, question) {
            Outcome::Allowed => &mut self.certain,
            Outcome::Undetermined => {
                points.extend(compiled.outcome(question).into_iter().flat_map(|answer| answer.open_points));
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
