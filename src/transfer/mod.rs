//! Lives here: tables that people take along and bring: whom they follow, block and mute, domains, bookmarks, lists, in the
//! form in which Mastodon writes and reads them; followed tags, filters and favourites, for which it has none.
//! May use: status, relationship, list, filter, tag, account, the lowest rooms, `storage`, csv, flate2. Must never name: HTTP,
//! edges, the network.
//! Must never name: files; a table comes and goes as bytes.
//! Invariants: a row is taken by the very rule that a person would call; a row that is refused holds up none; how far an
//! import has come is in the commit of each row, so a restart repeats none that changed something.

mod export;
mod filters;
pub mod held;
mod import;
mod rest;
pub mod source;
mod table;
pub mod takeout;
pub mod tar;

pub use export::{Place, favourites, page};
pub use filters::{Brought, bring, in_the_way, others, read_filters, written};
pub use import::{Step, Target, begin, list, next, refuse, refused, require, take};
pub use rest::{Named, named, rest_step};
pub use table::read;

use crate::{account::Handle, origin::Origin};
use storage::{Bounds, account::Account, import::ImportKind};

/// Every kind with its word in addresses, forms and file names.
const KINDS: [(ImportKind, &str); 7] = [
    (ImportKind::Following, "following"),
    (ImportKind::Blocks, "blocks"),
    (ImportKind::Mutes, "mutes"),
    (ImportKind::Domains, "domain_blocks"),
    (ImportKind::Bookmarks, "bookmarks"),
    (ImportKind::Lists, "lists"),
    (ImportKind::Tags, "followed_tags"),
];

/// The kind a word means.
#[must_use]
pub fn kind_named(word: &str) -> Option<ImportKind> {
    KINDS.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
}

/// The word of a kind.
#[must_use]
pub fn kind_name(kind: ImportKind) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).map_or("following", |(_, word)| word)
}

/// Only rows behind this one; 0 is none.
fn behind(row: u64) -> Bounds {
    Bounds { above: Some(row).filter(|row| *row > 0), below: None }
}

/// `name@domain`, also of people here: a table is read elsewhere.
fn whole_handle(origin: &Origin, account: &Account) -> String {
    let domain = account.domain.as_deref().unwrap_or(origin.handle_domain());
    format!("{}@{domain}", account.username)
}

/// The form in which handles of tables are compared; `None` for what is no handle.
fn comparable(origin: &Origin, text: &str) -> Option<String> {
    let handle = Handle::parse(text, |domain| origin.is_own_domain(domain))?;
    let domain = handle.domain.as_deref().unwrap_or(origin.handle_domain());
    Some(format!("{}@{domain}", handle.username).to_lowercase())
}

#[cfg(test)]
mod tests;
