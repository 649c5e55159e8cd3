//! Bounds of what the server says of itself, and of whom it shows to strangers.

use crate::clock::DAY_MS;

// --- settings ---

/// Characters of the server's name.
pub const TITLE_CHARS_MAX: usize = 100;
/// Characters of another text of the settings: a paragraph.
pub const SETTING_CHARS_MAX: usize = 1_000;
/// Characters of a rule, as Mastodon has it.
pub const RULE_CHARS_MAX: usize = 300;
/// Rules of the server; all settings are one row of the store.
pub const RULES_MAX: usize = 50;
/// Years that may be asked for at most of whoever signs up.
pub const MIN_AGE_MAX: u8 = 120;
/// Hashtags that the first run follows at once, in one commit with the rest of what it says.
pub const FIRST_TOPICS: usize = 20;

// --- texts of this server, announcements, directory, suggestions ---

/// Bytes of one translation that is kept in memory; a longer one is asked for again.
pub const TRANSLATION_KEPT_BYTES_MAX: usize = 64 * 1024;
/// Texts of the server that are kept drawn: about, privacy, and terms of several days.
pub const TEXTS_DRAWN_KEPT: usize = 8;
/// Bytes of a text of this server (about, privacy policy, terms): a row of the store has 64 KiB.
pub const TEXT_BYTES_MAX: usize = 60_000;
/// Versions of the terms of service; all are looked through for the one that counts.
pub const TERMS_VERSIONS_MAX: usize = 100;
/// Weeks told by `instance/activity`, as Mastodon has it.
pub const ACTIVITY_WEEKS: u64 = 12;
/// Known servers answered to somebody who types the beginning of a name (Mastodon).
pub const PEERS_FOUND_MAX: usize = 10;
/// Announcements kept at once; each is drawn for everybody, and a rule looks through all of them.
pub const ANNOUNCEMENTS_MAX: usize = 50;
/// Bytes of the HTML of an announcement: a row of the store has 64 KiB.
pub const ANNOUNCEMENT_CONTENT_BYTES_MAX: usize = 48 * 1024;
/// Kinds of reactions to one announcement (Mastodon).
pub const ANNOUNCEMENT_REACTIONS_MAX: usize = 8;
/// Rows of an announcement that is gone removed in one transaction: an operation each, of 500.
pub const ANNOUNCEMENT_PURGED_AT_ONCE: usize = 150;
/// Links of an announcement that are looked at, whether they lead to a post known here.
pub const ANNOUNCEMENT_LINKS_MAX: usize = 10;
/// Milliseconds for which the languages of a translation service are remembered: a day.
pub const TRANSLATION_LANGUAGES_MS: i64 = DAY_MS;
/// Languages of a translation service, and of each the ones it translates into.
pub const TRANSLATION_LANGUAGES_MAX: usize = 500;
/// Translations remembered in memory, some 10 KiB each at most, most of them 1 KiB.
pub const TRANSLATIONS_KEPT: usize = 500;
/// Bytes of an answer of a translation service.
pub const TRANSLATION_ANSWER_BYTES_MAX: usize = 1024 * 1024;
/// Milliseconds until an answer of a translation service is whole.
pub const TRANSLATION_PATIENCE_MS: u64 = 15_000;
/// Accounts on a page of the directory: by default, at most (client API, directory).
pub const DIRECTORY_PAGE: (usize, usize) = (40, 80);
/// Accounts looked at for a page of the directory, those before it included.
pub const DIRECTORY_EXAMINED: usize = 1_000;
/// Suggestions on a page: by default, at most (client API, suggestions).
pub const SUGGESTIONS_PAGE: (usize, usize) = (40, 80);
/// Accounts followed last whose follows are looked at for suggestions.
pub const SUGGESTIONS_FRIENDS: usize = 12;
/// Follows of each of them that are looked at; with the next three no more than 200 rows.
pub const SUGGESTIONS_OF_FRIEND: usize = 10;
/// People who look after the server whose recommendations are suggested.
pub const SUGGESTIONS_STAFF: usize = 5;
/// Recommendations of each of them.
pub const SUGGESTIONS_PICKS: usize = 4;
/// Accounts of the directory that posted last, of which those with most followers are suggested.
pub const SUGGESTIONS_POPULAR: usize = 38;
/// Suggestions that somebody put away, forgotten in one transaction when they are deleted.
pub const SUGGESTIONS_FORGOTTEN_AT_ONCE: usize = 200;
