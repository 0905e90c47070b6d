//! One matter put to many users. What each profile makes of it is worked out once; users whose profiles make the same
//! of it, and whose own group relates to the resource in the same way, share one answer.
//!
//! What always holds: a user's answer is that of [`Case::granted`] for that user. A [`Stance`] holds everything of a
//! profile that the rules look at, and the rules do not tell more than two profiles of one stance apart.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

use lanyard_model::catalogue::ResourceType;

use crate::ask::{Asker, Matter, Target, Wanted};
use crate::compiled::{Compiled, Group};
use crate::index::fold;
use crate::lexicon::{Permission, Rule};
use crate::profile::{Profile, Within};
use crate::reading::{OpenPoint, Reading};
use crate::scope::{Case, Limit, Limits, RecordLimit};
use crate::tasks::Formula;

/// A matter in its parts.
pub(crate) enum Plan<'a> {
    One(Box<Survey<'a>>),
    AnyOf(Vec<Self>),
    AllOf(Vec<Self>),
}

impl<'a> Plan<'a> {
    /// What it takes to answer the matter for users who act for themselves.
    pub(crate) fn new(compiled: &'a Compiled, matter: &Matter<'a>, reading: Reading) -> Self {
        let wanted = match matter.wanted {
            Wanted::Permission(permission, rule) => Self::one(compiled, *matter, permission, rule, reading),
            Wanted::Task(task) => Self::task(compiled, matter, &task.formula, reading),
        };
        let assigns = if reading.grants(OpenPoint::Q12) { &[] } else { matter.assigns };
        let viewed = assigns.iter().map(|(name, id)| match compiled.view_of_assigned(name, id) {
            Some((matter, permission, rule)) => Self::one(compiled, matter, permission, rule, reading),
            None => Self::AnyOf(Vec::new()),
        });
        Self::AllOf([wanted].into_iter().chain(viewed).collect())
    }

    fn one(
        compiled: &'a Compiled,
        matter: Matter<'a>,
        permission: Permission<'a>,
        rule: Rule,
        reading: Reading,
    ) -> Self {
        Self::One(Box::new(Survey::new(compiled, matter, permission, rule, reading)))
    }

    fn task(compiled: &'a Compiled, matter: &Matter<'a>, formula: &'static Formula, reading: Reading) -> Self {
        let all =
            |parts: &'static [Formula]| parts.iter().map(|it| Self::task(compiled, matter, it, reading)).collect();
        match formula {
            Formula::AnyOf(parts) => Self::AnyOf(all(parts)),
            Formula::AllOf(parts) => Self::AllOf(all(parts)),
            Formula::Permission(name) => match matter.step(compiled, name) {
                Some((permission, rule, target)) => {
                    let matter = Matter { it: target.it, extent: target.extent, item: target.item, ..*matter };
                    Self::one(compiled, matter, permission, rule, reading)
                }
                None => Self::AnyOf(Vec::new()),
            },
        }
    }

    /// Whether the user may.
    pub(crate) fn allows(&mut self, asker: Asker) -> bool {
        match self {
            Self::One(survey) => survey.allows(asker),
            Self::AnyOf(parts) => parts.iter_mut().any(|part| part.allows(asker)),
            Self::AllOf(parts) => parts.iter_mut().all(|part| part.allows(asker)),
        }
    }
}

/// What one profile makes of a permission on a target.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stance {
    /// Whether it holds the permission, or lists the tool.
    holds: bool,
    /// What else the rule looks at.
    also: [bool; 3],
    limits: Limits,
    record: RecordLimit,
    /// What it does depends on the user's own group.
    by_own_group: bool,
}

/// The most stances that are told apart. Users with a profile of any further one are decided one by one.
const STANCES: u8 = 64;
/// Stands for a profile that was not looked at yet.
const UNSEEN: u8 = u8::MAX;

/// What users have in common who share an answer: the stances that one of their profiles takes, those that two or more
/// take, and, where it matters, how their own group relates to that of the target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Alike {
    once: u64,
    twice: u64,
    own_group: Option<Option<Limit>>,
}

impl Hash for Alike {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        // The relation takes a handful of values, which need no part in it.
        hasher.write_u64(self.once ^ self.twice.rotate_left(32));
    }
}

/// A permission on a target, wanted by many users.
pub(crate) struct Survey<'a> {
    compiled: &'a Compiled,
    matter: Matter<'a>,
    permission: Permission<'a>,
    rule: Rule,
    reading: Reading,
    /// Users to whom the target is their own, so that they share no answer.
    owners: [Option<u32>; 3],
    stances: Vec<Stance>,
    /// The place among the stances of each profile's, by the profile's number.
    places: Vec<u8>,
    /// The stances that depend on the user's own group.
    by_own_group: u64,
    answers: HashMap<Alike, bool, BuildHasherDefault<Folding>>,
}

