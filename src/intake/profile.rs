//! What somebody says of themselves: texts, fields, switches and pictures of a profile (client API, profile).

use crate::{
    account::update::Changes,
    error::{Error, Result},
    http::{
        rate::{Bucket, Who},
        value::{Map, Value},
    },
    limits,
    media::{ProfileFiles, picture},
    server::Server,
};
use storage::AccountId;

/// What the profile and `update_credentials` both take, without the pictures.
pub fn texts(params: &Map) -> Changes {
    let text = |key: &str| params.str(key).map(str::to_owned);
    let domains = || params.texts("attribution_domains").into_iter().map(str::to_owned).collect();
    Changes {
        display_name: text("display_name"),
        note: text("note"),
        fields: params.has("fields_attributes").then(|| fields(params)),
        locked: params.bool("locked"),
        bot: params.bool("bot"),
        discoverable: params.bool("discoverable"),
        indexable: params.bool("indexable"),
        hide_collections: params.bool("hide_collections"),
        attribution_domains: params.has("attribution_domains").then(domains),
        avatar_description: text("avatar_description"),
        header_description: text("header_description"),
        ..Changes::default()
    }
}

fn fields(params: &Map) -> Vec<(String, String)> {
    let text = |field: &Map, key: &str| field.str(key).unwrap_or_default().to_owned();
    params.maps("fields_attributes").into_iter().map(|field| (text(field, "name"), text(field, "value"))).collect()
}

/// Changes with the pictures that were sent, made and on the disk; each counts as an upload.
///
/// # Errors
/// `Invalid` for what is no picture, or too large; `TooMany` after many uploads; storage errors.
pub async fn with_pictures(server: &Server, own: AccountId, params: &Map, changes: Changes) -> Result<Changes> {
    Ok(Changes {
        avatar: picture(server, own, params, "avatar", limits::AVATAR_SIZE).await?,
        header: picture(server, own, params, "header", limits::HEADER_SIZE).await?,
        ..changes
    })
}

/// A picture that was sent, made and on the disk; an empty value leaves what there is.
async fn picture(
    server: &Server,
    own: AccountId,
    params: &Map,
    field: &'static str,
    size: (u32, u32),
) -> Result<Option<Option<ProfileFiles>>> {
    let bytes = match params.get(field) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Text(text)) if text.is_empty() => return Ok(None),
        // A field of a form in which no file was chosen.
        Some(Value::File(file)) if file.bytes.is_empty() => return Ok(None),
        Some(Value::File(file)) => file.bytes.clone(),
        Some(_) => return Err(Error::invalid(field, format!("{field} is no file of a multipart form"))),
    };
    if bytes.len() > limits::PROFILE_PICTURE_BYTES {
        let why = format!("{field} has {} bytes; at most {}", bytes.len(), limits::PROFILE_PICTURE_BYTES);
        return Err(Error::invalid(field, why));
    }
    server.rates().take(Bucket::Upload, Who::Account(own), server.now())?;
    let files = server.files().clone();
    let work = move || {
        let (made, still) = picture::profile(&bytes, size)?;
        ProfileFiles::keep(&files, &made, still.as_ref())
    };
    server.picture(work).await.map(|files| Some(Some(files)))
}
