//! One suite for every engine: what the store relies on.

use crate::support::{OTHER, RAW, TABLES, until};
use bytes::Bytes;
use std::{collections::BTreeMap, ops::ControlFlow, path::Path, sync::Arc};
use storage::{
    Direction, EngineKind, Lsn,
    engine::{self, Engine},
    log::Operation,
    table::{KeyRange, TableId},
    vfs::{RealDisk, Vfs},
};

fn open(kind: EngineKind, dir: &Path) -> Arc<dyn Engine> {
    let vfs: Arc<dyn Vfs> = Arc::new(RealDisk);
    engine::open(kind, &vfs, dir, TABLES).unwrap()
}

fn put(table: TableId, key: &[u8], value: &[u8]) -> Operation {
    Operation { table, key: Bytes::copy_from_slice(key), value: Some(Bytes::copy_from_slice(value)) }
}

fn delete(table: TableId, key: &[u8]) -> Operation {
    Operation { table, key: Bytes::copy_from_slice(key), value: None }
}

fn keys(engine: &dyn Engine, table: TableId, range: &KeyRange, direction: Direction) -> Vec<Vec<u8>> {
    let mut keys = Vec::new();
    let reader = engine.reader().unwrap();
    reader
        .scan(table, range, direction, &mut |key, _| {
            keys.push(key.to_vec());
            Ok(ControlFlow::Continue(()))
        })
        .unwrap();
    keys
}

fn rows(engine: &dyn Engine) -> (Lsn, Vec<engine::Row>) {
    let mut rows = Vec::new();
    let exported = engine
        .export(&mut |table, key, value| {
            rows.push((table, key.to_vec(), value.to_vec()));
            Ok(())
        })
        .unwrap();
    assert_eq!(exported.lsn, exported.upto);
    (exported.lsn, rows)
}

