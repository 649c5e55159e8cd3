//! Bounds of the store, each with its unit and reason (DESIGN §3, limits).

use std::time::Duration;

/// Bytes of a key. Every engine we may ever use takes this much.
pub const KEY_MAX: usize = 512;
/// Bytes of a value. Larger bodies are chunks of one commit.
pub const VALUE_MAX: usize = 64 * 1024;
/// Operations of one transaction.
pub const TRANSACTION_OPERATIONS_MAX: usize = 500;
/// Bytes of keys and values of one transaction.
pub const TRANSACTION_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Events of one transaction: about two for each operation.
pub const TRANSACTION_EVENTS_MAX: usize = 1000;
/// Bytes of one record of the log: a transaction, its framing and its events.
pub const RECORD_BYTES_MAX: usize = TRANSACTION_BYTES_MAX + 256 * 1024;

/// Transactions waiting for the sequencer; beyond this `submit` answers `Overloaded`.
pub const QUEUE_MAX: usize = 4096;
/// Transactions executed but not yet handed to the log: enough for a full group of 64 clients.
pub const BURST_MAX: usize = 128;
/// Bytes executed but not yet durable; the sequencer waits beyond this.
pub const GROUP_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Bytes of the overlay beyond which the sequencer waits for the engine (DESIGN: 8-16 MiB).
pub const OVERLAY_BYTES_MAX: usize = 12 * 1024 * 1024;
/// What an overlay entry costs beside its bytes, roughly: a node of the map, a version, two counters.
pub const OVERLAY_ENTRY_BYTES: usize = 160;
/// Places of the changes of rows, eight bytes each (2 MiB): a thing made of 40 rows and kept in memory is made anew in vain
/// about once in 600 transactions that change five other rows each.
pub const CHANGE_PLACES: usize = 1 << 18;
/// What a thing kept in memory costs beside its own bytes, roughly: an entry of the map, counters, its basis.
pub const KEPT_ENTRY_BYTES: usize = 128;
/// How long the sequencer waits for the engine to be reopened before it answers `Unavailable`.
pub const ENGINE_WAIT: Duration = Duration::from_secs(5);
/// How long a check waits for a checkpoint that is made anew: the applier ends its step before, on a slow disk too.
pub const CHECKPOINT_WAIT: Duration = Duration::from_secs(60);
/// When an overloaded store is worth another try.
pub const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Bytes of a log segment. Two are there however little is stored, the one in use and the next.
pub const SEGMENT_BYTES: u64 = 32 * 1024 * 1024;
/// Bytes of the segment made while the store opens: the first start must not wait for all those zeros.
pub const FIRST_SEGMENT_BYTES: u64 = 4 * 1024 * 1024;
/// Bytes zero-filled by one write.
pub const FILL_BYTES: usize = 1024 * 1024;
/// Rest of the thread that makes the next segment of the log beforehand after it failed.
pub const SEGMENT_RETRY: Duration = Duration::from_secs(1);
/// Bytes of log between two remembered positions inside a segment.
pub const LOG_INDEX_STEP: u64 = 256 * 1024;
/// Bytes of log that force a base snapshot; with twice as many, or if that fails, the log is overfull.
pub const LOG_BYTES_MAX: u64 = 8 * 1024 * 1024 * 1024;
/// Bytes of log behind the newest base that make another due, or half the engine's size if that is more and the last base
/// has not rested: a small store is not copied all the time, a large one is written twice at most for each byte of log.
pub const BASE_LOG_BYTES: u64 = 64 * 1024 * 1024;
/// A base has rested after so many times as long as it took: writing them takes a twentieth of the time.
pub const BASE_REST: u32 = 20;
/// In a quiet store that keeps much log another comes sooner: a burst is followed by two.
pub const BASE_REST_QUIET: u32 = 1;
/// A store is quiet whose log would grow so long until a base is due: less than 112 KB a second with the sizes there are,
/// some 150 statuses.
pub const QUIET_TIME: Duration = Duration::from_secs(600);
/// Time between two looks at the pace of the log.
pub const QUIET_LOOK: Duration = Duration::from_secs(5);
/// Bytes of rows in a block of a base before it is packed: small enough to hold, large enough to pack well.
pub const BASE_BLOCK_BYTES: usize = 128 * 1024;
/// Bytes of a base or an object of a backup after which they are to go to the disk.
pub const WRITE_BACK_BYTES: usize = 128 * 1024;
/// Bytes of them between two syncs: one of more at once would hold up those of the log, and so would a file system that
/// writes down for each that the file has grown.
pub const BACKGROUND_SYNC_BYTES: u64 = 1024 * 1024;
/// Writing a base and a backup on the disk of the log rests so many times as long as it worked, reading and writing: the
/// log's syncs then seldom meet it.
pub const BACKGROUND_REST: u32 = 2;
/// The same while the log is written to: nine of ten posts then do not meet it, and what the tenth waits is no longer what
/// one in a hundred of them all waits.
pub const BACKGROUND_REST_BUSY: u32 = 9;
/// For so long after it grew the log counts as being written to.
pub const BACKGROUND_BUSY: Duration = Duration::from_secs(1);
/// Steps by which the threads of the search index and of backups lower their priority: where others want all processors, some
/// tenth of one is left to them. Not the one of base snapshots: the log waits for those.
pub const BACKGROUND_STEPS: i32 = 10;
/// Below this no rest is worth its wake-up.
pub const BACKGROUND_WORK_MIN: Duration = Duration::from_millis(1);
/// The longest such rest: a disk that hangs is not to make the work last for ever.
pub const BACKGROUND_REST_MAX: Duration = Duration::from_secs(1);
/// Bases kept: if the newest is damaged, the one before and the log behind it have everything.
pub const BASES_KEPT: usize = 2;
/// How long after a failed base snapshot, or after segments that were in use, it is tried again.
pub const BASE_RETRY: Duration = Duration::from_secs(60);
/// Rows of one engine commit while it is filled.
pub const IMPORT_ROWS_MAX: usize = 5000;
/// Bytes of one engine commit while it is filled.
pub const IMPORT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Rows, or transactions, of a rebuild below which nothing is said of its progress.
pub const PROGRESS_MIN: u64 = 10_000;
/// How long the log lies idle before an empty header protects its last group.
pub const IDLE_HEADER: Duration = Duration::from_secs(1);

