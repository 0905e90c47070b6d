//! Where an instance lives: in a data directory or a database, or at a server that is called with a key.
//!
//! What always holds: it is only read, and a state has the revision that it says.

use std::path::{Path, PathBuf};

use http::Uri;
use lanyard_analysis::Configuration;
use lanyard_model::resources::InstanceRecord;
use lanyard_model::{Directory, Id, IdRef, Resource, Scope, StreamId, Timestamp};
use lanyard_store::{Logged, Moment, Store, StoreError, state_at};
use lanyard_sync::apply::{ChangeSetAnswer, Target};
use lanyard_wire::Output;
use lanyard_wire::shapes::ListInstancesResponse;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::access::near::{did_you_mean, near};
use crate::commands::Failure;
use crate::remote::{Endpoint, Remote, usual_region};
use crate::stores;

/// Which instance, and where it lives.
#[derive(clap::Args)]
#[command(next_help_heading = "Where the instance is")]
pub(crate) struct Origin {
    /// The data directory, or the URL of the database, which is only read, whether or not a server uses it
    #[arg(long, env = "LANYARD_DATA", hide_env_values = true, default_value = "lanyard-data", value_name = "DIR|URL")]
    data: PathBuf,

    /// A running server instead, called with the key of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or `test`
    #[arg(long, value_name = "URL")]
    endpoint: Option<Uri>,

    /// The certificate to trust, PEM; needed where the endpoint begins with https
    #[arg(long, env = "LANYARD_CA", value_name = "FILE")]
    ca: Option<PathBuf>,

    /// The region whose instances are meant, at a server
    #[arg(long, env = "AWS_REGION", default_value_t = usual_region(), value_name = "REGION")]
    region: String,

    /// The instance, by identifier, alias or ARN; may be left out where there is only one
    #[arg(long, env = "LANYARD_INSTANCE", value_name = "INSTANCE")]
    instance: Option<String>,
}

/// An instance that there is somewhere.
pub(crate) struct Found {
    pub(crate) id: Id,
    pub(crate) alias: Option<String>,
    pub(crate) scope: Scope,
}

impl Found {
    /// Whether the text is its identifier, alias or ARN.
    pub(crate) fn is_called(&self, text: &str) -> bool {
        self.id.to_string() == text
            || self.alias.as_ref().is_some_and(|alias| alias.eq_ignore_ascii_case(text))
            || self.scope.instance_arn(&self.id) == text
    }
}

/// An instance, and how it is read.
pub(crate) struct Instance {
    pub(crate) id: Id,
    home: Home,
}

enum Home {
    Data(Box<dyn Store>),
    Server(Box<Remote>),
}

/// What a server says of a state.
#[derive(Deserialize)]
struct StateText {
    revision: u64,
    time: i64,
    resources: Vec<Resource>,
}

/// What a server says of the log.
#[derive(Deserialize)]
struct HistoryText {
    entries: Vec<EntryText>,
}

#[derive(Deserialize)]
struct EntryText {
    hash: String,
    record: Box<RawValue>,
}

impl Origin {
    /// In a data directory.
    pub(crate) fn data(data: PathBuf, instance: Option<String>) -> Self {
        Self { data, endpoint: None, ca: None, region: usual_region(), instance }
    }

    /// At a server, in the region of the environment.
    pub(crate) fn server(endpoint: Uri, ca: Option<PathBuf>, instance: Option<String>) -> Self {
        Self { data: PathBuf::new(), endpoint: Some(endpoint), ca, region: usual_region(), instance }
    }

    /// The same in another region.
    pub(crate) fn in_region(self, region: &str) -> Self {
        Self { region: region.to_owned(), ..self }
    }

    /// What it is called in plans.
    pub(crate) fn named(&self) -> lanyard_analysis::Origin {
        match &self.endpoint {
            Some(endpoint) => lanyard_analysis::Origin::Lanyard { endpoint: endpoint.to_string() },
            None => lanyard_analysis::Origin::DataDirectory { path: stores::shown(&self.data) },
        }
    }

    /// Whether the server is Lanyard: another has no such health.
    pub(crate) fn is_lanyard(&self) -> bool {
        self.remote().is_some_and(|remote| remote.get("/lanyard/v1/health", None).is_ok())
    }

    fn remote(&self) -> Option<Remote> {
        let endpoint = Endpoint::new(self.endpoint.clone()?, self.ca.clone());
        Some(Remote::new(endpoint, self.region.clone()))
    }

