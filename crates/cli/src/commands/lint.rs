//! `lanyard lint`: finds mistakes, dangers and surprises in a configuration.

mod holders;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use lanyard_analysis::lint::{Declared, Finding, Report, Severity, find_rule, lint, rules, suppress};
use lanyard_answers::{did_you_mean, near};
use lanyard_model::Kind;
use lanyard_service::SystemEnvironment;

use crate::access::state_args::{ReadState, StateArgs};
use crate::failure::Failure;
use crate::output::Json;
use crate::permission_names::PermissionNamesArg;
use crate::reports::{lint_text, sarif};

/// Find mistakes, dangers and surprises in the security profiles of an instance.
///
/// Each finding has a rule, a place, a reason and a remedy. `docs/lint.md` has every rule. Parts that could not be read
/// are listed, and never taken for absent.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit status: 0 no finding of the severity of --deny, 2 findings, 1 an error.\n\nExamples:\n  lanyard lint \
                        access\n  lanyard lint access --deny error --format sarif > lint.sarif\n  lanyard lint --data \
                        /var/lib/lanyard --json\n  lanyard lint http://127.0.0.1:4510 --instance my-centre\n  lanyard \
                        lint template.yaml --suppressions accepted.yaml"
)]
pub(crate) struct Args {
    /// The state to check: a directory that `lanyard pull` wrote, a CloudFormation template, the output of
    /// `terraform show -json`, a data directory, or the address of a running server
    #[arg(value_name = "PATH", required_unless_present_any = ["data", "rules"])]
    path: Option<PathBuf>,

    /// The data directory to check. It is only read, and a server may be using it
    #[arg(long, env = "LANYARD_DATA", value_name = "DIR")]
    data: Option<PathBuf>,

    /// The format of the findings
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: Format,

    /// Print the findings as JSON
    #[arg(long, conflicts_with = "format")]
    json: bool,

    /// The least severity of a finding that makes the exit status 2
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "warning")]
    deny: Least,

    /// The file of accepted findings. The default is lanyard-lint.yaml, where it exists
    #[arg(long, value_name = "FILE")]
    suppressions: Option<PathBuf>,

    /// Report only the findings of this rule. Can be repeated
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    rule: Vec<String>,

    /// List the rules
    #[arg(long)]
    rules: bool,

    #[command(flatten)]
    permission_names: PermissionNamesArg,

    #[command(flatten)]
    state: StateArgs,
}

/// The default file of accepted findings.
const SUPPRESSIONS: &str = "lanyard-lint.yaml";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code review
    Sarif,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Least {
    Note,
    Warning,
    Error,
}

impl Least {
    fn severity(self) -> Severity {
        match self {
            Self::Note => Severity::Note,
            Self::Warning => Severity::Warning,
            Self::Error => Severity::Error,
        }
    }
}

