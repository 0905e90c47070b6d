//! A document in JSON or YAML.

use std::path::Path;

use crate::fault::Fault;
use crate::source::Source;
use crate::tree::Node;
use crate::{json, tree};

/// Reads JSON or YAML: JSON where the text begins like JSON, unless the file has a YAML extension.
pub(crate) fn document(file: &Source, path: &Path, text: &str) -> Result<Node, Fault> {
    let is_called_yaml = path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
    let begins_like_json = text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']);
    if begins_like_json && !is_called_yaml { json::parse(file, text) } else { tree::parse(file, text) }
}
