//! The plan against a store played by hand: what is sent when, and what would be made durable.

mod catching_up;
mod hanging;
mod loading;

use super::{
    Class, Document,
    changes::Flush,
    plan::{Plan, Sending, Setback, Verdict},
    rows::{Found, Look, OwedRow, Wanted},
    rows_rest_until,
    unloaded::Unloaded,
};
use crate::limits;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};
use storage::{
    ActivityId, Digest, Timestamp,
    delivery::{Activity, Delivery, Memory, Owed, Part, Pending, Priority, Sender},
    manner::Refusal,
    peer::{Inbox, InboxId, Peer, REVIVED_AFTER_MS, backoff_ms},
    undelivered::{Reason, Undelivered},
};

const NOW: Timestamp = Timestamp(1_767_225_600_000);
const FAST: usize = 64;

fn activity(object: &str, priority: Priority) -> Activity {
    Activity {
        uri: format!("https://here.test/{object}"),
        object: Digest::of(object),
        sender: Sender::Instance,
        priority,
        memory: Memory::Audience,
        supersedes: false,
        created_at: NOW,
    }
}

fn inbox(domain: &str) -> Inbox {
    Inbox { url: format!("https://{domain}/inbox"), domain: domain.to_owned(), shared: true, gone_at: None }
}

fn part(object: &str, priority: Priority, domains: &[&str]) -> Part {
    let items = (0..).zip(domains).map(|(position, domain)| (position, number(domain), inbox(domain)));
    Part {
        activity: activity(object, priority),
        bytes: object.as_bytes().to_vec(),
        items: items.collect(),
        next: u32::try_from(domains.len()).expect("small"),
        done: Vec::new(),
        at_end: true,
        complete: true,
    }
}

fn number(domain: &str) -> InboxId {
    InboxId(domain.bytes().fold(7, |sum: u32, byte| sum.wrapping_mul(31).wrapping_add(byte.into())))
}

fn add(plan: &mut Plan, id: u64, object: &str, domains: &[&str]) {
    plan.add_part(ActivityId(id), part(object, Priority::Public, domains), &HashMap::new(), NOW);
}

fn all(plan: &mut Plan, now: Timestamp) -> Vec<(u64, Sending)> {
    std::iter::from_fn(|| plan.next(FAST, now)).collect()
}

fn ids(sent: &[(u64, Sending)]) -> Vec<u64> {
    sent.iter().map(|(_, sending)| sending.item.document.id.0).collect()
}

fn retry() -> Verdict {
    Verdict::Retry(Setback { why: "503".to_owned(), status: Some(503), retry_after_ms: None })
}

/// What the store would answer for the rows of a peer, from what was flushed, the priorities of those that are not public, and
/// what may not be sent any more.
#[derive(Default)]
struct Rows(BTreeMap<(String, ActivityId), (Delivery, Owed)>, HashMap<u64, Priority>, HashSet<u64>);

impl Rows {
    fn flush(&mut self, plan: &mut Plan, now: Timestamp) -> Vec<(u64, bool)> {
        let flush = plan.flush();
        for delivery in &flush.changes.dropped {
            self.0.remove(&(delivery.domain.clone(), delivery.activity));
        }
        for (delivery, owed) in &flush.changes.spills {
            self.0.insert((delivery.domain.clone(), delivery.activity), (delivery.clone(), *owed));
        }
        for delivery in &flush.changes.settled {
            self.0.remove(&(delivery.domain.clone(), delivery.activity));
        }
        plan.flushed(&flush, now);
        flush.progress.iter().map(|(id, _, all)| (id.0, *all)).collect()
    }

    fn priority(&self, id: ActivityId) -> Priority {
        self.1.get(&id.0).copied().unwrap_or(Priority::Public)
    }

    /// The rows of `domain` behind a place, as the store gives them.
    fn pending(
        &self,
        domain: &str,
        objects: &HashMap<u64, &str>,
        after: Option<(ActivityId, InboxId)>,
        limit: usize,
    ) -> Vec<Pending> {
        let rows = self.0.values().filter(|(delivery, _)| delivery.domain == domain);
        let rows = rows.filter(|(delivery, _)| after.is_none_or(|after| (delivery.activity, delivery.inbox) > after));
        let rows = rows.take(limit).map(|(delivery, owed)| Pending {
            activity: delivery.activity,
            inbox: delivery.inbox,
            owed: *owed,
            priority: self.priority(delivery.activity),
            object: Digest::of(objects.get(&delivery.activity.0).copied().unwrap_or("x")),
        });
        rows.collect()
    }

