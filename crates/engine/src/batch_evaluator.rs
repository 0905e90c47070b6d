//! One query for many users. The effect of each profile on it is evaluated once; users whose profiles have the same
//! effects, and whose own group relates to the resource in the same way, share one answer.
//!
//! Invariants: a user's answer is that of [`Case::granted`] for that user. A [`ProfileEffect`] holds everything of a
//! profile that the rules read, and for the rules three profiles of one effect are the same as two.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

use lanyard_model::catalogue::ResourceType;

use crate::ask::{Asker, ResolvedQuery, Target, Wanted};
use crate::compiled::{Compiled, Group};
use crate::decide::has_profile;
use crate::index::fold;
use crate::permission_index::{Permission, Rule};
use crate::profile::{Profile, Within};
use crate::question::{Question, Resource};
use crate::reading::{OpenPoint, Reading};
use crate::record_rule::RecordLimit;
use crate::scope::{Case, Limit, Limits};
use crate::tasks::Formula;

/// A query in its parts.
pub(crate) enum Plan<'a> {
    One(Box<BatchEvaluator<'a>>),
    AnyOf(Vec<Self>),
    AllOf(Vec<Self>),
    /// Those who have a profile.
    HasProfile(&'a Compiled),
    /// Those who may tie what the action assigns.
    Ties {
        compiled: &'a Compiled,
        assigns: &'a [(&'a str, &'a str)],
        reading: Reading,
    },
}

impl<'a> Plan<'a> {
    /// The plan that answers the query for users who act for themselves.
    pub(crate) fn new(
        compiled: &'a Compiled,
        query: &ResolvedQuery<'a>,
        question: &Question<'a>,
        reading: Reading,
    ) -> Self {
        let topic = Topic { compiled, resource: question.resource, changes: question.changes_primary_values, reading };
        let has_profile = |granted: bool| if granted { Self::HasProfile(compiled) } else { Self::AnyOf(Vec::new()) };
        let wanted = match query.wanted {
            Wanted::Permission(permission, rule) => topic.one(*query, permission, rule),
            Wanted::Task(task) => topic.task(query, &task.formula),
            // Users do not call the tools of AI agents.
            Wanted::BuiltinTool(_) => Self::AnyOf(Vec::new()),
            Wanted::Unknown => has_profile(reading.grants(OpenPoint::UnknownAction)),
        };
        match question.assigns {
            [] => wanted,
            assigns => Self::AllOf(vec![wanted, Self::Ties { compiled, assigns, reading }]),
        }
    }

    /// Whether the user may.
    #[inline]
    pub(crate) fn allows(&mut self, asker: Asker) -> bool {
        match self {
            Self::One(batch_evaluator) => batch_evaluator.allows(asker),
            Self::AnyOf(parts) => parts.iter_mut().any(|part| part.allows(asker)),
            Self::AllOf(parts) => parts.iter_mut().all(|part| part.allows(asker)),
            Self::HasProfile(compiled) => has_profile(compiled, asker),
            Self::Ties { compiled, assigns, reading } => {
                assigns.iter().all(|(name, id)| compiled.may_tie(asker, name, id, *reading))
            }
        }
    }
}

/// The part of the query that is the same for every user.
#[derive(Clone, Copy)]
struct Topic<'a> {
    compiled: &'a Compiled,
    resource: Resource<'a>,
    changes: bool,
    reading: Reading,
}

