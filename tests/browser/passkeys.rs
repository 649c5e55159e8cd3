//! Passkeys in a real browser, with an authenticator that the browser pretends to have.

use crate::{
    browser,
    driven::Driven,
    house::{House, PASSWORD},
    screens,
};

/// Pictures of a page as a phone and a desk show it.
fn both(browser: &mut Driven, name: &str) {
    std::fs::create_dir_all(screens()).expect("a folder");
    for (width, height) in [(390, 844), (1280, 900)] {
        browser.size(width, height);
        browser.picture(&screens().join(format!("{name}-{width}.png")));
    }
}

#[test]
fn a_passkey_is_added_and_signs_in() {
    let Some(chromium) = browser() else { return };
    let house = House::open();
    let mut browser = Driven::start(chromium.program());
    browser.size(1280, 900);
    browser.plug_in();
    browser.open(&format!("{}&step=you", house.owner_link()));
    assert!(browser.text().contains("Your recovery sheet"), "{}", browser.text());
    browser.fill("#username", "ada");
    browser.fill("#password", PASSWORD);
    browser.follow("form[action='/first-run'] button");

    browser.open(&house.url("/settings/passkeys"));
    browser.comes("!document.querySelector('form[data-passkey]').hidden");
    assert!(!browser.text().contains("needs scripts"), "{}", browser.text());
    browser.fill("#name", "My phone");
    browser.fill("#password", PASSWORD);
    both(&mut browser, "passkeys");
    browser.follow("form[data-passkey] button");
    let page = browser.text();
    assert!(page.contains("My phone") && page.contains("You can sign in with this passkey"), "{page}");
    assert_eq!(browser.complaints(), Vec::<String>::new());

    browser.open(&house.url("/home"));
    browser.follow("[action='/auth/sign_out'] button");
    browser.open(&house.url("/auth/sign_in?return_to=/settings/passkeys"));
    browser.comes("!document.querySelector('form[data-passkey]').hidden");
    both(&mut browser, "sign-in-passkey");
    browser.follow("form[data-passkey] button");
    assert_eq!(browser.path(), "/settings/passkeys");
    assert!(browser.text().contains("last used"), "{}", browser.text());
    assert_eq!(browser.complaints(), Vec::<String>::new());

    for page in ["second_factor", "recovery", "email"] {
        browser.open(&house.url(&format!("/settings/{page}")));
        both(&mut browser, page);
        // What the browser would like better is no complaint: a name beside each password.
        let complaints: Vec<_> = browser.complaints().into_iter().filter(|said| !said.starts_with("\"[DOM]")).collect();
        assert_eq!(complaints, Vec::<String>::new(), "{page}");
    }

    // On paper the recovery sheet is the code, whose it is and where it is typed.
    browser.on_paper();
    browser.open(&house.url("/settings/recovery"));
    let paper = browser.text();
    for there in ["Your recovery sheet", "@ada@", "/auth/recovery"] {
        assert!(paper.contains(there), "{there} is not in {paper}");
    }
    for gone in ["Your password", "let it count", "Notifications", "Sign out"] {
        assert!(!paper.contains(gone), "{gone} is in {paper}");
    }
    browser.picture(&screens().join("recovery-paper.png"));
    browser.prefer(&[]);

    // Without scripts nothing of it is to be seen on the way in, and the page of settings says why.
    browser.scripts(false);
    browser.open(&house.url("/settings/passkeys"));
    assert!(
        browser.text().contains("needs scripts") && !browser.text().contains("What you call it"),
        "{}",
        browser.text()
    );
}

#[test]
fn the_owner_comes_in_by_a_passkey_alone() {
    let Some(chromium) = browser() else { return };
    let house = House::open();
    let mut browser = Driven::start(chromium.program());
    browser.size(390, 844);
    browser.plug_in();
    browser.open(&format!("{}&step=you", house.owner_link()));
    browser.comes("!document.querySelector('form[data-passkey]').hidden");
    both(&mut browser, "first-run-passkey");
    browser.fill("#username", "ada");
    browser.follow("form[data-passkey] button");
    assert_eq!(browser.path(), "/first-run/people", "{}", browser.text());
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
