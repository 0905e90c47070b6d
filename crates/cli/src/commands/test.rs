//! `lanyard test`: tests of access against files of expectations.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use lanyard_analysis::{Configuration, Coverage, Places, Plan, name_of_key, portable};
use lanyard_answers::{Checked, OwnedQuestion};
use lanyard_engine::{Compiled, Explanation, Outcome};
use lanyard_formats::{Expectation, ExpectedSubject, read_expectations};
use lanyard_local_file::{LARGEST, read_text};
use lanyard_model::{Directory, Key, Resource, into_shown, shown};
use serde_json::json;

use crate::access::headline::coloured;
use crate::access::source::{Backend, DecisionPoint, QuestionSource};
use crate::failure::Failure;
use crate::instance::State;
use crate::output::{Json, error_line};
use crate::output_file;
use crate::reports::junit;

mod expected;
mod several;

use several::About;

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
    /// The outcome, of an expectation about one principal and one resource.
    got: Option<Outcome>,
    /// How many an expectation about several was about.
    about: Option<About>,
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
    if let (Some(file), Backend::Local(state)) = (&args.plan, &mut place.backend) {
        plan(state, file)?;
    }
    let configuration = place.state().map(|state| Configuration {
        directory: state.directory.clone(),
        unknown_parts: state.unknown_parts.clone(),
        places: Places::default(),
    });
    let mut coverage = configuration.as_ref().map(Coverage::new);
    let mut tested = Vec::new();
    for expectation in expectations {
        let covering = configuration.as_ref().zip(coverage.as_mut());
        tested.push(test(expectation, &place, covering)?);
    }
    if let Some(file) = &args.junit {
        let cases: Vec<_> = tested.iter().map(case).collect();
        output_file::write(file, junit::document(&cases))?;
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
    let permission_index = Arc::clone(state.compiled.permission_index());
    state.compiled = Compiled::with_unknown_parts(&state.directory, permission_index, &state.unknown_parts);
    Ok(())
}

fn test(
    expectation: Expectation,
    place: &DecisionPoint,
    mut covering: Option<(&Configuration, &mut Coverage)>,
) -> Result<Tested, Failure> {
    let title = title(&expectation);
    let mut touch = |question: &OwnedQuestion, explanation: &Explanation| {
        if let Some((configuration, coverage)) = &mut covering {
            coverage.touch(configuration, &question.resource_type, &question.id, explanation);
        }
    };
    let wrong = |failure: Failure| Failure::Message(format!("{}: {failure}", expectation.place));
    let only = match expectation.subjects.as_slice() {
        [ExpectedSubject::Principal(principal)] if !expectation.exactly => Some(principal),
        _ => None,
    };
    let only = only.filter(|it| !several::is_pattern(place, it, expectation.resource.as_deref()));
    let Some(principal) = only else {
        let (failure, about) = several::test(&expectation, place, &mut touch).map_err(wrong)?;
        return Ok(Tested { title, got: None, expectation, failure, about: Some(about) });
    };
    let question = expected::written(&expectation, principal, expectation.resource.as_deref());
    let checked = match place.check(question) {
        Ok(checked) => checked,
        // A question about nothing tests no profile.
        Err(Failure::NotUnderstood(message)) => {
            let failure = Some((message, Vec::new()));
            return Ok(Tested { title, got: None, expectation, failure, about: None });
        }
        Err(failure) => return Err(wrong(failure)),
    };
    let Checked { question, explanation, readable, notes, .. } = &checked;
    touch(question, explanation);
    let failure = expected::failure(&expectation, question, explanation, readable, notes);
    Ok(Tested { title, got: Some(explanation.answer.outcome), expectation, failure, about: None })
}

fn title(expectation: &Expectation) -> String {
    let subject = |subject: &ExpectedSubject| match subject {
        ExpectedSubject::Principal(name) => name.clone(),
        ExpectedSubject::HoldersOf(profile) => format!("holders of `{profile}`"),
    };
    let subjects: Vec<_> = expectation.subjects.iter().map(subject).collect();
    let subjects = match (expectation.exactly, subjects.is_empty()) {
        (true, true) => "nobody".to_owned(),
        (true, false) => format!("exactly {}", subjects.join(", ")),
        (false, _) => subjects.join(", "),
    };
    let name = expectation.name.as_deref().map(|name| format!("{name}: ")).unwrap_or_default();
    let on = expectation.resource.as_deref().map(|it| format!(" {it}")).unwrap_or_default();
    into_shown(format!("{name}{subjects} {}{on}", expectation.action))
}

fn write_text(tested: &[Tested], out: &mut impl Write) -> Result<(), Failure> {
    for it in tested {
        let Some((first, why)) = &it.failure else {
            if let Some(about) = &it.about {
                writeln!(out, "{}: {}: {about}", coloured(Outcome::Allowed, "passed"), it.title)?;
            }
            continue;
        };
        writeln!(out, "{}: {}  {}", coloured(Outcome::Denied, "failed"), it.title, it.expectation.place)?;
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
        name: match &it.about {
            Some(about) if it.expectation.exactly => format!("{} ({about})", it.title),
            Some(about) => format!("{} {} ({about})", it.title, it.expectation.outcome.as_str()),
            None => format!("{} {}", it.title, it.expectation.outcome.as_str()),
        },
        failure: it.failure.as_ref().map(|(first, why)| (first.clone(), why.join("\n"))),
    }
}

fn to_json(tested: &[Tested], coverage: Option<&Coverage>) -> serde_json::Value {
    let results = tested.iter().map(|it| {
        let place = &it.expectation.place;
        let named = |subject: &ExpectedSubject| match subject {
            ExpectedSubject::Principal(name) => Ok(name.clone()),
            ExpectedSubject::HoldersOf(profile) => Err(profile.clone()),
        };
        let (principals, profiles): (Vec<_>, Vec<_>) =
            it.expectation.subjects.iter().map(named).partition(Result::is_ok);
        let principals: Vec<_> = principals.into_iter().filter_map(Result::ok).collect();
        let profiles: Vec<_> = profiles.into_iter().filter_map(Result::err).collect();
        json!({
            "principal": principals.first().filter(|_| !it.expectation.exactly),
            "holders_of": profiles.first().filter(|_| !it.expectation.exactly),
            "exactly": it.expectation.exactly.then(|| json!({ "principals": principals, "holders_of": profiles })),
            "about": it.about.as_ref().map(|about| json!({
                "principals": about.principals, "resources": about.resources, "failed": about.failed,
            })),
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
