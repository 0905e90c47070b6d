//! A question as a person writes it.

use serde::{Deserialize, Serialize};

/// A question as a person writes it: principals, resources, groups and tables by name, identifier or ARN.
///
/// Of the principal, the action and the resource, the one that is looked for is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WrittenQuestion {
    /// A user, by name, identifier or ARN; an AI agent, by ARN; or `SecurityProfile:NAME`, a person who holds exactly this
    /// profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// A permission, by its API or console name; a tool; or a task, by its name or title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// `Type:NAME`, `Type:ID`, `Type:ARN`, `Type:*`, `Type`, or `Instance`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// With `Type:*`: at least one resource is meant, and not every one.
    #[serde(skip_serializing_if = "is_false")]
    pub match_some: bool,
    /// The resource does not exist yet: it has only the tags and the group given here.
    #[serde(skip_serializing_if = "is_false")]
    pub hypothetical: bool,
    /// The tags of a resource that the instance does not store.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<(String, String)>,
    /// The hierarchy group of a hypothetical user, by identifier, name or path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The primary attributes of a record and their values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub primary_values: Vec<(String, String)>,
    /// The data table of a hypothetical record, by identifier, ARN or name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The user who handles the contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The user who owns the resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The user whom the AI agent serves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// The AI agent serves a customer directly.
    #[serde(skip_serializing_if = "is_false")]
    pub self_service: bool,
    /// The resources that the action assigns to a user, each as `Type:NAME`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assigns: Vec<String>,
    /// The action changes primary values of the record.
    #[serde(skip_serializing_if = "is_false")]
    pub changes_primary_values: bool,
    /// Of a search for principals: security profiles are listed in place of people.
    #[serde(skip_serializing_if = "is_false")]
    pub profiles: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}
