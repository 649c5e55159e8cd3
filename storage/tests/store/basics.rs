//! What a caller relies on: answers, visibility, limits, ids, events, closing.

use crate::support::{OTHER, RAW, ROWS, TABLES, World, real, simulated, until};
use std::{
    ops::ControlFlow,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc::sync_channel,
    },
    time::Duration,
};
use storage::{
    Bounds, Direction, EngineKind, Environment, Error, Event, JobId, Lsn, Options, Read, Sizes, StatusId, Store,
    Timestamp, Tx, catalogue,
    table::{KeyRange, TableId},
    vfs::SimulatedDisk,
};

fn memory() -> (Store, SimulatedDisk) {
    let disk = SimulatedDisk::new();
    (Store::open(simulated(&disk)).unwrap(), disk)
}

fn put(store: &Store, key: u64, value: u64) {
    store
        .write(move |tx| -> Result<(), Error> {
            ROWS.put(tx, &(0, key), &value);
            Ok(())
        })
        .unwrap();
}

fn get(store: &Store, key: u64) -> Option<u64> {
    store.read(|view| ROWS.get(view, &(0, key))).unwrap()
}

#[test]
fn what_is_answered_is_seen_at_once_and_after_opening_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(real(dir.path(), EngineKind::Redb)).unwrap();
    for key in 0..200 {
        put(&store, key, key * 2);
        assert_eq!(get(&store, key), Some(key * 2));
    }
    let rows = store.read(|view| ROWS.list(view, &0u64, Bounds::NONE, Direction::Descending, 3)).unwrap();
    assert_eq!(rows, [((0, 199), 398), ((0, 198), 396), ((0, 197), 394)]);
    store.close().unwrap();
    drop(store);
    let store = Store::open(real(dir.path(), EngineKind::Redb)).unwrap();
    assert_eq!(get(&store, 199), Some(398));
    assert_eq!(store.check().unwrap(), []);
}

#[test]
fn a_second_store_on_the_directory_is_locked_out() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(real(dir.path(), EngineKind::Redb)).unwrap();
    assert!(matches!(Store::open(real(dir.path(), EngineKind::Redb)), Err(Error::Locked)));
    drop(store);
    Store::open(real(dir.path(), EngineKind::Redb)).unwrap();
}

/// Says that it was dropped.
struct Dropped(Arc<AtomicBool>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

#[test]
fn whoever_waits_is_answered_when_a_thread_of_the_store_panics() {
    let flag = || Arc::new(AtomicBool::new(false));
    let is = |flag: &AtomicBool| flag.load(Ordering::Acquire);
    let (armed, goes_on) = (flag(), flag());
    let (asked, waits) = (armed.clone(), goes_on.clone());
    let now = move || {
        if is(&asked) && std::thread::current().name() == Some("store-committer") {
            until("the rest is queued", || is(&waits));
            panic!("a defect");
        }
        Timestamp(1_800_000_000_000)
    };
    let environment = Environment { now: Arc::new(now), ..World::new(1).environment() };
    let disk = SimulatedDisk::new();
    let store = Store::open(Options { environment, ..simulated(&disk) }).unwrap();
    put(&store, 0, 0);
    armed.store(true, Ordering::Release);
    // The committer panics over this one.
    let (begun, queued) = (flag(), flag());
    let (begins, waits) = (begun.clone(), queued.clone());
    let rule = move |tx: &mut Tx<'_>| -> Result<(), Error> {
        begins.store(true, Ordering::Release);
        until("the next one is queued", || is(&waits));
        ROWS.put(tx, &(0, 1), &1);
        Ok(())
    };
    store.submit(rule, |_: Result<(), Error>| {});
    until("the first one is executed", || is(&begun));
    // This one is executed until all that waited then was let go.
    let (begun, gone) = (flag(), flag());
    let (begins, waits) = (begun.clone(), gone.clone());
    let rule = move |tx: &mut Tx<'_>| -> Result<(), Error> {
        begins.store(true, Ordering::Release);
        until("what was queued is let go", || is(&waits));
        ROWS.put(tx, &(0, 2), &2);
        Ok(())
    };
    let (send, receive) = sync_channel(1);
    store.submit(rule, move |outcome: Result<(), Error>| drop(send.send(outcome)));
    queued.store(true, Ordering::Release);
    until("the second one is executed", || is(&begun));
    let rule = |tx: &mut Tx<'_>| -> Result<(), Error> {
        ROWS.put(tx, &(0, 3), &3);
        Ok(())
    };
    let dropped = Dropped(gone);
    store.submit(rule, move |_: Result<(), Error>| drop(dropped));
    goes_on.store(true, Ordering::Release);
    let outcome = receive.recv_timeout(Duration::from_secs(30)).expect("it is answered");
    assert!(matches!(&outcome, Err(Error::ReadOnly(why)) if why.contains("a defect")), "{outcome:?}");
    assert!(matches!(store.close(), Err(Error::ReadOnly(_))));
}

