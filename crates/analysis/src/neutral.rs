//! Changes on which no decision depends, so that their access impact is known without comparing two states.

use lanyard_model::{Change, Resource};

/// Whether the change has no access impact in any state: it is of a resource that is no part of a configuration, or of a
/// user's names, addresses, telephone or channels. `false` says nothing: such a change may have an impact or not.
#[must_use]
pub fn is_neutral(change: &Change) -> bool {
    match change {
        Change::Update { before: Resource::User(before), after: Resource::User(after) } => {
            let mut same = (**before).clone();
            same.identity_info.clone_from(&after.identity_info);
            same.phone_config.clone_from(&after.phone_config);
            same.channel_configs.clone_from(&after.channel_configs);
            same.last_modified_time = after.last_modified_time;
            same.last_modified_region.clone_from(&after.last_modified_region);
            same == **after
        }
        change => [change.before(), change.after()].into_iter().flatten().all(|it| {
            matches!(it, Resource::ClientToken(_) | Resource::DecisionToken(_) | Resource::InstanceRecord(_))
        }),
    }
}
