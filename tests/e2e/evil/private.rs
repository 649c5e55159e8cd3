//! What is not for everybody: it stays shut to others, and looks like nothing (SECURITY A12, C10).

use super::*;
use crate::instance::until;

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

/// Nor is what a token opened, or did not open, kept for whoever asks next: caches in front heed this line.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a12_what_a_token_opened_is_kept_for_nobody() {
    let scene = scene().await;
    let private = posts(&scene, "for followers", "private").await;
    let (id, own) = (text(&private, "id"), &scene.alice.id);
    let document = text(&private, "uri").replace("https://local.test", "");
    let shut = |reply: &Reply| reply.header("cache-control") == Some("private, no-store");
    for path in [
        "/api/v1/accounts/verify_credentials".to_owned(),
        "/api/v1/timelines/home".to_owned(),
        "/api/v1/timelines/public".to_owned(),
        "/api/v1/notifications".to_owned(),
        format!("/api/v1/accounts/{own}"),
        format!("/api/v1/accounts/{own}/statuses"),
        format!("/api/v1/statuses/{id}"),
        format!("/api/v1/statuses/{id}/context"),
    ] {
        let (opened, closed) = (scene.alice.get(&path).await, scene.instance.get(&path).await);
        assert_eq!(opened.status, 200, "{path}: {}", opened.text());
        assert!(shut(&opened) && shut(&closed), "{path}: {:?} {:?}", opened.headers, closed.headers);
        assert!(!closed.text().contains("for followers"), "{path}");
    }
    let read = scene.alice.send("GET", &document, &[("Accept", ACTIVITY_JSON)], b"").await;
    assert!(shut(&read), "{document}: {} {:?}", read.status, read.headers);
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
