//! Questions to a server's decision point.

use std::path::PathBuf;

use http::header::{AUTHORIZATION, HeaderValue};
use http::{HeaderMap, Uri};
use lanyard_answers::WrittenQuestion;
use serde::de::DeserializeOwned;

use crate::failure::Failure;
use crate::instance::remote::Endpoint;

/// The decision point of one instance.
pub(crate) struct DecisionClient {
    endpoint: Endpoint,
    headers: HeaderMap,
    /// The part of the path before `/access`.
    prefix: String,
}

impl DecisionClient {
    /// The decision point of an instance, by identifier; without one, that of the only instance of the server.
    pub(crate) fn new(
        endpoint: Uri,
        ca: Option<PathBuf>,
        token: Option<String>,
        instance: Option<&str>,
    ) -> Result<Self, Failure> {
        let mut headers = HeaderMap::new();
        if let Some(token) = token {
            let mut value = HeaderValue::from_str(&format!("Bearer {token}"))
                .map_err(|_| Failure::Message("the token has characters that no header can carry".to_owned()))?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        // The identifier follows the last slash of an ARN.
        let id = instance.map(|text| text.rsplit('/').next().unwrap_or(text));
        if let Some(id) = id.filter(|id| !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')) {
            return Err(Failure::Message(format!(
                "`{id}` is not the identifier of an instance, which a server asks for"
            )));
        }
        let prefix = id.map(|id| format!("/instances/{id}")).unwrap_or_default();
        Ok(Self { endpoint: Endpoint::new(endpoint, ca), headers, prefix })
    }

    /// Answers a question of one kind: `check`, `who-can` or `what-can`.
    pub(crate) fn ask<T: DeserializeOwned>(&self, kind: &str, question: &WrittenQuestion) -> Result<T, Failure> {
        let body = serde_json::to_value(question).map_err(Failure::from_error)?;
        let path = format!("{}/access/v1/questions/{kind}", self.prefix);
        self.endpoint.post(&path, self.headers.clone(), &body)
    }
}
