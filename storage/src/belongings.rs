//! What an account here has for itself alone: lists, filters, mutes, notes, what it was told. It goes with the account.

use crate::{
    backfill::PROFILES,
    cleanup::CLEANUPS,
    conversation::{self, CONVERSATION_OF, CONVERSATIONS, THREAD_MUTES},
    domain_block::{self, DOMAIN_BLOCKS},
    draft::DRAFTS,
    dress::DRESSES,
    endorsement::{self, ACCOUNT_NOTES, ENDORSEMENTS},
    error::Result,
    filter::{self, FILTER_KEYWORDS, FILTER_OF_KEYWORD, FILTER_OF_STATUS, FILTER_STATES, FILTER_STATUSES, FILTERS},
    filtered::{self, FILTERED, PERMISSIONS, PERMITTED_BY, POLICIES, REQUESTS},
    follow_source::FOLLOW_SOURCES,
    habit::HABITS,
    id::{AccountId, NotificationId},
    import::{IMPORT_PARTS, IMPORT_REFUSED, IMPORTS},
    interaction::DEFAULTS,
    invite::{self, INVITED, INVITES_OF_ACCOUNT},
    key::Key,
    list::{self, LIST_MEMBER_ROWS, LISTS},
    marker::MARKERS,
    media::{self, ProfilePart},
    mute::{self, MUTES},
    notification::{self, NOTIFICATIONS, NOTIFICATIONS_CLEARED},
    quiet::QUIET_HOURS,
    record::Record,
    relay,
    reminder::REMINDERS,
    saved_search::SAVED_SEARCHES,
    status::IDEMPOTENCY_KEYS,
    store::Tx,
    strike::{self, STRIKES_OF_ACCOUNT},
    table::{Bounds, Direction, Table},
    tag::{self, FEATURED_TAG_ROWS, FEATURED_TAGS, TAG_FOLLOW_ROWS, TAG_FOLLOWS},
    takeout::TAKEOUTS,
};

