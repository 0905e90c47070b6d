//! Making an instance what a plan says.
//!
//! What always holds: what is not as it was when the plan was made is not changed; what was done is said; and what an
//! interruption left undone can be done by applying the same plan again.

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

/// What was done.
pub struct Done {
    /// The calls that were made now.
    pub calls: Vec<Call>,
    /// How many had been made before an interruption.
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
    /// When the server cannot be reached, or refuses.
    fn state(&self) -> Result<Directory, Error>;

    /// Sends a change-set (`docs/admin-api.md`).
    ///
    /// # Errors
    /// When the server cannot be reached, or refuses.
    fn apply_change_set(&self, body: &Value) -> Result<ChangeSetAnswer, Error>;
}

/// The answer to a change-set.
#[derive(Debug, Deserialize)]
pub struct ChangeSetAnswer {
    /// The revision that it made; with a dry run, the one that it was tried on.
    pub revision: u64,
    /// What each call answered.
    pub results: Vec<Value>,
}

/// The account and region that the ARN of the plan's instance names.
fn scope(plan: &Plan) -> Result<Scope, Error> {
    let arn = plan.target.instance_arn.as_deref().unwrap_or_default();
    let mut parts = arn.split(':').skip(3);
    match (parts.next(), parts.next()) {
        (Some(region), Some(account)) => Ok(Scope { account: account.to_owned(), region: region.to_owned() }),
        _ => Err(Error::Message(
            "the plan does not say the ARN of its instance, so that tags could not be changed; make it anew".to_owned(),
        )),
    }
}

/// What no call can do, in one message.
fn inexpressible(all: &[lanyard_analysis::calls::Inexpressible]) -> Error {
    let lines: String = all.iter().map(|it| format!("\n  {it}")).collect();
    Error::Message(format!("the API cannot do all that the plan says, so that nothing was changed:{lines}"))
}
