//! Multipart forms (RFC 7578), streamed and bounded by the body's own limit.

use crate::{
    error::{Error, Result},
    http::{
        body::{self, Cut},
        params::{Fields, Params},
        typed,
        value::{File, Value},
    },
    limits,
    server::Server,
};
use axum::{
    body::Body,
    extract::{FromRequest, Request},
};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use hyper::body::{Body as HttpBody, Frame};
use multer::{Constraints, Field, Multipart, SizeLimit};
use std::{
    pin::Pin,
    string::FromUtf8Error,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
};
use storage::blob::Incoming;

/// Reads a multipart body into `fields`; its files stay in memory, bounded by the route's class, or are passed over.
pub(crate) async fn read(content_type: &str, content: Body, fields: &mut Fields, files: Files) -> Result<()> {
    let boundary = multer::parse_boundary(content_type).map_err(|error| refused(&error))?;
    let mut form = Parts::of(content, boundary, Constraints::new());
    while let Some(part) = form.next().await? {
        form.take(part, files, fields).await?;
    }
    Ok(())
}

/// What becomes of the files of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Files {
    /// They are kept, for whoever is known.
    Kept,
    /// They are read to their end and forgotten.
    Forgotten,
}

/// A form as it comes: no more of it is in memory than what was kept, and what cannot be told apart yet.
struct Parts {
    form: Multipart<'static>,
    pulled: Arc<Pulled>,
    /// Bytes of texts that there is room for.
    room: usize,
}

impl Parts {
    fn of(content: Body, boundary: String, bounds: Constraints) -> Self {
        let pulled = Arc::new(Pulled::default());
        let content = Body::new(Sparing { inner: content, pulled: Arc::clone(&pulled) });
        let form = Multipart::with_constraints(content.into_data_stream(), boundary, bounds);
        Parts { form, pulled, room: limits::BODY_BYTES }
    }

    async fn next(&mut self) -> Result<Option<Field<'static>>> {
        let part = self.form.next_field().await.map_err(|error| refused(&error))?;
        self.pulled.found();
        Ok(part)
    }

    async fn chunk(&mut self, part: &mut Field<'static>) -> Result<Option<Bytes>> {
        let chunk = part.chunk().await.map_err(|error| refused(&error))?;
        self.pulled.found();
        Ok(chunk)
    }

    async fn pass_over(&mut self, mut part: Field<'static>) -> Result<()> {
        while self.chunk(&mut part).await?.is_some() {}
        Ok(())
    }

    /// Adds a part to `fields`; all texts of a form together are as long as a form that is not multipart may be.
    async fn take(&mut self, mut part: Field<'static>, files: Files, fields: &mut Fields) -> Result<()> {
        let Some(name) = part.name().map(str::to_owned) else { return self.pass_over(part).await };
        let file_name = part.file_name().map(str::to_owned);
        if file_name.is_some() && files == Files::Forgotten {
            return self.pass_over(part).await;
        }
        let kind = part.content_type().map(ToString::to_string);
        let mut bytes = Vec::new();
        while let Some(chunk) = self.chunk(&mut part).await? {
            if file_name.is_none() {
                let left = self.room.checked_sub(chunk.len());
                self.room = left.ok_or(Error::TooLarge { limit: limits::BODY_BYTES })?;
            }
            bytes.extend_from_slice(&chunk);
        }
        // A part with a file name is a file; so is anything that is not text.
        let value = match (file_name, String::from_utf8(bytes)) {
            (None, Ok(text)) => Value::Text(text),
            (name, bytes) => {
                let bytes = bytes.map_or_else(FromUtf8Error::into_bytes, String::into_bytes);
                Value::File(File { name, content_type: kind, bytes: bytes.into() })
            }
        };
        fields.add(&name, value)
    }
}

/// How the reader of a form fares with what it was given.
#[derive(Default)]
struct Pulled {
    /// It has looked at all of it and found nothing whole.
    needs_more: AtomicBool,
    /// Bytes it was given since it found something, but for the last piece, which it may not have looked at.
    bytes: AtomicUsize,
    /// Bytes of that.
    last: AtomicUsize,
}

impl Pulled {
    fn found(&self) {
        self.needs_more.store(false, Ordering::Relaxed);
        self.bytes.store(0, Ordering::Relaxed);
        self.last.store(0, Ordering::Relaxed);
    }
}

