//! Two-factor authentication with nothing but forms: set up, signing in by a code or a spare code, and losing the phone.

use crate::{
    browser::{Browser, Form, with},
    call::call,
    lab::{Instance, Person, World},
    settings::{PASSWORD, signed_in},
    web::Reply,
};
use dassie::{
    clock::Clock,
    user::{code, totp},
};

const PATH: &str = "/settings/second_factor";

/// What a program on a phone has, and the spare codes on paper.
struct Phone {
    secret: [u8; 20],
    codes: Vec<String>,
}

impl Phone {
    /// What the page of setting up shows.
    fn reads(page: &Reply) -> Self {
        let form = Form::on(page, PATH);
        let field = |name: &str| {
            let found = form.fields.iter().find(|(known, _)| known == name);
            found.unwrap_or_else(|| panic!("no {name}: {}", page.text())).1.clone()
        };
        let codes = field("codes").split(' ').map(str::to_owned).collect();
        Phone { secret: code::bytes(&field("secret")).expect("a secret"), codes }
    }

    fn code(&self, world: &World) -> String {
        totp::code_of(&self.secret, totp::step_at(Clock::Manual(world.clock.clone()).now()))
    }
}

/// Turns it on for whoever is signed in; the code of this moment is used up by it.
async fn set_up(world: &World, browser: &mut Browser) -> Phone {
    let page = browser.get(PATH).await;
    assert_eq!((page.status, page.header("cache-control")), (200, Some("private, no-store")));
    let phone = Phone::reads(&page);
    for shown in [page.text().contains("<svg class=\"square\""), page.text().contains("otpauth://totp/home.test:ann?")]
    {
        assert!(shown, "{}", page.text());
    }
    assert!(phone.codes.len() == 10 && phone.codes.iter().all(|code| page.text().contains(&format!("<code>{code}"))));
    let form = Form::on(&page, PATH).with("do", "on").with("code", &phone.code(world)).with("password", PASSWORD);
    let page = browser.follow(&form).await;
    assert!(page.text().contains("10 spare codes are left"), "{}", page.text());
    phone
}

/// Gives name and password; the page that comes then.
async fn gives_password(browser: &mut Browser, path: &str) -> Reply {
    let page = browser.get(path).await;
    let form = Form::on(&page, "/auth/sign_in").with("login", "ann").with("password", PASSWORD);
    browser.follow(&form).await
}

async fn gives_code(browser: &mut Browser, page: &Reply, code: &str) -> Reply {
    browser.submit(&Form::on(page, "/auth/second_step").with("code", code), &[]).await
}

async fn is_in(browser: &mut Browser) -> bool {
    browser.get("/home").await.status == 200
}

