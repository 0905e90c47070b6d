//! `GET /lanyard/v1/health`: that the server answers. Not signed.

use crate::error::Result;
use crate::server::Reply;

pub(super) fn run() -> Result<Reply> {
    super::reply(&serde_json::json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}
