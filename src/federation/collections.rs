//! The collections of a local account (ActivityPub §5): outbox, followers, following, featured statuses and tags. Pages
//! hold at most `limits::COLLECTION_PAGE` items.

use crate::{
    error::{Error, Result},
    federation::{
        activity::{announce, create},
        outward::{featured_uri, hashtag, note, with_context},
    },
    limits::COLLECTION_PAGE,
    origin::Origin,
    tag, visibility,
};
use serde_json::{Value, json};
use std::ops::ControlFlow;
use storage::{
    AccountId, Bounds, Direction, Read, RowId, StatusId, Table,
    account::{self, Account},
    interaction, relationship, status,
};

/// The local account `name`, as everybody may see it.
///
/// # Errors
/// `NotFound`; `Gone` for a suspended account.
pub fn require(read: &dyn Read, name: &str) -> Result<Account> {
    let account = account::find_by_name(read, name, None)?.ok_or(Error::NotFound)?;
    if account.suspended_at.is_some() {
        return Err(Error::Gone);
    }
    Ok(account)
}

/// The outbox: public and unlisted statuses and reblogs, newest first. `page` absent: the collection itself.
///
/// # Errors
/// `NotFound`, `Gone`, storage errors.
pub fn outbox(read: &dyn Read, origin: &Origin, name: &str, page: Option<Bounds>) -> Result<Value> {
    let account = require(read, name)?;
    let id = format!("{}/outbox", origin.url(&account.uri));
    let Some(bounds) = page else {
        let total = account::stats(read, account.id)?.statuses;
        return Ok(with_context(json!({
            "id": id,
            "type": "OrderedCollection",
            "totalItems": total,
            "first": format!("{id}?page=true"),
            "last": format!("{id}?min_id=0&page=true"),
        })));
    };
    let ids = public_statuses(read, account.id, bounds)?;
    let mut items = Vec::with_capacity(ids.len());
    for status_id in &ids {
        let Some(status) = status::find(read, *status_id)?.filter(|status| !status.local_only) else { continue };
        if interaction::is_pending(read, &status)? {
            continue;
        }
        items.push(match status.reblog_of {
            Some(_) => announce::document(read, origin, &status)?,
            None => create::document(read, origin, &status)?,
        });
    }
    let mut document = json!({
        "id": format!("{id}?page=true"),
        "type": "OrderedCollectionPage",
        "partOf": id,
        "orderedItems": items,
    });
    if let Some(last) = ids.last() {
        document["next"] = json!(format!("{id}?max_id={last}&page=true"));
    }
    if let Some(first) = ids.first() {
        document["prev"] = json!(format!("{id}?min_id={first}&page=true"));
    }
    Ok(with_context(document))
}

