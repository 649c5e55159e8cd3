//! One rule each: what stays, what goes, when, and that it can come again.

use super::*;
use crate::{
    limits,
    media::Wanted,
    retention::{expire, notices_upto, remove_notices},
    status::{self as rules, NewStatus},
    tag,
};
use storage::{
    ApplicationId, Bounds, Digest, Direction, SecretHash, account, marker,
    notification::{self, NOTIFICATIONS, NotificationKind},
    oauth::{self, APPLICATIONS, AUTHORIZATION_CODES, Application, AuthorizationCode, TOKENS, Token},
    push::{self, Policy, Subscription},
    retention::{ARRIVALS, Hour, Rank, Settling, TOUCHED, put_settling, settling},
    status::{ContentType, ORPHANS, STATUS_BY_URI, TAG_TIMELINE, TOMBSTONES},
    use_of_access::{self, Access},
    user::{self, SESSIONS, SESSIONS_OF_ACCOUNT, Session},
};

/// A new status of `author` as it may be changed.
pub(super) fn new(lab: &Lab, author: AccountId) -> NewStatus {
    NewStatus {
        author,
        composed: lab.read(|read| {
            let origin = crate::origin::Origin::parse("https://here.test", None)?;
            rules::compose(read, &origin, "some words", ContentType::Plain)
        }),
        spoiler_text: String::new(),
        sensitive: None,
        language: None,
        visibility: Some(Visibility::Public),
        in_reply_to: None,
        application: None,
        media: Wanted::default(),
        poll: None,
        quoted: None,
        quote_policy: None,
        interaction_policy: None,
        idempotency_key: None,
        scheduled_at: None,
        local_only: None,
    }
}

/// Posts it.
pub(super) fn post(lab: &Lab, new: NewStatus) -> StatusId {
    lab.write(move |tx| rules::create(tx, &new)).expect("created").into_status().expect("posted now").id
}

/// An answer of `author` to `to`.
pub(super) fn answer(lab: &Lab, author: AccountId, to: StatusId) -> StatusId {
    post(lab, NewStatus { in_reply_to: Some(to), ..new(lab, author) })
}

