//! A second machine: what is shipped, what is followed, targets that fail and lie, power cuts while a standby works.

use crate::support::{OTHER, RAW, ROWS, World, mix, real, simulated};
use std::{
    collections::BTreeMap,
    io,
    ops::ControlFlow,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use storage::{
    Direction, EngineKind, Error, Lsn, Options, Read, Sizes, Store, Timestamp,
    backup::{
        Backup, Begin, Begun, Candidacy, Claim, Directory, Fence, Follower, Keep, Lease, Moment, PieceName, Progress,
        Repository, Restore, Shipper, Tenure,
        target::{Object, Target},
        verify,
    },
    limits,
    log::writer::SegmentSizes,
    table::{KeyRange, TableId},
    vfs::{Cut, SimulatedDisk, Vfs},
};

fn go_on(_: Progress) -> bool {
    true
}

fn options(disk: &SimulatedDisk, seed: u64) -> Options {
    let options = simulated(disk);
    let segments = SegmentSizes { first: 4 * 1024, other: 4 * 1024 };
    Options {
        dir: "/data/store".into(),
        environment: World::new(seed).environment(),
        sizes: Sizes { segments, base_log_bytes: u64::MAX, ..options.sizes },
        ..options
    }
}

/// A target that can be cut off, torn, and whose listings can stand still.
struct Weather {
    inside: Directory,
    down: AtomicBool,
    /// One put in so many fails after it was done, one before it was; 0: none.
    fails: AtomicU64,
    puts: AtomicU64,
    stale: Mutex<Option<Vec<Object>>>,
}

impl Weather {
    fn new() -> Arc<Weather> {
        let inside = Directory::new(Arc::new(SimulatedDisk::new()), "/target");
        Arc::new(Weather {
            inside,
            down: AtomicBool::default(),
            fails: AtomicU64::default(),
            puts: AtomicU64::default(),
            stale: Mutex::default(),
        })
    }

    fn up(&self) -> storage::Result<()> {
        match self.down.load(Ordering::Relaxed) {
            true => Err(Error::io("reach the target", io::ErrorKind::TimedOut.into())),
            false => Ok(()),
        }
    }

    /// From now on listings show what is there now.
    fn freeze(&self) {
        *self.stale.lock().unwrap() = Some(self.inside.list("").unwrap());
    }

    fn thaw(&self) {
        *self.stale.lock().unwrap() = None;
    }
}

impl Target for Weather {
    fn put(&self, name: &str, content: &[u8]) -> storage::Result<()> {
        self.up()?;
        let (fails, puts) = (self.fails.load(Ordering::Relaxed), self.puts.fetch_add(1, Ordering::Relaxed));
        let lost = || Err(Error::io("put", io::ErrorKind::ConnectionReset.into()));
        if fails > 0 && puts % fails == 0 {
            return lost();
        }
        self.inside.put(name, content)?;
        if fails > 0 && puts % fails == 1 { lost() } else { Ok(()) }
    }

    fn get(&self, name: &str) -> storage::Result<Option<Vec<u8>>> {
        self.up()?;
        self.inside.get(name)
    }

    fn size(&self, name: &str) -> storage::Result<Option<u64>> {
        self.up()?;
        self.inside.size(name)
    }

    fn list(&self, prefix: &str) -> storage::Result<Vec<Object>> {
        self.up()?;
        match &*self.stale.lock().unwrap() {
            Some(old) => Ok(old.iter().filter(|object| object.name.starts_with(prefix)).cloned().collect()),
            None => self.inside.list(prefix),
        }
    }

    fn remove(&self, name: &str) -> storage::Result<()> {
        self.up()?;
        self.inside.remove(name)
    }

    fn describe(&self) -> String {
        "the weather".into()
    }
}

fn put(store: &Store, keys: std::ops::Range<u64>) {
    for key in keys {
        let write = move |tx: &mut storage::Tx<'_>| -> Result<(), Error> {
            ROWS.put(tx, &(0, key), &key);
            let _: u64 = tx.next_id();
            if key.is_multiple_of(3) && key > 0 {
                tx.delete_bytes(RAW, (key - 1).to_be_bytes().to_vec());
            }
            tx.put_bytes(RAW, key.to_be_bytes().to_vec(), vec![mix(key) as u8; 100]);
            Ok(())
        };
        store.write(write).unwrap();
    }
}

