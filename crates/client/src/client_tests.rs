//! Calls against a server with prepared answers, over real connections.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::{Client, Credentials, Endpoint, Environment, Fault, Options, Retry, Settings, Source};
use lanyard_wire::shapes::{
    DescribeSecurityProfileRequest, ListUsersRequest, TagResourceRequest, UpdateSecurityProfileRequest,
};
use lanyard_wire::sigv4::Secret;
use lanyard_wire::{ErrorKind, Operation};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A clock that moves by itself, and no spreading of retries.
#[derive(Default)]
struct Still(AtomicI64);

impl Environment for Still {
    fn now(&self) -> i64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }

    fn random(&self) -> f64 {
        0.0
    }
}

/// The requests that the server received: their lines with their bodies, and how many connections there were.
#[derive(Default)]
struct Seen {
    requests: Vec<String>,
    connections: usize,
}

/// An answer: status, error type, body. Status 0 closes the connection instead.
type Scripted = (u16, &'static str, &'static str);

async fn serve(listener: TcpListener, mut script: std::vec::IntoIter<Scripted>, seen: Arc<Mutex<Seen>>) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        seen.lock().unwrap().connections += 1;
        while let Some(request) = read(&mut stream).await {
            assert!(
                request.to_ascii_lowercase().contains("authorization: aws4-hmac-sha256 credential=test/"),
                "{request}"
            );
            let line = request.lines().next().unwrap_or_default().to_owned();
            let body = request.split("\r\n\r\n").nth(1).unwrap_or_default();
            seen.lock().unwrap().requests.push(format!("{line} {body}"));
            let Some((status, kind, body)) = script.next() else { return };
            if status == 0 {
                break;
            }
            let answer = format!(
                "HTTP/1.1 {status} X\r\nx-amzn-requestid: r-1\r\nx-amzn-errortype: {kind}\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut text = Vec::new();
    loop {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await.ok().filter(|count| *count > 0)?;
        text.extend_from_slice(buffer.get(..count).unwrap_or_default());
        let so_far = String::from_utf8_lossy(&text).into_owned();
        let Some((head, body)) = so_far.split_once("\r\n\r\n") else { continue };
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0) {
            return Some(so_far);
        }
    }
}

async fn against(script: Vec<Scripted>) -> (Client, Arc<Mutex<Seen>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = Endpoint::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let seen = Arc::new(Mutex::new(Seen::default()));
    tokio::spawn(serve(listener, script.into_iter(), Arc::clone(&seen)));
    let credentials = Credentials {
        access_key_id: "test".into(),
        secret: Secret::new("test".into()),
        session_token: None,
        expires: None,
    };
    let settings = Settings { endpoint, region: "eu-west-2".into(), source: Source::Fixed(credentials) };
    let retry = Retry { attempts: 4, base: Duration::from_millis(1), longest: Duration::from_millis(1) };
    let options = Options { rate: Some(1_000.0), retry, environment: Arc::new(Still::default()) };
    (Client::new(settings, options).unwrap(), seen)
}

fn describe() -> DescribeSecurityProfileRequest {
    DescribeSecurityProfileRequest { instance_id: "i".into(), security_profile_id: "p".into() }
}

fn update() -> UpdateSecurityProfileRequest {
    UpdateSecurityProfileRequest { instance_id: "i".into(), security_profile_id: "p".into(), ..Default::default() }
}

