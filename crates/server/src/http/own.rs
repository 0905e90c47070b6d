//! Lanyard's own API, for what has no call in Amazon's: everything under `/lanyard/v1/`.

use http::{Method, StatusCode};

use super::{Answer, json};
use crate::server::Server;

/// The part of a path below `/lanyard/`; `None` when it is not of Lanyard's own API.
pub(super) fn path(path: &str) -> Option<&str> {
    path.strip_prefix("/lanyard/")
}

/// Answers a request of Lanyard's own API.
pub(super) fn answer(_server: &Server, method: &Method, path: &str, request_id: &str) -> Answer {
    let (status, body) = match (method, path) {
        (&Method::GET, "v1/health") => {
            (StatusCode::OK, serde_json::json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
        }
        (_, "v1/health") => (
            StatusCode::METHOD_NOT_ALLOWED,
            serde_json::json!({ "Message": format!("`/lanyard/v1/health` takes GET, not {method}") }),
        ),
        _ => (
            StatusCode::NOT_FOUND,
            serde_json::json!({ "Message": "Lanyard's own API has no such path; there is `/lanyard/v1/health`" }),
        ),
    };
    json(status, body.to_string().into_bytes(), request_id)
}
