//! Quick connects in the shapes of the API. Empty members are left out.

use lanyard_model::resources::{Destination, QuickConnect};
use lanyard_model::{Id, Kind, Scope};
use lanyard_wire::shapes::{self, QuickConnectType};

use crate::context::{InstanceState, Read};
use crate::operations::members::{non_empty, timestamp};

/// The answer to DescribeQuickConnect, and a row of SearchQuickConnects.
pub(super) fn quick_connect(cx: &Read<'_>, it: &QuickConnect) -> shapes::QuickConnect {
    shapes::QuickConnect {
        quick_connect_arn: cx.call.scope.arn(&cx.instance_id(), Kind::QuickConnect, &it.id),
        quick_connect_id: Some(it.id.to_string()),
        name: Some(it.name.clone()),
        description: it.description.clone(),
        quick_connect_config: Some(config(cx, &it.destination)),
        tags: non_empty(&it.tags),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
    }
}

/// A row of ListQuickConnects and of ListQueueQuickConnects.
pub(crate) fn summary(scope: &Scope, instance: &Id, it: &QuickConnect) -> shapes::QuickConnectSummary {
    shapes::QuickConnectSummary {
        id: Some(it.id.to_string()),
        arn: scope.arn(instance, Kind::QuickConnect, &it.id),
        name: Some(it.name.clone()),
        quick_connect_type: Some(quick_connect_type(&it.destination)),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
    }
}

pub(super) fn quick_connect_type(it: &Destination) -> QuickConnectType {
    match it {
        Destination::User { .. } => QuickConnectType::User,
        Destination::Queue { .. } => QuickConnectType::Queue,
        Destination::PhoneNumber { .. } => QuickConnectType::PhoneNumber,
        Destination::Flow { .. } => QuickConnectType::Flow,
    }
}

/// The destination. For a user or queue that the caller may not know of, it has only the type.
fn config(cx: &Read<'_>, it: &Destination) -> shapes::QuickConnectConfig {
    let mut config = shapes::QuickConnectConfig {
        quick_connect_type: quick_connect_type(it),
        ..shapes::QuickConnectConfig::default()
    };
    match it {
        Destination::User { user_id, .. } if !cx.can_view(Kind::User, user_id) => {}
        Destination::Queue { queue_id, .. } if !cx.can_view(Kind::Queue, queue_id) => {}
        Destination::User { user_id, contact_flow_id } => {
            config.user_config = Some(shapes::UserQuickConnectConfig {
                user_id: user_id.to_string(),
                contact_flow_id: contact_flow_id.clone(),
            });
        }
        Destination::Queue { queue_id, contact_flow_id } => {
            config.queue_config = Some(shapes::QueueQuickConnectConfig {
                queue_id: queue_id.to_string(),
                contact_flow_id: contact_flow_id.clone(),
            });
        }
        Destination::PhoneNumber { phone_number } => {
            config.phone_config = Some(shapes::PhoneNumberQuickConnectConfig { phone_number: phone_number.clone() });
        }
        Destination::Flow { contact_flow_id } => {
            config.flow_config = Some(shapes::FlowQuickConnectConfig { contact_flow_id: contact_flow_id.clone() });
        }
    }
    config
}
