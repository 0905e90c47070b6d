//! The profiles that suffice for a task: each of them, or a least set together.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_engine::Reading;
use lanyard_engine::tasks::{Formula, Task};

/// Whether a permission is granted.
pub(crate) type Granted<'a> = dyn Fn(&str) -> bool + 'a;

/// The permissions that each profile grants.
pub type Grants<K> = BTreeMap<K, BTreeSet<String>>;

/// The profiles that each suffice, or else a least set that suffices together, for which the flag is true; `None` where all
/// of them do not suffice. `is_enough` decides whether the permissions for which its argument is true are enough. Of
/// profiles that are equally good, the first in the order of `all` is kept.
pub(crate) fn least<K: Ord + Clone>(
    all: &[K],
    grants: &Grants<K>,
    is_enough: &dyn Fn(&Granted<'_>) -> bool,
) -> Option<(Vec<K>, bool)> {
    let suffice = |profiles: &[K]| {
        is_enough(&|name| profiles.iter().any(|it| grants.get(it).is_some_and(|names| names.contains(name))))
    };
    let single: Vec<K> = all.iter().filter(|it| suffice(std::slice::from_ref(*it))).cloned().collect();
    if !single.is_empty() {
        return Some((single, false));
    }
    let mut profiles = all.to_vec();
    if !suffice(&profiles) {
        return None;
    }
    for it in all.iter().rev() {
        let rest: Vec<K> = profiles.iter().filter(|other| *other != it).cloned().collect();
        if suffice(&rest) {
            profiles = rest;
        }
    }
    Some((profiles, true))
}

/// Whether a formula holds in a reading where these permissions are granted. The flag is whether the resource may be new.
pub(crate) fn holds(formula: &Formula, reading: (Reading, bool), granted: &Granted<'_>) -> bool {
    let part = |part: &Formula| holds(part, reading, granted);
    match formula {
        Formula::Permission(name) => granted(name),
        Formula::New(name) => reading.1 && granted(name),
        Formula::AnyOf(parts) => parts.iter().any(part),
        Formula::AllOf(parts) => parts.iter().all(part),
        Formula::Disputed(point, parts) if reading.0.grants(*point) => parts.iter().any(part),
        Formula::Disputed(_, parts) => parts.iter().all(part),
    }
}

/// The profiles that suffice for a task, by the permissions that each grants: each that does so by itself, or else a least
/// set that does together; `None` where all of them do not suffice. The strict reading comes first. `is_new` is whether the
/// resource may be one that does not exist yet.
#[must_use]
pub fn sufficient_profiles<K: Ord + Clone>(task: &Task, grants: &Grants<K>, is_new: bool) -> Option<Vec<K>> {
    let all: Vec<K> = grants.keys().cloned().collect();
    let of = |reading| least(&all, grants, &|granted| holds(&task.formula, (reading, is_new), granted));
    of(Reading::STRICT).or_else(|| of(Reading::LENIENT)).map(|(profiles, _)| profiles)
}

#[cfg(test)]
mod tests {
    use lanyard_engine::tasks;

    use super::*;

    fn suffice(grants: &[(&'static str, &str)]) -> Option<Vec<&'static str>> {
        let permissions = |text: &str| text.split(' ').map(str::to_owned).collect();
        let grants = grants.iter().map(|(name, text)| (*name, permissions(text))).collect();
        sufficient_profiles(tasks::find("listen-to-recordings").unwrap(), &grants, false)
    }

    #[test]
    fn only_profiles_that_suffice_are_named() {
        let listen = "CallRecordings.Unredacted.Access";
        let both = "CallRecordings.Unredacted.Access ContactSearch.View";
        assert_eq!(suffice(&[("A", both), ("B", "ContactSearch.View"), ("C", both)]), Some(vec!["A", "C"]));
        assert_eq!(
            suffice(&[("A", listen), ("B", "ContactSearch.View"), ("C", "MyContacts.View")]),
            Some(vec!["A", "B"])
        );
        assert_eq!(suffice(&[("A", listen)]), None);
    }
}
