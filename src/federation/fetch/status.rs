//! Remote statuses that somebody here asks for: read from their own id and stored. What a note becomes is in
//! `activity::create`, where those go that their authors send.

use super::{Budget, actor, document, document_for, reader, schemes, stamp};
use crate::{
    error::{Error, Result},
    federation::{
        activity::create,
        address::RemoteUri,
        object::{self, Note},
    },
    limits,
    server::Server,
    status::accept::{self, Accepted, Reason, RemoteStatus},
};
use serde_json::Value;
use std::time::Duration;
use storage::{AccountId, StatusId, account, backfill, status as statuses};

/// The status with this id: as stored, or read from its server. Somebody here asked for it.
///
/// # Errors
/// As `document`; `Remote` if the document is no status.
pub async fn status(server: &Server, uri: &str, budget: &Budget) -> Result<StatusId> {
    wanted(server, uri, budget, Reason::Requested).await
}

/// The same for another reason, which is written down with it.
///
/// # Errors
/// As `status`.
pub async fn wanted(server: &Server, uri: &str, budget: &Budget, reason: Reason) -> Result<StatusId> {
    wanted_for(server, uri, budget, reason, None).await
}

/// The same of one that its server may give to `reader` alone, who lives here (`document_for`). Who sees it then, its own
/// addresses say.
///
/// # Errors
/// As `status`.
pub async fn wanted_for(
    server: &Server,
    uri: &str,
    budget: &Budget,
    reason: Reason,
    reader: Option<AccountId>,
) -> Result<StatusId> {
    if let Some(known) = stored(server, uri).await? {
        return Ok(known);
    }
    let _held = budget.noting(super::turn_of(server, uri).await)?;
    if let Some(known) = stored(server, uri).await? {
        return Ok(known);
    }
    let (id, document) = document_for(server, uri, budget, reader).await?;
    if let Some(known) = stored(server, id.as_str()).await? {
        return Ok(known);
    }
    take(server, &id, &document, budget, reason).await
}

/// The same of one that somebody says was deleted and is back: its own server is asked, whatever it said a moment ago, and
/// what it gives counts as deleted no more.
///
/// # Errors
/// As `status`.
pub async fn restored(server: &Server, uri: &str, budget: &Budget, reason: Reason) -> Result<StatusId> {
    if let Some(known) = stored(server, uri).await? {
        return Ok(known);
    }
    server.outside().memory.forget_failure(uri);
    let (id, document) = document(server, uri, budget).await?;
    if object::kind(&document) == object::Kind::Tombstone {
        return Err(Error::Gone);
    }
    let remote = read(server, &id, &document, budget, reason).await?;
    stored_as(server.write(move |tx| accept::accept_restored(tx, &remote)).await?)
}

/// Stores a status' document that is known to be authoritative, for a reason that is written down with it.
///
/// # Errors
/// `Remote` if it is no status; `Gone` if its author has deleted it.
pub async fn take(
    server: &Server,
    id: &RemoteUri,
    document: &Value,
    budget: &Budget,
    reason: Reason,
) -> Result<StatusId> {
    let remote = read(server, id, document, budget, reason).await?;
    // Not of what is read for its thread: answers are many, and whoever writes them chooses whom they name.
    if let Some(group) = remote.stated.group.as_deref().filter(|_| reason == Reason::Requested) {
        meet(server, group, budget).await?;
    }
    stored_as(server.write(move |tx| accept::accept(tx, &remote)).await?)
}

/// The number of what was taken in; an error for what was not.
fn stored_as(outcome: Accepted) -> Result<StatusId> {
    match outcome {
        Accepted::New(status) | Accepted::Known(status) => Ok(status),
        Accepted::Deleted => Err(Error::Gone),
        Accepted::Irrelevant | Accepted::Refused | Accepted::Waits => Err(Error::NotFound),
    }
}

