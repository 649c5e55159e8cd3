//! What peers send: relevance, order, and what they may not do.

use super::{answer, find, follow, post, stats, told};
use crate::{
    account::lab::{Lab, START, remote},
    error::{Error, Result},
    limits,
    media::Fate,
    poll,
    status::{
        accept::{
            Accepted, Authorization, Reason, RemoteReply, RemoteStatus, accept, accept_delete, accept_favourite,
            accept_reblog, accept_undo_favourite, accept_undo_reblog, accept_update, forget_in_advance, to_verify,
            to_vouch,
        },
        context, context_part, history, holders,
        interaction::vouched,
        is_thread_muted, mute_thread, purge,
    },
};
use storage::{
    AccountId, Bounds, Digest, Direction, FIRST_ID_TIME, RowId, StatusId, Timestamp,
    backfill::Stated,
    cause::{self, Cause},
    inbound::{self, Arrival, Deed, Word},
    intent::Intent,
    interaction::{Interaction, InteractionPolicy, Rule},
    job::JobKind,
    notification::NotificationKind,
    quote::Groups,
    retention::{TOUCHED, Touch},
    status::{
        self, FAVOURITED_BY, ORPHANS, Poll, PollOption, Status, TOMBSTONES,
        Visibility::{self, Direct, Private, Public},
    },
};

pub(super) fn note(author: AccountId, name: &str) -> RemoteStatus {
    RemoteStatus {
        uri: format!("https://far.test/notes/{name}"),
        url: None,
        author,
        content: "<p>hello</p>".to_owned(),
        spoiler_text: String::new(),
        sensitive: false,
        language: None,
        visibility: Public,
        reply: None,
        mentions: Vec::new(),
        silent: Vec::new(),
        blind: None,
        tags: Vec::new(),
        emojis: Vec::new(),
        attachments: Vec::new(),
        poll: None,
        published: START,
        updated: None,
        conversation: None,
        quote: None,
        quote_policy: None,
        stated: Stated::default(),
        interaction_policy: Default::default(),
        asking: Default::default(),
        authorization: Default::default(),
        reason: Reason::Pushed,
    }
}

/// What nobody may answer without being let.
fn closed_by(author: AccountId) -> RemoteStatus {
    let nobody = Rule { automatic: Groups::NOBODY, manual: Groups::NOBODY };
    let interaction_policy = InteractionPolicy { reply: nobody, ..InteractionPolicy::default() };
    RemoteStatus { interaction_policy, ..note(author, "closed") }
}

fn offer(lab: &Lab, remote: &RemoteStatus) -> Result<Accepted> {
    let remote = remote.clone();
    lab.write(move |tx| accept(tx, &remote))
}

fn taken(lab: &Lab, remote: &RemoteStatus) -> StatusId {
    match offer(lab, remote) {
        Ok(Accepted::New(id)) => id,
        other => panic!("{other:?}"),
    }
}

fn delete(lab: &Lab, by: AccountId, uri: &str) -> Result<bool> {
    let uri = uri.to_owned();
    lab.write(move |tx| accept_delete(tx, by, &uri))
}

fn announce(
    lab: &Lab,
    by: AccountId,
    original: StatusId,
    uri: &'static str,
    visibility: Visibility,
) -> Result<Accepted> {
    lab.write(move |tx| accept_reblog(tx, by, original, uri, None, visibility, Reason::Pushed))
}

#[test]
fn only_what_concerns_somebody_here_is_kept() {
    let lab = Lab::new();
    let (ann, dan) = (lab.local("ann"), lab.remote("dan"));
    let own = post(&lab, ann, "hi", Public).id;
    assert_eq!(offer(&lab, &note(dan, "1")).expect("read"), Accepted::Irrelevant);
    taken(&lab, &RemoteStatus { reason: Reason::Requested, ..note(dan, "2") });
    taken(&lab, &RemoteStatus { mentions: vec![ann], ..note(dan, "3") });
    taken(&lab, &RemoteStatus { reply: Some(RemoteReply::Local(own)), ..note(dan, "4") });
    assert_eq!(told(&lab, ann), [(NotificationKind::Mention, dan)]);
    assert_eq!(stats(&lab, own).replies, 1);
    follow(&lab, ann, dan);
    let id = taken(&lab, &note(dan, "1"));
    assert_eq!(offer(&lab, &note(dan, "1")).expect("read"), Accepted::Known(id));
    let eve = lab.remote("eve");
    assert!(matches!(offer(&lab, &note(eve, "1")), Err(Error::Forbidden(_))));
    assert!(matches!(offer(&lab, &note(ann, "5")), Err(Error::Forbidden(_))), "nobody here writes from elsewhere");
}

