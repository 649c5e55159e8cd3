//! Limited federation: with whom this server has to do while only some are let in.

use crate::{
    lab::{Instance, World, text_of},
    moderation::{inbox_answer, until_nothing_is_owed},
};
use dassie::moderation::allow;
use serde_json::{Value, json};
use storage::{domain_allow::set_limited, user::Role};

async fn limits(home: &Instance, limited: bool) {
    home.server().write(move |tx| Ok(set_limited(tx, limited)?)).await.expect("written");
    home.server().access_cache().clear();
}

async fn says_limited(home: &Instance) -> Value {
    let instance = home.web().get("/api/v2/instance", &[("host", &home.name)]).await.json();
    instance["configuration"]["limited_federation"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn while_federation_is_limited_only_servers_that_are_let_in_are_met() {
    let world = World::new();
    let (home, away, far) =
        (world.instance("home.test").await, world.instance("away.test").await, world.instance("far.test").await);
    let (ann, carol, bad) = (home.person("ann").await, away.person("carol").await, far.person("bad").await);
    ann.follows(&carol.handle()).await;
    let bad_here = ann.follows(&bad.handle()).await;
    for other in [&carol, &bad] {
        other.follows(&ann.handle()).await;
    }
    bad.posts("from far before", &[]).await;
    ann.sees_at_home("from far before").await;
    home.server().write(|tx| allow::allow_by_operator(tx, "away.test")).await.expect("allowed");
    assert_eq!(says_limited(&home).await, false);
    limits(&home, true).await;
    assert_eq!(says_limited(&home).await, true);

    // What is known of the other shows nowhere, and nothing new is taken.
    assert!(!ann.get("/api/v1/timelines/home").await.to_string().contains("from far before"));
    assert_eq!(ann.get(&format!("/api/v1/accounts/{bad_here}")).await["suspended"], true);
    assert_eq!(inbox_answer(&home, &far).await, 403);
    let search = "/api/v2/search?resolve=true&q=other%40far.test";
    assert_eq!(ann.get(search).await["accounts"], json!([]));
    assert_eq!(home.web().get("/api/v1/instance/peers", &[("host", "home.test")]).await.status, 401);
    assert_eq!(ann.get("/api/v1/instance/peers").await, json!(["away.test"]));

    // Posts go to and come from whoever is let in.
    bad.posts("from far meanwhile", &[]).await;
    carol.posts("from away", &[]).await;
    ann.sees_at_home("from away").await;
    let quiet = ann.posts("to those let in", &[]).await;
    carol.sees_at_home("to those let in").await;
    until_nothing_is_owed(&home).await;
    until_nothing_is_owed(&far).await;
    assert!(!bad.get("/api/v1/timelines/home").await.to_string().contains("to those let in"));

    // Strangers are told nothing; servers that are let in are answered, also with keys that were not known before.
    let strangers = [("host", "home.test")];
    for path in ["/api/v1/timelines/public", "/api/v1/directory", "/api/v1/instance/activity"] {
        assert_eq!(home.web().get(path, &strangers).await.status, 401, "{path}");
        ann.get(path).await;
    }
    let page = home.web().get(&format!("/@ann/{quiet}"), &strangers).await;
    assert_eq!((page.status, page.header("location")), (303, Some("/auth/sign_in")));
    assert_eq!(home.web().get("/about", &strangers).await.status, 200);
    let unsigned = [("host", "home.test"), ("accept", "application/activity+json")];
    for path in ["/users/ann", "/@ann", "/users/ann/outbox", "/users/ann/followers"] {
        assert_eq!(home.web().get(path, &unsigned).await.status, 401, "{path}");
    }
    let path = format!("/users/ann/statuses/{quiet}");
    assert_eq!(home.web().get(&path, &unsigned).await.status, 401);
    assert_eq!(home.web().get("/actor", &unsigned).await.status, 200, "with whose key we sign");
    let other = home.person("other").await;
    let theirs = other.posts("who has not been met", &[]).await;
    let url = format!("/api/v2/search?resolve=true&q=https%3A%2F%2Fhome.test%2F%40other%2F{theirs}");
    assert_eq!(carol.get(&url).await["statuses"].as_array().map(Vec::len), Some(1), "let in");
    assert_eq!(bad.get(&url).await["statuses"], json!([]), "not let in");

    limits(&home, false).await;
    assert!(ann.get("/api/v1/timelines/home").await.to_string().contains("from far before"), "it is back");
    assert_eq!(home.web().get("/api/v1/timelines/public", &strangers).await.status, 200);
    // What could not be had is remembered for a while, so another one is asked for.
    let next = other.posts("for everybody again", &[]).await;
    let url = format!("/api/v2/search?resolve=true&q=https%3A%2F%2Fhome.test%2F%40other%2F{next}");
    assert_eq!(bad.get(&url).await["statuses"].as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_let_servers_in_through_the_admin_api() {
    let home = World::new().instance("home.test").await;
    let ada = home.staff("ada", Role::Admin).await;
    let path = "/api/v1/admin/domain_allows";
    let made = ada.post(path, &[("domain", " Away.Test ")]).await;
    assert_eq!(made["domain"], "away.test");
    assert_eq!(ada.post(path, &[("domain", "away.test")]).await, made, "a second time it stays as it is");
    let number = text_of(&made, "id");
    assert_eq!(ada.get(path).await, json!([made]));
    assert_eq!(ada.get(&format!("{path}/{number}")).await, made);
    assert_eq!(ada.send("POST", path, &[("domain", "a b")]).await.status, 422);
    assert_eq!(ada.send("DELETE", &format!("{path}/{number}"), &[]).await.json(), made, "as Mastodon answers");
    assert_eq!(ada.send("DELETE", &format!("{path}/{number}"), &[]).await.status, 404);
    assert_eq!(ada.get(path).await, json!([]));
    let log = ada.get("/api/v1/admin/audit_log").await;
    let deeds: Vec<_> = log.as_array().expect("a list").iter().map(|row| row["action"].clone()).collect();
    assert_eq!(deeds, ["disallow_domain", "allow_domain"]);
}
