//! Backward questions against brute force; what-if against really applying; following changes against starting afresh.

use lanyard_engine::{Compiled, Denial, OpenPoint, PermissionIndex, Principal, PrincipalKind, Question, Reading};
use lanyard_model::catalogue::{BUILTIN_TOOLS, is_well_formed};
use lanyard_model::{Change, Directory, Draft, Id, Kind, Resource as Stored, Timestamp};

use super::agreement::World;
use super::random::Random;
use super::veil;
use super::world::{self, OwnedQuestion};

const READINGS: [Reading; 2] = [Reading::STRICT, Reading::LENIENT];

fn allowed(compiled: &Compiled, question: &Question<'_>, reading: Reading) -> Option<bool> {
    compiled.decide(question, reading).ok().map(|it| it.is_allowed())
}

fn names(ids: impl Iterator<Item = Id>) -> Vec<String> {
    ids.map(|id| id.to_string()).collect()
}

/// Each backward question finds what asking forwards about everything finds.
fn check(world: &World, owned: &OwnedQuestion) {
    let World { directory, unknown_parts, compiled } = world;
    owned.with(|question| {
        for reading in READINGS {
            who(directory, compiled, question, reading);
            which_resources(directory, compiled, question, reading);
            // Unknown tools may have any name.
            if unknown_parts.is_empty() || question.resource.resource_type != "McpServer" {
                which_actions(world, question, reading);
            }
        }
    });
}

fn who(directory: &Directory, compiled: &Compiled, question: &Question<'_>, reading: Reading) {
    let users = names(directory.users.keys().cloned());
    let agents = names(directory.ai_agents.keys().cloned());
    for (kind, all) in [(PrincipalKind::User, users), (PrincipalKind::AiAgent, agents)] {
        let expected: Option<Vec<_>> = all
            .iter()
            .map(|name| {
                let principal = match kind {
                    PrincipalKind::User => Principal::User(name),
                    PrincipalKind::AiAgent => Principal::AiAgent(name),
                };
                allowed(compiled, &Question { principal, ..*question }, reading).map(|it| it.then_some(name.clone()))
            })
            .collect();
        let results = compiled.who(kind, question, reading, None);
        let Some(expected) = expected else {
            // A user whose name is another's identifier cannot be asked about by identifier.
            continue;
        };
        let expected: Vec<_> = expected.into_iter().flatten().collect();
        let results: Vec<_> = results.unwrap().cloned().collect();
        assert_eq!(names(results.iter().cloned()), expected, "{question:?}");
        if let Some(first) = results.first() {
            let rest = compiled.who(kind, question, reading, Some(first)).unwrap();
            assert_eq!(rest.count(), results.len() - 1);
        }
    }
}

fn which_resources(directory: &Directory, compiled: &Compiled, question: &Question<'_>, reading: Reading) {
    let Ok(Ok(results)) = compiled.which_resources(question, reading, None) else { return };
    let kind = match question.resource.resource_type {
        "ContactFlowModule" => Some(Kind::FlowModule),
        name => Kind::from_name(name),
    };
    let mut expected: Vec<Id> = directory.iter().filter(|it| Some(it.kind()) == kind).map(|it| it.id()).collect();
    expected.retain(|id| {
        let mut question = *question;
        let id = id.to_string();
        question.resource.hypothetical = false;
        question.resource.id = &id;
        allowed(compiled, &question, reading) == Some(true)
    });
    assert_eq!(results.cloned().collect::<Vec<_>>(), expected, "{question:?}");
}

fn which_actions(world: &World, question: &Question<'_>, reading: Reading) {
    let World { directory, unknown_parts, compiled } = world;
    let Ok(results) = compiled.which_actions(question, reading, None) else { return };
    let catalogue = lanyard_model::catalogue::Catalogue::builtin();
    let mut all: Vec<String> = catalogue.iter().map(|it| it.api_name().to_owned()).collect();
    for profile in directory.security_profiles.values() {
        all.extend(profile.permissions.iter().cloned());
        all.extend(profile.applications.iter().flat_map(|it| it.permissions.clone()));
    }
    all.extend(["ACCESS", "Invoke", "Collaborate"].map(str::to_owned));
    all.extend(BUILTIN_TOOLS.iter().map(|tool| tool.name.to_owned()));
    all.sort();
    all.dedup();
    // Names that are not known cannot be listed.
    let is_known = |action: &String| {
        let outcome = compiled.outcome(&Question { action, ..*question });
        let is_name = question.resource.resource_type == "McpServer" || is_well_formed(action);
        is_name
            && !outcome.is_ok_and(|it| {
                it.denial == Some(Denial::UnknownAction) || it.open_points.contains(&OpenPoint::UnknownAction)
            })
    };
    all.retain(is_known);
    all.retain(|action| allowed(compiled, &Question { action, ..*question }, reading) == Some(true));
    // An unknown profile may hold permissions of any name, and an unknown principal may have such a profile.
    let may_be_any =
        [Kind::SecurityProfile, Kind::User, Kind::AiAgent].iter().any(|it| unknown_parts.kinds.contains(it));
    let is_listed = |action: &&str| !may_be_any || catalogue.get(action).is_some();
    let (named, expected): (Vec<_>, Vec<_>) = (
        results.iter().copied().filter(is_listed).collect(),
        all.iter().map(String::as_str).filter(is_listed).collect(),
    );
    assert_eq!(named, expected, "{question:?}");
    assert!(results.iter().all(|action| all.iter().any(|it| it == action)), "{question:?}");
    if let Some(first) = results.first() {
        let rest = compiled.which_actions(question, reading, Some(first)).unwrap();
        assert_eq!(rest, results[1..]);
    }
}