type Rows = BTreeMap<(TableId, Vec<u8>), Vec<u8>>;

/// All rows, those the store keeps for itself included.
fn rows(store: &Store) -> Rows {
    let mut rows = BTreeMap::new();
    for table in [TableId(1), TableId(2), ROWS.id, RAW, OTHER] {
        let read = |view: &storage::View<'_>| {
            view.scan_bytes(table, &KeyRange::all(), Direction::Ascending, &mut |key, value| {
                rows.insert((table, key.to_vec()), value.to_vec());
                Ok(ControlFlow::Continue(()))
            })
        };
        store.read(read).unwrap();
    }
    rows
}

fn back_up(store: &Store, target: &Arc<Weather>) {
    let keep = Keep { last: 100, days: 0 };
    let backup = Backup { store, beside: None, keep, begin: Begin::WhereItEnded, program: "test", tell: &go_on };
    backup.run(target.clone(), None).unwrap();
}

fn repository(target: &Arc<Weather>) -> Repository {
    Repository::open(target.clone(), None).unwrap().unwrap()
}

fn shipper(target: &Arc<Weather>, store: &Store) -> Box<Shipper> {
    match Shipper::begin(repository(target), store).unwrap() {
        Begun::Ready(shipper) => shipper,
        Begun::NeedsBackup(why) => panic!("a backup is needed: {why}"),
    }
}

fn set_up(target: &Arc<Weather>, options: &Options) -> Follower {
    Follower::set_up(&repository(target), options, Path::new("/data"), &go_on).unwrap();
    Follower::open(repository(target), options.clone()).unwrap()
}

fn restored(target: &Arc<Weather>) -> Rows {
    let options = options(&SimulatedDisk::new(), 99);
    let repository = repository(target);
    let moment = Moment::Newest;
    Restore { repository: &repository, moment, options: options.clone(), data_dir: None, tell: &go_on }.run().unwrap();
    let store = Store::open(options).unwrap();
    assert_eq!(store.check().unwrap(), []);
    rows(&store)
}

