//! `lanyard gate`: fails where a change gives access that it must not give.

mod allowed;
mod holders;
mod new_access;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lanyard_analysis::{
    AccessImpact, Grants, Naming, Narrative, Paragraph, Reach, access_impact, apply_desired_state, sufficient_profiles,
};
use lanyard_answers::{
    NotUnderstood, OwnedQuestion, Subject, WrittenQuestion, question_for_all, refuse, require_names, text,
};
use lanyard_engine::tasks::{self, PREFIX};
use lanyard_engine::{Denial, Explanation, Finding, Outcome, PrincipalKind, Reading, wording};
use lanyard_model::catalogue::{PermissionNames, builtin_tool};
use lanyard_model::resources::MOST_PERMISSIONS;
use lanyard_model::{Change, Id, Key, Kind, shown};
use serde_json::{Value, json};

use allowed::{AllowedUnknown, Missing, missing};
use holders::{Held, SEVERAL, with_holders};

use crate::access::headline::coloured;
use crate::access::people::{NamesPeople, People};
use crate::access::state_args::{Combination, ReadState, StateArgs};
use crate::failure::Failure;
use crate::output::Json;
use crate::permission_names::PermissionNamesArg;

/// Fail where a configuration gives access that it must not give. For pull requests.
///
/// Access that is undetermined counts as access, and every security profile counts as held by a person. The output names
/// each principal, with the security profile that grants the access. A part of the states that was not read stops the gate.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit status: 0 nothing to stop, 2 access that must not be, 1 an error.\n\nExamples:\n  lanyard gate \
                        --no-new-access main-access access\n  lanyard gate --no-new-access http://127.0.0.1:4510 \
                        access\n  lanyard gate --not-granted SecurityProfiles.Edit --not-granted \
                        barge-in access\n  lanyard gate --not-granted Users.Edit@User:root --except ana --except \
                        SecurityProfile:Admin access"
)]
pub(crate) struct Args {
    /// The state to check; for --no-new-access the state before it and the state to check: OLD NEW. Each is a directory
    /// that `lanyard pull` wrote, a CloudFormation template, the output of `terraform show -json`, a data directory, or the
    /// address of a running server
    #[arg(value_name = "PATH", required = true, num_args = 1..=2)]
    paths: Vec<PathBuf>,

    /// Fail where a principal has access in NEW that it does not have in OLD
    #[arg(long, required_unless_present = "not_granted")]
    no_new_access: bool,

    /// Fail where a principal may do this: a permission, a tool, or a task such as listen-to-recordings; on any resource, or
    /// with ACTION@TYPE:NAME on that one. Can be repeated
    #[arg(long, value_name = "ACTION[@RESOURCE]")]
    not_granted: Vec<String>,

    /// Accept this user or AI agent, or with SecurityProfile:NAME every holder of that profile. Can be repeated
    #[arg(long, value_name = "PRINCIPAL|SecurityProfile:NAME")]
    except: Vec<String>,

    /// Count only the people and AI agents that hold a profile now. Without this option, a profile that no person holds counts
    /// as held by a person. Where users were not read, every profile counts as held all the same
    #[arg(long)]
    only_held: bool,

    /// Accept that this part of the states was not read: a kind such as AiAgent or User, or Kinds for all kinds, Restrictions,
    /// Tools or Notes, as unseen.yaml has them. Can be repeated
    #[arg(long = "allow-unseen", value_name = "KIND", value_delimiter = ',')]
    allowed: Vec<AllowedUnknown>,

    /// Print the result as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    permission_names: PermissionNamesArg,

    #[command(flatten)]
    state: StateArgs,
}

/// A principal that has forbidden access.
struct Offender {
    subject: Subject,
    name: String,
    outcome: Outcome,
    open_points: Vec<&'static str>,
    /// Whether the principal is a possible holder of a profile, and none that was read.
    is_potential: bool,
    /// The profiles that grant the access, or that come closest.
    through: Vec<String>,
}

/// The principals and profiles that `--except` accepts, by identifier and by name: the same resource may have a provisional
/// identifier in one state and another one in the state that it is compared with.
#[derive(Default)]
struct Exempt {
    principals: Vec<Id>,
    profiles: Vec<Id>,
    names: Vec<String>,
}

impl Exempt {
    fn has_profile(&self, id: &Id, name: &str) -> bool {
        self.profiles.contains(id) || self.names.iter().any(|it| it.strip_prefix("SecurityProfile:") == Some(name))
    }

