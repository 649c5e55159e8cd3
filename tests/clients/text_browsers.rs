//! Browsers of a terminal, w3m and lynx: signed in on the page, home read, a post and an answer written, with cookies and
//! without a style sheet or a script. Each is skipped with a word where it is not installed.

use crate::{House, password, sign_in::fields_of};
use std::{
    env, fs,
    process::{Command, Stdio},
};

fn is_installed(program: &str) -> bool {
    let found = env::split_paths(&env::var_os("PATH").unwrap_or_default()).any(|folder| folder.join(program).is_file());
    if !found {
        eprintln!("skipped: {program} is not installed");
    }
    found
}

/// What the program prints; its home, where cookies are kept, is the data directory's.
fn prints(house: &House, program: &str, words: &[&str]) -> String {
    let home = house.data.path().join(program);
    fs::create_dir_all(home.join(".w3m")).expect("a folder");
    let output = Command::new(program)
        .args(words)
        .env("HOME", &home)
        .env("TERM", "xterm")
        .env("LANG", "C.UTF-8")
        .current_dir(&home)
        .stdin(Stdio::null())
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{program} {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Words on one page in this order, each standing apart from what is beside it.
fn reads(page: &str, words: &[&str]) {
    let mut rest = page;
    for word in words {
        let at = rest.find(word).unwrap_or_else(|| panic!("no {word:?} where it should stand in:\n{page}"));
        let behind = rest[at + word.len()..].chars().next();
        assert!(!behind.is_some_and(char::is_alphanumeric), "{word:?} runs into what is behind it:\n{page}");
        rest = &rest[at + word.len()..];
    }
}

#[test]
fn w3m_signs_in_reads_home_posts_and_answers() {
    if !is_installed("w3m") {
        return;
    }
    let house = House::open();
    let w3m = |words: &[&str]| {
        let cookies = ["-cookie", "-o", "accept_cookie=1", "-o", "cookie_accept_domains=localhost"];
        let cookies = [&cookies[..], &["-o", "cookie_avoid_wrong_number_of_dots=localhost"]].concat();
        prints(&house, "w3m", &[&cookies[..], words].concat())
    };
    // Sends the form of a page that goes to `action`, with what is typed into it; the page behind it.
    let sends = |page: &str, action: &str, typed: &[(&str, &str)]| {
        let mut fields = fields_of(&w3m(&["-dump_source", &format!("{}{page}", house.origin())]), action);
        fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let file = house.data.path().join("form");
        fs::write(&file, body).expect("written");
        w3m(&["-post", &file.display().to_string(), "-dump", &format!("{}{action}", house.origin())])
    };
    let home = sends("/auth/sign_in", "/auth/sign_in", &[("login", "ann"), ("password", &password("ann"))]);
    reads(&home, &["Skip to content", "@ann", "Sign out", "Home", "Notifications", "Search", "Settings", "Home"]);
    reads(&home, &["What do you want to say?", "Who may see it", "Post"]);
    let posted = sends("/home", "/compose", &[("status", "Good morning from the rock"), ("do", "post")]);
    reads(
        &posted,
        &["Posted.", "ann", "@ann@localhost", "Good morning from the rock", "Everybody", "Reply", "Boost", "More"],
    );
    let read = w3m(&["-dump", &format!("{}/home", house.origin())]);
    reads(&read, &["Home", "Good morning from the rock", "Reply", "Boost", "Favourite", "Bookmark", "More"]);
    let source = w3m(&["-dump_source", &format!("{}/home", house.origin())]);
    let (_, answer) = source.split_once("href=\"/compose?reply=").expect("it may be answered");
    let id = answer.split('"').next().expect("an id");
    let answered =
        sends(&format!("/compose?reply={id}"), "/compose", &[("status", "And good evening"), ("do", "post")]);
    reads(&answered, &["Good morning from the rock", "And good evening"]);
    println!("ok: w3m reads home, posts and answers");
}

/// Lynx with the keys that a person presses.
struct Lynx<'a> {
    house: &'a House,
    /// Names the file that says to keep cookies.
    settings: String,
}

impl<'a> Lynx<'a> {
    fn open(house: &'a House) -> Self {
        let cookies = house.data.path().join("lynx-cookies").display().to_string();
        let settings = format!(
            "PERSISTENT_COOKIES:TRUE\nACCEPT_ALL_COOKIES:TRUE\nCOOKIE_FILE:{cookies}\nCOOKIE_SAVE_FILE:{cookies}\n\
             CHARACTER_SET:utf-8\n"
        );
        let file = house.data.path().join("lynx.cfg");
        fs::write(&file, settings).expect("written");
        Lynx { house, settings: format!("-cfg={}", file.display()) }
    }

    /// A page as text, links and fields numbered.
    fn page(&self, path: &str) -> String {
        let url = format!("{}{path}", self.house.origin());
        prints(self.house, "lynx", &[&self.settings, "-dump", "-number_fields", "-width=100", &url])
    }

    /// Opens a page, goes to the link or field with a number, presses keys there, and quits.
    fn presses(&self, path: &str, number: usize, keys: &[&str]) {
        let mut all = vec!["<tab>"; number - 1];
        all.extend(keys);
        all.extend(["Q", "y"]);
        let file = self.house.data.path().join("keys");
        let lines: String = all.iter().map(|key| format!("key {key}\n")).collect();
        fs::write(&file, lines).expect("written");
        let (script, url) = (format!("-cmd_script={}", file.display()), format!("{}{path}", self.house.origin()));
        prints(self.house, "lynx", &[&self.settings, "-nopause", &script, &url]);
    }
}

/// The number of the first field of a kind.
fn field_of(page: &str, kind: &str) -> usize {
    let named = format!(". form field = {kind}");
    let line = page.lines().find(|line| line.contains(&named)).unwrap_or_else(|| panic!("no {kind} in:\n{page}"));
    line.split('.').next().and_then(|number| number.trim().parse().ok()).expect("a number")
}

/// The number of the button with a value.
fn button_of(page: &str, value: &str) -> usize {
    let (before, _) = page.split_once(&format!("]{value}) ")).unwrap_or_else(|| panic!("no {value} in:\n{page}"));
    before.rsplit('[').next().and_then(|number| number.parse().ok()).expect("a number")
}

/// Where the link that says `words` leads.
fn leads<'a>(page: &'a str, words: &str, origin: &str) -> &'a str {
    let (before, _) = page.split_once(&format!("]{words}")).unwrap_or_else(|| panic!("no {words} in:\n{page}"));
    let number = before.rsplit('[').next().expect("a number");
    let line = page.lines().map(str::trim_start).find_map(|line| line.strip_prefix(&format!("{number}. ")));
    line.and_then(|url| url.strip_prefix(origin)).unwrap_or_else(|| panic!("no address {number} in:\n{page}"))
}

