//! Bounds of accounts, their collections, and how they stand to each other.

use crate::clock::{DAY_MS, HOUR_MS};

/// Characters of a display name here; the field's custom is 30, which cuts real names with a word behind them.
pub const DISPLAY_NAME_CHARS_MAX: usize = 60;
/// Characters of a bio here.
pub const NOTE_CHARS_MAX: usize = 1_000;
/// Profile fields of an account here.
pub const PROFILE_FIELDS_MAX: usize = 6;
/// Characters of the name of a profile field here.
pub const FIELD_NAME_CHARS_MAX: usize = 255;
/// Characters of the value of a profile field here.
pub const FIELD_VALUE_CHARS_MAX: usize = 255;
/// Domains whose pages may name an account here as their author (Mastodon: 100).
pub const ATTRIBUTION_DOMAINS_MAX: usize = 100;
/// Collections of one account (Mastodon: 10 for a role that says nothing else).
pub const COLLECTIONS_MAX: usize = storage::limits::COLLECTIONS_PARTED;
/// Accounts in one collection (Mastodon: 25).
pub const COLLECTION_MEMBERS_MAX: usize = 25;
/// Accounts in one collection with those that took themselves out of it, who are remembered.
pub const COLLECTION_ITEMS_MAX: usize = 100;
/// Characters of a collection's name (Mastodon: 40).
pub const COLLECTION_NAME_CHARS_MAX: usize = 40;
/// Characters of a collection's description (Mastodon: 100).
pub const COLLECTION_DESCRIPTION_CHARS_MAX: usize = 100;
/// Collections of others that an account is shown to be in; the newest, each is a row to read.
pub const IN_COLLECTIONS_SHOWN: usize = 200;
/// Time between two changes of a collection in which its members are told once, milliseconds.
pub const COLLECTION_QUIET_MS: i64 = HOUR_MS;
/// Collections of a page: what is given unasked, and at most.
pub const COLLECTIONS_PAGE: (usize, usize) = (40, 80);
/// Collections of each kind that one step of removing an account looks at: about 80 operations each, of 500.
pub const COLLECTIONS_PURGED_AT_ONCE: usize = 2;
/// Other accounts that an account here names as its own; each is an address of up to 2 KiB in its row, which has 64.
pub const OWN_ALIASES_MAX: usize = 10;
/// Time between two moves of an account here, milliseconds (Mastodon: 30 days).
pub const MOVE_AGAIN_MS: i64 = 30 * DAY_MS;
/// Time between two moves of an account elsewhere that take its followers here along, milliseconds (Mastodon: 7 days): who
/// has taken an account over must not lead them from place to place.
pub const MOVE_HEEDED_AGAIN_MS: i64 = 7 * DAY_MS;
/// Links of one profile that are looked at; profiles of others may have fifty fields.
pub const PROFILE_LINKS_CHECKED: usize = 8;
/// Time over which looks at the links of remote profiles are spread, milliseconds (Mastodon: ten minutes): an actor read
/// by many servers at once must not send all of them to one page.
pub const LINKS_SPREAD_MS: u64 = 10 * 60_000;
/// Links of a remote profile that did not lead back are looked at again when it is read anew in another such span,
/// milliseconds.
pub const LINKS_AGAIN_MS: i64 = DAY_MS;
/// How long links of a profile wait to be looked at that were saved again unchanged, milliseconds.
pub const LINKS_SAVED_AGAIN_MS: i64 = 60_000;
/// Bytes of a page elsewhere that somebody here links to: a preview takes what is within, as Mastodon does; a page that
/// is to link back is refused beyond.
pub const LINKED_PAGE_BYTES: usize = 1024 * 1024;
/// Links with `rel="me"` read of one page.
pub const LINKS_BACK_READ: usize = 200;
/// Time one page and its first link may take, milliseconds; a profile's links go one after another.
pub const LINKED_PAGE_MS: u64 = 10_000;
/// How often the links of a profile here are looked at until those whose servers do not answer are left.
pub const LINKS_TRIED: u32 = 5;
/// Statuses an account may pin.
pub const PINNED_STATUSES_MAX: usize = 5;
/// Bytes of a handle as typed or sent.
pub const HANDLE_BYTES_MAX: usize = 512;
/// Bytes of a name on any server; with a domain and two ends it just fits into a key of the store.
pub const USERNAME_BYTES_MAX: usize = 255;
/// Bytes of a domain with its port (RFC 1035 §2.3.4: 253).
pub const DOMAIN_BYTES_MAX: usize = 255;
/// Bytes of an id or link of elsewhere; longer ones make no sense as keys and addresses.
pub const URI_BYTES_MAX: usize = 2_048;
/// Keys a remote actor may list (Mastodon: 10).
pub const ACTOR_KEYS_MAX: usize = 10;
/// Bytes of name, bio, fields, emoji and aliases of a remote account together; a row of the store has 64 KiB.
pub const REMOTE_PROFILE_BYTES_MAX: usize = 48 * 1024;
/// Bytes kept of the description of a remote account's picture.
pub const PROFILE_PICTURE_ALT_BYTES_MAX: usize = 2 * 1024;
/// Accounts one account may follow; reading the home timeline merges them.
pub const FOLLOWING_MAX: u64 = 7_500;
/// Languages a follow may be limited to.
pub const FOLLOW_LANGUAGES_MAX: usize = 32;
/// Follow requests accepted in one transaction: about 20 operations each, of 500.
pub const AUTHORIZED_AT_ONCE: usize = 20;
/// Followers of an account that moved who follow the new one in one transaction: about 20 operations each, of 500.
pub const FOLLOWERS_MOVED_AT_ONCE: usize = 20;
/// Relationships of a deleted account removed in one transaction: about 11 operations each, of 500.
pub const RELATIONSHIPS_PURGED_AT_ONCE: usize = 40;
/// Blocks of one peer's actor looked through when it undoes one by id alone.
pub const BLOCKS_SCANNED: usize = 200;
/// Longest mute with an end, milliseconds: ten years. Longer ones are meant to have none.
pub const MUTE_MS_MAX: i64 = 10 * 366 * DAY_MS;
/// Domains that one account may block; a rule counts them in one look.
pub const DOMAIN_BLOCKS_MAX: usize = 200;
/// Characters of a private note about an account, as Mastodon has it.
pub const ACCOUNT_NOTE_CHARS_MAX: usize = 2_000;
/// Accounts whose familiar followers one request asks for.
pub const FAMILIAR_ACCOUNTS_MAX: usize = 40;
/// Familiar followers shown of each account.
pub const FAMILIAR_FOLLOWERS_MAX: usize = 20;
/// Followers of an account looked at for them.
pub const FAMILIAR_EXAMINED: usize = 2_000;
/// Rows of a list looked at for one page, shown or not.
pub const ROWS_EXAMINED_MAX: usize = 400;
/// Follow requests counted for `source.follow_requests_count`.
pub const FOLLOW_REQUESTS_COUNTED: usize = 40;
/// Accounts asked for by id in one request.
pub const ACCOUNTS_BY_ID_MAX: usize = 100;
/// Accounts or known peers walked through to count them for instance answers.
pub const COUNTED_MAX: usize = 10_000;
/// Accounts of a page unless the client says otherwise.
pub const ACCOUNTS_PAGE: usize = 40;
/// Accounts of a page at most.
pub const ACCOUNTS_PAGE_MAX: usize = 80;
/// Blocked domains on a page: by default, at most.
pub const DOMAIN_BLOCKS_PAGE: (usize, usize) = (100, 200);
/// Rows that only a deleted account here had, removed in one step; up to six operations each.
pub const BELONGINGS_REMOVED_AT_ONCE: usize = 60;
