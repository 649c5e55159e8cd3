//! What failing peers are owed: in which order, how much, what goes to make room for it, and what is told of that.

use super::{built, everybody_has, followers, tell, unfinished};
use crate::lab::Lab;
use std::collections::BTreeSet;
use storage::{
    ActivityId, Bounds, Digest, Direction, Timestamp, Tx,
    audience::Audience,
    delivery::{
        self, ACTIVITIES, ACTIVITY_BYTES, Activity, Built, Delivery, Memory, OWED_MAX, OWED_MOST, Owed, Priority,
        Sender, settle, spill,
    },
    octets::Octets,
    peer::{self, InboxId, PEERS},
    steering,
    undelivered::{self, Reason, UNDELIVERED, Undelivered},
};

const ROW: Owed = Owed { ends: false, attempts: 0, not_before: Timestamp(0) };

#[test]
fn what_a_failing_peer_is_owed_survives_a_restart_and_keeps_the_bytes() {
    let mut lab = Lab::new();
    let author = lab.local("author");
    lab.follow(lab.remote("a", "down.test", true), author);
    for id in 1..=3 {
        tell(&lab, id, &built(&format!("x{id}"), followers(author)), Memory::Audience);
    }
    let inbox = lab.read(|view| delivery::part(view, ActivityId(1), 0)).unwrap().items[0].1;
    let rows: Vec<_> =
        (1..=3).map(|id| (Delivery { domain: "down.test".to_owned(), activity: ActivityId(id), inbox }, ROW)).collect();
    for _ in 0..2 {
        let rows = rows.clone();
        lab.write(move |tx| spill(tx, &rows));
    }
    (1..=3).for_each(|id| everybody_has(&lab, id));
    assert!(unfinished(&lab).is_empty());
    lab.reopen();
    let owed = lab.read(|view| delivery::owed(view, "down.test", None, 10));
    assert_eq!(owed.iter().map(|(id, ..)| id.0).collect::<Vec<_>>(), [1, 2, 3], "in the order of the activities");
    assert_eq!(lab.read(|view| PEERS.get(view, &"down.test".to_owned())).unwrap().owed, 3, "repeating adds nothing");
    assert!(lab.read(|view| delivery::document(view, ActivityId(2))).is_some());
    let settled = vec![rows[1].0.clone()];
    lab.write(move |tx| settle(tx, &settled));
    assert!(lab.read(|view| delivery::document(view, ActivityId(2))).is_none());
    assert!(lab.read(|view| delivery::document(view, ActivityId(3))).is_some());
    assert_eq!(lab.read(|view| PEERS.get(view, &"down.test".to_owned())).unwrap().owed, 2);
}

/// Owes activities that are nothing but their bytes.
fn spill_with_bytes(tx: &mut Tx<'_>, rows: &[(Delivery, Owed)]) -> storage::Result<usize> {
    for (delivery, _) in rows {
        ACTIVITY_BYTES.put(tx, &delivery.activity, &Octets(vec![7]));
    }
    spill(tx, rows)
}

#[test]
fn a_peer_is_owed_a_bounded_number_and_never_loses_what_takes_something_back() {
    let lab = Lab::new();
    let row = |id: u64, ends| {
        (Delivery { domain: "down.test".to_owned(), activity: ActivityId(id), inbox: InboxId(1) }, Owed { ends, ..ROW })
    };
    for from in (1..=u64::from(OWED_MAX)).step_by(50) {
        let rows: Vec<_> = (from..from + 50).map(|id| row(id, id == 1)).collect();
        lab.write(move |tx| spill_with_bytes(tx, &rows));
    }
    lab.write(move |tx| spill_with_bytes(tx, &[row(5_000, false)]));
    let owed = lab.read(|view| delivery::owed(view, "down.test", None, 5));
    assert_eq!(
        owed.iter().map(|(id, ..)| id.0).collect::<Vec<_>>(),
        [1, 3, 4, 5, 6],
        "the oldest ordinary one is lost"
    );
    assert_eq!(lab.read(|view| PEERS.get(view, &"down.test".to_owned())).unwrap().owed, OWED_MAX);
}

