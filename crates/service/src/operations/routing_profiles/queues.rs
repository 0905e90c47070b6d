//! The two lists of queues of a routing profile: those that contacts come from, and those that people pick contacts from.
//!
//! An entry of either is known by its queue and channel: no list holds the same twice.

use lanyard_model::Kind;
use lanyard_model::resources::{QueueConfig, QueueReference, RoutingProfile};
use lanyard_wire::shapes;

use crate::context::InstanceState;
use crate::error::{Error, Result};
use crate::operations::references;

/// How many entries a list may have (the service's quota of queues per routing profile).
const MOST: usize = 50;

/// What `QueueConfigs` lists: existing queues, each once for a channel.
pub(super) fn configs(
    cx: &impl InstanceState,
    list: Option<&[shapes::RoutingProfileQueueConfig]>,
) -> Result<Vec<QueueConfig>> {
    let queues = distinct(cx, "QueueConfigs", list.into_iter().flatten().map(|it| &it.queue_reference))?;
    let configs = queues.into_iter().zip(list.into_iter().flatten());
    Ok(configs.map(|(queue, it)| QueueConfig { queue, priority: it.priority, delay: it.delay }).collect())
}

/// What `ManualAssignmentQueueConfigs` lists: existing queues, each once for a channel.
pub(super) fn manual(
    cx: &impl InstanceState,
    list: Option<&[shapes::RoutingProfileManualAssignmentQueueConfig]>,
) -> Result<Vec<QueueReference>> {
    distinct(cx, "ManualAssignmentQueueConfigs", list.into_iter().flatten().map(|it| &it.queue_reference))
}

/// Existing queues, each once for a channel.
pub(super) fn distinct<'a>(
    cx: &impl InstanceState,
    member: &str,
    list: impl Iterator<Item = &'a shapes::RoutingProfileQueueReference>,
) -> Result<Vec<QueueReference>> {
    let mut read: Vec<QueueReference> = Vec::new();
    for it in list {
        let queue = QueueReference {
            queue_id: references::existing(cx, Kind::Queue, &it.queue_id)?,
            channel: it.channel.as_str().to_owned(),
        };
        if read.contains(&queue) {
            return Err(Error::invalid_parameter(format!(
                "member `{member}` lists the queue `{}` for {} twice, once is enough",
                queue.queue_id, queue.channel
            )));
        }
        read.push(queue);
    }
    Ok(read)
}

/// Adds entries to the lists; one that is there already is replaced.
///
/// # Errors
/// When a list would be longer than its quota.
pub(super) fn add(profile: &mut RoutingProfile, configs: Vec<QueueConfig>, manual: Vec<QueueReference>) -> Result<()> {
    profile.queue_configs.retain(|it| configs.iter().all(|added| added.queue != it.queue));
    profile.queue_configs.extend(configs);
    profile.manual_assignment_queues.retain(|it| !manual.contains(it));
    profile.manual_assignment_queues.extend(manual);
    match profile.queue_configs.len().max(profile.manual_assignment_queues.len()) {
        longest if longest > MOST => Err(Error::limit_exceeded(format!(
            "the routing profile would have {longest} queues, each channel counted, and its quota allows {MOST}"
        ))),
        _ => Ok(()),
    }
}

/// The key by which the pages of a list are cut.
pub(super) fn key(queue: &QueueReference) -> String {
    format!("{} {}", queue.queue_id, queue.channel)
}
