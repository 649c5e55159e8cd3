//! Every table: its number, its name, and since which format it exists. `docs/STORAGE.md` says what each holds.

use crate::error::{Error, Result};
use crate::table::{Table, TableId, hex};
use crate::unnamed::{NamesIn, names_in};
use crate::{
    accent, account as a, activity, announcement, audience, authorized_fetch, backfill, backup::deed, block_list, card,
    cause, certificate, cleanup, collection as co, conversation as c, custom_emoji, delivery as d, directory,
    domain_allow, domain_block, draft, dress, endorsement, filter as f, filtered, follow_source, habit, import,
    inbound as i, instance, interaction as ia, invite, job, list, mail_link, manner, marker, media as m,
    moderation as mo, mute, new_address, notification as n, oauth as o, passkey, peer, poll, push, quiet, quote as q,
    reaction, recovery, relationship as r, relay, reminder, reply_stamp, retention, retired_key, saved_search,
    scheduled, second_factor, sign_up_block as sb, silent, status as s, steering, store, strike, tag, takeout, text,
    undelivered, use_of_access, user as u, wave,
};
use serde::Serialize;

/// The highest data format this program reads and the one it writes.
pub const FORMAT: u32 = 1;

/// Reads a row (key, value) and gives the value as this program writes it: an older version is upgraded.
pub type Reread = fn(&[u8], &[u8]) -> Result<Vec<u8>>;

/// One table.
#[derive(Debug, Clone, Copy)]
pub struct TableInfo {
    /// Its number; never reused.
    pub id: TableId,
    /// Its name.
    pub name: &'static str,
    /// The format that introduced it.
    pub since: u32,
    /// The version of the records this program writes into it.
    pub version: u8,
    /// How a row is read.
    pub reread: Reread,
    /// Which accounts a row names.
    pub(crate) names: NamesIn,
}

impl TableInfo {
    /// A table of plain bytes, without records.
    #[must_use]
    pub const fn plain(id: TableId, name: &'static str) -> Self {
        TableInfo { id, name, since: 1, version: 0, reread: |_, value| Ok(value.to_vec()), names: |_, _, _| Ok(()) }
    }
}

fn reread<K: crate::Key, R: crate::record::Record>(key: &[u8], value: &[u8]) -> Result<Vec<u8>> {
    if K::from_bytes(key).is_none() {
        return Err(Error::corrupt("key", hex(key), "unreadable key"));
    }
    Ok(R::decode(value)?.encode())
}

const fn info<K: crate::Key + Serialize, R: crate::record::Record + Serialize>(table: &Table<K, R>) -> TableInfo {
    TableInfo {
        id: table.id,
        name: table.name,
        since: 1,
        version: R::VERSION,
        reread: reread::<K, R>,
        names: names_in::<K, R>,
    }
}

