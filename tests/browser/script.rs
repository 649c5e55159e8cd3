//! What the script adds: pictures large, words completed, keys with their help, pictures pasted. And what it weighs.

use crate::{
    driven::Driven,
    house::House,
    inside::Inside,
    made,
    visitor::Visitor,
    walk::{audit, settle, token},
};
use flate2::{Compression, write::GzEncoder};
use std::{fs, io::Write, path::PathBuf};

const ESCAPE: u32 = 27;
const ENTER: u32 = 13;
const LEFT: u32 = 37;
const RIGHT: u32 = 39;
const DOWN: u32 = 40;

/// Bytes of the script on its way to a browser (UX §3.1).
const SCRIPT_BYTES_MAX: usize = 20_000;
/// Bytes of the style sheet on its way.
const STYLE_BYTES_MAX: usize = 15_000;

fn begin() -> Option<(House, Driven)> {
    let mut browser = Driven::start(crate::browser()?.program());
    browser.scripts(true);
    browser.size(1280, 900);
    let house = House::open();
    settle(&house, &mut browser);
    Some((house, browser))
}

/// Leaves a picture to be looked at, and asserts that nothing is wrong with what is to be seen.
fn looked_at(browser: &mut Driven, name: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/screens/browser");
    fs::create_dir_all(&folder).expect("a folder");
    for width in [1280, 390] {
        browser.size(width, 844);
        browser.picture(&folder.join(format!("script-{name}-{width}.png")));
    }
    let mut wrong: Vec<String> = [audit(browser), browser.complaints()].concat();
    // Whoever drives was in the field before the browser put the cursor there.
    wrong.retain(|complaint| !complaint.contains("Autofocus processing was blocked"));
    assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
    browser.size(1280, 900);
}

fn packed(bytes: &[u8]) -> usize {
    let mut to = GzEncoder::new(Vec::new(), Compression::new(6));
    to.write_all(bytes).expect("memory");
    to.finish().expect("memory").len()
}

#[test]
fn script_and_style_sheet_weigh_what_a_slow_line_can_bear() {
    let weigh = |path| packed(web::assets::find(path).expect("an asset").body);
    let (script, style) = (weigh(web::assets::script_path()), weigh(web::assets::style_path()));
    println!("script: {script} bytes packed, style sheet: {style}");
    assert!((1_000..=SCRIPT_BYTES_MAX).contains(&script), "{script}");
    assert!((1_000..=STYLE_BYTES_MAX).contains(&style), "{style}");
}

