//! What holds statuses of other servers, against the rows that say so (`check`). What is held without need costs room
//! alone, and some of it waits for a job: nobody calls that wrong.

use super::{HELD_ABOVE_MAX, Holding, Settling, TOUCHED, Touch, settling};
use crate::{
    account::LOCAL_ACCOUNTS,
    check::describe::{Described, Flaw, Mend, Named},
    error::Result,
    id::{AccountId, StatusId},
    key::Key,
    limits,
    record::Record,
    status::{self, STATUSES, Status},
    table::{Bounds, Direction, Read, Table, TableId, hex},
};

/// Marks: whoever lives here and has one on a status of another server holds that.
pub(super) struct Marks<K: 'static, R: 'static> {
    /// The marks.
    pub(super) of: &'static Table<K, R>,
    /// What one is on, and whose it is; `None`: nothing, or nobody's here.
    pub(super) held: fn(&dyn Read, &K, &R) -> Result<Option<Holding>>,
}

impl<K: Key, R: Record> Described for Marks<K, R> {
    fn table(&self) -> Named {
        Named::of(&TOUCHED)
    }

    fn walks(&self) -> Vec<Named> {
        vec![Named::of(self.of)]
    }

    fn look(&self, read: &dyn Read, _at: TableId, row: (&[u8], &[u8]), found: &mut Vec<Flaw>) -> Result<()> {
        let (Some(key), Ok(mark)) = (K::from_bytes(row.0), R::decode(row.1)) else { return Ok(()) };
        let Some(held) = (self.held)(read, &key, &mark)? else { return Ok(()) };
        if !LOCAL_ACCOUNTS.contains(read, &held.1)? || TOUCHED.contains(read, &held)? {
            return Ok(());
        }
        if is_settled(read)? && status::find(read, held.0)?.is_some_and(|status| !status.local) {
            found.push(missing(held, Touch::Marked, &format!("{} {}", self.of.name, hex(row.0))));
        }
        Ok(())
    }
}

/// What somebody here wrote: what stands above it, as many statuses as a thread shows, is held by one of those who wrote
/// below.
pub(super) struct Parts;

impl Described for Parts {
    fn table(&self) -> Named {
        Named::of(&TOUCHED)
    }

    fn walks(&self) -> Vec<Named> {
        vec![Named::of(&STATUSES)]
    }

    fn look(&self, read: &dyn Read, _at: TableId, row: (&[u8], &[u8]), found: &mut Vec<Flaw>) -> Result<()> {
        let Ok(own) = Status::decode(row.1) else { return Ok(()) };
        let mut next = own.reply.and_then(|reply| reply.status);
        if !own.local || next.is_none() || !is_settled(read)? {
            return Ok(());
        }
        for _ in 0..HELD_ABOVE_MAX {
            let Some(id) = next else { break };
            let Some(above) = status::find(read, id)? else { break };
            if !above.local && !has_taker(read, id, own.account)? {
                found.push(missing((id, own.account), Touch::TookPart, &format!("{} {}", STATUSES.name, hex(row.0))));
            }
            next = above.reply.and_then(|reply| reply.status);
        }
        Ok(())
    }
}

fn missing(held: Holding, why: Touch, from: &str) -> Flaw {
    let what = format!("is missing; it follows from {from}");
    Flaw { table: TOUCHED.name, key: held.to_bytes(), what, mend: Mend::Put(why.encode()) }
}

/// Whether rows of earlier versions are in: before that nothing is missing, and nothing goes.
fn is_settled(read: &dyn Read) -> Result<bool> {
    Ok(settling(read)? == Settling::Settled)
}

/// Whether `who` or anybody else took part below `id`; also if more people hold it than are looked at.
fn has_taker(read: &dyn Read, id: StatusId, who: AccountId) -> Result<bool> {
    if TOUCHED.get(read, &(id, who))? == Some(Touch::TookPart) {
        return Ok(true);
    }
    let most = limits::CHECK_REFERRERS;
    let holders = TOUCHED.list(read, &id, Bounds::NONE, Direction::Ascending, most)?;
    Ok(holders.len() == most || holders.into_iter().any(|(_, why)| why == Touch::TookPart))
}
