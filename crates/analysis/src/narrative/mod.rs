//! The access impact in sentences: for readers of a plan, and for `lanyard gate`.
//!
//! Effects are merged for reading. People with the same change of access share a paragraph. Access to every resource
//! is not repeated for each resource. Effects that follow only from new or deleted resources and people are separate.
//! New sensitive access is first, the highest risk before the others.
//!
//! Invariants: names and values are [`shown`], so that a sentence is one line and has no invisible character. A sentence
//! that says that people lose access says how much of it they keep.

mod blocks;
mod reached;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lanyard_engine::tasks::PREFIX;
use lanyard_engine::{OpenPoint, Outcome, implied};
use lanyard_model::shown;
use serde::{Deserialize, Serialize};

use crate::access_impact::{AccessImpact, Bearing, Effect, Named, On, Restriction};
use crate::sensitive::Risk;
pub use blocks::{Block, Phrase};
pub(crate) use words::counted;
use words::listed;
pub use words::{Naming, noun, plural};

/// The direction in which access changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessChange {
    /// From denied to allowed.
    Gain,
    /// From denied to undetermined.
    MayGain,
    /// From undetermined to allowed.
    BecomesCertain,
    /// From allowed to undetermined.
    BecomesUncertain,
    /// Undetermined before and after, for other reasons.
    StaysOpen,
    /// From undetermined to denied.
    MayLose,
    /// From allowed to denied.
    Lose,
}

impl AccessChange {
    /// The direction of an effect.
    #[must_use]
    pub fn of(effect: &Effect) -> Self {
        use Outcome::{Allowed, Denied, Undetermined};
        match (effect.before.outcome(), effect.after.outcome()) {
            (Denied, Allowed) => Self::Gain,
            (Denied, Undetermined) => Self::MayGain,
            (Undetermined, Allowed) => Self::BecomesCertain,
            (Allowed, Undetermined) => Self::BecomesUncertain,
            (Undetermined, Denied) => Self::MayLose,
            (Allowed, Denied) => Self::Lose,
            _ => Self::StaysOpen,
        }
    }

    /// The sign of the direction: `+` for more, `-` for less, `?` for undetermined.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Gain | Self::BecomesCertain => "+",
            Self::MayGain | Self::BecomesUncertain | Self::StaysOpen => "?",
            Self::MayLose | Self::Lose => "-",
        }
    }

    /// Whether there is more access than before, or may be.
    #[must_use]
    pub fn is_new_access(self) -> bool {
        matches!(self, Self::Gain | Self::MayGain | Self::BecomesCertain)
    }

    /// The verbs for one person and for several.
    fn verbs(self) -> [&'static str; 2] {
        match self {
            Self::Gain => ["gains", "gain"],
            Self::MayGain => ["may gain", "may gain"],
            Self::BecomesCertain => {
                ["has for certain what was undetermined:", "have for certain what was undetermined:"]
            }
            Self::BecomesUncertain => ["keeps only perhaps", "keep only perhaps"],
            Self::StaysOpen => ["still has only perhaps", "still have only perhaps"],
            Self::MayLose => ["loses what was undetermined:", "lose what was undetermined:"],
            Self::Lose => ["loses", "lose"],
        }
    }
}

/// Whether the people and resources of an effect exist before and after, so that access to them itself changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// The people and the resources exist before and after.
    Standing,
    /// The people are new.
    NewPeople,
    /// The resources are new.
    NewResources,
    /// The people or the resources are deleted.
    Gone,
}

/// The part of an effect with one [`Reach`].
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Whether the people and resources exist before and after.
    pub reach: Reach,
    /// The effect.
    pub effect: Effect,
}

