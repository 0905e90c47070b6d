//! A small contact centre to try things on.
//!
//! It is made through the operations that clients call, so it is what they could have made.

use std::sync::Arc;

use lanyard_model::{Id, Scope, Tags};
use lanyard_wire::Output;
use lanyard_wire::shapes::{
    Application, ApplicationType, AssociateSecurityProfilesRequest, CreateInstanceRequest, CreateInstanceResponse,
    CreateSecurityProfileRequest, CreateSecurityProfileResponse, DataTableAccessControlConfiguration, DirectoryType,
    EntityType, GranularAccessControlConfiguration, PrimaryAttributeAccessControlConfigurationItem,
    PrimaryAttributeValue, SecurityProfileItem,
};

use crate::context::Call;
use crate::credentials::Credential;
use crate::error::{Error, Result};
use crate::ops::instances::create_instance;
use crate::ops::security_profiles::{associate_security_profiles, create_security_profile};
use crate::server::{Server, StartError};

const ALIAS: &str = "harbour-lane-demo";
const REGION: &str = "us-east-1";

/// The demo's contact centre, and how to talk to it.
pub struct Demo {
    instance: Id,
    billing_leads: Id,
    access_key_id: String,
    is_default_key: bool,
}

impl Demo {
    /// Makes the contact centre in the account of `credential`, or finds the one that is there.
    ///
    /// # Errors
    /// When it cannot be made: its alias is taken by another account, or the disk fails.
    pub async fn make(server: &Server, credential: &Arc<Credential>) -> std::result::Result<Self, StartError> {
        let failed = |error: Error| {
            StartError(format!("the demo could not be made: {}", error.detail().unwrap_or(error.message())))
        };
        let call = Call {
            credential: Arc::clone(credential),
            scope: Scope { account: credential.account.clone(), region: REGION.to_owned() },
            request_id: server.node.environment.new_id().to_string(),
            operation: "Demo",
        };
        let instance = match find(server, &call) {
            Some(instance) => instance,
            None => make(server, &call).await.map_err(failed)?,
        };
        let billing_leads = find_profile(server, &call, &instance, BILLING_LEADS).map_err(failed)?;
        Ok(Self {
            instance,
            billing_leads,
            access_key_id: credential.access_key_id.clone(),
            is_default_key: credential.is_default_key(),
        })
    }

