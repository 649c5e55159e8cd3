//! Conversations: threads of direct statuses as each of their people here has them; and threads somebody muted.

use crate::{
    account::ACCOUNTS,
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    id::{AccountId, RowId, StatusId},
    record, silent,
    status::{self, STATUSES, Status},
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};

/// Parents looked at for what a conversation ends with once its last status is gone.
const PARENTS: usize = 40;

/// A conversation of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// The others, in the order of their numbers.
    pub others: Vec<AccountId>,
    /// Its newest status.
    pub last: StatusId,
    /// Something in it has not been read.
    pub unread: bool,
}
record!(Conversation, 1);

/// (owner, conversation) → conversation.
pub const CONVERSATIONS: Table<(AccountId, RowId), Conversation> = Table::new(195, "conversation");
/// (owner, newest status) → conversation: the list.
pub const CONVERSATION_ORDER: Table<(AccountId, StatusId), RowId> = Table::new(196, "conversation_order");
/// (owner, direct status) → its conversation.
pub const CONVERSATION_OF: Table<(AccountId, StatusId), RowId> = Table::new(197, "conversation_of");
/// (account, root of a thread) → nothing: threads that notify no more.
pub const THREAD_MUTES: Table<(AccountId, StatusId), ()> = Table::new(198, "thread_mute");

/// Puts a direct status into the conversation of `owner` that it goes on with, or begins one: an answer goes on if it is
/// among the same people.
///
/// # Errors
/// Storage errors.
pub fn enter(tx: &mut Tx<'_>, owner: AccountId, status: &Status) -> Result<()> {
    // Whom it addresses without naming them is nobody's business.
    let silent = if status.local { Vec::new() } else { silent::of(tx, status.id)? };
    let mut others: Vec<AccountId> = status.mentions.iter().filter(|one| !silent.contains(one)).copied().collect();
    others.push(status.account);
    others.retain(|other| *other != owner);
    others.sort_unstable();
    others.dedup();
    let parent = status.reply.as_ref().and_then(|reply| reply.status);
    let going_on = match parent {
        Some(parent) => find_of(tx, owner, parent)?.filter(|(_, known)| known.others == others),
        None => None,
    };
    let unread = status.account != owner;
    let (id, entered) = match going_on {
        Some((id, known)) => {
            CONVERSATION_ORDER.delete(tx, &(owner, known.last));
            (id, Conversation { last: known.last.max(status.id), unread, ..known })
        }
        None => (tx.next_id(), Conversation { others, last: status.id, unread }),
    };
    CONVERSATION_OF.put(tx, &(owner, status.id), &id);
    put(tx, owner, id, &entered);
    Ok(())
}

/// Takes a deleted status out of the conversation of `owner`; one that is empty goes.
///
/// # Errors
/// Storage errors.
pub fn leave(tx: &mut Tx<'_>, owner: AccountId, gone: &Status) -> Result<()> {
    let found = find_of(tx, owner, gone.id)?;
    CONVERSATION_OF.delete(tx, &(owner, gone.id));
    let Some((id, known)) = found.filter(|(_, known)| known.last == gone.id) else { return Ok(()) };
    remove(tx, owner, id)?;
    let mut next = gone.reply.as_ref().and_then(|reply| reply.status);
    for _ in 0..PARENTS {
        let Some(before) = next else { break };
        if CONVERSATION_OF.get(tx, &(owner, before))? != Some(id) {
            break;
        }
        let Some(row) = status::find(tx, before)? else { break };
        if row.id != gone.id {
            put(tx, owner, id, &Conversation { last: row.id, ..known });
            return Ok(());
        }
        next = row.reply.and_then(|reply| reply.status);
    }
    Ok(())
}

/// Removes a conversation; what was in it stays where it is, what comes later begins another. Whether it was there.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, owner: AccountId, id: RowId) -> Result<bool> {
    let Some(known) = CONVERSATIONS.get(tx, &(owner, id))? else { return Ok(false) };
    CONVERSATIONS.delete(tx, &(owner, id));
    CONVERSATION_ORDER.delete(tx, &(owner, known.last));
    Ok(true)
}

/// Stores a conversation.
pub fn put(tx: &mut Tx<'_>, owner: AccountId, id: RowId, conversation: &Conversation) {
    CONVERSATIONS.put(tx, &(owner, id), conversation);
    CONVERSATION_ORDER.put(tx, &(owner, conversation.last), &id);
}

fn find_of(read: &dyn Read, owner: AccountId, status: StatusId) -> Result<Option<(RowId, Conversation)>> {
    let Some(id) = CONVERSATION_OF.get(read, &(owner, status))? else { return Ok(None) };
    Ok(CONVERSATIONS.get(read, &(owner, id))?.map(|known| (id, known)))
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &CONVERSATION_ORDER,
        of: &[&CONVERSATIONS],
        wants: |(owner, id), conversation| vec![((*owner, conversation.last), *id)],
        owner: |(owner, _), id| (*owner, *id),
        claim: Claim::Sole,
    },
    &Reference {
        of: &CONVERSATIONS,
        to: |(owner, _), conversation| {
            let people = [owner].into_iter().chain(&conversation.others);
            let people = people.map(|account| Pointer::to(&ACCOUNTS, account));
            people.chain([Pointer::to(&STATUSES, &conversation.last)]).collect()
        },
        unless: status::is_purged,
    },
    // The conversation may be removed; its statuses stay.
    &Reference {
        of: &CONVERSATION_OF,
        to: |(owner, status), _| vec![Pointer::to(&ACCOUNTS, owner), Pointer::to(&STATUSES, status)],
        unless: status::is_purged,
    },
    // The root of the thread may be gone.
    &Reference { of: &THREAD_MUTES, to: |(account, _), ()| vec![Pointer::to(&ACCOUNTS, account)], unless: always },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let conversation = Conversation { others: vec![AccountId(1), AccountId(300)], last: StatusId(2), unread: true };
        assert_eq!(conversation.encode(), [1, 2, 1, 0xac, 2, 2, 1]);
        assert_eq!(Conversation::decode(&conversation.encode()).expect("readable"), conversation);
    }
}
