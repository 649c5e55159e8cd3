//! What peers that hang leave to the others.

use super::{FAST, NOW, OWED, Rows, add, number, retry};
use crate::{
    jobs::deliver::{
        Class,
        plan::{Plan, Verdict},
    },
    limits,
};
use std::collections::HashMap;
use storage::{
    ActivityId, Timestamp,
    delivery::Delivery,
    peer::{Failing, Peer},
};

#[test]
fn what_finds_no_room_to_linger_leaves_its_slot_once_another_has_ended() {
    let mut plan = Plan::default();
    let hanging: Vec<String> = (0..limits::DELIVERIES_LINGERING + 8).map(|n| format!("hang{n}.test")).collect();
    let names: Vec<&str> = hanging.iter().map(String::as_str).collect();
    add(&mut plan, 1, "x", &names);
    let mut begun = Vec::new();
    while let Some((ticket, sending)) = plan.next(8, NOW) {
        assert_eq!(sending.class, Class::Fast);
        plan.linger(ticket, NOW);
        begun.push(ticket);
    }
    assert_eq!(begun.len(), hanging.len());
    add(&mut plan, 2, "y", &["quick.test"]);
    assert!(plan.next(8, NOW).is_none(), "connections are bounded");
    plan.ended(begun[0], Verdict::Done, false, NOW, 0);
    let (_, sending) = plan.next(8, NOW).expect("a slot was left");
    assert_eq!((sending.domain.as_ref(), sending.class), ("quick.test", Class::Fast));
    assert!(plan.next(8, NOW).is_none());
}

/// A peer that failed at `NOW`, was heard from at `heard`, and is owed a row.
fn add_failing(plan: &mut Plan, rows: &mut Rows, domain: &str, heard: Option<Timestamp>) {
    let mut peer = Peer::new(NOW);
    peer.owed = 1;
    peer.fail(NOW, "no answer", Failing::Away, None, 0);
    peer.last_inbound = heard;
    let delivery = Delivery { domain: domain.to_owned(), activity: ActivityId(1), inbox: number(domain) };
    rows.0.insert((domain.to_owned(), ActivityId(1)), (delivery, OWED));
    plan.add_peer(domain, peer, NOW);
}

#[test]
fn probes_that_hang_leave_their_slots_and_whoever_was_heard_from_waits_for_none_that_was_not() {
    let (mut plan, mut rows) = (Plan::default(), Rows::default());
    let most = limits::DELIVERIES_FAILING + limits::PROBES_LINGERING;
    for number in 0..most + 10 {
        add_failing(&mut plan, &mut rows, &format!("away{number}.test"), Some(NOW.plus_ms(-1)));
    }
    let now = NOW.plus_ms(3_600_000);
    assert!(plan.next(FAST, now).is_none(), "their rows are to be read first");
    rows.feed(&mut plan, &HashMap::new(), now);
    let mut begun = Vec::new();
    while let Some((ticket, sending)) = plan.next(FAST, now) {
        assert_eq!(sending.class, Class::Failing);
        plan.linger(ticket, now);
        begun.push(ticket);
    }
    assert_eq!(begun.len(), most, "connections are bounded");
    add(&mut plan, 2, "y", &["quick.test"]);
    let (_, sending) = plan.next(FAST, now).expect("slots of those that answer are free");
    assert_eq!(sending.domain.as_ref(), "quick.test");
    add_failing(&mut plan, &mut rows, "back.test", Some(NOW.plus_ms(1)));
    assert!(plan.next(FAST, now).is_none(), "its row is to be read first");
    rows.feed(&mut plan, &HashMap::new(), now);
    plan.ended(begun[0], retry(), false, now, 0);
    let (_, sending) = plan.next(FAST, now).expect("a slot was left");
    assert_eq!(sending.domain.as_ref(), "back.test", "before ten others that wait");
    assert!(plan.next(FAST, now).is_none());
}
