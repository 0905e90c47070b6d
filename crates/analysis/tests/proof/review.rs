//! The access review against brute force: every item is asked for every principal and every resource, in both readings.

use std::collections::BTreeSet;
use std::sync::Arc;

use lanyard_analysis::review::{Item, Provenance, Reach, Review, ReviewedState, Row};
use lanyard_engine::tasks::Formula::{AllOf, AnyOf, Permission};
use lanyard_engine::tasks::{TASKS, Task};
use lanyard_engine::{Answer, Compiled, Outcome, PermissionIndex, Principal, Question, Reading, UnknownParts, implied};
use lanyard_model::catalogue::{BUILTIN_TOOLS, Catalogue, ResourceType};
use lanyard_model::{Directory, Id, Key, Kind, Resource as Stored, StreamId, Timestamp};

use super::random::Random;
use super::{veil, world};

/// The number of worlds of each thread.
const ROUNDS: u64 = 8;

static FURTHER: [Task; 2] = [
    Task {
        name: "edit-and-see",
        title: "edit users and see one's own metrics",
        formula: AllOf(&[
            AnyOf(&[Permission("Users.Edit"), Permission("AccessMetrics.DashboardsWithMyData.View")]),
            AnyOf(&[Permission("Users.View"), Permission("AccessMetrics")]),
        ]),
        resource_types: &["User", "Queue"],
        source: "https://example.com/a",
    },
    Task {
        name: "values",
        title: "edit values",
        formula: AnyOf(&[Permission("DataTables.ManageValues"), Permission("DataTables.Edit")]),
        resource_types: &["DataTable", "DataTableRecord"],
        source: "https://example.com/b",
    },
];

/// A state to review.
struct World {
    directory: Directory,
    unknown_parts: UnknownParts,
    index: Arc<PermissionIndex>,
    compiled: Compiled,
}

/// A principal: whether it is an AI agent, its name in questions, and its identifier.
type Someone = (bool, String, String);

impl World {
    fn new(directory: Directory, unknown_parts: UnknownParts) -> Self {
        let index = PermissionIndex::new(Catalogue::builtin()).with_tasks(FURTHER.iter().collect());
        let index = Arc::new(index);
        let compiled = Compiled::with_unknown_parts(&directory, Arc::clone(&index), &unknown_parts);
        Self { directory, unknown_parts, index, compiled }
    }

    /// The same with other profiles of one principal.
    fn with_profiles(&self, (is_agent, _, id): &Someone, profiles: &[Id]) -> Compiled {
        let of = |stored: Stored| match stored {
            Stored::User(user) if !is_agent && user.id.to_string() == *id => {
                let mut user = (*user).clone();
                user.security_profile_ids = profiles.to_vec();
                Stored::from(user)
            }
            Stored::AiAgent(agent) if *is_agent && agent.arn == *id => {
                let mut agent = (*agent).clone();
                agent.security_profile_ids = profiles.to_vec();
                Stored::from(agent)
            }
            other => other,
        };
        let resources = self.directory.iter().map(of);
        let directory = Directory::load(self.directory.stream().clone(), 1, Timestamp(0), resources);
        Compiled::with_unknown_parts(&directory, Arc::clone(&self.index), &self.unknown_parts)
    }

    fn everyone(&self) -> Vec<Someone> {
        // By ARN, which is never the name of another user; only a stored instance gives ARNs.
        let name = |id: &Id| match self.directory.instances.is_empty() {
            true => id.to_string(),
            false => world::arn(&format!("/agent/{id}")),
        };
        let users = self.directory.users.keys().map(|id| (false, name(id), id.to_string()));
        users.chain(self.directory.ai_agents.values().map(|it| (true, it.arn.clone(), it.arn.clone()))).collect()
    }

    fn profiles(&self, (is_agent, _, id): &Someone) -> Vec<Id> {
        match is_agent {
            true => self.directory.ai_agents[&Id::new(id)].security_profile_ids.clone(),
            false => self.directory.users[&Id::new(id)].security_profile_ids.clone(),
        }
    }
}

