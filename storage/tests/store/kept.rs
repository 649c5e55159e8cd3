//! What is kept of rows in memory: never older than the view it is asked through, and bounded.

use crate::support::{Dice, ROWS, World, real, simulated};
use std::{
    ops::ControlFlow,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
};
use storage::{Ahead, Bounds, Direction, EngineKind, Error, Kept, Noting, Read, Store, vfs::SimulatedDisk};

/// The sum over a group's rows, and one row of another group: a scan and a look-up.
fn sum(read: &dyn Read, group: u64) -> Result<u64, Error> {
    let mut sum = ROWS.get(read, &(group + 1, 0))?.unwrap_or_default();
    ROWS.scan(read, &group, Bounds::NONE, Direction::Ascending, |_, value| {
        sum = sum.wrapping_add(value);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(sum)
}

fn put(store: &Store, key: (u64, u64), value: Option<u64>) {
    let rule = move |tx: &mut storage::Tx<'_>| -> Result<(), Error> {
        match value {
            Some(value) => ROWS.put(tx, &key, &value),
            None => ROWS.delete(tx, &key),
        }
        Ok(())
    };
    store.write(rule).unwrap();
}

#[test]
fn what_is_kept_is_what_the_view_says_whatever_changes() {
    for (seed, engine) in [(1, EngineKind::Redb), (2, EngineKind::Sled)] {
        println!("seed {seed}, {engine}");
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(real(dir.path(), engine)).unwrap();
        let (kept, made) = (Kept::new(8_000, |_: &u64| 8), AtomicU64::new(0));
        let (mut dice, mut looks) = (Dice(seed), 0);
        for _ in 0..3_000 {
            if dice.roll(3) == 0 {
                let key = (dice.roll(6), dice.roll(3));
                let value = (dice.roll(4) > 0).then(|| dice.roll(1_000));
                put(&store, key, value);
            }
            let group = dice.roll(6);
            looks += 1;
            store
                .read(|view| -> Result<(), Error> {
                    let found = kept.look(view, &group, |read| {
                        made.fetch_add(1, Ordering::Relaxed);
                        sum(read, group)
                    })?;
                    assert_eq!(found, sum(view, group)?, "group {group}");
                    Ok(())
                })
                .unwrap();
        }
        let made = made.load(Ordering::Relaxed);
        assert!(made < looks * 3 / 4, "{made} of {looks} were made anew: nothing is kept");
    }
}

#[test]
fn readers_beside_a_writer_never_find_what_their_view_does_not_show() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(real(dir.path(), EngineKind::Redb)).unwrap();
    let (kept, done) = (Kept::new(8_000, |_: &u64| 8), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for value in 0..2_000 {
                put(&store, (value % 3, 0), Some(value));
            }
            done.store(true, Ordering::Release);
        });
        for _ in 0..2 {
            scope.spawn(|| {
                let mut group = 0;
                while !done.load(Ordering::Acquire) {
                    group = (group + 1) % 3;
                    let look = |view: &storage::View<'_>| -> Result<(), Error> {
                        let found = kept.look(view, &group, |read| sum(read, group))?;
                        assert_eq!(found, sum(view, group)?, "group {group}");
                        Ok(())
                    };
                    store.read(look).unwrap();
                }
            });
        }
    });
}

#[test]
fn what_is_made_of_something_kept_changes_with_it() {
    let store = Store::open(simulated(&SimulatedDisk::new())).unwrap();
    let (inner, outer) = (Kept::new(8_000, |_: &u64| 8), Kept::new(8_000, |_: &u64| 8));
    let look = |view: &storage::View<'_>| {
        outer.look(view, &0_u64, |read| inner.look(read, &0_u64, |read| sum(read, 0)).map(|sum| sum * 10))
    };
    put(&store, (0, 1), Some(4));
    // Made once by itself, then found there while the outer is made.
    assert_eq!(store.read(|view| inner.look(view, &0, |read| sum(read, 0))).unwrap(), 4);
    assert_eq!(store.read(look).unwrap(), 40);
    put(&store, (0, 2), Some(1));
    assert_eq!(store.read(look).unwrap(), 50);
}

#[test]
fn a_transaction_sees_its_own_rows_and_keeps_nothing() {
    let store = Store::open(simulated(&SimulatedDisk::new())).unwrap();
    let kept = std::sync::Arc::new(Kept::new(8_000, |_: &u64| 8));
    let inside = kept.clone();
    let rule = move |tx: &mut storage::Tx<'_>| {
        ROWS.put(tx, &(0, 1), &7);
        assert!(Noting::new(tx).is_none());
        inside.look(tx, &0_u64, |read| sum(read, 0))
    };
    assert_eq!(store.write(rule).unwrap(), 7);
    assert_eq!(kept.bytes(), 0);
}

#[test]
fn memory_is_bounded_and_what_is_asked_for_stays() {
    let store = Store::open(simulated(&SimulatedDisk::new())).unwrap();
    let most = 100_000;
    let kept = Kept::new(most, |bytes: &u64| usize::try_from(*bytes).unwrap_or(usize::MAX));
    put(&store, (0, 1), Some(1_000));
    for key in 0..5_000_u64 {
        store.read(|view| kept.look(view, &key, |read| sum(read, 0))).unwrap();
        store.read(|view| kept.look(view, &(1_u64 << 60), |read| sum(read, 0))).unwrap();
        assert!(kept.bytes() <= most + 2_000, "{} bytes", kept.bytes());
    }
    assert!(store.read(|view| Ok::<_, Error>(kept.knows(view, &(1 << 60)))).unwrap());
    assert!(!store.read(|view| Ok::<_, Error>(kept.knows(view, &0))).unwrap(), "the first ones went");
}

#[test]
fn rows_read_ahead_are_those_of_the_view_also_where_some_are_missing() {
    let world = World::new(3);
    let options = storage::Options { environment: world.environment(), ..simulated(&SimulatedDisk::new()) };
    let store = Store::open(options).unwrap();
    for key in 0..50 {
        put(&store, (0, key * 2), Some(key));
    }
    let look = |view: &storage::View<'_>| -> Result<(), Error> {
        let ahead = Ahead::new(view);
        ahead.fetch(&ROWS, (0..20).map(|key| (0, key)))?;
        for key in 0..100 {
            assert_eq!(ROWS.get(&ahead, &(0, key))?, ROWS.get(view, &(0, key))?, "{key}");
        }
        // Through one another: what is at hand and what is not, in their order.
        let upper = Ahead::new(&ahead);
        upper.fetch(&ROWS, [(0, 98), (0, 2), (0, 1), (0, 2)])?;
        for key in [98, 2, 1] {
            assert_eq!(ROWS.get(&upper, &(0, key))?, ROWS.get(view, &(0, key))?, "{key}");
        }
        Ok(())
    };
    store.read(look).unwrap();
}
