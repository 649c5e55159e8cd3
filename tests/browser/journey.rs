//! The journey of somebody who lives on these pages: in, a post, an answer, a picture with its description, a poll, search,
//! out again; once with scripts switched off and once with them on, by real clicks and keys.

use crate::{
    driven::Driven,
    house::{House, PASSWORD},
    made,
    walk::{audit, dressed},
};
use std::{fs, time::Instant};

/// Goes the whole way; `scripts` on or off.
fn go(scripts: bool) {
    let Some(chromium) = crate::browser() else { return };
    let mut browser = Driven::start(chromium.program());
    browser.scripts(scripts);
    browser.size(1280, 900);
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
    println!("first post, scripts {scripts}: {:?}, {clicks} clicks", begun.elapsed());
    let post = browser.path();

    // An answer, with a warning.
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

    // A picture with its description.
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

    // A poll.
    browser.open(&house.url("/compose"));
    browser.fill("#status", "When do you sit?");
    browser.press(".part > summary");
    browser.fill("#option-0", "In the morning");
    browser.fill("#option-1", "In the evening");
    browser.follow("form.compose button[value=post]");
    assert!(browser.text().contains("In the evening"), "{}", browser.text());

    // Search opens what stands at an address.
    browser.open(&house.url("/search"));
    let address = house.url(&answer);
    browser.fill("#q", &address);
    browser.follow("form.search button");
    assert_eq!(browser.path(), answer);

    if !scripts {
        everywhere(&house, &mut browser, &post);
    }
    browser.size(1280, 900);
    browser.open(&house.url("/home"));
    browser.follow("[action='/auth/sign_out'] button");
    assert!(browser.text().contains("Sign in"), "{}", browser.text());
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
    go(false);
}

#[test]
fn a_whole_day_with_scripts() {
    go(true);
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
