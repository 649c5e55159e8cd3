//! Base snapshots: found rotten wherever they are, equal to the state at their LSN, enough with the log behind them,
//! and never a reason to lose anything.

use crate::support::{RAW, ROWS, TABLES, mix, real, simulated, until};
use std::{
    collections::BTreeMap,
    fs,
    io::ErrorKind,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use storage::{
    EngineKind, Error, Lsn, Options, Sizes, Store, Timestamp,
    base::{self, BaseReader},
    check::{Finding, Repair, Told},
    engine::Exported,
    log::writer::SegmentSizes,
    store::Checkpoint,
    table::TableId,
    vfs::{Fault, FaultOn, OpenMode, RealDisk, SimulatedDisk, Vfs},
};

const ENGINE: &str = "/store/engine.redb";

/// Bases only when a test asks for them; small segments.
fn by_hand(options: Options) -> Options {
    let segments = SegmentSizes { first: 4 * 1024, other: 4 * 1024 };
    Options { sizes: Sizes { segments, base_log_bytes: u64::MAX, ..options.sizes }, ..options }
}

fn put(store: &Store, keys: std::ops::Range<u64>) {
    for key in keys {
        store
            .write(move |tx| -> Result<(), Error> {
                ROWS.put(tx, &(0, key), &key);
                tx.put_bytes(RAW, key.to_be_bytes().to_vec(), noise(key, 150));
                Ok(())
            })
            .unwrap();
    }
}

/// Bytes that cannot be packed.
fn noise(seed: u64, count: u64) -> Vec<u8> {
    (0..count).map(|at| mix(seed * 1000 + at) as u8).collect()
}

fn has(store: &Store, keys: u64) {
    for key in 0..keys {
        assert_eq!(store.read(|view| ROWS.get(view, &(0, key))).unwrap(), Some(key));
    }
    assert_eq!(store.read(|view| ROWS.get(view, &(0, keys))).unwrap(), None);
}

fn checkpointed(store: &Store) {
    let upto = store.state().durable;
    until("a checkpoint", || store.state().checkpoint >= upto);
}

/// A store whose first segments are gone: two bases, and the log behind the older one. 90 keys.
fn shortened(options: Options) -> Vec<String> {
    let store = Store::open(by_hand(options)).unwrap();
    put(&store, 0..30);
    checkpointed(&store);
    store.write_base().unwrap();
    assert_eq!(store.state().log_begin, Lsn(1), "one base is not enough");
    put(&store, 30..60);
    checkpointed(&store);
    store.write_base().unwrap();
    let begin = store.state().log_begin;
    assert!(begin > Lsn(1) && begin <= Lsn(31), "{begin}");
    put(&store, 60..90);
    let names = store.state().bases.into_iter().map(|base| base.name).collect();
    store.close().unwrap();
    names
}

fn refusal(options: Options) -> String {
    match Store::open(options) {
        Ok(_) => panic!("it opened"),
        Err(error) => error.to_string(),
    }
}

fn small_base(disk: &SimulatedDisk, rows: u64) -> String {
    let dir = Path::new("/store");
    let written = base::write(
        disk,
        dir,
        Timestamp(5),
        |sink| {
            for row in 0..rows {
                sink(TableId(10 + (row * 2 / rows) as u16), &row.to_be_bytes(), &noise(row, 20))?;
            }
            Ok(Exported { lsn: Lsn(7), upto: Lsn(9) })
        },
        &|| true,
    );
    written.unwrap().name
}

#[test]
fn what_is_written_is_read_back_and_every_flipped_byte_is_found_and_named() {
    let disk = SimulatedDisk::new();
    let name = small_base(&disk, 40);
    let mut reader = BaseReader::open(&disk, "/store".as_ref(), &name).unwrap();
    let info = reader.info().clone();
    assert_eq!((info.lsn, info.upto, info.rows, info.written), (Lsn(7), Lsn(9), 40, Timestamp(5)));
    for row in 0..40_u64 {
        let (table, key, value) = reader.next().unwrap().unwrap();
        assert_eq!((table, key, value), (TableId(10 + (row / 20) as u16), row.to_be_bytes().to_vec(), noise(row, 20)));
    }
    assert!(reader.next().is_none());
    let path = Path::new("/store").join(&name);
    let size = disk.contents(&path).unwrap().len();
    for at in 0..size {
        let rotten = disk.killed();
        rotten.rot(&path, at).unwrap();
        let error = base::verify(&rotten, "/store".as_ref(), &name, &|| true).unwrap_err();
        assert!(
            matches!(&error, Error::Corrupt { table, key, .. } if *table == name && key.starts_with("byte ")),
            "{at}: {error}"
        );
    }
    for cut in [0, 10, size / 2, size - 1] {
        let short = disk.killed();
        short.open(&path, OpenMode::Existing).unwrap().set_len(cut as u64).unwrap();
        assert!(base::verify(&short, "/store".as_ref(), &name, &|| true).is_err(), "{cut}");
    }
}

#[test]
fn many_blocks_are_read_back_with_the_longest_rows() {
    let disk = SimulatedDisk::new();
    let dir = Path::new("/store");
    let longest = noise(1, storage::limits::VALUE_MAX as u64);
    let export = |sink: storage::engine::Sink<'_>| {
        (0..12_u8).try_for_each(|row| sink(RAW, &[row; storage::limits::KEY_MAX], &longest))?;
        Ok(Exported { lsn: Lsn(1), upto: Lsn(1) })
    };
    let info = base::write(&disk, dir, Timestamp(0), export, &|| true).unwrap();
    let rows: Vec<_> = BaseReader::open(&disk, dir, &info.name).unwrap().map(Result::unwrap).collect();
    assert!(rows.len() == 12 && rows.iter().all(|(_, key, value)| key.len() == 512 && *value == longest));
    let unordered = |sink: storage::engine::Sink<'_>| {
        sink(RAW, &[2], &[])?;
        sink(RAW, &[1], &[])?;
        Ok(Exported { lsn: Lsn(2), upto: Lsn(2) })
    };
    let error = base::write(&disk, dir, Timestamp(0), unordered, &|| true).unwrap_err();
    assert!(error.to_string().contains("not in order"), "{error}");
    assert_eq!(base::list(&disk, dir).unwrap().len(), 1, "what does not read back gets no name");
    assert!(!disk.exists(&dir.join("base/unfinished")).unwrap());
}

