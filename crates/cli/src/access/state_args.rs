//! The flags of the commands that read a whole state from a path: `lint` and `gate`.

use std::path::Path;

use lanyard_analysis::Configuration;
use lanyard_answers::text::counted;
use lanyard_formats::ReadOptions;
use lanyard_model::Kind;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::instance::args::{CatalogueArg, InstanceArg};
use crate::instance::parameters::{ParameterArgs, combinations, in_words, refuse_undeclared};
use crate::instance::{LocatedState, Location, State, Target};
use crate::stores::Place;

/// The instance and the catalogue. `--instance` chooses among the instances of a data directory or server.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Which instance")]
pub(crate) struct StateArgs {
    #[command(flatten)]
    instance: InstanceArg,

    #[command(flatten)]
    catalogue: CatalogueArg,

    #[command(flatten)]
    parameters: ParameterArgs,
}

/// A state that was read, and the same compiled for questions.
pub(crate) struct ReadState {
    pub(crate) configuration: Configuration,
    pub(crate) state: State,
    /// The files, where the state was read from files.
    pub(crate) files: Vec<String>,
}

/// The states at one or more paths, under one combination of the values that their conditions depend on.
pub(crate) struct Combination {
    /// The values in words; empty where there is only one combination.
    pub(crate) assumed: String,
    pub(crate) states: Vec<ReadState>,
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

    /// The files that were read, as text; the path for a state that was not read from files.
    pub(crate) fn shown_files(&self, path: &Path) -> String {
        if self.files.is_empty() {
            return format!("`{}`", path.display());
        }
        self.files.iter().map(|file| format!("`{file}`")).collect::<Vec<_>>().join(", ")
    }

    /// The same as JSON.
    pub(crate) fn counts_json(&self, path: &Path) -> Value {
        let count = |kind| self.configuration.directory.count(kind);
        json!({
            "path": path.display().to_string(),
            "files": self.files,
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
        let first = format!(
            "`{}` has no security profile that could be read, so that nothing can be checked; a pulled directory has them in \
             `security-profiles/`",
            path.display()
        );
        let notes = unknown_parts.notes.iter().map(|note| format!("  not seen: {note}"));
        Err(Failure::Lines([first].into_iter().chain(notes).collect()))
    }
}

impl StateArgs {
    /// Reads the states at the paths, each a data directory, files, or the address of a server: once for each combination
    /// of the values that conditions of templates depend on and that no parameter decides.
    pub(crate) fn read_all(&self, paths: &[&Path]) -> Result<Vec<Combination>, Failure> {
        let options = self.parameters.options()?;
        let targets = paths.iter().map(|path| Target::parse(path, self.instance.instance.as_deref()));
        let targets = targets.collect::<Result<Vec<_>, _>>()?;
        let read = |options: &ReadOptions| {
            let read = targets.iter().map(|target| target.read_with(None, options));
            read.collect::<Result<Vec<_>, _>>()
        };
        let located = read(&options)?;
        let states: Vec<&LocatedState> = located.iter().collect();
        refuse_undeclared(&options, &states)?;
        let mut all = Vec::new();
        for assumed in combinations(&states)? {
            let words = in_words(&assumed);
            let located = read(&ReadOptions { assumed, ..options.clone() })?;
            let states = located.into_iter().map(|it| self.compiled(it)).collect::<Result<Vec<_>, _>>()?;
            all.push(Combination { assumed: words, states });
        }
        // Every profile of a template may depend on a condition that one outcome excludes.
        for (number, path) in paths.iter().enumerate() {
            let each = || all.iter().filter_map(|it| Some(it.states.get(number)?.refuse_nothing(path)));
            if each().all(|it| it.is_err()) {
                each().next().unwrap_or(Ok(()))?;
            }
        }
        Ok(all)
    }

    /// Reads the state of a data directory.
    pub(crate) fn read_data(&self, path: &Path) -> Result<ReadState, Failure> {
        let location = Location::Data(Place::new(path));
        self.read_target(&Target { location, instance: self.instance.instance.clone() })
    }

    fn read_target(&self, target: &Target) -> Result<ReadState, Failure> {
        self.compiled(target.read(None)?)
    }

    fn compiled(&self, located: LocatedState) -> Result<ReadState, Failure> {
        let LocatedState { configuration, file_facts, .. } = located;
        let state = State::new(&configuration, self.catalogue.catalogue()?);
        Ok(ReadState { configuration, state, files: file_facts.files })
    }
}
