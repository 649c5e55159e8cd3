//! The journey of somebody who lives on these pages: in, a post, somebody to follow, an answer, a picture with its
//! description, a poll, search, settings, out again; with scripts switched off and on, in the window of a desk and of a
//! phone, by real clicks and keys.

use crate::{
    driven::Driven,
    house::{House, PASSWORD},
    made,
    walk::{audit, dressed},
};
use std::{fs, time::Instant};

/// A window where all ways stand beside the page: width and height in CSS pixels.
const DESK: (u32, u32) = (1280, 900);
/// A window where the nearest ways are a bar at the bottom, and the others on the page of the menu.
const PHONE: (u32, u32) = (390, 844);

/// Goes the whole way; `scripts` on or off.
fn go(scripts: bool, window: (u32, u32)) {
    let Some(chromium) = crate::browser() else { return };
    let mut browser = Driven::start(chromium.program());
    browser.scripts(scripts);
    browser.size(window.0, window.1);
    let house = House::open();
    let (begun, mut clicks) = (Instant::now(), 0);
    browser.open(&format!("{}&step=you", house.owner_link()));
    browser.fill("#username", "ada");
    browser.fill("#password", PASSWORD);
    browser.follow("main form button");
    clicks += 1;
    assert_eq!(browser.path(), "/first-run/people");
    browser.follow("a.later");
    clicks += 1;
    assert_eq!(browser.path(), "/home");
    browser.comes("document.activeElement.id === 'status'");

    // The first post.
    browser.fill("#status", "The rock was warm until eight. #evening");
    browser.follow("form.quick button[value=post]");
    clicks += 1;
    assert!(browser.text().contains("The rock was warm until eight."), "{}", browser.text());
    println!("first post, scripts {scripts}, {} px: {:?}, {clicks} clicks", window.0, begun.elapsed());
    let post = browser.path();

    follows(&house, &mut browser);

    // An answer, with a warning.
    browser.open(&house.url(&post));
    browser.follow("a.act[href^='/compose?reply=']");
    browser.fill("#spoiler_text", "Weather");
    browser.fill("#status", "Then the wind turned.");
    browser.follow("form.compose button[value=post]");
    let answer = browser.path();
    browser.open(&house.url(&post));
    assert!(browser.text().contains("Weather"), "{}", browser.text());

    // Favourite: with scripts in place, without by way of the server.
    let favourite = ".goes-on button[name=favourite]";
    if scripts {
        browser.press(favourite);
        browser.comes("document.querySelector('.goes-on button[name=unfavourite]') !== null");
        assert_eq!(browser.path(), post, "in place");
    } else {
        browser.follow(favourite);
    }
    assert_eq!(browser.evaluate("document.querySelector('.goes-on button[name=unfavourite]').ariaPressed"), "true");

    shows_a_picture(&house, &mut browser, scripts);
    asks(&house, &mut browser);

    // Search opens what stands at an address.
    browser.follow(".ways a[href='/search']");
    let address = house.url(&answer);
    browser.fill("#q", &address);
    browser.follow("form.search button");
    assert_eq!(browser.path(), answer);

    says_a_name(&mut browser, window);
    // The dresses have windows of their own.
    if !scripts && window == DESK {
        everywhere(&house, &mut browser, &post);
    }
    browser.size(window.0, window.1);
    browser.open(&house.url("/home"));
    browser.follow("[action='/auth/sign_out'] button");
    assert!(browser.text().contains("Sign in"), "{}", browser.text());
}

/// Follows bo from their profile, which says so then.
fn follows(house: &House, browser: &mut Driven) {
    house.takes_in("bo");
    browser.open(&house.url("/@bo"));
    browser.follow("button[name=follow]");
    assert_eq!(browser.path(), "/@bo");
    let text = browser.text();
    assert!(text.contains("You follow") && text.contains("Unfollow"), "{text}");
    assert_eq!(browser.evaluate("document.querySelector('button[name=unfollow]') !== null"), true);
    assert_eq!(browser.evaluate("document.querySelector('button[name=follow]') === null"), true);
}

/// Posts a picture with its description.
fn shows_a_picture(house: &House, browser: &mut Driven, scripts: bool) {
    let file = house.scratch().join("stripes.jpg");
    fs::write(&file, made::jpeg(900, 600, 90)).expect("written");
    browser.open(&house.url("/compose"));
    browser.fill("#status", "What I saw");
    if scripts {
        browser.choose("#file", &file);
        browser.event_of_load();
    } else {
        browser.choose("#file", &file);
        browser.follow("button[value=attach]");
    }
    assert_eq!(browser.evaluate("document.querySelector('#status').value"), "What I saw", "the words are kept");
    browser.fill("#description-0", "Stripes in the evening sun");
    browser.follow("form.compose button[value=post]");
    assert_eq!(browser.evaluate("document.querySelector('.media img').alt"), "Stripes in the evening sun");
    assert_eq!(browser.evaluate("document.querySelector('.media img').naturalWidth > 0"), true);
}