    fn feed(&self, plan: &mut Plan, objects: &HashMap<u64, &str>, now: Timestamp) {
        while let Some((domain, look)) = plan.next_hungry() {
            let read = |after, limit| Ok(self.pending(&domain, objects, after, limit));
            let page = look.sort(now, read, |row| Ok(self.2.contains(&row.activity.0).then_some(Reason::NoKey)));
            let page = page.expect("these are always readable").load(|row| {
                let object = objects.get(&row.activity.0).copied().unwrap_or("x");
                let document =
                    Document { id: row.activity, activity: activity(object, row.priority), bytes: bytes::Bytes::new() };
                let (document, inbox, owed) = (Arc::new(document), row.inbox, row.owed);
                Ok(OwedRow { document, inbox, row: self::inbox(&domain), owed })
            });
            plan.add_rows(&domain, page.expect("as is what belongs to them"), now);
        }
    }
}

const OWED: Owed = Owed { ends: false, attempts: 0, not_before: Timestamp(0) };

#[test]
fn activities_about_one_object_go_one_after_another_and_others_beside_them() {
    let mut plan = Plan::default();
    add(&mut plan, 1, "x", &["a.test"]);
    add(&mut plan, 2, "x", &["a.test"]);
    add(&mut plan, 3, "y", &["a.test"]);
    let sent = all(&mut plan, NOW);
    assert_eq!(ids(&sent), [1, 3]);
    plan.ended(sent[1].0, Verdict::Done, true, NOW, 0);
    assert!(all(&mut plan, NOW).is_empty(), "2 waits for 1 although there is room");
    plan.ended(sent[0].0, Verdict::Done, true, NOW, 0);
    assert_eq!(ids(&all(&mut plan, NOW)), [2]);
}

#[test]
fn a_peer_gets_two_at_once_and_what_is_addressed_to_people_first() {
    let mut plan = Plan::default();
    for id in 1..=3 {
        add(&mut plan, id, &format!("x{id}"), &["a.test"]);
    }
    plan.add_part(ActivityId(4), part("direct", Priority::Direct, &["a.test"]), &HashMap::new(), NOW);
    let sent = all(&mut plan, NOW);
    assert_eq!(ids(&sent), [4, 1]);
    assert_eq!(sent.len(), limits::DELIVERIES_PER_PEER);
}

#[test]
fn a_peer_that_was_down_gets_everything_in_order_after_it_returned() {
    let (mut plan, mut rows) = (Plan::default(), Rows::default());
    let names: Vec<String> = (1..=200).map(|id| format!("x{id}")).collect();
    let objects: HashMap<u64, &str> = (1..).zip(names.iter().map(String::as_str)).collect();
    for id in 1..=100 {
        add(&mut plan, id, objects[&id], &["down.test", "up.test"]);
    }
    let mut now = NOW;
    let (mut received, mut probes) = (Vec::new(), 0);
    for minute in 0..30 {
        for _ in 0..20 {
            rows.feed(&mut plan, &objects, now);
            for (ticket, sending) in all(&mut plan, now) {
                let down = sending.domain.as_ref() == "down.test";
                let verdict = if down && minute < 10 { retry() } else { Verdict::Done };
                probes += u64::from(down && minute < 10);
                if down && verdict == Verdict::Done {
                    received.push(sending.item.document.id.0);
                }
                plan.ended(ticket, verdict, true, now, 0);
            }
            rows.flush(&mut plan, now);
        }
        if minute == 5 {
            for id in 101..=200 {
                add(&mut plan, id, objects[&id], &["down.test", "up.test"]);
            }
        }
        now = now.plus_ms(60_000);
    }
    assert_eq!(received, (1..=200).collect::<Vec<_>>());
    assert!((2..10).contains(&probes), "{probes} probes in ten minutes");
    assert!(rows.0.is_empty(), "nothing is owed any more");
    assert_eq!(plan.planned(), 0);
}

#[test]
fn a_bitmap_is_complete_only_when_rows_owe_what_is_missing() {
    let (mut plan, mut rows) = (Plan::default(), Rows::default());
    add(&mut plan, 1, "x", &["a.test", "b.test"]);
    let sent = all(&mut plan, NOW);
    assert_eq!(rows.flush(&mut plan, NOW), [(1, false)]);
    plan.ended(sent[0].0, Verdict::Done, true, NOW, 0);
    assert_eq!(rows.flush(&mut plan, NOW), [(1, false)]);
    plan.ended(sent[1].0, retry(), true, NOW, 0);
    assert_eq!(rows.flush(&mut plan, NOW), [(1, true)]);
    assert_eq!(rows.0.len(), 1);
}

