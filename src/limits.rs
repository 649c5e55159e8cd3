//! Every bound of the program, with its unit and reason. A block for each area.

use crate::clock::{DAY_MS, HOUR_MS};
use std::time::Duration;

// --- accounts, relationships, notifications, instance (SECURITY D6) --------------------------------------------------

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
/// Bytes of one translation that is kept in memory; a longer one is asked for again.
pub const TRANSLATION_KEPT_BYTES_MAX: usize = 64 * 1024;
/// Texts of the server that are kept drawn: about, privacy, and terms of several days.
pub const TEXTS_DRAWN_KEPT: usize = 8;
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
/// Accounts an account search looks at, beside those that its searcher follows or that live here.
pub const ACCOUNTS_SEARCHED: usize = 400;
/// Index rows an account search looks through for those: two milliseconds.
pub const ACCOUNT_WORDS_SEARCHED: usize = 20_000;
/// Accounts of these of which each is looked up whether its searcher knows it; of more, all whom they know are listed.
pub const ACCOUNTS_LOOKED_UP: usize = 2_000;
/// Bytes of a search text.
pub const SEARCH_TEXT_BYTES_MAX: usize = 2_048;
/// Words of a search text that are looked for.
pub const SEARCH_WORDS_MAX: usize = 8;
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
/// Longest filter with an end, milliseconds: a hundred years. Longer ones are meant to have none, and no app could read
/// the year.
pub const FILTER_MS_MAX: i64 = 100 * 366 * DAY_MS;
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

// --- http: connections, requests, bodies (SECURITY E1, D6, D7) -------------------------------------------------------

/// Transactions of events kept for a slow listener; behind that it is told to read the rows.
pub const EVENTS_KEPT: usize = 1024;
/// Streams open at once; beyond it the next one is told to come back.
pub const STREAMS: usize = 16_384;
/// Streams open at once of one account: several apps, each with several columns.
pub const STREAMS_PER_ACCOUNT: usize = 100;
/// Streams one connection listens to.
pub const STREAM_TOPICS: usize = 64;
/// Frames that wait for one listener; whoever lets more gather is dropped.
pub const STREAM_QUEUE: usize = 64;
/// When a stream that found no place may try again, seconds.
pub const STREAM_RETRY_SECONDS: u64 = 30;
/// Viewers looked at in one view: some 10 µs each.
pub const STREAM_VIEWERS_AT_ONCE: usize = 1_000;
/// Events told in one round.
pub const STREAM_EVENTS_AT_ONCE: usize = 64;
/// Time between comments that keep a line of server-sent events alive, seconds.
pub const STREAM_THUMP_SECONDS: u64 = 15;
/// Time between pings on a WebSocket, seconds; one that answers none of two is gone.
pub const STREAM_PING_SECONDS: u64 = 30;
/// Time to say goodbye on a WebSocket, seconds.
pub const STREAM_CLOSE_SECONDS: u64 = 2;
/// Bytes of a command on a WebSocket.
pub const STREAM_COMMAND_BYTES: usize = 4 * 1024;
/// Bytes read from a WebSocket at once: commands are short and many sockets are open.
pub const STREAM_READ_BYTES: usize = 1024;
/// Bytes of frames on a WebSocket that the system has not taken yet.
pub const STREAM_WRITE_BYTES: usize = 1024 * 1024;
/// Bytes of a push service's address.
pub const PUSH_ENDPOINT_BYTES: usize = 2048;
/// How long a push message is worth telling, seconds; push services keep it as long (RFC 8030 §5.2).
pub const PUSH_HOLDS_SECONDS: i64 = 2 * 24 * 3600;
/// Connections open at once; most systems allow a process 1 024 files and the store needs some.
pub const CONNECTIONS: usize = 900;
/// Connections open at once from one address (IPv6: one /64); proxies are exempt.
pub const CONNECTIONS_PER_CLIENT: usize = 128;
/// Addresses of `X-Forwarded-For` that are looked at, from the right.
pub const PROXIES_IN_A_ROW: usize = 8;
/// Addresses that speak for others without being believed and are counted apart.
pub const PROXIES_WATCHED: usize = 32;
/// How long it is counted how requests come, milliseconds.
pub const PROXIES_WATCHED_MS: i64 = HOUR_MS;
/// Requests after which a proxy is judged.
pub const PROXY_JUDGED_REQUESTS: u32 = 100;
/// Connections the system may hold before they are accepted.
pub const LISTEN_BACKLOG: u32 = 4096;
/// Time a connection has for its next request before it may be closed to make room for others, milliseconds.
pub const CONNECTION_GRACE_MS: u64 = 1_000;
/// While all places are taken: how often is looked whether one is free, milliseconds. Whoever comes meanwhile waits in the
/// system's queue.
pub const CONNECTION_LOOK_MS: u64 = 2;
/// Time to send the whole request head, seconds.
pub const HEAD_SECONDS: u64 = 10;
/// Time a connection may stand between two requests, or without taking any byte of an answer, seconds.
pub const IDLE_SECONDS: u64 = 60;
/// Header lines of a request.
pub const HEADERS: usize = 100;
/// Bytes of a request head.
pub const HEAD_BYTES: usize = 32 * 1024;
/// Time a body may take before its rate counts, seconds.
pub const BODY_GRACE_SECONDS: u64 = 10;
/// Bytes per second a body must bring on average after the grace.
pub const BODY_BYTES_PER_SECOND: u64 = 1024;
/// Time open requests get when the server stops, seconds.
pub const DRAIN_SECONDS: u64 = 8;
/// Time a request may take until its answer begins, seconds.
pub const REQUEST_SECONDS: u64 = 30;
/// Time an upload may take until its answer begins, seconds.
pub const UPLOAD_SECONDS: u64 = 300;
/// Bytes of a request body that carries no files; of the texts of one that does, together.
pub const BODY_BYTES: usize = 1024 * 1024;
/// Bytes of a multipart body with the pictures of a profile, which are held in memory.
pub const MULTIPART_BYTES: usize = 16 * 1024 * 1024;
/// Bytes of an upload with all its fields: the picture and a little more.
pub const UPLOAD_BODY_BYTES: usize = PICTURE_BYTES_MAX + 2 * 1024 * 1024;
/// Bytes of a field of an upload that is no file.
pub const UPLOAD_FIELD_BYTES: u64 = 64 * 1024;
/// Bytes before a part of a multipart form, and of its head; they are held until they are whole.
pub const PART_HEAD_BYTES: usize = 64 * 1024;
/// Bytes of a file being received that are gathered before they are written.
pub const RECEIVED_STEP_BYTES: usize = 256 * 1024;
/// Bytes of a file read at a time while it is sent.
pub const SENT_STEP_BYTES: u64 = 128 * 1024;
/// Threads that may wait for files at once; each keeps at most a step of one in memory.
pub const FILES_AT_ONCE: usize = 32;
/// Tokens of an account that its settings list.
pub const TOKENS_SHOWN: usize = 200;
/// Bytes of a form on a page or of an OAuth request.
pub const FORM_BYTES: usize = 64 * 1024;
/// Longer texts of a form that an error page gives back.
pub const TYPED_TEXTS: usize = 8;
/// Bytes of them together.
pub const TYPED_TEXT_BYTES: usize = 64 * 1024;
/// Fields of a form, or values of a JSON body.
pub const FIELDS: usize = 2_000;
/// Brackets behind one form field, or levels of a JSON body.
pub const FIELD_DEPTH: usize = 8;
/// Bytes of the name of a form field.
pub const FIELD_NAME_BYTES: usize = 512;
/// Media ranges read from an `Accept` header.
pub const ACCEPT_RANGES: usize = 32;
/// Buckets of request rates that are remembered: so many that guard something, and so many others. Full ones are forgotten
/// first, then those that were used least.
pub const RATE_CLIENTS: usize = 50_000;
/// Tokens whose access is remembered between requests.
pub const ACCESS_CACHED: usize = 10_000;
/// Time between two uses of a token or session that are written down, milliseconds.
pub const USE_TOLD_MS: i64 = storage::limits::USE_TOLD_MS;
/// Uses of tokens and sessions that wait to be written; beyond, one is passed over until the next.
pub const USES_WAITING: usize = 2_000;
/// Uses written in one transaction: one operation each, of 500.
pub const USES_AT_ONCE: usize = 200;
/// Time a remembered access is trusted without looking at the store, milliseconds.
pub const ACCESS_CACHED_MS: i64 = 60_000;
/// Threads that read the store; more than cores, because some wait for the disk.
pub const READS_AT_ONCE: usize = 4;
/// Pieces of work for somebody who waits that come before one that nobody waits for.
pub const WORK_AHEAD: usize = 3;
/// Reads waiting for a thread, those of people and those of others each; beyond it requests are shed with 503.
pub const READS_QUEUED: usize = 4096;
/// Threads that sign what leaves for other servers, at most; no more than there are processors.
pub const SIGNING_THREADS: usize = 8;
/// Steps by which they lower their priority: where others want all processors, a quarter of one is left to each.
pub const SIGNING_STEPS: i32 = 5;
/// Signatures waiting for a thread, some 2 s of work; beyond it what should be signed is tried again later.
pub const SIGNATURES_QUEUED: usize = 4_096;
/// Slow computations (keys, sanitising) running at once beside requests.
pub const COMPUTATIONS_AT_ONCE: usize = 4;
/// Time background tasks get to end when the server stops, seconds.
pub const TASK_STOP_SECONDS: u64 = 5;
/// Bytes of a command, or of a line of its answer, on the local control socket: a text of 60 000 bytes fits, however it
/// must be escaped, and so does a list of `BLOCK_LIST_BYTES` as people write them.
pub const CONTROL_BYTES: usize = 2 * BLOCK_LIST_BYTES + 64 * 1024;
/// Time until the next line on the local control socket is taken or given, seconds.
pub const CONTROL_SECONDS: u64 = 60;
/// How often the schedule of backups is looked at, milliseconds.
pub const BACKUP_LOOK_MS: i64 = 30_000;
/// When a backup that failed is tried again, milliseconds.
pub const BACKUP_RETRY_MS: i64 = HOUR_MS;
/// A backup younger than this, milliseconds, is not made anew although it could not be restored: each time costs a base
/// snapshot and all files, and where the disk goes on rotting the next one will not be better.
pub const BACKUP_ANEW_MS: i64 = 6 * HOUR_MS;
/// Rest between two objects of a backup while the disk is slow, milliseconds; while it stalls, until it is looked at again.
pub const BACKUP_PAUSE_MS: u64 = 250;
/// How often a command asks the server how far a backup has come, milliseconds.
pub const BACKUP_ASK_MS: u64 = 200;
/// Time after which a command that still works says so, seconds.
pub const CONTROL_BEAT_SECONDS: u64 = 5;
/// Commands at work at once: a long one must not keep `dassie state` waiting.
pub const CONTROL_AT_ONCE: usize = 8;
/// Lines of long work that wait for whoever asked; then the work waits.
pub const CONTROL_LINES: usize = 64;
/// Long work on the store (a check) at once: more would only make each slower.
pub const MAINTENANCE_AT_ONCE: usize = 1;
// ---- the wire: foreign documents (FEDERATION §2, SECURITY B4) ----

