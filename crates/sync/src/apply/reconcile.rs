//! The identifiers that a state has for the provisional ones of a plan, found by kind and name.

use std::collections::BTreeMap;

use lanyard_analysis::{Plan, is_provisional, name_of};
use lanyard_model::{Directory, Id, Kind, Resource};

use super::made::Made;

/// The resources that a plan makes and the state already has: the provisional identifier, and that of the state.
pub(super) fn reconcile(plan: &Plan, state: &Directory) -> Made {
    let new = |it: &&Resource| is_provisional(&it.id());
    let apply_desired_state: Vec<Resource> =
        plan.changes.iter().filter_map(|it| it.after()).filter(new).cloned().collect();
    if apply_desired_state.is_empty() {
        return Made::default();
    }
    let kinds: Vec<Kind> = apply_desired_state.iter().map(Resource::kind).collect();
    let folded = |directory: &Directory, it: &Resource| (it.kind(), it.kind().names().fold(&name_of(directory, it)));
    let mut known: BTreeMap<(Kind, String), Id> = BTreeMap::new();
    known.extend(state.iter().filter(|it| kinds.contains(&it.kind())).map(|it| (folded(state, &it), it.id())));
    // The path of a group has the groups above it, some of which the plan makes or renames too.
    let mut groups: BTreeMap<Id, Resource> = BTreeMap::new();
    groups.extend(state.hierarchy_groups.values().map(|it| (it.id.clone(), Resource::HierarchyGroup(it.clone()))));
    let after = plan.changes.iter().filter_map(|it| it.after()).filter(|it| it.kind() == Kind::HierarchyGroup);
    groups.extend(after.map(|it| (it.id(), it.clone())));
    let (stream, revision, time) = (state.stream().clone(), state.revision(), state.time());
    let paths = Directory::load(stream, revision, time, groups.into_values());
    let pairs = apply_desired_state.iter().filter_map(|it| Some((it.id(), known.get(&folded(&paths, it))?.clone())));
    pairs.collect()
}
