//! What tells an activity from others of its actor, so that what comes twice counts once (FEDERATION §4).

use super::object::read;
use crate::limits;
use serde_json::Value;
use storage::{
    Digest, Timestamp,
    inbound::{Deed, Word},
    table::hex,
};

/// What an activity is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    id: String,
    /// If the id may come again for something else: what it does, to which Follow, Block or mark, and what tells the request
    /// from others.
    again: Option<(Deed, String, Digest)>,
}

impl Name {
    /// Its id, or what stands for one.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// What it is beside its id, if that may come again.
    pub(super) fn word(&self) -> Option<Word<'_>> {
        let (deed, about, request) = self.again.as_ref()?;
        Some(Word { deed: *deed, about, request: &request.0 })
    }
}

/// The name of an activity; `signed_at` is when its request was signed, if by its own actor. Its id, to which Follow, Block,
/// Accept, Reject, Like, EmojiReact, Announce and their Undos add what they say, because some servers give them one id again
/// and again. So do some with Updates (WriteFreely even that of the Create): what tells those apart is what they say.
///
/// Without an id only votes are taken, by their own id or by what they say, and what Mastodon says of pins and featured
/// hashtags: the same may be said again, so it is told from others by the request, which bears its second.
pub(super) fn name_of(activity: &Value, body: &[u8], signed_at: Option<Timestamp>) -> Option<Name> {
    let plain = |id: String| Some(Name { id, again: None });
    if let Some(id) = activity.get("id").and_then(Value::as_str) {
        let id = (id.len() <= limits::URI_BYTES_MAX).then(|| id.to_owned())?;
        if read::first_type(activity) == "Update" {
            return plain(format!("{id}\n{}", hex(&Digest::of_bytes(body).0)));
        }
        let again = deed(activity).zip(signed_at).map(|((deed, about), at)| (deed, about, request(body, at)));
        return Some(Name { id, again });
    }
    let object = activity.get("object")?;
    let kind = read::first_type(activity);
    if matches!(kind, "Add" | "Remove") {
        // Who merely passes it on could say it again and again.
        return plain(hex(&request(body, signed_at?).0));
    }
    let is_vote = kind == "Create" && object.get("name").is_some() && object.get("content").is_none();
    let named = read::id(Some(object)).map(str::to_owned);
    if is_vote { plain(named.unwrap_or_else(|| hex(&Digest::of_bytes(body).0))) } else { None }
}

/// What tells a request from others of its actor: its words and its second. Not its signature, since it may bear several.
fn request(body: &[u8], signed_at: Timestamp) -> Digest {
    Digest::of_bytes(&[body, signed_at.0.to_be_bytes().as_slice()].concat())
}

/// What an activity does whose id may come again, and the id of the Follow, Block or mark that it is about.
fn deed(activity: &Value) -> Option<(Deed, String)> {
    let object = activity.get("object");
    let (deed, about) = match read::first_type(activity) {
        "Follow" => (Deed::Follow, read::id(Some(activity))?.to_owned()),
        "Block" => (Deed::Block, read::id(Some(activity))?.to_owned()),
        "Accept" => (Deed::Accept, read::id(object)?.to_owned()),
        "Reject" => (Deed::Reject, read::id(object)?.to_owned()),
        "Like" | "EmojiReact" | "Announce" => (Deed::Mark, read::id(Some(activity))?.to_owned()),
        "Undo" => {
            let undone = read::list(object).first().filter(|undone| read::first_type(undone) != "Undo")?;
            match deed(undone)? {
                (Deed::Mark, about) => (Deed::Unmark, about),
                (_, about) => (Deed::Undo, about),
            }
        }
        _ => return None,
    };
    Some((deed, about))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ONE: Option<Timestamp> = Some(Timestamp(1_000));
    const TWO: Option<Timestamp> = Some(Timestamp(2_000));

    fn named(activity: &Value, signed_at: Option<Timestamp>) -> Option<Name> {
        name_of(activity, activity.to_string().as_bytes(), signed_at)
    }

    #[test]
    fn what_is_about_a_follow_a_block_or_a_mark_says_which_one() {
        let follow = json!({"id": "https://a.test/f", "type": "Follow", "object": "https://b.test/u"});
        let block = json!({"id": "https://a.test/b", "type": "Block", "object": "https://b.test/u"});
        let about = |activity: Value| {
            let name = named(&activity, ONE).expect("it has an id");
            assert_eq!(name.id(), activity["id"]);
            name.word().map(|word| (word.deed, word.about.to_owned()))
        };
        let with = |kind: &str, object: &Value| json!({"id": "https://a.test/x", "type": kind, "object": object});
        let (f, b) = ("https://a.test/f".to_owned(), "https://a.test/b".to_owned());
        assert_eq!(about(follow.clone()), Some((Deed::Follow, f.clone())));
        assert_eq!(about(block.clone()), Some((Deed::Block, b.clone())));
        for (kind, deed) in [("Accept", Deed::Accept), ("Reject", Deed::Reject)] {
            assert_eq!(about(with(kind, &follow)), Some((deed, f.clone())));
            assert_eq!(about(with(kind, &json!("https://a.test/f"))), Some((deed, f.clone())));
        }
        assert_eq!(about(with("Undo", &follow)), Some((Deed::Undo, f.clone())));
        assert_eq!(about(with("Undo", &with("Accept", &follow))), Some((Deed::Undo, f)));
        assert_eq!(about(with("Undo", &block)), Some((Deed::Undo, b)));
        for mark in ["Like", "EmojiReact", "Announce"] {
            let mark = with(mark, &json!("https://b.test/n"));
            let about_it = |deed| Some((deed, "https://a.test/x".to_owned()));
            assert_eq!(about(mark.clone()), about_it(Deed::Mark));
            assert_eq!(about(with("Undo", &mark)), about_it(Deed::Unmark));
        }
        for other in [json!("https://a.test/f"), with("Undo", &follow), with("Dislike", &follow), json!({})] {
            assert_eq!(about(with("Undo", &other)), None, "{other}");
        }
        assert_eq!(named(&follow, None).expect("it has an id").word(), None, "somebody else brings it");
    }

    #[test]
    fn an_update_is_told_from_others_of_its_id_by_what_it_says() {
        let update = |content: &str| {
            let object = json!({"id": "https://a.test/n", "type": "Note", "content": content});
            json!({"id": "https://a.test/n", "type": "Update", "object": object})
        };
        assert_ne!(named(&update("one"), ONE), named(&update("two"), ONE));
        assert_eq!(named(&update("one"), ONE), named(&update("one"), None), "another try, and a copy");
        let mut create = update("one");
        create["type"] = json!("Create");
        assert_eq!(named(&create, None).expect("it has an id").id(), "https://a.test/n");
    }

    #[test]
    fn without_an_id_only_votes_and_pins_have_a_name() {
        let pin = json!({"type": "Add", "object": "https://a.test/1", "target": "https://a.test/featured"});
        assert_ne!(named(&pin, ONE), named(&pin, TWO));
        assert_eq!(named(&pin, None), None);
        let vote = json!({"type": "Create", "object": {"id": "https://a.test/v", "type": "Note", "name": "yes"}});
        assert_eq!(named(&vote, None).expect("a vote").id(), "https://a.test/v");
        let note = json!({"type": "Create", "object": {"id": "https://a.test/n", "type": "Note", "content": "x"}});
        assert_eq!(named(&note, ONE), None);
    }
}
