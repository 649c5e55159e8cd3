//! Bounds of statuses and polls.

use crate::clock::{DAY_MS, HOUR_MS};

// --- statuses (SECURITY D6) ---

/// Characters of a status with its warning, a link counting 23.
pub const STATUS_CHARS_MAX: usize = 5_000;
/// Parts of a text that is posted as a thread; each is a commit of its own.
pub const THREAD_PARTS_MAX: usize = 25;
/// Bytes of a status as typed: no character of it has more than four, and its HTML must fit into a row of the store.
pub const STATUS_TEXT_BYTES_MAX: usize = 20 * 1024;
/// Bytes of the HTML, warning, media and names of a status together; a row of the store has 64 KiB.
pub const STATUS_BYTES_MAX: usize = 48 * 1024;
/// Accounts a status written here may mention; each is a few operations of the commit's 500.
pub const STATUS_MENTIONS_MAX: usize = 50;
/// Hashtags of a status that are kept.
pub const STATUS_TAGS_MAX: usize = 50;
/// Bytes of a hashtag; it stands in a key of the store, which has 512.
pub const TAG_BYTES_MAX: usize = 400;
/// Bytes of an Idempotency-Key.
pub const IDEMPOTENCY_KEY_BYTES_MAX: usize = 1_024;
/// How long an Idempotency-Key means the status it made, milliseconds (client API, statuses#create).
pub const IDEMPOTENCY_MS: i64 = HOUR_MS;
/// Old keys looked at with each new one: more than one, so that they cannot pile up.
pub const IDEMPOTENCY_KEYS_SWEPT: usize = 4;
/// Scheduled statuses of an account (Mastodon's).
pub const SCHEDULED_MAX: usize = 300;
/// Those of them on one day, UTC (Mastodon's).
pub const SCHEDULED_A_DAY_MAX: usize = 25;
/// When a form that could not be stored may be sent again, seconds, if the store does not say.
pub const COMPOSE_RETRY_SECONDS: u64 = 30;
/// Posts of one's own that are looked at for warnings one used before.
pub const WARNINGS_LOOKED_AT: usize = 200;
/// Warnings used before that a form offers.
pub const WARNINGS_OFFERED: usize = 12;
/// Characters of a text by which its language is guessed: more make it no surer, and take longer.
pub const LANGUAGE_GUESSED_CHARS: usize = 1_000;
/// Drafts of one account.
pub const DRAFTS_MAX: usize = 50;
/// Bytes of a draft with all its fields: a status as typed, four descriptions and a poll; a row of the store has 64 KiB.
pub const DRAFT_BYTES_MAX: usize = 48 * 1024;
/// How far ahead a status is scheduled at least, milliseconds (client API, statuses#create).
pub const SCHEDULED_AHEAD_MS: i64 = 5 * 60_000;
/// And at most, milliseconds: a hundred years, as long as times have four digits.
pub const SCHEDULED_AHEAD_MAX_MS: i64 = 100 * 366 * DAY_MS;
/// Scheduled statuses removed in one transaction: about 21 operations each with their pictures, of 500.
pub const SCHEDULED_DROPPED_AT_ONCE: usize = 20;
/// Emoji that one person puts on one status.
pub const REACTIONS_PER_PERSON_MAX: usize = 10;
/// Bytes of the name of an emoji on a status; it stands in a key of the store, which has 512.
pub const REACTION_NAME_BYTES_MAX: usize = 400;
/// People shown of each emoji on a status.
pub const REACTION_PEOPLE_SHOWN: usize = 40;
/// And looked at for them.
pub const REACTION_PEOPLE_SCANNED: usize = 80;
/// Versions of a status that are kept.
pub const EDITS_MAX: usize = 100;
/// Statuses looked at in one read while a server that gets its name has its posts lead to it.
pub const READDRESSED_LOOKED: usize = 200;
/// Followers who hear of a new status at once; each is two operations of the commit's 500.
pub const FOLLOWERS_TOLD_MAX: usize = 100;
/// Reblogs looked at for people here who hear of an edit.
pub const REBLOGGERS_TOLD_MAX: usize = 60;
/// Quotes looked at for people here who hear of an edit; five operations each, beside the reblogs'.
pub const QUOTERS_TOLD_MAX: usize = 20;
/// Accounts that the first status of a thread mentions, and accounts that shared it, among which its group is looked for,
/// the first ones of either: what comes by a group is shared by it before by anybody else.
pub const GROUP_SCANNED: usize = 20;
/// How long whoever asked for a status waits for the actor of the group that it says it is for, milliseconds.
pub const GROUP_WAIT_MS: u64 = 5_000;
/// Statuses shown above one in a thread.
pub const THREAD_ABOVE_MAX: usize = 40;
/// Statuses looked at below one in a thread.
pub const THREAD_BELOW_MAX: usize = 400;
/// Replies on one page of a thread; more are behind a link.
pub const THREAD_PAGE_REPLIES: usize = 60;
/// When apps ask again how far a thread that is being read has come, seconds (Mastodon: 3).
pub const REFRESH_RETRY_SECONDS: u32 = 3;
/// Milliseconds after it was posted for which a status is told on live streams as new (Mastodon: 6 hours), to followers who
/// want to hear of all that its author posts elsewhere, and to those whom it mentions if it had only been read before its
/// server sends it.
pub const STREAM_FRESH_MS: i64 = 6 * 60 * 60_000;
/// Accounts elsewhere that are told of an edited or deleted status because they did something with it, one for each inbox;
/// with those it names they stay below what one audience names (1 000).
pub const HOLDERS_MAX: usize = 500;
/// Reblogs, favourites, answers and so on of a status that are looked at for them, of all kinds together: a row or two each,
/// also in the commit that deletes it.
pub const HOLDERS_LOOKED_AT: usize = 500;
/// People here who did something with a reply, or below it, who are asked whether they muted the thread it leaves. Its
/// author and whom it mentions are asked as well. Of what is deleted or goes to make room so many replies are looked
/// at.
pub const MUTES_KEPT_FOR: usize = 20;
/// Reblogs, favourites and reactions of a deleted status removed in one transaction: about 20 operations each, of 500.
pub const MARKS_PURGED_AT_ONCE: usize = 20;
/// Rows of what people here hold that one step looks at for those of an account that is gone.
pub const HOLDINGS_LOOKED_AT: usize = 500;
/// Of those found, removed in one transaction: up to about 80 operations each, of 500, where a thread stands above.
pub const HOLDINGS_RELEASED_AT_ONCE: usize = 5;
/// Requests about a deleted status removed in one transaction; a reply that waited goes with its history, up to about
/// 150 operations, of 500.
pub const REQUESTS_PURGED_AT_ONCE: usize = 2;
/// Operations one step of removing a deleted account's statuses may take, of 500.
pub const PURGE_OPERATIONS: usize = 400;
/// Handles of one text that are looked up elsewhere before it is posted.
pub const HANDLES_RESOLVED: usize = 5;
/// Time all of these look-ups may take together, milliseconds; whoever is not found by then stays plain text.
pub const HANDLES_RESOLVED_MS: u64 = 4_000;
/// Statuses asked for by id in one request.
pub const STATUSES_BY_ID_MAX: usize = 100;
/// People here in whose conversations one direct status is put: three rows each.
pub const CONVERSATION_PEOPLE: usize = 40;

// --- polls (client API, polls) ---

/// Options of a poll made here.
pub const OWN_POLL_OPTIONS_MAX: usize = 4;
/// Characters of each.
pub const OWN_POLL_OPTION_CHARS_MAX: usize = 50;
/// Shortest and longest poll made here, seconds, as Mastodon has them.
pub const POLL_LASTS_S: (u32, u32) = (300, 2_629_746);
/// Voters looked at, and perhaps told, in one step of ending a poll; a notification may be 20 operations.
pub const POLL_TOLD_AT_ONCE: usize = 20;
/// Ballots of people here up to which the counts that a poll's server sends are held against them.
pub const POLL_CAST_HERE_READ: usize = 1_000;
/// Time between two Updates that tell peers of votes, milliseconds (Mastodon: three minutes).
pub const POLL_TOLD_EVERY_MS: i64 = 3 * 60_000;
/// Counts of a remote poll older than this are read anew when somebody looks, milliseconds.
pub const POLL_FRESH_MS: i64 = 60_000;
