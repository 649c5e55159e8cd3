//! Activities, audiences, progress, and what failing peers are owed.

use crate::lab::{DAY_MS, Lab};
use std::collections::{BTreeSet, HashSet};
use storage::{
    AccountId, ActivityId, Bounds, Digest, Direction, Timestamp, Tx, View,
    account::Endpoints,
    audience::{self, Added, Audience, Room, Routes, STEP_ROWS, Stage},
    delivery::{
        self, ACTIVITIES, ACTIVITY_BYTES, Activity, Built, Delivery, Memory, OWED_MAX, OWED_MOST, Owed, Priority,
        Sender, note_progress, set_bit, settle, spill,
    },
    domain_block, limits,
    moderation::{self, DomainBlock, Severity},
    octets::Octets,
    peer::{self, INBOXES, InboxId, PEERS, Target},
    steering,
    undelivered::{self, Reason, UNDELIVERED, Undelivered},
};

const ROW: Owed = Owed { ends: false, attempts: 0, not_before: Timestamp(0) };

fn built(object: &str, audience: Audience) -> Built {
    Built {
        uri: format!("https://here.test/{object}/activity"),
        object: Digest::of(object),
        bytes: object.as_bytes().to_vec(),
        sender: Sender::Instance,
        priority: Priority::Public,
        audience,
    }
}

/// Stores an activity and expands it to its end; answers its inboxes, or none if it waits for another.
fn tell(lab: &Lab, id: u64, built: &Built, memory: Memory) -> Option<Vec<String>> {
    let id = ActivityId(id);
    let stage = audience::first_stage(&built.audience);
    let step = match stage {
        Stage::Prior(_) => audience::Step { next: Some(stage), ..audience::Step::default() },
        stage => lab.read(|view| audience::gather(view, id, &built.audience, stage)).unwrap(),
    };
    let (of_rule, first) = (built.clone(), step);
    let added = lab.write(move |tx| audience::store(tx, id, &of_rule, memory, &first)).unwrap();
    expand(lab, id, &built.audience, added)
}

fn expand(lab: &Lab, id: ActivityId, audience: &Audience, mut added: Added) -> Option<Vec<String>> {
    let mut known: HashSet<InboxId> = added.inboxes.iter().copied().collect();
    while let Some(stage) = added.next {
        let step = lab.read(|view| audience::gather(view, id, audience, stage))?;
        let seen = known.clone();
        added = lab.write(move |tx| audience::extend(tx, id, stage, &step, &seen)).unwrap();
        known.extend(&added.inboxes);
    }
    Some(urls(lab, &known))
}

fn urls(lab: &Lab, inboxes: &HashSet<InboxId>) -> Vec<String> {
    let mut urls: Vec<_> = inboxes.iter().map(|id| lab.read(|view| INBOXES.get(view, id)).unwrap().url).collect();
    urls.sort();
    urls
}

fn everybody_has(lab: &Lab, id: u64) {
    let part = lab.read(|view| delivery::part(view, ActivityId(id), 0)).unwrap();
    let mut done = part.done;
    part.items.iter().for_each(|(position, ..)| set_bit(&mut done, *position));
    lab.write(move |tx| note_progress(tx, ActivityId(id), &done, true));
}

fn unfinished(lab: &Lab) -> Vec<u64> {
    lab.read(|view| delivery::unfinished(view, None, 100)).into_iter().map(|id| id.0).collect()
}

fn followers(account: AccountId) -> Audience {
    Audience { followers_of: Some(account), ..Audience::default() }
}

#[test]
fn followers_of_one_server_share_an_inbox_and_local_ones_get_nothing() {
    let lab = Lab::new();
    let author = lab.local("author");
    lab.follow(lab.local("neighbour"), author);
    for name in ["a", "b", "c"] {
        lab.follow(lab.remote(name, "shared.test", true), author);
        lab.follow(lab.remote(name, "single.test", false), author);
    }
    let told = tell(&lab, 1, &built("x", followers(author)), Memory::Audience).unwrap();
    assert_eq!(
        told,
        [
            "https://shared.test/inbox",
            "https://single.test/users/a/inbox",
            "https://single.test/users/b/inbox",
            "https://single.test/users/c/inbox",
        ]
    );
    assert_eq!(unfinished(&lab), [1]);
}

