//! The state machine of follows, from both sides, on a real store.

use super::{
    FollowOptions,
    accept::{self, Followed, Named},
    accept_move, authorize, authorize_pending, between, block, come_back, follow, followers, following, move_away,
    move_step, purge_step, reject, requests, unblock, unfollow,
};
use crate::{
    account::{
        accept::{RemoteAccount, accept as describe},
        alias,
        lab::{Lab, remote},
        update::{Changes, update},
    },
    error::Error,
    limits,
    origin::Origin,
};
use storage::{
    AccountId, Bounds, Direction, RowId,
    account::{self, stats},
    habit::{self, Habits},
    intent::Intent,
    job::JobKind,
    moderation::{self, DomainBlock, Severity, Standing, put_standing},
    notification::{NOTIFICATIONS, NotificationKind},
    relationship::{self, BLOCKS, Block, Pair, follow_path},
};

const PLAIN: FollowOptions = FollowOptions { reblogs: None, notify: None, languages: None };

fn follow_by(lab: &Lab, from: AccountId, to: AccountId) -> Result<(), Error> {
    lab.write(move |tx| follow(tx, from, to, &PLAIN))
}

/// `-`, `requested` or `following`.
fn state(lab: &Lab, from: AccountId, to: AccountId) -> &'static str {
    let seen = lab.read(|read| between(read, from, to));
    match (seen.following, seen.requested) {
        (true, false) => "following",
        (false, true) => "requested",
        (false, false) => "-",
        (true, true) => "both",
    }
}

fn notified(lab: &Lab, owner: AccountId) -> Vec<NotificationKind> {
    let rows = lab.read(|read| Ok(NOTIFICATIONS.list(read, &owner, Bounds::NONE, Direction::Ascending, 100)?));
    rows.into_iter().map(|(_, row)| row.kind).collect()
}

/// What must hold whatever happened: counters equal lists, and each row of a list leads to a follow.
fn consistent(lab: &Lab, from: AccountId, to: AccountId) {
    lab.read(|read| {
        let follows = u64::from(relationship::find(read, from, to)?.is_some());
        let list = |table: &storage::Table<(AccountId, RowId), AccountId>, of: AccountId| {
            table.list(read, &of, Bounds::NONE, Direction::Ascending, 10).map(|rows| rows.len() as u64)
        };
        assert_eq!(stats(read, from)?.following, follows);
        assert_eq!(stats(read, to)?.followers, follows);
        assert_eq!(list(&relationship::FOLLOWING_ROWS, from)?, follows);
        assert_eq!(list(&relationship::FOLLOWER_ROWS, to)?, follows);
        let asked = u64::from(relationship::find_request(read, from, to)?.is_some());
        assert_eq!(list(&relationship::FOLLOW_REQUEST_ROWS, to)?, asked);
        Ok(())
    });
}

fn by_uri(uri: &str) -> Named {
    Named { uri: Some(uri.to_owned()), pair: None }
}

fn by_pair(from: AccountId, to: AccountId) -> Named {
    Named { uri: None, pair: Some(Pair { from, to }) }
}

#[test]
fn open_account_here_is_followed_at_once_and_hears_of_it_once() {
    let lab = Lab::new();
    let (ann, ben) = (lab.local("ann"), lab.local("ben"));
    follow_by(&lab, ann, ben).expect("followed");
    assert_eq!(state(&lab, ann, ben), "following");
    let options = FollowOptions { reblogs: Some(false), notify: Some(true), languages: Some(vec!["de".to_owned()]) };
    lab.write(move |tx| follow(tx, ann, ben, &options)).expect("options changed");
    let seen = lab.read(|read| between(read, ann, ben));
    assert_eq!((seen.showing_reblogs, seen.notifying, seen.languages), (false, true, vec!["de".to_owned()]));
    follow_by(&lab, ann, ben).expect("again");
    let seen = lab.read(|read| between(read, ann, ben));
    assert_eq!((seen.showing_reblogs, seen.notifying), (false, true), "what is not named stays");
    assert_eq!(notified(&lab, ben), [NotificationKind::Follow]);
    assert_eq!(lab.intents(), []);
    consistent(&lab, ann, ben);
    lab.write(move |tx| unfollow(tx, ann, ben)).expect("unfollowed");
    lab.write(move |tx| unfollow(tx, ann, ben)).expect("twice is no error");
    assert_eq!((state(&lab, ann, ben), notified(&lab, ben)), ("-", vec![]));
    consistent(&lab, ann, ben);
}