/// A body that is read on only where the reader of a form finds nothing whole in what it has: left alone, that gathers
/// whatever there is to read, and a part whose head never ends for as long as the body lasts.
struct Sparing {
    inner: Body,
    pulled: Arc<Pulled>,
}

impl HttpBody for Sparing {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<FrameOr>> {
        let this = &mut *self;
        if !this.pulled.needs_more.swap(true, Ordering::Relaxed) {
            // It looks at what it has, and asks again at once if that is not enough.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if this.pulled.bytes.load(Ordering::Relaxed) > limits::PART_HEAD_BYTES {
            let endless = axum::Error::new(Cut::EndlessHead(limits::PART_HEAD_BYTES));
            return Poll::Ready(Some(Err(endless)));
        }
        let frame = ready!(Pin::new(&mut this.inner).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            let before = this.pulled.last.swap(frame.data_ref().map_or(0, Bytes::len), Ordering::Relaxed);
            this.pulled.bytes.fetch_add(before, Ordering::Relaxed);
            this.pulled.needs_more.store(false, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }
}

/// A piece of a body, or why there is none.
type FrameOr = std::result::Result<Frame<Bytes>, axum::Error>;

/// A form whose fields `file` went to the disk as they came, and its other parameters.
pub struct Upload {
    /// The files in order, each with the number it was received under; at most one more than `limits::ATTACHED_MAX`, by which
    /// whoever takes them sees that there are too many.
    pub files: Vec<(u64, Incoming)>,
    /// Everything else.
    pub params: Params,
}

impl FromRequest<Server> for Upload {
    type Rejection = Error;

