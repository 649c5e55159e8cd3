//! Nobody finds what is hidden from them, whatever the index proposes; and the index proposes what may be found.

use super::{Descriptions, Propose, Search, choose, reach::Reach, statuses};
use crate::{
    account::lab::{Lab, START, plain},
    limits,
    origin::Origin,
    poll::{self, NewPoll},
    status::{
        self as room, NewStatus, compose,
        react::{react, unreact},
    },
    tag,
    timeline::Window,
    visibility,
};
use proptest::test_runner::{RngAlgorithm, TestRng};
use std::{
    cell::RefCell,
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};
use storage::{
    AccountId, Bounds, Direction, Event, Read, RowId, StatusId, account,
    list::{self, LISTS, List, RepliesPolicy},
    mute,
    poll::BALLOTS,
    quote,
    reaction::REACTIONS,
    relationship::{self, BLOCKS, Block, FOLLOWS, Follow},
    search::{Index, Query, Wanted},
    silent,
    status::{self, BOOKMARKS, ContentType, FAVOURITES, REBLOG_BY, STATUSES, Status, Visibility},
};

const TEXTS: [&str; 5] = ["red cats", "red dogs", "blue cats", "red pandas and cats", "#Tea for cats"];
const VISIBILITIES: [Visibility; 4] =
    [Visibility::Public, Visibility::Unlisted, Visibility::Private, Visibility::Direct];

