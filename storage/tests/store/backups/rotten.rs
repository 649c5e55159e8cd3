//! Damage to a repository: found, named, passed by, mended.

use super::*;
use std::{cell::Cell, sync::Mutex};
use storage::backup::{Begun, Follower, ReadSoFar, Shipper, read_through_beside};

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

/// A backup as one that is scheduled: the log behind it waits for the next.
fn back_up(house: &House, store: &Store, begin: Begin) -> Made {
    // A backup holds what the engine does: so that no piece has what comes before a moment and behind it.
    until("all is applied", || store.state().applied >= store.state().durable);
    let made = house.backup(store, Keep { last: 100, days: 0 }, begin).run(house.target.clone(), None).unwrap();
    store.keep_log_behind(Some(made.point.holds.lsn));
    made
}

#[test]
fn behind_a_rotten_newest_base_an_older_one_leads_to_the_same_moment() {
    let house = House::new(19);
    let store = house.open();
    // As where backups are scheduled: the log waits for them.
    store.keep_log_behind(Some(Lsn(0)));
    let back_up = |begin| back_up(&house, &store, begin);
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
    assert_eq!(newest_restorable(&house.repository(), house.later(0), &go_on).unwrap(), Some(early));
    let (_, options, restored) = restore(&house.repository(), Moment::At(early)).unwrap();
    assert!(restored.gap, "{restored:?}");
    assert_eq!(rows_of(options), at_early);
    // And both bases.
    rotten(bases[0].clone());
    let why = restore(&house.repository(), Moment::Newest).map(drop).unwrap_err().to_string();
    assert!(why.contains(&newest), "{why}");
    assert_eq!(newest_restorable(&house.repository(), house.later(0), &go_on).unwrap(), None);
}

/// What a restore that is refused for a hole of the log says of it.
fn hole(house: &House, moment: Moment) -> (Lsn, Lsn, Option<Timestamp>, Option<Timestamp>) {
    match restore(&house.repository(), moment).map(drop) {
        Err(Error::Hole { first, last, before, after, .. }) => (first, last, before, after),
        other => panic!("{moment:?}: {other:?}"),
    }
}

