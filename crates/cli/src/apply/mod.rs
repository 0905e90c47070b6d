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

use lanyard_model::Scope;
use lanyard_prove::Plan;
use lanyard_prove::calls::Call;

use crate::commands::Failure;

pub(crate) use at_once::at_once;
pub(crate) use journal::Journal;
pub(crate) use one_by_one::one_by_one;

/// What was done.
pub(crate) struct Done {
    /// The calls that were made now.
    pub(crate) calls: Vec<Call>,
    /// How many had been made before an interruption.
    pub(crate) earlier: usize,
    /// The revisions that were made, first and last, at a Lanyard server.
    pub(crate) revisions: Option<(u64, u64)>,
}

/// The account and region that the ARN of the plan's instance names.
pub(crate) fn scope(plan: &Plan) -> Result<Scope, Failure> {
    let arn = plan.target.instance_arn.as_deref().unwrap_or_default();
    let mut parts = arn.split(':').skip(3);
    match (parts.next(), parts.next()) {
        (Some(region), Some(account)) => Ok(Scope { account: account.to_owned(), region: region.to_owned() }),
        _ => Err(Failure::Message(
            "the plan does not say the ARN of its instance, so that tags could not be changed; make it anew".to_owned(),
        )),
    }
}

/// What no call can do, in one message.
fn inexpressible(all: &[lanyard_prove::calls::Inexpressible]) -> Failure {
    let lines: String = all.iter().map(|it| format!("\n  {it}")).collect();
    Failure::Message(format!("the API cannot do all that the plan says, so that nothing was changed:{lines}"))
}
