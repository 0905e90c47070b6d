//! The flags that name an instance and its location. Commands flatten the ones that they accept.

use std::path::{Path, PathBuf};

use http::Uri;
use lanyard_client::{Settings, Wanted, settings};
use lanyard_engine::tasks::Task;
use lanyard_formats::read_tasks;
use lanyard_local_file::{LARGEST, read_text};
use lanyard_model::catalogue::Catalogue;

use super::remote::{Endpoint, Remote};
use super::{Location, Target};
use crate::failure::Failure;
use crate::stores::Place;

/// The instance.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct InstanceArg {
    /// The instance, by identifier, alias or ARN; can be omitted where there is only one
    #[arg(long, env = "LANYARD_INSTANCE", value_name = "INSTANCE")]
    pub(crate) instance: Option<String>,
}

/// The keys from outside.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct KeyFileArg {
    /// A file of the keys that the secrets are sealed with: 32 bytes each, in hexadecimal digits or base64; the first
    /// seals, all open. Without it, LANYARD_KEY may have the keys
    #[arg(long, env = "LANYARD_KEY_FILE", value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
}

impl KeyFileArg {
    /// The place with the keys.
    pub(crate) fn place(&self, path: &Path) -> Place {
        Place { path: path.to_owned(), key_file: self.key_file.clone() }
    }
}

/// The data directory.
#[derive(Debug, clap::Args)]
pub(crate) struct DataArg {
    /// The data directory, or the URL of the database. It is only read, and a server may be using it
    #[arg(long, env = "LANYARD_DATA", hide_env_values = true, default_value = "lanyard-data", value_name = "DIR|URL")]
    data: PathBuf,

    #[command(flatten)]
    key_file: KeyFileArg,
}

impl DataArg {
    /// The data directory or database as a location.
    pub(crate) fn location(&self) -> Location {
        Location::Data(self.key_file.place(&self.data))
    }
}

/// The certificates of a server.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct CaArg {
    /// The certificates to trust instead of the machine's, PEM
    #[arg(long, env = "LANYARD_CA", value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
}

/// The region of a server, which calls are signed for.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct RegionArg {
    /// The region of the instances at a server
    #[arg(long, env = "AWS_REGION", default_value_t = default_region(), value_name = "REGION")]
    pub(crate) region: String,
}

/// The region that the environment names, as AWS tools read it; `us-east-1` where it names none.
pub(crate) fn default_region() -> String {
    let value = |name: &&str| std::env::var(name).ok().filter(|region| !region.is_empty());
    ["AWS_REGION", "AWS_DEFAULT_REGION"].iter().find_map(value).unwrap_or_else(|| "us-east-1".to_owned())
}

/// An instance in a data directory or, with `--endpoint`, at a Lanyard server.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Which instance")]
pub(crate) struct StoredInstanceArgs {
    #[command(flatten)]
    data: DataArg,

    /// A running server instead, called with the key of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or `test`
    #[arg(long, value_name = "URL")]
    endpoint: Option<Uri>,

    #[command(flatten)]
    ca: CaArg,

    #[command(flatten)]
    region: RegionArg,

    #[command(flatten)]
    instance: InstanceArg,
}

impl StoredInstanceArgs {
    /// The target that the flags name.
    pub(crate) fn target(&self) -> Target {
        let location = match &self.endpoint {
            Some(endpoint) => Location::server(endpoint.clone(), self.ca.ca.clone(), &self.region.region),
            None => self.data.location(),
        };
        Target { location, instance: self.instance.instance.clone() }
    }
}

/// A running Lanyard server and a region of it.
#[derive(Debug, clap::Args)]
pub(crate) struct ServerArgs {
    /// The server. Without it: AWS_ENDPOINT_URL_CONNECT, AWS_ENDPOINT_URL, LANYARD_ENDPOINT, http://127.0.0.1:4510
    #[arg(long, value_name = "URL")]
    endpoint: Option<Uri>,

    #[command(flatten)]
    ca: CaArg,

    #[command(flatten)]
    region: RegionArg,
}

impl ServerArgs {
    /// The server, ready to be called, and the same in words for the user.
    ///
    /// # Errors
    /// A variable of the environment has no address.
    pub(crate) fn remote(&self) -> Result<(Remote, String), Failure> {
        let (endpoint, source) = match (&self.endpoint, variable()) {
            (Some(endpoint), _) => (endpoint.clone(), "--endpoint"),
            (None, Some((name, address))) => (parsed(name, &address)?, name),
            (None, None) => (Uri::from_static("http://127.0.0.1:4510"), "the default"),
        };
        let region = &self.region.region;
        let words = format!("{endpoint} (from {source}), region {region}");
        Ok((Remote::new(Endpoint::new(endpoint, self.ca.ca.clone()), region.clone()), words))
    }
}

