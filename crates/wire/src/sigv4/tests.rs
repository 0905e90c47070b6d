//! Signed requests that were tampered with, request by request; and secrets that must never be printed.

use std::cell::Cell;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};

use super::time::RequestTime;
use super::*;

const NOW: i64 = 1_440_938_160; // 2015-08-30T12:36:00Z
const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

#[derive(Debug)]
struct Account(Secret);

impl AsRef<Secret> for Account {
    fn as_ref(&self) -> &Secret {
        &self.0
    }
}

#[derive(Clone)]
struct Request {
    method: String,
    path: String,
    query: Option<String>,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Request {
    fn new(method: &str, path: &str, query: Option<&str>, body: &[u8]) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("localhost:4510"));
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        headers.insert("user-agent", HeaderValue::from_static("a  client"));
        let (method, path, query) = (method.into(), path.into(), query.map(str::to_owned));
        Self { method, path, query, headers, body: body.to_vec() }
    }

    fn view(&self) -> RequestView<'_> {
        RequestView {
            method: &self.method,
            raw_path: &self.path,
            raw_query: self.query.as_deref(),
            headers: &self.headers,
            body: &self.body,
        }
    }

    fn set(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        self
    }

    fn signed(mut self) -> Self {
        let added = sign(&self.view(), &signer(&Secret::new(SECRET.into())), NOW).unwrap();
        self.headers.extend(added);
        self
    }

    fn authorization(&self) -> String {
        self.headers["authorization"].to_str().unwrap().to_owned()
    }

    /// The same request with `from` replaced in its `Authorization` header.
    fn reauthorized(&self, from: &str, to: &str) -> Self {
        let (mut request, before) = (self.clone(), self.authorization());
        assert!(before.contains(from), "`{from}` in {before}");
        request.set("authorization", &before.replacen(from, to, 1));
        request
    }
}

fn signer(secret: &Secret) -> Signer<'_> {
    Signer { access_key_id: ID, secret, session_token: None, region: "us-east-1", service: "connect" }
}

