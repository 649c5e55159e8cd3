//! Lives here: the full-text index over statuses: tantivy, the thread that follows the log, and what can be asked.
//! May use: `store`, `log`, `event`, `status`, `account`, `quote`, `reaction`, `silent`, `vfs`, `latency`, `limits`. Must never
//! name: how words are made or who may find what (that is the server's `search` room, behind [`Describe`]); no other room
//! names tantivy.
//! Invariants: the index is a view of the log and disposable; what it answers are hints that whoever asks checks
//! against the rows; its trouble is nobody else's.

mod among;
mod best;
mod changed;
mod follow;
mod index;
mod merging;
mod timed;

use crate::{
    account::Account,
    error::{Error, Result},
    event::Event,
    id::{AccountId, Lsn, StatusId, Timestamp},
    status::Status,
    store::Store,
    table::{Bounds, Direction, Read},
    vfs::Vfs,
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Instant,
};

/// A word and its place in the text; places apart by one stand side by side in a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As compared.
    pub text: String,
    /// From 0, ascending.
    pub place: u32,
}

/// What is indexed of a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The status.
    pub id: StatusId,
    /// By whom.
    pub author: AccountId,
    /// Who shared it; few.
    pub sharers: Vec<AccountId>,
    /// The hashtags under which everybody may find it.
    pub tags: Vec<String>,
    /// When it was posted.
    pub created_at: Timestamp,
    /// Its words.
    pub words: Vec<Word>,
    /// What else it is found by, each compared as a whole: `from:115…`, `has:image`.
    pub marks: Vec<String>,
}

/// What documents are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// These words, apart as their places are: one word, or a phrase. No words: no document.
    Words(Vec<Word>),
    /// A word that begins so.
    Beginning(String),
    /// Any of these marks.
    Marks(Vec<String>),
    /// With any of all this. Each document that other conditions leave is held against it, so it may name thousands.
    Among(Wanted),
    /// Any of these statuses. They are looked up, whatever else is asked for: for thousands of which few match.
    Ids(Vec<StatusId>),
    /// Posted within `from ≤ time < until`.
    Posted {
        /// The first moment.
        from: Option<Timestamp>,
        /// The first moment behind.
        until: Option<Timestamp>,
    },
    /// All of these; of none: every document.
    All(Vec<Query>),
    /// Any of these; of none: no document.
    Any(Vec<Query>),
    /// Not this.
    Not(Box<Query>),
}

/// What documents may have, any of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// By any of these.
    pub authors: Vec<AccountId>,
    /// Shared by any of these.
    pub sharers: Vec<AccountId>,
    /// Found by everybody under any of these hashtags.
    pub tags: Vec<String>,
    /// Any of these.
    pub ids: Vec<StatusId>,
    /// With any of these marks; few.
    pub marks: Vec<String>,
}

/// What the index is told about statuses by whoever makes the rules.
pub trait Describe: Send + Sync {
    /// The number of the way statuses are described; an index of another one is made anew.
    fn format(&self) -> u32;

    /// What is indexed of a status; `None`: it is not to be found.
    ///
    /// # Errors
    /// Storage errors.
    fn describe(&self, read: &dyn Read, status: &Status) -> Result<Option<Document>>;

    /// The documents that are no longer true, the account being as it is.
    fn outdated(&self, account: &Account) -> Query;
}

/// How the index is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchState {
    /// Documents that can be found.
    pub documents: u64,
    /// Everything up to this transaction is in it, unless it is being made anew: a restart reads the log from there on.
    pub position: Lsn,
    /// It is being made anew: statuses looked at so far.
    pub rebuilding: Option<u64>,
    /// Why it does not work now.
    pub problem: Option<String>,
}

/// The index: cheap to clone. Its thread ends when it is stopped or the last clone goes.
#[derive(Clone)]
pub struct Index(Arc<Handle>);

