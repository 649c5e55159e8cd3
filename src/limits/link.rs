//! Bounds of previews of links (client API, PreviewCard).

use crate::clock::DAY_MS;

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
