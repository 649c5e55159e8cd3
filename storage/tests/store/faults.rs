//! Disks that refuse: EIO and ENOSPC on the log and on the engine's file, and slow ones.

use crate::support::{ROWS, simulated, until};
use std::{io::ErrorKind, time::Duration};
use storage::{
    Error, Lsn, Options, Sizes, Store,
    log::writer::SegmentSizes,
    vfs::{Cut, Fault, FaultOn, OpenMode, SimulatedDisk, Vfs},
};

fn put(store: &Store, key: u64) -> Result<(), Error> {
    store.write(move |tx| -> Result<(), Error> {
        ROWS.put(tx, &(0, key), &key);
        ROWS.put(tx, &(1, key), &key);
        Ok(())
    })
}

/// How many transactions are there; each whole, and none missing between.
fn count(store: &Store) -> u64 {
    let mut key = 0;
    loop {
        let both = store.read(|view| Ok::<_, Error>((ROWS.get(view, &(0, key))?, ROWS.get(view, &(1, key))?))).unwrap();
        match both {
            (Some(a), Some(b)) if a == key && b == key => key += 1,
            (None, None) => return key,
            other => panic!("half a transaction: {other:?} at {key}"),
        }
    }
}

fn fault(name: &str, on: FaultOn, after: usize, times: usize, kind: ErrorKind) -> Fault {
    Fault { name: name.into(), on, after, times, kind }
}

#[test]
fn one_failed_sync_or_write_of_the_log_is_made_good_in_a_new_segment() {
    for (on, kind) in [
        (FaultOn::Sync, ErrorKind::Other),
        (FaultOn::Sync, ErrorKind::StorageFull),
        (FaultOn::Write, ErrorKind::Other),
        (FaultOn::Write, ErrorKind::StorageFull),
    ] {
        let disk = SimulatedDisk::new();
        let mut options = simulated(&disk);
        options.sizes.background_delay = Duration::from_secs(60);
        let store = Store::open(options).unwrap();
        (0..10).for_each(|key| put(&store, key).unwrap());
        disk.inject(fault(".seg", on, 0, 1, kind));
        (10..20).for_each(|key| put(&store, key).unwrap());
        assert_eq!(store.state().read_only, None);
        assert_eq!(count(&store), 20);
        // The pages of the failed sync are gone for good; what was answered must not rest on them.
        for cut in [Cut::Drop, Cut::Reorder(3), Cut::Tear(3)] {
            let after = Store::open(simulated(&disk.image(disk.boundaries(), cut))).unwrap();
            assert_eq!(count(&after), 20, "{on:?} {kind:?} {cut:?}");
            assert_eq!(after.check().unwrap(), []);
        }
    }
}

#[test]
fn a_log_that_fails_twice_makes_the_store_read_only_with_its_reason() {
    for (on, kind) in [(FaultOn::Sync, ErrorKind::Other), (FaultOn::Write, ErrorKind::StorageFull)] {
        let disk = SimulatedDisk::new();
        let store = Store::open(simulated(&disk)).unwrap();
        (0..10).for_each(|key| put(&store, key).unwrap());
        disk.inject(fault(".seg", on, 0, usize::MAX, kind));
        let answer = put(&store, 10);
        assert!(matches!(&answer, Err(Error::ReadOnly(why)) if why.contains("twice")), "{answer:?}");
        assert!(matches!(put(&store, 11), Err(Error::ReadOnly(_))));
        // Reads go on, and see nothing of what was not durable.
        assert_eq!(count(&store), 10);
        assert!(store.state().read_only.is_some());
        disk.heal();
        assert!(matches!(put(&store, 11), Err(Error::ReadOnly(_))), "only a restart makes it writable");
        assert!(matches!(store.close(), Err(Error::ReadOnly(_))));
        drop(store);
        let killed = Store::open(simulated(&disk.killed())).unwrap();
        let there = count(&killed);
        assert!((10..=11).contains(&there), "{there}");
        put(&killed, there).unwrap();
        let cut = Store::open(simulated(&disk.image(disk.boundaries(), Cut::Drop))).unwrap();
        assert!((10..=11).contains(&count(&cut)));
    }
}

