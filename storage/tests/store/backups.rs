//! Backups: what is restored is what was backed up, to any moment; cut, damaged, foreign and sealed ones; what they
//! write and what they remove.

mod lines;
mod restores;
mod rotten;
mod sealed;

use crate::support::{OTHER, RAW, ROWS, World, mix, real, simulated, until};
use std::{
    collections::BTreeMap,
    io::ErrorKind::StorageFull,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use storage::{
    Direction, EngineKind, Error, Lsn, Options, Read, Sizes, Store, Timestamp,
    backup::{
        Backup, Begin, Beside, Directory, Keep, Made, Moment, Point, PointName, Progress, Repository, Restore,
        Restored, Secret, Verified, newest_restorable, read_through, store_bytes,
        target::{OBJECT_BYTES_MAX, Object, Target},
        verify,
    },
    log::writer::SegmentSizes,
    table::{KeyRange, TableId},
    vfs::{Cut, Fault, FaultOn, OpenMode, SimulatedDisk, Vfs},
};

const DAY: i64 = 24 * 60 * 60_000;

fn go_on(_: Progress) -> bool {
    true
}

/// A store on a simulated disk with pictures beside it, its clock, and a target on another disk.
struct House {
    world: World,
    disk: SimulatedDisk,
    options: Options,
    target: Arc<dyn Target>,
    target_disk: SimulatedDisk,
}

fn small_segments(options: Options) -> Options {
    let segments = SegmentSizes { first: 4 * 1024, other: 4 * 1024 };
    Options { sizes: Sizes { segments, base_log_bytes: u64::MAX, ..options.sizes }, ..options }
}

impl House {
    fn new(seed: u64) -> House {
        let (world, disk, target_disk) = (World::new(seed), SimulatedDisk::new(), SimulatedDisk::new());
        let options = Options { dir: "/data/store".into(), environment: world.environment(), ..simulated(&disk) };
        let target = Arc::new(Directory::new(Arc::new(target_disk.clone()), "/target"));
        House { world, disk, options: small_segments(options), target, target_disk }
    }

    fn open(&self) -> Store {
        Store::open(self.options.clone()).unwrap()
    }

    fn later(&self, ms: i64) -> Timestamp {
        Timestamp(self.world.now.fetch_add(ms, Ordering::Relaxed) + ms)
    }

    fn picture(&self, path: &str, content: &[u8]) {
        write_file(&self.disk, &Path::new("/data").join(path), content);
    }

    fn back_up(&self, store: &Store) -> Made {
        self.try_back_up(store, None).unwrap()
    }

    fn try_back_up(&self, store: &Store, secret: Option<&Secret>) -> storage::Result<Made> {
        self.backup(store, Keep { last: 100, days: 0 }, Begin::WhereItEnded).run(self.target.clone(), secret)
    }

    fn backup<'a>(&self, store: &'a Store, keep: Keep, begin: Begin) -> Backup<'a> {
        let config = Some(Path::new("/etc/dassie.toml"));
        let beside = Some(Beside { data_dir: Path::new("/data"), config });
        Backup { store, beside, keep, begin, program: "test", tell: &go_on }
    }

    fn repository(&self) -> Repository {
        Repository::open(self.target.clone(), None).unwrap().unwrap()
    }
}

fn write_file(disk: &SimulatedDisk, path: &Path, content: &[u8]) {
    let file = disk.open(path, OpenMode::Truncate).unwrap();
    file.write_at(0, content).unwrap();
    file.sync_data().unwrap();
    disk.sync_dir(path.parent().unwrap()).unwrap();
}

/// Restores onto a fresh disk; answers the disk and the options of what was restored.
fn restore(repository: &Repository, moment: Moment) -> storage::Result<(SimulatedDisk, Options, Restored)> {
    let disk = SimulatedDisk::new();
    let options = restored_options(&disk);
    let data_dir = Some(Path::new("/new"));
    let restored = Restore { repository, moment, options: options.clone(), data_dir, tell: &go_on }.run()?;
    Ok((disk, options, restored))
}

