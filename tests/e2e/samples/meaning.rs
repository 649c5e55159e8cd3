//! The whole meaning of what was stored for a document, as the client API shows it and as its row has it, without what
//! differs from run to run. `results.json` keeps one for each document, by its name: a status, an account, or an effect.

use super::{checks::plain_text, lab::OWN};
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, path::PathBuf};

/// Characters of a text that are kept: the samples themselves are not copied.
const EXCERPT_CHARS: usize = 60;

/// What a status means; `parent` is the uri of what it answers, `quote` what its row says of a quote.
pub(crate) fn of_status(entity: &Value, parent: Option<&str>, quote: Option<&str>) -> Value {
    let own = format!("https://{OWN}/");
    let list = |name: &str| entity[name].as_array().cloned().unwrap_or_default();
    let names = |name: &str, member: &str| list(name).iter().map(|one| one[member].clone()).collect::<Vec<_>>();
    let attachments: Vec<Value> = list("media_attachments")
        .iter()
        .map(|one| {
            only(json!({"type": one["type"], "from": one["remote_url"], "alt": excerpt(&one["description"]),
            "size": one["meta"]["original"]["size"], "blurred": one["blurhash"].is_string()}))
        })
        .collect();
    let poll = poll_of(entity);
    only(json!({
        "by": entity["account"]["acct"],
        "group": entity["account"]["group"].as_bool().filter(|group| *group),
        "uri": entity["uri"],
        "url": entity["url"],
        "visibility": entity["visibility"],
        "language": entity["language"],
        "warning": excerpt(&entity["spoiler_text"]),
        "sensitive": entity["sensitive"].as_bool().filter(|sensitive| *sensitive),
        "created": entity["created_at"],
        "edited": entity["edited_at"],
        // One of hers has another number in each run.
        "answers": parent.map(|uri| if uri.starts_with(&own) { "{status}" } else { uri }),
        // A row has no address of what is here.
        "quotes": quote.map(|quote| if quote.starts_with(' ') { format!("{{status}}{quote}") } else { quote.to_owned() }),
        "text": excerpt(&json!(plain_text(entity["content"].as_str().unwrap_or_default()))),
        "tags": names("tags", "name"),
        "mentions": names("mentions", "acct"),
        "emojis": names("emojis", "shortcode"),
        "attachments": attachments,
        "poll": poll,
    }))
}

fn poll_of(entity: &Value) -> Option<Value> {
    let poll = &entity["poll"];
    let options = poll["options"].as_array().into_iter().flatten();
    let options: Vec<Value> = options.map(|one| json!([one["title"], one["votes_count"]])).collect();
    poll.is_object().then(|| {
        only(json!({"options": options, "multiple": poll["multiple"], "expired": poll["expired"],
            "ends": poll["expires_at"], "voters": poll["voters_count"]}))
    })
}

/// What an account is.
pub(crate) fn of_account(entity: &Value) -> Value {
    let plain = |value: &Value| plain_text(value.as_str().unwrap_or_default());
    let yes = |name: &str| entity[name].as_bool().filter(|it| *it);
    let fields = entity["fields"].as_array().into_iter().flatten();
    let fields: Vec<Value> =
        fields.map(|field| json!([excerpt(&field["name"]), excerpt(&json!(plain(&field["value"])))])).collect();
    let emojis = entity["emojis"].as_array().into_iter().flatten().map(|one| one["shortcode"].clone());
    let picture = |name: &str| entity[name].as_str().map(|url| url.contains("/media/remote/")).filter(|own| *own);
    only(json!({
        "acct": entity["acct"],
        "uri": entity["uri"],
        "url": entity["url"],
        "name": excerpt(&entity["display_name"]),
        "bio": excerpt(&json!(plain(&entity["note"]))),
        "fields": fields,
        "emojis": emojis.collect::<Vec<_>>(),
        "locked": yes("locked"),
        "bot": yes("bot"),
        "group": yes("group"),
        "discoverable": entity["discoverable"],
        "indexable": yes("indexable"),
        "created": entity["created_at"],
        "moved": entity["moved"]["acct"],
        "avatar": picture("avatar"),
        "header": picture("header"),
    }))
}

/// What a document changed here, by name.
///
/// `by` whose doing it was · `relationship` how alice stands to them · `notified` what she was told of them or of her
/// status · `hers` what became of her status · `status`, `account` what was edited or came, `through` by which relay ·
/// `shared` a reblog · `deleted` what is left of what is gone · `request` what she wanted, `quote` what her status quotes ·
/// `answer` what left here · `moved`, `report`, `relay` as they are called · `profile`, `thread` what these show now.
#[derive(Debug, Default)]
pub(crate) struct Effect(Map<String, Value>);

impl Effect {
    /// Says one thing; what is absent or nothing is not said.
    pub(crate) fn say(&mut self, name: &str, what: Value) {
        self.0.insert(name.to_owned(), what);
    }

    /// As it is kept.
    pub(crate) fn value(self) -> Value {
        only(Value::Object(self.0))
    }
}

