//! Activities inside others: what a group tells that somebody did (FEP-1b12, Announce), and what the owner of a
//! conversation adds to it (FEP-171b, Add). Who tells is believed in nothing: such an activity counts as its own actor's
//! word, if that actor has proved it or its server says the same, and goes the way of what the actor sends itself.

use super::{Incoming, Received};
use crate::{
    error::{Error, Result},
    federation::{
        address::RemoteUri,
        fetch::{self, Budget},
        forwarded, inbox,
        object::{self, Activity, ActivityKind, Thing, read},
        repetition,
        trust::{self, ObtainedFrom, Trust},
    },
    http::rate::{Bucket, Who},
    limits,
    registrable::registrable,
    server::Server,
    status as statuses,
};
use serde_json::Value;
use std::time::Duration;
use storage::{
    Digest, account,
    inbound::{self, Accepted, Arrival},
    relationship,
    status::{self, FAVOURITE_BY_URI, FAVOURITES, REBLOG_BY},
};

/// An activity and the one whose word it is.
struct Word {
    actor: RemoteUri,
    id: RemoteUri,
    document: Value,
}

/// Whether an Add puts an activity into a conversation: written out, or named while its target says that it is one.
pub(super) fn is_added(incoming: &Incoming<'_>) -> bool {
    match incoming.activity.object() {
        Some(Thing::Inline(document)) => match object::kind(document) {
            object::Kind::Activity => true,
            object::Kind::Unknown(_) => document.get("actor").is_some(),
            _ => false,
        },
        Some(Thing::Uri(_)) => is_conversation(incoming),
        None => false,
    }
}

/// Whether the target is a collection that the sender says is its own, and not of what it shows first.
fn is_conversation(incoming: &Incoming<'_>) -> bool {
    let Some(target) = incoming.activity.target.as_ref().and_then(Thing::inline) else { return false };
    let owners = read::ids(target.get("attributedTo"), 2);
    owners == [incoming.actor.as_str()]
        && object::kind(target) == object::Kind::Collection
        && read::id(Some(target)) != incoming.sender.endpoints.featured.as_deref()
}

/// The sender adds an activity of somebody to a conversation of its own.
///
/// Source: FEP-171b, "Authentication".
pub(super) async fn receive_added(incoming: &Incoming<'_>) -> Result<Received> {
    let document = match incoming.activity.object() {
        Some(Thing::Inline(document)) => document,
        Some(Thing::Uri(uri)) => return take_named(incoming, uri).await,
        None => return Ok(Received::Dropped("it has no object")),
    };
    let Ok(added) = Activity::read_inner(document) else { return Ok(Received::Dropped("it adds no activity")) };
    match added.kind {
        Some(ActivityKind::Create | ActivityKind::Update | ActivityKind::Delete | ActivityKind::Announce) => {
            take_forwarded(incoming, document, &added).await
        }
        Some(ActivityKind::Like | ActivityKind::EmojiReact | ActivityKind::Dislike | ActivityKind::Undo) => {
            take_mark(incoming, document).await
        }
        _ => {
            incoming.server.unheeded().count(&format!("Add of {}", added.type_name));
            Ok(Received::Dropped("it adds what is not carried out here"))
        }
    }
}

/// Somebody marks a status, or takes that back, as the sender tells.
pub(super) async fn take_mark(incoming: &Incoming<'_>, document: &Value) -> Result<Received> {
    let Ok(marked) = Activity::read_inner(document) else {
        return Ok(Received::Dropped("what it tells is unreadable"));
    };
    if !concerns(incoming, &marked).await? {
        return Ok(Received::Dropped("concerns nobody here"));
    }
    if is_known(incoming, &marked).await? {
        return Ok(Received::Dropped("known already"));
    }
    if may_ask(incoming).is_err() {
        return Ok(Received::Dropped("its sender has told as much as is looked up for it"));
    }
    match answered(incoming, vouched(incoming.server, document, &marked)).await? {
        Ok(word) => keep(incoming.server, word).await,
        Err(dropped) => Ok(dropped),
    }
}

/// Whether the activity was received before, from its actor or from somebody who told of it: nothing is asked then.
async fn is_known(incoming: &Incoming<'_>, told: &Activity) -> Result<bool> {
    let (actor, now, Some(id)) = (told.actor.clone(), incoming.server.now(), told.id.clone()) else { return Ok(false) };
    incoming.server.read(move |view| Ok(inbound::was_received(view, &actor, &id, now)?)).await
}

