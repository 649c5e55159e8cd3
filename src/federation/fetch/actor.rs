//! Remote actors and their keys: read from their own id, their handle confirmed, stored.

use super::{Budget, document, finger, foreign, schemes};
use crate::{
    account::accept::{self, HandleProof, RemoteAccount, RemoteKey},
    error::{Error, Result},
    federation::{
        address::{Handle, RemoteUri, Schemes},
        object::{self, Actor, KeyMaterial, actor::key_owner},
        trust,
    },
    limits,
    server::Server,
    text::{plain::display_name, sanitise::sanitise},
};
use serde_json::Value;
use storage::{
    AccountId, Timestamp,
    account::{self as rows, ActorKey, ActorKind, Emoji, Endpoints, Image, StatedCounts},
};

/// The account with this actor id: as stored, or read from its server if it is unknown.
///
/// # Errors
/// As `document`; `Remote` if the document is no actor or its handle is not confirmed.
pub async fn account(server: &Server, uri: &str, budget: &Budget) -> Result<AccountId> {
    if let Some(known) = stored(server, uri).await? {
        return Ok(known);
    }
    let _held = budget.noting(super::turn_of(server, uri).await)?;
    if let Some(known) = stored(server, uri).await? {
        return Ok(known);
    }
    refresh(server, uri, budget).await
}

/// Reads an actor from its server, whether it is known or not, and stores it as it is now.
///
/// An id that leads to an actor of another server is nobody: what is said under that id would become the other's word
/// (SECURITY A1, B2).
///
/// # Errors
/// As `account`.
pub async fn refresh(server: &Server, uri: &str, budget: &Budget) -> Result<AccountId> {
    Ok(refresh_whole(server, uri, budget).await?.0)
}

/// The same, with the actor's document: it says more than is kept.
///
/// # Errors
/// As `account`.
pub(super) async fn refresh_whole(server: &Server, uri: &str, budget: &Budget) -> Result<(AccountId, Value)> {
    budget.take_actor()?;
    let (id, document) = document(server, uri, budget).await?;
    let wanted = foreign(server, uri)?;
    if !id.same_origin(&wanted) {
        return Err(Error::remote(wanted.authority().as_str(), format!("its actor is {id}, which lives elsewhere")));
    }
    Ok((take(server, &id, &document, budget).await?, document))
}

/// Stores an actor's document that is known to be authoritative (fetched from its id, or sent under its signature).
///
/// # Errors
/// `Remote` if it is no actor or its handle is not confirmed.
pub async fn take(server: &Server, id: &RemoteUri, document: &Value, budget: &Budget) -> Result<AccountId> {
    if !object::has_context(document) {
        return Err(Error::remote(id.authority().as_str(), "@context does not name ActivityStreams"));
    }
    take_inner(server, id, document, budget).await
}

/// As `take`, for a document inside an activity whose `@context` stands for both.
///
/// # Errors
/// As `take`.
pub async fn take_inner(server: &Server, id: &RemoteUri, document: &Value, budget: &Budget) -> Result<AccountId> {
    let host = id.authority().as_str();
    let actor = Actor::read(document, schemes(server)).map_err(|why| Error::remote(host, format!("actor: {why}")))?;
    if actor.id != id.as_str() {
        return Err(Error::remote(host, "actor's id is not its own"));
    }
    let (handle, proof) = handle(server, id, &actor, budget).await?;
    let now = server.now();
    let (id, schemes) = (id.clone(), schemes(server));
    let remote = server.compute(move || Ok(described(&id, actor, handle, proof, schemes, now))).await?;
    server.write(move |tx| accept::accept(tx, &remote)).await
}

/// The handle of an actor: the one it claims (FEP-2c59) or `preferredUsername` at its id's host, confirmed by
/// webfinger. An actor that is known keeps its handle while webfinger does not answer.
async fn handle(server: &Server, id: &RemoteUri, actor: &Actor, budget: &Budget) -> Result<(Handle, HandleProof)> {
    let own = Handle { username: actor.username.clone(), authority: id.authority().clone() };
    let claimed = actor.webfinger.as_deref().and_then(Handle::parse).unwrap_or_else(|| own.clone());
    let mut outcome = finger::confirm(server, &claimed, id.as_str(), budget).await;
    if outcome.is_err() && !claimed.same(&own) {
        outcome = finger::confirm(server, &own, id.as_str(), budget).await;
    }
    match outcome {
        Ok(handle) => Ok((handle, HandleProof::Confirmed)),
        Err(error) => match stored_handle(server, id.as_str()).await? {
            Some(handle) => Ok((handle, HandleProof::Unconfirmed)),
            None => Err(error),
        },
    }
}

async fn stored(server: &Server, uri: &str) -> Result<Option<AccountId>> {
    let uri = uri.to_owned();
    server.read(move |view| Ok(rows::find_by_uri(view, &uri)?.map(|account| account.id))).await
}

async fn stored_handle(server: &Server, uri: &str) -> Result<Option<Handle>> {
    let uri = uri.to_owned();
    let account = server.read(move |view| Ok(rows::find_by_uri(view, &uri)?)).await?;
    Ok(account.and_then(|account| Handle::parse(&account.acct())))
}