#[test]
fn locked_account_here_is_asked() {
    let lab = Lab::new();
    let (ann, ben) = (lab.local("ann"), lab.locked("ben"));
    follow_by(&lab, ann, ben).expect("asked");
    assert_eq!(state(&lab, ann, ben), "requested");
    assert!(lab.read(|read| between(read, ben, ann)).requested_by);
    assert_eq!(notified(&lab, ben), [NotificationKind::FollowRequest]);
    lab.write(move |tx| reject(tx, ben, ann)).expect("rejected");
    assert_eq!((state(&lab, ann, ben), notified(&lab, ben)), ("-", vec![]));
    assert!(matches!(lab.write(move |tx| authorize(tx, ben, ann)), Err(Error::NotFound)));
    assert!(matches!(lab.write(move |tx| reject(tx, ben, ann)), Err(Error::NotFound)));
    follow_by(&lab, ann, ben).expect("asked again");
    lab.write(move |tx| authorize(tx, ben, ann)).expect("authorised");
    assert_eq!((state(&lab, ann, ben), notified(&lab, ben)), ("following", vec![NotificationKind::Follow]));
    assert_eq!(lab.intents(), [], "nothing of this concerns a peer");
    consistent(&lab, ann, ben);
}

#[test]
fn nobody_follows_themselves_the_gone_the_moved_or_across_a_block() {
    let lab = Lab::new();
    let (ann, ben, far) = (lab.local("ann"), lab.local("ben"), lab.remote("far"));
    assert!(matches!(follow_by(&lab, ann, ann), Err(Error::Forbidden(_))));
    assert!(matches!(follow_by(&lab, ann, AccountId(1)), Err(Error::NotFound)));
    for pair in [(ann, ben), (ben, ann)] {
        let block = move |tx: &mut storage::Tx<'_>| {
            let block = Block { created_at: tx.now(), uri: String::new() };
            BLOCKS.put(tx, &pair, &block);
            Ok(())
        };
        lab.write(block).expect("blocked");
        assert!(matches!(follow_by(&lab, ann, ben), Err(Error::Forbidden(_))));
        let unblock = move |tx: &mut storage::Tx<'_>| {
            BLOCKS.delete(tx, &pair);
            Ok(())
        };
        lab.write(unblock).expect("unblocked");
    }
    let mut moved = lab.account(ben);
    moved.moved_to = Some("https://x.test/u".to_owned());
    lab.write(move |tx| Ok(account::put(tx, &moved)?)).expect("moved");
    assert!(matches!(follow_by(&lab, ann, ben), Err(Error::Forbidden(_))));
    lab.write(move |tx| crate::account::accept::accept_delete(tx, far)).expect("deleted");
    assert!(matches!(follow_by(&lab, ann, far), Err(Error::NotFound)));
    let bad = FollowOptions { languages: Some(vec!["not a language".to_owned()]), ..PLAIN };
    assert!(matches!(lab.write(move |tx| follow(tx, ann, far, &bad)), Err(Error::Invalid { .. })));
}

