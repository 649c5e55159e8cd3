//! Backups: what is restored is what was backed up, to any moment; cut, damaged, foreign and sealed ones; what they
//! write and what they remove.

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
        Restored, Secret, Verified, newest_restorable, store_bytes,
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
fn what_is_restored_is_what_was_backed_up_with_its_files() {
    let house = House::new(1);
    house.picture("media/aa/bb/one", b"one picture");
    house.picture("media/aa/empty", b"");
    house.picture("cache/other", b"not backed up");
    write_file(&house.disk, Path::new("/etc/dassie.toml"), b"domain = \"a.example\"\n");
    let store = house.open();
    put(&store, 0..40);
    let made = house.back_up(&store);
    assert_eq!((made.point.files, made.point.file_bytes, made.point.base.clone()), (3, 32, None));
    let (disk, options, restored) = restore(&house.repository(), Moment::Newest).unwrap();
    assert_eq!(rows_of(options.clone()), rows(&store));
    assert!(restored.compared && !restored.gap && restored.lsn == made.point.holds.lsn, "{restored:?}");
    assert_eq!(disk.contents(Path::new("/new/media/aa/bb/one")).unwrap(), b"one picture");
    assert_eq!(disk.contents(Path::new("/new/media/aa/empty")).unwrap(), b"");
    assert_eq!(disk.contents(Path::new("/new/dassie.toml")).unwrap(), b"domain = \"a.example\"\n");
    assert!(!disk.exists(Path::new("/new/cache")).unwrap());
    let seen = verified(&house.repository()).unwrap();
    assert_eq!((seen.point, seen.files), (made.point, 3));
    // What is there already is not overwritten.
    let again = Restore {
        repository: &house.repository(),
        moment: Moment::Newest,
        options,
        data_dir: Some(Path::new("/new")),
        tell: &go_on,
    };
    let why = again.run().unwrap_err().to_string();
    assert!(why.contains("/new/store") && why.contains("overwrites none"), "{why}");
}

#[test]
fn either_engine_becomes_either_engine() {
    for (from, to) in [
        (EngineKind::Sled, EngineKind::Redb),
        (EngineKind::Sled, EngineKind::Sled),
        (EngineKind::Redb, EngineKind::Sled),
    ] {
        let (dir, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let options = |dir: &Path, engine| small_segments(real(dir.join("store"), engine));
        let store = Store::open(options(dir.path(), from)).unwrap();
        let target: Arc<dyn Target> = Arc::new(Directory::new(store_disk(), dir.path().join("backups")));
        let beside = Some(Beside { data_dir: dir.path(), config: None });
        let run = |begin| {
            let keep = Keep { last: 9, days: 0 };
            Backup { store: &store, beside, keep, begin, program: "test", tell: &go_on }
                .run(target.clone(), None)
                .unwrap()
        };
        put(&store, 0..60);
        run(Begin::WhereItEnded);
        put(&store, 60..90);
        let made = run(Begin::Anew);
        assert!(made.point.base.is_some());
        put(&store, 90..120);
        run(Begin::WhereItEnded);
        let repository = Repository::open(target.clone(), None).unwrap().unwrap();
        let scratch = options(&new.path().join("scratch"), to);
        verify(&repository, None, &scratch, &go_on).unwrap();
        verify(&repository, Some(&made.point.name()), &scratch, &go_on).unwrap();
        let options = options(new.path(), to);
        Restore {
            repository: &repository,
            moment: Moment::Newest,
            options: options.clone(),
            data_dir: Some(new.path()),
            tell: &go_on,
        }
        .run()
        .unwrap();
        assert_eq!(rows_of(options), rows(&store), "{from} to {to}");
        assert_private(&dir.path().join("backups"));
    }
}

fn store_disk() -> Arc<dyn Vfs> {
    Arc::new(storage::vfs::RealDisk)
}

/// Nobody but their owner may look at backups.
fn assert_private(dir: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(dir), 0o700);
    assert_eq!(mode(&dir.join("repository")), 0o600);
}

