//! CreateContactFlowModule.

use lanyard_model::resources::{FlowModule, FlowModuleContent};
use lanyard_model::{Id, Kind};
use lanyard_wire::shapes::{CreateContactFlowModuleRequest, CreateContactFlowModuleResponse};

use super::{content, view};
use crate::context::Write;
use crate::error::Result;
use crate::operations::{client_tokens, names};

/// Makes a module, active and published. Its name is unique in the instance.
pub(crate) fn run(
    cx: &mut Write<'_>,
    input: &CreateContactFlowModuleRequest,
) -> Result<CreateContactFlowModuleResponse> {
    let bare = CreateContactFlowModuleRequest { client_token: None, ..input.clone() };
    let request = client_tokens::Request::new("CreateContactFlowModule", cx.call, input.client_token.as_deref(), &bare);
    let id = match request.made_before(cx)? {
        Some(id) => id,
        None => {
            let id = make(cx, input)?;
            let now = cx.now;
            request.remember(cx.draft(), &id, now)?;
            id
        }
    };
    Ok(CreateContactFlowModuleResponse { arn: Some(view::arn(cx, &id)), id: Some(id.to_string()) })
}

fn make(cx: &mut Write<'_>, input: &CreateContactFlowModuleRequest) -> Result<Id> {
    content::check(Some(&input.content), input.settings.as_deref())?;
    names::check_free(cx, Kind::FlowModule, &input.name, None)?;
    cx.config.quotas.check(cx, Kind::FlowModule)?;
    let id = cx.new_id();
    cx.put(FlowModule {
        id: id.clone(),
        name: input.name.clone(),
        description: input.description.clone().filter(|text| !text.is_empty()),
        published: FlowModuleContent {
            content: input.content.clone(),
            settings: input.settings.as_deref().and_then(content::settings),
        },
        saved: None,
        external_invocation_enabled: input.external_invocation_configuration.as_ref().and_then(|it| it.enabled),
        archived: false,
        versions_made: 0,
        tags: input.tags.clone().unwrap_or_default(),
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
    })?;
    Ok(id)
}
