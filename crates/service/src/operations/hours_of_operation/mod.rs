//! Hours of operation: when a contact centre, or a part of it, is open.

pub(crate) mod checks;
mod read;
mod view;
mod write;

pub(crate) use read::{describe_hours_of_operation, list_hours_of_operations, search_hours_of_operations};
pub(crate) use write::{create_hours_of_operation, delete_hours_of_operation, update_hours_of_operation};
