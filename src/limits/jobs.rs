//! Bounds of jobs: the runner, inbound activities, deliveries (DESIGN §3, §5; SECURITY C8, E3, E4).

use super::{DOCUMENT_MAX_BYTES, URI_BYTES_MAX};
use crate::clock::{DAY_MS, HOUR_MS};

/// Rows read by one look at a queue.
pub const JOB_READ_ROWS: usize = 200;
/// Reports or events taken at once before a queue looks for more work.
pub const JOB_BATCH: usize = 256;
/// Operations put into one commit; a transaction takes 500, and some rules need a few more than they say.
pub const JOB_OPERATIONS: usize = 400;
/// Jobs of one class running at once.
pub const JOBS_AT_ONCE: usize = 8;
/// Jobs of one class that wait for a turn at some host meanwhile, and hold what they have read so far; beyond it they come
/// again later.
pub const JOBS_ASIDE: usize = 32;
/// Time after which a job that still waits for other servers counts each time as a try, milliseconds: none stays for ever.
pub const JOB_WAITS_MAX_MS: i64 = DAY_MS;
/// Pause after the store could not be read or written, milliseconds.
pub const JOB_STORE_RETRY_MS: i64 = 1_000;
/// Characters kept of an error.
pub const JOB_ERROR_CHARS: usize = 200;
/// Time between two removals of what only grows old, milliseconds.
pub const PRUNE_EVERY_MS: i64 = HOUR_MS;
/// Inbound activities processed at once, those that linger apart.
pub const INBOUND_AT_ONCE: usize = 64;
/// Inbound activities processed at once that servers below one registered domain brought.
pub const INBOUND_PER_HOST: usize = 16;
/// Inbound activities of one actor that are carried out side by side, if their kind allows it.
pub const INBOUND_STRETCH: usize = 8;
/// Time after which an inbound activity lingers: it waits for another server.
pub const INBOUND_LINGER_MS: u64 = 500;
/// Inbound activities that may linger at once.
pub const INBOUND_LINGERING: usize = 64;
/// Pause before a row that could not be read is tried again, milliseconds.
pub const INBOUND_UNREADABLE_MS: i64 = 60_000;
/// Bytes of an activity parsed on an async worker; longer ones take a millisecond and more.
pub const PARSED_INLINE_BYTES: usize = 64 * 1024;
/// Bytes of HTML sanitised on an async worker, some 0.3 ms; longer ones beside.
pub const SANITISED_INLINE_BYTES: usize = 4 * 1024;
/// Keys of others kept ready to verify with, some 4 KiB each.
pub const READ_KEYS_MAX: usize = 512;
/// How long a request waits for the key it was signed with, milliseconds.
pub const KEY_WAIT_MS: u64 = 3_000;
/// Time after which a fetch of a key, or a request that waits for one, counts as slow and leaves its place to others,
/// milliseconds.
pub const KEY_LINGER_MS: u64 = 500;
/// Requests that wait for keys at once, the slow ones apart; beyond it the sender shall come again, and finds the key then.
pub const KEY_WAITING: usize = 256;
/// Slow requests of these; beyond it the sender shall come again.
pub const KEY_WAITING_SLOW: usize = 256;
/// Of them for keys below one registered domain: one that hangs must leave room for others.
pub const KEY_WAITING_PER_HOST: usize = 32;
/// Keys being fetched at once, waited for or not, the slow ones apart.
pub const KEY_FETCHES_AT_ONCE: usize = 256;
/// Slow fetches of these; beyond it they keep the places of the others.
pub const KEY_FETCHES_SLOW: usize = 256;
/// Of them below one registered domain.
pub const KEY_FETCHES_PER_HOST: usize = 32;
/// Servers never heard of before below one registered domain whose keys are asked for within `NEW_HOSTS_MS` (Mastodon: 10).
pub const NEW_HOSTS_PER_SITE: usize = 10;
/// Such servers of all domains within that time; their names are kept in memory, some 100 bytes each.
pub const NEW_HOSTS: usize = 5_000;
/// That time, milliseconds.
pub const NEW_HOSTS_MS: i64 = HOUR_MS;
/// For how long a key that could not be had is not asked for again, milliseconds: its server may just start.
pub const KEY_FAILED_MS: i64 = 30_000;
/// For how long a key that is gone, or not its actor's, is not asked for again, milliseconds.
pub const KEY_REFUSED_MS: i64 = 15 * 60_000;
/// Accounts here found in one look to get new keys; each takes some 0.1 s.
pub const KEYS_ROTATED_STEP: usize = 100;
/// Followers read in one look to be counted by server, some 3 ms; of fewer the deliveries wait for it.
pub const FOLLOWERS_TALLIED_STEP: usize = 1_000;
/// Followers counted by server or looked through for those of one; of accounts with more nothing is said.
pub const FOLLOWERS_TALLIED_MAX: usize = 400_000;
/// Followers on one server that are named to it in one document, or are believed of one; each is one of the
/// `DOCUMENT_MAX_NODES`.
pub const FOLLOWERS_NAMED_MAX: usize = 40_000;
/// Bytes of their ids in it with what stands between them: it must fit `DOCUMENT_MAX_BYTES` with its context.
pub const FOLLOWERS_NAMED_BYTES_MAX: usize = DOCUMENT_MAX_BYTES - 16 * 1024;
/// Follows ended or told to be none in one transaction: about 12 operations each, of 500. No more are told to be none
/// because of one list: each is a letter to its server.
pub const FOLLOWERS_AGREED_AT_ONCE: usize = 30;
/// Accounts whose followers are kept counted.
pub const TALLIED_ACCOUNTS_MAX: usize = 128;
/// Servers for which they are kept counted, all accounts together, some 100 bytes each.
pub const TALLIES_MAX: usize = 100_000;
/// For how long a count of many followers is told although some changed, milliseconds.
pub const TALLIES_KEPT_MS: i64 = 10 * 60_000;
/// How long a delivery waits for a count of few followers, milliseconds.
pub const TALLY_WAIT_MS: u64 = 1_000;
/// Bytes of what a peer says of followers: two addresses and a digest.
pub const SYNCHRONIZATION_BYTES_MAX: usize = 2 * URI_BYTES_MAX + 256;
/// When a sender whose key could not be had in time shall come again, seconds.
pub const KEY_RETRY_SECONDS: u64 = 10;
/// A key read within this time is believed to be the current one, milliseconds (FEDERATION §4).
pub const KEY_FRESH_MS: i64 = 5 * 60_000;
/// Jobs that become activities together.
pub const DISTRIBUTE_BATCH: usize = 64;
/// Operations of storing one activity without new inboxes.
pub const DISTRIBUTE_OPERATIONS: usize = 9;
/// Bytes of activities stored together.
pub const DISTRIBUTE_BYTES: usize = 1024 * 1024;
/// Audiences expanded in turn.
pub const EXPANSIONS_AT_ONCE: usize = 16;
/// Looks at an audience for one commit, 500 followers each; a crash repeats as many.
pub const EXPANSION_LOOKS: usize = 40;
/// New inboxes after which what was found of an audience is stored, up to 5 bytes each in one value; deliveries to them
/// begin then. Once more than these are known, it is as many as are known.
pub const EXPANSION_INBOXES: usize = 500;
/// The most of them, after which no further look is taken: a look finds 500 more at most, or what one list of an activity that
/// it follows names. Planning reads as many in one view.
pub const EXPANSION_INBOXES_MOST: usize = 2_000;
/// Deliveries waiting in memory, and as many that are becoming rows of peers that fail; the rest waits in its rows.
pub const DELIVERIES_PLANNED: usize = 100_000;
/// Activities, or peers, whose rows are read by one look.
pub const DELIVERY_LOAD_STEP: usize = 32;
/// Inboxes after which a look at activities ends, two rows each.
pub const DELIVERY_LOAD_INBOXES: usize = 2_000;
/// Rows owed to a peer that are taken into memory at once.
pub const DELIVERY_WINDOW: usize = 64;
/// Rows owed to a peer that one look passes over for such whose turn it is, and their activities: half a millisecond.
pub const DELIVERY_LOOK_ROWS: usize = 256;
/// Looks at rows owed to a peer for one priority while others wait, twice as many as `OWED_MAX` rows need: what comes
/// steadily and goes first would hold them up for ever. Of as many looks at what is to come into memory one is for the
/// oldest.
pub const DELIVERY_PASS_LOOKS: usize = 32;
/// Deliveries to one peer at once (FEDERATION §5).
pub const DELIVERIES_PER_PEER: usize = 2;
/// Deliveries to peers that answer: how many at once in the beginning.
pub const DELIVERIES_FAST_START: usize = 32;
/// At least.
pub const DELIVERIES_FAST_MIN: usize = 8;
/// At most; each may need a connection of its own.
pub const DELIVERIES_FAST_MAX: usize = 64;
/// Deliveries to slow peers at once.
pub const DELIVERIES_SLOW: usize = 128;
/// Deliveries that turned out to be slow while they were under way and left their slots to others, which cost a connection and
/// nothing else: with fewer, many hanging peers would hold the slots of those that answer. With all slots these are 640
/// connections; systems often give a process 1 024 files.
pub const DELIVERIES_LINGERING: usize = 384;
/// Those of them to failing peers, so that many that hang leave theirs to such as may be back.
pub const PROBES_LINGERING: usize = 128;
/// Deliveries to failing peers at once, each of which may hang until it is given up.
pub const DELIVERIES_FAILING: usize = 64;
/// Successful deliveries from which their number at once is reckoned anew.
pub const DELIVERY_SAMPLE: u32 = 64;
/// Time after which a delivery counts as slow and leaves its place to others, milliseconds.
pub const DELIVERY_LINGER_MS: u64 = 500;
/// Tries of one delivery that the peer itself refuses or does not answer (FEDERATION §5: 12 to 16); more while the peer is
/// silent and has not been so for `DELIVERY_SILENCE_MS`.
pub const DELIVERY_ATTEMPTS: u32 = 16;
/// Time that a peer must have been silent for, all the while it was tried with a delivery, before that is given up,
/// milliseconds: a machine that is repaired for a week misses nothing.
pub const DELIVERY_SILENCE_MS: i64 = 8 * DAY_MS;
/// Tries after which a delivery to a peer that is away lets others go first; the schedule until then lasts 40 minutes. While
/// the peer is there it does so at once.
pub const DELIVERY_STEP_ASIDE: u32 = 6;
/// Progress is made durable at most this often, milliseconds: a repetition after a crash is worth a quiet disk.
pub const DELIVERY_FLUSH_MS: u64 = 1_000;
/// Rows for failing peers in one commit: each is a row, a count and a peer.
pub const DELIVERY_SPILL_STEP: usize = 90;
/// Changes of progress in one commit: an end may be six operations.
pub const DELIVERY_FLUSH_STEP: usize = 60;
/// Peers that `dassie queue` names, those that are owed most; the others are counted.
pub const QUEUE_PEERS: usize = 100;
/// Hashtags, or languages, that a relay's filter may name.
pub const RELAY_FILTERS_MAX: usize = 50;
/// Statuses asked for because of one relay within an hour, unless an operator says otherwise.
pub const RELAY_PER_HOUR: u32 = 600;
/// Between these: each is one fetch, and a row at most.
pub const RELAY_PER_HOUR_RANGE: (u32, u32) = (1, 20_000);
/// Users of whom one view looks which hashtags they follow, two hundred each at most.
pub const TAG_USERS_AT_ONCE: usize = 50;
/// Peers, or shared inboxes, that an explanation names.
pub const EXPLAIN_PEERS: usize = 20;
/// Followers here of an account elsewhere that an explanation names, the oldest.
pub const EXPLAIN_FOLLOWERS: usize = 10;
/// Statuses of an account looked through for a page's address, the newest.
pub const EXPLAIN_STATUSES: usize = 400;
/// Accounts and statuses of a host looked through for the address of a page that names no author: about a second of reading.
pub const EXPLAIN_PAGE_ROWS: usize = 100_000;
/// Activities about one status that are explained.
pub const EXPLAIN_ACTIVITIES: usize = 20;
/// Lists of inboxes of one activity that are counted: of 500 to 2 000 each, all that 350 000 followers have.
pub const EXPLAIN_LISTS: usize = 3_000;
/// Inboxes of one activity looked at for who is owed something.
pub const EXPLAIN_INBOXES: usize = 100_000;
/// Accounts of a server looked at in one view.
pub const EXPLAIN_ACCOUNTS: usize = 100;
/// Follows counted of each of them.
pub const EXPLAIN_FOLLOWS: usize = 1_000;
/// Activities that wait, looked through.
pub const EXPLAIN_INBOUND: usize = 1_000;
/// Servers that the progress of a move names.
pub const MOVE_PEERS: usize = 2_000;
/// Other names of a server that an explanation tells, of either kind.
pub const EXPLAIN_NAMES: usize = 4;
/// Domains of accounts looked at in one view for whether they live at a host.
pub const EXPLAIN_DOMAINS: usize = 100;
/// Accounts of each of them that are looked at.
pub const EXPLAIN_SAMPLE: usize = 4;
/// Jobs that an explanation names.
pub const EXPLAIN_JOBS: usize = 20;
/// Dead letters of a server that an explanation tells, the last ones; up to 60 KB of each are read.
pub const EXPLAIN_LETTERS: usize = 10;
/// Kinds of what a server brought and was dropped that an explanation tells, the latest ones.
pub const EXPLAIN_DROPPED: usize = 20;
/// Activities under way that `dassie queue` counts.
pub const QUEUE_UNDERWAY: usize = 1_000;
/// Private keys of senders kept parsed.
pub const KEYS_CACHED: usize = 256;
/// How long it is believed that a peer takes RFC 9421 only, milliseconds (FEDERATION §4).
pub const SCHEME_REMEMBERED_MS: i64 = 30 * DAY_MS;
