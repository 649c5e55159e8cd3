//! The plain text of HTML, and names that do not deceive.

/// The text of HTML: tags gone, `<br>` a line, paragraphs apart by an empty line, entities read.
///
/// For notifications, search and previews of sanitised HTML. What it gives is text: to be escaped wherever it is shown.
#[must_use]
pub fn plain_text(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    // Behind the last end of a tag no tag begins: it is not looked for again at each `<`.
    let last_end = html.rfind('>').unwrap_or_default();
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let may_end = html.len() - rest.len() < last_end;
        rest = match rest.strip_prefix("<!--") {
            Some(comment) => comment.find("-->").map_or("", |end| &comment[end + 3..]),
            None if rest.starts_with('&') => read_entity(rest, &mut out),
            None => match (may_end && opens(rest)).then(|| rest.find('>')).flatten() {
                Some(end) => pass_tag(&rest[1..end], &rest[end + 1..], &mut out),
                None => {
                    out.push('<');
                    &rest[1..]
                }
            },
        };
    }
    out.push_str(rest);
    out.trim().to_owned()
}

/// Whether the `<` at the beginning of `rest` opens a tag, if that ends.
fn opens(rest: &str) -> bool {
    rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
}

/// What a tag does, and what comes after it; of a script what comes after its content.
fn pass_tag<'a>(tag: &str, after: &'a str, out: &mut String) -> &'a str {
    let tag = tag.trim_end_matches('/').trim();
    let tag_name = tag.split(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default().to_ascii_lowercase();
    match tag_name.as_str() {
        "br" => out.push('\n'),
        "/p" | "/h1" | "/h2" | "/h3" | "/h4" | "/h5" | "/h6" | "/blockquote" | "/pre" | "/ul" | "/ol" => {
            out.truncate(out.trim_end_matches('\n').len());
            out.push_str("\n\n");
        }
        "/li" | "/div" if !out.ends_with('\n') => out.push('\n'),
        "script" | "style" => {
            let end = after.find("</").unwrap_or(after.len());
            return &after[end..];
        }
        _ => {}
    }
    after
}

fn read_entity<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let name = rest.as_bytes().iter().take(12).position(|c| *c == b';').map(|end| (&rest[1..end], &rest[end + 1..]));
    let found = name.and_then(|(name, after)| Some((entity(name)?, after)));
    match found {
        Some((c, after)) => {
            out.push(c);
            after
        }
        None => {
            out.push('&');
            &rest[1..]
        }
    }
}

fn entity(name: &str) -> Option<char> {
    let number = match name.strip_prefix('#') {
        Some(digits) => match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => digits.parse().ok()?,
        },
        None => {
            return match name {
                "amp" => Some('&'),
                "lt" => Some('<'),
                "gt" => Some('>'),
                "quot" => Some('"'),
                "apos" => Some('\''),
                "nbsp" => Some('\u{a0}'),
                _ => None,
            };
        }
    };
    char::from_u32(number).filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
}

/// A name in one line that cannot turn the text around it: no controls, no bidi controls, no invisible spaces (C7).
///
/// Joiners stay: emoji and several scripts need them.
#[must_use]
pub fn display_name(text: &str, max_chars: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    for c in text.chars() {
        if count == max_chars {
            break;
        }
        let c = if c.is_whitespace() { ' ' } else { c };
        let unwanted = c.is_control()
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{feff}');
        if unwanted || (c == ' ' && (out.is_empty() || out.ends_with(' '))) {
            continue;
        }
        out.push(c);
        count += 1;
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn html_becomes_lines() {
        assert_eq!(plain_text("<p>a<br>b &amp; &lt;c&gt; &#x41;&#66;</p><p>d</p>"), "a\nb & <c> AB\n\nd");
        assert_eq!(plain_text("<ul><li>a</li><li>b</li></ul>c"), "a\nb\n\nc");
        assert_eq!(plain_text("1 < 2 &unknown; & <!-- x --> <script>x</script>y<"), "1 < 2 &unknown; &  y<");
    }

    #[test]
    fn what_opens_no_tag_is_text() {
        assert_eq!(plain_text("a < b <c d"), "a < b <c d");
        assert_eq!(plain_text("<b>a</b> <c <d> <e"), "a  <e");
        assert_eq!(plain_text("<"), "<");
        assert_eq!(plain_text("a><"), "a><");
        for open in ["<", "<a", "<!", "</"] {
            // To look for an end at each of them would be a million million steps.
            let many = open.repeat(1_000_000);
            assert_eq!(plain_text(&many), many);
            assert_eq!(plain_text(&format!("<b>{many}")), many);
        }
    }

    #[test]
    fn names_cannot_deceive() {
        assert_eq!(display_name(" a\u{202e}b\n\u{0}c  d\u{200b} ", 100), "ab c d");
        assert_eq!(display_name("👨‍👩‍👧 ok", 100), "👨‍👩‍👧 ok");
        assert_eq!(display_name("abcdef", 3), "abc");
    }

    proptest! {
        #[test]
        fn text_survives_escaping(text in "[a-z<>&\"';#]{0,40}") {
            let text = text.trim().to_owned();
            prop_assert_eq!(plain_text(&super::super::escape(&text)), text);
        }

        #[test]
        fn no_html_makes_it_panic(html in "\\PC{0,60}|[<>&;/!a-z#é-]{0,60}") {
            let _ = plain_text(&html);
        }
    }
}
