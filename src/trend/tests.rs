//! Counting within its bounds, and what makes a trend.

use super::{
    DAY_MS,
    count::{Counted, Seen},
    day_of, first_kept,
};
use crate::limits;
use storage::{AccountId, StatusId, Timestamp};

const TODAY: u32 = 20_000;

fn seen(status: u64, account: u64, day: u32, tag: &str) -> Seen {
    let at = Timestamp(i64::from(day) * DAY_MS);
    let (status, account) = (StatusId(status), AccountId(account));
    Seen { status, account, day, at, tags: vec![tag.to_owned()], link: Some(format!("https://{tag}.test/")) }
}

fn uses(counted: &Counted, tag: &str) -> Vec<(u64, u64)> {
    let days = counted.by_day(TODAY, |day| day.tags.get(tag).into_iter().collect());
    days.iter().map(|day| (day.uses, day.accounts)).collect()
}

#[test]
fn a_status_counts_once_on_its_day() {
    let mut counted = Counted::default();
    for (status, account, day) in [(1, 1, TODAY), (1, 1, TODAY), (2, 1, TODAY), (3, 2, TODAY), (4, 1, TODAY - 6)] {
        counted.add(TODAY, seen(status, account, day, "rocks"));
    }
    assert_eq!(uses(&counted, "rocks"), [(3, 2), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (1, 1)]);
    counted.add(TODAY + 20, seen(5, 1, TODAY + 20, "rocks"));
    assert_eq!(uses(&counted, "rocks"), [(0, 0); 7], "old days go");
}

#[test]
fn nobody_fills_a_day() {
    let mut counted = Counted::default();
    for status in 0..10_000 {
        counted.add(TODAY, seen(status, 1, TODAY, &format!("tag{status}")));
    }
    let most = u64::from(limits::TREND_STATUSES_OF_ACCOUNT);
    assert_eq!(uses(&counted, &format!("tag{}", most - 1))[0], (1, 1));
    assert_eq!(uses(&counted, &format!("tag{most}"))[0], (0, 0));
    let all = limits::TREND_PAIRS_A_DAY as u64;
    for status in 10_000..10_000 + all {
        counted.add(TODAY, seen(status, status, TODAY, &format!("tag{status}")));
    }
    counted.add(TODAY, seen(5, 7, TODAY, "late"));
    assert_eq!(uses(&counted, "late")[0], (0, 0));
    for status in 0..10_000 {
        counted.mark(StatusId(status));
    }
    counted.mark(StatusId(9_000));
    let marked = counted.marked();
    assert_eq!((marked.len(), marked.last()), (limits::TREND_STATUSES, Some(&StatusId(9_000))));
}

#[test]
fn counting_begins_with_the_first_day_kept() {
    let now = Timestamp(i64::from(TODAY) * DAY_MS + 5);
    assert_eq!((day_of(now), day_of(first_kept(now).time())), (TODAY, TODAY - limits::TREND_DAYS));
}
