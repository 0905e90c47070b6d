//! Accepts connections until the server stops, and then ends them in order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;

use super::connection;
use super::tls::Tls;
use lanyard_api::Api;

/// How long a client may take over the TLS handshake.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);

/// How long requests that are under way may take to end when the server stops.
const GRACE: Duration = Duration::from_secs(10);

/// A server's listening socket, over TLS or not.
pub struct Listener {
    tcp: TcpListener,
    tls: Option<Tls>,
}

impl Listener {
    /// Listens on `address`.
    ///
    /// # Errors
    /// When the address cannot be listened on: it is in use, or not one of this machine.
    pub async fn bind(address: SocketAddr, tls: Option<Tls>) -> std::io::Result<Self> {
        Ok(Self { tcp: TcpListener::bind(address).await?, tls })
    }

    /// The address that is listened on; its port is a real one even when it was bound to 0.
    ///
    /// # Errors
    /// When the socket does not know its address.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.tcp.local_addr()
    }

    /// Serves until `stop` is ready, then lets the requests that are under way end.
    pub async fn serve(self, server: Arc<Api>, stop: impl Future<Output = ()>) {
        let shutdown = GracefulShutdown::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = self.tcp.accept() => accepted,
                () = &mut stop => break,
            };
            let stream = match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Out of file descriptors, most likely: wait for some to come back.
                    tracing::warn!("a connection could not be accepted: {error}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!("a connection keeps Nagle's algorithm: {error}");
            }
            let (server, stop, tls) = (Arc::clone(&server), shutdown.watcher(), self.tls.clone());
            tokio::spawn(async move {
                match tls {
                    None => connection::serve(server, stream, stop).await,
                    Some(tls) => match tokio::time::timeout(HANDSHAKE_TIME, tls.accept(stream)).await {
                        Ok(Ok(stream)) => connection::serve(server, stream, stop).await,
                        Ok(Err(error)) => tracing::debug!("a TLS handshake failed: {error}"),
                        Err(_) => tracing::debug!("a TLS handshake took too long"),
                    },
                }
            });
        }
        drop(self.tcp);
        if tokio::time::timeout(GRACE, shutdown.shutdown()).await.is_err() {
            tracing::warn!("requests were still under way after {} seconds", GRACE.as_secs());
        }
    }
}
