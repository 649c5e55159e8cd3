//! Emoji of this server's own: which of them a text names, a reaction means, or a word that is being typed may become. They
//! are looked up when something is drawn or sent, so that one that is made, disabled or removed shows at once everywhere.

use crate::{error::Result, limits};
use storage::{
    Read,
    custom_emoji::{self, CustomEmoji},
};

/// An emoji that may be used, with its shortcode.
pub type Own = (String, CustomEmoji);

/// Whether an emoji of this server's own can be called so (Mastodon: `[a-zA-Z0-9_]{2,}`).
#[must_use]
pub fn is_shortcode(text: &str) -> bool {
    let (least, most) = limits::EMOJI_SHORTCODE_CHARS;
    (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The emoji with this shortcode, if it may be used.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, shortcode: &str) -> Result<Option<CustomEmoji>> {
    if !is_shortcode(shortcode) {
        return Ok(None);
    }
    Ok(custom_emoji::find(read, shortcode)?.filter(|emoji| emoji.enabled))
}

/// Those that somebody here names in one of `texts`, each once, in the order in which they come; of the first
/// `limits::EMOJI_LOOKED_UP` shortcodes.
///
/// # Errors
/// Storage errors.
pub fn used(read: &dyn Read, texts: &[&str]) -> Result<Vec<Own>> {
    let mut asked: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for code in texts.iter().flat_map(|text| super::shortcodes(text)) {
        if asked.len() == limits::EMOJI_LOOKED_UP {
            break;
        }
        if !is_shortcode(code) || asked.contains(&code) {
            continue;
        }
        asked.push(code);
        found.extend(find(read, code)?.map(|emoji| (code.to_owned(), emoji)));
    }
    Ok(found)
}

/// Those that pickers show, in the order of their shortcodes.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, custom_emojis#get.
pub fn listed(read: &dyn Read) -> Result<Vec<Own>> {
    let all = custom_emoji::all(read)?.into_iter();
    Ok(all.filter(|(_, emoji)| emoji.enabled && emoji.in_picker).collect())
}

/// Those of them whose shortcode begins with `typed`, or else holds it, in this order, at most `most`; whatever case it is
/// typed in.
///
/// # Errors
/// Storage errors.
pub fn begun(read: &dyn Read, typed: &str, most: usize) -> Result<Vec<Own>> {
    let typed = typed.to_ascii_lowercase();
    let mut found: Vec<(bool, Own)> = Vec::new();
    for own in listed(read)? {
        let place = own.0.to_ascii_lowercase().find(&typed);
        found.extend(place.map(|place| (place > 0, own)));
    }
    found.sort_by_key(|(inside, _)| *inside);
    Ok(found.into_iter().take(most).map(|(_, own)| own).collect())
}

/// The path of an emoji's document, which is its id for other servers.
#[must_use]
pub fn path(shortcode: &str) -> String {
    format!("/emojis/{shortcode}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::lab::Lab;
    use storage::{
        BlobHash, Timestamp,
        media::{File, FileKind},
    };

    fn lab() -> Lab {
        let lab = Lab::new();
        let file = File { hash: BlobHash([1; 32]), kind: FileKind::Png, bytes: 9, width: 2, height: 2 };
        let emoji = CustomEmoji {
            file,
            still: None,
            category: String::new(),
            in_picker: true,
            enabled: true,
            created_at: Timestamp(1),
            updated_at: Timestamp(1),
        };
        let hidden = CustomEmoji { in_picker: false, ..emoji.clone() };
        let off = CustomEmoji { enabled: false, ..emoji.clone() };
        let rows =
            [("rock", &emoji), ("Rocky", &emoji), ("hard_rock", &emoji), ("shy_rock", &hidden), ("no_rock", &off)];
        let rows = rows.map(|(code, emoji)| (code, emoji.clone()));
        let stored =
            lab.write(move |tx| rows.iter().try_for_each(|(code, emoji)| Ok(custom_emoji::insert(tx, code, emoji)?)));
        stored.expect("stored");
        lab
    }

    fn codes(found: Vec<Own>) -> Vec<String> {
        found.into_iter().map(|(code, _)| code).collect()
    }

    #[test]
    fn a_text_uses_what_is_enabled_each_once_and_as_it_is_written() {
        let used = |texts: &[&str]| codes(lab().read(|read| used(read, texts)));
        assert_eq!(used(&["<p>:rock: :shy_rock::rock:</p>", ":Rocky:"]), ["rock", "shy_rock", "Rocky"]);
        assert_eq!(used(&[":ROCK: :no_rock: :nothing: rock 12:30:45"]), Vec::<String>::new());
    }

    #[test]
    fn so_many_shortcodes_of_a_text_are_looked_up() {
        let before = (1..limits::EMOJI_LOOKED_UP).map(|number| format!(":none_{number}:")).collect::<String>();
        let used = |text: String| codes(lab().read(|read| used(read, &[&text])));
        assert_eq!(used(format!("{before} :rock:")), ["rock"]);
        assert_eq!(used(format!("{before} :none_0: :rock:")), Vec::<String>::new());
    }

    #[test]
    fn what_begins_so_stands_before_what_holds_it_and_hidden_ones_are_not_offered() {
        let begun = |typed: &str, most| codes(lab().read(|read| begun(read, typed, most)));
        assert_eq!(begun("ROCK", 9), ["Rocky", "rock", "hard_rock"]);
        assert_eq!((begun("rock", 1), begun("shy", 9)), (vec!["Rocky".to_owned()], Vec::new()));
    }

    #[test]
    fn names_are_letters_digits_and_underscores() {
        let longest = "a".repeat(limits::EMOJI_SHORTCODE_CHARS.1);
        for name in ["ab", "A_9", &longest] {
            assert!(is_shortcode(name), "{name}");
        }
        for name in ["", "a", "a-b", "a b", "ä_b", ":ab:", "a.b", &format!("{longest}a")] {
            assert!(!is_shortcode(name), "{name}");
        }
    }
}
