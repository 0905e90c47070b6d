//! A call as a part of a change-set, whose instance its input must name.

use lanyard_model::Id;
use lanyard_wire::{HasInstanceId, Input, Output};

use crate::context::{Call, Write};
use crate::error::{Error, Excerpt, Result};
use crate::service::{Unparsed, instance_id};

/// Runs a call whose input names the instance, as one of several.
pub(super) fn part<I: Input + HasInstanceId, O: Output>(
    cx: &mut Write<'_>,
    instance: &Id,
    request: &Unparsed<'_>,
    operation: fn(&mut Write<'_>, &I) -> Result<O>,
) -> Result<Vec<u8>> {
    let input = request.parse::<I>()?;
    check_instance(cx.call, instance, input.instance_id())?;
    Ok(operation(cx, &input)?.to_body())
}

/// Refuses a call that names another instance than the change-set's.
///
/// # Errors
/// An invalid parameter.
pub(super) fn check_instance(call: &Call, instance: &Id, named: &str) -> Result<()> {
    if instance_id(&call.scope, named)? == *instance {
        return Ok(());
    }
    Err(Error::invalid_parameter(format!("it names the instance `{}`, not the one of the change-set", Excerpt(named))))
}
