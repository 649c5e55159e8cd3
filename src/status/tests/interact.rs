//! Reblogs, favourites, bookmarks, pins and their lists.

use super::{block, find, follow, is_invalid, is_not_found, post, stats, told};
use crate::{
    account::lab::Lab,
    error::{Error, Result},
    limits,
    status::{
        bookmark, bookmarks, favourite, favourited_by, favourites, is_pinned, pin, reblog, reblogged_by, unbookmark,
        unfavourite, unpin, unreblog,
    },
    timeline::Window,
};
use storage::{
    AccountId, StatusId, Tx,
    intent::Intent,
    notification::NotificationKind,
    status::{
        Status,
        Visibility::{Direct, Private, Public, Unlisted},
    },
};

type Rule = fn(&mut Tx<'_>, AccountId, StatusId) -> Result<Status>;

fn act(lab: &Lab, rule: Rule, who: AccountId, id: StatusId) -> Result<Status> {
    lab.write(move |tx| rule(tx, who, id))
}

fn share(lab: &Lab, who: AccountId, id: StatusId) -> Result<Status> {
    lab.write(move |tx| reblog(tx, who, id, None))
}

#[test]
fn reblogging_twice_is_one_reblog_and_a_reblog_shares_the_original() {
    let lab = Lab::new();
    let [ann, bea, cid] = ["ann", "bea", "cid"].map(|name| lab.local(name));
    let status = post(&lab, ann, "hi", Public);
    let first = share(&lab, bea, status.id).expect("reblogged");
    assert_eq!(share(&lab, bea, status.id).expect("again").id, first.id);
    assert_eq!(share(&lab, bea, first.id).expect("through itself").id, first.id);
    let other = share(&lab, cid, first.id).expect("through another's reblog");
    assert_eq!(other.reblog_of, Some(status.id));
    assert_eq!(stats(&lab, status.id).reblogs, 2);
    assert_eq!(told(&lab, ann), [(NotificationKind::Reblog, bea), (NotificationKind::Reblog, cid)]);
    assert_eq!(act(&lab, unreblog, bea, first.id).expect("by the reblog's id").id, status.id);
    assert_eq!(act(&lab, unreblog, cid, status.id).expect("by the original's id").id, status.id);
    assert_eq!(act(&lab, unreblog, cid, status.id).expect("nothing to take back").id, status.id);
    assert_eq!((stats(&lab, status.id).reblogs, told(&lab, ann).len()), (0, 0));
    assert!(find(&lab, first.id).is_none() && find(&lab, other.id).is_none());
}

#[test]
fn only_what_everybody_sees_is_shared_and_ones_own_for_followers() {
    let lab = Lab::new();
    let [ann, bea] = ["ann", "bea"].map(|name| lab.local(name));
    follow(&lab, bea, ann);
    let private = post(&lab, ann, "x", Private).id;
    let direct = post(&lab, ann, "@bea", Direct).id;
    assert!(matches!(share(&lab, bea, private), Err(Error::Forbidden(_))));
    assert!(matches!(share(&lab, bea, direct), Err(Error::Forbidden(_))));
    assert!(matches!(share(&lab, ann, direct), Err(Error::Forbidden(_))));
    assert_eq!(share(&lab, ann, private).expect("one's own").visibility, Private);
    let unlisted = post(&lab, ann, "x", Unlisted).id;
    let wish = lab.write(move |tx| reblog(tx, bea, unlisted, Some(Private))).expect("reblogged");
    assert_eq!(wish.visibility, Private);
}

#[test]
fn peers_hear_of_what_concerns_them() {
    let lab = Lab::new();
    let (ann, dan) = (lab.local("ann"), lab.remote("dan"));
    let own = post(&lab, ann, "mine", Public).id;
    act(&lab, favourite, ann, own).expect("favourited");
    assert!(lab.intents().is_empty(), "a favourite among people here is nobody else's business");
    follow(&lab, dan, ann);
    let reblog = share(&lab, ann, own).expect("reblogged").id;
    assert_eq!(lab.intents(), [Intent::Announce { reblog }]);
    act(&lab, unreblog, ann, own).expect("taken back");
    assert!(matches!(lab.intents().last(), Some(Intent::UndoAnnounce { original, .. }) if *original == own));
    act(&lab, pin, ann, own).expect("pinned");
    assert_eq!(lab.intents().last(), Some(&Intent::Pinned { account: ann, status: own, pinned: true }));
}

#[test]
fn favourites_count_once_and_are_taken_back_whole() {
    let lab = Lab::new();
    let [ann, bea] = ["ann", "bea"].map(|name| lab.local(name));
    let status = post(&lab, ann, "hi", Public).id;
    for _ in 0..2 {
        act(&lab, favourite, bea, status).expect("favourited");
    }
    assert_eq!((stats(&lab, status).favourites, told(&lab, ann).len()), (1, 1));
    let listed = lab.read(|read| favourites(read, bea, Window::newest(20)));
    assert_eq!(listed.statuses.len(), 1);
    let people = lab.read(|read| favourited_by(read, None, status, Window::newest(20)));
    assert_eq!(people.accounts, [bea]);
    for _ in 0..2 {
        act(&lab, unfavourite, bea, status).expect("taken back");
    }
    assert_eq!((stats(&lab, status).favourites, told(&lab, ann).len()), (0, 0));
    assert!(lab.read(|read| favourites(read, bea, Window::newest(20))).statuses.is_empty());
}

#[test]
fn lists_of_marks_pass_over_what_may_no_longer_be_seen() {
    let lab = Lab::new();
    let [ann, bea, cid] = ["ann", "bea", "cid"].map(|name| lab.local(name));
    let ids: Vec<_> = (0..5).map(|_| post(&lab, ann, "x", Public).id).collect();
    let of_cid = post(&lab, cid, "x", Public).id;
    for id in ids.iter().chain([&of_cid]) {
        act(&lab, bookmark, bea, *id).expect("bookmarked");
    }
    let gone = ids[2];
    lab.write(move |tx| super::super::delete(tx, ann, gone, crate::media::Fate::Loose)).expect("deleted");
    block(&lab, cid, bea);
    let page = lab.read(|read| bookmarks(read, bea, Window::newest(3)));
    assert_eq!(page.statuses.iter().map(|status| status.id).collect::<Vec<_>>(), [ids[4], ids[3], ids[1]]);
    let below = page.examined.map(|(_, oldest)| oldest);
    let window = Window { bounds: storage::Bounds { below, above: None }, ..Window::newest(3) };
    let rest = lab.read(|read| bookmarks(read, bea, window));
    assert_eq!(rest.statuses.iter().map(|status| status.id).collect::<Vec<_>>(), [ids[0]]);
    act(&lab, unbookmark, bea, of_cid).expect("a mark is taken back behind a block too");
    assert!(is_not_found(&act(&lab, unbookmark, bea, of_cid)));
}

#[test]
fn a_few_of_ones_own_statuses_are_pinned() {
    let lab = Lab::new();
    let [ann, bea] = ["ann", "bea"].map(|name| lab.local(name));
    let post_one = |visibility| post(&lab, ann, "x", visibility).id;
    assert!(is_invalid(&act(&lab, pin, bea, post_one(Public))));
    assert!(is_not_found(&act(&lab, pin, bea, post_one(Private))));
    assert!(is_invalid(&act(&lab, pin, ann, post_one(Direct))));
    let shared = post_one(Public);
    let reblog = share(&lab, ann, shared).expect("reblogged").id;
    assert!(is_invalid(&act(&lab, pin, ann, reblog)));
    let ids: Vec<_> = (0..limits::PINNED_STATUSES_MAX).map(|_| post_one(Private)).collect();
    for id in &ids {
        act(&lab, pin, ann, *id).expect("pinned");
    }
    act(&lab, pin, ann, ids[0]).expect("pinned already");
    assert!(is_invalid(&act(&lab, pin, ann, shared)));
    act(&lab, unpin, ann, ids[0]).expect("unpinned");
    act(&lab, pin, ann, shared).expect("there is room again");
    let status = find(&lab, shared).expect("it is there");
    assert!(lab.read(|read| is_pinned(read, &status)));
}

#[test]
fn who_reblogged_for_followers_only_is_not_shown_to_others() {
    let lab = Lab::new();
    let [ann, bea, cid] = ["ann", "bea", "cid"].map(|name| lab.local(name));
    let status = post(&lab, ann, "x", Public).id;
    lab.write(move |tx| reblog(tx, bea, status, Some(Private))).expect("reblogged");
    share(&lab, cid, status).expect("reblogged");
    let shown = |viewer| lab.read(|read| reblogged_by(read, viewer, status, Window::newest(20))).accounts;
    assert_eq!(shown(None), [cid]);
    assert_eq!(shown(Some(bea)), [cid, bea]);
}
