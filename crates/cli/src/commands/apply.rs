//! `lanyard apply`: makes the changes of a reviewed plan.

mod passwords;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use http::Uri;
use lanyard_analysis::calls::{Call, Passwords};
use lanyard_analysis::{Origin, Plan};
use lanyard_client::{Client, Options};

use crate::failure::Failure;
use crate::instance::args::{ServiceArgs, announce, parsed, variable};
use crate::instance::{Location, Target};
use lanyard_sync::apply::{Done, Journal, at_once, one_by_one};

/// Make exactly the changes of a plan that `lanyard plan --out` or `lanyard revert --out` wrote.
///
/// A Lanyard server makes all changes as one write, at the revision that the plan was made for, or none. At Amazon they
/// are made call by call: each resource is checked before its call and read back after it, and an interrupted apply resumes
/// when the same plan is applied again. A resource that has changed since the plan was made is not touched.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  lanyard apply change.plan\n  \
                        lanyard apply change.plan --endpoint http://127.0.0.1:4510 --dry-run\n  \
                        lanyard apply change.plan --profile production --rate 0.5\n\n\
                        Exit status: 0 the instance is as planned, 1 it is not, and the message lists what was done.")]
pub(crate) struct Args {
    /// The file of the plan
    plan: PathBuf,

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
    let text = std::fs::read_to_string(&args.plan).map_err(|error| failed(&error))?;
    let plan = Plan::read(&text).map_err(|error| failed(&error))?;
    if plan.changes.is_empty() {
        writeln!(out, "the plan changes nothing")?;
        return Ok(ExitCode::SUCCESS);
    }
    let passwords = args.passwords_from.as_deref().map(passwords::read).transpose()?.unwrap_or_default();
    match endpoint(args, &plan)? {
        Some(endpoint) if !args.one_by_one => {
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

/// The server of the arguments, the plan or the environment; `None` for Amazon.
///
/// # Errors
/// The environment names another server than the plan, or nothing names one.
fn endpoint(args: &Args, plan: &Plan) -> Result<Option<Uri>, Failure> {
    if let Some(endpoint) = &args.service.endpoint {
        return Ok(Some(endpoint.clone()));
    }
    let of_environment = variable().map(|(name, address)| parsed(name, &address).map(|uri| (name, uri))).transpose()?;
    match (&plan.target.from, of_environment) {
        (Origin::Lanyard { endpoint }, of_environment) => {
            let planned: Uri = endpoint
                .parse()
                .map_err(|error| Failure::Message(format!("the plan's endpoint `{endpoint}`: {error}")))?;
            let bare = |uri: &Uri| uri.to_string().trim_end_matches('/').to_owned();
            match of_environment.filter(|(_, uri)| bare(uri) != bare(&planned)) {
                Some((name, uri)) => Err(Failure::Message(format!(
                    "the plan is for {planned}, and {name} is {uri}; name the one to apply it to with --endpoint URL"
                ))),
                None => Ok(Some(planned)),
            }
        }
        // The settings of AWS tools apply.
        (Origin::AmazonConnect { .. }, _) => Ok(None),
        (_, Some((_, uri))) => Ok(Some(uri)),
        (Origin::DataDirectory { path } | Origin::Files { path }, None) => Err(Failure::Message(format!(
            "the plan was made from `{path}`; name the server to apply it to with --endpoint URL"
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
    writeln!(out, "{}  {} `{}`", call.operation, call.resource.kind.noun(), call.resource.id)
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
