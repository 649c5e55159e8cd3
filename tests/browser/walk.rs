//! Ways through the pages by links and forms alone, with scripts switched off, real clicks and keys; and every page in
//! every dress: at 320 pixels, by night, in high contrast and forced colours (UX §3.6; WCAG 2.2 AA).

use crate::{
    driven::Driven,
    house::{House, PASSWORD},
    made,
    visitor::urlencoded,
};
use std::{fs, path::PathBuf};

/// Media features by name and value.
type Features = &'static [(&'static str, &'static str)];

/// What people may prefer, and how wide their windows are.
const DRESSES: [(&str, u32, Features); 6] = [
    ("narrow", 320, &[("prefers-color-scheme", "light")]),
    ("wide", 1280, &[("prefers-color-scheme", "light")]),
    ("night", 390, &[("prefers-color-scheme", "dark")]),
    ("contrast", 390, &[("prefers-color-scheme", "light"), ("prefers-contrast", "more")]),
    ("night-contrast", 1280, &[("prefers-color-scheme", "dark"), ("prefers-contrast", "more")]),
    ("forced", 390, &[("forced-colors", "active")]),
];

/// A server, and a browser that runs no scripts; `None` where no browser is wanted.
fn begin() -> Option<(House, Driven)> {
    let mut browser = Driven::start(crate::browser()?.program());
    browser.scripts(false);
    browser.size(390, 844);
    Some((House::open(), browser))
}

/// Makes the owner `ada` through the one-time link.
pub(crate) fn settle(house: &House, browser: &mut Driven) {
    browser.open(&house.owner_link());
    browser.follow("a[href^='/first-run?step=you']");
    browser.fill("#username", "ada");
    browser.fill("#password", PASSWORD);
    browser.follow("main form [type=submit], main form button");
    browser.follow("a.later");
}

/// Registers a program and gives the address where it asks for `scopes`.
fn asking(house: &House, scopes: &str) -> (String, String, String) {
    let fields = [("client_name", "Evening <App>"), ("redirect_uris", "urn:ietf:wg:oauth:2.0:oob"), ("scopes", scopes)];
    let application = house.post("/api/v1/apps", "", &fields);
    let text = |name: &str| application[name].as_str().expect("a string").to_owned();
    let query = urlencoded(&[
        ("response_type", "code"),
        ("client_id", &text("client_id")),
        ("redirect_uri", "urn:ietf:wg:oauth:2.0:oob"),
        ("scope", scopes),
    ]);
    (house.url(&format!("/oauth/authorize?{query}")), text("client_id"), text("client_secret"))
}

/// Lets a program in and trades its code for a token.
pub(crate) fn token(house: &House, browser: &mut Driven) -> String {
    let (address, client_id, client_secret) = asking(house, "read write");
    browser.open(&address);
    browser.follow("[name=decision][value=approve]");
    let code = browser.evaluate("document.querySelector('#code').value");
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str().expect("a code")),
        ("client_id", &client_id),
        ("client_secret", &client_secret),
        ("redirect_uri", "urn:ietf:wg:oauth:2.0:oob"),
    ];
    house.post("/oauth/token", "", &fields)["access_token"].as_str().expect("a token").to_owned()
}

#[test]
fn a_person_makes_the_server_theirs_leaves_and_comes_back() {
    let Some((house, mut browser)) = begin() else { return };
    settle(&house, &mut browser);
    assert_eq!(browser.path(), "/home");
    assert!(browser.text().contains("@ada"), "{}", browser.text());
    browser.follow("[action='/auth/sign_out'] button");
    assert!(!browser.text().contains("Sign out"), "{}", browser.text());

    browser.open(&house.url("/auth/sign_in"));
    browser.fill("#login", "ada");
    browser.fill("#password", "something else");
    browser.follow("[action='/auth/sign_in'] button");
    assert!(browser.text().contains("do not belong together"), "{}", browser.text());
    assert_eq!(browser.evaluate("document.querySelector('#login').value"), "ada", "what was typed is kept");
    browser.fill("#password", PASSWORD);
    browser.follow("[action='/auth/sign_in'] button");
    assert!(browser.path() == "/home" && browser.text().contains("Sign out"), "{}", browser.text());

    browser.open(&house.owner_link());
    assert!(!browser.text().contains("no owner"), "the link works once");
}

