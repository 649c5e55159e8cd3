//! What a signature, JSON-LD or a proof says, and what it does not (SECURITY A4-A6).

use super::*;
use crate::{instance::until, peer::Answer, scene::note, sign::body_digest};
use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};
use dassie::federation::signature::{ProofKey, proof};
use storage::Timestamp;

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
