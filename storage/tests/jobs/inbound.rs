//! Inbound activities.

use crate::lab::{DAY_MS, Lab};
use storage::{
    Timestamp,
    inbound::{
        self, ATTEMPTS_MAX, Accepted, Arrival, BODY_MAX_BYTES, Deed, Dropped, INBOUND_DEAD, INBOUND_DROPPED,
        INBOUND_SEEN, Place, Word,
    },
    limits,
};

const ALICE: &str = "https://a.test/users/alice";
const BOB: &str = "https://b.test/users/bob";

fn arrive(lab: &Lab, actor: &'static str, signer: &'static str, activity: &str, body: &[u8]) -> Accepted {
    let (activity, body) = (activity.to_owned(), body.to_vec());
    lab.write(move |tx| inbound::accept(tx, &Arrival { actor, signer, inbox: "", activity: &activity, body: &body }))
}

fn places(lab: &Lab) -> Vec<(Place, Timestamp)> {
    lab.read(|view| inbound::waiting(view, None, 100))
}

#[test]
fn activities_of_an_actor_wait_in_the_order_of_arrival_and_survive_a_restart() {
    let mut lab = Lab::new();
    for number in 0..3 {
        arrive(&lab, ALICE, ALICE, &format!("https://a.test/{number}"), format!("body {number}").as_bytes());
        arrive(&lab, BOB, BOB, &format!("https://b.test/{number}"), b"{}");
    }
    lab.reopen();
    let mut bodies = Vec::new();
    for (place, _) in places(&lab) {
        let (row, body) = lab.read(|view| inbound::find(view, place)).unwrap();
        if row.actor == ALICE {
            bodies.push(String::from_utf8(body).unwrap());
        }
    }
    assert_eq!(bodies, ["body 0", "body 1", "body 2"]);
    let first = places(&lab)[0].0;
    let rest = lab.read(|view| inbound::waiting(view, Some(first), 100));
    assert_eq!(rest.len(), 5);
    lab.write(move |tx| inbound::finish(tx, &[first]));
    assert!(lab.read(|view| inbound::find(view, first)).is_none());
}

#[test]
fn a_long_body_is_chunks_of_one_commit_and_leaves_nothing_behind() {
    let lab = Lab::new();
    let body: Vec<u8> = (0..BODY_MAX_BYTES).map(|n| (n % 251) as u8).collect();
    arrive(&lab, ALICE, ALICE, "https://a.test/long", &body);
    let place = places(&lab)[0].0;
    assert!(lab.read(|view| inbound::find(view, place)).unwrap().1 == body);
    lab.write(move |tx| inbound::finish(tx, &[place]));
    let left = lab
        .read(|view| inbound::INBOUND_CHUNKS.list(view, &(), storage::Bounds::NONE, storage::Direction::Ascending, 10));
    assert!(left.is_empty());
}

#[test]
fn a_repetition_is_recognised_for_a_week_and_then_forgotten() {
    let lab = Lab::new();
    assert_eq!(arrive(&lab, ALICE, ALICE, "https://a.test/1", b"{}"), Accepted::Stored);
    lab.advance(7 * DAY_MS - 1_000);
    assert_eq!(arrive(&lab, ALICE, ALICE, "https://a.test/1", b"{}"), Accepted::Duplicate);
    lab.advance(2 * DAY_MS);
    while lab.write(inbound::prune) {}
    let left = lab.read(|view| INBOUND_SEEN.list(view, &(), storage::Bounds::NONE, storage::Direction::Ascending, 10));
    assert!(left.is_empty());
    assert_eq!(arrive(&lab, ALICE, ALICE, "https://a.test/1", b"{}"), Accepted::Stored);
}

#[test]
fn a_forged_copy_does_not_make_the_true_activity_look_like_a_repetition() {
    let lab = Lab::new();
    assert_eq!(arrive(&lab, ALICE, BOB, "https://a.test/1", b"forged"), Accepted::Stored);
    assert_eq!(arrive(&lab, ALICE, BOB, "https://a.test/1", b"forged"), Accepted::Duplicate);
    assert_eq!(arrive(&lab, ALICE, ALICE, "https://a.test/1", b"true"), Accepted::Stored);
}

#[test]
fn what_comes_to_several_own_inboxes_under_one_name_is_stored_once_for_each() {
    let lab = Lab::new();
    let comes_to = |inbox: &'static str| {
        lab.write(move |tx| {
            let arrival = Arrival { actor: ALICE, signer: ALICE, inbox, activity: "https://a.test/1", body: b"{}" };
            if inbox.is_empty() { inbound::accept(tx, &arrival) } else { inbound::accept_for_owner(tx, &arrival) }
        })
    };
    for (inbox, became) in [
        ("ann", Accepted::Stored),
        ("ann", Accepted::Duplicate),
        ("bob", Accepted::Stored),
        ("", Accepted::Duplicate),
        ("bob", Accepted::Duplicate),
    ] {
        assert_eq!(comes_to(inbox), became, "{inbox}");
    }
}

