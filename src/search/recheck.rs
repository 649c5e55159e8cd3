//! Whether what is found still says what is asked: the index may be some seconds behind an edit, and longer where somebody
//! shared what was edited.

use super::{
    describe::words_of,
    parse::{Condition, What},
    words::is_lone_character,
};
use crate::error::Result;
use std::collections::HashSet;
use storage::{
    Read,
    search::Word,
    status::{self, Status},
};

/// Whether `status`, or what it shares, meets those of the conditions that ask for words. What was never edited says
/// what it said when it was indexed, and is not looked at.
///
/// # Errors
/// Storage errors.
pub(super) fn still_says(read: &dyn Read, status: &Status, conditions: &[Condition]) -> Result<bool> {
    let asked = || conditions.iter().filter(|condition| matches!(condition.what, What::Words(_)));
    if asked().next().is_none() || (status.reblog_of.is_none() && status.edited_at.is_none()) {
        return Ok(true);
    }
    let said = match status.reblog_of {
        None => words_of(status),
        Some(original) => match status::find(read, original)? {
            Some(original) => words_of(&original),
            None => return Ok(false),
        },
    };
    let places: HashSet<(&str, u32)> = said.iter().map(|word| (word.text.as_str(), word.place)).collect();
    let met = |condition: &Condition| {
        let What::Words(words) = &condition.what else { return true };
        says(&said, &places, words) != condition.negated
    };
    Ok(asked().all(met))
}

/// Whether `words` stand in what is `said` as far apart as they are asked for.
fn says(said: &[Word], places: &HashSet<(&str, u32)>, words: &[Word]) -> bool {
    let Some(first) = words.first() else { return false };
    if is_lone_character(words) {
        return said.iter().any(|word| word.text.starts_with(&first.text));
    }
    said.iter().filter(|word| word.text == first.text).any(|start| {
        let place = |word: &Word| start.place.saturating_add(word.place.saturating_sub(first.place));
        words.iter().all(|word| places.contains(&(word.text.as_str(), place(word))))
    })
}

#[cfg(test)]
mod tests {
    use super::{super::words, *};

    #[test]
    fn words_phrases_and_single_characters_are_told() {
        let said = words::words("the red fox, the quick red dog; 東京都 2024年3月に、iphone用");
        let places: HashSet<(&str, u32)> = said.iter().map(|word| (word.text.as_str(), word.place)).collect();
        for (text, there) in [
            ("red", true),
            ("red dog", true),
            ("quick red dog", true),
            ("fox the quick", true),
            ("red quick", false),
            ("blue", false),
            ("東京", true),
            ("京都", true),
            ("東都", false),
            ("京", true),
            ("北", false),
            ("3月", true),
            ("2024年", true),
            ("年3月", true),
            ("3月に", true),
            ("iPhone用", true),
            ("3年", false),
        ] {
            assert_eq!(says(&said, &places, &words::asked(text)), there, "{text}");
        }
        assert!(!says(&said, &places, &[]));
    }
}
