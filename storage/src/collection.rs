//! Collections: accounts that somebody here recommends to others together, each of them with its consent.

use crate::{
    account::{ACCOUNTS, LOCAL_ACCOUNTS},
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    id::{AccountId, RowId, StatusId, Timestamp},
    limits,
    notification::{self, NotificationKind},
    record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// How an account stands to a collection it was put into. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ItemState {
    /// It is in it.
    Accepted,
    /// It took itself out, and is not put in again.
    Revoked,
}

/// An account in a collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its number.
    pub id: RowId,
    /// Who.
    pub account: AccountId,
    /// How it stands to the collection.
    pub state: ItemState,
    /// When it was put in.
    pub created_at: Timestamp,
}

/// A collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collection {
    /// Who made it.
    pub owner: AccountId,
    /// Plain text.
    pub name: String,
    /// Plain text; may be empty.
    pub description: String,
    /// BCP 47.
    pub language: Option<String>,
    /// Its accounts post what not everybody wants to see unasked.
    pub sensitive: bool,
    /// Others find it on its owner's profile.
    pub discoverable: bool,
    /// Its subject, a hashtag as written, without `#`.
    pub tag: Option<String>,
    /// Who was put in, in that order.
    pub items: Vec<Item>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}
record!(Collection, 1);

impl Collection {
    /// Who is in it, in the order in which they were put in.
    pub fn members(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.state == ItemState::Accepted)
    }
}

/// All collections.
pub const COLLECTIONS: Table<RowId, Collection> = Table::new(371, "collection");
/// (owner, collection) → nothing.
pub const COLLECTIONS_OF_OWNER: Table<(AccountId, RowId), ()> = Table::new(372, "collection_of_owner");
/// (account, collection) → nothing: which collections an account is in.
pub const COLLECTIONS_OF_MEMBER: Table<(AccountId, RowId), ()> = Table::new(373, "collection_of_member");

/// The collection with this number.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, id: RowId) -> Result<Option<Collection>> {
    COLLECTIONS.get(read, &id)
}

/// Stores a collection with its indexes.
///
/// # Errors
/// Storage errors.
pub fn put(tx: &mut Tx<'_>, id: RowId, collection: &Collection) -> Result<()> {
    if let Some(before) = find(tx, id)? {
        for item in before.members() {
            COLLECTIONS_OF_MEMBER.delete(tx, &(item.account, id));
        }
    }
    for item in collection.members() {
        COLLECTIONS_OF_MEMBER.put(tx, &(item.account, id), &());
    }
    COLLECTIONS.put(tx, &id, collection);
    COLLECTIONS_OF_OWNER.put(tx, &(collection.owner, id), &());
    Ok(())
}

/// Removes a collection; answers what it was.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, id: RowId) -> Result<Option<Collection>> {
    let Some(gone) = find(tx, id)? else { return Ok(None) };
    for item in gone.members() {
        COLLECTIONS_OF_MEMBER.delete(tx, &(item.account, id));
    }
    COLLECTIONS_OF_OWNER.delete(tx, &(gone.owner, id));
    COLLECTIONS.delete(tx, &id);
    Ok(Some(gone))
}

/// Takes two accounts out of each other's collections, as far as `limits::COLLECTIONS_PARTED` go: a block stands between
/// them now.
///
/// # Errors
/// Storage errors.
pub fn part(tx: &mut Tx<'_>, one: AccountId, other: AccountId) -> Result<()> {
    for (owner, member) in [(one, other), (other, one)] {
        for id in of_owner(tx, owner, limits::COLLECTIONS_PARTED)? {
            let Some(mut collection) = find(tx, id)?.filter(|held| held.members().any(|item| item.account == member))
            else {
                continue;
            };
            // Whoever took itself out stays out, also behind the block.
            collection.items.retain(|item| item.account != member || item.state == ItemState::Revoked);
            put(tx, id, &collection)?;
            unsay(tx, id, owner, member)?;
        }
    }
    Ok(())
}

/// Takes back all that `who` was told of a collection.
///
/// # Errors
/// Storage errors.
pub fn unsay(tx: &mut Tx<'_>, id: RowId, owner: AccountId, who: AccountId) -> Result<()> {
    for kind in [NotificationKind::AddedToCollection, NotificationKind::CollectionUpdate] {
        notification::withdraw(tx, who, kind, owner, Some(StatusId(id.0)))?;
    }
    Ok(())
}

/// The collections of `owner`, newest first, at most `limit`.
///
/// # Errors
/// Storage errors.
pub fn of_owner(read: &dyn Read, owner: AccountId, limit: usize) -> Result<Vec<RowId>> {
    listed(read, &COLLECTIONS_OF_OWNER, owner, limit)
}

/// The collections that `member` is in, newest first, at most `limit`.
///
/// # Errors
/// Storage errors.
pub fn of_member(read: &dyn Read, member: AccountId, limit: usize) -> Result<Vec<RowId>> {
    listed(read, &COLLECTIONS_OF_MEMBER, member, limit)
}

fn listed(
    read: &dyn Read,
    table: &Table<(AccountId, RowId), ()>,
    account: AccountId,
    limit: usize,
) -> Result<Vec<RowId>> {
    let rows = table.list(read, &account, Bounds::NONE, Direction::Descending, limit)?;
    Ok(rows.into_iter().map(|((_, id), ())| id).collect())
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &COLLECTIONS_OF_OWNER,
        of: &[&COLLECTIONS],
        wants: |id, collection| vec![((collection.owner, *id), ())],
        owner: |(_, id), ()| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &COLLECTIONS_OF_MEMBER,
        of: &[&COLLECTIONS],
        wants: |id, collection| collection.members().map(|item| ((item.account, *id), ())).collect(),
        owner: |(_, id), ()| *id,
        claim: Claim::Sole,
    },
    &Reference {
        of: &COLLECTIONS,
        to: |_, collection| vec![Pointer::to(&LOCAL_ACCOUNTS, &collection.owner)],
        unless: always,
    },
    &Reference { of: &COLLECTIONS_OF_MEMBER, to: |(who, _), ()| vec![Pointer::to(&ACCOUNTS, who)], unless: always },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let collection = Collection {
            owner: AccountId(7),
            name: "n".to_owned(),
            description: "d".to_owned(),
            language: Some("en".to_owned()),
            sensitive: true,
            discoverable: false,
            tag: Some("t".to_owned()),
            items: vec![Item {
                id: RowId(3),
                account: AccountId(4),
                state: ItemState::Revoked,
                created_at: Timestamp(1),
            }],
            created_at: Timestamp(2),
            updated_at: Timestamp(3),
        };
        let bytes = [1, 7, 1, b'n', 1, b'd', 1, 2, b'e', b'n', 1, 0, 1, 1, b't', 1, 3, 4, 1, 2, 4, 6];
        assert_eq!(collection.encode(), bytes);
        assert_eq!(Collection::decode(&bytes).expect("readable"), collection);
    }
}
