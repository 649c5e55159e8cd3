//! Bounds of tables and archives that people bring and take along.

use crate::clock::DAY_MS;

/// Bytes of a table: ten thousand handles of a hundred bytes; its rows are stored in one commit of at most 2 MiB.
pub const IMPORT_BYTES: usize = 1024 * 1024;
/// Rows of a table; whoever follows more than `FOLLOWING_MAX` is refused row by row.
pub const IMPORT_ROWS: usize = 10_000;
/// Bytes of one field; longer than any handle or address that is taken.
pub const IMPORT_FIELD_BYTES: usize = 1024;
/// Languages of one row.
pub const IMPORT_LANGUAGES: usize = 20;
/// Rows of one stored part.
pub const IMPORT_PART_ROWS: usize = 100;
/// Bytes of one stored part, about; a value of the store has 64 KiB.
pub const IMPORT_PART_BYTES: usize = 32 * 1024;
/// Imports of one account that are told; the oldest that is over makes room for a new one.
pub const IMPORTS_KEPT: usize = 10;
/// Refused rows that are told.
pub const IMPORT_REFUSED_SHOWN: usize = 200;
/// Characters kept of what a refused row named; a hundred of them are one value of the store.
pub const IMPORT_SUBJECT_CHARS: usize = 100;
/// Rows of one import whose subjects are looked up at once.
pub const IMPORT_ROWS_AT_ONCE: usize = 8;
/// How long whom a row names may be looked for, milliseconds.
pub const IMPORT_ROW_MS: u64 = 20_000;
/// Rows looked at, and perhaps removed, in one commit at the end of an import that replaces: some twenty operations each.
pub const IMPORT_REST_AT_ONCE: usize = 20;
/// Rows of a kind that are counted on the page of what is stored about somebody.
pub const HELD_COUNTED: usize = 500;
/// Milliseconds between two archives of one account, as Mastodon.
pub const TAKEOUT_REST_MS: i64 = 7 * DAY_MS;
/// Milliseconds for which an archive can be taken, as Mastodon.
pub const TAKEOUT_KEPT_MS: i64 = 7 * DAY_MS;
/// Milliseconds after which an archive of which nothing came may be asked for again.
pub const TAKEOUT_FAILED_REST_MS: i64 = DAY_MS;
/// Milliseconds after which nobody waits any more for an archive that is still not written.
pub const TAKEOUT_WRITTEN_MS: i64 = 3 * DAY_MS;
/// Bytes of an archive.
pub const TAKEOUT_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;
/// All archives, and the one that is being written with what is written beside it, take at most one byte in so many of the
/// budget.
pub const TAKEOUTS_SHARE: u64 = 8;
/// Archives written at once.
pub const TAKEOUTS_AT_ONCE: usize = 1;
/// Milliseconds after which an archive whose turn has not come looks again.
pub const TAKEOUT_TURN_MS: i64 = 60_000;
/// Statuses that go into an archive in one read.
pub const TAKEOUT_STATUSES: usize = 20;
/// Pictures of one status that go into an archive, those of former versions among them.
pub const TAKEOUT_PICTURES: usize = 100;
/// Bytes of a file that go into an archive in one step.
pub const TAKEOUT_STEP_BYTES: usize = 256 * 1024;
/// Statuses after which the progress of an archive is stored.
pub const TAKEOUT_TOLD: u64 = 200;
/// Pages of a list of follows that are read: Mastodon puts twelve on one.
pub const FOLLOWS_PAGES: usize = 500;
/// Documents read for it, the account with its own included.
pub const FOLLOWS_DOCUMENTS: u32 = 520;
/// Milliseconds for reading one.
pub const FOLLOWS_MS: u64 = 10 * 60_000;
/// Times a server is asked again that does not answer; the pauses between grow.
pub const FOLLOWS_ATTEMPTS: u32 = 4;
/// Characters kept of why nothing came of it.
pub const SOURCE_WHY_CHARS: usize = 300;
/// Rows of a table written from one view.
pub const EXPORT_ROWS_AT_ONCE: usize = 200;
