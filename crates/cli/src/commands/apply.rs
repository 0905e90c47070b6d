//! `lanyard apply`: makes an instance what a reviewed plan says, and nothing else.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use http::Uri;
use lanyard_analysis::calls::Call;
use lanyard_analysis::{Origin as From, Plan};
use lanyard_client::{Client, Options, Wanted, settings};

use super::Failure;
use crate::origin::Origin;
use lanyard_sync::apply::{Done, Journal, at_once, one_by_one};

/// Do exactly what a plan says that `lanyard plan --out` or `lanyard revert` wrote.
///
/// A Lanyard server does all of it as one write, at the revision that the plan was made for, or nothing. At Amazon it is
/// done call by call: each resource is checked before and read back after, and an interrupted apply goes on where it was
/// when the same plan is applied again. Either way, what has changed since the plan was made is not touched.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  lanyard apply change.plan\n  \
                        lanyard apply change.plan --endpoint http://127.0.0.1:4510 --dry-run\n  \
                        lanyard apply change.plan --profile production --rate 0.5\n\n\
                        Exit status: 0 the instance is as planned, 1 it is not, and the message says what was done.")]
pub(crate) struct Args {
    /// The plan
    plan: PathBuf,

    /// The server, where it is another than the one that the plan was made from
    #[arg(long, value_name = "URL")]
    endpoint: Option<Uri>,

    /// The certificates to trust instead of the machine's, PEM
    #[arg(long, env = "LANYARD_CA", value_name = "FILE")]
    ca: Option<PathBuf>,

    /// Try it at a Lanyard server, and write nothing
    #[arg(long, conflicts_with = "one_by_one")]
    dry_run: bool,

    /// Make the calls one after another at a Lanyard server too, as at Amazon
    #[arg(long)]
    one_by_one: bool,

    /// The profile of the AWS configuration, for calls one after another
    #[arg(long, env = "AWS_PROFILE", value_name = "NAME")]
    profile: Option<String>,

    /// The region, where it is another than the plan's
    #[arg(long, value_name = "REGION")]
    region: Option<String>,

    /// Calls a second at most, one after another. Against Amazon 0.5 unless said
    #[arg(long, value_name = "NUMBER", value_parser = super::pull::rate)]
    rate: Option<f64>,
}

/// Applies the plan, and says what was done.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let said = |error: &dyn std::fmt::Display| Failure::Message(format!("`{}`: {error}", args.plan.display()));
    let text = std::fs::read_to_string(&args.plan).map_err(|error| said(&error))?;
    let plan = Plan::read(&text).map_err(|error| said(&error))?;
    if plan.changes.is_empty() {
        writeln!(out, "the plan changes nothing")?;
        return Ok(ExitCode::SUCCESS);
    }
    match endpoint(args, &plan)? {
        Some(endpoint) if !args.one_by_one => {
            let instance = Origin::server(endpoint, args.ca.clone(), Some(plan.target.instance_id.to_string()));
            let instance = match &args.region {
                Some(region) => instance.in_region(region),
                None => instance.in_region(&plan_region(&plan)),
            };
            let done = at_once(&plan, &instance.open()?, args.dry_run)?;
            done.calls.iter().try_for_each(|call| tell(out, call))?;
            conclude(out, &done, args.dry_run)?;
        }
        _ if args.dry_run => {
            return Err(Failure::Message("only a Lanyard server can try a plan; name one with --endpoint".to_owned()));
        }
        endpoint => {
            let done = calls_at(args, &plan, endpoint, out)?;
            conclude(out, &done, false)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The Lanyard server that is meant; `None` for Amazon.
fn endpoint(args: &Args, plan: &Plan) -> Result<Option<Uri>, Failure> {
    if let Some(endpoint) = &args.endpoint {
        return Ok(Some(endpoint.clone()));
    }
    match &plan.target.from {
        From::Lanyard { endpoint } => endpoint
            .parse()
            .map(Some)
            .map_err(|error| Failure::Message(format!("the plan's endpoint `{endpoint}`: {error}"))),
        From::AmazonConnect { .. } => Ok(None),
        From::DataDirectory { path } | From::Files { path } => Err(Failure::Message(format!(
            "the plan was made from `{path}`; name the server to apply it to with --endpoint URL"
        ))),
    }
}

/// The region of the plan's instance.
fn plan_region(plan: &Plan) -> String {
    let arn = plan.target.instance_arn.as_deref().unwrap_or_default();
    arn.split(':').nth(3).unwrap_or_default().to_owned()
}

fn calls_at(args: &Args, plan: &Plan, endpoint: Option<Uri>, out: &mut impl Write) -> Result<Done, Failure> {
    let said = |error: &dyn std::fmt::Display| Failure::Message(error.to_string());
    let region = args.region.clone().unwrap_or_else(|| plan_region(plan));
    let wanted = Wanted {
        profile: args.profile.clone(),
        region: Some(region),
        endpoint: endpoint.map(|endpoint| endpoint.to_string().trim_end_matches('/').to_owned()),
        ca: args.ca.clone(),
    };
    let settings = settings::find(&wanted, &|name| std::env::var(name).ok()).map_err(|error| said(&error))?;
    let client =
        Client::new(settings, Options { rate: args.rate, ..Options::default() }).map_err(|error| said(&error))?;
    let mut journal = Journal::open(&args.plan, plan.digest())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let done = runtime.block_on(one_by_one(plan, &client, &mut journal, &mut |call| tell(out, call)))?;
    journal.finish()?;
    Ok(done)
}

fn tell(out: &mut impl Write, call: &Call) -> std::io::Result<()> {
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
