//! Bounds of timelines, and of what people arrange them with: filters, lists, hashtags.

use crate::clock::DAY_MS;

// --- filters (client API, filters) ---

/// Longest filter with an end, milliseconds: a hundred years. Longer ones are meant to have none, and no app could read
/// the year.
pub const FILTER_MS_MAX: i64 = 100 * 366 * DAY_MS;
/// Filters of one account.
pub const FILTERS_MAX: usize = 100;
/// Keywords, and statuses, of one filter: removing it is one transaction of two rows each.
pub const FILTER_ENTRIES_MAX: usize = 100;
/// Keywords of all filters of one account; some 100 bytes of memory a character while they are kept ready.
pub const FILTER_KEYWORDS_MAX: usize = 1_000;
/// Characters of a keyword.
pub const FILTER_KEYWORD_CHARS_MAX: usize = 200;
/// Characters of a filter's title.
pub const FILTER_TITLE_CHARS_MAX: usize = 256;
/// Statuses of home that a filter is tried on.
pub const FILTER_TRIED: usize = 500;
/// Rows of home looked at for them.
pub const FILTER_TRIED_PAGES: usize = 20;
/// Accounts whose filters are kept ready.
pub const FILTERS_CACHED: usize = 128;

// --- timelines and pages (SECURITY D6) ---

/// Posts of home that are told to whoever was away; older ones stand on home.
pub const AWAY_POSTS: usize = 200;
/// Pages of rows that are looked at for them, each of at most `ROWS_EXAMINED_MAX`.
pub const AWAY_LOOKS: usize = 4;
/// Answers that are told to whoever was away; the rest stand among the notifications.
pub const AWAY_ANSWERS: usize = 20;
/// Followers looked at to say on how many servers they are, two rows each; of more, nothing is said of servers.
pub const REACH_FOLLOWERS: usize = 1_000;
/// Tags of each kind that the page to explore shows.
pub const EXPLORED_TAGS: usize = 20;
/// People that the page to explore suggests.
pub const EXPLORED_PEOPLE: usize = 8;
/// Accounts looked at to find those who came last.
pub const EXPLORED_EXAMINED: usize = 100;
/// Rows looked at for one page of a timeline or list, shown or not.
pub const SCAN_MAX: usize = 400;
/// Statuses of a timeline's page: what is given unasked, and at most.
pub const TIMELINE_PAGE: (usize, usize) = (20, 40);
/// What a drawn status takes as JSON, bytes, in most cases: room to write a page without moving it.
pub const STATUS_JSON_BYTES: usize = 3 * 1024;
/// Accounts of a list's page: what is given unasked, and at most.
pub const PEOPLE_PAGE: (usize, usize) = (40, 80);
/// Tags of each kind (`any`, `all`, `none`) in a tag timeline.
pub const TIMELINE_TAGS_MAX: usize = 4;
/// Newest statuses of a home timeline kept in memory.
pub const HOME_RING: usize = 800;
/// Home timelines kept in memory; the one read longest ago goes first.
pub const HOME_RINGS: usize = 2_000;
/// Bytes of statuses kept for home timelines as they were read: about two thousand of a usual size.
pub const STATUSES_KEPT_BYTES: usize = 4 * 1024 * 1024;
/// Bytes of what is kept of who is shown which status at home: about 200 each, first pages of a thousand people.
pub const LISTED_KEPT_BYTES: usize = 4 * 1024 * 1024;
/// Bytes of drawn statuses kept as JSON: about two thousand.
pub const DRAWN_KEPT_BYTES: usize = 8 * 1024 * 1024;
/// Bytes of drawn accounts kept: about two thousand.
pub const PEOPLE_KEPT_BYTES: usize = 4 * 1024 * 1024;
/// Bytes of relationships kept as they were drawn: about five thousand.
pub const RELATIONS_KEPT_BYTES: usize = 2 * 1024 * 1024;
/// Bytes of pages kept as guests see them: a hundred or two.
pub const GUESTS_PAGES_KEPT_BYTES: usize = 8 * 1024 * 1024;
/// Milliseconds for which such a page is kept at most, as caches before the server may, too.
pub const GUESTS_PAGE_MS: i64 = 15_000;
/// Bytes of path and query of a page that is kept.
pub const GUESTS_PAGE_AT_BYTES: usize = 512;
/// Rows of each kind of a viewer's marks read at once for a page; where there are more between its ends they are looked up
/// one by one.
pub const MARKS_READ_MAX: usize = 400;
/// Followed accounts remembered by all home timelines in memory together, about 60 bytes each.
pub const HOME_FOLLOWED: usize = 400_000;

// --- lists (client API, lists) ---

/// Accounts in one list; a page of its timeline looks at the index of each.
pub const LIST_MEMBERS_MAX: usize = 1_000;
/// Accounts put into a list, or taken out, at once: four operations each.
pub const LIST_MEMBERS_AT_ONCE: usize = 80;
/// Characters of a list's title.
pub const LIST_TITLE_CHARS_MAX: usize = 256;

// --- tags (client API, tags, featured_tags) ---

/// Tags that one account may follow; each is one more index a page of home looks at.
pub const TAGS_FOLLOWED_MAX: usize = 200;
/// Followed tags on a page: by default, at most.
pub const TAGS_PAGE: (usize, usize) = (100, 200);
/// Tags on a profile, as Mastodon has it.
pub const TAGS_FEATURED_MAX: usize = 10;
/// Tags of an account looked at for suggestions.
pub const TAGS_USED_EXAMINED: usize = 1_000;
