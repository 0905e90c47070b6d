//! Applications: what AppIntegrations registers for an account and region, for instances and security profiles to name.
//!
//! They are in the registry. Names and namespaces are unique there; a namespace never changes, since profiles hold it.

pub(crate) mod associations;
mod list;
mod members;
mod read;
mod tags;
pub mod tools;
mod view;
mod write;

pub(crate) use read::{get_application, list_application_associations, list_applications};
pub(crate) use tags::{list_tags_for_resource, tag_resource, untag_resource};
pub(crate) use write::{create_application, delete_application, update_application};

pub use list::{dispatch, is_read};

use std::sync::Arc;

use lanyard_model::resources::RegisteredApplication;
use lanyard_model::{Directory, Id, Kind, Scope, Stored};

use crate::error::{Error, Excerpt, Result};

/// The application that a member names: by its identifier, or by its ARN in this account and region.
pub fn find(directory: &Directory, scope: &Scope, text: &str) -> Result<Arc<RegisteredApplication>> {
    let application = named(scope, text).and_then(|id| directory.registered_applications.get(&id));
    application.cloned().ok_or_else(|| Error::not_found(RegisteredApplication::NOUN, text))
}

/// The identifier of the application that a member names, whether there is one or not.
fn named(scope: &Scope, text: &str) -> Option<Id> {
    if text.starts_with("arn:") { scope.parse_application_arn(text) } else { Some(Id::new(text)) }
}

/// The application that an ARN names, for what is done to tags. Nothing else of the service is kept here.
fn tagged(directory: &Directory, scope: &Scope, arn: &str) -> Result<RegisteredApplication> {
    let application = scope.parse_application_arn(arn).and_then(|id| directory.registered_applications.get(&id));
    application.map(|it| RegisteredApplication::clone(it)).ok_or_else(|| Error::not_found("resource", arn))
}

/// Whether another application than `own` has this name.
fn is_name_taken(directory: &Directory, name: &str, own: Option<&RegisteredApplication>) -> bool {
    let others = directory.registered_applications.values().filter(|it| own.is_none_or(|own| own.id != it.id));
    others.into_iter().any(|it| it.name == name)
}

/// The application with this namespace.
pub(crate) fn of_namespace<'d>(directory: &'d Directory, namespace: &str) -> Option<&'d RegisteredApplication> {
    let id = directory.find_name(Kind::RegisteredApplication, namespace)?;
    directory.registered_applications.get(id).map(|it| &**it)
}

fn name_taken(name: &str) -> String {
    format!("an application is named `{}` already in this account and region", Excerpt(name))
}
