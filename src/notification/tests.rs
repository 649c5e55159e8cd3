//! Notifications on a real store.

use super::{Filter, clear, dismiss, kind_name, kind_named, list, show, unread_count};
use crate::{account::lab::Lab, error::Error};
use storage::{
    AccountId, Bounds, Direction, NotificationId, StatusId, marker,
    notification::{self, NotificationKind},
    relationship::{BLOCKS, Block},
};

fn notify(lab: &Lab, owner: AccountId, kind: NotificationKind, from: AccountId) -> Option<NotificationId> {
    lab.advance(1);
    lab.write(move |tx| Ok(notification::notify(tx, owner, kind, from, None)?)).expect("stored")
}

fn ids(lab: &Lab, owner: AccountId, filter: &Filter, bounds: Bounds, direction: Direction) -> Vec<NotificationId> {
    let page = lab.read(|read| list(read, owner, filter, bounds, direction, 2));
    page.rows.into_iter().map(|(id, _)| id).collect()
}

fn newest(lab: &Lab, owner: AccountId) -> Vec<NotificationId> {
    ids(lab, owner, &Filter::default(), Bounds::NONE, Direction::Descending)
}

#[test]
fn one_event_notifies_once_until_it_is_dismissed() {
    let lab = Lab::new();
    let (ann, ben) = (lab.local("ann"), lab.local("ben"));
    let first = notify(&lab, ann, NotificationKind::Follow, ben).expect("new");
    assert_eq!(notify(&lab, ann, NotificationKind::Follow, ben), None);
    assert!(matches!(lab.write(move |tx| dismiss(tx, ben, first)), Err(Error::NotFound)), "somebody else's");
    lab.write(move |tx| dismiss(tx, ann, first)).expect("dismissed");
    assert!(matches!(lab.write(move |tx| dismiss(tx, ann, first)), Err(Error::NotFound)));
    assert!(notify(&lab, ann, NotificationKind::Follow, ben).is_some());
}

#[test]
fn pages_follow_ids_in_both_directions() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let all: Vec<_> = (0..5)
        .map(|number| {
            let from = lab.local(&format!("p{number}"));
            notify(&lab, ann, NotificationKind::Follow, from).expect("new")
        })
        .collect();
    let page = |below: Option<usize>, above: Option<usize>, direction: Direction| {
        let bounds = Bounds { below: below.map(|at| all[at].0), above: above.map(|at| all[at].0) };
        ids(&lab, ann, &Filter::default(), bounds, direction)
    };
    assert_eq!(page(None, None, Direction::Descending), [all[4], all[3]]);
    assert_eq!(page(Some(3), None, Direction::Descending), [all[2], all[1]]);
    assert_eq!(page(None, Some(2), Direction::Descending), [all[4], all[3]]);
    assert_eq!(page(None, Some(0), Direction::Ascending), [all[2], all[1]]);
    assert_eq!(page(Some(1), None, Direction::Descending), [all[0]]);
}

#[test]
fn kinds_and_accounts_are_chosen_and_cursors_tell_what_was_looked_at() {
    let lab = Lab::new();
    let (ann, ben, eve) = (lab.local("ann"), lab.local("ben"), lab.local("eve"));
    let by_ben = notify(&lab, ann, NotificationKind::Follow, ben).expect("new");
    let asked = notify(&lab, ann, NotificationKind::FollowRequest, eve).expect("new");
    let choose = |filter: &Filter| ids(&lab, ann, filter, Bounds::NONE, Direction::Descending);
    let only = Filter { kinds: Some(vec![NotificationKind::Follow]), ..Filter::default() };
    assert_eq!(choose(&only), [by_ben]);
    assert_eq!(choose(&Filter { kinds: Some(Vec::new()), ..Filter::default() }), []);
    assert_eq!(choose(&Filter { without: vec![NotificationKind::Follow], ..Filter::default() }), [asked]);
    assert_eq!(choose(&Filter { from: Some(ben), ..Filter::default() }), [by_ben]);
    let page = lab.read(|read| list(read, ann, &only, Bounds::NONE, Direction::Descending, 2));
    assert_eq!(page.examined, Some((asked, by_ben)));
    for name in [
        "mention",
        "status",
        "reblog",
        "follow",
        "follow_request",
        "favourite",
        "update",
        "quote",
        "quoted_update",
        "admin.sign_up",
        "added_to_collection",
    ] {
        assert_eq!(kind_named(name).map(kind_name), Some(name));
    }
    assert_eq!(kind_named("severed_relationships"), None, "nothing here makes it");
}

