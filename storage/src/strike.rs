//! Strikes: what moderators decided about somebody here, as that person may read it, and what they said against it.

use crate::{
    account::ACCOUNTS,
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    id::{AccountId, ReportId, RowId, StatusId, Timestamp},
    moderation::{BrokenRule, Resolved},
    record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// What was done. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum StrikeAction {
    /// Nothing but to say so.
    None,
    /// They may not sign in.
    Disable,
    /// Their media are hidden at first.
    Sensitize,
    /// Only followers meet them.
    Silence,
    /// They are gone for everybody.
    Suspend,
}

/// What became of an appeal. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AppealState {
    /// Nobody has decided yet.
    Pending,
    /// It was granted, and the decision taken back.
    Approved,
    /// The decision stays.
    Rejected,
}

/// What somebody said against a strike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// Plain text.
    pub text: String,
    /// When.
    pub created_at: Timestamp,
    /// What became of it.
    pub state: AppealState,
    /// When that was decided, and by whom.
    pub decided: Option<Resolved>,
}

/// A strike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strike {
    /// Whom it is about: somebody here.
    pub account: AccountId,
    /// Who decided.
    pub by: AccountId,
    /// What was done.
    pub action: StrikeAction,
    /// Why, in the words of who decided; may be empty.
    pub text: String,
    /// The report it settled.
    pub report: Option<ReportId>,
    /// Rules it says were broken, as they read then.
    pub rules: Vec<BrokenRule>,
    /// Statuses it is about; they may be gone.
    pub statuses: Vec<StatusId>,
    /// When.
    pub created_at: Timestamp,
    /// When it was taken back because of an appeal.
    pub overruled_at: Option<Timestamp>,
    /// What was said against it.
    pub appeal: Option<Appeal>,
}
record!(Strike, 1);

impl Strike {
    fn is_appealed(&self) -> bool {
        self.appeal.as_ref().is_some_and(|appeal| appeal.state == AppealState::Pending)
    }
}

/// All strikes.
pub const STRIKES: Table<RowId, Strike> = Table::new(476, "strike");
/// (whom it is about, strike).
pub const STRIKES_OF_ACCOUNT: Table<(AccountId, RowId), ()> = Table::new(477, "strike_of_account");
/// Strikes whose appeal waits for a decision.
pub const APPEALS: Table<RowId, ()> = Table::new(478, "appeal");

/// Stores a strike with its indexes.
pub fn put(tx: &mut Tx<'_>, id: RowId, strike: &Strike) {
    STRIKES.put(tx, &id, strike);
    STRIKES_OF_ACCOUNT.put(tx, &(strike.account, id), &());
    if strike.is_appealed() {
        APPEALS.put(tx, &id, &());
    } else {
        APPEALS.delete(tx, &id);
    }
}

/// Removes a strike.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, id: RowId) -> Result<()> {
    let Some(strike) = STRIKES.get(tx, &id)? else { return Ok(()) };
    STRIKES_OF_ACCOUNT.delete(tx, &(strike.account, id));
    APPEALS.delete(tx, &id);
    STRIKES.delete(tx, &id);
    Ok(())
}

/// Strikes about `account`, the newest first, at most `most`.
///
/// # Errors
/// Storage errors.
pub fn of_account(read: &dyn Read, account: AccountId, most: usize) -> Result<Vec<(RowId, Strike)>> {
    let rows = STRIKES_OF_ACCOUNT.list(read, &account, Bounds::NONE, Direction::Descending, most)?;
    let mut found = Vec::with_capacity(rows.len());
    for ((_, id), ()) in rows {
        found.extend(STRIKES.get(read, &id)?.map(|strike| (id, strike)));
    }
    Ok(found)
}

/// Strikes whose appeal waits, the oldest first, at most `most`.
///
/// # Errors
/// Storage errors.
pub fn appealed(read: &dyn Read, most: usize) -> Result<Vec<(RowId, Strike)>> {
    let rows = APPEALS.list(read, &(), Bounds::NONE, Direction::Ascending, most)?;
    let mut found = Vec::with_capacity(rows.len());
    for (id, ()) in rows {
        found.extend(STRIKES.get(read, &id)?.map(|strike| (id, strike)));
    }
    Ok(found)
}

/// What must hold (`check`). Statuses may be gone.
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &STRIKES_OF_ACCOUNT,
        of: &[&STRIKES],
        wants: |id, strike| vec![((strike.account, *id), ())],
        owner: |(_, id), ()| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &APPEALS,
        of: &[&STRIKES],
        wants: |id, strike| if strike.is_appealed() { vec![(*id, ())] } else { Vec::new() },
        owner: |id, ()| *id,
        claim: Claim::Sole,
    },
    &Reference {
        of: &STRIKES,
        to: |_, strike| vec![Pointer::to(&ACCOUNTS, &strike.account), Pointer::to(&ACCOUNTS, &strike.by)],
        unless: always,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let strike = Strike {
            account: AccountId(1),
            by: AccountId(2),
            action: StrikeAction::Suspend,
            text: "t".to_owned(),
            report: Some(ReportId(3)),
            rules: vec![BrokenRule { number: 4, text: "r".to_owned() }],
            statuses: vec![StatusId(5)],
            created_at: Timestamp(3),
            overruled_at: Some(Timestamp(4)),
            appeal: Some(Appeal {
                text: "a".to_owned(),
                created_at: Timestamp(5),
                state: AppealState::Rejected,
                decided: Some(Resolved { at: Timestamp(6), by: AccountId(7) }),
            }),
        };
        let bytes = [1, 1, 2, 4, 1, b't', 1, 3, 1, 4, 1, b'r', 1, 5, 6, 1, 8, 1, 1, b'a', 10, 2, 1, 12, 7];
        assert_eq!(strike.encode(), bytes);
        assert_eq!(Strike::decode(&bytes).expect("readable"), strike);
    }
}
