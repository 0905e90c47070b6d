//! `lanyard apply`: makes the changes of a reviewed plan.

mod passwords;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use http::Uri;
use lanyard_analysis::calls::{Call, Passwords};
use lanyard_analysis::{Origin, Plan};
use lanyard_client::{Client, Endpoint, Options};
use lanyard_local_file::{LARGEST, read_text};
use lanyard_model::shown;

use crate::failure::Failure;
use crate::instance::args::{ServiceArgs, announce, parsed, variable};
use crate::instance::{Location, Target};
use lanyard_sync::apply::{Done, Journal, at_once, one_by_one};

/// Make exactly the changes of a plan that `lanyard plan --out` or `lanyard revert --out` wrote.
///
/// A Lanyard server makes all changes as one write, at the revision that the plan was made for, or none. At Amazon they
/// are made call by call: each resource is checked before its call and read back after it, and an interrupted apply resumes
/// when the same plan is applied again. A resource that has changed since the plan was made is not touched.
///
/// The digest in a plan reveals accidents, not attacks: a person who changes a plan can write a digest that fits. To apply only what
/// was reviewed, take the digest that `lanyard plan --out` printed, and give it as --expect-digest.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  lanyard apply change.plan\n  \
                        lanyard apply change.plan --endpoint http://127.0.0.1:4510 --dry-run\n  \
                        lanyard apply change.plan --profile production --rate 0.5\n\n\
                        Exit status: 0 the instance is as planned, 1 it is not, and the message lists what was done.")]
pub(crate) struct Args {
    /// The file of the plan
    plan: PathBuf,

    /// Apply the plan only if this is its digest, which `lanyard plan --out` printed: 64 hexadecimal digits
    #[arg(long, value_name = "DIGEST", value_parser = digest)]
    expect_digest: Option<String>,

    /// Check the plan at a Lanyard server, and write nothing
    #[arg(long, conflicts_with = "one_by_one")]
    dry_run: bool,

    /// Make the changes call by call at a Lanyard server too, as at Amazon
    #[arg(long)]
    one_by_one: bool,

    /// The passwords of the new users of an instance that manages its users itself: a file, or `-` for standard input. JSON,
    /// from username to password, or lines of `username,password`. They are kept nowhere
    #[arg(long, value_name = "FILE|-")]
    passwords_from: Option<PathBuf>,

    #[command(flatten)]
    service: ServiceArgs,
}

