//! Emoji of an instance's own across instances: in posts and names, on posts, and by themselves.

use crate::{
    lab::{Instance, Person, World, text_of},
    pictures::{gif, png, size},
};
use dassie::{
    federation::activity::Received,
    media::{ProfileFiles, picture},
    moderation::emoji::{NewEmoji, create, remove},
};
use serde_json::{Value, json};
use storage::user::Role;

/// Adds an emoji as somebody who may.
async fn adds(person: &Person<'_>, shortcode: &str, sent: &[u8]) {
    let server = person.home.server();
    let (made, still) = picture::emoji(sent).expect("a picture");
    let picture = ProfileFiles::keep(server.files(), &made, still.as_ref()).expect("on the disk");
    let new = NewEmoji { shortcode: shortcode.to_owned(), picture, category: String::new(), from: String::new() };
    let by = person.id;
    server.write(move |tx| create(tx, by, &new)).await.expect("made");
}

/// The picture of an emoji as `home` shows it: kind and size.
async fn picture_of(home: &Instance, emoji: &Value) -> (String, (u32, u32)) {
    let url = text_of(emoji, "url");
    let path = url.strip_prefix(&format!("https://{}", home.name)).unwrap_or_else(|| panic!("elsewhere: {url}"));
    let reply = home.web().get(path, &[]).await;
    (reply.header("content-type").unwrap_or_default().to_owned(), size(&reply.body))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_and_a_name_arrive_with_the_emoji_in_them() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.staff("alice", Role::Admin).await, b.person("bob").await);
    let known = bob.follows(&alice.handle()).await;
    adds(&alice, "dassie", &gif(3, 40, 30)).await;
    let id = alice.posts("warm :dassie: :nothing:", &[]).await;
    let seen = bob.sees_at_home("warm").await;
    assert_eq!((&seen["emojis"][0]["shortcode"], seen["emojis"][1].is_null()), (&json!("dassie"), true), "{seen}");
    assert_eq!(picture_of(&b, &seen["emojis"][0]).await, ("image/gif".to_owned(), (40, 30)));
    let changed = alice.send("PATCH", "/api/v1/accounts/update_credentials", &[("display_name", "Alice :dassie:")]);
    assert_eq!(changed.await.status, 200);
    let account = format!("/api/v1/accounts/{known}");
    bob.until(&account, |account| account["emojis"][0]["shortcode"] == "dassie").await;

    let asked = [("accept", "application/activity+json")];
    let note = a.web().get(&format!("/users/alice/statuses/{id}"), &asked).await.json();
    let tag = &note["tag"][0];
    assert_eq!((&tag["type"], &tag["name"]), (&json!("Emoji"), &json!(":dassie:")));
    let document = a.web().get("/emojis/dassie", &asked).await;
    assert_eq!(document.header("content-type"), Some("application/activity+json; charset=utf-8"));
    let document = document.json();
    assert!(document["@context"].is_array(), "{document}");
    for member in ["id", "type", "name", "updated", "icon"] {
        assert_eq!((&document[member], tag[member].is_null()), (&tag[member], false), "{member}");
    }
    let shown = a.web().get("/emojis/dassie", &[("accept", "text/html")]).await;
    assert_eq!((shown.status, shown.header("location")), (303, tag["icon"]["url"].as_str()));
    for nothing in ["/emojis/nothing", "/emojis/x", "/emojis/a-b"] {
        assert_eq!(a.web().get(nothing, &asked).await.status, 404, "{nothing}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_with_an_own_emoji_arrives_with_its_picture_and_is_taken_back() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.staff("bob", Role::Admin).await);
    bob.follows(&alice.handle()).await;
    adds(&bob, "rock", &png(32, 32, 4)).await;
    let id = alice.posts("celebrate", &[]).await;
    let seen = text_of(&bob.sees_at_home("celebrate").await, "id");
    let path = format!("/api/v1/pleroma/statuses/{seen}/reactions/rock");
    assert_eq!(bob.send("PUT", &path, &[]).await.status, 200);
    let there = format!("/api/v1/statuses/{id}");
    let status = alice.until(&there, |status| status["reactions"][0]["name"] == "rock@b.test").await;
    assert_eq!(picture_of(&a, &status["reactions"][0]).await, ("image/png".to_owned(), (32, 32)));
    assert_eq!(bob.send("DELETE", &path, &[]).await.status, 200);
    alice.until(&there, |status| status.get("reactions").is_none()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_joins_elsewhere_puts_the_emoji_of_this_server_there_and_no_other() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.staff("alice", Role::Admin).await, b.person("bob").await);
    bob.follows(&alice.handle()).await;
    adds(&alice, "dassie", &png(16, 16, 2)).await;
    let id = alice.posts("celebrate", &[]).await;
    let own = alice.send("PUT", &format!("/api/v1/pleroma/statuses/{id}/reactions/dassie"), &[]).await.json();
    let url = text_of(&own["reactions"][0], "url");
    let actor = "https://b.test/users/bob";
    let reaction = |name: &str, url: &str| {
        let icon = json!({ "type": "Image", "url": url });
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": format!("{actor}#reactions/{name}"),
            "type": "EmojiReact",
            "actor": actor,
            "object": format!("https://a.test/users/alice/statuses/{id}"),
            "content": ":dassie:",
            "tag": [{ "type": "Emoji", "id": url, "name": ":dassie:", "icon": icon }],
        })
    };
    assert_eq!(a.receives(actor, reaction("one", &url)).await, Received::Done);
    assert_eq!(a.receives(actor, reaction("two", "https://b.test/dassie.png")).await, Received::Done);
    let kinds = async || {
        let status = alice.get(&format!("/api/v1/statuses/{id}")).await;
        let kinds = status["reactions"].as_array().into_iter().flatten();
        kinds.map(|kind| (text_of(kind, "name"), kind["count"].as_u64())).collect::<Vec<_>>()
    };
    assert_eq!(kinds().await, [("dassie".to_owned(), Some(2)), ("dassie@b.test".to_owned(), Some(1))]);

    // Taken back by status and emoji, the id being another.
    let undo = |name: &str| {
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": format!("{actor}#undo/{name}"),
            "type": "Undo",
            "actor": actor,
            "object": reaction("other", &url),
        })
    };
    assert_eq!(a.receives(actor, undo("one")).await, Received::Done);
    assert_eq!(kinds().await, [("dassie".to_owned(), Some(1)), ("dassie@b.test".to_owned(), Some(1))]);

    // Also once the emoji is here no more; what only has its name stays.
    assert_eq!(a.receives(actor, reaction("three", &url)).await, Received::Done);
    assert_eq!(kinds().await, [("dassie".to_owned(), Some(2)), ("dassie@b.test".to_owned(), Some(1))]);
    let by = alice.id;
    a.server().write(move |tx| remove(tx, by, "dassie")).await.expect("removed");
    assert_eq!(a.receives(actor, undo("three")).await, Received::Done);
    assert_eq!(kinds().await, [("dassie".to_owned(), Some(1)), ("dassie@b.test".to_owned(), Some(1))]);
}
