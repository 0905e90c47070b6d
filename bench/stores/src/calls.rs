//! The requests of the run.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use bench_load::http;
use bench_load::signed::{self, Request};
use serde_json::{Value, json};

/// The time limit for the seed of a large instance.
const LONGEST: Duration = Duration::from_secs(300);

/// An instance and what the calls name in it.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) instance: String,
    pub(crate) profile: String,
    pub(crate) user: String,
}

/// A measured call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// `UpdateSecurityProfile` with sixteen permissions.
    Update,
    /// `DescribeSecurityProfile` of the same profile.
    Describe,
    /// One AuthZEN evaluation on the newest state.
    Newest,
    /// The same on the state that the node has.
    Local,
}

impl Call {
    /// The request; `value` is what an update stores.
    pub(crate) fn request(self, target: &Target, value: &str) -> Request {
        let Target { instance, profile, .. } = target;
        let path = format!("/security-profiles/{instance}/{profile}");
        match self {
            Self::Update => post(path, &update(value)),
            Self::Describe => get(path),
            Self::Newest => decision(target, "newest"),
            Self::Local => decision(target, "local"),
        }
    }

    /// Whether the body of a 200 is the right answer.
    pub(crate) fn check(self, body: &[u8]) -> anyhow::Result<()> {
        if self == Self::Update {
            ensure!(body.is_empty() || body == b"{}", "a body where none belongs");
            return Ok(());
        }
        let json: Value = serde_json::from_slice(body).context("the body is not JSON")?;
        let member = if self == Self::Describe { "/SecurityProfile/Id" } else { "/decision" };
        ensure!(json.pointer(member).is_some(), "the answer has no `{member}`: {json}");
        Ok(())
    }
}

/// Makes an instance with `users` users, and the profile of the updates.
pub(crate) fn seed(address: SocketAddr, users: u32) -> anyhow::Result<Target> {
    let answer = sent(address, &post("/lanyard/v1/seed".to_owned(), &json!({ "users": users })))?;
    let instance = text(&answer, "/instance_id")?;
    let request = Request { method: "PUT", ..post(format!("/security-profiles/{instance}"), &profile()) };
    let profile = text(&sent(address, &request)?, "/SecurityProfileId")?;
    let answer = sent(address, &get(format!("/users-summary/{instance}")))?;
    let user = text(&answer, "/UserSummaryList/0/Id")?;
    Ok(Target { instance, profile, user })
}

/// Makes an instance that has only what is built in.
pub(crate) fn create_instance(address: SocketAddr) -> anyhow::Result<String> {
    let body = json!({
        "IdentityManagementType": "CONNECT_MANAGED", "InboundCallsEnabled": true, "OutboundCallsEnabled": true,
    });
    text(&sent(address, &Request { method: "PUT", ..post("/instance".to_owned(), &body) })?, "/Id")
}

/// `DescribeInstance`.
pub(crate) fn describe_instance(instance: &str) -> Request {
    get(format!("/instance/{instance}"))
}

/// `DescribeUser`.
pub(crate) fn describe_user(target: &Target) -> Request {
    get(format!("/users/{}/{}", target.instance, target.user))
}

/// `TagResource` of an instance, the write that moto serves too.
pub(crate) fn tag_instance(instance: &str, value: &str) -> Request {
    let path = format!("/tags/arn%3Aaws%3Aconnect%3Aus-east-1%3A123456789012%3Ainstance%2F{instance}");
    post(path, &json!({ "tags": { "bench": value, "team": "sales" } }))
}

/// Sends a request and requires a 200.
pub(crate) fn sent(address: SocketAddr, request: &Request) -> anyhow::Result<Value> {
    let answer = http::send_within(address, &signed::bytes(request, address), LONGEST)?;
    let body = String::from_utf8_lossy(&answer.body);
    ensure!(answer.status == 200, "{} {}: status {}: {body}", request.method, request.path, answer.status);
    Ok(if body.is_empty() { Value::Null } else { serde_json::from_str(&body)? })
}

fn text(json: &Value, pointer: &str) -> anyhow::Result<String> {
    let text = json.pointer(pointer).and_then(Value::as_str);
    text.map(str::to_owned).with_context(|| format!("no `{pointer}` in {json}"))
}

fn get(path: String) -> Request {
    Request { method: "GET", path, body: Vec::new() }
}

fn post(path: String, body: &Value) -> Request {
    Request { method: "POST", path, body: body.to_string().into_bytes() }
}

fn decision(target: &Target, freshness: &str) -> Request {
    let question = json!({
        "subject": { "type": "user", "id": target.user },
        "action": { "name": "Queues.View" },
        "resource": { "type": "Queue", "id": "*", "properties": { "match": "some" } },
        "context": { "freshness": freshness },
    });
    post(format!("/instances/{}/access/v1/evaluation", target.instance), &question)
}

fn profile() -> Value {
    json!({ "SecurityProfileName": "Bench", "Permissions": ["BasicAgentAccess"] })
}

/// A supervisor's profile with most members of an update. It names no application: the server logs a warning for each that is
/// not registered.
fn update(description: &str) -> Value {
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
    })
}
