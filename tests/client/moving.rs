//! Moving from one account to another with nothing but forms.

use crate::{
    browser::{Browser, Form},
    call::{id, stranger},
    lab::{Instance, Person, World},
    web::Reply,
};
use dassie::user::hash_password;
use storage::user::{self, User};

const PASSWORD: &str = "correct horse";
const ALIASES: &str = "/settings/aliases";
const MIGRATION: &str = "/settings/migration";

/// A browser in which `who` is signed in, going to `path`.
async fn signed_in(home: &Instance, who: &Person<'_>, path: &str) -> (Browser, Reply) {
    let (account, hash) = (who.id, hash_password(PASSWORD, [7; 16]).expect("a hash"));
    let rule = move |tx: &mut storage::Tx<'_>| {
        let user = user::find(tx, account)?.expect("a user");
        Ok(user::put(tx, &User { password_hash: hash.clone(), ..user })?)
    };
    home.server().write(rule).await.expect("a password");
    let mut browser = Browser::at(home.web());
    let sent = browser.get(path).await;
    assert!((302..304).contains(&sent.status), "a guest is sent to sign in: {}", sent.status);
    let page = browser.get(sent.header("location").expect("a redirect")).await;
    let form = Form::on(&page, "/auth/sign_in").with("login", &who.name).with("password", PASSWORD);
    let page = followed(&mut browser, &form).await;
    assert!(page.status == 200 && page.text().contains("<h1>Moving"), "{}", page.text());
    (browser, page)
}

/// Sends a form that works and goes where it leads.
async fn followed(browser: &mut Browser, form: &Form) -> Reply {
    let reply = browser.submit(form, &[]).await;
    assert!((302..304).contains(&reply.status), "{} {}", reply.status, reply.text());
    browser.get(reply.header("location").expect("a redirect")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn aliases_are_named_and_removed_by_forms() {
    let home = World::new().instance("home.test").await;
    let (_alice, anna) = (home.person("alice").await, home.person("anna").await);
    let (mut browser, page) = signed_in(&home, &anna, ALIASES).await;
    assert_eq!(page.header("cache-control"), Some("private, no-store"));
    let form = Form::on(&page, ALIASES);
    for (typed, why) in
        [("nobody", "Nobody is called nobody"), ("no handle", "is no handle"), ("anna", "no alias of itself")]
    {
        let refused = browser.submit(&form.with("acct", typed), &[]).await;
        assert!(refused.status == 422 && refused.text().contains(why), "{typed}: {}", refused.text());
    }
    for bad in [form.without("authenticity_token"), form.with("authenticity_token", "x")] {
        assert_eq!(browser.submit(&bad.with("acct", "alice"), &[]).await.status, 403);
    }
    let elsewhere = [("sec-fetch-site", "cross-site")];
    assert_eq!(browser.submit(&form.with("acct", "alice"), &elsewhere).await.status, 403);
    for _ in 0..2 {
        let page = followed(&mut browser, &form.with("acct", "@alice@home.test")).await;
        assert_eq!(page.text().matches("@alice@home.test").count(), 1, "named once: {}", page.text());
    }
    let accept = [("accept", "application/activity+json")];
    let named = home.web().get("/users/anna", &accept).await.json();
    assert_eq!(named["alsoKnownAs"], serde_json::json!(["https://home.test/users/alice"]));
    let page = browser.get(ALIASES).await;
    let remove = Form::on(&page, "/settings/aliases/remove");
    for _ in 0..2 {
        let page = followed(&mut browser, &remove).await;
        assert!(!page.text().contains("@alice@home.test"), "{}", page.text());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_moves_by_a_form_and_only_with_its_password() {
    let home = World::new().instance("home.test").await;
    let (alice, anna, ben) = (home.person("alice").await, home.person("anna").await, home.person("ben").await);
    ben.asks("POST", &format!("/api/v1/accounts/{}/follow", alice.id), &[]).await;
    let by_ben = id(&ben.writes("something to share", &[]).await);
    let (mut browser, page) = signed_in(&home, &alice, MIGRATION).await;
    assert!(page.text().contains("cannot be undone"), "it warns: {}", page.text());
    let form = Form::on(&page, MIGRATION).with("acct", "anna").with("password", PASSWORD);
    let refused = browser.submit(&form, &[]).await;
    assert!(refused.status == 422 && refused.text().contains("as an alias"), "{}", refused.text());
    let (mut of_anna, page) = signed_in(&home, &anna, ALIASES).await;
    followed(&mut of_anna, &Form::on(&page, ALIASES).with("acct", "alice")).await;
    let refused = browser.submit(&form.with("password", "wrong horse"), &[]).await;
    assert!(refused.status == 422 && refused.text().contains("not your password"), "{}", refused.text());
    assert!(browser.submit(&form.without("authenticity_token"), &[]).await.status == 403);
    let page = followed(&mut browser, &form).await;
    assert!(page.text().contains("You have moved to <strong><bdi>anna</bdi>"), "{}", page.text());

    let relation = format!("/api/v1/accounts/relationships?id[]={}&id[]={}", anna.id, alice.id);
    ben.until(&relation, |seen| seen[0]["following"] == true && seen[1]["following"] == false).await;
    let seen = stranger(&home, &format!("/api/v1/accounts/{}", alice.id)).await;
    assert_eq!(seen["moved"]["acct"], "anna");
    assert!(home.web().get("/@alice", &[]).await.text().contains("Has moved to"));
    for (path, fields) in [
        ("/api/v1/statuses".to_owned(), &[("status", "still here")][..]),
        (format!("/api/v1/accounts/{}/follow", ben.id), &[][..]),
        (format!("/api/v1/statuses/{by_ben}/reblog"), &[][..]),
        (format!("/api/v1/statuses/{by_ben}/favourite"), &[][..]),
    ] {
        assert_eq!(alice.is_refused("POST", &path, fields).await, 403, "{path}");
    }
    alice.asks("POST", &format!("/api/v1/statuses/{by_ben}/bookmark"), &[]).await;

    let back = Form::on(&browser.get(MIGRATION).await, "/settings/migration/back");
    let page = followed(&mut browser, &back).await;
    assert!(page.text().contains("again in 30 days"), "{}", page.text());
    alice.writes("here again", &[]).await;
    let refused = browser.submit(&form, &[]).await;
    assert!(refused.status == 422 && refused.text().contains("moved lately"), "{}", refused.text());
}
