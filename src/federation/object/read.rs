//! Reading single properties: each may be absent, null, a scalar, a list, an id or an object, a language map.

use crate::limits;
use serde_json::Value;
use storage::Timestamp;
use url::Url;

/// The values of a property: none for absent and null, the elements of a list, or the one.
#[must_use]
pub fn list(value: Option<&Value>) -> &[Value] {
    match value {
        None | Some(Value::Null) => &[],
        Some(Value::Array(elements)) => elements,
        Some(single) => std::slice::from_ref(single),
    }
}

/// The names in `type`, which may be a list.
#[must_use]
pub fn types(document: &Value) -> Vec<&str> {
    list(document.get("type")).iter().take(16).filter_map(Value::as_str).collect()
}

/// The first of them; empty if there is none.
#[must_use]
pub fn first_type(document: &Value) -> &str {
    types(document).first().copied().unwrap_or_default()
}

/// At most `max_chars` characters, without NUL.
#[must_use]
pub fn clip(text: &str, max_chars: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(max_chars).collect()
}

/// At most `max_bytes` bytes, cut between characters, without NUL.
#[must_use]
pub fn clip_bytes(text: &str, max_bytes: usize) -> String {
    let end = text.floor_char_boundary(max_bytes);
    text[..end].replace('\0', "")
}

/// A text: a string, `{"@value"}`, or the first such in a list; not empty.
#[must_use]
pub fn text(value: Option<&Value>) -> Option<&str> {
    list(value).iter().find_map(|one| match one {
        Value::String(text) => Some(text.as_str()),
        Value::Object(members) => members.get("@value")?.as_str(),
        _ => None,
    })
}

/// A text and its language: `name`, else `nameMap` (or a language map in `name` itself).
///
/// Of a map the language is the key whose value is the text, else the first.
#[must_use]
pub fn text_with_language<'a>(document: &'a Value, name: &str) -> Option<(&'a str, Option<&'a str>)> {
    let plain = document.get(name);
    let map = document.get(format!("{name}Map")).or(plain).and_then(Value::as_object);
    let tagged = list(plain).iter().find_map(|one| one.get("@language")?.as_str());
    let entries = || {
        map.into_iter()
            .flatten()
            .filter(|(key, _)| !key.starts_with('@'))
            .filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
    };
    match text(plain) {
        Some(text) => {
            let language = entries().find(|(_, value)| *value == text).or_else(|| entries().next());
            Some((text, tagged.or(language.map(|(key, _)| key)).filter(|tag| is_language(tag))))
        }
        None => entries().next().map(|(key, value)| (value, Some(key).filter(|tag| is_language(tag)))),
    }
}

/// Whether a text looks like a BCP 47 tag; `und` says nothing.
#[must_use]
pub fn is_language(tag: &str) -> bool {
    tag != "und" && (2..=35).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// An id: a string, or the `id` of an object; of a list the first.
#[must_use]
pub fn id(value: Option<&Value>) -> Option<&str> {
    list(value).iter().find_map(id_of)
}

fn id_of(value: &Value) -> Option<&str> {
    let text = match value {
        Value::String(text) => text.as_str(),
        Value::Object(members) => members.get("id")?.as_str()?,
        _ => return None,
    };
    (!text.is_empty() && text.len() <= limits::URI_BYTES_MAX && !text.chars().any(char::is_control)).then_some(text)
}

/// The ids of a list, at most `max`, each once.
#[must_use]
pub fn ids(value: Option<&Value>, max: usize) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    list(value).iter().take(max).filter_map(id_of).filter(|id| seen.insert(*id)).map(str::to_owned).collect()
}

/// An http(s) address as it stands; none for other schemes, user info, control characters, more than 2048 bytes.
#[must_use]
pub fn http_url(text: &str) -> Option<&str> {
    let text = text.trim();
    if text.len() > limits::URI_BYTES_MAX || text.chars().any(char::is_control) {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let fine = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    (fine && url.has_host()).then_some(text)
}

/// One form of a link.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link<'a> {
    /// The address, http(s).
    pub href: &'a str,
    /// Its type, if given.
    pub media_type: Option<&'a str>,
    /// The object that gave it, for width and height.
    pub from: &'a Value,
}

/// All http(s) forms of `url`: strings, Link objects (`href`), objects with `url`, lists of those.
#[must_use]
pub fn links(value: Option<&Value>) -> Vec<Link<'_>> {
    list(value).iter().take(limits::LINK_FORMS_MAX).filter_map(link).collect()
}

fn link(from: &Value) -> Option<Link<'_>> {
    match from {
        Value::String(text) => http_url(text).map(|href| Link { href, media_type: None, from }),
        Value::Object(members) => {
            let href = members.get("href").or_else(|| members.get("url"));
            let href =
                list(href).iter().find_map(|one| http_url(one.as_str().or_else(|| one.get("href")?.as_str())?))?;
            // Funkwhale and PeerTube of old call it `mimeType`.
            let media_type = members.get("mediaType").or_else(|| members.get("mimeType")).and_then(Value::as_str);
            Some(Link { href, media_type, from })
        }
        _ => None,
    }
}

/// The page among the links of `url`: text/html first, then one without a type, then any.
#[must_use]
pub fn page(value: Option<&Value>) -> Option<&str> {
    let links = links(value);
    let html = |link: &&Link<'_>| link.media_type.is_some_and(|kind| kind.starts_with("text/html"));
    let found = links.iter().find(html).or_else(|| links.iter().find(|link| link.media_type.is_none()));
    found.or_else(|| links.first()).map(|link| link.href)
}

/// A boolean; some write it as text.
#[must_use]
pub fn boolean(value: Option<&Value>) -> Option<bool> {
    list(value).iter().find_map(|one| match one {
        Value::Bool(value) => Some(*value),
        Value::String(text) => text.parse().ok(),
        _ => None,
    })
}

/// A count, not negative; also from a whole double or a text.
#[must_use]
pub fn count(value: Option<&Value>) -> Option<u64> {
    list(value).iter().find_map(|one| match one {
        Value::Number(number) => number.as_u64().or_else(|| {
            let double = number.as_f64()?;
            // Far below what a double holds exactly; nobody counts that far.
            (0.0..1e15).contains(&double).then(|| format!("{double:.0}").parse().ok())?
        }),
        Value::String(text) => text.parse().ok(),
        _ => None,
    })
}

/// A time: RFC 3339 with any offset (`+0000` as well), up to nanoseconds; a day; without offset UTC. Garbage is none.
#[must_use]
pub fn time(value: Option<&Value>) -> Option<Timestamp> {
    let text = text(value)?.trim();
    if text.len() > 64 {
        return None;
    }
    let exact = text.parse::<jiff::Timestamp>().ok();
    let found = exact.or_else(|| {
        let local = text.parse::<jiff::civil::DateTime>().ok()?;
        // A text with an offset that did not parse above is not a time of another offset.
        let rest = text.get(10..).unwrap_or_default();
        if rest.contains(['+', '-', '[']) {
            return None;
        }
        jiff::tz::Offset::UTC.to_timestamp(local).ok()
    })?;
    Some(Timestamp(found.as_millisecond()))
}
