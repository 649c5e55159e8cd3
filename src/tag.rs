//! Hashtags that somebody follows or shows on their profile (client API, tags, followed_tags, featured_tags), and the relays
//! that are asked for those that are followed.
//!
//! May use: account, text, `storage`. Must never name: status, HTTP, ActivityPub, edges.
//! Invariants: a tag is kept in the form it is compared in; how often its author used it is counted where statuses are
//! stored, of people here alone.

pub mod relays;

use crate::{
    account,
    error::{Error, Result},
    limits,
    text::{EntityKind, entities, normalise_hashtag},
};
use std::cmp::Reverse;
use storage::{
    AccountId, Bounds, Direction, Read, RowId, Tx,
    account::stats,
    intent::{Intent, Shown},
    job::{self, JobKind},
    relay,
    tag::{self, FEATURED_TAG_ROWS, FEATURED_TAGS, Listed, TAG_FOLLOW_ROWS, TAG_FOLLOWS, TAG_USES, TagUse},
};

/// A tag on somebody's profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Featured {
    /// Its row: its number in the client API.
    pub row: RowId,
    /// As written.
    pub name: String,
    /// How often its owner, if they live here, used it where everybody sees it.
    pub used: TagUse,
}

/// The form in which `name` is compared.
#[must_use]
pub fn key(name: &str) -> String {
    tag::normalise(&normalise_hashtag(name.strip_prefix('#').unwrap_or(name)))
}

/// The same, if `name` can be a hashtag.
///
/// # Errors
/// `Invalid` otherwise.
pub fn require_name(name: &str) -> Result<String> {
    let key = key(name.trim());
    let alone = format!("#{key}");
    let found = entities(&alone);
    let whole = matches!(found.as_slice(), [one] if matches!(&one.kind, EntityKind::Hashtag(name) if *name == key));
    if whole && key.len() <= limits::TAG_BYTES_MAX {
        Ok(key)
    } else {
        Err(Error::invalid("name", "name is not a hashtag"))
    }
}

/// `account` follows a tag; relays of tags are asked for it.
///
/// # Errors
/// `Invalid` for what is no tag and above `limits::TAGS_FOLLOWED_MAX`.
///
/// Source: client API, tags#follow.
pub fn follow(tx: &mut Tx<'_>, account: AccountId, name: &str) -> Result<()> {
    let key = require_name(name)?;
    let most = limits::TAGS_FOLLOWED_MAX;
    if TAG_FOLLOWS.contains(tx, &(account, key.clone()))? {
        return Ok(());
    }
    if followed(tx, account)?.len() >= most {
        return Err(Error::invalid("name", format!("you follow {most} tags; at most {most}")));
    }
    tag::remember(tx, &key)?;
    tag::enlist(tx, (&TAG_FOLLOWS, &TAG_FOLLOW_ROWS), account, &key)?;
    relays::follow(tx, &key)
}

/// Ends following a tag; nothing happens if it is not followed.
///
/// # Errors
/// `Invalid` for what is no tag.
///
/// Source: client API, tags#unfollow.
pub fn unfollow(tx: &mut Tx<'_>, account: AccountId, name: &str) -> Result<()> {
    let key = require_name(name)?;
    if !TAG_FOLLOWS.contains(tx, &(account, key.clone()))? {
        return Ok(());
    }
    tag::delist(tx, (&TAG_FOLLOWS, &TAG_FOLLOW_ROWS), account, &key)?;
    Ok(relay::unfollowed(tx, &key)?)
}

/// The tags `account` follows, in the form they are compared in, oldest first.
///
/// # Errors
/// Storage errors.
pub fn followed(read: &dyn Read, account: AccountId) -> Result<Vec<String>> {
    let most = limits::TAGS_FOLLOWED_MAX;
    let rows = TAG_FOLLOW_ROWS.list(read, &account, Bounds::NONE, Direction::Ascending, most)?;
    Ok(rows.into_iter().map(|(_, Listed { name })| name).collect())
}