#[test]
fn a_failed_rule_and_a_panic_leave_no_trace() {
    let (store, _) = memory();
    put(&store, 1, 1);
    let failed = store.write(|tx| -> Result<(), Error> {
        ROWS.put(tx, &(0, 1), &2);
        tx.emit(Event::JobQueued { job: JobId(1) });
        Err(Error::Full)
    });
    assert!(matches!(failed, Err(Error::Full)));
    let panicked = store.write(|tx: &mut Tx<'_>| -> Result<(), Error> {
        ROWS.put(tx, &(0, 1), &3);
        panic!("on purpose");
    });
    assert!(matches!(panicked, Err(Error::Panic(why)) if why == "on purpose"));
    assert_eq!(get(&store, 1), Some(1));
    put(&store, 2, 2);
    assert_eq!(store.state().durable, Lsn(2));
}

#[test]
fn limits_hold_at_the_bound_and_refuse_one_past_it() {
    let (store, _) = memory();
    let raw = |key: usize, value: usize| {
        store.write(move |tx| -> Result<(), Error> {
            tx.put_bytes(RAW, vec![1; key], vec![2; value]);
            Ok(())
        })
    };
    raw(512, 65536).unwrap();
    assert!(matches!(raw(513, 1), Err(Error::TooLarge { size: 513, limit: 512, .. })));
    assert!(matches!(raw(1, 65537), Err(Error::TooLarge { size: 65537, limit: 65536, .. })));
    let many = |count: u64, size: usize| {
        store.write(move |tx| -> Result<(), Error> {
            for key in 0..count {
                tx.put_bytes(OTHER, key.to_be_bytes().to_vec(), vec![0; size]);
            }
            Ok(())
        })
    };
    many(500, 1).unwrap();
    assert!(matches!(many(501, 1), Err(Error::TooLarge { size: 501, limit: 500, .. })));
    many(32, 65000).unwrap();
    assert!(matches!(many(33, 65000), Err(Error::TooLarge { limit: 2_097_152, .. })));
    let unknown = store.write(|tx| -> Result<(), Error> {
        tx.put_bytes(TableId(99), vec![1], vec![1]);
        Ok(())
    });
    assert!(matches!(unknown, Err(Error::Corrupt { .. })));
}

#[test]
fn ids_grow_also_when_the_clock_goes_back_and_after_a_restart() {
    let disk = SimulatedDisk::new();
    let world = World::new(5);
    let options = || Options { environment: world.environment(), ..simulated(&disk) };
    let mut last = StatusId(0);
    let mut next = |store: &Store, count: usize| {
        for _ in 0..count {
            let id = store.write(|tx| -> Result<StatusId, Error> { Ok(tx.next_id()) }).unwrap();
            assert!(id > last, "{id} after {last}");
            last = id;
        }
    };
    let store = Store::open(options()).unwrap();
    next(&store, 10);
    world.now.fetch_add(5000, Ordering::Relaxed);
    next(&store, 10);
    world.now.fetch_sub(3_600_000, Ordering::Relaxed);
    next(&store, 10);
    drop(store);
    let store = Store::open(options()).unwrap();
    next(&store, 10);
    assert_eq!(last.to_string().len(), 18);
}

#[test]
fn an_id_at_a_time_is_clamped_and_avoids_what_is_taken() {
    let (store, _) = memory();
    let now = 1_800_000_000_000;
    let at = |time: i64| {
        store
            .write(move |tx| -> Result<StatusId, Error> {
                let id: StatusId = tx.id_at(Timestamp(time), |read, id: StatusId| ROWS.contains(read, &(1, id.0)))?;
                ROWS.put(tx, &(1, id.0), &0);
                Ok(id)
            })
            .unwrap()
    };
    assert_eq!(at(0).time(), storage::FIRST_ID_TIME);
    assert_eq!(at(now + 1_000_000).time(), Timestamp(now));
    assert_eq!(at(now - 77).time(), Timestamp(now - 77));
    let crowded =
        store.write(move |tx| -> Result<StatusId, Error> { tx.id_at(Timestamp(now), |_, _: StatusId| Ok(true)) });
    assert!(matches!(crowded, Err(Error::Overloaded { .. })));
    let local = store.write(|tx| -> Result<StatusId, Error> { Ok(tx.next_id()) }).unwrap();
    assert!(local > at(now));
}

