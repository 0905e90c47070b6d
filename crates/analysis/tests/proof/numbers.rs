//! The numbers of the access impact, the matrix, and the profiles that suffice, against brute force.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_analysis::{
    AccessChange, Cell, Configuration, Count, Effect, Extent, Level, Naming, Narrative, OfType, On, Reach,
    access_impact,
};
use lanyard_engine::tasks::{self, PREFIX};
use lanyard_engine::{Outcome, Principal, Question};
use lanyard_model::catalogue::{Catalogue, ResourceType};
use lanyard_model::{Change, Id, Resource as Stored};

use super::brute::{At, Both, Brute, load, text};
use super::changes::changed;
use super::random::Random;
use super::world;

/// How often each case occurred, so that a run without it does not pass.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// Extents with something kept of what was on every resource.
    kept: usize,
    /// Extents with more than one stored resource.
    counted: usize,
    /// Sentences that say how much is kept.
    stated: usize,
    /// Sentences that say how much is lost.
    lost: usize,
    /// Cells of the matrix that are true on some types and not on others.
    mixed: usize,
    /// Cells whose members have different numbers.
    ranges: usize,
    /// Gains that single profiles, and several together, suffice for.
    single: usize,
    together: usize,
}

impl Numbers {
    fn assert_enough(&self) {
        let all =
            [self.kept, self.counted, self.stated, self.lost, self.mixed, self.ranges, self.single, self.together];
        assert!(all.iter().all(|it| *it > 4), "{self:?}");
    }
}

pub(super) fn check(brute: &Brute<'_>, numbers: &mut Numbers) {
    extents(brute, numbers);
    sentences(brute, numbers);
    matrix(brute, numbers);
    sufficient(brute, numbers);
}

#[test]
fn the_numbers_and_the_matrix_equal_brute_force() {
    let mut r = Random::new(77);
    let mut numbers = Numbers::default();
    for round in 0..160 {
        let before = load(&with_more_queues(world::resources(&mut r)));
        let after = match round % 2 {
            0 => Configuration::whole(changed(&mut r, &before.directory)),
            _ => confined(&before),
        };
        let access_impact = access_impact(&before, &after, Catalogue::builtin());
        check(&Brute::new(&access_impact, [&before, &after]), &mut numbers);
    }
    println!("{numbers:?}");
    numbers.assert_enough();
}

/// The state in which profiles without restrictions cover only queues with the tags of one of them.
fn confined(before: &Configuration) -> Configuration {
    let tags = before.directory.queues.values().map(|queue| queue.tags.clone()).find(|tags| !tags.is_empty());
    let resources: Vec<Stored> = before
        .directory
        .iter()
        .map(|it| match (it, &tags) {
            (Stored::SecurityProfile(profile), Some(tags)) if profile.tag_restricted_resources.is_empty() => {
                let mut profile = (*profile).clone();
                profile.tag_restricted_resources = vec!["Queue".to_owned()];
                profile.allowed_access_control_tags = tags.clone();
                profile.into()
            }
            (other, _) => other,
        })
        .collect();
    load(&resources)
}

/// The resources with more queues, so that sentences count them and do not name them.
fn with_more_queues(mut resources: Vec<Stored>) -> Vec<Stored> {
    let queues: Vec<_> = resources
        .iter()
        .filter_map(|it| match it {
            Stored::Queue(queue) => Some(queue.clone()),
            _ => None,
        })
        .collect();
    for (number, queue) in queues.iter().cycle().take(if queues.is_empty() { 0 } else { 8 }).enumerate() {
        let mut queue = (**queue).clone();
        (queue.id, queue.name) = (Id::new(&format!("more-{number}")), format!("More {number}"));
        if number % 3 == 0 {
            queue.tags.clear();
        }
        resources.push(queue.into());
    }
    resources
}

/// The stored resources of a type, as questions; of contacts, the users who may be their agents.
fn stored(brute: &Brute<'_>, resource_type: &str) -> Option<Vec<At>> {
    let it = if resource_type == "Contact" { "User" } else { resource_type };
    let all = brute.access_impact.resources.get(it)?;
    Some((0..).zip(all).map(|(place, _)| At::One(place)).collect())
}

fn number_of(count: usize) -> u32 {
    u32::try_from(count).unwrap()
}

fn counts(brute: &Brute<'_>, who: u32, action: &str, resource_type: &str) -> Option<[Count; 2]> {
    let ats = stored(brute, resource_type)?;
    let both: Vec<Both> = ats.iter().map(|at| brute.ask(who, action, resource_type, at)).collect();
    let kind = if resource_type == "Contact" { "User" } else { resource_type };
    let count = |state: usize| {
        let number = |outcome| number_of(both.iter().filter(|it| it[state].outcome() == outcome).count());
        let of = number_of(brute.access_impact.resources[kind].iter().filter(|it| it.exists[state]).count());
        Count { allowed: number(Outcome::Allowed), undetermined: number(Outcome::Undetermined), of }
    };
    Some([count(0), count(1)])
}

