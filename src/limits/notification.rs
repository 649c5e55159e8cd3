//! Bounds of notifications.

use crate::clock::{DAY_MS, HOUR_MS};

// --- the list ---

/// Notifications of a page unless the client says otherwise.
pub const NOTIFICATIONS_PAGE: usize = 40;
/// Notifications of a page at most.
pub const NOTIFICATIONS_PAGE_MAX: usize = 80;
/// Unread notifications counted unless the client says otherwise; at most `ROWS_EXAMINED_MAX` are looked at.
pub const UNREAD_COUNTED: usize = 100;
/// Unread notifications that pages count; each is a row to read with every page.
pub const UNREAD_SHOWN: usize = 99;

// --- grouped notifications (client API, grouped_notifications) ---

/// Notifications that say the same stand together within this time, milliseconds (Mastodon: twelve hours).
pub const GROUP_MS: i64 = 12 * HOUR_MS;
/// Accounts named by a group.
pub const GROUP_SAMPLE: usize = 8;
/// Notifications of one group that are shown, or removed in one commit: two operations each.
pub const GROUP_MEMBERS: usize = 200;

// --- filtered notifications (client API, notifications: policy and requests) ---

/// An account is new for so long, milliseconds: 30 days, as Mastodon has it.
pub const NEW_ACCOUNT_MS: i64 = 30 * DAY_MS;
/// A follower counts as one after so long, milliseconds: 3 days, as Mastodon has it.
pub const NEW_FOLLOWER_MS: i64 = 3 * DAY_MS;
/// Statuses above a private mention among which one of the mentioned is looked for; a row each for everybody mentioned
/// whose policy asks (Mastodon looks at 100).
pub const PRIVATE_THREAD_ABOVE_MAX: usize = 20;
/// Mentions of one account by strangers of one registered domain within an hour that come, unless they answer it; more
/// are kept aside.
pub const UNASKED_MENTIONS_MAX: u32 = 20;
/// What one stranger does within an hour that one account is told of, unasked mentions and asked answers apart: other
/// answers, quotes, favourites, reblogs, reactions, follows. More is kept aside.
pub const DEEDS_OF_STRANGER_MAX: u32 = 20;
/// The same of one who has followed the account for `NEW_FOLLOWER_MS`.
pub const DEEDS_OF_FOLLOWER_MAX: u32 = 100;
/// The same of all new accounts of one registered domain together that nobody here follows.
pub const DEEDS_OF_NEWCOMERS_MAX: u32 = 60;
/// The same of all strangers of one registered domain: a server may say that its accounts are old. What goes round on a
/// large one brings hundreds.
pub const DEEDS_OF_STRANGERS_MAX: u32 = 300;
/// Answers of one stranger within an hour to what the account said to it, which are counted apart: they talk with each
/// other.
pub const ANSWERS_OF_STRANGER_MAX: u32 = 100;
/// Edits of one author elsewhere within an hour that everybody here who shares or quotes what is edited is told of.
pub const EDITS_TOLD_MAX: u32 = 20;
/// An account is suspected of a wave if it was made within so many milliseconds: a week. Those of early 2024 were made
/// minutes before.
pub const WAVE_NEW_ACCOUNT_MS: i64 = 7 * DAY_MS;
/// Strangers that said the same before one more makes it a wave.
pub const WAVE_ALIKE: usize = 3;
/// Registered domains of new accounts that speak up unasked, of which so many at once are a wave whatever they say.
pub const WAVE_FLOOD_SITES: usize = 5;
/// Words by which a text is held against others; shorter ones say too little.
pub const WAVE_WORDS_MIN: usize = 3;
/// Bytes of the letters by which a text alone, without a link or picture, is held against others: some eight words, or
/// thirteen signs of Chinese. What people wish each other is shorter.
pub const WAVE_TEXT_BYTES_MIN: usize = 40;
/// Words of a text that are looked at for that.
pub const WAVE_WORDS_MAX: usize = 60;
/// Links and pictures of a status that are looked at for that, of each kind.
pub const WAVE_LINKS_MAX: usize = 2;
/// Requests, and notifications of one, beyond which nobody counts (Mastodon).
pub const REQUESTS_COUNTED: usize = 100;
/// Requests that one call accepts or dismisses: a page at most; six operations each, of 500.
pub const REQUESTS_AT_ONCE: usize = 80;
/// Notifications that one call removes; five operations each, of 500.
pub const NOTIFICATIONS_DESTROYED_AT_ONCE: usize = 80;
/// Filtered notifications brought into the list in one step, with their conversations: nine operations each.
pub const NOTIFICATIONS_MERGED_AT_ONCE: usize = 40;
/// Filtered notifications removed in one step; five operations each.
pub const FILTERED_REMOVED_AT_ONCE: usize = 80;
/// Filtered notifications kept for one account.
pub const FILTERED_KEPT: usize = 5_000;