    fn has_principal(&self, id: &Id, name: &str) -> bool {
        self.principals.contains(id) || self.names.iter().any(|it| it.eq_ignore_ascii_case(name))
    }
}

/// A forbidden action, and the principals that may do it.
struct Forbidden {
    what: String,
    action: String,
    resource_type: String,
    id: String,
    offenders: Vec<Offender>,
}

/// Checks the states. The exit status is 2 where a check fails.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let (old, new): (Option<&Path>, &Path) = match (args.paths.as_slice(), args.no_new_access) {
        ([old, new], true) => (Some(old), new),
        ([new], false) => (None, new),
        (_, true) => return Err(Failure::Message("--no-new-access compares two states: OLD NEW".to_owned())),
        (_, false) => return Err(Failure::Message("--not-granted checks only one state".to_owned())),
    };
    let paths: Vec<&Path> = old.into_iter().chain([new]).collect();
    let combinations = args.state.read_all(&paths)?;
    let count = combinations.len();
    for (number, Combination { assumed, mut states }) in (1..).zip(combinations) {
        let (after, before) = (states.pop(), states.pop());
        let Some(after) = after else { continue };
        refuse_too_many(&after)?;
        let mut report = Vec::new();
        let states = Compared { before: before.as_ref(), after: &after, old, new, assumed: &assumed };
        let stops = check(args, &states, &mut report)?;
        // The first combination that stops the gate is reported, or else the last one.
        if stops || number == count {
            out.write_all(&report)?;
            return Ok(ExitCode::from(if stops { 2 } else { 0 }));
        }
    }
    Err(Failure::Message("there is no state to check".to_owned()))
}

/// Refuses a state with a profile that the service cannot have: it has more permissions than one takes.
fn refuse_too_many(read: &ReadState) -> Result<(), Failure> {
    let profiles = read.configuration.directory.security_profiles.values();
    let lines = profiles.filter(|profile| profile.permissions.len() > MOST_PERMISSIONS).map(|profile| {
        let key = Key { kind: Kind::SecurityProfile, id: profile.id.clone() };
        let place = read.configuration.places.find(&key, "Permissions");
        let place = place.map(|place| format!("{place}: ")).unwrap_or_default();
        format!(
            "{place}the security profile `{}` has {} permissions; the service takes {MOST_PERMISSIONS} at most",
            shown(&profile.name),
            profile.permissions.len()
        )
    });
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() { Ok(()) } else { Err(Failure::Lines(lines)) }
}

/// The states of a check.
struct Compared<'a> {
    before: Option<&'a ReadState>,
    after: &'a ReadState,
    old: Option<&'a Path>,
    new: &'a Path,
    /// The values that conditions were read under, in words.
    assumed: &'a str,
}

/// Checks the states, and reports. The result is whether a check fails.
fn check(args: &Args, compared: &Compared<'_>, out: &mut impl Write) -> Result<bool, Failure> {
    let Compared { before, after, old, new, assumed } = compared;
    // Only files have pseudonyms.
    let people = if after.files.is_empty() { People::Names } else { People::in_files(new, &after.state.directory)? };
    let exempt = exempt(&args.except, after, &people).map_err(|failure| people.explain(failure))?;
    let held = Held { only_held: args.only_held, exempt: &exempt };
    let mut forbidden = Vec::new();
    for text in &args.not_granted {
        forbidden.push(find_forbidden(text, after, &held, &people, args.permission_names.get())?);
    }
    let states = before.iter().copied().zip(*old).chain(std::iter::once((*after, *new)));
    let missing: Vec<Missing> = states.clone().flat_map(|(read, path)| missing(read, path, &args.allowed)).collect();
    let gained = before.map(|before| gained(before, after, &held)).transpose()?;
    let stops = !missing.is_empty()
        || forbidden.iter().any(|it| !it.offenders.is_empty())
        || gained.as_ref().is_some_and(|(_, paragraphs)| !paragraphs.is_empty());
    if args.json {
        let result = json!({
            "stopped": stops,
            "assumed": if assumed.is_empty() { Value::Null } else { json!(assumed) },
            "not_granted": forbidden.iter().map(forbidden_json).collect::<Vec<_>>(),
            "new_access": gained.as_ref().map(|(access_impact, paragraphs)| new_access::json(access_impact, paragraphs)),
            "not_seen": after.state.view().not_seen(),
            "stopped_by_unseen": missing.iter().map(Missing::to_json).collect::<Vec<_>>(),
            "read": states.map(|(read, path)| read.counts_json(path)).collect::<Vec<_>>(),
        });
        writeln!(out, "{:#}", Json(&result))?;
    } else {
        if !assumed.is_empty() {
            writeln!(out, "where {assumed}:")?;
        }
        for it in &forbidden {
            write_forbidden(it, out)?;
        }
        if let Some((access_impact, paragraphs)) = &gained {
            let naming = Naming { catalogue: &after.state.catalogue, names: args.permission_names.get() };
            new_access::write(access_impact, paragraphs, naming, out)?;
        }
        allowed::write(&missing, out)?;
        for (read, path) in states {
            writeln!(out, "read: {} of {}", read.counts(), read.shown_files(path))?;
        }
        if after.configuration.unknown_parts.kinds.contains(&Kind::SecurityProfile) {
            writeln!(out, "note: which other security profiles there are was not seen; what they add is not counted")?;
        }
        if after.configuration.unknown_parts.kinds.contains(&Kind::AiAgent) {
            writeln!(out, "note: which AI agents there are was not seen; those that were not are not counted")?;
        }
    }
    Ok(stops)
}

