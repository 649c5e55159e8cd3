//! What a search text says: words, phrases, operators, each excluded by a `-` before it.

use super::words::{asked, folded_tag};
use crate::limits;
use jiff::tz::TimeZone;
use storage::{Timestamp, search::Word};

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
    Reblog,
    /// Lower case.
    Language(String),
    /// Posted within these moments, the second exclusive.
    Posted(Option<Timestamp>, Option<Timestamp>),
    In(Scope),
    /// `in:all`: nothing is left out, as where nothing is said.
    Anywhere,
}

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// What is one's own, mentions or quotes one, or that one has marked, shared, voted on or answered.
    Library,
    /// What is one's own, by those one follows or shared by them, or has a hashtag one follows.
    Home,
    /// Public statuses whose authors let them be searched.
    Public,
}

/// What comes first of what is found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Order {
    /// What was posted last.
    #[default]
    Newest,
    /// What fits best, the newer a little before the older.
    Best,
}

/// What a text says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) conditions: Vec<Condition>,
    pub(super) order: Order,
}

impl Meaning {
    /// One condition more, unless there are as many as count.
    fn add(&mut self, condition: Condition) {
        if self.conditions.len() < limits::SEARCH_CONDITIONS {
            self.conditions.push(condition);
        }
    }
}

/// What a text says; of its conditions the first `limits::SEARCH_CONDITIONS`, of several orders the last, wherever it stands.
///
/// An operator nobody knows, or one with a value that makes no sense, is words like others. A value may stand in quotes. Days
/// are those of `zone`.
///
/// Source: client API, search (operators); `is:boost` and `sort:` are ours.
pub(super) fn parse(text: &str, zone: &TimeZone) -> Meaning {
    let mut meaning = Meaning::default();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (negated, body) = match rest.strip_prefix('-') {
            Some(body) if !body.starts_with(char::is_whitespace) && !body.is_empty() => (true, body),
            _ => (false, rest),
        };
        let (part, behind) = first_part(body, zone);
        match part {
            Part::Sort(order) if !negated => meaning.order = order,
            // There is no other order than those that can be asked for.
            Part::Sort(_) => {
                let what = What::Words(asked(&body[..body.len() - behind.len()]));
                meaning.add(Condition { negated, what });
            }
            Part::What(What::Words(words)) if words.is_empty() => {}
            Part::What(What::Anywhere) if !negated => {}
            Part::What(what) => meaning.add(Condition { negated, what }),
        }
        rest = behind.trim_start();
    }
    meaning
}

/// What one part of a text says.
enum Part {
    What(What),
    Sort(Order),
}

/// The first part of a text that begins with one, and what is behind it.
fn first_part<'a>(text: &'a str, zone: &TimeZone) -> (Part, &'a str) {
    if let Some((inside, behind)) = quoted(text) {
        return (Part::What(What::Words(asked(inside))), behind);
    }
    let end = text.find(|c: char| c.is_whitespace() || is_quote(c)).unwrap_or(text.len());
    let (word, behind) = text.split_at(end);
    if let Some(name) = word.strip_suffix(':')
        && let Some((value, behind)) = quoted(behind)
        && let Some(part) = operator(&name.to_lowercase(), value.trim(), zone)
    {
        return (part, behind);
    }
    (unquoted(word, zone), behind)
}

/// What stands between the quote a text begins with and the next, or its end; and what is behind.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix(is_quote)?;
    let (inside, behind) = inside.split_at(inside.find(is_quote).unwrap_or(inside.len()));
    Some((inside, behind.strip_prefix(is_quote).unwrap_or(behind)))
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„')
}

fn unquoted(text: &str, zone: &TimeZone) -> Part {
    if let Some(name) = text.strip_prefix(['#', '＃']) {
        // What ends a sentence ends no hashtag.
        let tag = folded_tag(name.trim_end_matches(|c: char| c.is_ascii_punctuation() && c != '_'));
        if !tag.is_empty() {
            return Part::What(What::Tag(tag));
        }
    }
    let operator = text.split_once(':').and_then(|(name, value)| operator(&name.to_lowercase(), value, zone));
    operator.unwrap_or_else(|| Part::What(What::Words(asked(text))))
}

