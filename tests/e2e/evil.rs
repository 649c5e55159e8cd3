//! A peer that lies, tricks and floods, over real sockets (SECURITY A, B, C8-C10). Each test is named after the class of
//! hole that it tries; docs/SECURITY-TESTS.md has the whole list, with the classes that other tests hold.

mod crowds;
mod endless;
mod forwarded;
mod inward;
mod others;
mod outward;
mod overheard;
mod private;
mod shared;
mod signed;
mod voices;

use crate::{
    peer::ACTIVITY_JSON,
    scene::{CONTEXT, Scene},
    sign::{SigningKey, http_date},
    web::Reply,
};
use dassie::moderation::domain;
use serde_json::{Value, json};
use std::time::Duration;
use storage::{
    moderation::Severity,
    user::{self, Role},
};

/// Whom everybody wants to be.
const VIC: &str = "https://victim.test/users/vic";
/// Somebody of the same server.
const MALLORY: &str = "https://victim.test/users/mallory";
/// Somebody of another server.
const EVE: &str = "https://evil.test/users/eve";

async fn scene() -> Scene {
    let scene = Scene::start(&["victim.test", "evil.test"]).await;
    scene.serve_actor(EVE, json!({}));
    scene
}

/// Whether an account of this acct is among alice's followers.
async fn follows_alice(scene: &Scene, acct: &str) -> bool {
    let reply = scene.alice.get(&format!("/api/v1/accounts/{}/followers?limit=80", scene.alice.id)).await;
    reply.json().as_array().is_some_and(|list| list.iter().any(|account| account["acct"] == acct))
}

/// The status that is stored here under a uri.
async fn stored(scene: &Scene, uri: &str) -> Option<Value> {
    scene.alice.search("statuses", uri, false).await.into_iter().next()
}

async fn resolved(scene: &Scene, uri: &str) -> Option<Value> {
    scene.alice.search("statuses", uri, true).await.into_iter().next()
}

/// Alice follows an account elsewhere, which takes her.
async fn alice_follows(scene: &Scene, actor: &str) {
    let id = text(&known(scene, actor).await, "id").to_owned();
    assert_eq!(scene.alice.post(&format!("/api/v1/accounts/{id}/follow"), &[]).await.status, 200);
    let follows = |sent: Value| sent["type"] == "Follow" && sent["object"] == actor;
    let sent = scene.peer.wait_for(Duration::from_secs(6), |seen| seen.json().is_some_and(follows));
    let asked = sent.await.and_then(|seen| seen.json()).expect("she asks");
    scene.sends(actor, json!({"id": format!("{actor}#a"), "type": "Accept", "object": asked})).await;
    scene.is_quiet().await;
}

async fn known(scene: &Scene, uri: &str) -> Value {
    let found = scene.alice.search("accounts", uri, true).await;
    found.into_iter().next().unwrap_or_else(|| panic!("{uri} was not resolved"))
}

/// Alice posts; the status as she sees it.
async fn posts(scene: &Scene, text: &str, visibility: &str) -> Value {
    let reply = scene.alice.post("/api/v1/statuses", &[("status", text), ("visibility", visibility)]).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_else(|| panic!("no {name}: {of}"))
}

/// A `Follow` of alice.
fn follow(scene: &Scene, id: &str, actor: &str) -> Value {
    json!({"@context": CONTEXT, "id": id, "type": "Follow", "actor": actor, "object": scene.alice.uri})
}

/// Puts an activity into the shared inbox as it is, signed with `key` in the name of `key_id`.
async fn post_as(scene: &Scene, key: &SigningKey, key_id: &str, activity: &Value) -> u16 {
    let body = activity.to_string();
    let date = http_date(scene.instance.now_ms());
    post_raw(scene, "/inbox", &key.post(key_id, "local.test", "/inbox", &date, body.as_bytes()), &body).await
}

async fn post_raw(scene: &Scene, path: &str, headers: &[(String, String)], body: &str) -> u16 {
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    scene.instance.web.send("POST", path, &headers, body.as_bytes()).await.status
}

/// A `Signature` over these lines, named as the draft names them.
fn signature(key_id: &str, lines: &[(&str, &str)], sign: impl Fn(&str) -> String, algorithm: &str) -> String {
    let text: Vec<String> = lines.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let names: Vec<&str> = lines.iter().map(|(name, _)| *name).collect();
    format!(
        "keyId=\"{key_id}\",algorithm=\"{algorithm}\",headers=\"{}\",signature=\"{}\"",
        names.join(" "),
        sign(&text.join("\n"))
    )
}

/// GET as a peer does, signed by this actor.
async fn get_as(scene: &Scene, actor: &str, path: &str) -> Reply {
    let date = http_date(scene.instance.now_ms());
    let target = format!("get {path}");
    let lines = [("(request-target)", target.as_str()), ("host", "local.test"), ("date", &date)];
    let signature = signature(&format!("{actor}#main-key"), &lines, |text| scene.key.sign(text), "rsa-sha256");
    let headers = [("Host", "local.test"), ("Date", &date), ("Accept", ACTIVITY_JSON), ("Signature", &signature)];
    scene.instance.web.get(path, &headers).await
}

async fn get_unsigned(scene: &Scene, path: &str) -> Reply {
    scene.instance.web.get(path, &[("Host", "local.test"), ("Accept", ACTIVITY_JSON)]).await
}

async fn block_domain(scene: &Scene, name: &'static str) {
    let alice = scene.alice.id.parse::<u64>().expect("a number").into();
    let rule = move |tx: &mut storage::Tx<'_>| {
        let row = user::find(tx, alice)?.expect("she is there");
        user::put(tx, &user::User { role: Role::Owner, ..row })?;
        let terms = domain::Terms { severity: Some(Severity::Suspend), ..domain::Terms::default() };
        domain::block(tx, alice, name, &terms)
    };
    scene.instance.running.server.write(rule).await.expect("blocked");
}

/// Everything that was asked of a host so far.
fn asked_of(scene: &Scene, host: &str) -> Vec<String> {
    scene.peer.seen(|seen| seen.authority == host).into_iter().map(|seen| seen.path).collect()
}

/// A page of an error without the number of its request, which is another each time.
fn without_request(page: &str) -> String {
    match page.split_once("Request <code>") {
        Some((before, behind)) => format!("{before}{}", behind.split_once("</code>").map_or(behind, |(_, rest)| rest)),
        None => page.to_owned(),
    }
}
