//! What somebody takes along, is told of what is stored about them, and gets back when nothing could be done with it.

use crate::{
    browser::{Browser, Form},
    call::id,
    lab::{Instance, World, comes},
    pictures::{self, jpeg},
    settings::signed_in,
};
use dassie::limits;
use flate2::write::GzDecoder;
use serde_json::Value;
use std::{collections::BTreeMap, io::Write};
use storage::{AccountId, instance, takeout::TakeoutState, user::Role};

/// The files of a `.tar.gz`.
fn files(archive: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut out = GzDecoder::new(Vec::new());
    out.write_all(archive).expect("gzip");
    let plain = out.finish().expect("gzip");
    let (mut files, mut at) = (BTreeMap::new(), 0);
    while plain[at] != 0 {
        let head = &plain[at..at + 512];
        let text =
            |range: std::ops::Range<usize>| String::from_utf8_lossy(&head[range]).trim_end_matches('\0').to_owned();
        let bytes = usize::from_str_radix(&text(124..136), 8).expect("a size");
        files.insert(text(0..100), plain[at + 512..at + 512 + bytes].to_vec());
        at += 512 + bytes.div_ceil(512) * 512;
    }
    files
}

/// Waits until the archive of `account` can be taken.
async fn archive_comes(home: &Instance, account: AccountId) {
    comes("the archive", async || {
        let known = home.server().read(move |view| Ok(storage::takeout::find(view, account)?)).await.expect("a read");
        known.filter(|known| known.state == TakeoutState::Ready)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_archive_holds_what_one_wrote_and_can_be_taken_for_a_week() {
    let world = World::new();
    let mut home = world.instance("home.test").await;
    let (archive, mut browser) = {
        let (ann, ben) = (home.person("ann").await, home.person("ben").await);
        let mut browser = signed_in(&home, &ann).await;
        let page = browser.get("/compose").await;
        let form = Form::on(&page, "/compose").with("status", "the rock at noon").with("visibility", "private");
        let form = form.with("undescribed", "true").with("do", "post");
        assert_eq!(browser.upload(&form, &[("file", &jpeg(40, 30, 1))]).await.status, 303);
        for number in 0..25 {
            ann.writes(&format!("post {number}"), &[]).await;
        }
        let kept = id(&ben.writes("worth keeping", &[]).await);
        ann.asks("POST", &format!("/api/v1/statuses/{kept}/bookmark"), &[]).await;
        ann.asks("POST", &format!("/api/v1/statuses/{kept}/favourite"), &[]).await;
        let favourites = browser.get("/settings/export/favourites.csv").await.text();
        assert_eq!(favourites, format!("https://home.test/users/ben/statuses/{kept}\n"));

        let page = browser.get("/settings/data").await;
        assert!(page.text().contains("26") && page.text().contains("in your last 26 posts"), "{}", page.text());
        assert_eq!(browser.get("/settings/data/archive.tar.gz").await.status, 404);
        let form = Form::on(&page, "/settings/data/archive");
        browser.follow(&form).await;
        archive_comes(&home, ann.id).await;
        let again = browser.submit(&form, &[]).await;
        assert!(again.status == 422 && again.text().contains("once a week"), "{}", again.text());
        let page = browser.get("/settings/data").await.text();
        assert!(page.contains("href=\"/settings/data/archive.tar.gz\""), "{page}");
        let archive = browser.get("/settings/data/archive.tar.gz").await;
        assert_eq!(archive.header("content-type"), Some("application/gzip"));
        let mut stranger = signed_in(&home, &ben).await;
        assert_eq!(stranger.get("/settings/data/archive.tar.gz").await.status, 404, "of its owner alone");
        (archive, browser)
    };
    let files = files(&archive.body);
    let read = |name: &str| -> Value { serde_json::from_slice(&files[name]).expect("JSON") };
    assert_eq!(read("actor.json")["id"], "https://home.test/users/ann");
    let outbox = read("outbox.json");
    let items = outbox["orderedItems"].as_array().expect("items");
    assert_eq!((items.len(), &items[0]["type"]), (26, &Value::from("Create")));
    assert_eq!(items[0]["object"]["content"], "<p>the rock at noon</p>", "the oldest first, whoever may see it");
    let picture = items[0]["object"]["attachment"][0]["url"].as_str().expect("a picture").trim_start_matches('/');
    assert!(files[picture].starts_with(&[0xff, 0xd8, 0xff]), "{picture}");
    for name in ["likes.json", "bookmarks.json"] {
        let listed = read(name)["orderedItems"][0].as_str().expect("an address").to_owned();
        assert!(listed.starts_with("https://home.test/users/ben/statuses/"), "{name}: {listed}");
    }

    // It outlives a restart, and goes after a week.
    home.restart().await;
    browser.at_again(home.web());
    assert_eq!(browser.get("/settings/data/archive.tar.gz").await.body, archive.body);
    world.clock.advance(7 * 86_400_000);
    assert_eq!(browser.get("/settings/data/archive.tar.gz").await.status, 404);
    comes("its file goes", async || {
        let left = std::fs::read_dir(home.data().join("takeout")).expect("a directory").count();
        (left == 0).then_some(())
    })
    .await;
    assert!(browser.get("/settings/data").await.text().contains("action=\"/settings/data/archive\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_is_given_back_and_secrets_are_not() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let mut browser = signed_in(&home, &ann).await;
    let action = format!("/report/{}", ben.id);
    let form = Form::on(&browser.get(&action).await, &action)
        .with("category", "other")
        .with("comment", "line one\n<b>two</b>")
        .with("password", "secret horse");
    let stale = form.with("authenticity_token", "stale");
    let from = ("referer", format!("https://home.test{action}"));
    let refused = browser.submit(&stale, &[(from.0, &from.1)]).await;
    let text = refused.text();
    assert!(refused.status == 403 && text.contains("line one\n&lt;b&gt;two&lt;/b&gt;</textarea>"), "{text}");
    assert!(!text.contains("secret horse") && text.contains(&format!("href=\"{action}\">Back to the form")), "{text}");
    let refused = browser.submit(&stale, &[("sec-fetch-site", "cross-site")]).await;
    assert!(refused.status == 403 && !refused.text().contains("line one"), "another site puts no words here");
    let refused = browser.submit(&stale, &[("referer", "https://evil.test/x")]).await;
    assert!(!refused.text().contains("evil.test"), "{}", refused.text());

    // Nobody is signed in any more.
    let profile = Form::on(&browser.get("/settings/profile").await, "/settings/profile");
    browser.forget();
    let refused = browser.upload(&profile.with("note", "who I am"), &[]).await;
    assert!(refused.status == 403 && refused.text().contains("who I am</textarea>"), "{}", refused.text());
    let refused = browser.submit(&form, &[]).await;
    assert!(refused.status == 403 && refused.text().contains("line one"), "{}", refused.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_archive_whose_file_is_gone_may_be_asked_for_again_after_a_day() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let ann = home.person("ann").await;
    let mut browser = signed_in(&home, &ann).await;
    let form = Form::on(&browser.get("/settings/data").await, "/settings/data/archive");
    browser.follow(&form).await;
    archive_comes(&home, ann.id).await;
    for file in std::fs::read_dir(home.data().join("takeout")).expect("a directory").flatten() {
        std::fs::remove_file(file.path()).expect("removed");
    }
    assert_eq!(browser.get("/settings/data/archive.tar.gz").await.status, 404);
    world.clock.advance(limits::TAKEOUT_FAILED_REST_MS - 1);
    let page = browser.get("/settings/data").await.text();
    assert!(page.contains("could not be written, or had to make room"), "{page}");
    assert!(!page.contains("action=\"/settings/data/archive\""), "{page}");
    let early = browser.submit(&form, &[]).await;
    assert!(early.status == 422 && early.text().contains("after a day"), "{}", early.text());
    world.clock.advance(1);
    let page = browser.get("/settings/data").await;
    browser.follow(&Form::on(&page, "/settings/data/archive")).await;
    archive_comes(&home, ann.id).await;
    assert_eq!(browser.get("/settings/data/archive.tar.gz").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_is_given_back_of_a_form_that_is_cut_or_too_large() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let (report, kept) = (format!("/report/{}", ben.id), "noon on the rocks</textarea>");
    // It ends in the midst of what stands behind the text; nobody is signed in.
    let kind = pictures::form_type();
    for (path, name) in [("/compose", "status"), (report.as_str(), "comment")] {
        let body = pictures::form(&[(name, "noon on the rocks"), ("behind", "what never comes whole")], &[]);
        let refused = home.web().send("POST", path, &[("content-type", &kind)], &body[..body.len() - 30]).await;
        let text = refused.text();
        assert!(refused.status == 400 && text.contains(kept), "{path}: {} {text}", refused.status);
    }

    let mut browser = signed_in(&home, &ann).await;
    let most = usize::try_from(limits::UPLOAD_FIELD_BYTES).expect("it fits");
    let form = Form::on(&browser.get("/compose").await, "/compose").with("status", "noon on the rocks");
    let refused = browser.upload(&form.with("behind", &"x".repeat(most + 1)), &[]).await;
    assert!(refused.status == 413 && refused.text().contains(kept), "{} {}", refused.status, refused.text());
    let mut form = Form::on(&browser.get(&report).await, &report).with("comment", "noon on the rocks");
    form.fields.extend(vec![("behind".to_owned(), String::new()); limits::FIELDS]);
    let refused = browser.submit(&form, &[]).await;
    assert!(refused.status == 400 && refused.text().contains(kept), "{} {}", refused.status, refused.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn filters_and_followed_hashtags_go_along_and_come_back() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let mut browser = signed_in(&home, &ann).await;
    for (title, word) in [("Rocks", "granite"), ("Heat", "noon")] {
        let form = Form::on(&browser.get("/settings/filters/new").await, "/settings/filters/new")
            .with("title", title)
            .with("context[]", "home")
            .with("filter_action", "hide")
            .with("keywords_attributes[0][keyword]", word)
            .with("do", "save");
        assert_eq!(browser.submit(&form, &[]).await.status, 303);
    }
    ann.asks("POST", "/api/v1/tags/Dassies/follow", &[]).await;
    let written = browser.get("/settings/export/filters.json").await.body;
    let tags = browser.get("/settings/export/followed_tags.csv").await.body;
    assert_eq!(String::from_utf8_lossy(&tags), "Hashtag\ndassies\n");

    let mut other = signed_in(&home, &ben).await;
    let brings = async |browser: &mut Browser, kind: &str, mode: &str, file: &[u8]| {
        let form = Form::on(&browser.get("/settings/import").await, "/settings/import");
        browser.upload(&form.with("kind", kind).with("mode", mode), &[("file", file)]).await
    };
    for _ in 0..2 {
        let sent = brings(&mut other, "filters", "merge", &written).await;
        assert_eq!(sent.header("location"), Some("/settings/filters"), "{}", sent.text());
    }
    assert_eq!(other.get("/settings/export/filters.json").await.body, written, "once, though it came twice");
    let told: Value = serde_json::from_slice(&written).expect("JSON");
    let one = serde_json::to_vec(&told["filters"].as_array().expect("filters")[..1]).expect("JSON");
    assert_eq!(brings(&mut other, "filters", "overwrite", &one).await.status, 303);
    assert!(!other.get("/settings/filters").await.text().contains("Heat"));
    for wrong in [&b"no JSON"[..], b"[]", br#"[{"title":"x","context":["nowhere"]}]"#] {
        assert_eq!(brings(&mut other, "filters", "merge", wrong).await.status, 422);
    }
    let sent = brings(&mut other, "followed_tags", "merge", b"#Dassies\nno tag\n").await;
    let path = sent.header("location").expect("its page").to_owned();
    let page = comes("the tags", async || {
        let followed = home.server().read({
            let ben = ben.id;
            move |view| dassie::tag::followed(view, ben)
        });
        (followed.await.expect("a read") == ["dassies"]).then_some(())
    });
    page.await;
    comes("the end of it", async || {
        let known = home.server().read({
            let ben = ben.id;
            move |view| Ok(dassie::transfer::list(view, ben)?.first().map(|(_, import)| (import.taken, import.refused)))
        });
        (known.await.expect("a read") == Some((1, 1))).then_some(())
    })
    .await;
    assert!(other.get(&path).await.text().contains("no tag"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_reports_is_told_what_became_of_it_and_no_rule_is_left_out() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, mo) = (home.person("ann").await, home.person("ben").await, home.staff("mo", Role::Moderator).await);
    let write = |tx: &mut storage::Tx<'_>| {
        let rules = vec!["be kind".to_owned()];
        instance::put_settings(tx, &instance::Settings { rules, ..instance::settings(tx)? });
        Ok(())
    };
    home.server().write(write).await.expect("rules");
    let mut browser = signed_in(&home, &ann).await;
    let action = format!("/report/{}", ben.id);
    let form = Form::on(&browser.get(&action).await, &action)
        .with("category", "spam")
        .with("rule_ids[]", "1")
        .with("comment", "he is rude");
    let refused = browser.submit(&form, &[]).await;
    let text = refused.text();
    assert!(refused.status == 422 && text.contains("You ticked rules") && text.contains("he is rude"), "{text}");
    assert!(text.contains("name=\"rule_ids[]\" value=\"1\" checked"), "{text}");
    browser.follow(&form.with("category", "violation")).await;
    let page = browser.get("/settings/reports").await.text();
    assert!(page.contains("It waits to be looked at") && page.contains("he is rude"), "{page}");
    let open = mo.asks("GET", "/api/v1/admin/reports", &[]).await;
    let report = id(&open[0]);
    let path = format!("/api/v1/admin/accounts/{}/action", ben.id);
    mo.asks("POST", &path, &[("type", "silence"), ("report_id", &report)]).await;
    let page = browser.get("/settings/reports").await.text();
    assert!(page.contains("something was done") && !page.contains("silence"), "{page}");
    let mut of_ben = signed_in(&home, &ben).await;
    assert!(of_ben.get("/settings/reports").await.text().contains("You have reported nobody"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn colours_are_chosen_and_marks_are_taken_off_several_at_once() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let mut browser = signed_in(&home, &ann).await;
    let page = browser.get("/settings/reading").await;
    assert!(!page.text().contains("data-theme") && page.text().contains("content=\"light dark\""));
    let form = Form::on(&page, "/settings/reading").with("language", "en").with("expand_media", "default");
    assert_eq!(browser.submit(&form.with("theme", "pink"), &[]).await.status, 422);
    let page = browser.follow(&form.with("theme", "dark")).await.text();
    assert!(page.contains("data-theme=\"dark\"") && page.contains("content=\"dark\""), "{page}");
    let sheet = page.split("href=\"/assets/style-").nth(1).and_then(|rest| rest.split('"').next()).expect("a sheet");
    let style = browser.get(&format!("/assets/style-{sheet}")).await.text();
    assert!(style.contains("color-scheme: dark;") && !style.contains("prefers-color-scheme"));

    let mut marked = Vec::new();
    for number in 0..3 {
        let status = id(&ben.writes(&format!("mark {number}"), &[]).await);
        ann.asks("POST", &format!("/api/v1/statuses/{status}/favourite"), &[]).await;
        marked.push(status);
    }
    let page = browser.get("/favourites?edit=true").await;
    assert!(page.text().contains("mark 0") && page.text().contains("type=\"checkbox\""), "{}", page.text());
    let mut form = Form::on(&page, "/favourites");
    form.fields.extend(marked[..2].iter().map(|id| ("status_ids[]".to_owned(), id.clone())));
    let page = browser.follow(&form).await.text();
    assert!(page.contains("Taken off the list") && page.contains("mark 2") && !page.contains("mark 1"), "{page}");
    assert_eq!(browser.submit(&form, &[]).await.status, 303, "what is off is off");
}
