//! Custom emoji: finding `:shortcodes:` in texts. Emoji of this server's own do not exist yet; those of others come with
//! the account or status that uses them.

use storage::account::Emoji;

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
    fn each_emoji_is_used_once_and_only_if_named() {
        let emoji = |code: &str| Emoji { shortcode: code.to_owned(), url: "https://a.test/e.png".to_owned() };
        let all = [emoji("one"), emoji("two"), emoji("one")];
        let used: Vec<_> = used(&all, &["<p>:one: :one:</p>", ""]).into_iter().map(|emoji| &emoji.shortcode).collect();
        assert_eq!(used, ["one"]);
    }
}
