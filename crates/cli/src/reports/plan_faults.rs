//! The changes of a plan that cannot be made: those that no call of the API makes, and those whose calls the service
//! would refuse.
//!
//! Invariants: the names of resources in the messages are [`shown`], and a fault is one line.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use lanyard_analysis::calls::{calls, in_change_set};
use lanyard_analysis::{
    Configuration, Difference, Fate, Place, diff, is_provisional, name_of, name_of_key, provisional,
};
use lanyard_answers::text::counted;
use lanyard_model::resources::Instance;
use lanyard_model::visible::one_line;
use lanyard_model::{Change, Directory, Id, IdRef, Key, Kind, Resource, Scope, StreamId, into_shown, shown};
use lanyard_service::CallText;
use lanyard_service::trial::{Refused, trial};

use crate::failure::Failure;

/// A change that cannot be made.
pub(super) struct Fault {
    pub(super) key: Key,
    place: Option<Place>,
    name: String,
    message: String,
    /// Whether the API has no call for it; otherwise the service refuses the call.
    pub(super) is_inexpressible: bool,
    rank: u8,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, place, name, message, .. } = self;
        if let Some(place) = place {
            write!(f, "{place}: ")?;
        }
        write!(f, "{} `{}`: {}", key.kind.noun(), shown(name), one_line(message))
    }
}

/// The refusal of a plan with faults.
pub(super) fn refusal(faults: &[Fault]) -> Failure {
    let count = counted(faults.len(), "fault", "faults");
    let first = format!("the plan cannot be applied whole, so that there is none ({count}; --partial plans the rest):");
    Failure::Lines([first].into_iter().chain(faults.iter().map(|it| format!("  {it}"))).collect())
}

/// The faults of the changes between two states: renamed resources first, then in the order of the differences.
pub(super) fn faults(before: &Configuration, after: &Configuration, differences: &[Difference]) -> Vec<Fault> {
    let changes: Vec<Change> = differences.iter().map(|it| it.change.clone()).collect();
    if changes.is_empty() {
        return Vec::new();
    }
    let finder = Finder { before, after };
    let (mut faults, mut wrong) = (Vec::new(), BTreeSet::new());
    for (fault, present) in differences.iter().filter_map(|it| finder.wrong_identifier(it)) {
        wrong.extend([fault.key.clone(), present]);
        faults.push(fault);
    }
    let follows = |it: &&Difference| wrong.contains(&it.key()) || needs_any(it, &wrong, before);
    let follows: BTreeSet<Key> = differences.iter().filter(follows).map(Difference::key).collect();
    let mut rest: Vec<Change> = changes.into_iter().filter(|it| !follows.contains(&it.key())).collect();
    let (state, scope, instance) = trial_state(&before.directory);
    let made = match calls(&scope, &instance, &rest) {
        Ok(made) => made,
        Err(all) => {
            let keys: BTreeSet<Key> = all.iter().map(|it| it.key.clone()).collect();
            for it in all {
                let rank = u8::from(!finder.is_renamed(&it.key));
                let message = finder.with_hint(&it.key, it.what);
                faults.push(Fault { is_inexpressible: true, rank, ..finder.fault(it.key, message) });
            }
            rest.retain(|change| !keys.contains(&change.key()));
            calls(&scope, &instance, &rest).unwrap_or_default()
        }
    };
    let texts: Vec<CallText> = made.iter().filter_map(|it| serde_json::from_value(in_change_set(it)).ok()).collect();
    let refused = trial(&state, &scope, &instance, &texts);
    let mut names = None;
    for Refused { call, message, is_not_found } in refused {
        let Some(call) = made.get(call) else { continue };
        if is_not_found && finder.may_exist(&message) {
            continue;
        }
        let names = names.get_or_insert_with(|| finder.names(&made));
        let message = finder.with_hint(&call.resource, with_names(&message, names));
        faults.push(finder.fault(call.resource.clone(), message));
    }
    faults.sort_by_key(|it| it.rank);
    faults
}