/// Transactions of one engine commit, while running and while replaying.
pub const APPLY_TRANSACTIONS_MAX: usize = 512;
/// How long the applier gathers transactions: an engine commit for each costs three times the processor time.
pub const APPLY_GATHER: Duration = Duration::from_millis(20);
/// Unapplied bytes at which the applier stops gathering.
pub const APPLY_GATHER_BYTES: usize = 256 * 1024;
/// Steps in which it is known how long the engine is behind the log.
pub const LAG_STEP: Duration = Duration::from_millis(100);
/// Time between two checkpoints while something is written.
pub const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(5);
/// Bytes applied that make a checkpoint due before its time.
pub const CHECKPOINT_BYTES: u64 = 16 * 1024 * 1024;
/// The first wait before a failed engine is opened again; doubled up to `REOPEN_WAIT_MAX`.
pub const REOPEN_WAIT: Duration = Duration::from_millis(50);
/// Failures to open an engine after which its files are given up and it is rebuilt from the log.
pub const REOPEN_TRIES: u32 = 5;
/// The longest wait before a failed engine is opened again.
pub const REOPEN_WAIT_MAX: Duration = Duration::from_secs(5);

/// How long a lock of the directory is tried before another process is said to hold it.
pub const LOCK_WAIT: Duration = Duration::from_millis(200);
/// Bytes that must stay free on the disk; 1/8 of the engine's file if that is more.
pub const FREE_BYTES_MIN: u64 = 256 * 1024 * 1024;
/// Bytes by which a transaction may make rows grow although the disk is full, if it says that it makes room or lets
/// somebody in: counters, a job and a tombstone; far below `FREE_BYTES_MIN`.
pub const FULL_PUT_BYTES: usize = 16 * 1024;
/// Bytes of the reserve file, released when the disk is full so that deletes can run.
pub const RESERVE_BYTES: u64 = 64 * 1024 * 1024;
/// Time between two looks for the reserve file: once released it is made again where there is room.
pub const RESERVE_LOOK: Duration = Duration::from_secs(60);