#[test]
fn ids_lie_at_the_time_a_status_was_posted_within_what_can_be() {
    let lab = Lab::new();
    let dan = lab.remote("dan");
    let at = |name: &str, ms: i64| {
        let remote = RemoteStatus { published: Timestamp(ms), reason: Reason::Requested, ..note(dan, name) };
        let id = taken(&lab, &remote);
        (id.time(), find(&lab, id).expect("it is there").created_at)
    };
    let past = START.0 - 86_400_000;
    assert_eq!(at("past", past), (Timestamp(past), Timestamp(past)));
    assert_eq!(at("future", START.0 + 86_400_000), (START, START));
    assert_eq!(at("ancient", 0), (FIRST_ID_TIME, Timestamp(0)));
}

#[test]
fn what_was_deleted_is_not_stored_again() {
    let lab = Lab::new();
    let (ann, dan, eve) = (lab.local("ann"), lab.remote("dan"), lab.remote("eve"));
    let remote = RemoteStatus { mentions: vec![ann], ..note(dan, "1") };
    let id = taken(&lab, &remote);
    assert!(matches!(delete(&lab, eve, &remote.uri), Err(Error::Forbidden(_))));
    assert!(delete(&lab, dan, &remote.uri).expect("deleted"));
    assert!(find(&lab, id).is_none() && told(&lab, ann).is_empty());
    assert_eq!(offer(&lab, &remote).expect("read"), Accepted::Deleted);
    let early = RemoteStatus { mentions: vec![ann], ..note(dan, "2") };
    assert!(!delete(&lab, dan, &early.uri).expect("remembered"));
    assert_eq!(offer(&lab, &early).expect("read"), Accepted::Deleted);
    let own = post(&lab, ann, "hi", Public);
    assert!(!delete(&lab, dan, "https://here.test/users/ann/statuses/1").expect("read"));
    assert!(find(&lab, own.id).is_some());
}

#[test]
fn a_favourite_that_was_taken_back_does_not_come_again_with_its_id() {
    let lab = Lab::new();
    let (ann, dan) = (lab.local("ann"), lab.remote("dan"));
    let own = post(&lab, ann, "hi", Public).id;
    let likes = |uri: &'static str| lab.write(move |tx| accept_favourite(tx, dan, own, uri)).expect("read");
    assert!(likes("https://far.test/likes/1"));
    // Who takes it back need not name it by its id.
    assert!(lab.write(move |tx| accept_undo_favourite(tx, dan, None, Some(own))).expect("read"));
    assert!(!likes("https://far.test/likes/1"));
    assert_eq!(stats(&lab, own).favourites, 0);
    assert!(likes("https://far.test/likes/2"), "another one counts");
}

#[test]
fn replies_join_their_parent_when_it_comes() {
    let lab = Lab::new();
    let (ann, dan) = (lab.local("ann"), lab.remote("dan"));
    follow(&lab, ann, dan);
    let parent = note(dan, "parent");
    let child =
        taken(&lab, &RemoteStatus { reply: Some(RemoteReply::Remote(parent.uri.clone())), ..note(dan, "child") });
    assert_eq!(lab.jobs(), [JobKind::FetchAncestors { status: child }]);
    let parent = taken(&lab, &parent);
    let link = find(&lab, child).and_then(|child| child.reply).expect("it is a reply");
    assert_eq!((link.status, link.account), (Some(parent), Some(dan)));
    assert_eq!(stats(&lab, parent).replies, 1);
}

#[test]
fn two_that_answer_each_other_are_listed_once() {
    let lab = Lab::new();
    let (ann, dan) = (lab.local("ann"), lab.remote("dan"));
    follow(&lab, ann, dan);
    let to = |name: &str| Some(RemoteReply::Remote(format!("https://far.test/notes/{name}")));
    let one = taken(&lab, &RemoteStatus { reply: to("other"), ..note(dan, "one") });
    let other = taken(&lab, &RemoteStatus { reply: to("one"), ..note(dan, "other") });
    let below = taken(&lab, &RemoteStatus { reply: to("other"), ..note(dan, "below") });
    for (id, above, under) in [(one, vec![other], vec![other, below]), (below, vec![one, other], vec![])] {
        let thread = lab.read(|read| context(read, Some(ann), id));
        let ids = |list: &[Status]| list.iter().map(|status| status.id).collect::<Vec<_>>();
        assert_eq!((ids(&thread.ancestors), ids(&thread.descendants)), (above.clone(), under.clone()));
        let part = lab.read(|read| context_part(read, Some(ann), id, None, 60));
        assert_eq!((ids(&part.context.ancestors), ids(&part.context.descendants)), (above, under));
        assert_eq!(part.more, None);
    }
}