impl<'a> Survey<'a> {
    fn new(
        compiled: &'a Compiled,
        matter: Matter<'a>,
        permission: Permission<'a>,
        rule: Rule,
        reading: Reading,
    ) -> Self {
        let principal = (rule == Rule::OwnAnalytics).then(|| matter.target().user(compiled)).flatten();
        Self {
            compiled,
            owners: [matter.agent, matter.owner, principal],
            matter,
            permission,
            rule,
            reading,
            stances: Vec::new(),
            places: vec![UNSEEN; compiled.profile_count() as usize],
            by_own_group: 0,
            answers: HashMap::default(),
        }
    }

    fn allows(&mut self, asker: Asker) -> bool {
        let Some(alike) = self.alike(asker) else { return self.decide(asker) };
        if let Some(allowed) = self.answers.get(&alike) {
            return *allowed;
        }
        let allowed = self.decide(asker);
        self.answers.insert(alike, allowed);
        allowed
    }

    fn decide(&self, asker: Asker) -> bool {
        let target = self.matter.target();
        self.case(asker, &target).granted(self.rule, self.matter.changes_primary_values)
    }

    /// What the user has in common with those who share the answer; `None` for one who shares it with nobody.
    #[inline]
    fn alike(&mut self, asker: Asker) -> Option<Alike> {
        if self.owners.contains(&Some(asker.at)) {
            return None;
        }
        let mut alike = Alike::default();
        for number in self.compiled.profile_numbers(asker.class) {
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
        if alike.once & self.by_own_group != 0 {
            alike.own_group = Some(self.relation(asker));
        }
        Some(alike)
    }

    /// How the user's own group relates to that of the target; `None` where there is no own group.
    fn relation(&self, asker: Asker) -> Option<Limit> {
        let target = self.matter.target();
        let case = self.case(asker, &target);
        let inner = if self.rule == Rule::Visible { case.agent_group() } else { case.target_group() };
        (asker.group != Group::Nowhere).then(|| case.below(inner, asker.group))
    }

    fn case<'b>(&'b self, asker: Asker, target: &'b Target<'b>) -> Case<'b> {
        Case { compiled: self.compiled, asker, permission: self.permission, target, reading: self.reading }
    }

    /// Finds the place of the stance of a profile.
    #[cold]
    fn look_at(&mut self, number: u32) -> Option<u8> {
        let stance = self.stance(self.compiled.profile(number)?);
        let place = self.stances.iter().position(|it| *it == stance).unwrap_or_else(|| {
            self.stances.push(stance);
            self.stances.len() - 1
        });
        let place = u8::try_from(place).map_or(STANCES, |place| place.min(STANCES));
        if stance.by_own_group && place < STANCES {
            self.by_own_group |= 1 << place;
        }
        *self.places.get_mut(number as usize)? = place;
        Some(place)
    }

    fn stance(&self, profile: &Profile) -> Stance {
        let target = self.matter.target();
        let nobody = Asker { at: u32::MAX, class: u32::MAX, group: Group::Nowhere, is_agent: false };
        let case = self.case(nobody, &target);
        let lexicon = self.compiled.lexicon();
        let free = Limits { tag: Limit::Free, hierarchy: Limit::Free };
        let holds = profile.holds(self.permission);
        let none = Stance { holds, also: [false; 3], limits: free, record: RecordLimit::Free, by_own_group: false };
        let typed = |it: ResourceType| Stance {
            also: [
                profile.of_types.has(it),
                lexicon.view(it).is_some_and(|view| profile.holds(Permission::At(view))),
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
            Rule::Table => Stance { record: case.record_limit(profile), ..typed(ResourceType::DataTable) },
            Rule::Record(it) => Stance { record: case.record_limit(profile), ..typed(it) },
            Rule::Visible => {
                let places = lexicon.places;
                let [all, own, by_hierarchy] = [places.all_contacts, places.own_contacts, places.contacts_by_hierarchy]
                    .map(|at| profile.holds(Permission::At(at)));
                Stance { also: [all, own, by_hierarchy], by_own_group: by_hierarchy, ..none }
            }
            Rule::Access | Rule::Tool | Rule::Invoke | Rule::Collaborate => {
                let holds = profile.source.as_deref().is_some_and(|source| case.lists(source, self.rule));
                let panel = profile.holds(Permission::At(lexicon.places.agent_access));
                Stance { holds, also: [panel, false, false], ..none }
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