#[test]
fn what_the_owner_may_not_see_is_passed_over() {
    let lab = Lab::new();
    let (ann, ben, far) = (lab.local("ann"), lab.local("ben"), lab.remote("far"));
    let kept = notify(&lab, ann, NotificationKind::Follow, ben).expect("new");
    let by_far = notify(&lab, ann, NotificationKind::Follow, far).expect("new");
    let dangling = lab
        .write(move |tx| Ok(notification::notify(tx, ann, NotificationKind::Mention, ben, Some(StatusId(5)))?))
        .expect("stored")
        .expect("new");
    assert_eq!(newest(&lab, ann), [by_far, kept], "the status of the third is gone");
    assert!(matches!(lab.store.read(|view| show(view, ann, dangling)), Err(Error::NotFound)));
    lab.write(move |tx| crate::account::accept::accept_delete(tx, far)).expect("deleted");
    assert_eq!(newest(&lab, ann), [kept]);
    lab.write(move |tx| {
        let block = Block { created_at: tx.now(), uri: String::new() };
        BLOCKS.put(tx, &(ann, ben), &block);
        Ok(())
    })
    .expect("blocked");
    assert_eq!(newest(&lab, ann), []);
    assert!(matches!(lab.store.read(|view| show(view, ann, kept)), Err(Error::NotFound)));
}

#[test]
fn clear_is_obeyed_at_once_however_many_there_are_and_rows_go_by_and_by() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let people: Vec<_> = (0..200).map(|number| lab.local(&format!("p{number}"))).collect();
    for from in &people {
        notify(&lab, ann, NotificationKind::Follow, *from).expect("new");
    }
    let first = newest(&lab, ann)[0];
    lab.write(move |tx| clear(tx, ann)).expect("cleared");
    assert_eq!(newest(&lab, ann), []);
    assert!(matches!(lab.store.read(|view| show(view, ann, first)), Err(Error::NotFound)));
    assert!(matches!(lab.write(move |tx| dismiss(tx, ann, first)), Err(Error::NotFound)));
    let rows = |lab: &Lab| {
        let table = notification::NOTIFICATIONS;
        lab.read(|read| Ok(table.list(read, &ann, Bounds::NONE, Direction::Ascending, 1000)?.len()))
    };
    assert!(rows(&lab) > 0 && rows(&lab) <= 50, "{}", rows(&lab));
    // The same events again, also those whose old rows are still there.
    let again: Vec<_> =
        people.iter().rev().map(|from| notify(&lab, ann, NotificationKind::Follow, *from).expect("new")).collect();
    assert_eq!(newest(&lab, ann), [again[199], again[198]]);
    assert_eq!(rows(&lab), 200, "nothing of the cleared is left");
}

#[test]
fn unread_are_those_behind_the_marker() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let all: Vec<_> = (0..4)
        .map(|number| {
            let from = lab.local(&format!("p{number}"));
            notify(&lab, ann, NotificationKind::Follow, from).expect("new")
        })
        .collect();
    let unread = |limit: usize| lab.read(|read| unread_count(read, ann, &Filter::default(), limit));
    assert_eq!((unread(100), unread(3)), (4, 3));
    let read_upto = all[1].to_string();
    let marked = lab.write(move |tx| Ok(marker::put(tx, ann, "notifications", &read_upto)?)).expect("marked");
    assert_eq!((marked.version, unread(100)), (1, 2));
    let read_upto = all[3].to_string();
    let marked = lab.write(move |tx| Ok(marker::put(tx, ann, "notifications", &read_upto)?)).expect("marked");
    assert_eq!((marked.version, unread(100)), (2, 0));
}
