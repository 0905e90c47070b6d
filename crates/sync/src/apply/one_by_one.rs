//! Applying a plan at Amazon: call by call. Each resource is checked before its first call and read back after its last.

use lanyard_analysis::calls::{Call, Passwords, calls, give_passwords, users_without_password};
use lanyard_analysis::{Plan, is_provisional};
use lanyard_client::{Client, Error};
use lanyard_model::{Change, Id, Key, Kind, Resource, Scope, into_shown, shown};
use lanyard_wire::shapes::{ListSecurityProfilesRequest, ListUserHierarchyGroupsRequest, ListUsersRequest};
use lanyard_wire::{Operation, RequestParts, ServiceOperation};
use serde_json::Value;

use super::made::Made;
use super::present::{read, settable};
use super::{Done, Journal, inexpressible, refused_passwords, scope};
use crate::Error as Failure;

/// Applies a plan call by call. `report` receives each call that was made. New users of an instance that manages its users
/// itself get their passwords from `passwords`.
pub async fn one_by_one(
    plan: &Plan,
    client: &Client,
    passwords: &Passwords,
    journal: &mut Journal,
    report: &mut dyn FnMut(&Call) -> std::io::Result<()>,
) -> Result<Done, Failure> {
    let (scope, instance) = (scope(plan)?, plan.target.instance_id.clone());
    let mut calls = calls(&scope, &instance, &plan.changes).map_err(|all| inexpressible(&all))?;
    let earlier = journal.count();
    let management = plan.target.identity_management_type.as_deref();
    let new_users: Vec<&str> = users_without_password(management, &plan.changes).collect();
    // Users that were made before an interruption need no password again.
    let is_made = |user: &&str| {
        let at = calls.iter().position(|call| call.resource.id == lanyard_analysis::provisional(Kind::User, user));
        at.is_some_and(|at| journal.is_done(at))
    };
    let users: Vec<&str> = new_users.iter().copied().filter(|user| !is_made(user)).collect();
    give_passwords(&mut calls, &users, &new_users, passwords).map_err(|faults| refused_passwords(&faults))?;
    let mut applying = Applying { plan, client, scope, instance, calls: &calls, journal };
    let mut made = Vec::new();
    if applying.journal.is_new() && applying.is_applied().await? {
        return Ok(Done { calls: made, earlier, revisions: None });
    }
    for at in 0..calls.len() {
        let Some(call) = calls.get(at).filter(|_| !applying.journal.is_done(at)) else { continue };
        if let Err(failure) = applying.make(at, call).await {
            let done = applying.journal.count();
            let of = calls.len();
            return Err(failure.with_lines([format!(
                "{done} of {of} calls were made; apply the same plan again to go on from there"
            )]));
        }
        report(call)?;
        made.push(call.clone());
    }
    Ok(Done { calls: made, earlier, revisions: None })
}

/// The error of a resource that changed since the plan was made.
pub(super) fn moved(key: &Key) -> Failure {
    let what = format!("{} `{}`", key.kind.noun(), shown(&key.id.to_string()));
    Failure::Message(format!(
        "the {what} has changed since the plan was made, and was left as it is; run `lanyard plan` again, and review the new plan"
    ))
}

struct Applying<'a> {
    plan: &'a Plan,
    client: &'a Client,
    scope: Scope,
    instance: Id,
    calls: &'a [Call],
    journal: &'a mut Journal,
}