/// The principals and profiles that the arguments of `--except` name.
fn exempt(texts: &[String], read: &ReadState, people: &People) -> Result<Exempt, Failure> {
    let state = &read.state;
    let directory = &state.directory;
    let (mut all, mut profiles, mut written) = (Vec::new(), Vec::new(), Vec::new());
    for text in texts {
        let question = WrittenQuestion { principal: Some(text.clone()), ..WrittenQuestion::default() };
        let text = people.with_pseudonyms(question, directory).0.principal.unwrap_or_default();
        written.push(text.clone());
        if let Some(name) = text.strip_prefix("SecurityProfile:") {
            let Some(id) = profile(read, name) else {
                return Err(Failure::Message(format!("there is no security profile `{}` to except", shown(name))));
            };
            let holds = |ids: &[Id]| ids.contains(&id);
            all.extend(directory.users.values().filter(|it| holds(&it.security_profile_ids)).map(|it| it.id.clone()));
            let agents = directory.ai_agents.values().filter(|it| holds(&it.security_profile_ids));
            all.extend(agents.map(|it| Id::new(&it.arn)));
            profiles.push(id);
            continue;
        }
        match Subject::parse(&text) {
            Subject::AiAgent(arn) if directory.ai_agents.contains_key(&Id::new(&arn)) => all.push(Id::new(&arn)),
            Subject::User(name) => {
                let (_, id) = state.names().resource(&format!("User:{name}"))?;
                if !directory.users.contains_key(&Id::new(&id)) {
                    let reason = state.names().no_such_user(&name).map(Failure::from);
                    return Err(
                        reason.unwrap_or(Failure::NotUnderstood(format!("there is no user `{}`", shown(&name))))
                    );
                }
                all.push(Id::new(&id));
            }
            Subject::AiAgent(arn) => {
                return Err(Failure::Message(format!("there is no AI agent `{}` to except", shown(&arn))));
            }
            Subject::SecurityProfile(name) => {
                return Err(Failure::Message(format!("there is no security profile `{}` to except", shown(&name))));
            }
        }
    }
    Ok(Exempt { principals: all, profiles, names: written })
}

fn profile(read: &ReadState, name: &str) -> Option<Id> {
    let directory = &read.state.directory;
    let by_id = Some(Id::new(name)).filter(|id| directory.security_profiles.contains_key(id));
    by_id.or_else(|| directory.find_name(Kind::SecurityProfile, name).cloned())
}

