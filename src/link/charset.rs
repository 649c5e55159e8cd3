//! The bytes of a page as text, by the character set it names (HTML §13.2.3).

use encoding_rs::{Encoding, UTF_8};

/// Bytes at the start of a page in which it may name its character set (HTML §13.2.3.2).
const PRESCAN_BYTES: usize = 1_024;

/// The text of a page: its character set is told by a byte order mark, by its `Content-Type`, or by itself near its
/// start; without any of these it must be UTF-8.
///
/// `None` for a character set that is not known, and for bytes that are none of the one supposed.
#[must_use]
pub fn decode(bytes: &[u8], content_type: &str) -> Option<String> {
    let named = |label: &str| Encoding::for_label(label.as_bytes());
    let encoding = match label_in(content_type).or_else(|| named_within(bytes)) {
        _ if Encoding::for_bom(bytes).is_some() => UTF_8,
        Some(label) => named(&label)?,
        // A page that was cut may end within a character.
        None => match std::str::from_utf8(bytes) {
            Err(error) if error.error_len().is_some() => return None,
            _ => UTF_8,
        },
    };
    // A byte order mark goes before what was named.
    let (text, _, _) = encoding.decode(bytes);
    Some(text.into_owned())
}

/// The value of `charset=`.
fn label_in(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find("charset")? + "charset".len();
    let value = lower[at..].trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let end = value.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c))).unwrap_or(value.len());
    (end > 0).then(|| value[..end].to_owned())
}

/// What `<meta charset>` or its older form says, in the first `PRESCAN_BYTES`.
fn named_within(bytes: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(PRESCAN_BYTES)]).to_ascii_lowercase();
    let label = start.match_indices("<meta").find_map(|(at, _)| {
        let tag = &start[at..];
        label_in(&tag[..tag.find('>').unwrap_or(tag.len())])
    })?;
    // Where this could be read, the page is no UTF-16 (HTML §13.2.3.2).
    Some(if label.starts_with("utf-16") { "utf-8".to_owned() } else { label })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_character_set_is_used() {
        let latin = b"<title>caf\xe9</title>";
        let read = |bytes: &[u8], kind: &str| decode(bytes, kind);
        assert_eq!(read(latin, "text/html; charset=ISO-8859-1").as_deref(), Some("<title>caf\u{e9}</title>"));
        assert_eq!(read(latin, "text/html"), None, "nobody says what it is");
        assert_eq!(read(latin, "text/html; charset=martian"), None);
        let own = b"<meta http-equiv=Content-Type content=\"text/html; charset=windows-1251\"><title>\xef\xf0</title>";
        assert!(read(own, "text/html").is_some_and(|text| text.ends_with("<title>\u{43f}\u{440}</title>")));
        let own = b"<META CharSet='shift_jis'><title>\x93\xfa</title>";
        assert!(read(own, "text/html").is_some_and(|text| text.ends_with("<title>\u{65e5}</title>")));
        assert_eq!(read(b"\xef\xbb\xbfa", "text/html; charset=latin1").as_deref(), Some("a"), "the mark goes first");
        assert_eq!(read("é".as_bytes(), "text/html").as_deref(), Some("é"));
        assert!(read(&"aé".as_bytes()[..2], "text/html").is_some(), "cut within a character");
        assert_eq!(read(b"\xfe\xff\0a", "text/html").as_deref(), Some("a"));
    }
}
