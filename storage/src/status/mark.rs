//! What people mark statuses with: favourites, bookmarks and pins, each with the list of whoever has it.

use super::{STATUSES, is_purged};
use crate::{
    account::ACCOUNTS,
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    id::{AccountId, RowId, StatusId, Timestamp},
    key::Digest,
    record,
    table::Table,
};
use serde::{Deserialize, Serialize};

/// A favourite or bookmark: when, and under which row it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The row in the account's own list.
    pub row: RowId,
    /// When.
    pub created_at: Timestamp,
    /// The Like's id: a path for local accounts; empty if the peer gave none or for bookmarks and pins.
    pub uri: String,
}
record!(Mark, 1);

/// Who liked what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FavouriteRef {
    /// Who.
    pub account: AccountId,
    /// What.
    pub status: StatusId,
}
record!(FavouriteRef, 1);

/// (account, status) → favourite.
pub const FAVOURITES: Table<(AccountId, StatusId), Mark> = Table::new(52, "favourite");
/// (status, row) → who favourited.
pub const FAVOURITED_BY: Table<(StatusId, RowId), AccountId> = Table::new(53, "favourited_by");
/// (account, row) → status favourited, for the list.
pub const FAVOURITE_ROWS: Table<(AccountId, RowId), StatusId> = Table::new(54, "favourite_row");
/// (account, status) → bookmark.
pub const BOOKMARKS: Table<(AccountId, StatusId), Mark> = Table::new(55, "bookmark");
/// (account, row) → status bookmarked.
pub const BOOKMARK_ROWS: Table<(AccountId, RowId), StatusId> = Table::new(56, "bookmark_row");
/// (account, status) → pin.
pub const PINS: Table<(AccountId, StatusId), Mark> = Table::new(57, "pin");
/// (account, row) → status pinned.
pub const PIN_ROWS: Table<(AccountId, RowId), StatusId> = Table::new(58, "pin_row");
/// Digest of a Like's uri → who liked what, so that an Undo by id alone finds it.
pub const FAVOURITE_BY_URI: Table<Digest, FavouriteRef> = Table::new(61, "favourite_by_uri");

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &FAVOURITED_BY,
        of: &[&FAVOURITES],
        wants: |(account, status), mark| vec![((*status, mark.row), *account)],
        owner: |(status, _), account| (*account, *status),
        claim: Claim::Sole,
    },
    &Index { table: &FAVOURITE_ROWS, of: &[&FAVOURITES], wants: rows_of_mark, owner: mark_of_row, claim: Claim::Sole },
    &Index {
        table: &FAVOURITE_BY_URI,
        of: &[&FAVOURITES],
        wants: |(account, status), mark| {
            let named = (!mark.uri.is_empty()).then(|| Digest::of(&mark.uri));
            named.into_iter().map(|digest| (digest, FavouriteRef { account: *account, status: *status })).collect()
        },
        owner: |_, favourite| (favourite.account, favourite.status),
        claim: Claim::Sole,
    },
    &Index { table: &BOOKMARK_ROWS, of: &[&BOOKMARKS], wants: rows_of_mark, owner: mark_of_row, claim: Claim::Sole },
    &Index { table: &PIN_ROWS, of: &[&PINS], wants: rows_of_mark, owner: mark_of_row, claim: Claim::Sole },
    &Reference {
        of: &FAVOURITES,
        to: |(account, status), _| vec![Pointer::to(&ACCOUNTS, account), Pointer::to(&STATUSES, status)],
        unless: is_purged,
    },
    // A bookmark of a deleted status stays until its owner's list is purged: it has no list by status.
    &Reference { of: &BOOKMARKS, to: |(account, _), _| vec![Pointer::to(&ACCOUNTS, account)], unless: always },
    &Reference { of: &PINS, to: |(_, status), _| vec![Pointer::to(&STATUSES, status)], unless: always },
];

fn rows_of_mark((account, status): &(AccountId, StatusId), mark: &Mark) -> Vec<((AccountId, RowId), StatusId)> {
    vec![((*account, mark.row), *status)]
}

fn mark_of_row((account, _): &(AccountId, RowId), status: &StatusId) -> (AccountId, StatusId) {
    (*account, *status)
}
