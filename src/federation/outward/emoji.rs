//! Emoji of this server's own as objects (FEDERATION §2, "Tags"): in `tag` of what names them, and by themselves.

use super::time;
use crate::{
    emoji::own::{self, Own},
    error::Result,
    origin::Origin,
};
use serde_json::{Value, json};
use storage::{Read, custom_emoji::CustomEmoji};

/// An emoji, without `@context`.
#[must_use]
pub fn emoji(origin: &Origin, shortcode: &str, emoji: &CustomEmoji) -> Value {
    json!({
        "id": origin.url(&own::path(shortcode)),
        "type": "Emoji",
        "name": format!(":{shortcode}:"),
        "updated": time(emoji.updated_at),
        "icon": {
            "type": "Image",
            "mediaType": emoji.file.kind.mime(),
            "url": origin.url(&emoji.file.path()),
        },
    })
}

/// Those that somebody here names in one of `texts`.
///
/// # Errors
/// Storage errors.
pub fn tags(read: &dyn Read, origin: &Origin, texts: &[&str]) -> Result<Vec<Value>> {
    let found: Vec<Own> = own::used(read, texts)?;
    Ok(found.iter().map(|(shortcode, row)| emoji(origin, shortcode, row)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::lab::{Lab, plain},
        federation::outward::{actor, note},
        limits,
    };
    use storage::{
        AccountId, BlobHash, StatusId,
        account::{self, Account, Field, SigningKeys},
        custom_emoji,
        media::{File, FileKind},
        status::{Poll, PollOption, Status},
    };

    fn lab(shortcodes: &[&str]) -> (Lab, AccountId) {
        let lab = Lab::new();
        let ann = lab.local("ann");
        let codes: Vec<String> = shortcodes.iter().map(ToString::to_string).collect();
        let rule = move |tx: &mut storage::Tx<'_>| -> Result<()> {
            let now = tx.now();
            let file = File { hash: BlobHash([0xab; 32]), kind: FileKind::Gif, bytes: 9, width: 2, height: 2 };
            for code in &codes {
                let row = CustomEmoji {
                    file,
                    still: None,
                    category: String::new(),
                    in_picker: true,
                    enabled: code != "off",
                    created_at: now,
                    updated_at: now,
                };
                custom_emoji::insert(tx, code, &row)?;
            }
            Ok(())
        };
        lab.write(rule).expect("stored");
        (lab, ann)
    }

    fn origin() -> Origin {
        Origin::parse("https://here.test", None).expect("an origin")
    }

    /// The names of the emoji in `tag`.
    fn drawn(document: &Value) -> Vec<&str> {
        let tags = document["tag"].as_array().into_iter().flatten();
        tags.filter(|tag| tag["type"] == "Emoji").filter_map(|tag| tag["name"].as_str()).collect()
    }

    fn noted(lab: &Lab, author: AccountId, shape: impl Fn(&mut Status) + Send + 'static) -> Value {
        let status = lab.write(move |tx| {
            let (id, now): (StatusId, _) = (tx.next_id(), tx.now());
            let mut status = plain(id, author, now);
            shape(&mut status);
            storage::status::insert(tx, &status)?;
            Ok(status)
        });
        let status = status.expect("stored");
        lab.read(|read| note::note(read, &origin(), &status))
    }

    #[test]
    fn a_note_names_the_emoji_of_its_texts_with_their_pictures() {
        let (lab, ann) = lab(&["rock", "tea", "off", "hot", "idle"]);
        let note = noted(&lab, ann, |status| {
            status.content = "<p>:rock: :off: :rock:</p>".to_owned();
            status.spoiler_text = "with :tea:".to_owned();
            let options = ["yes :hot:", "no"].map(|title| PollOption { title: title.to_owned(), votes: 0 }).to_vec();
            status.poll = Some(Poll { options, multiple: false, expires_at: None, closed_at: None, voters: None });
        });
        assert_eq!((drawn(&note), &note["type"]), (vec![":rock:", ":tea:", ":hot:"], &json!("Question")));
        let hash = "ab".repeat(32);
        let rock = json!({
            "id": "https://here.test/emojis/rock",
            "type": "Emoji",
            "name": ":rock:",
            "updated": "2026-01-01T00:00:00Z",
            "icon": { "type": "Image", "mediaType": "image/gif", "url": format!("https://here.test/media/{hash}.gif") },
        });
        assert_eq!(note["tag"][0], rock);
        let bare = noted(&lab, ann, |status| status.content = "<p>rock 12:30</p>".to_owned());
        assert_eq!(bare["tag"], json!([]));
    }

    #[test]
    fn an_activity_has_room_for_what_it_tells_beside_emoji() {
        let codes: Vec<String> = (0..limits::EMOJI_LOOKED_UP).map(|number| format!("rock_{number:03}")).collect();
        let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        let (lab, ann) = lab(&codes);
        let named = codes.iter().map(|code| format!(":{code}:")).collect::<String>();
        let of = |padding: usize| {
            let content = format!("<p>{named}{}</p>", "x".repeat(padding));
            noted(&lab, ann, move |status| {
                status.content.clone_from(&content);
                status.language = Some("en".to_owned());
            })
        };
        assert_eq!(drawn(&of(0)).len(), limits::EMOJI_LOOKED_UP, "a short one tells them all");
        let long = of(20_000);
        let told = drawn(&long).len();
        assert!(told > 0 && told < limits::EMOJI_LOOKED_UP, "{told}");
        assert!(long.to_string().len() + limits::ACTIVITY_FRAME_BYTES <= limits::ACTIVITY_OUT_MAX);
    }

    #[test]
    fn an_actor_names_the_hashtags_of_its_bio_and_the_emoji_of_its_profile() {
        let (lab, ann) = lab(&["rock", "tea", "hot"]);
        let account = Account {
            display_name: "Ann :rock:".to_owned(),
            note: "Likes #Tea, #tea and #Größe :tea:".to_owned(),
            fields: vec![Field { name: ":hot:".to_owned(), value: "yes".to_owned(), verified_at: None }],
            ..lab.account(ann)
        };
        let keys = SigningKeys { rsa_private: Vec::new(), rsa_public_pem: "PEM".to_owned(), ed25519_seed: Vec::new() };
        let shown = lab.read(|read| actor::actor(read, &origin(), &account, &keys));
        assert_eq!(drawn(&shown), [":rock:", ":tea:", ":hot:"]);
        let tag = |name: &str, path: &str| json!({ "type": "Hashtag", "href": format!("https://here.test/tags/{path}"), "name": name });
        assert_eq!((&shown["tag"][0], &shown["tag"][1]), (&tag("#Tea", "tea"), &tag("#Größe", "größe")));
        assert_eq!(shown["tag"].as_array().map(Vec::len), Some(5));
        assert_eq!(shown["featuredTags"], "https://here.test/users/ann/collections/tags");
        let plain = lab.read(|read| {
            let bare = account::find(read, ann)?.expect("ann");
            actor::actor(read, &origin(), &bare, &keys)
        });
        assert_eq!(plain["tag"], json!([]));
    }
}