#[test]
fn an_unreachable_peer_is_owed_nothing_new_but_what_takes_something_back() {
    let lab = Lab::new();
    let row = |id: u64, ends| {
        (Delivery { domain: "dead.test".to_owned(), activity: ActivityId(id), inbox: InboxId(1) }, Owed { ends, ..ROW })
    };
    lab.write(move |tx| {
        let mut dead = peer::Peer::new(tx.now());
        dead.unreachable = true;
        PEERS.put(tx, &"dead.test".to_owned(), &dead);
        spill_with_bytes(tx, &[row(1, false), row(2, false), row(3, true)])
    });
    let owed = lab.read(|view| delivery::owed(view, "dead.test", None, 5));
    assert_eq!(owed.iter().map(|(id, ..)| id.0).collect::<Vec<_>>(), [1, 3], "one to probe with, and the Delete");
    lab.write(|tx| peer::heard_from(tx, "dead.test"));
    assert!(!lab.read(|view| PEERS.get(view, &"dead.test".to_owned())).unwrap().unreachable);
}

#[test]
fn what_is_owed_says_its_priority_and_its_object_also_in_rows_that_are_old() {
    let lab = Lab::new();
    let author = lab.local("author");
    lab.follow(lab.remote("a", "down.test", true), author);
    let kinds = [Priority::Public, Priority::Direct, Priority::Profile];
    for (id, priority) in (1..).zip(kinds) {
        let told = Built { priority, ..built(&format!("x{id}"), followers(author)) };
        tell(&lab, id, &told, Memory::Audience);
    }
    let inbox = lab.read(|view| delivery::part(view, ActivityId(1), 0)).unwrap().items[0].1;
    let row = |id| (Delivery { domain: "down.test".to_owned(), activity: ActivityId(id), inbox }, ROW);
    let rows: Vec<_> = (1..=3).map(row).collect();
    lab.write(move |tx| spill(tx, &rows));
    // Rows have said the same since the first version: it is the activity that knows.
    assert_eq!(storage::record::Record::encode(&ROW), [1, 0, 0, 0]);
    let found = lab.read(|view| delivery::pending(view, "down.test", None, 10));
    let told: Vec<_> = found.iter().map(|row| (row.activity.0, row.priority, row.object)).collect();
    let wanted: Vec<_> = (1..).zip(kinds).map(|(id, kind)| (id, kind, Digest::of(&format!("x{id}")))).collect();
    assert_eq!(told, wanted, "in the order of the activities");
    let behind = lab.read(|view| delivery::pending(view, "down.test", Some((ActivityId(1), inbox)), 1));
    assert_eq!(behind, [found[1]]);
}

#[test]
fn what_people_wrote_to_each_other_is_dropped_last_and_whoever_drops_says_so() {
    let lab = Lab::new();
    let author = lab.local("author");
    lab.follow(lab.remote("a", "down.test", true), author);
    for (id, priority) in [(1, Priority::Direct), (2, Priority::Public), (2_000, Priority::Public)] {
        tell(&lab, id, &Built { priority, ..built(&format!("x{id}"), followers(author)) }, Memory::Audience);
    }
    let inbox = lab.read(|view| delivery::part(view, ActivityId(1), 0)).unwrap().items[0].1;
    let row = move |id| (Delivery { domain: "down.test".to_owned(), activity: ActivityId(id), inbox }, ROW);
    for from in (1..=u64::from(OWED_MAX)).step_by(50) {
        let rows: Vec<_> = (from..from + 50).map(row).collect();
        lab.write(move |tx| spill_with_bytes(tx, &rows));
    }
    lab.write(move |tx| spill(tx, &[row(2_000)]));
    let owed = lab.read(|view| delivery::owed(view, "down.test", None, 2));
    assert_eq!(owed.iter().map(|(id, ..)| id.0).collect::<Vec<_>>(), [1, 3], "not the oldest, which is direct");
    let lost = lab.read(|view| undelivered::of(view, ActivityId(2)));
    assert_eq!((lost.count(), lost.told[0].inbox, lost.told[0].reason), (1, inbox, Reason::Displaced));
    assert_eq!(lab.read(|view| undelivered::of(view, ActivityId(1))).count(), 0);
}