/// Without what a restore writes about its line.
fn of_users(rows: &Rows) -> Rows {
    rows.iter()
        .filter(|((table, _), _)| *table != TableId(1))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

#[test]
fn a_standby_has_the_rows_and_numbers_of_the_primary() {
    let target = Weather::new();
    let store = Store::open(options(&SimulatedDisk::new(), 1)).unwrap();
    put(&store, 0..20);
    back_up(&store, &target);
    put(&store, 20..25);
    let mut shipper = shipper(&target, &store);
    shipper.round(&store, &go_on).unwrap();
    let standby = options(&SimulatedDisk::new(), 2);
    let mut follower = set_up(&target, &standby);
    for round in 0..5 {
        put(&store, 25 + round * 10..35 + round * 10);
        let shipped = shipper.round(&store, &go_on).unwrap();
        assert_eq!((shipped.upto, shipped.pieces), (store.state().durable, 1));
        let step = follower.step().unwrap();
        assert!(step.done > 0 && step.upto == store.state().durable, "{step:?}");
        assert_eq!(rows(follower.store()), rows(&store));
    }
    assert_eq!(shipper.round(&store, &go_on).unwrap().pieces, 0, "nothing new, nothing written");
    assert_eq!(follower.step().unwrap().done, 0);
    assert_eq!(follower.store().check().unwrap(), []);
    drop(follower);
    assert_eq!(
        of_users(&restored(&target)),
        of_users(&rows(&store)),
        "a restore uses what was shipped behind the point"
    );
}

#[test]
fn a_standby_is_set_up_although_the_newest_backup_cannot_be_read() {
    let target = Weather::new();
    let store = Store::open(options(&SimulatedDisk::new(), 1)).unwrap();
    put(&store, 0..20);
    back_up(&store, &target);
    put(&store, 20..25);
    back_up(&store, &target);
    put(&store, 25..30);
    shipper(&target, &store).round(&store, &go_on).unwrap();
    let points = target.inside.list("point/").unwrap();
    let newest = &points.last().unwrap().name;
    let mut bytes = target.inside.get(newest).unwrap().unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    target.inside.put(newest, &bytes).unwrap();
    assert!(points.len() == 2 && repository(&target).points().unwrap().len() == 2);
    let mut follower = set_up(&target, &options(&SimulatedDisk::new(), 2));
    while follower.step().unwrap().done > 0 {}
    follower.fetch_files(Path::new("/data"), &go_on).unwrap();
    assert_eq!(rows(follower.store()), rows(&store));
}

#[test]
fn a_transaction_as_large_as_it_may_be_is_followed() {
    let target = Weather::new();
    let store = Store::open(options(&SimulatedDisk::new(), 1)).unwrap();
    put(&store, 0..1);
    back_up(&store, &target);
    let largest = |tx: &mut storage::Tx<'_>| -> Result<(), Error> {
        // With the mark of ids it has one operation more than a rule may have.
        let _: u64 = tx.next_id();
        (0..limits::TRANSACTION_OPERATIONS_MAX as u64).for_each(|key| ROWS.put(tx, &(7, key), &key));
        Ok(())
    };
    store.write(largest).unwrap();
    shipper(&target, &store).round(&store, &go_on).unwrap();
    let mut follower = set_up(&target, &options(&SimulatedDisk::new(), 2));
    follower.step().unwrap();
    assert_eq!(rows(follower.store()), rows(&store));
}

#[test]
fn small_pieces_are_put_together_and_their_number_stays_bounded() {
    let target = Weather::new();
    let store = Store::open(options(&SimulatedDisk::new(), 1)).unwrap();
    put(&store, 0..1);
    back_up(&store, &target);
    let mut shipping = shipper(&target, &store);
    let standby = options(&SimulatedDisk::new(), 2);
    let mut follower = set_up(&target, &standby);
    let rounds = 3 * limits::SMALL_PIECES_MAX as u64 + 10;
    let mut most = 0;
    for round in 0..rounds {
        put(&store, round..round + 1);
        shipping.round(&store, &go_on).unwrap();
        most = most.max(target.inside.list("log/").unwrap().len());
        if round % 100 == 7 {
            follower.step().unwrap();
        }
        if round == limits::SMALL_PIECES_MAX as u64 + 50 {
            // A new process goes on with what it finds.
            shipping = shipper(&target, &store);
        }
    }
    assert!(most <= 2 * limits::SMALL_PIECES_MAX + 20, "{most} pieces at once");
    let pieces = repository(&target).pieces(shipping.line().number).unwrap();
    let needed = pieces.iter().filter(|(piece, _)| {
        let around = |other: &PieceName| other != piece && other.first <= piece.first && other.last >= piece.last;
        !pieces.iter().any(|(other, _)| around(other))
    });
    let needed = needed.count();
    assert!(needed < 20, "{needed} pieces of {rounds} rounds are needed");
    follower.step().unwrap();
    assert_eq!(rows(follower.store()), rows(&store));
    assert_eq!(of_users(&restored(&target)), of_users(&rows(&store)));
}