const OK: Scripted = (200, "", r#"{"SecurityProfile":{"Id":"p","SecurityProfileName":"Agents"}}"#);
const BUSY: Scripted = (429, "ThrottlingException", r#"{"Message":"rate exceeded"}"#);
const BROKEN: Scripted = (500, "InternalServiceException", r#"{"Message":"…"}"#);
const CLOSED: Scripted = (0, "", "");

#[tokio::test]
async fn a_call_is_typed_and_connections_are_used_again() {
    let (client, seen) = against(vec![OK, OK]).await;
    for _ in 0..2 {
        let answer = client.describe_security_profile(&describe()).await.unwrap();
        let name = answer.security_profile.and_then(|profile| profile.security_profile_name);
        assert_eq!(name.as_deref(), Some("Agents"));
    }
    let seen = seen.lock().unwrap();
    assert_eq!(seen.requests, ["GET /security-profiles/i/p HTTP/1.1 "; 2]);
    assert_eq!(seen.connections, 1);
    assert_eq!(client.sent().get(&Operation::DescribeSecurityProfile), Some(&2));
}

#[tokio::test]
async fn what_only_reads_is_sent_again() {
    let (client, seen) = against(vec![BROKEN, CLOSED, BUSY, OK]).await;
    assert!(client.describe_security_profile(&describe()).await.is_ok());
    assert_eq!(seen.lock().unwrap().requests.len(), 4);
}

#[tokio::test]
async fn what_changes_something_is_sent_again_only_when_it_was_not_done() {
    let (client, seen) = against(vec![BUSY, BUSY, BROKEN, OK]).await;
    let error = client.update_security_profile(&update()).await.unwrap_err();
    assert_eq!((error.kind(), error.fault()), (Some(ErrorKind::InternalServiceException), Fault::Refused));
    assert!(error.may_have_happened());
    assert_eq!(error.request_id(), Some("r-1"));
    assert_eq!(seen.lock().unwrap().requests.len(), 3);
    let (client, seen) = against(vec![CLOSED, OK]).await;
    let error = client.update_security_profile(&update()).await.unwrap_err();
    assert!(error.may_have_happened() && error.fault() == Fault::NoAnswer, "{error}");
    assert_eq!(seen.lock().unwrap().requests.len(), 1);
}

#[tokio::test]
async fn a_throttled_client_goes_slower() {
    let (client, _) = against(vec![BUSY; 4]).await;
    let error = client.update_security_profile(&update()).await.unwrap_err();
    assert!(error.is_throttling() && !error.may_have_happened());
    assert!(error.to_string().ends_with("(ThrottlingException, request r-1); it was sent 4 times"), "{error}");
    assert_eq!(client.rate(), Some(500.0));
}

#[tokio::test]
async fn pages_follow_tokens_until_there_is_none() {
    let first = (200, "", r#"{"UserSummaryList":[{"Id":"1"},{"Id":"2"}],"NextToken":"a/b"}"#);
    let empty = (200, "", r#"{"UserSummaryList":[],"NextToken":"c"}"#);
    let last = (200, "", r#"{"UserSummaryList":[{"Id":"3"}]}"#);
    let (client, seen) = against(vec![first, empty, last]).await;
    let mut pages =
        client.pages(ListUsersRequest { instance_id: "i".into(), max_results: Some(2), ..Default::default() });
    let mut sizes = Vec::new();
    while let Some(users) = pages.next_page().await.unwrap() {
        sizes.push(users.len());
    }
    assert_eq!(sizes, [2, 0, 1]);
    assert!(pages.next_page().await.unwrap().is_none());
    let seen = seen.lock().unwrap();
    assert_eq!(seen.requests[0], "GET /users-summary/i?maxResults=2 HTTP/1.1 ");
    assert_eq!(seen.requests[1], "GET /users-summary/i?nextToken=a%2Fb&maxResults=2 HTTP/1.1 ");
}

#[tokio::test]
async fn a_list_that_repeats_itself_is_an_error() {
    let page = (200, "", r#"{"UserSummaryList":[{"Id":"1"}],"NextToken":"a"}"#);
    let (client, seen) = against(vec![page; 9]).await;
    let pages = client.pages(ListUsersRequest { instance_id: "i".into(), ..Default::default() });
    let error = pages.collect().await.unwrap_err();
    assert!(error.to_string().starts_with("ListUsers: the list does not end: after 2 pages"), "{error}");
    assert_eq!(seen.lock().unwrap().requests.len(), 2);
}

#[tokio::test]
async fn nothing_is_sent_without_an_identifier() {
    let (client, seen) = against(vec![OK]).await;
    let nameless = DescribeSecurityProfileRequest { instance_id: "i".into(), security_profile_id: String::new() };
    assert_eq!(client.describe_security_profile(&nameless).await.unwrap_err().fault(), Fault::NotSent);
    let dots = TagResourceRequest { resource_arn: "..".into(), ..Default::default() };
    assert_eq!(client.tag_resource(&dots).await.unwrap_err().fault(), Fault::NotSent);
    assert!(seen.lock().unwrap().requests.is_empty());
}
