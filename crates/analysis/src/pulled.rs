//! The record of a pull: what the instance had when its files were written, as digests. A later plan tells by it the edits of
//! the files from the changes of the instance.
//!
//! Invariants: a resource that only the instance changed stays as the instance has it; a resource that both changed
//! differently is a conflict and never decided silently.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_model::resources::{IdentityInfo, QuickConnect, User};
use lanyard_model::{Change, Directory, Id, Key, Resource};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{Configuration, PORTABLE_KINDS, name_of_key, portable, provisional};

/// The value of the member `format` of every record.
const FORMAT: &str = "lanyard-pulled";
/// The version of the format that is written, and the only one that can be read.
const VERSION: u32 = 1;
/// The length of a digest, in bytes of the SHA-256.
const BYTES: usize = 8;

/// The record of a pull.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PulledRecord {
    format: String,
    version: u32,
    /// The instance.
    pub instance: Id,
    /// The revision of the instance, where the source has revisions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u64>,
    /// Whether people have their names in the files, and not pseudonyms.
    names: bool,
    /// The kinds of which every resource was read, by name.
    kinds: BTreeSet<String>,
    /// The security profiles of which parts could not be read. They have no digest.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    partly_known: BTreeSet<String>,
    /// The digest of each resource, by kind and identifier.
    resources: BTreeMap<String, BTreeMap<String, String>>,
}

/// The side that decides on a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// The resource becomes as the files have it.
    Files,
    /// The resource stays as the instance has it.
    Present,
}

/// The result of a three-way comparison.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The planned state.
    pub after: Configuration,
    /// The resources that only the instance changed since the pull, and that stay.
    pub kept: Vec<Key>,
    /// The resources that the files and the instance changed differently. Without a decision they stay in the planned state
    /// as they are in the instance.
    pub conflicts: Vec<Key>,
    /// The resources that only the files changed.
    pub edited: Vec<Key>,
}