/// Bytes of a JSON document from a peer, fetched or posted.
pub const DOCUMENT_MAX_BYTES: usize = 1_000_000;
/// Depth of arrays and objects in a document; below serde_json's own 128.
pub const DOCUMENT_MAX_DEPTH: usize = 64;
/// Values (members and elements together) in a document.
pub const DOCUMENT_MAX_NODES: usize = 50_000;
/// Characters of one number in a document; the longest double has 24.
pub const NUMBER_MAX_CHARS: usize = 64;
/// Actors and collections read of each part of an interaction policy.
pub const POLICY_ENTRIES_MAX: usize = 16;
/// Recipients read of `to` and of `cc`.
pub const RECIPIENTS_MAX: usize = 1_000;
/// Members of `tag` that are looked at (mentions, hashtags, emoji, links).
pub const DOCUMENT_TAGS_MAX: usize = 200;
/// Hashtags, and emoji, that a document of somebody here names: with all else in it it stays below what an activity may have.
pub const ACTOR_TAGS_SENT: usize = 40;
/// Attachments read of one object.
pub const ATTACHMENTS_MAX: usize = 16;
/// Options of a poll (Mastodon: 500).
pub const POLL_OPTIONS_MAX: usize = 500;
/// Characters of one poll option.
pub const POLL_OPTION_MAX_CHARS: usize = 500;
/// Profile fields of an actor (Mastodon: 50).
pub const ACTOR_FIELDS_MAX: usize = 50;
/// Characters of the name or value of a profile field (Mastodon: 2047).
pub const ACTOR_FIELD_MAX_CHARS: usize = 2_047;
/// Characters of a display name or of a title (Mastodon: 2048).
pub const NAME_MAX_CHARS: usize = 2_048;
/// Bytes of an actor's summary (Mastodon: 20 kB).
pub const BIO_MAX_BYTES: usize = 20_000;
/// Bytes of the HTML of a remote status before it is sanitised.
pub const CONTENT_MAX_BYTES: usize = 200_000;
/// Bytes of the same sanitised: links are given what they must say, and what stands for itself is escaped. Beyond, only
/// its text is kept, within `CONTENT_MAX_BYTES`.
pub const CLEAN_MAX_BYTES: usize = 2 * CONTENT_MAX_BYTES;
/// Characters of a content warning.
pub const SPOILER_MAX_CHARS: usize = 2_048;
/// Characters of an attachment's description (Mastodon: 10 000).
pub const ALT_TEXT_MAX_CHARS: usize = 10_000;
/// Characters of an emoji's shortcode (Mastodon: 2048; ours fit a key).
pub const SHORTCODE_MAX_CHARS: usize = 128;
/// Members of `alsoKnownAs` (Mastodon: 256).
pub const ALIASES_MAX: usize = 256;
/// Forms of one link (`url` arrays) that are looked at.
pub const LINK_FORMS_MAX: usize = 64;
/// Objects of one activity (a Flag names many, votes come in arrays).
pub const ACTIVITY_OBJECTS_MAX: usize = 500;
/// Items read of one collection page.
pub const PAGE_ITEMS_MAX: usize = 1_000;

// ---- the wire: keys and signatures (FEDERATION §4, SECURITY A4, E5) ----

/// Bytes of a PEM text.
pub const PEM_MAX_BYTES: usize = 16 * 1024;
/// Bits of an RSA modulus, at least.
pub const RSA_MIN_BITS: u32 = 2_048;
/// Bits of an RSA modulus, at most; verifying a larger one costs too much.
pub const RSA_MAX_BITS: u32 = 8_192;
/// Bits of the RSA keys made here.
pub const RSA_OWN_BITS: usize = 2_048;
/// Characters of a Multikey; an RSA-8192 key has about 1 430 (base58 is quadratic).
pub const MULTIKEY_MAX_CHARS: usize = 2_048;
/// Bytes of all `Signature` or `Signature-Input` lines together.
pub const SIGNATURE_HEADER_MAX_BYTES: usize = 16 * 1024;
/// Parameters, labels or components in one signature header.
pub const SIGNATURE_PARTS_MAX: usize = 64;
/// A signature may lie this far in the future: clocks differ.
pub const SIGNATURE_FUTURE_MS: i64 = HOUR_MS;
/// A signature may be this old: five minutes and the same margin for clocks.
pub const SIGNATURE_AGE_MS: i64 = 65 * 60 * 1_000;
/// A proof older than this counts as none (DESIGN §5).
pub const PROOF_AGE_MS: i64 = 7 * DAY_MS;

// ---- the wire: the outbound client (SECURITY B1–B3) ----

/// Time to connect, TLS included.
pub const CONNECT_TIMEOUT_MS: u64 = 5_000;
/// Time until the headers of an answer are there.
pub const HEADER_TIMEOUT_MS: u64 = 10_000;
/// Time for a whole exchange, redirects included.
pub const TOTAL_TIMEOUT_MS: u64 = 30_000;
/// Redirects followed by one GET.
pub const REDIRECTS_MAX: usize = 3;
/// Header lines of an answer.
pub const ANSWER_HEADERS_MAX: usize = 64;
/// Bytes of all headers of an answer; also what is buffered of it at once.
pub const ANSWER_HEADER_MAX_BYTES: usize = 32 * 1024;
/// Inflated bytes per compressed byte.
pub const INFLATE_RATIO_MAX: usize = 100;
/// Compressed answers up to this many inflated bytes are never refused for their ratio.
pub const INFLATE_FREE_BYTES: usize = 64 * 1024;
/// Addresses tried of one name.
pub const ADDRESSES_MAX: usize = 4;
/// Idle connections kept to one peer.
pub const IDLE_PER_PEER_MAX: usize = 4;
/// Idle connections kept to all peers.
pub const IDLE_TOTAL_MAX: usize = 256;
/// How long a connection is kept idle; below the usual 60 s of servers.
pub const IDLE_TIMEOUT_MS: u64 = 30_000;
/// Bytes read of the body of an answer that only its status matters of.
pub const IGNORED_BODY_MAX_BYTES: usize = 64 * 1024;