fn answer(compiled: &Compiled, someone: &Someone, item: &Item, it: ResourceType, id: &str, some: bool) -> Answer {
    let (is_agent, name, _) = someone;
    let principal = if *is_agent { Principal::AiAgent(name) } else { Principal::User(name) };
    let mut question = Question::new(principal, &item.action, it.as_str(), id);
    question.self_service = *is_agent;
    question.resource.match_some = some;
    let answer = compiled.outcome(&question).unwrap();
    let [strict, lenient] = [Reading::STRICT, Reading::LENIENT].map(|it| compiled.decide(&question, it).unwrap());
    assert_eq!(answer.outcome, Outcome::of(strict, lenient));
    answer
}

fn main_answer(compiled: &Compiled, instance: &str, someone: &Someone, item: &Item, it: ResourceType) -> Answer {
    match it {
        ResourceType::Instance => answer(compiled, someone, item, it, instance, false),
        _ => answer(compiled, someone, item, it, "*", !item.every),
    }
}

/// The reach, by asking about every resource.
fn reach(compiled: &Compiled, directory: &Directory, someone: &Someone, item: &Item, it: ResourceType) -> Reach {
    if it == ResourceType::Instance {
        return Reach::Whole;
    }
    let Some(kind) = it.kind() else {
        return Reach::Every(answer(compiled, someone, item, it, "*", false).outcome);
    };
    let all: Vec<_> = directory.iter().filter(|stored| stored.kind() == kind).collect();
    let outcomes = all.iter().map(|it_| answer(compiled, someone, item, it, &it_.id().to_string(), false).outcome);
    let outcomes: Vec<_> = outcomes.collect();
    let count = |wanted| u32::try_from(outcomes.iter().filter(|it| **it == wanted).count()).unwrap();
    Reach::Counted {
        certain: count(Outcome::Allowed),
        undetermined: count(Outcome::Undetermined),
        of: u32::try_from(all.len()).unwrap(),
    }
}

#[derive(Debug, Default)]
struct Tally {
    certain: usize,
    undetermined: usize,
    denied: usize,
    counted: usize,
    several: usize,
    differs: usize,
}

fn items(r: &mut Random) -> Vec<Item> {
    let catalogue = Catalogue::builtin();
    let mut items: Vec<Item> = TASKS.iter().chain(&FURTHER).map(Item::task).collect();
    items.extend(BUILTIN_TOOLS.iter().map(|tool| Item::permission(tool.name, catalogue)));
    for permission in catalogue.iter() {
        let types = permission.resource_types().to_vec();
        items.push(Item { resource_types: types, ..Item::permission(permission.api_name(), catalogue) });
    }
    items.push(Item::permission("Own.Thing", catalogue));
    for item in &mut items {
        item.every = r.percent(10);
    }
    items
}

fn provenance() -> Provenance {
    Provenance {
        made_by: None,
        made_at: Timestamp(0),
        version: String::new(),
        source: String::new(),
        instance: String::new(),
        alias: None,
        revision: None,
    }
}

fn check(world: &World, items: Vec<Item>, tally: &mut Tally) {
    let World { directory, unknown_parts, compiled, .. } = world;
    let state = ReviewedState { directory, compiled, unknown_parts };
    let review = Review::new(state, items, None, provenance(), Vec::new());
    let instance = match directory.stream() {
        StreamId::Instance(id) => id.to_string(),
        StreamId::Registry { .. } => panic!("a world is an instance"),
    };
    let everyone = world.everyone();
    for (at, item) in review.items.iter().enumerate() {
        let (mut certain, mut perhaps) = ([BTreeSet::new(), BTreeSet::new()], [BTreeSet::new(), BTreeSet::new()]);
        let mut count = 0;
        for it in &item.resource_types {
            for someone in &everyone {
                let rows: Vec<&Row> = review
                    .rows
                    .iter()
                    .filter(|row| row.item == at && row.resource_type == *it)
                    .filter(|row| {
                        let person = &review.people[row.person];
                        (person.is_agent, &person.id) == (someone.0, &someone.2)
                    })
                    .collect();
                count += rows.len();
                let expected = main_answer(compiled, &instance, someone, item, *it);
                let place = usize::from(someone.0);
                match expected.outcome {
                    Outcome::Denied => {
                        tally.denied += 1;
                        assert!(rows.is_empty(), "{} {it:?} {someone:?}: {rows:?}", item.action);
                        if !item.every {
                            let reach = reach(compiled, directory, someone, item, *it);
                            let nothing = match reach {
                                Reach::Counted { certain, undetermined, .. } => certain + undetermined == 0,
                                Reach::Every(outcome) => outcome == Outcome::Denied,
                                Reach::Whole => true,
                            };
                            assert!(nothing, "{} {it:?} {someone:?}: {reach:?}", item.action);
                        }
                        continue;
                    }
                    Outcome::Allowed => {
                        tally.certain += 1;
                        certain[place].insert(someone.2.clone());
                    }
                    Outcome::Undetermined => {
                        tally.undetermined += 1;
                        perhaps[place].insert(someone.2.clone());
                    }
                }
                check_rows(world, &instance, someone, item, *it, &rows, &expected, tally);
            }
        }
        let totals = review.totals(Some(at));
        let [users, agents] = [0, 1].map(|place| {
            perhaps[place].retain(|it| !certain[place].contains(it));
            (certain[place].len(), perhaps[place].len())
        });
        assert_eq!((totals.users.certain, totals.users.undetermined), users);
        assert_eq!((totals.ai_agents.certain, totals.ai_agents.undetermined), agents);
        assert_eq!(totals.rows, count);
    }
    let all = review.totals(None);
    let by_item = (0..review.items.len()).map(|at| review.totals(Some(at)).rows).sum::<usize>();
    assert_eq!((all.rows, all.users.all() + all.ai_agents.all()), (by_item, review.people.len()));
}

