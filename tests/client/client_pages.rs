//! Pages of people, home, messages and search, with nothing but links and forms.

use crate::{
    announcements::announce,
    browser::{Form, with},
    call::id,
    lab::{World, comes},
    settings::signed_in,
};
use dassie::limits;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_are_led_to_their_own_server_and_members_to_what_they_were_sent_for() {
    let world = World::new();
    let (home, far) = (world.instance("home.test").await, world.instance("far.test").await);
    let (ann, bob) = (home.person("ann").await, far.person("bob").await);
    let post = ann.writes("warm", &[]).await;
    let mut guest = crate::browser::Browser::at(home.web());
    let profile = guest.get("/@ann").await;
    let form = Form::on(&profile, "/interact");
    for (handle, status, says) in [
        ("bob", 422, "is no whole handle"),
        ("@bob", 422, "is no whole handle"),
        ("nobody@far.test", 422, "Nobody is called"),
        ("bob@nowhere.test", 422, "no answer"),
    ] {
        let page = guest.submit(&form.with("handle", handle), &[]).await;
        assert!(page.status == status && page.text().contains(says), "{handle}: {} {}", page.status, page.text());
    }
    let led = guest.submit(&form.with("handle", "@bob@far.test"), &[]).await;
    let there = "https://far.test/authorize_interaction?uri=https%3A%2F%2Fhome%2Etest%2Fusers%2Fann";
    assert!(led.status == 200 && led.text().contains(&format!("0; url={there}")), "{}", led.text());
    let elsewhere = guest.submit(&form.with("handle", "@bob@far.test"), &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(elsewhere.status, 403);

    let mut member = signed_in(&far, &bob).await;
    let sent = member.get(there.strip_prefix("https://far.test").expect("of far.test")).await;
    let page = member.led_by(&sent).await;
    assert!(page.text().contains("@ann@home.test") && page.text().contains("name=\"follow\""), "{}", page.text());
    let page = guest.get(&with("/interact", &[("uri", post["uri"].as_str().expect("an id"))])).await;
    assert!(page.text().contains("warm"), "{}", page.text());
    assert!(page.text().contains("Your handle, to answer or boost from your own server"), "{}", page.text());
    let sent = member.get(&with("/authorize_interaction", &[("uri", post["uri"].as_str().expect("an id"))])).await;
    let page = member.led_by(&sent).await;
    assert!(page.text().contains("warm") && page.text().contains("/compose?reply="), "{}", page.text());
    for (asked, status) in [("acct:ann@home.test", 303), ("bob", 303), ("https://home.test/@nobody", 422), ("", 422)] {
        let page = member.get(&with("/authorize_interaction", &[("uri", asked)])).await;
        assert_eq!(page.status, status, "{asked}");
    }
    let there = &with("/interact", &[("uri", post["uri"].as_str().expect("an id"))]);
    let stranger = crate::browser::Browser::at(far.web()).get(there).await;
    assert_eq!(stranger.status, 404, "what was written elsewhere is not shown to guests here");
    let hidden = ann.writes("for few", &[("visibility", "private")]).await;
    assert_eq!(guest.get(&with("/interact", &[("uri", hidden["uri"].as_str().expect("an id"))])).await.status, 404);
    let finger = home.web().get("/.well-known/webfinger?resource=acct:ann@home.test", &[]).await.json();
    let said = finger["links"].as_array().expect("links").iter().any(|link| {
        link["rel"] == "http://ostatus.org/schema/1.0/subscribe"
            && link["template"] == "https://home.test/authorize_interaction?uri={uri}"
    });
    assert!(said, "{finger}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_are_sent_to_no_address_that_another_server_chose() {
    let world = World::new();
    let (home, far) = (world.instance("home.test").await, world.instance("far.test").await);
    let (ann, zoe) = (home.person("ann").await, far.person("zoe").await);
    ann.follows(&zoe.handle()).await;
    zoe.writes("far away", &[]).await;
    let seen = ann.sees_at_home("far away").await;
    let boost = id(&ann.asks("POST", &format!("/api/v1/statuses/{}/reblog", id(&seen)), &[]).await);
    let (profile, post) = ("https://far.test/@zoe", seen["url"].as_str().expect("an address"));
    let path = format!("/@zoe@far.test/{}", id(&seen));
    for (path, leads) in [
        ("/@zoe@far.test".to_owned(), profile),
        ("/@zoe@far.test/media".to_owned(), profile),
        (path.clone(), post),
        (format!("{path}/history"), post),
        (format!("{path}/boosts"), post),
        (format!("/@ann/{boost}"), post),
    ] {
        let page = home.web().get(&path, &[]).await;
        assert_eq!((page.status, page.header("location")), (200, None), "{path}");
        let link = format!("href=\"{leads}\" rel=\"nofollow noopener noreferrer\"");
        assert!(page.text().contains(&link) && page.text().contains("\"noindex, noarchive\""), "{}", page.text());
    }
    let own = id(&ann.writes("near", &[]).await);
    let boost = id(&ann.asks("POST", &format!("/api/v1/statuses/{own}/reblog"), &[]).await);
    let sent = home.web().get(&format!("/@ann/{boost}"), &[]).await;
    let there = format!("https://home.test/@ann/{own}");
    assert_eq!((sent.status, sent.header("location")), (303, Some(there.as_str())), "within the server one is led on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_profile_shows_the_tabs_its_owner_wants_and_what_they_recommend() {
    let world = World::new();
    let (home, far) = (world.instance("home.test").await, world.instance("far.test").await);
    let (ann, bob, zoe) = (home.person("ann").await, home.person("ben").await, far.person("zoe").await);
    ann.asks("POST", "/api/v1/featured_tags", &[("name", "rocks")]).await;
    ann.asks("POST", &format!("/api/v1/accounts/{}/follow", bob.id), &[]).await;
    ann.asks("POST", &format!("/api/v1/accounts/{}/endorse", bob.id), &[]).await;
    let get = async |path: &str| home.web().get(path, &[]).await;
    let page = get("/@ann/featured").await.text();
    assert!(page.contains("/tags/rocks") && page.contains("@ben@home.test"), "{page}");
    ann.asks("PATCH", "/api/v1/profile", &[("show_featured", "false"), ("show_media", "false")]).await;
    for tab in ["/@ann/featured", "/@ann/media"] {
        let there = get(tab).await;
        assert_eq!((there.status, there.header("location")), (303, Some("/@ann")), "{tab}");
        assert!(!get("/@ann").await.text().contains(&format!("href=\"{tab}\"")));
    }
    assert_eq!(get("/about/blocked").await.status, 200);
    assert!(get("/local.atom").await.status == 200 && get("/local/feed.json").await.status == 200);

    let mut browser = signed_in(&home, &ann).await;
    let sent = browser.get(&with("/authorize_interaction", &[("uri", "zoe@far.test")])).await;
    let page = browser.led_by(&sent).await;
    let known = ann.asks("GET", "/api/v1/accounts/lookup?acct=zoe@far.test", &[]).await;
    let muted = Form::on(&page, &format!("/people/{}/mute", id(&known)));
    assert_eq!(browser.submit(&muted.with("duration", "5"), &[]).await.status, 422);
    let page = browser.follow(&muted.with("duration", "3600")).await;
    assert!(page.text().contains("until <time"), "{}", page.text());
    let server = format!("/people/{}/server", id(&known));
    for (act, blocks) in [("block", true), ("unblock", false)] {
        let page = browser.get(&server).await;
        browser.follow(&Form::on(&page, &server).with("do", act)).await;
        let path = format!("/api/v1/accounts/relationships?id={}", id(&known));
        assert_eq!(ann.asks("GET", &path, &[]).await[0]["domain_blocking"], blocks, "{act} {}", zoe.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_are_read_answered_and_found_apart_from_home() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    ann.asks("POST", &format!("/api/v1/accounts/{}/follow", ben.id), &[]).await;
    ben.writes("in the sun", &[]).await;
    ben.writes("@ann basalt psst", &[("visibility", "direct")]).await;
    let mut browser = signed_in(&home, &ann).await;
    let page = browser.get("/home").await.text();
    assert!(page.contains("in the sun") && !page.contains("basalt"), "{page}");
    let apps = ann.asks("GET", "/api/v1/timelines/home", &[]).await;
    assert_eq!(apps.as_array().map(Vec::len), Some(2), "apps see both");

    let listed = ann.asks("GET", "/api/v1/conversations", &[]).await;
    let path = format!("/messages/{}", id(&listed[0]));
    let page = browser.get("/messages").await;
    let talk = browser.follow(&Form::on(&page, &format!("{path}/open"))).await;
    assert!(talk.text().contains("basalt") && talk.text().contains("not encrypted"), "{}", talk.text());
    assert_eq!(browser.submit(&Form::on(&talk, &path).with("status", " "), &[]).await.status, 422);
    let answer = Form::on(&talk, &path).with("status", "granite!");
    for _ in 0..2 {
        let talk = browser.follow(&answer).await.text();
        assert!(talk.find("basalt") < talk.find("granite!") && talk.matches("granite!").count() == 1, "{talk}");
    }
    let over = crate::browser::Browser::at(home.web()).submit(&answer, &[]).await;
    let kept = over.text();
    assert!(over.status == 403 && kept.contains("@ben granite!") && kept.contains("value=\"direct\""), "{kept}");
    let told = ben.asks("GET", "/api/v1/conversations", &[]).await;
    assert_eq!(told.as_array().map(Vec::len), Some(1), "it goes on: {told}");
    assert!(told[0]["last_status"]["content"].as_str().is_some_and(|text| text.contains("granite")), "{told}");
    assert_eq!(told[0]["last_status"]["visibility"], "direct");
    let talk = browser.get(&path).await;
    browser.follow(&Form::on(&talk, &path).with("status", "@ben and schist")).await;
    let last = ben.asks("GET", "/api/v1/conversations", &[]).await[0]["last_status"].clone();
    let content = last["content"].as_str().unwrap_or_default();
    assert!(content.contains("schist") && content.matches("ben</span>").count() == 1, "named once: {content}");
    assert_eq!(signed_in(&home, &ben).await.get(&path).await.status, 404, "each has their own");
    // The index is some seconds behind.
    comes("the message is found", async || {
        let found = browser.get("/messages?q=granite").await.text();
        found.contains(&format!("href=\"{path}?max_id=")).then_some(())
    })
    .await;
    assert!(!browser.get("/messages?q=sun").await.text().contains("in the sun"), "what is public is no message");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_home_stand_other_timelines_what_is_announced_and_searches_that_are_kept() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    ben.writes("basalt #rocks", &[]).await;
    ben.writes("granite", &[]).await;
    ann.asks("POST", "/api/v1/tags/rocks/follow", &[]).await;
    let list = ann.asks("POST", "/api/v1/lists", &[("title", "Geologists")]).await;
    let number = announce(&home, "new rocks tomorrow", None, None).await;
    let mut browser = signed_in(&home, &ann).await;
    for (path, first, second) in [("/home/tags", true, false), ("/home/local", true, true), ("/home/known", true, true)]
    {
        let page = browser.get(path).await.text();
        assert_eq!((page.contains("basalt"), page.contains("granite")), (first, second), "{path}");
        assert!(page.contains(&format!("href=\"{path}\" aria-current=\"page\"")), "{path}: {page}");
        assert!(page.contains(&format!("href=\"/lists/{}\"", id(&list))), "{path}");
    }
    let page = browser.get("/home").await;
    assert!(page.text().contains("new rocks tomorrow"), "{}", page.text());
    let page = browser.follow(&Form::on(&page, &format!("/announcements/{number}/dismiss"))).await;
    assert!(!page.text().contains("new rocks tomorrow"), "{}", page.text());

    let page = browser.get("/search?q=granite&type=statuses").await;
    let form = Form::on(&page, "/search/saved").with("name", "My rocks");
    let page = browser.follow(&form).await;
    assert!(page.text().contains("My rocks"), "{}", page.text());
    let long = "x".repeat(81);
    assert_eq!(browser.submit(&form.with("name", &long), &[]).await.status, 422);
    let start = browser.get("/search").await;
    let text = start.text();
    let kept = text.split_once("action=\"/search/saved/").expect("it is kept").1.split('"').next().expect("a path");
    let page = browser.follow(&Form::on(&start, &format!("/search/saved/{kept}"))).await;
    assert!(!page.text().contains("My rocks"), "{}", page.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_author_of_a_post_is_muted_and_blocked_from_its_menu_and_the_profile_says_so() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let post = ben.writes("in the sun", &[]).await;
    let mut browser = signed_in(&home, &ann).await;
    let page = browser.get(&format!("/@ben/{}", id(&post))).await.text();
    let seen = format!("/api/v1/accounts/relationships?id={}", ben.id);
    for (act, says, holds) in [("mute", "Mute this person?", "muting"), ("block", "Block this person?", "blocking")] {
        let path = format!("/people/{}/{act}", ben.id);
        assert!(page.contains(&format!("href=\"{path}\"")), "{page}");
        let asked = browser.get(&path).await;
        assert!(asked.text().contains(says), "{}", asked.text());
        assert!(asked.text().contains(&format!("name=\"{act}\" value=\"{}\"", ben.id)), "{}", asked.text());
        assert_eq!(ann.asks("GET", &seen, &[]).await[0][holds], false, "nothing is done before one says so");
        let done = browser.follow(&Form::on(&asked, "/act").with(act, &ben.id.to_string())).await;
        assert_eq!(done.status, 200, "{}", done.text());
        assert_eq!(ann.asks("GET", &seen, &[]).await[0][holds], true, "{act}");
    }
    let profile = browser.get("/@ben").await.text();
    assert!(profile.contains("You block <bdi>ben</bdi>: their posts are not shown."), "{profile}");
    assert!(!profile.contains("No public posts here."), "{profile}");
    let own = browser.get("/@ann").await.text();
    assert!(own.contains("No public posts here."), "{own}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn search_says_which_server_gave_no_answer_and_leads_on_to_more_posts() {
    let world = World::new();
    let (home, _far) = (world.instance("home.test").await, world.instance("far.test").await);
    let ann = home.person("ann").await;
    let mut browser = signed_in(&home, &ann).await;
    for (asked, silent) in [
        ("@zoe@nowhere.test", true),
        ("https://nowhere.test/@zoe", true),
        ("@nobody@far.test", false),
        ("https://far.test/@nobody", false),
    ] {
        let page = browser.get(&with("/search", &[("q", asked)])).await.text();
        assert_eq!(page.contains("nowhere.test could not be reached"), silent, "{asked}: {page}");
        assert_eq!(page.contains("Nothing was found."), !silent, "{asked}: {page}");
    }
    // What is found without it needs no word of it.
    let known = browser.get(&with("/search", &[("q", "@ann")])).await.text();
    assert!(!known.contains("could not be reached") && known.contains("@ann@home.test"), "{known}");

    for number in 0..limits::SEARCH_PAGE.0 {
        ann.writes(&format!("basalt {number}"), &[]).await;
    }
    let more = format!("href=\"/search?q=basalt&amp;type=statuses&amp;offset={}\">More posts<", limits::SEARCH_PAGE.0);
    let last = format!("basalt {}", limits::SEARCH_PAGE.0 - 1);
    for (shown, goes_on) in [(&last, false), (&more, true)] {
        // The index is some seconds behind.
        let found = comes(shown, async || {
            let found = browser.get("/search?q=basalt").await.text();
            found.contains(shown).then_some(found)
        })
        .await;
        assert_eq!(found.contains("More posts<"), goes_on, "there is more than one page: {found}");
        ann.writes("basalt, and one more", &[]).await;
    }
}
