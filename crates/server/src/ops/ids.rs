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
