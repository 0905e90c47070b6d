//! The context of an operation: the caller, the state, and for a write, the draft to change it in.

use std::ops::Deref;
use std::sync::Arc;

use lanyard_model::catalogue::Catalogue;
use lanyard_model::{Directory, Draft, Id, Invalid, Key, Kind, Resource, Scope, Timestamp};
use lanyard_store::{Secret, SecretChange};
use lanyard_wire::page_token::SealingKey;

use crate::config::Config;
use crate::error::{Error, Result};
use lanyard_authn::Credential;
use lanyard_policy::{UserRequest, VisibilityFilter};

/// The caller.
#[derive(Clone)]
pub enum Caller {
    /// A caller who signed with this key, which governs what they may do.
    Key(Arc<Credential>),
    /// A user who signed in, governed by their security profiles.
    User(Arc<UserRequest>),
}

/// One authenticated call.
#[derive(Clone)]
pub struct Call {
    /// The caller.
    pub caller: Caller,
    /// The account of the key and the region of the signature; for a user, those of the instance.
    pub scope: Scope,
    /// The identifier that the answer carries.
    pub request_id: String,
    /// The API operation.
    pub operation: &'static str,
}

impl Call {
    /// The request of a user who signed in; `None` for a signed call.
    pub fn user_request(&self) -> Option<&UserRequest> {
        match &self.caller {
            Caller::Key(_) => None,
            Caller::User(user_request) => Some(user_request),
        }
    }

    /// The actor in the log.
    pub fn actor(&self) -> String {
        match &self.caller {
            Caller::Key(credential) => credential.owner.clone(),
            Caller::User(user_request) => user_request.actor().to_owned(),
        }
    }
}

/// The context of a reading operation: one consistent state.
pub struct Read<'a> {
    /// The state.
    pub directory: &'a Directory,
    /// The call.
    pub call: &'a Call,
    /// The key that seals page tokens; `None` where nothing was ever written.
    pub page_key: Option<&'a SealingKey>,
    /// The filter of what a user may view; `None` for a signed call, which may view everything.
    pub visibility: Option<VisibilityFilter<'a>>,
}

/// The context of a writing operation.
pub struct Write<'a> {
    draft: &'a mut Draft,
    secrets: &'a mut Vec<SecretChange>,
    /// The time of the entry that the write makes.
    pub now: Timestamp,
    /// The call.
    pub call: &'a Call,
    /// The settings.
    pub config: &'a Config,
    new_id: &'a dyn Fn() -> Id,
    warnings: Vec<String>,
    visibility: Option<VisibilityFilter<'a>>,
    /// The state of the instance's registry, for a write to an instance.
    pub registry: Option<Arc<Directory>>,
    /// Whether the write may only take effect while the registry is in this state.
    pub rests_on_registry: bool,
}

impl Deref for Read<'_> {
    type Target = Directory;
    fn deref(&self) -> &Directory {
        self.directory
    }
}

impl Deref for Write<'_> {
    type Target = Directory;
    fn deref(&self) -> &Directory {
        self.draft.directory()
    }
}

impl<'a> Write<'a> {
    /// A context on a draft. `new_id` gives identifiers that nothing else has.
    pub fn new(
        draft: &'a mut Draft,
        secrets: &'a mut Vec<SecretChange>,
        now: Timestamp,
        call: &'a Call,
        config: &'a Config,
        new_id: &'a dyn Fn() -> Id,
        visibility: Option<VisibilityFilter<'a>>,
    ) -> Self {
        Self {
            draft,
            secrets,
            now,
            call,
            config,
            new_id,
            warnings: Vec::new(),
            visibility,
            registry: None,
            rests_on_registry: false,
        }
    }

    /// Makes or replaces a resource.
    pub fn put(&mut self, resource: impl Into<Resource>) -> Result<()> {
        Ok(self.draft.put(resource)?)
    }