/// A text as the keys that write it.
fn typed(text: &str) -> Vec<&str> {
    text.char_indices().map(|(at, c)| if c == ' ' { "<space>" } else { &text[at..at + c.len_utf8()] }).collect()
}

#[test]
fn lynx_signs_in_reads_home_posts_and_answers_by_keys() {
    if !is_installed("lynx") {
        return;
    }
    let house = House::open();
    let lynx = Lynx::open(&house);
    let entrance = lynx.page("/auth/sign_in");
    let (secret, name) = (password("ann"), typed("ann"));
    let keys = [&name[..], &["<tab>"], &typed(&secret), &["<tab>", "^J"]].concat();
    lynx.presses("/auth/sign_in", field_of(&entrance, "text entry field"), &keys);
    let home = lynx.page("/home");
    reads(&home, &["@ann", "Sign out", "Notifications", "What do you want to say?", "Who may see it"]);

    let (field, button) = (field_of(&home, "text entry area"), button_of(&home, "post"));
    // Out of three lines of text one comes by the arrow, a key a line.
    let downs = vec!["Down Arrow"; button - field];
    let keys = [&typed("Good morning from the rock")[..], &downs, &["^J"]].concat();
    lynx.presses("/home", field, &keys);
    let home = lynx.page("/home");
    reads(&home, &["Good morning from the rock", "Everybody", "Reply", "More"]);

    let reply = leads(&home, "Reply", &house.origin()).to_owned();
    let form = lynx.page(&reply);
    let (field, button) = (field_of(&form, "text entry area"), button_of(&form, "post"));
    let downs = vec!["Down Arrow"; button - field];
    let keys = [&typed("And good evening")[..], &downs, &["^J"]].concat();
    lynx.presses(&reply, field, &keys);
    let thread = lynx.page(&format!("/@ann/{}", reply.rsplit('=').next().expect("an id")));
    reads(&thread, &["Good morning from the rock", "And good evening"]);
    println!("ok: lynx reads home, posts and answers");
}