#[test]
fn a_moment_before_a_mistake_comes_back_exactly() {
    let house = House::new(2);
    let store = house.open();
    // The state after each transaction, by its time.
    let mut history: Vec<(Timestamp, BTreeMap<_, _>)> = Vec::new();
    let mut dice = crate::support::Dice(5);
    for round in 0..30_u64 {
        let now = house.later(1 + dice.roll(3000) as i64);
        put(&store, round * 3..round * 3 + 1 + dice.roll(4));
        if dice.roll(3) == 0 {
            let gone = dice.roll(round * 3 + 1);
            store
                .write(move |tx| -> Result<(), Error> {
                    tx.delete_bytes(RAW, gone.to_be_bytes().to_vec());
                    Ok(())
                })
                .unwrap();
        }
        history.push((now, rows(&store)));
        if round % 9 == 4 {
            house.back_up(&store);
        }
        if round == 13 {
            store.write_base().unwrap();
        }
        if round == 17 {
            house.backup(&store, Keep { last: 100, days: 0 }, Begin::Anew).run(house.target.clone(), None).unwrap();
        }
    }
    // The mistake.
    house.later(1000);
    for key in 0..90_u64 {
        store
            .write(move |tx| -> Result<(), Error> {
                tx.delete_bytes(RAW, key.to_be_bytes().to_vec());
                Ok(())
            })
            .unwrap();
    }
    house.back_up(&store);
    let repository = house.repository();
    for (time, state) in &history {
        let (_, options, restored) = restore(&repository, Moment::At(*time)).unwrap();
        assert!(restored.time <= *time && !restored.gap, "{restored:?}");
        assert_eq!(&rows_of(options), state, "at {}", time.0);
    }
    let (_, options, _) = restore(&repository, Moment::At(house.later(DAY))).unwrap();
    assert_eq!(rows_of(options), rows(&store));
}

#[test]
fn a_restored_store_goes_on_in_the_same_repository_on_another_line() {
    let house = House::new(3);
    let store = house.open();
    put(&store, 0..20);
    let before = house.later(1000);
    house.back_up(&store);
    house.later(1000);
    put(&store, 20..30);
    house.back_up(&store);
    let at_the_end = rows(&store);
    let in_the_end = house.later(0);
    store.close().unwrap();
    house.later(60_000);
    // Back to before the second backup, on another machine whose clock goes on.
    let disk = SimulatedDisk::new();
    let options = Options { environment: house.world.environment(), ..restored_options(&disk) };
    let repository = house.repository();
    let moment = Moment::At(before);
    Restore { repository: &repository, moment, options: options.clone(), data_dir: None, tell: &go_on }.run().unwrap();
    let restored = Store::open(options).unwrap();
    house.later(1000);
    put(&restored, 50..70);
    let made = house.back_up(&restored);
    assert!(made.point.line.began > before);
    let now = house.later(0);
    for (moment, state) in
        [(Moment::At(in_the_end), &at_the_end), (Moment::At(now), &rows(&restored)), (Moment::Newest, &rows(&restored))]
    {
        let (_, options, _) = restore(&repository, moment).unwrap();
        assert_eq!(&rows_of(options), state, "{moment:?}");
    }
    verified(&repository).unwrap();
}

#[test]
fn a_store_put_back_by_other_means_begins_another_line() {
    let house = House::new(4);
    let store = house.open();
    put(&store, 0..10);
    house.back_up(&store);
    let old = house.disk.killed();
    put(&store, 10..30);
    house.back_up(&store);
    store.close().unwrap();
    for more in [0, 60] {
        // As if somebody had copied an older data directory back.
        let disk = old.killed();
        let put_back = House {
            disk: disk.clone(),
            options: Options { vfs: Arc::new(disk), ..house.options.clone() },
            ..House::new(4)
        };
        let store = put_back.open();
        put(&store, 100..110 + more);
        let made = house.backup(&store, Keep { last: 100, days: 0 }, Begin::WhereItEnded);
        let made = Backup { beside: None, ..made }.run(house.target.clone(), None).unwrap();
        assert!(made.point.line.began > Timestamp(0), "{more}");
        let (_, options, _) = restore(&house.repository(), Moment::Newest).unwrap();
        assert_eq!(rows_of(options), rows(&store));
        house.later(1);
    }
}

/// What was written since the files were these is gone from the log.
fn lose_the_log_since(disk: &SimulatedDisk, before: &[PathBuf]) {
    let log = disk.files().into_iter().filter(|path| path.starts_with("/data/store/log") && !before.contains(path));
    log.for_each(|path| disk.remove(&path).unwrap());
}

fn used_segments(disk: &SimulatedDisk) -> Vec<PathBuf> {
    let used = |path: &PathBuf| disk.contents(path).unwrap().iter().any(|byte| *byte != 0);
    disk.files().into_iter().filter(|path| path.starts_with("/data/store/log") && used(path)).collect()
}

