//! Nobody finds what is hidden from them, whatever the index proposes; and the index proposes what may be found.

use super::{Descriptions, Search, choose, statuses};
use crate::{
    account::lab::Lab,
    origin::Origin,
    status::{self as room, NewStatus, compose},
    timeline::Window,
    visibility,
};
use proptest::test_runner::{RngAlgorithm, TestRng};
use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};
use storage::{
    AccountId, Bounds, Direction, Read, StatusId, account,
    relationship::{self, BLOCKS, Block, Follow},
    search::Index,
    status::{self, BOOKMARKS, ContentType, FAVOURITES, REBLOG_BY, STATUSES, Status, Visibility},
};

const TEXTS: [&str; 4] = ["red cats", "red dogs", "blue cats", "red pandas and cats"];
const VISIBILITIES: [Visibility; 4] =
    [Visibility::Public, Visibility::Unlisted, Visibility::Private, Visibility::Direct];

/// People who follow, block, post, answer, mark and share at random.
struct Crowd {
    lab: Lab,
    people: Vec<AccountId>,
    rng: TestRng,
}

impl Crowd {
    fn new(seed: u8) -> Self {
        let lab = Lab::new();
        let mut people: Vec<_> = ["ann", "ben", "cat", "dan"].iter().map(|name| lab.local(name)).collect();
        people.push(lab.remote("eve"));
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
        Crowd { lab, people, rng }
    }

    fn below(&mut self, bound: usize) -> usize {
        use proptest::prelude::Rng;
        usize::try_from(self.rng.next_u32()).expect("32 bits fit") % bound
    }

    fn one(&mut self) -> AccountId {
        let at = self.below(self.people.len());
        self.people[at]
    }

    fn here(&mut self) -> AccountId {
        let at = self.below(self.people.len() - 1);
        self.people[at]
    }

    fn any_status(&mut self) -> Option<StatusId> {
        let ids = all(&self.lab);
        (!ids.is_empty()).then(|| ids[self.below(ids.len())])
    }

    /// Something happens; what the rules refuse does not.
    fn step(&mut self) {
        self.lab.advance(1000);
        let (who, whom) = (self.here(), self.one());
        match self.below(10) {
            0..=3 => self.post(who),
            4 if who != whom => self.toggle_follow(who, whom),
            5 if who != whom && self.below(3) == 0 => self.toggle_block(whom, who),
            6 => self.toggle_indexable(whom),
            kind => {
                let Some(id) = self.any_status() else { return };
                let _refused = self.lab.write(move |tx| match kind {
                    7 => room::favourite(tx, who, id).map(drop),
                    8 => room::bookmark(tx, who, id).map(drop),
                    9 => room::reblog(tx, who, id, None).map(drop),
                    _ => room::delete(tx, who, id, crate::media::Fate::Loose).map(drop),
                });
            }
        }
    }

    fn post(&mut self, author: AccountId) {
        let text = TEXTS[self.below(TEXTS.len())];
        let text = if self.below(3) == 0 { format!("@ben {text}") } else { text.to_owned() };
        let origin = Origin::parse("https://here.test", None).expect("an origin");
        let composed = self.lab.read(|read| compose(read, &origin, &text, ContentType::Plain));
        let new = NewStatus {
            poll: None,
            author,
            composed,
            spoiler_text: String::new(),
            media: crate::media::Wanted::default(),
            sensitive: None,
            language: None,
            visibility: Some(VISIBILITIES[self.below(4)]),
            in_reply_to: if self.below(3) == 0 { self.any_status() } else { None },
            quoted: None,
            quote_policy: None,
            interaction_policy: None,
            application: None,
            idempotency_key: None,
            scheduled_at: None,
            local_only: None,
        };
        let _refused = self.lab.write(move |tx| room::create(tx, &new));
    }

    fn toggle_follow(&self, who: AccountId, whom: AccountId) {
        let toggled = self.lab.write(move |tx| {
            if relationship::remove(tx, who, whom)?.is_none() {
                let (row, created_at) = (tx.next_id(), tx.now());
                let (uri, languages) = (String::new(), Vec::new());
                let follow = Follow { row, uri, reblogs: true, notify: false, languages, created_at };
                relationship::put(tx, who, whom, &follow)?;
            }
            Ok(())
        });
        toggled.expect("stored");
    }

    fn toggle_block(&self, who: AccountId, whom: AccountId) {
        let toggled = self.lab.write(move |tx| {
            if BLOCKS.contains(tx, &(who, whom))? {
                BLOCKS.delete(tx, &(who, whom));
            } else {
                BLOCKS.put(tx, &(who, whom), &Block { created_at: tx.now(), uri: String::new() });
            }
            Ok(())
        });
        toggled.expect("stored");
    }

