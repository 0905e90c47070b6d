//! AWS's published Signature Version 4 test suite, as facts (`sigv4_vectors.json`, one case a line).
//!
//! Left out are the cases that do not normalise paths, which is S3's way, and one whose expected files contradict each other.

#![cfg(test)]

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};
use lanyard_wire::sigv4::{
    AuthFailureKind, KeyCache, RequestView, Secret, Signer, canonical_request, payload_hash, sign, string_to_sign,
    verify,
};
use serde_json::Value;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

struct Key(Secret);

impl AsRef<Secret> for Key {
    fn as_ref(&self) -> &Secret {
        &self.0
    }
}

struct Case {
    name: String,
    method: String,
    path: String,
    query: Option<String>,
    headers: HeaderMap,
    body: String,
    canonical_request: String,
    string_to_sign: String,
    authorization: String,
}

impl Case {
    fn from_json(json: &Value) -> Self {
        let text = |member: &str| json[member].as_str().unwrap().to_owned();
        let mut headers = HeaderMap::new();
        for pair in json["headers"].as_array().unwrap() {
            let name: HeaderName = pair[0].as_str().unwrap().parse().unwrap();
            // A value folded over several lines is one of several blanks, as every HTTP parser has it.
            let value = pair[1].as_str().unwrap().replace('\n', " ");
            headers.append(name, HeaderValue::from_str(&value).unwrap());
        }
        Self {
            name: text("name"),
            method: text("method"),
            path: text("path"),
            query: json["query"].as_str().map(str::to_owned),
            headers,
            body: text("body"),
            canonical_request: text("canonical_request"),
            string_to_sign: text("string_to_sign"),
            authorization: text("authorization"),
        }
    }

    fn all() -> Vec<Self> {
        let cases: Vec<Value> = serde_json::from_str(include_str!("sigv4_vectors.json")).unwrap();
        cases.iter().map(Self::from_json).collect()
    }

    fn view(&self) -> RequestView<'_> {
        RequestView {
            method: &self.method,
            raw_path: &self.path,
            raw_query: self.query.as_deref(),
            headers: &self.headers,
            body: self.body.as_bytes(),
        }
    }

    fn date(&self) -> &str {
        self.headers["x-amz-date"].to_str().unwrap()
    }

    /// The time of the case, in seconds since 1970; the suite has two.
    fn now(&self) -> i64 {
        match self.date() {
            "20150830T123600Z" => 1_440_938_160,
            "20210511T154045Z" => 1_620_747_645,
            other => panic!("a time that is new: {other}"),
        }
    }

    /// `date`, `region`, `service` of the scope.
    fn scope(&self) -> Vec<&str> {
        let (_, credential) = self.authorization.split_once("Credential=AKIDEXAMPLE/").unwrap();
        credential.split_once(',').unwrap().0.split('/').collect()
    }

    fn signed_headers(&self) -> &str {
        self.authorization.split_once("SignedHeaders=").unwrap().1.split_once(',').unwrap().0
    }

    /// One case attaches a session token after signing.
    fn has_unsigned_token(&self) -> bool {
        self.headers.contains_key("x-amz-security-token") && !self.signed_headers().contains("x-amz-security-token")
    }
}

#[test]
fn canonical_requests_and_strings_to_sign_are_as_published() {
    let cases = Case::all();
    assert_eq!(cases.len(), 32);
    for case in cases {
        let (mut canonical, mut to_sign) = (Vec::new(), Vec::new());
        let payload = payload_hash(case.body.as_bytes());
        canonical_request(&mut canonical, &case.view(), case.signed_headers(), &payload).unwrap();
        assert_eq!(str::from_utf8(&canonical).unwrap(), case.canonical_request, "{}", case.name);
        string_to_sign(&mut to_sign, case.date(), &case.scope().join("/"), &canonical);
        assert_eq!(str::from_utf8(&to_sign).unwrap(), case.string_to_sign, "{}", case.name);
    }
}

#[test]
fn signing_gives_the_published_authorization() {
    for case in Case::all() {
        let mut unsigned = case.headers.clone();
        unsigned.remove("x-amz-date");
        let token = unsigned.remove("x-amz-security-token").filter(|_| !case.has_unsigned_token());
        let secret = Secret::new(SECRET.to_owned());
        let signer = Signer {
            access_key_id: "AKIDEXAMPLE",
            secret: &secret,
            session_token: token.as_ref().map(|token| token.to_str().unwrap()),
            region: case.scope()[1],
            service: case.scope()[2],
        };
        let added = sign(&RequestView { headers: &unsigned, ..case.view() }, &signer, case.now()).unwrap();
        assert_eq!(added["authorization"], case.authorization, "{}", case.name);
        assert_eq!(added["x-amz-date"], case.date(), "{}", case.name);
    }
}

#[test]
fn published_requests_verify() {
    let key = Arc::new(Key(Secret::new(SECRET.to_owned())));
    let cache = KeyCache::new();
    for mut case in Case::all() {
        case.headers.insert("authorization", case.authorization.parse().unwrap());
        let lookup = |id: &str| (id == "AKIDEXAMPLE").then(|| Arc::clone(&key));
        let view = case.view();
        let verified = verify(&view, lookup, &cache, &["service", "lambda"], case.now());
        if case.has_unsigned_token() {
            assert_eq!(verified.err().unwrap().kind, AuthFailureKind::InvalidSignature, "{}", case.name);
        } else {
            let verified = verified.unwrap_or_else(|failure| panic!("{}: {failure}", case.name));
            assert_eq!([verified.region, verified.service], case.scope()[1..3]);
        }
    }
}
