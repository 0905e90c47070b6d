//! The plan from files that an earlier pull wrote: changes that the instance made since then are never undone silently.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use lanyard_analysis::{
    Configuration, Difference, Edit, Origin, PulledRecord, Take, ValueNames, diff, name_of, name_of_key,
};
use lanyard_model::{Directory, Key};
use lanyard_store::Moment;

use super::only::Wanted;
use crate::failure::Failure;
use crate::instance::{Instance, LocatedState};
use crate::pull_record as record;

/// The side that decides on a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Side {
    /// As the files have it
    Files,
    /// As the instance has it
    Present,
}

/// The most resources that notes name.
const NAMED: usize = 20;
/// How many entries of the history are searched at most for the last change of a resource.
const SEARCHED: usize = 5_000;
/// How many entries are read at a time.
const STEP: usize = 500;

/// The planned state, in which resources that only the instance changed after the pull stay as they are.
///
/// # Errors
/// Resources that the files and the instance both changed, without a side that decides. Each is shown with both changes.
pub(super) fn merged(
    files: &Path,
    side: Option<Side>,
    current: &LocatedState,
    after: Configuration,
    wanted: Option<&Wanted>,
    notes: &mut Vec<String>,
) -> Result<Configuration, Failure> {
    let before = &current.configuration;
    let Some(record) = record_of(files, current)? else { return Ok(after) };
    let planned = record::planned(files)?;
    let take = side.map(|side| match side {
        Side::Files => Take::Files,
        Side::Present => Take::Present,
    });
    let merged = record.merge(before, after.clone(), &planned, take);
    let is_wanted = |key: &&Key| {
        let named =
            |of: &Configuration| of.directory.get(key.kind, &key.id).map(|it| (key.kind, name_of(&of.directory, &it)));
        wanted.is_none_or(|all| named(&after).or_else(|| named(before)).is_some_and(|it| all.contains(&it)))
    };
    let conflicts: Vec<&Key> = merged.conflicts.iter().filter(is_wanted).collect();
    let kept: Vec<&Key> = merged.kept.iter().filter(is_wanted).collect();
    if conflicts.is_empty() && kept.is_empty() {
        return Ok(merged.after);
    }
    let touched: BTreeSet<&Key> = conflicts.iter().chain(&kept).copied().collect();
    let shown = Shown {
        before: &before.directory,
        after: &after,
        pulled: pulled_state(current.instance.as_ref(), &record),
        created: touched.iter().filter(|key| record.is_new(key)).map(|key| (*key).clone()).collect(),
        changed: current.instance.as_ref().map(|it| last_changes(it, &record, &touched)).unwrap_or_default(),
        since: record.revision.map(|it| format!(" at revision {it}")).unwrap_or_default(),
    };
    if !conflicts.is_empty() && side.is_none() {
        return Err(shown.refusal(&conflicts));
    }
    for key in kept.iter().take(NAMED) {
        notes.push(format!("{}; the plan leaves it as it is, and the files are older: pull again", shown.change(key)));
    }
    if kept.len() > NAMED {
        notes.push(format!("the plan leaves {} more resources that changed after the pull", kept.len() - NAMED));
    }
    for key in conflicts.iter().take(NAMED) {
        let side = if side == Some(Side::Files) { "the files decide" } else { "it stays as it is" };
        notes.push(format!("{}, and the files changed it too: {side}", shown.change(key)));
    }
    Ok(merged.after)
}

/// The record of the pull of the files, where they are planned for their own instance. Other files have no history.
pub(super) fn record_of(files: &Path, current: &LocatedState) -> Result<Option<PulledRecord>, Failure> {
    if matches!(current.origin, Origin::Files { .. }) {
        return Ok(None);
    }
    Ok(record::read(files)?.filter(|it| record::is_of(it, &current.configuration)))
}

/// The state at the revision of the pull, where the history has it.
fn pulled_state(instance: Option<&Instance>, record: &PulledRecord) -> Option<Directory> {
    instance?.state(Some(Moment::Revision(record.revision?))).ok()
}