#[test]
fn a_target_that_fails_and_comes_back_misses_nothing() {
    let target = Weather::new();
    let store = Store::open(options(&SimulatedDisk::new(), 1)).unwrap();
    put(&store, 0..5);
    back_up(&store, &target);
    let mut shipping = shipper(&target, &store);
    let mut follower = set_up(&target, &options(&SimulatedDisk::new(), 2));
    let mut failed = 0;
    for round in 0..60_u64 {
        put(&store, round * 4..round * 4 + 4);
        target.down.store(round % 7 == 3, Ordering::Relaxed);
        target.fails.store(if round % 5 == 1 { 3 } else { 0 }, Ordering::Relaxed);
        if round % 9 == 2 {
            target.freeze();
        }
        if round % 9 == 6 {
            target.thaw();
        }
        failed += u64::from(shipping.round(&store, &go_on).is_err());
        if follower.step().is_ok() {
            assert!(follower.store().state().durable <= store.state().durable);
        }
    }
    assert!(failed > 5, "{failed} rounds failed");
    target.down.store(false, Ordering::Relaxed);
    target.fails.store(0, Ordering::Relaxed);
    target.thaw();
    shipping.round(&store, &go_on).unwrap();
    while follower.step().unwrap().done > 0 {}
    assert_eq!(rows(follower.store()), rows(&store));
    assert_eq!(of_users(&restored(&target)), of_users(&rows(&store)));
}

#[test]
fn a_damaged_piece_stops_a_standby_with_its_name_and_is_not_believed() {
    let target = Weather::new();
    let store = Store::open(options(&SimulatedDisk::new(), 1)).unwrap();
    put(&store, 0..5);
    back_up(&store, &target);
    let mut follower = set_up(&target, &options(&SimulatedDisk::new(), 2));
    let before = rows(follower.store());
    put(&store, 5..9);
    shipper(&target, &store).round(&store, &go_on).unwrap();
    let name = target.inside.list("log/").unwrap().pop().unwrap().name;
    let whole = target.inside.get(&name).unwrap().unwrap();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        target.inside.put(&name, &bytes).unwrap();
        let why = follower.step().unwrap_err().to_string();
        assert!(why.contains(&name) || why.contains("format"), "byte {at}: {why}");
        assert_eq!(rows(follower.store()), before);
    }
    for length in [0, 1, whole.len() / 2, whole.len() - 1] {
        target.inside.put(&name, &whole[..length]).unwrap();
        assert!(follower.step().is_err());
    }
    target.inside.put(&name, &whole).unwrap();
    follower.step().unwrap();
    assert_eq!(rows(follower.store()), rows(&store));
}

#[test]
fn a_power_cut_anywhere_leaves_a_standby_that_goes_on() {
    let target = Weather::new();
    let store = Store::open(options(&SimulatedDisk::new(), 1)).unwrap();
    put(&store, 0..5);
    back_up(&store, &target);
    let disk = SimulatedDisk::new();
    let standby = options(&disk, 2);
    let mut follower = set_up(&target, &standby);
    let mut shipping = shipper(&target, &store);
    for round in 0..4 {
        put(&store, 10 + round * 7..17 + round * 7);
        shipping.round(&store, &go_on).unwrap();
        disk.mark(follower.step().unwrap().upto.0);
    }
    let wanted = rows(&store);
    follower.store().close().unwrap();
    drop(follower);
    let (mut whole, boundaries) = (0, disk.boundaries());
    for boundary in 0..boundaries {
        let dice = boundary as u64;
        let cut = [Cut::Drop, Cut::Reorder(dice), Cut::Tear(dice)][boundary % 3];
        let image = disk.image(boundary, cut);
        let options = Options { vfs: Arc::new(image.clone()), ..standby.clone() };
        let what = format!("boundary {boundary} of {boundaries}, {cut:?}");
        // What `dassie standby` does at each start.
        if !Follower::is_set_up(&options).unwrap() {
            Follower::set_up(&repository(&target), &options, Path::new("/data"), &go_on)
                .unwrap_or_else(|error| panic!("{what}: {error}"));
        }
        let mut again = Follower::open(repository(&target), options).unwrap_or_else(|error| panic!("{what}: {error}"));
        let told = disk.marks(boundary).into_iter().max().unwrap_or(0);
        assert!(again.store().state().durable.0 >= told, "{what}: {told} was durable");
        whole += u64::from(told > 0);
        while again.step().unwrap_or_else(|error| panic!("{what}: {error}")).done > 0 {}
        assert_eq!(rows(again.store()), wanted, "{what}");
    }
    assert!(whole > 20, "{whole} cuts came while it followed");
}