/// Reads the actor of the group that a status says it is for, if it is not known: whoever answers reaches it then. Nothing
/// comes of one that cannot be had, at most `limits::GROUP_WAIT_MS` waited for.
async fn meet(server: &Server, group: &str, budget: &Budget) -> Result<()> {
    let patience = Duration::from_millis(limits::GROUP_WAIT_MS);
    match tokio::time::timeout(patience, actor::account(server, group, budget)).await {
        Ok(Err(error @ (Error::Storage(_) | Error::Bug(_)))) => Err(error),
        Ok(Err(error)) => {
            tracing::debug!(group, %error, "the group that a status says it is for cannot be read");
            Ok(())
        }
        Ok(Ok(_)) | Err(_) => Ok(()),
    }
}

/// Reads an authoritative document into what `status::accept` takes: author and mentioned people resolved, HTML
/// sanitised, and what it shows for the leave to answer looked at.
///
/// # Errors
/// `Remote` if it is no status or its author does not live where it lives; as `actor::account` and `stamp::verify_answer`.
pub async fn read(
    server: &Server,
    id: &RemoteUri,
    document: &Value,
    budget: &Budget,
    reason: Reason,
) -> Result<RemoteStatus> {
    let host = id.authority().as_str();
    let note = Note::read(document).map_err(|why| Error::remote(host, format!("status: {why}")))?;
    if note.is_vote() {
        return Err(Error::remote(host, "a vote is not a status"));
    }
    let author_uri = note.attributed_to.clone().ok_or_else(|| Error::remote(host, "status names no author"))?;
    let author_id = RemoteUri::parse(&author_uri, schemes(server)).map_err(|why| Error::remote(host, why.0))?;
    if !author_id.same_origin(id) {
        return Err(Error::remote(host, "author lives elsewhere"));
    }
    let author = actor::account(server, &author_uri, budget).await?;
    let author = server.read(move |view| Ok(account::find(view, author)?)).await?;
    let author = author.ok_or_else(|| Error::Bug(format!("the author {author_uri} has no row")))?;
    let remote = create::describe(server, id, note, &author, reason).await?;
    stamp::verify_answer(server, remote, budget).await
}

/// Reads a stored remote status anew: what was edited, and how the votes of its poll stand. One that is for few is asked for
/// in the name of somebody here who may read it, if it must be (`document_for`). Nothing to do for a local or vanished one.
///
/// # Errors
/// As [`status`].
pub async fn refresh(server: &Server, id: StatusId) -> Result<()> {
    refresh_within(server, id, &Budget::of_unhurried_cause()).await
}

/// The same, as a part of what else the cause sets off.
///
/// # Errors
/// As [`status`].
pub async fn refresh_within(server: &Server, id: StatusId, budget: &Budget) -> Result<()> {
    let look = move |view: &storage::View<'_>| {
        let Some(known) = statuses::find(view, id)?.filter(|status| !status.local) else { return Ok(None) };
        let reader = reader::reader_of(view, &known)?;
        Ok(Some((known.uri, reader)))
    };
    let Some((uri, reader)) = server.read(look).await? else { return Ok(()) };
    let (at, document) = document_for(server, &uri, budget, reader).await?;
    let remote = read(server, &at, &document, budget, Reason::Requested).await?;
    server.write(move |tx| accept::accept_update(tx, &remote)).await?;
    Ok(())
}

/// The status with this id, if it is here.
///
/// # Errors
/// Storage errors.
pub(super) async fn stored(server: &Server, uri: &str) -> Result<Option<StatusId>> {
    let uri = uri.to_owned();
    server.read(move |view| Ok(statuses::find_by_uri(view, &uri)?.map(|status| status.id))).await
}

