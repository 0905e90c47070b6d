//! Flow modules, their versions and aliases.

mod content;
pub(crate) mod create_contact_flow_module;
pub(crate) mod create_contact_flow_module_alias;
pub(crate) mod create_contact_flow_module_version;
pub(crate) mod delete_contact_flow_module;
pub(crate) mod delete_contact_flow_module_alias;
pub(crate) mod delete_contact_flow_module_version;
pub(crate) mod describe_contact_flow_module;
pub(crate) mod describe_contact_flow_module_alias;
mod find;
pub(crate) mod list_contact_flow_module_aliases;
pub(crate) mod list_contact_flow_module_versions;
pub(crate) mod list_contact_flow_modules;
pub(crate) mod search_contact_flow_modules;
pub(crate) mod update_contact_flow_module_alias;
pub(crate) mod update_contact_flow_module_content;
pub(crate) mod update_contact_flow_module_metadata;
mod view;
