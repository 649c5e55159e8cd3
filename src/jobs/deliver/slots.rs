//! How many deliveries are on their way at once: slots of their own for peers that answer, that are slow, and that fail.
//!
//! What lingers leaves its slot to others while there is room, the oldest first; from then on it costs a connection and nothing
//! else. Slots of peers known to be slow are for what lingers, and are kept.

use super::Class;
use crate::limits;
use std::collections::{BTreeMap, BTreeSet};

/// Deliveries by their tickets, which grow.
type Tickets = BTreeMap<Class, BTreeSet<u64>>;

/// Who uses which slot, and who has left one.
#[derive(Debug, Default)]
pub(super) struct Slots {
    used: Tickets,
    /// Those of them that linger and found no room.
    lingering: Tickets,
    left: Tickets,
}

impl Slots {
    /// Whether a slot is free. `fast` is how many the healthy ones may use.
    pub(super) fn are_free(&self, class: Class, fast: usize) -> bool {
        let slots = match class {
            Class::Fast => fast,
            Class::Slow => limits::DELIVERIES_SLOW,
            Class::Failing => limits::DELIVERIES_FAILING,
        };
        count(&self.used, class) < slots
    }

    /// A delivery has begun.
    pub(super) fn begin(&mut self, ticket: u64, class: Class) {
        self.used.entry(class).or_default().insert(ticket);
    }

    /// One that is under way takes long.
    pub(super) fn linger(&mut self, ticket: u64, class: Class) {
        self.lingering.entry(class).or_default().insert(ticket);
        self.leave(class);
    }

    /// One has ended: where it left its slot, another may leave its own.
    pub(super) fn end(&mut self, ticket: u64, class: Class) {
        for tickets in [&mut self.used, &mut self.lingering, &mut self.left] {
            if let Some(tickets) = tickets.get_mut(&class) {
                tickets.remove(&ticket);
            }
        }
        self.leave(Class::Fast);
        self.leave(Class::Failing);
    }

    fn leave(&mut self, class: Class) {
        while self.may_leave(class) {
            let Some(oldest) = self.lingering.get_mut(&class).and_then(BTreeSet::pop_first) else { return };
            if let Some(used) = self.used.get_mut(&class) {
                used.remove(&oldest);
            }
            self.left.entry(class).or_default().insert(oldest);
        }
    }

    fn may_leave(&self, class: Class) -> bool {
        let probes = count(&self.left, Class::Failing);
        let has_room = probes + count(&self.left, Class::Fast) < limits::DELIVERIES_LINGERING;
        match class {
            Class::Fast => has_room,
            Class::Slow => false,
            Class::Failing => has_room && probes < limits::PROBES_LINGERING,
        }
    }
}

fn count(tickets: &Tickets, class: Class) -> usize {
    tickets.get(&class).map_or(0, BTreeSet::len)
}