fn equals_the_state(options: Options, dir: &Path) {
    let vfs = options.vfs.clone();
    let store = Store::open(by_hand(options)).unwrap();
    put(&store, 0..300);
    let stop = Arc::new(AtomicBool::new(false));
    let writer = std::thread::spawn({
        let (store, stop) = (store.clone(), stop.clone());
        move || {
            let mut round = 0_u64;
            while !stop.load(Ordering::Relaxed) {
                round += 1;
                store
                    .write(move |tx| -> Result<(), Error> {
                        tx.put_bytes(RAW, (mix(round) % 400).to_be_bytes().to_vec(), noise(round, 30));
                        tx.delete_bytes(RAW, (mix(round + 7) % 400).to_be_bytes().to_vec());
                        Ok(())
                    })
                    .unwrap();
            }
        }
    });
    let bases: Vec<_> = (0..3)
        .map(|_| {
            let before = store.state().applied;
            until("some are written meanwhile", || store.state().applied.0 > before.0 + 20);
            store.write_base().unwrap()
        })
        .collect();
    stop.store(true, Ordering::Relaxed);
    writer.join().unwrap();
    let base = &bases[2];
    // The base and the log from it on, and the log alone to the same place, are one state; `upto` is where it holds.
    let mut rows: BTreeMap<(TableId, Vec<u8>), Vec<u8>> = BaseReader::open(vfs.as_ref(), dir, &base.name)
        .unwrap()
        .map(|row| row.map(|(table, key, value)| ((table, key), value)).unwrap())
        .collect();
    let until_then = store.state().durable;
    store
        .read_log(Lsn(base.lsn.0 + 1), |_, transaction| {
            for op in transaction.operations {
                match op.value {
                    Some(value) => rows.insert((op.table, op.key.to_vec()), value.to_vec()),
                    None => rows.remove(&(op.table, op.key.to_vec())),
                };
            }
            Ok(ControlFlow::Continue(()))
        })
        .unwrap();
    until("all is applied", || store.state().applied >= until_then);
    let mut now = BTreeMap::new();
    for table in TABLES {
        store
            .read(|view| {
                use storage::{Direction, Read, table::KeyRange};
                view.scan_bytes(table.id, &KeyRange::all(), Direction::Ascending, &mut |key, value| {
                    now.insert((table.id, key.to_vec()), value.to_vec());
                    Ok(ControlFlow::Continue(()))
                })
            })
            .unwrap();
    }
    assert!(rows == now, "{} rows from base and log, {} in the store", rows.len(), now.len());
}

