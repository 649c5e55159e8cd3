//! Links of profiles that lead back, pages that only look as if they did, and servers that would rather not be asked.

use crate::{
    instance::{until, within},
    peer::Answer,
    scene::Scene,
};
use dassie::moderation::domain;
use serde_json::{Value, json};
use std::time::Duration;
use storage::{
    moderation::Severity,
    user::{self, Role, User},
};

const HTML: &str = "text/html; charset=utf-8";
const ALICE: &str = "https://local.test/@alice";

async fn scene() -> Scene {
    Scene::start(&["site.test", "other.test", "old.test"]).await
}

fn page(scene: &Scene, url: &str, body: &str) {
    scene.peer.serve(url, Answer::Body(HTML, body.to_owned().into()));
}

/// Saves one field and waits until its page was looked at; whether it is verified then.
async fn verifies(scene: &Scene, value: &str) -> bool {
    save(scene, value).await;
    scene.is_quiet().await;
    let own = scene.alice.get("/api/v1/profile").await.json();
    assert_eq!(own["fields"][0]["value"], value);
    own["fields"][0]["verified_at"].is_string()
}

async fn save(scene: &Scene, value: &str) {
    let fields = json!({ "fields_attributes": [{ "name": "site", "value": value }] }).to_string();
    let json = [("Content-Type", "application/json")];
    let reply = scene.alice.send("PATCH", "/api/v1/profile", &json, fields.as_bytes()).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    // Saved again as they were, links wait a little.
    scene.instance.clock.advance(dassie::limits::LINKS_SAVED_AGAIN_MS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_links_back_verifies_its_field() {
    let scene = scene().await;
    for (number, body) in [
        format!("<html><body><p>hello<a class=x rel=\"nofollow me\" href=\"{ALICE}\">me</a>"),
        format!("<html><head><link rel='me' href='{}'></head>", ALICE.to_uppercase().replace("HTTPS", "https")),
    ]
    .iter()
    .enumerate()
    {
        let url = format!("https://site.test/{number}");
        page(&scene, &url, body);
        assert!(verifies(&scene, &url).await, "{body}");
    }
    let asked = scene.peer.seen(|seen| seen.authority == "site.test");
    assert_eq!(asked.len(), 2, "each page once: {asked:?}");
    assert!(asked.iter().all(|seen| seen.header("signature").is_none()), "nobody signs a look at a page");
    let shown = scene.instance.get("/@alice").await.text();
    assert!(shown.contains("class=\"verified\"") && shown.contains("links back here"), "{shown}");
    let seen = scene.instance.get("/api/v1/accounts/lookup?acct=alice").await.json();
    assert!(seen["fields"][0]["verified_at"].is_string());
    page(&scene, "https://site.test/1", "<p>nothing any more</p>");
    assert!(!verifies(&scene, "https://site.test/1").await, "saved anew, looked at anew");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_back_may_go_through_redirects() {
    let scene = scene().await;
    page(&scene, "https://site.test/home", &format!("<a rel=me href={ALICE}>"));
    scene.peer.serve("https://other.test/", Answer::Redirect("https://site.test/home".to_owned()));
    assert!(verifies(&scene, "https://other.test").await, "the page behind a redirect is the page");
    page(&scene, "https://site.test/short", "<a rel=me href='/go'>x</a>");
    scene.peer.route("HEAD", "https://site.test/go", Answer::Redirect(ALICE.to_owned()));
    assert!(verifies(&scene, "https://site.test/short").await, "a short address of the profile");
    page(&scene, "https://site.test/two", "<a rel=me href='https://site.test/go2'>x</a>");
    scene.peer.route("HEAD", "https://site.test/go2", Answer::Redirect("https://site.test/go".to_owned()));
    assert!(!verifies(&scene, "https://site.test/two").await, "only one that leads there at once");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_only_looks_so_verifies_nothing() {
    let scene = scene().await;
    let link = format!("<a rel=me href=\"{ALICE}\">");
    for (number, body) in [
        format!("<!-- {link} -->"),
        format!("<script>\"{link}\"</script>"),
        format!("<textarea>{link}</textarea>"),
        format!("<p title='{link}'>"),
        format!("<a href=\"{ALICE}\">without</a>"),
        format!("<a rel=me href=\"{ALICE}x\">"),
        "<a rel=me href=\"javascript:location='https://local.test/@alice'\">".to_owned(),
        format!("<a rel=me href=\"data:text/html,{ALICE}\">"),
        "<a rel=me href=\"http://127.0.0.1:1/\">".to_owned(),
        String::new(),
    ]
    .iter()
    .enumerate()
    {
        let url = format!("https://site.test/{number}");
        page(&scene, &url, body);
        assert!(!verifies(&scene, &url).await, "{body}");
    }
    for (path, answer) in [
        ("json", Answer::Body("application/json", link.clone().into())),
        ("text", Answer::Body("text/plain", link.clone().into())),
        ("gone", Answer::Status(410)),
        ("endless", Answer::Endless(HTML, "", link.clone().into(), link.clone().into())),
        ("bomb", Answer::Encoded(HTML, "br", link.clone().into())),
        ("large", Answer::Body(HTML, format!("{link}{}", " ".repeat(1024 * 1024)).into())),
        ("round", Answer::Redirect("https://site.test/round".to_owned())),
        ("self", Answer::Redirect(ALICE.to_owned())),
        ("script", Answer::Redirect("javascript:alert(1)".to_owned())),
    ] {
        let url = format!("https://site.test/{path}");
        scene.peer.serve(&url, answer);
        assert!(!verifies(&scene, &url).await, "{path}");
    }
    for value in [ALICE, "http://site.test/plain", "https://127.0.0.1/", "https://site.test/ and more"] {
        assert!(!verifies(&scene, value).await, "{value}");
    }
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_answer_is_asked_again_and_takes_no_mark_away() {
    let scene = scene().await;
    let url = "https://site.test/";
    page(&scene, url, &format!("<a rel=me href={ALICE}>"));
    assert!(verifies(&scene, url).await);
    scene.peer.serve(url, Answer::Status(503));
    let before = scene.peer.seen(|_| true).len();
    save(&scene, url).await;
    let asked = until(|| async { (scene.peer.seen(|_| true).len() > before).then_some(()) });
    assert!(asked.await.is_some(), "it is asked");
    let own = scene.alice.get("/api/v1/profile").await.json();
    assert!(own["fields"][0]["verified_at"].is_string(), "it may be back soon: {own}");
    page(&scene, url, "<p>back, without a link</p>");
    let gone = within(Duration::from_secs(20), || async {
        scene.instance.clock.advance(60_000);
        tokio::time::sleep(Duration::from_millis(20)).await;
        let own = scene.alice.get("/api/v1/profile").await.json();
        own["fields"][0]["verified_at"].is_null().then_some(())
    });
    assert!(gone.await.is_some(), "it is asked again");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_of_other_profiles_are_looked_at_after_a_while() {
    let scene = scene().await;
    let (vic, page_of_vic) = ("https://old.test/users/vic", "https://site.test/vic");
    let field = format!("<a href=\"{page_of_vic}\" rel=\"me\">{page_of_vic}</a>");
    let fields = json!({ "url": "https://old.test/@vic",
        "attachment": [{ "type": "PropertyValue", "name": "site", "value": field }] });
    scene.serve_actor(vic, fields);
    page(&scene, page_of_vic, "<a rel=me href='https://old.test/@vic'>");
    let found = scene.alice.search("accounts", vic, true).await;
    let id = found[0]["id"].as_str().expect("an id").to_owned();
    assert!(found[0]["fields"][0]["verified_at"].is_null());
    assert!(scene.peer.seen(|seen| seen.authority == "site.test").is_empty(), "not all servers at once");
    scene.instance.clock.advance(10 * 60_000);
    let verified = until(|| async {
        let seen: Value = scene.alice.get(&format!("/api/v1/accounts/{id}")).await.json();
        seen["fields"][0]["verified_at"].is_string().then_some(())
    });
    assert!(verified.await.is_some());
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_suspended_domains_are_not_asked() {
    let scene = scene().await;
    let alice = scene.alice.id.parse::<u64>().expect("a number").into();
    let rule = move |tx: &mut storage::Tx<'_>| {
        let user = user::find(tx, alice)?.expect("she is there");
        user::put(tx, &User { role: Role::Owner, ..user })?;
        let terms = domain::Terms { severity: Some(Severity::Suspend), ..domain::Terms::default() };
        domain::block(tx, alice, "other.test", &terms)
    };
    scene.instance.running.server.write(rule).await.expect("blocked");
    page(&scene, "https://other.test/", &format!("<a rel=me href={ALICE}>"));
    page(&scene, "https://site.test/there", &format!("<a rel=me href={ALICE}>"));
    scene.peer.serve("https://site.test/", Answer::Redirect("https://other.test/".to_owned()));
    assert!(!verifies(&scene, "https://other.test/").await);
    // Where a page redirects to is known only once it is asked; then it is not followed.
    assert!(!verifies(&scene, "https://site.test/").await);
    assert!(scene.peer.seen(|seen| seen.authority == "other.test").is_empty(), "it was asked");
    assert!(verifies(&scene, "https://site.test/there").await);
    scene.instance.running.stop().await.expect("it stops");
}
