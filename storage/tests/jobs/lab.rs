//! A store in a directory with a clock set by hand, that can be closed and opened again.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};
use storage::{
    AccountId, Environment, Options, Result, Store, Timestamp, Tx, View,
    account::{self, Account, Endpoints},
    relationship::{self, Follow},
};

pub(crate) const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

pub(crate) struct Lab {
    dir: tempfile::TempDir,
    now: Arc<AtomicI64>,
    store: Option<Store>,
}

impl Lab {
    pub(crate) fn new() -> Self {
        let now = Arc::new(AtomicI64::new(1_767_225_600_000));
        let mut lab = Lab { dir: tempfile::tempdir().unwrap(), now, store: None };
        lab.open();
        lab
    }

    fn open(&mut self) {
        let (now, seed) = (Arc::clone(&self.now), AtomicU64::new(7));
        let environment = Environment {
            now: Arc::new(move || Timestamp(now.load(Ordering::SeqCst))),
            random: Arc::new(move || seed.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst).rotate_left(17)),
        };
        self.store = Some(Store::open(Options { environment, ..Options::new(self.dir.path().join("store")) }).unwrap());
    }

    pub(crate) fn reopen(&mut self) {
        if let Some(store) = self.store.take() {
            store.close().unwrap();
        }
        self.open();
    }

    pub(crate) fn advance(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::SeqCst))
    }

    pub(crate) fn write<T: Send + 'static>(&self, rule: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static) -> T {
        self.store.as_ref().unwrap().write(rule).unwrap()
    }

    pub(crate) fn read<T>(&self, look: impl FnOnce(&View<'_>) -> Result<T>) -> T {
        self.store.as_ref().unwrap().read(look).unwrap()
    }

    pub(crate) fn local(&self, name: &str) -> AccountId {
        let name = name.to_owned();
        self.write(move |tx| {
            let id = tx.next_id();
            let row = account(id, &name, None, tx.now());
            account::put(tx, &row)?;
            Ok(id)
        })
    }

    /// An account at `domain`, with a shared inbox there if asked for.
    pub(crate) fn remote(&self, name: &str, domain: &str, shared: bool) -> AccountId {
        let (name, domain) = (name.to_owned(), domain.to_owned());
        self.write(move |tx| {
            let id = tx.next_id();
            let mut row = account(id, &name, Some(&domain), tx.now());
            row.endpoints.shared_inbox = shared.then(|| format!("https://{domain}/inbox"));
            account::put(tx, &row)?;
            Ok(id)
        })
    }

    pub(crate) fn follow(&self, follower: AccountId, target: AccountId) {
        self.write(move |tx| {
            let follow = Follow::bare(tx.next_id(), String::new(), tx.now());
            relationship::put(tx, follower, target, &follow)
        });
    }
}

fn account(id: AccountId, name: &str, domain: Option<&str>, now: Timestamp) -> Account {
    let uri = domain.map_or_else(|| format!("/users/{name}"), |domain| format!("https://{domain}/users/{name}"));
    let inbox = domain.map_or_else(String::new, |_| format!("{uri}/inbox"));
    Account {
        domain: domain.map(str::to_owned),
        uri,
        endpoints: Endpoints { inbox, ..Endpoints::default() },
        ..Account::bare(id, name, now)
    }
}