impl<'a> Topic<'a> {
    fn one(&self, query: ResolvedQuery<'a>, permission: Permission<'a>, rule: Rule) -> Plan<'a> {
        Plan::One(Box::new(BatchEvaluator::new(*self, query, permission, rule)))
    }

    fn task(&self, query: &ResolvedQuery<'a>, formula: &'static Formula) -> Plan<'a> {
        let all = |parts: &'static [Formula]| parts.iter().map(|it| self.task(query, it)).collect();
        match formula {
            Formula::AnyOf(parts) => Plan::AnyOf(all(parts)),
            Formula::Disputed(point, parts) if self.reading.grants(*point) => Plan::AnyOf(all(parts)),
            Formula::AllOf(parts) | Formula::Disputed(_, parts) => Plan::AllOf(all(parts)),
            Formula::New(_) if !query.target(&self.resource).is_new() => Plan::AnyOf(Vec::new()),
            Formula::Permission(name) | Formula::New(name) => match query.step(self.compiled, &self.resource, name) {
                Some((permission, rule, target)) => {
                    let query = ResolvedQuery { it: target.it, extent: target.extent, item: target.item, ..*query };
                    self.one(query, permission, rule)
                }
                None => Plan::AnyOf(Vec::new()),
            },
        }
    }
}

/// The effect of one profile on a permission on a target.
#[derive(Clone, Copy, PartialEq, Eq)]
struct ProfileEffect {
    /// Whether it holds the permission, or lists the tool.
    holds: bool,
    /// The further properties that the rule reads.
    also: [bool; 3],
    limits: Limits,
    record: RecordLimit,
    /// Its effect depends on the user's own group.
    by_own_group: bool,
    /// Nothing of it is known.
    blank: bool,
}

/// The number of effects that are distinguished. Users with a profile of any further one are decided one by one.
const MOST_EFFECTS: u8 = 64;
/// The number of no user, and of no class.
const NOBODY: u32 = u32::MAX;
/// The place of a profile that was not evaluated yet.
const UNCLASSIFIED: u8 = u8::MAX;

/// The effects of the profiles of a class: those that one of them has, and those that two or more have. Classes with
/// the same effects share their answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Alike {
    once: u64,
    twice: u64,
}

impl Hash for Alike {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u64(self.once ^ self.twice.rotate_left(32));
    }
}

/// The answer so far for a class, or for classes with the same effects, in one number, so that a list without answers
/// is cheap to make.
#[derive(Clone, Copy, Debug)]
enum Known {
    /// Nothing yet.
    Nothing,
    /// Its members share no answer.
    Individual,
    /// Its members may all, or none of them.
    All(bool),
    /// It depends on the user's own group: the place of the answers for each relation.
    ByGroup(u32),
}

impl Known {
    #[inline]
    fn from_number(number: u32) -> Self {
        match number {
            0 => Self::Nothing,
            1 => Self::Individual,
            2 => Self::All(false),
            3 => Self::All(true),
            place => Self::ByGroup(place - 4),
        }
    }

    fn number(self) -> u32 {
        match self {
            Self::Nothing => 0,
            Self::Individual => 1,
            Self::All(allowed) => 2 + u32::from(allowed),
            Self::ByGroup(place) => place + 4,
        }
    }
}

/// The number of relations that a user's own group may have to that of the target: one for each limit, and one for
/// users without a group.
const RELATIONS: usize = 10;

fn place_of(relation: Option<Limit>) -> usize {
    relation.map_or(RELATIONS - 1, |limit| limit as usize)
}

/// A permission on a target, wanted by many users.
pub(crate) struct BatchEvaluator<'a> {
    topic: Topic<'a>,
    query: ResolvedQuery<'a>,
    permission: Permission<'a>,
    rule: Rule,
    /// Users to whom the target is their own, so that they share no answer; [`NOBODY`] for none.
    owners: [u32; 3],
    effects: Vec<ProfileEffect>,
    /// The place among the effects of each profile's, by the profile's number.
    places: Vec<u8>,
    /// The effects that depend on the user's own group.
    by_own_group: u64,
    /// The [`Known`] answer of each class, by its number.
    classes: Vec<u32>,
    alike: HashMap<Alike, Known, BuildHasherDefault<Folding>>,
    /// For each [`Known::ByGroup`], the answers by relation.
    answers: Vec<[Option<bool>; RELATIONS]>,
    /// For each group, one more than the place of how it relates to that of the target; zero where it was not
    /// evaluated.
    relations: Vec<u8>,
}

