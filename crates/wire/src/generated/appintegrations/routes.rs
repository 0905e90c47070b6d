//! Every route of the service.
//!
//! Generated from `model/appintegrations-2020-07-29.json`; `cargo run -p lanyard-codegen` writes it again.

routes! {
    "GET" ("applications") ListApplications;
    "POST" ("applications") CreateApplication;
    "GET" ("dataIntegrations") "ListDataIntegrations";
    "POST" ("dataIntegrations") "CreateDataIntegration";
    "GET" ("eventIntegrations") "ListEventIntegrations";
    "POST" ("eventIntegrations") "CreateEventIntegration";
    "DELETE" ("applications" ["ApplicationIdentifier"]) DeleteApplication;
    "GET" ("applications" ["ApplicationIdentifier"]) GetApplication;
    "PATCH" ("applications" ["ApplicationIdentifier"]) UpdateApplication;
    "DELETE" ("dataIntegrations" ["Identifier"]) "DeleteDataIntegration";
    "GET" ("dataIntegrations" ["Identifier"]) "GetDataIntegration";
    "PATCH" ("dataIntegrations" ["Identifier"]) "UpdateDataIntegration";
    "DELETE" ("eventIntegrations" ["Name"]) "DeleteEventIntegration";
    "GET" ("eventIntegrations" ["Name"]) "GetEventIntegration";
    "PATCH" ("eventIntegrations" ["Name"]) "UpdateEventIntegration";
    "DELETE" ("tags" ["resourceArn"]) UntagResource;
    "GET" ("tags" ["resourceArn"]) ListTagsForResource;
    "POST" ("tags" ["resourceArn"]) TagResource;
    "GET" ("applications" ["ApplicationIdentifier"] "associations") ListApplicationAssociations;
    "GET" ("dataIntegrations" ["Identifier"] "associations") "ListDataIntegrationAssociations";
    "POST" ("dataIntegrations" ["Identifier"] "associations") "CreateDataIntegrationAssociation";
    "GET" ("eventIntegrations" ["Name"] "associations") "ListEventIntegrationAssociations";
    "PATCH" ("dataIntegrations" ["Identifier"] "associations" ["DataIntegrationAssociationIdentifier"]) "UpdateDataIntegrationAssociation";
}

/// The most labels in a path.
pub(crate) const MAX_LABELS: usize = 2;

/// The most segments in a path.
pub(crate) const MAX_SEGMENTS: usize = 4;
