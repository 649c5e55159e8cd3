//! Hashtags: what is known of each.

use crate::{
    check::describe::{Described, Pointer, Reference, always},
    error::Result,
    id::TagId,
    record,
    status::TAG_TIMELINE,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

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
    let range = crate::table::KeyRange::prefix(&from);
    read.scan_bytes(TAGS.id, &range, Direction::Ascending, &mut |_, value| {
        tags.push(<Tag as record::Record>::decode(value)?);
        Ok(if tags.len() < limit { std::ops::ControlFlow::Continue(()) } else { std::ops::ControlFlow::Break(()) })
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
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &TAG_TIMELINE, to: |(name, _), _| vec![Pointer::to(&TAGS, name)], unless: always }];
