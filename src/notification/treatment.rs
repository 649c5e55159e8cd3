//! The policy (`crate::policy`) on a real store: each rule, whom it spares, and which of several counts.

use crate::{
    account::lab::Lab,
    clock::{DAY_MS, HOUR_MS},
    limits,
    policy::{notify, treatment},
};
use storage::{
    AccountId, Bounds, Direction, StatusId, Timestamp,
    account::{self, ActorKind},
    filtered::{self, FILTERED, POLICIES, Policy, Treatment},
    moderation::{Standing, put_standing},
    notification::NotificationKind,
    relationship::{self, Follow},
    status::{self, Reply, Status, Visibility},
    user::{self, Role},
};

fn open() -> Policy {
    let accept = Treatment::Accept;
    Policy { private_mentions: accept, limited_accounts: accept, ..Policy::default() }
}

fn set(lab: &Lab, of: AccountId, policy: &Policy) {
    let policy = policy.clone();
    lab.write(move |tx| {
        POLICIES.put(tx, &of, &policy);
        Ok(())
    })
    .expect("stored");
}

fn follow(lab: &Lab, follower: AccountId, target: AccountId) {
    lab.write(move |tx| {
        let follow = Follow::bare(tx.next_id(), String::new(), tx.now());
        Ok(relationship::put(tx, follower, target, &follow)?)
    })
    .expect("stored");
}

fn says(lab: &Lab, from: AccountId, to: AccountId, visibility: Visibility, answers: Option<StatusId>) -> Status {
    lab.advance(1);
    lab.write(move |tx| {
        let (id, now): (StatusId, Timestamp) = (tx.next_id(), tx.now());
        let status = Status {
            local: true,
            visibility,
            reply: answers.map(|to| Reply { uri: String::new(), status: Some(to), account: None }),
            mentions: vec![to],
            ..Status::bare(id, from, format!("/statuses/{id}"), now)
        };
        status::insert(tx, &status)?;
        Ok(status)
    })
    .expect("stored")
}

fn of(lab: &Lab, to: AccountId, kind: NotificationKind, from: AccountId, status: Option<&Status>) -> Treatment {
    let now = lab.write(|tx| Ok(tx.now())).expect("the time");
    lab.read(|read| treatment(read, now, to, kind, from, status))
}

#[test]
fn strangers_are_held_against_each_rule_and_those_one_follows_are_not() {
    let lab = Lab::new();
    let (ann, ben) = (lab.local("ann"), lab.local("ben"));
    let like = |lab: &Lab| of(lab, ann, NotificationKind::Favourite, ben, None);
    assert_eq!(like(&lab), Treatment::Accept, "the default");
    for rule in [Treatment::Filter, Treatment::Drop] {
        for policy in [
            Policy { not_following: rule, ..open() },
            Policy { not_followers: rule, ..open() },
            Policy { new_accounts: rule, ..open() },
        ] {
            set(&lab, ann, &policy);
            assert_eq!(like(&lab), rule, "{policy:?}");
        }
    }
    set(&lab, ann, &Policy { new_accounts: Treatment::Drop, not_following: Treatment::Filter, ..open() });
    assert_eq!(like(&lab), Treatment::Drop, "the strictest counts");
    for kind in [
        NotificationKind::Status,
        NotificationKind::Update,
        NotificationKind::Poll,
        NotificationKind::AdminReport,
        NotificationKind::QuotedUpdate,
    ] {
        assert_eq!(of(&lab, ann, kind, ben, None), Treatment::Accept, "{kind:?} is nothing that strangers do");
    }
    lab.advance(30 * DAY_MS - 1);
    assert_eq!(like(&lab), Treatment::Drop, "a day short of old");
    lab.advance(1);
    assert_eq!(like(&lab), Treatment::Filter, "not new any more");
    follow(&lab, ann, ben);
    assert_eq!(like(&lab), Treatment::Accept);
    set(&lab, ann, &Policy { not_followers: Treatment::Filter, ..open() });
    assert_eq!(like(&lab), Treatment::Filter, "also of those one follows");
    follow(&lab, ben, ann);
    lab.advance(3 * DAY_MS - 1);
    assert_eq!(like(&lab), Treatment::Filter, "a follower of three days at least");
    lab.advance(1);
    assert_eq!(like(&lab), Treatment::Accept);
}

