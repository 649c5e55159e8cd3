//! Announce (ActivityPub §7.11): a reblog, both ways; of a group also what others did to a status (FEP-1b12).

use super::{Built, Incoming, Received, built, create, inside, interaction, object_key, relay};
use crate::{
    error::{Error, Result},
    federation::{
        address::RemoteUri,
        fetch,
        object::{self, Activity, ActivityKind, Note, Thing, is_public},
        outward::{account_uri, authorize, note::Addressing, time, with_context},
        trust::{self, Trust},
    },
    http::rate::{Bucket, Who},
    limits,
    origin::Origin,
    registrable::registrable,
    status::{self as statuses, accept},
};
use serde_json::{Value, json};
use storage::{
    AccountId, Read, StatusId,
    account::{self, ActorKind},
    audience::Audience,
    delivery::Priority,
    interaction::Interaction,
    relationship,
    status::{self, Status, Visibility},
};

/// The Announce of a local reblog, without `@context`.
///
/// # Errors
/// Storage errors; `NotFound` if the original is gone.
pub fn document(read: &dyn Read, origin: &Origin, reblog: &Status) -> Result<Value> {
    let original = match reblog.reblog_of {
        Some(id) => status::find(read, id)?,
        None => None,
    };
    let original = original.ok_or(Error::NotFound)?;
    let who = super::require_account(read, reblog.account)?;
    let author = super::require_account(read, original.account)?;
    let Addressing { to, cc } = Addressing::of(origin, &who, reblog.visibility, &[account_uri(origin, &author)]);
    let mut document = json!({
        "id": format!("{}/activity", origin.url(&reblog.uri)),
        "type": "Announce",
        "actor": account_uri(origin, &who),
        "published": time(reblog.created_at),
        "to": to,
        "cc": cc,
        "object": origin.url(&original.uri),
    });
    if let Some(shown) = statuses::authorization(read, who.id, Interaction::Reblog, original.id)? {
        authorize(&mut document, "announceAuthorization", &origin.url(&shown));
    }
    Ok(document)
}

