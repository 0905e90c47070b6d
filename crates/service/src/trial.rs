//! A trial of calls on a state in memory, for plans.
//!
//! Each call is parsed, checked against the constraints of the API model, and run by its operation, exactly as a server
//! does it. Nothing is stored. In contrast to a change-set, a refused call does not end the trial, so that all refusals
//! are known at once; calls that need what a refused call would have made are not tried.

use std::collections::BTreeMap;
use std::sync::Arc;

use lanyard_authn::{Credential, Mode};
use lanyard_model::{Directory, Draft, Id, Kind, Scope, Timestamp};
use lanyard_wire::{Operation, Route};
use serde_json::Value;

use crate::change_sets::{CallText, run_call};
use crate::config::Config;
use crate::context::{Call, Caller, Write};
use crate::placeholders::Placeholders;
use crate::quotas::Quotas;

/// The first identifier of what a trial makes; the others follow.
const FIRST: u128 = 0x6c61_6e79_6172_4474_a000_0000_0000_0000;

/// A password that every instance accepts, in place of the ones that a plan does not hold.
const PASSWORD: &str = "Trial-password-1";

/// A call that the service refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The place of the call in the list.
    pub call: usize,
    /// The message of the service, without the number of the call.
    pub message: String,
    /// Whether something that the call names does not exist.
    pub is_not_found: bool,
}

/// Runs the calls of an instance one after another on its state, and gives those that are refused, in their order.
///
/// A user that needs a password is tried with one that is valid. Quotas do not apply, since an account or a server can have
/// raised them ([`over_quota`]). Calls that read the registry of the account are not tried.
#[must_use]
pub fn trial(state: &Directory, scope: &Scope, instance: &Id, calls: &[CallText]) -> Vec<Refused> {
    let config = &Config { quotas: Quotas::lifted(), ..Config::default() };
    let credential = Credential {
        access_key_id: String::new(),
        secret: lanyard_wire::sigv4::Secret::new(String::new()),
        account: scope.account.clone(),
        owner: "plan".to_owned(),
        mode: Mode::ReadWrite,
    };
    let caller = Call {
        caller: Caller::Key(Arc::new(credential)),
        scope: scope.clone(),
        request_id: String::new(),
        operation: "ApplyChangeSet",
    };
    let next = std::cell::Cell::new(FIRST);
    let new_id = || Id::from_uuid(next.replace(next.get().saturating_add(1)));
    let (mut draft, mut secrets) = (Draft::new(state.clone()), Vec::new());
    let mut cx = Write::new(&mut draft, &mut secrets, Timestamp::default(), &caller, config, &new_id, None);
    let is_own = state.instances.values().any(|it| it.identity_management_type == "CONNECT_MANAGED");
    let mut made = Placeholders::default();
    let (mut refused, mut missing) = (Vec::new(), Vec::<String>::new());
    for (at, call) in calls.iter().enumerate() {
        if missing.iter().any(|placeholder| needs(call, placeholder)) {
            missing.extend(call.makes.keys().cloned());
            continue;
        }
        let call = if is_own { with_password(call) } else { call.clone() };
        let Err(error) = run_call(&mut cx, instance, (at, &call), None, false, &mut made) else { continue };
        let name = lanyard_wire::route(&call.method, &call.path).ok().and_then(|route| match route {
            Route::Served(operation, _) => Some(operation),
            _ => None,
        });
        if name == Some(Operation::CreateIntegrationAssociation) {
            continue;
        }
        missing.extend(call.makes.keys().cloned());
        let prefix = name.map(|operation| format!("call {at} ({}): ", operation.name())).unwrap_or_default();
        refused.push(Refused {
            call: at,
            message: error.message().strip_prefix(&prefix).unwrap_or(error.message()).to_owned(),
            is_not_found: error.is_not_found(),
        });
    }
    refused
}