#[test]
fn bots_and_silenced_accounts_are_told_apart() {
    let lab = Lab::new();
    let (ann, ben) = (lab.local("ann"), lab.remote("ben"));
    let like = |lab: &Lab| of(lab, ann, NotificationKind::Favourite, ben, None);
    set(&lab, ann, &Policy { bots: Treatment::Drop, limited_accounts: Treatment::Filter, ..open() });
    assert_eq!(like(&lab), Treatment::Accept);
    lab.write(move |tx| {
        let silenced_at = Some(tx.now());
        put_standing(tx, ben, Standing { silenced_at, ..Standing::default() });
        Ok(())
    })
    .expect("silenced");
    assert_eq!(like(&lab), Treatment::Filter);
    let row = account::Account { kind: ActorKind::Service, ..lab.account(ben) };
    lab.write(move |tx| Ok(account::put(tx, &row)?)).expect("a bot");
    assert_eq!(like(&lab), Treatment::Drop);
    follow(&lab, ann, ben);
    assert_eq!(like(&lab), Treatment::Accept);
}

#[test]
fn private_mentions_come_as_answers_from_those_accepted_and_from_staff() {
    let lab = Lab::new();
    let (ann, ben, cat) = (lab.local("ann"), lab.local("ben"), lab.local("cat"));
    let (direct, mention) = (Visibility::Direct, NotificationKind::Mention);
    let first = says(&lab, ben, ann, direct, None);
    assert_eq!(of(&lab, ann, mention, ben, Some(&first)), Treatment::Filter, "the default");
    let public = says(&lab, ben, ann, Visibility::Public, None);
    assert_eq!(of(&lab, ann, mention, ben, Some(&public)), Treatment::Accept);
    assert_eq!(of(&lab, ann, NotificationKind::Favourite, ben, Some(&first)), Treatment::Accept, "no mention");
    // What answers something public of hers is as unasked as the first; what answers her own direct words is not.
    let hers = says(&lab, ann, ben, Visibility::Public, None);
    let below = says(&lab, ben, ann, direct, Some(hers.id));
    assert_eq!(of(&lab, ann, mention, ben, Some(&below)), Treatment::Filter);
    let answer = says(&lab, ann, ben, direct, Some(first.id));
    let next = says(&lab, ben, ann, direct, Some(answer.id));
    let further = says(&lab, ben, ann, direct, Some(next.id));
    assert_eq!(of(&lab, ann, mention, ben, Some(&further)), Treatment::Accept);
    let other = says(&lab, cat, ann, direct, Some(further.id));
    assert_eq!(of(&lab, ann, mention, cat, Some(&other)), Treatment::Filter, "she asked somebody else");
    lab.write(move |tx| Ok(filtered::permit(tx, ann, cat)?)).expect("permitted");
    assert_eq!(of(&lab, ann, mention, cat, Some(&other)), Treatment::Accept);
    lab.write(move |tx| Ok(filtered::refuse(tx, ann, cat)?)).expect("taken back");
    assert_eq!(of(&lab, ann, mention, cat, Some(&other)), Treatment::Filter);
    lab.write(move |tx| {
        let cat = user::find(tx, cat)?.expect("she is there");
        Ok(user::put(tx, &user::User { role: Role::Moderator, ..cat })?)
    })
    .expect("promoted");
    assert_eq!(of(&lab, ann, mention, cat, Some(&other)), Treatment::Accept);
    set(&lab, ann, &Policy { not_following: Treatment::Drop, ..open() });
    assert_eq!(of(&lab, ann, NotificationKind::Favourite, cat, None), Treatment::Drop, "staff is spared in words only");
}

#[test]
fn what_is_filtered_is_stored_aside_and_what_is_dropped_is_not() {
    let lab = Lab::new();
    let (ann, ben) = (lab.local("ann"), lab.local("ben"));
    let told = |lab: &Lab| lab.write(move |tx| notify(tx, ann, NotificationKind::Follow, ben, None)).expect("told");
    set(&lab, ann, &Policy { not_following: Treatment::Drop, ..open() });
    assert_eq!(told(&lab), None);
    set(&lab, ann, &Policy { not_following: Treatment::Filter, ..open() });
    let id = told(&lab).expect("new");
    assert_eq!(told(&lab), None, "once");
    assert!(lab.read(|read| Ok(FILTERED.contains(read, &(ann, id))?)));
    assert!(lab.read(|read| Ok(filtered::find_request(read, ann, ben)?.is_none())), "a follow is no request");
}

/// Tells `to` of what `from` does with `status`, which is new.
fn tell(lab: &Lab, to: AccountId, kind: NotificationKind, from: AccountId, status: Status) {
    lab.write(move |tx| notify(tx, to, kind, from, Some(&status))).expect("stored").expect("new");
}

/// The same of something else with each call.
fn does(lab: &Lab, to: AccountId, kind: NotificationKind, from: AccountId) {
    tell(lab, to, kind, from, says(lab, from, to, Visibility::Public, None));
}

