//! The configuration in the form that the rules use: permissions as numbers, users by class.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use lanyard_engine::{Compiled, DOCUMENTED, implied};
use lanyard_model::catalogue::{Catalogue, ResourceType, acts_on};
use lanyard_model::resources::{SecurityProfile, User};
use lanyard_model::{Directory, Id, Key, Kind, Resource, StreamId, into_shown};

use super::bits::Bits;
use super::declared::Declared;
use super::finding::{Finding, Subject};
use super::rule::{Rule, Severity};
use crate::{Configuration, Place};

/// The maximum number of names in a sentence.
const NAMED: usize = 3;

/// The configuration in the form that the rules use.
pub(super) struct Context<'a> {
    pub(super) configuration: &'a Configuration,
    pub(super) directory: &'a Directory,
    pub(super) compiled: &'a Compiled,
    pub(super) catalogue: &'a Catalogue,
    pub(super) declared: &'a Declared,
    pub(super) profiles: Vec<Profile<'a>>,
    numbers: HashMap<Id, usize>,
    pub(super) classes: Vec<Class<'a>>,
    permissions: Vec<Permission<'a>>,
    named: HashMap<&'a str, usize>,
}

/// A permission that some profile holds.
pub(super) struct Permission<'a> {
    pub(super) name: &'a str,
    /// The type that restrictions by tag and hierarchy apply to, if any.
    pub(super) restrictable: Option<ResourceType>,
    /// Whether the permission takes something away.
    pub(super) takes_away: bool,
}

/// A security profile.
pub(super) struct Profile<'a> {
    pub(super) number: usize,
    pub(super) source: &'a Arc<SecurityProfile>,
    /// The permissions it holds, implied ones included.
    pub(super) held: Bits,
    /// Those of them that it grants without any restriction of its own.
    pub(super) free: Bits,
    /// The types it restricts by tag.
    tagged: Vec<ResourceType>,
    /// Whether one of its restricted types has an unknown name, so that it may restrict any undocumented type.
    unnamed: bool,
    /// Whether it restricts users by hierarchy.
    pub(super) ranked: bool,
    /// Whether its restrictions are known.
    pub(super) restrictions_seen: bool,
    /// Whether all its permissions are known.
    pub(super) permissions_seen: bool,
    /// Whether its tools are known.
    pub(super) tools_seen: bool,
}

/// The users with the same profiles and the same hierarchy group.
pub(super) struct Class<'a> {
    /// The profiles' numbers, in order.
    pub(super) profiles: Vec<usize>,
    pub(super) group: Option<&'a Id>,
    /// The users, by identifier; never empty.
    pub(super) users: Vec<&'a Arc<User>>,
}

impl Profile<'_> {
    /// Whether it restricts the type, by tag or by hierarchy.
    pub(super) fn restricts(&self, it: ResourceType) -> bool {
        self.tags(it) || (it == ResourceType::User && self.ranked)
    }

    /// Whether it restricts the type by tag.
    pub(super) fn tags(&self, it: ResourceType) -> bool {
        self.tagged.contains(&it)
    }

    /// Whether it certainly does not restrict the type.
    pub(super) fn leaves_free(&self, it: ResourceType) -> bool {
        let may = self.unnamed && !DOCUMENTED.contains(&it);
        self.restrictions_seen && !may && !self.restricts(it)
    }

    /// The types it restricts by tag or hierarchy, each once.
    pub(super) fn restricted_types(&self) -> impl Iterator<Item = ResourceType> {
        let ranked = self.ranked && !self.tags(ResourceType::User);
        self.tagged.iter().copied().chain(ranked.then_some(ResourceType::User))
    }

    /// The member that restricts the type.
    pub(super) fn restricting_member(&self, it: ResourceType) -> String {
        if !self.tags(it) {
            return format!("HierarchyRestrictedResources/{}", it.as_str());
        }
        let names = &self.source.tag_restricted_resources;
        let name = names.iter().find(|name| ResourceType::restricted_as(name).any(|named| named == it));
        format!("TagRestrictedResources/{}", name.map_or("", String::as_str))
    }
}