struct Handle {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What the thread and those who ask share.
struct Shared {
    dir: PathBuf,
    hints: Mutex<Hints>,
    hinted: Condvar,
    /// What can be asked; `None` while the index does not work.
    open: Mutex<Option<index::Open>>,
    state: Mutex<SearchState>,
}

/// How often the index commits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pace {
    /// Soon: what is posted can be found within seconds.
    #[default]
    Usual,
    /// As rarely as it may, also for edits and deletions and while it is made anew: the disk is in trouble.
    Sparing,
}

/// What wakes the thread. Hints carry no truth: that is read from the log.
#[derive(Default)]
struct Hints {
    stop: bool,
    /// A question failed: the index is opened again.
    suspect: bool,
    /// Its files are damaged: it is made anew.
    anew: bool,
    /// Changes since the thread last looked, and when the first came, counters of statuses included.
    changes: usize,
    first: Option<Instant>,
    /// When the first change of something that can be found already came.
    first_edit: Option<Instant>,
    pace: Pace,
}

/// Up to where the index in `dir` is complete, for `Options::consumed`; 0 if there is none that can be read.
#[must_use]
pub fn position(dir: &Path) -> Lsn {
    index::position(dir)
}

/// Files of the index in `dir` that are not as they were written, and what is wrong with each; all of it is read, some of it
/// again if anything is found: what is replaced meanwhile is not damaged. Nothing where there is no index.
#[must_use]
pub fn damaged(dir: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for _ in 0..crate::limits::CHECK_TRIES {
        let looked = catch_unwind(|| index::damaged(dir));
        found = looked.unwrap_or_else(|_| vec![("meta.json".to_owned(), "the search library panicked".to_owned())]);
        if found.is_empty() {
            break;
        }
    }
    found.sort();
    found
}

/// Where the index of a data directory is.
#[must_use]
pub fn dir(data_dir: &Path) -> PathBuf {
    data_dir.join("search")
}

/// Whether there is an index in `dir`, and not something else that is called like it.
///
/// # Errors
/// As the system says.
pub(crate) fn is_index(vfs: &dyn Vfs, dir: &Path) -> std::io::Result<bool> {
    match vfs.exists(&dir.join("meta.json")) {
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => Ok(false),
        looked => looked,
    }
}

/// Removes the index in `dir`, which nobody has open: it is made anew from the rows at the next start.
///
/// # Errors
/// `Io`.
pub fn remove(dir: &Path) -> Result<()> {
    match std::fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::io("remove search/", error)),
        _ => Ok(()),
    }
}

impl Index {
    /// Starts the thread that opens the index in `dir`, or makes it, and follows the log of `store`. Whatever fails
    /// there is told by [`Index::state`] and tried again.
    ///
    /// # Errors
    /// `Io` if no thread can be started.
    pub fn start(dir: PathBuf, store: Store, describe: Arc<dyn Describe>) -> Result<Self> {
        let shared = Arc::new(Shared::new(dir));
        let follower = follow::Follower::new(Arc::clone(&shared), store, describe);
        let thread = thread::Builder::new().name("search".to_owned()).spawn(move || follower.run());
        let thread = thread.map_err(|error| Error::io("start a thread", error))?;
        Ok(Index(Arc::new(Handle { shared, thread: Mutex::new(Some(thread)) })))
    }