#[test]
fn each_delivery_has_its_own_inbox_in_whatever_order_they_were_found() {
    let lab = Lab::new();
    let author = lab.local("author");
    let accounts: Vec<AccountId> = (0..100).map(|number| lab.remote("a", &format!("{number}.test"), true)).collect();
    accounts.iter().for_each(|account| lab.follow(*account, author));
    tell(&lab, 1, &built("x", followers(author)), Memory::Audience).unwrap();
    let close: Vec<AccountId> = accounts[..20].iter().rev().copied().collect();
    let apart: Vec<AccountId> = accounts.iter().rev().step_by(12).copied().collect();
    for (id, accounts) in (2..).zip([close, apart, vec![accounts[50]]]) {
        let count = accounts.len();
        let audience = Audience { accounts, ..Audience::default() };
        tell(&lab, id, &built(&format!("y{id}"), audience), Memory::Audience).unwrap();
        let part = lab.read(|view| delivery::part(view, ActivityId(id), 0)).unwrap();
        assert_eq!(part.items.len(), count);
        for (_, inbox, row) in &part.items {
            assert_eq!(lab.read(|view| INBOXES.get(view, inbox)).as_ref(), Some(row));
        }
    }
}

#[test]
fn an_audience_beyond_one_step_goes_on_where_it_stopped_also_after_a_restart() {
    let mut lab = Lab::new();
    let author = lab.local("author");
    let count = STEP_ROWS * 2 + 7;
    for number in 0..count {
        lab.follow(lab.remote("a", &format!("{number}.test"), true), author);
    }
    let built = built("x", followers(author));
    let id = ActivityId(1);
    let first = lab.read(|view| audience::gather(view, id, &built.audience, Stage::Accounts(0))).unwrap();
    let of_rule = built.clone();
    lab.write(move |tx| audience::store(tx, id, &of_rule, Memory::Audience, &first));
    lab.reopen();
    let (found, expansion) = lab.read(|view| audience::under_way(view, None, 10)).remove(0);
    assert_eq!(found, id);
    let known = lab.read(|view| audience::inboxes(view, id));
    assert_eq!(known.len(), STEP_ROWS);
    let added = Added { inboxes: known.into_iter().collect(), next: Some(expansion.stage) };
    assert_eq!(expand(&lab, id, &built.audience, added).unwrap().len(), count);
    let (mut from, mut positions) = (0, BTreeSet::new());
    loop {
        let part = lab.read(|view| delivery::part(view, id, from)).unwrap();
        positions.extend(part.items.iter().map(|(position, ..)| *position));
        from = part.next;
        if part.complete {
            break;
        }
    }
    assert_eq!(positions, (0..u32::try_from(count).unwrap()).collect());
}

#[test]
fn followers_of_whom_is_answered_get_it_too_but_where_the_author_blocks_their_domain() {
    let mut lab = Lab::new();
    let (author, answered) = (lab.local("author"), lab.local("answered"));
    lab.follow(lab.remote("a", "near.test", true), author);
    for number in 0..STEP_ROWS + 7 {
        lab.follow(lab.remote("a", &format!("{number}.test"), true), answered);
    }
    lab.follow(lab.remote("b", "near.test", true), answered);
    lab.follow(lab.remote("a", "shunned.test", true), answered);
    lab.write(move |tx| domain_block::put(tx, author, "shunned.test"));
    let told = built("x", Audience { followers_of_answered: Some(answered), ..followers(author) });
    let id = ActivityId(1);
    let first = lab.read(|view| audience::gather(view, id, &told.audience, Stage::Accounts(0))).unwrap();
    assert_eq!(first.next, Some(Stage::FollowersOfAnswered(None)));
    let of_rule = told.clone();
    let added = lab.write(move |tx| audience::store(tx, id, &of_rule, Memory::Audience, &first)).unwrap();
    // One step further, and on after a restart.
    let second = lab.read(|view| audience::gather(view, id, &told.audience, added.next.unwrap())).unwrap();
    let known: HashSet<InboxId> = added.inboxes.iter().copied().collect();
    let from = added.next.unwrap();
    lab.write(move |tx| audience::extend(tx, id, from, &second, &known));
    lab.reopen();
    let (_, expansion) = lab.read(|view| audience::under_way(view, None, 10)).remove(0);
    assert!(matches!(expansion.stage, Stage::FollowersOfAnswered(Some(_))), "{:?}", expansion.stage);
    assert_eq!(expansion.audience, told.audience);
    let known = lab.read(|view| audience::inboxes(view, id));
    let added = Added { inboxes: known.into_iter().collect(), next: Some(expansion.stage) };
    let urls = expand(&lab, id, &expansion.audience, added).unwrap();
    assert_eq!(urls.len(), STEP_ROWS + 8, "each server once");
    assert!(urls.contains(&"https://near.test/inbox".to_owned()));
    assert!(!urls.contains(&"https://shunned.test/inbox".to_owned()));
}

