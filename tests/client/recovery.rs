//! Recovery sheets: a password is chosen anew by a code on paper, without any mail.

use crate::{
    browser::{Browser, Form},
    call::call,
    lab::{Instance, World},
    settings::{PASSWORD, signed_in},
    sign_up::set,
    web::Reply,
};

const CHOSEN: &str = "another horse battery";

/// The code that a page shows inside the form that goes to `action`.
fn code_on(page: &Reply, action: &str) -> String {
    let form = Form::on(page, action);
    let (_, code) = form.fields.iter().find(|(name, _)| name == "recovery").expect("a recovery sheet");
    assert!(page.text().contains(&format!("<code>{code}</code>")), "it is shown: {}", page.text());
    assert_eq!(code.len(), 39, "160 bits in groups of four");
    code.clone()
}

/// Signs somebody up by the form; the code of their sheet.
async fn signs_up(home: &Instance, name: &str) -> String {
    let mut browser = Browser::at(home.web());
    let page = browser.get("/auth/sign_up").await;
    let code = code_on(&page, "/auth/sign_up");
    let form = Form::on(&page, "/auth/sign_up")
        .with("username", name)
        .with("email", &format!("{name}@mail.test"))
        .with("password", "short")
        .with("agreement", "true");
    let refused = browser.submit(&form, &[]).await;
    assert_eq!(
        (refused.status, code_on(&refused, "/auth/sign_up")),
        (422, code.clone()),
        "the same code is still shown"
    );
    let made = browser.submit(&form.with("password", PASSWORD), &[]).await;
    assert_eq!(made.status, 303, "{}", made.text());
    code
}

/// Types a code where one forgot a password; the answer.
async fn resets(home: &Instance, login: &str, code: &str, chosen: &str) -> Reply {
    let mut browser = Browser::at(home.web());
    assert!(browser.get("/auth/password/new").await.text().contains("href=\"/auth/recovery\""));
    let page = browser.get("/auth/recovery").await;
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let form = Form::on(&page, "/auth/recovery").with("login", login).with("code", code).with("password", chosen);
    browser.submit(&form, &[]).await
}

