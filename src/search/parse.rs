//! What a search text says: words, phrases, operators, each excluded by a `-` before it.

use super::words::asked;
use crate::{limits, text::normalise_hashtag};
use storage::{Timestamp, search::Word, tag};

/// A part of a search; all of them must be met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    /// It must not be met.
    pub(super) negated: bool,
    pub(super) what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// A word or a phrase.
    Words(Vec<Word>),
    /// A hashtag, as compared.
    Tag(String),
    /// By whom, a handle or `me`.
    From(String),
    /// Answers whom.
    To(String),
    /// Mentions whom.
    Mentions(String),
    /// `has:` and a kind of content, or `is:` and what it is: the mark itself.
    Mark(String),
    /// `is:boost`: the one mark that is excluded unless asked for.
    Boost,
    /// Lower case.
    Language(String),
    /// Posted within these moments, the second exclusive.
    Posted(Option<Timestamp>, Option<Timestamp>),
    In(Scope),
}

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// What is one's own, mentions one, or that one has marked, shared or answered.
    Library,
    /// What is one's own or by those one follows.
    Home,
    /// Public statuses whose authors let them be searched.
    Public,
}

/// The conditions of a text, at most `limits::SEARCH_CONDITIONS`.
///
/// An operator nobody knows, or one with a value that makes no sense, is words like others.
///
/// Source: client API, search (operators); `is:boost` is ours.
pub(super) fn parse(text: &str) -> Vec<Condition> {
    let mut conditions = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() && conditions.len() < limits::SEARCH_CONDITIONS {
        let (negated, body) = match rest.strip_prefix('-') {
            Some(body) if !body.starts_with(char::is_whitespace) && !body.is_empty() => (true, body),
            _ => (false, rest),
        };
        let (what, behind) = if body.starts_with(is_quote) {
            let inside = &body[body.chars().next().map_or(0, char::len_utf8)..];
            let end = inside.find(is_quote).unwrap_or(inside.len());
            let behind = &inside[end..];
            let behind = behind.strip_prefix(is_quote).unwrap_or(behind);
            (Some(What::Words(asked(&inside[..end]))), behind)
        } else {
            let end = body.find(|c: char| c.is_whitespace() || is_quote(c)).unwrap_or(body.len());
            (Some(part(&body[..end])), &body[end..])
        };
        let meant = what.filter(|what| !matches!(what, What::Words(words) if words.is_empty()));
        conditions.extend(meant.map(|what| Condition { negated, what }));
        rest = behind.trim_start();
    }
    conditions
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„')
}

fn part(text: &str) -> What {
    if let Some(name) = text.strip_prefix(['#', '＃'])
        && !name.is_empty()
    {
        return What::Tag(tag::normalise(&normalise_hashtag(name)));
    }
    let operator = text.split_once(':').and_then(|(name, value)| operator(&name.to_lowercase(), value));
    operator.unwrap_or_else(|| What::Words(asked(text)))
}

fn operator(name: &str, value: &str) -> Option<What> {
    if value.is_empty() {
        return None;
    }
    let lower = value.to_lowercase();
    Some(match (name, lower.as_str()) {
        ("from", _) => What::From(value.to_owned()),
        ("to", _) => What::To(value.to_owned()),
        ("mentions", _) => What::Mentions(value.to_owned()),
        ("has", "image" | "video" | "audio" | "poll" | "link" | "media") | ("is", "reply" | "sensitive") => {
            What::Mark(format!("{name}:{lower}"))
        }
        ("is", "boost" | "reblog") => What::Boost,
        ("language" | "lang", _) => What::Language(lower),
        ("before", _) => What::Posted(None, Some(span(value)?.0)),
        ("after", _) => What::Posted(Some(span(value)?.1), None),
        ("during", _) => {
            let (first, end) = span(value)?;
            What::Posted(Some(first), Some(end))
        }
        ("in", "library") => What::In(Scope::Library),
        ("in", "home") => What::In(Scope::Home),
        ("in", "public") => What::In(Scope::Public),
        _ => return None,
    })
}