#[test]
fn a_base_of_redb_written_in_parts_while_others_write_becomes_the_state_with_the_log() {
    let disk = SimulatedDisk::new();
    disk.forget_steps();
    equals_the_state(simulated(&disk), Path::new("/store"));
}

#[test]
fn a_base_of_sled_written_in_parts_while_others_write_becomes_the_state_with_the_log() {
    let dir = tempfile::tempdir().unwrap();
    equals_the_state(real(dir.path(), EngineKind::Sled), dir.path());
}

#[test]
fn redb_gone_old_or_damaged_is_rebuilt_from_base_and_log() {
    let disk = SimulatedDisk::new();
    shortened(simulated(&disk));
    let gone = disk.killed();
    gone.remove(ENGINE.as_ref()).unwrap();
    let garbage = disk.killed();
    garbage.open(ENGINE.as_ref(), OpenMode::Truncate).unwrap().write_at(0, &[0x5a; 40_000]).unwrap();
    let no_checkpoint = disk.killed();
    no_checkpoint.remove("/store/CHECKPOINT".as_ref()).unwrap();
    // Empty, and nothing says that it once held more.
    let empty = disk.killed();
    empty.remove(ENGINE.as_ref()).unwrap();
    empty.remove("/store/CHECKPOINT".as_ref()).unwrap();
    for (what, disk) in [("gone", gone), ("garbage", garbage), ("no checkpoint", no_checkpoint), ("empty", empty)] {
        let store = Store::open(by_hand(simulated(&disk))).unwrap_or_else(|error| panic!("{what}: {error}"));
        has(&store, 90);
        put(&store, 90..91);
        assert_eq!(store.check().unwrap(), [], "{what}");
        drop(store);
        has(&Store::open(by_hand(simulated(&disk))).unwrap(), 91);
    }
}

#[test]
fn sled_gone_is_rebuilt_from_base_and_log_and_so_is_the_other_engine() {
    let dir = tempfile::tempdir().unwrap();
    shortened(real(dir.path(), EngineKind::Sled));
    for engine in [EngineKind::Sled, EngineKind::Redb, EngineKind::Sled] {
        for gone in ["engine.sled", "engine.redb"].map(|name| dir.path().join(name)) {
            if gone.is_dir() {
                fs::remove_dir_all(gone).unwrap();
            } else if gone.exists() {
                fs::remove_file(gone).unwrap();
            }
        }
        let store = Store::open(by_hand(real(dir.path(), engine))).unwrap();
        has(&store, 90);
        store.close().unwrap();
    }
}

