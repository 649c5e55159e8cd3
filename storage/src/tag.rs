//! Hashtags: what is known of each.

use crate::{
    account::ACCOUNTS,
    check::describe::{Claim, Counter, Counts, Described, Index, Owner, Pointer, Reference, always},
    error::{Error, Result},
    id::{AccountId, RowId, TagId, Timestamp},
    key::Key,
    limits, record,
    status::{self, STATUSES_OF_ACCOUNT, TAG_TIMELINE},
    store::Tx,
    table::{Bounds, Direction, KeyRange, Read, Table, hex},
};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// A hashtag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Its number, for the client API.
    pub id: TagId,
    /// As first written, without `#`.
    pub name: String,
}
record!(Tag, 1);

/// Normalised name → tag.
pub const TAGS: Table<String, Tag> = Table::new(70, "tag");

/// A tag in a list of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// In the form tags are compared in.
    pub name: String,
}
record!(Listed, 1);

/// How an account uses a tag.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagUse {
    /// Statuses with it that everybody may read.
    pub statuses: u64,
    /// When the newest of them was posted.
    pub last_status_at: Timestamp,
}
record!(TagUse, 1);

/// (account, name) → row in the list of followed tags.
pub const TAG_FOLLOWS: Table<(AccountId, String), RowId> = Table::new(190, "tag_follow");
/// (account, row) → followed tag.
pub const TAG_FOLLOW_ROWS: Table<(AccountId, RowId), Listed> = Table::new(191, "tag_follow_row");
/// (account, name) → row in the list of tags on its profile.
pub const FEATURED_TAGS: Table<(AccountId, String), RowId> = Table::new(192, "featured_tag");
/// (account, row) → tag on its profile.
pub const FEATURED_TAG_ROWS: Table<(AccountId, RowId), Listed> = Table::new(193, "featured_tag_row");
/// (account here, name) → how it uses the tag.
pub const TAG_USES: Table<(AccountId, String), TagUse> = Table::new(194, "tag_use");

/// A list of tags by name, and the same by row.
type Lists<'a> = (&'a Table<(AccountId, String), RowId>, &'a Table<(AccountId, RowId), Listed>);

/// Puts a tag into a list of `account`; answers its row, the old one if it was there.
///
/// # Errors
/// Storage errors.
pub fn enlist(tx: &mut Tx<'_>, (names, rows): Lists<'_>, account: AccountId, key: &str) -> Result<RowId> {
    let at = (account, key.to_owned());
    if let Some(row) = names.get(tx, &at)? {
        return Ok(row);
    }
    let row: RowId = tx.next_id();
    names.put(tx, &at, &row);
    rows.put(tx, &(account, row), &Listed { name: key.to_owned() });
    Ok(row)
}

/// Takes a tag out of a list of `account`, if it is in it.
///
/// # Errors
/// Storage errors.
pub fn delist(tx: &mut Tx<'_>, (names, rows): Lists<'_>, account: AccountId, key: &str) -> Result<()> {
    let at = (account, key.to_owned());
    if let Some(row) = names.get(tx, &at)? {
        names.delete(tx, &at);
        rows.delete(tx, &(account, row));
    }
    Ok(())
}

/// Who follows a tag, and which, in the form tags are compared in.
pub type TagFollow = (AccountId, String);