impl PulledRecord {
    /// The record of a state that was pulled. `names` says whether people have their names.
    #[must_use]
    pub fn of(pulled: &Configuration, instance: &Id, revision: Option<u64>, names: bool) -> Self {
        let unknown = &pulled.unknown_parts;
        let known = PORTABLE_KINDS.iter().filter(|kind| !unknown.kinds.contains(kind));
        let mut resources: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for resource in pulled.directory.iter() {
            let id = resource.id();
            if unknown.restrictions.contains(&id) || unknown.tools.contains(&id) {
                continue;
            }
            if let Some(digest) = digest(&resource, names) {
                resources.entry(resource.kind().name().to_owned()).or_default().insert(id.to_string(), digest);
            }
        }
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            instance: instance.clone(),
            revision,
            names,
            kinds: known.map(|kind| kind.name().to_owned()).collect(),
            partly_known: unknown.restrictions.union(&unknown.tools).map(Id::to_string).collect(),
            resources,
        }
    }

    /// The text of a file.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Reads the text of [`Self::to_text`].
    ///
    /// # Errors
    /// One sentence: the text is no record, or has another version.
    pub fn read(text: &str) -> Result<Self, String> {
        let record: Self =
            serde_json::from_str(text).map_err(|error| format!("this is no record of a pull: {error}"))?;
        match (record.format.as_str(), record.version) {
            (FORMAT, VERSION) => Ok(record),
            (FORMAT, version) => {
                Err(format!("this record has the format's version {version}, and this program reads version {VERSION}"))
            }
            (format, _) => Err(format!("`format` is `{format}` and not `{FORMAT}`")),
        }
    }

    /// The digest of the pulled resource; `Some(None)` where there was none, and `None` where that is not known.
    fn pulled(&self, key: &Key) -> Option<Option<&str>> {
        let kind = key.kind.name();
        let digest = self.resources.get(kind).and_then(|of_kind| of_kind.get(&key.id.to_string()));
        match digest {
            Some(digest) => Some(Some(digest)),
            None => (self.kinds.contains(kind) && !self.partly_known.contains(&key.id.to_string())).then_some(None),
        }
    }

    /// Whether the resource was created after the pull, as far as the record says.
    #[must_use]
    pub fn is_new(&self, key: &Key) -> bool {
        self.pulled(key) == Some(None)
    }

    /// Compares three states: the pulled one, the present one and the one that the files describe (`after`). A present
    /// resource that is as an earlier plan of the same files made it counts as pulled.
    #[must_use]
    pub fn merge(
        &self,
        before: &Configuration,
        after: Configuration,
        planned: &PlannedRecord,
        take: Option<Take>,
    ) -> Merged {
        let (mut kept, mut conflicts, mut edited) = (Vec::new(), Vec::new(), Vec::new());
        let mut resources: BTreeMap<Key, Resource> = after.directory.iter().map(|it| (it.key(), it)).collect();
        let keys: BTreeSet<Key> = resources.keys().cloned().chain(before.directory.iter().map(|it| it.key())).collect();
        for key in keys {
            let there = before.directory.get(key.kind, &key.id);
            if there.as_ref() == resources.get(&key) {
                continue;
            }
            let side = |resource: Option<&Resource>| resource.and_then(|it| digest(it, self.names));
            let (present, wanted) = (side(there.as_ref()), side(resources.get(&key)));
            let Some(pulled) = self.pulled(&key).filter(|_| present != wanted) else { continue };
            let is_planned = || planned.has(&key, &name_of_key(&before.directory, &key), present.as_deref());
            match (wanted.as_deref() == pulled, present.as_deref() == pulled || is_planned()) {
                (true, true) if present.as_deref() != pulled => {
                    // The files took back what an earlier plan made.
                    edited.push(key);
                    continue;
                }
                (true, _) => kept.push(key.clone()),
                (false, true) => {
                    edited.push(key);
                    continue;
                }
                (false, false) => {
                    conflicts.push(key.clone());
                    if take == Some(Take::Files) {
                        continue;
                    }
                }
            }
            match there {
                Some(there) => resources.insert(key, there),
                None => resources.remove(&key),
            };
        }
        let (stream, revision, time) =
            (after.directory.stream().clone(), after.directory.revision(), after.directory.time());
        let directory = Directory::load(stream, revision, time, resources.into_values());
        Merged { after: Configuration { directory, ..after }, kept, conflicts, edited }
    }
}

/// The states that earlier plans of the files were to make, as digests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedRecord {
    /// By kind and identifier, which is a provisional one for what a plan creates; the empty text is a deletion.
    resources: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
}

impl PlannedRecord {
    /// Adds the states after the changes of a plan, for the files of a record.
    pub fn add<'a>(&mut self, record: &PulledRecord, changes: impl IntoIterator<Item = &'a Change>) {
        for change in changes {
            let key = change.key();
            let digest = change.after().and_then(|it| digest(it, record.names)).unwrap_or_default();
            let of_kind = self.resources.entry(key.kind.name().to_owned()).or_default();
            of_kind.entry(key.id.to_string()).or_default().insert(digest);
        }
    }

    /// Whether a plan was to make the resource so.
    fn has(&self, key: &Key, name: &str, digest: Option<&str>) -> bool {
        let Some(of_kind) = self.resources.get(key.kind.name()) else { return false };
        let is = |id: &Id| of_kind.get(&id.to_string()).is_some_and(|all| all.contains(digest.unwrap_or_default()));
        is(&key.id) || is(&provisional(key.kind, name))
    }
}