/// Rows read from an engine at a time while all of it is; `apply` waits for one such part at most.
pub const EXPORT_PART_ROWS: usize = 256;
/// Bytes of rows read from an engine at a time while all of it is.
pub const EXPORT_PART_BYTES: usize = 256 * 1024;
/// Bytes of redb's cache (measured: more brings nothing, the system's cache does the work).
pub const REDB_CACHE_BYTES: usize = 32 * 1024 * 1024;
/// Bytes of sled's cache, for each clone.
pub const SLED_CACHE_BYTES: usize = 16 * 1024 * 1024;
/// Clones of sled's handle for readers: each has a cache of its own.
pub const SLED_READERS: usize = 4;
/// Times that sled may look again for the row of one call before that counts as damage: it takes one or two where
/// another thread splits a leaf, and would go on for ever where the leaf is not what the index says.
pub const SLED_TRIES: u32 = 20_000;
/// A start that reads no further row of sled's for twice this time gives its directory up; so does a close after it.
pub const SLED_STUCK: Duration = Duration::from_secs(15);
/// Resident bytes of the process beyond which sled's handles are dropped and opened again: its memory only grows.
pub const SLED_RSS_MAX: u64 = 512 * 1024 * 1024;
/// sled's next checkpoint comes no sooner than this many times the last one's duration.
pub const SLED_CHECKPOINT_REST: u32 = 4;

/// Milliseconds by which the stored high-water mark of ids runs ahead: one extra operation a second.
pub const ID_MARK_AHEAD_MS: u64 = 1000;
/// Draws of random low bits before an id moves to the millisecond before.
pub const ID_DRAWS: u32 = 32;
/// Milliseconds an id at a given time may move back to find a free number.
pub const ID_STEPS: u32 = 64;

