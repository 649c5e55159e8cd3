//! Archives: everything an account wrote and put here, in one file that its owner takes along; the row says how far it is.

use crate::{
    account::ACCOUNTS,
    check::describe::{Described, Pointer, Reference, always},
    error::Result,
    id::{AccountId, Timestamp},
    job::{self, JobKind},
    record,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};

/// How far an archive is. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TakeoutState {
    /// It is being written.
    Writing,
    /// It is there to be taken.
    Ready,
    /// Nothing came of it.
    Failed,
    /// It would have been larger than an archive may be.
    TooLarge,
}

/// An archive of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Takeout {
    /// When it was asked for; with the account it names the file.
    pub asked_at: Timestamp,
    /// How far it is.
    pub state: TakeoutState,
    /// Statuses looked at so far.
    pub done: u64,
    /// Statuses there are, twice: once for their texts, once for their pictures.
    pub of: u64,
    /// Bytes of the file.
    pub bytes: u64,
}
record!(Takeout, 1);

impl Takeout {
    /// The name of its file.
    #[must_use]
    pub fn file(&self, account: AccountId) -> String {
        format!("{account}-{}.tar.gz", self.asked_at.0)
    }
}

/// account → its last archive.
pub const TAKEOUTS: Table<AccountId, Takeout> = Table::new(497, "takeout");

/// The last archive of `account`.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, account: AccountId) -> Result<Option<Takeout>> {
    TAKEOUTS.get(read, &account)
}

/// Begins an archive of `account` with `of` statuses to look at, in the place of its last one, and owes the work.
pub fn begin(tx: &mut Tx<'_>, account: AccountId, of: u64) {
    let asked_at = tx.now();
    TAKEOUTS.put(tx, &account, &Takeout { asked_at, state: TakeoutState::Writing, done: 0, of, bytes: 0 });
    job::enqueue(tx, JobKind::TakeOut { account, asked_at });
}

/// Says how far the archive that was asked for at this time is; nothing happens if it is another one by now.
///
/// # Errors
/// Storage errors.
pub fn note(tx: &mut Tx<'_>, account: AccountId, asked_at: Timestamp, change: impl FnOnce(&mut Takeout)) -> Result<()> {
    if let Some(mut known) = find(tx, account)?.filter(|known| known.asked_at == asked_at) {
        change(&mut known);
        TAKEOUTS.put(tx, &account, &known);
    }
    Ok(())
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &TAKEOUTS, to: |account, _| vec![Pointer::to(&ACCOUNTS, account)], unless: always }];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let known = Takeout { asked_at: Timestamp(5), state: TakeoutState::TooLarge, done: 1, of: 300, bytes: 70_000 };
        assert_eq!(known.encode(), [1, 10, 3, 1, 172, 2, 240, 162, 4]);
        assert_eq!(Takeout::decode(&known.encode()).expect("readable"), known);
    }
}