/// A change of access that some people share, as a paragraph.
#[derive(Clone, Debug, PartialEq)]
pub struct Paragraph {
    /// Whether the people and resources exist before and after.
    pub reach: Reach,
    /// The direction of the change.
    pub turn: AccessChange,
    /// The people, as indices into [`AccessImpact::people`].
    pub who: Arc<[u32]>,
    /// The profiles that cause it, as indices into [`AccessImpact::profiles`].
    pub through: Vec<u32>,
    /// Whether only all of the profiles together suffice.
    pub together: bool,
    /// The open points that keep it undetermined.
    pub open_points: Vec<OpenPoint>,
    /// The gained or lost access, the highest risk first.
    pub lines: Vec<Line>,
}

impl Paragraph {
    /// The highest risk of the access that is new; ordinary where access is lost.
    #[must_use]
    pub fn risk(&self) -> Risk {
        self.lines.iter().map(|line| line.risk).min().unwrap_or(Risk::Ordinary)
    }
}

/// Actions on resources of a type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The risk, where the access is new.
    pub risk: Risk,
    /// Permissions, actions on tools, and tasks.
    pub actions: Vec<Arc<str>>,
    /// The type of resource.
    pub resource_type: &'static str,
    /// The resources in words, with numbers; empty for the instance.
    pub on: String,
}

/// The access impact in words.
#[derive(Clone, Copy, Debug)]
pub struct Narrative<'a> {
    impact: &'a AccessImpact,
    naming: Naming<'a>,
}

