//! Unique names.

use lanyard_model::{Id, Kind};

use crate::context::Write;
use crate::error::{Error, Result};

/// Refuses a name that a resource of the kind has, unless it is `own`. The kind determines whether case matters.
pub(crate) fn check_free(cx: &Write<'_>, kind: Kind, name: &str, own: Option<&Id>) -> Result<()> {
    match cx.find_name(kind, name) {
        Some(holder) if Some(holder) != own => {
            Err(Error::duplicate(format!("there is a {} named `{name}` in this instance already", kind.noun())))
        }
        _ => Ok(()),
    }
}
