//! One ordered scan over a transaction's own rows, the overlay and the engine; the upper layer wins.

use super::overlay::{Overlay, Row, Window, empty};
use crate::{
    engine::Snapshot,
    error::Result,
    table::{Direction, KeyRange, TableId, Visit},
};
use bytes::Bytes;
use std::{
    cmp::Ordering,
    collections::{BTreeMap, VecDeque},
    ops::{Bound, ControlFlow},
};

/// The rows a transaction has set and removed so far.
pub(super) type Own = BTreeMap<(TableId, Bytes), Option<Bytes>>;

/// The overlay's rows of a range, taken in chunks so that no lock is held while rows are visited.
struct Above<'a> {
    overlay: &'a Overlay,
    table: TableId,
    range: &'a KeyRange,
    direction: Direction,
    window: Window,
    rows: VecDeque<Row>,
    last: Option<Bytes>,
    more: bool,
    own: VecDeque<Row>,
}

impl Above<'_> {
    fn fill(&mut self) {
        if self.rows.is_empty() && self.more {
            (self.rows, self.more) =
                self.overlay.chunk(self.table, self.range, self.direction, self.last.as_ref(), self.window);
            self.last = self.rows.back().map(|(key, _)| key.clone());
        }
    }

    /// The key of the next row, and whether it is the transaction's own.
    fn peek(&mut self) -> Option<(&Bytes, bool)> {
        self.fill();
        match (self.own.front(), self.rows.front()) {
            (Some((own, _)), Some((row, _))) => {
                let own_first = order(own, row, self.direction) != Ordering::Greater;
                Some(if own_first { (own, true) } else { (row, false) })
            }
            (Some((own, _)), None) => Some((own, true)),
            (None, Some((row, _))) => Some((row, false)),
            (None, None) => None,
        }
    }

    fn next(&mut self) -> Option<Row> {
        let (_, own) = self.peek()?;
        if !own {
            return self.rows.pop_front();
        }
        let row = self.own.pop_front()?;
        if self.rows.front().is_some_and(|(key, _)| *key == row.0) {
            self.rows.pop_front();
        }
        Some(row)
    }
}

fn order(a: &[u8], b: &[u8], direction: Direction) -> Ordering {
    match direction {
        Direction::Ascending => a.cmp(b),
        Direction::Descending => b.cmp(a),
    }
}

fn own_rows(own: &Own, table: TableId, range: &KeyRange, direction: Direction) -> VecDeque<Row> {
    let upper = range.until.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
    if own.is_empty() || empty(Bound::Included(&range.from[..]), upper) {
        return VecDeque::new();
    }
    let from = (table, Bytes::copy_from_slice(&range.from));
    let inside = own
        .range(from..)
        .take_while(|((of, key), _)| *of == table && range.until.as_deref().is_none_or(|until| &key[..] < until))
        .map(|((_, key), value)| (key.clone(), value.clone()));
    let mut rows: VecDeque<Row> = inside.collect();
    if direction == Direction::Descending {
        rows.make_contiguous().reverse();
    }
    rows
}

/// Visits the rows of a range over all layers.
pub(super) fn scan(
    own: Option<&Own>,
    (overlay, window): (&Overlay, Window),
    snapshot: &dyn Snapshot,
    (table, range, direction): (TableId, &KeyRange, Direction),
    visit: Visit<'_>,
) -> Result<()> {
    let own = own.map_or_else(VecDeque::new, |own| own_rows(own, table, range, direction));
    let mut above =
        Above { overlay, table, range, direction, window, rows: VecDeque::new(), last: None, more: true, own };
    let mut broken = false;
    snapshot.scan(table, range, direction, &mut |key, value| {
        while let Some((next, _)) = above.peek() {
            let place = order(next, key, direction);
            if place == Ordering::Greater {
                break;
            }
            let Some((upper_key, upper_value)) = above.next() else { break };
            if let Some(upper_value) = &upper_value
                && visit(&upper_key, upper_value)?.is_break()
            {
                broken = true;
                return Ok(ControlFlow::Break(()));
            }
            if place == Ordering::Equal {
                return Ok(ControlFlow::Continue(()));
            }
        }
        let flow = visit(key, value)?;
        broken = flow.is_break();
        Ok(flow)
    })?;
    while !broken && let Some((key, value)) = above.next() {
        if let Some(value) = &value {
            broken = visit(&key, value)?.is_break();
        }
    }
    Ok(())
}
