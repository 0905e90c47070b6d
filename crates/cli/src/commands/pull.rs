//! `lanyard pull`: writes the configuration that access depends on as readable files.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lanyard_analysis::{Configuration, PulledRecord, instance_of};
use lanyard_client::Settings;
use lanyard_engine::UnknownParts;
use lanyard_model::{Directory, Kind, shown};
use lanyard_service::SystemEnvironment;

use crate::failure::Failure;
use crate::instance::args::{InstanceArg, ServiceArgs, announce};
use crate::instance::{Location, Target};
use crate::progress::Progress;
use crate::pull_record::{self as record, sibling};
use crate::stores::Place;
use lanyard_sync::pull::{Privacy, Pulled, Service, operations, pseudonym_key};

/// Write the configuration that access depends on as readable files: from Amazon Connect, a Lanyard server or a data
/// directory.
///
/// A pull calls only operations that read, at half a call a second against Amazon. An interrupted pull resumes when it is
/// run again. The files state which parts could not be read. The API does not list AI agents, so name them with
/// --ai-agent.
///
/// Usernames become pseudonyms under a key that is kept next to the directory; names, mail addresses and phone numbers are
/// omitted. Region, endpoint and credentials are found where AWS tools find them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  lanyard pull --to access --instance my-centre --profile auditor --region eu-west-2\n  \
                        lanyard pull --to access --endpoint http://127.0.0.1:4510\n  \
                        lanyard pull --to access --data /var/lib/lanyard --with-names\n  \
                        lanyard pull --policy > policy.json"
)]
pub(crate) struct Args {
    /// The directory to write; the files of an earlier pull are brought up to date
    #[arg(long, value_name = "DIR", required_unless_present = "policy")]
    to: Option<PathBuf>,

    /// Print the IAM policy that a pull from Amazon needs, and do nothing else. With the ARN of an instance as --instance,
    /// the policy is for that instance
    #[arg(long)]
    policy: bool,

    /// Read this data directory. A server may be using it
    #[arg(long, value_name = "DIR", conflicts_with_all = ["endpoint", "profile", "region", "ca", "rate", "ai_agents"])]
    data: Option<PathBuf>,

    #[command(flatten)]
    service: ServiceArgs,

    #[command(flatten)]
    instance: InstanceArg,

    /// An AI agent, by the ARN with its version. Can be repeated
    #[arg(long = "ai-agent", value_name = "ARN")]
    ai_agents: Vec<String>,

    /// Overwrite edits that the instance does not have, and the files of another instance
    #[arg(long)]
    force: bool,

    /// Write usernames, first and last names instead of pseudonyms
    #[arg(long, conflicts_with = "pseudonym_key")]
    with_names: bool,

    /// The file of the key of the pseudonyms, which is made where it does not exist. The default is next to the directory
    #[arg(long, value_name = "FILE")]
    pseudonym_key: Option<PathBuf>,
}

/// Reads the instance, and writes the files.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let Some(to) = args.to.as_ref().filter(|_| !args.policy) else {
        let arn = args.instance.instance.as_deref().filter(|instance| instance.starts_with("arn:"));
        let policy = serde_json::to_string_pretty(&operations::policy(arn)).map_err(std::io::Error::from)?;
        writeln!(out, "{policy}")?;
        return Ok(ExitCode::SUCCESS);
    };
    let failed = |error: std::io::Error| Failure::Message(format!("`{}`: {error}", to.display()));
    std::fs::create_dir_all(to).map_err(failed)?;
    let to = &to.canonicalize().map_err(failed)?;
    let (Pulled { mut configuration, journal, calls }, revision) = match &args.data {
        Some(data) => of_data(args, data, to)?,
        None => of_service(args, to)?,
    };
    let unknown_parts = &mut configuration.unknown_parts.kinds;
    if unknown_parts.contains(&Kind::DataTable) || configuration.directory.count(Kind::DataTable) > 0 {
        // Files have data tables without their records.
        unknown_parts.insert(Kind::DataTableRecord);
    }
    if !args.force {
        record::check_overwrites(to, &configuration)?;
    }
    lanyard_formats::write(to, &configuration)?;
    if let Some(instance) = instance_of(&configuration.directory) {
        record::write(to, &PulledRecord::of(&configuration, &instance, revision, args.with_names))?;
    }
    record::forget_planned(to);
    if let Some(journal) = journal {
        journal.finish()?;
    }
    write_summary(out, &configuration, calls)?;
    Ok(ExitCode::SUCCESS)
}

