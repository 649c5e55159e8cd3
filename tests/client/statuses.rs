//! What people do with statuses, and what they are told (client API, statuses, notifications, markers).

use crate::{
    call::{id, ids, stranger},
    lab::{World, text_of},
};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_visibility_is_seen_by_whom_it_is_for() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    ben.asks("POST", &format!("/api/v1/accounts/{}/follow", ann.id), &[]).await;
    cat.asks("PATCH", "/api/v2/notifications/policy", &[("for_private_mentions", "accept")]).await;
    let write = |visibility: &'static str, text: &'static str| {
        let ann = &ann;
        async move { id(&ann.writes(text, &[("visibility", visibility)]).await) }
    };
    let public = write("public", "public #seen").await;
    let unlisted = write("unlisted", "unlisted #seen").await;
    let private = write("private", "private #seen").await;
    let direct = write("direct", "direct for @cat #seen").await;
    let path = |status: &str| format!("/api/v1/statuses/{status}");
    for (status, by_ben, by_cat, by_anybody) in
        [(&public, 200, 200, 200), (&unlisted, 200, 200, 200), (&private, 200, 404, 404), (&direct, 404, 200, 404)]
    {
        assert_eq!(ben.status_of(&path(status)).await, by_ben);
        assert_eq!(cat.status_of(&path(status)).await, by_cat);
        assert_eq!(home.web().get(&path(status), &[]).await.status, by_anybody);
        assert_eq!(ann.status_of(&path(status)).await, 200);
    }
    assert_eq!(
        ids(&ben.asks("GET", "/api/v1/timelines/home", &[]).await),
        [private.clone(), unlisted.clone(), public.clone()]
    );
    for timeline in ["/api/v1/timelines/public", "/api/v1/timelines/public?local=true", "/api/v1/timelines/tag/Seen"] {
        assert_eq!(ids(&ben.asks("GET", timeline, &[]).await), std::slice::from_ref(&public), "{timeline}");
        assert_eq!(ids(&stranger(&home, timeline).await), std::slice::from_ref(&public), "{timeline}");
    }
    let profile = format!("/api/v1/accounts/{}/statuses", ann.id);
    assert_eq!(ids(&stranger(&home, &profile).await), [unlisted.clone(), public.clone()]);
    assert_eq!(ids(&ben.asks("GET", &profile, &[]).await), [private.clone(), unlisted.clone(), public.clone()]);
    assert_eq!(id(&cat.is_told("mention").await["status"]), direct);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replies_make_a_thread_roots_first() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let root = ann.writes("root", &[]).await;
    let first = ben.writes("@ann first", &[("in_reply_to_id", &id(&root))]).await;
    let second = ann.writes("@ben second", &[("in_reply_to_id", &id(&first))]).await;
    let hidden = ann.writes("hidden", &[("in_reply_to_id", &id(&first)), ("visibility", "private")]).await;
    let beside = ben.writes("@ann beside", &[("in_reply_to_id", &id(&root))]).await;
    assert_eq!((&first["in_reply_to_id"], &first["in_reply_to_account_id"]), (&root["id"], &json!(ann.id.to_string())));
    assert_eq!(first["mentions"][0]["acct"], "ann");
    let thread = stranger(&home, &format!("/api/v1/statuses/{}/context", id(&second))).await;
    assert_eq!((ids(&thread["ancestors"]), ids(&thread["descendants"])), (vec![id(&root), id(&first)], vec![]));
    let thread = stranger(&home, &format!("/api/v1/statuses/{}/context", id(&root))).await;
    assert_eq!(ids(&thread["descendants"]), [id(&first), id(&second), id(&beside)], "a branch, then the next");
    let own = ann.asks("GET", &format!("/api/v1/statuses/{}/context", id(&root)), &[]).await;
    assert_eq!(ids(&own["descendants"]), [id(&first), id(&second), id(&hidden), id(&beside)]);
    let shown = ann.asks("GET", &format!("/api/v1/statuses/{}", id(&root)), &[]).await;
    assert_eq!(shown["replies_count"], 2);
    let without = stranger(&home, &format!("/api/v1/accounts/{}/statuses?exclude_replies=true", ben.id)).await;
    assert_eq!(without, json!([]));
    assert_eq!(id(&ann.is_told("mention").await["status"]), id(&beside));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edits_keep_their_history_and_their_source() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let ann = home.person("ann").await;
    let status = ann.writes("one **text**", &[("spoiler_text", "w")]).await;
    let path = format!("/api/v1/statuses/{}", id(&status));
    assert_eq!(status["edited_at"], json!(null));
    let history = stranger(&home, &format!("{path}/history")).await;
    assert_eq!(history.as_array().map(Vec::len), Some(1), "an unedited status has one version: {history}");
    world.clock.advance(5_000);
    let edited =
        ann.asks("PUT", &path, &[("status", "two\n\nparagraphs"), ("sensitive", "true"), ("language", "fr")]).await;
    assert_eq!((&edited["content"], &edited["spoiler_text"]), (&json!("<p>two</p><p>paragraphs</p>"), &json!("")));
    assert_eq!((&edited["edited_at"], &edited["language"]), (&json!("2026-01-01T00:00:05.000Z"), &json!("fr")));
    assert_eq!((&edited["id"], &edited["created_at"]), (&status["id"], &status["created_at"]));
    let history = stranger(&home, &format!("{path}/history")).await;
    assert_eq!(history.as_array().map(Vec::len), Some(2), "{history}");
    assert_eq!(
        (&history[0]["content"], &history[1]["content"]),
        (&status["content"], &edited["content"]),
        "oldest first"
    );
    assert_eq!((&history[0]["created_at"], &history[1]["created_at"]), (&status["created_at"], &edited["edited_at"]));
    let source = ann.asks("GET", &format!("{path}/source"), &[]).await;
    assert_eq!((&source["text"], &source["spoiler_text"]), (&json!("two\n\nparagraphs"), &json!("")));

    let deleted = ann.asks("DELETE", &path, &[]).await;
    assert_eq!(
        (&deleted["text"], &deleted["id"]),
        (&json!("two\n\nparagraphs"), &status["id"]),
        "for delete and redraft"
    );
    for gone in ["", "/source", "/history", "/context"] {
        assert_eq!(ann.status_of(&format!("{path}{gone}")).await, 404, "{gone}");
    }
    assert_eq!(ann.is_refused("DELETE", &path, &[]).await, 404);
    assert_eq!(stranger(&home, "/api/v1/timelines/public").await, json!([]));
    let own = ann.asks("GET", "/api/v1/accounts/verify_credentials", &[]).await;
    assert_eq!(own["statuses_count"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reblog_is_one_however_often_it_is_asked_for() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    cat.asks("POST", &format!("/api/v1/accounts/{}/follow", ben.id), &[]).await;
    let original = id(&ann.writes("shared", &[]).await);
    let on = |status: &str, act: &str| format!("/api/v1/statuses/{status}/{act}");
    let wrapper = ben.asks("POST", &on(&original, "reblog"), &[]).await;
    assert_eq!((id(&wrapper["reblog"]), &wrapper["reblog"]["reblogged"]), (original.clone(), &json!(true)));
    assert_eq!(wrapper["reblog"]["reblogs_count"], 1);
    assert_eq!(id(&ben.asks("POST", &on(&original, "reblog"), &[]).await), id(&wrapper), "the same wrapper");
    let again = cat.asks("POST", &on(&id(&wrapper), "reblog"), &[]).await;
    assert_eq!(
        (id(&again["reblog"]), &again["reblog"]["reblogs_count"]),
        (original.clone(), &json!(2)),
        "a reblog of a reblog is of the original"
    );
    assert_eq!(ids(&stranger(&home, &on(&original, "reblogged_by")).await).len(), 2);
    let told = ann.is_told("reblog").await;
    assert_eq!(id(&told["status"]), original);
    assert!(ids(&cat.get("/api/v1/timelines/home").await).len() <= 2);

    let undone = ben.asks("POST", &on(&original, "unreblog"), &[]).await;
    assert_eq!(
        (id(&undone), &undone["reblogged"], &undone["reblogs_count"]),
        (original.clone(), &json!(false), &json!(1))
    );
    assert_eq!(ben.status_of(&format!("/api/v1/statuses/{}", id(&wrapper))).await, 404);
    let undone = cat.asks("POST", &on(&id(&again), "unreblog"), &[]).await;
    assert_eq!(
        (id(&undone), &undone["reblogged"], &undone["reblogs_count"]),
        (original.clone(), &json!(false), &json!(0)),
        "by the wrapper's id too"
    );
    let quiet = id(&ann.writes("mine", &[("visibility", "private")]).await);
    let own = ann.asks("POST", &on(&quiet, "reblog"), &[]).await;
    assert_eq!(own["visibility"], "private", "one's own may be shared with those who see it");
    let direct = id(&ann.writes("@ben only", &[("visibility", "direct")]).await);
    assert!(ben.is_refused("POST", &on(&direct, "reblog"), &[]).await >= 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn marks_are_counted_listed_and_taken_back() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let status = id(&ann.writes("liked", &[]).await);
    let on = |act: &str| format!("/api/v1/statuses/{status}/{act}");
    for _ in 0..2 {
        let liked = ben.asks("POST", &on("favourite"), &[]).await;
        assert_eq!((&liked["favourited"], &liked["favourites_count"]), (&json!(true), &json!(1)));
        assert_eq!(ben.asks("POST", &on("bookmark"), &[]).await["bookmarked"], true);
    }
    assert_eq!(ids(&stranger(&home, &on("favourited_by")).await), [ben.id.to_string()]);
    let seen = ann.asks("GET", &format!("/api/v1/statuses/{status}"), &[]).await;
    assert_eq!(
        (&seen["favourited"], &seen["bookmarked"], &seen["favourites_count"]),
        (&json!(false), &json!(false), &json!(1))
    );
    for list in ["/api/v1/bookmarks", "/api/v1/favourites"] {
        assert_eq!(ids(&ben.asks("GET", list, &[]).await), std::slice::from_ref(&status));
        assert_eq!(ann.asks("GET", list, &[]).await, json!([]));
    }
    for _ in 0..2 {
        let undone = ben.asks("POST", &on("unfavourite"), &[]).await;
        assert_eq!((&undone["favourited"], &undone["favourites_count"]), (&json!(false), &json!(0)));
        assert_eq!(ben.asks("POST", &on("unbookmark"), &[]).await["bookmarked"], false);
    }
    assert_eq!(ben.asks("GET", "/api/v1/bookmarks", &[]).await, json!([]));
    assert_eq!(stranger(&home, &on("favourited_by")).await, json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_most_five_of_ones_own_statuses_are_pinned() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let mut posted = Vec::new();
    for number in 0..6 {
        posted.push(id(&ann.writes(&format!("pin {number}"), &[]).await));
    }
    let on = |status: &str, act: &str| format!("/api/v1/statuses/{status}/{act}");
    for status in &posted[..5] {
        assert_eq!(ann.asks("POST", &on(status, "pin"), &[]).await["pinned"], true);
    }
    assert_eq!(ann.is_refused("POST", &on(&posted[5], "pin"), &[]).await, 422);
    ann.asks("POST", &on(&posted[0], "pin"), &[]).await;
    let pinned = stranger(&home, &format!("/api/v1/accounts/{}/statuses?pinned=true", ann.id)).await;
    assert_eq!(ids(&pinned).len(), 5);
    assert_eq!(ann.asks("POST", &on(&posted[0], "unpin"), &[]).await["pinned"], false);
    assert_eq!(ann.asks("POST", &on(&posted[5], "pin"), &[]).await["pinned"], true);
    assert_eq!(ben.is_refused("POST", &on(&posted[0], "pin"), &[]).await, 422, "somebody else's");
    let direct = id(&ann.writes("@ben psst", &[("visibility", "direct")]).await);
    assert_eq!(ann.is_refused("POST", &on(&direct, "pin"), &[]).await, 422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notifications_are_read_dismissed_and_cleared() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let status = id(&ann.writes("notice me", &[]).await);
    ben.asks("POST", &format!("/api/v1/accounts/{}/follow", ann.id), &[]).await;
    ben.asks("POST", &format!("/api/v1/statuses/{status}/favourite"), &[]).await;
    ben.asks("POST", &format!("/api/v1/statuses/{status}/reblog"), &[]).await;
    ben.writes("@ann hello", &[]).await;
    let list = ann.until("/api/v1/notifications", |list| list.as_array().is_some_and(|list| list.len() == 4)).await;
    let kinds: Vec<String> = list.as_array().expect("a list").iter().map(|told| text_of(told, "type")).collect();
    assert_eq!(kinds, ["mention", "reblog", "favourite", "follow"], "newest first");
    for told in list.as_array().expect("a list") {
        assert_eq!(
            (&told["account"]["acct"], told.get("status").is_some_and(|status| status.is_object())),
            (&json!("ben"), told["type"] != "follow")
        );
        let alone = text_of(told, "group_key") == format!("ungrouped-{}", id(told));
        assert_eq!(alone, told["type"] == "mention", "what others may say too has the key of its group");
        assert_eq!(&ann.asks("GET", &format!("/api/v1/notifications/{}", id(told)), &[]).await["id"], &told["id"]);
    }
    let some = ann.asks("GET", "/api/v1/notifications?types[]=mention&types[]=follow", &[]).await;
    assert_eq!(ids(&some), [id(&list[0]), id(&list[3])]);
    let rest = ann.asks("GET", "/api/v1/notifications?exclude_types[]=mention&exclude_types[]=follow", &[]).await;
    assert_eq!(ids(&rest), [id(&list[1]), id(&list[2])]);
    assert_eq!(ann.asks("GET", &format!("/api/v1/notifications?account_id={}", ann.id), &[]).await, json!([]));
    assert_eq!(ann.asks("GET", "/api/v1/notifications/unread_count", &[]).await["count"], 4);

    let marked = ann.asks("POST", "/api/v1/markers", &[("notifications[last_read_id]", &id(&list[1]))]).await;
    assert_eq!(
        (&marked["notifications"]["last_read_id"], &marked["notifications"]["version"]),
        (&list[1]["id"], &json!(1))
    );
    assert_eq!(ann.asks("GET", "/api/v1/notifications/unread_count", &[]).await["count"], 1);
    let again = ann
        .asks(
            "POST",
            "/api/v1/markers",
            &[("notifications[last_read_id]", &id(&list[0])), ("home[last_read_id]", &status)],
        )
        .await;
    assert_eq!((&again["notifications"]["version"], &again["home"]["version"]), (&json!(2), &json!(1)));
    let both = ann.asks("GET", "/api/v1/markers?timeline[]=home&timeline[]=notifications", &[]).await;
    assert_eq!(both["notifications"]["last_read_id"], list[0]["id"]);
    assert_eq!(
        ann.asks("GET", "/api/v1/markers?timeline[]=home", &[]).await.as_object().map(serde_json::Map::len),
        Some(1)
    );
    assert_eq!(ben.asks("GET", "/api/v1/markers?timeline[]=home", &[]).await, json!({}));

    assert_eq!(ann.asks("POST", &format!("/api/v1/notifications/{}/dismiss", id(&list[0])), &[]).await, json!({}));
    assert_eq!(ann.is_refused("GET", &format!("/api/v1/notifications/{}", id(&list[0])), &[]).await, 404);
    assert_eq!(ids(&ann.asks("GET", "/api/v1/notifications", &[]).await).len(), 3);
    ben.asks("POST", &format!("/api/v1/statuses/{status}/unfavourite"), &[]).await;
    assert_eq!(
        ids(&ann.asks("GET", "/api/v1/notifications?types[]=favourite", &[]).await).len(),
        0,
        "what was taken back is not told"
    );
    assert_eq!(ann.asks("POST", "/api/v1/notifications/clear", &[]).await, json!({}));
    assert_eq!(ann.asks("GET", "/api/v1/notifications", &[]).await, json!([]));
}
