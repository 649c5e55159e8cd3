//! Who listens to what, and the bounded queue of each listener.

use super::{
    line::{Line, Wire},
    topic::Topic,
};
use crate::{
    error::{Error, Result},
    http::Viewer,
    limits,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use storage::{AccountId, SecretHash};
use tokio::sync::mpsc;

/// All listeners; cheap to clone, all clones are the same.
#[derive(Clone, Default)]
pub struct Streams(Arc<Hub>);

#[derive(Default)]
struct Hub {
    open: Mutex<Open>,
    dropped: AtomicU64,
}

#[derive(Default)]
struct Open {
    next: u64,
    closed: bool,
    listeners: BTreeMap<u64, Listener>,
    by_account: HashMap<AccountId, usize>,
    /// Who listens to what, as of the last change; `None`: to be made anew.
    directory: Option<Arc<Directory>>,
}

struct Listener {
    line: Arc<Line>,
    topics: Vec<Topic>,
}

/// Who listens to what, at one moment.
#[derive(Default)]
pub(super) struct Directory {
    /// The listeners of topics that belong to an account, by account.
    pub(super) accounts: Vec<OfAccount>,
    /// The listeners of public topics, each with the viewer's account.
    pub(super) public: Vec<(Topic, Vec<Arc<Line>>)>,
}

/// The lines of one account.
pub(super) struct OfAccount {
    pub(super) account: AccountId,
    pub(super) lines: Vec<(Topic, Arc<Line>)>,
}

/// A listener's place; leaving it frees the place.
pub(super) struct Seat {
    streams: Streams,
    number: u64,
    pub(super) line: Arc<Line>,
}

impl Streams {
    /// A place for a listener that holds the token with this hash.
    ///
    /// # Errors
    /// `TooMany` when everybody together or this account alone holds as many as may be; `Storage` while stopping.
    pub(super) fn enter(
        &self,
        viewer: &Viewer,
        token: SecretHash,
        wire: Wire,
    ) -> Result<(Seat, mpsc::Receiver<bytes::Bytes>)> {
        let mut open = self.open();
        if open.closed {
            return Err(Error::Storage(storage::Error::Unavailable));
        }
        let own = open.by_account.get(&viewer.account).copied().unwrap_or(0);
        if open.listeners.len() >= limits::STREAMS || own >= limits::STREAMS_PER_ACCOUNT {
            return Err(Error::TooMany { retry_after: Duration::from_secs(limits::STREAM_RETRY_SECONDS) });
        }
        open.next += 1;
        let (line, queue) = Line::new(viewer, token, wire);
        let (number, line) = (open.next, Arc::new(line));
        open.listeners.insert(number, Listener { line: Arc::clone(&line), topics: Vec::new() });
        *open.by_account.entry(viewer.account).or_default() += 1;
        Ok((Seat { streams: self.clone(), number, line }, queue))
    }

    /// How many listen.
    #[must_use]
    pub fn listeners(&self) -> usize {
        self.open().listeners.len()
    }

    /// How many were dropped because they did not read fast enough, since the start.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.0.dropped.load(Ordering::Relaxed)
    }

    /// Everybody leaves and nobody enters any more.
    pub(super) fn close(&self) {
        let mut open = self.open();
        open.closed = true;
        for listener in open.listeners.values() {
            listener.line.cut();
        }
    }

    /// Who listens to what now.
    pub(super) fn directory(&self) -> Arc<Directory> {
        let mut open = self.open();
        if let Some(known) = &open.directory {
            return Arc::clone(known);
        }
        let made = Arc::new(open.made());
        open.directory = Some(Arc::clone(&made));
        made
    }

    /// The lines in order behind the one numbered `after`, at most `most`, with their numbers.
    pub(super) fn lines(&self, after: u64, most: usize) -> Vec<(u64, Arc<Line>)> {
        let open = self.open();
        let behind = open.listeners.range(after + 1..).take(most);
        behind.map(|(number, listener)| (*number, Arc::clone(&listener.line))).collect()
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        // Nothing in here panics half-way through a change.
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn made(&self) -> Directory {
        let mut accounts: HashMap<AccountId, Vec<(Topic, Arc<Line>)>> = HashMap::new();
        let mut public: HashMap<Topic, Vec<Arc<Line>>> = HashMap::new();
        for Listener { line, topics } in self.listeners.values() {
            for topic in topics {
                match topic {
                    Topic::User(account)
                    | Topic::Notifications(account)
                    | Topic::List(account, _)
                    | Topic::Direct(account) => {
                        accounts.entry(*account).or_default().push((topic.clone(), Arc::clone(line)));
                    }
                    Topic::Public(_) | Topic::Tag { .. } => {
                        public.entry(topic.clone()).or_default().push(Arc::clone(line));
                    }
                }
            }
        }
        let accounts = accounts.into_iter().map(|(account, lines)| OfAccount { account, lines });
        let mut accounts: Vec<_> = accounts.collect();
        accounts.sort_unstable_by_key(|of| of.account);
        Directory { accounts, public: public.into_iter().collect() }
    }
}

impl Seat {
    /// Listens to `topic` from now on; listening twice is listening once.
    ///
    /// # Errors
    /// `Invalid` beyond `limits::STREAM_TOPICS`.
    pub(super) fn subscribe(&self, topic: Topic) -> Result<()> {
        let mut open = self.streams.open();
        let Some(listener) = open.listeners.get_mut(&self.number) else { return Ok(()) };
        if listener.topics.contains(&topic) {
            return Ok(());
        }
        if listener.topics.len() >= limits::STREAM_TOPICS {
            let why = format!("one connection listens to at most {} streams", limits::STREAM_TOPICS);
            return Err(Error::invalid("stream", why));
        }
        listener.topics.push(topic);
        open.directory = None;
        Ok(())
    }

    /// Listens to `topic` no longer.
    pub(super) fn unsubscribe(&self, topic: &Topic) {
        let mut open = self.streams.open();
        if let Some(listener) = open.listeners.get_mut(&self.number) {
            listener.topics.retain(|held| held != topic);
            open.directory = None;
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if self.line.overran() {
            self.streams.0.dropped.fetch_add(1, Ordering::Relaxed);
            tracing::info!(account = %self.line.account, "a stream was dropped: its client did not read");
        }
        let mut open = self.streams.open();
        open.listeners.remove(&self.number);
        let account = self.line.account;
        if let Some(count) = open.by_account.get_mut(&account) {
            *count -= 1;
            if *count == 0 {
                open.by_account.remove(&account);
            }
        }
        open.directory = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::auth::Scopes;
    use storage::{ApplicationId, TokenId};

    fn viewer(account: u64) -> Viewer {
        Viewer {
            account: AccountId(account),
            token: TokenId(1),
            application: ApplicationId(1),
            scopes: Scopes::parse("read"),
        }
    }

    #[test]
    fn one_account_cannot_take_all_places_and_a_place_is_free_again() {
        let streams = Streams::default();
        let enter = |account| streams.enter(&viewer(account), SecretHash::of("token"), Wire::WebSocket);
        let mut seats: Vec<_> =
            (0..limits::STREAMS_PER_ACCOUNT).map(|_| enter(1).expect("a place below the limit")).collect();
        assert!(matches!(enter(1), Err(Error::TooMany { .. })));
        assert!(enter(2).is_ok());
        seats.pop();
        assert!(enter(1).is_ok());
        drop(seats);
        assert_eq!(streams.listeners(), 0);
    }

    #[test]
    fn the_directory_follows_subscriptions() {
        let streams = Streams::default();
        let (seat, _queue) = streams.enter(&viewer(1), SecretHash::of("token"), Wire::WebSocket).expect("a place");
        let topic = Topic::User(AccountId(1));
        seat.subscribe(topic.clone()).expect("the first topic");
        seat.subscribe(topic.clone()).expect("the same topic");
        assert_eq!(streams.directory().accounts[0].lines.len(), 1);
        seat.unsubscribe(&topic);
        assert!(streams.directory().accounts.is_empty());
    }

    #[test]
    fn a_line_that_overruns_is_cut_and_counted() {
        let streams = Streams::default();
        let (seat, queue) = streams.enter(&viewer(1), SecretHash::of("token"), Wire::Sse).expect("a place");
        for _ in 0..=limits::STREAM_QUEUE {
            seat.line.send(bytes::Bytes::from_static(b"frame"));
        }
        drop(queue);
        drop(seat);
        assert_eq!(streams.dropped(), 1);
    }
}
