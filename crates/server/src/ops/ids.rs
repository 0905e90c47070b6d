//! How requests name resources: by identifier, or by ARN.

use lanyard_model::{Id, Kind};

use crate::context::InstanceState;

/// The identifier that a member of a request names: the text itself, or what an ARN of this instance and kind ends with.
pub(crate) fn id(cx: &impl InstanceState, kind: Kind, text: &str) -> Id {
    match text.starts_with("arn:").then(|| cx.call().scope.parse_arn(text)).flatten() {
        Some((instance, of, id)) if of == kind && instance == cx.instance_id() => id,
        _ => Id::new(text),
    }
}