#[test]
fn updates_change_the_text_but_never_who_sees_it_and_old_ones_are_passed_over() {
    let lab = Lab::new();
    let (ann, dan) = (lab.local("ann"), lab.remote("dan"));
    let first = RemoteStatus { visibility: Private, mentions: vec![ann], ..note(dan, "1") };
    let id = taken(&lab, &first);
    lab.advance(60_000);
    let update = |content: &str, at: i64| {
        let updated = Some(START.plus_ms(at));
        let remote = RemoteStatus { content: content.to_owned(), visibility: Public, updated, ..first.clone() };
        lab.write(move |tx| accept_update(tx, &remote)).expect("read")
    };
    assert_eq!(update("<p>new</p>", 30_000), Accepted::Known(id));
    assert_eq!(update("<p>old</p>", 20_000), Accepted::Known(id));
    let status = find(&lab, id).expect("it is there");
    assert_eq!((status.content.as_str(), status.visibility), ("<p>new</p>", Private));
    assert_eq!(status.edited_at, Some(START.plus_ms(30_000)));
    let versions = lab.read(|read| history(read, &status));
    assert_eq!(
        versions.iter().map(|version| version.content.as_str()).collect::<Vec<_>>(),
        ["<p>hello</p>", "<p>new</p>"]
    );
    let unknown = note(dan, "unknown");
    assert_eq!(lab.write(move |tx| accept_update(tx, &unknown)).expect("read"), Accepted::Irrelevant);
    let eve = lab.remote("eve");
    let stolen = RemoteStatus { author: eve, ..first };
    assert!(matches!(lab.write(move |tx| accept_update(tx, &stolen)), Err(Error::Forbidden(_))));
}

#[test]
fn what_is_read_anew_is_an_edit_only_if_it_says_a_newer_one() {
    let lab = Lab::new();
    let dan = lab.remote("dan");
    let first = RemoteStatus { reason: Reason::Requested, ..note(dan, "1") };
    let id = taken(&lab, &first);
    lab.advance(60_000);
    let read_anew = |content: &str, updated: Option<Timestamp>| {
        let remote = RemoteStatus { content: content.to_owned(), updated, ..first.clone() };
        lab.write(move |tx| accept_update(tx, &remote)).expect("read");
        let status = find(&lab, id).expect("it is there");
        (status.content, status.edited_at)
    };
    assert_eq!(read_anew("<p>again</p>", None), ("<p>again</p>".to_owned(), None));
    assert_eq!(read_anew("<p>same time</p>", Some(START)), ("<p>same time</p>".to_owned(), None));
    let later = START.plus_ms(30_000);
    assert_eq!(read_anew("<p>edited</p>", Some(later)), ("<p>edited</p>".to_owned(), Some(later)));
}

#[test]
fn what_was_read_first_and_is_sent_later_tells_those_it_mentions_once_while_it_is_news() {
    let lab = Lab::new();
    let (ann, dan) = (lab.local("ann"), lab.remote("dan"));
    let pushed = RemoteStatus { mentions: vec![ann], ..note(dan, "1") };
    let id = taken(&lab, &RemoteStatus { reason: Reason::Requested, ..pushed.clone() });
    assert!(told(&lab, ann).is_empty(), "it was read, not sent");
    for _ in 0..2 {
        assert_eq!(offer(&lab, &pushed).expect("read"), Accepted::Known(id));
        assert_eq!(told(&lab, ann), [(NotificationKind::Mention, dan)]);
    }
    let old = RemoteStatus { published: START.plus_ms(-7 * 60 * 60_000), mentions: vec![ann], ..note(dan, "2") };
    taken(&lab, &RemoteStatus { reason: Reason::Requested, ..old.clone() });
    offer(&lab, &old).expect("read");
    assert_eq!(told(&lab, ann).len(), 1, "that is no news");
}

#[test]
fn what_stands_by_itself_and_is_sent_later_is_not_here_for_what_it_answers() {
    let lab = Lab::new();
    let (ann, dan, eve) = (lab.local("ann"), lab.remote("dan"), lab.remote("eve"));
    follow(&lab, ann, eve);
    let came = |id| lab.read(|read| Ok(cause::of(read, id)?)).map(|came| came.cause);
    let sent_later = |name: &str, parent: &RemoteStatus| {
        let reply = Some(RemoteReply::Remote(parent.uri.clone()));
        let pushed = RemoteStatus { reply, mentions: vec![ann], ..note(dan, name) };
        let id = taken(&lab, &RemoteStatus { reason: Reason::Requested, ..pushed.clone() });
        assert_eq!(came(id), Some(Cause::Asked));
        assert_eq!(offer(&lab, &pushed).expect("read"), Accepted::Known(id));
        id
    };
    let open = note(eve, "open");
    let parent = taken(&lab, &open);
    assert_eq!(came(sent_later("below", &open)), Some(Cause::Continues { status: parent }));
    let closed = closed_by(eve);
    taken(&lab, &closed);
    let apart = sent_later("apart", &closed);
    assert_eq!(find(&lab, apart).and_then(|apart| apart.reply).expect("it answers").status, None);
    assert_eq!(came(apart), Some(Cause::Mentions { account: ann }));
}

