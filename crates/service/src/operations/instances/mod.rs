//! Instances and their attributes.

pub(crate) mod attributes;
mod built_in;
pub(crate) mod create_instance;
pub(crate) mod delete_instance;
pub(crate) mod describe_instance;
pub(crate) mod describe_instance_attribute;
pub(crate) mod list_instance_attributes;
pub(crate) mod list_instances;
pub(crate) mod update_instance_attribute;
pub(crate) mod view;
