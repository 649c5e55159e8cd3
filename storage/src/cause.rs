//! Why a status of another server was taken in, in a few bytes beside it: written in the same commit, gone with the row.

use crate::{
    check::describe::{Described, Pointer, Reference, always},
    error::Result,
    id::{AccountId, RowId, StatusId, Timestamp},
    record,
    status::STATUSES,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};

/// Why a status of another server was taken in: the first reason that was found. What it names may be gone by now. Grows
/// only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// Sent by its server: somebody here follows its author.
    Followed,
    /// Sent: it mentions somebody here.
    Mentions {
        /// Whom.
        account: AccountId,
    },
    /// Sent: it answers something written here.
    Answers {
        /// What.
        status: StatusId,
    },
    /// Sent: it quotes something written here.
    Quotes {
        /// What.
        status: StatusId,
    },
    /// A reblog of something written here.
    Shares {
        /// What.
        status: StatusId,
    },
    /// Fetched: an account that somebody here follows shared it.
    SharedBy {
        /// Who.
        account: AccountId,
    },
    /// Fetched: somebody here asked for it by its address.
    Asked,
    /// Fetched: it belongs to the thread of a status that was here.
    ThreadOf {
        /// Which.
        status: StatusId,
    },
    /// Fetched: a status that was here quotes it.
    QuotedBy {
        /// Which.
        status: StatusId,
    },
    /// Fetched: an account shows it first on its profile.
    PinnedBy {
        /// Who.
        account: AccountId,
    },
    /// Fetched: a relay told of it.
    Relay {
        /// Which.
        relay: RowId,
    },
    /// Fetched: it stands on the profile of an account that somebody here looked at.
    ProfileOf {
        /// Whose.
        account: AccountId,
    },
    /// Sent: it answers something by somebody whom somebody here follows.
    Continues {
        /// What.
        status: StatusId,
    },
}

impl Cause {
    /// Whether it was read from its server, which did not send it.
    #[must_use]
    pub fn is_fetched(&self) -> bool {
        match self {
            Cause::Followed
            | Cause::Mentions { .. }
            | Cause::Answers { .. }
            | Cause::Quotes { .. }
            | Cause::Shares { .. }
            | Cause::Continues { .. } => false,
            Cause::SharedBy { .. }
            | Cause::Asked
            | Cause::ThreadOf { .. }
            | Cause::QuotedBy { .. }
            | Cause::PinnedBy { .. }
            | Cause::Relay { .. }
            | Cause::ProfileOf { .. } => true,
        }
    }
}

/// When and why a status came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Came {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub cause: Cause,
}
record!(Came, 1);

/// Status of another server → when and why it came; none for what came before this was written down.
pub const CAME: Table<StatusId, Came> = Table::new(451, "status_came");

/// Notes why `status`, stored in this commit, was taken in.
pub fn note(tx: &mut Tx<'_>, status: StatusId, cause: Cause) {
    let at = tx.now();
    CAME.put(tx, &status, &Came { at, cause });
}

/// When and why `status` came, if that was written down.
///
/// # Errors
/// Storage errors.
pub fn of(read: &dyn Read, status: StatusId) -> Result<Option<Came>> {
    CAME.get(read, &status)
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &CAME, to: |status, _| vec![Pointer::to(&STATUSES, status)], unless: always }];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        for (cause, bytes) in [
            (Cause::Followed, &[1, 2, 0][..]),
            (Cause::Mentions { account: AccountId(5) }, &[1, 2, 1, 5]),
            (Cause::Answers { status: StatusId(5) }, &[1, 2, 2, 5]),
            (Cause::Quotes { status: StatusId(5) }, &[1, 2, 3, 5]),
            (Cause::Shares { status: StatusId(5) }, &[1, 2, 4, 5]),
            (Cause::SharedBy { account: AccountId(5) }, &[1, 2, 5, 5]),
            (Cause::Asked, &[1, 2, 6]),
            (Cause::ThreadOf { status: StatusId(5) }, &[1, 2, 7, 5]),
            (Cause::QuotedBy { status: StatusId(5) }, &[1, 2, 8, 5]),
            (Cause::PinnedBy { account: AccountId(5) }, &[1, 2, 9, 5]),
            (Cause::Relay { relay: RowId(5) }, &[1, 2, 10, 5]),
            (Cause::ProfileOf { account: AccountId(5) }, &[1, 2, 11, 5]),
            (Cause::Continues { status: StatusId(5) }, &[1, 2, 12, 5]),
        ] {
            let came = Came { at: Timestamp(1), cause };
            assert_eq!(came.encode(), bytes);
            assert_eq!(Came::decode(&came.encode()).expect("readable"), came);
        }
    }
}
