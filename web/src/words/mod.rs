//! Lives here: the sentences of pages in the languages of people: one catalogue a language (Fluent), and how one is chosen.
//! May use: fluent-bundle, unic-langid, the `.ftl` files beside this one. Must never name: entities, pages, I/O.
//! Must never name: what people wrote; catalogues hold the words of the program alone.
//! Invariants: English has every message; each other catalogue has the same messages with the same variables.
//!
//! A page says `site.t("key")`, or one of its sisters where a message has variables. A new message goes into every
//! catalogue; the tests below say which one lacks it.

mod findings;
mod refusals;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use maud::{Markup, PreEscaped, html};
use std::{borrow::Cow, fmt, sync::LazyLock};
use unic_langid::LanguageIdentifier;

const ENGLISH: &str = concat!(
    include_str!("en.ftl"),
    "\n",
    include_str!("settings/en.ftl"),
    "\n",
    include_str!("client/en.ftl"),
    "\n",
    include_str!("refusals/en.ftl"),
    "\n",
    include_str!("entrance/en.ftl"),
    "\n",
    include_str!("letters/en.ftl")
);
const GERMAN: &str = concat!(
    include_str!("de.ftl"),
    "\n",
    include_str!("settings/de.ftl"),
    "\n",
    include_str!("client/de.ftl"),
    "\n",
    include_str!("refusals/de.ftl"),
    "\n",
    include_str!("entrance/de.ftl"),
    "\n",
    include_str!("letters/de.ftl")
);
const SPANISH: &str = concat!(
    include_str!("es.ftl"),
    "\n",
    include_str!("settings/es.ftl"),
    "\n",
    include_str!("client/es.ftl"),
    "\n",
    include_str!("refusals/es.ftl"),
    "\n",
    include_str!("entrance/es.ftl"),
    "\n",
    include_str!("letters/es.ftl")
);
const ARABIC: &str = concat!(
    include_str!("ar.ftl"),
    "\n",
    include_str!("settings/ar.ftl"),
    "\n",
    include_str!("client/ar.ftl"),
    "\n",
    include_str!("refusals/ar.ftl"),
    "\n",
    include_str!("entrance/ar.ftl"),
    "\n",
    include_str!("letters/ar.ftl")
);

/// All catalogues; the first is what whoever asks for something else gets.
static CATALOGUES: [LazyLock<Catalogue>; 5] = [
    LazyLock::new(|| Catalogue::new("en", "English", Direction::LeftToRight, ENGLISH)),
    LazyLock::new(|| Catalogue::new("de", "Deutsch", Direction::LeftToRight, GERMAN)),
    LazyLock::new(|| Catalogue::new("es", "Español", Direction::LeftToRight, SPANISH)),
    LazyLock::new(|| Catalogue::new("ar", "العربية", Direction::RightToLeft, ARABIC)),
    // What English looks like where nothing was left out of the catalogues: accents on everything, and longer.
    LazyLock::new(|| {
        let mut made = Catalogue::new("en-XA", "Ƥşḗŭḓǿ", Direction::LeftToRight, ENGLISH);
        made.bundle.set_transform(Some(disguised));
        made
    }),
];

/// Languages that `Accept-Language` may name before the rest is not looked at; browsers send about five.
const ASKED_MAX: usize = 16;
/// Bytes of a tag that may be one of ours.
const TAG_BYTES_MAX: usize = 35;

/// Which way a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    LeftToRight,
    RightToLeft,
}

struct Catalogue {
    tag: &'static str,
    name: &'static str,
    direction: Direction,
    bundle: FluentBundle<FluentResource>,
}

impl Catalogue {
    fn new(tag: &'static str, name: &'static str, direction: Direction, source: &str) -> Self {
        // Digits stay those of the addresses and counts beside them; plural rules are the language's own.
        let language: LanguageIdentifier = tag.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Foreign words are set apart by elements; marks in the text would be read aloud and copied.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) if number.value >= 0.0 => Some(grouped(number.value as u64)),
            _ => None,
        }));
        // A line that cannot be read is left out here and found by the tests below.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(readable, _)| readable);
        bundle.add_resource_overriding(resource);
        Catalogue { tag, name, direction, bundle }
    }
}

/// The words of pages in one language.
#[derive(Clone, Copy)]
pub struct Words(&'static LazyLock<Catalogue>);

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Words").field(&self.0.tag).finish()
    }
}

impl Default for Words {
    fn default() -> Self {
        Words(&CATALOGUES[0])
    }
}

impl Words {
    /// The words in the language `tag` (BCP 47), or in the one it is a kind of; `None` if there are none.
    #[must_use]
    pub fn in_language(tag: &str) -> Option<Self> {
        if tag.len() > TAG_BYTES_MAX {
            return None;
        }
        let tag = tag.trim().replace('_', "-");
        let exact = CATALOGUES.iter().find(|known| known.tag.eq_ignore_ascii_case(&tag));
        let primary = tag.split('-').next().unwrap_or_default();
        exact.or_else(|| CATALOGUES.iter().find(|known| known.tag.eq_ignore_ascii_case(primary))).map(Words)
    }

