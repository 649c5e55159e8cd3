//! Interaction policies: who may favourite, answer and reblog a status, and what waits for its author's word
//! (GoToSocial, interaction policies).
//!
//! What waits is a request. A favourite or reblog comes into being once its author agrees; a reply is there already, seen
//! by the two alone (`visibility`), and counts, is told of and leaves this server from then on.

mod requests;

pub use requests::{
    Waiting, Wanted, accepted, authorization, authorization_path, authorize, authorized, reject, rejected,
    require_request, vouched, waiting,
};
pub(super) use requests::{is_of_another, purge_account, purge_status, revoked, withdraw, withdraw_pending};

use super::{accept, tell};
use crate::{
    error::{Error, Result},
    origin::{Origin, check_uri},
};
use storage::{
    AccountId, Read, RowId, StatusId, Tx,
    intent::Intent,
    interaction::{self, Asking, Interaction, InteractionPolicy, InteractionRequest, RequestState, Rule},
    notification::NotificationKind,
    quote::Groups,
    relationship,
    status::{self, FAVOURITES, REBLOG_BY, Status, Visibility},
};

/// What somebody may do with a status they may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// It.
    Given,
    /// It, being in a group that only the author's server knows for sure.
    GivenToGroup,
    /// It, once the author agrees.
    OnRequest,
    /// Not it.
    Denied,
}

/// What somebody here who does something is told to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Nothing.
    Now,
    /// The author, who is to be asked.
    Ask,
    /// The author, who was asked by this request.
    Waits(RowId),
}

/// What becomes of something done by somebody elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    /// It comes into being.
    Now,
    /// It waits for the author's word.
    Waits,
    /// It does not.
    Refused,
}

/// Who may do what with `status`.
///
/// # Errors
/// Storage errors.
pub fn interaction_policy(read: &dyn Read, status: StatusId) -> Result<InteractionPolicy> {
    Ok(interaction::policy(read, status)?.unwrap_or_default())
}

/// What `by` may do with `status`, which they may see. Its author may do all, and whom it mentions or answers may
/// answer. Nothing can be done with what waits itself: an answer to it would speak of what nobody sees.
///
/// # Errors
/// Storage errors.
///
/// Source: GoToSocial, interaction policies, implicit assumptions, conflicting values.
pub fn leave(read: &dyn Read, by: AccountId, status: &Status, interaction: Interaction) -> Result<Leave> {
    if interaction::is_pending(read, status)? {
        return Ok(Leave::Denied);
    }
    match interaction::policy(read, status.id)? {
        Some(policy) if by != status.account => under(read, by, status, interaction, policy.of(interaction)),
        _ => Ok(Leave::Given),
    }
}

/// The same under a rule: what is said of the nearer group counts, and of two that are as near what lets more.
fn under(
    read: &dyn Read,
    by: AccountId,
    status: &Status,
    interaction: Interaction,
    Rule { automatic, manual }: Rule,
) -> Result<Leave> {
    let named = status.mentions.contains(&by) || status.reply.as_ref().is_some_and(|reply| reply.account == Some(by));
    if named && interaction == Interaction::Reply {
        return Ok(Leave::Given);
    }
    let mut near = Groups::NOBODY;
    let either = automatic.with(manual);
    if either.has(Groups::FOLLOWERS) && relationship::find(read, by, status.account)?.is_some() {
        near = near.with(Groups::FOLLOWERS);
    }
    if either.has(Groups::FOLLOWING) && relationship::find(read, status.account, by)?.is_some() {
        near = near.with(Groups::FOLLOWING);
    }
    let mentioned = if named { Groups::MENTIONED } else { Groups::NOBODY };
    for (groups, given) in [(mentioned, Leave::Given), (near, Leave::GivenToGroup), (Groups::PUBLIC, Leave::Given)] {
        if automatic.meets(groups) {
            return Ok(given);
        }
        if manual.meets(groups) {
            return Ok(Leave::OnRequest);
        }
    }
    // Of somebody named alone, or of a group that is not understood here, asking may help.
    Ok(if either.has(Groups::OTHER) { Leave::OnRequest } else { Leave::Denied })
}