#[test]
fn a_flush_that_fails_is_owed_again() {
    let (mut plan, mut rows) = (Plan::default(), Rows::default());
    add(&mut plan, 1, "x", &["a.test"]);
    let sent = all(&mut plan, NOW);
    plan.ended(sent[0].0, retry(), true, NOW, 0);
    let lost = plan.flush();
    assert!(!plan.is_dirty());
    plan.not_flushed(lost);
    assert_eq!(rows.flush(&mut plan, NOW), [(1, true)]);
    assert_eq!(rows.0.len(), 1);
}

#[test]
fn an_activity_that_a_living_peer_cannot_digest_steps_aside_and_is_given_up_in_the_end() {
    let (mut plan, mut rows) = (Plan::default(), Rows::default());
    let objects: HashMap<u64, &str> = [(1, "poison"), (2, "fine"), (3, "poison")].into();
    for id in 1..=3 {
        add(&mut plan, id, objects[&id], &["a.test"]);
    }
    let (mut now, mut received, mut tries) = (NOW, Vec::new(), 0);
    for _ in 0..4_000 {
        rows.feed(&mut plan, &objects, now);
        for (ticket, sending) in all(&mut plan, now) {
            let id = sending.item.document.id.0;
            let verdict = if id == 1 { retry() } else { Verdict::Done };
            if id == 1 {
                tries += 1;
            } else {
                received.push(id);
            }
            plan.ended(ticket, verdict, true, now, 0);
        }
        rows.flush(&mut plan, now);
        now = now.plus_ms(60_000);
    }
    assert_eq!(received, [2, 3], "its successor waits for it, others do not");
    assert_eq!(tries, limits::DELIVERY_ATTEMPTS);
    assert!(rows.0.is_empty());
}

#[test]
fn peers_that_hang_leave_the_slots_of_the_others() {
    let mut plan = Plan::default();
    let hanging: Vec<String> = (0..10).map(|n| format!("hang{n}.test")).collect();
    let names: Vec<&str> = hanging.iter().map(String::as_str).collect();
    add(&mut plan, 1, "x", &names);
    add(&mut plan, 2, "y", &names);
    let mut stuck = Vec::new();
    while let Some((ticket, sending)) = plan.next(8, NOW) {
        assert_eq!(sending.class, Class::Fast);
        stuck.push(ticket);
    }
    assert_eq!(stuck.len(), 8);
    add(&mut plan, 3, "z", &["quick.test"]);
    assert!(plan.next(8, NOW).is_none());
    for ticket in &stuck {
        plan.linger(*ticket, NOW);
    }
    let sent: Vec<_> = std::iter::from_fn(|| plan.next(8, NOW)).collect();
    assert!(sent.iter().any(|(_, sending)| sending.domain.as_ref() == "quick.test" && sending.class == Class::Fast));
    let known_slow: Vec<_> = sent.iter().filter(|(_, sending)| sending.class == Class::Slow).collect();
    assert!(known_slow.iter().all(|(_, sending)| sending.domain.starts_with("hang")));
}

#[test]
fn more_peers_that_hang_than_slow_ones_are_asked_leave_their_slots_too() {
    let mut plan = Plan::default();
    let hanging: Vec<String> = (0..2 * limits::DELIVERIES_SLOW).map(|n| format!("hang{n}.test")).collect();
    let names: Vec<&str> = hanging.iter().map(String::as_str).collect();
    add(&mut plan, 1, "x", &names);
    let mut stuck = 0;
    while let Some((ticket, sending)) = plan.next(8, NOW) {
        assert_eq!(sending.class, Class::Fast);
        plan.linger(ticket, NOW);
        stuck += 1;
    }
    assert_eq!(stuck, hanging.len());
    add(&mut plan, 2, "y", &["hang0.test", "quick.test"]);
    let (_, sending) = plan.next(8, NOW).expect("there is room");
    assert_eq!((sending.domain.as_ref(), sending.class), ("quick.test", Class::Fast));
    let (_, sending) = plan.next(8, NOW).expect("what lingers has no slot of those known to be slow");
    assert_eq!((sending.domain.as_ref(), sending.class), ("hang0.test", Class::Slow));
    assert!(plan.next(8, NOW).is_none());
}

#[test]
fn a_peer_that_writes_to_us_is_tried_again_at_once() {
    let (mut plan, mut rows) = (Plan::default(), Rows::default());
    let objects = HashMap::from([(1, "x")]);
    add(&mut plan, 1, "x", &["a.test"]);
    let sent = all(&mut plan, NOW);
    plan.ended(sent[0].0, retry(), true, NOW, 0);
    rows.flush(&mut plan, NOW);
    rows.feed(&mut plan, &objects, NOW);
    assert!(all(&mut plan, NOW).is_empty());
    assert_eq!(plan.next_wake(NOW), Some(NOW.plus_ms(16_000)));
    plan.revive("a.test", NOW.plus_ms(1_000));
    let rested = NOW.plus_ms(REVIVED_AFTER_MS);
    assert_eq!(plan.next_wake(NOW.plus_ms(1_000)), Some(rested), "it failed a second ago");
    plan.revive("a.test", rested);
    rows.feed(&mut plan, &objects, rested);
    assert_eq!(ids(&all(&mut plan, rested)), [1]);
}

