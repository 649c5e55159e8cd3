//! A property: whatever people do, what a plain model of it says is held is there after retention under pressure, and
//! what it says nothing holds is gone.

use super::{
    rules::{new, post},
    *,
};
use crate::{
    poll,
    status::{self as rules, Choice, NewStatus},
};
use proptest::{prelude::*, test_runner::TestRunner};
use std::collections::{BTreeMap, BTreeSet};
use storage::status::{Poll, PollOption};

/// What may happen; numbers choose among what is there.
#[derive(Debug, Clone)]
enum Deed {
    Arrives { by: u8, below: Option<u8>, mentions: bool },
    Favourite(u8),
    Unfavourite(u8),
    Bookmark(u8),
    Unbookmark(u8),
    Share(u8),
    Unshare(u8),
    Vote(u8),
    Quote(u8),
    Days(u8),
    MakeRoom,
}

fn deed() -> impl Strategy<Value = Deed> {
    let which = any::<u8>;
    prop_oneof![
        6 => (0_u8..3, proptest::option::of(any::<u8>()), proptest::bool::weighted(0.1))
            .prop_map(|(by, below, mentions)| Deed::Arrives { by, below, mentions }),
        2 => which().prop_map(Deed::Favourite),
        1 => which().prop_map(Deed::Unfavourite),
        2 => which().prop_map(Deed::Bookmark),
        1 => which().prop_map(Deed::Unbookmark),
        1 => which().prop_map(Deed::Share),
        1 => which().prop_map(Deed::Unshare),
        1 => which().prop_map(Deed::Vote),
        1 => which().prop_map(Deed::Quote),
        2 => (1_u8..20).prop_map(Deed::Days),
        1 => Just(Deed::MakeRoom),
    ]
}

#[derive(Default)]
struct Model {
    favourites: BTreeSet<StatusId>,
    bookmarks: BTreeSet<StatusId>,
    shared: BTreeSet<StatusId>,
    mentions: BTreeSet<StatusId>,
    voted: BTreeSet<StatusId>,
    quoted: BTreeSet<StatusId>,
    /// By number, with the hour of its arrival and whether its author is followed.
    there: BTreeMap<u64, (StatusId, i64, bool)>,
}

impl Model {
    fn pick(&self, by: u8) -> Option<(u64, StatusId)> {
        let count = self.there.len();
        let place = usize::from(by) % count.max(1);
        self.there.iter().nth(place).map(|(number, (id, ..))| (*number, *id))
    }

    fn holds(&self, id: StatusId) -> bool {
        let sets = [&self.favourites, &self.bookmarks, &self.shared, &self.mentions, &self.voted, &self.quoted];
        sets.iter().any(|set| set.contains(&id))
    }
}

