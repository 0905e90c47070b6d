//! `lanyard plan`: the changes that bring an instance to a desired state, and their access impact.

mod merge;
mod only;
mod renamed;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lanyard_analysis::{
    Configuration, Map, Mapping, Origin, OtherInstance, apply_desired_state, instance_of, is_provisional, promote,
    unmatched,
};
use lanyard_formats::{Promotion, read_over, read_promotion};
use lanyard_model::resources::{QuickConnect, User};
use lanyard_model::{Directory, Kind, Resource};

use crate::failure::Failure;
use crate::instance::args::{CatalogueArg, DataArg, InstanceArg, ServiceArgs};
use crate::instance::parameters::{ParameterArgs, refuse_undeclared};
use crate::instance::remote::{Endpoint, Remote};
use crate::instance::{FileFacts, LocatedState, Location, Target};
use crate::progress::Progress;
use crate::reports::plan::{PlanReport, Planned};
use lanyard_sync::pull::{Privacy, Pulled, Service, is_pseudonym};

/// Show the changes that bring an instance to the state that files describe, and who gains or loses which access.
///
/// Nothing is changed. Members that the files do not have, and parts that could not be read, stay as they are. AI agents
/// are evaluated without a person whom they act for. Without --against, --endpoint, --profile or --region, the present
/// state is that of the data directory, whatever the environment names.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit status: 0 nothing differs, 2 something does, 1 an error.\n\nExamples:\n  lanyard plan access\n  \
                        lanyard plan access --data /var/lib/lanyard --html plan.html\n  lanyard plan access --endpoint \
                        http://127.0.0.1:4510 --out plan.json\n  lanyard plan access --against access-of-yesterday\n  \
                        lanyard plan access --profile auditor --region eu-west-2 --json\n  lanyard plan staging --map \
                        production.yaml --endpoint http://127.0.0.1:4510 --instance production --out change.plan"
)]
pub(crate) struct Args {
    /// The desired state: a directory that `lanyard pull` wrote, a CloudFormation template, the output of
    /// `terraform show -json`, a data directory, or the address of a running server
    #[arg(value_name = "DIR")]
    desired: PathBuf,

    /// The map of source to target, where the files are of another instance than the one to change (docs/promotion.md)
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,

    /// Plan only this security profile, by its name in the files, or KIND:NAME, such as User:ana or HierarchyGroup:North/Leeds.
    /// Can be repeated
    #[arg(long, value_name = "NAME|KIND:NAME")]
    only: Vec<String>,

    /// The side that decides on a resource that the files and the instance both changed after the pull. Without it, there is no
    /// plan with such a resource
    #[arg(long, value_enum, value_name = "SIDE")]
    take: Option<merge::Side>,

    /// A directory of files that override the desired state in this environment. Can be repeated
    #[arg(long, value_name = "DIR")]
    overlay: Vec<PathBuf>,

    #[command(flatten)]
    catalogue: CatalogueArg,

    #[command(flatten)]
    parameters: ParameterArgs,

    #[command(flatten)]
    current: Current,

    #[command(flatten)]
    report: PlanReport,
}

/// The present state.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "The present state")]
struct Current {
    #[command(flatten)]
    data: DataArg,

    /// Files, another data directory, or the address of a running server
    #[arg(long, value_name = "PATH", conflicts_with_all = ["endpoint", "profile", "region", "ca", "rate"])]
    against: Option<PathBuf>,

    #[command(flatten)]
    service: ServiceArgs,

    #[command(flatten)]
    instance: InstanceArg,
}