/// The state without the faulty changes and without those that need what these would make, and the keys of all of them.
pub(super) fn without_faults(
    before: &Configuration,
    after: Configuration,
    mut differences: Vec<Difference>,
    mut faults: Vec<Fault>,
) -> (Configuration, Vec<Difference>, Vec<Fault>) {
    let mut left_out: Vec<Fault> = Vec::new();
    let mut keys: BTreeSet<Key> = BTreeSet::new();
    let mut state = after;
    while !faults.is_empty() {
        keys.extend(faults.iter().map(|it| it.key.clone()));
        left_out.append(&mut faults);
        loop {
            let dependent: Vec<&Difference> =
                differences.iter().filter(|it| !keys.contains(&it.key()) && needs_any(it, &keys, before)).collect();
            let finder = Finder { before, after: &state };
            let dependent: Vec<Fault> = dependent
                .iter()
                .map(|it| finder.fault(it.key(), "it needs a change that cannot be made".to_owned()))
                .collect();
            if dependent.is_empty() {
                break;
            }
            keys.extend(dependent.iter().map(|it| it.key.clone()));
            left_out.extend(dependent);
        }
        state = Configuration { directory: kept(&before.directory, &state.directory, &differences, &keys), ..state };
        differences = diff(&before.directory, &state.directory);
        faults = self::faults(before, &state, &differences);
    }
    (state, differences, left_out)
}

/// Whether a change refers to a resource that one of the left-out changes would have made.
fn needs_any(difference: &Difference, keys: &BTreeSet<Key>, before: &Configuration) -> bool {
    let mut needs = false;
    if let Some(after) = difference.change.after() {
        after.references(&mut |target| {
            needs |= keys.contains(&target) && before.directory.get(target.kind, &target.id).is_none();
        });
    }
    needs
}

/// The state after all changes but the left-out ones.
fn kept(before: &Directory, after: &Directory, differences: &[Difference], left_out: &BTreeSet<Key>) -> Directory {
    let mut resources: BTreeMap<Key, Resource> = before.iter().map(|it| (it.key(), it)).collect();
    for change in differences.iter().map(|it| &it.change).filter(|it| !left_out.contains(&it.key())) {
        match change.after() {
            Some(after) => resources.insert(change.key(), after.clone()),
            None => resources.remove(&change.key()),
        };
    }
    Directory::load(after.stream().clone(), after.revision(), after.time(), resources.into_values())
}

/// The present state with an instance, which files may lack.
fn trial_state(before: &Directory) -> (Directory, Scope, Id) {
    if let Some(instance) = before.instances.values().next() {
        return (before.clone(), instance.scope(), instance.id.clone());
    }
    let scope = Scope { account: "000000000000".to_owned(), region: "us-east-1".to_owned() };
    let id = match before.stream() {
        StreamId::Instance(id) if matches!(id.as_ref(), IdRef::Uuid(_)) => id.clone(),
        _ => Id::from_uuid(1),
    };
    let instance = Instance {
        id: id.clone(),
        account: scope.account.clone(),
        region: scope.region.clone(),
        alias: None,
        identity_management_type: "CONNECT_MANAGED".to_owned(),
        created: before.time(),
        attributes: Default::default(),
        directory_id: None,
        tags: Default::default(),
    };
    let resources = before.iter().chain([instance.into()]);
    (Directory::load(StreamId::Instance(id.clone()), before.revision(), before.time(), resources), scope, id)
}

struct Finder<'a> {
    before: &'a Configuration,
    after: &'a Configuration,
}