/// An update like those that clients send: path, query, body, one more signed header.
fn update() -> Request {
    let mut request = Request::new("POST", "/security-profiles/i/p%20q", Some("b=2&a=1"), br#"{"Description":"x"}"#);
    request.set("x-amz-content-sha256", str::from_utf8(&payload_hash(&request.body)).unwrap());
    request.set("x-amz-user-agent", "aws-sdk-js/3");
    request
}

fn check_at(request: &Request, now: i64) -> Result<(), AuthFailure> {
    let known = Arc::new(Account(Secret::new(SECRET.into())));
    let lookup = |id: &str| (id == ID).then(|| Arc::clone(&known));
    let cache = KeyCache::new();
    let cold = verify(&request.view(), lookup, &cache, &["connect"], now).map(|verified| {
        assert_eq!((verified.access_key_id, verified.region, verified.service), (ID, "us-east-1", "connect"));
        assert!(Arc::ptr_eq(&verified.key, &known));
    });
    let warm = verify(&request.view(), lookup, &cache, &["connect"], now).map(|_| ());
    assert_eq!(cold, warm, "a cached key decides as a derived one does");
    cold
}

fn failure(request: &Request) -> AuthFailure {
    check_at(request, NOW).unwrap_err()
}

/// Asserts the kind and a part of the message; no message may hold anything secret.
#[track_caller]
fn refused(request: &Request, kind: AuthFailureKind, part: &str) {
    let failure = failure(request);
    assert_eq!(failure.kind, kind, "{failure}");
    assert!(failure.message.contains(part), "{failure}");
    let signature = request.headers.get("authorization").and_then(|value| value.to_str().ok()?.rsplit('=').next());
    assert!(!failure.message.contains(SECRET));
    assert!(
        signature.is_none_or(|signature| signature.is_empty() || !failure.message.contains(signature)),
        "{failure}"
    );
}

use AuthFailureKind::{IncompleteSignature, InvalidSignature, MissingAuthenticationToken, UnrecognizedClient};
const MISMATCH: &str = "The request signature we calculated does not match the signature you provided.";

#[test]
fn what_is_signed_verifies() {
    check_at(&update().signed(), NOW).unwrap();
    check_at(&Request::new("GET", "/", None, b"").signed(), NOW).unwrap();
}

#[test]
fn a_changed_request_is_refused() {
    let signed = update().signed();
    let changed = |change: fn(&mut Request)| {
        let mut request = signed.clone();
        change(&mut request);
        request
    };
    for request in [
        changed(|r| r.method = "PUT".into()),
        changed(|r| r.path = "/security-profiles/i/p%20r".into()),
        changed(|r| r.path = "/security-profiles/i/p q".into()),
        changed(|r| r.path = "/security-profiles/i/p%20q/".into()),
        changed(|r| r.query = None),
        changed(|r| r.query = Some("b=2&a=2".into())),
        changed(|r| r.query = Some("b=2&a=1&c".into())),
        changed(|r| {
            let _ = r.set("host", "localhost:4511");
        }),
        changed(|r| {
            let _ = r.set("content-type", "text/plain");
        }),
        changed(|r| {
            let _ = r.set("x-amz-user-agent", "aws-sdk-js/4");
        }),
        changed(|r| {
            let _ = r.headers.append("content-type", HeaderValue::from_static("application/json"));
        }),
        changed(|r| {
            let _ = r.set("x-amz-date", "20150830T123601Z");
        }),
    ] {
        refused(&request, InvalidSignature, MISMATCH);
    }
    refused(&changed(|r| r.body.push(b' ')), InvalidSignature, "'x-amz-content-sha256' header does not match");
    refused(
        &changed(|r| {
            let _ = r.headers.remove("content-type");
        }),
        InvalidSignature,
        "not in the request",
    );
    let mut without_hash = Request::new("POST", "/", None, b"{}").signed();
    without_hash.body = b"[]".to_vec();
    refused(&without_hash, InvalidSignature, MISMATCH);
}

#[test]
fn a_stated_payload_hash_must_be_the_bodys_even_if_signed() {
    for stated in ["UNSIGNED-PAYLOAD", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", ""] {
        let mut request = update();
        request.set("x-amz-content-sha256", stated);
        refused(&request.signed(), InvalidSignature, "x-amz-content-sha256");
    }
}

#[test]
fn what_does_not_change_the_meaning_verifies() {
    let mut request = update().signed();
    request.query = Some("a=%31&&b=2".into());
    request.set("content-type", "  application/json ");
    request.set("user-agent", "another");
    request.set("x-amzn-trace-id", "Root=1");
    check_at(&request, NOW).unwrap();
    let spaced = update().signed();
    for (from, to) in
        [(", ", ","), (", ", "  ,\t "), ("Credential=", "Credential = "), ("AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256   ")]
    {
        check_at(&spaced.reauthorized(from, to), NOW).unwrap();
    }
}

#[test]
fn every_character_of_the_signature_counts() {
    let signed = update().signed();
    let authorization = signed.authorization();
    for position in authorization.len() - 64..authorization.len() {
        let mut forged = authorization.clone().into_bytes();
        forged[position] = if forged[position] == b'0' { b'1' } else { b'0' };
        let mut request = signed.clone();
        request.set("authorization", str::from_utf8(&forged).unwrap());
        refused(&request, InvalidSignature, MISMATCH);
    }
    let mut request = signed;
    request.set("authorization", &authorization[..authorization.len() - 1]);
    refused(&request, InvalidSignature, MISMATCH);
    request.set("authorization", &authorization[..authorization.len() - 64]);
    refused(&request, InvalidSignature, MISMATCH);
}

#[test]
fn the_scope_must_be_ours() {
    let signed = update().signed();
    for (from, to, part) in [
        ("20150830/", "20150829/", "Date in Credential scope does not match YYYYMMDD"),
        ("/connect/", "/s3/", "Credential should be scoped to correct service: 'connect'."),
        ("aws4_request", "aws5_request", "valid terminator: 'aws4_request'"),
        ("us-east-1", "US_EAST", "valid region"),
        ("us-east-1", "", "valid region"),
        ("us-east-1", "eu-west-2", MISMATCH),
    ] {
        refused(&signed.reauthorized(from, to), InvalidSignature, part);
    }
    for (from, to) in [("us-east-1/", ""), ("aws4_request", "aws4_request/x"), (ID, "AKID/EXAMPLE")] {
        refused(&signed.reauthorized(from, to), IncompleteSignature, "exactly 5 slash-delimited elements");
    }
}

#[test]
fn an_unknown_key_is_said_to_be_one() {
    let other = update().signed().reauthorized(ID, "AKIDOTHER");
    refused(&other, UnrecognizedClient, "The security token included in the request is invalid.");
}

#[test]
fn a_signature_must_be_complete() {
    let signed = update().signed();
    let mut without = signed.clone();
    without.headers.remove("authorization");
    refused(&without, MissingAuthenticationToken, "Missing Authentication Token");
    for scheme in ["Basic dGVzdDp0ZXN0", "Bearer abc", ""] {
        without.set("authorization", scheme);
        refused(&without, MissingAuthenticationToken, "Missing Authentication Token");
    }
    refused(&signed.reauthorized("SHA256", "SHA512"), IncompleteSignature, "Unsupported AWS 'algorithm'");
    refused(&signed.reauthorized("AWS4-HMAC-SHA256", "AWS"), IncompleteSignature, "Unsupported AWS 'algorithm'");
    refused(&signed.reauthorized("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256,"), IncompleteSignature, "algorithm");
    for name in ["Credential", "SignedHeaders", "Signature"] {
        let part = format!("Authorization header requires '{name}' parameter.");
        refused(&signed.reauthorized(&format!("{name}="), "Other="), IncompleteSignature, &part);
        refused(&signed.reauthorized(&format!("{name}="), name), IncompleteSignature, "missing equal-sign");
    }
    refused(&signed.reauthorized("Signature=", "Signature=0, Signature="), IncompleteSignature, "twice");
    let mut two = signed.clone();
    two.headers.append("authorization", HeaderValue::from_static("AWS4-HMAC-SHA256"));
    refused(&two, IncompleteSignature, "more than one");
    let mut latin = signed;
    latin.headers.insert("authorization", HeaderValue::from_bytes(b"AWS4-HMAC-SHA256 \xe9").unwrap());
    refused(&latin, IncompleteSignature, "printable ASCII");
}

#[test]
fn host_and_every_amz_header_must_be_signed() {
    let signed = update().signed();
    refused(&signed.reauthorized(";host", ""), InvalidSignature, "'Host' or ':authority' must be a 'SignedHeader'");
    for name in ["x-amz-content-sha256", "x-amz-date", "x-amz-user-agent"] {
        let part = format!("'{name}' must be a 'SignedHeader'");
        refused(&signed.reauthorized(&format!(";{name}"), ""), InvalidSignature, &part);
    }
    let mut added = signed.clone();
    added.set("x-amz-security-token", "smuggled");
    refused(&added, InvalidSignature, "'x-amz-security-token' must be a 'SignedHeader'");
    for (from, to) in [("content-type;host", "host;content-type"), ("host;", "host;host;"), (";host;", ";host;;")] {
        refused(&signed.reauthorized(from, to), InvalidSignature, "'SignedHeaders' must be in ascending order");
    }
    let many: String = (0..1000).map(|n| format!("x{n:04};")).collect();
    refused(&signed.reauthorized("x-amz-user-agent,", &format!("{many}y,")), InvalidSignature, "'SignedHeader'");
}

#[test]
fn a_signed_session_token_is_accepted() {
    let mut request = update();
    let secret = Secret::new(SECRET.into());
    let added = sign(&request.view(), &Signer { session_token: Some("any/token=="), ..signer(&secret) }, NOW).unwrap();
    assert_eq!(added["x-amz-security-token"], "any/token==");
    request.headers.extend(added);
    check_at(&request, NOW).unwrap();
    request.set("x-amz-security-token", "another");
    refused(&request, InvalidSignature, MISMATCH);
}

#[test]
fn presigned_requests_are_refused() {
    for query in ["X-Amz-Signature=0", "a=1&X-Amz-Algorithm=AWS4-HMAC-SHA256", "x-amz-signature"] {
        let request = Request::new("GET", "/", Some(query), b"");
        refused(&request, IncompleteSignature, "Presigned requests are not supported");
        refused(&request.signed(), IncompleteSignature, "Presigned requests are not supported");
    }
}

#[test]
fn a_request_is_good_for_fifteen_minutes_either_way() {
    let signed = update().signed();
    for skew in [-900, 0, 900] {
        check_at(&signed, NOW + skew).unwrap();
    }
    let expired = check_at(&signed, NOW + 901).unwrap_err();
    assert_eq!(expired.kind, InvalidSignature);
    assert_eq!(
        expired.message,
        "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T125101Z - 15 min.)"
    );
    let early = check_at(&signed, NOW - 901).unwrap_err();
    assert_eq!(early.kind, InvalidSignature);
    assert_eq!(
        early.message,
        "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T122059Z + 15 min.)"
    );
    for now in [i64::MIN, 0, i64::MAX] {
        assert_eq!(check_at(&signed, now).unwrap_err().kind, InvalidSignature);
    }
}

#[test]
fn the_date_must_be_readable() {
    let signed = update().signed();
    let mut request = signed;
    for date in
        ["", "2015-08-30T12:36:00Z", "20150830T123600", "20150230T123600Z", "20150830T243600Z", "2015083xT123600Z"]
    {
        request.set("x-amz-date", date);
        refused(&request, IncompleteSignature, "ISO-8601");
    }
    request.headers.remove("x-amz-date");
    refused(&request, IncompleteSignature, "existence of either a 'X-Amz-Date' or a 'Date' header");
}

#[test]
fn a_date_header_will_do() {
    for date in [
        "Sun, 30 Aug 2015 12:36:00 GMT",
        "Sun, 30 Aug 2015 12:36:00 -0000",
        "Sun, 30 Aug 2015 12:36:00 +0000",
        "20150830T123600Z",
    ] {
        let mut request = Request::new("GET", "/", None, b"");
        request.set("date", date);
        let (mut canonical, mut to_sign) = (Vec::new(), Vec::new());
        canonical_request(&mut canonical, &request.view(), "date;host", &payload_hash(b"")).unwrap();
        string_to_sign(&mut to_sign, "20150830T123600Z", "20150830/us-east-1/connect/aws4_request", &canonical);
        let key = SigningKey::derive(&Secret::new(SECRET.into()), "20150830", "us-east-1", "connect");
        let signature = key.signature(&to_sign);
        request.set(
            "authorization",
            &format!(
                "AWS4-HMAC-SHA256 Credential={ID}/20150830/us-east-1/connect/aws4_request, SignedHeaders=date;host, Signature={}",
                str::from_utf8(&signature).unwrap()
            ),
        );
        check_at(&request, NOW).unwrap();
    }
    for date in [
        "Sun, 30 Aug 2015 12:36:00 CEST",
        "Sun, 30 Aug 2015 12:36 GMT",
        "Sun, 31 Feb 2015 12:36:00 GMT",
        "Sun, 30 aug 2015 12:36:00 GMT",
        "Sun, +1 Aug 2015 12:36:00 GMT",
        "Sun, 30 Aug 99999 12:36:00 GMT",
        "Sun, 99999999999999999999 Aug 2015 12:36:00 GMT",
        "yesterday",
    ] {
        assert_eq!(RequestTime::from_date_header(date), None, "{date}");
    }
}

#[test]
fn times_are_read_and_written_alike() {
    for (epoch, text) in [
        (0, "19700101T000000Z"),
        (NOW, "20150830T123600Z"),
        (951_827_696, "20000229T123456Z"),
        (253_402_300_799, "99991231T235959Z"),
        (-62_167_219_200, "00000101T000000Z"),
    ] {
        assert_eq!(RequestTime::from_epoch(epoch).as_str(), text);
        assert_eq!(RequestTime::from_basic(text).unwrap().epoch, epoch);
    }
    for day in (0..200_000).step_by(7) {
        let time = RequestTime::from_epoch(day * 86_400 + day % 86_400);
        assert_eq!(RequestTime::from_basic(time.as_str()), Some(time));
    }
}

#[test]
fn a_key_that_was_replaced_is_not_used_from_the_cache() {
    let cache = KeyCache::new();
    let signed = update().signed();
    let account = |secret: &str| Arc::new(Account(Secret::new(secret.into())));
    let (former, present) = (account(SECRET), account("another"));
    verify(&signed.view(), |_| Some(Arc::clone(&former)), &cache, &["connect"], NOW).unwrap();
    let refused = verify(&signed.view(), |_| Some(Arc::clone(&present)), &cache, &["connect"], NOW).unwrap_err();
    assert_eq!(refused.kind, InvalidSignature);
    verify(&signed.view(), |_| Some(Arc::clone(&former)), &cache, &["connect"], NOW).unwrap();
}

#[test]
fn the_cache_is_bounded_and_only_right_signatures_enter() {
    let cache = KeyCache::<Account>::new();
    let known = Arc::new(Account(Secret::new(SECRET.into())));
    let lookups = Cell::new(0);
    let lookup = |_: &str| {
        lookups.set(lookups.get() + 1);
        Some(Arc::clone(&known))
    };
    let forged = update().signed().reauthorized("us-east-1", "eu-west-2");
    verify(&forged.view(), lookup, &cache, &["connect"], NOW).unwrap_err();
    assert_eq!(cache.len(), 0);
    for region in 0..=KeyCache::<Account>::CAPACITY {
        let mut request = Request::new("GET", "/", None, b"");
        let secret = Secret::new(SECRET.into());
        let signer = Signer { region: &format!("r{region}"), ..signer(&secret) };
        request.headers.extend(sign(&request.view(), &signer, NOW).unwrap());
        verify(&request.view(), lookup, &cache, &["connect"], NOW).unwrap();
        assert!(cache.len() <= KeyCache::<Account>::CAPACITY);
    }
    assert_eq!(cache.len(), 1);
    assert_eq!(lookups.get(), KeyCache::<Account>::CAPACITY + 2);
}

#[test]
fn signing_needs_a_host_and_header_text() {
    let secret = Secret::new(SECRET.into());
    let mut request = update();
    for signer in [
        Signer { session_token: Some("a\nb"), ..signer(&secret) },
        Signer { access_key_id: "a\nb", ..signer(&secret) },
        Signer { region: "a\0b", ..signer(&secret) },
    ] {
        assert_eq!(sign(&request.view(), &signer, NOW).unwrap_err(), SignError::NotHeaderText);
    }
    request.headers.remove("host");
    assert_eq!(sign(&request.view(), &signer(&secret), NOW).unwrap_err(), SignError::NoHost);
}

#[test]
fn nothing_prints_a_secret() {
    let secret = Secret::new(SECRET.into());
    let derived = SigningKey::derive(&secret, "20150830", "us-east-1", "connect");
    let printed = format!("{secret:?} {:?} {derived:?} {:?}", signer(&secret), KeyCache::<Account>::new());
    assert!(!printed.contains("wJalr") && !printed.contains("MDENG"), "{printed}");
    assert_eq!(format!("{secret:?}"), "Secret(<redacted>)");
    assert!(secret == Secret::new(SECRET.into()) && secret != Secret::new("other".into()));
}

/// Random numbers that are the same in every run (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }

    fn text(&mut self, alphabet: &str, longest: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..self.below(longest + 1)).map(|_| alphabet[self.below(alphabet.len())]).collect()
    }
}