fn restored_options(disk: &SimulatedDisk) -> Options {
    let environment = World::new(77).environment();
    small_segments(Options { dir: "/new/store".into(), environment, ..simulated(disk) })
}

fn verified(repository: &Repository) -> storage::Result<Verified> {
    let disk = SimulatedDisk::new();
    let seen = verify(repository, None, &Options { dir: "/scratch".into(), ..restored_options(&disk) }, &go_on);
    assert_eq!(disk.files(), Vec::<PathBuf>::new(), "the scratch is removed");
    seen
}

fn noise(seed: u64, count: u64) -> Vec<u8> {
    (0..count).map(|at| mix(seed * 1000 + at) as u8).collect()
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

/// All rows but those the store keeps for itself.
fn rows(store: &Store) -> BTreeMap<(TableId, Vec<u8>), Vec<u8>> {
    let mut rows = BTreeMap::new();
    for table in [ROWS.id, RAW, OTHER] {
        store
            .read(|view| {
                view.scan_bytes(table, &KeyRange::all(), Direction::Ascending, &mut |key, value| {
                    rows.insert((table, key.to_vec()), value.to_vec());
                    Ok(ControlFlow::Continue(()))
                })
            })
            .unwrap();
    }
    rows
}

fn rows_of(options: Options) -> BTreeMap<(TableId, Vec<u8>), Vec<u8>> {
    let store = Store::open(options).unwrap();
    assert_eq!(store.check().unwrap(), []);
    rows(&store)
}

#[test]
fn an_incremental_backup_writes_little_and_a_base_comes_when_due() {
    let house = House::new(5);
    let store = house.open();
    house.picture("media/one", &noise(1, 100_000));
    put(&store, 0..300);
    let first = house.back_up(&store);
    assert!(first.point.written > 140_000, "{}", first.point.written);
    put(&store, 300..310);
    house.picture("media/two", &noise(2, 5000));
    let second = house.back_up(&store);
    assert!(second.point.written < 5000 + 10 * 400 + 1500, "{}", second.point.written);
    let third = house.back_up(&store);
    assert_eq!((third.point.written, third.point.holds.lsn), (0, second.point.holds.lsn));
    // A week later another base is due, if anything was written.
    house.later(8 * DAY);
    put(&store, 310..311);
    let fourth = house.back_up(&store);
    let base = fourth.point.base.expect("a base");
    assert!(base.lsn >= third.point.holds.lsn);
    put(&store, 311..312);
    assert_eq!(house.back_up(&store).point.base, Some(base), "it serves those that follow");
    verified(&house.repository()).unwrap();
}

#[test]
fn whoever_may_not_go_on_names_no_backup_and_lets_none_go() {
    let house = House::new(26);
    let store = house.open();
    for round in 0..2 {
        put(&store, round * 10..round * 10 + 10);
        house.back_up(&store);
        house.later(1000);
    }
    let ends_at = |what: &'static str| {
        put(&store, 20..30);
        let tell = move |progress: Progress| progress.what != what;
        let keep = Keep { last: 1, days: 0 };
        let backup = Backup { tell: &tell, ..house.backup(&store, keep, Begin::WhereItEnded) };
        backup.run(house.target.clone(), None)
    };
    let points = || house.repository().points().unwrap().len();
    assert!(matches!(ends_at("naming the backup"), Err(Error::Unavailable)));
    assert_eq!(points(), 2);
    let made = ends_at("letting old backups go").unwrap();
    assert!(made.untidy.is_some() && made.retired == 0, "{made:?}");
    assert_eq!(points(), 3);
}

