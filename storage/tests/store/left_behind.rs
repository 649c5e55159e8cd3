//! The search index as a consumer that stands still: the log goes on without it, and it makes itself anew; also from more
//! statuses than one commit takes, some of which change meanwhile.

use crate::support::{small, until};
use std::sync::{
    Arc, Condvar, Mutex,
    atomic::{AtomicBool, Ordering},
};
use storage::{
    AccountId, Bounds, Direction, Event, Lsn, Options, Read, Result, Sizes, StatusId, Store, Timestamp, Tx,
    account::{self, Account},
    limits,
    log::writer::SegmentSizes,
    search::{Describe, Document, Index, Query},
    status::{self, Status},
    vfs::SimulatedDisk,
};

/// Describes every status by one mark; asked about an account, or about the first status, it stands still while it is told to.
struct Marks(Arc<Gate>);

/// Whoever comes waits while it is closed.
#[derive(Default)]
pub(crate) struct Gate {
    closed: Mutex<bool>,
    pub(crate) waiting: AtomicBool,
    changed: Condvar,
}

impl Gate {
    pub(crate) fn set(&self, closed: bool) {
        *self.closed.lock().unwrap() = closed;
        self.changed.notify_all();
    }

    pub(crate) fn pass(&self) {
        let mut closed = self.closed.lock().unwrap();
        while *closed {
            self.waiting.store(true, Ordering::Release);
            closed = self.changed.wait(closed).unwrap();
        }
    }
}

impl Describe for Marks {
    fn format(&self) -> u32 {
        1
    }

    fn describe(&self, _: &dyn Read, status: &Status) -> Result<Option<Document>> {
        if status.id == written(0).id {
            self.0.pass();
        }
        let marks = vec![if status.edited_at.is_some() { "edited" } else { "any" }.to_owned()];
        let (id, author) = (status.id, status.account);
        let (sharers, tags) = (Vec::new(), Vec::new());
        Ok(Some(Document { id, author, sharers, tags, created_at: status.created_at, words: Vec::new(), marks }))
    }

    fn outdated(&self, _: &Account) -> Query {
        self.0.pass();
        Query::Any(Vec::new())
    }
}

fn author() -> Account {
    Account { indexable: true, ..Account::bare(AccountId(7), "a", Timestamp(1)) }
}

pub(crate) fn written(number: u64) -> Status {
    Status {
        local: true,
        content: "x".repeat(200),
        ..Status::bare(
            StatusId((1_800_000_000_000 << 16) + number),
            AccountId(7),
            format!("/users/a/statuses/{number}"),
            Timestamp(1_800_000_000_000),
        )
    }
}

fn write(store: &Store, numbers: std::ops::Range<u64>) {
    for number in numbers {
        let row = written(number);
        let rule = move |tx: &mut Tx<'_>| {
            tx.emit(Event::StatusCreated { status: row.id, account: row.account });
            status::insert(tx, &row)
        };
        store.write(rule).unwrap();
    }
}

fn found(index: &Index) -> usize {
    let any = Query::Marks(vec!["any".to_owned()]);
    index.search(&any, Bounds::NONE, Direction::Ascending, 10_000).map_or(0, |ids| ids.len())
}

#[test]
fn an_index_that_stood_still_while_the_log_was_let_go_makes_itself_anew() {
    let segments = SegmentSizes { first: 16 * 1024, other: 16 * 1024 };
    let sizes = Sizes { segments, base_log_bytes: u64::MAX, log_bytes_max: 128 * 1024, ..small() };
    let options = Options { vfs: Arc::new(SimulatedDisk::new()), sizes, ..Options::new("/store") };
    let store = Store::open(options).unwrap();
    let (dir, gate) = (tempfile::tempdir().unwrap(), Arc::new(Gate::default()));
    let index = Index::start(dir.path().join("search"), store.clone(), Arc::new(Marks(gate.clone()))).unwrap();
    let hear = index.listener();
    store.subscribe(Arc::new(move |_, events| hear(events)));
    write(&store, 0..20);
    until("it has found the first", || found(&index) == 20);
    gate.set(true);
    let changed = move |tx: &mut Tx<'_>| {
        tx.emit(Event::AccountChanged { account: AccountId(7) });
        account::put(tx, &author())
    };
    store.write(changed).unwrap();
    until("it stands still", || gate.waiting.load(Ordering::Acquire));
    let (mut number, mut waited) = (20, 0);
    until("the log is let go", || {
        write(&store, number..number + 40);
        number += 40;
        store.write_base().unwrap();
        waited += u32::from(store.state().log_begin == Lsn(1));
        store.state().log_begin > Lsn(100)
    });
    assert!(waited > 2, "it is waited for while there is room");
    assert!(store.state().log_bytes < 256 * 1024, "{}", store.state().log_bytes);
    gate.set(false);
    until("all are found", || found(&index) as u64 == number);
    assert_eq!(index.state().problem, None);
    index.stop();
}

#[test]
fn what_changes_ahead_of_the_rows_an_index_is_made_from_is_in_it_once() {
    const MOST: u64 = 2 * limits::SEARCH_ROWS as u64 + 50;
    let options = Options { vfs: Arc::new(SimulatedDisk::new()), sizes: small(), ..Options::new("/store") };
    let store = Store::open(options).unwrap();
    for first in (0..MOST).step_by(50) {
        let rows =
            move |tx: &mut Tx<'_>| (first..first + 50).try_for_each(|number| status::insert(tx, &written(number)));
        store.write(rows).unwrap();
    }
    let (dir, gate) = (tempfile::tempdir().unwrap(), Arc::new(Gate::default()));
    gate.set(true);
    let index = Index::start(dir.path().join("search"), store.clone(), Arc::new(Marks(gate.clone()))).unwrap();
    until("it is at the first rows", || gate.waiting.load(Ordering::Acquire));
    // One whose row was read, one of the next rows, and one of those after them.
    let edited = [5, limits::SEARCH_ROWS as u64 + 5, MOST - 5];
    for number in edited {
        let edit = move |tx: &mut Tx<'_>| {
            let after = Status { edited_at: Some(Timestamp(1_800_000_000_001)), ..written(number) };
            status::replace(tx, &written(number), &after)
        };
        store.write(edit).unwrap();
    }
    gate.set(false);
    until("it is complete", || index.state().rebuilding.is_none() && index.state().documents >= MOST);
    assert_eq!(index.state().documents, MOST, "each once");
    let marked = Query::Marks(vec!["edited".to_owned()]);
    let found = index.search(&marked, Bounds::NONE, Direction::Ascending, 10).unwrap();
    assert_eq!(found, edited.map(|number| written(number).id), "as they are now");
    index.stop();
}