/// The tags that people here follow, of at most `limit` rows behind `behind`: one that several follow comes several times.
/// And behind which row to go on, if there may be more.
///
/// # Errors
/// Storage errors.
pub fn followed_here(
    read: &dyn Read,
    behind: Option<&TagFollow>,
    limit: usize,
) -> Result<(Vec<String>, Option<TagFollow>)> {
    let from = behind.map_or_else(Vec::new, |row| [row.to_bytes(), vec![0]].concat());
    let (mut names, mut last) = (Vec::new(), None);
    read.scan_bytes(TAG_FOLLOWS.id, &KeyRange { from, until: None }, Direction::Ascending, &mut |key, _| {
        let unreadable = || Error::corrupt(TAG_FOLLOWS.name, hex(key), "unreadable key");
        let row = TagFollow::from_bytes(key).ok_or_else(unreadable)?;
        names.push(row.1.clone());
        last = Some(row);
        Ok(if names.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    let more = names.len() >= limit;
    Ok((names, last.filter(|_| more)))
}

/// Changes how an account uses a tag; a tag it uses no more is forgotten.
///
/// # Errors
/// Storage errors.
pub fn count_use(tx: &mut Tx<'_>, account: AccountId, name: &str, change: impl FnOnce(&mut TagUse)) -> Result<()> {
    let key = (account, normalise(name));
    let mut used = TAG_USES.get(tx, &key)?.unwrap_or_default();
    change(&mut used);
    if used.statuses == 0 {
        TAG_USES.delete(tx, &key);
    } else {
        TAG_USES.put(tx, &key, &used);
    }
    Ok(())
}

/// The form in which tags are compared: lower case. Callers have applied NFKC where text enters (`text`).
#[must_use]
pub fn normalise(name: &str) -> String {
    name.to_lowercase()
}

/// The tag called `name`, whatever its case.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, name: &str) -> Result<Option<Tag>> {
    TAGS.get(read, &normalise(name))
}

/// Makes `name` known.
///
/// # Errors
/// Storage errors.
pub fn remember(tx: &mut Tx<'_>, name: &str) -> Result<()> {
    let key = normalise(name);
    if !TAGS.contains(tx, &key)? {
        let tag = Tag { id: tx.next_id(), name: name.to_owned() };
        TAGS.put(tx, &key, &tag);
    }
    Ok(())
}

/// Tags whose normalised name begins with `prefix`, in order.
///
/// # Errors
/// Storage errors.
pub fn search_by_prefix(read: &dyn Read, prefix: &str, limit: usize) -> Result<Vec<Tag>> {
    let from = normalise(prefix).into_bytes();
    let mut tags = Vec::new();
    if limit == 0 {
        return Ok(tags);
    }
    let range = KeyRange::prefix(&from);
    read.scan_bytes(TAGS.id, &range, Direction::Ascending, &mut |_, value| {
        tags.push(<Tag as record::Record>::decode(value)?);
        Ok(if tags.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok(tags)
}

/// How many tags are known, counting at most `limit`.
///
/// # Errors
/// Storage errors.
pub fn count(read: &dyn Read, limit: usize) -> Result<usize> {
    Ok(TAGS.list(read, &(), Bounds::NONE, Direction::Ascending, limit)?.len())
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Reference { of: &TAG_TIMELINE, to: |(name, _), _| vec![Pointer::to(&TAGS, name)], unless: always },
    &Index { table: &TAG_FOLLOW_ROWS, of: &[&TAG_FOLLOWS], wants: listed, owner: named, claim: Claim::Sole },
    &Index { table: &FEATURED_TAG_ROWS, of: &[&FEATURED_TAGS], wants: listed, owner: named, claim: Claim::Sole },
    &Reference { of: &TAG_FOLLOWS, to: |(account, _), _| vec![Pointer::to(&ACCOUNTS, account)], unless: always },
    &Reference { of: &FEATURED_TAGS, to: |(account, _), _| vec![Pointer::to(&ACCOUNTS, account)], unless: always },
    // A missing row is found where it would be shown: beside a featured tag.
    &Counter {
        name: "statuses",
        table: &TAG_USES,
        owners: &[Owner::each(&TAG_USES), Owner::each(&FEATURED_TAGS)],
        counts: Counts::Found(uses_of),
        get: |used| used.map_or(0, |used| used.statuses),
        set: |used, statuses| (statuses > 0).then(|| TagUse { statuses, ..used.unwrap_or_default() }),
    },
];

fn listed((account, name): &(AccountId, String), row: &RowId) -> Vec<((AccountId, RowId), Listed)> {
    vec![((*account, *row), Listed { name: name.clone() })]
}

fn named((account, _): &(AccountId, RowId), listed: &Listed) -> (AccountId, String) {
    (*account, listed.name.clone())
}

/// Statuses of an account here that everybody may read, by one of their tags.
fn uses_of(read: &dyn Read, (account, name): &(AccountId, String)) -> Result<Option<u64>> {
    let most = limits::CHECK_REFERRERS;
    let rows = STATUSES_OF_ACCOUNT.list(read, account, Bounds::NONE, Direction::Ascending, most + 1)?;
    if rows.len() > most {
        return Ok(None);
    }
    let mut uses = 0;
    for ((_, id), _) in rows {
        let Some(row) = status::find(read, id)? else { continue };
        if row.local && row.is_public() && row.reblog_of.is_none() {
            uses += row.tags.iter().filter(|tag| normalise(tag) == *name).count() as u64;
        }
    }
    Ok(Some(uses))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let used = TagUse { statuses: 300, last_status_at: Timestamp(1) };
        assert_eq!(used.encode(), [1, 0xac, 2, 2]);
        assert_eq!(TagUse::decode(&used.encode()).expect("readable"), used);
        assert_eq!(Listed { name: "a".to_owned() }.encode(), [1, 1, b'a']);
    }
}
