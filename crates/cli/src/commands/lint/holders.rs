//! The possible holders of profiles in a state whose users were not read.

use std::collections::BTreeSet;

use lanyard_analysis::Configuration;
use lanyard_model::{Directory, Id, Kind, Resource};

use crate::access::possible_holder::possible_holder;
use crate::access::state_args::ReadState;
use crate::instance::State;

/// The state with a holder of each profile that nobody who was read holds, where users are unknown: somebody may hold it, so
/// that the rules on what a holder can do apply.
pub(super) fn with_possible_holders(read: ReadState) -> ReadState {
    let Configuration { directory, unknown_parts, places } = &read.configuration;
    if !unknown_parts.kinds.contains(&Kind::User) {
        return read;
    }
    let held: BTreeSet<&Id> = directory.users.values().flat_map(|it| &it.security_profile_ids).collect();
    let open = directory.security_profiles.values().filter(|it| !held.contains(&it.id));
    let holders = open.map(|it| Resource::from(possible_holder(&it.id, &format!("anyone with {}", it.name))));
    let (stream, revision, time) = (directory.stream().clone(), directory.revision(), directory.time());
    let configuration = Configuration {
        directory: Directory::load(stream, revision, time, directory.iter().chain(holders)),
        unknown_parts: unknown_parts.clone(),
        places: places.clone(),
    };
    let state = State::new(&configuration, read.state.catalogue);
    ReadState { configuration, state, files: read.files }
}
