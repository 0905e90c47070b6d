//! Brute force: every question is decided before and after, and the results are compared.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_analysis::{AccessImpact, Bearing, Configuration, Judged, On, access_impact};
use lanyard_engine::tasks::TASKS;
use lanyard_engine::{Compiled, DOCUMENTED, OpenPoint, Outcome, PermissionIndex, Principal, Question, implied};
use lanyard_model::catalogue::{Catalogue, ResourceType, is_well_formed};
use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Directory, Id, Resource as Stored};

use super::changes::changed;
use super::random::Random;
use super::{veil, world};

/// The resource of a question.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum At {
    Every,
    Some,
    /// A stored resource; for contacts, the user who is the agent.
    One(u32),
    /// Cases of the principal, contacts of the AI agent itself.
    Own,
    Named(String),
    Like(Pairs, Pairs),
}

pub(super) type Pairs = Vec<(String, String)>;

/// Principal, action, type, and resource of the type.
pub(super) type Point = (u32, String, &'static str, At);
/// The decisions before and after.
pub(super) type Both = [Judged; 2];

pub(super) struct Brute<'a> {
    pub(super) access_impact: &'a AccessImpact,
    pub(super) configurations: [&'a Configuration; 2],
    pub(super) compiled: [Compiled; 2],
    actions: BTreeSet<String>,
}

impl<'a> Brute<'a> {
    pub(super) fn new(access_impact: &'a AccessImpact, configurations: [&'a Configuration; 2]) -> Self {
        let directories = configurations.map(|it| &it.directory);
        let compiled = configurations
            .map(|it| Compiled::with_unknown_parts(&it.directory, PermissionIndex::builtin(), &it.unknown_parts));
        let mut actions: BTreeSet<String> = Catalogue::builtin().iter().map(|it| it.api_name().to_owned()).collect();
        for profile in directories.iter().flat_map(|it| it.security_profiles.values()) {
            actions.extend(profile.permissions.iter().filter(|it| is_well_formed(it)).cloned());
        }
        Self { access_impact, configurations, compiled, actions }
    }

    pub(super) fn ask(&self, who: u32, action: &str, resource_type: &str, at: &At) -> Both {
        [0, 1].map(|state| {
            let directory = &self.configurations[state].directory;
            let someone = &self.access_impact.people[who as usize];
            if !someone.exists[state] {
                return Judged::DENIED;
            }
            let own = text(directory, &someone.id);
            let principal = if someone.is_agent { Principal::AiAgent(&own) } else { Principal::User(&own) };
            let mut question = Question::new(principal, action, resource_type, "*");
            question.self_service = someone.is_agent;
            let (mut id, mut agent) = (String::new(), None);
            let (mut tags, mut values) = (Vec::new(), Vec::new());
            match at {
                At::Every => id.push('*'),
                At::Some => {
                    id.push('*');
                    question.resource.match_some = true;
                }
                At::One(place) if resource_type == "Contact" => {
                    id.push('c');
                    agent = Some(text(directory, &self.access_impact.people[*place as usize].id));
                }
                At::One(place) => id = self.access_impact.resources[resource_type][*place as usize].id.to_string(),
                At::Own => {
                    id.push('c');
                    agent = Some(own.clone());
                    question.resource.owner_id = Some(&own);
                }
                At::Named(name) => id.clone_from(name),
                At::Like(like, record) => {
                    id.push('c');
                    tags = like.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
                    values = record.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
                }
            }
            question.resource.id = &id;
            question.resource.agent_id = agent.as_deref();
            question.resource.tags = &tags;
            question.resource.primary_values = &values;
            self.compiled[state].outcome(&question).map_or(Judged::DENIED, |answer| Judged::of(&answer))
        })
    }

    /// Every possible question.
    pub(super) fn each(&self, visit: &mut dyn FnMut(Point, Both)) {
        let catalogue = Catalogue::builtin();
        let instance = [ResourceType::Instance];
        for who in (0..).zip(&self.access_impact.people).map(|(who, _)| who) {
            let mut ask = |action: &str, it: &'static str, at: At| {
                let both = self.ask(who, action, it, &at);
                visit((who, action.to_owned(), it, at), both);
            };
            for action in &self.actions {
                let types = catalogue.get(action).map_or(&instance[..], |it| it.resource_types());
                for it in types {
                    self.on_type(who, action, it.as_str(), &mut ask);
                }
            }
            for task in TASKS {
                for it in task.resource_types {
                    self.on_type(who, &format!("task:{}", task.name), it, &mut ask);
                }
            }
            self.on_tools(who, &mut ask);
        }
    }

    fn on_type(&self, who: u32, action: &str, it: &'static str, ask: &mut dyn FnMut(&str, &'static str, At)) {
        ask(action, it, At::Every);
        if it == "Instance" {
            return;
        }
        ask(action, it, At::Some);
        let flags = Catalogue::builtin().get(action).map(|it| it.flags()).unwrap_or_default();
        let can_view = flags.recording || ["ContactSearch.View", "MyContacts.View"].contains(&action);
        if it == "Contact" && (can_view || action.starts_with("task:")) {
            for (place, someone) in (0..).zip(&self.access_impact.people) {
                if !someone.is_agent {
                    ask(action, it, At::One(place));
                }
            }
            if self.access_impact.people[who as usize].is_agent {
                ask(action, it, At::Own);
            }
        } else if it.starts_with("Case") && action.starts_with("MyCase") {
            ask(action, it, At::Own);
        } else if let Some(stored) = self.access_impact.resources.get(it) {
            (0..).zip(stored).for_each(|(place, _)| ask(action, it, At::One(place)));
        } else if it != "Contact" {
            for (tags, values) in self.likes(who, it) {
                ask(action, it, At::Like(tags, values));
            }
        }
    }

    /// The properties of an unstored type that the profiles of a principal distinguish.
    fn likes(&self, who: u32, it: &str) -> BTreeSet<(Pairs, Pairs)> {
        let (mut tags, mut values) = (BTreeSet::from([vec![]]), BTreeSet::from([vec![]]));
        for profile in [0, 1].into_iter().flat_map(|state| self.profiles(who, state)) {
            if restricts_by_tag(&profile, it) {
                tags.insert(profile.allowed_access_control_tags.clone().into_iter().collect());
            }
            if it == "DataTableRecord" {
                for entry in &profile.primary_attribute_values {
                    let Some(name) = &entry.attribute_name else { continue };
                    for value in &entry.values {
                        values.insert(vec![(name.clone(), value.clone())]);
                    }
                }
                let both = profile
                    .primary_attribute_values
                    .iter()
                    .filter_map(|entry| Some((entry.attribute_name.clone()?, entry.values.first()?.clone())));
                values.insert(both.collect::<BTreeMap<_, _>>().into_iter().collect());
            }
        }
        tags.iter().flat_map(|tags| values.iter().map(|values| (tags.clone(), values.clone()))).collect()
    }

    fn profiles(&self, who: u32, state: usize) -> Vec<SecurityProfile> {
        let directory = &self.configurations[state].directory;
        let someone = &self.access_impact.people[who as usize];
        let ids = if someone.is_agent {
            directory.ai_agents.get(&someone.id).map(|it| it.security_profile_ids.clone())
        } else {
            directory.users.get(&someone.id).map(|it| it.security_profile_ids.clone())
        };
        let ids: BTreeSet<Id> = ids.unwrap_or_default().into_iter().collect();
        ids.iter().filter_map(|id| directory.security_profiles.get(id)).map(|it| (**it).clone()).collect()
    }

    fn on_tools(&self, _who: u32, ask: &mut dyn FnMut(&str, &'static str, At)) {
        let (mut spaces, mut tools, mut modules, mut agents) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for configuration in self.configurations {
            for profile in configuration.directory.security_profiles.values() {
                for entry in &profile.applications {
                    spaces.extend(entry.namespace.clone());
                    tools.extend(entry.permissions.clone());
                }
                modules.extend(profile.allowed_flow_modules.iter().filter_map(|it| it.flow_module_id.clone()));
                agents.extend(profile.allowed_ai_agents.iter().filter_map(|it| it.arn.clone()));
            }
            modules.extend(configuration.directory.flow_modules.keys().map(Id::to_string));
        }
        for tool in &tools {
            ask(tool, "McpServer", At::Some);
        }
        ["ThirdPartyApplication"].iter().for_each(|it| ask("ACCESS", it, At::Some));
        ask("Invoke", "ContactFlowModule", At::Some);
        ask("Collaborate", "AIAgent", At::Some);
        for space in spaces {
            ask("ACCESS", "ThirdPartyApplication", At::Named(space.clone()));
            tools.iter().for_each(|tool| ask(tool, "McpServer", At::Named(space.clone())));
        }
        modules.into_iter().for_each(|it| ask("Invoke", "ContactFlowModule", At::Named(it)));
        agents.into_iter().for_each(|it| ask("Collaborate", "AIAgent", At::Named(it)));
    }
}

