//! A peer that lies, tricks and floods, over real sockets (SECURITY A, B, C8-C10). Each test is named after the class of
//! hole that it tries; docs/SECURITY-TESTS.md has the whole list, with the classes that other tests hold.

mod forwarded;
mod inward;
mod overheard;
mod shared;

use crate::{
    certificates::Authority,
    instance::until,
    peer::{ACTIVITY_JSON, Answer, JRD_JSON, Peer, Seen},
    scene::{CONTEXT, Scene, note},
    sign::{SigningKey, body_digest, http_date},
    web::Reply,
};
use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use dassie::{
    federation::signature::{ProofKey, PublicKey, RequestParts, proof, verify},
    limits,
    moderation::domain,
    reach,
};
use http::{HeaderMap, HeaderName, Method};
use inward::Inward;
use serde_json::{Value, json};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use storage::{
    Timestamp,
    moderation::Severity,
    user::{self, Role},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinSet,
};
use url::Url;

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a1_a_redirect_gives_nobody_anothers_name() {
    let scene = scene().await;
    scene.serve_actor(VIC, json!({}));
    let own = "https://victim.test/notes/1";
    scene.serve_note(own, VIC, json!({}));
    scene.peer.serve("https://evil.test/notes/1", Answer::Redirect(own.to_owned()));
    let found = resolved(&scene, "https://evil.test/notes/1").await.expect("it leads there");
    assert_eq!((&found["uri"], &found["account"]["acct"]), (&json!(own), &json!("vic@victim.test")), "its own word");

    // A redirector at the victim's: what lies behind it is not the victim's.
    for (number, id) in ["https://victim.test/notes/2", "https://victim.test/open?to=2", "https://evil.test/forged/2"]
        .into_iter()
        .enumerate()
    {
        let forged = format!("https://evil.test/forged/{number}");
        let door = format!("https://victim.test/open?to={number}");
        scene.peer.serve(&door, Answer::Redirect(forged.clone()));
        scene.peer.serve(&forged, Answer::document(&note(id, VIC, json!({}))));
        assert_eq!(resolved(&scene, &door).await, None, "{id}");
        assert_eq!(stored(&scene, id).await, None, "{id}");
    }

    // A mask: an id of the evil server that leads to the victim's actor.
    let mask = "https://evil.test/users/mask";
    scene.peer.serve(mask, Answer::Redirect(VIC.to_owned()));
    scene.serve_note("https://evil.test/notes/3", mask, json!({}));
    assert_eq!(resolved(&scene, "https://evil.test/notes/3").await, None, "a note of the mask");
    let sent = "https://evil.test/notes/4";
    scene.serve_note(sent, mask, json!({"to": [scene.alice.uri]}));
    let create = json!({"id": format!("{sent}/activity"), "type": "Create", "actor": mask, "to": [scene.alice.uri],
        "object": note(sent, mask, json!({"to": [scene.alice.uri]}))});
    scene.sends(EVE, create).await;
    // An object of the sender's that leads to the victim's.
    scene.peer.serve("https://evil.test/notes/5", Answer::Redirect("https://victim.test/notes/5".to_owned()));
    let nobodys = json!({"attributedTo": null, "to": [scene.alice.uri]});
    scene.serve_note("https://victim.test/notes/5", VIC, nobodys);
    let create = json!({"id": "https://evil.test/5", "type": "Create", "to": [scene.alice.uri],
        "object": "https://evil.test/notes/5"});
    scene.sends(EVE, create).await;
    let control = json!({"id": "https://evil.test/6", "type": "Create", "to": [scene.alice.uri],
        "object": note("https://evil.test/notes/6", EVE, json!({"to": [scene.alice.uri]}))});
    scene.sends(EVE, control).await;
    assert!(until(|| stored(&scene, "https://evil.test/notes/6")).await.is_some(), "what is her own comes");
    let patience = Duration::from_secs(6);
    assert!(
        scene
            .peer
            .wait_for(patience, |seen| seen.path == "/notes/5" && seen.authority == "victim.test")
            .await
            .is_some()
    );
    for uri in ["https://evil.test/notes/4", "https://evil.test/notes/5", "https://victim.test/notes/5"] {
        assert_eq!(stored(&scene, uri).await, None, "{uri}");
    }
    let vic = known(&scene, VIC).await;
    let all = scene.alice.get(&format!("/api/v1/accounts/{}/statuses", text(&vic, "id"))).await.json();
    let uris: Vec<&Value> = all.as_array().into_iter().flatten().map(|status| &status["uri"]).collect();
    assert_eq!(uris, [&json!(own)], "nothing was put into vic's mouth");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a2_an_uploaded_file_is_never_read_as_a_document() {
    let scene = scene().await;
    let actor = |id: &str| {
        json!({"@context": CONTEXT, "id": id, "type": "Person", "preferredUsername": "up", "inbox": format!("{id}/inbox"),
            "publicKey": {"id": format!("{id}#main-key"), "owner": id, "publicKeyPem": scene.key.public_pem()}})
    };
    scene.serve_actor(VIC, json!({}));
    let kinds = [
        "application/json",
        "application/ld+json",
        "application/ld+json; profile=\"https://victim.test/ns\"",
        "application/octet-stream",
        "image/png",
        "text/html",
        "text/plain",
        "text/plain; x=application/activity+json",
        "",
    ];
    for (number, kind) in kinds.into_iter().enumerate() {
        let (file, upload) =
            (format!("https://victim.test/media/{number}"), format!("https://victim.test/up/{number}"));
        scene.peer.serve(&file, Answer::Body(kind, note(&file, VIC, json!({})).to_string().into()));
        assert_eq!(resolved(&scene, &file).await, None, "a note as {kind:?}");
        scene.peer.serve(&upload, Answer::Body(kind, actor(&upload).to_string().into()));
        let found = scene.alice.search("accounts", &upload, true).await;
        assert_eq!(found, Vec::<Value>::new(), "an actor as {kind:?}");
        let key_id = format!("{upload}#main-key");
        let status = post_as(&scene, &scene.key, &key_id, &follow(&scene, &format!("{upload}/f"), &upload)).await;
        assert_ne!(status, 202, "a key as {kind:?}");
    }
    for (number, kind) in [ACTIVITY_JSON, "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\""]
        .into_iter()
        .enumerate()
    {
        let good = format!("https://victim.test/notes/{number}");
        scene.peer.serve(&good, Answer::Body(kind, note(&good, VIC, json!({})).to_string().into()));
        assert!(resolved(&scene, &good).await.is_some(), "{kind}");
    }
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a3_a_key_that_names_another_owner_is_refused() {
    let scene = scene().await;
    let theirs = SigningKey::generate();
    let own = |id: &str| json!({"id": format!("{id}#main-key"), "owner": id, "publicKeyPem": theirs.public_pem()});
    scene.serve_actor(VIC, json!({"publicKey": own(VIC)}));
    let pem = scene.key.public_pem();
    let stub = |id: &str| json!({"@context": CONTEXT, "id": id, "type": "Key", "owner": VIC, "publicKeyPem": pem});
    for id in ["https://evil.test/key", "https://victim.test/key"] {
        scene.peer.serve(id, Answer::document(&stub(id)));
    }
    let (liar, thief) = ("https://evil.test/users/liar", "https://evil.test/users/thief");
    scene
        .serve_actor(liar, json!({"publicKey": {"id": format!("{liar}#main-key"), "owner": VIC, "publicKeyPem": pem}}));
    let both = json!([
        {"id": format!("{thief}#main-key"), "owner": thief, "publicKeyPem": pem},
        {"id": format!("{VIC}#main-key"), "owner": VIC, "publicKeyPem": pem},
        {"id": format!("{VIC}#second"), "owner": thief, "publicKeyPem": pem},
    ]);
    scene.serve_actor(thief, json!({"publicKey": both}));
    assert_eq!(text(&known(&scene, thief).await, "acct"), "thief@evil.test");
    let refused = [
        ("https://evil.test/key".to_owned(), "a key's document of another server"),
        ("https://victim.test/key".to_owned(), "a key that its owner does not list"),
        (format!("{liar}#main-key"), "an actor's key with another owner"),
        (format!("{VIC}#main-key"), "the victim's key id with another key"),
        (format!("{VIC}#second"), "an id at the victim's that only the thief lists"),
    ];
    for (number, (key_id, what)) in refused.into_iter().enumerate() {
        let id = format!("https://victim.test/follows/{number}");
        let status = post_as(&scene, &scene.key, &key_id, &follow(&scene, &id, VIC)).await;
        assert!(matches!(status, 401 | 503), "{what}: {status}");
    }
    // The key is good, but it is not the actor's: what cannot be asked for at its origin counts for nothing.
    let status =
        post_as(&scene, &scene.key, &format!("{EVE}#main-key"), &follow(&scene, "https://victim.test/f", VIC)).await;
    assert_eq!(status, 202);
    scene.is_quiet().await;
    assert!(!follows_alice(&scene, "vic@victim.test").await);
    let status =
        post_as(&scene, &theirs, &format!("{VIC}#main-key"), &follow(&scene, "https://victim.test/g", VIC)).await;
    assert_eq!(status, 202, "their own key");
    assert!(until(|| async { follows_alice(&scene, "vic@victim.test").await.then_some(()) }).await.is_some());
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a4_a_signature_counts_for_what_it_covers_and_once() {
    let scene = scene().await;
    let key_id = format!("{EVE}#main-key");
    let date = http_date(scene.instance.now_ms());
    let body = follow(&scene, "https://evil.test/f/1", EVE).to_string();
    let other = follow(&scene, "https://evil.test/f/2", EVE).to_string();
    let good = scene.key.post(&key_id, "local.test", "/inbox", &date, body.as_bytes());
    let with = |name: &str, value: &str| -> Vec<(String, String)> {
        let replace = |(known, old): &(String, String)| {
            (known.clone(), if known == name { value.to_owned() } else { old.clone() })
        };
        good.iter().map(replace).collect()
    };
    let and = |name: &str, value: &str| [good.clone(), vec![(name.to_owned(), value.to_owned())]].concat();
    let value = |name: &str| good.iter().find(|(known, _)| known == name).expect("it is there").1.clone();
    let digest = body_digest(body.as_bytes());
    let whole = [("(request-target)", "post /inbox"), ("host", "local.test"), ("date", &date), ("digest", &digest)];
    let rsa = |text: &str| scene.key.sign(text);
    // The public key is no secret: nobody who signs with its letters has it.
    let secret = hmac::Key::new(hmac::HMAC_SHA256, scene.key.public_pem().as_bytes());
    let confused = |text: &str| STANDARD.encode(hmac::sign(&secret, text.as_bytes()).as_ref());
    let old = http_date(scene.instance.now_ms() - 2 * 60 * 60 * 1_000);
    let repeated = format!("{},keyId=\"{VIC}#main-key\"", value("Signature"));
    let cases = [
        ("another body", good.clone(), &other),
        ("another body with its digest", with("Digest", &body_digest(other.as_bytes())), &other),
        ("two signatures", and("Signature", &value("Signature")), &body),
        ("two digests", and("Digest", &body_digest(other.as_bytes())), &body),
        ("two dates", and("Date", &old), &body),
        ("a parameter twice", with("Signature", &repeated), &body),
        ("HMAC under the public key", with("Signature", &signature(&key_id, &whole, confused, "hmac-sha256")), &body),
        ("HMAC that calls itself hs2019", with("Signature", &signature(&key_id, &whole, confused, "hs2019")), &body),
        ("the date alone", with("Signature", &signature(&key_id, &whole[2..3], rsa, "rsa-sha256")), &body),
        ("no digest", with("Signature", &signature(&key_id, &whole[..3], rsa, "rsa-sha256")), &body),
        ("neither target nor digest", with("Signature", &signature(&key_id, &whole[1..3], rsa, "rsa-sha256")), &body),
        ("two hours ago", scene.key.post(&key_id, "local.test", "/inbox", &old, body.as_bytes()), &body),
        ("for another server", scene.key.post(&key_id, "other.test", "/inbox", &date, body.as_bytes()), &body),
    ];
    // Her key is known, so nothing is refused for want of it.
    assert_eq!(text(&known(&scene, EVE).await, "acct"), "eve@evil.test");
    for (what, headers, body) in cases {
        let headers: Vec<_> = headers
            .into_iter()
            .map(|(name, value)| if name == "Host" { (name, "local.test".to_owned()) } else { (name, value) })
            .collect();
        assert_eq!(post_raw(&scene, "/inbox", &headers, body).await, 401, "{what}");
    }
    assert_eq!(post_raw(&scene, "/users/alice/inbox", &good, &body).await, 401, "another target");
    scene.is_quiet().await;
    assert!(!follows_alice(&scene, "eve@evil.test").await);

    assert_eq!(post_raw(&scene, "/inbox", &good, &body).await, 202);
    assert!(until(|| async { follows_alice(&scene, "eve@evil.test").await.then_some(()) }).await.is_some());
    let undo =
        json!({"id": "https://evil.test/u/1", "type": "Undo", "object": follow(&scene, "https://evil.test/f/1", EVE)});
    scene.sends(EVE, undo).await;
    assert!(until(|| async { (!follows_alice(&scene, "eve@evil.test").await).then_some(()) }).await.is_some());
    assert_eq!(post_raw(&scene, "/inbox", &good, &body).await, 202, "the same once more");
    scene.is_quiet().await;
    assert!(!follows_alice(&scene, "eve@evil.test").await, "what was done is not done again by whoever overheard it");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a5_nothing_of_json_ld_has_a_meaning() {
    let scene = scene().await;
    scene.serve_actor(VIC, json!({}));
    let forged = |number: u32| note(&format!("https://victim.test/forged/{number}"), VIC, json!({}));
    // What a processor of JSON-LD would find is not what stands there.
    let hidden = json!({
        "@graph": [forged(1)], "@included": [forged(2)], "@reverse": {"attributedTo": {"@id": VIC}}, "@nest": forged(3),
        "as:attributedTo": VIC, "https://www.w3.org/ns/activitystreams#attributedTo": [{"@id": VIC}],
    });
    scene.serve_note("https://evil.test/notes/1", EVE, hidden);
    let found = resolved(&scene, "https://evil.test/notes/1").await.expect("a note with more beside it");
    assert_eq!(text(&found["account"], "acct"), "eve@evil.test");
    for (path, document) in [
        ("graph", json!({"@context": CONTEXT, "@graph": [note("https://evil.test/graph", EVE, json!({}))]})),
        ("list", json!([note("https://evil.test/list", EVE, json!({}))])),
        (
            "aliased",
            json!({"@context": CONTEXT, "@id": "https://evil.test/aliased", "@type": "Note",
            "attributedTo": EVE, "content": "x", "to": [format!("{CONTEXT}#Public")]}),
        ),
        (
            "renamed",
            json!({"@context": [CONTEXT, {"author": "as:attributedTo"}], "id": "https://evil.test/renamed",
            "type": "Note", "author": EVE, "content": "x", "to": [format!("{CONTEXT}#Public")]}),
        ),
    ] {
        let url = format!("https://evil.test/{path}");
        scene.peer.serve(&url, Answer::document(&document));
        assert_eq!(resolved(&scene, &url).await, None, "{path}");
    }
    for (path, twice) in [("author", "\"attributedTo\""), ("type", "\"type\""), ("id", "\"id\"")] {
        let url = format!("https://evil.test/twice/{path}");
        let once = note(&url, EVE, json!({})).to_string();
        let text = format!("{{{twice}:\"{VIC}\",{}", &once[1..]);
        scene.peer.serve(&url, Answer::Body(ACTIVITY_JSON, text.into()));
        assert_eq!(resolved(&scene, &url).await, None, "{path} given twice");
    }
    // A signature of linked data is no signature, whoever passes it on.
    let mut signed = follow(&scene, "https://victim.test/f/1", VIC);
    signed["signature"] = json!({"type": "RsaSignature2017", "creator": format!("{VIC}#main-key"),
        "created": "2026-12-01T12:00:00Z", "signatureValue": scene.key.sign("anything")});
    scene.sends(EVE, signed).await;
    scene.is_quiet().await;
    assert!(!follows_alice(&scene, "vic@victim.test").await);
    for number in 1..4 {
        assert_eq!(stored(&scene, &format!("https://victim.test/forged/{number}")).await, None);
    }
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a6_a_proof_speaks_for_its_own_actor_and_its_own_words() {
    let scene = scene().await;
    let (of_vic, of_eve) = (ProofKey::generate().expect("a key"), ProofKey::generate().expect("a key"));
    let method = |actor: &str| format!("{actor}#ed25519-key");
    let listed = |actor: &str, key: &ProofKey| {
        json!({"assertionMethod": [{"id": method(actor), "type": "Multikey", "controller": actor,
            "publicKeyMultibase": key.multikey()}]})
    };
    scene.serve_actor(VIC, listed(VIC, &of_vic));
    scene.serve_actor(EVE, listed(EVE, &of_eve));
    let now = Timestamp(scene.instance.now_ms());
    let proved = |number: u32, key: &ProofKey, by: &str, at: Timestamp| {
        let mut activity = follow(&scene, &format!("https://victim.test/f/{number}"), VIC);
        let members = activity.as_object_mut().expect("an object");
        members.insert("to".to_owned(), json!([format!("{CONTEXT}#Public")]));
        proof::attach(members, key, &method(by), at).expect("it is made");
        activity
    };
    let with = |mut activity: Value, name: &str, value: Value| {
        activity[name] = value;
        activity
    };
    let purpose = |mut activity: Value, purpose: &str| {
        activity["proof"]["proofPurpose"] = json!(purpose);
        activity
    };
    let cases = [
        ("by another's key", proved(1, &of_eve, EVE, now)),
        ("by another's key in the victim's name", proved(2, &of_eve, VIC, now)),
        ("for another id", with(proved(3, &of_vic, VIC, now), "id", json!("https://victim.test/f/33"))),
        ("with something added", with(proved(4, &of_vic, VIC, now), "summary", json!("x"))),
        ("of eight days ago", proved(5, &of_vic, VIC, now.plus_ms(-8 * 24 * 60 * 60 * 1_000))),
        ("for another purpose", purpose(proved(6, &of_vic, VIC, now), "authentication")),
        (
            "of something inside",
            with(follow(&scene, "https://victim.test/f/7", VIC), "instrument", proved(77, &of_vic, VIC, now)),
        ),
        ("two of them", {
            let one = proved(8, &of_vic, VIC, now);
            let twice = json!([one["proof"], proved(8, &of_eve, EVE, now)["proof"]]);
            with(one, "proof", twice)
        }),
    ];
    for (what, activity) in cases {
        let status = post_as(&scene, &scene.key, &format!("{EVE}#main-key"), &activity).await;
        assert!(matches!(status, 202 | 401), "{what}: {status}");
        scene.is_quiet().await;
        assert!(!follows_alice(&scene, "vic@victim.test").await, "{what}");
    }
    let good = proved(9, &of_vic, VIC, now);
    assert_eq!(post_as(&scene, &scene.key, &format!("{EVE}#main-key"), &good).await, 202);
    let heard = until(|| async { follows_alice(&scene, "vic@victim.test").await.then_some(()) }).await;
    assert!(heard.is_some(), "a good one counts, whoever brings it");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a7_a_handle_counts_where_both_servers_say_the_same() {
    let scene = scene().await;
    scene.serve_actor(VIC, json!({}));
    let jrd = |subject: &str, actor: &str| {
        Answer::jrd(&json!({"subject": format!("acct:{subject}"), "links":
            [{"rel": "self", "type": "application/activity+json", "href": actor}]}))
    };
    let finger = |handle: &str, answer: Answer| {
        let host = handle.split_once('@').expect("a handle").1;
        let url = format!("https://{host}/.well-known/webfinger?resource=acct%3A{}", handle.replace('@', "%40"));
        scene.peer.serve(&url, answer);
    };
    let person = |id: &str, name: &str, more: Value| {
        let mut actor = json!({"@context": CONTEXT, "id": id, "type": "Person", "preferredUsername": name,
            "inbox": format!("{id}/inbox")});
        if let (Some(actor), Value::Object(more)) = (actor.as_object_mut(), more) {
            actor.extend(more);
        }
        scene.peer.serve(id, Answer::document(&actor));
    };
    let (fake, claims, mask) =
        ("https://evil.test/users/vic", "https://evil.test/users/claims", "https://evil.test/users/mask");
    // The evil server says that its actor is called as the victim is.
    person(fake, "vic", json!({}));
    finger("vic@evil.test", jrd("vic@victim.test", fake));
    // An actor says so of itself, and its server of a handle of its own.
    person(claims, "claims", json!({"webfinger": "vic@victim.test"}));
    finger("claims@evil.test", jrd("claims@evil.test", claims));
    // A handle of the evil server that leads to the victim, straight and over a redirect.
    finger("straight@evil.test", jrd("straight@evil.test", VIC));
    scene.peer.serve(mask, Answer::Redirect(VIC.to_owned()));
    finger("mask@evil.test", jrd("mask@evil.test", mask));
    // The victim's own answer comes from the evil server.
    let borrowed = "https://evil.test/borrowed";
    scene.peer.serve(
        borrowed,
        Answer::Body(JRD_JSON, json!({"subject": "acct:sub@victim.test", "links": []}).to_string().into()),
    );
    finger("sub@victim.test", Answer::Redirect(borrowed.to_owned()));
    for query in [
        "@vic@evil.test",
        fake,
        "@claims@evil.test",
        claims,
        "@straight@evil.test",
        "@mask@evil.test",
        "@sub@victim.test",
    ] {
        for found in scene.alice.search("accounts", query, true).await {
            let (acct, uri) = (text(&found, "acct"), text(&found, "uri"));
            let host = acct.split_once('@').expect("a handle of elsewhere").1;
            assert!(uri.starts_with(&format!("https://{host}/")), "{query} is {acct}, who is {uri}");
        }
    }
    let found = scene.alice.search("accounts", "@vic@victim.test", true).await;
    assert_eq!(found.first().map(|found| &found["uri"]), Some(&json!(VIC)));
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a8_nobody_acts_on_what_is_anothers() {
    let scene = scene().await;
    scene.serve_actor(VIC, json!({"name": "Vic"}));
    scene.serve_actor(MALLORY, json!({}));
    let own = "https://victim.test/notes/1";
    scene.serve_note(own, VIC, json!({}));
    assert!(resolved(&scene, own).await.is_some());
    for stranger in [EVE, MALLORY] {
        known(&scene, stranger).await;
    }
    let vic = text(&known(&scene, VIC).await, "id").to_owned();
    let mine = posts(&scene, "mine", "public").await;
    // What vic did: followed, favourited; what alice did: asked, and was accepted.
    let (like, of_vic) = ("https://victim.test/likes/1", "https://victim.test/f/1");
    scene.sends(VIC, follow(&scene, of_vic, VIC)).await;
    scene.sends(VIC, json!({"id": like, "type": "Like", "object": mine["uri"]})).await;
    assert_eq!(scene.alice.post(&format!("/api/v1/accounts/{vic}/follow"), &[]).await.status, 200);
    let sent = scene.peer.wait_for(Duration::from_secs(6), |seen| {
        seen.json().is_some_and(|sent| sent["type"] == "Follow" && sent["object"] == VIC)
    });
    let asked = sent.await.and_then(|seen| seen.json()).expect("she asks");
    let relation =
        || async { scene.alice.get(&format!("/api/v1/accounts/relationships?id[]={vic}")).await.json()[0].clone() };
    let answer = |kind: &str, by: &str| json!({"id": format!("{by}#{kind}"), "type": kind, "object": asked});
    for other in [EVE, MALLORY] {
        scene.sends(other, answer("Accept", other)).await;
    }
    scene.is_quiet().await;
    assert_eq!(relation().await["following"], false, "only whom she asked accepts");
    scene.sends(VIC, answer("Accept", VIC)).await;
    assert!(until(|| async { (relation().await["following"] == true).then_some(()) }).await.is_some());

    let (hidden, edited) =
        ("https://victim.test/notes/2", json!({"content": "<p>forged</p>", "updated": "2026-11-02T00:00:00Z"}));
    scene.serve_note(hidden, VIC, json!({"to": [scene.alice.uri]}));
    let renamed = json!({"@context": CONTEXT, "id": VIC, "type": "Person", "preferredUsername": "vic", "name": "forged",
        "inbox": format!("{VIC}/inbox")});
    for other in [EVE, MALLORY] {
        let deeds = [
            json!({"type": "Undo", "object": follow(&scene, of_vic, VIC)}),
            json!({"type": "Undo", "object": {"id": of_vic, "type": "Follow", "actor": other, "object": scene.alice.uri}}),
            json!({"type": "Undo", "object": of_vic}),
            json!({"type": "Undo", "object": {"id": like, "type": "Like", "actor": VIC, "object": mine["uri"]}}),
            json!({"type": "Undo", "object": {"id": like, "type": "Like", "actor": other, "object": mine["uri"]}}),
            json!({"type": "Undo", "object": like}),
            answer("Reject", other),
            json!({"type": "Block", "actor": VIC, "object": scene.alice.uri}),
            json!({"type": "Delete", "object": own}),
            json!({"type": "Delete", "object": {"id": own, "type": "Tombstone"}}),
            json!({"type": "Delete", "object": VIC}),
            json!({"type": "Update", "object": note(own, VIC, edited.clone())}),
            json!({"type": "Update", "object": note(own, other, edited.clone())}),
            json!({"type": "Update", "object": hidden}),
            json!({"type": "Create", "object": hidden, "to": [scene.alice.uri]}),
            json!({"type": "Update", "object": renamed}),
            json!({"type": "Move", "object": VIC, "target": other}),
        ];
        for (number, mut deed) in deeds.into_iter().enumerate() {
            deed["id"] = json!(format!("{other}#deed-{number}"));
            scene.sends(other, deed).await;
        }
    }
    scene.is_quiet().await;
    assert!(follows_alice(&scene, "vic@victim.test").await);
    let now = relation().await;
    assert_eq!((&now["following"], &now["blocked_by"]), (&json!(true), &json!(false)));
    let mine = scene.alice.get(&format!("/api/v1/statuses/{}", text(&mine, "id"))).await.json();
    assert_eq!(mine["favourites_count"], 1);
    let seen = stored(&scene, own).await.expect("it is still there");
    assert_eq!((text(&seen, "content"), &seen["edited_at"]), ("<p>words</p>", &Value::Null));
    assert_eq!(stored(&scene, hidden).await, None, "nobody posts another's words");
    assert_eq!(text(&known(&scene, VIC).await, "display_name"), "Vic");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

/// An Undo that comes first is remembered by its id; of another server's thing it says nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a8_nobody_keeps_out_what_another_server_is_still_to_say() {
    let scene = scene().await;
    scene.serve_actor(VIC, json!({}));
    known(&scene, EVE).await;
    let note = "https://victim.test/notes/9";
    scene.serve_note(note, VIC, json!({}));
    let written = |kind: &str| json!({"id": note, "type": kind, "actor": EVE, "object": scene.alice.uri});
    for (number, object) in [json!(note), written("Like"), written("Announce"), written("Follow")].iter().enumerate() {
        let id = format!("{EVE}#undo-{number}");
        scene.sends(EVE, json!({"id": id, "type": "Undo", "object": object})).await;
    }
    scene.is_quiet().await;
    assert!(resolved(&scene, note).await.is_some(), "what its own server says counts");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a9_a_blocked_server_is_met_on_no_way_round() {
    let scene = Scene::start(&["evil.test", "friend.test", "blocked.test", "sub.blocked.test"]).await;
    let (friend, ben, sub) =
        ("https://friend.test/users/fay", "https://blocked.test/users/ben", "https://sub.blocked.test/users/sue");
    for id in [friend, ben, sub] {
        scene.serve_actor(id, json!({}));
    }
    let words = "https://blocked.test/notes/1";
    scene.serve_note(words, ben, json!({}));
    alice_follows(&scene, friend).await;
    block_domain(&scene, "blocked.test").await;

    let public = || format!("{CONTEXT}#Public");
    let inside = json!({"id": format!("{friend}#embedded"), "type": "Announce", "object": note(words, ben, json!({}))});
    scene.sends(friend, json!({"id": format!("{friend}#boost"), "type": "Announce", "object": words})).await;
    scene.sends(friend, inside).await;
    let answer = note(
        "https://friend.test/notes/1",
        friend,
        json!({"content": "<p>words :evil:</p>", "inReplyTo": words, "quote": words, "quoteUrl": words,
        "attachment": [{"type": "Image", "mediaType": "image/png", "url": "https://blocked.test/a.png"}],
        "tag": [{"type": "Mention", "href": ben, "name": "@ben@blocked.test"},
            {"type": "Emoji", "name": ":evil:", "icon": {"type": "Image", "url": "https://sub.blocked.test/e.png"}}]}),
    );
    scene
        .sends(friend, json!({"id": format!("{friend}#c"), "type": "Create", "to": [public()], "object": answer}))
        .await;
    let shown = until(|| stored(&scene, "https://friend.test/notes/1")).await.expect("what a friend says comes");
    scene.is_quiet().await;
    for url in [
        &shown["media_attachments"][0]["url"],
        &shown["media_attachments"][0]["preview_url"],
        &shown["emojis"][0]["url"],
    ] {
        let path = url.as_str().and_then(|url| url.strip_prefix("https://local.test")).expect("an address of ours");
        assert_ne!(scene.instance.get(path).await.status, 200, "{path}");
    }
    let sneaky = note("https://friend.test/notes/2", friend, json!({}));
    scene.peer.serve("https://friend.test/r", Answer::Redirect(words.to_owned()));
    scene.peer.serve("https://friend.test/notes/2", Answer::document(&sneaky));
    for query in [
        words,
        ben,
        sub,
        "@ben@blocked.test",
        "@ben@BLOCKED.test.",
        "https://Sub.Blocked.TEST./users/sue",
        "https://blocked.test:443/users/ben",
        "https://ｂlocked.test/users/ben",
    ] {
        for what in ["statuses", "accounts"] {
            assert_eq!(scene.alice.search(what, query, true).await, Vec::<Value>::new(), "{query}");
        }
    }
    assert_eq!(asked_of(&scene, "blocked.test"), Vec::<String>::new());
    assert_eq!(asked_of(&scene, "sub.blocked.test"), Vec::<String>::new());
    // Where a page leads is known only once it is asked; what stands there counts for nothing.
    assert_eq!(resolved(&scene, "https://friend.test/r").await, None);
    assert_eq!(stored(&scene, words).await, None);
    for key_id in [
        format!("{ben}#main-key"),
        format!("{sub}#main-key"),
        "https://Sub.Blocked.TEST./users/sue#main-key".to_owned(),
    ] {
        let actor = key_id.split('#').next().unwrap_or_default().to_owned();
        let status = post_as(&scene, &scene.key, &key_id, &follow(&scene, &format!("{actor}/f"), &actor)).await;
        assert_eq!(status, 403, "{key_id}");
    }
    // Somebody else passes on what the blocked say.
    let relayed = json!({"@context": CONTEXT, "id": "https://blocked.test/c", "type": "Create", "actor": ben,
        "to": [public(), scene.alice.uri], "object": note(words, ben, json!({"to": [public(), scene.alice.uri]}))});
    assert_eq!(post_as(&scene, &scene.key, &format!("{friend}#main-key"), &relayed).await, 403);
    let mine = posts(&scene, "for all but them", "public").await;
    let path = text(&mine, "uri").replace("https://local.test", "");
    assert_eq!(get_as(&scene, ben, &path).await.status, 403);
    scene.is_quiet().await;
    let home = scene.alice.get("/api/v1/timelines/home").await.json().to_string();
    assert!(!home.contains("blocked.test/notes"), "{home}");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a10_consent_to_a_quote_is_not_got_by_a_detour() {
    let scene = scene().await;
    scene.serve_actor(VIC, json!({}));
    let quoted = "https://victim.test/notes/1";
    scene.serve_note(quoted, VIC, json!({}));
    // An address of the quoter's that leads to what is quoted, and stamps for it from where the quoter pleases.
    let detour = "https://evil.test/detour";
    scene.peer.serve(detour, Answer::Redirect(quoted.to_owned()));
    for (number, author) in [EVE, VIC].into_iter().enumerate() {
        let (quoting, stamp) =
            (format!("https://evil.test/notes/{number}"), format!("https://evil.test/stamps/{number}"));
        let document = json!({"@context": CONTEXT, "id": stamp, "type": "QuoteAuthorization", "attributedTo": author,
            "interactingObject": quoting, "interactionTarget": detour});
        scene.peer.serve(&stamp, Answer::document(&document));
        scene.serve_note(&quoting, EVE, json!({"quote": detour, "quoteAuthorization": stamp}));
        assert!(resolved(&scene, &quoting).await.is_some());
        scene.is_quiet().await;
        let seen = stored(&scene, &quoting).await.expect("it is there");
        assert_eq!(seen["quote"], json!({"state": "pending", "quoted_status": null}), "a stamp by {author}");
    }
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a11_a_disguised_host_is_nobody() {
    let scene = scene().await;
    scene.serve_actor(VIC, json!({}));
    scene.peer.host(
        "evil.test",
        Answer::Make(Arc::new(|seen| {
            Answer::document(&note(&format!("https://evil.test{}", seen.path), EVE, json!({})))
        })),
    );
    for disguised in [
        "https://victim.test@evil.test/n",
        "https://victim.test:x@evil.test/n",
        "https://victim.test\\@evil.test/n",
        "https://victim.test%2f@evil.test/n",
        "https:evil.test/n",
        "https:/evil.test/n",
        "https:///evil.test/n",
        "https://evil.test/n\u{0}",
        "https://evil.test\t/n",
        "http:\\\\evil.test\\n",
        "javascript:https://evil.test/n",
        "file://evil.test/n",
    ] {
        assert_eq!(resolved(&scene, disguised).await, None, "{disguised}");
    }
    assert!(resolved(&scene, "https://evil.test/n").await.is_some(), "undisguised it is found");
    for (number, actor) in [
        "https://victim.test@evil.test/users/eve",
        "https://VICTIM.test./users/vic",
        "https://victim。test/users/vic",
        "https://victim.test:443/users/vic",
        "https://evil.test%00.victim.test/users/eve",
    ]
    .into_iter()
    .enumerate()
    {
        for id in [format!("https://evil.test/f/{number}"), format!("https://victim.test/f/{number}")] {
            let status = post_as(&scene, &scene.key, &format!("{EVE}#main-key"), &follow(&scene, &id, actor)).await;
            assert!(matches!(status, 202 | 401), "{actor}: {status}");
        }
    }
    scene.is_quiet().await;
    let followers = scene.alice.get(&format!("/api/v1/accounts/{}/followers", scene.alice.id)).await.json();
    assert_eq!(followers, json!([]));
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a12_what_a_signature_opened_stays_shut_to_others() {
    let scene = scene().await;
    scene.serve_actor(VIC, json!({}));
    known(&scene, EVE).await;
    scene.sends(VIC, follow(&scene, "https://victim.test/f/1", VIC)).await;
    assert!(until(|| async { follows_alice(&scene, "vic@victim.test").await.then_some(()) }).await.is_some());
    let private = posts(&scene, "for followers", "private").await;
    let public = posts(&scene, "for all", "public").await;
    let path = |status: &Value| text(status, "uri").replace("https://local.test", "");
    let (of_private, of_public) = (path(&private), path(&public));
    for path in [of_private.clone(), format!("{of_private}/activity")] {
        let before = get_unsigned(&scene, &path).await;
        assert_eq!(before.status, 404, "{path}");
        assert_eq!(before.header("cache-control"), Some("private, no-store"), "nor may a cache give it to a follower");
        let opened = get_as(&scene, VIC, &path).await;
        assert_eq!(opened.status, 200, "{path}: {}", opened.text());
        assert!(opened.text().contains("for followers"), "{}", opened.text());
        assert_eq!(opened.header("cache-control"), Some("private, no-store"), "{path}");
        let vary = opened.header("vary").unwrap_or_default().to_lowercase();
        for name in ["accept", "signature", "authorization"] {
            assert!(vary.contains(name), "{path}: {vary}");
        }
        for other in [get_unsigned(&scene, &path).await, get_as(&scene, EVE, &path).await] {
            assert_eq!((other.status, other.text()), (404, before.text()), "{path}");
        }
    }
    let signed = get_as(&scene, VIC, &of_public).await;
    assert_eq!(signed.header("cache-control"), Some("private, no-store"), "whatever depended on a signature");
    let open = get_unsigned(&scene, &of_public).await;
    assert!(open.header("cache-control").is_some_and(|value| value.starts_with("public")), "{:?}", open.headers);
    for nothing in ["/users/nobody", "/@nobody", "/.well-known/webfinger?resource=acct:nobody@local.test", "/nowhere"] {
        let missing = get_unsigned(&scene, nothing).await;
        assert_eq!((missing.status, missing.header("cache-control")), (404, Some("private, no-store")), "{nothing}");
    }
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b1_no_document_and_no_redirect_leads_inwards() {
    // In a lab, where this machine may be asked, each of these places is asked.
    let peer = Peer::start(&Authority::new());
    let lab = Inward::start(reach::Reach::lab()).await;
    lab.is_led_to(&format!("http://{}", peer.plain), 0).await;
    let places = ["/picture.png", "/emoji.png", "/avatar.png", "/page", "/parent", "/quoted", "/searched", "/stranger"];
    let asked = |path: &&str| !peer.seen(|seen| seen.path == *path).is_empty();
    let not_asked: Vec<&str> = places.into_iter().filter(|path| !asked(path)).collect();
    assert_eq!(not_asked, Vec::<&str>::new(), "nothing is learned from what is never asked");
    lab.stop().await;

    // Outside of a lab nobody knocks.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a socket");
    let port = listener.local_addr().expect("an address").port();
    let public = Inward::start(reach::Reach::Public).await;
    for (number, base) in [
        format!("http://127.0.0.1:{port}"),
        format!("https://127.0.0.1:{port}"),
        "https://127.0.0.1".to_owned(),
        format!("https://[::ffff:127.0.0.1]:{port}"),
        "https://[::ffff:127.0.0.1]".to_owned(),
        format!("https://localhost:{port}"),
        "https://printer.localhost".to_owned(),
        "https://169.254.169.254".to_owned(),
    ]
    .iter()
    .enumerate()
    {
        public.is_led_to(base, number).await;
    }
    let visitor = listener.accept();
    assert!(visitor.is_err(), "one of the places was asked: {visitor:?}");
    public.stop().await;

    // A redirect is looked at like an address of its own: to this server itself, and to what is not on the web.
    let scene = scene().await;
    scene.instance.reach.map("local.test:443", reach::Target { address: scene.peer.tls, plain: false });
    for (number, inner) in [
        "https://local.test/inner",
        "https://local.test:443/inner",
        "https://LOCAL.test./inner",
        "https://evil.test@local.test/inner",
        "file:///etc/passwd",
        "gopher://victim.test/",
    ]
    .into_iter()
    .enumerate()
    {
        let door = format!("https://evil.test/doors/{number}");
        scene.peer.serve(&door, Answer::Redirect(inner.to_owned()));
        assert_eq!(resolved(&scene, &door).await, None, "{inner}");
        assert_eq!(scene.peer.seen(|seen| seen.path == format!("/doors/{number}")).len(), 1, "{inner}");
    }
    let inside = scene.peer.seen(|seen| seen.path == "/inner" || seen.authority != "evil.test");
    assert!(inside.is_empty(), "{inside:?}");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b2_a_redirect_ends_and_takes_no_signature_along() {
    let scene = scene().await;
    scene.serve_actor(VIC, json!({}));
    let (evil, victim) = ("https://evil.test", "https://victim.test");
    // To itself, to and fro, and ever further.
    scene.peer.serve(&format!("{evil}/loop"), Answer::Redirect(format!("{evil}/loop")));
    scene.peer.serve(&format!("{evil}/to"), Answer::Redirect(format!("{victim}/fro")));
    scene.peer.serve(&format!("{victim}/fro"), Answer::Redirect(format!("{evil}/to")));
    let further = |seen: &Seen| Answer::Redirect(format!("https://evil.test/further?{}", seen.path.len()));
    scene.peer.serve(&format!("{evil}/further"), Answer::Make(Arc::new(further)));
    for (first, paths) in [("loop", ["/loop", "/loop"]), ("to", ["/to", "/fro"]), ("further", ["/further", "/further"])]
    {
        assert_eq!(resolved(&scene, &format!("{evil}/{first}")).await, None, "{first}");
        let turns = scene.peer.seen(|seen| paths.iter().any(|path| seen.path.starts_with(path))).len();
        assert_eq!(turns, limits::REDIRECTS_MAX + 1, "{first}");
    }

    // What one server was shown is worth nothing to another, and the other is shown its own.
    scene.peer.serve(&format!("{evil}/away"), Answer::Redirect(format!("{victim}/elsewhere")));
    assert_eq!(resolved(&scene, &format!("{evil}/away")).await, None);
    let one =
        |path: &str| scene.peer.seen(|seen| seen.path == path).pop().unwrap_or_else(|| panic!("{path}: not asked"));
    let (at_evil, at_victim) = (one("/away"), one("/elsewhere"));
    let actor = get_unsigned(&scene, "/actor").await.json();
    let key = PublicKey::from_pem(text(&actor["publicKey"], "publicKeyPem")).expect("a key");
    let now = Timestamp(scene.instance.now_ms());
    let holds = |seen: &Seen, path: &str, host: &str| {
        let mut headers = HeaderMap::new();
        for (name, value) in &seen.headers {
            let value = if name == "host" { host } else { value.as_str() };
            headers.append(HeaderName::try_from(name.as_str()).expect("a name"), value.parse().expect("a value"));
        }
        let origin = Url::parse(&format!("https://{host}")).expect("a URL");
        let parts = RequestParts { method: &Method::GET, path_and_query: path, headers: &headers, body: b"" };
        verify(&parts, &key, now, &origin).is_ok()
    };
    assert!(holds(&at_evil, "/away", "evil.test") && holds(&at_victim, "/elsewhere", "victim.test"), "each its own");
    assert!(!holds(&at_evil, "/away", "victim.test") && !holds(&at_evil, "/elsewhere", "victim.test"));
    assert!(!at_victim.headers.iter().any(|(_, value)| value.contains("evil.test")), "{at_victim:?}");

    // An inbox that leads elsewhere sends nothing there.
    scene.peer.route("POST", &format!("{EVE}/inbox"), Answer::Redirect(format!("{victim}/chosen")));
    scene.sends(EVE, follow(&scene, "https://evil.test/f/1", EVE)).await;
    let posted =
        scene.peer.wait_for(Duration::from_secs(6), |seen| seen.method == "POST" && seen.authority == "evil.test");
    assert!(posted.await.is_some(), "she is answered");
    scene.sends(VIC, follow(&scene, "https://victim.test/f/1", VIC)).await;
    assert!(until(|| async { scene.peer.delivered("victim.test").pop() }).await.is_some(), "others are answered, too");
    assert!(!asked_of(&scene, "victim.test").contains(&"/chosen".to_owned()));
    scene.instance.running.stop().await.expect("it stops");
}

/// Leads `host` to a server that answers with lines of a header without end; it ends with what is returned.
async fn serve_endless_headers(scene: &Scene, host: &str) -> JoinSet<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    scene.instance.reach.map(&format!("{host}:443"), reach::Target { address, plain: true });
    let mut serving = JoinSet::new();
    serving.spawn(async move {
        let mut open = JoinSet::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            open.spawn(async move {
                let mut request = [0; 4096];
                let Ok(1..) = stream.read(&mut request).await else { return };
                let mut sent = stream.write_all(b"HTTP/1.1 200 OK\r\n").await;
                while sent.is_ok() {
                    sent = stream.write_all(b"X-More: and more\r\n").await;
                }
            });
        }
    });
    serving
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b3_answers_without_end_hold_up_nobody_else() {
    let scene = scene().await;
    scene.serve_actor(VIC, json!({}));
    let flood = serve_endless_headers(&scene, "flood.test").await;
    // What grows is left at its bound.
    let spaces = Bytes::from(vec![b' '; 16 * 1024]);
    scene.peer.serve("https://evil.test/endless", Answer::Endless(ACTIVITY_JSON, "", spaces.clone(), spaces));
    for url in ["https://evil.test/endless", "https://flood.test/endless"] {
        let begun = Instant::now();
        assert_eq!(resolved(&scene, url).await, None, "{url}");
        // Long before the 10 s that a header may take, and the 30 s of an answer.
        assert!(begun.elapsed() < Duration::from_secs(8), "{url} took {:?}", begun.elapsed());
    }

    // What drips or never begins is waited for by whoever asked, and by nobody else.
    let mut held = JoinSet::new();
    for (path, answer) in [
        ("/hang", Answer::Hang),
        ("/drip", Answer::Drip(ACTIVITY_JSON, Duration::from_millis(100))),
        ("/key", Answer::Drip(ACTIVITY_JSON, Duration::from_millis(100))),
    ] {
        scene.peer.serve(&format!("https://evil.test{path}"), answer);
    }
    for path in ["/hang", "/drip"] {
        let (alice, url) = (scene.alice.clone(), format!("https://evil.test{path}"));
        held.spawn(async move { alice.search("statuses", &url, true).await });
        let asked = scene.peer.wait_for(Duration::from_secs(6), |seen| seen.path == path);
        assert!(asked.await.is_some(), "{path} is asked for");
    }
    let begun = Instant::now();
    let actor = "https://evil.test/key";
    let asking = follow(&scene, "https://evil.test/key#follow", actor);
    let status = post_as(&scene, &scene.key, &format!("{actor}#main-key"), &asking).await;
    assert_eq!(status, 503, "a key that does not come is not waited for");
    let most = Duration::from_millis(limits::KEY_WAIT_MS) + Duration::from_secs(5);
    assert!(begun.elapsed() < most, "it was waited for: {:?}", begun.elapsed());
    scene.serve_note("https://victim.test/notes/1", VIC, json!({}));
    assert!(resolved(&scene, "https://victim.test/notes/1").await.is_some(), "another server is read meanwhile");
    scene.sends(VIC, follow(&scene, "https://victim.test/f/1", VIC)).await;
    assert!(
        until(|| async { follows_alice(&scene, "vic@victim.test").await.then_some(()) }).await.is_some(),
        "and heard"
    );
    assert_eq!(resolved(&scene, "https://evil.test/endless").await, None);
    let asked = scene.peer.seen(|seen| seen.path == "/endless").len();
    assert_eq!(asked, 1, "what failed is not asked for again");
    drop((held, flood));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b4_a_million_of_anything_is_refused() {
    let scene = scene().await;
    known(&scene, EVE).await;
    let wide = |count: usize, element: &str| {
        let list = vec![element; count].join(",");
        format!(
            "{{\"@context\":\"{CONTEXT}\",\"id\":\"https://evil.test/w\",\"type\":\"Create\",\"actor\":\"{EVE}\",\"to\":[{list}]}}"
        )
    };
    let date = http_date(scene.instance.now_ms());
    for (what, body, expected) in [
        ("a million addressees", wide(1_000_000, "\"a\""), 413),
        ("60 000 addressees", wide(60_000, "\"a\""), 400),
        ("60 000 empty objects", wide(60_000, "{}"), 400),
    ] {
        let headers = scene.key.post(&format!("{EVE}#main-key"), "local.test", "/inbox", &date, body.as_bytes());
        assert_eq!(post_raw(&scene, "/inbox", &headers, &body).await, expected, "{what}");
    }
    let addressees = vec![json!("https://evil.test/users/x"); 20_000];
    for (path, body) in [
        ("wide", note("https://evil.test/wide", EVE, json!({"to": vec![json!("a"); 60_000]})).to_string()),
        ("deep", format!("{{\"id\":{}", "[".repeat(100_000))),
        ("digits", format!("{{\"id\":{}}}", "1".repeat(900_000))),
        ("nul", "{\"id\":\"https://evil.test/nul\",\"\\u0000\":1}".to_owned()),
        ("half", "{\"id\":\"\\ud800\"}".to_owned()),
    ] {
        let url = format!("https://evil.test/{path}");
        scene.peer.serve(&url, Answer::Body(ACTIVITY_JSON, body.into()));
        assert_eq!(resolved(&scene, &url).await, None, "{path}");
    }
    // What is only wide within the bounds is read as far as its lists go.
    scene.serve_note("https://evil.test/many", EVE, json!({"cc": addressees}));
    assert!(resolved(&scene, "https://evil.test/many").await.is_some());
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b5_one_cause_asks_for_a_bounded_number_of_things() {
    let scene = scene().await;
    // Every status answers one before it, for ever; each by somebody else, and naming five hundred more.
    scene.peer.host(
        "evil.test",
        Answer::Make(Arc::new(|seen| {
            let number = |path: &str| path.rsplit('/').next().and_then(|last| last.parse::<u64>().ok()).unwrap_or(0);
            let named = |kind: &str, number: u64| format!("https://evil.test/{kind}/{number}");
            if seen.path.starts_with("/chain/") {
                let at = number(&seen.path);
                let tags: Vec<Value> =
                    (0..500).map(|one| json!({"type": "Mention", "href": named("named", at * 1_000 + one)})).collect();
                return Answer::document(&note(
                    &named("chain", at),
                    &named("people", at),
                    json!({"inReplyTo": named("chain", at + 1), "quote": named("quoted", at), "tag": tags,
                    "replies": named("replies", at), "to": [format!("{CONTEXT}#Public")]}),
                ));
            }
            if seen.path.starts_with("/quoted/") {
                let at = number(&seen.path);
                return Answer::document(&note(&named("quoted", at), EVE, json!({"quote": named("quoted", at + 1)})));
            }
            if seen.path.starts_with("/replies/") || seen.path.starts_with("/featured/") {
                let at = number(&seen.path);
                return Answer::document(
                    &json!({"@context": CONTEXT, "id": named("replies", at), "type": "Collection",
                "next": named("replies", at + 1), "first": named("replies", at + 1), "items": [named("chain", at)]}),
                );
            }
            if seen.path.starts_with("/people/") {
                let at = number(&seen.path);
                return Answer::document(&json!({"@context": CONTEXT, "id": named("people", at), "type": "Person",
                "preferredUsername": format!("p{at}"), "inbox": format!("{}/inbox", named("people", at)),
                "featured": named("featured", at), "outbox": named("replies", at), "followers": named("people", at)}));
            }
            if let Some((_, handle)) = seen.path.split_once("resource=acct%3Ap") {
                let at = handle.split('%').next().and_then(|at| at.parse::<u64>().ok()).unwrap_or(0);
                return Answer::jrd(&json!({"subject": format!("acct:p{at}@evil.test"), "links":
                [{"rel": "self", "type": "application/activity+json", "href": named("people", at)}]}));
            }
            Answer::Status(404)
        })),
    );
    let create = json!({"id": "https://evil.test/c", "type": "Create", "to": [scene.alice.uri],
        "object": note("https://evil.test/notes/1", EVE, json!({"inReplyTo": "https://evil.test/chain/0",
            "to": [scene.alice.uri, format!("{CONTEXT}#Public")]}))});
    scene.sends(EVE, create).await;
    assert!(until(|| stored(&scene, "https://evil.test/notes/1")).await.is_some());
    scene.instance.clock.advance(limits::FETCH_SPREAD_MS);
    let reaches = |path: &'static str| {
        let peer = &scene.peer;
        until(move || async move { (!peer.seen(|seen| seen.path == path).is_empty()).then_some(()) })
    };
    assert!(reaches("/chain/5").await.is_some(), "some of the thread is read");
    scene.is_quiet().await;
    let count = asked_of(&scene, "evil.test").len();
    let of = |kind: &str| scene.peer.seen(|seen| seen.path.starts_with(kind)).len();
    println!("{count} requests: {} statuses, {} quotes, {} people", of("/chain/"), of("/quoted/"), of("/people/"));
    assert!(of("/chain/") <= 51, "{} ancestors", of("/chain/"));
    assert!(count <= 400, "{count} requests for one activity");
    assert_eq!(of("/named/"), 0, "nobody is asked for just being named");

    // What failed is not asked for again and again, whoever signs with it.
    for _ in 0..5 {
        let key_id = "https://evil.test/nobody#main-key";
        let status =
            post_as(&scene, &scene.key, key_id, &follow(&scene, "https://evil.test/f", "https://evil.test/nobody"))
                .await;
        assert!(matches!(status, 401 | 503), "{status}");
    }
    assert_eq!(of("/nobody"), 1, "a key that is not there is asked for once");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b5_a_flood_of_keys_is_asked_for_within_a_rate_and_costs_its_server_alone() {
    let scene = Scene::rated(&["evil.test", "friend.test"]).await;
    let fay = "https://friend.test/users/fay";
    scene.serve_actor(fay, json!({}));
    let mut answers = std::collections::BTreeMap::new();
    for number in 0..320 {
        let actor = format!("https://evil.test/users/x{number}");
        let key_id = match number % 3 {
            0 => format!("{actor}#main-key"),
            1 => format!("https://EVIL.test./users/x{number}#main-key"),
            // Another spelling of the name does not make it another server.
            _ => format!("https://evil%2etest/users/x{number}#main-key"),
        };
        let status = post_as(&scene, &scene.key, &key_id, &follow(&scene, &format!("{actor}/f"), &actor)).await;
        *answers.entry(status).or_insert(0) += 1;
    }
    for number in 0..110 {
        let actor = format!("https://evil.test/users/y{number}");
        let key_id = format!("{actor}#main-key");
        let status = post_as(&scene, &scene.key, &key_id, &follow(&scene, &format!("{actor}/f"), &actor)).await;
        *answers.entry(status).or_insert(0) += 1;
    }
    println!("{answers:?}");
    let asked = asked_of(&scene, "evil.test").len();
    assert!((100..=300).contains(&asked), "{asked} keys were asked for");
    assert!(answers.get(&429).is_some_and(|refused| *refused > 10), "{answers:?}");
    // Whoever flooded, from one address, has used up what that address may cause; others come from elsewhere.
    let (body, date) = (follow(&scene, &format!("{fay}/f"), fay).to_string(), http_date(scene.instance.now_ms()));
    let mut headers = scene.key.post(&format!("{fay}#main-key"), "local.test", "/inbox", &date, body.as_bytes());
    headers.push(("X-Forwarded-For".to_owned(), "192.0.2.7".to_owned()));
    let status = post_raw(&scene, "/inbox", &headers, &body).await;
    assert_eq!(status, 202, "a neighbour's key is asked for all the same");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b6_a_preview_is_plain_bounded_and_asked_for_once() {
    let scene = scene().await;
    let long = "so ".repeat(900);
    let head = format!(
        "<html><title>&lt;script&gt;alert(1)&lt;/script&gt; {long}</title>\
         <meta property=og:description content='{long}'>\
         <meta property=og:image content='javascript:alert(1)'><link rel=canonical href='https://victim.test/bank'>\
         <link rel=alternate type=application/json+oembed href=/oembed><script>alert(1)</script>"
    );
    let more = Bytes::from("<p onclick=alert(1)>more</p><script>alert(1)</script>".repeat(300));
    scene.peer.serve("https://evil.test/page", Answer::Endless("text/html; charset=utf-8", "", head.into(), more));
    let embedded = json!({"version": "1.0", "type": "rich", "html": "<script>alert(1)</script>", "width": 1,
        "height": 1, "author_name": "<img src=x onerror=alert(1)>", "author_url": "javascript:alert(1)",
        "provider_url": "data:text/html,<script>alert(1)</script>", "thumbnail_url": "javascript:alert(1)"});
    let embedded = Answer::Body("application/json", embedded.to_string().into());
    scene.peer.serve("https://evil.test/oembed", embedded);

    let mut ids = Vec::new();
    for number in 0..15 {
        let posted = posts(&scene, &format!("{number} https://evil.test/page"), "public").await;
        ids.push(text(&posted, "id").to_owned());
    }
    for id in &ids {
        let path = format!("/api/v1/statuses/{id}");
        let look = || async {
            let card = scene.alice.get(&path).await.json()["card"].clone();
            card.is_object().then_some(card)
        };
        let card = until(look).await.unwrap_or_else(|| panic!("{id} has no preview"));
        assert_eq!((&card["type"], &card["url"]), (&json!("link"), &json!("https://evil.test/page")), "{card}");
        for name in ["html", "embed_url", "author_url", "provider_url"] {
            assert_eq!(card[name], "", "{card}");
        }
        assert_eq!(card["image"], Value::Null, "{card}");
        let chars = |name: &str| text(&card, name).chars().count();
        assert!(chars("title") <= limits::CARD_TITLE_CHARS, "{card}");
        assert!(chars("description") <= limits::CARD_DESCRIPTION_CHARS, "{card}");
    }
    // Each page and each part of it once, for whoever links to it.
    assert_eq!(asked_of(&scene, "evil.test"), ["/page", "/oembed"]);
    assert_eq!(asked_of(&scene, "victim.test"), Vec::<String>::new());
    let shown = scene.instance.get(&format!("/@alice/{}", ids[0])).await;
    assert_eq!(shown.status, 200);
    for mark in ["<script>alert", "<img src=x", "javascript:alert"] {
        assert!(!shown.text().contains(mark), "{mark}: {}", shown.text());
    }
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b7_nothing_is_sent_to_an_inbox_that_is_somebody_elses() {
    let scene = scene().await;
    scene.serve_actor(VIC, json!({}));
    // Whose inbox is not on their own server is nobody.
    for (number, inbox) in [
        "https://victim.test/inbox",
        "https://evil.test@victim.test/inbox",
        "https://victim.test\\@evil.test/inbox",
        "https://sub.evil.test/inbox",
        "https://evil.test:8443/inbox",
        "http://evil.test/inbox",
    ]
    .into_iter()
    .enumerate()
    {
        let actor = format!("https://evil.test/users/m{number}");
        scene.serve_actor(&actor, json!({"inbox": inbox}));
        let asking = follow(&scene, &format!("{actor}#follow"), &actor);
        let status = post_as(&scene, &scene.key, &format!("{actor}#main-key"), &asking).await;
        assert!(matches!(status, 401 | 503), "{inbox}: {status}");
        let found = scene.alice.search("accounts", &actor, true).await;
        assert_eq!(found, Vec::<Value>::new(), "{inbox}");
    }
    assert_eq!(asked_of(&scene, "victim.test"), Vec::<String>::new());

    // A shared inbox elsewhere is passed over; what is for them goes to their own.
    scene.serve_actor(EVE, json!({"endpoints": {"sharedInbox": "https://victim.test/inbox"}}));
    for (actor, id) in [(EVE, "https://evil.test/f/1"), (VIC, "https://victim.test/f/1")] {
        scene.sends(actor, follow(&scene, id, actor)).await;
    }
    for acct in ["eve@evil.test", "vic@victim.test"] {
        let follows = until(|| async { follows_alice(&scene, acct).await.then_some(()) });
        assert!(follows.await.is_some(), "{acct}");
    }
    for visibility in ["public", "private"] {
        let uri = posts(&scene, "for those who follow", visibility).await["uri"].clone();
        for host in ["evil.test", "victim.test"] {
            let came = || async {
                let all = scene.peer.delivered(host);
                all.iter().any(|sent| sent["type"] == "Create" && sent["object"]["id"] == uri).then_some(())
            };
            assert!(until(came).await.is_some(), "{host}: {visibility}");
        }
    }
    let mut inboxes: Vec<String> = scene
        .peer
        .seen(|seen| seen.method == "POST")
        .into_iter()
        .map(|seen| format!("https://{}{}", seen.authority, seen.path))
        .collect();
    inboxes.sort_unstable();
    inboxes.dedup();
    assert_eq!(inboxes, [format!("{EVE}/inbox"), format!("{VIC}/inbox")]);
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c8_a_crowd_of_mentions_reaches_those_who_follow_the_author() {
    let scene = scene().await;
    let told = || async {
        let notes = scene.alice.get("/api/v1/notifications?include_filtered=true&limit=40").await.json();
        let of = |note: &Value| {
            (note["type"] == "mention").then(|| note["status"]["uri"].as_str().unwrap_or_default().to_owned())
        };
        notes.as_array().into_iter().flatten().filter_map(of).collect::<Vec<_>>()
    };
    let names = |id: &str, count: usize| {
        let crowd = (1..count).map(|one| format!("https://evil.test/users/x{one}"));
        let people: Vec<String> = crowd.chain([scene.alice.uri.clone()]).collect();
        let tags: Vec<Value> = people.iter().map(|href| json!({"type": "Mention", "href": href})).collect();
        let more = json!({"to": [format!("{CONTEXT}#Public")], "cc": people, "tag": tags});
        json!({"id": format!("{id}/activity"), "type": "Create", "cc": people, "object": note(id, EVE, more)})
    };
    scene.sends(EVE, names("https://evil.test/bomb/51", 51)).await;
    scene.sends(EVE, names("https://evil.test/bomb/199", 199)).await;
    scene.sends(EVE, names("https://evil.test/bomb/50", 50)).await;
    assert!(until(|| stored(&scene, "https://evil.test/bomb/50")).await.is_some());
    scene.is_quiet().await;
    assert_eq!(told().await, ["https://evil.test/bomb/50"], "one more is a crowd");
    assert_eq!(stored(&scene, "https://evil.test/bomb/51").await, None, "what concerns nobody here is not kept");

    alice_follows(&scene, EVE).await;
    scene.sends(EVE, names("https://evil.test/party/51", 51)).await;
    let heard = until(|| async { told().await.contains(&"https://evil.test/party/51".to_owned()).then_some(()) });
    assert!(heard.await.is_some(), "whom one follows may name as many as they like");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c9_thousands_of_emoji_and_tags_are_cut() {
    let scene = scene().await;
    let to = json!([format!("{CONTEXT}#Public"), scene.alice.uri]);
    let create = |id: &str, tags: &[Value]| {
        json!({"id": format!("{id}/activity"), "type": "Create", "to": to,
            "object": note(id, EVE, json!({"to": to, "tag": tags, "content": "<p>:e1: :e1:</p>"}))})
    };
    let emoji = |name: &str, icon: &str| json!({"type": "Emoji", "name": name, "icon": {"url": icon}});
    let mut tags: Vec<Value> = ["::", ":<img src=x>:", ":a b:", ":\" onload=alert(1):", ":é:", ":e0:"]
        .into_iter()
        .map(|name| emoji(name, "https://evil.test/e.png"))
        .collect();
    tags.push(emoji(":script:", "javascript:alert(1)"));
    tags.push(emoji(":e1:", "https://evil.test/first.png"));
    tags.push(emoji(":e1:", "https://evil.test/second.png"));
    tags.extend((2..90).map(|one| json!({"type": "Hashtag", "name": format!("#t{one}")})));
    tags.extend((2..8_000).map(|one| emoji(&format!(":e{one}:"), "https://evil.test/e.png")));
    scene.sends(EVE, create("https://evil.test/notes/1", &tags)).await;
    let seen = until(|| stored(&scene, "https://evil.test/notes/1")).await.expect("it comes, cut");
    let shortcodes: Vec<&str> =
        seen["emojis"].as_array().into_iter().flatten().map(|one| text(one, "shortcode")).collect();
    assert!(shortcodes.len() <= 200 && shortcodes.contains(&"e1"), "{} emoji", shortcodes.len());
    assert!(
        shortcodes.iter().all(|code| code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')),
        "{shortcodes:?}"
    );
    assert!(!shortcodes.contains(&"script"), "a picture is on the web");
    assert_eq!(shortcodes.iter().filter(|code| **code == "e1").count(), 1, "of one name the first");
    assert!(seen["tags"].as_array().is_some_and(|tags| tags.len() <= 100), "{}", seen["tags"]);

    let more: Vec<Value> =
        (0..12_000).map(|one| json!({"type": "Emoji", "name": format!(":e{one}:"), "icon": {"url": "x"}})).collect();
    let body = {
        let mut document = create("https://evil.test/notes/2", &more);
        document["@context"] = json!(CONTEXT);
        document["actor"] = json!(EVE);
        document
    };
    assert_eq!(
        post_as(&scene, &scene.key, &format!("{EVE}#main-key"), &body).await,
        400,
        "more values than a document has"
    );
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c10_a_private_post_looks_like_none() {
    let scene = scene().await;
    let bob = scene.instance.user("bob").await;
    known(&scene, EVE).await;
    let absent = "113000000000000000";
    for visibility in ["private", "direct"] {
        let status = posts(&scene, "nobody else's business", visibility).await;
        let id = text(&status, "id").to_owned();
        assert_eq!(id.len(), absent.len(), "the two are told apart by nothing else");
        let paths = [
            "/api/v1/statuses/ID",
            "/api/v1/statuses/ID/context",
            "/api/v1/statuses/ID/source",
            "/api/v1/statuses/ID/history",
            "/api/v1/statuses/ID/card",
            "/api/v1/statuses/ID/favourited_by",
            "/api/v1/statuses/ID/reblogged_by",
            "/api/v1/statuses/ID/quotes",
            "/api/oembed?url=https%3A%2F%2Flocal.test%2F%40alice%2FID",
            "/@alice/ID",
            "/users/alice/statuses/ID",
            "/users/alice/statuses/ID/activity",
            "/users/alice/statuses/ID/replies",
        ];
        for path in paths {
            let (there, nowhere) = (path.replace("ID", &id), path.replace("ID", absent));
            let answers = |reply: Reply, id: &str| (reply.status, without_request(&reply.text()).replace(id, "ID"));
            let open =
                (answers(scene.instance.get(&there).await, &id), answers(scene.instance.get(&nowhere).await, absent));
            assert_eq!(open.0, open.1, "{visibility} {path} to a stranger");
            assert!(!open.0.1.contains("business"), "{visibility} {path}");
            let signed =
                (answers(get_as(&scene, EVE, &there).await, &id), answers(get_as(&scene, EVE, &nowhere).await, absent));
            assert_eq!(signed.0, signed.1, "{visibility} {path} to another server");
            let other = (answers(bob.get(&there).await, &id), answers(bob.get(&nowhere).await, absent));
            assert_eq!(other.0, other.1, "{visibility} {path} to somebody here");
        }
        for deed in ["favourite", "reblog", "bookmark", "pin", "mute", "translate"] {
            let (there, nowhere) =
                (format!("/api/v1/statuses/{id}/{deed}"), format!("/api/v1/statuses/{absent}/{deed}"));
            let (there, nowhere) = (bob.post(&there, &[]).await, bob.post(&nowhere, &[]).await);
            assert_eq!((there.status, there.text()), (nowhere.status, nowhere.text()), "{deed}");
        }
        for (number, deed) in ["Like", "Announce", "EmojiReact", "QuoteRequest"].into_iter().enumerate() {
            for object in [text(&status, "uri").to_owned(), text(&status, "uri").replace(&id, absent)] {
                let activity = json!({"id": format!("{object}#{number}").replace("local.test", "evil.test"), "type": deed,
                    "object": object, "content": "👍", "instrument": "https://evil.test/quoting"});
                scene.sends(EVE, activity).await;
            }
        }
        scene.is_quiet().await;
        let mine = scene.alice.get(&format!("/api/v1/statuses/{id}")).await.json();
        assert_eq!((&mine["favourites_count"], &mine["reblogs_count"]), (&json!(0), &json!(0)), "{visibility}");
    }
    let answered = scene.peer.delivered("evil.test");
    assert_eq!(answered, Vec::<Value>::new(), "an answer would tell that there is something");
    scene.instance.running.stop().await.expect("it stops");
}
