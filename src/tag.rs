//! Hashtags that somebody follows or shows on their profile (client API, tags, followed_tags, featured_tags).
//!
//! May use: account, text, `storage`. Must never name: status, HTTP, ActivityPub, edges.
//! Invariants: a tag is kept in the form it is compared in; how often its author used it is counted where statuses are
//! stored.

use crate::{
    error::{Error, Result},
    limits,
    text::{EntityKind, entities, normalise_hashtag},
};
use std::cmp::Reverse;
use storage::{
    AccountId, Bounds, Direction, Read, RowId, Tx,
    tag::{self, FEATURED_TAG_ROWS, FEATURED_TAGS, Listed, TAG_FOLLOW_ROWS, TAG_FOLLOWS, TAG_USES, TagUse},
};

/// A tag on somebody's profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Featured {
    /// Its row: its number in the client API.
    pub row: RowId,
    /// As written.
    pub name: String,
    /// How often its owner used it where everybody sees it.
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

/// `account` follows a tag.
///
/// # Errors
/// `Invalid` for what is no tag and above `limits::TAGS_FOLLOWED_MAX`.
///
/// Source: client API, tags#follow.
pub fn follow(tx: &mut Tx<'_>, account: AccountId, name: &str) -> Result<()> {
    let key = require_name(name)?;
    let most = limits::TAGS_FOLLOWED_MAX;
    if !TAG_FOLLOWS.contains(tx, &(account, key.clone()))? && followed(tx, account)?.len() >= most {
        return Err(Error::invalid("name", format!("you follow {most} tags; at most {most}")));
    }
    tag::remember(tx, &key)?;
    tag::enlist(tx, (&TAG_FOLLOWS, &TAG_FOLLOW_ROWS), account, &key)?;
    Ok(())
}

/// Ends following a tag; nothing happens if it is not followed.
///
/// # Errors
/// `Invalid` for what is no tag.
///
/// Source: client API, tags#unfollow.
pub fn unfollow(tx: &mut Tx<'_>, account: AccountId, name: &str) -> Result<()> {
    Ok(tag::delist(tx, (&TAG_FOLLOWS, &TAG_FOLLOW_ROWS), account, &require_name(name)?)?)
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

/// `account` shows a tag on its profile; answers its row.
///
/// # Errors
/// `Invalid` for what is no tag and above `limits::TAGS_FEATURED_MAX`.
///
/// Source: client API, featured_tags#feature.
pub fn feature(tx: &mut Tx<'_>, account: AccountId, name: &str) -> Result<RowId> {
    let key = require_name(name)?;
    let most = limits::TAGS_FEATURED_MAX;
    if !FEATURED_TAGS.contains(tx, &(account, key.clone()))? && featured(tx, account)?.len() >= most {
        return Err(Error::invalid("name", format!("you feature {most} tags; at most {most}")));
    }
    tag::remember(tx, &key)?;
    Ok(tag::enlist(tx, (&FEATURED_TAGS, &FEATURED_TAG_ROWS), account, &key)?)
}

/// Takes a tag off the profile by its name; nothing happens if it is not there.
///
/// # Errors
/// `Invalid` for what is no tag.
///
/// Source: client API, tags#unfeature.
pub fn unfeature(tx: &mut Tx<'_>, account: AccountId, name: &str) -> Result<()> {
    Ok(tag::delist(tx, (&FEATURED_TAGS, &FEATURED_TAG_ROWS), account, &require_name(name)?)?)
}

/// The same by its row.
///
/// # Errors
/// `NotFound` for somebody else's.
///
/// Source: client API, featured_tags#unfeature.
pub fn unfeature_row(tx: &mut Tx<'_>, account: AccountId, row: RowId) -> Result<()> {
    let Listed { name } = FEATURED_TAG_ROWS.get(tx, &(account, row))?.ok_or(Error::NotFound)?;
    Ok(tag::delist(tx, (&FEATURED_TAGS, &FEATURED_TAG_ROWS), account, &name)?)
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

fn shown(read: &dyn Read, account: AccountId, row: RowId, name: String) -> Result<Featured> {
    let used = TAG_USES.get(read, &(account, name.clone()))?.unwrap_or_default();
    Ok(Featured { row, name, used })
}