/// People who follow, block, post, ask, answer, quote, mark, vote and share at random.
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
        match self.below(15) {
            0..=4 => self.post(who),
            5 if who != whom => self.toggle_follow(who, whom),
            6 if who != whom && self.below(3) == 0 => self.toggle_block(whom, who),
            7 => self.toggle_indexable(whom),
            8 => self.toggle_tag(who),
            kind => {
                let Some(id) = self.any_status() else { return };
                let _refused = self.lab.write(move |tx| match kind {
                    9 => room::favourite(tx, who, id).map(drop),
                    10 => room::bookmark(tx, who, id).map(drop),
                    11 => room::reblog(tx, who, id, None).map(drop),
                    12 => react(tx, who, id, "👍").map(drop),
                    13 => poll::vote(tx, who, id, &[0]),
                    _ => room::delete(tx, who, id, crate::media::Fate::Loose).map(drop),
                });
            }
        }
    }

    /// Everybody takes back what they favourited, shared, reacted to and answered.
    fn undo(&self) {
        for id in all(&self.lab) {
            let people = self.people.clone();
            let taken_back = self.lab.write(move |tx| {
                let Some(status) = status::find(tx, id)? else { return Ok(()) };
                for who in people.iter().copied() {
                    if FAVOURITES.contains(tx, &(who, id))? {
                        room::unfavourite(tx, who, id)?;
                    }
                    if REBLOG_BY.contains(tx, &(who, id))? {
                        room::unreblog(tx, who, id)?;
                    }
                    if REACTIONS.contains(tx, &(id, "👍".to_owned(), who))? {
                        unreact(tx, who, id, "👍")?;
                    }
                }
                if status.reply.is_some() {
                    room::delete(tx, status.account, id, crate::media::Fate::Loose)?;
                }
                Ok(())
            });
            taken_back.expect("stored");
        }
    }

    fn post(&mut self, author: AccountId) {
        let text = TEXTS[self.below(TEXTS.len())];
        let text = if self.below(3) == 0 { format!("@ben {text}") } else { text.to_owned() };
        let origin = Origin::parse("https://here.test", None).expect("an origin");
        let composed = self.lab.read(|read| compose(read, &origin, &text, ContentType::Plain));
        let asks = self.below(4) == 0;
        let options = ["yes", "no"].map(str::to_owned).to_vec();
        let poll = asks.then_some(NewPoll { options, multiple: false, hide_totals: false, lasts_ms: 86_400_000 });
        let new = NewStatus {
            poll,
            author,
            composed,
            spoiler_text: String::new(),
            media: crate::media::Wanted::default(),
            sensitive: None,
            language: None,
            visibility: Some(VISIBILITIES[self.below(4)]),
            in_reply_to: if self.below(3) == 0 { self.any_status() } else { None },
            quoted: if !asks && self.below(4) == 0 { self.any_status() } else { None },
            quote_policy: None,
            interaction_policy: None,
            application: None,
            idempotency_key: None,
            scheduled_at: None,
            local_only: None,
        };
        let _refused = self.lab.write(move |tx| room::create(tx, &new));
    }

    fn toggle_follow(&mut self, who: AccountId, whom: AccountId) {
        let reblogs = self.below(4) != 0;
        let toggled = self.lab.write(move |tx| {
            if relationship::remove(tx, who, whom)?.is_none() {
                let follow = Follow { reblogs, ..Follow::bare(tx.next_id(), String::new(), tx.now()) };
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

    fn toggle_tag(&self, who: AccountId) {
        let toggled = self.lab.write(move |tx| match tag::followed(tx, who)?.is_empty() {
            true => tag::follow(tx, who, "tea"),
            false => tag::unfollow(tx, who, "tea"),
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
    let (text, window) = (text.to_owned(), Window::newest(1_000));
    Search { text, viewer, account: None, window, offset: 0, zone: jiff::tz::TimeZone::UTC }
}

fn ids(found: &[Status]) -> Vec<StatusId> {
    found.iter().map(|status| status.id).collect()
}

/// An index that has lost its mind: it proposes the same, whatever is asked.
struct Mad(Vec<StatusId>);

impl Propose for Mad {
    fn in_window(&self, _: &Query, window: Window) -> crate::error::Result<Vec<StatusId>> {
        Ok(self.0.iter().filter(|id| window.holds(id.0)).copied().take(window.limit).collect())
    }

    fn best(&self, _: &Query, _: Bounds, limit: usize) -> crate::error::Result<Vec<StatusId>> {
        Ok(self.0.iter().rev().copied().take(limit).collect())
    }
}

/// An index that finds nothing, and keeps what it was asked.
#[derive(Default)]
struct Keeping(RefCell<Vec<Query>>);

impl Propose for Keeping {
    fn in_window(&self, query: &Query, _: Window) -> crate::error::Result<Vec<StatusId>> {
        self.0.borrow_mut().push(query.clone());
        Ok(Vec::new())
    }

    fn best(&self, query: &Query, _: Bounds, _: usize) -> crate::error::Result<Vec<StatusId>> {
        self.0.borrow_mut().push(query.clone());
        Ok(Vec::new())
    }
}

/// The rules once more, in other words: what `viewer` may find of what stands in the store, newest first.
fn findable(lab: &Lab, viewer: AccountId, reblogs: bool) -> Vec<StatusId> {
    let mut found = all(lab);
    lab.read(|read| {
        // What the viewer answered, and what stands in their home because somebody shared it.
        let mut seen = BTreeSet::new();
        for id in &found {
            let status = status::find(read, *id)?.expect("listed");
            let parent = status.reply.as_ref().filter(|_| status.account == viewer).and_then(|reply| reply.status);
            seen.extend(parent);
            let follow = FOLLOWS.get(read, &(viewer, status.account))?;
            if follow.is_some_and(|follow| follow.reblogs) && visibility::can_see(read, Some(viewer), &status)? {
                seen.extend(status.reblog_of);
            }
        }
        let mut kept = Vec::new();
        for id in &found {
            let status = status::find(read, *id)?.expect("listed");
            if status.reblog_of.is_some() == reblogs
                && visibility::can_see(read, Some(viewer), &status)?
                && is_findable(read, viewer, &status, &seen)?
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
    seen: &BTreeSet<StatusId>,
) -> crate::error::Result<bool> {
    let home = status.account == viewer || relationship::find(read, viewer, status.account)?.is_some();
    let touched = seen.contains(&status.id) || is_touched(read, viewer, status)?;
    let author = account::find(read, status.account)?.expect("stored");
    let tagged = status.tags == ["Tea"] && !tag::followed(read, viewer)?.is_empty();
    let open = status.visibility == Visibility::Public && (author.indexable || tagged);
    Ok(home || (status.reblog_of.is_none() && (touched || open)))
}

/// Whether `viewer` marked, shared or voted on a status, or is mentioned or quoted by it.
fn is_touched(read: &dyn Read, viewer: AccountId, status: &Status) -> crate::error::Result<bool> {
    let key = (viewer, status.id);
    Ok(FAVOURITES.contains(read, &key)?
        || BOOKMARKS.contains(read, &key)?
        || REBLOG_BY.contains(read, &key)?
        || BALLOTS.contains(read, &(status.id, viewer))?
        || REACTIONS.contains(read, &(status.id, "👍".to_owned(), viewer))?
        || quote::find(read, status.id)?.is_some_and(|quote| quote.author == Some(viewer))
        || status.mentions.contains(&viewer))
}

/// The same for the library of `viewer`: their own, what they answered, and what they touched.
fn library(lab: &Lab, viewer: AccountId) -> BTreeSet<StatusId> {
    let ids = all(lab);
    lab.read(|read| {
        let mut library = BTreeSet::new();
        for id in ids {
            let status = status::find(read, id)?.expect("listed");
            if status.account == viewer {
                library.insert(id);
                library.extend(status.reply.as_ref().and_then(|reply| reply.status));
            } else if is_touched(read, viewer, &status)? {
                library.insert(id);
            }
        }
        Ok(library)
    })
}

#[test]
fn what_members_of_exclusive_lists_share_is_not_asked_for() {
    let lab = Lab::new();
    let (ann, ben, cat) = (lab.local("ann"), lab.local("ben"), lab.local("cat"));
    let written = lab.write(move |tx| {
        for whom in [ben, cat] {
            let follow = Follow::bare(tx.next_id(), String::new(), tx.now());
            relationship::put(tx, ann, whom, &follow)?;
        }
        for (exclusive, member) in [(true, ben), (false, cat)] {
            let id: RowId = tx.next_id();
            let (title, replies_policy) = ("few".to_owned(), RepliesPolicy::List);
            LISTS.put(tx, &(ann, id), &List { title, replies_policy, exclusive, members: 0 });
            list::add(tx, ann, id, member)?;
        }
        Ok(())
    });
    written.expect("stored");
    let query = lab.read(|read| Ok(Reach::read(read, ann)?.query()));
    let Query::Among(wanted) = &query else { panic!("{query:?}") };
    assert_eq!(wanted.sharers, [cat]);
    assert!(wanted.authors.contains(&ben), "what they write themselves is found");
}

#[test]
fn whom_one_mutes_or_blocks_is_not_asked_for() {
    let lab = Lab::new();
    let (ann, ben, cat) = (lab.local("ann"), lab.local("ben"), lab.local("cat"));
    let written = lab.write(move |tx| {
        mute::put(tx, ann, ben, true, None)?;
        BLOCKS.put(tx, &(ann, cat), &Block { created_at: tx.now(), uri: String::new() });
        Ok(())
    });
    written.expect("stored");
    let unwanted = Query::Among(Wanted { authors: vec![ben, cat], ..Wanted::default() });
    let left_out = Query::Not(Box::new(unwanted));
    for text in ["pebbles", "pebbles sort:best"] {
        let keeping = Keeping::default();
        let found = lab.read(|read| choose(read, &search(ann, text), |_| false, &keeping));
        assert_eq!(ids(&found), []);
        let asked = keeping.0.into_inner();
        let [Query::All(all)] = asked.as_slice() else { panic!("{text}: {asked:?}") };
        assert!(all.contains(&left_out), "{text}: {all:?}");
    }
}

#[test]
fn whatever_the_index_proposes_nobody_finds_what_is_hidden() {
    for seed in 0..8 {
        let mut crowd = Crowd::new(seed);
        for _ in 0..150 {
            crowd.step();
        }
        let everything = all(&crowd.lab);
        let mad = Mad(everything);
        for viewer in crowd.people.clone() {
            let found = |text| ids(&crowd.lab.read(|read| choose(read, &search(viewer, text), |_| false, &mad)));
            let mut allowed = findable(&crowd.lab, viewer, false);
            allowed.extend(findable(&crowd.lab, viewer, true));
            allowed.sort_unstable_by(|a, b| b.cmp(a));
            assert_eq!(found("-has:video"), allowed, "seed {seed}, viewer {viewer}");
            allowed.reverse();
            assert_eq!(found("-has:video sort:best"), allowed, "seed {seed}, viewer {viewer}");
        }
    }
}

#[test]
fn pages_of_the_best_are_parts_of_one_order() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let made = lab.write(move |tx| {
        for _ in 0..30 {
            let (id, at) = (tx.next_id(), tx.now());
            status::insert(tx, &plain(id, ann, at))?;
        }
        Ok(())
    });
    made.expect("stored");
    let (mad, mut expected) = (Mad(all(&lab)), all(&lab));
    expected.reverse();
    let mut pages = Vec::new();
    for offset in [0, 7, 14, 21, 28] {
        let asked = Search { window: Window::newest(7), offset, ..search(ann, "-has:video sort:best") };
        pages.extend(ids(&lab.read(|read| choose(read, &asked, |_| false, &mad))));
    }
    assert_eq!(pages, expected);
}

#[test]
fn words_that_were_edited_away_are_found_no_more_whatever_the_index_says() {
    let lab = Lab::new();
    let (ann, ben) = (lab.local("ann"), lab.local("ben"));
    let write = move |tx: &mut storage::Tx<'_>| -> crate::error::Result<(StatusId, StatusId)> {
        let (id, at) = (tx.next_id(), tx.now());
        let content = "<p>the old wording</p>".to_owned();
        status::insert(tx, &Status { content, ..plain(id, ben, at) })?;
        let shared = room::reblog(tx, ann, id, None)?.id;
        Ok((id, shared))
    };
    let (original, shared) = lab.write(write).expect("stored");
    let mad = Mad(vec![shared, original]);
    let found = |viewer, text| ids(&lab.read(|read| choose(read, &search(viewer, text), |_| false, &mad)));
    assert_eq!(found(ann, "is:boost wording"), [shared, original]);
    assert_eq!(found(ann, "is:boost unsaid"), [original], "only what may have changed is looked at");
    let edit = move |tx: &mut storage::Tx<'_>| -> crate::error::Result<()> {
        let before = status::find(tx, original)?.expect("stored");
        let content = "<p>the new phrasing</p>".to_owned();
        let after = Status { content, edited_at: Some(START), ..before.clone() };
        Ok(status::replace(tx, &before, &after)?)
    };
    lab.write(edit).expect("stored");
    for viewer in [ann, ben] {
        assert_eq!(found(viewer, "wording"), []);
        assert_eq!(found(viewer, "\"the old\""), []);
        assert_eq!(found(viewer, "-phrasing"), []);
    }
    assert_eq!(found(ann, "phrasing -wording \"the new\""), [shared, original]);
    assert_eq!(found(ben, "phrasing"), [original], "nobody follows ann");
}

#[test]
fn what_was_marked_thousands_of_marks_ago_is_found() {
    let lab = Lab::new();
    let (ann, ben) = (lab.local("ann"), lab.local("ben"));
    let dir = tempfile::tempdir().expect("a directory");
    let say = |text: &str, mark: fn(&mut storage::Tx<'_>, AccountId, StatusId) -> crate::error::Result<Status>| {
        let content = format!("<p>{text}</p>");
        let written = lab.write(move |tx| {
            let (id, at) = (tx.next_id(), tx.now());
            let (content, visibility) = (content.clone(), Visibility::Unlisted);
            status::insert(tx, &Status { content, visibility, ..plain(id, ben, at) })?;
            mark(tx, ann, id)?;
            Ok(id)
        });
        written.expect("stored")
    };
    let needle = say("a needle in hay", room::bookmark);
    let thimble = say("a thimble", room::favourite);
    let both = |tx: &mut storage::Tx<'_>, who, id| {
        room::favourite(tx, who, id)?;
        room::bookmark(tx, who, id)
    };
    for _ in 0..limits::SEARCH_TOUCHED {
        say("straw", both);
    }
    // More than are held against the bookmarks, and of which nothing is known.
    let hay = limits::SEARCH_BEYOND + 1;
    for _ in 0..hay {
        say("hay", |tx, _, id| Ok(status::find(tx, id)?.expect("it was written")));
    }
    let written = u64::try_from(limits::SEARCH_TOUCHED + hay).expect("64 bits fit") + 2;
    let index = Index::start(dir.path().join("search"), lab.store.clone(), Arc::new(Descriptions)).expect("a thread");
    let deadline = Instant::now() + Duration::from_secs(60);
    while index.state().rebuilding.is_some() || index.state().documents < written {
        assert!(Instant::now() < deadline, "{:?}", index.state());
        std::thread::sleep(Duration::from_millis(10));
    }
    for (text, expected) in [
        ("needle", vec![needle]),
        ("needle sort:best", vec![needle]),
        ("needle in:library", vec![needle]),
        ("needle -in:library", vec![]),
        ("hay", vec![needle]),
        ("hay sort:best", vec![needle]),
        ("hay -in:library", vec![]),
        ("thimble", vec![thimble]),
        ("thimble in:library", vec![thimble]),
        ("thimble -in:library", vec![]),
        ("needle in:home", vec![]),
        ("straw -in:library", vec![]),
    ] {
        let found = lab.read(|read| statuses(read, &index, &search(ann, text), |_| false));
        assert_eq!(ids(&found), expected, "{text}");
        let found = lab.read(|read| statuses(read, &index, &search(ben, text), |_| false));
        assert!(found.iter().all(|status| status.account == ben));
    }
    index.stop();
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
    finds_what_it_may(&crowd, &index);
    let libraries = |crowd: &Crowd| -> Vec<_> { crowd.people.iter().map(|who| library(&crowd.lab, *who)).collect() };
    let before = libraries(&crowd);
    crowd.undo();
    assert_ne!(libraries(&crowd), before);
    finds_what_it_may(&crowd, &index);
    index.stop();
    assert!(crowd.lab.store.read(|view| statuses(view, &index, &search(crowd.people[0], "x"), |_| false)).is_err());
}

#[test]
fn whom_a_status_addresses_without_a_name_it_does_not_mention_and_stands_in_their_library() {
    let lab = Lab::new();
    let (ann, ben, eve) = (lab.local("ann"), lab.local("ben"), lab.remote("eve"));
    let dir = tempfile::tempdir().expect("a directory");
    let index = Index::start(dir.path().join("search"), lab.store.clone(), Arc::new(Descriptions));
    let index = index.expect("a thread");
    let hear = index.listener();
    lab.store.subscribe(Arc::new(move |_, events| hear(events)));
    let write = move |tx: &mut storage::Tx<'_>| -> crate::error::Result<StatusId> {
        let (id, at) = (tx.next_id(), tx.now());
        let (visibility, mentions) = (Visibility::Direct, vec![ann, ben]);
        let uri = "https://far.test/notes/1".to_owned();
        let content = "<p>red cats</p>".to_owned();
        status::insert(tx, &Status { content, visibility, mentions, ..Status::bare(id, eve, uri, at) })?;
        silent::put(tx, id, vec![ben])?;
        tx.emit(Event::StatusCreated { status: id, account: eve });
        Ok(id)
    };
    let id = lab.write(write).expect("stored");
    let find = |viewer, text: &str, expected: &[StatusId]| {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let found = lab.store.read(|view| statuses(view, &index, &search(viewer, text), |_| false));
            let found = found.map(|found| ids(&found));
            if found.as_ref().is_ok_and(|found| *found == expected) {
                break;
            }
            assert!(Instant::now() < deadline, "{viewer} {text}: {found:?}, not {expected:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    // The first of these waits until it is indexed, so that the last says something.
    find(ann, "mentions:me", &[id]);
    find(ben, "in:library cats", &[id]);
    find(ann, "in:library cats", &[id]);
    find(ben, "mentions:me", &[]);
    // Its server names ben now, and ann no more: nothing but that changes.
    let renamed = move |tx: &mut storage::Tx<'_>| -> crate::error::Result<()> {
        silent::put(tx, id, vec![ann])?;
        tx.emit(Event::StatusUpdated { status: id, account: eve });
        Ok(())
    };
    lab.write(renamed).expect("stored");
    find(ben, "mentions:me", &[id]);
    find(ann, "mentions:me", &[]);
    find(ann, "in:library cats", &[id]);
    find(ben, "in:library cats", &[id]);
    index.stop();
}

/// Waits until everybody finds what they may find, in their library and outside.
fn finds_what_it_may(crowd: &Crowd, index: &Index) {
    let deadline = Instant::now() + Duration::from_secs(30);
    for viewer in crowd.people.clone() {
        let (mine, found) = (library(&crowd.lab, viewer), findable(&crowd.lab, viewer, false));
        let (inside, outside) = found.iter().copied().partition(|id| mine.contains(id));
        for (text, expected) in [
            ("cats OR dogs", Vec::new()),
            ("-nothing", found.clone()),
            ("-nothing sort:best", found),
            ("in:library", inside),
            ("-in:library", outside),
            ("is:boost", findable(&crowd.lab, viewer, true)),
        ] {
            loop {
                let found = crowd.lab.store.read(|view| statuses(view, index, &search(viewer, text), |_| false));
                let found = found.map(|found| ids(&found));
                if found.as_ref().is_ok_and(|found| *found == expected) {
                    break;
                }
                assert!(Instant::now() < deadline, "{viewer} {text}: {found:?}, not {expected:?}");
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }
}