#[test]
fn a_power_cut_while_a_standby_ends_leaves_all_it_had_on_one_line_or_the_other() {
    let target = Weather::new();
    let store = Store::open(options(&SimulatedDisk::new(), 1)).unwrap();
    put(&store, 0..5);
    back_up(&store, &target);
    put(&store, 5..15);
    shipper(&target, &store).round(&store, &go_on).unwrap();
    let disk = SimulatedDisk::new();
    let standby = options(&disk, 2);
    let mut follower = set_up(&target, &standby);
    follower.step().unwrap();
    let from = disk.boundaries();
    let lsn = follower.end().unwrap();
    assert_eq!(lsn, store.state().durable);
    let (mut old, mut new) = (0, 0);
    for boundary in from..disk.boundaries() {
        let dice = boundary as u64;
        let cut = [Cut::Drop, Cut::Reorder(dice), Cut::Tear(dice)][boundary % 3];
        let options = Options { vfs: Arc::new(disk.image(boundary, cut)), ..standby.clone() };
        let mut again = Follower::open(repository(&target), options.clone()).unwrap();
        match again.is_on_shipped_line().unwrap() {
            true => {
                old += 1;
                assert_eq!(again.step().unwrap().upto, lsn);
            }
            false => {
                new += 1;
                assert!(matches!(again.step(), Err(Error::Refused(_))), "what was promoted follows nobody");
            }
        }
        again.end().unwrap();
        let promoted = Store::open(options).unwrap();
        assert_eq!(of_users(&rows(&promoted)), of_users(&rows(&store)), "boundary {boundary}");
    }
    assert!(old > 0 && new > 0, "{old} cuts before, {new} behind");
}

#[test]
fn what_the_old_primary_ships_late_disturbs_nobody() {
    let target = Weather::new();
    let store = Store::open(options(&SimulatedDisk::new(), 1)).unwrap();
    put(&store, 0..5);
    back_up(&store, &target);
    let mut late = shipper(&target, &store);
    let standby = options(&SimulatedDisk::new(), 2);
    set_up(&target, &standby).end().unwrap();
    let promoted = Store::open(standby).unwrap();
    put(&store, 100..120);
    late.round(&store, &go_on).unwrap();
    put(&promoted, 200..210);
    assert!(matches!(Shipper::begin(repository(&target), &promoted).unwrap(), Begun::NeedsBackup(_)));
    back_up(&promoted, &target);
    put(&promoted, 210..220);
    shipper(&target, &promoted).round(&promoted, &go_on).unwrap();
    late.round(&store, &go_on).unwrap();
    assert_eq!(of_users(&restored(&target)), of_users(&rows(&promoted)));
    // A third machine that followed the old line says so and does not mix the two.
    let mut third = set_up(&target, &options(&SimulatedDisk::new(), 3));
    while third.step().unwrap().done > 0 {}
    assert_eq!(rows(third.store()), rows(&promoted));
}