/// The first moment of a day (`2024-02-29`), month (`2024-02`) or year (`2024`) in UTC, and the first behind it.
fn span(text: &str) -> Option<(Timestamp, Timestamp)> {
    let mut numbers = text.split('-').map(|part| {
        let digits = !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<i16>().ok()).flatten()
    });
    let year = numbers.next()??;
    let (month, day) = (numbers.next(), numbers.next());
    if numbers.next().is_some() {
        return None;
    }
    let number = |part: Option<i16>| part.map_or(Some(1), |part| i8::try_from(part).ok());
    let (in_month, in_day) = (month.map_or(Some(None), |m| m.map(Some))?, day.map_or(Some(None), |d| d.map(Some))?);
    let first = jiff::civil::Date::new(year, number(in_month)?, number(in_day)?).ok()?;
    let end = match (in_month, in_day) {
        (None, _) => jiff::civil::Date::new(year.checked_add(1)?, 1, 1),
        (Some(_), None) if first.month() == 12 => jiff::civil::Date::new(year.checked_add(1)?, 1, 1),
        (Some(_), None) => jiff::civil::Date::new(year, first.month() + 1, 1),
        (Some(_), Some(_)) => first.tomorrow(),
    };
    Some((midnight(first)?, midnight(end.ok()?)?))
}

fn midnight(date: jiff::civil::Date) -> Option<Timestamp> {
    let moment = jiff::tz::TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?;
    Some(Timestamp(moment.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn meant(text: &str) -> Vec<(bool, What)> {
        parse(text).into_iter().map(|condition| (condition.negated, condition.what)).collect()
    }

    fn phrase(text: &str) -> What {
        What::Words(asked(text))
    }

    #[test]
    fn words_phrases_and_exclusions_are_told_apart() {
        assert_eq!(
            meant("Cats -dogs \"red panda\" -“blue whale” don't"),
            [
                (false, phrase("cats")),
                (true, phrase("dogs")),
                (false, phrase("red panda")),
                (true, phrase("blue whale")),
                (false, phrase("don t"))
            ]
        );
        assert_eq!(meant("\"open end"), [(false, phrase("open end"))]);
        assert_eq!(meant(" - \"\" … "), []);
        assert_eq!(meant("#Rust -#Été"), [(false, What::Tag("rust".into())), (true, What::Tag("été".into()))]);
    }

    #[test]
    fn operators_are_read_and_what_is_none_is_words() {
        let mark = |mark: &str| What::Mark(mark.to_owned());
        assert_eq!(
            meant("from:me -to:@a@b.example has:IMAGE -is:reply is:boost LANGUAGE:de-AT in:library"),
            [
                (false, What::From("me".into())),
                (true, What::To("@a@b.example".into())),
                (false, mark("has:image")),
                (true, mark("is:reply")),
                (false, What::Boost),
                (false, What::Language("de-at".into())),
                (false, What::In(Scope::Library))
            ]
        );
        for text in ["has:hat", "is:", "https://a.example/x", "before:soon", "during:2023-02-30", "after:2024-1-1-1"] {
            assert!(matches!(&meant(text)[..], [(false, What::Words(_))]), "{text}");
        }
    }

    #[test]
    fn times_are_days_months_and_years() {
        const DAY: i64 = 24 * 60 * 60 * 1000;
        let day = Timestamp(1_709_164_800_000); // 2024-02-29
        let next = day.plus_ms(DAY);
        assert_eq!(span("2024-02-29"), Some((day, next)));
        assert_eq!(span("2024-02"), Some((day.plus_ms(-28 * DAY), next)));
        assert_eq!(span("2024"), Some((day.plus_ms(-59 * DAY), day.plus_ms(307 * DAY))));
        assert_eq!(meant("before:2024-02-29"), [(false, What::Posted(None, Some(day)))]);
        assert_eq!(meant("-after:2024-02-29"), [(true, What::Posted(Some(next), None))]);
        assert_eq!(span("2024-12").map(|(_, end)| end), span("2025-01").map(|(first, _)| first));
    }

    #[test]
    fn conditions_are_bounded() {
        assert_eq!(parse(&"word ".repeat(1000)).len(), limits::SEARCH_CONDITIONS);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,60}|[-\"“: a#2]{0,60}|(during|has|from|-is):[-0-9a-z\"]{0,12}") {
            parse(&text);
        }
    }
}