impl<'a> BatchEvaluator<'a> {
    fn new(topic: Topic<'a>, query: ResolvedQuery<'a>, permission: Permission<'a>, rule: Rule) -> Self {
        let compiled = topic.compiled;
        let principal = (rule == Rule::OwnAnalytics).then(|| query.target(&topic.resource).user(compiled)).flatten();
        Self {
            owners: [query.agent, query.owner, principal].map(|owner| owner.unwrap_or(NOBODY)),
            topic,
            query,
            permission,
            rule,
            effects: Vec::new(),
            places: vec![UNCLASSIFIED; compiled.profile_count() as usize],
            by_own_group: 0,
            classes: vec![0; compiled.class_count() as usize],
            alike: HashMap::default(),
            answers: Vec::new(),
            relations: vec![0; compiled.group_count() as usize],
        }
    }

    #[inline]
    fn allows(&mut self, asker: Asker) -> bool {
        if self.owners.contains(&asker.at) {
            return self.decide(asker);
        }
        match self.classes.get(asker.class as usize).map(|number| Known::from_number(*number)) {
            Some(Known::All(allowed)) => allowed,
            Some(Known::ByGroup(place)) => self.by_group(place, asker),
            Some(Known::Individual) | None => self.decide(asker),
            Some(Known::Nothing) => self.first_of_class(asker),
        }
    }

    fn decide(&self, asker: Asker) -> bool {
        let target = self.query.target(&self.topic.resource);
        self.case(asker, &target).granted(self.rule, self.topic.changes)
    }

    /// The answer where the user's own group matters.
    fn by_group(&mut self, place: u32, asker: Asker) -> bool {
        let at = self.place_of_relation(asker);
        let known = self.answers.get(place as usize).and_then(|answers| *answers.get(at)?);
        known.unwrap_or_else(|| {
            let allowed = self.decide(asker);
            if let Some(answer) = self.answers.get_mut(place as usize).and_then(|answers| answers.get_mut(at)) {
                *answer = Some(allowed);
            }
            allowed
        })
    }

    /// The place of the answer for how the user's own group relates to that of the target.
    fn place_of_relation(&mut self, asker: Asker) -> usize {
        let number = match asker.group {
            Group::At(number) => number as usize,
            Group::Nowhere | Group::Missing => return place_of(self.relation(asker)),
        };
        match self.relations.get(number) {
            Some(0) | None => {
                let place = place_of(self.relation(asker));
                if let Some(known) = self.relations.get_mut(number) {
                    *known = u8::try_from(place + 1).unwrap_or_default();
                }
                place
            }
            Some(place) => usize::from(*place) - 1,
        }
    }

    /// Answers the first user of a class, and keeps what holds of the others.
    fn first_of_class(&mut self, asker: Asker) -> bool {
        let known = match self.alike(asker) {
            None => Known::Individual,
            Some(alike) => match self.alike.get(&alike) {
                Some(known) => *known,
                None => {
                    let known = if alike.once & self.by_own_group == 0 {
                        Known::All(self.decide(asker))
                    } else {
                        self.answers.push([None; RELATIONS]);
                        u32::try_from(self.answers.len() - 1).map_or(Known::Individual, Known::ByGroup)
                    };
                    self.alike.insert(alike, known);
                    known
                }
            },
        };
        if let Some(place) = self.classes.get_mut(asker.class as usize) {
            *place = known.number();
        }
        match known {
            Known::All(allowed) => allowed,
            Known::ByGroup(place) => self.by_group(place, asker),
            Known::Individual | Known::Nothing => self.decide(asker),
        }
    }

    /// The effects of the user's profiles; `None` when they are not known.
    fn alike(&mut self, asker: Asker) -> Option<Alike> {
        let mut alike = Alike::default();
        for number in self.topic.compiled.profile_numbers(asker.class) {
            let place = match self.places.get(*number as usize) {
                Some(&UNCLASSIFIED) | None => self.look_at(*number)?,
                Some(place) => *place,
            };
            if place >= MOST_EFFECTS {
                return None;
            }
            let bit = 1 << place;
            alike.twice |= alike.once & bit;
            alike.once |= bit;
        }
        Some(alike)
    }

