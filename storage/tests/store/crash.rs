//! The power is cut at every write, sync and name of a run, in three ways; then everything acknowledged is there.

use crate::{
    hostile_sled::copy,
    support::{Dice, OTHER, RAW, simulated, told, until},
};
use std::{
    collections::BTreeMap,
    ops::{ControlFlow, RangeInclusive},
    sync::{Arc, Mutex},
};
use storage::{
    Direction, EngineKind, Error, Lsn, Options, Read, Sizes, Store, engine,
    log::writer::SegmentSizes,
    store::Checkpoint,
    table::KeyRange,
    vfs::{Cut, SimulatedDisk, Vfs},
};

/// Rows of one transaction: all of them carry its number, in two tables.
const ROWS: u64 = 6;

fn options(disk: &SimulatedDisk) -> Options {
    let segments = SegmentSizes { first: 8 * 1024, other: 12 * 1024 };
    // A checkpoint after every few transactions, so that the engine's writes lie between those of the log.
    let sizes = Sizes { segments, checkpoint_bytes: 2500, ..crate::support::small() };
    Options { sizes, ..simulated(disk) }
}

/// Transaction `number` writes its rows, each with its number, and removes those of an earlier one.
fn write(store: &Store, number: u64, answer: impl FnOnce(Result<(), Error>) + Send + 'static) {
    store.submit(
        move |tx| -> Result<(), Error> {
            for row in 0..ROWS {
                let table = if row % 2 == 0 { RAW } else { OTHER };
                let value = vec![(number % 251) as u8; 40 + (number * 37 % 300) as usize];
                tx.put_bytes(table, key(number, row), value);
                if number > 8 {
                    tx.delete_bytes(table, key(number - 8, row));
                }
            }
            tx.put_bytes(RAW, b"last".to_vec(), number.to_be_bytes().to_vec());
            Ok(())
        },
        answer,
    );
}

fn key(number: u64, row: u64) -> Vec<u8> {
    [number.to_be_bytes(), row.to_be_bytes()].concat()
}

/// Which transactions have rows, and how many.
fn found(store: &Store) -> (BTreeMap<u64, u64>, u64) {
    store
        .read(|view| -> Result<_, Error> {
            let mut counts = BTreeMap::new();
            for table in [RAW, OTHER] {
                view.scan_bytes(table, &KeyRange::all(), Direction::Ascending, &mut |key, value| {
                    if key.len() == 16 {
                        let number = u64::from_be_bytes(key[..8].try_into().unwrap());
                        assert_eq!(value.len(), 40 + (number * 37 % 300) as usize);
                        assert!(value.iter().all(|byte| u64::from(*byte) == number % 251));
                        *counts.entry(number).or_insert(0) += 1;
                    }
                    Ok(ControlFlow::Continue(()))
                })?;
            }
            let last =
                view.get_bytes(RAW, b"last")?.map_or(0, |bytes| u64::from_be_bytes(bytes[..].try_into().unwrap()));
            Ok((counts, last))
        })
        .unwrap()
}

/// Everything up to `acknowledged` is there and whole, and the state is one that existed.
fn verify(disk: &SimulatedDisk, acknowledged: u64, what: &str) {
    verify_with(options(disk), acknowledged, what);
}

