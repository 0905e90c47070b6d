//! `lanyard history`: what changed, when, by whom, and what it meant.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use lanyard_analysis::{
    Block, Configuration, Difference, Edit, Fate, Naming, Narrative, Reach, ValueNames, access_impact, diff, is_neutral,
};
use lanyard_model::catalogue::Catalogue;
use lanyard_model::{Change, Directory, Erasure, Resource, Timestamp, shown};
use lanyard_store::erasure::Erasures;
use lanyard_store::{Logged, Moment, chain};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::instance::Instance;
use crate::instance::args::StoredInstanceArgs;
use crate::output::{Json, error_line};
use crate::permission_names::PermissionNamesArg;

/// The number of entries that are read at a time.
const STEP: usize = 500;

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

    /// With --verify: the log must have this revision with this hash, as an earlier --verify printed them. Entries that were cut
    /// off at the end show only so
    #[arg(long, value_name = "REVISION:HASH", requires = "verify")]
    expect: Option<Expected>,

    /// The file of an archive, whose entries are shown with those that are left. Can be repeated
    #[arg(long, value_name = "FILE")]
    archive: Vec<PathBuf>,

    /// Print JSON, a line an entry
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    permission_names: PermissionNamesArg,

    #[command(flatten)]
    instance: StoredInstanceArgs,
}

/// Shows the entries, or verifies them.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let instance = args.instance.target().open()?.with_archives(&args.archive)?;
    if args.verify {
        return verify(&instance, args.expect.as_ref(), args.json, out);
    }
    if !args.archive.is_empty() && instance.is_at_server() {
        note(
            "people in an archive are shown as erased, because their keys are with the data: --data DIR|URL shows them",
        );
    }
    let mut states = States { instance: &instance, state: None };
    let naming = Naming { catalogue: Catalogue::builtin(), names: args.permission_names.get() };
    let mut count = 0;
    let mut show = |logged: &Logged| {
        count += 1;
        let impact = if args.brief { None } else { Some(impact(&mut states, logged, naming)?) };
        if args.json {
            writeln!(out, "{}", Json(&to_json(logged, impact.as_ref())))?;
        } else {
            write!(out, "{}", to_text(logged, impact.as_ref()))?;
        }
        Ok::<_, Failure>(())
    };
    let limit = if args.all { usize::MAX } else { args.limit };
    if args.all || args.after.is_some() {
        let mut left = limit;
        let after = match args.after {
            Some(after) => after,
            None => first(&instance)?,
        };
        each(&instance, after, |logged| {
            if left > 0 && is_wanted(args, &logged) {
                left -= 1;
                show(&logged)?;
            }
            Ok(left > 0)
        })?;
    } else {
        last(args, &instance)?.iter().rev().try_for_each(&mut show)?;
    }
    if count == 0 && !args.json {
        writeln!(out, "no entry of the log is like that")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The revision after which entries can be read. A note says where there were others.
fn first(instance: &Instance) -> Result<u64, Failure> {
    let Some(unread) = instance.unread()? else { return Ok(0) };
    let revision = unread.revision;
    note(&format!("the entries up to revision {revision} were archived; --archive FILE shows those of a file"));
    Ok(revision)
}

/// Writes a note. An error here is ignored: the entries are what was asked for.
fn note(text: &str) {
    error_line(format_args!("note: {text}"));
}

/// Whether the arguments ask for an entry like this.
fn is_wanted(args: &Args, logged: &Logged) -> bool {
    args.actor.as_ref().is_none_or(|actor| logged.entry.actor == *actor)
        && args.resource.as_ref().is_none_or(|name| logged.entry.changes.iter().any(|it| is_about(it, name)))
}

/// The last entries that the arguments ask for, newest first. Nothing before them is read.
fn last(args: &Args, instance: &Instance) -> Result<Vec<Logged>, Failure> {
    let mut entries = Vec::new();
    let mut before = None;
    // Without a condition, as many are read as are shown.
    let step = if args.actor.is_none() && args.resource.is_none() { args.limit.min(STEP) } else { STEP };
    while entries.len() < args.limit {
        let page = instance.log_back(before, step)?;
        let Some(oldest) = page.last() else {
            if before.is_none_or(|before| before > 1) {
                first(instance)?;
            }
            break;
        };
        before = Some(oldest.revision);
        entries.extend(page.into_iter().filter(|logged| is_wanted(args, logged)).take(args.limit - entries.len()));
    }
    Ok(entries)
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
        advance(&mut after, logged)?;
        self.state = Some(after.clone());
        Ok((before, after))
    }

    /// Passes over an entry whose states are not needed.
    fn pass(&mut self, logged: &Logged) -> Result<(), Failure> {
        match &mut self.state {
            Some(state) if state.revision() + 1 == logged.revision => advance(state, logged),
            _ => Ok(()),
        }
    }
}

