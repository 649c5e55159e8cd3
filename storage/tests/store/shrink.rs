//! An engine's file that became mostly free is written anew while the store runs, whatever happens meanwhile.

use crate::support::{RAW, ROWS, real, simulated, until};
use std::{fs, io::ErrorKind, os::unix::fs::MetadataExt, path::Path, time::Duration};
use storage::{
    EngineKind, Error, Options, Sizes, Store,
    vfs::{Cut, Fault, FaultOn, SimulatedDisk, Vfs},
};

const LEFT: u64 = 20;

/// Rows that stay: the last ones, whose pages lie at the end of the file. redb cuts free pages off there by itself.
fn stays(key: u64, keys: u64) -> bool {
    key + LEFT >= keys
}

/// Fills the store and removes nearly everything.
fn filled(options: Options, keys: u64) {
    let store = Store::open(options).unwrap();
    for key in 0..keys {
        store
            .write(move |tx| -> Result<(), Error> {
                ROWS.put(tx, &(0, key), &key);
                tx.put_bytes(RAW, key.to_be_bytes().to_vec(), vec![7; 8_000]);
                Ok(())
            })
            .unwrap();
    }
    until("applied", || store.state().applied == store.state().durable);
    for key in (0..keys).filter(|key| !stays(*key, keys)) {
        store
            .write(move |tx| -> Result<(), Error> {
                ROWS.delete(tx, &(0, key));
                tx.delete_bytes(RAW, key.to_be_bytes().to_vec());
                Ok(())
            })
            .unwrap();
    }
    store.close().unwrap();
}

fn whole(store: &Store, keys: u64) {
    for key in 0..keys {
        let row = store.read(|view| ROWS.get(view, &(0, key))).unwrap();
        assert_eq!(row, Some(key).filter(|key| stays(*key, keys)));
    }
    assert_eq!(store.check().unwrap(), []);
}

/// Writes a row.
fn note(store: &Store, key: u64) {
    let write = move |tx: &mut storage::Tx<'_>| -> Result<(), Error> {
        ROWS.put(tx, &(1, key), &key);
        Ok(())
    };
    store.write(write).unwrap();
}

#[test]
fn a_file_that_is_mostly_free_gives_its_room_back() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("engine.redb");
    let takes = || fs::metadata(&file).unwrap().blocks() * 512;
    let options = real(dir.path(), EngineKind::Redb);
    filled(options.clone(), 600);
    let before = takes();
    let keeps = Store::open(options.clone()).unwrap();
    note(&keeps, 0);
    until("a checkpoint", || keeps.state().checkpoint == keeps.state().durable);
    keeps.close().unwrap();
    drop(keeps);
    assert!(takes() > before / 2, "without a budget it stays: {}", takes());
    let roomy = Store::open(Options { budget: Some(100_000_000), ..options.clone() }).unwrap();
    note(&roomy, 1);
    until("a checkpoint", || roomy.state().checkpoint == roomy.state().durable);
    roomy.close().unwrap();
    drop(roomy);
    assert!(takes() > before / 2, "a small part of the budget may be free inside: {}", takes());
    let store = Store::open(Options { budget: Some(4_000_000), ..options.clone() }).unwrap();
    // What is written meanwhile is in the old one, in the new one, or only in the log; it is read all the same.
    let mut more = 2;
    until("written anew", || {
        note(&store, more);
        assert_eq!(store.read(|view| ROWS.get(view, &(1, more))).unwrap(), Some(more));
        more += 1;
        takes() < before / 2
    });
    until("applied", || store.state().applied == store.state().durable);
    whole(&store, 600);
    store.close().unwrap();
    drop(store);
    let again = Store::open(options).unwrap();
    whole(&again, 600);
    for key in 0..more {
        assert_eq!(again.read(|view| ROWS.get(view, &(1, key))).unwrap(), Some(key));
    }
    assert!(!dir.path().join("smaller").exists());
}

#[test]
fn where_it_does_not_fit_beside_bases_give_room_back_first() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("engine.redb");
    let takes = || fs::metadata(&file).unwrap().blocks() * 512;
    let options = real(dir.path(), EngineKind::Redb);
    filled(options.clone(), 600);
    let before = takes();
    let sizes = Sizes { base_retry: Duration::from_millis(1), ..options.sizes.clone() };
    let store = Store::open(Options { budget: Some(4_000_000), sizes, ..options }).unwrap();
    store.set_spare(10_000, u64::MAX);
    let mut key = 0;
    until("two bases without what was removed, and the log before them gone", || {
        note(&store, key);
        key += 1;
        store.state().bases.len() == 2 && store.state().log_bytes < 1_000_000
    });
    assert!(store.state().bases.iter().all(|base| base.bytes < 100_000), "{:?}", store.state().bases);
    assert!(takes() > before / 2, "there is no room for it");
    store.set_spare(u64::MAX, 0);
    until("written anew", || takes() < before / 2);
    until("applied", || store.state().applied == store.state().durable);
    whole(&store, 600);
}

#[test]
fn a_power_cut_or_a_fault_while_it_is_written_anew_loses_nothing() {
    let disk = SimulatedDisk::new();
    filled(simulated(&disk), 200);
    let tight = |disk: &SimulatedDisk| Options { budget: Some(1_000_000), ..simulated(disk) };
    let before = disk.killed();
    let first = disk.boundaries();
    let store = Store::open(tight(&disk)).unwrap();
    let length = || disk.contents(Path::new("/store/engine.redb")).unwrap().len();
    until("written anew", || length() < 2_000_000 && !disk.exists(Path::new("/store/smaller")).unwrap());
    store.close().unwrap();
    drop(store);
    let last = disk.boundaries();
    let step = ((last - first) / 40).max(1);
    for boundary in (first..last).step_by(step) {
        for cut in [Cut::Drop, Cut::Reorder(5), Cut::Tear(5)] {
            let image = disk.image(boundary, cut);
            whole(&Store::open(tight(&image)).unwrap(), 200);
            assert!(!image.exists(Path::new("/store/smaller")).unwrap(), "{boundary} {cut:?}");
        }
    }
    before.inject(Fault {
        name: "smaller/engine.redb".into(),
        on: FaultOn::Write,
        after: 3,
        times: usize::MAX,
        kind: ErrorKind::StorageFull,
    });
    let store = Store::open(tight(&before)).unwrap();
    until("given up", || before.failed() > 0 && !before.exists(Path::new("/store/smaller")).unwrap());
    whole(&store, 200);
}
