//! Which inboxes will not have an activity, and why: a few bytes beside the activity, written where a delivery ends without
//! being taken, gone with the activity. What is taken costs nothing here.

use crate::{
    check::describe::{Described, Pointer, Reference, always},
    delivery::{ACTIVITIES, Memory},
    error::Result,
    id::{ActivityId, Timestamp},
    limits,
    peer::{INBOXES, InboxId},
    record,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Why an inbox will not have an activity. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// Its server answered this, and that is final.
    Refused(u16),
    /// Its server is suspended here.
    Suspended,
    /// Nothing may be sent to its address.
    Address,
    /// The sender has no key any more, is gone, or is suspended and may not say it.
    NoKey,
    /// It was tried too often; what its server answered last, if it did.
    Exhausted(Option<u16>),
    /// Its server was owed too much: the oldest was dropped.
    Displaced,
    /// Its server was unreachable: nothing new was kept for it.
    Unreachable,
    /// An operator dropped it.
    Purged,
}

impl Reason {
    /// Whether it was dropped here, perhaps while it was on its way: then it may have arrived all the same.
    fn is_ours(self) -> bool {
        matches!(self, Reason::Displaced | Reason::Unreachable | Reason::Purged)
    }
}

/// A delivery that ended without being taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undelivered {
    /// The inbox.
    pub inbox: InboxId,
    /// When it ended.
    pub at: Timestamp,
    /// Why.
    pub reason: Reason,
}

/// Those of one activity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndeliveredList {
    /// The first of them, at most `limits::UNDELIVERED_TOLD`.
    pub told: Vec<Undelivered>,
    /// How many more there are. One that is noted twice, which a failing store may bring about, counts twice.
    pub more: u64,
}
record!(UndeliveredList, 1);