#[test]
fn a_running_engine_found_damaged_is_rebuilt_from_base_and_log() {
    let disk = SimulatedDisk::new();
    shortened(simulated(&disk));
    let size = disk.contents(ENGINE.as_ref()).unwrap().len();
    let mut noticed = 0;
    for seed in 0..6 {
        let rotten = disk.killed();
        for at in 0..300 {
            rotten.rot(ENGINE.as_ref(), (mix(seed * 1000 + at) % size as u64) as usize).unwrap();
        }
        let store = Store::open(by_hand(simulated(&rotten))).unwrap();
        // What is damaged does not become a base.
        noticed += u32::from(matches!(store.write_base(), Err(Error::Corrupt { .. })));
        until("clean again", || matches!(store.check().as_deref(), Ok([])));
        has(&store, 90);
        until("a base", || store.write_base().is_ok());
    }
    println!("{noticed} of 6 were noticed by the snapshot itself");
}

#[test]
fn with_the_newest_base_damaged_the_one_before_and_the_log_are_enough() {
    let disk = SimulatedDisk::new();
    let names = shortened(simulated(&disk));
    let newest = PathBuf::from("/store").join(&names[1]);
    let size = disk.contents(&newest).unwrap().len();
    for at in [3, size / 3, size / 2, size - 40] {
        let rotten = disk.killed();
        rotten.rot(&newest, at).unwrap();
        rotten.remove(ENGINE.as_ref()).unwrap();
        let told = crate::support::told(|| {
            let store = Store::open(by_hand(simulated(&rotten))).unwrap();
            has(&store, 90);
            assert!(store.check().unwrap().iter().any(|finding| finding.place.starts_with(&names[1])));
            // The next base takes the damaged one's place, and the log is kept for the older one.
            put(&store, 90..95);
            checkpointed(&store);
            store.write_base().unwrap();
            assert_eq!(store.check().unwrap(), []);
        });
        assert!(told.contains(&names[1]) && told.contains("the one before it is taken"), "{told}");
    }
}

/// What a check finds, and what it makes right.
fn checked(store: &Store, repair: Repair) -> (Vec<Finding>, Vec<Finding>) {
    let (mut found, mut mended) = (Vec::new(), Vec::new());
    let summary = store.check_telling(repair, &mut |told| {
        match told {
            Told::Found(finding) => found.push(finding.clone()),
            Told::Mended(finding) => mended.push(finding.clone()),
            Told::Reading { .. } => {}
        }
        ControlFlow::Continue(())
    });
    let summary = summary.unwrap();
    assert_eq!((summary.found, summary.mended), (found.len() as u64, mended.len() as u64));
    (found, mended)
}

/// It is one finding that says what to do, then it is done, and then nothing is wrong.
fn is_named_and_made_right(store: &Store, place: &str) {
    let (found, mended) = checked(store, Repair::Nothing);
    assert!(mended.is_empty() && found.len() == 1, "{place}: {found:?} {mended:?}");
    assert!(found[0].place.starts_with(place) && found[0].what.contains("`dassie check --repair`"), "{found:?}");
    let (found, mended) = checked(store, Repair::Derived);
    assert!(found.is_empty() && mended.len() == 1, "{place}: {found:?} {mended:?}");
    assert!(mended[0].place.starts_with(place), "{mended:?}");
    assert_eq!(store.check().unwrap(), [], "{place}");
}

