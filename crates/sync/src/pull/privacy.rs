//! The personal data that a pull writes: no names, addresses or numbers, unless names are requested.
//!
//! A username becomes a pseudonym, which is the same for the same key and no valid username. So does the name of a
//! quick connect to a user. First and last names are omitted unless requested; addresses and numbers always.

use std::collections::BTreeMap;

use hmac::{Hmac, Mac};
use lanyard_model::Resource;
use lanyard_model::resources::{Destination, IdentityInfo, QuickConnect, User};
use lanyard_wire::shapes;
use sha2::Sha256;
use zeroize::Zeroizing;

/// The beginning of a pseudonym. A username has no `+` without an `@` after it.
const PSEUDONYM: &str = "person+";

/// The personal data that is written.
pub enum Privacy {
    /// Usernames, and first and last names.
    Names,
    /// Pseudonyms under a key.
    Pseudonyms(Zeroizing<String>),
}

/// Whether a username is a pseudonym.
pub fn is_pseudonym(name: &str) -> bool {
    name.starts_with(PSEUDONYM) && !name.contains('@')
}

impl Privacy {
    /// The name, or its pseudonym. Names that differ only in case name one person and have one pseudonym.
    #[must_use]
    pub fn name(&self, name: &str) -> String {
        match self {
            Self::Names => name.to_owned(),
            Self::Pseudonyms(key) => format!("{PSEUDONYM}{}", digest(key, &format!("name/{}", name.to_lowercase()))),
        }
    }

    /// A text that is equal for equal settings and keys, and does not reveal the key.
    pub fn fingerprint(&self) -> String {
        match self {
            Self::Names => "names".to_owned(),
            Self::Pseudonyms(key) => digest(key, "fingerprint"),
        }
    }

    /// The resource without the personal data that is not written.
    pub fn resource(&self, resource: Resource) -> Resource {
        match resource {
            Resource::User(user) => {
                let user = User::clone(&user);
                let identity_info = user.identity_info.filter(|_| matches!(self, Self::Names)).map(|info| {
                    let IdentityInfo { first_name, last_name, .. } = info;
                    IdentityInfo { first_name, last_name, ..IdentityInfo::default() }
                });
                User { username: self.name(&user.username), identity_info, ..user }.into()
            }
            Resource::QuickConnect(it) if matches!(it.destination, Destination::User { .. }) => {
                QuickConnect { name: self.name(&it.name), description: None, ..QuickConnect::clone(&it) }.into()
            }
            other => other,
        }
    }
}