#[test]
fn a_peer_that_wants_to_be_left_alone_is_however_much_it_sends() {
    let (mut plan, mut rows) = (Plan::default(), Rows::default());
    add(&mut plan, 1, "x", &["a.test"]);
    let sent = all(&mut plan, NOW);
    let busy = Setback { why: "503".to_owned(), status: Some(503), retry_after_ms: Some(600_000) };
    plan.ended(sent[0].0, Verdict::Retry(busy), true, NOW, 0);
    rows.flush(&mut plan, NOW);
    for second in [0, 1, 60, 599] {
        let now = NOW.plus_ms(second * 1_000);
        plan.revive("a.test", now);
        rows.feed(&mut plan, &HashMap::new(), now);
        assert!(all(&mut plan, now).is_empty(), "after {second} s");
    }
    let over = NOW.plus_ms(600_000);
    plan.revive("a.test", over);
    rows.feed(&mut plan, &HashMap::new(), over);
    assert_eq!(ids(&all(&mut plan, over)), [1]);
}

#[test]
fn what_one_sender_may_not_say_to_a_peer_keeps_nobody_else_from_it() {
    let refused = || Verdict::Retry(Setback { why: "401".to_owned(), status: Some(401), retry_after_ms: None });
    let (mut plan, mut rows) = (Plan::default(), Rows::default());
    let names: Vec<String> = (1..=4).map(|id| format!("x{id}")).collect();
    let objects: HashMap<u64, &str> = (1..).zip(names.iter().map(String::as_str)).collect();
    add(&mut plan, 1, objects[&1], &["a.test"]);
    let sent = all(&mut plan, NOW);
    plan.ended(sent[0].0, refused(), true, NOW, 0);
    (2..=4).for_each(|id| add(&mut plan, id, objects[&id], &["a.test"]));
    let (mut now, mut received) = (NOW, Vec::new());
    for _ in 0..4 {
        rows.flush(&mut plan, now);
        now = now.plus_ms(backoff_ms(1, 0));
        assert!(plan.next(FAST, now).is_none(), "its rows are to be read first");
        for _ in 0..4 {
            rows.feed(&mut plan, &objects, now);
            for (ticket, sending) in all(&mut plan, now) {
                let id = sending.item.document.id.0;
                let verdict = if id <= 2 { refused() } else { Verdict::Done };
                received.extend(Some(id).filter(|id| *id > 2));
                plan.ended(ticket, verdict, true, now, 0);
            }
            rows.flush(&mut plan, now);
        }
        if received.len() == 2 {
            break;
        }
    }
    assert_eq!(received, [3, 4]);
    assert!(now <= NOW.plus_ms(5 * backoff_ms(1, 0)), "after {} ms", now.ms_since(NOW));
    assert_eq!(rows.0.len(), 2, "what is refused is tried again");
}

#[test]
fn a_delivery_that_this_server_could_not_try_is_held_against_nobody() {
    let (mut plan, mut rows) = (Plan::default(), Rows::default());
    add(&mut plan, 1, "x", &["a.test"]);
    add(&mut plan, 2, "x", &["a.test"]);
    let sent = all(&mut plan, NOW);
    plan.ended(sent[0].0, Verdict::NotTried { why: "busy".to_owned() }, true, NOW, 0);
    assert!(all(&mut plan, NOW).is_empty(), "in a moment");
    let flush = plan.flush();
    assert!(flush.peers.is_empty() && flush.changes.spills.is_empty());
    plan.flushed(&flush, NOW);
    let again = NOW.plus_ms(limits::JOB_STORE_RETRY_MS);
    assert_eq!(plan.next_wake(NOW), Some(again));
    for id in [1, 2] {
        let sent = all(&mut plan, again);
        assert_eq!(ids(&sent), [id], "in their order");
        plan.ended(sent[0].0, Verdict::Done, true, again, 0);
    }
    assert_eq!(rows.flush(&mut plan, again), [(1, true), (2, true)]);
}

