//! The window of a phone: lists have their bullets, the row below a post stays one line, its menu can be reached to the
//! last line, and the bar stands at the bottom of every page with whole words.

use crate::{
    driven::Driven,
    house::House,
    visitor::Visitor,
    walk::{settle, token},
};
use serde_json::Value;

/// A server with its owner in a browser as wide as a phone, and a token of theirs; `None` where no browser is wanted.
fn begin() -> Option<(House, Driven, String)> {
    let mut browser = Driven::start(crate::browser()?.program());
    browser.scripts(false);
    browser.size(390, 844);
    let house = House::open();
    settle(&house, &mut browser);
    let token = token(&house, &mut browser);
    Some((house, browser, token))
}

/// Posts, and gives the number of the post.
fn write(house: &House, token: &str, fields: &[(&str, &str)]) -> String {
    house.post("/api/v1/statuses", token, fields)["id"].as_str().expect("an id").to_owned()
}

#[test]
fn bullets_and_numbers_of_lists_are_to_be_seen_and_long_words_stay_inside() {
    let Some((house, mut browser, token)) = begin() else { return };
    let text = format!("- one\n- two\n  - within\n\n1. first\n2. second\n\n- {}", "rock".repeat(200));
    write(&house, &token, &[("status", &text), ("content_type", "text/markdown")]);
    for path in ["/@ada", "/accessibility"] {
        browser.open(&house.url(path));
        // A marker stands outside its line, in the room of its list: whatever cuts the line cuts it off.
        let seen = browser.evaluate(
            "[...document.querySelectorAll('main .content li, main .narrow > ul:not([class]) > li')].map(li => {\
             const list = getComputedStyle(li.parentElement), line = getComputedStyle(li);\
             return line.overflowX === 'visible' && line.display === 'list-item'\
               && !['none'].includes(line.listStyleType) && parseFloat(list.paddingInlineStart) >= 24 })",
        );
        let seen = seen.as_array().expect("a list").clone();
        assert!(!seen.is_empty() && seen.iter().all(|one| *one == true), "{path}: {seen:?}");
        let widths = "[document.documentElement.scrollWidth, document.querySelector('main').scrollWidth, innerWidth]";
        assert_eq!(browser.evaluate(widths), serde_json::json!([390, 390, 390]), "{path}");
    }
}

#[test]
fn the_row_below_a_post_is_one_line_whatever_is_marked() {
    let Some((house, mut browser, token)) = begin() else { return };
    for width in [320, 390, 1280] {
        let id = write(&house, &token, &[("status", "The rock was warm.")]);
        write(&house, &token, &[("status", "Until eight."), ("in_reply_to_id", &id)]);
        let row = format!("document.querySelector('#post-{id} .acts-row')");
        let places = format!("[...{row}.children].map(one => Math.round(one.getBoundingClientRect().top))");
        let height = format!("{row}.getBoundingClientRect().height");
        browser.size(width, 844);
        browser.open(&house.url(&format!("/@ada/{id}")));
        let before = browser.evaluate(&height);
        for act in ["favourite", "reblog", "bookmark"] {
            house.post(&format!("/api/v1/statuses/{id}/{act}"), &token, &[]);
        }
        browser.open(&house.url(&format!("/@ada/{id}")));
        assert_eq!(browser.evaluate(&height), before, "{width} px");
        let tops = browser.evaluate(&places);
        let tops = tops.as_array().expect("a list").clone();
        assert!(tops.len() == 5 && tops.iter().all(|top| *top == tops[0]), "{width} px: {tops:?}");
        let out = format!("{row}.scrollWidth > {row}.clientWidth");
        assert_eq!(browser.evaluate(&out), false, "{width} px");
        // Seen or not, the words are heard.
        let spoken = browser.spoken();
        for name in ["Boosted 1", "Favourited 1", "Bookmarked"] {
            assert!(spoken.contains(&("button".to_owned(), name.to_owned())), "{width} px: {name}: {spoken:?}");
        }
        // The menu opens below its button, at the end of the row.
        let beside = format!(
            "{{const more = {row}.querySelector('details'); more.open = true;\
             const ends = [more, more.querySelector('ul')].map(one => one.getBoundingClientRect().right);\
             Math.abs(ends[0] - ends[1]) < 2}}"
        );
        assert_eq!(browser.evaluate(&beside), true, "{width} px");
    }
}

