//! One's own profile as typed, and what of it others see (client API, profile).

use crate::{
    call::{call, checked, raw, stranger},
    lab::{Person, World},
    pictures,
};
use serde_json::{Value, json};
use storage::user::Role;

const PROFILE: &str = "/api/v1/profile";

/// A PATCH of JSON, answered as the schema says.
async fn patched(person: &Person<'_>, body: &Value) -> Value {
    let json = "application/json";
    let reply = raw(person.home.web(), Some(&person.token), "PATCH", PROFILE, json, &body.to_string()).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert!(checked("PATCH", PROFILE, &reply, true) || crate::schema::SCHEMA.is_none());
    reply.json()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_profile_is_shown_as_it_was_typed() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let fresh = ann.asks("GET", PROFILE, &[]).await;
    let expected = json!({
        "id": ann.id.to_string(), "display_name": "", "note": "", "fields": [], "avatar": null, "avatar_static": null,
        "avatar_description": "", "header": null, "header_static": null, "header_description": "", "locked": false,
        "bot": false, "hide_collections": false, "discoverable": null, "indexable": false, "show_media": true,
        "show_media_replies": true, "show_featured": true, "attribution_domains": [],
    });
    assert_eq!(fresh, expected);
    let typed = json!({
        "display_name": "Ann", "note": "I like #tea <3", "locked": true, "bot": true, "discoverable": true,
        "indexable": true, "hide_collections": true, "show_media": false, "show_media_replies": false,
        "show_featured": false, "attribution_domains": ["Blog.Example.com", " blog.example.com ", "bücher.example"],
        "fields_attributes": [{ "name": "site", "value": "www.example.com" }],
    });
    let changed = patched(&ann, &typed).await;
    for name in ["display_name", "note", "locked", "bot", "discoverable", "indexable", "hide_collections"] {
        assert_eq!(changed[name], typed[name], "{name}");
    }
    for name in ["show_media", "show_media_replies", "show_featured"] {
        assert_eq!(changed[name], false, "{name}");
    }
    assert_eq!(changed["attribution_domains"], json!(["blog.example.com", "xn--bcher-kva.example"]), "each once");
    assert_eq!(changed["fields"], json!([{ "name": "site", "value": "www.example.com", "verified_at": null }]));
    assert_eq!(ann.asks("GET", PROFILE, &[]).await, changed, "it stays");
    assert_eq!(patched(&ann, &json!({})).await, changed, "what is not named stays");
    let seen = stranger(&home, &format!("/api/v1/accounts/{}", ann.id)).await;
    for name in ["show_media", "show_media_replies", "show_featured"] {
        assert_eq!(seen[name], false, "{name}");
    }
    assert!(seen["note"].as_str().is_some_and(|note| note.contains("&lt;3")), "{seen}");
    let own = ann.asks("GET", "/api/v1/accounts/verify_credentials", &[]).await;
    assert_eq!(own["source"]["attribution_domains"], changed["attribution_domains"]);
    assert_eq!(patched(&ann, &json!({ "attribution_domains": [] })).await["attribution_domains"], json!([]));
    let update = "/api/v1/accounts/update_credentials";
    let own = ann.asks("PATCH", update, &[("attribution_domains[]", "c.example"), ("show_media", "true")]).await;
    assert_eq!(own["source"]["attribution_domains"], json!(["c.example"]));
    assert_eq!(own["show_media"], false, "only the profile takes it");
    assert_eq!(
        ann.asks("PATCH", update, &[("attribution_domains[]", "")]).await["source"]["attribution_domains"],
        json!([])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_profile_that_cannot_be_is_refused_whole() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let before = ann.asks("GET", PROFILE, &[]).await;
    let name = "n".repeat(61);
    let domains: Vec<String> = (0..101).map(|number| format!("{number}.example")).collect();
    let many: Vec<(&str, &str)> = domains.iter().map(|domain| ("attribution_domains[]", domain.as_str())).collect();
    for fields in [
        &[("display_name", name.as_str()), ("bot", "true")][..],
        &[("attribution_domains[]", "no domain"), ("bot", "true")][..],
        &[("attribution_domains[]", "https://a.example"), ("bot", "true")][..],
        &[("attribution_domains[]", "127.0.0.1")][..],
        &many[..],
        &[("fields_attributes[0][value]", "a value without a name")][..],
        &[("avatar", "no file")][..],
    ] {
        assert_eq!(ann.is_refused("PATCH", PROFILE, fields).await, 422, "{fields:?}");
    }
    assert_eq!(ann.asks("GET", PROFILE, &[]).await, before);
    assert_eq!(ann.asks("PATCH", PROFILE, &many[1..]).await["attribution_domains"].as_array().map(Vec::len), Some(100));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_of_a_profile_come_and_go() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let (bearer, kind) = (format!("Bearer {}", ann.token), pictures::form_type());
    let headers = [("authorization", bearer.as_str()), ("content-type", kind.as_str())];
    let words = [("avatar_description", " a kettle "), ("header_description", "hills")];
    let files = [("avatar", &pictures::png(96, 96, 3)[..]), ("header", &pictures::png(96, 96, 4)[..])];
    let reply = home.web().send("PATCH", PROFILE, &headers, &pictures::form(&words, &files)).await;
    checked("PATCH", PROFILE, &reply, true);
    let profile = reply.json();
    assert_eq!((&profile["avatar_description"], &profile["header_description"]), (&json!("a kettle"), &json!("hills")));
    for name in ["avatar", "avatar_static", "header", "header_static"] {
        let path = profile[name].as_str().and_then(|url| url.strip_prefix("https://home.test")).expect("an address");
        assert_eq!(home.web().get(path, &[]).await.status, 200, "{name}");
    }
    let seen = stranger(&home, &format!("/api/v1/accounts/{}", ann.id)).await;
    assert_eq!((&seen["avatar"], &seen["avatar_description"]), (&profile["avatar"], &json!("a kettle")));
    for (part, other) in [("avatar", "header"), ("header", "avatar")] {
        for _ in 0..2 {
            ann.asks("DELETE", &format!("{PROFILE}/{part}"), &[]).await;
            let left = ann.asks("GET", PROFILE, &[]).await;
            assert_eq!((&left[part], &left[format!("{part}_description")]), (&Value::Null, &json!("")), "{part}");
            assert_eq!(left[other].is_null(), part == "header", "{other} stays until its turn");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_and_changing_a_profile_take_their_own_scopes() {
    let home = World::new().instance("home.test").await;
    for (number, (scope, reads, writes)) in [
        ("profile", 200, 403),
        ("read:accounts", 200, 403),
        ("read", 200, 403),
        ("write:accounts", 403, 200),
        ("write:statuses", 403, 403),
    ]
    .into_iter()
    .enumerate()
    {
        let person = home.user(&format!("p{number}"), Role::User, &[scope]).await;
        for (method, status) in [("GET", reads), ("PATCH", writes)] {
            let reply = call(home.web(), Some(&person.token), method, PROFILE, &[]).await;
            assert_eq!(reply.status, status, "{method} with {scope}");
        }
    }
    for method in ["GET", "PATCH"] {
        assert_eq!(call(home.web(), None, method, PROFILE, &[]).await.status, 401, "{method}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hidden_collections_are_hidden_from_others_alone() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    ben.asks("POST", &format!("/api/v1/accounts/{}/follow", ann.id), &[]).await;
    let followers = format!("/api/v1/accounts/{}/followers", ann.id);
    assert_eq!(ben.asks("GET", &followers, &[]).await.as_array().map(Vec::len), Some(1));
    patched(&ann, &json!({ "hide_collections": true })).await;
    assert_eq!(ben.asks("GET", &followers, &[]).await, json!([]));
    assert_eq!(stranger(&home, &followers).await, json!([]));
    assert_eq!(ann.asks("GET", &followers, &[]).await.as_array().map(Vec::len), Some(1), "one's own");
}
