//! Filters: what an account wants warned of or hidden, by words and by statuses.

use crate::{
    account::ACCOUNTS,
    check::describe::{Claim, Counter, Counts, Described, Index, Named, Owner, Pointer, Reference, always},
    error::Result,
    event::Event,
    id::{AccountId, RowId, StatusId, Timestamp},
    key::Key,
    record,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};

/// Where a filter counts. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FilterContext {
    /// The home timeline and lists.
    Home,
    /// Notifications.
    Notifications,
    /// Public and tag timelines.
    Public,
    /// Threads.
    Thread,
    /// Profiles.
    Account,
}

/// What happens to what matches. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FilterAction {
    /// Shown behind the filter's title.
    Warn,
    /// Not shown at all.
    Hide,
    /// Shown with its media blurred.
    Blur,
}

/// A filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// What its owner calls it.
    pub title: String,
    /// Where it counts; at least one place.
    pub contexts: Vec<FilterContext>,
    /// What it does.
    pub action: FilterAction,
    /// When it ends; it stays in the list.
    pub expires_at: Option<Timestamp>,
}
record!(Filter, 1);

/// Words of a filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterKeyword {
    /// As typed.
    pub keyword: String,
    /// Only between word boundaries.
    pub whole_word: bool,
}
record!(FilterKeyword, 1);

/// How the filters of an account stand, so that what was made of them is known to be current.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterState {
    /// Grows with every change.
    pub version: u64,
    /// Filters there are.
    pub filters: u32,
    /// Keywords in all of them.
    pub keywords: u32,
}
record!(FilterState, 1);

/// (account, filter) → filter.
pub const FILTERS: Table<(AccountId, RowId), Filter> = Table::new(178, "filter");
/// (account, filter, keyword) → keyword.
pub const FILTER_KEYWORDS: Table<(AccountId, RowId, RowId), FilterKeyword> = Table::new(179, "filter_keyword");
/// (account, keyword) → its filter.
pub const FILTER_OF_KEYWORD: Table<(AccountId, RowId), RowId> = Table::new(180, "filter_of_keyword");
/// (account, filter, row) → a status filtered by its id.
pub const FILTER_STATUSES: Table<(AccountId, RowId, RowId), StatusId> = Table::new(181, "filter_status");
/// (account, row of a filtered status) → its filter.
pub const FILTER_OF_STATUS: Table<(AccountId, RowId), RowId> = Table::new(182, "filter_of_status");
/// account → how its filters stand.
pub const FILTER_STATES: Table<AccountId, FilterState> = Table::new(183, "filter_state");

/// How the filters of `account` stand; version 0 if it never had one.
///
/// # Errors
/// Storage errors.
pub fn state(read: &dyn Read, account: AccountId) -> Result<FilterState> {
    Ok(FILTER_STATES.get(read, &account)?.unwrap_or_default())
}

/// Notes a change of the filters of `account`.
///
/// # Errors
/// Storage errors.
pub fn touch(tx: &mut Tx<'_>, account: AccountId, change: impl FnOnce(&mut FilterState)) -> Result<()> {
    let mut state = state(tx, account)?;
    state.version += 1;
    change(&mut state);
    FILTER_STATES.put(tx, &account, &state);
    tx.emit(Event::FiltersChanged { account });
    Ok(())
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &FILTER_OF_KEYWORD,
        of: &[&FILTER_KEYWORDS],
        wants: |(account, filter, keyword), _| vec![((*account, *keyword), *filter)],
        owner: |(account, keyword), filter| (*account, *filter, *keyword),
        claim: Claim::Sole,
    },
    &Index {
        table: &FILTER_OF_STATUS,
        of: &[&FILTER_STATUSES],
        wants: |(account, filter, row), _| vec![((*account, *row), *filter)],
        owner: |(account, row), filter| (*account, *filter, *row),
        claim: Claim::Sole,
    },
    &Reference { of: &FILTERS, to: |(account, _), _| vec![Pointer::to(&ACCOUNTS, account)], unless: always },
    &Reference {
        of: &FILTER_KEYWORDS,
        to: |(account, filter, _), _| vec![Pointer::to(&FILTERS, &(*account, *filter))],
        unless: always,
    },
    // The status may be gone: its number is never given out again.
    &Reference {
        of: &FILTER_STATUSES,
        to: |(account, filter, _), _| vec![Pointer::to(&FILTERS, &(*account, *filter))],
        unless: always,
    },
    &Counter {
        name: "filters",
        table: &FILTER_STATES,
        owners: &[Owner::each(&FILTER_STATES), Owner { table: Named::of(&FILTERS), key: account_of }],
        counts: Counts::Below(FILTERS.id),
        get: |state| state.map_or(0, |state| state.filters.into()),
        set: |state, filters| {
            let filters = u32::try_from(filters).unwrap_or(u32::MAX);
            Some(FilterState { filters, ..state.unwrap_or_default() })
        },
    },
    &Counter {
        name: "keywords",
        table: &FILTER_STATES,
        owners: &[Owner::each(&FILTER_STATES), Owner { table: Named::of(&FILTER_KEYWORDS), key: account_of }],
        counts: Counts::Below(FILTER_KEYWORDS.id),
        get: |state| state.map_or(0, |state| state.keywords.into()),
        set: |state, keywords| {
            let keywords = u32::try_from(keywords).unwrap_or(u32::MAX);
            Some(FilterState { keywords, ..state.unwrap_or_default() })
        },
    },
];

fn account_of(mut key: &[u8]) -> Option<AccountId> {
    AccountId::decode(&mut key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let filter = Filter {
            title: "t".to_owned(),
            contexts: vec![FilterContext::Home, FilterContext::Account],
            action: FilterAction::Blur,
            expires_at: None,
        };
        assert_eq!(filter.encode(), [1, 1, b't', 2, 0, 4, 2, 0]);
        assert_eq!(Filter::decode(&filter.encode()).expect("readable"), filter);
        let keyword = FilterKeyword { keyword: "k".to_owned(), whole_word: true };
        assert_eq!(keyword.encode(), [1, 1, b'k', 1]);
        let state = FilterState { version: 300, filters: 1, keywords: 2 };
        assert_eq!(state.encode(), [1, 0xac, 2, 1, 2]);
    }
}
