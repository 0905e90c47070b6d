//! The strength of principals, as far as it can be compared.

use lanyard_model::catalogue::Catalogue;

use super::bits::Bits;
use super::context::Profile;

/// The permissions of a principal, without those that take something away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Strength {
    /// The permissions.
    pub(super) held: Bits,
    /// The permissions that some profile grants without restriction.
    pub(super) free: Bits,
}

impl Strength {
    /// The strength of a profile, without the permissions that take something away.
    pub(super) fn of(profile: &Profile<'_>, taking_away: &Bits) -> Self {
        Self { held: profile.held.without(taking_away), free: profile.free.without(taking_away) }
    }

    pub(super) fn extend(&mut self, other: &Self) {
        self.held.extend(&other.held);
        self.free.extend(&other.free);
    }

    /// The number of permissions that it has and the other lacks.
    pub(super) fn lead(&self, other: &Self) -> u32 {
        self.held.count_without(&other.held) + self.free.count_without(&other.free)
    }

    /// The permissions that it has and the other lacks, or has only with restrictions.
    pub(super) fn beyond(&self, other: &Self) -> Bits {
        let mut beyond = self.held.without(&other.held);
        beyond.extend(&self.free.without(&other.free));
        beyond
    }

    /// Whether the other has all of its permissions.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.held.is_within(&other.held) && self.free.is_within(&other.free)
    }

    pub(super) fn size(&self) -> u32 {
        self.held.len() + self.free.len()
    }
}

/// Whether a permission gives power over users, profiles or customers' conversations, so that gaining it is serious.
pub(super) fn is_grave(catalogue: &Catalogue, name: &str) -> bool {
    let over_people = name.starts_with("Users.") || name.starts_with("SecurityProfiles.");
    let recorded = catalogue.get(name).is_some_and(|it| it.flags().recording);
    let taken = matches!(name, "ContactSearch.View" | "Cases.Export" | "CustomerProfiles.Segments.Export");
    (over_people && !name.ends_with(".View"))
        || recorded
        || taken
        || matches!(name, "ManagerListenIn" | "ManagerBargeIn")
}
