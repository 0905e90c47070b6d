//! The service, which every surface calls.
//!
//! A reading operation runs on the published state, without waiting; a writing one is run by its stream's writer, on
//! the newest state, until its changes are on disk. With a session, a call is checked against the user's security
//! profiles on that same state. This crate contains no HTTP.

use std::sync::Arc;

use lanyard_authn::{Passwords, Sessions, SignInLimiter};
use lanyard_engine::PermissionIndex;
use lanyard_model::{Directory, Id, IdRef, Kind, Scope, StreamId};
use lanyard_policy::UserRequest;
use lanyard_store::Store;
use lanyard_wire::{HasInstanceId, Input, Output, UriParams};
use serde::Serialize;

use crate::config::Config;
use crate::context::{Call, Read, Write};
use crate::environment::Environment;
use crate::error::{Error, Excerpt, Result};
use crate::heavy::Heavy;
use crate::node::{Instance, Node};
use crate::secrets::user_of_secret;
use crate::stream_writer::Provenance;

/// The instances of a store, and the operations on them.
pub struct Service {
    /// The streams that are served.
    pub node: Arc<Node>,
    /// The settings that operations use.
    pub config: Arc<Config>,
    pub(crate) passwords: Passwords,
    /// The sessions of users.
    pub sessions: Arc<Sessions>,
    pub(crate) sign_in_limiter: SignInLimiter,
    /// The threads for answers that take long.
    pub heavy: Arc<Heavy>,
}

/// A request of an operation, not yet parsed.
pub struct Unparsed<'a> {
    /// The labels of the path.
    pub params: &'a UriParams<'a>,
    /// The query, percent-encoded, without `?`.
    pub query: Option<&'a str>,
    /// The body.
    pub body: &'a [u8],
    /// The request of a user who signed in, which notes what it names.
    pub user_request: Option<&'a UserRequest>,
}

impl Unparsed<'_> {
    /// Reads the request and checks it against the constraints of the API model.
    ///
    /// # Errors
    /// The request is malformed, or breaks a constraint.
    pub fn parse<I: Input>(&self) -> Result<I> {
        let input = I::from_request(self.params, self.query, self.body)
            .map_err(|error| Error::new(error.kind(I::OPERATION), error.to_string()))?;
        if let Some(user_request) = self.user_request {
            user_request.note(self.params, &input);
        }
        Ok(input)
    }
}

/// The answer of an operation that did what was asked.
#[derive(Debug, Default)]
pub struct Reply {
    /// The body.
    pub body: Vec<u8>,
    /// The revision of the instance that the write made; of the registry, where instances were deleted.
    pub revision: Option<u64>,
    /// Warnings for the caller of a request that succeeded.
    pub warnings: Vec<String>,
}

impl Reply {
    /// The answer of a reading operation.
    pub fn of(output: &impl Output) -> Self {
        Self { body: output.to_body(), ..Self::default() }
    }
}

impl Reply {
    /// An answer in JSON that is of no operation of the API model.
    ///
    /// # Errors
    /// Never for what has text as its keys.
    pub fn json(body: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(body).map_err(|error| Error::internal(error.to_string()))?;
        Ok(Self { body, ..Self::default() })
    }
}

impl Service {
    /// Loads all that the store holds.
    ///
    /// # Errors
    /// When the store cannot be read, or holds what cannot be.
    pub async fn open(store: Arc<dyn Store>, environment: Arc<dyn Environment>, config: Config) -> Result<Arc<Self>> {
        let permission_index = match &config.catalogue {
            Some(catalogue) => Arc::new(PermissionIndex::new(catalogue)),
            None => PermissionIndex::builtin(),
        };
        let node = Node::load(store, environment, permission_index).await?;
        Ok(Arc::new(Self {
            node: Arc::new(node),
            config: Arc::new(config),
            passwords: Passwords::default(),
            sessions: Arc::default(),
            sign_in_limiter: SignInLimiter::default(),
            heavy: Arc::default(),
        }))
    }

