//! Taking part ends: with the answer, with what was to be posted, with the account. And a status that goes takes all who held
//! it along.

use super::{
    rules::{answer, new},
    shares::{holders, polled, quotable},
    *,
};
use crate::{
    account::lab::START,
    media::Fate,
    poll,
    status::{self as rules, Created, NewStatus, purge},
};
use std::collections::BTreeSet;
use storage::{
    job::JobKind,
    retention::{Touch, touch},
};

/// Does what was left to jobs.
fn work(lab: &Lab) {
    for job in lab.jobs() {
        match job {
            JobKind::LeaveThread { account, parent } => {
                lab.write(move |tx| purge::of_thread(tx, account, parent)).expect("left");
            }
            JobKind::PurgeStatus { status, author } => {
                while lab.write(move |tx| purge::of_status(tx, author, status)).expect("purged") {}
            }
            _ => {}
        }
    }
}

fn delete(lab: &Lab, author: AccountId, id: StatusId) {
    lab.write(move |tx| rules::delete(tx, author, id, Fate::Gone)).expect("deleted");
    work(lab);
}

/// Lets what was kept be looked at again; how much went.
fn later(lab: &Lab) -> usize {
    lab.advance(2 * DAY_MS);
    run(lab, PRESSED)
}

#[test]
fn a_thread_goes_once_the_last_answer_of_somebody_here_is_deleted() {
    let lab = lab();
    let (here, far) = (lab.local("here"), lab.remote("far"));
    let root = arrives(&lab, far, 1, None);
    let middle = arrives(&lab, far, 2, Some(1));
    let beside = arrives(&lab, far, 3, Some(1));
    let (first, second) = (answer(&lab, here, middle), answer(&lab, here, middle));
    let deeper = answer(&lab, here, second);
    lab.write(move |tx| rules::favourite(tx, here, middle)).expect("marked");
    assert_eq!(later(&lab), 0);
    delete(&lab, here, first);
    delete(&lab, here, deeper);
    assert_eq!(later(&lab), 0, "one stands");
    delete(&lab, here, second);
    assert_eq!(holders(&lab), BTreeSet::from([(middle, here)]));
    assert_eq!(later(&lab), 2);
    assert!(find(&lab, root).is_none() && find(&lab, beside).is_none());
    lab.write(move |tx| rules::unfavourite(tx, here, middle)).expect("taken back");
    assert_eq!(later(&lab), 1, "it was held by its mark alone");
}

#[test]
fn an_answer_elsewhere_in_the_thread_holds_what_stands_above_both() {
    let lab = lab();
    let (here, far) = (lab.local("here"), lab.remote("far"));
    let root = arrives(&lab, far, 1, None);
    let (left, right) = (arrives(&lab, far, 2, Some(1)), arrives(&lab, far, 3, Some(1)));
    let (one, other) = (answer(&lab, here, left), answer(&lab, here, right));
    delete(&lab, here, one);
    assert_eq!(holders(&lab), BTreeSet::from([(root, here), (right, here)]));
    delete(&lab, here, other);
    assert_eq!(holders(&lab), BTreeSet::new());
    assert_eq!(later(&lab), 3);
}

#[test]
fn who_else_took_part_holds_what_turned_up_above_the_thread() {
    let lab = lab();
    let (here, there, far) = (lab.local("here"), lab.local("there"), lab.remote("far"));
    let middle = arrives(&lab, far, 2, Some(1));
    let (mine, theirs) = (answer(&lab, here, middle), answer(&lab, there, middle));
    // Fetched afterwards: of one of the two it is known that they took part below it.
    let root = arrives(&lab, far, 1, None);
    assert_eq!(holders(&lab), BTreeSet::from([(middle, here), (middle, there), (root, here)]));
    delete(&lab, here, mine);
    assert_eq!(holders(&lab), BTreeSet::from([(middle, there), (root, there)]));
    assert_eq!(later(&lab), 0);
    delete(&lab, there, theirs);
    assert_eq!(later(&lab), 2);
}

#[test]
fn more_answers_than_are_looked_at_stay_held() {
    let lab = lab();
    let (here, far) = (lab.local("here"), lab.remote("far"));
    let root = arrives(&lab, far, 0, None);
    for number in 1..=200 {
        arrives(&lab, far, number, Some(0));
    }
    let mine = answer(&lab, here, root);
    let more = arrives(&lab, far, 201, Some(0));
    delete(&lab, here, mine);
    assert_eq!(holders(&lab), BTreeSet::from([(root, here)]));
    // With one answer less it would have been seen that nobody here is among them.
    let gone = find(&lab, more).expect("there").uri;
    lab.write(move |tx| accept::accept_delete(tx, far, &gone)).expect("deleted");
    work(&lab);
    assert_eq!(holders(&lab), BTreeSet::new());
}

