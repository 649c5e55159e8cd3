//! Signing in as applications do it (client API, OAuth; RFC 6749, RFC 7636).

use crate::{
    browser::{Browser, Form, redirected, with},
    call::{FORM, checked, raw},
    lab::{Instance, World, new_user},
    web::{Reply, form},
};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use dassie::user::{self, NewUser, hash_password};
use serde_json::{Value, json};
use storage::user::Role;

const PASSWORD: &str = "correct horse";
const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";
const CUSTOM: &str = "icecubesapp://";
const VERIFIER: &str = "0123456789012345678901234567890123456789abc";

struct App {
    id: String,
    secret: String,
}

/// An instance on which Alice signs in with a password.
async fn with_alice(world: &World) -> Instance {
    let home = world.instance("home.test").await;
    let keys = home.server().make_keys().await.expect("keys");
    let new = NewUser {
        email: "alice@mail.test".to_owned(),
        password_hash: hash_password(PASSWORD, [7; 16]).expect("a hash"),
        ..new_user("alice", Role::Owner, keys)
    };
    home.server().write(move |tx| user::create(tx, &new)).await.expect("Alice");
    home
}

async fn register(home: &Instance, redirect_uris: Value) -> App {
    let wanted = json!({ "client_name": "Test", "redirect_uris": redirect_uris, "scopes": "read write follow push" });
    let reply = raw(home.web(), None, "POST", "/api/v1/apps", "application/json", &wanted.to_string()).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    App {
        id: crate::lab::text_of(&reply.json(), "client_id"),
        secret: crate::lab::text_of(&reply.json(), "client_secret"),
    }
}

async fn sign_in(browser: &mut Browser, page: &Reply) -> Reply {
    let filled = Form::on(page, "/auth/sign_in").with("login", "alice").with("password", PASSWORD);
    let reply = browser.submit(&filled, &[]).await;
    assert!((302..304).contains(&reply.status), "{} {}", reply.status, reply.text());
    browser.get(reply.header("location").expect("a redirect")).await
}

/// A code for `app`, Alice being signed in or not.
async fn code(browser: &mut Browser, app: &App, redirect_uri: &str, more: &[(&str, &str)]) -> String {
    let asked = [
        ("response_type", "code"),
        ("client_id", app.id.as_str()),
        ("redirect_uri", redirect_uri),
        ("scope", "read write"),
    ];
    let mut page = browser.get(&with("/oauth/authorize", &[&asked[..], more].concat())).await;
    if page.text().contains("action=\"/auth/sign_in\"") {
        page = sign_in(browser, &page).await;
    }
    let reply = browser.submit(&Form::on(&page, "/oauth/authorize").with("decision", "approve"), &[]).await;
    redirected(&reply, "code").unwrap_or_else(|| panic!("no code: {:?}", reply.header("location")))
}

async fn exchange(home: &Instance, app: &App, code: &str, redirect_uri: &str, more: &[(&str, &str)]) -> Reply {
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("client_id", &app.id),
        ("client_secret", &app.secret),
        ("redirect_uri", redirect_uri),
    ];
    token(home, &[&fields[..], more].concat()).await
}

async fn token(home: &Instance, fields: &[(&str, &str)]) -> Reply {
    raw(home.web(), None, "POST", "/oauth/token", FORM, &form(fields)).await
}

