//! The places where the state of an instance can be, and the state read there.

use std::path::{Path, PathBuf};

use http::Uri;
use lanyard_analysis::{Configuration, Origin};
use lanyard_formats::{ReadOptions, Reading, Variable};
use lanyard_store::{Moment, StoreError};

use super::Instance;
use super::args::default_region;
use super::choose::InstanceName;
use super::remote::{Endpoint, Remote};
use crate::failure::Failure;
use crate::stores::{self, Place};

/// A place where the state of an instance can be.
pub(crate) enum Location {
    /// A data directory.
    Data(Place),
    /// A directory that `lanyard pull` wrote, a template, or the output of another tool.
    Files(PathBuf),
    /// A Lanyard server, which is called with a key.
    Server(Box<Remote>),
}

/// An instance and its location.
pub(crate) struct Target {
    pub(crate) location: Location,
    /// The instance, by identifier, alias or ARN; `None` for the only one.
    pub(crate) instance: Option<String>,
}

/// A state, and where it was read.
pub(crate) struct LocatedState {
    pub(crate) configuration: Configuration,
    pub(crate) origin: Origin,
    /// Whether everything of the instance could be read, so that a resource that is not there does not exist.
    pub(crate) is_complete: bool,
    /// The instance, for its history; `None` where there is none.
    pub(crate) instance: Option<Instance>,
    pub(crate) file_facts: FileFacts,
}

/// Facts about the files of a state; empty for a state that was not read from files.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileFacts {
    /// The files or the directory, as named by the caller, and the templates of nested stacks.
    pub(crate) files: Vec<String>,
    /// The parameters that a template declares.
    pub(crate) parameters: Vec<String>,
    /// The variables that the conditions of a template depend on and that no given parameter decides.
    pub(crate) variables: Vec<Variable>,
}

impl FileFacts {
    /// A note on the conditions that defaults decide; `None` where parameters decide all of them.
    pub(crate) fn undecided(&self) -> Option<String> {
        let names: Vec<_> = self.variables.iter().map(|it| format!("`{}`", it.key)).collect();
        (!names.is_empty())
            .then(|| format!("the other outcomes of the template's conditions, which depend on {}", names.join(", ")))
    }
}

impl Location {
    /// A Lanyard server.
    pub(crate) fn server(endpoint: Uri, ca: Option<PathBuf>, region: &str) -> Self {
        Self::Server(Box::new(Remote::new(Endpoint::new(endpoint, ca), region.to_owned())))
    }

    /// The location that an argument names: the address of a server, a data directory, or files. A server is called in
    /// the region of the environment, and verified with the certificates of `LANYARD_CA`.
    pub(crate) fn parse(path: &Path) -> Result<Self, Failure> {
        if let Some(address) = path.to_str().filter(|text| text.starts_with("http://") || text.starts_with("https://"))
        {
            let uri = address.parse().map_err(|error| Failure::Message(format!("the address `{address}`: {error}")))?;
            let ca = std::env::var_os("LANYARD_CA").map(PathBuf::from);
            return Ok(Self::server(uri, ca, &default_region()));
        }
        let place = Place::new(path);
        match stores::open_read_only(&place) {
            Ok(_) => Ok(Self::Data(place)),
            Err(StoreError::Missing(_)) => Ok(Self::Files(path.to_owned())),
            Err(error) => Err(Failure::from_error(error)),
        }
    }

    /// The name that plans give it.
    pub(crate) fn origin(&self) -> Origin {
        match self {
            Self::Data(place) => Origin::DataDirectory { path: stores::shown(&place.path) },
            Self::Files(path) => Origin::Files { path: path.display().to_string() },
            Self::Server(remote) => Origin::Lanyard { endpoint: remote.address() },
        }
    }
}

impl Target {
    /// The target that an argument names. `--instance` chooses among the instances of a data directory or server, and
    /// does not apply to files, which have one.
    pub(crate) fn parse(path: &Path, instance: Option<&str>) -> Result<Self, Failure> {
        let location = Location::parse(path)?;
        let chooses = !matches!(location, Location::Files(_));
        Ok(Self { location, instance: instance.filter(|_| chooses).map(str::to_owned) })
    }

    /// Finds the instance, for more than its present state.
    ///
    /// # Errors
    /// There is no such instance, or several where none is named; files, which have no log.
    pub(crate) fn open(&self) -> Result<Instance, Failure> {
        let instance = self.instance.as_deref();
        match &self.location {
            Location::Data(place) => Instance::in_data_directory(place, instance),
            Location::Server(remote) => Instance::at_server(remote, instance),
            Location::Files(path) => Err(Failure::Message(format!(
                "`{}` has files, which have no history; name a data directory with --data or a server with --endpoint",
                path.display()
            ))),
        }
    }

    /// Reads the state now, or at a moment.
    ///
    /// # Errors
    /// Those of [`Self::open`]; files that cannot be read, or that are of another instance than the one named.
    pub(crate) fn read(&self, moment: Option<Moment>) -> Result<LocatedState, Failure> {
        self.read_with(moment, &ReadOptions::default())
    }

    /// The same, with the parameters of a template.
    ///
    /// # Errors
    /// Those of [`Self::read`].
    pub(crate) fn read_with(&self, moment: Option<Moment>, options: &ReadOptions) -> Result<LocatedState, Failure> {
        let origin = self.location.origin();
        match &self.location {
            Location::Files(path) if moment.is_none() => {
                let (configuration, file_facts) = self.read_files(path, options)?;
                Ok(LocatedState { configuration, origin, is_complete: false, instance: None, file_facts })
            }
            _ => {
                let instance = self.open()?;
                let configuration = Configuration::whole(instance.state(moment)?);
                let (instance, file_facts) = (Some(instance), FileFacts::default());
                Ok(LocatedState { configuration, origin, is_complete: true, instance, file_facts })
            }
        }
    }

    fn read_files(&self, path: &Path, options: &ReadOptions) -> Result<(Configuration, FileFacts), Failure> {
        let reading = lanyard_formats::read_with(path, &[], options)?;
        let Reading { configuration, files, parameters, variables } = reading;
        let stored = configuration.directory.instances.values().next();
        if let (Some(text), Some(instance)) = (&self.instance, stored) {
            let name = InstanceName { id: instance.id.clone(), alias: instance.alias.clone(), scope: instance.scope() };
            if !name.matches(text) {
                return Err(Failure::Message(format!("the files are of the instance `{}`, not of `{text}`", name.id)));
            }
        }
        Ok((configuration, FileFacts { files, parameters, variables }))
    }
}
