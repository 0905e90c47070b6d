//! Integration associations.

use serde::{Deserialize, Serialize};

use crate::{Id, Kind, Stored, Tags, Timestamp};

/// That an instance uses something of another service: an application, a knowledge base, a domain of cases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntegrationAssociation {
    /// The identifier, a UUID.
    pub id: Id,
    /// The type: `APPLICATION`, `WISDOM_ASSISTANT` …
    pub integration_type: String,
    /// Its ARN.
    pub integration_arn: String,
    /// The address of the application that events come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_application_url: Option<String>,
    /// The name of the application that events come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_application_name: Option<String>,
    /// The type of the source application: `SALESFORCE`, `ZENDESK` or `CASES`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_type: Option<String>,
    /// The resource tags.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// When it was made or last updated.
    pub last_modified_time: Timestamp,
    /// The region in which that was.
    pub last_modified_region: String,
}

impl Stored for IntegrationAssociation {
    const KIND: Kind = Kind::IntegrationAssociation;
    const NOUN: &'static str = "integration association";
    const ARN_SEGMENT: Option<&'static str> = Some("integration-association");

    fields!(id, tags);
}
