//! The service, which every surface calls.
//!
//! A reading operation runs on the published state, without waiting; a writing one is run by its stream's writer, on
//! the newest state, until its changes are on disk. With a session, a call is checked against the user's security
//! profiles on that same state. This crate contains no HTTP.

use std::sync::Arc;

use lanyard_authn::Passwords;
use lanyard_engine::PermissionIndex;
use lanyard_model::{Directory, Id, IdRef, Kind, Scope, StreamId};
use lanyard_policy::UserRequest;
use lanyard_store::{AppendError, Store};
use lanyard_wire::{HasInstanceId, Input, Output, UriParams};
use serde::Serialize;

use crate::config::Config;
use crate::context::{Call, Read, Write};
use crate::environment::Environment;
use crate::error::{Error, Excerpt, Result};
use crate::heavy::Heavy;
use crate::node::{Instance, Node};
use crate::shared_cells::SharedCells;
use crate::shared_sessions::{SharedSessions, sessions_ended_by};
use crate::sign_in_attempts::SignInAttempts;
use crate::snapshot::Snapshot;
use crate::stream_writer::{Operation, Provenance, WriteError, Written};

/// How often a write runs because the registry on which it rests moved on.
const ATTEMPTS: u32 = 8;

/// The instances of a store, and the operations on them.
pub struct Service {
    /// The streams that are served.
    pub node: Arc<Node>,
    /// The settings that operations use.
    pub config: Arc<Config>,
    pub(crate) passwords: Passwords,
    /// The sessions of users.
    pub sessions: SharedSessions,
    /// The rows outside the log, which the nodes of the store share.
    pub cells: SharedCells,
    pub(crate) sign_in_attempts: SignInAttempts,
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
    /// Serves what a store holds; an instance is loaded when it is first asked for. Must be called in a runtime.
    pub fn start(store: Arc<dyn Store>, environment: Arc<dyn Environment>, config: Config) -> Arc<Self> {
        let permission_index = match &config.catalogue {
            Some(catalogue) => Arc::new(PermissionIndex::new(catalogue)),
            None => PermissionIndex::builtin(),
        };
        let cells = SharedCells::new(Arc::clone(&store), Arc::clone(&environment));
        let node = Node::start(store, environment, permission_index, config.memory);
        Arc::new(Self {
            node,
            passwords: Passwords::default(),
            sessions: SharedSessions::new(cells.clone(), config.sessions),
            sign_in_attempts: SignInAttempts::new(cells.clone()),
            cells,
            heavy: Arc::default(),
            config: Arc::new(config),
        })
    }

