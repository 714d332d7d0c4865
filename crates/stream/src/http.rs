//! `/metrics`, `/livez` and `/readyz`. Nobody is asked who they are, so nothing here can be changed and nothing holds a word of a post.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Sleep;

use crate::lane::Common;

/// Connections at once; more wait in the kernel's queue.
const MAX_CONNECTIONS: usize = 32;

/// A connection lives no longer than this, however slowly it talks; scrapers connect again.
const LIFETIME: Duration = Duration::from_mins(1);

/// Serves until the runtime goes.
pub(crate) async fn serve(listener: TcpListener, common: Arc<Common>) -> io::Result<()> {
    let router = Router::new().route("/metrics", get(metrics)).route("/livez", get(livez)).route("/readyz", get(readyz)).with_state(common);
    axum::serve(Limited { listener, permits: Arc::new(Semaphore::new(MAX_CONNECTIONS)) }, router).await
}

async fn metrics(State(common): State<Arc<Common>>) -> impl IntoResponse {
    common.health.publish(&common.metrics);
    answer(StatusCode::OK, common.metrics.text(), "text/plain; version=0.0.4; charset=utf-8")
}

async fn livez(State(common): State<Arc<Common>>) -> impl IntoResponse {
    let (status, text) = if common.health.alive() { (StatusCode::OK, "alive\n") } else { (StatusCode::SERVICE_UNAVAILABLE, "a lane is stuck\n") };
    answer(status, text.into(), "text/plain; charset=utf-8")
}

async fn readyz(State(common): State<Arc<Common>>) -> impl IntoResponse {
    let (status, text) = match common.health.not_ready() {
        None => (StatusCode::OK, "ready\n".to_owned()),
        Some(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("{}: {}\n", reason.code(), reason.advice())),
    };
    answer(status, text.into(), "text/plain; charset=utf-8")
}

fn answer(status: StatusCode, body: Vec<u8>, kind: &'static str) -> impl IntoResponse {
    (status, [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")], body)
}

/// A listener with a bound on the number of connections and on the life of each.
struct Limited {
    listener: TcpListener,
    permits: Arc<Semaphore>,
}

impl Listener for Limited {
    type Io = Timed;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Timed, SocketAddr) {
        loop {
            // Never closed: the semaphore lives as long as the listener.
            let Ok(permit) = Arc::clone(&self.permits).acquire_owned().await else { continue };
            match self.listener.accept().await {
                Ok((stream, from)) => return (Timed { stream, end: Box::pin(tokio::time::sleep(LIFETIME)), _permit: permit }, from),
                Err(error) => {
                    tracing::warn!(%error, "connection not accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A stream that ends in time.
struct Timed {
    stream: TcpStream,
    end: Pin<Box<Sleep>>,
    _permit: OwnedSemaphorePermit,
}

impl Timed {
    fn over(&mut self, cx: &mut Context<'_>) -> bool {
        self.end.as_mut().poll(cx).is_ready()
    }
}

impl AsyncRead for Timed {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.over(cx) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Timed {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.over(cx) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
