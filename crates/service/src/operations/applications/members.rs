//! The members that registering and updating an application share, and their translation into the application.

use lanyard_model::resources::{
    ApplicationAuth, ExternalUrl, Iframe, Publication, RegisteredApplication, RegisteredType, Subscription,
};
use lanyard_wire::appintegrations::shapes;

use crate::error::{Error, Excerpt, Result};

/// The members that both operations have. One that is absent leaves the application as it is; one that is there
/// replaces, and an empty one clears.
pub(super) struct Members<'a> {
    pub(super) description: Option<&'a String>,
    pub(super) source: Option<&'a shapes::ApplicationSourceConfig>,
    pub(super) subscriptions: Option<&'a Vec<shapes::Subscription>>,
    pub(super) publications: Option<&'a Vec<shapes::Publication>>,
    pub(super) permissions: Option<&'a Vec<String>>,
    pub(super) is_service: Option<bool>,
    pub(super) initialization_timeout: Option<i32>,
    pub(super) application_config: Option<&'a shapes::ApplicationConfig>,
    pub(super) iframe_config: Option<&'a shapes::IframeConfig>,
    pub(super) application_type: Option<&'a shapes::ApplicationType>,
    pub(super) auth_config: Option<&'a shapes::AuthConfig>,
}

/// The members of a request, which are called the same in both operations but for the source.
macro_rules! members {
    ($input:expr, $source:expr) => {
        Members {
            description: $input.description.as_ref(),
            source: $source,
            subscriptions: $input.subscriptions.as_ref(),
            publications: $input.publications.as_ref(),
            permissions: $input.permissions.as_ref(),
            is_service: $input.is_service,
            initialization_timeout: $input.initialization_timeout,
            application_config: $input.application_config.as_ref(),
            iframe_config: $input.iframe_config.as_ref(),
            application_type: $input.application_type.as_ref(),
            auth_config: $input.auth_config.as_ref(),
        }
    };
}
pub(super) use members;

impl Members<'_> {
    /// Puts the members that are there into the application, and checks the result.
    pub(super) fn apply(&self, it: &mut RegisteredApplication) -> Result<()> {
        if let Some(description) = self.description {
            it.description = (!description.is_empty()).then(|| description.clone());
        }
        if let Some(source) = self.source {
            it.external_url = source.external_url_config.as_ref().map(|url| ExternalUrl {
                access_url: url.access_url.clone(),
                approved_origins: url.approved_origins.clone().unwrap_or_default(),
            });
        }
        if let Some(list) = self.subscriptions {
            let one = |it: &shapes::Subscription| Subscription {
                event: it.event.clone(),
                description: it.description.clone(),
            };
            it.subscriptions = list.iter().map(one).collect();
        }
        if let Some(list) = self.publications {
            let one = |it: &shapes::Publication| Publication {
                event: it.event.clone(),
                schema: it.schema.clone(),
                description: it.description.clone(),
            };
            it.publications = list.iter().map(one).collect();
        }
        if let Some(permissions) = self.permissions {
            it.permissions.clone_from(permissions);
        }
        if let Some(wanted) = self.wanted_type(it.application_type)? {
            it.application_type = wanted;
            if wanted != RegisteredType::McpServer {
                it.tools = None;
            }
        }
        if let Some(timeout) = self.initialization_timeout {
            it.initialization_timeout = Some(timeout);
        }
        if let Some(config) = self.application_config {
            let scope = config.contact_handling.as_ref().and_then(|handling| handling.scope.as_ref());
            it.contact_handling_scope = scope.map(|scope| scope.as_str().to_owned());
        }
        if let Some(config) = self.iframe_config {
            let iframe = Iframe { allow: config.allow.clone(), sandbox: config.sandbox.clone() };
            it.iframe = (iframe != Iframe::default()).then_some(iframe);
        }
        if let Some(config) = self.auth_config {
            let auth = ApplicationAuth {
                auth_type: config.auth_type.as_ref().map(|it| it.as_str().to_owned()),
                credential_provider_identifier: config.credential_provider_identifier.clone(),
                audience_override: config.audience_override.clone(),
            };
            it.auth = (auth != ApplicationAuth::default()).then_some(auth);
        }
        check_auth(it)
    }

    /// The type that is asked for, by the member for it or by the older one that has only services.
    fn wanted_type(&self, now: RegisteredType) -> Result<Option<RegisteredType>> {
        let named = self.application_type.map(|it| it.as_str());
        let wanted = RegisteredType::ALL.into_iter().find(|it| Some(it.as_str()) == named);
        match (wanted, self.is_service) {
            (Some(wanted), Some(is_service)) if is_service != (wanted == RegisteredType::Service) => {
                Err(Error::invalid_request(format!(
                    "members `IsService` and `ApplicationType` contradict each other: {is_service} and {}",
                    wanted.as_str()
                )))
            }
            (Some(wanted), _) => Ok(Some(wanted)),
            (None, Some(true)) => Ok(Some(RegisteredType::Service)),
            (None, Some(false)) if now == RegisteredType::Service => Ok(Some(RegisteredType::Standard)),
            (None, _) => Ok(None),
        }
    }
}

/// Checks the API reference's rules for the authentication settings, beyond the constraints of the model.
fn check_auth(it: &RegisteredApplication) -> Result<()> {
    let none = ApplicationAuth::default();
    let auth = it.auth.as_ref().unwrap_or(&none);
    let fault = match auth.auth_type.as_deref() {
        None if it.application_type == RegisteredType::A2aServer => {
            "member `AuthConfig.AuthType` is required when `ApplicationType` is A2A_SERVER"
        }
        Some("API_KEY") if auth.credential_provider_identifier.is_none() => {
            "member `AuthConfig.CredentialProviderIdentifier` is required when `AuthType` is API_KEY"
        }
        Some("CONNECT_JWT") if auth.credential_provider_identifier.is_some() => {
            "member `AuthConfig.CredentialProviderIdentifier` is not for the `AuthType` CONNECT_JWT"
        }
        kind if kind != Some("CONNECT_JWT") && auth.audience_override.is_some() => {
            "member `AuthConfig.AudienceOverride` is only for the `AuthType` CONNECT_JWT"
        }
        _ => {
            return match auth.audience_override.as_deref() {
                Some(audience) if audience.contains("connect.amazonaws.com") => Err(Error::invalid_request(format!(
                    "member `AuthConfig.AudienceOverride` has value `{}`, must not contain `connect.amazonaws.com`",
                    Excerpt(audience)
                ))),
                _ => Ok(()),
            };
        }
    };
    Err(Error::invalid_request(fault))
}