#[test]
fn a_moment_in_a_hole_of_the_log_is_refused_and_those_on_its_two_sides_come_back_exactly() {
    let house = House::new(33);
    let store = house.open();
    store.keep_log_behind(Some(Lsn(0)));
    let mut made = Vec::new();
    // The third one has a base, with the whole log before it.
    for (round, begin) in (0..).zip([Begin::WhereItEnded, Begin::WhereItEnded, Begin::Anew, Begin::WhereItEnded]) {
        let time = house.later(1000);
        put(&store, round * 10..round * 10 + 10);
        let state = rows(&store);
        made.push((time, state, back_up(&house, &store, begin).point));
    }
    let [(early, at_early, first), (inside, _, second), (late, at_late, third), (end, _, fourth)] = &made[..] else {
        panic!("four backups")
    };
    assert!(second.base.is_none() && third.base.is_some() && fourth.base == third.base, "{fourth:?}");
    let line = first.line.number;
    let remove = |behind: &Point, last: &Point| {
        let name = format!("log/{line:016x}/{:020}-{:020}", behind.holds.lsn.0 + 1, last.holds.lsn.0);
        assert!(house.target.size(&name).unwrap().is_some(), "{name}");
        house.target.remove(&name).unwrap();
    };
    let comes_back = |moment, state: &BTreeMap<(TableId, Vec<u8>), Vec<u8>>, gap| {
        let (_, options, restored) = restore(&house.repository(), moment).unwrap();
        assert_eq!(restored.gap, gap, "{moment:?}: {restored:?}");
        assert_eq!(&rows_of(options), state, "{moment:?}");
    };
    remove(first, second);
    let missing = (Lsn(first.holds.lsn.0 + 1), second.holds.lsn, Some(*early), Some(*late));
    for time in [early.plus_ms(1), *inside, late.plus_ms(-1)] {
        assert_eq!(hole(&house, Moment::At(time)), missing, "at {}", time.0);
    }
    comes_back(Moment::At(*early), at_early, true);
    comes_back(Moment::At(*late), at_late, false);
    comes_back(Moment::At(*end), &rows(&store), false);
    comes_back(Moment::Newest, &rows(&store), false);
    verified(&house.repository()).unwrap();
    // A verification of the one that needs what is missing says so.
    let scratch = Options { dir: "/scratch".into(), ..restored_options(&SimulatedDisk::new()) };
    let why = verify(&house.repository(), Some(&second.name()), &scratch, &go_on).unwrap_err();
    assert!(matches!(why, Error::Corrupt { .. }) && why.to_string().contains("the pieces of log end"), "{why}");

    // The end of the log, of which only the name of the backup tells; no base lies behind it.
    remove(third, fourth);
    let missing = (Lsn(third.holds.lsn.0 + 1), fourth.holds.lsn, Some(*late), None);
    assert_eq!(hole(&house, Moment::At(*end)), missing);
    comes_back(Moment::At(*late), at_late, true);
    let why = restore(&house.repository(), Moment::Newest).map(drop).unwrap_err();
    assert!(matches!(why, Error::Corrupt { .. }) && why.to_string().contains("the pieces of log end"), "{why}");
    assert_eq!(newest_restorable(&house.repository(), house.later(0), &go_on).unwrap(), Some(*late));

    // Its beginning: nothing is known from before the base.
    let (piece, _) = house.repository().pieces(line).unwrap()[0];
    assert_eq!((piece.first, piece.last), (Lsn(1), first.holds.lsn));
    house.target.remove(&format!("log/{line:016x}/{:020}-{:020}", piece.first.0, piece.last.0)).unwrap();
    assert_eq!(hole(&house, Moment::At(*early)), (Lsn(1), second.holds.lsn, None, Some(*late)));
}

#[test]
fn a_hole_in_what_was_shipped_behind_the_newest_backup_is_told_and_the_state_before_it_comes_back() {
    let house = House::new(34);
    let store = house.open();
    put(&store, 0..10);
    house.back_up(&store);
    let Begun::Ready(mut shipper) = Shipper::begin(house.repository(), &store).unwrap() else {
        panic!("a backup is there")
    };
    let mut ship = |keys| {
        let time = house.later(1000);
        put(&store, keys);
        (time, shipper.round(&store, &go_on).unwrap().upto, rows(&store))
    };
    let (before, upto, at_before) = ship(10..20);
    let (inside, last, _) = ship(20..30);
    let (late, _, _) = ship(30..40);
    let line = house.repository().points().unwrap()[0].line;
    house.target.remove(&format!("log/{line:016x}/{:020}-{:020}", upto.0 + 1, last.0)).unwrap();
    let missing = (Lsn(upto.0 + 1), last, Some(before), None);
    for moment in [Moment::Newest, Moment::At(late), Moment::At(inside)] {
        assert_eq!(hole(&house, moment), missing, "{moment:?}");
    }
    let (_, options, restored) = restore(&house.repository(), Moment::At(before)).unwrap();
    assert!(restored.gap && restored.lsn == upto, "{restored:?}");
    assert_eq!(rows_of(options), at_before);
    // What the backup itself needs is there, and a standby is set up from it.
    verified(&house.repository()).unwrap();
    let standby = restored_options(&SimulatedDisk::new());
    Follower::set_up(&house.repository(), &standby, Path::new("/new"), &go_on).unwrap();
    // A backup that is made anew leads past it.
    house.backup(&store, Keep { last: 9, days: 0 }, Begin::Anew).run(house.target.clone(), None).unwrap();
    let (_, options, restored) = restore(&house.repository(), Moment::Newest).unwrap();
    assert!(!restored.gap, "{restored:?}");
    assert_eq!(rows_of(options), rows(&store));
}

