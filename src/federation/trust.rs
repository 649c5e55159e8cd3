//! Who may say what: the one place that decides whether a document is to be believed (SECURITY A1, A3, A11).
//!
//! A document speaks for itself only if it came from its own id, or in a request signed by its owner. Things inside
//! it that belong to another server, or to another actor, are links to be fetched and nothing more.

use super::{
    address::{RemoteUri, Schemes},
    object,
};
use crate::limits;
use serde_json::Value;
use std::fmt;

/// How a document reached us.
#[derive(Debug, Clone, Copy)]
pub enum ObtainedFrom<'a> {
    /// Fetched; the URL that answered after all redirects.
    Fetched(&'a url::Url),
    /// In a request whose signature holds, or under a proof that does; the owner of that key.
    SignedBy(&'a RemoteUri),
}

/// What may be believed of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// It is what the thing with this id says of itself.
    Authoritative(RemoteUri),
    /// It came from its own server, but not from its id: fetch the id, once.
    Refetch(RemoteUri),
    /// It is about somebody else's thing: only the id is worth anything.
    Link(RemoteUri),
}

/// Why a document is worth nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distrust {
    /// It has no id that can be believed.
    NoId(&'static str),
    /// Its id, its actor or author, and where it came from do not belong to one server.
    ForeignOwner,
    /// The activity's actor is not the one who signed.
    NotTheSigner,
}

impl fmt::Display for Distrust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Distrust::NoId(why) => write!(f, "no usable id: {why}"),
            Distrust::ForeignOwner => f.write_str("id, author and origin are not of one server"),
            Distrust::NotTheSigner => f.write_str("actor is not the signer"),
        }
    }
}

impl std::error::Error for Distrust {}

/// Decides what may be believed of a document.
///
/// # Errors
/// See `Distrust`; such a document is dropped, not stored.
pub fn trust(document: &Value, obtained_from: ObtainedFrom<'_>, schemes: Schemes) -> Result<Trust, Distrust> {
    let id = id_of(document, schemes)?;
    match obtained_from {
        ObtainedFrom::Fetched(url) => {
            check_owners(document, &id, &["actor", "attributedTo"], schemes)?;
            // One WHATWG parser on both sides: equal URLs are one resource, whatever the spelling of the id.
            if id.as_str() == url.as_str() || id.to_url() == *url {
                return Ok(Trust::Authoritative(id));
            }
            let from = RemoteUri::parse(url.as_str(), schemes).map_err(|why| Distrust::NoId(why.0))?;
            if from.same_origin(&id) { Ok(Trust::Refetch(id)) } else { Err(Distrust::ForeignOwner) }
        }
        ObtainedFrom::SignedBy(actor) => {
            check_owners(document, &id, owned_by(document), schemes)?;
            signed(document, id, actor, schemes)
        }
    }
}

/// A thing inside a document that is itself believed, and that this owner sent.
///
/// Authoritative if it is the owner's own (same server, and author or actor are the owner); otherwise a link.
///
/// # Errors
/// `NoId` if it has none: then it may only be read as part of the document (a vote, a Follow being undone).
pub fn embedded(thing: &Value, owner: &RemoteUri, schemes: Schemes) -> Result<Trust, Distrust> {
    let id = match thing {
        Value::String(text) => {
            return RemoteUri::parse(text, schemes).map(Trust::Link).map_err(|why| Distrust::NoId(why.0));
        }
        thing => id_of(thing, schemes)?,
    };
    let own = id.same_origin(owner)
        && owned_by(thing).iter().all(|name| {
            let named = owners(thing.get(*name));
            named.is_empty() || named.contains(&owner.as_str())
        });
    Ok(if own { Trust::Authoritative(id) } else { Trust::Link(id) })
}

/// Whether an activity that `signer` signed is its own. One without an id is what its actor says: what of that is taken at
/// all, the inbox decides.
#[must_use]
pub fn is_said_by(activity: &Value, signer: &RemoteUri, schemes: Schemes) -> bool {
    if activity.get("id").is_none() {
        return owners(activity.get("actor")) == [signer.as_str()];
    }
    matches!(trust(activity, ObtainedFrom::SignedBy(signer), schemes), Ok(Trust::Authoritative(_)))
}

