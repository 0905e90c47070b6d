//! `lanyard plan`: what would change, and what it means.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lanyard_analysis::{
    Configuration, Map, Mapping, Origin, OtherInstance, apply_desired_state, instance_of, is_provisional, promote,
};
use lanyard_client::{Wanted, settings};
use lanyard_formats::{Promotion, read_over, read_promotion};
use lanyard_model::catalogue::Catalogue;
use lanyard_model::resources::{QuickConnect, User};
use lanyard_model::{Directory, Kind, Resource};

use super::Failure;
use super::serve::extended_catalogue;
use crate::origin::{self, Place};
use crate::progress::Progress;
use crate::reports::plan::PlanReport;
use lanyard_sync::pull::{Privacy, Pulled, Service, is_pseudonym};

/// Say what would change if an instance were brought to what files describe, and what it means: who gains or loses what.
///
/// Nothing is changed. What the files do not carry, and what was not seen, stays as it is. AI agents are asked about as
/// serving nobody in particular.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit status: 0 nothing differs, 2 something does, 1 an error.\n\nExamples:\n  lanyard plan access\n  \
                        lanyard plan access --data /var/lib/lanyard --html plan.html\n  lanyard plan access --endpoint \
                        http://127.0.0.1:4510 --out plan.json\n  lanyard plan access --against access-of-yesterday\n  \
                        lanyard plan access --profile auditor --region eu-west-2 --json\n  lanyard plan staging --map \
                        production.yaml --endpoint http://127.0.0.1:4510 --instance production --out change.plan"
)]
pub(crate) struct Args {
    /// What is wanted: a directory that `lanyard pull` wrote, a CloudFormation template, what `terraform show -json`
    /// printed, a data directory, or the address of a running server
    #[arg(value_name = "DIR")]
    desired: PathBuf,

    /// What ties the instance of the files to another one, which is to become like it (docs/promotion.md)
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,

    /// A directory of what is otherwise in this environment, over the files; may be given several times
    #[arg(long, value_name = "DIR")]
    overlay: Vec<PathBuf>,

    #[command(flatten)]
    current: Current,

    /// A file of permissions to add to the catalogue, as `lanyard serve` takes it
    #[arg(long, env = "LANYARD_PERMISSIONS", value_name = "FILE")]
    permissions: Option<PathBuf>,

    #[command(flatten)]
    report: PlanReport,
}

/// Where the present state is.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What to compare with")]
struct Current {
    /// A data directory, which is only read, whether or not a server uses it
    #[arg(long, env = "LANYARD_DATA", default_value = "lanyard-data", value_name = "DIR")]
    data: PathBuf,

    /// Other files, another data directory, or the address of another running server
    #[arg(long, value_name = "PATH", conflicts_with_all = ["endpoint", "profile", "region", "ca", "rate"])]
    against: Option<PathBuf>,

    /// The service at this address, such as a Lanyard server
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,

    /// Amazon Connect, with this profile of the AWS files
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// Amazon Connect in this region, or the region at the endpoint
    #[arg(long, value_name = "REGION")]
    region: Option<String>,

    /// The certificates to trust instead of the machine's, PEM
    #[arg(long, env = "LANYARD_CA", value_name = "FILE")]
    ca: Option<PathBuf>,

    /// Calls a second at most; slower when the service throttles. Against Amazon 0.5 unless said, elsewhere no limit
    #[arg(long, value_name = "NUMBER", value_parser = super::pull::rate)]
    rate: Option<f64>,

    /// The instance, by identifier, alias or ARN; that of the files unless said
    #[arg(long, env = "LANYARD_INSTANCE", value_name = "INSTANCE")]
    instance: Option<String>,
}

/// A state, and where it was read.
struct Read {
    configuration: Configuration,
    origin: Origin,
    /// Everything was there to be read, so that what is absent is absent.
    whole: bool,
}

