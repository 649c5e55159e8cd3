//! The thread that follows the log: what stands beside a row is read from it too, and an edit reaches every reblog.

use super::{Describe, Document, Index, Query, Wanted};
use crate::{
    Options, Sizes, Store,
    account::{Account, LOCAL_ACCOUNTS},
    error::Result,
    event::Event,
    id::{AccountId, StatusId, Timestamp},
    limits,
    status::{self, EDITS, Edit, FAVOURITES, Mark, REBLOGS, Status},
    store::Tx,
    table::{Bounds, Direction, Read},
    vfs::SimulatedDisk,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

const DEADLINE: Duration = Duration::from_secs(60);

/// Describes a status by its text, or that of what it shares, by those who shared it and by who favourited it.
struct Texts;

impl Describe for Texts {
    fn format(&self) -> u32 {
        1
    }

    fn describe(&self, read: &dyn Read, status: &Status) -> Result<Option<Document>> {
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
    Status {
        local: true,
        content: "before".to_owned(),
        ..Status::bare(
            StatusId((1_800_000_000_000 << 16) + number),
            AccountId(7 + number),
            format!("/users/a/statuses/{number}"),
            Timestamp(1_800_000_000_000),
        )
    }
}

fn open() -> (Store, Index, tempfile::TempDir) {
    let options = Options { vfs: Arc::new(SimulatedDisk::new()), sizes: Sizes::small(), ..Options::new("/store") };
    let store = Store::open(options).expect("it opens");
    let dir = tempfile::tempdir().expect("a directory");
    let index = Index::start(dir.path().join("search"), store.clone(), Arc::new(Texts)).expect("a thread");
    let hear = index.listener();
    store.subscribe(Arc::new(move |_, events| hear(events)));
    (store, index, dir)
}

fn write(store: &Store, rule: impl Fn(&mut Tx<'_>) -> Result<()> + Send + 'static) {
    store.write(rule).expect("stored");
}

/// Waits until the index finds so many.
fn finds(index: &Index, query: &Query, number: usize) {
    let deadline = Instant::now() + DEADLINE;
    loop {
        let found = index.search(query, Bounds::NONE, Direction::Ascending, 10_000).map(|ids| ids.len());
        if found.as_ref().is_ok_and(|found| *found == number) {
            return;
        }
        assert!(Instant::now() < deadline, "{found:?}, not {number}, {:?}", index.state());
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn marked(mark: &str) -> Query {
    Query::Marks(vec![mark.to_owned()])
}

#[test]
fn an_edit_reaches_every_reblog_of_thousands() {
    let (store, index, _dir) = open();
    let many = u64::try_from(limits::SEARCH_BATCH).expect("64 bits fit") + 50;
    for first in (0..=many).step_by(25) {
        write(&store, move |tx| {
            for number in first..(first + 25).min(many + 1) {
                let reblog_of = (number > 0).then_some(StatusId(1_800_000_000_000 << 16));
                status::insert(tx, &Status { reblog_of, ..written(number) })?;
            }
            tx.emit(Event::StatusCreated { status: written(first).id, account: AccountId(7) });
            Ok(())
        });
    }
    let all = usize::try_from(many).expect("it fits") + 1;
    finds(&index, &marked("before"), all);
    let edited = written(0);
    write(&store, move |tx| {
        let version = Edit {
            content: edited.content.clone(),
            text: String::new(),
            spoiler_text: String::new(),
            sensitive: false,
            attachments: Vec::new(),
            poll: None,
            emojis: Vec::new(),
            created_at: edited.created_at,
        };
        EDITS.put(tx, &(edited.id, 0), &version);
        let after = Status { content: "after".to_owned(), edited_at: Some(Timestamp(2)), ..edited.clone() };
        tx.emit(Event::StatusUpdated { status: after.id, account: after.account });
        status::replace(tx, &edited, &after)
    });
    finds(&index, &marked("after"), all);
    finds(&index, &marked("before"), 0);
    index.stop();
}

#[test]
fn what_stands_beside_a_row_is_heard_of() {
    let (store, index, _dir) = open();
    let (first, second) = (written(0), written(1));
    let id = first.id;
    write(&store, move |tx| {
        LOCAL_ACCOUNTS.put(tx, &AccountId(1), &());
        status::insert(tx, &first)?;
        status::insert(tx, &second)?;
        tx.emit(Event::StatusCreated { status: first.id, account: first.account });
        Ok(())
    });
    finds(&index, &marked("before"), 2);
    let shared_by = |number: u64| Query::Among(Wanted { sharers: vec![AccountId(number)], ..Wanted::default() });
    finds(&index, &shared_by(9), 0);
    write(&store, move |tx| {
        status::insert(tx, &Status { reblog_of: Some(id), ..written(2) })?;
        tx.emit(Event::StatusCounted { status: id });
        Ok(())
    });
    finds(&index, &shared_by(9), 1);
    finds(&index, &marked("favourite"), 0);
    write(&store, move |tx| {
        let mark = Mark { row: tx.next_id(), created_at: Timestamp(3), uri: String::new() };
        FAVOURITES.put(tx, &(AccountId(1), id), &mark);
        tx.emit(Event::StatusCounted { status: id });
        Ok(())
    });
    finds(&index, &marked("favourite"), 1);
    write(&store, move |tx| {
        FAVOURITES.delete(tx, &(AccountId(1), id));
        tx.emit(Event::StatusCounted { status: id });
        Ok(())
    });
    finds(&index, &marked("favourite"), 0);
    index.stop();
}
