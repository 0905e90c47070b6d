//! The structures inside others, and those of errors.
//!
//! Generated from `model/appintegrations-2020-07-29.json`; `cargo run -p lanyard-codegen` writes it again.

use super::*;

structures! {
    AccessDeniedException {
        message: Option<String> = "Message", MESSAGE;
    }
    ApplicationAssociationSummary (APPLICATION_ASSOCIATION_SUMMARY) {
        application_association_arn: Option<String> = "ApplicationAssociationArn", ARN;
        application_arn: Option<String> = "ApplicationArn", ARN;
        client_id: Option<String> = "ClientId", CLIENT_ID;
    }
    ApplicationConfig (APPLICATION_CONFIG) {
        contact_handling: Option<ContactHandling> = "ContactHandling", CONTACT_HANDLING;
    }
    ApplicationSourceConfig (APPLICATION_SOURCE_CONFIG) {
        external_url_config: Option<ExternalUrlConfig> = "ExternalUrlConfig", EXTERNAL_URL_CONFIG;
    }
    ApplicationSummary (APPLICATION_SUMMARY) {
        arn: Option<String> = "Arn", ARN;
        id: Option<String> = "Id", UUID;
        name: Option<String> = "Name", APPLICATION_NAME;
        namespace: Option<String> = "Namespace", APPLICATION_NAMESPACE;
        created_time: Option<crate::Timestamp> = "CreatedTime", TIMESTAMP;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
        is_service: Option<bool> = "IsService", BOOLEAN;
        application_type: Option<ApplicationType> = "ApplicationType", APPLICATION_TYPE;
    }
    AuthConfig (AUTH_CONFIG) {
        auth_type: Option<AuthType> = "AuthType", AUTH_TYPE;
        credential_provider_identifier: Option<String> = "CredentialProviderIdentifier", ARN;
        audience_override: Option<String> = "AudienceOverride", IDENTIFIER;
    }
    ConflictException {
        message: Option<String> = "Message", MESSAGE;
    }
    ContactHandling (CONTACT_HANDLING) {
        scope: Option<ContactHandlingScope> = "Scope", CONTACT_HANDLING_SCOPE;
    }
    DuplicateResourceException {
        message: Option<String> = "Message", MESSAGE;
    }
    ExternalUrlConfig (EXTERNAL_URL_CONFIG) {
        access_url: String = "AccessUrl", URL, required;
        approved_origins: Option<Vec<String>> = "ApprovedOrigins", APPLICATION_APPROVED_ORIGINS;
    }
    IframeConfig (IFRAME_CONFIG) {
        allow: Option<Vec<String>> = "Allow", IFRAME_PERMISSION_LIST;
        sandbox: Option<Vec<String>> = "Sandbox", IFRAME_PERMISSION_LIST;
    }
    InternalServiceError {
        message: Option<String> = "Message", MESSAGE;
    }
    InvalidRequestException {
        message: Option<String> = "Message", MESSAGE;
    }
    Publication (PUBLICATION) {
        event: String = "Event", EVENT_NAME, required;
        schema: String = "Schema", EVENT_DEFINITION_SCHEMA, required;
        description: Option<String> = "Description", DESCRIPTION;
    }
    ResourceNotFoundException {
        message: Option<String> = "Message", MESSAGE;
    }
    ResourceQuotaExceededException {
        message: Option<String> = "Message", MESSAGE;
    }
    Subscription (SUBSCRIPTION) {
        event: String = "Event", EVENT_NAME, required;
        description: Option<String> = "Description", DESCRIPTION;
    }
    ThrottlingException {
        message: Option<String> = "Message", MESSAGE;
    }
    UnsupportedOperationException {
        message: Option<String> = "Message", MESSAGE;
    }
}
