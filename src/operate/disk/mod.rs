//! Lives here: what the server says of the disk under its data directory: state, cause, effect, since when, room left.
//! May use: the store's figures, `clock`, `limits`; `/proc`, `/sys` and `/dev` once, at the start.
//! Must never name: `Server`, routes, anything asynchronous.
//! Invariants: judging is a pure function of figures and time; asking never waits for the disk.

mod flush;
mod judge;
mod jumps;
mod mount;
mod report;
mod space;
mod words;

pub use judge::{Cause, DiskState, Figures, Judge, Moment};
pub use mount::{Kind, Mount, kind_of, mount_of};
pub use report::{Disk, Times, Watch};

pub(crate) use mount::{refusal_in, under};
pub(super) use space::full_on;
pub(crate) use words::amount;

#[cfg(test)]
mod tests;
