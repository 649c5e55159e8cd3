//! Jobs.

use crate::lab::Lab;
use storage::{
    AccountId, JobId, StatusId,
    intent::Intent,
    job::{self, ATTEMPTS_MAX, JobClass, JobKind},
};

fn due(lab: &Lab, class: JobClass) -> Vec<JobId> {
    let now = lab.now();
    lab.read(|view| job::due(view, class, now, 100)).0.into_iter().map(|(id, _)| id).collect()
}

#[test]
fn what_is_told_goes_in_the_order_of_its_commits_even_if_the_clock_is_set_back() {
    let lab = Lab::new();
    let tell = |lab: &Lab, status| {
        lab.write(move |tx| Ok(job::enqueue(tx, JobKind::Distribute(Intent::Create { status: StatusId(status) }))))
    };
    let first = tell(&lab, 1);
    lab.advance(-60_000);
    let second = tell(&lab, 2);
    assert_eq!(due(&lab, JobClass::Distribute), [first, second]);
}

#[test]
fn classes_do_not_hold_up_each_other_and_what_steps_aside_comes_back() {
    let mut lab = Lab::new();
    let fetch = lab.write(|tx| Ok(job::enqueue(tx, JobKind::RefreshAccount { account: AccountId(1) })));
    let purge = lab.write(|tx| Ok(job::enqueue(tx, JobKind::PurgeAccount { account: AccountId(1) })));
    assert_eq!(due(&lab, JobClass::Fetch), [fetch]);
    let later = lab.now().plus_ms(5_000);
    assert!(lab.write(move |tx| job::postpone(tx, fetch, later, "no answer")));
    lab.reopen();
    assert!(due(&lab, JobClass::Fetch).is_empty());
    assert_eq!(due(&lab, JobClass::Purge), [purge]);
    let now = lab.now();
    assert_eq!(lab.read(|view| job::due(view, JobClass::Fetch, now, 100)).1, Some(later));
    lab.advance(5_000);
    assert_eq!(due(&lab, JobClass::Fetch), [fetch]);
    lab.write(move |tx| job::finish(tx, fetch));
    assert!(due(&lab, JobClass::Fetch).is_empty());
}

#[test]
fn jobs_that_may_be_put_off_begin_within_their_time_and_not_at_once() {
    const SPREAD_MS: i64 = 10_000;
    let lab = Lab::new();
    for number in 0..50 {
        let kind = JobKind::FetchAncestors { status: StatusId(number) };
        lab.write(move |tx| Ok(job::enqueue_within(tx, kind.clone(), SPREAD_MS)));
    }
    let begun = lab.now();
    let (all, next) = lab.read(|view| job::due(view, JobClass::Fetch, begun.plus_ms(SPREAD_MS - 1), 100));
    assert_eq!((all.len(), next), (50, None));
    let half = lab.read(|view| job::due(view, JobClass::Fetch, begun.plus_ms(SPREAD_MS / 2), 100)).0.len();
    assert!((10..=40).contains(&half), "{half} of 50 begin in the first half");
}

#[test]
fn a_job_is_given_up_after_its_last_try() {
    let lab = Lab::new();
    let id = lab.write(|tx| Ok(job::enqueue(tx, JobKind::RefreshAccount { account: AccountId(1) })));
    let now = lab.now();
    for attempt in 1..=ATTEMPTS_MAX {
        assert_eq!(lab.write(move |tx| job::postpone(tx, id, now, "no answer")), attempt < ATTEMPTS_MAX);
    }
    assert!(due(&lab, JobClass::Fetch).is_empty());
}

#[test]
fn what_could_not_begin_is_put_off_with_all_its_tries() {
    let mut lab = Lab::new();
    let (account, asked_at) = (AccountId(1), lab.now());
    let id = lab.write(move |tx| Ok(job::enqueue(tx, JobKind::TakeOut { account, asked_at })));
    assert!(lab.write(move |tx| job::postpone(tx, id, asked_at, "no answer")));
    let later = asked_at.plus_ms(60_000);
    for _ in 0..=ATTEMPTS_MAX {
        lab.write(move |tx| job::put_off(tx, id, later));
    }
    lab.reopen();
    let waiting = |now| lab.read(|view| job::due(view, JobClass::Import, now, 100));
    assert_eq!(waiting(later.plus_ms(-1)), (Vec::new(), Some(later)));
    let (jobs, next) = waiting(later);
    let found: Vec<_> = jobs.iter().map(|(id, job)| (*id, job.due, job.attempts, job.last_error.as_str())).collect();
    assert_eq!((found, next), (vec![(id, later, 1, "no answer")], None), "once, and tried as often as before");
    lab.write(move |tx| job::finish(tx, id));
    lab.write(move |tx| job::put_off(tx, id, later));
    assert_eq!(waiting(later), (Vec::new(), None), "what is done does not come back");
}