fn of_data(args: &Args, data: &Path, to: &Path) -> Result<(Pulled, Option<u64>), Failure> {
    let privacy = privacy(args, to)?;
    let target = Target { location: Location::Data(Place::new(data)), instance: args.instance.instance.clone() };
    let directory = target.open()?.state(None)?;
    let resources = directory.iter().map(|resource| privacy.resource(resource));
    let stream = directory.stream().clone();
    let directory = Directory::load(stream, directory.revision(), directory.time(), resources);
    let revision = Some(directory.revision());
    Ok((Pulled { configuration: Configuration::whole(directory), journal: None, calls: None }, revision))
}

fn of_service(args: &Args, to: &Path) -> Result<(Pulled, Option<u64>), Failure> {
    let settings = args.service.settings()?;
    announce(&format!("pulling from {} to `{}`", args.service.words(&settings), to.display()));
    // The revision before the first call: what changes during the pull counts as changed after it. Of an interrupted pull,
    // that revision is not known.
    let is_begun = sibling(to, "pull-journal").exists();
    let revision = if is_begun { None } else { revision(args, &settings) };
    let service = Service {
        settings,
        rate: args.service.rate,
        instance: args.instance.instance.as_deref(),
        ai_agents: &args.ai_agents,
        privacy: privacy(args, to)?,
        journal: sibling(to, "pull-journal"),
    };
    Ok((service.read(Box::new(Progress::new()), now)?, revision))
}

fn privacy(args: &Args, to: &Path) -> Result<Privacy, Failure> {
    if args.with_names {
        return Ok(Privacy::Names);
    }
    let key = args.pseudonym_key.clone().unwrap_or_else(|| sibling(to, "pseudonym-key"));
    Ok(pseudonym_key(&key).map(Privacy::Pseudonyms)?)
}

/// The revision of the instance at a Lanyard server; `None` at another service.
fn revision(args: &Args, settings: &Settings) -> Option<u64> {
    let endpoint = settings.endpoint.to_string();
    if settings.endpoint.is_amazon() {
        return None;
    }
    let location = Location::server(endpoint.parse().ok()?, args.service.ca.ca.clone(), &settings.region);
    let Location::Server(remote) = &location else { return None };
    if !remote.is_lanyard() {
        return None;
    }
    let instance = Target { location, instance: args.instance.instance.clone() }.open().ok()?;
    instance.log_back(None, 1).ok()?.first().map(|entry| entry.revision)
}

/// The time, in milliseconds since 1970.
pub(super) fn now() -> i64 {
    SystemEnvironment::shared().now().0
}

/// Writes the numbers of resources, and the parts that could not be read.
fn write_summary(out: &mut impl Write, configuration: &Configuration, calls: Option<u64>) -> std::io::Result<()> {
    let Configuration { directory, unknown_parts, .. } = configuration;
    for kind in lanyard_analysis::PORTABLE_KINDS {
        let count = directory.count(*kind);
        if count > 0 && !matches!(kind, Kind::Instance | Kind::HierarchyStructure) {
            writeln!(out, "{count:>8}  {}", plural(kind.noun(), count))?;
        }
    }
    if let Some(calls) = calls {
        writeln!(out, "{calls:>8}  calls")?;
    }
    let UnknownParts { restrictions, tools, kinds, notes, .. } = unknown_parts;
    let kinds: Vec<String> = kinds.iter().map(|kind| plural(kind.noun(), 2)).collect();
    if !kinds.is_empty() {
        writeln!(out, "not seen: there may be more of {}", kinds.join(", "))?;
    }
    for (what, profiles) in [("restrictions", restrictions), ("applications, flow modules or AI agents", tools)] {
        if !profiles.is_empty() {
            writeln!(out, "not seen: {what} of {} security profiles", profiles.len())?;
        }
    }
    for note in notes {
        writeln!(out, "not seen: {}", shown(note))?;
    }
    Ok(())
}

fn plural(noun: &str, count: usize) -> String {
    let is_plural = noun.starts_with("hours");
    format!("{noun}{}", if count == 1 || is_plural { "" } else { "s" })
}
