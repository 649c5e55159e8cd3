//! What may be said again under one id is not said again by whoever overheard it (SECURITY A4).

use super::*;
use crate::sign::body_digest;
use dassie::federation::signature::{ProofKey, proof};
use storage::Timestamp;

/// Alice's followers have eve among them, or not, in the end.
async fn eve_follows(scene: &Scene, follows: bool) {
    scene.is_quiet().await;
    assert_eq!(follows_alice(scene, "eve@evil.test").await, follows);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a4_what_may_come_again_is_not_repeated_by_who_overheard_it() {
    let scene = scene().await;
    assert_eq!(text(&known(&scene, EVE).await, "acct"), "eve@evil.test");
    let key_id = format!("{EVE}#main-key");
    // One id for every Follow, and one for every Undo, as with PeerTube and older Misskey.
    let asking = follow(&scene, "https://evil.test/f", EVE);
    let undoing =
        json!({"@context": CONTEXT, "id": "https://evil.test/f/undo", "type": "Undo", "actor": EVE, "object": asking});
    let (asking, undoing) = (asking.to_string(), undoing.to_string());
    let delivered = |body: &str| {
        scene.instance.clock.advance(1_000);
        let date = http_date(scene.instance.now_ms());
        scene.key.post(&key_id, "local.test", "/inbox", &date, body.as_bytes())
    };
    // The same signature, its header written in another way.
    let rewritten = |headers: &[(String, String)]| -> Vec<(String, String)> {
        let turn = |(name, value): &(String, String)| {
            let value = if name == "Signature" {
                value.split(',').rev().collect::<Vec<_>>().join(", ") + ",nonce=\"1\""
            } else {
                value.clone()
            };
            (name.clone(), value)
        };
        headers.iter().map(turn).collect()
    };
    let mut overheard = Vec::new();
    for _ in 0..2 {
        for (body, follows) in [(&asking, true), (&undoing, false)] {
            let headers = delivered(body);
            assert_eq!(post_raw(&scene, "/inbox", &headers, body).await, 202);
            eve_follows(&scene, follows).await;
            overheard.push((headers, body));
            for (headers, body) in &overheard {
                for headers in [headers.clone(), rewritten(headers)] {
                    assert_eq!(post_raw(&scene, "/inbox", &headers, body).await, 202);
                }
            }
            eve_follows(&scene, follows).await;
        }
    }
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

/// The headers of one request of eve's with two signatures by one key (RFC 9421 §4.3), and of the same with either left out.
fn signed_twice(scene: &Scene, body: &str) -> [Vec<(String, String)>; 3] {
    let digest = body_digest(body.as_bytes()).replacen("SHA-256=", "sha-256=:", 1) + ":";
    let created = scene.instance.now_ms() / 1_000;
    let label = |name: &str| {
        let covered = "(\"@method\" \"@target-uri\" \"content-digest\")";
        let input = format!("{covered};created={created};keyid=\"{EVE}#main-key\";nonce=\"{name}\"");
        let base = format!(
            "\"@method\": POST\n\"@target-uri\": https://local.test/inbox\n\"content-digest\": {digest}\n\
             \"@signature-params\": {input}"
        );
        (format!("{name}={input}"), format!("{name}=:{}:", scene.key.sign(&base)))
    };
    let headers = |inputs: String, signatures: String| {
        let digest = digest.clone();
        let kind = "application/activity+json".to_owned();
        [
            ("Host", "local.test".to_owned()),
            ("Content-Type", kind),
            ("Content-Digest", digest),
            ("Signature-Input", inputs),
            ("Signature", signatures),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    };
    let (one, two) = (label("one"), label("two"));
    let both = headers(format!("{}, {}", one.0, two.0), format!("{}, {}", one.1, two.1));
    [both, headers(two.0, two.1), headers(one.0, one.1)]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a4_a_request_with_two_signatures_counts_once_whichever_of_them_is_left() {
    let scene = scene().await;
    assert_eq!(text(&known(&scene, EVE).await, "acct"), "eve@evil.test");
    let asking = follow(&scene, "https://evil.test/f", EVE);
    let undoing = json!({"id": "https://evil.test/f/undo", "type": "Undo", "object": asking});
    let asking = asking.to_string();
    let sent = signed_twice(&scene, &asking);
    assert_eq!(post_raw(&scene, "/inbox", &sent[0], &asking).await, 202);
    eve_follows(&scene, true).await;
    scene.instance.clock.advance(1_000);
    scene.sends(EVE, undoing).await;
    eve_follows(&scene, false).await;
    for headers in &sent {
        assert_eq!(post_raw(&scene, "/inbox", headers, &asking).await, 202);
        eve_follows(&scene, false).await;
    }
    scene.instance.clock.advance(1_000);
    let anew = signed_twice(&scene, &asking);
    assert_eq!(post_raw(&scene, "/inbox", &anew[1], &asking).await, 202);
    eve_follows(&scene, true).await;
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a4_a_proof_does_not_bring_back_what_its_actor_sent_and_took_back() {
    let scene = scene().await;
    let of_vic = ProofKey::generate().expect("a key");
    let method = format!("{VIC}#ed25519-key");
    let listed =
        json!([{"id": method, "type": "Multikey", "controller": VIC, "publicKeyMultibase": of_vic.multikey()}]);
    scene.serve_actor(VIC, json!({"assertionMethod": listed}));
    for actor in [VIC, EVE] {
        known(&scene, actor).await;
    }
    let mut asking = follow(&scene, "https://victim.test/f", VIC);
    let now = Timestamp(scene.instance.now_ms());
    proof::attach(asking.as_object_mut().expect("an object"), &of_vic, &method, now).expect("it is made");
    assert_eq!(post_as(&scene, &scene.key, &format!("{VIC}#main-key"), &asking).await, 202);
    scene.is_quiet().await;
    assert!(follows_alice(&scene, "vic@victim.test").await);
    scene.sends(VIC, json!({"id": "https://victim.test/f/undo", "type": "Undo", "object": asking})).await;
    scene.is_quiet().await;
    assert!(!follows_alice(&scene, "vic@victim.test").await);
    assert_eq!(post_as(&scene, &scene.key, &format!("{EVE}#main-key"), &asking).await, 202);
    scene.is_quiet().await;
    assert!(!follows_alice(&scene, "vic@victim.test").await, "eve has a copy with its proof");
    scene.instance.running.stop().await.expect("it stops");
}