    /// What to paste into another terminal, for a server at `endpoint`.
    #[must_use]
    pub fn text(&self, endpoint: &str) -> String {
        let secret = if self.is_default_key { "test" } else { "THE-SECRET-OF-THIS-KEY" };
        let (key, instance, profile) = (&self.access_key_id, &self.instance, &self.billing_leads);
        format!(
            "\
Lanyard is serving a small contact centre at {endpoint}

Paste this into another terminal (AWS CLI):

  export AWS_ENDPOINT_URL={endpoint} AWS_DEFAULT_REGION={REGION} AWS_ACCESS_KEY_ID={key} AWS_SECRET_ACCESS_KEY={secret}
  aws connect list-security-profiles --instance-id {instance}
  aws connect update-security-profile \\
    --instance-id {instance} \\
    --security-profile-id {profile} \\
    --permissions Users.View Users.Edit Queues.View ContactSearch.View \\
    --tag-restricted-resources User Queue \\
    --allowed-access-control-tags Team=Billing
  aws connect describe-security-profile --instance-id {instance} --security-profile-id {profile}

The same in Python (boto3):

  import boto3
  connect = boto3.client(\"connect\", endpoint_url=\"{endpoint}\", region_name=\"{REGION}\",
                         aws_access_key_id=\"{key}\", aws_secret_access_key=\"{secret}\")
  connect.update_security_profile(
      InstanceId=\"{instance}\", SecurityProfileId=\"{profile}\",
      Permissions=[\"Users.View\", \"Users.Edit\", \"Queues.View\", \"ContactSearch.View\"],
      TagRestrictedResources=[\"User\", \"Queue\"], AllowedAccessControlTags={{\"Team\": \"Billing\"}})

Stop it with Ctrl-C; what you changed is kept.

"
        )
    }
}

const BILLING_LEADS: &str = "Billing team leads";

fn find(server: &Server, call: &Call) -> Option<Id> {
    let registry = server.node.find_registry(&call.scope)?;
    let directory = registry.lane.read();
    directory.find_name(lanyard_model::Kind::InstanceRecord, ALIAS).cloned()
}

fn find_profile(server: &Server, call: &Call, instance: &Id, name: &str) -> Result<Id> {
    let directory = server.node.instance(&call.scope, instance)?.lane.read();
    let found = directory.find_name(lanyard_model::Kind::SecurityProfile, name).cloned();
    found.ok_or_else(|| Error::invalid_request(format!("its profile `{name}` was deleted; use another data directory")))
}

async fn make(server: &Server, call: &Call) -> Result<Id> {
    let request = CreateInstanceRequest {
        identity_management_type: DirectoryType::ConnectManaged,
        instance_alias: Some(ALIAS.to_owned()),
        inbound_calls_enabled: true,
        outbound_calls_enabled: true,
        tags: Some(tags(&[("Environment", "demo")])),
        ..Default::default()
    };
    let reply = create_instance::run(server, call, &request).await?;
    let created = CreateInstanceResponse::from_body(&reply.body).map_err(|error| Error::internal(error.to_string()))?;
    let instance = Id::new(&created.id.unwrap_or_default());
    for profile in profiles(&instance) {
        let reply = server.write_in(call, &instance, |cx| create_security_profile::run(cx, &profile)).await?;
        let made = CreateSecurityProfileResponse::from_body(&reply.body)
            .map_err(|error| Error::internal(error.to_string()))?;
        if profile.security_profile_name == ASSISTANT {
            let association = AssociateSecurityProfilesRequest {
                instance_id: instance.to_string(),
                security_profiles: vec![SecurityProfileItem { id: made.security_profile_id }],
                entity_type: EntityType::AiAgent,
                entity_arn: format!(
                    "arn:aws:wisdom:{REGION}:{}:ai-agent/6f0e1c9a-0d0c-4a52-9a55-3f6f0c1e7a11/0b6a2d6e-6f53-4b6e-8f0a-9f2d1c5f7e21:1",
                    call.scope.account
                ),
            };
            server.write_in(call, &instance, |cx| associate_security_profiles::run(cx, &association)).await?;
        }
    }
    Ok(instance)
}

const ASSISTANT: &str = "Refund assistant";

/// The profiles of the demo, beside the built-in ones: team leads who see their own team, an auditor who only looks, an
/// AI agent with two tools.
fn profiles(instance: &Id) -> Vec<CreateSecurityProfileRequest> {
    let base = |name: &str, description: &str, permissions: &[&str]| CreateSecurityProfileRequest {
        instance_id: instance.to_string(),
        security_profile_name: name.to_owned(),
        description: Some(description.to_owned()),
        permissions: Some(permissions.iter().map(|name| (*name).to_owned()).collect()),
        ..Default::default()
    };
    let of_team = |team: &str, profile: CreateSecurityProfileRequest| CreateSecurityProfileRequest {
        tags: Some(tags(&[("Team", team)])),
        allowed_access_control_tags: Some(tags(&[("Team", team)])),
        tag_restricted_resources: Some(vec!["User".to_owned(), "Queue".to_owned()]),
        ..profile
    };
    const LEAD: &[&str] = &["Users.View", "Users.Edit", "Queues.View", "RoutingPolicies.View", "ContactSearch.View"];
    vec![
        of_team("Billing", base(BILLING_LEADS, "Look after the people and queues of the billing team", LEAD)),
        of_team("Claims", base("Claims team leads", "Look after the people and queues of the claims team", LEAD)),
        base(
            "Auditor",
            "Sees how the contact centre is set up, and changes nothing",
            &["Users.View", "SecurityProfiles.View", "Queues.View", "RoutingPolicies.View", "HistoricalChanges.View"],
        ),
        CreateSecurityProfileRequest {
            applications: Some(vec![Application {
                namespace: Some("refunds-gateway".to_owned()),
                application_permissions: Some(vec!["payments___find_order".to_owned(), "payments___refund".to_owned()]),
                r#type: Some(ApplicationType::Mcp),
            }]),
            granular_access_control_configuration: Some(only_retail_records()),
            ..base(ASSISTANT, "What the refund assistant, an AI agent, may do", &["Cases.View", "DataTables.View"])
        },
    ]
}

fn only_retail_records() -> GranularAccessControlConfiguration {
    GranularAccessControlConfiguration {
        data_table_access_control_configuration: Some(DataTableAccessControlConfiguration {
            primary_attribute_access_control_configuration: Some(PrimaryAttributeAccessControlConfigurationItem {
                primary_attribute_values: Some(vec![PrimaryAttributeValue {
                    access_type: Some(lanyard_wire::shapes::AccessType::Allow),
                    attribute_name: Some("Brand".to_owned()),
                    values: Some(vec!["Retail".to_owned()]),
                }]),
            }),
        }),
    }
}

fn tags(pairs: &[(&str, &str)]) -> Tags {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}
