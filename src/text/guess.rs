//! Which language a text is written in, where nobody said.

use super::entities;
use crate::limits;
use whatlang::{Lang, detect};

/// The code (ISO 639-1) of the language that `text` is written in, if its first `limits::LANGUAGE_GUESSED_CHARS` letters
/// outside of links, handles and hashtags say so beyond doubt.
#[must_use]
pub fn guess_language(text: &str) -> Option<&'static str> {
    let (mut words, mut at) = (String::new(), 0);
    for entity in entities(text) {
        words.push_str(&text[at..entity.range.start]);
        words.push(' ');
        at = entity.range.end;
    }
    words.push_str(&text[at..]);
    let end = words.char_indices().nth(limits::LANGUAGE_GUESSED_CHARS).map_or(words.len(), |(end, _)| end);
    let found = detect(&words[..end]).filter(whatlang::Info::is_reliable)?;
    Some(code(found.lang()))
}

/// The library names languages as ISO 639-3 does; posts carry the shorter names, where there are such.
fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Epo => "eo",
        Lang::Eng => "en",
        Lang::Rus => "ru",
        Lang::Cmn => "zh",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Ben => "bn",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ukr => "uk",
        Lang::Kat => "ka",
        Lang::Ara => "ar",
        Lang::Hin => "hi",
        Lang::Jpn => "ja",
        Lang::Heb => "he",
        Lang::Yid => "yi",
        Lang::Pol => "pl",
        Lang::Amh => "am",
        Lang::Jav => "jv",
        Lang::Kor => "ko",
        Lang::Nob => "nb",
        Lang::Dan => "da",
        Lang::Swe => "sv",
        Lang::Fin => "fi",
        Lang::Tur => "tr",
        Lang::Nld => "nl",
        Lang::Hun => "hu",
        Lang::Ces => "cs",
        Lang::Ell => "el",
        Lang::Bul => "bg",
        Lang::Bel => "be",
        Lang::Mar => "mr",
        Lang::Kan => "kn",
        Lang::Ron => "ro",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Mkd => "mk",
        Lang::Lit => "lt",
        Lang::Lav => "lv",
        Lang::Est => "et",
        Lang::Tam => "ta",
        Lang::Vie => "vi",
        Lang::Urd => "ur",
        Lang::Tha => "th",
        Lang::Guj => "gu",
        Lang::Uzb => "uz",
        Lang::Pan => "pa",
        Lang::Aze => "az",
        Lang::Ind => "id",
        Lang::Tel => "te",
        Lang::Pes => "fa",
        Lang::Mal => "ml",
        Lang::Ori => "or",
        Lang::Mya => "my",
        Lang::Nep => "ne",
        Lang::Sin => "si",
        Lang::Khm => "km",
        Lang::Tuk => "tk",
        Lang::Aka => "ak",
        Lang::Zul => "zu",
        Lang::Sna => "sn",
        Lang::Afr => "af",
        Lang::Lat => "la",
        Lang::Slk => "sk",
        Lang::Cat => "ca",
        Lang::Tgl => "tl",
        Lang::Hye => "hy",
        Lang::Cym => "cy",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plain_is_guessed_and_what_is_not_is_left_open() {
        for (text, language) in [
            (
                "The log is the truth, and everything else in the store is only a view of it, which can be thrown away \
                 and made again whenever somebody wants to.",
                Some("en"),
            ),
            (
                "Der Felsen ist noch lange warm, nachdem die Sonne hinter den Hügeln untergegangen ist, und wir sitzen \
                 dort, bis die Sterne über dem Tal stehen.",
                Some("de"),
            ),
            ("Ο βράχος είναι ακόμα ζεστός", Some("el")),
            ("바위는 아직 따뜻합니다", Some("ko")),
            ("https://example.org/the/house/of/the/people @somebody@example.org #TheRock", None),
            ("ok", None),
            ("", None),
            ("🪨🌄", None),
        ] {
            assert_eq!(guess_language(text), language, "{text}");
        }
    }

    #[test]
    fn every_language_that_can_be_guessed_is_one_that_posts_may_have() {
        for lang in Lang::all() {
            assert!(super::super::is_language(code(*lang)) && code(*lang).len() == 2, "{lang:?}");
        }
    }
}
