use super::*;

fn place(actor: &str, lsn: u64) -> Place {
    (Digest::of(actor), Lsn(lsn))
}

fn row() -> Inbound {
    Inbound {
        actor: String::new(),
        signer: String::new(),
        inbox: String::new(),
        received_at: Timestamp(0),
        length: 0,
        head: storage::octets::Octets::default(),
        due: Timestamp(0),
        attempts: 0,
        last_error: String::new(),
    }
}

fn lsns(range: std::ops::Range<u64>) -> Vec<Lsn> {
    range.map(Lsn).collect()
}

#[test]
fn what_an_actor_sent_is_taken_in_order_and_never_twice() {
    let mut queue = Queue::default();
    for lsn in [7, 5, 6] {
        queue.add(place("a", lsn));
    }
    queue.add(place("b", 9));
    let (a, b) = (place("a", 5).0, place("b", 9).0);
    assert_eq!(queue.take_ready(), [(a, lsns(5..8)), (b, lsns(9..10))]);
    assert!(queue.claim(place("a", 5), "a.test"));
    queue.give_back(a, &lsns(6..8));
    queue.settle(a);
    assert!(queue.take_ready().is_empty(), "what comes behind waits");
    queue.add(place("a", 5));
    queue.processed(place("a", 5), &row());
    queue.add(place("a", 5));
    assert_eq!(queue.take_ready(), [(a, lsns(6..8))], "what runs or is done is not taken twice");
}

#[test]
fn what_the_store_could_not_tell_of_is_held_up_also_beside_a_slow_one() {
    let mut queue = Queue::default();
    let (a, b) = (place("a", 5), place("b", 6));
    queue.add(a);
    queue.take_ready();
    assert!(queue.claim(a, "a.test"));
    queue.add(b);
    assert_eq!(queue.take_ready(), [(b.0, vec![b.1])]);
    assert!(!queue.is_held_up());
    queue.give_back(b.0, &[b.1]);
    queue.settle(b.0);
    assert!(queue.is_held_up());
    for lsn in 0..limits::INBOUND_AT_ONCE as u64 {
        queue.claim(place("c", lsn), &format!("{lsn}.test"));
    }
    assert!(!queue.is_held_up(), "one that ends comes first");
}

#[test]
fn an_actor_with_much_waiting_leaves_room_for_others() {
    let mut queue = Queue::default();
    let much = limits::INBOUND_STRETCH as u64 + 5;
    (0..much).for_each(|lsn| queue.add(place("a", lsn)));
    queue.add(place("b", much));
    let taken = queue.take_ready();
    assert_eq!(taken[0].1, lsns(0..limits::INBOUND_STRETCH as u64));
    assert_eq!(taken[1], (place("b", 0).0, lsns(much..much + 1)));
}

#[test]
fn a_host_with_many_actors_leaves_room_for_others() {
    let mut queue = Queue::default();
    let actors: Vec<_> = (0..limits::INBOUND_PER_HOST + 2).map(|n| format!("actor {n}")).collect();
    for actor in &actors {
        queue.add(place(actor, 1));
    }
    queue.add(place("quiet", 1));
    let mut claimed = 0;
    while let taken = queue.take_ready()
        && !taken.is_empty()
    {
        for (actor, lsns) in taken {
            let host = if actor == place("quiet", 1).0 { "quiet.test" } else { "loud.test" };
            if queue.claim((actor, lsns[0]), host) {
                claimed += 1;
            } else {
                queue.give_back(actor, &lsns);
                queue.park(actor, host);
            }
        }
    }
    assert_eq!(claimed, limits::INBOUND_PER_HOST + 1);
    queue.processed(place(&actors[0], 1), &row());
    assert_eq!(queue.take_ready().len(), 1, "a parked actor takes the place");
}

#[test]
fn hosts_below_one_registered_domain_share_their_places() {
    for signer in ["https://a.loud.test/users/x", "https://b.a.loud.test/users/y#main-key", "https://loud.test/z"] {
        assert_eq!(site_of(signer), "loud.test");
    }
    assert_eq!(site_of("https://quiet.test/users/x"), "quiet.test");
}

#[test]
fn what_lingers_gives_its_place_to_others_up_to_a_bound() {
    let mut queue = Queue::default();
    for n in 0..limits::INBOUND_AT_ONCE + 1 {
        queue.add(place(&format!("actor {n}"), 1));
    }
    let first = queue.take_ready();
    assert_eq!(first.len(), limits::INBOUND_AT_ONCE);
    for (n, (actor, lsns)) in first.iter().enumerate() {
        assert!(queue.claim((*actor, lsns[0]), &format!("{n}.test")));
    }
    assert!(queue.take_ready().is_empty());
    queue.linger((first[0].0, first[0].1[0]));
    assert_eq!(queue.take_ready().len(), 1);
}

#[test]
fn what_takes_back_or_changes_overtakes_nothing_even_if_a_group_tells_it() {
    let alike =
        |document: Value| Turn { row: row(), body: Vec::new(), document: Some(document), sender: None }.side_by_side();
    let announce = |object: Value| alike(serde_json::json!({"type": "Announce", "object": object}));
    let told = |kind: &str| announce(serde_json::json!({"type": kind, "object": "https://a.test/1"}));
    let shared = announce(serde_json::json!("https://a.test/1"));
    assert!(shared.is_some() && shared == announce(serde_json::json!({"id": "https://a.test/1", "type": "Page"})));
    assert!(told("Create").is_some() && told("Like").is_some());
    assert!(told("Create") != told("Like") && told("Create") != shared, "a Like comes behind what it likes");
    for kind in ["Undo", "Delete", "Update", "Remove", "Dislike"] {
        assert_eq!((told(kind), alike(serde_json::json!({"type": kind}))), (None, None), "{kind}");
    }
    let both = serde_json::json!([{"type": "Like", "object": "x"}, {"type": "Undo", "object": "y"}]);
    assert_eq!(announce(both), None);
    assert_ne!(alike(serde_json::json!({"type": "Like"})), told("Like"));
}
