//! One connection: served until its client ends it, its client takes too long, or the server stops.
//!
//! Invariants:
//! - A client has half a minute for the head of each request, counted from the answer before it, and as long again to
//!   take in some of an answer that waits to be sent.
//! - An answer may take as long as it takes to make.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::Watcher;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_io_timeout::TimeoutStream;

use lanyard_api::{Answer, Api};

/// How long a client may take over a step that is its own: to send a head, to send a body, to take in what is sent.
pub(super) const CLIENT_TIME: Duration = Duration::from_secs(30);

/// Serves a connection. When the server stops, a request that is under way is still answered.
pub(super) async fn serve(api: Arc<Api>, stream: impl AsyncRead + AsyncWrite + Send + 'static, stop: Watcher) {
    let answer = move |request| super::answer(Arc::clone(&api), request);
    if let Err(error) = drive(stream, stop, answer).await {
        tracing::debug!("a connection ended: {error}");
    }
}

/// Answers each request of a connection.
async fn drive<F: Future<Output = Answer>>(
    stream: impl AsyncRead + AsyncWrite + Send + 'static,
    stop: Watcher,
    answer: impl Fn(Request<Incoming>) -> F,
) -> hyper::Result<()> {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(CLIENT_TIME));
    let service = service_fn(|request| {
        let answered = answer(request);
        async move { Ok::<_, Infallible>(answered.await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(CLIENT_TIME)
        // Answers are small: head and body go out together.
        .writev(false)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    stop.watch(connection).await
}

#[cfg(test)]
mod tests {
    use hyper_util::server::graceful::GracefulShutdown;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::task::JoinHandle;
    use tokio::time::{Instant, sleep, timeout};

    use super::super::read_body;
    use super::*;

    /// A connection whose requests are answered with their bodies, after a minute where the path is `/late`. It holds
    /// `capacity` bytes that the other side did not take in.
    fn connect(capacity: usize) -> (DuplexStream, GracefulShutdown, JoinHandle<hyper::Result<()>>) {
        let (client, stream) = duplex(capacity);
        let shutdown = GracefulShutdown::new();
        let echo = |request: Request<Incoming>| async move {
            let late = request.uri().path() == "/late";
            let body = read_body(request.into_body()).await;
            if late {
                sleep(Duration::from_secs(60)).await;
            }
            Answer::new(lanyard_api::whole(body.unwrap_or_else(|unread| format!("{unread:?}").into())))
        };
        let connection = tokio::spawn(drive(stream, shutdown.watcher(), echo));
        (client, shutdown, connection)
    }

    async fn send(client: &mut DuplexStream, text: &str) {
        client.write_all(text.as_bytes()).await.unwrap();
    }

    /// The text up to `end`, or up to the end of the connection.
    async fn receive(client: &mut DuplexStream, end: &str) -> String {
        let mut text = String::new();
        while !text.ends_with(end) {
            let mut byte = [0];
            if client.read(&mut byte).await.unwrap() == 0 {
                break;
            }
            text.push(byte[0].into());
        }
        text
    }

    const WHOLE: &str = "POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 2\r\n\r\nhi";

    #[tokio::test(start_paused = true)]
    async fn a_head_that_does_not_end_ends_the_connection() {
        let (mut client, _shutdown, connection) = connect(1 << 16);
        let began = Instant::now();
        // One byte now and then does not extend the time.
        for byte in "GET / HTTP/1.1\r\nhost: h\r\nx: yyyyyyyyy".chars() {
            sleep(Duration::from_secs(2)).await;
            if client.write_all(&[byte as u8]).await.is_err() {
                break;
            }
        }
        assert!(connection.await.unwrap().unwrap_err().is_timeout());
        assert!((30..=32).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_sends_nothing_ends_its_connection_after_half_a_minute() {
        let (_client, _shutdown, connection) = connect(1 << 16);
        let began = Instant::now();
        assert!(connection.await.unwrap().unwrap_err().is_timeout());
        assert_eq!(began.elapsed().as_secs(), 30);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_asks_nothing_more_is_left_after_half_a_minute() {
        let (mut client, _shutdown, connection) = connect(1 << 16);
        for _ in 0..5 {
            send(&mut client, WHOLE).await;
            assert!(receive(&mut client, "hi").await.starts_with("HTTP/1.1 200"));
            sleep(Duration::from_secs(25)).await;
        }
        let began = Instant::now();
        assert!(connection.await.unwrap().unwrap_err().is_timeout());
        assert_eq!(began.elapsed().as_secs(), 5);
        assert_eq!(receive(&mut client, "").await, "");
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_come_is_answered() {
        let (mut client, _shutdown, _connection) = connect(1 << 16);
        let began = Instant::now();
        send(&mut client, WHOLE.strip_suffix("i").unwrap()).await;
        assert!(receive(&mut client, "TooSlow").await.ends_with("TooSlow"));
        assert_eq!(began.elapsed().as_secs(), 30);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_may_take_as_long_as_it_takes() {
        let (mut client, _shutdown, _connection) = connect(1 << 16);
        send(&mut client, &WHOLE.replace("POST /", "POST /late")).await;
        assert!(receive(&mut client, "hi").await.ends_with("hi"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_in_no_answer_ends_its_connection_after_half_a_minute() {
        let (mut client, _shutdown, connection) = connect(64);
        send(&mut client, WHOLE).await;
        let began = Instant::now();
        assert!(connection.await.unwrap().is_err());
        assert_eq!(began.elapsed().as_secs(), 30);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_may_take_in_a_long_answer_slowly() {
        let (mut client, _shutdown, _connection) = connect(64);
        send(&mut client, WHOLE).await;
        let mut text = String::new();
        while !text.ends_with("hi") {
            sleep(Duration::from_secs(20)).await;
            let mut bytes = [0; 16];
            let count = client.read(&mut bytes).await.unwrap();
            assert_ne!(count, 0, "{text}");
            text.push_str(str::from_utf8(&bytes[..count]).unwrap());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn stopping_ends_idle_connections_and_lets_requests_end() {
        let (_fresh, shutdown, connection) = connect(1 << 16);
        sleep(Duration::from_secs(1)).await;
        timeout(Duration::from_millis(1), shutdown.shutdown()).await.unwrap();
        connection.await.unwrap().unwrap();

        let (mut idle, shutdown, connection) = connect(1 << 16);
        send(&mut idle, WHOLE).await;
        receive(&mut idle, "hi").await;
        sleep(Duration::from_secs(1)).await;
        timeout(Duration::from_millis(1), shutdown.shutdown()).await.unwrap();
        connection.await.unwrap().unwrap();

        let (mut busy, shutdown, connection) = connect(1 << 16);
        send(&mut busy, &WHOLE.replace("POST /", "POST /late")).await;
        sleep(Duration::from_secs(1)).await;
        let shutdown = tokio::spawn(shutdown.shutdown());
        assert!(receive(&mut busy, "hi").await.ends_with("hi"));
        connection.await.unwrap().unwrap();
        shutdown.await.unwrap();
    }
}
