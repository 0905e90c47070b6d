//! DescribeInstance.

use lanyard_wire::shapes::{DescribeInstanceRequest, DescribeInstanceResponse};

use super::view;
use crate::context::{InstanceState, Read};
use crate::error::Result;

/// The instance and its tags. `ReplicationConfiguration` is left out: nothing is replicated.
pub(crate) fn run(cx: &Read<'_>, _: &DescribeInstanceRequest) -> Result<DescribeInstanceResponse> {
    let instance = view::instance(cx.instance()?.as_ref());
    Ok(DescribeInstanceResponse { instance: Some(instance), replication_configuration: None })
}