/// Whether the numbers of a type are counted: its decisions depend on single resources.
fn is_counted(action: &str, resource_type: &str) -> bool {
    let flags = Catalogue::builtin().get(action).map(|it| it.flags()).unwrap_or_default();
    let is_task = action.starts_with(PREFIX);
    match resource_type {
        "Contact" => is_task || flags.recording || ["ContactSearch.View", "MyContacts.View"].contains(&action),
        it if it.starts_with("Case") => false,
        _ => true,
    }
}

fn extents(brute: &Brute<'_>, numbers: &mut Numbers) {
    let mut known: BTreeSet<(u32, String, &str)> = BTreeSet::new();
    for Extent { who, actions, resource_type, every, some, counts: reported } in &brute.access_impact.extents {
        for who in who.iter() {
            for action in actions {
                assert!(known.insert((*who, action.to_string(), resource_type)), "{who} {action} {resource_type}");
                assert_eq!(brute.ask(*who, action, resource_type, &At::Every), *every, "{action} {resource_type}");
                assert_eq!(brute.ask(*who, action, resource_type, &At::Some), *some, "{action} {resource_type}");
                let Some(reported) = reported else { continue };
                assert_eq!(counts(brute, *who, action, resource_type), Some(*reported), "{action} {resource_type}");
                let [before, after] = reported;
                numbers.counted += usize::from(before.of > 1);
                let lost = every[0].outcome() == Outcome::Allowed && every[1].outcome() != Outcome::Allowed;
                numbers.kept += usize::from(lost && after.allowed > 0 && after.allowed < before.allowed);
            }
        }
    }
    // Access that differs on every resource has an extent.
    for effect in brute.access_impact.effects.iter().filter(|it| matches!(it.on, On::Every | On::Some)) {
        for (who, action) in effect.who.iter().flat_map(|who| effect.actions.iter().map(move |action| (who, action))) {
            let is_tool = matches!(effect.resource_type, "ThirdPartyApplication" | "McpServer" | "AIAgent")
                || (effect.resource_type == "ContactFlowModule" && &**action == "Invoke");
            assert!(is_tool || known.contains(&(*who, action.to_string(), effect.resource_type)), "{effect:?}");
        }
    }
}

/// A loss on every resource is said only of people who keep nothing, and "N of M kept" has the numbers of brute force.
fn sentences(brute: &Brute<'_>, numbers: &mut Numbers) {
    for it in Narrative::new(brute.access_impact, Naming::api()).paragraphs() {
        let is_loss = it.turn == AccessChange::Lose && matches!(it.reach, Reach::Standing);
        for line in it.lines.iter().filter(|_| is_loss) {
            let kept = line.on.rsplit_once('(').and_then(|(_, text)| text.strip_suffix(" kept)"));
            for (who, action) in it.who.iter().flat_map(|who| line.actions.iter().map(move |action| (who, action))) {
                if !is_counted(action, line.resource_type) {
                    continue;
                }
                let Some([_, after]) = counts(brute, *who, action, line.resource_type) else { continue };
                if line.on.starts_with("every ") {
                    assert_eq!(after.allowed, 0, "{action} on {}", line.on);
                }
                let Some(kept) = kept else { continue };
                if let Some((count, _)) = line.on.split_once(" of ")
                    && let Ok(count) = count.parse::<usize>()
                {
                    let is_lost = |at: &At| {
                        let [old, new] = brute.ask(*who, action, line.resource_type, at);
                        old.outcome() == Outcome::Allowed && new.outcome() == Outcome::Denied
                    };
                    let lost = stored(brute, line.resource_type).unwrap().iter().filter(|at| is_lost(at)).count();
                    assert_eq!(lost, count, "{action} on {}", line.on);
                    numbers.lost += 1;
                }
                let all = kept.strip_prefix("all ").map(|text| text.split(' ').next().unwrap_or_default());
                let (range, of) = all.map_or_else(|| kept.rsplit_once(" of ").unwrap(), |all| (all, all));
                let (least, most) = match range.strip_prefix("up to ") {
                    Some(most) => ("0", most),
                    None => range.split_once(" to ").unwrap_or((range, range)),
                };
                let (least, most): (u32, u32) = (least.parse().unwrap(), most.parse().unwrap());
                assert!((least..=most).contains(&after.allowed), "{action} on {}: {after:?}", line.on);
                assert_eq!(of.parse::<u32>().unwrap(), after.of, "{action} on {}", line.on);
                numbers.stated += 1;
            }
        }
    }
}

