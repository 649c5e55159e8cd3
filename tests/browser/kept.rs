//! Words that are not lost: the session ends while somebody writes, or the disk no longer takes anything.

use crate::{
    inside::{Inside, PASSWORD},
    made,
    visitor::{Answer, Visitor},
};
use std::{io, sync::Arc};
use storage::vfs::{Fault, FaultOn, SimulatedDisk};

const TEXT: &str = "\nThe rock & the <sun>,\n\na long evening.";

/// Signs somebody in who has no cookies yet.
fn sign_in(visitor: &mut Visitor) {
    let form = visitor.get("/auth/sign_in");
    let token = form.hidden("authenticity_token").to_owned();
    let fields = [("authenticity_token", token.as_str()), ("login", "ada"), ("password", PASSWORD), ("return_to", "/")];
    assert_eq!(visitor.post("/auth/sign_in", &fields).status, 303);
}

/// The words as they stand in the text area of a form.
fn words(page: &Answer) -> String {
    let inside = page.between("<textarea id=\"status\"", "</textarea>");
    let text = inside.split_once('>').expect("a text area").1;
    // One line break at the beginning is no part of it (HTML §13.1.2.5).
    let text = text.strip_prefix('\n').unwrap_or(text);
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[test]
fn words_written_in_a_session_that_is_over_are_given_back_and_posted_once_after_signing_in() {
    let mut inside = Inside::open();
    let form = inside.ada.get("/compose");
    let (token, key) = (form.hidden("authenticity_token").to_owned(), form.hidden("key").to_owned());
    let picture = made::jpeg(64, 64, 90);
    let fields = [
        ("authenticity_token", token.as_str()),
        ("key", &key),
        ("do", "post"),
        ("status", TEXT),
        ("spoiler_text", "Geology"),
        ("visibility", "private"),
        ("poll[options][]", "warm"),
        ("poll[options][]", "cold"),
    ];
    let mut later = Visitor::new(inside.running.as_ref().expect("it runs").address);
    let body = made::form(&fields, &[("file", &picture)]);
    let given = later.send_form("/compose", &made::form_type(), &body);
    assert_eq!((given.status, given.header("cache-control")), (403, "private, no-store"), "{given:?}");
    assert_eq!(words(&given), TEXT);
    assert!(given.body.contains("/auth/sign_in?return_to=/compose"), "{}", given.body);
    for kept in ["value=\"Geology\"", "value=\"private\"", "value=\"warm\"", "value=\"cold\""] {
        assert!(given.body.contains(kept), "{kept} is lost: {}", given.body);
    }
    assert_eq!(given.hidden("key"), key);

    sign_in(&mut later);
    let again = later.post("/compose", &fields);
    assert_eq!(again.status, 422, "the token is of another session: {again:?}");
    assert_eq!(words(&again), TEXT);
    assert!(again.body.contains("signed in anew") && again.body.contains("value=\"private\" selected"));
    assert!(!inside.ada.get("/@ada").body.contains("Geology"), "nothing is posted without looking once more");
    let (token, key) = (again.hidden("authenticity_token").to_owned(), again.hidden("key").to_owned());
    let mut sent = fields;
    (sent[0].1, sent[1].1) = (&token, &key);
    let (one, two) = (later.post("/compose", &sent), later.post("/compose", &sent));
    assert_eq!((one.status, two.status), (303, 303), "{one:?}");
    assert_eq!(one.header("location"), two.header("location"));
    assert!(inside.ada.get(one.header("location")).body.contains("a long evening"));
    inside.close();
}

#[test]
fn a_form_of_another_site_is_given_nothing_back() {
    let mut inside = Inside::open();
    let body = crate::urlencoded(&[("do", "post"), ("status", "Planted")]);
    let sent = inside.ada.send_from("https://evil.test", "/compose", &body);
    assert_eq!(sent.status, 403, "{sent:?}");
    assert!(!sent.body.contains("Planted"), "{}", sent.body);
    inside.close();
}

#[test]
fn while_the_store_is_read_only_reading_works_and_the_composer_keeps_the_words() {
    let disk = SimulatedDisk::new();
    disk.forget_steps();
    let mut inside = Inside::open_on(Arc::new(disk.clone()));
    let post = inside.write(&[("status", "Before."), ("visibility", "public")]);
    let form = inside.ada.get("/compose");
    assert!(!form.body.contains("Reading only."), "{}", form.body);
    let token = form.hidden("authenticity_token").to_owned();
    for on in [FaultOn::Write, FaultOn::Sync] {
        disk.inject(Fault { name: ".seg".to_owned(), on, after: 0, times: usize::MAX, kind: io::ErrorKind::Other });
    }
    let fields = |what: &'static str| {
        [("authenticity_token", token.as_str()), ("do", what), ("status", TEXT), ("spoiler_text", "Geology")]
    };
    for what in ["post", "post", "draft"] {
        let refused = inside.ada.post("/compose", &fields(what));
        assert_eq!(refused.status, 503, "{what}: {refused:?}");
        assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0));
        assert_eq!(words(&refused), TEXT, "{what}");
        assert!(
            refused.body.contains("value=\"Geology\"") && refused.body.contains("cannot store"),
            "{}",
            refused.body
        );
    }
    assert!(inside.running.as_ref().expect("it runs").server.store().state().read_only.is_some());
    for path in ["/home", "/@ada", "/notifications", "/compose", post.as_str()] {
        let page = inside.ada.get(path);
        assert!(page.status == 200 && page.body.contains("Reading only."), "{path}: {page:?}");
    }
    assert!(inside.ada.get(&post).body.contains("Before."));
    let mut guest = Visitor::new(inside.running.as_ref().expect("it runs").address);
    let page = guest.get("/@ada");
    assert!(page.status == 200 && !page.body.contains("Reading only."), "{page:?}");
    disk.heal();
    // What is left of the server stops in trouble, and says so.
    inside.leave();
}

#[test]
fn on_a_full_disk_reading_works_and_the_composer_keeps_the_words_until_there_is_room() {
    let disk = SimulatedDisk::new();
    disk.forget_steps();
    let mut inside = Inside::open_on(Arc::new(disk.clone()));
    let form = inside.ada.get("/compose");
    assert!(!form.body.contains("The disk is full."), "{}", form.body);
    let (token, key) = (form.hidden("authenticity_token").to_owned(), form.hidden("key").to_owned());
    let fields = [("authenticity_token", token.as_str()), ("key", &key), ("do", "post"), ("status", TEXT)];
    disk.set_free_space(Some(1_000_000));
    let refused = inside.ada.post("/compose", &fields);
    assert_eq!(refused.status, 503, "{refused:?}");
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0));
    assert_eq!(words(&refused), TEXT);
    for path in ["/home", "/@ada", "/compose"] {
        let page = inside.ada.get(path);
        assert!(page.status == 200 && page.body.contains("The disk is full."), "{path}: {page:?}");
    }
    disk.set_free_space(None);
    let sent = inside.ada.post("/compose", &fields);
    assert_eq!(sent.status, 303, "{sent:?}");
    let page = inside.ada.get(sent.header("location"));
    assert!(page.body.contains("a long evening") && !page.body.contains("The disk is full."), "{}", page.body);
    inside.close();
}