#[test]
fn a_far_step_passes_over_those_whose_inbox_is_known_and_finds_no_more_new_ones_than_there_is_room_for() {
    let lab = Lab::new();
    let author = lab.local("author");
    for number in 0..40 {
        lab.follow(lab.remote(&format!("a{number}"), "big.test", true), author);
    }
    for number in 0..10 {
        lab.follow(lab.remote("b", &format!("{number}.test"), true), author);
    }
    let audience = followers(author);
    let walk = |room: Room| {
        let (mut routes, mut stage, mut steps) = (Routes::default(), Some(Stage::Followers(None)), Vec::new());
        while let Some(from) = stage {
            let look = |view: &View<'_>| audience::gather_far(view, ActivityId(1), &audience, from, room, &mut routes);
            let step = lab.read(look).unwrap();
            stage = step.next;
            steps.push(step);
        }
        steps
    };
    let unknown = walk(Room { rows: 45, targets: 4 });
    let found: Vec<_> = unknown.iter().map(|step| step.targets.len()).collect();
    assert_eq!(found, [4, 4, 3], "everybody on one server is found once");
    let told = tell(&lab, 1, &built("x", audience.clone()), Memory::Audience).unwrap();
    assert_eq!(told.len(), 11);
    let known = walk(Room { rows: 45, targets: 4 });
    assert!(known.iter().all(|step| step.targets.is_empty()));
    assert_eq!(known.iter().map(|step| step.inboxes.len()).collect::<Vec<_>>(), [45, 5]);
    let inboxes: HashSet<_> = known.into_iter().flat_map(|step| step.inboxes).collect();
    assert_eq!(urls(&lab, &inboxes), told);
}

#[test]
fn who_is_suspended_gets_nothing_of_what_goes_to_many_either() {
    let lab = Lab::new();
    let author = lab.local("author");
    let decided =
        [("bad.test", Severity::Suspend), ("good.bad.test", Severity::Noop), ("quiet.test", Severity::Silence)];
    for (domain, severity) in decided {
        lab.write(move |tx| {
            let block = DomainBlock::bare(tx.next_id(), domain, severity, tx.now());
            moderation::put_block(tx, &block);
            Ok(())
        });
    }
    let many = limits::BLOCKS_ASKED_SINGLY;
    for number in 0..many {
        lab.follow(lab.remote("a", &format!("{number}.test"), true), author);
    }
    for domain in ["bad.test", "x.bad.test", "bad.test:8443", "good.bad.test", "quiet.test"] {
        lab.follow(lab.remote("a", domain, true), author);
    }
    let (audience, mut routes) = (followers(author), Routes::default());
    let room = Room { rows: 2 * many, targets: 2 * many };
    let from = Stage::Followers(None);
    let look = |view: &View<'_>| audience::gather_far(view, ActivityId(1), &audience, from, room, &mut routes);
    let step = lab.read(look).unwrap();
    let told: Vec<&str> = step.targets.iter().map(|target| target.domain.as_str()).collect();
    assert_eq!(told.len(), many + 2);
    assert_eq!(told[many..], ["good.bad.test", "quiet.test"]);
}

