//! Where questions are put: the state of an instance in a data directory or in files, or a server.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use http::Uri;
use lanyard_engine::{Compiled, Lexicon, Unseen};
use lanyard_model::catalogue::Catalogue;
use lanyard_model::{Directory, Id, Scope, StreamId};
use lanyard_store::{Moment, SqliteStore, Store, StoreError, state_at};

use super::moment;
use super::near::{did_you_mean, near};
use super::server::Server;
use crate::commands::Failure;
use crate::commands::serve::extended_catalogue;

/// Which instance is asked, and where it is.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Where to ask")]
pub(crate) struct Source {
    /// The data directory, which is only read, whether or not a server uses it
    #[arg(long, env = "LANYARD_DATA", default_value = "lanyard-data", value_name = "DIR")]
    data: PathBuf,

    /// Ask what these files say instead: a directory that `lanyard pull` wrote, a CloudFormation template, or what
    /// `terraform show -json` printed
    #[arg(long, value_name = "PATH", conflicts_with_all = ["endpoint", "as_of"])]
    files: Option<PathBuf>,

    /// Ask this server instead, over AuthZEN; resources are then named by their identifiers
    #[arg(long, value_name = "URL")]
    endpoint: Option<Uri>,

    /// The bearer token that the server asks for
    #[arg(long, env = "LANYARD_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    token: Option<String>,

    /// The certificates to trust instead of the machine's, PEM
    #[arg(long, env = "LANYARD_CA", value_name = "FILE")]
    ca: Option<PathBuf>,

    /// The instance, by identifier, alias or ARN; may be left out where there is only one
    #[arg(long, env = "LANYARD_INSTANCE", value_name = "INSTANCE")]
    instance: Option<String>,

    /// Ask the state as it was after this revision, or at this time
    #[arg(long, value_name = "REVISION|TIME", value_parser = moment::parse, conflicts_with = "endpoint")]
    as_of: Option<Moment>,

    /// A file of permissions to add to the catalogue, as `lanyard serve` takes it
    #[arg(long, env = "LANYARD_PERMISSIONS", value_name = "FILE")]
    permissions: Option<PathBuf>,
}

/// Where questions are put.
pub(crate) enum Place {
    Here(Box<State>),
    There(Box<Server>),
}

/// One state of an instance, ready to be asked.
pub(crate) struct State {
    pub(crate) directory: Directory,
    /// What of the instance was not seen.
    pub(crate) unseen: Unseen,
    pub(crate) compiled: Compiled,
    pub(crate) catalogue: Catalogue,
    /// The instance's identifier.
    pub(crate) instance: Id,
    /// Where the instance lives, which its ARNs name.
    pub(crate) scope: Option<Scope>,
}

/// An instance of a data directory.
struct Found {
    id: Id,
    alias: Option<String>,
    scope: Scope,
}

impl Found {
    /// Whether the text is its identifier, alias or ARN.
    fn is_called(&self, text: &str) -> bool {
        self.id.to_string() == text
            || self.alias.as_ref().is_some_and(|alias| alias.eq_ignore_ascii_case(text))
            || self.scope.instance_arn(&self.id) == text
    }
}

impl Source {
    /// Reads the instance's state, or says which server to ask.
    pub(crate) fn open(&self) -> Result<Place, Failure> {
        if let Some(endpoint) = &self.endpoint {
            let server = Server::new(endpoint.clone(), self.ca.clone(), self.token.clone(), self.instance.as_deref())?;
            return Ok(Place::There(Box::new(server)));
        }
        let catalogue = match &self.permissions {
            Some(file) => extended_catalogue(file)?,
            None => Catalogue::builtin().clone(),
        };
        let (directory, unseen) = match &self.files {
            Some(path) => self.read_files(path)?,
            None => (self.directory()?, Unseen::default()),
        };
        let lexicon = Arc::new(Lexicon::new(&catalogue));
        let instance = match directory.stream() {
            StreamId::Instance(id) => id.clone(),
            StreamId::Registry { .. } => Id::new(""),
        };
        let scope = directory.instances.values().next().map(|instance| instance.scope());
        let compiled = Compiled::with_unseen(&directory, lexicon, &unseen);
        Ok(Place::Here(Box::new(State { directory, unseen, compiled, catalogue, instance, scope })))
    }

