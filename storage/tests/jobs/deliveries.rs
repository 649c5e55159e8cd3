//! Activities, audiences, progress, and what failing peers are owed.

mod owed;

use crate::lab::{DAY_MS, Lab};
use std::collections::{BTreeSet, HashSet};
use storage::{
    AccountId, ActivityId, Bounds, Digest, Direction, View,
    account::Endpoints,
    audience::{self, Added, Audience, Room, Routes, STEP_ROWS, Stage},
    delivery::{self, ACTIVITIES, ACTIVITY_BYTES, Built, Memory, Priority, Sender, note_progress, set_bit},
    domain_block, limits,
    moderation::{self, DomainBlock, Severity},
    peer::{self, INBOXES, InboxId, Target},
    steering,
};

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