/// The digest of the members that files have; `None` for a kind that files do not have.
fn digest(resource: &Resource, names: bool) -> Option<String> {
    let resource = match portable(resource)? {
        Resource::User(user) => {
            // Addresses and numbers are in no file. Pseudonyms are not compared with names.
            let info = user.identity_info.as_ref().filter(|_| names);
            let identity_info = info.map(|it| IdentityInfo {
                first_name: it.first_name.clone(),
                last_name: it.last_name.clone(),
                ..IdentityInfo::default()
            });
            let username = if names { user.username.clone() } else { String::new() };
            let identity_info = identity_info.filter(|it| *it != IdentityInfo::default());
            User { username, identity_info, ..User::clone(&user) }.into()
        }
        Resource::QuickConnect(it) if !names => QuickConnect { name: String::new(), ..QuickConnect::clone(&it) }.into(),
        other => other,
    };
    // A resource that a plan creates has another identifier afterwards.
    let id = resource.id().to_string();
    let hash = Sha256::digest(resource.to_json().ok()?.replace(&id, ""));
    Some(hash.iter().take(BYTES).map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use lanyard_model::resources::SecurityProfile;
    use lanyard_model::{Kind, StreamId, Timestamp};

    use super::*;

    fn state(profiles: &[(u128, &str)]) -> Configuration {
        let profile = |(id, permission): &(u128, &str)| {
            let mut it = SecurityProfile::named(Id::from_uuid(*id), &format!("p{id}"), Timestamp(7), "eu-west-2");
            it.permissions = vec![(*permission).to_owned()];
            Resource::from(it)
        };
        let stream = StreamId::Instance(Id::from_uuid(1));
        Configuration::whole(Directory::load(stream, 3, Timestamp(9), profiles.iter().map(profile)))
    }

    fn ids(keys: &[Key]) -> Vec<Id> {
        keys.iter().map(|key| key.id.clone()).collect()
    }

    #[test]
    fn each_side_keeps_its_own_changes() {
        let pulled = state(&[(2, "A.View"), (3, "A.View"), (4, "A.View"), (5, "A.View"), (6, "A.View")]);
        let record = PulledRecord::of(&pulled, &Id::from_uuid(1), Some(3), true);
        assert_eq!(PulledRecord::read(&record.to_text()), Ok(record.clone()));
        // The instance changed 2, deleted 4 and made 7; the files changed 3 and deleted 5; both changed 6.
        let present = state(&[(2, "B.View"), (3, "A.View"), (5, "A.View"), (6, "B.View"), (7, "B.View")]);
        let files = state(&[(2, "A.View"), (3, "C.View"), (4, "A.View"), (6, "C.View")]);
        let merged = record.merge(&present, files.clone(), &PlannedRecord::default(), None);
        assert_eq!(ids(&merged.kept), [2, 4, 7].map(Id::from_uuid));
        assert_eq!(ids(&merged.edited), [3, 5].map(Id::from_uuid));
        assert_eq!(ids(&merged.conflicts), [Id::from_uuid(6)]);
        let expected = state(&[(2, "B.View"), (3, "C.View"), (6, "B.View"), (7, "B.View")]);
        assert!(crate::diff(&merged.after.directory, &expected.directory).is_empty());
        let taken = record.merge(&present, files, &PlannedRecord::default(), Some(Take::Files)).after;
        let expected = state(&[(2, "B.View"), (3, "C.View"), (6, "C.View"), (7, "B.View")]);
        assert!(crate::diff(&taken.directory, &expected.directory).is_empty());
    }

    #[test]
    fn what_was_not_pulled_has_two_sides() {
        let mut pulled = state(&[(2, "A.View"), (3, "A.View")]);
        pulled.unknown_parts.kinds.insert(Kind::User);
        pulled.unknown_parts.restrictions.insert(Id::from_uuid(2));
        let record = PulledRecord::of(&pulled, &Id::from_uuid(1), None, false);
        let merged = record.merge(
            &state(&[(2, "B.View"), (3, "A.View")]),
            state(&[(2, "C.View"), (3, "A.View")]),
            &PlannedRecord::default(),
            None,
        );
        assert!(merged.kept.is_empty() && merged.conflicts.is_empty() && merged.edited.is_empty());
        assert!(crate::diff(&merged.after.directory, &state(&[(2, "C.View"), (3, "A.View")]).directory).is_empty());
    }

    #[test]
    fn another_file_is_no_record() {
        assert!(PulledRecord::read("{}").is_err());
        let text = PulledRecord::of(&state(&[]), &Id::from_uuid(1), None, false).to_text();
        assert!(
            PulledRecord::read(&text.replace("\"version\": 1", "\"version\": 2")).unwrap_err().contains("version 2")
        );
    }
}
