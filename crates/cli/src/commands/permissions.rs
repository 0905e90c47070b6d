//! `lanyard permissions`: the console names and API names of permissions.
//!
//! It reads only the catalogue.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::process::ExitCode;

use crate::output::Json;
use lanyard_model::catalogue::{Catalogue, PermissionInfo, ResourceType};
use lanyard_model::shown;
use serde_json::json;

/// The most names that are suggested where nothing matches.
const SUGGESTIONS: usize = 5;

/// Show the permissions that security profiles grant: console name, API name, group, type and source.
///
/// The exit code is 1 when nothing matches.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  lanyard permissions quick connects view\n  lanyard permissions --type Queue")]
pub(crate) struct Args {
    /// Words that the API name, the console name or the group must contain, such as `quick connects view`.
    search: Vec<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Only permissions of the console's groups whose name contains this, such as `Routing`.
    #[arg(long)]
    group: Option<String>,
    /// Only permissions that apply to this type of resource, such as `Queue`.
    #[arg(long = "type", value_name = "TYPE", value_parser = parse_type)]
    resource_type: Option<ResourceType>,
}

fn parse_type(text: &str) -> Result<ResourceType, String> {
    ResourceType::ALL.iter().copied().find(|known| known.as_str().eq_ignore_ascii_case(text)).ok_or_else(|| {
        let known: Vec<_> = ResourceType::ALL.iter().map(|it| it.as_str()).collect();
        format!("the types are {}", known.join(", "))
    })
}

