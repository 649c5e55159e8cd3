//! What goes between this server and relays, both ways: Follow, Accept, Reject and Undo of the instance actor's follow,
//! the Announces that LitePub relays give and want, and what Mastodon's kind passes on.

use super::{Built, Incoming, Received, announce, built, object_key};
use crate::{
    error::{Error, Result},
    federation::{
        fetch::{self, Budget},
        json,
        object::{Thing, read},
        outward::{actor::INSTANCE_PATH, time, with_context},
    },
    limits,
    moderation::relay as rules,
    origin::Origin,
    server::Server,
    status::{
        self as statuses,
        accept::{self, Accepted, Reason},
    },
};
use serde_json::{Value, json};
use storage::{
    AccountId, Digest, Read, RowId, StatusId,
    audience::Audience,
    delivery::{Priority, Sender},
    intent::Intent,
    peer::{self, Target},
    relay::{self, RelayKind, RelayState},
    status,
};

/// Whom relays of Mastodon's kind are followed as.
const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// What asking a relay owes to it; `None` if it is gone by now.
///
/// # Errors
/// Storage errors.
pub fn build_follow(read: &dyn Read, origin: &Origin, id: RowId) -> Result<Option<Built>> {
    let Some(row) = relay::find(read, id)? else { return Ok(None) };
    let document = with_context(follow(origin, id, row.actor.as_deref().filter(|_| row.kind == RelayKind::Litepub)));
    of_instance(&document, key(id), row.account.filter(|_| row.kind == RelayKind::Litepub)).map(Some)
}

/// What leaving a relay owes to it.
///
/// # Errors
/// `TooLarge`.
pub fn build_undo(
    origin: &Origin,
    id: RowId,
    inbox: Option<&str>,
    actor: Option<&str>,
    account: Option<AccountId>,
) -> Result<Option<Built>> {
    let inner = follow(origin, id, actor.filter(|_| inbox.is_none()));
    let document = with_context(json!({
        "id": format!("{}/undo", origin.url(&path(id))),
        "type": "Undo",
        "actor": origin.url(INSTANCE_PATH),
        "object": inner,
    }));
    of_instance(&document, key(id), account.filter(|_| inbox.is_none())).map(Some)
}

/// What accepting the Follow of a LitePub relay owes to it.
///
/// # Errors
/// Storage errors.
pub fn build_accept(read: &dyn Read, origin: &Origin, id: RowId, follow_uri: &str) -> Result<Option<Built>> {
    let Some(row) = relay::find(read, id)? else { return Ok(None) };
    let (Some(actor), Some(account)) = (row.actor, row.account) else { return Ok(None) };
    let own = origin.url(INSTANCE_PATH);
    let number = storage::table::hex(&Digest::of(follow_uri).0);
    let document = with_context(json!({
        "id": format!("{own}#accepts/relays/{number}"),
        "type": "Accept",
        "actor": own,
        "to": [actor],
        "object": { "id": follow_uri, "type": "Follow", "actor": actor, "object": own },
    }));
    of_instance(&document, key(id), Some(account)).map(Some)
}

/// The Announce by which LitePub relays hear of a public status of ours; `None` if it or they are gone by now.
///
/// # Errors
/// Storage errors.
pub fn build_announce(read: &dyn Read, origin: &Origin, id: StatusId) -> Result<Option<Built>> {
    let Some(status) = status::find(read, id)? else { return Ok(None) };
    let on = relay::all(read)?.into_iter().map(|(_, row)| row);
    let accounts = on.filter(|row| row.is_on() && row.kind == RelayKind::Litepub).filter_map(|row| row.account);
    let own = origin.url(INSTANCE_PATH);
    let document = with_context(json!({
        "id": format!("{own}#announces/{id}"),
        "type": "Announce",
        "actor": own,
        "published": time(status.created_at),
        "to": [PUBLIC],
        "object": origin.url(&status.uri),
    }));
    let audience = Audience { accounts: accounts.collect(), ..Audience::default() };
    let made = built(&document, status.account, object_key(origin, &status.uri), Priority::Public, audience)?;
    Ok(Some(Built { sender: Sender::Instance, ..made }))
}