    fn toggle_indexable(&self, who: AccountId) {
        let toggled = self.lab.write(move |tx| {
            let mut row = crate::account::require(tx, who)?;
            row.indexable = !row.indexable;
            Ok(account::put(tx, &row)?)
        });
        toggled.expect("stored");
    }
}

fn all(lab: &Lab) -> Vec<StatusId> {
    let rows = lab.read(|read| Ok(STATUSES.list(read, &(), Bounds::NONE, Direction::Descending, 10_000)?));
    rows.into_iter().map(|(id, _)| id).collect()
}

fn search(viewer: AccountId, text: &str) -> Search {
    Search { text: text.to_owned(), viewer, account: None, window: Window::newest(1_000), offset: 0 }
}

fn ids(found: &[Status]) -> Vec<StatusId> {
    found.iter().map(|status| status.id).collect()
}

/// The rules once more, in other words: what `viewer` may find of what stands in the store, newest first.
fn findable(lab: &Lab, viewer: AccountId, reblogs: bool) -> Vec<StatusId> {
    let mut found = all(lab);
    lab.read(|read| {
        let mut answered = BTreeSet::new();
        for id in &found {
            let status = status::find(read, *id)?.expect("listed");
            let parent = status.reply.as_ref().filter(|_| status.account == viewer).and_then(|reply| reply.status);
            answered.extend(parent);
        }
        let mut kept = Vec::new();
        for id in &found {
            let status = status::find(read, *id)?.expect("listed");
            if status.reblog_of.is_some() == reblogs
                && visibility::can_see(read, Some(viewer), &status)?
                && is_findable(read, viewer, &status, &answered)?
            {
                kept.push(*id);
            }
        }
        found = kept;
        Ok(())
    });
    found
}

fn is_findable(
    read: &dyn Read,
    viewer: AccountId,
    status: &Status,
    answered: &BTreeSet<StatusId>,
) -> crate::error::Result<bool> {
    let home = status.account == viewer || relationship::find(read, viewer, status.account)?.is_some();
    let key = (viewer, status.id);
    let touched = FAVOURITES.contains(read, &key)?
        || BOOKMARKS.contains(read, &key)?
        || REBLOG_BY.contains(read, &key)?
        || answered.contains(&status.id)
        || status.mentions.contains(&viewer);
    let author = account::find(read, status.account)?.expect("stored");
    let open = status.visibility == Visibility::Public && author.indexable;
    Ok(home || (status.reblog_of.is_none() && (touched || open)))
}

#[test]
fn whatever_the_index_proposes_nobody_finds_what_is_hidden() {
    for seed in 0..8 {
        let mut crowd = Crowd::new(seed);
        for _ in 0..150 {
            crowd.step();
        }
        let everything = all(&crowd.lab);
        for viewer in crowd.people.clone() {
            let found = crowd.lab.read(|read| {
                // An index that has lost its mind: everything matches everything.
                choose(
                    read,
                    &search(viewer, "cats"),
                    |_| false,
                    |_, window| {
                        Ok(everything.iter().filter(|id| window.holds(id.0)).copied().take(window.limit).collect())
                    },
                )
            });
            let mut allowed = findable(&crowd.lab, viewer, false);
            allowed.extend(findable(&crowd.lab, viewer, true));
            allowed.sort_unstable_by(|a, b| b.cmp(a));
            assert_eq!(ids(&found), allowed, "seed {seed}, viewer {viewer}");
        }
    }
}

#[test]
fn the_index_finds_what_may_be_found_and_nothing_else() {
    let mut crowd = Crowd::new(77);
    let dir = tempfile::tempdir().expect("a directory");
    for _ in 0..60 {
        crowd.step();
    }
    let index = Index::start(dir.path().join("search"), crowd.lab.store.clone(), Arc::new(Descriptions));
    let index = index.expect("a thread");
    let hear = index.listener();
    crowd.lab.store.subscribe(Arc::new(move |_, events| hear(events)));
    for _ in 0..90 {
        crowd.step();
    }
    let deadline = Instant::now() + Duration::from_secs(30);
    for viewer in crowd.people.clone() {
        for (text, reblogs) in [("cats OR dogs", None), ("-nothing", Some(false)), ("is:boost", Some(true))] {
            let expected = reblogs.map_or(Vec::new(), |reblogs| findable(&crowd.lab, viewer, reblogs));
            loop {
                let found = crowd.lab.store.read(|view| statuses(view, &index, &search(viewer, text), |_| false));
                let found = found.map(|found| ids(&found));
                if found.as_ref().is_ok_and(|found| *found == expected) {
                    break;
                }
                assert!(Instant::now() < deadline, "{viewer} {text}: {found:?}, not {expected:?}");
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }
    index.stop();
    assert!(crowd.lab.store.read(|view| statuses(view, &index, &search(crowd.people[0], "x"), |_| false)).is_err());
}
