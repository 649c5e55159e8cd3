//! A file as an answer: streamed in steps, in ranges, from caches (RFC 9110 §13, §14).

use crate::{limits, server::Server};
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{
        ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
        IF_NONE_MATCH, IF_RANGE, RANGE,
    },
};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};
use storage::vfs::VfsFile;

/// A file to be sent.
pub struct Sent {
    /// The open file.
    pub file: Arc<dyn VfsFile>,
    /// Its bytes.
    pub bytes: u64,
    /// Its type, by its content.
    pub mime: &'static str,
    /// What tells this content from any other, if anything does: letters, digits and hyphens.
    pub tag: Option<String>,
    /// How long it may be kept by others.
    pub kept: &'static str,
}

/// Nothing in a file may run, load or be framed, whatever it is taken for (SECURITY A2, C3).
const POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// The whole file, the part that was asked for, or the word that it is known already.
pub fn answer(server: &Server, asked: &HeaderMap, sent: &Sent) -> Response {
    let tag = sent.tag.as_ref().map(|tag| format!("\"{tag}\""));
    let mut response = match wanted(asked, tag.as_deref(), sent.bytes) {
        Wanted::Known => StatusCode::NOT_MODIFIED.into_response(),
        Wanted::Outside => {
            let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            set(&mut response, CONTENT_RANGE, &format!("bytes */{}", sent.bytes));
            response
        }
        Wanted::Part { first, last } => {
            let mut response = part(server, sent, first, last - first + 1);
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            set(&mut response, CONTENT_RANGE, &format!("bytes {first}-{last}/{}", sent.bytes));
            response
        }
        Wanted::Whole => part(server, sent, 0, sent.bytes),
    };
    if let Some(tag) = &tag {
        set(&mut response, ETAG, tag);
    }
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(sent.kept));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    response
}

fn part(server: &Server, sent: &Sent, at: u64, bytes: u64) -> Response {
    let body = Stream { server: server.clone(), file: Arc::clone(&sent.file), at, left: bytes, reading: None };
    let mut response = Response::new(Body::new(body));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(sent.mime));
    headers.insert(CONTENT_LENGTH, bytes.into());
    response
}

fn set(response: &mut Response, name: http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    Part { first: u64, last: u64 },
    Known,
    Outside,
}

/// What the conditions and the range of a request mean. One range is answered; several, or what is no range of bytes, are
/// passed over (RFC 9110 §14.2).
fn wanted(asked: &HeaderMap, tag: Option<&str>, bytes: u64) -> Wanted {
    let text = |name| asked.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let matches = |list: &str| list.split(',').any(|one| Some(one.trim().trim_start_matches("W/")) == tag);
    if text(IF_NONE_MATCH).is_some_and(matches) {
        return Wanted::Known;
    }
    let Some(range) = text(RANGE).and_then(|range| range.strip_prefix("bytes=")) else { return Wanted::Whole };
    if text(IF_RANGE).is_some_and(|condition| Some(condition) != tag) {
        return Wanted::Whole;
    }
    let Some((first, last)) = range.trim().split_once('-') else { return Wanted::Whole };
    let last_byte = bytes.saturating_sub(1);
    let (first, last) = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => (first, last.min(last_byte)),
        (Ok(first), Err(_)) if last.is_empty() => (first, last_byte),
        (Err(_), Ok(0)) if first.is_empty() => return Wanted::Outside,
        (Err(_), Ok(count)) if first.is_empty() => (bytes.saturating_sub(count), last_byte),
        _ => return Wanted::Whole,
    };
    if first >= bytes { Wanted::Outside } else { Wanted::Part { first, last } }
}

type Reading = Pin<Box<dyn Future<Output = crate::error::Result<Vec<u8>>> + Send>>;

/// Part of a file, read a step at a time as it is sent.
struct Stream {
    server: Server,
    file: Arc<dyn VfsFile>,
    at: u64,
    left: u64,
    reading: Option<Reading>,
}

impl HttpBody for Stream {
    type Data = Bytes;
    type Error = crate::error::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        if this.left == 0 {
            return Poll::Ready(None);
        }
        let reading = this.reading.get_or_insert_with(|| {
            let (server, file, at) = (this.server.clone(), Arc::clone(&this.file), this.at);
            let step = usize::try_from(this.left.min(limits::SENT_STEP_BYTES)).unwrap_or(usize::MAX);
            Box::pin(async move { server.on_disk(move || read(&*file, at, step)).await })
        });
        let outcome = ready!(reading.as_mut().poll(cx));
        this.reading = None;
        match outcome {
            Ok(bytes) => {
                this.at += bytes.len() as u64;
                this.left = this.left.saturating_sub(bytes.len() as u64);
                Poll::Ready(Some(Ok(Frame::data(bytes.into()))))
            }
            Err(error) => {
                // The head has gone out: a connection that ends early is all that can be said.
                tracing::warn!(%error, "a file could not be sent to its end");
                this.left = 0;
                Poll::Ready(Some(Err(error)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

fn read(file: &dyn VfsFile, at: u64, step: usize) -> crate::error::Result<Vec<u8>> {
    let mut bytes = vec![0; step];
    let what = || format!("read {step} bytes at {at} of a file being sent");
    let read = file.read_at(at, &mut bytes).map_err(|source| storage::Error::Io { what: what(), source })?;
    if read < step {
        let source = std::io::ErrorKind::UnexpectedEof.into();
        return Err(storage::Error::Io { what: what(), source }.into());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[(http::HeaderName, &str)]) -> Wanted {
        let headers =
            headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).expect("a value")));
        wanted(&headers.collect(), Some("\"a\""), 10)
    }

    #[test]
    fn ranges_mean_what_the_standard_says() {
        for (range, expected) in [
            ("bytes=0-3", Wanted::Part { first: 0, last: 3 }),
            ("bytes=4-", Wanted::Part { first: 4, last: 9 }),
            ("bytes=-3", Wanted::Part { first: 7, last: 9 }),
            ("bytes=-30", Wanted::Part { first: 0, last: 9 }),
            ("bytes=8-99", Wanted::Part { first: 8, last: 9 }),
            ("bytes=10-", Wanted::Outside),
            ("bytes=-0", Wanted::Outside),
            ("bytes=5-4", Wanted::Whole),
            ("bytes=0-1,3-4", Wanted::Whole),
            ("bytes=x", Wanted::Whole),
            ("lines=0-1", Wanted::Whole),
            ("bytes=18446744073709551616-", Wanted::Whole),
        ] {
            assert_eq!(of(&[(RANGE, range)]), expected, "{range}");
        }
        assert_eq!(of(&[(RANGE, "bytes=0-3"), (IF_RANGE, "\"b\"")]), Wanted::Whole);
        assert_eq!(of(&[(RANGE, "bytes=0-3"), (IF_RANGE, "\"a\"")]), Wanted::Part { first: 0, last: 3 });
    }

    #[test]
    fn known_content_is_not_sent_again() {
        for tags in ["\"a\"", "W/\"a\"", "\"b\", \"a\""] {
            assert_eq!(of(&[(IF_NONE_MATCH, tags), (RANGE, "bytes=0-3")]), Wanted::Known, "{tags}");
        }
        assert_eq!(of(&[(IF_NONE_MATCH, "\"b\"")]), Wanted::Whole);
    }
}
