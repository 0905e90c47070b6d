//! Advice and ways, in generated worlds, against the naive evaluator: the permissions that an explanation names as missing
//! grant the access once they are added, and not before.

use std::collections::BTreeMap;

use lanyard_engine::{Advice, MissingSet, Outcome, Reading, UnknownParts, implied};
use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Resource as Stored, Timestamp};

use super::agreement::World;
use super::naive;
use super::random::Random;
use super::veil;
use super::world::{self, OwnedQuestion, PERMISSIONS};

/// The number of the profile that is added.
const ADDED: usize = 199;

/// The resources after a principal holds more permissions: in this profile, or in an additional one.
fn with(resources: &[Stored], principal: &str, permissions: &[String], profile: Option<&str>) -> Vec<Stored> {
    let mut all = resources.to_vec();
    if let Some(id) = profile {
        for resource in &mut all {
            if let Stored::SecurityProfile(held) = resource
                && held.id.to_string() == id
            {
                let mut changed = (**held).clone();
                changed.permissions.extend(permissions.iter().cloned());
                *resource = changed.into();
            }
        }
        return all;
    }
    let mut added = SecurityProfile::named(world::id(ADDED), "added", Timestamp(1), "");
    added.permissions = permissions.to_vec();
    for resource in &mut all {
        match resource {
            Stored::User(user) if user.id.to_string() == principal => {
                let mut changed = (**user).clone();
                changed.security_profile_ids.push(world::id(ADDED));
                *resource = changed.into();
            }
            Stored::AiAgent(agent) if agent.arn == principal => {
                let mut changed = (**agent).clone();
                changed.security_profile_ids.push(world::id(ADDED));
                *resource = changed.into();
            }
            _ => {}
        }
    }
    all.push(added.into());
    all
}

/// The question of one principal, named as the question names it: an AI agent without the person whom it serves, or that
/// person.
fn of_one(question: &OwnedQuestion, principal: &str) -> OwnedQuestion {
    let is_agent = principal.starts_with("arn:");
    let person = question.on_behalf_of.clone().filter(|_| !is_agent);
    OwnedQuestion {
        is_agent,
        principal: person.unwrap_or_else(|| question.principal.clone()),
        on_behalf_of: None,
        self_service: is_agent,
        ..question.clone()
    }
}

fn allows(resources: &[Stored], unknown: &UnknownParts, question: &OwnedQuestion, reading: Reading) -> bool {
    let directory = world::load(resources);
    question.with(|question| naive::decide(&directory, unknown, question, reading)) == Ok(true)
}

/// The profiles of a principal, by identifier.
fn held(resources: &[Stored], principal: &str) -> Vec<SecurityProfile> {
    let ids = resources.iter().find_map(|resource| match resource {
        Stored::User(user) if user.id.to_string() == principal => Some(user.security_profile_ids.clone()),
        Stored::AiAgent(agent) if agent.arn == principal => Some(agent.security_profile_ids.clone()),
        _ => None,
    });
    let ids = ids.unwrap_or_default();
    let profile = |resource: &Stored| match resource {
        Stored::SecurityProfile(profile) if ids.contains(&profile.id) => Some((**profile).clone()),
        _ => None,
    };
    resources.iter().filter_map(profile).collect()
}

fn check_set(
    resources: &[Stored],
    unknown: &UnknownParts,
    question: &OwnedQuestion,
    advice: &Advice,
    set: &MissingSet,
) {
    let principal = &advice.principal;
    let one = of_one(question, principal);
    let granted = |permissions: &[String], profile: Option<&str>| {
        allows(&with(resources, principal, permissions, profile), unknown, &one, Reading::STRICT)
    };
    let about = || format!("{question:?}: {advice:?}");
    assert!(granted(&set.permissions, None), "the permissions do not grant it: {}", about());
    for at in 0..set.permissions.len() {
        let mut fewer = set.permissions.clone();
        fewer.remove(at);
        assert!(!granted(&fewer, None), "fewer permissions grant it: {}", about());
    }
    for profile in held(resources, principal) {
        let id = profile.id.to_string();
        let is_named = set.profiles.iter().any(|it| it.id == id);
        assert_eq!(granted(&set.permissions, Some(&id)), is_named, "in the profile {}: {}", profile.name, about());
        let holds = |name: &String| {
            profile.permissions.iter().any(|stored| stored == name || implied(stored).contains(&name.as_str()))
        };
        assert!(!set.permissions.iter().any(holds), "a permission is held already: {}", about());
    }
}

