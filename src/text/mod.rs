//! Lives here: text: HTML of others made harmless, our own text made HTML, plain text of either.
//! May use: ammonia, pulldown-cmark, whatlang, `limits`. Must never name: storage, sockets, ActivityPub, HTTP.
//! Must never name: rooms above it; who is mentioned is resolved by whoever calls.
//! Invariants: what leaves `sanitise` is a fixed point of it; every pass is linear in a bounded input.

pub mod compose;
pub mod entities;
pub mod guess;
pub mod links;
pub mod markdown;
pub mod plain;
pub mod sanitise;
pub mod shorten;
pub mod split;

pub use compose::{MentionTarget, compose, drawn};
pub use entities::{Entity, EntityKind, count_chars, entities, normalise_hashtag};
pub use guess::guess_language;
pub use plain::{display_name, plain_text};
pub use sanitise::sanitise;
pub use shorten::shorten;
pub use split::{Cut, split};

use crate::limits;

/// Whether `text` has the shape of a language tag (RFC 5646): letters, digits and hyphens, at most `limits::LOCALE_BYTES_MAX`.
#[must_use]
pub fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    text.len() <= limits::LOCALE_BYTES_MAX
        && (2..=8).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Text as HTML: `&`, `<`, `>`, `"` and `'` escaped.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    push_escaped(&mut out, text);
    out
}

fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}
