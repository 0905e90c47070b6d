//! A whole pull from a service: from settings to a state.

use std::io::Write as _;
use std::path::PathBuf;

use lanyard_client::{Client, Options, Settings};
use lanyard_model::{Directory, StreamId, Timestamp};
use lanyard_prove::{Configuration, Places};
use lanyard_server::SystemEnvironment;

use super::{Gather, Journal, Privacy, Progress, Reader, Terms, find};
use crate::commands::Failure;

/// What is to be read of a service.
pub(crate) struct Service<'a> {
    pub(crate) settings: Settings,
    /// Calls a second.
    pub(crate) rate: Option<f64>,
    /// The instance, by identifier, alias or ARN; the only one without.
    pub(crate) instance: Option<&'a str>,
    /// The AI agents, which cannot be listed, by ARN.
    pub(crate) ai_agents: &'a [String],
    pub(crate) privacy: Privacy,
    /// Where answers are kept in case it is interrupted.
    pub(crate) journal: PathBuf,
}

/// What was read.
pub(crate) struct Pulled {
    pub(crate) configuration: Configuration,
    /// To be removed once the state is where it is needed.
    pub(crate) journal: Option<Journal>,
    /// How many calls it took; none where a data directory was read.
    pub(crate) calls: Option<u64>,
}

impl Service<'_> {
    /// Reads it, or goes on reading it.
    pub(crate) fn read(self) -> Result<Pulled, Failure> {
        let mut terms = Terms {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            endpoint: self.settings.endpoint.to_string(),
            region: self.settings.region.clone(),
            instance: String::new(),
            privacy: self.privacy.fingerprint(),
        };
        let options = Options { rate: self.rate, ..Options::default() };
        let client = Client::new(self.settings, options).map_err(|error| Failure::Message(error.to_string()))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let instance = runtime.block_on(find(&client, self.instance))?;
        terms.instance.clone_from(&instance);
        let environment = SystemEnvironment::shared();
        let kept_in = self.journal.display();
        let journal = Journal::open(&self.journal, &terms, environment.now().0)
            .map_err(|error| Failure::Message(format!("`{kept_in}`: {error}")))?;
        if journal.len() > 0 {
            // Nobody is left to be told when standard error cannot be written.
            let _ = writeln!(
                std::io::stderr(),
                "this was interrupted earlier: {} answers are there already",
                journal.len()
            );
        }
        let reader = Reader::new(client, self.privacy, journal, Progress::new(), environment);
        let gathering = Gather::run(reader, instance, self.ai_agents);
        let (gathered, reader) = runtime.block_on(gathering).map_err(|failure| match failure {
            Failure::Message(message) if self.journal.exists() => Failure::Message(format!(
                "{message}\n  what was read is kept in `{kept_in}`; the same command goes on from there"
            )),
            other => other,
        })?;
        let (client, journal) = reader.into_parts();
        let stream = StreamId::Instance(gathered.instance);
        let directory = Directory::load(stream, 0, Timestamp::default(), gathered.resources);
        let configuration =
            Configuration { directory, unknown_parts: gathered.unknown_parts, places: Places::default() };
        Ok(Pulled { configuration, journal: Some(journal), calls: Some(client.sent().values().sum()) })
    }
}
