//! The collections of a local status (ActivityPub §5): replies, likes, shares, and the context of a thread that began
//! here (FEP-7888, FEP-f228). They hold what everybody may see. Pages have at most `limits::COLLECTION_PAGE` items.

use crate::{
    error::Result,
    federation::{collections::visible_status, outward::with_context},
    limits::{self, COLLECTION_PAGE},
    origin::Origin,
    status as rules,
    visibility::Sight,
};
use serde_json::{Value, json};
use std::ops::ControlFlow;
use storage::{
    Bounds, Direction, Read, StatusId,
    status::{self, Status},
};

/// Whose replies a page of replies has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The author's own: what makes a thread readable elsewhere, so they come first.
    Own,
    /// Everybody else's.
    Others,
}

/// A page of replies: whose, and those behind which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RepliesPage {
    /// Whose.
    pub whose: Whose,
    /// Only replies above this number.
    pub above: Option<u64>,
}

/// How much a page takes.
#[derive(Clone, Copy)]
struct Measure {
    /// Items.
    items: usize,
    /// Replies looked at.
    among: usize,
}

/// Replies on a page, with the address of the page behind it.
struct Replies {
    items: Vec<String>,
    next: Option<String>,
}

/// The replies to a local status that everybody may see, oldest first. `page` absent: the collection with its first page.
///
/// # Errors
/// `NotFound`, `Gone`, storage errors.
pub fn replies(read: &dyn Read, origin: &Origin, name: &str, id: StatusId, page: Option<RepliesPage>) -> Result<Value> {
    let (_, status) = visible_status(read, name, id, None)?;
    let collection = collection_id(origin, &status, "replies");
    let Some(page) = page else { return Ok(with_context(replies_inline(read, origin, &status)?)) };
    let Replies { items, next } =
        look(read, origin, &status, page, Measure { items: COLLECTION_PAGE, among: limits::SCAN_MAX })?;
    let mut document = json!({
        "id": address(&collection, page),
        "type": "CollectionPage",
        "partOf": collection,
        "items": items,
    });
    if let Some(next) = next {
        document["next"] = json!(next);
    }
    Ok(with_context(document))
}

/// The collection of replies as it stands in the Note: with the first of the author's own, as peers show inline.
///
/// # Errors
/// Storage errors.
pub fn replies_inline(read: &dyn Read, origin: &Origin, status: &Status) -> Result<Value> {
    // It is written with every Note, so little is looked at.
    const INLINE: Measure = Measure { items: 5, among: limits::REPLIES_COUNTED };
    let collection = collection_id(origin, status, "replies");
    let page = RepliesPage { whose: Whose::Own, above: None };
    let Replies { items, next } = look(read, origin, status, page, INLINE)?;
    let mut first = json!({
        "id": address(&collection, page),
        "type": "CollectionPage",
        "partOf": collection,
        "items": items,
    });
    if let Some(next) = next {
        first["next"] = json!(next);
    }
    Ok(json!({
        "id": collection,
        "type": "Collection",
        "totalItems": count_replies(read, status)?,
        "first": first,
    }))
}

/// How many replies everybody may see; beyond `limits::REPLIES_COUNTED` as they were counted when they came.
fn count_replies(read: &dyn Read, status: &Status) -> Result<u64> {
    let most = limits::REPLIES_COUNTED;
    let rows = status::REPLIES.list(read, &status.id, Bounds::NONE, Direction::Ascending, most)?;
    if rows.len() == most {
        return Ok(status::stats(read, status.id)?.replies);
    }
    let (sight, mut seen) = (Sight::new(read, None), 0);
    for ((_, reply), ()) in rows {
        let Some(reply) = status::find(read, reply)? else { continue };
        seen += u64::from(sight.can_see(&reply)?);
    }
    Ok(seen)
}

