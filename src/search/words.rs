//! Text to words as they are compared: lower case, diacritics folded, scripts without spaces between words in pairs of
//! characters.

use storage::{fold::fold, search::Word};
use unicode_normalization::char::is_combining_mark;

/// Bytes of a word that are compared; the rest of a longer one is not.
const WORD_BYTES_MAX: usize = 64;

/// The words of a text, in places from 0 on.
///
/// A run of letters and digits is a word. A run in a script that writes no spaces between words (Han, Kana, Hangul with
/// its endings, Thai, Lao, Khmer, Myanmar) is its pairs of neighbours, each in the place of its first character, and
/// its last character alone. So is the first one of a run right behind a word, in the same place: a number is often
/// looked for with one such character behind it.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut made = Made::default();
    let mut run = String::new();
    let mut kind = Kind::Between;
    for c in fold(text) {
        let next = kind_of(c, kind);
        if next != kind {
            made.end(&run, kind);
            run.clear();
            kind = next;
        }
        if kind != Kind::Between {
            run.push(c);
        }
    }
    made.end(&run, kind);
    made.words
}

/// The words of a text that is looked for: without the last characters of runs of pairs, behind which more may follow, and
/// their first ones, which the pair says as well.
pub(super) fn asked(text: &str) -> Vec<Word> {
    let mut asked = words(text);
    let said: Vec<bool> = (0..asked.len())
        .map(|at| {
            if asked.get(at + 1).is_some_and(|next| next.place == asked[at].place) {
                return true;
            }
            let Some(before) = at.checked_sub(1).map(|before| &asked[before].text) else { return false };
            is_lone_character(&asked[at..=at]) && before.ends_with(&asked[at].text) && before.starts_with(is_dense)
        })
        .collect();
    let mut said = said.into_iter();
    asked.retain(|_| !said.next().unwrap_or(false));
    asked
}

/// A hashtag as it is looked for: some servers tell it without its diacritics, others with them.
pub(super) fn folded_tag(name: &str) -> String {
    fold(name).collect()
}

/// A single character of such a script: it stands at the beginning of a pair, not as a word.
pub(super) fn is_lone_character(words: &[Word]) -> bool {
    let [word] = words else { return false };
    let mut chars = word.text.chars();
    chars.next().is_some_and(is_dense) && chars.next().is_none()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Between,
    Word,
    Dense,
}

#[derive(Default)]
struct Made {
    words: Vec<Word>,
    place: u32,
    /// Whether a word ended right here.
    behind_word: bool,
}

impl Made {
    fn end(&mut self, run: &str, kind: Kind) {
        match kind {
            Kind::Between => {}
            Kind::Word => self.push(&run[..run.floor_char_boundary(WORD_BYTES_MAX)]),
            Kind::Dense => {
                let mut chars = run.char_indices();
                let first = run.chars().next().filter(|first| self.behind_word && run.len() > first.len_utf8());
                if let Some(first) = first {
                    self.words.push(Word { text: first.to_string(), place: self.place });
                }
                while let Some((at, first)) = chars.next() {
                    let second = chars.clone().next().map_or(0, |(_, second)| second.len_utf8());
                    self.push(&run[at..at + first.len_utf8() + second]);
                }
            }
        }
        self.behind_word = kind == Kind::Word;
    }

    fn push(&mut self, word: &str) {
        self.words.push(Word { text: word.to_owned(), place: self.place });
        self.place += 1;
    }
}

fn kind_of(c: char, before: Kind) -> Kind {
    if is_dense(c) {
        Kind::Dense
    } else if is_combining_mark(c) {
        // Vowel signs and the like belong to what they stand on.
        before
    } else if c.is_alphanumeric() {
        Kind::Word
    } else {
        Kind::Between
    }
}

