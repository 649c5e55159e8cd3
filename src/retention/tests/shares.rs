//! What people here voted in, quoted and put into filters stays, and what quotes them does.

use super::{
    rules::{new, post},
    *,
};
use crate::{
    filter::{self, FilterChange},
    media::Fate,
    origin::Origin,
    poll,
    status::{
        self as rules, Choice, NewStatus,
        quote_answer::{RemoteQuote, accept_request},
    },
};
use std::collections::BTreeSet;
use storage::{
    Bounds, Direction, RowId,
    filter::FilterContext,
    quote::QuoteState,
    retention::{Settling, TOUCHED, Touch, put_settling, settling, taker_of, touch},
    status::{Poll, PollOption},
};

/// A poll of another server that everybody here may vote in.
fn asked() -> Poll {
    let option = |title: &str| PollOption { title: title.to_owned(), votes: 0 };
    Poll {
        options: vec![option("tea"), option("coffee")],
        multiple: false,
        expires_at: Some(crate::account::lab::START.plus_ms(DAY_MS)),
        closed_at: None,
        voters: Some(0),
    }
}

/// A status with such a poll.
pub(super) fn polled(lab: &Lab, author: AccountId, number: u64) -> StatusId {
    take(lab, &RemoteStatus { poll: Some(asked()), ..remote(author, number, Timestamp(0)) })
}

/// A status that everybody may quote.
pub(super) fn quotable(lab: &Lab, author: AccountId, number: u64) -> StatusId {
    let quote_policy = Some(Choice::Public.policy());
    take(lab, &RemoteStatus { quote_policy, ..remote(author, number, Timestamp(0)) })
}

fn quote(lab: &Lab, author: AccountId, quoted: StatusId) -> StatusId {
    post(lab, NewStatus { quoted: Some(quoted), ..new(lab, author) })
}

/// Who holds what.
pub(super) fn holders(lab: &Lab) -> BTreeSet<(StatusId, AccountId)> {
    let held = lab.read(|read| Ok(TOUCHED.list(read, &(), Bounds::NONE, Direction::Ascending, 1_000)?));
    held.into_iter().map(|(key, _)| key).collect()
}

#[test]
fn what_somebody_voted_in_and_what_somebody_quotes_stays() {
    let lab = lab();
    let (here, far) = (lab.local("here"), lab.remote("far"));
    let (poll, quoted, passing) = (polled(&lab, far, 1), quotable(&lab, far, 2), quotable(&lab, far, 3));
    lab.write(move |tx| poll::vote(tx, here, poll, &[1])).expect("voted");
    let mine = quote(&lab, here, quoted);
    lab.advance(2 * HOUR_MS);
    assert_eq!(run(&lab, PRESSED), 1);
    lab.advance(400 * DAY_MS);
    assert_eq!(run(&lab, PRESSED), 0);
    assert!(find(&lab, poll).is_some() && find(&lab, quoted).is_some() && find(&lab, passing).is_none());
    // A mark taken back leaves the vote and the quote.
    for id in [poll, quoted] {
        lab.write(move |tx| {
            rules::favourite(tx, here, id)?;
            rules::unfavourite(tx, here, id)
        })
        .expect("marked for a moment");
    }
    assert_eq!(holders(&lab), BTreeSet::from([(poll, here), (quoted, here)]));
    lab.write(move |tx| rules::delete(tx, here, mine, Fate::Gone)).expect("deleted");
    assert_eq!(holders(&lab), BTreeSet::from([(poll, here)]), "nobody quotes it any more");
    lab.advance(2 * DAY_MS);
    assert_eq!(run(&lab, PRESSED), 1);
    assert!(find(&lab, poll).is_some() && find(&lab, quoted).is_none());
}

#[test]
fn a_quote_that_goes_leaves_what_else_holds() {
    let lab = lab();
    let (here, other, far) = (lab.local("here"), lab.local("other"), lab.remote("far"));
    let quoted = quotable(&lab, far, 1);
    let (first, second) = (quote(&lab, here, quoted), quote(&lab, here, quoted));
    let theirs = quote(&lab, other, quoted);
    for gone in [first, second] {
        assert!(holders(&lab).contains(&(quoted, here)));
        lab.write(move |tx| rules::delete(tx, here, gone, Fate::Gone)).expect("deleted");
    }
    assert_eq!(holders(&lab), BTreeSet::from([(quoted, other)]));
    lab.write(move |tx| rules::bookmark(tx, other, quoted)).expect("saved");
    lab.write(move |tx| rules::delete(tx, other, theirs, Fate::Gone)).expect("deleted");
    assert_eq!(holders(&lab), BTreeSet::from([(quoted, other)]), "still bookmarked");
    lab.write(move |tx| Ok(touch(tx, quoted, here, Touch::TookPart)?)).expect("wrote below it");
    let again = quote(&lab, here, quoted);
    lab.write(move |tx| rules::delete(tx, here, again, Fate::Gone)).expect("deleted");
    assert_eq!(lab.read(|read| Ok(taker_of(read, quoted)?)), Some(here), "what was written below it stays");
}

/// A filter of `who` for what they put into it.
fn made_filter(lab: &Lab, who: AccountId) -> RowId {
    lab.write(move |tx| {
        let (title, contexts) = (Some("quiet".to_owned()), Some(vec![FilterContext::Home]));
        filter::create(tx, who, &FilterChange { title, contexts, ..FilterChange::default() })
    })
    .expect("made")
}

