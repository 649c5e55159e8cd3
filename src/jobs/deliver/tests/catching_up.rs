//! In which order a peer that returns gets what it is owed.

use super::{FAST, NOW, OWED, Rows, all, ids, number, part, retry};
use crate::{
    jobs::deliver::{
        plan::{Plan, Verdict},
        rows::{Found, Look, Wanted},
    },
    limits,
};
use std::collections::HashMap;
use storage::{
    ActivityId, Timestamp,
    delivery::{Delivery, Priority},
    peer::{Failing, Peer, REVIVED_AFTER_MS, backoff_ms},
    undelivered::Reason,
};

/// What a peer that is owed these is sent, until it is owed nothing. `meanwhile` happens before each round; between two there
/// is a flush.
fn caught_up(rows: &mut Rows, objects: &HashMap<u64, &str>, mut meanwhile: impl FnMut(usize, &mut Plan)) -> Vec<u64> {
    let (mut plan, mut sent, mut quiet) = (plan_for(rows), Vec::new(), 0);
    for round in 0.. {
        meanwhile(round, &mut plan);
        let before = sent.len();
        for _ in 0..10 {
            rows.feed(&mut plan, objects, NOW);
            for (ticket, sending) in all(&mut plan, NOW) {
                sent.push(sending.item.document.id.0);
                plan.ended(ticket, Verdict::Done, true, NOW, 0);
            }
        }
        rows.flush(&mut plan, NOW);
        quiet = if sent.len() > before { 0 } else { quiet + 1 };
        if quiet > 3 {
            break;
        }
    }
    assert!(rows.0.is_empty(), "nothing is owed any more: {:?}", rows.0.keys().next());
    assert_eq!(plan.planned(), 0);
    sent
}

/// `a.test`, which is owed these.
fn peer_owed(rows: &Rows) -> Peer {
    Peer { owed: u32::try_from(rows.0.len()).expect("small"), ..Peer::new(NOW) }
}

/// A plan that knows of it.
fn plan_for(rows: &Rows) -> Plan {
    let mut plan = Plan::default();
    plan.add_peer("a.test", peer_owed(rows), NOW);
    plan
}

/// A plan that knows of it, and that it was away when it was asked.
fn plan_while_away(rows: &Rows) -> Plan {
    let (mut plan, mut peer) = (Plan::default(), peer_owed(rows));
    peer.fail(NOW, "connection refused", Failing::Away, None, 0);
    plan.add_peer("a.test", peer, NOW);
    plan
}

/// Rows of `a.test`, with their priorities.
fn owing(ids: impl Iterator<Item = (u64, Priority)>) -> Rows {
    let mut rows = Rows::default();
    for (id, priority) in ids {
        let delivery = Delivery { domain: "a.test".to_owned(), activity: ActivityId(id), inbox: number("a.test") };
        rows.0.insert(("a.test".to_owned(), ActivityId(id)), (delivery, OWED));
        rows.1.insert(id, priority);
    }
    rows
}

#[test]
fn a_peer_that_returns_gets_what_is_direct_first_however_much_it_is_owed() {
    let kinds = [Priority::Profile, Priority::Reblog, Priority::Public, Priority::Public];
    let of = |id: u64| if matches!(id, 700 | 1_000) { Priority::Direct } else { kinds[id as usize % 4] };
    let mut rows = owing((1..=1_000).map(|id| (id, of(id))));
    let names: Vec<String> = (1..=1_000).map(|id| format!("x{id}")).collect();
    let objects: HashMap<u64, &str> = (1..).zip(names.iter().map(String::as_str)).collect();
    let sent = caught_up(&mut rows, &objects, |_, _| {});
    let mut expected: Vec<u64> = (1..=1_000).collect();
    expected.sort_by_key(|id| (of(*id), *id));
    assert_eq!(expected[..2], [700, 1_000]);
    assert_eq!(sent, expected, "by priority, and within one in the order of activities; each once");
}