/// Overlay rows taken at a time by a scan.
pub const SCAN_CHUNK: usize = 64;
/// Rows at each end of a table that go into the checkpoint's sample.
pub const SAMPLE_ROWS: usize = 8;
/// Seconds of a slot of the latency window.
pub const WINDOW_SLOT_SECONDS: u64 = 5;
/// Slots of the latency window beside the one being filled: half a minute. A disk that turns slow syncs less often, so that the fast syncs of before
/// outnumber the slow ones until they leave the window; it must be shorter than the minute in which the change is told.
pub const WINDOW_SLOTS: u64 = 6;
/// One read of the engine in this many is timed: looking at the clock twice costs as much as a read from memory.
pub const READ_SAMPLE: u64 = 64;
/// Hours of latency kept: 30 days.
pub const HOURS_KEPT: usize = 720;
/// Syncs an hour must have seen to count for what is normal.
pub const HOUR_SAMPLES_MIN: u64 = 20;
/// Hours without which nothing is said to be normal: a day, with its busy and its quiet ones.
pub const NORMAL_HOURS_MIN: u64 = 24;
/// Syncs of which one in a hundred can be told: of fewer it is the slowest, and says nothing.
pub const P99_SAMPLES_MIN: u64 = 100;
/// Syncs or reads a minute must have seen to count for what is normal before a day is known; the probe alone makes five.
pub const MINUTE_SAMPLES_MIN: u64 = 4;
/// Minutes without which nothing is said to be normal.
pub const NORMAL_MINUTES_MIN: u64 = 5;
/// Hours over which the growth of the data is reckoned: a week, weekends included.
pub const GROWTH_HOURS: i64 = 168;
/// Hours without which nothing is said about growth.
pub const GROWTH_HOURS_MIN: u64 = 24;
/// Bytes of the latency file: `HOURS_KEPT` hours with every bucket of every purpose in use.
pub const LATENCY_FILE_BYTES_MAX: usize = 6 * 1024 * 1024;
/// Bytes of the file that says how far files were read again: far more names of damaged ones than are kept in mind.
pub const REREAD_FILE_BYTES_MAX: usize = 64 * 1024;
/// Transactions of a segment that is read again between two rests: well below a megabyte of most.
pub const REREAD_TRANSACTIONS: u64 = 64;
/// Hours before the one under way whose syncs are told by what they were for: a day with it.
pub const SYNCS_TOLD_HOURS: i64 = 23;
/// Time between two writings of the latency file: what a crash may forget.
pub const LATENCY_FILE_INTERVAL: Duration = Duration::from_secs(600);
/// Time without a sync after which the probe makes one: two of 2 s each fit into the latency window, and a day of them
/// writes 35 MB.
pub const PROBE_INTERVAL: Duration = Duration::from_secs(10);
/// How often the probe looks whether something is to be done.
pub const PROBE_TICK: Duration = Duration::from_secs(1);
/// Bytes the probe writes: a page.
pub const PROBE_BYTES: usize = 4096;
/// Time between two looks at the free room for the state; writers look for themselves.
pub const SPACE_INTERVAL: Duration = Duration::from_secs(60);
/// Entries of a directory looked at in one step: some milliseconds.
pub const USAGE_STEP: usize = 1_000;
/// Directories that may wait in one walk; a store of files has some hundreds a level.
pub const USAGE_DIRECTORIES_MAX: usize = 65_536;
/// Bytes an engine takes for 100 bytes of keys and values: half-filled pages, inner ones, what readers still hold.
pub const ENGINE_ROOM_PER_CENT: u64 = 170;
/// Bytes an engine takes without rows: a page for each table, what it notes of its pages, what commits leave behind.
pub const ENGINE_EMPTY_BYTES: u64 = 2 * 1024 * 1024;
/// That is never more than this part of the budget.
pub const ENGINE_EMPTY_SHARE: u64 = 32;
/// Part of the budget that may be free inside an engine's file before it is written anew.
pub const ENGINE_SLACK_SHARE: u64 = 16;
/// Writing the engine anew rests so many times as long as it took...
pub const SHRINK_REST: u32 = 20;
/// ... and only so many where little room is left beside it: others wait for that.
pub const SHRINK_REST_SHORT: u32 = 2;
/// Part of the log's cap by which it may grow while the engine is written anew.
pub const SHRINK_LOG_SHARE: u64 = 4;
/// Bytes of rows between two syncs of an engine that is written anew.
pub const SHRINK_SYNC_BYTES: usize = 2 * 1024 * 1024;
/// They are at most this part of the budget: how far a look at what is left of it may be behind...
pub const SHRINK_SYNC_SHARE: u64 = 128;
/// ... but not fewer than this, or it would do nothing but sync.
pub const SHRINK_SYNC_BYTES_MIN: usize = 128 * 1024;
/// Times the log is replayed beside before the applier waits for the rest of it.
pub const SHRINK_ROUNDS: u32 = 8;
/// A log segment is no smaller than this, however small the budget: a group must fit.
pub const SEGMENT_BYTES_MIN: u64 = 4 * 1024 * 1024;
/// Findings after which a check stops: the rest is no news.
pub const FINDINGS_MAX: usize = 1000;
/// Rows a check reads by one view: some milliseconds, as for the search index.
pub const CHECK_ROWS: usize = 200;
/// Bytes of rows a check holds at a time; one more row may come on top.
pub const CHECK_BYTES: usize = 1024 * 1024;
/// Reads of rows and their relatives after which a check ends its view.
pub const CHECK_READS: usize = 5_000;
/// Rows a check counts in one view; more are counted in several, and held against the log.
pub const CHECK_COUNTED: usize = 20_000;
/// Statuses of other servers that a check looks for in the queues of retention at a time; for each lot those are read through
/// once, and 9 bytes of memory are taken for each status.
pub const CHECK_ARRIVALS: usize = 1_000_000;
/// Rows a mending rule counts again: what a rule may scan.
pub const CHECK_RULE_ROWS: usize = 200;
/// Rows read one by one for a number that no range of keys counts (references to a file, uses of a tag, votes, quotes); a
/// number over more is passed over, because each look costs as much again.
pub const CHECK_REFERRERS: usize = 1_000;
/// Flaws mended by one transaction; each may read and write a few rows.
pub const CHECK_MENDED: usize = 20;
/// Parts of an import, and so records of refused rows: 10 000 rows in parts of 100, and some more where rows are long.
pub const IMPORT_PARTS: usize = 160;
/// Parts that a list of domains to block has at most: `limits::BLOCK_LIST_ROWS` of the program by 100, and some for long
/// comments.
pub const BLOCK_LIST_PARTS: usize = 160;
/// Looks at a number that moves all the time, after which it is left alone.
pub const CHECK_TRIES: u32 = 3;
/// Jobs looked through for one that is about to remove what a check finds, or what is told to be deleted once more.
pub const CHECK_JOBS: usize = 500;
/// Transactions of the log between two words on how far a check is.
pub const CHECK_TOLD: u64 = 1_000;
/// Segments of one log; beyond this something is wrong with the directory.
pub const SEGMENTS_MAX: usize = 1_000_000;

