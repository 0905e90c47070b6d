//! Common parts of Lanyard's own files: suppressions and expectations.

use std::path::Path;

use lanyard_model::Kind;

use crate::fault::{Fault, text_of};
use crate::source::Source;
use crate::tree::{At, Node, parse};

/// Reads a required file.
pub(crate) fn parse_file(path: &Path) -> Result<(Source, Node), Fault> {
    let text = text_of(path)?;
    let file: Source = path.display().to_string().into();
    let root = parse(&file, &text)?;
    Ok((file, root))
}

/// The name of a kind in files.
fn written(kind: Kind) -> &'static str {
    match kind {
        Kind::AiAgent => "AIAgent",
        kind => kind.name(),
    }
}

/// A kind and what follows the first colon: `SecurityProfile:Agent`.
pub(crate) fn kind_and_name(file: &Source, at: At, text: &str, kinds: &[Kind]) -> Result<(Kind, String), Fault> {
    let (it, name) = text.split_once(':').unwrap_or((text, ""));
    let kind = kinds.iter().copied().find(|kind| written(*kind) == it);
    match kind.filter(|_| !name.is_empty()) {
        Some(kind) => Ok((kind, name.to_owned())),
        None => {
            let forms: Vec<_> = kinds.iter().map(|kind| format!("{}:NAME", written(*kind))).collect();
            let forms = match forms.split_last() {
                Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
                _ => forms.join(""),
            };
            Err(Fault::at(file, at, format!("`{text}` has no type; write {forms}")))
        }
    }
}
