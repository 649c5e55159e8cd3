//! By the keyboard alone: signed in, a post with a picture and its description, an answer, somebody found and followed,
//! a poll, settings; real key events, and at every stop of Tab the focus is to be seen and nothing lies over it (WCAG
//! 2.2, 2.1.1, 2.4.7, 2.4.11).

use crate::{
    driven::Driven,
    house::{House, PASSWORD},
    made,
};
use serde_json::Value;
use std::{
    fs, thread,
    time::{Duration, Instant},
};

/// Stops of Tab that a post with a picture and its description may take, from home to the post (issue: fewer than 25).
const STOPS: usize = 24;

/// What is wrong with the focus: a sentence, or nothing.
const FOCUS: &str = r#"(() => {
  const e = document.activeElement;
  if (!e || e === document.body) return "nothing has the focus";
  const name = `<${e.tagName.toLowerCase()} id=${e.id}> "${(e.innerText || e.name || "").trim().slice(0, 30)}"`;
  const style = getComputedStyle(e);
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) return `${name} does not show the focus`;
  const box = e.getClientRects()[0];
  if (!box) return `${name} is not shown`;
  if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) return `${name} is out of sight`;
  const within = (low, high, most) => (Math.max(low, 0) + Math.min(high, most)) / 2;
  const over = document.elementFromPoint(within(box.left, box.right, innerWidth), within(box.top, box.bottom, innerHeight));
  if (!e.contains(over)) return `${name} at ${JSON.stringify(box)} in ${innerWidth} x ${innerHeight} lies below ${over?.outerHTML.slice(0, 80)}`;
  return "";
})()"#;

/// A person without a mouse.
struct Hands {
    browser: Driven,
    /// Stops of Tab so far.
    stops: usize,
}

impl Hands {
    /// Presses Tab and looks at where the focus is then.
    fn tab(&mut self) {
        self.browser.tab();
        self.stops += 1;
        // What has just come or been scrolled to, and pictures that load when they come into sight, need a moment to be drawn.
        let begun = Instant::now();
        let mut wrong = self.browser.evaluate(FOCUS);
        while wrong != Value::String(String::new()) && begun.elapsed() < Duration::from_secs(10) {
            thread::sleep(Duration::from_millis(50));
            wrong = self.browser.evaluate(FOCUS);
        }
        assert_eq!(wrong, Value::String(String::new()), "on {}", self.browser.path());
    }

