//! Questions to a server, over AuthZEN.

use std::path::PathBuf;

use http::header::{AUTHORIZATION, HeaderValue};
use http::{HeaderMap, Uri};
use lanyard_client::ListBound;
use lanyard_engine::{Answer, Explanation, Outcome};
use serde_json::{Value, json};

use super::question::OwnedQuestion;
use crate::failure::Failure;
use crate::instance::remote::Endpoint;

/// The decision point of one instance.
pub(crate) struct AuthzenClient {
    endpoint: Endpoint,
    headers: HeaderMap,
    /// The part of the path before `/access`.
    prefix: String,
}

impl AuthzenClient {
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

    fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.endpoint.post(&format!("{}/access/v1/{path}", self.prefix), self.headers.clone(), body)
    }

    /// Evaluates one question. The explanation has reports where the token's scopes include explanations.
    pub(crate) fn evaluate(&self, question: &OwnedQuestion) -> Result<Explanation, Failure> {
        let explained = self.post("evaluation", &question.to_json("strict", true));
        let answer = explained.or_else(|_| self.post("evaluation", &question.to_json("strict", false)))?;
        answer.get("context").and_then(explanation).ok_or_else(|| {
            Failure::Message("the answer is not that of a Lanyard server: it has no `outcome`".to_owned())
        })
    }

    /// The results of a search for subjects (`subject`) or actions (`action`) in one reading: identifiers or names.
    pub(crate) fn search(
        &self,
        question: &OwnedQuestion,
        searched: &str,
        reading: &str,
    ) -> Result<Vec<String>, Failure> {
        let mut body = question.to_json(reading, false);
        let (mut ids, mut bound) = (Vec::new(), ListBound::default());
        loop {
            let answer = self.post(&format!("search/{searched}"), &body)?;
            let results = answer.get("results").and_then(Value::as_array);
            let results = results.ok_or_else(|| Failure::Message("the answer has no `results`".to_owned()))?;
            let name = |result: &Value| result.get("id").or_else(|| result.get("name"))?.as_str().map(str::to_owned);
            ids.extend(results.iter().filter_map(name));
            let next = answer.pointer("/page/next_token").and_then(Value::as_str).filter(|token| !token.is_empty());
            bound.page(results.len(), next).map_err(Failure::from_error)?;
            let (Some(next), Some(members)) = (next, body.as_object_mut()) else { return Ok(ids) };
            members.insert("page".to_owned(), json!({ "token": next }));
        }
    }
}

/// The explanation in an answer's context.
fn explanation(context: &Value) -> Option<Explanation> {
    let member = |pointer: &str| context.pointer(pointer).cloned().unwrap_or_default();
    let codes = |pointer: &str| -> Vec<Value> {
        let list = context.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
        list.filter_map(|reason| reason.get("code").cloned()).collect()
    };
    let outcome: Outcome = serde_json::from_value(member("/outcome")).ok()?;
    let reasons = codes("/reasons");
    let answer = Answer {
        outcome,
        decision: (outcome == Outcome::Allowed).into(),
        denial: reasons.iter().find_map(|code| serde_json::from_value(code.clone()).ok()),
        open_points: reasons.iter().filter_map(|code| serde_json::from_value(code.clone()).ok()).collect(),
    };
    Some(Explanation {
        answer,
        revision: member("/revision").as_u64().unwrap_or_default(),
        reports: serde_json::from_value(member("/explanation/reports")).unwrap_or_default(),
        reasons: serde_json::from_value(member("/explanation/reasons")).unwrap_or_default(),
        advice: serde_json::from_value(member("/explanation/advice")).unwrap_or_default(),
        way: serde_json::from_value(member("/explanation/way")).unwrap_or_default(),
        warnings: codes("/warnings").into_iter().filter_map(|code| serde_json::from_value(code).ok()).collect(),
    })
}
