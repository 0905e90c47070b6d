//! `lanyard history`: what changed, when, by whom, and what it meant.

use std::io::Write;
use std::process::ExitCode;

use lanyard_analysis::{Configuration, Difference, Edit, Fate, Narrative, ValueNames, access_impact, diff};
use lanyard_model::catalogue::Catalogue;
use lanyard_model::{Change, Directory, Erasure, Timestamp};
use lanyard_store::erasure::Erasures;
use lanyard_store::{Logged, Moment, chain};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::instance::Instance;
use crate::instance::args::StoredInstanceArgs;

/// The number of entries that are read at a time.
const STEP: usize = 1_000;

/// Show what changed in an instance: when, by whom, before and after.
///
/// Every acknowledged write is an entry of the instance's log, with a revision. Each entry carries the hash of the one
/// before, so that a changed entry does not go unseen.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  lanyard history\n  lanyard history --resource Supervisor --all\n  \
                        lanyard history --endpoint http://127.0.0.1:4510 --after 120 --json\n  \
                        lanyard history --verify")]
pub(crate) struct Args {
    /// Only what came after this revision
    #[arg(long, value_name = "REVISION")]
    after: Option<u64>,

    /// The number of entries to show: the last ones, or the first after `--after`
    #[arg(long, default_value_t = 20, value_name = "NUMBER")]
    limit: usize,

    /// Show all entries
    #[arg(long, conflicts_with = "limit")]
    all: bool,

    /// Only entries that changed this resource, by identifier or name
    #[arg(long, value_name = "NAME|ID")]
    resource: Option<String>,

    /// Only entries of this actor, the owner of the access key
    #[arg(long, value_name = "OWNER")]
    actor: Option<String>,

    /// Show who did what and when, but neither the changes nor what they meant
    #[arg(long)]
    brief: bool,

    /// Recompute the chain of hashes from the first entry to the last, and show nothing else
    #[arg(long)]
    verify: bool,

    /// Print JSON, a line an entry
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    instance: StoredInstanceArgs,
}

/// Shows the entries, or verifies them.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let instance = args.instance.target().open()?;
    if args.verify {
        return verify(&instance, args.json, out);
    }
    let entries = wanted(args, &instance)?;
    let mut states = States { instance: &instance, state: None };
    for logged in &entries {
        let impact = if args.brief { None } else { Some(impact(&mut states, logged)?) };
        if args.json {
            writeln!(out, "{}", to_json(logged, impact.as_ref()))?;
        } else {
            write!(out, "{}", to_text(logged, impact.as_ref()))?;
        }
    }
    if entries.is_empty() && !args.json {
        writeln!(out, "no entry of the log is like that")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The states of an instance, followed from entry to entry.
struct States<'a> {
    instance: &'a Instance,
    state: Option<Directory>,
}

impl States<'_> {
    /// The states before and after an entry. In the order of revisions, each costs only its changes where
    /// entries follow each other.
    fn around(&mut self, logged: &Logged) -> Result<(Directory, Directory), Failure> {
        let before = match self.state.take() {
            Some(state) if state.revision() + 1 == logged.revision => state,
            _ if logged.revision == 1 => Directory::empty(self.instance.stream()),
            _ => self.instance.state(Some(Moment::Revision(logged.revision - 1)))?,
        };
        let mut after = before.clone();
        after
            .advance(logged.entry.time, &logged.entry.changes)
            .map_err(|invalid| Failure::Message(format!("revision {}: {invalid}", logged.revision)))?;
        self.state = Some(after.clone());
        Ok((before, after))
    }
}

/// The differences of an entry and their access impact.
struct EntryImpact {
    /// The differences, as lines.
    changes: Vec<String>,
    /// The access impact, as sentences.
    means: Vec<String>,
}

fn impact(states: &mut States<'_>, logged: &Logged) -> Result<EntryImpact, Failure> {
    let (before, after) = states.around(logged)?;
    let differences = diff(&before, &after);
    let changes = differences.iter().flat_map(|it| lines(it, ValueNames { before: &before, after: &after })).collect();
    let [before, after] = [before, after].map(Configuration::whole);
    let access_impact = access_impact(&before, &after, Catalogue::builtin());
    let narrative = Narrative::new(&access_impact);
    let mut means: Vec<String> = narrative.paragraphs().iter().map(|it| narrative.sentence(it)).collect();
    means.extend(access_impact.restrictions.iter().map(|it| narrative.restriction(it)));
    Ok(EntryImpact { changes, means })
}

/// A difference as lines: the resource, and each member that differs.
fn lines(difference: &Difference, names: ValueNames<'_>) -> Vec<String> {
    let key = difference.key();
    let mut lines = vec![format!("{} {} `{}`", difference.fate().sign(), key.kind.noun(), difference.name)];
    let members = difference.members.iter().filter(|_| difference.fate() == Fate::Update);
    lines.extend(members.map(|member| {
        let value = |value| names.value(&member.path, value);
        let what = match &member.edit {
            Edit::Added { value: it } | Edit::Removed { value: it } => value(it),
            Edit::Changed { before, after } => format!("{} -> {}", value(before), value(after)),
        };
        format!("    {} {}: {what}", member.edit.sign(), member.path)
    }));
    lines
}