#[test]
fn an_account_moves_only_where_it_is_named_and_not_again_at_once() {
    let lab = Lab::new();
    let origin = Origin::parse("https://here.test", None).expect("an origin");
    let (ann, anna, far, ben) = (lab.local("ann"), lab.local("anna"), lab.remote("far"), lab.local("ben"));
    let moves = |from: AccountId, to: AccountId| {
        let origin = origin.clone();
        lab.write(move |tx| move_away(tx, &origin, from, to))
    };
    for (from, to) in [(ann, ann), (ann, anna), (ann, far), (far, ann)] {
        assert!(matches!(moves(from, to), Err(Error::Invalid { .. })), "{from} to {to}");
    }
    assert!(matches!(moves(ann, AccountId(1)), Err(Error::NotFound)));
    let named = origin.clone();
    for _ in 0..2 {
        let named = named.clone();
        lab.write(move |tx| alias::add(tx, &named, anna, ann)).expect("named, twice");
    }
    assert_eq!(lab.account(anna).also_known_as, ["https://here.test/users/ann"]);
    assert_eq!(lab.intents(), [Intent::UpdateActor { account: anna }]);
    follow_by(&lab, ben, ann).expect("followed");
    moves(ann, anna).expect("moved");
    let at = lab.account(ann).moved_at.expect("a time");
    assert_eq!(lab.account(ann).moved_to.as_deref(), Some("https://here.test/users/anna"));
    let told = [Intent::UpdateActor { account: ann }, Intent::Move { account: ann, at }];
    assert_eq!(lab.intents()[1..], told);
    assert!(lab.jobs().contains(&JobKind::MoveFollowers { from: ann, to: anna }));
    assert!(lab.write(move |tx| move_step(tx, ann, anna, None)).expect("a step").is_none());
    assert_eq!((state(&lab, ben, ann), state(&lab, ben, anna)), ("-", "following"));
    assert!(matches!(follow_by(&lab, ann, ben), Err(Error::Forbidden(_))), "it only looks now");
    assert!(matches!(moves(ann, anna), Err(Error::Invalid { .. })), "not again at once");
    lab.write(move |tx| come_back(tx, ann)).expect("back");
    assert!(matches!(lab.write(move |tx| come_back(tx, ann)), Err(Error::Invalid { .. })), "once");
    follow_by(&lab, ann, ben).expect("it acts again");
    lab.advance(limits::MOVE_AGAIN_MS - 1);
    assert!(matches!(moves(ann, anna), Err(Error::Invalid { .. })));
    lab.advance(1);
    moves(ann, anna).expect("after the wait");
    assert!(matches!(moves(anna, ann), Err(Error::Invalid { .. })), "nobody moves to who has moved");
}

#[test]
fn a_move_from_elsewhere_is_heeded_again_after_seven_days() {
    fn far(name: &str) -> String {
        format!("https://far.test/users/{name}")
    }
    let lab = Lab::new();
    let origin = Origin::parse("https://here.test", None).expect("an origin");
    let says = |name: &str, moved_to: Option<String>, also_known_as: Vec<String>| {
        let said = RemoteAccount { moved_to, also_known_as, ..remote(name, "far.test") };
        lab.write(move |tx| describe(tx, &said)).expect("described")
    };
    let old = says("old", Some(far("first")), Vec::new());
    let (first, second) = (says("first", None, vec![far("old")]), says("second", None, vec![far("other"), far("old")]));
    let moves = |to: AccountId| {
        let origin = origin.clone();
        lab.write(move |tx| accept_move(tx, &origin, old, to))
    };
    let going = || -> Vec<AccountId> {
        let jobs = lab.jobs().into_iter();
        jobs.filter_map(|job| if let JobKind::MoveFollowers { to, .. } = job { Some(to) } else { None }).collect()
    };
    assert!(matches!(moves(second), Err(Error::Forbidden(_))), "it did not say so");
    moves(first).expect("heeded");
    assert!(matches!(moves(first), Err(Error::Forbidden(_))), "the same once more");
    // What its server says of it anew does not take the wait away.
    says("old", Some(far("second")), Vec::new());
    lab.advance(limits::MOVE_HEEDED_AGAIN_MS - 1);
    assert!(matches!(moves(second), Err(Error::Forbidden(_))), "too soon");
    assert_eq!(going(), [first]);
    lab.advance(1);
    moves(second).expect("after seven days");
    assert_eq!(going(), [first, second]);
}

/// Steps of a follow from here to a peer.
#[derive(Debug, Clone, Copy)]
enum Out {
    Follow,
    Unfollow,
    Accept,
    AcceptByStranger,
    Reject,
}

