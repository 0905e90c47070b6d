//! `/lanyard/v1/instances/{InstanceId}/decision-tokens`: the bearer tokens with which other systems ask for decisions.
//!
//! A token is shown once, when it is made; what is kept, listed and logged is its hash, which is its identifier too.

use http::Method;
use lanyard_model::Draft;
use lanyard_model::resources::{DecisionScope, DecisionToken};
use lanyard_model::{Id, Kind};
use lanyard_wire::ErrorKind;
use serde::{Deserialize, Serialize};

use super::Surface;
use crate::request::Incoming;
use lanyard_authn::{hash, hex};
use lanyard_service::WriteBatch;
use lanyard_service::decision_tokens::{are_needed, of, set_needed};
use lanyard_service::error::{Error, Result};
use lanyard_service::{Reply, instance_id, provenance};

/// How long a name is at most, in characters.
const LONGEST_NAME: usize = 127;

/// How many tokens an instance has at most.
const MOST_TOKENS: usize = 100;

/// The beginning of every token, by which scanners for leaked secrets recognise one.
const PREFIX: &str = "lanyard_decide_";

/// The tokens of an instance, or one of them.
pub(super) struct Path<'a> {
    instance: &'a str,
    token: Option<&'a str>,
}

impl<'a> Path<'a> {
    pub(super) fn of(path: &'a str) -> Option<Self> {
        let (instance, rest) = path.strip_prefix("/lanyard/v1/instances/")?.split_once('/')?;
        let token = match rest.strip_prefix("decision-tokens")? {
            "" => None,
            rest => Some(rest.strip_prefix('/')?),
        };
        Some(Self { instance, token })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    name: String,
    #[serde(default = "usual_scopes")]
    scopes: Vec<DecisionScope>,
}

fn usual_scopes() -> Vec<DecisionScope> {
    vec![DecisionScope::Evaluate]
}

/// A token as it is shown.
#[derive(Serialize)]
struct View<'a> {
    id: &'a str,
    /// The token itself, when it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
    name: &'a str,
    scopes: &'a [DecisionScope],
    /// Milliseconds since 1970.
    created: i64,
}

impl<'a> View<'a> {
    fn of(it: &'a DecisionToken, token: Option<&'a str>) -> Self {
        Self { id: &it.hash, token, name: &it.name, scopes: &it.scopes, created: it.created.0 }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Need {
    required: bool,
}

#[derive(Serialize)]
struct List<'a> {
    /// Whether questions need a token.
    required: bool,
    decision_tokens: Vec<View<'a>>,
}

pub(super) async fn run(surface: &Surface<'_>, request: &Incoming<'_>, path: &Path<'_>) -> Result<Reply> {
    match (request.method, path.token) {
        (&Method::GET, None) => list(surface, request, path).await,
        (&Method::POST, None) => create(surface, request, path).await,
        (&Method::PUT, None) => need(surface, request, path).await,
        (&Method::DELETE, Some(token)) => delete(surface, request, path, token).await,
        _ => Err(Error::new(
            ErrorKind::UnknownOperationException,
            format!(
                "decision tokens have no operation {}; there are GET, POST and PUT, and DELETE of /{{TokenId}} below",
                request.method
            ),
        )),
    }
}

async fn list(surface: &Surface<'_>, request: &Incoming<'_>, path: &Path<'_>) -> Result<Reply> {
    let call = super::reader(surface, request, "ListDecisionTokens")?;
    let id = instance_id(&call.scope, path.instance)?;
    let registry = surface.service.node.instance(&call.scope, &id).await?.registry.writer.read();
    let required = are_needed(&registry, &id);
    Reply::json(&List { required, decision_tokens: of(&registry, &id).map(|token| View::of(token, None)).collect() })
}

async fn create(surface: &Surface<'_>, request: &Incoming<'_>, path: &Path<'_>) -> Result<Reply> {
    let call = super::writer(surface, request, "CreateDecisionToken")?;
    let mut wanted: Wanted = super::parse(request.body)?;
    check(&mut wanted)?;
    let id = instance_id(&call.scope, path.instance)?;
    let registry = surface.service.node.instance(&call.scope, &id).await?.registry;
    let environment = &surface.service.node.environment;
    let random = environment.random().map_err(|error| Error::internal(error.to_string()))?;
    let token = format!("{PREFIX}{}", hex(&random));
    let hash = hash(&token);
    let made = registry
        .writer
        .write(provenance(&call), move |_, draft, now, _| {
            if of(draft.directory(), &id).count() >= MOST_TOKENS {
                return Err(Error::limit_exceeded(format!(
                    "the instance has {MOST_TOKENS} decision tokens, the most there can be; revoke one first"
                )));
            }
            let it = DecisionToken {
                instance: id.clone(),
                hash: hash.clone(),
                name: wanted.name.clone(),
                scopes: wanted.scopes.clone(),
                created: now,
            };
            draft.put(it.clone())?;
            set_needed(draft, &id, true)?;
            Ok(it)
        })
        .await?;
    Reply::json(&View::of(&made.value, Some(&token)))
}

async fn delete(surface: &Surface<'_>, request: &Incoming<'_>, path: &Path<'_>, token: &str) -> Result<Reply> {
    let call = super::writer(surface, request, "RevokeDecisionToken")?;
    let id = instance_id(&call.scope, path.instance)?;
    let registry = surface.service.node.instance(&call.scope, &id).await?.registry;
    let (key, token) = (DecisionToken::key(&id, token), Id::new(token));
    let delete = move |_: &_, draft: &mut Draft, _, _: &mut WriteBatch| {
        let gone = |_| Error::not_found(Kind::DecisionToken.noun(), &token);
        draft.delete(Kind::DecisionToken, &key).map_err(gone)?;
        // Without its last token, the instance does not answer everybody again.
        set_needed(draft, &id, true)
    };
    registry.writer.write(provenance(&call), delete).await?;
    Reply::json(&serde_json::json!({}))
}

/// Closes an instance without a token, or opens it to everybody on this machine.
async fn need(surface: &Surface<'_>, request: &Incoming<'_>, path: &Path<'_>) -> Result<Reply> {
    let call = super::writer(surface, request, "RequireDecisionToken")?;
    let Need { required } = super::parse(request.body)?;
    let id = instance_id(&call.scope, path.instance)?;
    let registry = surface.service.node.instance(&call.scope, &id).await?.registry;
    let write = move |_: &_, draft: &mut Draft, _, _: &mut WriteBatch| {
        if !required && of(draft.directory(), &id).next().is_some() {
            return Err(Error::new(
                ErrorKind::ResourceConflictException,
                "the instance has decision tokens, with which questions need one; revoke them first",
            ));
        }
        set_needed(draft, &id, required)
    };
    registry.writer.write(provenance(&call), write).await?;
    Reply::json(&serde_json::json!({ "required": required }))
}

fn check(wanted: &mut Wanted) -> Result<()> {
    let characters = wanted.name.chars().count();
    if characters == 0 || characters > LONGEST_NAME || wanted.name.chars().any(char::is_control) {
        return Err(Error::invalid_parameter(format!(
            "member `name` must be 1 to {LONGEST_NAME} characters, none of them a control character"
        )));
    }
    wanted.scopes.sort_unstable();
    wanted.scopes.dedup();
    if wanted.scopes.is_empty() {
        return Err(Error::invalid_parameter("member `scopes` must name at least one of evaluate, search and explain"));
    }
    Ok(())
}
