//! A long text as several: for a thread, whose parts each fit into a status.

use super::count_chars;
use unicode_segmentation::UnicodeSegmentation;

/// Where a text is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Only where it would be too long: between paragraphs if it can be, else behind a line, a sentence, a word.
    Needed,
    /// At every blank line, and where a paragraph would be too long.
    BlankLines,
}

/// The parts of `text`, none with more than `chars_max` characters as [`count_chars`] counts them and none empty; `None` if
/// there are more than `parts_max`, or no character fits.
#[must_use]
pub fn split(text: &str, cut: Cut, chars_max: usize, parts_max: usize) -> Option<Vec<String>> {
    let mut parts: Vec<String> = Vec::new();
    let mut open = false;
    for paragraph in paragraphs(text) {
        if let Some(last) = parts.last_mut().filter(|_| open && cut == Cut::Needed) {
            let longer = format!("{last}\n\n{paragraph}");
            if count_chars(&longer) <= chars_max {
                *last = longer;
                continue;
            }
        }
        let mut rest = paragraph.as_str();
        while !rest.is_empty() {
            if parts.len() == parts_max {
                return None;
            }
            let (head, tail) = first_of(rest, chars_max)?;
            parts.push(head.to_owned());
            rest = tail;
        }
        open = true;
    }
    Some(parts)
}

/// What blank lines separate, without blanks at the end and blank lines before.
fn paragraphs(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    for line in text.lines() {
        match (line.trim().is_empty(), found.last_mut()) {
            (true, Some(last)) if !last.is_empty() => found.push(String::new()),
            (false, Some(last)) => {
                if !last.is_empty() {
                    last.push('\n');
                }
                last.push_str(line.trim_end());
            }
            _ => {}
        }
    }
    found.retain(|paragraph| !paragraph.is_empty());
    found
}

/// The longest beginning that fits and ends well, and what is left. A place in its second half is good enough; behind a line
/// is better than behind a sentence, that better than behind a word.
fn first_of(text: &str, chars_max: usize) -> Option<(&str, &str)> {
    if count_chars(text) <= chars_max {
        return Some((text, ""));
    }
    let fits = |end: &usize| count_chars(&text[..*end]) <= chars_max;
    // Not exactly sorted, since a link counts otherwise once it is whole: what is found is looked at once more.
    let longest = |places: &[usize]| {
        let found = places.partition_point(fits);
        places[..found].iter().rev().copied().find(fits)
    };
    let half = text.len() / 2;
    let mut words: Vec<usize> =
        text.match_indices(char::is_whitespace).map(|(at, _)| at).filter(|at| *at > 0).collect();
    words.dedup();
    let end = match longest(&words) {
        Some(end) => {
            let head = &text[..end];
            let line = head.rfind('\n');
            let sentence = words.iter().rev().filter(|at| **at <= end).find(|at| ends_sentence(&text[..**at])).copied();
            let good = |at: &usize| *at >= end.min(half) / 2;
            line.filter(good).or(sentence.filter(good)).unwrap_or(end)
        }
        // One long word: between two of its characters.
        None => {
            let places: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).skip(1).collect();
            longest(&places)?
        }
    };
    let (head, tail) = (text[..end].trim_end(), text[end..].trim_start());
    // Blanks alone are nothing to post.
    if head.is_empty() { None } else { Some((head, tail)) }
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '\'', ')', '”', '’', '»']).ends_with(['.', '!', '?', '…', '。', '؟'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn needed(text: &str, most: usize) -> Vec<String> {
        split(text, Cut::Needed, most, 100).expect("few parts")
    }

    #[test]
    fn what_fits_stays_one_and_paragraphs_stay_together_while_they_fit() {
        assert_eq!(needed("One.\n\nTwo.", 100), ["One.\n\nTwo."]);
        assert_eq!(needed("One one.\n\n\nTwo two.\n \nThree.", 18), ["One one.\n\nTwo two.", "Three."]);
        assert_eq!(split("\n\nOne\nline.\n\nTwo.\n", Cut::BlankLines, 100, 9).expect("two"), ["One\nline.", "Two."]);
        assert_eq!(needed(" \n\n ", 10), [""; 0]);
    }

    #[test]
    fn long_paragraphs_end_behind_lines_sentences_and_words() {
        assert_eq!(needed("First line here\nsecond line here", 20), ["First line here", "second line here"]);
        assert_eq!(needed("Rocks are warm. They are so all day.", 24), ["Rocks are warm.", "They are so all day."]);
        assert_eq!(needed("rocks and rocks and rocks", 15), ["rocks and rocks", "and rocks"]);
        assert_eq!(needed("aaaaaaaaaa", 4), ["aaaa", "aaaa", "aa"]);
    }

    #[test]
    fn too_many_parts_are_none_and_no_room_is_none() {
        assert_eq!(split("a\n\nb\n\nc", Cut::BlankLines, 10, 2), None);
        assert_eq!(split("a\n\nb", Cut::BlankLines, 10, 2).map(|parts| parts.len()), Some(2));
        assert_eq!(split("ab", Cut::Needed, 0, 9), None);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_every_part_fits(
            text in "([a-z]{1,12}|https://a\\.test/[a-z]{1,40}|@[a-z]{1,5}@b\\.test|é|👩‍👩‍👧|[.!?]|[ \n]{1,3}){0,60}",
            most in 23_usize..60,
            blank in any::<bool>(),
        ) {
            let cut = if blank { Cut::BlankLines } else { Cut::Needed };
            if let Some(parts) = split(&text, cut, most, 500) {
                let bare = |text: &str| text.split_whitespace().collect::<String>();
                prop_assert_eq!(bare(&parts.concat()), bare(&text));
                for part in &parts {
                    prop_assert!(!part.trim().is_empty() && count_chars(part) <= most, "{:?}", part);
                }
            }
        }
    }
}