/// Takes a look at another server from what the sender's may cause: a third one is asked on its word.
fn may_ask(incoming: &Incoming<'_>) -> Result<()> {
    let (server, teller) = (incoming.server, incoming.actor.authority().as_str());
    server.rates().take(Bucket::ToldBySite, Who::named(registrable(teller)), server.now()).map(drop)
}

/// What may change a number here: a mark of a status that is known, ours or of a group or conversation that somebody
/// here follows; taken back by somebody who is known to have made one. All else is not even asked about.
async fn concerns(incoming: &Incoming<'_>, marked: &Activity) -> Result<bool> {
    let undone = (marked.kind == Some(ActivityKind::Undo)).then(|| marked.object()).flatten().cloned();
    let undoes = undone.as_ref().and_then(Thing::inline).and_then(|inner| Activity::read_inner(inner).ok());
    let is_favourite = match &undoes {
        Some(inner) if !matches!(inner.kind, Some(ActivityKind::Like | ActivityKind::EmojiReact)) => return Ok(false),
        Some(inner) => inner.kind == Some(ActivityKind::Like) && inner.content.is_none(),
        None => true,
    };
    let takes_back = matches!(marked.kind, Some(ActivityKind::Undo | ActivityKind::Dislike));
    let object = undoes.as_ref().unwrap_or(marked).object().and_then(Thing::id).map(str::to_owned);
    let named = undone.as_ref().filter(|_| undoes.is_none()).and_then(Thing::id).map(Digest::of);
    let (origin, teller, by) = (incoming.origin(), incoming.account, marked.actor.clone());
    let look = move |view: &storage::View<'_>| -> Result<bool> {
        let known = match (named, &object) {
            (Some(named), _) => match FAVOURITE_BY_URI.get(view, &named)? {
                Some(favourite) => status::find(view, favourite.status)?,
                None => None,
            },
            (None, Some(object)) => statuses::find_by_uri(view, &origin, object)?,
            (None, None) => None,
        };
        let Some(known) = known else { return Ok(false) };
        let is_followed = relationship::has_followers(view, teller)?;
        // A post of ours went to the sender, or through it.
        let has_it =
            known.local && (known.mentions.contains(&teller) || REBLOG_BY.contains(view, &(teller, known.id))?);
        if !is_followed && !has_it {
            return Ok(false);
        }
        if !takes_back {
            return Ok(true);
        }
        let Some(who) = account::find_by_uri(view, &by)? else { return Ok(false) };
        // What waits for somebody's word is no favourite yet.
        Ok(known.local || !is_favourite || FAVOURITES.contains(view, &(who.id, known.id))?)
    };
    incoming.server.read(look).await
}

/// What is asked for is had in time and vouched for; or why not.
async fn answered(
    incoming: &Incoming<'_>,
    asking: impl Future<Output = Result<Option<Word>>>,
) -> Result<std::result::Result<Word, Received>> {
    let patience = Duration::from_millis(limits::INSIDE_WAIT_MS);
    match tokio::time::timeout(patience, asking).await {
        Ok(Ok(Some(word))) => Ok(Ok(word)),
        Ok(Ok(None)) => Ok(Err(Received::Dropped("its actor has not said it"))),
        Ok(Err(error @ (Error::Storage(_) | Error::Bug(_)))) => Err(error),
        Ok(Err(error)) => {
            tracing::debug!(teller = incoming.actor.as_str(), %error, "what somebody tells of others is not confirmed");
            Ok(Err(Received::Dropped("its actor's server does not confirm it")))
        }
        Err(_) => Ok(Err(Received::Dropped("its actor's server does not answer in time"))),
    }
}

/// The activity, if its actor proved it (FEP-8b32) or its id leads to the same on the actor's own server.
async fn vouched(server: &Server, document: &Value, claimed: &Activity) -> Result<Option<Word>> {
    let Some((actor, id)) = owned(server, document, claimed).await? else { return Ok(None) };
    if inbox::has_known_proof_of(server, document, actor.as_str()).await {
        return Ok(Some(Word { actor, id, document: document.clone() }));
    }
    // A part of another document has no document of its own (Mastodon's Likes).
    if id.without_fragment() != id.as_str() {
        return Ok(None);
    }
    let (at, document) = fetch::document(server, id.as_str(), &Budget::of_unhurried_cause()).await?;
    let Ok(said) = Activity::read(&document) else { return Ok(None) };
    let object = |activity: &Activity| activity.object().and_then(Thing::id).map(str::to_owned);
    let same = at == id && said.kind == claimed.kind && said.actor == claimed.actor && object(&said) == object(claimed);
    Ok(same.then_some(Word { actor, id, document }))
}

