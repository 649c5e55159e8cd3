//! Finding links, mentions and hashtags in a text, by Mastodon's rules, in one pass.

use crate::limits;
use std::ops::Range;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;
use url::Url;

/// Something in a text that is more than text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Where it is, in bytes.
    pub range: Range<usize>,
    /// What it is.
    pub kind: EntityKind,
}

/// What an entity is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntityKind {
    /// A link with its scheme.
    Link,
    /// `@username` or `@username@domain`.
    Mention {
        /// As written.
        username: String,
        /// As written; none for somebody here.
        domain: Option<String>,
    },
    /// A hashtag as written, without `#`.
    Hashtag(String),
}

/// Everything in a text, in order, not overlapping.
#[must_use]
pub fn entities(text: &str) -> Vec<Entity> {
    let mut out = Vec::new();
    let (mut mentions, mut hashtags) = (0, 0);
    let mut before: Option<char> = None;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let found = match c {
            'h' | 'H' if !before.is_some_and(|b| is_word(b) || b == '@') => link(text, at),
            '@' if mentions < limits::MENTIONS_MAX && !before.is_some_and(|b| is_word(b) || matches!(b, '=' | '/')) => {
                mention(text, at)
            }
            '#' | '＃'
                if hashtags < limits::HASHTAGS_MAX
                    && !before.is_some_and(|b| is_word(b) || matches!(b, '=' | '/' | ')')) =>
            {
                hashtag(text, at)
            }
            _ => None,
        };
        match found {
            Some(entity) => {
                mentions += usize::from(matches!(entity.kind, EntityKind::Mention { .. }));
                hashtags += usize::from(matches!(entity.kind, EntityKind::Hashtag(_)));
                at = entity.range.end;
                before = text[..at].chars().next_back();
                out.push(entity);
            }
            None => {
                before = Some(c);
                at += c.len_utf8();
            }
        }
    }
    out
}

/// Characters of a text as its author is shown them: graphemes; a link counts 23, a mention without its domain.
#[must_use]
pub fn count_chars(text: &str) -> usize {
    let (mut total, mut at) = (0, 0);
    for entity in entities(text) {
        total += text[at..entity.range.start].graphemes(true).count();
        total += match &entity.kind {
            EntityKind::Link => limits::LINK_COUNTS_CHARS,
            EntityKind::Mention { username, .. } => 1 + username.len(),
            EntityKind::Hashtag(_) => text[entity.range.clone()].graphemes(true).count(),
        };
        at = entity.range.end;
    }
    total + text[at..].graphemes(true).count()
}

/// The form under which hashtags are the same: NFKC, lower case.
#[must_use]
pub fn normalise_hashtag(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

/// Letters, marks, digits, connectors: `[[:word:]]`.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || is_combining_mark(c)
}

/// `(?<![=/[:word:]])@[a-z0-9_]+([a-z0-9_.-]+[a-z0-9_]+)?(@[[:word:].-]+[[:word:]]+)?`
fn mention(text: &str, at: usize) -> Option<Entity> {
    let rest = &text[at + 1..];
    let name = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let end = rest.bytes().position(|b| !(name(b) || b == b'.' || b == b'-')).unwrap_or(rest.len());
    let username = rest[..end].trim_end_matches(['.', '-']);
    if username.len() > limits::USERNAME_BYTES_MAX || !username.bytes().next().is_some_and(name) {
        return None;
    }
    let domain = rest[username.len()..].strip_prefix('@').and_then(|rest| domain(rest));
    let length = username.len() + domain.map_or(0, |domain| 1 + domain.len());
    let kind = EntityKind::Mention { username: username.to_owned(), domain: domain.map(str::to_owned) };
    Some(Entity { range: at..at + 1 + length, kind })
}

/// A host, in labs with its port where one follows.
fn domain(rest: &str) -> Option<&str> {
    let end = rest.find(|c: char| !(is_word(c) || matches!(c, '.' | '-'))).unwrap_or(rest.len());
    let host = rest[..end].trim_end_matches(['.', '-']);
    if host.is_empty() || host.starts_with(['.', '-']) || host.len() > limits::DOMAIN_BYTES_MAX {
        return None;
    }
    // A port belongs to a name only in labs; elsewhere a colon is punctuation.
    let has_port = host == "localhost" || host.ends_with(".localhost") || host.ends_with(".test");
    let port = rest[host.len()..].strip_prefix(':').filter(|_| has_port);
    let digits = port.map_or(0, |port| port.bytes().take_while(u8::is_ascii_digit).count());
    let length = host.len() + if (2..=5).contains(&digits) { 1 + digits } else { 0 };
    rest.get(..length)
}

/// `#` and a run of word characters with `·`, `・` or a non-joiner inside; not digits alone.
fn hashtag(text: &str, at: usize) -> Option<Entity> {
    let sign = text[at..].chars().next()?.len_utf8();
    let rest = &text[at + sign..];
    let separator = |c: char| matches!(c, '\u{b7}' | '\u{30fb}' | '\u{200c}');
    let end = rest.find(|c: char| !(is_word(c) || separator(c))).unwrap_or(rest.len());
    let name = rest[..end].trim_end_matches(separator);
    let inner = name.trim_matches('_');
    let says_something = name.chars().any(char::is_alphabetic) || inner.contains(|c| separator(c) || c == '_');
    let starts = name.chars().next().is_some_and(is_word);
    if !starts || !says_something || name.chars().count() > limits::HASHTAG_MAX_CHARS {
        return None;
    }
    Some(Entity { range: at..at + sign + name.len(), kind: EntityKind::Hashtag(name.to_owned()) })
}

