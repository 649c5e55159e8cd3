//! Opening a directory of sled's: nothing it holds is believed before all of it was read and its sum is right.

use super::{APPLIED, Db, LEAF_FANOUT, guarded, held};
use crate::{
    engine::held::Held,
    error::{Error, Result},
    id::Lsn,
    limits,
};
use std::{
    io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{RecvTimeoutError, channel},
    },
    time::{Duration, Instant},
};

/// How long a directory may stay locked by handles that are still being dropped.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// Opens the directory and reads everything in it; the answer is its handle and what it holds, if it is not new.
///
/// sled spins for ever on some kinds of damage, so a thread of its own does this and is left behind if it gets no
/// further; that costs a processor until the process ends, and the server works.
pub(super) fn verified(path: &Path) -> Result<(Db, Option<Held>)> {
    let rows = Arc::new(AtomicU64::new(0));
    let (send, receive) = channel();
    let (of_thread, its_rows) = (path.to_path_buf(), rows.clone());
    let read = move || {
        let opened = handle(&of_thread).and_then(|db| Ok((guarded("read", || held(&db))?, db)));
        let checked = opened.and_then(|(noted, db)| {
            if let Some(noted) = noted {
                noted.compare(walk(&db, noted.lsn, &its_rows)?, "engine.sled")?;
            }
            Ok((db, noted))
        });
        // Nobody waits any more if this took too long.
        let _ = send.send(checked);
    };
    let thread = std::thread::Builder::new().name("store-sled-open".to_owned());
    thread.spawn(read).map_err(|error| Error::io("start a thread", error))?;
    let mut seen = None;
    loop {
        match receive.recv_timeout(limits::SLED_STUCK) {
            Ok(checked) => return checked,
            Err(RecvTimeoutError::Timeout) if seen != Some(rows.load(Ordering::Relaxed)) => {
                seen = Some(rows.load(Ordering::Relaxed));
            }
            Err(_) => {
                let after = rows.load(Ordering::Relaxed);
                tracing::error!(after, "sled does not come back from reading; its thread is left until a restart");
                return Err(Error::corrupt("engine.sled", "open", format!("it hangs after {after} rows")));
            }
        }
    }
}

/// A handle, as the directory is.
pub(super) fn handle(path: &Path) -> Result<Db> {
    let config = sled::Config::new().path(path).flush_every_ms(None).cache_capacity_bytes(limits::SLED_CACHE_BYTES);
    let deadline = Instant::now() + LOCK_WAIT;
    loop {
        match guarded("open", || config.open::<LEAF_FANOUT>()) {
            // A handle dropped a moment ago may still hold the lock on a thread of sled's own.
            Err(Error::Io { source, .. })
                if source.kind() == io::ErrorKind::WouldBlock && Instant::now() < deadline =>
            {
                std::thread::sleep(Duration::from_millis(5));
            }
            other => return other,
        }
    }
}

/// Drops handles, which flushes; what that says is in the log as well.
///
/// After a panic inside sled it may wait for ever for a flush that nobody ends, so a thread of its own does this too.
pub(super) fn close(handles: Vec<Db>) {
    let (send, receive) = channel();
    let drop_all = move || {
        let closed = guarded("close", || {
            drop(handles);
            Ok(())
        });
        // Nobody waits any more if this took too long.
        let _ = send.send(closed);
    };
    let thread = std::thread::Builder::new().name("store-sled-close".to_owned());
    if let Err(error) = thread.spawn(drop_all) {
        tracing::warn!(%error, "no thread to close sled on");
        return;
    }
    match receive.recv_timeout(limits::SLED_STUCK) {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "sled was closed in trouble"),
        Err(_) => tracing::error!("sled does not come back from closing; its thread is left until a restart"),
    }
}

/// Reads every row, counting them on the way, and sums up what is there.
fn walk(db: &Db, lsn: Lsn, count: &AtomicU64) -> Result<Held> {
    let mut found = Held { lsn, ..Held::default() };
    let mut rows = guarded("verify", || Ok(db.iter()))?;
    while let Some((key, value)) = guarded("verify", || rows.next().transpose())? {
        if &key[..] != APPLIED {
            let row = key.split_at_checked(2).ok_or_else(|| Error::corrupt("engine.sled", "verify", "a short key"))?;
            found.add(row.into(), &value);
        }
        count.fetch_add(1, Ordering::Relaxed);
    }
    Ok(found)
}
