//! Routing profiles in the shapes of the API. Members that were never set are left out; counts are always there.

use std::collections::BTreeSet;

use lanyard_model::resources::{self, QueueConfig, QueueReference};
use lanyard_model::{Id, Key, Kind};
use lanyard_wire::shapes::{self, AgentAvailabilityTimer, BehaviorType, Channel, ChannelWorkloadBehaviorType};

use crate::context::{InstanceState, Read};
use crate::operations::members::{non_empty, timestamp};

fn arn(cx: &Read<'_>, kind: Kind, id: &Id) -> String {
    cx.arn(&Key { kind, id: id.clone() })
}

/// The answer to DescribeRoutingProfile. By the API reference it has the numbers of queues, and not their identifiers.
pub(super) fn profile(cx: &Read<'_>, it: &resources::RoutingProfile) -> shapes::RoutingProfile {
    let timer = it.agent_availability_timer.as_deref();
    shapes::RoutingProfile {
        media_concurrencies: Some(it.media_concurrencies.iter().map(concurrency).collect()),
        agent_availability_timer: timer.map(AgentAvailabilityTimer::from_wire),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
        associated_queue_ids: None,
        associated_manual_assignment_queue_ids: None,
        ..search_row(cx, it)
    }
}

/// A row of SearchRoutingProfiles. By the API reference it has the identifiers of the queues, but neither the time and
/// region of the last modification, nor the timer, nor the channels that may be used together.
pub(super) fn search_row(cx: &Read<'_>, it: &resources::RoutingProfile) -> shapes::RoutingProfile {
    let without_behavior = |it| shapes::MediaConcurrency { cross_channel_behavior: None, ..concurrency(it) };
    let queues = queue_ids(cx, it.queue_configs.iter().map(|config| &config.queue));
    let manual_queues = queue_ids(cx, it.manual_assignment_queues.iter());
    let users = cx
        .referrers(Kind::RoutingProfile, &it.id)
        .filter(|by| by.kind == Kind::User && cx.can_view(by.kind, &by.id))
        .count();
    shapes::RoutingProfile {
        instance_id: Some(cx.instance_id().to_string()),
        name: Some(it.name.clone()),
        routing_profile_arn: Some(arn(cx, Kind::RoutingProfile, &it.id)),
        routing_profile_id: Some(it.id.to_string()),
        description: Some(it.description.clone()),
        media_concurrencies: Some(it.media_concurrencies.iter().map(without_behavior).collect()),
        default_outbound_queue_id: cx
            .can_view(Kind::Queue, &it.default_outbound_queue_id)
            .then(|| it.default_outbound_queue_id.to_string()),
        tags: non_empty(&it.tags),
        number_of_associated_queues: i64::try_from(queues.len()).ok(),
        number_of_associated_manual_assignment_queues: i64::try_from(manual_queues.len()).ok(),
        number_of_associated_users: i64::try_from(users).ok(),
        is_default: Some(it.is_default),
        associated_queue_ids: Some(queues),
        associated_manual_assignment_queue_ids: Some(manual_queues),
        ..shapes::RoutingProfile::default()
    }
}

/// A row of ListRoutingProfiles.
pub(super) fn summary(cx: &Read<'_>, it: &resources::RoutingProfile) -> shapes::RoutingProfileSummary {
    shapes::RoutingProfileSummary {
        id: Some(it.id.to_string()),
        arn: Some(arn(cx, Kind::RoutingProfile, &it.id)),
        name: Some(it.name.clone()),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
    }
}

/// A row of ListRoutingProfileQueues.
pub(super) fn queue(cx: &Read<'_>, it: &QueueConfig) -> shapes::RoutingProfileQueueConfigSummary {
    shapes::RoutingProfileQueueConfigSummary {
        queue_id: Some(it.queue.queue_id.to_string()),
        queue_arn: Some(arn(cx, Kind::Queue, &it.queue.queue_id)),
        queue_name: queue_name(cx, &it.queue),
        priority: Some(it.priority),
        delay: Some(it.delay),
        channel: Some(Channel::from_wire(&it.queue.channel)),
    }
}

/// A row of ListRoutingProfileManualAssignmentQueues.
pub(super) fn manual_queue(
    cx: &Read<'_>,
    it: &QueueReference,
) -> shapes::RoutingProfileManualAssignmentQueueConfigSummary {
    shapes::RoutingProfileManualAssignmentQueueConfigSummary {
        queue_id: Some(it.queue_id.to_string()),
        queue_arn: Some(arn(cx, Kind::Queue, &it.queue_id)),
        queue_name: queue_name(cx, it),
        channel: Some(Channel::from_wire(&it.channel)),
    }
}

fn queue_name(cx: &Read<'_>, it: &QueueReference) -> Option<String> {
    cx.queues.get(&it.queue_id).map(|queue| queue.name.clone())
}

/// The queues of a list that the caller may know of, each once, regardless of their channels.
fn queue_ids<'a>(cx: &Read<'_>, queues: impl Iterator<Item = &'a QueueReference>) -> Vec<String> {
    let distinct: BTreeSet<&Id> = queues.map(|it| &it.queue_id).filter(|id| cx.can_view(Kind::Queue, id)).collect();
    distinct.into_iter().map(ToString::to_string).collect()
}

fn concurrency(it: &resources::MediaConcurrency) -> shapes::MediaConcurrency {
    let behavior = |it: &str| shapes::CrossChannelBehavior { behavior_type: BehaviorType::from_wire(it) };
    let workloads = || it.workload_types.iter().map(workload).collect();
    shapes::MediaConcurrency {
        channel: Channel::from_wire(&it.channel),
        concurrency: it.concurrency,
        cross_channel_behavior: it.cross_channel_behavior.as_deref().map(behavior),
        workload_type_concurrencies: (!it.workload_types.is_empty()).then(workloads),
    }
}

fn workload(it: &resources::WorkloadTypeConcurrency) -> shapes::WorkloadTypeConcurrency {
    let behavior = |it: &str| shapes::CrossChannelWorkloadBehavior {
        channel_workload_behavior_type: Some(ChannelWorkloadBehaviorType::from_wire(it)),
    };
    shapes::WorkloadTypeConcurrency {
        workload_type: it.workload_type.clone(),
        concurrency: it.concurrency,
        cross_channel_workload_behavior: it.cross_channel_behavior.as_deref().map(behavior),
    }
}