/// Statuses written to the search index by one commit, about; also how many changes end its rest.
pub const SEARCH_BATCH: usize = 2_000;
/// Statuses written to a search index that is made anew by one commit: each commit syncs half a dozen files and leaves a
/// part behind that is merged later; so many come to a second or two, in which it cannot be stopped. As many marks and
/// answers are read from the log for one commit: each may be of somebody here, and a document to write.
pub const SEARCH_ROWS: usize = 10_000;
/// A search index that is made anew takes at least so long for a status, 6 000 a second: the syncs of its commits are felt
/// by whoever posts meanwhile.
pub const SEARCH_REBUILD_PACE: Duration = Duration::from_micros(166);
/// Statuses remembered that changed ahead of the rows from which a search index is made anew, eight bytes each and some
/// more: beyond that everything is replaced, as if it were there.
pub const SEARCH_AHEAD: usize = 200_000;
/// Rows read by one view for the search index: some milliseconds.
pub const SEARCH_READ_ROWS: usize = 200;
/// Statuses described by one view for the search index: who of this server had to do with one is looked for
/// among some 3 000 people at most.
pub const SEARCH_DESCRIBED: usize = 20;
/// Bytes the search index holds while it is written; the least its library takes.
pub const SEARCH_WRITER_BYTES: usize = 15_000_000;
/// Documents of a part of the search index beyond which it is not merged with others any more: a merge stays a matter of
/// seconds.
pub const SEARCH_MERGE_DOCUMENTS: usize = 200_000;
/// Part of a part's documents that are deleted or replaced, from which on it is written anew: they take room until then.
pub const SEARCH_MERGE_DELETED: f32 = 0.25;
/// How long changes are gathered for the search index after a quiet time.
pub const SEARCH_GATHER: Duration = Duration::from_millis(300);
/// The search index rests after a commit this many times as long as it took...
pub const SEARCH_REST: u32 = 50;
/// ... at least this long ...
pub const SEARCH_REST_MIN: Duration = Duration::from_secs(5);
/// ... and at most this long.
pub const SEARCH_REST_MAX: Duration = Duration::from_secs(30);
/// An edit or deletion waits no longer for the search index than this.
pub const SEARCH_EDIT_MAX: Duration = Duration::from_secs(7);
/// Without any hint the search index looks at the log this often.
pub const SEARCH_IDLE: Duration = Duration::from_secs(60);
/// Transactions read without a change for the search index after which its position is committed all the same.
pub const SEARCH_UNCOMMITTED: u64 = 100_000;
/// Pause before a search index that failed is opened again.
pub const SEARCH_RETRY: Duration = Duration::from_secs(5);
/// Failures in a row after which the search index is made anew.
pub const SEARCH_FAILURES: u32 = 3;
/// Documents that a search for the best scores, about: of more, those written last. Each costs some 100 ns.
pub const SEARCH_SCORED: u64 = 200_000;
/// In a search for the best, a status weighs half as much as one that is so much newer and fits as well.
pub const SEARCH_HALF_LIFE: Duration = Duration::from_secs(2 * 365 * 24 * 60 * 60);
/// Transactions read from the log for one commit of the search index: it can be stopped between two of these.
pub const SEARCH_TRANSACTIONS: usize = 20_000;
/// Time between two log lines on a search index being made.
pub const SEARCH_TOLD: Duration = Duration::from_secs(10);

