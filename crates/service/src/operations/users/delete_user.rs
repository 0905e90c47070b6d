//! DeleteUser.

use lanyard_model::resources::User;
use lanyard_model::{Id, Kind};
use lanyard_wire::shapes::DeleteUserRequest;

use crate::context::Write;
use crate::error::Result;
use crate::operations::references::find;
use crate::secrets::password_secret;

/// Deletes a user, and the password. Quick connects that lead to the user stay.
pub(crate) fn run(cx: &mut Write<'_>, input: &DeleteUserRequest) -> Result<()> {
    let id: Id = find::<User>(cx, &input.user_id)?.id.clone();
    cx.delete(Kind::User, &id)?;
    cx.set_secret(password_secret(&id), None);
    Ok(())
}