    /// The words that `Accept-Language` would rather have (RFC 9110 §12.5.4); English if it names nothing that is here.
    #[must_use]
    pub fn asked_for(accept_language: &str) -> Self {
        let mut best: Option<(f32, Words)> = None;
        for range in accept_language.split(',').take(ASKED_MAX) {
            let (tag, weight) = match range.split_once(';') {
                Some((tag, rest)) => {
                    let weight = rest.trim().strip_prefix("q=").and_then(|weight| weight.trim().parse().ok());
                    (tag, weight.filter(|weight| (0.0..=1.0).contains(weight)).unwrap_or(0.0))
                }
                None => (range, 1.0),
            };
            let Some(words) = Words::in_language(tag).filter(|_| weight > 0.0) else { continue };
            if best.is_none_or(|(known, _)| weight > known) {
                best = Some((weight, words));
            }
        }
        best.map(|(_, words)| words).unwrap_or_default()
    }

    /// Every language with its own name for itself, but for the disguise that tests read.
    pub fn choices() -> impl Iterator<Item = (&'static str, &'static str)> {
        CATALOGUES.iter().filter(|known| known.tag != "en-XA").map(|known| (known.tag, known.name))
    }

    /// The language's tag, for `lang`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.0.tag
    }

    /// Which way it is written, for `dir`; `None` is left to right.
    #[must_use]
    pub fn dir(self) -> Option<&'static str> {
        (self.0.direction == Direction::RightToLeft).then_some("rtl")
    }

    /// Whether there is such a message.
    #[must_use]
    pub fn has(self, key: &str) -> bool {
        self.0.bundle.has_message(key)
    }

    /// A message without variables.
    #[must_use]
    pub fn say(self, key: &str) -> Cow<'static, str> {
        self.format(key, None)
    }

    /// A message about a number, its variable `$count`.
    #[must_use]
    pub fn count(self, key: &str, count: u64) -> Cow<'static, str> {
        let mut args = FluentArgs::new();
        args.set("count", number(count));
        self.format(key, Some(&args))
    }

    /// A message with plain texts as variables, for titles and attributes.
    #[must_use]
    pub fn with(self, key: &str, texts: &[(&'static str, &str)]) -> Cow<'static, str> {
        let mut args = FluentArgs::new();
        for (name, text) in texts {
            args.set(*name, FluentValue::from((*text).to_owned()));
        }
        self.format(key, Some(&args))
    }

    /// A message with elements as variables; with `count` it may be about a number, too.
    #[must_use]
    pub fn around(self, key: &str, count: Option<u64>, elements: &[(&'static str, Markup)]) -> Markup {
        // Private characters stand in the elements' places while the message is put together; no catalogue has them.
        const FIRST: u32 = 0xF0000;
        let mut args = FluentArgs::new();
        if let Some(count) = count {
            args.set("count", number(count));
        }
        for (place, (name, _)) in (FIRST..).zip(elements) {
            let mark = char::from_u32(place).map(String::from).unwrap_or_default();
            args.set(*name, FluentValue::from(mark));
        }
        let text = self.format(key, Some(&args));
        let mut parts = Vec::new();
        let mut plain = String::new();
        for letter in text.chars() {
            let at = (letter as u32).checked_sub(FIRST).and_then(|at| usize::try_from(at).ok());
            match at.and_then(|at| elements.get(at)) {
                Some((_, element)) => parts.push((std::mem::take(&mut plain), Some(element))),
                None => plain.push(letter),
            }
        }
        parts.push((plain, None));
        html! { @for (text, element) in parts { (text) @if let Some(element) = element { (element) } } }
    }

    fn format(self, key: &str, args: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let bundle: &'static FluentBundle<FluentResource> = &self.0.bundle;
        let pattern = bundle.get_message(key).and_then(|message| message.value());
        debug_assert!(pattern.is_some(), "no message {key} in {}", self.0.tag);
        let Some(pattern) = pattern else { return Cow::Owned(key.to_owned()) };
        let mut wrong = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut wrong);
        debug_assert!(wrong.is_empty(), "{key} in {}: {wrong:?}", self.0.tag);
        Cow::Owned(text.into_owned())
    }
}

/// A number as messages take it; what is beyond the exact ones is beyond counting, too.
fn number(count: u64) -> FluentValue<'static> {
    FluentValue::from(count.min(1 << 53) as f64)
}

/// A number with its thousands apart.
#[must_use]
pub fn grouped(count: u64) -> String {
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

/// The disguise of the pseudo-locale: every letter with an accent, words a third longer.
fn disguised(text: &str) -> Cow<'_, str> {
    const PLAIN: &str = "aceinorsuyACEINORSUY";
    const ACCENTED: &str = "àçéîñôŕšûýÀÇÉÎÑÔŔŠÛÝ";
    let mut longer = String::with_capacity(text.len() * 2);
    for letter in text.chars() {
        let accented = PLAIN.chars().position(|plain| plain == letter).and_then(|at| ACCENTED.chars().nth(at));
        longer.push(accented.unwrap_or(letter));
        if matches!(letter, 'a' | 'e' | 'o') {
            longer.extend(accented);
        }
    }
    Cow::Owned(longer)
}

/// Markup that is only text.
#[must_use]
pub fn plain(text: &str) -> Markup {
    html! { (text) }
}

/// Markup of nothing.
#[must_use]
pub fn nothing() -> Markup {
    PreEscaped(String::new())
}

#[cfg(test)]
mod tests;
