//! Announcements to everybody here: their rows, who has put them away, and reactions with their counts.

use crate::{
    account::ACCOUNTS,
    check::describe::{Counter, Counts, Described, Owner, Pointer, Reference, always},
    error::Result,
    id::{AccountId, RowId, Timestamp},
    record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// An announcement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// Plain text as typed.
    pub text: String,
    /// The HTML of it.
    pub content: String,
    /// Accounts it mentions.
    pub mentions: Vec<AccountId>,
    /// Hashtags as written.
    pub tags: Vec<String>,
    /// Since when it is, or from when on it will be, shown; if it was said.
    pub starts_at: Option<Timestamp>,
    /// When it goes.
    pub ends_at: Option<Timestamp>,
    /// Both are days.
    pub all_day: bool,
    /// When it was shown first; `None`: not yet.
    pub published_at: Option<Timestamp>,
    /// When it was written.
    pub created_at: Timestamp,
}
record!(Announcement, 1);

/// How many reacted with one emoji.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reactions {
    /// How many.
    pub count: u64,
    /// Numbers the kinds in the order in which they came.
    pub since: RowId,
}
record!(Reactions, 1);

/// All announcements, at most `limits::ANNOUNCEMENTS_MAX` of the program.
pub const ANNOUNCEMENTS: Table<RowId, Announcement> = Table::new(394, "announcement");
/// (announcement, account): who has put it away.
pub const DISMISSED: Table<(RowId, AccountId), ()> = Table::new(395, "announcement_dismissed");
/// (announcement, emoji, account): who reacted with what.
pub const REACTED: Table<(RowId, String, AccountId), ()> = Table::new(396, "announcement_reaction");
/// (announcement, emoji) → how many reacted with it.
pub const REACTIONS: Table<(RowId, String), Reactions> = Table::new(397, "announcement_reactions");

/// Notes that `account` reacts with `name`; whether that is new.
///
/// # Errors
/// Storage errors.
pub fn react(tx: &mut Tx<'_>, id: RowId, name: &str, account: AccountId) -> Result<bool> {
    let key = (id, name.to_owned(), account);
    if REACTED.contains(tx, &key)? {
        return Ok(false);
    }
    REACTED.put(tx, &key, &());
    let key = (id, name.to_owned());
    let mut counted = match REACTIONS.get(tx, &key)? {
        Some(counted) => counted,
        None => Reactions { count: 0, since: tx.next_id() },
    };
    counted.count += 1;
    REACTIONS.put(tx, &key, &counted);
    Ok(true)
}

/// Takes a reaction back; whether there was one.
///
/// # Errors
/// Storage errors.
pub fn unreact(tx: &mut Tx<'_>, id: RowId, name: &str, account: AccountId) -> Result<bool> {
    let key = (id, name.to_owned(), account);
    if !REACTED.contains(tx, &key)? {
        return Ok(false);
    }
    REACTED.delete(tx, &key);
    let key = (id, name.to_owned());
    if let Some(counted) = REACTIONS.get(tx, &key)? {
        if counted.count > 1 {
            REACTIONS.put(tx, &key, &Reactions { count: counted.count - 1, ..counted });
        } else {
            REACTIONS.delete(tx, &key);
        }
    }
    Ok(true)
}

/// The reactions to an announcement in the order in which their kinds came, at most `limit` kinds.
///
/// # Errors
/// Storage errors.
pub fn reactions(read: &dyn Read, id: RowId, limit: usize) -> Result<Vec<(String, Reactions)>> {
    let rows = REACTIONS.list(read, &id, Bounds::NONE, Direction::Ascending, limit)?;
    let mut kinds: Vec<_> = rows.into_iter().map(|((_, name), counted)| (name, counted)).collect();
    kinds.sort_by_key(|(_, counted)| counted.since);
    Ok(kinds)
}

/// Removes some of what hangs on an announcement that is gone; whether there may be more.
///
/// # Errors
/// Storage errors.
pub fn purge_step(tx: &mut Tx<'_>, id: RowId, rows: usize) -> Result<bool> {
    let dismissed = DISMISSED.list(tx, &id, Bounds::NONE, Direction::Ascending, rows)?;
    dismissed.iter().for_each(|(key, ())| DISMISSED.delete(tx, key));
    let left = rows - dismissed.len();
    let reacted = REACTED.list(tx, &id, Bounds::NONE, Direction::Ascending, left)?;
    reacted.iter().for_each(|(key, ())| REACTED.delete(tx, key));
    let left = left - reacted.len();
    let counted = REACTIONS.list(tx, &id, Bounds::NONE, Direction::Ascending, left)?;
    counted.iter().for_each(|(key, _)| REACTIONS.delete(tx, key));
    Ok(left == counted.len())
}

/// What must hold (`check`). What hangs on an announcement goes after it, by a job.
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Reference { of: &DISMISSED, to: |(_, account), ()| vec![Pointer::to(&ACCOUNTS, account)], unless: always },
    &Reference { of: &REACTED, to: |(_, _, account), ()| vec![Pointer::to(&ACCOUNTS, account)], unless: always },
    &Reference {
        of: &ANNOUNCEMENTS,
        to: |_, row| row.mentions.iter().map(|account| Pointer::to(&ACCOUNTS, account)).collect(),
        unless: always,
    },
    &Counter {
        name: "count",
        table: &REACTIONS,
        owners: &[Owner::each(&REACTIONS)],
        counts: Counts::Found(|read, (id, name)| {
            // While the job is at work the one is gone and the other is not yet.
            if !ANNOUNCEMENTS.contains(read, id)? {
                return Ok(None);
            }
            let range = crate::table::KeyRange::prefix(&crate::Key::to_bytes(&(*id, name.clone())));
            crate::check::describe::count_rows(read, REACTED.id, &range, crate::limits::CHECK_COUNTED)
        }),
        get: |counted| counted.map_or(0, |counted| counted.count),
        set: |counted, count| Some(Reactions { count, ..counted? }),
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let announcement = Announcement {
            text: "t".to_owned(),
            content: "<p>".to_owned(),
            mentions: vec![AccountId(2)],
            tags: vec!["x".to_owned()],
            starts_at: None,
            ends_at: Some(Timestamp(1)),
            all_day: true,
            published_at: Some(Timestamp(2)),
            created_at: Timestamp(3),
        };
        let bytes = [1, 1, b't', 3, b'<', b'p', b'>', 1, 2, 1, 1, b'x', 0, 1, 2, 1, 1, 4, 6];
        assert_eq!(announcement.encode(), bytes);
        assert_eq!(Announcement::decode(&bytes).expect("readable"), announcement);
        let counted = Reactions { count: 2, since: RowId(7) };
        assert_eq!(counted.encode(), [1, 2, 7]);
        assert_eq!(Reactions::decode(&counted.encode()).expect("readable"), counted);
    }
}
