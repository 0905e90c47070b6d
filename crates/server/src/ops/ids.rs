//! How requests name resources: by identifier, or by ARN.

use lanyard_model::Kind;

use crate::context::InstanceState;

/// The identifier in what a request names a resource of the instance by: the last part of an ARN of this instance, and
/// any other text as it stands.
pub(crate) fn bare<'t>(cx: &impl InstanceState, kind: Kind, text: &'t str) -> &'t str {
    let Some(path) = text.strip_prefix(&cx.call().scope.instance_arn(&cx.instance_id())) else { return text };
    let id = kind.arn_segment().and_then(|segment| path.strip_prefix('/')?.strip_prefix(segment)?.strip_prefix('/'));
    id.unwrap_or(text)
}
