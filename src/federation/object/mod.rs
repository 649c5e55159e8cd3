//! Lives here: ActivityStreams documents as typed values, read leniently (FEDERATION §2).
//! May use: `json`, `address`, `limits`. Must never name: core rooms, storage's records, sockets.
//! Must never name: a JSON-LD processor; documents are plain JSON.
//! Invariants: reading never panics, every list is cut at its bound, HTML is not sanitised yet, `bto`/`bcc` are not read.

pub mod activity;
pub mod actor;
pub mod attachment;
pub mod collection;
pub mod note;
pub mod policy;
pub mod quote;
pub mod read;
pub mod tag;

pub use activity::{Activity, ActivityKind, Thing};
pub use actor::{Actor, ActorKey, ActorKind, KeyMaterial};
pub use attachment::{Attachment, AttachmentKind};
pub use collection::Collection;
pub use note::{Audience, Note, NoteKind, Poll, PollOption};
pub use policy::Policy;
pub use quote::{Approval, Quote};
pub use tag::{Emoji, Mention};

use serde_json::Value;
use std::fmt;

/// The namespace of ActivityStreams, in `@context` and in profiles.
pub const AS_NAMESPACE: &str = "https://www.w3.org/ns/activitystreams";
/// Everybody, as an addressee.
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
/// What our fetches accept.
pub const ACCEPT: &str =
    "application/activity+json, application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";
/// What our documents are.
pub const CONTENT_TYPE: &str = "application/activity+json; charset=utf-8";

/// Why a document cannot be used as what it was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unusable(pub &'static str);

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Unusable {}

/// Whether an addressee is everybody: the full IRI, `as:Public` or `Public`.
#[must_use]
pub fn is_public(addressee: &str) -> bool {
    matches!(addressee, PUBLIC | "as:Public" | "Public")
}

/// Whether `@context` names ActivityStreams, without which peers do not read actors and activities.
#[must_use]
pub fn has_context(document: &Value) -> bool {
    read::list(document.get("@context"))
        .iter()
        .any(|entry| matches!(entry.as_str(), Some(AS_NAMESPACE | "http://www.w3.org/ns/activitystreams")))
}

/// Whether a response is an ActivityStreams document: the two types, the second with the profile (CVE-2024-25623).
#[must_use]
pub fn is_activity_type(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
    match kind.as_str() {
        "application/activity+json" => true,
        "application/ld+json" => parts.any(|part| {
            let Some((name, value)) = part.split_once('=') else { return false };
            let profiles = value.trim().trim_matches('"');
            name.trim().eq_ignore_ascii_case("profile")
                && profiles.split_ascii_whitespace().any(|one| one == AS_NAMESPACE)
        }),
        _ => false,
    }
}

/// What kind of document this is, to be read with the type of that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `Actor::read`.
    Actor,
    /// `Note::read`.
    Note,
    /// `Activity::read`.
    Activity,
    /// `Collection::read`.
    Collection,
    /// A thing that is gone.
    Tombstone,
    /// Something we do not know, by its first type.
    Unknown(String),
}

/// Decides by `type`; of several types the first known one counts.
#[must_use]
pub fn kind(document: &Value) -> Kind {
    for name in read::types(document) {
        let kind = match name {
            _ if ActorKind::from_name(name).is_some() => Kind::Actor,
            _ if NoteKind::from_name(name).is_some() => Kind::Note,
            "Tombstone" => Kind::Tombstone,
            "Collection" | "OrderedCollection" | "CollectionPage" | "OrderedCollectionPage" => Kind::Collection,
            _ if ActivityKind::from_name(name).is_some() => Kind::Activity,
            _ => continue,
        };
        return kind;
    }
    Kind::Unknown(read::types(document).first().map(|name| read::clip(name, 100)).unwrap_or_default())
}

/// Removes `bto` and `bcc` from a document and what is directly inside it (ActivityPub §6).
pub fn strip_blind(document: &mut Value) {
    let Some(members) = document.as_object_mut() else { return };
    members.remove("bto");
    members.remove("bcc");
    if let Some(object) = members.get_mut("object").and_then(Value::as_object_mut) {
        object.remove("bto");
        object.remove("bcc");
    }
}

#[cfg(test)]
mod tests;