// ---- text (SECURITY C1, client API statuses#create) ----

/// Depth of elements that survives sanitising; deeper markup becomes plain text.
pub const HTML_MAX_DEPTH: usize = 64;
/// Characters a link counts for, whatever its length.
pub const LINK_COUNTS_CHARS: usize = 23;
/// Characters of a link's visible part before it is cut (Mastodon: 30).
pub const LINK_SHOWN_CHARS: usize = 30;
/// Mentions found in one text; more are left as text.
pub const MENTIONS_MAX: usize = 500;
/// Hashtags found in one text.
pub const HASHTAGS_MAX: usize = 100;
/// Characters of one hashtag.
pub const HASHTAG_MAX_CHARS: usize = 100;
/// Accounts of a page unless the client says otherwise.
pub const ACCOUNTS_PAGE: usize = 40;
/// Accounts of a page at most.
pub const ACCOUNTS_PAGE_MAX: usize = 80;
/// Blocked domains on a page: by default, at most.
pub const DOMAIN_BLOCKS_PAGE: (usize, usize) = (100, 200);
/// Notifications of a page unless the client says otherwise.
pub const NOTIFICATIONS_PAGE: usize = 40;
/// Notifications of a page at most.
pub const NOTIFICATIONS_PAGE_MAX: usize = 80;
/// Unread notifications counted unless the client says otherwise; at most `ROWS_EXAMINED_MAX` are looked at.
pub const UNREAD_COUNTED: usize = 100;
/// Unread notifications that pages count; each is a row to read with every page.
pub const UNREAD_SHOWN: usize = 99;
/// What a word that is being typed may become: so many are offered.
pub const COMPLETIONS_SHOWN: usize = 6;
/// Bytes of `Accept-Language` that are looked at; browsers send some fifty.
pub const ACCEPT_LANGUAGE_BYTES: usize = 512;

// --- statuses and timelines (SECURITY D6) ------------------------------------------------------------------------------

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
/// Posts of home that are told to whoever was away; older ones stand on home.
pub const AWAY_POSTS: usize = 200;
/// Pages of rows that are looked at for them, each of at most `ROWS_EXAMINED_MAX`.
pub const AWAY_LOOKS: usize = 4;
/// Answers that are told to whoever was away; the rest stand among the notifications.
pub const AWAY_ANSWERS: usize = 20;
/// Followers looked at to say on how many servers they are, two rows each; of more, nothing is said of servers.
pub const REACH_FOLLOWERS: usize = 1_000;
/// People on the staff looked at to see whether somebody else could step in.
pub const STAFF_LOOKED_AT: usize = 100;
/// Tags of each kind that the page to explore shows.
pub const EXPLORED_TAGS: usize = 20;
/// People that the page to explore suggests.
pub const EXPLORED_PEOPLE: usize = 8;
/// Accounts looked at to find those who came last.
pub const EXPLORED_EXAMINED: usize = 100;
/// Posts to choose from when somebody is reported.
pub const REPORTED_SHOWN: usize = 10;
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
/// Those of them on one day, UTC (Mastodon's).
pub const SCHEDULED_A_DAY_MAX: usize = 25;
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
/// Rows looked at for one page of a timeline or list, shown or not.
pub const SCAN_MAX: usize = 400;
/// Accounts elsewhere that are told of an edited or deleted status because they did something with it, one for each inbox;
/// with those it names they stay below what one audience names (1 000).
pub const HOLDERS_MAX: usize = 500;
/// Reblogs, favourites, answers and so on of a status that are looked at for them, of all kinds together: a row or two each,
/// also in the commit that deletes it.
pub const HOLDERS_LOOKED_AT: usize = 500;
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
/// Handles of one text that are looked up elsewhere before it is posted.
pub const HANDLES_RESOLVED: usize = 5;
/// Time all of these look-ups may take together, milliseconds; whoever is not found by then stays plain text.
pub const HANDLES_RESOLVED_MS: u64 = 4_000;
/// Statuses asked for by id in one request.
pub const STATUSES_BY_ID_MAX: usize = 100;
/// Hashtags looked at in a search of somebody who is signed in.
pub const SEARCHED_TAGS_MAX: usize = 400;
/// The same of a guest: with `SEARCHED_TAG_STATUSES` a thousand statuses looked at for one request.
pub const SEARCHED_TAGS_GUEST_MAX: usize = 100;
/// The newest statuses with a hashtag of which one must be visible to whoever it is suggested to.
pub const SEARCHED_TAG_STATUSES: usize = 10;
/// Searches that one account keeps.
pub const SAVED_SEARCHES_MAX: usize = 40;
/// Characters of what such a search is called.
pub const SAVED_SEARCH_NAME_CHARS_MAX: usize = 80;
/// Bytes of its text.
pub const SAVED_SEARCH_BYTES_MAX: usize = 1_024;
/// Results of each kind in a search: what is given unasked, and at most.
pub const SEARCH_PAGE: (usize, usize) = (20, 40);
/// Conditions of a search text: words, phrases, operators.
pub const SEARCH_CONDITIONS: usize = 32;
/// Statuses the search index is asked for at a time.
pub const SEARCH_STEP: usize = 100;
/// Statuses proposed by the search index that are looked at for one search, shown or not.
pub const SEARCH_EXAMINED: usize = 1_000;
/// Statuses of each kind (favourited, bookmarked, shared, reacted to) that a search counts as touched by its viewer at
/// once; the newest, of shares those of the newest statuses. Older ones but bookmarks stand in the index.
pub const SEARCH_TOUCHED: usize = 2_000;
/// Statuses proposed by the search index that are held against older bookmarks, for whoever has more than
/// `SEARCH_TOUCHED`: a row to look for each.
pub const SEARCH_BEYOND: usize = 2_000;
/// Bookmarks behind the newest `SEARCH_TOUCHED` that are all looked for, where more than `SEARCH_BEYOND` statuses match; the
/// newest. Beyond these one may be missed.
pub const SEARCH_OLDER_BOOKMARKS: usize = 10_000;
/// People somebody mutes, and as many they block, whose statuses the search index does not propose to them.
pub const SEARCH_UNWANTED: usize = 2_000;
/// People who favourited, reacted to or voted on a status, of each kind, among whom those of this server are looked for to
/// be indexed with it: of favourites the newest, of votes those of the oldest accounts, of reactions those of the emoji first
/// by name. Of shares `SEARCH_SHARERS` are.
pub const SEARCH_SEEN_ROWS: usize = 1_000;
/// Answers to a status whose authors count as having seen it; the newest.
pub const SEARCH_SEEN_ANSWERS: usize = 200;
/// People who shared a status by whose followers it is found, and among whom those of this server are looked for; the
/// newest.
pub const SEARCH_SHARERS: usize = 200;
/// Own statuses looked through for answers to others.
pub const SEARCH_OWN_SCANNED: usize = 2_000;
/// Own answers whose parents count as touched; the newest, each is a row to read.
pub const SEARCH_ANSWERS: usize = 500;
/// Bytes of documents kept as they were written, until something becomes durable.
pub const SHELF_BYTES: usize = 4 * 1024 * 1024;
/// Documents kept so.
pub const SHELF_DOCUMENTS: usize = 2_000;
// federation::fetch