#[test]
fn a_base_of_the_store_itself_is_taken_where_it_serves() {
    let house = House::new(6);
    let store = house.open();
    put(&store, 0..50);
    let checkpointed = || {
        let durable = store.state().durable;
        until("a checkpoint", || store.state().checkpoint >= durable);
    };
    checkpointed();
    store.write_base().unwrap();
    put(&store, 50..100);
    checkpointed();
    let info = store.write_base().unwrap();
    put(&store, 100..110);
    assert!(store.state().log_begin > Lsn(1), "the log must begin with a base for this");
    let made = house.back_up(&store);
    assert_eq!(made.point.base.map(|base| base.lsn), Some(info.lsn));
    assert_eq!(store.state().bases.last().map(|base| base.lsn), Some(info.lsn), "no other was made");
    let (_, options, _) = restore(&house.repository(), Moment::Newest).unwrap();
    assert_eq!(rows_of(options), rows(&store));
}

#[test]
fn another_store_is_refused_in_a_sentence() {
    let (house, other) = (House::new(7), House::new(8));
    let store = house.open();
    put(&store, 0..3);
    house.back_up(&store);
    let stranger = other.open();
    put(&stranger, 0..3);
    let why = House { target: house.target.clone(), ..other }.try_back_up(&stranger, None).unwrap_err().to_string();
    assert!(why.contains("holds the backups of another server") && why.contains("/target"), "{why}");
    house.target.remove("repository").unwrap();
    let why = house.try_back_up(&store, None).unwrap_err().to_string();
    assert!(why.contains("the object repository is gone"), "{why}");
}

#[test]
fn points_go_by_count_and_age_and_what_stays_can_be_restored() {
    let house = House::new(13);
    let store = house.open();
    let keep = Keep { last: 2, days: 3 };
    let run = |begin| house.backup(&store, keep, begin).run(house.target.clone(), None).unwrap();
    for round in 0..12_u64 {
        put(&store, round * 10..round * 10 + 10);
        house.picture(&format!("media/{round}"), &noise(round, 500));
        if round > 0 {
            house.disk.remove(Path::new(&format!("/data/media/{}", round - 1))).unwrap();
        }
        let made = run(if round % 4 == 3 { Begin::Anew } else { Begin::WhereItEnded });
        assert_eq!(made.untidy, None);
        house.later(DAY);
    }
    let repository = house.repository();
    let points = repository.points().unwrap();
    assert_eq!(points.len(), 3, "of the last three days");
    let stays = |repository: &Repository| {
        for point in repository.points().unwrap() {
            let disk = SimulatedDisk::new();
            let options = Options { dir: "/scratch".into(), ..restored_options(&disk) };
            verify(repository, Some(&point), &options, &go_on).unwrap();
        }
    };
    stays(&repository);
    let files = house.target.list("file/").unwrap().len();
    assert!((3..=5).contains(&files), "{files} files");
    let bases = house.target.list("base/").unwrap().len();
    assert!((1..=2).contains(&bases), "{bases} bases");
    // A point let go can be restored for a day more: a restore under way is not cut off.
    let oldest = repository.point(&points[0]).unwrap();
    let made =
        house.backup(&store, Keep { last: 1, days: 0 }, Begin::WhereItEnded).run(house.target.clone(), None).unwrap();
    assert_eq!(made.retired, 3);
    let name = house.target.list("list/").unwrap();
    assert!(name.iter().any(|object| object.name.ends_with(&storage::table::hex(&oldest.lists[0]))));
    house.later(2 * DAY);
    house.backup(&store, Keep { last: 1, days: 0 }, Begin::WhereItEnded).run(house.target.clone(), None).unwrap();
    let name = house.target.list("list/").unwrap();
    assert!(!name.iter().any(|object| object.name.ends_with(&storage::table::hex(&oldest.lists[0]))));
    stays(&repository);
}