impl<'a> Context<'a> {
    pub(super) fn new(
        configuration: &'a Configuration,
        compiled: &'a Compiled,
        catalogue: &'a Catalogue,
        declared: &'a Declared,
    ) -> Self {
        let directory = &configuration.directory;
        let mut cx = Self {
            configuration,
            directory,
            compiled,
            catalogue,
            declared,
            profiles: Vec::new(),
            numbers: HashMap::new(),
            classes: Vec::new(),
            permissions: Vec::new(),
            named: HashMap::new(),
        };
        for source in directory.security_profiles.values() {
            let profile = cx.prepare(source);
            cx.numbers.insert(source.id.clone(), profile.number);
            cx.profiles.push(profile);
        }
        let mut classes: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for user in directory.users.values() {
            let mut profiles = cx.numbers(&user.security_profile_ids);
            profiles.sort_unstable();
            profiles.dedup();
            let group = user.hierarchy_group_id.as_ref().filter(|id| **id != Id::new(""));
            classes.entry((profiles, group)).or_default().push(user);
        }
        let class = |((profiles, group), users)| Class { profiles, group, users };
        cx.classes = classes.into_iter().map(class).collect();
        cx
    }

    fn prepare(&mut self, source: &'a Arc<SecurityProfile>) -> Profile<'a> {
        let unknown_parts = &self.configuration.unknown_parts;
        let mut profile = Profile {
            number: self.profiles.len(),
            source,
            held: Bits::default(),
            free: Bits::default(),
            tagged: Vec::new(),
            unnamed: false,
            ranked: source.hierarchy_restricted_resources.iter().any(|name| name == "User"),
            restrictions_seen: !unknown_parts.restrictions.contains(&source.id),
            permissions_seen: !unknown_parts.permissions.contains(&source.id),
            tools_seen: !unknown_parts.tools.contains(&source.id),
        };
        for name in &source.tag_restricted_resources {
            let types: Vec<_> = ResourceType::restricted_as(name).collect();
            profile.unnamed |= types.is_empty();
            let is_own = |it: &&ResourceType| **it != ResourceType::DataTableRecord || types.len() == 1;
            profile.tagged.extend(types.iter().filter(is_own));
        }
        profile.tagged.sort_unstable();
        profile.tagged.dedup();
        for name in source
            .permissions
            .iter()
            .flat_map(|name| std::iter::once(name.as_str()).chain(implied(name).iter().copied()))
        {
            let number = self.number(name);
            profile.held.add(number);
            let it = self.permissions.get(number).and_then(|permission| permission.restrictable);
            if it.is_none_or(|it| profile.leaves_free(it)) {
                profile.free.add(number);
            }
        }
        profile
    }

    /// The number of a permission, new or not.
    fn number(&mut self, name: &'a str) -> usize {
        if let Some(number) = self.named.get(name) {
            return *number;
        }
        let number = self.permissions.len();
        let main = acts_on(name).and_then(|(types, _)| types.first().copied());
        let untouched = name.starts_with("My") || main == Some(ResourceType::Contact);
        self.permissions.push(Permission {
            name,
            restrictable: main.filter(|_| !untouched),
            takes_away: self.catalogue.get(name).is_some_and(|it| it.flags().restricting),
        });
        self.named.insert(name, number);
        number
    }

    fn numbers(&self, ids: &[Id]) -> Vec<usize> {
        ids.iter().filter_map(|id| self.numbers.get(id).copied()).collect()
    }

    /// The profiles of these identifiers.
    pub(super) fn of_ids(&self, ids: &[Id]) -> Vec<&Profile<'a>> {
        self.of(&self.numbers(ids)).collect()
    }

