//! Activities that somebody else forwards (ActivityPub §7.1.2; FEDERATION §3): the body is worth nothing, its ids are
//! asked at their origin, and only the answer is used.

use super::{
    fetch::{self, Budget},
    json,
    object::read,
};
use crate::{
    error::{Error, Result},
    server::Server,
};
use serde_json::{Value, json};

/// Authors of one object that are looked at.
const AUTHORS_MAX: usize = 8;

/// An activity of `actor` as its origin confirms it, ready to be received; none if it does not.
///
/// Create and Update become the object's own document; an Announce is read from its own id; a Delete counts if the
/// object is gone. Nothing else can be confirmed.
///
/// # Errors
/// What passes: the origin does not answer.
pub async fn confirm(server: &Server, actor: &str, body: &[u8]) -> Result<Option<Vec<u8>>> {
    let Ok(activity) = json::parse(body) else { return Ok(None) };
    let (Some(id), Some(object)) = (read::id(Some(&activity)), read::id(activity.get("object"))) else {
        return Ok(None);
    };
    let confirmed = match kind(&activity) {
        kind @ ("Create" | "Update") => {
            let document = origin_document(server, actor, object).await?;
            let own = |document: &Value| is_by(document, actor) || read::id(Some(document)) == Some(actor);
            document.filter(own).map(|document| {
                json!({
                    "@context": document.get("@context"),
                    "id": id,
                    "type": kind,
                    "actor": actor,
                    "to": document.get("to"),
                    "cc": document.get("cc"),
                    "object": document,
                })
            })
        }
        "Announce" => {
            let document = origin_document(server, actor, id).await?;
            document.filter(|document| kind(document) == "Announce" && read::id(document.get("actor")) == Some(actor))
        }
        "Delete" => is_gone(server, actor, object).await?.then(|| {
            json!({
                "@context": "https://www.w3.org/ns/activitystreams",
                "id": id,
                "type": "Delete",
                "actor": actor,
                "object": object,
            })
        }),
        _ => None,
    };
    Ok(confirmed.map(|activity| activity.to_string().into_bytes()))
}

/// The types of activity that can be confirmed.
#[must_use]
pub fn can_be_confirmed(activity: &Value) -> bool {
    matches!(kind(activity), "Create" | "Update" | "Announce" | "Delete")
}

/// The document at `uri` if it lies on the actor's server; none if it is gone or elsewhere.
async fn origin_document(server: &Server, actor: &str, uri: &str) -> Result<Option<Value>> {
    if !same_server(server, actor, uri) {
        return Ok(None);
    }
    match fetch::document(server, uri, &Budget::of_one_cause()).await {
        Ok((_, document)) => Ok(Some(document)),
        Err(Error::NotFound | Error::Gone | Error::Invalid { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn is_gone(server: &Server, actor: &str, uri: &str) -> Result<bool> {
    if !same_server(server, actor, uri) {
        return Ok(false);
    }
    match fetch::document(server, uri, &Budget::of_one_cause()).await {
        Ok((_, document)) => Ok(kind(&document) == "Tombstone"),
        Err(Error::NotFound | Error::Gone) => Ok(true),
        Err(error) => Err(error),
    }
}

fn same_server(server: &Server, actor: &str, uri: &str) -> bool {
    match (fetch::foreign(server, actor), fetch::foreign(server, uri)) {
        (Ok(actor), Ok(uri)) => actor.same_origin(&uri),
        _ => false,
    }
}

/// Whether `document` says it is by `actor`.
fn is_by(document: &Value, actor: &str) -> bool {
    read::ids(document.get("attributedTo"), AUTHORS_MAX).iter().any(|author| author == actor)
}

fn kind(activity: &Value) -> &str {
    read::types(activity).first().copied().unwrap_or_default()
}
