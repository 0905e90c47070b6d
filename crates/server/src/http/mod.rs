//! HTTP: connections, and requests with their bodies read. A body is bounded in size and in time.

mod connection;
pub mod listener;
pub mod tls;

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Body;
use lanyard_api::{Answer, Api, Unread};
use tokio::time::timeout;

use connection::CLIENT_TIME;

/// The largest body that is read, in bytes.
const MOST_BYTES: usize = 1 << 20;

/// Answers one request.
async fn answer<B>(api: Arc<Api>, request: http::Request<B>) -> Answer
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (parts, body) = request.into_parts();
    let body = read_body(body).await;
    lanyard_api::answer(api, parts, body).await
}

async fn read_body<B>(body: B) -> Result<Bytes, Unread>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    if body.size_hint().lower() > MOST_BYTES as u64 {
        return Err(Unread::TooLarge(MOST_BYTES));
    }
    match timeout(CLIENT_TIME, Limited::new(body, MOST_BYTES).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(Unread::TooLarge(MOST_BYTES)),
        Ok(Err(_)) => Err(Unread::Incomplete),
        Err(_) => Err(Unread::TooSlow),
    }
}
