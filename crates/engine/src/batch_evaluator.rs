//! One matter put to many users. What each profile makes of it is worked out once; users whose profiles make the same
//! of it, and whose own group relates to the resource in the same way, share one answer.
//!
//! What always holds: a user's answer is that of [`Case::granted`] for that user. A [`ProfileEffect`] holds everything of a
//! profile that the rules look at, and the rules do not tell more than two profiles of one stance apart.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

use lanyard_model::catalogue::ResourceType;

use crate::ask::{Asker, ResolvedQuery, Target, Wanted};
use crate::compiled::{Compiled, Group};
use crate::decide::NO_DETAILS;
use crate::index::fold;
use crate::permission_index::{Permission, Rule};
use crate::profile::{Profile, Within};
use crate::question::{Question, Resource};
use crate::reading::{OpenPoint, Reading};
use crate::scope::{Case, Limit, Limits, RecordLimit};
use crate::tasks::Formula;

/// A matter in its parts.
pub(crate) enum Plan<'a> {
    One(Box<BatchEvaluator<'a>>),
    AnyOf(Vec<Self>),
    AllOf(Vec<Self>),
}

impl<'a> Plan<'a> {
    /// What it takes to answer the matter for users who act for themselves.
    pub(crate) fn new(
        compiled: &'a Compiled,
        matter: &ResolvedQuery<'a>,
        question: &Question<'a>,
        reading: Reading,
    ) -> Self {
        let topic = Topic { compiled, resource: question.resource, changes: question.changes_primary_values, reading };
        let wanted = match matter.wanted {
            Wanted::Permission(permission, rule) => topic.one(*matter, permission, rule),
            Wanted::Task(task) => topic.task(matter, &task.formula),
        };
        let assigns = if reading.grants(OpenPoint::Q12) { &[] } else { question.assigns };
        let viewing = Topic { resource: NO_DETAILS, changes: false, ..topic };
        let viewed = assigns.iter().map(|(name, id)| match compiled.view_of_assigned(name, id) {
            Some((matter, permission, rule)) => viewing.one(matter, permission, rule),
            None => Self::AnyOf(Vec::new()),
        });
        let mut parts: Vec<_> = [wanted].into_iter().chain(viewed).collect();
        match parts.pop() {
            Some(only) if parts.is_empty() => only,
            last => Self::AllOf(parts.into_iter().chain(last).collect()),
        }
    }

    /// Whether the user may.
    #[inline]
    pub(crate) fn allows(&mut self, asker: Asker) -> bool {
        match self {
            Self::One(batch_evaluator) => batch_evaluator.allows(asker),
            Self::AnyOf(parts) => parts.iter_mut().any(|part| part.allows(asker)),
            Self::AllOf(parts) => parts.iter_mut().all(|part| part.allows(asker)),
        }
    }
}

/// What is asked of everyone.
#[derive(Clone, Copy)]
struct Topic<'a> {
    compiled: &'a Compiled,
    resource: Resource<'a>,
    changes: bool,
    reading: Reading,
}

impl<'a> Topic<'a> {
    fn one(&self, matter: ResolvedQuery<'a>, permission: Permission<'a>, rule: Rule) -> Plan<'a> {
        Plan::One(Box::new(BatchEvaluator::new(*self, matter, permission, rule)))
    }

    fn task(&self, matter: &ResolvedQuery<'a>, formula: &'static Formula) -> Plan<'a> {
        let all = |parts: &'static [Formula]| parts.iter().map(|it| self.task(matter, it)).collect();
        match formula {
            Formula::AnyOf(parts) => Plan::AnyOf(all(parts)),
            Formula::AllOf(parts) => Plan::AllOf(all(parts)),
            Formula::Permission(name) => match matter.step(self.compiled, &self.resource, name) {
                Some((permission, rule, target)) => {
                    let matter = ResolvedQuery { it: target.it, extent: target.extent, item: target.item, ..*matter };
                    self.one(matter, permission, rule)
                }
                None => Plan::AnyOf(Vec::new()),
            },
        }
    }
}

/// What one profile makes of a permission on a target.
#[derive(Clone, Copy, PartialEq, Eq)]
struct ProfileEffect {
    /// Whether it holds the permission, or lists the tool.
    holds: bool,
    /// What else the rule looks at.
    also: [bool; 3],
    limits: Limits,
    record: RecordLimit,
    /// What it does depends on the user's own group.
    by_own_group: bool,
    /// Nothing was seen of it.
    blank: bool,
}

/// The most stances that are told apart. Users with a profile of any further one are decided one by one.
const STANCES: u8 = 64;
/// Stands for no user, and for no class.
const NOBODY: u32 = u32::MAX;
/// Stands for a profile that was not looked at yet.
const UNSEEN: u8 = u8::MAX;

/// What the profiles of a class come to: the stances that one of them takes, and those that two or more take. Classes
/// that come to the same share their answers.
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