#[test]
fn behind_an_accepted_loss_backups_go_on_on_another_line() {
    for (begin, shipped, engine_too) in [
        (Begin::WhereItEnded, false, false),
        (Begin::WhereItEnded, true, false),
        (Begin::WhereItEnded, true, true),
        (Begin::Anew, false, true),
        (Begin::Anew, true, false),
    ] {
        let what = format!("{begin:?}, shipped: {shipped}, the engine too: {engine_too}");
        let house = House::new(22);
        let store = house.open();
        put(&store, 0..20);
        let first = house.back_up(&store).point;
        let early = (house.later(1000), rows(&store));
        store.close().unwrap();
        drop(store);
        let segments = used_segments(&house.disk);
        house.later(1000);
        let store = house.open();
        put(&store, 20..30);
        if shipped {
            house.back_up(&store);
        }
        let late = (house.later(1000), rows(&store));
        store.close().unwrap();
        drop(store);
        lose_the_log_since(&house.disk, &segments);
        if engine_too {
            house.disk.remove(Path::new("/data/store/engine.redb")).unwrap();
        }
        house.later(60_000);
        assert!(Store::open(house.options.clone()).is_err(), "{what}");
        let store = Store::open(Options { accept_log_loss: true, ..house.options.clone() }).unwrap();
        assert_eq!(&rows(&store), if engine_too { &early.1 } else { &late.1 }, "{what}");
        assert_eq!(store.check().unwrap(), [], "{what}");
        let keep = Keep { last: 100, days: 0 };
        let made = house.backup(&store, keep, begin).run(house.target.clone(), None);
        let made = made.unwrap_or_else(|error| panic!("{what}: {error}")).point;
        assert!(made.line.number != first.line.number && made.line.began > late.0, "{what}: {made:?}");
        assert!(made.base.is_some(), "{what}");
        verified(&house.repository()).unwrap();
        house.later(1000);
        put(&store, 50..60);
        let again = house.backup(&store, keep, begin).run(house.target.clone(), None).unwrap().point;
        assert_eq!(again.line, made.line, "{what}");
        verified(&house.repository()).unwrap();
        let now = (house.later(1000), rows(&store));
        let (_, options, _) = restore(&house.repository(), Moment::Newest).unwrap();
        assert_eq!(rows_of(options), now.1, "{what}");
        for (time, state) in [Some(early), shipped.then_some(late), Some(now)].into_iter().flatten() {
            let (_, options, _) = restore(&house.repository(), Moment::At(time)).unwrap();
            assert_eq!(rows_of(options), state, "{what}, at {}", time.0);
        }
        // From now on it is a store like any other.
        store.close().unwrap();
        drop(store);
        let store = house.open();
        put(&store, 60..70);
        assert_eq!(house.back_up(&store).point.line, made.line, "{what}");
        verified(&house.repository()).unwrap();
    }
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
fn a_sealed_backup_opens_with_its_key_alone_and_tells_nothing_without() {
    let secret = Secret::Passphrase("correct horse".into());
    let house = House::new(9);
    let name = "media/aa/a-name-that-tells";
    house.picture(name, b"a picture that tells, a picture that tells, a picture that tells");
    let store = house.open();
    store
        .write(|tx| -> Result<(), Error> {
            tx.put_bytes(RAW, b"key".to_vec(), b"a secret row".to_vec());
            Ok(())
        })
        .unwrap();
    house.try_back_up(&store, Some(&secret)).unwrap();
    put(&store, 0..5);
    store.write_base().unwrap();
    let anew = house.backup(&store, Keep { last: 9, days: 0 }, Begin::Anew);
    anew.run(house.target.clone(), Some(&secret)).unwrap();
    let objects = house.target.list("").unwrap();
    assert!(objects.iter().any(|object| object.name.starts_with("base/")));
    let hash = storage::table::hex(&sha256(b"a picture that tells, a picture that tells, a picture that tells"));
    for object in &objects {
        let bytes = house.target.get(&object.name).unwrap().unwrap();
        for word in [&b"secret row"[..], b"picture that", b"name-that", b"DBS\x01", b"dassie"] {
            assert!(!bytes.windows(word.len()).any(|window| window == word), "{} says {word:?}", object.name);
        }
        assert!(!object.name.contains(&hash));
    }
    let opened = |secret: Option<&Secret>| {
        Repository::open(house.target.clone(), secret).map(|_| ()).map_err(|error| error.to_string())
    };
    for (wrong, said) in [
        (Some(Secret::Passphrase("Correct horse".into())), "does not open this backup"),
        (Some(Secret::Key([7; 32])), "sealed with a passphrase"),
        (None, "is sealed; a key file or a passphrase opens it"),
    ] {
        let why = opened(wrong.as_ref()).unwrap_err();
        assert!(why.contains(said), "{why}");
    }
    let repository = Repository::open(house.target.clone(), Some(&secret)).unwrap().unwrap();
    verified(&repository).unwrap();
    let (disk, options, _) = restore(&repository, Moment::Newest).unwrap();
    assert_eq!(rows_of(options), rows(&store));
    assert!(disk.exists(&Path::new("/new").join(name)).unwrap());
    let plain = House::new(9);
    plain.back_up(&plain.open());
    let why = Repository::open(plain.target.clone(), Some(&secret)).map(|_| ()).unwrap_err().to_string();
    assert!(why.contains("not sealed although a key is given"), "{why}");
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    storage::SecretHash::of(std::str::from_utf8(bytes).unwrap()).0
}

#[test]
fn sealed_objects_cannot_change_places() {
    let secret = Secret::Key([3; 32]);
    let house = House::new(10);
    let store = house.open();
    for round in 0..3 {
        put(&store, round * 5..round * 5 + 5);
        house.try_back_up(&store, Some(&secret)).unwrap();
    }
    let repository = Repository::open(house.target.clone(), Some(&secret)).unwrap().unwrap();
    let line = repository.points().unwrap()[0].line;
    let pieces = house.target.list(&format!("log/{line:016x}/")).unwrap();
    let content: Vec<_> = pieces.iter().map(|piece| house.target.get(&piece.name).unwrap().unwrap()).collect();
    house.target.put(&pieces[1].name, &content[0]).unwrap();
    let why = verified(&repository).unwrap_err().to_string();
    assert!(why.contains(&pieces[1].name), "{why}");
    // Also where the checksum, which needs no key, is made to fit.
    house.target.put(&pieces[1].name, &resealed(&pieces[1].name, &content[0])).unwrap();
    let why = verified(&repository).unwrap_err().to_string();
    assert!(why.contains(&pieces[1].name) && why.contains("does not open with this key"), "{why}");
}

/// An object with a checksum that fits another name.
fn resealed(name: &str, object: &[u8]) -> Vec<u8> {
    let sum = crc32c(&[name.as_bytes(), &object[..24], &object[28..]].concat());
    [&object[..24], &sum.to_le_bytes(), &object[28..]].concat()
}

fn crc32c(bytes: &[u8]) -> u32 {
    let mut sum = !0_u32;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0x82f6_3b78 } else { sum >> 1 };
        }
    }
    !sum
}