#[test]
fn words_that_are_begun_become_people_tags_and_emoji() {
    let mut inside = Inside::open();
    inside.write(&[("status", "Warm stones #evening"), ("visibility", "public")]);
    for (typed, expected) in [
        ("%40ad", r#"[{"text":"@ada","name":"ada"}]"#),
        ("%23even", r##"[{"text":"#evening","name":"evening"}]"##),
        ("%40", "[]"),
        ("ada", "[]"),
        ("", "[]"),
        ("%F0%9F%8C%88x", "[]"),
    ] {
        let found = inside.ada.get(&format!("/complete?q={typed}"));
        assert_eq!((found.status, found.body.as_str()), (200, expected), "{typed}");
        assert_eq!(found.header("cache-control"), "private, no-store");
    }
    let emoji = inside.ada.get("/complete?q=:rainbow");
    assert!(emoji.body.starts_with(r#"[{"text":"🌈","name":"rainbow"}"#), "{}", emoji.body);
    assert_eq!(emoji.header("cache-control"), "private, max-age=60");
    let many = inside.ada.get("/complete?q=:s");
    assert_eq!(many.body.matches("\"text\"").count(), 6, "{}", many.body);
    let mut guest = Visitor::new(inside.running.as_ref().expect("it runs").address);
    assert_eq!(guest.get("/complete?q=%40ad").status, 303, "for whoever is signed in");
    inside.close();
}

#[test]
fn words_are_completed_with_the_keyboard() {
    let Some((house, mut browser)) = begin() else { return };
    browser.open(&house.url("/compose"));
    browser.fill("#status", "Good evening, @ad");
    browser.comes("document.querySelectorAll('#suggestions li').length === 1");
    assert_eq!(
        browser.evaluate("document.querySelector('#status').getAttribute('aria-activedescendant')"),
        "suggestion-0"
    );
    looked_at(&mut browser, "suggestions");
    // Looking moves the focus, which closes them.
    browser.fill("#status", "Good evening, @ad");
    browser.comes("document.querySelectorAll('#suggestions li').length === 1");
    browser.press_key("Enter", ENTER);
    browser.comes("document.querySelector('#status').value === 'Good evening, @ada '");
    assert_eq!(browser.evaluate("document.querySelector('#suggestions').hidden"), true);
    browser.evaluate("document.querySelector('#status').setSelectionRange(99, 99)");
    let add = |browser: &mut Driven, text: &str| {
        browser.evaluate(&format!("document.execCommand('insertText', false, '{text}')"));
    };
    add(&mut browser, ":heart");
    browser.comes("document.querySelectorAll('#suggestions li').length === 6");
    // Behind the last one stands the first.
    for _ in 0..6 {
        browser.press_key("ArrowDown", DOWN);
    }
    browser.press_key("Enter", ENTER);
    browser.comes("document.querySelector('#status').value === 'Good evening, @ada ❤️ '");
    add(&mut browser, "#no");
    add(&mut browser, "thing");
    browser.press_key("Escape", ESCAPE);
    assert_eq!(browser.evaluate("document.querySelector('#status').value"), "Good evening, @ada ❤️ #nothing");
}

#[test]
fn the_cursor_stands_behind_the_names_that_an_answer_begins_with() {
    let Some((house, mut browser)) = begin() else { return };
    browser.open(&house.url("/compose?mention=ada"));
    assert_eq!(browser.evaluate("document.querySelector('#status').value"), "@ada ");
    assert_eq!(browser.evaluate("document.querySelector('#status').selectionStart"), 5);
}

#[test]
fn enter_in_a_field_takes_no_picture_away() {
    let Some((house, mut browser)) = begin() else { return };
    let file = house.scratch().join("enter.jpg");
    fs::write(&file, made::jpeg(90, 60, 90)).expect("written");
    browser.open(&house.url("/compose"));
    browser.choose("#file", &file);
    browser.comes("document.querySelector('#description-0') !== null");
    browser.fill("#status", "What I saw");
    browser.evaluate("document.querySelector('#spoiler_text').focus()");
    browser.stroke("Enter");
    browser.comes("document.querySelector('.previews') !== null");
    assert_eq!(browser.evaluate("document.querySelectorAll('#description-0').length"), 1, "it is still there");
}

#[test]
fn pictures_are_shown_large_with_their_words_and_the_focus_comes_back() {
    let Some((house, mut browser)) = begin() else { return };
    let token = token(&house, &mut browser);
    let one = house.upload(&token, &made::jpeg(900, 600, 90), "Stripes in the evening");
    let two = house.upload(&token, &made::jpeg(600, 900, 40), "Stripes at noon");
    let post =
        house.post("/api/v1/statuses", &token, &[("status", "Two"), ("media_ids[]", &one), ("media_ids[]", &two)]);
    browser.open(post["url"].as_str().expect("an address"));
    // With the keyboard alone, from the post.
    browser.key("j");
    browser.key("i");
    browser.comes("document.querySelector('dialog[open] img')?.naturalWidth === 900");
    looked_at(&mut browser, "picture");
    browser.press_key("Escape", ESCAPE);
    browser.comes("document.querySelector('dialog') === null");
    browser.press(".media a");
    browser.comes("document.querySelector('dialog[open] img')?.naturalWidth === 900");
    assert!(browser.text().contains("Stripes in the evening"), "{}", browser.text());
    browser.press_key("ArrowRight", RIGHT);
    browser.comes("document.querySelector('dialog[open] figcaption').textContent === 'Stripes at noon'");
    browser.press_key("ArrowLeft", LEFT);
    browser.comes("document.querySelector('dialog[open] figcaption').textContent === 'Stripes in the evening'");
    browser.press_key("Escape", ESCAPE);
    browser.comes("document.querySelector('dialog') === null");
    assert_eq!(browser.evaluate("document.activeElement.matches('.media a')"), true);
}

#[test]
fn keys_tell_what_they_do_and_can_be_switched_off() {
    let Some((house, mut browser)) = begin() else { return };
    browser.fill("#status", "One");
    browser.follow("form.quick button[value=post]");
    browser.open(&house.url("/home"));
    browser.evaluate("document.activeElement.blur()");
    browser.key("?");
    browser.comes("document.querySelectorAll('dialog[open] kbd').length >= 12");
    looked_at(&mut browser, "keys");
    browser.press_key("Escape", ESCAPE);
    browser.comes("document.querySelector('dialog') === null");
    browser.key("g");
    browser.key("n");
    browser.event_of_load();
    assert_eq!(browser.path(), "/notifications");

    browser.open(&house.url("/settings/reading"));
    browser.press("[name=keys]");
    browser.follow("form [value=save]");
    browser.open(&house.url("/home"));
    browser.evaluate("document.activeElement.blur()");
    browser.key("j");
    browser.key("n");
    assert_eq!(browser.evaluate("document.activeElement.matches('article')"), false);
    assert_eq!(browser.path(), "/home");
}

#[test]
fn the_browser_says_where_it_is_and_pictures_can_be_pasted() {
    let Some((house, mut browser)) = begin() else { return };
    let told = browser.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone");
    browser.open(&house.url("/settings/reading"));
    let page = browser.text();
    assert!(page.contains(&format!("As this browser says: {}", told.as_str().expect("a zone"))), "{page}");
    browser.open(&house.url("/compose"));
    browser.fill("#status", "What I saw");
    browser.evaluate(
        "{const canvas = document.createElement('canvas'); canvas.width = canvas.height = 64;\
         canvas.getContext('2d').fillRect(0, 0, 32, 64);\
         canvas.toBlob((blob) => {const data = new DataTransfer(); data.items.add(new File([blob], 'a.png', {type: 'image/png'}));\
         document.querySelector('#status').dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));}); 1}",
    );
    browser.comes("document.querySelector('#description-0') !== null");
    assert_eq!(browser.evaluate("document.querySelector('#status').value"), "What I saw");
}