/// A peer that is owed all it may be, as `of` says of each activity from 1 on, and one of its inboxes. Told of before, so
/// that they are remembered: `told`.
fn full(lab: &Lab, told: &[(u64, Priority)], of: impl Fn(u64) -> (Priority, bool)) -> InboxId {
    let author = lab.local("author");
    lab.follow(lab.remote("a", "full.test", true), author);
    for (id, priority) in told {
        let built = Built { priority: *priority, ..built(&format!("x{id}"), followers(author)) };
        tell(lab, *id, &built, Memory::Audience);
    }
    let inbox = lab.read(|view| delivery::part(view, ActivityId(told[0].0), 0)).unwrap().items[0].1;
    for from in (1..=u64::from(OWED_MAX)).step_by(50) {
        let kinds: Vec<_> = (from..from + 50).map(|id| (ActivityId(id), of(id))).collect();
        lab.write(move |tx| {
            let mut rows = Vec::new();
            for (id, (priority, ends)) in &kinds {
                if !ACTIVITIES.contains(tx, id)? {
                    let activity = Activity {
                        uri: format!("https://here.test/{}", id.0),
                        object: Digest::of(&id.0.to_string()),
                        sender: Sender::Instance,
                        priority: *priority,
                        memory: Memory::Audience,
                        supersedes: false,
                        created_at: tx.now(),
                    };
                    ACTIVITIES.put(tx, id, &activity);
                    ACTIVITY_BYTES.put(tx, id, &Octets(vec![7]));
                }
                rows.push((to_full(*id, inbox), Owed { ends: *ends, ..ROW }));
            }
            spill(tx, &rows)
        });
    }
    inbox
}

fn to_full(activity: ActivityId, inbox: InboxId) -> Delivery {
    Delivery { domain: "full.test".to_owned(), activity, inbox }
}

/// Owes such a peer one more; answers what it is owed then.
fn one_more(lab: &Lab, id: u64, inbox: InboxId) -> BTreeSet<u64> {
    one_more_as(lab, id, inbox, ROW)
}

fn one_more_as(lab: &Lab, id: u64, inbox: InboxId, row: Owed) -> BTreeSet<u64> {
    assert_eq!(lab.write(move |tx| spill(tx, &[(to_full(ActivityId(id), inbox), row)])), 1);
    let owed = lab.read(|view| delivery::owed(view, "full.test", None, 5_000));
    let count = lab.read(|view| PEERS.get(view, &"full.test".to_owned())).unwrap().owed;
    assert_eq!(count as usize, owed.len(), "what is counted is there");
    owed.into_iter().map(|(id, ..)| id.0).collect()
}

fn why_lost(lab: &Lab, id: u64) -> Option<Reason> {
    lab.read(|view| undelivered::of(view, ActivityId(id))).told.first().map(|one| one.reason)
}

#[test]
fn what_is_for_everybody_never_displaces_what_people_wrote_to_each_other() {
    let lab = Lab::new();
    let told = [(2_000, Priority::Public), (2_001, Priority::Direct), (1, Priority::Direct)];
    let inbox = full(&lab, &told, |_| (Priority::Direct, false));
    let all: BTreeSet<u64> = (1..=u64::from(OWED_MAX)).collect();
    assert_eq!(one_more(&lab, 2_000, inbox), all);
    assert_eq!((why_lost(&lab, 2_000), why_lost(&lab, 1)), (Some(Reason::Displaced), None));
    // Among their like the oldest goes.
    let owed = one_more(&lab, 2_001, inbox);
    assert!(owed.contains(&2_001) && !owed.contains(&1) && owed.len() == all.len());
    assert_eq!((why_lost(&lab, 2_001), why_lost(&lab, 1)), (None, Some(Reason::Displaced)));
}

