//! `GET /lanyard/v1/ready`: whether the server can serve reads and writes, for balancers. Not signed.

use lanyard_service::error::{Error, Result};
use lanyard_service::{Reply, Service, readiness};
use lanyard_wire::ErrorKind;
use serde_json::{Map, json};

pub(super) async fn run(service: &Service) -> Result<Reply> {
    let reasons = readiness::reasons(service).await;
    if reasons.is_empty() {
        return Reply::json(&json!({ "status": "ready" }));
    }
    let text = reasons.iter().map(|(part, reason)| format!("{part}: {reason}")).collect::<Vec<_>>().join("; ");
    let reasons: Map<String, _> = reasons.into_iter().map(|(part, reason)| (part.to_owned(), reason.into())).collect();
    Err(Error::new(ErrorKind::ServiceUnavailableException, format!("the server is not ready: {text}"))
        .with_member("reasons", reasons))
}