fn operator(name: &str, value: &str, zone: &TimeZone) -> Option<Part> {
    if value.is_empty() {
        return None;
    }
    let lower = value.to_lowercase();
    let what = match (name, lower.as_str()) {
        ("sort", "best") => return Some(Part::Sort(Order::Best)),
        ("sort", "new") => return Some(Part::Sort(Order::Newest)),
        ("from", _) => What::From(value.to_owned()),
        ("to", _) => What::To(value.to_owned()),
        ("mentions", _) => What::Mentions(value.to_owned()),
        ("has", "image" | "video" | "audio" | "poll" | "link" | "media") | ("is", "reply" | "sensitive") => {
            What::Mark(format!("{name}:{lower}"))
        }
        ("is", "boost" | "reblog") => What::Reblog,
        ("language" | "lang", _) => What::Language(lower),
        ("before", _) => What::Posted(None, Some(span(value, zone)?.0)),
        ("after", _) => What::Posted(Some(span(value, zone)?.1), None),
        ("during", _) => {
            let (first, end) = span(value, zone)?;
            What::Posted(Some(first), Some(end))
        }
        ("in", "library") => What::In(Scope::Library),
        ("in", "home") => What::In(Scope::Home),
        ("in", "public") => What::In(Scope::Public),
        ("in", "all") => What::Anywhere,
        _ => return None,
    };
    Some(Part::What(what))
}

/// The first moment of a day (`2024-02-29`), month (`2024-02`) or year (`2024`) in `zone`, and the first behind it.
fn span(text: &str, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
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
    Some((midnight(first, zone)?, midnight(end.ok()?, zone)?))
}