    /// A listener for `Store::subscribe`: wakes the thread. Does not keep the index alive.
    pub fn listener(&self) -> impl Fn(&[Event]) + Send + Sync + 'static {
        let shared = Arc::clone(&self.0.shared);
        move |events| shared.hear(events)
    }

    /// At most `limit` statuses that match within `bounds`, in the order of their ids. What it answers may be some
    /// seconds old; whoever asks checks each against the rows.
    ///
    /// # Errors
    /// `Unavailable` while the index does not work, `Io` if it fails.
    pub fn search(&self, query: &Query, bounds: Bounds, direction: Direction, limit: usize) -> Result<Vec<StatusId>> {
        self.ask(|open| open.search(query, bounds, direction, limit))
    }

    /// At most `limit` statuses that match within `bounds`, those first whose words (`Query::Words` among the outermost
    /// conditions) fit best by BM25, the newer a little before the older, ties by id; without words the newest. Scores no
    /// more than `limits::SEARCH_SCORED` documents, nearly the newest that have the rarest of the words.
    ///
    /// # Errors
    /// As [`Index::search`].
    pub fn best(&self, query: &Query, bounds: Bounds, limit: usize) -> Result<Vec<StatusId>> {
        self.ask(|open| open.best(query, bounds, limit))
    }

    fn ask(&self, ask: impl FnOnce(&index::Open) -> Result<Vec<StatusId>>) -> Result<Vec<StatusId>> {
        let shared = &self.0.shared;
        let open = lock(&shared.open).clone().ok_or(Error::Unavailable)?;
        let outcome = catch_unwind(AssertUnwindSafe(|| ask(&open)));
        outcome.unwrap_or_else(|_| Err(index::failed("the search library panicked"))).inspect_err(|_| {
            lock(&shared.hints).suspect = true;
            shared.hinted.notify_all();
        })
    }

    /// How often it commits from now on.
    pub fn set_pace(&self, pace: Pace) {
        let shared = &self.0.shared;
        let before = std::mem::replace(&mut lock(&shared.hints).pace, pace);
        if before != pace {
            shared.hinted.notify_all();
        }
    }

    /// Lets go of the index and makes it anew from the rows, as one that spoiled: soon, and in the background.
    pub fn make_anew(&self) {
        lock(&self.0.shared.hints).anew = true;
        self.0.shared.hinted.notify_all();
    }

    /// How it is.
    #[must_use]
    pub fn state(&self) -> SearchState {
        lock(&self.0.shared.state).clone()
    }

    /// Ends the thread after the commit it is at, if any; nothing can be found any more.
    pub fn stop(&self) {
        self.0.stop();
    }
}

impl Handle {
    fn stop(&self) {
        lock(&self.shared.hints).stop = true;
        self.shared.hinted.notify_all();
        let Some(thread) = lock(&self.thread).take() else { return };
        if thread.join().is_err() {
            tracing::error!("the search thread panicked");
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn new(dir: PathBuf) -> Self {
        Shared { dir, hints: Mutex::default(), hinted: Condvar::new(), open: Mutex::default(), state: Mutex::default() }
    }

    fn hear(&self, events: &[Event]) {
        let (mut changes, mut edited, mut beside) = (0, false, false);
        for event in events {
            match event {
                Event::StatusCreated { .. } => changes += 1,
                // Most of these change no document: they end no rest.
                Event::StatusCounted { .. } => beside = true,
                Event::StatusUpdated { .. } | Event::StatusDeleted { .. } | Event::AccountChanged { .. } => {
                    changes += 1;
                    edited = true;
                }
                _ => {}
            }
        }
        if changes == 0 && !beside {
            return;
        }
        let mut hints = lock(&self.hints);
        let now = Instant::now();
        let news = hints.first.is_none() || (edited && hints.first_edit.is_none());
        hints.changes += changes;
        hints.first.get_or_insert(now);
        if edited {
            hints.first_edit.get_or_insert(now);
        }
        if news || hints.changes >= crate::limits::SEARCH_BATCH {
            self.hinted.notify_all();
        }
    }
}

/// What is held here is whole at every moment, so a panic elsewhere spoils nothing.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_only_counted_wakes_and_ends_no_rest() {
        let shared = Shared::new(PathBuf::new());
        let (status, account) = (StatusId(1), AccountId(2));
        shared.hear(&[Event::PeerRevived { domain: "a.example".to_owned() }]);
        assert!(lock(&shared.hints).first.is_none());
        shared.hear(&[Event::StatusCounted { status }, Event::StatusCounted { status }]);
        {
            let hints = lock(&shared.hints);
            assert!(hints.first.is_some() && hints.first_edit.is_none());
            assert_eq!(hints.changes, 0);
        }
        shared.hear(&[Event::StatusCreated { status, account }, Event::StatusCounted { status }]);
        assert_eq!(lock(&shared.hints).changes, 1, "an answer is one change");
    }
}