#[test]
fn reading_through_names_what_rotted_behind_the_newest_point_and_the_moments_that_went_with_it() {
    let house = House::new(31);
    house.picture("media/aa/one", &noise(1, 3000));
    let store = house.open();
    store.keep_log_behind(Some(Lsn(0)));
    let back_up = |begin| back_up(&house, &store, begin);
    put(&store, 0..30);
    let first = back_up(Begin::Anew).point.base.unwrap();
    house.later(1000);
    put(&store, 30..40);
    let middle = house.later(1000);
    back_up(Begin::WhereItEnded);
    house.later(1000);
    put(&store, 40..50);
    let second = back_up(Begin::Anew).point.base.unwrap();
    house.later(1000);
    put(&store, 50..60);
    back_up(Begin::WhereItEnded);
    let read = || read_through(&house.repository(), &go_on).unwrap();
    let objects = house.target.list("").unwrap();
    let whole = read();
    assert!(whole.is_whole() && whole.incomplete.is_empty(), "{whole:?}");
    // All but the head of the repository.
    assert_eq!(whole.objects, objects.len() as u64 - 1);
    // A target that fails once says nothing of what lies there.
    let file = objects.iter().find(|object| object.name.starts_with("file/")).unwrap();
    for times in [1, 2] {
        let (name, kind) = (file.name.clone(), std::io::ErrorKind::Other);
        house.target_disk.inject(Fault { name, on: FaultOn::Read, after: 0, times, kind });
        let seen = read();
        let damaged: Vec<_> = seen.damaged.keys().collect();
        assert_eq!(damaged, if times == 1 { vec![] } else { vec![&file.name] });
    }
    assert_eq!(read(), whole);

    let rotten = |name: &str| {
        let object = objects.iter().find(|object| object.name == name).unwrap();
        house.target_disk.rot(&Path::new("/target").join(name), object.bytes as usize / 2).unwrap();
    };
    let line = house.repository().points().unwrap()[0].line;
    let named = |first: Lsn, last: Lsn| format!("log/{line:016x}/{:020}-{:020}", first.0, last.0);
    let pieces = house.repository().pieces(line).unwrap();
    let (piece, _) = pieces.iter().find(|(piece, _)| piece.first > first.upto).unwrap();
    rotten(&named(piece.first, piece.last));
    verified(&house.repository()).unwrap();
    let seen = read();
    assert_eq!(seen.damaged.keys().collect::<Vec<_>>(), [&named(piece.first, piece.last)]);
    let [lost] = &seen.lost[..] else { panic!("{:?}", seen.lost) };
    assert!(lost.from.is_some_and(|from| from < middle) && lost.until == Some(second.time), "{lost:?}");
    assert!(!seen.is_whole() && seen.incomplete.is_empty());

    let bases: Vec<_> = objects.iter().filter(|object| object.name.starts_with("base/")).collect();
    rotten(&bases[0].name);
    let seen = read();
    assert_eq!(seen.damaged.len(), 2, "{seen:?}");
    assert!(seen.lost.len() == 1 && seen.lost[0].from.is_none() && seen.lost[0].until == Some(second.time));

    // A file that is gone, and the end of the log.
    house.target.remove(&file.name).unwrap();
    let (piece, _) = pieces.last().unwrap();
    rotten(&named(piece.first, piece.last));
    let seen = read();
    assert_eq!(seen.damaged.get(&file.name).map(String::as_str), Some("it is missing"));
    assert_eq!(seen.incomplete.len(), 4, "all four backups name it");
    assert!(seen.lost.len() == 2 && seen.lost[1].until.is_none(), "{:?}", seen.lost);
    assert!(seen.lost[1].from.is_some_and(|from| from >= second.time), "{:?}", seen.lost);
}

/// A target that counts how often each object is read.
struct Counted {
    target: Arc<dyn Target>,
    read: Mutex<BTreeMap<String, u32>>,
}

impl Target for Counted {
    fn put(&self, name: &str, content: &[u8]) -> storage::Result<()> {
        self.target.put(name, content)
    }

