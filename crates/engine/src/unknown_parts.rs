//! What of an instance is not known to whoever asks, and how the rules are read where they need it.
//!
//! What always holds: where something that was not seen could make the difference, the strict reading refuses and the
//! lenient one grants, and the open point is [`OpenPoint::Unseen`]. Where all was seen nothing here is looked at.

use std::collections::BTreeSet;

use lanyard_model::{Id, Kind};

use crate::ask::Extent;
use crate::compiled::{Compiled, Group};
use crate::permission_index::Rule;
use crate::reading::OpenPoint;
use crate::scope::Case;
use crate::types::Type;

/// What may be there and was not seen: not every source of a configuration carries everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnknownParts {
    /// The security profiles whose restrictions (by tag, by hierarchy, of records) were not seen.
    pub restrictions: BTreeSet<Id>,
    /// The security profiles whose applications, flow modules and AI agents were not seen.
    pub tools: BTreeSet<Id>,
    /// The kinds of which resources may exist that were not seen.
    pub kinds: BTreeSet<Kind>,
    /// What else was not seen, in sentences.
    pub notes: Vec<String>,
}

impl UnknownParts {
    /// Whether all was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Stands for the number of a resource of which it is not known whether it exists.
pub(crate) const MAYBE: u32 = u32::MAX;

impl Compiled {
    /// Whether resources of the kind may exist that were not seen.
    pub(crate) fn lacks(&self, kind: Kind) -> bool {
        self.unknown_parts().is_some_and(|unknown_parts| unknown_parts.kinds.contains(&kind))
    }

    /// Whether resources of the type may exist that were not seen.
    pub(crate) fn lacks_any(&self, it: Type) -> bool {
        self.unknown_parts()
            .is_some_and(|unknown_parts| unknown_parts.kinds.iter().any(|kind| Type::of_kind(*kind) == Some(it)))
    }

    /// Whether the applications, modules and AI agents of the profile were not seen.
    pub(crate) fn lacks_tools(&self, profile: &Id) -> bool {
        self.unknown_parts().is_some_and(|unknown_parts| unknown_parts.tools.contains(profile))
    }
}

impl Case<'_> {
    /// Whether the principal has a profile that was not seen.
    #[inline]
    pub(crate) fn has_blank_profile(&self) -> bool {
        self.compiled.blank().is_some_and(|blank| self.compiled.profile_numbers(self.asker.class).contains(&blank))
    }

    /// Whether a profile that was not seen may stand in the way.
    pub(crate) fn may_be_barred(&self) -> bool {
        !self.grants(OpenPoint::Unseen) && self.has_blank_profile()
    }

    /// The answer where it does not depend on what was seen.
    pub(crate) fn beyond_sight(&self, rule: Rule, changes_primary_values: bool) -> Option<bool> {
        if !self.grants(OpenPoint::Unseen) {
            return (self.target.item == Some(MAYBE)).then_some(false);
        }
        // A profile that was not seen may hold anything.
        self.has_blank_profile().then(|| match rule {
            Rule::Table | Rule::Record(_) => !self.bars_change(changes_primary_values),
            Rule::OwnAnalytics => self.is_principal(),
            Rule::Owned => self.owns(),
            Rule::Access | Rule::Tool | Rule::Invoke | Rule::Collaborate => self.may_list(rule),
            Rule::Capability | Rule::Typed(_) | Rule::Analytics(_) | Rule::Visible => true,
        })
    }

    /// Whether a list that was not seen may have the tool on it.
    pub(crate) fn may_list(&self, rule: Rule) -> bool {
        match self.target.extent {
            Extent::Every => false,
            Extent::Some => true,
            Extent::One => rule != Rule::Invoke || self.target.item.is_none_or(|at| self.is_invocable(at)),
        }
    }

    /// Whether someone in the group `inner` may be in scope of the group `top`, since groups were not seen.
    pub(crate) fn may_be_below(&self, inner: Group, top: Group) -> bool {
        let is_gone = |group: Group| match group {
            Group::Nowhere => false,
            Group::Missing => true,
            Group::At(number) => !self.compiled.has_whole_group(number),
        };
        self.grants(OpenPoint::Unseen) && self.compiled.lacks(Kind::HierarchyGroup) && (is_gone(inner) || is_gone(top))
    }
}
