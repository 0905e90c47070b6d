//! CreateApplication.

use lanyard_model::Kind;
use lanyard_model::resources::{RegisteredApplication, RegisteredType};
use lanyard_wire::appintegrations::shapes::{CreateApplicationRequest, CreateApplicationResponse};

use super::members::{Members, members};
use super::{is_name_taken, name_taken, of_namespace};
use crate::context::Write;
use crate::error::{Error, Excerpt, Result};
use crate::operations::client_tokens;

/// The longest namespace that a security profile can name (Connect's model; AppIntegrations' admits longer ones).
const LONGEST_IN_A_PROFILE: usize = 128;

/// Registers an application.
pub(crate) fn run(cx: &mut Write<'_>, input: &CreateApplicationRequest) -> Result<CreateApplicationResponse> {
    let bare = CreateApplicationRequest { client_token: None, ..input.clone() };
    let request = client_tokens::Request::new("CreateApplication", cx.call, input.client_token.as_deref(), &bare);
    let answer = |cx: &Write<'_>, id: &lanyard_model::Id| CreateApplicationResponse {
        arn: Some(cx.call.scope.application_arn(id)),
        id: Some(id.to_string()),
    };
    if let Some(id) = request.made_before(cx)? {
        return Ok(answer(cx, &id));
    }
    if is_name_taken(cx, &input.name, None) {
        return Err(Error::duplicate(name_taken(&input.name)));
    }
    if of_namespace(cx, &input.namespace).is_some() {
        return Err(Error::duplicate(format!(
            "an application has the namespace `{}` already in this account and region",
            Excerpt(&input.namespace)
        )));
    }
    cx.config.quotas.check(cx, Kind::RegisteredApplication)?;
    let mut application = RegisteredApplication {
        id: cx.new_id(),
        name: input.name.clone(),
        namespace: input.namespace.clone(),
        application_type: RegisteredType::Standard,
        description: None,
        external_url: None,
        subscriptions: Vec::new(),
        publications: Vec::new(),
        permissions: Vec::new(),
        initialization_timeout: None,
        contact_handling_scope: None,
        iframe: None,
        auth: None,
        tags: input.tags.clone().unwrap_or_default(),
        created: cx.now,
        last_modified_time: cx.now,
        last_modified_region: cx.call.scope.region.clone(),
        tools: None,
    };
    members!(input, Some(&input.application_source_config)).apply(&mut application)?;
    if application.namespace.len() > LONGEST_IN_A_PROFILE {
        cx.warn(format!(
            "member `Namespace` has more than {LONGEST_IN_A_PROFILE} characters, so that no security profile can name it"
        ));
    }
    let id = application.id.clone();
    cx.put(application)?;
    let now = cx.now;
    request.remember(cx.draft(), &id, now)?;
    Ok(answer(cx, &id))
}
