//! Threads and profiles that somebody opens: what is missing here is read from where it is.

use crate::lab::{Instance, Person, World, comes, shown, text_of};
use serde_json::{Value, json};
use storage::{
    Bounds, Direction,
    job::{JOBS, JobKind},
};

const COOL_DOWN_MS: i64 = 15 * 60_000;

/// The number here of a status of another server.
pub(crate) async fn resolved(who: &Person<'_>, uri: &str) -> String {
    let query: String = url::form_urlencoded::byte_serialize(uri.as_bytes()).collect();
    let found = who.get(&format!("/api/v2/search?resolve=true&type=statuses&q={query}")).await;
    text_of(&found["statuses"][0], "id")
}

/// Opens a thread; the header that tells of what is being read.
async fn opens(who: &Person<'_>, id: &str) -> Option<String> {
    let reply = who.send("GET", &format!("/api/v1/statuses/{id}/context"), &[]).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.header("mastodon-async-refresh").map(str::to_owned)
}

async fn is_over(who: &Person<'_>, id: &str) -> Value {
    let path = format!("/api/v1_alpha/async_refreshes/{id}");
    who.until(&path, |refresh| refresh["async_refresh"]["status"] == "finished").await["async_refresh"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opened_thread_fills_with_replies_of_a_third_server_and_cools_down() {
    let world = World::new();
    let (a, b, c) = (world.instance("a.test").await, world.instance("b.test").await, world.instance("c.test").await);
    let (ann, bob, carol) = (a.person("ann").await, b.person("bob").await, c.person("carol").await);
    carol.follows(&bob.handle()).await;
    let root = bob.posts("Who keeps bees?", &[]).await;
    let at_c = text_of(&carol.sees_at_home("Who keeps bees").await, "id");
    let answer = carol.posts("Carol does", &[("in_reply_to_id", &at_c)]).await;
    let context = format!("/api/v1/statuses/{root}/context");
    let below = bob.until(&context, |context| shown(&context["descendants"], "Carol does").is_some()).await;
    bob.posts("So does Bob", &[("in_reply_to_id", &text_of(&below["descendants"][0], "id"))]).await;
    carol.sees_at_home("So does Bob").await;

    let uri = format!("https://b.test/users/bob/statuses/{root}");
    let here = resolved(&ann, &uri).await;
    let context = format!("/api/v1/statuses/{here}/context");
    let stranger = a.web().get(&context, &[("host", "a.test")]).await;
    assert_eq!(stranger.header("mastodon-async-refresh"), None, "strangers set no work going");
    assert_eq!(opens(&ann, &here).await, Some(format!("id=\"{here}\", retry=3, result_count=0")));
    assert_eq!(is_over(&ann, &here).await, json!({"id": here, "status": "finished", "result_count": 2}));
    let thread = ann.get(&context).await;
    for text in ["Carol does", "So does Bob"] {
        let reply = shown(&thread["descendants"], text).unwrap_or_else(|| panic!("{text}: {thread}"));
        assert!(reply["in_reply_to_id"].is_string(), "{reply}");
    }
    assert_eq!(ann.get("/api/v1/notifications").await, json!([]));
    assert_eq!(ann.get("/api/v1/timelines/home").await, json!([]));

    carol.posts("And her sister", &[("in_reply_to_id", &at_c)]).await;
    let context_at_b = format!("/api/v1/statuses/{root}/context");
    bob.until(&context_at_b, |context| shown(&context["descendants"], "her sister").is_some()).await;
    assert_eq!(opens(&ann, &here).await, None, "it was asked for just now");
    world.clock.advance(COOL_DOWN_MS - 1);
    assert_eq!(opens(&ann, &here).await, None, "it was asked for a quarter of an hour ago");
    world.clock.advance(1);
    assert!(opens(&ann, &here).await.is_some());
    ann.until(&context, |context| shown(&context["descendants"], "her sister").is_some()).await;

    // Opened from a reply: what stands above comes, too, and with it the thread.
    let zoe_at = world.instance("d.test").await;
    let zoe = zoe_at.person("zoe").await;
    let reply = resolved(&zoe, &format!("https://c.test/users/carol/statuses/{answer}")).await;
    assert!(opens(&zoe, &reply).await.is_some());
    let whole = |context: &Value| {
        shown(&context["ancestors"], "Who keeps bees").is_some()
            && shown(&context["descendants"], "So does Bob").is_some()
    };
    zoe.until(&format!("/api/v1/statuses/{reply}/context"), whole).await;
}

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

#[tokio::test(flavor = "multi_thread")]
async fn an_opened_profile_shows_what_was_posted_before_anybody_here_knew_it() {
    let world = World::new();
    let (a, b, c) = (world.instance("a.test").await, world.instance("b.test").await, world.instance("c.test").await);
    let (ann, bob, carol) = (a.person("ann").await, b.person("bob").await, c.person("carol").await);
    carol.follows(&bob.handle()).await;
    bob.follows(&carol.handle()).await;
    carol.posts("Carol sings", &[]).await;
    let sung = text_of(&bob.sees_at_home("Carol sings").await, "id");
    let old = bob.posts("An old post", &[]).await;
    bob.posts("For followers", &[("visibility", "private")]).await;
    bob.post(&format!("/api/v1/statuses/{old}/pin"), &[]).await;
    bob.post("/api/v1/featured_tags", &[("name", "Opera")]).await;
    bob.post(&format!("/api/v1/statuses/{sung}/reblog"), &[]).await;
    let posted_at = text_of(&bob.get(&format!("/api/v1/statuses/{old}")).await, "created_at");
    world.clock.advance(30 * 24 * 60 * 60_000);

    let id = ann.finds(&bob.handle()).await;
    let statuses = format!("/api/v1/accounts/{id}/statuses");
    let stranger = a.web().get(&statuses, &[("host", "a.test")]).await;
    assert_eq!(stranger.json(), json!([]));
    let full = |list: &Value| shown(list, "An old post").is_some() && list.to_string().contains("Carol sings");
    let list = ann.until(&statuses, full).await;
    assert_eq!(shown(&list, "An old post").expect("it is there")["created_at"], json!(posted_at));
    assert!(shown(&list, "For followers").is_none(), "{list}");
    let pinned = ann.until(&format!("{statuses}?pinned=true"), |list| shown(list, "An old post").is_some()).await;
    assert_eq!(pinned.as_array().map(Vec::len), Some(1));
    let featured = format!("/api/v1/accounts/{id}/featured_tags");
    ann.until(&featured, |tags| tags[0]["name"] == "opera").await;
    let counts = |account: &Value| account["followers_count"] == 1 && account["following_count"] == 1;
    ann.until(&format!("/api/v1/accounts/{id}"), counts).await;
    for quiet in ["/api/v1/notifications", "/api/v1/timelines/home"] {
        assert_eq!(ann.get(quiet).await, json!([]), "{quiet}");
    }

    bob.post(&format!("/api/v1/statuses/{old}/unpin"), &[]).await;
    bob.post("/api/v1/tags/opera/unfeature", &[]).await;
    bob.posts("A newer post", &[]).await;
    world.clock.advance(60 * 60_000);
    ann.until(&statuses, |list| shown(list, "A newer post").is_some()).await;
    ann.until(&format!("{statuses}?pinned=true"), |list| *list == json!([])).await;
    ann.until(&featured, |tags| *tags == json!([])).await;

    // Following asks, too.
    let d = world.instance("d.test").await;
    let dan = d.person("dan").await;
    dan.follows(&bob.handle()).await;
    let home = dan.until("/api/v1/timelines/home", |home| shown(home, "An old post").is_some()).await;
    assert_eq!(shown(&home, "An old post").expect("it is there")["created_at"], json!(posted_at));
    assert_eq!(dan.get("/api/v1/notifications").await, json!([]));
}

/// Waits until no profile is being read.
async fn reads_no_profile(home: &Instance) {
    comes("profiles are read", async || {
        let jobs = |view: &storage::View<'_>| Ok(JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 100)?);
        let jobs = home.server().read(jobs).await.expect("a read");
        (!jobs.iter().any(|(_, job)| matches!(job.kind, JobKind::FetchProfile { .. }))).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_profile_shows_first_is_told_to_who_follows() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (ann, bob) = (a.person("ann").await, b.person("bob").await);
    let id = ann.follows(&bob.handle()).await;
    reads_no_profile(&a).await;
    let post = bob.posts("Look at this first", &[]).await;
    let quiet = bob.posts("For followers alone", &[("visibility", "private")]).await;
    ann.sees_at_home("Look at this first").await;
    ann.sees_at_home("For followers alone").await;
    // The clock stands, so that nothing of the profile is read again by itself.
    let pinned = format!("/api/v1/accounts/{id}/statuses?pinned=true");
    let featured = format!("/api/v1/accounts/{id}/featured_tags");
    bob.post(&format!("/api/v1/statuses/{quiet}/pin"), &[]).await;
    bob.post(&format!("/api/v1/statuses/{post}/pin"), &[]).await;
    bob.post("/api/v1/featured_tags", &[("name", "Warm")]).await;
    bob.post("/api/v1/featured_tags", &[("name", "Rocks")]).await;
    let list = ann.until(&pinned, |list| shown(list, "Look at this first").is_some()).await;
    assert!(shown(&list, "For followers alone").is_none(), "it is in no collection that others read: {list}");
    // Two of them are under way at once, so either may come first.
    let names = |tags: &Value| [&tags[0], &tags[1]].map(|tag| tag["name"].as_str().unwrap_or_default().to_owned());
    ann.until(&featured, |tags| {
        matches!(names(tags).each_ref().map(String::as_str), ["warm", "rocks"] | ["rocks", "warm"])
    })
    .await;
    bob.post(&format!("/api/v1/statuses/{post}/unpin"), &[]).await;
    bob.post("/api/v1/tags/warm/unfeature", &[]).await;
    ann.until(&pinned, |list| *list == json!([])).await;
    let tags = ann.until(&featured, |tags| tags.as_array().is_some_and(|tags| tags.len() == 1)).await;
    assert_eq!(tags[0]["name"], "rocks");
    // The same once more is another activity.
    bob.post(&format!("/api/v1/statuses/{post}/pin"), &[]).await;
    ann.until(&pinned, |list| shown(list, "Look at this first").is_some()).await;
}
