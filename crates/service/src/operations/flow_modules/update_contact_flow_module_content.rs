//! UpdateContactFlowModuleContent.

use lanyard_model::resources::FlowModule;
use lanyard_wire::shapes::{UpdateContactFlowModuleContentRequest, UpdateContactFlowModuleContentResponse};

use super::find::Form;
use super::{content, find};
use crate::context::Write;
use crate::error::{Error, Result};
use crate::operations::modified;

/// Publishes what is sent, or saves it without publishing where the identifier has the qualifier `$SAVED`. A member that
/// is absent stays as it is in what was saved or published last; empty settings clear. Publishing ends what was saved.
pub(crate) fn run(
    cx: &mut Write<'_>,
    input: &UpdateContactFlowModuleContentRequest,
) -> Result<UpdateContactFlowModuleContentResponse> {
    let (module, form) = find::qualified(cx, &input.contact_flow_module_id)?;
    content::check(input.content.as_deref(), input.settings.as_deref())?;
    let mut module = FlowModule::clone(&module);
    let mut next = match (&form, module.saved.take()) {
        (Form::Saved, Some(saved)) => saved,
        _ => module.published.clone(),
    };
    if let Some(content) = &input.content {
        next.content.clone_from(content);
    }
    if let Some(settings) = &input.settings {
        next.settings = content::settings(settings);
    }
    match form {
        Form::Published => module.published = next,
        Form::Saved => module.saved = Some(next),
        Form::Version(_) => return Err(Error::invalid_request("a version of a flow module cannot be changed")),
    }
    modified::put(cx, module)?;
    Ok(UpdateContactFlowModuleContentResponse {})
}
