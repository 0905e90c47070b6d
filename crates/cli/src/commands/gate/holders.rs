//! The possible holders of security profiles: people who are not in a state and may hold a profile of it.
//!
//! A profile that nobody holds grants its permissions from the moment that somebody is given it, and that is done outside
//! the files that a gate checks. Such a profile therefore counts as held. So does a profile that only AI agents hold: a
//! person can be given it, and less binds a person than may bind an AI agent.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use lanyard_analysis::{Configuration, provisional};
use lanyard_answers::user_with_profiles;
use lanyard_model::resources::{AiAgent, SecurityProfile, User};
use lanyard_model::{Directory, Id, Kind, Resource};

use super::Exempt;
use crate::access::possible_holder::{HOLDER, possible_holder};

/// The placeholder for users that hold several profiles, which can grant more together than each of them.
pub(super) const SEVERAL: &str = "anyone with several profiles";

/// Which profiles count as held.
pub(super) struct Held<'a> {
    /// Whether a profile counts only for those who hold it.
    pub(super) only_held: bool,
    pub(super) exempt: &'a Exempt,
}

/// The profiles with a possible holder.
pub(super) struct Possible {
    /// The name of the possible holder of each profile.
    names: BTreeMap<Id, String>,
    /// Whether one person may hold all of them.
    is_several: bool,
}

impl Held<'_> {
    /// The possible holders in a state.
    pub(super) fn of(&self, configuration: &Configuration) -> Vec<User> {
        let are_users_unknown = configuration.unknown_parts.kinds.contains(&Kind::User);
        users(&configuration.directory, &self.possible([configuration], are_users_unknown))
    }

    /// The AI agents that may hold a profile which none holds now, for actions that only AI agents can use. Each has the words
    /// for it in place of an ARN.
    pub(super) fn agents_of(&self, configuration: &Configuration) -> Vec<AiAgent> {
        let holders = HeldBy::of(&configuration.directory);
        let counts = |it: &&Arc<SecurityProfile>| {
            !self.only_held && !holders.agents.contains(&it.id) && !self.exempt.has_profile(&it.id, &it.name)
        };
        let agent = |it: &Arc<SecurityProfile>| AiAgent {
            arn: format!("an AI agent with {} (no AI agent holds it yet)", it.name),
            security_profile_ids: vec![it.id.clone()],
        };
        configuration.directory.security_profiles.values().filter(counts).map(agent).collect()
    }

    /// The profiles of the states that get a possible holder: those that no person holds in one of the states; all, where
    /// users are unknown.
    pub(super) fn possible<const N: usize>(&self, states: [&Configuration; N], are_users_unknown: bool) -> Possible {
        let mut names = BTreeMap::new();
        for state in states {
            let holders = HeldBy::of(&state.directory);
            for profile in state.directory.security_profiles.values() {
                let counts = are_users_unknown || !self.only_held && !holders.people.contains(&profile.id);
                if counts && !self.exempt.has_profile(&profile.id, &profile.name) {
                    let hint = match (are_users_unknown, holders.agents.contains(&profile.id)) {
                        (true, _) => "",
                        (false, true) => " (only AI agents hold it yet)",
                        (false, false) => " (nobody holds it yet)",
                    };
                    names.insert(profile.id.clone(), format!("anyone with {}{hint}", profile.name));
                }
            }
        }
        Possible { names, is_several: are_users_unknown }
    }
}

/// Whether the identifier is that of a possible holder.
pub(super) fn is_one(id: &Id) -> bool {
    let text = id.to_string();
    text.starts_with(&provisional(Kind::User, HOLDER).to_string()) || *id == provisional(Kind::User, SEVERAL)
}

/// The profiles that somebody holds.
struct HeldBy<'a> {
    people: HashSet<&'a Id>,
    agents: HashSet<&'a Id>,
}

impl<'a> HeldBy<'a> {
    fn of(directory: &'a Directory) -> Self {
        Self {
            people: directory.users.values().flat_map(|it| &it.security_profile_ids).collect(),
            agents: directory.ai_agents.values().flat_map(|it| &it.security_profile_ids).collect(),
        }
    }
}

/// The possible holders of the profiles that a state has.
fn users(directory: &Directory, possible: &Possible) -> Vec<User> {
    let here = possible.names.iter().filter(|(id, _)| directory.security_profiles.contains_key(*id));
    let one = |(id, name): (&Id, &String)| possible_holder(id, name);
    let mut users: Vec<User> = here.clone().map(one).collect();
    if possible.is_several {
        let all = here.map(|(id, _)| id.clone()).collect();
        users.push(user_with_profiles(provisional(Kind::User, SEVERAL), SEVERAL, all));
    }
    users
}

/// The state with its possible holders.
pub(super) fn with_holders(configuration: &Configuration, possible: &Possible) -> Configuration {
    let Configuration { directory, unknown_parts, places } = configuration.clone();
    let holders = users(&directory, possible).into_iter().map(Resource::from);
    let (stream, revision, time) = (directory.stream().clone(), directory.revision(), directory.time());
    let directory = Directory::load(stream, revision, time, directory.iter().chain(holders));
    Configuration { directory, unknown_parts, places }
}
