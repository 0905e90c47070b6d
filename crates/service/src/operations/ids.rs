//! Identifiers as requests write them.

use lanyard_model::{Id, Kind};

use crate::context::InstanceState;

/// The resource of a kind that a member names: by its identifier, or by its ARN in this instance.
pub(crate) fn id(cx: &impl InstanceState, kind: Kind, text: &str) -> Id {
    match text.starts_with("arn:").then(|| cx.call().scope.parse_arn(text)).flatten() {
        Some((instance, named, id)) if named == kind && instance == cx.instance_id() => id,
        _ => Id::new(text),
    }
}

/// The text by which a member names a resource, without the ARN of this instance in front: an identifier, perhaps with
/// a qualifier. Any other text is returned as it is written.
pub(crate) fn bare<'t>(cx: &impl InstanceState, kind: Kind, text: &'t str) -> &'t str {
    let Some(path) = text.strip_prefix(&cx.call().scope.instance_arn(&cx.instance_id())) else { return text };
    let id = kind.arn_segment().and_then(|segment| path.strip_prefix('/')?.strip_prefix(segment)?.strip_prefix('/'));
    id.unwrap_or(text)
}