/// What the disk refused is read back from the system's memory as long as the machine runs, and nothing there is left to be
/// written: a start that builds on it has to write it once more.
#[test]
fn what_a_failed_sync_left_readable_is_no_ground_for_what_follows() {
    for next_is_made in [true, false] {
        let disk = SimulatedDisk::new();
        let mut options = simulated(&disk);
        if next_is_made {
            // It is made with one sync; that of its header fails.
            disk.inject(fault("0000000002.seg", FaultOn::Sync, 1, usize::MAX, ErrorKind::Other));
        } else {
            options.sizes.background_delay = Duration::from_secs(60);
        }
        let size = options.sizes.segments.other;
        let store = Store::open(options).unwrap();
        (0..10).for_each(|key| put(&store, key).unwrap());
        if next_is_made {
            let next = || disk.contents("/store/log/0000000002.seg".as_ref());
            until("the next segment is made", || next().is_ok_and(|bytes| bytes.len() as u64 == size));
        }
        let refused = if next_is_made { "0000000001.seg" } else { ".seg" };
        disk.inject(fault(refused, FaultOn::Sync, 0, usize::MAX, ErrorKind::Other));
        assert!(matches!(put(&store, 10), Err(Error::ReadOnly(_))), "{next_is_made}");
        drop(store);
        disk.heal();
        let store = Store::open(simulated(&disk)).unwrap();
        let there = count(&store);
        assert!((10..=11).contains(&there), "{there}");
        (there..20).for_each(|key| put(&store, key).unwrap());
        let cut = disk.image(disk.boundaries(), Cut::Drop);
        for engine in ["there", "gone"] {
            if engine == "gone" {
                cut.remove("/store/engine.redb".as_ref()).unwrap();
            }
            let what = format!("the next segment was made: {next_is_made}, the engine is {engine}");
            let after = Store::open(simulated(&cut)).unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!(count(&after), 20, "{what}");
            assert_eq!(after.check().unwrap(), [], "{what}");
        }
    }
}

#[test]
fn no_room_for_the_next_segment_refuses_all_but_deletes_until_there_is() {
    let disk = SimulatedDisk::new();
    let segments = SegmentSizes { first: 64 * 1024, other: 64 * 1024 };
    let sizes = Sizes { segments, ..crate::support::small() };
    let fault = fault("0000000002.seg", FaultOn::Write, 0, usize::MAX, ErrorKind::StorageFull);
    disk.inject(fault);
    for number in 3..9 {
        disk.inject(Fault {
            name: format!("{number:010}.seg"),
            on: FaultOn::Write,
            after: 0,
            times: usize::MAX,
            kind: ErrorKind::StorageFull,
        });
    }
    let store = Store::open(Options { sizes, ..simulated(&disk) }).unwrap();
    until("the lack of room shows", || matches!(put(&store, u64::MAX), Err(Error::Full)));
    assert!(store.state().full);
    store
        .write(|tx| -> Result<(), Error> {
            ROWS.delete(tx, &(0, u64::MAX));
            Ok(())
        })
        .unwrap();
    disk.heal();
    until("room again", || put(&store, 0).is_ok());
    assert_eq!(store.state().read_only, None);
}

#[test]
fn an_engine_that_fails_is_reopened_and_replayed_with_nothing_lost() {
    for (on, kind) in [
        (FaultOn::Sync, ErrorKind::Other),
        (FaultOn::Sync, ErrorKind::StorageFull),
        (FaultOn::Write, ErrorKind::StorageFull),
        (FaultOn::Write, ErrorKind::Other),
    ] {
        let disk = SimulatedDisk::new();
        let store = Store::open(simulated(&disk)).unwrap();
        (0..50).for_each(|key| put(&store, key).unwrap());
        until("a checkpoint", || store.state().checkpoint >= Lsn(50));
        disk.inject(fault("engine.redb", on, 1, 3, kind));
        let mut key = 50;
        while key < 120 {
            // While the engine is away rules wait; none is lost and none runs twice.
            put(&store, key).unwrap();
            key += 1;
        }
        until("applied again", || store.state().applied == Lsn(120));
        until("checkpointed again", || store.state().checkpoint == Lsn(120));
        until("readable", || store.read(|view| ROWS.get(view, &(0, 0))).is_ok());
        assert_eq!(count(&store), 120, "{on:?} {kind:?}");
        assert_eq!(store.check().unwrap(), []);
        for cut in [Cut::Drop, Cut::Reorder(9), Cut::Tear(9)] {
            let after = Store::open(simulated(&disk.image(disk.boundaries(), cut))).unwrap();
            assert_eq!(count(&after), 120, "{on:?} {kind:?} {cut:?}");
        }
    }
}

#[test]
fn an_engine_without_room_answers_unavailable_and_comes_back() {
    let disk = SimulatedDisk::new();
    let store = Store::open(simulated(&disk)).unwrap();
    (0..20).for_each(|key| put(&store, key).unwrap());
    until("a checkpoint", || store.state().checkpoint == Lsn(20));
    disk.inject(fault("engine.redb", FaultOn::Write, 0, usize::MAX, ErrorKind::StorageFull));
    put(&store, 20).unwrap();
    until("the engine is closed", || !store.state().engine_open);
    assert!(matches!(store.read(|view| ROWS.get(view, &(0, 0))), Err(Error::Unavailable)));
    disk.heal();
    until("the engine is back", || store.state().engine_open);
    assert_eq!(count(&store), 21);
}

