//! The server: what every request passes through on its way to its operation.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method};
use lanyard_engine::PermissionIndex;
use lanyard_model::{Id, IdRef, Kind, Scope};
use lanyard_store::Store;
use lanyard_wire::sigv4::{self, KeyCache};
use lanyard_wire::{ErrorKind, HasInstanceId, Input, Operation, Output, Route, ServiceOperation, UriParams};

use crate::access::DecisionLog;
use crate::config::Config;
use crate::context::{Call, Caller, Read, Write};
use crate::credentials::{Credential, Credentials, Mode};
use crate::dispatch;
use crate::environment::Environment;
use crate::error::{Error, Excerpt, Result};
use crate::node::{Instance, Node};
use crate::passwords::Passwords;
use crate::session_access::{self, Sessions, SignInLimiter, UserRequest};
use crate::stream_writer::Provenance;
use crate::throttle::Throttle;

/// The signing name under which Amazon Connect's clients sign.
const SERVICE: &str = "connect";

/// A Lanyard server: the instances of a store, and the API over them.
pub struct Server {
    pub(crate) node: Arc<Node>,
    pub(crate) config: Arc<Config>,
    credentials: Arc<Credentials>,
    signing_keys: KeyCache<Credential>,
    throttle: Option<Throttle>,
    pub(crate) passwords: Passwords,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) sign_in_limiter: SignInLimiter,
    pub(crate) decision_log: Option<DecisionLog>,
}

/// A server that could not be started.
#[derive(Debug)]
pub struct StartError(pub(crate) String);

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StartError {}

/// A request as it came off the wire, its body read.
pub(crate) struct Incoming<'a> {
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a Bytes,
    pub(crate) request_id: &'a str,
}

/// A request of a served operation, not yet parsed.
pub(crate) struct Unparsed<'a> {
    pub(crate) params: &'a UriParams<'a>,
    pub(crate) query: Option<&'a str>,
    pub(crate) body: &'a [u8],
    /// The visit of a user, which notes what is read.
    pub(crate) user_request: Option<&'a UserRequest>,
}

impl Unparsed<'_> {
    pub(crate) fn parse<I: Input>(&self) -> Result<I> {
        let input = I::from_request(self.params, self.query, self.body)
            .map_err(|error| Error::new(error.kind(I::OPERATION), error.to_string()))?;
        if let Some(user_request) = self.user_request {
            user_request.note(self.params, &input);
        }
        Ok(input)
    }
}

/// What an operation answers when it did what was asked.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    pub(crate) body: Vec<u8>,
    /// The revision of the instance that the write made; of the registry, where instances were deleted.
    pub(crate) revision: Option<u64>,
    /// What the caller should know although the request succeeded.
    pub(crate) warnings: Vec<String>,
}

impl Reply {
    /// The answer of a reading operation.
    pub(crate) fn of(output: &impl Output) -> Self {
        Self { body: output.to_body(), ..Self::default() }
    }
}

/// An error, and the kinds that the model lists for the operation for which it is said, where one was found.
pub(crate) struct Refusal {
    pub(crate) errors: Option<&'static [ErrorKind]>,
    pub(crate) error: Error,
}

impl Server {
    /// Loads all that the store holds.
    ///
    /// # Errors
    /// When the store cannot be read, or holds what cannot be, or the decision log cannot be written.
    pub async fn open(
        store: Arc<dyn Store>,
        environment: Arc<dyn Environment>,
        credentials: Arc<Credentials>,
        config: Config,
    ) -> std::result::Result<Arc<Self>, StartError> {
        let failed = |error: Error| StartError(error.detail().unwrap_or(error.message()).to_owned());
        let permission_index = match &config.catalogue {
            Some(catalogue) => Arc::new(PermissionIndex::new(catalogue)),
            None => PermissionIndex::builtin(),
        };
        let node = Node::load(store, environment, permission_index).await.map_err(failed)?;
        let decision_log = config.decision_log.as_ref().map(DecisionLog::start).transpose()?;
        let throttle = config.throttle.then(Throttle::default);
        Ok(Arc::new(Self {
            node: Arc::new(node),
            config: Arc::new(config),
            credentials,
            signing_keys: KeyCache::new(),
            throttle,
            passwords: Passwords::default(),
            sessions: Arc::default(),
            sign_in_limiter: SignInLimiter::default(),
            decision_log,
        }))
    }

