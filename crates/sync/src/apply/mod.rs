//! Applying a plan to an instance.
//!
//! Invariants:
//!
//! - A resource that changed since the plan was made is not changed.
//! - The result lists every call that was made.
//! - After an interruption, applying the same plan again makes the remaining changes.

mod at_once;
mod journal;
mod made;
mod one_by_one;
mod present;
mod reconcile;

use lanyard_analysis::Plan;
use lanyard_analysis::calls::Call;
use lanyard_model::{Directory, Id, Scope};

use serde::Deserialize;
use serde_json::Value;

use crate::Error;

pub use at_once::at_once;
pub use journal::Journal;
pub use one_by_one::one_by_one;

/// The result of an apply.
pub struct Done {
    /// The calls that were made now.
    pub calls: Vec<Call>,
    /// The number of calls that were made before an interruption.
    pub earlier: usize,
    /// The revisions that were made, first and last, at a Lanyard server.
    pub revisions: Option<(u64, u64)>,
}

/// An instance at a Lanyard server.
pub trait Target {
    /// The identifier.
    fn id(&self) -> &Id;

    /// The state now.
    ///
    /// # Errors
    /// The server cannot be reached, or refuses the call.
    fn state(&self) -> Result<Directory, Error>;

    /// Sends a change-set (`docs/admin-api.md`).
    ///
    /// # Errors
    /// The server cannot be reached, or refuses the call.
    fn apply_change_set(&self, body: &Value) -> Result<ChangeSetAnswer, Error>;
}

/// The answer to a change-set.
#[derive(Debug, Deserialize)]
pub struct ChangeSetAnswer {
    /// The revision that it made; for a dry run, the revision that it was checked against.
    pub revision: u64,
    /// The answer of each call.
    pub results: Vec<Value>,
}

/// The account and region that the ARN of the plan's instance names.
fn scope(plan: &Plan) -> Result<Scope, Error> {
    let arn = plan.target.instance_arn.as_deref().unwrap_or_default();
    let mut parts = arn.split(':').skip(3);
    match (parts.next(), parts.next()) {
        (Some(region), Some(account)) => Ok(Scope { account: account.to_owned(), region: region.to_owned() }),
        _ => Err(Error::Message(
            "the plan does not have the ARN of its instance, which changes of tags need; run `lanyard plan` again"
                .to_owned(),
        )),
    }
}

/// The faults of the passwords of new users, in one message.
fn refused_passwords(faults: &[String]) -> Error {
    Error::Message("nothing was changed:".to_owned()).with_lines(faults.iter().map(|it| format!("  {it}")))
}

/// The changes that no call can make, in one message.
fn inexpressible(all: &[lanyard_analysis::calls::Inexpressible]) -> Error {
    let lines = all.iter().map(|it| format!("  {it}"));
    Error::Message("the API cannot make every change of the plan, so nothing was changed:".to_owned()).with_lines(lines)
}
