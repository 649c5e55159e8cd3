//! Bounds of what other servers send and are sent.

use crate::clock::{DAY_MS, HOUR_MS};

// --- foreign documents (FEDERATION §2, SECURITY B4) ---

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
/// Statuses taken from one Announce of several.
pub const SHARED_MAX: usize = 10;
/// Time for asking whether somebody said what others pass on of them, milliseconds; many such things come, and what counts
/// for one number less is not waited for longer.
pub const INSIDE_WAIT_MS: u64 = 5_000;
/// Types counted by name that nothing is made of.
pub const UNHEEDED_TYPES_MAX: usize = 60;
/// Bytes of such a name.
pub const UNHEEDED_NAME_BYTES_MAX: usize = 64;

// --- activities that come in ---

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
/// People a remote status may name and still reach those here who do not follow its author (the waves of early 2024
/// named thousands).
pub const MENTIONS_OF_STRANGERS_MAX: usize = 50;
/// Accounts stored as mentioned by one remote status.
pub const MENTIONS_STORED_MAX: usize = 100;

// --- keys and signatures (FEDERATION §4, SECURITY A4, E5) ---

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

// --- the outbound client (SECURITY B1–B3) ---

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

// --- documents and activities of this server ---

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
/// Bytes of documents kept as they were written, until something becomes durable.
pub const SHELF_BYTES: usize = 4 * 1024 * 1024;
/// Documents kept so.
pub const SHELF_DOCUMENTS: usize = 2_000;