/// The endpoint that the environment names, and its variable.
pub(crate) fn variable() -> Option<(&'static str, String)> {
    settings::endpoint_of_environment(&|name| std::env::var(name).ok())
}

/// The address that a variable of the environment has.
pub(crate) fn parsed(variable: &str, address: &str) -> Result<Uri, Failure> {
    address.parse().map_err(|error| Failure::Message(format!("the address `{address}` in {variable}: {error}")))
}

/// Names the target of a command on standard error, before the command writes anything.
pub(crate) fn announce(words: &str) {
    crate::output::error_line(words);
}

/// Amazon Connect, or a service with the same API at an address, as AWS tools name it.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ServiceArgs {
    /// The service at this address, such as a Lanyard server. Without it: AWS_ENDPOINT_URL_CONNECT, AWS_ENDPOINT_URL,
    /// LANYARD_ENDPOINT, and what the AWS configuration files have
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint: Option<Uri>,

    /// The profile of the AWS configuration files
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,

    /// The region of Amazon Connect, or the region at the endpoint
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,

    #[command(flatten)]
    pub(crate) ca: CaArg,

    /// The most calls a second; fewer while the service throttles. The default is 0.5 for Amazon and no limit elsewhere
    #[arg(long, value_name = "NUMBER", value_parser = rate)]
    pub(crate) rate: Option<f64>,
}

impl ServiceArgs {
    /// Whether a flag selects a service.
    pub(crate) fn is_given(&self) -> bool {
        self.endpoint.is_some() || self.profile.is_some() || self.region.is_some()
    }

    /// The address of the service as plans name it, without a slash at its end.
    pub(crate) fn address(&self) -> Option<String> {
        self.endpoint.as_ref().map(|endpoint| endpoint.to_string().trim_end_matches('/').to_owned())
    }

    /// The endpoint of the settings in words for the user, with the variable that it comes from.
    pub(crate) fn words(&self, settings: &Settings) -> String {
        let source = match (&self.endpoint, variable()) {
            (Some(_), _) => " (from --endpoint)".to_owned(),
            (None, Some((name, _))) => format!(" (from {name})"),
            (None, None) => String::new(),
        };
        format!("{}{source}, region {}", settings.endpoint, settings.region)
    }

    /// Region, endpoint and credentials; those that no flag states are found where AWS tools find them.
    pub(crate) fn settings(&self) -> Result<Settings, Failure> {
        let wanted = Wanted {
            profile: self.profile.clone(),
            region: self.region.clone(),
            endpoint: self.address(),
            ca: self.ca.ca.clone(),
        };
        settings::find(&wanted, &|name| std::env::var(name).ok()).map_err(Failure::from_error)
    }
}

/// Reads a number of calls a second.
fn rate(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(rate) if (0.001..=1_000.0).contains(&rate) => Ok(rate),
        _ => Err("a number of calls a second is needed, from 0.001 to 1000".to_owned()),
    }
}

/// The catalogue of permissions.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct CatalogueArg {
    /// A file of permissions to add to the catalogue, one to a line
    #[arg(long, env = "LANYARD_PERMISSIONS", value_name = "FILE")]
    permissions: Option<PathBuf>,
}

impl CatalogueArg {
    /// The catalogue with the permissions of the file.
    ///
    /// # Errors
    /// The file cannot be read, or a line of it is no permission.
    pub(crate) fn catalogue(&self) -> Result<Catalogue, Failure> {
        let Some(file) = &self.permissions else { return Ok(Catalogue::builtin().clone()) };
        let text = read_text(file, LARGEST).map_err(|error| format!("`{}`: {error}", file.display()))?;
        Catalogue::builtin().extended(&text).map_err(|error| Failure::Message(format!("`{}`: {error}", file.display())))
    }
}

/// Further tasks.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct TasksArg {
    /// A file of tasks in addition to those of Lanyard (docs/review.md). `lanyard tasks` shows both
    #[arg(long, value_name = "FILE")]
    tasks: Option<PathBuf>,
}

impl TasksArg {
    /// The tasks of the file.
    ///
    /// # Errors
    /// The file cannot be read, or has errors.
    pub(crate) fn read(&self, catalogue: &Catalogue) -> Result<Vec<&'static Task>, Failure> {
        Ok(match &self.tasks {
            Some(file) => read_tasks(file, catalogue)?,
            None => Vec::new(),
        })
    }

    /// Refuses the file where a server decides, which does not have it.
    ///
    /// # Errors
    /// There is a file.
    pub(crate) fn refuse_at_server(&self) -> Result<(), Failure> {
        match &self.tasks {
            Some(_) => Err(Failure::Message(
                "a server does not know the tasks of a file; with --as-of the state of the server is read and decided here"
                    .to_owned(),
            )),
            None => Ok(()),
        }
    }
}
