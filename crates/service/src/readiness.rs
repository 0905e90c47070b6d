//! Whether this process can serve reads and writes.

use crate::service::Service;

/// The parts of the server that are not ready, and why; empty when it can serve everything. The reasons are for anybody:
/// they name no path, host or account.
pub async fn reasons(service: &Service) -> Vec<(&'static str, String)> {
    match service.node.store.condition().await {
        Ok(()) => Vec::new(),
        Err(outage) => {
            tracing::warn!(cause = outage.cause.name(), "not ready: {}", outage.detail);
            vec![("storage", outage.cause.to_string())]
        }
    }
}
