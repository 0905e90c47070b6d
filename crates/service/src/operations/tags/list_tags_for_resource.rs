//! ListTagsForResource.

use lanyard_wire::shapes::{ListTagsForResourceRequest, ListTagsForResourceResponse};

use super::{find, instance_of};
use crate::context::Call;
use crate::error::Result;
use crate::service::{Reply, Service};

/// The tags of a resource; an empty map when it has none.
pub(crate) fn run(service: &Service, call: &Call, input: &ListTagsForResourceRequest) -> Result<Reply> {
    let arn = &input.resource_arn;
    let (instance, key) = instance_of(service, call, arn)?;
    service.read_in(call, &instance, |cx| {
        let tags = find(cx, &key, arn)?.tags().cloned();
        Ok(ListTagsForResourceResponse { tags })
    })
}