#[test]
fn leave_to_answer_that_was_taken_back_is_not_looked_at_and_lets_nobody() {
    let lab = Lab::new();
    let (ann, dan, eve) = (lab.local("ann"), lab.remote("dan"), lab.remote("eve"));
    follow(&lab, ann, eve);
    let closed = closed_by(eve);
    let parent = taken(&lab, &closed);
    let stamp = "https://far.test/users/eve/authorizations/1";
    let shows = RemoteStatus {
        reply: Some(RemoteReply::Remote(closed.uri)),
        mentions: vec![ann],
        authorization: Authorization::Shown(stamp.to_owned()),
        ..note(dan, "answer")
    };
    let to_look_at = || lab.read(|read| to_verify(read, &shows));
    assert_eq!(to_look_at().map(|answered| answered.author), Some("https://far.test/users/eve".to_owned()));
    assert!(!delete(&lab, eve, stamp).expect("remembered"));
    assert_eq!(to_look_at(), None);
    let apart = taken(&lab, &shows);
    assert_eq!(find(&lab, apart).and_then(|apart| apart.reply).expect("it answers").status, None);
    // Nor does what was verified just before.
    let authorization = Authorization::Verified(stamp.to_owned());
    let verified = RemoteStatus { authorization, uri: note(dan, "verified").uri, ..shows.clone() };
    let apart = taken(&lab, &verified);
    assert_eq!(find(&lab, apart).and_then(|apart| apart.reply).expect("it answers").status, None);
    assert_eq!(stats(&lab, parent).replies, 0);
}

#[test]
fn a_reply_whose_leave_is_taken_back_stands_by_itself_with_what_answers_it() {
    let lab = Lab::new();
    let (ann, dan, eve) = (lab.local("ann"), lab.remote("dan"), lab.remote("eve"));
    follow(&lab, ann, eve);
    let closed = closed_by(eve);
    let parent = taken(&lab, &closed);
    let stamp = "https://far.test/users/eve/authorizations/1";
    let shows = RemoteStatus {
        reply: Some(RemoteReply::Remote(closed.uri.clone())),
        mentions: vec![ann],
        authorization: Authorization::Verified(stamp.to_owned()),
        ..note(dan, "answer")
    };
    let reply = taken(&lab, &shows);
    let own = answer(&lab, ann, reply, Public).expect("posted").id;
    let stands_below = |id| {
        let link = find(&lab, id).and_then(|row| row.reply).expect("it answers");
        (link.status, link.account)
    };
    let muted = || lab.read(|read| is_thread_muted(read, ann, &status::find(read, reply)?.expect("it is there")));
    lab.write(move |tx| mute_thread(tx, ann, parent)).expect("muted");
    // Who is not answered takes nothing back, also where it comes again.
    assert!(matches!(delete(&lab, dan, stamp), Err(Error::Forbidden(_))));
    assert_eq!((stands_below(reply), stats(&lab, parent).replies), ((Some(parent), Some(eve)), 1));
    assert!(!lab.read(|read| Ok(TOMBSTONES.contains(read, &Digest::of(stamp))?)));
    assert!(delete(&lab, eve, stamp).expect("heard"));
    assert!(muted(), "what she muted stays so");
    assert_eq!((stands_below(reply), stats(&lab, parent).replies), ((None, None), 0));
    assert!(lab.read(|read| Ok(ORPHANS.contains(read, &(Digest::of(&closed.uri), reply))?)));
    assert_eq!(stands_below(own), (Some(reply), Some(dan)));
    assert!(lab.jobs().contains(&JobKind::LeaveThread { account: ann, parent }), "she holds what stood above no more");
    lab.write(move |tx| purge::of_thread(tx, ann, parent)).expect("let go");
    let held = |id| lab.read(move |read| Ok(TOUCHED.get(read, &(id, ann))?));
    assert_eq!([parent, reply].map(held), [None, Some(Touch::TookPart)]);
    // Neither another copy puts it back, nor that the post goes and comes again.
    assert_eq!(offer(&lab, &shows).expect("read"), Accepted::Known(reply));
    assert_eq!(stands_below(reply), (None, None));
    let row = find(&lab, parent).expect("it is there");
    lab.write(move |tx| purge::let_go(tx, &row)).expect("gone");
    let again = taken(&lab, &closed);
    assert_eq!((stands_below(reply), stats(&lab, again).replies), ((None, None), 0));
    assert!(!delete(&lab, eve, stamp).expect("heard twice"));
}

#[test]
fn a_muted_thread_stays_muted_below_what_goes_of_it() {
    let lab = Lab::new();
    let (ann, bob, dan, eve) = (lab.local("ann"), lab.local("bob"), lab.remote("dan"), lab.remote("eve"));
    let cat = lab.local("cat");
    follow(&lab, ann, eve);
    let root = taken(&lab, &note(eve, "root"));
    let own = answer(&lab, cat, root, Public).expect("posted").id;
    let below = |status: &RemoteStatus, name| RemoteStatus {
        reply: Some(RemoteReply::Remote(status.uri.clone())),
        mentions: vec![ann, bob],
        ..note(dan, name)
    };
    let (first, last) = (below(&note(eve, "root"), "answer"), below(&note(dan, "answer"), "last"));
    let (middle, end) = (taken(&lab, &first), taken(&lab, &last));
    lab.write(move |tx| mute_thread(tx, ann, end)).expect("muted");
    lab.write(move |tx| mute_thread(tx, cat, own)).expect("muted");
    let mutes = |who, id| lab.read(|read| is_thread_muted(read, who, &status::find(read, id)?.expect("it is there")));
    for (goes, stays) in [(root, middle), (middle, end)] {
        let row = find(&lab, goes).expect("it is there");
        lab.write(move |tx| purge::let_go(tx, &row)).expect("gone");
        let link = find(&lab, stays).and_then(|row| row.reply).expect("it answers");
        assert_eq!((link.status, mutes(ann, stays), mutes(bob, stays)), (None, true, false));
    }
    let link = find(&lab, own).and_then(|row| row.reply).expect("it answers");
    assert_eq!((link.status, mutes(cat, own)), (None, true), "what she wrote is muted for her, too");
}