#[test]
fn a_damaged_base_is_written_anew_when_told_and_the_log_goes_on_from_it() {
    let disk = SimulatedDisk::new();
    let names = shortened(simulated(&disk));
    // Found by a process that has not read them, the older and the newer one.
    for name in &names {
        let rotten = disk.killed();
        rotten.rot(&Path::new("/store").join(name), 60).unwrap();
        let store = Store::open(by_hand(simulated(&rotten))).unwrap();
        is_named_and_made_right(&store, name);
        assert!(store.state().bases.iter().all(|base| base.name != *name), "{:?}", store.state().bases);
        store.close().unwrap();
        drop(store);
        rotten.remove(ENGINE.as_ref()).unwrap();
        has(&Store::open(by_hand(simulated(&rotten))).unwrap(), 90);
    }
    // And by the one that wrote them, which has nothing new to put into another.
    let store = Store::open(by_hand(simulated(&disk))).unwrap();
    store.write_base().unwrap();
    put(&store, 90..95);
    checkpointed(&store);
    let newest = store.write_base().unwrap();
    disk.rot(&Path::new("/store").join(&newest.name), 60).unwrap();
    is_named_and_made_right(&store, &newest.name);
    let older = store.state().bases.remove(0);
    assert!(older.lsn < newest.lsn);
    disk.rot(&Path::new("/store").join(&older.name), 60).unwrap();
    is_named_and_made_right(&store, &older.name);
    assert_eq!(store.write_base().unwrap().name, newest.name, "nothing was written since");
    store.close().unwrap();
    drop(store);
    disk.remove(ENGINE.as_ref()).unwrap();
    has(&Store::open(by_hand(simulated(&disk))).unwrap(), 95);
}

#[test]
fn a_base_that_could_not_be_read_for_a_while_stays_when_a_damaged_one_is_written_anew() {
    let disk = SimulatedDisk::new();
    let names = shortened(simulated(&disk));
    let kind = ErrorKind::Other;
    disk.inject(Fault { name: names[0].clone(), on: FaultOn::Read, after: 0, times: usize::MAX, kind });
    let store = Store::open(by_hand(simulated(&disk))).unwrap();
    disk.heal();
    assert_eq!(store.state().bases.len(), 1, "the older one is not known");
    disk.rot(&Path::new("/store").join(&names[1]), 60).unwrap();
    is_named_and_made_right(&store, &names[1]);
    let left = disk.files();
    let is_left = |name: &str| left.contains(&Path::new("/store").join(name));
    assert!(is_left(&names[0]) && !is_left(&names[1]), "nothing is wrong with the older one: {left:?}");
}

#[test]
fn a_base_that_the_disk_does_not_give_is_a_finding_beside_the_others_and_stays() {
    let disk = SimulatedDisk::new();
    let names = shortened(simulated(&disk));
    let store = Store::open(by_hand(simulated(&disk))).unwrap();
    disk.rot(Path::new("/store/CHECKPOINT"), 30).unwrap();
    let kind = ErrorKind::Other;
    disk.inject(Fault { name: names[0].clone(), on: FaultOn::Read, after: 0, times: usize::MAX, kind });
    let (found, mended) = checked(&store, Repair::Nothing);
    assert!(found.len() == 2 && mended.is_empty(), "{found:?} {mended:?}");
    assert!(found[0].place == names[0] && found[0].what.starts_with("it cannot be read: injected; "), "{found:?}");
    assert_eq!(found[1].place, "CHECKPOINT", "the check went on");
    let (found, mended) = checked(&store, Repair::Derived);
    assert!(found.len() == 1 && found[0].place == names[0], "{found:?}");
    assert!(mended.len() == 1 && mended[0].place == "CHECKPOINT", "{mended:?}");
    disk.heal();
    assert_eq!(store.check().unwrap(), []);
    assert_eq!(store.state().bases.len(), 2, "it is leaned on as before");
    assert!(disk.files().contains(&Path::new("/store").join(&names[0])));
}

#[test]
fn a_damaged_checkpoint_and_a_damaged_history_of_the_disk_are_written_anew_when_told() {
    let disk = SimulatedDisk::new();
    shortened(simulated(&disk));
    let store = Store::open(by_hand(simulated(&disk))).unwrap();
    let dir = Path::new("/store");
    let noted = Checkpoint::read(&disk, dir).unwrap();
    disk.rot(&dir.join("CHECKPOINT"), 30).unwrap();
    is_named_and_made_right(&store, "CHECKPOINT");
    assert_eq!(Checkpoint::read(&disk, dir).unwrap(), noted);
    let latency = dir.join("LATENCY");
    disk.open(&latency, OpenMode::Truncate).unwrap().write_at(0, b"DASLAT").unwrap();
    is_named_and_made_right(&store, "LATENCY");
    let size = disk.contents(&latency).unwrap().len();
    for at in 0..size {
        disk.rot(&latency, at).unwrap();
        let (found, _) = checked(&store, Repair::Nothing);
        assert!(found.len() == 1 && found[0].place == "LATENCY", "byte {at}: {found:?}");
        disk.rot(&latency, at).unwrap();
    }
}

