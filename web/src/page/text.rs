//! Small texts of pages: times, excerpts, numbers with their noun, links to the outside.

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A time of an entity (`YYYY-MM-DDTHH:MM:SS.mmmZ`) as people read it; what is no such time stays as it is.
pub(super) fn time(iso: &str) -> String {
    let Some(day) = date(iso) else { return iso.to_owned() };
    match iso.get(11..16) {
        Some(clock) => format!("{day}, {clock} UTC"),
        None => day,
    }
}

/// The day of such a time.
pub(super) fn date(iso: &str) -> Option<String> {
    let (year, month, day) =
        (iso.get(..4)?, iso.get(5..7)?.parse::<usize>().ok()?, iso.get(8..10)?.parse::<u8>().ok()?);
    let month = MONTHS.get(month.checked_sub(1)?)?;
    Some(format!("{day} {month} {year}"))
}

/// `1 reply`, `2 replies`.
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

/// A number with its thousands apart.
pub(super) fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            // A narrow space that does not break (SI brochure §5.4.4).
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// The beginning of sanitised HTML as plain text, at most `max` characters, for previews and titles.
pub(super) fn excerpt(html: &str, max: usize) -> String {
    let (mut text, mut chars, mut rest) = (String::new(), 0, html);
    while chars < max {
        let Some(next) = rest.chars().next() else { break };
        let (piece, length) = match next {
            '<' => {
                let end = rest.find('>').map_or(rest.len(), |end| end + 1);
                let breaks = rest.starts_with("<br") || rest.starts_with("</p") || rest.starts_with("</li");
                (breaks.then_some(' '), end)
            }
            '&' => entity(rest).map_or((Some('&'), 1), |(char, length)| (Some(char), length)),
            other => (Some(if other.is_whitespace() { ' ' } else { other }), other.len_utf8()),
        };
        rest = &rest[length..];
        if let Some(char) = piece.filter(|char| *char != ' ' || !text.is_empty() && !text.ends_with(' ')) {
            text.push(char);
            chars += 1;
        }
    }
    let more = !rest.is_empty() && chars >= max;
    text.truncate(text.trim_end().len());
    if more {
        text.push('…');
    }
    text
}

/// The character references that the sanitiser writes (HTML §13.1.4).
fn entity(text: &str) -> Option<(char, usize)> {
    let known = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\''), ("&nbsp;", ' ')];
    known.iter().find(|(name, _)| text.starts_with(name)).map(|(name, char)| (*char, name.len()))
}

/// An address a page may link to: http or https, nothing else.
pub(crate) fn web_link(url: &str) -> Option<&str> {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme)?;
    (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")).then_some(url)
}

/// The words of a post without the paragraph that says to readers without quotes what is quoted.
pub(super) fn own_words(content: &str) -> &str {
    let behind = content.strip_prefix("<p class=\"quote-inline\">").and_then(|rest| rest.split_once("</p>"));
    behind.map_or(content, |(_, words)| words)
}

/// The host of such an address, for people.
pub(super) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    authority.rsplit('@').next().unwrap_or(authority)
}

/// A language tag fit for an attribute (RFC 5646: letters, digits, hyphens).
pub(super) fn language(tag: Option<&str>) -> Option<&str> {
    tag.filter(|tag| !tag.is_empty() && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_nonsense_is_left_alone() {
        assert_eq!(time("2026-11-03T21:47:28.000Z"), "3 November 2026, 21:47 UTC");
        assert_eq!(time("2026-11-03"), "3 November 2026");
        for odd in ["", "x", "2026-13-01T00:00:00.000Z", "2026-00-01", "ä026-1é-01"] {
            assert_eq!(time(odd), odd);
        }
    }

    #[test]
    fn excerpts_are_plain_and_bounded() {
        assert_eq!(excerpt("<p>One &amp; <b>two</b></p><p>three<br>four</p>", 200), "One & two three four");
        assert_eq!(excerpt("<p>&lt;script&gt;</p>", 200), "<script>");
        assert_eq!(excerpt("<p>abcdef</p>", 3), "abc…");
        assert_eq!(excerpt("<p>abc</p", 200), "abc");
        assert_eq!(excerpt("é & ü &", 200), "é & ü &");
    }

    #[test]
    fn only_web_addresses_become_links() {
        assert!(web_link("https://a.test/x").is_some() && web_link("HTTP://a.test").is_some());
        for bad in ["javascript:alert(1)", "javascript://a.test/%0aalert(1)", "data:text/html,x", "//a.test", "", "/x"]
        {
            assert_eq!(web_link(bad), None, "{bad}");
        }
        assert_eq!(host("https://a.test:81/x?y@z"), "a.test:81");
        assert_eq!(host("https://good.test@evil.test/"), "evil.test");
    }

    #[test]
    fn what_is_quoted_is_not_among_a_posts_own_words() {
        assert_eq!(own_words("<p class=\"quote-inline\">RE: <a href=\"x\">x</a></p><p>so</p>"), "<p>so</p>");
        for plain in ["<p>so</p>", "<p class=\"quote-inline\">", ""] {
            assert_eq!(own_words(plain), plain);
        }
    }

    #[test]
    fn numbers_agree_with_their_nouns() {
        assert_eq!(counted(1, "reply", "replies"), "1 reply");
        assert_eq!(counted(0, "reply", "replies"), "0 replies");
        assert_eq!(number(1_234_567), "1\u{202f}234\u{202f}567");
    }
}
