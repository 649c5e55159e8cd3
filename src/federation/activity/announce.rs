//! Announce (ActivityPub §7.11): a reblog, both ways; of a group also what others did to a status (FEP-1b12).

use super::{Built, Incoming, Received, built, create, object_key, relay};
use crate::{
    error::{Error, Result},
    federation::{
        fetch,
        object::{self, Activity, ActivityKind, Thing, is_public},
        outward::{account_uri, authorize, note::Addressing, time, with_context},
    },
    limits,
    origin::Origin,
    status::{self as statuses, accept},
};
use serde_json::{Value, json};
use storage::{
    AccountId, Bounds, Direction, Read, StatusId,
    account::{self, ActorKind},
    audience::Audience,
    delivery::Priority,
    interaction::Interaction,
    relationship::FOLLOWER_ROWS,
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
}

impl Shared {
    /// Reads a thing; none for what says nothing of a status.
    fn of(thing: &Thing) -> Option<Self> {
        let inner = thing.inline().and_then(|inner| Activity::read_inner(inner).ok());
        let Some((kind, inner)) = inner.and_then(|inner| inner.kind.map(|kind| (kind, inner))) else {
            return thing.id().map(|id| Shared::Status(id.to_owned()));
        };
        let uri = inner.object().and_then(Thing::id)?.to_owned();
        match kind {
            ActivityKind::Create => Some(Shared::Status(uri)),
            ActivityKind::Update => Some(Shared::Edited(uri)),
            ActivityKind::Delete => Some(Shared::Deleted { uri, by: inner.actor }),
            // Nothing at its origin shows who likes a status, or takes that back; nor is what a moderator removed from a
            // group gone where it was posted.
            ActivityKind::Like
            | ActivityKind::EmojiReact
            | ActivityKind::Dislike
            | ActivityKind::Undo
            | ActivityKind::Add
            | ActivityKind::Remove
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
            | ActivityKind::AnnounceRequest => None,
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
    let mut outcome = Received::Dropped("concerns nobody here");
    let alone = shared.len() == 1;
    for (at, shared) in shared.iter().enumerate() {
        // Several things under one id: each reblog needs its own.
        let id = match alone {
            true => incoming.id(),
            false => format!("{}#{at}", incoming.id()),
        };
        let (uri, received) = match shared {
            Shared::Status(uri) => (uri, share(incoming, uri, id).await),
            Shared::Edited(uri) => (uri, take_edit(incoming, uri, id).await),
            Shared::Deleted { uri, by } => (uri, take_deletion(incoming, uri, by).await),
        };
        match received {
            Ok(Received::Done) => outcome = Received::Done,
            Ok(why @ Received::Dropped(_)) if alone => return Ok(why),
            Ok(Received::Dropped(_)) => {}
            Err(error) if alone => return Err(error),
            Err(error) => tracing::debug!(uri, %error, "one of several shared things cannot be read"),
        }
    }
    Ok(outcome)
}

/// The id of the status a thing is or, for an activity of a group, that it posts or edits.
pub(in crate::federation) fn shared_id(thing: &Thing) -> Option<String> {
    match Shared::of(thing)? {
        Shared::Status(uri) | Shared::Edited(uri) => Some(uri),
        Shared::Deleted { .. } => None,
    }
}

/// A group tells that a status was edited. It is read from its own origin: what the Announce holds is only a link
/// (SECURITY A1). One that is not known is shared, because its Create may be on its way still.
async fn take_edit(incoming: &Incoming<'_>, uri: &str, id: String) -> Result<Received> {
    let Some(known) = stored(incoming, uri).await? else { return share(incoming, uri, id).await };
    if let Some(dropped) = refusal(incoming, &known) {
        return Ok(dropped);
    }
    fetch::status::refresh_within(incoming.server, known.id, &incoming.budget).await?;
    Ok(Received::Done)
}

/// A group tells that `by` deleted a status: its author, or a moderator of its server or of the group's. It goes if its
/// own origin says that it is gone.
async fn take_deletion(incoming: &Incoming<'_>, uri: &str, by: &str) -> Result<Received> {
    let server = incoming.server;
    let Some(known) = stored(incoming, uri).await? else { return Ok(Received::Dropped("not stored")) };
    if let Some(dropped) = refusal(incoming, &known) {
        return Ok(dropped);
    }
    let (at, by) = (fetch::foreign(server, &known.uri)?, fetch::foreign(server, by)?);
    if !by.same_origin(&at) && !by.same_origin(&incoming.actor) {
        return Ok(Received::Dropped("who deletes it is neither of its server nor of the group's"));
    }
    let gone = match fetch::document(server, &known.uri, &incoming.budget).await {
        Ok((_, document)) => object::kind(&document) == object::Kind::Tombstone,
        Err(Error::NotFound | Error::Gone) => true,
        Err(error) => return Err(error),
    };
    if !gone {
        return Ok(Received::Dropped("its origin still has it"));
    }
    server.write(move |tx| accept::accept_delete(tx, known.account, &known.uri)).await?;
    Ok(Received::Done)
}

async fn stored(incoming: &Incoming<'_>, uri: &str) -> Result<Option<Status>> {
    let (origin, wanted) = (incoming.origin(), uri.to_owned());
    incoming.server.read(move |view| statuses::find_by_uri(view, &origin, &wanted)).await
}

/// Why what the sender tells of a stored status changes nothing. What is not for everybody looks gone to whoever asks
/// its origin, and so do reblogs, whose ids many servers do not answer.
fn refusal(incoming: &Incoming<'_>, known: &Status) -> Option<Received> {
    if incoming.sender.kind != ActorKind::Group {
        return Some(Received::Dropped("only a group tells what others did"));
    }
    let told_to_all = !known.local && known.reblog_of.is_none() && known.is_public();
    (!told_to_all).then_some(Received::Dropped("its origin does not tell everybody of it"))
}

async fn share(incoming: &Incoming<'_>, uri: &str, id: String) -> Result<Received> {
    let (by, origin, wanted) = (incoming.account, incoming.origin(), uri.to_owned());
    let (known, followed) = incoming
        .server
        .read(move |view| {
            let known = statuses::find_by_uri(view, &origin, &wanted)?.map(|status| status.id);
            let followers = FOLLOWER_ROWS.list(view, &by, Bounds::NONE, Direction::Ascending, 1)?;
            Ok((known, !followers.is_empty()))
        })
        .await?;
    let original = match known {
        Some(known) => known,
        // Whatever is inside an Announce is only a link: read from its own origin (SECURITY A1).
        None if followed => {
            let reason = accept::Reason::Shared(by);
            fetch::status::wanted(incoming.server, uri, &incoming.budget, reason).await?
        }
        None => return Ok(Received::Dropped("concerns nobody here")),
    };
    let published = incoming.activity.published;
    let (to, cc) = (incoming.activity.to.clone(), incoming.activity.cc.clone());
    let outcome = incoming
        .server
        .write(move |tx| {
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