impl<'a> Applying<'a> {
    /// Whether the instance already is as planned. Resources that the plan makes are made by name.
    async fn is_applied(&self) -> Result<bool, Failure> {
        let mut made = Made::default();
        for change in &self.plan.changes {
            if is_provisional(&change.key().id) {
                match self.find(Some(change), &made).await? {
                    Some(id) => made.extend([(change.key().id, id)]),
                    None => return Ok(false),
                }
            }
            if !self.check(change, change.after(), &made).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Makes one call. The resource is checked before its first call, and read back after its last.
    async fn make(&mut self, at: usize, call: &Call) -> Result<(), Failure> {
        let change = self.change(&call.resource);
        let of_same = |other: &&Call| other.resource == call.resource;
        let is_first = !self.calls.iter().take(at).any(|other| of_same(&other)) && !self.journal.was_sent(at);
        if let Some(change) = change.filter(|change| is_first && !is_provisional(&change.key().id)) {
            self.check(change, change.before(), &Made::default())
                .await?
                .then_some(())
                .ok_or_else(|| moved(&call.resource))?;
        }
        let made = match (self.journal.was_sent(at), call.makes.values().next()) {
            // The call was sent and its answer is unknown, so the resource that it makes may exist.
            (true, Some(member)) => match self.find(change, self.journal.made()).await? {
                Some(id) => Some((call.resource.id.clone(), id)),
                None => self.send(at, call, Some(member)).await?,
            },
            (_, member) => self.send(at, call, member).await?,
        };
        self.journal.done(at, made)?;
        let is_last = !self.calls.iter().skip(at + 1).any(|other| of_same(&other));
        match change.filter(|_| is_last) {
            Some(change) if !self.check(change, change.after(), self.journal.made()).await? => {
                Err(Failure::Message(format!(
                    "the {} `{}` is not as planned after {} was answered",
                    call.resource.kind.noun(),
                    shown(&call.resource.id.to_string()),
                    shown(&call.operation)
                )))
            }
            _ => Ok(()),
        }
    }

    fn change(&self, key: &Key) -> Option<&'a Change> {
        self.plan.changes.iter().find(|change| change.key() == *key)
    }

    /// Whether a resource equals one side of its change.
    async fn check(&self, change: &Change, side: Option<&Resource>, made: &Made) -> Result<bool, Failure> {
        let key = Key { kind: change.key().kind, id: made.known_as(change.key().id) };
        let present = read(self.client, &self.scope, &self.instance, &key).await.map_err(failed)?;
        Ok(present == settable(side, made))
    }

    /// Sends a call, and returns the identifier of the resource that it made.
    async fn send(&mut self, at: usize, call: &Call, member: Option<&String>) -> Result<Option<(Id, Id)>, Failure> {
        let operation = Operation::from_name(&call.operation)
            .ok_or_else(|| Failure::Message(format!("there is no operation {}", shown(&call.operation))))?;
        let placeholders = self.placeholders();
        let replaced =
            |text: &str| placeholders.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
        let parts = RequestParts {
            method: operation.method(),
            path: replaced(&call.path),
            query: call.query.as_deref().map(replaced),
            body: call.body.as_ref().map(|body| replaced(&body.to_string()).into_bytes()),
        };
        self.journal.sending(at)?;
        let body = match self.client.call_written(operation, &parts).await {
            Ok(body) => body,
            // A resource that does not exist counts as deleted.
            Err(error) if error.is_not_found() && call.operation.starts_with("Delete") => return Ok(None),
            // A profile that an AI agent does not have counts as taken away; the AI agent is read back.
            Err(error) if error.is_invalid_request() && call.operation == "DisassociateSecurityProfiles" => {
                return Ok(None);
            }
            Err(error) => return Err(failed(error)),
        };
        let Some(member) = member else { return Ok(None) };
        let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
        match answer.get(member).and_then(Value::as_str) {
            Some(id) => Ok(Some((call.resource.id.clone(), Id::new(id)))),
            None => {
                Err(Failure::Message(format!("{} did not answer with `{}`", shown(&call.operation), shown(member))))
            }
        }
    }

    /// The provisional identifiers in calls, and those that took their place.
    fn placeholders(&self) -> Vec<(String, String)> {
        let made = self.journal.made();
        let pairs = self.calls.iter().filter_map(|call| {
            let id = made.get(&call.resource.id)?;
            call.makes.keys().next().map(|placeholder| (placeholder.clone(), id.to_string()))
        });
        pairs.collect()
    }

    /// Searches by name for the resource that a call may have made.
    async fn find(&self, change: Option<&Change>, made: &Made) -> Result<Option<Id>, Failure> {
        let instance_id = self.instance.to_string();
        let id = match change.and_then(Change::after) {
            Some(Resource::SecurityProfile(it)) => {
                let input = ListSecurityProfilesRequest { instance_id, ..Default::default() };
                let listed = self.client.pages(input).collect().await.map_err(failed)?;
                listed.into_iter().find(|listed| listed.name.as_ref() == Some(&it.name)).and_then(|listed| listed.id)
            }
            Some(Resource::User(it)) => {
                let input = ListUsersRequest { instance_id, ..Default::default() };
                let listed = self.client.pages(input).collect().await.map_err(failed)?;
                listed
                    .into_iter()
                    .find(|listed| listed.username.as_ref() == Some(&it.username))
                    .and_then(|listed| listed.id)
            }
            Some(Resource::HierarchyGroup(it)) => {
                let input = ListUserHierarchyGroupsRequest { instance_id, ..Default::default() };
                let listed = self.client.pages(input).collect().await.map_err(failed)?;
                let mut planned = None;
                for id in
                    listed.into_iter().filter(|group| group.name.as_ref() == Some(&it.name)).filter_map(|it| it.id)
                {
                    let key = Key { kind: Kind::HierarchyGroup, id: Id::new(&id) };
                    let present = read(self.client, &self.scope, &self.instance, &key).await.map_err(failed)?;
                    if present == settable(change.and_then(Change::after), made) {
                        planned = Some(id);
                    }
                }
                planned
            }
            _ => None,
        };
        Ok(id.map(|id| Id::new(&id)))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn failed(error: Error) -> Failure {
    Failure::Message(into_shown(error.to_string()))
}