#[test]
fn what_is_quoted_stands_apart_from_who_wrote_it() {
    let Some((house, mut browser, token)) = begin() else { return };
    let quoted = write(&house, &token, &[("status", "The rock was warm until eight, and then the wind turned.")]);
    let id = write(&house, &token, &[("status", "So it was."), ("quoted_status_id", &quoted)]);
    for width in [390, 1280] {
        browser.size(width, 844);
        browser.open(&house.url(&format!("/@ada/{id}")));
        // Who, what they said, the way there: each below the one before, with room between.
        let room = "{const parts = [...document.querySelectorAll('.quote > *')].map(one => one.getBoundingClientRect());\
                    [parts.length, ...parts.slice(1).map((one, at) => one.top - parts[at].bottom >= 4)]}";
        assert_eq!(browser.evaluate(room), serde_json::json!([3, true, true]), "{width} px");
    }
}

#[test]
fn every_line_of_a_menu_can_be_reached_above_the_bar() {
    let Some((house, mut browser, token)) = begin() else { return };
    for number in 1..=6 {
        write(&house, &token, &[("status", &format!("Stone number {number}"))]);
    }
    browser.open(&house.url("/@ada"));
    // The last post of the page, whose menu is longer than what is below it.
    let last = "const more = [...document.querySelectorAll('.acts-row .more')].pop(); more.open = true;\
                const lines = [...more.querySelectorAll('li > *')];\
                const hit = line => { const box = line.getBoundingClientRect();\
                  return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === line };";
    let reached = browser.evaluate(&format!("{{{last} scrollTo(0, 1e6); lines.length > 4 && lines.every(hit)}}"));
    assert_eq!(reached, Value::Bool(true), "at the end of the page");
    // One in the midst of it, whose menu reaches down over the bar.
    let first = last.replace("].pop()", "][1]");
    let over = browser.evaluate(&format!(
        "{{{first} scrollBy(0, lines.at(-1).getBoundingClientRect().bottom - innerHeight); lines.every(hit)}}"
    ));
    assert_eq!(over, Value::Bool(true), "over the bar");
}

#[test]
fn the_bar_stands_at_the_bottom_of_every_page_with_whole_words() {
    let Some((house, mut browser, _)) = begin() else { return };
    for language in ["en", "de"] {
        browser.open(&house.url("/language"));
        browser.follow(&format!("button[value={language}]"));
        for path in ["/home", "/notifications", "/compose", "/search", "/settings/profile"] {
            browser.open(&house.url(path));
            for place in ["0", "1e6"] {
                let stands = format!(
                    "{{scrollTo(0, {place}); const bar = document.querySelector('.ways').getBoundingClientRect();\
                     [bar.bottom, innerHeight]}}"
                );
                let stands = browser.evaluate(&stands);
                assert_eq!(stands[0], stands[1], "{language} {path} at {place}");
            }
            // At the end in the same breath: a script that makes room in the page, or the focus of a box, moves it.
            let clear = "{scrollTo(0, 1e6); const [end, bar] = ['.bottom', '.ways'].map(one =>\
                         document.querySelector(one).getBoundingClientRect());\
                         [end.bottom <= bar.top + 1, end.bottom, bar.top]}";
            let clear = browser.evaluate(clear);
            assert_eq!(clear[0], true, "{language} {path}: the bar lies over the end of the page: {clear}");
            let cut = "[...document.querySelectorAll('.ways a')].filter(way => way.getClientRects().length)\
                       .filter(way => { const word = way.querySelector('span');\
                         return word.scrollWidth > way.clientWidth || getComputedStyle(word).textOverflow === 'ellipsis'\
                           || word.getBoundingClientRect().bottom > way.getBoundingClientRect().bottom + 1 })\
                       .map(way => way.innerText)";
            assert_eq!(browser.evaluate(cut), serde_json::json!([]), "{language} {path}");
        }
    }
    // A long name of the server makes way for whose page it is, and for the way out.
    let tall = "document.querySelector('.top').getBoundingClientRect().height";
    let before = browser.evaluate(tall);
    browser
        .evaluate("document.querySelector('.brand bdi').textContent = 'The Rock Hyrax Club of the Southern Cape'; 1");
    assert_eq!(browser.evaluate(tall), before);
    let inside = "[...document.querySelectorAll('.top a, .top button')].every(one => {\
                  const box = one.getBoundingClientRect(); return box.left >= 0 && box.right <= innerWidth })";
    assert_eq!(browser.evaluate(inside), true);
    let whole = "{const name = document.querySelector('.top nav a'); name.scrollWidth <= name.clientWidth}";
    assert_eq!(browser.evaluate(whole), true, "the name of the server is cut, not that of the person");
}