    /// Finds the instance.
    pub(crate) fn open(&self) -> Result<Instance, Failure> {
        let wanted = self.instance.as_deref();
        if let Some(remote) = self.remote() {
            let id = choose(wanted, &at_server(&remote)?, false)?;
            return Ok(Instance { id, home: Home::Server(Box::new(remote)) });
        }
        let store = stores::open_read_only(&self.data).map_err(|error| match error {
            StoreError::Missing(_) => Failure::Message(format!(
                "{error}; name the data directory with --data DIR, or a server with --endpoint URL"
            )),
            error => Failure::Message(error.to_string()),
        })?;
        let id = choose(wanted, &wait(in_store(store.as_ref()))?, true)?;
        Ok(Instance { id, home: Home::Data(store) })
    }
}

/// What kind of place a state was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Data,
    Files,
    Server,
}

/// Reads the state that a path names: a data directory, files, or, where it is an address, a running server.
pub(crate) fn read_at(path: &Path, instance: Option<&str>) -> Result<(Configuration, Place), Failure> {
    let instance = instance.map(str::to_owned);
    if let Some(address) = path.to_str().filter(|text| text.starts_with("http://") || text.starts_with("https://")) {
        let uri = address.parse().map_err(|error| Failure::Message(format!("the address `{address}`: {error}")))?;
        let ca = std::env::var_os("LANYARD_CA").map(PathBuf::from);
        let state = Origin::server(uri, ca, instance).open()?.state(None)?;
        return Ok((Configuration::whole(state), Place::Server));
    }
    match stores::open_read_only(path) {
        Ok(_) => {
            let state = Origin::data(path.to_owned(), instance).open()?.state(None)?;
            Ok((Configuration::whole(state), Place::Data))
        }
        Err(StoreError::Missing(_)) => {
            let read = lanyard_formats::read(path).map_err(|fault| Failure::Message(fault.to_string()))?;
            Ok((read, Place::Files))
        }
        Err(error) => Err(Failure::Message(error.to_string())),
    }
}

impl Instance {
    /// The state now, or at a moment.
    pub(crate) fn state(&self, moment: Option<Moment>) -> Result<Directory, Failure> {
        let stream = StreamId::Instance(self.id.clone());
        match &self.home {
            Home::Data(store) => {
                let state = match moment {
                    None => wait(store.load(&stream))?.map(|loaded| loaded.directory),
                    Some(moment) => wait(state_at(store.as_ref(), &stream, moment))?,
                };
                state.ok_or_else(|| {
                    Failure::Message(match moment {
                        None => format!("there is no instance `{}`", self.id),
                        Some(Moment::Revision(revision)) => {
                            format!("the instance `{}` has no revision {revision}", self.id)
                        }
                        Some(Moment::Time(_)) => format!("the instance `{}` did not exist at that time", self.id),
                    })
                })
            }
            Home::Server(remote) => {
                let query = moment.map(|moment| match moment {
                    Moment::Revision(revision) => format!("revision={revision}"),
                    Moment::Time(time) => format!("time={}", time.0),
                });
                let answer = remote.get(&self.path("state"), query.as_deref())?;
                let state: StateText = serde_json::from_slice(&answer).map_err(unreadable)?;
                Ok(Directory::load(stream, state.revision, Timestamp(state.time), state.resources))
            }
        }
    }

    /// At most `limit` entries of the log after a revision, oldest first.
    pub(crate) fn log(&self, after: u64, limit: usize) -> Result<Vec<Logged>, Failure> {
        match &self.home {
            Home::Data(store) => wait(store.read(&StreamId::Instance(self.id.clone()), after, limit)),
            Home::Server(remote) => {
                let answer = remote.get(&self.path("history"), Some(&format!("after={after}&limit={limit}")))?;
                let history: HistoryText = serde_json::from_slice(&answer).map_err(unreadable)?;
                history.entries.iter().map(logged).collect()
            }
        }
    }

    fn path(&self, what: &str) -> String {
        format!("/lanyard/v1/instances/{}/{what}", self.id)
    }
}

impl Target for Instance {
    fn id(&self) -> &Id {
        &self.id
    }

    fn state(&self) -> lanyard_sync::Result<Directory> {
        Self::state(self, None).map_err(|failure| lanyard_sync::Error::Message(failure.to_string()))
    }

