//! The parts of a state that could not be read, in sentences.

use std::collections::BTreeSet;

use lanyard_model::{Id, Kind, shown};

use crate::state_view::StateView;

/// The most profiles that are named; the rest are counted.
const NAMED: usize = 5;

impl StateView<'_> {
    /// Whether principals can exist that could not be read.
    #[must_use]
    pub fn lacks_principals(&self) -> bool {
        [Kind::User, Kind::AiAgent].iter().any(|kind| self.unknown_parts.kinds.contains(kind))
    }

    /// The parts that could not be read, one sentence each.
    #[must_use]
    pub fn not_seen(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        let kinds: Vec<_> = self.unknown_parts.kinds.iter().map(|kind| kind.noun()).collect();
        if !kinds.is_empty() {
            sentences.push(format!("not seen, so that there may be more: {}", kinds.join(", ")));
        }
        if !self.unknown_parts.restrictions.is_empty() {
            sentences
                .push(format!("not seen, what is restricted by: {}", self.profiles(&self.unknown_parts.restrictions)));
        }
        if !self.unknown_parts.tools.is_empty() {
            let profiles = self.profiles(&self.unknown_parts.tools);
            sentences.push(format!("not seen, applications, flow modules and AI agents of: {profiles}"));
        }
        // Unknown permissions and tags have notes with their places.
        sentences.extend(self.unknown_parts.notes.iter().map(|note| format!("not seen: {}", shown(note))));
        sentences
    }

    /// The profiles with these identifiers, as text.
    #[must_use]
    pub fn profiles(&self, ids: &BTreeSet<Id>) -> String {
        let name = |id: &Id| match self.directory.security_profiles.get(id) {
            Some(profile) => format!("`{}`", shown(&profile.name)),
            None => format!("`{}`", shown(&id.to_string())),
        };
        let mut names: Vec<_> = ids.iter().map(name).collect();
        names.sort_unstable();
        let more = names.len().saturating_sub(NAMED);
        names.truncate(NAMED);
        match more {
            0 => format!("the security profiles {}", names.join(", ")),
            more => format!("the security profiles {} and {more} more", names.join(", ")),
        }
    }
}
