//! Clean HTML that is too long, cut where it hurts least.

use super::sanitise::LINES;

/// The beginning of `clean`, HTML as `sanitise` leaves it, in at most `most` bytes, every element closed: up to the end of
/// a paragraph or line, if that keeps at least half of them, else up to the end of a word.
#[must_use]
pub fn shorten(clean: &str, most: usize) -> String {
    if clean.len() <= most {
        return clean.to_owned();
    }
    let mut open: Vec<&str> = Vec::new();
    // What is taken so far, and the bytes of the ends of what is open there: together never above `most`.
    let (mut at, mut closing) = (0, 0);
    let mut last_line = None;
    while at < clean.len() {
        let rest = &clean[at..];
        if !rest.starts_with('<') {
            let text = &rest[..rest.find('<').unwrap_or(rest.len())];
            let room = most.saturating_sub(at + closing);
            if text.len() > room {
                at += words(text, room);
                break;
            }
            at += text.len();
            continue;
        }
        let tag = &rest[..tag_bytes(rest)];
        let name = name_of(tag);
        if tag.starts_with("</") {
            closing -= open.pop().map_or(0, end_bytes);
        } else if at + tag.len() + closing + end_bytes(name) > most {
            break;
        } else if name != "br" {
            open.push(name);
            closing += end_bytes(name);
        }
        at += tag.len();
        if LINES.contains(&name) && (name == "br" || tag.starts_with("</")) {
            last_line = Some((at, ends(&open)));
        }
    }
    match last_line.filter(|(line, _)| line * 2 >= most) {
        Some((line, ends)) => format!("{}{ends}", &clean[..line]),
        None => format!("{}{}", &clean[..at], ends(&open)),
    }
}

/// How much of a text is taken for which there are only `room` bytes: up to the end of a word if there is one in the second
/// half, else whatever breaks no character and no entity.
fn words(text: &str, room: usize) -> usize {
    let piece = &text[..text.floor_char_boundary(room)];
    if let Some(at) = piece.rfind(char::is_whitespace).filter(|at| at * 2 >= room) {
        return at;
    }
    match piece.rfind('&') {
        Some(at) if !piece[at..].contains(';') => at,
        _ => piece.len(),
    }
}

/// Bytes of the tag at the beginning of `rest`; a `>` may stand in the value of an attribute.
fn tag_bytes(rest: &str) -> usize {
    let mut quoted = false;
    let end = rest.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    });
    end.map_or(rest.len(), |end| end + 1)
}

fn name_of(tag: &str) -> &str {
    let name = tag.trim_start_matches(['<', '/']);
    &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())]
}

/// Bytes of the end tag of an element.
fn end_bytes(name: &str) -> usize {
    "</>".len() + name.len()
}

fn ends(open: &[&str]) -> String {
    open.iter().rev().map(|name| format!("</{name}>")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sanitise::sanitise;
    use proptest::prelude::*;

    #[test]
    fn what_fits_stays_and_what_is_too_long_ends_with_a_paragraph_or_a_word() {
        let two = "<p>one two</p><p>three <b>four five</b></p>";
        assert_eq!(shorten(two, two.len()), two);
        assert_eq!(shorten(two, two.len() - 1), "<p>one two</p><p>three <b>four</b></p>");
        assert_eq!(shorten(two, 28), "<p>one two</p>", "half of it and more");
        assert_eq!(shorten("<p>x</p><p>one two three four</p>", 30), "<p>x</p><p>one two three</p>");
        assert_eq!(shorten("<p>漢字漢字</p>", 15), "<p>漢字</p>", "between characters");
        assert_eq!(shorten("<p>aaaa&amp;b</p>", 15), "<p>aaaa</p>", "before an entity");
        assert_eq!(shorten("<ul><li>a</li><li>bbbbbbbb</li></ul>", 25), "<ul><li>a</li></ul>");
        assert_eq!(shorten(two, 0), "");
    }

    proptest! {
        #[test]
        fn what_is_cut_is_clean_and_fits(
            pieces in proptest::collection::vec(prop_oneof![
                proptest::sample::select(vec!["<p>", "</p>", "<a href=\"https://x.test/?a>b&c\">", "</a>", "<b>", "</b>",
                    "<ul><li>", "</ul>", "<pre>\n", "</pre>", "<br>", "&amp;lt;", "&lt;", "\"", "<h1>", "<blockquote>",
                    "<ruby>漢<rt>かん</rt></ruby>", "&nbsp;", "words and more "]).prop_map(str::to_owned),
                "\\PC{0,12}",
            ], 0..14),
            most in 0usize..200
        ) {
            let clean = sanitise(&pieces.concat());
            let short = shorten(&clean, most);
            prop_assert!(short.len() <= most || short == clean);
            prop_assert_eq!(sanitise(&short), short.clone());
        }
    }
}