/// Milliseconds for which a thread is not asked for again (Mastodon: 15 minutes).
pub const THREAD_COOL_DOWN_MS: i64 = 15 * 60_000;
/// Statuses of a thread among which answers of other servers to ones of this server are looked for: a millisecond at most.
pub const THREAD_ANSWERS_SCANNED: usize = 200;
/// How long an Undo of something that never came stands for what it overtook; but of Blocks it stands for one alone. Misskey
/// gives the next Follow of the same two the same id, and snac the next Like of the same post.
pub const UNDONE_BEFORE_MS: i64 = 60 * 60_000;
/// How old a status may be, milliseconds, whose Update may have overtaken its Create; an older one that is not here is passed
/// over (Mastodon: a day).
pub const OVERTAKEN_MS: i64 = DAY_MS;
/// Activities of an actor, those that wait longest, among which that is looked for which an Undo finds nothing of.
pub const UNDONE_WAITING_SCANNED: usize = 20;
/// Bytes of such a one; a Follow or a Like has a few hundred.
pub const UNDONE_WAITING_BYTES: usize = 8 * 1024;
/// Milliseconds for which a profile is not asked for again.
pub const PROFILE_COOL_DOWN_MS: i64 = HOUR_MS;
/// Threads and profiles that wait to be read; beyond that no more are asked for. Each is a row of a hundred bytes to pass
/// over when one is opened.
pub const BACKFILLS_WAITING_MAX: usize = 200;
/// Milliseconds that whoever opens a thread or profile waits until it is stored that it is asked for.
pub const BACKFILL_ASKED_MS: u64 = 1_000;
/// Milliseconds that reading one thread or profile may take.
pub const BACKFILL_MS: u64 = 10 * 60_000;
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
/// Bytes of a webfinger or host-meta answer.
pub const FINGER_MAX_BYTES: usize = 64 * 1024;
/// People a remote status may name and still reach those here who do not follow its author (the waves of early 2024
/// named thousands).
pub const MENTIONS_OF_STRANGERS_MAX: usize = 50;
/// Accounts stored as mentioned by one remote status.
pub const MENTIONS_STORED_MAX: usize = 100;
/// Within how many milliseconds something is read from another server that many servers hear of at once and nobody waits for
/// at a screen: what a reply answers, the group a status is for, what it quotes, an account that lost its handle. Shorter
/// than pages behind links are given (`CARD_SPREAD_MS`): it is soon missed.
pub const FETCH_SPREAD_MS: i64 = 10_000;
/// Ancestors read for one status.
pub const ANCESTORS_FETCHED_MAX: usize = 50;
/// Times the parent of a status is asked for whose server does not answer, `FETCH_NEGATIVE_MS` apart at least, because that is
/// how long a failure is remembered: within a quarter of an hour (Mastodon: as often and as long).
pub const ANCESTORS_ATTEMPTS: u32 = 4;
/// Items on a page of our own collections.
pub const COLLECTION_PAGE: usize = 20;
/// Replies of a status that are looked at to say how many everybody may see: with each Note, a row each.
pub const REPLIES_COUNTED: usize = 100;
/// Bytes of an activity we send: it is one value in the store (60 KiB).
pub const ACTIVITY_OUT_MAX: usize = 60 * 1024;
/// Bytes of an activity of somebody else that we pass on: it waits in a job, which is one value in the store (64 KiB).
pub const FORWARDED_BYTES_MAX: usize = 48 * 1024;
/// Bytes of an activity we send beside texts, and whom and what they name: its vocabulary (4 KiB), addresses, pictures, names
/// of its parts.
pub const ACTIVITY_FRAME_BYTES: usize = 12 * 1024;
/// Passwords being hashed at once; each takes 19 MiB and 20 ms of a core.
pub const PASSWORDS_AT_ONCE: usize = 2;
/// How long the one-time link that makes the owner holds, milliseconds.
pub const OWNER_LINK_MS: i64 = 30 * 60_000;

// --- users, sessions, OAuth (client API, OAuth; SECURITY D1-D4) --------------------------------------------------------

/// Characters of a local account's name.
pub const USERNAME_CHARS: usize = 30;
/// Bytes of a password: long enough for any phrase, short enough to hash.
pub const PASSWORD_BYTES: usize = 1024;
/// Characters a password has at least.
pub const PASSWORD_CHARS_MIN: usize = 8;
/// Bytes of an e-mail address (RFC 5321 §4.5.3.1).
pub const EMAIL_BYTES: usize = 254;
/// Characters of the reason why somebody wants to be let in, as Mastodon has it.
pub const REASON_CHARS_MAX: usize = 420;
/// Invites one account has; the oldest that holds no more goes for another.
pub const INVITES_MAX: usize = 100;
/// People who may come by one invite that says how many.
pub const INVITE_USES_MAX: u32 = 1_000;
/// How long an invite holds that ends by itself, milliseconds: a year.
pub const INVITE_LASTS_MS: i64 = 366 * DAY_MS;
/// Characters of what an invite says to whoever made it, as Mastodon has it.
pub const INVITE_COMMENT_CHARS_MAX: usize = 420;
/// Bytes of a code that is looked up.
pub const INVITE_CODE_BYTES: usize = 32;
/// Bytes of a language tag (RFC 5646 §4.4.1).
pub const LOCALE_BYTES_MAX: usize = 35;
/// How long a link that confirms an address holds, milliseconds: a week, for those who read mail seldom.
pub const CONFIRM_LINK_MS: i64 = 7 * DAY_MS;
/// How long a link for a new password holds, milliseconds: six hours, since whoever reads it may come in.
pub const RESET_LINK_MS: i64 = 6 * HOUR_MS;
/// Sessions and tokens looked at by one step that ends them: up to ten operations each pair (three of the session, six of the
/// token and what it wakes, one of its application), of 500.
pub const ACCESS_ENDED_AT_ONCE: usize = 40;
/// Milliseconds for handing over one letter, connecting included.
pub const MAIL_MS: u64 = 60_000;
/// Milliseconds until a mail server takes a connection and greets.
pub const MAIL_CONNECT_MS: u64 = 15_000;
/// How long a browser stays signed in, seconds.
pub const SESSION_SECONDS: i64 = 365 * 24 * 3600;
/// Sessions of one user; the oldest ends when one more begins.
pub const SESSIONS_PER_USER: usize = 32;
/// Passkeys of one account.
pub const PASSKEYS: usize = storage::limits::PASSKEYS;
/// Characters of what somebody calls a passkey.
pub const PASSKEY_NAME_CHARS: usize = 60;
/// How long a passkey may take to sign a challenge, milliseconds (WebAuthn §15.1: five to ten minutes).
pub const CHALLENGE_MS: i64 = 5 * 60_000;
/// Challenges that wait at once, some 100 bytes each; the oldest goes.
pub const CHALLENGES: usize = 10_000;
/// How long somebody who gave the right password may take to give a code, milliseconds.
pub const SECOND_STEP_MS: i64 = 10 * 60_000;
/// Wrong codes after which the password is asked again: a guesser of six digits has three in a million each time.
pub const SECOND_STEP_TRIES: u32 = 5;
/// Bytes of a code as typed, with blanks and hyphens.
pub const CODE_BYTES_MAX: usize = 200;
/// Characters kept of what a browser calls itself.
pub const USER_AGENT_CHARS: usize = 200;
/// How long an authorization code holds, milliseconds (RFC 6749 §4.1.2 recommends ten minutes at most).
pub const CODE_MS: i64 = 10 * 60_000;
/// Characters of an application's name.
pub const APPLICATION_NAME_CHARS: usize = 100;
/// Redirect uris of an application.
pub const REDIRECT_URIS: usize = 20;
/// Bytes of them together: anybody may register applications (Mastodon: 2 000 characters).
pub const REDIRECT_URIS_BYTES: usize = 4_000;
/// Bytes of a redirect uri, a website, or `state`.
pub const OAUTH_TEXT_BYTES: usize = 2_000;
/// Scopes of an application.
pub const SCOPES: usize = 64;
/// Statuses taken from one Announce of several.
pub const SHARED_MAX: usize = 10;
/// Time for asking whether somebody said what others pass on of them, milliseconds; many such things come, and what counts
/// for one number less is not waited for longer.
pub const INSIDE_WAIT_MS: u64 = 5_000;
/// Types counted by name that nothing is made of.
pub const UNHEEDED_TYPES_MAX: usize = 60;
/// Bytes of such a name.
pub const UNHEEDED_NAME_BYTES_MAX: usize = 64;

// --- jobs: the runner, inbound activities, deliveries (DESIGN §3, §5; SECURITY C8, E3, E4) -----------------------------

/// Rows read by one look at a queue.
pub const JOB_READ_ROWS: usize = 200;
/// Reports or events taken at once before a queue looks for more work.
pub const JOB_BATCH: usize = 256;
/// Operations put into one commit; a transaction takes 500, and some rules need a few more than they say.
pub const JOB_OPERATIONS: usize = 400;
/// Jobs of one class running at once.
pub const JOBS_AT_ONCE: usize = 8;
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
/// The most of them: planning reads as many in one view.
pub const EXPANSION_INBOXES_MOST: usize = 2_000;
/// Deliveries waiting in memory; the rest waits in its rows.
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
/// steadily and goes first would hold them up for ever.
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
/// Deliveries to failing peers at once, each of which may hang until it is given up.
pub const DELIVERIES_FAILING: usize = 64;
/// Successful deliveries from which their number at once is reckoned anew.
pub const DELIVERY_SAMPLE: u32 = 64;
/// Time after which a delivery counts as slow and leaves its place to others, milliseconds.
pub const DELIVERY_LINGER_MS: u64 = 500;
/// Tries of one delivery that the peer itself refuses or does not answer (FEDERATION §5: 12 to 16).
pub const DELIVERY_ATTEMPTS: u32 = 16;
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
/// Statuses of an account looked through for a page's address, the newest.
pub const EXPLAIN_STATUSES: usize = 400;
/// Activities about one status that are explained.
pub const EXPLAIN_ACTIVITIES: usize = 20;
/// Lists of inboxes of one activity that are counted: of 120 each, all that 350 000 followers have.
pub const EXPLAIN_LISTS: usize = 3_000;
/// Inboxes of one list looked at for who is owed something.
pub const EXPLAIN_INBOXES: usize = 2_000;
/// Accounts of a server looked at in one view.
pub const EXPLAIN_ACCOUNTS: usize = 100;
/// Follows counted of each of them.
pub const EXPLAIN_FOLLOWS: usize = 1_000;
/// Activities that wait, looked through.
pub const EXPLAIN_INBOUND: usize = 1_000;
/// Servers that the progress of a move names.
pub const MOVE_PEERS: usize = 2_000;
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

