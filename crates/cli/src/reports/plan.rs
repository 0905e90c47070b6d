//! The report of a plan and its file, for `plan` and `revert`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::styling::{AnsiColor, Style};
use lanyard_analysis::calls::{batches, calls, users_without_password};
use lanyard_analysis::{
    Colours, Configuration, Naming, Origin, Plan, PulledRecord, Report, Target, access_impact, changes, diff, name_of,
};
use lanyard_model::catalogue::Catalogue;
use lanyard_model::{Change, Directory, Id, Kind, Resource, StreamId, shown};

use lanyard_service::trial;

use super::plan_faults;
use super::provenance::provenance;
use crate::failure::Failure;
use crate::output::{Json, is_coloured};
use crate::output_file;
use crate::permission_names::PermissionNamesArg;
use crate::pull_record as record;

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

    /// Leave out the changes that cannot be made, with a note on each, and plan the rest. Without this option there is no
    /// plan with such a change
    #[arg(long)]
    partial: bool,

    #[command(flatten)]
    permission_names: PermissionNamesArg,
}

/// The states that a plan is for.
pub(crate) struct Planned<'a> {
    pub(crate) before: &'a Configuration,
    pub(crate) after: Configuration,
    /// The source of the present state.
    pub(crate) origin: &'a Origin,
    /// The source of the desired state, in words.
    pub(crate) desired: String,
    /// The settings of AWS tools that the present state was read with, where it was.
    pub(crate) aws_profile: Option<&'a str>,
    pub(crate) catalogue: &'a Catalogue,
    /// Notes before those of the report.
    pub(crate) notes: Vec<String>,
    /// Whether the states are only compared with each other. Changes that no call of the API can make are then noted.
    pub(crate) is_comparison: bool,
    /// The directory of the desired state and the record of its pull, to note there what is planned.
    pub(crate) files: Option<(&'a Path, PulledRecord)>,
}

impl PlanReport {
    /// Writes the report, and saves the plan. The exit status is 0 where nothing differs, else 2.
    ///
    /// # Errors
    /// Some change cannot be made: every one is named, with its place.
    pub(crate) fn write(&self, planned: Planned<'_>, out: &mut impl Write) -> Result<ExitCode, Failure> {
        let Planned { before, mut after, origin, desired, aws_profile, catalogue, mut notes, is_comparison, files } =
            planned;
        let is_comparison = is_comparison && self.out.is_none();
        let mut differences = diff(&before.directory, &after.directory);
        let (noted, impossible): (Vec<_>, Vec<_>) = plan_faults::faults(before, &after, &differences)
            .into_iter()
            .partition(|it| is_comparison && it.is_inexpressible);
        notes.extend(noted.iter().map(|it| format!("the API cannot do it all: {it}")));
        if !impossible.is_empty() {
            if !self.partial {
                return Err(plan_faults::refusal(&impossible));
            }
            let left_out;
            (after, differences, left_out) = plan_faults::without_faults(before, after, differences, impossible);
            notes.extend(left_out.iter().map(|it| format!("left out: {it}")));
        }
        let after = &after;
        let title = title(&before.directory);
        let meant = access_impact(before, after, catalogue);
        notes.extend(faults(&before.directory, &after.directory));
        notes.extend(unknown_permissions(&before.directory, &after.directory, catalogue));
        notes.extend(over_quota(&before.directory, &after.directory));
        let ordered = changes(&before.directory, &differences).map_err(Failure::from_error)?;
        notes.extend(passwords(&before.directory, &ordered));
        notes.extend(too_many_calls(&before.directory, &ordered));
        let target = target(origin, &before.directory);
        let mut provenance = provenance(&target, aws_profile, desired);
        let plan = Plan::new(target, ordered, notes.clone());
        if !is_comparison {
            plan.digest().clone_into(&mut provenance.digest);
        }
        let report = Report {
            title: &title,
            before: &before.directory,
            after: &after.directory,
            differences: &differences,
            access_impact: &meant,
            notes: &notes,
            naming: Naming { catalogue, names: self.permission_names.get() },
            provenance: &provenance,
        };
        let mut digest = None;
        if let Some(file) = &self.html {
            output_file::write(file, report.html())?;
        }
        if let (Some(_), Some((dir, record))) = (&self.out, files) {
            record::add_planned(dir, &record, &plan.changes)?;
        }
        if let Some(file) = &self.out {
            output_file::write(file, plan.to_text())?;
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

/// Notes on default quotas that the planned state exceeds and the present one does not.
fn over_quota(before: &Directory, after: &Directory) -> Vec<String> {
    let over = trial::over_quota(after).into_iter().filter(|(kind, (count, _))| before.count(*kind) < *count);
    over.map(|(kind, (count, quota))| {
        format!("as planned, there are {count} of the kind {}; the default quota is {quota}", kind.noun())
    })
    .collect()
}

/// A note on the new users that need passwords.
fn passwords(before: &Directory, changes: &[Change]) -> Option<String> {
    let names: Vec<String> =
        users_without_password(management(before), changes).map(|name| format!("`{}`", shown(name))).collect();
    let more = names.len().saturating_sub(NAMED);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let first: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    (!names.is_empty()).then(|| {
        format!(
            "new users need passwords, which no plan holds: `lanyard apply --passwords-from FILE` has to give those of {}{rest}",
            first.join(", ")
        )
    })
}

/// The most users that a note names.
const NAMED: usize = 20;

/// Notes on changes that cannot be made at once.
fn too_many_calls(before: &Directory, changes: &[Change]) -> Option<String> {
    let instance = before.instances.values().next()?;
    let calls = calls(&instance.scope(), &instance.id, changes).ok()?;
    match batches(&calls) {
        Err((call, length)) => Some(format!(
            "{} of the {} `{}` has {length} bytes, more than a server reads at once; split the change",
            call.operation,
            call.resource.kind.noun(),
            shown(&call.resource.id.to_string())
        )),
        Ok(ranges) if ranges.len() > 1 => Some(format!(
            "these are {} calls, more than one write holds: a Lanyard server is given them as {} writes one after the \
             other, and an interruption leaves the first of them applied; the same plan then goes on from there",
            calls.len(),
            ranges.len()
        )),
        Ok(_) => None,
    }
}

/// The identity management type of the instance.
fn management(directory: &Directory) -> Option<&str> {
    directory.instances.values().next().map(|it| it.identity_management_type.as_str())
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
    let identity_management_type = management(directory).map(str::to_owned);
    Target { from: origin.clone(), instance_id, instance_arn, identity_management_type, revision }
}

/// Colours where standard output is coloured, and none elsewhere.
fn with_colours<T>(write: impl FnOnce(&Colours<'_>) -> T) -> T {
    if !is_coloured(&std::io::stdout()) {
        return write(&Colours::default());
    }
    let style = |colour: AnsiColor| Style::new().bold().fg_color(Some(colour.into())).to_string();
    let (more, less, other) = (style(AnsiColor::Green), style(AnsiColor::Red), style(AnsiColor::Yellow));
    let heading = Style::new().bold().to_string();
    let risk = Style::new().bold().invert().fg_color(Some(AnsiColor::Red.into())).to_string();
    let reset = format!("{:#}", Style::new().bold());
    write(&Colours { risk: &risk, more: &more, less: &less, other: &other, heading: &heading, reset: &reset })
}