/// Compares, and reports.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let catalogue = match &args.permissions {
        Some(file) => extended_catalogue(file)?,
        None => Catalogue::builtin().clone(),
    };
    let promotion = args.map.as_deref().map(read_promotion).transpose().map_err(|fault| said(&fault))?;
    let desired = args.desired(promotion.as_ref())?;
    let current = args.current.read(&args.desired, &desired.configuration, promotion.as_ref().map(|it| &it.map))?;
    let mut notes = Vec::new();
    let after = match &promotion {
        Some(Promotion { map, .. }) => {
            let (brought, kept) =
                promote(&current.configuration, &desired.configuration, map).map_err(|all| unmapped(&all))?;
            notes.extend(kept);
            let brought = with_usernames(brought, &current.configuration.directory);
            apply_desired_state(&current.configuration, &brought).map_err(|error| other_instance(&error))?
        }
        None if desired.whole && current.whole => {
            let [own, described] = [&current, &desired].map(|it| instance_of(&it.configuration.directory));
            if let (Some(current), Some(described)) = (own, described)
                && current != described
            {
                return Err(other_instance(&OtherInstance { described, current }));
            }
            desired.configuration
        }
        None => {
            let desired = with_usernames(desired.configuration, &current.configuration.directory);
            apply_desired_state(&current.configuration, &desired).map_err(|error| other_instance(&error))?
        }
    };
    let before = &current.configuration;
    args.report.tell_noting(notes, before, &after, &current.origin, &catalogue, out)
}

impl Args {
    /// Reads what is wanted, with what lies over it.
    fn desired(&self, promotion: Option<&Promotion>) -> Result<Read, Failure> {
        let overlays: Vec<PathBuf> =
            promotion.iter().flat_map(|it| &it.overlays).chain(&self.overlay).cloned().collect();
        if overlays.is_empty() {
            // With a map, `--instance` names the target.
            let instance = self.current.instance.as_deref().filter(|_| promotion.is_none());
            return of_path(&self.desired, instance);
        }
        let configuration = read_over(&self.desired, &overlays).map_err(|fault| said(&fault))?;
        let origin = Origin::Files { path: self.desired.display().to_string() };
        Ok(Read { configuration, origin, whole: false })
    }
}

fn said(error: &dyn std::fmt::Display) -> Failure {
    Failure::Message(error.to_string())
}

fn other_instance(error: &OtherInstance) -> Failure {
    Failure::Message(format!(
        "{error}; name another with --instance, or tie the one to the other with --map FILE (docs/promotion.md)"
    ))
}

/// What nothing ties, in one message.
fn unmapped(all: &[lanyard_analysis::Unmapped]) -> Failure {
    let lines: String = all.iter().map(|it| format!("\n  {it}")).collect();
    let (count, noun) = (all.len(), if all.len() == 1 { "reference leads" } else { "references lead" });
    Failure::Message(format!("{count} {noun} to nothing in the target, so that there is no plan:{lines}"))
}

impl Current {
    /// Reads the present state: where it is said to be, or else in the data directory.
    fn read(&self, files: &Path, desired: &Configuration, map: Option<&Map>) -> Result<Read, Failure> {
        let described = instance_of(&desired.directory).map(|id| id.to_string());
        let instance = self.instance.clone().or(described.filter(|_| map.is_none()));
        if let Some(path) = &self.against {
            return of_path(path, self.instance.as_deref());
        }
        if self.endpoint.is_none() && self.profile.is_none() && self.region.is_none() {
            let state = origin::Origin::data(self.data.clone(), instance).open()?.state(None)?;
            let origin = Origin::DataDirectory { path: crate::stores::shown(&self.data) };
            return Ok(Read { configuration: Configuration::whole(state), origin, whole: true });
        }
        let agents = desired.directory.ai_agents.values().filter_map(|agent| match map {
            None => Some(agent.arn.clone()),
            Some(map) => match map.tie(Kind::AiAgent, &agent.arn) {
                Some(Mapping::To(to)) => Some(to),
                Some(Mapping::LeftOut) => None,
                None => Some(agent.arn.clone()),
            },
        });
        self.read_service(files, &agents.collect::<Vec<_>>(), instance.as_deref())
    }