#[test]
fn a_delete_goes_to_whoever_got_the_status_and_waits_until_that_is_known() {
    let lab = Lab::new();
    let author = lab.local("author");
    for number in 0..STEP_ROWS + 1 {
        lab.follow(lab.remote("a", &format!("{number}.test"), true), author);
    }
    let create = built("x", followers(author));
    let first = lab.read(|view| audience::gather(view, ActivityId(1), &create.audience, Stage::Accounts(0))).unwrap();
    let of_rule = create.clone();
    let added = lab.write(move |tx| audience::store(tx, ActivityId(1), &of_rule, Memory::Audience, &first)).unwrap();
    let mentioned = lab.remote("late", "late.test", false);
    let object = Some(Digest::of("x"));
    let delete = built("x", Audience { accounts: vec![mentioned], prior_of: object, ..Audience::default() });
    assert_eq!(tell(&lab, 2, &delete, Memory::End), None, "the Create is still being expanded");
    expand(&lab, ActivityId(1), &create.audience, added);
    let waiting = Added { inboxes: Vec::new(), next: Some(Stage::Prior(None)) };
    let told = expand(&lab, ActivityId(2), &delete.audience, waiting).unwrap();
    assert_eq!(told.len(), STEP_ROWS + 2);
    assert!(told.contains(&"https://late.test/users/late/inbox".to_owned()));
}

#[test]
fn bytes_go_when_everybody_has_them_and_memory_goes_with_the_object() {
    let lab = Lab::new();
    let author = lab.local("author");
    lab.follow(lab.remote("a", "a.test", true), author);
    tell(&lab, 1, &built("x", followers(author)), Memory::Audience);
    everybody_has(&lab, 1);
    assert!(unfinished(&lab).is_empty());
    assert!(lab.read(|view| ACTIVITY_BYTES.get(view, &ActivityId(1))).is_none());
    assert!(lab.read(|view| ACTIVITIES.get(view, &ActivityId(1))).is_some(), "who got it is remembered");
    tell(&lab, 2, &built("x", Audience { prior_of: Some(Digest::of("x")), ..Audience::default() }), Memory::End);
    everybody_has(&lab, 2);
    while lab.write(|tx| delivery::tidy(tx, Digest::of("x"))) {}
    let left = lab.read(|view| ACTIVITIES.list(view, &(), Bounds::NONE, Direction::Ascending, 10));
    assert!(left.is_empty());
    tell(&lab, 3, &built("y", followers(author)), Memory::Nothing);
    everybody_has(&lab, 3);
    assert!(lab.read(|view| ACTIVITIES.get(view, &ActivityId(3))).is_none());
    let nobody = lab.local("nobody");
    tell(&lab, 4, &built("z", followers(nobody)), Memory::Audience);
    assert!(lab.read(|view| ACTIVITIES.get(view, &ActivityId(4))).is_none(), "nobody to tell, nothing to keep");
}

#[test]
fn of_changes_that_do_not_go_to_everybody_only_those_are_remembered_that_somebody_else_got() {
    let lab = Lab::new();
    let author = lab.local("author");
    let [a, b] = ["a.test", "b.test"].map(|domain| lab.remote("a", domain, true));
    let object = Digest::of("x");
    let remembered = || {
        while lab.write(move |tx| audience::forget_covered(tx, object)) {}
        let rows = lab
            .read(|view| delivery::ACTIVITIES_OF_OBJECT.list(view, &object, Bounds::NONE, Direction::Ascending, 100));
        rows.into_iter().map(|((_, id), ())| id.0).collect::<Vec<_>>()
    };
    let says = |id, to: &[AccountId]| {
        let audience = Audience { accounts: to.to_vec(), ..Audience::default() };
        tell(&lab, id, &built("x", audience), Memory::Audience);
    };
    says(1, &[a, b]);
    everybody_has(&lab, 1);
    says(2, &[a, b]);
    assert_eq!(remembered(), [2], "whom it reaches is known, whether it has arrived or not");
    says(3, &[a, b]);
    assert_eq!(remembered(), [2, 3], "the second is on its way still");
    everybody_has(&lab, 2);
    everybody_has(&lab, 3);
    assert_eq!(remembered(), [3]);
    says(4, &[a]);
    everybody_has(&lab, 4);
    says(5, &[a]);
    everybody_has(&lab, 5);
    assert_eq!(remembered(), [3, 5], "only the third went to b");
    let delete = built("x", Audience { accounts: vec![a], prior_of: Some(object), ..Audience::default() });
    assert_eq!(tell(&lab, 6, &delete, Memory::End).unwrap(), ["https://a.test/inbox", "https://b.test/inbox"]);

    for number in 0..=STEP_ROWS {
        lab.follow(lab.remote("f", &format!("{number}.test"), true), author);
    }
    let wide = |id| {
        let told = built("y", followers(author));
        let first =
            lab.read(|view| audience::gather(view, ActivityId(id), &told.audience, Stage::Accounts(0))).unwrap();
        let of_rule = told.clone();
        let added = lab.write(move |tx| audience::store(tx, ActivityId(id), &of_rule, Memory::Audience, &first));
        (told.audience, added.unwrap())
    };
    let (audience, added) = wide(11);
    expand(&lab, ActivityId(11), &audience, added);
    everybody_has(&lab, 11);
    wide(12);
    assert!(!lab.write(move |tx| audience::forget_covered(tx, Digest::of("y"))), "whom it reaches is not known yet");
}

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