/// How somebody here may do something with `status`.
///
/// # Errors
/// `Forbidden`, in a sentence for people, if they may not, or the author refused before.
pub(super) fn way(read: &dyn Read, by: AccountId, status: &Status, interaction: Interaction) -> Result<Way> {
    if interaction != Interaction::Reply
        && let Some((id, row)) = interaction::find_of(read, by, interaction, status.id)?
    {
        match row.state {
            RequestState::Pending => return Ok(Way::Waits(id)),
            RequestState::Rejected => return Err(Error::Forbidden("The author of this post has refused this")),
            RequestState::Accepted => {}
        }
    }
    match leave(read, by, status, interaction)? {
        Leave::Given => Ok(Way::Now),
        Leave::GivenToGroup if status.local => Ok(Way::Now),
        Leave::GivenToGroup | Leave::OnRequest => Ok(Way::Ask),
        Leave::Denied => Err(Error::Forbidden(match interaction {
            Interaction::Favourite => "The author of this post does not let you favourite it",
            Interaction::Reply => "The author of this post does not let you reply to it",
            Interaction::Reblog => "The author of this post does not let you boost it",
        })),
    }
}

/// A request by `by` about `target`, as it begins.
pub(super) fn request(tx: &Tx<'_>, by: AccountId, interaction: Interaction, target: &Status) -> InteractionRequest {
    InteractionRequest {
        interaction,
        by,
        target: target.id,
        author: target.account,
        reply: None,
        uri: String::new(),
        asked: String::new(),
        visibility: Visibility::Public,
        state: RequestState::Pending,
        created_at: tx.now(),
        answered_at: None,
        authorization: String::new(),
    }
}

/// Tells an author here of a request that waits; of a reply once it is stored.
pub(super) fn tell_author(tx: &mut Tx<'_>, row: &InteractionRequest) -> Result<()> {
    let Some(about) = status::find(tx, row.about())? else { return Ok(()) };
    tell::notify(tx, row.author, pending_kind(row.interaction), row.by, &about)
}

fn pending_kind(interaction: Interaction) -> NotificationKind {
    match interaction {
        Interaction::Favourite => NotificationKind::PendingFavourite,
        Interaction::Reply => NotificationKind::PendingReply,
        Interaction::Reblog => NotificationKind::PendingReblog,
    }
}

/// What becomes of a favourite or reblog by somebody elsewhere, described by `row`. The author's answer is owed to them
/// where they wait for it; an author elsewhere has given it before, if they have to.
pub(super) fn arrive(tx: &mut Tx<'_>, target: &Status, row: &InteractionRequest) -> Result<Arrival> {
    if !target.local {
        let stands = accept::lets(tx, row.by, target, row.interaction)? || is_vouched_for(tx, row)?;
        return Ok(if stands { Arrival::Now } else { Arrival::Refused });
    }
    if let Some((_, known)) = interaction::find_of(tx, row.by, row.interaction, target.id)? {
        match known.state {
            RequestState::Pending => return Ok(Arrival::Waits),
            RequestState::Accepted => return Ok(Arrival::Now),
            RequestState::Rejected => {
                refuse(tx, target, row);
                return Ok(Arrival::Refused);
            }
        }
    }
    match leave(tx, row.by, target, row.interaction)? {
        Leave::Given => Ok(Arrival::Now),
        Leave::GivenToGroup => agree(tx, row).map(|()| Arrival::Now),
        Leave::OnRequest => {
            let id: RowId = tx.next_id();
            interaction::put(tx, id, row)?;
            tell_author(tx, row)?;
            Ok(Arrival::Waits)
        }
        Leave::Denied => {
            refuse(tx, target, row);
            Ok(Arrival::Refused)
        }
    }
}

/// Whether the author of a status elsewhere vouched for what `row` describes, under its very id: see `vouched`. What
/// was vouched for and then was not taken lets nothing else.
fn is_vouched_for(read: &dyn Read, row: &InteractionRequest) -> Result<bool> {
    let known = interaction::find_of(read, row.by, row.interaction, row.target)?;
    Ok(known.is_some_and(|(_, known)| known.state == RequestState::Accepted && known.uri == row.uri))
}

/// Keeps that a local author agreed to what somebody elsewhere does, which their server waits to hear.
pub(super) fn agree(tx: &mut Tx<'_>, row: &InteractionRequest) -> Result<()> {
    let id: RowId = tx.next_id();
    let answered_at = Some(tx.now());
    interaction::put(tx, id, &InteractionRequest { state: RequestState::Accepted, answered_at, ..row.clone() })?;
    tell::peers(tx, Intent::AcceptInteraction { request: id });
    Ok(())
}

/// Owes a Reject to whoever did what `row` describes elsewhere.
pub(super) fn refuse(tx: &mut Tx<'_>, target: &Status, row: &InteractionRequest) {
    let intent = Intent::RejectInteraction {
        author: row.author,
        by: row.by,
        interaction: row.interaction,
        target: target.uri.clone(),
        uri: row.uri.clone(),
        asked: row.asked.clone(),
    };
    tell::peers_of(tx, target, intent);
}

