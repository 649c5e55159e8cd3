//! The probe: a disk that is slow or hangs is known while it is so, and what is normal survives a restart.

use crate::support::{ROWS, simulated, until};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::channel,
    },
    time::Duration,
};
use storage::{Error, Lsn, Options, Sizes, Store, latency, vfs::SimulatedDisk};

fn put(store: &Store, key: u64) -> Result<(), Error> {
    store.write(move |tx| -> Result<(), Error> {
        ROWS.put(tx, &(0, key), &key);
        Ok(())
    })
}

/// A disk whose syncs of the log take `us`, by a stopwatch of its own.
fn disk_of(us: u64) -> (SimulatedDisk, Arc<AtomicU64>) {
    let disk = SimulatedDisk::new();
    disk.set_elapsed(Duration::from_secs(1_000));
    let (of_hook, now) = (disk.clone(), Arc::new(AtomicU64::new(1_000_000_000)));
    let clock = now.clone();
    disk.on_sync(Arc::new(move |path: &Path| {
        if path.extension().is_some_and(|kind| kind == "seg") {
            of_hook.set_elapsed(Duration::from_micros(clock.fetch_add(us, Ordering::SeqCst) + us));
        }
    }));
    (disk, now)
}

#[test]
fn slow_syncs_show_in_the_figures() {
    let (disk, _) = disk_of(300_000);
    let store = Store::open(simulated(&disk)).unwrap();
    (0..5).for_each(|key| put(&store, key).unwrap());
    let figures = store.disk();
    // A commit waits for its own sync alone, and quantiles say up to 19 % too much.
    let p50 = figures.sync.p50.as_millis();
    assert!((300..720).contains(&p50) && figures.sync.count >= 5, "{figures:?}");
    assert_eq!(store.state().sync, figures.sync);
}

#[test]
fn a_hanging_sync_is_known_while_it_hangs_and_reads_go_on() {
    let disk = SimulatedDisk::new();
    disk.set_elapsed(Duration::from_secs(1_000));
    let store = Store::open(simulated(&disk)).unwrap();
    put(&store, 1).unwrap();
    until("the log rests", || store.disk().syncing_for.is_none());
    let (release, held) = channel::<()>();
    let held = std::sync::Mutex::new(held);
    disk.on_sync(Arc::new(move |path: &Path| {
        if path.extension().is_some_and(|kind| kind == "seg") {
            // Ends with the first release and for ever after, as the sender goes.
            let _ = held.lock().unwrap().recv();
        }
    }));
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| put(&store, 2));
        until("the sync has begun", || store.disk().syncing_for.is_some());
        disk.set_elapsed(Duration::from_secs(1_006));
        assert_eq!(store.disk().syncing_for, Some(Duration::from_secs(6)));
        assert_eq!(store.read(|view| ROWS.get(view, &(0, 1))).unwrap(), Some(1), "reads go on");
        assert_eq!(store.read(|view| ROWS.get(view, &(0, 2))).unwrap(), None, "nothing is there before it is safe");
        drop(release);
        writing.join().unwrap().unwrap();
    });
    until("the log rests", || store.disk().syncing_for.is_none());
    assert!(store.disk().sync.max >= Duration::from_secs(6));
    put(&store, 3).unwrap();
}

#[test]
fn an_engine_that_is_behind_the_log_says_for_how_long() {
    let disk = SimulatedDisk::new();
    disk.set_elapsed(Duration::from_secs(1_000));
    // Nothing is applied before a whole batch waits, and a checkpoint follows that at once.
    let sizes = Sizes { apply_gather: Duration::from_secs(3_600), checkpoint_bytes: 1, ..simulated(&disk).sizes };
    let store = Store::open(Options { sizes, ..simulated(&disk) }).unwrap();
    assert_eq!(store.state().checkpoint_age, Duration::ZERO, "counted from the start");
    put(&store, 1).unwrap();
    assert_eq!(store.state().lag, Duration::ZERO);
    disk.set_elapsed(Duration::from_secs(1_004));
    put(&store, 2).unwrap();
    disk.set_elapsed(Duration::from_secs(1_007));
    let state = store.state();
    assert!(state.applied < state.durable, "{state:?}");
    assert_eq!(state.lag, Duration::from_secs(7), "the oldest");
    for key in 3..=600 {
        put(&store, key).unwrap();
    }
    until("most of it is applied", || store.state().lag < Duration::from_secs(1));
    until("it is durable in the engine", || store.state().checkpoint > Lsn(2));
    disk.set_elapsed(Duration::from_secs(1_010));
    assert_eq!(store.state().checkpoint_age, Duration::from_secs(3));
    store.close().unwrap();
}

#[test]
fn a_quiet_store_is_probed_and_its_hours_survive() {
    let (disk, now) = disk_of(0);
    let options = || Options {
        sizes: Sizes { probe_interval: Duration::from_millis(1), ..simulated(&disk).sizes },
        ..simulated(&disk)
    };
    let store = Store::open(options()).unwrap();
    put(&store, 1).unwrap();
    until("the log rests", || store.disk().syncing_for.is_none());
    let before = store.disk().sync.count;
    disk.set_elapsed(Duration::from_micros(now.fetch_add(11_000_000, Ordering::SeqCst) + 11_000_000));
    until("the probe syncs by itself", || {
        disk.files().iter().any(|file| file.ends_with("probe")) && store.disk().sync.count > before
    });
    until("the room is known", || store.disk().free_bytes.is_some() && store.disk().total_bytes.is_some());
    assert_eq!(latency::read(&disk, Path::new("/store")).hours().len(), 0);
    disk.set_elapsed(Duration::from_micros(now.fetch_add(600_000_000, Ordering::SeqCst) + 600_000_000));
    until("the hours are kept", || latency::read(&disk, Path::new("/store")).hours().len() == 1);
    drop(store);
    let kept = latency::read(&disk, Path::new("/store"));
    assert!(kept.hours().next().is_some_and(|hour| hour.syncs.count() > 0 && hour.free_bytes.is_some()));
    // A damaged file costs what was learned, not the start.
    disk.rot(Path::new("/store/LATENCY"), 20).unwrap();
    let store = Store::open(options()).unwrap();
    assert_eq!(store.disk().normal_sync, None);
    put(&store, 2).unwrap();
}
