//! Instances deleted.

use std::sync::{Arc, Mutex, PoisonError};

use lanyard_model::{Draft, Id, Kind};
use lanyard_store::AppendError;
use lanyard_wire::shapes::DeleteInstanceRequest;

use crate::context::Call;
use crate::decision_tokens;
use crate::error::{Error, Result};
use crate::node::Registry;
use crate::service::{Reply, Service, instance_id, provenance};
use crate::shared_sessions::sessions_of;
use crate::snapshot::Snapshot;
use crate::stream_writer::{Hold, WriteBatch, WriteError, Written};

/// How often a deletion is tried because another node wrote to an instance meanwhile.
const ATTEMPTS: usize = 8;

/// Deletes an instance with all that it holds. Its log stays.
///
/// The registry forgets the instance, the instance's stream ends and the sessions of its users end in one transaction. A client token is not needed to
/// make this safe to repeat: the second call answers that there is no such instance.
pub(crate) async fn delete_instance(service: &Service, call: &Call, input: DeleteInstanceRequest) -> Result<Reply> {
    let id = instance_id(&call.scope, &input.instance_id)?;
    service.node.instance(&call.scope, &id).await?;
    let revision = delete_instances(service, call, vec![id], |_| Ok(())).await?;
    Ok(Reply { revision: Some(revision), ..Reply::default() })
}

/// Deletes instances, all or none, and does `more` to the registry in the same entry. Returns the registry's revision.
pub(crate) async fn delete_instances(
    service: &Service,
    call: &Call,
    mut ids: Vec<Id>,
    more: impl Fn(&mut Draft) -> Result<()> + Clone + Send + 'static,
) -> Result<u64> {
    // The order is the same for all operations that hold several instances.
    ids.sort_unstable();
    let registry = service.node.registry(&call.scope).await?;
    let mut attempts = 0;
    loop {
        attempts += 1;
        match try_delete(service, call, &registry, ids.clone(), more.clone()).await {
            Ok(written) => return Ok(written.revision),
            // An instance moved on elsewhere. Its hold is over, and it has caught up.
            Err(WriteError::Append(AppendError::Conflict { .. })) if attempts < ATTEMPTS => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// An instance whose stream is held until it has ended.
type Held = (Id, Mutex<Option<Hold<Snapshot>>>);

async fn try_delete(
    service: &Service,
    call: &Call,
    registry: &Registry,
    ids: Vec<Id>,
    more: impl Fn(&mut Draft) -> Result<()> + Send + 'static,
) -> std::result::Result<Written<()>, WriteError> {
    let mut held: Vec<Held> = Vec::with_capacity(ids.len());
    for id in ids {
        let instance = service.node.instance(&call.scope, &id).await.map_err(WriteError::Operation)?;
        let hold = instance.writer.hold().await.map_err(WriteError::Operation)?;
        held.push((id, Mutex::new(Some(hold))));
    }
    let (held, node, who) = (Arc::new(held), Arc::clone(&service.node), provenance(call));
    let operation = move |_: &_, draft: &mut Draft, _, batch: &mut WriteBatch| {
        for (id, _) in held.iter() {
            let gone = |_| Error::not_found(Kind::Instance.noun(), id);
            decision_tokens::delete_all(draft, id)?;
            draft.delete(Kind::InstanceRecord, id).map_err(gone)?;
        }
        more(draft)?;
        let mut ends = Vec::with_capacity(held.len());
        for (id, hold) in held.iter() {
            let hold = hold.lock().unwrap_or_else(PoisonError::into_inner);
            let gone = || Error::not_found(Kind::Instance.noun(), id);
            let hold = hold.as_ref().filter(|hold| !hold.state().instances.is_empty()).ok_or_else(gone)?;
            let (append, end) = hold.close(&who, |draft| Ok(draft.delete(Kind::Instance, id)?))?;
            batch.appends.push(append.with_ended_cells(vec![sessions_of(id, None)]));
            ends.push(end);
        }
        let (held, node) = (Arc::clone(&held), Arc::clone(&node));
        batch.when_durable(move || {
            for ((id, hold), end) in held.iter().zip(ends) {
                node.remove_instance(id);
                if let Some(hold) = hold.lock().unwrap_or_else(PoisonError::into_inner).take() {
                    hold.publish(end);
                }
            }
        });
        Ok(())
    };
    registry.writer.try_write(provenance(call), operation).await
}