#[test]
fn what_an_author_vouched_for_counts_under_that_id_alone() {
    let lab = Lab::new();
    let (ann, dan, eve) = (lab.local("ann"), lab.remote("dan"), lab.remote("eve"));
    follow(&lab, ann, eve);
    let nobody = Rule { automatic: Groups::NOBODY, manual: Groups::NOBODY };
    let interaction_policy = InteractionPolicy { favourite: nobody, ..InteractionPolicy::default() };
    let target = taken(&lab, &RemoteStatus { interaction_policy, ..note(eve, "closed") });
    lab.write(move |tx| {
        let shown = ("https://far.test/likes/1", "https://far.test/users/eve/authorizations/1");
        vouched(tx, dan, target, Interaction::Favourite, shown)
    })
    .expect("kept");
    for (uri, counts) in [("https://far.test/likes/2", false), ("", false), ("https://far.test/likes/1", true)] {
        assert_eq!(lab.write(move |tx| accept_favourite(tx, dan, target, uri)).expect("read"), counts, "{uri}");
    }
    // What was taken back is not looked at again.
    let fay = lab.remote("fay");
    let stamp = "https://far.test/users/eve/authorizations/2";
    let is_looked_at = || lab.read(|read| to_vouch(read, fay, target, Interaction::Favourite, stamp)).is_some();
    assert!(is_looked_at());
    assert!(!delete(&lab, eve, stamp).expect("remembered"));
    assert!(!is_looked_at());
}

#[test]
fn of_what_a_reply_shows_for_leave_to_answer_the_last_counts() {
    let lab = Lab::new();
    let (ann, dan, eve) = (lab.local("ann"), lab.remote("dan"), lab.remote("eve"));
    follow(&lab, ann, eve);
    let closed = closed_by(eve);
    let parent = taken(&lab, &closed);
    let [first, second, third] = [1, 2, 3].map(|n| format!("https://far.test/users/eve/authorizations/{n}"));
    let shows = |authorization| RemoteStatus {
        reply: Some(RemoteReply::Remote(closed.uri.clone())),
        authorization,
        ..note(dan, "answer")
    };
    let reply = taken(&lab, &shows(Authorization::Verified(first.clone())));
    let looked_at =
        |stamp: &str| lab.read(|read| to_verify(read, &shows(Authorization::Shown(stamp.to_owned())))).is_some();
    assert_eq!([looked_at(&first), looked_at(&second)], [false, true]);
    assert_eq!(offer(&lab, &shows(Authorization::Verified(second.clone()))).expect("read"), Accepted::Known(reply));
    assert_eq!([looked_at(&first), looked_at(&second)], [true, false]);
    let stands_below = || find(&lab, reply).and_then(|row| row.reply).expect("it answers").status;
    assert!(!delete(&lab, eve, &first).expect("remembered"));
    assert_eq!(stands_below(), Some(parent));
    // What is not looked at, or was taken back, changes nothing.
    for authorization in [Authorization::Shown(third), Authorization::Verified(first)] {
        offer(&lab, &shows(authorization)).expect("read");
    }
    // Where the post lets everybody by now, it stands there by that.
    let opened = RemoteStatus { interaction_policy: InteractionPolicy::default(), ..closed.clone() };
    lab.write(move |tx| accept_update(tx, &opened)).expect("read");
    assert!(delete(&lab, eve, &second).expect("heard"));
    assert_eq!((stands_below(), stats(&lab, parent).replies), (Some(parent), 1));
    assert!(!delete(&lab, eve, &second).expect("heard twice"));
}

#[test]
fn a_reply_whose_leave_is_taken_back_while_its_post_is_gone_does_not_go_below_it_again() {
    let lab = Lab::new();
    let (ann, dan, eve) = (lab.local("ann"), lab.remote("dan"), lab.remote("eve"));
    follow(&lab, ann, eve);
    let closed = closed_by(eve);
    let parent = taken(&lab, &closed);
    let let_by = |name: &str| RemoteStatus {
        reply: Some(RemoteReply::Remote(closed.uri.clone())),
        mentions: vec![ann],
        authorization: Authorization::Verified(format!("https://far.test/users/eve/authorizations/{name}")),
        ..note(dan, name)
    };
    let [one, other] = ["one", "other"].map(|name| taken(&lab, &let_by(name)));
    let row = find(&lab, parent).expect("it is there");
    lab.write(move |tx| purge::let_go(tx, &row)).expect("gone");
    assert!(delete(&lab, eve, "https://far.test/users/eve/authorizations/one").expect("heard"));
    let again = taken(&lab, &closed);
    let parent_of = |id| find(&lab, id).and_then(|row| row.reply).expect("it answers").status;
    assert_eq!([one, other].map(parent_of), [None, Some(again)]);
    assert_eq!(stats(&lab, again).replies, 1);
}

