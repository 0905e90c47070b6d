//! Client tokens, which make a repeated create give the first one's answer.

use serde::{Deserialize, Serialize};

use crate::{Id, Kind, Stored, Timestamp};

/// A client token and what the request that carried it made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClientToken {
    /// The API operation; the same token in another operation is another token.
    pub operation: String,
    /// The token, as the client sent it.
    pub token: String,
    /// A digest of the request's other members: the same token with another request is a mistake.
    pub request_digest: String,
    /// The identifier of what was made.
    pub result: Id,
    /// When; a token is forgotten some time later.
    pub time: Timestamp,
}

impl ClientToken {
    /// The identifier under which a token of an operation is kept.
    #[must_use]
    pub fn key(operation: &str, token: &str) -> Id {
        Id::new(&format!("{operation}/{token}"))
    }
}

impl Stored for ClientToken {
    const KIND: Kind = Kind::ClientToken;
    const NOUN: &'static str = "client token";

    fn id(&self) -> Id {
        Self::key(&self.operation, &self.token)
    }
}
