//! The flags of the commands that read a whole state from a path: `lint` and `gate`.

use std::path::Path;

use lanyard_analysis::Configuration;
use lanyard_model::Kind;
use serde_json::{Value, json};

use crate::access::text::counted;
use crate::failure::Failure;
use crate::instance::args::{CatalogueArg, InstanceArg};
use crate::instance::{Location, State, Target};
use crate::stores::Place;

/// The instance and the catalogue. `--instance` chooses among the instances of a data directory or server.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Which instance")]
pub(crate) struct StateArgs {
    #[command(flatten)]
    instance: InstanceArg,

    #[command(flatten)]
    catalogue: CatalogueArg,
}

/// A state that was read, and the same compiled for questions.
pub(crate) struct ReadState {
    pub(crate) configuration: Configuration,
    pub(crate) state: State,
}

impl ReadState {
    /// The numbers of the profiles and principals that were read, as text.
    pub(crate) fn counts(&self) -> String {
        let directory = &self.configuration.directory;
        [
            (Kind::SecurityProfile, "security profile", "security profiles"),
            (Kind::User, "user", "users"),
            (Kind::AiAgent, "AI agent", "AI agents"),
        ]
        .map(|(kind, one, many)| counted(directory.count(kind), one, many))
        .join(", ")
    }

    /// The same as JSON.
    pub(crate) fn counts_json(&self, path: &Path) -> Value {
        let count = |kind| self.configuration.directory.count(kind);
        json!({
            "path": path.display().to_string(),
            "security_profiles": count(Kind::SecurityProfile),
            "users": count(Kind::User),
            "ai_agents": count(Kind::AiAgent),
        })
    }

    /// Refuses a state of which no security profile was read, because there may be some: every check of it would pass.
    fn refuse_nothing(&self, path: &Path) -> Result<(), Failure> {
        let Configuration { directory, unknown_parts, .. } = &self.configuration;
        if directory.count(Kind::SecurityProfile) > 0 || !unknown_parts.kinds.contains(&Kind::SecurityProfile) {
            return Ok(());
        }
        Err(Failure::Message(format!(
            "`{}` has no security profile that could be read, so that nothing can be checked; a pulled directory has them in \
             `security-profiles/`",
            path.display()
        )))
    }
}

impl StateArgs {
    /// Reads the state at the path: a data directory, files, or the address of a server.
    pub(crate) fn read(&self, path: &Path) -> Result<ReadState, Failure> {
        let read = self.read_target(&Target::parse(path, self.instance.instance.as_deref())?)?;
        read.refuse_nothing(path)?;
        Ok(read)
    }

    /// Reads the state of a data directory.
    pub(crate) fn read_data(&self, path: &Path) -> Result<ReadState, Failure> {
        let location = Location::Data(Place::new(path));
        self.read_target(&Target { location, instance: self.instance.instance.clone() })
    }

    fn read_target(&self, target: &Target) -> Result<ReadState, Failure> {
        let configuration = target.read(None)?.configuration;
        let state = State::new(&configuration, self.catalogue.catalogue()?);
        Ok(ReadState { configuration, state })
    }
}
