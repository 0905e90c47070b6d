//! Queues created, updated and deleted.

use lanyard_model::resources::Queue;
use lanyard_model::{Key, Kind};
use lanyard_wire::shapes::{
    CreateQueueRequest, CreateQueueResponse, DeleteQueueRequest, QueueStatus, UpdateQueueHoursOfOperationRequest,
    UpdateQueueMaxContactsRequest, UpdateQueueNameRequest, UpdateQueueOutboundCallerConfigRequest,
    UpdateQueueOutboundEmailConfigRequest, UpdateQueueStatusRequest,
};

use super::checks;
use crate::context::{InstanceState, Write};
use crate::error::{Error, Result};
use crate::operations::modified::update;
use crate::operations::references::find;
use crate::operations::{in_use, names, references};

/// Makes a queue, enabled. Its hours of operation and quick connects must exist; flows, phone numbers and mail addresses
/// are not served and are stored unchecked.
pub(crate) fn create_queue(cx: &mut Write<'_>, input: &CreateQueueRequest) -> Result<CreateQueueResponse> {
    names::check_free(cx, Kind::Queue, &input.name, None)?;
    cx.check_quota(Kind::Queue)?;
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

/// Replaces the name, the description, or both; a member that is left out stays. A description cannot be removed: the
/// API model asks for at least one character.
pub(crate) fn update_queue_name(cx: &mut Write<'_>, input: &UpdateQueueNameRequest) -> Result<()> {
    if input.name.is_none() && input.description.is_none() {
        return Err(Error::invalid_request("members `Name` and `Description` are both missing, one is required"));
    }
    update(cx, &input.queue_id, |cx, queue: &mut Queue| {
        if let Some(name) = &input.name {
            names::check_free(cx, Kind::Queue, name, Some(&queue.id))?;
            queue.name.clone_from(name);
        }
        if input.description.is_some() {
            queue.description.clone_from(&input.description);
        }
        Ok(())
    })
}

/// Enables or disables a queue.
pub(crate) fn update_queue_status(cx: &mut Write<'_>, input: &UpdateQueueStatusRequest) -> Result<()> {
    update(cx, &input.queue_id, |_, queue: &mut Queue| {
        queue.enabled = input.status == QueueStatus::Enabled;
        Ok(())
    })
}

/// Gives a queue other hours, which must exist.
pub(crate) fn update_queue_hours_of_operation(
    cx: &mut Write<'_>,
    input: &UpdateQueueHoursOfOperationRequest,
) -> Result<()> {
    update(cx, &input.queue_id, |cx, queue: &mut Queue| {
        queue.hours_of_operation_id = references::existing(cx, Kind::HoursOfOperation, &input.hours_of_operation_id)?;
        Ok(())
    })
}

/// Sets how many contacts may wait; without the member there is no limit any more.
pub(crate) fn update_queue_max_contacts(cx: &mut Write<'_>, input: &UpdateQueueMaxContactsRequest) -> Result<()> {
    update(cx, &input.queue_id, |_, queue: &mut Queue| {
        queue.max_contacts = input.max_contacts;
        Ok(())
    })
}

/// Replaces the caller ID of calls out as a whole: members that the configuration leaves out are cleared.
pub(crate) fn update_queue_outbound_caller_config(
    cx: &mut Write<'_>,
    input: &UpdateQueueOutboundCallerConfigRequest,
) -> Result<()> {
    update(cx, &input.queue_id, |_, queue: &mut Queue| {
        queue.outbound_caller_config = checks::outbound_caller_config(&input.outbound_caller_config)?;
        Ok(())
    })
}

/// Replaces the address of mail out of the queue; an empty configuration removes it.
pub(crate) fn update_queue_outbound_email_config(
    cx: &mut Write<'_>,
    input: &UpdateQueueOutboundEmailConfigRequest,
) -> Result<()> {
    update(cx, &input.queue_id, |_, queue: &mut Queue| {
        queue.outbound_email_address_id.clone_from(&input.outbound_email_config.outbound_email_address_id);
        Ok(())
    })
}

/// Deletes a queue that no routing profile and no quick connect refers to.
pub(crate) fn delete_queue(cx: &mut Write<'_>, input: &DeleteQueueRequest) -> Result<()> {
    let queue = find::<Queue>(cx, &input.queue_id)?;
    in_use::check(cx, Kind::Queue, &queue.id)?;
    cx.delete(Kind::Queue, &queue.id)
}