fn conforms(kind: EngineKind, other: EngineKind) {
    let dir = tempfile::tempdir().unwrap();
    let engine = open(kind, dir.path());
    assert_eq!(engine.kind(), kind);
    assert_eq!(engine.reader().unwrap().applied(), Lsn(0));
    assert_eq!(rows(engine.as_ref()), (Lsn(0), vec![]));

    // A group over two tables; of one key's operations the last counts.
    let group = [
        put(RAW, b"a", b"1"),
        put(OTHER, b"a", b"other"),
        put(RAW, b"b", b""),
        put(RAW, b"a", b"2"),
        delete(RAW, b"never there"),
        put(RAW, b"", b"empty key"),
        put(RAW, &[255; 512], &[7; 65536]),
        put(RAW, b"gone", b"x"),
        delete(RAW, b"gone"),
    ];
    engine.apply(Lsn(7), &mut group.iter()).unwrap();
    let reader = engine.reader().unwrap();
    assert_eq!(reader.applied(), Lsn(7));
    assert_eq!(reader.get(RAW, b"a").unwrap().as_deref(), Some(&b"2"[..]));
    assert_eq!(reader.get(OTHER, b"a").unwrap().as_deref(), Some(&b"other"[..]));
    assert_eq!(reader.get(RAW, b"b").unwrap().as_deref(), Some(&b""[..]));
    assert_eq!(reader.get(RAW, b"gone").unwrap(), None);
    assert_eq!(reader.get(OTHER, b"b").unwrap(), None);
    assert_eq!(reader.get(RAW, &[255; 512]).unwrap().map(|value| value.len()), Some(65536));
    drop(reader);

    let all = vec![b"".to_vec(), b"a".to_vec(), b"b".to_vec(), vec![255; 512]];
    assert_eq!(keys(engine.as_ref(), RAW, &KeyRange::all(), Direction::Ascending), all);
    let back: Vec<_> = all.iter().rev().cloned().collect();
    assert_eq!(keys(engine.as_ref(), RAW, &KeyRange::all(), Direction::Descending), back);
    let range = KeyRange { from: b"a".to_vec(), until: Some(b"b".to_vec()) };
    assert_eq!(keys(engine.as_ref(), RAW, &range, Direction::Descending), [b"a".to_vec()]);
    let nothing = KeyRange { from: b"b".to_vec(), until: Some(b"a".to_vec()) };
    assert!(keys(engine.as_ref(), RAW, &nothing, Direction::Ascending).is_empty());
    // A visitor may stop, and may read on meanwhile.
    let reader = engine.reader().unwrap();
    let mut seen = 0;
    reader
        .scan(RAW, &KeyRange::all(), Direction::Ascending, &mut |_, _| {
            seen += 1;
            assert!(reader.get(OTHER, b"a")?.is_some());
            Ok(if seen == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })
        .unwrap();
    assert_eq!(seen, 2);
    drop(reader);

    // Many rows, so that pages and leaves split; then a checkpoint and another opening.
    let many: Vec<_> = (0..3000u32).map(|number| put(OTHER, &number.to_be_bytes(), &[number as u8; 90])).collect();
    engine.apply(Lsn(8), &mut many.iter()).unwrap();
    let fewer: Vec<_> = (0..3000u32).step_by(3).map(|number| delete(OTHER, &number.to_be_bytes())).collect();
    engine.apply(Lsn(9), &mut fewer.iter()).unwrap();
    assert_eq!(engine.checkpoint().unwrap(), Lsn(9));
    let before = rows(engine.as_ref());
    assert_eq!(before.1.len(), 4 + 1 + 2000);
    assert!(before.1.windows(2).all(|pair| (pair[0].0, &pair[0].1) < (pair[1].0, &pair[1].1)));
    engine.verify().unwrap();
    let stats = engine.stats().unwrap();
    assert_eq!(stats.applied, Lsn(9));
    assert!(stats.disk_bytes > 10_000);
    drop(engine);
    let engine = open(kind, dir.path());
    assert_eq!(rows(engine.as_ref()), before);

    // Into another engine and back.
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = open(other, elsewhere.path());
    copy.import(before.0, &mut before.1.iter().cloned().map(Ok)).unwrap();
    assert_eq!(rows(copy.as_ref()), before);
    copy.verify().unwrap();
}

#[test]
fn redb_conforms() {
    conforms(EngineKind::Redb, EngineKind::Sled);
}

#[test]
fn sled_conforms() {
    conforms(EngineKind::Sled, EngineKind::Redb);
}

/// What is applied while an engine is read out is in some of its rows; with the log they are what it holds, and its sum
/// is compared all the same.
fn is_read_out_while_it_is_applied_to(kind: EngineKind) {
    let dir = tempfile::tempdir().unwrap();
    let engine = open(kind, dir.path());
    let fill: Vec<_> = (0..2_000_u32)
        .map(|number| put(if number < 1_500 { RAW } else { OTHER }, &number.to_be_bytes(), &[1; 30]))
        .collect();
    engine.apply(Lsn(1), &mut fill.iter()).unwrap();
    let (mut read, mut seen) = (BTreeMap::new(), 0_u32);
    let (mut log, mut twice) = (Vec::new(), 0);
    let exported = engine
        .export(&mut |table, key, value| {
            read.insert((table, key.to_vec()), value.to_vec());
            seen += 1;
            if seen == 700 {
                // Another one in the middle of this one.
                engine.export(&mut |_, _, _| {
                    twice += 1;
                    Ok(())
                })?;
            }
            if seen.is_multiple_of(90) {
                // Behind, where this is, and ahead: replaced, replaced twice, removed, removed and there again, new.
                let group = [
                    put(RAW, &5_u32.to_be_bytes(), &seen.to_be_bytes()),
                    put(RAW, &(seen / 2).to_be_bytes(), b"once"),
                    put(RAW, &(seen / 2).to_be_bytes(), &seen.to_be_bytes()),
                    delete(RAW, &(seen / 3).to_be_bytes()),
                    delete(RAW, &(seen + 300).to_be_bytes()),
                    put(RAW, &(seen + 300).to_be_bytes(), b"again"),
                    put(RAW, &[&seen.to_be_bytes()[..], b"new"].concat(), b""),
                    delete(OTHER, &(2_000 - seen / 9).to_be_bytes()),
                    put(OTHER, &(3_000 + seen).to_be_bytes(), b"ahead"),
                ];
                log.push(group.clone());
                engine.apply(Lsn(1 + log.len() as u64), &mut group.iter())?;
            }
            Ok(())
        })
        .unwrap();
    assert!(twice > 1_500 && log.len() > 15, "{twice} rows, {} groups", log.len());
    assert_eq!((exported.lsn, exported.upto), (Lsn(1), Lsn(1 + log.len() as u64)));
    for operation in log.into_iter().flatten() {
        let key = (operation.table, operation.key.to_vec());
        match operation.value {
            Some(value) => read.insert(key, value.to_vec()),
            None => read.remove(&key),
        };
    }
    let read: Vec<_> = read.into_iter().map(|((table, key), value)| (table, key, value)).collect();
    assert!(rows(engine.as_ref()).1 == read);
    engine.verify().unwrap();
}

#[test]
fn redb_is_read_out_while_it_is_applied_to() {
    is_read_out_while_it_is_applied_to(EngineKind::Redb);
}

#[test]
fn sled_is_read_out_while_it_is_applied_to() {
    is_read_out_while_it_is_applied_to(EngineKind::Sled);
}

/// A check of a running store holds nobody up.
fn is_verified_beside_a_reader(kind: EngineKind) {
    let dir = tempfile::tempdir().unwrap();
    let engine = open(kind, dir.path());
    let fill: Vec<_> = (0..2_000_u32).map(|number| put(RAW, &number.to_be_bytes(), &[1; 30])).collect();
    engine.apply(Lsn(1), &mut fill.iter()).unwrap();
    let reader = engine.reader().unwrap();
    let of_thread = engine.clone();
    let verifying = std::thread::spawn(move || of_thread.verify());
    until("it is verified", || verifying.is_finished());
    verifying.join().unwrap().unwrap();
    assert_eq!(reader.applied(), Lsn(1));
}

#[test]
fn redb_is_verified_beside_a_reader() {
    is_verified_beside_a_reader(EngineKind::Redb);
}

#[test]
fn sled_is_verified_beside_a_reader() {
    is_verified_beside_a_reader(EngineKind::Sled);
}

#[test]
fn a_reader_of_redb_keeps_its_state_and_the_next_one_sees_what_came_meanwhile() {
    let dir = tempfile::tempdir().unwrap();
    let engine = open(EngineKind::Redb, dir.path());
    engine.apply(Lsn(1), &mut [put(RAW, b"a", b"1")].iter()).unwrap();
    let (before, beside) = (engine.reader().unwrap(), engine.reader().unwrap());
    let a_of = |reader: &dyn engine::Snapshot| reader.get(RAW, b"a").unwrap();
    assert_eq!(a_of(before.as_ref()).as_deref(), Some(&b"1"[..]));
    engine.apply(Lsn(2), &mut [put(RAW, b"a", b"2"), put(OTHER, b"b", b"3")].iter()).unwrap();
    let after = engine.reader().unwrap();
    for old in [&before, &beside] {
        assert_eq!((old.applied(), a_of(old.as_ref()).as_deref()), (Lsn(1), Some(&b"1"[..])));
        // A table that nobody opened in that state before.
        assert_eq!(old.get(OTHER, b"b").unwrap(), None);
    }
    assert_eq!((after.applied(), a_of(after.as_ref()).as_deref()), (Lsn(2), Some(&b"2"[..])));
    assert_eq!(after.get(OTHER, b"b").unwrap().as_deref(), Some(&b"3"[..]));
    drop((before, beside, after));
    assert_eq!(engine.checkpoint().unwrap(), Lsn(2));
    assert_eq!(a_of(engine.reader().unwrap().as_ref()).as_deref(), Some(&b"2"[..]));
}
