//! Signing up through an application and by a form, letters, confirming, choosing a password.

use crate::{
    browser::{Browser, Form, redirected, with},
    call::{call, raw, stranger},
    lab::{Instance, World, comes},
    mail::Office,
    schema::SCHEMA,
    web::Reply,
};
use dassie::instance::settings::{self, Setting};
use serde_json::{Value, json};
use storage::user::Role;

pub(crate) const PASSWORD: &str = "correct horse battery";

pub async fn set(home: &Instance, changes: &[(&str, &str)]) {
    let changes: Vec<(Setting, String)> =
        changes.iter().map(|(key, value)| (Setting::named(key).expect("a setting"), (*value).to_owned())).collect();
    let write = move |tx: &mut storage::Tx<'_>| {
        changes.iter().try_for_each(|(setting, value)| settings::set(tx, *setting, value).map(drop))
    };
    home.server().write(write).await.expect("settings");
}

/// An application's own token.
pub(crate) async fn app_token(home: &Instance) -> String {
    let fields = [
        ("client_name", "An app"),
        ("redirect_uris", "urn:ietf:wg:oauth:2.0:oob"),
        ("scopes", "read write follow push"),
    ];
    let app = call(home.web(), None, "POST", "/api/v1/apps", &fields).await.json();
    let (id, secret) = (app["client_id"].as_str().expect("an id"), app["client_secret"].as_str().expect("a secret"));
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_secret", secret),
        ("scope", "read write follow push"),
    ];
    let token = call(home.web(), None, "POST", "/oauth/token", &fields).await.json();
    token["access_token"].as_str().expect("a token").to_owned()
}

/// What an app sends.
pub(crate) fn fields<'a>(name: &'a str, email: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("username", name), ("email", email), ("password", PASSWORD), ("agreement", "true"), ("locale", "en")]
}

pub(crate) async fn signs_up(home: &Instance, app: &str, fields: &[(&str, &str)]) -> Reply {
    call(home.web(), Some(app), "POST", "/api/v1/accounts", fields).await
}

/// A user made, and their token.
pub(crate) async fn made(home: &Instance, app: &str, fields: &[(&str, &str)]) -> String {
    let reply = signs_up(home, app, fields).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let token = reply.json();
    assert_eq!((&token["token_type"], &token["scope"]), (&json!("Bearer"), &json!("read write follow push")));
    token["access_token"].as_str().expect("a token").to_owned()
}

/// What `verify_credentials` answers: 200, or the words of a 403.
async fn standing(home: &Instance, token: &str) -> String {
    let reply = call(home.web(), Some(token), "GET", "/api/v1/accounts/verify_credentials", &[]).await;
    match reply.status {
        200 => reply.json()["username"].as_str().expect("a name").to_owned(),
        403 => reply.json()["error"].as_str().expect("words").to_owned(),
        other => panic!("{other}: {}", reply.text()),
    }
}

const UNCONFIRMED: &str = "Your login is missing a confirmed e-mail address";

async fn is_confirmed(home: &Instance, token: &str) -> Value {
    call(home.web(), Some(token), "GET", "/api/v1/emails/check_confirmation", &[]).await.json()
}

/// Opens the link of a letter and presses the button there.
async fn confirms(home: &Instance, link: &str) -> Option<String> {
    let mut browser = Browser::at(home.web());
    let page = browser.get(link).await;
    assert_eq!((page.status, page.header("cache-control")), (200, Some("no-store")), "{}", page.text());
    let reply = browser.submit(&Form::on(&page, "/auth/confirmation"), &[]).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    let shown = browser.get(reply.header("location").expect("a redirect")).await;
    assert_eq!(shown.status, 200);
    redirected(&reply, "what")
}

pub(crate) async fn sign_in(home: &Instance, login: &str, password: &str) -> (Browser, Reply) {
    let mut browser = Browser::at(home.web());
    let page = browser.get("/auth/sign_in").await;
    let filled = Form::on(&page, "/auth/sign_in").with("login", login).with("password", password);
    let reply = browser.submit(&filled, &[]).await;
    (browser, reply)
}

