//! The members of a resource that a plan sets, as they are and as planned.

use lanyard_analysis::portable;
use lanyard_client::{Client, Error};
use lanyard_model::resources::HierarchyStructure;
use lanyard_model::{Id, Key, Kind, Resource, Scope};
use lanyard_wire::shapes::{
    DescribeSecurityProfileRequest, DescribeUserHierarchyGroupRequest, DescribeUserHierarchyStructureRequest,
    DescribeUserRequest, EntityType, ListEntitySecurityProfilesRequest, ListSecurityProfileAIAgentsRequest,
    ListSecurityProfileApplicationsRequest, ListSecurityProfileFlowModulesRequest,
    ListSecurityProfilePermissionsRequest, ListTagsForResourceRequest,
};
use serde_json::{Value, json};

use super::made::Made;
use crate::pull::convert;

/// The members of a resource that a plan sets, for comparison; null for a resource that does not exist. Identifiers
/// of resources that were made take the place of provisional ones.
pub(super) fn settable(resource: Option<&Resource>, made: &Made) -> Value {
    let Some(resource) = resource else { return Value::Null };
    let mut value = match resource {
        Resource::SecurityProfile(_) => {
            let whole = portable(resource).and_then(|it| it.to_json().ok());
            let mut value: Value = whole.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
            if let Some(members) = value.as_object_mut() {
                members.retain(|name, _| name != "id" && !name.starts_with("last_modified_"));
            }
            value
        }
        Resource::User(it) => json!({
            "security_profiles": sorted(&it.security_profile_ids),
            "hierarchy_group": it.hierarchy_group_id.as_ref().map(Id::to_string),
            "tags": it.tags,
        }),
        Resource::HierarchyGroup(it) => {
            json!({ "name": it.name, "parent": it.parent().map(Id::to_string), "tags": it.tags })
        }
        Resource::HierarchyStructure(it) if it.levels.is_empty() => Value::Null,
        Resource::HierarchyStructure(it) => {
            json!(it.levels.iter().map(|level| &level.name).collect::<Vec<_>>())
        }
        Resource::AiAgent(it) if it.security_profile_ids.is_empty() => Value::Null,
        Resource::AiAgent(it) => json!(sorted(&it.security_profile_ids)),
        other => json!(other.tags()),
    };
    made.put_into(&mut value);
    sort_lists(&mut value);
    value
}

fn sorted(ids: &[Id]) -> Vec<String> {
    let mut ids: Vec<String> = ids.iter().map(Id::to_string).collect();
    ids.sort_unstable();
    ids
}

/// Sorts every list of strings: no list that is compared has an order.
fn sort_lists(value: &mut Value) {
    match value {
        Value::Array(list) => {
            list.iter_mut().for_each(sort_lists);
            if list.iter().all(Value::is_string) {
                list.sort_unstable_by(|one, other| one.as_str().cmp(&other.as_str()));
            }
        }
        Value::Object(members) => members.values_mut().for_each(sort_lists),
        _ => {}
    }
}

/// Reads the members of a resource that a plan sets from the service; null for a resource that does not exist.
pub(super) async fn read(client: &Client, scope: &Scope, instance: &Id, key: &Key) -> Result<Value, Error> {
    let (instance_id, id) = (instance.to_string(), key.id.to_string());
    let resource: Option<Resource> = match key.kind {
        Kind::SecurityProfile => match there(
            client
                .describe_security_profile(&DescribeSecurityProfileRequest {
                    instance_id: instance_id.clone(),
                    security_profile_id: id.clone(),
                })
                .await,
        )? {
            None => None,
            Some(answer) => Some(profile(client, instance_id, id, answer.security_profile.unwrap_or_default()).await?),
        },
        Kind::User => {
            let answer = client.describe_user(&DescribeUserRequest { user_id: id, instance_id }).await;
            there(answer)?.and_then(|answer| answer.user).map(|it| convert::described_user(it).into())
        }
        Kind::HierarchyGroup => {
            let input = DescribeUserHierarchyGroupRequest { hierarchy_group_id: id, instance_id };
            let answer = client.describe_user_hierarchy_group(&input).await;
            there(answer)?.and_then(|answer| answer.hierarchy_group).and_then(convert::group)
        }
        Kind::HierarchyStructure => {
            let input = DescribeUserHierarchyStructureRequest { instance_id };
            let answer = client.describe_user_hierarchy_structure(&input).await?;
            let structure: Option<HierarchyStructure> = answer.hierarchy_structure.and_then(convert::structure);
            structure.map(Resource::from)
        }
        Kind::AiAgent => {
            let input = ListEntitySecurityProfilesRequest {
                instance_id,
                entity_type: EntityType::AiAgent,
                entity_arn: id.clone(),
                ..Default::default()
            };
            let held = client.pages(input).collect().await?;
            let security_profile_ids = held.into_iter().filter_map(|it| it.id).map(|id| Id::new(&id)).collect();
            Some(lanyard_model::resources::AiAgent { arn: id, security_profile_ids }.into())
        }
        kind => {
            let resource_arn = scope.arn(instance, kind, &key.id).unwrap_or_default();
            let answer = client.list_tags_for_resource(&ListTagsForResourceRequest { resource_arn }).await;
            return Ok(there(answer)?.map_or(Value::Null, |answer| json!(answer.tags.unwrap_or_default())));
        }
    };
    Ok(settable(resource.as_ref(), &Made::default()))
}

async fn profile(
    client: &Client,
    instance_id: String,
    security_profile_id: String,
    described: lanyard_wire::shapes::SecurityProfile,
) -> Result<Resource, Error> {
    macro_rules! list {
        ($input:ident) => {
            client
                .pages($input {
                    instance_id: instance_id.clone(),
                    security_profile_id: security_profile_id.clone(),
                    ..Default::default()
                })
                .collect()
                .await?
        };
    }
    let mut profile = convert::profile(described);
    profile.permissions = list!(ListSecurityProfilePermissionsRequest);
    profile.applications =
        list!(ListSecurityProfileApplicationsRequest).into_iter().map(convert::application).collect();
    profile.allowed_flow_modules =
        list!(ListSecurityProfileFlowModulesRequest).into_iter().map(convert::allowed_flow_module).collect();
    profile.allowed_ai_agents =
        list!(ListSecurityProfileAIAgentsRequest).into_iter().map(convert::allowed_ai_agent).collect();
    Ok(profile.into())
}

/// The answer; `None` for a resource that does not exist.
fn there<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