/// Replies of a page.
fn look(read: &dyn Read, origin: &Origin, status: &Status, page: RepliesPage, measure: Measure) -> Result<Replies> {
    let collection = collection_id(origin, status, "replies");
    let mut ids: Vec<StatusId> = Vec::new();
    let bounds = Bounds { above: page.above, below: None };
    status::REPLIES.scan(read, &status.id, bounds, Direction::Ascending, |(_, id), ()| {
        ids.push(id);
        Ok(if ids.len() < measure.among { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    let (sight, mut items) = (Sight::new(read, None), Vec::new());
    let mut more = (ids.len() == measure.among).then(|| ids.last().copied()).flatten();
    let mut last = None;
    for id in ids {
        let Some(reply) = status::find(read, id)? else { continue };
        if (reply.account == status.account) != (page.whose == Whose::Own) || !sight.can_see(&reply)? {
            continue;
        }
        if items.len() == measure.items {
            more = last;
            break;
        }
        items.push(origin.url(&reply.uri));
        last = Some(id);
    }
    let next = match (more, page.whose) {
        (Some(StatusId(last)), whose) => Some(RepliesPage { whose, above: Some(last) }),
        (None, Whose::Own) => Some(RepliesPage { whose: Whose::Others, above: None }),
        (None, Whose::Others) => None,
    };
    Ok(Replies { items, next: next.map(|next| address(&collection, next)) })
}

fn address(collection: &str, page: RepliesPage) -> String {
    let above = page.above.map(|above| format!("min_id={above}&")).unwrap_or_default();
    match page.whose {
        Whose::Own => format!("{collection}?{above}page=true"),
        Whose::Others => format!("{collection}?{above}only_other_accounts=true&page=true"),
    }
}

/// What others did with a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// They like it.
    Likes,
    /// They share it.
    Shares,
}

/// How many like or share a local status. Who does is not told, as in Mastodon.
///
/// # Errors
/// `NotFound`, `Gone`, storage errors.
pub fn marks(read: &dyn Read, origin: &Origin, name: &str, id: StatusId, which: Marks) -> Result<Value> {
    let (_, status) = visible_status(read, name, id, None)?;
    Ok(with_context(marks_inline(read, origin, &status, which)?))
}

/// The same as it stands in the Note.
///
/// # Errors
/// Storage errors.
pub fn marks_inline(read: &dyn Read, origin: &Origin, status: &Status, which: Marks) -> Result<Value> {
    let stats = status::stats(read, status.id)?;
    let (word, total) = match which {
        Marks::Likes => ("likes", stats.favourites),
        Marks::Shares => ("shares", stats.reblogs),
    };
    Ok(json!({ "id": collection_id(origin, status, word), "type": "Collection", "totalItems": total }))
}

/// The context of a thread whose first status is local: all of it that everybody may see and that is known here, the
/// oldest first, of at most `limits::THREAD_BELOW_MAX` looked at. `page` absent: the collection itself.
///
/// # Errors
/// `NotFound` also for a status that answers another: its thread began elsewhere; `Gone`, storage errors.
pub fn context(read: &dyn Read, origin: &Origin, name: &str, id: StatusId, page: Option<Bounds>) -> Result<Value> {
    let (author, status) = visible_status(read, name, id, None)?;
    if status.reply.is_some() || status.reblog_of.is_some() {
        return Err(crate::error::Error::NotFound);
    }
    let collection = collection_id(origin, &status, "context");
    let below = rules::context(read, None, id)?.descendants;
    let mut all: Vec<&Status> = std::iter::once(&status).chain(&below).collect();
    all.sort_by_key(|status| status.id);
    let Some(bounds) = page else {
        return Ok(with_context(json!({
            "id": collection,
            "type": "OrderedCollection",
            "attributedTo": origin.url(&author.uri),
            "totalItems": all.len(),
            "first": format!("{collection}?page=true"),
        })));
    };
    let behind: Vec<&Status> = all.into_iter().filter(|status| Some(status.id.0) > bounds.above).collect();
    let shown = &behind[..behind.len().min(COLLECTION_PAGE)];
    let items: Vec<String> = shown.iter().map(|status| origin.url(&status.uri)).collect();
    let here = bounds.above.map(|above| format!("min_id={above}&")).unwrap_or_default();
    let mut document = json!({
        "id": format!("{collection}?{here}page=true"),
        "type": "OrderedCollectionPage",
        "attributedTo": origin.url(&author.uri),
        "partOf": collection,
        "orderedItems": items,
    });
    if let Some(last) = shown.last().filter(|_| shown.len() < behind.len()) {
        document["next"] = json!(format!("{collection}?min_id={}&page=true", last.id));
    }
    Ok(with_context(document))
}

/// The context that a local status belongs to: that of its thread if it began here and everybody may see how, otherwise
/// what the status it answers says.
///
/// # Errors
/// Storage errors.
pub fn context_id(read: &dyn Read, origin: &Origin, status: &Status) -> Result<Option<String>> {
    let first = rules::first_of_thread(read, status)?;
    if first.local && first.reply.is_none() {
        let open = first.is_public() && !first.local_only;
        return Ok(open.then(|| collection_id(origin, &first, "context")));
    }
    let said = status.conversation.as_deref().filter(|said| said.starts_with("https://"));
    Ok(said.map(str::to_owned))
}

fn collection_id(origin: &Origin, status: &Status, word: &str) -> String {
    format!("{}/{word}", origin.url(&status.uri))
}