    fn get(&self, name: &str) -> storage::Result<Option<Vec<u8>>> {
        *self.read.lock().unwrap().entry(name.to_owned()).or_default() += 1;
        self.target.get(name)
    }

    fn size(&self, name: &str) -> storage::Result<Option<u64>> {
        self.target.size(name)
    }

    fn list(&self, prefix: &str) -> storage::Result<Vec<Object>> {
        self.target.list(prefix)
    }

    fn remove(&self, name: &str) -> storage::Result<()> {
        self.target.remove(name)
    }

    fn describe(&self) -> String {
        self.target.describe()
    }
}

#[test]
fn reading_through_reads_each_object_once() {
    let house = House::new(34);
    house.picture("media/aa/one", &noise(1, 3000));
    let store = house.open();
    put(&store, 0..30);
    back_up(&house, &store, Begin::Anew);
    house.picture("media/aa/two", &noise(2, 3000));
    put(&store, 30..40);
    back_up(&house, &store, Begin::WhereItEnded);
    let counted = Arc::new(Counted { target: house.target.clone(), read: Mutex::default() });
    let repository = Repository::open(counted.clone(), None).unwrap().unwrap();
    assert!(read_through(&repository, &go_on).unwrap().is_whole());
    let read = counted.read.lock().unwrap().clone();
    let objects = house.target.list("").unwrap();
    assert!(objects.iter().any(|object| object.name.starts_with("list/")), "{objects:?}");
    let names = objects.iter().map(|object| (object.name.clone(), 1));
    assert_eq!(read, names.collect::<BTreeMap<_, _>>());
    // A list that does not hold is named, and so are the backups of it.
    let list = objects.iter().find(|object| object.name.starts_with("list/")).unwrap();
    house.target_disk.rot(&Path::new("/target").join(&list.name), list.bytes as usize / 2).unwrap();
    let seen = read_through(&repository, &go_on).unwrap();
    assert_eq!(seen.damaged.keys().collect::<Vec<_>>(), [&list.name]);
    assert!(!seen.incomplete.is_empty() && seen.lost.is_empty(), "{seen:?}");
    house.target.remove(&list.name).unwrap();
    let seen = read_through(&repository, &go_on).unwrap();
    assert_eq!(seen.damaged.get(&list.name).map(String::as_str), Some("it is missing"));
}

#[test]
fn a_reading_that_was_ended_goes_on_where_it_was_and_tells_what_still_does_not_hold() {
    let house = House::new(36);
    for number in 0..20 {
        house.picture(&format!("media/aa/{number:02}"), &noise(number, 3000));
    }
    let store = house.open();
    put(&store, 0..30);
    back_up(&house, &store, Begin::Anew);
    let rotten = house.target.list("file/").unwrap().swap_remove(0);
    let good = house.target.get(&rotten.name).unwrap().unwrap();
    house.target_disk.rot(&Path::new("/target").join(&rotten.name), good.len() / 2).unwrap();
    let counted = Arc::new(Counted { target: house.target.clone(), read: Mutex::default() });
    let repository = Repository::open(counted.clone(), None).unwrap().unwrap();
    let is_read_again = |name: &str| ["point/", "list/"].iter().any(|prefix| name.starts_with(prefix));
    // Some are read; then a backup is made.
    let broken_off = || {
        let (mut so_far, left) = (ReadSoFar::default(), Cell::new(12));
        let ends = |_: Progress| left.replace(left.get() - 1) > 0;
        let ended = read_through_beside(&repository, &store, &mut so_far, &ends);
        assert!(matches!(ended, Err(Error::Unavailable)), "{ended:?}");
        assert!((1..12).contains(&so_far.objects()), "{so_far:?}");
        put(&store, 30..40);
        back_up(&house, &store, Begin::WhereItEnded);
        so_far
    };
    counted.read.lock().unwrap().clear();
    let mut so_far = broken_off();
    let seen = read_through_beside(&repository, &store, &mut so_far, &go_on).unwrap();
    assert_eq!(seen.damaged.keys().collect::<Vec<_>>(), [&rotten.name]);
    let mut objects = house.target.list("").unwrap();
    objects.retain(|object| object.name != "repository" && object.name != rotten.name);
    assert_eq!(seen.objects, objects.len() as u64);
    let read = counted.read.lock().unwrap().clone();
    for Object { name, .. } in &objects {
        assert!(read.get(name) == Some(&1) || is_read_again(name), "{name}: {read:?}");
    }
    assert_eq!(read.get(&rotten.name), Some(&2), "it may have been mended");
    // It is mended behind the first stretch.
    let mut so_far = broken_off();
    house.target.put(&rotten.name, &good).unwrap();
    let seen = read_through_beside(&repository, &store, &mut so_far, &go_on).unwrap();
    assert!(seen.is_whole() && seen.incomplete.is_empty(), "{seen:?}");
}