/// Removes rows of one kind, at most so many; answers how many there were.
type Part = fn(&mut Tx<'_>, AccountId, usize) -> Result<usize>;

const PARTS: &[Part] = &[
    |tx, owner, most| {
        each(tx, owner, most, &DRAFTS, |tx, key, _| {
            DRAFTS.delete(tx, &key);
            Ok(())
        })
    },
    |tx, owner, most| {
        each(tx, owner, most, &IMPORT_PARTS, |tx, key, _| {
            IMPORT_PARTS.delete(tx, &key);
            Ok(())
        })
    },
    |tx, owner, most| {
        each(tx, owner, most, &IMPORT_REFUSED, |tx, key, _| {
            IMPORT_REFUSED.delete(tx, &key);
            Ok(())
        })
    },
    |tx, owner, most| plain(tx, owner, most, &IMPORTS),
    |tx, owner, most| plain(tx, owner, most, &SAVED_SEARCHES),
    |tx, owner, most| each(tx, owner, most, &MUTES, |tx, (_, target), _| mute::remove(tx, owner, target).map(drop)),
    |tx, owner, most| {
        each(tx, owner, most, &DOMAIN_BLOCKS, |tx, (_, domain), _| domain_block::remove(tx, owner, &domain).map(drop))
    },
    |tx, owner, most| each(tx, owner, most, &ENDORSEMENTS, |tx, (_, who), _| endorsement::unendorse(tx, owner, who)),
    |tx, owner, most| {
        each(tx, owner, most, &TAG_FOLLOWS, |tx, (_, name), _| {
            tag::delist(tx, (&TAG_FOLLOWS, &TAG_FOLLOW_ROWS), owner, &name)?;
            relay::unfollowed(tx, &name)
        })
    },
    |tx, owner, most| {
        each(tx, owner, most, &FEATURED_TAGS, |tx, (_, name), _| {
            tag::delist(tx, (&FEATURED_TAGS, &FEATURED_TAG_ROWS), owner, &name)
        })
    },
    |tx, owner, most| {
        each(tx, owner, most, &CONVERSATIONS, |tx, (_, id), _| conversation::remove(tx, owner, id).map(drop))
    },
    |tx, owner, most| {
        let there = NOTIFICATIONS.list(tx, &owner, Bounds::NONE, Direction::Ascending, most)?.len();
        notification::remove_upto(tx, owner, NotificationId(u64::MAX), most)?;
        Ok(there)
    },
    |tx, owner, most| {
        let there = FILTERED.list(tx, &owner, Bounds::NONE, Direction::Ascending, most)?.len();
        notification::remove_filtered_upto(tx, owner, NotificationId(u64::MAX), most)?;
        Ok(there)
    },
    |tx, owner, most| each(tx, owner, most, &REQUESTS, |tx, _, about| filtered::dismiss(tx, owner, about.from)),
    |tx, owner, most| {
        each(tx, owner, most, &PERMISSIONS, |tx, key, ()| {
            PERMISSIONS.delete(tx, &key);
            PERMITTED_BY.delete(tx, &(key.1, owner));
            Ok(())
        })
    },
    |tx, owner, most| {
        each(tx, owner, most, &FILTER_KEYWORDS, |tx, key, _| {
            FILTER_KEYWORDS.delete(tx, &key);
            FILTER_OF_KEYWORD.delete(tx, &(owner, key.2));
            filter::touch(tx, owner, |state| state.keywords = state.keywords.saturating_sub(1))
        })
    },
    |tx, owner, most| {
        each(tx, owner, most, &FILTER_STATUSES, |tx, key, _| {
            FILTER_STATUSES.delete(tx, &key);
            FILTER_OF_STATUS.delete(tx, &(owner, key.2));
            Ok(())
        })
    },
    |tx, owner, most| {
        each(tx, owner, most, &FILTERS, |tx, key, _| {
            FILTERS.delete(tx, &key);
            filter::touch(tx, owner, |state| state.filters = state.filters.saturating_sub(1))
        })
    },
    |tx, owner, most| each(tx, owner, most, &STRIKES_OF_ACCOUNT, |tx, (_, id), ()| strike::remove(tx, id)),
    |tx, owner, most| each(tx, owner, most, &INVITES_OF_ACCOUNT, |tx, (_, id), ()| invite::remove(tx, id)),
    lists,
    |tx, owner, most| plain(tx, owner, most, &CONVERSATION_OF),
    |tx, owner, most| plain(tx, owner, most, &THREAD_MUTES),
    |tx, owner, most| plain(tx, owner, most, &ACCOUNT_NOTES),
    |tx, owner, most| plain(tx, owner, most, &MARKERS),
    |tx, owner, most| plain(tx, owner, most, &IDEMPOTENCY_KEYS),
    |tx, owner, most| plain(tx, owner, most, &DEFAULTS),
];

/// Removes some of what only `owner` has, at most `most` rows, with up to five more beside each; says whether there may be
/// more.
///
/// # Errors
/// Storage errors.
pub fn purge_step(tx: &mut Tx<'_>, owner: AccountId, most: usize) -> Result<bool> {
    tx.accept_when_full();
    let mut left = most;
    for part in PARTS {
        left = left.saturating_sub(part(tx, owner, left)?);
        if left == 0 {
            return Ok(true);
        }
    }
    POLICIES.delete(tx, &owner);
    HABITS.delete(tx, &owner);
    INVITED.delete(tx, &owner);
    CLEANUPS.delete(tx, &owner);
    FOLLOW_SOURCES.delete(tx, &owner);
    DRESSES.delete(tx, &owner);
    REMINDERS.delete(tx, &owner);
    TAKEOUTS.delete(tx, &owner);
    QUIET_HOURS.delete(tx, &owner);
    PROFILES.delete(tx, &owner);
    NOTIFICATIONS_CLEARED.delete(tx, &owner);
    FILTER_STATES.delete(tx, &owner);
    for part in [ProfilePart::Avatar, ProfilePart::Header] {
        media::set_profile_picture(tx, owner, part, None)?;
    }
    Ok(false)
}

/// Lists with their members.
fn lists(tx: &mut Tx<'_>, owner: AccountId, most: usize) -> Result<usize> {
    let mut taken = 0;
    for (key, _) in LISTS.list(tx, &owner, Bounds::NONE, Direction::Ascending, most)? {
        let members = LIST_MEMBER_ROWS.list(tx, &key.1, Bounds::NONE, Direction::Ascending, most - taken)?;
        for (_, member) in &members {
            list::take_out(tx, owner, key.1, *member)?;
        }
        taken += members.len();
        if taken == most {
            return Ok(most);
        }
        LISTS.delete(tx, &key);
        taken += 1;
        if taken == most {
            return Ok(most);
        }
    }
    Ok(taken)
}

/// Rows beside which nothing stands.
fn plain<K, R: Record>(
    tx: &mut Tx<'_>,
    owner: AccountId,
    most: usize,
    table: &Table<(AccountId, K), R>,
) -> Result<usize>
where
    (AccountId, K): Key,
{
    each(tx, owner, most, table, |tx, key, _| {
        table.delete(tx, &key);
        Ok(())
    })
}

/// Hands at most `most` rows of `owner` to `remove`.
fn each<K: Key, R: Record>(
    tx: &mut Tx<'_>,
    owner: AccountId,
    most: usize,
    table: &Table<K, R>,
    mut remove: impl FnMut(&mut Tx<'_>, K, R) -> Result<()>,
) -> Result<usize> {
    let rows = table.list(tx, &owner, Bounds::NONE, Direction::Ascending, most)?;
    let there = rows.len();
    for (key, row) in rows {
        remove(tx, key, row)?;
    }
    Ok(there)
}