impl UndeliveredList {
    /// How many there are in all.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.told.len() as u64 + self.more
    }

    fn add(&mut self, ended: Undelivered) {
        if let Some(known) = self.told.iter_mut().find(|known| known.inbox == ended.inbox) {
            *known = ended;
        } else if self.told.len() < limits::UNDELIVERED_TOLD {
            self.told.push(ended);
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    /// Takes back that the delivery to `inbox` was dropped here; answers whether that was told.
    fn take_back(&mut self, inbox: InboxId) -> bool {
        let before = self.told.len();
        self.told.retain(|one| one.inbox != inbox || !one.reason.is_ours());
        self.told.len() < before
    }

    /// The delivery to `inbox` has ended, although it had been dropped here: what was said of that holds no more. Answers
    /// whether anything was.
    fn end(&mut self, inbox: InboxId) -> bool {
        if self.told.iter().any(|one| one.inbox == inbox) {
            return self.take_back(inbox);
        }
        let counted = self.more > 0;
        self.more = self.more.saturating_sub(1);
        counted
    }
}

/// Activity → inboxes that will not have it; none where all have it or will.
pub const UNDELIVERED: Table<ActivityId, UndeliveredList> = Table::new(505, "delivery_undelivered");

/// Notes deliveries that ended without being taken, unless nothing is remembered of their activity once it has ended.
///
/// # Errors
/// Storage errors.
pub fn note(tx: &mut Tx<'_>, ended: &[(ActivityId, Undelivered)]) -> Result<()> {
    let mut lists: BTreeMap<ActivityId, UndeliveredList> = BTreeMap::new();
    for (id, one) in ended {
        if !lists.contains_key(id) {
            if ACTIVITIES.get(tx, id)?.is_none_or(|activity| activity.memory == Memory::Nothing) {
                continue;
            }
            lists.insert(*id, of(tx, *id)?);
        }
        if let Some(list) = lists.get_mut(id) {
            list.add(*one);
        }
    }
    for (id, list) in lists {
        UNDELIVERED.put(tx, &id, &list);
    }
    Ok(())
}

/// A delivery that was dropped here while it was on its way is owed again; answers whether that it was dropped had been
/// told. Whether it is among those that are only counted cannot be known.
///
/// # Errors
/// Storage errors.
pub(crate) fn owe_again(tx: &mut Tx<'_>, id: ActivityId, inbox: InboxId) -> Result<bool> {
    change(tx, id, |list| list.take_back(inbox))
}

/// A delivery that was dropped here while it was on its way has ended: it arrived, unless why not was noted since.
///
/// # Errors
/// Storage errors.
pub(crate) fn end(tx: &mut Tx<'_>, id: ActivityId, inbox: InboxId) -> Result<()> {
    change(tx, id, |list| list.end(inbox)).map(drop)
}

fn change(tx: &mut Tx<'_>, id: ActivityId, change: impl FnOnce(&mut UndeliveredList) -> bool) -> Result<bool> {
    let Some(mut list) = UNDELIVERED.get(tx, &id)? else { return Ok(false) };
    let changed = change(&mut list);
    match list.count() {
        0 => UNDELIVERED.delete(tx, &id),
        _ if changed => UNDELIVERED.put(tx, &id, &list),
        _ => {}
    }
    Ok(changed)
}

/// The inboxes that will not have an activity.
///
/// # Errors
/// Storage errors.
pub fn of(read: &dyn Read, id: ActivityId) -> Result<UndeliveredList> {
    UNDELIVERED.get_or_default(read, &id)
}

/// Forgets those of an activity that goes; answers whether there were any.
pub(crate) fn forget(tx: &mut Tx<'_>, id: ActivityId) -> Result<bool> {
    let any = UNDELIVERED.contains(tx, &id)?;
    if any {
        UNDELIVERED.delete(tx, &id);
    }
    Ok(any)
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[&Reference {
    of: &UNDELIVERED,
    to: |id, list| {
        let inboxes = list.told.iter().map(|one| Pointer::to(&INBOXES, &one.inbox));
        inboxes.chain([Pointer::to(&ACTIVITIES, id)]).collect()
    },
    unless: always,
}];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    fn ended(inbox: u32, reason: Reason) -> Undelivered {
        Undelivered { inbox: InboxId(inbox), at: Timestamp(1), reason }
    }

    #[test]
    fn stored_bytes_stay_readable() {
        for (reason, bytes) in [
            (Reason::Refused(5), &[0, 5][..]),
            (Reason::Suspended, &[1]),
            (Reason::Address, &[2]),
            (Reason::NoKey, &[3]),
            (Reason::Exhausted(None), &[4, 0]),
            (Reason::Exhausted(Some(5)), &[4, 1, 5]),
            (Reason::Displaced, &[5]),
            (Reason::Unreachable, &[6]),
            (Reason::Purged, &[7]),
        ] {
            let list = UndeliveredList { told: vec![ended(7, reason)], more: 9 };
            assert_eq!(list.encode(), [&[1, 1, 7, 2][..], bytes, &[9]].concat());
            assert_eq!(UndeliveredList::decode(&list.encode()).expect("readable"), list);
        }
    }

    #[test]
    fn the_first_are_told_the_others_counted_and_none_twice() {
        let mut list = UndeliveredList::default();
        for number in 0..limits::UNDELIVERED_TOLD + 3 {
            list.add(ended(u32::try_from(number).expect("small"), Reason::Refused(404)));
        }
        list.add(ended(0, Reason::Suspended));
        assert_eq!((list.told.len(), list.more), (limits::UNDELIVERED_TOLD, 3));
        assert_eq!(list.told[0], ended(0, Reason::Suspended), "what is known last holds");
        assert_eq!(list.count(), limits::UNDELIVERED_TOLD as u64 + 3);
    }

    #[test]
    fn what_was_dropped_here_and_arrived_is_told_no_more_and_what_a_peer_said_is() {
        let mut list = UndeliveredList::default();
        let ours = [Reason::Displaced, Reason::Unreachable, Reason::Purged];
        let theirs = [Reason::Refused(404), Reason::Suspended, Reason::Address, Reason::NoKey, Reason::Exhausted(None)];
        for (number, reason) in (0..).zip(ours.into_iter().chain(theirs)) {
            list.add(ended(number, reason));
        }
        for number in 0..8 {
            assert_eq!(list.end(InboxId(number)), number < 3, "{number}");
        }
        assert_eq!(list.told.iter().map(|one| one.reason).collect::<Vec<_>>(), theirs);
        list.more = 1;
        assert!(!list.take_back(InboxId(9)), "it may never have been dropped");
        assert!(list.end(InboxId(9)) && !list.end(InboxId(9)), "one of those that are only counted");
        assert_eq!(list.count(), 5);
    }
}