/// Posts a poll.
fn asks(house: &House, browser: &mut Driven) {
    browser.open(&house.url("/compose"));
    browser.fill("#status", "When do you sit?");
    browser.press(".part > summary");
    browser.fill("#option-0", "In the morning");
    browser.fill("#option-1", "In the evening");
    browser.follow("form.compose button[value=post]");
    assert!(browser.text().contains("In the evening"), "{}", browser.text());
}

/// Chooses a name in settings, where the ways of the page lead; the profile shows it.
fn says_a_name(browser: &mut Driven, window: (u32, u32)) {
    if window == PHONE {
        browser.follow(".ways a[href='/menu']");
        browser.follow("main a[href='/settings']");
    } else {
        browser.follow(".ways a[href='/settings']");
    }
    assert_eq!(browser.path(), "/settings");
    browser.follow("main a[href='/settings/profile']");
    browser.fill("#display_name", "Ada of the Rock");
    browser.follow("main form .acts button[value=save]");
    assert_eq!(browser.path(), "/settings/profile");
    assert!(browser.text().contains("Saved."), "{}", browser.text());
    browser.follow(".top a[href='/@ada']");
    assert_eq!(browser.evaluate("document.querySelector('h1#name').innerText"), "Ada of the Rock");
}

/// Every page of the way in every dress, looked at by the audit; then in a language written from right to left.
fn everywhere(house: &House, browser: &mut Driven, post: &str) {
    let pages = [
        ("in-home", "/home"),
        ("in-thread", post),
        ("in-profile", "/@ada"),
        ("in-compose", "/compose"),
        ("in-notifications", "/notifications"),
        ("in-requests", "/notifications/requests"),
        ("in-messages", "/messages"),
        ("in-search", "/search?q=ada"),
        ("in-explore", "/explore"),
        ("in-bookmarks", "/bookmarks"),
        ("in-lists", "/lists"),
        ("in-tag", "/tags/evening"),
        ("in-menu", "/menu"),
        ("in-drafts", "/drafts"),
        ("in-scheduled", "/scheduled"),
        ("in-asked", "/interaction_requests"),
        ("in-settings", "/settings"),
        ("in-settings-profile", "/settings/profile"),
        ("in-settings-posting", "/settings/posting"),
        ("in-settings-reading", "/settings/reading"),
        ("in-settings-push", "/settings/push"),
        ("in-settings-access", "/settings/access"),
        ("in-settings-blocks", "/settings/blocks"),
        ("in-settings-filters", "/settings/filters"),
        ("in-settings-filter", "/settings/filters/new"),
        ("in-settings-tags", "/settings/tags"),
        ("in-settings-import", "/settings/import"),
        ("in-settings-notifications", "/settings/notifications"),
        ("in-settings-cleanup", "/settings/cleanup"),
        ("in-strikes", "/disputes/strikes"),
        ("in-settings-invites", "/settings/invites"),
        ("in-emoji", "/admin/emoji"),
        ("in-waiting", "/moderation/waiting"),
        ("in-reports", "/moderation/reports"),
        ("in-settings-delete", "/settings/delete"),
    ];
    for (name, path) in pages {
        dressed(browser, name, &house.url(path));
    }
    browser.open(&house.url("/language"));
    browser.follow("button[value=ar]");
    browser.open(&house.url("/home"));
    assert_eq!(browser.evaluate("document.documentElement.dir"), "rtl");
    for (name, path) in [("rtl-home", "/home"), ("rtl-thread", post), ("rtl-compose", "/compose")] {
        dressed(browser, name, &house.url(path));
    }
    assert!(audit(browser).is_empty());
    browser.open(&house.url("/language"));
    browser.follow("button[value=en]");
}

#[test]
fn a_whole_day_without_scripts() {
    for window in [DESK, PHONE] {
        go(false, window);
    }
}

#[test]
fn a_whole_day_with_scripts() {
    for window in [DESK, PHONE] {
        go(true, window);
    }
}

#[test]
fn new_posts_are_counted_by_a_button_and_keys_move_the_focus() {
    let Some(chromium) = crate::browser() else { return };
    let mut browser = Driven::start(chromium.program());
    browser.scripts(true);
    browser.size(1280, 900);
    let house = House::open();
    browser.open(&format!("{}&step=you", house.owner_link()));
    browser.fill("#username", "ada");
    browser.fill("#password", PASSWORD);
    browser.follow("main form button");
    browser.follow("a.later");
    browser.fill("#status", "One");
    browser.follow("form.quick button[value=post]");
    browser.open(&house.url("/home"));
    browser.evaluate("document.activeElement.blur()");
    browser.key("j");
    browser.comes("document.activeElement.matches('article.post')");
    browser.key("r");
    browser.event_of_load();
    assert!(browser.path().starts_with("/compose?reply="), "{}", browser.path());
    // What is typed survives the window.
    browser.fill("#status", "Half a sentence that nobody sent");
    browser.comes("Object.keys(localStorage).some(key => key.startsWith('dassie-draft'))");
    browser.open(&house.url("/home"));
    let reply = browser.evaluate("document.querySelector('a.act[href^=\"/compose?reply=\"]').getAttribute('href')");
    browser.open(&house.url(reply.as_str().expect("an address")));
    assert_eq!(browser.evaluate("document.querySelector('#status').value"), "Half a sentence that nobody sent");
}