/// Applies the plan, and prints the calls.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::Message(format!("`{}`: {error}", args.plan.display()));
    let text = read_text(&args.plan, LARGEST).map_err(|error| failed(&error))?;
    let plan = Plan::read(&text).map_err(|error| failed(&error))?;
    if let Some(expected) = args.expect_digest.as_ref().filter(|expected| **expected != plan.digest()) {
        return Err(failed(&format_args!(
            "the digest of this plan is {}, and {expected} was expected: it is not the plan that was reviewed; nothing was \
             applied",
            plan.digest()
        )));
    }
    if plan.changes.is_empty() {
        writeln!(out, "the plan changes nothing")?;
        return Ok(ExitCode::SUCCESS);
    }
    let passwords = args.passwords_from.as_deref().map(passwords::read).transpose()?.unwrap_or_default();
    let is_amazon = matches!(plan.target.from, Origin::AmazonConnect { .. });
    match endpoint(args, &plan)? {
        Some(endpoint) if !args.one_by_one && !is_amazon => {
            let region = args.service.region.clone().unwrap_or_else(|| plan_region(&plan));
            let location = Location::server(endpoint.clone(), args.service.ca.ca.clone(), &region);
            let instance = plan.target.instance_id.to_string();
            announce(&format!("applying to the instance {instance} at {}", endpoint.to_string().trim_end_matches('/')));
            let target = Target { location, instance: Some(instance) };
            let done = at_once(&plan, &target.open()?, &passwords, args.dry_run)?;
            done.calls.iter().try_for_each(|call| write_call(out, call))?;
            conclude(out, &done, args.dry_run)?;
        }
        _ if args.dry_run => {
            return Err(Failure::Message(
                "only a Lanyard server can check a plan without applying it; name one with --endpoint".to_owned(),
            ));
        }
        endpoint => {
            let done = calls_at(args, &plan, endpoint, &passwords, out)?;
            conclude(out, &done, false)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A digest in small letters.
fn digest(text: &str) -> Result<String, String> {
    let is_digest = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_digest.then(|| text.to_ascii_lowercase()).ok_or_else(|| "a digest has 64 hexadecimal digits".to_owned())
}

/// The endpoint of the plan; `None` for one that was made from files or a data directory.
fn planned_endpoint(plan: &Plan) -> Result<Option<Endpoint>, Failure> {
    let read =
        |endpoint: &str| Endpoint::new(endpoint).map_err(|error| Failure::from_error(format!("the plan: {error}")));
    Ok(match &plan.target.from {
        Origin::Lanyard { endpoint } | Origin::AmazonConnect { endpoint: Some(endpoint), .. } => Some(read(endpoint)?),
        Origin::AmazonConnect { region, endpoint: None } => {
            Some(Endpoint::of_amazon(region).map_err(Failure::from_error)?)
        }
        Origin::DataDirectory { .. } | Origin::Files { .. } => None,
    })
}

/// Refuses another endpoint than that of the plan.
fn check_endpoint(plan: &Plan, endpoint: &Endpoint) -> Result<(), Failure> {
    match planned_endpoint(plan)?.filter(|planned| !planned.is_same_service(endpoint)) {
        Some(planned) => Err(Failure::Message(format!(
            "the plan was made for {planned}, and the endpoint is {endpoint}; make a plan for that endpoint"
        ))),
        None => Ok(()),
    }
}

/// The Lanyard server of the arguments, the plan or the environment; `None` for Amazon.
///
/// # Errors
/// The arguments or the environment name another server than the plan, or nothing names one.
fn endpoint(args: &Args, plan: &Plan) -> Result<Option<Uri>, Failure> {
    if let Some(endpoint) = &args.service.endpoint {
        check_endpoint(plan, &Endpoint::new(&endpoint.to_string()).map_err(Failure::from_error)?)?;
        return Ok(Some(endpoint.clone()));
    }
    let of_environment = variable().map(|(name, address)| parsed(name, &address).map(|uri| (name, uri))).transpose()?;
    match (&plan.target.from, of_environment) {
        (Origin::Lanyard { endpoint } | Origin::AmazonConnect { endpoint: Some(endpoint), .. }, of_environment) => {
            if let Some((name, uri)) = of_environment {
                check_endpoint(plan, &Endpoint::new(&uri.to_string()).map_err(Failure::from_error)?)
                    .map_err(|failure| Failure::Message(format!("{name}: {failure}")))?;
            }
            endpoint
                .parse()
                .map(Some)
                .map_err(|error| Failure::Message(format!("the plan's endpoint `{}`: {error}", shown(endpoint))))
        }
        // The settings of AWS tools apply.
        (Origin::AmazonConnect { endpoint: None, .. }, _) => Ok(None),
        (_, Some((_, uri))) => Ok(Some(uri)),
        (Origin::DataDirectory { path } | Origin::Files { path }, None) => Err(Failure::Message(format!(
            "the plan was made from `{}`; name the server to apply it to with --endpoint URL",
            shown(path)
        ))),
    }
}

/// The region of the plan's instance.
fn plan_region(plan: &Plan) -> String {
    let arn = plan.target.instance_arn.as_deref().unwrap_or_default();
    arn.split(':').nth(3).unwrap_or_default().to_owned()
}

fn calls_at(
    args: &Args,
    plan: &Plan,
    endpoint: Option<Uri>,
    passwords: &Passwords,
    out: &mut impl Write,
) -> Result<Done, Failure> {
    let service = ServiceArgs {
        endpoint,
        region: Some(args.service.region.clone().unwrap_or_else(|| plan_region(plan))),
        ..args.service.clone()
    };
    let options = Options { rate: service.rate, ..Options::default() };
    let settings = service.settings()?;
    check_endpoint(plan, &settings.endpoint)?;
    announce(&format!("applying to the instance {} at {}", plan.target.instance_id, settings.endpoint));
    let client = Client::new(settings, options).map_err(Failure::from_error)?;
    let mut journal = Journal::open(&args.plan, plan.digest())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let done =
        runtime.block_on(one_by_one(plan, &client, passwords, &mut journal, &mut |call| write_call(out, call)))?;
    journal.finish()?;
    Ok(done)
}

fn write_call(out: &mut impl Write, call: &Call) -> std::io::Result<()> {
    writeln!(
        out,
        "{}  {} `{}`",
        shown(&call.operation),
        call.resource.kind.noun(),
        shown(&call.resource.id.to_string())
    )
}

fn conclude(out: &mut impl Write, done: &Done, is_dry: bool) -> std::io::Result<()> {
    let count = done.calls.len();
    let calls = if count == 1 { "1 call".to_owned() } else { format!("{count} calls") };
    match done.revisions {
        _ if count == 0 && done.earlier == 0 => writeln!(out, "the instance is as planned already"),
        Some((revision, _)) if is_dry => {
            writeln!(out, "{calls} would succeed at revision {revision}; nothing was written")
        }
        Some((first, last)) if first < last => {
            writeln!(out, "applied with {calls} as the revisions {first} to {last}")
        }
        Some((revision, _)) => writeln!(out, "applied with {calls} as revision {revision}"),
        None if done.earlier > 0 => writeln!(out, "applied with {calls}, after {} made before", done.earlier),
        None => writeln!(out, "applied with {calls}"),
    }
}
