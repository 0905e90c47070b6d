//! CreateRoutingProfile.

use lanyard_model::resources::RoutingProfile;
use lanyard_model::{Key, Kind};
use lanyard_wire::shapes::{CreateRoutingProfileRequest, CreateRoutingProfileResponse};

use super::{concurrencies, queues};
use crate::context::{InstanceState, Write};
use crate::error::Result;
use crate::operations::{names, references};

/// Makes a profile. Its name is unique in the instance; names that differ in case alone are different names.
pub(crate) fn run(cx: &mut Write<'_>, input: &CreateRoutingProfileRequest) -> Result<CreateRoutingProfileResponse> {
    names::check_free(cx, Kind::RoutingProfile, &input.name, None)?;
    cx.config.quotas.check(cx, Kind::RoutingProfile)?;
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