#[test]
fn what_is_direct_is_kept_where_all_that_is_old_takes_something_back() {
    let lab = Lab::new();
    let told = [(2_000, Priority::Direct), (2_001, Priority::Public)];
    let inbox = full(&lab, &told, |_| (Priority::Public, true));
    let owed = one_more(&lab, 2_000, inbox);
    assert!(owed.contains(&2_000) && owed.len() == OWED_MAX as usize + 1, "{} are owed", owed.len());
    assert_eq!(one_more(&lab, 2_001, inbox), owed, "nothing else is");
    assert_eq!((why_lost(&lab, 2_000), why_lost(&lab, 2_001)), (None, Some(Reason::Displaced)));
}

#[test]
fn what_takes_something_back_is_bounded_too_and_then_the_oldest_goes_for_the_newest() {
    let lab = Lab::new();
    let most = u64::from(OWED_MOST);
    let told =
        [(1, Priority::Public), (2, Priority::Public), (most + 2, Priority::Direct), (most + 3, Priority::Public)];
    // The oldest is what the second one takes back.
    let inbox = full(&lab, &told, |id| (Priority::Public, id > 1));
    let ends = Owed { ends: true, ..ROW };
    let further: Vec<_> = (u64::from(OWED_MAX) + 1..=most).map(|id| (to_full(ActivityId(id), inbox), ends)).collect();
    let mut left = further.as_slice();
    while !left.is_empty() {
        let step = left[..left.len().min(50)].to_vec();
        left = &left[lab.write(move |tx| spill_with_bytes(tx, &step))..];
    }
    assert_eq!(why_lost(&lab, 1), Some(Reason::Displaced), "what takes nothing back went first");
    let last = lab.write(move |tx| spill_with_bytes(tx, &[(to_full(ActivityId(most + 1), inbox), ends)]));
    assert_eq!((last, why_lost(&lab, 2)), (1, None));
    let all: BTreeSet<u64> = (2..=most + 1).collect();
    // Of what takes nothing back there is no more, whoever it is for: its end might be among what was dropped.
    assert_eq!(one_more(&lab, most + 2, inbox), all);
    assert_eq!(one_more(&lab, most + 3, inbox), all);
    assert_eq!((why_lost(&lab, most + 2), why_lost(&lab, 2)), (Some(Reason::Displaced), None));
    let owed = one_more_as(&lab, most + 3, inbox, ends);
    assert_eq!(owed, (3..=most + 1).chain([most + 3]).collect(), "the oldest goes");
    assert_eq!((why_lost(&lab, 2), why_lost(&lab, most + 3)), (Some(Reason::Displaced), None));
}

#[test]
fn what_is_direct_displaces_what_is_for_everybody_before_older_ones_of_its_like() {
    let lab = Lab::new();
    let told = [(2_000, Priority::Direct), (1, Priority::Direct), (30, Priority::Public)];
    let of = |id| (if id == 30 { Priority::Public } else { Priority::Direct }, false);
    let inbox = full(&lab, &told, of);
    let owed = one_more(&lab, 2_000, inbox);
    assert!(owed.contains(&1) && owed.contains(&2_000) && !owed.contains(&30));
    assert_eq!(owed.len(), OWED_MAX as usize);
    assert_eq!((why_lost(&lab, 1), why_lost(&lab, 30)), (None, Some(Reason::Displaced)));
}

#[test]
fn what_made_room_while_it_was_on_its_way_and_arrived_is_not_told_as_lost() {
    let lab = Lab::new();
    let told = [1, 2, 3, 2_000, 2_001, 2_002].map(|id| (id, Priority::Public));
    let inbox = full(&lab, &told, |_| (Priority::Public, false));
    (1..=3).zip(2_000..).for_each(|(old, new)| {
        assert!(!one_more(&lab, new, inbox).contains(&old));
        assert_eq!(why_lost(&lab, old), Some(Reason::Displaced));
    });
    let settle = |id| lab.write(move |tx| settle(tx, &[to_full(ActivityId(id), inbox)]));
    settle(1);
    assert_eq!(why_lost(&lab, 1), None, "it was on its way");
    assert!(!lab.read(|view| UNDELIVERED.contains(view, &ActivityId(1))));
    lab.write(move |tx| {
        let refused = Undelivered { inbox, at: tx.now(), reason: Reason::Refused(403) };
        undelivered::note(tx, &[(ActivityId(2), refused)])
    });
    settle(2);
    assert_eq!(why_lost(&lab, 2), Some(Reason::Refused(403)), "it came there, and was not taken");
    assert_eq!(why_lost(&lab, 3), Some(Reason::Displaced), "it was not on its way");
    let owed = lab.read(|view| PEERS.get(view, &"full.test".to_owned())).unwrap().owed;
    assert_eq!(owed, OWED_MAX, "what was counted before is not counted again");
}

