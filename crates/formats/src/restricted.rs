//! The names of restricted types.

use lanyard_model::catalogue::ResourceType;

use crate::fault::misspelt;

/// Precedes a restricted type in a pulled file that is like a known one and is none.
const OTHER: &str = "other:";

/// A restricted type as pulled files have it.
pub(crate) fn written(text: &str) -> String {
    let is_odd = misspelt_type(text).is_some() || text.starts_with(OTHER);
    if is_odd { format!("{OTHER}{text}") } else { text.to_owned() }
}

/// The restricted type that a pulled file has.
///
/// # Errors
/// The known type that the text is probably a misspelling of.
pub(crate) fn read(text: &str) -> Result<&str, &'static str> {
    match (text.strip_prefix(OTHER), misspelt_type(text)) {
        (Some(other), _) => Ok(other),
        (None, Some(near)) => Err(near),
        (None, None) => Ok(text),
    }
}

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