    /// Deletes a resource.
    pub fn delete(&mut self, kind: Kind, id: &Id) -> Result<()> {
        self.draft.delete(kind, id).map_err(|invalid| match &invalid {
            Invalid::InUse { by, .. } if !self.can_view(by.kind, &by.id) => Error::in_use_by_another(kind, id),
            _ => invalid.into(),
        })
    }

    /// Stores a secret of the instance, or removes it: in the same transaction as the changes, and in none of them.
    pub fn set_secret(&mut self, name: String, value: Option<Secret>) {
        self.secrets.push(SecretChange { name, value });
    }

    /// The draft itself, for what works on the drafts of instances and registries alike.
    pub fn draft(&mut self) -> &mut Draft {
        self.draft
    }

    /// A fresh identifier.
    pub fn new_id(&self) -> Id {
        (self.new_id)()
    }

    /// Adds a warning for the caller of a request that succeeds. It is in a header and in the log.
    pub fn warn(&mut self, warning: String) {
        self.warnings.push(warning);
    }

    /// The warnings so far.
    pub fn into_warnings(self) -> Vec<String> {
        self.warnings
    }

    /// The permissions that are known.
    pub fn catalogue(&self) -> &Catalogue {
        self.config.catalogue()
    }

    /// Fails when there are as many resources of the kind as there may be. The message for a user has no number, since some of the
    /// resources may be hidden.
    pub(crate) fn check_quota(&self, kind: Kind) -> Result<()> {
        self.config.quotas.check(self, kind, self.visibility().is_none())
    }

    /// Fails when a data table would hold more of its parts than it may.
    pub(crate) fn check_quota_within(&self, kind: Kind, count: usize, what: &str, table: &Id) -> Result<()> {
        self.config.quotas.check_within(kind, count, what, table, self.visibility().is_none())
    }
}

/// The state of an instance, as both kinds of operation read it.
pub trait InstanceState: Deref<Target = Directory> {
    /// The call.
    fn call(&self) -> &Call;

    /// The filter of what a user may view; `None` for a signed call.
    fn visibility(&self) -> Option<&VisibilityFilter<'_>>;

    /// Whether the caller may know that the resource exists. A resource that they may not know of is treated as absent,
    /// everywhere.
    fn can_view(&self, kind: Kind, id: &Id) -> bool {
        self.visibility().is_none_or(|visibility| visibility.can_view(kind, id))
    }

    /// Whether the caller may tie the resource to the one that the operation is about. One that they may not is treated as
    /// absent.
    fn can_assign(&self, kind: Kind, id: &Id) -> bool {
        self.visibility().is_none_or(|visibility| visibility.can_assign(kind, id))
    }

    /// The instance.
    ///
    /// # Errors
    /// Not found, when it was deleted a moment ago.
    fn instance(&self) -> Result<Arc<lanyard_model::resources::Instance>> {
        self.instances.values().next().cloned().ok_or_else(|| Error::not_found("instance", self.instance_id()))
    }

    /// The identifier of the instance.
    fn instance_id(&self) -> Id {
        match self.stream() {
            lanyard_model::StreamId::Instance(id) => id.clone(),
            lanyard_model::StreamId::Registry { .. } => Id::new(""),
        }
    }

    /// The ARN of a resource of the instance; empty for kinds that have none.
    fn arn(&self, key: &Key) -> String {
        self.call().scope.arn(&self.instance_id(), key.kind, &key.id).unwrap_or_default()
    }
}

impl InstanceState for Read<'_> {
    fn call(&self) -> &Call {
        self.call
    }

    fn visibility(&self) -> Option<&VisibilityFilter<'_>> {
        self.visibility.as_ref()
    }
}

impl InstanceState for Write<'_> {
    fn call(&self) -> &Call {
        self.call
    }

    fn visibility(&self) -> Option<&VisibilityFilter<'_>> {
        self.visibility.as_ref()
    }
}
