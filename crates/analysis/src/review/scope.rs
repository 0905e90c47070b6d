//! The scope of a grant.

use std::collections::BTreeMap;

use lanyard_engine::{ProfileReport, UnknownParts, VIEW_OWN_METRICS, implied};
use lanyard_model::catalogue::{ResourceType, acts_on};
use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Directory, Id};

use super::{GrantScope, ViewedContacts};

/// Whether a profile holds a permission, implied ones included.
pub(super) fn holds(profile: &SecurityProfile, permission: &str) -> bool {
    stored_as(profile, permission).next().is_some()
}

/// The permissions of a profile that give a permission, as it stores them.
pub(super) fn stored_as<'a>(profile: &'a SecurityProfile, permission: &'a str) -> impl Iterator<Item = &'a str> {
    let gives = move |name: &&str| *name == permission || implied(name).contains(&permission);
    profile.permissions.iter().map(String::as_str).filter(gives)
}

/// Whether a permission is about the principal's own only.
fn is_own(permission: &str) -> bool {
    let is_typed = || permission.starts_with("My") && acts_on(permission).is_some();
    permission == VIEW_OWN_METRICS || (is_typed() && permission != "MyContacts.View")
}

/// The scope of a grant of permissions on a type, by one profile of a principal that has all of these.
pub(super) fn scope(
    directory: &Directory,
    unknown_parts: &UnknownParts,
    paths: &BTreeMap<&Id, String>,
    it: ResourceType,
    permissions: &[&str],
    report: Option<&ProfileReport>,
    profiles: &[Id],
) -> GrantScope {
    let restrictions = report.and_then(|report| report.scope.clone());
    let group = restrictions.as_ref().and_then(|scope| scope.hierarchy_group_id.as_deref());
    let group = group.map(|id| paths.get(&Id::new(id)).cloned().unwrap_or_else(|| id.to_owned()));
    let is_unknown = match report {
        Some(report) => unknown_parts.restrictions.contains(&Id::new(&report.id)),
        None => true,
    };
    let contacts = (it == ResourceType::Contact).then(|| {
        let any = |permission: &str| {
            let all = profiles.iter().filter_map(|id| directory.security_profiles.get(id));
            all.into_iter().any(|profile| holds(profile, permission))
        };
        ViewedContacts {
            by_search: any("ContactSearch.View"),
            by_hierarchy: any("RestrictContactAccessByHierarchy.View"),
            own: any("MyContacts.View"),
        }
    });
    let own = !permissions.is_empty() && permissions.iter().all(|name| is_own(name));
    // Restrictions do not touch the instance and contacts.
    let is_unknown = is_unknown && !matches!(it, ResourceType::Instance | ResourceType::Contact);
    GrantScope { restrictions, group, contacts, own, is_unknown }
}
