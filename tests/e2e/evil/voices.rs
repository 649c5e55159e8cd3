//! Whose word something is: what a redirect, an uploaded file, a key, a handle or a disguised host makes of it
//! (SECURITY A1-A3, A7, A11).

use super::*;
use crate::{
    instance::until,
    peer::{Answer, JRD_JSON},
    scene::note,
};
use std::sync::Arc;

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
