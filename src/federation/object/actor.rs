//! Actors: people, bots, groups, servers (FEDERATION §2, actor).

use super::{Unusable, attachment::Attachment, read, tag};
use crate::{
    federation::address::{self, RemoteUri, Schemes},
    limits,
};
use serde_json::Value;
use storage::Timestamp;

/// The five types of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// A person.
    Person,
    /// A bot.
    Service,
    /// A program, or a whole server.
    Application,
    /// A group.
    Group,
    /// An organisation.
    Organization,
}

impl ActorKind {
    /// By the name of its type.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "Person" => ActorKind::Person,
            "Service" => ActorKind::Service,
            "Application" => ActorKind::Application,
            "Group" => ActorKind::Group,
            "Organization" => ActorKind::Organization,
            _ => return None,
        })
    }
}

/// A key as an actor's document lists it; `signature::PublicKey` reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorKey {
    /// Its id.
    pub id: String,
    /// Whose it says it is (`owner`, `controller`).
    pub owner: String,
    /// The key.
    pub material: KeyMaterial,
}

/// The two ways a key is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyMaterial {
    /// `publicKeyPem`.
    Pem(String),
    /// `publicKeyMultibase`.
    Multibase(String),
}

/// A line of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name, text.
    pub name: String,
    /// Its value, HTML as sent.
    pub value_html: String,
}

/// An actor's document. HTML is as sent; texts are cut at their bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Actor {
    /// The id.
    pub id: String,
    /// What it is.
    pub kind: ActorKind,
    /// `preferredUsername`, or the name in `webfinger`.
    pub username: String,
    /// `user@host` that the actor claims (FEP-2c59); to be confirmed by webfinger.
    pub webfinger: Option<String>,
    /// Where its mail goes; on its own server.
    pub inbox: String,
    /// The inbox of its whole server, if on the same one.
    pub shared_inbox: Option<String>,
    /// What it published.
    pub outbox: Option<String>,
    /// Its followers.
    pub followers: Option<String>,
    /// Whom it follows.
    pub following: Option<String>,
    /// Its pinned posts.
    pub featured: Option<String>,
    /// Its pinned hashtags.
    pub featured_tags: Option<String>,
    /// The display name, text.
    pub name: String,
    /// The bio, HTML as sent.
    pub summary_html: String,
    /// The profile page, if on the actor's own server.
    pub url: Option<String>,
    /// The avatar.
    pub icon: Option<Attachment>,
    /// The header picture.
    pub image: Option<Attachment>,
    /// `publicKey` and `assertionMethod`, the former first.
    pub keys: Vec<ActorKey>,
    /// Ids of the keys that may make proofs.
    pub proof_keys: Vec<String>,
    /// Whether followers are approved by hand.
    pub manually_approves_followers: bool,
    /// Whether it wants to be found.
    pub discoverable: Option<bool>,
    /// Whether its public posts may be searched.
    pub indexable: Option<bool>,
    /// Whether it is a memorial.
    pub memorial: bool,
    /// Whether its own server suspended it.
    pub suspended: bool,
    /// The lines of the profile.
    pub fields: Vec<Field>,
    /// Custom emoji in name, bio and fields.
    pub emojis: Vec<tag::Emoji>,
    /// Hashtags in the bio.
    pub hashtags: Vec<String>,
    /// Other ids of the same person, as claimed.
    pub also_known_as: Vec<String>,
    /// Where it moved.
    pub moved_to: Option<String>,
    /// Sites that may name it as author.
    pub attribution_domains: Vec<String>,
    /// Whether its profile has a tab with its media (Mastodon's `showMedia`).
    pub show_media: bool,
    /// Whether that tab has its replies, too (`showRepliesInMedia`).
    pub show_media_replies: bool,
    /// Whether its profile has a tab with what it recommends (`showFeatured`).
    pub show_featured: bool,
    /// When it was made.
    pub published: Option<Timestamp>,
}

