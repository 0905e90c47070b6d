//! Questions put to a server, over AuthZEN.

use std::path::PathBuf;

use http::header::{AUTHORIZATION, HeaderValue};
use http::{HeaderMap, Uri};
use lanyard_engine::Outcome;
use serde_json::{Value, json};

use super::question::Asked;
use crate::commands::Failure;
use crate::remote::Endpoint;

/// The decision point of one instance.
pub(crate) struct Server {
    endpoint: Endpoint,
    headers: HeaderMap,
    /// What comes before the paths of the decision point.
    prefix: String,
}

/// What a server answered.
pub(crate) struct Told {
    pub(crate) outcome: Outcome,
    /// The reasons in sentences.
    pub(crate) lines: Vec<String>,
    /// The answer as it came.
    pub(crate) json: Value,
}

impl Server {
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
                .map_err(|_| Failure::Said("the token has characters that no header can carry".to_owned()))?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        // Of an ARN, what follows the last stroke is the identifier.
        let id = instance.map(|text| text.rsplit('/').next().unwrap_or(text));
        if let Some(id) = id.filter(|id| !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')) {
            return Err(Failure::Said(format!("`{id}` is not the identifier of an instance, which a server asks for")));
        }
        let prefix = id.map(|id| format!("/instances/{id}")).unwrap_or_default();
        Ok(Self { endpoint: Endpoint::new(endpoint, ca), headers, prefix })
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.endpoint.post(&format!("{}/access/v1/{path}", self.prefix), self.headers.clone(), body)
    }

    /// Asks one question. Its answer has the outcome, whichever the reading.
    pub(crate) fn evaluate(&self, asked: &Asked, explain: bool) -> Result<Told, Failure> {
        let json = self.post("evaluation", &asked.to_json("strict", explain))?;
        let context = json.get("context");
        let of_context = context.and_then(|context| context.get("outcome")).and_then(Value::as_str);
        let outcome = match (of_context, json.get("decision").and_then(Value::as_bool)) {
            (Some("undetermined"), _) => Outcome::Undetermined,
            (_, Some(true)) => Outcome::Allowed,
            (_, Some(false)) => Outcome::Denied,
            (_, None) => return Err(Failure::Said("the answer has no `decision`".to_owned())),
        };
        let mut lines = Vec::new();
        for member in ["reason", "reasons", "text", "open_points", "warnings"] {
            lines.extend(context.and_then(|context| context.get(member)).into_iter().flat_map(sentences));
        }
        Ok(Told { outcome, lines, json })
    }

    /// Who (`subject`) or which action (`action`) the answers are, in one reading: identifiers or names.
    pub(crate) fn search(&self, asked: &Asked, searched: &str, reading: &str) -> Result<Vec<String>, Failure> {
        let mut question = asked.to_json(reading, false);
        let mut found = Vec::new();
        loop {
            let answer = self.post(&format!("search/{searched}"), &question)?;
            let results = answer.get("results").and_then(Value::as_array);
            let results = results.ok_or_else(|| Failure::Said("the answer has no `results`".to_owned()))?;
            let name = |result: &Value| result.get("id").or_else(|| result.get("name"))?.as_str().map(str::to_owned);
            found.extend(results.iter().filter_map(name));
            let next = answer.pointer("/page/next_token").and_then(Value::as_str).filter(|token| !token.is_empty());
            let (Some(next), Some(members)) = (next, question.as_object_mut()) else { return Ok(found) };
            members.insert("page".to_owned(), json!({ "token": next }));
        }
    }
}

/// The sentences of a value: text as it stands, the texts of a list, what an object says of itself.
fn sentences(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => text.lines().map(str::to_owned).collect(),
        Value::Array(values) => values.iter().flat_map(sentences).collect(),
        Value::Object(members) => {
            let text = |name: &str| members.get(name).and_then(Value::as_str);
            let named = [text("name").or_else(|| text("id")), text("about").or_else(|| text("text"))];
            let said: Vec<_> = named.into_iter().flatten().collect();
            if said.is_empty() { Vec::new() } else { vec![said.join(": ")] }
        }
        _ => Vec::new(),
    }
}