/// How alice stands to somebody: the words of what is so.
pub(crate) fn of_relationship(entity: &Value) -> Value {
    let words = ["following", "requested", "followed_by", "requested_by", "blocking", "blocked_by", "muting"];
    json!(words.into_iter().filter(|word| entity[*word] == true).collect::<Vec<_>>())
}

/// What became of a status of alice's: its numbers, and who did what: `lists` are who favourited and who reblogged it, and
/// the reactions.
pub(crate) fn of_hers(entity: &Value, lists: &[Value; 3]) -> Value {
    let [favourited, reblogged, reactions] = lists;
    let accts = |list: &Value| {
        let mut accts: Vec<Value> =
            list.as_array().into_iter().flatten().map(|account| account["acct"].clone()).collect();
        accts.sort_by_key(Value::to_string);
        accts
    };
    let reactions = reactions.as_array().into_iter().flatten();
    let reactions: Vec<Value> =
        reactions.map(|one| json!([one["name"], one["count"], accts(&one["accounts"])])).collect();
    only(json!({
        "favourites": entity["favourites_count"],
        "favourited_by": accts(favourited),
        "reblogs": entity["reblogs_count"],
        "reblogged_by": accts(reblogged),
        "replies": entity["replies_count"],
        "quotes": entity["quotes_count"],
        "reactions": reactions,
        "poll": poll_of(entity),
    }))
}

/// Without what is absent, empty or nothing: a result says what there is.
pub(crate) fn only(value: Value) -> Value {
    let Value::Object(members) = value else { return value };
    let said = members
        .into_iter()
        .filter(|(_, value)| !(value.is_null() || value == "" || value.as_array().is_some_and(Vec::is_empty)));
    Value::Object(said.collect::<Map<_, _>>())
}

/// The beginning of a text, and how long it is if that is not all.
fn excerpt(text: &Value) -> Value {
    let Some(text) = text.as_str() else { return Value::Null };
    let count = text.chars().count();
    match count > EXCERPT_CHARS {
        true => json!(format!("{}… ({count})", text.chars().take(EXCERPT_CHARS).collect::<String>())),
        false => json!(text),
    }
}

/// Where the results stand.
fn place() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/samples/results.json")
}

/// What is kept, by the name of the document.
pub(crate) fn kept() -> BTreeMap<String, Value> {
    let text = std::fs::read_to_string(place()).unwrap_or_else(|error| panic!("{}: {error}", place().display()));
    serde_json::from_str(&text).expect("results are a JSON object")
}

/// What differs between a result and what is kept, member by member; `None` was kept if there is no result yet.
pub(crate) fn difference(kept: Option<&Value>, found: &Value) -> Option<String> {
    let Some(kept) = kept else { return Some(format!("no result is kept for it; it is {found}")) };
    let names = [kept, found].into_iter().filter_map(Value::as_object).flat_map(Map::keys);
    let names: std::collections::BTreeSet<&String> = names.collect();
    let differing = names.into_iter().filter(|name| kept[name.as_str()] != found[name.as_str()]);
    let words: Vec<String> =
        differing.map(|name| format!("{name} is {}, kept is {}", found[name.as_str()], kept[name.as_str()])).collect();
    (!words.is_empty()).then(|| words.join("; "))
}

/// Writes results down, to be read by whoever asked for it: `DASSIE_KEEP_RESULTS=1`.
pub(crate) fn keep(found: BTreeMap<String, Value>) {
    let mut all: BTreeMap<String, Value> = if place().exists() { kept() } else { BTreeMap::new() };
    all.extend(found);
    let text = serde_json::to_string_pretty(&all).expect("JSON");
    std::fs::write(place(), text + "\n").unwrap_or_else(|error| panic!("{}: {error}", place().display()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_what_differs() {
        let found = json!({"by": "a@b.test", "tags": ["x"]});
        assert_eq!(difference(Some(&found), &found), None);
        let said = difference(Some(&json!({"by": "a@b.test", "poll": 1})), &found).expect("it differs");
        assert_eq!(said, "poll is null, kept is 1; tags is [\"x\"], kept is null");
        assert!(difference(None, &found).is_some_and(|said| said.starts_with("no result is kept")));
    }

    #[test]
    fn an_effect_says_who_did_what() {
        let mut effect = Effect::default();
        effect.say("by", json!("a@b.test"));
        effect
            .say("relationship", of_relationship(&json!({"followed_by": true, "following": false, "notifying": true})));
        effect.say("notified", json!([]));
        let lists = [json!([{"acct": "z@b.test"}, {"acct": "a@b.test"}]), json!([]), json!([])];
        effect.say("hers", of_hers(&json!({"favourites_count": 2, "reblogs_count": 0}), &lists));
        let hers = json!({"favourites": 2, "favourited_by": ["a@b.test", "z@b.test"], "reblogs": 0});
        assert_eq!(effect.value(), json!({"by": "a@b.test", "relationship": ["followed_by"], "hers": hers}));
    }

    #[test]
    fn what_is_nothing_is_not_said() {
        let status = json!({"uri": "u", "content": format!("<p>{}</p>", "x".repeat(70)), "tags": [], "poll": null});
        assert_eq!(of_status(&status, None, None), json!({"uri": "u", "text": format!("{}… (70)", "x".repeat(60))}));
    }
}