fn signed(document: &Value, id: RemoteUri, signer: &RemoteUri, schemes: Schemes) -> Result<Trust, Distrust> {
    if document.get("actor").is_some_and(|actor| !actor.is_null()) {
        let actors = owners(document.get("actor"));
        if actors != [signer.as_str()] {
            return Err(Distrust::NotTheSigner);
        }
        if !id.same_origin(signer) {
            return Err(Distrust::ForeignOwner);
        }
        return Ok(Trust::Authoritative(id));
    }
    embedded(document, signer, schemes)
}

fn id_of(document: &Value, schemes: Schemes) -> Result<RemoteUri, Distrust> {
    match document.get("id") {
        Some(Value::String(text)) => RemoteUri::parse(text, schemes).map_err(|why| Distrust::NoId(why.0)),
        _ => Err(Distrust::NoId("id is not a string")),
    }
}

/// The ids a property names: a string, an object with an id, or a list of those.
fn owners(value: Option<&Value>) -> Vec<&str> {
    fn one(value: &Value) -> Option<&str> {
        match value {
            Value::String(text) => Some(text),
            Value::Object(members) => members.get("id")?.as_str(),
            _ => None,
        }
    }
    match value {
        Some(Value::Array(elements)) => elements.iter().take(limits::ACTOR_KEYS_MAX).filter_map(one).collect(),
        Some(value) => one(value).into_iter().collect(),
        None => Vec::new(),
    }
}

/// The properties that say whose thing it is. An activity is its actor's alone: snac gives the author of what is reacted to
/// as the one to whom the reaction is attributed.
fn owned_by(thing: &Value) -> &'static [&'static str] {
    let is_activity = object::kind(thing) == object::Kind::Activity && thing.get("actor").is_some();
    if is_activity { &["actor"] } else { &["actor", "attributedTo"] }
}

/// Somebody named as actor or author must live where the document says it lives.
///
/// PeerTube names a person and a channel; one of them on the id's server is enough, and the reader takes that one.
fn check_owners(document: &Value, id: &RemoteUri, names: &[&str], schemes: Schemes) -> Result<(), Distrust> {
    for name in names {
        let Some(value) = document.get(*name).filter(|value| !value.is_null()) else { continue };
        let own = owners(Some(value))
            .into_iter()
            .filter_map(|owner| RemoteUri::parse(owner, schemes).ok())
            .any(|owner| owner.same_origin(id));
        if !own {
            return Err(Distrust::ForeignOwner);
        }
    }
    Ok(())
}