#[test]
fn what_is_not_posted_after_all_holds_nothing_and_what_is_posted_holds_its_own() {
    let lab = lab();
    let (here, far) = (lab.local("here"), lab.remote("far"));
    let root = arrives(&lab, far, 1, None);
    let middle = arrives(&lab, far, 2, Some(1));
    let (one, other) = (quotable(&lab, far, 3), quotable(&lab, far, 4));
    let schedule = |in_reply_to, quoted| {
        let new = NewStatus { in_reply_to, quoted, scheduled_at: Some(START.plus_ms(30 * DAY_MS)), ..new(&lab, here) };
        match lab.write(move |tx| rules::create(tx, &new)).expect("scheduled") {
            Created::Scheduled(id, _) => id,
            posted => panic!("its time has not come: {posted:?}"),
        }
    };
    let cancel = |id| {
        lab.write(move |tx| rules::scheduled::cancel(tx, here, id)).expect("taken back");
        work(&lab);
    };
    let (answers, both, quotes) =
        (schedule(Some(middle), None), schedule(Some(middle), Some(one)), schedule(None, Some(other)));
    assert_eq!(later(&lab), 0);
    cancel(both);
    assert_eq!(later(&lab), 1);
    assert!(find(&lab, one).is_none(), "nothing is to quote it any more");
    cancel(answers);
    assert_eq!(holders(&lab), BTreeSet::from([(other, here)]));
    assert_eq!(later(&lab), 2);
    assert!(find(&lab, root).is_none() && find(&lab, middle).is_none());
    lab.advance(30 * DAY_MS);
    let composed = new(&lab, here).composed;
    lab.write(move |tx| rules::scheduled::publish(tx, quotes, &composed)).expect("posted");
    work(&lab);
    let held = lab.read(|read| Ok(storage::retention::TOUCHED.get(read, &(other, here))?));
    assert_eq!(held, Some(Touch::Marked), "it is quoted");
    assert_eq!(later(&lab), 0);
}

#[test]
fn an_account_that_leaves_holds_nothing_any_more() {
    let lab = lab();
    let (here, there, far) = (lab.local("here"), lab.local("there"), lab.remote("far"));
    // Answered by both; what stands above it was fetched afterwards and has a higher number.
    let middle = arrives(&lab, far, 2, Some(1));
    answer(&lab, here, middle);
    answer(&lab, there, middle);
    let root = arrives(&lab, far, 1, None);
    let (poll, liked, left_behind) = (polled(&lab, far, 3), arrives(&lab, far, 4, None), arrives(&lab, far, 5, None));
    lab.write(move |tx| {
        poll::vote(tx, here, poll, &[0])?;
        rules::favourite(tx, here, liked)?;
        // As an earlier version left it whose answer went without it.
        Ok(touch(tx, left_behind, here, Touch::TookPart)?)
    })
    .expect("marked");
    answer(&lab, here, root);
    assert_eq!(later(&lab), 0);
    while lab.write(move |tx| purge::of_account(tx, here)).expect("purged") {}
    let mut before = Some(None);
    while let Some(row) = before {
        before = lab.write(move |tx| purge::of_holder(tx, here, row)).expect("released").map(Some);
    }
    work(&lab);
    assert_eq!(holders(&lab), BTreeSet::from([(middle, there), (root, there)]));
    assert!(lab.read(|read| Ok(storage::poll::ballot(read, poll, here)?)).is_none());
    assert_eq!(later(&lab), 3);
    assert!([poll, liked, left_behind].iter().all(|id| find(&lab, *id).is_none()));
}

#[test]
fn everybody_who_held_a_deleted_status_is_forgotten() {
    let lab = lab();
    let far = lab.remote("far");
    let gone = arrives(&lab, far, 1, None);
    for step in 0..3 {
        lab.write(move |tx| {
            for number in 0..100 {
                touch(tx, gone, AccountId(1_000 + 100 * step + number), Touch::TookPart)?;
            }
            Ok(())
        })
        .expect("held");
    }
    lab.write(move |tx| accept::accept_delete(tx, far, "https://far.test/statuses/1")).expect("deleted");
    assert!(find(&lab, gone).is_none() && !holders(&lab).is_empty(), "more than go with it at once");
    work(&lab);
    assert_eq!(holders(&lab), BTreeSet::new());
}