fn verify_with(options: Options, acknowledged: u64, what: &str) {
    let store = match Store::open(options) {
        Ok(store) => store,
        Err(error) => panic!("{what}: {error}"),
    };
    let (counts, last) = found(&store);
    assert!(last >= acknowledged, "{what}: {last} of {acknowledged} acknowledged");
    let expected: BTreeMap<u64, u64> = (last.saturating_sub(7).max(1)..=last).map(|number| (number, ROWS)).collect();
    assert_eq!(counts, expected, "{what}");
    // Later work goes on, and is there after yet another start.
    store
        .write(|tx| -> Result<(), Error> {
            tx.put_bytes(RAW, b"after".to_vec(), vec![1]);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(store.check().unwrap(), [], "{what}");
}

/// A run with groups of several sizes, checkpoints and several segments; marks say what was acknowledged.
fn run(seed: u64, transactions: u64) -> SimulatedDisk {
    run_with(seed, transactions, |_| {})
}

/// The same; `meanwhile` happens after each group is submitted and before it is answered.
fn run_with(seed: u64, transactions: u64, mut meanwhile: impl FnMut(&Store)) -> SimulatedDisk {
    let disk = SimulatedDisk::new();
    let store = Store::open(options(&disk)).unwrap();
    let mut dice = Dice(seed);
    let mut number = 0;
    let open = Arc::new((Mutex::new(0u64), std::sync::Condvar::new()));
    while number < transactions {
        for _ in 0..1 + dice.roll(5) {
            number += 1;
            let (disk, open) = (disk.clone(), open.clone());
            *open.0.lock().unwrap() += 1;
            write(&store, number, move |outcome| {
                outcome.unwrap();
                disk.mark(number);
                *open.0.lock().unwrap() -= 1;
                open.1.notify_all();
            });
        }
        meanwhile(&store);
        let mut waiting = open.0.lock().unwrap();
        while *waiting > 0 {
            waiting = open.1.wait(waiting).unwrap();
        }
    }
    store.close().unwrap();
    disk
}

/// How much more than usual the crash tests do.
fn scale() -> u64 {
    std::env::var("DASSIE_CRASH_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1).clamp(1, 1000)
}

/// Cuts the power at each of these boundaries behind which something changed, and at the last, in three ways; how often.
fn cut_at_each(
    disk: &SimulatedDisk,
    boundaries: RangeInclusive<usize>,
    seed: u64,
    acknowledged: impl Fn(usize) -> u64,
) -> usize {
    let last = *boundaries.end();
    let mut cuts = 0;
    for boundary in boundaries.filter(|boundary| *boundary == last || disk.changes(*boundary)) {
        let dice = seed.wrapping_mul(1000).wrapping_add(boundary as u64);
        for cut in [Cut::Drop, Cut::Reorder(dice), Cut::Tear(dice)] {
            let what = format!("seed {seed}, boundary {boundary} of {last}, {cut:?}");
            verify(&disk.image(boundary, cut), acknowledged(boundary), &what);
            cuts += 1;
        }
    }
    cuts
}

fn cut_everywhere(seed: u64, transactions: u64) {
    let disk = run(seed, transactions);
    let boundaries = disk.boundaries();
    let acknowledged = |boundary| disk.marks(boundary).into_iter().max().unwrap_or(0);
    let cuts = cut_at_each(&disk, 0..=boundaries, seed, acknowledged);
    println!("seed {seed}: {cuts} cuts at {boundaries} boundaries, nothing acknowledged lost");
}

#[test]
fn nothing_acknowledged_is_lost_wherever_the_power_fails() {
    for round in 0..scale() {
        cut_everywhere(100 + round, 70);
    }
}

#[test]
fn a_second_cut_during_recovery_loses_nothing_either() {
    let disk = run(7, 25);
    let mut dice = Dice(77);
    for round in 0..12 * scale() {
        let boundary = dice.roll(disk.boundaries() as u64) as usize;
        let acknowledged = disk.marks(boundary).into_iter().max().unwrap_or(0);
        let first = disk.image(boundary, Cut::Reorder(round));
        let store = Store::open(options(&first)).unwrap();
        let (_, last) = found(&store);
        assert!(last >= acknowledged);
        let mut number = last;
        for _ in 0..4 {
            number += 1;
            let (marks, sender) = (first.clone(), std::sync::mpsc::sync_channel(1));
            write(&store, number, move |outcome| {
                outcome.unwrap();
                marks.mark(number);
                sender.0.send(()).unwrap();
            });
            sender.1.recv().unwrap();
        }
        store.close().unwrap();
        for _ in 0..6 {
            let second = dice.roll(first.boundaries() as u64 + 1) as usize;
            let acknowledged = first.marks(second).into_iter().max().unwrap_or(acknowledged);
            let cut = [Cut::Drop, Cut::Reorder(round), Cut::Tear(round)][dice.roll(3) as usize];
            verify(&first.image(second, cut), acknowledged, &format!("cut at {boundary}, then {second}, {cut:?}"));
        }
    }
}

/// What a killed process had written and not synced is there for the next one, and goes when the power fails then: neither
/// names of files nor the end of the log may be relied on before this one has synced them.
#[test]
fn what_a_killed_process_did_not_sync_is_no_ground_for_what_follows() {
    let seed = 600;
    let disk = run(seed, 25);
    let boundaries = disk.boundaries();
    let mut cuts = 0;
    for boundary in (0..=boundaries).filter(|boundary| *boundary == boundaries || disk.changes(*boundary)) {
        let killed = disk.killed_at(boundary);
        let acknowledged = killed.marks(boundary).into_iter().max().unwrap_or(0);
        // Nothing is made beforehand, which would sync names by the way.
        let mut next = options(&killed);
        next.sizes.background_delay = std::time::Duration::from_secs(3600);
        let what = format!("killed at boundary {boundary} of {boundaries}");
        let store = Store::open(next).unwrap_or_else(|error| panic!("{what}: {error}"));
        let (_, last) = found(&store);
        assert!(last >= acknowledged, "{what}: {last} of {acknowledged} acknowledged");
        let (send, receive) = std::sync::mpsc::sync_channel(1);
        write(&store, last + 1, move |outcome| send.send(outcome).unwrap());
        receive.recv().unwrap().unwrap();
        let dice = seed * 1000 + boundary as u64;
        for cut in [Cut::Drop, Cut::Reorder(dice)] {
            verify(&killed.image(killed.boundaries(), cut), last + 1, &format!("{what}, then {cut:?}"));
            cuts += 1;
        }
    }
    println!("{cuts} cuts behind a start behind a kill, nothing acknowledged lost");
}

/// `dassie store convert`, and a start with another engine: sled's files lie outside of the simulated disk, but what is
/// left of a conversion to redb does not, and the log with its base is where the rows come from either way.
#[test]
fn a_cut_while_the_rows_move_into_another_engine_loses_nothing() {
    let seed = 500;
    let mut groups = 0;
    let disk = run_with(seed, 60, |store| {
        groups += 1;
        if groups % 5 == 0 {
            store.write_base().unwrap();
        }
    });
    let acknowledged = disk.marks(disk.boundaries()).into_iter().max().unwrap_or(0);
    assert!(acknowledged >= 60, "all were answered");
    // The rows lay in sled, whose files are not there.
    let before = disk.image(disk.boundaries(), Cut::Drop);
    let dir = std::path::Path::new("/store");
    let noted = Checkpoint::read(&before, dir).unwrap().expect("a checkpoint");
    Checkpoint { engine: EngineKind::Sled, ..noted }.write(&before, dir).unwrap();
    before.remove("/store/engine.redb".as_ref()).unwrap();
    before.sync_dir(dir).unwrap();
    let begin = before.boundaries();
    Store::open(options(&before)).unwrap().close().unwrap();
    assert_eq!(Checkpoint::read(&before, dir).unwrap().expect("a checkpoint").engine, EngineKind::Redb);
    let end = before.boundaries();
    let cuts = cut_at_each(&before, begin..=end, seed, |_| acknowledged);
    assert!(cuts > 30, "{cuts}");
    println!("conversion: {cuts} cuts at {} boundaries, nothing acknowledged lost", end - begin);
}

/// The same where sled's files are there, and its rows are copied: they are only read, and lie on the real disk.
#[test]
fn a_cut_while_the_rows_are_copied_out_of_sled_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (place, kept) = (dir.path().join("store"), dir.path().join("kept"));
    let sled = engine::place(EngineKind::Sled);
    std::fs::create_dir(&place).unwrap();
    let with = |disk: &SimulatedDisk, engine| Options { dir: place.clone(), engine, ..options(disk) };
    let (disk, acknowledged) = (SimulatedDisk::new(), 40);
    let store = Store::open(with(&disk, EngineKind::Sled)).unwrap();
    for number in 1..=acknowledged {
        let (send, receive) = std::sync::mpsc::sync_channel(1);
        write(&store, number, move |outcome| send.send(outcome).unwrap());
        receive.recv().unwrap().unwrap();
    }
    store.close().unwrap();
    drop(store);
    copy(&place.join(sled), &kept);
    let begin = disk.boundaries();
    let told = told(|| Store::open(with(&disk, EngineKind::Redb)).unwrap().close().unwrap());
    assert!(told.contains("the tables were copied") && !told.contains("rebuilt"), "{told}");
    let end = disk.boundaries();
    let changed: Vec<_> = (begin..=end).filter(|boundary| *boundary == end || disk.changes(*boundary)).collect();
    let (mut cuts, mut copied) = (0, 0);
    for boundary in changed.iter().copied().step_by(changed.len().div_ceil(80)) {
        let dice = boundary as u64;
        let cut = [Cut::Drop, Cut::Reorder(dice), Cut::Tear(dice)][cuts % 3];
        let image = disk.image(boundary, cut);
        // A start may write to sled's files: each begins with those that were there.
        std::fs::remove_dir_all(place.join(sled)).unwrap();
        copy(&kept, &place.join(sled));
        let noted = Checkpoint::read(&image, &place).unwrap().expect("one of the two");
        copied += usize::from(noted.engine == EngineKind::Sled);
        verify_with(with(&image, EngineKind::Redb), acknowledged, &format!("boundary {boundary} of {end}, {cut:?}"));
        cuts += 1;
    }
    assert!(copied > 5, "{copied} of {cuts}");
    println!("copying: {cuts} cuts at {} boundaries, nothing acknowledged lost", end - begin);
}

#[test]
fn nothing_acknowledged_is_lost_while_bases_are_written_and_segments_removed() {
    let seed = 300;
    let mut groups = 0;
    let disk = run_with(seed, 90, |store| {
        groups += 1;
        if groups % 3 == 0 {
            store.write_base().unwrap();
        }
        if groups % 12 == 0 {
            let durable = store.state().durable;
            until("a checkpoint", || store.state().checkpoint >= durable);
            store.write_base().unwrap();
            // By then the older base is that of group 12 at least.
            assert!(groups < 24 || store.state().log_begin > Lsn(1));
        }
    });
    assert!(!disk.exists("/store/log/0000000001.seg".as_ref()).unwrap(), "no segment was removed");
    cut_with_and_without_an_engine(&disk, seed, usize::MAX);
}

/// Cuts the power at each boundary behind which something changed, or at about `most` of them, each in one of the ways,
/// and each way with the engine there and without it.
fn cut_with_and_without_an_engine(disk: &SimulatedDisk, seed: u64, most: usize) {
    let boundaries = disk.boundaries();
    let changed: Vec<_> =
        (0..=boundaries).filter(|boundary| *boundary == boundaries || disk.changes(*boundary)).collect();
    let mut cuts = 0;
    for boundary in changed.iter().copied().step_by(changed.len().div_ceil(most)) {
        let acknowledged = disk.marks(boundary).into_iter().max().unwrap_or(0);
        let dice = seed * 1000 + boundary as u64;
        let cut = [Cut::Drop, Cut::Reorder(dice), Cut::Tear(dice)][cuts % 3];
        let image = disk.image(boundary, cut);
        let without = cuts / 3 % 2 == 0;
        if without {
            image.remove("/store/engine.redb".as_ref()).unwrap();
        }
        let what = format!("boundary {boundary} of {boundaries}, {cut:?}, without an engine: {without}");
        verify_with(options(&image), acknowledged, &what);
        cuts += 1;
    }
    println!("{cuts} cuts at {boundaries} boundaries, nothing acknowledged lost");
}

/// A base is read in parts: what is applied meanwhile is in some of them, and only the log makes a state of it.
#[test]
fn nothing_acknowledged_is_lost_while_bases_are_read_in_parts_under_writes() {
    let disk = SimulatedDisk::new();
    let store = Store::open(options(&disk)).unwrap();
    for some in 0..16_u64 {
        let fill = move |tx: &mut storage::Tx<'_>| -> Result<(), Error> {
            for row in 0..200_u64 {
                let table = if some % 2 == 0 { RAW } else { OTHER };
                tx.put_bytes(table, [&b"fill"[..], &some.to_be_bytes(), &row.to_be_bytes()].concat(), vec![1; 60]);
            }
            Ok(())
        };
        store.write(fill).unwrap();
    }
    let writer = std::thread::spawn({
        let (store, disk) = (store.clone(), disk.clone());
        move || {
            for number in 1..=150 {
                let (send, receive) = std::sync::mpsc::sync_channel(1);
                write(&store, number, move |outcome| send.send(outcome).unwrap());
                receive.recv().unwrap().unwrap();
                disk.mark(number);
            }
        }
    });
    let (mut bases, mut in_parts) = (0, 0);
    while !writer.is_finished() {
        let base = store.write_base().unwrap();
        bases += 1;
        in_parts += u64::from(base.upto > base.lsn);
    }
    writer.join().unwrap();
    store.close().unwrap();
    println!("{bases} bases, {in_parts} of them in parts");
    assert!(in_parts > 0, "nothing was applied while any of {bases} bases was written");
    cut_with_and_without_an_engine(&disk, 301, 150);
}