pub(super) fn text(directory: &Directory, id: &Id) -> String {
    let text = id.to_string();
    let taken = directory.users.values().any(|user| user.username.to_lowercase() == text && user.id != *id);
    if taken { world::arn(&format!("/agent/{text}")) } else { text }
}

fn restricts_by_tag(profile: &SecurityProfile, it: &str) -> bool {
    let it = ResourceType::from_name(it).unwrap();
    profile
        .tag_restricted_resources
        .iter()
        .map(|name| ResourceType::restricted_as(name).collect::<Vec<_>>())
        .any(|types| if types.is_empty() { !DOCUMENTED.contains(&it) } else { types.contains(&it) })
}

/// The effects, one by one.
fn expand(access_impact: &AccessImpact, steady: bool) -> BTreeMap<Point, Both> {
    let mut all = BTreeMap::new();
    for effect in if steady { &access_impact.steady } else { &access_impact.effects } {
        for who in effect.who.iter() {
            let ats: Vec<At> = match &effect.on {
                On::Instance | On::Every => vec![At::Every],
                On::Some => vec![At::Some],
                On::Own if access_impact.people[*who as usize].is_agent || effect.resource_type.starts_with("Case") => {
                    vec![At::Own]
                }
                On::Own => vec![At::One(*who)],
                On::Stored { set, except_oneself } => {
                    set.iter().filter(|it| !(*except_oneself && it == who)).map(At::One).collect()
                }
                On::Named(name) => vec![At::Named(name.to_string())],
                On::Like { tags, values } => vec![At::Like(tags.clone(), values.clone())],
            };
            for at in ats {
                for action in &effect.actions {
                    let point = (*who, action.to_string(), effect.resource_type, at.clone());
                    let earlier = all.insert(point.clone(), [effect.before, effect.after]);
                    assert_eq!(earlier, None, "reported twice: {point:?}");
                }
            }
        }
    }
    all
}

