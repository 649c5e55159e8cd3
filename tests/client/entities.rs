//! Every endpoint, with a token and without, held against the schema.

use crate::{
    call::{FORM, checked, id, raw, stranger},
    lab::World,
    schema::SCHEMA,
};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reading_endpoint_answers_as_the_schema_says() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    ann.asks(
        "PATCH",
        "/api/v1/accounts/update_credentials",
        &[
            ("display_name", "Ann"),
            ("note", "hello #world"),
            ("fields_attributes[0][name]", "site"),
            ("fields_attributes[0][value]", "https://a.test"),
            ("locked", "true"),
        ],
    )
    .await;
    ben.asks("POST", &format!("/api/v1/accounts/{}/follow", ann.id), &[("notify", "true")]).await;
    cat.asks("POST", &format!("/api/v1/accounts/{}/follow", ann.id), &[]).await;
    ann.asks("POST", &format!("/api/v1/follow_requests/{}/authorize", ben.id), &[]).await;
    let text = "a *post* for @ben with #Tag and https://example.test/a/long/path/that/is/cut/somewhere";
    let status = ann.writes(text, &[("spoiler_text", "careful"), ("language", "en")]).await;
    let status = id(&status);
    let reply = ben.writes("@ann yes", &[("in_reply_to_id", &status), ("visibility", "unlisted")]).await;
    ann.writes("only #followers", &[("visibility", "private")]).await;
    ann.writes("only @ben", &[("visibility", "direct")]).await;
    let on = |act: &str| format!("/api/v1/statuses/{status}/{act}");
    for act in ["favourite", "bookmark", "reblog"] {
        ben.asks("POST", &on(act), &[]).await;
    }
    ann.asks("POST", &on("pin"), &[]).await;
    ann.asks("PUT", &format!("/api/v1/statuses/{status}"), &[("status", "edited #Tag"), ("spoiler_text", "careful")])
        .await;
    let told = ann.until("/api/v1/notifications", |list| list.as_array().is_some_and(|list| list.len() >= 4)).await;
    let told = id(&told[0]);
    ann.asks("POST", "/api/v1/markers", &[("home[last_read_id]", &status), ("notifications[last_read_id]", &told)])
        .await;

    let open = [
        "/api/v1/instance".to_owned(),
        "/api/v2/instance".to_owned(),
        "/api/v1/instance/rules".to_owned(),
        "/api/v1/custom_emojis".to_owned(),
        format!("/api/v1/accounts/{}", ann.id),
        format!("/api/v1/accounts?id[]={}&id[]={}", ann.id, ben.id),
        "/api/v1/accounts/lookup?acct=ann".to_owned(),
        format!("/api/v1/accounts/{}/statuses", ann.id),
        format!("/api/v1/accounts/{}/statuses?pinned=true", ann.id),
        format!("/api/v1/accounts/{}/statuses", ben.id),
        format!("/api/v1/accounts/{}/followers", ann.id),
        format!("/api/v1/accounts/{}/following", ben.id),
        format!("/api/v1/statuses/{status}"),
        format!("/api/v1/statuses?id[]={status}&id[]={}", id(&reply)),
        on("context"),
        on("history"),
        on("favourited_by"),
        on("reblogged_by"),
        "/api/v1/timelines/public".to_owned(),
        "/api/v1/timelines/public?local=true".to_owned(),
        "/api/v1/timelines/tag/tag".to_owned(),
        "/api/v2/search?q=ann".to_owned(),
        "/api/v2/search?q=tag&type=hashtags".to_owned(),
    ];
    let closed = [
        "/api/v1/accounts/verify_credentials".to_owned(),
        "/api/v1/apps/verify_credentials".to_owned(),
        "/api/v1/accounts/search?q=be".to_owned(),
        format!("/api/v1/accounts/relationships?id[]={}&id[]={}", ben.id, cat.id),
        "/api/v1/follow_requests".to_owned(),
        on("source"),
        "/api/v1/timelines/home".to_owned(),
        "/api/v1/notifications".to_owned(),
        format!("/api/v1/notifications/{told}"),
        "/api/v1/notifications/unread_count".to_owned(),
        "/api/v1/markers?timeline[]=home&timeline[]=notifications".to_owned(),
        "/api/v1/preferences".to_owned(),
        "/api/v1/bookmarks".to_owned(),
        "/api/v1/favourites".to_owned(),
        "/api/v1/filters".to_owned(),
        "/api/v2/filters".to_owned(),
        "/api/v2/search?q=https%3A%2F%2Fhome.test%2F%40ann&resolve=true".to_owned(),
    ];
    let mut known = 0;
    for path in open.iter().chain(&closed) {
        for person in [&ann, &ben] {
            let owned = path.ends_with("/source") || path.contains(&told);
            if owned && person.name == "ben" {
                assert_eq!(person.status_of(path).await, 404, "{path} is Ann's");
                continue;
            }
            let reply = raw(home.web(), Some(&person.token), "GET", path, "", "").await;
            assert_eq!(reply.status, 200, "{path}: {}", reply.text());
            known += usize::from(checked("GET", path, &reply, true));
        }
    }
    for path in &open {
        let answer = stranger(&home, path).await;
        let whole = answer.to_string();
        assert!(!whole.contains("only #") && !whole.contains("only <"), "{path} shows what is private: {whole}");
        known += 1;
    }
    for path in &closed {
        let reply = raw(home.web(), None, "GET", path, "", "").await;
        assert_eq!(reply.status, 401, "{path}: {}", reply.text());
        checked("GET", path, &reply, false);
    }
    println!("openapi: {known} answers checked");
    assert!(SCHEMA.is_none() || known >= 2 * (open.len() + closed.len()) - 8, "the schema knew only {known}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_programs_read_first_has_the_members_they_cannot_do_without() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let instance = stranger(&home, "/api/v2/instance").await;
    assert_eq!(instance["domain"], "home.test");
    let version = instance["version"].as_str().expect("a version");
    assert!(version.split(' ').next().is_some_and(|number| number.split('.').count() == 3), "{version}");
    assert!(["pleroma", "pixelfed", "akkoma"].iter().all(|word| !version.to_lowercase().contains(word)));
    for pointer in ["/title", "/contact/email", "/thumbnail/url", "/configuration/urls/streaming"] {
        assert!(instance.pointer(pointer).is_some_and(serde_json::Value::is_string), "{pointer}: {instance}");
    }
    for pointer in [
        "/configuration/statuses/max_characters",
        "/configuration/statuses/max_media_attachments",
        "/configuration/polls/max_options",
        "/configuration/polls/max_characters_per_option",
        "/configuration/polls/min_expiration",
        "/configuration/polls/max_expiration",
        "/usage/users/active_month",
    ] {
        let number = instance.pointer(pointer).and_then(serde_json::Value::as_i64);
        assert!(number.is_some_and(|number| number < 1 << 31), "{pointer}: {instance}");
    }
    assert!(instance["registrations"]["enabled"].is_boolean());
    let first = stranger(&home, "/api/v1/instance").await;
    assert_eq!(first["uri"], "home.test", "without a scheme");
    assert_eq!(instance["configuration"]["urls"]["streaming"], first["urls"]["streaming_api"]);

    let own = ann.asks("GET", "/api/v1/accounts/verify_credentials", &[]).await;
    assert!(own["source"].is_object() && own["role"].is_object(), "{own}");
    assert!(
        own["avatar"].as_str().is_some_and(|url| url.starts_with("https://home.test/") && url.ends_with("missing.png"))
    );
    assert!(own["created_at"].as_str().is_some_and(|time| time.ends_with("T00:00:00.000Z")), "{own}");
    let preferences = ann.asks("GET", "/api/v1/preferences", &[]).await;
    for key in [
        "posting:default:visibility",
        "posting:default:sensitive",
        "posting:default:language",
        "reading:expand:media",
        "reading:expand:spoilers",
    ] {
        assert!(preferences.get(key).is_some(), "{key}: {preferences}");
    }
    let status = ann.writes("plain", &[]).await;
    for key in ["in_reply_to_id", "in_reply_to_account_id", "reblog", "card", "poll", "edited_at", "language", "url"] {
        assert!(status.get(key).is_some(), "{key} is missing: {status}");
    }
    assert_eq!((&status["filtered"], &status["pinned"]), (&json!([]), &json!(false)));
    assert_eq!(status["application"]["name"], "tests");
    let relation = ann.asks("GET", &format!("/api/v1/accounts/relationships?id={}", ann.id), &[]).await;
    for key in [
        "following",
        "showing_reblogs",
        "notifying",
        "followed_by",
        "blocking",
        "blocked_by",
        "muting",
        "muting_notifications",
        "requested",
        "requested_by",
        "domain_blocking",
        "endorsed",
    ] {
        assert!(relation[0][key].is_boolean(), "{key}: {relation}");
    }
    assert_eq!(relation[0]["note"], "");
    let both = raw(home.web(), Some(&ann.token), "POST", "/api/v1/markers", FORM, "home[last_read_id]=5").await;
    assert_eq!((both.status, &both.json()["home"]["version"]), (200, &json!(1)));
}