/// Reads the ancestors of a stored remote status, from its parent upwards, at most `limits::ANCESTORS_FETCHED_MAX` and as far
/// as the budget goes. What cannot be read ends it; the thread then shows what is known. Then the group that the first says
/// it is for.
///
/// # Errors
/// Storage errors, and that of its own parent if it may pass: that one is worth another try later. `Busy` if any of them was
/// not asked for yet.
pub async fn ancestors(server: &Server, status: StatusId) -> Result<()> {
    match ancestors_within(server, status, &Budget::of_unhurried_cause()).await? {
        Some(passes) => Err(passes),
        None => Ok(()),
    }
}

/// The same, as a part of what else the cause sets off. Answers why its own parent cannot be read now, if that may pass, or
/// that one of them was not asked for yet.
///
/// # Errors
/// Storage errors only.
pub(super) async fn ancestors_within(server: &Server, status: StatusId, budget: &Budget) -> Result<Option<Error>> {
    let (mut first, mut missed) = (status, None);
    for _ in 0..limits::ANCESTORS_FETCHED_MAX {
        let reply = server.read(move |view| Ok(statuses::find(view, first)?.and_then(|status| status.reply))).await?;
        let Some(reply) = reply else { break };
        first = match reply.status {
            Some(parent) => parent,
            None if reply.uri.is_empty() => break,
            None => match above(server, first, &reply.uri, budget, Reason::Thread(status)).await {
                Ok(Some(parent)) => parent,
                Ok(None) => break,
                Err(error @ (Error::Storage(_) | Error::Bug(_))) => return Err(error),
                Err(error) => {
                    tracing::debug!(%status, parent = reply.uri, %error, "an ancestor cannot be read");
                    let passes = matches!(error, Error::Remote { .. } | Error::TooMany { .. });
                    let waits = matches!(error, Error::Busy { .. });
                    missed = Some(error).filter(|_| waits || passes && first == status);
                    break;
                }
            },
        };
    }
    // The first that is known here says whose thread it is (`statuses::group_of`).
    if let Some(group) = server.read(move |view| Ok(backfill::stated(view, first)?.group)).await? {
        meet(server, &group, budget).await?;
    }
    Ok(missed)
}

/// What `status` answers, which is at `uri`; none if its author does not let it. Where that is not told by the policy, what
/// waited for it is read anew: it may show their leave, which nobody looked at when it came.
async fn above(
    server: &Server,
    status: StatusId,
    uri: &str,
    budget: &Budget,
    reason: Reason,
) -> Result<Option<StatusId>> {
    let reader = reader_above(server, status, uri).await?;
    let parent = wanted_for(server, uri, budget, reason, reader).await?;
    if stands_apart(server, status, parent).await? {
        refresh_within(server, status, budget).await?;
        if stands_apart(server, status, parent).await? {
            return Ok(None);
        }
    }
    Ok(Some(parent))
}

/// Who here reads `status` and so may well read what it answers, at `uri`: where it is for few itself, and both are of one
/// server, which knows who reads there.
async fn reader_above(server: &Server, status: StatusId, uri: &str) -> Result<Option<AccountId>> {
    let schemes = schemes(server);
    let Ok(above) = RemoteUri::parse(uri, schemes) else { return Ok(None) };
    let look = move |view: &storage::View<'_>| {
        let below = statuses::find(view, status)?.filter(|status| !status.local);
        let is_beside = |uri: &str| RemoteUri::parse(uri, schemes).is_ok_and(|below| below.same_origin(&above));
        match below.filter(|below| is_beside(&below.uri)) {
            Some(below) => reader::reader_of(view, &below),
            None => Ok(None),
        }
    };
    server.read(look).await
}

/// Whether `status` is not below `parent`, and that may be for its policy.
async fn stands_apart(server: &Server, status: StatusId, parent: StatusId) -> Result<bool> {
    let look = move |view: &storage::View<'_>| {
        let reply = statuses::find(view, status)?.and_then(|status| status.reply);
        let waits = reply.is_some_and(|reply| reply.status.is_none());
        Ok(waits && storage::interaction::policy(view, parent)?.is_some())
    };
    server.read(look).await
}
