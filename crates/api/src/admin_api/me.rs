//! The user of a session and their access, for that user.

use std::collections::BTreeSet;

use lanyard_engine::tasks::{PREFIX, TASKS};
use lanyard_engine::{Compiled, Question, Reading, Resource, wording};
use lanyard_model::catalogue::ResourceType;
use lanyard_model::resources::{SecurityProfile, User};
use lanyard_model::{Kind, Tags};
use serde::Serialize;

use lanyard_policy::allows;
use lanyard_service::Snapshot;
use lanyard_service::UserSession;
use lanyard_service::error::{Error, Result};

/// The answer to `GET /lanyard/v1/me`.
#[derive(Serialize)]
pub(super) struct Me {
    user: Person,
    instance: Place,
    session: Times,
    security_profiles: Vec<Named>,
    permissions: Vec<Permission>,
    tasks: Vec<Task>,
    applications: Vec<Application>,
    flow_modules: Vec<String>,
    ai_agents: Vec<String>,
    restrictions: Vec<Restriction>,
}

#[derive(Serialize)]
struct Person {
    id: String,
    arn: String,
    user_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hierarchy_group_id: Option<String>,
    routing_profile_id: String,
}

#[derive(Serialize)]
struct Place {
    id: String,
    arn: String,
    region: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    alias: Option<String>,
}

/// Milliseconds since 1970.
#[derive(Serialize)]
struct Times {
    began: i64,
    /// Unless it is used before.
    ends: i64,
}

#[derive(Serialize)]
struct Named {
    id: String,
    name: String,
}

#[derive(Serialize)]
struct Permission {
    permission: String,
    resource_type: &'static str,
    /// Whether it is granted on everything of the type, or on a part.
    extent: &'static str,
}

#[derive(Serialize)]
struct Task {
    task: &'static str,
    title: &'static str,
    allowed: bool,
}

#[derive(Serialize)]
struct Application {
    namespace: String,
    #[serde(rename = "type")]
    application_type: &'static str,
    /// `ACCESS`, or the tools of an MCP server.
    actions: Vec<String>,
}

#[derive(Serialize)]
struct Restriction {
    security_profile: Named,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tag_restricted_resources: Vec<String>,
    #[serde(skip_serializing_if = "Tags::is_empty")]
    tags: Tags,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hierarchy_restricted_resources: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hierarchy_group_id: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    primary_values: Vec<PrimaryValue>,
    /// The same in words.
    text: String,
}

#[derive(Serialize)]
struct PrimaryValue {
    attribute: String,
    values: Vec<String>,
}

/// The user and their access, strictly read, by the newest state.
///
/// # Errors
/// When the user was deleted a moment ago.
pub(super) fn me(session: &UserSession) -> Result<Me> {
    let state = session.instance.writer.read();
    let (id, scope) = (&session.session.instance, &session.instance.scope);
    let gone = || Error::not_found(Kind::User.noun(), &session.session.user);
    let user = state.users.get(&session.session.user).ok_or_else(gone)?;
    let arn = scope.arn(id, Kind::User, &user.id).unwrap_or_default();
    let asking = Asking { compiled: state.compiled(), arn: &arn };
    let held = profiles(&state, user);
    let info = user.identity_info.as_ref();
    Ok(Me {
        user: Person {
            id: user.id.to_string(),
            user_name: user.username.clone(),
            first_name: info.and_then(|info| info.first_name.clone()),
            last_name: info.and_then(|info| info.last_name.clone()),
            hierarchy_group_id: user.hierarchy_group_id.as_ref().map(ToString::to_string),
            routing_profile_id: user.routing_profile_id.to_string(),
            arn: arn.clone(),
        },
        instance: Place {
            id: id.to_string(),
            arn: scope.instance_arn(id),
            region: scope.region.clone(),
            alias: state.instances.values().next().and_then(|it| it.alias.clone()),
        },
        session: Times { began: session.session.began.0, ends: session.ends.0 },
        security_profiles: held.iter().map(|it| named(it)).collect(),
        permissions: asking.permissions(&id.to_string()),
        tasks: asking.tasks(&id.to_string()),
        applications: asking.applications(&held),
        flow_modules: asking.tools("ContactFlowModule", "Invoke", modules(&held)),
        ai_agents: asking.tools("AIAgent", "Collaborate", agents(&held)),
        restrictions: held.iter().filter_map(|it| restriction(it)).collect(),
    })
}

type Held<'a> = [&'a SecurityProfile];

fn profiles<'a>(state: &'a Snapshot, user: &User) -> Vec<&'a SecurityProfile> {
    user.security_profile_ids.iter().filter_map(|id| state.security_profiles.get(id)).map(AsRef::as_ref).collect()
}

fn named(it: &SecurityProfile) -> Named {
    Named { id: it.id.to_string(), name: it.name.clone() }
}

