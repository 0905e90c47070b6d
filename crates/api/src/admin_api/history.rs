//! `GET /lanyard/v1/instances/{InstanceId}/history`: the entries of an instance's log. They hold no secrets.

use std::str::FromStr;

use lanyard_model::{Entry, StreamId};
use lanyard_store::{Checkpoint, Logged, StoreError, chain};
use lanyard_wire::ErrorKind;
use serde::Serialize;
use serde_json::value::RawValue;

use super::Surface;
use crate::request::Incoming;
use lanyard_service::error::{Error, Excerpt, Result};
use lanyard_service::{Reply, instance_id};

/// How many entries an answer has when the request does not say, and at most.
const USUAL: usize = 100;
const MOST: usize = 1_000;

/// At how many bytes of entries an answer ends although more were asked for: an entry can be megabytes long. Entries are
/// read a few at a time, so that no more than these are held beyond it.
const ENOUGH_BYTES: usize = 16 << 20;
const AT_A_TIME: usize = 16;

#[derive(Serialize)]
struct History<'a> {
    /// The last revision there is.
    revision: u64,
    /// The last entry that was archived.
    #[serde(skip_serializing_if = "Option::is_none")]
    archived: Option<ArchivedView>,
    entries: Vec<EntryView<'a>>,
}

#[derive(Serialize)]
struct ArchivedView {
    revision: u64,
    hash: String,
}

/// One entry of the log.
#[derive(Serialize)]
struct EntryView<'a> {
    /// The hash that the next entry carries: of the one before and the record.
    hash: String,
    /// The entry as it is stored, byte for byte, so that a reader can verify the chain of hashes.
    record: &'a RawValue,
    /// The entry of the record, where people are sealed in that.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<&'a Entry>,
}

/// The entries after a revision, oldest first, or those before one, newest first.
pub(super) async fn history(surface: &Surface<'_>, request: &Incoming<'_>, instance: &str) -> Result<Reply> {
    let call = super::reader(surface, request, "ReadHistory")?;
    let id = instance_id(&call.scope, instance)?;
    let writer = surface.service.node.instance(&call.scope, &id).await?.writer;
    let query = Query::read(request.query, &["after", "before", "limit"])?;
    let (after, before) = (query.number("after")?, query.number("before")?);
    if after.is_some() && before.is_some() {
        return Err(Error::invalid_parameter("parameters `after` and `before` cannot be given together"));
    }
    let limit = query.number("limit")?.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Error::invalid_parameter(format!("parameter `limit` has value {limit}, must be 1 to {MOST}")));
    }
    let revision = writer.read().revision();
    // An entry that is not in the published state yet is not in the history either.
    let stream = StreamId::Instance(id);
    let logged = match before {
        Some(before) => read_back(surface, &stream, before, revision, limit).await?,
        None => read(surface, &stream, after.unwrap_or(0), revision, limit).await?,
    };
    let entries = logged.iter().map(|logged| {
        let record = serde_json::from_str(&logged.record).map_err(|error| Error::internal(error.to_string()))?;
        let entry = logged.is_sealed().then_some(&logged.entry);
        Ok(EntryView { hash: chain::hex(&logged.hash), record, entry })
    });
    let checkpoints = surface.service.node.store.checkpoints(&stream).await.map_err(failed)?;
    let view = |it: &Checkpoint| ArchivedView { revision: it.position.revision, hash: chain::hex(&it.position.hash) };
    let archived = checkpoints.iter().find(|it| it.is_cut).map(view);
    Reply::json(&History { revision, archived, entries: entries.collect::<Result<_>>()? })
}

/// At most `limit` entries after a revision, up to another; fewer where they are long, but one if there is one.
async fn read(surface: &Surface<'_>, stream: &StreamId, after: u64, up_to: u64, limit: usize) -> Result<Vec<Logged>> {
    let mut all: Vec<Logged> = Vec::new();
    let mut bytes = 0;
    while all.len() < limit && bytes < ENOUGH_BYTES {
        let last = all.last().map_or(after, |it| it.revision);
        let wanted = AT_A_TIME.min(limit - all.len());
        let some = surface.service.node.store.read(stream, last, wanted).await.map_err(failed)?;
        let is_end = some.len() < wanted || some.last().is_some_and(|it| it.revision >= up_to);
        for logged in some.into_iter().filter(|logged| logged.revision <= up_to) {
            if bytes < ENOUGH_BYTES {
                // Where people are sealed, the entry is there twice.
                bytes += logged.record.len() * if logged.is_sealed() { 2 } else { 1 };
                all.push(logged);
            }
        }
        if is_end {
            break;
        }
    }
    Ok(all)
}

/// At most `limit` entries before a revision, up to another, newest first; fewer where they are long, but one if there is
/// one.
async fn read_back(
    surface: &Surface<'_>,
    stream: &StreamId,
    before: u64,
    up_to: u64,
    limit: usize,
) -> Result<Vec<Logged>> {
    let store = surface.service.node.store.as_ref();
    let mut all: Vec<Logged> = Vec::new();
    let mut bytes = 0;
    let mut before = before.min(up_to.saturating_add(1));
    while all.len() < limit && bytes < ENOUGH_BYTES {
        let some = lanyard_store::read_back(store, stream, Some(before), AT_A_TIME.min(limit - all.len())).await;
        let some = some.map_err(failed)?;
        let Some(first) = some.last() else { break };
        before = first.revision;
        for logged in some {
            if bytes < ENOUGH_BYTES {
                bytes += logged.record.len();
                all.push(logged);
            }
        }
    }
    Ok(all)
}

/// An error of the store. Entries that were archived are not there, which is no failure.
pub(super) fn failed(error: StoreError) -> Error {
    match error {
        StoreError::Archived { .. } => Error::new(ErrorKind::ResourceNotFoundException, error.to_string()),
        error => Error::internal(error.to_string()),
    }
}

/// The parameters of a request, all known.
pub(super) struct Query<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Query<'a> {
    pub(super) fn read(query: Option<&'a str>, known: &[&str]) -> Result<Self> {
        let pairs = query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        let pairs: Vec<_> = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect();
        match pairs.iter().find(|(name, _)| !known.contains(name)) {
            None => Ok(Self(pairs)),
            Some((name, _)) => Err(Error::invalid_parameter(format!(
                "parameter `{}` is not known, there are {}",
                Excerpt(name),
                known.join(" and ")
            ))),
        }
    }

    pub(super) fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>> {
        let Some((_, text)) = self.0.iter().rev().find(|(known, _)| *known == name) else { return Ok(None) };
        let wrong =
            |_| Error::invalid_parameter(format!("parameter `{name}` has value `{}`, must be a number", Excerpt(text)));
        text.parse().map(Some).map_err(wrong)
    }
}