    async fn from_request(request: Request, server: &Server) -> Result<Self> {
        gather(request, server, Files::Kept).await
    }
}

impl Upload {
    /// What was typed alone, of somebody who may send no files: those are read to their end and forgotten.
    ///
    /// # Errors
    /// As for any form.
    pub(crate) async fn typed_alone(request: Request, server: &Server) -> Result<Params> {
        Ok(gather(request, server, Files::Forgotten).await?.params)
    }
}

async fn gather(request: Request, server: &Server, files: Files) -> Result<Upload> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let Ok(boundary) = multer::parse_boundary(kind) else {
        let params = Params::from_request(request, server).await?;
        return Ok(Upload { files: Vec::new(), params });
    };
    let (parts, content) = request.into_parts();
    let sizes = SizeLimit::new()
        .per_field(limits::UPLOAD_FIELD_BYTES)
        .for_field("file", limits::PICTURE_BYTES_MAX as u64)
        .for_field("thumbnail", limits::PICTURE_BYTES_MAX as u64);
    let bounds = Constraints::new().size_limit(sizes);
    let mut form = Parts::of(content, boundary, bounds);
    let mut fields = Fields::default();
    let kept = gather_parts(&mut form, server, files, &mut fields).await;
    // Also of a form that was cut or is too large: what came of it is not lost.
    typed::keep(&parts.extensions, &fields.map);
    Ok(Upload { files: kept?, params: Params::sent(fields, parts.uri)? })
}

async fn gather_parts(
    form: &mut Parts,
    server: &Server,
    files: Files,
    fields: &mut Fields,
) -> Result<Vec<(u64, Incoming)>> {
    let mut kept = Vec::new();
    while let Some(part) = form.next().await? {
        match part.name() {
            Some("file") if kept.len() > limits::ATTACHED_MAX => form.pass_over(part).await?,
            Some("file") if files == Files::Kept => kept.push(receive(server, form, part).await?),
            Some("file") => form.pass_over(part).await?,
            // Mastodon takes one for films and sounds only; a picture is its own.
            Some("thumbnail") => form.pass_over(part).await?,
            _ => form.take(part, Files::Forgotten, fields).await?,
        }
    }
    Ok(kept)
}

/// Writes a part to the disk a step at a time.
async fn receive(server: &Server, form: &mut Parts, mut part: Field<'static>) -> Result<(u64, Incoming)> {
    let (number, files) = (server.random(), server.files().clone());
    let mut incoming = server.on_disk(move || Ok(files.receive(number)?)).await?;
    let mut gathered = Vec::new();
    loop {
        let chunk = form.chunk(&mut part).await?;
        let ended = chunk.is_none();
        gathered.extend_from_slice(chunk.as_deref().unwrap_or_default());
        if gathered.len() >= limits::RECEIVED_STEP_BYTES || ended {
            let step = std::mem::take(&mut gathered);
            let append = move || {
                incoming.append(&step)?;
                Ok(incoming)
            };
            incoming = server.on_disk(append).await?;
        }
        if ended {
            return Ok((number, incoming));
        }
    }
}

fn refused(error: &multer::Error) -> Error {
    match error {
        multer::Error::FieldSizeExceeded { limit, .. } => {
            return Error::TooLarge { limit: usize::try_from(*limit).unwrap_or(usize::MAX) };
        }
        multer::Error::StreamReadFailed(inner) => {
            if let Some(inner) = inner.downcast_ref::<axum::Error>() {
                return body::cut(inner);
            }
        }
        _ => {}
    }
    Error::invalid("body", format!("multipart form is not readable: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: &str = "multipart/form-data; boundary=x";

    fn part(head: &str, content: &str) -> String {
        format!("--x\r\ncontent-disposition: form-data; {head}\r\n\r\n{content}\r\n")
    }

    async fn fields(content: Body, files: Files) -> Result<Fields> {
        let mut fields = Fields::default();
        read(KIND, content, &mut fields, files).await?;
        Ok(fields)
    }

    #[tokio::test]
    async fn files_are_held_only_where_they_are_to_be_kept() {
        let note = part("name=\"note\"", "hi");
        let form = format!("{}{note}--x--\r\n", part("name=\"avatar\"; filename=\"a\"", "PNG"));
        for (files, held) in [(Files::Kept, Some(&b"PNG"[..])), (Files::Forgotten, None)] {
            let fields = fields(Body::from(form.clone()), files).await.expect("readable");
            assert_eq!(fields.map.str("note"), Some("hi"), "{files:?}");
            assert_eq!(fields.map.file("avatar").map(|file| &file.bytes[..]), held, "{files:?}");
        }
    }

    #[tokio::test]
    async fn texts_are_together_no_longer_than_a_form_may_be() {
        let all_but_one = part("name=\"a\"", &"a".repeat(limits::BODY_BYTES - 1));
        let form = |last: &str| Body::from(format!("{all_but_one}{}--x--\r\n", part("name=\"b\"", last)));
        let whole = fields(form("b"), Files::Forgotten).await.err();
        assert!(whole.is_none(), "{whole:?}");
        let refused = fields(form("bb"), Files::Forgotten).await.err();
        assert!(matches!(refused, Some(Error::TooLarge { limit: limits::BODY_BYTES })), "{refused:?}");
    }

    /// A body of equal pieces that counts those it gave.
    struct Pieces {
        piece: Bytes,
        left: usize,
        given: Arc<AtomicUsize>,
    }

    impl HttpBody for Pieces {
        type Data = Bytes;
        type Error = axum::Error;

        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<FrameOr>> {
            let Some(left) = self.left.checked_sub(1) else { return Poll::Ready(None) };
            self.left = left;
            self.given.fetch_add(1, Ordering::Relaxed);
            Poll::Ready(Some(Ok(Frame::data(self.piece.clone()))))
        }
    }

    #[tokio::test]
    async fn a_form_is_read_on_only_where_nothing_whole_is_there() {
        let piece = |text: &str| Bytes::copy_from_slice(text.as_bytes());
        // Neither what stands before the first part nor the head of a part goes on for ever.
        for endless in ["a".repeat(1_024), format!("--x\r\n{}", "a".repeat(1_024))] {
            let given = Arc::new(AtomicUsize::new(0));
            let pieces = Pieces { piece: piece(&endless), left: 10_000, given: Arc::clone(&given) };
            let refused = fields(Body::new(pieces), Files::Kept).await.err();
            assert!(matches!(refused, Some(Error::Invalid { field: "body", .. })), "{refused:?}");
            let given = given.load(Ordering::Relaxed);
            assert!(given <= limits::PART_HEAD_BYTES / 1_024 + 3, "{given} pieces");
        }
        // One that holds many small parts is taken apart before the next one is asked for.
        let given = Arc::new(AtomicUsize::new(0));
        let pieces = Pieces { piece: piece(&part("name=\"a\"", "b").repeat(100)), left: 50, given: Arc::clone(&given) };
        let mut form = Parts::of(Body::new(pieces), "x".to_owned(), Constraints::new());
        for _ in 0..99 {
            let part = form.next().await.expect("readable").expect("a part");
            form.pass_over(part).await.expect("readable");
        }
        // The second came while it looked for the beginning of the first.
        assert!(given.load(Ordering::Relaxed) <= 2, "{given:?}");
    }
}
