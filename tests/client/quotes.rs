//! Quotes among people of one instance (client API, statuses, Quote, `QuoteApproval`).

use crate::{
    call::{id, ids, stranger},
    lab::World,
};
use serde_json::json;

fn path(status: &str) -> String {
    format!("/api/v1/statuses/{status}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quote_is_shown_counted_listed_told_and_taken_back() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    let quoted = id(&ann.writes("Dassies bark", &[]).await);
    let seen = ben.asks("GET", &path(&quoted), &[]).await;
    let approval = json!({"automatic": ["public"], "manual": [], "current_user": "automatic"});
    assert_eq!((&seen["quote_approval"], &seen["quotes_count"]), (&approval, &json!(0)));
    assert_eq!(stranger(&home, &path(&quoted)).await["quote_approval"]["current_user"], "denied");

    let quote = ben.writes("they do", &[("quoted_status_id", &quoted)]).await;
    assert_eq!((&quote["quote"]["state"], id(&quote["quote"]["quoted_status"])), (&json!("accepted"), quoted.clone()));
    let content = quote["content"].as_str().expect("a text");
    let page = format!("https://home.test/@ann/{quoted}");
    assert!(content.starts_with("<p class=\"quote-inline\">RE: <a href=\"") && content.contains(&page), "{content}");
    assert!(content.ends_with("<p>they do</p>"), "{content}");
    assert_eq!(ben.asks("GET", &format!("{}/source", path(&id(&quote))), &[]).await["text"], "they do");
    assert_eq!(id(&ann.is_told("quote").await["status"]), id(&quote));
    assert_eq!(stranger(&home, &path(&quoted)).await["quotes_count"], 1);
    assert_eq!(ids(&cat.asks("GET", &format!("{}/quotes", path(&quoted)), &[]).await), [id(&quote)]);

    // A quote of a quote shows the inner one by its number only.
    let outer = cat.writes("indeed", &[("quoted_status_id", &id(&quote))]).await;
    let inner = &outer["quote"]["quoted_status"]["quote"];
    assert_eq!(inner, &json!({"state": "accepted", "quoted_status_id": quoted}));

    world.clock.advance(1_000);
    ann.asks("PUT", &path(&quoted), &[("status", "Dassies whistle")]).await;
    let told = ben.is_told("quoted_update").await;
    assert_eq!((id(&told["status"]), &told["account"]["acct"]), (id(&quote), &json!("ann")));

    let revoke = format!("{}/quotes/{}/revoke", path(&quoted), id(&quote));
    assert_eq!(cat.is_refused("POST", &revoke, &[]).await, 403);
    let revoked = ann.asks("POST", &revoke, &[]).await;
    assert_eq!(revoked["quote"], json!({"state": "revoked", "quoted_status": null}));
    assert_eq!(revoked["content"], "<p>they do</p>");
    assert_eq!(stranger(&home, &path(&quoted)).await["quotes_count"], 0);
    assert_eq!(cat.asks("GET", &format!("{}/quotes", path(&quoted)), &[]).await, json!([]));
    assert_eq!(cat.is_refused("POST", &format!("{}/quotes/1/revoke", path(&quoted)), &[]).await, 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn policies_are_set_with_the_status_with_an_edit_and_alone() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let status = id(&ann.writes("mine", &[("quote_approval_policy", "nobody")]).await);
    let as_ben = |wanted: &'static str| {
        let (ben, path) = (&ben, path(&status));
        async move { assert_eq!(ben.asks("GET", &path, &[]).await["quote_approval"]["current_user"], wanted) }
    };
    as_ben("denied").await;
    assert_eq!(
        ben.is_refused("POST", "/api/v1/statuses", &[("status", "x"), ("quoted_status_id", &status)]).await,
        404
    );
    let policy = format!("{}/interaction_policy", path(&status));
    let changed = ann.asks("PUT", &policy, &[("quote_approval_policy", "followers")]).await;
    assert_eq!(changed["quote_approval"]["automatic"], json!(["followers"]));
    assert_eq!(changed["quote_approval"]["current_user"], "automatic", "of one's own");
    as_ben("denied").await;
    ben.asks("POST", &format!("/api/v1/accounts/{}/follow", ann.id), &[]).await;
    as_ben("automatic").await;
    world.clock.advance(1_000);
    ann.asks("PUT", &path(&status), &[("status", "mine still"), ("quote_approval_policy", "nobody")]).await;
    as_ben("denied").await;
    ann.asks("PUT", &path(&status), &[("status", "mine still"), ("quote_approval_policy", "public")]).await;
    as_ben("automatic").await;
    for bad in [&[("quote_approval_policy", "friends")][..], &[]] {
        assert_eq!(ann.is_refused("PUT", &policy, bad).await, 422);
    }
    assert_eq!(ben.is_refused("PUT", &policy, &[("quote_approval_policy", "nobody")]).await, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_viewer_may_not_see_is_not_shown_inside_a_quote() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    ben.asks("POST", &format!("/api/v1/accounts/{}/follow", ann.id), &[]).await;
    let private = id(&ann.writes("for followers", &[("visibility", "private")]).await);
    let about_it = ann.writes("@cat see", &[("quoted_status_id", &private), ("visibility", "public")]).await;
    assert_eq!(about_it["visibility"], "private", "as narrow as what it quotes");
    let to_cat = cat.asks("GET", &path(&id(&about_it)), &[]).await;
    assert_eq!(to_cat["quote"], json!({"state": "unauthorized", "quoted_status": null}));
    assert_eq!(ben.asks("GET", &path(&id(&about_it)), &[]).await["quote"]["state"], "accepted");
    assert_eq!(cat.is_refused("GET", &format!("{}/quotes", path(&private)), &[]).await, 404);

    let quoted = id(&ann.writes("open", &[]).await);
    let quote = id(&ben.writes("mine", &[("quoted_status_id", &quoted)]).await);
    ann.asks("DELETE", &path(&quoted), &[]).await;
    assert_eq!(ben.asks("GET", &path(&quote), &[]).await["quote"], json!({"state": "deleted", "quoted_status": null}));
}
