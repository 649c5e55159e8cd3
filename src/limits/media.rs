//! Bounds of pictures and emoji.

use crate::clock::{DAY_MS, HOUR_MS};

// --- pictures (SECURITY C3, C4) ---

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
/// Bytes of an emoji of another server (Mastodon: 256 KiB); many of them stand on a page.
pub const REMOTE_EMOJI_BYTES: usize = 256 * 1024;
/// Pixels of each side of it: shown as it was sent it takes 4 MiB of a browser's memory at most, a frame.
pub const REMOTE_EMOJI_SIDE_MAX: u32 = 1_024;
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

// --- emoji of this server's own ---

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
