//! `GET /lanyard/v1/instances/{InstanceId}/state`: all resources of an instance, now or at an earlier moment.
//!
//! The answer is sent while it is made, a piece at a time, on threads that take no part in decisions. It holds no
//! secrets.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Either;
use http_body_util::channel::{Channel, Sender};
use lanyard_model::{Directory, StreamId, Timestamp};
use lanyard_service::error::{Error, Result};
use lanyard_service::{Heavy, instance_id};
use lanyard_store::{Moment, Past, PastResource, Piece, Store, StoreError};
use lanyard_wire::ErrorKind;
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::Surface;
use super::history::{Query, failed};
use crate::request::{Body, BrokenBody, Incoming};

/// How many pieces wait for the client, at most.
const WAITING: usize = 2;

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
    let writer = surface.service.node.instance(&call.scope, &id)?.writer;
    let query = Query::read(request.query, &["revision", "time"])?;
    let moment = match (query.number("revision")?, query.number("time")?) {
        (None, None) => None,
        (Some(revision), None) => Some(Moment::Revision(revision)),
        (None, Some(time)) => Some(Moment::Time(Timestamp(time))),
        (Some(_), Some(_)) => {
            return Err(Error::invalid_parameter("parameters `revision` and `time` cannot be given together"));
        }
    };
    let turn = surface.service.heavy.turn().await?;
    let present = Directory::clone(&writer.read());
    let store = Arc::clone(&surface.service.node.store);
    let past = match moment {
        None => Past::of(present),
        Some(moment) => {
            let past = Past::open(store.as_ref(), &StreamId::Instance(id.clone()), moment, Some(present)).await;
            past.map_err(failed)?.ok_or_else(|| {
                let message = "the instance has no such revision, or did not exist yet";
                Error::new(ErrorKind::ResourceNotFoundException, message)
            })?
        }
    };
    let head = Head {
        instance_id: id.to_string(),
        account: &call.scope.account,
        region: &call.scope.region,
        revision: past.revision(),
        time: past.time().0,
    };
    let mut head = serde_json::to_vec(&head).map_err(|error| Error::internal(error.to_string()))?;
    // The object goes on with its last member.
    head.pop();
    head.extend_from_slice(b",\"resources\":[");
    let (pieces, body) = Channel::new(WAITING);
    let mut sending = Sending { pieces, store, heavy: Arc::clone(&surface.service.heavy), _turn: turn };
    let request_id = call.request_id;
    tokio::spawn(async move {
        let reason = match timeout(LONGEST, sending.send_all(past, head)).await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.detail().unwrap_or(error.message()).to_owned(),
            Err(_) => "the client took too long".to_owned(),
        };
        tracing::warn!(request_id, "a state was not sent to its end: {reason}");
        sending.pieces.abort(BrokenBody);
    });
    Ok(Either::Right(body))
}

/// A state on its way to a client.
struct Sending {
    pieces: Sender<Bytes, BrokenBody>,
    store: Arc<dyn Store>,
    heavy: Arc<Heavy>,
    _turn: OwnedSemaphorePermit,
}

impl Sending {
    async fn send_all(&mut self, mut past: Past, mut text: Vec<u8>) -> Result<()> {
        let mut is_first = true;
        while let Some(piece) = past.next(self.store.as_ref()).await.map_err(failed)? {
            let work = self.heavy.run(move || {
                let made = add(&mut text, &mut is_first, &mut past, piece);
                (made, past, text, is_first)
            });
            let made: std::result::Result<(), StoreError>;
            (made, past, text, is_first) = work.await?;
            made.map_err(failed)?;
            if !text.is_empty() {
                self.send(std::mem::take(&mut text)).await?;
            }
        }
        text.extend_from_slice(b"]}");
        self.send(text).await
    }

    async fn send(&mut self, text: Vec<u8>) -> Result<()> {
        let gone = |_| Error::internal("the client has gone");
        self.pieces.send_data(text.into()).await.map_err(gone)
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
