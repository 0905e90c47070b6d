//! The names of restricted types.

use lanyard_model::catalogue::ResourceType;

use crate::fault::misspelt;

/// The known restricted type that the text is probably a misspelling of; `None` for a known type, and for one that is like
/// no known one.
///
/// The service keeps any text, so that a text that is like no known type is not refused.
pub(crate) fn misspelt_type(text: &str) -> Option<&'static str> {
    if ResourceType::restricted_as(text).next().is_some() {
        return None;
    }
    misspelt(text, ResourceType::restricted_names())
}