    /// The profiles with these numbers.
    pub(super) fn of(&self, numbers: &[usize]) -> impl Iterator<Item = &Profile<'a>> + Clone {
        numbers.iter().filter_map(|number| self.profiles.get(*number))
    }

    pub(super) fn profile(&self, number: usize) -> Option<&Profile<'a>> {
        self.profiles.get(number)
    }

    pub(super) fn permission(&self, number: usize) -> Option<&Permission<'a>> {
        self.permissions.get(number)
    }

    /// The number of a permission that some profile holds.
    pub(super) fn numbered(&self, name: &str) -> Option<usize> {
        self.named.get(name).copied()
    }

    /// Whether the profile holds the permission, implied ones included.
    pub(super) fn holds(&self, profile: &Profile<'_>, name: &str) -> bool {
        self.numbered(name).is_some_and(|number| profile.held.has(number))
    }

    /// The permissions of a set, by name.
    pub(super) fn permission_names(&self, set: &Bits) -> Vec<&'a str> {
        let mut names: Vec<_> = set.iter().filter_map(|number| Some(self.permission(number)?.name)).collect();
        names.sort_unstable();
        names
    }

    /// The permissions that take something away.
    pub(super) fn taking_away(&self) -> Bits {
        let mut bits = Bits::default();
        let numbered = self.permissions.iter().enumerate();
        numbered.filter(|(_, permission)| permission.takes_away).for_each(|(number, _)| bits.add(number));
        bits
    }

    /// The permissions of a profile that act on the type and that restrictions of the type apply to.
    pub(super) fn on_type(&self, profile: &Profile<'_>, it: ResourceType) -> Vec<&'a str> {
        let is_on = |permission: &&Permission<'_>| permission.restrictable == Some(it);
        profile.held.iter().filter_map(|number| self.permission(number)).filter(is_on).map(|it| it.name).collect()
    }

    /// The identifier of the instance in questions; a placeholder where it is unknown.
    pub(super) fn instance(&self) -> String {
        match self.directory.stream() {
            StreamId::Instance(id) if *id != Id::new("") => id.to_string(),
            _ => "*".to_owned(),
        }
    }

    /// Whether there may be unknown resources of the kind.
    pub(super) fn is_unseen(&self, kind: Kind) -> bool {
        self.configuration.unknown_parts.kinds.contains(&kind)
    }

    pub(super) fn subject_of(&self, profile: &Profile<'_>) -> Subject {
        let key = Key { kind: Kind::SecurityProfile, id: profile.source.id.clone() };
        Subject { name: profile.source.name.clone(), key }
    }

    pub(super) fn subject(&self, resource: &Resource) -> Subject {
        let key = resource.key();
        let name = match resource {
            Resource::HierarchyGroup(group) => group.name.clone(),
            other => other.name().map_or_else(|| key.id.to_string(), str::to_owned),
        };
        Subject { name, key }
    }

    /// A finding about a profile and a member of it.
    pub(super) fn about(
        &self,
        rule: &'static Rule,
        profile: &Profile<'_>,
        member: impl Into<String>,
        message: String,
    ) -> Finding {
        self.finding(rule, self.subject_of(profile), member.into(), message)
    }

    pub(super) fn finding(&self, rule: &'static Rule, subject: Subject, member: String, message: String) -> Finding {
        let place = self.place(&subject.key, &member);
        Finding {
            rule,
            severity: rule.severity,
            subject,
            member,
            others: Vec::new(),
            users: Vec::new(),
            steps: Vec::new(),
            place,
            message: into_shown(message),
            remedy: rule.remedy.to_owned(),
        }
    }

    /// The place of a member. Some formats have other names for it.
    fn place(&self, key: &Key, member: &str) -> Option<Place> {
        let places = &self.configuration.places;
        let whole = places.find(key, "");
        let (name, rest) = member.find('/').map_or((member, ""), |at| member.split_at(at));
        let names = match name {
            "AllowedAccessControlHierarchyGroupId" => [name, "AllowedAccessControlHierarchyGroup"],
            "AllowedAIAgents" => [name, "AllowedAiAgents"],
            "GranularAccessControlConfiguration" => [name, "PrimaryAttributeValues"],
            "SecurityProfileIds" => ["SecurityProfileArns", "SecurityProfiles"],
            name => [name, name],
        };
        let candidates = names.iter().map(|name| places.find(key, &format!("{name}{rest}")));
        candidates.flatten().find(|place| Some(*place) != whole).or(whole).cloned()
    }

    /// The unknown parts of the configuration, a sentence each.
    pub(super) fn not_seen(&self) -> Vec<String> {
        let unknown_parts = &self.configuration.unknown_parts;
        let mut sentences = Vec::new();
        let named = |ids: &std::collections::BTreeSet<Id>| {
            let named = self.of_ids(&ids.iter().cloned().collect::<Vec<_>>());
            let names: Vec<_> = named.iter().map(|profile| profile.source.name.as_str()).collect();
            list(&names)
        };
        if !unknown_parts.restrictions.is_empty() {
            sentences.push(format!(
                "the restrictions of {} are unknown, so rules about a missing restriction were not applied to it",
                named(&unknown_parts.restrictions)
            ));
        }
        if !unknown_parts.tools.is_empty() {
            sentences.push(format!(
                "the applications, flow modules and AI agents of {} are unknown",
                named(&unknown_parts.tools)
            ));
        }
        if !unknown_parts.kinds.is_empty() {
            let kinds: Vec<_> = unknown_parts.kinds.iter().map(|kind| kind.noun()).collect();
            sentences.push(format!(
                "there may be unknown resources of these kinds, so rules about missing resources were not applied: {}",
                kinds.join(", ")
            ));
        }
        // Unknown permissions and tags have notes with their places. Names and notes come from files.
        sentences.extend(unknown_parts.notes.iter().cloned());
        sentences.into_iter().map(into_shown).collect()
    }

    /// Users in a sentence: their number, and the names of the first.
    pub(super) fn people(&self, users: &[Id]) -> String {
        let names: Vec<_> = users
            .iter()
            .take(NAMED)
            .filter_map(|id| self.directory.users.get(id))
            .map(|user| user.username.as_str())
            .collect();
        let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
        match users.len() {
            0 => "nobody".to_owned(),
            1 => format!("the user {}", quoted.join("")),
            count if count <= NAMED => format!("{count} users ({})", quoted.join(", ")),
            count => format!("{count} users ({} and {} more)", quoted.join(", "), count - names.len()),
        }
    }

    /// Profiles in a sentence.
    pub(super) fn profile_names(&self, numbers: impl IntoIterator<Item = usize>) -> String {
        let names: Vec<_> =
            numbers.into_iter().filter_map(|number| self.profile(number)).map(|it| it.source.name.as_str()).collect();
        list(&names)
    }
}

