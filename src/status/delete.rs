//! Deleting by the author, and what both deletions share.

use super::{group, holders::holders, interaction, quote, tell, thread};
use crate::{
    error::{Error, Result},
    media::{self, Fate},
};
use storage::{
    AccountId, Event, StatusId, Tx,
    intent::Intent,
    job::{self, JobKind},
    notification::{self, NotificationKind},
    retention,
    status::{self, GONE, Status, Visibility},
};

/// Deletes a status of `author` and answers it as it was, for deleting and writing anew. A reblog is taken back.
/// `fate` says what becomes of its pictures. Of a reply that waits only who was asked is told.
///
/// # Errors
/// `NotFound` if it is not `author`'s own.
///
/// Source: client API, statuses#delete.
pub fn delete(tx: &mut Tx<'_>, author: AccountId, id: StatusId, fate: Fate) -> Result<Status> {
    tx.accept_when_full();
    let status = status::find(tx, id)?.filter(|status| status.account == author).ok_or(Error::NotFound)?;
    if status.reblog_of.is_some() {
        super::reblog::take_back(tx, &status)?;
        return Ok(status);
    }
    let asked = storage::interaction::pending(tx, &status)?.map(|request| request.author);
    let (visibility, mentions) = match asked {
        Some(asked) => (Visibility::Direct, vec![asked]),
        None => {
            let group = group::group_answered(tx, &status)?.map(|group| group.id);
            let others = status.mentions.iter().copied().filter(|mentioned| Some(*mentioned) != group);
            // The first group of these is the one whose thread it is.
            (status.visibility, group.into_iter().chain(others).collect())
        }
    };
    let holders = if asked.is_none() { holders(tx, &status)? } else { Vec::new() };
    remove_own(tx, &status, fate)?;
    let (account, path) = (author, status.uri.clone());
    let intent = match holders.is_empty() {
        true => Intent::Delete { account, status: id, path, visibility, mentions },
        false => Intent::DeleteHeld { account, status: id, path, visibility, mentions, holders },
    };
    tell::peers_of(tx, &status, intent);
    Ok(status)
}

/// Removes a status that was written here, which strangers are told is gone if they could know of it; `fate` says what
/// becomes of its pictures.
pub(super) fn remove_own(tx: &mut Tx<'_>, status: &Status, fate: Fate) -> Result<()> {
    let known = status.is_public() && !status.local_only && !storage::interaction::is_pending(tx, status)?;
    remove(tx, status)?;
    media::part(tx, status.id, fate)?;
    if known {
        let now = tx.now();
        GONE.put(tx, &status.id, &now);
    }
    Ok(())
}

/// Removes the rows of a status and the notifications it made; what only points to it (reblogs, favourites,
/// bookmarks and their notifications) is passed over by every reader from now on and removed by a job.
pub(super) fn remove(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    remove_rows(tx, status)?;
    tx.emit(Event::retracted(status));
    job::enqueue(tx, JobKind::PurgeStatus { status: status.id, author: status.account });
    Ok(())
}

/// The same without the job, for whoever removes what points to it in the same step.
pub(super) fn remove_rows(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    thread::keep_muted_below(tx, status.id)?;
    status::remove(tx, status)?;
    thread::leave(tx, status)?;
    quote::forget(tx, status)?;
    interaction::forget(tx, status)?;
    for account in &status.mentions {
        if tell::is_local(tx, *account)? {
            notification::withdraw(tx, *account, NotificationKind::Mention, status.account, Some(status.id))?;
        }
    }
    tx.emit(Event::StatusDeleted { status: status.id, account: status.account });
    let parent = status.reply.as_ref().and_then(|reply| reply.status);
    if let Some(parent) = parent {
        tx.emit(Event::StatusCounted { status: parent });
    }
    if status.local { Ok(retention::leave(tx, parent, status.account)?) } else { Ok(()) }
}