/// What is known of a class, or of what classes come to, in one number, so that a list in which nothing is known yet
/// costs nothing to make.
#[derive(Clone, Copy, Debug)]
enum Known {
    /// Nothing yet.
    Nothing,
    /// Its members share no answer.
    Alone,
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
            1 => Self::Alone,
            2 => Self::All(false),
            3 => Self::All(true),
            place => Self::ByGroup(place - 4),
        }
    }

    fn number(self) -> u32 {
        match self {
            Self::Nothing => 0,
            Self::Alone => 1,
            Self::All(allowed) => 2 + u32::from(allowed),
            Self::ByGroup(place) => place + 4,
        }
    }
}

/// How a user's own group may relate to that of the target: by what the profiles that look at it make of it, or not at
/// all where there is no own group.
const RELATIONS: usize = 10;

fn place_of(relation: Option<Limit>) -> usize {
    relation.map_or(RELATIONS - 1, |limit| limit as usize)
}

/// A permission on a target, wanted by many users.
pub(crate) struct BatchEvaluator<'a> {
    topic: Topic<'a>,
    matter: ResolvedQuery<'a>,
    permission: Permission<'a>,
    rule: Rule,
    /// Users to whom the target is their own, so that they share no answer; [`NOBODY`] for none.
    owners: [u32; 3],
    stances: Vec<ProfileEffect>,
    /// The place among the stances of each profile's, by the profile's number.
    places: Vec<u8>,
    /// The stances that depend on the user's own group.
    by_own_group: u64,
    /// What is [`Known`] of each class, by its number.
    classes: Vec<u32>,
    alike: HashMap<Alike, Known, BuildHasherDefault<Folding>>,
    /// For each [`Known::ByGroup`], the answers by relation.
    answers: Vec<[Option<bool>; RELATIONS]>,
    /// For each group, one more than the place of how it relates to that of the target; zero where it was not looked at.
    relations: Vec<u8>,
}

impl<'a> BatchEvaluator<'a> {
    fn new(topic: Topic<'a>, matter: ResolvedQuery<'a>, permission: Permission<'a>, rule: Rule) -> Self {
        let compiled = topic.compiled;
        let principal = (rule == Rule::OwnAnalytics).then(|| matter.target(&topic.resource).user(compiled)).flatten();
        Self {
            owners: [matter.agent, matter.owner, principal].map(|owner| owner.unwrap_or(NOBODY)),
            topic,
            matter,
            permission,
            rule,
            stances: Vec::new(),
            places: vec![UNSEEN; compiled.profile_count() as usize],
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
            Some(Known::Alone) | None => self.decide(asker),
            Some(Known::Nothing) => self.first_of_class(asker),
        }
    }

    fn decide(&self, asker: Asker) -> bool {
        let target = self.matter.target(&self.topic.resource);
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
            None => Known::Alone,
            Some(alike) => match self.alike.get(&alike) {
                Some(known) => *known,
                None => {
                    let known = if alike.once & self.by_own_group == 0 {
                        Known::All(self.decide(asker))
                    } else {
                        self.answers.push([None; RELATIONS]);
                        u32::try_from(self.answers.len() - 1).map_or(Known::Alone, Known::ByGroup)
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
            Known::Alone | Known::Nothing => self.decide(asker),
        }
    }

    /// What the profiles of the user come to; `None` when that is not known.
    fn alike(&mut self, asker: Asker) -> Option<Alike> {
        let mut alike = Alike::default();
        for number in self.topic.compiled.profile_numbers(asker.class) {
            let place = match self.places.get(*number as usize) {
                Some(&UNSEEN) | None => self.look_at(*number)?,
                Some(place) => *place,
            };
            if place >= STANCES {
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
        let target = self.matter.target(&self.topic.resource);
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
        let place = self.stances.iter().position(|it| *it == profile_effect).unwrap_or_else(|| {
            self.stances.push(profile_effect);
            self.stances.len() - 1
        });
        let place = u8::try_from(place).map_or(STANCES, |place| place.min(STANCES));
        if profile_effect.by_own_group && place < STANCES {
            self.by_own_group |= 1 << place;
        }
        *self.places.get_mut(number as usize)? = place;
        Some(place)
    }

    fn profile_effect(&self, profile: &Profile) -> ProfileEffect {
        let target = self.matter.target(&self.topic.resource);
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
                permission_index.view(it).is_some_and(|view| profile.holds(Permission::At(view))),
                false,
            ],
            limits: case.limits(profile, it),
            by_own_group: it == ResourceType::User && profile.within == Within::Own,
            ..none
        };
        match self.rule {
            Rule::Capability | Rule::Owned => none,
            Rule::Typed(it) | Rule::Analytics(it) => typed(it),
            Rule::OwnAnalytics => typed(ResourceType::User),
            Rule::Table => ProfileEffect { record: case.record_limit(profile), ..typed(ResourceType::DataTable) },
            Rule::Record(it) => ProfileEffect { record: case.record_limit(profile), ..typed(it) },
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