#[test]
fn events_come_in_order_after_they_are_visible_and_before_the_answer() {
    let (store, _) = memory();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (into, inside) = (heard.clone(), store.clone());
    store.subscribe(Arc::new(move |lsn, events| {
        for event in events {
            let Event::JobQueued { job } = event else { panic!("only jobs were queued") };
            let seen = inside.read(|view| ROWS.get(view, &(0, job.0))).unwrap();
            into.lock().unwrap().push((lsn, job.0, seen));
        }
    }));
    for number in 1..=20u64 {
        store
            .write(move |tx| -> Result<(), Error> {
                ROWS.put(tx, &(0, number), &number);
                tx.emit(Event::JobQueued { job: JobId(number) });
                Ok(())
            })
            .unwrap();
        assert_eq!(heard.lock().unwrap().last(), Some(&(Lsn(number), number, Some(number))));
    }
}

#[test]
fn many_writers_count_without_a_lost_step_and_share_syncs() {
    let (store, _) = memory();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..50 {
                    store
                        .write(|tx| -> Result<(), Error> {
                            let before = ROWS.get(tx, &(0, 0))?.unwrap_or(0);
                            ROWS.put(tx, &(0, 0), &(before + 1));
                            Ok(())
                        })
                        .unwrap();
                }
            });
        }
    });
    assert_eq!(get(&store, 0), Some(800));
    let state = store.state();
    assert_eq!(state.durable, Lsn(800));
    assert!(state.sync.count < 800, "{} syncs for 800 transactions", state.sync.count);
}

#[test]
fn a_view_does_not_change_while_it_is_read() {
    let (store, _) = memory();
    put(&store, 1, 1);
    let writer = store.clone();
    store
        .read(|view| -> Result<(), Error> {
            assert_eq!(ROWS.get(view, &(0, 1))?, Some(1));
            std::thread::scope(|scope| {
                scope.spawn(|| (0..300).for_each(|step| put(&writer, 1, step + 2)));
            });
            assert_eq!(ROWS.get(view, &(0, 1))?, Some(1));
            Ok(())
        })
        .unwrap();
    assert_eq!(get(&store, 1), Some(301));
}

#[test]
fn a_read_inside_a_view_is_refused_instead_of_hanging() {
    let (store, _) = memory();
    let inner = store.read(|_| store.read(|view| ROWS.get(view, &(0, 1))));
    assert!(matches!(inner, Err(Error::Panic(_))));
    assert_eq!(get(&store, 1), None);
}

#[test]
fn the_log_can_be_followed_from_any_position() {
    let (store, _) = memory();
    for key in 1..=300 {
        put(&store, key, key);
    }
    for from in [1u64, 2, 150, 300, 301] {
        let mut seen = Vec::new();
        store
            .read_log(Lsn(from), |lsn, transaction| {
                assert_eq!(transaction.operations.len(), 1);
                seen.push(lsn.0);
                Ok(ControlFlow::Continue(()))
            })
            .unwrap();
        assert_eq!(seen, (from..=300).collect::<Vec<_>>());
    }
    store
        .write(|tx| -> Result<(), Error> {
            tx.set_consumer("search", Lsn(150));
            Ok(())
        })
        .unwrap();
    assert_eq!(store.consumer("search").unwrap(), Lsn(150));
    assert_eq!(store.consumer("other").unwrap(), Lsn(0));
}

#[test]
fn a_closed_store_answers_and_has_applied_everything() {
    let (store, disk) = memory();
    for key in 0..50 {
        put(&store, key, key);
    }
    store.close().unwrap();
    assert!(matches!(
        store.write(|tx| -> Result<(), Error> {
            ROWS.put(tx, &(0, 1), &1);
            Ok(())
        }),
        Err(Error::ReadOnly(_))
    ));
    assert_eq!((store.state().applied, store.state().checkpoint), (Lsn(50), Lsn(50)));
    assert!(disk.contents("/store/CHECKPOINT".as_ref()).unwrap().starts_with(b"dassie checkpoint"));
}

