//! Unique names.

use lanyard_model::{Id, Kind};

use crate::context::Write;
use crate::error::{Error, Result};

/// Refuses a name that another resource of the kind has than `own`. The kind says whether case matters.
pub(crate) fn check_free(cx: &Write<'_>, kind: Kind, name: &str, own: Option<&Id>) -> Result<()> {
    match cx.find_name(kind, name) {
        Some(holder) if Some(holder) != own => {
            Err(Error::duplicate(format!("there is a {} named `{name}` in this instance already", kind.noun())))
        }
        _ => Ok(()),
    }
}
