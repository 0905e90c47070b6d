//! Instances described and listed.

use lanyard_wire::page_token::Scope;
use lanyard_wire::shapes::{
    DescribeInstanceRequest, DescribeInstanceResponse, ListInstancesRequest, ListInstancesResponse,
};

use super::view;
use crate::context::{Call, InstanceState, Read};
use crate::error::Result;
use crate::operations::pages::Pages;
use crate::service::{Reply, Service};

/// The instance and its tags. `ReplicationConfiguration` is left out: nothing is replicated.
pub(crate) fn describe_instance(cx: &Read<'_>, _: &DescribeInstanceRequest) -> Result<DescribeInstanceResponse> {
    let instance = view::instance(cx.instance()?.as_ref());
    Ok(DescribeInstanceResponse { instance: Some(instance), replication_configuration: None })
}

/// The longest page (the API model's bound).
const MOST: usize = 10;

/// The instances of the caller's account and region.
pub(crate) async fn list_instances(service: &Service, call: &Call, input: &ListInstancesRequest) -> Result<Reply> {
    let registry = service.node.find_registry(&call.scope).await?;
    let scope = Scope {
        account: &call.scope.account,
        region: &call.scope.region,
        instance: "",
        operation: call.operation,
        query: b"",
    };
    let key = registry.as_ref().map(|registry| registry.page_key.as_ref());
    let pages = Pages::in_scope(key, scope, input.next_token.as_deref(), input.max_results, MOST)?;
    let directory = registry.as_ref().map(|registry| registry.writer.read());
    let (page, next_token) = match &directory {
        Some(directory) => pages.cut(pages.rest(&directory.instance_records), |(id, _)| id.to_string()),
        None => (Vec::new(), None),
    };
    let mut summaries = Vec::with_capacity(page.len());
    for (id, _) in page {
        // An instance deleted a moment ago is in this registry's state, but no longer served.
        let Some(instance) = service.node.any_instance(id).await? else { continue };
        summaries.extend(instance.writer.read().instances.values().map(|it| view::summary(it)));
    }
    Ok(Reply::of(&ListInstancesResponse { instance_summary_list: Some(summaries), next_token }))
}