/// What a new reblog owes to others; `None` if it or the original is gone already.
///
/// # Errors
/// Storage errors.
pub fn build(read: &dyn Read, origin: &Origin, id: StatusId) -> Result<Option<Built>> {
    let Some(reblog) = status::find(read, id)? else { return Ok(None) };
    let document = match document(read, origin, &reblog) {
        Ok(document) => with_context(document),
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let author = match reblog.reblog_of {
        Some(original) => status::find(read, original)?.map(|original| original.account),
        None => None,
    };
    let audience =
        Audience { followers_of: Some(reblog.account), accounts: author.into_iter().collect(), ..Audience::default() };
    built(&document, reblog.account, object_key(origin, &reblog.uri), Priority::Reblog, audience).map(Some)
}

/// One of the things that an Announce names.
enum Shared {
    /// A status: named, written out, or what somebody posts.
    Status(String),
    /// What somebody edits.
    Edited(String),
    /// What `by` deletes.
    Deleted { uri: String, by: String },
    /// What somebody brings back that was deleted, or taken out of the group.
    Restored(String),
    /// What somebody takes out of a collection: the group itself, as far as it is one of its own.
    TakenOut { uri: String, of: Option<String> },
    /// A profile that is said to have changed.
    Profile(String),
    /// Somebody marks a status, or takes that back; as it stands in the Announce.
    Mark(Value),
    /// What nothing is made of, by the name of its type.
    Unheeded(String),
}

impl Shared {
    /// Reads a thing; none for what says nothing of a status.
    fn of(thing: &Thing) -> Option<Self> {
        let Some(document) = thing.inline() else { return thing.id().map(|id| Shared::Status(id.to_owned())) };
        match object::kind(document) {
            object::Kind::Note => thing.id().map(|id| Shared::Status(id.to_owned())),
            object::Kind::Activity => Self::of_activity(document),
            // An id beside nothing else.
            object::Kind::Unknown(name) if name.is_empty() => thing.id().map(|id| Shared::Status(id.to_owned())),
            object::Kind::Unknown(name) => Some(Shared::Unheeded(name)),
            object::Kind::Actor | object::Kind::Collection | object::Kind::Tombstone => None,
        }
    }

    fn of_activity(document: &Value) -> Option<Self> {
        let inner = Activity::read_inner(document).ok()?;
        let thing = inner.object()?;
        let uri = thing.id()?.to_owned();
        match inner.kind? {
            ActivityKind::Create => Some(match thing.inline().map(object::kind) {
                Some(object::Kind::Unknown(name)) if !name.is_empty() => Shared::Unheeded(format!("Create of {name}")),
                _ => Shared::Status(uri),
            }),
            ActivityKind::Update => Some(match thing.inline().map(object::kind) {
                Some(object::Kind::Actor) => Shared::Profile(uri),
                Some(object::Kind::Unknown(name)) if !name.is_empty() => Shared::Unheeded(format!("Update of {name}")),
                _ => Shared::Edited(uri),
            }),
            ActivityKind::Delete => Some(Shared::Deleted { uri, by: inner.actor }),
            ActivityKind::Like | ActivityKind::EmojiReact | ActivityKind::Dislike => {
                Some(Shared::Mark(document.clone()))
            }
            ActivityKind::Undo => Self::of_undone(document, thing),
            ActivityKind::Remove => {
                let of = inner.target.as_ref().and_then(Thing::id).map(str::to_owned);
                Some(Shared::TakenOut { uri, of })
            }
            kind @ (ActivityKind::Add
            | ActivityKind::Announce
            | ActivityKind::Follow
            | ActivityKind::Accept
            | ActivityKind::Reject
            | ActivityKind::Block
            | ActivityKind::Flag
            | ActivityKind::Move
            | ActivityKind::QuoteRequest
            | ActivityKind::LikeRequest
            | ActivityKind::ReplyRequest
            | ActivityKind::AnnounceRequest) => Some(Shared::Unheeded(kind.name().to_owned())),
        }
    }

    /// What an Undo says: `document` is it, `undone` its object.
    fn of_undone(document: &Value, undone: &Thing) -> Option<Self> {
        let Some(undone) = undone.inline() else { return Some(Shared::Mark(document.clone())) };
        let undone = Activity::read_inner(undone).ok()?;
        match undone.kind {
            Some(ActivityKind::Like | ActivityKind::EmojiReact) => Some(Shared::Mark(document.clone())),
            Some(ActivityKind::Delete) => {
                undone.object().and_then(Thing::id).map(|uri| Shared::Restored(uri.to_owned()))
            }
            // A dislike is nothing here.
            Some(ActivityKind::Dislike) => None,
            _ => Some(Shared::Unheeded(format!("Undo of {}", undone.type_name))),
        }
    }
}

/// The sender shares statuses: usually one; a group shares the activities that concern it (FEP-1b12).
pub(super) async fn receive(incoming: &Incoming<'_>) -> Result<Received> {
    if let Some(told) = relay::receive_announce(incoming).await? {
        return Ok(told);
    }
    let shared: Vec<Shared> =
        incoming.activity.objects.iter().filter_map(Shared::of).take(limits::SHARED_MAX).collect();
    if shared.is_empty() {
        return Ok(Received::Dropped("it shares nothing that is a status"));
    }
    take_own(incoming).await?;
    let mut outcome = Received::Dropped("concerns nobody here");
    let alone = shared.len() == 1;
    for (at, shared) in shared.iter().enumerate() {
        // Several things under one id: each reblog needs its own.
        let id = match alone {
            true => incoming.id(),
            false => format!("{}#{at}", incoming.id()),
        };
        match take(incoming, shared, id).await {
            Ok(Received::Done) => outcome = Received::Done,
            Ok(why @ Received::Dropped(_)) if alone => return Ok(why),
            Ok(Received::Dropped(_)) => {}
            Err(error) if alone => return Err(error),
            Err(error) => {
                let by = incoming.actor.as_str();
                tracing::debug!(by, at, %error, "one of several shared things cannot be read");
            }
        }
    }
    Ok(outcome)
}

/// Takes in what the sender wrote for its followers and shares again: Mastodon writes it out, as nobody could read it from
/// its id. It is the sender's word, as in a Create; everything else inside an Announce is only a link (SECURITY A1).
async fn take_own(incoming: &Incoming<'_>) -> Result<()> {
    for thing in incoming.activity.objects.iter().take(limits::SHARED_MAX) {
        let Some(document) = thing.inline() else { continue };
        let Some(id) = own_for_followers(incoming, document) else { continue };
        match create::take(incoming, &id, document).await {
            Ok(_) | Err(Error::Gone) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The id of what the sender wrote for its followers, if `document` is that.
fn own_for_followers(incoming: &Incoming<'_>, document: &Value) -> Option<RemoteUri> {
    let (actor, followers) = (incoming.actor.as_str(), incoming.sender.endpoints.followers.as_deref());
    let note = Note::read(document).ok()?;
    let is_for_followers = note.audience(followers) == object::Audience::Followers;
    if note.attributed_to.as_deref() != Some(actor) || !is_for_followers {
        return None;
    }
    match trust::embedded(document, &incoming.actor, fetch::schemes(incoming.server)) {
        Ok(Trust::Authoritative(id)) => Some(id),
        Ok(Trust::Link(_) | Trust::Refetch(_)) | Err(_) => None,
    }
}

/// Takes one of the things that are shared; `id` is that of the reblog that may come of it.
async fn take(incoming: &Incoming<'_>, shared: &Shared, id: String) -> Result<Received> {
    match shared {
        Shared::Status(uri) => share(incoming, uri, id).await,
        Shared::Unheeded(name) => {
            incoming.server.unheeded().count(&format!("Announce of {name}"));
            Ok(Received::Dropped("it tells what is not carried out here"))
        }
        Shared::Edited(uri) => take_edit(incoming, uri, id).await,
        _ if incoming.sender.kind != ActorKind::Group => Ok(Received::Dropped("only a group tells what others did")),
        Shared::Deleted { uri, by } => take_deletion(incoming, uri, by).await,
        Shared::Restored(uri) => share_restored(incoming, uri, id).await,
        Shared::TakenOut { uri, of } => take_out(incoming, uri, of.as_deref()).await,
        Shared::Profile(uri) if *uri == incoming.actor.as_str() => {
            fetch::actor::refresh(incoming.server, uri, &incoming.budget).await?;
            Ok(Received::Done)
        }
        Shared::Profile(_) => Ok(Received::Dropped("somebody else's profile")),
        Shared::Mark(document) => inside::take_mark(incoming, document).await,
    }
}

/// The id of the status a thing is or, for an activity of a group, that it posts or edits.
pub(in crate::federation) fn shared_id(thing: &Thing) -> Option<String> {
    match Shared::of(thing)? {
        Shared::Status(uri) | Shared::Edited(uri) => Some(uri),
        _ => None,
    }
}

/// A group tells that a status was edited. It is read from its own origin: what the Announce holds is only a link
/// (SECURITY A1). One that is not known is shared, because its Create may be on its way still.
async fn take_edit(incoming: &Incoming<'_>, uri: &str, id: String) -> Result<Received> {
    let Some(known) = stored(incoming, uri).await? else { return share(incoming, uri, id).await };
    if incoming.sender.kind != ActorKind::Group {
        return Ok(Received::Dropped("only a group tells what others did"));
    }
    if !super::is_told_to_all(&known) {
        return Ok(Received::Dropped(HIDDEN));
    }
    if !may_ask(incoming, &known.uri) {
        return Ok(Received::Dropped(TOO_MANY));
    }
    fetch::status::refresh_within(incoming.server, known.id, &incoming.budget).await?;
    Ok(Received::Done)
}

/// A group tells that `by` deleted a status: its author, or a moderator (Lemmy says who removed it with `summary`). What
/// the group shares it shares no longer: that is its own to take back. The status itself goes if its own origin says that
/// it is gone, whatever the group says of others' (SECURITY A8).
async fn take_deletion(incoming: &Incoming<'_>, uri: &str, by: &str) -> Result<Received> {
    let server = incoming.server;
    let Some(known) = stored(incoming, uri).await? else { return Ok(Received::Dropped("not stored")) };
    let ended = end_share(incoming, &known).await?;
    let but = |why| Ok(if ended { Received::Done } else { Received::Dropped(why) });
    if !super::is_told_to_all(&known) || is_suspended(incoming, known.account).await? {
        return but(HIDDEN);
    }
    let (at, by) = (fetch::foreign(server, &known.uri)?, fetch::foreign(server, by));
    if !by.is_ok_and(|by| by.same_origin(&at) || by.same_origin(&incoming.actor)) {
        return but("who deletes it is neither of its server nor of the group's");
    }
    // It is told once: it waits.
    take_look(incoming, &known.uri)?;
    let gone = match fetch::document(server, &known.uri, &incoming.budget).await {
        Ok((_, document)) => object::kind(&document) == object::Kind::Tombstone,
        Err(Error::NotFound | Error::Gone) => true,
        Err(error) => return Err(error),
    };
    if !gone {
        return but("its origin still has it");
    }
    server.write(move |tx| accept::accept_delete(tx, known.account, &known.uri)).await?;
    Ok(Received::Done)
}

/// A group tells that a status was taken out of it, or of what it lists. What it shows first, and who moderates it, are
/// other collections, of which nothing is shown here.
async fn take_out(incoming: &Incoming<'_>, uri: &str, of: Option<&str>) -> Result<Received> {
    let own = |of: &str| of == incoming.actor.as_str() || Some(of) == incoming.sender.endpoints.outbox.as_deref();
    if !of.is_none_or(own) {
        incoming.server.unheeded().count("Announce of Remove");
        return Ok(Received::Dropped("a collection that is not looked at here"));
    }
    let Some(known) = stored(incoming, uri).await? else { return Ok(Received::Dropped("not stored")) };
    Ok(if end_share(incoming, &known).await? { Received::Done } else { Received::Dropped("it was not shared") })
}

/// Ends the sender's reblog of a status; answers whether there was one.
async fn end_share(incoming: &Incoming<'_>, known: &Status) -> Result<bool> {
    let (by, original) = (incoming.account, known.id);
    incoming.server.write(move |tx| accept::accept_undo_reblog(tx, by, None, Some(original))).await
}

async fn stored(incoming: &Incoming<'_>, uri: &str) -> Result<Option<Status>> {
    let (origin, wanted) = (incoming.origin(), uri.to_owned());
    incoming.server.read(move |view| statuses::find_by_uri(view, &origin, &wanted)).await
}

/// Whether nothing of an account is to be seen: its own server may give none of it to anybody then, as if it were gone.
async fn is_suspended(incoming: &Incoming<'_>, account: AccountId) -> Result<bool> {
    let look = move |view: &storage::View<'_>| Ok(super::require_account(view, account)?.suspended_at.is_some());
    incoming.server.read(look).await
}

/// Why what is told of a status changes nothing about it.
const HIDDEN: &str = "its origin does not tell everybody of it";
/// Why what is shared is not looked at.
const TOO_MANY: &str = "its sender has shared as much as is looked up for it";

/// Takes a look at `uri` from what the servers below the sender's registered domain may cause by sharing, and from what
/// of that may go to servers below another one: those are asked on its word alone.
pub(super) fn may_ask(incoming: &Incoming<'_>, uri: &str) -> bool {
    take_look(incoming, uri).is_ok()
}

/// The same; `TooMany` beyond it.
fn take_look(incoming: &Incoming<'_>, uri: &str) -> Result<()> {
    let server = incoming.server;
    // What cannot be asked for costs nobody anything.
    let Ok(at) = fetch::foreign(server, uri) else { return Ok(()) };
    let (sharer, asked) = (registrable(incoming.actor.authority().as_str()), registrable(at.authority().as_str()));
    server.rates().take(Bucket::SharedBySite, Who::named(sharer), server.now())?;
    if sharer != asked {
        server.rates().take(Bucket::SharedOfSite, Who::named(&format!("{sharer} {asked}")), server.now())?;
    }
    Ok(())
}

async fn share(incoming: &Incoming<'_>, uri: &str, id: String) -> Result<Received> {
    let original = match sought(incoming, uri).await? {
        Sought::Known(known) => known,
        Sought::Wanted(_) if !may_ask(incoming, uri) => return Ok(Received::Dropped(TOO_MANY)),
        // What is inside an Announce is only a link, but for what `take_own` took: read from its own origin (SECURITY A1).
        Sought::Wanted(reason) => {
            // Who shares their own post for their followers may name it alone (GoToSocial).
            let reader = incoming.reader(uri).await?;
            fetch::status::wanted_for(incoming.server, uri, &incoming.budget, reason, reader).await?
        }
        Sought::Irrelevant => return Ok(Received::Dropped("concerns nobody here")),
    };
    share_stored(incoming, original, id).await
}

/// A group shares again what it took back, or what was deleted and is back: whether that is so its own server says.
async fn share_restored(incoming: &Incoming<'_>, uri: &str, id: String) -> Result<Received> {
    let original = match sought(incoming, uri).await? {
        Sought::Known(known) => known,
        Sought::Wanted(_) if !may_ask(incoming, uri) => return Ok(Received::Dropped(TOO_MANY)),
        Sought::Wanted(reason) => fetch::status::restored(incoming.server, uri, &incoming.budget, reason).await?,
        Sought::Irrelevant => return Ok(Received::Dropped("concerns nobody here")),
    };
    share_stored(incoming, original, id).await
}

/// What is known of a status that the sender shares.
enum Sought {
    Known(StatusId),
    /// To be fetched, as somebody here follows the sender.
    Wanted(accept::Reason),
    Irrelevant,
}

async fn sought(incoming: &Incoming<'_>, uri: &str) -> Result<Sought> {
    let (by, origin, wanted) = (incoming.account, incoming.origin(), uri.to_owned());
    let look = move |view: &storage::View<'_>| {
        if let Some(known) = statuses::find_by_uri(view, &origin, &wanted)? {
            return Ok(Sought::Known(known.id));
        }
        let followed = relationship::has_followers(view, by)?;
        Ok(if followed { Sought::Wanted(accept::Reason::Shared(by)) } else { Sought::Irrelevant })
    };
    incoming.server.read(look).await
}

async fn share_stored(incoming: &Incoming<'_>, original: StatusId, id: String) -> Result<Received> {
    let by = incoming.account;
    // What concerns nobody here is not kept, whatever it shows.
    let followed = incoming.activity.authorization.is_some()
        && incoming.server.read(move |view| Ok(relationship::has_followers(view, by)?)).await?;
    let shown = match followed {
        true => interaction::shown_leave(incoming, original, Interaction::Reblog, &id).await?,
        false => None,
    };
    let published = incoming.activity.published;
    let (to, cc) = (incoming.activity.to.clone(), incoming.activity.cc.clone());
    let outcome = incoming
        .server
        .write(move |tx| {
            if let Some(shown) = &shown {
                statuses::interaction::vouched(tx, by, original, Interaction::Reblog, (&id, shown))?;
            }
            let visibility = visibility(tx, by, &to, &cc)?;
            accept::accept_reblog(tx, by, original, &id, published, visibility, accept::Reason::Pushed)
        })
        .await?;
    Ok(match outcome {
        accept::Accepted::New(_) | accept::Accepted::Waits => Received::Done,
        accept::Accepted::Known(_) => Received::Dropped("known already"),
        accept::Accepted::Deleted => Received::Dropped("it was taken back before"),
        accept::Accepted::Irrelevant => Received::Dropped("concerns nobody here"),
        accept::Accepted::Refused => Received::Dropped(create::NOT_LET),
    })
}

/// Who may see the reblog, by its own addresses.
///
/// # Errors
/// Storage errors.
pub(in crate::federation) fn visibility(
    read: &dyn Read,
    by: AccountId,
    to: &[String],
    cc: &[String],
) -> Result<Visibility> {
    let followers = account::find(read, by)?.and_then(|account| account.endpoints.followers);
    let names = |list: &[String], wanted: Option<&String>| wanted.is_some_and(|wanted| list.contains(wanted));
    Ok(if to.iter().any(|to| is_public(to)) {
        Visibility::Public
    } else if cc.iter().any(|cc| is_public(cc)) {
        Visibility::Unlisted
    } else if names(to, followers.as_ref()) || names(cc, followers.as_ref()) {
        Visibility::Private
    } else if to.is_empty() && cc.is_empty() {
        // Some servers address their Announces to nobody; the original decides who sees it.
        Visibility::Public
    } else {
        Visibility::Direct
    })
}
