//! A store with accounts for the tests of rooms.

use crate::{
    account::accept::{RemoteAccount, RemoteKey, accept},
    error::Result,
};
use bytes::Bytes;
use std::{
    cell::{Cell, RefCell},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};
use storage::{
    AccountId, Bounds, Direction, Environment, Read, StatusId, Store, Timestamp, Tx,
    account::{self, Account},
    intent::Intent,
    job::{JOBS, JobKind},
    status::{Status, Visibility},
    table::{KeyRange, TableId, Visit},
    user::{self, Preferences, Role, User},
    vfs::SimulatedDisk,
};

/// A store in memory, at a time set by hand.
pub(crate) struct Lab {
    pub(crate) store: Store,
    pub(crate) disk: SimulatedDisk,
    now: Arc<AtomicI64>,
}

/// 2026-01-01T00:00:00Z.
pub(crate) const START: Timestamp = Timestamp(1_767_225_600_000);

impl Lab {
    pub(crate) fn new() -> Self {
        let now = Arc::new(AtomicI64::new(START.0));
        let (clock, seed) = (now.clone(), AtomicU64::new(7));
        let environment = Environment {
            now: Arc::new(move || Timestamp(clock.load(Ordering::SeqCst))),
            random: Arc::new(move || seed.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst).rotate_left(17)),
        };
        let disk = SimulatedDisk::new();
        Lab { store: open(&disk, environment), disk, now }
    }

    pub(crate) fn advance(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) fn write<T: Send + 'static>(
        &self,
        rule: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.store.write(rule)
    }

    pub(crate) fn read<T>(&self, look: impl FnOnce(&dyn Read) -> Result<T>) -> T {
        self.store.read(|view| look(view)).expect("the read succeeds")
    }

    /// A person here who takes every follower.
    pub(crate) fn local(&self, name: &str) -> AccountId {
        self.add_local(name, false)
    }

    /// A person here who wants to be asked.
    pub(crate) fn locked(&self, name: &str) -> AccountId {
        self.add_local(name, true)
    }

    fn add_local(&self, name: &str, locked: bool) -> AccountId {
        let name = name.to_owned();
        self.write(move |tx| put_local(tx, &name, locked)).expect("the account is stored")
    }

    /// A person at `far.test`.
    pub(crate) fn remote(&self, name: &str) -> AccountId {
        let remote = remote(name, "far.test");
        self.write(move |tx| accept(tx, &remote)).expect("the account is accepted")
    }

    pub(crate) fn account(&self, id: AccountId) -> Account {
        self.read(|read| crate::account::require(read, id))
    }

    /// What is owed to peers, oldest first.
    pub(crate) fn intents(&self) -> Vec<Intent> {
        let kinds = self.jobs().into_iter();
        kinds.filter_map(|kind| if let JobKind::Distribute(intent) = kind { Some(intent) } else { None }).collect()
    }

    /// Waiting jobs, oldest first.
    pub(crate) fn jobs(&self) -> Vec<JobKind> {
        let rows = self.read(|read| Ok(JOBS.list(read, &(), Bounds::NONE, Direction::Ascending, 10_000)?));
        rows.into_iter().map(|(_, job)| job.kind).collect()
    }
}

/// In memory: what these tests ask is not what a disk does.
fn open(disk: &SimulatedDisk, environment: Environment) -> Store {
    let options = storage::Options {
        vfs: Arc::new(disk.clone()),
        environment,
        sizes: storage::store::Sizes::small(),
        ..storage::Options::new("/store")
    };
    Store::open(options).expect("the store opens")
}

/// A person here who wants to be asked by followers, or does not.
pub(crate) fn put_local(tx: &mut Tx<'_>, name: &str, locked: bool) -> Result<AccountId> {
    let (id, now) = (tx.next_id(), tx.now());
    account::put(tx, &Account { locked, ..Account::bare(id, name, now) })?;
    let preferences = Preferences { visibility: Visibility::Public, sensitive: false, language: None };
    let user = User {
        account: id,
        email: format!("{name}@mail.test"),
        password_hash: String::new(),
        role: Role::User,
        locale: "en".to_owned(),
        preferences,
        created_at: now,
        confirmed_at: Some(now),
        disabled: false,
        created_by: None,
        approved: true,
        reason: String::new(),
        signed_up_from: None,
        access_ended_at: None,
    };
    user::put(tx, &user)?;
    Ok(id)
}

/// A public status by somebody here, with nothing special.
pub(crate) fn plain(id: StatusId, author: AccountId, at: Timestamp) -> Status {
    Status { local: true, ..Status::bare(id, author, format!("/users/x/statuses/{id}"), at) }
}

/// What a peer says of one of its people.
pub(crate) fn remote(name: &str, domain: &str) -> RemoteAccount {
    let uri = format!("https://{domain}/users/{name}");
    RemoteAccount {
        url: Some(format!("https://{domain}/@{name}")),
        discoverable: Some(true),
        keys: vec![RemoteKey { key_id: format!("{uri}#main-key"), material: "pem".to_owned() }],
        ..RemoteAccount::bare(&uri, name, domain)
    }
}

/// Counts how often a store is asked; of many rows at once is once.
pub(crate) struct Counting<'a> {
    read: &'a dyn Read,
    asked: Cell<usize>,
    scanned: RefCell<Vec<TableId>>,
}

impl<'a> Counting<'a> {
    pub(crate) fn new(read: &'a dyn Read) -> Self {
        Counting { read, asked: Cell::new(0), scanned: RefCell::default() }
    }

    /// How often it was asked for anything.
    pub(crate) fn asked(&self) -> usize {
        self.asked.get()
    }

    /// How often rows of these tables were listed.
    pub(crate) fn listed(&self, tables: &[TableId]) -> usize {
        self.scanned.borrow().iter().filter(|table| tables.contains(table)).count()
    }

    fn ask(&self) {
        self.asked.set(self.asked.get() + 1);
    }
}

impl Read for Counting<'_> {
    fn get_bytes(&self, table: TableId, key: &[u8]) -> storage::Result<Option<Bytes>> {
        self.ask();
        self.read.get_bytes(table, key)
    }

    fn get_many_bytes(&self, table: TableId, keys: &[Vec<u8>]) -> storage::Result<Vec<Option<Bytes>>> {
        self.ask();
        self.read.get_many_bytes(table, keys)
    }

    fn scan_bytes(
        &self,
        table: TableId,
        range: &KeyRange,
        direction: Direction,
        visit: Visit<'_>,
    ) -> storage::Result<()> {
        self.ask();
        self.scanned.borrow_mut().push(table);
        self.read.scan_bytes(table, range, direction, visit)
    }
}