#[test]
fn the_log_waits_for_the_backup_up_to_its_cap() {
    let mut house = House::new(14);
    house.options.sizes.log_bytes_max = 200 * 1024;
    let store = house.open();
    let made = house.back_up(&store);
    store.keep_log_behind(Some(made.point.holds.lsn));
    let shorten = || {
        let durable = store.state().durable;
        until("a checkpoint", || store.state().checkpoint >= durable);
        store.write_base().unwrap();
    };
    for round in 0..3 {
        put(&store, round * 40..round * 40 + 40);
        shorten();
    }
    assert_eq!(store.state().log_begin, Lsn(1), "it is still to be backed up");
    let made = house.back_up(&store);
    store.keep_log_behind(Some(made.point.holds.lsn));
    assert_eq!(made.point.base, None, "the log had it all");
    shorten();
    until("it is let go", || store.state().log_begin > Lsn(1));
    // Backups fail for days.
    let mut written = 200;
    until("the cap counts more", || {
        put(&store, written..written + 100);
        written += 100;
        shorten();
        store.state().log_begin > Lsn(made.point.holds.lsn.0 + 1)
    });
    let after = house.back_up(&store);
    assert!(after.point.base.is_some(), "it begins with a base");
    let (_, options, _) = restore(&house.repository(), Moment::Newest).unwrap();
    assert_eq!(rows_of(options), rows(&store));
}

/// The power fails at every write of a backup: each point there is can be restored whole, and the next backup works.
#[test]
fn wherever_the_power_fails_during_a_backup_every_point_is_whole() {
    let house = House::new(15);
    house.picture("media/aa/one", &noise(1, 300));
    let store = house.open();
    put(&store, 0..12);
    let mut points = vec![(house.target_disk.boundaries(), 0)];
    let keep = Keep { last: 2, days: 0 };
    for round in 0..4_u64 {
        let begin = if round == 1 { Begin::Anew } else { Begin::WhereItEnded };
        house.backup(&store, keep, begin).run(house.target.clone(), None).unwrap();
        points.push((house.target_disk.boundaries(), (round + 1).min(2)));
        house.later(2 * DAY);
        put(&store, 12 + round * 4..16 + round * 4);
        house.picture(&format!("media/{round}"), &noise(round, 100));
    }
    let boundaries = house.target_disk.boundaries();
    let mut restored = 0;
    for boundary in (0..=boundaries).filter(|boundary| *boundary == boundaries || house.target_disk.changes(*boundary))
    {
        let dice = 15_000 + boundary as u64;
        let cut = [Cut::Drop, Cut::Reorder(dice), Cut::Tear(dice)][boundary % 3];
        let image = house.target_disk.image(boundary, cut);
        let target: Arc<dyn Target> = Arc::new(Directory::new(Arc::new(image), "/target"));
        let what = format!("boundary {boundary} of {boundaries}, {cut:?}");
        let least = points.iter().rev().find(|(at, _)| *at <= boundary).map_or(0, |(_, count)| *count);
        let Some(repository) = Repository::open(target.clone(), None).unwrap() else {
            assert_eq!(least, 0, "{what}");
            continue;
        };
        let there = repository.points().unwrap();
        assert!(there.len() as u64 >= least, "{what}: {} points, {least} were acknowledged", there.len());
        for point in &there {
            let disk = SimulatedDisk::new();
            let options = Options { dir: "/scratch".into(), ..restored_options(&disk) };
            verify(&repository, Some(point), &options, &go_on).unwrap_or_else(|error| panic!("{what}: {error}"));
            restored += 1;
        }
        if boundary % 5 == 0 {
            let next = house.backup(&store, keep, Begin::WhereItEnded).run(target, None);
            next.unwrap_or_else(|error| panic!("{what}: {error}"));
            verified(&repository).unwrap_or_else(|error| panic!("{what}, and once more: {error}"));
        }
    }
    println!("{restored} restores at {boundaries} boundaries, every point whole");
    assert!(restored > 100);
}

