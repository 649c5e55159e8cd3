//! Multipart forms (RFC 7578), streamed and bounded by the body's own limit.

use crate::{
    error::{Error, Result},
    http::{
        body,
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
use http::header::CONTENT_TYPE;
use multer::{Constraints, Field, Multipart, SizeLimit};
use storage::blob::Incoming;

/// Reads a multipart body into `fields`; files stay in memory, bounded by the route's class.
pub(crate) async fn read(content_type: &str, content: Body, fields: &mut Fields) -> Result<()> {
    let boundary = multer::parse_boundary(content_type).map_err(|error| refused(&error))?;
    let mut form = Multipart::new(content.into_data_stream(), boundary);
    while let Some(field) = form.next_field().await.map_err(|error| refused(&error))? {
        take(field, fields).await?;
    }
    Ok(())
}

async fn take(field: Field<'static>, fields: &mut Fields) -> Result<()> {
    let Some(name) = field.name().map(str::to_owned) else { return Ok(()) };
    let file_name = field.file_name().map(str::to_owned);
    let kind = field.content_type().map(ToString::to_string);
    let bytes = field.bytes().await.map_err(|error| refused(&error))?;
    // A part with a file name is a file; so is anything that is not text.
    let value = match (file_name, std::str::from_utf8(&bytes)) {
        (None, Ok(text)) => Value::Text(text.to_owned()),
        (name, _) => Value::File(File { name, content_type: kind, bytes }),
    };
    fields.add(&name, value)
}

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

/// What becomes of the files of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Files {
    Kept,
    Forgotten,
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
    let mut form = Multipart::with_constraints(content.into_data_stream(), boundary, bounds);
    let mut fields = Fields::default();
    let kept = gather_parts(&mut form, server, files, &mut fields).await;
    // Also of a form that was cut or is too large: what came of it is not lost.
    typed::keep(&parts.extensions, &fields.map);
    Ok(Upload { files: kept?, params: Params::sent(fields, parts.uri)? })
}

async fn gather_parts(
    form: &mut Multipart<'static>,
    server: &Server,
    files: Files,
    fields: &mut Fields,
) -> Result<Vec<(u64, Incoming)>> {
    let mut kept = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|error| refused(&error))? {
        match field.name() {
            Some("file") if kept.len() > limits::ATTACHED_MAX => pass_over(field).await?,
            Some("file") if files == Files::Kept => kept.push(receive(server, field).await?),
            Some("file") => pass_over(field).await?,
            // Mastodon takes one for films and sounds only; a picture is its own.
            Some("thumbnail") => pass_over(field).await?,
            _ => take(field, fields).await?,
        }
    }
    Ok(kept)
}

/// Writes a field to the disk a step at a time.
async fn receive(server: &Server, mut field: Field<'static>) -> Result<(u64, Incoming)> {
    let (number, files) = (server.random(), server.files().clone());
    let mut incoming = server.on_disk(move || Ok(files.receive(number)?)).await?;
    let mut gathered = Vec::new();
    loop {
        let chunk = field.chunk().await.map_err(|error| refused(&error))?;
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

async fn pass_over(mut field: Field<'static>) -> Result<()> {
    while field.chunk().await.map_err(|error| refused(&error))?.is_some() {}
    Ok(())
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
