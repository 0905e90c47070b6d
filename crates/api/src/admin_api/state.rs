//! `GET /lanyard/v1/instances/{InstanceId}/state`: all resources of an instance, now or at an earlier moment.
//!
//! The answer is sent while it is made, a piece at a time, on threads that take no part in decisions. It holds no
//! secrets.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Either;
use http_body_util::channel::{Channel, Sender};
use lanyard_model::{Directory, Id, Scope, StreamId, Timestamp};
use lanyard_service::error::{Error, Result};
use lanyard_service::instance_id;
use lanyard_store::{Moment, Past, PastResource, Piece, Store, StoreError};
use lanyard_wire::ErrorKind;
use serde::Serialize;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::Surface;
use super::history::{Query, failed};
use crate::request::{Body, BrokenBody, Incoming};

/// How many bytes are sent at a time, so that the thread that sends them can decide in between.
const FRAME: usize = 64 << 10;

/// How many frames wait for the client, at most.
const WAITING: usize = 4;

/// How long an answer may take, so that a client that takes it in slowly does not keep others from theirs.
const LONGEST: Duration = Duration::from_secs(300);

/// The members before the resources.
#[derive(Serialize)]
struct Head<'a> {
    instance_id: String,
    account: &'a str,
    region: &'a str,
    revision: u64,
    /// Of the revision; milliseconds since 1970.
    time: i64,
}

/// All resources, now or at an earlier moment.
pub(super) async fn state(surface: &Surface<'_>, request: &Incoming<'_>, instance: &str) -> Result<Body> {
    let call = super::reader(surface, request, "ReadState")?;
    let id = instance_id(&call.scope, instance)?;
    let writer = surface.service.node.instance(&call.scope, &id).await?.writer;
    let query = Query::read(request.query, &["revision", "time"])?;
    let moment = match (query.number("revision")?, query.number("time")?) {
        (None, None) => None,
        (Some(revision), None) => Some(Moment::Revision(revision)),
        (None, Some(time)) => Some(Moment::Time(Timestamp(time))),
        (Some(_), Some(_)) => {
            return Err(Error::invalid_parameter("parameters `revision` and `time` cannot be given together"));
        }
    };
    let present = Directory::clone(&writer.read());
    let store = Arc::clone(&surface.service.node.store);
    let (begun, beginning) = oneshot::channel();
    let (pieces, body) = Channel::new(WAITING);
    let scope = call.scope;
    let work = async move {
        let opened = open(store.as_ref(), &id, &scope, moment, present).await;
        let (past, head) = match opened {
            Ok(opened) => opened,
            // The caller may have gone.
            Err(error) => return drop(begun.send(Err(error))),
        };
        if begun.send(Ok(())).is_ok() {
            send(pieces, store.as_ref(), past, head, &call.request_id).await;
        }
    };
    let heavy = Arc::clone(&surface.service.heavy);
    let done = tokio::spawn(async move { heavy.run(work).await });
    match beginning.await {
        Ok(begun) => begun.map(|()| Either::Right(body)),
        // The work has ended before it began.
        Err(_) => match done.await {
            Ok(Err(error)) => Err(error),
            _ => Err(Error::internal("a state was lost")),
        },
    }
}

/// The state, and the beginning of the answer.
async fn open(
    store: &dyn Store,
    id: &Id,
    scope: &Scope,
    moment: Option<Moment>,
    present: Directory,
) -> Result<(Past, Vec<u8>)> {
    let past = match moment {
        None => Past::of(present),
        Some(moment) => {
            let past = Past::open(store, &StreamId::Instance(id.clone()), moment, Some(present)).await;
            past.map_err(failed)?.ok_or_else(|| {
                let message = match moment {
                    Moment::Revision(revision) => format!("the instance `{id}` has no revision {revision}"),
                    Moment::Time(_) => format!("the instance `{id}` did not exist at that time"),
                };
                Error::new(ErrorKind::ResourceNotFoundException, message)
            })?
        }
    };
    let head = Head {
        instance_id: id.to_string(),
        account: &scope.account,
        region: &scope.region,
        revision: past.revision(),
        time: past.time().0,
    };
    let mut head = serde_json::to_vec(&head).map_err(|error| Error::internal(error.to_string()))?;
    // The object goes on with its last member.
    head.pop();
    head.extend_from_slice(b",\"resources\":[");
    Ok((past, head))
}

/// Sends a state. When that fails, the connection ends before the body is whole.
async fn send(mut pieces: Sender<Bytes, BrokenBody>, store: &dyn Store, past: Past, head: Vec<u8>, request_id: &str) {
    let reason = match timeout(LONGEST, send_all(&mut pieces, store, past, head)).await {
        Ok(Ok(())) => return,
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the client took too long".to_owned(),
    };
    tracing::warn!(request_id, "a state was not sent to its end: {reason}");
    pieces.abort(BrokenBody);
}

async fn send_all(
    pieces: &mut Sender<Bytes, BrokenBody>,
    store: &dyn Store,
    mut past: Past,
    mut text: Vec<u8>,
) -> std::result::Result<(), StoreError> {
    let mut is_first = true;
    let gone = |_| StoreError::Storage("the client has gone".to_owned());
    loop {
        let piece = past.next(store).await?;
        let is_last = piece.is_none();
        match piece {
            Some(piece) => add(&mut text, &mut is_first, &mut past, piece)?,
            None => text.extend_from_slice(b"]}"),
        }
        let mut rest = Bytes::from(std::mem::take(&mut text));
        while !rest.is_empty() {
            let frame = rest.split_to(rest.len().min(FRAME));
            pieces.send_data(frame).await.map_err(gone)?;
        }
        if is_last {
            return Ok(());
        }
    }
}

/// Adds the resources of a piece to a text, as elements of a list.
fn add(text: &mut Vec<u8>, is_first: &mut bool, past: &mut Past, piece: Piece) -> std::result::Result<(), StoreError> {
    for resource in past.resources(piece)? {
        if !std::mem::replace(is_first, false) {
            text.push(b',');
        }
        match resource {
            PastResource::Stored(key, body) => {
                text.extend_from_slice(b"{\"");
                text.extend_from_slice(key.kind.name().as_bytes());
                text.extend_from_slice(b"\":");
                text.extend_from_slice(body.as_bytes());
                text.push(b'}');
            }
            PastResource::Read(resource) => {
                let failed = |error: serde_json::Error| StoreError::Storage(error.to_string());
                serde_json::to_writer(&mut *text, &resource).map_err(failed)?;
            }
        }
    }
    Ok(())
}