fn types_of(action: &str) -> Vec<&'static str> {
    let all: Vec<&'static str> = match action.strip_prefix(PREFIX).and_then(tasks::find) {
        Some(task) => task.resource_types.to_vec(),
        None => Catalogue::builtin()
            .get(action)
            .map_or(vec![], |it| it.resource_types().iter().map(|it: &ResourceType| it.as_str()).collect()),
    };
    let types: Vec<_> = all.iter().copied().filter(|it| *it != "Instance").collect();
    if types.is_empty() { vec!["Instance"] } else { types }
}

fn levels(brute: &Brute<'_>, who: u32, action: &str, it: &str) -> [Level; 2] {
    let (every, some) = (brute.ask(who, action, it, &At::Every), brute.ask(who, action, it, &At::Some));
    [0, 1].map(|state| match (every[state].outcome(), some[state].outcome()) {
        (Outcome::Allowed, _) => Level::All,
        (_, Outcome::Allowed) => Level::Some,
        (Outcome::Denied, Outcome::Denied) => Level::None,
        _ => Level::Perhaps,
    })
}

fn matrix(brute: &Brute<'_>, numbers: &mut Numbers) {
    let matrix = &brute.access_impact.matrix;
    assert!(matrix.rows.iter().all(|row| row.cells.len() == matrix.columns.len()));
    for (at, column) in matrix.columns.iter().enumerate() {
        assert!(matrix.rows.iter().any(|row| row.cells[at].changes()), "{column}");
        let types = types_of(column);
        let is_of_instance = column
            .strip_prefix(PREFIX)
            .and_then(tasks::find)
            .is_some_and(|task| task.resource_types.contains(&"Instance"));
        for row in &matrix.rows {
            let Cell { levels: reported, types: of_types } = &row.cells[at];
            let mut ranges: BTreeMap<&str, Vec<[Count; 2]>> = BTreeMap::new();
            for who in &row.who {
                let each: Vec<_> = types.iter().map(|it| (*it, levels(brute, *who, column, it))).collect();
                for state in [0, 1] {
                    let all = || each.iter().map(|(_, levels)| levels[state]);
                    let mut expected = match () {
                        () if all().all(|it| it == Level::All) => Level::All,
                        () if all().any(|it| it >= Level::Some) => Level::Some,
                        () if all().any(|it| it == Level::Perhaps) => Level::Perhaps,
                        () => Level::None,
                    };
                    if is_of_instance {
                        expected = expected.max(levels(brute, *who, column, "Instance")[state].min(Level::Some));
                    }
                    assert_eq!(reported[state], expected, "{column} {:?}", row.cells[at]);
                    numbers.mixed += usize::from(all().any(|it| it == Level::All) && !all().all(|it| it == Level::All));
                }
                for (it, levels) in each {
                    let cell = of_types.iter().find(|cell| cell.resource_type == it);
                    assert_eq!(cell.map_or([Level::None; 2], |cell| cell.levels), levels, "{column} {it}");
                    let partial = levels.iter().any(|it| matches!(it, Level::Perhaps | Level::Some));
                    if partial && is_counted(column, it) {
                        ranges.entry(it).or_default().extend(counts(brute, *who, column, it));
                    }
                }
            }
            for it in of_types.iter().filter(|it| is_counted(column, it.resource_type)) {
                standing(brute, &row.who, column, it);
            }
            for OfType { resource_type, counts, .. } in of_types {
                let Some(all) = ranges.get(resource_type).filter(|all| !all.is_empty()) else { continue };
                // Numbers are left out where nothing differs, as the numbers of standing resources show.
                let Some(reported) = counts else { continue };
                for state in [0, 1] {
                    let order = |it: &Count| (it.allowed, it.undetermined);
                    let fewest = all.iter().map(|it| it[state]).min_by_key(order).unwrap();
                    let most = all.iter().map(|it| it[state]).max_by_key(order).unwrap();
                    assert_eq!(reported[state], [fewest, most], "{column} {resource_type}");
                    numbers.ranges += usize::from(fewest != most);
                }
            }
        }
    }
}