    /// Runs a reading operation on the instance that its input names.
    pub(crate) fn read<I: Input + HasInstanceId, O: Output>(
        &self,
        call: &Call,
        request: &Unparsed<'_>,
        operation: fn(&Read<'_>, &I) -> Result<O>,
    ) -> Result<Reply> {
        let input = request.parse::<I>()?;
        let id = instance_id(&call.scope, input.instance_id())?;
        self.read_in(call, &id, |cx| operation(cx, &input))
    }

    /// Runs a reading operation on an instance.
    pub(crate) fn read_in<O: Output>(
        &self,
        call: &Call,
        id: &Id,
        operation: impl FnOnce(&Read<'_>) -> Result<O>,
    ) -> Result<Reply> {
        let instance = self.instance(call, id)?;
        let state = instance.writer.read();
        let authorization =
            call.user_request().map(|user_request| user_request.authorize(&state, state.compiled())).transpose()?;
        let visibility = authorization.as_ref().map(|authorization| authorization.visibility());
        let cx = Read { directory: &state, call, page_key: Some(&instance.page_key), visibility };
        let output = operation(&cx)?;
        if let Some(authorization) = &authorization {
            authorization.check()?;
        }
        Ok(Reply::of(&output))
    }

    /// Runs a writing operation on the instance that its input names.
    pub(crate) async fn write<I: Input + HasInstanceId + Send + 'static, O: Output + 'static>(
        &self,
        call: &Call,
        request: &Unparsed<'_>,
        operation: fn(&mut Write<'_>, &I) -> Result<O>,
    ) -> Result<Reply> {
        let input = request.parse::<I>()?;
        let id = instance_id(&call.scope, input.instance_id())?;
        self.write_in(call, &id, move |cx| operation(cx, &input)).await
    }

    /// Runs a writing operation on an instance.
    pub(crate) async fn write_in<O: Output + 'static>(
        &self,
        call: &Call,
        id: &Id,
        operation: impl Fn(&mut Write<'_>) -> Result<O> + Send + 'static,
    ) -> Result<Reply> {
        let instance = self.instance(call, id)?;
        let registry = instance.registry.read();
        let (config, environment) = (Arc::clone(&self.config), Arc::clone(&self.node.environment));
        let (sessions, id, caller) = (Arc::clone(&self.sessions), id.clone(), call.clone());
        let written = instance
            .writer
            .write(provenance(call), move |state, draft, now, batch| {
                if draft.directory().instances.is_empty() {
                    return Err(Error::not_found(Kind::Instance.noun(), &id));
                }
                let new_id = || environment.new_id();
                let authorization = caller
                    .user_request()
                    .map(|user_request| user_request.authorize(state, state.compiled()))
                    .transpose()?;
                let visibility = authorization.as_ref().map(|authorization| authorization.visibility());
                let mut cx = Write::new(draft, &mut batch.secrets, now, &caller, &config, &new_id, visibility);
                cx.registry = Some(Arc::clone(&registry));
                let body = operation(&mut cx)?.to_body();
                let warnings = cx.into_warnings();
                if let Some(authorization) = &authorization {
                    authorization.check()?;
                    authorization.check_changes(draft.changes())?;
                }
                let changed: Vec<String> = batch.secrets.iter().map(|secret| secret.name.clone()).collect();
                if !changed.is_empty() {
                    let (sessions, id) = (Arc::clone(&sessions), id.clone());
                    batch.when_durable(move || changed.iter().for_each(|secret| end_sessions(&sessions, &id, secret)));
                }
                Ok((body, warnings))
            })
            .await?;
        let (body, warnings) = written.value;
        for warning in &warnings {
            tracing::warn!(operation = call.operation, request_id = call.request_id, "{warning}");
        }
        // A user may not know how often an instance is written to.
        let revision = call.user_request().is_none().then_some(written.revision);
        Ok(Reply { body, revision, warnings })
    }

    pub(crate) fn read_registry<I: Input, O: Output>(
        &self,
        call: &Call,
        request: &Unparsed<'_>,
        operation: fn(&Read<'_>, &I) -> Result<O>,
    ) -> Result<Reply> {
        let input = request.parse::<I>()?;
        self.read_in_registry(call, |cx| operation(cx, &input))
    }

    /// Runs a reading operation on the registry of the caller's account and region, which is empty before the first write.
    pub(crate) fn read_in_registry<O: Output>(
        &self,
        call: &Call,
        operation: impl FnOnce(&Read<'_>) -> Result<O>,
    ) -> Result<Reply> {
        let registry = self.node.find_registry(&call.scope);
        let directory = match &registry {
            Some(registry) => registry.writer.read(),
            None => Arc::new(Directory::empty(StreamId::registry(&call.scope.account, &call.scope.region))),
        };
        let page_key = registry.as_ref().map(|registry| &*registry.page_key);
        Ok(Reply::of(&operation(&Read { directory: &directory, call, page_key, visibility: None })?))
    }

    pub(crate) async fn write_registry<I: Input + Send + 'static, O: Output + 'static>(
        &self,
        call: &Call,
        request: &Unparsed<'_>,
        operation: fn(&mut Write<'_>, &I) -> Result<O>,
    ) -> Result<Reply> {
        let input = request.parse::<I>()?;
        self.write_in_registry(call, move |cx| operation(cx, &input)).await
    }

    /// Runs a writing operation on the registry of the caller's account and region.
    pub async fn write_in_registry<O: Output + 'static>(
        &self,
        call: &Call,
        operation: impl Fn(&mut Write<'_>) -> Result<O> + Send + 'static,
    ) -> Result<Reply> {
        let registry = self.node.registry(&call.scope)?;
        let writer = Arc::clone(&registry.writer);
        let (config, environment, caller) =
            (Arc::clone(&self.config), Arc::clone(&self.node.environment), call.clone());
        let written = writer
            .write(provenance(call), move |_, draft, now, batch| {
                registry.begin(draft, batch);
                let new_id = || environment.new_id();
                let mut cx = Write::new(draft, &mut batch.secrets, now, &caller, &config, &new_id, None);
                let body = operation(&mut cx)?.to_body();
                Ok((body, cx.into_warnings()))
            })
            .await?;
        let (body, warnings) = written.value;
        for warning in &warnings {
            tracing::warn!(operation = call.operation, request_id = call.request_id, "{warning}");
        }
        // Without a revision: clients take one for an instance's, and ask an instance to have reached it.
        Ok(Reply { body, revision: None, warnings })
    }
    /// An instance of the call's account and region; to a user, there is none but their own.
    pub fn instance(&self, call: &Call, id: &Id) -> Result<Instance> {
        match call.user_request() {
            Some(user_request) if user_request.instance != *id => Err(Error::not_found(Kind::Instance.noun(), id)),
            _ => self.node.instance(&call.scope, id),
        }
    }
}

/// The actor and operation of a call, for the log.
pub fn provenance(call: &Call) -> Provenance {
    Provenance { actor: call.actor(), operation: call.operation, request_id: call.request_id.clone() }
}

/// The instance that a member names: its identifier, or its ARN. A text with the form of neither is refused as the
/// service refuses it.
///
/// # Errors
/// An invalid parameter.
pub fn instance_id(scope: &Scope, text: &str) -> Result<Id> {
    if let Some((id, Kind::Instance, _)) = text.starts_with("arn:").then(|| scope.parse_arn(text)).flatten()
        && matches!(id.as_ref(), IdRef::Uuid(_))
    {
        return Ok(id);
    }
    // One of another account or region is well-formed, and nowhere to be found.
    let bare = match text.strip_prefix("arn:").and_then(|arn| arn.split_once(":instance/")) {
        Some((service, id)) if service.contains(":connect:") => id,
        _ => text,
    };
    match is_uuid(bare) {
        true => Ok(Id::new(text)),
        false => Err(Error::invalid_parameter(format!(
            "member `InstanceId` has value `{}`, which is neither the identifier nor the ARN of an instance; an identifier \
             is 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12, joined by hyphens",
            Excerpt(text)
        ))),
    }
}

/// Ends the sessions of a user whose password was changed or removed.
fn end_sessions(sessions: &Sessions, instance: &Id, secret: &str) {
    if let Some(user) = user_of_secret(secret) {
        sessions.end_all(instance, Some(&user));
    }
}

/// Whether a text has the form of a UUID, in any case.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let is_group =
        |(group, length): (&&str, usize)| group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    groups.len() == 5 && groups.iter().zip([8, 4, 4, 4, 12]).all(is_group)
}
