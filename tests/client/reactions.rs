//! Emoji on statuses (Pleroma, emoji reactions; glitch-soc, statuses#react).

use crate::{
    call::{call, escaped, id, ids, raw, stranger},
    lab::{Person, World},
};
use serde_json::{Value, json};

impl Person<'_> {
    async fn reacts(&self, status: &str, emoji: &str) -> Value {
        self.asks("PUT", &format!("/api/v1/pleroma/statuses/{status}/reactions/{}", escaped(emoji)), &[]).await
    }

    async fn takes_back(&self, status: &str, emoji: &str) -> Value {
        self.asks("DELETE", &format!("/api/v1/pleroma/statuses/{status}/reactions/{}", escaped(emoji)), &[]).await
    }

    /// Notifications; the published schema knows no reactions.
    async fn told_of_reactions(&self, query: &str) -> Value {
        let path = format!("/api/v1/notifications{query}");
        let reply = raw(self.home.web(), Some(&self.token), "GET", &path, "", "").await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn emoji_are_counted_shown_in_both_shapes_and_taken_back() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    let status = id(&ann.writes("a status", &[]).await);
    let path = format!("/api/v1/statuses/{status}");
    let bare = ann.asks("GET", &path, &[]).await;
    assert!(bare.get("reactions").is_none() && bare.get("pleroma").is_none(), "{bare}");
    let first = ben.reacts(&status, "🎉").await;
    assert_eq!(first["reactions"], json!([{ "name": "🎉", "count": 1, "me": true }]));
    assert_eq!(ben.reacts(&status, "🎉").await["reactions"], first["reactions"], "once a person");
    ben.reacts(&status, "\u{2764}").await;
    let glitch = format!("{path}/react/{}", escaped("🎉"));
    let second = cat.asks("POST", &glitch, &[]).await;
    let heart = "\u{2764}\u{fe0f}";
    assert_eq!(
        second["pleroma"]["emoji_reactions"],
        json!([{ "name": "🎉", "count": 2, "me": true, "url": null }, { "name": heart, "count": 1, "me": false, "url": null }])
    );
    assert_eq!(second["favourites_count"], 0, "a reaction is no favourite");
    let seen = stranger(&home, &path).await;
    assert_eq!(seen["reactions"][0], json!({ "name": "🎉", "count": 2, "me": false }));
    let list = format!("/api/v1/pleroma/statuses/{status}/reactions");
    let people = stranger(&home, &list).await;
    assert_eq!(ids(&people[0]["accounts"]).len(), 2);
    let one = stranger(&home, &format!("{list}/{}", escaped("\u{2764}"))).await;
    assert_eq!((one.as_array().map(Vec::len), ids(&one[0]["accounts"])), (Some(1), vec![ben.id.to_string()]));
    assert_eq!(stranger(&home, &format!("{list}/{}", escaped("👀"))).await, json!([]));

    assert_eq!(ben.takes_back(&status, "🎉").await["reactions"][0], json!({ "name": "🎉", "count": 1, "me": false }));
    ben.takes_back(&status, "🎉").await;
    ben.takes_back(&status, heart).await;
    let last = cat.asks("POST", &format!("{path}/unreact/{}", escaped("🎉")), &[]).await;
    assert!(last.get("reactions").is_none(), "{last}");
    ben.reacts(&status, "🎉").await;
    ann.asks("DELETE", &path, &[]).await;
    assert_eq!(ben.is_refused("PUT", &format!("{list}/{}", escaped("🎉")), &[]).await, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_emoji_too_many_and_what_may_not_be_seen_are_refused() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let status = id(&ann.writes("a status", &[]).await);
    let path = |emoji: &str| format!("/api/v1/pleroma/statuses/{status}/reactions/{}", escaped(emoji));
    for wrong in ["x", "🎉🎉", ":blob:", "blob@far.test", "1"] {
        assert_eq!(ben.is_refused("PUT", &path(wrong), &[]).await, 422, "{wrong}");
    }
    let emoji: Vec<String> = (0..41).filter_map(|n| char::from_u32(0x1f400 + n)).map(String::from).collect();
    for one in &emoji[..10] {
        ben.reacts(&status, one).await;
    }
    assert_eq!(ben.is_refused("PUT", &path(&emoji[10]), &[]).await, 422, "one too many of a person");
    for (number, some) in emoji[10..40].chunks(10).enumerate() {
        let who = home.person(&format!("p{number}")).await;
        for one in some {
            who.reacts(&status, one).await;
        }
    }
    assert_eq!(ann.is_refused("PUT", &path(&emoji[40]), &[]).await, 422, "one too many on a status");
    assert_eq!(ann.reacts(&status, &emoji[0]).await["reactions"][0]["count"], 2, "what is there may grow");

    let secret = id(&ann.writes("for friends", &[("visibility", "private")]).await);
    let hidden = format!("/api/v1/pleroma/statuses/{secret}/reactions");
    assert_eq!(ben.is_refused("PUT", &format!("{hidden}/{}", escaped("🎉")), &[]).await, 404);
    assert_eq!(ben.is_refused("GET", &hidden, &[]).await, 404);
    assert_eq!(call(home.web(), None, "PUT", &path("🎉"), &[]).await.status, 401);
    let reader = home.user("reader", storage::user::Role::User, &["read"]).await;
    assert_eq!(reader.is_refused("PUT", &path("🎉"), &[]).await, 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_programs_that_ask_are_told_and_blocks_and_mutes_hide() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    let status = id(&ann.writes("a status", &[]).await);
    ben.reacts(&status, "🎉").await;
    ben.reacts(&status, "👀").await;
    let asked = "?types[]=pleroma:emoji_reaction&types[]=mention";
    let told = ann.told_of_reactions(asked).await;
    assert_eq!(told.as_array().map(Vec::len), Some(1), "one of a person: {told}");
    assert_eq!((&told[0]["type"], &told[0]["emoji"]), (&json!("pleroma:emoji_reaction"), &json!("👀")));
    assert_eq!((&told[0]["account"]["id"], &told[0]["status"]["id"]), (&json!(ben.id.to_string()), &json!(status)));
    for unasked in ["", "?types[]=mention", "?exclude_types[]=follow"] {
        assert_eq!(ann.told_of_reactions(unasked).await, json!([]), "{unasked}");
    }
    assert_eq!(ann.asks("GET", "/api/v1/notifications/unread_count", &[]).await["count"], 0);
    assert_eq!(ann.asks("GET", "/api/v2/notifications", &[]).await["notification_groups"], json!([]));
    ben.takes_back(&status, "👀").await;
    assert_eq!(ann.told_of_reactions(asked).await[0]["emoji"], "🎉");
    ben.takes_back(&status, "🎉").await;
    assert_eq!(ann.told_of_reactions(asked).await, json!([]));

    ann.asks("POST", &format!("/api/v1/accounts/{}/mute", ben.id), &[]).await;
    ben.reacts(&status, "🎉").await;
    assert_eq!(ann.told_of_reactions(asked).await, json!([]));
    cat.reacts(&status, "🎉").await;
    ann.asks("POST", &format!("/api/v1/accounts/{}/block", cat.id), &[]).await;
    let people = ann.asks("GET", &format!("/api/v1/pleroma/statuses/{status}/reactions"), &[]).await;
    assert_eq!(people[0]["accounts"], json!([]), "muted and blocked: {people}");
    assert_eq!(ann.told_of_reactions(asked).await, json!([]));
}