#[test]
fn what_is_said_again_under_one_id_counts_again_and_a_copy_of_it_never() {
    let lab = Lab::new();
    let says = |deed, about: &'static str, body: &'static [u8], request: &'static [u8]| {
        lab.write(move |tx| {
            let arrival = Arrival { actor: ALICE, signer: ALICE, inbox: "", activity: "https://a.test/undo", body };
            inbound::accept_word(tx, &arrival, &Word { deed, about, request })
        })
    };
    let follow = "https://a.test/follow";
    assert_eq!(says(Deed::Undo, follow, b"undo", b"1"), Accepted::Stored);
    assert_eq!(says(Deed::Undo, follow, b"undo", b"2"), Accepted::Duplicate, "another try");
    assert_eq!(says(Deed::Undo, follow, b"again", b"3"), Accepted::Stored, "other words");
    assert_eq!(says(Deed::Undo, follow, b"undo", b"4"), Accepted::Duplicate, "a late try");
    assert_eq!(says(Deed::Undo, "https://a.test/other", b"undo", b"5"), Accepted::Stored, "about something else");
    assert_eq!(says(Deed::Follow, follow, b"follow", b"6"), Accepted::Stored);
    assert_eq!(says(Deed::Undo, follow, b"undo", b"7"), Accepted::Stored, "it was followed between the two");
    for request in [b"8", b"9"] {
        assert_eq!(says(Deed::Follow, follow, b"follow", request), Accepted::Stored, "it does not stand here");
    }
    lab.advance(2 * DAY_MS);
    for request in [b"1", b"3", b"5", b"6", b"7", b"8", b"9"] {
        assert_eq!(says(Deed::Reject, follow, b"x", request), Accepted::Duplicate, "the same request");
    }
    assert_eq!(says(Deed::Undo, follow, b"undo", b"10"), Accepted::Stored, "days later, too");
    let by_proof = arrive(&lab, ALICE, ALICE, "https://a.test/undo", b"undo");
    assert_eq!(by_proof, Accepted::Duplicate, "somebody else brings it");
}

#[test]
fn a_mark_counts_again_in_other_words_and_holds_until_its_actor_takes_it_back() {
    let lab = Lab::new();
    let says = |deed, body: &'static [u8], request: &'static [u8]| {
        lab.write(move |tx| {
            let (activity, about) = ("https://a.test/l/undo", "https://a.test/l");
            let activity = if deed == Deed::Mark { about } else { activity };
            let arrival = Arrival { actor: ALICE, signer: ALICE, inbox: "", activity, body };
            inbound::accept_word(tx, &arrival, &Word { deed, about, request })
        })
    };
    let holds = || lab.read(|view| inbound::marks_still(view, ALICE, "https://a.test/l", lab.now()));
    assert!(!holds());
    for (like, undo) in [(b"like 1", b"undo 1"), (b"like 2", b"undo 2")] {
        assert_eq!(says(Deed::Mark, like, b"1"), Accepted::Stored);
        assert_eq!(says(Deed::Mark, like, b"2"), Accepted::Duplicate, "another try");
        assert!(holds());
        assert_eq!(says(Deed::Unmark, undo, b"3"), Accepted::Stored);
        assert!(!holds());
        assert_eq!(says(Deed::Mark, like, b"4"), Accepted::Duplicate, "a late try");
        assert!(!holds());
    }
    assert_eq!(says(Deed::Mark, b"like 3", b"5"), Accepted::Stored);
    assert_eq!(says(Deed::Unmark, b"undo 2", b"6"), Accepted::Duplicate, "it took back the second");
    assert!(holds());
    lab.advance(9 * DAY_MS);
    assert!(!holds(), "it is forgotten");
}

#[test]
fn what_others_bring_in_an_actors_name_waits_in_a_line_of_its_own() {
    let lab = Lab::new();
    arrive(&lab, ALICE, BOB, "https://a.test/1", b"{}");
    arrive(&lab, ALICE, ALICE, "https://a.test/2", b"{}");
    arrive(&lab, ALICE, ALICE, "https://a.test/3", b"{}");
    let mut lines: Vec<_> = places(&lab).into_iter().map(|((line, _), _)| line).collect();
    assert_eq!(lines.len(), 3);
    lines.dedup();
    assert_eq!(lines.len(), 2);
    assert!(lines.contains(&inbound::line(ALICE, ALICE)) && lines.contains(&inbound::line(ALICE, BOB)));
}