// --- retention and the budget (DESIGN §3) ----------------------------------------------------------------------------

/// Days after which what nothing holds goes, even if there is room.
pub const RETENTION_DAYS: u32 = 90;
/// Days that may be set instead: at least and at most.
pub const RETENTION_DAYS_RANGE: (u32, u32) = (1, 36_500);
/// What arrived within so many hours does not go: somebody may be reading it.
pub const RETENTION_FRESH_HOURS: u32 = 1;
/// What people followed here wrote or shared within so many hours never goes: a week of home timelines.
pub const RETENTION_FOLLOWED_HOURS: u32 = 7 * 24;
/// What is kept is looked at again after so many hours; marks and follows may have been taken back.
pub const RETENTION_KEPT_HOURS: u32 = 30 * 24;
/// The same where there is too little room.
pub const RETENTION_KEPT_HOURS_PRESSED: u32 = 24;
/// Statuses looked at in one step.
pub const RETENTION_STEP: usize = 40;
/// Rows read in one step, about, beyond which it ends.
pub const RETENTION_ROWS: usize = 150;
/// Followed hashtags that are kept to hold posts against; where there are more, every hashtag counts as followed.
pub const RETENTION_TAGS_MAX: usize = 50_000;
/// Rows of followed hashtags read through one view.
pub const RETENTION_TAGS_STEP: usize = 1_000;
/// After so long, milliseconds, they are read anew; what came within an hour does not go anyway.
pub const RETENTION_TAGS_MS: i64 = 10 * 60_000;
/// Rows of earlier versions brought into the queues in one step.
pub const RETENTION_SETTLE_STEP: usize = 100;
/// Statuses of people here whose threads are looked up in one step; each may hold 40.
pub const RETENTION_THREADS_STEP: usize = 8;
/// Reblogs of a status looked at, the newest, to see whether somebody followed shared it.
pub const REBLOGS_LOOKED_AT: usize = 8;
/// Replies, reblogs, favourites and reactions that go in the same step as their status; about 20 operations each, of 500.
pub const MARKS_LET_GO_AT_ONCE: usize = 8;
/// Notifications kept for one account.
pub const NOTIFICATIONS_KEPT: usize = 5_000;
/// Days after which a notification that was read goes.
pub const NOTIFICATION_DAYS: i64 = 90;
/// Notifications removed in one step; two operations each.
pub const NOTIFICATIONS_REMOVED_AT_ONCE: usize = 100;
/// How long the id of a deleted object is remembered, milliseconds: what its author deleted is not sent any more.
pub const TOMBSTONE_MS: i64 = 90 * DAY_MS;
/// How long an authorization code is remembered, milliseconds.
pub const CODE_KEPT_MS: i64 = DAY_MS;
/// Rows looked at in one step for what expired.
pub const EXPIRE_STEP: usize = 200;
/// Rows that expired removed in one step: three operations each, of 500.
pub const EXPIRED_AT_ONCE: usize = 160;
/// How long the token that an application asked for itself stays unused, milliseconds. An application that has nothing else
/// goes with it and registers again.
pub const OWN_TOKEN_UNUSED_MS: i64 = 30 * DAY_MS;
/// How long an application stays that nobody gives access to, milliseconds, from when it was registered or somebody's access
/// through it ended last. Anybody may register one, and most that are
/// never used are left over from signing in that was given up; but somebody may come back to that a week later, and a
/// program on the web may keep what it registered for the next who signs in through it. Mastodon removes them after a day.
pub const APPLICATION_UNUSED_MS: i64 = 30 * DAY_MS;
/// Tokens and codes looked through in one step to see which applications are used, some 2 µs each. Where there are more,
/// all applications stay.
pub const ACCESS_LOOKED_THROUGH: usize = 10_000;
/// Time between two such passes, milliseconds.
pub const EXPIRE_EVERY_MS: i64 = DAY_MS;
/// How often accounts of other servers that nothing names are looked for, milliseconds...
pub const UNNAMED_EVERY_MS: i64 = DAY_MS;
/// ... and where there is too little room.
pub const UNNAMED_EVERY_PRESSED_MS: i64 = HOUR_MS;
/// Where there is too little room an account goes that was last read from its server longer ago than this, milliseconds.
pub const UNNAMED_FRESH_MS: i64 = DAY_MS;
/// Accounts that are watched at once to see whether something names them, nine bytes each. Those behind them have their turn
/// the next time.
pub const UNNAMED_WATCHED: usize = 200_000;
/// How long they are watched at least, milliseconds: longer than anything that takes an activity in has looked at an account
/// before it writes what names it.
pub const UNNAMED_WATCH_MS: i64 = 15 * 60_000;
/// Accounts looked at in one view.
pub const ACCOUNTS_LOOKED_AT: usize = 500;
/// Accounts that go in one step: at most 82 operations each, of 500, and nearly always 15.
pub const ACCOUNTS_FORGOTTEN_AT_ONCE: usize = 6;
/// How often it is looked whether something may go, milliseconds.
pub const RETENTION_EVERY_MS: i64 = 10_000;
/// After a step retention rests this many times as long as the step took: a tenth of the writer's time...
pub const RETENTION_REST: u32 = 9;
/// ... and only this many where nothing is taken from other servers before there is room.
pub const RETENTION_REST_OUT: u32 = 1;
/// ... and at least so long ...
pub const RETENTION_REST_MIN: Duration = Duration::from_millis(5);
/// ... and at most so long.
pub const RETENTION_REST_MAX: Duration = Duration::from_secs(2);
/// The same on a disk that is slow: there a step takes seconds.
pub const RETENTION_REST_SLOW_MAX: Duration = Duration::from_secs(60);

/// The budget where none is set: one byte in so many of the disk...
pub const BUDGET_DEFAULT_SHARE: u64 = 5;
/// ... and at least so many bytes.
pub const BUDGET_DEFAULT_MIN: u64 = 2_000_000_000;
/// Bytes of the smallest budget: log segments, tables and base snapshots of an empty server take a third of it.
pub const BUDGET_MIN: u64 = 64_000_000;
/// Of 1000 bytes of the budget, from where on the oldest that nothing holds goes...
pub const ROOM_PRESSED_PER_MILLE: u64 = 800;
/// ... until this is reached.
pub const ROOM_GOAL_PER_MILLE: u64 = 750;
/// Bytes that letting a status go gives back, about: its rows with their share of pages, base snapshots and index.
pub const ROOM_OF_A_STATUS: u64 = 3_000;
/// Bytes on the disk that a byte of a transaction becomes at most: in the log, in the engine and once more while that is
/// written anew (1.7 each), in three base snapshots, and in a search index that merges its parts.
pub const ROOM_OF_A_LOGGED_BYTE: u64 = 8;
/// Of 1000 bytes, from where on room is scarce.
pub const ROOM_SCARCE_PER_MILLE: u64 = 900;
/// Nothing is fetched from there on that nobody asked for.
pub const ROOM_SHORT_PER_MILLE: u64 = 950;
/// Nothing is taken from other servers from there on.
pub const ROOM_OUT_PER_MILLE: u64 = 980;
/// A state is left so many of 1000 bytes below where it is entered.
pub const ROOM_SLACK_PER_MILLE: u64 = 20;
/// Of 1000 bytes of the budget, what copies of pictures that are fetched before the room was first measured may take.
pub const ROOM_UNMEASURED_PER_MILLE: u64 = 10;
/// With so many bytes free, a disk is not full whatever its share.
pub const ROOM_DISK_PLENTY_BYTES: u64 = 5_000_000_000;
/// How long the engine may be behind the log before that is a problem, milliseconds: some hundred times what is usual.
pub const ENGINE_LAG_MS: u64 = 5_000;
/// How often the room is measured, milliseconds.
pub const ROOM_LOOK_MS: i64 = 10_000;
/// Pause between two steps of a walk over a directory, milliseconds.
pub const ROOM_STEP_REST_MS: u64 = 5;
/// Steps of a walk that one look is worth: a walk of a hundred steps is made once in ten looks.
pub const ROOM_STEPS_A_LOOK: u64 = 10;
/// Hours of which the bytes are kept, to tell the growth: a week, weekends included.
pub const ROOM_GROWTH_HOURS: u32 = 168;
/// Hours without which nothing is said about growth.
pub const ROOM_GROWTH_HOURS_MIN: u64 = 24;

