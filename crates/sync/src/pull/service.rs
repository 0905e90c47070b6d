//! A whole pull from a service: from settings to a state.

use std::path::PathBuf;

use lanyard_analysis::{Configuration, Places};
use lanyard_client::{Client, Options, Settings};
use lanyard_model::{Directory, StreamId, Timestamp};

use super::{Clock, Gather, Journal, Observer, Privacy, Reader, Terms, find};
use crate::Error;

/// A pull from a service.
pub struct Service<'a> {
    /// Endpoint, region and credentials.
    pub settings: Settings,
    /// The most calls a second; `None` for the default of the endpoint.
    pub rate: Option<f64>,
    /// The instance, by identifier, alias or ARN; `None` for the only one.
    pub instance: Option<&'a str>,
    /// The AI agents, by ARN, since the API does not list them.
    pub ai_agents: &'a [String],
    /// The treatment of personal data.
    pub privacy: Privacy,
    /// The file of the journal.
    pub journal: PathBuf,
}

/// The result of a pull.
pub struct Pulled {
    /// The state, and the parts of it that could not be read.
    pub configuration: Configuration,
    /// The journal, to be finished once the state is stored.
    pub journal: Option<Journal>,
    /// The number of calls; `None` where a data directory was read.
    pub calls: Option<u64>,
}

impl Service<'_> {
    /// Reads the instance, or resumes an interrupted pull.
    ///
    /// # Errors
    /// The service cannot be read, or the journal cannot be written. Answers up to then are kept in the journal.
    pub fn read(self, mut observer: Box<dyn Observer>, clock: Clock) -> Result<Pulled, Error> {
        let mut terms = Terms {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            endpoint: self.settings.endpoint.to_string(),
            region: self.settings.region.clone(),
            instance: String::new(),
            privacy: self.privacy.fingerprint(),
        };
        let options = Options { rate: self.rate, ..Options::default() };
        let client = Client::new(self.settings, options).map_err(|error| Error::Message(error.to_string()))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let instance = runtime.block_on(find(&client, self.instance))?;
        terms.instance.clone_from(&instance);
        let kept_in = self.journal.display();
        let journal = Journal::open(&self.journal, &terms, (clock)())
            .map_err(|error| Error::Message(format!("`{kept_in}`: {error}")))?;
        if journal.len() > 0 {
            observer.resumed(journal.len());
        }
        let reader = Reader::new(client, self.privacy, journal, observer, clock);
        let gathering = Gather::run(reader, instance, self.ai_agents);
        let (gathered, reader) = runtime.block_on(gathering).map_err(|failure| match failure {
            Error::Io(error) => Error::Io(error),
            other if self.journal.exists() => other
                .with_lines([format!("  what was read is kept in `{kept_in}`; the same command goes on from there")]),
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