    /// Runs a reading operation on the instance that its input names.
    pub(crate) async fn read<I: Input + HasInstanceId, O: Output>(
        &self,
        call: &Call,
        request: &Unparsed<'_>,
        operation: fn(&Read<'_>, &I) -> Result<O>,
    ) -> Result<Reply> {
        let input = request.parse::<I>()?;
        let id = instance_id(&call.scope, input.instance_id())?;
        self.read_in(call, &id, |cx| operation(cx, &input)).await
    }

    /// Runs a reading operation on an instance.
    pub(crate) async fn read_in<O: Output>(
        &self,
        call: &Call,
        id: &Id,
        operation: impl FnOnce(&Read<'_>) -> Result<O>,
    ) -> Result<Reply> {
        let instance = self.instance(call, id).await?;
        let state = instance.writer.read();
        let authorization =
            call.user_request().map(|user_request| user_request.authorize(&state, state.compiled())).transpose()?;
        let visibility = authorization.as_ref().map(|authorization| authorization.visibility());
        let cx = Read { directory: &state, call, page_key: Some(&instance.registry.page_key), visibility };
        let output = operation(&cx)?;
        if let Some(authorization) = &authorization {
            authorization.check()?;
        }
        Ok(Reply::of(&output))
    }

    /// Runs a writing operation on the instance that its input names.
    pub(crate) async fn write<I: Input + HasInstanceId + Send + Sync + 'static, O: Output + 'static>(
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
        operation: impl Fn(&mut Write<'_>) -> Result<O> + Send + Sync + 'static,
    ) -> Result<Reply> {
        let instance = self.instance(call, id).await?;
        let operation = Arc::new(operation);
        let job = || self.instance_job(call, id, &instance, Arc::clone(&operation));
        let written = self.write_on_registry(call, &instance, job).await?;
        let (body, warnings) = written.value;
        for warning in &warnings {
            tracing::warn!(operation = call.operation, request_id = call.request_id, "{warning}");
        }
        // A user may not know how often an instance is written to.
        let revision = call.user_request().is_none().then_some(written.revision);
        Ok(Reply { body, revision, warnings })
    }

    /// Writes to an instance what `job` makes; makes it again where the write rests on its registry and that moved on.
    pub(crate) async fn write_on_registry<T, J>(
        &self,
        call: &Call,
        instance: &Instance,
        job: impl Fn() -> J,
    ) -> Result<Written<T>>
    where
        T: Send + 'static,
        J: Operation<Snapshot, T>,
    {
        let mut attempts = 0;
        loop {
            attempts += 1;
            match instance.writer.try_write(provenance(call), job()).await {
                Err(WriteError::Append(AppendError::Conflict { stream, head }))
                    if stream == instance.registry.stream() && attempts < ATTEMPTS =>
                {
                    instance.registry.writer.refresh(head).await?;
                }
                result => return Ok(result?),
            }
        }
    }

    /// The job of a write to an instance, for its writer.
    fn instance_job<O: Output + 'static>(
        &self,
        call: &Call,
        id: &Id,
        instance: &Instance,
        operation: Arc<impl Fn(&mut Write<'_>) -> Result<O> + Send + Sync + 'static>,
    ) -> impl Operation<Snapshot, (Vec<u8>, Vec<String>)> {
        let registry = Arc::clone(&instance.registry);
        let (config, environment) = (Arc::clone(&self.config), Arc::clone(&self.node.environment));
        let (id, caller) = (id.clone(), call.clone());
        move |state, draft, now, batch| {
            if draft.directory().instances.is_empty() {
                return Err(Error::not_found(Kind::Instance.noun(), &id));
            }
            let new_id = || environment.new_id();
            let authorization = caller
                .user_request()
                .map(|user_request| user_request.authorize(state, state.compiled()))
                .transpose()?;
            let visibility = authorization.as_ref().map(|authorization| authorization.visibility());
            let of_registry = registry.writer.tip();
            let mut cx = Write::new(draft, &mut batch.secrets, now, &caller, &config, &new_id, visibility);
            cx.registry = Some(of_registry.state);
            let body = operation(&mut cx)?.to_body();
            if cx.rests_on_registry {
                batch.guards.push((registry.stream(), of_registry.position));
            }
            let warnings = cx.into_warnings();
            if let Some(authorization) = &authorization {
                authorization.check()?;
                authorization.check_changes(draft.changes())?;
            }
            batch.ended_cells = sessions_ended_by(&id, &batch.secrets);
            Ok((body, warnings))
        }
    }

    pub(crate) async fn read_registry<I: Input, O: Output>(
        &self,
        call: &Call,
        request: &Unparsed<'_>,
        operation: fn(&Read<'_>, &I) -> Result<O>,
    ) -> Result<Reply> {
        let input = request.parse::<I>()?;
        self.read_in_registry(call, |cx| operation(cx, &input)).await
    }

    /// Runs a reading operation on the registry of the caller's account and region, which is empty before the first write.
    pub(crate) async fn read_in_registry<O: Output>(
        &self,
        call: &Call,
        operation: impl FnOnce(&Read<'_>) -> Result<O>,
    ) -> Result<Reply> {
        let registry = self.node.find_registry(&call.scope).await?;
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
        let registry = self.node.registry(&call.scope).await?;
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
    ///
    /// # Errors
    /// When there is none, or the store cannot be asked.
    pub async fn instance(&self, call: &Call, id: &Id) -> Result<Instance> {
        match call.user_request() {
            Some(user_request) if user_request.instance != *id => Err(Error::not_found(Kind::Instance.noun(), id)),
            _ => self.node.instance(&call.scope, id).await,
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

/// Whether a text has the form of a UUID, in any case.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let is_group =
        |(group, length): (&&str, usize)| group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    groups.len() == 5 && groups.iter().zip([8, 4, 4, 4, 12]).all(is_group)
}
