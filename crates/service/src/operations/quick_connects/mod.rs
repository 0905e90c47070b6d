//! Quick connects: named destinations that contacts are handed to.

mod checks;
pub(crate) mod create_quick_connect;
pub(crate) mod delete_quick_connect;
pub(crate) mod describe_quick_connect;
pub(crate) mod list_quick_connects;
pub(crate) mod search_quick_connects;
pub(crate) mod update_quick_connect_config;
pub(crate) mod update_quick_connect_name;
pub(crate) mod view;