/// The first 64 bits of the keyed hash, in hexadecimal digits, which are different for all users of a contact centre.
fn digest(key: &str, text: &str) -> String {
    // HMAC takes keys of every length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else { return String::new() };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// An answer with personal data.
pub(super) trait Scrub {
    fn scrub(&mut self, privacy: &Privacy);
}

/// Answers without personal data.
macro_rules! impersonal {
    ($($output:ident)*) => {$(
        impl Scrub for shapes::$output {
            fn scrub(&mut self, _: &Privacy) {}
        }
    )*};
}

impersonal! {
    DescribeInstanceResponse DescribeSecurityProfileResponse DescribeUserHierarchyStructureResponse
    ListEntitySecurityProfilesResponse ListInstancesResponse ListSecurityProfileAIAgentsResponse
    ListSecurityProfileApplicationsResponse ListSecurityProfileFlowModulesResponse
    ListSecurityProfilePermissionsResponse ListSecurityProfilesResponse SearchDataTablesResponse
    SearchHoursOfOperationsResponse     SearchRoutingProfilesResponse SearchUserHierarchyGroupsResponse
}

impl Scrub for shapes::ListUsersResponse {
    fn scrub(&mut self, privacy: &Privacy) {
        for user in self.user_summary_list.iter_mut().flatten() {
            user.username = user.username.as_deref().map(|name| privacy.name(name));
        }
    }
}

impl Scrub for shapes::SearchUsersResponse {
    fn scrub(&mut self, privacy: &Privacy) {
        for user in self.users.iter_mut().flatten() {
            *user = shapes::UserSearchSummary {
                id: user.id.take(),
                arn: user.arn.take(),
                username: user.username.as_deref().map(|name| privacy.name(name)),
                identity_info: user.identity_info.take().filter(|_| matches!(privacy, Privacy::Names)),
                security_profile_ids: user.security_profile_ids.take(),
                routing_profile_id: user.routing_profile_id.take(),
                hierarchy_group_id: user.hierarchy_group_id.take(),
                tags: user.tags.take(),
                ..shapes::UserSearchSummary::default()
            };
        }
    }
}

impl Scrub for shapes::SearchQuickConnectsResponse {
    fn scrub(&mut self, privacy: &Privacy) {
        for it in self.quick_connects.iter_mut().flatten() {
            it.description = None;
            let Some(config) = &mut it.quick_connect_config else { continue };
            config.phone_config = None;
            if config.quick_connect_type == shapes::QuickConnectType::User {
                it.name = it.name.as_deref().map(|name| privacy.name(name));
            }
        }
    }
}

impl Scrub for shapes::SearchQueuesResponse {
    fn scrub(&mut self, _: &Privacy) {
        for queue in self.queues.iter_mut().flatten() {
            queue.outbound_caller_config = None;
            queue.outbound_email_config = None;
        }
    }
}

impl Scrub for shapes::SearchContactFlowModulesResponse {
    /// The content of a flow can have any text, and access does not depend on it.
    fn scrub(&mut self, _: &Privacy) {
        for module in self.contact_flow_modules.iter_mut().flatten() {
            module.content = None;
            module.settings = None;
        }
    }
}

/// Pseudonyms that two users share, which happens only where their names differ only in case.
pub(super) fn shared_names(resources: &[Resource]) -> Vec<String> {
    let mut holders: BTreeMap<String, usize> = BTreeMap::new();
    for resource in resources {
        if let Resource::User(user) = resource {
            *holders.entry(user.username.to_lowercase()).or_default() += 1;
        }
    }
    holders.into_iter().filter(|(_, count)| *count > 1).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn privacy(key: &str) -> Privacy {
        Privacy::Pseudonyms(Zeroizing::new(key.to_owned()))
    }

    #[test]
    fn a_pseudonym_is_the_same_under_the_same_key_alone() {
        let (one, other) = (privacy("key one"), privacy("key two"));
        assert_eq!(one.name("Alice"), privacy("key one").name("alice"));
        assert_ne!(one.name("alice"), other.name("alice"));
        assert_ne!(one.name("alice"), one.name("alicia"));
        assert!(!one.name("alice").contains("alice"));
        assert_eq!(Privacy::Names.name("Alice"), "Alice");
        assert_ne!(one.fingerprint(), other.fingerprint());
        assert!(!one.fingerprint().contains("key one"));
    }

    #[test]
    fn a_page_of_users_loses_what_is_personal() {
        let user = || shapes::UserSearchSummary {
            id: Some("u".into()),
            username: Some("alice".into()),
            identity_info: Some(shapes::UserIdentityInfoLite {
                first_name: Some("Alice".into()),
                last_name: Some("Adams".into()),
            }),
            phone_config: Some(shapes::UserPhoneConfig {
                desk_phone_number: Some("+15550100".into()),
                ..shapes::UserPhoneConfig::default()
            }),
            tags: Some([("Team".to_owned(), "Billing".to_owned())].into()),
            ..shapes::UserSearchSummary::default()
        };
        let scrubbed = |privacy: &Privacy| {
            let mut page = shapes::SearchUsersResponse { users: Some(vec![user()]), ..Default::default() };
            page.scrub(privacy);
            String::from_utf8(lanyard_wire::Output::to_body(&page)).unwrap()
        };
        let without = scrubbed(&privacy("k"));
        for gone in ["alice", "Alice", "Adams", "5550100"] {
            assert!(!without.contains(gone), "{without}");
        }
        assert!(without.contains(r#""Id":"u""#) && without.contains("Billing"));
        let with = scrubbed(&Privacy::Names);
        assert!(with.contains("alice") && with.contains("Adams") && !with.contains("5550100"), "{with}");
    }
}
