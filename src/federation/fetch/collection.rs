//! Collections of other servers, page by page, within bounds: only pages of the server they belong to, none twice.

use super::{Budget, foreign, get, schemes};
use crate::{
    error::{Error, Result},
    federation::{
        address::{Authority, RemoteUri},
        object::{Collection, Thing, read},
        trust::{self, Trust},
    },
    limits,
    server::Server,
};
use serde_json::Value;
use std::collections::HashSet;

/// How much of a collection is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    /// Pages, those that are written out in another document counted.
    pub(super) pages: usize,
    /// Items.
    pub(super) items: usize,
}

/// Where a collection begins: its address, or what another document writes of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Start {
    /// To be fetched.
    At(String),
    /// The ids on a first page, how many there are said to be, and where the next page is.
    Here {
        /// Ids.
        ids: Vec<String>,
        /// As stated.
        total: Option<u64>,
        /// The next page.
        next: Option<String>,
    },
}

impl Start {
    /// The collection that a document names or writes out, cut to `limits::INLINE_ITEMS_MAX` ids, so that many can wait.
    pub(super) fn of(value: Option<&Value>) -> Option<Self> {
        let value = value.filter(|value| !value.is_null())?;
        let address = read::id(Some(value)).map(str::to_owned);
        let Ok(whole) = Collection::read(value) else { return address.map(Start::At) };
        let page = match &whole.first {
            _ if !whole.items.is_empty() => Some(whole.clone()),
            Some(Thing::Inline(first)) => Collection::read(first).ok(),
            _ => None,
        };
        let Some(page) = page else {
            return whole.first.as_ref().and_then(Thing::id).map(str::to_owned).or(address).map(Start::At);
        };
        let ids = page.items.iter().filter_map(Thing::id).take(limits::INLINE_ITEMS_MAX).map(str::to_owned).collect();
        Some(Start::Here { ids, total: whole.total_items, next: page.next })
    }
}

/// What was read of a collection.
#[derive(Debug, Default)]
pub(super) struct Listed {
    /// How many items it says it has.
    pub(super) total: Option<u64>,
    /// Its items, in its order.
    pub(super) items: Vec<Thing>,
    /// Whether there may be more than was read of it.
    pub(super) cut: bool,
}

/// Reads a collection that belongs to the server of `home`. A page that cannot be read, that lies on another server or
/// was read already ends it.
///
/// # Errors
/// As `document`, if it cannot be read at all; `Remote` if it lies on another server.
pub(super) async fn list(
    server: &Server,
    start: Start,
    home: &RemoteUri,
    extent: Extent,
    budget: &Budget,
) -> Result<Listed> {
    let mut listed = Listed::default();
    let mut pages = 0;
    let mut read: HashSet<String> = HashSet::new();
    let mut next = match start {
        Start::At(address) => {
            read.insert(address.clone());
            let whole = page(server, &address, home, budget).await?;
            listed.total = whole.total_items;
            match (whole.is_page || !whole.items.is_empty(), whole.first) {
                (true, _) => {
                    listed.items = whole.items;
                    pages += 1;
                    whole.next
                }
                (false, Some(Thing::Inline(first))) => match Collection::read(&first) {
                    Ok(first) => {
                        listed.items = first.items;
                        pages += 1;
                        first.next
                    }
                    Err(_) => {
                        listed.cut = true;
                        None
                    }
                },
                (false, Some(Thing::Uri(first))) => Some(first),
                (false, None) => None,
            }
        }
        Start::Here { ids, total, next } => {
            listed.total = total;
            listed.items = ids.into_iter().map(Thing::Uri).collect();
            pages += 1;
            next
        }
    };
    while let Some(address) = next.take() {
        if pages >= extent.pages || listed.items.len() >= extent.items || !read.insert(address.clone()) {
            listed.cut = true;
            break;
        }
        pages += 1;
        match page(server, &address, home, budget).await {
            Ok(page) => {
                listed.items.extend(kept(page.items, pages));
                next = page.next;
            }
            Err(error @ (Error::Storage(_) | Error::Bug(_))) => return Err(error),
            Err(error) => {
                listed.cut = true;
                tracing::debug!(%address, %error, "a page of a collection cannot be read");
            }
        }
    }
    listed.cut |= listed.items.len() > extent.items;
    listed.items.truncate(extent.items);
    Ok(listed)
}

/// The items of the page with this number, from 1: of late ones only the ids, so that a long collection stays small.
fn kept(items: Vec<Thing>, number: usize) -> Vec<Thing> {
    if number <= limits::WRITTEN_PAGES_MAX {
        return items;
    }
    items.iter().filter_map(Thing::id).map(|id| Thing::Uri(id.to_owned())).collect()
}

async fn page(server: &Server, address: &str, home: &RemoteUri, budget: &Budget) -> Result<Collection> {
    let host = home.authority().as_str();
    let wanted = foreign(server, address)?;
    if !wanted.same_origin(home) {
        return Err(Error::remote(host, format!("has a page on {}", wanted.authority())));
    }
    let (url, document) = get(server, &wanted, budget).await?;
    if Authority::of(&url).as_ref() != Some(home.authority()) {
        return Err(Error::remote(host, "a page leads to another server"));
    }
    Collection::read(&document).map_err(|why| Error::remote(host, format!("collection: {why}")))
}

/// What a page on the server of `home` writes out of a thing of that same server: that server's word of its own. Of
/// anything else only the id is worth something.
pub(super) fn believed(server: &Server, item: &Thing, home: &RemoteUri) -> Option<(RemoteUri, Value)> {
    let thing = item.inline()?;
    let owner = read::id(thing.get("attributedTo")).or_else(|| read::id(thing.get("actor")))?;
    let owner = RemoteUri::parse(owner, schemes(server)).ok().filter(|owner| owner.same_origin(home))?;
    match trust::embedded(thing, &owner, schemes(server)) {
        Ok(Trust::Authoritative(id)) => Some((id, thing.clone())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_collection_begins_at_an_address_or_where_it_is_written_out() {
        let of = |value: Value| Start::of(Some(&value));
        assert_eq!(of(json!("https://a.test/r")), Some(Start::At("https://a.test/r".to_owned())));
        assert_eq!(of(Value::Null), None);
        let bare = json!({"id": "https://a.test/r", "type": "Collection"});
        assert_eq!(of(bare), Some(Start::At("https://a.test/r".to_owned())));
        let named = json!({"id": "https://a.test/r", "type": "Collection", "first": "https://a.test/r?page=1"});
        assert_eq!(of(named), Some(Start::At("https://a.test/r?page=1".to_owned())));
        let first = json!({"type": "CollectionPage", "next": "https://a.test/r?page=2",
            "items": ["https://a.test/1", {"id": "https://a.test/2", "type": "Note"}]});
        let whole = json!({"id": "https://a.test/r", "type": "Collection", "totalItems": 9, "first": first});
        let ids = vec!["https://a.test/1".to_owned(), "https://a.test/2".to_owned()];
        let next = Some("https://a.test/r?page=2".to_owned());
        assert_eq!(of(whole), Some(Start::Here { ids, total: Some(9), next }));
        let many: Vec<String> = (0..10_000).map(|at| format!("https://a.test/{at}")).collect();
        let long = json!({"type": "OrderedCollection", "orderedItems": many});
        let Some(Start::Here { ids, .. }) = of(long) else { panic!("it is written out") };
        assert_eq!(ids.len(), limits::INLINE_ITEMS_MAX);
    }
}
