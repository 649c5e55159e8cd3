//! Texts as they are compared where somebody searches, the same for statuses and for names of accounts.

use unicode_normalization::UnicodeNormalization;

/// Lower case without the diacritics of Latin, Greek and Cyrillic, the points of Hebrew and Arabic, and what only stretches or
/// joins letters; marks of other scripts make other letters.
pub fn fold(text: &str) -> impl Iterator<Item = char> {
    let bare = text.nfkd().filter(|c| !is_dropped(*c)).nfc();
    bare.flat_map(char::to_lowercase).filter(|c| !is_dropped(*c)).flat_map(|c| {
        // What has no decomposition and is typed without all the same.
        let (first, second) = match c {
            'ß' => ('s', Some('s')),
            'æ' => ('a', Some('e')),
            'œ' => ('o', Some('e')),
            'ø' => ('o', None),
            'ł' => ('l', None),
            'đ' => ('d', None),
            'ı' => ('i', None),
            'ς' => ('σ', None),
            other => (other, None),
        };
        std::iter::once(first).chain(second)
    })
}

/// Whether a character does not count where words are compared: it belongs to the letter it stands on or beside.
#[must_use]
pub fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{ad}'
        | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}' // Hebrew points
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' // Arabic points
        | '\u{640}' | '\u{200c}' | '\u{200d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_points_do_not_count() {
        let folded = |text: &str| fold(text).collect::<String>();
        for (text, expected) in [
            ("\u{c4}lvsborg", "alvsborg"),
            ("A\u{308}LVSBORG", "alvsborg"),
            ("Łódź", "lodz"),
            ("Ёлка", "елка"),
            ("İstanbul", "istanbul"),
            ("ＡＢＣ", "abc"),
            ("ســلام", "سلام"),
            ("\u{301}\u{200d}", ""),
        ] {
            assert_eq!(folded(text), expected, "{text}");
            assert_eq!(folded(&folded(text)), expected, "{text}: a second time nothing changes");
        }
        assert_eq!(folded("שָׁלוֹם"), folded("שלום"));
        assert_ne!(folded("が"), folded("か"), "a voiced sound is another letter");
    }
}