#[test]
fn every_order_of_follow_accept_reject_and_unfollow_ends_as_the_last_answer_says() {
    use Out::{Accept, AcceptByStranger, Follow, Reject, Unfollow};
    let steps = [Follow, Unfollow, Accept, AcceptByStranger, Reject];
    let lab = Lab::new();
    let stranger = lab.remote("stranger");
    for case in 0..steps.len().pow(4) {
        let order: Vec<Out> = (0..4).map(|at| steps[case / steps.len().pow(at) % steps.len()]).collect();
        let ann = lab.local(&format!("ann{case}"));
        let far = lab.remote(&format!("far{case}"));
        let mut expected = "-";
        for (at, step) in order.iter().enumerate() {
            // Accepts by the pair and by the id in turn.
            let uri = lab.read(|read| {
                let row = relationship::find_request(read, ann, far)?.or(relationship::find(read, ann, far)?);
                Ok(row.map(|row| row.uri))
            });
            let named = match uri {
                Some(uri) if at % 2 == 0 => by_uri(&uri),
                _ => by_pair(ann, far),
            };
            let known = expected;
            match step {
                Follow => {
                    follow_by(&lab, ann, far).expect("asked");
                    expected = if known == "following" { "following" } else { "requested" };
                }
                Unfollow => {
                    lab.write(move |tx| unfollow(tx, ann, far)).expect("unfollowed");
                    expected = "-";
                }
                Accept => {
                    let changed = lab.write(move |tx| accept::accepted(tx, far, &named)).expect("allowed");
                    assert_eq!(changed, known == "requested", "{order:?}");
                    expected = if known == "-" { "-" } else { "following" };
                }
                AcceptByStranger => {
                    let answer = lab.write(move |tx| accept::accepted(tx, stranger, &named));
                    assert!(matches!(answer, Err(Error::Forbidden(_))), "{order:?}: {answer:?}");
                }
                Reject => {
                    let changed = lab.write(move |tx| accept::rejected(tx, far, &named)).expect("allowed");
                    assert_eq!(changed, known != "-", "{order:?}");
                    expected = "-";
                }
            }
            assert_eq!(state(&lab, ann, far), expected, "{order:?} after step {at}");
            consistent(&lab, ann, far);
        }
    }
}

#[test]
fn peer_hears_of_follow_and_undo_under_the_same_row() {
    let lab = Lab::new();
    let (ann, far) = (lab.local("ann"), lab.remote("far"));
    follow_by(&lab, ann, far).expect("asked");
    follow_by(&lab, ann, far).expect("asking again says nothing new");
    let row = lab.read(|read| Ok(relationship::find_request(read, ann, far)?.expect("waiting").row));
    let uri = follow_path(&lab.account(ann), row);
    lab.write(move |tx| accept::accepted(tx, far, &by_uri(&uri))).expect("accepted");
    lab.write(move |tx| unfollow(tx, ann, far)).expect("unfollowed");
    let expected =
        [Intent::Follow { follower: ann, target: far, row }, Intent::UndoFollow { follower: ann, target: far, row }];
    assert_eq!(lab.intents(), expected);
}

/// Steps of a follow from a peer to here.
#[derive(Debug, Clone, Copy)]
enum In {
    Follow,
    Undo,
    UndoByPair,
    UndoByStranger,
    Authorize,
    Reject,
    Block,
}

