//! The evaluation of one profile for one question: whether it counts at all, and whether the resource is in its scope.

use lanyard_model::catalogue::ResourceType;

use crate::ask::{Asker, Extent, Target};
use crate::compiled::{Compiled, Group};
use crate::permission_index::Permission;
use crate::profile::{Profile, Within};
use crate::reading::{OpenPoint, Reading};
use crate::tags::TagSet;
use crate::types::Type;
use crate::unknown_parts::MAYBE;

/// One permission, wanted by one principal on one resource, in one reading.
#[derive(Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) compiled: &'a Compiled,
    pub(crate) asker: Asker,
    pub(crate) permission: Permission<'a>,
    pub(crate) target: &'a Target<'a>,
    pub(crate) reading: Reading,
}

/// The effect of one restriction of a profile on a resource, or on a whole type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// The profile does not restrict the type in this way.
    Free,
    /// It does, and the resource is in scope.
    Within,
    /// It does, and the question is about the whole type.
    Partial,
    /// It does, and a tag is missing.
    TagMismatch,
    /// It does, and names no tags (Q3).
    NoTags,
    /// It does, and the resource's group is neither the one that counts nor below it.
    Outside,
    /// It does, by the caller's own group, and there is none (Q4).
    NoOwnGroup,
    /// It does, and the resource is in no group (Q5).
    NoGroup,
    /// Whether it restricts is unknown.
    Unknown,
}

impl Limit {
    /// Whether what the question is about is in scope.
    #[inline]
    pub(crate) fn lets(self, extent: Extent) -> bool {
        match extent {
            Extent::One => matches!(self, Self::Free | Self::Within),
            Extent::Some => !matches!(self, Self::NoTags | Self::NoOwnGroup | Self::Unknown),
            Extent::Every => self == Self::Free,
        }
    }
}

/// Both restrictions of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) tag: Limit,
    pub(crate) hierarchy: Limit,
}

impl Limits {
    #[inline]
    pub(crate) fn restrict(self) -> bool {
        self.tag != Limit::Free || self.hierarchy != Limit::Free
    }

    #[inline]
    pub(crate) fn let_in(self, extent: Extent) -> bool {
        self.tag.lets(extent) && self.hierarchy.lets(extent)
    }
}

impl<'a> Case<'a> {
    #[inline]
    pub(crate) fn grants(&self, point: OpenPoint) -> bool {
        self.reading.grants(point)
    }

