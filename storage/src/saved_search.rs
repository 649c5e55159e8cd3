//! Searches that somebody keeps under a name.

use crate::{
    account::ACCOUNTS,
    check::describe::{Described, Pointer, Reference, always},
    id::{AccountId, RowId, Timestamp},
    record,
    table::Table,
};
use serde::{Deserialize, Serialize};

/// Such a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSearch {
    /// What it is called.
    pub name: String,
    /// What is looked for, as typed.
    pub text: String,
    /// The word of an address for the kind of results; empty: all.
    pub kind: String,
    /// When it was kept.
    pub kept_at: Timestamp,
}
record!(SavedSearch, 1);

/// (whose, search) → a search they keep.
pub const SAVED_SEARCHES: Table<(AccountId, RowId), SavedSearch> = Table::new(493, "saved_search");

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &SAVED_SEARCHES, to: |(account, _), _| vec![Pointer::to(&ACCOUNTS, account)], unless: always }];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let kept = SavedSearch {
            name: "n".to_owned(),
            text: "t t".to_owned(),
            kind: "links".to_owned(),
            kept_at: Timestamp(2),
        };
        let expected = [1, 1, b'n', 3, b't', b' ', b't', 5, b'l', b'i', b'n', b'k', b's', 4];
        assert_eq!(kept.encode(), expected);
        assert_eq!(SavedSearch::decode(&kept.encode()).expect("readable"), kept);
    }
}