impl Actor {
    /// Reads an actor's document. Whether it may be believed, `trust` decides.
    ///
    /// # Errors
    /// `Unusable` without a known type, id, inbox on the same server, or username.
    pub fn read(document: &Value, schemes: Schemes) -> Result<Self, Unusable> {
        let kind =
            read::types(document).into_iter().find_map(ActorKind::from_name).ok_or(Unusable("no type of actor"))?;
        let id = document.get("id").and_then(Value::as_str).ok_or(Unusable("actor has no id"))?;
        let id = RemoteUri::parse(id, schemes).map_err(|why| Unusable(why.0))?;
        let own = |value: Option<&Value>| {
            let uri = RemoteUri::parse(read::id(value)?, schemes).ok()?;
            uri.same_origin(&id).then(|| uri.into_string())
        };
        let inbox = own(document.get("inbox")).ok_or(Unusable("actor has no inbox on its own server"))?;
        let webfinger = read::text(document.get("webfinger")).and_then(address::Handle::parse);
        let username = read::text(document.get("preferredUsername"))
            .map(str::to_owned)
            .or_else(|| webfinger.as_ref().map(|handle| handle.username.clone()))
            // A server's own actor is called like the server, in a lab with its port.
            .filter(|name| {
                let is_server = kind == ActorKind::Application && *name == id.authority().as_str();
                is_server || address::is_username(name)
            })
            .ok_or(Unusable("actor has no usable preferredUsername"))?;
        let keys = keys(document);
        let flag = |name: &str| read::boolean(document.get(name));
        Ok(Actor {
            kind,
            username,
            webfinger: webfinger.map(|handle| handle.to_string()),
            inbox,
            shared_inbox: document.get("endpoints").and_then(|it| own(it.get("sharedInbox"))),
            outbox: own(document.get("outbox")),
            followers: own(document.get("followers")),
            following: own(document.get("following")),
            featured: own(document.get("featured")),
            featured_tags: own(document.get("featuredTags")),
            name: read::text(document.get("name"))
                .map(|name| read::clip(name, limits::NAME_MAX_CHARS))
                .unwrap_or_default(),
            summary_html: read::text_with_language(document, "summary")
                .map(|(html, _)| read::clip_bytes(html, limits::BIO_MAX_BYTES))
                .unwrap_or_default(),
            url: own_page(document, &id),
            icon: picture(document.get("icon")),
            image: picture(document.get("image")),
            proof_keys: read::ids(document.get("assertionMethod"), limits::ACTOR_KEYS_MAX),
            keys,
            manually_approves_followers: flag("manuallyApprovesFollowers").unwrap_or_default(),
            discoverable: flag("discoverable"),
            indexable: flag("indexable"),
            memorial: flag("memorial").unwrap_or_default(),
            suspended: flag("suspended").unwrap_or_default(),
            fields: fields(document),
            emojis: tag::emojis(document),
            hashtags: tag::hashtags(document),
            also_known_as: read::ids(document.get("alsoKnownAs"), limits::ALIASES_MAX),
            moved_to: read::id(document.get("movedTo")).map(str::to_owned),
            attribution_domains: read::list(document.get("attributionDomains"))
                .iter()
                .take(limits::ATTRIBUTION_DOMAINS_MAX)
                .filter_map(Value::as_str)
                .filter_map(address::Authority::parse)
                .map(|domain| domain.to_string())
                .collect(),
            show_media: flag("showMedia").unwrap_or(true),
            show_media_replies: flag("showRepliesInMedia").unwrap_or(true),
            show_featured: flag("showFeatured").unwrap_or(true),
            published: read::time(document.get("published")),
            id: id.into_string(),
        })
    }

    /// The key with this id, if the actor lists it.
    #[must_use]
    pub fn key(&self, id: &str) -> Option<&ActorKey> {
        self.keys.iter().find(|key| key.id == id)
    }
}

/// The owner a stand-alone key document names: GoToSocial serves keys at their own URL.
#[must_use]
pub fn key_owner(document: &Value) -> Option<&str> {
    let inner = document.get("publicKey").and_then(|key| read::list(Some(key)).first());
    [Some(document), inner]
        .into_iter()
        .flatten()
        .find_map(|key| read::id(key.get("owner")).or_else(|| read::id(key.get("controller"))))
}

fn keys(document: &Value) -> Vec<ActorKey> {
    ["publicKey", "assertionMethod"]
        .iter()
        .flat_map(|name| read::list(document.get(*name)))
        .take(limits::ACTOR_KEYS_MAX)
        .filter_map(|key| {
            let pem = key.get("publicKeyPem").and_then(Value::as_str).filter(|pem| pem.len() <= limits::PEM_MAX_BYTES);
            let multibase = key.get("publicKeyMultibase").and_then(Value::as_str);
            let multibase = multibase.filter(|text| text.len() <= limits::MULTIKEY_MAX_CHARS);
            let material = pem.map(|text| KeyMaterial::Pem(text.to_owned()));
            Some(ActorKey {
                id: read::id(key.get("id"))?.to_owned(),
                owner: read::id(key.get("owner")).or_else(|| read::id(key.get("controller")))?.to_owned(),
                material: material.or_else(|| multibase.map(|text| KeyMaterial::Multibase(text.to_owned())))?,
            })
        })
        .collect()
}

/// The profile page; one on another host is not believed (Threads' is on www., Mastodon ignores it, too).
fn own_page(document: &Value, id: &RemoteUri) -> Option<String> {
    let page = read::page(document.get("url"))?;
    let uri = RemoteUri::parse(page, Schemes::Lab).ok()?;
    (uri.authority() == id.authority()).then(|| page.to_owned())
}

/// A picture: an address, an Image, or the first (PeerTube: the largest comes last, any will do) of a list.
fn picture(value: Option<&Value>) -> Option<Attachment> {
    let first = read::list(value).iter().find(|one| !read::links(Some(one)).is_empty())?;
    let link = *read::links(Some(first)).first()?;
    let description =
        ["name", "summary"].iter().find_map(|name| read::text(first.get(*name)).filter(|it| !it.is_empty()));
    Some(Attachment {
        url: link.href.to_owned(),
        kind: super::AttachmentKind::Image,
        media_type: link.media_type.map(|kind| read::clip(kind, 100)),
        description: description.map(|text| read::clip(text, limits::ALT_TEXT_MAX_CHARS)),
        blurhash: read::text(first.get("blurhash")).filter(|hash| hash.len() <= 200).map(str::to_owned),
        focus: None,
        width: None,
        height: None,
        preview_url: None,
    })
}

fn fields(document: &Value) -> Vec<Field> {
    read::list(document.get("attachment"))
        .iter()
        .take(limits::ACTOR_FIELDS_MAX)
        .filter(|one| read::types(one).contains(&"PropertyValue"))
        .filter_map(|one| {
            let name = read::clip(read::text(one.get("name"))?, limits::ACTOR_FIELD_MAX_CHARS);
            let value = read::clip(read::text(one.get("value"))?, limits::ACTOR_FIELD_MAX_CHARS);
            Some(Field { name, value_html: value })
        })
        .collect()
}