/// Whether a key belongs to an actor: its id and owner are as named, and the actor's own document lists it.
///
/// `listed` are the ids of the keys in the actor's document, fetched from its id (SECURITY A3).
#[must_use]
pub fn key_belongs(key_id: &str, owner: &str, actor: &RemoteUri, listed: &[&str], schemes: Schemes) -> bool {
    owner == actor.as_str()
        && listed.contains(&key_id)
        && RemoteUri::parse(key_id, schemes).is_ok_and(|key| key.same_origin(actor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use url::Url;

    fn uri(text: &str) -> RemoteUri {
        RemoteUri::parse(text, Schemes::Https).expect("an id")
    }

    fn fetched(document: &Value, from: &str) -> Result<Trust, Distrust> {
        trust(document, ObtainedFrom::Fetched(&Url::parse(from).expect("a URL")), Schemes::Https)
    }

    fn signed_by(document: &Value, actor: &str) -> Result<Trust, Distrust> {
        trust(document, ObtainedFrom::SignedBy(&uri(actor)), Schemes::Https)
    }

    #[test]
    fn an_activity_is_its_actors_whomever_it_is_attributed_to() {
        let (sam, ann) = ("https://snac.test/sam", "https://here.test/users/ann");
        let react = json!({"id": "https://snac.test/sam/e/1", "type": "EmojiReact", "actor": sam, "attributedTo": ann});
        assert!(is_said_by(&react, &uri(sam), Schemes::Https));
        assert_eq!(
            embedded(&react, &uri(sam), Schemes::Https),
            Ok(Trust::Authoritative(uri("https://snac.test/sam/e/1")))
        );
        // A post is its author's, whoever says that it is the actor.
        let note = json!({"id": "https://snac.test/sam/p/1", "type": "Note", "actor": sam, "attributedTo": ann});
        assert_eq!(signed_by(&note, sam), Err(Distrust::ForeignOwner));
        assert_eq!(embedded(&note, &uri(sam), Schemes::Https), Ok(Trust::Link(uri("https://snac.test/sam/p/1"))));
        assert_eq!(fetched(&react, "https://snac.test/sam/e/1"), Err(Distrust::ForeignOwner));
    }

    #[test]
    fn a_fetched_document_speaks_for_its_own_id_only() {
        let note = json!({"id": "https://victim.test/n", "attributedTo": "https://victim.test/u"});
        assert_eq!(fetched(&note, "https://victim.test/n"), Ok(Trust::Authoritative(uri("https://victim.test/n"))));
        assert_eq!(fetched(&note, "https://victim.test/@u/1"), Ok(Trust::Refetch(uri("https://victim.test/n"))));
        assert_eq!(fetched(&note, "https://evil.test/n"), Err(Distrust::ForeignOwner));
        assert_eq!(fetched(&note, "https://victim.test:8443/n"), Err(Distrust::ForeignOwner));
        let foreign = json!({"id": "https://evil.test/n", "attributedTo": "https://victim.test/u"});
        assert_eq!(fetched(&foreign, "https://evil.test/n"), Err(Distrust::ForeignOwner));
        let spoofed = json!({"id": "https://evil.test/n", "actor": "https://victim.test/u"});
        assert_eq!(fetched(&spoofed, "https://evil.test/n"), Err(Distrust::ForeignOwner));
        assert!(matches!(fetched(&json!({"type": "Note"}), "https://evil.test/n"), Err(Distrust::NoId(_))));
        assert!(matches!(fetched(&json!([1]), "https://evil.test/n"), Err(Distrust::NoId(_))));
    }

    #[test]
    fn video_of_a_person_and_a_channel_is_believed() {
        let both =
            json!([{"type": "Person", "id": "https://tube.test/a"}, {"type": "Group", "id": "https://tube.test/c"}]);
        let video = json!({"id": "https://tube.test/v", "attributedTo": both});
        assert!(matches!(fetched(&video, "https://tube.test/v"), Ok(Trust::Authoritative(_))));
    }

    #[test]
    fn a_signed_activity_is_its_signers() {
        let like = json!({"id": "https://a.test/1", "actor": {"id": "https://a.test/u"}, "object": "x"});
        assert!(matches!(signed_by(&like, "https://a.test/u"), Ok(Trust::Authoritative(_))));
        assert_eq!(signed_by(&like, "https://a.test/other"), Err(Distrust::NotTheSigner));
        assert_eq!(signed_by(&like, "https://evil.test/u"), Err(Distrust::NotTheSigner));
        let foreign_id = json!({"id": "https://b.test/1", "actor": "https://a.test/u"});
        assert_eq!(signed_by(&foreign_id, "https://a.test/u"), Err(Distrust::ForeignOwner));
        let two = json!({"id": "https://a.test/1", "actor": ["https://a.test/u", "https://a.test/v"]});
        assert_eq!(signed_by(&two, "https://a.test/u"), Err(Distrust::NotTheSigner));
    }

    #[test]
    fn embedded_things_of_others_are_links() {
        let owner = uri("https://a.test/u");
        let of = |thing: Value| embedded(&thing, &owner, Schemes::Https);
        let own = json!({"id": "https://a.test/n", "attributedTo": ["https://a.test/u"]});
        assert!(matches!(of(own), Ok(Trust::Authoritative(_))));
        for link in [
            json!({"id": "https://b.test/n", "attributedTo": "https://a.test/u"}),
            json!({"id": "https://a.test/n", "attributedTo": "https://a.test/other"}),
            json!({"id": "https://a.test/n", "actor": "https://b.test/u"}),
            json!("https://a.test/n"),
        ] {
            assert!(matches!(of(link.clone()), Ok(Trust::Link(_))), "{link}");
        }
        assert!(matches!(of(json!({"name": "vote"})), Err(Distrust::NoId(_))));
        assert!(of(json!("https://victim.test@evil.test/")).is_err());
    }

    #[test]
    fn a_key_belongs_to_the_actor_that_lists_it() {
        let actor = uri("https://a.test/u");
        let of = |key, owner, listed: &[&str]| key_belongs(key, owner, &actor, listed, Schemes::Https);
        let own = "https://a.test/u#main-key";
        assert!(of(own, "https://a.test/u", &[own]));
        assert!(!of(own, "https://a.test/v", &[own]));
        assert!(!of(own, "https://a.test/u", &["https://a.test/u#other"]));
        let foreign = "https://evil.test/k";
        assert!(!of(foreign, "https://a.test/u", &[foreign]));
    }
}
