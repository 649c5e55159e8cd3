//! Deeds on what is another's, detours around a block, and consent that nobody gave (SECURITY A8-A10).

use super::*;
use crate::{instance::until, peer::Answer, scene::note};

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

/// Votes have no row, so that an Update of one is of something that is not here.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a8_an_update_of_a_vote_is_no_message() {
    let scene = scene().await;
    let eve = text(&known(&scene, EVE).await, "id").to_owned();
    let mine = posts(&scene, "mine", "public").await;
    let says = |number: u32, words: Value| {
        let mut note = json!({"id": format!("{EVE}#votes/{number}"), "type": "Note", "attributedTo": EVE,
            "inReplyTo": mine["uri"], "to": [scene.alice.uri]});
        for (name, value) in words.as_object().into_iter().flatten() {
            note[name] = value.clone();
        }
        json!({"id": format!("{EVE}#updates/{number}"), "type": "Update", "object": note})
    };
    scene.sends(EVE, says(1, json!({"name": "yes"}))).await;
    scene.is_quiet().await;
    assert_eq!(stored(&scene, &format!("{EVE}#votes/1")).await, None, "a vote is not edited");
    // What has words is taken, as what its Create had brought.
    scene.sends(EVE, says(2, json!({"content": "<p>words</p>"}))).await;
    scene.is_quiet().await;
    assert_eq!(
        stored(&scene, &format!("{EVE}#votes/2")).await.map(|seen| seen["account"]["id"].clone()),
        Some(json!(eve))
    );
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
    // Where a page leads is known only once it is asked; it is not gone after to them, nor through them to a friend.
    scene.peer.serve("https://friend.test/round", Answer::Redirect("https://blocked.test/back".to_owned()));
    scene.peer.serve("https://blocked.test/back", Answer::Redirect("https://friend.test/notes/2".to_owned()));
    for door in ["https://friend.test/r", "https://friend.test/round"] {
        assert_eq!(resolved(&scene, door).await, None, "{door}");
    }
    assert_eq!(asked_of(&scene, "blocked.test"), Vec::<String>::new());
    assert_eq!(stored(&scene, words).await, None);
    assert!(resolved(&scene, "https://friend.test/notes/2").await.is_some(), "where it stands it is found");
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
async fn a9_host_meta_leads_to_no_blocked_server() {
    let others = ["open.test", "sly.test", "deep.test", "turning.test", "friend.test"];
    let blocked = ["blocked.test", "sub.blocked.test"];
    let scene = Scene::start(&[&others[..], &blocked].concat()).await;
    let fay = "https://friend.test/users/fay";
    scene.serve_actor(fay, json!({}));
    block_domain(&scene, "blocked.test").await;
    let meta = |host: &str, answer: Answer| scene.peer.serve(&format!("https://{host}/.well-known/host-meta"), answer);
    for (host, to) in
        [("open.test", "friend.test"), ("sly.test", "blocked.test"), ("deep.test", "sub.BLOCKED.test:443")]
    {
        let link = format!("<XRD><Link rel=\"lrdd\" template=\"https://{to}/finger?resource={{uri}}\"/></XRD>");
        meta(host, Answer::Body("application/xrd+xml", link.into()));
    }
    meta("turning.test", Answer::Redirect("https://blocked.test/.well-known/host-meta".to_owned()));
    let answer = Answer::jrd(&json!({"subject": "acct:fay@friend.test", "links":
        [{"rel": "self", "type": "application/activity+json", "href": fay}]}));
    scene.peer.serve("https://friend.test/finger?resource=acct%3Azed%40open%2Etest", answer);
    let found = scene.alice.search("accounts", "@zed@open.test", true).await;
    assert_eq!(found.first().map(|account| text(account, "acct")), Some("fay@friend.test"), "elsewhere it is followed");
    let found = scene.alice.get("/api/v1/accounts/search?q=zed@open.test&resolve=true").await.json();
    assert_eq!(text(&found[0], "acct"), "fay@friend.test", "there, too");
    for host in ["sly.test", "deep.test", "turning.test"] {
        let query = format!("@zed@{host}");
        assert_eq!(scene.alice.search("accounts", &query, true).await, Vec::<Value>::new(), "{host}");
        assert!(asked_of(&scene, host).iter().any(|path| path == "/.well-known/host-meta"), "{host} says where");
    }
    for host in blocked {
        assert_eq!(asked_of(&scene, host), Vec::<String>::new(), "{host}");
    }
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