#[test]
fn what_is_about_one_object_is_caught_up_with_in_its_order_whatever_its_priorities() {
    // Of ten objects: a Create for everybody, an edit that mentions somebody, a reblog's end; all between much else.
    let mut ids: Vec<(u64, Priority)> = (1..=300).map(|id| (id, Priority::Public)).collect();
    ids.extend((301..=310).map(|id| (id, Priority::Direct)));
    ids.extend((311..=320).map(|id| (id, Priority::Reblog)));
    ids.extend((321..=330).map(|id| (id, Priority::Direct)));
    let mut rows = owing(ids.into_iter());
    let names: Vec<String> = (1..=330).map(|id| format!("x{}", if id <= 300 { id } else { id % 10 + 1 })).collect();
    let objects: HashMap<u64, &str> = (1..).zip(names.iter().map(String::as_str)).collect();
    let sent = caught_up(&mut rows, &objects, |_, _| {});
    assert_eq!(sent.len(), 330, "each once");
    let mut last: HashMap<&str, u64> = HashMap::new();
    for id in sent {
        let before = last.insert(objects[&id], id).unwrap_or(0);
        assert!(before < id, "{id} came behind {before} of the same object");
    }
}

#[test]
fn what_becomes_owed_while_a_peer_catches_up_goes_before_the_rest_and_never_stops_it() {
    let mut rows = owing((1..=500).map(|id| (id, Priority::Public)));
    let names: Vec<String> = (1..=600).map(|id| format!("x{id}")).collect();
    let objects: HashMap<u64, &str> = (1..).zip(names.iter().map(String::as_str)).collect();
    (501..=600).for_each(|id| {
        rows.1.insert(id, Priority::Direct);
    });
    // With each round another one becomes owed.
    let sent = caught_up(&mut rows, &objects, |round, plan| {
        let id = 501 + round as u64;
        if round < 100 {
            plan.add_part(ActivityId(id), part(objects[&id], Priority::Direct, &["a.test"]), &HashMap::new(), NOW);
        }
    });
    assert_eq!(sent.len(), 600, "each once");
    let place = |wanted: u64| sent.iter().position(|id| *id == wanted).expect("it was sent");
    let window = limits::DELIVERY_WINDOW;
    assert!(place(501) <= 2 * window, "the first waits for a window at most, not for all: {}", place(501));
    assert!(place(500) < place(600), "the others go on although something direct is always owed");
}

#[test]
fn much_that_is_direct_holds_up_what_waits_behind_it_for_some_looks_only() {
    // Ten old reblogs, and very much that is direct, of which each tenth is about what was reblogged.
    let of = |id: u64| if id <= 10 { Priority::Reblog } else { Priority::Direct };
    let mut rows = owing((1..=1_000).map(|id| (id, of(id))));
    let name = |id: u64| format!("x{}", if (1..=10).contains(&(id % 100)) { id % 100 } else { id });
    let names: Vec<String> = (1..=1_000).map(name).collect();
    let objects: HashMap<u64, &str> = (1..).zip(names.iter().map(String::as_str)).collect();
    let sent = caught_up(&mut rows, &objects, |_, _| {});
    assert_eq!(sent.len(), 1_000, "each once");
    assert_eq!(sent[0], 11, "what is direct goes first");
    let last = sent.iter().rposition(|id| *id <= 10).expect("they were sent");
    let most = (limits::DELIVERY_PASS_LOOKS + 1) * limits::DELIVERY_WINDOW;
    assert!(last < most, "the reblogs are through after {last}");
    let mut before: HashMap<&str, u64> = HashMap::new();
    for id in sent {
        let earlier = before.insert(objects[&id], id).unwrap_or(0);
        assert!(earlier < id, "{id} came behind {earlier} of the same object");
    }
}