#[test]
fn inboxes_on_foreign_hosts_and_shared_ones_that_are_gone_are_not_used() {
    let lab = Lab::new();
    let id = lab.remote("a", "a.test", true);
    let target = |lab: &Lab| {
        lab.read(|view| peer::target_of(view, &storage::account::find(view, id)?.unwrap())).map(|target| target.url)
    };
    assert_eq!(target(&lab).as_deref(), Some("https://a.test/inbox"));
    let wanted = lab.read(|view| peer::target_of(view, &storage::account::find(view, id)?.unwrap())).unwrap();
    lab.write(move |tx| {
        let number = peer::number_inbox(tx, &wanted)?;
        peer::mark_gone(tx, number)
    });
    assert_eq!(target(&lab).as_deref(), Some("https://a.test/users/a/inbox"));
    lab.advance(DAY_MS);
    for (uri, used) in [("https://evil.test/users/a", "users/a/inbox"), ("https://a.test/users/b", "inbox")] {
        let inbox = format!("{uri}/inbox");
        lab.write(move |tx| {
            let shared_inbox = Some("https://a.test/inbox".to_owned());
            peer::named_again(tx, uri, &Endpoints { inbox: inbox.clone(), shared_inbox, ..Endpoints::default() })
        });
        assert_eq!(target(&lab), Some(format!("https://a.test/{used}")), "{uri} names it again");
    }
    let point = |lab: &Lab, inbox: &'static str, shared: &'static str| {
        lab.write(move |tx| {
            let mut row = storage::account::find(tx, id)?.unwrap();
            row.endpoints.inbox = inbox.to_owned();
            row.endpoints.shared_inbox = Some(shared.to_owned());
            storage::account::put(tx, &row)
        });
    };
    point(&lab, "https://a.test/users/a/inbox", "https://victim.test/inbox");
    assert_eq!(target(&lab).as_deref(), Some("https://a.test/users/a/inbox"));
    point(&lab, "https://victim.test/inbox", "https://a.test/inbox2");
    assert_eq!(target(&lab), None);
}

#[test]
fn a_retry_forgets_in_one_transaction_that_some_shared_inboxes_are_gone_however_many_are() {
    let lab = Lab::new();
    for step in 0..6 {
        lab.write(move |tx| {
            for number in 0..100 {
                let url = format!("https://many.test/{step}/{number}");
                let inbox = peer::number_inbox(tx, &Target { url, domain: "many.test".to_owned(), shared: true })?;
                peer::mark_gone(tx, inbox)?;
            }
            Ok(())
        });
    }
    let gone = || {
        let rows = lab.read(|view| INBOXES.list(view, &(), Bounds::NONE, Direction::Ascending, 1_000));
        rows.iter().filter(|(_, inbox)| inbox.gone_at.is_some()).count()
    };
    for left in [400, 200, 0] {
        assert!(lab.write(|tx| steering::retry_step(tx, "many.test", None)).is_none());
        assert_eq!(gone(), left);
    }
}
