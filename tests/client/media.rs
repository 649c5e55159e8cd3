//! Uploads and what becomes of them (client API, media; profile pictures), and how pictures are served.

use crate::{
    call::{checked, id, stranger},
    lab::{Instance, Person, World, comes, text_of},
    pictures::{form, form_type, gif, holds, jpeg, jpeg_with_place, png, size, webp},
    web::Reply,
};
use dassie::limits;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

impl Person<'_> {
    /// A form with files.
    async fn sends(&self, method: &str, path: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Reply {
        let (bearer, kind) = (format!("Bearer {}", self.token), form_type());
        let headers = [("authorization", bearer.as_str()), ("content-type", kind.as_str())];
        let reply = self.home.web().send(method, path, &headers, &form(fields, files)).await;
        checked(method, path, &reply, true);
        reply
    }

    /// A picture, uploaded and ready.
    pub(crate) async fn uploads(&self, picture: &[u8], fields: &[(&str, &str)]) -> Value {
        let reply = self.sends("POST", "/api/v1/media", fields, &[("file", picture)]).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    }
}

/// A file of this server by its whole address.
async fn file(home: &Instance, url: &Value) -> Reply {
    file_with(home, url, &[]).await
}

async fn file_with(home: &Instance, url: &Value, headers: &[(&str, &str)]) -> Reply {
    let url = url.as_str().unwrap_or_else(|| panic!("no address: {url}"));
    let path = url.strip_prefix("https://home.test").unwrap_or_else(|| panic!("elsewhere: {url}"));
    home.web().get(path, headers).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_of_every_kind_are_taken_by_their_content() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    for (picture, kind) in [
        (jpeg(1_280, 720, 1), "image/jpeg"),
        (png(1_280, 720, 2), "image/png"),
        (webp(1_280, 720, 3), "image/webp"),
        (gif(3, 1_280, 720), "image/gif"),
    ] {
        let reply = ann.sends("POST", "/api/v2/media", &[("description", "stripes")], &[("file", &picture)]).await;
        assert_eq!(reply.status, 200, "{kind}: {}", reply.text());
        let media = reply.json();
        assert_eq!((&media["type"], &media["description"]), (&json!("image"), &json!("stripes")));
        assert_eq!(media["meta"]["original"]["size"], "1280x720", "{media}");
        assert_eq!(media["meta"]["small"]["size"], "640x360", "{media}");
        assert!(media["blurhash"].as_str().is_some_and(|hash| hash.len() == 28), "{media}");
        let whole = file(&home, &media["url"]).await;
        assert_eq!((whole.status, whole.header("content-type")), (200, Some(kind)));
        assert_eq!(size(&whole.body), (1_280, 720));
        assert_eq!(size(&file(&home, &media["preview_url"]).await.body), (640, 360));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_is_turned_upright_and_forgets_where_it_was_taken() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let photo = jpeg_with_place(320, 160, 9);
    assert!(holds(&photo, b"GPS-PLACE"));
    let media = ann.uploads(&photo, &[]).await;
    assert_eq!(media["meta"]["original"]["size"], "160x320");
    for address in ["url", "preview_url"] {
        let shown = file(&home, &media[address]).await;
        assert_eq!(size(&shown.body), (160, 320), "{address}");
        assert!(!holds(&shown.body, b"GPS-PLACE") && !holds(&shown.body, b"Exif"), "{address}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_picture_is_refused_with_the_list_of_what_is() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let instance = stranger(&home, "/api/v2/instance").await;
    let taken = instance["configuration"]["media_attachments"]["supported_mime_types"].clone();
    assert_eq!(taken, json!(["image/jpeg", "image/png", "image/gif", "image/webp"]));
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    let document = b"{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"type\":\"Person\"}";
    let film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom";
    for sent in [&svg[..], b"<!DOCTYPE html><script>alert(1)</script>", document, film, b"#EXTM3U\nhttp://127.0.0.1/"] {
        for path in ["/api/v1/media", "/api/v2/media"] {
            let reply = ann.sends("POST", path, &[], &[("file", sent)]).await;
            assert_eq!(reply.status, 422, "{}", reply.text());
            assert!(reply.text().contains("image/jpeg, image/png, image/gif, image/webp"), "{}", reply.text());
        }
    }
    let mut cut = jpeg(64, 64, 1);
    cut.truncate(150);
    let mut bomb = png(8, 8, 1);
    bomb[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    for sent in [&cut[..], &bomb, b"\xff\xd8\xff\xe0<html>", b"GIF89a<script>"] {
        let reply = ann.sends("POST", "/api/v2/media", &[], &[("file", sent)]).await;
        assert_eq!(reply.status, 422, "{}", reply.text());
    }
    let reply = ann.sends("POST", "/api/v2/media", &[("description", "x")], &[]).await;
    assert_eq!((reply.status, reply.text().contains("File can't be blank")), (422, true));
    let nothing = ann.sends("POST", "/api/v2/media", &[], &[("file", b"")]).await;
    assert_eq!(nothing.status, 422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_may_have_its_bytes_and_not_one_more() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let mut picture = png(8, 8, 1);
    // What stands behind the end of a picture is not looked at.
    picture.resize(limits::PICTURE_BYTES_MAX, 0);
    let reply = ann.sends("POST", "/api/v2/media", &[], &[("file", &picture)]).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let whole = file(&home, &reply.json()["url"]).await;
    assert!(whole.body.len() < 10_000, "and it does not come back");
    picture.push(0);
    let reply = ann.sends("POST", "/api/v2/media", &[], &[("file", &picture)]).await;
    assert_eq!(reply.status, 413, "{}", reply.text());
    let text = "ä".repeat(limits::MEDIA_DESCRIPTION_CHARS_MAX);
    let small = png(8, 8, 1);
    let reply = ann.sends("POST", "/api/v2/media", &[("description", &text)], &[("file", &small)]).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let reply = ann.sends("POST", "/api/v2/media", &[("description", &(text + "ä"))], &[("file", &small)]).await;
    assert_eq!(reply.status, 422, "{}", reply.text());
    assert_eq!(
        std::fs::read_dir(home.data().join("upload")).expect("a directory").count(),
        0,
        "nothing is left behind"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_and_focus_change_until_a_status_has_it() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let media = ann.uploads(&jpeg(64, 64, 1), &[("focus", "0.5,-0.25")]).await;
    assert_eq!(media["meta"]["focus"], json!({ "x": 0.5, "y": -0.25 }));
    let path = format!("/api/v1/media/{}", id(&media));
    let changed = ann.asks("PUT", &path, &[("description", "new words"), ("focus", "-2,0")]).await;
    assert_eq!((&changed["description"], &changed["meta"]["focus"]["x"]), (&json!("new words"), &json!(-1.0)));
    assert_eq!(ann.asks("GET", &path, &[]).await["description"], "new words");
    assert_eq!(ann.is_refused("PUT", &path, &[("focus", "middle")]).await, 422);
    for method in ["GET", "PUT", "DELETE"] {
        assert_eq!(ben.is_refused(method, &path, &[]).await, 404, "{method}: it is not his");
    }
    ann.writes("look", &[("media_ids[]", &id(&media))]).await;
    assert_eq!(ann.is_refused("PUT", &path, &[("description", "later")]).await, 404);
    assert_eq!(ann.is_refused("DELETE", &path, &[]).await, 422);
    let loose = ann.uploads(&jpeg(64, 64, 2), &[]).await;
    assert_eq!(ann.asks("DELETE", &format!("/api/v1/media/{}", id(&loose)), &[]).await, json!({}));
    assert_eq!(ann.is_refused("GET", &format!("/api/v1/media/{}", id(&loose)), &[]).await, 404);
    assert_eq!(file(&home, &loose["url"]).await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_status_takes_four_ready_pictures_of_its_author_once() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(id(&ann.uploads(&jpeg(64, 64, number), &[]).await));
    }
    let foreign = id(&ben.uploads(&jpeg(64, 64, 9), &[]).await);
    let post = async |ids: &[&str]| {
        let fields: Vec<_> = ids.iter().map(|id| ("media_ids[]", *id)).collect();
        ann.sends("POST", "/api/v1/statuses", &fields, &[]).await
    };
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let refused = post(&ids).await;
    assert_eq!((refused.status, refused.text().contains("Cannot attach more than 4 files")), (422, true));
    for wrong in [foreign.as_str(), "1", "x"] {
        let refused = post(&[ids[0], wrong]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("not found or already attached"), "{}", refused.text());
    }
    let status = post(&ids[..4]).await.json();
    let shown: Vec<_> = status["media_attachments"].as_array().expect("a list").iter().map(id).collect();
    assert_eq!((shown, &status["content"]), (ids[..4].iter().map(|id| (*id).to_owned()).collect(), &json!("")));
    assert_eq!(post(&ids[..1]).await.status, 422, "it has a status already");
    let only = format!("/api/v1/accounts/{}/statuses?only_media=true", ann.id);
    ann.writes("no picture", &[]).await;
    assert_eq!(crate::call::ids(&stranger(&home, &only).await), [id(&status)]);
    assert_eq!(crate::call::ids(&stranger(&home, "/api/v1/timelines/public?only_media=true").await), [id(&status)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_swaps_pictures_and_words_and_the_history_keeps_both() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let ann = home.person("ann").await;
    let first = id(&ann.uploads(&jpeg(64, 64, 1), &[("description", "one")]).await);
    let second = id(&ann.uploads(&jpeg(64, 64, 2), &[("description", "two")]).await);
    let status = ann.writes("pictures", &[("media_ids[]", &first)]).await;
    let path = format!("/api/v1/statuses/{}", id(&status));
    world.clock.advance(5_000);
    let fields = [
        ("status", "pictures"),
        ("media_ids[]", first.as_str()),
        ("media_ids[]", second.as_str()),
        ("media_attributes[][id]", first.as_str()),
        ("media_attributes[][description]", "one, better"),
        ("media_attributes[][focus]", "0.1,0.2"),
    ];
    let edited = ann.asks("PUT", &path, &fields).await;
    assert_eq!(edited["media_attachments"][0]["description"], "one, better");
    assert_eq!(edited["media_attachments"][0]["meta"]["focus"], json!({ "x": 0.1, "y": 0.2 }));
    assert_eq!(edited["media_attachments"][1]["description"], "two");
    world.clock.advance(5_000);
    let edited = ann.asks("PUT", &path, &[("status", "no pictures")]).await;
    assert_eq!(edited["media_attachments"], json!([]));
    let history = stranger(&home, &format!("{path}/history")).await;
    let words = |version: usize| history[version]["media_attachments"][0]["description"].clone();
    assert_eq!((words(0), words(1)), (json!("one"), json!("one, better")));
    assert_eq!(file(&home, &history[0]["media_attachments"][0]["preview_url"]).await.status, 200);
    world.clock.advance(5_000);
    ann.asks("PUT", &path, &[("status", "again"), ("media_ids[]", &second)]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_of_a_deleted_status_may_be_used_again_for_a_day() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let ann = home.person("ann").await;
    let media = ann.uploads(&jpeg(64, 64, 1), &[]).await;
    let first = ann.writes("one", &[("media_ids[]", &id(&media))]).await;
    let deleted = ann.asks("DELETE", &format!("/api/v1/statuses/{}", id(&first)), &[]).await;
    assert_eq!(deleted["media_attachments"][0]["id"], media["id"]);
    world.clock.advance(limits::MEDIA_LOOSE_MS - limits::PRUNE_EVERY_MS);
    let again = ann.writes("two", &[("media_ids[]", &id(&media))]).await;
    ann.asks("DELETE", &format!("/api/v1/statuses/{}", id(&again)), &[]).await;
    assert_eq!(file(&home, &media["url"]).await.status, 200);
    world.clock.advance(limits::MEDIA_LOOSE_MS);
    gone(&home, &media, || world.clock.advance(limits::PRUNE_EVERY_MS)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deleting_with_media_removes_the_files_unless_somebody_else_has_the_same() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let (shared, own) = (jpeg(64, 64, 1), jpeg(64, 64, 2));
    let (first, second) = (ann.uploads(&shared, &[]).await, ann.uploads(&own, &[]).await);
    let third = ben.uploads(&shared, &[]).await;
    assert_eq!(first["url"], third["url"], "the same content is one file");
    let fields = [("media_ids[]", &*id(&first)), ("media_ids[]", &*id(&second))];
    let status = ann.writes("both", &fields).await;
    assert_eq!(home.files(), 4);
    ann.asks("DELETE", &format!("/api/v1/statuses/{}?delete_media=true", id(&status)), &[]).await;
    gone(&home, &second, || {}).await;
    assert_eq!(file(&home, &third["url"]).await.status, 200);
    assert_eq!(home.files(), 2);
}

/// Waits until the file of an upload is gone from the disk.
async fn gone(home: &Instance, media: &Value, mut meanwhile: impl FnMut()) {
    let name = text_of(media, "url").rsplit('/').next().and_then(|name| name.split('.').next()).map(str::to_owned);
    let name = name.expect("a name");
    let path = home.data().join("media").join(&name[..2]).join(&name[2..4]).join(&name);
    until("the file is gone", || {
        meanwhile();
        !path.exists()
    })
    .await;
    assert_eq!(file(home, &media["url"]).await.status, 404);
}

/// Waits for a condition.
async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    comes(what, async || holds().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_without_a_row_are_found_and_removed() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let ann = home.person("ann").await;
    let media = ann.uploads(&jpeg(64, 64, 1), &[]).await;
    ann.writes("kept", &[("media_ids[]", &id(&media))]).await;
    // What a crash between writing a file and its commit leaves.
    let abandoned = home.server().files().keep(b"nobody refers to this").expect("kept").hash().to_string();
    let path = home.data().join("media").join(&abandoned[..2]).join(&abandoned[2..4]).join(&abandoned);
    let upload = home.data().join("upload/0000000000000abc");
    std::fs::write(&upload, b"half").expect("written");
    assert!(path.exists());
    until("they are gone", || {
        world.clock.advance(limits::PRUNE_EVERY_MS);
        !path.exists() && !upload.exists()
    })
    .await;
    assert_eq!(file(&home, &media["url"]).await.status, 200, "what a row refers to stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_served_in_parts_from_caches_and_never_run() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let media = ann.uploads(&png(900, 700, 1), &[]).await;
    let whole = file(&home, &media["url"]).await;
    let tag = whole.header("etag").expect("a tag").to_owned();
    assert_eq!(whole.header("content-length"), Some(whole.body.len().to_string().as_str()));
    for (name, value) in [
        ("cache-control", "public, max-age=31536000, immutable"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox; frame-ancestors 'none'"),
        ("access-control-allow-origin", "*"),
        ("accept-ranges", "bytes"),
    ] {
        assert_eq!(whole.header(name), Some(value));
    }
    let part = file_with(&home, &media["url"], &[("range", "bytes=100-299")]).await;
    assert_eq!((part.status, part.body.as_slice()), (206, &whole.body[100..300]));
    let range = format!("bytes 100-299/{}", whole.body.len());
    assert_eq!((part.header("content-range"), part.header("content-length")), (Some(range.as_str()), Some("200")));
    let rest = file_with(&home, &media["url"], &[("range", "bytes=-50"), ("if-range", &tag)]).await;
    assert_eq!((rest.status, rest.body.as_slice()), (206, &whole.body[whole.body.len() - 50..]));
    let outside = file_with(&home, &media["url"], &[("range", "bytes=99999999-")]).await;
    assert_eq!((outside.status, outside.body.len()), (416, 0));
    let known = file_with(&home, &media["url"], &[("if-none-match", &tag)]).await;
    assert_eq!((known.status, known.body.len(), known.header("etag")), (304, 0, Some(tag.as_str())));
    let path = text_of(&media, "url").replace("https://home.test", "");
    let head = home.web().send("HEAD", &path, &[], b"").await;
    assert_eq!((head.status, head.body.len(), head.header("content-type")), (200, 0, Some("image/png")));
    for other in [
        path.replace(".png", ".html"),
        path.replace(".png", ""),
        path.replace("/media/", "/media/..%2f"),
        format!("/media/{}.png", "0".repeat(64)),
        "/media/../LOCK".to_owned(),
        "/media/%00.png".to_owned(),
        format!("/media/remote/whole/{}/aHR0cDovLzEyNy4wLjAuMS8", "A".repeat(22)),
    ] {
        assert_eq!(home.web().get(&other, &[]).await.status, 404, "{other}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_profile_gets_its_pictures_and_loses_them() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let path = "/api/v1/accounts/update_credentials";
    let (wide, moving) = (jpeg(3_000, 2_000, 1), gif(3, 200, 100));
    let fields = [("avatar_description", "me"), ("display_name", "Ann")];
    let reply = ann.sends("PATCH", path, &fields, &[("avatar", &moving), ("header", &wide)]).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let shown = reply.json();
    assert_eq!((&shown["avatar_description"], &shown["display_name"]), (&json!("me"), &json!("Ann")));
    assert_ne!(shown["avatar"], shown["avatar_static"], "a moving picture has a still one");
    assert_eq!(file(&home, &shown["avatar"]).await.header("content-type"), Some("image/gif"));
    assert_eq!(size(&file(&home, &shown["avatar_static"]).await.body), (100, 100));
    assert_eq!(size(&file(&home, &shown["header"]).await.body), (1_500, 500));
    assert_eq!(shown["header"], shown["header_static"]);
    let actor = home.web().get("/users/ann", &[("accept", "application/activity+json")]).await.json();
    assert_eq!((&actor["icon"]["url"], &actor["icon"]["mediaType"]), (&shown["avatar"], &json!("image/gif")));
    assert_eq!((&actor["icon"]["summary"], &actor["image"]["url"]), (&json!("me"), &shown["header"]));

    let reply = ann.sends("PATCH", path, &[], &[("avatar", &jpeg(900, 600, 2))]).await;
    assert_eq!(size(&file(&home, &reply.json()["avatar"]).await.body), (400, 400));
    for (field, picture) in [("avatar", &b"<svg/>"[..]), ("header", b"\xff\xd8\xff")] {
        assert_eq!(ann.sends("PATCH", path, &[], &[(field, picture)]).await.status, 422);
    }
    assert_eq!(ann.is_refused("PATCH", path, &[("avatar", "data:image/png;base64,AA")]).await, 422);
    assert_eq!(ann.asks("PATCH", path, &[("avatar", "")]).await["avatar"], reply.json()["avatar"], "empty is nothing");
    for part in ["avatar", "header"] {
        let shown = ann.asks("DELETE", &format!("/api/v1/profile/{part}"), &[]).await;
        assert!(shown[part].as_str().is_some_and(|url| url.ends_with("missing.png")), "{shown}");
    }
    let actor = home.web().get("/users/ann", &[("accept", "application/activity+json")]).await.json();
    assert!(actor["icon"].is_null() && actor["image"].is_null(), "{actor}");
    until("no file is left", || home.files() == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uploads_need_their_scope_and_are_unfinished_for_a_while() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let picture = png(3_000, 2_000, 1);
    let kind = form_type();
    let (unsigned, body) = ([("content-type", kind.as_str())], form(&[], &[("file", &picture)]));
    let nobody = home.web().send("POST", "/api/v2/media", &unsigned, &body).await;
    assert_eq!(nobody.status, 401);
    let bearer = format!("Bearer {}", ann.token);
    let headers = [("authorization", bearer.as_str()), ("content-type", kind.as_str()), ("prefer", "respond-async")];
    let reply = home.web().send("POST", "/api/v2/media", &headers, &body).await;
    checked("POST", "/api/v2/media", &reply, true);
    assert_eq!((reply.status, &reply.json()["url"]), (202, &Value::Null));
    let media = id(&reply.json());
    let refused = ann.sends("POST", "/api/v1/statuses", &[("media_ids[]", &media)], &[]).await;
    assert_eq!(refused.status, 422, "it is large, and processing it takes longer than asking: {}", refused.text());
    assert!(refused.text().contains("have not finished processing"), "{}", refused.text());
    let path = format!("/api/v1/media/{media}");
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let reply = ann.send("GET", &path, &[]).await;
        match reply.status {
            200 => break assert!(reply.json()["url"].is_string()),
            206 => assert!(reply.json()["url"].is_null()),
            other => panic!("{other}: {}", reply.text()),
        }
        assert!(Instant::now() < deadline, "never ready");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