async fn with_mail() -> (Office, Instance) {
    let office = Office::open().await;
    let world = World { mail: Some(office.settings()), ..World::new() };
    let home = world.instance("home.test").await;
    (office, home)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_an_app_through_a_letter_to_an_account_that_stays() {
    let (office, mut home) = with_mail().await;
    set(&home, &[("registrations", "open")]).await;
    let app = app_token(&home).await;
    let token = made(&home, &app, &fields("Newbie", "New@mail.test")).await;
    assert_eq!(standing(&home, &token).await, UNCONFIRMED);
    assert_eq!(is_confirmed(&home, &token).await, json!(false));
    // Until then nobody sees them, and they see what strangers see.
    for path in ["/@newbie", "/users/newbie", "/.well-known/webfinger?resource=acct:newbie@home.test"] {
        let reply = home.web().get(path, &[("Host", "home.test"), ("Accept", "application/activity+json")]).await;
        assert_eq!(reply.status, 404, "{path}");
    }
    let found = raw(home.web(), None, "GET", "/api/v1/accounts/lookup?acct=newbie", "", "").await;
    assert_eq!(found.status, 404);
    assert_eq!(stranger(&home, "/api/v1/instance").await["stats"]["user_count"], 0);
    let timeline = call(home.web(), Some(&token), "GET", "/api/v1/timelines/public", &[]).await;
    assert_eq!(timeline.status, 200);

    let letter = office.letter(1).await;
    assert_eq!(letter.to, "New@mail.test");
    assert!(letter.text.contains("Auto-Submitted: auto-generated") && letter.text.contains("@newbie@home.test"));
    let link = letter.link();
    // Looking does nothing.
    assert_eq!(raw(home.web(), None, "GET", &link, "", "").await.status, 200);
    assert_eq!(standing(&home, &token).await, UNCONFIRMED);
    assert_eq!(confirms(&home, &link).await.as_deref(), Some("confirmed"));
    assert_eq!(standing(&home, &token).await, "newbie");
    assert_eq!(is_confirmed(&home, &token).await, json!(true));
    assert_eq!(raw(home.web(), None, "GET", &link, "", "").await.status, 404, "a link is used once");
    let found = raw(home.web(), None, "GET", "/api/v1/accounts/lookup?acct=newbie", "", "").await;
    assert_eq!(found.status, 200);

    home.restart().await;
    assert_eq!(standing(&home, &token).await, "newbie");
    assert_eq!(sign_in(&home, "new@MAIL.test", PASSWORD).await.1.status, 303);
    // Neither the name nor the address is given out again.
    let again = signs_up(&home, &app, &fields("NEWBIE", "nEw@mail.test")).await;
    assert_eq!(again.status, 422);
    let details = &again.json()["details"];
    assert_eq!(details["username"][0]["error"], "ERR_TAKEN", "{details}");
    assert_eq!(details["email"][0]["error"], "ERR_TAKEN", "{details}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_told_field_by_field_in_the_words_apps_know() {
    let home = World::new().instance("home.test").await;
    let app = app_token(&home).await;
    let closed = signs_up(&home, &app, &fields("ann", "ann@mail.test")).await;
    assert_eq!((closed.status, closed.json()["error"].as_str()), (403, Some("This action is not allowed")));
    set(&home, &[("registrations", "approve"), ("reason-required", "yes"), ("min-age", "16")]).await;
    let long = "x".repeat(31);
    for (field, value, code, why) in [
        ("username", "", "ERR_BLANK", "can't be blank"),
        ("username", long.as_str(), "ERR_TOO_LONG", "is too long (maximum is 30 characters)"),
        ("username", "a-b", "ERR_INVALID", "must contain only letters, numbers and underscores"),
        ("username", "Admin", "ERR_RESERVED", "is reserved"),
        ("username", "actor", "ERR_RESERVED", "is reserved"),
        ("email", "", "ERR_BLANK", "can't be blank"),
        ("email", "nobody", "ERR_INVALID", "is invalid"),
        ("password", "", "ERR_BLANK", "can't be blank"),
        ("password", "short", "ERR_TOO_SHORT", "is too short (minimum is 8 characters)"),
        ("agreement", "false", "ERR_ACCEPTED", "must be accepted"),
        ("locale", "../../x", "ERR_INCLUSION", "is not a language"),
        ("reason", " ", "ERR_BLANK", "can't be blank"),
        ("date_of_birth", "", "ERR_BLANK", "can't be blank"),
        ("date_of_birth", "not a day", "ERR_INVALID", "is invalid"),
        ("date_of_birth", "2015-05-05", "ERR_BELOW_LIMIT", "is below the age limit"),
    ] {
        let mut sent = fields("ann", "ann@mail.test");
        sent.extend([("reason", "I like tea"), ("date_of_birth", "1990-12-31")]);
        sent.retain(|(name, _)| *name != field);
        sent.push((field, value));
        let reply = signs_up(&home, &app, &sent).await;
        assert_eq!(reply.status, 422, "{field}={value}: {}", reply.text());
        let answer = reply.json();
        if let Some(schema) = &*SCHEMA {
            schema.check_entity("ValidationError", &answer);
        }
        assert_eq!(answer["details"], json!({ field: [{ "error": code, "description": why }] }), "{field}={value}");
        assert!(answer["error"].as_str().is_some_and(|text| text.starts_with("Validation failed: ")), "{answer}");
    }
    let nothing = signs_up(&home, &app, &[]).await.json();
    let mut wrong: Vec<&String> = nothing["details"].as_object().expect("details").keys().collect();
    wrong.sort();
    assert_eq!(wrong, ["agreement", "date_of_birth", "email", "password", "reason", "username"]);
    let read_only = home.user("reader", Role::User, &["read"]).await;
    assert_eq!(signs_up(&home, &read_only.token, &fields("ann", "a@mail.test")).await.status, 403);
    assert_eq!(raw(home.web(), None, "POST", "/api/v1/accounts", "", "").await.status, 401);
    assert!(home.server().read(|view| Ok(storage::account::holder_of(view, "ann")?)).await.expect("a read").is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_that_is_refused_is_sent_again_and_can_be_asked_for_once_more() {
    let (office, mut home) = with_mail().await;
    set(&home, &[("registrations", "open")]).await;
    let app = app_token(&home).await;
    office.refuse(1);
    let token = made(&home, &app, &fields("ann", "nobody@mail.test")).await;
    let tried = || async {
        let jobs = home.server().read(|view| {
            let (bounds, up) = (storage::Bounds::NONE, storage::Direction::Ascending);
            Ok(storage::job::JOBS.list(view, &(), bounds, up, 10)?)
        });
        jobs.await.expect("a read").iter().any(|(_, job)| job.attempts == 1 && job.last_error.contains("451"))
    };
    comes("the letter is put off", async || tried().await.then_some(())).await;
    // It is a row: a restart finds it. To this address it is refused for good then.
    home.restart().await;
    let again = [("email", "ann@mail.test")];
    let other = home.person("other").await;
    let refused = call(home.web(), Some(&other.token), "POST", "/api/v1/emails/confirmations", &again).await;
    assert_eq!(refused.status, 403);
    let path = "/api/v1/emails/confirmations";
    let bad = call(home.web(), Some(&token), "POST", path, &[("email", "no address")]).await;
    assert_eq!(bad.status, 422);
    assert_eq!(call(home.web(), Some(&token), "POST", path, &again).await.status, 200);
    let letter = office.letter(1).await;
    assert_eq!(letter.to, "ann@mail.test");
    assert!(office.senders() >= 2);
    assert_eq!(confirms(&home, &letter.link()).await.as_deref(), Some("confirmed"));
    assert_eq!(standing(&home, &token).await, "ann");
    assert_eq!(call(home.web(), Some(&token), "POST", path, &again).await.status, 403, "it is confirmed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_does_not_hold_for_ever_nor_for_another_address() {
    let office = Office::open().await;
    let world = World { mail: Some(office.settings()), ..World::new() };
    let home = world.instance("home.test").await;
    set(&home, &[("registrations", "open")]).await;
    let app = app_token(&home).await;
    let token = made(&home, &app, &fields("ann", "first@mail.test")).await;
    let first = office.letter(1).await.link();
    let path = "/api/v1/emails/confirmations";
    assert_eq!(call(home.web(), Some(&token), "POST", path, &[("email", "second@mail.test")]).await.status, 200);
    let second = office.letter(2).await.link();
    assert_eq!(raw(home.web(), None, "GET", &first, "", "").await.status, 404, "it was of another address");
    world.clock.advance(7 * 24 * 60 * 60_000 + 1);
    assert_eq!(raw(home.web(), None, "GET", &second, "", "").await.status, 404, "too old");
    assert_eq!(call(home.web(), Some(&token), "POST", path, &[]).await.status, 200);
    let third = office.letter(3).await.link();
    let forged = third.replace("confirmation_token=", "confirmation_token=x");
    assert_eq!(raw(home.web(), None, "GET", &forged, "", "").await.status, 404);
    assert_eq!(confirms(&home, &third).await.as_deref(), Some("confirmed"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_form_works_without_scripts_and_without_a_mail_server() {
    let home = World::new().instance("home.test").await;
    home.staff("olga", Role::Owner).await;
    let mut browser = Browser::at(home.web());
    let closed = browser.get("/auth/sign_up").await;
    assert_eq!((closed.status, closed.header("location")), (303, Some("/")));
    set(&home, &[("registrations-message", "Come back in spring")]).await;
    assert!(browser.get("/").await.text().contains("Come back in spring"));
    let shown = stranger(&home, "/api/v2/instance").await;
    assert_eq!(shown["registrations"]["message"], "Come back in spring");
    set(&home, &[("registrations", "open"), ("min-age", "13")]).await;
    let rule = |tx: &mut storage::Tx<'_>| settings::add_rule(tx, "Be kind").map(drop);
    home.server().write(rule).await.expect("a rule");
    let shown = stranger(&home, "/api/v2/instance").await;
    let registrations = &shown["registrations"];
    assert_eq!((&registrations["enabled"], &registrations["approval_required"]), (&json!(true), &json!(false)));
    assert_eq!((&registrations["min_age"], &registrations["message"]), (&json!(13), &Value::Null));
    assert_eq!(stranger(&home, "/api/v1/instance").await["registrations"], true);
    assert!(browser.get("/").await.text().contains("href=\"/auth/sign_up\""));

    let page = browser.get("/auth/sign_up").await;
    assert!(page.text().contains("Be kind") && page.text().contains("at least 13 years"), "{}", page.text());
    let filled = Form::on(&page, "/auth/sign_up")
        .with("username", "ann")
        .with("email", "ann@mail.test")
        .with("password", PASSWORD)
        .with("date_of_birth", "1990-01-01");
    let refused = browser.submit(&filled, &[]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("Service agreement must be accepted") && refused.text().contains("value=\"ann\""));
    let agreed = filled.with("agreement", "true");
    let foreign = browser.submit(&agreed, &[("origin", "https://evil.test")]).await;
    assert_eq!(foreign.status, 403);
    let forged = browser.submit(&agreed.with("authenticity_token", "x"), &[]).await;
    assert_eq!(forged.status, 403);
    let reply = browser.submit(&agreed, &[]).await;
    assert_eq!((reply.status, redirected(&reply, "what").as_deref()), (303, Some("welcome")), "{}", reply.text());
    assert_eq!(sign_in(&home, "ann", PASSWORD).await.1.status, 303, "no mail server: the address counts as confirmed");
    let ask = with("/auth/password/new", &[]);
    assert!(browser.get(&ask).await.text().contains("This server sends no mail"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_password_is_chosen_anew_by_a_letter() {
    let (office, home) = with_mail().await;
    set(&home, &[("registrations", "open")]).await;
    let app = app_token(&home).await;
    let token = made(&home, &app, &fields("ann", "ann@mail.test")).await;
    confirms(&home, &office.letter(1).await.link()).await;
    let (mut signed_in, reply) = sign_in(&home, "ann", PASSWORD).await;
    assert_eq!(reply.status, 303);

    let mut browser = Browser::at(home.web());
    let page = browser.get("/auth/password/new").await;
    let ask = |email: &str| Form::on(&page, "/auth/password").with("email", email);
    let unknown = browser.submit(&ask("stranger@mail.test"), &[]).await;
    let known = browser.submit(&ask(" Ann@Mail.test "), &[]).await;
    let told = |reply: &Reply| (reply.status, redirected(reply, "what"), reply.body.clone());
    assert_eq!(told(&unknown), told(&known), "nobody learns whether an address is known");
    let letter = office.letter(2).await;
    assert_eq!(letter.to, "ann@mail.test");
    let link = letter.link();
    let page = browser.get(&link).await;
    let form = Form::on(&page, "/auth/password/edit");
    assert_eq!(browser.submit(&form.with("password", "short"), &[]).await.status, 422);
    assert_eq!(standing(&home, &token).await, "ann");
    let set = browser.submit(&form.with("password", "a new passphrase"), &[]).await;
    assert_eq!((set.status, redirected(&set, "what").as_deref()), (303, Some("password-set")), "{}", set.text());
    let refused = call(home.web(), Some(&token), "GET", "/api/v1/accounts/verify_credentials", &[]).await;
    assert_eq!(refused.status, 401, "every token ended");
    assert!(!signed_in.get("/home").await.text().contains("/auth/sign_out"), "and every session");
    assert_eq!(browser.submit(&form.with("password", "another passphrase"), &[]).await.status, 404, "it works once");
    assert_eq!(sign_in(&home, "ann", PASSWORD).await.1.status, 422);
    assert_eq!(sign_in(&home, "ann", "a new passphrase").await.1.status, 303);
    assert!(office.letter(3).await.text.contains("was changed"));
    assert_eq!(office.letters().len(), 3, "nothing went to the stranger");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_knows_the_password_changes_it_where_browsers_look_for_that() {
    let home = World::new().instance("home.test").await;
    set(&home, &[("registrations", "open")]).await;
    let app = app_token(&home).await;
    let token = made(&home, &app, &fields("ann", "ann@mail.test")).await;
    let mut browser = Browser::at(home.web());
    let to = browser.get("/.well-known/change-password").await;
    assert_eq!((to.status, to.header("location")), (307, Some("/auth/edit")));
    assert!(browser.get("/auth/edit").await.header("location").is_some_and(|to| to.starts_with("/auth/sign_in")));
    let (mut browser, _) = sign_in(&home, "ann", PASSWORD).await;
    let (mut elsewhere, _) = sign_in(&home, "ann", PASSWORD).await;
    let form = Form::on(&browser.get("/auth/edit").await, "/auth/edit");
    let wrong = form.with("current_password", "wrong").with("password", "a new passphrase");
    assert_eq!(browser.submit(&wrong, &[]).await.status, 422);
    let right = form.with("current_password", PASSWORD).with("password", "a new passphrase");
    assert_eq!(browser.submit(&right, &[]).await.status, 303);
    assert!(browser.get("/home").await.text().contains("/auth/sign_out"), "this browser stays signed in");
    assert!(!elsewhere.get("/home").await.text().contains("/auth/sign_out"));
    let refused = call(home.web(), Some(&token), "GET", "/api/v1/accounts/verify_credentials", &[]).await;
    assert_eq!(refused.status, 401);
    assert_eq!(sign_in(&home, "ann", "a new passphrase").await.1.status, 303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_are_told_of_new_people_and_whoever_waits_cannot_come_in() {
    let (office, home) = with_mail().await;
    let (ada, ben) = (home.staff("ada", Role::Owner).await, home.person("ben").await);
    set(&home, &[("registrations", "approve")]).await;
    let app = app_token(&home).await;
    let mut sent = fields("newbie", "new@mail.test");
    sent.push(("reason", "I like tea"));
    let token = made(&home, &app, &sent).await;
    let told = ada.get("/api/v1/notifications").await;
    assert_eq!(told, json!([]), "not before the address is confirmed");
    assert_eq!(confirms(&home, &office.letter(1).await.link()).await.as_deref(), Some("waiting"));
    assert_eq!(standing(&home, &token).await, "Your login is currently pending approval");
    let told = ada.is_told("admin.sign_up").await;
    assert_eq!(told["account"]["username"], "newbie");
    if let Some(schema) = &*SCHEMA {
        schema.check_entity("Notification", &told);
    }
    assert_eq!(ben.get("/api/v1/notifications").await, json!([]));
    let (_, refused) = sign_in(&home, "newbie", PASSWORD).await;
    assert!(refused.status == 422 && refused.text().contains("has let you in yet"), "{}", refused.text());
    let id = told["account"]["id"].as_str().expect("an id");
    assert_eq!(ben.status_of(&format!("/api/v1/accounts/{id}")).await, 404);
    assert_eq!(ben.send("POST", &format!("/api/v1/accounts/{id}/follow"), &[]).await.status, 404);
    assert_eq!(ben.get("/api/v1/accounts/search?q=newbie").await, json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_signs_up_five_times_in_half_an_hour() {
    let world = World { rates: true, ..World::new() };
    let home = world.instance("home.test").await;
    let app = app_token(&home).await;
    for _ in 0..5 {
        assert_eq!(signs_up(&home, &app, &fields("ann", "ann@mail.test")).await.status, 403, "closed");
    }
    let refused = signs_up(&home, &app, &fields("ann", "ann@mail.test")).await;
    assert_eq!((refused.status, refused.header("x-ratelimit-limit")), (429, Some("5")));
    world.clock.advance(6 * 60_000);
    assert_eq!(signs_up(&home, &app, &fields("ann", "ann@mail.test")).await.status, 403);
}

/// Somebody who waits to be let in, their address confirmed: number and token.
async fn waits(home: &Instance, app: &str, name: &str, email: &str) -> (String, String) {
    let mut sent = fields(name, email);
    sent.push(("reason", "I like tea"));
    let token = made(home, app, &sent).await;
    let holder = name.to_owned();
    let id = home.server().read(move |view| Ok(storage::account::holder_of(view, &holder)?)).await.expect("a read");
    (id.expect("there is one").to_string(), token)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_an_app_through_a_letter_and_a_moderator_to_an_account_that_stays() {
    let (office, mut home) = with_mail().await;
    set(&home, &[("registrations", "approve"), ("reason-required", "yes")]).await;
    let shown = stranger(&home, "/api/v2/instance").await;
    assert_eq!(
        (&shown["registrations"]["approval_required"], &shown["registrations"]["reason_required"]),
        (&json!(true), &json!(true))
    );
    let app = app_token(&home).await;
    let (id, token) = waits(&home, &app, "newbie", "new@mail.test").await;
    assert_eq!(standing(&home, &token).await, UNCONFIRMED);
    confirms(&home, &office.letter(1).await.link()).await;
    assert_eq!(standing(&home, &token).await, "Your login is currently pending approval");
    {
        let (mo, ben) = (home.staff("mo", Role::Moderator).await, home.person("ben").await);
        for path in [
            "/api/v1/admin/accounts?pending=true",
            "/api/v1/admin/accounts?pending=true&ip=127.0.0.1",
            "/api/v2/admin/accounts?status=pending&origin=local",
            "/api/v2/admin/accounts?status=pending&email=NEW%40mail.test",
            "/api/v2/admin/accounts?ip=127.0.0.0%2F8",
        ] {
            let list = mo.asks("GET", path, &[]).await;
            assert_eq!(crate::call::ids(&list), [id.as_str()], "{path}");
        }
        let nobody = mo.asks("GET", "/api/v2/admin/accounts?status=pending&ip=192.0.2.1", &[]).await;
        assert_eq!(nobody, json!([]));
        let path = |act: &str| format!("/api/v1/admin/accounts/{id}{act}");
        let seen = mo.asks("GET", &path(""), &[]).await;
        if let Some(schema) = &*SCHEMA {
            schema.check_entity("AdminAccount", &seen);
        }
        assert_eq!((&seen["confirmed"], &seen["approved"]), (&json!(true), &json!(false)), "{seen}");
        assert_eq!((&seen["invite_request"], &seen["email"]), (&json!("I like tea"), &json!("new@mail.test")));
        assert_eq!((&seen["ip"], &seen["ips"][0]["ip"]), (&json!("127.0.0.1"), &json!("127.0.0.1")));
        assert_eq!(ben.is_refused("POST", &path("/approve"), &[]).await, 403);
        let approved = mo.asks("POST", &path("/approve"), &[]).await;
        assert_eq!(approved["approved"], true);
        assert_eq!(mo.is_refused("POST", &path("/approve"), &[]).await, 403, "they are in already");
        assert_eq!(mo.is_refused("POST", &path("/reject"), &[]).await, 403);
        let log = mo.asks("GET", "/api/v1/admin/audit_log?limit=1", &[]).await;
        assert_eq!((&log[0]["action"], &log[0]["subject"]), (&json!("approve"), &json!(id)));
        let list = mo.asks("GET", "/api/v2/admin/accounts?status=pending", &[]).await;
        assert_eq!(list, json!([]));
    }
    assert_eq!(standing(&home, &token).await, "newbie");
    assert!(office.letter(2).await.text.contains("is open now"));
    home.restart().await;
    assert_eq!(standing(&home, &token).await, "newbie");
    assert_eq!(sign_in(&home, "newbie", PASSWORD).await.1.status, 303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_turned_away_is_gone_and_their_name_stays_used() {
    let mut home = World::new().instance("home.test").await;
    set(&home, &[("registrations", "approve")]).await;
    let app = app_token(&home).await;
    let (id, token) = waits(&home, &app, "newbie", "new@mail.test").await;
    assert_eq!(standing(&home, &token).await, "Your login is currently pending approval", "confirmed without mail");
    {
        let mo = home.staff("mo", Role::Owner).await;
        let rejected = mo.asks("POST", &format!("/api/v1/admin/accounts/{id}/reject"), &[]).await;
        assert_eq!((&rejected["id"], &rejected["approved"]), (&json!(id), &json!(false)));
        assert_eq!(mo.is_refused("POST", &format!("/api/v1/admin/accounts/{id}/reject"), &[]).await, 404);
        let log = mo.asks("GET", "/api/v1/admin/audit_log?limit=1", &[]).await;
        assert_eq!(log[0]["action"], "reject");
        let all = mo.asks("GET", "/api/v2/admin/accounts?origin=local", &[]).await;
        assert!(!all.to_string().contains("newbie"), "{all}");
    }
    home.restart().await;
    let refused = call(home.web(), Some(&token), "GET", "/api/v1/accounts/verify_credentials", &[]).await;
    assert_eq!(refused.status, 401);
    assert_eq!(sign_in(&home, "newbie", PASSWORD).await.1.status, 422);
    let again = signs_up(&home, &app, &fields("newbie", "new@mail.test")).await;
    assert_eq!(
        again.json()["details"],
        json!({ "username": [{ "error": "ERR_TAKEN", "description": "has already been taken" }] })
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocked_addresses_and_providers_cannot_sign_up() {
    let home = World::new().instance("home.test").await;
    let (ada, mo) = (home.staff("ada", Role::Admin).await, home.staff("mo", Role::Moderator).await);
    set(&home, &[("registrations", "open")]).await;
    let app = app_token(&home).await;
    let path = "/api/v1/admin/email_domain_blocks";
    assert_eq!(mo.is_refused("POST", path, &[("domain", "spam.test")]).await, 403);
    let spam = ada.asks("POST", path, &[("domain", "Spam.Test")]).await;
    let odd = ada.asks("POST", path, &[("domain", "odd.test"), ("allow_with_approval", "true")]).await;
    if let Some(schema) = &*SCHEMA {
        schema.check_entity("AdminEmailDomainBlock", &spam);
    }
    assert_eq!((&spam["domain"], &odd["allow_with_approval"]), (&json!("spam.test"), &json!(true)));
    assert_eq!(ada.is_refused("POST", path, &[("domain", "spam.test")]).await, 422);
    assert_eq!(ada.is_refused("POST", path, &[("domain", "no domain")]).await, 422);
    let list = ada.asks("GET", path, &[]).await;
    assert_eq!(list, json!([odd, spam]));
    let refused = signs_up(&home, &app, &fields("ann", "ann@sub.SPAM.test")).await.json();
    assert_eq!(refused["details"]["email"][0]["error"], "ERR_BLOCKED", "{refused}");
    let token = made(&home, &app, &fields("odd", "odd@odd.test")).await;
    assert_eq!(standing(&home, &token).await, "Your login is currently pending approval", "in open mode, too");
    ada.asks("DELETE", &format!("{path}/{}", crate::call::id(&spam)), &[]).await;
    assert_eq!(ada.is_refused("GET", &format!("{path}/{}", crate::call::id(&spam)), &[]).await, 404);
    made(&home, &app, &fields("ann", "ann@sub.spam.test")).await;

    let path = "/api/v1/admin/canonical_email_blocks";
    assert_eq!(mo.is_refused("POST", path, &[("email", "a@mail.test")]).await, 403);
    let blocked = ada.asks("POST", path, &[("email", "J.Doe+one@mail.test")]).await;
    if let Some(schema) = &*SCHEMA {
        schema.check_entity("AdminCanonicalEmailBlock", &blocked);
    }
    let found = ada.asks("POST", &format!("{path}/test"), &[("email", "jdoe+two@MAIL.test")]).await;
    assert_eq!(found, json!([blocked]));
    assert_eq!(ada.asks("POST", &format!("{path}/test"), &[("email", "other@mail.test")]).await, json!([]));
    let hash = blocked["canonical_email_hash"].as_str().expect("a hash");
    assert_eq!(ada.is_refused("POST", path, &[("canonical_email_hash", hash)]).await, 422);
    let refused = signs_up(&home, &app, &fields("joe", "jd.oe@mail.test")).await.json();
    assert_eq!(refused["details"]["email"][0]["error"], "ERR_TAKEN", "{refused}");
    ada.asks("DELETE", &format!("{path}/{}", crate::call::id(&blocked)), &[]).await;
    made(&home, &app, &fields("joe", "jd.oe@mail.test")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn networks_are_kept_from_signing_up_and_from_everything() {
    let world = World::new();
    let mut home = world.instance("home.test").await;
    set(&home, &[("registrations", "open")]).await;
    let app = app_token(&home).await;
    let path = "/api/v1/admin/ip_blocks";
    // A proxy on this machine says for whom it speaks.
    let comes = |web: crate::web::Web, from: &'static str| async move {
        web.get("/api/v1/instance", &[("Host", "home.test"), ("X-Forwarded-For", from)]).await.status
    };
    let last = {
        let (ada, mo) = (home.staff("ada", Role::Admin).await, home.staff("mo", Role::Moderator).await);
        let fields_of = |ip, severity| vec![("ip", ip), ("severity", severity)];
        assert_eq!(mo.is_refused("POST", path, &fields_of("192.0.2.0/24", "no_access")).await, 403);
        let block = ada.asks("POST", path, &fields_of("127.0.0.1", "sign_up_requires_approval")).await;
        if let Some(schema) = &*SCHEMA {
            schema.check_entity("AdminIpBlock", &block);
        }
        assert_eq!((&block["ip"], &block["expires_at"]), (&json!("127.0.0.1/32"), &Value::Null));
        let token = made(&home, &app, &fields("ann", "ann@mail.test")).await;
        assert_eq!(standing(&home, &token).await, "Your login is currently pending approval");
        let one = format!("{path}/{}", crate::call::id(&block));
        let changed = ada.asks("PUT", &one, &[("severity", "sign_up_block"), ("expires_in", "3600")]).await;
        assert_eq!((&changed["severity"], &changed["ip"]), (&json!("sign_up_block"), &json!("127.0.0.1/32")));
        assert!(changed["expires_at"].is_string(), "{changed}");
        assert_eq!(signs_up(&home, &app, &fields("ben", "ben@mail.test")).await.status, 403);
        world.clock.advance(3_600_000);
        made(&home, &app, &fields("ben", "ben@mail.test")).await;
        for bad in [
            fields_of("192.0.2.0/33", "no_access"),
            fields_of("192.0.2.0/24", "none"),
            fields_of("127.0.0.1", "no_access"),
            vec![("severity", "no_access")],
            vec![("ip", "192.0.2.1")],
        ] {
            assert_eq!(ada.is_refused("POST", path, &bad).await, 422, "{bad:?}");
        }
        assert_eq!(comes(home.web(), "192.0.2.77").await, 200);
        let barred = ada.asks("POST", path, &fields_of("192.0.2.9/24", "no_access")).await;
        assert_eq!(barred["ip"], "192.0.2.0/24");
        barred
    };
    for _ in 0..2 {
        assert_eq!(comes(home.web(), "192.0.2.77").await, 403);
        assert_eq!(comes(home.web(), "192.0.3.77").await, 200);
        home.restart().await;
    }
    let one = format!("{path}/{}", crate::call::id(&last));
    assert_eq!(call(home.web(), Some("token-of-ada"), "DELETE", &one, &[]).await.status, 200);
    assert_eq!(comes(home.web(), "192.0.2.77").await, 200);
    let log = call(home.web(), Some("token-of-ada"), "GET", "/api/v1/admin/audit_log?limit=1", &[]).await.json();
    assert_eq!((&log[0]["action"], &log[0]["subject"]), (&json!("unblock_ip"), &json!("192.0.2.0/24")));
}

/// Runs a command on the data directory of an instance; whether it worked, and what it said.
async fn dassie(home: &Instance, line: &[&str]) -> (bool, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dassie"));
    command.args(line).arg("--data").arg(home.data()).env_remove("DASSIE_MAIL__PASSWORD");
    let ran = tokio::task::spawn_blocking(move || command.output()).await.expect("it ran").expect("it runs");
    let worked = ran.status.success();
    let said = if worked { ran.stdout } else { ran.stderr };
    (worked, String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_are_changed_from_the_command_line_whether_the_server_runs_or_not() {
    let mut home = World::new().instance("home.test").await;
    let (worked, said) = dassie(&home, &["instance", "set", "title", "The hill"]).await;
    assert!(worked && said.contains("The hill"), "{said}");
    assert_eq!(stranger(&home, "/api/v2/instance").await["title"], "The hill", "at once");
    let (worked, said) = dassie(&home, &["instance", "set", "titel", "x"]).await;
    assert!(!worked && said.contains("did you mean title?"), "{said}");
    let (worked, said) = dassie(&home, &["instance", "set", "min-age", "many"]).await;
    assert!(!worked && said.contains("min-age is \"many\""), "{said}");
    for rule in ["Be kind", "No ads"] {
        assert!(dassie(&home, &["instance", "rule", "add", rule]).await.0);
    }
    home.stop().await;
    assert!(dassie(&home, &["instance", "rule", "remove", "1"]).await.0);
    let (worked, said) = dassie(&home, &["instance", "set", "registrations", "approve"]).await;
    assert!(worked && said.contains("no mail server is set"), "{said}");
    let (worked, said) = dassie(&home, &["instance", "show", "--json"]).await;
    let shown: Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"));
    assert_eq!((worked, &shown["registrations"], &shown["rules"]), (true, &json!("approve"), &json!(["No ads"])));
    home.start().await;
    let instance = stranger(&home, "/api/v2/instance").await;
    assert_eq!(
        (&instance["rules"][0]["text"], &instance["registrations"]["enabled"]),
        (&json!("No ads"), &json!(true))
    );
}
