//! Lives here: how long the disk takes: histograms, the last half minute, the hours of 30 days, what is normal, and a layer over
//! a disk that times its syncs.
//! May use: `limits`, `vfs` and `checksum` for the one small file. Takes times, never looks at a clock of its own.
//! Must never name: the log, engines, tables; whoever measures brings the time.
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
