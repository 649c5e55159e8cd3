//! Every table: its number, its name, and since which format it exists. `docs/STORAGE.md` says what each holds.

use crate::table::{Table, TableId};
use crate::{
    account as a, audience, delivery as d, inbound as i, instance, job, marker, notification as n, oauth as o, peer,
    quote as q, relationship as r, status as s, tag, user as u,
};

/// The highest data format this program reads and the one it writes.
pub const FORMAT: u32 = 1;

/// One table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableInfo {
    /// Its number; never reused.
    pub id: TableId,
    /// Its name.
    pub name: &'static str,
    /// The format that introduced it.
    pub since: u32,
}

const fn info<K: crate::Key, R: crate::record::Record>(table: &Table<K, R>) -> TableInfo {
    TableInfo { id: table.id, name: table.name, since: 1 }
}

const fn raw(row: (u16, &'static str)) -> TableInfo {
    TableInfo { id: TableId(row.0), name: row.1, since: 1 }
}

/// All tables. Numbers 1 to 9 belong to the store itself.
pub const TABLES: &[TableInfo] = &[
    raw((1, "meta")),
    raw((2, "consumer")),
    info(&a::ACCOUNTS),
    info(&a::ACCOUNT_BY_NAME),
    info(&a::ACCOUNT_BY_URI),
    info(&a::ACCOUNT_STATS),
    info(&a::ACTOR_KEYS),
    info(&a::SIGNING_KEYS),
    info(&a::KEYS_OF_ACCOUNT),
    info(&a::LOCAL_ACCOUNTS),
    info(&a::ACCOUNT_WORDS),
    info(&u::USERS),
    info(&u::USER_BY_EMAIL),
    info(&u::SESSIONS),
    info(&u::SESSIONS_OF_ACCOUNT),
    info(&u::OWNERS),
    info(&o::APPLICATIONS),
    info(&o::APPLICATION_BY_CLIENT_ID),
    info(&o::AUTHORIZATION_CODES),
    info(&o::TOKENS),
    info(&o::TOKENS_OF_ACCOUNT),
    info(&s::STATUSES),
    info(&s::STATUS_BY_URI),
    info(&s::STATUSES_OF_ACCOUNT),
    info(&s::REPLIES),
    info(&s::ORPHANS),
    info(&s::STATUS_STATS),
    info(&s::EDITS),
    info(&s::PUBLIC_TIMELINE),
    info(&s::LOCAL_TIMELINE),
    info(&s::TAG_TIMELINE),
    info(&s::REBLOG_BY),
    info(&s::REBLOGS),
    info(&s::FAVOURITES),
    info(&s::FAVOURITED_BY),
    info(&s::FAVOURITE_ROWS),
    info(&s::BOOKMARKS),
    info(&s::BOOKMARK_ROWS),
    info(&s::PINS),
    info(&s::PIN_ROWS),
    info(&s::TOMBSTONES),
    info(&s::IDEMPOTENCY_KEYS),
    info(&s::FAVOURITE_BY_URI),
    info(&s::GONE),
    info(&tag::TAGS),
    info(&r::FOLLOWS),
    info(&r::FOLLOWING_ROWS),
    info(&r::FOLLOWER_ROWS),
    info(&r::FOLLOW_REQUESTS),
    info(&r::FOLLOW_REQUEST_ROWS),
    info(&r::FOLLOW_BY_URI),
    info(&r::BLOCKS),
    info(&r::FOLLOWERS_TOLD),
    info(&n::NOTIFICATIONS),
    info(&n::NOTIFICATION_KEYS),
    info(&n::NOTIFICATIONS_CLEARED),
    info(&marker::MARKERS),
    raw(instance::TABLES[0]),
    raw(instance::TABLES[1]),
    raw(instance::TABLES[2]),
    info(&job::JOBS),
    info(&job::JOBS_DUE),
    info(&i::INBOUND),
    info(&i::INBOUND_CHUNKS),
    info(&i::INBOUND_SEEN),
    info(&i::INBOUND_DEAD),
    info(&peer::PEERS),
    info(&peer::INBOXES),
    info(&peer::INBOX_NUMBERS),
    info(&d::ACTIVITIES),
    info(&d::ACTIVITY_BYTES),
    info(&d::ACTIVITY_INBOXES),
    info(&d::ACTIVITIES_OF_OBJECT),
    info(&d::PROGRESS),
    info(&d::OWED),
    info(&d::OWED_COUNT),
    info(&audience::EXPANSIONS),
    info(&q::QUOTES),
    info(&q::QUOTES_OF),
    info(&q::QUOTE_BY_STAMP),
    info(&q::QUOTABILITY),
];

#[cfg(test)]
mod tests {
    use super::TABLES;
    use std::collections::BTreeSet;

    #[test]
    fn numbers_and_names_are_unique() {
        let numbers: BTreeSet<_> = TABLES.iter().map(|table| table.id).collect();
        let names: BTreeSet<_> = TABLES.iter().map(|table| table.name).collect();
        assert_eq!((numbers.len(), names.len()), (TABLES.len(), TABLES.len()));
    }
}
