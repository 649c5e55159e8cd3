//! Invites: who comes by one while others may not, how many, and whom they follow.

use crate::{
    browser::{Browser, Form, redirected},
    call::call,
    lab::{Instance, Person, World, comes},
    settings::signed_in,
    sign_up::{app_token, fields, made, set, signs_up},
    web::Reply,
};
use serde_json::json;
use storage::user::Role;

/// The code of the first invite on the page.
fn code_on(page: &Reply) -> String {
    let text = page.text();
    let start = text.find("/invite/").unwrap_or_else(|| panic!("no invite: {text}")) + "/invite/".len();
    text[start..].split('<').next().unwrap_or_default().to_owned()
}

/// Makes an invite by the page of settings.
async fn invites(browser: &mut Browser, fields: &[(&str, &str)]) -> String {
    let page = browser.get("/settings/invites").await;
    let form = fields
        .iter()
        .fold(Form::on(&page, "/settings/invites").with("do", "make"), |form, (name, value)| form.with(name, value));
    let page = browser.follow(&form).await;
    code_on(&page)
}

/// What a browser sends from the form behind an invite.
async fn comes_by(home: &Instance, code: &str, name: &str) -> (Browser, Reply) {
    let mut browser = Browser::at(home.web());
    let page = browser.get(&format!("/invite/{code}")).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let form = Form::on(&page, "/auth/sign_up")
        .with("username", name)
        .with("email", &format!("{name}@mail.test"))
        .with("password", "correct horse battery")
        .with("agreement", "true");
    let reply = browser.submit(&form, &[]).await;
    (browser, reply)
}

async fn id_of(home: &Instance, name: &str) -> String {
    let path = format!("/api/v1/accounts/lookup?acct={name}");
    let reply = call(home.web(), None, "GET", &path, &[]).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["id"].as_str().expect("an id").to_owned()
}

