//! Refusals: statuses, bodies and headers (client API, errors, rate limits, CORS).

use crate::{
    browser::Form,
    call::{FORM, call, checked, id, raw},
    lab::{Instance, World},
    schema::is_time,
    settings::signed_in,
    web::{Reply, Web},
};
use dassie::{
    clock::{Clock, ManualClock},
    config::Config,
    origin::Origin,
    reach::Reach,
    running::{Parts, Running},
    server::Server,
};
use serde_json::json;
use std::sync::Arc;
use storage::{
    SecretHash, Timestamp,
    oauth::{self, Token},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_tokens_routes_and_methods_are_told_apart() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    for token in [None, Some("made-up")] {
        let reply = call(home.web(), token, "GET", "/api/v1/timelines/home", &[]).await;
        assert_eq!((reply.status, &reply.json()["error"]), (401, &json!("The access token is invalid")));
    }
    let open = call(home.web(), Some("made-up"), "GET", "/api/v1/timelines/public", &[]).await;
    assert_eq!(open.status, 401, "a token that is given must be one");
    for path in ["/api/v1/nothing", "/api/v9/instance", "/api/v1/statuses/1/nothing", "/api/v1/statuses/%ff", "/api/"] {
        let reply = call(home.web(), Some(&ann.token), "GET", path, &[]).await;
        assert_eq!(reply.status, 404, "{path}: {}", reply.text());
    }
    let reply = call(home.web(), Some(&ann.token), "DELETE", "/api/v1/instance", &[]).await;
    assert_eq!(reply.status, 405, "{}", reply.text());
    assert!(reply.header("allow").is_some_and(|allow| allow.contains("GET")), "{:?}", reply.headers);
    let large = format!("status={}", "x".repeat(20 * 1024 * 1024));
    let reply = raw(home.web(), Some(&ann.token), "POST", "/api/v1/statuses", FORM, &large).await;
    checked("POST", "/api/v1/statuses", &reply, true);
    assert_eq!(reply.status, 413);
    assert!(reply.header("x-request-id").is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_is_422_with_a_reason() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let status = id(&ann.writes("one", &[]).await);
    let long = "x".repeat(5_001);
    let refusals: [&[(&str, &str)]; 8] = [
        &[("status", "")],
        &[("status", " \n ")],
        &[],
        &[("status", &long)],
        &[("status", "x"), ("spoiler_text", &long)],
        &[("status", "x"), ("visibility", "everybody")],
        &[("status", "x"), ("media_ids[]", "1")],
        &[("status", "x"), ("poll[options][]", "a"), ("poll[options][]", "b"), ("poll[expires_in]", "1")],
    ];
    for fields in refusals {
        let reply = call(home.web(), Some(&ann.token), "POST", "/api/v1/statuses", fields).await;
        assert_eq!(reply.status, 422, "{fields:.80?}: {:.300}", reply.text());
        let error = crate::lab::text_of(&reply.json(), "error");
        let why = error.strip_prefix("Validation failed: ").unwrap_or_else(|| panic!("{error}"));
        let answer = reply.json();
        let details: Vec<_> = answer["details"].as_object().expect("details").values().collect();
        assert_eq!(details, [&json!([{ "error": "ERR_INVALID", "description": why }])]);
    }
    let posted = "x".repeat(5_000);
    ann.writes(&posted, &[]).await;
    let missing = [("status", "x"), ("in_reply_to_id", "115000000000000000")];
    assert_eq!(ann.is_refused("POST", "/api/v1/statuses", &missing).await, 404);
    assert_eq!(ann.is_refused("PUT", &format!("/api/v1/statuses/{status}"), &[("status", "")]).await, 422);
    assert_eq!(ann.is_refused("GET", "/api/v1/accounts/lookup", &[]).await, 422);
    assert_eq!(ann.is_refused("GET", "/api/v2/search", &[]).await, 422);
    assert_eq!(ann.is_refused("POST", "/api/v1/apps", &[("redirect_uris", "app://")]).await, 422);
    let uris = |count: usize| format!("app://{}\n", "x".repeat(1_500)).repeat(count);
    let (two, three) = (uris(2), uris(3));
    ann.asks("POST", "/api/v1/apps", &[("client_name", "T"), ("redirect_uris", two.as_str())]).await;
    let many = [("client_name", "T"), ("redirect_uris", three.as_str())];
    assert_eq!(ann.is_refused("POST", "/api/v1/apps", &many).await, 422, "together they are too long");
    assert!([403, 422].contains(&ann.is_refused("POST", &format!("/api/v1/accounts/{}/follow", ann.id), &[]).await));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_ones_own_or_not_to_be_seen_is_404() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let public = id(&ann.writes("public", &[]).await);
    let private = id(&ann.writes("private", &[("visibility", "private")]).await);
    let direct = id(&ann.writes("direct", &[("visibility", "direct")]).await);
    for status in [&private, &direct] {
        for part in ["", "/context", "/history", "/favourited_by", "/reblogged_by"] {
            let path = format!("/api/v1/statuses/{status}{part}");
            assert_eq!(ben.is_refused("GET", &path, &[]).await, 404, "{path}");
            assert_eq!(call(home.web(), None, "GET", &path, &[]).await.status, 404, "{path}");
        }
        for act in ["favourite", "reblog", "bookmark", "pin"] {
            assert_eq!(ben.is_refused("POST", &format!("/api/v1/statuses/{status}/{act}"), &[]).await, 404, "{act}");
        }
        let reply = [("status", "x"), ("in_reply_to_id", status.as_str())];
        assert_eq!(ben.is_refused("POST", "/api/v1/statuses", &reply).await, 404);
    }
    let path = format!("/api/v1/statuses/{public}");
    assert_eq!(ben.is_refused("DELETE", &path, &[]).await, 404);
    assert_eq!(ben.is_refused("PUT", &path, &[("status", "mine")]).await, 404);
    assert_eq!(ben.is_refused("GET", &format!("{path}/source"), &[]).await, 404);
    assert_eq!(ben.is_refused("POST", &format!("{path}/unpin"), &[]).await, 404);
    ben.asks("POST", &format!("{path}/favourite"), &[]).await;
    let told = id(&ann.is_told("favourite").await);
    assert_eq!(ben.is_refused("GET", &format!("/api/v1/notifications/{told}"), &[]).await, 404);
    ben.send("POST", &format!("/api/v1/notifications/{told}/dismiss"), &[]).await;
    ann.asks("GET", &format!("/api/v1/notifications/{told}"), &[]).await;
    assert_eq!(ann.asks("GET", &path, &[]).await["content"], "<p>public</p>");
}

/// A server that counts requests.
async fn counting() -> (Running, Arc<ManualClock>, tempfile::TempDir) {
    let scratch = tempfile::tempdir().expect("a directory");
    let clock = ManualClock::new(Timestamp(1_767_225_600_000));
    let origin = Origin::parse("https://home.test", None).expect("an origin");
    let config = Config::embedded(scratch.path(), Some(origin));
    let parts = Parts { clock: Clock::Manual(clock.clone()), ..Parts::of_system(Reach::Lab(Arc::default())) };
    let running = Server::start(config, parts).await.expect("the server starts");
    (running, clock, scratch)
}

fn rate(reply: &Reply) -> (u64, u64, String) {
    let value = |name: &str| {
        reply.header(name).unwrap_or_else(|| panic!("no {name}: {} {:?}", reply.status, reply.headers)).to_owned()
    };
    let number = |name: &str| value(name).parse().unwrap_or_else(|_| panic!("{name} is no number"));
    (number("x-ratelimit-limit"), number("x-ratelimit-remaining"), value("x-ratelimit-reset"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rates_are_shown_and_kept() {
    let (running, clock, _scratch) = counting().await;
    let web = Web::at(running.address);
    let (limit, remaining, reset) = rate(&web.get("/api/v1/instance", &[]).await);
    assert!(
        remaining == limit - 1 && is_time(&reset) && reset.as_str() > "2026-01-01T00:00:00.000Z",
        "{limit} {remaining} {reset}"
    );
    let refused = raw(web, Some("made-up"), "GET", "/api/v1/timelines/home", "", "").await;
    assert_eq!(refused.status, 401);
    rate(&refused);
    let register = || raw(web, None, "POST", "/api/v1/apps", FORM, "client_name=T&redirect_uris=app%3A%2F%2F");
    let (limit, mut before, _) = rate(&register().await);
    while before > 0 {
        let reply = register().await;
        assert_eq!(reply.status, 200, "{before} left of {limit}: {}", reply.text());
        let (_, left, _) = rate(&reply);
        assert_eq!(left, before - 1);
        before = left;
    }
    let refused = register().await;
    assert_eq!(refused.status, 429);
    checked("POST", "/api/v1/apps", &refused, false);
    let wait: i64 = refused.header("retry-after").and_then(|wait| wait.parse().ok()).expect("seconds");
    let (again, left, reset) = rate(&refused);
    assert!(again == limit && left == 0 && is_time(&reset), "{again} {left} {reset}");
    assert_eq!(refused.header("access-control-allow-origin"), Some("*"), "programs in browsers read it too");
    clock.advance(wait * 1_000);
    assert_eq!(register().await.status, 200, "after the time it named");
    running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn made_up_tokens_lead_around_no_rate_of_applications() {
    const APP: &str = "client_name=T&redirect_uris=app%3A%2F%2F";
    let (running, _clock, _scratch) = counting().await;
    let web = Web::at(running.address);
    let (mut app, mut registered) = (None, 0);
    let refused = loop {
        let made_up = format!("made-up-{registered}");
        let reply = raw(web, Some(&made_up), "POST", "/api/v1/apps", FORM, APP).await;
        if reply.status != 200 {
            break reply;
        }
        (app, registered) = (Some(reply.json()), registered + 1);
        assert!(registered < 1_000, "somebody may register as many as they like");
    };
    let (limit, left, _) = rate(&refused);
    assert_eq!((refused.status, limit, left), (429, registered, 0));
    assert_eq!(raw(web, None, "POST", "/api/v1/apps", FORM, APP).await.status, 429, "nor does coming without one");

    let app = app.expect("one was registered");
    let own = crate::web::form(&[
        ("grant_type", "client_credentials"),
        ("client_id", &crate::lab::text_of(&app, "client_id")),
        ("client_secret", &crate::lab::text_of(&app, "client_secret")),
    ]);
    let mut given = 0;
    let refused = loop {
        let reply = raw(web, None, "POST", "/oauth/token", FORM, &own).await;
        if reply.status != 200 {
            break reply;
        }
        given += 1;
        assert!(given < 1_000, "an application may have as many tokens as it likes");
    };
    assert_eq!((refused.status, given), (429, 200), "{}", refused.text());
    assert!(refused.header("retry-after").is_some());
    running.stop().await.expect("it stops");
}

/// What the rates leave of a kind of request with these tokens in turn: the refusal, after so many.
async fn until_refused(home: &Instance, tokens: &[&str], method: &str, path: &str) -> (Reply, usize) {
    for (done, token) in tokens.iter().cycle().take(1_000).enumerate() {
        let reply = raw(home.web(), Some(*token), method, path, "", "").await;
        if reply.status == 429 {
            return (reply, done);
        }
    }
    panic!("{method} {path} is never refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_tokens_and_pages_share_the_rates_of_their_account() {
    let home = World { rates: true, ..World::new() }.instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let (account, scopes) = (ann.id, vec!["read".to_owned(), "write".to_owned()]);
    let second = move |tx: &mut storage::Tx<'_>| {
        let first = oauth::TOKENS.get(tx, &SecretHash::of("token-of-ann"))?.expect("the first one");
        let made = Token { id: tx.next_id(), account: Some(account), scopes: scopes.clone(), ..first };
        oauth::put_token(tx, SecretHash::of("another"), &made);
        Ok(())
    };
    home.server().write(second).await.expect("a second token");
    let mut browser = signed_in(&home, &ann).await;
    let post = ann.posts("mine", &[]).await;
    ben.asks("POST", &format!("/api/v1/statuses/{post}/reblog"), &[]).await;

    let (refused, done) =
        until_refused(&home, &[&ann.token, "another"], "DELETE", "/api/v1/statuses/115000000000000000").await;
    let (limit, left, _) = rate(&refused);
    assert_eq!((limit, left, done), (30, 0, 30));
    let form = Form::on(&browser.get(&format!("/posts/{post}/delete")).await, &format!("/posts/{post}/delete"));
    assert_eq!(browser.submit(&form, &[]).await.status, 429, "a page is no way around it");
    let act = Form { action: "/act".to_owned(), ..form };
    assert_eq!(browser.submit(&act.with("unboost", &post), &[]).await.status, 429);
    assert_eq!(browser.submit(&act.with("favourite", &post), &[]).await.status, 303, "that is none of these");
    assert_eq!(ben.send("POST", &format!("/api/v1/statuses/{post}/unreblog"), &[]).await.status, 200, "nor others");

    // None of these has a file, and counts all the same.
    let (refused, done) = until_refused(&home, &["another", &ann.token], "POST", "/api/v2/media").await;
    assert_eq!((rate(&refused).0, done), (30, 30));
    let picture = crate::pictures::png(8, 8, 1);
    let form = Form::on(&browser.get("/compose").await, "/compose").with("status", "look").with("do", "attach");
    let kept = browser.upload(&form, &[("file", &picture)]).await;
    assert!(kept.status == 503 && kept.header("retry-after").is_some(), "{} {}", kept.status, kept.text());
    assert!(kept.text().contains("look</textarea>"), "{}", kept.text());
    let profile = Form::on(&browser.get("/settings/profile").await, "/settings/profile");
    assert_eq!(browser.upload(&profile, &[("avatar", &picture)]).await.status, 429);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_in_browsers_may_call_from_anywhere() {
    let home = World::new().instance("home.test").await;
    let asked = [
        ("origin", "https://phanpy.test"),
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", "authorization,content-type,idempotency-key"),
    ];
    for path in [
        "/api/v1/statuses/1",
        "/api/v1/nothing",
        "/oauth/token",
        "/oauth/revoke",
        "/.well-known/nodeinfo",
        "/nodeinfo/2.0",
    ] {
        let reply = home.web().send("OPTIONS", path, &asked, b"").await;
        assert!((200..205).contains(&reply.status), "{path}: {}", reply.status);
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"), "{path}");
        let methods = reply.header("access-control-allow-methods").expect("methods");
        assert!(["POST", "PUT", "DELETE", "GET", "PATCH"].iter().all(|method| methods.contains(method)), "{methods}");
        let headers = reply.header("access-control-allow-headers").expect("headers").to_lowercase();
        assert!(
            ["authorization", "content-type", "idempotency-key"].iter().all(|name| headers.contains(name)),
            "{headers}"
        );
        assert!(reply.header("access-control-allow-credentials").is_none());
    }
    for path in [
        "/api/v2/instance",
        "/api/v1/timelines/home",
        "/api/v1/nothing",
        "/.well-known/nodeinfo",
        "/avatars/original/missing.png",
    ] {
        let reply = home.web().get(path, &asked[..1]).await;
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"), "{path}");
        let exposed = reply.header("access-control-expose-headers").expect("what may be read");
        assert!(
            ["Link", "X-RateLimit-Reset", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-Request-Id"]
                .iter()
                .all(|name| exposed.contains(name))
        );
    }
    for path in ["/oauth/authorize", "/auth/sign_in", "/"] {
        assert!(home.web().get(path, &asked[..1]).await.header("access-control-allow-origin").is_none(), "{path}");
    }
}