/// A browser after name and password; whether it is signed in.
async fn signs_in(home: &Instance, name: &str, password: &str) -> (Browser, bool) {
    let mut browser = Browser::at(home.web());
    let page = browser.get("/auth/sign_in").await;
    let form = Form::on(&page, "/auth/sign_in").with("login", name).with("password", password);
    let reply = browser.submit(&form, &[]).await;
    (browser, reply.status == 303)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sheet_of_signing_up_sets_a_password_once_and_ends_all_access() {
    let home = World::new().instance("home.test").await;
    set(&home, &[("registrations", "open")]).await;
    let (ann, ben) = (signs_up(&home, "ann").await, signs_up(&home, "ben").await);
    let (mut browser, open) = signs_in(&home, "ann", PASSWORD).await;
    assert!(open && browser.get("/home").await.status == 200);

    let mut told = Vec::new();
    for (login, code) in [("ann", &*ben), ("nobody", &*ann), ("ann", "ABCD-EFGH"), ("ann", ""), ("", &*ann)] {
        let refused = resets(&home, login, code, CHOSEN).await;
        assert_eq!(refused.status, 422, "{login} {code}");
        told.push(refused.text().split("role=\"alert\">").nth(1).expect("why").split('<').next().map(str::to_owned));
    }
    told.dedup();
    assert_eq!(told.len(), 1, "nobody learns who has an account: {told:?}");
    assert_eq!(resets(&home, "ann", &ann, "short").await.status, 422);
    assert!(signs_in(&home, "ann", PASSWORD).await.1, "nothing has changed");

    let typed = ann.to_lowercase().replace('-', " ");
    let set = resets(&home, "Ann@mail.test", &typed, CHOSEN).await;
    assert_eq!((set.status, set.header("location")), (303, Some("/auth/done?what=password-set")), "{}", set.text());
    assert_eq!(browser.get("/home").await.status, 303, "sessions end");
    assert!(!signs_in(&home, "ann", PASSWORD).await.1);
    assert!(signs_in(&home, "ann", CHOSEN).await.1);
    assert_eq!(resets(&home, "ann", &ann, PASSWORD).await.status, 422, "a sheet is used up");
    assert!(signs_in(&home, "ben", PASSWORD).await.1, "others are left alone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sheet_is_made_anew_in_settings_and_the_former_one_counts_no_more() {
    let mut home = World::new().instance("home.test").await;
    let first = {
        let ann = home.person("ann").await;
        let mut browser = signed_in(&home, &ann).await;
        let page = browser.get("/settings/recovery").await;
        assert!(page.text().contains("You have no recovery sheet"), "{}", page.text());
        let first = code_on(&page, "/settings/recovery");
        let form = Form::on(&page, "/settings/recovery").with("password", PASSWORD);
        assert_eq!(browser.submit(&form.without("authenticity_token"), &[]).await.status, 403);
        assert_eq!(browser.submit(&form.with("recovery", "weak"), &[]).await.status, 422);
        let refused = browser.submit(&form.with("password", "wrong"), &[]).await;
        assert_eq!((refused.status, code_on(&refused, "/settings/recovery")), (422, first.clone()));
        assert_eq!(resets(&home, "ann", &first, CHOSEN).await.status, 422, "only shown, it does not count");
        let page = browser.follow(&form).await;
        assert!(!page.text().contains(&first) && page.text().contains("counts now"), "{}", page.text());
        let second = Form::on(&page, "/settings/recovery").with("password", PASSWORD);
        let code = code_on(&page, "/settings/recovery");
        browser.follow(&second).await;
        assert_eq!(resets(&home, "ann", &first, CHOSEN).await.status, 422, "the newest counts alone");
        assert_eq!(call(home.web(), Some(&ann.token), "GET", "/api/v1/timelines/home", &[]).await.status, 200);
        code
    };
    home.restart().await;
    assert_eq!(resets(&home, "ann", &first, CHOSEN).await.status, 303);
    let token = call(home.web(), Some("token-of-ann"), "GET", "/api/v1/timelines/home", &[]).await;
    assert_eq!(token.status, 401, "apps are out");
    assert!(signs_in(&home, "ann", CHOSEN).await.1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_is_changed_by_the_old_one_ends_the_sheet() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let mut browser = signed_in(&home, &ann).await;
    let page = browser.get("/settings/recovery").await;
    let code = code_on(&page, "/settings/recovery");
    browser.follow(&Form::on(&page, "/settings/recovery").with("password", PASSWORD)).await;
    assert!(browser.get("/settings/recovery").await.text().contains("You have a sheet"));
    let chosen = Form::on(&browser.get("/auth/edit").await, "/auth/edit")
        .with("current_password", PASSWORD)
        .with("password", CHOSEN);
    assert_eq!(browser.submit(&chosen, &[]).await.status, 303);
    assert!(browser.get("/settings/recovery").await.text().contains("You have no recovery sheet"));
    assert_eq!(resets(&home, "ann", &code, PASSWORD).await.status, 422, "whoever made it knew the former password");
    assert!(signs_in(&home, "ann", CHOSEN).await.1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_at_a_code_are_slowed_as_those_at_a_password() {
    let world = World { rates: true, ..World::new() };
    let home = world.instance("home.test").await;
    let ann = home.person("ann").await;
    let mut browser = signed_in(&home, &ann).await;
    let page = browser.get("/settings/recovery").await;
    let code = code_on(&page, "/settings/recovery");
    browser.follow(&Form::on(&page, "/settings/recovery").with("password", PASSWORD)).await;
    let mut slowed = 0;
    for _ in 0..16 {
        let page = browser.get("/auth/recovery").await;
        let form = Form::on(&page, "/auth/recovery").with("login", "@Ann").with("code", "x").with("password", CHOSEN);
        slowed += u32::from(browser.submit(&form, &[]).await.status == 429);
    }
    assert!(slowed > 0, "sixteen guesses in a row");
    let page = browser.get("/auth/recovery").await;
    let form = Form::on(&page, "/auth/recovery").with("login", "ann").with("code", &code).with("password", CHOSEN);
    assert_eq!(browser.submit(&form, &[]).await.status, 429, "also the right one waits");
}
