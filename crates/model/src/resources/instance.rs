//! The instance itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Id, Kind, Scope, Stored, Tags, Timestamp};

/// An instance: one contact centre, with its settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// The identifier, a UUID.
    pub id: Id,
    /// The AWS account that owns it.
    pub account: String,
    /// The AWS region that it lives in.
    pub region: String,
    /// The alias, which is also the host in its access URL; unique among all instances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// Where its people are kept: `SAML`, `CONNECT_MANAGED` or `EXISTING_DIRECTORY`.
    pub identity_management_type: String,
    /// The directory, for `EXISTING_DIRECTORY`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directory_id: Option<String>,
    /// When it was made.
    pub created: Timestamp,
    /// Its attributes (`INBOUND_CALLS` …) and their values.
    pub attributes: BTreeMap<String, String>,
    /// Its resource tags.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
}

impl Instance {
    /// The account and region, which its ARNs name.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope { account: self.account.clone(), region: self.region.clone() }
    }

    /// Whether an attribute has the value `true`.
    #[must_use]
    pub fn is_on(&self, attribute: &str) -> bool {
        self.attributes.get(attribute).is_some_and(|value| value == "true")
    }
}

impl Stored for Instance {
    const KIND: Kind = Kind::Instance;
    const NOUN: &'static str = "instance";

    fields!(id, tags);
}
