//! Identifiers as requests write them.

use lanyard_model::{Id, Kind};

use crate::context::InstanceState;

/// The identifier that `text` names: itself, or what stands last in the ARN of a resource of this kind and instance. An
/// ARN of anything else names nothing that there is.
pub(crate) fn named(cx: &impl InstanceState, kind: Kind, text: &str) -> Id {
    match cx.call().scope.parse_arn(text) {
        Some((instance, of, id)) if of == kind && instance == cx.instance_id() => id,
        _ => Id::new(text),
    }
}
