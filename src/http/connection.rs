//! One inbound connection: how long it may take for a head, stand idle or leave an answer unread; and the register of
//! all of them, which makes room by closing whoever has been idle longest (SECURITY E1).

use crate::{http::rate::network, limits};
use std::{
    collections::HashMap,
    io,
    net::IpAddr,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::Notify,
    time::{Instant, Sleep},
};

/// What the register and the request service know of a connection.
pub(crate) struct State {
    began: Instant,
    /// Milliseconds after `began` of the last byte written, or of the end of a request.
    active_ms: AtomicU64,
    /// Milliseconds after `began` of the first byte of a head that is not complete; 0: none.
    head_ms: AtomicU64,
    /// A request is being answered.
    busy: AtomicBool,
    /// Told to close as soon as it is idle.
    pub(crate) leave: Notify,
}

impl State {
    fn new() -> Arc<Self> {
        Arc::new(State {
            began: Instant::now(),
            active_ms: AtomicU64::new(0),
            head_ms: AtomicU64::new(0),
            busy: AtomicBool::new(false),
            leave: Notify::new(),
        })
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn touch(&self) {
        self.active_ms.store(self.elapsed_ms().max(1), Ordering::Relaxed);
    }

    /// A head is complete; bodies and answers have their own bounds.
    pub(crate) fn request_begins(&self) {
        self.busy.store(true, Ordering::Relaxed);
        self.head_ms.store(0, Ordering::Relaxed);
    }

    /// The answer's head is made; its body may still be on the way.
    pub(crate) fn request_ends(&self) {
        self.busy.store(false, Ordering::Relaxed);
        self.head_ms.store(0, Ordering::Relaxed);
        self.touch();
    }

    /// When reading has taken too long; `None` while a request is being answered.
    fn read_due(&self) -> Option<Instant> {
        if self.busy.load(Ordering::Relaxed) {
            return None;
        }
        let idle = self.active_ms.load(Ordering::Relaxed) + limits::IDLE_SECONDS * 1000;
        let due = match self.head_ms.load(Ordering::Relaxed) {
            0 => idle,
            head => idle.min(head + limits::HEAD_SECONDS * 1000),
        };
        Some(self.began + Duration::from_millis(due))
    }

    /// When writing has taken too long.
    fn write_due(&self) -> Instant {
        let last = self.active_ms.load(Ordering::Relaxed);
        self.began + Duration::from_millis(last + limits::IDLE_SECONDS * 1000)
    }

    /// How long it has been idle; `None` if it is not, or has just come.
    fn idle_since(&self) -> Option<Instant> {
        let fresh = self.active_ms.load(Ordering::Relaxed) == 0 && self.elapsed_ms() < limits::CONNECTION_GRACE_MS;
        if fresh || self.busy.load(Ordering::Relaxed) {
            return None;
        }
        Some(self.began + Duration::from_millis(self.active_ms.load(Ordering::Relaxed)))
    }

    /// Since when it has been idle for so long that it may be closed for somebody else's sake: whoever asks for one thing
    /// after another is not cut off between two.
    fn spare_since(&self) -> Option<Instant> {
        self.idle_since().filter(|since| since.elapsed() >= Duration::from_millis(limits::CONNECTION_GRACE_MS))
    }
}

/// A socket that gives up on who is too slow.
pub(crate) struct Patient<S> {
    inner: S,
    state: Arc<State>,
    read_alarm: Alarm,
    write_alarm: Alarm,
}

/// A timer made when first needed and moved only when it rings too early.
#[derive(Default)]
struct Alarm(Option<Pin<Box<Sleep>>>);

impl Alarm {
    /// Ready once `due()` has come; asks again whenever the timer rings, because `due` moves on.
    fn poll(&mut self, cx: &mut Context<'_>, due: impl Fn() -> Option<Instant>) -> Poll<()> {
        loop {
            let Some(when) = due() else { return Poll::Pending };
            let sleep = self.0.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(when)));
            if sleep.deadline() > when || sleep.is_elapsed() {
                if when <= Instant::now() {
                    return Poll::Ready(());
                }
                sleep.as_mut().reset(when);
            }
            if sleep.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
    }
}

fn too_slow() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the client was too slow")
}

impl<S> Patient<S> {
    pub(crate) fn new(inner: S, state: Arc<State>) -> Self {
        Patient { inner, state, read_alarm: Alarm::default(), write_alarm: Alarm::default() }
    }

