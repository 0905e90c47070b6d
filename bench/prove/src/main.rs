//! The time and memory of plan and lint on a large contact centre. Each case runs in a separate process, which has
//! its own peak of memory.

mod world;

use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use lanyard_analysis::lint::{Declared, lint};
use lanyard_analysis::{Configuration, Naming, Provenance, Report, access_impact, changes, diff};
use lanyard_engine::{Compiled, PermissionIndex};
use lanyard_model::catalogue::{Catalogue, PermissionNames};
use lanyard_model::resources::{SecurityProfile, User};
use lanyard_model::{Change, Directory, Resource, Timestamp};
use rustix::time::{ClockId, clock_gettime};
use world::{Random, Size, profile_id, user_id};

/// Time and memory of plan and lint on a large contact centre.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    size: Size,

    /// The number of runs of each case; the median is printed
    #[arg(long, default_value_t = 5)]
    runs: usize,

    /// Measures one case in this process
    #[arg(long, hide = true)]
    case: Option<String>,
}

/// The case of lint, on the unchanged state.
const LINT: &str = "lint";

/// The planned changes.
const CASES: [(&str, &str); 6] = [
    ("one-permission", "one shared profile gains a permission"),
    ("one-restriction", "one shared profile loses its restrictions"),
    ("fifty-profiles", "fifty profiles gain and lose a permission"),
    ("hundred-people", "a hundred people get another profile"),
    ("hundred-tags", "a hundred people get other tags"),
    ("every-profile", "every profile gains a permission"),
];

fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    if let Some(case) = &args.case {
        if case == LINT {
            measure_lint(&args)?
        } else {
            measure(&args, case)?
        }
        return Ok(ExitCode::SUCCESS);
    }
    let Size { users, profiles, groups, queues, individual } = args.size;
    println!(
        "plan and lint on {users} people, {profiles} security profiles, {groups} groups, {queues} queues; {individual} of a \
         hundred people have profiles of their own combination"
    );
    println!("{:<46} {:>9} {:>9} {:>9} {:>9} {:>9}", "", "diff ms", "means ms", "all ms", "peak MB", "effects");
    for (case, title) in CASES {
        print!("{title:<46} {}", in_a_process(case)?);
    }
    println!("\n{:<46} {:>9} {:>9} {:>9} {:>9} {:>9}", "", "ready ms", "lint ms", "all ms", "peak MB", "findings");
    print!("{:<46} {}", "every rule of lint", in_a_process(LINT)?);
    Ok(ExitCode::SUCCESS)
}

/// The line of numbers of a case, measured in a separate process.
fn in_a_process(case: &str) -> anyhow::Result<String> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(std::env::args().skip(1)).args(["--case", case]);
    let output = command.output().context("a case could not be started")?;
    anyhow::ensure!(output.status.success(), "{case}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Lints, and prints a line of numbers: the medians, and the peak of memory of the whole process.
fn measure_lint(args: &Args) -> anyhow::Result<()> {
    let configuration = Configuration::whole(world::world(args.size)?);
    let (mut preparing, mut linting, mut all, mut findings) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for _ in 0..args.runs.max(1) {
        let begun = processor_time();
        let compiled = Compiled::new(&configuration.directory, PermissionIndex::builtin());
        let prepared = processor_time().saturating_sub(begun);
        let report = lint(&configuration, &compiled, Catalogue::builtin(), &Declared::default());
        let linted = processor_time().saturating_sub(begun);
        anyhow::ensure!(!report.findings.is_empty(), "nothing was found");
        findings = report.findings.len();
        preparing.push(prepared);
        linting.push(linted - prepared);
        all.push(linted);
    }
    let (ready, lint, all) = (median(preparing), median(linting), median(all));
    println!("{ready:>9.0} {lint:>9.0} {all:>9.0} {:>9} {findings:>9}", peak_megabytes()?);
    Ok(())
}

/// The median, in milliseconds.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times.get(times.len() / 2).map_or(0.0, |it| it.as_secs_f64() * 1e3)
}