/// All tables. Numbers 1 to 9 belong to the store itself.
pub const TABLES: &[TableInfo] = &[
    info(&store::META),
    info(&store::CONSUMERS),
    info(&a::ACCOUNTS),
    info(&a::ACCOUNT_BY_NAME),
    info(&a::ACCOUNT_BY_URI),
    info(&a::ACCOUNT_STATS),
    info(&a::ACTOR_KEYS),
    info(&a::SIGNING_KEYS),
    info(&a::KEYS_OF_ACCOUNT),
    info(&a::LOCAL_ACCOUNTS),
    info(&a::ACCOUNT_WORDS),
    info(&a::LINK_CHECKS),
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
    info(&instance::IDENTITY),
    info(&instance::SETTINGS),
    info(&instance::INSTANCE_KEYS),
    info(&job::JOBS),
    info(&job::JOBS_DUE),
    info(&i::INBOUND),
    info(&i::INBOUND_CHUNKS),
    info(&i::INBOUND_SEEN),
    info(&i::INBOUND_DEAD),
    info(&i::INBOUND_DROPPED),
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
    info(&undelivered::UNDELIVERED),
    info(&audience::EXPANSIONS),
    info(&push::SUBSCRIPTIONS),
    info(&push::SUBSCRIPTIONS_OF_ACCOUNT),
    info(&push::VAPID_KEY),
    info(&retention::ARRIVALS),
    info(&retention::TOUCHED),
    info(&retention::ROOM_HOURS),
    info(&retention::SETTLING),
    info(&retention::AGES_REST),
    info(&retention::DAYS),
    info(&m::MEDIA),
    info(&m::BLOBS),
    info(&m::MEDIA_OF_STATUS),
    info(&m::LOOSE),
    info(&m::UPLOADS),
    info(&m::PROFILE_PICTURES),
    info(&m::SECRET),
    info(&mute::MUTES),
    info(&mute::MUTE_ROWS),
    info(&r::BLOCK_ROWS),
    info(&r::UNTOLD_BLOCKS),
    info(&domain_block::DOMAIN_BLOCKS),
    info(&domain_block::DOMAIN_BLOCK_ROWS),
    info(&endorsement::ACCOUNT_NOTES),
    info(&endorsement::ENDORSEMENTS),
    info(&endorsement::ENDORSEMENT_ROWS),
    info(&f::FILTERS),
    info(&f::FILTER_KEYWORDS),
    info(&f::FILTER_OF_KEYWORD),
    info(&f::FILTER_STATUSES),
    info(&f::FILTER_OF_STATUS),
    info(&f::FILTER_STATES),
    info(&poll::POLLS),
    info(&poll::BALLOTS),
    info(&list::LISTS),
    info(&list::LIST_MEMBERS),
    info(&list::LIST_MEMBER_ROWS),
    info(&list::LISTS_OF_MEMBER),
    info(&tag::TAG_FOLLOWS),
    info(&tag::TAG_FOLLOW_ROWS),
    info(&tag::FEATURED_TAGS),
    info(&tag::FEATURED_TAG_ROWS),
    info(&tag::TAG_USES),
    info(&c::CONVERSATIONS),
    info(&c::CONVERSATION_ORDER),
    info(&c::CONVERSATION_OF),
    info(&c::THREAD_MUTES),
    info(&mo::STANDINGS),
    info(&mo::DOMAIN_BLOCKS),
    info(&mo::DOMAIN_BLOCKS_BY_ID),
    info(&mo::REPORTS),
    info(&mo::REPORTS_BY_STATE),
    info(&mo::EVIDENCE),
    info(&mo::AUDIT),
    info(&mo::STAFF),
    info(&deed::DEEDS),
    info(&co::COLLECTIONS),
    info(&co::COLLECTIONS_OF_OWNER),
    info(&co::COLLECTIONS_OF_MEMBER),
    info(&q::QUOTES),
    info(&q::QUOTES_OF),
    info(&q::QUOTE_BY_STAMP),
    info(&q::QUOTABILITY),
    info(&activity::DAYS),
    info(&activity::WEEKS),
    info(&activity::LAST_ACTIVE),
    info(&text::TEXTS),
    info(&announcement::ANNOUNCEMENTS),
    info(&announcement::DISMISSED),
    info(&announcement::REACTED),
    info(&announcement::REACTIONS),
    info(&directory::ENTRIES),
    info(&directory::BY_ARRIVAL),
    info(&directory::BY_ACTIVITY),
    info(&directory::SETTLED),
    info(&directory::SUGGESTIONS_DISMISSED),
    info(&domain_allow::DOMAIN_ALLOWS),
    info(&domain_allow::DOMAIN_ALLOWS_BY_ID),
    info(&domain_allow::LIMITED),
    info(&authorized_fetch::AUTHORIZED_FETCH),
    info(&retired_key::RETIRED_KEYS),
    info(&retired_key::RETIRED_INSTANCE_KEY),
    info(&card::CARDS),
    info(&card::CARD_OF_STATUS),
    info(&card::STATUSES_OF_CARD),
    info(&card::LINKS_OF_PAGE),
    info(&filtered::POLICIES),
    info(&filtered::FILTERED),
    info(&filtered::FILTERED_FROM),
    info(&filtered::REQUESTS),
    info(&filtered::REQUEST_OF),
    info(&filtered::PERMISSIONS),
    info(&filtered::PERMITTED_BY),
    info(&u::WAITING),
    info(&mail_link::MAIL_LINKS),
    info(&mail_link::MAIL_LINKS_OF_ACCOUNT),
    info(&sb::EMAIL_DOMAIN_BLOCKS),
    info(&sb::EMAIL_DOMAIN_BLOCK_OF),
    info(&sb::IP_BLOCKS),
    info(&sb::IP_BLOCK_OF),
    info(&sb::CANONICAL_EMAIL_BLOCKS),
    info(&sb::CANONICAL_EMAIL_BLOCK_OF),
    info(&scheduled::SCHEDULED),
    info(&scheduled::SCHEDULED_OF_ACCOUNT),
    info(&scheduled::SCHEDULED_MEDIA),
    info(&reaction::REACTIONS),
    info(&reaction::REACTION_KINDS),
    info(&reaction::REACTIONS_OF_ACCOUNT),
    info(&reaction::REACTION_BY_URI),
    info(&backfill::THREADS),
    info(&backfill::PROFILES),
    info(&backfill::STATED),
    info(&ia::POLICIES),
    info(&ia::DEFAULTS),
    info(&ia::REQUESTS),
    info(&ia::WAITING),
    info(&ia::REQUEST_OF),
    info(&ia::REQUESTS_ON),
    info(&ia::REQUEST_BY_URI),
    info(&ia::PENDING_REPLIES),
    info(&ia::ASKED_BY_REQUEST),
    info(&steering::PAUSES),
    info(&certificate::CERTIFICATES),
    info(&certificate::ACME_ACCOUNTS),
    info(&certificate::REFUSALS),
    info(&cause::CAME),
    info(&silent::SILENT),
    info(&reply_stamp::REPLY_STAMPS),
    info(&reply_stamp::REPLIES_BY_STAMP),
    info(&relay::RELAYS),
    info(&relay::RELAY_BY_ACTOR),
    info(&relay::RELAY_TAKEN),
    info(&relay::TAG_RELAYS),
    info(&relay::TAG_RELAYS_BY_TAG),
    info(&wave::SIGNS),
    info(&wave::WAVES),
    info(&wave::UNASKED),
    info(&manner::MANNERS),
    info(&second_factor::SECOND_FACTORS),
    info(&second_factor::SPARE_CODES),
    info(&recovery::RECOVERY_SHEETS),
    info(&passkey::PASSKEYS),
    info(&second_factor::SECOND_STEPS),
    info(&new_address::NEW_ADDRESSES),
    info(&use_of_access::TOKEN_USES),
    info(&use_of_access::SESSION_USES),
    info(&draft::DRAFTS),
    info(&invite::INVITES),
    info(&invite::INVITE_BY_CODE),
    info(&invite::INVITES_OF_ACCOUNT),
    info(&invite::INVITED),
    info(&invite::INVITERS),
    info(&cleanup::CLEANUPS),
    info(&strike::STRIKES),
    info(&strike::STRIKES_OF_ACCOUNT),
    info(&strike::APPEALS),
    info(&follow_source::FOLLOW_SOURCES),
    info(&import::IMPORTS),
    info(&import::IMPORT_PARTS),
    info(&import::IMPORT_REFUSED),
    info(&habit::HABITS),
    info(&dress::DRESSES),
    info(&accent::ACCENT),
    info(&push::BROWSERS),
    info(&block_list::BLOCK_LISTS),
    info(&block_list::BLOCK_LIST_PARTS),
    info(&reminder::REMINDERS),
    info(&takeout::TAKEOUTS),
    info(&quiet::QUIET_HOURS),
    info(&saved_search::SAVED_SEARCHES),
    info(&custom_emoji::CUSTOM_EMOJI),
    info(&custom_emoji::CUSTOM_EMOJI_COUNT),
];

#[cfg(test)]
mod tests {
    use super::TABLES;
    use crate::check::{UNDESCRIBED, is_accounted_for};
    use std::collections::BTreeSet;

    #[test]
    fn numbers_and_names_are_unique() {
        let numbers: BTreeSet<_> = TABLES.iter().map(|table| table.id).collect();
        let names: BTreeSet<_> = TABLES.iter().map(|table| table.name).collect();
        assert_eq!((numbers.len(), names.len()), (TABLES.len(), TABLES.len()));
    }

    #[test]
    fn something_is_described_of_every_table_or_a_reason_is_given() {
        let left: Vec<_> = TABLES.iter().filter(|table| !is_accounted_for(table.id, table.name)).collect();
        assert!(left.is_empty(), "no description, and no line in check::UNDESCRIBED: {left:?}");
        for (name, reason) in UNDESCRIBED {
            assert!(TABLES.iter().any(|table| table.name == *name) && !reason.is_empty(), "{name}");
        }
    }
}
