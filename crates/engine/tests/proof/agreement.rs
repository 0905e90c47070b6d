//! Both evaluators on the same cases; what they disagree on is made small and kept.

use std::collections::BTreeMap;

use lanyard_engine::{Compiled, OpenPoint, PermissionIndex, Reading, UnknownParts};
use lanyard_model::{Directory, Kind, Resource as Stored};
use serde::{Deserialize, Serialize};

use super::naive;
use super::random::Random;
use super::veil;
use super::world::{self, OwnedQuestion};

/// A world and a question about it, as `tests/kept` has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub resources: Vec<Stored>,
    #[serde(default)]
    pub unknown_parts: veil::Veil,
    pub question: OwnedQuestion,
}

/// The property that a case violates; `None` when all hold.
pub(crate) fn fault(world: &World, question: &OwnedQuestion, readings: &[Reading]) -> Option<String> {
    let World { directory, unknown_parts, compiled } = world;
    question.with(|question| {
        let answer = |reading| compiled.decide(question, reading).map(|it| it.is_allowed()).map_err(|_| ());
        for reading in readings {
            let expected = naive::decide(directory, unknown_parts, question, *reading).map_err(|_| ());
            if answer(*reading) != expected {
                return Some(format!("{reading:?}: {:?} instead of {expected:?}", answer(*reading)));
            }
        }
        if answer(Reading::STRICT) == Ok(true) && answer(Reading::LENIENT) != Ok(true) {
            return Some("strict allows what lenient refuses".to_owned());
        }
        let outcome = compiled.outcome(question).map_err(|_| ());
        let explained = compiled.explain(question).map_err(|_| ());
        if explained.as_ref().map(|it| &it.answer) != outcome.as_ref() {
            return Some(format!("explained as {explained:?}, answered as {outcome:?}"));
        }
        let Ok(outcome) = outcome else { return None };
        let undetermined = answer(Reading::STRICT) != answer(Reading::LENIENT);
        if outcome.open_points.is_empty() == undetermined {
            return Some(format!("the open points are {:?}", outcome.open_points));
        }
        let granted = outcome.open_points.iter().fold(Reading::STRICT, |reading, point| reading.granting(*point));
        (undetermined && answer(granted) != Ok(true)).then(|| "the open points do not explain the answer".to_owned())
    })
}

impl Case {
    pub(crate) fn world(&self) -> World {
        World::partial(&self.resources, &self.unknown_parts)
    }
}

/// The state that resources make, for both evaluators.
pub(crate) struct World {
    pub(crate) directory: Directory,
    pub(crate) unknown_parts: UnknownParts,
    pub(crate) compiled: Compiled,
}

impl World {
    pub(crate) fn new(resources: &[Stored]) -> Self {
        Self::partial(resources, &veil::Veil::default())
    }

    pub(crate) fn partial(resources: &[Stored], veil: &veil::Veil) -> Self {
        let directory = world::load(resources);
        let unknown_parts = veil.unknown_parts();
        let compiled = Compiled::with_unknown_parts(&directory, PermissionIndex::builtin(), &unknown_parts);
        Self { directory, unknown_parts, compiled }
    }
}

/// Strict, lenient, and readings between them.
pub(crate) fn readings(r: &mut Random) -> Vec<Reading> {
    let mut between = Reading::STRICT;
    for point in OpenPoint::ALL {
        if r.percent(50) {
            between = between.granting(*point);
        }
    }
    vec![Reading::STRICT, Reading::LENIENT, between]
}

/// How many cases had each outcome.
pub(crate) type Tally = BTreeMap<&'static str, usize>;

/// Tries cases until one fails. Returns that case made small, and the property that it violates.
pub(crate) fn search(seed: u64, cases: usize) -> Result<Tally, Box<(Case, String)>> {
    let mut r = Random::new(seed);
    let mut tally = Tally::new();
    for _ in 0..cases.div_ceil(QUESTIONS) {
        let mut resources = world::resources(&mut r);
        let unknown_parts = if r.percent(40) { veil::veil(&mut r, &mut resources) } else { veil::Veil::default() };
        let world = World::partial(&resources, &unknown_parts);
        for _ in 0..QUESTIONS {
            let question = world::question(&mut r);
            let readings = readings(&mut r);
            if fault(&world, &question, &readings).is_some() {
                let case = shrink(Case { resources, unknown_parts, question }, &readings);
                let fault = fault(&case.world(), &case.question, &readings).unwrap_or_default();
                return Err(Box::new((case, fault)));
            }
            let outcome = question.with(|question| world.compiled.outcome(question));
            *tally.entry(outcome.map_or("malformed", |it| it.outcome.as_str())).or_default() += 1;
        }
    }
    Ok(tally)
}