#[test]
fn a_flipped_bit_in_any_object_is_found_and_names_it() {
    let house = House::new(11);
    house.picture("media/aa/one", &noise(1, 3000));
    let store = house.open();
    put(&store, 0..30);
    store.write_base().unwrap();
    let anew = house.backup(&store, Keep { last: 9, days: 0 }, Begin::Anew);
    anew.run(house.target.clone(), None).unwrap();
    put(&store, 30..40);
    house.back_up(&store);
    verified(&house.repository()).unwrap();
    let objects = house.target.list("").unwrap();
    let newest = house.repository().points().unwrap().pop().unwrap();
    let mut kinds = std::collections::BTreeSet::new();
    for object in &objects {
        let point = PointName { made: newest.made, ..newest };
        let of_older = object.name.starts_with("point/") && house.repository().points().unwrap()[0] != point;
        let kind = object.name.split('/').next().unwrap().to_owned();
        let step = (object.bytes as usize / 12).max(1);
        for at in (0..object.bytes as usize).step_by(step) {
            let rotten = house.target_disk.killed();
            rotten.rot(&Path::new("/target").join(&object.name), at).unwrap();
            let target: Arc<dyn Target> = Arc::new(Directory::new(Arc::new(rotten), "/target"));
            let seen = Repository::open(target, None).and_then(|repository| verified(&repository.unwrap()));
            match seen {
                Err(error) => assert!(
                    error.to_string().contains(&object.name) || matches!(error, Error::Format { .. }),
                    "{error}"
                ),
                // What only an older point names is that point's matter.
                Ok(_) => assert!(of_older && object.name != newest_object(&house), "{} at {at}", object.name),
            }
        }
        kinds.insert(kind);
    }
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["base", "file", "list", "log", "point", "repository"]);
}