#[allow(clippy::too_many_arguments, reason = "the parts of one comparison")]
fn check_rows(
    world: &World,
    instance: &str,
    someone: &Someone,
    item: &Item,
    it: ResourceType,
    rows: &[&Row],
    expected: &Answer,
    tally: &mut Tally,
) {
    let World { directory, unknown_parts, compiled, .. } = world;
    let what = format!("{} {it:?} {someone:?}", item.action);
    assert!(!rows.is_empty(), "{what}: {expected:?}");
    let expected_reach = reach(compiled, directory, someone, item, it);
    let held = world.profiles(someone);
    for row in rows {
        let access = &row.access;
        assert_eq!((access.outcome, access.reach), (expected.outcome, Some(expected_reach)), "{what}");
        assert!(expected.open_points.iter().all(|point| access.open_points.contains(point)), "{what}");
        let is_open = access.outcome == Outcome::Undetermined
            || matches!(access.reach, Some(Reach::Counted { undetermined: 1.., .. }));
        assert_eq!(access.open_points.is_empty(), !is_open, "{what}: {access:?}");
        tally.counted += usize::from(matches!(access.reach, Some(Reach::Counted { certain: 1.., .. })));
        let Some(profile) = &row.grant.profile else {
            let is_unseen = unknown_parts.kinds.contains(&Kind::SecurityProfile) || item.single_is_unknown();
            assert!(is_unseen, "{what}: {row:?}");
            continue;
        };
        let stored = &directory.security_profiles[&Id::new(&profile.id)];
        assert!(held.contains(&stored.id), "{what}");
        assert!(row.grant.permissions.iter().all(|name| stored.permissions.contains(name)), "{what}");
        let may_be_more = unknown_parts.permissions.contains(&stored.id);
        assert!(may_be_more || !row.grant.permissions.is_empty(), "{what}: {row:?}");
        if !item.action.starts_with("task:") && BUILTIN_TOOLS.iter().all(|tool| tool.name != item.action) {
            let all =
                stored.permissions.iter().filter(|it| **it == item.action || implied(it).contains(&&*item.action));
            assert_eq!(row.grant.permissions, all.cloned().collect::<Vec<_>>(), "{what}");
        }
    }
    // Revoking every listed grant ends the access; keeping one leaves what the row has.
    let listed: BTreeSet<Id> = rows.iter().filter_map(|row| Some(Id::new(&row.grant.profile.as_ref()?.id))).collect();
    let rest: Vec<Id> = held.iter().filter(|id| !listed.contains(id)).cloned().collect();
    if listed.len() == rows.len() {
        let without = world.with_profiles(someone, &rest);
        let left = main_answer(&without, instance, someone, item, it);
        assert_eq!(left.outcome, Outcome::Denied, "{what}: {held:?} without {listed:?}");
    }
    tally.several += usize::from(rows.len() > 1);
    for row in rows.iter().filter(|_| rows.len() > 1) {
        let own = row.grant.profile.as_ref().map(|profile| Id::new(&profile.id));
        let kept: Vec<Id> = held.iter().filter(|id| rest.contains(id) || Some(*id) == own.as_ref()).cloned().collect();
        let kept = world.with_profiles(someone, &kept);
        let expected = main_answer(&kept, instance, someone, item, it);
        let by_itself = &row.grant.by_itself;
        assert_eq!(by_itself.outcome, expected.outcome, "{what} by {own:?}");
        if let Some(actual) = by_itself.reach {
            assert_eq!(actual, reach(&kept, directory, someone, item, it), "{what} by {own:?}");
        }
        tally.differs += usize::from(by_itself.outcome != row.access.outcome);
    }
}

