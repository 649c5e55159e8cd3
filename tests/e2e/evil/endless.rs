//! What has no end: answers, documents, what one cause asks for, previews (SECURITY B3-B6).

use super::*;
use crate::{instance::until, peer::Answer, scene::note};
use bytes::Bytes;
use dassie::{limits, reach};
use std::{sync::Arc, time::Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinSet,
};

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

    // A thread and a profile that somebody looks at lead on without end as well, and each page to the next.
    scene.instance.clock.advance(limits::HOST_DOCUMENTS * limits::HOST_DOCUMENT_MS);
    scene.is_quiet().await;
    scene.serve_note("https://evil.test/notes/2", EVE, json!({"replies": "https://evil.test/replies/7000"}));
    let (thread, person) =
        (scene.found("https://evil.test/notes/2").await, known(&scene, "https://evil.test/people/3").await);
    let (pages, before) = (of("/replies/"), asked_of(&scene, "evil.test").len());
    assert_eq!(scene.alice.get(&format!("/api/v1/statuses/{thread}/context")).await.status, 200);
    assert!(reaches("/replies/7000").await.is_some(), "the thread is read");
    scene.is_quiet().await;
    assert_eq!(of("/replies/") - pages, limits::REPLIES_PAGES_MAX);
    let statuses = format!("/api/v1/accounts/{}/statuses", text(&person, "id"));
    assert_eq!(scene.alice.get(&statuses).await.status, 200);
    assert!(reaches("/featured/3").await.is_some(), "the profile is read");
    scene.is_quiet().await;
    assert_eq!(of("/replies/") - pages, limits::REPLIES_PAGES_MAX + limits::OUTBOX_PAGES_MAX);
    assert_eq!(of("/featured/"), 1);
    let count = asked_of(&scene, "evil.test").len() - before;
    assert!(count <= 400, "{count} requests for one thread and one profile");
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
