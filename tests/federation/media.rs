//! Pictures across instances: attached, described, changed, shown through the other one, kept there for a while.

use crate::{
    lab::{Instance, Person, World, comes, shown, text_of},
    pictures::{form, form_type, holds, jpeg_with_place, png, size},
    web::Reply,
};
use dassie::limits;
use serde_json::{Value, json};

async fn sends(person: &Person<'_>, method: &str, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Value {
    let (bearer, kind) = (format!("Bearer {}", person.token), form_type());
    let headers = [("authorization", bearer.as_str()), ("content-type", kind.as_str())];
    let reply = person.home.web().send(method, path, &headers, &form(fields, &[file])).await;
    assert_eq!(reply.status, 200, "{method} {path}: {}", reply.text());
    reply.json()
}

/// A picture by its address, which must be one of `home`.
async fn picture(home: &Instance, url: &Value) -> Reply {
    let url = url.as_str().unwrap_or_else(|| panic!("no address: {url}"));
    let path = url.strip_prefix(&format!("https://{}", home.name)).unwrap_or_else(|| panic!("elsewhere: {url}"));
    home.web().get(path, &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_seen_elsewhere_with_its_words_and_through_that_server() {
    let world = World::new();
    let (mut a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    bob.follows(&alice.handle()).await;
    let words = [("description", "a rock"), ("focus", "0.5,-0.5")];
    let media = sends(&alice, "POST", "/api/v1/media", &words, ("file", &jpeg_with_place(800, 1_200, 3))).await;
    let id = alice.posts("Look at this", &[("media_ids[]", &text_of(&media, "id"))]).await;

    let seen = bob.sees_at_home("Look at this").await;
    let attachment = &seen["media_attachments"][0];
    assert_eq!((&attachment["type"], &attachment["description"]), (&json!("image"), &json!("a rock")));
    assert_eq!(attachment["meta"]["focus"], json!({ "x": 0.5, "y": -0.5 }));
    assert_eq!(attachment["meta"]["original"]["size"], "1200x800", "turned upright");
    assert_eq!((&attachment["blurhash"], &attachment["remote_url"]), (&media["blurhash"], &media["url"]));
    let (whole, small) = (picture(&b, &attachment["url"]).await, picture(&b, &attachment["preview_url"]).await);
    assert_eq!(
        (whole.status, whole.header("content-type"), size(&whole.body)),
        (200, Some("image/jpeg"), (1_200, 800))
    );
    assert_eq!((small.status, size(&small.body)), (200, (588, 392)));
    assert!(!holds(&whole.body, b"GPS-PLACE"));
    for reply in [&whole, &small] {
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.header("cache-control"), Some("public, max-age=604800"));
    }

    let fields = [
        ("status", "Look at this, please"),
        ("media_ids[]", &*text_of(&media, "id")),
        ("media_attributes[][id]", &*text_of(&media, "id")),
        ("media_attributes[][description]", "a warm rock"),
    ];
    world.clock.advance(60_000);
    let edited = alice.send("PUT", &format!("/api/v1/statuses/{id}"), &fields).await;
    assert_eq!(edited.status, 200, "{}", edited.text());
    let path = format!("/api/v1/statuses/{}", text_of(&seen, "id"));
    bob.until(&path, |status| status["media_attachments"][0]["description"] == "a warm rock").await;
    let only =
        bob.until("/api/v1/timelines/public?only_media=true", |list| shown(list, "Look at this").is_some()).await;
    assert_eq!(only.as_array().map(Vec::len), Some(1));
    assert_eq!(a.files(), 2, "an original and a preview");
    a.stop().await;
    assert_eq!(picture(&b, &attachment["url"]).await.body, whole.body, "a copy is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn profile_pictures_are_told_and_shown_small() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    let known = bob.follows(&alice.handle()).await;
    let path = "/api/v1/accounts/update_credentials";
    sends(&alice, "PATCH", path, &[], ("avatar", &png(700, 500, 5))).await;
    let account = format!("/api/v1/accounts/{known}");
    let changed = bob.until(&account, |account| !text_of(account, "avatar").ends_with("missing.png")).await;
    let avatar = picture(&b, &changed["avatar"]).await;
    assert_eq!((avatar.status, size(&avatar.body)), (200, (400, 400)));
    assert_eq!(picture(&b, &changed["avatar_static"]).await.status, 200);
    alice.send("DELETE", "/api/v1/profile/avatar", &[]).await;
    bob.until(&account, |account| text_of(account, "avatar").ends_with("missing.png")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_nobody_looks_at_goes_and_comes_back_when_wanted() {
    let world = World::new();
    let (mut a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    bob.follows(&alice.handle()).await;
    let media = sends(&alice, "POST", "/api/v1/media", &[], ("file", &png(64, 64, 3))).await;
    alice.posts("Look", &[("media_ids[]", &text_of(&media, "id"))]).await;
    let url = bob.sees_at_home("Look").await["media_attachments"][0]["url"].clone();
    assert_eq!(picture(&b, &url).await.status, 200);
    let copies = || std::fs::read_dir(b.data().join("cache")).into_iter().flatten().flatten();
    let files = || copies().filter_map(|folder| std::fs::read_dir(folder.path()).ok()).flatten().count();
    assert_eq!(files(), 1);
    a.stop().await;
    world.clock.advance(limits::CACHE_AGE_MS);
    comes("its copy goes", async || {
        if files() == 0 {
            return Some(());
        }
        world.clock.advance(limits::PRUNE_EVERY_MS);
        None
    })
    .await;
    assert_eq!(picture(&b, &url).await.status, 503, "its server is away");
    a.start().await;
    assert_eq!(picture(&b, &url).await.status, 503, "and is not asked again at once");
    world.clock.advance(limits::FETCH_NEGATIVE_MS);
    assert_eq!(picture(&b, &url).await.status, 200);
    assert_eq!(files(), 1);
}