/// The inboxes of relays that get the activity for `intent` beside its audience: those of Mastodon's kind are no
/// accounts, and get our public statuses as their authors' followers do; but for those that are for one hashtag, which
/// only give.
///
/// # Errors
/// Storage errors.
pub fn inboxes(read: &dyn Read, intent: &Intent) -> Result<Vec<Target>> {
    let urls: Vec<String> = match intent {
        Intent::FollowRelay { relay } => {
            let row = relay::find(read, *relay)?.filter(|row| row.kind == RelayKind::Mastodon);
            row.into_iter().map(|row| row.url).collect()
        }
        Intent::UnfollowRelay { inbox, .. } => inbox.iter().cloned().collect(),
        // Whoever refused or is paused knows our key, too.
        Intent::ChangeInstanceKeys { .. } => {
            let all = relay::all(read)?.into_iter().chain(relay::of_tags(read)?).map(|(_, row)| row);
            all.filter(|row| row.kind == RelayKind::Mastodon).map(|row| row.url).collect()
        }
        Intent::Create { status } | Intent::Update { status } => {
            let row = status::find(read, *status)?
                .filter(|row| row.local && row.visibility == status::Visibility::Public && !row.local_only);
            let public = match row {
                Some(row) => !storage::interaction::is_pending(read, &row)?,
                None => false,
            };
            let on = relay::all(read)?.into_iter().map(|(_, row)| row);
            on.filter(|row| public && row.is_on() && row.kind == RelayKind::Mastodon).map(|row| row.url).collect()
        }
        _ => Vec::new(),
    };
    let target = |url: String| peer::authority_of(&url).map(|domain| Target { url, domain, shared: false });
    Ok(urls.into_iter().filter_map(target).collect())
}

fn path(id: RowId) -> String {
    format!("{INSTANCE_PATH}#relays/{id}")
}

fn follow(origin: &Origin, id: RowId, actor: Option<&str>) -> Value {
    json!({
        "id": origin.url(&path(id)),
        "type": "Follow",
        "actor": origin.url(INSTANCE_PATH),
        "object": actor.unwrap_or(PUBLIC),
    })
}

fn key(id: RowId) -> Digest {
    Digest::of(&format!("relay {id}"))
}

fn of_instance(document: &Value, key: Digest, account: Option<AccountId>) -> Result<Built> {
    let audience = Audience { accounts: account.into_iter().collect(), ..Audience::default() };
    let made = built(document, AccountId(0), key, Priority::Direct, audience)?;
    Ok(Built { sender: Sender::Instance, ..made })
}

/// The sender answers that this server follows it as a relay; none if the answer is about something else.
pub(super) async fn receive_answer(incoming: &Incoming<'_>, answer: RelayState) -> Result<Option<Received>> {
    let origin = incoming.origin();
    let named = incoming.activity.object().and_then(Thing::id).and_then(|id| origin.path_of(id));
    let front = format!("{INSTANCE_PATH}#relays/");
    let Some(id) = named.and_then(|path| path.strip_prefix(&front)?.parse::<u64>().ok()) else { return Ok(None) };
    let (actor, account) = (incoming.actor.as_str().to_owned(), incoming.account);
    let rule = move |tx: &mut storage::Tx<'_>| rules::answered(tx, RowId(id), &actor, account, answer);
    let asked = incoming.server.write(rule).await?;
    Ok(Some(if asked { Received::Done } else { Received::Dropped("it was not asked to be a relay") }))
}

/// The sender follows this server itself.
pub(super) async fn receive_follow(incoming: &Incoming<'_>) -> Result<Received> {
    let (actor, uri) = (incoming.actor.as_str().to_owned(), incoming.id());
    let taken = incoming.server.write(move |tx| rules::followed(tx, &actor, &uri)).await?;
    Ok(if taken { Received::Done } else { Received::Dropped("only relays follow a server itself") })
}