/// When a day begins; where the clock skips midnight, when it goes on behind that.
fn midnight(date: jiff::civil::Date, zone: &TimeZone) -> Option<Timestamp> {
    let moment = zone.to_ambiguous_timestamp(date.at(0, 0, 0, 0)).compatible().ok()?;
    Some(Timestamp(moment.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parsed(text: &str) -> Meaning {
        parse(text, &TimeZone::UTC)
    }

    fn utc(text: &str) -> Option<(Timestamp, Timestamp)> {
        span(text, &TimeZone::UTC)
    }

    fn meant(text: &str) -> Vec<(bool, What)> {
        parsed(text).conditions.into_iter().map(|condition| (condition.negated, condition.what)).collect()
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
        assert_eq!(meant("#Rust -#Été"), [(false, What::Tag("rust".into())), (true, What::Tag("ete".into()))]);
        assert_eq!(meant("#Tea, #C++"), [(false, What::Tag("tea".into())), (false, What::Tag("c".into()))]);
        assert_eq!(meant("# #!"), []);
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
                (false, What::Reblog),
                (false, What::Language("de-at".into())),
                (false, What::In(Scope::Library))
            ]
        );
        for text in ["has:hat", "is:", "https://a.example/x", "before:soon", "during:2023-02-30", "after:2024-1-1-1"] {
            assert!(matches!(&meant(text)[..], [(false, What::Words(_))]), "{text}");
        }
    }

    #[test]
    fn values_of_operators_may_stand_in_quotes() {
        assert_eq!(
            meant("from:\"ann\" -to:“ @a@b.example ” IN:\"Library\" during:\"2024\"x from:\"open end"),
            [
                (false, What::From("ann".into())),
                (true, What::To("@a@b.example".into())),
                (false, What::In(Scope::Library)),
                (false, What::Posted(utc("2024").map(|span| span.0), utc("2024").map(|span| span.1))),
                (false, phrase("x")),
                (false, What::From("open end".into())),
            ]
        );
        // Where that makes no operator it is what it was: a word and a phrase.
        assert_eq!(meant("has:\"hat\""), [(false, phrase("has")), (false, phrase("hat"))]);
        assert_eq!(meant("from:\"\""), [(false, phrase("from"))]);
        assert_eq!(meant("nobody:\"red panda\""), [(false, phrase("nobody")), (false, phrase("red panda"))]);
    }

    #[test]
    fn the_order_is_asked_for_and_no_condition() {
        for (text, order) in [
            ("tea", Order::Newest),
            ("tea sort:best", Order::Best),
            ("SORT:\"Best\" tea", Order::Best),
            ("sort:best tea sort:new", Order::Newest),
        ] {
            let Meaning { conditions, order: found } = parsed(text);
            assert_eq!((conditions.len(), found), (1, order), "{text}");
        }
        for text in ["sort:worst", "-sort:best", "sort:"] {
            let Meaning { conditions, order } = parsed(text);
            assert!(matches!(&conditions[..], [Condition { what: What::Words(_), .. }]), "{text}: {conditions:?}");
            assert_eq!(order, Order::Newest, "{text}");
        }
        assert_eq!(parsed("sort:best"), Meaning { order: Order::Best, ..Meaning::default() });
    }

    #[test]
    fn times_are_days_months_and_years() {
        const DAY: i64 = 24 * 60 * 60 * 1000;
        let day = Timestamp(1_709_164_800_000); // 2024-02-29
        let next = day.plus_ms(DAY);
        assert_eq!(utc("2024-02-29"), Some((day, next)));
        assert_eq!(utc("2024-02"), Some((day.plus_ms(-28 * DAY), next)));
        assert_eq!(utc("2024"), Some((day.plus_ms(-59 * DAY), day.plus_ms(307 * DAY))));
        assert_eq!(meant("before:2024-02-29"), [(false, What::Posted(None, Some(day)))]);
        assert_eq!(meant("-after:2024-02-29"), [(true, What::Posted(Some(next), None))]);
        assert_eq!(utc("2024-12").map(|(_, end)| end), utc("2025-01").map(|(first, _)| first));
    }

    #[test]
    fn days_are_those_of_the_zone() {
        const HOUR: i64 = 60 * 60 * 1000;
        let day = Timestamp(1_709_164_800_000); // 2024-02-29
        let west = TimeZone::fixed(jiff::tz::offset(-8));
        let of = |text| parse(text, &west).conditions.pop().map(|condition| condition.what);
        let (first, end) = (day.plus_ms(8 * HOUR), day.plus_ms(32 * HOUR));
        assert_eq!(of("during:2024-02-29"), Some(What::Posted(Some(first), Some(end))));
        assert_eq!(of("before:2024-02-29"), Some(What::Posted(None, Some(first))));
        assert_eq!(of("after:2024-02-29"), Some(What::Posted(Some(end), None)));
    }

    #[test]
    fn everywhere_is_no_condition() {
        assert_eq!(meant("in:all tea"), [(false, phrase("tea"))]);
        assert_eq!(meant("-in:all"), [(true, What::Anywhere)]);
    }

    #[test]
    fn conditions_are_bounded() {
        assert_eq!(parsed(&"word ".repeat(1000)).conditions.len(), limits::SEARCH_CONDITIONS);
        // The order is none of them: it counts behind the last, and behind more than count.
        for words in [limits::SEARCH_CONDITIONS, limits::SEARCH_CONDITIONS + 1] {
            let Meaning { conditions, order } = parsed(&format!("{}sort:best", "word ".repeat(words)));
            assert_eq!((conditions.len(), order), (limits::SEARCH_CONDITIONS, Order::Best), "{words}");
        }
        let negated = "-sort:best ".repeat(limits::SEARCH_CONDITIONS + 1);
        assert_eq!(parsed(&negated).conditions.len(), limits::SEARCH_CONDITIONS);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,60}|[-\"“: a#2]{0,60}|(during|has|from|-is):[-0-9a-z\"]{0,12}") {
            parsed(&text);
        }
    }
}
