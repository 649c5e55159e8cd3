//! Lives here: backups as the server makes them: where they go, the work under way, the schedule, how they stand.
//! May use: `config`, `limits`, `clock`, the store, `Server`; the threads that may wait.
//! Must never name: any room or other edge; the format of a backup, which is `storage::backup`'s.
//! Invariants: one piece of work at a time; what ended is remembered in the store; a stalled disk is left alone.

mod desk;
#[cfg(test)]
mod lab;
mod report;
mod schedule;
mod scratch;
mod secret;
mod target;
mod work;

pub use desk::{Desk, in_background};
pub use report::{Reading, Report, SAME_DISK, report};
pub use schedule::start;
pub use scratch::{SCRATCH, Taken, taken};
pub use secret::secret;
pub use target::{absolute_place, on_disk_of, open_target, open_timed_target, same_place, spare};
pub use work::{Bench, By, Done, Ended, Job, NO_BACKUPS, ReadByHand, Wanted, Work, carry_out, remembers, see_restored};
