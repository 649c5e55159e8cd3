//! Lists of notifications, newest first.

use crate::{
    error::{Error, Result},
    limits,
    visibility::Sight,
};
use std::ops::ControlFlow;
use storage::{
    AccountId, Bounds, Direction, NotificationId, Read, collection,
    filtered::{FILTERED, FILTERED_FROM},
    marker,
    notification::{self, NOTIFICATIONS, Notification, NotificationKind},
    status,
    user::{self, Role},
};

/// Which notifications are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only these kinds; `None`: all but those that only programs know that ask for them.
    pub kinds: Option<Vec<NotificationKind>>,
    /// None of these kinds.
    pub without: Vec<NotificationKind>,
    /// Only by this account: then what was filtered of it is shown, too.
    pub from: Option<AccountId>,
    /// Also what was filtered.
    pub include_filtered: bool,
}

impl Filter {
    fn wants(&self, row: &Notification) -> bool {
        self.kinds.as_ref().map_or(!row.kind.only_if_asked(), |kinds| kinds.contains(&row.kind))
            && !self.without.contains(&row.kind)
            && self.from.is_none_or(|from| from == row.from)
    }
}

/// A part of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Rows shown, newest first.
    pub rows: Vec<(NotificationId, Notification)>,
    /// The newest and the oldest row *examined*: the cursors of the neighbouring pages.
    pub examined: Option<(NotificationId, NotificationId)>,
}

/// Notifications of `owner` within `bounds`; at most `limit` of `limits::ROWS_EXAMINED_MAX` rows looked at.
///
/// Rows about a status that is gone or that `owner` may not see, or by an account that is suspended, blocked or muted
/// with its notifications, are passed over.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, notifications.
pub fn list(
    read: &dyn Read,
    owner: AccountId,
    filter: &Filter,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Page> {
    let mut rows = Vec::new();
    let mut ends: Option<(NotificationId, NotificationId)> = None;
    let mut seen = 0;
    let cleared = notification::cleared(read, owner)?.map(|id| id.0);
    let bounds = Bounds { above: bounds.above.max(cleared), ..bounds };
    if limit == 0 {
        return Ok(Page::default());
    }
    let sight = Sight::new(read, Some(owner));
    // A rule's error travels beside the scan, which knows only the store's.
    let mut failure = None;
    scan(read, owner, filter, bounds, direction, |id, row| {
        seen += 1;
        ends = Some(ends.map_or((id, id), |(newest, oldest)| (newest.max(id), oldest.min(id))));
        match filter.wants(&row).then(|| is_shown(read, owner, &sight, &row)) {
            Some(Ok(true)) => rows.push((id, row)),
            Some(Err(error)) => failure = Some(error),
            Some(Ok(false)) | None => {}
        }
        let stop = failure.is_some() || rows.len() == limit || seen == limits::ROWS_EXAMINED_MAX;
        Ok(if stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    if let Some(error) = failure {
        return Err(error);
    }
    if direction == Direction::Ascending {
        rows.reverse();
    }
    Ok(Page { rows, examined: ends })
}

/// Rows in order until `visit` breaks; with what was filtered at most `limits::ROWS_EXAMINED_MAX` rows.
fn scan(
    read: &dyn Read,
    owner: AccountId,
    filter: &Filter,
    bounds: Bounds,
    direction: Direction,
    mut visit: impl FnMut(NotificationId, Notification) -> storage::Result<ControlFlow<()>>,
) -> Result<()> {
    if !filter.include_filtered && filter.from.is_none() {
        return Ok(NOTIFICATIONS.scan(read, &owner, bounds, direction, |(_, id), row| visit(id, row))?);
    }
    // The first so many of both together are among the first so many of each.
    let most = limits::ROWS_EXAMINED_MAX;
    let listed = NOTIFICATIONS.list(read, &owner, bounds, direction, most)?;
    let mut rows: Vec<_> = listed.into_iter().map(|((_, id), row)| (id, Some(row))).collect();
    rows.extend(filtered(read, owner, filter.from, bounds, direction)?);
    rows.sort_unstable_by_key(|(id, _)| *id);
    if direction == Direction::Descending {
        rows.reverse();
    }
    for (id, row) in rows.into_iter().take(most) {
        let row = match row {
            None => FILTERED.get(read, &(owner, id))?,
            listed => listed,
        };
        if let Some(row) = row
            && visit(id, row)?.is_break()
        {
            break;
        }
    }
    Ok(())
}

/// What was filtered, of all or of one sender, whose index has no rows; at most `limits::ROWS_EXAMINED_MAX` rows of a list.
fn filtered(
    read: &dyn Read,
    owner: AccountId,
    from: Option<AccountId>,
    bounds: Bounds,
    direction: Direction,
) -> Result<Vec<(NotificationId, Option<Notification>)>> {
    let most = limits::ROWS_EXAMINED_MAX;
    let Some(from) = from else {
        let rows = FILTERED.list(read, &owner, bounds, direction, most)?;
        return Ok(rows.into_iter().map(|((_, id), row)| (id, Some(row))).collect());
    };
    let mut found = Vec::new();
    for counted in [0u8, 1] {
        let rows = FILTERED_FROM.list(read, &(from, owner, counted), bounds, direction, most)?;
        found.extend(rows.into_iter().map(|((.., id), ())| (id, None)));
    }
    Ok(found)
}

/// One notification of `owner`.
///
/// # Errors
/// `NotFound` if `owner` has none with this id or may not see it any more.
///
/// Source: client API, notifications#show.
pub fn show(read: &dyn Read, owner: AccountId, id: NotificationId) -> Result<Notification> {
    let row = notification::find(read, owner, id)?.ok_or(Error::NotFound)?;
    if is_shown(read, owner, &Sight::new(read, Some(owner)), &row)? { Ok(row) } else { Err(Error::NotFound) }
}

/// How many notifications are newer than the marker `notifications`, counting at most `limit`.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, notifications#unread_count.
pub fn unread_count(read: &dyn Read, owner: AccountId, filter: &Filter, limit: usize) -> Result<usize> {
    let bounds = Bounds { below: None, above: read_upto(read, owner)? };
    Ok(list(read, owner, filter, bounds, Direction::Descending, limit)?.rows.len())
}

/// How far `owner` has read, as the marker says.
pub(super) fn read_upto(read: &dyn Read, owner: AccountId) -> Result<Option<u64>> {
    let marker = marker::MARKERS.get(read, &(owner, "notifications".to_owned()))?;
    Ok(marker.and_then(|marker| marker.last_read_id.parse().ok()))
}

fn is_shown(read: &dyn Read, owner: AccountId, sight: &Sight<'_>, row: &Notification) -> Result<bool> {
    let of_staff = matches!(row.kind, NotificationKind::AdminReport | NotificationKind::AdminSignUp);
    // Whoever waits to be let in is seen by nobody else.
    if row.kind != NotificationKind::AdminSignUp && !sight.notifies(row.from)? {
        return Ok(false);
    }
    if of_staff {
        // Whoever no longer looks after the server is not told any more.
        return Ok(user::find(read, owner)?.is_some_and(|user| user.role > Role::User));
    }
    if let Some(id) = row.collection() {
        return Ok(collection::find(read, id)?.is_some_and(|held| held.members().any(|item| item.account == owner)));
    }
    let Some(id) = row.about() else { return Ok(true) };
    let Some(status) = status::find(read, id)? else { return Ok(false) };
    sight.can_see(&status)
}
