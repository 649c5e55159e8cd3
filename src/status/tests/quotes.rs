//! Quotes: who may, what peers say, and what is not believed.

use super::{find, new, origin, peers::note, post, told, try_post};
use crate::{
    account::lab::Lab,
    error::Error,
    status::{
        Choice, NewStatus,
        accept::{Accepted, RemoteReply, RemoteStatus, accept, accept_delete, accept_update},
        delete,
        quote_answer::{RemoteQuote, accept_request, accepted, rejected, verified},
        revoke,
    },
};
use storage::{
    AccountId, StatusId,
    intent::Intent,
    job::JobKind,
    notification::NotificationKind,
    quote::{self, Groups, QuotePolicy, QuoteState},
    status::{Status, Visibility},
};

const STAMP: &str = "https://far.test/stamps/1";

fn state(lab: &Lab, quoting: StatusId) -> Option<QuoteState> {
    lab.read(|read| Ok(quote::find(read, quoting)?.map(|row| row.state)))
}

fn count(lab: &Lab, quoted: StatusId) -> u64 {
    lab.read(|read| Ok(quote::quotability(read, quoted)?.quotes))
}

fn take(lab: &Lab, remote: RemoteStatus) -> StatusId {
    match lab.write(move |tx| accept(tx, &remote)).expect("taken") {
        Accepted::New(id) | Accepted::Known(id) => id,
        other => panic!("{other:?}"),
    }
}

/// A remote status that says it quotes `of`.
fn quoting(author: AccountId, name: &str, of: RemoteReply, stamp: Option<&str>) -> RemoteStatus {
    let quote = Some(RemoteQuote { of, stamp: stamp.map(str::to_owned) });
    RemoteStatus { quote, ..note(author, name) }
}

/// A remote status that is here because somebody asked for it, and that everybody may quote.
fn wanted(lab: &Lab, author: AccountId, name: &str) -> Status {
    let policy = QuotePolicy { automatic: Groups::PUBLIC, manual: Groups::NOBODY };
    let remote = RemoteStatus {
        reason: crate::status::accept::Reason::Requested,
        quote_policy: Some(policy),
        ..note(author, name)
    };
    let id = take(lab, remote);
    find(lab, id).expect("it is there")
}

fn quotes(lab: &Lab, author: AccountId, quoted: StatusId) -> crate::error::Result<Status> {
    try_post(lab, NewStatus { quoted: Some(quoted), ..new(lab, author, "so true") })
}

fn asks(lab: &Lab, remote: &RemoteStatus, quoted: &Status) -> crate::error::Result<bool> {
    let (remote, target) = (remote.clone(), origin().url(&quoted.uri));
    lab.write(move |tx| accept_request(tx, &origin(), &remote, &target, "https://far.test/requests/1"))
}

#[test]
fn a_policy_decides_who_quotes_and_ones_own_statuses_are_always_ones_own_to_quote() {
    let lab = Lab::new();
    let (ann, ben) = (lab.local("ann"), lab.local("ben"));
    let open = post(&lab, ann, "for all", Visibility::Public);
    let closed =
        try_post(&lab, NewStatus { quote_policy: Some(Choice::Nobody), ..new(&lab, ann, "mine") }).expect("ok");
    let followers = NewStatus { quote_policy: Some(Choice::Followers), ..new(&lab, ann, "for friends") };
    let followers = try_post(&lab, followers).expect("ok");
    let direct = post(&lab, ann, "@ben psst", Visibility::Direct);
    assert!(quotes(&lab, ben, open.id).is_ok());
    for refused in [&closed, &followers, &direct] {
        assert!(matches!(quotes(&lab, ben, refused.id), Err(Error::NotFound)), "{}", refused.text);
    }
    super::follow(&lab, ben, ann);
    assert!(quotes(&lab, ben, followers.id).is_ok());
    assert!(quotes(&lab, ann, closed.id).is_ok());
    let private = post(&lab, ann, "for followers", Visibility::Private);
    assert!(matches!(quotes(&lab, ben, private.id), Err(Error::NotFound)));
    let own = quotes(&lab, ann, private.id).expect("one's own");
    assert_eq!(own.visibility, Visibility::Private, "shown to nobody else");
    assert_eq!((count(&lab, private.id), count(&lab, open.id)), (0, 1), "only what everybody sees is counted");
    assert_eq!(told(&lab, ann).iter().filter(|told| **told == (NotificationKind::Quote, ben)).count(), 2);
}

