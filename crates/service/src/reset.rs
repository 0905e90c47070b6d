//! Reset: an account and region as they were before anything was made there. For test suites.

use lanyard_model::{Id, Kind};

use crate::context::Call;
use crate::error::Result;
use crate::operations::instances::delete_instances;
use crate::service::{Reply, Service};

/// Deletes every instance and application of the caller's account and region in one transaction, and forgets the client
/// tokens under which they were made, so that the same suite can make them again. Their logs stay.
///
/// # Errors
/// When the write fails.
pub async fn run(service: &Service, call: &Call) -> Result<Reply> {
    let mut deleted = 0;
    let mut revision = None;
    if let Some(registry) = service.node.find_registry(&call.scope).await? {
        let now = registry.writer.read();
        let ids: Vec<Id> = now.instance_records.keys().cloned().collect();
        if !ids.is_empty() || !now.registered_applications.is_empty() {
            deleted = ids.len();
            let forget = |draft: &mut lanyard_model::Draft| {
                let tokens: Vec<Id> = draft.directory().client_tokens.keys().cloned().collect();
                tokens.iter().try_for_each(|token| draft.delete(Kind::ClientToken, token))?;
                let applications: Vec<Id> = draft.directory().registered_applications.keys().cloned().collect();
                Ok(applications.iter().try_for_each(|id| draft.delete(Kind::RegisteredApplication, id))?)
            };
            revision = Some(delete_instances(service, call, ids, forget).await?);
        }
    }
    Ok(Reply { revision, ..Reply::json(&serde_json::json!({ "instances_deleted": deleted }))? })
}
