//! Applications as answers show them.

use lanyard_model::Scope;
use lanyard_model::resources::{
    ApplicationAuth, Iframe, Publication, RegisteredApplication, RegisteredType, Subscription,
};
use lanyard_wire::appintegrations::shapes::{self, ApplicationSummary, ApplicationType, GetApplicationResponse};

use crate::operations::members::{list, timestamp};

/// Everything but its tools, which the API has no member for.
pub(super) fn whole(scope: &Scope, it: &RegisteredApplication) -> GetApplicationResponse {
    let url = it.external_url.as_ref().map(|url| shapes::ExternalUrlConfig {
        access_url: url.access_url.clone(),
        approved_origins: (!url.approved_origins.is_empty()).then(|| url.approved_origins.clone()),
    });
    GetApplicationResponse {
        arn: Some(scope.application_arn(&it.id)),
        id: Some(it.id.to_string()),
        name: Some(it.name.clone()),
        namespace: Some(it.namespace.clone()),
        description: it.description.clone(),
        application_source_config: Some(shapes::ApplicationSourceConfig { external_url_config: url }),
        subscriptions: list(&it.subscriptions, subscription),
        publications: list(&it.publications, publication),
        created_time: Some(timestamp(it.created)),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
        tags: Some(it.tags.clone()),
        permissions: list(&it.permissions, String::clone),
        is_service: Some(it.application_type == RegisteredType::Service),
        initialization_timeout: it.initialization_timeout,
        application_config: it.contact_handling_scope.as_deref().map(application_config),
        iframe_config: it.iframe.as_ref().map(iframe_config),
        application_type: Some(ApplicationType::from_wire(it.application_type.as_str())),
        auth_config: it.auth.as_ref().map(auth_config),
    }
}

/// A row of ListApplications.
pub(super) fn summary(scope: &Scope, it: &RegisteredApplication) -> ApplicationSummary {
    ApplicationSummary {
        arn: Some(scope.application_arn(&it.id)),
        id: Some(it.id.to_string()),
        name: Some(it.name.clone()),
        namespace: Some(it.namespace.clone()),
        created_time: Some(timestamp(it.created)),
        last_modified_time: Some(timestamp(it.last_modified_time)),
        last_modified_region: Some(it.last_modified_region.clone()),
        is_service: Some(it.application_type == RegisteredType::Service),
        application_type: Some(ApplicationType::from_wire(it.application_type.as_str())),
    }
}

fn subscription(it: &Subscription) -> shapes::Subscription {
    shapes::Subscription { event: it.event.clone(), description: it.description.clone() }
}

fn publication(it: &Publication) -> shapes::Publication {
    shapes::Publication { event: it.event.clone(), schema: it.schema.clone(), description: it.description.clone() }
}

fn application_config(scope: &str) -> shapes::ApplicationConfig {
    let scope = Some(shapes::ContactHandlingScope::from_wire(scope));
    shapes::ApplicationConfig { contact_handling: Some(shapes::ContactHandling { scope }) }
}

fn iframe_config(it: &Iframe) -> shapes::IframeConfig {
    shapes::IframeConfig { allow: it.allow.clone(), sandbox: it.sandbox.clone() }
}

fn auth_config(it: &ApplicationAuth) -> shapes::AuthConfig {
    shapes::AuthConfig {
        auth_type: it.auth_type.as_deref().map(shapes::AuthType::from_wire),
        credential_provider_identifier: it.credential_provider_identifier.clone(),
        audience_override: it.audience_override.clone(),
    }
}