/// Ids of what the outbox shows, newest first; the scan is bounded like a timeline's.
fn public_statuses(read: &dyn Read, account: AccountId, bounds: Bounds) -> Result<Vec<StatusId>> {
    // From the bottom up when only a lower bound is given: the page right above it.
    let upwards = bounds.above.is_some() && bounds.below.is_none();
    let direction = if upwards { Direction::Ascending } else { Direction::Descending };
    let (mut ids, mut seen) = (Vec::new(), 0);
    status::STATUSES_OF_ACCOUNT.scan(read, &account, bounds, direction, |(_, id), shape| {
        seen += 1;
        if matches!(shape.visibility, status::Visibility::Public | status::Visibility::Unlisted) {
            ids.push(id);
        }
        let more = ids.len() < COLLECTION_PAGE && seen < crate::limits::SCAN_MAX;
        Ok(if more { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    if upwards {
        ids.reverse();
    }
    Ok(ids)
}

/// Which of the two lists of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum People {
    /// Who follows the account.
    Followers,
    /// Whom the account follows.
    Following,
}

/// The followers or following collection; items only if the account shows them.
///
/// # Errors
/// `NotFound`, `Gone`, storage errors; `Forbidden` for a page of a hidden list.
pub fn people(read: &dyn Read, origin: &Origin, name: &str, which: People, page: Option<Bounds>) -> Result<Value> {
    let account = require(read, name)?;
    let stats = account::stats(read, account.id)?;
    let (word, total, table): (_, _, &Table<(AccountId, RowId), AccountId>) = match which {
        People::Followers => ("followers", stats.followers, &relationship::FOLLOWER_ROWS),
        People::Following => ("following", stats.following, &relationship::FOLLOWING_ROWS),
    };
    let id = format!("{}/{word}", origin.url(&account.uri));
    let Some(bounds) = page else {
        let mut document = json!({ "id": id, "type": "OrderedCollection", "totalItems": total });
        if !account.hide_collections {
            document["first"] = json!(format!("{id}?page=true"));
        }
        return Ok(with_context(document));
    };
    if account.hide_collections {
        return Err(Error::Forbidden("this account does not show its followers"));
    }
    let rows = table.list(read, &account.id, bounds, Direction::Descending, COLLECTION_PAGE)?;
    let mut items = Vec::with_capacity(rows.len());
    for (_, other) in &rows {
        if let Some(other) = account::find(read, *other)? {
            items.push(origin.url(&other.uri));
        }
    }
    let mut document = json!({
        "id": format!("{id}?page=true"),
        "type": "OrderedCollectionPage",
        "totalItems": total,
        "partOf": id,
        "orderedItems": items,
    });
    if let (Some(((_, row), _)), COLLECTION_PAGE) = (rows.last(), rows.len()) {
        document["next"] = json!(format!("{id}?max_id={row}&page=true"));
    }
    Ok(with_context(document))
}

/// Pinned statuses, whole, newest pin first.
///
/// # Errors
/// `NotFound`, `Gone`, storage errors.
pub fn featured(read: &dyn Read, origin: &Origin, name: &str) -> Result<Value> {
    let account = require(read, name)?;
    let rows = status::PIN_ROWS.list(read, &account.id, Bounds::NONE, Direction::Descending, COLLECTION_PAGE)?;
    let mut items = Vec::new();
    for (_, id) in rows {
        let Some(status) = status::find(read, id)? else { continue };
        if status.is_public() && !status.local_only && !interaction::is_pending(read, &status)? {
            items.push(note::note(read, origin, &status)?);
        }
    }
    Ok(with_context(json!({
        "id": featured_uri(origin, &account),
        "type": "OrderedCollection",
        "totalItems": items.len(),
        "orderedItems": items,
    })))
}

/// Featured tags, as Mastodon names them on the actor.
///
/// # Errors
/// `NotFound`, `Gone`, storage errors.
pub fn featured_tags(read: &dyn Read, origin: &Origin, name: &str) -> Result<Value> {
    let account = require(read, name)?;
    let items: Vec<Value> =
        tag::featured(read, account.id)?.iter().map(|featured| hashtag(origin, &featured.name)).collect();
    Ok(with_context(json!({
        "id": format!("{}/collections/tags", origin.url(&account.uri)),
        "type": "Collection",
        "totalItems": items.len(),
        "items": items,
    })))
}

/// A local status as `viewer` (a remote account that signed, or nobody) may see it.
///
/// # Errors
/// `NotFound` if unknown or invisible; `Gone` if it was public and is deleted.
pub fn visible_status(
    read: &dyn Read,
    name: &str,
    id: StatusId,
    viewer: Option<AccountId>,
) -> Result<(Account, status::Status)> {
    let account = require(read, name)?;
    let Some(status) = status::find(read, id)? else {
        return Err(if status::GONE.contains(read, &id)? { Error::Gone } else { Error::NotFound });
    };
    if status.account != account.id || !visibility::can_see(read, viewer, &status)? {
        return Err(Error::NotFound);
    }
    Ok((account, status))
}
