//! The two lists of queues of a routing profile: those that contacts come from, and those that people pick contacts from.
//!
//! Queue and channel identify an entry of either: no list holds the same twice.

use lanyard_model::resources::{QueueConfig, QueueReference, RoutingProfile};
use lanyard_model::{Id, Kind};
use lanyard_wire::shapes::{
    self, AssociateRoutingProfileQueuesRequest, DisassociateRoutingProfileQueuesRequest,
    ListRoutingProfileManualAssignmentQueuesRequest, ListRoutingProfileManualAssignmentQueuesResponse,
    ListRoutingProfileQueuesRequest, ListRoutingProfileQueuesResponse, RoutingProfileQueueReference,
    UpdateRoutingProfileQueuesRequest,
};

use super::view;
use crate::context::{InstanceState, Read, Write};
use crate::error::{Error, Result};
use crate::operations::members::timestamp;
use crate::operations::modified::update;
use crate::operations::references::find;
use crate::operations::{ids, pages, references};

/// How many entries a list may have (the service's quota of queues per routing profile).
const MOST: usize = 50;

/// The queues that `QueueConfigs` lists. They exist, each once for a channel.
pub(super) fn configs(
    cx: &impl InstanceState,
    list: Option<&[shapes::RoutingProfileQueueConfig]>,
) -> Result<Vec<QueueConfig>> {
    let queues = distinct(cx, "QueueConfigs", list.into_iter().flatten().map(|it| &it.queue_reference), existing)?;
    let configs = queues.into_iter().zip(list.into_iter().flatten());
    Ok(configs.map(|(queue, it)| QueueConfig { queue, priority: it.priority, delay: it.delay }).collect())
}

/// The queues that `ManualAssignmentQueueConfigs` lists. They exist, each once for a channel.
pub(super) fn manual(
    cx: &impl InstanceState,
    list: Option<&[shapes::RoutingProfileManualAssignmentQueueConfig]>,
) -> Result<Vec<QueueReference>> {
    distinct(cx, "ManualAssignmentQueueConfigs", list.into_iter().flatten().map(|it| &it.queue_reference), existing)
}

fn existing(cx: &impl InstanceState, text: &str) -> Result<Id> {
    references::existing(cx, Kind::Queue, text)
}

/// The queues that a list names, each once for a channel.
fn distinct<'a, S: InstanceState>(
    cx: &S,
    member: &str,
    list: impl Iterator<Item = &'a RoutingProfileQueueReference>,
    named: impl Fn(&S, &str) -> Result<Id>,
) -> Result<Vec<QueueReference>> {
    let mut read: Vec<QueueReference> = Vec::new();
    for it in list {
        let queue = QueueReference { queue_id: named(cx, &it.queue_id)?, channel: it.channel.as_str().to_owned() };
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
        // The number is not in the message: some of the queues may be hidden from the caller.
        longest if longest > MOST => Err(Error::limit_exceeded(format!(
            "the routing profile would have more queues, each channel counted, than its quota allows: {MOST}"
        ))),
        _ => Ok(()),
    }
}

/// The key by which the pages of a list are cut.
pub(super) fn key(queue: &QueueReference) -> String {
    format!("{} {}", queue.queue_id, queue.channel)
}

/// Adds queues to a profile's lists; a queue that is there for the channel gets the new priority and delay.
pub(crate) fn associate_routing_profile_queues(
    cx: &mut Write<'_>,
    input: &AssociateRoutingProfileQueuesRequest,
) -> Result<()> {
    update(cx, &input.routing_profile_id, |cx, profile: &mut RoutingProfile| {
        if input.queue_configs.is_none() && input.manual_assignment_queue_configs.is_none() {
            return Err(Error::invalid_request(
                "one of the members `QueueConfigs` and `ManualAssignmentQueueConfigs` is required",
            ));
        }
        let configs = configs(cx, input.queue_configs.as_deref())?;
        let manual = manual(cx, input.manual_assignment_queue_configs.as_deref())?;
        add(profile, configs, manual)
    })
}

/// Gives queues of a profile a new priority and delay. All must be associated for the channel already; the profile's other
/// queues stay as they are.
pub(crate) fn update_routing_profile_queues(
    cx: &mut Write<'_>,
    input: &UpdateRoutingProfileQueuesRequest,
) -> Result<()> {
    update(cx, &input.routing_profile_id, |cx, profile: &mut RoutingProfile| {
        for config in configs(cx, Some(&input.queue_configs))? {
            let present = profile.queue_configs.iter_mut().find(|it| it.queue == config.queue);
            let Some(present) = present else {
                return Err(Error::invalid_request(format!(
                    "the queue `{}` is not associated with the routing profile for {}; associate it first",
                    config.queue.queue_id, config.queue.channel
                )));
            };
            *present = config;
        }
        Ok(())
    })
}