fn advance(state: &mut Directory, logged: &Logged) -> Result<(), Failure> {
    state
        .advance(logged.entry.time, &logged.entry.changes)
        .map_err(|invalid| Failure::Message(format!("revision {}: {invalid}", logged.revision)))
}

/// The differences of an entry and their access impact.
struct EntryImpact {
    /// The differences, as lines.
    changes: Vec<String>,
    /// The access impact, as sentences with the names of the API.
    sentences: Vec<String>,
    /// The access impact, as lines: new sensitive access first, and many permissions counted by area.
    means: Vec<Vec<String>>,
}

/// The maximum number of lines about the same people; more are summed up.
const LINES: usize = 6;

fn impact(states: &mut States<'_>, logged: &Logged, naming: Naming<'_>) -> Result<EntryImpact, Failure> {
    let changes = &logged.entry.changes;
    if changes.iter().all(is_neutral) {
        // Such changes name no other resource, so that only the changed ones are needed.
        let side = |of: fn(&Change) -> Option<&Resource>| {
            Directory::load(states.instance.stream(), 0, logged.entry.time, changes.iter().filter_map(of).cloned())
        };
        let changes = changed_lines(&side(Change::before), &side(Change::after), naming);
        states.pass(logged)?;
        return Ok(EntryImpact { changes, sentences: Vec::new(), means: Vec::new() });
    }
    let (before, after) = states.around(logged)?;
    let changes = changed_lines(&before, &after, naming);
    let [before, after] = [before, after].map(Configuration::whole);
    let access_impact = access_impact(&before, &after, Catalogue::builtin());
    let [as_data, as_text] = [Naming::api(), naming].map(|naming| Narrative::new(&access_impact, naming));
    let mut sentences: Vec<String> = as_data.paragraphs().iter().map(|it| as_data.sentence(it)).collect();
    sentences.extend(access_impact.restrictions.iter().map(|it| as_data.restriction(it)));
    let mut paragraphs = as_text.paragraphs();
    let mut means: Vec<Vec<String>> = Vec::new();
    // A creation changes nobody's own access: who reaches the new resource is one line.
    let mut reached = BTreeSet::new();
    if logged.entry.changes.iter().all(|it| it.before().is_none()) {
        paragraphs.retain(|it| {
            let is_of_new = it.reach == Reach::NewResources;
            reached.extend(it.who.iter().copied().filter(|_| is_of_new));
            !is_of_new
        });
    }
    means.extend(as_text.blocks(&paragraphs, LINES).iter().map(Block::lines));
    if !reached.is_empty() {
        let people = as_text.people(&reached.into_iter().collect::<Vec<_>>());
        means.push(vec![format!("access to the new resources for {people}, which --json lists")]);
    }
    means.extend(as_text.restrictions().into_iter().map(|(_, sentence)| vec![sentence]));
    Ok(EntryImpact { changes, sentences, means })
}

/// The differences of two states, as lines.
fn changed_lines(before: &Directory, after: &Directory, naming: Naming<'_>) -> Vec<String> {
    let names = ValueNames { before, after };
    diff(before, after).iter().flat_map(|it| lines(it, names, naming)).collect()
}

/// A difference as lines: the resource, and each member that differs.
fn lines(difference: &Difference, names: ValueNames<'_>, naming: Naming<'_>) -> Vec<String> {
    let key = difference.key();
    let mut lines = vec![format!("{} {} `{}`", difference.fate().sign(), key.kind.noun(), shown(&difference.name))];
    let members = difference.members.iter().filter(|_| difference.fate() == Fate::Update);
    lines.extend(members.map(|member| {
        let value = |value| naming.value(&member.path, names.value(&member.path, value));
        let what = match &member.edit {
            Edit::Added { value: it } | Edit::Removed { value: it } => value(it),
            Edit::Changed { before, after } => format!("{} -> {}", value(before), value(after)),
        };
        format!("    {} {}", member.edit.sign(), shown(&format!("{}: {what}", member.path)))
    }));
    lines
}

