//! Announcements: made by an operator, shown in their time, put away, reacted to.

use crate::{
    call::{call, escaped, id, ids},
    instance::command,
    lab::{Instance, Person, World, comes, text_of},
};
use serde_json::{Value, json};

const LIST: &str = "/api/v1/announcements";
const HOUR_MS: i64 = 60 * 60 * 1000;

/// Announces; answers the number.
pub async fn announce(home: &Instance, text: &str, from: Option<&str>, until: Option<&str>) -> String {
    let said = command(home, json!({ "announce": { "new": { "text": text, "from": from, "until": until } } })).await;
    let said = text_of(&said, "done");
    said.strip_prefix("announcement ").unwrap_or_else(|| panic!("not announced: {said}")).to_owned()
}

async fn reacts(person: &Person<'_>, method: &str, number: &str, name: &str) -> u16 {
    let path = format!("{LIST}/{number}/reactions/{}", escaped(name));
    call(person.home.web(), Some(&person.token), method, &path, &[]).await.status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_announcement_is_shown_until_it_is_put_away() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let status = ann.writes("details", &[]).await;
    let url = status["url"].as_str().expect("a page");
    let number = announce(&home, &format!("@ben runs the #Party <b> {url}"), None, None).await;
    let shown = ann.asks("GET", LIST, &[]).await;
    let first = &shown[0];
    let content = first["content"].as_str().expect("HTML");
    assert!(content.contains("https://home.test/@ben") && content.contains("&lt;b&gt;"), "{content}");
    assert_eq!((id(first), &first["read"], &first["all_day"]), (number.clone(), &json!(false), &json!(false)));
    assert_eq!((&first["mentions"][0]["acct"], &first["tags"][0]["name"]), (&json!("ben"), &json!("party")));
    assert_eq!(first["statuses"], json!([{ "id": id(&status), "url": url }]));
    assert_eq!((&first["published_at"], &first["starts_at"]), (&json!("2026-01-01T00:00:00.000Z"), &Value::Null));
    for _ in 0..2 {
        assert_eq!(ann.asks("POST", &format!("{LIST}/{number}/dismiss"), &[]).await, json!({}));
    }
    assert_eq!(ann.asks("GET", LIST, &[]).await, json!([]));
    assert_eq!(ann.asks("GET", &format!("{LIST}?with_dismissed=true"), &[]).await[0]["read"], true);
    assert_eq!(ids(&ben.asks("GET", LIST, &[]).await), std::slice::from_ref(&number));
    assert_eq!(call(home.web(), None, "GET", LIST, &[]).await.status, 401);
    assert_eq!(ann.is_refused("POST", &format!("{LIST}/1/dismiss"), &[]).await, 404);
    let narrow = home.user("narrow", storage::user::Role::User, &["read"]).await;
    assert_eq!(narrow.is_refused("POST", &format!("{LIST}/{number}/dismiss"), &[]).await, 403);

    let removed =
        command(&home, json!({ "announce": { "remove": { "id": number.parse::<u64>().expect("a number") } } }));
    assert!(text_of(&removed.await, "done").contains("taken back"));
    assert_eq!(ben.asks("GET", LIST, &[]).await, json!([]));
    let again = command(&home, json!({ "announce": { "remove": { "id": 1 } } })).await;
    assert_eq!(again, json!({ "refused": "id: there is no announcement 1" }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reactions_are_counted_by_kind() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let number = announce(&home, "Hooray", None, None).await;
    for (who, name) in [(&ann, "🎉"), (&ben, "❤️"), (&ben, "🎉"), (&ben, "🎉")] {
        assert_eq!(reacts(who, "PUT", &number, name).await, 200, "{name}");
    }
    let reactions = |person| async move {
        let shown: Value = Person::asks(person, "GET", LIST, &[]).await;
        shown[0]["reactions"].clone()
    };
    let seen = json!([{ "name": "🎉", "count": 2, "me": true }, { "name": "❤️", "count": 1, "me": false }]);
    assert_eq!(reactions(&ann).await, seen);
    for bad in ["x", "🎉🎉", "blob", "1"] {
        assert_eq!(reacts(&ann, "PUT", &number, bad).await, 422, "{bad}");
    }
    assert_eq!(reacts(&ann, "DELETE", &number, "🎉").await, 200);
    assert_eq!(reacts(&ann, "DELETE", &number, "🎉").await, 404);
    assert_eq!(reacts(&ann, "PUT", "1", "🎉").await, 404);
    assert_eq!(reactions(&ann).await[0], json!({ "name": "🎉", "count": 1, "me": false }));
    for name in ["👍", "👎", "😀", "😁", "😂", "🤣"] {
        assert_eq!(reacts(&ann, "PUT", &number, name).await, 200, "{name}");
    }
    assert_eq!(reacts(&ann, "PUT", &number, "😃").await, 422, "eight kinds are enough");
    assert_eq!(reacts(&ann, "PUT", &number, "❤️").await, 200, "one of the eight");
    assert_eq!(reacts(&ann, "DELETE", &number, "👍").await, 200);
    assert_eq!(reacts(&ann, "PUT", &number, "😃").await, 200, "its place is free");
    let narrow = home.user("narrow", storage::user::Role::User, &["read"]).await;
    assert_eq!(reacts(&narrow, "PUT", &number, "🎉").await, 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn announcements_come_and_go_at_their_time_also_after_a_restart() {
    let world = World::new();
    let mut home = world.instance("home.test").await;
    home.person("ann").await;
    let number = announce(&home, "Open house", Some("2026-01-02"), Some("2026-01-03")).await;
    let listed = command(&home, json!({ "announce": "list" })).await;
    assert!(text_of(&listed, "done").contains("shown from 2026-01-02T00:00:00.000Z on"), "{listed}");
    let early = announce_refused(&home, "Over", Some("2026-01-03"), Some("2026-01-02 10:00")).await;
    assert!(early.contains("would end before it is shown"), "{early}");
    assert!(announce_refused(&home, "Past", None, Some("2025-12-01")).await.contains("would end"));
    assert!(announce_refused(&home, "  ", None, None).await.contains("empty"));
    assert!(announce_refused(&home, "x", Some("soon"), None).await.contains("neither a day"));
    home.restart().await;
    let ann = Person { home: &home, name: "ann".into(), id: storage::AccountId(0), token: "token-of-ann".into() };
    assert_eq!(ann.asks("GET", LIST, &[]).await, json!([]), "not yet");
    assert_eq!(reacts(&ann, "PUT", &number, "🎉").await, 404);
    world.clock.advance(25 * HOUR_MS);
    let shown = ann.until(LIST, |list| list[0]["all_day"] == true).await;
    assert_eq!(
        (&shown[0]["starts_at"], &shown[0]["ends_at"]),
        (&json!("2026-01-02T00:00:00.000Z"), &json!("2026-01-03T23:59:59.999Z"))
    );
    assert_eq!(reacts(&ann, "PUT", &number, "🎉").await, 200);
    world.clock.advance(48 * HOUR_MS);
    ann.until(LIST, |list| *list == json!([])).await;
    let rows = || async {
        home.server()
            .read(|view| {
                let (bounds, up) = (storage::Bounds::NONE, storage::Direction::Ascending);
                let reacted = storage::announcement::REACTED.list(view, &(), bounds, up, 1)?.len();
                Ok(reacted + storage::announcement::REACTIONS.list(view, &(), bounds, up, 1)?.len())
            })
            .await
            .expect("a read")
    };
    comes("what hung on it goes too", async || (rows().await == 0).then_some(())).await;
}

async fn announce_refused(home: &Instance, text: &str, from: Option<&str>, until: Option<&str>) -> String {
    let said = command(home, json!({ "announce": { "new": { "text": text, "from": from, "until": until } } })).await;
    text_of(&said, "refused")
}
