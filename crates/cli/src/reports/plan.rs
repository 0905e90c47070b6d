//! The report of a plan and its file, for `plan` and `revert`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::styling::{AnsiColor, Style};
use lanyard_analysis::calls::{batches, calls};
use lanyard_analysis::{Colours, Configuration, Origin, Plan, Report, Target, access_impact, changes, diff, name_of};
use lanyard_model::catalogue::Catalogue;
use lanyard_model::{Change, Directory, Id, Kind, Resource, StreamId, shown};

use crate::failure::Failure;
use crate::output::{Json, is_coloured};

/// The form of the report, and the file of the plan.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct PlanReport {
    /// Save the plan to a file, for review and for `lanyard apply`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Write the report as one page of HTML
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Print the report as JSON
    #[arg(long, conflicts_with = "all")]
    json: bool,

    /// Print the whole report, without shortening it
    #[arg(long)]
    all: bool,
}

impl PlanReport {
    /// Writes the report, and saves the plan. The exit status is 0 where nothing differs, else 2.
    pub(crate) fn write(
        &self,
        before: &Configuration,
        after: &Configuration,
        origin: &Origin,
        catalogue: &Catalogue,
        out: &mut impl Write,
    ) -> Result<ExitCode, Failure> {
        self.write_with_notes(Vec::new(), before, after, origin, catalogue, out)
    }

    /// Writes the report with notes before its own.
    pub(crate) fn write_with_notes(
        &self,
        mut notes: Vec<String>,
        before: &Configuration,
        after: &Configuration,
        origin: &Origin,
        catalogue: &Catalogue,
        out: &mut impl Write,
    ) -> Result<ExitCode, Failure> {
        let differences = diff(&before.directory, &after.directory);
        let title = title(&before.directory);
        let meant = access_impact(before, after, catalogue);
        notes.extend(faults(&before.directory, &after.directory));
        notes.extend(unknown_permissions(&before.directory, &after.directory, catalogue));
        let ordered = changes(&before.directory, &differences).map_err(Failure::from_error)?;
        notes.extend(inexpressible(&before.directory, &ordered));
        let report = Report {
            title: &title,
            before: &before.directory,
            after: &after.directory,
            differences: &differences,
            access_impact: &meant,
            notes: &notes,
        };
        let mut digest = None;
        if let Some(file) = &self.html {
            write_file(file, &report.html())?;
        }
        if let Some(file) = &self.out {
            let plan = Plan::new(target(origin, &before.directory), ordered, notes.clone());
            write_file(file, &plan.to_text())?;
            digest = Some(plan.digest().to_owned());
        }
        if self.json {
            let mut json = report.json();
            if let (Some(digest), Some(members)) = (digest, json.as_object_mut()) {
                members.insert("digest".to_owned(), digest.into());
            }
            writeln!(out, "{:#}", Json(&json))?;
        } else {
            write!(out, "{}", with_colours(|colours| report.text(colours, self.all)))?;
            if let Some(digest) = digest {
                writeln!(out, "digest of the plan, for `lanyard apply --expect-digest`: {digest}")?;
            }
        }
        Ok(ExitCode::from(if differences.is_empty() { 0 } else { 2 }))
    }
}

/// Notes on contradictions that the planned state has and the present one does not.
fn faults(before: &Directory, after: &Directory) -> Vec<String> {
    let known = before.faults();
    let new = after.faults().into_iter().filter(|fault| !known.contains(fault));
    new.take(20).map(|fault| format!("as planned, {fault}")).collect()
}

/// Notes on permissions that neither the catalogue nor a present profile has, which are probably misspelt.
fn unknown_permissions(before: &Directory, after: &Directory, catalogue: &Catalogue) -> Vec<String> {
    let mut new = BTreeMap::new();
    for profile in after.security_profiles.values() {
        for name in profile.permissions.iter().filter(|name| catalogue.get(name).is_none()) {
            new.entry(name).or_insert(&profile.name);
        }
    }
    for name in before.security_profiles.values().flat_map(|profile| &profile.permissions) {
        new.remove(name);
    }
    let notes = new.into_iter().take(20).map(|(name, profile)| {
        let near: Vec<_> = catalogue.nearest(name, 2).iter().map(|it| format!("`{it}`")).collect();
        let hint = if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) };
        format!(
            "the catalogue has no permission `{}`, which security profile `{}` is to hold{hint}",
            shown(name),
            shown(profile)
        )
    });
    notes.collect()
}

/// Notes on changes that the API cannot make, or cannot make at once.
fn inexpressible(before: &Directory, changes: &[Change]) -> Vec<String> {
    let Some(instance) = before.instances.values().next() else { return Vec::new() };
    match calls(&instance.scope(), &instance.id, before, changes) {
        Ok(calls) => match batches(&calls) {
            Err((call, length)) => vec![format!(
                "{} of the {} `{}` has {length} bytes, more than a server reads at once; split the change",
                call.operation,
                call.resource.kind.noun(),
                shown(&call.resource.id.to_string())
            )],
            Ok(ranges) if ranges.len() > 1 => vec![format!(
                "these are {} calls, more than one write holds: a Lanyard server is given them as {} writes one after the \
                 other, and an interruption leaves the first of them applied; the same plan then goes on from there",
                calls.len(),
                ranges.len()
            )],
            Ok(_) => Vec::new(),
        },
        Err(all) => all.iter().map(|it| format!("the API cannot do it all: {it}")).collect(),
    }
}

fn title(directory: &Directory) -> String {
    let name = match directory.instances.values().next() {
        Some(instance) => name_of(directory, &Resource::Instance(std::sync::Arc::clone(instance))),
        None => "instance".to_owned(),
    };
    match directory.revision() {
        0 => name,
        revision => format!("{name}, revision {revision}"),
    }
}

fn target(origin: &Origin, directory: &Directory) -> Target {
    let instance = directory.instances.values().next();
    let instance_id = match directory.stream() {
        StreamId::Instance(id) => id.clone(),
        StreamId::Registry { .. } => Id::new(""),
    };
    let instance_arn = instance.and_then(|it| it.scope().arn(&it.id, Kind::Instance, &it.id));
    let revision = Some(directory.revision()).filter(|revision| *revision > 0);
    Target { from: origin.clone(), instance_id, instance_arn, revision }
}

fn write_file(file: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(file, text).map_err(|error| Failure::Message(format!("`{}`: {error}", file.display())))
}

/// Colours where standard output is coloured, and none elsewhere.
fn with_colours<T>(write: impl FnOnce(&Colours<'_>) -> T) -> T {
    if !is_coloured(&std::io::stdout()) {
        return write(&Colours::default());
    }
    let style = |colour: AnsiColor| Style::new().bold().fg_color(Some(colour.into())).to_string();
    let (more, less, other) = (style(AnsiColor::Green), style(AnsiColor::Red), style(AnsiColor::Yellow));
    let heading = Style::new().bold().to_string();
    let reset = format!("{:#}", Style::new().bold());
    write(&Colours { more: &more, less: &less, other: &other, heading: &heading, reset: &reset })
}