fn refused(reply: &Reply, status: u16, error: &str) {
    assert_eq!((reply.status, reply.json()["error"].as_str()), (status, Some(error)), "{}", reply.text());
    assert!(reply.json()["error_description"].is_string(), "{}", reply.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn applications_register_in_every_spelling_and_get_back_what_they_sent() {
    let home = World::new().instance("home.test").await;
    let both = json!([CUSTOM, OUT_OF_BAND]);
    let array = json!({ "client_name": "T", "redirect_uris": both, "scopes": "read write" }).to_string();
    let lines =
        json!({ "client_name": "T", "redirect_uris": format!("{CUSTOM}\n{OUT_OF_BAND}"), "scopes": "read write" })
            .to_string();
    let fields =
        [("client_name", "T"), ("redirect_uris", &format!("{CUSTOM}\r\n{OUT_OF_BAND}")), ("scopes", "read write")];
    for (kind, body) in [("application/json", array), ("application/json", lines), (FORM, form(&fields))] {
        let reply = raw(home.web(), None, "POST", "/api/v1/apps", kind, &body).await;
        assert_eq!(reply.status, 200, "{body}: {}", reply.text());
        checked("POST", "/api/v1/apps", &reply, false);
        let app = reply.json();
        assert_eq!((&app["redirect_uris"], &app["scopes"]), (&both, &json!(["read", "write"])), "{body}");
        assert_eq!(app["redirect_uri"], format!("{CUSTOM}\n{OUT_OF_BAND}"), "nothing is normalised");
        assert_eq!((&app["client_secret_expires_at"], &app["website"]), (&json!(0), &Value::Null));
    }
    let elk = "https://elk.zone/api/home.test/oauth/https%3A%2F%2Felk.zone?a=b";
    let reply =
        raw(home.web(), None, "POST", "/api/v1/apps", FORM, &form(&[("client_name", "E"), ("redirect_uris", elk)]))
            .await;
    assert_eq!((&reply.json()["redirect_uri"], &reply.json()["scopes"]), (&json!(elk), &json!(["read"])));
    for bad in ["javascript:alert(1)", "data:text/html,x", "", "/relative"] {
        let reply =
            raw(home.web(), None, "POST", "/api/v1/apps", FORM, &form(&[("client_name", "E"), ("redirect_uris", bad)]))
                .await;
        assert_eq!(reply.status, 422, "{bad}: {}", reply.text());
    }
    let fields = [("client_name", "E"), ("redirect_uris", OUT_OF_BAND), ("scopes", "read everything")];
    assert_eq!(raw(home.web(), None, "POST", "/api/v1/apps", FORM, &form(&fields)).await.status, 422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_signs_in_and_approves_without_javascript() {
    let home = with_alice(&World::new()).await;
    let app = register(&home, json!([CUSTOM])).await;
    let mut browser = Browser::at(home.web());
    let asked = [
        ("response_type", "code"),
        ("client_id", app.id.as_str()),
        ("redirect_uri", CUSTOM),
        ("scope", "read write"),
        ("state", "s&t <\"x"),
    ];
    let page = browser.get(&with("/oauth/authorize", &asked)).await;
    assert_eq!(page.status, 200);
    assert!(page.header("cross-origin-opener-policy").is_none(), "popups must stay reachable");
    assert_eq!(page.text().matches("<script").count(), 1, "the script of all pages, which is not needed");
    let filled = Form::on(&page, "/auth/sign_in").with("login", "alice").with("password", "wrong");
    assert_eq!(browser.submit(&filled, &[]).await.status, 422, "a wrong password");
    let filled = filled.with("password", PASSWORD);
    assert_eq!(browser.submit(&filled.without("authenticity_token"), &[]).await.status, 403);
    assert_eq!(browser.submit(&filled, &[("origin", "https://evil.test")]).await.status, 403);
    let page = sign_in(&mut browser, &page).await;

    let policy = page.header("content-security-policy").expect("a policy").to_owned();
    let targets =
        policy.split(';').find_map(|rule| rule.trim().strip_prefix("form-action ")).expect("a rule for forms");
    assert!(targets.split(' ').any(|target| target == "icecubesapp:"), "{targets}");
    let approve = Form::on(&page, "/oauth/authorize").with("decision", "approve");
    for (form, headers) in [
        (approve.without("authenticity_token"), &[][..]),
        (approve.with("authenticity_token", "x"), &[][..]),
        (approve.clone(), &[("origin", "https://evil.test")][..]),
        (approve.clone(), &[("sec-fetch-site", "cross-site")][..]),
    ] {
        assert_eq!(browser.submit(&form, headers).await.status, 403);
    }
    let denied = browser.submit(&approve.with("decision", "deny"), &[]).await;
    assert_eq!(redirected(&denied, "error").as_deref(), Some("access_denied"));
    assert!(redirected(&denied, "code").is_none());
    assert_eq!(browser.submit_by("DELETE", &approve.without("authenticity_token"), &[]).await.status, 403);
    let denied = browser.submit_by("DELETE", &approve, &[]).await;
    assert_eq!(redirected(&denied, "error").as_deref(), Some("access_denied"));
    assert!(redirected(&denied, "code").is_none());
    let approved = browser.submit(&approve, &[]).await;
    assert!(approved.header("location").is_some_and(|to| to.starts_with("icecubesapp://?")), "{:?}", approved.headers);
    assert_eq!(redirected(&approved, "state").as_deref(), Some("s&t <\"x"));
    let code = redirected(&approved, "code").expect("a code");

    let asked = json!({ "grant_type": "authorization_code", "code": code, "client_id": app.id, "client_secret": app.secret,
        "redirect_uri": CUSTOM, "scope": "read write" });
    let reply = raw(home.web(), None, "POST", "/oauth/token", "application/json", &asked.to_string()).await;
    checked("POST", "/oauth/token", &reply, false);
    let given = reply.json();
    assert_eq!((&given["token_type"], &given["scope"]), (&json!("Bearer"), &json!("read write")));
    assert!(given["created_at"].is_i64() && given.get("refresh_token").is_none());
    let access = crate::lab::text_of(&given, "access_token");
    let own = raw(home.web(), Some(&access), "GET", "/api/v1/accounts/verify_credentials", "", "").await;
    checked("GET", "/api/v1/accounts/verify_credentials", &own, true);
    assert_eq!(own.json()["username"], "alice");
    let by_query = home.web().get(&format!("/api/v1/apps/verify_credentials?access_token={access}"), &[]).await;
    checked("GET", "/api/v1/apps/verify_credentials", &by_query, true);
    assert_eq!(by_query.json()["name"], "Test");
    for method in ["GET", "POST"] {
        let user =
            home.web().send(method, "/oauth/userinfo", &[("authorization", &format!("bearer {access}"))], b"").await;
        assert_eq!((user.status, &user.json()["preferred_username"]), (200, &json!("alice")));
    }
    let forced = with(
        "/oauth/authorize",
        &[("response_type", "code"), ("client_id", &app.id), ("redirect_uri", CUSTOM), ("force_login", "true")],
    );
    assert!(browser.get(&forced).await.text().contains("action=\"/auth/sign_in\""), "force_login asks again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codes_hold_once_for_ten_minutes_and_only_for_whom_they_were_made() {
    let world = World::new();
    let home = with_alice(&world).await;
    let (app, other) =
        (register(&home, json!([CUSTOM, "https://app.test/cb"])).await, register(&home, json!([CUSTOM])).await);
    let mut browser = Browser::at(home.web());
    let first = code(&mut browser, &app, CUSTOM, &[]).await;
    refused(&exchange(&home, &other, &first, CUSTOM, &[]).await, 400, "invalid_grant");
    let bad = App { id: app.id.clone(), secret: "no".to_owned() };
    refused(&exchange(&home, &bad, &first, CUSTOM, &[]).await, 401, "invalid_client");
    let fresh = code(&mut browser, &app, CUSTOM, &[]).await;
    refused(&exchange(&home, &app, &fresh, "https://app.test/cb", &[]).await, 400, "invalid_grant");

    let fresh = code(&mut browser, &app, CUSTOM, &[]).await;
    let given = exchange(&home, &app, &fresh, CUSTOM, &[]).await;
    assert_eq!(given.status, 200, "{}", given.text());
    let access = crate::lab::text_of(&given.json(), "access_token");
    let works = || async { raw(home.web(), Some(&access), "GET", "/oauth/userinfo", "", "").await.status };
    assert_eq!(works().await, 200);
    refused(&exchange(&home, &app, &fresh, CUSTOM, &[]).await, 400, "invalid_grant");
    assert_eq!(works().await, 401, "a code used twice was stolen: what it gave ends (RFC 6749 §4.1.2)");

    let (in_time, late) = (code(&mut browser, &app, CUSTOM, &[]).await, code(&mut browser, &app, CUSTOM, &[]).await);
    world.clock.advance(10 * 60_000);
    assert_eq!(exchange(&home, &app, &in_time, CUSTOM, &[]).await.status, 200);
    world.clock.advance(1);
    refused(&exchange(&home, &app, &late, CUSTOM, &[]).await, 400, "invalid_grant");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_challenge_makes_the_verifier_necessary() {
    let home = with_alice(&World::new()).await;
    let app = register(&home, json!(["https://app.test/cb?kept=1"])).await;
    let redirect_uri = "https://app.test/cb?kept=1";
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
    let asked = [("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];
    let mut browser = Browser::at(home.web());
    let first = code(&mut browser, &app, redirect_uri, &asked).await;
    refused(&exchange(&home, &app, &first, redirect_uri, &[]).await, 400, "invalid_grant");
    let second = code(&mut browser, &app, redirect_uri, &asked).await;
    let wrong = exchange(&home, &app, &second, redirect_uri, &[("code_verifier", "x")]).await;
    refused(&wrong, 400, "invalid_grant");
    let third = code(&mut browser, &app, redirect_uri, &asked).await;
    let given = exchange(&home, &app, &third, redirect_uri, &[("code_verifier", VERIFIER)]).await;
    assert_eq!(given.status, 200, "{}", given.text());
    let ask = |method: &'static str| {
        with(
            "/oauth/authorize",
            &[
                ("response_type", "code"),
                ("client_id", &app.id),
                ("redirect_uri", redirect_uri),
                ("code_challenge", &challenge),
                ("code_challenge_method", method),
            ],
        )
    };
    let plain = browser.get(&ask("plain")).await;
    assert_eq!(redirected(&plain, "error").as_deref(), Some("invalid_request"));
    assert_eq!(redirected(&plain, "kept").as_deref(), Some("1"), "the address keeps its own parameters");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn out_of_band_codes_are_shown_to_be_copied() {
    let home = with_alice(&World::new()).await;
    let app = register(&home, json!(OUT_OF_BAND)).await;
    let mut browser = Browser::at(home.web());
    let asked =
        [("response_type", "code"), ("client_id", app.id.as_str()), ("redirect_uri", OUT_OF_BAND), ("scope", "read")];
    let page = browser.get(&with("/oauth/authorize", &asked)).await;
    let page = sign_in(&mut browser, &page).await;
    let to = browser.submit(&Form::on(&page, "/oauth/authorize").with("decision", "approve"), &[]).await;
    let code = redirected(&to, "code").expect("a code");
    let shown = browser.get(to.header("location").expect("a redirect")).await;
    assert!(shown.text().contains(&code), "{}", shown.text());
    assert_eq!(shown.header("cache-control"), Some("no-store"));
    let given = exchange(&home, &app, &code, OUT_OF_BAND, &[]).await;
    assert_eq!((given.status, &given.json()["scope"]), (200, &json!("read")));
    browser.forget();
    assert!(browser.get(&with("/oauth/authorize", &asked)).await.text().contains("action=\"/auth/sign_in\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_registered_is_refused_without_a_redirect_elsewhere() {
    let home = with_alice(&World::new()).await;
    let app = register(&home, json!([CUSTOM])).await;
    let mut browser = Browser::at(home.web());
    let ask = |client: &str, to: &str, scope: &str, kind: &str| {
        with(
            "/oauth/authorize",
            &[("response_type", kind), ("client_id", client), ("redirect_uri", to), ("scope", scope)],
        )
    };
    for (client, to) in [
        ("unknown", CUSTOM),
        (app.id.as_str(), "https://evil.test/"),
        (&app.id, "icecubesapp:"),
        (&app.id, "icecubesapp://x"),
    ] {
        let reply = browser.get(&ask(client, to, "read", "code")).await;
        assert!(
            (400..500).contains(&reply.status) && reply.header("location").is_none(),
            "{client} {to}: {}",
            reply.status
        );
    }
    for scope in ["admin:read", "read admin:write", "nonsense"] {
        let reply = browser.get(&ask(&app.id, CUSTOM, scope, "code")).await;
        assert_eq!(redirected(&reply, "error").as_deref(), Some("invalid_scope"), "{scope}");
    }
    let implicit = browser.get(&ask(&app.id, CUSTOM, "read", "token")).await;
    assert_eq!(redirected(&implicit, "error").as_deref(), Some("unsupported_response_type"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn applications_get_and_give_back_tokens_of_their_own() {
    let home = with_alice(&World::new()).await;
    let person = home.person("bob").await;
    let (app, other) = (register(&home, json!([CUSTOM])).await, register(&home, json!([CUSTOM])).await);
    let basic = format!("Basic {}", STANDARD.encode(format!("{}:{}", app.id, app.secret)));
    let by_basic = |body: &'static str| {
        let headers = [("authorization", basic.clone()), ("content-type", FORM.to_owned())];
        let web = home.web();
        async move {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            web.send("POST", "/oauth/token", &headers, body.as_bytes()).await
        }
    };
    let given = by_basic("grant_type=client_credentials").await;
    checked("POST", "/oauth/token", &given, false);
    assert_eq!((given.status, &given.json()["scope"]), (200, &json!("read")), "read unless asked otherwise");
    refused(&by_basic("grant_type=client_credentials&scope=admin:read").await, 400, "invalid_scope");
    refused(
        &by_basic("grant_type=password&username=alice&password=correct+horse").await,
        400,
        "unsupported_grant_type",
    );
    refused(
        &token(&home, &[("grant_type", "client_credentials"), ("client_id", &app.id), ("client_secret", "x")]).await,
        401,
        "invalid_client",
    );
    let access = crate::lab::text_of(&given.json(), "access_token");
    let as_app = |path: &'static str| raw(home.web(), Some(&access), "GET", path, "", "");
    assert_eq!(as_app("/api/v1/apps/verify_credentials").await.status, 200);
    assert_eq!(as_app("/api/v1/timelines/public").await.status, 200, "an application sees what strangers see");
    assert_eq!(
        as_app("/api/v1/timelines/home").await.status,
        403,
        "an application is nobody: 401 would sign people out"
    );

    let revoke = |app: &App, token: &str| {
        let fields =
            [("client_id", app.id.clone()), ("client_secret", app.secret.clone()), ("token", token.to_owned())];
        let web = home.web();
        async move {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            raw(web, None, "POST", "/oauth/revoke", FORM, &form(&fields)).await
        }
    };
    refused(&revoke(&other, &access).await, 403, "unauthorized_client");
    refused(&revoke(&app, &person.token).await, 403, "unauthorized_client");
    assert_eq!(person.status_of("/api/v1/timelines/home").await, 200, "somebody else's token lives on");
    let gone = revoke(&app, &access).await;
    assert_eq!((gone.status, gone.text().as_str()), (200, "{}"));
    assert_eq!(as_app("/api/v1/apps/verify_credentials").await.status, 401);
    assert_eq!(revoke(&app, &access).await.status, 200, "what is gone is gone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_metadata_names_what_is_offered() {
    let home = World::new().instance("home.test").await;
    let path = "/.well-known/oauth-authorization-server";
    let reply = home.web().get(path, &[]).await;
    checked("GET", path, &reply, false);
    let offered = reply.json();
    assert_eq!(offered["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(offered["authorization_endpoint"], "https://home.test/oauth/authorize");
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    let grants = offered["grant_types_supported"].as_array().expect("a list");
    assert!(grants.contains(&json!("client_credentials")) && !grants.contains(&json!("password")));
}