impl Finding {
    /// The finding with a lower severity.
    pub(super) fn only(mut self, severity: Severity) -> Self {
        self.severity = self.severity.min(severity);
        self
    }

    /// The finding with other profiles that take part.
    pub(super) fn with(mut self, cx: &Context<'_>, others: impl IntoIterator<Item = usize>) -> Self {
        let others = others.into_iter().filter_map(|number| cx.profile(number)).map(|profile| cx.subject_of(profile));
        self.others.extend(others);
        self.others.sort();
        self
    }

    /// The finding with the users that it concerns.
    pub(super) fn of(mut self, users: Vec<Id>) -> Self {
        self.users = users;
        self
    }
}

/// Names in a sentence: the first few, and how many more.
pub(super) fn list<S: AsRef<str>>(names: &[S]) -> String {
    let quoted: Vec<_> = names.iter().take(NAMED).map(|name| format!("`{}`", name.as_ref())).collect();
    match (names.len(), quoted.split_last()) {
        (count, _) if count > NAMED => format!("{} and {} more", quoted.join(", "), count - NAMED),
        (_, Some((last, others))) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => quoted.join(""),
    }
}

/// Users grouped by a common property.
pub(super) struct Gathered<K>(BTreeMap<K, (Bits, Vec<Id>)>);

impl<K: Ord> Default for Gathered<K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord> Gathered<K> {
    /// Adds the users of a class to the property, with the other profiles that take part.
    pub(super) fn note(&mut self, key: K, others: impl IntoIterator<Item = usize>, class: &Class<'_>) {
        let (all, users) = self.0.entry(key).or_default();
        others.into_iter().for_each(|number| all.add(number));
        users.extend(class.users.iter().map(|user| user.id.clone()));
    }

    /// The groups: the other profiles, and the users in the order of their identifiers.
    pub(super) fn each(self) -> impl Iterator<Item = (K, Vec<usize>, Vec<Id>)> {
        self.0.into_iter().map(|(key, (others, mut users))| {
            users.sort_unstable();
            users.dedup();
            (key, others.iter().collect(), users)
        })
    }
}

impl Context<'_> {
    /// For each profile for which `wants` is true: the profiles for which `has` is true that are the same or held by
    /// the same user, and the users who hold it with one of those. A profile with both is included even if nobody
    /// holds it.
    pub(super) fn held_with(
        &self,
        wants: impl Fn(&Profile<'_>) -> bool,
        has: impl Fn(&Profile<'_>) -> bool,
    ) -> Vec<(usize, Vec<usize>, Vec<Id>)> {
        let has: Vec<bool> = self.profiles.iter().map(has).collect();
        let wants: Vec<bool> = self.profiles.iter().map(wants).collect();
        let is = |list: &[bool], number: usize| list.get(number).copied().unwrap_or_default();
        let mut gathered = Gathered::default();
        for class in &self.classes {
            let having: Vec<_> = class.profiles.iter().copied().filter(|number| is(&has, *number)).collect();
            if having.is_empty() {
                continue;
            }
            for number in class.profiles.iter().copied().filter(|number| is(&wants, *number)) {
                gathered.note(number, having.iter().copied(), class);
            }
        }
        let mut all: Vec<_> = gathered.each().collect();
        for number in (0..self.profiles.len()).filter(|number| is(&wants, *number) && is(&has, *number)) {
            if all.binary_search_by_key(&number, |(wanting, ..)| *wanting).is_err() {
                let at = all.partition_point(|(wanting, ..)| *wanting < number);
                all.insert(at, (number, vec![number], Vec::new()));
            }
        }
        all
    }
}
