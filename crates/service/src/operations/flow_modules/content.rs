//! The check of a module's content and settings: they must be JSON objects. The flow itself is not checked.

use lanyard_wire::ErrorKind;
use serde::de::IgnoredAny;

use crate::error::{Error, Result};

/// Fails with the problems of the content, and of the settings, where they are given.
pub(super) fn check(content: Option<&str>, settings: Option<&str>) -> Result<()> {
    let problems: Vec<String> = [("Content", content), ("Settings", settings.filter(|text| !text.is_empty()))]
        .into_iter()
        .filter_map(|(member, text)| problem(member, text?))
        .collect();
    if problems.is_empty() {
        return Ok(());
    }
    let listed: Vec<_> = problems.iter().map(|problem| serde_json::json!({ "message": problem })).collect();
    Err(Error::new(ErrorKind::InvalidContactFlowModuleException, problems.join("; ")).with_member("Problems", listed))
}

fn problem(member: &str, text: &str) -> Option<String> {
    match serde_json::from_str::<IgnoredAny>(text) {
        Err(error) => Some(format!("member `{member}` is not JSON: {error}")),
        Ok(_) if !text.trim_start().starts_with('{') => {
            Some(format!("member `{member}` is JSON of another type, must be an object"))
        }
        Ok(_) => None,
    }
}

/// The settings that a member gives: none for the empty text.
pub(super) fn settings(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