    /// Waits until the page is drawn: keys go nowhere before, and a field that is to have the focus at first gets it then.
    fn drawn(&mut self) {
        let asked = Instant::now();
        let waits = "performance.getEntriesByType('paint').length === 0 \
            || (document.querySelector('[autofocus]') !== null && document.activeElement === document.body)";
        while self.browser.evaluate(waits) == Value::Bool(true) && asked.elapsed() < Duration::from_secs(10) {
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Presses Tab until something has the focus.
    fn to(&mut self, selector: &str) {
        self.drawn();
        let reached = format!("document.activeElement.matches({})", Value::from(selector));
        let begun = self.stops;
        while self.browser.evaluate(&reached) != Value::Bool(true) {
            assert!(
                self.stops < begun + 60,
                "{selector} is not reached on {}:\n{}",
                self.browser.path(),
                self.browser.text()
            );
            self.tab();
        }
    }

    /// Goes by the link that every page begins with past what all pages have; where a field has the focus already, one is
    /// there.
    fn skips_to_content(&mut self) {
        self.drawn();
        if self.browser.evaluate("document.activeElement !== document.body") == Value::Bool(true) {
            return;
        }
        self.to("a.skip[href='#content']");
        self.browser.stroke("Enter");
    }

    fn types(&mut self, text: &str) {
        for c in text.chars() {
            self.browser.key(&c.to_string());
        }
    }

    /// Presses Enter on what has the focus, which leads to another page.
    fn enters(&mut self) {
        self.browser.stroke("Enter");
        self.browser.event_of_load();
    }
}

fn go(scripts: bool) {
    let Some(chromium) = crate::browser() else { return };
    let mut browser = Driven::start(chromium.program());
    browser.scripts(scripts);
    browser.size(1280, 720);
    let house = House::open();
    browser.open(&format!("{}&step=you", house.owner_link()));
    let mut hands = Hands { browser, stops: 0 };
    hands.to("#username");
    hands.types("ada");
    hands.to("#password");
    hands.types(PASSWORD);
    hands.enters();
    hands.to("a.later");
    hands.enters();
    assert_eq!(hands.browser.path(), "/home");
    // The cursor stands in the box there; the page by itself begins at its beginning.
    hands.browser.open(&house.url("/home"));
    hands.to("[action='/auth/sign_out'] button");
    hands.enters();

    hands.browser.open(&house.url("/auth/sign_in"));
    hands.stops = 0;
    hands.to("#login");
    hands.types("ada");
    hands.to("#password");
    hands.types(PASSWORD);
    hands.enters();
    assert_eq!(hands.browser.path(), "/home");
    let signing_in = std::mem::take(&mut hands.stops);

    let file = house.scratch().join("stripes.jpg");
    fs::write(&file, made::jpeg(900, 600, 90)).expect("written");
    hands.skips_to_content();
    hands.to("#status");
    hands.types("What I saw");
    hands.to("button[value=open]");
    hands.enters();
    hands.skips_to_content();
    hands.to("#file");
    hands.browser.chooses_by_key(&file);
    if scripts {
        hands.browser.event_of_load();
    } else {
        hands.to("button[value=attach]");
        hands.enters();
    }
    hands.skips_to_content();
    hands.to("#description-0");
    hands.types("Stripes in the sun");
    hands.to("button[value=post]");
    hands.enters();
    let posting = std::mem::take(&mut hands.stops);
    let shown = hands.browser.evaluate("document.querySelector('.media img').alt");
    assert_eq!(shown, "Stripes in the sun", "{}", hands.browser.text());
    assert!(hands.browser.text().contains("What I saw"), "what was typed first is kept");

    hands.skips_to_content();
    hands.to("a.act[href^='/compose?reply=']");
    hands.enters();
    hands.skips_to_content();
    hands.to("#status");
    hands.types("And more of it");
    hands.to("button[value=post]");
    hands.enters();
    assert!(hands.browser.text().contains("And more of it"), "{}", hands.browser.text());
    println!(
        "by keys, scripts {scripts}: {signing_in} stops to sign in, {posting} to post a picture, {} to answer",
        hands.stops
    );
    assert!(posting <= STOPS, "{posting} stops");
    finds_and_follows(&mut hands, &house);
    asks(&mut hands);
    says_a_name(&mut hands);
    // Once through everything that a page has.
    for path in ["/home", "/compose", "/notifications", "/settings/profile", "/search"] {
        for width in [1280, 390] {
            hands.browser.size(width, 720);
            hands.browser.open(&house.url(path));
            for _ in 0..40 {
                hands.tab();
                if hands.browser.evaluate("document.activeElement.matches('footer a:last-of-type')")
                    == Value::Bool(true)
                {
                    break;
                }
            }
        }
    }
}

/// Searches for the address of a profile, which opens it, and follows whose it is.
fn finds_and_follows(hands: &mut Hands, house: &House) {
    house.takes_in("bo");
    hands.to(".ways a[href='/search']");
    hands.enters();
    hands.to("#q");
    hands.types(&house.url("/@bo"));
    hands.enters();
    assert_eq!(hands.browser.path(), "/@bo");
    hands.skips_to_content();
    hands.to("button[name=follow]");
    hands.enters();
    assert_eq!(hands.browser.path(), "/@bo");
    let text = hands.browser.text();
    assert!(text.contains("You follow") && text.contains("Unfollow"), "{text}");
}

/// Posts a poll, whose part of the form is opened first.
fn asks(hands: &mut Hands) {
    hands.to(".ways a[href='/compose']");
    hands.enters();
    hands.skips_to_content();
    hands.to("#status");
    hands.types("When do you sit?");
    hands.to("form.compose .part > summary");
    hands.browser.stroke("Enter");
    hands.browser.comes("document.querySelector('form.compose .part').open");
    hands.to("#option-0");
    hands.types("In the morning");
    hands.to("#option-1");
    hands.types("In the evening");
    hands.to("button[value=post]");
    hands.enters();
    assert!(hands.browser.path().starts_with("/@ada/"), "{}", hands.browser.text());
    assert!(hands.browser.text().contains("In the evening"), "{}", hands.browser.text());
}

/// Chooses a name in settings; the profile shows it.
fn says_a_name(hands: &mut Hands) {
    hands.to(".ways a[href='/settings']");
    hands.enters();
    hands.skips_to_content();
    hands.to("a[href='/settings/profile']");
    hands.enters();
    hands.skips_to_content();
    hands.to("#display_name");
    hands.types("Ada of the Rock");
    hands.to("button[value=save]");
    hands.enters();
    assert!(hands.browser.text().contains("Saved."), "{}", hands.browser.text());
    hands.to(".top a[href='/@ada']");
    hands.enters();
    assert_eq!(hands.browser.evaluate("document.querySelector('h1#name').innerText"), "Ada of the Rock");
}

#[test]
fn a_picture_is_posted_and_answered_by_keys_without_scripts() {
    go(false);
}

#[test]
fn a_picture_is_posted_and_answered_by_keys_with_scripts() {
    go(true);
}