/// Tries cases and goes on after failures. Returns, for each type of resource and action, how many cases fail and the
/// first of them made small.
#[allow(dead_code, reason = "the example calls it")]
pub(crate) fn failures(seed: u64, cases: usize) -> BTreeMap<String, (usize, Case, String)> {
    let mut r = Random::new(seed);
    let mut all: BTreeMap<String, (usize, Case, String)> = BTreeMap::new();
    for _ in 0..cases.div_ceil(QUESTIONS) {
        let mut resources = world::resources(&mut r);
        let unknown_parts = if r.percent(40) { veil::veil(&mut r, &mut resources) } else { veil::Veil::default() };
        let world = World::partial(&resources, &unknown_parts);
        for _ in 0..QUESTIONS {
            let question = world::question(&mut r);
            let readings = readings(&mut r);
            if fault(&world, &question, &readings).is_none() {
                continue;
            }
            let assigns = if question.assigns.is_empty() { "" } else { " that assigns" };
            let name = format!("{} on {}{assigns}", question.action, question.resource_type);
            if let Some((count, ..)) = all.get_mut(&name) {
                *count += 1;
                continue;
            }
            let case = Case { resources: resources.clone(), unknown_parts: unknown_parts.clone(), question };
            let case = shrink(case, &readings);
            let fault = fault(&case.world(), &case.question, &readings).unwrap_or_default();
            all.insert(name, (1, case, fault));
        }
    }
    all
}

/// How many questions are asked of one world.
const QUESTIONS: usize = 50;

/// Removes from a failing case everything that it fails without.
fn shrink(mut case: Case, readings: &[Reading]) -> Case {
    let fails = |case: &Case| fault(&case.world(), &case.question, readings).is_some();
    loop {
        let smaller = smaller(&case).into_iter().find(|it| fails(it));
        match smaller {
            Some(it) => case = it,
            None => return case,
        }
    }
}

fn smaller(case: &Case) -> Vec<Case> {
    let mut all = Vec::new();
    for at in 0..case.resources.len() {
        let mut it = case.clone();
        if it.resources.remove(at).kind() != Kind::Instance {
            all.push(it);
        }
        let Stored::SecurityProfile(profile) = &case.resources[at] else { continue };
        let mut with = |change: &dyn Fn(&mut lanyard_model::resources::SecurityProfile)| {
            let mut profile = (**profile).clone();
            change(&mut profile);
            if Stored::from(profile.clone()) != case.resources[at] {
                let mut it = case.clone();
                it.resources[at] = profile.into();
                all.push(it);
            }
        };
        for n in 0..profile.permissions.len() {
            with(&|it| drop(it.permissions.remove(n)));
        }
        for n in 0..profile.tag_restricted_resources.len() {
            with(&|it| drop(it.tag_restricted_resources.remove(n)));
        }
        for n in 0..profile.primary_attribute_values.len() {
            with(&|it| drop(it.primary_attribute_values.remove(n)));
        }
        with(&|it| it.allowed_access_control_tags.clear());
        with(&|it| it.hierarchy_restricted_resources.clear());
        with(&|it| it.allowed_access_control_hierarchy_group_id = None);
        with(&|it| it.applications.clear());
        with(&|it| it.allowed_flow_modules.clear());
        with(&|it| it.allowed_ai_agents.clear());
    }
    for name in &case.unknown_parts.restrictions {
        let mut it = case.clone();
        it.unknown_parts.restrictions.remove(name);
        all.push(it);
    }
    for name in &case.unknown_parts.tools {
        let mut it = case.clone();
        it.unknown_parts.tools.remove(name);
        all.push(it);
    }
    for name in &case.unknown_parts.kinds {
        let mut it = case.clone();
        it.unknown_parts.kinds.remove(name);
        all.push(it);
    }
    let mut ask = |change: &dyn Fn(&mut OwnedQuestion)| {
        let mut it = case.clone();
        change(&mut it.question);
        if it.question != case.question {
            all.push(it);
        }
    };
    ask(&|it| it.tags.clear());
    ask(&|it| it.primary_values.clear());
    ask(&|it| it.table_id = None);
    ask(&|it| it.assigns.clear());
    ask(&|it| it.hierarchy_group_id = None);
    ask(&|it| it.agent_id = None);
    ask(&|it| it.owner_id = None);
    ask(&|it| it.on_behalf_of = None);
    ask(&|it| it.hypothetical = false);
    ask(&|it| it.match_some = false);
    ask(&|it| it.changes_primary_values = false);
    all
}

/// The case as a file of `tests/kept`.
pub(crate) fn to_json(case: &Case) -> String {
    serde_json::to_string_pretty(case).unwrap()
}
