//! Bounds of trends (client API, trends).

use crate::clock::HOUR_MS;

/// Days before today of which uses are kept; seven are shown, today among them.
pub const TREND_DAYS: u32 = 7;
/// Days, today among them, each of which may make a trend.
pub const TREND_DAYS_SCORED: u32 = 3;
/// Accounts without which nothing trends: one person makes none.
pub const TREND_ACCOUNTS_MIN: usize = 2;
/// The score below which nothing trends; two accounts where there was one give 1.
pub const TREND_SCORE_MIN: f64 = 0.1;
/// After how long without a use a hashtag or link has half its score, milliseconds (Mastodon: 4 and 8 hours; few people
/// take longer).
pub const TREND_HALF_LIFE_MS: i64 = 12 * HOUR_MS;
/// After how long a status has half its score, milliseconds (Mastodon: 1 hour).
pub const TREND_STATUS_HALF_LIFE_MS: i64 = 6 * HOUR_MS;
/// Statuses counted of one day; some 10 bytes of memory each.
pub const TREND_STATUSES_A_DAY: usize = 40_000;
/// Statuses of one account counted of one day: nobody fills it.
pub const TREND_STATUSES_OF_ACCOUNT: u32 = 100;
/// Pairs of a hashtag or link and an account counted of one day; some 20 to 100 bytes of memory each.
pub const TREND_PAIRS_A_DAY: usize = 40_000;
/// Statuses marked last that are looked at: some ten rows each.
pub const TREND_STATUSES: usize = 400;
/// Marks of a status looked at to see whether they are by several people.
pub const TREND_MARKS_LOOKED_AT: usize = 10;
/// Hashtags or links that are ranked.
pub const TRENDS_LOOKED_AT: usize = 100;
/// Accounts of one of them on one day that are looked at; others count.
pub const TREND_ACCOUNTS_LOOKED_AT: usize = 20;
/// Trends on a page: by default, at most (Mastodon's).
pub const TRENDS_PAGE: (usize, usize) = (10, 20);
/// Statuses counted anew, or that came, in one view.
pub const TREND_STEP: usize = 200;
/// Reblogs of one status that are counted anew.
pub const TREND_REBLOGS_COUNTED: usize = 20;
/// Pause between two views while counting anew, milliseconds.
pub const TREND_REST_MS: u64 = 20;