    fn apply_change_set(&self, body: &serde_json::Value) -> lanyard_sync::Result<ChangeSetAnswer> {
        let failed = lanyard_sync::Error::Message;
        match &self.home {
            Home::Data(_) => Err(failed(
                "a data directory cannot be written to while a server uses it; name the server with --endpoint"
                    .to_owned(),
            )),
            Home::Server(remote) => {
                remote.post(&self.path("change-sets"), body).map_err(|failure| failed(failure.to_string()))
            }
        }
    }
}

fn logged(entry: &EntryText) -> Result<Logged, Failure> {
    let wrong = |what: &dyn std::fmt::Display| Failure::Message(format!("the server's history cannot be read: {what}"));
    let hash = lanyard_store::chain::parse(&entry.hash).ok_or_else(|| wrong(&"a hash is not one"))?;
    Logged::read(entry.record.get(), hash).map_err(|error| wrong(&error))
}

/// The instance that `text` names, by identifier, alias or ARN; without it, the only one. One that is gone can be named by
/// its identifier alone, where `may_be_gone`.
fn choose(text: Option<&str>, all: &[Found], may_be_gone: bool) -> Result<Id, Failure> {
    let line = |found: &Found| {
        let Found { id, alias, scope } = found;
        format!("\n  {id}  {}  {}", alias.as_deref().unwrap_or("-"), scope.region)
    };
    let listed = || all.iter().map(line).collect::<String>();
    let Some(text) = text else {
        return match all {
            [only] => Ok(only.id.clone()),
            [] => Err(Failure::Message("there is no instance yet".to_owned())),
            _ => Err(Failure::Message(format!(
                "there are {} instances; name one with --instance:{}",
                all.len(),
                listed()
            ))),
        };
    };
    if let Some(found) = all.iter().find(|found| found.is_called(text)) {
        return Ok(found.id.clone());
    }
    let id = Id::new(text);
    if may_be_gone && matches!(id.as_ref(), IdRef::Uuid(_)) {
        return Ok(id);
    }
    let aliases = near(text, all.iter().filter_map(|found| found.alias.as_deref()));
    Err(Failure::Message(match did_you_mean(&aliases) {
        Some(suggestion) => format!("there is no instance `{text}`; {suggestion}"),
        None => format!("there is no instance `{text}`; there are:{}", listed()),
    }))
}

/// Every instance of a data directory.
async fn in_store(store: &dyn Store) -> Result<Vec<Found>, StoreError> {
    let mut all = Vec::new();
    for stream in store.registries().await? {
        let StreamId::Registry { account, region } = &stream else { continue };
        let scope = Scope { account: account.clone(), region: region.clone() };
        let Some(registry) = store.load(&stream).await?.map(|loaded| loaded.directory) else { continue };
        let found = |record: &InstanceRecord| Found {
            id: record.id.clone(),
            alias: record.alias.clone(),
            scope: scope.clone(),
        };
        all.extend(registry.instance_records.values().map(|record| found(record)));
    }
    Ok(all)
}

/// Every instance of the key's account in the region.
fn at_server(remote: &Remote) -> Result<Vec<Found>, Failure> {
    let mut found = Vec::new();
    let mut token: Option<String> = None;
    loop {
        // Page tokens are of letters and digits that need no escape in a query.
        let query = token.as_ref().map(|token| format!("nextToken={token}"));
        let answer = remote.get("/instance", query.as_deref())?;
        let page = ListInstancesResponse::from_body(&answer).map_err(|error| Failure::Message(error.to_string()))?;
        for it in page.instance_summary_list.unwrap_or_default() {
            let (Some(id), Some(arn)) = (it.id, it.arn) else { continue };
            let mut parts = arn.split(':').skip(3);
            let (region, account) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let scope = Scope { account: account.to_owned(), region: region.to_owned() };
            found.push(Found { id: Id::new(&id), alias: it.instance_alias, scope });
        }
        token = page.next_token;
        if token.is_none() {
            return Ok(found);
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn unreadable(error: serde_json::Error) -> Failure {
    Failure::Message(format!("the server's answer cannot be read: {error}"))
}

/// Waits for the store.
fn wait<T>(pending: impl Future<Output = Result<T, StoreError>>) -> Result<T, Failure> {
    stores::wait(pending).map_err(|error| Failure::Message(error.to_string()))
}