/// The key of a paragraph: reach, direction, people, profiles and whether they are needed together, and open points.
type Key = (Reach, AccessChange, Arc<[u32]>, (Vec<u32>, bool), Vec<OpenPoint>);
/// The resources of each action of a type.
type ActionResources = BTreeMap<(&'static str, Arc<str>), Vec<On>>;
/// The key of a line: risk, whether it is no task, type, resources.
type LineKey = (Risk, bool, &'static str, String);

/// The maximum number of names in a list; a longer list is replaced by its length.
const NAMES: usize = 3;

impl AccessImpact {
    /// The effects that may give access: from denied to allowed or undetermined, from undetermined to allowed, and from
    /// undetermined to undetermined where an open point is gone. The last two count because the service may have refused
    /// what was undetermined.
    #[must_use]
    pub fn new_access(&self) -> Vec<Part> {
        let is_point_gone = |effect: &Effect| {
            let after: Vec<_> = effect.after.open_points().collect();
            !effect.before.open_points().all(|point| after.contains(&point))
        };
        let effects = self.effects.iter().filter(|effect| match AccessChange::of(effect) {
            AccessChange::StaysOpen => is_point_gone(effect),
            change => change.is_new_access(),
        });
        effects.flat_map(|effect| self.parts(effect)).collect()
    }

    /// The parts of an effect by reach.
    #[must_use]
    pub fn parts(&self, effect: &Effect) -> Vec<Part> {
        let mut people: BTreeMap<Reach, Vec<u32>> = BTreeMap::new();
        for who in effect.who.iter() {
            let exists = self.people.get(*who as usize).map_or([true; 2], |it| it.exists);
            people.entry(reach_of(exists, Reach::NewPeople)).or_default().push(*who);
        }
        let mut resources: BTreeMap<Reach, On> = BTreeMap::new();
        match &effect.on {
            On::Stored { set, except_oneself } => {
                let named = self.stored(effect.resource_type);
                for reach in [Reach::Standing, Reach::NewResources, Reach::Gone] {
                    let of_reach = |place: &u32| {
                        let exists = named.get(*place as usize).map_or([true; 2], |it| it.exists);
                        reach_of(exists, Reach::NewResources) == reach
                    };
                    let part = set.filtered(&of_reach);
                    if !part.is_empty() {
                        resources.insert(reach, On::Stored { set: part, except_oneself: *except_oneself });
                    }
                }
            }
            other => {
                resources.insert(Reach::Standing, other.clone());
            }
        }
        let mut parts = Vec::new();
        for (people_reach, who) in people {
            for (resource_reach, on) in &resources {
                let reach = match (people_reach, resource_reach) {
                    (Reach::Standing, it) => *it,
                    (it, Reach::Standing | Reach::NewResources) => it,
                    (_, _) => Reach::Gone,
                };
                let effect = Effect { who: who.as_slice().into(), on: on.clone(), ..effect.clone() };
                parts.push(Part { reach, effect });
            }
        }
        parts
    }

    /// The stored resources that a set of a type refers to: of contacts, the users who are their agents.
    #[must_use]
    pub fn stored(&self, resource_type: &str) -> &[Named] {
        let it = if resource_type == "Contact" { "User" } else { resource_type };
        self.resources.get(it).map(Vec::as_slice).unwrap_or_default()
    }
}

fn reach_of(exists: [bool; 2], new: Reach) -> Reach {
    match exists {
        [true, true] => Reach::Standing,
        [false, _] => new,
        [true, false] => Reach::Gone,
    }
}

impl<'a> Narrative<'a> {
    /// The narrative of this access impact, with these names of permissions.
    #[must_use]
    pub fn new(impact: &'a AccessImpact, naming: Naming<'a>) -> Self {
        Self { impact, naming }
    }

    /// The effects in paragraphs: unchanged resources first, new sensitive access by risk, more access before less, the most
    /// people first. People with the same change through different profiles share a paragraph.
    #[must_use]
    pub fn paragraphs(&self) -> Vec<Paragraph> {
        // A change on every resource includes single resources, and new ones.
        type Changed<'b> = BTreeMap<(AccessChange, &'static str, &'b Arc<str>), Vec<&'b Effect>>;
        let mut on_every: Changed<'_> = BTreeMap::new();
        for effect in self.impact.effects.iter().filter(|it| it.on == On::Every) {
            for action in &effect.actions {
                on_every.entry((AccessChange::of(effect), effect.resource_type, action)).or_default().push(effect);
            }
        }
        // A change on the instance is a question about any resource; a change on a type is more precise.
        let mut on_types: BTreeMap<(AccessChange, &Arc<str>), BTreeSet<u32>> = BTreeMap::new();
        for effect in self.impact.effects.iter().filter(|it| it.on != On::Instance) {
            for action in &effect.actions {
                on_types.entry((AccessChange::of(effect), action)).or_default().extend(effect.who.iter());
            }
        }
        let says_more = |part: &Part| {
            let effect = &part.effect;
            let turn = AccessChange::of(effect);
            if effect.on == On::Instance {
                let is_precise = |action: &Arc<str>| {
                    on_types.get(&(turn, action)).is_some_and(|people| effect.who.iter().all(|it| people.contains(it)))
                };
                return !effect.actions.iter().all(is_precise);
            }
            if !matches!(effect.on, On::Stored { .. } | On::Some) || turn == AccessChange::StaysOpen {
                return true;
            }
            let turns = match part.reach {
                Reach::Standing | Reach::NewPeople => vec![turn],
                Reach::NewResources => vec![AccessChange::Gain, AccessChange::BecomesCertain],
                Reach::Gone => Vec::new(),
            };
            let includes = |action: &Arc<str>| {
                let all =
                    turns.iter().filter_map(|turn| on_every.get(&(*turn, effect.resource_type, action))).flatten();
                // Where the same people are meant, the resources are part of the same phrase.
                if part.reach != Reach::NewResources && all.clone().any(|it| it.who == effect.who) {
                    return false;
                }
                effect.who.iter().all(|who| all.clone().any(|it| it.who.binary_search(who).is_ok()))
            };
            !effect.actions.iter().all(includes)
        };
        let parts = self.impact.effects.iter().flat_map(|effect| self.impact.parts(effect));
        self.ordered(shared(self.of_parts(parts.filter(says_more))))
    }

    /// The access that stays undetermined, in paragraphs.
    #[must_use]
    pub fn steady(&self) -> Vec<Paragraph> {
        self.of_parts(self.impact.steady.iter().flat_map(|effect| self.impact.parts(effect)))
    }

    /// These effects in paragraphs.
    #[must_use]
    pub fn of_parts(&self, parts: impl IntoIterator<Item = Part>) -> Vec<Paragraph> {
        let mut shared: BTreeMap<Key, ActionResources> = BTreeMap::new();
        for Part { reach, effect } in parts {
            let turn = AccessChange::of(&effect);
            let open = if effect.after.outcome() == Outcome::Undetermined { effect.after } else { effect.before };
            let open = open.open_points().collect();
            let through = (effect.through.clone(), effect.together);
            let actions = shared.entry((reach, turn, Arc::clone(&effect.who), through, open)).or_default();
            for action in &effect.actions {
                actions.entry((effect.resource_type, Arc::clone(action))).or_default().push(effect.on.clone());
            }
        }
        let extents = self.extents();
        let paragraph = |(key, actions): (Key, ActionResources)| {
            let (reach, turn, who, (through, together), open_points) = key;
            let lines = self.lines(actions, (reach, turn, &who), &extents);
            Paragraph { reach, turn, who, through, together, open_points, lines }
        };
        let all = shared.into_iter().map(paragraph);
        self.ordered(all.filter(|it| !it.lines.is_empty()).collect())
    }

    fn ordered(&self, mut all: Vec<Paragraph>) -> Vec<Paragraph> {
        // Identifiers are random, so names decide between paragraphs of the same size.
        all.sort_by_cached_key(|it| {
            (it.reach, it.risk(), it.turn, std::cmp::Reverse(it.who.len()), self.order_by_name(it))
        });
        all
    }

    /// The profiles and, where a sentence names them, the people of a paragraph, by name.
    fn order_by_name(&self, it: &Paragraph) -> (String, Vec<&str>) {
        let people = if it.who.len() <= NAMES { self.impact.people_by_name(&it.who) } else { Vec::new() };
        (self.profiles(&it.through, "and"), people.into_iter().map(|it| it.name.as_str()).collect())
    }

    fn lines(
        &self,
        actions: ActionResources,
        (reach, turn, who): (Reach, AccessChange, &[u32]),
        extents: &reached::Extents<'_>,
    ) -> Vec<Line> {
        // A new resource is no new access for those who reach all like it.
        let is_new = turn.is_new_access() && matches!(reach, Reach::Standing | Reach::NewPeople);
        let mut all: BTreeMap<(&'static str, String), BTreeMap<Arc<str>, Risk>> = BTreeMap::new();
        for ((resource_type, action), ons) in actions {
            let risk = match Risk::of(&action) {
                _ if !is_new => Risk::Ordinary,
                risk if risk.is_of_every(resource_type) && !ons.contains(&On::Every) => Risk::Ordinary,
                risk => risk,
            };
            let extent = extents.of(resource_type, &action, who);
            // An effect on at least one resource is implied by an effect on a particular resource.
            let on = self.reached(resource_type, &ons, (reach, turn), extent.as_ref());
            all.entry((resource_type, on)).or_default().insert(action, risk);
        }
        let mut lines: BTreeMap<LineKey, BTreeSet<Arc<str>>> = BTreeMap::new();
        for ((resource_type, on), actions) in all {
            for (action, risk) in &actions {
                // A permission is in one line with the stored permission that includes it.
                let including = actions.iter().find(|(other, _)| implied(other).contains(&&**action));
                let risk = including.map_or(*risk, |(_, risk)| *risk);
                let key = (risk, !action.starts_with(PREFIX), resource_type, on.clone());
                lines.entry(key).or_default().insert(Arc::clone(action));
            }
        }
        // An effect on the instance is a question about any resource; the effects on the type are more precise.
        let stated: BTreeSet<Arc<str>> = lines
            .iter()
            .filter(|((_, _, it, _), _)| *it != "Instance")
            .flat_map(|(_, actions)| actions)
            .cloned()
            .collect();
        let line = |((risk, _, resource_type, on), mut actions): (LineKey, BTreeSet<_>)| {
            if resource_type == "Instance" {
                actions.retain(|action| !stated.contains(action));
            }
            (!actions.is_empty()).then(|| Line { risk, actions: actions.into_iter().collect(), resource_type, on })
        };
        lines.into_iter().filter_map(line).collect()
    }

    /// People in words: their names, or their number and location.
    #[must_use]
    pub fn people(&self, who: &[u32]) -> String {
        let people = self.impact.people_by_name(who);
        if people.len() <= NAMES {
            let names: Vec<_> = people.iter().map(|it| format!("`{}`", shown(&it.name))).collect();
            return listed(&names, "and");
        }
        let agents = people.iter().filter(|it| it.is_agent).count();
        let users: Vec<&Named> =
            who.iter().filter_map(|place| self.impact.stored("User").get(*place as usize)).collect();
        let path = common_path(&users);
        let place =
            if path.is_empty() || agents > 0 { String::new() } else { format!(" in {}", shown(&path.join("/"))) };
        match (people.len() - agents, agents) {
            (users, 0) => format!("{users} users{place}"),
            (0, agents) => format!("{agents} AI agents"),
            (1, agents) => format!("1 user and {agents} AI agents"),
            (users, 1) => format!("{users} users and 1 AI agent"),
            (users, agents) => format!("{users} users and {agents} AI agents"),
        }
    }

    /// Profiles in words, the last one after `word`; empty for none.
    #[must_use]
    pub fn profiles(&self, through: &[u32], word: &str) -> String {
        let profiles = through.iter().filter_map(|it| self.impact.profiles.get(*it as usize));
        let mut names: Vec<_> = profiles.map(|it| format!("`{}`", shown(&it.name))).collect();
        names.sort_unstable();
        match (names.len(), word) {
            (0, _) => String::new(),
            (1, _) | (_, "or") => format!("profile {}", listed(&names, word)),
            _ => format!("profiles {}", listed(&names, word)),
        }
    }

    /// The profiles of a change in words: for a gain each that suffices, or those that suffice together; for a loss all of
    /// them. Empty for none.
    fn through(&self, through: &[u32], turn: AccessChange, together: bool) -> String {
        const MOST: usize = 6;
        match (through.len(), turn.is_new_access()) {
            (0, _) => String::new(),
            (count, true) if count > MOST && !together => format!("through one of {count} profiles"),
            (count, false) if count > MOST => format!("through {count} profiles"),
            (_, true) if together => format!("through {} together", self.profiles(through, "and")),
            (_, true) => format!("through {}", self.profiles(through, "or")),
            (_, false) => format!("through {}", self.profiles(through, "and")),
        }
    }

    /// The beginning of a paragraph: people and direction.
    #[must_use]
    pub fn headline(&self, it: &Paragraph) -> String {
        let verb = it.turn.verbs().get(usize::from(it.who.len() != 1)).copied().unwrap_or_default();
        format!("{} {verb}", self.people(&it.who))
    }

    /// The end of a paragraph: profiles and open points; empty where there are none.
    #[must_use]
    pub fn tail(&self, it: &Paragraph) -> String {
        let mut tail = self.through(&it.through, it.turn, it.together);
        let open: Vec<_> = it.open_points.iter().map(|point| point.name()).collect();
        if !open.is_empty() {
            tail = format!("{tail}{}({})", if tail.is_empty() { "" } else { " " }, open.join(", "));
        }
        tail
    }

    /// A paragraph as one sentence.
    #[must_use]
    pub fn sentence(&self, it: &Paragraph) -> String {
        let lines: Vec<_> = self.phrases(it).iter().map(Phrase::marked).collect();
        let tail = self.tail(it);
        let tail = if tail.is_empty() { tail } else { format!(" {tail}") };
        format!("{} {}{tail}", self.headline(it), lines.join("; "))
    }

    /// The change of a restriction, as a sentence.
    #[must_use]
    pub fn restriction(&self, it: &Restriction) -> String {
        self.restrictions_in_words(&[it])
    }

    /// The changes of restrictions, as sentences. Restrictions on the same permissions with the same change share one.
    #[must_use]
    pub fn restrictions(&self) -> Vec<(Bearing, String)> {
        type Same<'a> = (Bearing, &'a [Arc<str>]);
        let mut order: Vec<Same<'_>> = Vec::new();
        let mut all: BTreeMap<Same<'_>, Vec<&Restriction>> = BTreeMap::new();
        for it in &self.impact.restrictions {
            let same: Same<'_> = (it.bearing, &it.actions);
            all.entry(same).or_default().push(it);
            if !order.contains(&same) {
                order.push(same);
            }
        }
        let sentence = |same: Same<'_>| all.get(&same).map(|all| (same.0, self.restrictions_in_words(all)));
        order.into_iter().filter_map(sentence).collect()
    }

    fn restrictions_in_words(&self, all: &[&Restriction]) -> String {
        let Some(first) = all.first() else { return String::new() };
        let union = |of: &dyn Fn(&Restriction) -> Vec<u32>| -> Vec<u32> {
            all.iter().flat_map(|it| of(it)).collect::<BTreeSet<_>>().into_iter().collect()
        };
        let profiles = union(&|it| vec![it.profile]);
        let (who, because) = (union(&|it| it.who.to_vec()), union(&|it| it.because.clone()));
        let types: BTreeSet<String> = all.iter().map(|it| plural(it.resource_type).to_owned()).collect();
        let types = listed(&types.into_iter().collect::<Vec<_>>(), "and");
        let (who, what) = (self.people(&who), self.naming.actions(&first.actions));
        let is_one = profiles.len() == 1;
        let restriction = match is_one {
            true => format!("the restriction of {}", self.profiles(&profiles, "and")),
            false => format!("the restrictions of {}", self.profiles(&profiles, "and")),
        };
        let is = |one: &'static str, several: &'static str| if is_one { one } else { several };
        let grants = if because.len() == 1 { "grants" } else { "grant" };
        let because = self.profiles(&because, "and");
        match first.bearing {
            Bearing::Void => format!(
                "{restriction} on {types} {} void for {who} when it comes to {what}: {because} {grants} it without \
                 restriction",
                is("is", "are")
            ),
            Bearing::Bites => format!(
                "{restriction} on {types} {} effective for {who} when it comes to {what}: {because} no longer {grants} it \
                 without restriction",
                is("becomes", "become")
            ),
        }
    }
}

/// Paragraphs with the same change share one, with all of their people and profiles.
fn shared(paragraphs: Vec<Paragraph>) -> Vec<Paragraph> {
    type Change = (Reach, AccessChange, Vec<OpenPoint>, Vec<Line>);
    let mut all: Vec<Paragraph> = Vec::new();
    let mut known: BTreeMap<Change, usize> = BTreeMap::new();
    for it in paragraphs {
        let change = (it.reach, it.turn, it.open_points.clone(), it.lines.clone());
        let same = known.get(&change).and_then(|at| all.get_mut(*at)).filter(|_| !it.together);
        if let Some(same) = same {
            let union = |one: &[u32], other: &[u32]| one.iter().chain(other).copied().collect::<BTreeSet<_>>();
            same.who = union(&same.who, &it.who).into_iter().collect();
            same.through = union(&same.through, &it.through).into_iter().collect();
            continue;
        }
        if !it.together {
            known.insert(change, all.len());
        }
        all.push(it);
    }
    all
}

/// The group that all of the resources are in or below, as names from the top.
fn common_path(named: &[&Named]) -> Vec<Arc<str>> {
    let Some((first, rest)) = named.split_first() else { return Vec::new() };
    let same = |at: usize, name: &Arc<str>| rest.iter().all(|it| it.path.get(at) == Some(name));
    first.path.iter().enumerate().take_while(|(at, name)| same(*at, name)).map(|(_, name)| Arc::clone(name)).collect()
}
