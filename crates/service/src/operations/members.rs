//! Members that answers of several operations have.

use lanyard_model::{Tags, Timestamp};

/// A time.
pub(crate) fn timestamp(time: Timestamp) -> lanyard_wire::Timestamp {
    lanyard_wire::Timestamp::from_millis(time.0)
}

/// Tags; `None` without any.
pub(crate) fn non_empty(tags: &Tags) -> Option<Tags> {
    (!tags.is_empty()).then(|| tags.clone())
}

/// A list in the shapes of the API; `None` for an empty one.
pub(crate) fn list<T, S>(items: &[T], shape: impl Fn(&T) -> S) -> Option<Vec<S>> {
    (!items.is_empty()).then(|| items.iter().map(shape).collect())
}