/// Finds the principals that may do a forbidden action.
fn find_forbidden(
    text: &str,
    read: &ReadState,
    held: &Held<'_>,
    people: &People,
    permissions: PermissionNames,
) -> Result<Forbidden, Failure> {
    let state = &read.state;
    let holders = held.of(&read.configuration);
    let mut compiled = state.compiled.clone();
    compiled.apply(&holders.iter().cloned().map(|user| Change::Create(user.into())).collect::<Vec<_>>());
    let names = state.names();
    let (question, what) = question(text, read, people, permissions)?;
    let is_for_agents = builtin_tool(&question.action).is_some();
    let agents = if is_for_agents { held.agents_of(&read.configuration) } else { Vec::new() };
    compiled.apply(&agents.iter().cloned().map(|agent| Change::Create(agent.into())).collect::<Vec<_>>());
    let mut offenders = Vec::new();
    for kind in [PrincipalKind::User, PrincipalKind::AiAgent] {
        let failed = |malformed| Failure::Message(format!("the question makes no sense: {malformed}"));
        let ids = question
            .with(|borrowed| {
                let who = compiled.who(kind, borrowed, Reading::LENIENT, None)?;
                Ok(who.filter(|id| !held.exempt.principals.contains(id)).cloned().collect::<Vec<_>>())
            })
            .map_err(failed)?;
        for id in ids {
            let subject = match kind {
                PrincipalKind::User => Subject::User(id.to_string()),
                PrincipalKind::AiAgent => Subject::AiAgent(id.to_string()),
            };
            let one = OwnedQuestion { subject: subject.clone(), ..question.clone() };
            let explanation = one.with(|borrowed| compiled.explain(borrowed)).map_err(failed)?;
            let through = through(&question, &explanation);
            let holder = holders.iter().find(|user| user.id.to_string() == subject.id());
            offenders.push(Offender {
                name: match holder {
                    Some(holder) => holder.username.clone(),
                    None => text::subject(&names, &subject),
                },
                is_potential: holder.is_some() || agents.iter().any(|agent| agent.arn == subject.id()),
                subject,
                outcome: explanation.answer.outcome,
                open_points: explanation.answer.open_points.iter().map(|point| point.name()).collect(),
                through,
            });
        }
    }
    // The placeholder of several profiles matters only where no single profile grants the access.
    if offenders.iter().any(|it| it.name != SEVERAL) {
        offenders.retain(|it| it.name != SEVERAL);
    }
    offenders.sort_by_cached_key(|it| (it.outcome != Outcome::Allowed, it.name.to_lowercase()));
    let OwnedQuestion { action, resource_type, id, .. } = question;
    Ok(Forbidden { what, action, resource_type, id, offenders })
}

/// The profiles through which a principal may do the action: those that suffice for a task, or that grant a permission; the
/// closest ones where that is undetermined.
fn through(question: &OwnedQuestion, explanation: &Explanation) -> Vec<String> {
    let mut grants = Grants::<String>::new();
    let mut through = Vec::new();
    for report in &explanation.reports {
        let grants_it = |it: &&lanyard_engine::ProfileReport| it.findings == [Finding::Grants];
        for it in report.profiles.iter().filter(grants_it).filter(|_| report.outcome != Outcome::Denied) {
            grants.entry(it.name.clone()).or_default().insert(report.permission.clone());
        }
        let closest = report.closest.and_then(|at| report.profiles.get(at));
        let closest = closest.filter(|_| report.outcome == Outcome::Undetermined);
        for it in report.profiles.iter().filter(grants_it).chain(closest) {
            if !through.contains(&it.name) {
                through.push(it.name.clone());
            }
        }
    }
    if question.resource_type == "Contact" && !question.match_some {
        // One's own contacts are not every contact.
        grants.values_mut().for_each(|names| _ = names.remove("MyContacts.View"));
    }
    let task = question.action.strip_prefix(PREFIX).and_then(tasks::find);
    let is_new = question.id == "*" || question.resource_type == "Instance";
    task.and_then(|task| sufficient_profiles(task, &grants, is_new)).unwrap_or(through)
}

/// The question whether anybody may do what `--not-granted` names, and its words. A misspelt one is refused, so that it does
/// not pass.
///
/// # Errors
/// The question names something that does not exist or that nothing names, or an action that does not act on the type.
fn question(
    text: &str,
    read: &ReadState,
    people: &People,
    permissions: PermissionNames,
) -> Result<(OwnedQuestion, String), Failure> {
    let (action, resource) = text.split_once('@').map_or((text, None), |(action, it)| (action, Some(it)));
    let (action, resource) = (Some(action.to_owned()), resource.map(str::to_owned));
    let written = WrittenQuestion { action, resource, ..WrittenQuestion::default() };
    let (written, known_as) = people.with_pseudonyms(written, &read.state.directory);
    let view = read.state.view();
    let names = view.names();
    let understood = || {
        let (question, denial) = question_for_all(&view, &written)?;
        require_names(&view, &written, &question)?;
        // Profiles that were not seen may hold any permission; one that nothing knows is a misspelt one all the same.
        if question.resource_type != "McpServer" && !names.has_action(&question.action) {
            refuse(&names, &question, Denial::UnknownAction)?;
        }
        Ok((question, denial))
    };
    let (question, denial) = understood().map_err(|reason: NotUnderstood| people.explain(reason.into()))?;
    if let Some(denial) = denial {
        let sentence = format!("`{}`: {}", shown(text), wording::denial(denial));
        let hint = names.hint(denial, &question).map(|hint| format!("; {hint}")).unwrap_or_default();
        return Err(Failure::NotUnderstood(sentence + &hint));
    }
    let mut words = text::QuestionNames::of(&names, &question);
    words.restore_names(&known_as);
    let what = text::what(&question, &words, names.catalogue, permissions);
    Ok((question, what))
}