/// Bytes of log in one piece of a backup before it is packed.
pub const PIECE_BYTES: usize = 4 * 1024 * 1024;
/// Bytes of a part of a file in a backup.
pub const BACKUP_PART_BYTES: usize = 8 * 1024 * 1024;
/// Bytes of a part of a base in a backup: what is summed up and sealed at once, beside those who post.
pub const BACKUP_BASE_PART_BYTES: usize = 2 * 1024 * 1024;
/// Bytes of log behind the newest base of a backup that make another due, or half of that base if it is more: a restore
/// replays at most so much.
pub const BACKUP_LOG_BYTES: u64 = 64 * 1024 * 1024;
/// Age of the newest base of a backup at which another is due if anything was written since: a rotten one is outlived.
pub const BACKUP_BASE_MS: i64 = 7 * 24 * 60 * 60_000;
/// How long a point that was let go protects what it names: a restore from it under way comes to its end.
pub const BACKUP_GRACE_MS: i64 = 24 * 60 * 60_000;
/// An object in a directory that was begun so long ago, milliseconds, is written by nobody any more: one of 16 MiB takes minutes
/// at most, and clocks of two machines may differ.
pub const BACKUP_UNFINISHED_MS: u64 = 24 * 60 * 60_000;
/// Files of a backup: while one is made all are in memory, some 500 bytes each (their path three times, 290; the tree that
/// holds them, 160; their hash once more, 40).
pub const BACKUP_FILES_MAX: usize = 2_000_000;
/// Files in one list of a backup.
pub const BACKUP_LIST_FILES: usize = 4096;
/// One file in so many, by its path, ends a list: a new file changes one list and not all behind it.
pub const BACKUP_LIST_CUT: u32 = 1024;
/// Bytes of a path below the data directory.
pub const BACKUP_PATH_BYTES: usize = 512;
/// Directories below each other under `DATA/media`.
pub const BACKUP_DEPTH: usize = 8;
/// How long a backup waits for the engine to hold what is durable.
pub const BACKUP_WAIT: Duration = Duration::from_secs(60);
/// How long a server that was seen to have a standby may serve after it began to renew its lease. Long enough for six
/// renewals, short enough to wait for.
pub const LEASE: Duration = Duration::from_secs(30);
/// How long a standby waits after its claim is stored before it serves: the lease, and a sixteenth of it for two clocks
/// that do not run equally fast (quartz is a thousand times better).
pub const HANDOVER: Duration = Duration::from_millis(30_000 + 30_000 / 16);
/// A claim must be stored within this time after the claims before it were read, or it does not count: half a lease, so
/// that whoever serves by an older claim has seen it before the wait for that one ended.
pub const CLAIM_TIME: Duration = Duration::from_secs(15);
/// Claims that are read; each takes a promotion, and only the highest count.
pub const CLAIMS_MAX: usize = 1000;
/// Pieces of log shipped one by one before they are put together: with one every 2 s some 170 larger ones a day stay.
pub const SMALL_PIECES_MAX: usize = 256;
/// Bytes of a piece above which it is not put together with others.
pub const SMALL_PIECE_BYTES: u64 = 64 * 1024;
/// Files shipped in one round before the log that names them; a transaction is not split, so one round may have more.
pub const SHIP_FILES: usize = 256;
/// Bytes of files shipped in one round: the log behind them waits no longer than these take.
pub const SHIP_FILE_BYTES: u64 = 64 * 1024 * 1024;
/// Parts of a file that is fetched by its hash alone, when nobody knows how long it is: 32 GiB.
pub const BACKUP_FILE_PARTS: u64 = 4096;
/// Files named to people where there may be many.
pub const FILES_TOLD: usize = 5;
/// Bytes of the file that says which machine this is.
pub const MACHINE_BYTES_MAX: usize = 4096;