#[test]
fn an_inbox_that_fails_holds_up_no_other_of_its_host_but_what_comes_behind_it() {
    let row = |id: u64, inbox: u32, not_before| Pending {
        activity: ActivityId(id),
        inbox: InboxId(inbox),
        owed: Owed { not_before, ..OWED },
        priority: Priority::Public,
        object: Digest::of("x"),
    };
    let (later, due) = (NOW.plus_ms(60_000), Timestamp(0));
    let rows = [row(1, 1, later), row(1, 2, due), row(1, 3, due), row(2, 1, due)];
    let mut plan = Plan::default();
    let mut peer = Peer::new(NOW);
    peer.owed = 4;
    plan.add_peer("a.test", peer, NOW);
    let (domain, look) = plan.next_hungry().expect("it is owed rows");
    let page = look.sort(NOW, |_, _| Ok(rows.to_vec()), |_| Ok(None)).expect("rows").load(|row| {
        let document = Document { id: row.activity, activity: activity("x", row.priority), bytes: bytes::Bytes::new() };
        Ok(OwedRow { document: Arc::new(document), inbox: row.inbox, row: inbox("a.test"), owed: row.owed })
    });
    plan.add_rows(&domain, page.expect("as is what belongs to them"), NOW);
    for expected in [2, 3] {
        let sent = all(&mut plan, NOW);
        assert_eq!(sent.iter().map(|(_, one)| one.item.inbox.0).collect::<Vec<_>>(), [expected]);
        plan.ended(sent[0].0, Verdict::Done, true, NOW, 0);
    }
    assert!(all(&mut plan, NOW).is_empty(), "the second activity waits for the first inbox");
    let probe = Look { after: None, wanted: Wanted::Probe };
    let asked = probe.sort(NOW, |_, _| Ok(rows.to_vec()), |_| Ok(None)).expect("rows");
    assert!(matches!(&asked.found[..], [Found::Taken(row)] if row.inbox == InboxId(2)), "{:?}", asked.found);
}

#[test]
fn a_peer_that_is_due_has_its_rows_read_without_waiting_for_anything_else() {
    let (mut plan, mut rows) = (Plan::default(), Rows::default());
    add(&mut plan, 1, "x", &["a.test"]);
    let sent = all(&mut plan, NOW);
    plan.ended(sent[0].0, retry(), true, NOW, 0);
    rows.flush(&mut plan, NOW);
    let due = plan.next_wake(NOW).expect("it is tried again");
    assert!(plan.next(8, due).is_none(), "what is owed is not in memory");
    assert_eq!(plan.next_wake(due), Some(due));
}

#[test]
fn a_restart_goes_on_with_what_the_bitmap_and_the_rows_say() {
    let mut plan = Plan::default();
    let mut left = part("x", Priority::Public, &["a.test", "b.test"]);
    left.done = vec![0b01];
    left.items.remove(0);
    plan.add_part(ActivityId(1), left, &HashMap::new(), NOW);
    let mut down = Peer::new(NOW);
    down.owed = 1;
    plan.add_peer("down.test", down, NOW);
    let mut rows = Rows::default();
    let delivery = Delivery { domain: "down.test".to_owned(), activity: ActivityId(7), inbox: number("down.test") };
    let owed = Owed { ends: false, attempts: 3, not_before: Timestamp(0) };
    rows.0.insert(("down.test".to_owned(), ActivityId(7)), (delivery, owed));
    rows.feed(&mut plan, &HashMap::new(), NOW);
    let sent = all(&mut plan, NOW);
    assert_eq!(ids(&sent), [1, 7]);
    for (ticket, _) in sent {
        plan.ended(ticket, Verdict::Done, true, NOW, 0);
    }
    assert_eq!(rows.flush(&mut plan, NOW), [(1, true)]);
    assert!(rows.0.is_empty());
}

#[test]
fn a_paused_peer_gets_nothing_and_everything_for_it_becomes_rows() {
    let (mut plan, mut rows) = (Plan::default(), Rows::default());
    add(&mut plan, 1, "x", &["a.test", "b.test"]);
    plan.pause("a.test", NOW);
    assert_eq!(
        all(&mut plan, NOW).iter().map(|(_, sending)| sending.domain.to_string()).collect::<Vec<_>>(),
        ["b.test"]
    );
    add(&mut plan, 2, "y", &["a.test"]);
    rows.flush(&mut plan, NOW);
    let objects = HashMap::from([(1, "x"), (2, "y")]);
    assert_eq!(rows.0.len(), 2, "what waited and what came later");
    plan.revive("a.test", NOW);
    rows.feed(&mut plan, &objects, NOW);
    assert!(all(&mut plan, NOW).is_empty(), "hearing from it ends no pause");
    plan.resume("a.test", NOW);
    for expected in [1, 2] {
        rows.feed(&mut plan, &objects, NOW);
        let sent = all(&mut plan, NOW);
        assert_eq!(ids(&sent), [expected], "in order");
        plan.ended(sent[0].0, Verdict::Done, true, NOW, 0);
        rows.flush(&mut plan, NOW);
    }
    assert!(rows.0.is_empty());
}