#[test]
fn a_failing_peer_is_asked_with_the_oldest_row_and_gets_what_is_direct_once_it_answers() {
    let mut rows = owing((1..=100).map(|id| (id, if id > 98 { Priority::Direct } else { Priority::Public })));
    let names: Vec<String> = (1..=100).map(|id| format!("x{id}")).collect();
    let objects: HashMap<u64, &str> = (1..).zip(names.iter().map(String::as_str)).collect();
    let (mut plan, mut now) = (plan_while_away(&rows), NOW);
    for _ in 0..3 {
        now = now.plus_ms(3_600_000);
        assert!(plan.next(FAST, now).is_none(), "its rows are to be read first");
        rows.feed(&mut plan, &objects, now);
        let sent = all(&mut plan, now);
        assert_eq!(ids(&sent), [1]);
        plan.ended(sent[0].0, retry(), true, now, 0);
        rows.flush(&mut plan, now);
    }
    now = now.plus_ms(3_600_000);
    assert!(plan.next(FAST, now).is_none(), "its rows are to be read first");
    let mut received = Vec::new();
    for _ in 0..5 {
        rows.feed(&mut plan, &objects, now);
        let sent = all(&mut plan, now);
        received.extend(ids(&sent));
        plan.ended(sent[0].0, Verdict::Done, true, now, 0);
        rows.flush(&mut plan, now);
    }
    assert_eq!(received, [1, 99, 100, 2, 3]);
}

/// At its next try a peer that is owed these is away; what it was asked with, and when.
fn is_away(plan: &mut Plan, rows: &mut Rows, objects: &HashMap<u64, &str>, after: Timestamp) -> (Vec<u64>, Timestamp) {
    is_away_for(plan, rows, objects, after, 0)
}

/// The same; the pause is longer by a jitter that is drawn so.
fn is_away_for(
    plan: &mut Plan,
    rows: &mut Rows,
    objects: &HashMap<u64, &str>,
    after: Timestamp,
    random: u64,
) -> (Vec<u64>, Timestamp) {
    let now = plan.next_wake(after).expect("it is owed something");
    assert!(plan.next(FAST, now).is_none(), "its rows are to be read first");
    rows.feed(plan, objects, now);
    let sent = all(plan, now);
    plan.ended(sent[0].0, retry(), true, now, random);
    rows.flush(plan, now);
    (ids(&sent), now)
}

#[test]
fn what_a_silent_peer_was_asked_with_lets_others_go_first_and_goes_at_once_when_it_is_heard_from() {
    let mut rows = owing([(1, Priority::Public), (2, Priority::Public)].into_iter());
    let objects = HashMap::from([(1, "x"), (2, "y")]);
    let (mut plan, mut now, mut asked) = (plan_for(&rows), NOW, Vec::new());
    for _ in 0..limits::DELIVERY_STEP_ASIDE + 2 {
        let (with, at) = is_away(&mut plan, &mut rows, &objects, now);
        asked.extend(with);
        now = at;
    }
    assert_eq!(asked, [1, 1, 1, 1, 1, 1, 1, 2], "it has stepped aside");
    now = now.plus_ms(REVIVED_AFTER_MS);
    plan.revive("a.test", now);
    let mut received = Vec::new();
    for _ in 0..2 {
        rows.feed(&mut plan, &objects, now);
        let sent = all(&mut plan, now);
        received.extend(ids(&sent));
        plan.ended(sent[0].0, Verdict::Done, true, now, 0);
    }
    assert_eq!(received, [1, 2]);
}

