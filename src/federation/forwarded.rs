//! Activities that somebody else forwards (ActivityPub §7.1.2; FEDERATION §3): the body is worth nothing, its ids are
//! asked at their origin, and only the answer is used.

use super::{
    fetch::{self, Budget},
    hint::{self, Brought},
    json,
    object::read,
};
use crate::{
    error::{Error, Result},
    http::rate::{Bucket, Who},
    registrable::registrable,
    server::Server,
};
use serde_json::{Value, json};
use storage::peer;

/// Authors of one object that are looked at.
const AUTHORS_MAX: usize = 8;

/// An activity that somebody brings whose word it is not.
#[derive(Clone, Copy)]
pub struct Forwarded<'a> {
    /// Who brings it.
    pub signer: &'a str,
    /// Whose it is said to be.
    pub actor: &'a str,
    /// The name of the account whose own inbox it came to; empty for the shared inbox.
    pub inbox: &'a str,
    /// As it came.
    pub body: &'a [u8],
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmed {
    /// Its origin says so: what it says, ready to be received.
    Is(Vec<u8>),
    /// It counts for nothing, for this reason.
    IsNot(&'static str),
}

/// What is told of others and its origin does not say.
const UNCONFIRMED: Confirmed = Confirmed::IsNot("forwarded, and its origin does not confirm it");
/// What leads to nobody here.
const IRRELEVANT: Confirmed = Confirmed::IsNot("concerns nobody here");
/// What may look gone only to whoever asks.
const UNSEEN: Confirmed = Confirmed::IsNot("forwarded, and only its author can say that it is gone");
/// What is one too many.
const TOO_MANY: Confirmed = Confirmed::IsNot("its sender has forwarded as much as is looked up for it");

/// An activity as its origin confirms it.
///
/// Create and Update become the object's own document; an Announce is read from its own id; a Delete of what everybody is
/// told of counts if the object is gone, that of an account only if it is gone for good. Nothing else can be confirmed. Its
/// origin is asked only if the activity leads to somebody here by what it says, and for so many that servers below one
/// registered domain forward; and what the origin says must lead to somebody here, before anybody else is asked.
///
/// # Errors
/// What passes: the origin does not answer.
pub async fn confirm(server: &Server, forwarded: Forwarded<'_>) -> Result<Confirmed> {
    let Forwarded { signer, actor, inbox, body } = forwarded;
    let Ok(activity) = json::parse(body) else { return Ok(UNCONFIRMED) };
    let Some(object) = read::id(activity.get("object")) else { return Ok(UNCONFIRMED) };
    let brought = |activity| Brought { signer, actor, inbox, activity };
    let is_deletion = read::first_type(&activity) == "Delete";
    if is_deletion && object != actor {
        if !hint::may_be_seen_to_go(server, actor, object).await? {
            return Ok(UNSEEN);
        }
    } else if !hint::may_concern(server, brought(&activity)).await? {
        return Ok(IRRELEVANT);
    }
    let site = peer::authority_of(signer).unwrap_or_default();
    if server.rates().take(Bucket::ForwardedBySite, Who::named(registrable(&site)), server.now()).is_err() {
        return Ok(TOO_MANY);
    }
    let Some(said) = said(server, actor, &activity).await? else { return Ok(UNCONFIRMED) };
    if !is_deletion && !hint::may_concern(server, brought(&said)).await? {
        return Ok(IRRELEVANT);
    }
    Ok(Confirmed::Is(said.to_string().into_bytes()))
}

/// What the origin of an activity says of it.
async fn said(server: &Server, actor: &str, activity: &Value) -> Result<Option<Value>> {
    let (Some(id), Some(object)) = (read::id(Some(activity)), read::id(activity.get("object"))) else {
        return Ok(None);
    };
    Ok(match read::first_type(activity) {
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
            document.filter(|document| {
                read::first_type(document) == "Announce" && read::id(document.get("actor")) == Some(actor)
            })
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
    })
}

/// The types of activity that can be confirmed.
#[must_use]
pub fn can_be_confirmed(activity: &Value) -> bool {
    matches!(read::first_type(activity), "Create" | "Update" | "Announce" | "Delete")
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
        Ok((_, document)) => Ok(read::first_type(&document) == "Tombstone"),
        Err(Error::Gone) => Ok(true),
        // An account may only be hidden from us.
        Err(Error::NotFound) => Ok(uri != actor),
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