#[test]
fn the_last_clone_may_go_inside_an_answer() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(real(dir.path(), EngineKind::Redb)).unwrap();
    let (inside, (send, receive)) = (store.clone(), std::sync::mpsc::channel());
    let (go, gone) = std::sync::mpsc::channel::<()>();
    let rule = |tx: &mut Tx<'_>| -> Result<(), Error> {
        ROWS.put(tx, &(0, 1), &1);
        Ok(())
    };
    store.submit(rule, move |outcome| {
        gone.recv().unwrap();
        drop(inside);
        send.send(outcome).unwrap();
    });
    drop(store);
    go.send(()).unwrap();
    receive.recv().unwrap().unwrap();
    let mut again = None;
    until("the directory is free again", || {
        again = Store::open(real(dir.path(), EngineKind::Redb)).ok();
        again.is_some()
    });
    assert_eq!(again.map(|store| get(&store, 1)), Some(Some(1)));
}

#[test]
fn rows_that_do_not_grow_are_written_anew_on_a_full_disk() {
    let (store, disk) = memory();
    let writes = |bytes: usize| {
        store.write(move |tx| -> Result<(), Error> {
            tx.accept_when_full();
            (0..5_u8).for_each(|row| tx.put_bytes(RAW, vec![row], vec![row; bytes]));
            Ok(())
        })
    };
    writes(20_000).unwrap();
    disk.set_free_space(Some(1000));
    writes(20_000).unwrap();
    assert!(matches!(writes(30_000), Err(Error::Full)));
    writes(19_000).unwrap();
    writes(22_000).unwrap();
    let unsaid = store.write(|tx| -> Result<(), Error> {
        tx.put_bytes(RAW, vec![0], Vec::new());
        Ok(())
    });
    assert!(matches!(unsaid, Err(Error::Full)), "it does not say that it makes room");
}

#[test]
fn a_full_disk_accepts_only_deletes() {
    let (store, disk) = memory();
    put(&store, 1, 1);
    disk.set_free_space(Some(1000));
    let refused = store.write(|tx| -> Result<(), Error> {
        ROWS.put(tx, &(0, 2), &2);
        Ok(())
    });
    assert!(matches!(refused, Err(Error::Full)));
    store
        .write(|tx| -> Result<(), Error> {
            ROWS.delete(tx, &(0, 1));
            Ok(())
        })
        .unwrap();
    assert_eq!((get(&store, 1), get(&store, 2)), (None, None));
    disk.set_free_space(None);
    put(&store, 2, 2);
}

#[test]
fn a_full_disk_is_identified_and_begins_another_line() {
    let disk = SimulatedDisk::new();
    let store = Store::open(Options { tables: catalogue::TABLES, ..simulated(&disk) }).unwrap();
    disk.set_free_space(Some(1000));
    let (number, first) = store.identify().unwrap();
    let line = store.begin_line(number, Timestamp(0)).unwrap();
    assert_ne!(line.number, first.number);
    let known = store.identify().unwrap();
    assert_eq!((known.0, known.1.number), (number, line.number));
}

#[test]
fn scans_see_a_transactions_own_rows_in_order() {
    let (store, _) = memory();
    for key in [10, 20, 30] {
        put(&store, key, key);
    }
    until("applied", || store.state().applied == Lsn(3));
    put(&store, 25, 25);
    let keys = store
        .write(|tx| -> Result<Vec<u64>, Error> {
            ROWS.put(tx, &(0, 15), &15);
            ROWS.delete(tx, &(0, 20));
            let mut keys = Vec::new();
            tx.scan_bytes(TABLES[2].id, &KeyRange::all(), Direction::Descending, &mut |key, _| {
                keys.push(u64::from_be_bytes(key[8..].try_into().unwrap()));
                Ok(ControlFlow::Continue(()))
            })?;
            Ok(keys)
        })
        .unwrap();
    assert_eq!(keys, [30, 25, 15, 10]);
}

#[test]
fn files_are_no_larger_than_fits_the_budget() {
    let plain = Sizes::default();
    let same = |sizes: &Sizes| {
        (sizes.segments.other, sizes.reserve, sizes.base_log_bytes, sizes.log_bytes_max, sizes.checkpoint_bytes)
    };
    assert_eq!(same(&plain.clone().within(1 << 40)), same(&plain), "a large budget changes nothing");
    let two_gb = plain.clone().within(2_000_000_000);
    assert_eq!(two_gb.log_bytes_max, 400_000_000, "a fifth");
    // Two stretches of log behind the older base, the present segment and the next one.
    assert!(2 * two_gb.base_log_bytes + 2 * two_gb.segments.other < two_gb.log_bytes_max);
    let least = plain.within(64_000_000);
    assert!(least.segments.other * 3 <= least.log_bytes_max && least.log_bytes_max < 64_000_000 / 4);
    assert_eq!(least.segments.other % 4096, 0);
    assert_eq!(Sizes::small().within(64_000_000).segments.other, 64 * 1024, "never larger than asked for");
}