/// The power fails for the store, too: it opens with all that was acknowledged, and the next backup is whole.
#[test]
fn wherever_the_power_fails_for_store_and_backup_at_once_the_next_backup_is_whole() {
    let mut house = House::new(27);
    // On one disk both end at the same step.
    house.target = Arc::new(Directory::new(Arc::new(house.disk.clone()), "/target"));
    house.picture("media/aa/one", &noise(1, 300));
    let store = house.open();
    let (keep, mut during) = (Keep { last: 2, days: 0 }, Vec::new());
    for round in 0..3_u64 {
        for key in round * 5..round * 5 + 5 {
            put(&store, key..key + 1);
            house.disk.mark(key + 1);
        }
        let durable = store.state().durable;
        until("a checkpoint", || store.state().checkpoint >= durable);
        let begin = if round == 1 { Begin::Anew } else { Begin::WhereItEnded };
        let from = house.disk.boundaries();
        house.backup(&store, keep, begin).run(house.target.clone(), None).unwrap();
        during.extend(from..house.disk.boundaries());
        house.later(2 * DAY);
    }
    store.close().unwrap();
    drop(store);
    during.retain(|boundary| house.disk.changes(*boundary));
    // The engine writes as much as it likes meanwhile.
    let step = during.len() / 300 + 1;
    for (turn, boundary) in during.iter().copied().step_by(step).enumerate() {
        let dice = 27_000 + boundary as u64;
        let cut = [Cut::Drop, Cut::Reorder(dice), Cut::Tear(dice)][turn % 3];
        let what = format!("boundary {boundary}, {cut:?}");
        let image = house.disk.image(boundary, cut);
        let options = Options { vfs: Arc::new(image.clone()), ..house.options.clone() };
        let store = Store::open(options).unwrap_or_else(|error| panic!("{what}: {error}"));
        for key in 0..house.disk.marks(boundary).into_iter().max().unwrap_or(0) {
            assert_eq!(store.read(|view| ROWS.get(view, &(0, key))).unwrap(), Some(key), "{what}");
        }
        let target: Arc<dyn Target> = Arc::new(Directory::new(Arc::new(image), "/target"));
        let next = house.backup(&store, keep, Begin::WhereItEnded).run(target.clone(), None);
        let line = next.unwrap_or_else(|error| panic!("{what}: {error}")).point.line.number;
        let repository = Repository::open(target, None).unwrap().unwrap();
        let points = repository.points().unwrap();
        assert!(points.iter().all(|point| point.line == line), "{what}: it holds what it shipped: {points:?}");
        let (disk, options, restored) =
            restore(&repository, Moment::Newest).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert!(
            restored.compared && restored.damaged.is_empty() && restored.missing.is_empty(),
            "{what}: {restored:?}"
        );
        assert_eq!(rows_of(options), rows(&store), "{what}");
        assert_eq!(disk.contents(Path::new("/new/media/aa/one")).unwrap(), noise(1, 300), "{what}");
    }
    println!("cut at one of {step} of {} boundaries", during.len());
    assert!(during.len() > 60, "{}", during.len());
}

#[test]
fn the_time_in_the_log_never_goes_back_whatever_the_clock_does() {
    let house = House::new(18);
    let mut times = Vec::new();
    let mut disk = house.disk.clone();
    let open =
        |disk: &SimulatedDisk| Store::open(Options { vfs: Arc::new(disk.clone()), ..house.options.clone() }).unwrap();
    for change in [0, 5000, -60_000, 1000, -3_600_000, 0] {
        house.later(change);
        let store = open(&disk);
        put(&store, 0..2);
        house.later(-10);
        put(&store, 2..3);
        let durable = store.state().durable;
        times.push(store.time_of(durable).unwrap().unwrap());
        // Killed as often as closed: the time is found in the log's own end.
        if change < 0 {
            disk = disk.killed();
        }
        store.close().unwrap();
    }
    assert!(times.is_sorted() && times[0] >= Timestamp(1_800_000_000_000), "{times:?}");
    assert_eq!(times[1], Timestamp(1_800_000_004_990), "{times:?}");
    assert_eq!(times.last(), Some(&times[1]), "it stands still until the clock has caught up");
    house.later(10_000_000);
    let store = open(&disk);
    put(&store, 0..1);
    assert!(store.time_of(store.state().durable).unwrap() > Some(times[1]));
    assert_eq!(store.time_of(Lsn(u64::MAX)).unwrap(), None);
}

