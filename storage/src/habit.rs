//! Habits: how somebody reads, who may quote what they write unless they say otherwise, and what other servers hear of
//! their blocks and reactions.

use crate::{
    account::ACCOUNTS,
    check::describe::{Described, Pointer, Reference, always},
    error::Result,
    id::AccountId,
    record,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};

/// Which pictures are shown at once. Grows only at the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ExpandMedia {
    /// Those that nobody marked as sensitive.
    #[default]
    Unmarked,
    /// All.
    All,
    /// None.
    None,
}

/// Who may quote. Grows only at the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Quoters {
    /// Everybody.
    #[default]
    Everybody,
    /// Followers.
    Followers,
    /// Only the author.
    Nobody,
}

/// What somebody has chosen (client API, preferences and `source[quote_policy]`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Habits {
    /// Which pictures are shown at once.
    pub expand_media: ExpandMedia,
    /// What stands behind a warning is shown at once.
    pub expand_spoilers: bool,
    /// Who may quote a new status if nothing is said.
    pub quoters: Quoters,
    /// The server of somebody elsewhere whom they block hears of it.
    pub tells_blocks: bool,
    /// Reactions to statuses elsewhere are sent in the way that servers without reactions take for a favourite.
    pub likes_with_emoji: bool,
}
record!(Habits, 2, { 1 => HabitsV1 });

/// Before it could be chosen what other servers hear.
#[derive(Deserialize)]
struct HabitsV1 {
    expand_media: ExpandMedia,
    expand_spoilers: bool,
    quoters: Quoters,
}

impl From<HabitsV1> for Habits {
    fn from(old: HabitsV1) -> Self {
        Habits {
            expand_media: old.expand_media,
            expand_spoilers: old.expand_spoilers,
            quoters: old.quoters,
            tells_blocks: false,
            likes_with_emoji: false,
        }
    }
}

/// account → what its user has chosen; none: the defaults.
pub const HABITS: Table<AccountId, Habits> = Table::new(513, "habit");

/// The habits of `account`.
///
/// # Errors
/// Storage errors.
pub fn of(read: &dyn Read, account: AccountId) -> Result<Habits> {
    HABITS.get_or_default(read, &account)
}

/// Stores the habits of `account`.
pub fn put(tx: &mut Tx<'_>, account: AccountId, habits: Habits) {
    HABITS.put_unless_default(tx, &account, &habits);
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &HABITS, to: |account, _| vec![Pointer::to(&ACCOUNTS, account)], unless: always }];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let former = Habits {
            expand_media: ExpandMedia::None,
            expand_spoilers: true,
            quoters: Quoters::Followers,
            ..Habits::default()
        };
        assert_eq!(Habits::decode(&[1, 2, 1, 1]).expect("version 1"), former);
        let habits = Habits { tells_blocks: true, likes_with_emoji: true, ..former };
        assert_eq!(habits.encode(), [2, 2, 1, 1, 1, 1]);
        assert_eq!(Habits::decode(&habits.encode()).expect("readable"), habits);
        assert_eq!(Habits::default().encode(), [2, 0, 0, 0, 0, 0]);
    }
}