    fn read_service(&self, files: &Path, agents: &[String], instance: Option<&str>) -> Result<Read, Failure> {
        let wanted = Wanted {
            profile: self.profile.clone(),
            region: self.region.clone(),
            endpoint: self.endpoint.clone(),
            ca: self.ca.clone(),
        };
        let settings = settings::find(&wanted, &|name| std::env::var(name).ok()).map_err(|error| said(&error))?;
        let region = settings.region.clone();
        if let Some(address) = &self.endpoint {
            let uri =
                address.parse().map_err(|error| Failure::Message(format!("the endpoint `{address}`: {error}")))?;
            let server = origin::Origin::server(uri, self.ca.clone(), instance.map(str::to_owned)).in_region(&region);
            if server.is_lanyard() {
                let configuration = Configuration::whole(server.open()?.state(None)?);
                let origin = Origin::Lanyard { endpoint: address.clone() };
                return Ok(Read { configuration, origin, whole: true });
            }
        }
        let origin = Origin::AmazonConnect { region };
        let service = Service {
            settings,
            rate: self.rate,
            instance,
            ai_agents: agents,
            privacy: Privacy::Names,
            journal: super::pull::beside(files, "plan-journal"),
        };
        let Pulled { configuration, journal, .. } = service.read(Box::new(Progress::new()), super::pull::now)?;
        if let Some(journal) = journal {
            journal.finish()?;
        }
        Ok(Read { configuration, origin, whole: false })
    }
}

/// Reads files, a data directory, or what is at an address.
fn of_path(path: &Path, instance: Option<&str>) -> Result<Read, Failure> {
    let (configuration, place) = origin::read_at(path, instance)?;
    let named = crate::stores::shown(path);
    let origin = match place {
        Place::Data => Origin::DataDirectory { path: named },
        Place::Files => Origin::Files { path: named },
        Place::Server => Origin::Lanyard { endpoint: named },
    };
    Ok(Read { configuration, origin, whole: place != Place::Files })
}

/// The wanted state with the names that people have in place of their pseudonyms, and with the mail addresses and
/// numbers that files leave out.
fn with_usernames(desired: Configuration, current: &Directory) -> Configuration {
    let Configuration { directory, unknown_parts, places } = desired;
    // A resource without an identifier in the files is known by its name.
    let by_name = |it: &Resource| current.find_name(it.kind(), it.name()?).filter(|_| is_provisional(&it.id()));
    let present = |it: &Resource| current.get(it.kind(), by_name(it).unwrap_or(&it.id()));
    let named = |resource: Resource| match (&resource, present(&resource)) {
        (Resource::User(user), Some(Resource::User(there))) => {
            let mut user = User::clone(user);
            if is_pseudonym(&user.username) {
                user.username.clone_from(&there.username);
            }
            if let (Some(info), Some(there)) = (&mut user.identity_info, &there.identity_info) {
                let kept = [
                    (&mut info.first_name, &there.first_name),
                    (&mut info.last_name, &there.last_name),
                    (&mut info.email, &there.email),
                    (&mut info.secondary_email, &there.secondary_email),
                    (&mut info.mobile, &there.mobile),
                ];
                for (wanted, there) in kept {
                    if wanted.is_none() {
                        wanted.clone_from(there);
                    }
                }
            }
            user.into()
        }
        (Resource::QuickConnect(it), Some(Resource::QuickConnect(there))) if is_pseudonym(&it.name) => {
            QuickConnect { name: there.name.clone(), ..QuickConnect::clone(it) }.into()
        }
        _ => resource,
    };
    let resources: Vec<Resource> = directory.iter().map(named).collect();
    let (stream, revision, time) = (directory.stream().clone(), directory.revision(), directory.time());
    Configuration { directory: Directory::load(stream, revision, time, resources), unknown_parts, places }
}
