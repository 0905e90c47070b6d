//! Rule 9.

use super::super::vocabulary::{MY_DATA, holds, view_of};
use super::resource::About;
use super::scope::Effect::{InScope, Unrestricted};
use super::{Eval, Who};

impl Eval<'_> {
    pub(super) fn analytics(&self, who: &Who<'_>, action: &str, resource_type: &str, about: &About) -> bool {
        // "`AccessMetrics.DashboardsWithMyData.View`: User, and only the principal is in scope."
        let is_excluded = match about {
            About::One(facts) => who.is_agent || facts.id != who.id,
            About::Some => who.is_agent,
            About::Every | About::Nothing => true,
        };
        if action == MY_DATA && is_excluded {
            return false;
        }
        if self.unknown_profile_grants(who) {
            return true;
        }
        // "S = assigned profiles that hold the action and, if they restrict the type, the type's View permission too
        // (the same profile, in both readings)."
        let (mut all, mut both) = (Vec::new(), 0);
        for profile in &who.profiles {
            let tag = self.by_tag(who, profile, resource_type, about);
            let hierarchy = self.by_hierarchy(who, profile, resource_type, about);
            let restricts = tag != Unrestricted || hierarchy != Unrestricted;
            let views = view_of(resource_type).is_none_or(|view| holds(profile, view));
            if holds(profile, action) && (!restricts || views) {
                all.push((tag, hierarchy));
                // Unknown restrictions are not known to be both.
                both += usize::from(tag != Unrestricted && hierarchy != Unrestricted && !self.hides_all(who, profile));
            }
        }
        // "Empty: denied. One of S does not restrict the type: allowed."
        if all.is_empty() {
            return false;
        }
        if all.contains(&(Unrestricted, Unrestricted)) {
            return true;
        }
        // "Two profiles of S that each restrict the type by both: lenient allows."
        if both >= 2 && self.open("H16") {
            return true;
        }
        // "(No profile of S restricts it by tag, or one of those that do has the resource in scope by rule 4) AND (the
        // same with hierarchy and rule 5)." An unknown profile may restrict it by both.
        let may_be_restricted = self.unknown_profile_restricts(who) && self.restrictions_bind(who);
        let by_tag = all.iter().any(|(tag, _)| *tag == InScope)
            || !may_be_restricted && all.iter().all(|(tag, _)| *tag == Unrestricted);
        let by_hierarchy = all.iter().any(|(_, hierarchy)| *hierarchy == InScope)
            || !(may_be_restricted && resource_type == "User")
                && all.iter().all(|(_, hierarchy)| *hierarchy == Unrestricted);
        by_tag && by_hierarchy
    }
}