// --- files beside the store --------------------------------------------------------------------------------------------

/// Bytes of a file being received that are read back into memory; what may be sent is bounded by the server, lower.
pub const UPLOAD_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Files looked at in one step of a search for unreferenced ones.
pub const SWEEP_MAX: usize = 4_000;

// --- what happens here, and who is found -----------------------------------------------------------------------------

/// Days whose counters are kept: a year and a month, some 20 KiB.
pub const ACTIVITY_DAYS_KEPT: u64 = 397;
/// Weeks whose counters are kept: the same time.
pub const ACTIVITY_WEEKS_KEPT: u64 = 57;
/// Counters beyond those that go with the first one of a day; one comes a day.
pub const ACTIVITY_FORGOTTEN_AT_ONCE: usize = 8;
/// Accounts of earlier versions brought into the directory in one transaction: at most five operations each, of 500.
pub const DIRECTORY_SETTLE_STEP: usize = 90;
/// Requests of earlier versions that are looked at in one transaction: at most two operations each, of 500.
pub const LEAVES_SETTLE_STEP: usize = 200;
/// Accounts of earlier versions whose words are looked at in one transaction ...
pub const ACCOUNT_WORDS_SETTLE_STEP: usize = 90;
/// ... which ends behind the account with which so many rows have changed: one has 32 of them at most, and a transaction
/// 500 operations.
pub const ACCOUNT_WORDS_SETTLE_CHANGES: usize = 400;

// --- accounts that are gone ------------------------------------------------------------------------------------------

/// How long the keys of a deleted account are kept for servers that do not answer, milliseconds: 30 days.
pub const SIGNER_KEPT_MS: i64 = 30 * 24 * 60 * 60_000;

/// Rows read in one view to see which accounts they name: some 5 µs each.
pub const NAMES_ROWS: usize = 500;
/// Bytes of them, beyond which the step ends.
pub const NAMES_BYTES: usize = 256 * 1024;

// --- links sent by mail ----------------------------------------------------------------------------------------------

/// Links sent by mail that one account may have at once; the oldest goes.
pub const MAIL_LINKS: usize = 8;

// --- uses of access --------------------------------------------------------------------------------------------------

/// Time between two uses of a token or session that are written down, milliseconds: people want to know the day.
pub const USE_TOLD_MS: i64 = 60 * 60_000;

// --- passkeys --------------------------------------------------------------------------------------------------------

/// Passkeys of one account: some devices and a spare or two.
pub const PASSKEYS: usize = 10;

// --- second factors --------------------------------------------------------------------------------------------------

/// Codes of an account that stand in for the program that makes codes.
pub const SPARE_CODES: usize = 10;
/// Browsers in which one account may be half signed in at once; the oldest goes.
pub const SECOND_STEPS: usize = 8;

// --- reactions -------------------------------------------------------------------------------------------------------

/// Kinds of emoji on one status: all are shown with it, and looked through for one person.
pub const REACTION_KINDS_MAX: usize = 40;

// --- leave to answer -------------------------------------------------------------------------------------------------

/// Replies that stand apart at once because what they showed for leave to answer was taken back: some 50 rows each and their
/// hashtags, of 500. It names one; a few more showed it if its server changed it.
pub const REPLIES_OF_STAMP: usize = 5;

// --- emoji of this server's own --------------------------------------------------------------------------------------

/// Emoji of this server's own: apps and pages get all of them at once, some 300 bytes each.
pub const CUSTOM_EMOJI_MAX: usize = 2_000;

// --- collections -----------------------------------------------------------------------------------------------------

/// Collections an account here has at most, all looked through when a block comes between two.
pub const COLLECTIONS_PARTED: usize = 10;
/// Milliseconds after which a thread or profile that is still being read is asked for anew: its job was given up.
pub const BACKFILL_GIVEN_UP_MS: i64 = 24 * 60 * 60_000;

