//! Collections as the client API shows them (client API, Collection).

use super::Context;
use crate::{
    account, clock,
    collection::{self as rules},
    error::Result,
    status::tag_page,
};
use storage::{
    RowId,
    collection::{Collection as Record, Item, ItemState},
};
use web::entity::{Collection, CollectionItem, CollectionWithAccounts, StatusTag};

impl Context<'_> {
    /// A collection with those of its accounts that the viewer may see.
    ///
    /// # Errors
    /// Storage errors.
    pub fn collection(&self, id: RowId, record: &Record) -> Result<Collection> {
        self.drawn_collection(id, record, &rules::shown(self.read, self.viewer, record)?)
    }

    fn drawn_collection(&self, id: RowId, record: &Record, items: &[&Item]) -> Result<Collection> {
        let owner = account::require(self.read, record.owner)?;
        Ok(Collection {
            id: id.to_string(),
            uri: self.origin.url(&format!("{}/collections/{id}", owner.uri)),
            url: None,
            account_id: record.owner.to_string(),
            name: record.name.clone(),
            description: record.description.clone(),
            language: record.language.clone(),
            local: true,
            sensitive: record.sensitive,
            discoverable: record.discoverable,
            item_count: record.members().count() as u64,
            created_at: clock::iso(record.created_at),
            updated_at: clock::iso(record.updated_at),
            tag: record.tag.as_ref().map(|name| StatusTag { name: name.clone(), url: tag_page(self.origin, name) }),
            items: items.iter().map(|item| collection_item(item)).collect(),
        })
    }

    /// A collection with its owner and those of its accounts that the viewer may see.
    ///
    /// # Errors
    /// Storage errors.
    pub fn collection_with_accounts(&self, id: RowId, record: &Record) -> Result<CollectionWithAccounts> {
        let mut accounts = vec![self.account(record.owner)?];
        let items = rules::shown(self.read, self.viewer, record)?;
        for item in &items {
            accounts.push(self.account(item.account)?);
        }
        Ok(CollectionWithAccounts { collection: self.drawn_collection(id, record, &items)?, accounts })
    }
}

/// An account in a collection.
#[must_use]
pub fn collection_item(item: &Item) -> CollectionItem {
    CollectionItem {
        id: item.id.to_string(),
        account_id: item.account.to_string(),
        state: match item.state {
            ItemState::Accepted => "accepted",
            ItemState::Revoked => "revoked",
        },
        created_at: clock::iso(item.created_at),
    }
}