// --- the disk (DESIGN §8) --------------------------------------------------------------------------------------------

/// How often the disk is judged, milliseconds.
pub const DISK_LOOK_MS: i64 = 1_000;
/// Syncs of the last half minute without which nothing is said about them; the probe makes two at least.
pub const DISK_SYNCS_MIN: usize = 2;
/// Timed reads of the last half minute without which nothing is said about them; one read in 64 is timed.
pub const DISK_READS_MIN: usize = 5;
/// A disk is slow when half of the syncs or of the reads, or one sync in a hundred, take this many times what is normal for
/// them.
pub const DISK_SLOW_TIMES: u32 = 5;
/// Below this nobody notices, however fast the disk normally is.
pub const DISK_SLOW_MIN: Duration = Duration::from_millis(20);
/// From here on a disk is slow, even if it always was.
pub const DISK_SLOW_MAX: Duration = Duration::from_millis(500);
/// From here on a disk is slow while it is not known what is normal: turning disks and cards stay below. From here on reads
/// are slow, even if they always were: a page asks for dozens.
pub const DISK_SLOW_UNKNOWN: Duration = Duration::from_millis(250);
/// How long it must be slow before it is called so; with the half minute of the figures it is named within a minute.
pub const DISK_SLOW_FOR: Duration = Duration::from_secs(15);
/// Below this one sync in a hundred hurts nobody, however fast the disk normally is (STORAGE §4).
pub const DISK_HICCUPS_MIN: Duration = Duration::from_millis(50);
/// From here on one sync in a hundred is too slow, even if it always was, and while it is not known what is normal.
pub const DISK_HICCUPS_MAX: Duration = Duration::from_secs(1);
/// How long one sync in a hundred must be slow before the disk is called so: longer than the half minute of the figures, so
/// that a single slow sync is none.
pub const DISK_HICCUPS_FOR: Duration = Duration::from_secs(45);
/// How long syncs must take less than half of what made it slow before it is OK again.
pub const DISK_RECOVERY_SLOW: Duration = Duration::from_secs(60);
/// A sync that lasts longer is a disk that stalls.
pub const DISK_STALLED: Duration = Duration::from_secs(5);
/// So is one half of whose syncs take this long.
pub const DISK_STALLED_P50: Duration = Duration::from_secs(2);
/// While it stalls, a sync that lasts longer is more of the same.
pub const DISK_STALLED_OVER: Duration = Duration::from_secs(1);
/// How long nothing may hang before it no longer stalls.
pub const DISK_RECOVERY_STALLED: Duration = Duration::from_secs(10);
/// When senders shall come again while the disk stalls, seconds.
pub const STALLED_RETRY_SECONDS: u64 = 60;
/// How often deliveries that failed before are looked at while the disk is in trouble, those of one peer each time,
/// milliseconds: they wait, but on a disk that stays slow not for ever.
pub const DISK_RETRIES_EVERY_MS: i64 = 30_000;
/// Pages of guests that are read for and drawn at once while the disk stalls; those kept are answered all the same.
pub const GUESTS_WHILE_STALLED: usize = 4;
/// When fetching is looked at again while the disk is slow, milliseconds.
pub const DISK_FETCH_LATER_MS: i64 = 30_000;
/// Free bytes of 100 below which there is little room.
pub const DISK_FREE_PER_CENT_LOW: u64 = 10;
/// Free bytes of 100 below which there is nearly none.
pub const DISK_FREE_PER_CENT_BAD: u64 = 5;
/// Days beyond which no forecast is told: nobody knows.
pub const DISK_FORECAST_DAYS: i64 = 3_650;
/// Microseconds below which no turning disk syncs: a turn takes 4 000 and more.
pub const FLUSH_ROTATING_MIN_US: u64 = 500;
/// Microseconds below which flash without capacitors does not sync.
pub const FLUSH_FLASH_MIN_US: u64 = 50;
/// Milliseconds by which the clock may differ from a stopwatch between two looks.
pub const CLOCK_JUMP_MS: i64 = 5_000;
/// How long a jump of the clock is told.
pub const CLOCK_JUMP_TOLD: Duration = Duration::from_secs(3_600);
/// Milliseconds beyond which a jump forward makes ages doubtful, and beyond which what was done in the future is not believed
/// to have been done then: no correction of a clock that is kept is so large.
pub const CLOCK_AHEAD_MS: i64 = HOUR_MS;
/// Milliseconds by which the clock may be ahead of the log at the start before ages are doubtful: a night off is usual.
pub const CLOCK_BEGINS_AHEAD_MS: i64 = DAY_MS;
/// How long nothing is removed for its age then: time to notice and to set the clock right.
pub const CLOCK_REST: Duration = Duration::from_secs(3_600);
/// When what goes by age is looked at again while ages are doubtful, milliseconds.
pub const CLOCK_LATER_MS: i64 = 60_000;

// --- pictures (SECURITY C3, C4) ----------------------------------------------------------------------------------------

/// Bytes of an uploaded picture (Mastodon: 16 MiB).
pub const PICTURE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Pixels of a picture that is read, as its header says (Mastodon: 7680x4320).
pub const PICTURE_PIXELS_MAX: u64 = 33_177_600;
/// Bytes a decoder may ask for: the most pixels in four bytes each, and some of its own.
pub const PICTURE_MEMORY_BYTES: u64 = 192 * 1024 * 1024;
/// Bytes of a colour profile that is kept; those in use have one or two thousand.
pub const PICTURE_PROFILE_BYTES: usize = 60 * 1024;
/// Pictures read at once: each may need `PICTURE_MEMORY_BYTES`.
pub const PICTURES_AT_ONCE: usize = 1;
/// Pixels of a still picture that is kept (Mastodon: 3840x2160).
pub const PICTURE_KEPT_PIXELS: u64 = 8_294_400;
/// Pixels of a preview (Mastodon: 640x360).
pub const PREVIEW_PIXELS: u64 = 230_400;
/// Pixels of a remote profile's wide picture.
pub const HEADER_PIXELS: u64 = 750_000;
/// Pixels a blurhash is reckoned from.
pub const BLURHASH_PIXELS: u64 = 4_096;
/// Quality of JPEG seen large.
pub const JPEG_QUALITY_LARGE: u8 = 90;
/// Quality of previews.
pub const JPEG_QUALITY_SMALL: u8 = 80;
/// Frames of a moving picture.
pub const ANIMATION_FRAMES_MAX: u64 = 1_500;
/// Pixels of all frames of a moving picture together: what whoever looks at it must decode.
pub const ANIMATION_PIXELS_MAX: u64 = 600_000_000;
/// Width and height of an avatar (Mastodon's).
pub const AVATAR_SIZE: (u32, u32) = (400, 400);
/// Width and height of a header (Mastodon's).
pub const HEADER_SIZE: (u32, u32) = (1_500, 500);
/// Bytes of an avatar or header as sent (Mastodon: 8 MiB).
pub const PROFILE_PICTURE_BYTES: usize = 8 * 1024 * 1024;
/// Bytes of a moving avatar or header, which is shown as it was sent.
pub const PROFILE_ANIMATION_BYTES: usize = 2 * 1024 * 1024;
/// Pictures of a status.
pub const ATTACHED_MAX: usize = 4;
/// Pictures a status may have had in all its versions; all of them go with it in one commit.
pub const MEDIA_OF_STATUS_MAX: usize = 24;
/// Characters of a picture's description (Mastodon's).
pub const MEDIA_DESCRIPTION_CHARS_MAX: usize = 1_500;
/// How long an upload that belongs to no status is kept, milliseconds.
pub const MEDIA_LOOSE_MS: i64 = DAY_MS;
/// Loose uploads removed in one transaction: about nine operations each, of 500.
pub const LOOSE_DROPPED_AT_ONCE: usize = 40;
/// How long an upload waits to be processed before it is answered as unfinished, milliseconds.
pub const MEDIA_WAIT_MS: u64 = 5_000;
/// The same where the answer must be a finished picture, milliseconds.
pub const MEDIA_SYNCHRONOUS_WAIT_MS: u64 = 120_000;
/// Bytes of a picture taken from another server.
pub const REMOTE_PICTURE_BYTES: usize = 10 * 1024 * 1024;
/// Pictures fetched from other servers at once.
pub const REMOTE_PICTURES_AT_ONCE: usize = 12;
/// Pictures fetched from one host at once.
pub const REMOTE_PICTURES_PER_HOST: u8 = 3;
/// How long another server may take for one of them, milliseconds.
pub const REMOTE_PICTURE_MS: u64 = 12_000;
/// How long whoever looks waits for it, turns included, milliseconds: less than a request may.
pub const REMOTE_PICTURE_WAIT_MS: u64 = 25_000;
/// Bytes of a remote picture's address; it stands in a path, a third longer.
pub const REMOTE_PICTURE_URL_BYTES: usize = 2_048;
/// How long a copy of a remote picture is kept after it was last looked at, milliseconds.
pub const CACHE_AGE_MS: i64 = 30 * DAY_MS;
/// Bytes of copies of remote pictures...
pub const CACHE_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// ... and at most one byte in so many of the budget.
pub const CACHE_BUDGET_SHARE: u64 = 8;
/// Bytes that the directories of copies take when they are empty, 257 of a block each: they never go.
pub const CACHE_DIRECTORY_BYTES: u64 = 257 * 4096;
/// One byte in so many more until those beyond it go: they are not walked over for each picture.
pub const CACHE_SLACK_SHARE: u64 = 10;
/// Bytes in which a disk allocates room for a file, mostly.
pub const CACHE_FILE_STEP: u64 = 4_096;
/// Milliseconds between two times at which the older half of them goes because something has to.
pub const CACHE_HALVED_MS: i64 = HOUR_MS;