/// The old machine comes back, and a backup is made on it by hand or one that was under way ends.
#[test]
fn a_late_backup_of_the_old_primary_is_not_the_newest() {
    let target = Weather::new();
    let (store, old_world) = {
        let world = World::new(1);
        let options = Options { environment: world.environment(), ..options(&SimulatedDisk::new(), 1) };
        (Store::open(options).unwrap(), world)
    };
    put(&store, 0..5);
    back_up(&store, &target);
    let standby = options(&SimulatedDisk::new(), 2);
    set_up(&target, &standby).end().unwrap();
    let promoted = Store::open(standby).unwrap();
    put(&promoted, 200..210);
    back_up(&promoted, &target);
    let newest = repository(&target).newest().unwrap().unwrap();
    let mut follower = set_up(&target, &options(&SimulatedDisk::new(), 3));
    while follower.step().unwrap().done > 0 {}
    // Days later, and more than once.
    old_world.now.fetch_add(1_000_000_000, Ordering::Relaxed);
    for round in 0..3 {
        old_world.now.fetch_add(1_000, Ordering::Relaxed);
        put(&store, 100 + round * 10..110 + round * 10);
        // Where one stays it is that of the new line; where two do, the late one is there as well.
        let keep = Keep { last: if round < 2 { 2 } else { 1 }, days: 0 };
        let (beside, begin) = (None, Begin::Anew);
        let late = Backup { store: &store, beside, keep, begin, program: "test", tell: &go_on };
        let made = late.run(target.clone(), None).unwrap();
        assert_eq!(made.untidy, None);
        let (there, by_time) = (repository(&target), repository(&target).points().unwrap());
        assert_eq!(there.newest().unwrap(), Some(newest), "{by_time:?}");
        assert_eq!((by_time.len(), by_time.contains(&newest)), (if round < 2 { 2 } else { 1 }, true), "{by_time:?}");
        let scratch = Options { dir: "/scratch".into(), ..options(&SimulatedDisk::new(), 5) };
        assert_eq!(verify(&there, None, &scratch, &go_on).unwrap().point.name(), newest);
        assert_eq!(of_users(&restored(&target)), of_users(&rows(&promoted)));
        // A standby of the new primary goes on, and another one begins with it.
        put(&promoted, 210 + round * 10..220 + round * 10);
        shipper(&target, &promoted).round(&promoted, &go_on).unwrap();
        while follower.step().unwrap().done > 0 {}
        follower.fetch_files(Path::new("/data"), &go_on).unwrap();
        assert_eq!(rows(follower.store()), rows(&promoted));
        let mut another = set_up(&target, &options(&SimulatedDisk::new(), 4));
        while another.step().unwrap().done > 0 {}
        assert_eq!(rows(another.store()), rows(&promoted));
    }
}

/// sled keeps its own files, so it follows on a real disk.
#[test]
fn a_standby_with_sled_follows_and_takes_over_with_all_rows() {
    let (target, dir) = (Weather::new(), tempfile::tempdir().unwrap());
    let store = Store::open(options(&SimulatedDisk::new(), 1)).unwrap();
    put(&store, 0..20);
    back_up(&store, &target);
    let environment = World::new(2).environment();
    let standby = Options { environment, ..real(dir.path().join("store"), EngineKind::Sled) };
    Follower::set_up(&repository(&target), &standby, dir.path(), &go_on).unwrap();
    let mut shipping = shipper(&target, &store);
    for round in 0..3 {
        put(&store, 20 + round * 10..30 + round * 10);
        shipping.round(&store, &go_on).unwrap();
        // Another process each time.
        let mut follower = Follower::open(repository(&target), standby.clone()).unwrap();
        while follower.step().unwrap().done > 0 {}
        assert_eq!(rows(follower.store()), rows(&store));
        assert_eq!(follower.store().check().unwrap(), []);
    }
    let follower = Follower::open(repository(&target), standby.clone()).unwrap();
    assert_eq!(follower.end().unwrap(), store.state().durable);
    let promoted = Store::open(standby).unwrap();
    assert_eq!(of_users(&rows(&promoted)), of_users(&rows(&store)));
    put(&promoted, 100..120);
    back_up(&promoted, &target);
    assert_eq!(promoted.check().unwrap(), []);
    assert_eq!(of_users(&restored(&target)), of_users(&rows(&promoted)));
}