#[test]
fn a_reblog_that_is_read_from_a_profile_and_says_no_time_is_as_old_as_the_original() {
    let lab = Lab::new();
    let (dan, eve) = (lab.remote("dan"), lab.remote("eve"));
    let past = START.plus_ms(-86_400_000);
    let original = taken(&lab, &RemoteStatus { published: past, reason: Reason::Requested, ..note(eve, "1") });
    let shared = lab
        .write(move |tx| accept_reblog(tx, dan, original, "https://far.test/a1", None, Public, Reason::Profile(dan)));
    let Ok(Accepted::New(id)) = shared else { panic!("{shared:?}") };
    assert_eq!(find(&lab, id).expect("it is there").created_at, past);
}

#[test]
fn counts_that_were_read_before_a_vote_do_not_take_it_away() {
    let lab = Lab::new();
    let (ann, dan) = (lab.local("ann"), lab.remote("dan"));
    let asks = |titles: [&str; 2], votes: [u64; 2], voters| {
        let options = titles.into_iter().zip(votes);
        let options = options.map(|(title, votes)| PollOption { title: title.to_owned(), votes }).collect();
        Some(Poll { options, multiple: false, expires_at: None, closed_at: None, voters: Some(voters) })
    };
    let weather = ["sun", "rain"];
    let first = RemoteStatus { mentions: vec![ann], poll: asks(weather, [0, 0], 0), ..note(dan, "1") };
    let id = taken(&lab, &first);
    lab.write(move |tx| poll::vote(tx, ann, id, &[1])).expect("counted");
    let counted = |poll: Option<Poll>| {
        let remote = RemoteStatus { poll, ..first.clone() };
        lab.write(move |tx| accept_update(tx, &remote)).expect("read");
        let poll = find(&lab, id).and_then(|status| status.poll).expect("it is there");
        (poll.options.iter().map(|option| option.votes).collect::<Vec<_>>(), poll.voters)
    };
    assert_eq!(counted(asks(weather, [0, 0], 0)), (vec![0, 1], Some(1)), "read before the vote came");
    assert_eq!(counted(asks(weather, [4, 3], 7)), (vec![4, 3], Some(7)), "what its server counts");
    assert_eq!(counted(asks(["sun", "fog"], [2, 0], 2)), (vec![2, 0], Some(2)), "another question");
}

#[test]
fn options_that_were_stored_as_shown_become_those_that_were_written_and_keep_their_votes() {
    let lab = Lab::new();
    let (ann, dan) = (lab.local("ann"), lab.remote("dan"));
    let asks = |titles: [&str; 2]| {
        let options = titles.map(|title| PollOption { title: title.to_owned(), votes: 0 }).to_vec();
        Some(Poll { options, multiple: false, expires_at: None, closed_at: None, voters: Some(0) })
    };
    let first = RemoteStatus { mentions: vec![ann], poll: asks(["very good", "bad"]), ..note(dan, "1") };
    let id = taken(&lab, &first);
    lab.write(move |tx| poll::vote(tx, ann, id, &[0])).expect("counted");
    let becomes = |titles| {
        let remote = RemoteStatus { poll: asks(titles), ..first.clone() };
        lab.write(move |tx| accept_update(tx, &remote)).expect("read");
        let options = find(&lab, id).and_then(|status| status.poll).expect("it is there").options;
        options.into_iter().map(|option| (option.title, option.votes)).collect::<Vec<_>>()
    };
    let named = |first: &str, votes| vec![(first.to_owned(), votes), ("bad".to_owned(), 0)];
    assert_eq!(becomes(["very  good", "bad"]), named("very  good", 1));
    assert_eq!(becomes(["very good", "bad"]), named("very good", 0), "its author writes something else now");
}