/// Ann with two-factor authentication, and a browser of hers that is signed in.
async fn ann<'a>(world: &World, home: &'a Instance) -> (Person<'a>, Browser, Phone) {
    let ann = home.person("ann").await;
    let mut browser = signed_in(home, &ann).await;
    let phone = set_up(world, &mut browser).await;
    (ann, browser, phone)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_on_only_once_a_code_and_the_password_were_right() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let ann = home.person("ann").await;
    let mut browser = signed_in(&home, &ann).await;
    let page = browser.get(PATH).await;
    let phone = Phone::reads(&page);
    let form = Form::on(&page, PATH).with("do", "on").with("code", &phone.code(&world)).with("password", PASSWORD);
    for bad in [form.with("code", "000000x"), form.with("code", ""), form.with("password", "wrong")] {
        let refused = browser.submit(&bad, &[]).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
        let again = Phone::reads(&refused);
        assert!(again.secret == phone.secret && again.codes == phone.codes, "the same secret is still shown");
    }
    for bad in [form.with("secret", "SHORT"), form.with("codes", &phone.codes[..9].join(" "))] {
        assert_eq!(browser.submit(&bad, &[]).await.status, 422);
    }
    let twice = [&phone.codes[..9], &phone.codes[..1]].concat().join(" ");
    assert_eq!(browser.submit(&form.with("codes", &twice), &[]).await.status, 422);
    assert_eq!(browser.submit(&form.without("authenticity_token"), &[]).await.status, 403);
    let mut other = Browser::at(home.web());
    gives_password(&mut other, "/auth/sign_in").await;
    assert!(is_in(&mut other).await, "nothing was confirmed");

    let page = browser.follow(&form).await;
    assert!(page.text().contains("10 spare codes are left"), "{}", page.text());
    assert!(!page.text().contains(&phone.codes[0]) && !page.text().contains("secret"), "nothing is shown twice");
    assert!(is_in(&mut browser).await && !is_in(&mut other).await, "who came in by the password alone comes in anew");
    assert_eq!(ann.status_of("/api/v1/timelines/home").await, 401, "apps too");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_in_asks_for_a_code_which_counts_once_also_after_a_restart() {
    let world = World::new();
    let mut home = world.instance("home.test").await;
    let phone = { ann(&world, &home).await.2 };
    let mut browser = Browser::at(home.web());
    let page = gives_password(&mut browser, "/auth/sign_in?return_to=/settings").await;
    assert!(page.text().contains("autocomplete=\"one-time-code\""), "{}", page.text());
    assert_eq!((page.header("cache-control"), page.header("referrer-policy")), (Some("no-store"), Some("no-referrer")));
    assert!(!is_in(&mut browser).await, "the password alone opens nothing");
    let used = phone.code(&world);
    let refused = gives_code(&mut browser, &page, &used).await;
    assert!(refused.status == 422 && refused.text().contains("was used before"), "{}", refused.text());
    let form = Form::on(&page, "/auth/second_step").with("code", &used);
    assert_eq!(browser.submit(&form.without("authenticity_token"), &[]).await.status, 403);
    assert_eq!(browser.submit(&form, &[("sec-fetch-site", "cross-site")]).await.status, 403);

    world.clock.advance(30_000);
    let fresh = phone.code(&world);
    let open = gives_code(&mut browser, &page, &fresh).await;
    assert_eq!((open.status, open.header("location")), (303, Some("/settings")), "{}", open.text());
    assert!(is_in(&mut browser).await);

    home.restart().await;
    let mut thief = Browser::at(home.web());
    let page = gives_password(&mut thief, "/auth/sign_in").await;
    assert_eq!(gives_code(&mut thief, &page, &fresh).await.status, 422, "whoever looked on is late");
    assert_eq!(gives_code(&mut thief, &page, &used).await.status, 422);
    assert!(!is_in(&mut thief).await);
    world.clock.advance(30_000);
    assert_eq!(gives_code(&mut thief, &page, &phone.code(&world)).await.status, 303, "the next one is right");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spare_code_lets_in_once_and_new_ones_take_its_place() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (_, mut own, phone) = ann(&world, &home).await;
    let mut browser = Browser::at(home.web());
    let page = gives_password(&mut browser, "/auth/sign_in").await;
    let typed = phone.codes[3].to_lowercase().replace('-', " ");
    assert_eq!(gives_code(&mut browser, &page, &typed).await.status, 303);
    assert!(is_in(&mut browser).await);
    browser.forget();
    let page = gives_password(&mut browser, "/auth/sign_in").await;
    assert_eq!(gives_code(&mut browser, &page, &phone.codes[3]).await.status, 422, "it is used up");
    let page = own.get(PATH).await;
    assert!(page.text().contains("9 spare codes are left"), "{}", page.text());

    let page = own.get("/settings/second_factor/codes").await;
    let form = Form::on(&page, "/settings/second_factor/codes").with("do", "codes");
    let (_, fresh) = form.fields.iter().find(|(name, _)| name == "codes").expect("codes").clone();
    let fresh: Vec<_> = fresh.split(' ').collect();
    assert_eq!(own.submit(&form.with("password", "wrong"), &[]).await.status, 422);
    let page = own.follow(&form.with("password", PASSWORD)).await;
    assert!(page.text().contains("10 spare codes are left") && !page.text().contains(fresh[0]), "{}", page.text());
    let mut browser = Browser::at(home.web());
    let page = gives_password(&mut browser, "/auth/sign_in").await;
    assert_eq!(gives_code(&mut browser, &page, &phone.codes[4]).await.status, 422, "the former ones are gone");
    assert_eq!(gives_code(&mut browser, &page, fresh[0]).await.status, 303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_end_with_the_password_being_asked_again() {
    let world = World { rates: true, ..World::new() };
    let home = world.instance("home.test").await;
    let (_, _, phone) = ann(&world, &home).await;
    world.clock.advance(60 * 60_000);
    let mut browser = Browser::at(home.web());
    let page = gives_password(&mut browser, "/auth/sign_in").await;
    for guess in 0..4 {
        assert_eq!(gives_code(&mut browser, &page, "12345").await.status, 422, "{guess}");
    }
    let over = gives_code(&mut browser, &page, "12345").await;
    assert!(over.status == 303 && over.header("location").is_some_and(|to| to.starts_with("/auth/sign_in")));
    let late = gives_code(&mut browser, &page, &phone.code(&world)).await;
    assert!(late.status == 303 && !is_in(&mut browser).await, "also the right one comes too late");

    let page = gives_password(&mut browser, "/auth/sign_in").await;
    world.clock.advance(10 * 60_000 + 1);
    gives_code(&mut browser, &page, &phone.code(&world)).await;
    assert!(!is_in(&mut browser).await, "a password is forgotten after ten minutes");

    // As many guesses as one name has, whatever browser they come from.
    let mut slowed = false;
    for _ in 0..5 {
        let mut browser = Browser::at(home.web());
        let page = gives_password(&mut browser, "/auth/sign_in").await;
        for _ in 0..4 {
            slowed |= gives_code(&mut browser, &page, "12345").await.status == 429;
        }
    }
    assert!(slowed, "guesses are slowed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_way_of_applications_gets_round_it() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (_, _, phone) = ann(&world, &home).await;
    let fields = [("client_name", "T"), ("redirect_uris", "app://x"), ("scopes", "read")];
    let app = call(home.web(), None, "POST", "/api/v1/apps", &fields).await.json();
    let (id, secret) = (crate::lab::text_of(&app, "client_id"), crate::lab::text_of(&app, "client_secret"));
    let grant = [
        ("grant_type", "password"),
        ("client_id", &id),
        ("client_secret", &secret),
        ("username", "ann"),
        ("password", PASSWORD),
    ];
    let form = crate::web::form(&grant);
    let reply = crate::call::raw(home.web(), None, "POST", "/oauth/token", crate::call::FORM, &form).await;
    assert_eq!((reply.status, &reply.json()["error"]), (400, &serde_json::json!("unsupported_grant_type")));

    let asked = [("response_type", "code"), ("client_id", id.as_str()), ("redirect_uri", "app://x"), ("scope", "read")];
    let mut browser = Browser::at(home.web());
    let page = gives_password(&mut browser, &with("/oauth/authorize", &asked)).await;
    assert!(page.text().contains("/auth/second_step"), "{}", page.text());
    let again = browser.get(&with("/oauth/authorize", &asked)).await;
    assert!(again.text().contains("action=\"/auth/sign_in\""), "half signed in is not signed in");
    let open = gives_code(&mut browser, &page, &phone.codes[0]).await;
    let approval = browser.led_by(&open).await;
    let approved = browser.submit(&Form::on(&approval, "/oauth/authorize").with("decision", "approve"), &[]).await;
    assert!(crate::browser::redirected(&approved, "code").is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_turned_off_with_the_password_or_by_whoever_runs_the_server() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (_, mut own, phone) = ann(&world, &home).await;
    let page = own.get(PATH).await;
    let form = Form::on(&page, PATH).with("do", "off");
    assert_eq!(own.submit(&form.with("password", "wrong"), &[]).await.status, 422);
    let mut elsewhere = Browser::at(home.web());
    let page = gives_password(&mut elsewhere, "/auth/sign_in").await;
    assert_eq!(gives_code(&mut elsewhere, &page, &phone.codes[0]).await.status, 303);
    let page = own.follow(&form.with("password", PASSWORD)).await;
    assert!(page.text().contains("otpauth:"), "it can be set up again: {}", page.text());
    assert!(!is_in(&mut elsewhere).await, "other browsers are out");
    let mut browser = Browser::at(home.web());
    gives_password(&mut browser, "/auth/sign_in").await;
    assert!(is_in(&mut browser).await);

    let phone = set_up(&world, &mut own).await;
    let mut half = Browser::at(home.web());
    let page = gives_password(&mut half, "/auth/sign_in").await;
    let (done, said) = home.command(&["user", "reset", "ann", "--two-factor"]);
    assert!(done && said.contains("two-factor authentication is off"), "{said}");
    gives_code(&mut half, &page, &phone.code(&world)).await;
    assert!(!is_in(&mut half).await, "whoever was half signed in begins anew");
    gives_password(&mut half, "/auth/sign_in").await;
    assert!(is_in(&mut half).await);
    let (done, said) = home.command(&["user", "reset", "ann", "--two-factor"]);
    assert!(done && said.contains("off already"), "{said}");
    assert!(!home.command(&["user", "reset", "nobody", "--two-factor"]).0);
    assert!(!home.command(&["user", "reset", "ann"]).0, "something must be said");
    assert!(!is_in(&mut own).await, "all access has ended");
}