#[test]
fn work_can_be_ended_and_leaves_no_point() {
    let house = House::new(17);
    let store = house.open();
    put(&store, 0..5);
    let stop = |progress: Progress| progress.what != "naming the backup";
    let backup = house.backup(&store, Keep { last: 9, days: 0 }, Begin::WhereItEnded);
    let ended = Backup { tell: &stop, ..backup }.run(house.target.clone(), None);
    assert!(matches!(ended, Err(Error::Unavailable)));
    assert_eq!(house.repository().points().unwrap(), []);
    house.back_up(&store);
    verified(&house.repository()).unwrap();
}

/// The backup, the shipping and the lease of a server each have their own instance, and so has another machine.
#[test]
fn two_writers_into_one_directory_never_get_each_others_bytes() {
    let disk = SimulatedDisk::new();
    let target = || Directory::new(Arc::new(disk.clone()), "/target");
    let (other, begun) = (target(), Arc::new(AtomicBool::new(false)));
    let of_hook = begun.clone();
    // Each time the first is about to sync its object, the second puts one into the same directory.
    disk.on_sync(Arc::new(move |_: &Path| {
        if !of_hook.swap(true, Ordering::Relaxed) {
            other.put("log/ab/second", &noise(2, 900)).unwrap();
            of_hook.store(false, Ordering::Relaxed);
        }
    }));
    let first = target();
    for round in 0..3 {
        first.put("log/ab/first", &noise(10 + round, 500)).unwrap();
        assert_eq!(first.get("log/ab/first").unwrap(), Some(noise(10 + round, 500)));
        assert_eq!(first.get("log/ab/second").unwrap(), Some(noise(2, 900)));
    }
    assert_eq!(disk.files().len(), 2, "nothing is left beside them");
    // One that fails leaves nothing either: on a full disk each try would take more room.
    let full = Fault { name: "unfinished".into(), on: FaultOn::Sync, after: 0, times: 1, kind: StorageFull };
    disk.inject(full);
    begun.store(true, Ordering::Relaxed);
    assert!(first.put("log/ab/third", b"three").is_err());
    assert_eq!(disk.files().len(), 2, "{:?}", disk.files());
}

#[test]
fn a_directory_refuses_names_and_sizes_that_are_none_of_ours() {
    let disk = SimulatedDisk::new();
    let target = Directory::new(Arc::new(disk.clone()), "/target");
    for name in ["../x", "a/../../x", "", "a//b", ".hidden", "a b"] {
        assert!(target.put(name, b"").is_err(), "{name}");
    }
    assert!(target.put("a", &vec![0; OBJECT_BYTES_MAX + 1]).is_err());
    target.put("a/b", b"one").unwrap();
    target.put("a/b", b"two").unwrap();
    write_file(&disk, Path::new("/target/a/c"), &vec![0; OBJECT_BYTES_MAX + 1]);
    assert!(matches!(target.get("a/c"), Err(Error::Corrupt { .. })));
    assert_eq!(target.get("a/b").unwrap().as_deref(), Some(&b"two"[..]));
    assert_eq!((target.get("a/x").unwrap(), target.remove("a/x").unwrap()), (None, ()));
    assert_eq!(
        (target.size("a/b").unwrap(), target.size("a/x").unwrap(), target.size("b/x").unwrap()),
        (Some(3), None, None)
    );
    target.remove("a/c").unwrap();
    let names: Vec<_> = target.list("a/").unwrap().into_iter().map(|object| (object.name, object.bytes)).collect();
    assert_eq!(names, [("a/b".to_owned(), 3)]);
}