/// Finds, and prints the findings.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    if args.rules {
        write!(out, "{}", lint_text::table())?;
        return Ok(ExitCode::SUCCESS);
    }
    check_rules(&args.rule)?;
    let file = args.suppressions.as_deref().or_else(|| {
        let usual = Path::new(SUPPRESSIONS);
        usual.is_file().then_some(usual)
    });
    let (suppressions, declared) = match file {
        None => (Vec::new(), Declared::default()),
        Some(path) => lanyard_formats::read_suppressions(path)?,
    };
    let (path, states) = match (&args.path, &args.data) {
        (Some(path), _) => {
            let combinations = args.state.read_all(&[path.as_path()])?;
            (path.as_path(), combinations.into_iter().flat_map(|it| it.states).collect())
        }
        (None, Some(data)) => (data.as_path(), vec![args.state.read_data(data)?]),
        (None, None) => return Err(Failure::Message("name what to check: PATH or --data DIR".to_owned())),
    };
    let Some(last) = states.last() else { return Err(Failure::Message("there is no state to check".to_owned())) };
    let (counts, counts_json) = (last.counts(), last.counts_json(path));
    let files = last.shown_files(path);
    states.iter().try_for_each(|read| check_assisted(&declared, read))?;
    let states: Vec<ReadState> = states.into_iter().map(holders::with_possible_holders).collect();
    let report = report(&states, &declared);
    let Some(read) = states.last() else { return Err(Failure::Message("there is no state to check".to_owned())) };
    let (mut findings, mut suppressed) = suppress(report.findings, &suppressions, today());
    let is_wanted = |rule: &str| args.rule.is_empty() || args.rule.iter().any(|name| name == rule);
    findings.retain(|it| is_wanted(it.rule.id));
    suppressed.retain(|it| is_wanted(it.finding.rule.id));
    let report = Report { findings, not_seen: report.not_seen };
    match (args.json, args.format) {
        (true, _) | (_, Format::Json) => {
            let mut value = lint_text::json(&report, &suppressed, &read.state);
            if let Some(members) = value.as_object_mut() {
                members.insert("read".to_owned(), counts_json);
            }
            writeln!(out, "{:#}", Json(&value))?;
        }
        (_, Format::Sarif) => writeln!(out, "{:#}", Json(&sarif::log(&report, &suppressed)))?,
        (_, Format::Text) => {
            let files_read = format!("{counts} of {files}");
            let names = args.permission_names.get();
            write!(out, "{}", lint_text::text(&report, &suppressed, &files_read, (&read.state, names)))?;
        }
    }
    let denied = report.findings.iter().any(|finding| finding.severity >= args.deny.severity());
    Ok(ExitCode::from(if denied { 2 } else { 0 }))
}

/// The findings in the states, each once: a template is read under each outcome of its conditions.
fn report(states: &[ReadState], declared: &Declared) -> Report {
    let mut all = Report { findings: Vec::new(), not_seen: Vec::new() };
    for read in states {
        let report = lint(&read.configuration, &read.state.compiled, &read.state.catalogue, declared);
        for finding in report.findings {
            let is_same = |it: &Finding| it.identity() == finding.identity() && it.message == finding.message;
            if !all.findings.iter().any(is_same) {
                all.findings.push(finding);
            }
        }
        all.not_seen.extend(report.not_seen);
    }
    if states.len() > 1 {
        let mut seen = BTreeSet::new();
        all.not_seen.retain(|note| seen.insert(note.clone()));
        // The sort is stable: findings of one severity keep their order.
        all.findings.sort_by_key(|finding| Reverse(finding.severity));
    }
    all
}

/// Refuses a rule that does not exist, so that a misspelt one reports no absence of findings.
fn check_rules(names: &[String]) -> Result<(), Failure> {
    let Some(name) = names.iter().find(|name| find_rule(name).is_none()) else { return Ok(()) };
    let hint = did_you_mean(&near(name, rules().map(|rule| rule.id)));
    let hint = hint.unwrap_or_else(|| "`lanyard lint --rules` lists them".to_owned());
    Err(Failure::Message(format!("there is no rule `{name}`; {hint}")))
}

/// Refuses a declared security profile that does not exist: a misspelt name would hide that people lack the tools of the
/// AI agent that assists them.
fn check_assisted(declared: &Declared, read: &ReadState) -> Result<(), Failure> {
    let profiles = &read.state.directory.security_profiles;
    if read.configuration.unknown_parts.kinds.contains(&Kind::SecurityProfile) {
        return Ok(());
    }
    for agent in &declared.ai_agents {
        if let Some(name) = agent.assists.iter().find(|name| !profiles.values().any(|it| it.name == **name)) {
            let hint = did_you_mean(&near(name, profiles.values().map(|it| it.name.as_str())));
            let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
            return Err(Failure::Message(format!(
                "the AI agent `{}` is declared to assist the holders of `{name}`, and there is no such security profile{hint}",
                agent.arn
            )));
        }
    }
    Ok(())
}

/// The days since the first of January 1970, in UTC.
fn today() -> i64 {
    SystemEnvironment::shared().now().0.div_euclid(86_400_000)
}
