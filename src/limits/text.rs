//! Bounds of texts (SECURITY C1, client API statuses#create).

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
/// What a word that is being typed may become: so many are offered.
pub const COMPLETIONS_SHOWN: usize = 6;
/// Bytes of `Accept-Language` that are looked at; browsers send some fifty.
pub const ACCEPT_LANGUAGE_BYTES: usize = 512;