#[test]
fn what_made_room_while_it_was_on_its_way_and_failed_is_owed_again_and_not_lost() {
    let lab = Lab::new();
    let told = [1, 2, 2_000].map(|id| (id, Priority::Public));
    let inbox = full(&lab, &told, |_| (Priority::Public, false));
    let failed = Owed { attempts: 1, ..ROW };
    one_more(&lab, 2_000, inbox);
    assert_eq!(why_lost(&lab, 1), Some(Reason::Displaced));
    assert_eq!(lab.write(move |tx| spill(tx, &[(to_full(ActivityId(1), inbox), failed)])), 1);
    assert_eq!((why_lost(&lab, 1), why_lost(&lab, 2)), (None, Some(Reason::Displaced)), "now another made room");
    // Both at once: the first makes room for itself by the second, which then does the same.
    let both = [(to_full(ActivityId(2), inbox), failed), (to_full(ActivityId(1), inbox), failed)];
    assert_eq!(lab.write(move |tx| spill(tx, &both)), 2);
    assert_eq!((why_lost(&lab, 1), why_lost(&lab, 2)), (None, Some(Reason::Displaced)));
    let owed = lab.read(|view| delivery::owed(view, "full.test", None, 2));
    assert_eq!(owed.iter().map(|(id, ..)| id.0).collect::<Vec<_>>(), [1, 3], "what is told is what is");
    lab.write(move |tx| settle(tx, &[to_full(ActivityId(1), inbox)]));
    assert_eq!(why_lost(&lab, 1), None);
}

#[test]
fn what_an_operator_dropped_while_it_was_on_its_way_and_arrived_is_not_told_as_lost() {
    let lab = Lab::new();
    let author = lab.local("author");
    lab.follow(lab.remote("a", "full.test", true), author);
    tell(&lab, 1, &built("x1", followers(author)), Memory::Audience);
    let inbox = lab.read(|view| delivery::part(view, ActivityId(1), 0)).unwrap().items[0].1;
    lab.write(move |tx| spill(tx, &[(to_full(ActivityId(1), inbox), ROW)]));
    everybody_has(&lab, 1);
    assert_eq!(lab.write(|tx| steering::purge_step(tx, "full.test")), (1, false));
    assert_eq!(why_lost(&lab, 1), Some(Reason::Purged));
    lab.write(move |tx| settle(tx, &[to_full(ActivityId(1), inbox)]));
    assert_eq!(why_lost(&lab, 1), None);
}

#[test]
fn what_became_a_row_after_its_peer_was_purged_goes_and_what_had_gone_stays_told() {
    let lab = Lab::new();
    let author = lab.local("author");
    lab.follow(lab.remote("a", "full.test", true), author);
    for id in 1..=3 {
        tell(&lab, id, &built(&format!("x{id}"), followers(author)), Memory::Audience);
    }
    let inbox = lab.read(|view| delivery::part(view, ActivityId(1), 0)).unwrap().items[0].1;
    lab.write(move |tx| spill(tx, &[(to_full(ActivityId(1), inbox), ROW)]));
    assert_eq!(lab.write(|tx| steering::purge_step(tx, "full.test")), (1, false));
    let late = [2, 3].map(|id| (to_full(ActivityId(id), inbox), ROW));
    lab.write(move |tx| spill(tx, &late));
    everybody_has(&lab, 2);
    // The first one's row was dropped before, the third one is owed anew and was not among them.
    for _ in 0..2 {
        lab.write(move |tx| steering::purge_made(tx, &[1, 2].map(|id| to_full(ActivityId(id), inbox))));
        let owed = lab.read(|view| delivery::owed(view, "full.test", None, 10));
        assert_eq!(owed.iter().map(|(id, ..)| id.0).collect::<Vec<_>>(), [3]);
        assert_eq!([1, 2, 3].map(|id| why_lost(&lab, id)), [Some(Reason::Purged), Some(Reason::Purged), None]);
    }
    assert!(lab.read(|view| delivery::document(view, ActivityId(2))).is_none(), "nobody needs it any more");
    assert_eq!(lab.read(|view| PEERS.get(view, &"full.test".to_owned())).unwrap().owed, 1);
}

