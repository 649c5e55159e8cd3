//! Emoji: finding `:shortcodes:` in texts, and those of Unicode. Custom emoji of other servers come with the account or
//! status that uses them; those of this server's own (`own`) are looked up where something that was written here is drawn
//! or sent.

pub mod own;

use storage::account::Emoji;
use unicode_segmentation::UnicodeSegmentation;

/// Characters of a shortcode at most; longer ones are plain text (FEDERATION §2 takes them up to 2048, none in use
/// comes near this).
const SHORTCODE_CHARS_MAX: usize = 256;

/// The shortcodes in `text`, without colons, in order, repetitions included.
pub fn shortcodes(text: &str) -> impl Iterator<Item = &str> {
    // Every piece between two colons is a candidate, whichever of them opened it.
    text.split(':').skip(1).filter(|piece| is_shortcode(piece))
}

/// Whether `text` can stand between the colons.
#[must_use]
pub fn is_shortcode(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= SHORTCODE_CHARS_MAX
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'.'))
}

/// Emoji of Unicode whose English name (GitHub's shortcodes, or the short name of Unicode CLDR) is `typed`, begins so, or has
/// a word that does, in this order, at most `most`; each with its short name.
#[must_use]
pub fn named(typed: &str, most: usize) -> Vec<(&'static str, &'static str)> {
    let typed = typed.to_lowercase().replace(['_', '-'], " ");
    if typed.len() > SHORTCODE_CHARS_MAX {
        return Vec::new();
    }
    let mut found: Vec<_> = emojis::iter()
        .filter_map(|emoji| {
            let codes = emoji.shortcodes().map(|code| code.replace('_', " "));
            let rank = codes.chain([emoji.name().to_owned()]).filter_map(|name| rank(&name, &typed)).min()?;
            Some((rank, emoji))
        })
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().take(most).map(|(_, emoji)| (emoji.as_str(), emoji.name())).collect()
}

/// How well a name fits: 0 best.
fn rank(name: &str, typed: &str) -> Option<u8> {
    match name.strip_prefix(typed) {
        Some("") => Some(0),
        Some(_) => Some(1),
        None => name.split([' ', '-', ':']).any(|word| word.starts_with(typed)).then_some(2),
    }
}

/// Bytes of an emoji of Unicode: the longest sequences, families with skin tones, have about 40.
const UNICODE_EMOJI_BYTES_MAX: usize = 64;
/// Makes the character before it an emoji, and says no more than that.
const AS_EMOJI: char = '\u{fe0f}';
/// Makes a digit a key.
const KEYCAP: char = '\u{20e3}';

/// The emoji of Unicode that `text` is, and nothing else; always the same spelling of one that has several.
#[must_use]
pub fn unicode(text: &str) -> Option<String> {
    if text.len() > UNICODE_EMOJI_BYTES_MAX || text.graphemes(true).count() != 1 {
        return None;
    }
    let plain: String = text.chars().filter(|c| *c != AS_EMOJI).collect();
    let mut chars = plain.chars();
    let (first, second) = (chars.next()?, chars.next());
    match (first, second) {
        ('0'..='9' | '#' | '*', Some(KEYCAP)) => Some(format!("{first}{AS_EMOJI}{KEYCAP}")),
        ('\u{1f1e6}'..='\u{1f1ff}', None) => None,
        (first, None) if is_pictograph(first) && is_sign(first) => Some(format!("{first}{AS_EMOJI}")),
        (first, _) if is_pictograph(first) && plain.chars().all(joins) => Some(plain),
        _ => None,
    }
}

/// Whether `c` is a sign of text unless something says otherwise: of the old blocks all but those with
/// `Emoji_Presentation`.
fn is_sign(c: char) -> bool {
    c < '\u{1f000}'
        && !matches!(c,
            '\u{231a}' | '\u{231b}' | '\u{23e9}'..='\u{23ec}' | '\u{23f0}' | '\u{23f3}' | '\u{25fd}' | '\u{25fe}'
            | '\u{2614}' | '\u{2615}' | '\u{2648}'..='\u{2653}' | '\u{267f}' | '\u{2693}' | '\u{26a1}'
            | '\u{26aa}' | '\u{26ab}' | '\u{26bd}' | '\u{26be}' | '\u{26c4}' | '\u{26c5}' | '\u{26ce}'
            | '\u{26d4}' | '\u{26ea}' | '\u{26f2}' | '\u{26f3}' | '\u{26f5}' | '\u{26fa}' | '\u{26fd}'
            | '\u{2705}' | '\u{270a}' | '\u{270b}' | '\u{2728}' | '\u{274c}' | '\u{274e}'
            | '\u{2753}'..='\u{2755}' | '\u{2757}' | '\u{2795}'..='\u{2797}' | '\u{27b0}' | '\u{27bf}'
            | '\u{2b1b}' | '\u{2b1c}' | '\u{2b50}' | '\u{2b55}')
}