/// The number of occurrences of each effect, so that a run without effects does not pass.
#[derive(Debug, Default)]
struct Tally {
    gained: usize,
    lost: usize,
    undetermined: usize,
    void: usize,
    bites: usize,
    steady: usize,
    numbers: super::numbers::Numbers,
}

fn check(before: &Configuration, after: &Configuration, tally: &mut Tally) {
    let access_impact = access_impact(before, after, Catalogue::builtin());
    let brute = Brute::new(&access_impact, [before, after]);
    let (mut reported, steady) = (expand(&access_impact, false), expand(&access_impact, true));
    brute.each(&mut |point, both| {
        let is_like = matches!(point.3, At::Like(..));
        let [old, new] = both;
        match reported.remove(&point) {
            Some(it) => assert_eq!(it, both, "{point:?}"),
            // Classes decide more records than their members' own profiles name, and not every combination.
            None if is_like => {}
            None => assert_eq!(old, new, "not reported: {point:?}"),
        }
        if let Some(it) = steady.get(&point) {
            assert_eq!((*it, old.outcome()), (both, Outcome::Undetermined), "{point:?}");
            tally.steady += 1;
        }
        tally.gained += usize::from(!old.may() && new.outcome() == Outcome::Allowed);
        tally.lost += usize::from(old.outcome() == Outcome::Allowed && !new.may());
        tally.undetermined += usize::from(old != new && new.outcome() == Outcome::Undetermined);
    });
    for (point, both) in reported {
        let (who, action, it, at) = &point;
        assert!(matches!(at, At::Like(..) | At::Named(_)), "not decided by brute force: {point:?}");
        assert_eq!(brute.ask(*who, action, it, at), both, "{point:?}");
    }
    restrictions(&brute, tally);
    through(&brute);
    super::numbers::check(&brute, &mut tally.numbers);
}

/// Every profile that an effect names is held in the state that the effect names.
fn through(brute: &Brute<'_>) {
    for effect in &brute.access_impact.effects {
        let state = usize::from(!effect.before.exceeds(effect.after));
        for who in effect.who.iter() {
            let held: BTreeSet<Id> = brute.profiles(*who, state).into_iter().map(|it| it.id).collect();
            for profile in &effect.through {
                assert!(held.contains(&brute.access_impact.profiles[*profile as usize].id), "{effect:?}");
            }
        }
        let least =
            usize::from(effect.before.outcome() == Outcome::Allowed || effect.after.outcome() == Outcome::Allowed);
        assert!(effect.through.len() >= least, "{effect:?}");
    }
}