    /// Answers a request of the Amazon Connect API.
    pub(crate) async fn connect(&self, request: &Incoming<'_>) -> std::result::Result<Reply, Refusal> {
        let refuse = |operation: Option<Operation>, error| Refusal { errors: operation.map(Operation::errors), error };
        let route = lanyard_wire::check_query(request.query.unwrap_or_default())
            .and_then(|()| lanyard_wire::route(request.method.as_str(), request.path))
            .map_err(|error| refuse(None, Error::new(ErrorKind::SerializationException, error.to_string())))?;
        if matches!(route, Route::NotFound) {
            let message = format!("there is no operation {} {}", request.method, Excerpt(request.path));
            return Err(refuse(None, Error::new(ErrorKind::UnknownOperationException, message)));
        }
        let bearer = session_access::bearer(request.headers);
        let entered = match bearer {
            Some(token) => session_access::Authenticated::User(self.enter(token).map_err(|error| refuse(None, error))?),
            None => {
                let (credential, scope) = self.authenticate(request).map_err(|error| refuse(None, error))?;
                session_access::Authenticated::Key(credential, scope)
            }
        };
        let (operation, params) = match &route {
            Route::Served(operation, params) => (*operation, params),
            Route::Unserved(name) => return Err(refuse(None, not_served(name))),
            Route::NotFound => return Err(refuse(None, Error::internal("a route was found and lost"))),
        };
        let (caller, scope) = match entered {
            session_access::Authenticated::Key(credential, scope) => (Caller::Key(credential), scope),
            session_access::Authenticated::User(session) => {
                session.user_request(operation).map_err(|error| refuse(Some(operation), error))?
            }
        };
        let call = Call { caller, scope, request_id: request.request_id.to_owned(), operation: operation.name() };
        self.admit(&call, operation.is_read(), request).map_err(|error| refuse(Some(operation), error))?;
        let unparsed = Unparsed { params, query: request.query, body: request.body, user_request: call.user_request() };
        dispatch::dispatch(self, operation, &call, &unparsed).await.map_err(|error| refuse(Some(operation), error))
    }

    /// Whose key signed the request, and in what account and region it acts.
    pub(crate) fn authenticate(&self, request: &Incoming<'_>) -> Result<(Arc<Credential>, Scope)> {
        self.authenticate_for(request, SERVICE)
    }

    /// The same, for a request that has to be signed under this signing name.
    pub(crate) fn authenticate_for(&self, request: &Incoming<'_>, service: &str) -> Result<(Arc<Credential>, Scope)> {
        let view = sigv4::RequestView {
            method: request.method.as_str(),
            raw_path: request.path,
            raw_query: request.query,
            headers: request.headers,
            body: request.body,
        };
        let now = self.node.environment.now().0 / 1_000;
        let lookup = |id: &str| self.credentials.get(id);
        let verified = sigv4::verify(&view, lookup, &self.signing_keys, &[service], now)?;
        let scope = Scope { account: verified.key.account.clone(), region: verified.region.to_owned() };
        Ok((verified.key, scope))
    }

    /// What is asked of a caller before the operation is looked at more closely.
    pub(crate) fn admit(&self, call: &Call, is_read: bool, request: &Incoming<'_>) -> Result<()> {
        if let Caller::Key(credential) = &call.caller
            && credential.mode == Mode::ReadOnly
            && !is_read
        {
            return Err(Error::new(
                ErrorKind::AccessDeniedException,
                format!("the access key of `{}` is read-only and may not call {}", credential.owner, call.operation),
            ));
        }
        if let Some(throttle) = &self.throttle
            && !throttle.admit(&call.scope, self.node.environment.now())
        {
            return Err(Error::new(ErrorKind::ThrottlingException, "Rate exceeded"));
        }
        check_content_type(request)
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
            call.user_request().map(|user_request| user_request.before(&state, state.compiled())).transpose()?;
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
                    .map(|user_request| user_request.before(state, state.compiled()))
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
                    batch.when_durable(move || changed.iter().for_each(|secret| sessions.secret_changed(&id, secret)));
                }
                Ok((body, warnings))
            })
            .await?;
        let (body, warnings) = written.value;
        for warning in &warnings {
            tracing::warn!(operation = call.operation, request_id = call.request_id, "{warning}");
        }
        // How often an instance is written to is nothing that a user sees of it.
        let revision = call.user_request().is_none().then_some(written.revision);
        Ok(Reply { body, revision, warnings })
    }

    /// An instance of the call's account and region; to a user, there is none but their own.
    pub(crate) fn instance(&self, call: &Call, id: &Id) -> Result<Instance> {
        match call.user_request() {
            Some(user_request) if user_request.instance != *id => Err(Error::not_found(Kind::Instance.noun(), id)),
            _ => self.node.instance(&call.scope, id),
        }
    }
}

/// Who is written into the log for a call.
pub(crate) fn provenance(call: &Call) -> Provenance {
    Provenance { actor: call.actor(), operation: call.operation, request_id: call.request_id.clone() }
}

/// The instance that a member names: its identifier, or its ARN. What has the form of neither is refused as the service was
/// seen to refuse it.
///
/// # Errors
/// An invalid parameter.
pub(crate) fn instance_id(scope: &Scope, text: &str) -> Result<Id> {
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

/// Whether a text has the form of a UUID, in whatever case.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let is_group =
        |(group, length): (&&str, usize)| group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    groups.len() == 5 && groups.iter().zip([8, 4, 4, 4, 12]).all(is_group)
}

pub(crate) fn not_served(name: &str) -> Error {
    Error::new(ErrorKind::NotImplementedException, format!("Lanyard does not serve the operation {name}"))
}

/// A body is JSON, and says so.
pub(crate) fn check_content_type(request: &Incoming<'_>) -> Result<()> {
    if request.body.is_empty() {
        return Ok(());
    }
    let Some(value) = request.headers.get(http::header::CONTENT_TYPE) else { return Ok(()) };
    let text = value.to_str().unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") || essence.eq_ignore_ascii_case("application/x-amz-json-1.1") {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::SerializationException,
        format!("the body has content type `{}`, it must be application/json", Excerpt(text)),
    ))
}
