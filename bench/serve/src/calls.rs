//! The measured calls: the request of each, and the check of its answer.
//!
//! Every write changes something: two consecutive requests never have the same value, so a server that skips writes
//! without effect has no advantage.

use anyhow::{Context as _, ensure};
use bench_load::signed::Request;
use serde_json::{Value, json};

/// The resources of one server from its set-up, which the calls name.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) instance_id: String,
    pub(crate) instance_arn: String,
    pub(crate) profile_id: String,
}

impl Target {
    /// A target of realistic size, for servers that look nothing up.
    pub(crate) fn sample() -> Self {
        let instance_id = "00000000-0000-4000-8000-000000000001".to_owned();
        Self {
            instance_arn: format!("arn:aws:connect:us-east-1:123456789012:instance/{instance_id}"),
            profile_id: "00000000-0000-4000-8000-000000000002".to_owned(),
            instance_id,
        }
    }
}

/// A measured call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    DescribeInstance,
    TagResource,
    ListTagsForResource,
    UpdateSecurityProfile,
}

impl Call {
    pub(crate) const ALL: [Self; 4] =
        [Self::DescribeInstance, Self::TagResource, Self::ListTagsForResource, Self::UpdateSecurityProfile];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::DescribeInstance => "DescribeInstance",
            Self::TagResource => "TagResource",
            Self::ListTagsForResource => "ListTagsForResource",
            Self::UpdateSecurityProfile => "UpdateSecurityProfile",
        }
    }

    pub(crate) fn writes(self) -> bool {
        matches!(self, Self::TagResource | Self::UpdateSecurityProfile)
    }

    /// The request. `value` is the value that a write stores.
    pub(crate) fn request(self, target: &Target, value: &str) -> Request {
        let tags = format!("/tags/{}", encode(&target.instance_arn));
        let (method, path, body) = match self {
            Self::DescribeInstance => ("GET", format!("/instance/{}", target.instance_id), None),
            Self::TagResource => ("POST", tags, Some(json!({ "tags": { "bench": value, "team": "sales" } }))),
            Self::ListTagsForResource => ("GET", tags, None),
            Self::UpdateSecurityProfile => ("POST", profile_path(target), Some(profile(value))),
        };
        Request { method, path, body: body.map(|body| body.to_string().into_bytes()).unwrap_or_default() }
    }

    /// Whether the body of a 200 is the right answer of the call.
    pub(crate) fn check(self, target: &Target, body: &[u8]) -> anyhow::Result<()> {
        if self.writes() {
            ensure!(body.is_empty() || body == b"{}", "a body where none belongs: `{}`", String::from_utf8_lossy(body));
            return Ok(());
        }
        let json: Value = serde_json::from_slice(body).context("the body is not JSON")?;
        if self == Self::DescribeInstance {
            let id = json.pointer("/Instance/Id").and_then(Value::as_str);
            ensure!(id == Some(&target.instance_id), "the answer is not about the instance asked for: {json}");
        } else {
            ensure!(json.pointer("/tags/bench").is_some_and(Value::is_string), "the tags are not there: {json}");
        }
        Ok(())
    }

    /// The request that reads a write's effect, and the path of the value in its answer.
    pub(crate) fn read_back(self, target: &Target) -> Option<(Request, &'static str)> {
        match self {
            Self::TagResource => Some((Self::ListTagsForResource.request(target, ""), "/tags/bench")),
            Self::UpdateSecurityProfile => {
                let request = Request { method: "GET", path: profile_path(target), body: Vec::new() };
                Some((request, "/SecurityProfile/Description"))
            }
            Self::DescribeInstance | Self::ListTagsForResource => None,
        }
    }
}

/// Creates the instance of all other calls.
pub(crate) fn create_instance() -> Request {
    let body = json!({
        "IdentityManagementType": "CONNECT_MANAGED",
        "InstanceAlias": "bench-contact-centre",
        "InboundCallsEnabled": true,
        "OutboundCallsEnabled": true,
        "Tags": { "bench": "set-up", "team": "sales", "site": "leeds" },
    });
    Request { method: "PUT", path: "/instance".to_owned(), body: body.to_string().into_bytes() }
}

/// Creates the security profile of the updates.
pub(crate) fn create_profile(instance_id: &str) -> Request {
    let body = json!({ "SecurityProfileName": "Bench", "Permissions": ["BasicAgentAccess"] });
    let path = format!("/security-profiles/{instance_id}");
    Request { method: "PUT", path, body: body.to_string().into_bytes() }
}

fn profile_path(target: &Target) -> String {
    format!("/security-profiles/{}/{}", target.instance_id, target.profile_id)
}

/// A supervisor's profile with most members of an update.
fn profile(description: &str) -> Value {
    json!({
        "Description": description,
        "Permissions": [
            "BasicAgentAccess", "ContactFlows.View", "ContactSearch.View", "HoursOfOperation.View", "Prompts.View",
            "Queues.Create", "Queues.Edit", "Queues.EnableAndDisable", "Queues.View", "RoutingPolicies.Create",
            "RoutingPolicies.Edit", "RoutingPolicies.View", "TaskTemplates.View", "TransferDestinations.View",
            "Users.Edit", "Users.View",
        ],
        "AllowedAccessControlTags": { "department": "sales", "site": "leeds" },
        "TagRestrictedResources": ["Queue", "RoutingProfile", "User"],
        "Applications": [
            { "Namespace": "crm.example", "ApplicationPermissions": ["ACCESS"], "Type": "THIRD_PARTY_APPLICATION" },
        ],
    })
}

/// Percent-encodes one path segment as AWS clients do.
fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut path, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
        path
    })
}
