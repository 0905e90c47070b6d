//! A security profile, prepared for decisions: permissions as bits, implied ones included; restrictions as numbers.

use std::sync::Arc;

use lanyard_model::catalogue::ResourceType;
use lanyard_model::resources::SecurityProfile;

use crate::permission_index::{Held, Permission, PermissionIndex, implied};
use crate::tags::TagSet;
use crate::types::TypeSet;

/// The group whose people a profile shows, when it restricts by hierarchy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Within {
    /// It does not restrict by hierarchy.
    #[default]
    Unrestricted,
    /// Those of the caller's own group and below.
    Own,
    /// Those of this group and below.
    Group(u32),
}

/// A security profile, prepared for decisions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profile {
    pub(crate) held: Held,
    /// The permissions that have no place in the index, sorted.
    others: Arc<[Box<str>]>,
    /// The types of which it holds any permission.
    pub(crate) of_types: TypeSet,
    /// The types that it restricts by tag, by their names.
    pub(crate) tagged: TypeSet,
    /// A name among the restricted types names none, so that it may restrict any undocumented one (Q1).
    pub(crate) tags_unnamed: bool,
    /// The tags that a resource of a restricted type must carry.
    pub(crate) required: TagSet,
    /// The group whose people it shows.
    pub(crate) within: Within,
    /// It restricts the records of the data tables that have a primary attribute which an entry names.
    pub(crate) restricts_records: bool,
    /// Its restrictions are unknown.
    pub(crate) restrictions_unknown: bool,
    /// The profile itself; `None` for an unknown one.
    pub(crate) source: Option<Arc<SecurityProfile>>,
}

/// The types whose names in `TagRestrictedResources` are documented: a name that names no type never restricts these.
pub const DOCUMENTED: [ResourceType; 4] =
    [ResourceType::User, ResourceType::SecurityProfile, ResourceType::Queue, ResourceType::RoutingProfile];

impl Profile {
    /// An unknown profile.
    pub(crate) fn blank() -> Self {
        Self { restrictions_unknown: true, ..Self::default() }
    }

    /// Whether it is unknown.
    pub(crate) fn is_blank(&self) -> bool {
        self.source.is_none()
    }

    /// Prepares a profile whose tags and group have these numbers.
    pub(crate) fn new(
        permission_index: &PermissionIndex,
        source: &Arc<SecurityProfile>,
        required: TagSet,
        group: Option<u32>,
    ) -> Self {
        let mut profile = Self { required, ..Self::default() };
        let mut others = Vec::new();
        for name in
            source.permissions.iter().flat_map(|name| std::iter::once(&**name).chain(implied(name).iter().copied()))
        {
            profile.of_types.add_all(permission_index.types_of(name));
            match permission_index.place(name) {
                Some(place) => profile.held.add(place),
                None => others.push(Box::from(name)),
            }
        }
        others.sort_unstable();
        profile.others = others.into();
        for name in &source.tag_restricted_resources {
            let mut names_a_type = false;
            for it in ResourceType::restricted_as(name) {
                profile.tagged.add(it);
                names_a_type = true;
            }
            profile.tags_unnamed |= !names_a_type;
        }
        if source.hierarchy_restricted_resources.iter().any(|name| name == "User") {
            profile.within = group.map_or(Within::Own, Within::Group);
        }
        profile.restricts_records = !source.primary_attribute_values.is_empty();
        profile.source = Some(Arc::clone(source));
        profile
    }

    /// Lets it hold a permission too, with the implied ones.
    pub(crate) fn hold(&mut self, permission_index: &PermissionIndex, name: &str) {
        let mut others = self.others.to_vec();
        for name in std::iter::once(name).chain(implied(name).iter().copied()) {
            self.of_types.add_all(permission_index.types_of(name));
            match permission_index.place(name) {
                Some(place) => self.held.add(place),
                None => others.push(Box::from(name)),
            }
        }
        others.sort_unstable();
        self.others = others.into();
    }

    /// Whether it holds the permission, implied ones included.
    #[inline]
    pub(crate) fn holds(&self, permission: Permission<'_>) -> bool {
        match permission {
            Permission::At(place) => self.held.has(place),
            Permission::Named(name) => self.others.binary_search_by(|other| (**other).cmp(name)).is_ok(),
        }
    }

    /// The permissions it holds that have no place in the index.
    pub(crate) fn others(&self) -> impl Iterator<Item = &str> {
        self.others.iter().map(|name| &**name)
    }

    /// Whether it restricts a type by tag because a name among its restricted types names none (Q1).
    #[inline]
    pub(crate) fn restricts_unnamed(&self, it: ResourceType) -> bool {
        self.tags_unnamed && !DOCUMENTED.contains(&it)
    }
}