#[test]
fn a_request_is_granted_once_and_stays_revoked() {
    let lab = Lab::new();
    let (ann, far) = (lab.local("ann"), lab.remote("far"));
    let status = post(&lab, ann, "quote me", Visibility::Public);
    let remote = quoting(far, "q", RemoteReply::Local(status.id), None);
    assert!(asks(&lab, &remote, &status).expect("asked"));
    assert!(asks(&lab, &remote, &status).expect("asked again"), "a repeated request is answered again");
    let id = take(&lab, remote.clone());
    assert_eq!((state(&lab, id), count(&lab, status.id)), (Some(QuoteState::Accepted), 1));
    assert_eq!(told(&lab, ann), [(NotificationKind::Quote, far)]);
    let ben = lab.local("ben");
    let other = status.id;
    assert!(matches!(lab.write(move |tx| revoke(tx, ben, other, id)), Err(Error::Forbidden(_))));
    lab.write(move |tx| revoke(tx, ann, other, id)).expect("revoked");
    assert_eq!((state(&lab, id), count(&lab, status.id)), (Some(QuoteState::Revoked), 0));
    assert_eq!(told(&lab, ann), []);
    assert!(!asks(&lab, &remote, &status).expect("asked"), "what was taken back is not given again");
    assert!(matches!(lab.intents().last(), Some(Intent::RejectQuote { requester, .. }) if *requester == far));
    // Claiming a stamp of ours changes nothing.
    let claim = quoting(far, "q", RemoteReply::Local(status.id), Some("https://here.test/users/ann/stamp"));
    lab.write(move |tx| accept_update(tx, &claim)).expect("taken");
    assert_eq!(state(&lab, id), Some(QuoteState::Revoked));
}

#[test]
fn a_request_for_what_the_asker_may_not_see_is_not_even_refused() {
    let lab = Lab::new();
    let (ann, far) = (lab.local("ann"), lab.remote("far"));
    let private = post(&lab, ann, "for followers", Visibility::Private);
    let before = lab.intents().len();
    let remote = quoting(far, "q", RemoteReply::Local(private.id), None);
    assert!(matches!(asks(&lab, &remote, &private), Err(Error::NotFound)));
    assert_eq!(lab.intents().len(), before);
    let closed = NewStatus { quote_policy: Some(Choice::Nobody), ..new(&lab, ann, "mine") };
    let closed = try_post(&lab, closed).expect("ok");
    let remote = quoting(far, "q2", RemoteReply::Local(closed.id), None);
    assert!(!asks(&lab, &remote, &closed).expect("asked"));
    assert!(matches!(lab.intents().last(), Some(Intent::RejectQuote { .. })));
}

#[test]
fn only_the_quoted_author_answers_and_only_once() {
    let lab = Lab::new();
    let (ann, far, eve) = (lab.local("ann"), lab.remote("far"), lab.remote("eve"));
    let status = wanted(&lab, far, "w");
    let id = quotes(&lab, ann, status.id).expect("posted").id;
    assert!(matches!(lab.intents().last(), Some(Intent::QuoteRequest { status }) if *status == id));
    assert_eq!(state(&lab, id), Some(QuoteState::Pending));
    assert!(!lab.write(move |tx| accepted(tx, eve, id, STAMP)).expect("heard"));
    assert!(!lab.write(move |tx| rejected(tx, eve, id)).expect("heard"));
    assert_eq!(state(&lab, id), Some(QuoteState::Pending));
    assert!(lab.write(move |tx| accepted(tx, far, id, STAMP)).expect("heard"));
    assert!(!lab.write(move |tx| rejected(tx, far, id)).expect("heard"), "answered already");
    assert_eq!((state(&lab, id), count(&lab, status.id)), (Some(QuoteState::Accepted), 1));
    lab.write(move |tx| accept_delete(tx, eve, STAMP)).expect("heard");
    assert_eq!(state(&lab, id), Some(QuoteState::Accepted), "the stamp is not eve's");
    assert!(lab.write(move |tx| accept_delete(tx, far, STAMP)).expect("heard"));
    assert_eq!((state(&lab, id), count(&lab, status.id)), (Some(QuoteState::Revoked), 0));
}