#[test]
fn reblogs_of_peers_are_taken_in_and_back() {
    let lab = Lab::new();
    let (ann, dan) = (lab.local("ann"), lab.remote("dan"));
    let public = post(&lab, ann, "hi", Public).id;
    let private = post(&lab, ann, "hi", Private).id;
    assert!(matches!(announce(&lab, dan, private, "https://far.test/a0", Public), Err(Error::Forbidden(_))));
    let id = match announce(&lab, dan, public, "https://far.test/a1", Public) {
        Ok(Accepted::New(id)) => id,
        other => panic!("{other:?}"),
    };
    assert_eq!(announce(&lab, dan, public, "https://far.test/a2", Public).expect("read"), Accepted::Known(id));
    assert_eq!((stats(&lab, public).reblogs, told(&lab, ann)), (1, vec![(NotificationKind::Reblog, dan)]));
    let eve = lab.remote("eve");
    let undo = |by, uri: Option<&'static str>, original| lab.write(move |tx| accept_undo_reblog(tx, by, uri, original));
    assert!(matches!(undo(eve, Some("https://far.test/a1"), None), Err(Error::Forbidden(_))));
    assert!(undo(dan, Some("https://far.test/a1"), None).expect("undone"));
    assert_eq!((stats(&lab, public).reblogs, told(&lab, ann).len()), (0, 0));
    assert!(!undo(dan, Some("https://far.test/a3"), None).expect("read"));
    lab.write(move |tx| forget_in_advance(tx, dan, Some("https://far.test/a3"))).expect("remembered");
    assert_eq!(announce(&lab, dan, public, "https://far.test/a3", Public).expect("read"), Accepted::Deleted);
    let far = taken(&lab, &RemoteStatus { reason: Reason::Requested, ..note(eve, "1") });
    assert_eq!(announce(&lab, dan, far, "https://far.test/a4", Public).expect("read"), Accepted::Irrelevant);
    follow(&lab, ann, dan);
    assert!(matches!(announce(&lab, dan, far, "https://far.test/a4", Public), Ok(Accepted::New(_))));
}

#[test]
fn favourites_of_peers_are_taken_in_and_back() {
    let lab = Lab::new();
    let (ann, dan, eve) = (lab.local("ann"), lab.remote("dan"), lab.remote("eve"));
    let status = post(&lab, ann, "hi", Public).id;
    let direct = post(&lab, ann, "hi", Direct).id;
    let like = |by, id, uri: &'static str| lab.write(move |tx| accept_favourite(tx, by, id, uri));
    let undo = |by, uri: Option<&'static str>, id| lab.write(move |tx| accept_undo_favourite(tx, by, uri, id));
    assert!(super::is_not_found(&like(dan, direct, "https://far.test/l0")));
    assert!(like(dan, status, "https://far.test/l1").expect("read"));
    assert!(!like(dan, status, "https://far.test/l2").expect("read"));
    assert!(like(eve, status, "").expect("a Like without an id"));
    assert_eq!(stats(&lab, status).favourites, 2);
    assert!(matches!(undo(eve, Some("https://far.test/l1"), None), Err(Error::Forbidden(_))));
    assert!(undo(dan, Some("https://far.test/l1"), None).expect("undone"));
    assert!(undo(eve, None, Some(status)).expect("undone"));
    assert_eq!((stats(&lab, status).favourites, told(&lab, ann).len()), (0, 0));
    assert!(!undo(dan, Some("https://far.test/l9"), None).expect("read"));
    lab.write(move |tx| forget_in_advance(tx, dan, Some("https://far.test/l9"))).expect("remembered");
    assert!(!like(dan, status, "https://far.test/l9").expect("it was undone before it came"));
}

#[test]
fn whoever_did_something_with_a_status_elsewhere_hears_that_it_is_gone() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let [dan, eve, fay] = ["dan", "eve", "fay"].map(|name| lab.remote(name));
    let like = |id| lab.write(move |tx| accept_favourite(tx, dan, id, "")).expect("favourited");
    let delete = |id| lab.write(move |tx| crate::status::delete(tx, ann, id, Fate::Loose)).expect("deleted");
    let public = post(&lab, ann, "hi", Public);
    like(public.id);
    assert!(matches!(announce(&lab, eve, public.id, "https://far.test/a1", Public), Ok(Accepted::New(_))));
    for (by, name) in [(fay, "1"), (dan, "2")] {
        taken(&lab, &RemoteStatus { reply: Some(RemoteReply::Local(public.id)), ..note(by, name) });
    }
    delete(public.id);
    let told = Intent::DeleteHeld {
        account: ann,
        status: public.id,
        path: public.uri,
        visibility: Public,
        mentions: Vec::new(),
        holders: vec![eve, dan, fay],
    };
    assert_eq!(lab.intents().last(), Some(&told), "each of them once");
    // Of what is not for everybody they hear only if they got it.
    follow(&lab, dan, ann);
    let private = post(&lab, ann, "hi", Private);
    like(private.id);
    delete(private.id);
    let (account, status, path) = (ann, private.id, private.uri);
    let told = Intent::Delete { account, status, path, visibility: Private, mentions: Vec::new() };
    assert_eq!(lab.intents().last(), Some(&told));
}

