//! Queues in the shapes of the API. Empty members are left out.

use lanyard_model::resources::{OutboundCallerConfig, Queue};
use lanyard_model::{Id, Kind, Scope};
use lanyard_wire::shapes;

use crate::context::{InstanceState, Read};
use crate::operations::members::{non_empty, timestamp};

/// The answer to DescribeQueue, and a row of SearchQueues.
pub(super) fn queue(cx: &Read<'_>, it: &Queue) -> shapes::Queue {
    let status = if it.enabled { shapes::QueueStatus::Enabled } else { shapes::QueueStatus::Disabled };
    shapes::Queue {
        name: Some(it.name.clone()),
        queue_arn: cx.call.scope.arn(&cx.instance_id(), Kind::Queue, &it.id),
        queue_id: Some(it.id.to_string()),
        description: it.description.clone(),
        outbound_caller_config: it.outbound_caller_config.as_ref().map(outbound_caller_config),
        outbound_email_config: it
            .outbound_email_address_id
            .clone()
            .map(|id| shapes::OutboundEmailConfig { outbound_email_address_id: Some(id) }),
        hours_of_operation_id: cx
            .can_view(Kind::HoursOfOperation, &it.hours_of_operation_id)
            .then(|| it.hours_of_operation_id.to_string()),
        max_contacts: it.max_contacts,
        status: Some(status),
        tags: non_empty(&it.tags),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
    }
}

/// A row of ListQueues.
pub(super) fn summary(scope: &Scope, instance: &Id, it: &Queue) -> shapes::QueueSummary {
    shapes::QueueSummary {
        id: Some(it.id.to_string()),
        arn: scope.arn(instance, Kind::Queue, &it.id),
        name: Some(it.name.clone()),
        queue_type: Some(shapes::QueueType::Standard),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
    }
}

fn outbound_caller_config(it: &OutboundCallerConfig) -> shapes::OutboundCallerConfig {
    shapes::OutboundCallerConfig {
        outbound_caller_id_name: it.caller_id_name.clone(),
        outbound_caller_id_number_id: it.caller_id_number_id.clone(),
        outbound_flow_id: it.flow_id.clone(),
    }
}
