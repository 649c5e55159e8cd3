//! The thread that follows the log for the search index: what stands beside a row is read from it too, and an edit reaches
//! every reblog, also across a restart.

use crate::{
    left_behind::{self, Gate},
    support::{small, until},
};
use std::{
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use storage::{
    AccountId, Bounds, Direction, Event, Options, Read, Result, Sizes, Store, Timestamp, Tx,
    account::{Account, LOCAL_ACCOUNTS},
    latency::Purpose,
    limits,
    search::{self, Describe, Document, Index, Pace, Query, Wanted},
    status::{self, EDITS, Edit, FAVOURITES, Mark, Poll, REBLOGS, Status},
    vfs::SimulatedDisk,
};

/// Describes a status by its text, or that of what it shares, by those who shared it and by who favourited it; at the first
/// status it stands still while it is told to.
struct Texts(Arc<Gate>);

impl Describe for Texts {
    fn format(&self) -> u32 {
        1
    }

    fn describe(&self, read: &dyn Read, status: &Status) -> Result<Option<Document>> {
        if status.id == written(0).id {
            self.0.pass();
        }
        let original = status::find(read, status.reblog_of.unwrap_or(status.id))?;
        let reblogs = REBLOGS.list(read, &status.id, Bounds::NONE, Direction::Descending, 10)?;
        let mut marks: Vec<String> = original.map(|original| original.content).into_iter().collect();
        if FAVOURITES.contains(read, &(AccountId(1), status.id))? {
            marks.push("favourite".to_owned());
        }
        Ok(Some(Document {
            id: status.id,
            author: status.account,
            sharers: reblogs.into_iter().map(|(_, account)| account).collect(),
            tags: Vec::new(),
            created_at: status.created_at,
            words: Vec::new(),
            marks,
        }))
    }

    fn outdated(&self, _: &Account) -> Query {
        Query::Any(Vec::new())
    }
}

fn written(number: u64) -> Status {
    Status { account: AccountId(7 + number), content: "before".to_owned(), ..left_behind::written(number) }
}

fn saying(content: &str, before: &Status) -> Status {
    Status { content: content.to_owned(), ..before.clone() }
}

/// A store and where an index of it may be.
struct Scene {
    store: Store,
    dir: PathBuf,
    gate: Arc<Gate>,
    _scratch: tempfile::TempDir,
}

impl Scene {
    /// One whose index rests so long at most after a commit.
    fn new(rest_max: Duration) -> Self {
        let sizes = Sizes { search_rest: (Duration::from_millis(10), rest_max), ..small() };
        let options = Options { vfs: Arc::new(SimulatedDisk::new()), sizes, ..Options::new("/store") };
        let store = Store::open(options).unwrap();
        let scratch = tempfile::tempdir().unwrap();
        let dir = scratch.path().join("search");
        Scene { store, dir, gate: Arc::default(), _scratch: scratch }
    }

    fn start(&self) -> Index {
        let describe = Arc::new(Texts(self.gate.clone()));
        let index = Index::start(self.dir.clone(), self.store.clone(), describe).unwrap();
        let hear = index.listener();
        self.store.subscribe(Arc::new(move |_, events| hear(events)));
        index
    }

    fn write(&self, rule: impl Fn(&mut Tx<'_>) -> Result<()> + Send + 'static) {
        self.store.write(rule).unwrap();
    }

    /// Writes the first status and reblogs of it, so many.
    fn share(&self, reblogs: u64) {
        for first in (0..=reblogs).step_by(25) {
            self.write(move |tx| {
                for number in first..(first + 25).min(reblogs + 1) {
                    let reblog_of = (number > 0).then_some(written(0).id);
                    status::insert(tx, &Status { reblog_of, ..written(number) })?;
                }
                tx.emit(Event::StatusCreated { status: written(first).id, account: AccountId(7) });
                Ok(())
            });
        }
    }

    /// Has the first status say something else; the version before is kept.
    fn edit(&self) {
        let before = written(0);
        self.write(move |tx| {
            EDITS.put(tx, &(before.id, 0), &Edit::of(&before));
            let after = Status { edited_at: Some(Timestamp(2)), ..saying("after", &before) };
            tx.emit(Event::StatusUpdated { status: after.id, account: after.account });
            status::replace(tx, &before, &after)
        });
    }

    /// Replaces a status and keeps no version, as where it was only read anew.
    fn replace(&self, before: Status, after: Status) {
        self.write(move |tx| {
            tx.emit(Event::StatusUpdated { status: after.id, account: after.account });
            status::replace(tx, &before, &after)
        });
    }
}

fn number(index: &Index, query: &Query) -> Option<usize> {
    index.search(query, Bounds::NONE, Direction::Ascending, 10_000).ok().map(|ids| ids.len())
}

/// Waits until the index finds so many.
fn finds(index: &Index, query: &Query, many: usize) {
    until(&format!("{many} of {query:?} are found"), || number(index, query) == Some(many));
}

fn marked(mark: &str) -> Query {
    Query::Marks(vec![mark.to_owned()])
}

/// More reblogs than one commit takes, and how many statuses that are with what they share.
fn more_than_a_batch() -> (u64, usize) {
    (limits::SEARCH_BATCH as u64 + 50, limits::SEARCH_BATCH + 51)
}

#[test]
fn an_edit_reaches_every_reblog_of_thousands_and_so_does_what_is_read_anew() {
    let scene = Scene::new(Duration::from_millis(500));
    let index = scene.start();
    let (reblogs, all) = more_than_a_batch();
    scene.share(reblogs);
    finds(&index, &marked("before"), all);
    let timed = scene.store.syncs();
    assert!(timed.iter().any(|(purpose, _)| *purpose == Purpose::Search), "{timed:?}");
    scene.edit();
    finds(&index, &marked("after"), all);
    finds(&index, &marked("before"), 0);
    let before = saying("after", &written(0));
    scene.replace(before.clone(), saying("anew", &before));
    finds(&index, &marked("anew"), all);
    finds(&index, &marked("after"), 0);
    index.stop();
}

#[test]
fn an_edit_that_a_stop_cut_short_reaches_the_other_reblogs_at_the_next_start() {
    let scene = Scene::new(Duration::from_secs(600));
    let (reblogs, all) = more_than_a_batch();
    scene.share(reblogs);
    let index = scene.start();
    finds(&index, &marked("before"), all);
    index.stop();
    scene.edit();
    let edited = scene.store.state().durable;
    // It is in its first round until it is told to rest behind it.
    scene.gate.set(true);
    let index = scene.start();
    index.set_pace(Pace::Sparing);
    until("it is at what was edited", || scene.gate.waiting.load(Ordering::Acquire));
    scene.gate.set(false);
    finds(&index, &marked("after"), limits::SEARCH_BATCH + 1);
    index.stop();
    assert!(index.state().position < edited, "it says no more than a restart may rely on");
    assert!(search::position(&scene.dir) < edited);
    let index = scene.start();
    finds(&index, &marked("after"), all);
    finds(&index, &marked("before"), 0);
    index.stop();
    assert!(search::position(&scene.dir) >= edited);
}

#[test]
fn what_is_counted_in_a_poll_leaves_its_reblogs_alone() {
    let scene = Scene::new(Duration::from_millis(500));
    let index = scene.start();
    let poll = |voters| {
        Some(Poll { options: Vec::new(), multiple: false, expires_at: None, closed_at: None, voters: Some(voters) })
    };
    let asked = Status { poll: poll(1), ..written(0) };
    let (first, shared) = (asked.clone(), Status { reblog_of: Some(asked.id), ..written(1) });
    scene.write(move |tx| {
        status::insert(tx, &first)?;
        tx.emit(Event::StatusCreated { status: first.id, account: first.account });
        status::insert(tx, &shared)
    });
    finds(&index, &marked("before"), 2);
    scene.replace(asked.clone(), Status { poll: poll(2), ..saying("counted", &asked) });
    finds(&index, &marked("counted"), 1);
    assert_eq!(number(&index, &marked("before")), Some(1), "the reblog is as it was");
    index.stop();
}

#[test]
fn what_stands_beside_a_row_is_heard_of() {
    let scene = Scene::new(Duration::from_millis(500));
    let index = scene.start();
    let (first, second) = (written(0), written(1));
    let id = first.id;
    scene.write(move |tx| {
        LOCAL_ACCOUNTS.put(tx, &AccountId(1), &());
        status::insert(tx, &first)?;
        status::insert(tx, &second)?;
        tx.emit(Event::StatusCreated { status: first.id, account: first.account });
        Ok(())
    });
    finds(&index, &marked("before"), 2);
    let shared_by = |number: u64| Query::Among(Wanted { sharers: vec![AccountId(number)], ..Wanted::default() });
    finds(&index, &shared_by(9), 0);
    scene.write(move |tx| {
        status::insert(tx, &Status { reblog_of: Some(id), ..written(2) })?;
        tx.emit(Event::StatusCounted { status: id });
        Ok(())
    });
    finds(&index, &shared_by(9), 1);
    finds(&index, &marked("favourite"), 0);
    scene.write(move |tx| {
        let mark = Mark { row: tx.next_id(), created_at: Timestamp(3), uri: String::new() };
        FAVOURITES.put(tx, &(AccountId(1), id), &mark);
        tx.emit(Event::StatusCounted { status: id });
        Ok(())
    });
    finds(&index, &marked("favourite"), 1);
    scene.write(move |tx| {
        FAVOURITES.delete(tx, &(AccountId(1), id));
        tx.emit(Event::StatusCounted { status: id });
        Ok(())
    });
    finds(&index, &marked("favourite"), 0);
    index.stop();
}
