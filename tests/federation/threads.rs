//! The collections that hang on a status.

use crate::lab::{World, text_of};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn the_collections_of_a_status_are_paged_and_counted() {
    let world = World::new();
    let a = world.instance("a.test").await;
    let (alice, bob) = (a.person("alice").await, a.person("bob").await);
    let root = alice.posts("A long evening", &[]).await;
    let mut answers = Vec::new();
    for number in 0..23 {
        world.clock.advance(1_000);
        let who = if number == 1 { &alice } else { &bob };
        let id = who.posts(&format!("answer {number}"), &[("in_reply_to_id", &root)]).await;
        answers.push(format!("https://a.test/users/{}/statuses/{id}", who.name));
    }
    bob.posts("hidden", &[("in_reply_to_id", &root), ("visibility", "private")]).await;
    bob.post(&format!("/api/v1/statuses/{root}/favourite"), &[]).await;
    bob.post(&format!("/api/v1/statuses/{root}/reblog"), &[]).await;

    let uri = format!("https://a.test/users/alice/statuses/{root}");
    let get = |url: String| {
        let path = url.trim_start_matches("https://a.test").to_owned();
        let web = a.web();
        async move {
            let headers = [("accept", "application/activity+json"), ("host", "a.test")];
            let reply = web.get(&path, &headers).await;
            assert_eq!(reply.status, 200, "{path}: {}", reply.text());
            reply.json()
        }
    };
    let note = get(uri.clone()).await;
    assert_eq!(note["likes"], json!({"id": format!("{uri}/likes"), "type": "Collection", "totalItems": 1}));
    assert_eq!(get(format!("{uri}/shares")).await["totalItems"], 1);
    assert_eq!(get(format!("{uri}/likes")).await["totalItems"], 1);
    let replies = get(format!("{uri}/replies")).await;
    assert_eq!((&replies["totalItems"], &replies["first"]), (&json!(23), &note["replies"]["first"]));
    assert_eq!(replies["first"]["items"], json!([answers[1]]), "the author's own come first");
    let (mut found, mut next) = (vec![answers[1].clone()], replies["first"]["next"].clone());
    let mut pages = 0;
    while let Some(url) = next.as_str() {
        let page = get(url.to_owned()).await;
        assert_eq!((&page["id"], &page["partOf"]), (&json!(url), &json!(format!("{uri}/replies"))));
        found.extend(page["items"].as_array().expect("items").iter().filter_map(Value::as_str).map(str::to_owned));
        (next, pages) = (page["next"].clone(), pages + 1);
    }
    let mut wanted = answers.clone();
    wanted.sort_unstable();
    found.sort_unstable();
    assert_eq!((found, pages), (wanted, 2));

    let context = note["context"].as_str().expect("a context").to_owned();
    assert_eq!((context.clone(), &note["conversation"]), (format!("{uri}/context"), &json!(context)));
    assert_eq!(get(answers[3].clone()).await["context"], json!(context));
    let whole = get(context.clone()).await;
    let head = [&whole["type"], &whole["attributedTo"], &whole["totalItems"]];
    assert_eq!(head, [&json!("OrderedCollection"), &json!("https://a.test/users/alice"), &json!(24)]);
    let (mut found, mut next) = (Vec::new(), whole["first"].clone());
    while let Some(url) = next.as_str() {
        let page = get(url.to_owned()).await;
        found.extend(
            page["orderedItems"].as_array().expect("items").iter().filter_map(Value::as_str).map(str::to_owned),
        );
        next = page["next"].clone();
    }
    let mut wanted = vec![uri.clone()];
    wanted.extend(answers.clone());
    assert_eq!(found, wanted, "the oldest first");
    let of_reply = format!("{}/context", answers[0].trim_start_matches("https://a.test"));
    let headers = [("accept", "application/activity+json"), ("host", "a.test")];
    assert_eq!(a.web().get(&of_reply, &headers).await.status, 404, "its thread began elsewhere");

    alice.post("/api/v1/featured_tags", &[("name", "Evening")]).await;
    let actor = get("https://a.test/users/alice".to_owned()).await;
    let tags = get(text_of(&actor, "featuredTags")).await;
    let tag = json!({"type": "Hashtag", "href": "https://a.test/tags/evening", "name": "#evening"});
    assert_eq!((&tags["type"], &tags["totalItems"], &tags["items"]), (&json!("Collection"), &json!(1), &json!([tag])));
}