fn modules<'a>(held: &Held<'a>) -> BTreeSet<&'a str> {
    held.iter().flat_map(|it| &it.allowed_flow_modules).filter_map(|it| it.flow_module_id.as_deref()).collect()
}

fn agents<'a>(held: &Held<'a>) -> BTreeSet<&'a str> {
    held.iter().flat_map(|it| &it.allowed_ai_agents).filter_map(|it| it.arn.as_deref()).collect()
}

struct Asking<'a> {
    compiled: &'a Compiled,
    arn: &'a str,
}

impl Asking<'_> {
    fn question<'q>(&'q self, action: &'q str, type_name: &'q str, id: &'q str) -> Question<'q> {
        Question::new(lanyard_engine::Principal::User(self.arn), action, type_name, id)
    }

    /// Capabilities, and for each type what is granted on at least some of it.
    fn permissions(&self, instance: &str) -> Vec<Permission> {
        let mut all = Vec::new();
        for it in ResourceType::ALL.iter().copied() {
            let name = it.as_str();
            let is_instance = it == ResourceType::Instance;
            let mut question = self.question("-", name, if is_instance { instance } else { "*" });
            question.resource.match_some = !is_instance;
            for action in self.compiled.which_actions(&question, Reading::STRICT, None).unwrap_or_default() {
                // A name that is no permission is listed with the applications.
                if action == "Invoke" {
                    continue;
                }
                let every = is_instance || allows(self.compiled, &self.question(action, name, "*"));
                let extent = if every { "every" } else { "some" };
                all.push(Permission { permission: action.to_owned(), resource_type: name, extent });
            }
        }
        all.sort_by(|one, other| (&one.permission, one.resource_type).cmp(&(&other.permission, other.resource_type)));
        all
    }

    fn tasks(&self, instance: &str) -> Vec<Task> {
        let allowed = |name| allows(self.compiled, &self.question(&format!("{PREFIX}{name}"), "Instance", instance));
        TASKS.iter().map(|it| Task { task: it.name, title: it.title, allowed: allowed(it.name) }).collect()
    }

    fn applications(&self, held: &Held<'_>) -> Vec<Application> {
        let namespaces: BTreeSet<&str> =
            held.iter().flat_map(|it| &it.applications).filter_map(|it| it.namespace.as_deref()).collect();
        let mut all = Vec::new();
        for namespace in namespaces {
            for (application_type, of) in [("THIRD_PARTY_APPLICATION", "ThirdPartyApplication"), ("MCP", "McpServer")] {
                let question = self.question("-", of, namespace);
                let actions = self.compiled.which_actions(&question, Reading::STRICT, None).unwrap_or_default();
                if !actions.is_empty() {
                    let actions = actions.into_iter().map(str::to_owned).collect();
                    all.push(Application { namespace: namespace.to_owned(), application_type, actions });
                }
            }
        }
        all
    }

    fn tools(&self, of: &str, action: &str, named: BTreeSet<&str>) -> Vec<String> {
        let may = |id: &&str| {
            let resource = Resource { resource_type: of, id, ..Resource::default() };
            allows(self.compiled, &Question { resource, ..self.question(action, of, id) })
        };
        named.into_iter().filter(may).map(str::to_owned).collect()
    }
}

/// The restrictions of a profile; `None` where it has none.
fn restriction(it: &SecurityProfile) -> Option<Restriction> {
    let restricts_records = !it.primary_attribute_values.is_empty();
    if it.tag_restricted_resources.is_empty() && it.hierarchy_restricted_resources.is_empty() && !restricts_records {
        return None;
    }
    let (tagged, ranked) = (!it.tag_restricted_resources.is_empty(), !it.hierarchy_restricted_resources.is_empty());
    let tags = if tagged { it.allowed_access_control_tags.clone() } else { Tags::default() };
    let group = it.allowed_access_control_hierarchy_group_id.as_ref().map(ToString::to_string).filter(|_| ranked);
    let entries = it.primary_attribute_values.iter();
    let primary_values: Vec<(String, Vec<String>)> =
        entries.map(|it| (it.attribute_name.clone().unwrap_or_default(), it.values.clone())).collect();
    let scope = lanyard_engine::Scope {
        tags: tagged.then(|| tags.iter().map(|(key, value)| (key.clone(), value.clone())).collect()),
        hierarchy_group_id: group.clone(),
        own_hierarchy_group: ranked && group.as_deref().is_none_or(str::is_empty),
        primary_values: primary_values.clone(),
    };
    Some(Restriction {
        security_profile: named(it),
        tag_restricted_resources: it.tag_restricted_resources.clone(),
        tags,
        hierarchy_restricted_resources: it.hierarchy_restricted_resources.clone(),
        hierarchy_group_id: group,
        primary_values: primary_values
            .into_iter()
            .map(|(attribute, values)| PrimaryValue { attribute, values })
            .collect(),
        text: wording::scope(&scope),
    })
}
