//! Automatic deletion of own old posts: what goes, what stays, at which pace, and that others hear of it.

use crate::{
    browser::{Browser, Form},
    call::{id, raw},
    lab::{Instance, Person, World, comes},
    settings::signed_in,
};
use serde_json::Value;

const DAY_MS: i64 = 24 * 60 * 60_000;
const MINUTE_MS: i64 = 60_000;
const PASS_MS: i64 = 6 * 60 * MINUTE_MS;
const PATH: &str = "/settings/cleanup";

/// The form as Mastodon begins, after a week.
async fn form(browser: &mut Browser) -> Form {
    let kept = ["keep_direct", "keep_pinned", "keep_favourited", "keep_bookmarked"];
    let form = Form::on(&browser.get(PATH).await, PATH).with("enabled", "true").with("age_days", "7");
    kept.into_iter().fold(form, |form, name| form.with(name, "true"))
}

/// How many posts somebody has.
async fn posts(who: &Person<'_>) -> Vec<String> {
    let list = who.asks("GET", &format!("/api/v1/accounts/{}/statuses?limit=40", who.id), &[]).await;
    list.as_array().expect("a list").iter().map(id).collect()
}

async fn are_left(who: &Person<'_>, count: usize) -> Vec<String> {
    comes(&format!("{count} posts are left"), async || Some(posts(who).await).filter(|left| left.len() == count)).await
}

/// What the page of preview says.
async fn preview(browser: &mut Browser, form: &Form) -> String {
    let page = browser.submit(&form.with("do", "preview"), &[]).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    let said = text.split("role=\"status\">").find(|part| part.contains("would go now")).unwrap_or_default().to_owned();
    said.split('<').next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_posts_go_as_said_and_what_is_to_stay_stays() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let mut browser = signed_in(&home, &ann).await;
    let marked = async |what: &str| {
        let status = id(&ann.writes(&format!("{what} one"), &[]).await);
        ann.asks("POST", &format!("/api/v1/statuses/{status}/{what}"), &[]).await;
        status
    };
    let mut stays = vec![marked("pin").await, marked("favourite").await, marked("bookmark").await];
    let direct = id(&ann.writes("for you, @ben", &[("visibility", "direct")]).await);
    let liked = id(&ann.writes("liked", &[]).await);
    ben.asks("POST", &format!("/api/v1/statuses/{liked}/favourite"), &[]).await;
    let poll = [("poll[options][]", "a"), ("poll[options][]", "b"), ("poll[expires_in]", "3600")];
    let poll = id(&ann.writes("a poll", &poll).await);
    let plain = id(&ann.writes("plain", &[]).await);
    let other = id(&ben.writes("shared", &[]).await);
    ann.asks("POST", &format!("/api/v1/statuses/{other}/reblog"), &[]).await;
    world.clock.advance(7 * DAY_MS);
    let young = id(&ann.writes("young", &[]).await);
    stays.extend([direct, young]);

    let form = form(&mut browser).await;
    // What was liked, the poll, the plain one and what was shared.
    assert_eq!(preview(&mut browser, &form).await, "4 posts would go now.");
    assert_eq!(preview(&mut browser, &form.with("keep_polls", "true")).await, "3 posts would go now.");
    assert_eq!(preview(&mut browser, &form.with("min_favourites", "1")).await, "3 posts would go now.");
    assert_eq!(preview(&mut browser, &form.with("min_favourites", "2")).await, "4 posts would go now.");
    assert_eq!(preview(&mut browser, &form.without("keep_pinned")).await, "5 posts would go now.");
    assert_eq!(preview(&mut browser, &form.with("age_days", "14")).await, "No post would go now.");
    assert_eq!(posts(&ann).await.len(), 9, "nothing is deleted by counting");
    for (field, value) in
        [("age_days", "8"), ("min_favourites", "0"), ("min_reblogs", "some"), ("min_reblogs", "1000001")]
    {
        assert_eq!(
            browser.submit(&form.with(field, value).with("do", "save"), &[]).await.status,
            422,
            "{field}={value}"
        );
    }

    let saved = browser.follow(&form.with("min_favourites", "1").with("do", "save")).await;
    assert!(saved.text().contains("Saved."), "{}", saved.text());
    stays.push(liked.clone());
    let left = are_left(&ann, stays.len()).await;
    assert!(stays.iter().all(|status| left.contains(status)), "{stays:?} {left:?}");
    for gone in [&plain, &poll] {
        assert_eq!(raw(home.web(), None, "GET", &format!("/api/v1/statuses/{gone}"), "", "").await.status, 404);
        assert_eq!(
            home.web().get(&format!("/@ann/{gone}"), &[("accept", "text/html")]).await.status,
            410,
            "it was there"
        );
    }
    assert_eq!(
        raw(home.web(), None, "GET", &format!("/api/v1/statuses/{other}"), "", "").await.status,
        200,
        "of others"
    );
    let page = browser.get(PATH).await.text();
    assert!(page.contains("3 posts have gone"), "{page}");

    // What becomes old goes with a later pass; switched off nothing does.
    world.clock.advance(7 * DAY_MS);
    are_left(&ann, stays.len() - 1).await;
    let page = browser.follow(&form.without("enabled").with("do", "save")).await;
    assert_eq!(page.status, 200);
    ann.writes("never to go", &[]).await;
    world.clock.advance(30 * DAY_MS);
    ann.writes("later", &[]).await;
    let jobs = home.server().read(|view| {
        let (bounds, up) = (storage::Bounds::NONE, storage::Direction::Ascending);
        Ok(storage::job::JOBS.list(view, &(), bounds, up, 100)?)
    });
    let jobs = jobs.await.expect("a read");
    assert!(!jobs.iter().any(|(_, job)| matches!(job.kind, storage::job::JobKind::CleanUp { .. })), "{jobs:?}");
    assert_eq!(posts(&ann).await.len(), stays.len() + 1);
}