#[test]
fn a_reply_to_what_is_gone_here_waits_for_nobody() {
    let lab = Lab::new();
    let (ann, dan) = (lab.local("ann"), lab.remote("dan"));
    follow(&lab, ann, dan);
    let gone = post(&lab, ann, "hi", Public).id;
    lab.write(move |tx| crate::status::delete(tx, ann, gone, Fate::Loose)).expect("deleted");
    let waiting = || lab.read(|read| Ok(ORPHANS.list(read, &(), Bounds::NONE, Direction::Ascending, 9)?));
    let late = taken(&lab, &RemoteStatus { reply: Some(RemoteReply::Local(gone)), ..note(dan, "late") });
    assert_eq!(waiting(), []);
    assert_eq!(find(&lab, late).expect("it is there").reply.expect("it says so").status, None);
    let unknown = RemoteReply::Remote("https://far.test/notes/unknown".to_owned());
    let early = taken(&lab, &RemoteStatus { reply: Some(unknown), ..note(dan, "early") });
    assert_eq!(waiting(), [((Digest::of("https://far.test/notes/unknown"), early), ())]);
}

#[test]
fn an_id_given_to_two_favourites_names_the_first() {
    let lab = Lab::new();
    let (ann, dan, eve) = (lab.local("ann"), lab.remote("dan"), lab.remote("eve"));
    let status = post(&lab, ann, "hi", Public).id;
    for by in [dan, eve] {
        lab.write(move |tx| accept_favourite(tx, by, status, "https://far.test/same")).expect("favourited");
    }
    lab.write(move |tx| accept_undo_favourite(tx, eve, None, Some(status))).expect("undone");
    assert_eq!(stats(&lab, status).favourites, 1);
    let undone = lab.write(move |tx| accept_undo_favourite(tx, dan, Some("https://far.test/same"), None));
    assert!(undone.expect("undone"), "the id still leads to the first");
    assert_eq!(stats(&lab, status).favourites, 0);
}

#[test]
fn everything_of_a_deleted_account_goes_step_by_step() {
    let lab = Lab::new();
    let (ann, dan) = (lab.local("ann"), lab.remote("dan"));
    let own = post(&lab, ann, "hi", Public).id;
    let theirs: Vec<_> =
        (0..30).map(|n| taken(&lab, &RemoteStatus { mentions: vec![ann], ..note(dan, &n.to_string()) })).collect();
    announce(&lab, dan, own, "https://far.test/a1", Public).expect("reblogged");
    lab.write(move |tx| accept_favourite(tx, dan, own, "https://far.test/l1")).expect("favourited");
    answer(&lab, ann, theirs[0], Public).expect("answered");
    let mut steps = 0;
    while lab.write(move |tx| purge::of_account(tx, dan)).expect("a step") {
        steps += 1;
        assert!(steps < 20, "it ends");
    }
    assert!(theirs.iter().all(|id| find(&lab, *id).is_none()));
    assert!(told(&lab, ann).is_empty());
    assert_eq!((stats(&lab, own).reblogs, stats(&lab, own).favourites), (0, 0));
    assert_eq!(lab.read(|read| Ok(storage::account::stats(read, dan)?)).statuses, 0);
}

#[test]
fn a_mark_that_its_undo_overtook_stays_undone_when_it_is_carried_out_again() {
    let lab = Lab::new();
    let (ann, dan) = (lab.local("ann"), lab.remote("dan"));
    let status = post(&lab, ann, "hi", Public).id;
    let (actor, uri) = ("https://far.test/users/dan", "https://far.test/likes/1");
    lab.write(move |tx| forget_in_advance(tx, dan, Some(uri))).expect("remembered");
    let comes = |body: &'static [u8]| {
        let stored = lab.write(move |tx| {
            let arrival = Arrival { actor, signer: actor, inbox: "", activity: uri, body };
            Ok(inbound::accept_word(tx, &arrival, &Word { deed: Deed::Mark, about: uri, request: body })?)
        });
        assert_eq!(stored.expect("received"), inbound::Accepted::Stored);
    };
    let likes = || lab.write(move |tx| accept_favourite(tx, dan, status, uri)).expect("read");
    comes(b"one");
    assert!(!likes(), "it was overtaken");
    assert!(!likes(), "the same one, after a crash");
    comes(b"two");
    assert!(likes(), "another one");
}

#[test]
fn who_has_a_status_is_looked_for_among_so_many_deeds_of_all_kinds_together() {
    let lab = Lab::new();
    let (ann, dan) = (lab.local("ann"), lab.remote("dan"));
    let status = post(&lab, ann, "hi", Public);
    let id = status.id;
    let elsewhere = remote("fay", "other.test");
    let fay = lab.write(move |tx| crate::account::accept::accept(tx, &elsewhere)).expect("accepted");
    taken(&lab, &RemoteStatus { reply: Some(RemoteReply::Local(id)), ..note(fay, "1") });
    let have_it = || lab.read(|read| holders(read, &status));
    assert_eq!(have_it(), [fay]);
    for _ in 0..limits::HOLDERS_LOOKED_AT.div_ceil(100) {
        let stored = lab.write(move |tx| {
            for _ in 0..100 {
                let row: RowId = tx.next_id();
                FAVOURITED_BY.put(tx, &(id, row), &dan);
            }
            Ok(())
        });
        stored.expect("stored");
    }
    assert_eq!(have_it(), [dan], "no more than so many are read");
}