#[test]
fn what_somebody_put_into_a_filter_stays_until_it_is_in_none() {
    let lab = lab();
    let (here, far) = (lab.local("here"), lab.remote("far"));
    let (once, twice) = (arrives(&lab, far, 1, None), arrives(&lab, far, 2, None));
    let passing = arrives(&lab, far, 3, None);
    let (first, second) = (made_filter(&lab, here), made_filter(&lab, here));
    let put = |into, id| lab.write(move |tx| filter::add_status(tx, here, into, id)).expect("put into it");
    put(first, once);
    put(first, twice);
    let row = put(second, twice);
    lab.advance(400 * DAY_MS);
    assert_eq!((run(&lab, PRESSED), run(&lab, AGED)), (1, 0));
    assert!(find(&lab, once).is_some() && find(&lab, twice).is_some() && find(&lab, passing).is_none());
    // A mark taken back leaves what is filtered.
    lab.write(move |tx| {
        rules::favourite(tx, here, once)?;
        rules::unfavourite(tx, here, once)
    })
    .expect("marked for a moment");
    assert_eq!(holders(&lab), BTreeSet::from([(once, here), (twice, here)]));
    lab.write(move |tx| filter::delete(tx, here, first)).expect("deleted");
    assert_eq!(holders(&lab), BTreeSet::from([(twice, here)]), "the other filter has it still");
    lab.write(move |tx| filter::remove_status(tx, here, row)).expect("taken out");
    assert_eq!(holders(&lab), BTreeSet::new());
    lab.advance(2 * DAY_MS);
    assert_eq!(run(&lab, PRESSED), 2);
}

#[test]
fn what_quotes_us_stays_once_its_author_here_agrees() {
    let lab = lab();
    let (here, far) = (lab.local("here"), lab.remote("far"));
    let mine = post(&lab, new(&lab, here));
    let of = |number| RemoteStatus {
        quote: Some(RemoteQuote { of: RemoteReply::Local(mine), stamp: None }),
        ..remote(far, number, Timestamp(0))
    };
    let claims = take(&lab, &of(1));
    let (asks, uri) = (of(2), find(&lab, mine).expect("there").uri);
    let agreed = lab.write(move |tx| {
        let origin = Origin::parse("https://here.test", None)?;
        accept_request(tx, &origin, &asks, &origin.url(&uri), "https://far.test/requests/1")
    });
    assert!(agreed.expect("asked"));
    lab.advance(400 * DAY_MS);
    assert_eq!(run(&lab, PRESSED), 1);
    let there = lab.read(|read| Ok(status::find_by_uri(read, "https://far.test/statuses/2")?));
    assert!(there.is_some() && find(&lab, claims).is_none(), "who only says so is as any other");
}

#[test]
fn a_quote_that_was_taken_back_is_not_had_again_by_asking_later() {
    let lab = lab();
    let (here, far) = (lab.local("here"), lab.remote("far"));
    let mine = post(&lab, new(&lab, here));
    let uri = find(&lab, mine).expect("there").uri;
    let asks = || {
        let quote = Some(RemoteQuote { of: RemoteReply::Local(mine), stamp: None });
        let (quoting, uri) = (RemoteStatus { quote, ..remote(far, 1, Timestamp(0)) }, uri.clone());
        lab.write(move |tx| {
            let origin = Origin::parse("https://here.test", None)?;
            accept_request(tx, &origin, &quoting, &origin.url(&uri), "https://far.test/requests/1")
        })
        .expect("answered")
    };
    assert!(asks());
    let quoting = lab.read(|read| Ok(status::find_by_uri(read, "https://far.test/statuses/1")?)).expect("there").id;
    lab.write(move |tx| rules::revoke(tx, here, mine, quoting)).expect("taken back");
    lab.advance(400 * DAY_MS);
    assert_eq!((run(&lab, PRESSED), run(&lab, AGED)), (0, 0));
    assert!(find(&lab, quoting).is_some() && !asks(), "it is known still");
    let state = lab.read(|read| Ok(storage::quote::find(read, quoting)?)).expect("a quote").state;
    assert_eq!(state, QuoteState::Revoked);
}

#[test]
fn votes_and_quotes_of_earlier_versions_are_settled_step_by_step() {
    let lab = lab();
    let (here, far) = (lab.local("here"), lab.remote("far"));
    let passing: Vec<StatusId> = (0..10).map(|number| arrives(&lab, far, number, None)).collect();
    let poll = polled(&lab, far, 500);
    let quoted: Vec<StatusId> = (501..901).map(|number| quotable(&lab, far, number)).collect();
    lab.write(move |tx| poll::vote(tx, here, poll, &[0])).expect("voted");
    for id in &quoted {
        quote(&lab, here, *id);
    }
    let shared: BTreeSet<_> = quoted.iter().chain([&poll]).map(|id| (*id, here)).collect();
    let unknown = shared.clone();
    // As a version left it that knew of neither and had done all it knew of.
    lab.write(move |tx| {
        unknown.iter().for_each(|key| TOUCHED.delete(tx, key));
        put_settling(tx, Settling::Done);
        Ok(())
    })
    .expect("as before");
    let mut steps = 0;
    while lab.write(settle).expect("a step") {
        steps += 1;
    }
    assert!(steps >= 4, "{steps}: step by step");
    assert_eq!(lab.read(|read| Ok(settling(read)?)), Settling::Settled);
    assert_eq!(holders(&lab), shared);
    lab.advance(91 * DAY_MS);
    assert_eq!(run(&lab, AGED), passing.len());
    assert!(shared.iter().all(|(id, _)| find(&lab, *id).is_some()));
}
