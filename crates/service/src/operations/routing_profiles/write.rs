//! Routing profiles created, updated and deleted.

use lanyard_model::resources::RoutingProfile;
use lanyard_model::{Key, Kind};
use lanyard_wire::shapes::{
    CreateRoutingProfileRequest, CreateRoutingProfileResponse, DeleteRoutingProfileRequest,
    UpdateRoutingProfileAgentAvailabilityTimerRequest, UpdateRoutingProfileConcurrencyRequest,
    UpdateRoutingProfileDefaultOutboundQueueRequest, UpdateRoutingProfileNameRequest,
};

use super::{concurrencies, queues};
use crate::context::{InstanceState, Write};
use crate::error::{Error, Result};
use crate::operations::modified::update;
use crate::operations::references::find;
use crate::operations::{in_use, names, references};

/// Makes a profile. Its name is unique in the instance; names that differ only in case are different names.
pub(crate) fn create_routing_profile(
    cx: &mut Write<'_>,
    input: &CreateRoutingProfileRequest,
) -> Result<CreateRoutingProfileResponse> {
    names::check_free(cx, Kind::RoutingProfile, &input.name, None)?;
    cx.check_quota(Kind::RoutingProfile)?;
    let mut profile = RoutingProfile {
        id: cx.new_id(),
        name: input.name.clone(),
        description: input.description.clone(),
        default_outbound_queue_id: references::existing(cx, Kind::Queue, &input.default_outbound_queue_id)?,
        queue_configs: Vec::new(),
        manual_assignment_queues: Vec::new(),
        media_concurrencies: concurrencies::read(&input.media_concurrencies)?,
        agent_availability_timer: input.agent_availability_timer.as_ref().map(|it| it.as_str().to_owned()),
        is_default: false,
        tags: input.tags.clone().unwrap_or_default(),
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
    };
    let configs = queues::configs(cx, input.queue_configs.as_deref())?;
    let manual = queues::manual(cx, input.manual_assignment_queue_configs.as_deref())?;
    queues::add(&mut profile, configs, manual)?;
    let id = profile.id.clone();
    cx.put(profile)?;
    Ok(CreateRoutingProfileResponse {
        routing_profile_arn: Some(cx.arn(&Key { kind: Kind::RoutingProfile, id: id.clone() })),
        routing_profile_id: Some(id.to_string()),
    })
}

/// Replaces the name, the description or both; a member that is not sent stays. One of them is required.
pub(crate) fn update_routing_profile_name(cx: &mut Write<'_>, input: &UpdateRoutingProfileNameRequest) -> Result<()> {
    update(cx, &input.routing_profile_id, |cx, profile: &mut RoutingProfile| {
        if input.name.is_none() && input.description.is_none() {
            return Err(Error::invalid_request("one of the members `Name` and `Description` is required"));
        }
        if let Some(name) = &input.name {
            names::check_free(cx, Kind::RoutingProfile, name, Some(&profile.id))?;
            profile.name.clone_from(name);
        }
        if let Some(description) = &input.description {
            profile.description.clone_from(description);
        }
        Ok(())
    })
}

/// Replaces the settings of all channels: one that is not sent is removed.
pub(crate) fn update_routing_profile_concurrency(
    cx: &mut Write<'_>,
    input: &UpdateRoutingProfileConcurrencyRequest,
) -> Result<()> {
    update(cx, &input.routing_profile_id, |_, profile: &mut RoutingProfile| {
        profile.media_concurrencies = concurrencies::read(&input.media_concurrencies)?;
        Ok(())
    })
}

/// Replaces the queue of calls out.
pub(crate) fn update_routing_profile_default_outbound_queue(
    cx: &mut Write<'_>,
    input: &UpdateRoutingProfileDefaultOutboundQueueRequest,
) -> Result<()> {
    update(cx, &input.routing_profile_id, |cx, profile: &mut RoutingProfile| {
        profile.default_outbound_queue_id = references::existing(cx, Kind::Queue, &input.default_outbound_queue_id)?;
        Ok(())
    })
}

/// Replaces the rule by which who waited longest is found.
pub(crate) fn update_routing_profile_agent_availability_timer(
    cx: &mut Write<'_>,
    input: &UpdateRoutingProfileAgentAvailabilityTimerRequest,
) -> Result<()> {
    update(cx, &input.routing_profile_id, |_, profile: &mut RoutingProfile| {
        profile.agent_availability_timer = Some(input.agent_availability_timer.as_str().to_owned());
        Ok(())
    })
}

/// Deletes a profile that no user has. The one that came with the instance is not protected: it is the customer's too.
pub(crate) fn delete_routing_profile(cx: &mut Write<'_>, input: &DeleteRoutingProfileRequest) -> Result<()> {
    let profile = find::<RoutingProfile>(cx, &input.routing_profile_id)?;
    in_use::check(cx, Kind::RoutingProfile, &profile.id)?;
    cx.delete(Kind::RoutingProfile, &profile.id)
}
