//! Quick connects: named destinations for transfers of contacts.

mod checks;
mod read;
pub(crate) mod view;
mod write;

pub(crate) use read::{describe_quick_connect, list_quick_connects, search_quick_connects};
pub(crate) use write::{
    create_quick_connect, delete_quick_connect, update_quick_connect_config, update_quick_connect_name,
};