/// Tells `to` that `from` answers `parent`, which is of `to`.
fn answers(lab: &Lab, to: AccountId, from: AccountId, parent: &Status) {
    let reply = Some(Reply { uri: String::new(), status: Some(parent.id), account: Some(to) });
    let answer = Status { reply, ..says(lab, from, to, Visibility::Public, None) };
    tell(lab, to, NotificationKind::Mention, from, answer);
}

/// How much is kept aside for `of`, at most 300.
fn aside(lab: &Lab, of: AccountId) -> usize {
    lab.read(|read| Ok(FILTERED.list(read, &of, Bounds::NONE, Direction::Ascending, 300)?)).len()
}

#[test]
fn what_a_stranger_does_is_told_so_often_an_hour_whatever_it_is() {
    let lab = Lab::new();
    let (ann, dan, eve) = (lab.local("ann"), lab.remote("dan"), lab.remote("eve"));
    let kinds = [
        NotificationKind::Favourite,
        NotificationKind::Reblog,
        NotificationKind::Reaction,
        NotificationKind::Quote,
        NotificationKind::Follow,
        NotificationKind::FollowRequest,
        NotificationKind::PendingFavourite,
        NotificationKind::PendingReply,
        NotificationKind::PendingReblog,
    ];
    for number in 0..limits::DEEDS_OF_STRANGER_MAX {
        does(&lab, ann, kinds[number as usize % kinds.len()], eve);
    }
    assert_eq!(aside(&lab, ann), 0);
    for kind in kinds {
        does(&lab, ann, kind, eve);
    }
    assert_eq!(aside(&lab, ann), kinds.len(), "more than so many of any kind");
    let (to_eve, to_all) =
        (says(&lab, ann, eve, Visibility::Public, None), says(&lab, ann, dan, Visibility::Public, None));
    answers(&lab, ann, eve, &to_eve);
    assert_eq!(aside(&lab, ann), kinds.len(), "they talk with each other");
    answers(&lab, ann, eve, &to_all);
    assert_eq!(aside(&lab, ann), kinds.len() + 1, "she was not asked");
    does(&lab, ann, NotificationKind::Favourite, dan);
    assert_eq!(aside(&lab, ann), kinds.len() + 1, "another has bounds of their own");
    lab.advance(HOUR_MS);
    does(&lab, ann, NotificationKind::Favourite, eve);
    assert_eq!(aside(&lab, ann), kinds.len() + 1, "an hour later");
}

#[test]
fn asked_answers_and_all_else_that_a_stranger_does_do_not_use_up_each_other() {
    let lab = Lab::new();
    let (ann, eve) = (lab.local("ann"), lab.remote("eve"));
    let to_eve = says(&lab, ann, eve, Visibility::Public, None);
    for _ in 0..=limits::DEEDS_OF_STRANGER_MAX {
        answers(&lab, ann, eve, &to_eve);
    }
    does(&lab, ann, NotificationKind::Favourite, eve);
    assert_eq!(aside(&lab, ann), 0, "after many answers");
    for _ in 0..limits::ANSWERS_OF_STRANGER_MAX {
        does(&lab, ann, NotificationKind::Favourite, eve);
    }
    let many = aside(&lab, ann);
    assert!(many > 0, "favourites without end");
    answers(&lab, ann, eve, &to_eve);
    assert_eq!(aside(&lab, ann), many, "whatever else she does");
    for _ in 0..limits::ANSWERS_OF_STRANGER_MAX {
        answers(&lab, ann, eve, &to_eve);
    }
    assert!(aside(&lab, ann) > many, "answers without end");
}

#[test]
fn whoever_has_followed_for_days_is_told_of_more_often() {
    let lab = Lab::new();
    let (ann, dan, eve) = (lab.local("ann"), lab.remote("dan"), lab.remote("eve"));
    follow(&lab, dan, ann);
    lab.advance(limits::NEW_FOLLOWER_MS);
    follow(&lab, eve, ann);
    for _ in 0..limits::DEEDS_OF_FOLLOWER_MAX {
        does(&lab, ann, NotificationKind::Favourite, dan);
    }
    assert_eq!(aside(&lab, ann), 0, "also of more than new accounts may do");
    does(&lab, ann, NotificationKind::Favourite, dan);
    assert_eq!(aside(&lab, ann), 1);
    for _ in 0..=limits::DEEDS_OF_STRANGER_MAX {
        does(&lab, ann, NotificationKind::Favourite, eve);
    }
    assert_eq!(aside(&lab, ann), 2, "whoever follows only now is as strange as others");
}