#[test]
fn every_order_of_a_peers_follow_and_undo_leaves_consistent_rows() {
    use In::{Authorize, Block, Follow, Reject, Undo, UndoByPair, UndoByStranger};
    let steps = [Follow, Undo, UndoByPair, UndoByStranger, Authorize, Reject, Block];
    let lab = Lab::new();
    let stranger = lab.remote("stranger");
    for locked in [false, true] {
        for case in 0..steps.len().pow(3) {
            let order: Vec<In> = std::iter::once(Follow)
                .chain((0..3).map(|at| steps[case / steps.len().pow(at) % steps.len()]))
                .collect();
            let name = format!("ann{case}{locked}");
            let ann = if locked { lab.locked(&name) } else { lab.local(&name) };
            let far = lab.remote(&format!("far{case}{locked}"));
            let mut uri = String::new();
            let mut expected = "-";
            for (at, step) in order.iter().enumerate() {
                let known = expected;
                match step {
                    Follow => {
                        uri = format!("https://far.test/{case}/{locked}/{at}");
                        let id = uri.clone();
                        let answer = lab.write(move |tx| accept::follow(tx, far, ann, &id)).expect("taken");
                        let asks = locked && known != "following";
                        assert_eq!(answer, if asks { Followed::Waiting } else { Followed::Accepted }, "{order:?}");
                        expected = if asks { "requested" } else { "following" };
                        let told = Intent::AcceptFollow { target: ann, follower: far, follow_uri: uri.clone() };
                        assert_eq!(lab.intents().contains(&told), !asks, "{order:?}: answered under the new id");
                    }
                    Undo => {
                        let named = by_uri(&uri);
                        lab.write(move |tx| accept::undone(tx, far, &named)).expect("allowed");
                        expected = "-";
                    }
                    UndoByPair => {
                        let named = Named { uri: Some("https://far.test/unknown".to_owned()), ..by_pair(far, ann) };
                        let changed = lab.write(move |tx| accept::undone(tx, far, &named)).expect("allowed");
                        assert_eq!(changed, known != "-", "{order:?}");
                        expected = "-";
                    }
                    UndoByStranger => {
                        let named = by_pair(far, ann);
                        let answer = lab.write(move |tx| accept::undone(tx, stranger, &named));
                        assert!(matches!(answer, Err(Error::Forbidden(_))), "{order:?}: {answer:?}");
                    }
                    Authorize => {
                        let answer = lab.write(move |tx| authorize(tx, ann, far));
                        assert_eq!(answer.is_ok(), known == "requested", "{order:?}: {answer:?}");
                        expected = if known == "-" { "-" } else { "following" };
                    }
                    Reject => {
                        let answer = lab.write(move |tx| reject(tx, ann, far));
                        assert_eq!(answer.is_ok(), known == "requested", "{order:?}: {answer:?}");
                        expected = if known == "requested" { "-" } else { known };
                    }
                    Block => {
                        lab.write(move |tx| accept::block(tx, far, ann, "https://far.test/b")).expect("taken");
                        expected = "-";
                    }
                }
                assert_eq!(state(&lab, far, ann), expected, "{order:?} after step {at}");
                consistent(&lab, far, ann);
                let kinds = match expected {
                    "following" => vec![NotificationKind::Follow],
                    "requested" => vec![NotificationKind::FollowRequest],
                    _ => vec![],
                };
                assert_eq!(notified(&lab, ann), kinds, "{order:?} after step {at}");
            }
        }
    }
}

#[test]
fn whoever_is_blocked_suspended_or_remote_is_not_followed_from_outside() {
    let lab = Lab::new();
    let (ann, far, other) = (lab.local("ann"), lab.remote("far"), lab.remote("other"));
    let take = |from: AccountId, to: AccountId| lab.write(move |tx| accept::follow(tx, from, to, "https://far.test/1"));
    assert!(matches!(take(far, other), Err(Error::NotFound)), "between peers it is none of our business");
    assert!(matches!(take(ann, ann), Err(Error::NotFound)));
    let long = "u".repeat(limits::URI_BYTES_MAX + 1);
    let overlong = lab.write(move |tx| accept::follow(tx, far, ann, &long));
    assert!(matches!(overlong, Err(Error::Invalid { .. })));
    take(far, ann).expect("taken");
    lab.write(move |tx| {
        let block = Block { created_at: tx.now(), uri: String::new() };
        BLOCKS.put(tx, &(ann, far), &block);
        Ok(())
    })
    .expect("blocked");
    assert_eq!(take(far, ann).expect("answered"), Followed::Rejected);
    assert_eq!(state(&lab, far, ann), "-", "a refused follower does not stay one");
    let told = Intent::RejectFollow { target: ann, follower: far, follow_uri: "https://far.test/1".to_owned() };
    assert_eq!(lab.intents().last(), Some(&told));
}

#[test]
fn block_from_a_peer_ends_both_directions_and_is_taken_back_by_id_or_account() {
    let lab = Lab::new();
    let (ann, far) = (lab.local("ann"), lab.remote("far"));
    let block = || lab.write(move |tx| accept::block(tx, far, ann, "https://far.test/b")).expect("blocked");
    lab.write(move |tx| accept::follow(tx, far, ann, "https://far.test/1")).expect("taken");
    follow_by(&lab, ann, far).expect("asked");
    lab.write(move |tx| accept::accepted(tx, far, &by_pair(ann, far))).expect("accepted");
    block();
    let seen = lab.read(|read| between(read, ann, far));
    assert_eq!((seen.following, seen.followed_by, seen.blocked_by, seen.blocking), (false, false, true, false));
    let undo = |uri: Option<&'static str>, target: Option<AccountId>| {
        lab.write(move |tx| accept::unblocked(tx, far, uri, target)).expect("allowed")
    };
    assert!(!undo(Some("https://far.test/other"), None));
    assert!(undo(Some("https://far.test/b"), None));
    assert!(!lab.read(|read| between(read, ann, far)).blocked_by);
    block();
    assert!(undo(None, Some(ann)));
    assert!(!undo(None, Some(ann)));
    assert!(!undo(None, None));
}