#[test]
fn behind_a_rotten_newest_base_an_older_one_leads_to_the_same_moment() {
    let house = House::new(19);
    let store = house.open();
    // As where backups are scheduled: the log waits for them.
    store.keep_log_behind(Some(Lsn(0)));
    let back_up = |begin| {
        // A backup holds what the engine does: so that no piece has what comes before a moment and behind it.
        until("all is applied", || store.state().applied >= store.state().durable);
        let made = house.backup(&store, Keep { last: 100, days: 0 }, begin).run(house.target.clone(), None).unwrap();
        store.keep_log_behind(Some(made.point.holds.lsn));
        made
    };
    put(&store, 0..30);
    let first = back_up(Begin::Anew).point.base.unwrap();
    let early = house.later(1000);
    put(&store, 30..40);
    let at_early = rows(&store);
    back_up(Begin::WhereItEnded);
    let upto_early = store.state().durable;
    house.later(1000);
    put(&store, 40..50);
    let second = back_up(Begin::Anew).point.base.unwrap();
    assert!(first.lsn < second.lsn);
    let late = house.later(1000);
    put(&store, 50..60);
    back_up(Begin::WhereItEnded);
    let rotten = |object: Object| {
        house.target_disk.rot(&Path::new("/target").join(&object.name), object.bytes as usize / 2).unwrap();
        object.name
    };
    let bases = house.target.list("base/").unwrap();
    assert_eq!(bases.len(), 2, "{bases:?}");
    let newest = rotten(bases[1].clone());
    for moment in [Moment::Newest, Moment::At(late)] {
        let (_, options, restored) = restore(&house.repository(), moment).unwrap();
        assert_eq!(rows_of(options), rows(&store), "{moment:?}");
        let told = restored.damaged.to_string();
        assert!(told.contains(&newest) && told.contains("an older base snapshot was taken"), "{told}");
    }
    // A verification says it all the same.
    let why = verified(&house.repository()).unwrap_err().to_string();
    assert!(why.contains(&newest), "{why}");
    // What lies between the older base and the newest one is damaged as well.
    let line = house.repository().points().unwrap()[0].line;
    let pieces = house.repository().pieces(line).unwrap();
    let piece = pieces.iter().position(|(piece, _)| piece.first > upto_early).unwrap();
    let mut objects = house.target.list(&format!("log/{line:016x}/")).unwrap();
    assert_eq!(objects.len(), pieces.len(), "{pieces:?}");
    let between = rotten(objects.swap_remove(piece));
    let why = restore(&house.repository(), Moment::Newest).map(drop).unwrap_err().to_string();
    assert!(why.contains(&between), "{why}");
    assert_eq!(newest_restorable(&house.repository(), &go_on).unwrap(), Some(early));
    let (_, options, restored) = restore(&house.repository(), Moment::At(early)).unwrap();
    assert!(restored.gap, "{restored:?}");
    assert_eq!(rows_of(options), at_early);
    // And both bases.
    rotten(bases[0].clone());
    let why = restore(&house.repository(), Moment::Newest).map(drop).unwrap_err().to_string();
    assert!(why.contains(&newest), "{why}");
    assert_eq!(newest_restorable(&house.repository(), &go_on).unwrap(), None);
}

fn newest_object(house: &House) -> String {
    house.target.list("point/").unwrap().pop().unwrap().name
}

#[test]
fn a_damaged_backup_is_made_anew_when_told() {
    let house = House::new(12);
    let store = house.open();
    house.picture("media/aa/one", &noise(1, 3000));
    put(&store, 0..30);
    house.back_up(&store);
    let rot = |prefix: &str| {
        let object = house.target.list(prefix).unwrap().remove(0);
        house.target_disk.rot(&Path::new("/target").join(&object.name), object.bytes as usize - 3).unwrap();
    };
    rot("file/");
    assert!(verified(&house.repository()).is_err());
    put(&store, 30..40);
    // Nobody looks at what is not written again; a verification does, and says how to go on.
    house.back_up(&store);
    assert!(verified(&house.repository()).is_err());
    house.backup(&store, Keep { last: 9, days: 0 }, Begin::Anew).run(house.target.clone(), None).unwrap();
    verified(&house.repository()).unwrap();
    // A rotten end of the log is noticed by the next backup itself.
    let object = house.target.list("log/").unwrap().pop().unwrap();
    house.target_disk.rot(&Path::new("/target").join(&object.name), 40).unwrap();
    put(&store, 40..45);
    house.back_up(&store);
    verified(&house.repository()).unwrap();
    let (_, options, _) = restore(&house.repository(), Moment::Newest).unwrap();
    assert_eq!(rows_of(options), rows(&store));
}

