//! A backup of a store that is written to: what writers notice, what it takes, and whether a mistake is undone by it.

use crate::{bytes_of, fill::World, quantile, resident_mib};
use dassie::{media::Fate, status};
use std::{
    ops::ControlFlow,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};
use storage::{
    AccountId, Bounds, Direction, EngineKind, Options, Read, Store,
    backup::{Backup, Begin, Directory, Keep, Made, Moment, Repository, Restore, verify},
    catalogue::TABLES,
    status::STATUSES_OF_ACCOUNT,
    vfs::RealDisk,
};

/// Time between two posts: 500 a second.
const PACE: Duration = Duration::from_millis(2);
/// Posts while nothing else is done.
const QUIET: usize = 5_000;
/// Statuses that the mistake deletes, at most.
const MISTAKE: usize = 10_000;
const KEEP: Keep = Keep { last: 10, days: 3_650 };

/// Backs `world` up below `dir` under load, verifies it, deletes statuses and restores the moment before.
pub(crate) fn rescue(world: &mut World, dir: &Path, engine: EngineKind) {
    let places = dir.join("backups");
    let place = places.join("0");
    let quiet = at_a_pace(world, |number| number < QUIET);
    let computing = beside_a_computation(world);
    let (made, busy) = under_load(world, &places);
    println!("{} backups under load, each to a new place, with a base written before it; the first:", made.len());
    tell(&made[0].made, made[0].backup, &place);
    println!("500 posts a second:");
    let based = |due: &Instant| made.iter().any(|one| one.began <= *due && *due < one.began + one.base);
    let (base, backup): (Vec<_>, Vec<_>) = busy.into_iter().partition(|(due, _)| based(due));
    for (what, times) in [
        ("nothing beside them", quiet),
        ("a thread that computes, of the priority of backups", computing),
        ("a base is written", base),
        ("a backup is made of it", backup),
    ] {
        let mut times: Vec<Duration> = times.into_iter().map(|(_, took)| took).collect();
        let (p50, p99) = (quantile(&mut times, 0.5) / 1e3, quantile(&mut times, 0.99) / 1e3);
        println!("  {what}: p50 {p50:.2} ms, p99 {p99:.2} ms ({} posts)", times.len());
    }
    println!("  RSS {:.0} MiB", resident_mib());
    let (made, took) = back_up(&world.store, &place);
    tell(&made, took, &place);
    verified(&place, &dir.join("scratch"), engine);

    let before = rows(&world.store);
    let moment = world.now();
    let deleted = delete_many(world);
    let after = rows(&world.store);
    assert_ne!(before, after, "the mistake was made");
    back_up(&world.store, &place);
    let repository = repository(&place);
    let options = Options { engine, ..Options::new(dir.join("restored")) };
    let began = Instant::now();
    let restore = Restore {
        repository: &repository,
        moment: Moment::At(moment),
        options: options.clone(),
        data_dir: None,
        tell: &|_| true,
    };
    let restored = restore.run().expect("restored");
    let took = began.elapsed();
    let store = Store::open(options).expect("it opens");
    let found = rows(&store);
    println!(
        "{deleted} statuses deleted by mistake; the moment before restored in {:.1} s: {} rows with sum {:016x}, \
         before {} with {:016x}, after {}: {}",
        took.as_secs_f64(),
        found.0,
        found.1,
        before.0,
        before.1,
        after.0,
        if found == before { "the same" } else { "NOT the same" }
    );
    assert!(!restored.gap, "no piece of log is missing");
    store.close().expect("it closes");
}

/// When a post was due, and how long after that it was on the disk.
type Taken = (Instant, Duration);

/// What posts take while a thread of the priority of backups does nothing but compute: what is not the backup's, but of a
/// machine whose processors are busy.
fn beside_a_computation(world: &mut World) -> Vec<Taken> {
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = stop.clone();
    let computing = thread::spawn(move || {
        storage::step_back(storage::limits::BACKGROUND_STEPS);
        let mut sum = 0_u64;
        while !stopped.load(Ordering::Relaxed) {
            sum = std::hint::black_box(sum.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1));
        }
    });
    let times = at_a_pace(world, |number| number < QUIET);
    stop.store(true, Ordering::Relaxed);
    computing.join().expect("it computed");
    times
}

/// A backup that was made under load.
struct UnderLoad {
    began: Instant,
    base: Duration,
    backup: Duration,
    made: Made,
}

