//! `GET /lanyard/v1/health`: that the server answers. Not signed.

use lanyard_service::Reply;
use lanyard_service::error::Result;

pub(super) fn run() -> Result<Reply> {
    Reply::json(&serde_json::json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}
