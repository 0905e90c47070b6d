//! Routing profiles: from which queues a person gets contacts, and how many at a time.

pub(crate) mod associate_routing_profile_queues;
mod concurrencies;
pub(crate) mod create_routing_profile;
pub(crate) mod delete_routing_profile;
pub(crate) mod describe_routing_profile;
pub(crate) mod disassociate_routing_profile_queues;
pub(crate) mod list_routing_profile_manual_assignment_queues;
pub(crate) mod list_routing_profile_queues;
pub(crate) mod list_routing_profiles;
mod queues;
pub(crate) mod search_routing_profiles;
pub(crate) mod update_routing_profile_agent_availability_timer;
pub(crate) mod update_routing_profile_concurrency;
pub(crate) mod update_routing_profile_default_outbound_queue;
pub(crate) mod update_routing_profile_name;
pub(crate) mod update_routing_profile_queues;
mod view;