/// The revision and the actor of the last change of each resource after the pull, as far as the history has it.
fn last_changes(instance: &Instance, record: &PulledRecord, keys: &BTreeSet<&Key>) -> BTreeMap<Key, (u64, String)> {
    let mut changes = BTreeMap::new();
    let (mut before, mut searched) = (None, 0);
    while searched < SEARCHED && changes.len() < keys.len() {
        let Ok(entries) = instance.log_back(before, STEP) else { break };
        let Some(last) = entries.last() else { break };
        before = Some(last.revision);
        searched += entries.len();
        for entry in &entries {
            if record.revision.is_some_and(|pulled| entry.revision <= pulled) {
                return changes;
            }
            for key in entry.entry.changes.iter().map(lanyard_model::Change::key).filter(|key| keys.contains(key)) {
                changes.entry(key).or_insert_with(|| (entry.revision, entry.entry.actor.clone()));
            }
        }
    }
    changes
}

struct Shown<'a> {
    before: &'a Directory,
    after: &'a Configuration,
    pulled: Option<Directory>,
    /// The resources that were created after the pull.
    created: BTreeSet<Key>,
    changed: BTreeMap<Key, (u64, String)>,
    /// The revision of the pull, as the end of a phrase.
    since: String,
}

impl Shown<'_> {
    /// The last change of a resource, in a phrase.
    fn change(&self, key: &Key) -> String {
        let of = if self.before.get(key.kind, &key.id).is_some() { self.before } else { &self.after.directory };
        let verb = match self.before.get(key.kind, &key.id) {
            None => "deleted",
            Some(_) if self.created.contains(key) => "created",
            Some(_) => "changed",
        };
        let by = self.changed.get(key);
        let by = by.map(|(revision, actor)| format!(" at revision {revision} by `{}`", lanyard_model::shown(actor)));
        format!(
            "{} `{}` was {verb}{}, after your pull{}",
            key.kind.noun(),
            lanyard_model::shown(&name_of_key(of, key)),
            by.unwrap_or_default(),
            self.since
        )
    }

    /// The refusal of a plan with conflicts, which shows both changes of each.
    fn refusal(&self, conflicts: &[&Key]) -> Failure {
        let mut lines = vec![format!(
            "the files and the instance both changed {}, so that there is no plan; `--take files` or `--take present` decides \
             for all of them, and `--only` plans some of them:",
            lanyard_answers::text::counted(conflicts.len(), "resource", "resources")
        )];
        for key in conflicts.iter().take(NAMED) {
            let place = self.after.places.find(key, "").map(|place| format!("{place}: ")).unwrap_or_default();
            lines.push(format!("  {place}{}", self.change(key)));
            let sides = match &self.pulled {
                Some(pulled) => {
                    [("in the instance", pulled, self.before), ("in the files", pulled, &self.after.directory)]
                }
                None => [("from the instance to the files", self.before, &self.after.directory); 2],
            };
            for (heading, from, to) in sides.iter().take(if self.pulled.is_some() { 2 } else { 1 }) {
                members(&mut lines, heading, key, from, to);
            }
        }
        if conflicts.len() > NAMED {
            lines.push(format!("  and {} more", conflicts.len() - NAMED));
        }
        Failure::Lines(lines)
    }
}

/// Writes the differences of one resource between two states, under a heading.
fn members(lines: &mut Vec<String>, heading: &str, key: &Key, from: &Directory, to: &Directory) {
    let only = |of: &Directory| {
        let resource = of.get(key.kind, &key.id);
        Directory::load(of.stream().clone(), of.revision(), of.time(), resource)
    };
    let Some(Difference { change, members, .. }) = diff(&only(from), &only(to)).into_iter().next() else {
        lines.push(format!("    {heading}: nothing"));
        return;
    };
    if change.after().is_none() {
        lines.push(format!("    {heading}: deleted"));
        return;
    }
    lines.push(format!("    {heading}:"));
    let values = ValueNames { before: from, after: to };
    for member in &members {
        let value = match &member.edit {
            Edit::Added { value } | Edit::Removed { value } => values.value(&member.path, value),
            Edit::Changed { before, after } => {
                format!("{} -> {}", values.value(&member.path, before), values.value(&member.path, after))
            }
        };
        lines.push(format!("      {} {}: {value}", member.edit.sign(), member.path));
    }
}