#[test]
fn a_base_of_the_store_that_rots_is_written_anew_by_the_backup_that_finds_it() {
    for begin in [Begin::Anew, Begin::WhereItEnded] {
        let house = House::new(26);
        let store = house.open();
        put(&store, 0..30);
        house.back_up(&store);
        put(&store, 30..40);
        until("all is applied", || store.state().applied >= store.state().durable);
        // It holds all there is, and this process has read it back.
        let base = store.write_base().unwrap();
        house.disk.rot(&Path::new("/data/store").join(&base.name), base.bytes as usize / 2).unwrap();
        house.later(storage::limits::BACKUP_BASE_MS + 1);
        let made = house.backup(&store, Keep { last: 9, days: 0 }, begin).run(house.target.clone(), None);
        let of_backup = made.unwrap_or_else(|error| panic!("{begin:?}: {error}")).point.base.unwrap();
        assert_eq!(of_backup.lsn, base.lsn, "{begin:?}");
        verified(&house.repository()).unwrap();
        assert_eq!(store.check().unwrap(), [], "{begin:?}");
        let (_, options, _) = restore(&house.repository(), Moment::Newest).unwrap();
        assert_eq!(rows_of(options), rows(&store), "{begin:?}");
    }
}

#[test]
fn behind_a_rotten_last_piece_of_log_a_backup_is_asked_for_and_shipping_goes_on_behind_it() {
    let house = House::new(25);
    let store = house.open();
    put(&store, 0..10);
    house.back_up(&store);
    let begin = || Shipper::begin(house.repository(), &store).unwrap();
    let Begun::Ready(mut shipper) = begin() else { panic!("a backup is there") };
    put(&store, 10..20);
    shipper.round(&store, &go_on).unwrap();
    until("all is applied", || store.state().applied >= store.state().durable);
    let rot_the_last = || {
        let last = house.target.list("log/").unwrap().pop().unwrap();
        house.target_disk.rot(&Path::new("/target").join(&last.name), last.bytes as usize / 2).unwrap();
    };
    rot_the_last();
    match begin() {
        Begun::NeedsBackup(why) => assert!(why.contains("the newest piece of log is damaged"), "{why}"),
        Begun::Ready(_) => panic!("nobody knows whether that is this store's"),
    }
    house.back_up(&store);
    verified(&house.repository()).unwrap();
    let Begun::Ready(mut shipper) = begin() else { panic!("it was mended") };
    put(&store, 20..25);
    shipper.round(&store, &go_on).unwrap();
    let (_, options, _) = restore(&house.repository(), Moment::Newest).unwrap();
    assert_eq!(rows_of(options), rows(&store));
    // What a base holds needs no piece.
    until("all is applied", || store.state().applied >= store.state().durable);
    house.backup(&store, Keep { last: 9, days: 0 }, Begin::Anew).run(house.target.clone(), None).unwrap();
    rot_the_last();
    assert!(matches!(begin(), Begun::Ready(_)));
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