/// Compares the states, and reports.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let catalogue = args.catalogue.catalogue()?;
    let promotion = args.map.as_deref().map(read_promotion).transpose().map_err(Failure::from_error)?;
    let mut desired = args.desired(promotion.as_ref()).map_err(|failure| renamed::explained(args, failure))?;
    let current = args.current.read(&args.desired, &desired.configuration, promotion.as_ref().map(|it| &it.map))?;
    let mut notes = Vec::new();
    if let Some(Promotion { map, .. }) = &promotion {
        refuse_unmatched(&unmatched(map, &desired.configuration))?;
    }
    let wanted = only::wanted(&args.only, &desired.configuration, &current.configuration, promotion.is_some())?;
    let after = match &promotion {
        Some(Promotion { map, .. }) => {
            let mut map = map.clone();
            if let Some(wanted) = &wanted {
                (desired.configuration, map) = only::promoted(desired.configuration, &map, wanted)?;
            }
            let (brought, kept) =
                promote(&current.configuration, &desired.configuration, &map).map_err(|all| unmapped(&all))?;
            // All but the named ones stay, so that there is no need to name those.
            notes.extend(kept.into_iter().filter(|_| wanted.is_none()));
            let brought = with_usernames(brought, &current.configuration.directory);
            apply_desired_state(&current.configuration, &brought).map_err(|error| other_instance(&error))?
        }
        None if desired.is_complete && current.is_complete => {
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
    let after = match &promotion {
        Some(_) => after,
        None => merge::merged(&args.desired, args.take, &current, after, wanted.as_ref(), &mut notes)?,
    };
    let after = match &wanted {
        Some(wanted) if promotion.is_none() => only::changed(&current.configuration, after, wanted),
        _ => after,
    };
    let planned = Planned {
        before: &current.configuration,
        after,
        origin: &current.origin,
        desired: args.sources(promotion.as_ref()),
        aws_profile: args.current.service.profile.as_deref(),
        catalogue: &catalogue,
        notes,
        is_comparison: args.current.against.is_some(),
        files: match promotion {
            Some(_) => None,
            None => merge::record_of(&args.desired, &current)?.map(|record| (args.desired.as_path(), record)),
        },
    };
    args.report.write(planned, out)
}

impl Args {
    /// The sources of the desired state, in words.
    fn sources(&self, promotion: Option<&Promotion>) -> String {
        let overlays = promotion.iter().flat_map(|it| &it.overlays).chain(&self.overlay);
        let mut words = self.desired.display().to_string();
        if let Some(map) = &self.map {
            words = format!("{words}, by the map {}", map.display());
        }
        overlays.fold(words, |words, overlay| format!("{words}, with {}", overlay.display()))
    }

    /// Reads the desired state, with its overlays.
    fn desired(&self, promotion: Option<&Promotion>) -> Result<LocatedState, Failure> {
        let overlays: Vec<PathBuf> =
            promotion.iter().flat_map(|it| &it.overlays).chain(&self.overlay).cloned().collect();
        if overlays.is_empty() {
            // With a map, `--instance` names the target.
            let instance = self.current.instance.instance.as_deref().filter(|_| promotion.is_none());
            let options = self.parameters.options()?;
            let mut located = Target::parse(&self.desired, instance)?.read_with(None, &options)?;
            refuse_undeclared(&options, &[&located])?;
            located.configuration.unknown_parts.notes.extend(located.file_facts.undecided());
            return Ok(located);
        }
        let configuration = read_over(&self.desired, &overlays)?;
        let origin = Origin::Files { path: self.desired.display().to_string() };
        let file_facts = FileFacts::default();
        Ok(LocatedState { configuration, origin, is_complete: false, instance: None, file_facts })
    }
}

/// Refuses a map with keys that match nothing: a misspelt exclusion would promote what it names.
fn refuse_unmatched(all: &[lanyard_analysis::Unmapped]) -> Result<(), Failure> {
    if all.is_empty() {
        return Ok(());
    }
    let first = "these keys of the map match nothing, so that there is no plan:".to_owned();
    Err(Failure::Lines([first].into_iter().chain(all.iter().map(|it| format!("  {it}"))).collect()))
}

fn other_instance(error: &OtherInstance) -> Failure {
    Failure::Message(format!(
        "{error}; name another with --instance, or map the one to the other with --map FILE (docs/promotion.md)"
    ))
}

/// The references that the map does not cover, in one message.
fn unmapped(all: &[lanyard_analysis::Unmapped]) -> Failure {
    let lines = all.iter().map(|it| format!("  {it}"));
    let (count, noun) = (all.len(), if all.len() == 1 { "reference leads" } else { "references lead" });
    let first = format!("{count} {noun} to nothing in the target, so that there is no plan:");
    Failure::Lines([first].into_iter().chain(lines).collect())
}

impl Current {
    /// Reads the present state: where a flag locates it, or else in the data directory.
    fn read(&self, files: &Path, desired: &Configuration, map: Option<&Map>) -> Result<LocatedState, Failure> {
        let named = self.instance.instance.as_deref();
        if let Some(path) = &self.against {
            return Target::parse(path, named)?.read(None);
        }
        let described = instance_of(&desired.directory).filter(|_| map.is_none()).map(|id| id.to_string());
        let instance = named.map(str::to_owned).or(described);
        if !self.service.is_given() {
            return Target { location: self.data.location(), instance }.read(None);
        }
        let agents = desired.directory.ai_agents.values().filter_map(|agent| match map {
            None => Some(agent.arn.clone()),
            Some(map) => match map.mapping(Kind::AiAgent, &agent.arn) {
                Some(Mapping::To(to)) => Some(to),
                Some(Mapping::LeftOut) => None,
                None => Some(agent.arn.clone()),
            },
        });
        self.read_service(files, &agents.collect::<Vec<_>>(), instance)
    }

    fn read_service(&self, files: &Path, agents: &[String], instance: Option<String>) -> Result<LocatedState, Failure> {
        let settings = self.service.settings()?;
        if let Some(endpoint) = &self.service.endpoint {
            let remote =
                Remote::new(Endpoint::new(endpoint.clone(), self.service.ca.ca.clone()), settings.region.clone());
            if remote.is_lanyard() {
                return Target { location: Location::Server(Box::new(remote)), instance }.read(None);
            }
        }
        let endpoint = Some(&settings.endpoint).filter(|endpoint| !endpoint.is_amazon()).map(ToString::to_string);
        let origin = Origin::AmazonConnect { region: settings.region.clone(), endpoint };
        let service = Service {
            settings,
            rate: self.service.rate,
            instance: instance.as_deref(),
            ai_agents: agents,
            privacy: Privacy::Names,
            journal: crate::pull_record::sibling(files, "plan-journal"),
        };
        let Pulled { configuration, journal, .. } = service.read(Box::new(Progress::new()), super::pull::now)?;
        if let Some(journal) = journal {
            journal.finish()?;
        }
        let file_facts = FileFacts::default();
        Ok(LocatedState { configuration, origin, is_complete: false, instance: None, file_facts })
    }
}

/// The desired state with usernames in place of pseudonyms, and with the mail addresses and numbers that files omit.
fn with_usernames(desired: Configuration, current: &Directory) -> Configuration {
    let Configuration { directory, unknown_parts, places } = desired;
    // A resource without an identifier in the files is found by its name.
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
