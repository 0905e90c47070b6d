//! GetApplication.

use lanyard_wire::appintegrations::shapes::{GetApplicationRequest, GetApplicationResponse};

use super::{find, view};
use crate::context::Read;
use crate::error::Result;

/// An application with all that was said of it.
pub(crate) fn run(cx: &Read<'_>, input: &GetApplicationRequest) -> Result<GetApplicationResponse> {
    Ok(view::whole(&cx.call.scope, &*find(cx, &cx.call.scope, &input.arn)?))
}
