//! The addresses of a decision point's endpoints, for clients that discover them.

use http::HeaderMap;
use http::header::HOST;
use lanyard_model::Id;
use serde::Serialize;

use crate::settings::Settings;

#[derive(Serialize)]
struct Document {
    policy_decision_point: String,
    access_evaluation_endpoint: String,
    access_evaluations_endpoint: String,
    search_subject_endpoint: String,
    search_resource_endpoint: String,
    search_action_endpoint: String,
}

/// The metadata of an instance, or of the only one there is.
///
/// Without a configured address, endpoints have the host that the client named.
pub(super) fn document(settings: &Settings, headers: &HeaderMap, instance: Option<&Id>) -> Vec<u8> {
    let host = || {
        let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
        format!("{}://{host}", if settings.tls { "https" } else { "http" })
    };
    let base = settings.public_url.clone().unwrap_or_else(host);
    let point = instance.map_or_else(|| base.clone(), |id| format!("{base}/instances/{id}"));
    let endpoint = |name: &str| format!("{point}/access/v1/{name}");
    let document = Document {
        access_evaluation_endpoint: endpoint("evaluation"),
        access_evaluations_endpoint: endpoint("evaluations"),
        search_subject_endpoint: endpoint("search/subject"),
        search_resource_endpoint: endpoint("search/resource"),
        search_action_endpoint: endpoint("search/action"),
        policy_decision_point: point,
    };
    serde_json::to_vec(&document).unwrap_or_default()
}