/// The entries that are question for, oldest first.
fn wanted(args: &Args, instance: &Instance) -> Result<Vec<Logged>, Failure> {
    let is_wanted = |logged: &Logged| {
        args.actor.as_ref().is_none_or(|actor| logged.entry.actor == *actor)
            && args.resource.as_ref().is_none_or(|name| logged.entry.changes.iter().any(|it| is_about(it, name)))
    };
    let limit = if args.all { usize::MAX } else { args.limit };
    let mut entries = Vec::new();
    each(instance, args.after.unwrap_or(0), |logged| {
        if is_wanted(&logged) {
            entries.push(logged);
        }
        // Without a place to begin at, it is the last ones that are wanted, and all have to be seen.
        if args.after.is_none() && entries.len() > limit {
            entries.remove(0);
        }
        args.after.is_none() || entries.len() < limit
    })?;
    Ok(entries)
}

/// Calls `visit` with the entries after a revision, until it returns `false`.
fn each(instance: &Instance, after: u64, mut visit: impl FnMut(Logged) -> bool) -> Result<(), Failure> {
    let mut after = after;
    loop {
        let entries = instance.log(after, STEP)?;
        let Some(last) = entries.last().map(|logged| logged.revision) else { return Ok(()) };
        after = last;
        for logged in entries {
            if !visit(logged) {
                return Ok(());
            }
        }
    }
}

fn is_about(change: &Change, name: &str) -> bool {
    let sides = [change.before(), change.after()];
    change.key().id.to_string() == name
        || sides.into_iter().flatten().any(|it| it.name().is_some_and(|held| held.eq_ignore_ascii_case(name)))
}

fn verify(instance: &Instance, as_json: bool, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let mut previous = chain::origin(&instance.stream().to_string());
    let mut erasures = Erasures::default();
    let (mut revision, mut broken) = (0, None);
    each(instance, 0, |logged| {
        if logged.revision == revision + 1 && erasures.take(&logged, &previous) {
            (revision, previous) = (logged.revision, logged.hash);
            return true;
        }
        broken = Some(logged.revision);
        false
    })?;
    let broken = broken.or_else(|| erasures.unexplained().next());
    let erased = erasures.count();
    let hash = chain::hex(&previous);
    if as_json {
        writeln!(
            out,
            "{}",
            json!({
                "verified": broken.is_none(),
                "revision": revision,
                "hash": hash,
                "broken_at": broken,
                "erased_entries": erased,
            })
        )?;
    } else if let Some(broken) = broken {
        writeln!(
            out,
            "the chain of hashes is broken at revision {broken}; it holds up to revision {revision}, {hash}"
        )?;
    } else {
        writeln!(out, "the chain of hashes holds from the first entry to revision {revision}, {hash}")?;
        if erased > 0 {
            writeln!(out, "people were erased from {erased} entries afterwards, as the log records")?;
        }
    }
    Ok(if broken.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn to_text(logged: &Logged, impact: Option<&EntryImpact>) -> String {
    let entry = &logged.entry;
    let head = format!("{}  {}  {}  by {}", logged.revision, time(entry.time), entry.operation, entry.actor);
    let Some(impact) = impact else { return head + "\n" };
    let mut text = format!("{head}  (request {})\n", entry.request_id);
    if let Some(erasure) = &entry.erasure {
        text.push_str(&erasure_line(erasure));
    }
    for line in &impact.changes {
        text.push_str(&format!("    {line}\n"));
    }
    for sentence in &impact.means {
        text.push_str(&format!("  = {sentence}\n"));
    }
    text
}

/// The people and the entries of an erasure.
fn erasure_line(erasure: &Erasure) -> String {
    let users: Vec<String> = erasure.users.iter().map(|id| format!("`{id}`")).collect();
    let entries: Vec<String> = erasure.entries.iter().map(|it| it.revision.to_string()).collect();
    let reason = erasure.reason.as_ref().map(|it| format!(": {it}")).unwrap_or_default();
    format!("    - {} from revisions {}{reason}\n", users.join(", "), entries.join(", "))
}

fn to_json(logged: &Logged, impact: Option<&EntryImpact>) -> Value {
    let entry = &logged.entry;
    let mut value = json!({
        "revision": logged.revision,
        "time": time(entry.time),
        "actor": entry.actor,
        "operation": entry.operation,
        "request_id": entry.request_id,
        "hash": chain::hex(&logged.hash),
        "changes": entry.changes,
    });
    if let (Some(erasure), Some(members)) = (&entry.erasure, value.as_object_mut()) {
        members.insert("erasure".to_owned(), json!(erasure));
    }
    if let (Some(impact), Some(members)) = (impact, value.as_object_mut()) {
        members.insert("means".to_owned(), json!(impact.means));
    }
    value
}

fn time(time: Timestamp) -> String {
    lanyard_wire::Timestamp::from_millis(time.0).to_iso()
}