#[test]
fn many_that_make_room_for_others_take_more_than_one_transaction() {
    let lab = Lab::new();
    let row = |id: u64| (Delivery { domain: "down.test".to_owned(), activity: ActivityId(id), inbox: InboxId(1) }, ROW);
    for from in (1..=u64::from(OWED_MAX)).step_by(50) {
        let rows: Vec<_> = (from..from + 50).map(row).collect();
        assert_eq!(lab.write(move |tx| spill_with_bytes(tx, &rows)), 50);
    }
    let rows: Vec<_> = (5_000..5_050).map(row).collect();
    let mut left = rows.as_slice();
    let mut steps = 0;
    while !left.is_empty() {
        let step = left.to_vec();
        left = &left[lab.write(move |tx| spill_with_bytes(tx, &step))..];
        steps += 1;
    }
    assert!(steps > 1, "each is bounded");
    assert_eq!(lab.read(|view| PEERS.get(view, &"down.test".to_owned())).unwrap().owed, OWED_MAX);
    let first = lab.read(|view| delivery::owed(view, "down.test", None, 1))[0].0;
    assert_eq!(first, ActivityId(51), "the oldest went, as many as came");
}

#[test]
fn what_will_not_arrive_is_told_with_its_reason_as_long_as_the_activity_is_remembered() {
    let lab = Lab::new();
    let author = lab.local("author");
    lab.follow(lab.remote("a", "dead.test", true), author);
    for (id, memory) in [(1, Memory::Audience), (2, Memory::Audience), (3, Memory::Nothing)] {
        tell(&lab, id, &built(&format!("x{id}"), followers(author)), memory);
    }
    let inbox = lab.read(|view| delivery::part(view, ActivityId(1), 0)).unwrap().items[0].1;
    let row = move |id| (Delivery { domain: "dead.test".to_owned(), activity: ActivityId(id), inbox }, ROW);
    lab.write(move |tx| {
        let mut dead = PEERS.get(tx, &"dead.test".to_owned())?.unwrap();
        dead.unreachable = true;
        PEERS.put(tx, &"dead.test".to_owned(), &dead);
        spill(tx, &[row(1), row(2), row(3)])
    });
    (1..=3).for_each(|id| everybody_has(&lab, id));
    let reason = |id| {
        let list = lab.read(|view| undelivered::of(view, ActivityId(id)));
        list.told.first().map(|one| (one.inbox, one.reason))
    };
    assert_eq!(reason(1), None, "it is the one to probe with");
    assert_eq!(reason(2), Some((inbox, Reason::Unreachable)));
    assert_eq!(reason(3), None, "nothing is remembered of it");
    assert_eq!(lab.write(|tx| steering::purge_step(tx, "dead.test")), (1, false));
    assert_eq!(reason(1), Some((inbox, Reason::Purged)));
    for (id, object) in [(4, "x1"), (5, "x2")] {
        let audience = Audience { prior_of: Some(Digest::of(object)), ..Audience::default() };
        tell(&lab, id, &built(object, audience), Memory::End);
        everybody_has(&lab, id);
        while lab.write(move |tx| delivery::tidy(tx, Digest::of(object))) {}
    }
    let left = lab.read(|view| UNDELIVERED.list(view, &(), Bounds::NONE, Direction::Ascending, 10));
    assert!(left.is_empty(), "it goes with the activity");
}
