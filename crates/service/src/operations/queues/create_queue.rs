//! CreateQueue.

use lanyard_model::resources::Queue;
use lanyard_model::{Key, Kind};
use lanyard_wire::shapes::{CreateQueueRequest, CreateQueueResponse};

use super::checks;
use crate::context::{InstanceState, Write};
use crate::error::Result;
use crate::operations::names;
use crate::operations::references;

/// Makes a queue, enabled. Its hours of operation and quick connects must exist; flows, phone numbers and mail addresses
/// are not served and are stored unchecked.
pub(crate) fn run(cx: &mut Write<'_>, input: &CreateQueueRequest) -> Result<CreateQueueResponse> {
    names::check_free(cx, Kind::Queue, &input.name, None)?;
    cx.config.quotas.check(cx, Kind::Queue)?;
    let caller_config = input.outbound_caller_config.as_ref().map(checks::outbound_caller_config).transpose()?;
    let email_addresses = input.email_addresses_config.iter().flatten();
    let queue = Queue {
        id: cx.new_id(),
        name: input.name.clone(),
        description: input.description.clone(),
        outbound_caller_config: caller_config.flatten(),
        outbound_email_address_id: input
            .outbound_email_config
            .as_ref()
            .and_then(|config| config.outbound_email_address_id.clone()),
        hours_of_operation_id: references::existing(cx, Kind::HoursOfOperation, &input.hours_of_operation_id)?,
        max_contacts: input.max_contacts,
        enabled: true,
        quick_connect_ids: checks::quick_connects(cx, input.quick_connect_ids.as_deref().unwrap_or_default())?,
        email_address_ids: email_addresses.map(|config| config.email_address_id.clone()).collect(),
        tags: input.tags.clone().unwrap_or_default(),
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
    };
    let key = Key { kind: Kind::Queue, id: queue.id.clone() };
    cx.put(queue)?;
    Ok(CreateQueueResponse { queue_arn: Some(cx.arn(&key)), queue_id: Some(key.id.to_string()) })
}
