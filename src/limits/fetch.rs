//! Bounds of what is fetched from other servers (SECURITY B5).

use crate::clock::HOUR_MS;

/// Milliseconds for which a thread is not asked for again (Mastodon: 15 minutes).
pub const THREAD_COOL_DOWN_MS: i64 = 15 * 60_000;
/// Statuses of a thread among which answers of other servers to ones of this server are looked for: a millisecond at most.
pub const THREAD_ANSWERS_SCANNED: usize = 200;
/// Milliseconds for which a profile is not asked for again.
pub const PROFILE_COOL_DOWN_MS: i64 = HOUR_MS;
/// Threads and profiles that wait to be read; beyond that no more are asked for. Each is a row of a hundred bytes to pass
/// over when one is opened.
pub const BACKFILLS_WAITING_MAX: usize = 200;
/// Milliseconds that whoever opens a thread or profile waits until it is stored that it is asked for.
pub const BACKFILL_ASKED_MS: u64 = 1_000;
/// Milliseconds that reading one thread or profile may take.
pub const BACKFILL_MS: u64 = 10 * 60_000;
/// Times more that a thread or profile is read of which a part was left out because a server was not to be asked.
pub const BACKFILL_AGAIN: u32 = 4;
/// Milliseconds until the first of these at least, twice as many until each further: as long as a failure is remembered.
pub const BACKFILL_AGAIN_MS: i64 = FETCH_NEGATIVE_MS;
/// Threads and profiles waiting from which on none is read again for that: those that are looked at now need the room.
pub const BACKFILLS_AGAIN_MAX: usize = BACKFILLS_WAITING_MAX / 2;
/// Documents fetched for one thread or profile (Mastodon: 1 000 statuses).
pub const BACKFILL_DOCUMENTS: u32 = 1_000;
/// Actors fetched for one thread or profile (Mastodon: 400).
pub const BACKFILL_ACTORS: u32 = 400;
/// How many new statuses come until those who wait are told how many there are.
pub const BACKFILL_TOLD_EVERY: u32 = 5;
/// Documents asked of one host at once in the background.
pub const BACKFILLS_PER_HOST: u8 = 2;
/// Documents asked of one host in the background in a row (Mastodon lets an address ask 300 times in 5 minutes).
pub const HOST_DOCUMENTS: i64 = 300;
/// Milliseconds until there may be one more.
pub const HOST_DOCUMENT_MS: i64 = 1_000;
/// Within how many milliseconds whoever finds no room to wait for a turn at a host comes again, `HOST_DOCUMENT_MS` behind whoever
/// came before.
pub const HOST_TURN_MAX_MS: i64 = 10 * 60_000;
/// How long a row of what somebody brought (an import) waits for its turn at its host, milliseconds, before all of it comes
/// again later.
pub const BROUGHT_TURN_MS: u64 = 10_000;
/// Hosts remembered with what they can bear; beyond that those with nothing to remember, then all, are forgotten.
pub const HOSTS_REMEMBERED_MAX: usize = 10_000;
/// Failures after which a host is asked for nothing more of a thread.
pub const HOST_FAILURES_MAX: u32 = 3;
/// Statuses looked at for one thread (Mastodon: 500).
pub const THREAD_STATUSES_MAX: usize = 500;
/// Levels of replies below the first that are followed.
pub const THREAD_DEPTH_MAX: u32 = 20;
/// Pages of replies to one status (Mastodon: 3).
pub const REPLIES_PAGES_MAX: usize = 3;
/// Pages of the context of a thread: those of 20 items that hold `THREAD_STATUSES_MAX`.
pub const CONTEXT_PAGES_MAX: usize = 25;
/// Pages of a collection whose items are kept as they are written out, at most 1 MiB each; of later ones only the ids.
pub const WRITTEN_PAGES_MAX: usize = 3;
/// Ids kept of a page that is written out in a status, while the status waits for its turn.
pub const INLINE_ITEMS_MAX: usize = 100;
/// Pages of an outbox.
pub const OUTBOX_PAGES_MAX: usize = 2;
/// Items of an outbox.
pub const OUTBOX_ITEMS_MAX: usize = 40;
/// Documents that one request of a person or one activity of a peer may fetch (SECURITY B5).
pub const FETCH_BUDGET: u32 = 40;
/// Documents that looking a key up may fetch: the key, its owner, two rounds of webfinger with host-meta.
pub const FETCH_KEY_BUDGET: u32 = 10;
/// Milliseconds for which what failed is not asked for again.
pub const FETCH_NEGATIVE_MS: i64 = 5 * 60 * 1_000;
/// Failures remembered; beyond that the old ones, then all, are forgotten.
pub const FETCH_REMEMBERED_MAX: usize = 10_000;
/// Fetches under way whose turns are kept apart.
pub const FETCHES_UNDER_WAY_MAX: usize = 1_000;
/// Addressees, and followers, of whom one is looked for in whose name a server is asked for what it gives to few: the first
/// will do, unless they are suspended or block its author.
pub const READERS_LOOKED_AT: usize = 16;
/// Bytes of a webfinger or host-meta answer.
pub const FINGER_MAX_BYTES: usize = 64 * 1024;
/// Within how many milliseconds something is read from another server that many servers hear of at once and nobody waits for
/// at a screen: what a reply answers, the group a status is for, what it quotes, an account that lost its handle. Shorter
/// than pages behind links are given (`CARD_SPREAD_MS`): it is soon missed.
pub const FETCH_SPREAD_MS: i64 = 10_000;
/// Ancestors read for one status.
pub const ANCESTORS_FETCHED_MAX: usize = 50;
/// Times the parent of a status is asked for whose server does not answer, `FETCH_NEGATIVE_MS` apart at least, because that is
/// how long a failure is remembered: within a quarter of an hour (Mastodon: as often and as long).
pub const ANCESTORS_ATTEMPTS: u32 = 4;
