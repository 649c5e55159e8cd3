//! Transactions of another store: a standby does what the primary shipped, through sequencer and log like any rule, so
//! that its rows and numbers are the primary's.

use super::{Store, tx::Tx};
use crate::{
    error::{Error, Result},
    id::Lsn,
    log::Transaction,
};
use std::sync::mpsc::sync_channel;

impl Store {
    /// Does what another store did, transaction for transaction, each with its number there; returns when all of it is
    /// durable. At most `limits::APPLY_TRANSACTIONS_MAX` at a time.
    ///
    /// Nothing else may be written until the store is opened anew: the sequencer does not learn which ids these
    /// transactions gave out. Their times in this log are those at which they were done here.
    ///
    /// # Errors
    /// `Corrupt` if the first is not the next one here; those of `write`. What came before the one that failed is done.
    pub(crate) fn adopt(&self, transactions: Vec<(Lsn, Transaction)>) -> Result<()> {
        let count = transactions.len();
        let (send, receive) = sync_channel(count);
        for (lsn, transaction) in transactions {
            let send = send.clone();
            let rule = move |tx: &mut Tx<'_>| tx.adopt(lsn, &transaction);
            self.submit(rule, move |outcome: Result<()>| {
                // The receiver waits below; there is nobody else to tell.
                drop(send.send(outcome));
            });
        }
        drop(send);
        let closed = || Err(Error::ReadOnly("the store was closed".into()));
        // All are awaited: none may still be under way when the next batch is told from what is durable.
        (0..count).map(|_| receive.recv().unwrap_or_else(|_| closed())).fold(Ok(()), Result::and)
    }
}