// --- who got what ----------------------------------------------------------------------------------------------------

/// Inboxes of one activity that are compared with those of another: two sets of some 700 KB each at most, in a few
/// milliseconds. What went to more is remembered for each change.
pub const COMPARED_INBOXES: usize = 100_000;

// --- what an operator does about deliveries --------------------------------------------------------------------------

/// Peers that are paused at most: all are read when deliveries begin, and in the transaction that pauses one more.
pub const PAUSES_MAX: usize = 200;
/// Rows owed to a peer made due in one transaction, and shared inboxes of it that are tried again in the last of them: one
/// operation each, of 500.
pub const RETRY_STEP: usize = 200;
/// Rows owed to a peer dropped in one transaction: up to eleven operations each, of 500, where an activity ends with
/// it. Those dropped because they were becoming rows meanwhile may be of as many peers: up to twelve each, with the row
/// of the peer.
pub const PURGE_STEP: usize = 40;
/// Rows owed to peers that make room for new ones in one transaction: up to thirteen operations each, of 500, where an
/// activity ends with it; the rest of `DELIVERY_SPILL_STEP` (of the server) go with them, three operations each.
pub const DISPLACED_STEP: usize = 20;
/// Inboxes that an activity names as never to have it, at most 17 bytes each; the others are counted. So that a full disk
/// takes it: `PURGE_STEP` such lists have less than `FULL_PUT_BYTES`.
pub const UNDELIVERED_TOLD: usize = 20;
/// Activities kept by server that it would not have, the newest; some 100 bytes each.
pub const REFUSALS_TOLD: usize = 10;
/// Characters kept of the id of such an activity.
pub const REFUSED_URI_CHARS: usize = 300;
/// Places for what was dropped of what other servers brought, by server, type and reason; some 200 bytes each. Whoever brings
/// what is dropped for ever new reasons displaces no more than these.
pub const DROPPED_MAX: u32 = 2_048;
/// Characters kept of the type of an activity that was dropped.
pub const DROPPED_KIND_CHARS: usize = 40;
/// Characters kept of its actor's uri.
pub const DROPPED_ACTOR_CHARS: usize = 300;

// --- audiences -------------------------------------------------------------------------------------------------------

/// Accounts of an audience whose servers' blocks are looked up one by one; of more all blocks are read at once.
pub const BLOCKS_ASKED_SINGLY: usize = 200;
/// Domain blocks that are read at once, some 100 bytes each, in a millisecond or two.
pub const BLOCKS_AT_HAND: usize = 2_000;

// --- relays ----------------------------------------------------------------------------------------------------------

/// Relays at most: all are read when a public status is posted.
pub const RELAYS_MAX: usize = 20;
/// Relays for one hashtag at most, of all relays of tags together: all of one go in the commit that removes it, five
/// operations each, of 500.
pub const TAG_RELAYS_MAX: usize = 80;
/// Between the last who ceases to follow a hashtag and the look whether its relays are left, milliseconds: whoever follows
/// and unfollows by turns asks and leaves a relay once in this time.
pub const TAG_RELAY_REST_MS: i64 = 60 * 60_000;

// --- waves of spam ---------------------------------------------------------------------------------------------------

/// What many strangers say alike is remembered for one to two of these spans, milliseconds.
pub const WAVE_SPAN_MS: i64 = 6 * 60 * 60_000;
/// Strangers remembered of what is said alike: one more than it takes to call it a wave.
pub const WAVE_SENDERS: usize = 4;
/// Mentions remembered that were told before it was one, to be taken back: five operations each, of 500.
pub const WAVE_TOLD: usize = 16;
/// New accounts that are told apart within a span: as many as make a flood.
pub const WAVE_NEWCOMERS: usize = 40;
/// Domains of theirs that are named.
pub const WAVE_SITES: usize = 20;
/// How often strangers of one domain speak to one account is counted by spans of so many milliseconds.
pub const UNASKED_SPAN_MS: i64 = 60 * 60_000;
/// Old rows looked at with each new one: more than one, so that they cannot pile up.
pub const WAVE_SWEPT: usize = 4;
