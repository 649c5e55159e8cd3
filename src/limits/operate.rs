//! Bounds of what operators see to: commands, backups, a second machine, certificates.

use super::BLOCK_LIST_BYTES;
use crate::clock::{DAY_MS, HOUR_MS};

// --- commands and backups ---

/// Bytes of a command, or of a line of its answer, on the local control socket: a text of 60 000 bytes fits, however it
/// must be escaped, and so does a list of `BLOCK_LIST_BYTES` as people write them.
pub const CONTROL_BYTES: usize = 2 * BLOCK_LIST_BYTES + 64 * 1024;
/// Time until the next line on the local control socket is taken or given, seconds.
pub const CONTROL_SECONDS: u64 = 60;
/// Time for which a command waits until those who deliver have carried out what an operator decided, seconds: it takes
/// the flush under way and one more, of a few commits each where little is owed anew, of hundreds where very much is.
pub const STEERED_SECONDS: u64 = 30;
/// How often the schedule of backups is looked at, milliseconds.
pub const BACKUP_LOOK_MS: i64 = 30_000;
/// When a backup that failed is tried again, milliseconds.
pub const BACKUP_RETRY_MS: i64 = HOUR_MS;
/// All that lies with the backups is read when so many times have come at which one is to be seen restored: of a bucket
/// everything is fetched for it.
pub const BACKUP_READ_VERIFIES: i64 = 4;
/// How long that rests once it was broken off, milliseconds: whoever wanted that, and was told to try again, comes
/// first.
pub const BACKUP_READ_REST_MS: i64 = 10 * 60_000;
/// When that is tried again, milliseconds, where neither damage nor other work ended it: the target was away, most
/// likely, and nothing new is known of what lies there.
pub const BACKUP_READ_RETRY_MS: i64 = DAY_MS;
/// A backup younger than this, milliseconds, is not made anew although it could not be restored: each time costs a base
/// snapshot and all files, and where the disk goes on rotting the next one will not be better.
pub const BACKUP_ANEW_MS: i64 = 6 * HOUR_MS;
/// Rest between two objects of a backup while the disk is slow, milliseconds; while it stalls, until it is looked at again.
pub const BACKUP_PAUSE_MS: u64 = 250;
/// How often a command asks the server how far a backup has come, milliseconds.
pub const BACKUP_ASK_MS: u64 = 200;
/// Into so many parts files are divided that nobody may ask for in years (uploads, the log, base snapshots), and as many hours
/// it takes until each was read again: four weeks, as for what lies with the backups.
pub const REREAD_PARTS: u32 = 28 * 24;
/// Milliseconds from one part to the next.
pub const REREAD_PART_MS: i64 = HOUR_MS;
/// How often it is looked whether one is due, milliseconds; also how long a start is left alone.
pub const REREAD_LOOK_MS: i64 = 60_000;
/// Parts after which what was found damaged is looked at again: those of a day, since a bucket of backups may be asked for each
/// file. Where many parts are due, because the server was off, it is also written down then how far that has come.
pub const REREAD_DAY_PARTS: u32 = 24;
/// Damaged files that are kept in mind: where there are more, the disk has to go.
pub const REREAD_FOUND_MAX: usize = 100;
/// Of these, so many that are told one by one.
pub const REREAD_TOLD: usize = 5;
/// Time after which a command that still works says so, seconds.
pub const CONTROL_BEAT_SECONDS: u64 = 5;
/// Commands at work at once: a long one must not keep `dassie state` waiting.
pub const CONTROL_AT_ONCE: usize = 8;
/// Lines of long work that wait for whoever asked; then the work waits.
pub const CONTROL_LINES: usize = 64;
/// Long work on the store (a check) at once: more would only make each slower.
pub const MAINTENANCE_AT_ONCE: usize = 1;

// --- a second machine: shipping, the lease, object stores ---