/// What somebody elsewhere asks to do.
#[derive(Debug, Clone, Copy)]
pub enum Deed<'a> {
    /// Favourite it.
    Favourite,
    /// Answer it with this.
    Reply(&'a accept::RemoteStatus),
    /// Reblog it, to be seen by so many.
    Reblog(Visibility),
}

/// `by`, of elsewhere, asks by the activity `asked` to do something with the status at `target`, one of ours; `uri` is the
/// id of the Like, Announce or Note. The answer is owed to them, now or once the author gives it. Whether it is not no.
///
/// # Errors
/// `NotFound` if they may not even see it, or are to be ignored; `Invalid` beyond the bounds.
///
/// Source: GoToSocial, LikeRequest, ReplyRequest, AnnounceRequest.
pub fn accept_request(
    tx: &mut Tx<'_>,
    origin: &Origin,
    by: AccountId,
    target: &str,
    deed: Deed<'_>,
    (uri, asked): (&str, &str),
) -> Result<bool> {
    check_uri(uri)?;
    check_uri(asked)?;
    accept::require_remote(tx, by)?;
    let target = super::find_by_uri(tx, origin, target)?.filter(|target| target.local).ok_or(Error::NotFound)?;
    let target = super::require_original(tx, by, target.id)?;
    let kind = match deed {
        Deed::Favourite => Interaction::Favourite,
        Deed::Reply(_) => Interaction::Reply,
        Deed::Reblog(_) => Interaction::Reblog,
    };
    let row = InteractionRequest { uri: uri.to_owned(), asked: asked.to_owned(), ..request(tx, by, kind, &target) };
    let known = interaction::find_of(tx, by, kind, target.id)?.filter(|_| kind != Interaction::Reply);
    let refused = known.is_some_and(|(_, known)| known.state == RequestState::Rejected);
    if refused || leave(tx, by, &target, kind)? == Leave::Denied {
        refuse(tx, &target, &row);
        return Ok(false);
    }
    let reply = match deed {
        Deed::Favourite => accept::accept_favourite(tx, by, target.id, uri).map(|_| None)?,
        Deed::Reblog(visibility) => {
            accept::accept_reblog(tx, by, target.id, uri, None, visibility, accept::Reason::Pushed)?;
            None
        }
        Deed::Reply(remote) => match accept::accept(tx, remote)? {
            accept::Accepted::New(id) | accept::Accepted::Known(id) => Some(id),
            // A Reject is owed already.
            accept::Accepted::Refused => return Ok(false),
            accept::Accepted::Deleted | accept::Accepted::Irrelevant | accept::Accepted::Waits => {
                return Err(Error::NotFound);
            }
        },
    };
    let known = interaction::find_of(tx, by, kind, reply.unwrap_or(target.id))?;
    match known.filter(|(_, known)| known.target == target.id) {
        Some((id, known)) => {
            let accepted = known.state == RequestState::Accepted;
            interaction::put(tx, id, &InteractionRequest { asked: row.asked, ..known })?;
            if accepted {
                tell::peers(tx, Intent::AcceptInteraction { request: id });
            }
        }
        None if is_done(tx, by, target.id, kind, reply)? => agree(tx, &InteractionRequest { reply, ..row })?,
        None => return Err(Error::NotFound),
    }
    Ok(true)
}

/// Whether `by` did it with `target`: what was undone before it came, or answers something else, is nothing to agree to.
fn is_done(
    read: &dyn Read,
    by: AccountId,
    target: StatusId,
    kind: Interaction,
    reply: Option<StatusId>,
) -> Result<bool> {
    Ok(match kind {
        Interaction::Favourite => FAVOURITES.contains(read, &(by, target))?,
        Interaction::Reblog => REBLOG_BY.contains(read, &(by, target))?,
        Interaction::Reply => {
            let row = reply.map(|reply| status::find(read, reply)).transpose()?.flatten();
            row.and_then(|row| row.reply).is_some_and(|answers| answers.status == Some(target))
        }
    })
}

/// Stores who may do what with a status of `author` from now on, and tells whoever has it before their eyes.
pub(super) fn set_interaction_policy(tx: &mut Tx<'_>, status: &Status, policy: InteractionPolicy) -> Result<()> {
    if interaction_policy(tx, status.id)? == policy {
        return Ok(());
    }
    interaction::put_policy(tx, status.id, policy);
    super::quote::changed(tx, status);
    Ok(())
}

/// Forgets who may do what with the status that goes, and whether it was let answer.
pub(super) fn forget(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    interaction::POLICIES.delete(tx, &status.id);
    interaction::put_asking(tx, status.id, Asking::ByDeed);
    if status.reply.is_some() {
        withdraw(tx, status.account, Interaction::Reply, status.id)?;
    }
    Ok(())
}
