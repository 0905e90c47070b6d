//! A small contact centre to try things on.
//!
//! It is made by the operations that clients call, so it is what they could have made, in three writes: the instance, the
//! applications, and all that is in the instance. Whichever is there already is left as it is.

mod applications;
mod tables;
mod world;

use std::path::Path;
use std::sync::Arc;

use lanyard_model::{Id, Scope, Tags};
use lanyard_wire::Output;
use lanyard_wire::shapes::{CreateInstanceRequest, CreateInstanceResponse, DirectoryType};

use crate::context::{Call, Caller};
use crate::error::{Error, Result};
use crate::operations::instances::create_instance;
use crate::service::Service;
use lanyard_authn::Credential;

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
    pub async fn make(service: &Service, credential: &Arc<Credential>) -> Result<Self> {
        let call = Call {
            caller: Caller::Key(Arc::clone(credential)),
            scope: Scope { account: credential.account.clone(), region: REGION.to_owned() },
            request_id: service.node.environment.new_id().to_string(),
            operation: "Demo",
        };
        let instance = match find(service, &call).await? {
            Some(instance) => instance,
            None => make_instance(service, &call).await?,
        };
        if is_new(service, &call, &instance).await? {
            service.write_in_registry(&call, applications::register).await?;
            {
                let id = instance.clone();
                service.write_in(&call, &instance, move |cx| world::make(cx, &id)).await?;
            }
        }
        let billing_leads = find_profile(service, &call, &instance, BILLING_LEADS).await?;
        Ok(Self {
            instance,
            billing_leads,
            access_key_id: credential.access_key_id.clone(),
            is_default_key: credential.is_default_key(),
        })
    }

    /// The text to paste into another terminal, for a server at `endpoint` that keeps its data in `data`, where the
    /// command is called `lanyard`.
    #[must_use]
    pub fn text(&self, endpoint: &str, data: &Path, lanyard: &str) -> String {
        let data = data.display();
        let secret = if self.is_default_key { "test" } else { "THE-SECRET-OF-THIS-KEY" };
        let (key, instance, profile) = (&self.access_key_id, &self.instance, &self.billing_leads);
        format!(
            "\
Lanyard is serving a small contact centre at {endpoint}

Paste this into another terminal (AWS CLI):

  export AWS_ENDPOINT_URL={endpoint} AWS_DEFAULT_REGION={REGION} AWS_ACCESS_KEY_ID={key} AWS_SECRET_ACCESS_KEY={secret}
  export INSTANCE={instance} PROFILE={profile}
  aws connect list-security-profiles --instance-id $INSTANCE
  aws connect update-security-profile \\
    --instance-id $INSTANCE \\
    --security-profile-id $PROFILE \\
    --permissions Users.View Users.Edit Queues.View ContactSearch.View \\
    --tag-restricted-resources User Queue \\
    --allowed-access-control-tags Team=Billing
  aws connect describe-security-profile --instance-id $INSTANCE --security-profile-id $PROFILE

The same in Python (boto3):

  import boto3
  connect = boto3.client(\"connect\", endpoint_url=\"{endpoint}\", region_name=\"{REGION}\",
                         aws_access_key_id=\"{key}\", aws_secret_access_key=\"{secret}\")
  connect.update_security_profile(
      InstanceId=\"{instance}\", SecurityProfileId=\"{profile}\",
      Permissions=[\"Users.View\", \"Users.Edit\", \"Queues.View\", \"ContactSearch.View\"],
      TagRestrictedResources=[\"User\", \"Queue\"], AllowedAccessControlTags={{\"Team\": \"Billing\"}})

Who may do what, and why? Asked of the same data, while the server runs:

  {lanyard} who-can listen-to-recordings --data {data} --instance {ALIAS}
  {lanyard} check ana Users.Edit User:femi --data {data} --instance {ALIAS}

Stop it with Ctrl-C; what you changed is kept.

"
        )
    }
}

const BILLING_LEADS: &str = "Billing team leads";

async fn find(service: &Service, call: &Call) -> Result<Option<Id>> {
    let Some(registry) = service.node.find_registry(&call.scope).await? else { return Ok(None) };
    let directory = registry.writer.read();
    Ok(directory.find_name(lanyard_model::Kind::InstanceRecord, ALIAS).cloned())
}

/// Whether nothing was written to the instance since it was made.
async fn is_new(service: &Service, call: &Call, instance: &Id) -> Result<bool> {
    Ok(service.node.instance(&call.scope, instance).await?.writer.read().revision() == 1)
}

async fn find_profile(service: &Service, call: &Call, instance: &Id, name: &str) -> Result<Id> {
    let directory = service.node.instance(&call.scope, instance).await?.writer.read();
    let id = directory.find_name(lanyard_model::Kind::SecurityProfile, name).cloned();
    id.ok_or_else(|| Error::invalid_request(format!("its profile `{name}` was deleted; use another data directory")))
}

/// The instance, with nothing but what is in every new one.
async fn make_instance(service: &Service, call: &Call) -> Result<Id> {
    let request = CreateInstanceRequest {
        identity_management_type: DirectoryType::Saml,
        instance_alias: Some(ALIAS.to_owned()),
        inbound_calls_enabled: true,
        outbound_calls_enabled: true,
        tags: Some(tags(&[("Environment", "demo")])),
        ..Default::default()
    };
    let reply = create_instance(service, call, request).await?;
    let created = CreateInstanceResponse::from_body(&reply.body).map_err(|error| Error::internal(error.to_string()))?;
    Ok(Id::new(&created.id.unwrap_or_default()))
}

fn tags(pairs: &[(&str, &str)]) -> Tags {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}
