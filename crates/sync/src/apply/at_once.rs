//! Applying a plan at a Lanyard server: one change-set at the revision that the plan was made for.
//!
//! A plan with more calls than one change-set holds becomes several change-sets, each at the revision that the one before
//! made. After an interruption, applying the same plan again makes the remaining ones.

use std::collections::HashMap;

use lanyard_analysis::Plan;
use lanyard_analysis::calls::{
    Call, Passwords, batches, calls, give_passwords, in_change_set, users_without_password, with_made,
};
use lanyard_model::{Change, Directory, Id, Resource, shown};
use serde_json::{Value, json};

use super::made::Made;
use super::present::settable;
use super::reconcile::reconcile;
use super::{ChangeSetAnswer, Done, Target, inexpressible, refused_passwords, scope};
use crate::Error;

/// Applies a plan; with `is_dry`, checks it and writes nothing. New users of an instance that manages its users itself get
/// their passwords from `passwords`.
///
/// # Errors
/// The instance has changed since the plan was made, or refuses a call. A change-set is written whole or not at all.
pub fn at_once(plan: &Plan, instance: &dyn Target, passwords: &Passwords, is_dry: bool) -> Result<Done, Error> {
    let state = instance.state()?;
    let mut made = reconcile(plan, &state);
    let pending: Vec<&Change> = plan.changes.iter().filter(|change| !is_as_planned(change, &state, &made)).collect();
    if pending.is_empty() {
        return Ok(Done { calls: Vec::new(), earlier: 0, revisions: None });
    }
    let scope = state.instances.values().next().map_or_else(|| scope(plan), |instance| Ok(instance.scope()))?;
    let calls_of = |changes: &[Change]| calls(&scope, instance.id(), changes).map_err(|all| inexpressible(&all));
    let management = state.instances.values().next().map(|it| it.identity_management_type.as_str());
    let new_users: Vec<&str> = users_without_password(management, &plan.changes).collect();
    let mut all = calls_of(&plan.changes)?;
    // The passwords of users that were made before an interruption are not needed again.
    let _ = give_passwords(&mut all, &[], &new_users, passwords);
    let is_one_write = batches(&all).map_err(|(call, length)| too_large(call, length))?.len() <= 1;
    let earlier = plan.changes.len() - pending.len();
    let begun = earlier > 0 && !is_one_write;
    let changes: Vec<Change> = match begun {
        false => {
            check_unmoved(plan, &state)?;
            plan.changes.clone()
        }
        true => {
            pending.iter().try_for_each(|change| check_as_before(change, &state))?;
            pending.into_iter().map(|change| with_known(change, &made)).collect()
        }
    };
    let mut calls = calls_of(&changes)?;
    let users: Vec<&str> = users_without_password(management, &changes).collect();
    give_passwords(&mut calls, &users, &new_users, passwords).map_err(|faults| refused_passwords(&faults))?;
    let ranges = batches(&calls).map_err(|(call, length)| too_large(call, length))?;
    let mut revision = state.revision();
    let mut first = None;
    let mut texts = HashMap::new();
    for range in &ranges {
        let of_range = calls.get(range.clone()).unwrap_or_default();
        let body = json!({
            "expected_revision": revision,
            "dry_run": is_dry,
            "calls": of_range.iter().map(|call| replaced(in_change_set(call), &texts)).collect::<Vec<_>>(),
        });
        let answer: ChangeSetAnswer = instance.apply_change_set(&body)?;
        if is_dry {
            // The next change-set depends on this one, which a dry run does not write.
            let done = of_range.to_vec();
            return Ok(Done { calls: done, earlier: 0, revisions: Some((answer.revision, answer.revision)) });
        }
        note_made(of_range, &answer.results, &mut made, &mut texts);
        revision = answer.revision;
        first.get_or_insert(revision);
    }
    let state = instance.state()?;
    if !plan.changes.iter().all(|change| is_as_planned(change, &state, &made)) {
        return Err(Error::Message(format!(
            "revision {revision} was made, and yet the instance is not as planned; was it changed since? `lanyard history` \
             says by whom"
        )));
    }
    Ok(Done { calls, earlier: if begun { earlier } else { 0 }, revisions: first.map(|first| (first, revision)) })
}

/// The text of a call with the identifiers that earlier writes gave.
fn replaced(call: Value, made: &HashMap<String, String>) -> Value {
    if made.is_empty() {
        return call;
    }
    // The text stays valid JSON, since identifiers need no escapes.
    serde_json::from_str(&with_made(&call.to_string(), made)).unwrap_or(call)
}

/// Records the identifiers that the server gave to provisional resources of the plan.
fn note_made(calls: &[Call], results: &[Value], made: &mut Made, texts: &mut HashMap<String, String>) {
    for (call, result) in calls.iter().zip(results) {
        for (placeholder, member) in &call.makes {
            if let Some(id) = result.get(member).and_then(Value::as_str) {
                texts.insert(placeholder.clone(), id.to_owned());
                made.extend([(call.resource.id.clone(), Id::new(id))]);
            }
        }
    }
}

/// The change with the identifiers of resources that were already made.
fn with_known(change: &Change, made: &Made) -> Change {
    let known = |resource: &Resource| {
        let replaced = resource.to_json().and_then(|json| {
            let mut value = serde_json::from_str(&json)?;
            made.put_into(&mut value);
            Resource::from_json(resource.kind(), &value.to_string())
        });
        // The text stays valid JSON.
        replaced.unwrap_or_else(|_| resource.clone())
    };
    match change {
        Change::Create(after) => Change::Create(known(after)),
        Change::Update { before, after } => Change::Update { before: before.clone(), after: known(after) },
        Change::Delete(before) => Change::Delete(before.clone()),
    }
}

fn too_large(call: &Call, length: usize) -> Error {
    Error::Message(format!(
        "{} of the {} `{}` has {length} bytes, more than a server reads at once; split the change",
        call.operation,
        call.resource.kind.noun(),
        shown(&call.resource.id.to_string())
    ))
}

/// Refuses an instance that has changed since the plan was made.
fn check_unmoved(plan: &Plan, state: &Directory) -> Result<(), Error> {
    match plan.target.revision {
        Some(revision) if revision == state.revision() => Ok(()),
        Some(revision) => Err(Error::Message(format!(
            "the instance has changed since the plan was made: it is at revision {}, the plan is for {revision}; run \
             `lanyard plan` again, and review the new plan",
            state.revision()
        ))),
        None => plan.changes.iter().try_for_each(|change| check_as_before(change, state)),
    }
}

/// Refuses a resource that has changed since the plan was made.
fn check_as_before(change: &Change, state: &Directory) -> Result<(), Error> {
    let (key, none) = (change.key(), Made::default());
    match settable(state.get(key.kind, &key.id).as_ref(), &none) == settable(change.before(), &none) {
        true => Ok(()),
        false => Err(super::one_by_one::moved(&key)),
    }
}

/// Whether the resource is as planned.
fn is_as_planned(change: &Change, state: &Directory, made: &Made) -> bool {
    let present = state.get(change.key().kind, &made.known_as(change.key().id));
    settable(present.as_ref(), &Made::default()) == settable(change.after(), made)
}
