//! How new the state behind an answer has to be.

use std::time::Duration;

use super::field::{Fault, Field, Wrong};
use super::question::or;
use super::request::{Context, Parts, Request};
use crate::settings::Freshness;

/// The demand of a request: the strictest of its questions. A member that cannot be read demands the newest state; the
/// question that has it is refused later.
pub(super) fn demanded(request: &Request<'_>, usual: Freshness) -> Freshness {
    let of = |parts: &Parts<'_>| {
        let context = or(&parts.context, &request.parts.context).optional("context");
        context.and_then(|context| parse(context.map(|context| &**context))).unwrap_or(Some(Freshness::Newest))
    };
    let questions = match &request.evaluations {
        Field::Given(batch) if !batch.items.is_empty() => batch.items.as_slice(),
        _ => return of(&request.parts).unwrap_or(usual),
    };
    let demands = questions.iter().map(|question| match question {
        Field::Given(parts) => of(parts).unwrap_or(usual),
        _ => usual,
    });
    demands.reduce(Freshness::stricter).unwrap_or(usual)
}

/// The demand of a context; `None` where it has none.
pub(super) fn parse(context: Option<&Context<'_>>) -> Result<Option<Freshness>, Fault> {
    let Some(context) = context else { return Ok(None) };
    let most = context.max_staleness_ms.optional("context.max_staleness_ms")?.map(|most| Duration::from_millis(*most));
    match (context.freshness.optional_text("context.freshness")?, most) {
        (None, None) => Ok(None),
        (None | Some("local"), Some(most)) => Ok(Some(Freshness::Local(most))),
        (Some("local"), None) => Ok(Some(Freshness::local())),
        (Some("newest"), None) => Ok(Some(Freshness::Newest)),
        (Some("newest"), Some(_)) => {
            let wrong = Wrong::Value("left out with `context.freshness` of `newest`");
            Err(Fault { member: "context.max_staleness_ms", wrong })
        }
        (Some(_), _) => Err(Fault { member: "context.freshness", wrong: Wrong::Value("`newest` or `local`") }),
    }
}