/// The access that is new in the second state.
fn gained(before: &ReadState, after: &ReadState, held: &Held<'_>) -> Result<(AccessImpact, Vec<Paragraph>), Failure> {
    let becomes = apply_desired_state(&before.configuration, &after.configuration)
        .map_err(|error| Failure::Message(format!("these are two instances: {error}")))?;
    let are_users_unknown = [before, after].iter().any(|it| it.configuration.unknown_parts.kinds.contains(&Kind::User));
    let possible = held.possible([&before.configuration, &becomes], are_users_unknown);
    let earlier = with_holders(&before.configuration, &possible);
    let becomes = with_holders(&becomes, &possible);
    let access_impact = access_impact(&earlier, &becomes, &after.state.catalogue);
    let mut parts = access_impact.new_access();
    // A new resource is no new access for a principal that may reach every resource of its type.
    parts.retain(|part| !matches!(part.reach, Reach::NewResources | Reach::Gone));
    for part in &mut parts {
        let is_let = |who: &&u32| {
            let someone = access_impact.people.get(**who as usize);
            someone.is_some_and(|it| held.exempt.has_principal(&it.id, &it.name))
        };
        let who: Vec<u32> = part.effect.who.iter().filter(|who| !is_let(who)).copied().collect();
        part.effect.who = who.into();
    }
    parts.retain(|part| !part.effect.who.is_empty());
    // The placeholder of several profiles matters only where no single profile grants the access.
    let several = access_impact.people.iter().position(|it| it.name == SEVERAL).and_then(|at| u32::try_from(at).ok());
    if let Some(several) = several.filter(|it| parts.iter().any(|part| part.effect.who.iter().any(|who| who != it))) {
        for part in &mut parts {
            part.effect.who = part.effect.who.iter().copied().filter(|who| *who != several).collect();
        }
        parts.retain(|part| !part.effect.who.is_empty());
    }
    let paragraphs = Narrative::new(&access_impact, Naming::api()).of_parts(parts);
    Ok((access_impact, paragraphs))
}

fn write_forbidden(it: &Forbidden, out: &mut impl Write) -> Result<(), Failure> {
    if it.offenders.is_empty() {
        writeln!(out, "{}: nobody may {}", coloured(Outcome::Allowed, "passed"), it.what)?;
        return Ok(());
    }
    let count = text::counted(it.offenders.len(), "principal", "principals");
    writeln!(out, "{}: {count} may {}", coloured(Outcome::Denied, "stopped"), it.what)?;
    let mut shared: BTreeMap<(bool, &[String]), Vec<&Offender>> = BTreeMap::new();
    for offender in &it.offenders {
        shared.entry((offender.outcome != Outcome::Allowed, &offender.through)).or_default().push(offender);
    }
    for ((open, through), offenders) in shared {
        let through = match through {
            [] => String::new(),
            names => {
                format!("through {}", names.iter().map(|it| format!("`{}`", shown(it))).collect::<Vec<_>>().join(", "))
            }
        };
        let word = if open { "undetermined, which counts as access" } else { "allowed" };
        writeln!(out, "  {word}{}{through}:", if through.is_empty() { "" } else { ", " })?;
        for offender in offenders {
            let points = match offender.open_points.as_slice() {
                [] => String::new(),
                points => format!("  ({})", points.join(", ")),
            };
            writeln!(out, "    {}{points}", shown(&offender.name))?;
        }
    }
    Ok(())
}

fn forbidden_json(it: &Forbidden) -> Value {
    let offender = |it: &Offender| {
        json!({
            "type": it.subject.kind(),
            "id": it.subject.id(),
            "name": it.name,
            "outcome": it.outcome,
            "open_points": it.open_points,
            "potential": it.is_potential,
            "through": it.through,
        })
    };
    json!({
        "action": it.action,
        "resource": { "type": it.resource_type, "id": it.id },
        "principals": it.offenders.iter().map(offender).collect::<Vec<_>>(),
    })
}
