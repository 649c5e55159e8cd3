//! Collections and their pages.

use super::{Thing, Unusable, read};
use crate::limits;
use serde_json::Value;

/// A collection, ordered or not, or one page of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Collection {
    /// The id.
    pub id: Option<String>,
    /// Whether this is a page.
    pub is_page: bool,
    /// How many it says there are.
    pub total_items: Option<u64>,
    /// `orderedItems` or `items`, at most `limits::PAGE_ITEMS_MAX`.
    pub items: Vec<Thing>,
    /// The first page, named or inline.
    pub first: Option<Thing>,
    /// The next page.
    pub next: Option<String>,
    /// The collection a page belongs to.
    pub part_of: Option<String>,
}

impl Collection {
    /// Reads a collection or page. Pages of other servers are for the caller to refuse.
    ///
    /// # Errors
    /// `Unusable` without a type of collection.
    pub fn read(document: &Value) -> Result<Self, Unusable> {
        let types = read::types(document);
        let is_page = types.iter().any(|name| matches!(*name, "CollectionPage" | "OrderedCollectionPage"));
        if !is_page && !types.iter().any(|name| matches!(*name, "Collection" | "OrderedCollection")) {
            return Err(Unusable("no type of collection"));
        }
        let items = document.get("orderedItems").filter(|it| !it.is_null()).or_else(|| document.get("items"));
        Ok(Collection {
            id: document.get("id").and_then(|id| read::id(Some(id))).map(str::to_owned),
            is_page,
            total_items: read::count(document.get("totalItems")),
            items: Thing::list(items, limits::PAGE_ITEMS_MAX),
            first: Thing::list(document.get("first"), 1).pop(),
            next: read::id(document.get("next")).map(str::to_owned),
            part_of: read::id(document.get("partOf")).map(str::to_owned),
        })
    }
}