#[test]
fn a_stamp_that_is_only_claimed_is_looked_at_by_a_job_and_may_be_gone_before() {
    let lab = Lab::new();
    let (far, eve) = (lab.remote("far"), lab.remote("eve"));
    let quoted = wanted(&lab, far, "w");
    let named = |stamp: Option<&str>| {
        let mut remote = quoting(eve, "q", RemoteReply::Remote(quoted.uri.clone()), stamp);
        remote.reason = crate::status::accept::Reason::Requested;
        remote
    };
    let id = take(&lab, named(Some(STAMP)));
    let jobs = || lab.jobs().iter().filter(|kind| matches!(kind, JobKind::FetchQuote { .. })).count();
    assert_eq!((state(&lab, id), jobs()), (Some(QuoteState::Pending), 1));
    let quoted_id = quoted.id;
    lab.write(move |tx| verified(tx, id, quoted_id, None)).expect("told");
    lab.write(move |tx| verified(tx, id, quoted_id, Some("https://far.test/stamps/other"))).expect("told");
    assert_eq!(state(&lab, id), Some(QuoteState::Pending));
    lab.write(move |tx| verified(tx, id, quoted_id, Some(STAMP))).expect("told");
    assert_eq!(state(&lab, id), Some(QuoteState::Accepted));
    // Without its stamp the quote has to be vouched for anew.
    let without = named(None);
    lab.write(move |tx| accept_update(tx, &without)).expect("taken");
    assert_eq!(state(&lab, id), Some(QuoteState::Pending));
    lab.write(move |tx| accept_delete(tx, far, STAMP)).expect("heard");
    let again = named(Some(STAMP));
    lab.write(move |tx| accept_update(tx, &again)).expect("taken");
    lab.write(move |tx| verified(tx, id, quoted_id, Some(STAMP))).expect("told");
    assert_eq!(state(&lab, id), Some(QuoteState::Revoked), "its Delete came first");
}

#[test]
fn what_is_quoted_because_it_is_quoted_is_read_no_further() {
    let lab = Lab::new();
    let eve = lab.remote("eve");
    let jobs = || lab.jobs().iter().filter(|kind| matches!(kind, JobKind::FetchQuote { .. })).count();
    let chain = |name: &str, reason| RemoteStatus {
        reason,
        ..quoting(eve, name, RemoteReply::Remote("https://far.test/notes/next".to_owned()), None)
    };
    take(&lab, chain("first", crate::status::accept::Reason::Requested));
    assert_eq!(jobs(), 1);
    take(&lab, chain("second", crate::status::accept::Reason::Quoted(StatusId(1))));
    assert_eq!(jobs(), 1);
    let itself = RemoteReply::Remote("https://far.test/notes/loop".to_owned());
    let itself =
        RemoteStatus { reason: crate::status::accept::Reason::Requested, ..quoting(eve, "loop", itself, None) };
    let id = take(&lab, itself);
    assert_eq!((state(&lab, id), jobs()), (None, 1), "nothing quotes itself");
}

#[test]
fn a_quote_goes_with_either_status() {
    let lab = Lab::new();
    let (ann, ben) = (lab.local("ann"), lab.local("ben"));
    let quoted = post(&lab, ann, "quote me", Visibility::Public);
    let first = quotes(&lab, ben, quoted.id).expect("posted");
    let second = quotes(&lab, ben, quoted.id).expect("posted");
    let (gone, left) = (first.id, second.id);
    lab.write(move |tx| delete(tx, ben, gone, crate::media::Fate::Loose)).expect("deleted");
    assert_eq!((state(&lab, first.id), count(&lab, quoted.id)), (None, 1));
    assert_eq!(told(&lab, ann), [(NotificationKind::Quote, ben)]);
    let id = quoted.id;
    lab.write(move |tx| delete(tx, ann, id, crate::media::Fate::Loose)).expect("deleted");
    while lab.write(move |tx| super::super::purge::of_status(tx, ann, id)).expect("purged") {}
    assert_eq!(count(&lab, quoted.id), 0);
    assert_eq!(state(&lab, left), Some(QuoteState::Accepted), "drawn as deleted");
    let listed = || lab.read(|read| Ok(quote::QUOTES_OF.contains(read, &(quoted.id, left))?));
    assert!(listed(), "the row of whom it quotes goes with itself");
    let again = second.clone();
    let stored = lab.write(move |tx| {
        let row = quote::find(tx, again.id)?.ok_or(Error::NotFound)?;
        Ok(quote::put(tx, &again, &row)?)
    });
    stored.expect("an answer that comes late is stored");
    assert_eq!(count(&lab, quoted.id), 0, "what is gone is not counted");
    lab.write(move |tx| delete(tx, ben, left, crate::media::Fate::Loose)).expect("deleted");
    assert!(!listed(), "no row stays of it");
    assert_eq!(count(&lab, quoted.id), 0, "no row comes back for what is gone");
}
