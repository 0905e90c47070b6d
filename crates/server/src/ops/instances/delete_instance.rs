//! DeleteInstance.

use lanyard_model::{Draft, Id, Kind};
use lanyard_wire::shapes::DeleteInstanceRequest;

use crate::context::Call;
use crate::error::{Error, Result};
use crate::server::{Reply, Server, instance_id, provenance};

/// Deletes an instance with all that it holds. Its log stays.
///
/// The registry forgets the instance and the instance's stream ends in one transaction. A client token is not needed to
/// make this safe to repeat: the second time there is nothing left to delete, which is what the answer says.
pub(crate) async fn run(server: &Server, call: &Call, input: &DeleteInstanceRequest) -> Result<Reply> {
    let id = instance_id(&call.scope, &input.instance_id);
    server.node.instance(&call.scope, &id)?;
    let revision = delete(server, call, &[id], |_| Ok(())).await?;
    Ok(Reply { revision: Some(revision), ..Reply::default() })
}

/// Deletes instances, all or none, and does `more` to the registry in the same entry. Returns the registry's revision.
pub(crate) async fn delete(
    server: &Server,
    call: &Call,
    ids: &[Id],
    more: impl Fn(&mut Draft) -> Result<()>,
) -> Result<u64> {
    let instances = ids.iter().map(|id| server.node.instance(&call.scope, id)).collect::<Result<Vec<_>>>()?;
    let registry = server.node.registry(&call.scope)?;
    let (environment, who) = (server.node.environment.as_ref(), provenance(call));
    let written = registry
        .lane
        .write(environment, &who, |draft, _, beside| {
            for id in ids {
                let gone = |_| Error::not_found(Kind::Instance.noun(), id);
                draft.delete(Kind::InstanceRecord, id).map_err(gone)?;
            }
            more(draft)?;
            for (id, instance) in ids.iter().zip(&instances) {
                let last = instance.lane.close(environment, &who, |draft| Ok(draft.delete(Kind::Instance, id)?))?;
                beside.appends.push(last);
            }
            Ok(())
        })
        .await;
    match written {
        Ok(written) => {
            for (id, instance) in ids.iter().zip(&instances) {
                instance.lane.publish_head();
                server.node.remove_instance(id);
            }
            Ok(written.revision)
        }
        Err(error) => {
            for instance in &instances {
                instance.lane.catch_up().await?;
            }
            Err(error)
        }
    }
}