    #[inline]
    pub(crate) fn profiles(&self) -> impl Iterator<Item = &'a Profile> + Clone {
        self.compiled.profiles(self.asker.class)
    }

    /// Whether any profile of the principal holds the permission.
    #[inline]
    pub(crate) fn holds(&self, permission: Permission<'_>) -> bool {
        self.profiles().any(|profile| profile.holds(permission))
    }

    /// Whether restrictions do not bind the principal (Q10).
    #[inline]
    pub(crate) fn is_unbound(&self) -> bool {
        self.asker.is_agent && self.grants(OpenPoint::Q10)
    }

    /// Rules 4 and 5: what the profile's restrictions make of the resource.
    #[inline]
    pub(crate) fn limits(&self, profile: &Profile, it: ResourceType) -> Limits {
        if self.is_unbound() {
            return Limits { tag: Limit::Free, hierarchy: Limit::Free };
        }
        if profile.restrictions_unknown && !self.grants(OpenPoint::Unseen) {
            let hierarchy = if it == ResourceType::User { Limit::Unknown } else { Limit::Free };
            return Limits { tag: Limit::Unknown, hierarchy };
        }
        let tagged = profile.tagged.has(it) || (profile.restricts_unnamed(it) && !self.grants(OpenPoint::Q1));
        let ranked = it == ResourceType::User && profile.within != Within::Unrestricted;
        Limits {
            tag: if tagged { self.by_tag(profile) } else { Limit::Free },
            hierarchy: if ranked { self.by_hierarchy(profile) } else { Limit::Free },
        }
    }

    #[inline]
    fn by_tag(&self, profile: &Profile) -> Limit {
        if profile.required == TagSet::NONE {
            return if self.grants(OpenPoint::Q3) { Limit::Free } else { Limit::NoTags };
        }
        if self.target.extent != Extent::One {
            return Limit::Partial;
        }
        let portable = match self.stored_tags() {
            _ if self.target.item == Some(MAYBE) => true,
            Some(tags) => self.carries(tags, profile.required),
            None if self.target.item.is_some() => self.grants(OpenPoint::Unseen),
            None => self.missing_tags(profile).next().is_none(),
        };
        if portable { Limit::Within } else { Limit::TagMismatch }
    }

    /// The tags that count for the target and that the instance stores: its own, or those of the table of a record,
    /// which may be unknown.
    #[inline]
    pub(crate) fn stored_tags(&self) -> Option<TagSet> {
        match self.target.item.and_then(|at| self.compiled.item(at)) {
            Some(item) => self.compiled.tags_of(item),
            None if self.target.it == Type::RECORD => self.compiled.tags_of_table(self.target.resource.named_table()?),
            None => None,
        }
    }

    #[inline]
    fn carries(&self, tags: TagSet, required: TagSet) -> bool {
        tags == required || {
            let tags = self.compiled.pairs(tags);
            self.compiled.pairs(required).iter().all(|pair| tags.contains(pair))
        }
    }

    /// The tags that the profile asks for and the question does not have.
    fn missing_tags(&self, profile: &'a Profile) -> impl Iterator<Item = (&'a str, &'a str)> {
        let tags = self.target.resource.tags;
        let required = profile.source.iter().flat_map(|source| &source.allowed_access_control_tags);
        required.map(|(key, value)| (key.as_str(), value.as_str())).filter(move |pair| !tags.contains(pair))
    }

    fn by_hierarchy(&self, profile: &Profile) -> Limit {
        let top = match profile.within {
            Within::Unrestricted => return Limit::Free,
            Within::Group(group) => Group::At(group),
            Within::Own if self.asker.group == Group::Nowhere => {
                // By Q10, where AI agents are bound, the lack of a group refuses.
                let free = self.grants(OpenPoint::Q4) && !self.asker.is_agent;
                return if free { Limit::Free } else { Limit::NoOwnGroup };
            }
            Within::Own => self.asker.group,
        };
        if self.target.extent != Extent::One {
            return Limit::Partial;
        }
        if self.target.item == Some(MAYBE) {
            return Limit::Within;
        }
        self.below(self.target_group(), top)
    }

    /// Rule 5: whether someone in the group `inner` is in scope of the group `top`.
    pub(crate) fn below(&self, inner: Group, top: Group) -> Limit {
        let within = match (inner, top) {
            (Group::Nowhere, _) if self.grants(OpenPoint::Q5) => true,
            (Group::Nowhere, _) => return Limit::NoGroup,
            (Group::At(inner), Group::At(top)) => self.compiled.is_within(inner, top),
            _ => false,
        };
        let within = within || (self.compiled.unknown_parts().is_some() && self.may_be_below(inner, top));
        if within { Limit::Within } else { Limit::Outside }
    }

    pub(crate) fn target_group(&self) -> Group {
        match self.target.item.and_then(|at| self.compiled.item(at)) {
            Some(item) => item.group,
            None => self.compiled.group_named(self.target.resource.hierarchy_group_id),
        }
    }

    /// Rule 7: whether the View permission that a restricting profile needs is held.
    #[inline]
    pub(crate) fn may_view(&self, profile: &Profile, limits: Limits, view: Option<Permission<'_>>) -> bool {
        let Some(view) = view else { return true };
        !limits.restrict() || profile.holds(view) || (self.grants(OpenPoint::Q6) && self.holds(view))
    }
}
