//! Notifications that say the same, together: favourites and reblogs of one status, followers, each within half a day.

use super::{Filter, list};
use crate::{error::Result, limits};
use storage::{
    AccountId, Bounds, Direction, NotificationId, Read, ReportId, RowId, StatusId, Timestamp, Tx,
    notification::{self, Notification, NotificationKind},
};

/// Notifications that stand together, or one that stands alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What they have in common.
    pub key: String,
    /// What happened.
    pub kind: NotificationKind,
    /// How many there are on this page.
    pub count: usize,
    /// The newest of them on this page.
    pub newest: NotificationId,
    /// The oldest.
    pub oldest: NotificationId,
    /// When the newest happened.
    pub latest_at: Timestamp,
    /// Who did it, the newest first, each once; at most `limits::GROUP_SAMPLE`.
    pub sample: Vec<AccountId>,
    /// The status it is about.
    pub status: Option<StatusId>,
    /// The report it is about.
    pub report: Option<ReportId>,
    /// The collection it is about.
    pub collection: Option<RowId>,
    /// The strike it is about.
    pub strike: Option<RowId>,
}

/// A page of groups.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Groups {
    /// The groups, the one with the newest notification first.
    pub groups: Vec<Group>,
    /// The newest and the oldest row looked at: the cursors of the neighbouring pages.
    pub examined: Option<(NotificationId, NotificationId)>,
}

/// The kinds that are grouped unless a client says otherwise.
pub const GROUPED: [NotificationKind; 4] =
    [NotificationKind::Favourite, NotificationKind::Reblog, NotificationKind::Follow, NotificationKind::AdminSignUp];

/// The key of the group a notification belongs to.
#[must_use]
pub fn group_key(id: NotificationId, row: &Notification) -> String {
    let bucket = row.created_at.0.div_euclid(limits::GROUP_MS);
    let name = super::kind_name(row.kind);
    match (row.kind, row.status) {
        (NotificationKind::Favourite | NotificationKind::Reblog, Some(status)) => format!("{name}-{status}-{bucket}"),
        (NotificationKind::Follow | NotificationKind::AdminSignUp, _) => format!("{name}-{bucket}"),
        _ => alone(id),
    }
}

/// A page of at most `limit` groups of the notifications of `owner`; only `grouped` kinds stand together. As [`list`],
/// of which at most `limits::ROWS_EXAMINED_MAX` rows are looked at.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, grouped_notifications.
pub fn grouped(
    read: &dyn Read,
    owner: AccountId,
    filter: &Filter,
    grouped: &[NotificationKind],
    (bounds, direction): (Bounds, Direction),
    limit: usize,
) -> Result<Groups> {
    let page = list(read, owner, filter, bounds, direction, limits::ROWS_EXAMINED_MAX)?;
    let mut rows = page.rows;
    if direction == Direction::Ascending {
        rows.reverse();
    }
    let mut groups: Vec<Group> = Vec::new();
    // Where the page ends: behind everything looked at, unless a further group would not fit.
    let mut end = None;
    for (id, row) in rows {
        let key = if grouped.contains(&row.kind) { group_key(id, &row) } else { alone(id) };
        match groups.iter().position(|group| group.key == key) {
            Some(at) => join(&mut groups[at], id, &row),
            None if groups.len() == limit => {
                end = Some(id);
                break;
            }
            None => groups.push(begin(key, id, &row)),
        }
    }
    let shown = groups.iter().flat_map(|group| [group.newest, group.oldest]);
    let ends = shown.clone().max().zip(shown.min());
    groups.sort_by_key(|group| std::cmp::Reverse(group.newest));
    for group in &mut groups {
        group.sample.truncate(limits::GROUP_SAMPLE);
    }
    Ok(Groups { groups, examined: if end.is_some() { ends } else { page.examined } })
}