/// Writes the permissions that match to `out`; where none does, suggestions, and the exit code is 1.
///
/// # Errors
/// When `out` cannot be written.
pub(crate) fn run(args: &Args, catalogue: &Catalogue, out: &mut impl Write) -> io::Result<ExitCode> {
    let search = args.search.join(" ");
    let group = args.group.as_deref().unwrap_or_default().to_lowercase();
    let mut permissions = catalogue.search(&search);
    permissions.retain(|permission| {
        permission.group().to_lowercase().contains(&group)
            && args.resource_type.is_none_or(|wanted| permission.resource_types().contains(&wanted))
    });
    let nearest = if permissions.is_empty() { catalogue.nearest(&search, SUGGESTIONS) } else { Vec::new() };

    if args.json {
        let values: Vec<_> = permissions.iter().map(|permission| to_json(permission)).collect();
        writeln!(out, "{:#}", Json(&json!({ "permissions": values, "nearest": nearest })))?;
    } else if permissions.is_empty() {
        write_nothing_found(args, &search, catalogue, &nearest, out)?;
    } else {
        write_table(&permissions, out)?;
    }
    Ok(if permissions.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn to_json(permission: &PermissionInfo) -> serde_json::Value {
    let types: Vec<_> = permission.resource_types().iter().map(|resource_type| resource_type.as_str()).collect();
    json!({
        "api_name": permission.api_name(),
        "console_name": permission.console_name(),
        "group": permission.group(),
        "resource_types": types,
        "view_permission": permission.view_permission(),
        "source": permission.source().as_str(),
        "confidence": permission.source().confidence().as_str(),
        "flags": permission.flags().words().collect::<Vec<_>>(),
    })
}

fn write_table(permissions: &[&PermissionInfo], out: &mut impl Write) -> io::Result<()> {
    let header = ["CONSOLE NAME", "API NAME", "GROUP", "TYPE", "SOURCE"].map(str::to_owned);
    let rows = permissions.iter().map(|permission| {
        let types: Vec<_> = permission.resource_types().iter().map(|resource_type| resource_type.as_str()).collect();
        [
            permission.console_name().unwrap_or("-").to_owned(),
            permission.api_name().to_owned(),
            permission.group().to_owned(),
            types.join(", "),
            permission.source().as_str().to_owned(),
        ]
    });
    let table: Vec<[String; 5]> = std::iter::once(header).chain(rows).collect();
    let mut widths = [0; 5];
    for row in &table {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    for row in &table {
        let cells: Vec<_> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        writeln!(out, "{}", cells.join("  ").trim_end())?;
    }
    Ok(())
}

fn write_nothing_found(
    args: &Args,
    search: &str,
    catalogue: &Catalogue,
    nearest: &[&str],
    out: &mut impl Write,
) -> io::Result<()> {
    let mut filters = String::new();
    if !search.is_empty() {
        filters += &format!(" matching `{}`", shown(search));
    }
    if let Some(group) = &args.group {
        filters += &format!(" in a group named `{}`", shown(group));
    }
    if let Some(resource_type) = args.resource_type {
        filters += &format!(" about the type `{}`", resource_type.as_str());
    }
    writeln!(out, "there is no permission{filters}")?;
    if !nearest.is_empty() {
        writeln!(out, "the nearest names are {}", quoted(nearest.iter().copied()))?;
    }
    if let Some(group) = &args.group {
        let groups: BTreeSet<_> = catalogue.iter().map(PermissionInfo::group).collect();
        if !groups.iter().any(|known| known.to_lowercase().contains(&group.to_lowercase())) {
            writeln!(out, "the groups are {}", quoted(groups))?;
        }
    }
    Ok(())
}

fn quoted<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        args: Args,
    }

    /// The output, and whether the exit code is 0.
    fn permissions(words: &[&str]) -> (String, bool) {
        let command = Command::try_parse_from([&["permissions"], words].concat()).unwrap();
        let mut out = Vec::new();
        let status = run(&command.args, Catalogue::builtin(), &mut out).unwrap();
        (String::from_utf8(out).unwrap(), format!("{status:?}") == format!("{:?}", ExitCode::SUCCESS))
    }

    fn as_json(words: &[&str]) -> (serde_json::Value, bool) {
        let (text, success) = permissions(&[words, &["--json"]].concat());
        (serde_json::from_str(&text).unwrap(), success)
    }

    #[test]
    fn table() {
        let (text, success) = permissions(&["quick", "connects"]);
        assert!(success);
        assert_eq!(
            text,
            "CONSOLE NAME             API NAME                     GROUP    TYPE          SOURCE\n\
             Quick connects - Create  TransferDestinations.Create  Routing  QuickConnect  documented+seen\n\
             Quick connects - Delete  TransferDestinations.Delete  Routing  QuickConnect  documented+seen\n\
             Quick connects - Edit    TransferDestinations.Edit    Routing  QuickConnect  documented+seen\n\
             Quick connects - View    TransferDestinations.View    Routing  QuickConnect  documented+seen\n"
        );
        assert_eq!(permissions(&["transferdestinations"]).0, text);
        assert_eq!(permissions(&[]).0.lines().count(), 332);
        assert!(permissions(&["Queues.Purge"]).0.contains("\n-  "));
    }

    #[test]
    fn filters() {
        let (answer, success) = as_json(&["view", "--group", "routing", "--type", "datatablerecord"]);
        assert!(success);
        assert_eq!(
            answer,
            json!({ "nearest": [], "permissions": [{
                "api_name": "DataTables.View",
                "console_name": "Data tables - View",
                "group": "Routing",
                "resource_types": ["DataTable", "DataTableRecord"],
                "view_permission": "DataTables.View",
                "source": "documented+seen",
                "confidence": "high",
                "flags": [],
            }]})
        );
    }

    #[test]
    fn nothing_found() {
        let (text, success) = permissions(&["RoutingProfiles.View"]);
        assert!(!success);
        assert!(
            text.starts_with(
                "there is no permission matching `RoutingProfiles.View`\nthe nearest names are `RoutingPolicies.View`"
            ),
            "{text}"
        );
        assert_eq!(permissions(&["frobnicate"]), ("there is no permission matching `frobnicate`\n".to_owned(), false));
        let (answer, success) = as_json(&["RoutingProfiles.View"]);
        assert!(!success);
        assert_eq!((&answer["permissions"], &answer["nearest"][0]), (&json!([]), &json!("RoutingPolicies.View")));
    }

    #[test]
    fn unknown_filters_name_the_known_ones() {
        let (text, success) = permissions(&["--group", "routes"]);
        assert!(!success);
        assert!(text.contains("in a group named `routes`\nthe groups are `Agent Applications`, "), "{text}");
        let error = Command::try_parse_from(["permissions", "--type", "Queues"]).err().unwrap().to_string();
        assert!(error.contains("the types are AgentStatus, "), "{error}");
    }
}