#[test]
fn what_takes_over_is_on_the_newest_line_although_its_clock_stands_in_the_past() {
    let target = Weather::new();
    let store = Store::open(options(&SimulatedDisk::new(), 1)).unwrap();
    put(&store, 0..5);
    back_up(&store, &target);
    let second = options(&SimulatedDisk::new(), 2);
    set_up(&target, &second).end().unwrap();
    let promoted = Store::open(second).unwrap();
    put(&promoted, 200..210);
    back_up(&promoted, &target);
    let world = World::new(3);
    world.now.fetch_sub(1_000_000_000, Ordering::Relaxed);
    let third = Options { environment: world.environment(), ..options(&SimulatedDisk::new(), 3) };
    let mut follower = set_up(&target, &third);
    while follower.step().unwrap().done > 0 {}
    follower.end().unwrap();
    let promoted = Store::open(third).unwrap();
    put(&promoted, 300..310);
    back_up(&promoted, &target);
    let (_, line) = promoted.history().unwrap().unwrap();
    assert_eq!(repository(&target).newest().unwrap().unwrap().line, line.number);
    assert_eq!(of_users(&restored(&target)), of_users(&rows(&promoted)));
}

#[test]
fn behind_an_accepted_loss_shipping_goes_on_and_an_old_standby_says_what_to_do() {
    let target = Weather::new();
    let disk = SimulatedDisk::new();
    let of_store = options(&disk, 1);
    let store = Store::open(of_store.clone()).unwrap();
    put(&store, 0..20);
    back_up(&store, &target);
    put(&store, 20..30);
    shipper(&target, &store).round(&store, &go_on).unwrap();
    let mut old = set_up(&target, &options(&SimulatedDisk::new(), 2));
    while old.step().unwrap().done > 0 {}
    store.close().unwrap();
    drop(store);
    let log = disk.files().into_iter().filter(|path| path.starts_with("/data/store/log"));
    log.for_each(|path| disk.remove(&path).unwrap());
    let store = Store::open(Options { accept_log_loss: true, ..of_store }).unwrap();
    put(&store, 30..35);
    match Shipper::begin(repository(&target), &store).unwrap() {
        Begun::NeedsBackup(why) => assert!(why.contains("none of this store as it is now"), "{why}"),
        Begun::Ready(_) => panic!("what is there is not what was shipped"),
    }
    back_up(&store, &target);
    let mut shipping = shipper(&target, &store);
    put(&store, 35..45);
    assert_eq!(shipping.round(&store, &go_on).unwrap().upto, store.state().durable);
    let why = old.step().unwrap_err().to_string();
    assert!(why.contains("set the standby up again"), "{why}");
    let mut follower = set_up(&target, &options(&SimulatedDisk::new(), 3));
    while follower.step().unwrap().done > 0 {}
    assert_eq!(rows(follower.store()), rows(&store));
    assert_eq!(of_users(&restored(&target)), of_users(&rows(&store)));
}

#[test]
fn ids_of_a_promoted_store_lie_above_those_given_out_before() {
    let target = Weather::new();
    let store = Store::open(options(&SimulatedDisk::new(), 1)).unwrap();
    put(&store, 0..3);
    back_up(&store, &target);
    let last: u64 = store
        .write(|tx| -> Result<u64, Error> {
            ROWS.put(tx, &(1, 1), &1);
            Ok(tx.next_id())
        })
        .unwrap();
    shipper(&target, &store).round(&store, &go_on).unwrap();
    let standby = options(&SimulatedDisk::new(), 2);
    let mut follower = set_up(&target, &standby);
    follower.step().unwrap();
    follower.end().unwrap();
    let promoted = Store::open(standby).unwrap();
    let next: u64 = promoted.write(|tx| -> Result<u64, Error> { Ok(tx.next_id()) }).unwrap();
    assert!(next > last, "{next} after {last}");
}

/// A clock in seconds, set by hand.
#[derive(Clone, Default)]
struct Seconds(Arc<AtomicU64>);

impl Seconds {
    fn fence(&self) -> Fence {
        let seconds = self.clone();
        Fence::new(Arc::new(move || Duration::from_secs(seconds.0.load(Ordering::Relaxed))))
    }
}

/// What the server does every few seconds.
fn renew(target: &Arc<Weather>, fence: &Fence) -> storage::Result<bool> {
    let began = fence.now();
    let claims = repository(target).claims()?;
    let goes_on = fence.with(|tenure| tenure.sees(&claims)).unwrap();
    if goes_on {
        fence.with(|tenure| tenure.renewed(began));
    }
    Ok(goes_on)
}

