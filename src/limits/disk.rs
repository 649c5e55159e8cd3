//! Bounds of the disk and the clock (DESIGN §8).

use crate::clock::{DAY_MS, HOUR_MS};
use std::time::Duration;

/// How long the engine may be behind the log before that is a problem, milliseconds: some hundred times what is usual.
pub const ENGINE_LAG_MS: u64 = 5_000;
/// How often the disk is judged, milliseconds.
pub const DISK_LOOK_MS: i64 = 1_000;
/// Syncs of the last half minute without which nothing is said about them; the probe makes two at least.
pub const DISK_SYNCS_MIN: usize = 2;
/// Timed reads of the last half minute without which nothing is said about them; one read in 64 is timed.
pub const DISK_READS_MIN: usize = 5;
/// A disk is slow when half of the syncs or of the reads, or one sync in a hundred, take this many times what is normal for
/// them.
pub const DISK_SLOW_TIMES: u32 = 5;
/// Below this nobody notices, however fast the disk normally is.
pub const DISK_SLOW_MIN: Duration = Duration::from_millis(20);
/// From here on a disk is slow, even if it always was.
pub const DISK_SLOW_MAX: Duration = Duration::from_millis(500);
/// From here on a disk is slow while less than a day is known of what is normal: turning disks and cards stay below.
/// From here on reads are slow, even if they always were: a page asks for dozens.
pub const DISK_SLOW_UNKNOWN: Duration = Duration::from_millis(250);
/// How long it must be slow before it is called so; with the half minute of the figures it is named within a minute.
pub const DISK_SLOW_FOR: Duration = Duration::from_secs(15);
/// Below this one sync in a hundred hurts nobody, however fast the disk normally is (STORAGE §4).
pub const DISK_HICCUPS_MIN: Duration = Duration::from_millis(50);
/// From here on one sync in a hundred is too slow, even if it always was, and while it is not known what is normal.
pub const DISK_HICCUPS_MAX: Duration = Duration::from_secs(1);
/// How long one sync in a hundred must be slow before the disk is called so: longer than the half minute of the figures, so
/// that a single slow sync is none.
pub const DISK_HICCUPS_FOR: Duration = Duration::from_secs(45);
/// How long syncs must take less than half of what made it slow before it is OK again.
pub const DISK_RECOVERY_SLOW: Duration = Duration::from_secs(60);
/// A sync that lasts longer is a disk that stalls.
pub const DISK_STALLED: Duration = Duration::from_secs(5);
/// So is one half of whose syncs take this long.
pub const DISK_STALLED_P50: Duration = Duration::from_secs(2);
/// While it stalls, a sync that lasts longer is more of the same.
pub const DISK_STALLED_OVER: Duration = Duration::from_secs(1);
/// How long nothing may hang before it no longer stalls.
pub const DISK_RECOVERY_STALLED: Duration = Duration::from_secs(10);
/// When senders shall come again while the disk stalls, seconds.
pub const STALLED_RETRY_SECONDS: u64 = 60;
/// How often deliveries that failed before are looked at while the disk is in trouble, those of one peer each time,
/// milliseconds: they wait, but on a disk that stays slow not for ever.
pub const DISK_RETRIES_EVERY_MS: i64 = 30_000;
/// Pages of guests that are read for and drawn at once while the disk stalls; those kept are answered all the same.
pub const GUESTS_WHILE_STALLED: usize = 4;
/// When fetching is looked at again while the disk is slow, milliseconds.
pub const DISK_FETCH_LATER_MS: i64 = 30_000;
/// Free bytes of 100 below which there is little room.
pub const DISK_FREE_PER_CENT_LOW: u64 = 10;
/// Free bytes of 100 below which there is nearly none.
pub const DISK_FREE_PER_CENT_BAD: u64 = 5;
/// Days beyond which no forecast is told: nobody knows.
pub const DISK_FORECAST_DAYS: i64 = 3_650;
/// Microseconds below which no turning disk syncs: a turn takes 4 000 and more.
pub const FLUSH_ROTATING_MIN_US: u64 = 500;
/// Microseconds below which flash without capacitors does not sync.
pub const FLUSH_FLASH_MIN_US: u64 = 50;
/// Milliseconds by which the clock may differ from a stopwatch between two looks.
pub const CLOCK_JUMP_MS: i64 = 5_000;
/// How long a jump of the clock is told.
pub const CLOCK_JUMP_TOLD: Duration = Duration::from_secs(3_600);
/// Milliseconds beyond which a jump forward makes ages doubtful, and beyond which what was done in the future is not believed
/// to have been done then: no correction of a clock that is kept is so large.
pub const CLOCK_AHEAD_MS: i64 = HOUR_MS;
/// Milliseconds by which the clock may be ahead of the log at the start before ages are doubtful: a night off is usual.
pub const CLOCK_BEGINS_AHEAD_MS: i64 = DAY_MS;
/// How long nothing is removed for its age then: time to notice and to set the clock right.
pub const CLOCK_REST: Duration = Duration::from_secs(3_600);
/// When what goes by age is looked at again while ages are doubtful, milliseconds.
pub const CLOCK_LATER_MS: i64 = 60_000;
