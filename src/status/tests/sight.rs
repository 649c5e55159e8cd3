//! Who sees what: every viewer with every visibility, through every door.

use super::{block, follow, is_not_found, post};
use crate::{
    account::lab::Lab,
    error::Error,
    status::{context, favourite, require},
    timeline::{self, Window},
    visibility::can_see,
};
use storage::{
    AccountId, account, relationship,
    status::{
        Status,
        Visibility::{self, Direct, Private, Public, Unlisted},
    },
};

struct World {
    lab: Lab,
    author: AccountId,
    follower: AccountId,
    mentioned: AccountId,
    stranger: AccountId,
    followed: AccountId,
    far: AccountId,
}

fn world() -> World {
    let lab = Lab::new();
    let [author, follower, mentioned, stranger, followed] =
        ["author", "follower", "mentioned", "stranger", "followed"].map(|name| lab.local(name));
    let far = lab.remote("far");
    follow(&lab, follower, author);
    follow(&lab, far, author);
    // That the author follows somebody shows them nothing.
    follow(&lab, author, followed);
    World { lab, author, follower, mentioned, stranger, followed, far }
}

fn seen(lab: &Lab, viewer: Option<AccountId>, status: &Status) -> bool {
    lab.read(|read| can_see(read, viewer, status))
}

#[test]
fn visibility_decides_who_sees_a_status() {
    let w = world();
    let table: [(Visibility, [bool; 7]); 4] = [
        // nobody, author, follower, mentioned, stranger, followed, remote follower
        (Public, [true; 7]),
        (Unlisted, [true; 7]),
        (Private, [false, true, true, true, false, false, true]),
        (Direct, [false, true, false, true, false, false, false]),
    ];
    for (visibility, row) in table {
        let status = post(&w.lab, w.author, "hello @mentioned", visibility);
        let viewers = [
            None,
            Some(w.author),
            Some(w.follower),
            Some(w.mentioned),
            Some(w.stranger),
            Some(w.followed),
            Some(w.far),
        ];
        for (viewer, expected) in viewers.into_iter().zip(row) {
            assert_eq!(seen(&w.lab, viewer, &status), expected, "{visibility:?} {viewer:?}");
            // Every other door says the same.
            let id = status.id;
            let shown = w.lab.store.read(|view| require(view, viewer, id));
            let thread = w.lab.store.read(|view| context(view, viewer, id));
            assert_eq!((shown.is_ok(), thread.is_ok()), (expected, expected), "{visibility:?} {viewer:?}");
            assert!(expected || (is_not_found(&shown) && is_not_found(&thread)));
            let listed =
                w.lab.read(|read| timeline::account(read, viewer, w.author, &Default::default(), Window::newest(1)));
            assert_eq!(
                listed.statuses.first().map(|status| status.id) == Some(id),
                expected,
                "{visibility:?} {viewer:?}"
            );
            if let Some(viewer) = viewer {
                assert_eq!(w.lab.write(move |tx| favourite(tx, viewer, id)).is_ok(), expected);
            }
        }
    }
}

#[test]
fn blocks_hide_everything_in_both_directions() {
    for swapped in [false, true] {
        let w = world();
        let statuses: Vec<_> = [Public, Unlisted, Private, Direct]
            .into_iter()
            .map(|v| post(&w.lab, w.author, "@mentioned x", v))
            .collect();
        for other in [w.follower, w.mentioned] {
            let (by, target) = if swapped { (other, w.author) } else { (w.author, other) };
            block(&w.lab, by, target);
            for status in &statuses {
                assert!(!seen(&w.lab, Some(other), status), "{:?} swapped {swapped}", status.visibility);
            }
        }
        assert!(seen(&w.lab, Some(w.stranger), &statuses[0]) && seen(&w.lab, Some(w.author), &statuses[3]));
    }
}

#[test]
fn nothing_of_a_suspended_author_is_seen() {
    let w = world();
    let status = post(&w.lab, w.author, "hello", Public);
    let author = w.author;
    w.lab
        .write(move |tx| {
            let mut row = account::find(tx, author)?.ok_or(Error::NotFound)?;
            row.suspended_at = Some(tx.now());
            Ok(account::put(tx, &row)?)
        })
        .expect("the account is suspended");
    for viewer in [None, Some(w.follower), Some(w.author)] {
        assert!(!seen(&w.lab, viewer, &status));
    }
}

#[test]
fn a_reblog_shows_no_more_than_its_original() {
    let w = world();
    let original = post(&w.lab, w.author, "for followers", Private);
    let reblog = Status { reblog_of: Some(original.id), ..post(&w.lab, w.stranger, "x", Public) };
    assert!(!seen(&w.lab, None, &reblog) && !seen(&w.lab, Some(w.stranger), &reblog));
    assert!(seen(&w.lab, Some(w.follower), &reblog));
    let (follower, author) = (w.follower, w.author);
    w.lab.write(move |tx| Ok(relationship::remove(tx, follower, author)?)).expect("the follow ends");
    assert!(!seen(&w.lab, Some(w.follower), &reblog));
    block(&w.lab, w.follower, w.stranger);
    follow(&w.lab, w.follower, w.author);
    assert!(!seen(&w.lab, Some(w.follower), &reblog), "the one who reblogged is blocked");
}
