//! `lanyard test`: tests of access against files of expectations.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use lanyard_analysis::{Configuration, Coverage, Places, Plan, name_of_key, portable};
use lanyard_engine::{Compiled, Denial, Explanation, Finding, Outcome, PermissionIndex, Warning, wording};
use lanyard_formats::{Expectation, read_expectations};
use lanyard_local_file::{LARGEST, read_text};
use lanyard_model::{Directory, Key, Resource, into_shown, shown};
use serde_json::json;

use crate::access::names::{Names, Subject};
use crate::access::question::{OwnedQuestion, usual_resource};
use crate::access::source::{DecisionPoint, QuestionSource};
use crate::access::text;
use crate::failure::Failure;
use crate::instance::State;
use crate::output::{Json, error_line};
use crate::reports::junit;

/// Test access against files of expectations: who may do what, and who may not.
///
/// It asks a data directory, files, or a server; with --plan, the state that a plan would make. An expectation about
/// somebody or something that does not exist fails. `docs/testing.md` shows the files.
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit status: 0 all as expected, 2 something is not, or too little is covered, 1 an error.\n\n\
                        Examples:\n  lanyard test expectations.yaml --files access\n  lanyard test expectations/*.yaml \
                        --data /var/lib/lanyard --junit results.xml\n  lanyard test expectations.yaml --files access --plan \
                        plan.json\n  lanyard test expectations.yaml --files access --coverage --min-coverage 80")]
pub(crate) struct Args {
    /// Files of expectations
    #[arg(value_name = "FILE", required = true)]
    expectations: Vec<PathBuf>,

    /// Ask the state that this plan makes, as `lanyard plan --out` saved it
    #[arg(long, value_name = "FILE", conflicts_with = "endpoint")]
    plan: Option<PathBuf>,

    /// Write the results as JUnit's XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,

    /// Tell which permissions and restrictions no expectation touches
    #[arg(long, conflicts_with = "endpoint")]
    coverage: bool,

    /// The least part of the permissions and restrictions that must be touched, in percent
    #[arg(long, value_name = "PERCENT", conflicts_with = "endpoint", value_parser = clap::value_parser!(u8).range(0..=100))]
    min_coverage: Option<u8>,

    /// Tell the results as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    source: QuestionSource,
}

/// The result of one expectation.
struct Tested {
    expectation: Expectation,
    title: String,
    got: Option<Outcome>,
    /// The first line and the reasons of the failure; `None` where the expectation is met.
    failure: Option<(String, Vec<String>)>,
}

/// Reads the expectations, evaluates them, and prints the results.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let mut expectations = Vec::new();
    for file in &args.expectations {
        expectations.extend(read_expectations(file)?);
    }
    let mut place = args.source.open()?;
    if let (Some(file), DecisionPoint::Local(state)) = (&args.plan, &mut place) {
        plan(state, file)?;
    }
    let configuration = match &place {
        DecisionPoint::Local(state) => Some(Configuration {
            directory: state.directory.clone(),
            unknown_parts: state.unknown_parts.clone(),
            places: Places::default(),
        }),
        DecisionPoint::Remote(_) => None,
    };
    let mut coverage = configuration.as_ref().map(Coverage::new);
    let mut tested = Vec::new();
    for expectation in expectations {
        let covering = configuration.as_ref().zip(coverage.as_mut());
        tested.push(test(expectation, &place, covering)?);
    }
    if let Some(file) = &args.junit {
        let cases: Vec<_> = tested.iter().map(case).collect();
        fs::write(file, junit::document(&cases))
            .map_err(|error| Failure::Message(format!("cannot write `{}`: {error}", file.display())))?;
    }
    let failed = tested.iter().filter(|it| it.failure.is_some()).count();
    let percent = coverage.as_ref().map(percent);
    let too_little = args.min_coverage.zip(percent).is_some_and(|(least, got)| got < f64::from(least));
    if args.json {
        writeln!(out, "{:#}", Json(&to_json(&tested, coverage.as_ref())))?;
    } else {
        write_text(&tested, out)?;
        if let Some(coverage) = coverage.as_ref().filter(|_| args.coverage || args.min_coverage.is_some()) {
            write_coverage(coverage, args.coverage, out)?;
        }
    }
    if too_little {
        let least = args.min_coverage.unwrap_or_default();
        error_line(format_args!("lanyard: less than {least} % of permissions and restrictions are covered"));
    }
    Ok(ExitCode::from(if failed > 0 || too_little { 2 } else { 0 }))
}

/// Brings the state to what a plan makes of it.
fn plan(state: &mut State, file: &Path) -> Result<(), Failure> {
    let text = read_text(file, LARGEST)
        .map_err(|error| Failure::Message(format!("cannot read `{}`: {error}", file.display())))?;
    let plan = Plan::read(&text).map_err(|bad| Failure::Message(format!("{}: {bad}", file.display())))?;
    let directory = &state.directory;
    let mut all: BTreeMap<Key, Resource> = directory.iter().map(|it| (it.key(), it)).collect();
    for change in &plan.changes {
        let key = change.key();
        if all.get(&key).and_then(portable) != change.before().and_then(portable) {
            let name = name_of_key(directory, &key);
            let noun = key.kind.noun();
            return Err(Failure::Message(format!(
                "the plan was made for another state: the {noun} `{}` is not as it was; run `lanyard plan` again",
                shown(&name)
            )));
        }
        match change.after() {
            Some(after) => all.insert(key, after.clone()),
            None => all.remove(&key),
        };
    }
    let (stream, revision, time) = (directory.stream().clone(), directory.revision(), directory.time());
    state.directory = Directory::load(stream, revision, time, all.into_values());
    let permission_index = Arc::new(PermissionIndex::new(&state.catalogue));
    state.compiled = Compiled::with_unknown_parts(&state.directory, permission_index, &state.unknown_parts);
    Ok(())
}

/// The question that an expectation is about.
fn question(it: &Expectation, names: &Names<'_>) -> Result<OwnedQuestion, Failure> {
    let action = names.action(&it.action);
    let resource = match &it.resource {
        Some(resource) => resource.clone(),
        None => match usual_resource(names, &action).strip_suffix(":*") {
            None => "Instance".to_owned(),
            Some(of) if it.match_some => format!("{of}:*"),
            Some(of) => {
                return Err(Failure::Message(format!(
                    "on what? `{}` acts on resources of the type {of}: write `resource: {of}:NAME`, or {of}:* for \
                     every one",
                    shown(&action)
                )));
            }
        },
    };
    let (resource_type, id) = names.resource(&resource)?;
    let group = it.hierarchy_group.as_deref().map(|text| names.group(text)).transpose()?;
    let assigns = it.assigns.iter().map(|text| names.resource(text)).collect::<Result<_, _>>()?;
    Ok(OwnedQuestion {
        subject: Subject::parse(&it.principal),
        action,
        resource_type,
        id,
        match_some: it.match_some,
        hypothetical: it.hypothetical,
        tags: it.tags.clone(),
        group,
        primary: it.primary_values.clone(),
        table: it.table.clone(),
        agent: it.agent.clone(),
        owner: it.owner.clone(),
        on_behalf_of: it.on_behalf_of.clone(),
        self_service: it.self_service,
        assigns,
        changes_primary_values: it.changes_primary_values,
    })
}

fn test(
    expectation: Expectation,
    place: &DecisionPoint,
    covering: Option<(&Configuration, &mut Coverage)>,
) -> Result<Tested, Failure> {
    let names = place.names();
    let on = expectation.resource.as_deref().map(|it| format!(" {it}")).unwrap_or_default();
    let title = into_shown(match &expectation.name {
        Some(name) => format!("{name}: {} {}{on}", expectation.principal, expectation.action),
        None => format!("{} {}{on}", expectation.principal, expectation.action),
    });
    let wrong = |message: String| Failure::Message(format!("{}: {message}", expectation.place));
    let question = question(&expectation, &names).map_err(|failure| wrong(failure.to_string()))?;
    let explanation = match place {
        DecisionPoint::Local(state) => question
            .with(|borrowed| state.compiled.explain(borrowed))
            .map_err(|malformed| wrong(format!("the question makes no sense: {malformed}")))?,
        DecisionPoint::Remote(server) => server.evaluate(&question)?,
    };
    if let Some((configuration, coverage)) = covering {
        coverage.touch(configuration, &question.resource_type, &question.id, &explanation);
    }
    let failure = failure(&expectation, &question, &names, &explanation);
    Ok(Tested { title, got: Some(explanation.answer.outcome), expectation, failure })
}

/// The failure of an expectation; `None` where it is met.
fn failure(
    expectation: &Expectation,
    question: &OwnedQuestion,
    names: &Names<'_>,
    explanation: &Explanation,
) -> Option<(String, Vec<String>)> {
    let answer = &explanation.answer;
    let readable = text::readable(names.stored, explanation);
    let hint = |denial: Denial| names.hint(denial, question);
    // A question that is denied because nothing has the name tests no profile.
    if let Some(denial) = answer.denial {
        return Some((wording::denial(denial).to_owned(), hint(denial).into_iter().collect()));
    }
    if explanation.warnings.contains(&Warning::PermissionNotInCatalogue) {
        let first = wording::warning(Warning::PermissionNotInCatalogue).to_owned();
        return Some((first, names.hint_action(&question.action).into_iter().collect()));
    }
    if answer.outcome != expectation.outcome {
        let first = format!("expected {}, got {}", expectation.outcome.as_str(), answer.outcome.as_str());
        let mut why = text::reasons(names, question, &readable);
        why.extend(answer.open_points.iter().map(|point| format!("open point {}", wording::open_point(*point))));
        return Some((first, why));
    }
    let through = expectation.through.as_ref()?;
    let mut granting = Vec::new();
    for report in &readable.reports {
        let closest = report.closest.and_then(|at| report.profiles.get(at));
        let closest = closest.filter(|_| report.outcome == Outcome::Undetermined);
        let grants = report.profiles.iter().filter(|it| it.findings == [Finding::Grants]);
        granting.extend(grants.chain(closest).map(|it| it.name.as_str()));
    }
    granting.sort_unstable();
    granting.dedup();
    if granting.contains(&through.as_str()) {
        return None;
    }
    let first = format!("expected through `{}`, got {} through another", shown(through), answer.outcome.as_str());
    let why = match granting.is_empty() {
        true => "the answer does not say which profile grants it".to_owned(),
        false => format!(
            "granted by {}",
            granting.iter().map(|it| format!("`{}`", shown(it))).collect::<Vec<_>>().join(", ")
        ),
    };
    Some((first, vec![why]))
}

fn write_text(tested: &[Tested], out: &mut impl Write) -> Result<(), Failure> {
    for it in tested {
        let Some((first, why)) = &it.failure else { continue };
        writeln!(out, "{}: {}  {}", text::coloured(Outcome::Denied, "failed"), it.title, it.expectation.place)?;
        writeln!(out, "  {first}")?;
        why.iter().try_for_each(|line| writeln!(out, "    {line}"))?;
        writeln!(out)?;
    }
    let failed = tested.iter().filter(|it| it.failure.is_some()).count();
    let passed = tested.len() - failed;
    writeln!(out, "{passed} passed, {failed} failed")?;
    Ok(())
}

fn percent(coverage: &Coverage) -> f64 {
    let (all, touched) = coverage.counts();
    let of = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if all == 0 { 100.0 } else { of(touched) / of(all) * 100.0 }
}

fn write_coverage(coverage: &Coverage, at_length: bool, out: &mut impl Write) -> Result<(), Failure> {
    let (all, touched) = coverage.counts();
    if at_length {
        for items in coverage.items().chunk_by(|one, other| one.profile == other.profile) {
            let untouched: Vec<_> = items.iter().filter(|item| !item.touched).collect();
            let (Some(first), false) = (items.first(), untouched.is_empty()) else { continue };
            writeln!(out, "\n`{}`: {} of {} untouched", shown(&first.profile), untouched.len(), items.len())?;
            for of_member in untouched.chunk_by(|one, other| one.member == other.member) {
                let values: Vec<_> = of_member.iter().map(|item| shown(&item.value).to_string()).collect();
                let member = of_member.first().map_or("", |item| item.member);
                writeln!(out, "  {member}: {}", values.join(", "))?;
            }
        }
    }
    writeln!(out, "coverage: {touched} of {all} permissions and restrictions, {:.1} %", percent(coverage))?;
    Ok(())
}

fn case(it: &Tested) -> junit::Case {
    junit::Case {
        file: shown(&it.expectation.place.file).to_string(),
        line: it.expectation.place.line,
        name: format!("{} {}", it.title, it.expectation.outcome.as_str()),
        failure: it.failure.as_ref().map(|(first, why)| (first.clone(), why.join("\n"))),
    }
}

fn to_json(tested: &[Tested], coverage: Option<&Coverage>) -> serde_json::Value {
    let results = tested.iter().map(|it| {
        let place = &it.expectation.place;
        json!({
            "principal": it.expectation.principal,
            "action": it.expectation.action,
            "resource": it.expectation.resource,
            "expected": it.expectation.outcome,
            "got": it.got,
            "passed": it.failure.is_none(),
            "failure": it.failure.as_ref().map(|(first, _)| first),
            "reasons": it.failure.as_ref().map(|(_, why)| why.as_slice()).unwrap_or_default(),
            "place": { "file": &*place.file, "line": place.line, "column": place.column },
        })
    });
    let covered = coverage.map(|coverage| {
        let (all, touched) = coverage.counts();
        let untouched = coverage.items().iter().filter(|item| !item.touched);
        json!({
            "all": all,
            "touched": touched,
            "untouched": untouched
                .map(|it| json!({ "profile": it.profile, "member": it.member, "value": it.value }))
                .collect::<Vec<_>>(),
        })
    });
    let failed = tested.iter().filter(|it| it.failure.is_some()).count();
    json!({
        "passed": tested.len() - failed,
        "failed": failed,
        "results": results.collect::<Vec<_>>(),
        "coverage": covered,
    })
}
