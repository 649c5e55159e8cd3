//! Other lines of history: behind a restore, a store put back, a loss that was accepted.

use super::*;

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

/// What a point holds, restored a minute later on another machine whose clock is `off`; its world and its store.
fn elsewhere(house: &House, point: &Point, seed: u64, off: i64) -> (World, Store) {
    let world = World::new(seed);
    world.now.store(house.later(60_000).0 + off, Ordering::Relaxed);
    let options = Options { environment: world.environment(), ..restored_options(&SimulatedDisk::new()) };
    let (repository, moment) = (house.repository(), Moment::Point(point.name()));
    Restore { repository: &repository, moment, options: options.clone(), data_dir: None, tell: &go_on }.run().unwrap();
    (world, Store::open(options).unwrap())
}

#[test]
fn the_line_that_began_last_is_the_newest_whatever_the_clock_shows() {
    let year = 365 * DAY;
    let house = House::new(24);
    let store = house.open();
    put(&store, 0..10);
    let first = house.back_up(&store).point;
    store.close().unwrap();
    let mut last = first.line;
    // Always from the first point, which knows none of the other lines.
    for (round, off) in (1..).zip([0, -year, year, 0, -year, 0]) {
        let (_world, restored) = elsewhere(&house, &first, 100 + round, off);
        put(&restored, 100 * round..100 * round + 5);
        let made = house.back_up(&restored).point;
        let what = format!("round {round}, the clock is {off} off");
        assert!(made.line.began > last.began, "{what}: {:?} behind {last:?}", made.line);
        assert_eq!(house.repository().newest().unwrap(), Some(made.name()), "{what}");
        let (_, options, _) = restore(&house.repository(), Moment::Newest).unwrap();
        assert_eq!(rows_of(options), rows(&restored), "{what}");
        last = made.line;
    }
}

#[test]
fn a_moment_is_found_on_the_line_that_went_on_then_although_an_older_one_began_in_the_future() {
    let house = House::new(27);
    let store = house.open();
    put(&store, 0..10);
    let first = house.back_up(&store).point;
    let at_first = house.later(1000);
    store.close().unwrap();
    let mut moments = Vec::new();
    // A machine whose clock stood four years ahead, then two with the right one.
    for (round, off) in [(1, 4 * 365 * DAY), (2, 0), (3, 0)] {
        let (world, restored) = elsewhere(&house, &first, 200 + round, off);
        world.now.fetch_add(1000, Ordering::Relaxed);
        put(&restored, 100 * round..100 * round + 5);
        house.back_up(&restored);
        if off == 0 {
            moments.push((Timestamp(world.now.load(Ordering::Relaxed)), rows(&restored)));
        }
    }
    for (time, state) in moments {
        let (_, options, _) = restore(&house.repository(), Moment::At(time)).unwrap();
        assert_eq!(rows_of(options), state, "at {}", time.0);
    }
    let (_, options, _) = restore(&house.repository(), Moment::At(at_first)).unwrap();
    assert_eq!(rows_of(options).len(), 20, "and what was before them all");
}

#[test]
fn a_moment_is_found_on_the_line_that_went_on_then_although_a_later_one_shows_a_clock_of_before() {
    let house = House::new(29);
    let store = house.open();
    put(&store, 0..10);
    let first = house.back_up(&store).point;
    house.later(10_000);
    put(&store, 10..20);
    house.back_up(&store);
    let (while_it_went_on, state) = (house.later(1000), rows(&store));
    store.close().unwrap();
    let mut machines = Vec::new();
    // The log of the second one bears the time of the point at least, however early its clock.
    for (round, off) in [(1, 0), (2, -365 * DAY)] {
        let (_, restored) = elsewhere(&house, &first, 300 + round, off);
        put(&restored, 100 * round..100 * round + 5);
        house.back_up(&restored);
        machines.push(restored);
    }
    house.later(60_000);
    let options = Options { environment: house.world.environment(), ..restored_options(&SimulatedDisk::new()) };
    let (repository, moment) = (house.repository(), Moment::At(while_it_went_on));
    Restore { repository: &repository, moment, options: options.clone(), data_dir: None, tell: &go_on }.run().unwrap();
    assert_eq!(rows_of(options), state);
}

#[test]
fn what_is_restored_of_a_time_before_the_first_backup_is_that_store_all_the_same() {
    let house = House::new(28);
    let store = house.open();
    put(&store, 0..10);
    let young = house.later(1000);
    house.later(1000);
    put(&store, 10..20);
    house.back_up(&store);
    let repository = house.repository();
    let (_, options, _) = restore(&repository, Moment::At(young)).unwrap();
    let restored = Store::open(options).unwrap();
    assert_eq!(rows(&restored).len(), 20);
    let (number, line) = restored.history().unwrap().expect("it has a number");
    assert_eq!(number, repository.store());
    assert!(line.began > Timestamp(0), "and a line of its own");
    house.back_up(&restored);
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
fn a_guess_when_a_line_began_is_forgotten_once_a_point_of_it_can_be_read() {
    let house = House::new(24);
    let store = house.open();
    put(&store, 0..20);
    house.back_up(&store);
    house.later(1000);
    let disk = SimulatedDisk::new();
    let options = Options { environment: house.world.environment(), ..restored_options(&disk) };
    let (repository, moment) = (house.repository(), Moment::Newest);
    Restore { repository: &repository, moment, options: options.clone(), data_dir: None, tell: &go_on }.run().unwrap();
    let restored = Store::open(options).unwrap();
    house.later(1000);
    put(&restored, 50..60);
    let newest = house.back_up(&restored).point.name();
    house.later(1000);
    put(&store, 20..25);
    // On the older line, of which nothing else is left.
    let late = house.back_up(&store).point.name();
    let points = house.target.list("point/").unwrap();
    assert_eq!(points.len(), 3, "{points:?}");
    house.target.remove(&points[0].name).unwrap();
    let flip = || {
        let (path, at) = (Path::new("/target").join(&points[2].name), points[2].bytes as usize / 2);
        house.target_disk.rot(&path, at).unwrap();
    };
    let repository = house.repository();
    flip();
    assert_eq!(repository.newest().unwrap(), Some(late), "all that is known is when it was made");
    // The same bit back.
    flip();
    assert_eq!(repository.newest().unwrap(), Some(newest));
}
