//! One connection: served until its client ends it, the client takes too long over a request, or the server stops.
//!
//! What is usual costs nothing: a request sets no timer. Instead each connection looks at itself every few seconds, and
//! is ended when it was its client's turn the whole time and nothing came of it.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::task::unconstrained;
use tokio::time::{Instant, sleep};

use lanyard_api::Answer;
use lanyard_api::Api;

/// How often a connection looks at itself.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// For how many looks a client may take over the head of a request, and then over its body: half a minute.
const LOOKS: u32 = 6;

/// How a connection gets on.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// Grows with each head of a request, each answer, and each time that something was sent.
    steps: AtomicU32,
    /// A request is being answered: the client waits.
    at_work: AtomicBool,
    /// How often the connection looked at itself.
    looks: AtomicU32,
}

impl Progress {
    fn step(&self) {
        self.steps.fetch_add(1, Ordering::Relaxed);
    }

    /// The request is there, and what takes time now is the server's doing.
    pub(super) fn begin_work(&self) {
        self.at_work.store(true, Ordering::Relaxed);
    }

    fn end_work(&self) {
        self.at_work.store(false, Ordering::Relaxed);
        self.step();
    }

    /// Waits for what a client sends, as long as a client may take; `None` after that.
    pub(super) async fn in_time<T>(&self, sent: impl Future<Output = T>) -> Option<T> {
        let mut sent = pin!(sent);
        let began = self.looks.load(Ordering::Relaxed);
        // The connection, when it looks at itself, polls what it waits for.
        poll_fn(|cx| match sent.as_mut().poll(cx) {
            Poll::Ready(sent) => Poll::Ready(Some(sent)),
            Poll::Pending if self.looks.load(Ordering::Relaxed).wrapping_sub(began) > LOOKS => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        })
        .await
    }
}

/// What a connection saw when it last looked at itself.
#[derive(Debug, Default)]
struct Look {
    steps: u32,
    /// For how many looks it has been the client's turn without a step.
    waited: u32,
}

impl Look {
    fn again(&mut self, progress: &Progress) {
        let steps = progress.steps.load(Ordering::Relaxed);
        let waits = steps == self.steps && !progress.at_work.load(Ordering::Relaxed);
        self.waited = if waits { self.waited + 1 } else { 0 };
        self.steps = steps;
        progress.looks.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether the client had its time, and there is no step since.
    fn is_over(&self, progress: &Progress) -> bool {
        self.waited >= LOOKS
            && self.steps == progress.steps.load(Ordering::Relaxed)
            && !progress.at_work.load(Ordering::Relaxed)
    }
}

/// Serves a connection. When `stop` changes, what is under way is still answered.
pub(super) async fn serve(
    server: Arc<Api>,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    stop: watch::Receiver<()>,
) {
    let answer = move |progress: Arc<Progress>, request: Request<Incoming>| {
        let server = Arc::clone(&server);
        async move { super::answer(server, &progress, request).await }
    };
    match drive(stream, stop, answer).await {
        Some(Ok(())) => {}
        Some(Err(error)) => tracing::debug!("a connection ended: {error}"),
        None => tracing::debug!("a connection was ended: its client took too long over a request"),
    }
}

/// Answers each request of a connection; `None` when its client took too long over one.
async fn drive<F: Future<Output = Answer>>(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    stop: watch::Receiver<()>,
    answer: impl Fn(Arc<Progress>, Request<Incoming>) -> F,
) -> Option<hyper::Result<()>> {
    let progress = Arc::new(Progress::default());
    let io = Watched { io: TokioIo::new(stream), progress: Arc::clone(&progress) };
    let service = service_fn(|request| {
        progress.step();
        let (answered, progress) = (answer(Arc::clone(&progress), request), Arc::clone(&progress));
        async move {
            let answer = answered.await;
            progress.end_work();
            Ok::<_, Infallible>(answer)
        }
    });
    // Answers are small: head and body go out together.
    let mut connection = pin!(http1::Builder::new().writev(false).serve_connection(io, service));

    let mut told = stop.clone();
    let mut stopping = pin!(unconstrained(async move {
        // An error: who would say so is gone.
        let _ = told.changed().await;
    }));
    let mut stopped = false;
    let mut timer = pin!(sleep(LOOK_EVERY));
    let mut look = Look::default();
    let mut waker: Option<Waker> = None;
    poll_fn(|cx| {
        // The timer and `stopping` know whom to wake; they are asked only when they have something to say.
        let is_new = !waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker()));
        if is_new {
            waker = Some(cx.waker().clone());
        }
        if !stopped && (is_new || stop.has_changed().unwrap_or(true)) && stopping.as_mut().poll(cx).is_ready() {
            stopped = true;
            connection.as_mut().graceful_shutdown();
        }
        if (is_new || timer.is_elapsed()) && poll_timer(timer.as_mut(), cx) {
            look.again(&progress);
        }
        match connection.as_mut().poll(cx) {
            Poll::Pending if look.is_over(&progress) => Poll::Ready(None),
            polled => polled.map(Some),
        }
    })
    .await
}

