//! Bounds of what is kept, and of the room it takes.

use crate::clock::{DAY_MS, HOUR_MS};
use std::time::Duration;

// --- retention and the budget (DESIGN §3) ---

/// Days after which what nothing holds goes, even if there is room.
pub const RETENTION_DAYS: u32 = 90;
/// Days that may be set instead: at least and at most.
pub const RETENTION_DAYS_RANGE: (u32, u32) = (1, 36_500);
/// What arrived within so many hours does not go: somebody may be reading it.
pub const RETENTION_FRESH_HOURS: u32 = 1;
/// What people followed here wrote or shared within so many hours never goes: a week of home timelines.
pub const RETENTION_FOLLOWED_HOURS: u32 = 7 * 24;
/// What is kept is looked at again after so many hours; marks and follows may have been taken back.
pub const RETENTION_KEPT_HOURS: u32 = 30 * 24;
/// The same where there is too little room.
pub const RETENTION_KEPT_HOURS_PRESSED: u32 = 24;
/// Statuses looked at in one step.
pub const RETENTION_STEP: usize = 40;
/// Rows read in one step, about, beyond which it ends.
pub const RETENTION_ROWS: usize = 150;
/// Followed hashtags that are kept to hold posts against; where there are more, every hashtag counts as followed.
pub const RETENTION_TAGS_MAX: usize = 50_000;
/// Rows of followed hashtags read through one view.
pub const RETENTION_TAGS_STEP: usize = 1_000;
/// After so long, milliseconds, they are read anew; what came within an hour does not go anyway.
pub const RETENTION_TAGS_MS: i64 = 10 * 60_000;
/// Rows of earlier versions brought into the queues in one step.
pub const RETENTION_SETTLE_STEP: usize = 100;
/// Statuses of people here whose threads are looked up in one step; each may hold 40.
pub const RETENTION_THREADS_STEP: usize = 8;
/// Reblogs of a status looked at, the newest, to see whether somebody followed shared it.
pub const REBLOGS_LOOKED_AT: usize = 8;
/// Replies, reblogs, favourites and reactions that go in the same step as their status; about 20 operations each, of 500.
pub const MARKS_LET_GO_AT_ONCE: usize = 8;
/// Notifications kept for one account.
pub const NOTIFICATIONS_KEPT: usize = 5_000;
/// Days after which a notification that was read goes.
pub const NOTIFICATION_DAYS: i64 = 90;
/// Notifications removed in one step; two operations each.
pub const NOTIFICATIONS_REMOVED_AT_ONCE: usize = 100;
/// How long the id of a deleted object is remembered, milliseconds: what its author deleted is not sent any more.
pub const TOMBSTONE_MS: i64 = 90 * DAY_MS;
/// How long an authorization code is remembered, milliseconds.
pub const CODE_KEPT_MS: i64 = DAY_MS;
/// Rows looked at in one step for what expired.
pub const EXPIRE_STEP: usize = 200;
/// Rows that expired removed in one step: three operations each, of 500.
pub const EXPIRED_AT_ONCE: usize = 160;
/// How long the token that an application asked for itself stays unused, milliseconds. An application that has nothing else
/// goes with it and registers again.
pub const OWN_TOKEN_UNUSED_MS: i64 = 30 * DAY_MS;
/// How long an application stays that nobody gives access to, milliseconds, from when it was registered or somebody's access
/// through it ended last. Anybody may register one, and most that are
/// never used are left over from signing in that was given up; but somebody may come back to that a week later, and a
/// program on the web may keep what it registered for the next who signs in through it. Mastodon removes them after a day.
pub const APPLICATION_UNUSED_MS: i64 = 30 * DAY_MS;
/// Tokens and codes looked through in one step to see which applications are used, some 2 µs each. Where there are more,
/// all applications stay.
pub const ACCESS_LOOKED_THROUGH: usize = 10_000;
/// Time between two such passes, milliseconds.
pub const EXPIRE_EVERY_MS: i64 = DAY_MS;
/// How often accounts of other servers that nothing names are looked for, milliseconds...
pub const UNNAMED_EVERY_MS: i64 = DAY_MS;
/// ... and where there is too little room.
pub const UNNAMED_EVERY_PRESSED_MS: i64 = HOUR_MS;
/// Where there is too little room an account goes that was last read from its server longer ago than this, milliseconds.
pub const UNNAMED_FRESH_MS: i64 = DAY_MS;
/// Accounts that are watched at once to see whether something names them, nine bytes each. Those behind them have their turn
/// the next time.
pub const UNNAMED_WATCHED: usize = 200_000;
/// How long they are watched at least, milliseconds: longer than anything that takes an activity in has looked at an account
/// before it writes what names it.
pub const UNNAMED_WATCH_MS: i64 = 15 * 60_000;
/// Accounts looked at in one view.
pub const ACCOUNTS_LOOKED_AT: usize = 500;
/// Accounts that go in one step: at most 82 operations each, of 500, and nearly always 15.
pub const ACCOUNTS_FORGOTTEN_AT_ONCE: usize = 6;
/// How often it is looked whether something may go, milliseconds.
pub const RETENTION_EVERY_MS: i64 = 10_000;
/// After a step retention rests this many times as long as the step took: a tenth of the writer's time...
pub const RETENTION_REST: u32 = 9;
/// ... and only this many where nothing is taken from other servers before there is room.
pub const RETENTION_REST_OUT: u32 = 1;
/// ... and at least so long ...
pub const RETENTION_REST_MIN: Duration = Duration::from_millis(5);
/// ... and at most so long.
pub const RETENTION_REST_MAX: Duration = Duration::from_secs(2);
/// The same on a disk that is slow: there a step takes seconds.
pub const RETENTION_REST_SLOW_MAX: Duration = Duration::from_secs(60);
/// The budget where none is set: one byte in so many of the disk...
pub const BUDGET_DEFAULT_SHARE: u64 = 5;
/// ... and at least so many bytes.
pub const BUDGET_DEFAULT_MIN: u64 = 2_000_000_000;
/// Bytes of the smallest budget: log segments, tables and base snapshots of an empty server take a third of it.
pub const BUDGET_MIN: u64 = 64_000_000;
/// Of 1000 bytes of the budget, from where on the oldest that nothing holds goes...
pub const ROOM_PRESSED_PER_MILLE: u64 = 800;
/// ... until this is reached.
pub const ROOM_GOAL_PER_MILLE: u64 = 750;
/// Bytes that letting a status go gives back, about: its rows with their share of pages, base snapshots and index.
pub const ROOM_OF_A_STATUS: u64 = 3_000;
/// Bytes on the disk that a byte of a transaction becomes at most: in the log, in the engine and once more while that is
/// written anew (1.7 each), in three base snapshots, and in a search index that merges its parts.
pub const ROOM_OF_A_LOGGED_BYTE: u64 = 8;
/// Of 1000 bytes, from where on room is scarce.
pub const ROOM_SCARCE_PER_MILLE: u64 = 900;
/// Nothing is fetched from there on that nobody asked for.
pub const ROOM_SHORT_PER_MILLE: u64 = 950;
/// Nothing is taken from other servers from there on.
pub const ROOM_OUT_PER_MILLE: u64 = 980;
/// A state is left so many of 1000 bytes below where it is entered.
pub const ROOM_SLACK_PER_MILLE: u64 = 20;
/// Of 1000 bytes of the budget, what copies of pictures that are fetched before the room was first measured may take.
pub const ROOM_UNMEASURED_PER_MILLE: u64 = 10;
/// With so many bytes free, a disk is not full whatever its share.
pub const ROOM_DISK_PLENTY_BYTES: u64 = 5_000_000_000;
/// How often the room is measured, milliseconds.
pub const ROOM_LOOK_MS: i64 = 10_000;
/// How often backups on the same disk are measured where none is made, milliseconds: shipped log comes in small pieces.
pub const ROOM_BACKUPS_MS: i64 = 600_000;
/// Pause between two steps of a walk over a directory, milliseconds.
pub const ROOM_STEP_REST_MS: u64 = 5;
/// Steps of a walk that one look is worth: a walk of a hundred steps is made once in ten looks.
pub const ROOM_STEPS_A_LOOK: u64 = 10;
/// Hours of which the bytes are kept, to tell the growth: a week, weekends included.
pub const ROOM_GROWTH_HOURS: u32 = 168;
/// Hours without which nothing is said about growth.
pub const ROOM_GROWTH_HOURS_MIN: u64 = 24;

// --- automatic deletion of own statuses ---

/// Statuses deleted by one step: each is told to every server that has it.
pub const CLEANUP_AT_ONCE: usize = 10;
/// Milliseconds between two steps: with the above at most 14 400 statuses a day.
pub const CLEANUP_STEP_MS: i64 = 60_000;
/// Milliseconds between two passes: what has become old enough goes within six hours.
pub const CLEANUP_PASS_MS: i64 = 6 * HOUR_MS;
/// Statuses one step looks at: some ten milliseconds.
pub const CLEANUP_LOOKED_AT: usize = 500;
/// Statuses looked at to say how many would go.
pub const CLEANUP_PREVIEW_ROWS: usize = 20_000;
/// The highest number of favourites or reblogs that may be named.
pub const CLEANUP_COUNT_MAX: u32 = 1_000_000;
