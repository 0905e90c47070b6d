//! The reading of the rules where they need unknown parts of an instance.
//!
//! Invariants: where an unknown part could make the difference, the strict reading refuses and the lenient one grants,
//! and the open point is [`OpenPoint::Unseen`]. Where everything is known nothing here is evaluated.

use lanyard_model::{Id, Kind};

use crate::ask::Extent;
use crate::compiled::{Compiled, Group};
use crate::permission_index::Rule;
use crate::reading::OpenPoint;
use crate::scope::Case;
use crate::types::Type;
use crate::unknown_parts::MAYBE;

impl Compiled {
    /// Whether unknown resources of the kind may exist.
    pub(crate) fn lacks(&self, kind: Kind) -> bool {
        self.unknown_parts().is_some_and(|unknown_parts| unknown_parts.kinds.contains(&kind))
    }

    /// Whether unknown resources of the type may exist.
    pub(crate) fn lacks_any(&self, it: Type) -> bool {
        self.unknown_parts()
            .is_some_and(|unknown_parts| unknown_parts.kinds.iter().any(|kind| Type::of_kind(*kind) == Some(it)))
    }

    /// Whether the profile may hold more permissions than the listed ones.
    pub(crate) fn lacks_permissions(&self, profile: &Id) -> bool {
        self.unknown_parts().is_some_and(|unknown_parts| unknown_parts.permissions.contains(profile))
    }

    /// Whether the applications, modules and AI agents of the profile are unknown.
    pub(crate) fn lacks_tools(&self, profile: &Id) -> bool {
        self.unknown_parts().is_some_and(|unknown_parts| unknown_parts.tools.contains(profile))
    }
}

impl Case<'_> {
    /// Whether the principal has an unknown profile.
    #[inline]
    pub(crate) fn has_blank_profile(&self) -> bool {
        self.compiled.blank().is_some_and(|blank| self.compiled.profile_numbers(self.asker.class).contains(&blank))
    }

    /// Whether an unknown profile may restrict the access.
    pub(crate) fn may_be_barred(&self) -> bool {
        !self.grants(OpenPoint::Unseen) && self.has_blank_profile()
    }

    /// The answer where it does not depend on unknown parts.
    pub(crate) fn beyond_sight(&self, rule: Rule, changes_primary_values: bool) -> Option<bool> {
        if !self.grants(OpenPoint::Unseen) {
            return (self.target.item == Some(MAYBE)).then_some(false);
        }
        // An unknown profile may hold anything.
        self.has_blank_profile().then(|| match rule {
            Rule::Table => !self.bars_change(changes_primary_values),
            Rule::Record => {
                !self.bars_change(changes_primary_values) && (self.grants(OpenPoint::Q8) || self.fits_all())
            }
            Rule::OwnAnalytics => self.is_principal(),
            Rule::Owned(_) => self.owns(),
            Rule::Access | Rule::Tool | Rule::Invoke | Rule::Collaborate => self.may_list(rule),
            Rule::Capability | Rule::Typed(_) | Rule::Analytics(_) | Rule::Visible => true,
        })
    }

    /// Whether an unknown list may have the tool on it.
    pub(crate) fn may_list(&self, rule: Rule) -> bool {
        match self.target.extent {
            Extent::Every => false,
            Extent::Some => true,
            Extent::One => rule != Rule::Invoke || self.target.item.is_none_or(|at| self.is_invocable(at)),
        }
    }

    /// Whether a person in the group `inner` may be in scope of the group `top`, since groups are unknown.
    pub(crate) fn may_be_below(&self, inner: Group, top: Group) -> bool {
        let is_gone = |group: Group| match group {
            Group::Nowhere => false,
            Group::Missing => true,
            Group::At(number) => !self.compiled.has_whole_group(number),
        };
        self.grants(OpenPoint::Unseen) && self.compiled.lacks(Kind::HierarchyGroup) && (is_gone(inner) || is_gone(top))
    }
}