    /// How the user's own group relates to that of the target; `None` where there is no own group.
    fn relation(&self, asker: Asker) -> Option<Limit> {
        let target = self.query.target(&self.topic.resource);
        let case = self.case(asker, &target);
        let inner = if self.rule == Rule::Visible { case.agent_group() } else { case.target_group() };
        (asker.group != Group::Nowhere).then(|| case.below(inner, asker.group))
    }

    fn case<'b>(&'b self, asker: Asker, target: &'b Target<'b>) -> Case<'b> {
        let Topic { compiled, reading, .. } = self.topic;
        Case { compiled, asker, permission: self.permission, target, reading }
    }

    /// Finds the place of the stance of a profile.
    #[cold]
    fn look_at(&mut self, number: u32) -> Option<u8> {
        let profile_effect = self.profile_effect(self.topic.compiled.profile(number)?);
        let place = self.effects.iter().position(|it| *it == profile_effect).unwrap_or_else(|| {
            self.effects.push(profile_effect);
            self.effects.len() - 1
        });
        let place = u8::try_from(place).map_or(MOST_EFFECTS, |place| place.min(MOST_EFFECTS));
        if profile_effect.by_own_group && place < MOST_EFFECTS {
            self.by_own_group |= 1 << place;
        }
        *self.places.get_mut(number as usize)? = place;
        Some(place)
    }

    fn profile_effect(&self, profile: &Profile) -> ProfileEffect {
        let target = self.query.target(&self.topic.resource);
        let nobody = Asker { at: NOBODY, class: NOBODY, group: Group::Nowhere, is_agent: false };
        let case = self.case(nobody, &target);
        let permission_index = self.topic.compiled.permission_index();
        let free = Limits { tag: Limit::Free, hierarchy: Limit::Free };
        let (holds, blank) = (profile.holds(self.permission), profile.is_blank());
        let none = ProfileEffect {
            holds,
            also: [false; 3],
            limits: free,
            record: RecordLimit::Free,
            by_own_group: false,
            blank,
        };
        let typed = |it: ResourceType| ProfileEffect {
            also: [
                profile.of_types.has(it),
                permission_index.view_for(self.rule, it).is_some_and(|view| profile.holds(view)),
                false,
            ],
            limits: case.limits(profile, it),
            by_own_group: it == ResourceType::User && profile.within == Within::Own,
            ..none
        };
        match self.rule {
            Rule::Capability => none,
            Rule::Typed(it) | Rule::Analytics(it) | Rule::Owned(it) => typed(it),
            Rule::OwnAnalytics => typed(ResourceType::User),
            Rule::Table | Rule::Record => {
                let is_table = self.rule == Rule::Table;
                let it = if is_table { ResourceType::DataTable } else { ResourceType::DataTableRecord };
                let ProfileEffect { also: [of_type, views, _], .. } = typed(it);
                let also = [of_type, views, case.bars(profile)];
                ProfileEffect { also, record: case.record_limit(profile), ..typed(it) }
            }
            Rule::Visible => {
                let places = permission_index.places;
                let [all, own, by_hierarchy] = [places.all_contacts, places.own_contacts, places.contacts_by_hierarchy]
                    .map(|at| profile.holds(Permission::At(at)));
                ProfileEffect { also: [all, own, by_hierarchy], by_own_group: by_hierarchy, ..none }
            }
            Rule::Access | Rule::Tool | Rule::Invoke | Rule::Collaborate => {
                let holds = profile.source.as_deref().is_some_and(|source| case.lists(source, self.rule));
                let panel = profile.holds(Permission::At(permission_index.places.agent_access));
                ProfileEffect { holds, also: [panel, false, false], ..none }
            }
        }
    }
}

/// A hash of numbers, for keys that no one outside chooses.
#[derive(Default)]
struct Folding(u64);

impl Hasher for Folding {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    #[inline]
    fn write_u64(&mut self, word: u64) {
        self.0 = fold(self.0, word);
    }
}