/// The notifications of one group, newest first, at most `limits::GROUP_MEMBERS`.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, grouped_notifications#get-group, #accounts.
pub fn members(read: &dyn Read, owner: AccountId, key: &str) -> Result<Vec<(NotificationId, Notification)>> {
    let (newest, most) = (Direction::Descending, limits::GROUP_MEMBERS);
    if let Some(id) = key.strip_prefix("ungrouped-").and_then(|id| id.parse().ok()).map(NotificationId) {
        let bounds = Bounds { below: id.0.checked_add(1), above: id.0.checked_sub(1) };
        // By its number any kind is meant, also those that lists leave out unless asked.
        let kinds = Some(super::KINDS.iter().map(|(kind, _)| *kind).collect());
        let filter = Filter { kinds, include_filtered: true, ..Filter::default() };
        return Ok(list(read, owner, &filter, bounds, newest, 1)?.rows);
    }
    let mut parts = key.split('-');
    let kind = parts.next().and_then(super::kind_named).filter(|kind| GROUPED.contains(kind));
    let bucket = parts.next_back().and_then(|bucket| bucket.parse::<i64>().ok());
    let (Some(kind), Some(bucket)) = (kind, bucket) else { return Ok(Vec::new()) };
    let first = |bucket: i64| u64::try_from(bucket.saturating_mul(limits::GROUP_MS)).unwrap_or(0);
    let edge =
        |ms: u64| ms.checked_shl(storage::SNOWFLAKE_LOW_BITS).filter(|id| id >> storage::SNOWFLAKE_LOW_BITS == ms);
    let bounds = Bounds {
        // Ids run a little ahead of the clock at most: the key decides, the bounds only shorten the way.
        below: edge(first(bucket.saturating_add(2))),
        above: edge(first(bucket)).and_then(|id| id.checked_sub(1)),
    };
    let filter = Filter { kinds: Some(vec![kind]), include_filtered: true, ..Filter::default() };
    let mut rows = list(read, owner, &filter, bounds, newest, limits::ROWS_EXAMINED_MAX)?.rows;
    rows.retain(|(id, row)| group_key(*id, row) == key);
    rows.truncate(most);
    Ok(rows)
}

/// One group, with as many of its members as [`members`] gives; `None` if there is none.
///
/// # Errors
/// Storage errors.
pub fn group(read: &dyn Read, owner: AccountId, key: &str) -> Result<Option<Group>> {
    let mut rows = members(read, owner, key)?.into_iter();
    let Some((id, row)) = rows.next() else { return Ok(None) };
    let mut group = begin(key.to_owned(), id, &row);
    for (id, row) in rows {
        join(&mut group, id, &row);
    }
    group.sample.truncate(limits::GROUP_SAMPLE);
    Ok(Some(group))
}

/// How many groups are newer than the marker `notifications`, counting at most `limit`.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, grouped_notifications#unread-group-count.
pub fn unread_groups(
    read: &dyn Read,
    owner: AccountId,
    filter: &Filter,
    kinds: &[NotificationKind],
    limit: usize,
) -> Result<usize> {
    let bounds = Bounds { below: None, above: list::read_upto(read, owner)? };
    Ok(grouped(read, owner, filter, kinds, (bounds, Direction::Descending), limit)?.groups.len())
}

/// Removes the notifications of one group, as many as one commit takes; whether there may be more.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, grouped_notifications#dismiss-group.
pub fn dismiss_group(tx: &mut Tx<'_>, owner: AccountId, key: &str) -> Result<bool> {
    let rows = members(tx, owner, key)?;
    for (id, _) in &rows {
        notification::dismiss(tx, owner, *id)?;
    }
    Ok(rows.len() == limits::GROUP_MEMBERS)
}

fn alone(id: NotificationId) -> String {
    format!("ungrouped-{id}")
}

fn begin(key: String, id: NotificationId, row: &Notification) -> Group {
    let sample = vec![row.from];
    Group {
        key,
        kind: row.kind,
        count: 1,
        newest: id,
        oldest: id,
        latest_at: row.created_at,
        sample,
        status: row.about(),
        report: row.report(),
        collection: row.collection(),
        strike: row.strike(),
    }
}

fn join(group: &mut Group, id: NotificationId, row: &Notification) {
    group.count += 1;
    let newer = id > group.newest;
    if newer {
        (group.newest, group.latest_at) = (id, row.created_at);
    }
    group.oldest = group.oldest.min(id);
    if !group.sample.contains(&row.from) {
        // Rows come in one direction: newer ones go in front.
        let place = if newer { 0 } else { group.sample.len() };
        group.sample.insert(place, row.from);
    }
}