/// A peer is silent for twelve days and owed `owed` deliveries; the tries until one of them was given up, and in days when.
/// Pauses are as long as they can be if so they are to be, or as short.
fn until_given_up(owed: u64, longest: bool) -> (u32, Option<i64>) {
    const DAY_MS: i64 = 24 * 60 * 60_000;
    let mut rows = owing((1..=owed).map(|id| (id, Priority::Public)));
    let objects = HashMap::from([(1, "x"), (2, "y")]);
    let (mut plan, mut now) = (Plan::default(), NOW);
    let mut peer = Peer::new(NOW);
    peer.owed = u32::try_from(owed).expect("few");
    plan.add_peer("a.test", peer, NOW);
    let mut tries = 0;
    while now.ms_since(NOW) < 12 * DAY_MS {
        tries += 1;
        let jitter = if longest { u64::from(tries).pow(4) * 500 } else { 0 };
        (_, now) = is_away_for(&mut plan, &mut rows, &objects, now, jitter);
        if (rows.0.len() as u64) < owed {
            return (tries, Some(now.ms_since(NOW) / DAY_MS));
        }
    }
    (tries, None)
}

#[test]
fn what_a_silent_peer_is_owed_outlasts_a_week() {
    assert_eq!(until_given_up(1, false), (23, Some(8)));
    assert_eq!(until_given_up(1, true), (21, Some(8)));
    for longest in [false, true] {
        let (tries, given_up) = until_given_up(2, longest);
        assert_eq!(given_up, None, "they share the tries: {tries}");
    }
}

#[test]
fn what_a_peer_that_goes_on_sending_does_not_take_waits_for_its_own_time() {
    let mut rows = owing([(1, Priority::Public)].into_iter());
    let objects = HashMap::from([(1, "x")]);
    let (mut plan, mut now) = (plan_for(&rows), NOW);
    for _ in 0..=limits::DELIVERY_STEP_ASIDE {
        (_, now) = is_away(&mut plan, &mut rows, &objects, now);
        plan.revive("a.test", now.plus_ms(1_000));
    }
    let own = now.plus_ms(backoff_ms(limits::DELIVERY_STEP_ASIDE + 1, 0) + 1);
    now = now.plus_ms(REVIVED_AFTER_MS);
    assert!(plan.next(FAST, now).is_none(), "its rows are to be read first");
    rows.feed(&mut plan, &objects, now);
    assert!(all(&mut plan, now).is_empty(), "its tries are not spent within minutes");
    assert_eq!(plan.next_wake(now), Some(own));
}

#[test]
fn what_may_not_be_said_any_more_is_dropped_before_a_failing_peer_is_asked() {
    let mut rows = owing((1..=1_000).map(|id| (id, Priority::Public)));
    // Of three hundred objects; the last may be said.
    let names: Vec<String> = (1..=1_000).map(|id| format!("x{}", if id < 1_000 { id % 300 } else { id })).collect();
    let objects: HashMap<u64, &str> = (1..).zip(names.iter().map(String::as_str)).collect();
    rows.2 = (1..1_000).collect();
    let (mut plan, now) = (plan_while_away(&rows), NOW.plus_ms(3_600_000));
    assert!(plan.next(FAST, now).is_none(), "its rows are to be read first");
    rows.feed(&mut plan, &objects, now);
    let sent = all(&mut plan, now);
    assert_eq!(ids(&sent), [1_000], "nothing was flushed before");
    plan.ended(sent[0].0, retry(), true, now, 0);
    let flush = plan.flush();
    assert_eq!((flush.changes.settled.len(), flush.changes.undelivered.len()), (999, 999));
    assert!(flush.changes.undelivered.iter().all(|(_, ended)| ended.reason == Reason::NoKey));
    plan.not_flushed(flush);
    rows.flush(&mut plan, now);
    assert_eq!(rows.0.len(), 1, "what failed is owed as before");
    assert!(plan.next_due().is_some_and(|due| due > now), "the peer is away as before");
}

#[test]
fn a_failing_peer_that_is_owed_nothing_that_may_be_said_is_owed_nothing_after_one_flush() {
    let mut rows = owing((1..=300).map(|id| (id, Priority::Public)));
    rows.2 = (1..=300).collect();
    let (mut plan, now) = (plan_while_away(&rows), NOW.plus_ms(3_600_000));
    assert!(plan.next(FAST, now).is_none(), "its rows are to be read first");
    for _ in 0..2 {
        rows.feed(&mut plan, &HashMap::new(), now);
        assert!(all(&mut plan, now).is_empty(), "there is nothing to ask it with");
        rows.flush(&mut plan, now);
    }
    assert!(rows.0.is_empty() && !plan.is_hungry() && !plan.is_dirty());
}

