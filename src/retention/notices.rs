//! Old notifications: the newest are kept, and of those whatever has not been read.

use crate::{clock::DAY_MS, error::Result, limits};
use storage::{
    AccountId, Bounds, Direction, NotificationId, Read, Timestamp, Tx,
    filtered::FILTERED,
    marker::MARKERS,
    notification::{self, NOTIFICATIONS},
};

/// The last notification of `account` that may go: those behind the newest `limits::NOTIFICATIONS_KEPT`, and read ones
/// (up to the marker) older than `limits::NOTIFICATION_DAYS`. `None`: all stay.
///
/// # Errors
/// Storage errors.
pub fn notices_upto(read: &dyn Read, account: AccountId, now: Timestamp) -> Result<Option<NotificationId>> {
    let newest =
        NOTIFICATIONS.list(read, &account, Bounds::NONE, Direction::Descending, limits::NOTIFICATIONS_KEPT + 1)?;
    let surplus = newest.get(limits::NOTIFICATIONS_KEPT).map(|((_, id), _)| *id);
    let marker = MARKERS.get(read, &(account, "notifications".to_owned()))?;
    let seen = marker.and_then(|marker| marker.last_read_id.parse::<NotificationId>().ok());
    let old = now.plus_ms(-limits::NOTIFICATION_DAYS * DAY_MS);
    let mut aged = None;
    for ((_, id), _) in newest.into_iter().rev() {
        if Some(id) > seen || id.time() >= old {
            break;
        }
        aged = Some(id);
    }
    Ok(surplus.max(aged))
}

/// Removes some of the notifications of `account` up to `upto`; says whether there may be more.
///
/// # Errors
/// Storage errors.
pub fn remove_notices(tx: &mut Tx<'_>, account: AccountId, upto: NotificationId) -> Result<bool> {
    Ok(notification::remove_upto(tx, account, upto, limits::NOTIFICATIONS_REMOVED_AT_ONCE)?)
}

/// The last filtered notification of `account` that may go: those behind the newest `limits::FILTERED_KEPT`, and all older
/// than `limits::NOTIFICATION_DAYS`. `None`: all stay.
///
/// # Errors
/// Storage errors.
pub fn filtered_upto(read: &dyn Read, account: AccountId, now: Timestamp) -> Result<Option<NotificationId>> {
    let kept = limits::FILTERED_KEPT;
    let newest = FILTERED.list(read, &account, Bounds::NONE, Direction::Descending, kept + 1)?;
    let surplus = newest.get(kept).map(|((_, id), _)| *id);
    let old = now.plus_ms(-limits::NOTIFICATION_DAYS * DAY_MS);
    let aged = newest.into_iter().map(|((_, id), _)| id).find(|id| id.time() < old);
    Ok(surplus.max(aged))
}

/// Removes some of the filtered notifications of `account` up to `upto`; says whether there may be more.
///
/// # Errors
/// Storage errors.
pub fn remove_filtered(tx: &mut Tx<'_>, account: AccountId, upto: NotificationId) -> Result<bool> {
    Ok(notification::remove_filtered_upto(tx, account, upto, limits::FILTERED_REMOVED_AT_ONCE)?)
}
