//! Lists of accounts that somebody follows, each with a timeline of its own.

use crate::{
    account::ACCOUNTS,
    check::describe::{
        Claim, Counter, Counts, Described, Flaw, Index, Mend, Named, Owner, Pointer, Reference, always, count_rows,
    },
    error::Result,
    event::Event,
    id::{AccountId, RowId},
    key::Key,
    limits,
    record::Record,
    store::Tx,
    table::{Bounds, Direction, KeyRange, Read, Table, TableId},
};
use serde::{Deserialize, Serialize};

/// Lists of one account, as Mastodon has it; no member is in more.
pub const LISTS_MAX: usize = 50;

/// Which answers to others stand in a list's timeline. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RepliesPolicy {
    /// To anybody its owner follows.
    Followed,
    /// To members of the list.
    List,
    /// None.
    None,
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// What its owner calls it.
    pub title: String,
    /// Which answers it shows.
    pub replies_policy: RepliesPolicy,
    /// What its members write is not in the home timeline.
    pub exclusive: bool,
    /// How many it has.
    pub members: u32,
}
crate::record!(List, 1);

/// (owner, list) → list.
pub const LISTS: Table<(AccountId, RowId), List> = Table::new(186, "list");
/// (list, member) → row.
pub const LIST_MEMBERS: Table<(RowId, AccountId), RowId> = Table::new(187, "list_member");
/// (list, row) → member.
pub const LIST_MEMBER_ROWS: Table<(RowId, RowId), AccountId> = Table::new(188, "list_member_row");
/// (owner, member, list) → nothing: which lists of its owner a member is in.
pub const LISTS_OF_MEMBER: Table<(AccountId, AccountId, RowId), ()> = Table::new(189, "list_of_member");

/// Puts `member` into a list of `owner`; whether it is new there.
///
/// # Errors
/// Storage errors.
pub fn add(tx: &mut Tx<'_>, owner: AccountId, id: RowId, member: AccountId) -> Result<bool> {
    let Some(mut list) = LISTS.get(tx, &(owner, id))? else { return Ok(false) };
    if LIST_MEMBERS.contains(tx, &(id, member))? {
        return Ok(false);
    }
    let row: RowId = tx.next_id();
    LIST_MEMBERS.put(tx, &(id, member), &row);
    LIST_MEMBER_ROWS.put(tx, &(id, row), &member);
    LISTS_OF_MEMBER.put(tx, &(owner, member, id), &());
    list.members += 1;
    LISTS.put(tx, &(owner, id), &list);
    tx.emit(Event::ListChanged { account: owner });
    Ok(true)
}

/// Takes `member` out of a list of `owner`, if it is in it. The list itself may be gone.
///
/// # Errors
/// Storage errors.
pub fn take_out(tx: &mut Tx<'_>, owner: AccountId, id: RowId, member: AccountId) -> Result<()> {
    let Some(row) = LIST_MEMBERS.get(tx, &(id, member))? else { return Ok(()) };
    LIST_MEMBERS.delete(tx, &(id, member));
    LIST_MEMBER_ROWS.delete(tx, &(id, row));
    LISTS_OF_MEMBER.delete(tx, &(owner, member, id));
    if let Some(mut list) = LISTS.get(tx, &(owner, id))? {
        list.members = list.members.saturating_sub(1);
        LISTS.put(tx, &(owner, id), &list);
    }
    tx.emit(Event::ListChanged { account: owner });
    Ok(())
}

/// Takes `member` out of all lists of `owner`, who no longer follows it.
///
/// # Errors
/// Storage errors.
pub fn forget(tx: &mut Tx<'_>, owner: AccountId, member: AccountId) -> Result<()> {
    for id in of_member(tx, owner, member)? {
        take_out(tx, owner, id, member)?;
    }
    Ok(())
}

/// The lists of `owner` that hold `member`.
///
/// # Errors
/// Storage errors.
pub fn of_member(read: &dyn Read, owner: AccountId, member: AccountId) -> Result<Vec<RowId>> {
    let rows = LISTS_OF_MEMBER.list(read, &(owner, member), Bounds::NONE, Direction::Ascending, LISTS_MAX)?;
    Ok(rows.into_iter().map(|((_, _, id), ())| id).collect())
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &LIST_MEMBER_ROWS,
        of: &[&LIST_MEMBERS],
        wants: |(list, member), row| vec![((*list, *row), *member)],
        owner: |(list, _), member| (*list, *member),
        claim: Claim::Sole,
    },
    &Reference { of: &LISTS, to: |(owner, _), _| vec![Pointer::to(&ACCOUNTS, owner)], unless: always },
    &Reference { of: &LIST_MEMBERS, to: |(_, member), _| vec![Pointer::to(&ACCOUNTS, member)], unless: always },
    // The list itself may be gone: its members' rows follow by a job.
    &Reference {
        of: &LISTS_OF_MEMBER,
        to: |(owner, member, list), ()| {
            vec![Pointer::to(&ACCOUNTS, owner), Pointer::to(&LIST_MEMBERS, &(*list, *member))]
        },
        unless: always,
    },
    &Counter {
        name: "members",
        table: &LISTS,
        owners: &[Owner::each(&LISTS)],
        counts: Counts::Found(|read, (_, list)| {
            count_rows(read, LIST_MEMBERS.id, &KeyRange::prefix(&list.to_bytes()), limits::CHECK_COUNTED)
        }),
        get: |list| list.map_or(0, |list| list.members.into()),
        set: |list, members| list.map(|list| List { members: u32::try_from(members).unwrap_or(u32::MAX), ..list }),
    },
    &EveryMembership,
];

/// Whoever is in a list of somebody has a row that says so by owner. The owner stands in the list's own row alone, so
/// this begins there.
struct EveryMembership;

impl Described for EveryMembership {
    fn table(&self) -> Named {
        Named::of(&LISTS_OF_MEMBER)
    }

    fn walks(&self) -> Vec<Named> {
        vec![Named::of(&LISTS)]
    }

    fn look(&self, read: &dyn Read, _at: TableId, row: (&[u8], &[u8]), found: &mut Vec<Flaw>) -> Result<()> {
        let Some((owner, list)) = <(AccountId, RowId)>::from_bytes(row.0) else { return Ok(()) };
        let members = LIST_MEMBERS.list(read, &list, Bounds::NONE, Direction::Ascending, limits::CHECK_REFERRERS)?;
        // As many as a rule may read again.
        let few = members.len() <= limits::CHECK_RULE_ROWS;
        for ((_, member), _) in members {
            let key = (owner, member, list);
            if !LISTS_OF_MEMBER.contains(read, &key)? {
                let what = format!("is missing; it follows from list_member of list {list}");
                let mend = if few { Mend::Put(Record::encode(&())) } else { Mend::Nothing };
                found.push(Flaw { table: LISTS_OF_MEMBER.name, key: key.to_bytes(), what, mend });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let list = List { title: "t".to_owned(), replies_policy: RepliesPolicy::None, exclusive: true, members: 300 };
        assert_eq!(list.encode(), [1, 1, b't', 2, 1, 0xac, 2]);
        assert_eq!(List::decode(&list.encode()).expect("readable"), list);
    }
}
