//! What operations answer.
//!
//! Generated from `model/appintegrations-2020-07-29.json`; `cargo run -p lanyard-codegen` writes it again.

use super::*;

structures! {
    CreateApplicationResponse {
        arn: Option<String> = "Arn", ARN;
        id: Option<String> = "Id", UUID;
    }
    DeleteApplicationResponse {
    }
    GetApplicationResponse {
        arn: Option<String> = "Arn", ARN;
        id: Option<String> = "Id", UUID;
        name: Option<String> = "Name", APPLICATION_NAME;
        namespace: Option<String> = "Namespace", APPLICATION_NAMESPACE;
        description: Option<String> = "Description", DESCRIPTION;
        application_source_config: Option<ApplicationSourceConfig> = "ApplicationSourceConfig", APPLICATION_SOURCE_CONFIG;
        subscriptions: Option<Vec<Subscription>> = "Subscriptions", SUBSCRIPTION_LIST;
        publications: Option<Vec<Publication>> = "Publications", PUBLICATION_LIST;
        created_time: Option<crate::Timestamp> = "CreatedTime", TIMESTAMP;
        last_modified_time: Option<crate::Timestamp> = "LastModifiedTime", TIMESTAMP;
        last_modified_region: Option<String> = "LastModifiedRegion", REGION_NAME;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
        permissions: Option<Vec<String>> = "Permissions", PERMISSION_LIST;
        is_service: Option<bool> = "IsService", BOOLEAN;
        initialization_timeout: Option<i32> = "InitializationTimeout", INITIALIZATION_TIMEOUT;
        application_config: Option<ApplicationConfig> = "ApplicationConfig", APPLICATION_CONFIG;
        iframe_config: Option<IframeConfig> = "IframeConfig", IFRAME_CONFIG;
        application_type: Option<ApplicationType> = "ApplicationType", APPLICATION_TYPE;
        auth_config: Option<AuthConfig> = "AuthConfig", AUTH_CONFIG;
    }
    ListApplicationAssociationsResponse {
        application_associations: Option<Vec<ApplicationAssociationSummary>> = "ApplicationAssociations", APPLICATION_ASSOCIATIONS_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
    }
    ListApplicationsResponse {
        applications: Option<Vec<ApplicationSummary>> = "Applications", APPLICATIONS_LIST;
        next_token: Option<String> = "NextToken", NEXT_TOKEN;
    }
    ListTagsForResourceResponse {
        tags: Option<std::collections::BTreeMap<String, String>> = "tags", TAG_MAP;
    }
    TagResourceResponse {
    }
    UntagResourceResponse {
    }
    UpdateApplicationResponse {
    }
}
