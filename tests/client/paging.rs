//! Pages: bounds, and links followed as they stand (client API, pagination).

use crate::{
    call::{call, id, ids, link},
    lab::{Instance, Person, World},
    web::Reply,
};
use std::collections::BTreeSet;

async fn page(home: &Instance, token: Option<&str>, path: &str) -> Reply {
    let reply = call(home.web(), token, "GET", path, &[]).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply
}

/// All pages from `path` on by one relation, each page's ids.
async fn followed(home: &Instance, token: Option<&str>, path: &str, relation: &str, limit: usize) -> Vec<Vec<String>> {
    let (mut pages, mut at) = (Vec::new(), Some(path.to_owned()));
    while let Some(path) = at {
        let reply = page(home, token, &path).await;
        let found = ids(&reply.json());
        assert!(found.len() <= limit, "{path}: {} of {limit}", found.len());
        at = link(&reply, relation).filter(|_| !found.is_empty());
        pages.push(found);
        assert!(pages.len() < 60, "no end of {path}");
    }
    pages
}

/// Downwards, then upwards from the bottom: each item once both times.
async fn each_once(home: &Instance, token: Option<&str>, path: &str, expected: usize) {
    let joined = |limit: usize| {
        if path.contains('?') { format!("{path}&limit={limit}") } else { format!("{path}?limit={limit}") }
    };
    let all = ids(&page(home, token, &joined(80)).await.json());
    let down = followed(home, token, &joined(7), "next", 7).await;
    let flat: Vec<String> = down.concat();
    assert_eq!((flat.len(), flat.iter().collect::<BTreeSet<_>>().len()), (expected, expected), "{path}: {down:?}");
    let most = all.len();
    assert_eq!(flat[..most], all[..], "{path}: pages and one large page agree");
    let up = followed(home, token, &format!("{}&min_id=0", joined(7)), "prev", 7).await;
    let turned: Vec<String> = up.iter().rev().flatten().cloned().collect();
    assert_eq!(turned, flat, "{path}: upwards");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_lead_to_each_status_once_in_both_directions() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    ben.asks("POST", &format!("/api/v1/accounts/{}/follow", ann.id), &[]).await;
    let mut posted = Vec::new();
    for number in 0..45 {
        let status = id(&ann.writes(&format!("number {number} #many"), &[]).await);
        for act in ["favourite", "bookmark"] {
            ben.asks("POST", &format!("/api/v1/statuses/{status}/{act}"), &[]).await;
        }
        posted.push(status);
    }
    posted.reverse();
    for path in [
        "/api/v1/timelines/public?local=true",
        "/api/v1/timelines/tag/many",
        &format!("/api/v1/accounts/{}/statuses", ann.id),
    ] {
        each_once(&home, None, path, 45).await;
        each_once(&home, Some(&ben.token), path, 45).await;
    }
    for path in ["/api/v1/timelines/home", "/api/v1/favourites", "/api/v1/bookmarks"] {
        each_once(&home, Some(&ben.token), path, 45).await;
    }
    each_once(&home, Some(&ann.token), "/api/v1/timelines/home", 45).await;
    each_once(&home, Some(&ann.token), "/api/v1/notifications?types[]=favourite", 45).await;

    for path in [
        "/api/v1/timelines/home",
        "/api/v1/timelines/public",
        "/api/v1/timelines/tag/many",
        &format!("/api/v1/accounts/{}/statuses", ann.id),
    ] {
        bounds(&ben, path, &posted).await;
    }
    let count = |path: &'static str| async { ids(&ben.get(path).await).len() };
    assert_eq!(count("/api/v1/timelines/public").await, 20);
    assert_eq!(count("/api/v1/timelines/public?limit=1000").await, 40, "clamped");
    assert_eq!(count("/api/v1/timelines/public?limit=0").await, 1, "clamped");
    assert_eq!(count("/api/v1/timelines/public?limit=-5").await, 1, "clamped");
    assert_eq!(count("/api/v1/timelines/public?limit=many").await, 20, "ignored");
    let last = page(&home, Some(&ben.token), "/api/v1/timelines/public?max_id=1").await;
    assert_eq!((last.text().as_str(), last.header("link")), ("[]", None));
    let kept = page(&home, None, "/api/v1/timelines/public?local=true&limit=3&max_id=999999999999999999").await;
    let next = link(&kept, "next").expect("a next page");
    assert!(next.contains("local=true") && next.contains("limit=3") && next.matches("max_id").count() == 1, "{next}");
}

/// `posted` is newest first.
async fn bounds(ben: &Person<'_>, path: &str, posted: &[String]) {
    let (high, low) = (&posted[10], &posted[30]);
    let get = |query: String| async move { ids(&ben.get(&format!("{path}?{query}")).await) };
    assert_eq!(get(format!("max_id={low}&limit=5")).await, posted[31..36], "{path}: right below");
    assert_eq!(get(format!("since_id={low}&limit=5")).await, posted[..5], "{path}: the newest");
    assert_eq!(get(format!("min_id={low}&limit=5")).await, posted[25..30], "{path}: right above");
    assert_eq!(
        get(format!("since_id={low}&max_id={high}&limit=5")).await,
        posted[11..16],
        "{path}: between, from above"
    );
    assert_eq!(get(format!("min_id={low}&max_id={high}&limit=5")).await, posted[25..30], "{path}: between, from below");
    assert_eq!(get(format!("min_id={low}&max_id={high}&limit=40")).await, posted[11..30], "{path}: all between");
    assert_eq!(get(format!("min_id={}", posted[0])).await, Vec::<String>::new(), "{path}: nothing is newer");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_lead_to_each_account_once() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let status = id(&ann.writes("liked by many", &[]).await);
    ann.asks("PATCH", "/api/v1/accounts/update_credentials", &[("locked", "true")]).await;
    for number in 0..16 {
        let fan = home.person(&format!("fan{number}")).await;
        fan.asks("POST", &format!("/api/v1/statuses/{status}/favourite"), &[]).await;
        fan.asks("POST", &format!("/api/v1/statuses/{status}/reblog"), &[]).await;
        fan.asks("POST", &format!("/api/v1/accounts/{}/follow", ann.id), &[]).await;
        ann.asks("POST", &format!("/api/v1/accounts/{}/follow", fan.id), &[]).await;
    }
    let own = |path: &str| (format!("/api/v1/{path}"), Some(ann.token.clone()));
    let lists = [
        own(&format!("statuses/{status}/favourited_by")),
        own(&format!("statuses/{status}/reblogged_by")),
        own(&format!("accounts/{}/following", ann.id)),
        own("follow_requests"),
    ];
    for (path, token) in lists {
        let all = ids(&page(&home, token.as_deref(), &path).await.json());
        assert_eq!(all.len(), 16, "{path}");
        for relation in [("next", ""), ("prev", "&min_id=0")] {
            let pages =
                followed(&home, token.as_deref(), &format!("{path}?limit=5{}", relation.1), relation.0, 5).await;
            let flat: Vec<String> =
                if relation.0 == "next" { pages.concat() } else { pages.into_iter().rev().flatten().collect() };
            assert_eq!(flat, all, "{path} by {}", relation.0);
        }
    }
    for request in ids(&ann.get("/api/v1/follow_requests").await) {
        ann.asks("POST", &format!("/api/v1/follow_requests/{request}/authorize"), &[]).await;
    }
    let path = format!("/api/v1/accounts/{}/followers", ann.id);
    let all = ids(&page(&home, None, &path).await.json());
    let pages = followed(&home, None, &format!("{path}?limit=5"), "next", 5).await;
    assert_eq!((all.len(), pages.concat()), (16, all));
}