impl Finder<'_> {
    fn fault(&self, key: Key, message: String) -> Fault {
        let of = if self.after.directory.get(key.kind, &key.id).is_some() { self.after } else { self.before };
        let name = name_of_key(&of.directory, &key);
        let member = message.strip_prefix("member `").map(file_member).unwrap_or_default();
        let described = Key { kind: key.kind, id: provisional(key.kind, &name) };
        let places = &self.after.places;
        let place = places.find(&key, &member).or_else(|| places.find(&described, &member)).cloned();
        Fault { key, place, name, message, is_inexpressible: false, rank: 2 }
    }

    /// Whether the change gives the resource another name.
    fn is_renamed(&self, key: &Key) -> bool {
        let name = |of: &Configuration| of.directory.get(key.kind, &key.id).and_then(|it| it.name().map(str::to_owned));
        matches!((name(self.before), name(self.after)), (Some(old), Some(new)) if old != new)
    }

    /// A resource that is to be created under an identifier, while the instance has one of the same name under another.
    /// The fault, and the present resource.
    fn wrong_identifier(&self, difference: &Difference) -> Option<(Fault, Key)> {
        let key = difference.key();
        if difference.fate() != Fate::Create || is_provisional(&key.id) || key.kind == Kind::AiAgent {
            return None;
        }
        let name = difference.change.after()?.name()?;
        let present = self.before.directory.find_name(key.kind, name)?;
        let message = format!(
            "the file has the `Id` `{}`, and the instance's {} of this name has `{present}`; write that one, or leave `Id` out",
            key.id,
            key.kind.noun()
        );
        let mut fault = self.fault(key.clone(), message);
        fault.place = self.after.places.find(&key, "Id").cloned();
        Some((Fault { rank: 0, ..fault }, Key { kind: key.kind, id: present.clone() }))
    }

    /// The message with the likely reason, where another difference shows one.
    fn with_hint(&self, key: &Key, message: String) -> String {
        let resource = |of: &Configuration| of.directory.get(key.kind, &key.id);
        match (resource(self.before), resource(self.after)) {
            (Some(_), Some(after)) if self.is_renamed(key) => {
                let other = after.name().and_then(|name| self.before.directory.find_name(key.kind, name));
                match other.filter(|other| **other != key.id) {
                    Some(other) => format!(
                        "{message}; the instance has another {} of that name, with the `Id` `{other}`: were two exchanged?",
                        key.kind.noun()
                    ),
                    None => message,
                }
            }
            (Some(Resource::SecurityProfile(gone)), None) => {
                let is_new = |it: &&std::sync::Arc<lanyard_model::resources::SecurityProfile>| {
                    !self.before.directory.security_profiles.contains_key(&it.id) && it.permissions == gone.permissions
                };
                match self.after.directory.security_profiles.values().find(is_new) {
                    Some(new) => format!(
                        "{message}; the new profile `{}` has the same permissions: the API cannot rename a profile, so give it \
                         to the holders first and delete the other one in a later plan",
                        shown(&new.name)
                    ),
                    None => message,
                }
            }
            _ => message,
        }
    }

    /// Whether the present state may have what the service does not find, because the kind was not read.
    fn may_exist(&self, message: &str) -> bool {
        let unknown = &self.before.unknown_parts.kinds;
        unknown.iter().any(|kind| message.contains(&format!("there is no {} `", kind.noun())))
    }

    /// The names of resources by identifier, and by the placeholder of the identifier.
    fn names(&self, made: &[lanyard_analysis::calls::Call]) -> HashMap<String, String> {
        let mut names = HashMap::new();
        for directory in [&self.before.directory, &self.after.directory] {
            names.extend(directory.iter().map(|it| (it.id().to_string(), into_shown(name_of(directory, &it)))));
        }
        for call in made {
            let name = into_shown(name_of_key(&self.after.directory, &call.resource));
            names.extend(call.makes.keys().map(|placeholder| (placeholder.clone(), name.clone())));
        }
        names
    }
}

/// The member of a file with the member of the API at the beginning of a text.
fn file_member(text: &str) -> String {
    let end = text.find(['`', '.', '[']).unwrap_or(text.len());
    match text.get(..end).unwrap_or_default() {
        "AllowedAIAgents" => "AllowedAiAgents",
        "AllowedAccessControlHierarchyGroupId" => "AllowedAccessControlHierarchyGroup",
        "GranularAccessControlConfiguration" => "PrimaryAttributeValues",
        "SecurityProfileIds" => "SecurityProfiles",
        "HierarchyGroupId" => "HierarchyGroup",
        "RoutingProfileId" => "RoutingProfile",
        "Name" => "SecurityProfileName",
        member => member,
    }
    .to_owned()
}

/// The message with names, which are [`shown`], in place of identifiers.
fn with_names(message: &str, names: &HashMap<String, String>) -> String {
    let mut parts = message.split('`');
    let mut text = parts.next().unwrap_or_default().to_owned();
    let mut is_quoted = true;
    for part in parts {
        text.push('`');
        text.push_str(if is_quoted { names.get(part).map_or(part, String::as_str) } else { part });
        is_quoted = !is_quoted;
    }
    text
}