#[test]
fn with_both_bases_damaged_a_whole_engine_goes_on_and_a_lost_one_is_refused_in_words() {
    let disk = SimulatedDisk::new();
    let names = shortened(simulated(&disk));
    for name in &names {
        disk.rot(&Path::new("/store").join(name), 60).unwrap();
    }
    let lost = disk.killed();
    lost.remove(ENGINE.as_ref()).unwrap();
    let why = refusal(by_hand(simulated(&lost)));
    for said in ["in base snapshots only", &names[0], &names[1], "restore the directory base"] {
        assert!(why.contains(said), "{said} is not in: {why}");
    }
    let store = Store::open(by_hand(simulated(&disk))).unwrap();
    has(&store, 90);
    store.write_base().unwrap();
    drop(store);
    let gone = disk.killed();
    for name in base::list(&gone, "/store".as_ref()).unwrap() {
        gone.remove(&Path::new("/store").join(name.name)).unwrap();
    }
    let why = refusal(by_hand(simulated(&gone)));
    assert!(why.contains("the segment before it is missing and no base snapshot"), "{why}");
}

#[test]
fn an_engine_is_not_removed_for_a_change_for_which_there_are_no_rows() {
    let dir = tempfile::tempdir().unwrap();
    let disk = SimulatedDisk::new();
    let options = Options { dir: dir.path().into(), ..simulated(&disk) };
    for name in shortened(options.clone()) {
        let path = dir.path().join(name);
        let end = disk.contents(&path).unwrap().len();
        disk.rot(&path, end - 10).unwrap();
    }
    let noted = Checkpoint::read(&disk, dir.path()).unwrap().expect("a checkpoint");
    Checkpoint { engine: EngineKind::Sled, ..noted }.write(&disk, dir.path()).unwrap();
    let why = refusal(by_hand(options.clone()));
    assert!(why.contains("in base snapshots only"), "{why}");
    noted.write(&disk, dir.path()).unwrap();
    has(&Store::open(by_hand(options)).unwrap(), 90);
}

#[test]
fn a_disk_that_refuses_the_snapshot_loses_and_removes_nothing() {
    for (on, after, kind) in [
        (FaultOn::Write, 0, ErrorKind::StorageFull),
        (FaultOn::Write, 2, ErrorKind::StorageFull),
        (FaultOn::Write, 1, ErrorKind::Other),
        (FaultOn::Sync, 0, ErrorKind::Other),
        (FaultOn::Read, 0, ErrorKind::Other),
        (FaultOn::Read, 3, ErrorKind::Other),
    ] {
        let disk = SimulatedDisk::new();
        let mut options = by_hand(simulated(&disk));
        options.sizes.base_log_bytes = 1;
        options.sizes.log_bytes_max = 1;
        options.sizes.base_retry = Duration::from_millis(1);
        disk.inject(Fault { name: "base/unfinished".into(), on, after, times: usize::MAX, kind });
        let store = Store::open(options.clone()).unwrap();
        put(&store, 0..60);
        until("it failed", || store.state().base_failed.is_some());
        let state = store.state();
        assert!(state.log_overfull && state.log_begin == Lsn(1) && state.bases.is_empty(), "{on:?} {state:?}");
        has(&store, 60);
        let files = disk.files();
        let segments = files.iter().filter(|path| path.extension().is_some_and(|ext| ext == "seg")).count();
        assert!(segments >= state.log_segments && state.log_segments > 3);
        disk.heal();
        until("segments go", || {
            put(&store, 60..61);
            store.state().log_begin > Lsn(1)
        });
        assert_eq!(store.state().base_failed, None);
        store.close().unwrap();
        drop(store);
        disk.remove(ENGINE.as_ref()).unwrap();
        has(&Store::open(options).unwrap(), 61);
    }
}

