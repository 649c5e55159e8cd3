//! Lives here: the write-ahead log: frames, segments, appending with one sync a group, recovery, reading.
//! May use: `vfs`, `limits`, `error`, `event`, `id`. Invariant: what `append` returned for is never lost nor changed.
//! Must never name: engines, the store, tables' meaning.
//! Invariants: an LSN once synced is never used again; a bad record below what was durable is refused, never cut.

pub mod frame;
pub mod recovery;
pub mod segment;
pub mod transaction;
pub mod writer;

pub use transaction::{Operation, Transaction};
