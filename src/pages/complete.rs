//! What a word that somebody has begun to type may become: people, hashtags, emoji; for the script of the composer.

use crate::{
    error::Result,
    http::{Json, Params, answer, visit::Member},
    intake::search::{Asked, Kind, search},
    limits,
    server::Server,
    timeline::Window,
};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use storage::{Bounds, Direction};

/// What may stand there instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Completion {
    /// What is put in.
    text: String,
    /// What it is, for people.
    name: String,
}

/// Emoji by their English names (Unicode CLDR, short names), those that are used most.
const EMOJI: &[(&str, &str)] = &[
    ("smile", "😄"),
    ("grin", "😁"),
    ("joy", "😂"),
    ("rofl", "🤣"),
    ("wink", "😉"),
    ("blush", "😊"),
    ("heart_eyes", "😍"),
    ("kiss", "😘"),
    ("thinking", "🤔"),
    ("neutral", "😐"),
    ("roll_eyes", "🙄"),
    ("smirk", "😏"),
    ("relieved", "😌"),
    ("sleeping", "😴"),
    ("sunglasses", "😎"),
    ("nerd", "🤓"),
    ("confused", "😕"),
    ("worried", "😟"),
    ("sad", "😢"),
    ("sob", "😭"),
    ("angry", "😠"),
    ("scream", "😱"),
    ("exploding_head", "🤯"),
    ("pleading", "🥺"),
    ("melting", "🫠"),
    ("salute", "🫡"),
    ("shrug", "🤷"),
    ("facepalm", "🤦"),
    ("wave", "👋"),
    ("thumbs_up", "👍"),
    ("thumbs_down", "👎"),
    ("clap", "👏"),
    ("folded_hands", "🙏"),
    ("muscle", "💪"),
    ("raised_hands", "🙌"),
    ("ok_hand", "👌"),
    ("eyes", "👀"),
    ("brain", "🧠"),
    ("heart", "❤️"),
    ("orange_heart", "🧡"),
    ("yellow_heart", "💛"),
    ("green_heart", "💚"),
    ("blue_heart", "💙"),
    ("purple_heart", "💜"),
    ("black_heart", "🖤"),
    ("broken_heart", "💔"),
    ("sparkles", "✨"),
    ("star", "⭐"),
    ("fire", "🔥"),
    ("hundred", "💯"),
    ("party", "🎉"),
    ("gift", "🎁"),
    ("balloon", "🎈"),
    ("cake", "🎂"),
    ("coffee", "☕"),
    ("tea", "🍵"),
    ("beer", "🍺"),
    ("pizza", "🍕"),
    ("apple", "🍎"),
    ("cat", "🐱"),
    ("dog", "🐶"),
    ("fox", "🦊"),
    ("elephant", "🐘"),
    ("bird", "🐦"),
    ("bug", "🐛"),
    ("butterfly", "🦋"),
    ("tree", "🌳"),
    ("flower", "🌸"),
    ("rose", "🌹"),
    ("leaf", "🍃"),
    ("mountain", "⛰️"),
    ("rock", "🪨"),
    ("sun", "☀️"),
    ("moon", "🌙"),
    ("cloud", "☁️"),
    ("rain", "🌧️"),
    ("snow", "❄️"),
    ("rainbow", "🌈"),
    ("wave_water", "🌊"),
    ("earth", "🌍"),
    ("rocket", "🚀"),
    ("train", "🚆"),
    ("bicycle", "🚲"),
    ("house", "🏠"),
    ("book", "📖"),
    ("pencil", "✏️"),
    ("music", "🎵"),
    ("camera", "📷"),
    ("computer", "💻"),
    ("phone", "📱"),
    ("bulb", "💡"),
    ("lock", "🔒"),
    ("key", "🔑"),
    ("hammer", "🔨"),
    ("warning", "⚠️"),
    ("check", "✅"),
    ("cross", "❌"),
    ("question", "❓"),
    ("exclamation", "❗"),
    ("arrow_right", "➡️"),
];

/// `GET /complete?q=@ad`, `#ev`, `:smi`
pub(super) async fn complete(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let typed = params.str("q").unwrap_or_default().trim();
    let most = limits::COMPLETIONS_SHOWN;
    let asked = |kind, text: &str| Asked {
        text: text.to_owned(),
        kind,
        resolve: false,
        following: false,
        account: None,
        window: Window { bounds: Bounds::NONE, direction: Direction::Descending, limit: most },
        offset: 0,
    };
    let found: Vec<Completion> = match typed.split_at_checked(1) {
        Some(("@", name)) if !name.is_empty() => {
            let found = search(&server, Some(member.account), asked(Kind::Accounts, name)).await?;
            let shown = found.accounts.iter().map(|account| Completion {
                text: format!("@{}", account.acct),
                name: if account.display_name.is_empty() { &account.username } else { &account.display_name }.clone(),
            });
            shown.collect()
        }
        Some(("#", name)) if !name.is_empty() => {
            let found = search(&server, Some(member.account), asked(Kind::Hashtags, name)).await?;
            let tags = found.hashtags.iter();
            tags.map(|tag| Completion { text: format!("#{}", tag.name), name: tag.name.clone() }).collect()
        }
        Some((":", name)) if !name.is_empty() => emoji(name).take(most).collect(),
        _ => Vec::new(),
    };
    let mut response = Json(found).into_response();
    answer::uncached(response.headers_mut());
    Ok(response)
}

/// Those whose name begins so, then those in whose name a word does.
fn emoji(typed: &str) -> impl Iterator<Item = Completion> {
    let typed = typed.to_lowercase();
    let inner = format!("_{typed}");
    let begins = EMOJI.iter().filter({
        let typed = typed.clone();
        move |(name, _)| name.starts_with(&typed)
    });
    let within = EMOJI.iter().filter(move |(name, _)| !name.starts_with(&typed) && name.contains(&inner));
    begins.chain(within).map(|(name, emoji)| Completion { text: (*emoji).to_owned(), name: name.replace('_', " ") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emoji::unicode;
    use std::collections::BTreeSet;

    #[test]
    fn every_emoji_is_one_and_has_a_name_of_its_own() {
        assert!(EMOJI.iter().all(|(_, sign)| unicode(sign).is_some()));
        assert_eq!(EMOJI.iter().map(|(name, _)| name).collect::<BTreeSet<_>>().len(), EMOJI.len());
    }

    #[test]
    fn names_are_found_by_their_beginning_and_by_their_words() {
        let found: Vec<_> = emoji("HEART").map(|found| found.text).collect();
        assert_eq!(found[..2], ["😍", "❤️"]);
        assert!(found.contains(&"💔".to_owned()) && emoji("zzz").next().is_none());
    }
}