/// Waits until `who` is followed by somebody with this name.
async fn is_followed_by(who: &Person<'_>, name: &str) {
    let path = format!("/api/v1/accounts/{}/followers", who.id);
    comes(&format!("{name} follows"), async || {
        let followers = who.asks("GET", &path, &[]).await;
        followers.as_array().expect("a list").iter().any(|one| one["username"] == name).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invite_lets_in_while_sign_ups_are_closed_and_its_guest_follows_whoever_invites() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let olga = home.staff("olga", Role::Owner).await;
    let mut browser = signed_in(&home, &ann).await;
    let code = invites(&mut browser, &[("max_uses", "1"), ("autofollow", "true"), ("comment", "for <Bo>")]).await;
    let page = browser.get("/settings/invites").await.text();
    assert!(page.contains("for &lt;Bo&gt;") && page.contains("0 of 1 came"), "{page}");
    let form = browser.get(&format!("/invite/{code}")).await;
    assert!(form.text().contains("@ann") && form.text().contains("invites you"), "{}", form.text());
    let asked = home.web().get(&format!("/invite/{code}"), &[("accept", "application/json")]).await;
    assert_eq!(asked.json()["invite_code"], json!(code), "{}", asked.text());
    assert!(asked.json()["instance_api_url"].as_str().is_some_and(|url| url.ends_with("/api/v2/instance")));

    let (_, reply) = comes_by(&home, &code, "bo").await;
    assert_eq!(redirected(&reply, "what").as_deref(), Some("welcome"), "{}", reply.text());
    is_followed_by(&ann, "bo").await;
    let bo = olga.asks("GET", &format!("/api/v1/admin/accounts/{}", id_of(&home, "bo").await), &[]).await;
    assert_eq!(bo["invited_by_account_id"], json!(ann.id.to_string()));
    assert_eq!((&bo["approved"], &bo["confirmed"]), (&json!(true), &json!(true)));
    assert!(browser.get("/settings/invites").await.text().contains("1 of 1 came"));

    // It is used up: nothing of it is left but an answer.
    let page = home.web().get(&format!("/invite/{code}"), &[]).await;
    assert!(page.status == 404 && page.text().contains("does not hold any more"), "{}", page.text());
    let asked = home.web().get(&format!("/invite/{code}"), &[("accept", "application/json")]).await;
    assert_eq!(asked.status, 401, "{}", asked.text());
    assert_eq!(home.web().get("/invite/NOTHING", &[]).await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_invited_is_not_asked_for_a_reason_and_need_not_wait() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    set(&home, &[("registrations", "approve"), ("reason-required", "yes")]).await;
    let code = invites(&mut signed_in(&home, &ann).await, &[("max_uses", "")]).await;
    let app = app_token(&home).await;
    let refused = signs_up(&home, &app, &fields("ben", "ben@mail.test")).await;
    assert_eq!(refused.status, 422, "a reason is asked of others: {}", refused.text());
    let mut sent = fields("ben", "ben@mail.test");
    sent.push(("invite_code", &code));
    let token = made(&home, &app, &sent).await;
    let me = call(home.web(), Some(&token), "GET", "/api/v1/accounts/verify_credentials", &[]).await;
    assert_eq!(me.status, 200, "{}", me.text());
    let mut other = fields("cleo", "cleo@mail.test");
    other.extend([("invite_code", "ABCDEFGHJKLM"), ("reason", "I like tea")]);
    let token = made(&home, &app, &other).await;
    let me = call(home.web(), Some(&token), "GET", "/api/v1/accounts/verify_credentials", &[]).await;
    assert_eq!(me.status, 403, "an unknown code is as none");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_come_at_once_than_an_invite_lets_in() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let mut browser = signed_in(&home, &ann).await;
    let code = invites(&mut browser, &[("max_uses", "1")]).await;
    let app = app_token(&home).await;
    let mails: Vec<_> = (0..4).map(|number| (format!("guest{number}"), format!("g{number}@mail.test"))).collect();
    let all = mails.iter().map(|(name, mail)| {
        let mut sent = fields(name, mail);
        sent.push(("invite_code", &code));
        let (home, app) = (&home, &app);
        async move { signs_up(home, app, &sent).await.status }
    });
    let answers = futures_util::future::join_all(all).await;
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 403).count(), 3, "{answers:?}");
    assert!(browser.get("/settings/invites").await.text().contains("1 of 1 came"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invite_ends_by_its_time_by_being_taken_back_and_with_whoever_made_it() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let olga = home.staff("olga", Role::Owner).await;
    let (mut browser, mut other) = (signed_in(&home, &ann).await, signed_in(&home, &ben).await);
    let holds = async |code: &str| home.web().get(&format!("/invite/{code}"), &[]).await.status == 200;
    let short = invites(&mut browser, &[("expires_in", "1800")]).await;
    let long = invites(&mut browser, &[("expires_in", "")]).await;
    let third = invites(&mut other, &[("expires_in", "")]).await;
    assert!(holds(&short).await && holds(&long).await && holds(&third).await);
    world.clock.advance(1_800_000);
    assert!(!holds(&short).await && holds(&long).await);

    let page = browser.get("/settings/invites").await;
    let text = page.text();
    let number =
        text.split("name=\"revoke\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a button");
    let form = Form::on(&page, "/settings/invites").with("revoke", number);
    assert_eq!(other.submit(&form.with("authenticity_token", "x"), &[]).await.status, 403);
    let foreign = Form::on(&other.get("/settings/invites").await, "/settings/invites").with("revoke", number);
    assert_eq!(other.submit(&foreign, &[]).await.status, 404, "it is not theirs");
    assert!(holds(&long).await);
    assert_eq!(browser.submit(&form, &[]).await.status, 303);
    assert!(!holds(&long).await && holds(&third).await);

    // Whoever may not sign in does not let others in, and neither does whoever may not invite.
    set(&home, &[("invites", "staff")]).await;
    assert!(!holds(&third).await);
    let page = other.get("/settings/invites").await;
    assert!(page.text().contains("not for you") && !page.text().contains("value=\"make\""), "{}", page.text());
    let form = foreign.without("revoke").with("do", "make");
    let refused = other.submit(&form, &[]).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    let mut staff = signed_in(&home, &olga).await;
    assert!(holds(&invites(&mut staff, &[("expires_in", "")]).await).await);
    set(&home, &[("invites", "everybody")]).await;
    assert!(holds(&third).await);
    let action = format!("/api/v1/admin/accounts/{}/action", ben.id);
    assert_eq!(olga.send("POST", &action, &[("type", "disable")]).await.status, 200);
    assert!(!holds(&third).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bounds_of_invites_are_told() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let mut browser = signed_in(&home, &ann).await;
    let page = browser.get("/settings/invites").await;
    let form = Form::on(&page, "/settings/invites").with("do", "make");
    let long = "x".repeat(421);
    for (field, value) in
        [("max_uses", "0"), ("max_uses", "1001"), ("max_uses", "many"), ("expires_in", "31622401"), ("comment", &long)]
    {
        let refused = browser.submit(&form.with(field, value), &[]).await;
        assert_eq!(refused.status, 422, "{field}={value}");
    }
    for (field, value) in [("max_uses", "1000"), ("expires_in", "31622400"), ("comment", &long[1..])] {
        assert_eq!(browser.submit(&form.with(field, value), &[]).await.status, 303, "{field}={value}");
    }
}