#[test]
fn a_failing_peer_is_asked_with_the_oldest_also_after_one_was_given_up() {
    // More than one look takes.
    let mut rows = owing((1..=300).map(|id| (id, Priority::Public)));
    let names: Vec<String> = (1..=300).map(|id| format!("x{id}")).collect();
    let objects: HashMap<u64, &str> = (1..).zip(names.iter().map(String::as_str)).collect();
    let (mut plan, now) = (plan_while_away(&rows), NOW.plus_ms(3_600_000));
    assert!(plan.next(FAST, now).is_none(), "its rows are to be read first");
    for oldest in 1..=3 {
        rows.feed(&mut plan, &objects, now);
        let sent = all(&mut plan, now);
        assert_eq!(ids(&sent), [oldest]);
        let why = "it has a private address".to_owned();
        let given_up = Verdict::GiveUp { why, reason: Reason::Address, inbox_gone: false };
        plan.ended(sent[0].0, given_up, true, now, 0);
        rows.flush(&mut plan, now);
    }
}

#[test]
fn what_waits_for_its_time_holds_up_its_object_alone_and_is_looked_at_again_only_then() {
    let mut rows = owing([(1, Priority::Direct), (2, Priority::Public), (3, Priority::Public)].into_iter());
    let objects = HashMap::from([(1, "x"), (2, "x"), (3, "y")]);
    let until = NOW.plus_ms(60_000);
    let of_first = ("a.test".to_owned(), ActivityId(1));
    rows.0.get_mut(&of_first).expect("it is owed").1.not_before = until;
    let mut plan = plan_for(&rows);
    rows.feed(&mut plan, &objects, NOW);
    let sent = all(&mut plan, NOW);
    assert_eq!(ids(&sent), [3]);
    plan.ended(sent[0].0, Verdict::Done, true, NOW, 0);
    rows.flush(&mut plan, NOW);
    rows.feed(&mut plan, &objects, NOW);
    assert!(all(&mut plan, NOW).is_empty());
    assert_eq!(plan.next_wake(NOW), Some(until), "not sooner, whatever waits behind it");
}

#[test]
fn a_look_takes_a_window_and_passes_over_a_bounded_number() {
    let rows = owing((1..=1_000).map(|id| (id, Priority::Public)));
    let objects = HashMap::new();
    let look = |after, wanted| {
        let look = Look { after, wanted };
        let read = |after, limit| Ok(rows.pending("a.test", &objects, after, limit));
        look.sort(NOW, read, |_| Ok(None)).expect("rows")
    };
    let place = |id| Some((ActivityId(id), number("a.test")));
    let direct = look(None, Wanted::UpTo(Priority::Direct));
    assert_eq!(
        (direct.found.len(), direct.next),
        (limits::DELIVERY_LOOK_ROWS, place(limits::DELIVERY_LOOK_ROWS as u64))
    );
    assert!(direct.found.iter().all(|found| matches!(found, Found::Later { priority: Priority::Public, .. })));
    let public = look(place(900), Wanted::UpTo(Priority::Public));
    assert_eq!(
        (public.found.len(), public.next),
        (limits::DELIVERY_WINDOW, place(900 + limits::DELIVERY_WINDOW as u64))
    );
    let last = look(public.next, Wanted::UpTo(Priority::Public));
    assert_eq!((last.found.len(), last.next), (100 - limits::DELIVERY_WINDOW, None));
    let probe = look(None, Wanted::Probe);
    assert_eq!((probe.found.len(), probe.next), (1, place(limits::DELIVERY_LOOK_ROWS as u64)));
}
