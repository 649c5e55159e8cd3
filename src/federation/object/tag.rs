//! What `tag` holds: mentions, hashtags, emoji. Links among them are quotes (`quote.rs`).

use super::read;
use crate::limits;
use serde_json::Value;
use storage::Timestamp;

/// Somebody named in a text. Notified only if addressed as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The actor's id, or their page.
    pub href: Option<String>,
    /// `@user@host` or `@user`.
    pub name: Option<String>,
}

/// A custom emoji.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emoji {
    /// Without colons, `[A-Za-z0-9_]+`.
    pub shortcode: String,
    /// The picture.
    pub url: String,
    /// Its id; some have none.
    pub id: Option<String>,
    /// When it was changed last.
    pub updated: Option<Timestamp>,
}

fn of_type<'a>(document: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    read::list(document.get("tag"))
        .iter()
        .take(limits::DOCUMENT_TAGS_MAX)
        .filter(move |tag| read::types(tag).contains(&name))
}

/// The mentions; one without href and name is nothing.
#[must_use]
pub fn mentions(document: &Value) -> Vec<Mention> {
    of_type(document, "Mention")
        .map(|tag| Mention {
            href: read::id(tag.get("href")).map(str::to_owned),
            name: read::text(tag.get("name")).map(|name| read::clip(name, limits::NAME_MAX_CHARS)),
        })
        .filter(|mention| mention.href.is_some() || mention.name.is_some())
        .collect()
}

/// Hashtags as written, without `#`.
#[must_use]
pub fn hashtags(document: &Value) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for name in of_type(document, "Hashtag").filter_map(hashtag) {
        if out.len() < limits::HASHTAGS_MAX && !out.contains(&name) {
            out.push(name);
        }
    }
    out
}

/// The name of a Hashtag as written, without `#`; none for another thing, and for what cannot be one.
#[must_use]
pub fn hashtag(thing: &Value) -> Option<String> {
    if !read::types(thing).contains(&"Hashtag") {
        return None;
    }
    let name = read::text(thing.get("name")).unwrap_or_default().trim();
    let name = name.strip_prefix(['#', '＃']).unwrap_or(name);
    let fine = !name.is_empty() && name.chars().count() <= limits::HASHTAG_MAX_CHARS;
    let fine = fine && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '#');
    fine.then(|| name.to_owned())
}

/// Custom emoji with a usable name and picture; of one name the first.
#[must_use]
pub fn emojis(document: &Value) -> Vec<Emoji> {
    let mut out: Vec<Emoji> = Vec::new();
    for tag in of_type(document, "Emoji") {
        let Some(name) = read::text(tag.get("name")) else { continue };
        let shortcode = name.trim().trim_matches(':');
        let plain = shortcode.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !plain || shortcode.is_empty() || shortcode.len() > limits::SHORTCODE_MAX_CHARS {
            continue;
        }
        let Some(picture) = read::links(tag.get("icon")).first().map(|link| link.href.to_owned()) else { continue };
        if !out.iter().any(|known| known.shortcode == shortcode) {
            out.push(Emoji {
                shortcode: shortcode.to_owned(),
                url: picture,
                id: read::id(tag.get("id")).map(str::to_owned),
                updated: read::time(tag.get("updated")),
            });
        }
    }
    out
}
