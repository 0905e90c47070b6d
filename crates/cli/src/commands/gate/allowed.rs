//! The parts of the states that were not read, and those of them that the caller accepts.

use std::io::Write;
use std::path::Path;
use std::str::FromStr;

use lanyard_answers::{did_you_mean, near};
use lanyard_engine::{Outcome, UnknownParts};
use lanyard_formats::NEVER_IN_FILES;
use lanyard_model::{Kind, into_shown, shown};
use serde_json::{Value, json};

use crate::access::headline::coloured;
use crate::access::state_args::ReadState;

/// A part that `--allow-unseen` accepts, by its name in `unseen.yaml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AllowedUnknown {
    Kind(Kind),
    /// Every kind.
    Kinds,
    Restrictions,
    Tools,
    Notes,
}

impl FromStr for AllowedUnknown {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "Kinds" => Ok(Self::Kinds),
            "Restrictions" => Ok(Self::Restrictions),
            "Tools" => Ok(Self::Tools),
            "Notes" => Ok(Self::Notes),
            _ => Kind::from_name(text).map(Self::Kind).ok_or_else(|| {
                let parts = ["Kinds", "Restrictions", "Tools", "Notes"].into_iter();
                let portable = lanyard_analysis::PORTABLE_KINDS.iter().map(|kind| kind.name());
                let all: Vec<&str> = parts.chain(portable).collect();
                let hint = did_you_mean(&near(text, all.iter().copied()));
                hint.unwrap_or_else(|| format!("the parts are {}", all.join(", ")))
            }),
        }
    }
}

/// A part of a state that was not read and is not accepted.
pub(super) struct Missing {
    path: String,
    /// The value of `--allow-unseen` that accepts it.
    part: &'static str,
    sentence: String,
}

impl Missing {
    pub(super) fn to_json(&self) -> Value {
        json!({ "path": self.path, "part": self.part, "sentence": self.sentence })
    }
}

/// The parts of a state that were not read and are not accepted. Kinds that files never contain are not among them.
pub(super) fn missing(read: &ReadState, path: &Path, allowed: &[AllowedUnknown]) -> Vec<Missing> {
    // Permissions and tags that are known in part have notes with their places.
    let UnknownParts { restrictions, tools, kinds, notes, .. } = &read.configuration.unknown_parts;
    let is_allowed = |part: AllowedUnknown| allowed.contains(&part);
    let mut all = Vec::new();
    let mut add = |part: &'static str, sentence: String| {
        all.push(Missing { path: path.display().to_string(), part, sentence });
    };
    let is_missing = |kind: &&Kind| {
        !NEVER_IN_FILES.contains(kind)
            && !is_allowed(AllowedUnknown::Kinds)
            && !is_allowed(AllowedUnknown::Kind(**kind))
    };
    for kind in kinds.iter().filter(is_missing) {
        add(kind.name(), format!("there may be more of the kind {}", kind.noun()));
    }
    if !restrictions.is_empty() && !is_allowed(AllowedUnknown::Restrictions) {
        add("Restrictions", format!("the restrictions of {}", read.state.view().profiles(restrictions)));
    }
    if !tools.is_empty() && !is_allowed(AllowedUnknown::Tools) {
        add("Tools", format!("the applications, flow modules and AI agents of {}", read.state.view().profiles(tools)));
    }
    if !is_allowed(AllowedUnknown::Notes) {
        notes.iter().for_each(|note| add("Notes", note.clone()));
    }
    all
}

/// Writes the parts that stop the gate.
pub(super) fn write(missing: &[Missing], out: &mut impl Write) -> std::io::Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "{}: not everything was seen, so that there may be more access; `--allow-unseen KIND` accepts it by the name in brackets",
        coloured(Outcome::Denied, "stopped")
    )?;
    missing
        .iter()
        .try_for_each(|it| writeln!(out, "  `{}` [{}]: {}", shown(&it.path), it.part, into_shown(it.sentence.clone())))
}