    fn wrote<T>(&mut self, cx: &mut Context<'_>, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.state.touch();
            return done;
        }
        let state = &self.state;
        self.write_alarm.poll(cx, || Some(state.write_due())).map(|()| Err(too_slow()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buf.filled().len();
        let read = Pin::new(&mut this.inner).poll_read(cx, buf);
        let state = &this.state;
        if read.is_ready() {
            let began = buf.filled().len() > before && !state.busy.load(Ordering::Relaxed);
            if began && state.head_ms.load(Ordering::Relaxed) == 0 {
                state.head_ms.store(state.elapsed_ms().max(1), Ordering::Relaxed);
            }
            return read;
        }
        this.read_alarm.poll(cx, || state.read_due()).map(|()| Err(too_slow()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.wrote(cx, done)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.inner).poll_write_vectored(cx, parts);
        self.wrote(cx, done)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

/// All open connections.
#[derive(Default)]
pub(crate) struct Register(Mutex<Open>);

#[derive(Default)]
struct Open {
    next: u64,
    rows: HashMap<u64, (IpAddr, Arc<State>)>,
    by_client: HashMap<IpAddr, usize>,
}

/// A place in the register; leaving it frees the place.
pub(crate) struct Place {
    register: Arc<Register>,
    number: u64,
    pub(crate) state: Arc<State>,
}

impl Register {
    /// A place for a connection from `client`, which may have `most` at once; `None` if nobody idle can make room.
    pub(crate) fn enter(self: &Arc<Self>, client: IpAddr, most: usize) -> Option<Place> {
        let client = network(client);
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = open.by_client.get(&client).copied().unwrap_or(0);
        // Who may have all there are is bounded by what there is: by the rule for everybody.
        let crowded = own >= most && most < limits::CONNECTIONS;
        if crowded || open.rows.len() >= limits::CONNECTIONS {
            let idle = open.rows.iter().filter(|(_, (whose, _))| !crowded || *whose == client);
            let since = |state: &State| if crowded { state.idle_since() } else { state.spare_since() };
            let longest = idle.filter_map(|(number, (_, state))| Some((since(state)?, *number))).min();
            let (_, number) = longest?;
            if let Some((_, state)) = open.leave(number) {
                state.leave.notify_one();
            }
        }
        open.next += 1;
        let (number, state) = (open.next, State::new());
        open.rows.insert(number, (client, Arc::clone(&state)));
        *open.by_client.entry(client).or_insert(0) += 1;
        Some(Place { register: Arc::clone(self), number, state })
    }

    /// Whether somebody may come who is not one too many of their own: there is a free place, or somebody idle for a
    /// while in one.
    pub(crate) fn has_room(&self) -> bool {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.rows.len() < limits::CONNECTIONS || open.rows.values().any(|(_, state)| state.spare_since().is_some())
    }

    /// How many are open.
    pub(crate) fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).rows.len()
    }
}

impl Open {
    fn leave(&mut self, number: u64) -> Option<(IpAddr, Arc<State>)> {
        let row = self.rows.remove(&number)?;
        if let Some(count) = self.by_client.get_mut(&row.0) {
            *count -= 1;
            if *count == 0 {
                self.by_client.remove(&row.0);
            }
        }
        Some(row)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.register.0.lock().unwrap_or_else(PoisonError::into_inner).leave(self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_crowd_makes_room_by_closing_the_longest_idle() {
        let register = Arc::new(Register::default());
        let client: IpAddr = "192.0.2.1".parse().expect("an address");
        let places: Vec<_> = (0..limits::CONNECTIONS_PER_CLIENT)
            .map(|_| register.enter(client, limits::CONNECTIONS_PER_CLIENT).expect("room"))
            .collect();
        places.iter().for_each(|place| place.state.request_begins());
        assert!(register.enter(client, limits::CONNECTIONS_PER_CLIENT).is_none(), "everybody is busy");
        assert!(
            register.enter("192.0.2.2".parse().expect("an address"), limits::CONNECTIONS_PER_CLIENT).is_some(),
            "another client has room"
        );
        places[7].state.request_ends();
        let fresh = register.enter(client, limits::CONNECTIONS_PER_CLIENT).expect("the idle one made room");
        places[7].state.leave.notified().await;
        drop(fresh);
        drop(places);
        assert_eq!(register.count(), 0);
    }

    #[tokio::test]
    async fn a_proxy_is_bounded_by_the_total_only() {
        let register = Arc::new(Register::default());
        let client: IpAddr = "127.0.0.1".parse().expect("an address");
        let places: Vec<_> =
            (0..limits::CONNECTIONS).map(|_| register.enter(client, limits::CONNECTIONS).expect("room")).collect();
        assert!(!register.has_room() && register.enter(client, limits::CONNECTIONS).is_none(), "all have just come");
        places.iter().for_each(|place| place.state.request_begins());
        assert!(!register.has_room(), "all are busy");
        places[3].state.request_ends();
        assert!(
            !register.has_room() && register.enter(client, limits::CONNECTIONS).is_none(),
            "it may have more to ask"
        );
        let deadline = Instant::now() + Duration::from_secs(10);
        while !register.has_room() {
            assert!(Instant::now() < deadline, "an idle one makes room after a second");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(register.enter(client, limits::CONNECTIONS).is_some());
        places[3].state.leave.notified().await;
        drop(places);
        assert_eq!(register.count(), 0);
    }
}