fn is_dense(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' // Thai, Lao
        | '\u{1000}'..='\u{109f}' // Myanmar
        | '\u{1100}'..='\u{11ff}' // Hangul, taken apart
        | '\u{1780}'..='\u{17ff}' // Khmer
        | '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{3096}' | '\u{309d}'..='\u{309f}' // Hiragana
        | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' // Katakana
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' // Han
        | '\u{ac00}'..='\u{d7a3}' // Hangul
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn words_are_folded() {
        assert_eq!(of("Grüße, ÉTÉ  naïve—Łódź 42!"), ["grusse", "ete", "naive", "lodz", "42"]);
        assert_eq!(of("don't e-mail"), ["don", "t", "e", "mail"]);
        assert_eq!(of("Ёлка Ωραίος ﬁne ＡＢＣ İstanbul"), ["елка", "ωραιοσ", "fine", "abc", "istanbul"]);
        assert_eq!(of("हिन्दी भाषा"), ["हिन्दी", "भाषा"], "vowel signs are part of the word");
        assert_eq!(of("שָׁלוֹם מُحَمَّد"), of("שלום מحمد"), "points are not");
        assert_eq!(of("مُحَمَّدٌ ســلام"), ["محمد", "سلام"]);
        assert_eq!((folded_tag("Été"), folded_tag("ÉTÉ")), ("ete".to_owned(), "ete".to_owned()));
        assert_eq!(of(" — 🦀 … "), Vec::<String>::new());
    }

    #[test]
    fn scripts_without_spaces_are_pairs() {
        assert_eq!(
            of("東京都へ行く rust言語"),
            ["東京", "京都", "都へ", "へ行", "行く", "く", "rust", "言", "言語", "語"]
        );
        assert_eq!(of("3月 4"), ["3", "月", "4"]);
        assert_eq!(of("ガラス"), of("ｶﾞﾗｽ"), "half-width too");
        assert_ne!(of("が"), of("か"), "a voiced sound is another letter");
        assert_eq!(of("한국어"), ["한국", "국어", "어"]);
        assert!(
            is_lone_character(&words("猫")) && !is_lone_character(&words("猫だ")) && !is_lone_character(&words("x"))
        );
    }

    #[test]
    fn what_is_asked_may_go_on() {
        let texts = |text| asked(text).into_iter().map(|word| (word.place, word.text)).collect::<Vec<_>>();
        assert_eq!(texts("東京都"), [(0, "東京".to_owned()), (1, "京都".to_owned())]);
        assert_eq!(texts("東京 a"), [(0, "東京".to_owned()), (2, "a".to_owned())]);
        assert_eq!(texts("猫"), [(0, "猫".to_owned())]);
        assert_eq!(texts("猫 a"), [(0, "猫".to_owned()), (1, "a".to_owned())]);
        assert_eq!(texts("3月"), [(0, "3".to_owned()), (1, "月".to_owned())]);
        assert_eq!(texts("3月に"), [(0, "3".to_owned()), (1, "月に".to_owned())]);
    }

    #[test]
    fn places_grow_by_one_and_long_words_are_cut() {
        let found = words(&format!("a {} 東京 b", "ä".repeat(100)));
        assert_eq!(found.iter().map(|word| word.place).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
        assert_eq!(found[1].text.len(), WORD_BYTES_MAX);
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_found_in_any_case(text in "\\PC{0,40}") {
            let found = words(&text);
            for pair in found.windows(2) {
                // Only a character that the pair behind it says as well shares its place.
                let shares = pair[0].place == pair[1].place && pair[1].text.starts_with(&pair[0].text);
                prop_assert!(shares || pair[0].place + 1 == pair[1].place);
            }
            for word in &found {
                prop_assert!(!word.text.is_empty() && word.text.len() <= WORD_BYTES_MAX);
            }
        }

        #[test]
        fn folded_words_stay_as_they_are(text in "[a-zA-Zäöéßøł ]{0,40}") {
            let once = of(&text);
            prop_assert_eq!(of(&once.join(" ")), once);
        }
    }
}