#[test]
fn a_partitioned_primary_stops_before_the_standby_serves_and_never_starts_again() {
    for stale in [false, true] {
        let target = Weather::new();
        let store = Store::open(options(&SimulatedDisk::new(), 1)).unwrap();
        put(&store, 0..3);
        back_up(&store, &target);
        let (seconds, repository) = (Seconds::default(), repository(&target));
        let first = Claim { epoch: 1, holder: 1 };
        repository.put_claim(&first).unwrap();
        let fence = seconds.fence();
        fence.set(Tenure::new(first, true));
        assert!(renew(&target, &fence).unwrap() && fence.left().is_ok());
        // Listings that stand still do not help the old one.
        if stale {
            target.freeze();
        }
        let now = |seconds: &Seconds| Duration::from_secs(seconds.0.load(Ordering::Relaxed));
        let mut candidacy = Candidacy::above(&repository.claims().unwrap(), 2, now(&seconds));
        repository.put_claim(&candidacy.claim).unwrap();
        assert!(candidacy.stored(now(&seconds)));
        let mut served_by_both = 0;
        let mut tenure = None;
        for second in 1..200 {
            seconds.0.store(second, Ordering::Relaxed);
            if tenure.is_none() {
                target.thaw();
                tenure = candidacy.outcome(&repository.claims().unwrap(), now(&seconds)).ok();
                if let Some(tenure) = &mut tenure {
                    tenure.renewed(now(&seconds));
                }
            }
            // The primary is cut off for a minute and a half, then tries again.
            if second > 90 {
                assert!(!renew(&target, &fence).unwrap());
            }
            let standby = tenure.as_ref().is_some_and(|tenure| tenure.left(now(&seconds)).is_some());
            served_by_both += u64::from(standby && fence.left().is_ok());
        }
        assert_eq!(served_by_both, 0);
        assert!(tenure.is_some() && fence.left().is_err_and(|why| why.contains("taken over")));
    }
}

#[test]
fn a_claim_is_seen_although_listings_stand_still() {
    let target = Weather::new();
    let store = Store::open(options(&SimulatedDisk::new(), 1)).unwrap();
    put(&store, 0..1);
    back_up(&store, &target);
    let repository = repository(&target);
    target.freeze();
    let claim = Claim { epoch: 4, holder: 9 };
    repository.put_claim(&claim).unwrap();
    assert_eq!(repository.claims().unwrap(), [claim]);
}

#[test]
fn a_damaged_claim_hides_none_that_is_listed_or_serves() {
    let target = Weather::new();
    let store = Store::open(options(&SimulatedDisk::new(), 1)).unwrap();
    put(&store, 0..1);
    back_up(&store, &target);
    let repository = repository(&target);
    let rot = |object: &str| target.put(object, b"rotten").unwrap();
    rot("lease/highest");
    let why = repository.read_claims().unwrap_err().to_string();
    assert!(why.contains("lease/highest") && why.contains("not known who may serve"), "{why}");
    let (first, second) = (Claim { epoch: 1, holder: 1 }, Claim { epoch: 2, holder: 2 });
    repository.put_claim(&first).unwrap();
    target.freeze();
    repository.put_claim(&second).unwrap();
    repository.put_lease(&Lease { claim: second, shipped: Lsn(0), at: Timestamp(0), heeds: true }).unwrap();
    rot("lease/highest");
    let claims = repository.read_claims().unwrap();
    assert_eq!(claims.all, [first, second], "who serves is seen although listings stand still");
    assert!(claims.damaged.is_some_and(|why| why.contains("lease/highest")));
    target.thaw();
    rot("lease/current");
    let claims = repository.read_claims().unwrap();
    assert_eq!(claims.all, [second, first]);
    assert!(claims.damaged.is_some_and(|why| why.contains("lease/highest") && why.contains("lease/current")));
    assert!(!Tenure::new(first, true).sees(&claims.all), "the one of before is beaten still");
}
