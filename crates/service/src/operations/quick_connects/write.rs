//! Quick connects created, updated and deleted.

use lanyard_model::resources::{Queue, QuickConnect};
use lanyard_model::{Key, Kind};
use lanyard_wire::shapes::{
    CreateQuickConnectRequest, CreateQuickConnectResponse, DeleteQuickConnectRequest, UpdateQuickConnectConfigRequest,
    UpdateQuickConnectNameRequest,
};

use super::checks;
use crate::context::{InstanceState, Write};
use crate::error::{Error, Result};
use crate::operations::modified::update;
use crate::operations::references::find;
use crate::operations::{modified, names};

/// Makes a quick connect. The person or queue that it leads to must exist.
pub(crate) fn create_quick_connect(
    cx: &mut Write<'_>,
    input: &CreateQuickConnectRequest,
) -> Result<CreateQuickConnectResponse> {
    names::check_free(cx, Kind::QuickConnect, &input.name, None)?;
    cx.check_quota(Kind::QuickConnect)?;
    let quick_connect = QuickConnect {
        id: cx.new_id(),
        name: input.name.clone(),
        description: input.description.clone(),
        destination: checks::destination(cx, &input.quick_connect_config)?,
        tags: input.tags.clone().unwrap_or_default(),
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
    };
    let key = Key { kind: Kind::QuickConnect, id: quick_connect.id.clone() };
    cx.put(quick_connect)?;
    Ok(CreateQuickConnectResponse { quick_connect_arn: Some(cx.arn(&key)), quick_connect_id: Some(key.id.to_string()) })
}

/// Replaces the name, the description, or both; a member that is left out stays, and an empty description clears it.
pub(crate) fn update_quick_connect_name(cx: &mut Write<'_>, input: &UpdateQuickConnectNameRequest) -> Result<()> {
    if input.name.is_none() && input.description.is_none() {
        return Err(Error::invalid_request("members `Name` and `Description` are both missing, one is required"));
    }
    update(cx, &input.quick_connect_id, |cx, quick_connect: &mut QuickConnect| {
        if let Some(name) = &input.name {
            names::check_free(cx, Kind::QuickConnect, name, Some(&quick_connect.id))?;
            quick_connect.name.clone_from(name);
        }
        if let Some(description) = &input.description {
            quick_connect.description = (!description.is_empty()).then(|| description.clone());
        }
        Ok(())
    })
}

/// Replaces the destination of a quick connect; its type may change.
pub(crate) fn update_quick_connect_config(cx: &mut Write<'_>, input: &UpdateQuickConnectConfigRequest) -> Result<()> {
    update(cx, &input.quick_connect_id, |cx, quick_connect: &mut QuickConnect| {
        quick_connect.destination = checks::destination(cx, &input.quick_connect_config)?;
        Ok(())
    })
}

/// Deletes a quick connect and its associations with queues.
///
/// The API model has no error for one that is associated, and a refusal would stop Terraform for good: it deletes a quick
/// connect before it updates the queue that had it.
pub(crate) fn delete_quick_connect(cx: &mut Write<'_>, input: &DeleteQuickConnectRequest) -> Result<()> {
    let quick_connect = find::<QuickConnect>(cx, &input.quick_connect_id)?;
    let referrers = cx.referrers(Kind::QuickConnect, &quick_connect.id);
    let queues: Vec<_> = referrers.filter_map(|by| cx.queues.get(&by.id).cloned()).collect();
    for queue in queues {
        let mut queue = Queue::clone(&*queue);
        queue.quick_connect_ids.retain(|id| *id != quick_connect.id);
        modified::put(cx, queue)?;
    }
    cx.delete(Kind::QuickConnect, &quick_connect.id)
}
