//! Hours of operation created, updated and deleted.

use lanyard_model::resources::HoursOfOperation;
use lanyard_model::{Id, Key, Kind};
use lanyard_wire::shapes::{
    CreateHoursOfOperationRequest, CreateHoursOfOperationResponse, DeleteHoursOfOperationRequest,
    ParentHoursOfOperationConfig, UpdateHoursOfOperationRequest,
};

use super::checks;
use crate::context::{InstanceState, Write};
use crate::error::{Error, Result};
use crate::operations::in_use;
use crate::operations::modified::update;
use crate::operations::references::find;

/// Makes hours. Their name is unique in the instance; names that differ only in case are different names.
///
/// Parents are there before, and no operation gives hours parents later: hours are never their own parent's parent.
pub(crate) fn create_hours_of_operation(
    cx: &mut Write<'_>,
    input: &CreateHoursOfOperationRequest,
) -> Result<CreateHoursOfOperationResponse> {
    let id = cx.new_id();
    checks::name_is_free(cx, &input.name, &id)?;
    cx.check_quota(Kind::HoursOfOperation)?;
    let hours = HoursOfOperation {
        id: id.clone(),
        name: input.name.clone(),
        description: input.description.clone(),
        time_zone: checks::time_zone(&input.time_zone)?,
        config: checks::spans(&input.config),
        parent_ids: parents(cx, input.parent_hours_of_operation_configs.as_deref().unwrap_or_default())?,
        tags: input.tags.clone().unwrap_or_default(),
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
    };
    cx.put(hours)?;
    Ok(CreateHoursOfOperationResponse {
        hours_of_operation_arn: Some(cx.arn(&Key { kind: Kind::HoursOfOperation, id: id.clone() })),
        hours_of_operation_id: Some(id.to_string()),
    })
}

/// The parents, each once, all of them there.
fn parents(cx: &Write<'_>, configs: &[ParentHoursOfOperationConfig]) -> Result<Vec<Id>> {
    let mut ids = Vec::with_capacity(configs.len());
    for (at, config) in configs.iter().enumerate() {
        let named = config.hours_of_operation_id.as_ref().ok_or_else(|| {
            Error::invalid_parameter(format!(
                "member `ParentHoursOfOperationConfigs[{at}].HoursOfOperationId` is required"
            ))
        })?;
        let id = find::<HoursOfOperation>(cx, named)?.id.clone();
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// Replaces the members that are sent and leaves the others as they were. The empty description clears it, an empty
/// configuration is one that is never open. Parents and tags have no member here and stay.
pub(crate) fn update_hours_of_operation(cx: &mut Write<'_>, input: &UpdateHoursOfOperationRequest) -> Result<()> {
    update(cx, &input.hours_of_operation_id, |cx, hours: &mut HoursOfOperation| {
        if let Some(name) = &input.name {
            checks::name_is_free(cx, name, &hours.id)?;
            hours.name.clone_from(name);
        }
        if let Some(description) = &input.description {
            hours.description = (!description.is_empty()).then(|| description.clone());
        }
        if let Some(time_zone) = &input.time_zone {
            hours.time_zone = checks::time_zone(time_zone)?;
        }
        if let Some(config) = &input.config {
            hours.config = checks::spans(config);
        }
        Ok(())
    })
}

/// Deletes hours that no queue keeps and no other hours inherit from. The built-in ones are not protected otherwise.
pub(crate) fn delete_hours_of_operation(cx: &mut Write<'_>, input: &DeleteHoursOfOperationRequest) -> Result<()> {
    let hours = find::<HoursOfOperation>(cx, &input.hours_of_operation_id)?;
    in_use::check(cx, Kind::HoursOfOperation, &hours.id)?;
    cx.delete(Kind::HoursOfOperation, &hours.id)
}
