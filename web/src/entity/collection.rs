//! Collections of accounts (client API, Collection).

use super::{SharedAccount, StatusTag};
use serde::Serialize;
use std::sync::Arc;

/// Accounts recommended together (client API, Collection).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Collection")]
pub struct Collection {
    pub id: String,
    pub uri: String,
    pub url: Option<String>,
    pub account_id: String,
    pub name: String,
    pub description: String,
    pub language: Option<String>,
    pub local: bool,
    pub sensitive: bool,
    pub discoverable: bool,
    pub item_count: u64,
    pub created_at: String,
    pub updated_at: String,
    pub tag: Option<StatusTag>,
    pub items: Vec<CollectionItem>,
}

/// An account in a collection (client API, CollectionItem).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, CollectionItem")]
pub struct CollectionItem {
    pub id: String,
    pub account_id: String,
    pub state: &'static str,
    pub created_at: String,
}

/// A collection with its owner and its accounts (client API, CollectionWithAccounts).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, CollectionWithAccounts")]
pub struct CollectionWithAccounts {
    pub collection: Collection,
    /// The owner first.
    pub accounts: Vec<Arc<SharedAccount>>,
}

/// A collection under its name (client API, WrappedCollection).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, WrappedCollection")]
pub struct WrappedCollection {
    pub collection: Collection,
}

/// An item under its name (client API, WrappedCollectionItem).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, WrappedCollectionItem")]
pub struct WrappedCollectionItem {
    pub collection_item: CollectionItem,
}

/// Collections under their name (client API, accounts#collections).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, accounts#collections")]
pub struct Collections {
    pub collections: Vec<Collection>,
}