/// The numbers of the resources that both states have.
fn standing(brute: &Brute<'_>, who: &[u32], action: &str, it: &OfType) {
    let kind = if it.resource_type == "Contact" { "User" } else { it.resource_type };
    let Some(stored) = brute.access_impact.resources.get(kind) else { return };
    let ats: Vec<At> =
        (0..).zip(stored).filter(|(_, named)| named.exists == [true; 2]).map(|(place, _)| At::One(place)).collect();
    let each: Vec<Vec<Both>> =
        who.iter().map(|who| ats.iter().map(|at| brute.ask(*who, action, it.resource_type, at)).collect()).collect();
    let Some(reported) = it.standing else {
        let is_partial = it.levels.iter().any(|level| matches!(level, Level::Perhaps | Level::Some));
        let is_same = each.iter().flatten().all(|[old, new]| old.outcome() == new.outcome());
        assert!(is_same || !is_partial, "{action} {it:?}");
        return;
    };
    for state in [0, 1] {
        let number = |all: &[Both], outcome| number_of(all.iter().filter(|it| it[state].outcome() == outcome).count());
        let numbers = each
            .iter()
            .map(|all| (number(all, Outcome::Allowed), number(all, Outcome::Undetermined)))
            .collect::<Vec<_>>();
        let [fewest, most] = reported[state].map(|it| (it.allowed, it.undetermined));
        assert_eq!((Some(&fewest), Some(&most)), (numbers.iter().min(), numbers.iter().max()), "{action} {it:?}");
        assert_eq!(reported[state].map(|it| it.of), [number_of(ats.len()); 2]);
    }
}

/// The profiles that a certain gain names suffice for it: each of them, or all of them together.
fn sufficient(brute: &Brute<'_>, numbers: &mut Numbers) {
    let is_gain = |it: &&Effect| {
        it.before.outcome() == Outcome::Denied && it.after.outcome() == Outcome::Allowed && !it.through.is_empty()
    };
    for (number, effect) in brute.access_impact.effects.iter().filter(is_gain).enumerate() {
        // A few suffice: each takes a state of its own.
        if number % 3 != 0 {
            continue;
        }
        let who = effect.who[0];
        let sets: Vec<Vec<u32>> = if effect.together {
            numbers.together += 1;
            assert!(effect.through.len() > 1, "{effect:?}");
            vec![effect.through.clone()]
        } else {
            numbers.single += 1;
            effect.through.iter().map(|it| vec![*it]).collect()
        };
        for set in sets {
            let Some(is_allowed) = allowed_with(brute, who, effect, &set) else { continue };
            assert!(is_allowed, "{set:?} {effect:?}");
            if effect.together {
                for left_out in &set {
                    let fewer: Vec<u32> = set.iter().copied().filter(|it| it != left_out).collect();
                    let is_allowed = allowed_with(brute, who, effect, &fewer);
                    assert_eq!(is_allowed, Some(false), "{left_out} is of no use: {effect:?}");
                }
            }
        }
    }
}

/// Whether the person has the gained access with only these profiles; `None` for resources that are not asked here.
fn allowed_with(brute: &Brute<'_>, who: u32, effect: &Effect, profiles: &[u32]) -> Option<bool> {
    let someone = &brute.access_impact.people[who as usize];
    let directory = &brute.configurations[1].directory;
    let ids = profiles.iter().map(|it| brute.access_impact.profiles[*it as usize].id.clone()).collect();
    let change = if someone.is_agent {
        let before = directory.ai_agents[&someone.id].clone();
        let mut after = (*before).clone();
        after.security_profile_ids = ids;
        Change::Update { before: (*before).clone().into(), after: after.into() }
    } else {
        let before = directory.users[&someone.id].clone();
        let mut after = (*before).clone();
        after.security_profile_ids = ids;
        Change::Update { before: (*before).clone().into(), after: after.into() }
    };
    let mut compiled = brute.compiled[1].clone();
    compiled.apply(&[change]);
    let own = text(directory, &someone.id);
    let principal = if someone.is_agent { Principal::AiAgent(&own) } else { Principal::User(&own) };
    let mut question = Question::new(principal, &effect.actions[0], effect.resource_type, "*");
    question.self_service = someone.is_agent;
    let name;
    match &effect.on {
        On::Instance | On::Every => {}
        On::Some => question.resource.match_some = true,
        On::Named(named) => question.resource.id = named,
        On::Stored { set, except_oneself } => {
            let place = set.iter().find(|place| !(*except_oneself && *place == who))?;
            if effect.resource_type == "Contact" {
                name = text(directory, &brute.access_impact.people[place as usize].id);
                (question.resource.id, question.resource.agent_id) = ("c", Some(name.as_str()));
            } else {
                name = brute.access_impact.resources[effect.resource_type][place as usize].id.to_string();
                question.resource.id = &name;
            }
        }
        _ => return None,
    }
    Some(compiled.outcome(&question).is_ok_and(|answer| answer.outcome == Outcome::Allowed))
}