/// Whether it is time to look; if so, the timer is set again.
fn poll_timer(mut timer: Pin<&mut tokio::time::Sleep>, cx: &mut Context<'_>) -> bool {
    let is_time = pin!(unconstrained(timer.as_mut())).poll(cx).is_ready();
    if is_time {
        timer.as_mut().reset(Instant::now() + LOOK_EVERY);
        // Never ready now: it learns whom to wake.
        let _ = pin!(unconstrained(timer)).poll(cx);
    }
    is_time
}

/// A stream that notes when something was sent.
struct Watched<T> {
    io: TokioIo<T>,
    progress: Arc<Progress>,
}

impl<T: AsyncRead + Unpin> Read for Watched<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl<T: AsyncWrite + Unpin> Write for Watched<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, buf);
        if written.is_ready() {
            self.progress.step();
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, bufs);
        if written.is_ready() {
            self.progress.step();
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::{BodyExt, Full};
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::task::JoinHandle;

    use super::*;

    /// A connection whose requests are answered with what they sent, after a minute where they say so.
    fn connected() -> (DuplexStream, watch::Sender<()>, JoinHandle<Option<hyper::Result<()>>>) {
        let (client, stream) = duplex(1 << 16);
        let (stop, stopping) = watch::channel(());
        let echo = |progress: Arc<Progress>, request: Request<Incoming>| async move {
            let late = request.uri().path() == "/late";
            let body = progress.in_time(request.into_body().collect()).await;
            progress.begin_work();
            if late {
                sleep(Duration::from_secs(60)).await;
            }
            let body = body.map(|body| body.unwrap().to_bytes());
            Answer::new(Full::from(body.unwrap_or_else(|| "too long".into())))
        };
        (client, stop, tokio::spawn(drive(stream, stopping, echo)))
    }

    async fn send(client: &mut DuplexStream, text: &str) {
        client.write_all(text.as_bytes()).await.unwrap();
    }

    /// What comes until there is `end`, or until the connection ends.
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
        let (mut client, _stop, connection) = connected();
        let began = Instant::now();
        // One byte now and then is no progress.
        for byte in "GET / HTTP/1.1\r\nhost: h\r\nx: yyyyyyyyy".chars() {
            sleep(Duration::from_secs(2)).await;
            if client.write_all(&[byte as u8]).await.is_err() {
                break;
            }
        }
        assert!(connection.await.unwrap().is_none());
        assert!((30..=36).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_asks_nothing_more_is_left_after_half_a_minute() {
        let (mut client, _stop, connection) = connected();
        for _ in 0..5 {
            send(&mut client, WHOLE).await;
            assert!(receive(&mut client, "hi").await.starts_with("HTTP/1.1 200"));
            sleep(Duration::from_secs(25)).await;
        }
        let began = Instant::now();
        assert!(connection.await.unwrap().is_none());
        assert!((5..=10).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_come_is_answered() {
        let (mut client, _stop, _connection) = connected();
        let began = Instant::now();
        send(&mut client, WHOLE.strip_suffix("i").unwrap()).await;
        assert!(receive(&mut client, "too long").await.ends_with("too long"));
        assert!((30..=35).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_may_take_as_long_as_it_takes() {
        let (mut client, _stop, _connection) = connected();
        send(&mut client, &WHOLE.replace("POST /", "POST /late")).await;
        assert!(receive(&mut client, "hi").await.ends_with("hi"));
    }

    #[tokio::test(start_paused = true)]
    async fn stopping_ends_idle_connections_and_lets_requests_end() {
        let (mut idle, stop, connection) = connected();
        send(&mut idle, WHOLE).await;
        receive(&mut idle, "hi").await;
        sleep(Duration::from_secs(1)).await;
        stop.send(()).unwrap();
        assert!(matches!(connection.await.unwrap(), Some(Ok(()))));

        let (mut busy, stop, connection) = connected();
        send(&mut busy, &WHOLE.replace("POST /", "POST /late")).await;
        sleep(Duration::from_secs(1)).await;
        stop.send(()).unwrap();
        assert!(receive(&mut busy, "hi").await.ends_with("hi"));
        assert!(matches!(connection.await.unwrap(), Some(Ok(()))));
        stop.closed().await;
    }
}
