//! The details of a question on the command line.

use lanyard_answers::WrittenQuestion;

/// The details of a question: everything but principal, action and resource.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Details of the question")]
pub(crate) struct Details {
    /// A tag of a resource that the instance does not store. Can be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    tag: Vec<(String, String)>,

    /// The hierarchy group that a hypothetical user is in, by identifier, name or path (Europe/Berlin)
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,

    /// A primary attribute of the record and its value. Can be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    primary: Vec<(String, String)>,

    /// The data table of a hypothetical record. The table's tags apply
    #[arg(long, value_name = "NAME")]
    table: Option<String>,

    /// The user who handles the contact
    #[arg(long, value_name = "USER")]
    agent: Option<String>,

    /// The user who owns the resource
    #[arg(long, value_name = "USER")]
    owner: Option<String>,

    /// The resource does not exist yet: it has only the tags and the group given here
    #[arg(long)]
    hypothetical: bool,

    /// The user whom the AI agent serves
    #[arg(long, value_name = "USER", conflicts_with = "self_service")]
    on_behalf_of: Option<String>,

    /// The AI agent serves a customer directly
    #[arg(long)]
    self_service: bool,

    /// A SecurityProfile, RoutingProfile or HierarchyGroup that the action assigns to a user. Can be repeated
    #[arg(long, value_name = "TYPE:NAME")]
    assigns: Vec<String>,

    /// The action changes primary values of the record
    #[arg(long)]
    changes_primary_values: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(format!("`{text}` is not of the form NAME=VALUE")),
    }
}

impl Details {
    /// The question with these details.
    pub(crate) fn question(
        &self,
        principal: Option<&str>,
        action: Option<&str>,
        resource: Option<&str>,
    ) -> WrittenQuestion {
        WrittenQuestion {
            principal: principal.map(str::to_owned),
            action: action.map(str::to_owned),
            resource: resource.map(str::to_owned),
            match_some: false,
            hypothetical: self.hypothetical,
            tags: self.tag.clone(),
            group: self.group.clone(),
            primary_values: self.primary.clone(),
            table: self.table.clone(),
            agent: self.agent.clone(),
            owner: self.owner.clone(),
            on_behalf_of: self.on_behalf_of.clone(),
            self_service: self.self_service,
            assigns: self.assigns.clone(),
            changes_primary_values: self.changes_primary_values,
            profiles: false,
        }
    }
}