/// How many references a list may have (the API reference's bound; the model has none).
const MOST_REFERENCES: usize = 10;

/// Removes queues from a profile's lists. One that is not there is not an error.
pub(crate) fn disassociate_routing_profile_queues(
    cx: &mut Write<'_>,
    input: &DisassociateRoutingProfileQueuesRequest,
) -> Result<()> {
    update(cx, &input.routing_profile_id, |cx, profile: &mut RoutingProfile| {
        if input.queue_references.is_none() && input.manual_assignment_queue_references.is_none() {
            return Err(Error::invalid_request(
                "one of the members `QueueReferences` and `ManualAssignmentQueueReferences` is required",
            ));
        }
        let held: Vec<_> = profile.queue_configs.iter().map(|it| it.queue.clone()).collect();
        let removed = removed_queues(cx, "QueueReferences", input.queue_references.as_deref(), &held)?;
        profile.queue_configs.retain(|it| !removed.contains(&it.queue));
        let manual = input.manual_assignment_queue_references.as_deref();
        let held = &profile.manual_assignment_queues;
        let removed = removed_queues(cx, "ManualAssignmentQueueReferences", manual, held)?;
        profile.manual_assignment_queues.retain(|it| !removed.contains(it));
        Ok(())
    })
}

/// The entries to remove. A queue that the caller may not view can be removed, and is otherwise treated as absent: taking a
/// tie away needs access to the routing profile only (rule 15 of `docs/semantics.md`).
fn removed_queues(
    cx: &Write<'_>,
    member: &str,
    list: Option<&[RoutingProfileQueueReference]>,
    held: &[QueueReference],
) -> Result<Vec<QueueReference>> {
    let list = list.unwrap_or_default();
    if list.len() > MOST_REFERENCES {
        return Err(Error::invalid_parameter(format!(
            "member `{member}` has {} entries, at most {MOST_REFERENCES} are allowed",
            list.len()
        )));
    }
    let named = |cx: &Write<'_>, text: &str| {
        let id = ids::id(cx, Kind::Queue, text);
        let is_held = held.iter().any(|it| it.queue_id == id);
        if is_held { Ok(id) } else { references::existing(cx, Kind::Queue, text) }
    };
    distinct(cx, member, list.iter(), named)
}

/// The queues that contacts come from, in the order of their identifiers and channels.
pub(crate) fn list_routing_profile_queues(
    cx: &Read<'_>,
    input: &ListRoutingProfileQueuesRequest,
) -> Result<ListRoutingProfileQueuesResponse> {
    let profile = find::<RoutingProfile>(cx, &input.routing_profile_id)?;
    let visible = profile.queue_configs.iter().filter(|it| cx.can_view(Kind::Queue, &it.queue.queue_id));
    let keyed = visible.map(|it| (key(&it.queue), it));
    let (rows, next_token) = pages::of_items(cx, input, &profile.id.to_string(), keyed, |it| view::queue(cx, it))?;
    Ok(ListRoutingProfileQueuesResponse {
        next_token,
        routing_profile_queue_config_summary_list: Some(rows),
        last_modified_time: Some(timestamp(profile.last_modified_time)),
        last_modified_region: Some(profile.last_modified_region.clone()),
    })
}

/// The queues that people pick contacts from, in the order of their identifiers and channels.
pub(crate) fn list_routing_profile_manual_assignment_queues(
    cx: &Read<'_>,
    input: &ListRoutingProfileManualAssignmentQueuesRequest,
) -> Result<ListRoutingProfileManualAssignmentQueuesResponse> {
    let profile = find::<RoutingProfile>(cx, &input.routing_profile_id)?;
    let visible = profile.manual_assignment_queues.iter().filter(|it| cx.can_view(Kind::Queue, &it.queue_id));
    let keyed = visible.map(|it| (key(it), it));
    let (rows, next_token) =
        pages::of_items(cx, input, &profile.id.to_string(), keyed, |it| view::manual_queue(cx, it))?;
    Ok(ListRoutingProfileManualAssignmentQueuesResponse {
        next_token,
        routing_profile_manual_assignment_queue_config_summary_list: Some(rows),
        last_modified_time: Some(timestamp(profile.last_modified_time)),
        last_modified_region: Some(profile.last_modified_region.clone()),
    })
}