/// If the sender is a relay, what it tells of is asked for and no reblog; none if it is none.
pub(super) async fn receive_announce(incoming: &Incoming<'_>) -> Result<Option<Received>> {
    let actor = incoming.actor.as_str().to_owned();
    let relay = incoming.server.read(move |view| Ok(relay::of_actor(view, &actor)?)).await?;
    let Some((id, row)) = relay else { return Ok(None) };
    let agreed = row.is_on()
        || row.of_tag.is_some() && incoming.server.write(move |tx| rules::agrees_by_telling(tx, id)).await?;
    if !agreed {
        return Ok(Some(Received::Dropped("the relay did not agree, or is paused")));
    }
    let told: Vec<String> =
        incoming.activity.objects.iter().filter_map(announce::shared_id).take(limits::SHARED_MAX).collect();
    let mut outcome = Received::Dropped("the relay tells of nothing");
    for uri in told {
        let one = tells(incoming.server, id, &uri, &incoming.budget).await?;
        if outcome != Received::Done {
            outcome = one;
        }
    }
    Ok(Some(outcome))
}

/// What a relay that signed passes on of others, as they sent it: its object is asked for like one that is told of. None
/// if the signer is no relay, or it is nothing new.
///
/// # Errors
/// Storage errors.
pub async fn receive_forwarded(server: &Server, signer: &str, body: &[u8]) -> Result<Option<Received>> {
    let signer = signer.to_owned();
    let relay = server.read(move |view| Ok(relay::of_actor(view, &signer)?)).await?;
    let Some((id, _)) = relay.filter(|(_, row)| row.is_on()) else { return Ok(None) };
    let Ok(activity) = json::parse(body) else { return Ok(None) };
    if read::first_type(&activity) != "Create" {
        return Ok(None);
    }
    let Some(object) = read::id(activity.get("object")) else { return Ok(None) };
    tells(server, id, object, &Budget::of_one_cause()).await.map(Some)
}

/// A relay tells of the status `uri`: it is read from its own origin, once, within the relay's hour.
async fn tells(server: &Server, id: RowId, uri: &str, budget: &Budget) -> Result<Received> {
    let (origin, wanted) = (server.origin().clone(), uri.to_owned());
    if origin.is_own(uri) {
        return Ok(Received::Dropped("our own comes back from a relay"));
    }
    let known = server.read(move |view| Ok(statuses::find_by_uri(view, &origin, &wanted)?.is_some())).await?;
    if known {
        return Ok(Received::Dropped("known already"));
    }
    if !server.write(move |tx| rules::take(tx, id)).await? {
        return Ok(Received::Dropped("the relay's hour is full"));
    }
    match read_and_offer(server, id, uri, budget).await {
        Ok(Accepted::New(_) | Accepted::Waits) => Ok(Received::Done),
        Ok(Accepted::Known(_)) => Ok(Received::Dropped("known already")),
        Ok(Accepted::Deleted) => Ok(Received::Dropped("it was taken back before")),
        Ok(Accepted::Irrelevant) => Ok(Received::Dropped("it does not pass the relay's filters")),
        Ok(Accepted::Refused) => Ok(Received::Dropped("what it answers does not let its author")),
        Err(error @ (Error::Storage(_) | Error::Bug(_))) => Err(error),
        // A relay tells of much; what cannot be had now is not worth another try.
        Err(error) => {
            tracing::debug!(uri, %error, "what a relay tells of cannot be read");
            Ok(Received::Dropped("what the relay tells of cannot be read"))
        }
    }
}

async fn read_and_offer(server: &Server, id: RowId, uri: &str, budget: &Budget) -> Result<Accepted> {
    let (at, document) = fetch::document(server, uri, budget).await?;
    let remote = fetch::status::read(server, &at, &document, budget, Reason::Relayed(id)).await?;
    let rule = move |tx: &mut storage::Tx<'_>| {
        let accepted = accept::accept(tx, &remote)?;
        if let Accepted::New(_) = accepted {
            rules::came(tx, id)?;
        }
        Ok(accepted)
    };
    server.write(rule).await
}
