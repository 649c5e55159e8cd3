//! What this server keeps about an account, by kind: how much there is of each, for the one whose it is.

use crate::{error::Result, limits};
use storage::{
    AccountId, Bounds, Direction, Read, Table,
    account::stats,
    conversation::CONVERSATIONS,
    domain_block::DOMAIN_BLOCKS,
    draft::DRAFTS,
    endorsement::ACCOUNT_NOTES,
    filter::FILTERS,
    import::IMPORTS,
    invite::INVITES_OF_ACCOUNT,
    key::Key,
    list::LISTS,
    media::{self, MediaState},
    mute::MUTES,
    notification::NOTIFICATIONS,
    oauth::TOKENS_OF_ACCOUNT,
    passkey::PASSKEYS,
    push::SUBSCRIPTIONS_OF_ACCOUNT,
    record::Record,
    relationship::BLOCKS,
    scheduled::SCHEDULED_OF_ACCOUNT,
    status::{BOOKMARK_ROWS, FAVOURITE_ROWS, STATUSES_OF_ACCOUNT},
    strike::STRIKES_OF_ACCOUNT,
    tag::TAG_FOLLOWS,
    user::SESSIONS_OF_ACCOUNT,
};

/// How much there is of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The word of the kind.
    pub what: &'static str,
    /// How many.
    pub count: u64,
    /// There may be more; nobody counted further.
    pub more: bool,
}

/// Pictures in the newest statuses of somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pictures {
    /// How many.
    pub count: u64,
    /// Bytes, as they were uploaded and made smaller.
    pub bytes: u64,
    /// Statuses that were looked at.
    pub among: u64,
}

/// Counts rows of an account, at most so many.
type Count = fn(&dyn Read, AccountId) -> Result<usize>;

const KINDS: [(&str, Count); 20] = [
    ("favourites", |read, own| rows(read, own, &FAVOURITE_ROWS)),
    ("bookmarks", |read, own| rows(read, own, &BOOKMARK_ROWS)),
    ("lists", |read, own| rows(read, own, &LISTS)),
    ("tags", |read, own| rows(read, own, &TAG_FOLLOWS)),
    ("notifications", |read, own| rows(read, own, &NOTIFICATIONS)),
    ("conversations", |read, own| rows(read, own, &CONVERSATIONS)),
    ("drafts", |read, own| rows(read, own, &DRAFTS)),
    ("scheduled", |read, own| rows(read, own, &SCHEDULED_OF_ACCOUNT)),
    ("filters", |read, own| rows(read, own, &FILTERS)),
    ("blocks", |read, own| rows(read, own, &BLOCKS)),
    ("mutes", |read, own| rows(read, own, &MUTES)),
    ("domains", |read, own| rows(read, own, &DOMAIN_BLOCKS)),
    ("notes", |read, own| rows(read, own, &ACCOUNT_NOTES)),
    ("sessions", |read, own| rows(read, own, &SESSIONS_OF_ACCOUNT)),
    ("applications", |read, own| rows(read, own, &TOKENS_OF_ACCOUNT)),
    ("passkeys", |read, own| rows(read, own, &PASSKEYS)),
    ("push", |read, own| rows(read, own, &SUBSCRIPTIONS_OF_ACCOUNT)),
    ("invites", |read, own| rows(read, own, &INVITES_OF_ACCOUNT)),
    ("imports", |read, own| rows(read, own, &IMPORTS)),
    ("strikes", |read, own| rows(read, own, &STRIKES_OF_ACCOUNT)),
];

/// Every kind with how much there is of it; of each at most `limits::HELD_COUNTED` rows are counted.
///
/// # Errors
/// Storage errors.
pub fn held(read: &dyn Read, own: AccountId) -> Result<Vec<Held>> {
    let known = stats(read, own)?;
    let exact = [("posts", known.statuses), ("following", known.following), ("followers", known.followers)];
    let mut held: Vec<_> = exact.into_iter().map(|(what, count)| Held { what, count, more: false }).collect();
    for (what, count) in KINDS {
        let counted = count(read, own)?;
        held.push(Held { what, count: counted as u64, more: counted == limits::HELD_COUNTED });
    }
    Ok(held)
}

fn rows<K, R: Record>(read: &dyn Read, own: AccountId, table: &Table<(AccountId, K), R>) -> Result<usize>
where
    (AccountId, K): Key,
{
    Ok(table.list(read, &own, Bounds::NONE, Direction::Ascending, limits::HELD_COUNTED)?.len())
}

/// Pictures in the newest `limits::HELD_COUNTED` statuses of `own`.
///
/// # Errors
/// Storage errors.
pub fn pictures(read: &dyn Read, own: AccountId) -> Result<Pictures> {
    let newest = (Direction::Descending, limits::HELD_COUNTED);
    let statuses = STATUSES_OF_ACCOUNT.list(read, &own, Bounds::NONE, newest.0, newest.1)?;
    let mut found = Pictures { among: statuses.len() as u64, ..Pictures::default() };
    for ((_, id), _) in statuses {
        for known in media::of_status(read, id, limits::TAKEOUT_PICTURES)? {
            if let MediaState::Ready(picture) = known.state {
                found.count += 1;
                found.bytes += picture.original.bytes + picture.small.bytes;
            }
        }
    }
    Ok(found)
}
