//! Where questions are put: the state of an instance in a data directory or in files, or a server.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use http::Uri;
use lanyard_engine::{Compiled, PermissionIndex, UnknownParts};
use lanyard_model::catalogue::Catalogue;
use lanyard_model::{Directory, Id, Scope, StreamId};
use lanyard_store::Moment;

use super::moment;
use super::server::Server;
use crate::commands::Failure;
use crate::commands::serve::extended_catalogue;
use crate::origin::{Found, Origin};

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

    /// Ask the state as it was after this revision, or at this time. Of a server it is read with the key of
    /// AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or `test`
    #[arg(long, value_name = "REVISION|TIME", value_parser = moment::parse)]
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
    pub(crate) unknown_parts: UnknownParts,
    pub(crate) compiled: Compiled,
    pub(crate) catalogue: Catalogue,
    /// The instance's identifier.
    pub(crate) instance: Id,
    /// Where the instance lives, which its ARNs name.
    pub(crate) scope: Option<Scope>,
}

impl Source {
    /// Reads the instance's state, or says which server to ask.
    pub(crate) fn open(&self) -> Result<Place, Failure> {
        if let (Some(endpoint), None) = (&self.endpoint, self.as_of) {
            let server = Server::new(endpoint.clone(), self.ca.clone(), self.token.clone(), self.instance.as_deref())?;
            return Ok(Place::There(Box::new(server)));
        }
        let catalogue = match &self.permissions {
            Some(file) => extended_catalogue(file)?,
            None => Catalogue::builtin().clone(),
        };
        let (directory, unknown_parts) = match &self.files {
            Some(path) => self.read_files(path)?,
            None => (self.origin().open()?.state(self.as_of)?, UnknownParts::default()),
        };
        let permission_index = Arc::new(PermissionIndex::new(&catalogue));
        let instance = match directory.stream() {
            StreamId::Instance(id) => id.clone(),
            StreamId::Registry { .. } => Id::new(""),
        };
        let scope = directory.instances.values().next().map(|instance| instance.scope());
        let compiled = Compiled::with_unseen(&directory, permission_index, &unknown_parts);
        Ok(Place::Here(Box::new(State { directory, unknown_parts, compiled, catalogue, instance, scope })))
    }

    /// Reads files, which are of the instance that is named where one is.
    fn read_files(&self, path: &Path) -> Result<(Directory, UnknownParts), Failure> {
        let read = lanyard_formats::read(path).map_err(|fault| Failure::Message(fault.to_string()))?;
        let there = read.directory.instances.values().next();
        if let (Some(text), Some(it)) = (&self.instance, there) {
            let found = Found { id: it.id.clone(), alias: it.alias.clone(), scope: it.scope() };
            if !found.is_called(text) {
                let id = &it.id;
                return Err(Failure::Message(format!("the files are of the instance `{id}`, not of `{text}`")));
            }
        }
        Ok((read.directory, read.unknown_parts))
    }

    /// Where the instance is, when it is in no files.
    fn origin(&self) -> Origin {
        match &self.endpoint {
            Some(endpoint) => Origin::server(endpoint.clone(), self.ca.clone(), self.instance.clone()),
            None => Origin::data(self.data.clone(), self.instance.clone()),
        }
    }
}
