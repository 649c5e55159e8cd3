//! What comes into memory first where there is more than fits.

use super::{NOW, all, part};
use crate::{
    jobs::deliver::{
        plan::{Plan, Verdict},
        unloaded::Unloaded,
    },
    limits,
};
use std::collections::{BTreeMap, HashMap};
use storage::{ActivityId, Digest, delivery::Priority};

/// Inboxes in one list of an activity.
const LIST: usize = 2;
/// Deliveries in memory, but for what a look brings beyond them.
const PLANNED: usize = 30;

/// An activity in the store.
struct Told {
    object: String,
    priority: Priority,
    hosts: Vec<String>,
}

/// Takes into memory what there is room for, as the planner does.
fn load(unloaded: &mut Unloaded, plan: &mut Plan, store: &BTreeMap<u64, Told>) {
    while plan.has_room(PLANNED) && !unloaded.is_empty() {
        for id in unloaded.unknown() {
            let told = &store[&id.0];
            unloaded.place(id, Some((Digest::of(&told.object), told.priority)));
        }
        let wanted = unloaded.next_ones();
        let read = |id: ActivityId| {
            let (told, from) = (&store[&id.0], plan.loaded(id));
            let hosts: Vec<&str> = told.hosts.iter().map(String::as_str).skip(from as usize).take(LIST).collect();
            let mut part = part(&told.object, told.priority, &hosts);
            part.items.iter_mut().for_each(|(position, ..)| *position += from);
            part.next += from;
            part.at_end = part.next as usize == told.hosts.len();
            part.complete = part.at_end;
            Some(part)
        };
        let parts = wanted.iter().map(|(id, _)| read(*id)).collect();
        plan.take_parts(unloaded, wanted, parts, &HashMap::new(), NOW);
    }
}

#[test]
fn what_is_direct_passes_all_that_is_not_in_memory_and_a_delete_never_what_it_deletes() {
    let hosts: Vec<String> = (0..20).map(|number| format!("h{number}.test")).collect();
    let (public, mut reversed) = (Priority::Public, hosts.clone());
    reversed.reverse();
    let mut store: BTreeMap<u64, Told> =
        (1..=20).map(|id| (id, Told { object: format!("x{id}"), priority: public, hosts: hosts.clone() })).collect();
    let (mut unloaded, mut plan) = (Unloaded::default(), Plan::default());
    unloaded.extend(store.keys().copied().map(ActivityId).collect());
    load(&mut unloaded, &mut plan, &store);
    assert!(plan.planned() >= PLANNED && !unloaded.is_empty(), "there is more than fits");
    // What it deletes has reached the first hosts only; its list begins with the last.
    store.insert(21, Told { object: "x1".to_owned(), priority: public, hosts: reversed });
    let last = vec![hosts[19].clone()];
    store.insert(22, Told { object: "direct".to_owned(), priority: Priority::Direct, hosts: last });
    unloaded.insert(ActivityId(21));
    unloaded.insert(ActivityId(22));
    let mut received: HashMap<String, Vec<u64>> = HashMap::new();
    loop {
        load(&mut unloaded, &mut plan, &store);
        let sent = all(&mut plan, NOW);
        if sent.is_empty() {
            break;
        }
        for (ticket, sending) in sent {
            received.entry(sending.domain.to_string()).or_default().push(sending.item.document.id.0);
            plan.ended(ticket, Verdict::Done, true, NOW, 0);
        }
    }
    assert!(unloaded.is_empty() && plan.planned() == 0);
    assert_eq!(received[&hosts[19]].first(), Some(&22), "{received:?}");
    for host in &hosts {
        let place = |id: u64| received[host].iter().position(|other| *other == id).expect("it was received");
        assert!(place(1) < place(21), "{host}: {:?}", received[host]);
        assert_eq!(received[host].len(), if *host == hosts[19] { 22 } else { 21 }, "each once");
    }
}

/// Activities about different things, each to the same twenty hosts.
fn public(ids: std::ops::RangeInclusive<u64>) -> BTreeMap<u64, Told> {
    let hosts: Vec<String> = (0..20).map(|number| format!("h{number}.test")).collect();
    let told = |id| Told { object: format!("x{id}"), priority: Priority::Public, hosts: hosts.clone() };
    ids.map(|id| (id, told(id))).collect()
}

#[test]
fn no_more_becomes_rows_at_once_than_may_wait_in_memory_also_where_the_store_fails() {
    let store = public(1..=20);
    let (mut unloaded, mut plan) = (Unloaded::default(), Plan::default());
    unloaded.extend(store.keys().copied().map(ActivityId).collect());
    let hosts = store[&1].hosts.clone();
    plan.pause_only(&hosts, NOW);
    let mut owed = 0;
    for _ in 0..30 {
        load(&mut unloaded, &mut plan, &store);
        assert!(!plan.has_room(PLANNED) && plan.is_dirty(), "what is dirty is flushed in a moment");
        // Of each of those that one look finds a list.
        let most = PLANNED + 32 * LIST;
        let lost = plan.flush();
        assert!(lost.changes.spills.len() < most, "{}", lost.changes.spills.len());
        load(&mut unloaded, &mut plan, &store);
        assert!(!plan.is_dirty(), "nothing is taken while they are being stored");
        plan.not_flushed(lost);
        let flush = plan.flush();
        assert!(flush.changes.spills.len() < most, "{}", flush.changes.spills.len());
        owed += flush.changes.spills.len();
        plan.flushed(&flush, NOW);
        if unloaded.is_empty() {
            break;
        }
    }
    assert_eq!(owed, 20 * 20, "all of it in the end");
}

#[test]
fn what_goes_last_comes_too_while_ever_more_goes_before_it() {
    let (mut unloaded, mut place) = (Unloaded::default(), Vec::new());
    for id in 1..=limits::DELIVERY_LOAD_STEP as u64 + 2 {
        let priority = if id == 1 { Priority::Profile } else { Priority::Public };
        let object = Digest::of(&format!("x{id}"));
        unloaded.insert(ActivityId(id));
        unloaded.place(ActivityId(id), Some((object, priority)));
        place.push((ActivityId(id), object));
    }
    for oldest in &place[..2] {
        for _ in 1..limits::DELIVERY_PASS_LOOKS {
            let next = unloaded.next_ones();
            assert_eq!((next.len(), next.contains(&place[0])), (limits::DELIVERY_LOAD_STEP, false));
        }
        assert_eq!(unloaded.next_ones(), [*oldest]);
        unloaded.loaded(oldest.0, oldest.1);
    }
}

#[test]
fn what_is_finished_or_all_in_memory_is_passed_over() {
    let mut unloaded = Unloaded::default();
    unloaded.extend((1..=4).map(ActivityId).collect());
    let (x, y) = (Digest::of("x"), Digest::of("y"));
    unloaded.place(ActivityId(3), Some((x, Priority::Direct)));
    assert_eq!(unloaded.next_ones(), [(ActivityId(3), x)]);
    unloaded.place(ActivityId(1), Some((x, Priority::Reblog)));
    unloaded.place(ActivityId(2), None);
    unloaded.place(ActivityId(4), Some((y, Priority::Public)));
    assert!(unloaded.unknown().is_empty());
    assert_eq!(unloaded.next_ones(), [(ActivityId(4), y), (ActivityId(1), x)], "of one object the oldest alone");
    unloaded.loaded(ActivityId(1), x);
    assert_eq!(unloaded.next_ones(), [(ActivityId(3), x), (ActivityId(4), y)]);
    unloaded.loaded(ActivityId(4), y);
    unloaded.loaded(ActivityId(3), x);
    assert!(unloaded.is_empty());
}
