//! Rules 4, 5 and 7: what a profile restricts, and whether a resource is in its scope.

use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Id, Kind};

use super::super::vocabulary::{DOCUMENTED, holds, names_a_type, restricts, view_of};
use super::resource::{About, Part};
use super::{Eval, Who};

/// The effect of one restriction of a profile on a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// The profile does not restrict the type.
    Unrestricted,
    InScope,
    OutOfScope,
}

use Effect::{InScope, OutOfScope, Unrestricted};

impl From<bool> for Effect {
    fn from(is_in_scope: bool) -> Self {
        if is_in_scope { InScope } else { OutOfScope }
    }
}

impl Eval<'_> {
    /// Q10: whether restrictions bind the principal.
    pub(super) fn restrictions_bind(&self, who: &Who<'_>) -> bool {
        !(who.is_agent && self.open("Q10"))
    }

    /// Unknown restrictions of a profile: "in the strict reading nothing of any type and no record is in its scope".
    pub(super) fn hides_all(&self, who: &Who<'_>, profile: &SecurityProfile) -> bool {
        self.unknown.restrictions.contains(&profile.id) && !self.unknown_grants() && self.restrictions_bind(who)
    }

    /// Rule 4.
    pub(super) fn by_tag(
        &self,
        who: &Who<'_>,
        profile: &SecurityProfile,
        resource_type: &str,
        about: &About,
    ) -> Effect {
        if !self.restrictions_bind(who) {
            return Unrestricted;
        }
        if self.hides_all(who, profile) {
            return OutOfScope;
        }
        if !self.restricts_by_tag(profile, resource_type) {
            return Unrestricted;
        }
        // Q3: "no tags in the profile: strict, nothing is in scope; lenient, the type is not restricted."
        if profile.allowed_access_control_tags.is_empty() {
            return if self.open("Q3") { Unrestricted } else { OutOfScope };
        }
        match about {
            About::Every | About::Nothing => OutOfScope,
            About::Some => InScope,
            About::One(facts) => match &facts.tags {
                Part::Unknown => self.unknown_grants().into(),
                Part::Known(tags) => {
                    let mut all = true;
                    for (key, value) in &profile.allowed_access_control_tags {
                        all &= tags.get(key) == Some(value);
                    }
                    all.into()
                }
            },
        }
    }

    /// Section 3, restricted types.
    fn restricts_by_tag(&self, profile: &SecurityProfile, resource_type: &str) -> bool {
        let names = &profile.tag_restricted_resources;
        if names.iter().any(|name| restricts(name, resource_type)) {
            return true;
        }
        // Q1: "a string that names none: strict, every type but the four documented ones counts as restricted by this
        // profile's tags; lenient, ignored."
        let names_nothing = names.iter().any(|name| !names_a_type(name));
        names_nothing && !DOCUMENTED.contains(&resource_type) && !self.open("Q1")
    }

    /// Rule 5.
    pub(super) fn by_hierarchy(
        &self,
        who: &Who<'_>,
        profile: &SecurityProfile,
        resource_type: &str,
        about: &About,
    ) -> Effect {
        // "`HierarchyRestrictedResources` knows only `User`."
        if !self.restrictions_bind(who) || resource_type != "User" {
            return Unrestricted;
        }
        if self.hides_all(who, profile) {
            return OutOfScope;
        }
        if !profile.hierarchy_restricted_resources.iter().any(|name| name == "User") {
            return Unrestricted;
        }
        let group = profile.allowed_access_control_hierarchy_group_id.as_ref().map(Id::to_string);
        match group.filter(|id| !id.is_empty()) {
            Some(group) => self.below(&group, about),
            None => self.below_own_group(who, about),
        }
    }

    /// Rule 5 with the caller's own group.
    pub(super) fn below_own_group(&self, who: &Who<'_>, about: &About) -> Effect {
        match &who.group {
            Some(group) => self.below(group, about),
            // Q10: "own-group mode: Q4 strict".
            None if who.is_agent => OutOfScope,
            // Q4: "the caller's own group is needed and there is none: strict, nothing is in scope; lenient, not
            // restricted."
            None if self.open("Q4") => Unrestricted,
            None => OutOfScope,
        }
    }

    fn below(&self, group: &str, about: &About) -> Effect {
        match about {
            About::Every | About::Nothing => OutOfScope,
            About::Some => InScope,
            About::One(facts) => match &facts.group {
                Part::Unknown => (self.unknown_grants() && self.may_contain(group)).into(),
                // Q5: "the resource has no group: strict, out; lenient, in."
                Part::Known(None) => self.open("Q5").into(),
                Part::Known(Some(of_resource)) => self.is_below(of_resource, group).into(),
            },
        }
    }

    /// Whether a resource of an unknown group, or of none, may be in scope of a group.
    fn may_contain(&self, group: &str) -> bool {
        self.open("Q5")
            || self.may_have_unknown(Kind::HierarchyGroup)
            || self.stored(Kind::HierarchyGroup, group).is_some()
    }

    /// "The resource's group is the profile's […], or one below it at any depth. […] A group that does not exist
    /// contains nothing."
    fn is_below(&self, group: &str, above: &str) -> bool {
        let path = self.path_of(group);
        let exists = |id: &String| self.stored(Kind::HierarchyGroup, id).is_some();
        let above = above.to_owned();
        if exists(&path[0]) && exists(&above) && path.contains(&above) {
            return true;
        }
        // "A missing hierarchy group may be anywhere in the hierarchy", and so may a group with a missing one above it.
        let is_incomplete = !path.iter().all(exists) || !self.path_of(&above).iter().all(exists);
        self.may_have_unknown(Kind::HierarchyGroup) && is_incomplete && self.unknown_grants()
    }

    /// A group and those above it.
    fn path_of(&self, group: &str) -> Vec<String> {
        let mut path = vec![group.to_owned()];
        for it in self.d.hierarchy_groups.values() {
            if it.id.to_string() == group {
                path.extend(it.ancestors.iter().map(Id::to_string));
            }
        }
        path
    }

    /// Rule 7.
    fn may_view(&self, who: &Who<'_>, profile: &SecurityProfile, resource_type: &str, action: &str) -> bool {
        // Rule 12: "for MyCases, View is then `MyCases.View`"; for the other items of one's own there is none.
        let view = if action.starts_with("MyCases.") { Some("MyCases.View") } else { view_of(resource_type) };
        let Some(view) = view else { return true };
        // Q6: "strict: by the same profile; lenient: by any assigned one."
        holds(profile, view) || self.open("Q6") && who.profiles.iter().any(|other| holds(other, view))
    }

    /// Rules 4 to 7: whether the resource is in the scope of the profile.
    pub(super) fn in_scope(
        &self,
        who: &Who<'_>,
        profile: &SecurityProfile,
        resource_type: &str,
        action: &str,
        about: &About,
    ) -> bool {
        let by_tag = self.by_tag(who, profile, resource_type, about);
        let by_hierarchy = self.by_hierarchy(who, profile, resource_type, about);
        // Rule 6: "Tags and hierarchy of the same profile must both hold."
        if by_tag == OutOfScope || by_hierarchy == OutOfScope {
            return false;
        }
        let restricts_the_type = by_tag != Unrestricted || by_hierarchy != Unrestricted;
        !restricts_the_type || self.may_view(who, profile, resource_type, action)
    }
}
