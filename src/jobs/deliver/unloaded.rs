//! Activities whose deliveries are not all in memory, and which of them come next.
//!
//! What goes first comes first, however much that is older waits; now and then it is the oldest instead, so that what
//! goes last comes, too, while there is ever more that goes before it. Of those about one object only the oldest comes,
//! until all of it is in memory: from there on lanes and rows keep its order.

use crate::limits;
use std::collections::{BTreeMap, BTreeSet};
use storage::{ActivityId, Digest, delivery::Priority};

/// They all are in the store as well: some 100 bytes each, until there is room for what they bring.
#[derive(Debug, Default)]
pub(super) struct Unloaded {
    /// Those of which only the number is known.
    unknown: BTreeSet<ActivityId>,
    /// The others by what they are about.
    about: BTreeMap<(Digest, ActivityId), Priority>,
    /// The oldest about each object, in the order in which they come.
    first: BTreeMap<(Priority, ActivityId), Digest>,
    /// The greatest number there has been.
    newest: Option<ActivityId>,
    /// Looks since it last was the turn of the oldest.
    looks: usize,
}

impl Unloaded {
    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.unknown.is_empty() && self.first.is_empty()
    }

    /// There is something to deliver of an activity, or something more.
    pub(super) fn insert(&mut self, id: ActivityId) {
        self.newest = self.newest.max(Some(id));
        self.unknown.insert(id);
    }

    /// The same of these.
    pub(super) fn extend(&mut self, ids: Vec<ActivityId>) {
        self.newest = self.newest.max(ids.iter().max().copied());
        self.unknown.extend(ids);
    }

    /// The greatest number there has been, if any: whatever is said later has a greater one.
    pub(super) fn newest(&self) -> Option<ActivityId> {
        self.newest
    }

    /// Those that must be `place`d before any comes, at most `limits::JOB_READ_ROWS`.
    pub(super) fn unknown(&self) -> Vec<ActivityId> {
        self.unknown.iter().take(limits::JOB_READ_ROWS).copied().collect()
    }

    /// What one of them is about, and when it goes; none: it is finished.
    pub(super) fn place(&mut self, id: ActivityId, found: Option<(Digest, Priority)>) {
        self.unknown.remove(&id);
        let Some((object, priority)) = found else { return };
        self.behead(object);
        self.about.insert((object, id), priority);
        self.crown(object);
    }

    /// The next ones, and what they are about; at most `limits::DELIVERY_LOAD_STEP`. Each
    /// `limits::DELIVERY_PASS_LOOKS`th time it is the oldest alone, whatever its priority.
    pub(super) fn next_ones(&mut self) -> Vec<(ActivityId, Digest)> {
        self.looks += 1;
        if self.looks >= limits::DELIVERY_PASS_LOOKS {
            self.looks = 0;
            let oldest = self.first.iter().min_by_key(|((_, id), _)| *id);
            return oldest.map(|((_, id), object)| (*id, *object)).into_iter().collect();
        }
        self.first.iter().take(limits::DELIVERY_LOAD_STEP).map(|((_, id), object)| (*id, *object)).collect()
    }

    /// All of one is in memory: the next one about its object may come.
    pub(super) fn loaded(&mut self, id: ActivityId, object: Digest) {
        self.behead(object);
        self.about.remove(&(object, id));
        self.crown(object);
    }

    fn behead(&mut self, object: Digest) {
        if let Some(oldest) = self.oldest(object) {
            self.first.remove(&oldest);
        }
    }

    fn crown(&mut self, object: Digest) {
        if let Some(oldest) = self.oldest(object) {
            self.first.insert(oldest, object);
        }
    }

    fn oldest(&self, object: Digest) -> Option<(Priority, ActivityId)> {
        let all = (object, ActivityId(0))..=(object, ActivityId(u64::MAX));
        self.about.range(all).next().map(|((_, id), priority)| (*priority, *id))
    }
}