#[test]
fn a_block_is_told_elsewhere_only_by_who_chose_that() {
    let lab = Lab::new();
    let (ann, far) = (lab.local("ann"), lab.remote("far"));
    let chooses = |tells_blocks: bool| {
        let rule = move |tx: &mut storage::Tx<'_>| {
            habit::put(tx, ann, Habits { tells_blocks, ..Habits::default() });
            Ok(())
        };
        lab.write(rule).expect("chosen");
    };
    let told = |rule: fn(&mut storage::Tx<'_>, AccountId, AccountId) -> Result<(), Error>| {
        let before = lab.intents().len();
        lab.write(move |tx| rule(tx, ann, far)).expect("done");
        lab.intents().split_off(before)
    };
    lab.write(move |tx| accept::follow(tx, far, ann, "https://far.test/1")).expect("taken");
    follow_by(&lab, ann, far).expect("asked");
    let ended = told(block);
    assert!(matches!(ended[..], [Intent::UndoFollow { .. }, Intent::RejectFollow { .. }]), "the follows: {ended:?}");
    assert_eq!(told(unblock), [], "who did not hear of it does not hear of its end");
    chooses(true);
    let said = told(block);
    let [Intent::Block { account, target, row }] = said[..] else { panic!("a Block: {said:?}") };
    assert_eq!((account, target), (ann, far));
    chooses(false);
    assert_eq!(told(unblock), [Intent::UndoBlock { account: ann, target: far, row }], "who heard of it does");
}

#[test]
fn account_that_opens_takes_who_waits_step_by_step_unless_it_closes_again() {
    let lab = Lab::new();
    let ann = lab.locked("ann");
    let total = limits::AUTHORIZED_AT_ONCE + 3;
    for number in 0..total {
        let far = lab.remote(&format!("far{number}"));
        let uri = format!("https://far.test/{number}");
        lab.write(move |tx| accept::follow(tx, far, ann, &uri)).expect("waiting");
    }
    let locked = |locked: bool| {
        let changes = Changes { locked: Some(locked), ..Changes::default() };
        lab.write(move |tx| update(tx, ann, &changes)).expect("changed");
    };
    let step = |after| lab.write(move |tx| authorize_pending(tx, ann, after)).expect("a step");
    let count = || lab.read(|read| Ok(stats(read, ann)?.followers)) as usize;
    assert_eq!(step(None), None, "it still wants to be asked");
    assert_eq!(count(), 0);
    locked(false);
    let next = step(None);
    assert!(next.is_some());
    assert_eq!(count(), limits::AUTHORIZED_AT_ONCE);
    locked(true);
    assert_eq!(step(next), None);
    locked(false);
    assert_eq!(step(next), None);
    assert_eq!(count(), total);
    let accepts = lab.intents().iter().filter(|intent| matches!(intent, Intent::AcceptFollow { .. })).count();
    assert_eq!(accepts, total);
}

/// Moderators silence `id`, or no longer do.
fn silence(lab: &Lab, id: AccountId, silenced: bool) {
    let standing = move |tx: &mut storage::Tx<'_>| {
        let silenced_at = silenced.then(|| tx.now());
        put_standing(tx, id, Standing { silenced_at, ..Standing::default() });
        Ok(())
    };
    lab.write(standing).expect("decided");
}

