//! Requests in every encoding that programs send (client API, encodings).

use crate::{
    call::{FORM, checked, id, raw},
    lab::{Person, World},
    web::Reply,
};
use serde_json::{Value, json};

const JSON: &str = "application/json";
const MULTIPART: &str = "multipart/form-data; boundary=xyz";

/// Form data in parts.
fn parts(fields: &[(&str, &str)]) -> String {
    let parts = fields
        .iter()
        .map(|(name, value)| format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    parts.collect::<String>() + "--xyz--\r\n"
}

/// The same request in all encodings; each must be answered with 200.
async fn in_each(
    person: &Person<'_>,
    method: &str,
    path: &str,
    fields: &[(&str, &str)],
    document: &Value,
) -> Vec<Value> {
    let query = format!("{path}?{}", crate::web::form(fields));
    let requests = [
        (path, JSON, document.to_string()),
        (path, "Application/JSON; charset=UTF-8", document.to_string()),
        (path, FORM, crate::web::form(fields)),
        (path, MULTIPART, parts(fields)),
        (query.as_str(), "", String::new()),
        (query.as_str(), JSON, String::new()),
    ];
    let mut answers = Vec::new();
    for (path, kind, body) in requests {
        let reply = raw(person.home.web(), Some(&person.token), method, path, kind, &body).await;
        assert_eq!(reply.status, 200, "{method} {path} {kind:?} {body}: {}", reply.text());
        checked(method, path, &reply, true);
        answers.push(reply.json());
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statuses_are_posted_in_every_encoding() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let fields = [
        ("status", "hällo & + %41"),
        ("sensitive", "true"),
        ("visibility", "unlisted"),
        ("language", "de"),
        ("media_ids[]", ""),
    ];
    let document = json!({ "status": "hällo & + %41", "sensitive": "true", "visibility": "unlisted", "language": "de",
        "media_ids": [], "poll": null, "in_reply_to_id": null, "scheduled_at": null, "unknown": { "a": [1] } });
    for status in in_each(&ann, "POST", "/api/v1/statuses", &fields[..4], &document).await {
        assert_eq!(status["content"], "<p>hällo &amp; + %41</p>");
        assert_eq!((&status["sensitive"], &status["visibility"]), (&json!(true), &json!("unlisted")));
        assert_eq!(status["language"], "de");
    }
    for (sensitive, expected) in
        [(json!("false"), false), (json!(false), false), (json!("0"), false), (json!(1), true), (json!("1"), true)]
    {
        let document = json!({ "status": "x", "sensitive": sensitive }).to_string();
        let reply = raw(home.web(), Some(&ann.token), "POST", "/api/v1/statuses", JSON, &document).await;
        assert_eq!((reply.status, &reply.json()["sensitive"]), (200, &json!(expected)), "{document}");
    }
    for (kind, body) in [(JSON, "{\"status\":"), (JSON, "[1"), (MULTIPART, "--xyz\r\nbroken")] {
        for path in ["/api/v1/statuses", "/api/v1/collections"] {
            let reply = raw(home.web(), Some(&ann.token), "POST", path, kind, body).await;
            assert_eq!((reply.status, reply.json()["error"].is_string()), (400, true), "{path} {kind} {body}");
            checked("POST", "/api/v1/none", &reply, true);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn follows_and_profiles_are_changed_in_every_encoding() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let path = format!("/api/v1/accounts/{}/follow", ben.id);
    for relation in in_each(
        &ann,
        "POST",
        &path,
        &[("reblogs", "false"), ("notify", "true")],
        &json!({ "reblogs": "false", "notify": true }),
    )
    .await
    {
        assert_eq!(
            (&relation["following"], &relation["showing_reblogs"], &relation["notifying"]),
            (&json!(true), &json!(false), &json!(true))
        );
        ann.asks("POST", &format!("/api/v1/accounts/{}/unfollow", ben.id), &[]).await;
    }
    let path = "/api/v1/accounts/update_credentials";
    let fields = [
        ("display_name", "A & N"),
        ("locked", "true"),
        ("source[privacy]", "unlisted"),
        ("fields_attributes[0][name]", "n0"),
        ("fields_attributes[0][value]", "v0"),
        ("fields_attributes[1][name]", "n1"),
        ("fields_attributes[1][value]", "v1"),
    ];
    let document = json!({ "display_name": "A & N", "locked": "true", "source": { "privacy": "unlisted" }, "note": null, "avatar": null,
        "fields_attributes": [{ "name": "n0", "value": "v0" }, { "name": "n1", "value": "v1" }] });
    for account in in_each(&ann, "PATCH", path, &fields, &document).await {
        assert_eq!((&account["display_name"], &account["locked"]), (&json!("A & N"), &json!(true)));
        assert_eq!((&account["source"]["privacy"], &account["fields"][1]["name"]), (&json!("unlisted"), &json!("n1")));
        ann.asks(
            "PATCH",
            path,
            &[
                ("display_name", ""),
                ("locked", "false"),
                ("source[privacy]", "public"),
                ("fields_attributes[0][name]", ""),
            ],
        )
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_get_may_carry_its_parameters_as_json() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let path = "/api/v1/accounts/relationships";
    let body = json!({ "id": [ben.id.to_string(), ann.id.to_string()] });
    let reply = raw(home.web(), Some(&ann.token), "GET", path, JSON, &body.to_string()).await;
    assert_eq!((reply.status, reply.json().as_array().map(Vec::len)), (200, Some(2)), "{}", reply.text());
    checked("GET", path, &reply, true);
}

async fn posted(ann: &Person<'_>, text: &str, key: &str) -> Reply {
    let bearer = format!("Bearer {}", ann.token);
    let headers = [("authorization", bearer.as_str()), ("idempotency-key", key), ("content-type", FORM)];
    ann.home.web().send("POST", "/api/v1/statuses", &headers, crate::web::form(&[("status", text)]).as_bytes()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_idempotency_key_is_one_status_for_an_hour() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let first = posted(&ann, "once", "k").await;
    assert_eq!(first.status, 200, "{}", first.text());
    let again = posted(&ann, "once", "k").await;
    assert_eq!((again.status, id(&again.json())), (200, id(&first.json())));
    assert_ne!(id(&posted(&ann, "once", "other").await.json()), id(&first.json()));
    assert_ne!(id(&posted(&ben, "once", "k").await.json()), id(&first.json()), "a key is its person's");
    for round in 0..10 {
        let key = format!("race {round}");
        let (left, right) = tokio::join!(posted(&ann, "race", &key), posted(&ann, "race", &key));
        assert_eq!((left.status, right.status), (200, 200), "{} {}", left.text(), right.text());
        assert_eq!(id(&left.json()), id(&right.json()), "round {round}");
    }
    let own = ann.get(&format!("/api/v1/accounts/{}/statuses?limit=40", ann.id)).await;
    assert_eq!(own.as_array().map(Vec::len), Some(12), "each key made one");
    world.clock.advance(60 * 60_000 + 1);
    assert_ne!(id(&posted(&ann, "once", "k").await.json()), id(&first.json()), "an hour has passed");
}
