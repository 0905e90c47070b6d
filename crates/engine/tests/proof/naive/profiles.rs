//! Rules 2, 3, 8 and 12: profiles as alternatives.

use lanyard_model::resources::SecurityProfile;

use super::super::vocabulary::{holds, holds_any_of_type};
use super::resource::About;
use super::{Eval, Malformed, Who};

impl<'a> Eval<'a> {
    pub(super) fn is_held_by_a_profile(&self, permission: &str) -> bool {
        self.d.security_profiles.values().any(|profile| holds(profile, permission))
    }

    /// Whether an unknown profile of the principal grants.
    pub(super) fn unknown_profile_grants(&self, who: &Who<'_>) -> bool {
        who.has_unknown_profile && self.unknown_grants()
    }

    /// Whether an unknown profile of the principal refuses, where profiles restrict each other.
    pub(super) fn unknown_profile_restricts(&self, who: &Who<'_>) -> bool {
        who.has_unknown_profile && !self.unknown_grants()
    }

    /// Rule 3, where nothing restricts it.
    pub(super) fn holds_anywhere(&self, who: &Who<'_>, permission: &str) -> bool {
        self.unknown_profile_grants(who) || who.profiles.iter().any(|profile| holds(profile, permission))
    }

    /// A permission on a type, rules 2 to 8 and 10.
    pub(super) fn typed(&self, who: &Who<'_>, action: &str, resource_type: &str, about: &About) -> bool {
        if self.q.changes_primary_values
            && ["DataTable", "DataTableRecord"].contains(&resource_type)
            && self.may_not_change_primary_values(who, about)
        {
            return false;
        }
        // Rule 10: "`ManageValues` and `EditExpressionValues` are about records; asked on a DataTable they are asked on
        // a record without attributes of that table."
        let is_record = resource_type == "DataTableRecord"
            || ["DataTables.ManageValues", "DataTables.EditExpressionValues"].contains(&action);
        if is_record {
            return self.record(who, action, about);
        }
        self.any_profile_grants(who, action, resource_type, about, &|_| true)
    }

    /// Rule 2: "Profiles are OR". `also` is a further condition on the scope of a profile.
    pub(super) fn any_profile_grants(
        &self,
        who: &Who<'_>,
        action: &str,
        resource_type: &str,
        about: &About,
        also: &dyn Fn(&SecurityProfile) -> bool,
    ) -> bool {
        if self.unknown_profile_grants(who) {
            return true;
        }
        let has_in_scope =
            |profile: &SecurityProfile| self.in_scope(who, profile, resource_type, action, about) && also(profile);
        for profile in &who.profiles {
            if holds(profile, action) && has_in_scope(profile) {
                return true;
            }
        }
        if !self.open("Q2") {
            return false;
        }
        // Q2, lenient: "some assigned profile holds the action and some assigned profile that holds any permission of
        // the type has the resource in scope".
        let held = who.profiles.iter().any(|profile| holds(profile, action));
        let in_scope =
            who.profiles.iter().any(|profile| holds_any_of_type(profile, resource_type) && has_in_scope(profile));
        held && in_scope
    }

    /// Rule 12.
    pub(super) fn own(
        &self,
        who: &Who<'_>,
        action: &str,
        resource_type: &str,
        about: &About,
    ) -> Result<bool, Malformed> {
        let is_own = match about {
            About::One(_) => self.is_named_by(who, self.q.resource.owner_id)?,
            About::Some => true,
            About::Every | About::Nothing => false,
        };
        if !is_own || !self.holds_anywhere(who, action) {
            return Ok(false);
        }
        // Q13: "strict, rules 4 to 7 apply to one's own too; lenient, one's own is never restricted."
        Ok(self.open("Q13") || self.any_profile_grants(who, action, resource_type, about, &|_| true))
    }
}