/// Whether `c` may stand in a sequence of emoji: another one, a skin tone, what joins them, the letters of a flag.
fn joins(c: char) -> bool {
    is_pictograph(c) || matches!(c, '\u{200d}' | '\u{e0020}'..='\u{e007f}')
}

/// Whether an emoji may begin with `c`: the blocks that hold them (Unicode, emoji-data, `Emoji` and
/// `Extended_Pictographic`), letters and digits left out.
fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2194}'..='\u{21aa}'
        | '\u{231a}'..='\u{23ff}' | '\u{24c2}' | '\u{25aa}'..='\u{25fe}' | '\u{2600}'..='\u{27bf}'
        | '\u{2934}' | '\u{2935}' | '\u{2b05}'..='\u{2b55}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
        | '\u{1f004}'..='\u{1faff}')
}

/// Those of `emojis` that one of `texts` uses, each once.
#[must_use]
pub fn used<'a>(emojis: &'a [Emoji], texts: &[&str]) -> Vec<&'a Emoji> {
    let mut found: Vec<&Emoji> = Vec::new();
    for emoji in emojis {
        let again = found.iter().any(|known| known.shortcode == emoji.shortcode);
        if !again && texts.iter().any(|text| shortcodes(text).any(|code| code == emoji.shortcode)) {
            found.push(emoji);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortcodes_stand_between_colons() {
        let found: Vec<_> = shortcodes("a :blob: b:c_at::x: 12:30 :no space: :ü:").collect();
        assert!(found.starts_with(&["blob", "c_at", "x"]), "{found:?}");
        assert!(!found.contains(&"no space") && !found.contains(&"ü"), "{found:?}");
    }

    #[test]
    fn one_emoji_of_unicode_is_told_from_everything_else() {
        for (text, emoji) in [
            ("🎉", "🎉"),
            ("\u{2764}", "\u{2764}\u{fe0f}"),
            ("\u{2764}\u{fe0f}", "\u{2764}\u{fe0f}"),
            ("\u{2b50}", "\u{2b50}"),
            ("\u{2b50}\u{fe0f}", "\u{2b50}"),
            ("👍🏽", "👍🏽"),
            ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"),
            ("🇩🇪", "🇩🇪"),
            ("1\u{fe0f}\u{20e3}", "1\u{fe0f}\u{20e3}"),
        ] {
            assert_eq!(unicode(text).as_deref(), Some(emoji), "{text}");
        }
        for text in ["", "a", "1", "🎉🎉", "🎉 ", "x🎉", "ü", "\u{1f1e9}", "\u{fe0f}", "日", ":x:", "🎉\u{301}"]
        {
            assert_eq!(unicode(text), None, "{text}");
        }
    }

    #[test]
    fn each_emoji_is_used_once_and_only_if_named() {
        let emoji = |code: &str| Emoji { shortcode: code.to_owned(), url: "https://a.test/e.png".to_owned() };
        let all = [emoji("one"), emoji("two"), emoji("one")];
        let used: Vec<_> = used(&all, &["<p>:one: :one:</p>", ""]).into_iter().map(|emoji| &emoji.shortcode).collect();
        assert_eq!(used, ["one"]);
    }

    #[test]
    fn emoji_are_found_by_their_names_the_nearest_first() {
        let found = |typed: &str, most| named(typed, most).into_iter().map(|(emoji, _)| emoji).collect::<Vec<_>>();
        assert_eq!(found("rainbow", 1), ["🌈"]);
        assert_eq!(found("HEART", 1), ["❤️"], "what is called so before what begins so");
        assert!(found("heart_ey", 6).contains(&"😍") && found("heart", 40).contains(&"💔"));
        assert_eq!((found("s", 6).len(), found("zzzz", 6).len()), (6, 0));
        assert!(found(&"a".repeat(SHORTCODE_CHARS_MAX + 1), 6).is_empty());
        // The longest there are.
        assert!(emojis::iter().all(|emoji| emoji.as_str().len() <= UNICODE_EMOJI_BYTES_MAX));
    }
}