#[test]
fn what_was_purged_is_handled_and_a_retry_forgets_the_pause_between_tries() {
    let (mut plan, mut rows) = (Plan::default(), Rows::default());
    add(&mut plan, 1, "x", &["a.test"]);
    let sent = all(&mut plan, NOW);
    plan.ended(sent[0].0, retry(), true, NOW, 0);
    rows.flush(&mut plan, NOW);
    let objects = HashMap::from([(1, "x"), (2, "y")]);
    rows.feed(&mut plan, &objects, NOW);
    assert!(all(&mut plan, NOW).is_empty(), "it failed just now");
    plan.retry("a.test", NOW);
    rows.feed(&mut plan, &objects, NOW);
    let sent = all(&mut plan, NOW);
    assert_eq!(ids(&sent), [1]);
    plan.ended(sent[0].0, retry(), true, NOW, 0);
    add(&mut plan, 2, "y", &["a.test"]);
    rows.0.clear();
    plan.purge("a.test", None, NOW);
    assert_eq!(rows.flush(&mut plan, NOW), [(2, true)], "nothing is left to handle");
    assert!(rows.0.is_empty(), "nor owed");
}

/// Two peers that failed, and the flush that makes rows of what they are owed.
fn two_that_fail() -> (Plan, Flush) {
    let mut plan = Plan::default();
    add(&mut plan, 1, "x", &["a.test", "b.test"]);
    for (ticket, _) in all(&mut plan, NOW) {
        plan.ended(ticket, retry(), true, NOW, 0);
    }
    let flush = plan.flush();
    assert_eq!(flush.changes.spills.len(), 2);
    (plan, flush)
}

fn to(domain: &str, id: u64) -> Delivery {
    Delivery { domain: domain.to_owned(), activity: ActivityId(id), inbox: number(domain) }
}

#[test]
fn what_was_purged_while_it_was_becoming_rows_goes_with_the_next_flush() {
    let (mut plan, flush) = two_that_fail();
    plan.purge("a.test", None, NOW);
    plan.flushed(&flush, NOW);
    let later = NOW.plus_ms(3_600_000);
    assert!(plan.next(FAST, later).is_none());
    let domains = |plan: &mut Plan| -> Vec<String> {
        std::iter::from_fn(|| plan.next_hungry().map(|(domain, _)| domain.to_string())).collect()
    };
    assert_eq!(domains(&mut plan), ["b.test"], "rows that go are not read");
    let next = plan.flush();
    assert_eq!(next.changes.dropped, [to("a.test", 1)]);
    assert!(next.changes.spills.is_empty());
    plan.flushed(&next, later);
    assert!(plan.next(FAST, later).is_none());
    assert_eq!(domains(&mut plan), ["a.test"], "once they are gone it is looked whether anything is owed");
    assert!(plan.flush().changes.dropped.is_empty(), "once");
}

#[test]
fn what_was_purged_while_a_flush_failed_goes_whether_it_had_become_a_row_or_not() {
    let (mut plan, flush) = two_that_fail();
    plan.purge("a.test", None, NOW);
    plan.not_flushed(flush);
    let next = plan.flush();
    assert_eq!(next.changes.spills.iter().map(|(delivery, _)| delivery.clone()).collect::<Vec<_>>(), [to("b.test", 1)]);
    assert_eq!(next.changes.dropped, [to("a.test", 1)]);
    let told = Undelivered { inbox: number("a.test"), at: NOW, reason: Reason::Purged };
    assert_eq!(next.changes.undelivered, [(ActivityId(1), told)]);
    plan.flushed(&next, NOW);
    assert!(plan.flush().changes.dropped.is_empty(), "once");
}

#[test]
fn what_was_purged_on_its_way_is_handled_and_owed_no_more_however_it_ends() {
    let told = Undelivered { inbox: number("a.test"), at: NOW, reason: Reason::Purged };
    for (verdict, settled) in [
        (Verdict::Done, vec![to("a.test", 1)]),
        (retry(), Vec::new()),
        (Verdict::NotTried { why: "busy".to_owned() }, Vec::new()),
    ] {
        let mut plan = Plan::default();
        add(&mut plan, 1, "x", &["a.test"]);
        let sent = all(&mut plan, NOW);
        plan.purge("a.test", None, NOW);
        let flush = plan.flush();
        assert_eq!(flush.progress.iter().map(|(id, _, all)| (id.0, *all)).collect::<Vec<_>>(), [(1, true)]);
        assert_eq!(flush.changes.undelivered, [(ActivityId(1), told)]);
        plan.flushed(&flush, NOW);
        plan.ended(sent[0].0, verdict.clone(), true, NOW, 0);
        let flush = plan.flush();
        assert!(flush.changes.spills.is_empty(), "{verdict:?}");
        assert_eq!(flush.changes.settled, settled, "if it arrived it is not told as dropped: {verdict:?}");
        plan.flushed(&flush, NOW);
        assert_eq!(plan.planned(), 0);
    }
    // What came after the purge goes on, behind what is on its way.
    let (mut plan, mut rows) = (Plan::default(), Rows::default());
    add(&mut plan, 1, "x", &["a.test"]);
    let sent = all(&mut plan, NOW);
    plan.purge("a.test", None, NOW);
    add(&mut plan, 2, "x", &["a.test"]);
    plan.ended(sent[0].0, retry(), true, NOW, 0);
    rows.flush(&mut plan, NOW);
    assert_eq!(rows.0.values().map(|(delivery, _)| delivery.clone()).collect::<Vec<_>>(), [to("a.test", 2)]);
}

