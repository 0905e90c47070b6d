//! Members of a request by their names, as the table has them.

use lanyard_wire::{Input, Output, UriParams};
use serde_json::Value;

/// The members of a request that was read and found in order.
#[derive(Debug)]
pub(crate) struct Members {
    body: Value,
    labels: Vec<(&'static str, String)>,
}

impl Members {
    /// The members come from the request as the operation parses it, so that the two never read it differently.
    pub(crate) fn of(params: &UriParams<'_>, input: &impl Input) -> Self {
        Self {
            body: serde_json::from_slice(&input.to_body()).unwrap_or_default(),
            labels: params.iter().map(|(name, value)| (name, value.to_owned())).collect(),
        }
    }

    /// The members of the body.
    pub(crate) fn body(&self) -> &Value {
        &self.body
    }

    /// The texts at a path of names, where a name that ends in `[]` is a list.
    pub(crate) fn texts<'s>(&'s self, path: &str) -> Vec<&'s str> {
        if let Some((_, label)) = self.labels.iter().find(|(name, _)| *name == path) {
            return vec![label];
        }
        let mut values = vec![&self.body];
        for name in path.split('.') {
            values = match name.strip_suffix("[]") {
                Some(name) => values.iter().filter_map(|value| value.get(name)?.as_array()).flatten().collect(),
                None => values.iter().filter_map(|value| value.get(name)).collect(),
            };
        }
        values.iter().filter_map(|value| value.as_str()).filter(|text| !text.is_empty()).collect()
    }
}