/// Whether a server still has a post with this address.
async fn has(who: &Person<'_>, uri: &str) -> bool {
    let path = format!("/api/v2/search?type=statuses&resolve=false&q={}", crate::call::escaped(uri));
    let found: Value = who.asks("GET", &path, &[]).await;
    found["statuses"].as_array().is_some_and(|list| !list.is_empty())
}

/// How many posts have gone, and whether the pass has stopped on its way.
async fn removed(home: &Instance, who: &Person<'_>) -> (u64, bool) {
    let account = who.id;
    let known = home.server().read(move |view| dassie::status::cleanup::find(view, account)).await;
    known.expect("a read").map_or((0, false), |known| (known.removed, known.behind.is_some()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_goes_on_in_small_steps_after_a_stop_and_other_servers_hear_of_each() {
    let world = World::new();
    let (mut home, far) = (world.instance("home.test").await, world.instance("far.test").await);
    let carol = far.person("carol").await;
    let (account, name, token, mut browser, uris) = {
        let ann = home.person("ann").await;
        carol.follows(&ann.handle()).await;
        let mut uris = Vec::new();
        for number in 0..12 {
            let status = ann.writes(&format!("number {number:02}"), &[]).await;
            uris.push(status["uri"].as_str().expect("a uri").to_owned());
        }
        carol.sees_at_home("number 11").await;
        let browser = signed_in(&home, &ann).await;
        (ann.id, ann.name.clone(), ann.token.clone(), browser, uris)
    };
    world.clock.advance(8 * DAY_MS);
    let form = form(&mut browser).await;
    assert_eq!(preview(&mut browser, &form).await, "12 posts would go now.");
    assert_eq!(browser.submit(&form.with("do", "save"), &[]).await.status, 303);
    {
        let ann = Person { home: &home, name: name.clone(), id: account, token: token.clone() };
        let left = are_left(&ann, 2).await;
        assert_eq!(left.len(), 2, "ten a step");
        comes("the step is over", async || (removed(&home, &ann).await == (10, true)).then_some(())).await;
    }
    home.restart().await;
    let ann = Person { home: &home, name, id: account, token };
    assert_eq!(posts(&ann).await.len(), 2, "the next step waits for its minute");
    world.clock.advance(MINUTE_MS);
    are_left(&ann, 0).await;
    for uri in &uris {
        comes(&format!("{uri} is gone elsewhere"), async || (!has(&carol, uri).await).then_some(())).await;
    }
    comes("all of them are counted", async || (removed(&home, &ann).await == (12, false)).then_some(())).await;
    world.clock.advance(PASS_MS);
    assert_eq!(removed(&home, &ann).await.0, 12);
}
