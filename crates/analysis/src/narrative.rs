//! The access impact in sentences: for readers of a plan, and for `lanyard gate`.
//!
//! Effects are merged for reading. People with the same change of access share a paragraph. Access to every resource
//! is not repeated for each resource. Effects that follow only from new or deleted resources and people are separate.
//!
//! Invariants: names and values are [`shown`], so that a sentence is one line and has no invisible character.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lanyard_engine::tasks::{self, PREFIX};
use lanyard_engine::{OpenPoint, Outcome};
use lanyard_model::shown;
use serde::{Deserialize, Serialize};

use crate::access_impact::{AccessImpact, Bearing, Effect, Named, On, Restriction};

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
    /// The open points that keep it undetermined.
    pub open_points: Vec<OpenPoint>,
    /// The gained or lost access.
    pub lines: Vec<Line>,
}

/// Actions on resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Permissions, actions on tools, and tasks.
    pub actions: Vec<Arc<str>>,
    /// The type of resource.
    pub resource_type: &'static str,
    /// The resources in words; empty for the instance.
    pub on: String,
}

/// The access impact in words.
#[derive(Clone, Copy, Debug)]
pub struct Narrative<'a>(&'a AccessImpact);

/// The key of a paragraph: reach, direction, people, profiles, and open points.
type Key = (Reach, AccessChange, Arc<[u32]>, Vec<u32>, Vec<OpenPoint>);
/// The resources of each action of a type.
type ActionResources = BTreeMap<(&'static str, Arc<str>), Vec<On>>;

/// The maximum number of names in a list; a longer list is replaced by its length.
const NAMES: usize = 3;
/// The maximum number of actions in a list; a longer list is replaced by its length.
const ACTIONS: usize = 6;

impl AccessImpact {
    /// The effects that give access that could be ruled out before: from denied to allowed or undetermined.
    #[must_use]
    pub fn new_access(&self) -> Vec<Part> {
        let effects = self.effects.iter().filter(|it| !it.before.may() && it.after.may());
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
    /// The narrative of this access impact.
    #[must_use]
    pub fn new(access_impact: &'a AccessImpact) -> Self {
        Self(access_impact)
    }

    /// The effects in paragraphs: unchanged resources first, more access before less, the most people first.
    #[must_use]
    pub fn paragraphs(&self) -> Vec<Paragraph> {
        // A gain on every resource includes new resources.
        let every = |it: &&Effect| it.on == On::Every && it.after.outcome() == Outcome::Allowed;
        let mut gained: BTreeMap<(&'static str, &Arc<str>), BTreeSet<u32>> = BTreeMap::new();
        for effect in self.0.effects.iter().filter(every) {
            for action in &effect.actions {
                gained.entry((effect.resource_type, action)).or_default().extend(effect.who.iter());
            }
        }
        let says_more = |part: &Part| {
            let everyone = |action: &Arc<str>| {
                let gained = gained.get(&(part.effect.resource_type, action));
                gained.is_some_and(|gained| part.effect.who.iter().all(|it| gained.contains(it)))
            };
            part.reach != Reach::NewResources || !part.effect.actions.iter().all(everyone)
        };
        self.of_parts(self.0.effects.iter().flat_map(|effect| self.0.parts(effect)).filter(says_more))
    }

    /// The access that stays undetermined, in paragraphs.
    #[must_use]
    pub fn steady(&self) -> Vec<Paragraph> {
        self.of_parts(self.0.steady.iter().flat_map(|effect| self.0.parts(effect)))
    }

    /// These effects in paragraphs.
    #[must_use]
    pub fn of_parts(&self, parts: impl IntoIterator<Item = Part>) -> Vec<Paragraph> {
        let mut shared: BTreeMap<Key, ActionResources> = BTreeMap::new();
        for Part { reach, effect } in parts {
            let turn = AccessChange::of(&effect);
            let open = if effect.after.outcome() == Outcome::Undetermined { effect.after } else { effect.before };
            let open = open.open_points().collect();
            let key = (reach, turn, Arc::clone(&effect.who), effect.through.clone(), open);
            let actions = shared.entry(key).or_default();
            for action in &effect.actions {
                actions.entry((effect.resource_type, Arc::clone(action))).or_default().push(effect.on.clone());
            }
        }
        let paragraph = |(key, actions): (Key, ActionResources)| {
            let (reach, turn, who, through, open_points) = key;
            Paragraph { reach, turn, who, through, open_points, lines: self.lines(actions) }
        };
        let mut all: Vec<_> = shared.into_iter().map(paragraph).collect();
        // Identifiers are random, so names decide between paragraphs of the same size.
        all.sort_by_cached_key(|it| (it.reach, it.turn, std::cmp::Reverse(it.who.len()), self.order_by_name(it)));
        all
    }

    /// The profiles and, where a sentence names them, the people of a paragraph, by name.
    fn order_by_name(&self, it: &Paragraph) -> (String, Vec<&str>) {
        let people = if it.who.len() <= NAMES { self.0.people_by_name(&it.who) } else { Vec::new() };
        (self.profiles(&it.through), people.into_iter().map(|it| it.name.as_str()).collect())
    }

    fn lines(&self, actions: ActionResources) -> Vec<Line> {
        let mut lines: BTreeMap<(bool, &'static str, String), BTreeSet<Arc<str>>> = BTreeMap::new();
        for ((resource_type, action), ons) in actions {
            let is_task = action.starts_with(PREFIX);
            // An effect on at least one resource is implied by an effect on a particular resource.
            let on = self.together(resource_type, &ons);
            lines.entry((!is_task, resource_type, on)).or_default().insert(action);
        }
        // An effect on the instance is a question about any resource; the effects on the type are more precise.
        let stated: BTreeSet<Arc<str>> = lines
            .iter()
            .filter(|((_, it, _), _)| *it != "Instance")
            .flat_map(|(_, actions)| actions)
            .cloned()
            .collect();
        let line = |((_, resource_type, on), mut actions): ((bool, &'static str, String), BTreeSet<_>)| {
            if resource_type == "Instance" {
                actions.retain(|action| !stated.contains(action));
            }
            (!actions.is_empty()).then(|| Line { actions: actions.into_iter().collect(), resource_type, on })
        };
        lines.into_iter().filter_map(line).collect()
    }

    /// All resources as one phrase, without implied ones.
    fn together(&self, resource_type: &'static str, ons: &[On]) -> String {
        let plural = plural(resource_type);
        if ons.contains(&On::Every) {
            return format!("every {}", noun(resource_type));
        }
        if ons.contains(&On::Instance) {
            return String::new();
        }
        let mut phrases = Vec::new();
        let sets: Vec<_> = ons
            .iter()
            .filter_map(|on| match on {
                On::Stored { set, except_oneself } => Some((set, *except_oneself)),
                _ => None,
            })
            .collect();
        if let Some(((first, _), rest)) = sets.split_first() {
            let set = rest.iter().fold((*first).clone(), |all, (set, _)| all.joined(set));
            let places: Vec<u32> = set.iter().collect();
            let excepted = if sets.iter().all(|(_, it)| *it) { ", oneself excepted" } else { "" };
            phrases.push(format!("{}{excepted}", self.resources(resource_type, &places)));
        }
        if ons.contains(&On::Own) {
            phrases.push(match resource_type {
                "User" => "oneself".to_owned(),
                _ => format!("one's own {plural}"),
            });
        }
        let mut names: Vec<String> = Vec::new();
        let mut likes: Vec<String> = Vec::new();
        for on in ons {
            match on {
                On::Named(name) => names.push(format!("`{}`", shown(name))),
                On::Like { tags, values } => likes.push(like(tags, values)),
                _ => {}
            }
        }
        if !names.is_empty() {
            let noun = if names.len() == 1 { noun(resource_type) } else { plural };
            phrases.push(format!("the {noun} {}", listed(&names)));
        }
        if !likes.is_empty() {
            phrases.push(format!("{plural} {}", likes.join(" or ")));
        }
        if phrases.is_empty() { format!("some {plural}") } else { phrases.join(" and ") }
    }

    /// Resources in words: their names, or their number and location.
    #[must_use]
    pub fn resources(&self, resource_type: &str, places: &[u32]) -> String {
        let stored = self.0.stored(resource_type);
        let mut named: Vec<&Named> = places.iter().filter_map(|place| stored.get(*place as usize)).collect();
        named.sort_by(|one, other| one.name.cmp(&other.name));
        let of_contacts = resource_type == "Contact";
        let resource_type = if of_contacts { "User" } else { resource_type };
        let prefix = if of_contacts { "the contacts of " } else { "" };
        let standing = stored.iter().filter(|it| it.exists == [true; 2]).count();
        let path = common_path(&named);
        let place = if path.is_empty() { String::new() } else { format!(" in {}", shown(&path.join("/"))) };
        match named.as_slice() {
            [one] => format!("{prefix}the {} `{}`", noun(resource_type), shown(&one.name)),
            few if few.len() <= NAMES => {
                let names: Vec<_> = few.iter().map(|it| format!("`{}`", shown(&it.name))).collect();
                format!("{prefix}the {} {}", plural(resource_type), listed(&names))
            }
            all if all.len() == standing => format!("{prefix}all {} {}", all.len(), plural(resource_type)),
            some => format!("{prefix}{} {}{place}", some.len(), plural(resource_type)),
        }
    }

    /// People in words: their names, or their number and location.
    #[must_use]
    pub fn people(&self, who: &[u32]) -> String {
        let people = self.0.people_by_name(who);
        if people.len() <= NAMES {
            let names: Vec<_> = people.iter().map(|it| format!("`{}`", shown(&it.name))).collect();
            return listed(&names);
        }
        let agents = people.iter().filter(|it| it.is_agent).count();
        let users: Vec<&Named> = who.iter().filter_map(|place| self.0.stored("User").get(*place as usize)).collect();
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

    /// Profiles in words; empty for none.
    #[must_use]
    pub fn profiles(&self, through: &[u32]) -> String {
        let profiles = through.iter().filter_map(|it| self.0.profiles.get(*it as usize));
        let mut names: Vec<_> = profiles.map(|it| format!("`{}`", shown(&it.name))).collect();
        names.sort_unstable();
        match names.len() {
            0 => String::new(),
            1 => format!("profile {}", listed(&names)),
            _ => format!("profiles {}", listed(&names)),
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
        let mut tail = match self.profiles(&it.through).as_str() {
            "" => String::new(),
            profiles => format!("through {profiles}"),
        };
        let open: Vec<_> = it.open_points.iter().map(|point| point.name()).collect();
        if !open.is_empty() {
            tail = format!("{tail}{}({})", if tail.is_empty() { "" } else { " " }, open.join(", "));
        }
        tail
    }

    /// A paragraph as one sentence.
    #[must_use]
    pub fn sentence(&self, it: &Paragraph) -> String {
        let lines: Vec<_> = it.lines.iter().map(line).collect();
        let tail = self.tail(it);
        let tail = if tail.is_empty() { tail } else { format!(" {tail}") };
        format!("{} {}{tail}", self.headline(it), lines.join("; "))
    }

    /// The change of a restriction, as a sentence.
    #[must_use]
    pub fn restriction(&self, it: &Restriction) -> String {
        let profile = self.profiles(&[it.profile]);
        let plural = plural(it.resource_type);
        let (who, what) = (self.people(&it.who), actions(&it.actions));
        let because = self.profiles(&it.because);
        match it.bearing {
            Bearing::Void => format!(
                "the restriction of {profile} on {plural} is void for {who} when it comes to {what}: {because} grants it \
                 without restriction"
            ),
            Bearing::Bites => format!(
                "the restriction of {profile} on {plural} becomes effective for {who} when it comes to {what}: {because} \
                 no longer grants it without restriction"
            ),
        }
    }
}

/// Actions on resources, in words.
#[must_use]
pub fn line(line: &Line) -> String {
    let what = actions(&line.actions);
    if line.on.is_empty() { what } else { format!("{what} on {}", line.on) }
}

/// Actions in words: permissions by name, tasks by title; a long list by its length.
#[must_use]
pub fn actions(names: &[Arc<str>]) -> String {
    let phrase = |name: &Arc<str>| match name.strip_prefix(PREFIX).and_then(tasks::find) {
        Some(task) => format!("the right to {}", task.title),
        None => format!("`{}`", shown(name)),
    };
    match names.get(..ACTIONS) {
        Some(first) if names.len() > ACTIONS + 1 => {
            let first: Vec<_> = first.iter().map(phrase).collect();
            format!("{} and {} more", first.join(", "), names.len() - ACTIONS)
        }
        _ => listed(&names.iter().map(phrase).collect::<Vec<_>>()),
    }
}

fn like(tags: &[(String, String)], values: &[(String, String)]) -> String {
    let pairs = |pairs: &[(String, String)]| {
        let conditions: Vec<_> =
            pairs.iter().map(|(key, value)| format!("`{}`=`{}`", shown(key), shown(value))).collect();
        conditions.join(" and ")
    };
    match (tags, values) {
        ([], []) => "without tags".to_owned(),
        (tags, []) => format!("tagged {}", pairs(tags)),
        ([], values) => format!("with {}", pairs(values)),
        (tags, values) => format!("tagged {} with {}", pairs(tags), pairs(values)),
    }
}

fn listed(names: &[String]) -> String {
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => "nobody".to_owned(),
    }
}

/// The group that all of the resources are in or below, as names from the top.
fn common_path(named: &[&Named]) -> Vec<Arc<str>> {
    let Some((first, rest)) = named.split_first() else { return Vec::new() };
    let same = |at: usize, name: &Arc<str>| rest.iter().all(|it| it.path.get(at) == Some(name));
    first.path.iter().enumerate().take_while(|(at, name)| same(*at, name)).map(|(_, name)| Arc::clone(name)).collect()
}

/// The noun for a resource of a type.
#[must_use]
pub fn noun(resource_type: &str) -> &'static str {
    nouns(resource_type).0
}

/// The plural noun for resources of a type.
#[must_use]
pub fn plural(resource_type: &str) -> &'static str {
    nouns(resource_type).1
}

fn nouns(resource_type: &str) -> (&'static str, &'static str) {
    match resource_type {
        "AIAgent" => ("AI agent", "AI agents"),
        "AgentStatus" => ("agent status", "agent statuses"),
        "Bot" => ("bot", "bots"),
        "Campaign" => ("campaign", "campaigns"),
        "Case" => ("case", "cases"),
        "Contact" => ("contact", "contacts"),
        "ContactEvaluation" => ("evaluation", "evaluations"),
        "ContactFlow" => ("flow", "flows"),
        "ContactFlowModule" => ("flow module", "flow modules"),
        "CustomMetric" => ("custom metric", "custom metrics"),
        "DataTable" => ("data table", "data tables"),
        "DataTableRecord" => ("record", "records"),
        "EmailAddress" => ("email address", "email addresses"),
        "EvaluationForm" => ("evaluation form", "evaluation forms"),
        "HierarchyGroup" => ("hierarchy group", "hierarchy groups"),
        "HoursOfOperation" => ("hours of operation", "hours of operation"),
        "McpServer" => ("MCP server", "MCP servers"),
        "PhoneNumber" => ("phone number", "phone numbers"),
        "Prompt" => ("prompt", "prompts"),
        "Queue" => ("queue", "queues"),
        "QuickConnect" => ("quick connect", "quick connects"),
        "RoutingProfile" => ("routing profile", "routing profiles"),
        "Rule" => ("rule", "rules"),
        "SecurityProfile" => ("security profile", "security profiles"),
        "TaskTemplate" => ("task template", "task templates"),
        "TestCase" => ("test case", "test cases"),
        "ThirdPartyApplication" => ("application", "applications"),
        "User" => ("user", "users"),
        "View" => ("view", "views"),
        "Workspace" => ("workspace", "workspaces"),
        _ => ("resource", "resources"),
    }
}