// --- emoji of this server's own --------------------------------------------------------------------------------------

/// Emoji of this server's own.
pub const EMOJI_MAX: usize = storage::limits::CUSTOM_EMOJI_MAX;
/// Characters of a shortcode, at least and at most; it stands in a key of the store, and in paths.
pub const EMOJI_SHORTCODE_CHARS: (usize, usize) = (2, 100);
/// Characters of the heading under which pickers show some.
pub const EMOJI_CATEGORY_CHARS_MAX: usize = 60;
/// Bytes of the picture as sent, and of a moving one as it is shown (Mastodon: 256 KiB; other servers take no more).
pub const EMOJI_BYTES_MAX: usize = 256 * 1024;
/// Pixels of a still one: sharp on every screen, and in four bytes each below `EMOJI_BYTES_MAX`.
pub const EMOJI_PIXELS: u64 = 40_000;
/// Pixels of each side of a moving one, which is shown as it was sent, many times on a page.
pub const EMOJI_MOVING_SIDE_MAX: u32 = 512;
/// Shortcodes looked up of one text, a row each; what follows stays as it was typed.
pub const EMOJI_LOOKED_UP: usize = 100;
/// Emoji on a page for those who look after them.
pub const EMOJI_PAGE: usize = 100;
/// Accounts of another server looked at for an emoji that is to be brought here.
pub const EMOJI_ACCOUNTS_LOOKED_AT: usize = 300;
/// And the newest statuses of each of them.
pub const EMOJI_STATUSES_LOOKED_AT: usize = 10;

// --- filters (client API, filters) -----------------------------------------------------------------------------------

/// People here in whose conversations one direct status is put: three rows each.
pub const CONVERSATION_PEOPLE: usize = 40;
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

// --- polls (client API, polls) ---------------------------------------------------------------------------------------

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

// --- lists (client API, lists) ---------------------------------------------------------------------------------------

/// Accounts in one list; a page of its timeline looks at the index of each.
pub const LIST_MEMBERS_MAX: usize = 1_000;
/// Accounts put into a list, or taken out, at once: four operations each.
pub const LIST_MEMBERS_AT_ONCE: usize = 80;
/// Characters of a list's title.
pub const LIST_TITLE_CHARS_MAX: usize = 256;

// --- tables that people bring and take along ---------------------------------------------------------------------------

/// Bytes of a table: ten thousand handles of a hundred bytes; its rows are stored in one commit of at most 2 MiB.
pub const IMPORT_BYTES: usize = 1024 * 1024;
/// Rows of a table; whoever follows more than `FOLLOWING_MAX` is refused row by row.
pub const IMPORT_ROWS: usize = 10_000;
/// Bytes of one field; longer than any handle or address that is taken.
pub const IMPORT_FIELD_BYTES: usize = 1024;
/// Languages of one row.
pub const IMPORT_LANGUAGES: usize = 20;
/// Rows of one stored part.
pub const IMPORT_PART_ROWS: usize = 100;
/// Bytes of one stored part, about; a value of the store has 64 KiB.
pub const IMPORT_PART_BYTES: usize = 32 * 1024;
/// Imports of one account that are told; the oldest that is over makes room for a new one.
pub const IMPORTS_KEPT: usize = 10;
/// Refused rows that are told.
pub const IMPORT_REFUSED_SHOWN: usize = 200;
/// Characters kept of what a refused row named; a hundred of them are one value of the store.
pub const IMPORT_SUBJECT_CHARS: usize = 100;
/// Rows of one import whose subjects are looked up at once.
pub const IMPORT_ROWS_AT_ONCE: usize = 8;
/// How long whom a row names may be looked for, milliseconds.
pub const IMPORT_ROW_MS: u64 = 20_000;
/// Rows looked at, and perhaps removed, in one commit at the end of an import that replaces: some twenty operations each.
pub const IMPORT_REST_AT_ONCE: usize = 20;
/// Rows of a kind that are counted on the page of what is stored about somebody.
pub const HELD_COUNTED: usize = 500;
/// Milliseconds between two archives of one account, as Mastodon.
pub const TAKEOUT_REST_MS: i64 = 7 * DAY_MS;
/// Milliseconds for which an archive can be taken, as Mastodon.
pub const TAKEOUT_KEPT_MS: i64 = 7 * DAY_MS;
/// Milliseconds after which an archive of which nothing came may be asked for again.
pub const TAKEOUT_FAILED_REST_MS: i64 = DAY_MS;
/// Milliseconds after which nobody waits any more for an archive that is still not written.
pub const TAKEOUT_WRITTEN_MS: i64 = 3 * DAY_MS;
/// Bytes of an archive.
pub const TAKEOUT_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;
/// All archives, and the one that is being written with what is written beside it, take at most one byte in so many of the
/// budget.
pub const TAKEOUTS_SHARE: u64 = 8;
/// Archives written at once.
pub const TAKEOUTS_AT_ONCE: usize = 1;
/// Milliseconds after which an archive whose turn has not come looks again.
pub const TAKEOUT_TURN_MS: i64 = 60_000;
/// Statuses that go into an archive in one read.
pub const TAKEOUT_STATUSES: usize = 20;
/// Pictures of one status that go into an archive, those of former versions among them.
pub const TAKEOUT_PICTURES: usize = 100;
/// Bytes of a file that go into an archive in one step.
pub const TAKEOUT_STEP_BYTES: usize = 256 * 1024;
/// Statuses after which the progress of an archive is stored.
pub const TAKEOUT_TOLD: u64 = 200;

/// Pages of a list of follows that are read: Mastodon puts twelve on one.
pub const FOLLOWS_PAGES: usize = 500;
/// Documents read for it, the account with its own included.
pub const FOLLOWS_DOCUMENTS: u32 = 520;
/// Milliseconds for reading one.
pub const FOLLOWS_MS: u64 = 10 * 60_000;
/// Times a server is asked again that does not answer; the pauses between grow.
pub const FOLLOWS_ATTEMPTS: u32 = 4;
/// Characters kept of why nothing came of it.
pub const SOURCE_WHY_CHARS: usize = 300;

// --- lists of domains to block -----------------------------------------------------------------------------------------

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
/// Hashtags that the first run follows at once, in one commit with the rest of what it says.
pub const FIRST_TOPICS: usize = 20;
/// Domains blocked in one commit: some eight operations each.
pub const BLOCK_LIST_AT_ONCE: usize = 40;
/// People whose servers a list is held against: of those one follows, and of those a table names.
pub const BLOCK_LIST_PEOPLE: usize = 10_000;
/// Servers of people one follows that are named, and may be spared.
pub const BLOCK_LIST_SPARED: usize = 50;
/// Times a server is asked again for its list that does not answer; the pauses between grow.
pub const BLOCK_LIST_ATTEMPTS: u32 = 4;

// --- strikes and appeals -----------------------------------------------------------------------------------------------

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

// --- automatic deletion of own statuses --------------------------------------------------------------------------------

