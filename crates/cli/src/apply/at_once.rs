//! At a Lanyard server: one change-set at the revision that the plan was made for.

use lanyard_model::{Directory, Id};
use lanyard_prove::Plan;
use lanyard_prove::calls::{Call, calls};
use serde::Deserialize;
use serde_json::{Value, json};

use super::present::settable;
use super::recognised::recognised;
use super::{Done, inexpressible, known_as, scope};
use crate::commands::Failure;
use crate::origin::Instance;

#[derive(Deserialize)]
struct Answer {
    revision: u64,
    results: Vec<Value>,
}

/// Applies a plan as one write; with `is_dry`, tries it and writes nothing.
pub(crate) fn at_once(plan: &Plan, instance: &Instance, is_dry: bool) -> Result<Done, Failure> {
    let state = instance.state(None)?;
    if is_applied(plan, &state, &recognised(plan, &state)) {
        return Ok(Done { calls: Vec::new(), earlier: 0, revision: None });
    }
    check_unmoved(plan, &state)?;
    let scope = state.instances.values().next().map_or_else(|| scope(plan), |instance| Ok(instance.scope()))?;
    let calls = calls(&scope, &instance.id, &state, &plan.changes).map_err(|all| inexpressible(&all))?;
    let body = json!({
        "expected_revision": state.revision(),
        "dry_run": is_dry,
        "calls": calls.iter().map(bare).collect::<Vec<_>>(),
    });
    let answer: Answer = instance.post("change-sets", &body).ok_or_else(|| {
        Failure::Said("a data directory cannot be written to beside its server; name the server with --endpoint".into())
    })??;
    if !is_dry {
        let made = made(&calls, &answer.results);
        if !is_applied(plan, &instance.state(None)?, &made) {
            return Err(Failure::Said(format!(
                "revision {} was made, and yet the instance is not as planned; was it changed since? `lanyard history` \
                 says by whom",
                answer.revision
            )));
        }
    }
    Ok(Done { calls, earlier: 0, revision: Some(answer.revision) })
}

/// A call as a change-set has it.
fn bare(call: &Call) -> Value {
    json!({ "method": call.method, "path": call.path, "query": call.query, "body": call.body, "makes": call.makes })
}

/// The identifiers under which was made what is provisional in the plan.
fn made(calls: &[Call], results: &[Value]) -> Vec<(Id, Id)> {
    let pairs = calls.iter().zip(results).filter_map(|(call, result)| {
        let member = call.makes.values().next()?;
        Some((call.resource.id.clone(), Id::new(result.get(member)?.as_str()?)))
    });
    pairs.collect()
}

/// Refuses an instance that is no longer as it was when the plan was made.
fn check_unmoved(plan: &Plan, state: &Directory) -> Result<(), Failure> {
    if let Some(revision) = plan.target.revision {
        if revision == state.revision() {
            return Ok(());
        }
        return Err(Failure::Said(format!(
            "the instance has changed since the plan was made: it is at revision {}, the plan is for {revision}; make the \
             plan anew, and review it again",
            state.revision()
        )));
    }
    let moved = plan.changes.iter().find(|change| {
        let key = change.key();
        settable(state.get(key.kind, &key.id).as_ref(), &[]) != settable(change.before(), &[])
    });
    match moved {
        None => Ok(()),
        Some(change) => Err(super::one_by_one::moved(&change.key())),
    }
}

/// Whether everything is as the plan says.
fn is_applied(plan: &Plan, state: &Directory, made: &[(Id, Id)]) -> bool {
    plan.changes.iter().all(|change| {
        let present = state.get(change.key().kind, &known_as(change, made));
        settable(present.as_ref(), &[]) == settable(change.after(), made)
    })
}