#[test]
fn what_nothing_holds_goes_by_arrival_and_not_before_its_time() {
    let lab = lab();
    let far = lab.remote("far");
    let now = crate::account::lab::START;
    // Posted years ago, but it arrived today.
    let old = take(&lab, &remote(far, 1, now.plus_ms(-2_000 * DAY_MS)));
    lab.advance(DAY_MS);
    let new = arrives(&lab, far, 2, None);
    assert_eq!(run(&lab, AGED), 0);
    lab.advance(89 * DAY_MS + HOUR_MS);
    assert_eq!(run(&lab, AGED), 1);
    assert!(find(&lab, old).is_none() && find(&lab, new).is_some());
    lab.advance(DAY_MS);
    assert_eq!(run(&lab, AGED), 1);
    assert_eq!(lab.read(|read| Ok(account::stats(read, far)?)).statuses, 0, "counters stay right");
    let left = lab.read(|read| Ok(ARRIVALS.list(read, &(), Bounds::NONE, Direction::Ascending, 10)?));
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn all_rows_go_and_what_went_is_taken_in_again_with_its_replies() {
    let lab = lab();
    let (here, far, other) = (lab.local("here"), lab.remote("far"), lab.remote("other"));
    follow(&lab, here, other);
    let parent = arrives(&lab, far, 1, None);
    let reply = arrives(&lab, other, 2, Some(1));
    assert_eq!(find(&lab, reply).expect("there").reply.expect("one").status, Some(parent));
    lab.advance(2 * HOUR_MS);
    assert_eq!(run(&lab, PRESSED), 1);
    assert!(find(&lab, parent).is_none());
    lab.read(|read| {
        let digest = Digest::of("https://far.test/statuses/1");
        assert!(!STATUS_BY_URI.contains(read, &digest)? && !TOMBSTONES.contains(read, &digest)?);
        assert!(ORPHANS.contains(read, &(digest, reply))?, "the reply waits for it");
        let tagged = TAG_TIMELINE.list(read, &"afar".to_owned(), Bounds::NONE, Direction::Ascending, 10)?;
        assert_eq!(tagged.len(), 1, "{tagged:?}");
        Ok(())
    });
    let again = arrives(&lab, far, 1, None);
    assert_eq!(find(&lab, reply).expect("there").reply.expect("one").status, Some(again));
    assert_eq!(lab.read(|read| Ok(status::stats(read, again)?)).replies, 1);
    assert!(lab.jobs().iter().all(|job| !matches!(job, storage::job::JobKind::PurgeStatus { .. })), "no job is left");
}

#[test]
fn marks_hold_a_status_until_the_last_is_taken_back() {
    let lab = lab();
    let (here, far) = (lab.local("here"), lab.remote("far"));
    let [liked, saved, shared, both] = [1, 2, 3, 4].map(|number| arrives(&lab, far, number, None));
    let reblog = lab
        .write(move |tx| {
            rules::favourite(tx, here, liked)?;
            rules::bookmark(tx, here, saved)?;
            rules::favourite(tx, here, both)?;
            rules::bookmark(tx, here, both)?;
            rules::reblog(tx, here, shared, None)
        })
        .expect("marked");
    lab.advance(100 * DAY_MS);
    assert_eq!(run(&lab, PRESSED), 0);
    lab.write(move |tx| {
        rules::unfavourite(tx, here, liked)?;
        rules::unbookmark(tx, here, saved)?;
        rules::unfavourite(tx, here, both)?;
        rules::unreblog(tx, here, reblog.id)
    })
    .expect("taken back");
    assert_eq!(run(&lab, PRESSED), 0, "looked at a moment ago");
    lab.advance(2 * DAY_MS);
    assert_eq!(run(&lab, PRESSED), 3);
    assert!(find(&lab, both).is_some(), "still bookmarked");
    let held = lab.read(|read| Ok(TOUCHED.list(read, &(), Bounds::NONE, Direction::Ascending, 10)?));
    assert_eq!(held.iter().map(|(key, _)| *key).collect::<Vec<_>>(), [(both, here)]);
}

#[test]
fn a_thread_that_somebody_here_takes_part_in_stays_above_and_below() {
    let lab = lab();
    let (here, far) = (lab.local("here"), lab.remote("far"));
    let root = arrives(&lab, far, 1, None);
    let middle = arrives(&lab, far, 2, Some(1));
    let mine = answer(&lab, here, middle);
    let below = take(&lab, &RemoteStatus { reply: Some(RemoteReply::Local(mine)), ..remote(far, 3, Timestamp(0)) });
    let deeper = arrives(&lab, far, 4, Some(3));
    let beside = arrives(&lab, far, 5, Some(1));
    let stranger = arrives(&lab, far, 6, None);
    lab.advance(400 * DAY_MS);
    assert_eq!(run(&lab, PRESSED), 1);
    for id in [root, middle, below, deeper, beside] {
        assert!(find(&lab, id).is_some(), "{id}");
    }
    assert!(find(&lab, stranger).is_none());
}

#[test]
fn what_turns_up_above_a_thread_with_us_later_stays_as_well() {
    let lab = lab();
    let (here, far) = (lab.local("here"), lab.remote("far"));
    let middle = arrives(&lab, far, 2, Some(1));
    answer(&lab, here, middle);
    // Its parent, and the parent of that, are fetched afterwards.
    let root = arrives(&lab, far, 1, Some(0));
    let first = arrives(&lab, far, 0, None);
    lab.advance(400 * DAY_MS);
    assert_eq!(run(&lab, PRESSED), 0);
    assert!([first, root, middle].iter().all(|id| find(&lab, *id).is_some()));
}

#[test]
fn mentions_and_standing_notifications_hold() {
    let lab = lab();
    let (here, far, told) = (lab.local("here"), lab.remote("far"), lab.remote("told"));
    let mention = take(&lab, &RemoteStatus { mentions: vec![here], ..remote(far, 1, Timestamp(0)) });
    follow(&lab, here, told);
    lab.write(move |tx| {
        let mut follow = relationship::find(tx, here, told)?.expect("just made");
        follow.notify = true;
        Ok(relationship::put(tx, here, told, &follow)?)
    })
    .expect("asked");
    let now = crate::account::lab::START;
    let bell = take(&lab, &RemoteStatus { reason: Reason::Pushed, ..remote(told, 2, now) });
    let rows = lab.read(|read| Ok(NOTIFICATIONS.list(read, &here, Bounds::NONE, Direction::Ascending, 10)?));
    assert_eq!(rows.len(), 1, "{rows:?}");
    lab.advance(30 * DAY_MS);
    assert_eq!(run(&lab, PRESSED), 0);
    lab.write(move |tx| Ok(notification::clear(tx, here)?)).expect("cleared");
    lab.advance(2 * DAY_MS);
    assert_eq!(run(&lab, PRESSED), 1);
    assert!(find(&lab, mention).is_some() && find(&lab, bell).is_none());
}

#[test]
fn people_followed_go_last_and_never_within_a_week() {
    let lab = lab();
    let (here, friend, stranger) = (lab.local("here"), lab.remote("friend"), lab.remote("stranger"));
    follow(&lab, here, friend);
    let old = arrives(&lab, friend, 1, None);
    lab.advance(5 * DAY_MS);
    let passing = arrives(&lab, stranger, 2, None);
    let shared = arrives(&lab, stranger, 3, None);
    lab.write(move |tx| {
        accept::accept_reblog(tx, friend, shared, "https://far.test/r/1", None, Visibility::Public, Reason::Pushed)
    })
    .expect("shared");
    lab.advance(2 * HOUR_MS);
    assert_eq!(run(&lab, AGED), 0);
    assert_eq!(run(&lab, PRESSED), 1);
    assert!(find(&lab, passing).is_none(), "the stranger's goes first");
    assert!(find(&lab, old).is_some() && find(&lab, shared).is_some());
    lab.advance(3 * DAY_MS);
    assert_eq!(run(&lab, PRESSED), 1);
    assert!(find(&lab, old).is_none() && find(&lab, shared).is_some(), "only what is older than a week");
    lab.advance(100 * DAY_MS);
    assert_eq!(run(&lab, AGED), 0, "not by age");
    // What was looked at within a day is not looked at again.
    lab.advance(2 * DAY_MS);
    assert_eq!(run(&lab, PRESSED), 1, "the shared one, and with it the reblog");
    assert!(find(&lab, shared).is_none());
    assert_eq!(lab.read(|read| Ok(account::stats(read, friend)?)).statuses, 0);
}

#[test]
fn what_has_a_hashtag_that_somebody_here_follows_goes_last_as_well() {
    let lab = lab();
    let (here, far) = (lab.local("here"), lab.remote("far"));
    lab.write(move |tx| tag::follow(tx, here, "#Afar")).expect("followed");
    let now = crate::account::lab::START;
    let (tagged, young) = (arrives(&lab, far, 1, None), arrives(&lab, far, 2, None));
    let unlisted = take(&lab, &RemoteStatus { visibility: Visibility::Unlisted, ..remote(far, 3, now) });
    let another = take(&lab, &RemoteStatus { tags: vec!["near".to_owned()], ..remote(far, 4, now) });
    lab.write(move |tx| rules::bookmark(tx, here, young)).expect("saved");
    lab.advance(2 * HOUR_MS);
    assert_eq!(run(&lab, PRESSED), 2);
    assert!(find(&lab, unlisted).is_none() && find(&lab, another).is_none(), "they stand in no home");
    lab.advance(8 * DAY_MS);
    assert_eq!(run(&lab, PRESSED), 1, "but for a week as whom one follows");
    assert!(find(&lab, tagged).is_none() && find(&lab, young).is_some());
    lab.write(move |tx| rules::unbookmark(tx, here, young)).expect("taken back");
    lab.advance(91 * DAY_MS);
    assert_eq!(run(&lab, AGED), 0, "the hashtag is followed");
    lab.write(move |tx| tag::unfollow(tx, here, "afar")).expect("unfollowed");
    lab.advance(31 * DAY_MS);
    assert_eq!(run(&lab, AGED), 1);
}

#[test]
fn what_was_followed_goes_by_age_once_nobody_follows_it_any_more() {
    let lab = lab();
    let (here, there) = (lab.local("here"), lab.local("there"));
    let (friend, stranger) = (lab.remote("friend"), lab.remote("stranger"));
    follow(&lab, here, friend);
    follow(&lab, there, friend);
    let (written, shared) = (arrives(&lab, friend, 1, None), arrives(&lab, stranger, 2, None));
    // So that its number is above that of what it shares.
    lab.advance(1_000);
    lab.write(move |tx| {
        accept::accept_reblog(tx, friend, shared, "https://far.test/r/1", None, Visibility::Public, Reason::Pushed)
    })
    .expect("shared");
    let unfollow = |who| {
        lab.write(move |tx| Ok(relationship::remove(tx, who, friend)?)).expect("unfollowed");
    };
    // Some while there is too little room, which brings them into the queue of what is followed.
    lab.advance(2 * HOUR_MS);
    assert_eq!(run(&lab, PRESSED), 0);
    for _ in 0..5 {
        lab.advance(91 * DAY_MS);
        assert_eq!(run(&lab, AGED), 0, "it stays while it is followed");
    }
    unfollow(here);
    lab.advance(31 * DAY_MS);
    assert_eq!(run(&lab, AGED), 0, "by one of two still");
    unfollow(there);
    assert_eq!(run(&lab, AGED), 0, "looked at a moment ago");
    lab.advance(31 * DAY_MS);
    assert_eq!(run(&lab, AGED), 2);
    assert!(find(&lab, written).is_none() && find(&lab, shared).is_none());
    let left = lab.read(|read| Ok(ARRIVALS.list(read, &(), Bounds::NONE, Direction::Ascending, 10)?));
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn reblogs_of_what_was_written_here_stay() {
    let lab = lab();
    let (here, far) = (lab.local("here"), lab.remote("far"));
    let mine = {
        let other = arrives(&lab, far, 1, None);
        answer(&lab, here, other)
    };
    lab.write(move |tx| {
        accept::accept_reblog(tx, far, mine, "https://far.test/r/1", None, Visibility::Public, Reason::Pushed)
    })
    .expect("shared");
    lab.advance(400 * DAY_MS);
    assert_eq!(run(&lab, PRESSED), 0);
    assert_eq!(lab.read(|read| Ok(status::stats(read, mine)?)).reblogs, 1);
}

#[test]
fn a_status_of_somebody_here_is_never_let_go() {
    let lab = lab();
    let (here, far) = (lab.local("here"), lab.remote("far"));
    let other = arrives(&lab, far, 1, None);
    let mine = answer(&lab, here, other);
    let row = find(&lab, mine).expect("there");
    let refused = lab.write(move |tx| rules::purge::let_go(tx, &row));
    assert!(matches!(refused, Err(crate::error::Error::Bug(_))), "{refused:?}");
    lab.write(move |tx| {
        storage::retention::queue(tx, Rank::Ordinary, Hour(1), mine);
        Ok(())
    })
    .expect("queued by mistake");
    lab.advance(400 * DAY_MS);
    run(&lab, PRESSED);
    assert!(find(&lab, mine).is_some());
}

#[test]
fn rows_of_earlier_versions_are_settled_before_and_hold_as_new_ones_do() {
    let lab = lab();
    let (here, far) = (lab.local("here"), lab.remote("far"));
    let ids: Vec<StatusId> = (0..250).map(|number| arrives(&lab, far, number, None)).collect();
    let (liked, above) = (ids[3], ids[200]);
    lab.write(move |tx| rules::favourite(tx, here, liked)).expect("liked");
    answer(&lab, here, above);
    // As an earlier version left it: no arrivals, no touches, nothing settled.
    for id in ids.clone() {
        lab.write(move |tx| {
            TOUCHED.delete(tx, &(id, here));
            storage::retention::unqueue(tx, Rank::Ordinary, Hour::of(crate::account::lab::START), id);
            put_settling(tx, Settling::Touches { account: AccountId(0), list: 0, after: 0 });
            Ok(())
        })
        .expect("as before");
    }
    let mut steps = 0;
    while lab.write(settle).expect("a step") {
        steps += 1;
    }
    assert!(steps > 4, "{steps}: step by step");
    assert_eq!(lab.read(|read| Ok(settling(read)?)), Settling::Settled);
    lab.advance(91 * DAY_MS);
    assert_eq!(run(&lab, AGED), 248);
    assert!(find(&lab, liked).is_some() && find(&lab, above).is_some());
}

#[test]
fn an_old_post_that_arrives_before_all_rows_are_settled_has_its_time() {
    let lab = Lab::new();
    let far = lab.remote("far");
    let old = take(&lab, &remote(far, 1, crate::account::lab::START.plus_ms(-2_000 * DAY_MS)));
    while lab.write(settle).expect("a step") {}
    lab.advance(DAY_MS);
    assert_eq!(run(&lab, AGED), 0);
    assert!(find(&lab, old).is_some());
    lab.advance(90 * DAY_MS);
    assert_eq!(run(&lab, AGED), 1);
}

#[test]
fn a_status_with_many_marks_goes_by_a_job_and_steps_stay_within_a_transaction() {
    let lab = lab();
    let far = lab.remote("far");
    let root = arrives(&lab, far, 0, None);
    for number in 1..60 {
        arrives(&lab, far, number, Some(0));
    }
    lab.advance(100 * DAY_MS);
    assert_eq!(run(&lab, AGED), 60);
    let jobs = lab.jobs();
    assert!(jobs.iter().any(|job| matches!(job, storage::job::JobKind::PurgeStatus { status, .. } if *status == root)));
}

#[test]
fn old_notifications_go_when_read_or_beyond_the_cap() {
    let lab = lab();
    let here = lab.local("here");
    let others: Vec<AccountId> = (0..4).map(|number| lab.remote(&format!("far{number}"))).collect();
    let of = others.clone();
    lab.write(move |tx| {
        for from in &of {
            notification::notify(tx, here, NotificationKind::Follow, *from, None)?;
        }
        Ok(())
    })
    .expect("told");
    let ids: Vec<_> = lab
        .read(|read| Ok(NOTIFICATIONS.list(read, &here, Bounds::NONE, Direction::Ascending, 10)?))
        .into_iter()
        .map(|((_, id), _)| id)
        .collect();
    lab.advance(91 * DAY_MS);
    let now = lab.write(|tx| Ok(tx.now())).expect("the time");
    let upto = |lab: &Lab| lab.read(|read| notices_upto(read, here, now));
    assert_eq!(upto(&lab), None, "unread ones stay");
    let read_to = ids[1].to_string();
    lab.write(move |tx| Ok(marker::put(tx, here, "notifications", &read_to)?)).expect("read");
    assert_eq!(upto(&lab), Some(ids[1]));
    let last = ids[1];
    assert!(lab.write(move |tx| remove_notices(tx, here, last)).is_ok_and(|more| !more));
    let left = lab.read(|read| Ok(NOTIFICATIONS.list(read, &here, Bounds::NONE, Direction::Ascending, 10)?));
    assert_eq!(left.len(), 2);
}

#[test]
fn what_expired_is_found_without_an_index() {
    let lab = lab();
    for number in 0..450 {
        lab.write(move |tx| {
            let now = tx.now();
            TOMBSTONES.put(tx, &Digest::of(&format!("https://far.test/{number}")), &now);
            Ok(())
        })
        .expect("deleted");
        if number == 399 {
            lab.advance(60 * DAY_MS);
        }
    }
    lab.advance(31 * DAY_MS);
    run_out(&lab);
    let left = lab.read(|read| Ok(TOMBSTONES.list(read, &(), Bounds::NONE, Direction::Ascending, 1_000)?));
    assert_eq!(left.len(), 50);
}

/// A browser of `account` is signed in.
fn sign_in(tx: &mut storage::Tx<'_>, account: AccountId, hash: SecretHash) {
    let session = Session { account, csrf_secret: [0; 32], created_at: tx.now(), user_agent: String::new() };
    SESSIONS.put(tx, &hash, &session);
    SESSIONS_OF_ACCOUNT.put(tx, &(account, hash), &());
}

/// Lets go whatever expired.
fn run_out(lab: &Lab) {
    let mut next = Some(crate::retention::Expiring::default());
    while let Some(at) = next {
        next = lab.write(move |tx| expire(tx, &at)).expect("a step");
    }
}

#[test]
fn a_step_is_a_transaction_of_bounded_size_however_much_expired() {
    let lab = lab();
    let here = lab.local("here");
    for number in 0..limits::EXPIRE_STEP + 10 {
        lab.write(move |tx| {
            let hash = SecretHash::of(&number.to_string());
            sign_in(tx, here, hash);
            Ok(())
        })
        .expect("signed in");
    }
    lab.advance(limits::SESSION_SECONDS * 1_000 + 1);
    run_out(&lab);
    let left = lab.read(|read| Ok(SESSIONS.list(read, &(), Bounds::NONE, Direction::Ascending, 1_000)?));
    assert!(left.is_empty(), "{} are left", left.len());
}

#[test]
fn a_step_that_ends_access_is_a_transaction_of_bounded_size_however_much_there_was() {
    let lab = lab();
    let here = lab.local("here");
    for number in 0..limits::ACCESS_ENDED_AT_ONCE as u64 {
        lab.write(move |tx| {
            let hash = SecretHash::of(&number.to_string());
            let created_at = tx.now();
            sign_in(tx, here, hash);
            let application = Application {
                id: ApplicationId(number + 1),
                name: "an app".to_owned(),
                website: None,
                redirect_uris: Vec::new(),
                scopes: Vec::new(),
                client_id: format!("client {number}"),
                client_secret_hash: [0; 32],
                created_at,
            };
            oauth::put_application(tx, &application);
            let (id, scopes) = (tx.next_id(), Vec::new());
            let token = Token { id, application: application.id, account: Some(here), scopes, created_at };
            oauth::put_token(tx, hash, &token);
            let subscription = Subscription {
                id: tx.next_id(),
                account: here,
                endpoint: "https://push.test/1".to_owned(),
                p256dh: Vec::new(),
                auth: Vec::new(),
                standard: true,
                alerts: 0,
                policy: Policy::All,
                token: number.to_string(),
                created_at,
            };
            push::put(tx, hash, &subscription);
            Ok(())
        })
        .expect("signed in");
    }
    let step = move |tx: &mut storage::Tx<'_>| {
        let before = tx.now().plus_ms(1);
        Ok(user::end_access(tx, here, before, limits::ACCESS_ENDED_AT_ONCE)?)
    };
    assert!(lab.write(step).expect("it fits"), "there may be more");
    assert!(!lab.write(step).expect("it fits"));
    let left = lab.read(|read| Ok(TOKENS.list(read, &(), Bounds::NONE, Direction::Ascending, 1_000)?));
    assert!(left.is_empty(), "{} are left", left.len());
}

#[test]
fn applications_go_that_nobody_gives_access_to_and_tokens_of_theirs_that_they_do_not_use() {
    let lab = lab();
    let here = lab.local("here");
    let register = |number: u64| {
        let rule = move |tx: &mut storage::Tx<'_>| {
            let made = Application {
                id: ApplicationId(number),
                name: "an app".to_owned(),
                website: None,
                redirect_uris: Vec::new(),
                scopes: Vec::new(),
                client_id: format!("client {number}"),
                client_secret_hash: [0; 32],
                created_at: tx.now(),
            };
            oauth::put_application(tx, &made);
            Ok(())
        };
        lab.write(rule).expect("registered");
    };
    let give = |name: &'static str, number: u64, account: Option<AccountId>| {
        let rule = move |tx: &mut storage::Tx<'_>| {
            let (id, created_at) = (tx.next_id(), tx.now());
            let token = Token { id, application: ApplicationId(number), account, scopes: Vec::new(), created_at };
            oauth::put_token(tx, SecretHash::of(name), &token);
            Ok(())
        };
        lab.write(rule).expect("given");
    };
    let left = |lab: &Lab| -> Vec<u64> {
        let rows = lab.read(|read| Ok(APPLICATIONS.list(read, &(), Bounds::NONE, Direction::Ascending, 100)?));
        for (_, known) in &rows {
            let found = lab.read(|read| Ok(oauth::find_application(read, &known.client_id)?));
            assert_eq!(found.as_ref(), Some(known), "its name leads to it");
        }
        rows.into_iter().map(|(id, _)| id.0).collect()
    };
    // Never used, somebody's, used by itself once, and until now, one whose code is under way, a new one.
    (1..=5).for_each(register);
    give("of somebody", 2, Some(here));
    give("used once", 3, None);
    give("in use", 4, None);
    let age = limits::APPLICATION_UNUSED_MS.max(limits::OWN_TOKEN_UNUSED_MS);
    lab.advance(age);
    run_out(&lab);
    assert_eq!(left(&lab), [1, 2, 3, 4, 5], "they are not old enough");
    lab.advance(1);
    register(6);
    let rule = move |tx: &mut storage::Tx<'_>| {
        let now = tx.now();
        use_of_access::note(tx, Access::Token(SecretHash::of("in use")), now)?;
        let code = AuthorizationCode {
            application: ApplicationId(5),
            account: here,
            redirect_uri: String::new(),
            scopes: Vec::new(),
            challenge: None,
            created_at: now,
            used_for: None,
        };
        AUTHORIZATION_CODES.put(tx, &SecretHash::of("a code"), &code);
        Ok(())
    };
    lab.write(rule).expect("used");
    run_out(&lab);
    assert_eq!(left(&lab), [2, 4, 5, 6]);
    let tokens = ["of somebody", "used once", "in use"].map(SecretHash::of);
    let there = tokens.map(|token| lab.read(|read| Ok(TOKENS.contains(read, &token)?)));
    assert_eq!(there, [true, false, true]);
    lab.advance(limits::CODE_KEPT_MS + 1);
    run_out(&lab);
    assert_eq!(left(&lab), [2, 4, 6], "the code was not used in time");
    lab.write(|tx| Ok(oauth::delete_token(tx, SecretHash::of("of somebody"))?)).expect("signed out");
    lab.advance(limits::APPLICATION_UNUSED_MS);
    lab.write(|tx| {
        let now = tx.now();
        Ok(use_of_access::note(tx, Access::Token(SecretHash::of("in use")), now)?)
    })
    .expect("used again");
    run_out(&lab);
    assert_eq!(left(&lab), [2, 4], "whoever signed out may come back with what it registered");
    lab.advance(1);
    run_out(&lab);
    assert_eq!(left(&lab), [4], "nobody came back");
}

#[test]
fn what_has_long_answers_goes_on_a_full_disk_too() {
    let lab = lab();
    let far = lab.remote("far");
    let old = arrives(&lab, far, 1, None);
    lab.advance(91 * DAY_MS);
    let now = lab.write(|tx| Ok(tx.now())).expect("the time");
    let answers: Vec<_> = (2..10)
        .map(|number| {
            let reply = Some(RemoteReply::Remote("https://far.test/statuses/1".to_owned()));
            take(&lab, &RemoteStatus { reply, content: "long".repeat(1_000), ..remote(far, number, now) })
        })
        .collect();
    lab.disk.set_free_space(Some(0));
    assert_eq!(run(&lab, AGED), 1);
    assert_eq!(find(&lab, old), None);
    for answer in answers {
        assert_eq!(find(&lab, answer).and_then(|row| row.reply?.status), None, "its row was written anew");
    }
}
