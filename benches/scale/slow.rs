//! A disk that is slow to make data safe: what 64 writers and a reader get, and one sync that hangs.

use crate::quantile;
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use storage::{
    AccountId, Options, Sizes, Store,
    marker::{self, MARKERS},
    vfs::{SimulatedDisk, Vfs},
};

const WRITERS: u64 = 64;
/// How long they write.
const LASTING: Duration = Duration::from_secs(8);
/// Time between two reads.
const PACE: Duration = Duration::from_micros(500);
/// How long the one sync hangs.
const HANGS: Duration = Duration::from_secs(10);

/// A fast disk, one whose syncs take 30 ms, and one that hangs once while 64 write and one reads.
pub(crate) fn slow_disk() {
    for sync in [Duration::ZERO, Duration::from_millis(30)] {
        let (store, disk) = open();
        disk.slow_syncs(sync);
        let mut seen = at_work(&store, LASTING, || {});
        println!(
            "a sync of {:>2} ms, {WRITERS} writers: {:>6.0} commits/s; reads p50 {:.0} us, p99 {:.0} us",
            sync.as_millis(),
            seen.commits as f64 / LASTING.as_secs_f64(),
            quantile(&mut seen.reads, 0.5),
            quantile(&mut seen.reads, 0.99)
        );
        disk.slow_syncs(Duration::ZERO);
        store.close().expect("it closes");
    }
    let (store, disk) = open();
    let hung = Arc::new(AtomicBool::new(false));
    let armed = Arc::clone(&hung);
    // The first sync after a second of writing hangs.
    disk.on_sync(Arc::new(move |_| {
        if armed.swap(false, Ordering::Relaxed) {
            thread::sleep(HANGS);
        }
    }));
    let mut seen = at_work(&store, LASTING + HANGS, || {
        thread::sleep(Duration::from_secs(1));
        hung.store(true, Ordering::Relaxed);
    });
    println!(
        "one sync of {} s: {} commits in {} s, the longest {:.1} s; {} reads meanwhile, p50 {:.0} us, p99 {:.0} us",
        HANGS.as_secs(),
        seen.commits,
        (LASTING + HANGS).as_secs(),
        seen.longest.as_secs_f64(),
        seen.reads.len(),
        quantile(&mut seen.reads, 0.5),
        quantile(&mut seen.reads, 0.99)
    );
    store.close().expect("it closes");
}

fn open() -> (Store, SimulatedDisk) {
    let disk = SimulatedDisk::new();
    disk.forget_steps();
    let vfs: Arc<dyn Vfs> = Arc::new(disk.clone());
    let sizes = Sizes { free_min: 0, reserve: 0, ..Sizes::default() };
    (Store::open(Options { vfs, sizes, ..Options::new("/store") }).expect("it opens"), disk)
}

/// What writers and the reader saw.
struct Seen {
    commits: u64,
    longest: Duration,
    reads: Vec<Duration>,
}

fn at_work(store: &Store, lasting: Duration, meanwhile: impl FnOnce()) -> Seen {
    let (stop, commits) = (AtomicBool::new(false), AtomicU64::new(0));
    let (longest, reads) = (Mutex::new(Duration::ZERO), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (stop, commits, longest) = (&stop, &commits, &longest);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let began = Instant::now();
                    let write =
                        move |tx: &mut storage::Tx<'_>| marker::put(tx, AccountId(writer), "home", "1").map(drop);
                    store.write(write).expect("written");
                    commits.fetch_add(1, Ordering::Relaxed);
                    let mut longest = longest.lock().expect("nobody panics inside");
                    *longest = longest.max(began.elapsed());
                }
            });
        }
        scope.spawn(|| {
            let key = (AccountId(7), "home".to_owned());
            while !stop.load(Ordering::Relaxed) {
                let began = Instant::now();
                store.read(|view| MARKERS.get(view, &key)).expect("a read");
                reads.lock().expect("nobody panics inside").push(began.elapsed());
                thread::sleep(PACE);
            }
        });
        let began = Instant::now();
        meanwhile();
        thread::sleep(lasting.saturating_sub(began.elapsed()));
        stop.store(true, Ordering::Relaxed);
    });
    let inside = "nobody panics inside";
    Seen {
        commits: commits.into_inner(),
        longest: longest.into_inner().expect(inside),
        reads: reads.into_inner().expect(inside),
    }
}