    /// A data directory alone, and the instance in it.
    pub(crate) fn of_data(data: PathBuf, instance: Option<String>) -> Self {
        Self { data, files: None, endpoint: None, token: None, ca: None, instance, as_of: None, permissions: None }
    }

    /// Reads files, which are of the instance that is named where one is.
    fn read_files(&self, path: &Path) -> Result<(Directory, Unseen), Failure> {
        let read = lanyard_files::read(path).map_err(|fault| Failure::Said(fault.to_string()))?;
        let there = read.directory.instances.values().next();
        if let (Some(text), Some(it)) = (&self.instance, there) {
            let found = Found { id: it.id.clone(), alias: it.alias.clone(), scope: it.scope() };
            if !found.is_called(text) {
                let id = &it.id;
                return Err(Failure::Said(format!("the files are of the instance `{id}`, not of `{text}`")));
            }
        }
        Ok((read.directory, read.unseen))
    }

    /// Reads the instance's state from the data directory.
    pub(crate) fn directory(&self) -> Result<Directory, Failure> {
        let store = SqliteStore::open_read_only(&self.data).map_err(|error| match error {
            StoreError::Missing(_) => Failure::Said(format!(
                "{error}; name the data directory with --data DIR, files with --files PATH, or a server with --endpoint URL"
            )),
            error => Failure::Said(error.to_string()),
        })?;
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        runtime.block_on(self.read(&store))
    }

    async fn read(&self, store: &SqliteStore) -> Result<Directory, Failure> {
        let failed = |error: StoreError| Failure::Said(error.to_string());
        let id = self.choose(&instances(store).await.map_err(failed)?)?;
        let stream = StreamId::Instance(id.clone());
        let state = match self.as_of {
            None => store.load(&stream).await.map_err(failed)?,
            Some(moment) => state_at(store, &stream, moment).await.map_err(failed)?,
        };
        state.ok_or_else(|| {
            Failure::Said(match self.as_of {
                None => format!("there is no instance `{id}`"),
                Some(Moment::Revision(revision)) => format!("the instance `{id}` has no revision {revision}"),
                Some(Moment::Time(_)) => format!("the instance `{id}` did not exist at that time"),
            })
        })
    }

    /// The instance that is meant.
    fn choose(&self, all: &[Found]) -> Result<Id, Failure> {
        let listed = || {
            let line = |found: &Found| {
                let Found { id, alias, scope } = found;
                format!("\n  {id}  {}  {}", alias.as_deref().unwrap_or("-"), scope.region)
            };
            all.iter().map(line).collect::<String>()
        };
        let Some(text) = &self.instance else {
            return match all {
                [only] => Ok(only.id.clone()),
                [] => Err(Failure::Said(format!("there is no instance in `{}`", self.data.display()))),
                _ => Err(Failure::Said(format!(
                    "there are {} instances; name one with --instance:{}",
                    all.len(),
                    listed()
                ))),
            };
        };
        if let Some(found) = all.iter().find(|found| found.is_called(text)) {
            return Ok(found.id.clone());
        }
        // One that was deleted since can be asked for as it was.
        let id = Id::new(text);
        if self.as_of.is_some() && matches!(id.as_ref(), lanyard_model::IdRef::Uuid(_)) {
            return Ok(id);
        }
        let aliases = near(text, all.iter().filter_map(|found| found.alias.as_deref()));
        Err(Failure::Said(match did_you_mean(&aliases) {
            Some(suggestion) => format!("there is no instance `{text}`; {suggestion}"),
            None => format!("there is no instance `{text}`; there are:{}", listed()),
        }))
    }
}

/// Every instance of a data directory.
async fn instances(store: &SqliteStore) -> Result<Vec<Found>, StoreError> {
    let mut all = Vec::new();
    for stream in store.registries().await? {
        let StreamId::Registry { account, region } = &stream else { continue };
        let scope = Scope { account: account.clone(), region: region.clone() };
        let Some(registry) = store.load(&stream).await? else { continue };
        let found = registry.instance_records.values();
        all.extend(found.map(|record| Found {
            id: record.id.clone(),
            alias: record.alias.clone(),
            scope: scope.clone(),
        }));
    }
    Ok(all)
}
