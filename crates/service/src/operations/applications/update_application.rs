//! UpdateApplication.

use lanyard_model::resources::RegisteredApplication;
use lanyard_wire::ErrorKind;
use lanyard_wire::appintegrations::shapes::{UpdateApplicationRequest, UpdateApplicationResponse};

use super::members::{Members, members};
use super::{find, is_name_taken, name_taken};
use crate::context::Write;
use crate::error::{Error, Result};
use crate::operations::modified;

/// Updates an application. A member that is absent stays. One that is no MCP server any more has no tools.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateApplicationRequest) -> Result<UpdateApplicationResponse> {
    let mut application = RegisteredApplication::clone(&*find(cx, &cx.call.scope, &input.arn)?);
    if let Some(name) = &input.name {
        if is_name_taken(cx, name, Some(&application)) {
            return Err(Error::new(ErrorKind::ConflictException, name_taken(name)));
        }
        application.name.clone_from(name);
    }
    members!(input, input.application_source_config.as_ref()).apply(&mut application)?;
    modified::put(cx, application)?;
    Ok(UpdateApplicationResponse {})
}
