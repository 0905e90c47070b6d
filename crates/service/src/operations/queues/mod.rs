//! Queues, and the quick connects that their agents can use.
//!
//! These are the standard queues, which a customer makes. The service also keeps a queue for each person, an agent
//! queue; Lanyard routes no contacts and has none.

mod checks;
mod quick_connects;
mod read;
mod view;
mod write;

pub(crate) use quick_connects::{
    associate_queue_quick_connects, disassociate_queue_quick_connects, list_queue_quick_connects,
};
pub(crate) use read::{describe_queue, list_queues, search_queues};
pub(crate) use write::{
    create_queue, delete_queue, update_queue_hours_of_operation, update_queue_max_contacts, update_queue_name,
    update_queue_outbound_caller_config, update_queue_outbound_email_config, update_queue_status,
};
