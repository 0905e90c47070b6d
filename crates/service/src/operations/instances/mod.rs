//! Instances and their attributes.

mod attributes;
mod built_in;
mod create;
mod delete;
mod read;
pub(crate) mod view;

pub(crate) use attributes::{describe_instance_attribute, list_instance_attributes, update_instance_attribute};
pub(crate) use create::{create_instance, new_instance, register, serve};
pub(crate) use delete::{delete_instance, delete_instances};
pub(crate) use read::{describe_instance, list_instances};