#[test]
fn what_comes_into_memory_after_its_peer_was_purged_is_dropped_unless_it_was_said_later() {
    let mut plan = Plan::default();
    plan.purge("a.test", Some(ActivityId(2)), NOW);
    add(&mut plan, 2, "x", &["a.test", "b.test"]);
    add(&mut plan, 3, "y", &["a.test"]);
    let sent = all(&mut plan, NOW);
    let mut places: Vec<_> = sent.iter().map(|(_, one)| (one.item.document.id.0, one.domain.to_string())).collect();
    places.sort();
    assert_eq!(places, [(2, "b.test".to_owned()), (3, "a.test".to_owned())]);
    sent.iter().for_each(|(ticket, _)| plan.ended(*ticket, Verdict::Done, true, NOW, 0));
    let flush = plan.flush();
    let told = Undelivered { inbox: number("a.test"), at: NOW, reason: Reason::Purged };
    assert_eq!(flush.changes.undelivered, [(ActivityId(2), told)]);
    assert_eq!(flush.progress.iter().map(|(id, _, all)| (id.0, *all)).collect::<Vec<_>>(), [(2, true), (3, true)]);
    plan.flushed(&flush, NOW);
    // It holds no longer than anything was left that it could be about.
    plan.all_loaded();
    add(&mut plan, 1, "z", &["a.test"]);
    assert_eq!(ids(&all(&mut plan, NOW)), [1]);
}

/// The part of an activity about `x` whose inboxes are found out after one of them, or none, is in memory.
fn beginning(domains: &[&str]) -> Part {
    Part { complete: false, ..part("x", Priority::Public, domains) }
}

#[test]
fn what_is_found_out_after_its_peer_was_purged_is_dropped_of_what_was_said_before() {
    let mut plan = Plan::default();
    plan.add_part(ActivityId(1), beginning(&["b.test"]), &HashMap::new(), NOW);
    plan.purge("a.test", Some(ActivityId(1)), NOW);
    plan.all_loaded();
    let mut rest = part("x", Priority::Public, &["a.test"]);
    rest.items.iter_mut().for_each(|(position, ..)| *position += 1);
    rest.next += 1;
    plan.add_part(ActivityId(1), rest, &HashMap::new(), NOW);
    add(&mut plan, 2, "y", &["a.test"]);
    let sent = all(&mut plan, NOW);
    let mut places: Vec<_> = sent.iter().map(|(_, one)| (one.item.document.id.0, one.domain.to_string())).collect();
    places.sort();
    assert_eq!(places, [(1, "b.test".to_owned()), (2, "a.test".to_owned())]);
    sent.iter().for_each(|(ticket, _)| plan.ended(*ticket, Verdict::Done, true, NOW, 0));
    let flush = plan.flush();
    let told = Undelivered { inbox: number("a.test"), at: NOW, reason: Reason::Purged };
    assert_eq!(flush.changes.undelivered, [(ActivityId(1), told)]);
    assert_eq!(flush.progress.iter().map(|(id, _, all)| (id.0, *all)).collect::<Vec<_>>(), [(1, true), (2, true)]);
}

#[test]
fn a_purge_holds_no_longer_than_an_activity_for_which_nobody_was_found() {
    for is_told in [true, false] {
        let (mut plan, mut unloaded) = (Plan::default(), Unloaded::default());
        plan.add_part(ActivityId(1), beginning(&[]), &HashMap::new(), NOW);
        plan.purge("a.test", Some(ActivityId(1)), NOW);
        if is_told {
            let wanted = vec![(ActivityId(1), Digest::of("x"))];
            plan.take_parts(&mut unloaded, wanted, vec![None], &HashMap::new(), NOW);
        } else {
            plan.is_over(ActivityId(1));
        }
        plan.all_loaded();
        add(&mut plan, 0, "z", &["a.test"]);
        assert_eq!(ids(&all(&mut plan, NOW)), [0], "read by its parts: {is_told}");
    }
}

