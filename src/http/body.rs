//! Request bodies: at most so many bytes, at least so many a second (SECURITY E1).

use crate::{
    error::{Error, Result},
    limits,
};
use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use std::{
    error, fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Instant, Sleep};

/// A body from a socket within its bounds.
pub struct Bounded {
    inner: Incoming,
    limit: usize,
    received: usize,
    began: Instant,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Bounded {
    /// Bounds `inner` to `limit` bytes.
    #[must_use]
    pub fn new(inner: Incoming, limit: usize) -> Self {
        Bounded { inner, limit, received: 0, began: Instant::now(), alarm: None }
    }

    /// When the bytes received so far are too few.
    fn due(&self) -> Instant {
        let earned = self.received as u64 / limits::BODY_BYTES_PER_SECOND;
        self.began + Duration::from_secs(limits::BODY_GRACE_SECONDS + earned)
    }
}

/// Why a body was cut off.
#[derive(Debug)]
pub enum Cut {
    /// More bytes than allowed.
    TooLarge(usize),
    /// Fewer bytes a second than asked.
    TooSlow,
    /// More bytes before a part of a form, or of its head, than allowed.
    EndlessHead(usize),
    /// The connection failed, or its framing was wrong.
    Broken(hyper::Error),
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cut::TooLarge(limit) => write!(f, "body is larger than {limit} bytes"),
            Cut::TooSlow => f.write_str("body came too slowly"),
            Cut::EndlessHead(limit) => write!(f, "the head of a part is larger than {limit} bytes"),
            Cut::Broken(error) => error.fmt(f),
        }
    }
}

impl error::Error for Cut {}

impl HttpBody for Bounded {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(cx) {
            let Some(frame) = frame else { return Poll::Ready(None) };
            let frame = frame.map_err(Cut::Broken)?;
            this.received = this.received.saturating_add(frame.data_ref().map_or(0, Bytes::len));
            if this.received > this.limit {
                return Poll::Ready(Some(Err(Cut::TooLarge(this.limit))));
            }
            return Poll::Ready(Some(Ok(frame)));
        }
        let due = this.due();
        let alarm = this.alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(due)));
        if alarm.deadline() != due {
            alarm.as_mut().reset(due);
        }
        ready!(alarm.as_mut().poll(cx));
        Poll::Ready(Some(Err(Cut::TooSlow)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// The whole body, already bounded by its route's class.
///
/// # Errors
/// `TooLarge`; `Invalid` for a body that came too slowly or was cut off by its sender.
pub async fn read(body: Body) -> Result<Bytes> {
    Ok(body.collect().await.map_err(|error| cut(&error))?.to_bytes())
}

/// The failure behind an error of a body.
#[must_use]
pub fn cut(error: &axum::Error) -> Error {
    let mut cause: Option<&(dyn error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        match error.downcast_ref() {
            Some(Cut::TooLarge(limit)) => return Error::TooLarge { limit: *limit },
            Some(cut) => return Error::invalid("body", cut.to_string()),
            None => cause = error.source(),
        }
    }
    Error::invalid("body", "body could not be read")
}
