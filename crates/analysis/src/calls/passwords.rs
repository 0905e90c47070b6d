//! The passwords of new users, which no plan, file or log has.
//!
//! An instance that manages its users itself needs one for each user that is created. It is added to the call when the plan
//! is applied.

use std::collections::BTreeMap;
use std::fmt;

use lanyard_model::{Change, Resource};
use lanyard_wire::{Operation, Route};
use serde_json::Value;

use super::Call;

/// Passwords by username. `Debug` does not show them.
#[derive(Clone, Default)]
pub struct Passwords(BTreeMap<String, String>);

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Passwords of {} users", self.0.len())
    }
}

impl FromIterator<(String, String)> for Passwords {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl Passwords {
    /// The users that have a password here.
    pub fn users(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// The users that the changes make and that need a password, in an instance with this identity management type.
pub fn users_without_password<'a>(
    identity_management_type: Option<&str>,
    changes: impl IntoIterator<Item = &'a Change>,
) -> impl Iterator<Item = &'a str> {
    let is_own = identity_management_type == Some("CONNECT_MANAGED");
    let changes = changes.into_iter();
    changes.filter(move |_| is_own).filter_map(|change| match (change.before(), change.after()) {
        (None, Some(Resource::User(user))) => Some(user.username.as_str()),
        _ => None,
    })
}

/// Puts the passwords into the calls that create users.
///
/// # Errors
/// One sentence for each of the `users` without a password, for each password of a user that the plan does not make
/// (`of_plan` are those that it makes), and for each password that the constraints of the API do not allow. No sentence has
/// a password.
pub fn give_passwords(
    calls: &mut [Call],
    users: &[&str],
    of_plan: &[&str],
    passwords: &Passwords,
) -> Result<(), Vec<String>> {
    let mut faults = Vec::new();
    for user in users.iter().filter(|user| !passwords.0.contains_key(**user)) {
        faults.push(format!("the new user `{user}` has no password; name a file with it as --passwords-from"));
    }
    for user in passwords.users().filter(|user| !of_plan.contains(user)) {
        faults.push(format!("there is a password of `{user}`, who is no new user of the plan that needs one"));
    }
    for call in calls.iter_mut().filter(|call| call.operation == Operation::CreateUser.name()) {
        let Some(Value::Object(body)) = &mut call.body else { continue };
        let Some(user) = body.get("Username").and_then(Value::as_str).map(str::to_owned) else { continue };
        let Some(password) = passwords.0.get(&user).filter(|_| users.contains(&user.as_str())) else { continue };
        body.insert("Password".to_owned(), password.as_str().into());
        if let Some(fault) = constraint(call) {
            faults.push(format!("the password of `{user}`: {fault}"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// The constraint of the password that a call breaks. Messages about a password do not quote it.
fn constraint(call: &Call) -> Option<String> {
    use lanyard_wire::Input;
    let body = call.body.as_ref()?.to_string();
    let Ok(Route::Served(_, params)) = lanyard_wire::route(&call.method, &call.path) else { return None };
    let read = lanyard_wire::shapes::CreateUserRequest::from_request(&params, None, body.as_bytes());
    let message = read.err()?.to_string();
    let of_password = message.split("; ").find(|part| part.contains("`Password`"));
    of_password.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use lanyard_model::{Id, Key, Kind};
    use serde_json::json;

    use super::*;

    fn call(username: &str) -> Call {
        Call {
            operation: "CreateUser".into(),
            resource: Key { kind: Kind::User, id: Id::new("new:User:x") },
            method: "PUT".into(),
            path: format!("/users/{}", Id::from_uuid(1)),
            query: None,
            body: Some(json!({
                "Username": username,
                "SecurityProfileIds": [Id::from_uuid(2)],
                "RoutingProfileId": Id::from_uuid(3),
            })),
            makes: BTreeMap::new(),
        }
    }

    fn passwords(pairs: &[(&str, &str)]) -> Passwords {
        pairs.iter().map(|(name, password)| ((*name).to_owned(), (*password).to_owned())).collect()
    }

    #[test]
    fn each_new_user_gets_the_own_password() {
        let mut calls = [call("ana"), call("ben")];
        let given = passwords(&[("ana", "Correct-Horse-1"), ("ben", "Correct-Horse-2")]);
        assert_eq!(give_passwords(&mut calls, &["ana", "ben"], &["ana", "ben"], &given), Ok(()));
        assert_eq!(calls[1].body.as_ref().unwrap()["Password"], "Correct-Horse-2");
        assert!(!format!("{given:?}").contains("Horse"));
    }

    #[test]
    fn missing_superfluous_and_weak_passwords_are_refused_without_being_shown() {
        let mut calls = [call("ana"), call("ben")];
        let users = ["ana", "ben"];
        let faults =
            give_passwords(&mut calls, &users, &users, &passwords(&[("ana", "short"), ("eve", "Correct-Horse-1")]));
        let faults = faults.unwrap_err();
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert!(faults[0].contains("`ben`") && faults[1].contains("`eve`") && faults[2].contains("`ana`"));
        assert!(faults.iter().all(|fault| !fault.contains("short") && !fault.contains("Horse")), "{faults:?}");
    }
}