/// Whether a call has the placeholder in a text.
fn needs(call: &CallText, placeholder: &str) -> bool {
    call.path.contains(placeholder)
        || call.query.as_ref().is_some_and(|query| query.contains(placeholder))
        || call.body.as_ref().is_some_and(|body| body.to_string().contains(placeholder))
}

/// The call with a valid password, where it makes a user and has none.
fn with_password(call: &CallText) -> CallText {
    let mut call = call.clone();
    let is_user = matches!(lanyard_wire::route(&call.method, &call.path), Ok(Route::Served(Operation::CreateUser, _)));
    if is_user && let Some(Value::Object(members)) = &mut call.body {
        members.entry("Password").or_insert_with(|| PASSWORD.into());
    }
    call
}

/// The default quotas that a state exceeds: for each kind, the count of the state and the quota.
#[must_use]
pub fn over_quota(state: &Directory) -> BTreeMap<Kind, (usize, usize)> {
    let over = |(kind, quota): (Kind, usize)| {
        let count = state.count(kind);
        (count > quota).then_some((kind, (count, quota)))
    };
    Quotas::default().of_instance().filter_map(over).collect()
}

#[cfg(test)]
mod tests {
    use lanyard_model::StreamId;
    use lanyard_model::resources::SecurityProfile;
    use serde_json::json;

    use super::*;

    fn scope() -> Scope {
        Scope { account: "123456789012".into(), region: "eu-west-2".into() }
    }

    fn state(profiles: u128) -> Directory {
        let profile = |number| {
            SecurityProfile::named(
                Id::from_uuid(number),
                &format!("profile {number}"),
                Timestamp::default(),
                "eu-west-2",
            )
        };
        let resources = (100..100 + profiles).map(|number| profile(number).into());
        Directory::load(StreamId::Instance(Id::from_uuid(1)), 1, Timestamp::default(), resources)
    }

    fn call(value: Value) -> CallText {
        serde_json::from_value(value).unwrap()
    }

    fn create(name: &str, members: &Value) -> CallText {
        let mut body = json!({ "SecurityProfileName": name });
        for (member, value) in members.as_object().unwrap() {
            body[member] = value.clone();
        }
        let path = format!("/security-profiles/{}", Id::from_uuid(1));
        call(
            json!({ "method": "PUT", "path": path, "body": body, "makes": { format!("made-{name}"): "SecurityProfileId" } }),
        )
    }

    #[test]
    fn every_refusal_is_known_at_once() {
        let tags: BTreeMap<String, String> = (0..5).map(|at| (format!("k{at}"), String::new())).collect();
        let id = Id::from_uuid(1);
        let calls = [
            create("fine", &json!({ "Permissions": ["Users.View"] })),
            create("tags", &json!({ "AllowedAccessControlTags": tags })),
            create("profile 100", &json!({})),
            call(json!({ "method": "DELETE", "path": format!("/security-profiles/{id}/made-fine") })),
            call(json!({ "method": "DELETE", "path": format!("/security-profiles/{id}/made-tags") })),
            create("many", &json!({ "Permissions": vec!["Users.View"; 501] })),
        ];
        let refused = trial(&state(3), &scope(), &id, &calls);
        let expected =
            [(1, "`AllowedAccessControlTags` has 5 entries, at most 4"), (2, "profile 100"), (5, "at most 500")];
        assert_eq!(refused.iter().map(|it| it.call).collect::<Vec<_>>(), expected.map(|(at, _)| at), "{refused:?}");
        for (it, (_, text)) in refused.iter().zip(expected) {
            assert!(it.message.contains(text) && !it.message.contains("call "), "{it:?}");
        }
    }

    #[test]
    fn a_quota_is_no_refusal_and_is_known() {
        let calls = [create("more", &json!({}))];
        assert_eq!(trial(&state(100), &scope(), &Id::from_uuid(1), &calls), []);
        assert!(over_quota(&state(100)).is_empty());
        assert_eq!(over_quota(&state(101)).get(&Kind::SecurityProfile), Some(&(101, 100)));
    }
}
