//! Lists and their timelines (client API, lists).

use crate::{
    call::{call, id, ids},
    lab::{Person, World},
};
use serde_json::json;

async fn follow(who: &Person<'_>, whom: &Person<'_>) {
    who.asks("POST", &format!("/api/v1/accounts/{}/follow", whom.id), &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_are_made_changed_filled_and_removed() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    let (of_ben, of_cat) = (ben.id.to_string(), cat.id.to_string());
    follow(&ann, &ben).await;
    let made = ann.asks("POST", "/api/v1/lists", &[("title", "friends")]).await;
    assert_eq!((&made["replies_policy"], &made["exclusive"]), (&json!("list"), &json!(false)));
    let path = format!("/api/v1/lists/{}", id(&made));
    let changed = ann.asks("PUT", &path, &[("replies_policy", "none"), ("exclusive", "true")]).await;
    assert_eq!(
        (&changed["title"], &changed["replies_policy"], &changed["exclusive"]),
        (&json!("friends"), &json!("none"), &json!(true))
    );
    assert_eq!(ann.asks("GET", "/api/v1/lists", &[]).await, json!([changed]));
    let members = format!("{path}/accounts");
    assert_eq!(ann.asks("POST", &members, &[("account_ids[]", &of_ben)]).await, json!({}));
    for (account, status) in [(of_ben.as_str(), 422), (of_cat.as_str(), 404), ("1", 404)] {
        assert_eq!(ann.is_refused("POST", &members, &[("account_ids[]", account)]).await, status, "{account}");
    }
    follow(&ann, &cat).await;
    ann.asks("POST", &members, &[("account_ids[]", &of_cat)]).await;
    assert_eq!(ids(&ann.asks("GET", &members, &[]).await), [of_cat.clone(), of_ben.clone()], "newest first");
    assert_eq!(ids(&ann.asks("GET", &format!("{members}?limit=0"), &[]).await).len(), 2, "everybody");
    assert_eq!(ids(&ann.asks("GET", &format!("{members}?limit=1"), &[]).await), std::slice::from_ref(&of_cat));
    let holding = format!("/api/v1/accounts/{of_ben}/lists");
    assert_eq!(ids(&ann.asks("GET", &holding, &[]).await), [id(&made)]);
    assert_eq!(ann.asks("DELETE", &members, &[("account_ids[]", &of_cat)]).await, json!({}));
    assert_eq!(ids(&ann.asks("GET", &members, &[]).await), std::slice::from_ref(&of_ben));
    ann.asks("POST", &format!("/api/v1/accounts/{of_ben}/unfollow"), &[]).await;
    assert_eq!(ann.asks("GET", &members, &[]).await, json!([]), "who is not followed is in no list");
    assert_eq!(ann.asks("GET", &holding, &[]).await, json!([]));
    for (fields, why) in
        [(&[("title", " ")][..], "blank"), (&[("title", "x"), ("replies_policy", "all")][..], "unknown")]
    {
        assert_eq!(ann.is_refused("POST", "/api/v1/lists", fields).await, 422, "{why}");
    }
    for (method, path) in [("GET", &path), ("PUT", &path), ("DELETE", &path), ("GET", &members)] {
        assert_eq!(ben.is_refused(method, path, &[]).await, 404, "{method} {path}: somebody else's");
    }
    let timeline = format!("/api/v1/timelines/list/{}", id(&made));
    assert_eq!(ben.is_refused("GET", &timeline, &[]).await, 404);
    assert_eq!(ann.asks("DELETE", &path, &[]).await, json!({}));
    assert_eq!(ann.asks("GET", "/api/v1/lists", &[]).await, json!([]));
    assert_eq!(ann.is_refused("GET", &timeline, &[]).await, 404);
    for _ in 0..50 {
        ann.asks("POST", "/api/v1/lists", &[("title", "many")]).await;
    }
    assert_eq!(ann.is_refused("POST", "/api/v1/lists", &[("title", "one more")]).await, 422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_shows_its_members_and_the_answers_its_policy_lets_in() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, cat, dan) =
        (home.person("ann").await, home.person("ben").await, home.person("cat").await, home.person("dan").await);
    for other in [&ben, &cat, &dan] {
        follow(&ann, other).await;
    }
    let list = id(&ann.asks("POST", "/api/v1/lists", &[("title", "two")]).await);
    for member in [&ben, &cat] {
        ann.asks("POST", &format!("/api/v1/lists/{list}/accounts"), &[("account_ids[]", &member.id.to_string())]).await;
    }
    let by_ben = id(&ben.writes("on its own", &[]).await);
    let by_dan = id(&dan.writes("not in the list", &[]).await);
    let to_cat_parent = id(&cat.writes("cat speaks", &[]).await);
    let to_member = id(&ben.writes("@cat yes", &[("in_reply_to_id", &to_cat_parent)]).await);
    let to_other = id(&ben.writes("@dan no", &[("in_reply_to_id", &by_dan)]).await);
    let thread = id(&ben.writes("and more", &[("in_reply_to_id", &by_ben)]).await);
    let timeline = format!("/api/v1/timelines/list/{list}");
    let path = format!("/api/v1/lists/{list}");
    let cases = [
        ("followed", vec![&thread, &to_other, &to_member, &to_cat_parent, &by_ben]),
        ("list", vec![&thread, &to_member, &to_cat_parent, &by_ben]),
        ("none", vec![&thread, &to_cat_parent, &by_ben]),
    ];
    for (policy, expected) in cases {
        ann.asks("PUT", &path, &[("replies_policy", policy)]).await;
        let expected: Vec<String> = expected.into_iter().cloned().collect();
        assert_eq!(ids(&ann.asks("GET", &timeline, &[]).await), expected, "{policy}");
    }
    let page = call(home.web(), Some(&ann.token), "GET", &format!("{timeline}?limit=1"), &[]).await;
    assert_eq!(ids(&page.json()), std::slice::from_ref(&thread));
    assert!(page.header("link").is_some_and(|link| link.contains(&format!("max_id={thread}"))));

    let at_home = || async { ids(&ann.asks("GET", "/api/v1/timelines/home", &[]).await) };
    assert!(at_home().await.contains(&by_ben));
    ann.asks("PUT", &path, &[("exclusive", "true")]).await;
    assert_eq!(at_home().await, std::slice::from_ref(&by_dan), "an exclusive list keeps its members out of home");
    assert!(ids(&ann.asks("GET", &timeline, &[]).await).contains(&by_ben));
    ann.asks("POST", &format!("/api/v1/accounts/{}/mute", ben.id), &[]).await;
    assert_eq!(
        ids(&ann.asks("GET", &timeline, &[]).await),
        std::slice::from_ref(&to_cat_parent),
        "mutes count here too"
    );
    ann.asks("DELETE", &path, &[]).await;
    assert!(at_home().await.contains(&to_cat_parent), "without the list they are back");
}
