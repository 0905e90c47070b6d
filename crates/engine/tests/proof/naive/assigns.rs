//! Rule 15: creating needs no function of its own, since the question describes the new resource; assigning does.

use std::collections::BTreeMap;

use super::super::vocabulary::{covers, holds, view_of};
use super::resource::{About, Facts, Part, kind_of};
use super::scope::Effect::{InScope, Unrestricted};
use super::{Eval, Malformed, Who};

impl Eval<'_> {
    /// Whether everything that the action assigns may be assigned.
    pub(super) fn assigns(&self, who: &Who<'_>) -> Result<bool, Malformed> {
        for (resource_type, id) in self.q.assigns {
            if id.is_empty() || resource_type.is_empty() {
                return Err(Malformed);
            }
            if !self.may_assign(who, resource_type, id) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn may_assign(&self, who: &Who<'_>, resource_type: &str, id: &str) -> bool {
        let about = match kind_of(resource_type).map(|kind| (kind, self.stored(kind, id))) {
            Some((_, Some(resource))) => About::One(self.facts_of_stored(&resource)),
            Some((kind, None)) if self.may_have_unknown(kind) && self.unknown_grants() => {
                About::One(self.unknown_resource(id))
            }
            // "An id that does not exist is denied."
            Some((_, None)) => return false,
            // A kind that is not stored has no tags here.
            None => About::One(Facts {
                id: id.to_owned(),
                tags: Part::Known(BTreeMap::new()),
                group: Part::Known(None),
                row: None,
                may_not_exist: false,
            }),
        };
        if self.unknown_profile_grants(who) {
            return true;
        }
        // "What is assigned must be covered, or the View permission on its type be held; else denied."
        let view = view_of(resource_type);
        let is_viewer = |profile| view.is_some_and(|view| holds(profile, view));
        let mut is_covered = false;
        for profile in &who.profiles {
            is_covered |=
                is_viewer(profile) || profile.permissions.iter().any(|it| covers(it).contains(&resource_type));
        }
        if !is_covered {
            return false;
        }
        let may_be_restricted = self.unknown_profile_restricts(who) && self.restrictions_bind(who);
        // "By hierarchy, it must be in the caller's hierarchy scope, in both readings": the scope of one of the profiles
        // that restrict it, or everything where a profile that views the type does not restrict it.
        let effects: Vec<_> = who
            .profiles
            .iter()
            .map(|profile| (is_viewer(profile), self.by_hierarchy(who, profile, resource_type, &about)))
            .collect();
        let is_restricted =
            effects.iter().any(|(_, effect)| *effect != Unrestricted) || may_be_restricted && resource_type == "User";
        if is_restricted && !effects.iter().any(|(views, it)| *it == InScope || *views && *it == Unrestricted) {
            return false;
        }
        // Q12: "strict: it must be in scope (rule 4) of a profile that restricts the type, unless a profile that holds
        // View on the type does not restrict it; lenient: not asked."
        if self.open("Q12") {
            return true;
        }
        let effects: Vec<_> = who
            .profiles
            .iter()
            .map(|profile| (is_viewer(profile), self.by_tag(who, profile, resource_type, &about)))
            .collect();
        let is_restricted = effects.iter().any(|(_, effect)| *effect != Unrestricted) || may_be_restricted;
        !is_restricted || effects.iter().any(|(views, it)| *it == InScope || *views && *it == Unrestricted)
    }
}
