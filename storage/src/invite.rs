//! Invites: codes by which people here let others sign up, who came by which, and who may make them.

use crate::{
    account::ACCOUNTS,
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    id::{AccountId, RowId, Timestamp},
    record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// An invite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invite {
    /// Who invites.
    pub account: AccountId,
    /// What whoever comes shows: letters and digits.
    pub code: String,
    /// How many may come by it; `None`: as many as like.
    pub max_uses: Option<u32>,
    /// How many came.
    pub uses: u32,
    /// When it ends, or ended.
    pub expires_at: Option<Timestamp>,
    /// Whoever comes follows who invited them.
    pub autofollow: bool,
    /// For whoever made it.
    pub comment: String,
    /// When it was made.
    pub created_at: Timestamp,
}
record!(Invite, 1);

impl Invite {
    /// Whether its time is not over and it is not used up.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| end > now) && self.max_uses.is_none_or(|most| self.uses < most)
    }
}

/// By whom somebody was invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// Who invited them.
    pub by: AccountId,
    /// The invite, which may be gone.
    pub invite: RowId,
    /// They follow who invited them as soon as they are let in.
    pub autofollow: bool,
}
record!(Invited, 1);

/// Who may make invites. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Inviters {
    /// Everybody here.
    #[default]
    Everybody,
    /// Those who look after the server.
    Staff,
    /// Nobody; invites that were made hold no more.
    Nobody,
}
record!(Inviters, 1);

/// All invites.
pub const INVITES: Table<RowId, Invite> = Table::new(470, "invite");
/// Code → invite.
pub const INVITE_BY_CODE: Table<String, RowId> = Table::new(471, "invite_by_code");
/// (who invites, invite).
pub const INVITES_OF_ACCOUNT: Table<(AccountId, RowId), ()> = Table::new(472, "invite_of_account");
/// Who came by an invite → by whose.
pub const INVITED: Table<AccountId, Invited> = Table::new(473, "invited");
/// One row: who may make invites.
pub(crate) const INVITERS: Table<u8, Inviters> = Table::new(474, "inviters");

/// The one row of a table with one row.
const ONLY: u8 = 0;

/// Who may make invites.
///
/// # Errors
/// Storage errors.
pub fn inviters(read: &dyn Read) -> Result<Inviters> {
    Ok(INVITERS.get(read, &ONLY)?.unwrap_or_default())
}

/// Says who may make invites.
pub fn put_inviters(tx: &mut Tx<'_>, inviters: Inviters) {
    INVITERS.put(tx, &ONLY, &inviters);
}

/// The invite with this code, whether it holds or not.
///
/// # Errors
/// Storage errors.
pub fn by_code(read: &dyn Read, code: &str) -> Result<Option<(RowId, Invite)>> {
    let Some(id) = INVITE_BY_CODE.get(read, &code.to_owned())? else { return Ok(None) };
    Ok(INVITES.get(read, &id)?.map(|invite| (id, invite)))
}

/// Stores an invite with its indexes. Its code and who invites never change.
pub fn put(tx: &mut Tx<'_>, id: RowId, invite: &Invite) {
    INVITES.put(tx, &id, invite);
    INVITE_BY_CODE.put(tx, &invite.code, &id);
    INVITES_OF_ACCOUNT.put(tx, &(invite.account, id), &());
}

/// Removes an invite; who came by it stays.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, id: RowId) -> Result<()> {
    let Some(invite) = INVITES.get(tx, &id)? else { return Ok(()) };
    INVITE_BY_CODE.delete(tx, &invite.code);
    INVITES_OF_ACCOUNT.delete(tx, &(invite.account, id));
    INVITES.delete(tx, &id);
    Ok(())
}

/// Invites of `account`, the newest first, at most `most`.
///
/// # Errors
/// Storage errors.
pub fn of_account(read: &dyn Read, account: AccountId, most: usize) -> Result<Vec<(RowId, Invite)>> {
    let rows = INVITES_OF_ACCOUNT.list(read, &account, Bounds::NONE, Direction::Descending, most)?;
    let mut found = Vec::with_capacity(rows.len());
    for ((_, id), ()) in rows {
        found.extend(INVITES.get(read, &id)?.map(|invite| (id, invite)));
    }
    Ok(found)
}

/// What must hold (`check`). An invite may be gone before who came by it.
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &INVITE_BY_CODE,
        of: &[&INVITES],
        wants: |id, invite| vec![(invite.code.clone(), *id)],
        owner: |_, id| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &INVITES_OF_ACCOUNT,
        of: &[&INVITES],
        wants: |id, invite| vec![((invite.account, *id), ())],
        owner: |(_, id), ()| *id,
        claim: Claim::Sole,
    },
    &Reference { of: &INVITES, to: |_, invite| vec![Pointer::to(&ACCOUNTS, &invite.account)], unless: always },
    &Reference {
        of: &INVITED,
        to: |account, invited| vec![Pointer::to(&ACCOUNTS, account), Pointer::to(&ACCOUNTS, &invited.by)],
        unless: always,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let invite = Invite {
            account: AccountId(5),
            code: "c".to_owned(),
            max_uses: Some(3),
            uses: 1,
            expires_at: Some(Timestamp(4)),
            autofollow: true,
            comment: "f".to_owned(),
            created_at: Timestamp(1),
        };
        assert_eq!(invite.encode(), [1, 5, 1, b'c', 1, 3, 1, 1, 8, 1, 1, b'f', 2]);
        assert_eq!(Invite::decode(&invite.encode()).expect("readable"), invite);
        let invited = Invited { by: AccountId(5), invite: RowId(6), autofollow: false };
        assert_eq!(invited.encode(), [1, 5, 6, 0]);
        assert_eq!(Inviters::Nobody.encode(), [1, 2]);
    }

    #[test]
    fn an_invite_holds_until_its_time_or_its_uses_are_over() {
        let invite = Invite {
            account: AccountId(5),
            code: String::new(),
            max_uses: Some(2),
            uses: 1,
            expires_at: Some(Timestamp(10)),
            autofollow: false,
            comment: String::new(),
            created_at: Timestamp(1),
        };
        assert!(invite.holds(Timestamp(9)) && !invite.holds(Timestamp(10)));
        assert!(!Invite { uses: 2, ..invite }.holds(Timestamp(9)));
    }
}
