//! Answering follow requests.

use super::{sever, tell};
use crate::{
    account,
    error::{Error, Result},
    limits, policy,
};
use storage::{
    AccountId, Bounds, Direction, RowId, Tx,
    account::Account,
    intent::Intent,
    moderation,
    notification::{self, NotificationKind},
    relationship::{self, FOLLOW_REQUEST_ROWS, Follow},
};

/// `owner` lets `requester` follow.
///
/// # Errors
/// `NotFound` if there is no such request.
///
/// Source: client API, follow_requests#authorize.
pub fn authorize(tx: &mut Tx<'_>, owner: AccountId, requester: AccountId) -> Result<()> {
    let from = account::require(tx, requester)?;
    let Some(request) = sever(tx, requester, owner)?.request else { return Err(Error::NotFound) };
    begin(tx, owner, &from, &request)?;
    policy::notify_let(tx, owner, NotificationKind::Follow, requester, None)?;
    Ok(())
}

/// `owner` refuses `requester`.
///
/// # Errors
/// `NotFound` if there is no such request.
///
/// Source: client API, follow_requests#reject.
pub fn reject(tx: &mut Tx<'_>, owner: AccountId, requester: AccountId) -> Result<()> {
    let Some(request) = relationship::remove_request(tx, requester, owner)? else { return Err(Error::NotFound) };
    notification::withdraw(tx, owner, NotificationKind::FollowRequest, requester, None)?;
    if account::require(tx, requester)?.is_local() {
        return Ok(());
    }
    tell(tx, Intent::RejectFollow { target: owner, follower: requester, follow_uri: request.uri });
    Ok(())
}

/// Accepts some of the requests that wait for an account that no longer asks for approval, those behind a row; answers
/// behind which to go on, `None` at the end. Silenced accounts go on waiting: of them every account is asked.
///
/// The job `AuthorizeFollowRequests` calls it to the end. An account that asks again keeps the rest waiting.
///
/// # Errors
/// Storage errors.
pub fn authorize_pending(tx: &mut Tx<'_>, owner: AccountId, after: Option<RowId>) -> Result<Option<RowId>> {
    let asks = storage::account::find(tx, owner)?.is_none_or(|account| account.locked);
    if asks {
        return Ok(None);
    }
    let step = limits::AUTHORIZED_AT_ONCE;
    let bounds = Bounds { below: None, above: after.map(|row| row.0) };
    let waiting = FOLLOW_REQUEST_ROWS.list(tx, &owner, bounds, Direction::Ascending, step)?;
    let next = waiting.last().filter(|_| waiting.len() == step).map(|((_, row), _)| *row);
    for ((_, row), requester) in waiting {
        let from = storage::account::find(tx, requester)?.filter(|from| from.suspended_at.is_none());
        if let Some(from) = &from
            && moderation::is_silenced(tx, from)?
        {
            continue;
        }
        let request = sever(tx, requester, owner)?.request;
        match (from, request) {
            (Some(from), Some(request)) => admit(tx, owner, &from, &request)?,
            // A row that leads nowhere would be found again by every step.
            _ => FOLLOW_REQUEST_ROWS.delete(tx, &(owner, row)),
        }
    }
    Ok(next)
}

/// Stores the follow that `request` asked for and that nobody looked at, notifies, and answers a remote follower.
pub(super) fn admit(tx: &mut Tx<'_>, owner: AccountId, from: &Account, request: &Follow) -> Result<()> {
    begin(tx, owner, from, request)?;
    policy::notify(tx, owner, NotificationKind::Follow, from.id, None)?;
    Ok(())
}

/// The same without a notification.
fn begin(tx: &mut Tx<'_>, owner: AccountId, from: &Account, request: &Follow) -> Result<()> {
    relationship::put(tx, from.id, owner, request)?;
    if !from.is_local() {
        let follow_uri = request.uri.clone();
        tell(tx, Intent::AcceptFollow { target: owner, follower: from.id, follow_uri });
    }
    Ok(())
}