#[test]
fn a_program_is_let_in_or_not() {
    let Some((house, mut browser)) = begin() else { return };
    settle(&house, &mut browser);
    browser.follow("[action='/auth/sign_out'] button");
    let (address, ..) = asking(&house, "read write:statuses");
    browser.open(&address);
    browser.fill("#login", "ada");
    browser.fill("#password", PASSWORD);
    browser.follow("[action='/auth/sign_in'] button");
    let text = browser.text();
    assert!(browser.path().starts_with("/oauth/authorize?"), "signing in leads back: {}", browser.path());
    assert!(text.contains("Evening <App>") && text.contains("write:statuses") && text.contains("ada"), "{text}");
    browser.follow("[name=decision][value=deny]");
    assert!(browser.evaluate("document.querySelector('#code')").is_null(), "{}", browser.text());
    browser.open(&address);
    browser.follow("[name=decision][value=approve]");
    let code = browser.evaluate("document.querySelector('#code').value");
    assert!(code.as_str().is_some_and(|code| code.len() >= 32), "{code}");
}

#[test]
fn every_page_stands_in_every_dress() {
    let Some((house, mut browser)) = begin() else { return };
    let (front, first_run) = (house.url("/"), house.owner_link());
    dressed(&mut browser, "front-unowned", &front);
    dressed(&mut browser, "naming", &first_run);
    dressed(&mut browser, "first-run", &format!("{first_run}&step=you"));
    settle(&house, &mut browser);
    let token = token(&house, &mut browser);
    let plain = [(
        "status",
        "The rock was warm until eight. https://example.org/a/long/path/that/does/not/fit?in=a&narrow=window #evening",
    )];
    let root = house.post("/api/v1/statuses", &token, &plain);
    let mut parent = root["id"].as_str().expect("an id").to_owned();
    for text in ["And then?", "Then the wind turned.", "It does that.", "شمس المساء على الصخرة", "Good night."]
    {
        let fields = [
            ("status", text),
            ("in_reply_to_id", &parent),
            ("spoiler_text", if text == "And then?" { "Weather" } else { "" }),
        ];
        parent = house.post("/api/v1/statuses", &token, &fields)["id"].as_str().expect("an id").to_owned();
    }
    let profile = [
        ("note", "Geologist.\n\nUp before the sun."),
        ("fields_attributes[0][name]", "Home"),
        ("fields_attributes[0][value]", "https://ada.example"),
    ];
    house.patch("/api/v1/accounts/update_credentials", &token, &profile);
    let (asked, ..) = asking(&house, "read write follow push");
    let post = root["url"].as_str().expect("an address").to_owned();
    let pages = [
        ("front", "/"),
        ("about", "/about"),
        ("profile", "/@ada"),
        ("replies", "/@ada/with_replies"),
        ("thread", post.as_str()),
        ("tag", "/tags/evening"),
        ("authorize", asked.as_str()),
        ("missing", "/nothing/here"),
    ];
    for (name, path) in pages {
        let url = if path.starts_with('/') { house.url(path) } else { path.to_owned() };
        dressed(&mut browser, name, &url);
    }
    browser.open(&front);
    browser.follow("[action='/auth/sign_out'] button");
    let (sign_in, asked) = (house.url("/auth/sign_in"), asking(&house, "read").0);
    for (name, url) in [("front-guest", &front), ("sign-in", &sign_in), ("sign-in-for-program", &asked)] {
        dressed(&mut browser, name, url);
    }
}

#[test]
fn pictures_stand_in_every_dress() {
    let Some((house, mut browser)) = begin() else { return };
    settle(&house, &mut browser);
    let token = token(&house, &mut browser);
    let picture = |width, height, number| made::jpeg(width, height, number);
    let wide = house.upload(&token, &picture(1_600, 900, 40), "Stripes, wide");
    let root = house.post("/api/v1/statuses", &token, &[("status", "One wide picture"), ("media_ids[]", &wide)]);
    let parent = root["id"].as_str().expect("an id").to_owned();
    let four: Vec<String> = [(900, 600, 90), (600, 900, 140), (64, 64, 200), (1_200, 300, 250)]
        .map(|(width, height, number)| house.upload(&token, &picture(width, height, number), "Stripes"))
        .to_vec();
    let mut fields = vec![("status", "Four of all shapes"), ("in_reply_to_id", parent.as_str())];
    fields.extend(four.iter().map(|id| ("media_ids[]", id.as_str())));
    house.post("/api/v1/statuses", &token, &fields);
    let moving = house.upload(&token, &made::gif(3, 300, 200), "");
    let hidden = [("in_reply_to_id", parent.as_str()), ("sensitive", "true"), ("media_ids[]", moving.as_str())];
    house.post("/api/v1/statuses", &token, &hidden);
    let post = root["url"].as_str().expect("an address").to_owned();
    dressed(&mut browser, "pictures", &post);
    browser.open(&post);
    let broken = "[...document.images].filter(image => image.complete && !image.naturalWidth).length";
    assert_eq!(browser.evaluate(broken), 0);
    assert_eq!(browser.evaluate("document.querySelectorAll('.media img[src^=\"/media/\"]').length"), 6);
    browser.follow(".media a");
    assert!(browser.path().starts_with("/media/") && browser.path().ends_with(".jpg"), "{}", browser.path());
}

