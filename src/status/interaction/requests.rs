//! What waits for an author's word: the list, the author's answer, taking it back, and what shows that they agreed.

use super::{Leave, leave, pending_kind, refuse, request};
use crate::{
    error::{Error, Result},
    limits,
    media::Fate,
    origin::check_uri,
    status::{accept, create, delete, group, mark, quote, reblog, tell, thread},
    visibility::Sight,
};
use std::ops::ControlFlow;
use storage::{
    AccountId, Bounds, Digest, Direction, Event, Read, RowId, StatusId, Tx,
    account::{self, Account},
    intent::Intent,
    interaction::{self, Asking, Interaction, InteractionRequest, REQUEST_OF, REQUESTS_ON, RequestState, WAITING},
    notification::{self, NotificationKind},
    status::{self, FAVOURITES, Status, TOMBSTONES},
};

/// Which requests are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Only those about this status.
    pub status: Option<StatusId>,
    /// Only these.
    pub interactions: Vec<Interaction>,
}

/// A part of the list of requests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    /// The requests, the newest first.
    pub rows: Vec<(RowId, InteractionRequest)>,
    /// The newest and the oldest row looked at.
    pub examined: Option<(RowId, RowId)>,
}

/// Requests that wait for `owner`, by people they neither block nor are blocked by; at most `limit` of
/// `limits::ROWS_EXAMINED_MAX` rows looked at.
///
/// # Errors
/// Storage errors.
///
/// Source: GoToSocial, `GET /api/v1/interaction_requests`.
pub fn waiting(
    read: &dyn Read,
    owner: AccountId,
    wanted: &Wanted,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Waiting> {
    let mut ids = Vec::new();
    WAITING.scan(read, &owner, bounds, direction, |(_, id), ()| {
        ids.push(id);
        let more = ids.len() < limits::ROWS_EXAMINED_MAX;
        Ok(if more { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    let sight = Sight::new(read, Some(owner));
    let mut found = Waiting::default();
    for id in ids {
        let (newest, oldest) = found.examined.unwrap_or((id, id));
        found.examined = Some((newest.max(id), oldest.min(id)));
        let Some(row) = interaction::find(read, id)? else { continue };
        let fits = wanted.interactions.contains(&row.interaction)
            && wanted.status.is_none_or(|status| status == row.target)
            && status::STATUSES.contains(read, &row.target)?;
        if fits && sight.shows(row.by)? {
            found.rows.push((id, row));
            if found.rows.len() == limit {
                break;
            }
        }
    }
    if direction == Direction::Ascending {
        found.rows.reverse();
    }
    Ok(found)
}

/// A request to `owner`, waiting or answered.
///
/// # Errors
/// `NotFound` if there is none with this number.
///
/// Source: GoToSocial, `GET /api/v1/interaction_requests/:id`.
pub fn require_request(read: &dyn Read, owner: AccountId, id: RowId) -> Result<InteractionRequest> {
    interaction::find(read, id)?.filter(|row| row.author == owner).ok_or(Error::NotFound)
}

/// `owner` agrees: what was asked for comes into being. A second time nothing happens. Answers the request.
///
/// # Errors
/// `NotFound` if there is none with this number, it was refused, or what it is about is gone.
///
/// Source: GoToSocial, `POST /api/v1/interaction_requests/:id/authorize`.
pub fn authorize(tx: &mut Tx<'_>, owner: AccountId, id: RowId) -> Result<InteractionRequest> {
    let row = require_request(tx, owner, id)?;
    match row.state {
        RequestState::Accepted => return Ok(row),
        RequestState::Rejected => return Err(Error::NotFound),
        RequestState::Pending => {}
    }
    let row = carry_out(tx, id, &row, "")?;
    if !tell::is_local(tx, row.by)? {
        tell::peers(tx, Intent::AcceptInteraction { request: id });
    }
    Ok(row)
}

/// `owner` refuses: a reply goes, and what else was asked for cannot be asked again. Answers the request.
///
/// # Errors
/// `NotFound` if there is none with this number, or it was accepted.
///
/// Source: GoToSocial, `POST /api/v1/interaction_requests/:id/reject`.
pub fn reject(tx: &mut Tx<'_>, owner: AccountId, id: RowId) -> Result<InteractionRequest> {
    let row = require_request(tx, owner, id)?;
    match row.state {
        RequestState::Rejected => return Ok(row),
        RequestState::Accepted => return Err(Error::NotFound),
        RequestState::Pending => {}
    }
    let target = status::find(tx, row.target)?.ok_or(Error::NotFound)?;
    if !tell::is_local(tx, row.by)? {
        refuse(tx, &target, &row);
    }
    turn_down(tx, id, &row)
}

/// The remote author `by` agrees to what somebody here did under the path `uri`; `authorization` shows it, perhaps
/// empty. Whether that was still open.
///
/// # Errors
/// Storage errors; `NotFound` if what it is about is gone.
///
/// Source: GoToSocial, interaction policies, acceptance.
pub fn accepted(tx: &mut Tx<'_>, by: AccountId, uri: &str, authorization: &str) -> Result<bool> {
    check_uri(authorization)?;
    let Some((id, row)) = open(tx, by, uri)? else { return Ok(false) };
    carry_out(tx, id, &row, authorization)?;
    // It may be taken back before it arrives.
    if !authorization.is_empty() && TOMBSTONES.contains(tx, &Digest::of(authorization))? {
        revoked(tx, by, authorization)?;
    }
    Ok(true)
}

/// The remote author `by` refuses it. Whether that was still open.
///
/// # Errors
/// Storage errors.
///
/// Source: GoToSocial, interaction policies, rejection.
pub fn rejected(tx: &mut Tx<'_>, by: AccountId, uri: &str) -> Result<bool> {
    match open(tx, by, uri)? {
        Some((id, row)) => turn_down(tx, id, &row).map(|_| true),
        None => Ok(false),
    }
}

/// Whether what is called `uri` is the leave of somebody else than `by` for what was done here: only who gave it takes
/// it back.
///
/// # Errors
/// Storage errors.
pub(in crate::status) fn is_of_another(read: &dyn Read, by: AccountId, uri: &str) -> Result<bool> {
    Ok(interaction::find_by_authorization(read, uri)?.is_some_and(|(_, row)| row.author != by))
}

/// The remote author `by` takes back what showed at `uri` that they let somebody do something. A favourite or reblog is
/// taken back, and somebody here cannot ask for it again; a reply of theirs stands by itself from now on, with what
/// answers it. What needs no word of the author's by now stays. Whether anything rested on it.
///
/// # Errors
/// Storage errors.
pub(in crate::status) fn revoked(tx: &mut Tx<'_>, by: AccountId, uri: &str) -> Result<bool> {
    let found = interaction::find_by_authorization(tx, uri)?.filter(|(_, row)| row.author == by);
    let Some((id, row)) = found else { return Ok(false) };
    interaction::remove(tx, id)?;
    // Of a target that is gone all goes that was done with it.
    let Some(target) = status::find(tx, row.target)? else { return Ok(true) };
    let is_here = tell::is_local(tx, row.by)?;
    let stands = match is_here {
        true => leave(tx, row.by, &target, row.interaction)? == Leave::Given,
        false => accept::lets(tx, row.by, &target, row.interaction)?,
    };
    if stands {
        return Ok(true);
    }
    match row.interaction {
        Interaction::Favourite if !is_here => {
            mark::remove_favourite(tx, row.by, &target)?;
        }
        Interaction::Favourite => {
            if FAVOURITES.contains(tx, &(row.by, row.target))? {
                mark::unfavourite(tx, row.by, row.target)?;
            }
        }
        Interaction::Reblog => {
            if let Some(reblog) = reblog::find(tx, row.by, row.target)? {
                reblog::take_back(tx, &reblog)?;
            }
        }
        Interaction::Reply => {
            if let Some(reply) = row.reply.map(|reply| status::find(tx, reply)).transpose()?.flatten() {
                thread::keep_muted(tx, &reply)?;
                status::part(tx, &reply)?;
                tx.emit(Event::StatusCounted { status: row.target });
                quote::changed(tx, &reply);
            }
            return Ok(true);
        }
    }
    if is_here {
        let (state, answered_at, authorization) = (RequestState::Rejected, Some(tx.now()), String::new());
        interaction::put(tx, id, &InteractionRequest { state, answered_at, authorization, ..row })?;
    }
    Ok(true)
}

/// Keeps what was found to show that the author of `target` lets `by` favourite or reblog it, all of elsewhere, under
/// the id `uri`: what arrives under it stands then, until its author takes back what is at `authorization`.
///
/// # Errors
/// `Invalid` beyond the bounds; `NotFound` for a status that is gone.
pub fn vouched(
    tx: &mut Tx<'_>,
    by: AccountId,
    target: StatusId,
    kind: Interaction,
    (uri, authorization): (&str, &str),
) -> Result<()> {
    check_uri(uri)?;
    check_uri(authorization)?;
    accept::require_remote(tx, by)?;
    let target = status::find(tx, target)?.filter(|target| !target.local).ok_or(Error::NotFound)?;
    // It may have been taken back since it was looked at.
    if TOMBSTONES.contains(tx, &Digest::of(authorization))? {
        return Ok(());
    }
    let known = interaction::find_of(tx, by, kind, target.id)?;
    let id = known.map_or_else(|| tx.next_id(), |(id, _)| id);
    let row = InteractionRequest {
        uri: uri.to_owned(),
        authorization: authorization.to_owned(),
        state: RequestState::Accepted,
        answered_at: Some(tx.now()),
        ..request(tx, by, kind, &target)
    };
    Ok(interaction::put(tx, id, &row)?)
}

fn open(read: &dyn Read, author: AccountId, uri: &str) -> Result<Option<(RowId, InteractionRequest)>> {
    let found = interaction::find_by_uri(read, uri)?;
    Ok(found.filter(|(_, row)| row.author == author && row.state == RequestState::Pending))
}

/// Lets what was asked for come into being.
fn carry_out(tx: &mut Tx<'_>, id: RowId, row: &InteractionRequest, authorization: &str) -> Result<InteractionRequest> {
    let target = status::find(tx, row.target)?.ok_or(Error::NotFound)?;
    let after = InteractionRequest {
        state: RequestState::Accepted,
        answered_at: Some(tx.now()),
        authorization: authorization.to_owned(),
        ..row.clone()
    };
    interaction::put(tx, id, &after)?;
    withdraw_notice(tx, row)?;
    match row.interaction {
        Interaction::Favourite if !FAVOURITES.contains(tx, &(row.by, target.id))? => {
            tell::notify_let(tx, target.account, NotificationKind::Favourite, row.by, &target)?;
            mark::put_favourite(tx, row.by, &target, id, row.uri.clone())?;
            if is_owed(tx, row, &target)? {
                tell::peers(tx, Intent::Like { account: row.by, status: target.id, row: id });
            }
        }
        Interaction::Favourite => {}
        Interaction::Reblog => {
            if reblog::find(tx, row.by, target.id)?.is_none() {
                tell::notify_let(tx, target.account, NotificationKind::Reblog, row.by, &target)?;
            }
            reblog::begin(tx, id, row, &target)?;
        }
        Interaction::Reply => {
            let reply = row.reply.map(|reply| status::find(tx, reply)).transpose()?.flatten();
            let reply = reply.ok_or(Error::NotFound)?;
            status::show_reply(tx, &reply)?;
            if reply.mentions.contains(&target.account) {
                tell::notify_let(tx, target.account, NotificationKind::Mention, row.by, &reply)?;
            }
            if reply.local {
                create::announce(tx, &reply)?;
                quote::announce(tx, &reply)?;
                // The author's server has it as it was when it asked.
                if reply.edited_at.is_some() && !target.local {
                    tell::peers_of(tx, &reply, Intent::Update { status: reply.id });
                }
            } else {
                accept::announce(tx, &reply)?;
            }
        }
    }
    Ok(after)
}

/// Whether a favourite that its author agreed to is still to be told: who was only asked has not got it yet, nor has the
/// group in whose thread its status stands.
fn is_owed(read: &dyn Read, row: &InteractionRequest, target: &Status) -> Result<bool> {
    if !tell::is_local(read, row.by)? {
        return Ok(false);
    }
    let was_asked = !target.local && interaction::asking(read, target.id)? == Asking::ByRequest;
    Ok(was_asked || group::group_of(read, row.by, target)?.is_some())
}

/// Keeps that something was refused; a reply goes with its request.
fn turn_down(tx: &mut Tx<'_>, id: RowId, row: &InteractionRequest) -> Result<InteractionRequest> {
    withdraw_notice(tx, row)?;
    let after = InteractionRequest { state: RequestState::Rejected, answered_at: Some(tx.now()), ..row.clone() };
    let Some(reply) = row.reply else {
        interaction::put(tx, id, &after)?;
        tx.emit(Event::StatusCounted { status: row.target });
        return Ok(after);
    };
    match status::find(tx, reply)? {
        Some(reply) if reply.local => delete::remove_own(tx, &reply, Fate::Loose)?,
        Some(reply) => {
            delete::remove(tx, &reply)?;
            let now = tx.now();
            TOMBSTONES.put(tx, &Digest::of(&reply.uri), &now);
        }
        None => {
            interaction::remove(tx, id)?;
        }
    }
    Ok(after)
}

fn withdraw_notice(tx: &mut Tx<'_>, row: &InteractionRequest) -> Result<()> {
    Ok(notification::withdraw(tx, row.author, pending_kind(row.interaction), row.by, Some(row.about()))?)
}

/// `by` takes back what waits or was agreed to; what was refused stays so. Answers the request.
pub(in crate::status) fn withdraw(
    tx: &mut Tx<'_>,
    by: AccountId,
    interaction: Interaction,
    about: StatusId,
) -> Result<Option<(RowId, InteractionRequest)>> {
    let found = interaction::find_of(tx, by, interaction, about)?;
    let Some((id, row)) = found.filter(|(_, row)| row.state != RequestState::Rejected) else { return Ok(None) };
    interaction::remove(tx, id)?;
    withdraw_notice(tx, &row)?;
    Ok(Some((id, row)))
}

/// The same of what still waits, named by the id of the Like or Announce, by the status, or both. Whether it waited.
pub(in crate::status) fn withdraw_pending(
    tx: &mut Tx<'_>,
    by: AccountId,
    interaction: Interaction,
    uri: Option<&str>,
    about: Option<StatusId>,
) -> Result<bool> {
    let named = match uri.filter(|uri| !uri.is_empty()) {
        Some(uri) => interaction::find_by_uri(tx, uri)?,
        None => None,
    };
    let found = match (named, about) {
        (Some(named), _) => Some(named),
        (None, Some(about)) => interaction::find_of(tx, by, interaction, about)?,
        (None, None) => None,
    };
    let waits =
        found.filter(|(_, row)| row.by == by && row.interaction == interaction && row.state == RequestState::Pending);
    let Some((_, row)) = waits else { return Ok(false) };
    withdraw(tx, by, interaction, row.about()).map(|row| row.is_some())
}

/// Removes some requests about the deleted status `id`; a reply that waited goes, too. Whether there were any.
pub(in crate::status) fn purge_status(tx: &mut Tx<'_>, id: StatusId) -> Result<bool> {
    let rows = REQUESTS_ON.list(tx, &id, Bounds::NONE, Direction::Ascending, limits::REQUESTS_PURGED_AT_ONCE)?;
    for (key, ()) in &rows {
        if let Some(row) = interaction::find(tx, key.1)? {
            withdraw_notice(tx, &row)?;
            if row.reply.is_some() && row.state == RequestState::Pending {
                turn_down(tx, key.1, &row)?;
            }
        }
        interaction::remove(tx, key.1)?;
        REQUESTS_ON.delete(tx, key);
    }
    Ok(!rows.is_empty())
}

/// Removes at most `most` requests by the deleted account `who`; answers how many there were.
pub(in crate::status) fn purge_account(tx: &mut Tx<'_>, who: AccountId, most: usize) -> Result<usize> {
    let rows = REQUEST_OF.list(tx, &who, Bounds::NONE, Direction::Ascending, most)?;
    for (key, id) in &rows {
        if let Some(row) = interaction::remove(tx, *id)? {
            withdraw_notice(tx, &row)?;
        }
        REQUEST_OF.delete(tx, key);
    }
    Ok(rows.len())
}

/// The path under which it stands that the local account `author` agreed.
#[must_use]
pub fn authorization_path(author: &Account, id: RowId) -> String {
    format!("{}/authorizations/{id}", author.uri)
}

/// What shows that the author agreed to what `by` did with `about` (of a reply: the reply itself), as rows have it: a path
/// of somebody here, else a uri; none if nothing does.
///
/// # Errors
/// Storage errors.
pub fn authorization(
    read: &dyn Read,
    by: AccountId,
    interaction: Interaction,
    about: StatusId,
) -> Result<Option<String>> {
    let found = interaction::find_of(read, by, interaction, about)?;
    let Some((id, row)) = found.filter(|(_, row)| row.state == RequestState::Accepted) else { return Ok(None) };
    let author = account::find(read, row.author)?.filter(Account::is_local);
    let shown = author.map_or(row.authorization, |author| authorization_path(&author, id));
    Ok(Some(shown).filter(|shown| !shown.is_empty()))
}

/// What the local account `author` agreed to under the number `id`, with the status it is about.
///
/// # Errors
/// `NotFound` if there is none, or it no longer holds, or it stays on this server.
pub fn authorized(read: &dyn Read, author: AccountId, id: RowId) -> Result<(InteractionRequest, Status)> {
    let row = require_request(read, author, id)?;
    let target = status::find(read, row.target)?.filter(|target| !target.local_only).ok_or(Error::NotFound)?;
    let holds = row.state == RequestState::Accepted && !row.uri.is_empty();
    if holds { Ok((row, target)) } else { Err(Error::NotFound) }
}