#[test]
fn backward_questions_find_what_forward_ones_allow() {
    let mut r = Random::new(11);
    for _ in 0..60 {
        let mut resources = world::resources(&mut r);
        let veil = if r.percent(40) { veil::veil(&mut r, &mut resources) } else { veil::Veil::default() };
        let world = World::partial(&resources, &veil);
        for _ in 0..6 {
            let mut owned = world::question(&mut r);
            if owned.principal.is_empty() || owned.action.is_empty() {
                continue;
            }
            owned.self_service &= owned.is_agent;
            owned.on_behalf_of = owned.on_behalf_of.filter(|it| !it.is_empty());
            check(&world, &owned);
        }
    }
}

/// Enough profiles and users that answers are shared, and that there are more kinds of profile than are distinguished.
#[test]
fn who_finds_in_a_crowd_what_forward_questions_allow() {
    let mut r = Random::new(17);
    for _ in 0..3 {
        let mut all = world::resources(&mut r);
        let groups: Vec<_> = all.iter().filter(|it| it.kind() == Kind::HierarchyGroup).map(Stored::id).collect();
        let mut profiles = Vec::new();
        for n in 0..120 {
            let other = world::resources(&mut r).into_iter().find_map(|it| match it {
                Stored::SecurityProfile(profile) => Some((*profile).clone()),
                _ => None,
            });
            let Some(mut profile) = other else { continue };
            (profile.id, profile.name) = (world::id(100_000 + n), format!("crowd{n}"));
            profiles.push(profile.id.clone());
            all.push(profile.into());
        }
        for n in 0..400 {
            let assigned = (0..r.below(4)).map(|_| r.pick(&profiles).clone()).collect();
            let group = (!groups.is_empty() && r.percent(70)).then(|| r.pick(&groups).clone());
            let mut user = world::user(n, assigned, group, world::tags(&mut r));
            (user.id, user.username) = (world::id(200_000 + n), format!("crowd{n}"));
            all.push(user.into());
        }
        let World { directory, compiled, .. } = World::new(&all);
        for _ in 0..40 {
            let owned = world::question(&mut r);
            if owned.principal.is_empty() || owned.action.is_empty() || owned.is_agent {
                continue;
            }
            owned.with(|question| READINGS.map(|reading| who(&directory, &compiled, question, reading)));
        }
    }
}

/// A change or two that fit the state.
fn changes(r: &mut Random, directory: &Directory) -> (Vec<Change>, Directory) {
    let mut draft = Draft::new(directory.clone());
    for _ in 0..1 + r.below(3) {
        let all: Vec<Stored> = draft.directory().iter().collect();
        match r.below(5) {
            // An attribute gets another name, by which records are asked about.
            4 => {
                let attributes: Vec<_> = draft.directory().data_table_attributes.values().cloned().collect();
                if !attributes.is_empty() {
                    let mut attribute = (**r.pick(&attributes)).clone();
                    attribute.name = (*r.pick(&["a", "b", "c"])).into();
                    let _ = draft.put(attribute);
                }
            }
            // Something from another world takes the place of what has its identifier here, or is new.
            0 | 1 => {
                let other = world::resources(r);
                let _ = draft.put(r.pick(&other).clone());
            }
            2 => {
                let it = r.pick(&all);
                let _ = draft.delete(it.kind(), &it.id());
            }
            _ => {
                let mut it = r.pick(&all).clone();
                if let Some(tags) = it.tags_mut() {
                    *tags = world::tags(r);
                }
                let _ = draft.put(it);
            }
        }
    }
    draft.finish(Timestamp(2))
}

#[test]
fn following_changes_answers_as_starting_afresh_does() {
    let mut r = Random::new(13);
    for _ in 0..25 {
        let mut directory = world::load(&world::resources(&mut r));
        let mut followed = Compiled::new(&directory, PermissionIndex::builtin());
        for _ in 0..25 {
            let before = followed.clone();
            let owned: Vec<_> = (0..8).map(|_| world::question(&mut r)).collect();
            let answers = |compiled: &Compiled| -> Vec<_> {
                owned.iter().map(|it| it.with(|question| compiled.outcome(question))).collect()
            };
            let answers_before = answers(&before);
            let (changes, next) = changes(&mut r, &directory);
            // For what-if questions, a clone that follows the changes answers as the state after them, and its original
            // is unchanged.
            let mut supposed = followed.clone();
            supposed.apply(&changes);
            let fresh = Compiled::new(&next, PermissionIndex::builtin());
            assert_eq!(answers(&supposed), answers(&fresh), "{changes:#?}");
            assert_eq!(answers(&before), answers_before);
            assert_eq!(supposed.revision(), next.revision());
            followed.apply(&changes);
            directory = next;
        }
        assert_eq!(directory.faults(), vec![]);
    }
}
