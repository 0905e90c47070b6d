//! The resources of a new instance: the built-in security profiles, and the hours, queue and routing profile with which
//! it works at once. All of it is the customer's, to change and to delete.

use lanyard_model::catalogue::builtin_profiles;
use lanyard_model::resources::{
    HoursOfOperation, MediaConcurrency, OpeningSpan, Queue, QueueConfig, QueueReference, RoutingProfile,
    SecurityProfile, TimeOfDay,
};
use lanyard_model::{Draft, Id, Tags, Timestamp};

use crate::environment::Environment;
use crate::error::Result;

const WEEK: [&str; 7] = ["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"];

/// The channels of the basic routing profile, and how many contacts of each a person gets at a time.
const CHANNELS: [(&str, i32); 3] = [("VOICE", 1), ("CHAT", 2), ("TASK", 1)];

/// The channels on which the basic queue distributes contacts.
const QUEUE_CHANNELS: [&str; 2] = ["VOICE", "CHAT"];

/// Puts everything into the draft of a new instance, made at `now` in `region`.
pub(super) fn put(draft: &mut Draft, environment: &dyn Environment, now: Timestamp, region: &str) -> Result<()> {
    for profile in builtin_profiles() {
        draft.put(SecurityProfile {
            description: Some(profile.description.to_owned()),
            permissions: profile.permissions.iter().map(|name| (*name).to_owned()).collect(),
            ..SecurityProfile::named(environment.new_id(), profile.name, now, region)
        })?;
    }
    let hours = basic_hours(environment.new_id(), now, region);
    let queue = basic_queue(environment.new_id(), hours.id.clone(), now, region);
    let routing_profile = basic_routing_profile(environment.new_id(), &queue.id, now, region);
    draft.put(hours)?;
    draft.put(queue)?;
    draft.put(routing_profile)?;
    Ok(())
}

/// Open all day, every day.
fn basic_hours(id: Id, now: Timestamp, region: &str) -> HoursOfOperation {
    let midnight = TimeOfDay { hours: 0, minutes: 0 };
    let span = |day: &str| OpeningSpan { day: day.to_owned(), start: midnight, end: midnight };
    HoursOfOperation {
        id,
        name: "Basic Hours".to_owned(),
        description: None,
        time_zone: "UTC".to_owned(),
        config: WEEK.into_iter().map(span).collect(),
        parent_ids: Vec::new(),
        tags: Tags::new(),
        last_modified_time: now,
        last_modified_region: region.to_owned(),
    }
}

fn basic_queue(id: Id, hours_of_operation_id: Id, now: Timestamp, region: &str) -> Queue {
    Queue {
        id,
        name: "BasicQueue".to_owned(),
        description: Some("A simple, basic voice queue.".to_owned()),
        outbound_caller_config: None,
        outbound_email_address_id: None,
        hours_of_operation_id,
        max_contacts: None,
        enabled: true,
        quick_connect_ids: Vec::new(),
        email_address_ids: Vec::new(),
        tags: Tags::new(),
        last_modified_time: now,
        last_modified_region: region.to_owned(),
    }
}

fn basic_routing_profile(id: Id, queue: &Id, now: Timestamp, region: &str) -> RoutingProfile {
    let concurrency = |(channel, concurrency): (&str, i32)| MediaConcurrency {
        channel: channel.to_owned(),
        concurrency: Some(concurrency),
        cross_channel_behavior: None,
        workload_types: Vec::new(),
    };
    let queue_config = |channel: &str| QueueConfig {
        queue: QueueReference { queue_id: queue.clone(), channel: channel.to_owned() },
        priority: 1,
        delay: 0,
    };
    RoutingProfile {
        id,
        name: "Basic Routing Profile".to_owned(),
        description: "A simple, basic routing profile.".to_owned(),
        default_outbound_queue_id: queue.clone(),
        queue_configs: QUEUE_CHANNELS.into_iter().map(queue_config).collect(),
        manual_assignment_queues: Vec::new(),
        media_concurrencies: CHANNELS.into_iter().map(concurrency).collect(),
        agent_availability_timer: None,
        is_default: true,
        tags: Tags::new(),
        last_modified_time: now,
        last_modified_region: region.to_owned(),
    }
}
