//! Reblogs, favourites, bookmarks, pins and their lists.

use super::{block, find, follow, is_invalid, is_not_found, new, peers::note, post, stats, told, try_post};
use crate::{
    account::lab::Lab,
    error::{Error, Result},
    limits,
    status::{
        NewStatus,
        accept::{Accepted, Reason, RemoteStatus, accept, accept_favourite},
        bookmark, bookmarks, favourite, favourited_by, favourites,
        interaction::{Wanted, authorize, waiting},
        is_pinned, pin,
        react::{react, unreact},
        reblog, reblogged_by, unbookmark, unfavourite, unpin, unreblog,
    },
    timeline::Window,
};
use storage::{
    AccountId, Bounds, Direction, StatusId, Tx,
    habit::{self, Habits},
    intent::{Intent, Shown},
    interaction::{self, Interaction, InteractionPolicy},
    notification::NotificationKind,
    quote::Groups,
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
    let Some(Intent::Feature { account, row, shown }) = lab.intents().pop() else {
        panic!("an Add: {:?}", lab.intents())
    };
    assert_eq!((account, &shown), (ann, &Shown::Status(own)));
    act(&lab, unpin, ann, own).expect("unpinned");
    assert_eq!(lab.intents().last(), Some(&Intent::Unfeature { account, row, shown }));
    let told = lab.intents().len();
    let private = post(&lab, ann, "for few", Private).id;
    act(&lab, pin, ann, private).expect("pinned");
    assert_eq!(lab.intents().len(), told + 1, "its Create alone: it is in no collection that others read");
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
    let window = Window { bounds: Bounds { below, above: None }, ..Window::newest(3) };
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

/// A status of somebody elsewhere, and that the reactions of `who` are told as Likes from now on.
fn of_afar(lab: &Lab, who: AccountId) -> StatusId {
    let remote = RemoteStatus { reason: Reason::Requested, ..note(lab.remote("dan"), "1") };
    let made = lab.write(move |tx| {
        habit::put(tx, who, Habits { likes_with_emoji: true, ..Habits::default() });
        accept(tx, &remote)
    });
    match made {
        Ok(Accepted::New(id)) => id,
        other => panic!("{other:?}"),
    }
}

fn reacts(lab: &Lab, who: AccountId, id: StatusId, emoji: &'static str) {
    lab.write(move |tx| react(tx, who, id, emoji)).expect("it is there");
}

fn unreacts(lab: &Lab, who: AccountId, id: StatusId, emoji: &'static str) {
    lab.write(move |tx| unreact(tx, who, id, emoji)).expect("it is gone");
}

#[test]
fn of_several_emoji_on_one_status_only_one_is_told_as_a_like() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let status = of_afar(&lab, ann);
    reacts(&lab, ann, status, "🎉");
    reacts(&lab, ann, status, "🐙");
    let told = lab.intents();
    let [Intent::LikeWithEmoji { name: first, row, .. }, Intent::React { name: second, .. }] = &told[..] else {
        panic!("a Like, and a reaction: {told:?}")
    };
    assert_eq!((first.as_str(), second.as_str()), ("🎉", "🐙"));
    unreacts(&lab, ann, status, "🐙");
    let told = lab.intents();
    assert!(matches!(told.last(), Some(Intent::UndoReact { name, .. }) if name == "🐙"), "{told:?}");
    unreacts(&lab, ann, status, "🎉");
    let told = lab.intents();
    assert!(matches!(told.last(), Some(Intent::UndoLikeWithEmoji { row: of, .. }) if of == row), "{told:?}");
    // Now there is none.
    reacts(&lab, ann, status, "🐙");
    let told = lab.intents();
    assert!(matches!(told.last(), Some(Intent::LikeWithEmoji { name, .. }) if name == "🐙"), "{told:?}");
}

#[test]
fn a_favourite_outlives_the_reaction_that_was_told_as_a_like_before_it() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let status = of_afar(&lab, ann);
    reacts(&lab, ann, status, "🎉");
    act(&lab, favourite, ann, status).expect("favourited");
    let like = lab.intents().pop().expect("it is told");
    assert!(matches!(like, Intent::Like { .. }), "{like:?}");
    let before = lab.intents().len();
    unreacts(&lab, ann, status, "🎉");
    let told = lab.intents().split_off(before);
    assert!(matches!(&told[..], [Intent::UndoLikeWithEmoji { .. }, again] if *again == like), "{told:?}");
    assert_eq!(stats(&lab, status).favourites, 1);
}

#[test]
fn a_reaction_that_was_told_as_a_like_outlives_the_favourite_beside_it() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let status = of_afar(&lab, ann);
    reacts(&lab, ann, status, "🎉");
    let reaction = lab.intents().pop().expect("it is told");
    assert!(matches!(reaction, Intent::LikeWithEmoji { .. }), "{reaction:?}");
    act(&lab, favourite, ann, status).expect("favourited");
    let before = lab.intents().len();
    act(&lab, unfavourite, ann, status).expect("taken back");
    let told = lab.intents().split_off(before);
    assert!(matches!(&told[..], [Intent::UndoLike { .. }, again] if *again == reaction), "{told:?}");
    assert_eq!((stats(&lab, status).favourites, stats(&lab, status).reactions), (0, 1));
}

#[test]
fn whoever_lets_a_stranger_do_much_is_told_of_all_of_it() {
    let lab = Lab::new();
    let (ann, eve) = (lab.local("ann"), lab.remote("eve"));
    let favourite = interaction::Rule { automatic: Groups::NOBODY, manual: Groups::PUBLIC };
    let interaction_policy = Some(InteractionPolicy { favourite, ..InteractionPolicy::default() });
    for number in 0..=limits::DEEDS_OF_STRANGER_MAX {
        let asks = NewStatus { interaction_policy, visibility: Some(Public), ..new(&lab, ann, "ask me") };
        let status = try_post(&lab, asks).expect("it is posted").id;
        let uri = format!("https://far.test/likes/{number}");
        assert!(lab.write(move |tx| accept_favourite(tx, eve, status, &uri)).expect("read"), "it waits");
    }
    let wanted = Wanted { status: None, interactions: vec![Interaction::Favourite] };
    let waits = lab.read(|read| waiting(read, ann, &wanted, Bounds::NONE, Direction::Descending, 40)).rows;
    let count = waits.len();
    assert!(count > limits::DEEDS_OF_STRANGER_MAX as usize, "{count} wait");
    for (id, _) in waits {
        lab.write(move |tx| authorize(tx, ann, id)).expect("let");
    }
    assert_eq!(told(&lab, ann), vec![(NotificationKind::Favourite, eve); count]);
}
