//! What operations take.
//!
//! Generated from `model/appintegrations-2020-07-29.json`; `cargo run -p lanyard-codegen` writes it again.

use super::*;

structures! {
    CreateApplicationRequest {
        name: String = "Name", APPLICATION_NAME, required;
        namespace: String = "Namespace", APPLICATION_NAMESPACE, required;
        description: Option<String> = "Description", DESCRIPTION;
        application_source_config: ApplicationSourceConfig = "ApplicationSourceConfig", APPLICATION_SOURCE_CONFIG, required;
        subscriptions: Option<Vec<Subscription>> = "Subscriptions", SUBSCRIPTION_LIST;
        publications: Option<Vec<Publication>> = "Publications", PUBLICATION_LIST;
        client_token: Option<String> = "ClientToken", IDEMPOTENCY_TOKEN;
        tags: Option<std::collections::BTreeMap<String, String>> = "Tags", TAG_MAP;
        permissions: Option<Vec<String>> = "Permissions", PERMISSION_LIST;
        is_service: Option<bool> = "IsService", BOOLEAN;
        initialization_timeout: Option<i32> = "InitializationTimeout", INITIALIZATION_TIMEOUT;
        application_config: Option<ApplicationConfig> = "ApplicationConfig", APPLICATION_CONFIG;
        iframe_config: Option<IframeConfig> = "IframeConfig", IFRAME_CONFIG;
        application_type: Option<ApplicationType> = "ApplicationType", APPLICATION_TYPE;
        auth_config: Option<AuthConfig> = "AuthConfig", AUTH_CONFIG;
    }
    DeleteApplicationRequest {
        arn: String = "Arn", ARN_OR_UUID, label_as("ApplicationIdentifier"), required;
        force: Option<bool> = "Force", BOOLEAN, query("force");
    }
    GetApplicationRequest {
        arn: String = "Arn", ARN_OR_UUID, label_as("ApplicationIdentifier"), required;
    }
    ListApplicationAssociationsRequest {
        application_id: String = "ApplicationId", ARN_OR_UUID, label_as("ApplicationIdentifier"), required;
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULTS, query("maxResults");
    }
    ListApplicationsRequest {
        next_token: Option<String> = "NextToken", NEXT_TOKEN, query("nextToken");
        max_results: Option<i32> = "MaxResults", MAX_RESULTS, query("maxResults");
        application_type: Option<ApplicationType> = "ApplicationType", APPLICATION_TYPE, query("applicationType");
    }
    ListTagsForResourceRequest {
        resource_arn: String = "resourceArn", ARN, label, required;
    }
    TagResourceRequest {
        resource_arn: String = "resourceArn", ARN, label, required;
        tags: std::collections::BTreeMap<String, String> = "tags", TAG_MAP, required;
    }
    UntagResourceRequest {
        resource_arn: String = "resourceArn", ARN, label, required;
        tag_keys: Vec<String> = "tagKeys", TAG_KEY_LIST, query("tagKeys"), required;
    }
    UpdateApplicationRequest {
        arn: String = "Arn", ARN_OR_UUID, label_as("ApplicationIdentifier"), required;
        name: Option<String> = "Name", APPLICATION_NAME;
        description: Option<String> = "Description", DESCRIPTION;
        application_source_config: Option<ApplicationSourceConfig> = "ApplicationSourceConfig", APPLICATION_SOURCE_CONFIG;
        subscriptions: Option<Vec<Subscription>> = "Subscriptions", SUBSCRIPTION_LIST;
        publications: Option<Vec<Publication>> = "Publications", PUBLICATION_LIST;
        permissions: Option<Vec<String>> = "Permissions", PERMISSION_LIST;
        is_service: Option<bool> = "IsService", BOOLEAN;
        initialization_timeout: Option<i32> = "InitializationTimeout", INITIALIZATION_TIMEOUT;
        application_config: Option<ApplicationConfig> = "ApplicationConfig", APPLICATION_CONFIG;
        iframe_config: Option<IframeConfig> = "IframeConfig", IFRAME_CONFIG;
        application_type: Option<ApplicationType> = "ApplicationType", APPLICATION_TYPE;
        auth_config: Option<AuthConfig> = "AuthConfig", AUTH_CONFIG;
    }
}
