//! Hours of operation: when a contact centre, or a part of it, is open.

pub(crate) mod checks;
pub(crate) mod create_hours_of_operation;
pub(crate) mod delete_hours_of_operation;
pub(crate) mod describe_hours_of_operation;
pub(crate) mod list_hours_of_operations;
pub(crate) mod search_hours_of_operations;
pub(crate) mod update_hours_of_operation;
mod view;