/// Statuses deleted by one step: each is told to every server that has it.
pub const CLEANUP_AT_ONCE: usize = 10;
/// Milliseconds between two steps: with the above at most 14 400 statuses a day.
pub const CLEANUP_STEP_MS: i64 = 60_000;
/// Milliseconds between two passes: what has become old enough goes within six hours.
pub const CLEANUP_PASS_MS: i64 = 6 * HOUR_MS;
/// Statuses one step looks at: some ten milliseconds.
pub const CLEANUP_LOOKED_AT: usize = 500;
/// Statuses looked at to say how many would go.
pub const CLEANUP_PREVIEW_ROWS: usize = 20_000;
/// The highest number of favourites or reblogs that may be named.
pub const CLEANUP_COUNT_MAX: u32 = 1_000_000;
/// Rows of a table written from one view.
pub const EXPORT_ROWS_AT_ONCE: usize = 200;

// --- tags (client API, tags, featured_tags) --------------------------------------------------------------------------

/// Tags that one account may follow; each is one more index a page of home looks at.
pub const TAGS_FOLLOWED_MAX: usize = 200;
/// Followed tags on a page: by default, at most.
pub const TAGS_PAGE: (usize, usize) = (100, 200);
/// Tags on a profile, as Mastodon has it.
pub const TAGS_FEATURED_MAX: usize = 10;
/// Tags of an account looked at for suggestions.
pub const TAGS_USED_EXAMINED: usize = 1_000;

// --- grouped notifications (client API, grouped_notifications) -------------------------------------------------------

/// Notifications that say the same stand together within this time, milliseconds (Mastodon: twelve hours).
pub const GROUP_MS: i64 = 12 * HOUR_MS;
/// Accounts named by a group.
pub const GROUP_SAMPLE: usize = 8;
/// Notifications of one group that are shown, or removed in one commit: two operations each.
pub const GROUP_MEMBERS: usize = 200;

// --- filtered notifications (client API, notifications: policy and requests) -----------------------------------------

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
/// Rows that only a deleted account here had, removed in one step; up to six operations each.
pub const BELONGINGS_REMOVED_AT_ONCE: usize = 60;
/// Filtered notifications kept for one account.
pub const FILTERED_KEPT: usize = 5_000;

// --- moderation ------------------------------------------------------------------------------------------------------

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

// --- a second machine: shipping, the lease, object stores ------------------------------------------------------------

/// Milliseconds between two looks for what is to be shipped, and between two looks of a standby: both twice stay below the
/// five seconds that may be lost.
pub const SHIP_PAUSE_MS: i64 = 2_000;
/// Times that pause is doubled while shipping fails: 64 s.
pub const SHIP_BACKOFF_DOUBLINGS: u32 = 5;
/// Times that pause is doubled while following fails: 8 s.
pub const FOLLOW_BACKOFF_DOUBLINGS: u32 = 2;
/// Milliseconds between two renewals of the lease, where a standby exists: six in a lease.
pub const LEASE_RENEW_MS: i64 = 5_000;
/// Milliseconds between two looks for a standby where none is known: requests to an object store cost.
pub const LEASE_LOOK_MS: i64 = 15_000;
/// Milliseconds that deliveries, jobs and inbound activities wait before they look again whether this machine may serve.
pub const FENCE_LOOK_MS: i64 = 1_000;
/// Milliseconds within which an object store begins to answer, besides the time for the bytes it is sent.
pub const S3_PATIENCE_MS: u64 = 10_000;
/// Bytes a millisecond at which an object goes over the slowest line that will do: half a megabit a second.
pub const S3_BYTES_PER_MS: u64 = 64;
/// Milliseconds before the first repeat of a request to an object store; doubled up to `S3_BACKOFF_MAX_MS`.
pub const S3_BACKOFF_MS: u64 = 200;
/// Milliseconds between two repeats at most.
pub const S3_BACKOFF_MAX_MS: u64 = 2_000;
/// Repeats of one request; whoever asked tries again by itself.
pub const S3_RETRIES: usize = 3;
/// Milliseconds after which a request is not repeated any more.
pub const S3_RETRY_MS: u64 = 10_000;
/// Objects of one listing, some 150 bytes each in memory.
pub const S3_LISTED_MAX: usize = 4_000_000;
/// Bytes of the prefix of names in a bucket.
pub const S3_PREFIX_BYTES_MAX: usize = 200;
/// Characters of what an object store said that are told on.
pub const S3_WORDS_MAX: usize = 500;

// --- texts of this server, announcements, directory, suggestions -----------------------------------------------------

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
// --- previews of links (client API, PreviewCard) ----------------------------------------------------------------------

/// Links of a status looked at for one that has a preview.
pub const LINKS_LOOKED_AT: usize = 20;
/// Within how many milliseconds after a status of another server came its link is looked at (Mastodon: a minute).
pub const CARD_SPREAD_MS: u64 = 59_000;
/// How long a page is not asked for again, whether it answered or not, milliseconds.
pub const CARD_FRESH_MS: i64 = DAY_MS;
/// How long one page may take, with its oEmbed document, milliseconds.
pub const CARD_MS: u64 = 15_000;
/// Pages asked of one host at once.
pub const CARDS_PER_HOST: u8 = 2;
/// Tags of a page that are read.
pub const PAGE_TAGS: usize = 400;
/// Bytes of one of them, and of a title; the library compares each attribute of a tag with all before.
pub const PAGE_TAG_BYTES: usize = 3_072;
/// Bytes of an oEmbed document.
pub const OEMBED_BYTES: usize = 64 * 1024;
/// Characters of a title that are kept.
pub const CARD_TITLE_CHARS: usize = 300;
/// Characters of a description that are kept.
pub const CARD_DESCRIPTION_CHARS: usize = 1_000;
/// Characters of the name of an author or a site.
pub const CARD_NAME_CHARS: usize = 150;
/// Width and height that a picture may be said to have, pixels.
pub const CARD_PIXELS: u32 = 65_535;
/// Links that lead to one page and are looked at for its timeline.
pub const LINKS_OF_PAGE_MAX: usize = 20;

// --- trends (client API, trends) --------------------------------------------------------------------------------------

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

// ---- the own certificate (RFC 8555) ----

/// Time for the TLS handshake of an inbound connection.
pub const HANDSHAKE_MS: u64 = 10_000;
/// Proofs that an authority may come for at once: one a name, and one that an earlier order left.
pub const PROOFS_MAX: usize = 8;
/// A chain of four certificates has some 8 KiB.
pub const CERTIFICATE_FILE_BYTES_MAX: u64 = 256 * 1024;
/// Milliseconds between two looks at whether the files of a certificate have changed.
pub const CERTIFICATE_FILES_LOOK_MS: i64 = 30_000;
/// With less than this part of its life left a certificate that was not renewed is told as a problem.
pub const CERTIFICATE_WORRY_SHARE: i64 = 5;
/// Milliseconds for one answer of an authority.
pub const ACME_ANSWER_MS: u64 = 20_000;
/// Bytes of one answer: a chain of four certificates has some 8 KiB.
pub const ACME_ANSWER_BYTES_MAX: usize = 256 * 1024;
/// Milliseconds until an authority has looked at the proofs, and again until it has signed.
pub const ACME_ORDER_MS: u64 = 90_000;
/// Milliseconds for an order from its beginning to its end.
pub const ACME_WHOLE_MS: u64 = 300_000;
/// Characters of what an authority says that are told on.
pub const ACME_WORDS_MAX: usize = 500;
/// Milliseconds before an order that failed is tried again; four times as long after each further failure. Authorities
/// bear five failures an hour.
pub const ACME_BACKOFF_MS: i64 = 120_000;
/// Milliseconds between two tries at most.
pub const ACME_BACKOFF_MAX_MS: i64 = 6 * HOUR_MS;
/// Milliseconds after a certificate came before the next one is asked for, whatever the clock says of its life: authorities
/// bear five a week for one name.
pub const ACME_REST_MS: i64 = 6 * HOUR_MS;
/// Milliseconds for which an authority that says so is left alone.
pub const ACME_TOO_OFTEN_MS: i64 = 3 * HOUR_MS;

// ---- what stands around the server: its name, its clock, its service manager ----

/// Bytes of an answer that `dassie doctor` looks at: an authority's directory.
pub const DOCTOR_BYTES_MAX: usize = 64 * 1024;
/// Milliseconds for which the first page waits to hear whether a port is held.
pub const WAYS_LOOKED_MS: u64 = 500;
/// Seconds that a clock may be off before it is told: signatures bear 300.
pub const CLOCK_OFF_SECONDS: i64 = 60;
/// Milliseconds a read may take before the service manager's watchdog is not told.
pub const WATCHDOG_READ_MS: u64 = 10_000;
