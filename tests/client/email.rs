//! Another e-mail address, when access was used last, and the language of new accounts.

use crate::{
    browser::{Browser, Form},
    call::call,
    lab::{Instance, Person, World, comes},
    mail::Office,
    settings::{PASSWORD, signed_in},
    sign_up::set,
    web::Reply,
};
use dassie::user::email::make_link;
use storage::{
    SecretHash,
    use_of_access::{TOKEN_USES, Used},
    user::{self, User},
};

const PATH: &str = "/settings/email";

async fn asks(browser: &mut Browser, email: &str, password: &str) -> Reply {
    let page = browser.get(PATH).await;
    browser.submit(&Form::on(&page, PATH).with("email", email).with("password", password), &[]).await
}

/// The address somebody has.
async fn address(home: &Instance, who: &Person<'_>) -> String {
    let account = who.id;
    let user = home.server().read(move |view| Ok(user::find(view, account)?)).await.expect("read");
    user.expect("a user").email
}

async fn has_address(home: &Instance, who: &Person<'_>, email: &'static str) {
    let account = who.id;
    let rule = move |tx: &mut storage::Tx<'_>| {
        let user = user::find(tx, account)?.expect("a user");
        Ok(user::put(tx, &User { email: email.to_owned(), ..user })?)
    };
    home.server().write(rule).await.expect("an address");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_changes_once_the_letter_sent_there_is_opened() {
    let office = Office::open().await;
    let world = World { mail: Some(office.settings()), ..World::new() };
    let home = world.instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    has_address(&home, &ann, "ann@mail.test").await;
    has_address(&home, &ben, "ben@mail.test").await;
    let mut browser = signed_in(&home, &ann).await;
    for (email, password) in
        [("new@mail.test", "wrong"), ("nothing", PASSWORD), ("Ben@mail.test", PASSWORD), ("", PASSWORD)]
    {
        let refused = asks(&mut browser, email, password).await;
        assert_eq!(refused.status, 422, "{email}: {}", refused.text());
    }
    let sent = asks(&mut browser, "new@mail.test", PASSWORD).await;
    let page = browser.led_by(&sent).await;
    assert!(page.text().contains("<bdi>new@mail.test</bdi>; open the link"), "{}", page.text());
    office.letter(2).await;
    let letters = office.letters();
    let to = |address: &str| letters.iter().find(|letter| letter.to == address).expect("a letter").clone();
    assert!(to("ann@mail.test").text.contains("another address"), "the former address is told");
    let link = to("new@mail.test").link();
    assert_eq!(address(&home, &ann).await, "ann@mail.test", "nothing has changed");

    // Whoever reads the letter need not be signed in; looking does nothing.
    let mut elsewhere = Browser::at(home.web());
    let page = elsewhere.get(&link).await;
    assert!(page.status == 200 && page.text().contains("new@mail.test"), "{}", page.text());
    assert_eq!(address(&home, &ann).await, "ann@mail.test");
    let form = Form::on(&page, "/auth/email");
    assert_eq!(elsewhere.submit(&form.without("authenticity_token"), &[]).await.status, 403);
    let done = elsewhere.follow(&form).await;
    assert!(done.text().contains("Your address is changed"), "{}", done.text());
    assert_eq!(address(&home, &ann).await, "new@mail.test");
    assert_eq!(elsewhere.get(&link).await.status, 404, "a link is used once");
    assert!(!browser.get(PATH).await.text().contains("is on its way"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_holds_for_the_address_named_last_for_a_week_and_while_nobody_else_has_it() {
    let office = Office::open().await;
    let world = World { mail: Some(office.settings()), ..World::new() };
    let home = world.instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let mut browser = signed_in(&home, &ann).await;
    assert_eq!(asks(&mut browser, "first@mail.test", PASSWORD).await.status, 303);
    let first = office.letter(1).await.link();
    assert_eq!(asks(&mut browser, "second@mail.test", PASSWORD).await.status, 303);
    let second = office.letter(2).await.link();
    assert_eq!(browser.get(&first).await.status, 404, "another was named since");
    let page = browser.get(&second).await;
    let form = Form::on(&page, "/auth/email");
    has_address(&home, &ben, "second@mail.test").await;
    assert_eq!(browser.submit(&form, &[]).await.status, 422, "somebody has it by now");
    assert_eq!(address(&home, &ann).await, "");
    assert_eq!(asks(&mut browser, "third@mail.test", PASSWORD).await.status, 303);
    let third = office.letter(3).await.link();
    world.clock.advance(7 * 24 * 60 * 60_000 + 1);
    assert_eq!(browser.get(&third).await.status, 404, "it is too old");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_password_ends_the_wish_for_another_address() {
    let office = Office::open().await;
    let world = World { mail: Some(office.settings()), ..World::new() };
    let home = world.instance("home.test").await;
    let ann = home.person("ann").await;
    has_address(&home, &ann, "ann@mail.test").await;
    let mut stranger = signed_in(&home, &ann).await;
    assert_eq!(asks(&mut stranger, "stranger@mail.test", PASSWORD).await.status, 303);
    office.letter(2).await;
    let letters = office.letters();
    let link = letters.iter().find(|letter| letter.to == "stranger@mail.test").expect("a letter").link();
    let form = Form::on(&stranger.get(&link).await, "/auth/email");

    // Ann does what the letter to her says.
    let mut browser = signed_in(&home, &ann).await;
    let chosen = Form::on(&browser.get("/auth/edit").await, "/auth/edit")
        .with("current_password", PASSWORD)
        .with("password", "another horse battery");
    let changed = browser.submit(&chosen, &[]).await;
    assert_eq!(changed.header("location"), Some("/auth/done?what=password-set"), "{}", changed.text());
    assert_eq!(stranger.get(&link).await.status, 404, "the link holds no more");
    assert_eq!(stranger.submit(&form, &[]).await.status, 404, "nor does the button that was there before");
    assert_eq!(address(&home, &ann).await, "ann@mail.test");
    // A letter that is still owed carries no link either.
    let account = ann.id;
    let owed = move |tx: &mut storage::Tx<'_>| make_link(tx, account, SecretHash::of("a later letter"));
    assert_eq!(home.server().write(owed).await.expect("looked").map(|(_, to)| to), None);
    assert!(!browser.get(PATH).await.text().contains("is on its way"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_letters_the_password_is_enough() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let mut browser = signed_in(&home, &ann).await;
    assert_eq!(asks(&mut browser, "ann@mail.test", "wrong").await.status, 422);
    let sent = asks(&mut browser, " Ann@mail.test ", PASSWORD).await;
    let page = browser.led_by(&sent).await;
    assert!(page.text().contains("The address is changed") && page.text().contains("Ann@mail.test"), "{}", page.text());
    assert_eq!(address(&home, &ann).await, "Ann@mail.test");
    assert_eq!(asks(&mut browser, "ann@mail.test", PASSWORD).await.status, 303, "one's own in other letters");
    let mut anew = Browser::at(home.web());
    let page = anew.get("/auth/sign_in").await;
    let form = Form::on(&page, "/auth/sign_in").with("login", "ANN@mail.test").with("password", PASSWORD);
    assert_eq!(anew.submit(&form, &[]).await.status, 303, "it is what one signs in with");
}

/// When the token of ann was used last, once `condition` holds.
async fn used(home: &Instance, condition: impl Fn(Option<Used>) -> bool) -> Option<Used> {
    let hash = SecretHash::of("token-of-ann");
    comes("its use is told as asked", async || {
        let found = home.server().read(move |view| Ok(TOKEN_USES.get(view, &hash)?)).await.expect("read");
        condition(found).then_some(found)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_use_of_a_token_is_told_to_the_hour_and_goes_with_it() {
    let world = World::new();
    let mut home = world.instance("home.test").await;
    let first = {
        let ann = home.person("ann").await;
        let mut browser = signed_in(&home, &ann).await;
        assert_eq!(ann.status_of("/api/v1/timelines/home").await, 200);
        let first = used(&home, |found| found.is_some()).await.expect("used");
        let page = browser.get("/settings/access").await.text();
        assert!(page.contains("last used"), "{page}");
        first
    };
    // A use within the hour is not written, also after a restart, which forgets what was in memory.
    world.clock.advance(59 * 60_000);
    home.restart().await;
    let get = async |home: &Instance| {
        call(home.web(), Some("token-of-ann"), "GET", "/api/v1/timelines/home", &[]).await.status
    };
    assert_eq!(get(&home).await, 200);
    world.clock.advance(60 * 60_000);
    assert_eq!(get(&home).await, 200);
    let second = used(&home, |found| found != Some(first)).await.expect("used");
    assert_eq!(second.at, first.at.plus_ms(119 * 60_000), "the use in between was not written");

    let mut browser = Browser::at(home.web());
    let page = browser.get("/auth/sign_in").await;
    browser.follow(&Form::on(&page, "/auth/sign_in").with("login", "ann").with("password", PASSWORD)).await;
    let page = browser.get("/settings/access").await;
    let token =
        page.text().split("name=\"token\" value=\"").nth(1).expect("an app").split('"').next().map(str::to_owned);
    browser.follow(&Form::on(&page, "/settings/access").with("token", &token.expect("its number"))).await;
    assert_eq!(used(&home, |found| found.is_none()).await, None);
    assert_eq!(get(&home).await, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_signs_up_by_the_form_keeps_the_language_it_was_read_in() {
    let home = World::new().instance("home.test").await;
    set(&home, &[("registrations", "open")]).await;
    let mut browser = Browser::at(home.web());
    let form = Form::on(&browser.get("/auth/sign_up").await, "/auth/sign_up")
        .with("username", "uwe")
        .with("email", "uwe@mail.test")
        .with("password", PASSWORD)
        .with("agreement", "true");
    let made = browser.submit(&form, &[("accept-language", "de-AT,de;q=0.9,en;q=0.5")]).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let page = browser.get("/auth/sign_in").await;
    let form = Form::on(&page, "/auth/sign_in").with("login", "uwe").with("password", PASSWORD);
    browser.follow(&form).await;
    let page = browser.get("/settings").await;
    assert!(page.text().contains("<html lang=\"de\""), "a browser that asks for nothing: {}", page.text());
}
