//! Multipart forms (RFC 7578), streamed and bounded by the body's own limit.

use crate::{
    error::{Error, Result},
    http::{
        body,
        params::Fields,
        value::{File, Value},
    },
};
use axum::body::Body;
use multer::Multipart;

/// Reads a multipart body into `fields`; files stay in memory, bounded by the route's class.
pub(crate) async fn read(content_type: &str, content: Body, fields: &mut Fields) -> Result<()> {
    let boundary = multer::parse_boundary(content_type).map_err(|error| refused(&error))?;
    let mut form = Multipart::new(content.into_data_stream(), boundary);
    while let Some(field) = form.next_field().await.map_err(|error| refused(&error))? {
        let Some(name) = field.name().map(str::to_owned) else { continue };
        let file_name = field.file_name().map(str::to_owned);
        let kind = field.content_type().map(ToString::to_string);
        let bytes = field.bytes().await.map_err(|error| refused(&error))?;
        // A part with a file name is a file; so is anything that is not text.
        let value = match (file_name, std::str::from_utf8(&bytes)) {
            (None, Ok(text)) => Value::Text(text.to_owned()),
            (name, _) => Value::File(File { name, content_type: kind, bytes }),
        };
        fields.add(&name, value)?;
    }
    Ok(())
}

fn refused(error: &multer::Error) -> Error {
    if let multer::Error::StreamReadFailed(inner) = error
        && let Some(inner) = inner.downcast_ref::<axum::Error>()
    {
        return body::cut(inner);
    }
    Error::invalid("body", format!("multipart form is not readable: {error}"))
}