#[test]
fn an_engine_that_fails_behind_the_rows_of_a_base_comes_back_before_that_is_done() {
    let disk = SimulatedDisk::new();
    let store = Store::open(by_hand(simulated(&disk))).unwrap();
    put(&store, 0..20);
    checkpointed(&store);
    // All rows are written by then, and will be read back.
    let (reached, goes_on) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let (reaches, goes) = (reached.clone(), goes_on.clone());
    disk.on_sync(Arc::new(move |path: &Path| {
        if path.ends_with("base/unfinished") {
            reaches.store(true, Ordering::Release);
            until("it goes on", || goes.load(Ordering::Acquire));
        }
    }));
    let of_thread = store.clone();
    let writing = std::thread::spawn(move || of_thread.write_base());
    until("the rows are written", || reached.load(Ordering::Acquire));
    let (on, kind) = (FaultOn::Sync, ErrorKind::Other);
    disk.inject(Fault { name: "engine.redb".into(), on, after: 0, times: 1, kind });
    put(&store, 20..30);
    // No checkpoint comes of the engine that failed.
    until("the engine is back", || disk.failed() == 1 && store.state().checkpoint == Lsn(30));
    goes_on.store(true, Ordering::Release);
    assert_eq!(writing.join().unwrap().unwrap().lsn, Lsn(20));
    has(&store, 30);
    assert_eq!(store.check().unwrap(), []);
}

#[test]
fn a_consumer_keeps_what_it_has_not_read() {
    let disk = SimulatedDisk::new();
    let store = Store::open(by_hand(Options { consumed: Lsn(0), ..simulated(&disk) })).unwrap();
    store
        .write(|tx| -> Result<(), Error> {
            tx.set_consumer("search", Lsn(1));
            Ok(())
        })
        .unwrap();
    for round in 0..3 {
        put(&store, round * 30..round * 30 + 30);
        checkpointed(&store);
        store.write_base().unwrap();
    }
    assert!(store.state().log_begin <= Lsn(2));
    store.set_consumed(Lsn(20));
    store
        .write(|tx| -> Result<(), Error> {
            tx.set_consumer("search", Lsn(70));
            Ok(())
        })
        .unwrap();
    checkpointed(&store);
    store.write_base().unwrap();
    let begin = store.state().log_begin;
    assert!(begin > Lsn(2) && begin <= Lsn(21), "the one outside is at 20, the log begins with {begin}");
    let error = store.read_log(Lsn(1), |_, _| Ok(ControlFlow::Continue(()))).unwrap_err();
    assert!(error.to_string().contains("in base snapshots only"), "{error}");
    store.read_log(begin, |_, _| Ok(ControlFlow::Continue(()))).unwrap();
}

#[test]
fn a_consumer_that_stands_still_is_left_behind_when_the_log_is_at_its_cap() {
    let disk = SimulatedDisk::new();
    let mut options = by_hand(Options { consumed: Lsn(0), ..simulated(&disk) });
    options.sizes.log_bytes_max = 40 * 1024;
    let store = Store::open(options).unwrap();
    store.set_consumed(Lsn(1));
    let mut written = 0;
    let mut round = || {
        put(&store, written..written + 30);
        written += 30;
        checkpointed(&store);
        store.write_base().unwrap();
        (store.state().log_bytes, store.state().log_begin)
    };
    let (bytes, begin) = round();
    assert!(bytes < 40 * 1024 && begin == Lsn(1));
    let mut most = 0;
    let (mut waited, mut let_go) = (0, 0);
    for _ in 0..12 {
        let (bytes, begin) = round();
        most = most.max(bytes);
        waited += u32::from(begin == Lsn(1));
        let_go += u32::from(begin > Lsn(1));
    }
    assert!(waited > 2, "it is waited for while there is room: {waited}");
    assert!(let_go > 2 && most < 80 * 1024, "then no longer: {let_go} rounds, at most {most} bytes");
    assert!(!store.state().log_overfull);
    has(&store, written);
    let error = store.read_log(Lsn(2), |_, _| Ok(ControlFlow::Continue(()))).unwrap_err();
    assert!(error.to_string().contains("in base snapshots only"), "{error}");
}

