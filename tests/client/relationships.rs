//! Blocks, mutes, blocked domains, notes and endorsements: what they say of themselves and what they hide.

use crate::{
    call::{call, id, ids, stranger},
    lab::{Person, World, comes},
};
use serde_json::{Value, json};
use storage::habit::{self, Habits};

fn on(account: &str, act: &str) -> String {
    format!("/api/v1/accounts/{account}/{act}")
}

fn holds(list: &Value, wanted: &str) -> bool {
    ids(list).iter().any(|id| id == wanted)
}

/// Where a public status of somebody the viewer does not follow may show, and whether it does.
async fn seen_by(viewer: &Person<'_>, author: &str, status: &str, parent: &str) -> Vec<(&'static str, bool)> {
    let get = |path: String| async move { viewer.asks("GET", &path, &[]).await };
    let thread = get(format!("/api/v1/statuses/{parent}/context")).await;
    let told = get("/api/v1/notifications".to_owned()).await;
    let told = told.as_array().expect("a list").iter().any(|told| told["account"]["id"] == author);
    vec![
        ("public", holds(&get("/api/v1/timelines/public".to_owned()).await, status)),
        ("tag", holds(&get("/api/v1/timelines/tag/seen".to_owned()).await, status)),
        ("home", holds(&get("/api/v1/timelines/home".to_owned()).await, status)),
        ("thread", holds(&thread["descendants"], status)),
        ("favourited_by", holds(&get(format!("/api/v1/statuses/{parent}/favourited_by")).await, author)),
        ("notifications", told),
        ("profile", holds(&get(on(author, "statuses")).await, status)),
        ("status", viewer.status_of(&format!("/api/v1/statuses/{status}")).await == 200),
        ("context", viewer.status_of(&format!("/api/v1/statuses/{status}/context")).await == 200),
        ("history", viewer.status_of(&format!("/api/v1/statuses/{status}/history")).await == 200),
        ("reblogged_by", viewer.status_of(&format!("/api/v1/statuses/{status}/reblogged_by")).await == 200),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_hiding_relation_hides_on_every_route_alike() {
    let home = World::new().instance("home.test").await;
    let listed = ["public", "tag", "home", "thread", "favourited_by", "notifications"];
    let every = ["profile", "status", "context", "history", "reblogged_by"];
    // What the viewer does, what the author does, and which places go dark.
    let cases: [(&str, &str, &str, &[&[&str]]); 5] = [
        ("none", "", "", &[]),
        ("quiet", "mute", "", &[&listed]),
        ("loud", "mute?notifications=false", "", &[&listed[..5]]),
        ("block", "block", "", &[&listed, &every]),
        ("blocked", "", "block", &[&listed, &every]),
    ];
    for (name, by_viewer, by_author, dark) in cases {
        let (ann, ben) = (home.person(&format!("ann{name}")).await, home.person(&format!("ben{name}")).await);
        let parent = id(&ann.writes("parent", &[]).await);
        ann.asks("POST", &on(&ben.id.to_string(), "follow"), &[]).await;
        let text = format!("@ann{name} reply #seen");
        let status = id(&ben.writes(&text, &[("in_reply_to_id", &parent)]).await);
        ben.asks("POST", &format!("/api/v1/statuses/{parent}/favourite"), &[]).await;
        let top = id(&ben.writes("on its own #seen", &[]).await);
        ann.is_told("favourite").await;
        if !by_viewer.is_empty() {
            ann.asks("POST", &on(&ben.id.to_string(), by_viewer), &[]).await;
        }
        if !by_author.is_empty() {
            ben.asks("POST", &on(&ann.id.to_string(), by_author), &[]).await;
        }
        let dark: Vec<&str> = dark.iter().flat_map(|places| places.iter().copied()).collect();
        // Answers to others stand in no public timeline: the one on its own is looked for there.
        let (mut seen, alone) = (
            seen_by(&ann, &ben.id.to_string(), &status, &parent).await,
            seen_by(&ann, &ben.id.to_string(), &top, &parent).await,
        );
        seen[0] = alone[0];
        for (place, shown) in seen {
            assert_eq!(shown, !dark.contains(&place), "{name}: {place}");
        }
        let gone = call(home.web(), Some(&ann.token), "GET", &format!("/api/v1/statuses/{status}"), &[]).await;
        if dark.contains(&"status") {
            let unknown = call(home.web(), Some(&ann.token), "GET", "/api/v1/statuses/1", &[]).await;
            assert_eq!((gone.status, gone.json()), (404, unknown.json()), "{name}: as if it had never been");
        }
        assert!(holds(&stranger(&home, "/api/v1/timelines/public").await, &top), "{name}: others see it");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn relations_say_what_they_are_and_are_listed() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    let (of_ben, of_cat) = (ben.id.to_string(), cat.id.to_string());
    assert_eq!(ann.is_refused("POST", &on(&of_ben, "endorse"), &[]).await, 422, "not followed");
    ann.asks("POST", &on(&of_ben, "follow"), &[]).await;
    ben.asks("POST", &on(&ann.id.to_string(), "follow"), &[]).await;
    assert_eq!(ann.asks("POST", &on(&of_ben, "endorse"), &[]).await["endorsed"], true);
    assert_eq!(ids(&ann.asks("GET", "/api/v1/endorsements", &[]).await), std::slice::from_ref(&of_ben));
    assert_eq!(ids(&stranger(&home, &on(&ann.id.to_string(), "endorsements")).await), std::slice::from_ref(&of_ben));
    let noted = ann.asks("POST", &on(&of_ben, "note"), &[("comment", "met at the rock")]).await;
    assert_eq!(
        (&noted["note"], &noted["endorsed"], &noted["followed_by"]),
        (&json!("met at the rock"), &json!(true), &json!(true))
    );
    let long = "x".repeat(2_001);
    assert_eq!(ann.is_refused("POST", &on(&of_ben, "note"), &[("comment", &long)]).await, 422);
    assert_eq!(ann.asks("POST", &on(&of_ben, "note"), &[("comment", "")]).await["note"], "");

    let muted = ann.asks("POST", &on(&of_ben, "mute"), &[("duration", "60"), ("notifications", "false")]).await;
    assert_eq!((&muted["muting"], &muted["muting_notifications"]), (&json!(true), &json!(false)));
    assert!(muted["muting_expires_at"].is_string());
    let list = ann.asks("GET", "/api/v1/mutes", &[]).await;
    assert_eq!((ids(&list), list[0]["mute_expires_at"].is_string()), (vec![of_ben.clone()], true));
    assert_eq!(ids(&ben.asks("GET", &on(&ann.id.to_string(), "followers"), &[]).await), std::slice::from_ref(&of_ben));

    let removed = ann.asks("POST", &on(&of_ben, "remove_from_followers"), &[]).await;
    assert_eq!((&removed["followed_by"], &removed["following"]), (&json!(false), &json!(true)));
    let blocked = ann.asks("POST", &on(&of_ben, "block"), &[]).await;
    assert_eq!(
        (&blocked["blocking"], &blocked["following"], &blocked["endorsed"]),
        (&json!(true), &json!(false), &json!(false))
    );
    ann.asks("POST", &on(&of_cat, "block"), &[]).await;
    assert_eq!(ids(&ann.asks("GET", "/api/v1/blocks", &[]).await), [of_cat.clone(), of_ben.clone()], "newest first");
    assert_eq!(ids(&ann.asks("GET", "/api/v1/blocks?limit=1", &[]).await), std::slice::from_ref(&of_cat));
    assert_eq!(ben.is_refused("POST", &on(&ann.id.to_string(), "follow"), &[]).await, 403);
    assert_eq!(ann.asks("POST", &on(&of_cat, "unblock"), &[]).await["blocking"], false);
    assert_eq!(ids(&ann.asks("GET", "/api/v1/blocks", &[]).await), [of_ben]);
    assert_eq!(ann.is_refused("POST", &on("1", "block"), &[]).await, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mute_with_an_end_ends_also_over_a_restart() {
    let world = World::new();
    let mut home = world.instance("home.test").await;
    let (of_ben, token) = {
        let (ann, ben) = (home.person("ann").await, home.person("ben").await);
        let of_ben = ben.id.to_string();
        ann.asks("POST", &on(&of_ben, "mute"), &[("duration", "60")]).await;
        // Made longer: the end of the first says nothing.
        ann.asks("POST", &on(&of_ben, "mute"), &[("duration", "120")]).await;
        (of_ben, ann.token.clone())
    };
    home.restart_after(|_| {}).await;
    let path = format!("/api/v1/accounts/relationships?id={of_ben}");
    let muting = || async { call(home.web(), Some(&token), "GET", &path, &[]).await.json()[0]["muting"].clone() };
    world.clock.advance(60_000);
    assert_eq!(muting().await, true);
    world.clock.advance(60_000);
    comes("the mute ends", async || (muting().await != true).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn familiar_followers_are_those_one_follows_too() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    ann.asks("POST", &on(&ben.id.to_string(), "follow"), &[]).await;
    ben.asks("POST", &on(&cat.id.to_string(), "follow"), &[]).await;
    let path = format!("/api/v1/accounts/familiar_followers?id[]={}&id[]={}", cat.id, ben.id);
    let found = ann.asks("GET", &path, &[]).await;
    assert_eq!(
        (ids(&found), ids(&found[0]["accounts"])),
        (vec![cat.id.to_string(), ben.id.to_string()], vec![ben.id.to_string()])
    );
    assert_eq!(found[1]["accounts"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocked_domain_leaves_lists_and_its_followers_go() {
    let world = World::new();
    let (here, far) = (world.instance("home.test").await, world.instance("far.test").await);
    let (ann, dan) = (here.person("ann").await, far.person("dan").await);
    dan.follows(&ann.handle()).await;
    let of_dan = ann.finds(&dan.handle()).await;
    dan.posts("@ann@home.test hello #far", &[]).await;
    let told = ann.is_told("mention").await;
    let tagged = || ann.asks("GET", "/api/v1/timelines/tag/far", &[]);
    assert_eq!(ids(&tagged().await).len(), 1);
    assert_eq!(ann.is_refused("POST", "/api/v1/domain_blocks", &[("domain", "no domain")]).await, 422);
    assert_eq!(ann.asks("POST", "/api/v1/domain_blocks", &[("domain", "FAR.test")]).await, json!({}));
    assert_eq!(ann.asks("GET", "/api/v1/domain_blocks", &[]).await, json!(["far.test"]));
    assert_eq!(tagged().await, json!([]));
    assert_eq!(ann.asks("GET", "/api/v1/notifications", &[]).await, json!([]));
    assert_eq!(ann.status_of(&format!("/api/v1/statuses/{}", id(&told["status"]))).await, 200, "asked for by its id");
    let path = format!("/api/v1/accounts/relationships?id={of_dan}");
    let seen = ann.until(&path, |seen| seen[0]["followed_by"] == false).await;
    assert_eq!(seen[0]["domain_blocking"], true);
    assert_eq!(ann.is_refused("POST", &on(&of_dan, "follow"), &[]).await, 403);
    assert_eq!(ann.asks("DELETE", "/api/v1/domain_blocks", &[("domain", "far.test")]).await, json!({}));
    assert_eq!(ids(&tagged().await).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_block_of_a_remote_account_ends_the_follow_there_and_can_be_taken_back() {
    let world = World::new();
    let (here, far) = (world.instance("home.test").await, world.instance("far.test").await);
    let (ann, dan) = (here.person("ann").await, far.person("dan").await);
    let of_ann = dan.follows(&ann.handle()).await;
    let of_dan = ann.finds(&dan.handle()).await;
    let path = format!("/api/v1/accounts/relationships?id={of_ann}");
    // Of a block as such the other side hears only if one chose so; that the follow ended it hears in any case.
    ann.asks("POST", &on(&of_dan, "block"), &[]).await;
    let seen = dan.until(&path, |seen| seen[0]["following"] == false).await;
    assert_eq!(seen[0]["blocked_by"], false);
    ann.asks("POST", &on(&of_dan, "unblock"), &[]).await;
    dan.follows(&ann.handle()).await;
    let by = ann.id;
    let told = Habits { tells_blocks: true, ..Habits::default() };
    let stored = here.server().write(move |tx| {
        habit::put(tx, by, told);
        Ok(())
    });
    stored.await.expect("written");
    ann.asks("POST", &on(&of_dan, "block"), &[]).await;
    dan.until(&path, |seen| seen[0]["blocked_by"] == true && seen[0]["following"] == false).await;
    ann.asks("POST", &on(&of_dan, "unblock"), &[]).await;
    dan.until(&path, |seen| seen[0]["blocked_by"] == false).await;
}