#[test]
fn the_keyboard_reaches_the_content_first_and_then_everything() {
    let Some((house, mut browser)) = begin() else { return };
    settle(&house, &mut browser);
    browser.open(&house.url("/"));
    assert_eq!(browser.tab(), "Skip to content");
    let mut met = Vec::new();
    for _ in 0..20 {
        met.push(browser.tab());
    }
    for words in ["Skip to navigation", "Sign out", "@ada", "New post", "Home"] {
        assert!(met.iter().any(|met| met.contains(words)), "{words} is not among {met:?}");
    }
}

/// Whoever looks must be able to see: each fault is put into a good page and has to be found.
#[test]
fn the_audit_finds_what_is_wrong() {
    let Some((house, mut browser)) = begin() else { return };
    let address = house.url("/auth/sign_in");
    let faults = [
        ("document.querySelector('h1').style.color = '#caa'", "contrast"),
        ("document.querySelector('h1').style.width = '900px'", "wide in a window"),
        ("document.querySelector('main button').style.cssText = 'min-height:0;height:20px;padding:0'", "by 20"),
        ("document.querySelector('main button').style.outline = 'none'", "focus"),
        ("document.querySelector('h1').id = 'main'; document.querySelector('h2, p, form').id = 'main'", "stands twice"),
        ("document.querySelector('h1').remove()", "first heading"),
        ("document.querySelector('main').innerHTML += '<img src=\"/nothing.png\" alt=\"\">'", "does not load"),
    ];
    for (fault, words) in faults {
        browser.open(&address);
        assert!(audit(&mut browser).is_empty(), "the page is right at first");
        browser.evaluate(fault);
        let wrong = audit(&mut browser);
        assert!(wrong.iter().any(|wrong| wrong.contains(words)), "{fault} went unseen: {wrong:?}");
    }
    browser.open(&address);
    browser.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')");
    let complaints = browser.complaints();
    assert!(complaints.iter().any(|text| text.contains("Content Security Policy")), "{complaints:?}");
    browser.evaluate("document.querySelector('main button').textContent = ''");
    assert!(browser.spoken().contains(&("button".to_owned(), String::new())), "a button without words is heard");
}

pub(crate) fn audit(browser: &mut Driven) -> Vec<String> {
    let found = browser.evaluate(include_str!("audit.js"));
    found.as_array().expect("a list").iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// What axe-core, whose file `DASSIE_AXE` names, finds serious or critical; nothing where it is absent.
pub(crate) fn axe(browser: &mut Driven, dress: &str) -> Vec<String> {
    let Ok(file) = std::env::var("DASSIE_AXE") else { return Vec::new() };
    let program = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    // It waits with timers, which a page without scripts does not have.
    browser.scripts(true);
    browser.evaluate(&format!("{program};1"));
    // It does not know the colours that the system forces; the audit does.
    let rules = if dress == "forced" { "{ 'color-contrast': { enabled: false } }" } else { "{}" };
    let found = browser.evaluate_promise(&format!(
        "axe.run(document, {{ resultTypes: ['violations'], rules: {rules} }}).then(done => done.violations\
         .filter(rule => ['serious', 'critical'].includes(rule.impact))\
         .flatMap(rule => rule.nodes.map(node => `axe ${{rule.id}}: ${{node.html.slice(0, 200)}}`)))",
    ));
    browser.scripts(false);
    found.as_array().expect("a list").iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// Opens a page in every dress and asserts that nothing is wrong with it; leaves pictures in `target/screens/browser`.
pub(crate) fn dressed(browser: &mut Driven, name: &str, url: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/screens/browser");
    fs::create_dir_all(&folder).expect("a folder");
    for (dress, width, features) in DRESSES {
        browser.size(width, 900);
        browser.prefer(features);
        browser.open(url);
        browser.picture(&folder.join(format!("{name}-{dress}.png")));
        let mut wrong: Vec<String> = browser.complaints();
        // An error page is asked for on purpose, and the browser says so in its log.
        wrong.retain(|complaint| !(name == "missing" && complaint.contains("404")));
        wrong.extend(audit(browser));
        wrong.extend(axe(browser, dress));
        for (role, spoken) in browser.spoken() {
            let needs_name = ["link", "button", "textbox", "image", "progressbar", "article"].contains(&role.as_str());
            if needs_name && spoken.trim().is_empty() {
                wrong.push(format!("a {role} has no name for screen readers"));
            }
        }
        assert!(wrong.is_empty(), "{name}, {dress} ({width} px):\n{}", wrong.join("\n"));
    }
    browser.size(390, 844);
    browser.prefer(&[]);
}
