//! The flag for the names of permissions in text.

use lanyard_model::catalogue::PermissionNames;

/// Whose names of permissions text has. JSON has the names of the API.
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct PermissionNamesArg {
    /// The names of permissions in text. JSON has those of the API
    #[arg(long = "names", env = "LANYARD_NAMES", value_enum, value_name = "NAMES", default_value = "console")]
    names: Names,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Names {
    /// Those of the Amazon Connect console, where they are known
    Console,
    /// Those of the API
    Api,
}

impl PermissionNamesArg {
    /// The names that were requested.
    pub(crate) fn get(self) -> PermissionNames {
        match self.names {
            Names::Console => PermissionNames::Console,
            Names::Api => PermissionNames::Api,
        }
    }
}
