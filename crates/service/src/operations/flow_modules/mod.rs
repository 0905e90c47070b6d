//! Flow modules, their versions and aliases.

mod aliases;
mod content;
mod find;
mod read;
mod versions;
mod view;
mod write;

pub(crate) use aliases::{
    create_contact_flow_module_alias, delete_contact_flow_module_alias, describe_contact_flow_module_alias,
    list_contact_flow_module_aliases, update_contact_flow_module_alias,
};
pub(crate) use read::{describe_contact_flow_module, list_contact_flow_modules, search_contact_flow_modules};
pub(crate) use versions::{
    create_contact_flow_module_version, delete_contact_flow_module_version, list_contact_flow_module_versions,
};
pub(crate) use write::{
    create_contact_flow_module, delete_contact_flow_module, update_contact_flow_module_content,
    update_contact_flow_module_metadata,
};