#[test]
fn the_reserve_is_made_and_given_back_when_the_disk_is_full() {
    let disk = SimulatedDisk::new();
    let mut options = simulated(&disk);
    options.sizes.reserve = 32 * 1024;
    let store = Store::open(options).unwrap();
    let reserve = || disk.contents("/store/reserve".as_ref());
    until("the reserve is made", || reserve().is_ok_and(|bytes| bytes.len() == 32 * 1024));
    disk.inject(fault("engine.redb", FaultOn::Write, 0, 2, ErrorKind::StorageFull));
    put(&store, 0).unwrap();
    until("the reserve is given back", || reserve().is_err());
    until("the engine is back", || store.state().engine_open && store.state().applied == Lsn(1));
    assert_eq!(count(&store), 1);
}

#[test]
fn half_a_reserve_is_written_to_its_end() {
    let disk = SimulatedDisk::new();
    let half = disk.open("/store/reserve".as_ref(), OpenMode::OrCreate).unwrap();
    half.write_at(0, &[0; 1_000]).unwrap();
    let mut options = simulated(&disk);
    options.sizes.reserve = 32 * 1024;
    let store = Store::open(options).unwrap();
    let whole = || disk.contents("/store/reserve".as_ref()).is_ok_and(|bytes| bytes.len() == 32 * 1024);
    until("it is whole", whole);
    store.close().unwrap();
}

#[test]
fn the_log_has_the_reserve_once_the_disk_is_full_and_there_is_one_again_when_there_is_room() {
    let disk = SimulatedDisk::new();
    let mut options = simulated(&disk);
    options.sizes.reserve = 32 * 1024;
    options.sizes.reserve_look = Duration::from_millis(1);
    let store = Store::open(options).unwrap();
    let reserve = || disk.contents("/store/reserve".as_ref());
    for key in 0..2 {
        until("there is a reserve", || reserve().is_ok_and(|bytes| bytes.len() == 32 * 1024));
        disk.set_free_space(Some(0));
        disk.filled_by("/store/reserve".as_ref());
        disk.inject(fault(".seg", FaultOn::Write, 0, usize::MAX, ErrorKind::StorageFull));
        let removed = store.write(move |tx| -> Result<(), Error> {
            tx.accept_when_full();
            ROWS.put(tx, &(0, key), &key);
            ROWS.put(tx, &(1, key), &key);
            Ok(())
        });
        removed.unwrap();
        assert!(reserve().is_err(), "the log has its room");
        assert_eq!(store.state().read_only, None);
        disk.set_free_space(None);
    }
    assert_eq!(count(&store), 2);
    let after = Store::open(simulated(&disk.image(disk.boundaries(), Cut::Drop))).unwrap();
    assert_eq!(count(&after), 2);
}

#[test]
fn many_writers_share_the_syncs_of_a_slow_disk() {
    let disk = SimulatedDisk::new();
    let store = Store::open(simulated(&disk)).unwrap();
    disk.slow_syncs(Duration::from_millis(20));
    std::thread::scope(|scope| {
        for writer in 0..32 {
            let store = &store;
            scope.spawn(move || (0..4).for_each(|step| put(store, writer * 4 + step).unwrap()));
        }
    });
    assert_eq!(count(&store), 128);
    let state = store.state();
    assert!(state.sync.count <= 40, "{} syncs for 128 transactions of 32 writers", state.sync.count);
    assert!(state.sync.p50 >= Duration::from_millis(20));
}

#[test]
fn a_store_that_cannot_keep_up_answers_overloaded_and_recovers() {
    let disk = SimulatedDisk::new();
    disk.forget_steps();
    let store = Store::open(simulated(&disk)).unwrap();
    disk.slow_syncs(Duration::from_millis(300));
    let (send, receive) = std::sync::mpsc::channel();
    for key in 0..20_000u64 {
        let send = send.clone();
        let rule = move |tx: &mut storage::Tx<'_>| -> Result<(), Error> {
            tx.put_bytes(crate::support::RAW, key.to_be_bytes().to_vec(), vec![0; 4000]);
            Ok(())
        };
        store.submit(rule, move |outcome| send.send(outcome).unwrap());
    }
    disk.slow_syncs(Duration::ZERO);
    drop(send);
    let (mut fine, mut refused) = (0u64, 0u64);
    for outcome in receive {
        match outcome {
            Ok(()) => fine += 1,
            Err(Error::Overloaded { .. }) => refused += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(fine + refused, 20_000);
    assert!(refused > 0);
    assert_eq!(store.state().durable, Lsn(fine));
    assert!(store.state().overlay_bytes < 24 * 1024 * 1024);
    put(&store, 0).unwrap();
}