#[test]
fn a_delivery_that_ends_without_being_taken_is_told_with_its_reason() {
    let mut plan = Plan::default();
    add(&mut plan, 1, "x", &["a.test"]);
    let mut forgotten = part("y", Priority::Direct, &["b.test"]);
    forgotten.activity.memory = Memory::Nothing;
    plan.add_part(ActivityId(2), forgotten, &HashMap::new(), NOW);
    for (ticket, _) in all(&mut plan, NOW) {
        let verdict = Verdict::GiveUp { why: "404".to_owned(), reason: Reason::Refused(404), inbox_gone: false };
        plan.ended(ticket, verdict, true, NOW, 0);
    }
    let flush = plan.flush();
    let ended = Undelivered { inbox: number("a.test"), at: NOW, reason: Reason::Refused(404) };
    assert_eq!(flush.changes.undelivered, [(ActivityId(1), ended)], "of what is forgotten nothing is kept");
    assert_eq!(flush.progress.len(), 2);
    let refused = |object| vec![Refusal::of(&format!("https://here.test/{object}"), NOW, Reason::Refused(404))];
    let told = [("a.test".into(), refused("x")), ("b.test".into(), refused("y"))];
    assert_eq!(flush.changes.refusals, BTreeMap::from(told), "by server also what is forgotten");
}

#[test]
fn of_what_a_peer_refuses_the_newest_is_flushed_and_nothing_that_it_never_saw() {
    let mut plan = Plan::default();
    let give_up = |reason| Verdict::GiveUp { why: "no".to_owned(), reason, inbox_gone: false };
    let refuse = |plan: &mut Plan, id: u64, reason| {
        add(plan, id, &id.to_string(), &["a.test"]);
        for (ticket, _) in all(plan, NOW) {
            plan.ended(ticket, give_up(reason), true, NOW, 0);
        }
    };
    let told = |flush: &Flush| -> Vec<String> {
        let told = flush.changes.refusals.values().flatten();
        told.map(|refusal| refusal.activity.rsplit('/').next().unwrap_or_default().to_owned()).collect()
    };
    refuse(&mut plan, 1, Reason::Suspended);
    refuse(&mut plan, 2, Reason::NoKey);
    let most = storage::limits::REFUSALS_TOLD as u64;
    (3..3 + most).for_each(|id| refuse(&mut plan, id, Reason::Refused(403)));
    let lost = plan.flush();
    assert_eq!(told(&lost), (3..3 + most).map(|id| id.to_string()).collect::<Vec<_>>());
    refuse(&mut plan, 3 + most, Reason::Refused(403));
    plan.not_flushed(lost);
    let mut flush = plan.flush();
    assert_eq!(told(&flush), (4..4 + most).map(|id| id.to_string()).collect::<Vec<_>>(), "no more after a failure");
    let mut steps = 0;
    while !flush.is_empty() {
        let step = flush.split_off(3);
        steps += 1;
        assert!(steps < 50 && (step.changes.refusals.is_empty() || flush.is_empty()), "a row in the last step");
    }
}

#[test]
fn rows_of_peers_wait_on_a_disk_in_trouble_but_not_for_ever() {
    let every = limits::DISK_RETRIES_EVERY_MS;
    assert_eq!(rows_rest_until(Timestamp(0), NOW), None, "none were read yet");
    assert_eq!(rows_rest_until(NOW, NOW), Some(NOW.plus_ms(every)));
    assert_eq!(rows_rest_until(NOW, NOW.plus_ms(every - 1)), Some(NOW.plus_ms(every)));
    assert_eq!(rows_rest_until(NOW, NOW.plus_ms(every)), None);
    assert_eq!(rows_rest_until(NOW.plus_ms(every * 9), NOW), None, "the clock was set back");
}

#[test]
fn what_is_new_goes_out_while_rows_wait_to_be_read() {
    let (mut plan, mut rows) = (Plan::default(), Rows::default());
    add(&mut plan, 1, "x", &["down.test"]);
    let sent = all(&mut plan, NOW);
    plan.ended(sent[0].0, retry(), true, NOW, 0);
    rows.flush(&mut plan, NOW);
    assert!(!plan.is_hungry() && plan.next_due().is_some_and(|due| due > NOW));
    let later = plan.next_due().expect("it is tried again");
    add(&mut plan, 2, "y", &["up.test"]);
    // Nobody reads rows.
    assert_eq!(ids(&all(&mut plan, later)), [2]);
    assert!(plan.is_hungry() && plan.next_wake(later) == Some(later) && plan.next_due().is_none());
    rows.feed(&mut plan, &HashMap::new(), later);
    assert_eq!(ids(&all(&mut plan, later)), [1]);
}