/// `http://` or `https://` up to a space, a quote or CJK punctuation; what closes a sentence does not belong to it.
fn link(text: &str, at: usize) -> Option<Entity> {
    let rest = &text[at..];
    let scheme = ["https://", "http://"]
        .iter()
        .find(|scheme| rest.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))?;
    let window = &rest[..rest.floor_char_boundary(limits::URI_BYTES_MAX)];
    let stops = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(
                c,
                '<' | '>'
                    | '"'
                    | '“'
                    | '”'
                    | '«'
                    | '»'
                    | '、'
                    | '。'
                    | '「'
                    | '」'
                    | '『'
                    | '』'
                    | '（'
                    | '）'
                    | '，'
                    | '！'
                    | '？'
                    | '；'
                    | '：'
            )
    };
    let mut url = &window[..window.find(stops).unwrap_or(window.len())];
    let mut balance = [('(', ')'), ('[', ']')]
        .map(|(open, close)| (close, url.matches(close).count().saturating_sub(url.matches(open).count())));
    while let Some(last) = url.chars().next_back() {
        let unbalanced = balance.iter_mut().find(|(close, extra)| *close == last && *extra > 0);
        match unbalanced {
            Some((_, extra)) => *extra -= 1,
            None if matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '…') => {}
            None => break,
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    if url.len() <= scheme.len() {
        return None;
    }
    let parsed = Url::parse(url).ok()?;
    let host = parsed.host_str()?;
    let named = host.contains('.') || host == "localhost" || host.starts_with('[');
    (named && parsed.username().is_empty()).then(|| Entity { range: at..at + url.len(), kind: EntityKind::Link })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<&str> {
        entities(text).into_iter().map(|entity| &text[entity.range]).collect()
    }

    #[test]
    fn mentions_like_mastodons() {
        assert_eq!(
            found("@ann, @bob@b.test. (@c_d) @e.f@x-y.test:8080!"),
            ["@ann", "@bob@b.test", "@c_d", "@e.f@x-y.test:8080"]
        );
        assert_eq!(found("a@b.test x=@ann /@ann @@ann @ @é"), ["@ann"], "an address is no mention");
        assert_eq!(found("@ann@ @bob@."), ["@ann", "@bob"]);
        assert_eq!(found("@x@bücher.test @y@a.org:30"), ["@x@bücher.test", "@y@a.org"]);
    }

    #[test]
    fn hashtags_like_mastodons() {
        assert_eq!(
            found("#cats,#Dogs #1a #a1_ #日本語 #हिन्दी #snake_case"),
            ["#cats", "#Dogs", "#1a", "#a1_", "#日本語", "#हिन्दी", "#snake_case"]
        );
        assert_eq!(found("#123 #_ # a#b /#c =#d )#e &#39;"), Vec::<&str>::new());
        assert_eq!(found("#foo·bar #foo· #1_2 ＃wide"), ["#foo·bar", "#foo", "#1_2", "＃wide"]);
        assert_eq!(normalise_hashtag("ＦＯＯÉ"), "fooé");
        assert!(found(&format!("#{}", "a".repeat(limits::HASHTAG_MAX_CHARS + 1))).is_empty());
    }

    #[test]
    fn links_end_where_people_mean() {
        assert_eq!(
            found("see https://a.test/x_(y). (https://b.test/z) HTTPS://C.test, https://d.test/?q=1&r=#f!"),
            ["https://a.test/x_(y)", "https://b.test/z", "HTTPS://C.test", "https://d.test/?q=1&r=#f"]
        );
        assert_eq!(
            found("https:// https://x xhttps://a.test http://localhost:80/@u/#t https://a.test/@ann「x"),
            ["http://localhost:80/@u/#t", "https://a.test/@ann"]
        );
    }

    #[test]
    fn characters_are_counted_as_shown() {
        assert_eq!(count_chars("a 👨‍👩‍👧 é"), 5);
        assert_eq!(count_chars(&format!("https://a.test/{} x", "y".repeat(500))), 25);
        assert_eq!(count_chars("@bob@very.long.domain.test hi"), 7);
    }

    #[test]
    fn hostile_texts_cost_linear_time() {
        let started = std::time::Instant::now();
        for piece in ["@", "@a", "#", "#1", "(", "http://", "http://a.test/(((", "@a@", "=", "é"] {
            let text = piece.repeat(100_000 / piece.len());
            let _ = (entities(&text), count_chars(&text));
        }
        assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
    }

    proptest! {
        #[test]
        fn entities_lie_in_order_between_characters(text in "\\PC{0,80}|[@#ahtps:/.1é ]{0,80}") {
            let mut end = 0;
            for entity in entities(&text) {
                prop_assert!(entity.range.start >= end && text.get(entity.range.clone()).is_some());
                end = entity.range.end;
            }
        }
    }
}