/// A list with the same files has the same name: it is written again where it is not known to hold.
#[test]
fn a_damaged_list_is_written_again_and_only_files_stay_meanwhile() {
    for begin in [Begin::Anew, Begin::WhereItEnded] {
        let house = House::new(21);
        let store = house.open();
        house.picture("media/aa/one", &noise(1, 3000));
        put(&store, 0..30);
        house.back_up(&store);
        let list = house.target.list("list/").unwrap().remove(0);
        house.target_disk.rot(&Path::new("/target").join(&list.name), list.bytes as usize - 3).unwrap();
        let why = verified(&house.repository()).unwrap_err().to_string();
        assert!(why.contains(&list.name), "{why}");
        let made = house.backup(&store, Keep { last: 9, days: 0 }, begin).run(house.target.clone(), None).unwrap();
        assert_eq!(made.untidy, None);
        verified(&house.repository()).unwrap();
        // The next one has another list, and what is damaged is that of an older point.
        house.picture("media/aa/two", &noise(2, 3000));
        put(&store, 30..40);
        house.later(2 * DAY);
        house.backup(&store, Keep { last: 9, days: 0 }, Begin::Anew).run(house.target.clone(), None).unwrap();
        house.target_disk.rot(&Path::new("/target").join(&list.name), list.bytes as usize - 3).unwrap();
        house.disk.remove(Path::new("/data/media/aa/two")).unwrap();
        house.picture("media/aa/three", &noise(3, 3000));
        let bases = || house.target.list("base/").unwrap().len();
        // A point that was let go protects what it names for a day more.
        for (keep, untidy) in [(2, true), (2, false), (1, false), (1, false)] {
            let keep = Keep { last: keep, days: 0 };
            let made = house.backup(&store, keep, Begin::Anew).run(house.target.clone(), None).unwrap();
            assert_eq!(made.untidy.is_some_and(|told| told.contains(&list.name)), untidy);
            house.later(2 * DAY);
        }
        // What no point needs went all the same.
        assert!(bases() <= 2, "{} bases", bases());
        verified(&house.repository()).unwrap();
    }
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

/// The power fails at every write of a restore: the store is refused and restoring again works, or it is whole.
#[test]
fn wherever_the_power_fails_during_a_restore_the_store_is_whole_or_refused() {
    let house = House::new(16);
    house.picture("media/aa/one", &noise(1, 300));
    let store = house.open();
    put(&store, 0..20);
    house.backup(&store, Keep { last: 9, days: 0 }, Begin::Anew).run(house.target.clone(), None).unwrap();
    put(&store, 20..30);
    house.back_up(&store);
    let (disk, _, _) = restore(&house.repository(), Moment::Newest).unwrap();
    let (boundaries, state) = (disk.boundaries(), rows(&store));
    let (mut whole, mut refused) = (0, 0);
    for boundary in (0..=boundaries).filter(|boundary| *boundary == boundaries || disk.changes(*boundary)) {
        let dice = 16_000 + boundary as u64;
        let cut = [Cut::Drop, Cut::Reorder(dice), Cut::Tear(dice)][boundary % 3];
        let image = disk.image(boundary, cut);
        let what = format!("boundary {boundary} of {boundaries}, {cut:?}");
        let options = restored_options(&image);
        if !image.exists(Path::new("/new/store")).unwrap() {
            continue;
        }
        match Store::open(options.clone()) {
            Ok(store) => {
                if rows(&store).is_empty() && store.state().durable == Lsn(0) {
                    // Nothing of the restore had begun to be durable.
                    assert!(boundary < 8, "{what}");
                    continue;
                }
                assert_eq!(rows(&store), state, "{what}");
                assert_eq!(store.check().unwrap(), [], "{what}");
                whole += 1;
            }
            Err(error) => {
                assert!(error.to_string().contains("was broken off"), "{what}: {error}");
                refused += 1;
                let data_dir = Some(Path::new("/new"));
                let repository = house.repository();
                Restore {
                    repository: &repository,
                    moment: Moment::Newest,
                    options: options.clone(),
                    data_dir,
                    tell: &go_on,
                }
                .run()
                .unwrap_or_else(|error| panic!("{what}: {error}"));
                assert_eq!(rows_of(options), state, "{what}");
                assert_eq!(image.contents(Path::new("/new/media/aa/one")).unwrap(), noise(1, 300), "{what}");
            }
        }
    }
    println!("{whole} whole, {refused} refused and restored again");
    assert!(whole > 0 && refused > 20);
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
fn a_restore_asks_for_the_room_of_base_and_pieces() {
    let house = House::new(18);
    let store = house.open();
    put(&store, 0..300);
    let first = house.back_up(&store).point;
    put(&store, 300..400);
    let second = house.back_up(&store).point;
    let repository = house.repository();
    let disk = SimulatedDisk::new();
    let options = restored_options(&disk);
    let wanted = |point: &Point| store_bytes(&repository, point, &options).unwrap();
    let pieces: Vec<u64> = repository.pieces(first.line.number).unwrap().iter().map(|(_, bytes)| *bytes).collect();
    let empty = options.sizes.segments.other * 2 + options.sizes.reserve;
    assert!(first.base.is_none() && pieces.len() >= 2, "{pieces:?}");
    assert!(wanted(&first) > empty && wanted(&second) > wanted(&first), "log counts although there is no base");
    assert_eq!(wanted(&second), pieces.iter().sum::<u64>() * 6 + empty);
    let keep = Keep { last: 9, days: 0 };
    let anew = house.backup(&store, keep, Begin::Anew).run(house.target.clone(), None).unwrap().point;
    let base = anew.base.as_ref().expect("it has one").bytes;
    assert!(base > 0 && wanted(&anew) >= base * 4 + empty, "and the base where there is one");
    assert_eq!(wanted(&second), pieces.iter().sum::<u64>() * 6 + empty, "what came later plays no part");
    let name = second.name();
    let run = |free| {
        disk.set_free_space(Some(free));
        let (moment, data_dir) = (Moment::Point(name), None);
        Restore { repository: &repository, moment, options: options.clone(), data_dir, tell: &go_on }.run()
    };
    let why = run(wanted(&second) - 1).unwrap_err();
    assert!(matches!(&why, Error::Refused(text) if text.contains(&format!("about {}", wanted(&second)))), "{why}");
    assert_eq!(run(wanted(&second) + options.sizes.free_min * 2).unwrap().lsn, second.holds.lsn);
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
fn a_damaged_piece_of_log_does_no_harm_where_another_one_has_the_same() {
    let house = House::new(20);
    let store = house.open();
    put(&store, 0..20);
    house.back_up(&store);
    put(&store, 20..25);
    let point = house.back_up(&store).point;
    let repository = house.repository();
    let line = point.line.number;
    repository.ship(&store, line, Lsn(1), point.holds.lsn).unwrap();
    let pieces = house.target.list("log/").unwrap();
    assert_eq!(pieces.len(), 3, "two and one that has both: {pieces:?}");
    let whole = repository.pieces(line).unwrap().iter().position(|(piece, _)| piece.last == point.holds.lsn).unwrap();
    let rot = |piece: &Object| {
        let path = Path::new("/target").join(&piece.name);
        house.target_disk.rot(&path, piece.bytes as usize / 2).unwrap();
    };
    for parts in [true, false] {
        let damaged = pieces.iter().enumerate().filter(|(at, _)| (*at == whole) != parts);
        damaged.clone().for_each(|(_, piece)| rot(piece));
        let (_, options, restored) = restore(&repository, Moment::Newest).unwrap();
        assert!(!restored.gap && restored.lsn == point.holds.lsn, "{restored:?}");
        assert_eq!(rows_of(options), rows(&store));
        // The same bit back.
        damaged.for_each(|(_, piece)| rot(piece));
    }
    rot(&pieces[whole]);
    let part = pieces.iter().enumerate().rfind(|(at, _)| *at != whole).unwrap().1;
    rot(part);
    let why = restore(&repository, Moment::Newest).map(drop).unwrap_err().to_string();
    assert!(pieces.iter().any(|piece| why.contains(&piece.name)), "{why}");
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