fn described(
    id: &RemoteUri,
    actor: Actor,
    handle: Handle,
    proof: HandleProof,
    schemes: Schemes,
    now: Timestamp,
) -> RemoteAccount {
    let image = |picture: Option<object::Attachment>| {
        picture.map(|picture| Image {
            // WordPress sends addresses as they stand in its pages.
            url: picture.url.replace("&#038;", "&").replace("&amp;", "&"),
            description: picture.description.unwrap_or_default(),
        })
    };
    let listed: Vec<String> = actor.keys.iter().map(|key| key.id.clone()).collect();
    let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
    let own_keys: Vec<_> =
        actor.keys.into_iter().filter(|key| trust::key_belongs(&key.id, &key.owner, id, &listed, schemes)).collect();
    let mut remote = RemoteAccount {
        uri: actor.id,
        username: handle.username,
        domain: handle.authority.as_str().to_owned(),
        handle: proof,
        url: actor.url,
        kind: match actor.kind {
            object::ActorKind::Person => ActorKind::Person,
            object::ActorKind::Service => ActorKind::Service,
            object::ActorKind::Application => ActorKind::Application,
            object::ActorKind::Group => ActorKind::Group,
            object::ActorKind::Organization => ActorKind::Organization,
        },
        display_name: display_name(&actor.name, limits::NAME_MAX_CHARS),
        note: sanitise(&actor.summary_html),
        fields: actor
            .fields
            .iter()
            .map(|field| (display_name(&field.name, limits::ACTOR_FIELD_MAX_CHARS), sanitise(&field.value_html)))
            .collect(),
        avatar: image(actor.icon),
        header: image(actor.image),
        emojis: actor.emojis.into_iter().map(emoji).collect(),
        locked: actor.manually_approves_followers,
        discoverable: actor.discoverable,
        indexable: actor.indexable.unwrap_or(false),
        hide_collections: false,
        attribution_domains: actor.attribution_domains,
        show_media: actor.show_media,
        show_media_replies: actor.show_media_replies,
        show_featured: actor.show_featured,
        memorial: actor.memorial,
        suspended: actor.suspended,
        also_known_as: actor.also_known_as,
        moved_to: actor.moved_to,
        endpoints: Endpoints {
            inbox: actor.inbox,
            shared_inbox: actor.shared_inbox,
            outbox: actor.outbox,
            followers: actor.followers,
            following: actor.following,
            featured: actor.featured,
        },
        stated: StatedCounts::default(),
        published: actor.published.map(|at| at.min(now)),
        // A key is the actor's own only if it says so and lives where the actor lives (SECURITY A3).
        keys: own_keys
            .into_iter()
            .map(|key| RemoteKey {
                key_id: key.id,
                material: match key.material {
                    KeyMaterial::Pem(text) | KeyMaterial::Multibase(text) => text,
                },
            })
            .collect(),
    };
    accept::fit(&mut remote);
    remote
}

/// An emoji as a record.
pub(crate) fn emoji(emoji: object::Emoji) -> Emoji {
    Emoji { shortcode: emoji.shortcode, url: emoji.url }
}

/// The key with this id: as stored, or read from its server together with its actor.
///
/// The key's document is an actor, or a stub that names its owner (GoToSocial); either way the owner's own document,
/// fetched from its id, must list the key (SECURITY A3).
///
/// # Errors
/// As `document`; `Unauthorized` if the actor does not list the key as its own.
pub async fn key(server: &Server, key_id: &str) -> Result<ActorKey> {
    if let Some(known) = stored_key(server, key_id).await? {
        return Ok(known);
    }
    let _held = super::turn_of(server, key_id).await?;
    if let Some(known) = stored_key(server, key_id).await? {
        return Ok(known);
    }
    refresh_key(server, key_id).await
}

/// Reads a key from its server although one is stored: it may have been changed.
///
/// # Errors
/// As `key`: `Unauthorized` if its actor does not list it as its own.
pub async fn refresh_key(server: &Server, key_id: &str) -> Result<ActorKey> {
    let budget = Budget::new(limits::FETCH_KEY_BUDGET);
    let wanted = foreign(server, key_id)?;
    server.outside().memory.refuse_failed(key_id, server.now())?;
    let outcome = owner(server, &wanted, &budget).await;
    let found = match outcome {
        Ok(account) => {
            let stored = stored_key(server, key_id).await?;
            stored.filter(|key| key.account == account).ok_or(Error::Unauthorized)
        }
        Err(error) => Err(error),
    };
    if let Err(error) = &found {
        server.outside().memory.remember_no_key(key_id, error, server.now());
    }
    found
}

/// Stores the actor that owns a key.
async fn owner(server: &Server, key_id: &RemoteUri, budget: &Budget) -> Result<AccountId> {
    let host = key_id.authority().as_str();
    let bare =
        RemoteUri::parse(key_id.without_fragment(), schemes(server)).map_err(|why| Error::remote(host, why.0))?;
    let (url, found) = super::get(server, &bare, budget).await?;
    let is_actor = object::kind(&found) == object::Kind::Actor && Actor::read(&found, schemes(server)).is_ok();
    let trusted = trust::trust(&found, trust::ObtainedFrom::Fetched(&url), schemes(server));
    if let (true, Ok(trust::Trust::Authoritative(id))) = (is_actor, trusted)
        && id.as_str() == bare.as_str()
    {
        return take(server, &id, &found, budget).await;
    }
    let owner = key_owner(&found).ok_or_else(|| Error::remote(host, "the key names no owner"))?;
    let owner = foreign(server, owner)?;
    if !owner.same_origin(key_id) {
        return Err(Error::remote(host, "the key's owner lives elsewhere"));
    }
    refresh(server, owner.as_str(), budget).await
}

async fn stored_key(server: &Server, key_id: &str) -> Result<Option<ActorKey>> {
    let key_id = key_id.to_owned();
    server.read(move |view| Ok(rows::find_key(view, &key_id)?)).await
}