/// Milliseconds between two looks for what is to be shipped, and between two looks of a standby. What may be lost is
/// what came within the pause and two rounds: five seconds while a round takes at most 1.5.
pub const SHIP_PAUSE_MS: i64 = 2_000;
/// Seconds by which the shipped log is behind, although no round failed, before that is told: a round of many files takes
/// some, and at most five are to be lost.
pub const SHIP_BEHIND_S: u64 = 60;
/// Times that pause is doubled while shipping fails: 64 s.
pub const SHIP_BACKOFF_DOUBLINGS: u32 = 5;
/// Times that pause is doubled while following fails: 8 s.
pub const FOLLOW_BACKOFF_DOUBLINGS: u32 = 2;
/// Milliseconds between two renewals of the lease, where a standby exists: six in a lease.
pub const LEASE_RENEW_MS: i64 = 5_000;
/// Milliseconds between two looks for a standby where none is known: requests to an object store cost.
pub const LEASE_LOOK_MS: i64 = 15_000;
/// Milliseconds that deliveries, jobs and inbound activities wait before they look again whether this machine may serve.
pub const FENCE_LOOK_MS: i64 = 1_000;
/// Milliseconds within which an object store begins to answer, besides the time for the bytes it is sent.
pub const S3_PATIENCE_MS: u64 = 10_000;
/// Bytes a millisecond at which an object goes over the slowest line that will do: half a megabit a second.
pub const S3_BYTES_PER_MS: u64 = 64;
/// Milliseconds before the first repeat of a request to an object store; doubled up to `S3_BACKOFF_MAX_MS`.
pub const S3_BACKOFF_MS: u64 = 200;
/// Milliseconds between two repeats at most.
pub const S3_BACKOFF_MAX_MS: u64 = 2_000;
/// Repeats of one request; whoever asked tries again by itself.
pub const S3_RETRIES: usize = 3;
/// Milliseconds after which a request is not repeated any more.
pub const S3_RETRY_MS: u64 = 10_000;
/// Objects of one listing, some 150 bytes each in memory.
pub const S3_LISTED_MAX: usize = 4_000_000;
/// Bytes of the prefix of names in a bucket.
pub const S3_PREFIX_BYTES_MAX: usize = 200;
/// Characters of what an object store said that are told on.
pub const S3_WORDS_MAX: usize = 500;

// --- the own certificate (RFC 8555) ---

/// Time for the TLS handshake of an inbound connection.
pub const HANDSHAKE_MS: u64 = 10_000;
/// Proofs that an authority may come for at once: one a name, and one that an earlier order left.
pub const PROOFS_MAX: usize = 8;
/// A chain of four certificates has some 8 KiB.
pub const CERTIFICATE_FILE_BYTES_MAX: u64 = 256 * 1024;
/// Milliseconds between two looks at whether the files of a certificate have changed.
pub const CERTIFICATE_FILES_LOOK_MS: i64 = 30_000;
/// With less than this part of its life left a certificate that was not renewed is told as a problem.
pub const CERTIFICATE_WORRY_SHARE: i64 = 5;
/// Milliseconds for one answer of an authority.
pub const ACME_ANSWER_MS: u64 = 20_000;
/// Bytes of one answer: a chain of four certificates has some 8 KiB.
pub const ACME_ANSWER_BYTES_MAX: usize = 256 * 1024;
/// Milliseconds until an authority has looked at the proofs, and again until it has signed.
pub const ACME_ORDER_MS: u64 = 90_000;
/// Milliseconds for an order from its beginning to its end.
pub const ACME_WHOLE_MS: u64 = 300_000;
/// Characters of what an authority says that are told on.
pub const ACME_WORDS_MAX: usize = 500;
/// Milliseconds before an order that failed is tried again; four times as long after each further failure. Authorities
/// bear five failures an hour.
pub const ACME_BACKOFF_MS: i64 = 120_000;
/// Milliseconds between two tries at most.
pub const ACME_BACKOFF_MAX_MS: i64 = 6 * HOUR_MS;
/// Milliseconds after a certificate came before the next one is asked for, whatever the clock says of its life: authorities
/// bear five a week for one name.
pub const ACME_REST_MS: i64 = 6 * HOUR_MS;
/// Milliseconds for which an authority that says so is left alone.
pub const ACME_TOO_OFTEN_MS: i64 = 3 * HOUR_MS;

// --- what stands around the server: its name, its clock, its service manager ---

/// Bytes of an answer that `dassie doctor` looks at: an authority's directory.
pub const DOCTOR_BYTES_MAX: usize = 64 * 1024;
/// Milliseconds for which the first page waits to hear whether a port is held.
pub const WAYS_LOOKED_MS: u64 = 500;
/// Seconds that a clock may be off before it is told: signatures bear 300.
pub const CLOCK_OFF_SECONDS: i64 = 60;
/// Milliseconds a read may take before the service manager's watchdog is not told.
pub const WATCHDOG_READ_MS: u64 = 10_000;
