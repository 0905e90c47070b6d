//! Routing profiles: from which queues a person gets contacts, and how many at a time.

mod concurrencies;
mod queues;
mod read;
mod view;
mod write;

pub(crate) use queues::{
    associate_routing_profile_queues, disassociate_routing_profile_queues,
    list_routing_profile_manual_assignment_queues, list_routing_profile_queues, update_routing_profile_queues,
};
pub(crate) use read::{describe_routing_profile, list_routing_profiles, search_routing_profiles};
pub(crate) use write::{
    create_routing_profile, delete_routing_profile, update_routing_profile_agent_availability_timer,
    update_routing_profile_concurrency, update_routing_profile_default_outbound_queue, update_routing_profile_name,
};
