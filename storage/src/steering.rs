//! What an operator decides about what peers are owed: pausing, trying at once, dropping (FEDERATION §5).

use crate::{
    delivery::{self, ACTIVITIES, Delivery, OWED},
    error::{Error, Result},
    event::{Event, Steering},
    id::{ActivityId, Timestamp},
    limits,
    peer::{self, InboxId, PEERS},
    record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
    undelivered::{self, Reason},
};
use serde::{Deserialize, Serialize};

/// Nothing is sent to a peer, because an operator said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when.
    pub since: Timestamp,
}
record!(Pause, 1);

/// Authority → that nothing is sent to it. A peer need not be known to be paused.
pub const PAUSES: Table<String, Pause> = Table::new(450, "delivery_pause");

/// Since when nothing is sent to `domain`.
///
/// # Errors
/// Storage errors.
pub fn paused_since(read: &dyn Read, domain: &str) -> Result<Option<Timestamp>> {
    Ok(PAUSES.get(read, &domain.to_owned())?.map(|pause| pause.since))
}

/// All that are paused, in order; at most `limits::PAUSES_MAX`.
///
/// # Errors
/// Storage errors.
pub fn paused(read: &dyn Read) -> Result<Vec<(String, Timestamp)>> {
    let rows = PAUSES.list(read, &(), Bounds::NONE, Direction::Ascending, limits::PAUSES_MAX)?;
    Ok(rows.into_iter().map(|(domain, pause)| (domain, pause.since)).collect())
}

/// Sends nothing to `domain` from now on; what it is owed is kept. Answers whether that is new.
///
/// # Errors
/// `Full` beyond `limits::PAUSES_MAX`; storage errors.
pub fn pause(tx: &mut Tx<'_>, domain: &str) -> Result<bool> {
    if PAUSES.contains(tx, &domain.to_owned())? {
        return Ok(false);
    }
    if paused(tx)?.len() >= limits::PAUSES_MAX {
        let (found, limit) = (limits::PAUSES_MAX + 1, limits::PAUSES_MAX);
        return Err(Error::TooLarge { what: "paused peers", size: found, limit });
    }
    let since = tx.now();
    PAUSES.put(tx, &domain.to_owned(), &Pause { since });
    tx.emit(Event::PeerSteered { domain: domain.to_owned(), how: Steering::Pause });
    Ok(true)
}

/// Sends to `domain` again. Answers whether it was paused.
///
/// # Errors
/// Storage errors.
pub fn resume(tx: &mut Tx<'_>, domain: &str) -> Result<bool> {
    if !PAUSES.contains(tx, &domain.to_owned())? {
        return Ok(false);
    }
    PAUSES.delete(tx, &domain.to_owned());
    tx.emit(Event::PeerSteered { domain: domain.to_owned(), how: Steering::Resume });
    Ok(true)
}

/// Forgets the failures of `domain`, which of its inboxes answered 410 and what of its rows had stepped aside, one step of
/// rows behind `after` at a time; answers behind which row to go on. With the last step it is tried at once.
///
/// # Errors
/// Storage errors.
pub fn retry_step(
    tx: &mut Tx<'_>,
    domain: &str,
    after: Option<(ActivityId, InboxId)>,
) -> Result<Option<(ActivityId, InboxId)>> {
    let now = tx.now();
    let rows = delivery::owed(tx, domain, after, limits::RETRY_STEP)?;
    for (activity, inbox, owed) in &rows {
        if owed.not_before > now {
            let row = delivery::Owed { not_before: Timestamp(0), ..*owed };
            OWED.put(tx, &(domain.to_owned(), *activity, *inbox), &row);
        }
    }
    if rows.len() >= limits::RETRY_STEP {
        return Ok(rows.last().map(|(activity, inbox, _)| (*activity, *inbox)));
    }
    if let Some(mut peer) = peer::find(tx, domain)? {
        peer.forgive();
        PEERS.put(tx, &domain.to_owned(), &peer);
    }
    peer::forget_gone(tx, domain)?;
    tx.emit(Event::PeerSteered { domain: domain.to_owned(), how: Steering::Retry });
    Ok(None)
}

/// Drops what `domain` is owed, also what takes something back, one step of rows at a time. Answers how many went, and
/// whether there may be more.
///
/// # Errors
/// Storage errors.
pub fn purge_step(tx: &mut Tx<'_>, domain: &str) -> Result<(usize, bool)> {
    tx.accept_when_full();
    let rows = delivery::owed(tx, domain, None, limits::PURGE_STEP)?;
    let place = |(activity, inbox, _): &(ActivityId, InboxId, delivery::Owed)| Delivery {
        domain: domain.to_owned(),
        activity: *activity,
        inbox: *inbox,
    };
    let dropped: Vec<Delivery> = rows.iter().map(place).collect();
    drop_rows(tx, &dropped)?;
    tx.emit(Event::PeerSteered { domain: domain.to_owned(), how: Steering::Purge });
    Ok((dropped.len(), dropped.len() >= limits::PURGE_STEP))
}

/// Drops deliveries that were becoming rows while their peer was purged, at most `limits::PURGE_STEP`. Those without a row were
/// dropped with the others, or never became one.
///
/// # Errors
/// Storage errors.
pub fn purge_made(tx: &mut Tx<'_>, deliveries: &[Delivery]) -> Result<()> {
    tx.accept_when_full();
    let mut made = Vec::with_capacity(deliveries.len());
    for delivery in deliveries {
        if OWED.contains(tx, &(delivery.domain.clone(), delivery.activity, delivery.inbox))? {
            made.push(delivery.clone());
        }
    }
    drop_rows(tx, &made)
}

/// When the oldest of what `domain` is owed was built; `None` if it is owed nothing.
///
/// # Errors
/// Storage errors.
pub fn oldest(read: &dyn Read, domain: &str) -> Result<Option<Timestamp>> {
    let Some((activity, _, _)) = delivery::owed(read, domain, None, 1)?.into_iter().next() else { return Ok(None) };
    Ok(ACTIVITIES.get(read, &activity)?.map(|activity| activity.created_at))
}

fn drop_rows(tx: &mut Tx<'_>, dropped: &[Delivery]) -> Result<()> {
    let now = tx.now();
    let told: Vec<_> = dropped.iter().map(|delivery| delivery.undelivered(now, Reason::Purged)).collect();
    undelivered::note(tx, &told)?;
    delivery::settle(tx, dropped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let pause = Pause { since: Timestamp(1) };
        assert_eq!(pause.encode(), [1, 2]);
        assert_eq!(Pause::decode(&pause.encode()).expect("readable"), pause);
    }
}
