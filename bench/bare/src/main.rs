//! The upper bound: the rate that the HTTP library by itself reaches on this machine.
//!
//! The server parses each request's JSON body into a `serde_json::Value` and answers constants: the given bodies for
//! the two reads and for AuthZEN's evaluations, nothing for the writes. It verifies, looks up and stores nothing.
//! `--http hyper` is hyper as the product uses it (http1 on tokio's threads); `--http axum` adds axum's router and
//! extractors.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Json;
use axum::extract::State;
use axum::routing::{get, post};
use bytes::Bytes;
use clap::{Parser, ValueEnum};
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A server that parses each body and answers constants.
#[derive(Parser)]
struct Args {
    /// Where to listen.
    #[arg(long)]
    listen: SocketAddr,
    /// With which library.
    #[arg(long, value_enum)]
    http: Http,
    /// File whose content answers `GET /instance/…`.
    #[arg(long)]
    instance: Option<PathBuf>,
    /// File whose content answers `GET /tags/…`.
    #[arg(long)]
    tags: Option<PathBuf>,
    /// File whose content answers `POST …/evaluation`; hyper only.
    #[arg(long)]
    evaluation: Option<PathBuf>,
    /// File whose content answers `POST …/evaluations`; hyper only.
    #[arg(long)]
    evaluations: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Http {
    Hyper,
    Axum,
}

struct Answers {
    instance: Bytes,
    tags: Bytes,
    evaluation: Bytes,
    evaluations: Bytes,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let read = |path: &Option<PathBuf>| match path {
        Some(path) => std::fs::read(path).map(Bytes::from).with_context(|| format!("cannot read `{}`", path.display())),
        None => Ok(Bytes::new()),
    };
    let answers = Arc::new(Answers {
        instance: read(&args.instance)?,
        tags: read(&args.tags)?,
        evaluation: read(&args.evaluation)?,
        evaluations: read(&args.evaluations)?,
    });
    let listener = TcpListener::bind(args.listen).await.with_context(|| format!("cannot listen on {}", args.listen))?;
    match args.http {
        Http::Hyper => serve_hyper(listener, answers).await,
        Http::Axum => serve_axum(listener, answers).await,
    }
}

async fn serve_hyper(listener: TcpListener, answers: Arc<Answers>) -> anyhow::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let answers = Arc::clone(&answers);
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(Arc::clone(&answers), request));
            // A failed connection is counted by the client.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(answers: Arc<Answers>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let path = head.uri.path();
    let (status, answer) = if head.method == Method::POST {
        match serde_json::from_slice::<Value>(&body) {
            Ok(_) if path.ends_with("/evaluation") => (StatusCode::OK, answers.evaluation.clone()),
            Ok(_) if path.ends_with("/evaluations") => (StatusCode::OK, answers.evaluations.clone()),
            Ok(_) => (StatusCode::OK, Bytes::new()),
            Err(_) => (StatusCode::BAD_REQUEST, Bytes::new()),
        }
    } else if path.starts_with("/instance/") {
        (StatusCode::OK, answers.instance.clone())
    } else if path.starts_with("/tags/") {
        (StatusCode::OK, answers.tags.clone())
    } else {
        (StatusCode::NOT_FOUND, Bytes::new())
    };
    let mut response = Response::new(Full::new(answer));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    Ok(response)
}

async fn serve_axum(listener: TcpListener, answers: Arc<Answers>) -> anyhow::Result<()> {
    use axum::serve::ListenerExt as _;
    // The tuple sets the content type as the bare hyper server does.
    let write = async |Json(_): Json<Value>| ([(header::CONTENT_TYPE, JSON)], Bytes::new());
    let router = axum::Router::new()
        .route(
            "/instance/{id}",
            get(async |State(answers): State<Arc<Answers>>| ([(header::CONTENT_TYPE, JSON)], answers.instance.clone())),
        )
        .route(
            "/tags/{arn}",
            get(async |State(answers): State<Arc<Answers>>| ([(header::CONTENT_TYPE, JSON)], answers.tags.clone()))
                .post(write),
        )
        .route("/security-profiles/{instance}/{profile}", post(write))
        .with_state(answers);
    let listener = listener.tap_io(|stream| {
        // Without it an answer may be late, never wrong.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router).await?;
    Ok(())
}