/// Calls `visit` with the entries after a revision, oldest first, until it returns `false`. A page of them is in memory at
/// a time.
fn each(
    instance: &Instance,
    after: u64,
    mut visit: impl FnMut(Logged) -> Result<bool, Failure>,
) -> Result<(), Failure> {
    let mut after = after;
    loop {
        let entries = instance.log(after, STEP)?;
        let Some(last) = entries.last().map(|logged| logged.revision) else { return Ok(()) };
        after = last;
        for logged in entries {
            if !visit(logged)? {
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

/// An entry that the log must have.
#[derive(Clone, Debug)]
struct Expected {
    revision: u64,
    hash: String,
}

impl std::str::FromStr for Expected {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || "it must have the form REVISION:HASH, with the 64 hexadecimal digits that --verify prints".to_owned();
        let (revision, hash) = text.split_once(':').ok_or_else(wrong)?;
        let revision = revision.parse().map_err(|_| wrong())?;
        match chain::parse(hash) {
            Some(hash) => Ok(Self { revision, hash: chain::hex(&hash) }),
            None => Err(wrong()),
        }
    }
}

/// The reason why the log does not have the expected entry; `None` where it has.
fn unexpected(expected: &Expected, after: u64, last: u64, actual: Option<&str>) -> Option<String> {
    let Expected { revision, hash } = expected;
    match actual {
        Some(actual) if actual == hash => None,
        Some(actual) => {
            Some(format!("revision {revision} has the hash {actual}, and {hash} is expected: the log is another one"))
        }
        None if *revision > last => {
            Some(format!("the log ends at revision {last}, and revision {revision} is expected: entries were cut off"))
        }
        None => Some(format!(
            "revision {revision} was archived, and the log begins at revision {}; name the archive",
            after + 1
        )),
    }
}

fn verify(
    instance: &Instance,
    expected: Option<&Expected>,
    as_json: bool,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    let unread = instance.unread()?;
    let mut previous = unread.map_or_else(|| chain::origin(&instance.stream().to_string()), |it| it.hash);
    let after = unread.map_or(0, |it| it.revision);
    let mut erasures = Erasures::default();
    let (mut revision, mut broken) = (after, None);
    let is_expected = |revision: u64| expected.is_some_and(|it| it.revision == revision);
    let mut actual = is_expected(after).then(|| chain::hex(&previous));
    each(instance, after, |logged| {
        if logged.revision == revision + 1 && erasures.take(&logged, &previous) {
            (revision, previous) = (logged.revision, logged.hash);
            if is_expected(revision) {
                actual = Some(chain::hex(&previous));
            }
            return Ok(true);
        }
        broken = Some(logged.revision);
        Ok(false)
    })?;
    let broken = broken.or_else(|| erasures.unexplained().next());
    let erased = erasures.count();
    let hash = chain::hex(&previous);
    let unexpected =
        expected.filter(|_| broken.is_none()).and_then(|it| unexpected(it, after, revision, actual.as_deref()));
    if as_json {
        writeln!(
            out,
            "{}",
            json!({
                "verified": broken.is_none() && unexpected.is_none(),
                "after": after,
                "revision": revision,
                "hash": hash,
                "broken_at": broken,
                "unexpected": unexpected,
                "erased_entries": erased,
            })
        )?;
    } else if let Some(broken) = broken {
        writeln!(
            out,
            "the chain of hashes is broken at revision {broken}; it holds up to revision {revision}, {hash}"
        )?;
    } else if let Some(unexpected) = &unexpected {
        writeln!(out, "the log is not the expected one: {unexpected}")?;
    } else {
        let from = match after {
            0 => "the first entry".to_owned(),
            after => format!("revision {} (those before it were archived)", after + 1),
        };
        writeln!(out, "the chain of hashes holds from {from} to revision {revision}, {hash}")?;
        if erased > 0 {
            writeln!(out, "people were erased from {erased} entries afterwards, as the log records")?;
        }
    }
    Ok(if broken.is_none() && unexpected.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn to_text(logged: &Logged, impact: Option<&EntryImpact>) -> String {
    let entry = &logged.entry;
    let (operation, actor) = (shown(&entry.operation), shown(&entry.actor));
    let head = format!("{}  {}  {operation}  by {actor}", logged.revision, time(entry.time));
    let Some(impact) = impact else { return head + "\n" };
    let mut text = format!("{head}  (request {})\n", shown(&entry.request_id));
    if let Some(erasure) = &entry.erasure {
        text.push_str(&erasure_line(erasure));
    }
    for line in &impact.changes {
        text.push_str(&format!("    {line}\n"));
    }
    for lines in &impact.means {
        let mut lines = lines.iter();
        text.push_str(&format!("  = {}\n", lines.next().map(String::as_str).unwrap_or_default()));
        lines.for_each(|line| text.push_str(&format!("  {line}\n")));
    }
    text
}

/// The people and the entries of an erasure.
fn erasure_line(erasure: &Erasure) -> String {
    let users: Vec<String> = erasure.users.iter().map(|id| format!("`{}`", shown(&id.to_string()))).collect();
    let entries: Vec<String> = erasure.entries.iter().map(|it| it.revision.to_string()).collect();
    let reason = erasure.reason.as_ref().map(|it| format!(": {}", shown(it))).unwrap_or_default();
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
        members.insert("means".to_owned(), json!(impact.sentences));
    }
    value
}

fn time(time: Timestamp) -> String {
    lanyard_wire::Timestamp::from_millis(time.0).to_iso()
}