#[test]
fn what_fails_too_often_goes_to_the_dead_letters_with_its_error() {
    let lab = Lab::new();
    arrive(&lab, ALICE, ALICE, "https://a.test/1", b"{}");
    arrive(&lab, ALICE, ALICE, "https://a.test/2", b"{}");
    let place = places(&lab)[0].0;
    for attempt in 1..=ATTEMPTS_MAX {
        let due = lab.now().plus_ms(60_000);
        let again = lab.write(move |tx| inbound::postpone(tx, place, due, "its parent cannot be had"));
        assert_eq!(again, attempt < ATTEMPTS_MAX);
        if again {
            assert_eq!(places(&lab)[0], (place, due), "it steps aside");
        }
    }
    assert_eq!(places(&lab).len(), 1, "its successor still waits");
    let dead = lab.read(|view| INBOUND_DEAD.list(view, &(), storage::Bounds::NONE, storage::Direction::Ascending, 10));
    assert_eq!(dead[0].1.inbound.last_error, "its parent cannot be had");
    let (count, last) = lab.read(|view| inbound::dead_of(view, "a.test", 5));
    assert_eq!((count, last[0].inbound.actor.as_str(), last[0].died_at), (1, ALICE, lab.now()));
    assert_eq!(lab.read(|view| inbound::dead_of(view, "b.test", 5)), (0, Vec::new()));
}

#[test]
fn the_last_dead_letters_are_told_and_all_are_counted() {
    let lab = Lab::new();
    for number in 0..4 {
        arrive(&lab, ALICE, ALICE, &format!("https://a.test/{number}"), b"{}");
        let place = places(&lab)[0].0;
        lab.advance(1_000);
        lab.write(move |tx| {
            let due = tx.now();
            while inbound::postpone(tx, place, due, &format!("number {number}"))? {}
            Ok(())
        });
    }
    let (count, last) = lab.read(|view| inbound::dead_of(view, "a.test", 2));
    let reasons: Vec<_> = last.iter().map(|row| row.inbound.last_error.as_str()).collect();
    assert_eq!((count, reasons), (4, vec!["number 3", "number 2"]));
}

#[test]
fn what_was_dropped_is_counted_by_server_type_and_reason_and_the_last_one_told() {
    let lab = Lab::new();
    let start = lab.now();
    let one = move |kind: &str, why: &str, actor: &str, ms| Dropped::one("a.test", kind, why, actor, start.plus_ms(ms));
    lab.write(move |tx| {
        let rows = [
            one("Create", "concerns nobody here", ALICE, 1),
            one("Create", "concerns nobody here", BOB, 2),
            one("Delete", "not stored", ALICE, 3),
            Dropped::one("b.test", "Create", "concerns nobody here", BOB, start.plus_ms(4)),
        ];
        inbound::note_dropped(tx, &rows)
    });
    lab.write(move |tx| inbound::note_dropped(tx, &[one("Create", "concerns nobody here", ALICE, 5)]));
    let told: Vec<_> = lab
        .read(|view| inbound::dropped_of(view, "a.test"))
        .into_iter()
        .map(|row| (row.kind, row.why, row.count, row.actor, row.at))
        .collect();
    let of_kind = |kind: &str, why: &str, count, ms| {
        (kind.to_owned(), why.to_owned(), count, ALICE.to_owned(), start.plus_ms(ms))
    };
    assert_eq!(
        told,
        [of_kind("Create", "concerns nobody here", 3, 5), of_kind("Delete", "not stored", 1, 3)],
        "the latest first"
    );
}

#[test]
fn whoever_is_dropped_for_ever_new_reasons_takes_a_bounded_number_of_rows() {
    let lab = Lab::new();
    for from in (0..limits::DROPPED_MAX * 2).step_by(256) {
        lab.write(move |tx| {
            let of = |number: u32| Dropped::one(&format!("{number}.evil.test"), "Create", "no", ALICE, Timestamp(0));
            inbound::note_dropped(tx, &(from..from + 256).map(of).collect::<Vec<_>>())
        });
    }
    let most = limits::DROPPED_MAX as usize + 1;
    let rows =
        lab.read(|view| INBOUND_DROPPED.list(view, &(), storage::Bounds::NONE, storage::Direction::Ascending, most));
    assert!(rows.len() < most && rows.len() > most / 2, "{}", rows.len());
}

#[test]
fn a_body_above_the_bound_is_refused() {
    let lab = Lab::new();
    arrive(&lab, ALICE, ALICE, "https://a.test/1", b"{}");
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        arrive(&lab, ALICE, ALICE, "https://a.test/2", &vec![b' '; BODY_MAX_BYTES + 1])
    }));
    assert!(outcome.is_err());
    assert_eq!(places(&lab).len(), 1);
}
