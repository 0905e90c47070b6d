//! Tags, on every kind of resource that can carry them.

mod resource;
mod search;

pub(crate) use resource::{
    list_tags_for_resource, tag_resource, tag_resource_in_change_set, untag_resource, untag_resource_in_change_set,
};
pub(crate) use search::search_resource_tags;

use lanyard_model::{Id, Key, Resource, Scope};
use lanyard_wire::Input;

use crate::context::{InstanceState, Write};
use crate::error::{Error, Excerpt, Result};
use crate::service::Unparsed;

/// How many tags a resource may carry (`docs/evidence`, T30).
const MOST_TAGS: usize = 50;

/// The instance and the resource that an ARN names. An ARN of another account, region or service names no resource.
fn locate(scope: &Scope, arn: &str) -> Result<(Id, Key)> {
    if !arn.starts_with("arn:") || arn.split(':').count() < 6 {
        return Err(Error::invalid_parameter(format!(
            "member `resourceArn` has value `{}`, which is not an ARN",
            Excerpt(arn)
        )));
    }
    match scope.parse_arn(arn) {
        Some((instance, kind, id)) => Ok((instance, Key { kind, id })),
        None => Err(not_found(arn)),
    }
}

/// The resource, which can carry tags if it has an ARN.
fn find(cx: &impl InstanceState, key: &Key, arn: &str) -> Result<Resource> {
    let resource = cx.get(key.kind, &key.id).filter(|it| it.tags().is_some() && cx.can_view(key.kind, &key.id));
    resource.ok_or_else(|| not_found(arn))
}

/// The error is the same, whether the resource or its instance is missing.
fn not_found(arn: &str) -> Error {
    Error::not_found("resource", arn)
}

/// The error for a caller that named a resource by its ARN: that of a missing resource, where its instance is missing.
fn of_resource(error: Error, arn: &str) -> Error {
    if error.is_not_found() { not_found(arn) } else { error }
}

/// Runs a change of tags as part of a change-set.
fn part<I: Input>(
    cx: &mut Write<'_>,
    instance: &Id,
    request: &Unparsed<'_>,
    arn: fn(&I) -> &str,
    change: fn(&mut Write<'_>, &Key, &I) -> Result<()>,
) -> Result<Vec<u8>> {
    let input = request.parse::<I>()?;
    change(cx, &key_in(cx, instance, arn(&input))?, &input)?;
    Ok(Vec::new())
}

/// The resource that an ARN names in the instance of the change-set.
fn key_in(cx: &Write<'_>, instance: &Id, arn: &str) -> Result<Key> {
    match locate(&cx.call.scope, arn)? {
        (named, key) if named == *instance => Ok(key),
        _ => Err(not_found(arn)),
    }
}