trait Single {
    fn single_is_unknown(&self) -> bool;
}

impl Single for Item {
    /// Whether it is a tool of which no permission is known.
    fn single_is_unknown(&self) -> bool {
        BUILTIN_TOOLS.iter().any(|tool| tool.name == self.action && tool.permission.is_none())
    }
}

/// A world with more people, who share profiles and groups, and with more unknown parts.
fn made(r: &mut Random, more: usize, is_hidden: bool) -> World {
    let mut resources = world::resources(r);
    let users: Vec<_> =
        resources.iter().filter_map(|it| if let Stored::User(user) = it { Some(user.clone()) } else { None }).collect();
    for n in 0..more {
        let (of, other) = (r.pick(&users).clone(), r.pick(&users).clone());
        let group = if r.percent(50) { other.hierarchy_group_id.clone() } else { of.hierarchy_group_id.clone() };
        let mut profiles = of.security_profile_ids.clone();
        profiles.extend(other.security_profile_ids.iter().filter(|_| r.percent(50)).cloned());
        profiles.sort();
        profiles.dedup();
        let tags = if r.percent(50) { of.tags.clone() } else { world::tags(r) };
        resources.push(world::user(20 + n, profiles, group, tags).into());
    }
    let mut unknown_parts = UnknownParts::default();
    if is_hidden {
        unknown_parts = veil::veil(r, &mut resources).unknown_parts();
        for it in &resources {
            if it.kind() == Kind::SecurityProfile && r.percent(15) {
                unknown_parts.permissions.insert(it.id());
            }
            if it.tags().is_some() && r.percent(15) {
                unknown_parts.tags.insert(Key { kind: it.kind(), id: it.id() });
            }
        }
    }
    World::new(world::load(&resources), unknown_parts)
}

#[test]
fn the_review_equals_brute_force() {
    let threads: Vec<_> = (1..=2_u64)
        .map(|seed| {
            std::thread::spawn(move || {
                let mut r = Random::new(seed * 7_368_787);
                let mut tally = Tally::default();
                for round in 0..ROUNDS {
                    let world = made(&mut r, 4, round % 3 == 2);
                    let items = items(&mut r);
                    check(&world, items, &mut tally);
                }
                tally
            })
        })
        .collect();
    for thread in threads {
        let tally = thread.join().unwrap();
        println!("{tally:?}");
        let Tally { certain, undetermined, denied, counted, several, differs } = tally;
        let least = [certain, undetermined, denied, counted, several, differs].into_iter().min().unwrap();
        assert!(least > 100, "{tally:?}");
    }
}

/// More users than the sets of a machine word have places for.
#[test]
fn many_people_are_counted_as_one_by_one() {
    let mut r = Random::new(611_953);
    let mut tally = Tally::default();
    for round in 0..3 {
        let world = made(&mut r, 70, round == 2);
        let names = ["Users.Edit", "AccessMetrics", "AccessMetrics.DashboardsWithMyData.View"];
        let mut items: Vec<_> = names.iter().map(|name| Item::permission(name, Catalogue::builtin())).collect();
        items.iter_mut().for_each(|item| item.resource_types = vec![ResourceType::User]);
        items.push(Item::task(&FURTHER[0]));
        items.push(Item::task(lanyard_engine::tasks::find("assign-security-profile").unwrap()));
        check(&world, items, &mut tally);
    }
    assert!(tally.counted > 100 && tally.undetermined > 50, "{tally:?}");
}
