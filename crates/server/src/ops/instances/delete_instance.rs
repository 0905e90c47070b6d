//! DeleteInstance.

use lanyard_model::Kind;
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
    let instance = server.node.instance(&call.scope, &id)?;
    let registry = server.node.registry(&call.scope)?;
    let (environment, who) = (server.node.environment.as_ref(), provenance(call));
    let written = registry
        .lane
        .write(environment, &who, |draft, _, beside| {
            let gone = |_| Error::not_found(Kind::Instance.noun(), &id);
            draft.delete(Kind::InstanceRecord, &id).map_err(gone)?;
            let last = instance.lane.close(environment, &who, |draft| Ok(draft.delete(Kind::Instance, &id)?))?;
            beside.appends.push(last);
            Ok(())
        })
        .await;
    match written {
        Ok(written) => {
            instance.lane.publish_head();
            server.node.remove_instance(&id);
            Ok(Reply { revision: Some(written.revision), ..Reply::default() })
        }
        Err(error) => {
            instance.lane.catch_up().await?;
            Err(error)
        }
    }
}