fn restrictions(brute: &Brute<'_>, tally: &mut Tally) {
    let mut reported = BTreeSet::new();
    for it in &brute.access_impact.restrictions {
        for who in it.who.iter() {
            for action in &it.actions {
                let profile = brute.access_impact.profiles[it.profile as usize].id.clone();
                assert!(reported.insert((it.bearing, *who, profile, it.resource_type, action.to_string())));
            }
        }
        assert!(!it.because.is_empty(), "{it:?}");
    }
    let mut expected = BTreeSet::new();
    let catalogue = Catalogue::builtin();
    for who in (0..).zip(&brute.access_impact.people).map(|(who, _)| who) {
        if brute.access_impact.people[who as usize].exists != [true; 2] {
            continue;
        }
        let earlier = brute.profiles(who, 0);
        for profile in brute.profiles(who, 1) {
            for action in &brute.actions {
                let types = catalogue.get(action).map_or(&[][..], |it| it.resource_types());
                for it in types.iter().map(|it| it.as_str()) {
                    if !restricts(&profile, action, it) {
                        continue;
                    }
                    let [old, new] = brute.ask(who, action, it, &At::Every).map(|it| it.outcome() == Outcome::Allowed);
                    let was_void = old && earlier.iter().any(|old| old.id == profile.id && restricts(old, action, it));
                    let bearing = match (old, new) {
                        (_, true) if !was_void => Bearing::Void,
                        (true, false) => Bearing::Bites,
                        _ => continue,
                    };
                    tally.void += usize::from(bearing == Bearing::Void);
                    tally.bites += usize::from(bearing == Bearing::Bites);
                    expected.insert((bearing, who, profile.id.clone(), it, action.clone()));
                }
            }
        }
    }
    assert_eq!(reported, expected);
}

/// Whether a profile restricts what it grants of a permission on a type.
fn restricts(profile: &SecurityProfile, action: &str, it: &str) -> bool {
    let of_records = matches!(action, "DataTables.ManageValues" | "DataTables.EditExpressionValues");
    let is_record = it == "DataTableRecord" || (it == "DataTable" && of_records);
    let own_data = action == "AccessMetrics.DashboardsWithMyData.View" && it == "User";
    let ruled = !["Instance", "Contact"].contains(&it) && !action.starts_with("My") && !own_data;
    let holds = profile.permissions.iter().any(|held| held == action || implied(held).contains(&action));
    ruled
        && holds
        && (restricts_by_tag(profile, if is_record { "DataTableRecord" } else { it })
            || (it == "User" && profile.hierarchy_restricted_resources.iter().any(|name| name == "User"))
            || (is_record && !profile.primary_attribute_values.is_empty()))
}

pub(super) fn load(resources: &[Stored]) -> Configuration {
    Configuration::whole(world::load(resources))
}

/// The same configuration with unknown parts.
fn hide(r: &mut Random, configuration: &Configuration) -> Configuration {
    let mut resources: Vec<Stored> = configuration.directory.iter().collect();
    let unknown_parts = veil::veil(r, &mut resources).unknown_parts();
    Configuration { unknown_parts, ..load(&resources) }
}

#[test]
fn the_access_impact_equals_brute_force() {
    let threads: Vec<_> = (1..=2_u64)
        .map(|seed| {
            std::thread::spawn(move || {
                let mut r = Random::new(seed * 104_729);
                let mut tally = Tally::default();
                for round in 0..18 {
                    let before = load(&world::resources(&mut r));
                    // Occasionally the second state is entirely different.
                    let after = if round % 6 == 0 {
                        load(&world::resources(&mut r))
                    } else {
                        Configuration::whole(changed(&mut r, &before.directory))
                    };
                    let (mut before, mut after) = (before, after);
                    if round % 3 == 2 {
                        (before, after) = (hide(&mut r, &before), hide(&mut r, &after));
                    }
                    check(&before, &after, &mut tally);
                }
                tally
            })
        })
        .collect();
    for thread in threads {
        let tally = thread.join().unwrap();
        let least = [tally.gained, tally.lost, tally.undetermined, tally.steady].into_iter().min().unwrap();
        assert!(least > 200 && tally.void > 5 && tally.bites > 5, "{tally:?}");
        println!("{tally:?}");
    }
}

#[test]
fn nothing_differs_between_a_state_and_itself() {
    let mut r = Random::new(5);
    for _ in 0..20 {
        let state = load(&world::resources(&mut r));
        let access_impact = access_impact(&state, &state, Catalogue::builtin());
        assert!(
            access_impact.effects.is_empty()
                && access_impact.steady.is_empty()
                && access_impact.restrictions.is_empty()
        );
    }
}

#[test]
fn a_judged_answer_keeps_outcome_and_open_points() {
    let mut r = Random::new(23);
    for _ in 0..40 {
        let compiled = Compiled::new(&world::load(&world::resources(&mut r)), PermissionIndex::builtin());
        for _ in 0..50 {
            world::question(&mut r).with(|question| {
                let Ok(answer) = compiled.outcome(question) else { return };
                let judged = Judged::of(&answer);
                assert_eq!((judged.outcome(), judged.open_points().collect()), (answer.outcome, answer.open_points));
            });
        }
    }
    assert!(OpenPoint::ALL.len() <= 32);
}
