//! Instances in the shapes of the API.

use lanyard_model::Scope;
use lanyard_model::resources::Instance;
use lanyard_wire::shapes::{self, DirectoryType, InstanceStatus};

use super::attributes::{INBOUND_CALLS, OUTBOUND_CALLS};
use crate::operations::members::{non_empty, timestamp};

/// The role that an instance of the service acts under.
fn service_role(scope: &Scope) -> String {
    format!(
        "arn:{}:iam::{}:role/aws-service-role/connect.amazonaws.com/AWSServiceRoleForAmazonConnect",
        scope.partition(),
        scope.account
    )
}

fn access_url(instance: &Instance) -> Option<String> {
    instance.alias.as_ref().map(|alias| format!("https://{alias}.my.connect.aws"))
}

/// The answer to DescribeInstance.
pub(crate) fn instance(it: &Instance) -> shapes::Instance {
    let scope = it.scope();
    shapes::Instance {
        id: Some(it.id.to_string()),
        arn: Some(scope.instance_arn(&it.id)),
        identity_management_type: Some(DirectoryType::from_wire(&it.identity_management_type)),
        instance_alias: it.alias.clone(),
        created_time: Some(timestamp(it.created)),
        service_role: Some(service_role(&scope)),
        instance_status: Some(InstanceStatus::Active),
        status_reason: None,
        inbound_calls_enabled: Some(it.is_on(INBOUND_CALLS)),
        outbound_calls_enabled: Some(it.is_on(OUTBOUND_CALLS)),
        instance_access_url: access_url(it),
        tags: non_empty(&it.tags),
    }
}

/// A row of ListInstances.
pub(crate) fn summary(it: &Instance) -> shapes::InstanceSummary {
    let whole = instance(it);
    shapes::InstanceSummary {
        id: whole.id,
        arn: whole.arn,
        identity_management_type: whole.identity_management_type,
        instance_alias: whole.instance_alias,
        created_time: whole.created_time,
        service_role: whole.service_role,
        instance_status: whole.instance_status,
        inbound_calls_enabled: whole.inbound_calls_enabled,
        outbound_calls_enabled: whole.outbound_calls_enabled,
        instance_access_url: whole.instance_access_url,
    }
}