#[test]
fn no_word_of_the_bar_goes_on_in_a_second_line_in_the_narrowest_window() {
    let Some((house, mut browser, _)) = begin() else { return };
    browser.size(320, 844);
    for language in ["en", "de", "es"] {
        browser.open(&house.url("/language"));
        browser.follow(&format!("button[value={language}]"));
        browser.open(&house.url("/home"));
        let broken = "[...document.querySelectorAll('.ways a')].filter(way => way.getClientRects().length)\
                      .map(way => way.querySelector('span:not(.count)').firstChild)\
                      .flatMap(text => [...text.data.matchAll(/\\S+/g)].map(word => {\
                        const range = document.createRange();\
                        range.setStart(text, word.index); range.setEnd(text, word.index + word[0].length);\
                        const lines = new Set([...range.getClientRects()].map(one => Math.round(one.top)));\
                        return lines.size === 1 ? null : word[0] })).filter(word => word !== null)";
        assert_eq!(browser.evaluate(broken), serde_json::json!([]), "{language}");
    }
}

#[test]
fn buttons_below_headings_and_boxes_and_the_last_words_of_a_version_have_room() {
    let Some((house, mut browser, token)) = begin() else { return };
    let tag = "Longtag".repeat(9);
    let id = write(&house, &token, &[("status", &format!("#short and #{tag}"))]);
    let edited = [("status", "Neither of them.")];
    Visitor::new(house.address()).call("PUT", &format!("/api/v1/statuses/{id}"), &token, &edited);
    write(&house, &token, &[("status", &format!("#short and #{tag}, again"))]);
    // So many pixels at least lie between what the first finds and what the second finds below it.
    let between = |above: &str, below: &str| {
        format!(
            "Math.round(document.querySelector('{below}').getBoundingClientRect().top\
             - document.querySelector('{above}').getBoundingClientRect().bottom)"
        )
    };
    for name in ["short", tag.as_str()] {
        browser.open(&house.url(&format!("/tags/{name}")));
        let room = browser.evaluate(&between("main .row > button", "main .posts"));
        assert!(room.as_i64().is_some_and(|room| room >= 8), "{name}: {room}");
    }
    browser.open(&house.url("/lists"));
    let room = browser.evaluate(&between("main label.check", "main label.check + p button"));
    assert!(room.as_i64().is_some_and(|room| room >= 8), "{room}");
    // A sheet of one button alone has as much room above it as below.
    browser.open(&house.url("/settings/data"));
    let even = browser.evaluate(
        "{const button = document.querySelector('main .sheet .acts button');\
         const [sheet, box] = [button.closest('.sheet'), button].map(one => one.getBoundingClientRect());\
         Math.abs((box.top - sheet.top) - (sheet.bottom - box.bottom)) < 2}",
    );
    assert_eq!(even, Value::Bool(true));
    browser.open(&house.url(&format!("/@ada/{id}/history")));
    let room = browser.evaluate(
        "{const version = document.querySelector('main article.post');\
         Math.round(version.getBoundingClientRect().bottom\
           - version.querySelector('.words').getBoundingClientRect().bottom)}",
    );
    assert!(room.as_i64().is_some_and(|room| room >= 12), "{room}");
}

#[test]
fn what_is_chosen_about_reading_stands_there_with_whole_words() {
    let Some((house, mut browser, _)) = begin() else { return };
    browser.open(&house.url("/settings/reading"));
    // A word as wide as it is drawn, in the room of its box without the arrow; of the time zones only the one chosen.
    let cut = "{const wide = (text, style) => { const span = document.createElement('span');\
                 span.style.fontFamily = style.fontFamily; span.style.fontSize = style.fontSize;\
                 span.style.whiteSpace = 'nowrap'; span.style.position = 'absolute'; span.textContent = text;\
                 document.body.append(span); const width = span.getBoundingClientRect().width; span.remove();\
                 return width };\
               const cut = [...document.querySelectorAll('main select')].flatMap(box => {\
                 const style = getComputedStyle(box);\
                 const room = box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 20;\
                 const shown = box.id === 'zone' ? [...box.selectedOptions] : [...box.options];\
                 return shown.filter(one => wide(one.text, style) > room).map(one => one.text) });\
               [document.querySelectorAll('main select').length, cut]}";
    assert_eq!(browser.evaluate(cut), serde_json::json!([4, []]));
}