#[test]
fn nothing_that_is_held_goes_and_nothing_else_stays() {
    let mut runner = TestRunner::deterministic();
    let deeds = proptest::collection::vec(deed(), 1..60);
    let outcome = runner.run(&deeds, |deeds| {
        play(&deeds);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

fn play(deeds: &[Deed]) {
    let lab = lab();
    let here = lab.local("here");
    let authors = ["friend", "far", "away"].map(|name| lab.remote(name));
    follow(&lab, here, authors[0]);
    let (mut model, mut number, mut hours) = (Model::default(), 0, 0_i64);
    for deed in deeds.iter().chain([&Deed::Days(9), &Deed::MakeRoom]) {
        match deed {
            Deed::Arrives { by, below, mentions } => {
                number += 1;
                let author = authors[usize::from(*by)];
                let parent = below.and_then(|below| model.pick(below)).map(|(parent, _)| parent);
                let reply = parent.map(|parent| RemoteReply::Remote(format!("https://far.test/statuses/{parent}")));
                let mentioned = if *mentions { vec![here] } else { Vec::new() };
                let id = take(
                    &lab,
                    &RemoteStatus {
                        reply,
                        mentions: mentioned,
                        poll: Some(asked()),
                        quote_policy: Some(Choice::Public.policy()),
                        ..remote(author, number, Timestamp(0))
                    },
                );
                model.there.insert(number, (id, hours, *by == 0));
                if *mentions {
                    model.mentions.insert(id);
                }
            }
            Deed::Days(days) => {
                lab.advance(i64::from(*days) * DAY_MS);
                hours += i64::from(*days) * 24;
            }
            Deed::MakeRoom => {
                // What was looked at within a day is not looked at again.
                lab.advance(2 * DAY_MS);
                hours += 48;
                run(&lab, PRESSED);
                compare(&lab, &mut model, hours);
            }
            Deed::Vote(by) => {
                if let Some((_, id)) = model.pick(*by)
                    && model.voted.insert(id)
                {
                    lab.write(move |tx| poll::vote(tx, here, id, &[0])).expect("it may be voted in");
                }
            }
            Deed::Quote(by) => {
                if let Some((_, id)) = model.pick(*by) {
                    model.quoted.insert(id);
                    post(&lab, NewStatus { quoted: Some(id), ..new(&lab, here) });
                }
            }
            mark => mark_one(&lab, here, &mut model, mark),
        }
    }
}

/// A poll without an end.
fn asked() -> Poll {
    let option = |title: &str| PollOption { title: title.to_owned(), votes: 0 };
    Poll {
        options: vec![option("tea"), option("coffee")],
        multiple: false,
        expires_at: None,
        closed_at: None,
        voters: Some(0),
    }
}

fn mark_one(lab: &Lab, here: AccountId, model: &mut Model, deed: &Deed) {
    let (Deed::Favourite(by)
    | Deed::Unfavourite(by)
    | Deed::Bookmark(by)
    | Deed::Unbookmark(by)
    | Deed::Share(by)
    | Deed::Unshare(by)) = deed
    else {
        return;
    };
    let Some((_, id)) = model.pick(*by) else { return };
    let done = match deed {
        Deed::Favourite(_) => {
            model.favourites.insert(id);
            lab.write(move |tx| rules::favourite(tx, here, id))
        }
        Deed::Unfavourite(_) => {
            model.favourites.remove(&id);
            lab.write(move |tx| rules::unfavourite(tx, here, id))
        }
        Deed::Bookmark(_) => {
            model.bookmarks.insert(id);
            lab.write(move |tx| rules::bookmark(tx, here, id))
        }
        Deed::Unbookmark(_) => {
            model.bookmarks.remove(&id);
            lab.write(move |tx| rules::unbookmark(tx, here, id))
        }
        Deed::Share(_) => {
            model.shared.insert(id);
            lab.write(move |tx| rules::reblog(tx, here, id, None))
        }
        _ => {
            model.shared.remove(&id);
            lab.write(move |tx| rules::unreblog(tx, here, id))
        }
    };
    done.expect("it is there and may be marked");
}

/// Holds the store against the model and forgets what went.
fn compare(lab: &Lab, model: &mut Model, hours: i64) {
    let mut gone = Vec::new();
    for (number, (id, arrived, followed)) in &model.there {
        let stays = model.holds(*id) || (*followed && hours - arrived <= 7 * 24);
        let there = find(lab, *id).is_some();
        assert_eq!(there, stays, "status {number}: followed {followed}, arrived in hour {arrived} of {hours}");
        if !there {
            gone.push(*number);
        }
    }
    for number in gone {
        model.there.remove(&number);
    }
    for author in ["friend", "far", "away"] {
        let id =
            lab.read(|read| Ok(storage::account::find_by_name(read, author, Some("far.test"))?)).expect("known").id;
        let rows = lab.read(|read| {
            let all = status::STATUSES_OF_ACCOUNT;
            Ok(all.list(read, &id, storage::Bounds::NONE, storage::Direction::Ascending, 1_000)?.len() as u64)
        });
        assert_eq!(lab.read(|read| Ok(storage::account::stats(read, id)?)).statuses, rows, "{author}: counted right");
    }
}