#[test]
fn silenced_accounts_ask_also_where_others_follow_at_once() {
    let lab = Lab::new();
    let (ann, ben) = (lab.local("ann"), lab.local("ben"));
    let (far, old) = (lab.remote("far"), lab.remote("old"));
    let follow_of = |from: AccountId, uri: &'static str| lab.write(move |tx| accept::follow(tx, from, ann, uri));
    assert_eq!(follow_of(old, "https://far.test/1").expect("followed"), Followed::Accepted);
    [far, old, ben].into_iter().for_each(|id| silence(&lab, id, true));
    assert_eq!(follow_of(far, "https://far.test/2").expect("asked"), Followed::Waiting);
    assert_eq!(follow_of(old, "https://far.test/3").expect("again"), Followed::Accepted, "it was let before");
    follow_by(&lab, ben, ann).expect("asked");
    for id in [far, ben] {
        assert_eq!(state(&lab, id, ann), "requested");
        lab.write(move |tx| authorize(tx, ann, id)).expect("let");
        assert_eq!(state(&lab, id, ann), "following");
    }
}

#[test]
fn accounts_of_a_silenced_domain_ask_too() {
    let lab = Lab::new();
    let (ann, far) = (lab.local("ann"), lab.remote("far"));
    let domain = lab.account(far).domain.expect("it is of elsewhere");
    let block = move |tx: &mut storage::Tx<'_>| {
        let block = DomainBlock::bare(tx.next_id(), &domain, Severity::Silence, tx.now());
        moderation::put_block(tx, &block);
        Ok(())
    };
    lab.write(block).expect("blocked");
    let followed = lab.write(move |tx| accept::follow(tx, far, ann, "https://far.test/1")).expect("asked");
    assert_eq!((followed, state(&lab, far, ann)), (Followed::Waiting, "requested"));
}

#[test]
fn account_that_opens_leaves_silenced_accounts_waiting_and_passes_over_any_number_of_them() {
    let lab = Lab::new();
    let ann = lab.locked("ann");
    let silenced = limits::AUTHORIZED_AT_ONCE + 3;
    let people: Vec<_> = (0..=silenced).map(|number| lab.remote(&format!("far{number}"))).collect();
    for (number, far) in people.iter().copied().enumerate() {
        let uri = format!("https://far.test/{number}");
        lab.write(move |tx| accept::follow(tx, far, ann, &uri)).expect("waiting");
    }
    people[..silenced].iter().for_each(|id| silence(&lab, *id, true));
    let changes = Changes { locked: Some(false), ..Changes::default() };
    lab.write(move |tx| update(tx, ann, &changes)).expect("changed");
    let step = |after| lab.write(move |tx| authorize_pending(tx, ann, after)).expect("a step");
    let next = step(None);
    assert!(next.is_some(), "there are more");
    assert_eq!(step(next), None);
    let states: Vec<_> = people.iter().map(|id| state(&lab, *id, ann)).collect();
    let waiting = states.iter().filter(|state| **state == "requested").count();
    assert_eq!((waiting, states[silenced]), (silenced, "following"));
}

#[test]
fn lists_page_by_row_and_pass_over_who_is_not_shown() {
    let lab = Lab::new();
    let (ann, eve) = (lab.local("ann"), lab.local("eve"));
    let people: Vec<_> = (0..5).map(|number| lab.local(&format!("p{number}"))).collect();
    for person in &people {
        follow_by(&lab, *person, ann).expect("followed");
    }
    let page = |viewer: Option<AccountId>, bounds: Bounds, direction: Direction| {
        let owner = lab.account(ann);
        lab.read(move |read| followers(read, &owner, viewer, bounds, direction, 2))
    };
    let ids = |rows: &super::Rows| rows.rows.iter().map(|(_, id)| *id).collect::<Vec<_>>();
    let first = page(None, Bounds::NONE, Direction::Descending);
    assert_eq!(ids(&first), [people[4], people[3]]);
    assert!(first.more);
    let below = first.examined.map(|(_, oldest)| oldest.0);
    let second = page(None, Bounds { below, above: None }, Direction::Descending);
    assert_eq!(ids(&second), [people[2], people[1]]);
    let last = page(None, Bounds { below: second.examined.map(|(_, o)| o.0), above: None }, Direction::Descending);
    assert_eq!((ids(&last), last.more), (vec![people[0]], false));
    let above = last.examined.map(|(newest, _)| newest.0);
    let up = page(None, Bounds { below: None, above }, Direction::Ascending);
    assert_eq!(ids(&up), [people[2], people[1]], "right above, newest first");

    let (blocker, blocked) = (people[4], people[3]);
    lab.write(move |tx| {
        let block = Block { created_at: tx.now(), uri: String::new() };
        BLOCKS.put(tx, &(blocker, eve), &block);
        BLOCKS.put(tx, &(eve, blocked), &block);
        Ok(())
    })
    .expect("blocked");
    assert_eq!(ids(&page(Some(eve), Bounds::NONE, Direction::Descending)), [people[2], people[1]]);

    let mut hiding = lab.account(ann);
    hiding.hide_collections = true;
    lab.write(move |tx| Ok(account::put(tx, &hiding)?)).expect("hidden");
    for viewer in [None, Some(eve), Some(people[0])] {
        assert_eq!(ids(&page(viewer, Bounds::NONE, Direction::Descending)), []);
    }
    assert_eq!(ids(&page(Some(ann), Bounds::NONE, Direction::Descending)), [people[4], people[3]]);
    let mine = lab.account(people[0]);
    let rows = lab.read(|read| following(read, &mine, None, Bounds::NONE, Direction::Descending, 9));
    assert_eq!(ids(&rows), [ann]);
}