#[test]
fn missing_permissions_grant_the_access_once_they_are_added() {
    let mut r = Random::new(4_711);
    let mut tally: BTreeMap<&str, usize> = BTreeMap::new();
    let all: Vec<String> =
        PERMISSIONS.iter().filter(|name| !name.starts_with("Restrict")).map(|name| (*name).to_owned()).collect();
    for _ in 0..120 {
        let mut resources = world::resources(&mut r);
        let veil = if r.percent(30) { veil::veil(&mut r, &mut resources) } else { veil::Veil::default() };
        let world = World::partial(&resources, &veil);
        for _ in 0..50 {
            let question = world::question(&mut r);
            let Ok(explanation) = question.with(|question| world.compiled.explain_in_full(question)) else { continue };
            let is_denied = explanation.answer.outcome == Outcome::Denied && explanation.answer.denial.is_none();
            if !is_denied {
                assert!(explanation.answer.outcome == Outcome::Undetermined || explanation.advice.is_empty());
                continue;
            }
            for advice in &explanation.advice {
                // No user calls a tool of AI agents, so that the person whom one serves cannot be asked about.
                if question.is_agent && !advice.principal.starts_with("arn:") && !question.action.contains('.') {
                    continue;
                }
                *tally.entry("advice").or_default() += 1;
                *tally.entry("sets").or_default() += advice.sets.len();
                *tally.entry("several permissions").or_default() +=
                    advice.sets.iter().filter(|set| set.permissions.len() > 1).count();
                for set in advice.sets.iter().take(4) {
                    check_set(&resources, &world.unknown_parts, &question, advice, set);
                }
            }
            // Where there is no advice, no permission helps.
            let principals: Vec<_> = explanation.reports.iter().map(|report| report.principal.clone()).collect();
            let Some(principal) = principals.first().filter(|first| principals.iter().all(|it| it == *first)) else {
                continue;
            };
            if explanation.advice.is_empty() && question.on_behalf_of.is_none() {
                *tally.entry("no advice").or_default() += 1;
                let mut all = all.clone();
                all.push(question.action.clone());
                let more = with(&resources, principal, &all, None);
                let one = of_one(&question, principal);
                let is_granted = allows(&more, &world.unknown_parts, &one, Reading::STRICT);
                // A permission that is held on too small a part would grant it in another profile, and is not advice.
                let held = held(&resources, principal);
                let is_held = |name: &str| {
                    held.iter().flat_map(|it| &it.permissions).any(|it| it == name || implied(it).contains(&name))
                };
                all.retain(|name| !is_held(name) && !implied(name).iter().any(|name| is_held(name)));
                let more = with(&resources, principal, &all, None);
                let helps = allows(&more, &world.unknown_parts, &one, Reading::STRICT);
                assert!(!helps, "a permission helps ({is_granted}): {question:?} {resources:?}");
            }
        }
    }
    assert!(tally["advice"] > 300 && tally["several permissions"] > 100 && tally["no advice"] > 100, "{tally:?}");
}

#[test]
fn the_way_has_a_missing_step_unless_it_is_allowed() {
    let mut r = Random::new(815);
    let mut tally: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..200 {
        let mut resources = world::resources(&mut r);
        let veil = if r.percent(30) { veil::veil(&mut r, &mut resources) } else { veil::Veil::default() };
        let world = World::partial(&resources, &veil);
        for _ in 0..50 {
            let question = world::question(&mut r);
            let Ok(explanation) = question.with(|question| world.compiled.explain_in_full(question)) else { continue };
            if explanation.answer.denial.is_some() || explanation.reports.is_empty() {
                continue;
            }
            *tally.entry(explanation.answer.outcome.as_str()).or_default() += 1;
            let missing = explanation.way.iter().filter(|step| step.missing).count();
            let way = &explanation.way;
            match explanation.answer.outcome {
                Outcome::Allowed => assert_eq!(missing, 0, "{question:?}: {way:?}"),
                _ => assert!(missing > 0 || !explanation.reasons.is_empty(), "{question:?}: {explanation:?}"),
            }
            // Each step is at most one deeper than the one above it, and the first is a principal.
            assert_eq!(way.first().map(|step| step.depth), Some(0));
            assert!(way.windows(2).all(|two| two[1].depth <= two[0].depth + 1), "{way:?}");
            let ends = way.iter().filter(|step| step.step_type == question.resource_type && step.depth > 2);
            let lines = way.iter().filter(|step| step.depth == 2).count();
            assert_eq!(ends.count(), lines, "{way:?}");
        }
    }
    assert!(tally.values().all(|count| *count > 300), "{tally:?}");
}
