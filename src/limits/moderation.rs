//! Bounds of moderation.

use crate::clock::DAY_MS;

// --- reports, blocks of domains, numbers ---

/// People on the staff looked at to see whether somebody else could step in.
pub const STAFF_LOOKED_AT: usize = 100;
/// Posts to choose from when somebody is reported.
pub const REPORTED_SHOWN: usize = 10;
/// Reports of this server among which somebody finds their own.
pub const OWN_REPORTS_LOOKED: usize = 1_000;
/// Characters of a report's comment (Mastodon).
pub const REPORT_COMMENT_CHARS_MAX: usize = 1_000;
/// Bytes of a peer's report's comment; what is beyond is cut (FEDERATION §3).
pub const FLAG_COMMENT_BYTES_MAX: usize = 5_000;
/// Things that a peer's report may name; the rest is not looked at.
pub const FLAG_OBJECTS_MAX: usize = 40;
/// Statuses of one report: their copies, of 64 KiB at most, go in the same transaction of 2 MiB.
pub const REPORT_STATUSES_MAX: usize = 28;
/// Open reports of one peer's actor about one account, beyond which it says nothing new.
pub const REPORTS_OPEN_OF_PEER: usize = 10;
/// Newest open reports looked through for those; a rule looks at 200 rows.
pub const REPORTS_LOOKED_AT: usize = 90;
/// Users told of a report; a notification is a few operations of 500.
pub const STAFF_TOLD_MAX: usize = 30;
/// Characters of what moderators write beside a decision.
pub const MODERATION_TEXT_CHARS_MAX: usize = 1_000;
/// Blocks of domains shown to everybody; they are one answer.
pub const DOMAIN_BLOCKS_SHOWN_MAX: usize = 5_000;
/// Those of them on one page for people.
pub const DOMAIN_BLOCKS_DRAWN: usize = 200;
/// Domains let in while federation is limited; a rule counts them, and `dassie domain` prints them.
pub const DOMAIN_ALLOWS_MAX: usize = 190;
/// Days of a measurement; counters are kept for little longer.
pub const MEASURED_DAYS_MAX: u64 = 366;
/// Keys of one request for numbers; some look through `COUNTED_MAX` rows each.
pub const MEASURED_KEYS_MAX: usize = 16;
/// Rows of a dimension, unless asked for more (Mastodon).
pub const DIMENSION_ROWS: usize = 10;
/// Days or months whose newcomers are followed; each is held against each later one.
pub const COHORTS_MAX: usize = 62;
/// Rows of a page for those who look after the server, unless asked for more.
pub const ADMIN_PAGE: usize = 100;
/// The most rows of such a page (client API, admin).
pub const ADMIN_PAGE_MAX: usize = 200;
/// Names of accounts read at once while the follows of a domain are ended.
pub const SEVERED_ACCOUNTS_AT_ONCE: usize = 200;

// --- lists of domains to block ---

/// Bytes of a file that is brought as a list of domains to block.
pub const BLOCK_LIST_BYTES: usize = 1024 * 1024;
/// Bytes of what a server answers that is asked which domains it blocks: beside each name stand its digest and a comment.
pub const BLOCK_LIST_ANSWER_BYTES: usize = 3 * 1024 * 1024;
/// Domains of a list; the longest that are passed around have some five thousand.
pub const BLOCK_LIST_ROWS: usize = 10_000;
/// Bytes of a list as it is stored, in one commit of at most 2 MiB.
pub const BLOCK_LIST_STORED_BYTES: usize = 1536 * 1024;
/// Domains of one stored part.
pub const BLOCK_LIST_PART_ROWS: usize = 100;
/// Bytes of one stored part, about; a value of the store has 64 KiB.
pub const BLOCK_LIST_PART_BYTES: usize = 32 * 1024;
/// Characters kept of a list's comment on a domain.
pub const BLOCK_LIST_COMMENT_CHARS: usize = 300;
/// Characters kept of where a list is from: the name of a file.
pub const BLOCK_LIST_NAME_CHARS: usize = 100;
/// Lists that are told; the oldest that is over makes room for a new one.
pub const BLOCK_LISTS_KEPT: usize = 10;
/// Domains blocked in one commit: some eight operations each.
pub const BLOCK_LIST_AT_ONCE: usize = 40;
/// People whose servers a list is held against: of those one follows, and of those a table names.
pub const BLOCK_LIST_PEOPLE: usize = 10_000;
/// Servers of people one follows that are named, and may be spared.
pub const BLOCK_LIST_SPARED: usize = 50;
/// Times a server is asked again for its list that does not answer; the pauses between grow.
pub const BLOCK_LIST_ATTEMPTS: u32 = 4;

// --- strikes and appeals ---

/// Strikes kept of one account; the oldest goes for another.
pub const STRIKES_MAX: usize = 100;
/// Milliseconds within which something may be said against a strike: twenty days, as in Mastodon.
pub const APPEAL_MS: i64 = 20 * DAY_MS;
/// Characters of what is said, as in Mastodon.
pub const APPEAL_CHARS_MAX: usize = 2_000;
/// Characters shown of a post that a strike is about.
pub const STRIKE_POST_CHARS: usize = 500;
/// Appeals shown to those who decide them.
pub const APPEALS_SHOWN: usize = 100;