#[test]
fn requests_are_listed_for_their_target() {
    let lab = Lab::new();
    let (ann, ben, far) = (lab.locked("ann"), lab.local("ben"), lab.remote("far"));
    follow_by(&lab, ben, ann).expect("asked");
    lab.write(move |tx| accept::follow(tx, far, ann, "")).expect("asked");
    let rows = lab.read(|read| requests(read, ann, Bounds::NONE, Direction::Descending, 40));
    assert_eq!(rows.rows.iter().map(|(_, id)| *id).collect::<Vec<_>>(), [far, ben]);
    lab.write(move |tx| reject(tx, ann, far)).expect("rejected");
    let told = Intent::RejectFollow { target: ann, follower: far, follow_uri: String::new() };
    assert_eq!(lab.intents(), [told]);
}

#[test]
fn whoever_lets_many_follow_is_told_of_each_and_holds_it_against_nobody() {
    let lab = Lab::new();
    let ann = lab.locked("ann");
    let people: Vec<_> = (0..=limits::DEEDS_OF_NEWCOMERS_MAX).map(|n| lab.remote(&format!("p{n}"))).collect();
    for (number, far) in people.iter().copied().enumerate() {
        let uri = format!("https://far.test/{number}");
        lab.write(move |tx| accept::follow(tx, far, ann, &uri)).expect("waiting");
    }
    assert_eq!(notified(&lab, ann).len() + 1, people.len(), "more than so many of one domain are kept aside");
    for far in people.iter().copied() {
        lab.write(move |tx| authorize(tx, ann, far)).expect("authorised");
    }
    assert_eq!(notified(&lab, ann), vec![NotificationKind::Follow; people.len()]);
}

#[test]
fn purge_removes_every_relationship_of_the_deleted_in_bounded_steps() {
    let lab = Lab::new();
    let far = lab.remote("far");
    let people: Vec<_> = (0..limits::RELATIONSHIPS_PURGED_AT_ONCE + 5).map(|n| lab.local(&format!("p{n}"))).collect();
    for (number, person) in people.iter().copied().enumerate() {
        let uri = format!("https://far.test/{number}");
        lab.write(move |tx| accept::follow(tx, far, person, &uri)).expect("taken");
        if number % 3 == 0 {
            follow_by(&lab, person, far).expect("asked");
        }
    }
    let (first, second) = (people[0], people[1]);
    lab.write(move |tx| accept::accepted(tx, far, &by_pair(first, far))).expect("accepted");
    lab.write(move |tx| accept::block(tx, far, second, "")).expect("blocked");
    let mut steps = 1;
    while lab.write(move |tx| purge_step(tx, far)).expect("a step") {
        steps += 1;
        assert!(steps < 20, "it ends");
    }
    assert!(steps > 1);
    lab.read(|read| {
        for person in &people {
            let seen = between(read, *person, far)?;
            assert_eq!(
                (seen.following, seen.requested, seen.followed_by, seen.blocked_by),
                (false, false, false, false)
            );
            assert_eq!(stats(read, *person)?, account::AccountStats::default());
        }
        assert_eq!(stats(read, far)?, account::AccountStats::default());
        Ok(())
    });
}
