//! Strikes and appeals: what whoever is judged reads, what they may say, who decides it, and what follows.

use crate::{
    browser::{Browser, Form, redirected},
    call::{call, id},
    lab::{Instance, Person, World},
    schema::SCHEMA,
    settings::{PASSWORD, signed_in},
};
use dassie::instance::settings::add_rule;
use serde_json::{Value, json};
use storage::user::Role;

const DAY_MS: i64 = 24 * 60 * 60_000;

/// The newest strike, as the notification tells of it.
async fn warning(who: &Person<'_>) -> Value {
    let list = who.asks("GET", "/api/v1/notifications?types[]=moderation_warning", &[]).await;
    let told = &list[0];
    assert_eq!(told["type"], "moderation_warning", "{list}");
    assert_eq!(told["account"]["id"], json!(who.id.to_string()), "it comes from oneself");
    if let Some(schema) = &*SCHEMA {
        schema.check_entity("AccountWarning", &told["moderation_warning"]);
    }
    told["moderation_warning"].clone()
}

/// A report about a post that breaks a rule, and what a moderator makes of it.
async fn silenced(home: &Instance, bad: &Person<'_>, ann: &Person<'_>, mo: &Person<'_>) -> String {
    home.server().write(|tx| add_rule(tx, "Be <kind>").map(drop)).await.expect("a rule");
    let status = id(&bad.writes("you are a goat", &[]).await);
    let bad_id = bad.id.to_string();
    let report = [("account_id", &*bad_id), ("category", "violation"), ("rule_ids[]", "1"), ("status_ids[]", &*status)];
    let report = id(&ann.asks("POST", "/api/v1/reports", &report).await);
    let act = [("type", "silence"), ("report_id", &report), ("text", "Goats are people, too.")];
    mo.asks("POST", &format!("/api/v1/admin/accounts/{bad_id}/action"), &act).await;
    status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_judged_reads_why_appeals_once_and_is_heard() {
    let home = World::new().instance("home.test").await;
    let (bad, ann) = (home.person("bad").await, home.person("ann").await);
    let (mo, olga) = (home.staff("mo", Role::Moderator).await, home.staff("olga", Role::Owner).await);
    let status = silenced(&home, &bad, &ann, &mo).await;
    let told = warning(&bad).await;
    assert_eq!((&told["action"], &told["text"]), (&json!("silence"), &json!("Goats are people, too.")));
    assert_eq!((&told["status_ids"], &told["appeal"]), (&json!([status]), &Value::Null));
    let grouped = bad.asks("GET", "/api/v2/notifications?types[]=moderation_warning", &[]).await;
    assert_eq!(grouped["notification_groups"][0]["moderation_warning"]["id"], told["id"], "{grouped}");
    let path = format!("/disputes/strikes/{}", told["id"].as_str().expect("an id"));

    let mut browser = signed_in(&home, &bad).await;
    assert!(browser.get("/notifications").await.text().contains(&format!("href=\"{path}\"")));
    let list = browser.get("/disputes/strikes").await.text();
    assert!(list.contains(&path) && list.contains("Only your followers meet you"), "{list}");
    let page = browser.get(&path).await;
    for part in
        ["Goats are people, too.", "Be &lt;kind&gt;", "you are a goat", "It holds until", &format!("/@bad/{status}")]
    {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }
    assert_eq!(page.header("cache-control"), Some("private, no-store"));
    let mut other = signed_in(&home, &ann).await;
    assert_eq!(other.get(&path).await.status, 404, "of others nobody reads");

    // The post may go: what it said stays there.
    bad.asks("DELETE", &format!("/api/v1/statuses/{status}"), &[]).await;
    assert!(browser.get(&path).await.text().contains("deleted since"));
    let form = Form::on(&page, &format!("{path}/appeal"));
    for (text, why) in [(" ".to_owned(), "blank"), ("x".repeat(2_001), "at most 2000")] {
        let refused = browser.submit(&form.with("text", &text), &[]).await;
        assert!(refused.status == 422 && refused.text().contains(why), "{why}: {}", refused.text());
    }
    let said = form.with("text", "It was a <b>joke</b>.");
    assert_eq!(browser.submit(&said.with("authenticity_token", "x"), &[]).await.status, 403);
    let foreign = browser.submit(&said, &[("origin", "https://evil.test")]).await;
    assert_eq!(foreign.status, 403);
    let page = browser.follow(&said).await;
    assert!(page.text().contains("It was a &lt;b&gt;joke&lt;/b&gt;.") && page.text().contains("waits for a decision"));
    assert!(!page.text().contains("/appeal\""), "once");
    assert_eq!(browser.submit(&said, &[]).await.status, 422, "once");
    assert_eq!(warning(&bad).await["appeal"], json!({ "text": "It was a <b>joke</b>.", "state": "pending" }));

    // Moderators decide, administrators hear appeals.
    let mut of_mo = signed_in(&home, &mo).await;
    assert_eq!(of_mo.get("/disputes/appeals").await.status, 403);
    assert_eq!(browser.get("/disputes/appeals").await.status, 403);
    let mut of_olga = signed_in(&home, &olga).await;
    assert!(of_olga.get("/settings").await.text().contains("1 waits for a decision"));
    let page = of_olga.get("/disputes/appeals").await;
    assert!(page.text().contains("joke") && page.text().contains("@bad"), "{}", page.text());
    let decide = path.replace("strikes", "appeals");
    let verdict = Form::on(&page, &decide).with("do", "grant");
    let forged = Form::on(&of_mo.get("/settings/invites").await, "/settings/invites").with("do", "grant");
    assert_eq!(of_mo.submit(&Form { action: decide.clone(), ..forged }, &[]).await.status, 403, "a moderator may not");
    assert_eq!(warning(&bad).await["appeal"]["state"], "pending");
    let done = of_olga.follow(&verdict).await;
    assert!(done.text().contains("No appeal waits"), "{}", done.text());
    assert_eq!(of_olga.submit(&verdict, &[]).await.status, 422, "it is decided");
    assert_eq!(warning(&bad).await["appeal"]["state"], "approved");
    assert!(browser.get(&path).await.text().contains("Taken back after an appeal"));
    let seen = mo.asks("GET", &format!("/api/v1/admin/accounts/{}", bad.id), &[]).await;
    assert_eq!(seen["silenced"], false, "what was granted is undone");
    let list = bad.asks("GET", "/api/v1/notifications?types[]=moderation_warning", &[]).await;
    assert_eq!(list.as_array().map(Vec::len), Some(1), "told anew, not twice: {list}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_suspended_signs_in_far_enough_to_appeal_and_no_further() {
    let home = World::new().instance("home.test").await;
    let (bad, olga) = (home.person("bad").await, home.staff("olga", Role::Owner).await);
    drop(signed_in(&home, &bad).await);
    let act = format!("/api/v1/admin/accounts/{}/action", bad.id);
    olga.asks("POST", &act, &[("type", "suspend"), ("text", "Enough.")]).await;
    let mut browser = Browser::at(home.web());
    let page = browser.get("/auth/sign_in?return_to=/home").await;
    let form = Form::on(&page, "/auth/sign_in").with("login", "bad").with("password", PASSWORD);
    let sent = browser.submit(&form, &[]).await;
    assert_eq!(sent.header("location"), Some("/disputes/strikes"), "{} {}", sent.status, sent.text());
    let list = browser.get("/disputes/strikes").await;
    let text = list.text();
    assert!(text.contains("Your account is suspended") && !text.contains("href=\"/home\""), "{text}");
    for shut in ["/home", "/settings", "/notifications", "/compose", "/settings/export/following.csv"] {
        let reply = browser.get(shut).await;
        assert!(reply.header("location").is_some_and(|to| to.starts_with("/auth/sign_in")), "{shut}: {}", reply.status);
    }
    let token = Form::on(&list, "/auth/sign_out");
    let posting = Form { action: "/compose".to_owned(), ..token.clone() }.with("status", "still here");
    assert_eq!(browser.submit(&posting, &[]).await.status, 403);
    let refused = call(home.web(), Some(&bad.token), "GET", "/api/v1/notifications", &[]).await;
    assert_eq!(refused.status, 403);
    let at = text.find("/disputes/strikes/").expect("a strike");
    let path = text[at..].split('"').next().expect("an address").to_owned();
    let page = browser.get(&path).await;
    assert!(page.text().contains("Enough."), "{}", page.text());
    let page = browser.follow(&Form::on(&page, &format!("{path}/appeal")).with("text", "Please.")).await;
    assert!(page.text().contains("Please."), "{}", page.text());

    let mut of_olga = signed_in(&home, &olga).await;
    let page = of_olga.get("/disputes/appeals").await;
    let refuse = Form::on(&page, &path.replace("strikes", "appeals")).with("do", "refuse");
    assert_eq!(of_olga.submit(&refuse, &[]).await.status, 303);
    assert!(browser.get(&path).await.text().contains("The appeal was refused"));
    let seen = olga.asks("GET", &format!("/api/v1/admin/accounts/{}", bad.id), &[]).await;
    assert_eq!(seen["suspended"], true);
    assert_eq!(browser.submit(&token, &[]).await.status, 303);
    let gone = browser.get("/disputes/strikes").await;
    assert_eq!(redirected(&gone, "return_to").as_deref(), Some("/disputes/strikes"), "signed out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_appeal_that_is_granted_lets_a_suspended_account_in_again() {
    let home = World::new().instance("home.test").await;
    let (bad, olga) = (home.person("bad").await, home.staff("olga", Role::Owner).await);
    let mut browser = signed_in(&home, &bad).await;
    let act = format!("/api/v1/admin/accounts/{}/action", bad.id);
    for (kind, lifted) in [("suspend", "suspended"), ("disable", "disabled"), ("sensitive", "sensitized")] {
        olga.asks("POST", &act, &[("type", kind)]).await;
        let text = browser.get("/disputes/strikes").await.text();
        let at = text.find("/disputes/strikes/").expect("a strike");
        let path = text[at..].split('"').next().expect("an address").to_owned();
        let page = browser.get(&path).await;
        browser.follow(&Form::on(&page, &format!("{path}/appeal")).with("text", "Please.")).await;
        let mut of_olga = signed_in(&home, &olga).await;
        let page = of_olga.get("/disputes/appeals").await;
        let grant = Form::on(&page, &path.replace("strikes", "appeals")).with("do", "grant");
        assert_eq!(of_olga.submit(&grant, &[]).await.status, 303, "{kind}");
        let seen = olga.asks("GET", &format!("/api/v1/admin/accounts/{}", bad.id), &[]).await;
        assert_eq!(seen[lifted], false, "{kind}: {seen}");
        assert_eq!(browser.get("/home").await.status, 200, "{kind}: the session holds again");
        bad.asks("GET", "/api/v1/timelines/home", &[]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_appeal_is_decided_only_by_those_above_whoever_makes_it() {
    let home = World::new().instance("home.test").await;
    let (ada, ida) = (home.staff("ada", Role::Admin).await, home.staff("ida", Role::Admin).await);
    let olga = home.staff("olga", Role::Owner).await;
    let act = format!("/api/v1/admin/accounts/{}/action", ada.id);
    olga.asks("POST", &act, &[("type", "silence"), ("text", "Softly.")]).await;
    let path = format!("/disputes/strikes/{}", warning(&ada).await["id"].as_str().expect("an id"));
    let mut browser = signed_in(&home, &ada).await;
    let page = browser.get(&path).await;
    browser.follow(&Form::on(&page, &format!("{path}/appeal")).with("text", "I whisper.")).await;
    let mut of_olga = signed_in(&home, &olga).await;
    let decide = path.replace("strikes", "appeals");
    let verdict = Form::on(&of_olga.get("/disputes/appeals").await, &decide).with("do", "grant");
    for equal in [&ada, &ida] {
        let mut theirs = signed_in(&home, equal).await;
        let list = theirs.get("/disputes/appeals").await;
        assert!(list.status == 200 && !list.text().contains("I whisper."), "{}", list.text());
        let forged = Form::on(&theirs.get("/settings/invites").await, "/settings/invites").with("do", "grant");
        let refused = theirs.submit(&Form { action: decide.clone(), ..forged }, &[]).await;
        assert!(refused.status == 422 && refused.text().contains("not allowed"), "{}", refused.text());
    }
    assert_eq!(warning(&ada).await["appeal"]["state"], "pending");
    assert_eq!(of_olga.submit(&verdict, &[]).await.status, 303);
    assert_eq!(warning(&ada).await["appeal"]["state"], "approved");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_appeal_comes_within_twenty_days() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (bad, mo) = (home.person("bad").await, home.staff("mo", Role::Moderator).await);
    let act = format!("/api/v1/admin/accounts/{}/action", bad.id);
    mo.asks("POST", &act, &[("type", "none"), ("text", "Careful.")]).await;
    let told = warning(&bad).await;
    assert_eq!(told["action"], "none");
    let path = format!("/disputes/strikes/{}", told["id"].as_str().expect("an id"));
    let mut browser = signed_in(&home, &bad).await;
    world.clock.advance(20 * DAY_MS);
    let form = Form::on(&browser.get(&path).await, &format!("{path}/appeal")).with("text", "Late.");
    world.clock.advance(1);
    let page = browser.get(&path).await.text();
    assert!(page.contains("The time to appeal") && !page.contains("/appeal\""), "{page}");
    let refused = browser.submit(&form, &[]).await;
    assert!(refused.status == 422 && refused.text().contains("too late"), "{}", refused.text());
    assert_eq!(warning(&bad).await["appeal"], Value::Null);
}
