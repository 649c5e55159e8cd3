//! Lives here: how long the disk takes: histograms, the last half minute, the hours of 30 days, what is normal, and a layer over
//! a disk that times its syncs.
//! May use: `limits`, `checksum`, `vfs`: its stopwatch, and the one small file. The wall clock is its callers'.
//! Must never name: types of the log, of engines, of tables; what a sync is for is a word (`Purpose`) of whoever opens a disk.
//! Invariants: fixed memory; what was read from the file is bounded; a sync counts while it lasts.

mod file;
mod histogram;
mod history;
mod meter;
mod minutes;
mod purpose;

pub use file::{FILE, damage, read, write};
pub use histogram::Histogram;
pub use history::{Growth, History, Hour, HourNumber, Normal};
pub use meter::{DiskFigures, LatencyFigures, Meter, Timing, Who};
pub use purpose::{ByPurpose, Purpose};
pub(crate) use purpose::{Timed, TimedDisk};
