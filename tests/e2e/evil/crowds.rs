//! Crowds: of mentions, of emoji and tags (SECURITY C8, C9).

use super::*;
use crate::{instance::until, scene::note};

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
