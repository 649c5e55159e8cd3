//! Searches that somebody keeps under a name.

use crate::{
    account::update::{bounded, one_line},
    error::{Error, Result},
    limits,
};
use storage::{
    AccountId, Bounds, Direction, Read, RowId, Tx,
    saved_search::{SAVED_SEARCHES, SavedSearch},
};

/// Keeps a search of `owner`; without a name it is called what it looks for. One that is kept already is renamed.
///
/// # Errors
/// `Invalid` for an empty or overlong text, an overlong name, and above `limits::SAVED_SEARCHES_MAX` searches.
pub fn save(tx: &mut Tx<'_>, owner: AccountId, name: &str, text: &str, kind: &str) -> Result<RowId> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid("q", "there is nothing to look for"));
    }
    if text.len() > limits::SAVED_SEARCH_BYTES_MAX {
        let why = format!("this search has {} bytes; at most {}", text.len(), limits::SAVED_SEARCH_BYTES_MAX);
        return Err(Error::invalid("q", why));
    }
    let mut name = one_line(name);
    if name.is_empty() {
        name = one_line(text).chars().take(limits::SAVED_SEARCH_NAME_CHARS_MAX).collect();
    }
    bounded("name", &name, limits::SAVED_SEARCH_NAME_CHARS_MAX)?;
    let there = saved(tx, owner)?;
    let known = there.iter().find(|(_, known)| known.text == text && known.kind == kind).map(|(id, _)| *id);
    let most = limits::SAVED_SEARCHES_MAX;
    if known.is_none() && there.len() >= most {
        return Err(Error::invalid("name", format!("you keep {} searches; at most {most}", there.len())));
    }
    let id = known.unwrap_or_else(|| tx.next_id());
    let row = SavedSearch { name, text: text.to_owned(), kind: kind.to_owned(), kept_at: tx.now() };
    SAVED_SEARCHES.put(tx, &(owner, id), &row);
    Ok(id)
}

/// The searches that `owner` keeps, the oldest first.
///
/// # Errors
/// Storage errors.
pub fn saved(read: &dyn Read, owner: AccountId) -> Result<Vec<(RowId, SavedSearch)>> {
    let most = limits::SAVED_SEARCHES_MAX;
    let rows = SAVED_SEARCHES.list(read, &owner, Bounds::NONE, Direction::Ascending, most)?;
    Ok(rows.into_iter().map(|((_, id), row)| (id, row)).collect())
}

/// Forgets one of them; none is none.
pub fn forget(tx: &mut Tx<'_>, owner: AccountId, id: RowId) {
    tx.accept_when_full();
    SAVED_SEARCHES.delete(tx, &(owner, id));
}