/// Whole backups one after another in their own thread, while posts come at their pace until about as many were made as
/// before.
fn under_load(world: &mut World, places: &Path) -> (Vec<UnderLoad>, Vec<Taken>) {
    let (store, places) = (world.store.clone(), places.to_owned());
    let backups = thread::spawn(move || {
        // As the thread that makes them in the server.
        storage::step_back(storage::limits::BACKGROUND_STEPS);
        let (first, mut all) = (Instant::now(), Vec::new());
        while all.is_empty() || first.elapsed() < PACE * u32::try_from(QUIET).expect("not so many") {
            let began = Instant::now();
            store.write_base().expect("a base");
            let base = began.elapsed();
            let (made, backup) = back_up(&store, &places.join(all.len().to_string()));
            all.push(UnderLoad { began, base, backup, made });
        }
        all
    });
    let times = at_a_pace(world, |_| !backups.is_finished());
    (backups.join().expect("backups"), times)
}

fn back_up(store: &Store, place: &Path) -> (Made, Duration) {
    let target = Arc::new(Directory::new(Arc::new(RealDisk), place));
    let began = Instant::now();
    let tell = |_| true;
    let backup = Backup { store, beside: None, keep: KEEP, begin: Begin::WhereItEnded, program: "scale", tell: &tell };
    let made = backup.run(target, None).expect("a backup");
    (made, began.elapsed())
}

fn tell(made: &Made, took: Duration, place: &Path) {
    println!(
        "backup: {:.1} MB written in {:.1} s, {} rows up to transaction {}; the place holds {:.1} MB",
        made.point.written as f64 / 1e6,
        took.as_secs_f64(),
        made.point.holds.rows,
        made.point.holds.lsn,
        bytes_of(place) as f64 / 1e6
    );
}

fn repository(place: &Path) -> Repository {
    let target = Arc::new(Directory::new(Arc::new(RealDisk), place));
    Repository::open(target, None).expect("it opens").expect("there is one")
}

fn verified(place: &Path, scratch: &Path, engine: EngineKind) {
    let options = Options { engine, ..Options::new(scratch) };
    let began = Instant::now();
    let seen = verify(&repository(place), None, &options, &|_| true).expect("it is what was backed up");
    let (rows, took) = (seen.point.holds.rows, began.elapsed());
    println!("restored into a scratch directory, checked and compared: {rows} rows in {:.1} s", took.as_secs_f64());
}

/// Posts at 500 a second as long as `more` of their number; how long after its time each was durable.
fn at_a_pace(world: &mut World, more: impl Fn(usize) -> bool) -> Vec<Taken> {
    let (send, receive) = mpsc::channel();
    let began = Instant::now();
    let mut number = 0;
    while more(number) {
        let due = began + PACE * u32::try_from(number).expect("not so many");
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let send = send.clone();
        world.post(move || send.send((due, due.elapsed())).expect("somebody waits"));
        number += 1;
    }
    drop(send);
    receive.iter().collect()
}

/// Deletes statuses of everybody here, their newest ones; answers how many.
fn delete_many(world: &mut World) -> usize {
    world.pass();
    let here = world.here.clone();
    let each = MISTAKE / here.len();
    here.into_iter().map(|author| delete(&world.store, author, each)).sum()
}

fn delete(store: &Store, author: AccountId, most: usize) -> usize {
    let newest = store
        .read(|view| STATUSES_OF_ACCOUNT.list(view, &author, Bounds::NONE, Direction::Descending, most))
        .expect("read");
    let (send, receive) = mpsc::channel();
    for ((_, id), _) in &newest {
        let (id, send) = (*id, send.clone());
        store.submit(
            move |tx| status::delete(tx, author, id, Fate::Gone),
            move |gone| {
                send.send(gone.map(drop)).expect("somebody waits");
            },
        );
    }
    drop(send);
    receive.iter().map(|gone| gone.expect("deleted")).count()
}

/// How many rows all tables hold but the store's own, and a sum over them in any order.
fn rows(store: &Store) -> (u64, u64) {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let (mut count, mut sum) = (0_u64, 0_u64);
    for table in TABLES.iter().filter(|table| table.id.0 > 9) {
        let whole = storage::table::KeyRange::all();
        let read = store.read(|view| {
            view.scan_bytes(table.id, &whole, Direction::Ascending, &mut |key, value| {
                let mut hasher = DefaultHasher::new();
                (table.id, key, value).hash(&mut hasher);
                (count, sum) = (count + 1, sum.wrapping_add(hasher.finish()));
                Ok(ControlFlow::Continue(()))
            })
        });
        read.expect("read");
    }
    (count, sum)
}