#[test]
fn whatever_is_signed_verifies_and_any_other_body_path_or_query_does_not() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for round in 0..2000 {
        let path = format!("/{}", random.text("ab/.%2F:@ ~ü+=", 24));
        let query = (random.below(3) > 0).then(|| random.text("ab&=%20+-_é", 24));
        let body = random.text("{}\":, x", 40);
        let method = ["GET", "POST", "PUT", "DELETE"][random.below(4)];
        let mut request = Request::new(method, &path, query.as_deref(), body.as_bytes());
        for name in ["x-amz-target", "accept", "amz-sdk-request", "x-custom"] {
            for _ in 0..random.below(3) {
                let value = HeaderValue::from_str(&random.text("ab ,;=", 12)).unwrap();
                request.headers.append(HeaderName::from_static(name), value);
            }
        }
        let signed = request.signed();
        assert_eq!(check_at(&signed, NOW), Ok(()), "round {round}: {path} {query:?}");

        let mut other = signed.clone();
        other.body.push(b'x');
        refused(&other, InvalidSignature, MISMATCH);
        let mut other = signed.clone();
        other.path.push('x');
        refused(&other, InvalidSignature, MISMATCH);
        let mut other = signed.clone();
        other.query = Some(format!("{}&zz=1", query.unwrap_or_default()));
        refused(&other, InvalidSignature, MISMATCH);
    }
}

/// Run by itself: `cargo test --release -p lanyard-wire --lib -- --ignored --nocapture nanoseconds`.
#[test]
#[ignore = "a measurement, not a test"]
fn nanoseconds_per_verification() {
    let known = Arc::new(Account(Secret::new(SECRET.into())));
    let cache = KeyCache::new();
    let mut read = Request::new("GET", "/instance/aa5f3b3e-0000-4000-8000-000000000001", None, b"");
    read.set("accept-encoding", "identity").set("amz-sdk-invocation-id", "aa5f3b3e-0000-4000-8000-000000000002");
    read.set("amz-sdk-request", "attempt=1");
    let read = read.signed();
    let write = update().signed();
    for (name, request) in [("read", read), ("write", write)] {
        let begun = std::time::Instant::now();
        for _ in 0..1_000_000 {
            let view = std::hint::black_box(request.view());
            verify(&view, |_| Some(Arc::clone(&known)), &cache, &["connect"], NOW).unwrap();
        }
        println!("{name}: {} ns", begun.elapsed().as_nanos() / 1_000_000);
    }
}
