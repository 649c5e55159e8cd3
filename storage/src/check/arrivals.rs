//! Statuses of other servers that stand in no queue of retention: nobody would ever look whether they may go. At which hour
//! one stands there nothing else says, so the queues are read through once for each lot of statuses.

use super::{Check, Finding, Repair, Told, walk};
use crate::{
    error::{Error, Result},
    id::StatusId,
    key::Key,
    limits,
    record::Record,
    retention::{self, ARRIVALS, Hour, Rank, Settling},
    status::{self, STATUS_BY_URI, STATUSES},
    store::Store,
    table::{Direction, KeyRange, Read, TableId, hex},
};
use std::ops::ControlFlow;

impl Check<'_> {
    /// Names statuses of other servers without a row of arrival, of each lot at most `limits::FINDINGS_MAX`, and to repair
    /// queues them as if they had come now. Comes when the index by uri is right.
    pub(super) fn arrivals(&mut self, store: &Store, repair: Repair) -> Result<ControlFlow<()>> {
        // Tests have tables of their own.
        let tables = store.shared().options.tables;
        let there = tables.iter().any(|info| info.id == ARRIVALS.id && info.name == ARRIVALS.name);
        if !there || !store.read(|view| is_brought_in(view))? {
            return Ok(ControlFlow::Continue(()));
        }
        let (mut next, mut rows) = (Some(Vec::new()), 0);
        while let Some(from) = next {
            let (ids, behind) = lot(store, from)?;
            rows += ids.len() as u64;
            next = behind;
            if self.reading(ARRIVALS.name, rows).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            for some in unqueued(store, ids)?.chunks(limits::CHECK_MENDED) {
                if repair == Repair::Derived {
                    queue(store, some)?;
                }
                for id in some {
                    let place = format!("{} at {}", STATUSES.name, hex(&id.to_bytes()));
                    let finding = Finding::new(place, format!("has no row of {}: it would never go", ARRIVALS.name));
                    let told = match repair {
                        Repair::Nothing => self.found(&finding),
                        Repair::Derived => {
                            self.summary.mended += 1;
                            (self.hear)(Told::Mended(&finding))
                        }
                    };
                    if told.is_break() {
                        return Ok(told);
                    }
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// Whether statuses of earlier versions have rows of arrival.
fn is_brought_in(read: &dyn Read) -> Result<bool> {
    Ok(matches!(retention::settling(read)?, Settling::Done | Settling::Shares { .. } | Settling::Settled))
}

/// Statuses of other servers from this key of the index by uri on, about `limits::CHECK_ARRIVALS`, in order; and where to go
/// on.
fn lot(store: &Store, from: Vec<u8>) -> Result<(Vec<StatusId>, Option<Vec<u8>>)> {
    let mut ids = Vec::new();
    let rest = each(store, STATUS_BY_URI.id, from, limits::CHECK_ARRIVALS, |_, value| {
        // What cannot be read was named before.
        ids.extend(<StatusId as Record>::decode(value).ok());
    })?;
    ids.sort_unstable();
    // Two rows may lead to one, which was named, too.
    ids.dedup();
    Ok((ids, rest))
}

/// Which of `ids`, in order, are of other servers and in no queue, at most `limits::FINDINGS_MAX`. While the log says that one
/// of them moved meanwhile it looks again; after a few times nothing is said of them.
fn unqueued(store: &Store, mut ids: Vec<StatusId>) -> Result<Vec<StatusId>> {
    for _ in 0..limits::CHECK_TRIES {
        let begun = store.read(|view| Ok::<_, Error>(view.lsn()))?;
        let mut queued = vec![false; ids.len()];
        each(store, ARRIVALS.id, Vec::new(), usize::MAX, |key, _| {
            if let Some(at) = status_of(key).and_then(|id| ids.binary_search(&id).ok()) {
                queued[at] = true;
            }
        })?;
        let missing = ids.into_iter().zip(queued).filter(|(_, queued)| !queued).map(|(id, _)| id);
        ids = missing.take(limits::FINDINGS_MAX).collect();
        let ended = store.read(|view| {
            let mut there = Vec::new();
            for id in &ids {
                match status::find(view, *id) {
                    Ok(Some(row)) if !row.local => there.push(*id),
                    Ok(_) | Err(Error::Corrupt { .. } | Error::Format { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            ids = there;
            Ok(view.lsn())
        })?;
        let concerns = |table: TableId, key: &[u8]| {
            table == ARRIVALS.id && status_of(key).is_some_and(|id| ids.binary_search(&id).is_ok())
        };
        if ids.is_empty() || !walk::moved(store, (begun, ended), concerns)? {
            return Ok(ids);
        }
    }
    Ok(Vec::new())
}

/// The status that a row of arrival leads to.
fn status_of(key: &[u8]) -> Option<StatusId> {
    <(u8, u32, StatusId)>::from_bytes(key).map(|(_, _, id)| id)
}

/// Visits the rows of a table from a key on, view by view, until about `most` were; answers where to go on then.
fn each(
    store: &Store,
    table: TableId,
    from: Vec<u8>,
    most: usize,
    mut visit: impl FnMut(&[u8], &[u8]),
) -> Result<Option<Vec<u8>>> {
    let mut range = KeyRange { from, until: None };
    let mut visited = 0_usize;
    loop {
        let next = store.read(|view| {
            let (mut rows, mut next) = (0, None);
            view.scan_bytes(table, &range, Direction::Ascending, &mut |key, value| {
                visit(key, value);
                rows += 1;
                let full = rows == limits::CHECK_COUNTED;
                next = full.then(|| [key, &[0]].concat());
                Ok(if full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            })?;
            visited += rows;
            Ok::<_, Error>(next)
        })?;
        match next {
            Some(next) if visited < most => range.from = next,
            next => return Ok(next),
        }
    }
}

/// Queues statuses as if they had come now; one that stands there already stands there twice, which does no harm.
fn queue(store: &Store, ids: &[StatusId]) -> Result<()> {
    let ids = ids.to_vec();
    store.write(move |tx| {
        let hour = Hour::of(tx.now());
        for id in &ids {
            if STATUSES.contains(tx, id)? {
                retention::queue(tx, Rank::Ordinary, hour, *id);
            }
        }
        Ok(())
    })
}