#[test]
fn a_log_beyond_its_cap_is_shortened_although_little_is_written_any_more() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { vfs: Arc::new(RealDisk), ..real(dir.path(), EngineKind::Redb) };
    let store = Store::open(by_hand(options.clone())).unwrap();
    // Nearly all of it lies before the only base.
    put(&store, 0..3_000);
    checkpointed(&store);
    store.write_base().unwrap();
    let before = store.state().log_bytes;
    store.close().unwrap();
    drop(store);
    let mut options = options;
    options.sizes.base_log_bytes = 64 * 1024;
    options.sizes.log_bytes_max = before - 64 * 1024;
    let store = Store::open(options).unwrap();
    put(&store, 3_000..3_001);
    until("the log is shortened", || store.state().log_bytes < before / 2);
    has(&store, 3_001);
    assert_eq!(store.check().unwrap(), []);
}

#[test]
fn a_quiet_store_lets_go_of_the_log_of_a_burst_although_little_lies_behind_the_newest_base() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { vfs: Arc::new(RealDisk), ..real(dir.path(), EngineKind::Redb) };
    let store = Store::open(by_hand(options.clone())).unwrap();
    put(&store, 0..30);
    checkpointed(&store);
    store.write_base().unwrap();
    put(&store, 30..3_000);
    checkpointed(&store);
    store.write_base().unwrap();
    let before = store.state().log_bytes;
    store.close().unwrap();
    drop(store);
    let mut options = by_hand(options);
    options.sizes.base_retry = Duration::from_millis(10);
    for (base_log_bytes, shortened) in [(before * 2, false), (before / 4, true)] {
        options.sizes.base_log_bytes = base_log_bytes;
        let store = Store::open(options.clone()).unwrap();
        put(&store, 3_000..3_001);
        checkpointed(&store);
        if shortened {
            until("the log is shortened", || store.state().log_bytes < before / 2);
            assert_eq!(store.state().bases.len(), 2);
        } else {
            // What would wake it again and again.
            for key in 0..20 {
                put(&store, key..key + 1);
                checkpointed(&store);
            }
            assert!(store.state().log_bytes >= before, "it is not worth a base");
        }
        has(&store, 3_001);
        assert_eq!(store.check().unwrap(), []);
        store.close().unwrap();
    }
}

#[test]
fn the_log_does_not_grow_without_bound() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = by_hand(real(dir.path(), EngineKind::Redb));
    options.vfs = Arc::new(RealDisk);
    options.sizes.base_log_bytes = 8 * 1024;
    options.sizes.log_bytes_max = 16 * 1024;
    let store = Store::open(options).unwrap();
    let mut written = 0;
    until("segments went three times", || {
        put(&store, written..written + 50);
        written += 50;
        store.state().log_begin > Lsn(600)
    });
    // Bases come while something is written, and each makes the stretch before the last one superfluous.
    until("what is not needed is gone", || {
        put(&store, written..written + 50);
        written += 50;
        let enough = Instant::now() + Duration::from_millis(200);
        while store.state().log_bytes >= 64 * 1024 && Instant::now() < enough {
            std::thread::park_timeout(Duration::from_millis(1));
        }
        store.state().log_bytes < 64 * 1024
    });
    has(&store, written);
    assert_eq!(store.check().unwrap(), []);
}
