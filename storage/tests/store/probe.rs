//! The probe: a disk that is slow or hangs is known while it is so, and what is normal survives a restart.

use crate::support::{ROWS, simulated, until};
use std::{
    collections::BTreeSet,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
        mpsc::channel,
    },
    time::Duration,
};
use storage::{
    Cache, Digest, Error, Files, Lsn, Options, Sizes, Store, Timestamp,
    latency::{self, LatencyFigures, Purpose},
    vfs::{RealDisk, SimulatedDisk},
};

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
    let held = Mutex::new(held);
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

/// What the store says of syncs for `purpose`.
fn syncs_for(store: &Store, purpose: Purpose) -> Option<LatencyFigures> {
    store.syncs().into_iter().find(|(known, _)| *known == purpose).map(|(_, figures)| figures)
}

#[test]
fn every_sync_is_kept_by_what_it_is_for_and_only_the_logs_say_how_the_disk_is() {
    let disk = SimulatedDisk::new();
    let now = Arc::new(Mutex::new(Duration::from_secs(1_000)));
    disk.set_elapsed(Duration::from_secs(1_000));
    let pass = {
        let (disk, now) = (disk.clone(), now.clone());
        move |ms| {
            let mut now = now.lock().unwrap();
            *now += Duration::from_millis(ms);
            disk.set_elapsed(*now);
        }
    };
    let of_hook = pass.clone();
    disk.on_sync(Arc::new(move |path: &Path| {
        let path = path.to_string_lossy();
        let took = [(".seg", 1), ("engine.redb", 300), ("/base/", 200), ("CHECKPOINT", 100), ("/upload/", 400)];
        took.iter().filter(|(part, _)| path.contains(part)).for_each(|(_, ms)| of_hook(*ms));
    }));
    // A commit in its own time: nothing else of the log is synced beside the tables, and nobody probes.
    let sizes = Sizes {
        idle_header: Duration::from_secs(3_600),
        probe_interval: Duration::from_secs(100),
        checkpoint_bytes: 1,
        ..simulated(&disk).sizes
    };
    let options = || Options { sizes: sizes.clone(), ..simulated(&disk) };
    let store = Store::open(options()).unwrap();
    put(&store, 1).unwrap();
    let durable = store.state().durable;
    until("the tables are durable", || store.state().checkpoint >= durable);
    store.write_base().unwrap();
    let files = Files::new(store.timed(Arc::new(disk.clone()), Purpose::Files), Path::new("/data"));
    drop(files.keep(b"a picture").unwrap());
    for (purpose, ms) in [(Purpose::Tables, 300), (Purpose::Bases, 200), (Purpose::Notes, 100), (Purpose::Files, 400)] {
        let figures = syncs_for(&store, purpose).unwrap_or_default();
        assert!(figures.count > 0 && figures.max >= Duration::from_millis(ms), "{purpose:?}: {figures:?}");
    }
    assert!(syncs_for(&store, Purpose::Log).is_some_and(|log| log.count > 0));
    let sync = store.disk().sync;
    assert!(sync.count > 0 && sync.max < Duration::from_millis(100), "the tables make no disk slow: {sync:?}");

    pass(600_000);
    let kept = || latency::read(&disk, Path::new("/store")).hours().any(|hour| !hour.by_purpose.is_empty());
    until("the hours are kept", kept);
    store.close().unwrap();
    drop(store);
    let store = Store::open(options()).unwrap();
    let figures = syncs_for(&store, Purpose::Files).unwrap_or_default();
    assert!(figures.count > 0 && figures.max >= Duration::from_millis(400), "after a restart: {figures:?}");
}

#[test]
fn a_segment_made_beforehand_is_told_apart_from_what_is_waited_for() {
    let disk = SimulatedDisk::new();
    let (now, made) = (AtomicU64::new(1_000_000), Mutex::new(BTreeSet::new()));
    disk.set_elapsed(Duration::from_millis(1_000_000));
    let of_hook = disk.clone();
    disk.on_sync(Arc::new(move |path: &Path| {
        if path.extension().is_some_and(|kind| kind == "seg") {
            // The first sync of a segment makes it, the next one is that of its header.
            let ms = if made.lock().unwrap().insert(path.to_owned()) { 500 } else { 1 };
            of_hook.set_elapsed(Duration::from_millis(now.fetch_add(ms, Ordering::SeqCst) + ms));
        }
    }));
    let sizes = Sizes {
        idle_header: Duration::from_secs(3_600),
        probe_interval: Duration::from_secs(3_600),
        ..simulated(&disk).sizes
    };
    let store = Store::open(Options { sizes, ..simulated(&disk) }).unwrap();
    let segments = syncs_for(&store, Purpose::Segments).unwrap_or_default();
    assert!(segments.count > 0 && segments.max >= Duration::from_millis(500), "{segments:?}");
    let log = syncs_for(&store, Purpose::Log).unwrap_or_default();
    assert!(log.count > 0 && log.max < Duration::from_millis(500), "{log:?}");
}

#[test]
fn keeping_a_copy_of_a_picture_is_timed() {
    let store = Store::open(simulated(&SimulatedDisk::new())).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let cache = Cache::new(store.timed(Arc::new(RealDisk), Purpose::Copies), dir.path());
    assert_eq!(syncs_for(&store, Purpose::Copies), None);
    for number in 1..=3 {
        cache.keep(Digest::of(&number.to_string()), b"a picture", Timestamp(0)).unwrap();
        assert_eq!(syncs_for(&store, Purpose::Copies).map(|figures| figures.count), Some(number));
    }
}
