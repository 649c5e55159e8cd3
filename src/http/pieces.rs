//! An answer of unknown length, read from the store a piece at a time as it is sent: each piece a view of its own.

use crate::{error::Result, server::Server};
use axum::{body::Body, response::Response};
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame};
use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};
use storage::Read;

/// Reads the piece at a place; answers where the next one is.
type Step<P> = dyn Fn(&dyn Read, P) -> Result<(Vec<u8>, Option<P>)> + Send + Sync;

/// The pieces from `first` on as one body. What `step` fails with ends the connection early, so that nobody takes a part
/// for all.
pub fn answer<P: Copy + Send + Unpin + 'static>(
    server: &Server,
    first: P,
    step: impl Fn(&dyn Read, P) -> Result<(Vec<u8>, Option<P>)> + Send + Sync + 'static,
) -> Response {
    Response::new(Body::new(Pieces { server: server.clone(), step: Arc::new(step), next: Some(first), reading: None }))
}

type Reading<P> = Pin<Box<dyn Future<Output = Result<(Vec<u8>, Option<P>)>> + Send>>;

struct Pieces<P> {
    server: Server,
    step: Arc<Step<P>>,
    next: Option<P>,
    reading: Option<Reading<P>>,
}

impl<P: Copy + Send + Unpin + 'static> HttpBody for Pieces<P> {
    type Data = Bytes;
    type Error = crate::error::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        loop {
            let Some(place) = this.next else { return Poll::Ready(None) };
            let reading = this.reading.get_or_insert_with(|| {
                let (server, step) = (this.server.clone(), Arc::clone(&this.step));
                Box::pin(async move { server.read(move |view| step(view, place)).await })
            });
            let outcome = ready!(reading.as_mut().poll(cx));
            this.reading = None;
            match outcome {
                Ok((bytes, next)) => {
                    this.next = next;
                    if !bytes.is_empty() {
                        return Poll::Ready(Some(Ok(Frame::data(bytes.into()))));
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "an answer could not be read to its end");
                    this.next = None;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}
