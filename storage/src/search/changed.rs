//! What a part of the log says that documents depend on.

use crate::{
    account::ACCOUNTS,
    error::{Error, Result},
    id::{AccountId, StatusId},
    key::Key,
    limits,
    log::transaction::{Operation, Transaction},
    quote::QUOTES,
    reaction::REACTIONS,
    silent::SILENT,
    status::{EDITS, FAVOURITES, REBLOGS, REPLIES, STATUSES, STATUSES_OF_ACCOUNT},
};
use std::collections::BTreeSet;

/// Statuses and accounts whose rows changed, and statuses beside whose rows something changed.
#[derive(Default)]
pub(super) struct Changed {
    pub(super) statuses: BTreeSet<StatusId>,
    pub(super) accounts: BTreeSet<AccountId>,
    /// Of the statuses those of which an earlier version was kept.
    pub(super) edited: BTreeSet<StatusId>,
    /// Of the statuses those that are new or were replaced, with or without an earlier version; votes replace nothing.
    pub(super) replaced: BTreeSet<StatusId>,
    /// Shared, or what they quote became known, or whom they address without a name changed, or an answer to them went.
    pub(super) beside: BTreeSet<StatusId>,
    /// Favourited or reacted to, and by whom. (A vote changes the row of its status.)
    pub(super) marked: BTreeSet<(StatusId, AccountId)>,
    /// Answered, and by which status.
    pub(super) answered: BTreeSet<(StatusId, StatusId)>,
}

impl Changed {
    /// Whether it is enough for one commit. Of what is marked and answered most is done by people of other servers and
    /// makes no document; there is room for the case that all of it does.
    pub(super) fn is_full(&self) -> bool {
        self.statuses.len() + self.beside.len() >= limits::SEARCH_BATCH
            || self.marked.len() + self.answered.len() >= limits::SEARCH_ROWS
    }

    pub(super) fn add(&mut self, transaction: &Transaction) -> Result<()> {
        for operation in &transaction.operations {
            self.add_operation(operation)?;
        }
        Ok(())
    }

    fn add_operation(&mut self, operation: &Operation) -> Result<()> {
        let (table, key) = (operation.table, &operation.key);
        if table == STATUSES.id {
            self.statuses.insert(read_key(STATUSES.name, key)?);
        } else if table == ACCOUNTS.id && operation.value.is_some() {
            self.accounts.insert(read_key(ACCOUNTS.name, key)?);
        } else if table == EDITS.id && operation.value.is_some() {
            let (status, _): (StatusId, u32) = read_key(EDITS.name, key)?;
            self.edited.insert(status);
        } else if table == STATUSES_OF_ACCOUNT.id && operation.value.is_some() {
            let (_, status): (AccountId, StatusId) = read_key(STATUSES_OF_ACCOUNT.name, key)?;
            self.replaced.insert(status);
        } else if table == REBLOGS.id {
            let (original, _): (StatusId, StatusId) = read_key(REBLOGS.name, key)?;
            self.beside.insert(original);
        } else if table == QUOTES.id {
            self.beside.insert(read_key(QUOTES.name, key)?);
        } else if table == SILENT.id {
            self.beside.insert(read_key(SILENT.name, key)?);
        } else if table == FAVOURITES.id {
            let (account, status): (AccountId, StatusId) = read_key(FAVOURITES.name, key)?;
            self.marked.insert((status, account));
        } else if table == REACTIONS.id {
            let (status, _, account): (StatusId, String, AccountId) = read_key(REACTIONS.name, key)?;
            self.marked.insert((status, account));
        } else if table == REPLIES.id {
            let (parent, reply): (StatusId, StatusId) = read_key(REPLIES.name, key)?;
            if operation.value.is_some() {
                self.answered.insert((parent, reply));
            } else {
                // Of an answer that is gone nobody knows whose it was.
                self.beside.insert(parent);
            }
        }
        Ok(())
    }
}

fn read_key<K: Key>(table: &str, key: &[u8]) -> Result<K> {
    K::from_bytes(key).ok_or_else(|| Error::corrupt(table, crate::table::hex(key), "unreadable key"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[test]
    fn an_answer_that_goes_changes_what_it_answered_whoever_wrote_it() {
        let (parent, reply) = (StatusId(1), StatusId(2));
        let put =
            Operation { table: REPLIES.id, key: Bytes::from((parent, reply).to_bytes()), value: Some(Bytes::new()) };
        let delete = Operation { value: None, ..put.clone() };
        let mut changed = Changed::default();
        changed.add(&Transaction { operations: vec![put], events: Vec::new() }).expect("read");
        assert!(changed.answered.contains(&(parent, reply)) && changed.beside.is_empty());
        changed.add(&Transaction { operations: vec![delete], events: Vec::new() }).expect("read");
        assert!(changed.beside.contains(&parent));
    }

    #[test]
    fn marks_that_make_no_document_do_not_make_it_full_as_soon_as_documents_do() {
        let (batch, rows) = (limits::SEARCH_BATCH, limits::SEARCH_ROWS);
        let ids = |many: usize| (0..).map(StatusId).take(many);
        let documents =
            |many: usize| Changed { statuses: ids(many - 1).collect(), beside: ids(1).collect(), ..Changed::default() };
        assert!(!documents(batch - 1).is_full() && documents(batch).is_full());
        let marks = |many: usize| Changed {
            marked: ids(many - 1).map(|id| (id, AccountId(1))).collect(),
            answered: ids(1).map(|id| (id, id)).collect(),
            ..Changed::default()
        };
        assert!(!marks(rows - 1).is_full() && marks(rows).is_full());
    }
}