/// Whose activity it says it is, and its id, of the same server; none if it cannot be theirs. Nobody here: what they do is
/// known here.
async fn owned(server: &Server, document: &Value, claimed: &Activity) -> Result<Option<(RemoteUri, RemoteUri)>> {
    let actor = fetch::foreign(server, &claimed.actor)?;
    fetch::refuse_suspended(server, actor.authority().as_str()).await?;
    let believed = trust::trust(document, ObtainedFrom::SignedBy(&actor), fetch::schemes(server));
    Ok(match believed {
        Ok(Trust::Authoritative(id)) => Some((actor, id)),
        _ => None,
    })
}

/// What its origin can confirm waits as what the sender forwards, and is as relevant (FEDERATION §3, inbox forwarding); if
/// it is proved, as what its actor sent.
async fn take_forwarded(incoming: &Incoming<'_>, document: &Value, added: &Activity) -> Result<Received> {
    let server = incoming.server;
    let Some((actor, id)) = owned(server, document, added).await? else {
        return Ok(Received::Dropped("its actor has not said it"));
    };
    if inbox::has_known_proof_of(server, document, actor.as_str()).await {
        return keep(server, Word { actor, id, document: document.clone() }).await;
    }
    if !forwarded::can_be_confirmed(document) {
        return Ok(Received::Dropped("nothing can confirm it"));
    }
    let signer = incoming.actor.as_str().to_owned();
    store(server, Word { actor, id, document: document.clone() }, signer).await
}

/// An activity of which only the id is given: whatever stands there is its own.
async fn take_named(incoming: &Incoming<'_>, uri: &str) -> Result<Received> {
    let by = incoming.account;
    if !incoming.server.read(move |view| Ok(relationship::has_followers(view, by)?)).await? {
        return Ok(Received::Dropped("concerns nobody here"));
    }
    if may_ask(incoming).is_err() {
        return Ok(Received::Dropped("its sender has told as much as is looked up for it"));
    }
    let word = match answered(incoming, named(incoming.server, uri)).await? {
        Ok(word) => word,
        Err(dropped) => return Ok(dropped),
    };
    let Ok(said) = Activity::read_inner(&word.document) else { return Ok(Received::Dropped("it adds no activity")) };
    match said.kind {
        // It was said once; what holds now its object's origin tells.
        Some(ActivityKind::Create | ActivityKind::Update | ActivityKind::Delete | ActivityKind::Announce)
            if forwarded::can_be_confirmed(&word.document) =>
        {
            let signer = incoming.actor.as_str().to_owned();
            store(incoming.server, word, signer).await
        }
        Some(ActivityKind::Like | ActivityKind::EmojiReact | ActivityKind::Dislike | ActivityKind::Undo)
            if concerns(incoming, &said).await? =>
        {
            keep(incoming.server, word).await
        }
        _ => {
            incoming.server.unheeded().count(&format!("Add of {}", said.type_name));
            Ok(Received::Dropped("it adds what is not carried out here"))
        }
    }
}

async fn named(server: &Server, uri: &str) -> Result<Option<Word>> {
    let (_, document) = fetch::document(server, uri, &Budget::of_unhurried_cause()).await?;
    let Ok(said) = Activity::read(&document) else { return Ok(None) };
    let owned = owned(server, &document, &said).await?;
    Ok(owned.map(|(actor, id)| Word { actor, id, document }))
}

/// Stores an activity as one that its actor sent, unless it did, or others told of it before.
async fn keep(server: &Server, word: Word) -> Result<Received> {
    let signer = word.actor.as_str().to_owned();
    store(server, word, signer).await
}

async fn store(server: &Server, word: Word, signer: String) -> Result<Received> {
    let Word { actor, id, document } = word;
    let body = document.to_string().into_bytes();
    let name = repetition::name_of(&document, &body, None);
    let name = name.map_or_else(|| id.as_str().to_owned(), |name| name.id().to_owned());
    let rule = move |tx: &mut storage::Tx<'_>| -> Result<Accepted> {
        let (actor, activity) = (actor.as_str(), name.as_str());
        Ok(inbound::accept(tx, &Arrival { actor, signer: &signer, inbox: "", activity, body: &body })?)
    };
    Ok(match server.write(rule).await? {
        Accepted::Stored => Received::Done,
        Accepted::Duplicate => Received::Dropped("known already"),
    })
}
