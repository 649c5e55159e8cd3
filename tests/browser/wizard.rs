//! The first run's step of people by real clicks, with scripts and without: topics, and a list of servers to block.

use crate::{
    driven::Driven,
    house::{House, PASSWORD},
    visitor::Visitor,
    walk::dressed,
};
use std::{
    fs,
    time::{Duration, Instant},
};

/// Servers of the list.
const LIST: &str = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n\
    bad.example,suspend,FALSE,FALSE,spam,FALSE\ndull.example,silence,FALSE,FALSE,,FALSE\nx*y.example,suspend,,,,\n";

fn go(scripts: bool) {
    let Some(chromium) = crate::browser() else { return };
    let mut browser = Driven::start(chromium.program());
    browser.scripts(scripts);
    browser.size(390, 844);
    let house = House::open();
    browser.open(&format!("{}&step=you", house.owner_link()));
    browser.fill("#username", "ada");
    browser.fill("#password", PASSWORD);
    browser.follow("main form button");
    assert_eq!(browser.path(), "/first-run/people");
    if !scripts {
        dressed(&mut browser, "people", &house.url("/first-run/people"));
    }
    let file = house.scratch().join("domain_blocks.csv");
    fs::write(&file, LIST).expect("written");
    browser.press("[name='topic[]'][value=art]");
    browser.fill("#topics", "#Rocks, evening");
    browser.press("#blocks-light");
    browser.choose("#blocks_file", &file);
    browser.follow("form.sheet button[type=submit]");
    assert_eq!(browser.path(), "/first-run/blocks", "{}", browser.text());
    let text = browser.text();
    for said in ["domain_blocks.csv", "1 server", "2 servers", "1 line cannot be read", "Nobody whom you follow"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    if !scripts {
        dressed(&mut browser, "blocks", &house.url("/first-run/blocks"));
    }
    browser.press("#strength-careful");
    browser.follow("button[value=apply]");
    assert_eq!(browser.path(), "/home");
    assert!(browser.text().contains("blocked one after another"), "{}", browser.text());
    let (mut guest, begun) = (Visitor::new(house.address()), Instant::now());
    while guest.get("/api/v1/instance/domain_blocks").body.matches("\"severity\"").count() < 2 {
        assert!(begun.elapsed() < Duration::from_secs(20), "the list is not applied");
        std::thread::sleep(Duration::from_millis(20));
    }
    browser.open(&house.url("/settings/tags"));
    let text = browser.text();
    assert!(text.contains("rocks") && text.contains("evening") && text.contains("art"), "{text}");
}

#[test]
fn topics_and_a_list_are_brought_without_scripts() {
    go(false);
}

#[test]
fn topics_and_a_list_are_brought_with_scripts() {
    go(true);
}
