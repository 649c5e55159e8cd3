//! Small texts of pages: times, excerpts, numbers with their noun, links to the outside.

use crate::{layout::Site, words::Words};
use maud::{Markup, html};

/// Messages with the names of months.
pub(super) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 60 * MINUTE_S;
const DAY_S: i64 = 24 * HOUR_S;
/// Older than this, the day says more than how long ago it was.
const WEEK_S: i64 = 7 * DAY_S;

/// A time of an entity (`YYYY-MM-DDTHH:MM:SS.mmmZ`) as people read it where they are; what is no such time stays as it is.
pub(super) fn time(site: &Site<'_>, iso: &str) -> String {
    let Some(shown) = site.zone.shows(iso) else {
        return date(site.words, iso).unwrap_or_else(|| iso.to_owned());
    };
    let day = format!("{:04}-{:02}-{:02}", shown.year, shown.month, shown.day);
    let day = date(site.words, &day).unwrap_or(day);
    let clock = format!("{:02}:{:02}", shown.hour, shown.minute);
    site.t_with("date-and-time", &[("date", &day), ("time", &clock), ("zone", &shown.called)]).into_owned()
}

/// The day of such a time.
pub(super) fn date(words: Words, iso: &str) -> Option<String> {
    let (year, month, day) =
        (iso.get(..4)?, iso.get(5..7)?.parse::<usize>().ok()?, iso.get(8..10)?.parse::<u8>().ok()?);
    year.parse::<u16>().ok()?;
    let month = words.say(MONTHS.get(month.checked_sub(1)?)?);
    Some(words.with("date", &[("day", &day.to_string()), ("month", &month), ("year", year)]).into_owned())
}

/// Such a time as an element: how long ago it was where the page is of the moment, with the whole time behind it; else
/// the whole time.
pub(super) fn moment(site: &Site<'_>, iso: &str) -> Markup {
    let passed = site.now.zip(seconds(iso)).map(|(now, then)| now - then).filter(|passed| (0..WEEK_S).contains(passed));
    match passed {
        Some(passed) => html! { time datetime=(iso) title=(time(site, iso)) { (ago(site.words, passed)) } },
        None => exact(site, iso),
    }
}

/// Such a time as an element that shows it whole: for sentences into which no "2 d" fits.
pub(super) fn exact(site: &Site<'_>, iso: &str) -> Markup {
    html! { time datetime=(iso) { (time(site, iso)) } }
}

fn ago(words: Words, seconds: i64) -> String {
    let count = |unit: i64| u64::try_from(seconds / unit).unwrap_or_default();
    match seconds {
        ..MINUTE_S => words.say("just-now").into_owned(),
        MINUTE_S..HOUR_S => words.count("minutes-ago", count(MINUTE_S)).into_owned(),
        HOUR_S..DAY_S => words.count("hours-ago", count(HOUR_S)).into_owned(),
        _ => words.count("days-ago", count(DAY_S)).into_owned(),
    }
}

/// Seconds since 1970 of such a time (proleptic Gregorian calendar, UTC).
fn seconds(iso: &str) -> Option<i64> {
    let part = |range: std::ops::Range<usize>| iso.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (part(0..4)?, part(5..7)?, part(8..10)?);
    let (hour, minute, second) = (part(11..13)?, part(14..16)?, part(17..19)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years begin in March here, so that the leap day comes last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days =
        365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day
            - 719_469;
    Some(days * DAY_S + hour * HOUR_S + minute * MINUTE_S + second)
}

/// The beginning of sanitised HTML as plain text, at most `max` characters, for previews and titles.
pub(crate) fn excerpt(html: &str, max: usize) -> String {
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
    use crate::zone::Zone;

    #[test]
    fn times_are_read_and_nonsense_is_left_alone() {
        let time = |iso: &str| time(&site(Zone::UTC), iso);
        assert_eq!(time("2026-11-03T21:47:28.000Z"), "3 November 2026, 21:47 UTC");
        assert_eq!(time("2026-11-03"), "3 November 2026");
        for odd in ["", "x", "2026-13-01T00:00:00.000Z", "2026-00-01", "ä026-1é-01", "<b>!-01-01"] {
            assert_eq!(time(odd), odd);
        }
    }

    fn site(zone: &Zone) -> Site<'_> {
        Site {
            title: "Rock",
            domain: "rock.test",
            origin: "https://rock.test",
            lab: false,
            named: false,
            words: Words::default(),
            version: "0.1.0",
            viewer: None,
            now: Some(1_793_742_448),
            zone,
            at: "",
            notice: None,
            accent: None,
            light: false,
            theme: crate::theme::Theme::System,
        }
    }

    #[test]
    fn times_are_told_where_people_are_and_what_is_behind_them_is_universal() {
        let zone = Zone::named("America/New_York").expect("a zone");
        let site = site(&zone);
        assert_eq!(time(&site, "2026-11-04T02:47:28.000Z"), "3 November 2026, 21:47 EST");
        assert_eq!(
            moment(&site, "2026-11-03T20:47:28.000Z").into_string(),
            "<time datetime=\"2026-11-03T20:47:28.000Z\" title=\"3 November 2026, 15:47 EST\">1 h</time>"
        );
    }

    #[test]
    fn what_was_lately_is_told_by_how_long_ago() {
        assert_eq!(seconds("1970-01-01T00:00:00.000Z"), Some(0));
        assert_eq!(seconds("2024-02-29T12:30:15.000Z"), Some(1_709_209_815));
        assert_eq!(seconds("2026-11-03"), None);
        let told = |seconds| ago(Words::default(), seconds);
        assert_eq!([told(0), told(59), told(60), told(7_300), told(3 * DAY_S)], ["now", "now", "1 min", "2 h", "3 d"]);
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
}