/// A page of the tags `account` follows, the newest first, with their rows.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, followed_tags.
pub fn followed_page(
    read: &dyn Read,
    account: AccountId,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Vec<(RowId, String)>> {
    let rows = TAG_FOLLOW_ROWS.list(read, &account, bounds, direction, limit)?;
    let mut found: Vec<_> = rows.into_iter().map(|((_, row), Listed { name })| (row, name)).collect();
    if direction == Direction::Ascending {
        found.reverse();
    }
    Ok(found)
}

/// `account`, which lives here, shows a tag on its profile, and its followers' servers are told; answers its row.
///
/// # Errors
/// `Invalid` for what is no tag and above `limits::TAGS_FEATURED_MAX`.
///
/// Source: client API, featured_tags#feature.
pub fn feature(tx: &mut Tx<'_>, account: AccountId, name: &str) -> Result<RowId> {
    let key = require_name(name)?;
    if let Some(known) = FEATURED_TAGS.get(tx, &(account, key.clone()))? {
        return Ok(known);
    }
    let most = limits::TAGS_FEATURED_MAX;
    if is_full(tx, account)? {
        return Err(Error::invalid("name", format!("you feature {most} tags; at most {most}")));
    }
    tag::remember(tx, &key)?;
    let row = tag::enlist(tx, (&FEATURED_TAGS, &FEATURED_TAG_ROWS), account, &key)?;
    tell(tx, account, Intent::Feature { account, row, shown: Shown::Tag(key) })?;
    Ok(row)
}

/// Takes a tag off the profile by its name; nothing happens if it is not there.
///
/// # Errors
/// `Invalid` for what is no tag.
///
/// Source: client API, tags#unfeature.
pub fn unfeature(tx: &mut Tx<'_>, account: AccountId, name: &str) -> Result<()> {
    let key = require_name(name)?;
    let Some(row) = FEATURED_TAGS.get(tx, &(account, key.clone()))? else { return Ok(()) };
    tag::delist(tx, (&FEATURED_TAGS, &FEATURED_TAG_ROWS), account, &key)?;
    tell(tx, account, Intent::Unfeature { account, row, shown: Shown::Tag(key) })
}

/// The same by its row.
///
/// # Errors
/// `NotFound` for somebody else's.
///
/// Source: client API, featured_tags#unfeature.
pub fn unfeature_row(tx: &mut Tx<'_>, account: AccountId, row: RowId) -> Result<()> {
    let Listed { name } = FEATURED_TAG_ROWS.get(tx, &(account, row))?.ok_or(Error::NotFound)?;
    unfeature(tx, account, &name)
}

/// `account`, which lives elsewhere, shows a tag on its profile. Whether that is new.
///
/// # Errors
/// `NotFound` for an account that is unknown or lives here; `Invalid` for what is no tag; `Forbidden` above
/// `limits::TAGS_FEATURED_MAX`.
///
/// Source: Mastodon, Add of a Hashtag.
pub fn accept_feature(tx: &mut Tx<'_>, account: AccountId, name: &str) -> Result<bool> {
    require_remote(tx, account)?;
    let key = require_name(name)?;
    if FEATURED_TAGS.contains(tx, &(account, key.clone()))? {
        return Ok(false);
    }
    if is_full(tx, account)? {
        return Err(Error::Forbidden("as many tags as may be are shown already"));
    }
    tag::enlist(tx, (&FEATURED_TAGS, &FEATURED_TAG_ROWS), account, &key)?;
    Ok(true)
}

/// It no longer shows the tag. Whether it did.
///
/// # Errors
/// As [`accept_feature`].
///
/// Source: Mastodon, Remove of a Hashtag.
pub fn accept_unfeature(tx: &mut Tx<'_>, account: AccountId, name: &str) -> Result<bool> {
    require_remote(tx, account)?;
    let key = require_name(name)?;
    let there = FEATURED_TAGS.contains(tx, &(account, key.clone()))?;
    tag::delist(tx, (&FEATURED_TAGS, &FEATURED_TAG_ROWS), account, &key)?;
    Ok(there)
}

/// `account`, which lives elsewhere, shows these tags on its profile and no others: the first `limits::TAGS_FEATURED_MAX`
/// that can be tags. Those that stay keep their rows.
///
/// # Errors
/// `NotFound` for an account that is unknown or lives here.
///
/// Source: Mastodon, `featuredTags`.
pub fn accept_featured(tx: &mut Tx<'_>, account: AccountId, names: &[String]) -> Result<()> {
    require_remote(tx, account)?;
    let mut keys: Vec<String> = Vec::new();
    for key in names.iter().filter_map(|name| require_name(name).ok()) {
        if keys.len() < limits::TAGS_FEATURED_MAX && !keys.contains(&key) {
            keys.push(key);
        }
    }
    for gone in featured(tx, account)?.iter().filter(|known| !keys.contains(&known.name)) {
        tag::delist(tx, (&FEATURED_TAGS, &FEATURED_TAG_ROWS), account, &gone.name)?;
    }
    for key in keys {
        tag::enlist(tx, (&FEATURED_TAGS, &FEATURED_TAG_ROWS), account, &key)?;
    }
    Ok(())
}

/// The tags on the profile of `account`, oldest first.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, featured_tags.
pub fn featured(read: &dyn Read, account: AccountId) -> Result<Vec<Featured>> {
    let most = limits::TAGS_FEATURED_MAX;
    let rows = FEATURED_TAG_ROWS.list(read, &account, Bounds::NONE, Direction::Ascending, most)?;
    rows.into_iter().map(|((_, row), Listed { name })| shown(read, account, row, name)).collect()
}

/// One of them.
///
/// # Errors
/// `NotFound` for somebody else's.
pub fn featured_one(read: &dyn Read, account: AccountId, row: RowId) -> Result<Featured> {
    let Listed { name } = FEATURED_TAG_ROWS.get(read, &(account, row))?.ok_or(Error::NotFound)?;
    shown(read, account, row, name)
}

/// The tags `account` uses most and does not feature, at most `limits::TAGS_FEATURED_MAX` among the
/// `limits::TAGS_USED_EXAMINED` looked at.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, featured_tags#suggestions.
pub fn suggested(read: &dyn Read, account: AccountId) -> Result<Vec<String>> {
    let most = limits::TAGS_USED_EXAMINED;
    let mut used = TAG_USES.list(read, &account, Bounds::NONE, Direction::Ascending, most)?;
    used.sort_by_key(|(_, used)| (Reverse(used.statuses), Reverse(used.last_status_at)));
    let mut found = Vec::new();
    for ((_, name), _) in used {
        if found.len() < limits::TAGS_FEATURED_MAX && !FEATURED_TAGS.contains(read, &(account, name.clone()))? {
            found.push(name);
        }
    }
    Ok(found)
}

fn is_full(read: &dyn Read, account: AccountId) -> Result<bool> {
    let most = limits::TAGS_FEATURED_MAX;
    Ok(FEATURED_TAG_ROWS.list(read, &account, Bounds::NONE, Direction::Ascending, most)?.len() >= most)
}

fn require_remote(read: &dyn Read, account: AccountId) -> Result<()> {
    if account::require(read, account)?.is_local() { Err(Error::NotFound) } else { Ok(()) }
}

/// Owes `intent` to the servers of followers, if there are any who may live elsewhere.
fn tell(tx: &mut Tx<'_>, account: AccountId, intent: Intent) -> Result<()> {
    if stats(tx, account)?.followers > 0 {
        job::enqueue(tx, JobKind::Distribute(intent));
    }
    Ok(())
}

fn shown(read: &dyn Read, account: AccountId, row: RowId, name: String) -> Result<Featured> {
    let used = TAG_USES.get(read, &(account, name.clone()))?.unwrap_or_default();
    Ok(Featured { row, name, used })
}
