//! Queues, and the quick connects that their agents see.
//!
//! These are the standard queues, which a customer makes. The service also keeps a queue for each person, an agent
//! queue; Lanyard routes no contacts and has none.

pub(crate) mod associate_queue_quick_connects;
mod checks;
pub(crate) mod create_queue;
pub(crate) mod delete_queue;
pub(crate) mod describe_queue;
pub(crate) mod disassociate_queue_quick_connects;
pub(crate) mod list_queue_quick_connects;
pub(crate) mod list_queues;
pub(crate) mod search_queues;
pub(crate) mod update_queue_hours_of_operation;
pub(crate) mod update_queue_max_contacts;
pub(crate) mod update_queue_name;
pub(crate) mod update_queue_outbound_caller_config;
pub(crate) mod update_queue_outbound_email_config;
pub(crate) mod update_queue_status;
mod view;
