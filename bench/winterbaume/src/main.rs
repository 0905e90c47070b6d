//! Serves only winterbaume's Connect service over HTTP.
//!
//! winterbaume's own server links all of its services and cannot be built with one. This server does the same steps
//! for each request as its version 0.2.8 (hyper http1 on tokio's threads, headers copied, the service found by the
//! address's pattern or by the signature's scope), without its line of log per request, which only makes it faster.
//! It checks no signature, like the original.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser;
use http::{HeaderMap, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use regex::Regex;
use tokio::net::TcpListener;
use winterbaume_connect::ConnectService;
use winterbaume_core::{MockRequest, MockService};

/// winterbaume's Connect service over HTTP.
#[derive(Parser)]
struct Args {
    /// Where to listen.
    #[arg(long)]
    listen: SocketAddr,
}

struct Router {
    patterns: Vec<Regex>,
    service: ConnectService,
}

impl Router {
    fn new(service: ConnectService) -> anyhow::Result<Self> {
        let patterns = service.url_patterns().iter().map(|p| Regex::new(p)).collect::<Result<_, _>>()?;
        Ok(Self { patterns, service })
    }

    fn serves(&self, uri: &str, headers: &HeaderMap) -> bool {
        self.patterns.iter().any(|pattern| pattern.is_match(uri))
            || winterbaume_core::auth::extract_service_from_uri(uri).as_deref() == Some(self.service.service_name())
            || winterbaume_core::auth::extract_service_from_headers(headers).as_deref()
                == Some(self.service.service_name())
    }
}

async fn answer(router: Arc<Router>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let uri = format!("https://{host}{path}");
    let method = request.method().to_string();
    let headers = request.headers().clone();
    let body = request.into_body().collect().await?.to_bytes();
    if !router.serves(&uri, &headers) {
        return Ok(plain(StatusCode::NOT_FOUND));
    }
    let answer = router.service.handle(MockRequest { method, uri, headers, body }).await;
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    Ok(response.body(Full::new(answer.body)).unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR)))
}

fn plain(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let router = Arc::new(Router::new(ConnectService::new())?);
    let listener = TcpListener::bind(args.listen).await.with_context(|| format!("cannot listen on {}", args.listen))?;
    loop {
        let (stream, _) = listener.accept().await?;
        let router = Arc::clone(&router);
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(Arc::clone(&router), request));
            // A failed connection is counted by the client.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}