/// Plans, and prints a line of numbers: the medians, and the peak of memory of the whole process.
fn measure(args: &Args, case: &str) -> anyhow::Result<()> {
    let before = world::world(args.size)?;
    let after = changed(&before, args.size, case)?;
    let (before, after) = (Configuration::whole(before), Configuration::whole(after));
    let (mut differing, mut meaning_it, mut all, mut effects) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for _ in 0..args.runs.max(1) {
        let begun = processor_time();
        let differences = diff(&before.directory, &after.directory);
        let ordered = changes(&before.directory, &differences)?;
        let differed = processor_time().saturating_sub(begun);
        let meant = access_impact(&before, &after, Catalogue::builtin());
        let understood = processor_time().saturating_sub(begun);
        let report = Report {
            title: "large",
            before: &before.directory,
            after: &after.directory,
            differences: &differences,
            access_impact: &meant,
            notes: &[],
            naming: Naming { catalogue: Catalogue::builtin(), names: PermissionNames::Console },
            provenance: &Provenance::default(),
        };
        let text = report.text(&lanyard_analysis::Colours::default(), false);
        let reported = processor_time().saturating_sub(begun);
        anyhow::ensure!(!text.is_empty() && ordered.len() == differences.len(), "the report is empty");
        effects = meant.effects.len();
        differing.push(differed);
        meaning_it.push(understood - differed);
        all.push(reported);
    }
    println!(
        "{:>9.0} {:>9.0} {:>9.0} {:>9} {effects:>9}",
        median(differing),
        median(meaning_it),
        median(all),
        peak_megabytes()?
    );
    Ok(())
}

fn changed(before: &Directory, size: Size, case: &str) -> anyhow::Result<Directory> {
    let mut r = Random(99);
    let profile = |n: usize, change: &dyn Fn(&mut SecurityProfile)| -> Option<Change> {
        let old = before.security_profiles.get(&profile_id(n))?;
        let mut new = SecurityProfile::clone(old);
        change(&mut new);
        let (before, after) = (Resource::SecurityProfile(old.clone()), Resource::from(new));
        (before != after).then_some(Change::Update { before, after })
    };
    let user = |n: usize, change: &dyn Fn(&mut User)| -> Option<Change> {
        let old = before.users.get(&user_id(n))?;
        let mut new = User::clone(old);
        change(&mut new);
        let (before, after) = (Resource::User(old.clone()), Resource::from(new));
        (before != after).then_some(Change::Update { before, after })
    };
    let gain = |it: &mut SecurityProfile| {
        it.permissions.push("Users.EditPermission".into());
        it.permissions.sort();
        it.permissions.dedup();
    };
    let changes: Vec<Change> = match case {
        "one-permission" => profile(0, &gain).into_iter().collect(),
        "one-restriction" => profile(0, &|it| {
            it.tag_restricted_resources.clear();
            it.hierarchy_restricted_resources.clear();
        })
        .into_iter()
        .collect(),
        "fifty-profiles" => (0..50)
            .filter_map(|n| {
                profile(n, &|it| {
                    gain(it);
                    it.permissions.remove(0);
                })
            })
            .collect(),
        "hundred-people" => (0..100)
            .filter_map(|n| {
                let wanted = profile_id(r.below(size.profiles));
                user(n * 7, &move |it| {
                    if !it.security_profile_ids.contains(&wanted) {
                        it.security_profile_ids.push(wanted.clone());
                    }
                })
            })
            .collect(),
        "hundred-tags" => {
            (0..100).filter_map(|n| user(n * 7, &|it| drop(it.tags.insert("Team".into(), "team-0".into())))).collect()
        }
        "every-profile" => (0..size.profiles).filter_map(|n| profile(n, &gain)).collect(),
        other => anyhow::bail!("there is no case `{other}`"),
    };
    let mut after = before.clone();
    let put: Vec<Resource> = changes.into_iter().filter_map(|change| change.after().cloned()).collect();
    let keys: std::collections::BTreeSet<_> = put.iter().map(Resource::key).collect();
    let kept = before.iter().filter(|it| !keys.contains(&it.key()));
    let (stream, time) = (before.stream().clone(), Timestamp(2));
    after = Directory::load(stream, after.revision() + 1, time, kept.chain(put));
    Ok(after)
}

/// The processor time of this process, which does not depend on other work of the machine.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or_default(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// The peak memory of this process, in megabytes.
fn peak_megabytes() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status").context("the peak of memory is known on Linux alone")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no peak of memory")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse::<u64>()? / 1000)
}
