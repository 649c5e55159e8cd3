//! Local actors as documents (ActivityPub §4; FEDERATION §2, "Actor").

use super::{account_uri, emoji, featured_uri, hashtag, time, with_context};
use crate::{
    account::render,
    error::{Error, Result},
    federation::signature::{MAIN_KEY, PROOF_KEY, ProofKey},
    limits,
    origin::Origin,
    text::{EntityKind, entities},
};
use serde_json::{Value, json};
use storage::{
    Read,
    account::{Account, ActorKind, Image, SigningKeys},
    media::FileKind,
};

/// The path of the instance actor.
pub const INSTANCE_PATH: &str = "/actor";

/// The document of a local account.
///
/// # Errors
/// `Bug` if the stored Ed25519 seed is not a key.
pub fn actor(read: &dyn Read, origin: &Origin, account: &Account, keys: &SigningKeys) -> Result<Value> {
    let id = account_uri(origin, account);
    if account.suspended_at.is_some() {
        return suspended(origin, account, keys);
    }
    let page = origin.url(&format!("/@{}", account.username));
    let mut document = json!({
        "id": id,
        "type": type_name(account.kind),
        "following": format!("{id}/following"),
        "followers": format!("{id}/followers"),
        "inbox": format!("{id}/inbox"),
        "outbox": format!("{id}/outbox"),
        "featured": featured_uri(origin, account),
        "featuredTags": format!("{id}/collections/tags"),
        "preferredUsername": account.username,
        "webfinger": format!("{}@{}", account.username, origin.handle_domain()),
        "name": account.display_name,
        "summary": render::bio(read, origin, &account.note)?,
        "url": page,
        "manuallyApprovesFollowers": account.locked,
        "discoverable": account.discoverable.unwrap_or(false),
        "indexable": account.indexable,
        "memorial": account.memorial,
        "showFeatured": account.show_featured,
        "showMedia": account.show_media,
        "showRepliesInMedia": account.show_media_replies,
        "published": day(account),
        "endpoints": { "sharedInbox": origin.url("/inbox") },
        "tag": tags(read, origin, account)?,
        "attachment": fields(read, origin, account)?,
        "alsoKnownAs": account.also_known_as,
    });
    for (name, image) in [("icon", &account.avatar), ("image", &account.header)] {
        if let Some(image) = image {
            document[name] = picture(origin, image);
        }
    }
    if !account.attribution_domains.is_empty() {
        document["attributionDomains"] = json!(account.attribution_domains);
    }
    if let Some(moved_to) = &account.moved_to {
        document["movedTo"] = json!(moved_to);
    }
    add_keys(&mut document, &id, keys)?;
    Ok(with_context(document))
}

/// Of a suspended account only what peers need to verify that we say so (as Mastodon's `suspended`).
fn suspended(origin: &Origin, account: &Account, keys: &SigningKeys) -> Result<Value> {
    let id = account_uri(origin, account);
    let mut document = json!({
        "id": id,
        "type": type_name(account.kind),
        "following": format!("{id}/following"),
        "followers": format!("{id}/followers"),
        "inbox": format!("{id}/inbox"),
        "outbox": format!("{id}/outbox"),
        "preferredUsername": account.username,
        "webfinger": format!("{}@{}", account.username, origin.handle_domain()),
        "name": "",
        "summary": "",
        "url": origin.url(&format!("/@{}", account.username)),
        "manuallyApprovesFollowers": false,
        "discoverable": false,
        "indexable": false,
        "published": day(account),
        "endpoints": { "sharedInbox": origin.url("/inbox") },
        "suspended": true,
    });
    add_keys(&mut document, &id, keys)?;
    Ok(with_context(document))
}

/// The document of the instance actor, which signs our fetches and is always served without a signature.
///
/// # Errors
/// `Bug` if the stored Ed25519 seed is not a key.
pub fn instance_actor(origin: &Origin, title: &str, keys: &SigningKeys) -> Result<Value> {
    let id = origin.url(INSTANCE_PATH);
    let mut document = json!({
        "id": id,
        "type": "Application",
        "preferredUsername": origin.handle_domain(),
        "name": title,
        "inbox": format!("{id}/inbox"),
        "outbox": format!("{id}/outbox"),
        "url": origin.url("/about"),
        "manuallyApprovesFollowers": true,
        "endpoints": { "sharedInbox": origin.url("/inbox") },
    });
    add_keys(&mut document, &id, keys)?;
    Ok(with_context(document))
}

/// A picture of a profile (FEDERATION §2, "Actor").
fn picture(origin: &Origin, image: &Image) -> Value {
    let ending = image.url.rsplit('.').next().unwrap_or_default();
    let kind = FileKind::ALL.into_iter().find(|kind| kind.ending() == ending);
    let mut picture = json!({ "type": "Image", "url": origin.url(&image.url) });
    if let Some(kind) = kind {
        picture["mediaType"] = json!(kind.mime());
    }
    if !image.description.is_empty() {
        picture["summary"] = json!(image.description);
    }
    picture
}

fn add_keys(document: &mut Value, id: &str, keys: &SigningKeys) -> Result<()> {
    document["publicKey"] = json!({
        "id": format!("{id}{MAIN_KEY}"),
        "owner": id,
        "publicKeyPem": keys.rsa_public_pem,
    });
    if keys.ed25519_seed.is_empty() {
        return Ok(());
    }
    let seed =
        keys.ed25519_seed.first_chunk::<32>().ok_or_else(|| Error::Bug("an Ed25519 seed is short".to_owned()))?;
    document["assertionMethod"] = json!([{
        "id": format!("{id}{PROOF_KEY}"),
        "type": "Multikey",
        "controller": id,
        "publicKeyMultibase": ProofKey::from_seed(seed).multikey(),
    }]);
    Ok(())
}

fn type_name(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::Person => "Person",
        ActorKind::Service => "Service",
        ActorKind::Application => "Application",
        ActorKind::Group => "Group",
        ActorKind::Organization => "Organization",
    }
}

/// Day precision: when somebody signed up is nobody's business to the second.
fn day(account: &Account) -> String {
    let whole = time(account.created_at);
    format!("{}T00:00:00Z", whole.split('T').next().unwrap_or("1970-01-01"))
}

/// Hashtags of the bio, each once, and emoji of this server's own in name, bio and fields.
fn tags(read: &dyn Read, origin: &Origin, account: &Account) -> Result<Vec<Value>> {
    let mut tags: Vec<Value> = Vec::new();
    for entity in entities(&account.note) {
        let EntityKind::Hashtag(name) = entity.kind else { continue };
        let tag = hashtag(origin, &name);
        if tags.iter().all(|known| known["href"] != tag["href"]) {
            tags.push(tag);
        }
    }
    let mut texts = vec![account.display_name.as_str(), account.note.as_str()];
    texts.extend(account.fields.iter().flat_map(|field| [field.name.as_str(), field.value.as_str()]));
    tags.truncate(limits::ACTOR_TAGS_SENT);
    tags.extend(emoji::tags(read, origin, &texts)?.into_iter().take(limits::ACTOR_TAGS_SENT));
    Ok(tags)
}

fn fields(read: &dyn Read, origin: &Origin, account: &Account) -> Result<Vec<Value>> {
    let drawn = account.fields.iter().map(|field| {
        let value = render::field(read, origin, &field.value)?;
        Ok(json!({ "type": "PropertyValue", "name": field.name, "value": value }))
    });
    drawn.collect()
}
